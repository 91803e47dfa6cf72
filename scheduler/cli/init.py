"""A new project folder."""

from __future__ import annotations

import argparse
import shlex
import shutil
from collections.abc import Iterator, Mapping
from difflib import get_close_matches
from pathlib import Path

from ..errors import UsageError, cannot_write, program
from .arguments import argument, command
from .context import Context

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

#: The rules about words that go along with every campaign; the others belong to their example.
_RULES_FOR_ALL = Path("config", "lint", "house.toml")

_IGNORED = """# The ledger with its readers' addresses, and the secret key: never into a repository.
var/
# Made anew by each run.
build/
"""


@command(
    "init",
    argument("folder", nargs="?", metavar="DIR", help="a folder that is empty or not there yet"),
    argument("--from", dest="example", metavar="EXAMPLE", default="", help=f"start from this one (default: {FIRST})"),
    argument("--list", action="store_true", dest="show", help="what there is to start from"),
    examples="""examples:
  run.py init ../our-month
  run.py init ../our-month --from hispanic-heritage
  run.py init ../our-month --from nothing
  run.py init --list
Then read docs/howto/a-month-of-your-own.md""",
)
def init(context: Context, options: argparse.Namespace) -> int:
    """Copy a new project folder out of the package: a campaign to start from, templates and settings."""
    if options.show:
        return _list(context)
    if options.folder is None:
        raise UsageError("init needs the folder that it is to make", hint=f"{program()} init ../our-month; {_starts()}")
    example = options.example or FIRST
    if example not in (*EXAMPLES, NOTHING):
        near = get_close_matches(example, [*EXAMPLES, NOTHING], n=1, cutoff=0.5)
        raise UsageError(
            f"There is no example {example[:80]!r}", hint=(f"did you mean {near[0]}? " if near else "") + _starts()
        )
    target = Path(options.folder)
    if target.exists() and any(target.iterdir() if target.is_dir() else [target]):
        raise UsageError(f"{target} is not empty", hint="name a new folder; nothing was written")
    files = list(_files(example))
    try:
        for part in CONTENT:
            (target / part).mkdir(parents=True)
        for source, path in files:
            (target / path).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(source, target / path)
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
        f"Next: make {at}/campaigns/NAME; docs/howto/a-month-of-your-own.md shows how"
        if example == NOTHING
        else f"Next: {program()} dry-run --project {at}",
    )


def _list(context: Context) -> int:
    starts = {**EXAMPLES, NOTHING: "no campaign: templates and settings alone"}
    longest = max(map(len, starts))
    return context.answer(
        {"examples": starts},
        *(f"{name:<{longest}}  {about}" for name, about in starts.items()),
        f"\nStart from one of them: {program()} init DIR --from NAME",
    )


def _starts() -> str:
    return f"start from: {', '.join(EXAMPLES)}, or {NOTHING}"


def _files(example: str) -> Iterator[tuple[Path, Path]]:
    """What makes a project that starts from the example: each file, and its place in the project. What stands in the
    example's own folder goes before what all projects have."""
    starter, own = starter_folder(), Path(__file__).resolve().parent.parent / "examples" / example
    first = example == FIRST
    files: dict[Path, Path] = {}
    for part in (Path("templates"), Path("config"), *([Path("campaigns", FIRST)] if first else [])):
        for source in sorted((starter / part).rglob("*")):
            path = source.relative_to(starter)
            if source.is_file() and (first or path.parent != _RULES_FOR_ALL.parent or path == _RULES_FOR_ALL):
                files[path] = source
    if not first and example != NOTHING:
        files |= {source.relative_to(own): source for source in sorted(own.rglob("*")) if source.is_file()}
    if example != NOTHING and Path("campaigns", example, "campaign.toml") not in files:
        raise UsageError(f"The example {example} is not in this copy of the program", hint=_starts())
    return ((source, path) for path, source in files.items())


def starter_folder() -> Path:
    """In the wheel the content lies beside the package; in a checkout it is the root's own."""
    package = Path(__file__).resolve().parent.parent
    packed = package / "starter"
    return packed if packed.is_dir() else package.parent
