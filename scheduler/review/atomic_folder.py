"""A folder, or a file that a person named, which is replaced as a whole or not at all.

Everything is written beside the target, then the two folders change places. A crash, a full disk or a folder that
cannot be written leaves the old result as it was.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import stat
import tempfile
from collections.abc import Callable
from pathlib import Path

from ..errors import UsageError, cannot_write

#: Says that a folder was written by a dry run, and which files in it are ours.
MARKER = ".observance-dry-run.json"
_MARK = "observance dry run"
_STALE_AFTER = 24 * 3600  # seconds; nobody writes a dry run for a day


class Folder:
    """The files of one result while they are being written."""

    def __init__(self, path: Path, before: Path) -> None:
        """``before``: the folder whose place it takes, if there is one."""
        self._path, self._before, self._rights = str(path), str(before), path.stat().st_mode & 0o666
        self._written: list[str] = []
        self._folders = {""}

    def write(self, name: str, content: bytes) -> None:
        """Write one file. ``name`` is relative, with ``/``; a name that leads out of the folder is refused.

        A file that is the same as before is not written again: it gets a second name here before it loses its first.
        """
        if not all(map(_SAFE_NAME.fullmatch, name.split("/"))):
            raise ValueError(f"not a name for a file of ours: {name!r}")
        target, folder = os.path.join(self._path, name), os.path.dirname(name)
        if folder not in self._folders:
            os.makedirs(os.path.join(self._path, folder), exist_ok=True)
            self._folders.add(folder)
        if not _is_taken_over(os.path.join(self._before, name), target, content, self._rights):
            Path(target).write_bytes(content)
        self._written.append(name)

    def mark(self) -> None:
        marker = json.dumps({"made by": _MARK, "files": sorted(self._written)}, indent=1)
        Path(self._path, MARKER).write_text(f"{marker}\n", encoding="utf-8", newline="\n")


def _is_taken_over(old: str, new: str, content: bytes, rights: int) -> bool:
    """Whether ``new`` is now another name of ``old``: a file of this user's own without a third name, with this content
    and the rights that it would get today."""
    try:
        with open(os.open(old, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK), "rb") as file:
            found = os.fstat(file.fileno())
            is_mine = stat.S_ISREG(found.st_mode) and found.st_nlink == 1 and found.st_uid == os.geteuid()
            if not is_mine or stat.S_IMODE(found.st_mode) != rights or file.read() != content:
                return False
        os.link(old, new, follow_symlinks=False)
    except OSError:  # no such file, or no second names on this disk
        return False
    return True


_SAFE_NAME = re.compile(r"[A-Za-z0-9_-][A-Za-z0-9._-]{0,99}")


def safe_name(text: str) -> str:
    """The text as part of a file's name on any system: letters, digits, dot, hyphen and underscore, never hidden."""
    return "".join(c if c.isascii() and (c.isalnum() or c in "-_.") else "-" for c in text).lstrip(".")[:100] or "-"


def replace_folder(out: Path, write: Callable[[Folder], None], *, now: float) -> None:
    """Let ``write`` fill a new folder and put it in the place of ``out``. ``now``: seconds since 1970.

    Files in ``out`` that are not ours are carried over. Raises :class:`UsageError` when ``out`` is something that a
    dry run did not make, :class:`CannotWrite` when the disk is full or refuses.
    """
    out = Path(os.path.realpath(out))
    try:
        _refuse_strangers(out)
        out.parent.mkdir(parents=True, exist_ok=True)
        _clear_leftovers(out, now)
        beside = Path(tempfile.mkdtemp(prefix=_prefix(out, "new"), dir=out.parent))
        try:
            made = beside / out.name  # with the rights that a new folder has here; ``beside`` is the owner's alone
            made.mkdir()
            folder = Folder(made, out)
            write(folder)
            folder.mark()
            _carry_over(out, made)
            _swap(made, out)
        finally:
            shutil.rmtree(beside, ignore_errors=True)
    except OSError as error:
        kept = "the result that was there is unchanged" if out.exists() else ""
        raise cannot_write(out, error, kept=kept, instead="choose a folder of your own with --out") from error


