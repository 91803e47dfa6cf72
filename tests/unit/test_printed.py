"""What a template printed from a record is known in the text that readers get."""

from __future__ import annotations

import re
from datetime import date
from itertools import pairwise
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from scheduler.content.checks.context import Material
from scheduler.content.checks.visible_text import Part
from scheduler.content.render.messages import render
from scheduler.domain.canonical_text import MappedText, comparable, seen_in_html, seen_in_text
from scheduler.domain.claim import Signatures
from scheduler.domain.printed import Printed, places_of
from tests.support.render_factory import TEMPLATES, item, plan, settings

TEXT = Printed("claim", "forced", "text", "27.6 million people were in forced labor")
NUMBER = Printed("claim", "forced", "numbers", "27.6 million")
LINE = Printed("contact", "line", "value", "1-888-373-7888")


def fold(text: str) -> str:
    return comparable(MappedText.of(text)).text


def places(text: str, *printed: Printed) -> list[tuple[str, str]]:
    return [(p.printed.field, text[p.start : p.end]) for p in places_of(printed, text, fold)]


def test_both_forms_of_a_mail_are_searched_alike() -> None:
    """Lines that are wrapped, signs that are escaped: the words are the same."""
    text = comparable(
        seen_in_text(MappedText.of("Today 27.6 million people\nwere in forced labor.\n\nCall 1-888-373-7888."))
    ).text
    html = comparable(
        seen_in_html(
            MappedText.of("<p>Today <b>27.6&nbsp;million</b> people were in forced labor.</p>Call 1-888-373-7888")
        )
    )
    expected = [("text", TEXT.words), ("value", LINE.words)]
    assert expected == places(text, TEXT, LINE)
    assert expected == places(html.text, TEXT, LINE)


def test_what_was_typed_is_not_what_was_printed() -> None:
    """Of two places and one entry, one is the author's own."""
    text = "27.6 million people were in forced labor. Yes, 27.6 million people were in forced labor."
    assert 1 == len(places(text, TEXT))
    assert 2 == len(places(text, TEXT, TEXT))


def test_they_are_found_in_the_order_of_printing_and_else_anywhere() -> None:
    """The frame of a mail is printed after its body, and its head stands before it."""
    text = "Head: 27.6 million. Call 1-888-373-7888. Then 27.6 million."
    found = places_of([LINE, NUMBER, NUMBER], text, fold)
    assert ["numbers", "value", "numbers"] == [p.printed.field for p in found]


def test_part_of_a_word_is_none_of_them() -> None:
    eighteen = Printed("claim", "law", "numbers", "18")
    assert [] == places("In 1865 and 2018", eighteen)
    assert [("numbers", "18")] == places("In 1865, under 18", eighteen)
    assert [] == places("", eighteen, Printed("claim", "law", "caveat", ""))


def test_only_a_figure_leaves_its_neighbors_to_the_author() -> None:
    assert NUMBER.is_figure
    assert not TEXT.is_figure
    assert not LINE.is_figure


@given(
    st.lists(st.sampled_from([TEXT, NUMBER, LINE]), max_size=6),
    st.lists(st.sampled_from(["so", "that is", "."]), max_size=6),
)
def test_what_was_printed_is_found_once_each(printed: list[Printed], between: list[str]) -> None:
    """Whatever stands between them; no two share a place."""
    text = " ".join(
        word for pair in zip(printed, [*between, *["and"] * 6], strict=False) for word in (pair[0].words, pair[1])
    )
    found = places_of(printed, text, fold)
    assert len(printed) == len(found)
    assert all(a.end <= b.start for a, b in pairwise(found))
    assert all(text[p.start : p.end] == p.printed.words for p in found)


def parts_of(**texts: Any) -> dict[str, Part]:
    planned = plan(item(**{"claims": ("forced-labour",), "quotations": (), **texts}))
    made = render(planned, settings(), TEMPLATES)
    material = Material(planned, made.messages, settings(), Signatures(), date(2027, 1, 1))
    return {part.name: part for view in material.views for part in view.all_parts}


def records_in(part: Part) -> set[tuple[str, str, str]]:
    """(kind, field, words) of what was printed from records, as it stands in the part."""
    return {(p.printed.kind, p.printed.field, part.words[p.start : p.end]) for p in part.records_in_words}


def test_every_form_of_a_message_knows_what_records_printed() -> None:
    """By the item's own text, by a template, joined by ~, through a filter; typed words are own words."""
    text = "On any day {{ number('forced-labour') }} people; 27.6 million {{ claim('forced-labour').caveat|upper }}."
    parts = parts_of(post=text, email=f"**On any day** {text}")
    for name in ("post", "text", "html"):
        found = records_in(parts[name])
        assert {("claim", "numbers", "27.6 million"), ("claim", "caveat", "ILO ESTIMATE FOR 2021")} <= found
        assert ("contact", "value", "1-888-373-7888") in found
    assert 1 == sum(p.printed.is_figure for p in parts["post"].records_in_words)
    for name in ("text", "html"):
        assert 3 == len(re.findall("27.6 million", parts[name].words))
        assert 2 == sum(p.printed.is_figure for p in parts[name].records_in_words)
        assert {
            ("claim", "title", "Global Estimates of Modern Slavery"),
            ("date", "words", "Friday, January 1, 2027"),
        } <= (records_in(parts[name]))
    assert set() == records_in(parts["subject"])
