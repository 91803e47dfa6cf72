"""Date rules: how a calendar names a day without naming the year."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field, replace
from datetime import date, timedelta
from enum import StrEnum

from ..errors import ObservanceError
from ..light_dataclass import dataclass
from .formatting import MONTHS, WEEKDAYS, counted


class RuleKind(StrEnum):
    """The ways in which a campaign can name a day."""

    FIXED = "fixed"  # month, day
    NTH_WEEKDAY = "nth-weekday"  # month, weekday, n (1..5)
    LAST_WEEKDAY = "last-weekday"  # month, weekday
    WEEKDAY_NEAR = "weekday-near"  # weekday, on or after a month and day, or on or before it
    OFFSET = "offset"  # days from another rule
    TABLE = "table"  # a date for each season
    ANNOUNCED = "announced"  # as table; a season without a date is a finding, not an error
    DAY_OF_WINDOW = "day"  # the n-th day of the window, 1-based


def days_in_month(year: int, month: int) -> int:
    """How many days a month has. The standard library's `calendar` brings the languages of all of them along."""
    return 31 if month == 12 else (date(year, month + 1, 1) - date(year, month, 1)).days


@dataclass(frozen=True)
class DateRule:
    """A rule; which fields count depends on ``kind``. ``year_offset`` 1 = the year after the season's."""

    kind: RuleKind
    month: int = 0
    day: int = 0
    weekday: int = 0  # Monday = 0
    n: int = 0
    days: int = 0
    of: DateRule | None = None
    table: Mapping[int, date] = field(default_factory=dict)
    before: bool = False  # weekday-near: on or before the month and day, not on or after them
    guess: DateRule | None = None  # announced: where a plan puts it until then
    year_offset: int | None = None  # None: the first such day on or after the window's start


class DateRuleError(ObservanceError):
    """A date rule gives no date in this season."""


class NotAnnounced(DateRuleError):
    """The date for this season has not been announced yet."""


#: As files write them.
WEEKDAY_NAMES = tuple(day.lower() for day in WEEKDAYS)
_NTH = ("", "first", "second", "third", "fourth", "fifth")

#: A window is a month or so. More than a year is a slip: the next season would have begun.
LONGEST_WINDOW_DAYS = 366


def names_day_of_window(rule: DateRule) -> bool:
    """Whether the rule counts days from the window's start, directly or by an offset."""
    while rule.kind is RuleKind.OFFSET and rule.of is not None:
        rule = rule.of
    return rule.kind is RuleKind.DAY_OF_WINDOW


def describe(rule: DateRule) -> str:
    """The rule in words: "third Monday of January", "2 days after last Thursday of November"."""
    match rule.kind:
        case RuleKind.FIXED:
            return f"{_month(rule)} {rule.day}"
        case RuleKind.NTH_WEEKDAY:
            return f"{_nth(rule)} {_weekday(rule)} of {_month(rule)}"
        case RuleKind.LAST_WEEKDAY:
            return f"last {_weekday(rule)} of {_month(rule)}"
        case RuleKind.WEEKDAY_NEAR:
            return f"{_weekday(rule)} on or {'before' if rule.before else 'after'} {_month(rule)} {rule.day}"
        case RuleKind.OFFSET:
            side = "before" if rule.days < 0 else "after"
            return f"{counted(abs(rule.days), 'day')} {side} {describe(_of(rule))}"
        case RuleKind.DAY_OF_WINDOW:
            return f"day {rule.day} of the window"
        case RuleKind.TABLE:
            return "a date supplied for each season"
        case RuleKind.ANNOUNCED:
            guess = f" (until then {describe(rule.guess)})" if rule.guess is not None else ""
            return f"a date announced for each season{guess}"


def with_guess(rule: DateRule, season: int) -> DateRule:
    """The rule with the guess in place of a date that is not announced; the rule itself where nothing is guessed."""
    if rule.kind is RuleKind.OFFSET and rule.of is not None:
        return replace(rule, of=with_guess(rule.of, season))
    is_guessed = rule.kind is RuleKind.ANNOUNCED and season not in rule.table and rule.guess is not None
    return rule.guess if is_guessed and rule.guess is not None else rule


def resolve(rule: DateRule, *, season: int, window: tuple[date, date] | None) -> date:
    """The date that ``rule`` names in ``season`` (the year the season's window starts in).

    Without a window, as for a window's own start, rules with a month are looked for in the season's
    year. With one, they give the first such date on or after the window's start, so that a window
    that crosses the year end works; ``year_offset`` overrides both. The date may lie after the
    window's end: that is for the caller to judge. For a window's end pass ``(start, start)``.

    Raises NotAnnounced for an announced date that is not known yet, and DateRuleError where no date
    exists: 29 February in a year without one, a fifth weekday that a month does not have, a season
    that a table leaves out, a day of the window where there is no window.
    """
    try:
        return _resolve(rule, season, window, rule.year_offset)
    except (OverflowError, ValueError) as error:
        raise DateRuleError(f"{describe(rule)} in season {season} lies outside the calendar") from error


