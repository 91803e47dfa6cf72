"""The pages that anybody may meet, in a real browser: what each of them must be, whoever meets it, and how."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from scheduler.web.server import Handle, serve
from tests.browser.watched import Watched
from tests.support.web_factory import Site

Look = Callable[..., Watched]
READER = "0" * 32


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


#: What a page is called, where it is met, and whether its button is pressed there first.
PAGES = {
    "Stop these emails?": ("link", False),
    "The emails have stopped": ("link", True),
    "This link does not work": ("broken", True),
    "There is no such page": ("nowhere", False),
}


WINDOWS = {"phone": (320, True, True), "desk": (1200, False, True), "no script": (375, False, False)}


@pytest.mark.parametrize(("width", "dark", "script"), WINDOWS.values(), ids=WINDOWS)
@pytest.mark.parametrize("title", PAGES)
def test_a_public_page_serves_everybody(
    look: Look, server: Handle, site: Site, title: str, width: int, dark: bool, script: bool
) -> None:
    """No violation of WCAG 2.2 A and AA, one heading, nothing cut off, no cookie, no request off this machine, no
    script but that of the quick exit, no complaint on the console, and the same with scripts off; the way to leave
    quickly is there and is a link."""
    where, pressed = PAGES[title]
    path = {"link": site.link(READER), "broken": site.link(READER)[:-3], "nowhere": "/nowhere"}[where]
    seen = look(server.url + path, within=server.url, width=width, dark=dark, script=script)
    if pressed:
        seen.page.keyboard.press("Tab")
        seen.page.keyboard.press("Tab")
        seen.page.keyboard.press("Enter")
        seen.page.wait_for_selector(f"h1:has-text('{title}')", state="attached")
    assert title == seen.page.title()
    assert [title] == seen.ask("[...document.querySelectorAll('h1')].map(e => e.innerText)")
    if script:  # axe is one itself
        assert [] == seen.troubles_in_every_window()
    assert 0 == seen.overflow()
    assert [] == seen.context.cookies()
    assert [f"{server.url}/exit.js"] == seen.ask("[...document.scripts].map(s => s.src)")
    assert int(script) == seen.ask("document.querySelectorAll('.exit-hint').length"), "the script runs where it may"
    assert [] == seen.troubles
    assert seen.ask("document.querySelector('a.exit').href").startswith("https://")
