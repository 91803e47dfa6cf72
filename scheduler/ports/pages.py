"""The ledger, as the public pages need it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Protocol

from ..domain.pause import ChannelPause
from ..domain.receipt import Receipt
from ..domain.records import LedgerHealth, ReceiptsHandled


class PagesLedger(Protocol):
    """What the public pages need of the ledger. Raises OutOfReach as :class:`Ledger` does."""

    def health(self, mode: str, *, now: datetime, tolerance: timedelta) -> LedgerHealth:
        """What is late by more than ``tolerance``, and what is in doubt for longer than the provider needs."""
        ...

    def pauses(self, mode: str, *, now: datetime) -> tuple[ChannelPause, ...]:
        """Channels whose provider is in trouble, with how much waits for each."""
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
