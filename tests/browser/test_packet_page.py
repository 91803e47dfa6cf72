"""The packet in a real browser: it asks for nothing, fits every window, can be read by all, and prints."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

import pytest

from tests.browser.watched import Watched

Look = Callable[..., Watched]
DAYS = 32
DIGESTS = 6  # mails of several days, for readers who want fewer: without a post

#: Elements that are seen: they have a size, and nothing hides them.
SEEN = """selector => [...document.querySelectorAll(selector)].filter(e => e.checkVisibility({visibilityProperty: true})
  && e.getBoundingClientRect().height > 0).length"""


def test_every_item_is_seen_with_its_post_and_its_mail(look: Look, packet: str) -> None:
    """32 days, each with a post, a mail as it looks on a desk and on a telephone, and its plain text; and 6 digests."""
    page = look(packet)
    ids = page.ask("[...document.querySelectorAll('.item')].map(e => e.id)")
    assert [f"day-{n}" for n in range(1, DAYS + 1)] == [i for i in ids if i.startswith("day-")]
    assert DIGESTS == len([i for i in ids if i.startswith("digest-2")])
    assert "digest-frame-email" in ids
    assert DAYS == page.ask(SEEN, ".item .channel .post")
    for selector in (".item", ".frame.desk", ".frame.phone", ".item .channel > pre.plain"):
        assert DAYS + DIGESTS + 1 == page.ask(SEEN, selector), selector  # and the frame of the digests
    widths = page.ask("[...document.querySelectorAll('.frame')].map(e => e.getBoundingClientRect().width)")
    assert {600, 375} == set(widths)


@pytest.mark.parametrize("width", [320, 375, 768, 1200])
def test_it_fits_the_window(look: Look, packet: str, width: int) -> None:
    """Nobody scrolls sideways, on a telephone or at a desk, nor with large type."""
    page = look(packet, width=width)
    assert 0 == page.overflow()
    page.ask("document.getElementById('large-type').click()")
    assert 0 == page.overflow()


def test_headings_are_in_order(look: Look, packet: str) -> None:
    """A screen reader's list of headings is the table of contents: one h1, no level left out on the way down.

    The mails' own headings stand in frames and are not among them.
    """
    levels = look(packet).ask("[...document.querySelectorAll('h1,h2,h3,h4,h5,h6')].map(e => +e.tagName[1])")
    assert 1 == levels[0]
    assert 1 == levels.count(1)
    assert all(after <= before + 1 for before, after in pairwise(levels))
    assert DAYS < len(levels)


@pytest.mark.parametrize(("width", "dark"), [(1200, False), (320, True)], ids=["desk, light", "telephone, dark"])
def test_axe_finds_nothing(look: Look, packet: str, width: int, dark: bool) -> None:
    """WCAG 2.2, levels A and AA, the mails in their frames included."""
    assert [] == look(packet, width=width, dark=dark).violations()


def test_the_first_key_leads_past_the_cover(look: Look, packet: str) -> None:
    """Tab shows the link, Enter follows it; what has the focus is seen to have it."""
    page = look(packet)
    page.page.keyboard.press("Tab")
    focused = "document.activeElement"
    assert "Skip to what needs your attention" == page.ask(f"{focused}.textContent")
    assert page.ask(f"{focused}.getBoundingClientRect().top") >= 0
    assert "none" != page.ask(f"getComputedStyle({focused}).outlineStyle")
    page.page.keyboard.press("Enter")
    assert page.page.url.endswith("#needs-you")
    assert abs(page.ask("document.getElementById('needs-you').getBoundingClientRect().top")) < 5


def test_large_type_is_a_matter_of_one_key(look: Look, packet: str) -> None:
    """The box can be reached and ticked from the keyboard, and the text grows by more than a quarter."""
    page = look(packet)
    size = "parseFloat(getComputedStyle(document.querySelector('.item p.text')).fontSize)"
    before = page.ask(size)
    for _ in range(50):
        page.page.keyboard.press("Tab")
        if page.ask("document.activeElement.id") == "large-type":
            break
    page.page.keyboard.press("Space")
    assert page.ask(size) > 1.25 * before


def test_a_mail_can_be_seen_as_in_dark_mode(look: Look, packet: str) -> None:
    """One box for each mail; the other mails stay as they are."""
    page = look(packet)
    ground = "[...document.querySelectorAll('.frame.desk')].map(e => getComputedStyle(e).backgroundColor)"
    light = page.ask(ground)
    page.ask("document.querySelector('#day-6 .in-the-dark').click()")
    dark = page.ask(ground)
    assert [5] == [n for n, (before, after) in enumerate(zip(light, dark, strict=True)) if before != after]


def test_it_is_whole_without_javascript(look: Look, packet: str) -> None:
    """Every post, every mail, every plain text, all findings and registers; only the telephone's view is left out."""
    page, scripted = look(packet, script=False), look(packet)
    for selector in (".item", ".item .channel .post", ".frame.desk", ".item pre.plain", ".finding", "table", "h2", "a"):
        count = page.ask(SEEN, selector)
        assert count > 0, selector
        assert scripted.ask(SEEN, selector) == count, selector
    assert 0 == page.ask(SEEN, ".frame.phone")
    inside = (
        "[...document.querySelectorAll('.frame.desk')].map(e => e.shadowRoot?.textContent)"
        ".map(t => ['[first paragraph]', 'Read the whole email', 'Day '].find(words => t?.includes(words)) ?? t)"
    )
    assert [*DAYS * ["Day "], "[first paragraph]", *DIGESTS * ["Read the whole email"]] == page.ask(inside)
    page.ask("document.getElementById('large-type').click()")
    assert page.ask("parseFloat(getComputedStyle(document.documentElement).fontSize)") > 17


