"""What the history says of batches: a state that was set back past the program does not follow from it."""

from __future__ import annotations

import json

from sqlalchemy import Connection, RowMapping, exists, select

from ..domain.delivery import State
from ..domain.records import Contradiction
from .tables import attempts, batches, deliveries, events

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
    found = []
    named = select(events.c.delivery_id).where(events.c.kind.in_((*_SENT, _MIXED))).distinct()
    suspects = (
        select(batches.c.delivery_id, batches.c.number, batches.c.state, deliveries.c.item, deliveries.c.channel)
        .join(deliveries, deliveries.c.id == batches.c.delivery_id)
        .where(batches.c.state != str(State.SENT), batches.c.delivery_id.in_(named))
        .order_by(batches.c.delivery_id, batches.c.number)
    )
    known: dict[int, dict[int, int]] = {}
    for row in connection.execute(suspects).mappings().all():
        delivery_id = row["delivery_id"]
        if delivery_id not in known:
            known = {delivery_id: _accepted(connection, delivery_id)}  # in order: one at a time is enough
        event = known[delivery_id].get(row["number"])
        if event is not None:
            found.append(
                Contradiction(delivery_id, row["number"], row["item"], row["channel"], State(row["state"]), event)
            )
    return tuple(found)


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
    found: dict[int, int] = {}
    for number, kind, text in connection.execute(query):
        data = json.loads(text)
        told = [data.get("batch")]
        if kind == _MIXED:
            told = [part["batch"] for part in data.get("parts", ()) if part["outcome"] == "accepted"]
        found |= {batch: number for batch in told if batch is not None}
    return found
