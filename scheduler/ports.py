"""What the inner parts need from the outer ones, as interfaces. Concrete classes are known to bootstrap alone."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum
from secrets import token_hex
from typing import Protocol

from .domain.address import address_key
from .domain.approval import Approval, Approvals
from .domain.cadence import DEFAULT_CADENCE, Cadence
from .domain.claim import Signature, Signatures
from .domain.delivery import State
from .domain.invitation import Invitation
from .domain.ledger import (
    Arming,
    Batch,
    ChainReport,
    DatabaseFacts,
    Delivery,
    Event,
    Hold,
    LedgerHealth,
    PricedCall,
    ReceiptsHandled,
    Restoration,
    Wanted,
)
from .domain.message import Message
from .domain.packet import PacketRecord
from .domain.reader import Consent, Reader
from .domain.receipt import Receipt
from .domain.review import ChangeRequest, Comment


class OutcomeKind(StrEnum):
    """How one call to a provider ended."""

    ACCEPTED = "accepted"
    LATER = "later"  # certainly not sent; may be tried again after ``retry_at``
    FINAL = "final"  # certainly not sent; trying again is of no use
    UNKNOWN = "unknown"  # anything else


@dataclass(frozen=True, slots=True)
class Outcome:
    """The end of one call. ``detail`` is safe to store and to log: no secret, no address.

    ``per_recipient`` (subscriber id -> outcome) is there when the readers of one call fared differently; see
    :meth:`of_readers`. Then ``kind`` is what they have in common, or UNKNOWN when that is nothing: whoever looks at
    the call as a whole repeats none of it.
    """

    kind: OutcomeKind
    reference: str = ""  # the provider's id, when accepted
    detail: str = ""
    status: int | None = None  # HTTP or SMTP status
    retry_at: datetime | None = None
    needs_money: bool = False
    per_recipient: Mapping[str, Outcome] = field(default_factory=dict)

    @staticmethod
    def of_readers(ends: Mapping[str, Outcome], *, reference: str = "") -> Outcome:
        """The end of a call from how each of its readers fared. Where all fared alike, it is that end."""
        first, *others = ends.values()
        if all(end == first for end in others):
            return replace(first, reference=reference or first.reference)
        counts = Counter(end.kind for end in ends.values())
        said = []
        for kind, words in _IN_WORDS.items():
            reasons = {end.detail for end in ends.values() if end.kind is kind}
            why = f" ({reasons.pop()})" if len(reasons) == 1 and reasons != {""} else ""
            said += [f"{counts[kind]} {words}{why}"] if counts[kind] else []
        return Outcome(
            first.kind if len(counts) == 1 else OutcomeKind.UNKNOWN,
            reference=reference if counts[OutcomeKind.ACCEPTED] else "",
            detail=", ".join(said),
            per_recipient=dict(ends),
        )


_IN_WORDS = {
    OutcomeKind.ACCEPTED: "accepted",
    OutcomeKind.FINAL: "refused",
    OutcomeKind.LATER: "to be tried again",
    OutcomeKind.UNKNOWN: "may have gone out",
}


@dataclass(frozen=True, slots=True)
class Recipient:
    """One subscriber in a batch."""

    subscriber_id: str
    address: str = field(repr=False)
    name: str = field(default="", repr=False)
    unsubscribe_url: str = field(default="", repr=False)


class UnusableRecipients(ValueError):
    """Raised by ``build``: these subscribers' records would spoil the call for all others. Build again without them."""

    def __init__(self, reasons: Mapping[str, str]) -> None:
        self.reasons = dict(reasons)  # subscriber id -> what is wrong, without the address
        super().__init__("; ".join(f"subscriber {who}: {why}" for who, why in self.reasons.items()))


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
        """What the provider says of a call whose end we do not know. Never raises.

        Where readers of one call fared differently, ``request`` holds those in doubt alone: evidence is about them.
        """
        ...

    def close(self) -> None:
        """Let go of connections."""
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


@dataclass(frozen=True, slots=True)
class PlanChanges:
    """What following the plan did to the ledger, in numbers of deliveries."""

    planned: int = 0
    moved: int = 0
    cancelled: int = 0
    reinstated: int = 0


