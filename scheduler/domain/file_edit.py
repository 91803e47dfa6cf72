"""A change of a record's file that somebody made in the browser."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import field
from datetime import datetime

from ..light_dataclass import dataclass
from .redact import person_key


@dataclass(frozen=True)
class FileEdit:
    """Somebody changed a record in the browser. ``before`` and ``after`` are fingerprints of its file."""

    campaign: str
    kind: str
    record: str  # id of the item, claim or contact
    file: str
    person: str
    edited_at: datetime
    before: str
    after: str
    fields: tuple[str, ...] = field(default_factory=tuple)


def latest_by_person(edits: Iterable[FileEdit]) -> tuple[FileEdit, ...]:
    """The last edit of each person, oldest first."""
    latest = {person_key(e.person): e for e in sorted(edits, key=lambda e: e.edited_at)}
    return tuple(sorted(latest.values(), key=lambda e: e.edited_at))
