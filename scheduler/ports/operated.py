"""The ledger, as those who run the program need it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Protocol

from ..domain.pause import ChannelPause
from ..domain.records import Batch, DatabaseFacts, Delivery, Event, Restoration
from ..domain.sender import ArmedSeason, Sender
from ..domain.subscriber import ConsentToExample, DeadAddresses
from ..domain.transactional_email import LettersStanding
from .ledger import Ledger
from .transport import Recipient


class OperatedLedger(Ledger, Protocol):
    """What those who run the program ask of the ledger besides."""

    def pauses(self, mode: str, *, now: datetime) -> tuple[ChannelPause, ...]:
        """Channels whose provider is in trouble, with how much waits for each."""
        ...

    def facts(self) -> DatabaseFacts:
        """What the database says of itself."""
        ...

    def try_to_write(self, seconds: float) -> None:
        """Raises OutOfReach when nothing could be written down now: read-only, or locked by another program for so
        many seconds. Changes nothing."""
        ...

    def history(self, *kinds: str, since: datetime | None = None) -> tuple[Event, ...]:
        """Events of these kinds, oldest first."""
        ...

    def fates(self, delivery_id: int) -> Mapping[str, int]:
        """What the mails of a delivery came to, as far as was reported: recipient's state -> readers."""
        ...

    def dead_addresses(self) -> DeadAddresses:
        """Readers whose addresses do not exist any more, and since when the latest of them is barred."""
        ...

    def letters_standing(self) -> LettersStanding:
        """How many letters wait, and how many of the last days did not go, or may not have."""
        ...

    def consents_to_example(self) -> tuple[ConsentToExample, ...]:
        """Readers on the list, or about to be, whose latest consent names the example organization; oldest first."""
        ...

    def newest_event_at(self) -> datetime | None:
        """The latest instant at which something happened. What the clock alone brought about does not count, nor what
        was written before the clock was found to be right: it may have been ahead."""
        ...

    def ledger_id(self) -> str:
        """What names this ledger, and each copy of it."""
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

    def may_have_gone(self, mode: str, *, now: datetime) -> tuple[Delivery, ...]:
        """What was due by now and waits, or was closed when a copy was put back, by due time."""
        ...

    def would_be_batches(
        self, delivery_id: int, *, batch_limit: int, readers: int, now: datetime
    ) -> tuple[tuple[Batch, tuple[Recipient, ...]], ...]:
        """The batches of a delivery, or those that it would get, each with its first ``readers``. Changes nothing."""
        ...

    def take_over(self, *, now: datetime) -> Restoration | None:
        """Make a backup the ledger: what is due is missed. None when it is the ledger already.

        Raises NeedsAPerson, and changes nothing, while the clock is behind the copy.
        """
        ...

    def resolve_restored(self, delivery_id: int, *, sent: bool, who: str, reference: str = "", now: datetime) -> bool:
        """A person says what became of a delivery that was due when a backup was put back."""
        ...

    # -- the processes that send ------------------------------------------------------------------------

    def keep_sender(self, sender: Sender) -> None:
        """A process that sends is alive, and how it is."""
        ...

    def lose_sender(self, key: str, *, seen_at: datetime, now: datetime) -> bool:
        """It ended without saying so. False where it did say so, was seen since, or was given up already."""
        ...

    def senders(self) -> tuple[Sender, ...]:
        """The processes that send, and those that did within the last days; the latest started first."""
        ...

    def armed_to_come(self, mode: str, *, now: datetime) -> tuple[ArmedSeason, ...]:
        """Armed seasons of which deliveries of ``mode`` are still to come, the earliest first."""
        ...
