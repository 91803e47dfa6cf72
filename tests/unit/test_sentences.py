"""Where sentences begin and end."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scheduler.domain.sentences import sentences_in


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("One. Two! Three? Four", ["One.", "Two!", "Three?", "Four"]),
        ("In the U.S. Congress met. It agreed.", ["In the U.S. Congress met.", "It agreed."]),
        ("Dr. King spoke at 10 a.m. on Monday.", ["Dr. King spoke at 10 a.m. on Monday."]),
        ("27.6 million people. 3.3 million children.", ["27.6 million people.", "3.3 million children."]),
        ("“Is it safe?” She asked. “Yes.”", ["“Is it safe?”", "She asked.", "“Yes.”"]),
        ("¿Qué es? Es esto. ¡No espere!", ["¿Qué es?", "Es esto.", "¡No espere!"]),
        ("A heading\nA line", ["A heading", "A line"]),
        ("See No. 5. Then go.", ["See No. 5.", "Then go."]),
        ("", []),
    ],
)
def test_sentences(text: str, expected: list[str]) -> None:
    assert expected == [text[start:end] for start, end in sentences_in(text)]


@given(st.text(max_size=80))
def test_nothing_but_blanks_lies_between_them(text: str) -> None:
    """Or a check would overlook it."""
    at = 0
    for start, end in sentences_in(text):
        assert not text[at:start].strip()
        assert text[start:end].strip()
        at = end
    assert not text[at:].strip()
