"""What people say: approvals, sign-offs, arming, holds. Each is a row and a line of the history."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ColumnElement, Connection, and_, exists, or_, select, update

from ..domain.approval import Approval, Approvals
from ..domain.claim import Signature, Signatures
from ..domain.delivery import State, Verb
from ..domain.message import Message
from ..domain.reason import HoldReason, Reason, ReasonCode, as_data, because
from ..domain.records import ALL_CHANNELS, Arming, Delivery, Hold
from ..domain.redact import person, without_addresses
from ..ports import SendSnapshot
from .batches import newly_left
from .comments_and_invitations import answer_requests, keep_message, read_requests
from .events import append
from .pauses import end_pauses
from .repository import (
    Repository,
    as_batch,
    as_delivery,
    forget_reasons,
    read_batch,
    read_delivery,
    refresh_delivery_state,
    transition_all,
    with_counts,
)
from .tables import approvals, armings, batches, deliveries, holds, signatures


class PeopleRepository(Repository):
    """Acts of named people."""

    # -- approvals and sign-offs ------------------------------------------------------------------------

    def record_approval(self, approval: Approval, message: Message | None = None) -> bool:
        """False when this person had approved exactly this already in this role.

        ``message`` is kept by its digest, so that a later form can be compared with it. A standing request for
        changes of the same person is answered by it.
        """
        who = person(approval.person)
        same = and_(
            _approvals_of(approval.campaign, approval.season, approval.item, approval.channel),
            approvals.c.digest == approval.digest,
            approvals.c.person == who,
            approvals.c.role == approval.role,
        )
        with self._database.write("approval") as connection:
            if connection.execute(select(approvals.c.id).where(same)).first():
                return False
            connection.execute(
                approvals.insert().values(
                    campaign=approval.campaign,
                    season=approval.season,
                    item=approval.item,
                    channel=approval.channel,
                    digest=approval.digest,
                    person=who,
                    role=approval.role,
                    comment=without_addresses(approval.comment),
                    approved_at=approval.approved_at,
                )
            )
            if message is not None and message.digest == approval.digest:
                keep_message(connection, message)
            # Without the comment: what reviewers write is private, and the history is exported.
            append(
                connection,
                at=approval.approved_at,
                kind="approval.given",
                who=who,
                campaign=approval.campaign,
                season=approval.season,
                item=approval.item,
                channel=approval.channel,
                digest=approval.digest,
                role=approval.role,
            )
            answer_requests(connection, approval)
            of_season = (deliveries.c.campaign == approval.campaign, deliveries.c.season == approval.season)
            mine = (*of_season, deliveries.c.item == approval.item, deliveries.c.channel == approval.channel)
            ended = (ReasonCode.TEXT_CHANGED, ReasonCode.APPROVAL_MISSING, ReasonCode.CHANGES_REQUESTED)
            forget_reasons(connection, approval.approved_at, ended, *mine)
        return True

    def withdraw_approvals(
        self, campaign: str, season: int, item: str, channel: str, *, who: str, reason: str, now: datetime
    ) -> int:
        """Take back all approvals of an item on a channel. In force at the last check before the next call."""
        with self._database.write("withdraw") as connection:
            taken = connection.execute(
                update(approvals)
                .where(_approvals_of(campaign, season, item, channel))
                .values(withdrawn_at=now, withdrawn_by=person(who))
            ).rowcount
            if taken:
                append(
                    connection,
                    at=now,
                    kind="approval.withdrawn",
                    who=who,
                    campaign=campaign,
                    season=season,
                    item=item,
                    channel=channel,
                    why=reason,
                )
        return int(taken)

    def approvals(self, campaign: str, season: int) -> Approvals:
        with self._database.read() as connection:
            return read_approvals(connection, campaign, season)

    def sign(self, campaign: str, signature: Signature, *, now: datetime) -> bool:
        """False when this person had signed exactly this already."""
        who = person(signature.person)
        key = {
            "campaign": campaign,
            "subject": signature.subject,
            "subject_id": signature.subject_id,
            "record_hash": signature.record_hash,
            "person": who,
            "role": signature.role,
        }
        with self._database.write("sign") as connection:
            same = and_(*(signatures.c[name] == value for name, value in key.items()))
            there = connection.execute(select(signatures.c.signed_on, signatures.c.expires_on).where(same)).first()
            if there is not None and there[0] >= signature.signed_on and there[1] == signature.expires_on:
                return False
            when = {"signed_on": signature.signed_on, "expires_on": signature.expires_on}
            if there is not None:  # signed again: a help line was tried again, or the sign-off holds for longer
                connection.execute(update(signatures).where(same).values(**when))
            else:
                connection.execute(signatures.insert().values(**key, **when))
            append(
                connection,
                at=now,
                kind="record.signed",
                who=who,
                campaign=campaign,
                subject=signature.subject,
                subject_id=signature.subject_id,
                record_hash=signature.record_hash,
                role=signature.role,
                signed_on=signature.signed_on,
                expires_on=signature.expires_on,
            )
            forget_reasons(connection, now, (ReasonCode.UNSIGNED,), deliveries.c.campaign == campaign)
        return True

    def signatures(self, campaign: str) -> Signatures:
        query = select(signatures).where(signatures.c.campaign == campaign).order_by(signatures.c.id)
        with self._database.read() as connection:
            return Signatures(
                tuple(
                    Signature(
                        subject=row["subject"],
                        subject_id=row["subject_id"],
                        record_hash=row["record_hash"],
                        person=row["person"],
                        role=row["role"],
                        signed_on=row["signed_on"],
                        expires_on=row["expires_on"],
                    )
                    for row in connection.execute(query).mappings()
                )
            )

    # -- arming -----------------------------------------------------------------------------------------

    def arm(self, campaign: str, season: int, *, who: str, now: datetime) -> bool:
        """Allow live sends for a season. False when it was armed already."""
        with self._database.write("arm") as connection:
            if read_arming(connection, campaign, season):
                return False
            connection.execute(armings.insert().values(campaign=campaign, season=season, who=person(who), armed_at=now))
            append(connection, at=now, kind="season.armed", who=who, campaign=campaign, season=season)
            of_season = (deliveries.c.campaign == campaign, deliveries.c.season == season)
            forget_reasons(connection, now, (ReasonCode.NOT_ARMED,), *of_season)
        return True

    def disarm(self, campaign: str, season: int, *, who: str, now: datetime) -> bool:
        """Forbid live sends for a season; in force before the next call. False when it was not armed."""
        with self._database.write("disarm") as connection:
            changed = connection.execute(
                update(armings)
                .where(armings.c.campaign == campaign, armings.c.season == season, armings.c.disarmed_at.is_(None))
                .values(disarmed_at=now, disarmed_by=person(who))
            ).rowcount
            if changed:
                append(connection, at=now, kind="season.disarmed", who=who, campaign=campaign, season=season)
        return bool(changed)

    def armed(self, campaign: str, season: int) -> Arming | None:
        with self._database.read() as connection:
            return read_arming(connection, campaign, season)

    def is_armed(self, campaign: str, season: int) -> bool:
        return self.armed(campaign, season) is not None

    # -- holds ------------------------------------------------------------------------------------------

    def hold(self, channel: str, *, who: str, why: str, now: datetime) -> Hold:
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

    def holds(self, *, released: bool = False) -> tuple[Hold, ...]:
        """Holds in force; with ``released`` also those that were lifted."""
        with self._database.read() as connection:
            return read_holds(connection, released=released)

    def hold_delivery(self, delivery_id: int, *, who: str, why: str, now: datetime) -> bool:
        return self._act(delivery_id, Verb.HOLD, who, (because(ReasonCode.HELD_BACK, who=person(who), why=why),), now)

    def release_delivery(self, delivery_id: int, *, who: str, now: datetime) -> bool:
        """Let a held delivery go, if its window is still open at the next pass."""
        return self._act(delivery_id, Verb.RELEASE, who, (), now)

    def skip_delivery(self, delivery_id: int, *, who: str, why: str, now: datetime) -> bool:
        """Leave out what has not gone yet of a delivery."""
        return self._act(delivery_id, Verb.SKIP, who, (because(ReasonCode.SKIPPED_BY, who=person(who), why=why),), now)

    def retry_delivery(self, delivery_id: int, *, who: str, now: datetime) -> bool:
        """Another try of what certainly did not go out, while its window is open."""
        with self._database.read() as connection:
            row = read_delivery(connection, delivery_id)
        if row is None or row["expires_at"] <= now:
            return False
        return self._act(delivery_id, Verb.RETRY, who, (), now)

    def _act(self, delivery_id: int, verb: Verb, who: str, reasons: tuple[Reason, ...], now: datetime) -> bool:
        with self._database.write("act") as connection:
            row = read_delivery(connection, delivery_id)
            if row is None:
                return False
            # Since when a person wants nothing more of it; another try that a person asks for is the newer word.
            since = {Verb.SKIP: now, Verb.RETRY: None}.get(verb, row["skipped_at"])
            mine = update(deliveries).where(deliveries.c.id == delivery_id)
            connection.execute(mine.values(skipped_at=since))
            if not transition_all(connection, row, verb, now, reasons=reasons):
                connection.execute(mine.values(skipped_at=row["skipped_at"]))
                return False
            if verb is Verb.RETRY:
                connection.execute(update(batches).where(batches.c.delivery_id == delivery_id).values(tries=0))
            kind = f"delivery.{verb}"
            append(connection, at=now, kind=kind, who=who, delivery_id=delivery_id, reasons=as_data(reasons))
        return True

    # -- the last check ---------------------------------------------------------------------------------

    def standing(self, delivery_id: int, batch_id: int | None = None) -> SendSnapshot | None:
        """What the last check looks at, in one look."""
        with self._database.read() as connection:
            row = read_delivery(connection, delivery_id)
            if row is None:
                return None
            batch = read_batch(connection, batch_id) if batch_id is not None else None
            return SendSnapshot(
                delivery=as_delivery(row),
                batch=as_batch(batch) if batch is not None else None,
                armed=read_arming(connection, row["campaign"], row["season"]),
                holds=tuple(h for h in read_holds(connection) if h.covers(row["channel"])),
                approvals=read_approvals(connection, row["campaign"], row["season"], row["item"], row["channel"]),
                requests=read_requests(connection, row["campaign"], row["season"], row["item"], row["channel"]),
                newly_left=newly_left(connection, batch) if batch is not None and row["kind"] == "email" else 0,
            )


def _approvals_of(campaign: str, season: int, item: str = "", channel: str = "") -> ColumnElement[bool]:
    """Approvals in force; of one item on one channel when they are named."""
    rules = [approvals.c.campaign == campaign, approvals.c.season == season, approvals.c.withdrawn_at.is_(None)]
    if item:
        rules += [approvals.c.item == item, approvals.c.channel == channel]
    return and_(*rules)


def read_approvals(connection: Connection, campaign: str, season: int, item: str = "", channel: str = "") -> Approvals:
    query = select(approvals).where(_approvals_of(campaign, season, item, channel)).order_by(approvals.c.id)
    return Approvals(
        tuple(
            Approval(
                campaign=row["campaign"],
                season=row["season"],
                item=row["item"],
                channel=row["channel"],
                digest=row["digest"],
                person=row["person"],
                role=row["role"],
                approved_at=row["approved_at"],
                comment=row["comment"],
            )
            for row in connection.execute(query).mappings()
        )
    )


def read_arming(connection: Connection, campaign: str, season: int) -> Arming | None:
    query = select(armings).where(
        armings.c.campaign == campaign, armings.c.season == season, armings.c.disarmed_at.is_(None)
    )
    row = connection.execute(query).mappings().first()
    return Arming(campaign, season, row["who"], row["armed_at"]) if row else None


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
