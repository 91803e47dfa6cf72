"""The day line: a mark for each day of the window, today's larger, special days as diamonds. The day stands beside it
in words."""

from __future__ import annotations

from collections.abc import Collection, Mapping

#: A longer window has one mark a week.
MOST_DAYS = 40


def day_line(days: int, today: int, special: Collection[int], left: int, right: int) -> tuple[Mapping[str, str], ...]:
    """Marks from ``left`` to ``right``: ``x`` and ``shape`` ("today", "special", "day") of each. Days count from 1."""
    span = 1 if days <= MOST_DAYS else 7
    count = -(-days // span)
    first, last = left + 17, right - 17  # today's mark is larger, and stays within the margins
    step = (last - first) / (count - 1) if count > 1 else 0
    marks = []
    for number in range(count):
        its_days = range(number * span + 1, number * span + span + 1)
        shape = "today" if today in its_days else "special" if any(day in special for day in its_days) else "day"
        marks.append({"x": f"{first + number * step:.1f}", "shape": shape})
    return tuple(marks)
