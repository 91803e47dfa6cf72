"""A person settles what the program cannot: what is unknown, what a restored backup held back, what has failed."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from ..domain.delivery import State, Verb, may_come_from
from ..domain.records import Delivery
from ..domain.refusals import Refusal, Refused
from .context import Context, act
from .holds import delivery_of, window_closed

if TYPE_CHECKING:
    from .mail_log import LogVerdict


@dataclass(frozen=True, slots=True)
class Settled:
    """How a delivery stands after a person has spoken."""

    delivery: Delivery
    sent: bool
    calls: int  # that were in doubt
    window_open: bool

    @property
    def goes_out_again(self) -> bool:
        return not self.sent and self.window_open


@act
def resolve(
    context: Context, delivery_id: int, *, sent: bool, reference: str = "", batch: int | None = None
) -> Settled:
    """Settle what is unknown of a delivery, or one batch of it, by a person's word."""
    before, ledger = delivery_of(context, delivery_id), context.ledger
    who, now, reference = context.actor.name, context.now(), reference.strip()
    if before.was_restored and not before.counts.unknown:
        if not ledger.backups.resolve_restored(delivery_id, sent=sent, who=who, reference=reference, now=now):
            raise window_closed(before)
        calls = 1
    else:
        calls = ledger.lookups.resolve(delivery_id, sent=sent, who=who, reference=reference, batch=batch, now=now)
        if not calls:
            part = f"batch {batch} of delivery {delivery_id}" if batch is not None else f"delivery {delivery_id}"
            raise Refused(Refusal.NOTHING_IN_DOUBT, part=part, state=before.state, **_named(before))
    after = ledger.deliveries.find(delivery_id) or before
    return Settled(after, sent, calls, now < after.expires_at and after.state is not State.MISSED)


@act
def resolve_subscriber(context: Context, delivery_id: int, subscriber: str, *, sent: bool) -> None:
    """Settle the doubt about one subscriber's mail by a person's word."""
    settled = context.ledger.lookups.resolve_recipients(
        delivery_id, [subscriber], sent=sent, who=context.actor.name, now=context.now()
    )
    if not settled:
        raise Refused(Refusal.SUBSCRIBER_NOT_IN_DOUBT, delivery=delivery_id, subscriber=subscriber)


@act
def resolve_by_log(context: Context, delivery_id: int, file: Path) -> LogVerdict:
    """Settle what a mail server's log proves, and say what it cannot."""
    from ..channels.mime import message_id
    from .mail_log import judge

    def name(send_id: str, subscriber: str) -> str:
        return message_id(send_id, subscriber, "").strip("<>").removesuffix("@")

    delivery_of(context, delivery_id)
    try:
        with file.open(encoding="utf-8", errors="replace") as lines:
            verdict = judge(context.ledger, delivery_id, lines, name)
    except OSError as problem:
        raise Refused(Refusal.LOG_UNREADABLE, file=file, problem=problem.strerror) from None
    for subscribers, sent in ((verdict.sent, True), (verdict.not_sent, False)):
        if subscribers:
            context.ledger.lookups.resolve_recipients(
                delivery_id,
                subscribers,
                sent=sent,
                who=context.actor.name,
                evidence="by the mail server's log",
                now=context.now(),
            )
    return verdict


@act
def retry(context: Context, delivery_id: int) -> Delivery:
    """Another try of what certainly did not go out, while its window is open. Returns it; it waits again."""
    before, now = delivery_of(context, delivery_id), context.now()
    if before.was_restored or before.counts.unknown:
        raise Refused(Refusal.MAY_HAVE_GONE, **_named(before))
    if before.state not in may_come_from(Verb.RETRY) and not before.counts.failed and not before.counts.missed:
        raise Refused(Refusal.DID_NOT_FAIL, state=before.state, **_named(before))
    if before.expires_at <= now:
        raise window_closed(before)
    if not context.ledger.deliveries.retry(delivery_id, who=context.actor.name, now=now):
        raise Refused(Refusal.NOTHING_FAILED, **_named(before))
    return context.ledger.deliveries.find(delivery_id) or before


def in_doubt(context: Context, delivery_id: int) -> list[tuple[int, str, str, str]]:
    """The doubts of a delivery: number of the batch, send id, process whose journal may know more, subscriber's id."""
    return [
        (batch.number, batch.send_id, batch.node, subscriber.subscriber_id)
        for batch in context.ledger.deliveries.batches(delivery_id)
        if batch.state is State.UNKNOWN
        for subscriber in context.ledger.lookups.recipients(batch.id)
    ]


def settled_as_data(settled: Settled, *, by: str) -> dict[str, object]:
    """What a person's word about a doubt did."""
    delivery = settled.delivery
    return {
        "delivery": delivery.id,
        "item": delivery.item,
        "channel": delivery.channel,
        "date": delivery.on,
        "settled_as": "sent" if settled.sent else "not-sent",
        "by": by,
        "calls": settled.calls,
        "state": delivery.state.value,
        "goes_out_again": settled.goes_out_again,
        "expires_at": delivery.expires_at,
    }


def _named(delivery: Delivery) -> dict[str, object]:
    return {"delivery": delivery.id, "item": delivery.item, "channel": delivery.channel}
