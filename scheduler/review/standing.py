"""How a season stands with its reviewers: what is missing, by message, by role and by person."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from ..domain.approval import Approval
from ..domain.finding import Finding, Where, in_reading_order
from ..domain.invitation import Invitation
from ..domain.message import Message
from ..domain.redact import person_key
from ..domain.rehearsal import Rehearsal
from ..domain.review import ChangeRequest
from ..domain.review_policy import Missing, would_help
from ..domain.voided import Voided, voided


@dataclass(frozen=True, slots=True)
class Lacking:
    """A message and what people have not said of it yet."""

    message: Message
    missing: tuple[Missing, ...]

    def in_words(self) -> str:
        return "; ".join(m.words for m in self.missing)


@dataclass(frozen=True, slots=True)
class ByRole:
    """Messages that wait for somebody in one role; an empty role is anybody who may approve."""

    role: str
    messages: tuple[Message, ...]
    people: tuple[str, ...]  # who was invited in that role

    @property
    def words(self) -> str:
        return self.role.replace("-", " ") if self.role else "anybody who may approve"


@dataclass(frozen=True, slots=True)
class ByPerson:
    """One invited reviewer: what they have approved, and what waits for them."""

    invitation: Invitation
    approved: int
    waits: tuple[Message, ...]


@dataclass(frozen=True, slots=True)
class ReviewStanding:
    """The whole picture. Holds no comment."""

    messages: int
    lacking: tuple[Lacking, ...]
    requests: tuple[ChangeRequest, ...]
    voided: tuple[Voided, ...]
    by_role: tuple[ByRole, ...]
    by_person: tuple[ByPerson, ...]

    @property
    def approved(self) -> int:
        """Messages that may go out as far as people are concerned."""
        return self.messages - len(self.lacking)


def review_standing(rehearsal: Rehearsal, *, open_at: datetime | None = None) -> ReviewStanding:
    """How the season stands; ``rehearsal.reviewers`` are those with a good invitation.

    ``open_at``: only messages whose window has not closed by then; what is over needs nobody.
    """
    messages = [m for m in rehearsal.everything if open_at is None or open_at < m.expires_at]
    lacking = tuple(Lacking(m, found) for m in messages if (found := rehearsal.missing(m)))
    return ReviewStanding(
        messages=len(messages),
        lacking=lacking,
        requests=tuple(r for r in rehearsal.requests if any(r.concerns(m.item, m.channel) for m in messages)),
        voided=voided(rehearsal, open_at=open_at),
        by_role=_by_role(rehearsal, lacking),
        by_person=tuple(_by_person(rehearsal, lacking, i) for i in rehearsal.reviewers),
    )


def _by_role(rehearsal: Rehearsal, lacking: Sequence[Lacking]) -> tuple[ByRole, ...]:
    waiting: dict[str, list[Message]] = {}
    for one in lacking:
        for role in dict.fromkeys(m.role for m in one.missing if m.kind != "changes"):
            waiting.setdefault(role, []).append(one.message)
    return tuple(
        ByRole(
            role,
            tuple(messages),
            tuple(
                i.name
                for i in rehearsal.reviewers
                if (i.role == role if role else rehearsal.policy.may_approve(i.role))
            ),
        )
        for role, messages in sorted(waiting.items())
    )


def _by_person(rehearsal: Rehearsal, lacking: Sequence[Lacking], invitation: Invitation) -> ByPerson:
    me = person_key(invitation.name)

    def mine(message: Message) -> tuple[Approval, ...]:
        return tuple(a for a in rehearsal.approvals.of(message) if person_key(a.person) == me)

    waits = tuple(
        one.message
        for one in lacking
        if any(
            would_help(
                m,
                rehearsal.policy,
                invitation.name,
                invitation.role,
                has_approved=bool(mine(one.message)),
                in_role=any(a.role == invitation.role for a in mine(one.message)),
            )
            for m in one.missing
        )
    )
    return ByPerson(invitation, sum(bool(mine(m)) for m in rehearsal.everything), waits)


def findings_about_all(rehearsal: Rehearsal, messages: Collection[Message]) -> list[Finding]:
    """Findings about these messages, their items, and the records that they state; each once, in reading order."""
    campaign = rehearsal.plan.campaign
    places: set[Where] = set()
    for message in messages:
        places |= {campaign.claims[i].where for i in message.claims if i in campaign.claims}
        places |= {campaign.contacts[i].where for i in message.contacts if i in campaign.contacts}
    found: dict[Finding, None] = {}
    for message in messages:
        found |= dict.fromkeys((*rehearsal.findings_of(message.item, message.channel), *message.findings))
    # A finding about a record names no item: it stands where the record stands.
    found |= dict.fromkeys(f for f in rehearsal.findings if not f.item and f.where in places)
    return in_reading_order(found)


def good_invitations(invitations: Iterable[Invitation], now: datetime) -> tuple[Invitation, ...]:
    return tuple(i for i in invitations if i.is_good(now))
