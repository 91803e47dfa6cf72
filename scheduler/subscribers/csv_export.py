"""Writes the list of readers to a CSV file, for its owner alone. Only by an explicit command.

What would be a formula in a spreadsheet is made text
(:func:`~scheduler.subscribers.csv_import.safe_cell`). The short form can be imported again.
"""

from __future__ import annotations

import csv
import os
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime
from io import TextIOWrapper
from pathlib import Path

from ..domain.subscriber import Subscriber, SubscriberState
from ..errors import UsageError
from .csv_import import safe_cell
from .csv_rows import COLUMNS

#: What the long form has beside the columns of an import.
MORE_COLUMNS = ("state", "since", "paused_until", "source")


def export_csv(
    path: Path,
    readers: Iterable[Subscriber],
    *,
    everybody: bool = False,
    now: datetime,
    progress: Callable[[int], None] | None = None,
) -> int:
    """Write those who are written to, or ``everybody`` with their states. Returns how many.

    The file must not be there; it can be read by its owner alone. Nothing is left of a file that could not be finished.
    """
    count = 0
    with _new_file(path) as file:
        rows = csv.writer(file)
        rows.writerow((*COLUMNS, *MORE_COLUMNS) if everybody else COLUMNS)
        for subscriber in readers:
            if subscriber.state is SubscriberState.ERASED or not (everybody or subscriber.is_written_to(now)):
                continue
            cells = [subscriber.address, subscriber.name, subscriber.zone, subscriber.cadence]
            if everybody:
                until = subscriber.paused_until_at
                cells += [subscriber.state, subscriber.created_at.isoformat()]
                cells += [until.isoformat() if until else "", subscriber.source]
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
