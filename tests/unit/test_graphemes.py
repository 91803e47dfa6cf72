"""Counting what a reader sees. The expected numbers are those of Unicode's annex 29, by the counter of the reference server."""

from __future__ import annotations

import json
import unicodedata
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scheduler.channels.graphemes import byte_length, grapheme_length, graphemes

STORED = json.loads((Path(__file__).parents[1] / "data" / "post_lengths.json").read_text(encoding="utf-8"))["bluesky"]

ANY_TEXT = st.text(max_size=40)
#: What joins, doubles, marks and breaks, close together.
AWKWARD = st.text(
    alphabet="a1 é\u0301\r\n\t\u200b\u200c\u200d\ufe0f\u20e3❤👩👨👧🏽🇺🇸🇲\u1100\u1161\u11a8각가क\u094dषিাกำ\u0600\u00ad\U000e0067\U000e007f🏴",
    max_size=24,
)


@pytest.mark.parametrize("row", STORED, ids=lambda row: ascii(row["text"])[:40])
def test_stored_texts_have_as_many_characters_and_bytes(row: dict[str, Any]) -> None:
    """Flags, families, skin tones, Hangul, marks, conjuncts, line ends: one each, as a reader sees them."""
    assert (row["graphemes"], row["bytes"]) == (grapheme_length(row["text"]), byte_length(row["text"]))


def test_a_non_joiner_parts_a_conjunct() -> None:
    """What was written to stay apart counts apart."""
    assert ["क्\u200c", "ष"] == list(graphemes("क्\u200cष"))


def test_what_only_a_newer_unicode_joins_counts_apart() -> None:
    """Rather too much than too little: a server of an older one would refuse the post."""
    assert 3 == grapheme_length("ខ្មែរ")


@given(st.one_of(ANY_TEXT, AWKWARD))
def test_the_characters_are_the_text(text: str) -> None:
    """None is empty, none is lost, and there are never more than code points."""
    parts = list(graphemes(text))
    assert text == "".join(parts)
    assert all(parts)
    assert len(parts) == grapheme_length(text) <= len(text)


@given(AWKWARD, AWKWARD)
def test_a_line_end_parts_whatever_stands_beside_it(one: str, other: str) -> None:
    """Nothing joins over the end of a line."""
    assert grapheme_length(one) + 1 + grapheme_length(other) == grapheme_length(f"{one}\u2028{other}")


@given(AWKWARD, AWKWARD)
def test_joining_two_texts_can_only_join_characters(one: str, other: str) -> None:
    """A character more is never more than one more, and the whole is never more than its parts."""
    whole, parts = grapheme_length(one + other), grapheme_length(one) + grapheme_length(other)
    assert whole <= parts
    assert whole >= grapheme_length(one)


@given(
    st.lists(
        st.sampled_from("🇺🇸 👨‍👩‍👧‍👦 👍🏽 é e\u0301 각 \u1112\u1161\u11ab क्ष กำ ❤️ 1️⃣ 🏳️‍🌈 a 中".split()), max_size=20
    )
)
def test_characters_beside_each_other_stay_what_they_are(characters: list[str]) -> None:
    """Whole characters in a row count one each."""
    assert len(characters) == grapheme_length("".join(characters))


@given(st.text(alphabet=st.characters(categories=("Ll", "Lu", "Nd", "Zs"), max_codepoint=0x2FF), max_size=60))
def test_latin_letters_count_the_same_composed_and_decomposed(text: str) -> None:
    """An accent is no character of its own."""
    composed, decomposed = (unicodedata.normalize(form, text) for form in ("NFC", "NFD"))
    assert grapheme_length(composed) == grapheme_length(decomposed)
