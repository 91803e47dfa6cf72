"""Date rules: how a calendar names a day without naming the year."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum


class RuleKind(StrEnum):
    """The ways in which a campaign can name a day."""

    FIXED = "fixed"  # month, day
    NTH_WEEKDAY = "nth-weekday"  # month, weekday, n (1..5)
    LAST_WEEKDAY = "last-weekday"  # month, weekday
    OFFSET = "offset"  # days from another rule
    TABLE = "table"  # a date for each season
    ANNOUNCED = "announced"  # as table; a season without a date is a finding, not an error
    DAY_OF_WINDOW = "day"  # the n-th day of the window, 1-based


@dataclass(frozen=True, slots=True)
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
    year_offset: int | None = None  # None: the first such day on or after the window's start
