"""Receipts: what a provider reports later of a mail that it took, and what that means for its reader.

Reports come late, more than once and in any order. So nothing here depends on the order: what a reader's mail came to
is the strongest thing ever reported (:func:`stronger`), and so is the reason why an address is barred.
"""

from __future__ import annotations

from dataclasses import field
from datetime import datetime
from enum import Enum, StrEnum

from ..light_dataclass import dataclass


class ReceiptKind(StrEnum):
    """What a provider can report."""

    PROCESSED = "processed"  # taken, and on its way
    DEFERRED = "deferred"  # the reader's server asked to wait; the provider tries again
    DROPPED = "dropped"  # taken, but the provider will not write to this address
    DELIVERED = "delivered"  # the reader's server took it
    SOFT_BOUNCE = "soft-bounce"  # came back; the address may be good
    HARD_BOUNCE = "hard-bounce"  # came back; the address is not good
    COMPLAINED = "complained"  # the reader called it spam
    UNSUBSCRIBED = "unsubscribed"  # the reader left, at the provider
    RESUBSCRIBED = "resubscribed"  # the reader came back, at the provider; consent is not taken from there
    FOLLOWED = "followed"  # an open or a click: the provider follows readers, which it was told not to
    ACCOUNT = "account"  # the account's own standing changed
    OTHER = "other"  # a word that this release does not know


class Barred(StrEnum):
    """Why an address must not be written to, weakest first."""

    BOUNCED = "bounced"
    UNSUBSCRIBED = "unsubscribed"
    COMPLAINED = "complained"


@dataclass(frozen=True)
class Receipt:
    """One report. Empty texts stand for what it does not say. ``detail`` holds no address."""

    event_id: str  # the provider's own, for this report and its repetitions
    kind: ReceiptKind
    at: datetime  # when it happened, as the provider says
    word: str = ""  # the provider's word for it
    send_id: str = ""  # of the batch
    subscriber_id: str = ""
    address: str = field(default="", repr=False)  # to find the reader by, where no id came; never stored
    reference: str = ""  # the provider's id of the call
    detail: str = ""
    bars: Barred | None = None  # what it means for the address
    source: str = ""  # who says so: the channel's name, or "mail" for one that came back
    of_one: bool = False  # of this reader's mail alone: it proves nothing for the others of the call (SMTP)


#: Kinds that prove that the provider had accepted the call: it speaks of a mail that it has.
PROVES_ACCEPTANCE = frozenset(
    {
        ReceiptKind.PROCESSED,
        ReceiptKind.DEFERRED,
        ReceiptKind.DROPPED,
        ReceiptKind.DELIVERED,
        ReceiptKind.SOFT_BOUNCE,
        ReceiptKind.HARD_BOUNCE,
        ReceiptKind.COMPLAINED,
    }
)

#: After so many soft bounces, one delivery after the other, a reader is not written to any more.
SOFT_BOUNCES = 3


class Fate(Enum):
    """What one reader's mail came to, weakest first: each later one is the stronger word.

    A bounce may follow a delivery (the server took the mail, and returned it later), never the other way round.
    The value is how the ledger writes it down: a recipient's state and the reason beside it.
    """

    DROPPED = ("failed", "dropped by the provider")
    DELIVERED = ("delivered", "")
    SOFT_BOUNCE = ("bounced", "soft bounce")
    HARD_BOUNCE = ("bounced", "hard bounce")
    COMPLAINED = ("complained", "")

    @property
    def state(self) -> str:
        return self.value[0]

    @property
    def reason(self) -> str:
        return self.value[1]


_FATES = {
    ReceiptKind.DROPPED: Fate.DROPPED,
    ReceiptKind.DELIVERED: Fate.DELIVERED,
    ReceiptKind.SOFT_BOUNCE: Fate.SOFT_BOUNCE,
    ReceiptKind.HARD_BOUNCE: Fate.HARD_BOUNCE,
    ReceiptKind.COMPLAINED: Fate.COMPLAINED,
}
_STRENGTH = {fate: place for place, fate in enumerate(Fate)}
_BARRED_STRENGTH = {reason: place for place, reason in enumerate(Barred)}


def fate_of(kind: ReceiptKind) -> Fate | None:
    """What a report says of the reader's mail; None when it says nothing final."""
    return _FATES.get(kind)


def fate_from(state: str | None, reason: str | None) -> Fate | None:
    """The fate that is written down as a recipient's state and reason; None for any other state."""
    return next((fate for fate in Fate if fate.value == (state, reason or "")), None)


def stronger(one: Fate | None, other: Fate | None) -> Fate | None:
    """The stronger of two fates. The order in which they are given does not matter."""
    return max((fate for fate in (one, other) if fate), key=_STRENGTH.__getitem__, default=None)


def stronger_bar(one: str, other: Barred) -> str:
    """The stronger of two reasons to bar an address; a reason that is none of these (a person's own) stays."""
    if one not in list(Barred):
        return one
    return max(Barred(one), other, key=_BARRED_STRENGTH.__getitem__)