@dataclass(frozen=True, slots=True)
class Prepared:
    """A batch, ready to be built: who is still to be written to. No recipients for a post."""

    batch: Batch
    recipients: tuple[Recipient, ...] = ()


@dataclass(frozen=True, slots=True)
class Standing:
    """What the ledger says at one instant about a delivery that is about to go; read in one look."""

    delivery: Delivery
    batch: Batch | None
    armed: Arming | None
    holds: tuple[Hold, ...]
    approvals: Approvals
    newly_left: int = 0  # readers of the batch who left after it was prepared
    requests: tuple[ChangeRequest, ...] = ()  # standing requests for changes of this very message


class Ledger(Protocol):
    """The truth: deliveries, batches, attempts, approvals, holds, events.

    Each method is one transaction or one consistent look. Each change of a state is a guarded update, so that of
    two programs one wins and the other learns it. Raises :class:`~scheduler.errors.OutOfReach` when the database
    cannot be used; nothing is half done then.
    """

    # -- the plan ---------------------------------------------------------------------------------------

    def follow_plan(
        self, mode: str, campaign: str, season: int, wanted: Sequence[Wanted], *, now: datetime, may_cancel: bool = True
    ) -> PlanChanges:
        """Make the waiting deliveries what the plan says. What has begun or ended is not touched."""
        ...

    def deliveries(self, mode: str, campaign: str, season: int) -> tuple[Delivery, ...]:
        """All deliveries of a season with their counts, by due time, then channel."""
        ...

    def delivery(self, delivery_id: int) -> Delivery | None: ...

    def batches(self, delivery_id: int) -> tuple[Batch, ...]: ...

    def due(self, mode: str, campaign: str, season: int, *, now: datetime) -> tuple[Delivery, ...]:
        """Deliveries with something that may go now: due, inside the window, not held."""
        ...

    def next_instants(self, mode: str, *, now: datetime, limit: int = 64) -> tuple[datetime, ...]:
        """The next instants after ``now`` at which something becomes due, earliest first."""
        ...

    # -- one pass ---------------------------------------------------------------------------------------

    def expire(self, mode: str, *, now: datetime) -> tuple[Delivery, ...]:
        """Close what waits past its window: missed. Returns the deliveries concerned."""
        ...

    def doubt_overdue(self, mode: str, *, now: datetime) -> tuple[Batch, ...]:
        """Batches that have been sending for longer than their lease: unknown."""
        ...

    def note(self, delivery_id: int, note: str, *, now: datetime) -> bool:
        """Why a delivery waits. False, and nothing is written, when it says so already."""
        ...

    def freeze(self, delivery_id: int, *, batch_limit: int, now: datetime) -> bool:
        """Freeze who gets a due delivery, in batches; once. A part at a time: call until it returns True."""
        ...

    def ready_batches(self, delivery_id: int, *, now: datetime) -> tuple[Batch, ...]:
        """Batches that wait and may be tried now, by number."""
        ...

    def prepare(self, batch_id: int, *, survived: bool = False, now: datetime) -> Prepared | None:
        """Leave out who has left, count the try. None when the batch is not to be sent now.

        ``survived``: this process has built the batch before and lives, so earlier tries do not count against it.
        """
        ...

    def leave_out(self, batch_id: int, reasons: Mapping[str, str], *, now: datetime) -> None:
        """Subscribers whose own record makes the call impossible (id -> why): skipped; the others go on."""
        ...

    def intend(
        self,
        batch_id: int,
        *,
        token: str,
        message: Message,
        fingerprint: str,
        readers: int,
        node: str,
        lease: timedelta,
        check_after: timedelta,
        note: str = "",
        now: datetime,
    ) -> bool:
        """Commit the intent to call. False when somebody else has the batch, or it may not go now."""
        ...

    def conclude(self, batch_id: int, *, token: str, outcome: Outcome, now: datetime) -> State | None:
        """Commit how the call ended. None when the token is not the latest any more: the answer came too late."""
        ...

    def standing(self, delivery_id: int, batch_id: int | None = None) -> Standing | None:
        """What the last check looks at."""
        ...

    def recent_calls(self, mode: str, channel: str, *, since: datetime) -> tuple[datetime, ...]:
        """When calls of a channel began since then, whatever came of them, earliest first. All campaigns."""
        ...

    def priced_calls(self, mode: str, campaign: str, season: int, channel: str) -> tuple[PricedCall, ...]:
        """Calls of a season that were accepted, or may have been."""
        ...

    # -- doubts -----------------------------------------------------------------------------------------

    def doubtful(self, mode: str, *, now: datetime) -> tuple[Batch, ...]:
        """Unknown batches whose next question to the provider is due."""
        ...

    def sent_message(self, digest: str) -> Message | None:
        """The message that an attempt was made with."""
        ...

    def recipients(self, batch_id: int) -> tuple[Recipient, ...]:
        """Who was called for in a batch; those whose record is gone are missing."""
        ...

    def settle(self, batch_id: int, *, token: str, evidence: Evidence, who: str, now: datetime) -> bool:
        """Settle a doubt by evidence. CANNOT_TELL changes nothing."""
        ...

    def settle_by_receipts(self, mode: str, *, now: datetime) -> int:
        """Batches without a known end that the provider has spoken of in its receipts: sent. Returns how many."""
        ...

    def ask_again(self, batch_id: int, *, token: str, check_at: datetime | None, now: datetime) -> None:
        """When to ask the provider again; None: a person has to decide."""
        ...

    def resolve(
        self, delivery_id: int, *, sent: bool, who: str, reference: str = "", batch: int | None = None, now: datetime
    ) -> int:
        """A person settles a doubt. Returns how many batches it settled."""
        ...

    # -- people -----------------------------------------------------------------------------------------

    def record_approval(self, approval: Approval, message: Message | None = None) -> bool:
        """False when this person had approved exactly this already in this role.

        ``message`` is kept by its digest, so that a later form can be compared with it. A standing request for
        changes of the same person is answered by it.
        """
        ...

    def withdraw_approvals(
        self, campaign: str, season: int, item: str, channel: str, *, who: str, reason: str, now: datetime
    ) -> int: ...

    def approvals(self, campaign: str, season: int) -> Approvals: ...

    def sign(self, campaign: str, signature: Signature, *, now: datetime) -> bool:
        """False when this person had signed exactly this already."""
        ...

    def signatures(self, campaign: str) -> Signatures: ...

    def arm(self, campaign: str, season: int, *, who: str, now: datetime) -> bool: ...

    def disarm(self, campaign: str, season: int, *, who: str, now: datetime) -> bool: ...

    def armed(self, campaign: str, season: int) -> Arming | None: ...

    def is_armed(self, campaign: str, season: int) -> bool: ...

    def hold(self, channel: str, *, who: str, why: str, now: datetime) -> Hold:
        """Stop a channel (``*`` = all) at once: in force before the next call, on every machine."""
        ...

    def release(self, channel: str, *, who: str, now: datetime) -> tuple[Delivery, ...]:
        """Lift the holds of a channel. Sends nothing by itself: what fell due meanwhile stays held, and is returned."""
        ...

    def holds(self, *, released: bool = False) -> tuple[Hold, ...]: ...

    def hold_delivery(self, delivery_id: int, *, who: str, why: str, now: datetime) -> bool: ...

    def release_delivery(self, delivery_id: int, *, who: str, now: datetime) -> bool:
        """Let a held delivery go, if its window is still open at the next pass."""
        ...

    def skip_delivery(self, delivery_id: int, *, who: str, why: str, now: datetime) -> bool: ...

    def retry_delivery(self, delivery_id: int, *, who: str, now: datetime) -> bool:
        """Another try of what certainly did not go out, while its window is open."""
        ...

    # -- history ----------------------------------------------------------------------------------------

    def events(self, *, delivery_id: int | None = None, limit: int = 200) -> tuple[Event, ...]:
        """The newest events, newest first."""
        ...

    def version(self) -> int:
        """Grows with every change; two equal readings mean that nothing happened between."""
        ...

    def verify_events(self) -> ChainReport: ...

    def close(self) -> None: ...


