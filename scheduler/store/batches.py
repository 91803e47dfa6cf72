"""The intent before the call, the outcome after it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, RowMapping, case, exists, func, not_, or_, select, update

from ..domain.delivery import State, Verb
from ..domain.message import Message
from ..domain.outcome import Outcome, OutcomeKind, Recipient
from ..domain.reason import Reason, ReasonCode, as_data, because
from ..domain.records import Batch, Prepared
from ..domain.redact import without_addresses
from ..domain.subscriber import SubscriberState
from .barring import bar_dead
from .events import append, end_batch, was_accepted
from .holds import must_wait_for_another, note_bearing
from .repository import (
    Repository,
    as_batch,
    bars,
    count,
    delivery_of,
    is_barred,
    is_open_at,
    keep_message,
    may_be_written_to,
    of_batch,
    of_reader,
    read_batch,
    read_delivery,
    refresh_delivery_state,
    transaction,
    transition,
    why,
    window_end,
)
from .split_batch import split_batch, split_off, take_out
from .tables import (
    attempts,
    batches,
    cadences,
    deliveries,
    ledger,
    recipients,
    subscribers,
    subscriptions,
    suppressions,
)

#: After so many tries that ended before the call, a batch is set aside.
TRIES = 3
#: A try that began so recently may still be going on, in another process that lives: it counts against nothing yet.
BUILDING = timedelta(minutes=1)

#: Why who is in this state is left out of a mailing; any other state, and a bar of the address alone: barred.
_WHY_LEFT_OUT = {
    SubscriberState.LEFT: ReasonCode.LEFT,
    SubscriberState.PAUSED: ReasonCode.PAUSED,
    SubscriberState.PENDING: ReasonCode.NOT_CONFIRMED,
    SubscriberState.ERASED: ReasonCode.ERASED,
}


def send_id_of(ledger_id: str, delivery: RowMapping, number: int) -> str:
    """What a call is known by at the provider: the same for each attempt, and in a restored copy of the ledger."""
    names = (delivery["mode"], delivery["campaign"], delivery["season"], delivery["item"], delivery["channel"], number)
    return hashlib.sha256("\n".join(map(str, (ledger_id, *names))).encode()).hexdigest()[:32]


class BatchRepository(Repository):
    """One batch on its way."""

    def ready(self, delivery_id: int, *, now: datetime) -> tuple[Batch, ...]:
        """Batches that wait and may be tried now, by number."""
        query = (
            select(batches)
            .join(deliveries, deliveries.c.id == batches.c.delivery_id)
            .where(
                batches.c.delivery_id == delivery_id,
                batches.c.state == str(State.SCHEDULED),
                batches.c.not_before_at <= now,
                is_open_at(now),
                deliveries.c.opened_at.is_not(None),
            )
            .order_by(batches.c.number)
        )
        return tuple(as_batch(row) for row in self._read(query).mappings())

    @transaction("prepare")
    def prepare(
        self, connection: Connection, batch_id: int, *, survived: bool = False, now: datetime
    ) -> Prepared | None:
        """Leave out who has left, count the try. None when the batch is not to be sent now.

        The try is counted before anything is built, and the count starts again with the intent: a record that
        kills the program while it is built is set aside after the third start, and its neighbors go on. Several
        processes that wake at the same instant are no such starts: see BUILDING.
        ``survived``: this process has built the batch before and lives, so earlier tries do not count against it.
        """
        batch = read_batch(connection, batch_id)
        if batch is None or batch["state"] != State.SCHEDULED:
            return None
        delivery = delivery_of(connection, batch)
        if not delivery["due_at"] <= now < window_end(delivery, batch):
            return None
        if was_accepted(connection, batch):
            _note_set_back(connection, batch)
            return None
        tries = 0 if survived else batch["tries"]
        if tries >= TRIES:
            if batch["tried_at"] is not None and timedelta(0) <= now - batch["tried_at"] < BUILDING:
                return None
            _close_uncalled(connection, batch, Verb.SET_ASIDE, because(ReasonCode.SET_ASIDE, tries=TRIES), now)
            return None
        connection.execute(update(batches).where(batches.c.id == batch_id).values(tries=tries + 1, tried_at=now))
        if delivery["kind"] == "post":
            return Prepared(as_batch(batch))
        skipped = _skip_who_left(connection, batch)
        if skipped == batch["size"]:
            _close_uncalled(connection, batch, Verb.SKIP, because(ReasonCode.ALL_LEFT), now)
            return None
        return Prepared(as_batch({**batch, "skipped": skipped}), read_recipients(connection, batch))

    @transaction("leave_out")
    def leave_out(self, connection: Connection, batch_id: int, reasons: Mapping[str, str], *, now: datetime) -> None:
        """Subscribers whose own record makes the call impossible (id -> why): a batch of their own, which has failed;
        the others go on.

        Changes nothing of a batch that does not wait: another process has called for these readers meanwhile.
        """
        batch = read_batch(connection, batch_id)
        if batch is None or batch["state"] != State.SCHEDULED:
            return
        unusable = because(ReasonCode.UNUSABLE_RECORD)
        spoilt = split_off(connection, batch, {who: (unusable, words) for who, words in reasons.items()})
        detail = next(iter(reasons.values()), "")
        if transition(connection, batches, Verb.SET_ASIDE, batches.c.id == spoilt["id"], **why((unusable,), detail)):
            refresh_delivery_state(connection, batch["delivery_id"], now)
        append(
            connection,
            at=now,
            kind="recipients.failed",
            who="tick",
            delivery_id=batch["delivery_id"],
            batch=spoilt["number"],
            subscribers=dict(reasons),
        )

    @transaction("intent")
    def record_intent(
        self,
        connection: Connection,
        batch_id: int,
        *,
        token: str,
        message: Message,
        fingerprint: str,
        readers: int,
        node: str,
        lease: timedelta,
        check_after: timedelta | None,
        left_out: Iterable[str] = (),
        tells_of: Iterable[Message] = (),
        reasons: Iterable[Reason] = (),
        begins_alone: bool = False,
        now: datetime,
    ) -> bool:
        """Commit the intent to call. False when somebody else has the batch, or it may not go now. ``begins_alone``:
        nor before another program's call has ended, see :meth:`must_wait_for_another`. ``left_out``: items of a digest
        that it does not tell of; ``tells_of``: the mails of the others, to which it leads its readers."""
        digest = message.digest
        call = {"token": token, "digest": digest, "fingerprint": fingerprint, "node": node, "started_at": now}
        inside = (deliveries.c.id == batches.c.delivery_id, deliveries.c.due_at <= now, deliveries.c.expires_at > now)
        if connection.execute(select(ledger.c.copied_at)).scalar() is not None:
            return False  # a backup: nothing is sent from it before it has been taken over
        batch = read_batch(connection, batch_id)
        if batch is None or was_accepted(connection, batch):
            return False
        several = begins_alone and not self._database.is_sqlite  # one program owns a SQLite ledger
        if several and must_wait_for_another(connection, delivery_of(connection, batch)):
            return False
        delivery_id, attempt = batch["delivery_id"], batch["attempt"] + 1
        won = transition(
            connection,
            batches,
            Verb.TAKE,
            batches.c.id == batch_id,
            batches.c.not_before_at <= now,
            is_open_at(now),
            exists().where(*inside),
            **call,
            left_out=" ".join(sorted(left_out)),
            attempt=attempt,
            tries=0,
            lease_until_at=now + lease,
            check_at=None if check_after is None else now + check_after,
            checks=0,
            **why(reasons),
        )
        if won != 1:
            return False
        connection.execute(attempts.insert().values(**call, batch_id=batch_id, number=attempt, readers=readers))
        _keep_words(connection, delivery_of(connection, batch), message, tells_of)
        changed = {"digest": digest, **_note_correction(connection, delivery_id, digest, now)}
        refresh_delivery_state(connection, delivery_id, now, reasons=reasons, **changed)
        told: dict[str, Any] = {"batch": batch["number"], "attempt": attempt, "readers": readers}
        told |= {"token": token, "digest": digest, "node": node, "reasons": as_data(reasons)}
        append(connection, at=now, kind="attempt.begun", who="tick", delivery_id=delivery_id, **told)
        return True

    @transaction("leave_empty")
    def leave_empty(self, connection: Connection, batch_id: int, *, now: datetime) -> None:
        """End a batch of a digest that has nothing to tell its readers; no call was made."""
        batch = read_batch(connection, batch_id)
        if batch is None or batch["state"] != State.SCHEDULED:
            return
        called = (*of_batch(batch), recipients.c.state.is_(None))
        skipped = {"state": str(State.SKIPPED), "reason": str(ReasonCode.NOTHING_TO_TELL)}
        connection.execute(update(recipients).where(*called).values(**skipped))
        connection.execute(update(batches).where(batches.c.id == batch_id).values(skipped=batch["size"]))
        _close_uncalled(connection, batch, Verb.SKIP, because(ReasonCode.NOTHING_TO_TELL), now)

    @transaction("split")
    def split(self, connection: Connection, batch_id: int, *, keep: int, now: datetime) -> Batch | None:
        """Part a batch that waits: so many of its readers stay in it, the others become a batch of their own, which is
        returned. None, and nothing is changed, when it does not wait, or has no more readers than that.

        The new one has a name of its own at the provider: what is found out of the one call says nothing of the other.
        """
        batch = read_batch(connection, batch_id)
        if batch is None or batch["state"] != State.SCHEDULED:
            return None
        called = select(recipients.c.subscriber_id).where(*of_batch(batch), recipients.c.state.is_(None))
        readers = connection.execute(called.order_by(recipients.c.subscriber_id)).scalars().all()
        if not 0 < keep < len(readers):
            return None
        delivery = delivery_of(connection, batch)
        rest = take_out(connection, batch, readers[keep:])
        send_id = send_id_of(connection.execute(select(ledger.c.ledger_id)).scalar_one(), delivery, rest["number"])
        connection.execute(update(batches).where(batches.c.id == rest["id"]).values(send_id=send_id))
        append(
            connection,
            at=now,
            kind="batch.split",
            who="tick",
            delivery_id=delivery["id"],
            batch=batch["number"],
            readers=keep,
            rest=rest["number"],
        )
        return as_batch({**rest, "send_id": send_id})

    @transaction("outcome")
    def record_outcome(
        self, connection: Connection, batch_id: int, *, token: str, outcome: Outcome, now: datetime
    ) -> State | None:
        """Commit how the call ended. None when the token is not the latest any more: the answer came too late.

        May be called again with the same outcome, when it is not known whether the first time was committed.
        A certain answer that arrives after the batch was given up as unknown is evidence, and settles it.
        """
        batch = read_batch(connection, batch_id)
        written = connection.execute(select(attempts.c.ended_at).where(attempts.c.token == token)).first()
        if batch is None or written is None:
            return None  # the intent was never committed
        if written[0] is not None:
            return State(batch["state"]) if batch["token"] == token else None  # this was written down before
        delivery = delivery_of(connection, batch)
        until = window_end(delivery, batch)
        ends = [
            (one, _inside(end, until, now)) for one, end in split_batch(connection, batch, token, outcome)
        ]  # more than one where readers fared differently
        won = [_end_attempt(connection, one, token, end, until) for one, end in ends]
        kind = str(ends[0][1].kind) if len(ends) == 1 else "mixed"
        summary = ends[0][1] if len(ends) == 1 else outcome
        detail = without_addresses(summary.detail)
        ended = {"outcome": kind, "status": outcome.status, "reference": outcome.reference}
        values = {**ended, "ended_at": now, **why(summary.reasons, detail)}
        connection.execute(update(attempts).where(attempts.c.token == token).values(**values))
        append(
            connection,
            at=now,
            kind=f"attempt.{kind}" if any(won) else "attempt.too-late",
            who="tick",
            delivery_id=batch["delivery_id"],
            batch=batch["number"],
            token=token,
            **ended,
            reasons=as_data(summary.reasons),
            detail=detail,
            retry_at=outcome.retry_at,
            **({"parts": [_as_part(one, end) for one, end in ends]} if len(ends) > 1 else {}),
        )
        if not any(won):
            return None
        if outcome.is_dead_address or any(end.is_dead_address for end in outcome.per_recipient.values()):
            bar_dead(connection, delivery["id"], [one["number"] for one, _ in ends], delivery["channel"], now)
        note_bearing(connection, delivery["mode"], delivery["channel"], outcome, now)
        refresh_delivery_state(connection, batch["delivery_id"], now)
        after = read_batch(connection, batch_id)
        return State(after["state"]) if after else None


def _as_part(batch: RowMapping, end: Outcome) -> dict[str, object]:
    """How the call ended for some of its readers, for the history."""
    return {"batch": batch["number"], "outcome": str(end.kind), "reasons": as_data(end.reasons), "detail": end.detail}


def _keep_words(connection: Connection, row: RowMapping, message: Message, tells_of: Iterable[Message]) -> None:
    """Keep a message; and of the mails that it tells of, if it is a digest, the words of those that nobody has had: its
    readers look for them in the archive."""
    keep_message(connection, message)
    mails = {mail.item: mail for mail in tells_of}
    may_have_gone = [str(state) for state in (State.SENDING, State.SENT, State.UNKNOWN)]
    query = select(deliveries.c.id, deliveries.c.item, deliveries.c.digest).where(
        *(deliveries.c[name] == row[name] for name in ("mode", "campaign", "season", "channel")),
        deliveries.c.item.in_(mails),
        not_(exists().where(batches.c.delivery_id == deliveries.c.id, batches.c.state.in_(may_have_gone))),
    )
    for delivery_id, item, kept in connection.execute(query).all() if mails else ():
        if kept != mails[item].digest:
            keep_message(connection, mails[item])
            mine = update(deliveries).where(deliveries.c.id == delivery_id)
            connection.execute(mine.values(digest=mails[item].digest))


def _note_correction(connection: Connection, delivery_id: int, digest: str, now: datetime) -> dict[str, Any]:
    """Whether other words than these have gone out of this delivery before: when, and to how many."""
    row = read_delivery(connection, delivery_id)
    if row is None or row["digest"] in ("", digest):
        return {}
    earlier = select(func.coalesce(func.sum(batches.c.size - batches.c.skipped), 0)).where(
        batches.c.delivery_id == delivery_id,
        batches.c.state.in_([str(State.SENT), str(State.UNKNOWN)]),
        batches.c.digest != digest,
    )
    had = int(connection.execute(earlier).scalar_one())
    if not had or row["kind"] == "post":
        return {}
    append(
        connection,
        at=now,
        kind="delivery.corrected",
        who="tick",
        delivery_id=delivery_id,
        had_earlier=had,
        before=row["digest"],
        after=digest,
    )
    return {"corrected_at": now, "had_earlier": had}


def _inside(outcome: Outcome, until: datetime, now: datetime) -> Outcome:
    """The outcome as it is written down: without addresses, and with an instant at which a next try is allowed."""
    retry_at = outcome.retry_at or now
    reasons = outcome.reasons
    if not reasons and outcome.kind is not OutcomeKind.ACCEPTED:  # a channel that gives none
        reasons = (because(ReasonCode.UNCLASSIFIED),)
    if outcome.kind is OutcomeKind.LATER and retry_at >= until:
        reasons = (because(ReasonCode.TOO_LATE_TO_RETRY), *reasons)
    return replace(outcome, detail=without_addresses(outcome.detail), reasons=reasons, retry_at=retry_at)


#: What an outcome does to a batch that is sending, and to one that was given up as unknown meanwhile.
_VERBS: Mapping[OutcomeKind, tuple[tuple[Verb, ...], tuple[Verb, ...]]] = {
    OutcomeKind.ACCEPTED: ((Verb.ACCEPT,), (Verb.FOUND_SENT,)),
    OutcomeKind.LATER: ((Verb.POSTPONE,), (Verb.FOUND_NOT_SENT,)),
    OutcomeKind.FINAL: ((Verb.FAIL,), (Verb.FOUND_NOT_SENT, Verb.SET_ASIDE)),
    OutcomeKind.UNKNOWN: ((Verb.DOUBT,), ()),
}


#: The same for a batch of readers whose addresses are dead.
_LEFT_OUT: tuple[tuple[Verb, ...], tuple[Verb, ...]] = ((Verb.LEAVE_OUT,), (Verb.FOUND_NOT_SENT, Verb.SKIP))


def _end_attempt(connection: Connection, batch: RowMapping, token: str, outcome: Outcome, expires_at: datetime) -> bool:
    """Move the batch as the outcome says, if ``token`` is still its latest. Whether it was."""
    verbs = _VERBS[outcome.kind][batch["state"] == State.UNKNOWN]
    if outcome.is_dead_address:
        verbs = _LEFT_OUT[batch["state"] == State.UNKNOWN]
    values: dict[str, Any] = why(outcome.reasons, outcome.detail)
    if outcome.kind is OutcomeKind.ACCEPTED:
        values = {"reference": outcome.reference}  # the reasons of the intent stay: a rehearsal's
    if outcome.kind is OutcomeKind.UNKNOWN:
        values["doubts"] = batches.c.doubts + 1
    if outcome.kind is OutcomeKind.LATER and outcome.retry_at is not None:
        values["not_before_at"] = outcome.retry_at
        if outcome.retry_at >= expires_at:
            verbs = (*verbs, Verb.EXPIRE)
    mine = (batches.c.id == batch["id"], batches.c.token == token)
    moved = 0
    for verb in verbs:
        moved = transition(connection, batches, verb, *mine, **values)
    return bool(moved)


def _still_there(connection: Connection, batch: RowMapping) -> ColumnElement[bool]:
    """May be written to, in the stay in which it was frozen: who left and came back gets the next item."""
    delivery = delivery_of(connection, batch)
    campaign, due_at = delivery["campaign"], delivery["due_at"]
    before = exists().where(of_reader(cadences, campaign, recipients.c.subscriber_id), cadences.c.since_at <= due_at)
    same_stay = or_(subscriptions.c.cadence_since_at <= due_at, before)
    return _may_be_called_for(campaign, batch["not_before_at"], same_stay)


def _may_be_called_for(campaign: str, at: datetime, *where: ColumnElement[bool]) -> ColumnElement[bool]:
    """Whether the recipient's subscription lets a mail go at that time, and nothing bars the address."""
    person = subscribers.c.id == recipients.c.subscriber_id
    on_the_list = of_reader(subscriptions, campaign, recipients.c.subscriber_id)
    return exists().where(on_the_list, person, may_be_written_to(at), not_(is_barred(campaign)), *where)


