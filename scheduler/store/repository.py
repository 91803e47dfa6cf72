"""What every part of the ledger uses: guarded moves, and rows as records."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, RowMapping, Table, and_, exists, func, not_, or_, select, update

from ..domain.approval import Approval
from ..domain.delivery import State, Verb, leads_to, may_come_from, whole
from ..domain.message import Message
from ..domain.reason import Reason, ReasonCode, from_text, to_text
from ..domain.reason_words import stops
from ..domain.records import Batch, Counts, Delivery
from ..domain.redact import without_addresses
from ..domain.season_key import SeasonKey
from ..domain.subscriber import SubscriberState
from .database import Database
from .tables import batches, deliveries, recipients, subscribers, suppressions


class Repository:
    """A part of the ledger: the database it works on."""

    def __init__(self, database: Database) -> None:
        self._database = database


def in_season(table: Table, key: SeasonKey | Message | Approval) -> ColumnElement[bool]:
    """Rows of one season."""
    return and_(table.c.campaign == key.campaign, table.c.season == key.season)


def about_message(table: Table, about: Message | Approval) -> ColumnElement[bool]:
    """Rows of one item on one channel, whatever its words are."""
    return and_(in_season(table, about), table.c.item == about.item, table.c.channel == about.channel)


def transition(connection: Connection, table: Table, verb: Verb, *where: ColumnElement[bool], **values: Any) -> int:
    """Move the rows that are in a state from which ``verb`` is allowed. Returns how many there were.

    This is how work is taken, on both databases alike: the row count says who won.
    """
    statement = (
        update(table)
        .where(table.c.state.in_([str(s) for s in may_come_from(verb)]), *where)
        .values(state=str(leads_to(verb)), **values)
    )
    return int(connection.execute(statement).rowcount)


#: Whose reasons are said first where batches differ.
_WORST_FIRST = (
    State.UNKNOWN,
    State.FAILED,
    State.HELD,
    State.SCHEDULED,
    State.MISSED,
    State.SKIPPED,
    State.CANCELLED,
    State.SENT,
    State.SENDING,
)
#: Batches that are closed, and whose readers have not got the mail.
_CLOSED_UNSENT = (State.FAILED, State.MISSED, State.SKIPPED, State.CANCELLED)


def why(reasons: Iterable[Reason], detail: str = "", *, words: str = "detail") -> dict[str, str]:
    """Reasons as columns; ``words`` is the name of the column for the detail."""
    return {"reasons": to_text(_redacted(reason) for reason in reasons), words: without_addresses(detail)}


def _redacted(reason: Reason) -> Reason:
    """A person's or a finding's words are fields of some reasons; no address stays in them."""
    fields = {k: without_addresses(v) if isinstance(v, str) else v for k, v in reason.fields.items()}
    return Reason(reason.code, fields)


def refresh_delivery_state(
    connection: Connection,
    delivery_id: int,
    now: datetime,
    *,
    reasons: Iterable[Reason] | None = None,
    detail: str = "",
    **values: Any,
) -> State:
    """Write the state of an opened delivery, from the states of its batches, and return it; ``reasons`` likewise,
    unless they are given.

    What a person skipped stays skipped: a call that turns out not to have been made is not made after all.
    """
    is_skipped = exists().where(deliveries.c.id == delivery_id, deliveries.c.skipped_at.is_not(None))
    transition(connection, batches, Verb.SKIP, batches.c.delivery_id == delivery_id, is_skipped)
    rows = connection.execute(
        select(
            batches.c.state,
            batches.c.reasons,
            func.count(),
            func.sum(batches.c.size - batches.c.skipped),
            func.max(batches.c.detail),
        )
        .where(batches.c.delivery_id == delivery_id)
        .group_by(batches.c.state, batches.c.reasons)
    ).all()
    if reasons is None:
        worst = sorted(
            ((State(name), text, words) for name, text, _, _, words in rows if text),
            key=lambda row: (_WORST_FIRST.index(row[0]), row[1]),
        )
        told = (
            reason
            for of, text, _ in worst
            for reason in (_kept(from_text(text)) if of is State.SENT else from_text(text))
        )
        reasons = tuple(dict.fromkeys(told))[:_MOST_REASONS]
        detail = "; ".join(dict.fromkeys(filter(None, (words for _, _, words in worst[:2]))))
    else:
        reasons = tuple(reasons)
    counts: dict[State, int] = {}
    for name, _, count, _, _ in rows:
        counts[State(name)] = counts.get(State(name), 0) + int(count)
    missing = sum(int(readers) for name, _, _, readers, _ in rows if name in _CLOSED_UNSENT)
    state = whole(counts, missing=missing, stopped=stops(reasons))
    if state is State.SENT:
        reasons, detail = _kept(reasons), ""
    connection.execute(
        update(deliveries)
        .where(deliveries.c.id == delivery_id)
        .values(state=str(state), changed_at=now, **why(reasons, detail, words="note"), **values)
    )
    return state


_MOST_REASONS = 6
#: What stays worth knowing of a delivery that everybody has.
_KEPT_WHEN_SENT = (ReasonCode.REHEARSED, ReasonCode.SETTLED_SENT, ReasonCode.RESTORED)


def _kept(reasons: tuple[Reason, ...]) -> tuple[Reason, ...]:
    """Of a rehearsal also what a live send would have been refused for."""
    return reasons if reasons and reasons[0].code in _KEPT_WHEN_SENT else ()


def forget_reasons(
    connection: Connection, now: datetime, ended: Collection[ReasonCode], *where: ColumnElement[bool]
) -> None:
    """A person has just taken away what stood in the way of waiting deliveries: these reasons do not hold any more.
    Where one holds still (a second approval is missing), the next pass writes it down again."""
    waits = exists().where(batches.c.delivery_id == deliveries.c.id, batches.c.state == str(State.SCHEDULED))
    query = select(deliveries.c.id, deliveries.c.opened_at, deliveries.c.reasons, deliveries.c.note).where(
        deliveries.c.reasons != "",
        or_(and_(deliveries.c.opened_at.is_(None), deliveries.c.state == str(State.SCHEDULED)), waits),
        *where,
    )
    for row in connection.execute(query).mappings().all():
        before = from_text(row["reasons"])
        left = tuple(reason for reason in before if reason.code not in ended)
        if left == before:
            continue
        detail = row["note"] if left else ""
        if row["opened_at"] is None:
            said = why(left, detail, words="note")
            connection.execute(update(deliveries).where(deliveries.c.id == row["id"]).values(**said, changed_at=now))
            continue
        mine = (batches.c.delivery_id == row["id"], batches.c.state == str(State.SCHEDULED), batches.c.reasons != "")
        for one in connection.execute(select(batches.c.id, batches.c.reasons).where(*mine)).all():
            kept = [reason for reason in from_text(one.reasons) if reason.code not in ended]
            connection.execute(update(batches).where(batches.c.id == one.id).values(reasons=to_text(kept)))
        refresh_delivery_state(connection, row["id"], now, reasons=left, detail=detail)


_MOST_REASONS = 6


def forget_refusals(connection: Connection, now: datetime, *where: ColumnElement[bool]) -> None:
    """Take away what stood in the way of waiting deliveries: a person has just changed it. What stands in the way
    still is written down again by the next pass."""
    open_states = [str(s) for s in (State.SCHEDULED, State.SENDING, State.HELD)]
    waits = exists().where(batches.c.delivery_id == deliveries.c.id, batches.c.state == str(State.SCHEDULED))
    query = select(deliveries.c.id, deliveries.c.opened_at, deliveries.c.state, deliveries.c.reasons).where(
        deliveries.c.reasons != "",
        deliveries.c.state.in_(open_states),
        or_(and_(deliveries.c.opened_at.is_(None), deliveries.c.state == str(State.SCHEDULED)), waits),
        *where,
    )
    for row in connection.execute(query).mappings().all():
        if not stops(from_text(row["reasons"])):
            continue
        nothing = why((), words="note")
        connection.execute(update(deliveries).where(deliveries.c.id == row["id"]).values(**nothing, changed_at=now))
        if row["opened_at"] is not None:
            mine = (batches.c.delivery_id == row["id"], batches.c.state == str(State.SCHEDULED))
            connection.execute(update(batches).where(*mine).values(**why(())))
            refresh_delivery_state(connection, row["id"], now)


def transition_all(
    connection: Connection,
    row: RowMapping,
    verb: Verb,
    now: datetime,
    *,
    reasons: Iterable[Reason] = (),
    detail: str = "",
    **values: Any,
) -> int:
    """Move a delivery (``row``) for these reasons: by itself while it is not opened, else through its batches.

    A delivery that was being frozen when the program stopped has batches already; they go along.
    """
    reasons = tuple(reasons)
    of_batches = why(reasons, detail)
    if row["opened_at"] is None:
        mine = deliveries.c.id == row["id"]
        said = why(reasons, detail, words="note")
        moved = transition(connection, deliveries, verb, mine, changed_at=now, **said, **values)
        if moved:
            transition(connection, batches, verb, batches.c.delivery_id == row["id"], **of_batches)
        return moved
    moved = transition(connection, batches, verb, batches.c.delivery_id == row["id"], **of_batches)
    if moved:
        refresh_delivery_state(connection, row["id"], now, reasons=reasons, detail=detail, **values)
    return moved


def may_be_written_to(at: datetime | None = None) -> ColumnElement[bool]:
    """Readers who are there, and whose address is not suppressed; with ``at`` also those whose pause is over then."""
    suppressed = exists().where(suppressions.c.address_key == subscribers.c.address_key)
    there: ColumnElement[bool] = subscribers.c.state == str(SubscriberState.ACTIVE)
    if at is not None:
        there = or_(
            there, and_(subscribers.c.state == str(SubscriberState.PAUSED), subscribers.c.paused_until_at <= at)
        )
    return and_(there, not_(suppressed))


def read_delivery(connection: Connection, delivery_id: int) -> RowMapping | None:
    return connection.execute(select(deliveries).where(deliveries.c.id == delivery_id)).mappings().first()


def read_batch(connection: Connection, batch_id: int) -> RowMapping | None:
    return connection.execute(select(batches).where(batches.c.id == batch_id)).mappings().first()


def of_batch(batch: RowMapping) -> tuple[ColumnElement[bool], ...]:
    """The frozen readers of a batch: within one stretch of the table's own order."""
    return (
        recipients.c.delivery_id == batch["delivery_id"],
        recipients.c.subscriber_id.between(batch["first_subscriber"], batch["last_subscriber"]),
        recipients.c.batch_number == batch["number"],
    )


