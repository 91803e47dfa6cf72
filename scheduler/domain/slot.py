"""Slots: from a date and a wall-clock time in a zone to one instant; waves: the same in each reader's own zone.

The arithmetic is the project's own, not a timer's: what a coordinator wrote (date, time, zone) stays
beside the instant, and the two awkward cases have a stated rule. See PEP 495 for ``fold``.

Zones that share an instant share a wave. Each wave has its own window, which ends with the day of its readers, so that
"today" is true for everybody. The whole delivery is open from the first morning on earth to the end of the last day.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from ..errors import ConfigurationError
from ..light_dataclass import dataclass
from .campaign import Lateness
from .planned_item import Occurrence


class UnknownZone(ConfigurationError):
    """The time zone is not known."""


@lru_cache(maxsize=1024)
def zone_named(zone: str) -> ZoneInfo:
    """The IANA zone of that name. Raises UnknownZone for anything else, also for paths and blanks."""
    try:
        return ZoneInfo(zone)
    except (KeyError, ValueError, OSError) as error:  # OSError: a name such as "America" is a folder
        raise UnknownZone(
            f"there is no time zone {zone!r}",
            hint="use a name from the IANA list, such as America/New_York or Europe/Berlin",
        ) from error


def occurrence(on: date, at: time, zone: str) -> Occurrence:
    """The instant of local time ``at`` on date ``on`` in ``zone``.

    Gap: a time that the clocks leap over moves on by the length of the gap (02:30 becomes 03:30).
    Fold: of a time that comes twice, the first. A date that a zone left out whole (Pacific/Apia,
    2011-12-30) has no instant of its own: its occurrence falls on the next date, after
    ``end_of_local_day``, so that a same-day item counts as missed and never joins its neighbor.
    """
    local = datetime.combine(on, at.replace(tzinfo=None, fold=0), tzinfo=zone_named(zone))
    before, after = _offset(local), _offset(local.replace(fold=1))
    # With fold=0 the offset from before the change holds, in a gap as in a fold: that is both rules at once.
    return Occurrence(
        on=on,
        local_time=f"{at:%H:%M}",
        time_zone=zone,
        due_at=local.astimezone(UTC),
        shifted=after > before,
        ambiguous=after < before,
    )


def end_of_local_day(on: date, zone: str) -> datetime:
    """The first instant (aware, UTC) after which no clock in ``zone`` shows the date ``on`` any more.

    Mostly the next midnight. Where clocks go back over midnight the date comes twice, and the second
    end counts; where they leap over midnight the day ends with the leap.
    """
    midnight = datetime.combine(on + timedelta(days=1), time(), tzinfo=zone_named(zone))
    before, after = _offset(midnight), _offset(midnight.replace(fold=1))
    if after == before:
        return midnight.astimezone(UTC)
    if after < before:
        # Clocks that go back from 01:00 to 00:00 (Havana) strike midnight twice, yet stay in the new day.
        second = midnight.replace(fold=1).astimezone(UTC)
        day_comes_back = (second - timedelta(seconds=1)).astimezone(zone_named(zone)).date() == on
        return second if day_comes_back else midnight.astimezone(UTC)
    # The leap itself lies between the two readings of a midnight that does not exist: halve until found.
    wall = midnight.replace(tzinfo=UTC)
    low, high = wall - after, wall - before  # at low the old offset holds, at high the new one
    while high - low > timedelta(seconds=1):
        middle = low + timedelta(seconds=(high - low) // timedelta(seconds=2))
        if _offset(middle.astimezone(zone_named(zone))) == after:
            high = middle
        else:
            low = middle
    return high


def _offset(local: datetime) -> timedelta:
    offset = local.utcoffset()
    assert offset is not None  # noqa: S101  every value here carries a zone
    return offset


# -- waves ---

#: No zone's clocks are further from UTC than this (Pacific/Kiritimati, and the sea west of Baker Island).
FURTHEST_EAST = timedelta(hours=14)
FURTHEST_WEST = timedelta(hours=12)


@dataclass(frozen=True)
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
