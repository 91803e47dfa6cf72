"""Date rules: what day a rule names, in which year, and when it names none."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scheduler.domain.dates import (
    DateRule,
    DateRuleError,
    NotAnnounced,
    RuleKind,
    describe,
    names_day_of_window,
    resolve,
    window_of,
    with_guess,
)

MON, THU, FRI, SUN = 0, 3, 4, 6


def fixed(month: int, day: int, year_offset: int | None = None) -> DateRule:
    return DateRule(RuleKind.FIXED, month=month, day=day, year_offset=year_offset)


def nth(month: int, weekday: int, n: int) -> DateRule:
    return DateRule(RuleKind.NTH_WEEKDAY, month=month, weekday=weekday, n=n)


def last(month: int, weekday: int) -> DateRule:
    return DateRule(RuleKind.LAST_WEEKDAY, month=month, weekday=weekday)


def near(month: int, day: int, weekday: int, *, before: bool = False, year_offset: int | None = None) -> DateRule:
    kind = RuleKind.WEEKDAY_NEAR
    return DateRule(kind, month=month, day=day, weekday=weekday, before=before, year_offset=year_offset)


def offset(days: int, of: DateRule) -> DateRule:
    return DateRule(RuleKind.OFFSET, days=days, of=of)


def table(kind: RuleKind = RuleKind.TABLE, **dates: date) -> DateRule:
    return DateRule(kind, table={int(key[1:]): on for key, on in dates.items()})


JANUARY = (date(2027, 1, 1), date(2027, 2, 1))
KWANZAA = (date(2026, 12, 26), date(2027, 1, 1))


@pytest.mark.parametrize(
    ("rule", "season", "window", "expected"),
    [
        (fixed(1, 11), 2027, JANUARY, date(2027, 1, 11)),
        (nth(1, MON, 3), 2027, JANUARY, date(2027, 1, 18)),
        (nth(10, THU, 3), 2027, (date(2027, 10, 1), date(2027, 10, 31)), date(2027, 10, 21)),  # Purple Thursday
        (nth(10, THU, 3), 2021, (date(2021, 10, 1), date(2021, 10, 31)), date(2021, 10, 21)),
        (last(11, THU), 2027, None, date(2027, 11, 25)),
        (last(2, MON), 2028, None, date(2028, 2, 28)),
        (nth(1, 4, 5), 2027, JANUARY, date(2027, 1, 29)),  # a fifth Friday that exists
        (offset(1, nth(1, MON, 3)), 2027, JANUARY, date(2027, 1, 19)),
        (offset(-1, fixed(1, 1)), 2026, KWANZAA, date(2026, 12, 31)),
        (fixed(1, 1), 2026, KWANZAA, date(2027, 1, 1)),  # the first such day after the start
        (fixed(12, 26), 2026, KWANZAA, date(2026, 12, 26)),  # the start itself counts
        (fixed(1, 1, year_offset=0), 2026, KWANZAA, date(2026, 1, 1)),  # said outright
        (fixed(1, 1, year_offset=1), 2026, None, date(2027, 1, 1)),
        (offset(1, fixed(1, 1, year_offset=1)), 2026, None, date(2027, 1, 2)),
        (fixed(2, 29), 2028, (date(2028, 2, 1), date(2028, 2, 29)), date(2028, 2, 29)),
        (table(y2027=date(2027, 3, 10)), 2027, JANUARY, date(2027, 3, 10)),
        (table(RuleKind.ANNOUNCED, y2027=date(2027, 3, 10)), 2027, None, date(2027, 3, 10)),
        (table(y2031=date(2030, 12, 26)), 2031, None, date(2030, 12, 26)),  # a lunar month twice in one year
        (DateRule(RuleKind.DAY_OF_WINDOW, day=4), 2026, KWANZAA, date(2026, 12, 29)),
        (offset(2, DateRule(RuleKind.DAY_OF_WINDOW, day=4)), 2026, KWANZAA, date(2026, 12, 31)),
        # Five days after the fourth Thursday of November, in a window that starts the day after that Thursday.
        (offset(5, nth(11, THU, 4)), 2026, (date(2026, 11, 27), date(2026, 12, 10)), date(2026, 12, 1)),
        (offset(7, fixed(12, 28)), 2027, (date(2027, 1, 1), date(2027, 1, 31)), date(2027, 1, 4)),
        (offset(366, fixed(12, 31)), 2027, (date(2027, 1, 1), date(2027, 1, 31)), date(2027, 1, 1)),
        # The Friday on or after December 12: the 12th itself where it is one, and never a week too early.
        (near(12, 12, FRI), 2020, None, date(2020, 12, 18)),
        (near(12, 12, FRI), 2025, None, date(2025, 12, 12)),
        (near(12, 12, FRI), 2027, None, date(2027, 12, 17)),
        (near(12, 12, FRI), 2029, None, date(2029, 12, 14)),
        # Fire Prevention Week begins on the Sunday on or before October 9.
        (near(10, 9, SUN, before=True), 2026, None, date(2026, 10, 4)),
        (near(10, 9, SUN, before=True), 2022, None, date(2022, 10, 9)),
        (near(10, 9, SUN, before=True), 2027, None, date(2027, 10, 3)),
        (near(12, 30, FRI), 2027, None, date(2027, 12, 31)),
        (near(12, 30, SUN), 2027, None, date(2028, 1, 2)),  # over the year's end: still the one of December 30 2027
        (near(12, 30, SUN), 2028, (date(2028, 1, 1), date(2028, 1, 31)), date(2028, 1, 2)),
        (near(1, 2, FRI, before=True), 2027, None, date(2027, 1, 1)),
        (near(1, 2, THU, before=True), 2027, None, date(2026, 12, 31)),
        (near(1, 2, THU, before=True), 2026, (date(2026, 12, 20), date(2027, 1, 5)), date(2026, 12, 31)),
        (near(1, 2, FRI, year_offset=1), 2026, KWANZAA, date(2027, 1, 8)),
        (near(2, 29, MON), 2028, None, date(2028, 3, 6)),
    ],
)
def test_each_rule_names_its_day(rule: DateRule, season: int, window: tuple[date, date] | None, expected: date) -> None:
    """A rule names the day that the reference page says it does."""
    assert expected == resolve(rule, season=season, window=window)


@pytest.mark.parametrize(
    ("rule", "season", "window", "words"),
    [
        (fixed(2, 29), 2027, None, "2027 has no February 29"),
        (fixed(2, 29), 2027, (date(2027, 2, 1), date(2027, 3, 1)), "2027 has no February 29"),
        (fixed(4, 31), 2027, None, "no April 31"),
        (nth(2, MON, 5), 2027, None, "February 2027 has no fifth Monday"),
        (nth(1, MON, 5), 2027, JANUARY, "January 2027 has no fifth Monday"),
        (offset(1, fixed(2, 29)), 2027, (date(2027, 2, 1), date(2027, 3, 1)), "no February 29"),
        (near(2, 29, MON), 2027, None, "2027 has no February 29"),
        (near(2, 29, MON), 2027, (date(2027, 3, 3), date(2027, 3, 31)), "2027 has no February 29"),
        (near(2, 29, MON, before=True), 2027, None, "2027 has no February 29"),
        (table(y2026=date(2026, 3, 1)), 2027, None, "none for season 2027"),
        (table(y2027=date(2072, 3, 1)), 2027, None, "2072-03-01 for season 2027"),
        (DateRule(RuleKind.DAY_OF_WINDOW, day=4), 2027, None, "where the window itself begins"),
        (fixed(13, 1), 2027, None, "month 13"),
        (DateRule(RuleKind.OFFSET, days=1), 2027, None, "counted from"),
        (fixed(1, 1), 10000, None, "outside the calendar"),
        (offset(10**12, fixed(1, 1)), 2027, None, "outside the calendar"),
    ],
)
def test_a_day_that_does_not_exist_is_an_error_in_words(
    rule: DateRule, season: int, window: tuple[date, date] | None, words: str
) -> None:
    """No rule slides in silence to another day or another year, and none gives a bare Python error."""
    with pytest.raises(DateRuleError, match=words):
        resolve(rule, season=season, window=window)


def test_an_announced_date_that_is_not_known_yet_has_its_own_error() -> None:
    """'Not announced yet' can be told from a mistake; a table without the season cannot."""
    with pytest.raises(NotAnnounced) as caught:
        resolve(table(RuleKind.ANNOUNCED, y2026=date(2026, 3, 1)), season=2027, window=JANUARY)
    assert "add 2027 = YYYY-MM-DD" in caught.value.hint
    with pytest.raises(DateRuleError) as other:
        resolve(table(y2026=date(2026, 3, 1)), season=2027, window=JANUARY)
    assert not isinstance(other.value, NotAnnounced)


@pytest.mark.parametrize(
    ("start", "end", "season", "days"),
    [
        (fixed(1, 1), fixed(2, 1), 2027, 32),
        (fixed(9, 15), fixed(10, 15), 2027, 31),
        (fixed(12, 26), fixed(1, 1), 2026, 7),
        (fixed(11, 25), fixed(12, 10), 2027, 16),
        (fixed(2, 1), offset(-1, fixed(3, 1)), 2027, 28),
        (fixed(2, 1), offset(-1, fixed(3, 1)), 2028, 29),
        (fixed(2, 1), fixed(2, 29), 2028, 29),
        (fixed(5, 5), fixed(5, 5), 2027, 1),
        (fixed(1, 1), fixed(12, 31), 2028, 366),
        (nth(4, 6, 3), offset(6, nth(4, 6, 3)), 2027, 7),  # a week that moves with its Sunday
        (fixed(1, 1), DateRule(RuleKind.DAY_OF_WINDOW, day=10), 2027, 10),
    ],
)
def test_windows_have_their_length(start: DateRule, end: DateRule, season: int, days: int) -> None:
    """A window is its start and its end, both counted, whatever month or year it crosses."""
    first, final = window_of(start, end, season)
    assert (season, days) == (first.year, (final - first).days + 1)


@pytest.mark.parametrize(
    ("start", "end", "words"),
    [
        (fixed(3, 1), fixed(2, 1, year_offset=0), "before it starts"),
        (fixed(1, 1), fixed(1, 2, year_offset=1), "367 days"),
        (fixed(1, 1), offset(400, fixed(1, 1, year_offset=0)), "401 days"),
        (fixed(2, 29), fixed(3, 10), "no February 29"),
    ],
)
def test_impossible_windows_are_refused(start: DateRule, end: DateRule, words: str) -> None:
    """A window that ends before it starts, or outlasts a year, is a slip and is said to be one."""
    with pytest.raises(DateRuleError, match=words):
        window_of(start, end, 2027)


def test_rules_are_described_in_words() -> None:
    """Messages name a rule as a person would."""
    assert "third Monday of January" == describe(nth(1, MON, 3))
    assert "1 day before last Thursday of November" == describe(offset(-1, last(11, THU)))
    assert "February 29" == describe(fixed(2, 29))
    assert "day 4 of the window" == describe(DateRule(RuleKind.DAY_OF_WINDOW, day=4))
    assert "Friday on or after December 12" == describe(near(12, 12, FRI))
    assert "Sunday on or before October 9" == describe(near(10, 9, SUN, before=True))
    guessed = DateRule(RuleKind.ANNOUNCED, guess=near(12, 12, FRI))
    assert "a date announced for each season (until then Friday on or after December 12)" == describe(guessed)


def test_a_guess_holds_only_where_nothing_is_announced() -> None:
    """A guess never stands in for a date that is there, and nothing is guessed where no guess was written."""
    known = {2026: date(2026, 12, 11)}
    rule = DateRule(RuleKind.ANNOUNCED, table=known, guess=near(12, 12, FRI))
    assert rule is with_guess(rule, 2026)
    assert date(2027, 12, 17) == resolve(with_guess(rule, 2027), season=2027, window=None)
    with pytest.raises(NotAnnounced):
        resolve(rule, season=2027, window=None)
    assert date(2027, 12, 19) == resolve(with_guess(offset(2, rule), 2027), season=2027, window=None)
    without = DateRule(RuleKind.ANNOUNCED, table=known)
    assert without is with_guess(without, 2027)


def test_an_offset_from_a_day_number_is_a_day_number() -> None:
    """Whether a line counts days or names a date decides who moves; an offset does not change it."""
    assert names_day_of_window(offset(1, DateRule(RuleKind.DAY_OF_WINDOW, day=4)))
    assert not names_day_of_window(offset(1, fixed(1, 1)))


yearly = st.one_of(
    st.builds(fixed, st.integers(1, 12), st.integers(1, 28)),
    st.builds(nth, st.integers(1, 12), st.integers(0, 6), st.integers(1, 4)),
    st.builds(last, st.integers(1, 12), st.integers(0, 6)),
    st.builds(near, st.integers(1, 12), st.integers(1, 28), st.integers(0, 6), before=st.booleans()),
)
yearly_or_moved = st.one_of(yearly, st.builds(offset, st.integers(-366, 366), yearly))
starts = st.dates(date(1950, 1, 1), date(2200, 12, 31))


@given(rule=yearly_or_moved, start=starts)
def test_the_first_such_day_on_or_after_the_start(rule: DateRule, start: date) -> None:
    """A yearly rule gives the first of its days that is not before the window's start, and no later one."""
    found = resolve(rule, season=start.year, window=(start, start))
    own_years = range(start.year - 3, start.year + 4)
    every = [resolve(rule, season=year, window=None) for year in own_years]
    assert min(on for on in every if on >= start) == found


