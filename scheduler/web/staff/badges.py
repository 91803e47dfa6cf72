"""How deliveries and messages stand, as badges that several private pages share."""

from __future__ import annotations

from collections.abc import Collection

from ...domain.delivery import State
from ...domain.delivery_words import state_words
from ...domain.finding import Finding, Severity
from ...domain.message import Message
from ...domain.records import Delivery
from ...domain.sent import sent_of
from ...review.item_view import BLOCKED, GOOD, NEEDS_YOU, UNKNOWN, Badge
from .page_context import PageContext

#: Delivery's state -> how it looks.
DELIVERY_BADGES = {
    State.SCHEDULED: "note",
    State.SENDING: "note",
    State.SENT: GOOD,
    State.PARTLY_SENT: NEEDS_YOU,
    State.HELD: NEEDS_YOU,
    State.FAILED: BLOCKED,
    State.UNKNOWN: UNKNOWN,
    State.MISSED: NEEDS_YOU,
    State.SKIPPED: "note",
    State.CANCELLED: "note",
}


def delivery_badge(delivery: Delivery) -> Badge:
    """The ledger's state; the numbers stand beside it."""
    return Badge(DELIVERY_BADGES[delivery.state], state_words(delivery.state))


def message_badge(page: PageContext, message: Message, findings: Collection[Finding]) -> Badge:
    """How one message stands: what the ledger says once it has gone, before that what was found and who said yes."""
    delivery, sent = page.by_message.get((message.item, message.channel)), page.rehearsal.sent_of(message)
    if sent is not None and sent.is_over:  # live, whatever the mode is now
        return Badge(GOOD, sent.badge)
    if delivery is not None and delivery.state not in (State.SCHEDULED, State.SENDING):
        part = sent_of(delivery)
        badge = delivery_badge(delivery)
        return Badge(badge.kind, part.badge) if part is not None and part.in_part else badge
    if any(f.severity is Severity.RED for f in findings):
        return Badge(BLOCKED, "blocked")
    lacks = page.rehearsal.missing(message)
    asked = [m for m in lacks if m.kind == "changes"]
    if asked:
        return Badge(UNKNOWN, "changed since asked" if all(m.mended for m in asked) else "changes asked")
    return Badge(UNKNOWN, "not approved") if lacks else Badge(GOOD, "approved")
