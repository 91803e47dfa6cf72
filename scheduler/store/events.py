"""The history: append-only, each line carrying the hash of the line before. It holds ids, never an address.

A state that was set back past the program does not follow from it.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Connection, RowMapping, bindparam, exists, select
from sqlalchemy import text as plain

from ..domain.delivery import State, Verb
from ..domain.formatting import counted
from ..domain.records import ChainReport, Contradiction, Event
from ..light_dataclass import dataclass
from . import by_driver
from .database import Database, OnConnection
from .plain_sql import append_event, append_events, aware, event_hash
from .reads import NEWEST_AT, EventReads, as_event
from .repository import Repository, all_rows, refresh_delivery_state, transition
from .tables import attempts, batches, deliveries, events, ledger

FIRST = "0" * 64
#: The name of the key by which a person acts, where it is not the command line or a page.
_BY_KEY: ContextVar[str] = ContextVar("by_key", default="")


@contextmanager
def by_key(name: str) -> Iterator[None]:
    """Each line that this thread adds meanwhile carries the name of a key."""
    before = _BY_KEY.set(name)
    try:
        yield
    finally:
        _BY_KEY.reset(before)


def acting_key() -> str:
    """The name of the key by which a person acts now; empty where it is the command line or a page."""
    return _BY_KEY.get()


def append(
    connection: Connection, *, at: datetime, kind: str, who: str, delivery_id: int | None = None, **data: object
) -> None:
    """Add one line, in the transaction of the change that it tells of."""
    append_event(
        OnConnection(connection), at=at, kind=kind, who=who, delivery_id=delivery_id, data=data, key=acting_key()
    )


def append_lines(
    connection: Connection, *, at: datetime, who: str, delivery_id: int, told: Mapping[str, Mapping[str, object]]
) -> None:
    """Several lines of one change of a delivery. ``told``: by the line's kind."""
    lines = ((at, kind, who, delivery_id, data) for kind, data in told.items())
    append_events(OnConnection(connection), *lines)


def newest_data(connection: Connection, delivery_id: int, kind: str) -> Mapping[str, Any]:
    """What the newest line of this kind says of a delivery; nothing where there is none."""
    of_it = (events.c.delivery_id == delivery_id, events.c.kind == kind)
    newest = select(events.c.data).where(*of_it).order_by(events.c.id.desc()).limit(1)
    return json.loads(connection.execute(newest).scalar() or "{}")  # type: ignore[no-any-return]


def end_batch(
    connection: Connection,
    batch: RowMapping,
    verb: Verb,
    now: datetime,
    *where: ColumnElement[bool],
    who: str,
    told: Mapping[str, Any],
    values: Mapping[str, Any],
    kind: Verb | None = None,
) -> bool:
    """Move a batch, and its delivery with it, and say so. False, and nothing is changed, where it is in no such state.

    ``told``: more for the history, where it is called ``kind`` (else as the verb).
    ``values``: more for the batch's row.
    """
    if not transition(connection, batches, verb, batches.c.id == batch["id"], *where, **values):
        return False
    refresh_delivery_state(connection, batch["delivery_id"], now)
    of_it = {"delivery_id": batch["delivery_id"], "batch": batch["number"]}
    append(connection, at=now, kind=f"batch.{kind or verb}", who=who, **of_it, **told)
    return True


#: So long a page relies on the last walk over the whole history; then there is another one.
WHOLE_WALK_HOLDS = timedelta(days=1)
#: So many lines before those that are new are looked at each time: at least as many as a page shows.
LOOKED_AT_AGAIN = 250


@dataclass(frozen=True)
class _Verified:
    """Up to which line this process has found the history whole, with that line's hash; and when it walked over all
    of it."""

    number: int
    hash: str
    whole_at: datetime


#: Who tells of what the program does by itself.
_OWN = ("tick", "plan", "clock")
#: Whether somebody other than the program has done something since a line.
BY_OTHERS = (
    select(events.c.id)
    .where(events.c.id > bindparam("after"), events.c.who.not_in(_OWN), events.c.kind.not_like("subscriber.%"))
    .limit(1)
)


class News(NamedTuple):
    """What the program's own calls do not tell of."""

    newest: int  # line of the history
    departures: int  # grows with whatever may take a reader out
    by_others: bool  # somebody has done something; what readers do about their own subscription is left out
    of_readers: bool  # a reader has


