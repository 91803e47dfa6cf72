"""What one invited reviewer has to read: where each item stands for them, what changed since, and what is next."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from enum import StrEnum
from functools import cached_property
from typing import TYPE_CHECKING

from ..domain.approval import Approval
from ..domain.claim import Claim, Contact, ContactStatus
from ..domain.comment import ChangeRequest, Comment
from ..domain.formatting import day_words
from ..domain.invitation import Invitation
from ..domain.message import EmailBody, Message, words_of
from ..domain.question import Asked
from ..domain.record_changes import RecordChange, record_changes
from ..domain.redact import person_key
from ..domain.rehearsal import Rehearsal
from ..domain.sent import Sent
from ..domain.stale_approvals import changed_records
from ..domain.standing_request import StandingRequest, WaitsFor, standing_requests
from ..domain.via import Via, is_said
from ..domain.word_diff import shown, swaps
from ..light_dataclass import dataclass
from .item_view import Since, since_then
from .review_status import Lacking, waits_for

if TYPE_CHECKING:
    from ..store import Ledger


class QueueStatus(StrEnum):
    """Where an item stands for one reviewer."""

    WAITS = "waits"  # their yes would help it on its way
    APPROVED = "approved"  # by them, exactly as it is now
    ASKED = "asked"  # they have asked for changes, and it waits to be changed
    FREE = "free"  # it needs nothing more of them; to read and comment
    SENT = "sent"  # it went out
    OVER = "over"  # the time to send it has passed


_WORDS_A_MINUTE = 200


@dataclass(frozen=True)
class QueueItem:
    """One item, or the frame of the digests, as one reviewer has it before them."""

    item: str
    title: str
    on: date
    day: int | None  # of the season; None: a frame
    messages: tuple[Message, ...]
    stand: QueueStatus
    changed: bool  # they spoke of a form that it has no more
    read: bool  # they have said what they had to say of it
    requests: tuple[StandingRequest, ...] = ()  # their own
    sent: tuple[Sent, ...] = ()  # what of it went out, or may have
    asked: tuple[ChangeRequest, ...] = ()  # what they asked for, where it is their last word; standing or settled
    week: int = 0  # of the season
    needed_by: datetime | None = None  # when the first of it goes out that waits for them

    @property
    def minutes(self) -> int:
        """About so long it takes to read."""
        words = sum(len(text.split()) for m in self.messages for text in words_of(m))
        return max(1, round(words / _WORDS_A_MINUTE))

    @property
    def seen(self) -> dict[str, str]:
        """Channel -> digest of what is shown."""
        return {m.channel: m.digest for m in self.messages}

    @property
    def mended(self) -> tuple[StandingRequest, ...]:
        """Requests of theirs that were answered by a change, and wait for their word."""
        return tuple(r for r in self.requests if r.waits_for is WaitsFor.ANSWER)

    @property
    def decidable(self) -> bool:
        """Whether anything can still be decided about it."""
        return self.stand not in (QueueStatus.SENT, QueueStatus.OVER)


@dataclass(frozen=True)
class RequestThread:
    """One request for a change: what it said, and when; and what others answered."""

    words: str
    at: datetime
    replies: tuple[Comment, ...]


class ReviewerQueue:
    """The season as one invitation shows it, at one moment."""

    def __init__(self, rehearsal: Rehearsal, ledger: Ledger, invitation: Invitation, *, now: datetime) -> None:
        self.rehearsal, self._ledger, self._invitation, self.now = rehearsal, ledger, invitation, now
        self._me = person_key(invitation.name)

    @cached_property
    def items(self) -> tuple[QueueItem, ...]:
        """All that is approved, by date; the frame of the digests after the item of the first digest's day."""
        by_item: dict[str, list[Message]] = {}
        for message in sorted(self.rehearsal.to_approve, key=lambda m: isinstance(m.body, EmailBody)):
            by_item.setdefault(message.item, []).append(message)
        days = {p.item.id: p for p in self.rehearsal.plan.items}
        weeks = {p.on: p.week for p in self.rehearsal.plan.items}
        found = []
        for item, messages in by_item.items():
            planned = days.get(item)
            title = planned.item.title if planned else "The frame of the digests"
            spoken = [(m, self._last(m)) for m in messages]
            changed = any(last is not None and not m.has(last.digest) for m, last in spoken)
            waits = self._waits(messages)
            stand = self._stand(messages, waits)
            found.append(
                QueueItem(
                    item,
                    title,
                    messages[0].on,
                    planned.day_number if planned else None,
                    tuple(messages),
                    stand,
                    changed,
                    self._is_read(messages, stand),
                    tuple(r for r in self._standing if r.request.item == item),
                    tuple(sent for m in messages if (sent := self.rehearsal.sent_of(m)) is not None),
                    tuple(last for _, last in spoken if isinstance(last, ChangeRequest) and last.how != "withdrawn"),
                    weeks.get(messages[0].on, 0),
                    min((m.due_at for m in waits), default=None),
                )
            )
        return tuple(sorted(found, key=lambda one: (one.on, one.day is None)))

    def of(self, item: str) -> QueueItem | None:
        return next((one for one in self.items if one.item == item), None)

    def at(self, stand: QueueStatus) -> tuple[QueueItem, ...]:
        return tuple(one for one in self.items if one.stand is stand)

    @property
    def spoken_of(self) -> int:
        """How many items they have approved, or asked changes of, or that went out. It never falls: what was changed
        since waits for them again, and was reviewed all the same."""
        return sum(one.read for one in self.items)

    @cached_property
    def weeks(self) -> Mapping[int, tuple[QueueItem, ...]]:
        """By week, what waits for them in it: only what is new for them."""
        found: dict[int, list[QueueItem]] = {}
        for one in self.at(QueueStatus.WAITS):
            found.setdefault(one.week, []).append(one)
        return {week: tuple(together) for week, together in found.items()}

    @cached_property
    def alike(self) -> tuple[tuple[QueueItem, ...], ...]:
        """Items that they had approved, and that one change altered in the same way: each group can be judged by one
        of them. At least two stand in a group."""
        found: dict[frozenset[tuple[str, ...]], list[QueueItem]] = {}
        for one in self.at(QueueStatus.WAITS):
            spoken = [(self._last(m), m) for m in one.messages]
            if not one.changed or not all(isinstance(last, Approval) for last, _ in spoken):
                continue
            forms = [(self._ledger.lookups.sent_message(last.digest) if last else None, m) for last, m in spoken]
            pairs = [swaps(before, m) for before, m in forms if before is not None]
            if len(pairs) == len(forms) and any(pairs):
                found.setdefault(frozenset().union(*pairs), []).append(one)
        return tuple(tuple(together) for together in found.values() if len(together) > 1)

    @cached_property
    def record_changes(self) -> tuple[RecordChange, ...]:
        """Records that changed beneath what they approved, while nothing did that readers get."""
        return record_changes(self.rehearsal, self._invitation.name, open_at=self.now)

    @property
    def by_need(self) -> tuple[tuple[datetime, QueueItem], ...]:
        """What waits for them with when it is needed, the soonest first."""
        found = [(one.needed_by, one) for one in self.items if one.needed_by is not None]
        return tuple(sorted(found, key=lambda pair: pair[0]))

    @property
    def left(self) -> int:
        """How many items wait for them."""
        return len(self.at(QueueStatus.WAITS))

    def next_after(self, item: str = "") -> QueueItem | None:
        """The next item that waits for them, from ``item`` on and then from the beginning; None: nothing does."""
        at = next((n for n, one in enumerate(self.items) if one.item == item), -1)
        in_turn = (*self.items[at + 1 :], *self.items[: at + 1])
        return next((one for one in in_turn if one.stand is QueueStatus.WAITS and one.item != item), None)

    def neighbours(self, item: str) -> tuple[QueueItem | None, QueueItem | None]:
        """The items before and after this one, whatever they need."""
        at = next(n for n, one in enumerate(self.items) if one.item == item)
        return self.items[at - 1] if at else None, self.items[at + 1] if at + 1 < len(self.items) else None

    # -- what changed -----------------------------------------------------------------------------------

    def since(self, item: str, shown: Mapping[str, Message] | None = None) -> dict[str, Since]:
        """By channel, what changed since the reviewer last spoke of it, or since they were ``shown`` another form.

        A channel of which they have not spoken yet is not in it.
        """
        found: dict[str, Since] = {}
        one = self.of(item)
        for message in one.messages if one else ():
            before = (shown or {}).get(message.channel)
            words = "What changed while you were reading"
            if before is None or message.has(before.digest):
                spoken = self._last(message)
                is_another = spoken is not None and not message.has(spoken.digest)
                before = self._ledger.lookups.sent_message(spoken.digest) if spoken and is_another else None
                act = "approved it" if isinstance(spoken, Approval) else "asked for changes"
                words = f"What changed since you {act}"
            if before is not None:
                found[message.channel] = since_then(words, before, message, self._records(before, message))
        return found

    def changes(
        self, one: QueueItem, shown_before: Mapping[str, Message] | None = None
    ) -> tuple[tuple[str, Since], ...]:
        """By channel, as :meth:`since`, with unchanged words folded: to be read at the head of the item's page."""
        return tuple(
            (channel, replace(s, difference=tuple(replace(c, pieces=shown(c.pieces)) for c in s.difference)))
            for channel, s in self.since(one.item, shown_before).items()
            if s.difference or s.beside
        )

    def _records(self, before: Message, after: Message) -> str:
        """The changed records beneath a message, as a reader knows them."""
        campaign, named = self.rehearsal.plan.campaign, []
        for record in changed_records(before, after):
            kind, _, record_id = record.partition(":")
            contact, claim = campaign.contacts.get(record_id), campaign.claims.get(record_id)
            if kind == "contact" and contact is not None:
                on = self.rehearsal.signatures.last_verified(contact)
                tried = f", tried last on {day_words(on)}" if on else ", which nobody has signed yet"
                named.append(f"the help line {contact.value}{tried}")
            elif kind == "claim" and claim is not None:
                named.append(f"the record of “{claim.text}”")
            else:
                named.append(f"a stored {kind}")
        return "; ".join(dict.fromkeys(named))

    def asked(self, one: QueueItem, thread: Iterable[tuple[int, Comment]]) -> tuple[RequestThread, ...]:
        """What they asked of it, in their words, and what they were answered; oldest first."""
        said = [comment for _, comment in thread]
        by_id = {comment.id: comment for comment in said}
        return tuple(
            RequestThread(by_id[i].text, by_id[i].at, tuple(c for c in said if c.answers == i and not self._is_me(c)))
            for i in dict.fromkeys(r.comment for r in one.asked)
            if i in by_id
        )

    def _is_me(self, comment: Comment) -> bool:
        return person_key(comment.person) == self._me

    def questions(self, one: QueueItem) -> tuple[str, ...]:
        """What is open about it, as its author and the records that it states ask it, while nobody has answered."""
        text, campaign = self.rehearsal.item_text(one.item), self.rehearsal.plan.campaign
        claims = dict.fromkeys(c for m in one.messages for c in m.claims)
        asked = [Asked("item", text.id, text.needs_decision)] if text else []
        asked += [Asked("claim", c, campaign.claims[c].needs_decision) for c in claims]
        open_ones = (a.text for a in asked if a.text and self.rehearsal.questions.answer_to(a) is None)
        return tuple(dict.fromkeys(open_ones))

    # -- who said what ----------------------------------------------------------------------------------

    @cached_property
    def _requests(self) -> tuple[ChangeRequest, ...]:
        asked = self._ledger.change_requests.of_season(self.rehearsal.plan.key, ended=True)
        return tuple(r for r in asked if person_key(r.person) == self._me)

    @cached_property
    def _standing(self) -> tuple[StandingRequest, ...]:
        return standing_requests(self.rehearsal, (r for r in self._requests if r.stands))

    @cached_property
    def _by_message(self) -> Mapping[tuple[str, str], Approval | ChangeRequest]:
        """The last thing that they said of each message."""
        mine = (a for a in self.rehearsal.approvals.all if person_key(a.person) == self._me)
        spoken: list[tuple[datetime, Approval | ChangeRequest]]
        spoken = [*((a.approved_at, a) for a in mine), *((r.asked_at, r) for r in self._requests)]
        return {(one.item, one.channel): one for _, one in sorted(spoken, key=lambda pair: pair[0])}

    def _last(self, message: Message) -> Approval | ChangeRequest | None:
        return self._by_message.get((message.item, message.channel))

    def _going(self, messages: Sequence[Message]) -> list[Message]:
        return [m for m in messages if not self.rehearsal.is_over(m, self.now)]

    def _waits(self, messages: Sequence[Message]) -> tuple[Message, ...]:
        """Those that are still to go and that their yes would help on their way."""
        lacking = [Lacking(m, found) for m in self._going(messages) if (found := self.rehearsal.missing(m))]
        return waits_for(self.rehearsal, lacking, self._invitation)

    def _stand(self, messages: Sequence[Message], waits: Sequence[Message]) -> QueueStatus:
        going = self._going(messages)
        if not going:
            return QueueStatus.SENT if any(self.rehearsal.sent_of(m) for m in messages) else QueueStatus.OVER
        # First, because a yes in another role may not be all that is needed of them.
        if waits:
            return QueueStatus.WAITS
        if any(r.message in going for r in self._standing):
            return QueueStatus.ASKED
        has_approved = all(is_said(self.rehearsal.approvals.of(m), self._me, Via.LINK) for m in going)
        return QueueStatus.APPROVED if has_approved else QueueStatus.FREE

    def _is_read(self, messages: Sequence[Message], stand: QueueStatus) -> bool:
        """Whether they have said what they had to say of it, be it of an earlier form, or it went out."""
        if stand in (QueueStatus.APPROVED, QueueStatus.ASKED, QueueStatus.SENT):
            return True
        spoken = [self._last(m) for m in messages]
        return all(last and not (isinstance(last, ChangeRequest) and last.how == "withdrawn") for last in spoken)

    def remarks(self, one: QueueItem) -> tuple[Approval, ...]:
        """What people said with their yes to what is shown now; once, though it was a yes to each channel."""
        kept: dict[tuple[str, str], Approval] = {}
        for given in (a for m in one.messages for a in self.rehearsal.approvals.of(m) if a.comment):
            kept.setdefault((given.person, given.comment), given)
        return tuple(sorted(kept.values(), key=lambda a: a.approved_at))

    # -- claims and help lines --------------------------------------------------------------------------

    def to_sign(self) -> tuple[tuple[Claim | Contact, bool], ...]:
        """Claims and then help lines that messages of the season state, each with whether the reviewer has signed it
        as it is now. A help line that is out of use is not among them."""
        campaign, signatures = self.rehearsal.plan.campaign, self.rehearsal.signatures
        claims = {i for m in self.rehearsal.messages for i in m.claims}
        contacts = {i for m in self.rehearsal.messages for i in m.contacts}
        active = (c for c in campaign.contacts.values() if c.status is ContactStatus.ACTIVE)
        records: list[tuple[str, Claim | Contact]] = [
            *(("claim", c) for c in campaign.claims.values() if c.id in claims),
            *(("contact", c) for c in active if c.id in contacts),
        ]

        def signed(kind: str, record: Claim | Contact) -> bool:
            signed_by = signatures.of(kind, record.id, record.record_hash())
            return is_said(signed_by, self._me, Via.LINK)

        return tuple((record, signed(kind, record)) for kind, record in records)
