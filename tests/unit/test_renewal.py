"""What of a campaign's texts belongs to the season that they were written for."""

from __future__ import annotations

import pytest

from scheduler.content.renewal import RenewalKind, dates_in

OLD, DAY, RELATIVE, YEAR = RenewalKind.OLD_YEAR, RenewalKind.DAY, RenewalKind.RELATIVE, RenewalKind.YEAR


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("In 2027 we begin.", [(OLD, "2027")]),
        ("Monday, January 18, 2027", [(OLD, "Monday, January 18, 2027")]),
        (
            "See https://example.org/2027/report and #Month2027",
            [(OLD, "https://example.org/2027/report"), (OLD, "#Month2027")],
        ),
        ("on Monday, and on Sundays", [(DAY, "Monday")]),
        (
            "the 11th of January, Jan. 12 and 18 January",
            [(DAY, "the 11th of January"), (DAY, "Jan. 12"), (DAY, "18 January")],
        ),
        ("Come on the 18th.", [(DAY, "on the 18th")]),
        (
            "This year, 162 years ago, the 10th anniversary",
            [(RELATIVE, w) for w in ("This year", "162 years ago", "10th anniversary")],
        ),
        ("the 13th amendment of 1865", [(YEAR, "1865")]),
        ("January 1, 1863", [(YEAR, "January 1, 1863")]),
        ("It may 20 percent help 24/7 in January, 1-888-373-7888, 2,021 people", []),
        ("Monday, January 17, 2028", []),  # the new season's own
        ("{{ title }} of {{ '2027' }} {% if x == 2027 %}", []),  # filled in
    ],
)
def test_dates_are_found_by_their_kind(text: str, expected: list[tuple[RenewalKind, str]]) -> None:
    """A year of the old season anywhere, even in an address; days, weekdays, spans counted from a year; history apart."""
    assert expected == [(kind, words) for kind, words, _ in dates_in(text, new={2028}, old={2027})]


def test_the_place_is_that_of_the_date_and_not_moved_by_what_is_filled_in() -> None:
    """So that the line that is named is the right one."""
    text = "{{ title\n}} first\nthen 2027"
    assert [text.index("2027")] == [place for _, _, place in dates_in(text, new={2028}, old={2027})]
