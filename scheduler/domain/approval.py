"""An approval: a named person has read exactly these bytes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from .message import Message
from .redact import person_key


@dataclass(frozen=True, slots=True)
class Approval:
    """One person's yes to one message, bound to its digest; any change of the message voids it."""

    campaign: str
    season: int
    item: str
    channel: str
    digest: str
    person: str
    role: str
    approved_at: datetime
    comment: str = ""


@dataclass(frozen=True, slots=True)
class Approvals:
    """All approvals that are known."""

    all: tuple[Approval, ...] = field(default_factory=tuple)

    def of(self, message: Message) -> tuple[Approval, ...]:
        """Approvals of exactly this message."""
        digest = message.digest
        return tuple(
            a
            for a in self.all
            if (a.campaign, a.season, a.item, a.channel, a.digest)
            == (message.campaign, message.season, message.item, message.channel, digest)
        )

    def was_approved(self, message: Message) -> bool:
        """Whether an earlier form of this message was approved, so that a person can be told it changed."""
        return any(
            (a.campaign, a.season, a.item, a.channel)
            == (message.campaign, message.season, message.item, message.channel)
            for a in self.all
        )

    def voided_by(self, message: Message) -> tuple[Approval, ...]:
        """The newest approval of each person who approved an earlier form of this message, and not this one.

        Oldest first.
        """
        here = (message.campaign, message.season, message.item, message.channel)
        approved = {person_key(a.person) for a in self.of(message)}
        latest = {
            person_key(a.person): a
            for a in sorted(self.all, key=lambda a: a.approved_at)
            if (a.campaign, a.season, a.item, a.channel) == here
        }
        return tuple(
            sorted((a for who, a in latest.items() if who not in approved), key=lambda a: a.approved_at)
        )


#: US dollars by transport, as the providers publish them (docs.x.com, pricing, 20 April 2026).
#: Failed calls are not billed.
PUBLISHED_PRICES: Mapping[str, float] = {"x_post": 0.015, "x_post_with_url": 0.200}


@dataclass(frozen=True, slots=True)
class Cost:
    """What a season will cost at a provider's published prices, in US dollars."""

    channel: str
    messages: int
    with_url: int
    dollars: float
    note: str = ""
    lines: Mapping[str, float] = field(default_factory=dict)
