"""Changing a text in a real browser: on a phone and at a desk, with and without the page's own script."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from scheduler.web.security.guard import COOKIE
from scheduler.web.server import Handle, serve
from tests.browser.watched import WAYS, Watched, watched
from tests.support.editing_site import ADDRESS, ITEM, EditingSite
from tests.support.photos import photo
from tests.support.reading_site import BEN, FACTS


@pytest.fixture
def site(tmp_path: Path) -> Iterator[EditingSite]:
    made = EditingSite(tmp_path)
    yield made
    made.ledger.close()


@pytest.fixture
def server(site: EditingSite) -> Iterator[Handle]:
    handle = serve(site.app, "127.0.0.1", 0)
    yield handle
    handle.stop()


@pytest.fixture
def edit(browser: Browser, server: Handle, site: EditingSite) -> Iterator[Callable[..., Watched]]:
    """Opens the form, signed in; afterwards no page may have asked elsewhere, or complained."""
    opened: list[Watched] = []

    def open_it(address: str = ADDRESS, **how: Any) -> Watched:
        one = watched(browser, f"{server.url}/healthz", within=server.url, **how)
        opened.append(one)
        one.context.add_cookies([{"name": COOKIE, "value": site.session, "url": server.url}])
        one.go(server.url + address)
        return one

    yield open_it
    for one in opened:
        one.close()
    assert [] == [trouble for one in opened for trouble in one.troubles]


def field(page: Page, key: str):
    return page.locator(f'[name="f.{key}"]')


def press(page: Page, act: str) -> None:
    with page.expect_navigation():
        page.locator(f'button[value="{act}"]').click()


@pytest.mark.parametrize(("window", "scheme"), WAYS, ids=str)
def test_anybody_can_use_each_of_its_pages(
    edit: Callable[..., Watched], site: EditingSite, window: tuple[int, int], scheme: str
) -> None:
    """The form, how it will look, what is refused, two people's changes, what was saved: nothing that axe knows against
    WCAG A and AA, nothing wider than the window."""
    site.desk().approve([ITEM], person=BEN, role=FACTS)
    one = edit(width=window[0], dark=scheme == "dark")
    page = one.page

    def usable() -> None:
        assert ([], 0) == (one.violations(), one.overflow())

    usable()
    field(page, "post").fill("Quite other words.")
    press(page, "preview")
    expect(page.get_by_text("Not saved yet.")).to_be_visible()
    usable()
    field(page, "email").fill("One.\n\n# No section\n\nTwo.")
    press(page, "save")
    expect(page.get_by_role("alert")).to_contain_text("cannot be saved yet")
    expect(page.locator(".what", has_text="There is no section")).to_be_visible()
    usable()
    field(page, "email").fill("An email.")
    site.save(post="Her words.")
    press(page, "save")
    expect(page.get_by_text("You both changed this.")).to_be_visible()
    assert "Quite other words." == field(page, "post").input_value()
    usable()
    press(page, "save")
    expect(page.get_by_text("these approvals have ended")).to_be_visible()
    usable()
    assert "An email." in site.path().read_text()


@pytest.mark.parametrize("width", [375, 1200])
def test_lengths_and_findings_follow_what_is_typed(edit: Callable[..., Watched], site: EditingSite, width: int) -> None:
    """As the network counts: 280 fits and 281 does not; nothing is written, and what is typed is not disturbed."""
    before = site.path().read_bytes()
    page = edit(width=width).page
    post, length = field(page, "post"), page.locator("#live-count-post")
    first = length.locator("b").inner_text()
    post.fill("x")
    expect(length).not_to_contain_text(first)
    room = 280 - int(length.locator("b").inner_text().split()[0])
    post.fill("x" * (1 + room))
    expect(length).to_contain_text("280 of 280")
    page.keyboard.press("Control+End")
    page.keyboard.type("é")
    expect(length).to_contain_text("281 of 280")
    expect(length).to_contain_text("1 too long")
    expect(page.locator("#live-sum")).to_contain_text("1 too long")
    expect(page.locator("#live-found")).to_contain_text("the post is 1 character too long")
    assert page.evaluate("document.activeElement.name") == "f.post"
    post.fill("{{ nothing }}")
    expect(page.locator("#live-found")).to_contain_text("the name nothing is not known here")
    assert before == site.path().read_bytes()


def test_a_change_of_somebody_else_is_told_while_typing(edit: Callable[..., Watched], site: EditingSite) -> None:
    """Before a long text is finished in vain."""
    page = edit().page
    site.save(title="Her headline")
    field(page, "post").fill("Mine.")
    expect(page.locator("#live-found")).to_contain_text("The file was changed meanwhile")
    assert "Mine." == field(page, "post").input_value()


def test_a_picture_is_brought_seen_approved_and_exchanged(
    edit: Callable[..., Watched], site: EditingSite, server: Handle, browser: Browser, tmp_path: Path
) -> None:
    """As a coordinator does it who has a photo on a telephone: found from the calendar, uploaded without a script, cut
    by a click, said whose it is; the reviewer sees it and says yes; another picture ends that yes."""
    for name, content in (("first", photo()), ("second", photo(1600, 1300)), ("drawing", b"<svg/>")):
        (tmp_path / f"{name}.jpg").write_bytes(content)
    one = edit("/calendar", script=False, width=375)
    page = one.page
    page.get_by_role("link", name="How many people", exact=False).first.click()
    page.get_by_role("link", name="Edit", exact=False).first.click()
    field(page, "title").fill("Behind this door")
    page.locator("#upload").set_input_files(tmp_path / "drawing.jpg")
    press(page, "upload")
    expect(page.get_by_role("alert")).to_contain_text("a drawing (SVG)")
    assert "Behind this door" == field(page, "title").input_value()
    page.locator("#upload").set_input_files(tmp_path / "first.jpg")
    press(page, "upload")
    expect(page.locator("figure.picture img").first).to_be_visible()
    before = page.locator("figure.picture img").first.get_attribute("src")
    with page.expect_navigation():
        page.locator("input.whole").click(position={"x": 10, "y": 200})
    assert before != page.locator("figure.picture img").first.get_attribute("src")
    for key, words in (("alt", "A door in two colors."), ("picture.credit", "Kim Doe")):
        field(page, key).fill(words)
    field(page, "picture.license").select_option("own")
    field(page, "picture.people").select_option("none")
    press(page, "save")
    expect(page.get_by_text("Saved.")).to_be_visible()
    assert 0 == one.overflow()
    reader = watched(browser, f"{server.url}{site.link}/items/{ITEM}", within=server.url)
    expect(reader.page.locator("figure.picture img").first).to_be_visible()
    expect(reader.page.get_by_text("Picture: Kim Doe.").first).to_be_visible()
    assert ([], []) == (reader.violations(), reader.troubles)
    reader.close()
    site.desk().approve([ITEM], person=BEN, role=FACTS)
    page.locator("#upload").set_input_files(tmp_path / "second.jpg")
    press(page, "upload")
    expect(page.get_by_text("Saving it ends these approvals,")).to_be_visible()
    press(page, "save")
    ended = page.locator(".done", has_text="these approvals have ended").locator("li")
    expect(ended).to_have_count(len({m.channel for m in site.desk().rehearsal.messages}) - 1)  # the email has none


def test_it_all_works_without_a_script_and_enter_only_looks(edit: Callable[..., Watched], site: EditingSite) -> None:
    """Enter in a field leads to a look, never to a save; the button saves."""
    before = site.path().read_bytes()
    page = edit(script=False).page
    field(page, "title").fill("By hand")
    with page.expect_navigation():
        field(page, "title").press("Enter")
    expect(page.get_by_text("Not saved yet.")).to_be_visible()
    assert before == site.path().read_bytes()
    press(page, "save")
    expect(page.get_by_text("Saved.")).to_be_visible()
    assert 'title = "By hand"' in site.path().read_text()


def test_who_leaves_unsaved_words_is_asked(edit: Callable[..., Watched], site: EditingSite) -> None:
    """And who has saved, or typed nothing, is not."""
    page = edit().page
    asked: list[str] = []
    page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))  # type: ignore[call-overload]
    page.get_by_role("link", name="Back to the item").click()
    page.wait_for_url(f"**/items/{ITEM}")
    assert [] == asked
    page.go_back()
    field(page, "title").click()
    page.keyboard.type("New: ")
    page.get_by_role("link", name="Back to the item").click()
    page.wait_for_url(f"**/items/{ITEM}")
    assert ["beforeunload"] == asked


def test_the_bar_never_hides_the_field_that_has_the_focus(edit: Callable[..., Watched]) -> None:
    """Tabbing through the form on a phone: each field stands free of the bar at the bottom."""
    one = edit(width=375, height=700)
    hidden = []
    for _ in range(60):
        one.page.keyboard.press("Tab")
        what = one.ask(
            """() => { const at = document.activeElement, bar = document.querySelector('.save-bar');
            if (!at || !at.closest('.fields')) return '';
            const a = at.getBoundingClientRect(), b = bar.getBoundingClientRect();
            return a.top >= b.top - 8 ? (at.name || at.tagName) : ''; }"""
        )
        hidden += [what] if what else []
    assert [] == hidden
