"""calendar.toml and hashtags.toml."""

from __future__ import annotations

import re

from ...domain.campaign import CalendarDay, Hashtag
from ...domain.dates import DateRule, RuleKind
from ..toml_file import Table
from .date_rules import read_rule
from .references import Records


def read_calendar(top: Table, records: Records) -> tuple[CalendarDay, ...]:
    """The lines of the calendar that could be read, in the order of the file."""
    days = [_day(table, records) for table in top.tables("day", required=True)]
    top.close("calendar.toml")
    return tuple(day for day in days if day is not None)


def _day(table: Table, records: Records) -> CalendarDay | None:
    rule = _rule(table)
    said = table.read(CalendarDay, records)
    if said["key"] and said["quiet"]:
        table.report("C025", "the line has both key and quiet", "key")
    if rule is None or not table.is_usable():
        return None
    return CalendarDay(rule=rule, where=table.where(), **said)


def _rule(table: Table) -> DateRule | None:
    number = table.optional_integer("day", least=1, most=366)
    on = table.optional_table("on")
    if table.has("day") and table.has("on"):
        table.report("C023", "the line has both day and on", "on")
    elif on is not None:
        return read_rule(on, in_window=False)
    elif number is not None:
        return DateRule(RuleKind.DAY_OF_WINDOW, day=number)
    elif not table.has("day") and not table.has("on"):
        table.report("C023", "the line has neither day nor on", None, "write day = 4, or on = { rule = ... }")
    return None


def read_hashtags(top: Table, records: Records) -> dict[str, Hashtag]:
    """The tags that could be read, by their text without #."""
    found: dict[str, Hashtag] = {}
    for table in top.tables("hashtag"):
        said = table.read(Hashtag, records)
        tag = said["tag"] or ""
        if tag and (not re.fullmatch(r"\w+", tag) or tag.isdigit()):
            hint = "write the tag without #" if tag.startswith("#") else "letters, digits and _ only, not digits alone"
            table.report("C017", f'tag "{tag[:60]}" cannot be a hashtag', "tag", hint)
            records.lost("hashtag")
        elif records.keeps("hashtag", tag, table.where("tag"), usable=table.is_usable()):
            found[tag] = Hashtag(**said, where=table.where())
    top.close("hashtags.toml")
    return found
