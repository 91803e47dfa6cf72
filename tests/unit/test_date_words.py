"""Dates and times of day as people read them."""

from __future__ import annotations

from datetime import UTC, date, datetime, time

from scheduler.domain.formatting import (
    date_words,
    day_and_month,
    day_words,
    local_words,
    moment_words,
    short_date,
    short_day,
    span_words,
    time_of_day,
)


def test_dates_are_written_as_their_language_does() -> None:
    """American English unless the language says otherwise; a language without forms of its own reads as English."""
    on, noon, zone = date(2027, 1, 11), datetime(2027, 1, 11, 17, tzinfo=UTC), "America/New_York"
    assert "Monday, January 11, 2027" == day_words(on) == day_words(on, "en-US") == day_words(on, "eo")
    assert "Monday 11 January 2027" == day_words(on, "en-GB") == day_words(on, "en_GB")
    assert ("January 11, 2027", "January 11") == (date_words(on), day_and_month(on))
    assert ("11 January 2027", "11 January") == (date_words(on, "en-GB"), day_and_month(on, "en-GB"))
    assert ("Mon, Jan 11", "Jan 11") == (short_day(on), short_date(on))
    assert ("Mon 11 Jan", "11 Jan") == (short_day(on, "en-GB"), short_date(on, "en-GB"))
    assert "January 1 to February 1, 2027" == span_words(date(2027, 1, 1), date(2027, 2, 1))
    assert "December 17, 2027, to January 1, 2028" == span_words(date(2027, 12, 17), date(2028, 1, 1))
    hours = {time(0, 5): "12:05 AM", time(9): "9:00 AM", time(12): "12:00 PM", time(22, 30): "10:30 PM"}
    assert list(hours.values()) == [time_of_day(at) for at in hours]
    assert "22:30" == time_of_day(time(22, 30), "en-GB")
    assert "Monday, January 11, 2027, 12:00 PM (New York)" == local_words(noon, zone)
    assert "Monday, January 11, 12:00 PM" == moment_words(noon, zone)
