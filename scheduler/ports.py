"""What the inner parts need from the outer ones, as interfaces. Concrete classes are known to bootstrap alone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Protocol

from .domain.message import Message


class OutcomeKind(StrEnum):
    """How one call to a provider ended."""

    ACCEPTED = "accepted"
    LATER = "later"  # certainly not sent; may be tried again after ``retry_at``
    FINAL = "final"  # certainly not sent; trying again is of no use
    UNKNOWN = "unknown"  # anything else


@dataclass(frozen=True, slots=True)
class Outcome:
    """The end of one call. ``detail`` is safe to store and to log: no secret, no address."""

    kind: OutcomeKind
    reference: str = ""  # the provider's id, when accepted
    detail: str = ""
    status: int | None = None  # HTTP or SMTP status
    retry_at: datetime | None = None
    needs_money: bool = False


@dataclass(frozen=True, slots=True)
class Recipient:
    """One subscriber in a batch."""

    subscriber_id: str
    address: str = field(repr=False)
    name: str = field(default="", repr=False)
    unsubscribe_url: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class Request:
    """One call to a provider, exactly as it will be made. Made by ``build``, which is pure.

    ``body`` is the JSON body as plain data, or the bytes of a MIME message. ``fingerprint`` is what
    identifies the call at the provider later on (custom args, Message-ID, text hash).
    """

    method: str
    path: str
    body: Mapping[str, object]
    headers: Mapping[str, str] = field(default_factory=dict)
    fingerprint: str = ""


class Transport(Protocol):
    """A way out. One implementation a provider."""

    kind: str  # "post" | "email"
    batch_limit: int  # recipients a call; 0 for posts

    def build(self, message: Message, *, send_id: str, recipients: Sequence[Recipient] = ()) -> Request:
        """The request for this message. Pure: the same input gives the same bytes."""
        ...

    def send(self, request: Request, *, now: datetime) -> Outcome:
        """One call, never repeated by itself. Never raises: what is not foreseen is UNKNOWN."""
        ...

    def settle_after(self) -> timedelta:
        """How long after a doubtful call the provider's own records can be believed."""
        ...

    def look_up(self, request: Request, *, since: datetime, now: datetime) -> Evidence:
        """What the provider says of a call whose end we do not know. Never raises."""
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
