"""Receipts: what providers report later, handled once each, whatever their number and order."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    RowMapping,
    and_,
    bindparam,
    delete,
    exists,
    func,
    insert,
    not_,
    select,
    update,
)

from ..domain.address import address_key
from ..domain.delivery import State, Verb
from ..domain.reason import ReasonCode, because
from ..domain.receipt import (
    PROVES_ACCEPTANCE,
    SOFT_BOUNCES,
    Barred,
    Fate,
    Receipt,
    ReceiptKind,
    fate_from,
    fate_of,
    stronger,
    stronger_bar,
)
from ..domain.records import ReceiptsHandled, ReportedCall
from ..domain.subscriber import SubscriberState, SubscriberVerb
from . import by_driver
from .barring import bar
from .events import append, end_batch
from .kept_counts import REPORTED, FateGroup, add_to
from .repository import Repository, all_rows, first_row, parts_of, transition, why
from .split_batch import take_out
from .subscriptions import transition_subscriptions
from .tables import (
    batches,
    confirmations,
    deliveries,
    fate_counts,
    proofs,
    receipts,
    recipients,
    subscribers,
    subscriptions,
)

#: Who speaks, in the history.
WHO = "receipts"

#: What says nothing once its effect is written down is forgotten after this; the provider repeats for a day at most.
KEPT = timedelta(days=3)
_ROUTINE = (str(ReceiptKind.PROCESSED), str(ReceiptKind.DEFERRED), str(ReceiptKind.DELIVERED))
_FORGOTTEN_AT_ONCE = 5_000

#: Batches for which a report may be news: their call has no known end.
_OPEN = (State.SENDING, State.UNKNOWN, State.SCHEDULED)


class ReceiptRepository(Repository):
    """Writing down what providers report."""

    def record(self, reports: Sequence[Receipt], *, now: datetime) -> ReceiptsHandled:
        """Handle reports, each once. One transaction: all of them, or none.

        What a reader did with a mail (opened it, followed a link) is not written down; that it was reported at all is,
        once a day, because the provider was told not to look.
        """
        followed = any(r.kind is ReceiptKind.FOLLOWED for r in reports)
        by_event = {r.event_id: r for r in reversed(reports) if r.kind is not ReceiptKind.FOLLOWED}
        if followed:
            warning = Receipt(f"followed-on-{now:%Y-%m-%d}", ReceiptKind.FOLLOWED, now)
            by_event[warning.event_id] = warning
        with self._database.read() as connection:
            if not _unknown(connection, by_event):
                return ReceiptsHandled(repeated=len(reports))
        with self._database.write("receipts") as connection:
            fresh = _unknown(connection, by_event)
            handled = _Handling(connection, fresh, now).run()
            _forget(connection, now)
        return ReceiptsHandled(repeated=len(reports) - len(fresh), new=len(fresh), **handled)

    def call_of(self, subscriber_id: str, send_id_start: str) -> ReportedCall | None:
        """The call that wrote to a reader and whose send id begins so; None when there was none."""
        mine = (
            batches.c.send_id.between(send_id_start, f"{send_id_start}g"),  # hexadecimal: none begins with more
            batches.c.attempt > 0,
            recipients.c.subscriber_id == subscriber_id,
        )
        found = self._read(_batches_of_readers(*mine)).mappings().first()
        return ReportedCall(found["send_id"], found["state"] == State.SENDING) if found is not None else None

    def settle_by_receipts(self, mode: str, *, now: datetime) -> int:
        """Batches without a known end that a provider has spoken of: sent. Returns how many there were.

        A batch that waits for another try is among them: an earlier call of it went through after all, and a second
        one would write to everybody twice.
        """
        if not self._ask(_PROVABLE_OF_MODE, mode=mode):  # most passes find nothing, and must not wait for a writer
            return 0
        with self._database.write("settle_by_receipts") as connection:
            return _settle(connection, now, by_driver.rows(connection, _PROVABLE_OF_MODE, {"mode": mode}))

    def fates(self, delivery_id: int) -> Mapping[str, int]:
        """What the mails of a delivery came to, as far as was reported: recipient's state -> readers."""
        mine = (fate_counts.c.delivery_id == delivery_id, fate_counts.c.number > 0)
        query = select(fate_counts.c.state, fate_counts.c.number).where(*mine).order_by(fate_counts.c.state)
        return {state: int(readers) for state, readers in self._read(query)}

    def reports_by_batch(self, delivery_id: int) -> dict[int, int]:
        """How many readers of each batch of a delivery the provider has reported on, whatever it said."""
        mine = (recipients.c.delivery_id == delivery_id, recipients.c.state.in_(REPORTED))
        by = recipients.c.batch_number
        return {n: int(readers) for n, readers in self._read(select(by, func.count()).where(*mine).group_by(by))}


