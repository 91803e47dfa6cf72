"""What the inner parts need from the outer ones, as interfaces. Concrete classes are known to wiring alone."""

from .ledger import BegunAttempt, LedgerHome, PlanChanges, Prepared, SendSnapshot
from .readers import (
    Added,
    AddResult,
    Confirmed,
    Erased,
    NewSubscriber,
    SeasonClosed,
    SignUpEnd,
    StillInFiles,
)
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
    "BegunAttempt",
    "LedgerHome",
    "NewSubscriber",
    "AddResult",
    "SignUpEnd",
    "StillInFiles",
    "Confirmed",
    "Added",
    "Erased",
    "SeasonClosed",
]
