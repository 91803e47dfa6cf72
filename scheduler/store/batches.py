"""The intent before the call, the outcome after it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from typing import Any, NamedTuple

from sqlalchemy import (
    ColumnElement,
    Connection,
    RowMapping,
    Select,
    Update,
    bindparam,
    case,
    exists,
    func,
    not_,
    or_,
    select,
    update,
)

from ..domain.delivery import State, Verb
from ..domain.discreet import CHOSEN
from ..domain.message import Message
from ..domain.outcome import Outcome, OutcomeKind, Recipient
from ..domain.reason import Reason, ReasonCode, as_data, because, from_text
from ..domain.records import Batch, Prepared
from ..domain.redact import without_addresses
from ..domain.subscriber import SubscriberState
from . import by_driver
from .attempts import is_at_limit
from .barring import bar_dead
from .database import Database
from .events import AcceptedByHistory, append, append_lines, end_batch
from .holds import bears_on, must_wait_for_another, note_bearing
from .repository import (
    REST,
    Repository,
    as_batch,
    bars,
    change_row,
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
    transition_row,
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
#: A try that began so recently may still be going on, in another process that lives: it counts against nothing yet, and
#: where several processes send, whoever else builds the batch meanwhile is counted with it.
BUILDING = timedelta(minutes=1)
#: The tries of so many batches are counted in one commit. A program that ends while one of them is built leaves one try
#: too many with those that were not reached; none is counted ahead that has been tried before, so it never gets more.
AHEAD = 50

#: Why who is in this state is left out of a mailing; any other state, and a bar of the address alone: barred.
_WHY_LEFT_OUT = {
    SubscriberState.LEFT: ReasonCode.LEFT,
    SubscriberState.PAUSED: ReasonCode.PAUSED,
    SubscriberState.PENDING: ReasonCode.NOT_CONFIRMED,
    SubscriberState.ERASED: ReasonCode.ERASED,
}


NAMES_OF_A_CALL = ("mode", "campaign", "season", "item", "channel")


def send_id_of(ledger_id: str, delivery: RowMapping | dict[str, Any], number: int) -> str:
    """What a call is known by at the provider: the same for each attempt, and in a restored copy of the ledger."""
    names = (delivery[name] for name in NAMES_OF_A_CALL)
    return hashlib.sha256("\n".join(map(str, (ledger_id, *names, number))).encode()).hexdigest()[:32]


class BatchRepository(Repository):
    """One batch on its way."""

    def __init__(self, database: Database) -> None:
        super().__init__(database)
        self._accepted = AcceptedByHistory(database)
        self._counted: set[int] = set()  # batches whose try was counted ahead, and that were not prepared since

    def ready(self, delivery_id: int, *, now: datetime) -> tuple[Batch, ...]:
        """Batches that wait and may be tried now, by number."""
        with self._database.read() as connection:
            return tuple(map(as_batch, by_driver.rows(connection, _READY, {"delivery": delivery_id, "now": now})))

    def prepare(self, batch_id: int, *, survived: bool = False, now: datetime) -> Prepared | None:
        """Leave out who has left, count the try. None when the batch is not to be sent now.

        The try is counted before anything is built, and the count starts again with the intent: a record that
        kills the program while it is built is set aside after the third start, and its neighbors go on. Several
        processes that wake at the same instant are one such start, also where all of them are killed: see BUILDING.
        ``survived``: this process has built the batch before and lives, so earlier tries do not count against it.

        A try costs no commit of its own, mostly: the next batches of the delivery are counted with this one, see AHEAD.
        Those are only looked at when it is their turn, and where somebody has left, that is written down. That of a
        post is counted with its freeze (:meth:`RecipientRepository.freeze_post`), and it is prepared by that.
        """
        if batch_id in self._counted:
            self._counted.discard(batch_id)
            with self._database.read() as connection:
                prepared = self._as_counted(connection, batch_id, now)
            if prepared is not None:
                return prepared
        return self._prepare(batch_id, survived=survived, now=now)

    def look_ahead(self, batch_id: int, *, now: datetime) -> Prepared | None:
        """A batch whose turn is still to come, where it is ready as it is: nothing is written, and no try is counted
        that was not. None for any other, and on PostgreSQL: there another program may be about to take it."""
        if batch_id not in self._counted or not self._database.is_sqlite:
            return None
        with self._database.read() as connection:
            return self._as_counted(connection, batch_id, now)

    def _as_counted(self, connection: Connection, batch_id: int, now: datetime) -> Prepared | None:
        """A batch that is ready as it is: it waits, its try is counted, and everybody in it may be written to. Whether
        it went out before is asked with the intent."""
        batch = read_batch(connection, batch_id)
        if batch is None or batch["state"] != State.SCHEDULED or batch["tries"] != 1:
            return None
        delivery = delivery_of(connection, batch)
        if not delivery["due_at"] <= now < window_end(delivery, batch):
            return None
        bound = _bound(delivery, batch)
        nobody_left = delivery["departures"] == delivery["frozen_departures"]
        heads: Sequence[int | None] = ()
        found: Sequence[Sequence[Any]] = (
            by_driver.columns(connection, _OF_READERS.persons, bound) if nobody_left else ()
        )
        if not found:
            who = _OF_READERS.who if nobody_left else _OF_READERS.who_and_whether
            rows = by_driver.tuples(connection, who, bound)
            *found, heads = zip(*rows, strict=True) if rows else ((),)
        readers = tuple(map(Recipient, *found)) if found else ()
        if len(readers) != batch["size"] - batch["skipped"] or not all(heads):
            return None
        return Prepared(as_batch(batch), _with_heads(readers, heads), delivery["departures"])

    @transaction("prepare", together=True)
    def _prepare(self, connection: Connection, batch_id: int, *, survived: bool, now: datetime) -> Prepared | None:
        batch = read_batch(connection, batch_id)
        if batch is None or batch["state"] != State.SCHEDULED:
            return None
        delivery = delivery_of(connection, batch)
        if not delivery["due_at"] <= now < window_end(delivery, batch):
            return None
        if self._accepted.has(connection, batch):
            _note_set_back(connection, batch)
            return None
        tries = 0 if survived else batch["tries"]
        # By another machine's clock it may have begun a moment after now.
        goes_on = batch["tried_at"] is not None and abs(now - batch["tried_at"]) < BUILDING
        if tries >= TRIES:
            if goes_on:
                return None
            _close_uncalled(connection, batch, Verb.SET_ASIDE, because(ReasonCode.SET_ASIDE, tries=TRIES), now)
            return None
        if not (tries and goes_on) or self._database.is_sqlite:
            change_row(connection, batches, {"id": batch_id}, tries=tries + 1, tried_at=now)
        if delivery["kind"] == "post":
            return Prepared(as_batch(batch))
        if not tries:
            self._counted |= _count_ahead(connection, batch, now)
        skipped = _skip_who_left(connection, delivery, batch)
        if skipped == batch["size"]:
            _close_uncalled(connection, batch, Verb.SKIP, because(ReasonCode.ALL_LEFT), now)
            return None
        prepared = as_batch({**batch, "skipped": skipped})
        return Prepared(prepared, read_recipients(connection, batch, delivery), delivery["departures"])

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

    def begin_posts(
        self, posts: Sequence[tuple[int, Mapping[str, Any]]]
    ) -> list[tuple[Batch | None, bool] | Exception]:
        """Freeze posts that are due and whose calls were made up ahead, and commit the intents to call for them: of
        each both in one transaction, which the others share. What was frozen, None where it is opened already or does
        not wait; and whether it may be called for. Or what went wrong with it. ``posts``: delivery, and its intent as
        of :meth:`record_intent`."""

        def act(delivery_id: int, intent: Mapping[str, Any], connection: Connection) -> tuple[Batch | None, bool]:
            row = read_delivery(connection, delivery_id)
            if row is None or row["opened_at"] is not None or row["state"] != State.SCHEDULED:
                return None, False
            batch = _add_batch_of_post(connection, row)
            won = self._intend(connection, batch["id"], frozen=(row, batch), **intent)
            if not won:
                _open_post(connection, row, intent["now"])
            return as_batch(batch), won

        return self._database.write_each("intent", [partial(act, *post) for post in posts])

    def _intend(
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
        had_trouble: bool = False,
        limit: tuple[int, datetime] | None = None,
        frozen: tuple[RowMapping, RowMapping] | None = None,
        now: datetime,
    ) -> bool:
        """Commit the intent to call. False when somebody else has the batch, or it may not go now. ``begins_alone``:
        nor before another program's call has ended, or any where the provider ``had_trouble``. ``limit``: nor where the
        channel has had so many calls since then. ``left_out``: items that it does without; ``tells_of``: its mails.
        ``frozen``: a post and its batch, which was added in this transaction; it is opened with the intent."""
        self._counted.discard(batch_id)
        call = {"token": token, "digest": message.digest, "fingerprint": fingerprint, "node": node, "started_at": now}
        batch = read_batch(connection, batch_id) if frozen is None else frozen[1]
        if batch is None or self._accepted.has(connection, batch, is_new=frozen is not None):
            return False
        delivery = delivery_of(connection, batch) if frozen is None else frozen[0]
        # One program owns a SQLite ledger, and has several lanes.
        several = begins_alone and (had_trouble or not self._database.is_sqlite)
        if not _may_begin(connection, delivery, batch, now, several=several, limit=limit):
            return _not_now(connection, batch_id)
        attempt = batch["attempt"] + 1
        won = transition_row(
            connection,
            batches,
            Verb.TAKE,
            {"id": batch_id},
            **call,
            left_out=" ".join(sorted(left_out)),
            attempt=attempt,
            tries=0,
            lease_until_at=now + lease,
            check_at=None if check_after is None else now + check_after,
            checks=0,
            **why(reasons),
        )
        if not won:
            return False
        of_it = {"batch_id": batch_id, "number": attempt, "readers": readers}
        by_driver.change(connection, _ADD_ATTEMPT, {**call, **of_it})
        _keep_words(connection, delivery, message, tells_of)
        changed = {"digest": message.digest, **_note_correction(connection, delivery, message, now)}
        told = {name: call[name] for name in ("token", "digest", "node")} | {"reasons": as_data(reasons)}
        told |= {"batch": batch["number"], "attempt": attempt, "readers": readers}
        _tell_of_intent(connection, delivery, now, told, reasons, changed, opens=frozen is not None)
        return True

    record_intent = transaction("intent", together=True)(_intend)

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
        return _part(connection, batch, readers[keep:], keep, now)

    @transaction("part")
    def part(self, connection: Connection, batch_id: int, apart: Sequence[str], *, now: datetime) -> Batch | None:
        """The same, with these readers as the new batch."""
        batch = read_batch(connection, batch_id)
        if batch is None or batch["state"] != State.SCHEDULED:
            return None
        called = select(recipients.c.subscriber_id).where(*of_batch(batch), recipients.c.state.is_(None))
        readers = connection.execute(called).scalars().all()
        mine = sorted(set(apart).intersection(readers))
        return _part(connection, batch, mine, len(readers) - len(mine), now) if 0 < len(mine) < len(readers) else None

    @transaction("outcome", together=True)
    def record_outcome(
        self, connection: Connection, batch_id: int | None, *, token: str, outcome: Outcome, now: datetime
    ) -> State | None:
        """Commit how the call ended. None when the token is not the latest any more: the answer came too late.
        ``batch_id``: None where it is known by the token alone.

        May be called again with the same outcome, when it is not known whether the first time was committed.
        A certain answer that arrives after the batch was given up as unknown is evidence, and settles it.
        """
        written = by_driver.tuples(connection, _ATTEMPT_END, {"of": token})
        batch = read_batch(connection, batch_id or written[0][1]) if written else None
        if batch is None:
            return None  # the intent was never committed
        if written[0][0] is not None:
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
        change_row(connection, attempts, {"token": token}, **ended, ended_at=now, **why(summary.reasons, detail))
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
        began_at = batch["started_at"]
        note_bearing(connection, delivery["mode"], delivery["channel"], outcome, now, began_at=began_at)
        is_one = delivery["kind"] == "post" and delivery["skipped_at"] is None
        if not is_one:
            refresh_delivery_state(connection, batch["delivery_id"], now, row=delivery)
        (is_now,) = by_driver.tuples(connection, _STATE, {"of": batch["id"]})
        if is_one:
            refresh_delivery_state(connection, batch["delivery_id"], now, row=delivery, kinds=[is_now])
        return State(is_now[0])


_READY = (
    select(batches)
    .join(deliveries, deliveries.c.id == batches.c.delivery_id)
    .where(
        batches.c.delivery_id == bindparam("delivery"),
        batches.c.number != REST,
        batches.c.state == str(State.SCHEDULED),
        batches.c.not_before_at <= bindparam("now"),
        is_open_at(bindparam("now")),
        deliveries.c.opened_at.is_not(None),
    )
    .order_by(batches.c.number)
)


def _part(connection: Connection, batch: RowMapping, apart: Sequence[str], keep: int, now: datetime) -> Batch:
    delivery = delivery_of(connection, batch)
    rest = take_out(connection, batch, apart)
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


def freeze_post(connection: Connection, row: RowMapping, now: datetime, *, tries: int = 0) -> RowMapping:
    """One call's worth, without readers. Returns the row of its batch."""
    batch = _add_batch_of_post(connection, row, tries=tries, tried_at=now if tries else None)
    _open_post(connection, row, now)
    return batch