class _Handling:
    """The reports of one call, in one transaction."""

    def __init__(self, connection: Connection, fresh: Sequence[Receipt], now: datetime) -> None:
        self.connection = connection
        self.fresh = fresh
        self.now = now
        self.batches = {
            row["send_id"]: row
            for row in _rows(connection, batches, batches.c.send_id, (r.send_id for r in fresh if r.send_id))
        }
        by_id = {
            row["id"]: row for row in _rows(connection, subscribers, subscribers.c.id, (r.subscriber_id for r in fresh))
        }
        nameless = {address_key(r.address) for r in fresh if r.address and r.subscriber_id not in by_id}
        found = _rows(connection, subscribers, subscribers.c.address_key, nameless)
        by_key = {row["address_key"]: row for row in found}
        self.readers: dict[str, RowMapping] = {}  # event id -> reader
        for receipt in fresh:
            subscriber = by_id.get(receipt.subscriber_id) or by_key.get(address_key(receipt.address))
            if subscriber is not None:
                self.readers[receipt.event_id] = subscriber

    def run(self) -> dict[str, int]:
        """Returns what :class:`ReceiptsHandled` calls settled, barred, paused."""
        if not self.fresh:
            return {}
        self._note()
        settled = self._settle_one_by_one()
        self._write_fates()
        self._keep_proofs()
        counts = {"barred": self._bar(), "paused": self._pause()}
        of_these = _provable(batches.c.send_id.in_([*self.batches]))
        settled += _settle(self.connection, self.now, all_rows(self.connection, of_these))
        return {"settled": settled, **counts}

    def _settle_one_by_one(self) -> int:
        """Where each reader of a call ends alone (SMTP), a report proves what became of this reader's mail: of a doubt
        it settles that one, and a mail that is to be tried again has gone. Returns how many."""
        settled = 0
        for receipt in self.fresh:
            subscriber = self.readers.get(receipt.event_id)
            if not receipt.of_one or subscriber is None or receipt.kind not in PROVES_ACCEPTANCE:
                continue
            mine = (
                batches.c.send_id == receipt.send_id,
                batches.c.attempt > 0,
                batches.c.state.in_([str(State.UNKNOWN), str(State.SCHEDULED)]),
                recipients.c.subscriber_id == subscriber["id"],
                recipients.c.state.is_(None),
            )
            batch = first_row(self.connection, _batches_of_readers(*mine))
            if batch is not None:
                alone = take_out(self.connection, batch, [subscriber["id"]])
                settled += _settle_batch(self.connection, self.now, alone, "")
        return settled

    def _note(self) -> None:
        self.connection.execute(
            insert(receipts),
            [
                {
                    "event_id": r.event_id,
                    "kind": str(r.kind),
                    "at": r.at,
                    "received_at": self.now,
                    "send_id": r.send_id,
                    "subscriber_id": self._id_of(r),
                    "detail": f"{r.word}: {r.detail}" if r.kind is ReceiptKind.OTHER else r.detail,
                }
                for r in self.fresh
            ],
        )
        for r in self.fresh:
            if r.kind is ReceiptKind.FOLLOWED:
                why = "the provider reports opens or clicks: tracking is on there; switch it off in its settings"
                append(self.connection, at=self.now, kind="tracking.found", who=WHO, why=why)
            elif r.kind is ReceiptKind.ACCOUNT:
                append(self.connection, at=self.now, kind="account.changed", who=WHO, what=r.detail)

    def _id_of(self, receipt: Receipt) -> str:
        subscriber = self.readers.get(receipt.event_id)
        return str(subscriber["id"]) if subscriber is not None else ""

    def _write_fates(self) -> None:
        """The strongest word on each reader's mail. A reader who was left out of the call is not touched."""
        fates: dict[tuple[int, str], Fate | None] = {}
        for receipt in self.fresh:
            batch, subscriber = self.batches.get(receipt.send_id), self.readers.get(receipt.event_id)
            fate = fate_of(receipt.kind)
            if batch is not None and subscriber is not None and fate is not None:
                key = (batch["delivery_id"], subscriber["id"])
                fates[key] = stronger(fates.get(key), fate)
        for delivery_id in sorted({delivery for delivery, _ in fates}):
            ids = [subscriber for delivery, subscriber in fates if delivery == delivery_id]
            mine = recipients.c.delivery_id == delivery_id
            changed: dict[Fate, list[str]] = {}
            numbers: Counter[str] = Counter()
            for row in _rows(self.connection, recipients, recipients.c.subscriber_id, ids, mine):
                before = fate_from(row["state"], row["reason"])
                if row["state"] is not None and before is None:
                    continue
                after = stronger(before, fates[delivery_id, row["subscriber_id"]])
                if after is not None and after is not before:
                    changed.setdefault(after, []).append(row["subscriber_id"])
                    numbers[after.state] += 1
                    if before is not None:
                        numbers[before.state] -= 1
            add_to(self.connection, fate_counts, {FateGroup(delivery_id, s): n for s, n in numbers.items()})
            for fate, readers in changed.items():
                for part in parts_of(readers):
                    some = recipients.c.subscriber_id.in_(part)
                    values = {"state": fate.state, "reason": fate.reason or None}
                    self.connection.execute(update(recipients).where(mine, some).values(values))

    def _keep_proofs(self) -> None:
        """For a batch that was called, and whose call has no known end yet; what the call itself says comes first."""
        proven: dict[str, Receipt] = {}
        for receipt in self.fresh:
            batch = self.batches.get(receipt.send_id)
            if batch is None or receipt.of_one or receipt.kind not in PROVES_ACCEPTANCE or not batch["attempt"]:
                continue
            if batch["state"] in list(map(str, _OPEN)):
                proven.setdefault(receipt.send_id, receipt)
        known = {row["send_id"] for row in _rows(self.connection, proofs, proofs.c.send_id, proven)}
        new = [
            {"send_id": send_id, "reference": r.reference, "at": self.now}
            for send_id, r in proven.items()
            if send_id not in known
        ]
        if new:
            self.connection.execute(insert(proofs), new)

    def _bar(self) -> int:
        """Bar addresses. A reason may become stronger, never weaker."""
        bars: dict[str, tuple[RowMapping, Barred, Receipt]] = {}
        for receipt in self.fresh:
            subscriber = self.readers.get(receipt.event_id)
            if receipt.bars is None or subscriber is None or not subscriber["address"]:
                continue  # of an erased reader no address is left, and its hash is barred already
            if receipt.bars is Barred.BOUNCED and address_key(receipt.address) not in ("", subscriber["address_key"]):
                continue  # a former address of theirs is dead
            if receipt.bars is Barred.BOUNCED and not receipt.address and self._has_moved_since(receipt, subscriber):
                continue
            known = bars.get(subscriber["id"])
            if known is None or stronger_bar(known[1], receipt.bars) != known[1]:
                bars[subscriber["id"]] = (subscriber, receipt.bars, receipt)
        return sum(self._bar_one(*one) for one in bars.values())

    def _has_moved_since(self, receipt: Receipt, subscriber: RowMapping) -> bool:
        """Whether a report that names no address is of a call to one that its reader has given up since."""
        call = self.batches.get(receipt.send_id)
        moved = (confirmations.c.subscriber_id == subscriber["id"], confirmations.c.new_address != "")
        moved_at = self.connection.execute(select(func.max(confirmations.c.used_at)).where(*moved)).scalar()
        return moved_at is not None and (call is None or call["started_at"] is None or call["started_at"] < moved_at)

    def _bar_one(self, subscriber: RowMapping, reason: Barred, receipt: Receipt) -> bool:
        source = f"{receipt.source} {receipt.word}"
        return bar(self.connection, subscriber, reason, source=source, who=WHO, now=self.now, detail=receipt.detail)

    def _pause(self) -> int:
        """Pause readers whose latest mails all came back, and take it back when a report shows that one arrived."""
        paused = 0
        readers = {str(subscriber["id"]) for subscriber in self.readers.values()}
        is_paused = subscriptions.c.state == str(SubscriberState.PAUSED)
        are_paused = {
            row["subscriber_id"]
            for row in _rows(self.connection, subscriptions, subscriptions.c.subscriber_id, readers, is_paused)
        }
        concerned = {
            subscriber["id"]
            for receipt in self.fresh
            if (subscriber := self.readers.get(receipt.event_id)) is not None
            and fate_of(receipt.kind) is not None
            and (receipt.kind is ReceiptKind.SOFT_BOUNCE or subscriber["id"] in are_paused)
        }
        all_came_back = _came_back(self.connection, concerned)
        for subscriber in sorted(concerned):
            came_back = subscriber in all_came_back
            # A pause that the reader asked for has a date, and is left alone.
            by_this_rule = subscriptions.c.paused_until_at.is_(None)
            verb = SubscriberVerb.SOFT_BOUNCES if came_back else SubscriberVerb.RESUME
            if transition_subscriptions(self.connection, verb, None, subscriber, by_this_rule):
                paused += came_back
                append(
                    self.connection,
                    at=self.now,
                    kind=f"subscriber.{'paused' if came_back else 'resumed'}",
                    who=WHO,
                    subscriber=subscriber,
                    why=f"{SOFT_BOUNCES} soft bounces" if came_back else "a mail arrived after all",
                )
        return paused