def _skip_who_left(connection: Connection, batch: RowMapping) -> int:
    """Mark readers who left since the freeze, with the reason. Returns how many of the batch are skipped."""
    campaign = delivery_of(connection, batch)["campaign"]
    still_there = _still_there(connection, batch)
    suppressed_for = (
        select(suppressions.c.reason)
        .join(subscribers, subscribers.c.address_key == suppressions.c.address_key)
        .where(subscribers.c.id == recipients.c.subscriber_id, bars(suppressions, campaign))
        .order_by(suppressions.c.campaign)  # what holds for all campaigns first
        .limit(1)
        .scalar_subquery()
    )
    mine = of_reader(subscriptions, campaign, recipients.c.subscriber_id)
    state = select(subscriptions.c.state).where(mine).scalar_subquery()
    left = {str(subscriber): str(code) for subscriber, code in _WHY_LEFT_OUT.items()}
    reason = case(
        (not_(exists().where(mine)), str(ReasonCode.ERASED)),
        (_may_be_called_for(campaign, batch["not_before_at"]), str(ReasonCode.CAME_BACK)),
        else_=case(left, value=state, else_=str(ReasonCode.BARRED)),
    )
    connection.execute(
        update(recipients)
        .where(*of_batch(batch), recipients.c.state.is_(None), not_(still_there))
        .values(state=str(State.SKIPPED), reason=reason, detail=suppressed_for)
    )
    skipped = count(connection, recipients, *of_batch(batch), recipients.c.state == str(State.SKIPPED))
    if skipped != batch["skipped"]:
        connection.execute(update(batches).where(batches.c.id == batch["id"]).values(skipped=skipped))
    return skipped


