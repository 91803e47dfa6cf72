"""A new project folder."""

from __future__ import annotations

import argparse
import shlex
import shutil
from pathlib import Path

from ..errors import UsageError, cannot_write, program
from .arguments import argument, command
from .context import Context

CONTENT = ("campaigns", "templates", "config")

_IGNORED = """# The ledger with its readers' addresses, and the secret key: never into a repository.
var/
# Made anew by each run.
build/
"""


@command(
    "init",
    argument("folder", metavar="DIR", help="a folder that is empty or not there yet"),
    examples="""example:
  run.py init ../our-month
Then read docs/howto/a-month-of-your-own.md""",
)
def init(context: Context, options: argparse.Namespace) -> int:
    """Copy a new project folder out of the package: the first campaign, its templates and settings."""
    target = Path(options.folder)
    if target.exists() and any(target.iterdir() if target.is_dir() else [target]):
        raise UsageError(f"{target} is not empty", hint="name a new folder; nothing was written")
    starter = starter_folder()
    try:
        for part in CONTENT:
            _copy(starter / part, target / part)
        (target / ".gitignore").write_text(_IGNORED, encoding="utf-8")
    except OSError as error:
        for part in CONTENT:
            shutil.rmtree(target / part, ignore_errors=True)
        (target / ".gitignore").unlink(missing_ok=True)
        raise cannot_write(target, error, kept="nothing is left of it", instead="name another folder") from error
    return context.answer(
        {"folder": str(target), "holds": list(CONTENT)},
        f"Made {target} with {', '.join(CONTENT)}; its .gitignore keeps var/ and build/ out of a repository.",
        f"Next: {program()} dry-run --project {shlex.quote(str(target))}",
    )


def _copy(source: Path, target: Path) -> None:
    """The folder with all that is in it. Ends at the first file that cannot be written."""
    target.mkdir(parents=True)
    for path in sorted(source.rglob("*")):
        to = target / path.relative_to(source)
        if path.is_dir():
            to.mkdir()
        else:
            shutil.copy2(path, to)


def starter_folder() -> Path:
    """In the wheel the content lies beside the package; in a checkout it is the root's own."""
    package = Path(__file__).resolve().parent.parent
    packed = package / "starter"
    return packed if packed.is_dir() else package.parent
