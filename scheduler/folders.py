"""Where the project is, what it is called, and where this user's programs keep what is no part of it.

Light on purpose: `hold` starts with these alone. :mod:`.project` has the same with paths, for everybody else.
"""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Mapping

from .errors import ConfigurationError

#: What makes a folder a project.
MARKER = "config/settings.toml"
_NAME = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")


def find_root(explicit: str | None, env: Mapping[str, str], cwd: str) -> str:
    """The project's folder, absolute: ``--project``, then ``OBSERVANCE_PROJECT``, then upwards from ``cwd``.

    Raises ConfigurationError when there is none.
    """
    if explicit is not None:
        return _checked(os.path.join(cwd, os.path.expanduser(explicit)), "--project")
    named = env.get("OBSERVANCE_PROJECT", "")
    if named:
        return _checked(os.path.join(cwd, os.path.expanduser(named)), "OBSERVANCE_PROJECT")
    here = folder = os.path.realpath(cwd)
    while not is_project(folder):
        above = os.path.dirname(folder)
        if above == folder:
            raise ConfigurationError(
                f"There is no project here: neither {here} nor a folder above it holds {MARKER}",
                hint="go to the project's folder, name it with --project DIR, or make a new one with "
                "`observance init DIR`",
            )
        folder = above
    return folder


def is_project(folder: str) -> bool:
    return os.path.isfile(os.path.join(folder, MARKER))


def _checked(folder: str, said_by: str) -> str:
    folder = os.path.realpath(folder)
    if is_project(folder):
        return folder
    what = "holds no " + MARKER if os.path.isdir(folder) else "is not a folder"
    raise ConfigurationError(
        f"{said_by} names {folder}, which {what}",
        hint=f"name the folder that holds {MARKER}, or make a project there with `observance init {folder}`",
    )


def campaign_ids(root: str | os.PathLike[str]) -> list[str]:
    """The names of the folders in ``campaigns/``, sorted. Folders with other names are not campaigns."""
    return [name for name in campaign_folders(root) if can_be_a_campaign(name)]


def can_be_a_campaign(name: str) -> bool:
    """Whether a folder of that name in ``campaigns/`` is a campaign."""
    return _NAME.fullmatch(name) is not None


def campaign_folders(root: str | os.PathLike[str]) -> list[str]:
    """All folders in ``campaigns/``, whatever they are called."""
    try:
        with os.scandir(os.path.join(root, "campaigns")) as entries:
            return sorted(entry.name for entry in entries if entry.is_dir())
    except (FileNotFoundError, NotADirectoryError):
        return []


def state_folder(env: Mapping[str, str]) -> str:
    """Where this user's programs keep what is no part of a project: OBSERVANCE_STATE, else as the system has it."""
    if named := env.get("OBSERVANCE_STATE", ""):
        return os.path.expanduser(named)
    home = env.get("HOME") or os.path.expanduser("~")
    if sys.platform == "darwin":
        return os.path.join(home, "Library", "Application Support", "observance")
    return os.path.join(env.get("XDG_STATE_HOME") or os.path.join(home, ".local", "state"), "observance")


def login_name() -> str:
    """Who is at the keyboard, when no name was given. On a server that is not the account that the program has."""
    import getpass

    try:
        return os.environ.get("SUDO_USER") or getpass.getuser()
    except (OSError, KeyError):
        return "the operator"


def open_own(path: str | os.PathLike[str], owner: int | None = None) -> int:
    """A descriptor for reading a file that this user alone writes, or that ``owner`` alone does. Raises OSError for any
    other: nobody goes by what another user could have put there."""
    descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW)
    found = os.fstat(descriptor)
    if found.st_uid != (os.geteuid() if owner is None else owner) or found.st_mode & 0o022:
        os.close(descriptor)
        raise PermissionError(f"{os.fspath(path)} could have been written by another user")
    return descriptor