def newly_left(connection: Connection, batch: RowMapping) -> int:
    """How many readers of a batch, not skipped so far, may not be written to any more."""
    return count(
        connection, recipients, *of_batch(batch), recipients.c.state.is_(None), not_(_still_there(connection, batch))
    )


def read_recipients(connection: Connection, batch: RowMapping) -> tuple[Recipient, ...]:
    """Readers of a batch who are not skipped, by id."""
    query = (
        select(subscribers.c.id, subscribers.c.address, subscribers.c.name)
        .join(recipients, recipients.c.subscriber_id == subscribers.c.id)
        .where(*of_batch(batch), recipients.c.state.is_(None))
        .order_by(subscribers.c.id)
    )
    return tuple(Recipient(i, address, name) for i, address, name in connection.execute(query))


def _note_set_back(connection: Connection, batch: RowMapping) -> None:
    """Say beside the delivery that a batch of it waits that went out, by the history: it is never called again."""
    columns = why((because(ReasonCode.ACCEPTED_BEFORE, batch=batch["number"]),), words="note")
    mine = deliveries.c.id == batch["delivery_id"]
    connection.execute(update(deliveries).where(mine, deliveries.c.reasons != columns["reasons"]).values(**columns))


def _close_uncalled(connection: Connection, batch: RowMapping, verb: Verb, reason: Reason, now: datetime) -> None:
    """End a batch for which no call was made."""
    end_batch(connection, batch, verb, now, who="tick", told={"reasons": as_data((reason,))}, values=why((reason,)))