class EventRepository(Repository, EventReads):
    """Reading the history, and lines that tell of no change in the ledger."""

    def __init__(self, database: Database) -> None:
        super().__init__(database)
        self._verified: _Verified | None = None

    def newest(
        self, *, delivery_id: int | None = None, before: int | None = None, limit: int = 200
    ) -> tuple[Event, ...]:
        """The newest events, newest first; with ``before`` those before that one."""
        query = select(events).order_by(events.c.id.desc()).limit(limit)
        if before is not None:
            query = query.where(events.c.id < before)
        if delivery_id is not None:
            query = query.where(events.c.delivery_id == delivery_id)
        return self._all(as_event, query)

    def in_order(self, *, after: int = 0, limit: int = 1000) -> tuple[Event, ...]:
        """Events in the order in which they were written, from the one behind ``after`` on."""
        return self._all(as_event, select(events).where(events.c.id > after).order_by(events.c.id).limit(limit))

    def version(self) -> int:
        """Grows with every change; two equal readings mean that nothing happened between."""
        ((events_written,),) = self._ask(_EVENTS_WRITTEN)
        return int(events_written)

    def is_told_by_others(self, *, after: int) -> bool:
        """Whether somebody has done something since that line: whatever the program itself tells of its plan and its
        calls is left out, and what readers do about their own subscription."""
        return bool(self._ask(BY_OTHERS, after=after))

    def news(self, *, after: int | None) -> News:
        """What was written down since that line; None: nobody asks what was before, and the history, which is long and
        may hold nothing of the kind, is not gone through."""
        ((newest, departures, by_others, of_readers),) = self._ask(_NEWS, after=_NO_LINE if after is None else after)
        return News(int(newest), int(departures), bool(by_others), bool(of_readers))

    def newest_at(self) -> datetime | None:
        found = self._ask(_NEWEST_AT)
        return aware(found[0][0]) if found else None

    def verify(self) -> ChainReport:
        """Whether no line was changed, taken out, put in, or cut off at the end; and states that do not follow."""
        with self._database.read() as connection:
            report, _ = _walk(connection)
            return replace(report, contradictions=contradictions(connection)) if report.is_whole else report

    def verify_newest(self, *, now: datetime) -> ChainReport:
        """The same for a page, without the states: what this process has verified within a day is not walked over
        again, but for its last lines. ``whole_at`` of the report: when all of it was."""
        known = self._verified
        is_recent = known is not None and known.whole_at <= now < known.whole_at + WHOLE_WALK_HOLDS
        whole_at = known.whole_at if known is not None and is_recent else now
        with self._database.read() as connection:
            report, last = _walk(connection, known, from_start=not is_recent)
            if not report.is_whole and is_recent:  # where it was done, a walk over all of it says
                whole, _ = _walk(connection, known, from_start=True)
                report = whole if not whole.is_whole else report
        if report.is_whole:
            self._verified = _Verified(report.events, last, whole_at)
        return replace(report, whole_at=whole_at)

    def record(self, kind: str, *, who: str, now: datetime, **data: object) -> None:
        """A line in the history that changes nothing: a notice was given, the alarm was started."""
        with self._database.write("record") as connection:
            append(connection, at=now, kind=kind, who=who, delivery_id=None, **data)


_NEWEST_AT = plain(NEWEST_AT)
_EVENTS_WRITTEN = select(ledger.c.events)
_NO_LINE = 1 << 62  # behind every other
_OF_READERS = select(events.c.id).where(events.c.id > bindparam("after"), events.c.kind.like("subscriber.%")).limit(1)
_NEWS = select(ledger.c.events, ledger.c.departures, BY_OTHERS.exists(), _OF_READERS.exists())


def _walk(
    connection: Connection, known: _Verified | None = None, *, from_start: bool = True
) -> tuple[ChainReport, str]:
    """Whether the history is whole, and the hash of its last line. ``known``: it was found whole up to there before, so
    that line must still be the same one."""
    expected, last = connection.execute(select(ledger.c.events, ledger.c.last_hash)).one()
    number = 0 if known is None or from_start else max(known.number - LOOKED_AT_AGAIN, 0)
    before = connection.execute(select(events.c.hash).where(events.c.id == number)).scalar()
    previous = before if number and before is not None else FIRST
    following = select(events).where(events.c.id > number).order_by(events.c.id)
    for row in connection.execute(following).mappings():
        number += 1
        fits = event_hash(number, row["at"], row["kind"], row["who"], row["delivery_id"], row["data"], previous)
        if row["id"] != number:
            return ChainReport(number - 1, row["id"], f"event {number} is missing"), previous
        is_as_known = known is None or number != known.number or row["hash"] == known.hash
        if row["previous"] != previous or row["hash"] != fits or not is_as_known:
            return ChainReport(number, number, f"event {number} was changed after it was written"), previous
        previous = row["hash"]
    if number != expected or previous != last:
        return (
            ChainReport(number, None, f"the history ends after {counted(number, 'event')}; {expected} were written"),
            previous,
        )
    return ChainReport(number), previous


