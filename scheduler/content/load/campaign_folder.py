"""Read the files of one folder, and nothing outside it."""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Mapping
from pathlib import Path, PurePosixPath

from ...domain.finding import Finding, Where
from ...domain.formatting import counted
from ...domain.hidden import NOTHING, Allowed, hidden_escapes, hidden_in, name_of, told
from ...schema.toml_text import WrongEncoding, decode
from ..codes import CODES

KIB = 1024
#: Far above what a month needs; a file beyond it is a mistake, and would make every command slow.
LARGEST_TOML = 2048 * KIB
LARGEST_ITEM = 256 * KIB
#: Findings of hidden characters in one file; how many lines more there are stands in the last of them.
MOST_LINES = 20
_OF_A_SOURCE = (
    "leave the stored file as it is; store the text again without the character, as a file with a hash of its own, and "
    "let the record name that one"
)


class _Unreadable(Exception):
    """The code and the message of a finding about a file that cannot be read."""


class Folder:
    """A folder of files that people write. Everything that cannot be read becomes a finding; nothing is raised.

    ``shown``: how the folder is called in findings. ``overlay``: bytes that stand in for those of files in it, by
    name; so that a change can be tried out unwritten.
    """

    def __init__(self, path: Path, shown: str, overlay: Mapping[str, bytes] | None = None) -> None:
        self.overlay = dict(overlay or {})
        self.path = path
        self.shown = shown
        self.findings: list[Finding] = []
        # For :meth:`report_hidden`: what was read as text, by name; which of it are stored sources; and
        # (name, first line, text, data) of what was read as TOML.
        self.texts: dict[str, str] = {}
        self.stored: set[str] = set()
        self.tomls: list[tuple[str, int, str, dict[str, object]]] = []

    def where(self, name: str, line: int = 0) -> Where:
        """A place in the folder, relative to the project root."""
        return Where(f"{self.shown}/{name}" if name else self.shown, line)

    def report(self, code: str, name: str, message: str, *, line: int = 0, hint: str = "", item: str = "") -> None:
        self.findings.append(CODES[code].at(self.where(name, line), message, hint=hint, item=item))

    def names(self, folder: str = "") -> list[os.DirEntry[str]] | None:
        """What is in a sub-folder, sorted by name; None when it is not there or cannot be read."""
        try:
            with os.scandir(self._inside(folder)) as entries:
                return sorted(entries, key=lambda e: e.name)
        except _Unreadable as problem:
            self.report(problem.args[0], folder, problem.args[1])
        except FileNotFoundError:
            self.report("C003", folder, f"there is no folder {folder}")
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

    def read(self, name: str, limit: int, at: Where | None = None, item: str = "") -> bytes | None:
        """The bytes of a file, or None after a finding. ``at`` is where the file is named, when a file names it, and
        ``item`` the item that does."""
        try:
            path = self._inside(name)
            status = path.stat()
            if not stat.S_ISREG(status.st_mode):
                kind = "a folder" if stat.S_ISDIR(status.st_mode) else "something that is not a file"
                raise _Unreadable("C004", f"{name} is {kind}, where a file belongs")
            instead = self.overlay.get(name)
            size = status.st_size if instead is None else len(instead)
            if size > limit:
                raise _Unreadable("C005", f"{name} has {_amount(size)}; {_amount(limit)} is the most")
            return path.read_bytes() if instead is None else instead
        except _Unreadable as problem:
            code, message = problem.args
        except FileNotFoundError:
            code, message = "C003", f"there is no file {name}"
        except OSError as error:
            code, message = "C004", f"{name} cannot be read ({_reason(error)})"
        # What is odd has no place inside the folder.
        self.findings.append(CODES[code].at(at or self.where("" if _is_odd(name) else name), message, item=item))
        return None

    def read_text(self, name: str, limit: int) -> str | None:
        """The UTF-8 text of a file, with ``\\n`` as line end, or None after a finding."""
        raw = self.read(name, limit)
        text = None if raw is None else self.decoded(name, raw)
        if text is not None:
            text = self.texts[name] = text.replace("\r\n", "\n")
        return text

    def decoded(self, name: str, raw: bytes) -> str | None:
        """The text of a file's bytes, or None after a finding."""
        try:
            text = self.texts[name] = decode(raw)
            return text
        except WrongEncoding as problem:
            self.report("C002", name, problem.message, line=problem.line, hint=problem.hint)
            return None

    def report_hidden(self, allowed: Allowed = NOTHING, items: Mapping[str, str] | None = None) -> None:
        """C008 for each line with a hidden character, of the texts that were read: as written, before rendering.

        ``items``: ids of items by the name of their file.
        """
        for name, text in self.texts.items():
            lines: dict[int, list[str]] = {}
            at, line = 0, 1
            for hidden in hidden_in(text, allowed):
                line += text.count("\n", at, hidden.start)
                at = hidden.start
                lines.setdefault(line, []).append(told(text, hidden))
            for own, first, toml, data in self.tomls:
                for line, character in hidden_escapes(toml, data, allowed) if own == name else ():
                    lines.setdefault(line + first - 1, []).append(f"{name_of(character)}, written as an escape")
            shown = sorted(lines)[:MOST_LINES]
            for line in shown:
                message = f"hidden character: {lines[line][0]}"
                if len(lines[line]) > 1:
                    message += f", and {len(lines[line]) - 1} more on this line"
                if line == shown[-1] and (more := len(lines) - len(shown)):
                    message += f"; {counted(more, 'more line of the file has', 'more lines of the file have')} some"
                hint = _OF_A_SOURCE if name in self.stored else ""
                self.report("C008", name, message, line=line, hint=hint, item=(items or {}).get(name, ""))

    def _inside(self, name: str) -> Path:
        """The path of ``name``. Raises where it or a link on its way leads out of the folder."""
        if _is_odd(name):
            raise _Unreadable("C006", f"{name!r} does not name a file inside the campaign's folder")
        path = self.path
        try:
            for part in PurePosixPath(name).parts:
                path = path / part
                if path.is_symlink() and not path.resolve().is_relative_to(self.path.resolve()):
                    raise _Unreadable("C006", f"{name} is a link that leads out of the folder")
        except (OSError, RuntimeError) as error:  # RuntimeError: a link that leads to itself, before Python 3.13
            raise _Unreadable("C004", f"{name[:60]} cannot be read ({_reason(error)})") from None
        return path


def _is_odd(name: str) -> bool:
    return name.startswith("/") or ".." in PurePosixPath(name).parts or not {"\\", ":", "\0"}.isdisjoint(name)


def campaign_folder(root: Path, campaign_id: str, overlay: Mapping[str, bytes] | None = None) -> Folder:
    """The folder of a campaign, whose findings name files below the project root."""
    return Folder(root / "campaigns" / campaign_id, f"campaigns/{campaign_id}", overlay)


def _amount(size: int) -> str:
    """Up to ten megabytes to the kibibyte, and what is larger rounded up: never the same words for two sizes."""
    return f"{size // KIB:,} KiB" if size < 10_000_000 else f"{-(-size // 100_000) / 10:,} MB"


def _reason(error: OSError | RuntimeError) -> str:
    """Why a file cannot be read; of links in a circle Python's versions tell in different ways."""
    if isinstance(error, OSError) and error.errno != errno.ELOOP:
        return error.strerror or type(error).__name__
    return "a link leads to itself"
