"""Copy a new project folder out of the package: the first campaign, its templates and settings."""

from __future__ import annotations

import argparse
import shutil
from pathlib import Path

from ..errors import UsageError
from .context import Context

CONTENT = ("campaigns", "templates", "config")


def add_arguments(parser: argparse.ArgumentParser, name: str) -> None:
    parser.add_argument("folder", metavar="DIR")


def run(context: Context, options: argparse.Namespace, name: str) -> int:
    target = Path(options.folder)
    if target.exists() and any(target.iterdir() if target.is_dir() else [target]):
        raise UsageError(f"{target} is not empty", hint="name a new folder; nothing was written")
    starter = starter_folder()
    for part in CONTENT:
        shutil.copytree(starter / part, target / part)
    print(f"Made {target} with {', '.join(CONTENT)}.")
    print(f"Next: cd {target}; observance dry-run")
    return 0


def starter_folder() -> Path:
    """In the wheel the content lies beside the package; in a checkout it is the root's own."""
    package = Path(__file__).resolve().parent.parent
    packed = package / "starter"
    return packed if packed.is_dir() else package.parent
