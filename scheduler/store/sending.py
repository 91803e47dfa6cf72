"""Freezing, the intent before the call, the outcome after it."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Integer,
    RowMapping,
    and_,
    case,
    cast,
    exists,
    func,
    insert,
    literal,
    not_,
    select,
    update,
)

from ..domain.delivery import State, Verb
from ..domain.ledger import Batch
from ..domain.message import Message
from ..domain.message_text import to_text
from ..domain.redact import without_addresses
from ..ports import Outcome, OutcomeKind, Prepared, Recipient
from .events import append
from .parting import part
from .rows import Part, as_batch, move, of_batch, read_batch, read_delivery, summed_up
from .tables import attempts, batches, deliveries, ledger, messages, recipients, subscribers, suppressions

#: Readers frozen in one commit: long enough to be fast, short enough that a hold need not wait.
FREEZE_AT_ONCE = 50_000

#: After so many tries that ended before the call, a batch is set aside.
TRIES = 3

ACTIVE = "active"


def may_be_written_to() -> ColumnElement[bool]:
    """Readers who are there, and whose address is not suppressed."""
    suppressed = exists().where(suppressions.c.address_key == subscribers.c.address_key)
    return and_(subscribers.c.state == ACTIVE, not_(suppressed))


def send_id_of(ledger_id: str, delivery: RowMapping, number: int) -> str:
    """What a call is known by at the provider: the same for each attempt, and in a restored copy of the ledger."""
    names = (delivery["mode"], delivery["campaign"], delivery["season"], delivery["item"], delivery["channel"], number)
    return hashlib.sha256("\n".join(map(str, (ledger_id, *names))).encode()).hexdigest()[:32]


class SendingRows(Part):
    """One batch on its way."""

    def freeze(self, delivery_id: int, *, batch_limit: int, now: datetime) -> bool:
        """Freeze who gets a due delivery, in batches; once. A part at a time: call until it returns True.

        Readers are taken in the order of their ids, so that each batch is one stretch of ids; a reader who comes
        in while this goes on is written to from the next day on.
        """
        with self._database.write("freeze") as connection:
            row = read_delivery(connection, delivery_id)
            if row is None or row["opened_at"] is not None or row["state"] != State.SCHEDULED:
                return True
            if row["kind"] == "post":
                self._add_batches(connection, row, [(1, "", "", 1)], now)
                frozen, done = 1, True
            else:
                per_part = max(1, FREEZE_AT_ONCE // batch_limit) * batch_limit
                found = _freeze_part(connection, row, batch_limit, per_part)
                self._add_batches(connection, row, found, now)
                frozen = row["frozen"] + sum(size for *_, size in found)
                done = frozen - row["frozen"] < per_part
                if found:
                    through = found[-1][2]
                    connection.execute(
                        update(deliveries).where(deliveries.c.id == delivery_id).values(frozen_through=through)
                    )
            connection.execute(
                update(deliveries)
                .where(deliveries.c.id == delivery_id)
                .values(frozen=frozen, changed_at=now, **({"opened_at": now} if done else {}))
            )
            if done and not frozen:
                move(connection, deliveries, Verb.SKIP, deliveries.c.id == delivery_id, note="there were no readers")
            if done:
                append(
                    connection, at=now, kind="delivery.opened", who="tick", delivery_id=delivery_id, frozen=frozen
                )  # fmt: skip
            return done

    def _add_batches(
        self, connection: Connection, row: RowMapping, found: Sequence[tuple[int, str, str, int]], now: datetime
    ) -> None:
        if not found:
            return
        ledger_id = connection.execute(select(ledger.c.ledger_id)).scalar_one()
        connection.execute(
            batches.insert(),
            [
                {
                    "delivery_id": row["id"],
                    "number": number,
                    "first_subscriber": first,
                    "last_subscriber": last,
                    "size": size,
                    "state": str(State.SCHEDULED),
                    "send_id": send_id_of(ledger_id, row, number),
                    "not_before_at": row["due_at"],
                }
                for number, first, last, size in found
            ],
        )

    def ready_batches(self, delivery_id: int, *, now: datetime) -> tuple[Batch, ...]:
        """Batches that wait and may be tried now, by number."""
        query = (
            select(batches)
            .join(deliveries, deliveries.c.id == batches.c.delivery_id)
            .where(
                batches.c.delivery_id == delivery_id,
                batches.c.state == str(State.SCHEDULED),
                batches.c.not_before_at <= now,
                deliveries.c.opened_at.is_not(None),
            )
            .order_by(batches.c.number)
        )
        with self._database.read() as connection:
            return tuple(as_batch(row) for row in connection.execute(query).mappings())

    def prepare(self, batch_id: int, *, survived: bool = False, now: datetime) -> Prepared | None:
        """Leave out who has left, count the try. None when the batch is not to be sent now.

        The try is counted before anything is built, and the count starts again with the intent: a record that
        kills the program while it is built is set aside at the third start, and its neighbours go on.
        ``survived``: this process has built the batch before and lives, so earlier tries do not count against it.
        """
        with self._database.write("prepare") as connection:
            batch = read_batch(connection, batch_id)
            if batch is None or batch["state"] != State.SCHEDULED:
                return None
            delivery = read_delivery(connection, batch["delivery_id"])
            if delivery is None or not delivery["due_at"] <= now < delivery["expires_at"]:
                return None
            tries = 0 if survived else batch["tries"]
            if tries >= TRIES:
                detail = f"set aside: it stopped the program {TRIES} times before the call; nothing was sent"
                _close_uncalled(connection, batch, Verb.SET_ASIDE, detail, now)
                return None
            connection.execute(update(batches).where(batches.c.id == batch_id).values(tries=tries + 1))
            if delivery["kind"] == "post":
                return Prepared(as_batch(batch))
            skipped = _skip_who_left(connection, batch)
            if skipped == batch["size"]:
                _close_uncalled(connection, batch, Verb.SKIP, "everybody in it had left", now)
                return None
            return Prepared(as_batch({**batch, "skipped": skipped}), read_recipients(connection, batch))

    def leave_out(self, batch_id: int, reasons: Mapping[str, str], *, now: datetime) -> None:
        """Subscribers whose own record makes the call impossible (id -> why): skipped; the others go on."""
        with self._database.write("leave_out") as connection:
            batch = read_batch(connection, batch_id)
            if batch is None:
                return
            for subscriber_id, reason in reasons.items():
                connection.execute(
                    update(recipients)
                    .where(*of_batch(batch), recipients.c.subscriber_id == subscriber_id)
                    .values(state=str(State.SKIPPED), reason=without_addresses(reason))
                )
            skipped = _count_skipped(connection, batch)
            if skipped == batch["size"]:
                _close_uncalled(connection, batch, Verb.SKIP, "nobody was left in it", now)
            append(
                connection, at=now, kind="recipients.skipped", who="tick", delivery_id=batch["delivery_id"],
                batch=batch["number"], subscribers=dict(reasons),
            )  # fmt: skip

    def intend(
        self,
        batch_id: int,
        *,
        token: str,
        message: Message,
        fingerprint: str,
        readers: int,
        node: str,
        lease: timedelta,
        check_after: timedelta,
        note: str = "",
        now: datetime,
    ) -> bool:
        """Commit the intent to call. False when somebody else has the batch, or it may not go now."""
        digest = message.digest
        open_now = exists().where(
            deliveries.c.id == batches.c.delivery_id, deliveries.c.due_at <= now, deliveries.c.expires_at > now
        )
        with self._database.write("intent") as connection:
            if connection.execute(select(ledger.c.copied_at)).scalar() is not None:
                return False  # a backup: nothing is sent from it before it has been taken over
            won = move(
                connection, batches, Verb.TAKE, batches.c.id == batch_id, batches.c.not_before_at <= now, open_now,
                token=token, attempt=batches.c.attempt + 1, tries=0, digest=digest, fingerprint=fingerprint,
                started_at=now, lease_until_at=now + lease, check_at=now + check_after, checks=0, node=node,
                detail="",
            )  # fmt: skip
            if won != 1:
                return False
            batch = read_batch(connection, batch_id)
            assert batch is not None  # noqa: S101 - it was changed just now
            connection.execute(
                attempts.insert().values(
                    token=token, batch_id=batch_id, number=batch["attempt"], started_at=now, node=node,
                    digest=digest, fingerprint=fingerprint, readers=readers,
                )
            )  # fmt: skip
            if not connection.execute(select(messages.c.digest).where(messages.c.digest == digest)).first():
                connection.execute(messages.insert().values(digest=digest, body=to_text(message)))
            summed_up(connection, batch["delivery_id"], now, digest=digest, note=note)
            append(
                connection, at=now, kind="attempt.begun", who="tick", delivery_id=batch["delivery_id"],
                batch=batch["number"], attempt=batch["attempt"], token=token, digest=digest, readers=readers, node=node,
                note=note,
            )  # fmt: skip
        return True

    def conclude(self, batch_id: int, *, token: str, outcome: Outcome, now: datetime) -> State | None:
        """Commit how the call ended. None when the token is not the latest any more: the answer came too late.

        May be called again with the same outcome, when it is not known whether the first time was committed.
        A certain answer that arrives after the batch was given up as unknown is evidence, and settles it.
        """
        with self._database.write("outcome") as connection:
            batch = read_batch(connection, batch_id)
            written = connection.execute(select(attempts.c.ended_at).where(attempts.c.token == token)).first()
            if batch is None or written is None:
                return None  # the intent was never committed
            if written[0] is not None:
                return State(batch["state"]) if batch["token"] == token else None  # this was written down before
            delivery = read_delivery(connection, batch["delivery_id"])
            assert delivery is not None  # noqa: S101 - a batch has its delivery, by a foreign key
            ends = [
                (one, _inside(end, delivery, now)) for one, end in part(connection, batch, token, outcome)
            ]  # more than one where readers fared differently
            won = [_end_attempt(connection, one, token, end, delivery["expires_at"]) for one, end in ends]
            kind = str(ends[0][1].kind) if len(ends) == 1 else "mixed"
            detail = ends[0][1].detail if len(ends) == 1 else without_addresses(outcome.detail)
            connection.execute(
                update(attempts)
                .where(attempts.c.token == token)
                .values(
                    ended_at=now, outcome=kind, status=outcome.status, reference=outcome.reference, detail=detail,
                )
            )  # fmt: skip
            parts = [{"batch": one["number"], "outcome": str(end.kind), "detail": end.detail} for one, end in ends]
            append(
                connection, at=now, kind=f"attempt.{kind}" if any(won) else "attempt.too-late", who="tick",
                delivery_id=batch["delivery_id"], batch=batch["number"], token=token, outcome=kind,
                status=outcome.status, reference=outcome.reference, detail=detail, retry_at=outcome.retry_at,
                **({"parts": parts} if len(ends) > 1 else {}),
            )  # fmt: skip
            if not any(won):
                return None
            note = {} if kind == OutcomeKind.ACCEPTED else {"note": detail}
            summed_up(connection, batch["delivery_id"], now, **note)
            after = read_batch(connection, batch_id)
            return State(after["state"]) if after else None


def _inside(outcome: Outcome, delivery: RowMapping, now: datetime) -> Outcome:
    """The outcome as it is written down: without addresses, and with an instant at which a next try is allowed."""
    retry_at = outcome.retry_at or now
    detail = without_addresses(outcome.detail)
    if outcome.kind is OutcomeKind.LATER and retry_at >= delivery["expires_at"]:
        detail = f"it may be tried again only after its window has closed: {detail}"
    return replace(outcome, detail=detail, retry_at=retry_at)


#: What an outcome does to a batch that is sending, and to one that was given up as unknown meanwhile.
_VERBS: Mapping[OutcomeKind, tuple[tuple[Verb, ...], tuple[Verb, ...]]] = {
    OutcomeKind.ACCEPTED: ((Verb.ACCEPT,), (Verb.FOUND_SENT,)),
    OutcomeKind.LATER: ((Verb.POSTPONE,), (Verb.FOUND_NOT_SENT,)),
    OutcomeKind.FINAL: ((Verb.FAIL,), (Verb.FOUND_NOT_SENT, Verb.SET_ASIDE)),
    OutcomeKind.UNKNOWN: ((Verb.DOUBT,), ()),
}


def _end_attempt(
    connection: Connection, batch: RowMapping, token: str, outcome: Outcome, expires_at: datetime
) -> bool:
    """Move the batch as the outcome says, if ``token`` is still its latest. Whether it was."""
    verbs = _VERBS[outcome.kind][batch["state"] == State.UNKNOWN]
    values: dict[str, Any] = {"detail": outcome.detail}
    if outcome.kind is OutcomeKind.ACCEPTED:
        values["reference"] = outcome.reference
    if outcome.kind is OutcomeKind.UNKNOWN:
        values["doubts"] = batches.c.doubts + 1
    if outcome.kind is OutcomeKind.LATER and outcome.retry_at is not None:
        values["not_before_at"] = outcome.retry_at
        if outcome.retry_at >= expires_at:
            verbs = (*verbs, Verb.EXPIRE)
    mine = (batches.c.id == batch["id"], batches.c.token == token)
    moved = 0
    for verb in verbs:
        moved = move(connection, batches, verb, *mine, **values)
    return bool(moved)


def _freeze_part(
    connection: Connection, row: RowMapping, batch_limit: int, how_many: int
) -> list[tuple[int, str, str, int]]:
    """Freeze the next stretch of readers. Returns (batch number, first id, last id, size) for each batch of it."""
    base = row["frozen"] // batch_limit
    stretch = (
        select(subscribers.c.id)
        .where(may_be_written_to(), subscribers.c.id > row["frozen_through"])
        .order_by(subscribers.c.id)
        .limit(how_many)
        .subquery()
    )
    place = func.row_number().over(order_by=stretch.c.id) - 1
    number = cast(place // batch_limit + (base + 1), Integer)
    connection.execute(
        insert(recipients).from_select(
            ["delivery_id", "subscriber_id", "batch_number"], select(literal(row["id"]), stretch.c.id, number)
        )
    )
    sums = connection.execute(
        select(
            recipients.c.batch_number,
            func.min(recipients.c.subscriber_id),
            func.max(recipients.c.subscriber_id),
            func.count(),
        )
        .where(recipients.c.delivery_id == row["id"], recipients.c.subscriber_id > row["frozen_through"])
        .group_by(recipients.c.batch_number)
        .order_by(recipients.c.batch_number)
    ).all()
    return [(number, first, last, size) for number, first, last, size in sums]


def _skip_who_left(connection: Connection, batch: RowMapping) -> int:
    """Mark readers who left since the freeze, with the reason. Returns how many of the batch are skipped."""
    still_there = exists().where(subscribers.c.id == recipients.c.subscriber_id, may_be_written_to())
    known = exists().where(subscribers.c.id == recipients.c.subscriber_id)
    suppressed_for = (
        select(suppressions.c.reason)
        .join(subscribers, subscribers.c.address_key == suppressions.c.address_key)
        .where(subscribers.c.id == recipients.c.subscriber_id)
        .scalar_subquery()
    )
    state = select(subscribers.c.state).where(subscribers.c.id == recipients.c.subscriber_id).scalar_subquery()
    reason = case((not_(known), "erased"), else_=func.coalesce(suppressed_for, state))
    connection.execute(
        update(recipients)
        .where(*of_batch(batch), recipients.c.state.is_(None), not_(still_there))
        .values(state=str(State.SKIPPED), reason=reason)
    )
    return _count_skipped(connection, batch)


def _count_skipped(connection: Connection, batch: RowMapping) -> int:
    skipped = connection.execute(
        select(func.count()).select_from(recipients).where(*of_batch(batch), recipients.c.state == str(State.SKIPPED))
    ).scalar_one()
    if skipped != batch["skipped"]:
        connection.execute(update(batches).where(batches.c.id == batch["id"]).values(skipped=skipped))
    return int(skipped)


def newly_left(connection: Connection, batch: RowMapping) -> int:
    """How many readers of a batch, not skipped so far, may not be written to any more."""
    still_there = exists().where(subscribers.c.id == recipients.c.subscriber_id, may_be_written_to())
    query = (
        select(func.count())
        .select_from(recipients)
        .where(*of_batch(batch), recipients.c.state.is_(None), not_(still_there))
    )
    return int(connection.execute(query).scalar_one())


def read_recipients(connection: Connection, batch: RowMapping) -> tuple[Recipient, ...]:
    """Readers of a batch who are not skipped, by id."""
    query = (
        select(subscribers.c.id, subscribers.c.address, subscribers.c.name)
        .join(recipients, recipients.c.subscriber_id == subscribers.c.id)
        .where(*of_batch(batch), recipients.c.state.is_(None))
        .order_by(subscribers.c.id)
    )
    return tuple(Recipient(i, address, name) for i, address, name in connection.execute(query))


def _close_uncalled(connection: Connection, batch: RowMapping, verb: Verb, detail: str, now: datetime) -> None:
    """End a batch for which no call was made."""
    move(connection, batches, verb, batches.c.id == batch["id"], detail=detail)
    summed_up(connection, batch["delivery_id"], now, note=detail)
    append(
        connection, at=now, kind=f"batch.{verb}", who="tick", delivery_id=batch["delivery_id"],
        batch=batch["number"], why=detail,
    )  # fmt: skip
