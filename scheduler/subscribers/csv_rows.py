"""How readers stand in a CSV file. It is read row by row: flat memory, each row with its line, bad ones beside good.

The text is cut into lines first and into fields after, so that one missing quotation mark cannot swallow the rest of
the file, and one endless line cannot fill the memory. It is written for its owner alone, only by an explicit command;
what would be a formula in a spreadsheet is made text. The short form can be imported again.
"""

from __future__ import annotations

import codecs
import csv
import os
import stat
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from enum import StrEnum
from io import TextIOWrapper
from pathlib import Path
from typing import BinaryIO

from ..domain.subscriber import SubscriberState, Subscription
from ..errors import UsageError
from ..light_dataclass import dataclass

COLUMNS = ("email", "name", "zone", "cadence", "discreet")
#: What the long form has beside the columns of an import.
MORE_COLUMNS = ("state", "since", "paused_until", "source")

#: A spreadsheet takes a cell that starts so for a formula (OWASP, "CSV Injection"); the wide forms count as well.
FORMULA_STARTS = ("=", "+", "-", "@", "\uff1d", "\uff0b", "\uff0d", "\uff20")

#: Bytes. A row of three fields needs a hundredth of it.
LONGEST_LINE = 16 * 1024
#: How many lines a quoted field may run on before the quotation mark is taken for a stray one.
LONGEST_QUOTED_LINES = 16

#: How a choice of a head stands in a list; none: the channel's.
YES_OR_NO = {True: "yes", False: "no", None: ""}

_DELIMITERS = (",", ";", "\t")
_CHUNK = 1024 * 1024
_HOW_TO_SAVE = "save the sheet as CSV UTF-8, with a first line of column names: email, name, zone, cadence, discreet"


@dataclass(frozen=True)
class CsvShape:
    """What a first look at the whole file tells: how it is written and how long it is."""

    delimiter: str
    positions: tuple[int, ...]  # of the COLUMNS; -1 where one is missing
    columns: int
    lines: int


class RowCode(StrEnum):
    """What a row was found to be, other than good."""

    INVALID_ADDRESS = "invalid-address"
    TWICE_IN_FILE = "twice-in-file"
    ON_THE_LIST = "on-the-list"  # counted, not reported row by row: importing a grown list again is everyday work
    SUPPRESSED = "suppressed"
    CONTROL_CHARACTER = "control-character"
    UNKNOWN_ZONE = "unknown-zone"
    UNKNOWN_CADENCE = "unknown-cadence"
    NEITHER_YES_NOR_NO = "neither-yes-nor-no"
    TOO_LONG = "too-long"
    WRONG_COLUMNS = "wrong-columns"
    BROKEN_QUOTES = "broken-quotes"
    LOOKS_LIKE_A_FORMULA = "looks-like-a-formula"  # amber: the row is good, and stored as text
    HIDDEN_CHARACTER = "hidden-character"  # amber: the row is good, and its name is kept without it


@dataclass(eq=False)
class BrokenRow(Exception):
    """A row that cannot be used, and why. Never with the address."""

    code: RowCode
    reason: str


