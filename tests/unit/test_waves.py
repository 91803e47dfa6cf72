"""Waves: each reader's own morning, over all zones."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scheduler.domain.campaign import Lateness
from scheduler.domain.slot import UnknownZone, end_of_local_day, occurrence, waves_of, whole_window

HOME = "America/New_York"
ALL = sorted(available_timezones() - {"localtime", "posixrules", "Factory"})
SAME_DAY, AN_HOUR = Lateness(), Lateness(60)

dates = st.dates(date(2026, 1, 1), date(2036, 12, 31))
slots = st.times().map(lambda t: t.replace(second=0, microsecond=0))
some_zones = st.lists(st.sampled_from(ALL), min_size=1, max_size=40)


def test_a_january_morning_around_the_world() -> None:
    """Ten o'clock comes to Tokyo first, then to Berlin and Lagos at once, then to New York."""
    zones = ["America/New_York", "Europe/Berlin", "Asia/Tokyo", "Africa/Lagos"]
    found = waves_of(date(2027, 1, 11), time(10), zones, home=HOME, grace=SAME_DAY)
    assert [
        (datetime(2027, 1, 11, 1, tzinfo=UTC), ("Asia/Tokyo",)),
        (datetime(2027, 1, 11, 9, tzinfo=UTC), ("Africa/Lagos", "Europe/Berlin")),
        (datetime(2027, 1, 11, 15, tzinfo=UTC), ("America/New_York",)),
    ] == [(w.due_at, w.zones) for w in found]
    assert [15, 23, 5] == [w.expires_at.hour for w in found]


def test_a_reader_without_a_zone_or_with_an_unknown_one_is_at_the_campaigns_place() -> None:
    """Nobody is left out because a name is no longer known."""
    (wave,) = waves_of(date(2027, 1, 11), time(10), ["", "Mars/Olympus", HOME], home=HOME, grace=SAME_DAY)
    assert ("", HOME, "Mars/Olympus") == wave.zones


def test_an_unknown_place_of_the_campaign_is_an_error() -> None:
    """It is a mistake in the files, not something to guess."""
    with pytest.raises(UnknownZone):
        waves_of(date(2027, 1, 11), time(10), [""], home="Mars/Olympus", grace=SAME_DAY)


@pytest.mark.parametrize(
    ("on", "at", "zone", "utc"),
    [
        (date(2027, 3, 14), time(2, 30), "America/New_York", datetime(2027, 3, 14, 7, 30, tzinfo=UTC)),  # gap: 03:30
        (date(2027, 11, 7), time(1, 30), "America/New_York", datetime(2027, 11, 7, 5, 30, tzinfo=UTC)),  # fold: first
        (date(2027, 3, 28), time(2, 30), "Europe/Berlin", datetime(2027, 3, 28, 1, 30, tzinfo=UTC)),
        (date(2027, 4, 4), time(2, 30), "Australia/Sydney", datetime(2027, 4, 3, 15, 30, tzinfo=UTC)),
    ],
)
def test_clocks_that_change_follow_the_same_rule_as_slots(on: date, at: time, zone: str, utc: datetime) -> None:
    """A time that does not exist moves on by the gap; of one that comes twice, the first."""
    (wave,) = waves_of(on, at, [zone], home=HOME, grace=SAME_DAY)
    assert utc == wave.due_at


def test_two_zones_that_part_during_the_day_share_the_earlier_end() -> None:
    """Santiago sets its clocks back at midnight and has 3 April an hour longer than São Paulo."""
    on = date(2027, 4, 3)
    (wave,) = waves_of(on, time(10), ["America/Santiago", "America/Sao_Paulo"], home=HOME, grace=SAME_DAY)
    assert datetime(2027, 4, 4, 4, tzinfo=UTC) == end_of_local_day(on, "America/Santiago")
    assert datetime(2027, 4, 4, 3, tzinfo=UTC) == wave.expires_at


def test_a_date_that_a_zone_left_out_is_missed_there() -> None:
    """Samoa had no 30 December 2011; nobody there is told on the 31st that it is the 30th."""
    (wave,) = waves_of(date(2011, 12, 30), time(10), ["Pacific/Apia"], home=HOME, grace=SAME_DAY)
    assert wave.expires_at <= wave.due_at


@given(on=dates, at=slots, zones=some_zones)
def test_each_zone_is_in_one_wave_at_its_own_wall_clock_time(on: date, at: time, zones: list[str]) -> None:
    """Every zone once; the clock there shows the slot, or the time moved by a gap; waves come in order."""
    found = waves_of(on, at, zones, home=HOME, grace=SAME_DAY)
    assert sorted(set(zones)) == sorted(z for w in found for z in w.zones)
    assert sorted({w.due_at for w in found}) == [w.due_at for w in found]
    for wave in found:
        for zone in wave.zones:
            moved = occurrence(on, at, zone).shifted
            local = wave.due_at.astimezone(ZoneInfo(zone))
            assert moved or (on, at) == (local.date(), local.time())


@given(on=dates, at=slots, zones=some_zones)
def test_a_wave_is_open_on_its_own_day_only(on: date, at: time, zones: list[str]) -> None:
    """At any instant of the window, each clock of the wave shows the date of the item."""
    for wave in waves_of(on, at, zones, home=HOME, grace=SAME_DAY):
        for zone in wave.zones:
            last = wave.expires_at - timedelta(seconds=1)
            if wave.due_at <= last:
                assert {on} == {wave.due_at.astimezone(ZoneInfo(zone)).date(), last.astimezone(ZoneInfo(zone)).date()}


@given(on=dates, at=slots, zones=some_zones, grace=st.sampled_from([SAME_DAY, AN_HOUR, Lateness(1440)]))
def test_the_whole_window_holds_every_wave(on: date, at: time, zones: list[str], grace: Lateness) -> None:
    """So that the delivery is open whenever one of its waves is, wherever readers live."""
    begins, ends = whole_window(on, at, grace)
    for wave in waves_of(on, at, zones, home=HOME, grace=grace):
        assert begins <= wave.due_at
        assert wave.expires_at <= ends


@pytest.mark.parametrize("on", [date(2027, 1, 11), date(2027, 3, 14), date(2027, 10, 31), date(2028, 2, 29)])
def test_all_zones_at_once(on: date) -> None:
    """Some forty waves for the whole world; every zone in one of them."""
    found = waves_of(on, time(10), ALL, home=HOME, grace=SAME_DAY)
    assert len(ALL) == sum(len(w.zones) for w in found)
    assert 30 <= len(found) <= 45
    begins, ends = whole_window(on, time(10), SAME_DAY)
    assert (begins, ends) == (found[0].due_at, max(w.expires_at for w in found))
