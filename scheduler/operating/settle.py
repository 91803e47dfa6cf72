"""A person settles what the program cannot: a delivery that is unknown, or that a restored backup held back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from ..domain.delivery import State, Verb, may_come_from
from ..domain.ledger import Delivery
from ..errors import NeedsAPerson, UsageError
from ..ports import OperatedLedger


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


def settle(
    ledger: OperatedLedger,
    delivery_id: int,
    *,
    sent: bool,
    who: str,
    reference: str = "",
    batch: int | None = None,
    now: datetime,
) -> Settled:
    """Settle what is unknown of a delivery, or one batch of it, by a person's word.

    Raises UsageError when there is no such delivery, or nothing in doubt about it; NeedsAPerson when it cannot go out
    any more.
    """
    before = ledger.delivery(delivery_id)
    if before is None:
        raise UsageError(f"there is no delivery {delivery_id}", hint="`deliveries` lists them with their numbers")
    if before.was_restored and not before.counts.unknown:
        if not ledger.resolve_restored(delivery_id, sent=sent, who=who, reference=reference, now=now):
            raise NeedsAPerson(
                f"delivery {delivery_id} ({before.item} on {before.channel}) cannot go out any more: "
                "its window is closed",
                hint="leave it as it is; it stands as missed",
            )
        calls = 1
    else:
        calls = ledger.resolve(delivery_id, sent=sent, who=who, reference=reference, batch=batch, now=now)
        if not calls:
            part = f"batch {batch} of delivery {delivery_id}" if batch is not None else f"delivery {delivery_id}"
            raise UsageError(
                f"nothing is in doubt about {part} ({before.item} on {before.channel}): it is {before.state}",
                hint="only what is unknown is settled; `deliveries --state unknown` lists it",
            )
    after = ledger.delivery(delivery_id) or before
    return Settled(after, sent, calls, now < after.expires_at and after.state is not State.MISSED)


def try_again(ledger: OperatedLedger, delivery_id: int, *, who: str, now: datetime) -> Delivery:
    """Another try of what certainly did not go out, by a person's word. Returns the delivery, which waits again.

    Raises UsageError when there is no such delivery, or it did not fail; NeedsAPerson when its window is closed.
    """
    before = ledger.delivery(delivery_id)
    if before is None:
        raise UsageError(f"there is no delivery {delivery_id}", hint="`deliveries` lists them with their numbers")
    what = f"delivery {delivery_id} ({before.item} on {before.channel})"
    if before.was_restored or before.counts.unknown:
        raise UsageError(f"{what} may have gone out", hint="look there, then: resolve ID --as sent, or --as not-sent")
    if before.state not in may_come_from(Verb.RETRY) and not before.counts.failed and not before.counts.missed:
        raise UsageError(f"{what} is {before.state}", hint="only what has failed is tried again")
    if before.expires_at <= now:
        raise NeedsAPerson(f"{what} cannot go out any more: its window is closed", hint="leave it as it is")
    if not ledger.retry_delivery(delivery_id, who=who, now=now):
        raise UsageError(f"{what} has nothing that failed", hint="`deliveries` shows where it stands")
    return ledger.delivery(delivery_id) or before
