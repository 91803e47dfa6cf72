"""A person settles what the program cannot: a delivery that is unknown, or that a restored backup held back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from ..domain.delivery import State
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