@given(
    month=st.integers(1, 12),
    day=st.integers(1, 28),
    weekday=st.integers(0, 6),
    before=st.booleans(),
    year=st.integers(1950, 2200),
)
def test_weekday_near_by_walking(month: int, day: int, weekday: int, before: bool, year: int) -> None:
    """Walking from the named date day by day, forward or back, the first such weekday is the one."""
    on = date(year, month, day)
    while on.weekday() != weekday:
        on += timedelta(days=-1 if before else 1)
    assert on == resolve(near(month, day, weekday, before=before), season=year, window=None)


@given(month=st.integers(1, 12), weekday=st.integers(0, 6), n=st.integers(1, 5), year=st.integers(1950, 2200))
def test_nth_weekday_by_counting(month: int, weekday: int, n: int, year: int) -> None:
    """The n-th weekday is what counting through the month gives; a fifth that is not there is an error."""
    every = [date(year, 1, 1) + timedelta(days=i) for i in range(366)]
    those = [on for on in every if (on.year, on.month, on.weekday()) == (year, month, weekday)]
    assert those[-1] == resolve(last(month, weekday), season=year, window=None)
    if n <= len(those):
        assert those[n - 1] == resolve(nth(month, weekday, n), season=year, window=None)
    else:
        with pytest.raises(DateRuleError, match="fifth"):
            resolve(nth(month, weekday, n), season=year, window=None)
