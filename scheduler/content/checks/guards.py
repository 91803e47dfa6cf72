"""C185 to C187: what guarded the season when it was last approved, and does not any more."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import chain, product
from pathlib import Path
from typing import Any

from ...domain.barred import FILES, barred_guards
from ...domain.campaign import Campaign
from ...domain.finding import Finding, Severity, Where
from ...domain.question import Asked
from ...domain.review_policy import ReviewPolicy
from ...domain.season_guard import (
    BARRED,
    EACH,
    RULE,
    STORED,
    Limit,
    Terms,
    file_guard,
    file_of,
    lost_guards,
    of_own_file,
    setting_guard,
    stored_guard,
)
from ...project import starter_folder
from ...schema.field import keys_of
from ...schema.toml_text import TextProblem, parse, read_text
from ...settings import Settings
from ..codes import CODES
from ..rule_files import fingerprint_of
from .context import Material
from .lint import LintPack, are_shipped

#: The review policy is one rule, and so are what the plan keeps to and whose each address is.
_POLICY, _PLAN, _PUBLISHERS = _PLACES = ("review", "plan", "publishers")
_NOTICES = "notices"
#: Longer than any settings.
_LARGEST = 256 * 1024
#: Limits of age: a larger number forbids less.
_LIMITS = ("contact_max_age_days", "contact_reverify_days", "statistic_max_age_months")


def guards_of(
    campaign: Campaign,
    packs: Sequence[LintPack],
    settings: Settings,
    policy: ReviewPolicy | None = None,
    lint_dir: Path | None = None,
) -> tuple[Asked, ...]:
    """What guards a season now, as the ledger is to remember it."""
    return (
        *chain.from_iterable(map(_of_pack, packs)),
        *(_files(lint_dir) if lint_dir else ()),
        *_limits(settings),
        _of_notices(settings),
        *(() if policy is None else (_of_policy(policy),)),
        _of_plan(campaign),
        _of_publishers(campaign),
        *map(stored_guard, campaign.sources.values()),
        *barred_guards(campaign),
    )


def check_guards(material: Material) -> Iterator[Finding]:
    for lost in lost_guards(material.questions, material.guards):
        stood = lost.stood
        code = CODES[{STORED: "C186", BARRED: "C187"}.get(stood.subject, "C185")]
        is_amber = file_of(stood) or stood.subject_id == _NOTICES
        code = replace(code, severity=Severity.AMBER) if is_amber else code
        answer = f"`decide {stood.subject} '{stood.subject_id}' --answer TEXT --by NAME`"
        hint = f"put it back; or a person who has looked at it signs for it: {answer}"
        yield code.at(_place(material, stood), lost.words, hint=hint)


def _of_pack(pack: LintPack) -> Iterable[Asked]:
    return pack.guards if are_shipped((pack,)) else map(of_own_file, pack.guards)


def _files(lint_dir: Path) -> Iterator[Asked]:
    """Each that is read: the project's own, and the program's where it has none."""
    shipped = starter_folder() / "config" / "lint"
    names = {(file.parent.name, file.name) for folder in (lint_dir, shipped) for file in folder.glob("*/*.toml")}
    for folder, name in sorted(names):
        own, of_program = (fingerprint_of([of / folder / name]) for of in (lint_dir, shipped))
        is_own = (lint_dir / folder / name).is_file() and own != of_program
        yield file_guard(folder, Path(name).stem, own if is_own else of_program, is_own=is_own)


def _of_plan(campaign: Campaign) -> Asked:
    """What the calendar and the pool keep to."""
    pool = campaign.pool
    least: dict[str, Limit] = {f"min_share_of_topic {topic}": n for topic, n in pool.min_share_of_topic.items()}
    if pool.min_days_between_same_kind:
        least["min_days_between_same_kind"] = pool.min_days_between_same_kind
    quiet = tuple(day.item for day in campaign.calendar if day.quiet)
    holds = {"quiet days": quiet, "rest_weekdays": pool.rest_weekdays}
    most: dict[str, Limit] = {f"max_per_kind {kind}": number for kind, number in pool.max_per_kind.items()}
    terms = Terms(holds={name: values for name, values in holds.items() if values}, most=most, least=least)
    return setting_guard(_PLAN, Severity.AMBER, "what the calendar and the pool keep to", terms)


def _of_publishers(campaign: Campaign) -> Asked:
    """A host more is one that stands for a publisher without a question; one less, others are not held against it."""
    hosts = tuple(f"{host} ({name})" for name, hosts in campaign.publishers.items() for host in hosts)
    terms = Terms(holds={"hosts": hosts} if hosts else {}, lets={"hosts": hosts})
    return setting_guard(_PUBLISHERS, Severity.RED, "whose each address is", terms)


def _of_policy(policy: ReviewPolicy) -> Asked:
    """Who must have approved, and whose approval counts. That somebody decides alone S107 says."""
    asks: dict[str, int] = {}
    roles: list[str] = []
    for rule in policy.rules:
        of_each = (rule.kinds or (EACH,), rule.channels or (EACH,), rule.campaigns or (EACH,))
        for about in (" ".join((rule.when or EACH, *each)) for each in product(*of_each)):
            asks[f"approvals ({about})"] = max(rule.approvals, asks.get(f"approvals ({about})", 0))
            roles += [f"{role} ({about})" for role in rule.roles]
    may = {
        "roles that approve": tuple(role.id for role in policy.roles.values() if role.approves),
        "roles that settle": tuple(role.id for role in policy.roles.values() if role.settles),
        "author_may_be_alone": ("yes",) if policy.author_may_be_alone else (),
        "late_approvals": ("yes",) if policy.late_approvals else (),
    }
    least = {"approvals": policy.approvals, **{about: number for about, number in asks.items() if number}}
    terms = Terms(holds={"roles": tuple(dict.fromkeys(roles))}, lets=may, least=least)
    return setting_guard(_POLICY, Severity.RED, "who must have approved a message", terms)


def _limits(settings: Settings) -> Iterator[Asked]:
    """Rules that stand in the settings."""
    keys = {key.attribute: key for key in keys_of(Settings).values()}
    for name in _LIMITS:
        title = keys[name].field.help.partition(". ")[0].rstrip(".")
        limit = Terms(most={"limit": getattr(settings, name)})
        yield setting_guard(keys[name].name, Severity.RED, title, limit)
    waits = Terms(holds={"its value": ("wait",)} if settings.unsubscribe_check == "wait" else {})
    title = "emails wait until the page by which readers leave is seen to work"
    yield setting_guard(keys["unsubscribe_check"].name, Severity.RED, title, waits)
    for channel in settings.channels.values():
        spent = float(channel.options.get("spending_limit") or 0)
        terms = Terms(most={"limit": spent} if spent else {})
        yield setting_guard(f"channels.{channel.name}.spending_limit", Severity.RED, "what may be spent", terms)


def _of_notices(settings: Settings) -> Asked:
    """Whether people are told what waits for them, and what went wrong. What the environment says is not known to each
    process, and nothing here is an address."""
    said, here = settings.notices, settings.overridden
    ways = [name for name, key in (("webhook", "webhook.url"), ("smtp", "smtp.host")) if f"notices.{key}" not in here]
    times = ("nothing_out_by", "reviewers_at", "before_sending", "deputy")
    holds = {
        "ways": tuple(way for way in ways if way in said.ways()),
        "what is told": tuple(key for key in times if getattr(said, key) and f"notices.{key}" not in here),
    }
    least, most = (
        {key: getattr(said, key) for key in keys if getattr(said, key) and f"notices.{key}" not in here}
        for keys in (("unapproved_hours", "help_line_days"), ("hold_hours",))
    )
    terms = Terms(holds={name: values for name, values in holds.items() if values}, most=most, least=least)
    return setting_guard(_NOTICES, Severity.AMBER, "who runs or reviews the season is told", terms)


def _place(material: Material, stood: Asked) -> Where:
    """Where the guard stands, or the file in which it stood."""
    campaign, name = material.campaign, stood.subject_id
    if stood.subject == STORED:
        return campaign.sources[name].where
    if stood.subject == BARRED:
        kind, _, record = name.partition(":")
        return _records(campaign)[kind].get(record) or Where(f"{Path(campaign.where.path).parent}/{FILES[kind]}")
    if stood.subject != RULE:
        stands = any(pack.id == name for pack in material.packs)
        file = file_of(stood) or (f"config/lint/{name}.toml" if stands else "")
        return Where(file) if file else campaign.where
    if name == _PUBLISHERS:
        return Where(f"{Path(campaign.where.path).parent}/claims.toml")
    if name in _PLACES:
        return campaign.where if name == _PLAN else Where("config/review.toml")
    rules = [rule for pack in material.packs for rule in pack.rules]
    if line := next((rule.line for rule in rules if rule.id == name), None):
        return line
    pack = stood.words.partition(":")[0].partition(" ")[2]
    return place_of_setting(material.settings, name) if pack == "settings" else Where(f"config/lint/{pack}.toml")


def _records(campaign: Campaign) -> Mapping[str, Mapping[str, Where]]:
    passages = {f"{source.id}#{p.id}": p for source in campaign.sources.values() for p in source.passages}
    tables: dict[str, Mapping[str, Any]] = {
        "claim": campaign.claims,
        "contact": campaign.contacts,
        "hashtag": campaign.hashtags,
        "quotation": passages,
        "consent": campaign.consents,
        "source": campaign.sources,
    }
    return {kind: {name: record.where for name, record in table.items()} for kind, table in tables.items()}


def place_of_setting(settings: Settings, key: str) -> Where:
    """Its file, and its line where it has one: a default and the environment have none."""
    file = f"config/{'channels' if key.startswith('channels.') else 'settings'}.toml"
    try:
        return Where(file, parse(read_text(settings.root / file, _LARGEST)).line(tuple(key.split("."))))
    except TextProblem:
        return Where(file)