def _add_batch_of_post(
    connection: Connection, row: RowMapping, *, tries: int = 0, tried_at: datetime | None = None
) -> RowMapping:
    of_it = {"delivery_id": row["id"], "send_id": send_id_of(row["ledger_id"], row, 1), "not_before_at": row["due_at"]}
    by_driver.change(connection, _ADD_POST, {**of_it, "tries": tries, "tried_at": tried_at})
    (batch,) = by_driver.rows(connection, _BATCHES_OF, {"of": row["id"]})
    return batch


def _open_post(connection: Connection, row: RowMapping, now: datetime) -> None:
    change_row(connection, deliveries, {"id": row["id"]}, frozen=1, opened_at=now, changed_at=now)
    append(connection, at=now, kind=OPENED, who="tick", delivery_id=row["id"], frozen=1)


OPENED = "delivery.opened"  # in the history
LEDGER_ID = select(ledger.c.ledger_id)
_OF_A_POST = ("delivery_id", "send_id", "not_before_at", "tries", "tried_at")
_ADD_POST = batches.insert().values(
    number=1,
    size=1,
    state=str(State.SCHEDULED),
    **{name: bindparam(name, type_=batches.c[name].type) for name in _OF_A_POST},
)
_BATCHES_OF = select(batches).where(batches.c.delivery_id == bindparam("of"))


