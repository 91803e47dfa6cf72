"""How the planner's messages name days and lines."""

from __future__ import annotations

from datetime import date

from ..domain.campaign import CalendarDay
from ..domain.dates import WEEKDAYS, describe


def day_in_words(on: date) -> str:
    """2027-01-18 (Monday)."""
    return f"{on.isoformat()} ({WEEKDAYS[on.weekday()]})"


def line_in_words(line: CalendarDay) -> str:
    """mlk-day (third Monday of January, campaigns/january/calendar.toml:41)."""
    return f"{line.item} ({describe(line.rule)}, {line.where})"


def days_in_words(days: list[date]) -> str:
    """Several days; runs of neighbours as "first to last"."""
    runs: list[list[date]] = []
    for on in sorted(days):
        if runs and (on - runs[-1][-1]).days == 1:
            runs[-1].append(on)
        else:
            runs.append([on])
    return ", ".join(
        day_in_words(run[0]) if len(run) == 1 else f"{day_in_words(run[0])} to {day_in_words(run[-1])}" for run in runs
    )
