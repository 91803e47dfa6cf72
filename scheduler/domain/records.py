"""What the ledger holds, as plain records: deliveries, batches, holds, events. All times are aware, in UTC."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import field
from datetime import date, datetime, timedelta

from ..light_dataclass import dataclass
from .approval import Approvals
from .audience import EVERYBODY, Audience
from .comment import ChangeRequest
from .delivery import State
from .hold_words import ALL_CAMPAIGNS as ALL_CAMPAIGNS
from .hold_words import ALL_CHANNELS as ALL_CHANNELS
from .hold_words import ANY_CAMPAIGN as ANY_CAMPAIGN
from .hold_words import held_words as held_words
from .hold_words import resume_command as resume_command
from .outcome import Recipient
from .reason import HoldReason, Reason, ReasonCode, because
from .redact import person_key, without_addresses
from .season_key import SeasonKey

#: A delivery that has been under way for so long without a word is stuck.
STUCK = timedelta(minutes=10)


@dataclass(frozen=True)
class Wanted:
    """One delivery that the plan asks for."""

    item: str
    channel: str
    kind: str  # "post" | "email"
    on: date  # campaign-local
    due_at: datetime
    expires_at: datetime
    audience: Audience = EVERYBODY  # of an email


@dataclass(frozen=True)
class Counts:
    """Where everybody on a delivery stands. A post counts as one.

    ``frozen`` = ``accepted`` + ``failed`` + ``unknown`` + ``skipped`` + ``waiting``; a delivery is done when
    nobody waits. ``skipped`` holds those whom a person or the closed window left out (``missed``: how many of these
    the window did), and ``left_out``, those left out for a reason of their own: they had left, were erased, barred or
    paused, or their address is dead.
    """

    frozen: int = 0
    accepted: int = 0
    failed: int = 0
    unknown: int = 0
    skipped: int = 0
    waiting: int = 0
    missed: int = 0
    left_out: int = 0

    @property
    def missing(self) -> int:
        """Who should have it, has it not, and waits for it no more."""
        return self.frozen - self.accepted - self.unknown - self.waiting - self.left_out

    @property
    def wanted(self) -> int:
        """Who should have it: all but those who were left out for a reason of their own."""
        return self.frozen - self.left_out

    def adds_up(self) -> bool:
        return self.frozen == self.accepted + self.failed + self.unknown + self.skipped + self.waiting


@dataclass(frozen=True)
class Delivery:
    """One message due on one channel."""

    id: int
    mode: str  # "rehearsal" | "live"
    campaign: str
    season: int
    item: str
    channel: str
    kind: str  # "post" | "email"
    on: date
    due_at: datetime
    expires_at: datetime
    state: State
    digest: str = ""  # of the message that went out, or was about to
    reasons: tuple[Reason, ...] = ()  # why it waits, or how it ended
    detail: str = ""  # what a provider or a person said of it in their own words
    opened_at: datetime | None = None  # when its batches were frozen
    changed_at: datetime | None = None
    reference: str = ""  # the provider's id, of a post
    corrected_at: datetime | None = None  # when its later words began to go out, after others had gone
    had_earlier: int = 0  # readers who had earlier words by then
    counts: Counts = field(default_factory=Counts)

    @property
    def season_key(self) -> SeasonKey:
        return SeasonKey(self.campaign, self.season)

    def has(self, *codes: ReasonCode) -> bool:
        """Whether one of its reasons is one of these."""
        return any(reason.code in codes for reason in self.reasons)

    def needs_a_person(self) -> bool:
        """Whether somebody has to look: nothing here is settled, or something did not go out."""
        if self.closed_before_start:
            return False
        attention = (State.UNKNOWN, State.FAILED, State.MISSED, State.HELD, State.PARTLY_SENT)
        doubt = self.needs_money or self.was_restored
        return self.state in attention or doubt or bool(self.counts.unknown or self.counts.failed or self.counts.missed)

    def does_not_go(self, now: datetime) -> bool:
        """Whether it is due and yet not on its way, wholly or a part of it. What a digest goes without keeps it from
        nothing."""
        if self.state is State.SCHEDULED:
            return self.due_at <= now
        is_kept = any(reason.code is not ReasonCode.TOLD_WITHOUT for reason in self.reasons)
        is_stuck = self.changed_at is not None and self.changed_at + STUCK <= now
        return self.state is State.SENDING and (is_kept or is_stuck)

    def is_lost(self, now: datetime) -> bool:
        """Whether it, or a part of it, certainly did not go out, and cannot any more."""
        over = (State.FAILED, State.MISSED, State.PARTLY_SENT)
        open_still = now < self.expires_at or self.counts.unknown or self.was_restored
        return self.state in over and self.needs_a_person() and not open_still

    @property
    def awaits_decision(self) -> bool:
        """Whether a person has to say what becomes of it. What is held because something stands in its way goes on by
        itself when that has gone."""
        said = not self.reasons or self.has(ReasonCode.HELD_BACK, ReasonCode.UNCLASSIFIED)
        return self.state is State.HELD and said

    @property
    def needs_money(self) -> bool:
        """Whether it waits for a balance or a plan at the provider: nothing is wrong with it, and nothing will go."""
        return self.state in (State.SCHEDULED, State.SENDING, State.HELD) and self.has(ReasonCode.NEEDS_MONEY)

    @property
    def closed_before_start(self) -> bool:
        """Whether it was never this ledger's to send: a season that was started in the middle has some of these."""
        return self.state is State.MISSED and self.has(ReasonCode.CLOSED_BEFORE_START)

    @property
    def was_restored(self) -> bool:
        """Whether it was due when a backup was put back, so that it may have gone out from the ledger that was lost."""
        closed = (State.MISSED, State.SENT, State.PARTLY_SENT)
        return self.state in closed and self.has(ReasonCode.RESTORED)