def look_at(path: Path) -> CsvShape:
    """Check encoding and columns before a single row is used.

    Raises UsageError for a missing file, a folder, an empty file, an encoding other than UTF-8 (with the line),
    and columns that are missing, unknown or doubled. No message repeats a reader's data.
    """
    try:
        if not stat.S_ISREG(path.stat().st_mode):
            raise UsageError(f"{path} is not a file", hint="name one CSV file")
        with path.open("rb") as file:
            lines = _count_lines_of_utf8(file, path)
            file.seek(0)
            header = file.readline(LONGEST_LINE)
    except OSError as error:
        raise UsageError(
            f"{path} cannot be read: {error.strerror}", hint="look at the name and its permissions"
        ) from error
    if lines == 0:
        raise UsageError(f"{path} is empty", hint=_HOW_TO_SAVE)
    if b"\0" in header:
        raise UsageError(f"{path}: line 1 holds null bytes; the file looks like UTF-16", hint=_HOW_TO_SAVE)
    text = header.decode("utf-8-sig", errors="replace").rstrip("\r\n")
    if "\r" in text:
        raise UsageError(f"{path}: lines end as on an old Macintosh, with a bare carriage return", hint=_HOW_TO_SAVE)
    for delimiter in _DELIMITERS:
        try:
            cells = next(csv.reader([text], delimiter=delimiter, strict=True), [])
        except csv.Error:
            continue
        names = [cell.strip().casefold() for cell in cells]
        if "email" in names:
            break
    else:
        # Without that column it may be no header at all, and its words may be a reader's: none is repeated.
        raise UsageError(
            f"{path}: line 1 names no column called email", hint=f"{_HOW_TO_SAVE}; only email must be there"
        )
    while names[-1] == "":  # spreadsheets add empty columns at the end
        names.pop()
    unknown = [name for name in dict.fromkeys(names) if name not in COLUMNS]
    # What holds an @ is a reader's address and not a column's name.
    problems = [
        f"unknown column {name[:40]!r}" if "@" not in name else "an address among the names" for name in unknown
    ]
    problems = problems[:5]
    problems += [f"column {name} is there twice" for name in COLUMNS if names.count(name) > 1]
    if problems:
        raise UsageError(f"{path}: line 1: {', '.join(problems)}", hint=f"allowed columns: {', '.join(COLUMNS)}")
    positions = tuple(names.index(column) if column in names else -1 for column in COLUMNS)
    return CsvShape(delimiter, positions, len(names), lines)


def rows(path: Path, shape: CsvShape) -> Iterator[tuple[int, Sequence[str] | BrokenRow]]:
    """Each row after the header: its first line's number (from 1), and its fields or why there are none."""
    with path.open("rb", buffering=_CHUNK) as file:
        lines = _Lines(file)
        next(lines)  # the header
        for number, text in lines:
            if text is None:
                yield number, BrokenRow(RowCode.TOO_LONG, f"the line is longer than {LONGEST_LINE} bytes")
            elif '"' not in text:
                if text:
                    yield number, text.split(shape.delimiter)
            else:
                yield number, _quoted_row(text, lines, shape.delimiter)


class _Lines(Iterator[tuple[int, str | None]]):
    """Lines without their ends, numbered; None for one that is too long. Lines can be put ``back``."""

    def __init__(self, file: BinaryIO) -> None:
        self._read = file.readline
        self._number = 0
        self.back: deque[tuple[int, str | None]] = deque()

    def __next__(self) -> tuple[int, str | None]:
        if self.back:
            return self.back.popleft()
        raw = self._read(LONGEST_LINE)
        if not raw:
            raise StopIteration
        self._number += 1
        if len(raw) == LONGEST_LINE and not raw.endswith(b"\n"):
            while raw and not raw.endswith(b"\n"):
                raw = self._read(LONGEST_LINE)
            return self._number, None
        # The whole file was found to be UTF-8; should it change meanwhile, the row is refused for its characters.
        return self._number, raw.decode("utf-8", errors="surrogateescape").rstrip("\r\n")


def _quoted_row(text: str, lines: _Lines, delimiter: str) -> Sequence[str] | BrokenRow:
    """Fields of a row with quotation marks. A quoted field may hold line breaks: the row is then refused as one,
    so that none of its lines is taken for a row of its own. Two stray marks that make no such field are two broken
    rows, and the good ones between them stay."""
    if text.count('"') % 2:
        ahead: list[tuple[int, str | None]] = []
        for following in lines:
            ahead.append(following)
            if following[1] is None or len(ahead) >= LONGEST_QUOTED_LINES:
                break
            if following[1].count('"') % 2:
                if _is_one_row([text, *(line or "" for _, line in ahead)], delimiter):
                    return BrokenRow(RowCode.CONTROL_CHARACTER, "a field holds a line break")
                break
        lines.back.extendleft(reversed(ahead))
        return BrokenRow(RowCode.BROKEN_QUOTES, "a quotation mark is opened and not closed")
    try:
        return next(csv.reader([text], delimiter=delimiter, strict=True))
    except (csv.Error, StopIteration):
        return BrokenRow(RowCode.BROKEN_QUOTES, "quotation marks stand where none may stand")


