"""Who changed which record of a campaign's files from the pages, and when. Never what: the files say that."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime

from sqlalchemy import Connection, delete

from ..domain.file_edit import FileEdit
from ..domain.redact import person
from .events import append
from .reads import EditReads
from .repository import Repository, add_row, transaction
from .tables import file_edits


class EditRepository(Repository, EditReads):
    """Changes of files."""

    @transaction("record_edit")
    def record(self, connection: Connection, edit: FileEdit) -> int:
        """Right before the new file takes its place: no change is in force of which nobody knows the author."""
        values = {**asdict(edit), "person": person(edit.person), "fields": " ".join(edit.fields)}
        _tell(connection, edit, "campaign.edited", edit.edited_at)
        return add_row(connection, file_edits, **values)

    @transaction("take_back_edit")
    def take_back(self, connection: Connection, edit_id: int, edit: FileEdit, *, now: datetime) -> None:
        """The file could not be put in its place after all: it is as it was. Both lines stay in the history."""
        connection.execute(delete(file_edits).where(file_edits.c.id == edit_id))
        _tell(connection, edit, "campaign.edit_failed", now)


def _tell(connection: Connection, edit: FileEdit, kind: str, at: datetime) -> None:
    append(
        connection,
        at=at,
        kind=kind,
        who=edit.person,
        campaign=edit.campaign,
        record=edit.kind,
        name=edit.record,
        file=edit.file,
        fields=edit.fields,
        before=edit.before,
        after=edit.after,
    )