class OperatedLedger(Ledger, Protocol):
    """What those who run the program ask of the ledger besides."""

    def facts(self) -> DatabaseFacts:
        """What the database says of itself."""
        ...

    def history(self, *kinds: str, since: datetime | None = None) -> tuple[Event, ...]:
        """Events of these kinds, oldest first."""
        ...

    def fates(self, delivery_id: int) -> Mapping[str, int]:
        """What the mails of a delivery came to, as far as was reported: recipient's state -> readers."""
        ...

    def newest_event_at(self) -> datetime | None:
        """The latest instant that the history knows."""
        ...

    def record(self, kind: str, *, who: str, now: datetime, **data: object) -> None:
        """A line in the history that changes nothing: a notice was given, the alarm was started."""
        ...

    def copied_at(self) -> datetime | None:
        """When this copy was made, while it is a backup that nothing has been sent from yet."""
        ...

    def mark_as_copy(self, *, copied_at: datetime, who: str, now: datetime) -> None:
        """Say that this database was put back from a copy that was made then."""
        ...

    def take_over(self, *, now: datetime) -> Restoration | None:
        """Make a backup the ledger: what is due is missed. None when it is the ledger already."""
        ...

    def resolve_restored(self, delivery_id: int, *, sent: bool, who: str, reference: str = "", now: datetime) -> bool:
        """A person says what became of a delivery that was due when a backup was put back."""
        ...


