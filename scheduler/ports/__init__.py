"""What the inner parts need from the outer ones, as interfaces. Concrete classes are known to wiring alone."""

from .access import AccessLedger
from .edits import EditLedger
from .keys import KeyRing
from .ledger import BegunAttempt, JournalLedger, Ledger, LedgerHome, PlanChanges, Prepared, SendSnapshot
from .letters import WaitingLetters
from .operated import OperatedLedger
from .pages import PagesLedger
from .readers import (
    Added,
    AddResult,
    Confirmed,
    Erased,
    NewSubscriber,
    ReaderList,
    SeasonClosed,
    SignUpEnd,
    StillInFiles,
    SubscriberList,
)
from .review import ReviewLedger
from .transport import (
    Evidence,
    Outcome,
    OutcomeKind,
    Recipient,
    Request,
    SendsEach,
    TellsTime,
    Transport,
    UnusableRecipients,
    Verdict,
)

__all__ = [
    "OutcomeKind",
    "Outcome",
    "Recipient",
    "UnusableRecipients",
    "Request",
    "Transport",
    "SendsEach",
    "TellsTime",
    "Verdict",
    "Evidence",
    "PlanChanges",
    "Prepared",
    "SendSnapshot",
    "Ledger",
    "JournalLedger",
    "BegunAttempt",
    "LedgerHome",
    "AccessLedger",
    "EditLedger",
    "OperatedLedger",
    "KeyRing",
    "ReviewLedger",
    "PagesLedger",
    "NewSubscriber",
    "AddResult",
    "SubscriberList",
    "SignUpEnd",
    "StillInFiles",
    "Confirmed",
    "Added",
    "Erased",
    "SeasonClosed",
    "ReaderList",
    "WaitingLetters",
]
