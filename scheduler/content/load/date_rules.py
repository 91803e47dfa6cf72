"""Date rules, as the campaign's window and its calendar write them."""

from __future__ import annotations

from datetime import date

from ...domain.dates import DateRule, RuleKind
from ..toml_file import Table

WEEKDAY_NAMES = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_MONTH_LENGTHS = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
#: An offset from an offset from a ...: more than this is a slip.
_DEEPEST = 5


def read_rule(table: Table, *, in_window: bool, depth: int = 1) -> DateRule | None:
    """The rule in a table like ``{ rule = "fixed", month = 1, day = 1 }``; None after a finding.

    ``in_window``: the rule gives the window's own start or end, so it cannot count the window's days.
    """
    name = table.text("rule", allowed=[kind.value for kind in RuleKind])
    if not table.is_usable():
        return None
    kind = RuleKind(name)
    month = day = weekday = n = days = 0
    of: DateRule | None = None
    dates: dict[int, date] = {}
    year_offset: int | None = None
    if kind in (RuleKind.FIXED, RuleKind.NTH_WEEKDAY, RuleKind.LAST_WEEKDAY):
        month = table.integer("month", least=1, most=12)
        year_offset = table.optional_integer("year_offset", least=0, most=1)
        if year_offset is None and table.has("year_offset"):
            return None
    if kind is RuleKind.FIXED:
        day = table.integer("day", least=1, most=31)
        if table.is_usable() and day > _MONTH_LENGTHS[month - 1]:
            table.report("C015", f"month {month} has no day {day}", "day")
            return None
    elif kind in (RuleKind.NTH_WEEKDAY, RuleKind.LAST_WEEKDAY):
        weekday_name = table.text("weekday", allowed=WEEKDAY_NAMES)
        weekday = WEEKDAY_NAMES.index(weekday_name) if weekday_name in WEEKDAY_NAMES else 0
        if kind is RuleKind.NTH_WEEKDAY:
            n = table.integer("n", least=1, most=5)
    elif kind is RuleKind.OFFSET:
        days = table.integer("days", least=-366, most=366)
        inner = table.table("of")
        if depth >= _DEEPEST:
            table.report("C033", f"the rule is nested more than {_DEEPEST} deep", "of")
            return None
        of = read_rule(inner, in_window=in_window, depth=depth + 1) if inner.is_usable() else None
        if of is None:
            return None
    elif kind is RuleKind.DAY_OF_WINDOW:
        day = table.integer("day", least=1, most=366)
        if in_window:
            table.report("C033", 'the rule "day" counts from the window\'s first day and cannot give the window itself')
            return None
    else:
        dates = _dates(table)
    table.close(f'a rule "{kind.value}"')
    if not table.is_usable():
        return None
    return DateRule(kind, month, day, weekday, n, days, of, dates, year_offset)


def _dates(table: Table) -> dict[int, date]:
    by_season = table.table("dates")
    found: dict[int, date] = {}
    for key in by_season.keys():
        if not (key.isascii() and key.isdigit() and len(key) == 4):
            by_season.report("C013", f'dates has the key "{key[:40]}"; allowed are years, as 2027', key)
            continue
        on = by_season.optional_date(key)
        if on is not None:
            found[int(key)] = on
    return found