@dataclass(frozen=True)
class Batch:
    """One call's worth of a delivery: a post, or at most 1,000 readers, frozen."""

    id: int
    delivery_id: int
    number: int  # 1-based
    size: int  # readers when it was frozen; 1 for a post
    skipped: int  # of these, left out at the call
    state: State
    send_id: str  # the same for each attempt; names the call at the provider
    not_before_at: datetime
    attempt: int = 0
    token: str = ""  # of the latest attempt; fences late answers
    digest: str = ""
    fingerprint: str = ""
    started_at: datetime | None = None
    lease_until_at: datetime | None = None
    node: str = ""
    reference: str = ""
    reasons: tuple[Reason, ...] = ()
    detail: str = ""
    doubts: int = 0  # attempts whose end nobody knew
    checks: int = 0  # times the provider was asked about the doubt
    check_at: datetime | None = None
    not_after_at: datetime | None = None  # the end of its readers' day, where that is not the end of the window
    first_item: str = ""  # of a digest that begins later than the whole one
    left_out: frozenset[str] = frozenset()  # items that are left out of the digest besides
    only_items: frozenset[str] = frozenset()  # the items that are theirs, of readers who want one mail a day

    @property
    def called_for(self) -> int:
        """How many readers the next call is for."""
        return self.size - self.skipped


def last_call_at(expires_at: datetime, not_after_at: datetime | None) -> datetime:
    """Until when a batch may be called for: the end of its wave, else of its delivery's window."""
    return min(expires_at, not_after_at) if not_after_at is not None else expires_at


#: The reason that stands ready for a day on which nobody wants to look for words; more may follow it.
SOMETHING_TERRIBLE = "Something terrible happened, so we are quiet for now."


@dataclass(frozen=True)
class Hold:
    """A person stopped a channel, or all; of one campaign, or of all. In force until it is released."""

    id: int
    channel: str  # or ALL_CHANNELS
    who: str
    why: str
    held_at: datetime
    released_by: str = ""
    released_at: datetime | None = None
    reason: HoldReason = HoldReason.BY_A_PERSON
    campaign: str = ALL_CAMPAIGNS

    def covers(self, channel: str, campaign: str) -> bool:
        """Whether it stops what goes out on a channel for a campaign. What is no single campaign's (ALL_CAMPAIGNS)
        is stopped by the holds of all of them alone."""
        return self.channel in (ALL_CHANNELS, channel) and self.concerns(campaign)

    def concerns(self, campaign: str) -> bool:
        """Whether it stops anything of a campaign."""
        return self.campaign in (ALL_CAMPAIGNS, campaign)

    @property
    def words(self) -> str:
        return held_words(self.channel, self.campaign)

    @property
    def ended_by(self) -> str:
        """The command that ends it."""
        return resume_command(self.campaign)

    @property
    def as_reason(self) -> Reason:
        """Why something does not go out."""
        return because(
            ReasonCode.HELD, who=self.who, since_at=self.held_at, why=self.why, campaign=self.campaign or None
        )


def same_hold(holds: Iterable[Hold], channel: str, who: str, why: str, campaign: str) -> Hold | None:
    """The hold in force that says just this: a form or a request that is sent twice sets no second one."""
    said = (channel, campaign, person_key(who), without_addresses(why))
    return next((h for h in holds if (h.channel, h.campaign, person_key(h.who), h.why) == said), None)


@dataclass(frozen=True)
class Arming:
    """A person allows live sends for one season."""

    campaign: str
    season: int
    who: str
    armed_at: datetime


