"""What the last start of the program found good: which channels there are, which database, and the form of its tables.

A command that has to act at once takes it from here and does not read all settings again. It holds as long as all
that it was found from is the same: the two files of settings, the program, what is installed beside it, and the
variables. It lies outside the project, in the state folder, and holds no secret: of a variable that is one, only
whether it is set.
"""

from __future__ import annotations

import hashlib
import json
import os
import sys
from collections.abc import Mapping

from . import VERSION
from .folders import open_own, state_folder

_FILES = ("config/settings.toml", "config/channels.toml")
_PREFIX = "OBSERVANCE_"
_URL = "OBSERVANCE_DATABASE__URL"
_SECRET = ("KEY", "SECRET", "PASSWORD", "TOKEN")


def read_note(root: str, env: Mapping[str, str]) -> Mapping[str, object] | None:
    """The note on the project in ``root``; None where there is none, or where anything has changed since."""
    try:
        with open(open_own(_path(root, env)), encoding="utf-8") as file:
            note = json.load(file)
        return note if isinstance(note, dict) and note.get("stamp") == stamp_of(root, env) else None
    except (OSError, ValueError):
        return None


def write_note(
    root: str, env: Mapping[str, str], *, stamp: str, channels: list[str], database: str, revision: str, columns: str
) -> None:
    """``stamp``: what :func:`stamp_of` said before the settings were read. ``database``: its URL, which is not kept
    where a variable says it. A folder that cannot be written to only makes the next start slower."""
    note = {
        "stamp": stamp,
        "channels": channels,
        "database": database if not env.get(_URL) or database.startswith("sqlite:") else "",
        "revision": revision,
        "columns": columns,
    }
    if not stamp or read_note(root, env) == note:
        return
    path = _path(root, env)
    beside = f"{path}.{os.getpid()}"
    try:
        os.makedirs(os.path.dirname(path), mode=0o700, exist_ok=True)
        with open(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as file:
            json.dump(note, file)
        os.replace(beside, path)
    except OSError:
        return


def database_of(note: Mapping[str, object], env: Mapping[str, str]) -> str:
    """Its URL."""
    return str(note["database"]) or env.get(_URL, "").strip()


def _path(root: str, env: Mapping[str, str]) -> str:
    name = hashlib.sha256(os.fsencode(os.path.realpath(root))).hexdigest()[:32]
    return os.path.join(state_folder(env), "starts", f"{name}.json")


def stamp_of(root: str, env: Mapping[str, str]) -> str:
    """Of all that the note was found from. Raises OSError for settings that are not there."""
    digest = hashlib.sha256(VERSION.encode())
    here = os.path.dirname(__file__)
    for name in ("store/migrate.py", "store/tables.py", "settings/model.py"):
        found = os.stat(os.path.join(here, name))
        digest.update(f"{name} {found.st_size} {found.st_mtime_ns} {found.st_ctime_ns}\n".encode())
    digest.update(installed_beside())
    for name in _FILES:
        with open(os.path.join(root, name), "rb") as file:
            digest.update(hashlib.sha256(file.read()).digest())
    for name in sorted(each for each in env if each.startswith(_PREFIX)):
        digest.update(f"{name}={_shown(name, env[name])}\n".encode(errors="surrogateescape"))
    return digest.hexdigest()


def installed_beside() -> bytes:
    """Another, as soon as a package beside the program is installed, taken away or replaced."""
    folders = [path for path in sys.path if path.endswith("-packages") and os.path.isdir(path)]
    found = ((path, os.stat(path)) for path in folders)
    lines = (f"{path} {stat.st_mtime_ns} {stat.st_ctime_ns}\n" for path, stat in found)
    return "".join(lines).encode(errors="surrogateescape")


#: By the folder of a program: what :func:`program_files` found.
_FOUND: dict[str, tuple[str, int]] = {}


def program_files(package: str) -> tuple[str, int]:
    """A fingerprint of all files of a program, as they were when this process first asked: names, sizes and both
    times; and the latest of these times, in nanoseconds. What this process has loaded is no later program."""
    if package not in _FOUND:
        digest, newest = hashlib.sha256(), 0
        for folder, below, names in os.walk(package):
            below[:] = sorted(name for name in below if name != "__pycache__")
            for name in sorted(names):
                found = os.stat(os.path.join(folder, name))
                newest = max(newest, found.st_mtime_ns, found.st_ctime_ns)
                line = (
                    f"{folder.removeprefix(package)}/{name} {found.st_size} {found.st_mtime_ns} {found.st_ctime_ns}\n"
                )
                digest.update(line.encode(errors="surrogateescape"))
        _FOUND[package] = digest.hexdigest(), newest
    return _FOUND[package]


def _shown(name: str, value: str) -> str:
    """What of a variable goes into the stamp."""
    if name == _URL and not value.strip().startswith("sqlite:"):
        kind, _, rest = value.partition("://")
        return f"{kind}://{rest.rpartition('@')[2].partition('?')[0]}"  # without an account and its password
    if any(word in name for word in _SECRET) and not name.endswith("_FILE"):
        return "set" if value.strip() else ""
    return value
