"""What changed between two forms of a message is shown word by word, and nothing is lost on the way."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scheduler.clock import stopwatch
from scheduler.domain.message import EmailBody, PostBody
from scheduler.domain.word_diff import LABELS, Mark, Piece, changes, diff_words, marked, shown, swaps, visible
from tests.support.world import a_post, an_email

KEPT, REMOVED, ADDED = Mark.KEPT, Mark.REMOVED, Mark.ADDED
TEXTS = st.lists(st.sampled_from(["one", "two", "<b>", "</b>", " ", "\n", "\n\n", "\u00a0", "e\u0301", "<", ","])).map(
    "".join
)


def side(pieces: tuple[Piece, ...], *marks: Mark) -> str:
    return "".join(p.words for p in pieces if p.mark in marks)


@given(TEXTS, TEXTS, st.booleans())
def test_both_texts_can_be_put_together_again(before: str, after: str, html: bool) -> None:
    """No word is lost, and none is made up."""
    pieces = diff_words(before, after, html=html)
    assert before == side(pieces, KEPT, REMOVED)
    assert after == side(pieces, KEPT, ADDED)


@given(TEXTS, TEXTS, st.booleans())
def test_a_difference_is_always_marked(before: str, after: str, wrapped: bool) -> None:
    """Two texts that differ never look alike, were it only in a space; equal ones have no mark."""
    pieces = diff_words(before, after, wrapped=wrapped)
    assert (before != after) == any(p.mark is not KEPT for p in pieces)
    assert after == side(pieces, KEPT, ADDED)


def test_words_that_stand_together_are_one_piece() -> None:
    """As a person would mark them."""
    pieces = diff_words("In 2021 many people were there.", "In 2022 very many people were there.")
    assert (
        Piece(KEPT, "In "),
        Piece(REMOVED, "2021 "),
        Piece(ADDED, "2022 very "),
        Piece(KEPT, "many people were there."),
    ) == pieces
    assert "In [-2021-] {+2022 very+} many people were there." == marked(pieces)


def test_one_more_word_does_not_mark_a_paragraph_that_was_wrapped_anew() -> None:
    """In a mail's plain text a line breaks where it is full; a new paragraph is a change all the same."""
    pieces = diff_words("a b\nc d", "a b x\nc d", wrapped=True)
    assert "x\n" == side(pieces, ADDED)
    pieces = diff_words("one two\nthree four", "new one\ntwo three\nfour", wrapped=True)
    assert ("new ", "") == (side(pieces, ADDED), side(pieces, REMOVED))
    assert side(diff_words("a b\n\nc", "a x b c", wrapped=True), REMOVED)


def test_what_cannot_be_seen_is_made_visible() -> None:
    """A changed space, a sign without width, an accent made of two characters."""
    assert "end.\u00b7" == shown(diff_words("end. ", "end.\n"))[0].words
    assert "end.\u21b5\n" == shown(diff_words("end. ", "end.\n"))[1].words
    assert "a<U+200B>b" == visible("a\u200bb")
    removed, added = shown(diff_words("caf\u00e9", "cafe\u0301"))
    assert removed.words != added.words
    assert "\\u0301" in added.words


def test_long_runs_that_stayed_are_shortened_and_what_changed_is_not() -> None:
    """The change with some words around it; the whole message stands below it anyway."""
    words = " ".join(f"w{n}" for n in range(100))
    short = shown(diff_words(f"{words} old {words}", f"{words} new {words}"), context=3)
    assert "\u2026 w97 w98 w99 [-old-] {+new+} w0 w1 w2 \u2026 " == marked(short)


def test_the_line_beneath_a_heading_is_no_word() -> None:
    """It grows with its heading, and nobody reads it; a change of it alone is shown all the same."""
    change, *_ = changes(an_email(text="A day\n=====\n\nWords.\n"), an_email(text="A blue day\n==========\n\nWords.\n"))
    assert marked(change.pieces).startswith("A {+blue+} day\n\nWords."), marked(change.pieces)
    change, *_ = changes(an_email(text="A day\n=====\n"), an_email(text="A day\n-----\n"))
    assert "{+-----+}" in marked(change.pieces)


