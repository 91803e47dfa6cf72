"""On a telephone, in each place where a mail is previewed: a stray tap calls nobody, and leads to no page that is not
there yet."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from scheduler.web.server import serve
from tests.browser.test_desk_pages import PAGES, Served, enter
from tests.browser.watched import Watched
from tests.support.reading_site import FIRST, ReadingSite
from tests.unit.test_web_desk import ITEM

Look = Callable[..., Watched]

#: Every link of the page that leads anywhere, those in a mail's shadow tree too; and what only looks like one.
_LINKS = """(() => {
  const live = [], inert = [];
  const walk = root => { for (const e of root.querySelectorAll('*')) {
    if (e.matches('a[href], area[href]')) live.push(e.getAttribute('href'));
    if (e.matches('.inert')) inert.push([e.innerText.trim(), e.title, e.getAttribute('role'), e.ariaDisabled]);
    if (e.shadowRoot) walk(e.shadowRoot);
  } };
  walk(document);
  return [live, inert];
})()"""


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    made = Served(tmp_path_factory.mktemp("desk"))
    yield made
    made.server.stop()
    made.close()


def check(seen: Watched, public_url: str, *, holds_a_mail: bool = True) -> None:
    """Nothing on the page acts; where it holds a mail, its number and its own links look like links and say why."""
    live, inert = seen.ask(_LINKS)
    assert [] == [href for href in live if href.lower().startswith(("tel:", "sms:", "mailto:")) or href.startswith("%")]
    assert [] == [href for href in live if href.startswith(public_url)]
    assert "telephone=no" in seen.page.locator('meta[name="format-detection"]').get_attribute("content")
    if not holds_a_mail:
        return
    assert {("link", "true")} == {(role, disabled) for _, _, role, disabled in inert}
    titles = {title for _, title, _, _ in inert}
    for words in ("in the mail this calls", "a page of the reader's own", f"in the mail this leads to {public_url}"):
        assert [t for t in titles if words in t], words
    assert [href for href in live if href.startswith("https://")] or "file:" in seen.page.url
    before, one = seen.page.url, seen.page.locator(".inert:visible").first
    looks = one.evaluate("e => [getComputedStyle(e).textDecorationLine, getComputedStyle(e).color]")
    assert "underline" == looks[0], "it keeps its look"
    one.click(force=True)
    assert before == seen.page.url


def test_on_a_reviewers_link(look: Look, tmp_path: Path) -> None:
    site = ReadingSite(tmp_path)
    served = serve(site.app, "127.0.0.1", 0)
    try:
        for path, holds_a_mail in ((f"/items/{FIRST}", True), ("/claims", False), ("", False)):
            seen = look(f"{served.url}{site.link}{path}", within=served.url, width=375)
            check(seen, site.project.settings.public_url, holds_a_mail=holds_a_mail)
    finally:
        served.stop()
        site.close()


def test_on_the_pages_of_those_who_run_it(look: Look, desk: Served) -> None:
    """The item, and how a change of it will look before it is saved."""
    seen = enter(look, desk, f"/items/{ITEM}", width=375)
    check(seen, desk.project.settings.public_url)
    seen = enter(look, desk, f"/items/{ITEM}/edit", width=375)
    with seen.page.expect_navigation():
        seen.page.get_by_role("button", name="See how it will look").first.click()
    check(seen, desk.project.settings.public_url)


@pytest.mark.parametrize("name", ["today", "calendar", "claims", "help lines", "report"])
def test_on_lists_and_findings(look: Look, desk: Served, name: str) -> None:
    check(enter(look, desk, PAGES[name], width=375), desk.project.settings.public_url, holds_a_mail=False)


def test_in_the_packet(look: Look, packet: str) -> None:
    check(look(packet, width=375), "https://news.example.org")
