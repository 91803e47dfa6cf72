"""A new project folder."""

from __future__ import annotations

import argparse
import os
import re
import shlex
import shutil
from collections.abc import Iterator, Mapping
from difflib import get_close_matches
from pathlib import Path

from ..domain.campaign import neutral_slug
from ..errors import ConfigurationError, UsageError, cannot_write, program
from ..folders import is_project
from ..project import campaign_ids, can_be_a_campaign, find_root, sandbox_clock, starter_folder
from .arguments import argument, command
from .command_context import CommandContext

CONTENT = ("campaigns", "templates", "config")

#: What a project can start from, and what each is an example of. The first one is taken where none is named.
EXAMPLES: Mapping[str, str] = {
    "human-trafficking-prevention": "January, an item every day: then and now, quotations, a weekly digest",
    "domestic-violence-awareness": "October, two days a week: special days that move, readers who may be watched",
    "hispanic-heritage": "September 15 to October 15, two days a week: a celebration, without a help line",
}
FIRST = next(iter(EXAMPLES))
#: No campaign at all.
NOTHING = "nothing"

#: The rules about words go along with every campaign, but for those of the first one's cause.
_LINT = Path("config", "lint")
_OF_THE_FIRST_CAUSE = frozenset({_LINT / "human-trafficking.toml", _LINT / "human-trafficking-myths.toml"})

_SLUG = re.compile(r'^(slug\s*=\s*)"([^"]*)"', re.MULTILINE)

#: A campaign without texts.
_EMPTY = {
    "campaign.toml": """# A campaign of your own: change each line. See docs/howto/a-month-of-your-own.md
name = "{title}"
time_zone = "America/New_York"
language = "en"
lint_packs = ["house"]

# The first and the last day, each year.
[window]
start = {{ rule = "fixed", month = 1, day = 1 }}
end = {{ rule = "fixed", month = 1, day = 3 }}

# What it is called, from this year on.
[[titles]]
first = {year}
title = "{title}"

[slots]
default = "10:00"

[lateness]
window = "same-day"
""",
    "calendar.toml": """# Which day tells what: a [[day]] block for each, with its item, whose text stands in items/.
""",
    "items/README": """One file for each item, as why-this-week.md: docs/howto/a-month-of-your-own.md shows one.
""",
}

_IGNORED = """# The ledger with its readers' addresses, and the secret key: never into a repository.
var/
# Made anew by each run.
build/
"""


@command(
    "init",
    argument("folder", nargs="?", metavar="DIR", help="a folder that is empty or not there yet; or a project"),
    argument("--from", dest="example", metavar="EXAMPLE", default="", help=f"start from this one (default: {FIRST})"),
    argument("--as", dest="name", metavar="NAME", default="", help="the campaign's folder (default: EXAMPLE)"),
    argument("--list", dest="show", action="store_true", help="name the examples"),
    examples="""examples:
  run.py init ../our-month
  run.py init ../our-month --from hispanic-heritage
  run.py init ../our-month --from nothing
  run.py init --from domestic-violence-awareness       in a project: one more campaign
  run.py init --from nothing --as heat-week            the same, without texts
  run.py init --list
Then read docs/howto/a-month-of-your-own.md, or docs/howto/second-campaign.md""",
)
def init(context: CommandContext, options: argparse.Namespace) -> int:
    """Copy a new project folder out of the package: a campaign to start from, templates and settings.

    Or add a campaign to a project: DIR is one, or is left out inside of one. Nothing that is there is changed.
    """
    if options.show:
        return _list(context)
    example = options.example or FIRST
    if example not in (*EXAMPLES, NOTHING):
        near = get_close_matches(example, [*EXAMPLES, NOTHING], n=1, cutoff=0.5)
        raise UsageError(
            f"There is no example {example[:80]!r}", hint=(f"did you mean {near[0]}? " if near else "") + _starts()
        )
    name = options.name or ("" if example == NOTHING else example)
    if name and not can_be_a_campaign(name):
        raise UsageError(f"{name[:80]!r} cannot be the name of a campaign", hint="a-z, 0-9 and single hyphens only")
    project = _project_at(context, options)
    if project is not None:
        return _add(context, project, example, name)
    if options.folder is None:
        raise UsageError("init needs the folder that it is to make", hint=f"{program()} init ../our-month; {_starts()}")
    target = Path(options.folder)
    if target.exists() and any(target.iterdir() if target.is_dir() else [target]):
        raise UsageError(f"{target} is not empty", hint="name a new folder; nothing was written")
    files = _files(example, name)
    try:
        for part in CONTENT:
            (target / part).mkdir(parents=True)
        _write(files, target)
        (target / ".gitignore").write_text(_IGNORED, encoding="utf-8")
    except OSError as error:
        for part in CONTENT:
            shutil.rmtree(target / part, ignore_errors=True)
        (target / ".gitignore").unlink(missing_ok=True)
        raise cannot_write(target, error, kept="nothing is left of it", instead="name another folder") from error
    at = shlex.quote(str(target))
    return context.answer(
        {"folder": str(target), "holds": list(CONTENT), "from": example},
        f"Made {target} with {', '.join(CONTENT)}; its .gitignore keeps var/ and build/ out of a repository.",
        None if options.example else f"It starts from {FIRST}; `{program()} init --list` names other examples.",
        f"Next: {program()} dry-run --project {at}"
        if name
        else f"Next: make {at}/campaigns/NAME; docs/howto/a-month-of-your-own.md shows how",
    )