class ReviewLedger(Ledger, Protocol):
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

    def record_packet(self, packet: PacketRecord) -> bool:
        """Remember what a packet held. False when that edition is known."""
        ...

    def packets(self, campaign: str, season: int) -> tuple[PacketRecord, ...]:
        """Newest first."""
        ...

    def events_in_order(self, *, after: int = 0, limit: int = 1000) -> tuple[Event, ...]:
        """Events in the order in which they were written, from the one behind ``after`` on."""
        ...


class PagesLedger(Protocol):
    """What the public pages need of the ledger. Raises OutOfReach as :class:`Ledger` does."""

    def health(self, mode: str, *, now: datetime, tolerance: timedelta) -> LedgerHealth:
        """What is late by more than ``tolerance``, and what is in doubt for longer than the provider needs."""
        ...

    def campaigns(self) -> tuple[str, ...]:
        """Campaigns that the ledger has deliveries of."""
        ...

    def unsubscribe(self, subscriber_id: str, *, reason: str, now: datetime, source: str = "") -> bool:
        """A reader leaves: in force before the next call. False when there is no such reader, or they had left."""
        ...

    def record_receipts(self, reports: Sequence[Receipt], *, now: datetime) -> ReceiptsHandled:
        """Handle what a provider reports, each report once, in any order: all of them, or none."""
        ...


@dataclass(slots=True)  # not frozen: a million of them are made in one import, and frozen ones take three times as long
class NewSubscriber:
    """A reader to be added. The id is random: it must not tell the address."""

    address: str = field(repr=False)  # checked, ASCII
    name: str = field(default="", repr=False)
    zone: str | None = None  # IANA; None: the campaign's
    source: str = ""  # where the reader comes from, the same for all rows of one import: "import readers.csv"
    subscriber_id: str = field(default_factory=lambda: token_hex(16))
    cadence: Cadence = DEFAULT_CADENCE

    @property
    def key(self) -> str:
        """What the address is compared by; see :func:`scheduler.domain.address.address_key`."""
        return address_key(self.address)


@dataclass(frozen=True, slots=True)
class AddResult:
    """What became of the rows given to ``add_many``, as positions in them; all others were added."""

    already_there: tuple[int, ...] = ()
    suppressed: tuple[int, ...] = ()
    repeated: tuple[int, ...] = ()  # added a moment ago under the same source and instant: twice in one file


class SubscriberList(Protocol):
    """The readers, as far as an import needs them."""

    def add_many(self, rows: Sequence[NewSubscriber], *, now: datetime) -> AddResult:
        """Add readers in one transaction: all of ``rows`` that can be added, or, on an error, none.

        No two of ``rows`` have the same key. A row is left out when its key is suppressed (this is looked at
        first, and is never overridden), or when it is on the list: as ``repeated`` if it was added with the same
        ``source`` and ``now``, else as ``already_there``. Existing readers are not changed.
        Raises :class:`~scheduler.errors.OutOfReach` when the database cannot be reached.
        """
        ...