def _not_now(connection: Connection, batch_id: int) -> bool:
    """No. But it was built without harm: its tries are no sign that it stops programs."""
    change_row(connection, batches, {"id": batch_id}, tries=0)
    return False


def _may_begin(
    connection: Connection,
    delivery: RowMapping,
    batch: RowMapping,
    now: datetime,
    *,
    several: bool,
    limit: tuple[int, datetime] | None,
) -> bool:
    """Whether it is the time for a call, and nothing stops all of them: a hold, the limit of the channel, or that this
    is a backup, from which nothing is sent before it has been taken over. ``several`` may begin one."""
    if several and must_wait_for_another(connection, delivery):
        return False
    if limit is not None and is_at_limit(connection, delivery, *limit):
        return False
    if batch["not_before_at"] > now or not delivery["due_at"] <= now < window_end(delivery, batch):
        return False
    of_it = {"channel": delivery["channel"], "campaign": delivery["campaign"]}
    ((copied_at, is_held),) = by_driver.tuples(connection, _STOPS_ALL, of_it)
    return copied_at is None and not is_held


def _as_part(batch: RowMapping, end: Outcome) -> dict[str, object]:
    """How the call ended for some of its readers, for the history."""
    return {"batch": batch["number"], "outcome": str(end.kind), "reasons": as_data(end.reasons), "detail": end.detail}


