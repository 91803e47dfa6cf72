"""One item for a page of the web: the words of the packet, under a policy that names every style by its hash."""

from __future__ import annotations

import re
from dataclasses import replace
from html.parser import HTMLParser

import pytest
from markupsafe import Markup

from scheduler.content.codes import CHECKING
from scheduler.domain.finding import RecordName, UsedBy
from scheduler.domain.word_diff import FieldChange, Mark, Piece
from scheduler.review.finding_words import on_a_page
from scheduler.review.item_html import ShownItem, item_css, item_fragment
from scheduler.review.item_view import Since
from scheduler.review.packet_formatting import for_a_browser
from tests.support.rehearsal_factory import month

MONTH = month()
ITEM = MONTH.plan.items[10].item.id


def shown(item: str = ITEM) -> ShownItem:
    return item_fragment(MONTH, item, handles={"x": "@coalition"})


class Read(HTMLParser):
    def __init__(self, html: str) -> None:
        super().__init__()
        self.seen: list[tuple[str, dict[str, str | None]]] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.append((tag, dict(attrs)))


def test_the_policy_can_name_all_that_styles_it() -> None:
    """No attribute of style, no script, nothing fetched or framed; each style element's text is handed over."""
    made = shown()
    assert set(re.findall(r"<style>(.*?)</style>", made.html, re.DOTALL)) == set(made.styles)
    assert 2 <= len(made.styles)
    for tag, attributes in Read(made.html).seen:
        assert tag not in ("script", "iframe", "object", "link", "img", "base", "form")
        assert "style" not in attributes
        assert not any(name.startswith("on") for name in attributes)
        assert not str(attributes.get("src", "")).startswith("http")


def test_styles_of_mails_differ_only_where_the_mails_do() -> None:
    """In light and in dark, and no more: the narrow copy has the style of the wide one."""
    assert 2 == len(shown().styles)


def test_it_shows_the_item_as_the_packet_does() -> None:
    """The post with its count, the mail in each view, its plain text, what it rests on."""
    html = str(shown().html)
    message = next(m for m in MONTH.messages if m.item == ITEM)
    assert message.digest[:16] in html
    assert "@coalition" in html
    assert 3 == html.count("<template shadowrootmode=")
    assert ["as it comes", "on a narrow phone, 320 px", "in dark mode", "as plain text"] == re.findall(
        r'class="as-\w+"(?: checked)?>([^<]+)</label>', html
    )
    assert "27.6 million people" in html
    assert "Global Estimates of Modern Slavery" in html
    assert "1-888-373-7888" in html


def test_its_headings_stand_below_that_of_the_page() -> None:
    """The page has the one h1; a mail's own headings follow the level below."""
    html = str(shown().html)
    assert {"2", "3"} >= set(re.findall(r"<h([1-6])", html))
    assert {"3", "4"} >= set(re.findall(r'aria-level="(\d)"', html))


def test_one_person_is_told_what_changed_for_them() -> None:
    """In place of what changed for everybody, and of the channel that it is about."""
    change = FieldChange("text", "text", (Piece(Mark.REMOVED, "old "), Piece(Mark.ADDED, "new ")))
    channel = next(m.channel for m in MONTH.messages if m.item == ITEM)
    made = item_fragment(MONTH, ITEM, handles={}, since={channel: Since("What changed since you said yes", (change,))})
    assert 1 == made.html.count("What changed since you said yes")
    assert "old " in made.html
    assert "new " in made.html


def test_what_readers_get_comes_before_what_was_found_and_a_lay_reader_meets_the_item_alone() -> None:
    """No code, no file, no hash and no record's id for somebody who cannot do anything about them."""
    html = str(item_fragment(MONTH, "item-02", handles={}, found=Markup("<p>What is missing</p>")).html)
    assert html.index('class="post"') < html.index("What is missing") < html.index("What it rests on")
    assert "<code" in html
    lay = str(item_fragment(MONTH, "item-02", handles={}, lay=True).html)
    assert "modern-day slavery” stands in our own voice" not in lay
    assert "What was found" not in lay
    assert "<code" not in lay


def test_there_is_no_other_item() -> None:
    """An id that the season has not is an error, not an empty page."""
    with pytest.raises(KeyError):
        shown("no-such-item")


def test_what_it_looks_like_needs_only_tokens_and_no_request() -> None:
    """For the style element of whatever page it stands in."""
    assert "url(" not in item_css()
    assert "@import" not in item_css()
    assert ".badge" in item_css()
    assert ".mail-views" in item_css()


@pytest.mark.parametrize("code", sorted(code for code, entry in CHECKING.items() if "--by" in entry.hint))
def test_a_hint_tells_no_command_to_whoever_reads_in_a_browser(code: str) -> None:
    """They sign on a page; what comes before and after the command stays."""
    hint = for_a_browser(CHECKING[code].hint)
    assert (True, False, False) == ("sign it" in hint, "run:" in hint, "--" in hint)
    assert "read it, then sign it" == for_a_browser("read it, then run: `sign claim ID --by NAME --role ROLE`")
    assert "put the file back" == for_a_browser("put the file back")


@pytest.mark.parametrize("code", sorted(c for c, e in CHECKING.items() if re.search("decide|review_by", e.hint)))
def test_a_hint_names_no_command_and_no_key_where_a_page_settles_it(code: str) -> None:
    hint = for_a_browser(CHECKING[code].hint)
    assert "`" not in hint
    assert "on the page Questions" in hint or "on its page" in hint


def test_a_finding_names_its_record_by_its_words_on_a_page() -> None:
    """And days as people write them; which items use it, the page says with links."""
    campaign = MONTH.plan.campaign
    claim = next(iter(campaign.claims.values()))
    assert len(claim.text) <= 80
    name = RecordName("claim", claim.id)
    said = ("the claim ", name, " was to be reviewed by 2026-12-31, before 2027-01-06", UsedBy(("one", "two")))
    found = CHECKING["C110"].at(claim.where, said)
    plain = f"the claim {claim.id} was to be reviewed by 2026-12-31, before 2027-01-06 (used by one, two)"
    assert found.message == plain
    words = "was to be reviewed by December 31, 2026, before January 6, 2027"
    assert f"the claim “{claim.text}” {words}" == on_a_page(found, campaign)
    elsewhere = replace(found, message="99-99-99 and 2027-13-01", pieces=())
    assert elsewhere.message == on_a_page(elsewhere, campaign)
