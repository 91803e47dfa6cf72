"""Read the files of one campaign's folder, and nothing outside it."""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Mapping
from pathlib import Path, PurePosixPath

from ...domain.finding import Finding, Where
from ...schema.toml_text import WrongEncoding, decode
from ..codes import CODES

KIB = 1024
#: Far above what a month needs; a file beyond it is a mistake, and would make every command slow.
LARGEST_TOML = 2048 * KIB
LARGEST_ITEM = 256 * KIB


class Folder:
    """A campaign's folder. Everything that cannot be read becomes a finding; nothing is raised.

    ``overlay``: bytes that stand in for those of files in it, by name; so that a change can be tried out unwritten.
    """

    def __init__(self, root: Path, campaign_id: str, overlay: Mapping[str, bytes] | None = None) -> None:
        self._overlay = dict(overlay or {})
        self.path = root / "campaigns" / campaign_id
        self.shown = f"campaigns/{campaign_id}"
        self.findings: list[Finding] = []
        # For :func:`.hidden_text.report_hidden`: what was read as text, by name; which of it are stored sources; and
        # (name, first line, text, data) of what was read as TOML.
        self.texts: dict[str, str] = {}
        self.stored: set[str] = set()
        self.tomls: list[tuple[str, int, str, dict[str, object]]] = []

    def where(self, name: str, line: int = 0) -> Where:
        """A place in the folder, relative to the project root."""
        return Where(f"{self.shown}/{name}" if name else self.shown, line)

    def report(self, code: str, name: str, message: str, *, line: int = 0, hint: str = "") -> None:
        self.findings.append(CODES[code].at(self.where(name, line), message, hint=hint))

    def names(self, folder: str = "") -> list[os.DirEntry[str]] | None:
        """What is in a sub-folder, sorted by name; None when it is not there or cannot be read."""
        path = self._inside(folder, folder or ".") if folder else self.path
        if path is None:
            return None
        try:
            with os.scandir(path) as entries:
                return sorted(entries, key=lambda e: e.name)
        except FileNotFoundError:
            self.report("C003", folder, "the folder is missing")
        except NotADirectoryError:
            self.report("C004", folder, "a file stands where a folder belongs")
        except OSError as error:
            self.report("C004", folder, f"the folder cannot be read ({_reason(error)})")
        return None

    def is_inside(self) -> bool:
        """Whether the folder itself lies in ``campaigns/``, and is not a link that leads out of it."""
        try:
            if not self.path.is_symlink() or self.path.resolve().is_relative_to(self.path.parent.resolve()):
                return True
        except (OSError, RuntimeError):  # RuntimeError: a link that leads to itself, before Python 3.13
            pass
        self.report("C006", "", "the campaign's folder is a link that leads out of campaigns/")
        return False

    def exists(self, name: str) -> bool:
        return os.path.lexists(self.path / name)

    def read(self, name: str, limit: int, at: Where | None = None) -> bytes | None:
        """The bytes of a file, or None after a finding. ``at`` is where the file is named, when a file names it."""
        path = self._inside(name, name, at)
        if path is None:
            return None
        place = at or self.where(name)
        try:
            status = path.stat()
            if not stat.S_ISREG(status.st_mode):
                kind = "a folder" if stat.S_ISDIR(status.st_mode) else "something that is not a file"
                self._refuse("C004", place, f"{name} is {kind}, where a file belongs")
                return None
            instead = self._overlay.get(name)
            size = status.st_size if instead is None else len(instead)
            if size > limit:
                self._refuse("C005", place, f"{name} has {size // KIB:,} KiB; {limit // KIB:,} KiB is the most")
                return None
            return path.read_bytes() if instead is None else instead
        except FileNotFoundError:
            self._refuse("C003", place, f"the file {name} is missing")
            return None
        except OSError as error:
            self._refuse("C004", place, f"{name} cannot be read ({_reason(error)})")
            return None

    def read_text(self, name: str, limit: int) -> str | None:
        """The UTF-8 text of a file, with ``\\n`` as line end, or None after a finding."""
        raw = self.read(name, limit)
        if raw is None:
            return None
        try:
            text = self.texts[name] = decode(raw).replace("\r\n", "\n")
            return text
        except WrongEncoding as problem:
            self.report("C002", name, problem.message, line=problem.line, hint=problem.hint)
            return None

    def _refuse(self, code: str, place: Where, message: str) -> None:
        self.findings.append(CODES[code].at(place, message))

    def _inside(self, name: str, shown: str, at: Where | None = None) -> Path | None:
        """The path of ``name``, unless it or a link on its way leads out of the folder."""
        parts = PurePosixPath(name).parts
        odd = "\\" in name or ":" in name or "\0" in name or name.startswith("/") or ".." in parts
        if odd:
            self._refuse("C006", at or self.where(""), f"{shown!r} does not name a file inside the campaign's folder")
            return None
        path = self.path
        try:
            for part in parts:
                path = path / part
                if path.is_symlink() and not path.resolve().is_relative_to(self.path.resolve()):
                    self._refuse("C006", at or self.where(shown), f"{shown} is a link that leads out of the folder")
                    return None
        except (OSError, RuntimeError) as error:  # RuntimeError: a link that leads to itself, before Python 3.13
            self._refuse("C004", at or self.where(shown), f"{shown[:60]} cannot be read ({_reason(error)})")
            return None
        return path


def _reason(error: OSError | RuntimeError) -> str:
    """Why a file cannot be read; of links in a circle Python's versions tell in different ways."""
    if isinstance(error, OSError) and error.errno != errno.ELOOP:
        return error.strerror or type(error).__name__
    return "a link leads to itself"