def _keep_words(connection: Connection, row: RowMapping, message: Message, tells_of: Iterable[Message]) -> None:
    """Keep a message; and of the mails that it tells of, if it is a digest, the words of those that nobody has had: its
    readers look for them in the archive."""
    keep_message(connection, message)
    mails = {mail.item: mail for mail in tells_of}
    if not mails:
        return
    may_have_gone = [str(state) for state in (State.SENDING, State.SENT, State.UNKNOWN)]
    query = select(deliveries.c.id, deliveries.c.item, deliveries.c.digest).where(
        *(deliveries.c[name] == row[name] for name in ("mode", "campaign", "season", "channel")),
        deliveries.c.item.in_(mails),
        not_(exists().where(batches.c.delivery_id == deliveries.c.id, batches.c.state.in_(may_have_gone))),
    )
    for delivery_id, item, kept in connection.execute(query).all():
        if not mails[item].has(kept):
            keep_message(connection, mails[item])
            mine = update(deliveries).where(deliveries.c.id == delivery_id)
            connection.execute(mine.values(digest=mails[item].digest))


def _tell_of_intent(
    connection: Connection,
    row: RowMapping,
    now: datetime,
    told: Mapping[str, object],
    reasons: Iterable[Reason],
    changed: Mapping[str, Any],
    *,
    opens: bool,
) -> None:
    """What an intent makes of its delivery, and the lines of the history. ``opens``: it is opened with it."""
    lines: dict[str, Mapping[str, object]] = {"attempt.begun": told}
    if opens:
        lines, changed = {OPENED: {"frozen": 1}, **lines}, {**changed, "frozen": 1, "opened_at": now}
    kinds = [(str(State.SENDING), "", "")] if row["kind"] == "post" else None  # it is one batch
    refresh_delivery_state(connection, row["id"], now, reasons=reasons, row=row, kinds=kinds, **changed)
    append_lines(connection, at=now, who="tick", delivery_id=row["id"], told=lines)


