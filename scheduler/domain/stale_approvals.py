"""Approvals that no longer hold because what was approved has changed, and what it was that changed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from .formatting import counted
from .message import Message
from .rehearsal import Rehearsal
from .word_diff import FieldChange, changes


@dataclass(frozen=True, slots=True)
class Voided:
    """One message whose approvals no longer hold, and which lacks approval now.

    ``records`` are the changed claims, help lines and sources it rests on ("claim:forced-labour-2021"); where its
    own words changed too, ``fields`` says which of its parts. Both empty: the approved form is not kept.
    """

    message: Message
    people: tuple[str, ...]
    records: tuple[str, ...] = ()
    fields: tuple[str, ...] = ()

    @property
    def because(self) -> str:
        """The change in words that follow "by a change of"."""
        if self.records:
            return ", ".join(record.replace(":", " ", 1) for record in self.records)
        return f"its {' and '.join(self.fields)}" if self.fields else "the message"


def voided(rehearsal: Rehearsal, *, open_at: datetime | None = None) -> tuple[Voided, ...]:
    """All of them, in the order of the season. A message that others have approved since is not among them.

    ``open_at``: only messages whose window has not closed by then. What went out needs no approval any more.
    """
    found = []
    for message in rehearsal.to_approve:
        if rehearsal.is_over(message, open_at):
            continue
        gone = rehearsal.approvals.voided_by(message)
        if gone and rehearsal.missing(message):
            people = tuple(a.person for a in gone)
            before = rehearsal.earlier.get((message.item, message.channel))
            records = changed_records(before, message) if before else ()
            parts = tuple(c.label for c in changes(before, message)) if before else ()
            found.append(Voided(message, people, records, parts))
    return tuple(found)


def changed_records(before: Message, after: Message) -> tuple[str, ...]:
    was, now = before.rests_on, after.rests_on
    return tuple(sorted(k for k in {**was, **now} if was.get(k) != now.get(k)))


def what_changed(before: Message, after: Message) -> str:
    """What differs, in words that begin a sentence: "its text and HTML part", "contact hotline-phone"."""
    records = ", ".join(record.replace(":", " ", 1) for record in changed_records(before, after))
    parts = " and ".join(c.label for c in changes(before, after))
    return records or (f"its {parts}" if parts else "its time or its looks")


def in_words(gone: Iterable[Voided]) -> tuple[str, ...]:
    """One sentence for each change: "7 approvals were voided by a change of claim forced-labour-2021: ...". Those that
    one change of a record voided stand together; a message with changes of its own stands alone."""
    by_cause: dict[tuple[str, str, str], list[Voided]] = {}
    for one in gone:
        alone = ("", "") if one.records else (one.message.item, one.message.channel)
        by_cause.setdefault((one.because, *alone), []).append(one)
    sentences = []
    for (cause, *_), members in by_cause.items():
        items: dict[str, list[str]] = {}
        for member in members:
            items.setdefault(member.message.item, []).append(member.message.channel)
        where = ", ".join(f"{item} ({', '.join(channels)})" for item, channels in items.items())
        number = counted(sum(len(m.people) for m in members), "approval was", "approvals were")
        sentences.append(f"{number} voided by a change of {cause}: {where}")
    return tuple(sentences)


def difference(rehearsal: Rehearsal, message: Message) -> tuple[FieldChange, ...]:
    """What changed since a message was last approved or read; empty when nothing did, or nobody knows."""
    before = rehearsal.earlier.get((message.item, message.channel))
    return changes(before, message) if before is not None else ()