def test_a_large_mail_is_compared_quickly() -> None:
    """A hundred changed places in a mail of a hundred kilobytes."""
    before = "<p style='margin:0'>word and word of the day</p>\n" * 2_000
    after = before.replace("<p style='margin:0'>word", "<p style='margin:0'>another", 100)
    elapsed = stopwatch()
    assert any(p.mark is ADDED for p in diff_words(before, after, html=True, wrapped=True))
    assert elapsed() < 60


def test_nothing_is_different_in_the_same_message() -> None:
    """Findings are about a message, not in it."""
    assert () == changes(a_post(), replace(a_post(), findings=()))


def test_a_post_and_a_mail_differ_in_their_form() -> None:
    """A channel that was given another transport."""
    assert {"body", "text", "subject"} <= {c.field for c in changes(a_post(), replace(an_email(), channel="x"))}


def test_another_offset_of_the_same_instant_is_a_change() -> None:
    """The digest is over the instant as written."""
    before = a_post()
    after = replace(before, due_at=before.due_at.astimezone(timezone(timedelta(hours=1))))
    assert before.digest != after.digest
    assert ["due_at"] == [c.field for c in changes(before, after)]


@pytest.mark.parametrize("what", ["claim", "source"])
def test_of_the_records_only_the_changed_ones_are_named(what: str) -> None:
    """Many records, one change."""
    before = replace(a_post(), rests_on={"claim:a": "0" * 64, f"{what}:b": "1" * 64})
    after = replace(before, rests_on={"claim:a": "0" * 64, f"{what}:b": "2" * 64})
    (change,) = changes(before, after)
    assert "claim:a" not in "".join(p.words for p in change.pieces)
    assert f"{what}:b" in "".join(p.words for p in change.pieces)


def test_a_length_that_follows_from_the_text_is_no_news() -> None:
    """Beside a changed text it says nothing; alone it does."""
    assert ["text"] == [c.field for c in changes(a_post(text="short"), a_post(text="longer text"))]
    post = a_post()
    assert isinstance(post.body, PostBody)
    assert ["characters"] == [c.field for c in changes(post, replace(post, body=replace(post.body, characters=9)))]


def test_parts_come_in_the_order_in_which_they_are_read() -> None:
    """Subject first, what is technical last."""
    before = an_email()
    assert isinstance(before.body, EmailBody)
    after = replace(
        before,
        due_at=datetime(2027, 1, 2, tzinfo=UTC),
        body=replace(before.body, subject="New", text="New", list_id="new"),
    )
    order = [c.field for c in changes(before, after)]
    assert ["subject", "text", "list_id", "due_at"] == order
    assert set(order) <= set(LABELS)


def changed(before: str, after: str) -> frozenset[tuple[str, ...]]:
    post = a_post()
    assert isinstance(post.body, PostBody)
    was, now = (replace(post, body=replace(post.body, text=text)) for text in (before, after))
    return swaps(was, now)


@pytest.mark.parametrize(
    ("one", "another"),
    [
        (("about 120 people", "about 130 people"), ("1 in 2 children", "1 in 3 children")),
        (("call 555 0122 now", "call 555 0322 now"), ("for 120 days", "for 320 days")),
        (("You are safe here.", "You are not safe here."), ("Do wait for help.", "Do not wait for help.")),
        (("It is not true.", "It is true."), ("Do not go.", "Do go.")),
        (("see https://a.test/1 now", "see https://b.test/1 now"), ("see https://a.test/1", "see https://a.test/2")),
    ],
)
def test_changes_that_mean_different_things_are_not_alike(one: tuple[str, str], another: tuple[str, str]) -> None:
    """Whoever approves many by one of them has read what changed in the others."""
    assert changed(*one)
    assert changed(*one) != changed(*another)


def test_the_same_change_is_alike_wherever_it_stands() -> None:
    one = changed("A. Call 555-0122 today. B.", "A. Call 555-0133 today. B.")
    assert one == changed("Much more before it. Call 555-0122 today.", "Much more before it. Call 555-0133 today.")
    address = changed("Look: https://old.test/1", "Look: https://new.test/1")
    assert address == changed("Read https://old.test/2 now", "Read https://new.test/2 now")
