"""A network that shows a warning before a post gets the content note there: approved, shown, checked and counted."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from scheduler.content.render.messages import RenderResult, render
from scheduler.domain.campaign import ItemText
from scheduler.domain.message import Message, PostBody, from_text, to_text, words_of
from scheduler.domain.rehearsal import Rehearsal
from scheduler.review.dry_run_files import write_dry_run
from scheduler.review.item_view import since_then
from scheduler.review.packet import packet_html
from scheduler.review.packet_formatting import with_own_links
from scheduler.review.rehearsal_data import shown_as_data
from scheduler.review.short_packet import short_packet_html
from scheduler.review.spreadsheet import plan_csv
from scheduler.services.holds import beginning
from scheduler.settings import ChannelSettings
from tests.support.checks_factory import a_campaign, codes, post
from tests.support.checks_factory import item as checked_item
from tests.support.rehearsal_factory import MADE_AT, month
from tests.support.render_factory import TEMPLATES, item, one, plan, settings
from tests.unit.test_dry_run_files import eml, request
from tests.unit.test_packet import Page

WARNING = "child sexual exploitation"


def with_warning(message: Message, warning: str) -> Message:
    assert isinstance(message.body, PostBody)
    return replace(message, body=replace(message.body, content_warning=warning))


def rendered(text: ItemText, limit: int = 500) -> RenderResult:
    """On Mastodon, and on X."""
    where = "https://social.example.org"
    channel = ChannelSettings("m", "mastodon", True, where, 10, {"character_limit": limit})
    made = settings()
    return render(plan(text), replace(made, channels={**made.channels, "m": channel}), TEMPLATES)


def body_on(result: RenderResult, channel: str) -> PostBody:
    body = one(result, channel).body
    assert isinstance(body, PostBody)
    return body


def test_the_note_is_the_warning_where_a_network_has_one() -> None:
    """And stands in the text where it has none."""
    result = rendered(item(post="Words.", content_note=WARNING))
    there, elsewhere = body_on(result, "m"), body_on(result, "x")
    assert (WARNING, True) == (there.content_warning, there.text.startswith("Words.\n"))
    assert ("", True) == (elsewhere.content_warning, elsewhere.text.startswith(f"Content note: {WARNING}.\n\nWords."))


def test_it_counts_into_the_length() -> None:
    """To the character."""
    text = item(post="Words.", content_note=WARNING)
    without = body_on(rendered(replace(text, content_note="")), "m")
    count = body_on(rendered(text), "m").characters
    assert len(WARNING) == count - without.characters
    assert [] == list(rendered(text, limit=count).findings)
    (finding,) = rendered(text, limit=count - 1).findings
    assert ("R008", "m") == (finding.code, finding.channel)


def test_it_is_part_of_what_is_approved() -> None:
    """Another warning is another message; one without keeps the digest that it had before there were warnings."""
    message = one(rendered(item(post="Words.", content_note=WARNING)), "m")
    assert message.digest == from_text(to_text(message)).digest
    other = with_warning(message, "violence")
    assert other.digest != message.digest
    assert WARNING in words_of(message)
    # What earlier releases computed for this message.
    assert "6cab0c72c971fb9ddaac651e82598347c85433e96ad418a3d7ad21c4b640a4bd" == post("one", "Words.").digest


def warned() -> Rehearsal:
    """The month, with a warning before its first post."""
    rehearsal = month()
    first = next(m for m in rehearsal.messages if isinstance(m.body, PostBody))
    shown = with_warning(first, WARNING)
    return replace(rehearsal, messages=tuple(shown if m is first else m for m in rehearsal.messages))


def of_first(rehearsal: Rehearsal) -> Message:
    return next(m for m in rehearsal.messages if isinstance(m.body, PostBody) and m.body.content_warning)


def test_the_packets_show_it_above_the_post() -> None:
    """The whole one and the short one."""
    for html in (packet_html(warned(), made_at=MADE_AT), short_packet_html(warned(), made_at=MADE_AT)):
        words = " ".join(Page(html).text.split())
        assert f"Content warning: {WARNING}" in words
        before = words.index(f"Content warning: {WARNING}")
        assert " ".join(of_first(warned()).body.text.split())[:20] in words[before : before + 200]


def test_it_is_shown_wherever_the_text_is_read(tmp_path: Path) -> None:
    """In files, in tables, on the page of a week, before a hold, and as data."""
    message = of_first(warned())
    start = f"Content warning: {WARNING}\n\n{message.body.text}"
    assert start == with_own_links(message.body)
    assert beginning(message).startswith(f"Content warning: {WARNING} ")
    assert WARNING == shown_as_data(message)["content_warning"]
    assert f"Content warning: {WARNING}" in plan_csv(warned()).decode()
    write_dry_run(tmp_path / "d", warned(), made_at=MADE_AT, requests=request, eml=eml, providers={"email": "sendgrid"})
    assert start.encode() in [path.read_bytes() for path in (tmp_path / "d" / "posts").glob("*.txt")]


def test_a_change_of_it_is_told_word_by_word() -> None:
    """As a change of the text is."""
    message = of_first(warned())
    milder = with_warning(message, "violence")
    assert ["content warning"] == [change.label for change in since_then("changed", message, milder).difference]


def test_the_lints_read_it() -> None:
    """The note is printed there; and words that may not be written may not stand there either."""
    packs = ("house", "human-trafficking")
    texts = [
        checked_item("one", "help", content_note="violence"),
        checked_item("two", "help"),
        checked_item("three", "help"),
    ]

    def of(warning: str) -> list[str]:
        message = post("one", "Help is near")
        return codes(a_campaign(texts, lint_packs=packs), with_warning(message, warning))

    assert "L14" in of("")
    assert [] == of("violence")
    assert ["C150"] == of("violence against 50,000 children")
    assert "H104" in of("violence. Call 1-800-000-0000")


@pytest.mark.parametrize("note", ["", "violence"])
def test_whole_text_is_the_text_where_there_is_no_warning(note: str) -> None:
    """And nothing before it."""
    body = PostBody("Words.", 6, 500, False, content_warning=note)
    assert ("Words." if not note else "Content warning: violence\n\nWords.") == body.whole_text
