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
    item = table.text("item")
    special = table.optional_text("special")
    fixed = table.boolean("fixed")
    quiet = table.boolean("quiet")
    substitute = table.optional_text("substitute")
    blocked_until = table.optional_text("blocked_until")
    theme = table.optional_text("theme")
    key = table.boolean("key")
    table.close("[[day]]")
    if key and quiet:
        table.report("C025", "the line has both key and quiet", "key")
    if item:
        records.refer("item", item, table.where("item"), "item")
    if substitute:
        records.refer("item", substitute, table.where("substitute"), "substitute")
    if rule is None or not table.is_usable():
        return None
    return CalendarDay(rule, item, table.where(), special, fixed, quiet, substitute, blocked_until, theme, key)


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
        tag = table.text("tag")
        status = table.text("status", allowed=("active", "retired", "avoid"))
        seasons = table.integers("seasons", least=1900, most=2999)
        reason = table.optional_text("reason")
        replaced_by = table.optional_text("replaced_by")
        table.close("[[hashtag]]")
        if tag.strip() and (not re.fullmatch(r"\w+", tag) or tag.isdigit()):
            hint = "write the tag without #" if tag.startswith("#") else "letters, digits and _ only, not digits alone"
            table.report("C017", f'tag "{tag[:60]}" cannot be a hashtag', "tag", hint)
            records.lost("hashtag")
            continue
        if not tag or not records.add("hashtag", tag, table.where("tag")):
            continue
        if replaced_by:
            records.refer("hashtag", replaced_by, table.where("replaced_by"), "replaced_by")
        if table.is_usable():
            found[tag] = Hashtag(tag, status, table.where(), seasons, reason, replaced_by)
        else:
            records.lost("hashtag", tag)
    top.close("hashtags.toml")
    return found
