"""Dates and times as people read them."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo


def day_words(on: date) -> str:
    """Monday 11 January 2027."""
    return f"{on:%A} {on.day} {on:%B %Y}"


def moment_words(at: datetime, time_zone: str) -> str:
    """Monday 11 January, 10:00: where the year and the place go without saying."""
    local = at.astimezone(ZoneInfo(time_zone))
    return f"{local:%A} {local.day} {local:%B, %H:%M}"


def place(time_zone: str) -> str:
    """New York, for America/New_York."""
    return time_zone.rpartition("/")[2].replace("_", " ")


def local_words(at: datetime, time_zone: str) -> str:
    """Monday 11 January 2027, 10:00 (New York)."""
    local = at.astimezone(ZoneInfo(time_zone))
    return f"{day_words(local.date())}, {local:%H:%M} ({place(time_zone)})"
