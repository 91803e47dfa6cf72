"""The ledger, as changing a campaign's files needs it."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol

from ..domain.edit_form import FileEdit


class EditLedger(Protocol):
    """What remembers who changed a file. Raises OutOfReach as :class:`Ledger` does."""

    def record_edit(self, edit: FileEdit) -> int:
        """Remember a change and tell the history. Returns what :meth:`take_back_edit` wants."""
        ...

    def take_back_edit(self, edit_id: int, edit: FileEdit, *, now: datetime) -> None:
        """The file could not be written after all."""
        ...

    def edits(self, campaign: str, kind: str = "", record: str = "") -> tuple[FileEdit, ...]:
        """Oldest first; of one kind of record, or of one record, when it is named."""
        ...
