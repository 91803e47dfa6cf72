"""What a reader gets, said by the rules alone: the ledger's freeze is held to it.

The rules in words are those of ``scheduler/domain/cadence.py``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from scheduler.domain.cadence import DEFAULT_CADENCE, Cadence


class ChangeKind(StrEnum):
    """What a reader can do that matters to the rules."""

    JOIN = "join"
    SWITCH = "switch"
    PAUSE = "pause"
    RESUME = "resume"
    LEAVE = "leave"


@dataclass(frozen=True, slots=True)
class Change:
    """One entry of a reader's history, in order of time."""

    at: datetime
    kind: ChangeKind
    cadence: Cadence = DEFAULT_CADENCE  # of a join or a switch
    until: datetime | None = None  # of a pause


@dataclass(frozen=True, slots=True)
class DatedItem:
    """An item and the instant at which its own mail is due."""

    item: str
    due_at: datetime
    is_key: bool = False


@dataclass(frozen=True, slots=True)
class DatedDigest:
    """A digest, the instant at which it is due, and what it covers."""

    due_at: datetime
    items: tuple[DatedItem, ...]


@dataclass(frozen=True, slots=True)
class Mail:
    """What a reader gets at one instant."""

    due_at: datetime
    items: tuple[str, ...]
    is_digest: bool = False


def cadence_at(history: Sequence[Change], at: datetime) -> tuple[Cadence, datetime] | None:
    """The cadence in force at ``at`` and since when without a break; None for somebody who is not on the list then."""
    found: tuple[Cadence, datetime] | None = None
    for change in history:
        if change.at > at:
            break
        if change.kind is ChangeKind.LEAVE:
            found = None
        elif change.kind is ChangeKind.JOIN:
            found = (change.cadence, change.at)
        elif change.kind is ChangeKind.SWITCH and found is not None and change.cadence is not found[0]:
            found = (change.cadence, change.at)
    return found


def is_silent_at(history: Sequence[Change], at: datetime) -> bool:
    """Whether a pause is in force."""
    until: datetime | None = None
    for change in history:
        if change.at > at:
            break
        if change.kind is ChangeKind.PAUSE:
            until = change.until
        elif change.kind in (ChangeKind.RESUME, ChangeKind.LEAVE, ChangeKind.JOIN):
            until = None
    return until is not None and at < until


def mails_for(
    history: Sequence[Change],
    items: Sequence[DatedItem],
    digests: Sequence[DatedDigest],
    offers: frozenset[Cadence] = frozenset(Cadence),
) -> tuple[Mail, ...]:
    """The mails that a reader with this history gets in a season, by time; an item's own before a digest."""
    mails: list[Mail] = []
    for item in items:
        found = cadence_at(history, item.due_at)
        if found is None or is_silent_at(history, item.due_at):
            continue
        cadence = found[0] if found[0] in offers else DEFAULT_CADENCE
        if cadence is Cadence.DAILY or (cadence is Cadence.KEY_DAYS and item.is_key):
            mails.append(Mail(item.due_at, (item.item,)))
    for digest in digests if Cadence.DIGEST in offers else ():
        found = cadence_at(history, digest.due_at)
        if found is None or found[0] is not Cadence.DIGEST or is_silent_at(history, digest.due_at):
            continue
        covered = tuple(item.item for item in digest.items if item.due_at >= found[1])
        if covered:
            mails.append(Mail(digest.due_at, covered, is_digest=True))
    return tuple(sorted(mails, key=lambda mail: (mail.due_at, mail.is_digest)))