def window_end(delivery: RowMapping, batch: RowMapping) -> datetime:
    """Until when a batch may be called for: the end of its wave, else of the delivery's window."""
    end: datetime = delivery["expires_at"]
    return min(end, batch["not_after_at"]) if batch["not_after_at"] is not None else end


def is_open_at(now: datetime) -> ColumnElement[bool]:
    """Batches whose wave is not over; the delivery's own window is another question."""
    return or_(batches.c.not_after_at.is_(None), batches.c.not_after_at > now)


def counts_from(connection: Connection, now: datetime) -> datetime:
    """From when on a reader's choice counts that is made now: from the next mail on.

    That is now, unless the clock was set back: then it is right after the latest mail that was opened, or a digest
    would tell its readers again what they have had one by one.
    """
    opened = (deliveries.c.mode == "live", deliveries.c.kind == "email", deliveries.c.frozen > 0)
    last = connection.execute(select(func.max(deliveries.c.due_at)).where(*opened)).scalar()
    return now if last is None or last < now else last + timedelta(microseconds=1)


def as_delivery(row: Mapping[str, Any] | RowMapping, counts: Counts | None = None, reference: str = "") -> Delivery:
    return Delivery(
        id=row["id"],
        mode=row["mode"],
        campaign=row["campaign"],
        season=row["season"],
        item=row["item"],
        channel=row["channel"],
        kind=row["kind"],
        on=row["on_date"],
        due_at=row["due_at"],
        expires_at=row["expires_at"],
        state=State(row["state"]),
        digest=row["digest"],
        reasons=from_text(row["reasons"]),
        detail=row["note"],
        opened_at=row["opened_at"],
        changed_at=row["changed_at"],
        reference=reference,
        corrected_at=row["corrected_at"],
        had_earlier=row["had_earlier"],
        counts=counts or Counts(),
    )


