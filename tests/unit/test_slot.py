"""Slots: one instant for a wall-clock time, in every zone there is."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from scheduler.domain.slot import UnknownZone, end_of_local_day, occurrence

ZONES = sorted(z for z in available_timezones() if z not in ("localtime", "posixrules", "Factory"))

zones = st.sampled_from(ZONES)
days = st.dates(date(1972, 1, 1), date(2037, 12, 30))
times = st.builds(time, st.integers(0, 23), st.integers(0, 59))


def wall(instant: datetime, zone: str) -> datetime:
    return instant.astimezone(ZoneInfo(zone)).replace(tzinfo=None)


def instants_of(local: datetime, zone: str) -> list[datetime]:
    """Every instant at which a clock in ``zone`` shows ``local``: by looking, not by PEP 495."""
    around = [local.replace(tzinfo=UTC) + timedelta(minutes=15 * i) for i in range(-4 * 40, 4 * 40)]
    offsets = {at.astimezone(ZoneInfo(zone)).utcoffset() for at in around}
    candidates = {local.replace(tzinfo=UTC) - offset for offset in offsets if offset is not None}
    return sorted(at for at in candidates if wall(at, zone) == local)


@given(zone=zones, on=days, at=times)
@example(zone="America/New_York", on=date(2027, 3, 14), at=time(2, 30))  # gap
@example(zone="America/New_York", on=date(2027, 11, 7), at=time(1, 30))  # fold
@example(zone="Australia/Lord_Howe", on=date(2027, 10, 3), at=time(2, 15))  # a gap of half an hour, in the south
@example(zone="America/Santiago", on=date(2027, 9, 5), at=time(0, 0))  # gap at midnight, in the south
@example(zone="Africa/Casablanca", on=date(2027, 2, 7), at=time(2, 30))  # clocks change for Ramadan
@example(zone="Europe/Dublin", on=date(2027, 10, 31), at=time(1, 30))  # winter time is the exception there
@example(zone="Pacific/Apia", on=date(2011, 12, 30), at=time(10, 0))  # a day that was left out
@example(zone="Pacific/Kiritimati", on=date(2027, 12, 31), at=time(23, 59))
@example(zone="Asia/Kathmandu", on=date(2028, 2, 29), at=time(0, 0))
def test_a_slot_is_one_instant(zone: str, on: date, at: time) -> None:
    """The first instant that shows the time; where none does, the time moves on by exactly the gap."""
    found = occurrence(on, at, zone)
    local = datetime.combine(on, at)
    those = instants_of(local, zone)
    assert timedelta(0) == found.due_at.utcoffset()
    assert (len(those) == 0, len(those) > 1) == (found.shifted, found.ambiguous)
    assert (on, f"{at:%H:%M}", zone) == (found.on, found.local_time, found.time_zone)
    if those:
        assert those[0] == found.due_at
    else:
        before, after = found.due_at - timedelta(hours=25), found.due_at + timedelta(hours=25)
        gap = (wall(after, zone) - wall(before, zone)) - timedelta(hours=50)
        assert local + gap == wall(found.due_at, zone)


@given(zone=zones, on=days)
@example(zone="America/Sao_Paulo", on=date(2018, 11, 3))  # clocks leap over midnight
@example(zone="America/Sao_Paulo", on=date(2018, 2, 17))  # and go back over it
@example(zone="America/Havana", on=date(2027, 11, 6))
@example(zone="Pacific/Apia", on=date(2011, 12, 29))  # the next day was left out
@example(zone="Pacific/Apia", on=date(2011, 12, 30))
@example(zone="America/Scoresbysund", on=date(2024, 3, 30))
@example(zone="America/Toronto", on=date(1919, 3, 30))  # leapt from 23:30 to 00:30
@example(zone="America/St_Johns", on=date(1988, 10, 29))  # went back at 00:01: the day ends twice
@example(zone="America/St_Johns", on=date(2010, 3, 13))
def test_the_local_day_ends_once_and_for_all(zone: str, on: date) -> None:
    """A second before its end a clock shows the day; at its end and for long after none does."""
    end = end_of_local_day(on, zone)
    assert timedelta(0) == end.utcoffset()
    assert all(wall(end + timedelta(minutes=5 * i), zone).date() > on for i in range(12 * 26))
    assert wall(end - timedelta(seconds=1), zone).date() <= on
    if instants_of(datetime.combine(on, time(12)), zone):
        assert on == wall(end - timedelta(seconds=1), zone).date()


@given(zone=zones, on=days, at=times)
def test_an_item_is_due_before_its_day_ends(zone: str, on: date, at: time) -> None:
    """Every slot of a day that exists is due on that day, unless it fell into a leap over midnight."""
    found = occurrence(on, at, zone)
    if not found.shifted:
        assert found.due_at < end_of_local_day(on, zone)


def test_the_published_cases() -> None:
    """The rule in figures: gap forward, fold first, year end, 29 February, south of the equator."""
    cases = [
        (date(2027, 1, 11), time(10), "America/New_York", "2027-01-11T15:00", False, False),
        (date(2027, 3, 14), time(2, 30), "America/New_York", "2027-03-14T07:30", True, False),
        (date(2027, 11, 7), time(1, 30), "America/New_York", "2027-11-07T05:30", False, True),
        (date(2027, 12, 31), time(23, 30), "America/New_York", "2028-01-01T04:30", False, False),
        (date(2028, 2, 29), time(7), "Asia/Kolkata", "2028-02-29T01:30", False, False),
        (date(2027, 1, 1), time(7), "Pacific/Auckland", "2026-12-31T18:00", False, False),
        (date(2018, 11, 4), time(0, 0), "America/Sao_Paulo", "2018-11-04T03:00", True, False),
    ]
    for on, at, zone, due, shifted, ambiguous in cases:
        found = occurrence(on, at, zone)
        assert (due, shifted, ambiguous) == (f"{found.due_at:%Y-%m-%dT%H:%M}", found.shifted, found.ambiguous)


def test_a_day_that_a_zone_left_out_is_over_before_it_is_due() -> None:
    """Samoa had no 30 December 2011: its item is late at once and cannot join the 31st's."""
    found = occurrence(date(2011, 12, 30), time(10), "Pacific/Apia")
    assert found.shifted
    assert end_of_local_day(date(2011, 12, 30), "Pacific/Apia") < found.due_at
    assert end_of_local_day(date(2011, 12, 29), "Pacific/Apia") == end_of_local_day(date(2011, 12, 30), "Pacific/Apia")


@pytest.mark.parametrize(
    "zone", ["", "Mars/Olympus", "America", "../../etc/passwd", "/etc/localtime", "zone.tab", "a\0b"]
)
def test_an_unknown_zone_is_said_to_be_one(zone: str) -> None:
    """Whatever stands in a file as a zone, the answer is a sentence and not a traceback."""
    with pytest.raises(UnknownZone, match="no time zone"):
        occurrence(date(2027, 1, 1), time(10), zone)
