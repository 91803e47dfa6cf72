"""Dates, times and counts as people read them. Whatever people read goes through this module.

What machines read stays as ISO 8601 has it: files, the ledger, logs, commands, spreadsheets.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from ..light_dataclass import dataclass

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


def channel_words(channel: str) -> str:
    """A channel's name as people write it: X, Email, By hand."""
    return channel.replace("-", " ").replace("_", " ").capitalize()


#: Days from today within which nobody asks which year is meant.
_SAME_YEAR = 180

_KINDS = {"special": "special day", "then-now": "then and now", "myth-corrected": "correction"}


def kind_words(kind: str) -> str:
    """What an item or its card is, as people call it: then and now, correction."""
    return _KINDS.get(kind, kind)


@dataclass(frozen=True)
class DateForms:
    """How a language writes dates and the time of day."""

    day: str
    date: str
    day_and_month: str
    short_day: str
    short_date: str
    twelve_hours: bool


#: By language tag; one that is not here is written as its language is, and an unknown language as American English.
DATE_FORMS = {
    "en": DateForms(
        day="{weekday}, {month} {day}, {year}",
        date="{month} {day}, {year}",
        day_and_month="{month} {day}",
        short_day="{weekday:.3}, {month:.3} {day}",
        short_date="{month:.3} {day}",
        twelve_hours=True,
    ),
    "en-GB": DateForms(
        day="{weekday} {day} {month} {year}",
        date="{day} {month} {year}",
        day_and_month="{day} {month}",
        short_day="{weekday:.3} {day} {month:.3}",
        short_date="{day} {month:.3}",
        twelve_hours=False,
    ),
}


def forms_of(language: str) -> DateForms:
    """The forms of a language tag, ``en`` or ``en-GB``."""
    tag = language.replace("_", "-")
    return DATE_FORMS.get(tag) or DATE_FORMS.get(tag.partition("-")[0]) or DATE_FORMS["en"]


def _written(form: str, on: date) -> str:
    return form.format(weekday=WEEKDAYS[on.weekday()], month=MONTHS[on.month - 1], day=on.day, year=on.year)


def day_words(on: date, language: str = "en") -> str:
    """Monday, January 11, 2027."""
    return _written(forms_of(language).day, on)


def date_words(on: date, language: str = "en") -> str:
    """January 11, 2027."""
    return _written(forms_of(language).date, on)


def span_words(first: date, last: date) -> str:
    """January 1 to February 1, 2027; the first day's year where it is another one."""
    return f"{day_and_month(first) if first.year == last.year else date_words(first) + ','} to {date_words(last)}"


def day_and_month(on: date, language: str = "en") -> str:
    """January 11."""
    return _written(forms_of(language).day_and_month, on)


def short_day(on: date, language: str = "en") -> str:
    """Mon, Jan 11."""
    return _written(forms_of(language).short_day, on)


def short_date(on: date, language: str = "en") -> str:
    """Jan 11."""
    return _written(forms_of(language).short_date, on)


def time_of_day(at: time | datetime, language: str = "en") -> str:
    """10:00 AM. Of a moment: the time in the zone that it is given in."""
    if not forms_of(language).twelve_hours:
        return f"{at:%H:%M}"
    return f"{at.hour % 12 or 12}:{at:%M} {'AM' if at.hour < 12 else 'PM'}"


def moment_words(at: datetime, time_zone: str) -> str:
    """Monday, January 11, 10:00 AM: where the year and the place go without saying."""
    local = at.astimezone(ZoneInfo(time_zone))
    return f"{WEEKDAYS[local.weekday()]}, {day_and_month(local)}, {time_of_day(local)}"


def short_moment(at: datetime, time_zone: str, today: date) -> str:
    """Mon, Jan 11, 10:00 AM: for a list, on a page that names the place once. The year where it is far from today's
    day; midnight is the end of the day before it."""
    local = at.astimezone(ZoneInfo(time_zone))
    clock = time_of_day(local)
    if (local.hour, local.minute) == (0, 0):
        local, clock = local - timedelta(minutes=1), "midnight"
    year = f" {local.year}," if abs((local.date() - today).days) > _SAME_YEAR else ""
    return f"{short_day(local.date())},{year} {clock}"


def place(time_zone: str) -> str:
    """New York, for America/New_York."""
    return time_zone.rpartition("/")[2].replace("_", " ")


def local_words(at: datetime, time_zone: str) -> str:
    """Monday, January 11, 2027, 10:00 AM (New York)."""
    local = at.astimezone(ZoneInfo(time_zone))
    return f"{day_words(local.date())}, {time_of_day(local)} ({place(time_zone)})"


def utc_words(at: datetime) -> str:
    """January 11, 2027, 3:00 PM UTC: of the machine, wherever it stands."""
    at = at.astimezone(UTC)
    return f"{date_words(at.date())}, {time_of_day(at)} UTC"


def days_words(distance: timedelta) -> str:
    """3 days, 5 hours, 10 minutes: the largest unit that says it."""
    seconds = abs(distance.total_seconds())
    for name, size in (("day", 86_400), ("hour", 3_600), ("minute", 60)):
        count = int(seconds // size)
        if count:
            return f"{count} {name}" + ("s" if count != 1 else "")
    return f"{seconds:.0f} seconds"
