"""The watcher sees what it is there for; otherwise every other test in this folder would pass on anything."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.browser.watched import EACH_WAY, watched


@pytest.mark.parametrize(
    ("body", "trouble"),
    [
        ('<img src="https://elsewhere.test/open.gif" alt="">', "asked for https://elsewhere.test/open.gif"),
        ('<link rel="stylesheet" href="style.css">', "asked for file://"),
        ('<iframe src="other.html" title="other"></iframe>', "asked for file://"),
        ("<script>console.warn('odd')</script>", "console: odd"),
        ("<script>nothing.at_all()</script>", "script: nothing is not defined"),
        ("<script>fetch('http://127.0.0.1:9/').catch(() => 0)</script>", "asked for http://127.0.0.1:9/"),
    ],
)
def test_requests_and_complaints_are_noted(browser: Browser, tmp_path: Path, body: str, trouble: str) -> None:
    """A picture, a style, a frame, a script's request; a word on the console; an error."""
    page = tmp_path / "page.html"
    page.write_text(f"<!doctype html><title>x</title>{body}", encoding="utf-8")
    (tmp_path / "other.html").write_text("<title>other</title>")
    seen = watched(browser, page.as_uri())
    try:
        for _ in range(1200):  # a script's request may leave a moment after the page has loaded
            if seen.troubles:
                break
            seen.page.wait_for_timeout(50)
        assert any(one.startswith(trouble) for one in seen.troubles), seen.troubles
    finally:
        seen.close()


@pytest.mark.parametrize("dark", [False, True])
def test_what_cannot_be_read_is_found(browser: Browser, tmp_path: Path, dark: bool) -> None:
    """Grey on grey in one of the two schemes, and a page that is wider than its window."""
    page = tmp_path / "page.html"
    scheme = "dark" if dark else "light"
    page.write_text(
        f'<!doctype html><html lang="en"><title>x</title><style>@media (prefers-color-scheme:{scheme}){{p{{color:#777;'
        "background:#888}}</style><main><h1>A</h1><p>grey</p><div style='width:900px'>wide</div></main></html>",
        encoding="utf-8",
    )
    for as_dark in (False, True):
        seen = watched(browser, page.as_uri(), width=320, dark=as_dark)
        found = [violation.partition(" ")[0] for violation in seen.violations()]
        assert (["color-contrast"] if as_dark == dark else []) == found
        assert seen.overflow() > 500
        everywhere = [trouble.partition(" (")[0] for trouble in seen.troubles_in_every_window(EACH_WAY)]
        grey = [f"at {width} px, {scheme}: color-contrast" for width in (375, 1200)]
        wide = [t for t in everywhere if t.startswith("at 375 px") and t.endswith("px too wide")]
        assert sorted(grey + wide) == sorted(everywhere)
        assert 2 == len(wide), "in the light and in the dark; at a desk it is not"
        assert ({"width": 320, "height": 900}, as_dark) == (
            seen.page.viewport_size,
            seen.ask("matchMedia('(prefers-color-scheme: dark)').matches"),
        )
        seen.close()


@pytest.mark.parametrize(
    "odd",
    [
        '<p style="color:#777">grey</p>',
        '<div style="background:#444"><p>dark behind it</p></div>',
        '<p class="late">grey by its class</p>',
        '<div id="host"></div>',
        '<p hidden style="color:#777">not seen</p><p style="color:#777">the same, seen</p>',
    ],
)
def test_among_many_that_look_alike_the_one_that_cannot_be_read_is_found(
    browser: Browser, tmp_path: Path, odd: str
) -> None:
    """Of those that look alike two are measured: what looks otherwise is never passed over, in a shadow tree neither."""
    page = tmp_path / "page.html"
    alike = "<div><p>a line of words</p></div>" * 20
    shadow = "document.querySelectorAll('#host').forEach(e => e.attachShadow({mode: 'open'}).innerHTML"
    page.write_text(
        f'<!doctype html><html lang="en"><title>x</title><style>p {{color: #222}} .late {{color: #888}}</style>'
        f"<main><h1>A</h1>{alike}{odd}{alike}</main>"
        f"<script>{shadow} = '<p style=\\'color:#777;background:#888\\'>grey</p>')</script></html>",
        encoding="utf-8",
    )
    seen = watched(browser, page.as_uri())
    assert ["color-contrast (1)"] == [violation.partition(":")[0] for violation in seen.violations()]
    seen.close()
