"""Where the project is, and which campaigns it holds. Nothing else reads the current directory."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Mapping
from difflib import get_close_matches
from pathlib import Path

from .errors import ConfigurationError, UsageError

#: What makes a folder a project.
MARKER = Path("config", "settings.toml")
_NAME = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")


def find_root(explicit: Path | None, env: Mapping[str, str], cwd: Path) -> Path:
    """The project's folder, absolute: ``--project``, then ``OBSERVANCE_PROJECT``, then upwards from ``cwd``.

    Raises ConfigurationError when there is none.
    """
    if explicit is not None:
        return _checked(cwd / explicit.expanduser(), "--project")
    named = env.get("OBSERVANCE_PROJECT", "")
    if named:
        return _checked(cwd / Path(named).expanduser(), "OBSERVANCE_PROJECT")
    here = cwd.resolve()
    for folder in (here, *here.parents):
        if (folder / MARKER).is_file():
            return folder
    raise ConfigurationError(
        f"There is no project here: neither {here} nor a folder above it holds {MARKER.as_posix()}",
        hint="go to the project's folder, name it with --project DIR, or make a new one with `observance init DIR`",
    )


def _checked(folder: Path, said_by: str) -> Path:
    folder = folder.resolve()
    if (folder / MARKER).is_file():
        return folder
    what = "holds no " + MARKER.as_posix() if folder.is_dir() else "is not a folder"
    raise ConfigurationError(
        f"{said_by} names {folder}, which {what}",
        hint=f"name the folder that holds {MARKER.as_posix()}, or make a project there with `observance init {folder}`",
    )


def program() -> str:
    """How the program was called: from a checkout, or as it was installed."""
    return "run.py" if os.path.basename(sys.argv[0]) == "run.py" else "observance"


def as_called(text: str) -> str:
    """``text`` with its commands as they are typed here."""
    return text.replace("run.py ", f"{program()} ")


def campaign_ids(root: Path) -> list[str]:
    """The names of the folders in ``campaigns/``, sorted. Folders with other names are not campaigns."""
    folder = root / "campaigns"
    try:
        return sorted(p.name for p in folder.iterdir() if _NAME.fullmatch(p.name) and p.is_dir())
    except (FileNotFoundError, NotADirectoryError):
        return []


def the_campaign(root: Path, name: str | None) -> str:
    """The id of the campaign that is meant; with one campaign in the folder ``name`` may be None.

    Raises UsageError for a name that is none, for one that is not there, and when a choice is left open.
    """
    known = campaign_ids(root)
    if name is None:
        if len(known) == 1:
            return known[0]
        if not known:
            raise UsageError(
                f"There is no campaign in {root / 'campaigns'}{_left_out(root)}",
                hint="make a folder there with a campaign.toml; `observance init DIR` brings one to start from",
            )
        raise UsageError("There are several campaigns; say which one is meant", hint=f"one of: {', '.join(known)}")
    if not _NAME.fullmatch(name):
        tail = re.split(r"[/\\]", name.rstrip("/\\"))[-1].lower()
        raise UsageError(
            f"{name[:80]!r} is not the name of a campaign: names have a-z, 0-9 and single hyphens only",
            hint=f"write {tail}" if tail in known else _listed(known),
        )
    if name not in known:
        near = get_close_matches(name, known, n=1, cutoff=0.5)
        raise UsageError(
            f"There is no campaign {name} in {root / 'campaigns'}",
            hint=(f"did you mean {near[0]}? " if near else "") + _listed(known),
        )
    return name


def _listed(known: list[str]) -> str:
    return f"there is: {', '.join(known)}" if known else "the folder holds no campaign yet"


def _left_out(root: Path) -> str:
    try:
        odd = sorted(p.name for p in (root / "campaigns").iterdir() if p.is_dir() and not _NAME.fullmatch(p.name))
    except (FileNotFoundError, NotADirectoryError):
        return ""
    shown = [name for name in odd if not name.startswith((".", "_"))]
    return f"; {', '.join(shown)} cannot be the name of one (a-z, 0-9 and single hyphens only)" if shown else ""
