"""Write the tables of the reference that are made from declarations: `python docs/make_tables.py`, or `--check`.

A table stands in its page between `<!-- table: NAME -->` and `<!-- end -->`; the rest of the page is written by hand.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from functools import partial
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from scheduler.channels.registry import CHANNELS  # noqa: E402
from scheduler.content.checks.lint import TYPES  # noqa: E402
from scheduler.content.checks.lint import Rule as LintRule  # noqa: E402
from scheduler.domain.brand import Brand  # noqa: E402
from scheduler.domain.campaign import CalendarDay, Hashtag, ItemText, Rhythm, TitleForYears  # noqa: E402
from scheduler.domain.card import CardChoice, CardRules, PictureChoice  # noqa: E402
from scheduler.domain.claim import Claim, ClaimSource, Contact, Contest  # noqa: E402
from scheduler.domain.consent import Consent, Name  # noqa: E402
from scheduler.domain.discreet import DiscreetHead  # noqa: E402
from scheduler.domain.mail_look import MailLook  # noqa: E402
from scheduler.domain.quotation import Correction, Passage, Source  # noqa: E402
from scheduler.domain.review_policy import CONDITIONS, ROLES, ReviewPolicy, Role, Rule  # noqa: E402
from scheduler.schema.field import Key, flat, keys, keys_of  # noqa: E402
from scheduler.settings import ChannelSettings, Settings  # noqa: E402
from scheduler.settings.from_environment import OTHER_VARIABLES, SECRETS  # noqa: E402
from scheduler.settings.known_channels import CALL_LIMITS  # noqa: E402

DOCS = ROOT / "docs"
_HEAD = ("| key | default | allowed | meaning |", "|---|---|---|---|")
_BLOCK = re.compile(r"(<!-- table: ([a-z-]+) -->\n).*?(<!-- end -->)", re.DOTALL)


def default(key: Key) -> str:
    if key.required:
        return "(must be there)"
    if key.name == "base_url":
        return "the provider's"
    if isinstance(key.default, bool):
        return f"`{str(key.default).lower()}`"
    if isinstance(key.default, (int, float)):
        return f"`{key.default:g}`"
    return f'`"{", ".join(key.default) if key.many else key.default}"`'


def allowed(key: Key) -> str:
    if key.field.least is not None:
        return f"{key.field.least:.9g} to {key.field.most:.9g}"
    return ", ".join(f"`{word}`" for word in (("true", "false") if key.kind is bool else key.allowed))


def rows(keys: Mapping[str, Key], prefix: str = "") -> Iterator[str]:
    for name, key in keys.items():
        yield f"| `{prefix}{name}` | {default(key)} | {allowed(key)} | {key.field.help} |"


def restart() -> Iterator[str]:
    names = ", ".join(f"`{name}`" for name, key in flat(Settings).items() if key.field.restart)
    yield f"Start it again for {names}, `OBSERVANCE_SECRET_KEY` and `OBSERVANCE_SENDGRID_WEBHOOK_KEY`,"
    yield "and for whatever stands in its environment: `doctor` names what waits for that."


def transports() -> Iterator[str]:
    for name, spec in CHANNELS.items():
        schemes = " or ".join(f"`{scheme}://`" for scheme in spec.schemes)
        address = f"Default `base_url`: `{spec.base_url}`, starting with {schemes}."
        if not spec.base_url:
            address = f"`base_url` must be there, starting with {schemes}." if schemes else "It has no `base_url`."
        yield from (
            f"### transport `{name}`: {spec.help}",
            "",
            address,
            "",
        )
        yield from (*_HEAD, *rows(keys(*spec.settings), "channels.NAME."), "")


def secrets() -> Iterator[str]:
    of_channels = {each.name: each.help for spec in CHANNELS.values() for each in spec.all_secrets()}
    yield from ("| variable | secret |", "|---|---|", *plain({**SECRETS, **of_channels}, "OBSERVANCE_"))


def plain(named: Mapping[str, str], prefix: str = "") -> Iterator[str]:
    yield from (f"| `{prefix}{name}` | {words} |" for name, words in named.items())


#: What is allowed where the declaration alone does not say it in a reader's words.
_ALLOWED = {
    "when": "a condition below",
    "kinds": "kinds of items",
    "channels": "names of channels",
    "campaigns": "names of folders in campaigns/",
    "roles": "roles that may approve",
}


def policy() -> Iterator[str]:
    yield from (*_HEAD, *rows({n: key for n, key in keys_of(ReviewPolicy).items() if not key.is_table}))


def role_keys() -> Iterator[str]:
    yield from ("| key | default | meaning |", "|---|---|---|")
    for name, key in keys_of(Role).items():
        yield f"| `roles.NAME.{name}` | the role's own, else {default(key)} | {key.field.help} |"


def roles() -> Iterator[str]:
    yield "| role | looks at | approvals count | may settle others' requests for changes |"
    yield "|---|---|---|---|"
    for role in ROLES.values():
        may = " | ".join("yes" if power else "no" for power in (role.approves, role.settles))
        yield f"| `{role.id}` | {role.says} | {may} |"


def rules() -> Iterator[str]:
    yield from _HEAD
    for name, key in keys_of(Rule).items():
        usual = "`[]`" if key.many else default(key)
        yield f"| `rule.{name}` | {usual} | {_ALLOWED.get(name) or allowed(key)} | {key.field.help} |"


def conditions() -> Iterator[str]:
    yield from ("| condition | true when |", "|---|---|")
    yield from (f"| `{name}` | {words} |" for name, (words, _) in CONDITIONS.items())


def record(form: type) -> Iterator[str]:
    """The keys of a record in a campaign's files."""
    yield from ("| key | left out | allowed | meaning |", "|---|---|---|---|")
    for name, key in keys_of(form).items():
        left_out = "must be there" if key.required else f"`{key.default}`" if key.default not in ("", None, ()) else ""
        if key.many and key.default and key.default == key.allowed:
            left_out = "all"
        left_out = left_out.replace("True", "true").replace("False", "false")
        yield f"| `{name}` | {left_out} | {_form(key)} | {key.field.help} |"