def _note_correction(connection: Connection, row: RowMapping, message: Message, now: datetime) -> dict[str, Any]:
    """Whether other words than these have gone out of this delivery before: when, and to how many."""
    if not row["digest"] or message.has(row["digest"]):
        return {}
    delivery_id = row["id"]
    earlier = select(func.coalesce(func.sum(batches.c.size - batches.c.skipped), 0)).where(
        batches.c.delivery_id == delivery_id,
        batches.c.state.in_([str(State.SENT), str(State.UNKNOWN)]),
        batches.c.digest.not_in(message.digests),
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
        after=message.digest,
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
        without = [reason for reason in outcome.reasons if reason.code is ReasonCode.PICTURE_LEFT_OUT]
        if without:
            values |= why((*from_text(batch["reasons"]), *without))
    if outcome.kind is OutcomeKind.UNKNOWN:
        values["doubts"] = batch["doubts"] + 1
    if outcome.kind is OutcomeKind.LATER and outcome.retry_at is not None:
        values["not_before_at"] = outcome.retry_at
        if outcome.retry_at >= expires_at:
            verbs = (*verbs, Verb.EXPIRE)
    moved = False
    for verb in verbs:
        moved = transition_row(connection, batches, verb, {"id": batch["id"], "token": token}, **values)
    return moved


_CAMPAIGN: ColumnElement[str] = bindparam("campaign")
_DUE_AT: ColumnElement[datetime] = bindparam("due_at")
_AT: ColumnElement[datetime] = bindparam("at")
_OF_BATCH = (
    recipients.c.delivery_id == bindparam("delivery"),
    recipients.c.subscriber_id.between(bindparam("first"), bindparam("last")),
    recipients.c.batch_number == bindparam("number"),
)
_CALLED = (*_OF_BATCH, recipients.c.state.is_(None))
_READER = subscriptions.c.subscriber_id
_ON_THE_LIST = of_reader(subscriptions, _CAMPAIGN, recipients.c.subscriber_id)


def _goes() -> tuple[ColumnElement[bool], ...]:
    """Whether the recipient's subscription lets a mail go at that time, and nothing bars the address."""
    person = subscribers.c.id == recipients.c.subscriber_id
    return _ON_THE_LIST, person, may_be_written_to(_AT), not_(is_barred(_CAMPAIGN))


def _may_be_called_for(*where: ColumnElement[bool]) -> ColumnElement[bool]:
    # Of the recipient alone: by itself SQLAlchemy takes the tables of a statement around this one for the same rows,
    # and those of one further out for others.
    return exists().where(*_goes(), *where).correlate(recipients, subscribers)


def _of_same_stay() -> ColumnElement[bool]:
    """In the stay in which it was frozen: who left and came back gets the next item."""
    earlier = (of_reader(cadences, _CAMPAIGN, recipients.c.subscriber_id), cadences.c.since_at <= _DUE_AT)
    before = exists().where(*earlier).correlate(recipients)
    return or_(subscriptions.c.cadence_since_at <= _DUE_AT, before)


def _head_if_still_there() -> ColumnElement[Any]:
    """Which head they chose, as a number above 0; NULL of whom may not be written to any more."""
    head = select(subscriptions.c.discreet + 1).where(*_goes(), _of_same_stay())
    return head.correlate(recipients, subscribers).scalar_subquery()


def _why_left_out() -> ColumnElement[str]:
    state = select(subscriptions.c.state).where(_ON_THE_LIST).scalar_subquery()
    left = {str(subscriber): str(code) for subscriber, code in _WHY_LEFT_OUT.items()}
    return case(
        (not_(exists().where(_ON_THE_LIST)), str(ReasonCode.ERASED)),
        (_may_be_called_for(), str(ReasonCode.CAME_BACK)),
        else_=case(left, value=state, else_=str(ReasonCode.BARRED)),
    )


def _somebody_chose() -> ColumnElement[bool]:
    """Whether anybody in the stretch of a batch's readers has chosen a head; looked for once, and not for each."""
    mine = (subscriptions.c.campaign == _CAMPAIGN, _READER.between(bindparam("first"), bindparam("last")))
    return exists().where(*mine, subscriptions.c.discreet != 0).correlate(None)


class _OfReaders(NamedTuple):
    """The statements about a batch's readers."""

    persons: Select[*tuple[Any, ...]]  # id, address, name of those who are called, where nobody has chosen a head
    who: Select[*tuple[Any, ...]]  # those who are called: id, address, name, head
    who_and_whether: Select[*tuple[Any, ...]]  # the same; NULL for the head of whom may not be written to any more
    newly_left: Select[int]  # how many may not
    skip: Update  # mark those
    skipped: Select[int]  # how many are marked


def _of_readers(still_there: ColumnElement[bool], head: ColumnElement[Any]) -> _OfReaders:
    """``head``: of whom may still be written to, as a number above 0; NULL of all others."""
    suppressed_for = (
        select(suppressions.c.reason)
        .join(subscribers, subscribers.c.address_key == suppressions.c.address_key)
        .where(subscribers.c.id == recipients.c.subscriber_id, bars(suppressions, _CAMPAIGN))
        .order_by(suppressions.c.campaign)  # what holds for all campaigns first
        .limit(1)
        .scalar_subquery()
    )
    gone = {"state": str(State.SKIPPED), "reason": _why_left_out(), "detail": suppressed_for}
    chosen = select(subscriptions.c.discreet + 1).where(_ON_THE_LIST).correlate(recipients).scalar_subquery()
    person = (
        select(subscribers.c.id, subscribers.c.address, subscribers.c.name)
        .join(recipients, recipients.c.subscriber_id == subscribers.c.id)
        .where(*_CALLED)
        .order_by(recipients.c.subscriber_id)
    )
    return _OfReaders(
        person.where(not_(_somebody_chose())),
        person.add_columns(chosen),
        person.add_columns(head),
        select(func.count()).select_from(recipients).where(*_CALLED, not_(still_there)),
        update(recipients).where(*_CALLED, not_(still_there)).values(**gone),
        select(func.count()).where(*_OF_BATCH, recipients.c.state == str(State.SKIPPED)),
    )


def _of_whom_may_be_written_to() -> _OfReaders:
    return _of_readers(_may_be_called_for(_of_same_stay()), _head_if_still_there())


_OF_READERS = _of_whom_may_be_written_to()


def _bound(delivery: RowMapping, batch: RowMapping) -> dict[str, Any]:
    """What the statements about a batch's readers ask for."""
    of_batch = {"first": batch["first_subscriber"], "last": batch["last_subscriber"], "number": batch["number"]}
    of_delivery = {"delivery": delivery["id"], "campaign": delivery["campaign"], "due_at": delivery["due_at"]}
    return {**of_batch, **of_delivery, "at": batch["not_before_at"]}


def _skip_who_left(connection: Connection, delivery: RowMapping, batch: RowMapping) -> int:
    """Mark readers who left since the freeze, with the reason. Returns how many of the batch are skipped."""
    bound = _bound(delivery, batch)
    connection.execute(_OF_READERS.skip, bound)
    skipped = int(connection.execute(_OF_READERS.skipped, bound).scalar_one())
    if skipped != batch["skipped"]:
        change_row(connection, batches, {"id": batch["id"]}, skipped=skipped)
    return skipped


def newly_left(connection: Connection, delivery: RowMapping, batch: RowMapping) -> int:
    """How many readers of a batch, not skipped so far, may not be written to any more."""
    ((left,),) = by_driver.tuples(connection, _OF_READERS.newly_left, _bound(delivery, batch))
    return int(left)


def read_recipients(
    connection: Connection, batch: RowMapping, delivery: RowMapping | None = None
) -> tuple[Recipient, ...]:
    """Readers of a batch who are not skipped, by id. ``delivery``: that of the batch, where it was read already."""
    of_batch = {"first": batch["first_subscriber"], "last": batch["last_subscriber"], "number": batch["number"]}
    campaign = (delivery or delivery_of(connection, batch))["campaign"]
    rows = connection.execute(_OF_READERS.who, {**of_batch, "delivery": batch["delivery_id"], "campaign": campaign})
    found = rows.all()
    readers = tuple(Recipient(i, address, name) for i, address, name, _ in found)
    return _with_heads(readers, [head for *_, head in found])


def _with_heads(readers: tuple[Recipient, ...], heads: Sequence[int | None]) -> tuple[Recipient, ...]:
    """``heads``: a number above 0; NULL where there is no subscription any more."""
    if any(head != _NONE_CHOSEN for head in heads):
        for reader, head in zip(readers, heads, strict=True):
            reader.discreet = CHOSEN[(head or _NONE_CHOSEN) - 1]
    return readers


_NONE_CHOSEN = 1


def _count_ahead(connection: Connection, batch: RowMapping, now: datetime) -> set[int]:
    """Count the first try of the batches that come after this one. Returns which they are."""
    ids = connection.execute(_TO_COME, {"delivery": batch["delivery_id"], "number": batch["number"], "now": now})
    found = ids.scalars().all()
    if found:
        connection.execute(update(batches).where(batches.c.id.in_(found)).values(tries=1, tried_at=now))
    return set(found)


_TO_COME = (
    select(batches.c.id)
    .where(
        batches.c.delivery_id == bindparam("delivery"),
        batches.c.number.between(bindparam("number") + 1, bindparam("number") + AHEAD),
        batches.c.state == str(State.SCHEDULED),
        batches.c.tries == 0,
        batches.c.not_before_at <= bindparam("now"),
    )
    .order_by(batches.c.number)
)
_STOPS_ALL = select(ledger.c.copied_at, exists().where(bears_on(bindparam("channel"), bindparam("campaign"))))
_OF_A_CALL = ("token", "batch_id", "number", "started_at", "node", "digest", "fingerprint", "readers")
_ADD_ATTEMPT = attempts.insert().values({name: bindparam(name, type_=attempts.c[name].type) for name in _OF_A_CALL})
_STATE = select(batches.c.state, batches.c.reasons, batches.c.detail).where(batches.c.id == bindparam("of"))
_ATTEMPT_END = select(attempts.c.ended_at, attempts.c.batch_id).where(attempts.c.token == bindparam("of"))


def _note_set_back(connection: Connection, batch: RowMapping) -> None:
    """Say beside the delivery that a batch of it waits that went out, by the history: it is never called again."""
    columns = why((because(ReasonCode.ACCEPTED_BEFORE, batch=batch["number"]),), words="note")
    mine = deliveries.c.id == batch["delivery_id"]
    connection.execute(update(deliveries).where(mine, deliveries.c.reasons != columns["reasons"]).values(**columns))


def _close_uncalled(connection: Connection, batch: RowMapping, verb: Verb, reason: Reason, now: datetime) -> None:
    """End a batch for which no call was made."""
    end_batch(connection, batch, verb, now, who="tick", told={"reasons": as_data((reason,))}, values=why((reason,)))
