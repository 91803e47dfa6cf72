"""Deliveries as the plan wants them, and what is due of them."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, RowMapping, and_, exists, func, not_, or_, select, update

from ..domain.delivery import State, Verb
from ..domain.reason import Reason, ReasonCode, as_data, because, from_data, from_text
from ..domain.reason_words import stops
from ..domain.records import ALL_CHANNELS, Batch, Delivery, PlanChanges, Wanted
from ..domain.season_key import SeasonKey
from .backup import close_what_may_have_gone
from .events import append
from .repository import (
    Repository,
    as_batch,
    as_delivery,
    in_season,
    is_open_at,
    read_delivery,
    refresh_delivery_state,
    transition,
    transition_all,
    why,
    with_counts,
)
from .tables import batches, deliveries, events

_WAITING = (State.SCHEDULED, State.HELD)
_OPEN = [str(state) for state in (*_WAITING, State.SENDING)]


class DeliveryRepository(Repository):
    """Following the plan; looking at what is there."""

    def follow_plan(
        self, mode: str, key: SeasonKey, wanted: Sequence[Wanted], *, now: datetime, may_cancel: bool = True
    ) -> PlanChanges:
        """Make the waiting deliveries what the plan says. What has begun or ended is not touched.

        A delivery that was cancelled because its item had left the plan comes back with the item, while its window
        is open; one that was held then waits for a person as before. ``may_cancel`` False keeps what the plan does not
        name: for a plan that could not be read whole.
        """
        season_is = and_(deliveries.c.mode == mode, in_season(deliveries, key))
        with self._database.read() as connection:
            rows = connection.execute(select(deliveries).where(season_is)).mappings()
            known = {(row["item"], row["channel"]): row for row in rows}
        if not _differs(known, wanted, now, may_cancel):
            return PlanChanges()
        planned = moved = cancelled = reinstated = 0
        touched: list[int] = []
        with self._database.write("plan") as connection:
            rows = connection.execute(select(deliveries).where(season_is)).mappings()
            known = {(row["item"], row["channel"]): row for row in rows}
            for w in wanted:
                row = known.pop((w.item, w.channel), None)
                if row is None:
                    touched.append(_insert(connection, mode, key, w, now))
                    planned += 1
                    continue
                times = _as_wanted(w, row)
                if _is_waiting(row) and any(row[k] != v for k, v in times.items()):
                    connection.execute(
                        update(deliveries).where(deliveries.c.id == row["id"]).values(**times, changed_at=now)
                    )
                    is_moved = (row["due_at"], row["expires_at"]) != (w.due_at, w.expires_at)
                    append(
                        connection,
                        at=now,
                        kind=f"delivery.{'moved' if is_moved else 'changed'}",
                        who="plan",
                        delivery_id=row["id"],
                        item=w.item,
                        channel=w.channel,
                        from_at=row["due_at"],
                        to_at=w.due_at,
                    )
                    moved += 1
                    touched.append(row["id"])
                elif State(row["state"]) is State.CANCELLED and w.expires_at > now:
                    transition_all(connection, row, Verb.REINSTATE, now, **times)
                    held = _reasons_when_held(connection, row["id"])
                    if held is not None:
                        transition_all(connection, row, Verb.HOLD, now, reasons=held)
                    append(
                        connection,
                        at=now,
                        kind="delivery.reinstated",
                        who="plan",
                        delivery_id=row["id"],
                        item=w.item,
                        channel=w.channel,
                    )
                    reinstated += 1
                    touched.append(row["id"])
            for row in known.values() if may_cancel else ():
                if not _is_waiting(row):
                    continue
                transition_all(connection, row, Verb.CANCEL, now, reasons=(because(ReasonCode.NOT_IN_PLAN),))
                said = as_data(from_text(row["reasons"]))
                before = {"held": said} if State(row["state"]) is State.HELD else {}
                append(
                    connection,
                    at=now,
                    kind="delivery.cancelled",
                    who="plan",
                    delivery_id=row["id"],
                    item=row["item"],
                    channel=row["channel"],
                    **before,
                )
                cancelled += 1
            close_what_may_have_gone(connection, touched, now)
        return PlanChanges(planned, moved, cancelled, reinstated)

    def words_sent(self, delivery_id: int) -> tuple[tuple[str, datetime, int], ...]:
        """The words that went out of a delivery, or may have: their digest, since when, and to how many readers."""
        query = (
            select(batches.c.digest, func.min(batches.c.started_at), func.sum(batches.c.size - batches.c.skipped))
            .where(
                batches.c.delivery_id == delivery_id,
                batches.c.state.in_([str(State.SENT), str(State.UNKNOWN)]),
                batches.c.digest != "",
            )
            .group_by(batches.c.digest)
            .order_by(func.min(batches.c.started_at))
        )
        with self._database.read() as connection:
            return tuple((digest, at, int(count)) for digest, at, count in connection.execute(query))

    def of_season(self, mode: str, key: SeasonKey) -> tuple[Delivery, ...]:
        """All deliveries of a season with their counts, by due time, then channel."""
        query = (
            select(deliveries)
            .where(deliveries.c.mode == mode, in_season(deliveries, key))
            .order_by(deliveries.c.due_at, deliveries.c.channel, deliveries.c.item)
        )
        with self._database.read() as connection:
            return with_counts(connection, connection.execute(query).mappings())

    def find(self, delivery_id: int) -> Delivery | None:
        with self._database.read() as connection:
            query = select(deliveries).where(deliveries.c.id == delivery_id)
            found = with_counts(connection, connection.execute(query).mappings())
        return found[0] if found else None

    def batches(self, delivery_id: int) -> tuple[Batch, ...]:
        query = select(batches).where(batches.c.delivery_id == delivery_id).order_by(batches.c.number)
        with self._database.read() as connection:
            return tuple(as_batch(row) for row in connection.execute(query).mappings())

    def calls_under_way(self, channel: str = ALL_CHANNELS) -> tuple[tuple[Delivery, Batch], ...]:
        """Calls whose intent is written and whose end is not, on one channel or all: a hold comes too late for them."""
        query = select(batches).where(batches.c.state == str(State.SENDING)).order_by(batches.c.started_at)
        with self._database.read() as connection:
            rows = connection.execute(query).mappings().all()
            owners = {row["delivery_id"]: read_delivery(connection, row["delivery_id"]) for row in rows}
        found = ((owners[row["delivery_id"]], row) for row in rows)
        return tuple(
            (as_delivery(owner), as_batch(row))
            for owner, row in found
            if owner is not None and channel in (ALL_CHANNELS, owner["channel"])
        )

    def due(self, mode: str, key: SeasonKey, *, now: datetime) -> tuple[Delivery, ...]:
        """Deliveries with something that may go now: due, inside the window, not held. Earliest first."""
        has_ready = exists().where(
            batches.c.delivery_id == deliveries.c.id,
            batches.c.state == str(State.SCHEDULED),
            batches.c.not_before_at <= now,
            is_open_at(now),
        )
        query = (
            select(deliveries)
            .where(
                deliveries.c.mode == mode,
                in_season(deliveries, key),
                deliveries.c.due_at <= now,
                deliveries.c.expires_at > now,
                or_(
                    and_(deliveries.c.opened_at.is_(None), deliveries.c.state == str(State.SCHEDULED)),
                    # Also of one that is held: what a person held has no batch that waits to be sent.
                    and_(deliveries.c.opened_at.is_not(None), deliveries.c.state.in_(_OPEN), has_ready),
                ),
            )
            # A post is one call; it need not wait for a mail to many.
            .order_by(deliveries.c.due_at, deliveries.c.kind.desc(), deliveries.c.channel, deliveries.c.id)
        )
        with self._database.read() as connection:
            return with_counts(connection, connection.execute(query).mappings())

    def is_pressing(self, mode: str, *, now: datetime) -> bool:
        """Whether anything is due, or closes, by ``now``: what a clock that is wrong would do harm to."""
        query = select(deliveries.c.id).where(
            deliveries.c.mode == mode,
            deliveries.c.state.in_([str(state) for state in (*_WAITING, State.SENDING)]),
            deliveries.c.due_at <= now,
        )
        with self._database.read() as connection:
            return connection.execute(query.limit(1)).first() is not None

    def is_mailing(self, mode: str, key: SeasonKey, *, now: datetime, until: datetime) -> bool:
        """Whether a mail of a season is due by ``until`` and can still go."""
        query = select(deliveries.c.id).where(
            deliveries.c.mode == mode,
            in_season(deliveries, key),
            deliveries.c.kind == "email",
            deliveries.c.state.in_([str(state) for state in (*_WAITING, State.SENDING)]),
            deliveries.c.due_at <= until,
            deliveries.c.expires_at > now,
        )
        with self._database.read() as connection:
            return connection.execute(query.limit(1)).first() is not None

    def next_instants(self, mode: str, *, now: datetime, limit: int = 64) -> tuple[datetime, ...]:
        """The next instants after ``now`` at which something becomes due, earliest first."""
        first = (
            select(deliveries.c.due_at.label("at"))
            .where(
                deliveries.c.mode == mode,
                deliveries.c.state == str(State.SCHEDULED),
                deliveries.c.opened_at.is_(None),
                deliveries.c.due_at > now,
            )
            .distinct()
            .order_by(deliveries.c.due_at)
            .limit(limit)
        )
        again = (
            select(batches.c.not_before_at.label("at"))
            .join(deliveries, deliveries.c.id == batches.c.delivery_id)
            .where(
                deliveries.c.mode == mode,
                batches.c.state == str(State.SCHEDULED),
                batches.c.not_before_at > now,
            )
            .distinct()
            .order_by(batches.c.not_before_at)
            .limit(limit)
        )
        with self._database.read() as connection:
            found = {at for query in (first, again) for (at,) in connection.execute(query)}
        return tuple(sorted(found))[:limit]

    def expire(self, mode: str, *, now: datetime) -> tuple[Delivery, ...]:
        """Close what waits past its window: missed. Returns the deliveries concerned."""
        waits = [str(State.SCHEDULED), str(State.HELD)]
        late = select(deliveries).where(
            deliveries.c.mode == mode,
            deliveries.c.expires_at <= now,
            or_(
                and_(deliveries.c.opened_at.is_(None), deliveries.c.state.in_(waits)),
                exists().where(batches.c.delivery_id == deliveries.c.id, batches.c.state.in_(waits)),
            ),
        )
        over = select(batches.c.delivery_id).join(deliveries, deliveries.c.id == batches.c.delivery_id)
        over = over.where(
            deliveries.c.mode == mode, deliveries.c.expires_at > now, batches.c.state.in_(waits), not_(is_open_at(now))
        )
        with self._database.read() as connection:
            if all(connection.execute(query.limit(1)).first() is None for query in (late, over)):
                return ()
        closed: list[int] = []
        with self._database.write("expire") as connection:
            for row in connection.execute(late).mappings().all():
                before = from_text(row["reasons"]) or (because(ReasonCode.NOTHING_RAN),)
                closed_before = any(reason.code is ReasonCode.CLOSED_BEFORE_START for reason in before)
                reasons = before if closed_before else (because(ReasonCode.CLOSED_UNSENT), *before)
                held = _awaits_a_word(connection, row)
                if not transition_all(connection, row, Verb.EXPIRE, now, reasons=reasons, detail=row["note"]):
                    continue
                append(
                    connection,
                    at=now,
                    kind="delivery.missed",
                    who="tick",
                    delivery_id=row["id"],
                    item=row["item"],
                    channel=row["channel"],
                    expires_at=row["expires_at"],
                    reasons=as_data(reasons),
                    **({"held": True} if held else {}),
                )
                closed.append(row["id"])
            for delivery_id in connection.execute(over.distinct()).scalars().all():
                _expire_waves(connection, delivery_id, now)
                closed.append(delivery_id)
            query = select(deliveries).where(deliveries.c.id.in_(closed)).order_by(deliveries.c.due_at)
            return with_counts(connection, connection.execute(query).mappings())

    def note(self, delivery_id: int, reasons: Sequence[Reason], *, detail: str = "", now: datetime) -> bool:
        """Why a delivery waits. False, and nothing is written, when it says so already."""
        said = why(reasons, detail, words="note")
        with self._database.read() as connection:
            row = read_delivery(connection, delivery_id)
        if row is None or all(row[name] == value for name, value in said.items()):
            return False
        with self._database.write("note") as connection:
            row = read_delivery(connection, delivery_id)
            if row is None or row["state"] not in _OPEN:
                return False
            if row["opened_at"] is not None:
                refresh_delivery_state(connection, delivery_id, now, reasons=reasons, detail=detail)
            else:
                mine = deliveries.c.id == delivery_id
                connection.execute(update(deliveries).where(mine).values(**said, changed_at=now))
            if reasons:
                append(
                    connection,
                    at=now,
                    kind="delivery.waits",
                    who="tick",
                    delivery_id=delivery_id,
                    reasons=as_data(reasons),
                    detail=said["note"],
                )
        return True


def _awaits_a_word(connection: Connection, row: RowMapping) -> bool:
    """Whether a person was to decide about it, or about a part of it."""
    if row["opened_at"] is None:
        return bool(row["state"] == State.HELD)
    held = (batches.c.delivery_id == row["id"], batches.c.state == str(State.HELD))
    return connection.execute(select(batches.c.id).where(*held).limit(1)).first() is not None


def _expire_waves(connection: Connection, delivery_id: int, now: datetime) -> None:
    """Close the batches of a delivery that is open still, for whose readers the day is over."""
    where = (batches.c.delivery_id == delivery_id, not_(is_open_at(now)))
    missed = transition(connection, batches, Verb.EXPIRE, *where, **why((because(ReasonCode.WAVE_MISSED),)))
    refresh_delivery_state(connection, delivery_id, now)
    append(connection, at=now, kind="delivery.part-missed", who="tick", delivery_id=delivery_id, batches=missed)


def _reasons_when_held(connection: Connection, delivery_id: int) -> tuple[Reason, ...] | None:
    """What stood beside a cancelled delivery that waited for a person's word when it left the plan; else None."""
    query = (
        select(events.c.data)
        .where(events.c.delivery_id == delivery_id, events.c.kind == "delivery.cancelled")
        .order_by(events.c.id.desc())
        .limit(1)
    )
    data = connection.execute(query).scalar()
    held = json.loads(data).get("held") if data is not None else None
    if isinstance(held, str):  # from a ledger before there were codes
        return (Reason(ReasonCode.UNCLASSIFIED),)
    return from_data(held) if held is not None else None