def _came_back(connection: Connection, readers: Collection[str]) -> set[str]:
    """Those whose latest mails that anything is known of were soft bounces, as many as it takes."""
    opened = select(deliveries.c.id).where(deliveries.c.kind == "email", deliveries.c.opened_at.is_not(None))
    latest_first = list(
        connection.execute(opened.order_by(deliveries.c.due_at.desc(), deliveries.c.id.desc())).scalars()
    )
    known: dict[str, dict[int, Fate | None]] = {subscriber: {} for subscriber in readers}
    # By delivery and reader, which is the table's own order: a join might read all of it.
    reported = recipients.c.state.in_([fate.state for fate in Fate])
    for row in _rows(
        connection,
        recipients,
        recipients.c.subscriber_id,
        readers,
        recipients.c.delivery_id.in_(latest_first),
        reported,
    ):
        known[row["subscriber_id"]][row["delivery_id"]] = fate_from(row["state"], row["reason"])
    came_back = [Fate.SOFT_BOUNCE] * SOFT_BOUNCES
    return {
        subscriber
        for subscriber, fates in known.items()
        if [fates[each] for each in latest_first if each in fates][:SOFT_BOUNCES] == came_back
    }


def _unknown(connection: Connection, told: Mapping[str, Receipt]) -> list[Receipt]:
    """Those that were not handled before."""
    known = {row["event_id"] for row in _rows(connection, receipts, receipts.c.event_id, told)}
    return [receipt for event_id, receipt in told.items() if event_id not in known]


