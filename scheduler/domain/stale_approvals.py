"""Approvals that no longer hold because what was approved has changed, and what it was that changed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from textwrap import shorten

from ..light_dataclass import dataclass
from .campaign import Campaign
from .formatting import counted
from .message import Message
from .rehearsal import Rehearsal
from .word_diff import FieldChange, changes, first_swap, swaps

#: So many items are named; the rest is a number.
_NAMED = 6
_LONGEST = 80


@dataclass(frozen=True)
class Voided:
    """One message whose approvals no longer hold, and which lacks approval now.

    ``records`` are the changed claims, help lines and sources that brought it about ("claim:forced-labour-2021");
    where its own words changed, ``fields`` says which of its parts. Both empty: the approved form is not kept.
    ``swapped``: what was put in the place of what, by which messages are known that one change altered alike.
    """

    message: Message
    people: tuple[str, ...]
    records: tuple[str, ...] = ()
    fields: tuple[str, ...] = ()
    swapped: frozenset[tuple[str, str, str, str]] = frozenset()
    first: tuple[str, str] = ("", "")  # of these, for a person's eye

    @property
    def because(self) -> str:
        """The change in words that follow "by a change of"."""
        if self.records:
            return ", ".join(record.replace(":", " ", 1) for record in self.records)
        *most, last = self.fields or ("",)
        return f"its {' and '.join(filter(None, (', '.join(most), last)))}" if self.fields else "the message"


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
            parts = tuple(c.label for c in changes(before, message) if c.field != "rests_on") if before else ()
            records = changed_records(before, message) if before else ()
            if before is not None and parts:
                records = tuple(r for r in records if _brought(r, before, message, rehearsal.plan.campaign))
            if before is None or records:
                found.append(Voided(message, people, records, parts))
                continue
            swapped, first = swaps(before, message), first_swap(before, message)
            found.append(Voided(message, people, records, parts, swapped, first))
    return tuple(found)


def _brought(record: str, before: Message, after: Message, campaign: Campaign) -> bool:
    """Whether a record's words are what is new in a message. A help line that was tried again may have changed beneath
    one that somebody wrote anew."""
    kind, _, record_id = record.partition(":")
    of_kind: Mapping[str, Mapping[str, object]] = {
        "claim": campaign.claims,
        "contact": campaign.contacts,
        "source": campaign.sources,
    }
    found = of_kind.get(kind, {}).get(record_id)
    said = [value for value in vars(found).values() if isinstance(value, str) and len(value) > 2] if found else []
    was, now = (" ".join(message.body.text.split()) for message in (before, after))
    return found is None or any((words in now) and (words not in was) for words in (" ".join(s.split()) for s in said))


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
    one change voided stand together, be it of a record or the same words in each; a message with changes of its own
    stands alone."""
    by_cause: dict[tuple[object, ...], list[Voided]] = {}
    for one in gone:
        cause = (one.because,) if one.records else (one.swapped or (one.message.item, one.message.channel),)
        by_cause.setdefault(cause, []).append(one)
    sentences = []
    for members in by_cause.values():
        items: dict[str, list[str]] = {}
        for member in members:
            items.setdefault(member.message.item, []).append(member.message.channel)
        names = [f"{item} ({', '.join(channels)})" for item, channels in items.items()]
        where = ", ".join(names[:_NAMED]) + (f" and {len(names) - _NAMED} more" if len(names) > _NAMED else "")
        number = counted(sum(len(m.people) for m in members), "approval was", "approvals were")
        if len(members) == 1 or members[0].records:
            sentences.append(f"{number} voided by a change of {members[0].because}: {where}")
            continue
        again = counted(len(members), "message needs", "messages need")
        sentences.append(f"{again} approval again, because {_swapped(*members[0].first)} in all of them: {where}")
    return tuple(sentences)


def _swapped(removed: str, added: str) -> str:
    """“news.example.org” became “readers.example.org”."""
    was, now = (shorten(" ".join(words.split()), _LONGEST, placeholder=" …") for words in (removed, added))
    if was and now:
        return f"“{was}” became “{now}”"
    return f"“{now}” was put in" if now else f"“{was}” was taken out"


def difference(rehearsal: Rehearsal, message: Message) -> tuple[FieldChange, ...]:
    """What changed since a message was last approved or read; empty when nothing did, or nobody knows."""
    before = rehearsal.earlier.get((message.item, message.channel))
    return changes(before, message) if before is not None else ()
