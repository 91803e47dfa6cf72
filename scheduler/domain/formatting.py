"""Dates, times and counts as people read them, in English. Whatever people read goes through this module."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

#: Not strftime: its names depend on the machine's language.
MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


def counted(number: int, one: str, many: str = "") -> str:
    """1 note, 3 notes, 1,200 notes: the number with its noun. Whatever counts in words goes through this."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def day_words(on: date) -> str:
    """Monday 11 January 2027."""
    return f"{WEEKDAYS[on.weekday()]} {day_and_month(on)} {on.year}"


def day_and_month(on: date) -> str:
    """11 January."""
    return f"{on.day} {MONTHS[on.month - 1]}"


def short_day(on: date) -> str:
    """Mon 11 Jan."""
    return f"{WEEKDAYS[on.weekday()][:3]} {on.day} {MONTHS[on.month - 1][:3]}"


def moment_words(at: datetime, time_zone: str) -> str:
    """Monday 11 January, 10:00: where the year and the place go without saying."""
    local = at.astimezone(ZoneInfo(time_zone))
    return f"{WEEKDAYS[local.weekday()]} {day_and_month(local)}, {local:%H:%M}"


def place(time_zone: str) -> str:
    """New York, for America/New_York."""
    return time_zone.rpartition("/")[2].replace("_", " ")


def local_words(at: datetime, time_zone: str) -> str:
    """Monday 11 January 2027, 10:00 (New York)."""
    local = at.astimezone(ZoneInfo(time_zone))
    return f"{day_words(local.date())}, {local:%H:%M} ({place(time_zone)})"


def utc_words(at: datetime) -> str:
    """2027-01-11 15:00 UTC."""
    return f"{at.astimezone(UTC):%Y-%m-%d %H:%M} UTC"


def days_words(distance: timedelta) -> str:
    """3 days, 5 hours, 10 minutes: the largest unit that says it."""
    seconds = abs(distance.total_seconds())
    for name, size in (("day", 86_400), ("hour", 3_600), ("minute", 60)):
        count = int(seconds // size)
        if count:
            return f"{count} {name}" + ("s" if count != 1 else "")
    return f"{seconds:.0f} seconds"