def window_of(start: DateRule, end: DateRule, season: int) -> tuple[date, date]:
    """First and last day of the window, inclusive. Raises DateRuleError when the two do not make one."""
    start_on = resolve(start, season=season, window=None)
    end_on = resolve(end, season=season, window=(start_on, start_on))
    if end_on < start_on:
        raise DateRuleError(
            f"the window of season {season} would end on {end_on}, before it starts on {start_on}",
            hint="correct the end of the window, or give it year_offset = 1 when it belongs to the next year",
        )
    days = (end_on - start_on).days + 1
    if days > LONGEST_WINDOW_DAYS:
        raise DateRuleError(
            f"the window of season {season} would have {counted(days, 'day')}, from {start_on} to {end_on}",
            hint=f"a window has at most {LONGEST_WINDOW_DAYS} days; correct its start or its end",
        )
    return start_on, end_on


def _resolve(rule: DateRule, season: int, window: tuple[date, date] | None, year_offset: int | None) -> date:
    base, days = rule, 0
    while base.kind is RuleKind.OFFSET:
        days += base.days
        base = _of(base)
        year_offset = base.year_offset if base.year_offset is not None else year_offset
    if base.kind is RuleKind.DAY_OF_WINDOW:
        if window is None:
            raise DateRuleError(
                "a day of the window cannot say where the window itself begins",
                hint='use a rule with a month, such as { rule = "fixed", month = 1, day = 1 }',
            )
        return window[0] + timedelta(days=base.day - 1 + days)
    if base.kind in (RuleKind.TABLE, RuleKind.ANNOUNCED):
        return _from_table(base, season) + timedelta(days=days)
    if window is None or year_offset is not None:
        return _exact(base, season + (year_offset or 0)) + timedelta(days=days)
    # An offset can carry the date over the window's start or over a year's end, so the search is for
    # the moved date, and begins a year early. Where a year has no such date, its place in the year
    # still decides whether it would have been the one: skipping it in silence would name a day a year off.
    first = (window[0] - timedelta(days=days)).year - 1
    for year in range(first, first + 4):
        if _latest_in(base, year) + timedelta(days=days) < window[0]:
            continue
        on = _exact(base, year) + timedelta(days=days)
        if on >= window[0]:
            return on
    raise DateRuleError(f"{describe(rule)} does not come round after {window[0]}")


def _exact(rule: DateRule, year: int) -> date:
    """The date in that very year, or DateRuleError."""
    if rule.kind is RuleKind.FIXED:
        if not 1 <= rule.day <= _days_in(rule, year):
            raise DateRuleError(
                f"{year} has no {describe(rule)}",
                hint="name another day for such years, or use a table with a date for each season",
            )
        return date(year, rule.month, rule.day)
    if rule.kind is RuleKind.WEEKDAY_NEAR:
        near = _exact(replace(rule, kind=RuleKind.FIXED), year)
        away = near.weekday() - rule.weekday if rule.before else rule.weekday - near.weekday()
        return near + timedelta(days=-(away % 7) if rule.before else away % 7)
    length = _days_in(rule, year)
    first = 1 + (rule.weekday - date(year, rule.month, 1).weekday()) % 7
    if rule.kind is RuleKind.LAST_WEEKDAY:
        return date(year, rule.month, first + (length - first) // 7 * 7)
    day = first + 7 * (rule.n - 1)
    if rule.n < 1 or day > length:
        raise DateRuleError(
            f"{MONTHS[rule.month - 1]} {year} has no {_nth(rule)} {_weekday(rule)}",
            hint="use last-weekday where the last one is meant, or a table with a date for each season",
        )
    return date(year, rule.month, day)


def _latest_in(rule: DateRule, year: int) -> date:
    """The date in that year; where there is none, the latest that it could have been."""
    try:
        return _exact(rule, year)
    except DateRuleError:
        after = 7 if rule.kind is RuleKind.WEEKDAY_NEAR and not rule.before else 0
        return date(year, rule.month, _days_in(rule, year)) + timedelta(days=after)


def _from_table(rule: DateRule, season: int) -> date:
    on = rule.table.get(season)
    if on is None:
        known = ", ".join(str(year) for year in sorted(rule.table)) or "none"
        hint = f"add {season} = YYYY-MM-DD to the rule's dates (seasons it has: {known})"
        if rule.kind is RuleKind.ANNOUNCED:
            raise NotAnnounced(f"the date for season {season} is not announced yet", hint=hint)
        raise DateRuleError(f"the table of dates has none for season {season}", hint=hint)
    # A lunar date may fall in the year before or after the season it is counted to, not further off.
    if abs(on.year - season) > 1:
        raise DateRuleError(f"the table gives {on} for season {season}", hint="correct the year of that date")
    return on


def _days_in(rule: DateRule, year: int) -> int:
    if not 1 <= rule.month <= 12:
        raise DateRuleError(f"a date rule names month {rule.month}", hint="months go from 1 to 12")
    return days_in_month(year, rule.month)


def _of(rule: DateRule) -> DateRule:
    if rule.of is None:
        raise DateRuleError("an offset rule does not say what it is counted from", hint="add of = { rule = ... }")
    return rule.of


def _month(rule: DateRule) -> str:
    return MONTHS[rule.month - 1] if 1 <= rule.month <= 12 else f"month {rule.month}"


def _weekday(rule: DateRule) -> str:
    return WEEKDAYS[rule.weekday % 7]


def _nth(rule: DateRule) -> str:
    return _NTH[rule.n] if 1 <= rule.n <= 5 else f"{rule.n}th"
