"""A page in a browser that writes down what it asks for and what it complains about."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any, Literal

from tests.support.long_form import many

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Route

#: WCAG 2.0 to 2.2, levels A and AA.
RULES = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa")

#: Milliseconds that a busy machine may take for whatever is waited for.
PATIENCE = 60_000

#: A phone upright, and a desk.
PHONE, DESK = (375, 760), (1200, 900)
Scheme = Literal["light", "dark"]
SCHEMES: tuple[Scheme, ...] = ("light", "dark")
#: Windows with their schemes in which a page is looked at. The short form has each of both once: what scheme a page is
#: shown in changes its colors alone, and not where anything stands.
EACH_WAY = tuple((window, scheme) for window in (PHONE, DESK) for scheme in SCHEMES)
WAYS = many(EACH_WAY[::3], EACH_WAY)

_STATUS = "the server responded with a status of"

#: axe would also tell what it found in order, which is most of its work to report.
_AXE = """async ([tags, contrastOf]) => {
  axe.configure({rules: [{id: 'color-contrast', selector: contrastOf}]});
  const found = await axe.run(document, {runOnly: tags, resultTypes: ['violations']});
  return found.violations.map(v =>
    `${v.id} (${v.nodes.length}): ${v.help}: ${v.nodes[0].target} ${v.nodes[0].html.slice(0, 200)}`);
}"""

#: To measure the contrast of each text is nine tenths of what axe does, and what looks alike has the same contrast: the
#: first and the last that are seen of those with the same colors, fonts and boxes around them, up to the root, are marked.
_MARK = """() => {
  const ids = new Map(), of = new Map([[null, 0]]), alike = new Map();
  const looks = ['color', 'backgroundColor', 'backgroundImage', 'backgroundClip', 'opacity', 'filter', 'mixBlendMode',
    'fontSize', 'fontWeight', 'textShadow', 'position', 'zIndex', 'visibility'];
  const look = (e, around) => {
    const style = getComputedStyle(e), off = e.matches(':disabled, [aria-disabled=true], [inert]') || e.control?.disabled;
    const key = [around, e.localName, e.className, off, ...looks.map(name => style[name])].join('|');
    if (!ids.has(key)) ids.set(key, ids.size + 1);
    return ids.get(key);
  };
  const walk = (root, around) => { for (const e of root.children) {
    const own = look(e, around);
    if (e.matches('input, select, textarea, button')
        || [...e.childNodes].some(n => n.nodeType === 3 && n.data.trim().length > 1)) {
      e.removeAttribute('data-contrast');
      const box = e.getBoundingClientRect();
      if (box.width > 1 && box.height > 1 && e.checkVisibility({visibilityProperty: true, opacityProperty: true}))
        alike.set(own, [(alike.get(own) ?? [e])[0], e]);
    }
    walk(e, own);
    if (e.shadowRoot) walk(e.shadowRoot, own);
  } };
  walk(document, 0);
  for (const both of alike.values()) for (const e of both) e.setAttribute('data-contrast', '');
}"""
#: The long form measures all.
CONTRAST_OF = many("[data-contrast]", "*")


@dataclass
class Watched:
    """A page, and ``troubles``: requests to anywhere else, words on the console, errors of scripts."""

    page: Page
    context: BrowserContext
    allowed: str
    script: bool
    troubles: list[str] = field(default_factory=list)

    def go(self, url: str) -> None:
        """On to another page, in the same window."""
        self.allowed = url
        self.page.goto(url)

    def ask(self, script: str, *arguments: object) -> Any:
        """What an expression gives in the page. Works where the page's own scripts are off, too."""
        return self.page.evaluate(script, *arguments)

    def overflow(self) -> int:
        """Pixels by which the page is wider than its window."""
        return int(self.ask("document.documentElement.scrollWidth - document.documentElement.clientWidth"))

    def violations(self) -> list[str]:
        """What axe finds against WCAG, levels A and AA. It waits with timers, which end only where scripts run."""
        assert self.script, "axe needs scripts"
        if not self.ask("'axe' in window"):
            self.ask(axe())
        self.ask(_MARK)
        return list(self.ask(_AXE, [list(RULES), CONTRAST_OF]))

    def troubles_in_every_window(self, ways: Sequence[tuple[tuple[int, int], Scheme]] = WAYS) -> list[str]:
        """What axe finds, and what is cut off, on a phone and at a desk, in the light and in the dark. The page is not
        loaded anew: what was typed in it stays, and its window is as before."""
        before, was_dark = self.page.viewport_size, self.ask("matchMedia('(prefers-color-scheme: dark)').matches")
        found: list[str] = []
        for (width, height), scheme in ways:
            self.page.set_viewport_size({"width": width, "height": height})
            self.page.emulate_media(color_scheme=scheme)
            told = self.violations() + ([f"{self.overflow()} px too wide"] if self.overflow() else [])
            found += [f"at {width} px, {scheme}: {trouble}" for trouble in told]
        if before:
            self.page.set_viewport_size(before)
        self.page.emulate_media(color_scheme=SCHEMES[was_dark])
        return found

    def close(self) -> None:
        self.context.close()


@cache
def axe() -> str:
    return (files("axe_playwright_python") / "axe.min.js").read_text(encoding="utf-8")


def watched(
    browser: Browser,
    url: str,
    *,
    within: str = "",
    width: int = 1200,
    height: int = 900,
    dark: bool = False,
    script: bool = True,
) -> Watched:
    """Open ``url``. A request to another place is refused, and noted; with ``within`` a whole site may be asked."""
    context: BrowserContext = browser.new_context(
        viewport={"width": width, "height": height},
        color_scheme="dark" if dark else "light",
        java_script_enabled=script,
        service_workers="block",
    )
    context.set_default_timeout(PATIENCE)
    made = Watched(context.new_page(), context, url, script)

    def answer(route: Route) -> None:
        asked = route.request.url.partition("#")[0]
        if asked == made.allowed or asked.startswith("data:") or (within and asked.startswith(f"{within}/")):
            route.continue_()
        else:
            made.troubles.append(f"asked for {asked}")
            route.abort()

    def note(message: ConsoleMessage) -> None:
        # Of a page that is answered with an error on purpose, the browser tells the status.
        if not (_STATUS in message.text and message.location["url"] == made.page.url):
            made.troubles.append(f"console: {message.text}")

    context.route("**/*", answer)
    made.page.on("console", note)
    made.page.on("pageerror", lambda error: made.troubles.append(f"script: {error}"))
    made.page.goto(url)
    return made
