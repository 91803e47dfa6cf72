"""Each mail in a real browser, standing in for a mail program: nothing is fetched, all can read it, help is seen."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from scheduler.domain.campaign import Kind
from scheduler.review.dry_run_files import DryRunFiles
from tests.browser.watched import Watched
from tests.support.long_form import FULL, many

Look = Callable[..., Watched]

#: Width of the window, and whether it is dark. In the short form each of both once: the dark changes colors alone.
WAYS = tuple((width, dark) for width in (320, 1200) for dark in (False, True))

#: Elements of a mail whose text is cut off or lies outside the window.
CUT_OFF = """() => [...document.querySelectorAll('p,h1,h2,h3,li,td,a')].filter(e => {
  const box = e.getBoundingClientRect();
  return box.width > 0 && (box.left < -1 || box.right > document.documentElement.clientWidth + 1);
}).map(e => e.textContent.trim().slice(0, 60))"""

#: Links and lines by which a reader finds help, if they are seen.
HELP = """() => [...document.querySelectorAll('a[href^="tel:"],a[href^="sms:"]')].filter(e => {
  const box = e.getBoundingClientRect();
  return e.checkVisibility({visibilityProperty: true}) && box.width > 0 && box.height > 0;
}).map(e => [e.getAttribute('href'), e.innerText.trim(), parseFloat(getComputedStyle(e).fontSize)])"""


def kinds(dry_run: DryRunFiles) -> dict[str, str]:
    """The kind of each day's mail."""
    plan = json.loads(dry_run.plan.read_text(encoding="utf-8"))
    return {item["date"]: item["kind"] for item in plan["items"] if item["channel"] == "email"}


def mails(dry_run: DryRunFiles) -> dict[str, Path]:
    """The page of each day's mail."""
    return {on: dry_run.folder / "emails" / f"{on}.html" for on in kinds(dry_run)}


def of_each_kind(dry_run: DryRunFiles) -> dict[str, Path]:
    """The longest mail of each kind."""
    pages = sorted(mails(dry_run).items(), key=lambda pair: pair[1].stat().st_size)
    return {kinds(dry_run)[on]: path for on, path in pages}


def everything(dry_run: DryRunFiles) -> list[Path]:
    """The pages of all mails, digests too."""
    return [*mails(dry_run).values(), *sorted((dry_run.folder / "digests").glob("*.html"))]


def test_the_month_has_a_mail_of_every_kind(dry_run: DryRunFiles) -> None:
    """Otherwise the next tests would look at less than they say."""
    assert {kind.value for kind in Kind} == set(of_each_kind(dry_run))
    assert 32 == len(mails(dry_run))
    assert 38 == len(everything(dry_run))


@pytest.mark.parametrize(("width", "dark"), many(WAYS[::3], WAYS), ids=str)
@pytest.mark.parametrize("kind", [kind.value for kind in Kind])
def test_anybody_can_read_it(look: Look, dry_run: DryRunFiles, kind: str, width: int, dark: bool) -> None:
    """WCAG 2.2, A and AA, contrast included; nothing cut off; the help lines are there, large, and can be tapped."""
    page = look(of_each_kind(dry_run)[kind].as_uri(), width=width, dark=dark)
    assert 0 == page.overflow()
    assert [] == page.ask(CUT_OFF)
    assert [] == page.violations()
    lines = page.ask(HELP)
    assert "tel:+18883737888" in [href for href, _, _ in lines]
    assert "sms:233733" in [href for href, _, _ in lines]
    assert all(size >= 16 for _, _, size in lines)


@pytest.mark.parametrize(("width", "dark"), WAYS, ids=str)
def test_every_mail_and_every_digest_is_for_everybody(look: Look, dry_run: DryRunFiles, width: int, dark: bool) -> None:
    """All 38: axe finds nothing, nothing runs over, the help line is seen and can be tapped. In the short form each of
    them is looked at in one of the four ways, in turn."""
    page = look("about:blank", width=width, dark=dark)
    way = WAYS.index((width, dark))
    for path in everything(dry_run)[0 if FULL else way :: many(4, 1)]:
        page.go(path.as_uri())
        assert 0 == page.overflow(), path
        assert [] == page.ask(CUT_OFF), path
        assert "tel:+18883737888" in [href for href, _, _ in page.ask(HELP)], path
        assert [] == page.violations(), path


def test_without_its_style_sheet_a_mail_is_still_a_letter(look: Look, dry_run: DryRunFiles) -> None:
    """Some programs drop the head. What carries the look stands on the elements; nothing gets lost or runs over."""
    page = look("about:blank", width=375)
    for kind, path in of_each_kind(dry_run).items():
        page.go(path.as_uri())
        before = page.ask("document.body.innerText")
        page.ask("document.querySelectorAll('style').forEach(e => e.remove())")
        assert re.sub(r"\s+", " ", before) == re.sub(r"\s+", " ", page.ask("document.body.innerText")), kind
        assert 0 == page.overflow(), kind


def test_large_type_makes_no_mail_run_over(look: Look, dry_run: DryRunFiles) -> None:
    """Half as large again, on a telephone."""
    page = look("about:blank", width=375)
    for kind, path in of_each_kind(dry_run).items():
        page.go(path.as_uri())
        page.ask("document.body.style.zoom = 1.5")
        assert page.overflow() <= 0, kind
