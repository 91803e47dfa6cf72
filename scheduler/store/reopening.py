"""What was missed by the clock alone, and whose window is still to come, is scheduled again.

That is so when the clock was ahead for a while. What a person or a restored backup ended is not touched, nor what was
begun: whoever knows that it is worth another try asks for it (``retry``).
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, RowMapping, and_, bindparam, or_, select

from ..domain.delivery import State, Verb
from ..domain.reason import Reason, ReasonCode, from_text
from ..domain.records import Delivery
from . import by_driver
from .events import append, newest_data
from .repository import (
    Repository,
    by_due_time,
    has_batch_in,
    is_open_at,
    refresh_delivery_state,
    transition,
    transition_all,
    why,
    with_counts,
)
from .tables import batches, deliveries

#: Missed because the clock said so.
_BY_THE_CLOCK = frozenset({ReasonCode.CLOSED_UNSENT, ReasonCode.CLOSED_BEFORE_START, ReasonCode.WAVE_MISSED})
#: What is said beside these, and ends with them.
_OVER = _BY_THE_CLOCK | {ReasonCode.NOTHING_RAN, ReasonCode.WINDOW_CLOSED, ReasonCode.WAVE_OVER}


_NOW: ColumnElement[datetime] = bindparam("now")
_NEVER_CALLED = has_batch_in(State.MISSED, where=(batches.c.attempt == 0, is_open_at(_NOW)))
#: Asked in each pass, and made once.
_MISSED = select(deliveries).where(
    deliveries.c.mode == bindparam("mode"),
    deliveries.c.expires_at > _NOW,
    deliveries.c.skipped_at.is_(None),
    or_(
        and_(deliveries.c.opened_at.is_(None), deliveries.c.state == str(State.MISSED)),
        and_(deliveries.c.opened_at.is_not(None), _NEVER_CALLED),
    ),
)


class ReopeningRepository(Repository):
    """After a clock that was ahead."""

    def reopen(self, mode: str, *, now: datetime) -> tuple[Delivery, ...]:
        """Schedule again what the clock alone missed, was never begun, and can still go. Returns the deliveries."""
        asked = {"mode": mode, "now": now}
        with self._database.read() as connection:
            if not any(_by_the_clock(connection, row, now) for row in by_driver.rows(connection, _MISSED, asked)):
                return ()
        reopened: list[int] = []
        with self._database.write("reopen") as connection:
            for row in by_driver.rows(connection, _MISSED, asked):
                which = _by_the_clock(connection, row, now)
                if not which:
                    continue
                _reopen(connection, row, which, now)
                reopened.append(row["id"])
                append(
                    connection,
                    at=now,
                    kind="delivery.reopened",
                    who="tick",
                    delivery_id=row["id"],
                    item=row["item"],
                    channel=row["channel"],
                    expires_at=row["expires_at"],
                    why="the clock had been ahead",
                )
            return with_counts(connection, by_due_time(reopened))


def _by_the_clock(connection: Connection, row: RowMapping, now: datetime) -> list[int]:
    """What of a delivery the clock alone missed: its batches that were never called for; [0] for one not opened."""
    if row["opened_at"] is None:
        return [0] if _is_by_the_clock(from_text(row["reasons"])) else []
    mine = (batches.c.delivery_id == row["id"], batches.c.state == str(State.MISSED), batches.c.attempt == 0)
    found = connection.execute(select(batches.c.id, batches.c.reasons).where(*mine, is_open_at(now)))
    return [number for number, reasons in found if _is_by_the_clock(from_text(reasons))]


def _is_by_the_clock(reasons: Sequence[Reason]) -> bool:
    codes = {reason.code for reason in reasons}
    return bool(codes & _BY_THE_CLOCK) and ReasonCode.RESTORED not in codes


def _reopen(connection: Connection, row: RowMapping, which: Sequence[int], now: datetime) -> None:
    """Schedule it again; what waited for a person's word when its window closed waits for it still."""
    held = newest_data(connection, row["id"], "delivery.missed").get("held")
    left = [reason for reason in from_text(row["reasons"]) if reason.code not in _OVER] if held else []
    for verb in (Verb.REOPEN, Verb.HOLD) if held else (Verb.REOPEN,):
        if row["opened_at"] is None:
            transition_all(connection, row, verb, now, reasons=left)
        else:
            transition(connection, batches, verb, batches.c.id.in_(which), **why(left))
    if row["opened_at"] is not None:
        refresh_delivery_state(connection, row["id"], now)