def _is_waiting(row: RowMapping) -> bool:
    """Whether the plan may still change it. What stands still halfway has begun."""
    if State(row["state"]) is State.HELD and row["opened_at"] is not None:
        return not stops(from_text(row["reasons"]))
    return State(row["state"]) in _WAITING


def _differs(
    known: Mapping[tuple[Any, Any], RowMapping], wanted: Sequence[Wanted], now: datetime, may_cancel: bool
) -> bool:
    """Whether there is anything to write: most passes find nothing, and must not wait for the lock."""
    for w in wanted:
        row = known.get((w.item, w.channel))
        if row is None or (State(row["state"]) is State.CANCELLED and w.expires_at > now):
            return True
        same = all(row[name] == value for name, value in _as_wanted(w, row).items())
        if _is_waiting(row) and not same:
            return True
    if not may_cancel:
        return False
    names = {(w.item, w.channel) for w in wanted}
    return any(_is_waiting(row) for key, row in known.items() if key not in names)


def _as_wanted(w: Wanted, row: RowMapping | None = None) -> dict[str, Any]:
    """What of a delivery follows the plan while it waits; who gets it, only until somebody was frozen into it."""
    values: dict[str, Any] = {"kind": w.kind, "on_date": w.on, "due_at": w.due_at, "expires_at": w.expires_at}
    if row is None or (row["opened_at"] is None and not row["frozen"]):
        values["audience"] = w.audience.to_text()
    return values


def _insert(connection: Connection, mode: str, key: SeasonKey, w: Wanted, now: datetime) -> int:
    names = {"mode": mode, **asdict(key), "item": w.item, "channel": w.channel}
    reasons = (because(ReasonCode.CLOSED_BEFORE_START),) if w.expires_at <= now else ()
    values = {**names, **_as_wanted(w), "state": str(State.SCHEDULED), "changed_at": now, **why(reasons, words="note")}
    made = connection.execute(deliveries.insert().values(**values))
    (delivery_id,) = made.inserted_primary_key or (0,)
    append(
        connection,
        at=now,
        kind="delivery.planned",
        who="plan",
        delivery_id=delivery_id,
        **names,
        due_at=w.due_at,
        expires_at=w.expires_at,
    )
    return int(delivery_id)
