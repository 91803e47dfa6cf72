"""What keeps everything from being sent, whatever is due: the database, its disk, the clock, the process that should
send; and what keeps all emails: the page by which readers leave. Part of `status`."""

from __future__ import annotations

from collections.abc import Iterator

from ...errors import ObservanceError, OutOfReach
from .check_leave_page import known as leave_page
from .check_machine import clock, database, home, room, secret_key
from .check_pauses import pauses
from .check_senders import nobody, senders
from .doctor_result import DoctorContext, DoctorResult, Status


def trouble(examined: DoctorContext, unwritable: ObservanceError | None = None) -> tuple[DoctorResult, ...]:
    """Only what is wrong, with what to do. ``unwritable``: why nothing can be written down now, if so."""
    return tuple(_found(examined, unwritable))


def _found(examined: DoctorContext, unwritable: ObservanceError | None) -> Iterator[DoctorResult]:
    if unwritable is not None:
        away = isinstance(unwritable, OutOfReach)
        yield DoctorResult("database", Status.RED, unwritable.message, unwritable.hint, out_of_reach=away)
    known = unwritable is not None or examined.ledger_problem is not None  # and it says what is wrong with the disk
    always = (clock, secret_key, home)
    for check in (database, *always) if known else (room, *always, senders, nobody, leave_page, pauses):
        try:
            yield from (line for line in check(examined) if line.light is Status.RED)
        except (ObservanceError, OSError):
            continue  # the database was said to be out of reach already; a disk that cannot be asked says so itself
