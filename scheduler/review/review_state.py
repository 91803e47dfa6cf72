"""What people have said of a season so far, read from the ledger in one go."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TYPE_CHECKING

from ..domain.approval import Approvals
from ..domain.claim import Signatures
from ..domain.comment import ChangeRequest
from ..domain.edit_form import FileEdit
from ..domain.invitation import Invitation
from ..domain.message import Message
from ..domain.redact import person_key
from ..domain.season_key import SeasonKey
from ..domain.sent import Sent, sent_by_message
from .review_status import good_invitations

if TYPE_CHECKING:
    from ..store import Ledger


@dataclass(frozen=True, slots=True)
class ReviewState:
    """Nothing at all, where there is no ledger."""

    signatures: Signatures = field(default_factory=Signatures)  # those that have not expired
    approvals: Approvals = field(default_factory=Approvals)
    requests: tuple[ChangeRequest, ...] = ()
    reviewers: tuple[Invitation, ...] = ()
    earlier: Mapping[tuple[str, str], Message] = field(default_factory=dict)
    edits: tuple[FileEdit, ...] = ()  # changes of items from the pages
    sent: Mapping[tuple[str, str], Sent] = field(default_factory=dict)
    forms: Mapping[str, Message] = field(default_factory=dict)
    can_answer: frozenset[str] = frozenset()


def load_review_state(
    ledger: Ledger, key: SeasonKey, messages: Collection[Message], *, today: date, now: datetime
) -> ReviewState:
    """``today`` is the date at the campaign's place: a sign-off holds until the end of its last day there."""
    approvals = ledger.approvals.of_season(key)
    requests = ledger.change_requests.of_season(key, ended=True)
    reviewers = good_invitations(ledger.invitations.of_season(key), now)
    return ReviewState(
        signatures=ledger.signatures.of_campaign(key.campaign).valid_on(today),
        approvals=approvals,
        requests=tuple(r for r in requests if r.stands),
        reviewers=reviewers,
        earlier=_earlier(ledger, messages, approvals, requests),
        edits=ledger.edits.all(key.campaign, "item"),
        sent=read_sent(ledger, key),
        forms=_forms(ledger, messages, requests),
        can_answer=who_can_answer(ledger, reviewers),
    )


def read_sent(ledger: Ledger, key: SeasonKey) -> Mapping[tuple[str, str], Sent]:
    """What has gone out live. A rehearsed call reached nobody, and is none."""
    return sent_by_message(ledger.deliveries.of_season("live", key))


def who_can_answer(ledger: Ledger, reviewers: Iterable[Invitation]) -> frozenset[str]:
    """The keys of people who can say something on a page: with a link that works, or an account."""
    return frozenset(
        (*(person_key(r.name) for r in reviewers), *(person_key(p.name) for p in ledger.accounts.all() if p.is_active))
    )


def _forms(ledger: Ledger, messages: Collection[Message], requests: Collection[ChangeRequest]) -> dict[str, Message]:
    now = {(m.item, m.channel): m.digest for m in messages}
    other = {r.digest for r in requests if r.stands and now.get((r.item, r.channel), r.digest) != r.digest}
    return {digest: form for digest in other if (form := ledger.lookups.sent_message(digest)) is not None}


def _earlier(
    ledger: Ledger, messages: Collection[Message], approvals: Approvals, requests: Collection[ChangeRequest]
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
        before = ledger.lookups.sent_message(max(read)[1]) if read else None
        if before is not None and before.digest != message.digest:
            found[message.item, message.channel] = before
    return found
