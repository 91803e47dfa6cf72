"""The page by which readers leave, in a real browser: on a phone, at a desk, in the dark, without JavaScript."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

from scheduler.web.server import Handle, serve
from tests.support.web_factory import Site


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    made = Site(tmp_path)
    made.add_test_subscribers(1)
    yield made
    made.close()


@pytest.fixture
def server(site: Site) -> Iterator[Handle]:
    handle = serve(site.app, "127.0.0.1", 0)
    yield handle
    handle.stop()


def opened(
    browser: Browser, server: Handle, path: str, *, width: int = 375, dark: bool = False, script: bool = True
) -> Page:
    """A page of a browser that asks nobody but our server; whom it asked is in ``page.asked``."""
    context = browser.new_context(
        viewport={"width": width, "height": 700}, color_scheme="dark" if dark else "light", java_script_enabled=script
    )
    page = context.new_page()
    page.asked = []  # type: ignore[attr-defined]
    page.on("request", lambda request: page.asked.append(request.url))  # type: ignore[attr-defined, call-overload]
    page.goto(server.url + path)
    return page


@pytest.mark.parametrize("width", [320, 375, 1280])
@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_anybody_can_read_and_use_it(browser: Browser, server: Handle, site: Site, width: int, dark: bool) -> None:
    """No violation that axe knows, nothing cut off, a button that a thumb hits, and no request but for the page and for
    the script of the quick exit, whose address is the same for everybody."""
    page = opened(browser, server, site.link("0" * 32), width=width, dark=dark)
    try:
        found = Axe().run(page)
        assert 0 == found.violations_count, found.generate_report()
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        for what in ("button", "a.exit"):
            box = page.locator(what).bounding_box()
            assert box is not None
            assert box["height"] >= 44
        assert [server.url + site.link("0" * 32), f"{server.url}/exit.js"] == page.asked  # type: ignore[attr-defined]
        assert [] == page.context.cookies()
    finally:
        page.context.close()


def test_the_button_works_without_javascript_and_by_keyboard(browser: Browser, server: Handle, site: Site) -> None:
    """Tab, tab, enter: the quick exit comes first, the button second."""
    page = opened(browser, server, site.link("0" * 32), script=False)
    try:
        page.keyboard.press("Tab")
        page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        page.get_by_text("None will follow").wait_for()
        assert "The emails have stopped" == page.title()
        assert 0 == site.ledger.subscribers.count()["active"]
        page.go_back()
        assert "Stop these emails?" == page.title()
    finally:
        page.context.close()


def test_a_broken_link_says_what_to_do(browser: Browser, server: Handle, site: Site) -> None:
    """And leaves the reader on the list."""
    page = opened(browser, server, site.link("0" * 32)[:-3])
    try:
        page.get_by_role("button").click()
        page.get_by_text("answer the email").wait_for()
        assert 0 == Axe().run(page).violations_count
        assert 1 == site.ledger.subscribers.count()["active"]
    finally:
        page.context.close()