@dataclass(frozen=True)
class Event:
    """One line of the append-only history. Holds no address and no secret."""

    id: int
    at: datetime
    kind: str  # "delivery.planned", "batch.sending", "hold.released"
    who: str  # a person's name, or the program's part: "tick"
    delivery_id: int | None
    data: Mapping[str, object]
    previous: str  # hash of the line before
    hash: str


@dataclass(frozen=True)
class PricedCall:
    """A call for a post that the provider has charged for, or may have."""

    delivery_id: int
    digest: str  # of the message that was sent


@dataclass(frozen=True)
class Restoration:
    """A backup became the ledger."""

    copied_at: datetime  # when the backup was made; what went out since is not in it
    missed: tuple[Delivery, ...] = ()  # what was due, and is not sent again by itself


@dataclass(frozen=True)
class DatabaseFacts:
    """What the database says of itself."""

    where: str  # without a password
    schema: str  # revision
    is_sqlite: bool
    durable: bool  # whether a committed change survives a power cut
    durability: str  # the settings that say so, in the database's own words
    size: int = 0  # bytes


@dataclass(frozen=True)
class LedgerHealth:
    """What a health check looks at."""

    overdue: int = 0  # deliveries that should have gone, and have not
    doubts: int = 0  # batches whose end nobody knows, though the provider should know by now


@dataclass(frozen=True)
class ReportedCall:
    """The call that a report by mail speaks of."""

    send_id: str
    is_under_way: bool  # its own answer is still to come, and says more


@dataclass(frozen=True)
class ReceiptsHandled:
    """What became of reports that a provider sent, in numbers of reports."""

    new: int = 0
    repeated: int = 0
    settled: int = 0  # batches in doubt that they proved accepted
    barred: int = 0  # addresses newly barred, or barred for a stronger reason
    paused: int = 0  # readers not written to any more, after soft bounces


@dataclass(frozen=True)
class Contradiction:
    """A batch that went out, by the history, and does not stand as sent: somebody set it back past the program."""

    delivery_id: int
    batch: int
    item: str
    channel: str
    state: State
    event: int  # the line of the history that says so

    def in_words(self) -> str:
        return (
            f"batch {self.batch} of delivery {self.delivery_id} ({self.item} on {self.channel}) stands as "
            f"{self.state}, and event {self.event} says that it went out"
        )


@dataclass(frozen=True)
class ChainReport:
    """Whether the history is whole: each line carries the hash of the line before."""

    events: int
    broken_at: int | None = None  # id of the first line that does not fit
    reason: str = ""
    contradictions: tuple[Contradiction, ...] = ()  # states that do not follow from it
    whole_at: datetime | None = None  # when all of it was looked at, where this time only the newest lines were

    @property
    def is_whole(self) -> bool:
        return self.broken_at is None and not self.reason


@dataclass(frozen=True)
class PlanChanges:
    """What following the plan did to the ledger, in numbers of deliveries."""

    planned: int = 0
    moved: int = 0
    cancelled: int = 0
    reinstated: int = 0


@dataclass(frozen=True)
class Prepared:
    """A batch, ready to be built: who is still to be written to. No recipients for a post."""

    batch: Batch
    recipients: tuple[Recipient, ...] = ()
    departures: int = 0  # of the whole ledger, before they were read: where there are more now, somebody may have left


@dataclass(frozen=True)
class SendSnapshot:
    """What the ledger says at one instant about a delivery that is about to go; read in one look."""

    delivery: Delivery
    batch: Batch | None
    armed: Arming | None
    holds: tuple[Hold, ...]
    approvals: Approvals
    newly_left: int = 0  # readers of the batch who left after it was prepared
    requests: tuple[ChangeRequest, ...] = ()  # standing requests for changes of this very message
    #: Items that a digest would tell of, and that a person holds back or has left out: False, True.
    kept_back: Mapping[str, bool] = field(default_factory=dict)
    #: Of how many lines the history was, and which rows it rests on: by these it is found that nothing has changed.
    mark: tuple[object, ...] = ()


@dataclass(frozen=True)
class DueFirst:
    """What is due and has not begun, of all campaigns, as one look found it."""

    posts: tuple[SendSnapshot, ...]
    has_others: bool  # a mail is due as well
    version: int  # of the history


@dataclass(frozen=True)
class BegunAttempt:
    """A call whose end the ledger does not know."""

    token: str
    batch_id: int
    node: str


@dataclass(frozen=True)
class LedgerHome:
    """Where a ledger says that it is at home, and what it has sent."""

    home: str  # of a file: a random word that the state folder knows too; of a server's database: its identity
    answered_at: datetime | None  # when a person last answered for what is missing in it
    has_sent: bool  # live
    last_at: datetime | None = None  # when its last live call began