def _project_at(context: CommandContext, options: argparse.Namespace) -> Path | None:
    """The project that gets a campaign: DIR where it is one; without DIR the one that this is in."""
    if options.folder is not None:
        root = Path(options.folder)
        if not is_project(str(root)):
            return None
        if not options.example:
            hint = f"{program()} init {shlex.quote(options.folder)} --from EXAMPLE adds a campaign to it; {_starts()}"
            raise UsageError(f"{root} is a project already; nothing was written", hint=hint)
        return root
    if not options.example:
        return None
    explicit = Path(options.project) if options.project else None
    if explicit is None and _is_the_checkout(context.env.get("OBSERVANCE_PROJECT", "")):
        try:
            return find_root(None, {}, Path.cwd())
        except ConfigurationError:
            pass
    try:
        return find_root(explicit, context.env, Path.cwd())
    except ConfigurationError:
        if explicit is not None or context.env.get("OBSERVANCE_PROJECT"):
            raise
        return None


def _is_the_checkout(folder: str) -> bool:
    """Whether it is what run.py names where nobody named a project: the project that somebody stands in is meant."""
    return bool(folder) and Path(folder).resolve() == starter_folder()


def _add(context: CommandContext, root: Path, example: str, name: str) -> int:
    """One more campaign in a project: its folder, and the rules about words that the project lacks."""
    if not name:
        raise UsageError(
            "the new campaign has no name yet",
            hint=f"add --as NAME, as in: {program()} init --from {NOTHING} --as heat-week",
        )
    folder = root / "campaigns" / name
    if os.path.lexists(folder):
        raise UsageError(f"campaigns/{name} is there already; nothing was written", hint="give another name: --as NAME")
    files = _files(example, name)
    own = {path: text for path, text in files.items() if path.parts[:2] == ("campaigns", name)}
    _refuse_same_slug(root, own[Path("campaigns", name, "campaign.toml")].decode())
    packs = {path: text for path, text in files.items() if _LINT in path.parents}
    missing = {path: text for path, text in packs.items() if not (root / path).exists()}
    of_all = {path for path in packs if (starter_folder() / path).is_file()}  # a project may have its own edition
    others = [path for path, text in packs.items() if path not in missing and (root / path).read_bytes() != text]
    _put_there(folder, {Path(*path.parts[2:]): text for path, text in own.items()}, root, missing)
    known = campaign_ids(root)
    rules = _rules_of(files, name)
    where = context.options.folder or context.options.project or ""
    if not where and _is_the_checkout(context.env.get("OBSERVANCE_PROJECT", "")) and root != starter_folder():
        where = root
    at = f" --project {shlex.quote(str(where))}" if where else ""
    lines = [f"Added campaigns/{name} to {root.resolve()}{', with ' if missing else ''}{', '.join(map(str, missing))}."]
    lines += [
        f"{path} is there already, and other than the example's: it was left as it is."
        for path in others
        if path not in of_all
    ]
    if len(known) > 1:
        lines += [f"Campaigns here now: {', '.join(known)}. Each has readers, approvals and pages of its own."]
    lines += ["", "Next:"]
    if rules:
        lines += ["  It asks for more people than usual. Add this to config/review.toml:", ""]
        lines += [*(f"    {line}" if line else "" for line in rules), ""]
    if name != example and example in known:
        lines += [f"  Posts of {example} and {name} on one account must differ (D103): give one of them other words."]
    lines += [
        f"  {program()} check {name}{at}",
        f"  {program()} dry-run {name}{at}",
        "  Stop `start` and start it again: it takes up a new campaign when it begins.",
        "docs/howto/second-campaign.md says what the campaigns of one project share.",
    ]
    return context.answer(
        {
            "folder": str(folder),
            "holds": sorted(str(path) for path in (*own, *missing)),
            "from": example,
            "left": [str(path) for path in others],
            "review_rules": "\n".join(rules),
        },
        *lines,
    )