def _is_one_row(lines: Sequence[str], delimiter: str) -> bool:
    """Whether these lines together are one row, by the rules of quotation."""
    reader = csv.reader([f"{line}\n" for line in lines], delimiter=delimiter, strict=True)
    try:
        next(reader)
    except csv.Error:
        return False
    return reader.line_num == len(lines)


def _count_lines_of_utf8(file: BinaryIO, path: Path) -> int:
    decoder = codecs.getincrementaldecoder("utf-8")()
    lines, last = 0, b""
    while True:
        chunk = file.read(_CHUNK)
        if not lines and not last and chunk.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
            raise UsageError(f"{path}: line 1: the file is UTF-16, not UTF-8", hint=_HOW_TO_SAVE)
        try:
            decoder.decode(chunk, final=not chunk)
        except UnicodeDecodeError as error:
            # A character may begin in the chunk before; what is left over of it holds no line end.
            bad = lines + error.object[: error.start].count(b"\n") + 1
            raise UsageError(f"{path}: line {bad} is not UTF-8; nothing was imported", hint=_HOW_TO_SAVE) from None
        if not chunk:
            return lines + (last not in (b"", b"\n"))
        lines += chunk.count(b"\n")
        last = chunk[-1:]


# -- writing ------------------------------------------------------------------------------------------


def safe_cell(text: str) -> str:
    """A cell that a spreadsheet will not run: texts that would start a formula get an apostrophe before them.

    For every export of readers' own words. See OWASP, "CSV Injection".
    """
    return "'" + text if text.startswith((*FORMULA_STARTS, "\t", "\r", "\n")) else text


def as_written(cell: str) -> str:
    """A cell as it was before :func:`safe_cell` made it safe: an exported list can be imported."""
    return cell[1:] if cell.startswith("'") and cell[1:].startswith(FORMULA_STARTS) else cell


def export_csv(
    path: Path,
    readers: Iterable[Subscription],
    *,
    everybody: bool = False,
    with_heads: bool = False,
    now: datetime,
    progress: Callable[[int], None] | None = None,
) -> int:
    """Write those who are written to, or ``everybody`` with their states. Returns how many. ``with_heads``: and which
    head each chose; where nobody has, the column is left out.

    The file must not be there; it can be read by its owner alone. Nothing is left of a file that could not be finished.
    """
    count = 0
    with _new_file(path) as file:
        rows = csv.writer(file)
        columns = COLUMNS if with_heads else COLUMNS[:-1]
        rows.writerow((*columns, *MORE_COLUMNS) if everybody else columns)
        for subscription in readers:
            if subscription.state is SubscriberState.ERASED or not (everybody or subscription.is_written_to(now)):
                continue
            subscriber = subscription.subscriber
            cells = [subscriber.address, subscriber.name, subscriber.zone, subscription.cadence]
            if with_heads:
                cells.append(YES_OR_NO[subscription.discreet])
            if everybody:
                until = subscription.paused_until_at
                cells += [subscription.state, subscription.created_at.isoformat()]
                cells += [until.isoformat() if until else "", subscription.source]
            rows.writerow(map(safe_cell, cells))
            count += 1
            if progress is not None and not count % 1000:
                progress(count)
    return count


@contextmanager
def _new_file(path: Path) -> Iterator[TextIOWrapper]:
    """A file that is made for its owner alone; with a mark at its start, by which spreadsheets know UTF-8."""
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        raise UsageError(
            f"{path} is there already", hint="name another file; a list of readers overwrites nothing"
        ) from None
    except OSError as problem:
        raise UsageError(f"{path} cannot be written: {problem.strerror}", hint="name another folder") from None
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8-sig", newline="") as file:
            yield file
    except BaseException as problem:
        path.unlink(missing_ok=True)
        if isinstance(problem, OSError):
            raise UsageError(
                f"{path} could not be finished, and was taken away: {problem.strerror}",
                hint="check that the disk is not full",
            ) from None
        raise
