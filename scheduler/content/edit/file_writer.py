"""Write one file of a campaign's folder: whole or not at all, and nowhere else."""

from __future__ import annotations

import os
import re
import secrets
import stat
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from ...errors import cannot_write
from ..load.campaign_folder import LARGEST_ITEM, LARGEST_TOML, Folder
from .text_lines import fingerprint
from .toml_editor import CannotEdit

#: What a form can change: an item, one of the registers, or the campaign's own words. No name comes from a browser;
#: this holds all the same.
_EDITABLE = re.compile(r"items/(?!\.)[^/\\\x00-\x1f:]+\.md|(?:claims|contacts|campaign)\.toml")


def read_file(folder: Folder, name: str) -> bytes:
    """The file's bytes. Raises CannotEdit for one that lies elsewhere, is a link, or cannot be read."""
    path_of(folder, name)
    raw = folder.read(name, LARGEST_ITEM if name.endswith(".md") else LARGEST_TOML)
    if raw is None:
        last = folder.findings[-1]
        raise CannotEdit(f"{name} cannot be read: {last.message}", hint=last.hint)
    return raw


def path_of(folder: Folder, name: str) -> Path:
    """Where the file is. Raises CannotEdit unless it is a plain file at its place inside the campaign's folder."""
    if not _EDITABLE.fullmatch(name) or ".." in name.split("/") or not folder.is_inside():
        raise CannotEdit(f"{name[:80]} is no file that can be changed here", hint="open the item from the calendar")
    path = folder.path
    try:
        for part in name.split("/"):
            path = path / part
            mode = path.lstat().st_mode
            if stat.S_ISLNK(mode):
                raise CannotEdit(f"{name} is a link to another file", hint="change the file that it leads to")
        if not stat.S_ISREG(mode):
            raise CannotEdit(f"{name} is no plain file", hint="look at it in the campaign's folder")
    except FileNotFoundError:
        raise CannotEdit(f"{name} is not there any more", hint="somebody has deleted or renamed it") from None
    except OSError as error:
        raise CannotEdit(f"{name} cannot be read ({error.strerror})", hint="look at it on the server") from None
    return path


def why_not_writable(folder: Folder, name: str) -> str:
    """Empty when the file can be changed; else why not, in words."""
    path = path_of(folder, name)
    # The file is replaced, so the folder must be writable; a file that was made read-only is left alone as well.
    if os.access(path.parent, os.W_OK | os.X_OK) and os.access(path, os.W_OK):
        return ""
    return f"{folder.shown}/{name} may only be read by the program here"


def write_file(folder: Folder, name: str, raw: bytes, *, expected: str, commit: Callable[[], None]) -> bool:
    """Replace the file by ``raw`` in one step, if it is still the one with the fingerprint ``expected``.

    The new bytes are on the disk before ``commit`` is called, and in place right after it. False when the file is
    another one by now; raises CannotWrite when the disk refuses. The file is as it was then.
    """
    path = path_of(folder, name)
    temporary = path.with_name(f".{path.name}.{secrets.token_hex(6)}.tmp")
    try:
        status = path.stat()
        handle = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), 0o600)
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(raw)
                file.flush()
                os.fsync(file.fileno())
            temporary.chmod(stat.S_IMODE(status.st_mode))
            if hasattr(os, "chown") and (os.getuid(), os.getgid()) != (status.st_uid, status.st_gid):
                with suppress(OSError):  # only root may; the new file is ours then
                    os.chown(temporary, status.st_uid, status.st_gid)
            if fingerprint(path.read_bytes()) != expected:
                return False
            commit()
            os.replace(temporary, path)
        finally:
            temporary.unlink(missing_ok=True)
    except OSError as error:
        raise cannot_write(f"{folder.shown}/{name}", error, kept="the file is as it was") from error
    _sync_folder(path.parent)
    return True


def _sync_folder(path: Path) -> None:
    with suppress(OSError):  # Windows has no such thing
        handle = os.open(path, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
