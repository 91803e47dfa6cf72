"""A rehearsal: a season walked from file to message, with all that was found on the way."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import field, fields, replace
from datetime import date, datetime
from typing import Any, Protocol

from ..light_dataclass import dataclass
from .approval import Approvals, Cost
from .campaign import ItemText
from .claim import Contact, ContactStatus, Signatures
from .comment import ChangeRequest
from .file_edit import FileEdit
from .finding import Finding, Severity
from .formatting import counted, day_and_month
from .invitation import Invitation
from .message import FRAME, EmailBody, Message, is_of_pieces, with_head
from .planned_item import Plan
from .question import Asked, Questions
from .redact import person_key
from .review_policy import Missing, Needs, ReviewPolicy, asked_for_changes, missing, needs_of
from .sent import Sent


class SeasonToSend(Protocol):
    """What a call rests on: a season as the files have it. The process beside them has a :class:`Rehearsal`; all others
    what that one wrote down of it (:mod:`.stored_rehearsal`)."""

    @property
    def findings(self) -> tuple[Finding, ...]: ...

    @property
    def policy(self) -> ReviewPolicy: ...

    @property
    def edits(self) -> tuple[FileEdit, ...]: ...

    def message(self, item: str, channel: str) -> Message | None: ...

    def needs_of(self, message: Message) -> Needs: ...

    def named(self, item: str) -> str: ...

    def missing(
        self, message: Message, approvals: Approvals, requests: Iterable[ChangeRequest]
    ) -> tuple[Missing, ...]: ...


def missing_of(
    season: SeasonToSend, message: Message, approvals: Approvals, requests: Iterable[ChangeRequest]
) -> tuple[Missing, ...]:
    """What people have not said yet of a message of a season. Of a digest: of its frame, and of the mails of its
    items."""
    requests = tuple(requests)
    if not is_of_pieces(message):
        needs = season.needs_of(message)
        return missing(message, approvals, season.policy, needs, requests=requests, edits=season.edits)
    lacking = [*asked_for_changes(message, season.policy, requests)]
    for item in (FRAME, *(item for item, _ in message.audience.parts)):
        part = season.message(item, message.channel)
        if part is None:
            lacking.append(Missing("approval", f"{item} is not there"))
            continue
        of_part = missing_of(season, part, approvals, requests)
        lacking += [replace(m, words=f"{season.named(item)}: {m.words}") for m in of_part]
    return tuple(lacking)


def name_of(item: str, title: str) -> str:
    """What people call an item; ``title`` is empty where it is not planned any more."""
    if title:
        return f"“{title}”"
    return "the frame of the digests" if item == FRAME else item


def digest_title(on: date) -> str:
    """What people call a digest, whose subject differs from one to the other: Digest, January 4."""
    return f"Digest, {day_and_month(on)}"


@dataclass(frozen=True, kw_only=True)
class ReviewState:
    """What people have said of a season so far, and what went out of it. Nothing at all, where there is no ledger."""

    signatures: Signatures = field(default_factory=Signatures)  # those that have not expired
    approvals: Approvals = field(default_factory=Approvals)
    questions: Questions = field(default_factory=Questions)  # that authors left open, with what was answered
    requests: tuple[ChangeRequest, ...] = ()  # standing requests for changes
    reviewers: tuple[Invitation, ...] = ()  # who holds a good invitation
    #: (item, channel) -> the form that was last approved or read, of messages that have another form now.
    earlier: Mapping[tuple[str, str], Message] = field(default_factory=dict)
    edits: tuple[FileEdit, ...] = ()  # changes of items from the pages: who wrote of these words, too
    #: (item, channel) -> how far it is, of what has gone out live, or may have.
    sent: Mapping[tuple[str, str], Sent] = field(default_factory=dict)
    #: Digest -> the form that was read by whoever asked for changes, of messages that have another form now.
    forms: Mapping[str, Message] = field(default_factory=dict)
    can_answer: frozenset[str] = frozenset()  # keys of people who hold a link that works, or may sign in

    def values(self) -> dict[str, Any]:
        """By name, as they are."""
        return {one.name: getattr(self, one.name) for one in fields(ReviewState)}


@dataclass(frozen=True)
class Rehearsal(ReviewState):
    """What a dry run shows and what a live send rests on: the same object for both."""

    plan: Plan
    messages: tuple[Message, ...]  # by date, then channel
    findings: tuple[Finding, ...]  # in reading order
    mode: str  # "rehearsal" | "live"
    costs: tuple[Cost, ...] = ()
    substitutes: tuple[Message, ...] = ()  # messages of substitutes and held-back items, for the packet
    policy: ReviewPolicy = field(default_factory=ReviewPolicy)
    digests: tuple[Message, ...] = ()  # mails that tell of several days, by date and channel
    frames: tuple[Message, ...] = ()  # what stands around the pieces of the digests, by channel
    letters: tuple[Message, ...] = ()  # mails around signing up, as a newcomer would get them on the first day
    organisation: str = ""  # who speaks, as the settings say
    help_lines_from: date | None = None  # from then on a verification of a help line counts for this season
    public_url: str = ""  # under which readers find this program's own pages
    guards: tuple[Asked, ...] = ()  # what it was checked by: rules, stored texts, what records bar

    @property
    def everything(self) -> tuple[Message, ...]:
        """All messages that may go out: those of the items, and the digests."""
        return (*self.messages, *self.digests)

    @property
    def to_approve(self) -> tuple[Message, ...]:
        """All that people approve: the messages of the items, and the frames of the digests. A digest is made of
        these."""
        return (*self.messages, *self.frames)

    @property
    def all_to_read(self) -> tuple[Message, ...]:
        """What may go out, and the frames of the digests."""
        return (*self.everything, *self.frames)

    def message(self, item: str, channel: str) -> Message | None:
        return next((m for m in self.all_to_read if (m.item, m.channel) == (item, channel)), None)

    def sent_of(self, message: Message) -> Sent | None:
        """How far a message has gone out; None while certainly nobody has it."""
        return self.sent.get((message.item, message.channel))

    def is_over(self, message: Message, now: datetime | None = None) -> bool:
        """Whether nothing that is said of a message can matter to its readers any more: all of it went out, or its
        window has closed by ``now``; and no digest to come waits for a word about it."""
        return self.has_gone_by(message, now) and not (self._is_told_later(message, now) and self.missing(message))

    def has_gone_by(self, message: Message, now: datetime | None) -> bool:
        """Whether all of it went out, or its window has closed: it does not go out itself any more."""
        sent = self.sent_of(message)
        return (sent is not None and sent.is_over) or (now is not None and message.expires_at <= now)

    def _is_told_later(self, message: Message, now: datetime | None) -> bool:
        """Whether a digest that is still to go tells of it, in the form that it has now."""
        told_by = (d for d in self.digests if d.channel == message.channel and message.item in dict(d.audience.parts))
        return any(not self.has_gone_by(d, now) for d in told_by)

    def findings_of(self, item: str, channel: str = "") -> tuple[Finding, ...]:
        """Findings about one item; with ``channel``, those of that channel and those of all channels."""
        return tuple(f for f in self.findings if f.item == item and (not channel or f.channel in ("", channel)))

    def item_text(self, item: str) -> ItemText | None:
        """The text that a message of this item was made from."""
        planned = self.plan.of(item)
        return planned.item if planned else self.plan.campaign.items.get(item)

    def asked(self) -> tuple[Asked, ...]:
        """The questions that the files ask of what is planned."""
        used = {
            ("title", str(self.plan.season.year)),
            *((of_item, p.item.id) for p in self.plan.items for of_item in ("item", "text")),
            *(("claim", c) for m in self.everything for c in m.claims),
            *(("source", q.partition("#")[0]) for m in self.everything for q in m.quotations),
        }
        asked = self.plan.campaign.questions(self.plan.season.year)
        return tuple(one for one in asked if (one.subject, one.subject_id) in used)

    def missing(
        self, message: Message, approvals: Approvals | None = None, requests: Iterable[ChangeRequest] | None = None
    ) -> tuple[Missing, ...]:
        """What people have not said yet of a message; empty when it may go out as far as they are concerned. Of a
        digest: of its frame, and of the mails of its items.

        ``approvals`` and ``requests``: the ledger's newest, at the last check; left out: those read with the rest.
        """
        return missing_of(
            self,
            message,
            self.approvals if approvals is None else approvals,
            self.requests if requests is None else requests,
        )

    def needs_of(self, message: Message) -> Needs:
        """What a message that is no digest needs of people."""
        return needs_of(message, self.policy, self.item_text(message.item), self.plan.campaign.claims)

    def alone_in_words(self) -> str:
        """Who approves alone and why, where a group is one person; and who approved without them. Without a full stop
        at its end."""
        if self.policy.alone is None:
            return ""
        who, others, number = self.policy.alone.who, dict[str, str](), 0
        for message in self.to_approve:
            given = {
                person_key(a.person): a.person for a in self.approvals.of(message) if self.policy.counts(a, message)
            }
            if given and person_key(who) not in given:
                number, others = number + 1, {**given, **others}
        if not number:
            return self.policy.alone.words
        were = f"{counted(number, 'message was', 'messages were')} approved without {who}"
        return f"{self.policy.alone.words}. But {were}, by {', '.join(sorted(others.values()))}"

    def help_lines_to_verify(self, today: date) -> tuple[str, ...]:
        """Those that the season prints and nobody has verified since that counts for it; none before that, nor once
        the season has begun."""
        campaign, since = self.plan.campaign, self.help_lines_from
        if since is None or not since <= today < self.plan.season.start_on:
            return ()
        used = {c for m in self.everything for c in m.contacts} | set(campaign.block)
        active = (campaign.contacts[i] for i in sorted(used) if i in campaign.contacts)

        def last(contact: Contact) -> date:
            return self.signatures.last_verified(contact) or contact.verified_on or date.min

        return tuple(c.id for c in active if c.status is ContactStatus.ACTIVE and last(c) < since)

    def named(self, item: str) -> str:
        """What people call an item; its id where it is not planned any more."""
        planned = self.plan.of(item)
        return name_of(item, planned.item.title if planned else "")

    def subject_shown(self, message: Message, *, discreet: bool | None = None) -> str:
        """The subject of a mail, as people look at it: a frame has a pattern in its place, and shows what the first
        digest makes of it. Empty for a post. ``discreet``: with that head; None: with its own."""
        digests = (d for d in self.digests if message.item == FRAME and d.channel == message.channel)
        shown = next(digests, message)
        body = (shown if discreet is None else with_head(shown, discreet=discreet)).body
        return body.subject if isinstance(body, EmailBody) else ""

    def reds(self) -> tuple[Finding, ...]:
        return tuple(f for f in self.findings if f.severity is Severity.RED)

    def between(self, first: date | None, last: date | None) -> Rehearsal:
        """The same rehearsal, cut to the days from ``first`` to ``last``, both included."""

        def inside(on: date) -> bool:
            return (first is None or on >= first) and (last is None or on <= last)

        items = tuple(p for p in self.plan.items if inside(p.on))
        kept = {p.item.id for p in items}
        everywhere = {p.item.id for p in self.plan.items} - kept
        return replace(
            self,
            plan=replace(self.plan, items=items),
            messages=tuple(m for m in self.messages if inside(m.on)),
            substitutes=tuple(m for m in self.substitutes if inside(m.on)),
            digests=tuple(m for m in self.digests if all(item in kept for item, _ in m.audience.parts)),
            findings=tuple(f for f in self.findings if f.item not in everywhere),
        )
