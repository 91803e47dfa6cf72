"""Telephone numbers by digits, grades by sentence and syllable."""

from __future__ import annotations

import pytest

from scheduler.content.checks.known_numbers import digits_of, numbers_in
from scheduler.content.checks.share_rules import grade_of, syllables


@pytest.mark.parametrize(
    "written",
    [
        "1-888-373-7888",
        "1-888-3737-888",
        "(888) 373-7888",
        "888.373.7888",
        "+1 888 373 7888",
        "tel:+18883737888",
        "18883737888",
    ],
)
def test_one_number_in_many_spellings(written: str) -> None:
    """Digits are compared, not strings; the country code 1 makes no difference."""
    assert "8883737888" == digits_of(written)
    assert ["8883737888"] == [d for _, d in numbers_in(f"call {written} now")]


@pytest.mark.parametrize(
    ("text", "digits"),
    [
        ("1-800-THE-LOST", "8008435678"),
        ("text 233733", "233733"),
        ("Text HELP or INFO to BeFree (233733)", "233733"),
        ("+44 20 7946 0958", "442079460958"),
    ],
)
def test_letters_short_codes_and_other_countries(text: str, digits: str) -> None:
    """Words on a keypad stand for digits; a short code counts where a reader is told to text it."""
    assert [digits] == [d for _, d in numbers_in(text)]


@pytest.mark.parametrize(
    "text", ["in 2021. 27.6 million", "on 2027-01-11", "100-200 people", "#233733", "500 and 600", "12,345"]
)
def test_other_figures_are_no_telephone_numbers(text: str) -> None:
    """A false alarm a day, and nobody reads the true one."""
    assert () == numbers_in(text)


def test_long_words_in_long_sentences_are_harder() -> None:
    """The grade rises with the length of words and of sentences, and short lines do not count."""
    easy, words = grade_of(["The man has the papers. He keeps them in a box.", "Day 3"])
    hard, _ = grade_of(["Intermediaries systematically misappropriate identification documentation internationally."])
    assert 11 == words
    assert easy < 4 < 12 < hard


@pytest.mark.parametrize(
    ("word", "count"), [("debt", 1), ("papers", 2), ("table", 2), ("worked", 1), ("trafficking", 3), ("wanted", 2)]
)
def test_syllables(word: str, count: int) -> None:
    """Groups of vowels, but for a silent e."""
    assert count == syllables(word)
