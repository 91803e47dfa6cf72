"""What the process beside the files has read of a season: one row, which says how it is now. No history."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from sqlalchemy import ColumnElement, Connection, and_, delete, exists, insert, select, update

from ..domain.message import Message
from ..domain.season_key import SeasonKey
from ..domain.stored_rehearsal import Reading, StoredRehearsal, from_text, to_text
from .reads import RehearsalReads, as_reading
from .repository import Repository, first_row, keep_message, transaction
from .tables import events, stored_rehearsals

_HEAD = [column for column in stored_rehearsals.c if column.name != "body"]


#: What findings rest on besides the files and the day.
_SAID = ("record.signed", "question.answered", "season.rolled-forward")


class RehearsalRepository(Repository, RehearsalReads):
    """The readings of the files that sending rests on."""

    @transaction("keep_rehearsal")
    def keep(
        self, connection: Connection, reading: Reading, of: StoredRehearsal | None, messages: Iterable[Message] = ()
    ) -> bool:
        """Write down what was read, and keep the words of ``messages``; ``of`` None: the files cannot be read, and what
        was there before stays, with ``reading.problem`` beside it. Returns whether anything is another now.

        Where the same process answered for another season of this campaign, it does so no more.
        """
        for message in messages:
            keep_message(connection, message)
        here = _of(reading.mode, reading.key)
        before = first_row(connection, select(stored_rehearsals).where(here))
        if before is None and of is None:
            return False
        body = to_text(of) if of is not None else before["body"] if before is not None else ""
        form = reading.form if of is not None or before is None else before["form"]
        same_day = before is not None and (before["read_on"], before["sender_key"]) == (
            reading.read_on,
            reading.sender_key,
        )
        is_same = same_day and before is not None and (before["body"], before["problem"]) == (body, reading.problem)
        version = before["version"] + (not is_same) if before is not None else 1
        changed_at = before["changed_at"] if before is not None and is_same else reading.read_at
        now = replace(reading, version=version, form=form, changed_at=changed_at)
        values = {column.name: getattr(now, column.name) for column in _HEAD}
        if before is None:
            connection.execute(insert(stored_rehearsals).values(**values, body=body))
        else:
            more = {} if before["body"] == body else {"body": body}
            connection.execute(update(stored_rehearsals).where(here).values(**values, **more))
        others = and_(
            stored_rehearsals.c.mode == reading.mode,
            stored_rehearsals.c.campaign == reading.campaign,
            stored_rehearsals.c.season != reading.season,
            stored_rehearsals.c.sender_key == reading.sender_key,
        )
        connection.execute(delete(stored_rehearsals).where(others))
        return not is_same

    def readings(self, mode: str) -> tuple[Reading, ...]:
        """All of a mode, by campaign and season."""
        order = (stored_rehearsals.c.campaign, stored_rehearsals.c.season)
        return self._all(as_reading, select(*_HEAD).where(stored_rehearsals.c.mode == mode).order_by(*order))

    def of(self, mode: str, key: SeasonKey) -> tuple[Reading, StoredRehearsal | None] | None:
        """The newest of a season, with what was read; None in its place where another release wrote it in another
        form."""
        row = self._read(select(stored_rehearsals).where(_of(mode, key))).mappings().first()
        if row is None:
            return None
        reading = as_reading(row)
        return reading, from_text(row["body"]) if reading.is_understood else None

    def is_outdated(self, reading: Reading) -> bool:
        """Whether people have signed or answered something since that findings rest on."""
        said = exists().where(events.c.id > reading.events, events.c.kind.in_(_SAID))
        return bool(self._read(select(said)).scalar())


def _of(mode: str, key: SeasonKey) -> ColumnElement[bool]:
    of = stored_rehearsals.c
    return and_(of.mode == mode, of.campaign == key.campaign, of.season == key.season)
