"""Imports readers from a CSV file: good rows are added, bad rows are reported and stop nobody.

An import never overrides a suppression, never changes a reader who is on the list, and can be run again after an
interruption: who was added is recognized. Addresses go to the ledger and nowhere else; the report holds line numbers
and reasons only.
"""

from __future__ import annotations

import csv
import os
import re
from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import field
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from ..domain.address import address_key
from ..domain.cadence import DEFAULT_CADENCE, Cadence
from ..domain.formatting import counted
from ..domain.hidden import name_of
from ..domain.subscriber import NewSubscriber
from ..errors import OutOfReach, UsageError
from ..light_dataclass import dataclass
from .csv_rows import FORMULA_STARTS, YES_OR_NO, BrokenRow, CsvShape, RowCode, as_written, look_at, rows
from .fields import (
    BLANKS,
    LONGEST_NAME,
    BadAddress,
    cadence_named,
    checked_address,
    hidden_in_name,
    known_zones,
    without_hidden_in_name,
)

if TYPE_CHECKING:
    from ..store import Ledger

#: Rows a transaction: whoever sends waits for one. With 1,000 rows a list of 300,000 took 1.2 to 1.5 times as long.
BATCH = 5_000
#: Rows that are kept in the result, for the command line to show; the report has all of them.
EXAMPLES = 20

#: What is said of rows that are good.
_TAKEN_ALL_THE_SAME = (RowCode.LOOKS_LIKE_A_FORMULA, RowCode.HIDDEN_CHARACTER, RowCode.UNKNOWN_ZONE)

_LIKE_A_ZONE = re.compile(r"[A-Za-z_]{1,20}/[A-Za-z_]{1,20}")


@dataclass(frozen=True)
class RowNote:
    """One line of the report: which line, what, and why. Never the address."""

    line: int
    code: RowCode
    reason: str


@dataclass(frozen=True)
class ImportResult:
    """What became of a file. added + already_there + suppressed + bad = its rows."""

    added: int
    already_there: int
    suppressed: int
    bad: int
    by_reason: Mapping[RowCode, int] = field(default_factory=dict)
    examples: tuple[RowNote, ...] = ()  # the first few
    report_path: Path | None = None  # None when there was nothing to report

    @property
    def amber(self) -> int:
        """Rows that were added and deserve a look."""
        return sum(self.by_reason.get(code, 0) for code in _TAKEN_ALL_THE_SAME)


def report_path_for(path: Path) -> Path:
    """Where the report of an import goes by default: next to the file."""
    return path.with_name(f"{path.stem}.report.csv")


def import_csv(
    path: Path,
    ledger: Ledger,
    campaign: str,
    *,
    family: Collection[str] = (),
    now: datetime,
    progress: Callable[[int, int], None] | None = None,
    report_path: Path | None = None,
) -> ImportResult:
    """Put the readers in ``path`` on a campaign's list.

    It is a UTF-8 CSV file with the columns email, and name, zone, cadence and discreet (yes or no) if known.

    ``family``: other editions of the campaign; who gets one of them is there already.
    ``progress(lines so far, lines in all)`` is called after each batch. ``report_path`` receives one line for each
    row that was not added or deserves a look; the file is not left behind when there is none.
    Raises UsageError before anything is added when the file as a whole cannot be used, and OutOfReach when the
    database goes away on the way: rows up to there are kept, and a second run goes on.
    """
    shape = look_at(path)
    if report_path is not None and report_path.exists() and report_path.samefile(path):
        raise UsageError(f"the report would overwrite {path}", hint="name another file for the report")
    with _Report(report_path) as report:
        run = _Import(ledger, campaign, family, now, f"import {path.name}", shape, report)
        try:
            for line, cells in rows(path, shape):
                run.take(line, cells)
                if len(run.batch) >= BATCH:
                    run.store()
                    if progress is not None:
                        progress(line, shape.lines)
            run.store()
        except OutOfReach as error:
            raise OutOfReach(
                f"{error.message}; {counted(run.added, 'reader was', 'readers were')} "
                "added before that, and they are kept",
                hint="import the same file again once the database answers: who was added is recognized",
            ) from error
        except OSError as error:
            raise UsageError(
                f"{path} or its report failed on the way: {error.strerror}; "
                f"{counted(run.added, 'reader was', 'readers were')} "
                "added before that",
                hint="import the same file again once the disk answers: who was added is recognized",
            ) from error
        if progress is not None:
            progress(shape.lines, shape.lines)
    return ImportResult(
        added=run.added,
        already_there=report.counts[RowCode.ON_THE_LIST],
        suppressed=report.counts[RowCode.SUPPRESSED],
        bad=run.bad,
        by_reason=dict(+report.counts),
        examples=tuple(report.examples),
        report_path=report_path if report.examples else None,
    )


