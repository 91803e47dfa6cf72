"""The ledger, as planning and sending need it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from ..domain.approval import Approvals
from ..domain.comment import ChangeRequest
from ..domain.records import Arming, Batch, Delivery, Hold
from .transport import Recipient


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