def as_batch(row: Mapping[str, Any] | RowMapping) -> Batch:
    return Batch(
        id=row["id"],
        delivery_id=row["delivery_id"],
        number=row["number"],
        size=row["size"],
        skipped=row["skipped"],
        state=State(row["state"]),
        send_id=row["send_id"],
        not_before_at=row["not_before_at"],
        attempt=row["attempt"],
        token=row["token"],
        digest=row["digest"],
        fingerprint=row["fingerprint"],
        started_at=row["started_at"],
        lease_until_at=row["lease_until_at"],
        node=row["node"],
        reference=row["reference"],
        reasons=from_text(row["reasons"]),
        detail=row["detail"],
        doubts=row["doubts"],
        checks=row["checks"],
        check_at=row["check_at"],
        not_after_at=row["not_after_at"],
        first_item=row["first_item"],
    )


#: Which count a batch's readers belong to, by the batch's state.
_COUNTED_AS = {
    State.SENT: "accepted",
    State.FAILED: "failed",
    State.UNKNOWN: "unknown",
    State.MISSED: "skipped",
    State.SKIPPED: "skipped",
    State.CANCELLED: "skipped",
    State.SCHEDULED: "waiting",
    State.HELD: "waiting",
    State.SENDING: "waiting",
}


def with_counts(connection: Connection, rows: Iterable[RowMapping]) -> tuple[Delivery, ...]:
    """Deliveries with the sums over their batches: one question for all of them."""
    found = list(rows)
    if not found:
        return ()
    sums: dict[int, dict[str, int]] = {row["id"]: {} for row in found}
    references: dict[int, str] = {}
    ids = list(sums)
    for start in range(0, len(ids), 500):  # a statement takes a limited number of values
        for delivery_id, name, count, skipped, size, reference in connection.execute(
            select(
                batches.c.delivery_id,
                batches.c.state,
                func.count(),
                func.sum(batches.c.skipped),
                func.sum(batches.c.size),
                func.max(batches.c.reference),
            )
            .where(batches.c.delivery_id.in_(ids[start : start + 500]))
            .group_by(batches.c.delivery_id, batches.c.state)
        ):
            into = sums[delivery_id]
            column = _COUNTED_AS[State(name)]
            into["skipped"] = into.get("skipped", 0) + int(skipped)
            into["left_out"] = into.get("left_out", 0) + int(skipped)
            into[column] = into.get(column, 0) + int(size) - int(skipped)
            if name == State.MISSED:
                into["missed"] = int(size) - int(skipped)
            if count == 1 and reference:
                references[delivery_id] = reference
    return tuple(
        as_delivery(
            row,
            Counts(frozen=row["frozen"], **sums[row["id"]]),
            references.get(row["id"], "") if row["kind"] == "post" else "",
        )
        for row in found
    )
