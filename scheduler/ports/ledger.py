"""The ledger, as planning and sending need it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from ..domain.approval import Approval, Approvals
from ..domain.claim import Signature, Signatures
from ..domain.comment import ChangeRequest
from ..domain.delivery import State
from ..domain.message import Message
from ..domain.pause import ChannelPause
from ..domain.reason import Reason
from ..domain.records import Arming, Batch, ChainReport, Delivery, Event, Hold, PricedCall, Wanted
from .transport import Evidence, Outcome, Recipient


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
class SendSnapshot:
    """What the ledger says at one instant about a delivery that is about to go; read in one look."""

    delivery: Delivery
    batch: Batch | None
    armed: Arming | None
    holds: tuple[Hold, ...]
    approvals: Approvals
    newly_left: int = 0  # readers of the batch who left after it was prepared
    requests: tuple[ChangeRequest, ...] = ()  # standing requests for changes of this very message


@dataclass(frozen=True, slots=True)
class BegunAttempt:
    """A call whose end the ledger does not know."""

    token: str
    batch_id: int
    node: str


@dataclass(frozen=True, slots=True)
class LedgerHome:
    """Where a ledger says that it is at home, and what it has sent."""

    home: str  # of a file: a random word that the state folder knows too; of a server's database: its identity
    answered_at: datetime | None  # when a person last answered for what is missing in it
    has_sent: bool  # live
    last_at: datetime | None = None  # when its last live call began


class JournalLedger(Protocol):
    """What the send journal and the state folder ask of the ledger, and tell it."""

    def home(self) -> LedgerHome: ...

    def place(self) -> str:
        """What names a server's database, this one and no copy of it; empty for a file."""
        ...

    def set_home(self, home: str, *, who: str, kind: str, answered: bool, now: datetime) -> None:
        """From here on it is at home there. ``answered``: what is missing in it is answered for."""
        ...

    def ledger_id(self) -> str:
        """What names this ledger, and each copy of it."""
        ...

    def missing_attempts(self, tokens: Sequence[str]) -> tuple[str, ...]:
        """Those of these attempts that the ledger has never heard of."""
        ...

    def unended_attempts(self, *, tokens: Sequence[str] = (), nodes: Sequence[str] = ()) -> tuple[BegunAttempt, ...]:
        """Attempts without an end that are one of these, or were begun by one of these processes; oldest first."""
        ...

    def erasures(self) -> Mapping[str, datetime]:
        """Keyed hashes of erased addresses, and when."""
        ...

    def erase_again(self, erased: Mapping[str, datetime], *, now: datetime) -> int:
        """Erase whom this ledger has forgotten that it erased. How many were on the list."""
        ...

    def recipients(self, batch_id: int) -> tuple[Recipient, ...]:
        """Who was called for in a batch, in the order of the call; those whose record is gone are missing."""
        ...

    def record_outcome(self, batch_id: int, *, token: str, outcome: Outcome, now: datetime) -> State | None:
        """Commit how the call ended; see :class:`Ledger`."""
        ...


class Ledger(JournalLedger, Protocol):
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

    def reopen(self, mode: str, *, now: datetime) -> tuple[Delivery, ...]:
        """Schedule again what the clock alone missed, was never begun, and can still go. Returns the deliveries."""
        ...

    def is_pressing(self, mode: str, *, now: datetime) -> bool:
        """Whether anything is due, or closes, by ``now``: what a clock that is wrong would do harm to."""
        ...

    def is_mailing(self, mode: str, campaign: str, season: int, *, now: datetime, until: datetime) -> bool:
        """Whether a mail of a season is due by ``until`` and can still go."""
        ...

    def next_instants(self, mode: str, *, now: datetime, limit: int = 64) -> tuple[datetime, ...]:
        """The next instants after ``now`` at which something becomes due, earliest first."""
        ...

    # -- one pass ---------------------------------------------------------------------------------------

    def expire(self, mode: str, *, now: datetime) -> tuple[Delivery, ...]:
        """Close what waits past its window: missed. Returns the deliveries concerned."""
        ...

    def mark_expired_unknown(self, mode: str, *, now: datetime) -> tuple[Batch, ...]:
        """Batches that have been sending for longer than their lease: unknown."""
        ...

    def note(self, delivery_id: int, reasons: Sequence[Reason], *, detail: str = "", now: datetime) -> bool:
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
        """Subscribers whose own record spoils the call (id -> why): a failed batch of their own."""
        ...

    def record_intent(
        self,
        batch_id: int,
        *,
        token: str,
        message: Message,
        fingerprint: str,
        readers: int,
        node: str,
        lease: timedelta,
        check_after: timedelta | None,
        reasons: Iterable[Reason] = (),
        begins_alone: bool = False,
        now: datetime,
    ) -> bool:
        """Commit the intent to call. False when somebody else has the batch, or it may not go now. ``check_after``:
        how soon its provider may be asked about it; None: never."""
        ...

    def record_outcome(self, batch_id: int, *, token: str, outcome: Outcome, now: datetime) -> State | None:
        """Commit how the call ended. None when the token is not the latest any more: the answer came too late."""
        ...

    def standing(self, delivery_id: int, batch_id: int | None = None) -> SendSnapshot | None:
        """What the last check looks at."""
        ...

    def recent_calls(self, mode: str, channel: str, *, since: datetime) -> tuple[datetime, ...]:
        """When calls of a channel began since then, whatever came of them, earliest first. All campaigns."""
        ...

    def refused_until(self, mode: str, channel: str, *, now: datetime) -> datetime | None:
        """Until when a channel's provider wants no more calls, as it said of an earlier one; None: it takes them."""
        ...

    def pause(self, mode: str, channel: str) -> ChannelPause | None:
        """The failures in a row of a channel; None after a good answer."""
        ...

    def take_probe(self, mode: str, channel: str, *, seen: ChannelPause, until_at: datetime) -> bool:
        """A pause is over: of several programs one tries the provider again; the others wait until ``until_at``."""
        ...

    def note_bearing(self, mode: str, channel: str, outcome: Outcome, *, now: datetime) -> ChannelPause | None:
        """The provider was asked whether it takes calls; returns what is known of it then. The end of a call is written
        down with its outcome."""
        ...

    def must_wait_for_another(self, delivery_id: int) -> bool:
        """Whether another program's call has to end first: a mailing begins with one call, and so does a channel that
        had trouble."""
        ...

    def split_batch(self, batch_id: int, *, keep: int, now: datetime) -> Batch | None:
        """Part a batch that waits: so many of its readers stay in it; the others become a batch, which is returned."""
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

    def begin_lookup(self, batch_id: int, *, token: str, checks: int, check_at: datetime, now: datetime) -> bool:
        """Count a question to the provider before it is asked; ``check_at``: the next one, should nobody say more.

        ``checks``: how many were counted when the batch was read. False when another program asks, or it is settled.
        """
        ...

    def schedule_lookup(self, batch_id: int, *, token: str, check_at: datetime | None, now: datetime) -> None:
        """When to ask the provider again; None: a person has to decide."""
        ...

    def resolve(
        self, delivery_id: int, *, sent: bool, who: str, reference: str = "", batch: int | None = None, now: datetime
    ) -> int:
        """A person settles a doubt. Returns how many batches it settled."""
        ...

    def resolve_recipients(
        self, delivery_id: int, readers: Sequence[str], *, sent: bool, who: str, evidence: str = "", now: datetime
    ) -> int:
        """A person settles it for single readers of a mailing. Returns how many it settled."""
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