#: What says that a batch went out: a call that was accepted, a doubt that was settled so.
_SENT = ("attempt.accepted", "batch.found-sent")
_MIXED = "attempt.mixed"


_ACCEPTED_CALL = (
    select(attempts.c.token).where(attempts.c.batch_id == bindparam("of"), attempts.c.outcome == "accepted").limit(1)
)
_MOST_DELIVERIES = 8


class AcceptedByHistory:
    """Which batches went out, whatever their states say now. Of each delivery's history a process reads each line once:
    looked for anew for each batch, a mailing of 20,000 would read half of its lines 20,000 times."""

    def __init__(self, database: Database) -> None:
        self._database, self._taken_back = database, 0
        self._known: dict[int, tuple[int, frozenset[int]]] = {}  # delivery -> last line read, numbers of its batches

    def has(self, connection: Connection, batch: RowMapping, *, is_new: bool = False) -> bool:
        """Whether an accepted call of this batch is written down. ``is_new``: it has had no call in this ledger; but by
        the history it may have had one before the ledger was set back."""
        if not is_new and by_driver.tuples(connection, _ACCEPTED_CALL, {"of": batch["id"]}):
            return True
        if self._taken_back != self._database.taken_back:  # what others had written before the commit is not there
            self._taken_back, self._known = self._database.taken_back, {}
        delivery_id = batch["delivery_id"]
        through, numbers = self._known.get(delivery_id, (0, frozenset[int]()))
        if more := _accepted(connection, delivery_id, after=through):
            numbers = numbers.union(more)
            known = {one: of for one, of in self._known.items() if one != delivery_id}
            kept = dict([*known.items()][1 - _MOST_DELIVERIES :])
            self._known = kept | {delivery_id: (max(more.values()), numbers)}
        return batch["number"] in numbers


def contradictions(connection: Connection) -> tuple[Contradiction, ...]:
    """Batches that went out, by the history, and do not stand as sent."""
    contradicting = []
    named = exists().where(events.c.delivery_id == batches.c.delivery_id, events.c.kind.in_((*_SENT, _MIXED)))
    suspects = (
        select(batches.c.delivery_id, batches.c.number, batches.c.state, deliveries.c.item, deliveries.c.channel)
        .join(deliveries, deliveries.c.id == batches.c.delivery_id)
        .where(batches.c.state.in_([str(state) for state in State if state is not State.SENT]), named)
        .order_by(batches.c.delivery_id, batches.c.number)
    )
    known: dict[int, dict[int, int]] = {}
    for row in all_rows(connection, suspects):
        delivery_id = row["delivery_id"]
        if delivery_id not in known:
            known = {delivery_id: _accepted(connection, delivery_id)}  # in order: one at a time is enough
        event = known[delivery_id].get(row["number"])
        if event is not None:
            contradicting.append(
                Contradiction(delivery_id, row["number"], row["item"], row["channel"], State(row["state"]), event)
            )
    return tuple(contradicting)


_LINES = (
    select(events.c.id, events.c.kind, events.c.data)
    .where(
        events.c.delivery_id == bindparam("of"), events.c.id > bindparam("after"), events.c.kind.in_((*_SENT, _MIXED))
    )
    .order_by(events.c.id)
)


def _accepted(connection: Connection, delivery_id: int, *, after: int = 0) -> dict[int, int]:
    """Number of a batch -> the event that says that it went out."""
    events_by_batch: dict[int, int] = {}
    for number, kind, text in by_driver.tuples(connection, _LINES, {"of": delivery_id, "after": after}):
        data = json.loads(text)
        accepted = [data.get("batch")]
        if kind == _MIXED:
            accepted = [part["batch"] for part in data.get("parts", ()) if part["outcome"] == "accepted"]
        events_by_batch |= {batch: number for batch in accepted if batch is not None}
    return events_by_batch
