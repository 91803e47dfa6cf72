"""What lets calls go, and what stops them: a season is armed, a channel is held by a person, or pauses by itself.

A hold is in force on every machine before the next call; a pause goes by the failures in a row of a channel, for all
processes and across restarts.
"""

from __future__ import annotations

from dataclasses import asdict, replace
from datetime import datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    RowMapping,
    and_,
    bindparam,
    delete,
    exists,
    insert,
    or_,
    select,
    true,
    update,
)

from ..domain.delivery import State, Verb
from ..domain.outcome import Bearing, Outcome, bearing_of
from ..domain.pause import PAUSE_AFTER, ChannelPause, pause_after
from ..domain.reason import HoldReason, Reason, ReasonCode, as_data, because, to_text
from ..domain.records import ALL_CAMPAIGNS, ALL_CHANNELS, ANY_CAMPAIGN, Delivery, Hold
from ..domain.redact import person, without_addresses
from ..domain.season_key import SeasonKey
from . import by_driver
from .database import OnConnection
from .events import acting_key, append
from .plain_sql import set_hold
from .reads import ArmingReads, HoldReads, PauseReads, as_pause, read_arming
from .repository import (
    Repository,
    all_rows,
    by_due_time,
    count,
    forget_reasons,
    has_batch_in,
    in_season,
    read_delivery,
    refresh_delivery_state,
    transaction,
    transition_all,
    waits_in,
    with_counts,
)
from .tables import armings, batches, channel_pauses, deliveries, holds


class HoldRepository(Repository, HoldReads):
    """Which channels are stopped, and of which campaigns."""

    @transaction("hold")
    def set(
        self,
        connection: Connection,
        channel: str,
        *,
        who: str,
        why: str,
        now: datetime,
        campaign: str = ALL_CAMPAIGNS,
        reason: HoldReason = HoldReason.BY_A_PERSON,
    ) -> Hold:
        """Stop a channel (``*`` = all) at once, of one campaign or of all: in force before the next call, on every
        machine."""
        made = Hold(0, channel, person(who), without_addresses(why), now, campaign=campaign, reason=reason)
        said = {"channel": channel, "who": who, "why": why, "campaign": campaign, "key": acting_key()}
        number = set_hold(OnConnection(connection), **said, now=now, reason=reason.value)
        _stop_midway(connection, made, now)
        return replace(made, id=number)

    @transaction("release")
    def release(
        self, connection: Connection, channel: str, *, who: str, now: datetime, campaign: str = ALL_CAMPAIGNS
    ) -> tuple[Delivery, ...]:
        """Lift the holds of a channel, and end its pause. Sends nothing by itself: what fell due under a hold stays
        held, and is returned.

        ``*`` lifts the holds of all channels; a channel's name lifts those of that channel alone. ``campaign``: those
        of this one, which leaves the provider's pause alone; empty: those that were set for every campaign;
        ANY_CAMPAIGN: whatever they stop.
        """
        which: list[ColumnElement[bool]] = [holds.c.released_at.is_(None)]
        if channel != ALL_CHANNELS:
            which.append(holds.c.channel == channel)
        if campaign != ANY_CAMPAIGN:
            which.append(holds.c.campaign == campaign)
        if campaign in (ALL_CAMPAIGNS, ANY_CAMPAIGN):
            end_pauses(connection, channel, who, now)
        lifted = all_rows(connection, select(holds).where(*which))
        if not lifted:
            return ()
        connection.execute(update(holds).where(*which).values(released_by=person(who), released_at=now))
        why_held = (
            because(ReasonCode.HELD_BACK, who=row["who"], why=row["why"], campaign=row["campaign"] or None)
            for row in lifted
        )
        reasons = tuple(dict.fromkeys(why_held))
        for one in sorted({row["campaign"] for row in lifted}):
            append(connection, at=now, kind="hold.released", who=who, channel=channel, **_named(one))
        stopped = or_(*(_stopped_by(row["channel"], row["campaign"]) for row in lifted))
        forget_reasons(connection, now, (ReasonCode.HELD,), stopped)
        return with_counts(connection, by_due_time(_hold_what_is_due(connection, stopped, reasons, who, now)))

    def is_held(self, channel: str, campaign: str) -> bool:
        """Whether a hold stops this channel of this campaign now."""
        return self._database.glance(_BEARS, channel=channel, campaign=campaign)


