"""An approval: a named person has read exactly these bytes, and knows of the records beneath them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from datetime import datetime
from functools import cached_property

from ..light_dataclass import dataclass
from .message import Message
from .redact import person_key
from .via import Via, via_words


@dataclass(frozen=True)
class Approval:
    """One person's yes to one message, bound to its digest; any change of what readers get voids it."""

    campaign: str
    season: int
    item: str
    channel: str
    digest: str
    person: str
    role: str
    approved_at: datetime
    comment: str = ""
    via: str = Via.COMMAND_LINE
    entered_by: str = ""  # who entered it, where it was signed on paper
    #: The records beneath the message as this person knows them, with their hashes; empty in those of earlier
    #: releases, whose digest holds them.
    rests_on: Mapping[str, str] = field(default_factory=dict, compare=False)

    @property
    def how(self) -> str:
        """How it came, in words."""
        return via_words(self.via, self.entered_by)


@dataclass(frozen=True)
class Approvals:
    """All approvals that are known."""

    all: tuple[Approval, ...] = field(default_factory=tuple)

    def of(self, message: Message) -> tuple[Approval, ...]:
        """Approvals of exactly this message."""
        return tuple(a for a in self._about(message) if message.has(a.digest))

    def was_approved(self, message: Message) -> bool:
        """Whether an earlier form of this message was approved, so that a person can be told it changed."""
        return bool(self._about(message))

    def people_of_earlier(self, message: Message) -> tuple[str, ...]:
        """By name, who approved another form of it and not this one."""
        of_this = {person_key(a.person) for a in self.of(message)}
        return tuple(dict.fromkeys(a.person for a in self._about(message) if person_key(a.person) not in of_this))

    def _about(self, message: Message) -> list[Approval]:
        """Those of any form of this message."""
        return self._by_message.get((message.campaign, message.season, message.item, message.channel), [])

    @cached_property
    def _by_message(self) -> dict[tuple[str, int, str, str], list[Approval]]:
        """A season asks for each of its messages, so they are sorted once."""
        by_message: dict[tuple[str, int, str, str], list[Approval]] = {}
        for a in self.all:
            by_message.setdefault((a.campaign, a.season, a.item, a.channel), []).append(a)
        return by_message

    def by_others_since(self, message: Message, person: str, since: datetime) -> bool:
        """Whether somebody else has approved any form of this message since then."""
        key = person_key(person)
        return any(a.approved_at >= since and person_key(a.person) != key for a in self._about(message))

    def voided_by(self, message: Message) -> tuple[Approval, ...]:
        """The newest approval of each person who approved an earlier form of this message, and not this one.

        Oldest first.
        """
        approved = {person_key(a.person) for a in self.of(message)}
        latest = {person_key(a.person): a for a in sorted(self._about(message), key=lambda a: a.approved_at)}
        return tuple(sorted((a for who, a in latest.items() if who not in approved), key=lambda a: a.approved_at))


@dataclass(frozen=True)
class Cost:
    """What a season will cost at a provider's published prices, in US dollars."""

    channel: str
    messages: int
    with_url: int
    dollars: float
    note: str = ""
    lines: Mapping[str, float] = field(default_factory=dict)
