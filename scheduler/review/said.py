"""What people have said of a season so far, read from the ledger in one go."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from ..domain.approval import Approvals
from ..domain.claim import Signatures
from ..domain.editing import FileEdit
from ..domain.invitation import Invitation
from ..domain.message import Message
from ..domain.review import ChangeRequest
from ..ports import ReviewLedger
from .standing import good_invitations


@dataclass(frozen=True, slots=True)
class Said:
    """Nothing at all, where there is no ledger."""

    signatures: Signatures = field(default_factory=Signatures)  # those that have not expired
    approvals: Approvals = field(default_factory=Approvals)
    requests: tuple[ChangeRequest, ...] = ()
    reviewers: tuple[Invitation, ...] = ()
    earlier: Mapping[tuple[str, str], Message] = field(default_factory=dict)
    edits: tuple[FileEdit, ...] = ()  # changes of items from the pages


def read_said(
    ledger: ReviewLedger, campaign: str, season: int, messages: Collection[Message], *, today: date, now: datetime
) -> Said:
    """``today`` is the date at the campaign's place: a sign-off holds until the end of its last day there."""
    approvals = ledger.approvals(campaign, season)
    requests = ledger.requests(campaign, season, ended=True)
    return Said(
        signatures=ledger.signatures(campaign).valid_on(today),
        approvals=approvals,
        requests=tuple(r for r in requests if r.stands),
        reviewers=good_invitations(ledger.invitations(campaign, season), now),
        earlier=_earlier(ledger, messages, approvals, requests),
        edits=ledger.edits(campaign, "item"),
    )


def _earlier(
    ledger: ReviewLedger, messages: Collection[Message], approvals: Approvals, requests: Collection[ChangeRequest]
) -> dict[tuple[str, str], Message]:
    """The form of each message that was last approved, or last read by somebody who wanted it changed."""
    found = {}
    for message in messages:
        read = [(a.approved_at, a.digest) for a in approvals.voided_by(message)]
        read += [
            (r.asked_at, r.digest)
            for r in requests
            if r.concerns(message.item, message.channel) and r.digest != message.digest
        ]
        before = ledger.sent_message(max(read)[1]) if read else None
        if before is not None and before.digest != message.digest:
            found[message.item, message.channel] = before
    return found