def replace_file(path: Path, content: bytes, *, option: str = "") -> None:
    """Write one file that a person named: the whole of it, or the old one stays. Raises :class:`CannotWrite`.

    ``option``: by which they may name it; where they need not, its usual folder is made as well.
    """
    path = Path(os.path.realpath(path))
    beside = path.with_name(f".{path.name}.new")
    try:
        if option:
            path.parent.mkdir(parents=True, exist_ok=True)
        if path.is_dir():
            raise IsADirectoryError(0, "it is a folder")
        if path.exists() and not path.is_file():  # a pipe or /dev/stdout: nothing can take its place
            path.write_bytes(content)
            return
        try:
            beside.write_bytes(content)
            os.replace(beside, path)
        finally:
            beside.unlink(missing_ok=True)
    except OSError as error:
        kept = "the file that was there is unchanged" if path.is_file() else ""
        raise cannot_write(
            path, error, kept=kept, instead=f"choose another {option}" if option else "name another file"
        ) from error


def _prefix(out: Path, what: str) -> str:
    return f".{out.name}.{what}-"


def _refuse_strangers(out: Path) -> None:
    if not os.path.lexists(out):
        return
    if not out.is_dir():
        raise UsageError(f"{out} is a file, not a folder; it was left as it is", hint="choose another --out")
    if next(out.iterdir(), None) is not None and _ours(out) is None:
        raise UsageError(
            f"{out} holds files that no dry run made; it was left as it is",
            hint="choose another --out, or an empty folder",
        )


def _ours(folder: Path) -> set[str] | None:
    """Names of our files in it; None when a dry run did not make it."""
    try:
        marker = json.loads((folder / MARKER).read_text(encoding="utf-8"))
    except (FileNotFoundError, NotADirectoryError, ValueError):
        return None
    if not isinstance(marker, dict) or marker.get("made by") != _MARK:
        return None
    return {str(name) for name in marker.get("files", ())}


def _carry_over(old: Path, new: Path) -> None:
    ours = {MARKER, *(_ours(old) or ())}
    begins = len(os.path.join(old, ""))
    there = (os.path.join(at, name) for at, folders, files in os.walk(old) for name in (*folders, *files))
    for path in map(Path, sorted(path for path in there if path[begins:] not in ours)):
        if not (path.is_file() or path.is_symlink()):
            continue
        target = new / path.relative_to(old)
        if not os.path.lexists(target) and target.parent.resolve().is_relative_to(new.resolve()):
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(path, target, follow_symlinks=False)


def _swap(made: Path, out: Path) -> None:
    if not out.exists():
        made.rename(out)
        return
    old = Path(tempfile.mkdtemp(prefix=_prefix(out, "old"), dir=out.parent))
    aside = old / out.name
    try:
        out.rename(aside)
        try:
            made.rename(out)
        except OSError:
            aside.rename(out)
            raise
    finally:
        if out.exists():
            shutil.rmtree(old, ignore_errors=True)


def _clear_leftovers(out: Path, now: float) -> None:
    """What a run that was killed left behind. Its old result goes back when it was caught in the very exchange."""
    beside = sorted(out.parent.iterdir())
    for old in (path for path in beside if path.name.startswith(_prefix(out, "old"))):
        aside = old / out.name
        if not out.exists() and _ours(aside) is not None:
            aside.rename(out)
        if out.exists() and old.stat().st_mtime < now - _STALE_AFTER:
            shutil.rmtree(old, ignore_errors=True)
    for new in (path for path in beside if path.name.startswith(_prefix(out, "new"))):
        if new.stat().st_mtime < now - _STALE_AFTER:
            shutil.rmtree(new, ignore_errors=True)
