"""Campaigns made straight from domain objects, for tests that need no files.

Import it as ``from tests.support.factories import ...``.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date, time
from typing import Any

from scheduler.domain.campaign import (
    CalendarDay,
    Campaign,
    ItemText,
    Kind,
    Lateness,
    PoolRules,
    Season,
    TitleForYears,
)
from scheduler.domain.dates import DateRule, RuleKind, window_of
from scheduler.domain.finding import Where

MON, TUE, WED, THU, FRI, SAT, SUN = range(7)


def fixed(month: int, day: int, year_offset: int | None = None) -> DateRule:
    return DateRule(RuleKind.FIXED, month=month, day=day, year_offset=year_offset)


def nth(month: int, weekday: int, n: int) -> DateRule:
    return DateRule(RuleKind.NTH_WEEKDAY, month=month, weekday=weekday, n=n)


def last(month: int, weekday: int) -> DateRule:
    return DateRule(RuleKind.LAST_WEEKDAY, month=month, weekday=weekday)


def offset(days: int, of: DateRule) -> DateRule:
    return DateRule(RuleKind.OFFSET, days=days, of=of)


def day(n: int) -> DateRule:
    return DateRule(RuleKind.DAY_OF_WINDOW, day=n)


def announced(dates: Mapping[int, date]) -> DateRule:
    return DateRule(RuleKind.ANNOUNCED, table=dict(dates))


def item(id: str, kind: Kind | str = Kind.FACT, *topics: str, **more: Any) -> ItemText:
    """An item with everything that an item needs."""
    words = id.replace("-", " ")
    given: dict[str, Any] = {
        "id": id,
        "kind": Kind(kind),
        "title": words.capitalize(),
        "subject": words.capitalize(),
        "preheader": "Today's message",
        "post": f"A post about {words}.",
        "email": f"An email about {words}.",
        "where": Where(f"campaigns/test/items/{id}.md", 1),
        "topics": topics,
    }
    return ItemText(**{**given, **more})


def line(rule: DateRule | int, item: str, *, at: int = 0, **more: Any) -> CalendarDay:
    """A calendar line; a number is a day of the window, ``at`` its line in the file."""
    rule = day(rule) if isinstance(rule, int) else rule
    return CalendarDay(rule=rule, item=item, where=Where("campaigns/test/calendar.toml", at), **more)


def campaign(
    *,
    start: DateRule = fixed(1, 1),  # noqa: B008  a frozen value
    end: DateRule = fixed(2, 1),  # noqa: B008  a frozen value
    calendar: Iterable[CalendarDay] = (),
    items: Iterable[ItemText] = (),
    pool: PoolRules | Iterable[str] = (),
    **more: Any,
) -> Campaign:
    """A campaign; items that the calendar or the pool names and ``items`` lacks are made up as facts."""
    lines = tuple(replace(d, where=Where(d.where.path, d.where.line or 4 * n + 1)) for n, d in enumerate(calendar))
    where = Where("campaigns/test/campaign.toml", 30)
    rules = pool if isinstance(pool, PoolRules) else PoolRules(items=tuple(pool), where=where)
    texts = {text.id: text for text in items}
    named = [name for d in lines for name in (d.item, d.substitute) if name] + list(rules.items)
    texts = {**{name: item(name) for name in named}, **texts}
    given: dict[str, Any] = {
        "id": "test",
        "name": "Test Month",
        "time_zone": "America/New_York",
        "language": "en",
        "start": start,
        "end": end,
        "titles": (TitleForYears(2000, 2100, "National Test Month"),),
        "slots": {"default": time(10)},
        "grace": Lateness(),
        "block": (),
        "post_tail": "",
        "calendar": lines,
        "pool": rules,
        "items": texts,
        "claims": {},
        "contacts": {},
        "sources": {},
        "hashtags": {},
        "lint_packs": (),
        "where": Where("campaigns/test/campaign.toml", 1),
    }
    return Campaign(**{**given, **more})


def season(of: Campaign, year: int) -> Season:
    """The season of that year, whatever the table of titles says."""
    start_on, end_on = window_of(of.start, of.end, year)
    return Season(year=year, start_on=start_on, end_on=end_on)


def names(prefix: str, count: int) -> tuple[str, ...]:
    """``prefix-01``, ``prefix-02``, ..."""
    return tuple(f"{prefix}-{n:02}" for n in range(1, count + 1))
