"""Doubts: batches whose call has no known end, and how they are settled."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import Connection, bindparam, select, update

from ..domain.delivery import State, Verb
from ..domain.message import Message, from_text
from ..domain.outcome import Evidence, Recipient, Verdict
from ..domain.reason import ReasonCode, because
from ..domain.records import Batch
from ..domain.redact import person, without_addresses
from . import by_driver
from .batches import read_recipients
from .events import append, end_batch
from .repository import Repository, all_rows, as_batch, read_batch, refresh_delivery_state, transaction, transition, why
from .split_batch import take_out
from .tables import approvals, attempts, batches, deliveries, messages

_OF_MODE = select(batches).join(deliveries, deliveries.c.id == batches.c.delivery_id)
_OF_MODE = _OF_MODE.where(deliveries.c.mode == bindparam("mode"))
_OVERDUE = _OF_MODE.where(batches.c.state == str(State.SENDING), batches.c.lease_until_at <= bindparam("now"))
_DOUBTFUL = _OF_MODE.where(batches.c.state == str(State.UNKNOWN), batches.c.check_at <= bindparam("now"))
_DOUBTFUL = _DOUBTFUL.order_by(batches.c.check_at, batches.c.id)


class LookupRepository(Repository):
    """Finding doubts by age, asking, settling."""

    def mark_expired_unknown(self, mode: str, *, now: datetime) -> tuple[Batch, ...]:
        """Batches that have been sending for longer than their lease: unknown. The program that began them was
        stopped between the intent and the outcome, or is stopped still."""
        asked = {"mode": mode, "now": now}
        if not self._ask(_OVERDUE, **asked):  # most passes find nothing, and must not wait for the lock of a writer
            return ()
        doubted: list[Batch] = []
        with self._database.write("doubt") as connection:
            for row in by_driver.rows(connection, _OVERDUE, asked):
                columns = why((because(ReasonCode.PROGRAM_STOPPED, node=row["node"]),))
                of_call = batches.c.token == row["token"]
                told = {"token": row["token"], "node": row["node"]}
                more = {"doubts": batches.c.doubts + 1, **columns}
                if end_batch(connection, row, Verb.DOUBT, now, of_call, who="tick", told=told, values=more):
                    begun = update(attempts).where(attempts.c.token == row["token"])
                    connection.execute(begun.values(outcome="unknown", **columns))
                    doubted.append(as_batch({**row, "state": str(State.UNKNOWN)}))
        return tuple(doubted)

    def doubtful(self, mode: str, *, now: datetime) -> tuple[Batch, ...]:
        """Unknown batches whose next question to the provider is due."""
        return tuple(as_batch(row) for row in self._rows(_DOUBTFUL, mode=mode, now=now))

    def sent_message(self, digest: str) -> Message | None:
        """The message that an attempt was made with."""
        body = self._read(select(messages.c.body).where(messages.c.digest == digest)).scalar()
        return from_text(body) if body is not None else None

    def kept_messages(self) -> frozenset[str]:
        """The digests of all messages whose words are kept."""
        return frozenset(self._read(select(messages.c.digest)).scalars())

    def text_of_message(self, digest: str) -> str:
        """As it is kept; empty where it is not."""
        return self._read(select(messages.c.body).where(messages.c.digest == digest)).scalar() or ""

    def may_be_seen(self, mode: str, digests: Collection[str]) -> bool:
        """Whether a message, by any of its digests, was approved, or has gone out in this mode, or was about to."""
        of_batch = select(attempts.c.token).join(batches, batches.c.id == attempts.c.batch_id)
        begun = of_batch.join(deliveries, deliveries.c.id == batches.c.delivery_id)
        return self._is_any(
            select(approvals.c.id).where(approvals.c.digest.in_(digests), approvals.c.withdrawn_at.is_(None)),
            begun.where(attempts.c.digest.in_(digests), deliveries.c.mode == mode),
        )

    def recipients(self, batch_id: int) -> tuple[Recipient, ...]:
        """Who was called for in a batch; those whose record is gone are missing."""
        with self._database.read() as connection:
            batch = read_batch(connection, batch_id)
            return read_recipients(connection, batch) if batch is not None else ()

    def settle(self, batch_id: int, *, token: str, evidence: Evidence, who: str, now: datetime) -> bool:
        """Settle a doubt by evidence. CANNOT_TELL changes nothing."""
        if evidence.verdict is Verdict.CANNOT_TELL:
            return False
        verb, code, reference = Verb.FOUND_NOT_SENT, ReasonCode.FOUND_NOT_SENT, ""
        if evidence.verdict is Verdict.SENT:
            verb, code, reference = Verb.FOUND_SENT, ReasonCode.FOUND_SENT, evidence.reference
        told = {"token": token, "reference": reference, "detail": without_addresses(evidence.detail)}
        values = {"reference": reference, "check_at": None, **why((because(code),), evidence.detail)}
        with self._database.write("settle") as connection:
            batch = read_batch(connection, batch_id)
            mine = batches.c.token == token
            return batch is not None and end_batch(
                connection, batch, verb, now, mine, who=who, told=told, values=values
            )

    @transaction("question")
    def begin_lookup(
        self, connection: Connection, batch_id: int, *, token: str, checks: int, check_at: datetime, now: datetime
    ) -> bool:
        """Count a question before it is asked. False when another program asks it, or the doubt is settled."""
        mine = (
            batches.c.id == batch_id,
            batches.c.token == token,
            batches.c.state == str(State.UNKNOWN),
            batches.c.checks == checks,
        )
        counted = connection.execute(update(batches).where(*mine).values(check_at=check_at, checks=checks + 1))
        return bool(counted.rowcount == 1)

    @transaction("ask_again")
    def schedule_lookup(
        self, connection: Connection, batch_id: int, *, token: str, check_at: datetime | None, now: datetime
    ) -> None:
        """When to ask the provider again; None: a person has to decide."""
        changed = connection.execute(
            update(batches)
            .where(batches.c.id == batch_id, batches.c.token == token, batches.c.state == str(State.UNKNOWN))
            .values(check_at=check_at)
        ).rowcount
        batch = read_batch(connection, batch_id)
        if changed and batch is not None and check_at is None:
            append(
                connection,
                at=now,
                kind="batch.needs-a-person",
                who="tick",
                delivery_id=batch["delivery_id"],
                batch=batch["number"],
                token=token,
            )

    @transaction("resolve")
    def resolve(
        self,
        connection: Connection,
        delivery_id: int,
        *,
        sent: bool,
        who: str,
        reference: str = "",
        batch: int | None = None,
        now: datetime,
    ) -> int:
        """A person settles a doubt. Returns how many batches it settled."""
        verb = Verb.FOUND_SENT if sent else Verb.FOUND_NOT_SENT
        where = [batches.c.delivery_id == delivery_id]
        if batch is not None:
            where.append(batches.c.number == batch)
        columns = why((because(ReasonCode.SETTLED_SENT if sent else ReasonCode.SETTLED_NOT_SENT, who=person(who)),))
        values = {"reference": without_addresses(reference)} if sent and reference else {}
        settled = transition(connection, batches, verb, *where, check_at=None, **columns, **values)
        if settled:
            refresh_delivery_state(connection, delivery_id, now)
            append(
                connection,
                at=now,
                kind=f"batch.{verb}",
                who=who,
                delivery_id=delivery_id,
                batch=batch,
                batches=settled,
                reference=reference,
            )
        return settled

    @transaction("resolve")
    def resolve_recipients(
        self,
        connection: Connection,
        delivery_id: int,
        readers: Sequence[str],
        *,
        sent: bool,
        who: str,
        evidence: str = "",
        now: datetime,
    ) -> int:
        """The same for single readers of a mailing, wherever they are in doubt. Returns how many it settled.

        ``evidence``: what it was seen in, as the mail server's log.
        """
        verb = Verb.FOUND_SENT if sent else Verb.FOUND_NOT_SENT
        columns = why(
            (because(ReasonCode.SETTLED_SENT if sent else ReasonCode.SETTLED_NOT_SENT, who=person(who)),), evidence
        )
        wanted, settled = set(readers), 0
        unknown = select(batches).where(batches.c.delivery_id == delivery_id, batches.c.state == str(State.UNKNOWN))
        for batch in all_rows(connection, unknown.order_by(batches.c.number)):
            mine = [r.subscriber_id for r in read_recipients(connection, batch) if r.subscriber_id in wanted]
            if not mine:
                continue
            part = take_out(connection, batch, mine)
            if transition(connection, batches, verb, batches.c.id == part["id"], check_at=None, **columns):
                settled += len(mine)
                append(
                    connection,
                    at=now,
                    kind=f"batch.{verb}",
                    who=who,
                    delivery_id=delivery_id,
                    batch=part["number"],
                    subscribers=mine,
                    evidence=evidence,
                )
        if settled:
            refresh_delivery_state(connection, delivery_id, now)
        return settled