def bears_on(channel: str | ColumnElement[str], campaign: str | ColumnElement[str]) -> ColumnElement[bool]:
    """The holds that stop this channel of this campaign now."""
    return and_(
        holds.c.released_at.is_(None),
        holds.c.channel.in_([ALL_CHANNELS, channel]),
        holds.c.campaign.in_([ALL_CAMPAIGNS, campaign]),
    )


_BEARS = select(holds.c.id).where(bears_on(bindparam("channel"), bindparam("campaign")))


def _named(campaign: str) -> dict[str, Any]:
    """What the history says of a hold's campaign: nothing, where it is every one's."""
    return {"campaign": campaign} if campaign else {}


def _stopped_by(channel: str, campaign: str) -> ColumnElement[bool]:
    """The deliveries that a hold stops."""
    of_channel = true() if channel == ALL_CHANNELS else deliveries.c.channel == channel
    return and_(of_channel, true() if campaign == ALL_CAMPAIGNS else deliveries.c.campaign == campaign)


def _stop_midway(connection: Connection, hold: Hold, now: datetime) -> None:
    """Mailings of which a part has gone are held from this moment on, and say so, whether a process runs or not."""
    midway = (deliveries.c.state == str(State.SENDING), has_batch_in(State.SCHEDULED))
    mine = select(deliveries.c.id).where(*midway, _stopped_by(hold.channel, hold.campaign))
    for delivery_id in connection.execute(mine).scalars().all():
        refresh_delivery_state(connection, delivery_id, now, reasons=(hold.as_reason,))


def _hold_what_is_due(
    connection: Connection, stopped: ColumnElement[bool], reasons: tuple[Reason, ...], who: str, now: datetime
) -> list[int]:
    """At the end of a hold: what fell due under it waits for a person, so that nothing goes out in a burst."""
    due = (deliveries.c.due_at <= now, stopped)
    held = []
    for row in all_rows(connection, select(deliveries).where(*due, waits_in(State.SCHEDULED))):
        if transition_all(connection, row, Verb.HOLD, now, reasons=reasons):
            held.append(row["id"])
            append(connection, at=now, kind="delivery.hold", who=who, delivery_id=row["id"], reasons=as_data(reasons))
    also = select(deliveries.c.id).where(*due, deliveries.c.state == str(State.HELD), waits_in(State.HELD))
    return sorted({*held, *connection.execute(also).scalars()})


class ArmingRepository(Repository, ArmingReads):
    """Which seasons may be sent live."""

    @transaction("arm")
    def arm(self, connection: Connection, key: SeasonKey, *, who: str, now: datetime) -> bool:
        """Allow live sends for a season. False when it was armed already."""
        if read_arming(OnConnection(connection), key):
            return False
        connection.execute(armings.insert().values(**asdict(key), who=person(who), armed_at=now))
        append(connection, at=now, kind="season.armed", who=who, **asdict(key))
        forget_reasons(connection, now, (ReasonCode.NOT_ARMED,), **asdict(key))
        return True

    @transaction("disarm")
    def disarm(self, connection: Connection, key: SeasonKey, *, who: str, now: datetime) -> bool:
        """Forbid live sends for a season; in force before the next call. False when it was not armed."""
        changed = connection.execute(
            update(armings)
            .where(in_season(armings, key), armings.c.disarmed_at.is_(None))
            .values(disarmed_at=now, disarmed_by=person(who))
        ).rowcount
        if changed:
            append(connection, at=now, kind="season.disarmed", who=who, **asdict(key))
        return bool(changed)