_FORMS = {str: "text", int: "whole number", float: "number", date: "date", bool: "`true`, `false`"}


def _form(key: Key) -> str:
    form = "table" if key.is_table else allowed(key) or _FORMS[key.kind]
    return f"list: {form}" if key.many else form


def of_words() -> Iterator[str]:
    yield from ('| key of `type = "words"` | meaning | default |', "|---|---|---|")
    for name, key in keys_of(LintRule).items():
        if name in TYPES["words"][1]:
            usual = "all" if name in ("where", "languages") else "" if key.many else default(key)
            yield f"| `{name}` | {key.field.help} | {usual} |"


#: Page -> name of the table -> its lines.
TABLES: Mapping[str, Mapping[str, Callable[[], Iterator[str]]]] = {
    "howto/write-a-lint.md": {"words": of_words},
    "reference/settings.md": {
        "restart": restart,
        "settings": lambda: (yield from (*_HEAD, *rows(flat(Settings)))),
        "channels": lambda: (yield from (*_HEAD, *rows({**keys_of(ChannelSettings), **CALL_LIMITS}, "channels.NAME."))),
        "transports": transports,
        "secrets": secrets,
        "variables": lambda: (yield from ("| variable | meaning |", "|---|---|", *plain(OTHER_VARIABLES))),
    },
    "reference/campaign-files.md": {
        name: partial(record, form)
        for name, form in {
            "titles": TitleForYears,
            "brand": Brand,
            "cards": CardRules,
            "mail": MailLook,
            "card": CardChoice,
            "picture": PictureChoice,
            "discreet": DiscreetHead,
            "rhythm": Rhythm,
            "days": CalendarDay,
            "claims": Claim,
            "claim-sources": ClaimSource,
            "contests": Contest,
            "contacts": Contact,
            "sources": Source,
            "passages": Passage,
            "corrections": Correction,
            "hashtags": Hashtag,
            "names": Name,
            "consents": Consent,
            "items": ItemText,
        }.items()
    },
    "reference/review-policy.md": {
        "policy": policy,
        "roles": roles,
        "role-keys": role_keys,
        "rules": rules,
        "conditions": conditions,
    },
}


def page(name: str) -> str:
    """A page with its tables as they have to be. Raises KeyError for a table that nobody makes."""
    made = TABLES[name]
    text = (DOCS / name).read_text("utf-8")
    if sorted(found[2] for found in _BLOCK.finditer(text)) != sorted(made):
        raise SystemExit(f"{name} must hold these tables, once each: {', '.join(made)}")
    return _BLOCK.sub(lambda found: found[1] + "\n".join(made[found[2]]()).rstrip() + "\n" + found[3], text)


def main() -> int:
    for name in TABLES:
        made = page(name)
        if "--check" in sys.argv:
            if (DOCS / name).read_text("utf-8") != made:
                print(f"{name} is not current: run python docs/make_tables.py")
                return 1
        else:
            (DOCS / name).write_text(made, encoding="utf-8", newline="\n")
            print(f"wrote {name}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
