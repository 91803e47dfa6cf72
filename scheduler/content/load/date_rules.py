"""Date rules, as the campaign's window and its calendar write them; and how late is still on time."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from ...domain.campaign import Lateness
from ...domain.dates import WEEKDAY_NAMES, DateRule, RuleKind
from ...schema.field import Key
from ...schema.field import key as declare
from ..toml_file import Table

_MONTH_LENGTHS = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
#: An offset from an offset from a ...: more than this is a slip.
_DEEPEST = 5

_MONTH = declare("month", int, least=1, most=12)
_DAY = declare("day", int, least=1, most=31)
_YEAR = declare("year_offset", int, None, least=0, most=1)
_WEEKDAY = declare("weekday", str, allowed=WEEKDAY_NAMES)
#: What each kind of rule says, beside the rule that an offset is counted from, and the dates of a table.
_KEYS: dict[RuleKind, tuple[Key, ...]] = {
    RuleKind.FIXED: (_MONTH, _YEAR, _DAY),
    RuleKind.NTH_WEEKDAY: (_MONTH, _YEAR, _WEEKDAY, declare("n", int, least=1, most=5)),
    RuleKind.LAST_WEEKDAY: (_MONTH, _YEAR, _WEEKDAY),
    RuleKind.WEEKDAY_NEAR: (_YEAR, _WEEKDAY),
    RuleKind.OFFSET: (declare("days", int, least=-366, most=366),),
    RuleKind.DAY_OF_WINDOW: (declare("day", int, least=1, most=366),),
}


def read_rule(table: Table, *, in_window: bool, depth: int = 1) -> DateRule | None:
    """The rule in a table like ``{ rule = "fixed", month = 1, day = 1 }``; None after a finding.

    ``in_window``: the rule gives the window's own start or end, so it cannot count the window's days.
    """
    name = table.text("rule", allowed=[kind.value for kind in RuleKind])
    if not table.is_usable():
        return None
    kind = RuleKind(name)
    values: dict[str, Any] = {}
    for key in _KEYS.get(kind, ()):
        values[key.name] = table.take(key)
        if key is _YEAR and table.has("year_offset") and values["year_offset"] is None:
            return None
    if kind is RuleKind.WEEKDAY_NEAR:
        near = _near(table)
        if near is None:
            return None
        values |= near
    if kind is RuleKind.FIXED and not _exists(table, values):
        return None
    if kind is RuleKind.DAY_OF_WINDOW and in_window:
        table.report("C033", 'the rule "day" counts from the window\'s first day and cannot give the window itself')
        return None
    if kind is RuleKind.OFFSET:
        values["of"] = _inner(table, "of", table.table("of"), in_window, depth)
        if values["of"] is None:
            return None
    elif kind in (RuleKind.TABLE, RuleKind.ANNOUNCED):
        values["table"] = _dates(table.table("dates"))
    if kind is RuleKind.ANNOUNCED and (guess := table.optional_table("guess")) is not None:
        values["guess"] = _inner(table, "guess", guess, in_window, depth)
        if values["guess"] is None:
            return None
        if values["guess"].kind is RuleKind.ANNOUNCED:
            table.report("C033", "a guess cannot be announced itself", "guess", "use a rule that names a day each year")
            return None
    table.close(f'a rule "{kind.value}"')
    if not table.is_usable():
        return None
    if "weekday" in values:
        values["weekday"] = WEEKDAY_NAMES.index(values["weekday"])
    return DateRule(kind, **values)


def _inner(table: Table, key: str, inner: Table, in_window: bool, depth: int) -> DateRule | None:
    """The rule within another."""
    if depth >= _DEEPEST:
        table.report("C033", f"the rule is nested more than {_DEEPEST} deep", key)
        return None
    return read_rule(inner, in_window=in_window, depth=depth + 1) if inner.is_usable() else None


def _near(table: Table) -> dict[str, Any] | None:
    """Month and day that the weekday is near to, and on which side of them it is; None after a finding."""
    sides = {key: table.optional_table(key) for key in ("on_or_after", "on_or_before")}
    both = all(table.has(key) for key in sides)
    if both or not any(table.has(key) for key in sides):
        how = "both" if both else "neither"
        wrong = f"the rule has {how} on_or_after {'and' if both else 'nor'} on_or_before"
        table.report("C023", wrong, "on_or_before" if both else None, "write one of them: { month = 12, day = 12 }")
        return None
    for key, side in sides.items():
        if side is not None:
            values = {"month": side.take(_MONTH), "day": side.take(_DAY), "before": key == "on_or_before"}
            side.close(key)
            return values if side.is_usable() and _exists(side, values) else None
    return None  # it is no table


def _exists(table: Table, values: Mapping[str, Any]) -> bool:
    """Whether some year has that day of that month; what could not be read is reported already."""
    if not table.is_usable() or values["day"] <= _MONTH_LENGTHS[values["month"] - 1]:
        return True
    table.report("C015", f"month {values['month']} has no day {values['day']}", "day")
    return False


def _dates(by_season: Table) -> dict[int, date]:
    found: dict[int, date] = {}
    for year in by_season.keys():
        if not (year.isascii() and year.isdigit() and len(year) == 4):
            by_season.report("C013", f'dates has the key "{year[:40]}"; allowed are years, as 2027', year)
        elif (on := by_season.take(declare(year, date, None))) is not None:
            found[int(year)] = on
    return found


def read_lateness(owner: Table) -> Lateness | None:
    """How late is still on time: the table ``lateness`` of a campaign or an item; None where there is none."""
    table = owner.optional_table("lateness")
    if table is None:
        return None
    window = table.optional_text("window", allowed=("same-day", "never-late"))
    minutes = table.take(declare("minutes", int, None, least=1, most=1440))
    if table.has("window") and table.has("minutes"):
        table.report("C023", "[lateness] has both window and minutes", "minutes")
    elif not table.has("window") and not table.has("minutes"):
        table.report("C023", "[lateness] has neither window nor minutes")
    table.close("lateness")
    if window == "never-late":
        return Lateness(1)  # the slot's own minute, which leaves the alarm and a slow disk their second
    return Lateness(None if window else minutes)
