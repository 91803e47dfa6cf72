"""How often a reader wants mail, and which items of a season that means. Pure rules; the ledger's freeze obeys them.

The rules, in words:

- An item belongs to a reader by the cadence that was in force at the instant at which the item's own mail was due.
  Whatever is switched afterwards, even a second later and before the mail has left, counts from the next item on.
- ``daily`` gets each item's own mail; ``key-days`` gets it on key days alone.
- ``digest`` gets, on a digest day, one mail with the items since the last digest day: those that were due while the
  reader was on the digest, without a break. Items from before that are left out of it: they went to the reader one by
  one, or the reader was not there yet.
- So no item reaches anybody twice. Who leaves the digest between two digest days gives up what it had collected.
- Joining counts from the next item on; nothing earlier is sent.
- A pause is silence: mails that are due in it are not sent, and not sent later. A digest after a pause holds the items
  since the last digest day, like everybody's.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from .campaign import DigestRule
from .planned_item import Plan, PlannedItem


class Cadence(StrEnum):
    """How often a reader is written to."""

    DAILY = "daily"
    DIGEST = "digest"
    KEY_DAYS = "key-days"


#: What a reader gets who chose nothing.
DEFAULT_CADENCE = Cadence.DAILY


@dataclass(frozen=True, slots=True)
class DigestSpan:
    """A digest day and the items that its digest covers, in order."""

    on: date
    items: tuple[PlannedItem, ...]


def is_key_day(planned: PlannedItem) -> bool:
    """Whether readers who want key days only get this item."""
    return planned.day is not None and planned.day.key and not planned.day.quiet


def offered(plan: Plan) -> frozenset[Cadence]:
    """The cadences that a season has. A reader who chose another one gets the default."""
    found = {Cadence.DAILY}
    if plan.campaign.digest is not None:
        found.add(Cadence.DIGEST)
    if any(map(is_key_day, plan.items)):
        found.add(Cadence.KEY_DAYS)
    return frozenset(found)


def audience_of(planned: PlannedItem, offers: frozenset[Cadence]) -> frozenset[Cadence]:
    """The cadences whose readers get an item's own mail, where a season offers ``offers``."""
    return frozenset(
        cadence
        for cadence in Cadence
        if cadence is DEFAULT_CADENCE or cadence not in offers or (cadence is Cadence.KEY_DAYS and is_key_day(planned))
    )


def digest_days(plan: Plan, rule: DigestRule) -> tuple[date, ...]:
    """The days of the digest, in order.

    A digest moves from a quiet day to the next day that is not quiet; past the window's end it moves to the window's
    last day. The last day always has one, so that no item is left without.
    """
    last = plan.season.end_on
    quiet = {p.on for p in plan.items if p.day is not None and p.day.quiet}
    keys = {p.on for p in plan.items if is_key_day(p)} if rule.key_days else set()

    def moved(on: date) -> date:
        while on in quiet and on < last:
            on += timedelta(days=1)
        return on

    days = {*keys, last}
    for number in range(plan.season.days):
        on = plan.season.start_on + timedelta(days=number)
        if on.weekday() == rule.weekday and all(abs((moved(on) - k).days) >= rule.days_apart for k in keys):
            days.add(moved(on))
    return tuple(sorted(days))


def digest_spans(plan: Plan) -> tuple[DigestSpan, ...]:
    """The season's digests with what they cover; those that would hold nothing are left out."""
    rule, items = plan.campaign.digest, sorted(plan.items, key=lambda p: p.on)
    if rule is None:
        return ()
    spans, after = [], date.min
    for on in digest_days(plan, rule):
        covered = tuple(p for p in items if after < p.on <= on)
        if covered:
            spans.append(DigestSpan(on, covered))
        after = on
    return tuple(spans)


# -- one reader ---------------------------------------------------------------------------------------------


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
