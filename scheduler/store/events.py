"""The history: append-only, each line carrying the hash of the line before. It holds ids, never an address.

A state that was set back past the program does not follow from it.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, RowMapping, exists, func, select, update

from ..domain.clock_state import BY_THE_CLOCK_ALONE, RIGHT
from ..domain.delivery import State, Verb
from ..domain.formatting import counted
from ..domain.records import ChainReport, Contradiction, Event
from ..domain.redact import person, without_addresses
from .repository import Repository, all_rows, refresh_delivery_state, row_to, transition
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


def append(
    connection: Connection, *, at: datetime, kind: str, who: str, delivery_id: int | None = None, **data: object
) -> None:
    """Add one line, in the transaction of the change that it tells of."""
    count, previous = connection.execute(select(ledger.c.events, ledger.c.last_hash)).one()
    number = count + 1
    if _BY_KEY.get():
        data["key"] = _BY_KEY.get()
    written = json.dumps({k: _plain(v) for k, v in data.items()}, sort_keys=True, ensure_ascii=False)
    name = person(who)
    line = _hash(number, at, kind, name, delivery_id, written, previous)
    connection.execute(
        events.insert().values(
            id=number, at=at, kind=kind, who=name, delivery_id=delivery_id, data=written, previous=previous, hash=line
        )
    )
    connection.execute(update(ledger).values(events=number, last_hash=line))


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


def _plain(value: object) -> object:
    if isinstance(value, bool | int | float) or value is None:
        return value
    if isinstance(value, date):  # a datetime is a date
        return value.isoformat()
    if isinstance(value, Mapping):
        return {str(k): _plain(v) for k, v in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(v) for v in value]
    return without_addresses(str(value))


def _hash(number: int, at: datetime, kind: str, who: str, delivery_id: int | None, data: str, previous: str) -> str:
    payload = json.dumps([number, at.isoformat(), kind, who, delivery_id, data, previous], ensure_ascii=False)
    return hashlib.sha256(payload.encode()).hexdigest()


_as_event = row_to(Event, data=json.loads)


class EventRepository(Repository):
    """Reading the history, and lines that tell of no change in the ledger."""

    def newest(self, *, delivery_id: int | None = None, limit: int = 200) -> tuple[Event, ...]:
        """The newest events, newest first."""
        query = select(events).order_by(events.c.id.desc()).limit(limit)
        if delivery_id is not None:
            query = query.where(events.c.delivery_id == delivery_id)
        return self._all(_as_event, query)

    def in_order(self, *, after: int = 0, limit: int = 1000) -> tuple[Event, ...]:
        """Events in the order in which they were written, from the one behind ``after`` on."""
        return self._all(_as_event, select(events).where(events.c.id > after).order_by(events.c.id).limit(limit))

    def version(self) -> int:
        """Grows with every change; two equal readings mean that nothing happened between."""
        return int(self._read(select(ledger.c.events)).scalar_one())

    def verify(self) -> ChainReport:
        """Whether no line was changed, taken out, put in, or cut off at the end; and states that do not follow."""
        with self._database.read() as connection:
            expected, last = connection.execute(select(ledger.c.events, ledger.c.last_hash)).one()
            previous, number = FIRST, 0
            for row in connection.execute(select(events).order_by(events.c.id)).mappings():
                number += 1
                fits = _hash(number, row["at"], row["kind"], row["who"], row["delivery_id"], row["data"], previous)
                if row["id"] != number:
                    return ChainReport(number - 1, row["id"], f"event {number} is missing")
                if row["previous"] != previous or row["hash"] != fits:
                    return ChainReport(number, number, f"event {number} was changed after it was written")
                previous = row["hash"]
            if number != expected or previous != last:
                return ChainReport(
                    number, None, f"the history ends after {counted(number, 'event')}; {expected} were written"
                )
            return ChainReport(number, contradictions=contradictions(connection))

    def of_kinds(self, *kinds: str, since: datetime | None = None) -> tuple[Event, ...]:
        """Events of these kinds, oldest first."""
        query = select(events).where(events.c.kind.in_(kinds)).order_by(events.c.id)
        if since is not None:
            query = query.where(events.c.at >= since)
        return self._all(_as_event, query)

    def newest_at(self) -> datetime | None:
        """The latest instant at which something happened. What the clock alone brought about does not count, nor what
        was written before the clock was found to be right: it may have been ahead."""
        right = select(func.max(events.c.id)).where(events.c.kind == RIGHT).scalar_subquery()
        counts = (events.c.id >= func.coalesce(right, 0), events.c.kind.not_in(BY_THE_CLOCK_ALONE))
        at: datetime | None = self._read(select(func.max(events.c.at)).where(*counts)).scalar()
        return at

    def record(self, kind: str, *, who: str, now: datetime, **data: object) -> None:
        """A line in the history that changes nothing: a notice was given, the alarm was started."""
        with self._database.write("record") as connection:
            append(connection, at=now, kind=kind, who=who, delivery_id=None, **data)


#: What says that a batch went out: a call that was accepted, a doubt that was settled so.
_SENT = ("attempt.accepted", "batch.found-sent")
_MIXED = "attempt.mixed"


def was_accepted(connection: Connection, batch: RowMapping) -> bool:
    """Whether the history holds an accepted call of a batch, whatever its state is now."""
    of_it = exists().where(attempts.c.batch_id == batch["id"], attempts.c.outcome == "accepted")
    if connection.execute(select(of_it)).scalar():
        return True
    number = batch["number"]
    return number in _accepted(connection, batch["delivery_id"], f'%"batch": {number},%')


def contradictions(connection: Connection) -> tuple[Contradiction, ...]:
    """Batches that went out, by the history, and do not stand as sent."""
    contradicting = []
    named = select(events.c.delivery_id).where(events.c.kind.in_((*_SENT, _MIXED))).distinct()
    suspects = (
        select(batches.c.delivery_id, batches.c.number, batches.c.state, deliveries.c.item, deliveries.c.channel)
        .join(deliveries, deliveries.c.id == batches.c.delivery_id)
        .where(batches.c.state != str(State.SENT), batches.c.delivery_id.in_(named))
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


def _accepted(connection: Connection, delivery_id: object, like: str = "%") -> dict[int, int]:
    """Number of a batch -> the event that says that it went out."""
    query = (
        select(events.c.id, events.c.kind, events.c.data)
        .where(
            events.c.delivery_id == delivery_id,
            events.c.kind.in_((*_SENT, _MIXED)),
            events.c.data.like(like),
        )
        .order_by(events.c.id)
    )
    events_by_batch: dict[int, int] = {}
    for number, kind, text in connection.execute(query):
        data = json.loads(text)
        accepted = [data.get("batch")]
        if kind == _MIXED:
            accepted = [part["batch"] for part in data.get("parts", ()) if part["outcome"] == "accepted"]
        events_by_batch |= {batch: number for batch in accepted if batch is not None}
    return events_by_batch