class _Import:
    def __init__(
        self,
        ledger: Ledger,
        campaign: str,
        family: Collection[str],
        now: datetime,
        source: str,
        shape: CsvShape,
        report: _Report,
    ) -> None:
        self.ledger = ledger
        self.campaign = campaign
        self.family = family
        self.now = now
        self.source = source
        self.email_at, self.name_at, self.zone_at, self.cadence_at, self.discreet_at = shape.positions
        self.columns = shape.columns
        self.report = report
        self.batch: dict[str, tuple[int, NewSubscriber]] = {}  # key -> line, reader
        self.ids = _ids(BATCH)
        self.added = self.bad = 0

    def take(self, line: int, cells: Sequence[str] | BrokenRow) -> None:
        """Check a row; a good one waits in the batch."""
        try:
            self._take(line, cells)
        except BrokenRow as row:
            self.refuse(line, row.code, row.reason)
        except BadAddress as error:
            self.refuse(line, RowCode.INVALID_ADDRESS, error.message)

    def _take(self, line: int, cells: Sequence[str] | BrokenRow) -> None:
        if isinstance(cells, BrokenRow):
            raise cells
        if not any(cells if len(cells) == self.columns else (cell.strip() for cell in cells)):
            return  # an empty line
        if len(cells) != self.columns:
            if len(cells) <= self.email_at or any(cell.strip() for cell in cells[self.columns :]):
                raise BrokenRow(RowCode.WRONG_COLUMNS, f"{len(cells)} fields where the first line names {self.columns}")
            cells = [*cells, *[""] * (self.columns - len(cells))]
        name = as_written(cells[self.name_at].strip(BLANKS)) if self.name_at >= 0 else ""
        zone = cells[self.zone_at].strip(BLANKS) if self.zone_at >= 0 else ""
        address = checked_address(as_written(cells[self.email_at].strip(BLANKS)))
        # A reader is not left out for a name: it is kept without what nobody sees.
        hidden = hidden_in_name(name) if name else ""
        if hidden:
            name = without_hidden_in_name(name)
        if len(name) > LONGEST_NAME:
            raise BrokenRow(RowCode.TOO_LONG, f"the name is longer than {LONGEST_NAME} characters")
        zone_problem = ""
        if zone and zone not in known_zones():
            # A shifted column could put a name or an address here: only what looks like a zone is repeated.
            shown = f"{zone} is not in" if _LIKE_A_ZONE.fullmatch(zone) else "it is not a name of"
            zone_problem = f"the time zone is unknown: {shown} the IANA list (such as America/Chicago)"
            zone = ""
        cadence = cadence_named(cells[self.cadence_at]) if self.cadence_at >= 0 else DEFAULT_CADENCE
        if cadence is None:
            reason = f"the cadence is none of {', '.join(Cadence)}; leave it empty for {DEFAULT_CADENCE}"
            raise BrokenRow(RowCode.UNKNOWN_CADENCE, reason)
        discreet = _yes_or_no(cells[self.discreet_at]) if self.discreet_at >= 0 else None
        key = address_key(address)
        if key in self.batch:
            raise BrokenRow(RowCode.TWICE_IN_FILE, f"the address stands on line {self.batch[key][0]} already")
        new = NewSubscriber(address, name, zone or None, self.source, self.ids.pop(), cadence)
        if discreet is not None:
            new.discreet = discreet
        self.batch[key] = line, new
        if zone_problem:  # a reader is not left out for it
            reason = f"{zone_problem}; the reader is taken, with the campaign's zone"
            self.report.write(line, RowCode.UNKNOWN_ZONE, reason)
        if hidden:
            end = "is kept without it" if name else "held nothing else and is left out"
            reason = f"the name held the hidden character {name_of(hidden)} and {end}; the reader is taken"
            self.report.write(line, RowCode.HIDDEN_CHARACTER, reason)
        if name.startswith(FORMULA_STARTS):
            self.report.write(line, RowCode.LOOKS_LIKE_A_FORMULA, "the name starts like a formula; it is kept as text")

    def refuse(self, line: int, code: RowCode, reason: str) -> None:
        self.bad += 1
        self.report.write(line, code, reason)

    def store(self) -> None:
        """Hand the batch over and count what became of it."""
        waiting = list(self.batch.values())
        if not waiting:
            return
        self.batch, self.ids = {}, _ids(BATCH)
        result = self.ledger.subscribers.add_many(
            self.campaign, [subscriber for _, subscriber in waiting], family=self.family, now=self.now
        )
        for position in result.repeated:
            self.refuse(waiting[position][0], RowCode.TWICE_IN_FILE, "the address stands further up already")
        for position in result.suppressed:
            reason = "the reader has left or cannot be reached; an import does not bring anybody back"
            self.report.write(waiting[position][0], RowCode.SUPPRESSED, reason)
        self.report.counts[RowCode.ON_THE_LIST] += len(result.already_there)
        self.added += len(waiting) - len(result.already_there) - len(result.suppressed) - len(result.repeated)


class _Report:
    """The report file, written as the import goes. Opened before the first row is used, so that a folder without
    permission is noticed in time."""

    def __init__(self, path: Path | None) -> None:
        self.path = path
        self.counts: Counter[RowCode] = Counter()
        self.examples: list[RowNote] = []

    def __enter__(self) -> _Report:
        try:
            self._file = (self.path or Path(os.devnull)).open("w", encoding="utf-8", newline="")
        except OSError as error:
            raise UsageError(
                f"the report cannot be written to {self.path}: {error.strerror}",
                hint="name another file for the report; nothing was imported",
            ) from error
        self._rows = csv.writer(self._file)
        self._rows.writerow(("line", "code", "reason"))
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()
        if self.path is not None and not self.examples:
            self.path.unlink(missing_ok=True)

    def write(self, line: int, code: RowCode, reason: str) -> None:
        self.counts[code] += 1
        if len(self.examples) < EXAMPLES:
            self.examples.append(RowNote(line, code, reason))
        self._rows.writerow((line, code, reason))


def _yes_or_no(cell: str) -> bool | None:
    word = cell.strip(BLANKS).casefold()
    for choice, written in YES_OR_NO.items():
        if word == written:
            return choice
    raise BrokenRow(
        RowCode.NEITHER_YES_NOR_NO, "discreet is neither yes nor no; leave it empty for the channel's setting"
    )


def _ids(many: int) -> list[str]:
    """Random ids for one batch. They begin alike, which keeps a batch together in the list's index: adding readers in
    the order of wholly random ids took three to seven times as long in SQLite (300,000 rows, WAL, FULL)."""
    drawn = os.urandom(4 + 12 * many).hex()
    return [drawn[:8] + drawn[at : at + 24] for at in range(8, len(drawn), 24)]
