"""Waves: one email at the same wall-clock time in each reader's own zone, as a few instants of one day.

Zones that share an instant share a wave. Each wave has its own window, which ends with the day of its readers, so that
"today" is true for everybody. The whole delivery is open from the first morning on earth to the end of the last day.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from .campaign import Lateness
from .slot import UnknownZone, end_of_local_day, occurrence, zone_named

#: No zone's clocks are further from UTC than this (Pacific/Kiritimati, and the sea west of Baker Island).
FURTHEST_EAST = timedelta(hours=14)
FURTHEST_WEST = timedelta(hours=12)


@dataclass(frozen=True, slots=True)
class Wave:
    """The part of an email that is due at one instant. ``zones`` as they were given, in alphabetical order."""

    due_at: datetime
    expires_at: datetime
    zones: tuple[str, ...]


def waves_of(on: date, at: time, zones: Iterable[str], *, home: str, grace: Lateness) -> tuple[Wave, ...]:
    """The waves of an email on date ``on`` at wall-clock time ``at`` for readers in ``zones``, earliest first.

    A zone that is empty, or that this machine does not know, counts as ``home``, the campaign's. Raises UnknownZone
    for an unknown ``home``. Where a zone left the whole date out, its wave ends before it begins: it is missed, as
    a date that does not exist cannot be kept.
    """
    found: dict[datetime, list[tuple[str, datetime]]] = {}
    for zone in sorted(set(zones)):
        place = zone if _is_known(zone) else home
        due_at = occurrence(on, at, place).due_at
        found.setdefault(due_at, []).append((zone, _expires(on, due_at, place, grace)))
    # Two zones may share a morning and not an evening, where one of them sets its clocks: the earlier end holds.
    return tuple(
        Wave(due_at, min(end for _, end in members), tuple(zone for zone, _ in members))
        for due_at, members in sorted(found.items())
    )


def whole_window(on: date, at: time, grace: Lateness) -> tuple[datetime, datetime]:
    """From when to when some wave of that date may be open, wherever readers live. Needs no list of zones."""
    begins = datetime.combine(on, at.replace(tzinfo=UTC)) - FURTHEST_EAST
    if grace.minutes is not None:
        return begins, datetime.combine(on, at.replace(tzinfo=UTC)) + FURTHEST_WEST + timedelta(minutes=grace.minutes)
    return begins, datetime.combine(on + timedelta(days=1), time(tzinfo=UTC)) + FURTHEST_WEST


def _expires(on: date, due_at: datetime, zone: str, grace: Lateness) -> datetime:
    return end_of_local_day(on, zone) if grace.minutes is None else due_at + timedelta(minutes=grace.minutes)


def _is_known(zone: str) -> bool:
    if not zone:
        return False
    try:
        zone_named(zone)
    except UnknownZone:
        return False
    return True
