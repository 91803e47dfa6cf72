"""Who changed which record of a campaign's files from the pages, and when. Never what: the files say that."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, delete, select

from ..domain.edit_form import FileEdit
from ..domain.redact import person
from .events import append
from .repository import Repository
from .tables import file_edits


class EditRepository(Repository):
    """Changes of files."""

    def record(self, edit: FileEdit) -> int:
        """Right before the new file takes its place: no change is in force of which nobody knows the author."""
        with self._database.write("record_edit") as connection:
            added = connection.execute(
                file_edits.insert().values(
                    campaign=edit.campaign,
                    kind=edit.kind,
                    record=edit.record,
                    file=edit.file,
                    person=person(edit.person),
                    edited_at=edit.edited_at,
                    before=edit.before,
                    after=edit.after,
                    fields=" ".join(edit.fields),
                )
            )
            _tell(connection, edit, "campaign.edited", edit.edited_at)
            (edit_id,) = added.inserted_primary_key or (0,)
            return int(edit_id)

    def take_back(self, edit_id: int, edit: FileEdit, *, now: datetime) -> None:
        """The file could not be put in its place after all: it is as it was. Both lines stay in the history."""
        with self._database.write("take_back_edit") as connection:
            connection.execute(delete(file_edits).where(file_edits.c.id == edit_id))
            _tell(connection, edit, "campaign.edit_failed", now)

    def all(self, campaign: str, kind: str = "", record: str = "") -> tuple[FileEdit, ...]:
        """Oldest first; of one kind of record, or of one record, when it is named."""
        query = select(file_edits).where(file_edits.c.campaign == campaign)
        if kind:
            query = query.where(file_edits.c.kind == kind)
        if record:
            query = query.where(file_edits.c.record == record)
        with self._database.read() as connection:
            rows = connection.execute(query.order_by(file_edits.c.id)).mappings()
            return tuple(
                FileEdit(
                    row["campaign"],
                    row["kind"],
                    row["record"],
                    row["file"],
                    row["person"],
                    row["edited_at"],
                    row["before"],
                    row["after"],
                    tuple(row["fields"].split()),
                )
                for row in rows
            )


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
