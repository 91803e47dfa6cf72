"""Months of any shape rehearse without a line of code: from the files to the spreadsheet and the calendar. Each date was
worked out by hand from the weekday on which the year's month begins."""

from __future__ import annotations

import csv
import re
from collections import Counter
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from scheduler.cli.main import main
from tests.support.shapes import Shape, fixed, later, near, nth, write_project

OCTOBER = Shape("october", fixed(10, 1), fixed(10, 31), days=30, special=(nth(3, "thursday", 10), "Purple day"))
TWO_MONTHS = Shape("two-months", fixed(9, 15), fixed(10, 15), days=31)
#: The Friday on or after December 12, so 16 to 22 days.
YEARS_END = Shape(
    "years-end",
    near("friday", 12, 12),
    fixed(1, 1),
    days=14,
    special=(fixed(1, 1), "New Year's Day"),
    spare=8,
)
ONE_DAY = Shape("one-day", nth(2, "sunday", 5), nth(2, "sunday", 5), days=1)
THREE_A_WEEK = Shape(
    "three-a-week",
    fixed(6, 1),
    fixed(6, 30),
    special=(nth(1, "monday", 6), "Opening"),
    spare=14,
    more='[rhythm]\nweekdays = ["monday", "wednesday", "friday"]\n[rhythm.channels]\nemail = ["monday"]\n',
)
#: The same, and the calendar names no day at all.
POOL_ALONE = replace(THREE_A_WEEK, id="pool-alone", special=None)
#: Seven days from the first Monday of September.
NO_CLAIMS = Shape("no-claims", nth(1, "monday", 9), later(6, nth(1, "monday", 9)), days=7, has_records=False)

EVERY = [
    # shape, season, first day, last day, posts, mails, special days
    (OCTOBER, 2027, "2027-10-01", "2027-10-31", 31, 31, {"2027-10-21"}),  # October 1 is a Friday
    (OCTOBER, 2028, "2028-10-01", "2028-10-31", 31, 31, {"2028-10-19"}),  # a Sunday
    (TWO_MONTHS, 2027, "2027-09-15", "2027-10-15", 31, 31, set()),
    (TWO_MONTHS, 2028, "2028-09-15", "2028-10-15", 31, 31, set()),
    (YEARS_END, 2027, "2027-12-17", "2028-01-01", 16, 16, {"2028-01-01"}),  # December 12 is a Sunday
    (YEARS_END, 2028, "2028-12-15", "2029-01-01", 18, 18, {"2029-01-01"}),  # a Tuesday
    (ONE_DAY, 2027, "2027-05-09", "2027-05-09", 1, 1, set()),  # May 1 is a Saturday
    (ONE_DAY, 2028, "2028-05-14", "2028-05-14", 1, 1, set()),  # a Monday
    (THREE_A_WEEK, 2027, "2027-06-02", "2027-06-30", 13, 4, {"2027-06-07"}),  # June 1 is a Tuesday
    (THREE_A_WEEK, 2028, "2028-06-02", "2028-06-30", 13, 4, {"2028-06-05"}),  # a Thursday
    (POOL_ALONE, 2027, "2027-06-02", "2027-06-30", 13, 4, set()),
    (POOL_ALONE, 2028, "2028-06-02", "2028-06-30", 13, 4, set()),
    (NO_CLAIMS, 2027, "2027-09-06", "2027-09-12", 7, 7, set()),  # September 1 is a Wednesday
    (NO_CLAIMS, 2028, "2028-09-04", "2028-09-10", 7, 7, set()),  # a Friday
]


@pytest.mark.parametrize(
    ("shape", "season", "first", "last", "posts", "mails", "specials"), EVERY, ids=[f"{e[0].id}-{e[1]}" for e in EVERY]
)
def test_it_rehearses(
    shape: Shape,
    season: int,
    first: str,
    last: str,
    posts: int,
    mails: int,
    specials: set[str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("OBSERVANCE_PRETEND_NOW", "2027-02-15T12:00:00-06:00")
    root = write_project(shape, tmp_path / "project")
    status = main(["dry-run", "--project", str(root), "--season", str(season)])
    said = capsys.readouterr().out
    assert "To correct in the files: nothing" in said
    assert status == (1 if shape.has_records else 0)  # unsigned records hold a live send back; example values do later
    (out,) = (root / "build" / "dry-run").iterdir()
    assert out.name == f"{shape.id}-{season}"

    rows = list(csv.DictReader((out / "plan.csv").read_text(encoding="utf-8-sig").splitlines(keepends=True)))
    assert Counter({"x": posts, "email": mails}) == Counter(row["channel"] for row in rows)
    dates = sorted(row["date"] for row in rows)
    assert (first, last) == (dates[0], dates[-1])
    assert specials == {row["date"] for row in rows if row["special day"]}
    assert len({(row["id"], row["channel"]) for row in rows}) == len(rows)
    if shape.more:
        assert {"Monday"} == {row["weekday"] for row in rows if row["channel"] == "email"}
        assert {"Monday", "Wednesday", "Friday"} == {row["weekday"] for row in rows if row["channel"] == "x"}
    else:
        assert len(set(dates)) == posts  # a day without a post would be a hole

    calendar = (out / "calendar.ics").read_bytes().decode().replace("\r\n ", "")
    timed = re.findall(r"^DTSTART;TZID=America/Chicago:(\d{8})T090000\r?$", calendar, flags=re.MULTILINE)
    assert sorted(set(timed)) == sorted({day.replace("-", "") for day in dates})
    whole = re.findall(r"^DTSTART;VALUE=DATE:(\d{8})\r?\nDTEND;VALUE=DATE:(\d{8})", calendar, flags=re.MULTILINE)
    start, end = (date.fromisoformat(day) for day in (first, last))
    if shape.more:
        start, end = start.replace(day=1), end.replace(day=30)  # the window is longer than what goes out in it
    assert (f"{start:%Y%m%d}", f"{end + timedelta(days=1):%Y%m%d}") == whole[0]
    verify = re.findall(r"^UID:\S+-help-lines@.*?^DTSTART;VALUE=DATE:(\d{8})", calendar, flags=re.MULTILINE | re.DOTALL)
    entries = [day for day, _ in whole[1:]]
    for day in verify:  # from then on the help lines are to be tried: no special day
        entries.remove(day)
    assert specials == {f"{day[:4]}-{day[4:6]}-{day[6:]}" for day in entries}
