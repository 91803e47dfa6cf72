"""The ledger, as review needs it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from ..domain.comment import ChangeRequest, Comment
from ..domain.invitation import Invitation
from ..domain.message import Message
from ..domain.packet_record import PacketRecord
from ..domain.records import Event
from ..domain.role import Person
from .edits import EditLedger
from .ledger import Ledger


class ReviewLedger(Ledger, EditLedger, Protocol):
    """The ledger as far as review needs it. Raises OutOfReach as :class:`Ledger` does."""

    def request_changes(
        self,
        messages: Sequence[Message],
        *,
        who: str,
        role: str,
        comment: str,
        now: datetime,
    ) -> tuple[ChangeRequest, ...]:
        """One request for each message, with one comment for all; the person's approvals of them are withdrawn.

        In force at the last check before the next call. All of ``messages`` are of one item.
        """
        ...

    def end_request(self, request_id: int, *, how: str, who: str, role: str, comment: str = "", now: datetime) -> bool:
        """A request was ``withdrawn`` or ``settled``. False when it does not stand any more."""
        ...

    def requests(self, campaign: str, season: int, *, ended: bool = False) -> tuple[ChangeRequest, ...]:
        """Standing requests for changes, oldest first; with ``ended`` also those that have ended."""
        ...

    def add_comment(
        self,
        campaign: str,
        season: int,
        item: str,
        *,
        who: str,
        role: str,
        text: str,
        channel: str = "",
        answers: int | None = None,
        now: datetime,
    ) -> Comment | None:
        """None when ``answers`` is no comment on this item."""
        ...

    def comments(self, campaign: str, season: int, item: str = "") -> tuple[Comment, ...]:
        """Private remarks, oldest first; of one item when it is named."""
        ...

    def invite(
        self, campaign: str, season: int, name: str, role: str, *, expires_at: datetime, who: str, now: datetime
    ) -> str:
        """Make an invitation and return its token, which is kept nowhere. Earlier links of that name end."""
        ...

    def invitation_of(self, token: str, *, now: datetime) -> Invitation | None:
        """The invitation that a token belongs to. None for one that is unknown, expired or revoked, all alike.

        Changes nothing: a link that a scanner opens is not used up.
        """
        ...

    def note_look(self, invitation_id: int, *, now: datetime) -> None:
        """Somebody has opened the pages with this invitation."""
        ...

    def invitations(self, campaign: str, season: int) -> tuple[Invitation, ...]:
        """All of them, revoked and expired ones too, oldest first."""
        ...

    def revoke_invitations(self, campaign: str, season: int, name: str, *, who: str, now: datetime) -> int:
        """End all links of that name; in force at once. Returns how many were good."""
        ...

    def people(self) -> tuple[Person, ...]:
        """Who may sign in, removed ones too, by name."""
        ...

    def record_packet(self, packet: PacketRecord) -> bool:
        """Remember what a packet held. False when that edition is known."""
        ...

    def packets(self, campaign: str, season: int) -> tuple[PacketRecord, ...]:
        """Newest first."""
        ...

    def events_in_order(self, *, after: int = 0, limit: int = 1000) -> tuple[Event, ...]:
        """Events in the order in which they were written, from the one behind ``after`` on."""
        ...