class SignUpEnd(StrEnum):
    """How a sign-up form ended. The page says the same in every case; the mails differ."""

    CONFIRM = "confirm"  # a confirmation mail is to be sent
    ALREADY_THERE = "already-there"  # the reader is on the list: a mail may say so, with the way to their choices
    WAIT = "wait"  # a mail went to this address within a day: none now
    FLOOD = "flood"  # too many forms from one place within a day: no mail
    BARRED = "barred"  # complained of our mail: no mail, whatever a form says


@dataclass(frozen=True, slots=True)
class Confirmed:
    """A reader said yes. ``is_new`` False: they had said so before, with the same link."""

    subscriber_id: str
    is_new: bool


@dataclass(frozen=True, slots=True)
class Added:
    """What became of adding one reader. ``barred``: why the address was left alone; empty when it was added."""

    subscriber_id: str
    already_there: bool = False
    barred: str = ""


@dataclass(frozen=True, slots=True)
class Erased:
    """An address was taken out. ``subscriber_id`` is what is left of the reader; empty for one not on the list."""

    subscriber_id: str


@dataclass(frozen=True, slots=True)
class SeasonClosed:
    """What the end of a season did to the list, in numbers."""

    deleted: int
    kept: int
    barred: int  # addresses that stay barred, from now on by a keyed hash


class ReaderList(SubscriberList, Protocol):
    """The readers, one at a time. Raises OutOfReach as :class:`Ledger` does.

    No method but ``reader`` and ``find_reader`` gives back an address.
    """

    def reader(self, subscriber_id: str) -> Reader | None: ...

    def find_reader(self, address: str) -> Reader | None:
        """The reader with that address, however it is written."""
        ...

    def consents(self, subscriber_id: str) -> tuple[Consent, ...]:
        """What a reader agreed to, oldest first; the line of the import among them."""
        ...

    def sign_up(
        self,
        new: NewSubscriber,
        *,
        token_hash: str,
        expires_at: datetime,
        what: str,
        wording: str,
        network: str = "",
        now: datetime,
    ) -> tuple[SignUpEnd, str]:
        """A form was sent. Returns how it ended and the reader's id; a confirmation waits only after CONFIRM."""
        ...

    def waiting_confirmation(self, token_hash: str, *, now: datetime) -> Reader | None:
        """The reader whom a confirmation link is for; None when it is unknown, used or expired. Changes nothing."""
        ...

    def confirm(self, token_hash: str, *, now: datetime) -> Confirmed | None:
        """The reader says yes. None for a link that is unknown or expired, or whose reader has left since."""
        ...

    def add_reader(self, new: NewSubscriber, *, who: str, asked_back: bool = False, now: datetime) -> Added:
        """A named person adds a reader who asked to be on the list."""
        ...

    def set_cadence(self, subscriber_id: str, cadence: Cadence, *, now: datetime) -> bool:
        """How often, from the next item on. False when it is so already, or there is no such reader."""
        ...

    def pause_reader(self, subscriber_id: str, *, until_at: datetime, now: datetime) -> bool:
        """Silence until then. What falls due meanwhile is not sent later."""
        ...

    def resume_reader(self, subscriber_id: str, *, now: datetime) -> bool:
        """The end of a pause, before its date."""
        ...

    def set_zone(self, subscriber_id: str, zone: str, *, now: datetime) -> bool:
        """Where the reader's morning is; an empty zone is the campaign's."""
        ...

    def ask_for_more(
        self, subscriber_id: str, asks: bool, *, what: str = "", wording: str = "", now: datetime
    ) -> bool:
        """Whether the reader wants to hear of the next season too, and so is kept at the end of this one."""
        ...

    def unsubscribe(self, subscriber_id: str, *, reason: str, now: datetime, source: str = "") -> bool:
        """A reader leaves: in force before the next call. False when there is no such reader, or they had left."""
        ...

    def erase(self, address: str, *, who: str, now: datetime) -> Erased:
        """Take an address, its name and its zone out of the ledger, wherever they stand."""
        ...

    def close_season(
        self, campaign: str, season: int, *, keep_who_asked: bool, came_before: datetime, who: str, now: datetime
    ) -> SeasonClosed:
        """Delete the readers who came before the season's end; what is barred stays barred, by a keyed hash."""
        ...
