"""A way out: what is built, what one call can end in, and what can be looked up later."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Protocol, runtime_checkable

from ..domain.message import Message
from ..domain.reason import Reason, ReasonCode, because


class OutcomeKind(StrEnum):
    """How one call to a provider ended."""

    ACCEPTED = "accepted"
    LATER = "later"  # certainly not sent; may be tried again after ``retry_at``
    FINAL = "final"  # certainly not sent; trying again is of no use
    UNKNOWN = "unknown"  # anything else


@dataclass(frozen=True, slots=True)
class Outcome:
    """The end of one call. ``reasons`` say in codes why it ended so; ``detail`` holds what the provider said of it, and
    is safe to store and to log: no secret, no address.

    ``per_recipient`` (subscriber id -> outcome) is there when the readers of one call fared differently; see
    :meth:`of_readers`. Then ``kind`` is what they have in common, or UNKNOWN when that is nothing: whoever looks at
    the call as a whole repeats none of it.

    ``spoilt_by`` (subscriber id -> what is wrong) names the readers for whose records alone the provider refused the
    call: it sent nothing to anybody, and may be made again without them.
    """

    kind: OutcomeKind
    reference: str = ""  # the provider's id, when accepted
    detail: str = ""
    reasons: tuple[Reason, ...] = ()
    status: int | None = None  # HTTP or SMTP status
    retry_at: datetime | None = None
    per_recipient: Mapping[str, Outcome] = field(default_factory=dict)
    spoilt_by: Mapping[str, str] = field(default_factory=dict)

    @property
    def is_dead_address(self) -> bool:
        """Whether it was not sent because the address does not exist any more: nobody is without a mail that they
        could have had."""
        return self.kind is OutcomeKind.FINAL and any(r.code is ReasonCode.ADDRESS_DEAD for r in self.reasons)

    @staticmethod
    def of_readers(ends: Mapping[str, Outcome], *, reference: str = "") -> Outcome:
        """The end of a call from how each of its readers fared. Where all fared alike, it is that end."""
        first, *others = ends.values()
        if all(end == first for end in others):
            return replace(first, reference=reference or first.reference)
        counts = Counter(end.kind for end in ends.values())
        numbers = {_FIELDS[kind]: count for kind, count in counts.items()}
        return Outcome(
            first.kind if len(counts) == 1 else OutcomeKind.UNKNOWN,
            reference=reference if counts[OutcomeKind.ACCEPTED] else "",
            reasons=(because(ReasonCode.MIXED, **numbers),),
            detail="; ".join(list(dict.fromkeys(end.detail for end in ends.values() if end.detail))[:3]),
            per_recipient=dict(ends),
        )


_FIELDS = {
    OutcomeKind.ACCEPTED: "accepted",
    OutcomeKind.FINAL: "failed",
    OutcomeKind.LATER: "later",
    OutcomeKind.UNKNOWN: "unknown",
}


@dataclass(frozen=True, slots=True)
class Recipient:
    """One subscriber in a batch."""

    subscriber_id: str
    address: str = field(repr=False)
    name: str = field(default="", repr=False)
    unsubscribe_url: str = field(default="", repr=False)
    preferences_url: str = field(default="", repr=False)
    confirm_url: str = field(default="", repr=False)  # in the mail that asks for a confirmation, and in no other


class UnusableRecipients(ValueError):
    """Raised by ``build``: these subscribers' records would spoil the call for all others. Build again without them."""

    def __init__(self, reasons: Mapping[str, str]) -> None:
        self.reasons = dict(reasons)  # subscriber id -> what is wrong, without the address
        super().__init__("; ".join(f"subscriber {who}: {why}" for who, why in self.reasons.items()))


@dataclass(frozen=True, slots=True)
class Request:
    """One call to a provider, exactly as it will be made. Made by ``build``, which is pure.

    ``body`` is the JSON body as plain data, or the bytes of a MIME message. ``fingerprint`` is what
    identifies the call at the provider later on (custom args, Message-ID, text hash).
    """

    method: str
    path: str
    body: Mapping[str, Any]
    headers: Mapping[str, str] = field(default_factory=dict)
    fingerprint: str = ""


class Transport(Protocol):
    """A way out. One implementation a provider."""

    kind: str  # "post" | "email"

    @property
    def batch_limit(self) -> int:
        """Recipients a call; 0 for posts."""
        ...

    def build(self, message: Message, *, send_id: str, recipients: Sequence[Recipient] = ()) -> Request:
        """The request for this message. Pure: the same input gives the same bytes."""
        ...

    def send(self, request: Request, *, now: datetime) -> Outcome:
        """One call, never repeated by itself. Never raises: what is not foreseen is UNKNOWN."""
        ...

    def settle_after(self) -> timedelta | None:
        """How long after a doubtful call the provider's own records can be believed; None: it cannot be asked."""
        ...

    def look_up(self, request: Request, *, since: datetime, now: datetime) -> Evidence:
        """What the provider says of a call whose end we do not know. Never raises.

        Where readers of one call fared differently, ``request`` holds those in doubt alone: evidence is about them.
        """
        ...

    def ask(self, *, now: datetime) -> Outcome | None:
        """Whether the provider is there and takes our keys, by a call that sends nothing and costs nothing; ACCEPTED
        when it is. None where there is no such call. Never raises."""
        ...

    def close(self) -> None:
        """Let go of connections."""
        ...


@runtime_checkable
class SendsEach(Protocol):
    """A way out whose provider answers for each reader: what it knows is not lost with the process that called."""

    def send_each(self, request: Request, *, now: datetime, report: Callable[[str, Outcome], None]) -> Outcome:
        """The same as ``send``. ``report`` is told the end of each reader, in the order of the request, before the
        content of the next one's mail goes; when it raises, no other mail goes."""
        ...


@runtime_checkable
class TellsTime(Protocol):
    """A way out whose provider says with each answer what time it is there."""

    def tell_time_to(self, listener: Callable[[datetime], None]) -> None:
        """From now on, tell the listener."""
        ...


class Verdict(StrEnum):
    """What the evidence says."""

    SENT = "sent"
    NOT_SENT = "not-sent"  # only where the provider's view is known to be complete
    CANNOT_TELL = "cannot-tell"


@dataclass(frozen=True, slots=True)
class Evidence:
    """What a provider says of an earlier call."""

    verdict: Verdict
    reference: str = ""
    detail: str = ""
    again_at: datetime | None = None  # when it can be told, where that is known