def _put_there(folder: Path, own: Mapping[Path, bytes], root: Path, missing: Mapping[Path, bytes]) -> None:
    """The campaign's folder whole or not at all, and the rules that the project lacks before it."""
    beside = folder.with_name(f".{folder.name}.new")
    try:
        if os.path.lexists(beside):  # left by one that was ended on its way
            delete = shutil.rmtree if beside.is_dir() and not beside.is_symlink() else os.unlink
            delete(beside)
        _write(own, beside)
        _write(missing, root)
        os.replace(beside, folder)
    except OSError as error:
        shutil.rmtree(beside, ignore_errors=True)
        raise cannot_write(folder, error, kept="no campaign was added") from error


def _refuse_same_slug(root: Path, campaign_toml: str) -> None:
    from ..content.load.slugs import read_slugs

    said = _SLUG.search(campaign_toml)
    for other, slug in read_slugs(root).items():
        if said is not None and slug == said[2]:
            raise UsageError(
                f"the campaign {other} has the slug {slug}, which stands in public addresses; nothing was written",
                hint="give the new campaign another name, and it gets another slug: --as NAME",
            )


def _rules_of(files: Mapping[Path, bytes], name: str) -> list[str]:
    """The lines of the example's review policy that are about its campaign alone."""
    blocks = files.get(Path("config", "review.toml"), b"").decode().split("\n\n")
    return "\n\n".join(block.strip() for block in blocks if f'"{name}"' in block).splitlines()


def _write(files: Mapping[Path, bytes], target: Path) -> None:
    for path, text in files.items():
        (target / path).parent.mkdir(parents=True, exist_ok=True)
        (target / path).write_bytes(text)


def _list(context: CommandContext) -> int:
    starts = {**EXAMPLES, NOTHING: "no campaign: templates and settings alone"}
    longest = max(map(len, starts))
    return context.answer(
        {"examples": starts},
        *(f"{name:<{longest}}  {about}" for name, about in starts.items()),
        f"\nStart from one of them: {program()} init DIR --from NAME",
    )


def _starts() -> str:
    return f"start from: {', '.join(EXAMPLES)}, or {NOTHING}"


def _files(example: str, name: str) -> dict[Path, bytes]:
    """What makes a project that starts from the example: the text of each file by its place in the project. What stands
    in the example's own folder goes before what all projects have. ``name``: the campaign's folder."""
    starter, own = starter_folder(), Path(__file__).resolve().parent.parent / "examples" / example
    first = example == FIRST
    files: dict[Path, Path] = {}
    for part in (Path("templates"), Path("config"), *([Path("campaigns", FIRST)] if first else [])):
        for source in sorted((starter / part).rglob("*")):
            path = source.relative_to(starter)
            if source.is_file() and (first or path not in _OF_THE_FIRST_CAUSE):
                files[path] = source
    if not first and example != NOTHING:
        files |= {source.relative_to(own): source for source in sorted(own.rglob("*")) if source.is_file()}
    if example != NOTHING and Path("campaigns", example, "campaign.toml") not in files:
        raise UsageError(f"The example {example} is not in this copy of the program", hint=_starts())
    texts = {path: source.read_bytes() for path, source in files.items()}
    if example == NOTHING and name:
        words = {"title": name.replace("-", " ").capitalize(), "year": sandbox_clock(os.environ).now().year}
        texts |= {Path("campaigns", name, file): text.format(**words).encode() for file, text in _EMPTY.items()}
    return texts if name in ("", example) else dict(_renamed(texts, example, name))


def _renamed(texts: Mapping[Path, bytes], example: str, name: str) -> Iterator[tuple[Path, bytes]]:
    """Under another name, with a slug of its own."""
    for path, text in texts.items():
        to = Path("campaigns", name, *path.parts[2:]) if path.parts[:2] == ("campaigns", example) else path
        if path == Path("campaigns", example, "campaign.toml"):
            text = _SLUG.sub(rf'\g<1>"{neutral_slug(name)}"', text.decode()).encode()
        elif path == Path("config", "review.toml"):
            text = text.replace(f'"{example}"'.encode(), f'"{name}"'.encode())
        yield to, text
