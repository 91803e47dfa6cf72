"""Holds: a channel is stopped on every machine, in force before the next call."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ColumnElement, Connection, and_, exists, or_, select, update

from ..domain.delivery import State, Verb
from ..domain.reason import HoldReason, Reason, ReasonCode, as_data, because
from ..domain.records import ALL_CHANNELS, Delivery, Hold
from ..domain.redact import person, without_addresses
from .events import append
from .pauses import end_pauses
from .repository import (
    Repository,
    forget_reasons,
    refresh_delivery_state,
    transition_all,
    with_counts,
)
from .tables import batches, deliveries, holds


class HoldRepository(Repository):
    """Which channels are stopped."""

    def set(self, channel: str, *, who: str, why: str, now: datetime) -> Hold:
        """Stop a channel (``*`` = all) at once: in force before the next call, on every machine."""
        with self._database.write("hold") as connection:
            made = connection.execute(
                holds.insert().values(channel=channel, who=person(who), why=without_addresses(why), held_at=now)
            )
            (hold_id,) = made.inserted_primary_key or (0,)
            append(connection, at=now, kind="hold.set", who=who, channel=channel, why=why)
            _stop_midway(connection, channel, because(ReasonCode.HELD, who=person(who), since_at=now, why=why), now)
            return Hold(hold_id, channel, person(who), without_addresses(why), now)

    def release(self, channel: str, *, who: str, now: datetime) -> tuple[Delivery, ...]:
        """Lift the holds of a channel, and end its pause. Sends nothing by itself: what fell due under a hold stays
        held, and is returned.

        ``*`` lifts every hold; a channel's name lifts the holds of that channel alone.
        """
        which: list[ColumnElement[bool]] = [holds.c.released_at.is_(None)]
        if channel != ALL_CHANNELS:
            which.append(holds.c.channel == channel)
        with self._database.write("release") as connection:
            end_pauses(connection, channel, who, now)
            lifted = connection.execute(select(holds).where(*which)).mappings().all()
            if not lifted:
                return ()
            connection.execute(update(holds).where(*which).values(released_by=person(who), released_at=now))
            names = {row["channel"] for row in lifted}
            said = (because(ReasonCode.HELD_BACK, who=row["who"], why=row["why"]) for row in lifted)
            reasons = tuple(dict.fromkeys(said))
            append(connection, at=now, kind="hold.released", who=who, channel=channel)
            on = () if ALL_CHANNELS in names else (deliveries.c.channel.in_(names),)
            forget_reasons(connection, now, (ReasonCode.HELD,), *on)
            passed_over = _hold_what_is_due(connection, names, reasons, who, now)
            query = select(deliveries).where(deliveries.c.id.in_(passed_over)).order_by(deliveries.c.due_at)
            return with_counts(connection, connection.execute(query).mappings())

    def in_force(self, *, released: bool = False) -> tuple[Hold, ...]:
        """Holds in force; with ``released`` also those that were lifted."""
        with self._database.read() as connection:
            return read_holds(connection, released=released)


def read_holds(connection: Connection, *, released: bool = False) -> tuple[Hold, ...]:
    query = select(holds).order_by(holds.c.id)
    if not released:
        query = query.where(holds.c.released_at.is_(None))
    return tuple(
        Hold(
            id=row["id"],
            channel=row["channel"],
            who=row["who"],
            why=row["why"],
            held_at=row["held_at"],
            released_by=row["released_by"],
            released_at=row["released_at"],
            reason=HoldReason(row["reason"]),
        )
        for row in connection.execute(query).mappings()
    )


def _stop_midway(connection: Connection, channel: str, reason: Reason, now: datetime) -> None:
    """Mailings of which a part has gone are held from this moment on, and say so, whether a process runs or not."""
    waits = exists().where(batches.c.delivery_id == deliveries.c.id, batches.c.state == str(State.SCHEDULED))
    query = select(deliveries.c.id).where(deliveries.c.state == str(State.SENDING), waits)
    if channel != ALL_CHANNELS:
        query = query.where(deliveries.c.channel == channel)
    for delivery_id in connection.execute(query).scalars().all():
        refresh_delivery_state(connection, delivery_id, now, reasons=(reason,))


def _hold_what_is_due(
    connection: Connection, channels: set[str], reasons: tuple[Reason, ...], who: str, now: datetime
) -> list[int]:
    """At the end of a hold: what fell due under it waits for a person, so that nothing goes out in a burst."""
    waiting = exists().where(batches.c.delivery_id == deliveries.c.id, batches.c.state == str(State.SCHEDULED))
    query = select(deliveries).where(
        deliveries.c.due_at <= now,
        or_(and_(deliveries.c.opened_at.is_(None), deliveries.c.state == str(State.SCHEDULED)), waiting),
    )
    if ALL_CHANNELS not in channels:
        query = query.where(deliveries.c.channel.in_(channels))
    held = []
    for row in connection.execute(query).mappings().all():
        if transition_all(connection, row, Verb.HOLD, now, reasons=reasons):
            held.append(row["id"])
            append(connection, at=now, kind="delivery.hold", who=who, delivery_id=row["id"], reasons=as_data(reasons))
    waits = exists().where(batches.c.delivery_id == deliveries.c.id, batches.c.state == str(State.HELD))
    also = select(deliveries.c.id).where(
        deliveries.c.state == str(State.HELD), deliveries.c.due_at <= now, or_(deliveries.c.opened_at.is_(None), waits)
    )
    if ALL_CHANNELS not in channels:
        also = also.where(deliveries.c.channel.in_(channels))
    return sorted({*held, *connection.execute(also).scalars()})