class PauseRepository(Repository, PauseReads):
    """Looking at pauses. A call's own end writes them down (:func:`note_bearing`), and `resume` ends them."""

    def waiting(self, mode: str, channel: str, now: datetime) -> int:
        with self._database.read() as connection:
            return _waiting(connection, mode, channel, now)

    def find(self, mode: str, channel: str) -> ChannelPause | None:
        """The failures in a row of a channel; None after a good answer."""
        if not self._ask(_PAUSE, mode=mode, channel=channel):  # as mostly, and before each call
            return None
        with self._database.read() as connection:
            row = _row(connection, mode, channel)
        return as_pause(row) if row is not None else None

    @transaction("probe")
    def take_probe(
        self, connection: Connection, mode: str, channel: str, *, seen: ChannelPause, until_at: datetime
    ) -> bool:
        """A pause is over: of several programs one tries the provider again. The others wait until ``until_at``, or
        until its call has ended."""
        mine = (*_of(mode, channel), channel_pauses.c.until_at == seen.until_at)
        return bool(connection.execute(update(channel_pauses).where(*mine).values(until_at=until_at)).rowcount)

    @transaction("bearing")
    def note_bearing(
        self, connection: Connection, mode: str, channel: str, outcome: Outcome, *, now: datetime
    ) -> ChannelPause | None:
        """The provider was asked whether it takes calls; returns what is known of it then."""
        note_bearing(connection, mode, channel, outcome, now)
        row = _row(connection, mode, channel)
        return as_pause(row) if row is not None else None

    def must_wait_for_another(self, delivery_id: int, *, had_trouble: bool = False) -> bool:
        """Whether another call has to end first. Of a SQLite ledger there is one program, with lanes that know of each
        other by the ledger alone: they wait where the provider ``had_trouble``."""
        if self._database.is_sqlite and not had_trouble:
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
        forget_reasons(connection, now, (ReasonCode.CHANNEL_PAUSED,), channel=row["channel"])
        append(connection, at=now, kind="channel.pause-ended", who=who, channel=row["channel"])


def _waiting(connection: Connection, mode: str, channel: str, now: datetime) -> int:
    """Deliveries of a channel that are due, and of which something waits."""
    mine = (deliveries.c.mode == mode, deliveries.c.channel == channel)
    due = (deliveries.c.due_at <= now, deliveries.c.expires_at > now)
    waits = or_(deliveries.c.state == str(State.SCHEDULED), has_batch_in(State.SCHEDULED))
    return count(connection, deliveries, *mine, *due, waits)


def note_bearing(
    connection: Connection,
    mode: str,
    channel: str,
    outcome: Outcome,
    now: datetime,
    *,
    began_at: datetime | None = None,
) -> None:
    """What the end of a call says of the provider: one more failure in a row, or their end. ``began_at``: of the call;
    those that were in flight together are no more in a row than makes a pause."""
    bearing = bearing_of(outcome)
    if bearing is Bearing.NEITHER:
        return
    before = _row(connection, mode, channel)
    if bearing is Bearing.GOOD:
        if before is not None:
            connection.execute(delete(channel_pauses).where(*_of(mode, channel)))
            if before["until_at"] is not None:
                forget_reasons(connection, now, (ReasonCode.CHANNEL_PAUSED,), mode=mode, channel=channel)
                append(connection, at=now, kind="channel.resumed", who="tick", channel=channel)
        return
    failures = (before["failures"] if before is not None else 0) + 1
    if before is not None and began_at is not None and began_at <= before["since_at"]:
        failures = min(failures, max(PAUSE_AFTER, before["failures"]))  # under way at the first failure, with others
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
    return connection.execute(under_way.where(batches.c.delivery_id == delivery["id"], ~served)).first() is not None


def _behind(outcome: Outcome) -> tuple[Any, ...]:
    """Why: of a call whose readers fared differently, the reasons of those in trouble."""
    ends = [end for end in outcome.per_recipient.values() if bearing_of(end) is Bearing.TROUBLE]
    return tuple(dict.fromkeys(reason for end in ends for reason in end.reasons))[:3] or outcome.reasons


def _of(mode: str | ColumnElement[str], channel: str | ColumnElement[str]) -> tuple[Any, ...]:
    return channel_pauses.c.mode == mode, channel_pauses.c.channel == channel


def _row(connection: Connection, mode: str, channel: str) -> RowMapping | None:
    return by_driver.row(connection, _PAUSE, {"mode": mode, "channel": channel})


_PAUSE = select(channel_pauses).where(*_of(bindparam("mode"), bindparam("channel")))
