"""How a season stands with its reviewers: what they have said, and what is missing, by message, role and person."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import field, replace
from datetime import date, datetime
from typing import TYPE_CHECKING

from ..domain.approval import Approvals
from ..domain.campaign import Campaign
from ..domain.comment import ChangeRequest, Comment
from ..domain.finding import Finding, Where, in_reading_order
from ..domain.invitation import Invitation
from ..domain.message import Message
from ..domain.record_changes import RecordChange
from ..domain.record_changes import by_person as record_changes_by_person
from ..domain.redact import person_key
from ..domain.rehearsal import Rehearsal, ReviewState
from ..domain.review_policy import Missing, would_help
from ..domain.season_key import SeasonKey
from ..domain.sent import Sent, sent_by_message
from ..domain.stale_approvals import Voided, voided
from ..domain.standing_request import StandingRequest, WaitsFor, standing_requests
from ..domain.via import Via, is_said
from ..light_dataclass import dataclass

if TYPE_CHECKING:
    from ..store import Ledger

Plain = dict[str, object]


@dataclass(frozen=True)
class Lacking:
    """A message and what people have not said of it yet."""

    message: Message
    missing: tuple[Missing, ...]

    def in_words(self) -> str:
        return "; ".join(m.words for m in self.missing)


@dataclass(frozen=True)
class ByRole:
    """Messages that wait for somebody in one role; an empty role is anybody who may approve."""

    role: str
    messages: tuple[Message, ...]
    people: tuple[str, ...]  # who was invited in that role

    @property
    def words(self) -> str:
        return self.role.replace("-", " ") if self.role else "anybody who may approve"


@dataclass(frozen=True)
class ByPerson:
    """One invited reviewer: what they have approved, and what waits for them."""

    invitation: Invitation
    approved: int
    waits: tuple[Message, ...]


@dataclass(frozen=True)
class Declined:
    """An invited person who can't review. ``messages``: what waits for a word like theirs, and for nobody else who was
    invited."""

    invitation: Invitation
    messages: tuple[Message, ...]

    @property
    def items(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(m.item for m in self.messages))

    def in_words(self) -> str:
        one = self.invitation
        could = f" Who could instead, they say: {one.handed_to}." if one.handed_to else ""
        why = one.declined_why.rstrip(".")
        return f"{one.name} ({one.role.replace('-', ' ')}) can't review: {why}.{could}"


@dataclass(frozen=True)
class ReviewStatus:
    """The whole picture. Holds no comment."""

    time_zone: str  # the campaign's
    messages: int
    lacking: tuple[Lacking, ...]
    requests: tuple[StandingRequest, ...]  # those that hold something back
    too_late: tuple[StandingRequest, ...]  # those of messages that all have by now
    voided: tuple[Voided, ...]
    by_role: tuple[ByRole, ...]
    by_person: tuple[ByPerson, ...]
    declined: tuple[Declined, ...] = ()  # those in whose place nobody was invited since
    alone: str = ""  # who approves alone, and why, where a group is one person
    #: Who has not said yet that they know of records that changed beneath what they approved. It holds nothing back.
    records: Mapping[str, tuple[RecordChange, ...]] = field(default_factory=dict)

    @property
    def approved(self) -> int:
        """Messages that may go out as far as people are concerned."""
        return self.messages - len(self.lacking)


def review_standing(rehearsal: Rehearsal, *, open_at: datetime | None = None) -> ReviewStatus:
    """How the season stands; ``rehearsal.reviewers`` are those with a good invitation.

    ``open_at``: only messages whose window has not closed by then; what is over, or went out, needs nobody.
    """
    messages = [m for m in rehearsal.to_approve if not rehearsal.is_over(m, open_at)]
    standing = standing_requests(rehearsal)
    open_keys = {(m.item, m.channel) for m in messages}
    lacking = tuple(Lacking(m, found) for m in messages if (found := rehearsal.missing(m)))
    by_person = tuple(_by_person(rehearsal, lacking, i) for i in rehearsal.reviewers)
    return ReviewStatus(
        time_zone=rehearsal.plan.campaign.time_zone,
        messages=len(messages),
        lacking=lacking,
        requests=tuple(r for r in standing if (r.message.item, r.message.channel) in open_keys),
        too_late=tuple(r for r in standing if r.waits_for is WaitsFor.NOBODY),
        voided=voided(rehearsal, open_at=open_at),
        by_role=_by_role(rehearsal, lacking),
        by_person=by_person,
        declined=tuple(_declined(rehearsal, lacking, by_person)),
        alone=rehearsal.alone_in_words(),
        records=record_changes_by_person(rehearsal, open_at=open_at),
    )


def _declined(rehearsal: Rehearsal, lacking: Sequence[Lacking], by_person: Sequence[ByPerson]) -> Iterator[Declined]:
    others = {(m.item, m.channel) for p in by_person for m in p.waits}
    can = [i for i in rehearsal.reviewers if i.declined_at is None]
    for one in rehearsal.reviewers:
        at = one.declined_at
        if at is None or any(i.role == one.role and i.invited_at >= at for i in can):
            continue
        theirs = _by_person(rehearsal, lacking, replace(one, declined_at=None)).waits
        yield Declined(one, tuple(m for m in theirs if (m.item, m.channel) not in others))


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
                if i.declined_at is None and (i.role == role if role else rehearsal.policy.may_approve(i.role))
            ),
        )
        for role, messages in sorted(waiting.items())
    )


def _by_person(rehearsal: Rehearsal, lacking: Sequence[Lacking], invitation: Invitation) -> ByPerson:
    me = person_key(invitation.name)
    approved = [is_said(rehearsal.approvals.of(m), me, Via.LINK) for m in rehearsal.to_approve]
    by_item: dict[str, list[Lacking]] = {}
    for one in lacking:
        by_item.setdefault(one.message.item, []).append(one)
    waits = [m for together in by_item.values() for m in waits_for(rehearsal, together, invitation)]
    return ByPerson(invitation, sum(approved), tuple(waits))


def waits_for(rehearsal: Rehearsal, together: Iterable[Lacking], invitation: Invitation) -> tuple[Message, ...]:
    """Of one item's messages that are still to go, those that wait for this person's word.

    While they wait for a change that they asked for, nothing of the item does: it comes back when it was changed.
    """
    if invitation.declined_at is not None:
        return ()
    me, role, policy = person_key(invitation.name), invitation.role, rehearsal.policy
    together = tuple(together)
    asked = [m for one in together for m in one.missing if m.kind == "changes" and person_key(m.person) == me]
    if asked and not any(m.mended for m in asked):
        return ()

    def waits(one: Lacking) -> bool:
        roles = {a.role for a in rehearsal.approvals.of(one.message) if person_key(a.person) == me}
        has_approved = is_said(rehearsal.approvals.of(one.message), me, Via.LINK)
        return any(
            would_help(m, policy, invitation.name, role, has_approved=has_approved, in_role=role in roles)
            for m in one.missing
        )

    return tuple(one.message for one in together if waits(one))


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


# -- read from the ledger in one go --------------------------------------------------------------------------


def load_review_state(
    ledger: Ledger, campaign: Campaign, year: int, messages: Collection[Message], *, today: date, now: datetime
) -> ReviewState:
    """``today`` is the date at the campaign's place: a sign-off holds until the end of its last day there."""
    key = SeasonKey(campaign.id, year)
    approvals = ledger.approvals.of_season(key)
    requests = ledger.change_requests.of_season(key, ended=True)
    reviewers = good_invitations(ledger.invitations.of_season(key), now)
    return ReviewState(
        signatures=ledger.signatures.of_campaign(*campaign.signed_in).valid_on(today),
        approvals=approvals,
        questions=ledger.questions.of_season(key),
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
    now = {(m.item, m.channel): m for m in messages}
    standing = ((r, now.get((r.item, r.channel))) for r in requests if r.stands)
    other = {r.digest for r, message in standing if message is not None and r.is_answered_by(message)}
    return {digest: form for digest in other if (form := ledger.lookups.sent_message(digest)) is not None}


def _earlier(
    ledger: Ledger, messages: Collection[Message], approvals: Approvals, requests: Collection[ChangeRequest]
) -> dict[tuple[str, str], Message]:
    """The form of each message that was last approved, or last read by somebody who wanted it changed."""
    found = {}
    for message in messages:
        beneath = {a.digest: a.rests_on for a in approvals.voided_by(message) if a.rests_on}
        read = [(a.approved_at, a.digest) for a in approvals.voided_by(message)]
        read += [
            (r.asked_at, r.digest)
            for r in requests
            if r.concerns(message.item, message.channel) and r.is_answered_by(message)
        ]
        before = ledger.lookups.sent_message(max(read)[1]) if read else None
        if before is not None:
            # A form is kept once; what each person knew to lie beneath it is kept with their approval.
            rests_on = beneath.get(max(read)[1], before.rests_on)
            found[message.item, message.channel] = replace(before, rests_on=rests_on)
    return found


# -- as plain data, the same for --json and the JSON API; comments are in none of it but comment_as_data ----------


def standing_as_data(standing: ReviewStatus) -> Plain:
    """What is missing, by message, role and person."""
    return {
        "messages": standing.messages,
        "approved": standing.approved,
        "alone": standing.alone,
        "missing": [lacking_as_data(one) for one in standing.lacking],
        "requests": [request_as_data(r, standing.time_zone) for r in standing.requests],
        "requests_too_late": [request_as_data(r, standing.time_zone) for r in standing.too_late],
        "voided": voided_as_data(standing.voided),
        "records_changed": [record_change_as_data(who, c) for who, found in standing.records.items() for c in found],
        "by_role": [
            {"role": r.role or None, "invited": list(r.people), "messages": len(r.messages)} for r in standing.by_role
        ],
        "by_person": [
            {"name": p.invitation.name, "role": p.invitation.role, "approved": p.approved, "waits": len(p.waits)}
            for p in standing.by_person
        ],
        "declined": [
            {"name": d.invitation.name, "role": d.invitation.role, "lacks_reviewer": list(d.items)}
            for d in standing.declined
        ],
    }


def lacking_as_data(one: Lacking) -> Plain:
    """A message and what it lacks."""
    return {
        "item": one.message.item,
        "channel": one.message.channel,
        "date": one.message.on.isoformat(),
        "missing": [missing_as_data(m) for m in one.missing],
    }


def missing_as_data(missing: Missing) -> Plain:
    return {"kind": missing.kind, "words": missing.words, "role": missing.role, "person": missing.person}


def request_as_data(standing: StandingRequest, zone: str) -> Plain:
    """Who asked, when, and whose turn it is; what for is a private comment."""
    request = standing.request
    return {
        "id": request.id,
        "item": request.item,
        "channel": request.channel,
        "by": request.person,
        "role": request.role,
        "asked_at": request.asked_at.isoformat(),
        "waits_for": standing.waits_for.value,
        "changed_at": standing.changed_at.isoformat() if standing.changed_at else None,
        "words": standing.in_words(zone),
        "to_do": standing.to_do,
        "sent": sent_as_data(standing.sent),
    }


def sent_as_data(sent: Sent | None) -> Plain | None:
    """How far a message has gone out live; None while certainly nobody has it."""
    if sent is None:
        return None
    return {
        "at": sent.at.isoformat(),
        "have_it": sent.have_it,
        "of": sent.of,
        "whole": sent.is_over,
        "may_have_gone": sent.may_have_gone,
    }


def voided_as_data(gone: Iterable[Voided]) -> list[Plain]:
    """Approvals that a change has voided."""
    return [
        {
            "item": v.message.item,
            "channel": v.message.channel,
            "date": v.message.on.isoformat(),
            "approved_by": list(v.people),
            "records": list(v.records),
            "changed": list(v.fields),
        }
        for v in gone
    ]


def record_change_as_data(person: str, change: RecordChange) -> Plain:
    """A record that changed beneath what a person approved. Their approvals hold."""
    return {"approved_by": person, "record": change.name, "words": change.sentence, "messages": len(change.messages)}


def comment_as_data(comment: Comment) -> Plain:
    """A private remark: for reviewers and coordinators alone."""
    return {
        "id": comment.id,
        "item": comment.item,
        "channel": comment.channel,
        "by": comment.person,
        "role": comment.role,
        "at": comment.at.isoformat(),
        "about": comment.about,
        "answers": comment.answers,
        "text": comment.text,
    }
