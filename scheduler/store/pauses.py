"""Pauses: the failures in a row of each channel, for all processes and across restarts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, RowMapping, delete, exists, func, insert, or_, select, true, update

from ..domain.delivery import State
from ..domain.outcome import Bearing, Outcome, bearing_of
from ..domain.pause import ChannelPause, pause_after
from ..domain.reason import ReasonCode, from_text, to_text
from ..domain.records import ALL_CHANNELS
from ..domain.redact import without_addresses
from .events import append
from .repository import Repository, forget_reasons, read_delivery
from .tables import batches, channel_pauses, deliveries


class PauseRepository(Repository):
    """Looking at pauses. A call's own end writes them down (:func:`note_bearing`), and `resume` ends them."""

    def in_force(self, mode: str, *, now: datetime) -> tuple[ChannelPause, ...]:
        """Channels that pause, or whose provider is about to be tried again, by name."""
        query = select(channel_pauses).where(channel_pauses.c.mode == mode).order_by(channel_pauses.c.channel)
        with self._database.read() as connection:
            found = [_as_pause(row) for row in connection.execute(query).mappings()]
            paused = [pause for pause in found if pause.until_at is not None]
            return tuple(replace(p, waiting=_waiting(connection, mode, p.channel, now)) for p in paused)

    def find(self, mode: str, channel: str) -> ChannelPause | None:
        """The failures in a row of a channel; None after a good answer."""
        with self._database.read() as connection:
            row = _row(connection, mode, channel)
        return _as_pause(row) if row is not None else None

    def take_probe(self, mode: str, channel: str, *, seen: ChannelPause, until_at: datetime) -> bool:
        """A pause is over: of several programs one tries the provider again. The others wait until ``until_at``, or
        until its call has ended."""
        mine = (*_of(mode, channel), channel_pauses.c.until_at == seen.until_at)
        with self._database.write("probe") as connection:
            return bool(connection.execute(update(channel_pauses).where(*mine).values(until_at=until_at)).rowcount)

    def note_bearing(self, mode: str, channel: str, outcome: Outcome, *, now: datetime) -> ChannelPause | None:
        """The provider was asked whether it takes calls; returns what is known of it then."""
        with self._database.write("bearing") as connection:
            note_bearing(connection, mode, channel, outcome, now)
            row = _row(connection, mode, channel)
        return _as_pause(row) if row is not None else None

    def must_wait_for_another(self, delivery_id: int) -> bool:
        """Whether another program's call has to end first. One program makes one call at a time: SQLite has one."""
        if self._database.is_sqlite:
            return False
        with self._database.read() as connection:
            delivery = read_delivery(connection, delivery_id)
            return delivery is not None and must_wait_for_another(connection, delivery)


def end_pauses(connection: Connection, channel: str, who: str, now: datetime) -> None:
    """A person ends the pause of a channel (``*`` = of all): the next call is tried at once."""
    mine = channel_pauses.c.channel == channel if channel != ALL_CHANNELS else true()
    found = connection.execute(select(channel_pauses).where(mine, channel_pauses.c.until_at.is_not(None)))
    for row in found.mappings().all():
        connection.execute(delete(channel_pauses).where(*_of(row["mode"], row["channel"])))
        forget_reasons(connection, now, (ReasonCode.CHANNEL_PAUSED,), deliveries.c.channel == row["channel"])
        append(connection, at=now, kind="channel.pause-ended", who=who, channel=row["channel"])


def _waiting(connection: Connection, mode: str, channel: str, now: datetime) -> int:
    """Deliveries of a channel that are due, and of which something waits."""
    scheduled = exists().where(batches.c.delivery_id == deliveries.c.id, batches.c.state == str(State.SCHEDULED))
    query = (
        select(func.count())
        .select_from(deliveries)
        .where(
            deliveries.c.mode == mode,
            deliveries.c.channel == channel,
            deliveries.c.due_at <= now,
            deliveries.c.expires_at > now,
            or_(deliveries.c.state == str(State.SCHEDULED), scheduled),
        )
    )
    return int(connection.execute(query).scalar_one())


def note_bearing(connection: Connection, mode: str, channel: str, outcome: Outcome, now: datetime) -> None:
    """What the end of a call says of the provider: one more failure in a row, or their end."""
    bearing = bearing_of(outcome)
    if bearing is Bearing.NEITHER:
        return
    before = _row(connection, mode, channel)
    if bearing is Bearing.GOOD:
        if before is not None:
            connection.execute(delete(channel_pauses).where(*_of(mode, channel)))
            if before["until_at"] is not None:
                same = (deliveries.c.mode == mode, deliveries.c.channel == channel)
                forget_reasons(connection, now, (ReasonCode.CHANNEL_PAUSED,), *same)
                append(connection, at=now, kind="channel.resumed", who="tick", channel=channel)
        return
    failures = (before["failures"] if before is not None else 0) + 1
    wait = pause_after(failures)
    detail = without_addresses(outcome.detail)
    values: dict[str, Any] = {
        "failures": failures,
        "until_at": now + wait if wait is not None else None,
        "reasons": to_text(_behind(outcome)),
        "detail": detail,
    }
    if before is None:
        connection.execute(insert(channel_pauses).values(mode=mode, channel=channel, since_at=now, **values))
    else:
        connection.execute(update(channel_pauses).where(*_of(mode, channel)).values(**values))
    if wait is not None and (before is None or before["until_at"] is None):
        append(
            connection,
            at=now,
            kind="channel.paused",
            who="tick",
            channel=channel,
            failures=failures,
            until=values["until_at"],
            reasons=[str(r.code) for r in _behind(outcome)],
            detail=detail,
        )


def must_wait_for_another(connection: Connection, delivery: RowMapping) -> bool:
    """Whether a call has to wait for the end of another one: a mailing begins with one call, and so does a channel that
    had trouble."""
    served = exists().where(batches.c.delivery_id == delivery["id"], batches.c.state == str(State.SENT))
    under_way = (
        select(batches.c.id)
        .join(deliveries, deliveries.c.id == batches.c.delivery_id)
        .where(batches.c.state == str(State.SENDING))
        .limit(1)
    )
    if _row(connection, delivery["mode"], delivery["channel"]) is not None:
        same = (deliveries.c.mode == delivery["mode"], deliveries.c.channel == delivery["channel"])
        return connection.execute(under_way.where(*same)).first() is not None
    first = under_way.where(batches.c.delivery_id == delivery["id"], ~served)
    return connection.execute(first).first() is not None


def _behind(outcome: Outcome) -> tuple[Any, ...]:
    """Why: of a call whose readers fared differently, the reasons of those in trouble."""
    ends = [end for end in outcome.per_recipient.values() if bearing_of(end) is Bearing.TROUBLE]
    return tuple(dict.fromkeys(reason for end in ends for reason in end.reasons))[:3] or outcome.reasons


def _of(mode: str, channel: str) -> tuple[Any, ...]:
    return channel_pauses.c.mode == mode, channel_pauses.c.channel == channel


def _row(connection: Connection, mode: str, channel: str) -> RowMapping | None:
    return connection.execute(select(channel_pauses).where(*_of(mode, channel))).mappings().first()


def _as_pause(row: Mapping[str, Any] | RowMapping) -> ChannelPause:
    return ChannelPause(
        channel=row["channel"],
        failures=row["failures"],
        since_at=row["since_at"],
        until_at=row["until_at"],
        reasons=from_text(row["reasons"]),
        detail=row["detail"],
    )
