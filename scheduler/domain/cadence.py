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

from datetime import date, timedelta
from enum import StrEnum

from ..light_dataclass import dataclass
from .campaign import DigestRule
from .planned_item import Plan, PlannedItem


class Cadence(StrEnum):
    """How often a reader is written to."""

    DAILY = "daily"
    DIGEST = "digest"
    KEY_DAYS = "key-days"


#: What a reader gets who chose nothing.
DEFAULT_CADENCE = Cadence.DAILY


@dataclass(frozen=True)
class DigestSpan:
    """A digest day and the items that its digest covers, in order."""

    on: date
    items: tuple[PlannedItem, ...]


def offered(plan: Plan) -> frozenset[Cadence]:
    """The cadences that a season has. A reader who chose another one gets the default."""
    found = {Cadence.DAILY}
    if plan.campaign.digest is not None:
        found.add(Cadence.DIGEST)
    if any(p.is_key for p in plan.items):
        found.add(Cadence.KEY_DAYS)
    return frozenset(found)


def audience_of(planned: PlannedItem, offers: frozenset[Cadence]) -> frozenset[Cadence]:
    """The cadences whose readers get an item's own mail, where a season offers ``offers``."""
    return frozenset(
        cadence
        for cadence in Cadence
        if cadence is DEFAULT_CADENCE or cadence not in offers or (cadence is Cadence.KEY_DAYS and planned.is_key)
    )


def digest_days(plan: Plan, rule: DigestRule) -> tuple[date, ...]:
    """The days of the digest, in order.

    A digest moves from a quiet day to the next day that is not quiet; past the window's end it moves to the window's
    last day. The last day always has one, so that no item is left without.
    """
    last = plan.season.end_on
    quiet = {p.on for p in plan.items if p.day is not None and p.day.quiet}
    keys = {p.on for p in plan.items if p.is_key} if rule.key_days else set()

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