def test_a_state_can_be_told_without_its_colour(look: Look, packet: str) -> None:
    """Each badge shows a sign and a word, on a phone as well, where space is short."""
    badges = look(packet, width=320).ask("[...document.querySelectorAll('.badge')].map(e => e.innerText)")
    assert DAYS < len(badges)
    assert [] == [badge for badge in badges if not re.fullmatch(r"(?s)\S\s+\w{2,}.*", badge)]


def test_it_prints_a_page_for_each_item(look: Look, packet: str, tmp_path: Path) -> None:
    """On paper each item begins a page of its own, with the packet's running head; no state is lost without colour."""
    if shutil.which("pdftotext") is None:
        pytest.skip("pdftotext is not installed (Debian's package is called poppler-utils)")
    page = look(packet)
    paper = tmp_path / "packet.pdf"
    page.page.pdf(path=paper, prefer_css_page_size=True)
    text = subprocess.run(["pdftotext", "-layout", str(paper), "-"], capture_output=True, check=True).stdout.decode()
    pages = [[line.strip() for line in sheet.splitlines() if line.strip()] for sheet in text.split("\f")][:-1]
    begun = []
    for number, lines in enumerate(pages):
        day = next((m for line in lines[1:5] if (m := re.match(rf"Day (\d+) of {DAYS}, ", line))), None)
        # The mail's own band says the day as well; below the heading of an item stands its state.
        if day and any(
            re.match(r"([^\w\s] ?)?(not )?(approved|signed|blocked|decision open|waits|to check)\b", line)
            for line in lines[2:9]
        ):
            begun.append((int(day[1]), number))
    assert list(range(1, DAYS + 1)) == [day for day, _ in begun]
    assert DAYS == len({number for _, number in begun})
    for number, lines in enumerate(pages, 1):
        assert "Human Trafficking Prevention Month 2027" in lines[0]
        assert "packet " in lines[0]
        assert f"page {number} of {len(pages)}" in lines[-1]
