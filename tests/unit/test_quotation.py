"""Quotations: what may differ between two printings of the same words, and what may not."""

from __future__ import annotations

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from scheduler.domain.quotation import is_verbatim, normalise

STORED = (
    "No street is free while one house is locked \u2014 and we hold no key. The council\u2019s inspectors call twice a year, "
    "listen at the door, and ask the question that nobody asks. \u201cWho keeps your papers?\u201d Debt-bound work isn't work."
)
WORDS = STORED.split(" ")


@pytest.mark.parametrize(
    "quoted",
    [
        "No street is free while one house is locked -- and we hold no key.",
        "No street is free while one house is locked\u2013and we hold no key.",
        "No\u00a0street is free\nwhile one  house is locked",
        "The council's inspectors call twice a year,",
        '"Who keeps your papers?"',
        "No street is free \u2026 and we hold no key.",
        "No street is free ... ask the question that nobody asks.",
        "[N]o street is free",
        "The council's inspectors [of labour] listen at the door",
    ],
)
def test_what_may_differ_is_folded(quoted: str) -> None:
    """Spaces, curly quotes and dashes differ between printings; marked edits are allowed."""
    assert is_verbatim(quoted, STORED)


@pytest.mark.parametrize(
    "quoted",
    [
        "No street is free, while one house is locked",  # a comma more
        "The council's inspectors call twice a year listen at the door",  # a comma less
        "no street is free while one house is locked",  # another case
        "No street is free while one home is locked",  # another word
        "The councils inspectors call twice a year",  # a sign less
        "ask the question that nobody asks \u2026 No street is free",  # another order
        "o street is free while one house is locke",  # pieces of words
        "Debt",  # a piece of a compound
        "work isn",  # a piece of a contraction
        "No \u2026 asks",  # single words prove nothing
        "\u2026",
        "",
        "   ",
    ],
)
def test_what_may_not_differ_is_found(quoted: str) -> None:
    """Case, commas, spelling and order are the author's."""
    assert not is_verbatim(quoted, STORED)


@given(st.text())
def test_folding_twice_is_folding_once(text: str) -> None:
    """A folded text can be folded again without change, so it does not matter who folded first."""
    assert normalise(text) == normalise(normalise(text))


@given(start=st.integers(0, len(WORDS) - 1), size=st.integers(1, 12), data=st.data())
def test_every_run_of_stored_words_is_verbatim(start: int, size: int, data: st.DataObject) -> None:
    """Any whole words of the source may be quoted, however the printing sets spaces, quotes and dashes."""
    quoted = " ".join(WORDS[start : start + size])
    assume(any(c.isalnum() for c in quoted))
    for old, new in ((" ", "\u00a0"), ("\u2019", "'"), ("\u201c", '"'), ("\u2014", "--")):
        if data.draw(st.booleans()):
            quoted = quoted.replace(old, new)
    assert is_verbatim(quoted, STORED)


@given(start=st.integers(0, len(WORDS) - 6), data=st.data())
def test_one_changed_letter_is_found(start: int, data: st.DataObject) -> None:
    """A letter that was exchanged makes it another's words."""
    words = WORDS[start : start + 5]
    place = data.draw(st.integers(0, 4))
    letters = [i for i, c in enumerate(words[place]) if c.isascii() and c.isalpha()]
    assume(letters)
    at = data.draw(st.sampled_from(letters))
    words[place] = words[place][:at] + "\u00df" + words[place][at + 1 :]
    assert not is_verbatim(" ".join(words), STORED)
