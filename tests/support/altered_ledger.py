"""A ledger of which some acts are replaced, for tests of what follows when they go wrong."""

from __future__ import annotations

from typing import Any

from scheduler.store.repository import Repository


class AlteredLedger:
    """The ledger, but for some acts: a method ``batches_record_outcome`` of a subclass stands in for
    ``ledger.batches.record_outcome``."""

    def __init__(self, ledger: Any) -> None:
        self._ledger = ledger

    def __getattr__(self, noun: str) -> Any:
        real = getattr(self._ledger, noun)
        return AlteredRepository(self, noun, real) if isinstance(real, Repository | AlteredRepository) else real

    def altered(self, noun: str, act: str) -> Any:
        """What stands in for an act; None for nothing."""
        return getattr(self, f"{noun}_{act}") if hasattr(type(self), f"{noun}_{act}") else None


class AlteredRepository:
    """One repository, but for some acts."""

    def __init__(self, ledger: AlteredLedger, noun: str, real: Any) -> None:
        self._of, self._noun, self._real = ledger, noun, real

    def __getattr__(self, act: str) -> Any:
        altered = self._of.altered(self._noun, act)
        return getattr(self._real, act) if altered is None else altered
