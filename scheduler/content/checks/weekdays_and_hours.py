"""Dates and hours: no message at night, and no weekday beside a date that it does not have."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, time

from ...domain.dates import MONTHS, WEEKDAYS
from ...domain.finding import Finding
from ...domain.slot import zone_named
from .context import Material
from .rendered_message import View

EVENING = time(21, 0)
MORNING = time(8, 0)

_MONTH_NUMBER = {name[:3].casefold(): number for number, name in enumerate(MONTHS, start=1)}
_WEEKDAY_NUMBER = {name[:3].casefold(): number for number, name in enumerate(WEEKDAYS)}
_MONTH = "|".join(f"{m}|{m[:3]}" for m in MONTHS) + "|Sept"
_WEEKDAY = "|".join(WEEKDAYS) + "|Mon|Tues?|Wed|Thurs?|Thu|Fri|Sat|Sun"
_DAY = r"(\d{1,2})(?:st|nd|rd|th)?"
_YEAR = r"(?:,? ((?:1[5-9]|20)\d\d))?"
_WRITTEN = re.compile(
    rf"\b({_WEEKDAY})\.?,? (?:the )?(?:{_DAY} (?:of )?({_MONTH})\b\.?|({_MONTH})\.? {_DAY}\b){_YEAR}", re.IGNORECASE
)


def check_dates(material: Material) -> Iterator[Finding]:
    """Z101 and Z102."""
    zone = zone_named(material.campaign.time_zone)
    for view in material.views:
        local = view.message.due_at.astimezone(zone).time()
        if local >= EVENING or local < MORNING:
            yield view.finding("Z101", f"the {'email' if view.is_email else 'post'} goes out at {local:%H:%M}")
        seen: set[str] = set()
        for text in (*view.headlines.values(), *view.own_blocks):
            for written, right in wrong_weekdays(text, view):
                if written.casefold() not in seen:
                    seen.add(written.casefold())
                    yield view.finding("Z102", f'"{written}" is a {right}', written)


def wrong_weekdays(text: str, view: View) -> Iterator[tuple[str, str]]:
    """(as written, the weekday that it is) for each date in a folded text whose weekday is another."""
    for match in _WRITTEN.finditer(text):
        weekday, day_a, month_a, month_b, day_b, year = match.groups()
        month = _MONTH_NUMBER[(month_a or month_b)[:3].casefold()]
        day = _nearest(view.message.on, month, int(day_a or day_b), int(year) if year else None)
        if day is None:
            yield match[0], "date that does not exist"
        elif day.weekday() != _WEEKDAY_NUMBER[weekday[:3].casefold()]:
            yield match[0], WEEKDAYS[day.weekday()]


def _nearest(on: date, month: int, day: int, year: int | None) -> date | None:
    """The date that is meant; without a year the one nearest to the message's day."""
    found = []
    for candidate in (year,) if year else (on.year, on.year - 1, on.year + 1):
        try:
            found.append(date(candidate, month, day))
        except ValueError:
            continue
    return min(found, key=lambda d: abs(d - on), default=None)
