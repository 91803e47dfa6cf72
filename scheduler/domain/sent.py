"""What has gone out: how far each message of a season is with its readers, from its delivery in live mode."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import TYPE_CHECKING

from ..light_dataclass import dataclass
from .delivery import State
from .delivery_words import state_words
from .formatting import local_words

if TYPE_CHECKING:
    from .records import Delivery

#: A live call has begun, and nobody can say yet that it ended without effect.
_MAY_HAVE_GONE = frozenset({State.SENDING, State.UNKNOWN})


@dataclass(frozen=True)
class Sent:
    """One message that has gone out, wholly or to a part of its readers, or may have."""

    item: str
    channel: str
    kind: str  # "post" | "email"
    digest: str  # of the form that went out
    at: datetime  # when its sending began
    have_it: int  # readers, or 1 for a post
    of: int  # of so many who should have it; 0: the ledger does not say
    may_have_gone: bool  # a call was made, nobody knows how it ended, and nobody has it for certain
    is_over: bool  # nothing of it can go out any more: what is said of it now can hold back nothing
    state: State = State.SENT  # of its delivery

    @property
    def in_part(self) -> bool:
        return self.state is not State.SENT and 0 < self.have_it < self.of

    @property
    def badge(self) -> str:
        """The fewest words: "sent", "partly sent, 4,000 of 10,000 have it"."""
        if self.may_have_gone:
            return "may have gone out"
        return f"{state_words(self.state)}, {self.have_it:,} of {self.of:,} have it" if self.in_part else "sent"

    def in_words(self, time_zone: str) -> str:
        """Words that follow "it was": "sent on Monday, January 11, 2027, 10:00 AM (New York), to 4 of 10 readers"."""
        when = local_words(self.at, time_zone)
        if self.may_have_gone:
            return f"begun on {when}, and nobody knows yet whether it went out"
        if self.kind == "post" or not self.of:
            return f"sent on {when}"
        of = f" of {self.of:,}" if self.in_part else ""
        readers = "reader" if (self.of if self.in_part else self.have_it) == 1 else "readers"
        return f"sent on {when}, to {self.have_it:,}{of} {readers}"


def sent_of(delivery: Delivery) -> Sent | None:
    """How far a delivery is; None when certainly nobody has anything of it."""
    counts, state = delivery.counts, delivery.state
    in_doubt = not counts.accepted and state in _MAY_HAVE_GONE
    if not in_doubt and not counts.accepted and state is not State.SENT:
        return None
    return Sent(
        delivery.item,
        delivery.channel,
        delivery.kind,
        delivery.digest,
        delivery.opened_at or delivery.due_at,
        counts.accepted,
        counts.wanted,
        in_doubt,
        is_over=state is State.SENT,
        state=state,
    )


def sent_by_message(deliveries: Iterable[Delivery]) -> Mapping[tuple[str, str], Sent]:
    """(item, channel) -> how far it is, of what has gone out or may have. Rehearsed calls reached nobody."""
    found = ((d, sent_of(d)) for d in deliveries if d.mode == "live")
    return {(d.item, d.channel): sent for d, sent in found if sent is not None}