def _provable(*where: ColumnElement[bool]) -> Any:
    """Batches that a provider has spoken of. A call whose readers fared differently is several batches by now: that
    it reached one reader proves nothing for the others."""
    other = batches.alias()
    parted = exists().where(other.c.send_id == batches.c.send_id, other.c.id != batches.c.id)
    return (
        select(batches, proofs.c.reference.label("proof"))
        .join(proofs, proofs.c.send_id == batches.c.send_id)
        .join(deliveries, deliveries.c.id == batches.c.delivery_id)
        .where(batches.c.state.in_([str(State.UNKNOWN), str(State.SCHEDULED)]), not_(parted), *where)
    )


_PROVABLE_OF_MODE = _provable(deliveries.c.mode == bindparam("mode"))


def _settle(connection: Connection, now: datetime, proven: Sequence[RowMapping]) -> int:
    """Settle what is proven. A batch whose call is still under way is left to the call's own answer, or its lease."""
    return sum(_settle_batch(connection, now, row, row["proof"]) for row in proven)


def _settle_batch(connection: Connection, now: datetime, row: RowMapping, proof: str) -> bool:
    """A batch in doubt, or one that waits for another try, has been accepted. Whether that was news."""
    mine = batches.c.token == row["token"]
    verb = Verb.FOUND_SENT
    if row["state"] == State.SCHEDULED:
        if not transition(connection, batches, Verb.TAKE, batches.c.id == row["id"], mine):
            return False
        verb = Verb.ACCEPT
    values = {"reference": proof, "check_at": None, **why((because(ReasonCode.PROVEN_BY_REPORTS),))}
    told = {"token": row["token"], "reference": proof}
    return end_batch(connection, row, verb, now, mine, who=WHO, told=told, values=values, kind=Verb.FOUND_SENT)


def _batches_of_readers(*where: ColumnElement[bool]) -> Any:
    """Batches, each with the frozen readers that are in it."""
    return (
        select(batches)
        .join(
            recipients,
            and_(recipients.c.delivery_id == batches.c.delivery_id, recipients.c.batch_number == batches.c.number),
        )
        .where(*where)
    )


def _forget(connection: Connection, now: datetime) -> None:
    """Drop reports whose effect is written down and that cannot come again: a million readers make millions of them."""
    old = (
        select(receipts.c.event_id)
        .where(receipts.c.received_at < now - KEPT, receipts.c.kind.in_(_ROUTINE))
        .order_by(receipts.c.received_at)
        .limit(_FORGOTTEN_AT_ONCE)
    )
    connection.execute(delete(receipts).where(receipts.c.event_id.in_(old)))


def _rows(
    connection: Connection, table: Any, column: Any, values: Iterable[str], *where: ColumnElement[bool]
) -> list[RowMapping]:
    """Rows whose ``column`` is one of ``values``."""
    return [
        row
        for part in parts_of(sorted(set(values)))
        for row in all_rows(connection, select(table).where(column.in_(part), *where))
    ]
