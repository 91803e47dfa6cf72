"""The pages for readers in a real browser: signing up, confirming, choosing, the archive; on a phone, at a desk, in the
dark, by keyboard, without JavaScript."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import cast

import pytest

from scheduler.channels.spec import Transport
from scheduler.domain.cadence import Cadence
from scheduler.domain.subscriber import SubscriberState
from scheduler.services.public_pages import own_links
from scheduler.services.running import make_tick
from scheduler.settings import Mode
from scheduler.web.server import Handle, serve
from scheduler.wiring import make_transports
from tests.browser.watched import Watched
from tests.support.long_form import many
from tests.support.public_factory import CAMPAIGN, PUBLIC_URL, ReadersSite
from tests.unit.test_two_campaigns import OTHER_NAME, OTHER_SLUG, add_the_other

Look = Callable[..., Watched]
READER = "0" * 32


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ReadersSite]:
    """A rehearsal of which 3 and 4 January have gone out. Letters are recorded and go nowhere."""
    made = ReadersSite(tmp_path_factory.mktemp("site"), now=datetime(2026, 12, 20, tzinfo=UTC), mode=Mode.REHEARSAL)
    made.add_test_subscribers(3)
    made.ledger.subscribers.set_cadence(CAMPAIGN, f"{1:032x}", Cadence.DIGEST, now=made.clock.now())
    made.send_days(datetime(2027, 1, 3, 15, 0, 5, tzinfo=UTC), 2)
    yield made
    made.close()


@pytest.fixture(scope="module")
def server(site: ReadersSite) -> Iterator[Handle]:
    handle = serve(site.app, "127.0.0.1", 0)
    yield handle
    handle.stop()


def waiting(site: ReadersSite, address: str) -> str:
    """The path of a confirmation link of somebody who has just signed up."""
    from scheduler.services.subscribers import sign_up
    from tests.support.acting import acting

    done = sign_up(acting(site.ledger, site.clock.now()), CAMPAIGN, address, what="emails", wording="1")
    return f"/confirm/{done.token}"


PAGES = {
    "/subscribe": "Sign up for emails",
    "/confirm/{waiting}": "Do you want these emails?",
    "/confirm/nothing-that-works": "This link does not work any more",
    "/preferences/{reader}": "Your emails",
    "/preferences/{left}": "These emails have stopped",
    "/archive": "Emails of a rehearsal",
    "/archive/2027-01-04": "",
    "/archive/2027-01-04-digest": "",
    "/archive/2027-01-31": "There is no such page",
}
WINDOWS = {
    "phone": (375, False),
    "desk, dark": (1200, True),
    "narrow": (320, False),
    **many({}, {"phone, dark": (375, True), "desk": (1200, False)}),
}


@pytest.mark.parametrize(("width", "dark"), WINDOWS.values(), ids=WINDOWS)
def test_each_page_serves_everybody(look: Look, server: Handle, site: ReadersSite, width: int, dark: bool) -> None:
    """No violation of WCAG 2.2 A and AA, one h1, a language, nothing cut off, no cookie, no
    script but that of the quick exit, no request off this machine, no complaint on the console; and the way to leave quickly is the first thing that the keyboard meets."""
    token = waiting(site, f"w{width}{dark:d}@readers.example")
    left = f"{2:032x}"
    site.ledger.subscribers.unsubscribe(CAMPAIGN, left, reason="unsubscribed", now=site.clock.now())
    names = {
        "waiting": token.rpartition("/")[2],
        "reader": site.choices(READER).rpartition("/")[2],
        "left": site.choices(left).rpartition("/")[2],
    }
    seen = look(server.url + "/subscribe", within=server.url, width=width, dark=dark)
    for path, title in PAGES.items():
        seen.page.goto(server.url + path.format(**names))
        if title:
            assert title == seen.page.title(), path
        assert 1 == seen.ask("document.querySelectorAll('h1').length"), path
        assert "en" == seen.ask("document.documentElement.lang"), path
        assert [] == seen.violations(), path
        assert 0 == seen.overflow(), path
        assert [f"{server.url}/exit.js"] == seen.ask("[...document.scripts].map(s => s.src)"), path
        seen.page.keyboard.press("Tab")
        assert "Leave this page quickly" == seen.ask("document.activeElement.textContent"), path
        assert seen.page.locator("a.exit, a.bar-exit").bounding_box()["height"] >= 44, path
    assert [] == seen.context.cookies()


@pytest.mark.parametrize("width", [320, 375])
def test_of_two_campaigns_a_phone_shows_lists_to_choose_from(
    look: Look, tmp_path_factory: pytest.TempPathFactory, width: int
) -> None:
    """The lists of forms and archives: accessible, nothing cut off, and each name leads to its own page."""
    both = ReadersSite(tmp_path_factory.mktemp("both"), mode=Mode.REHEARSAL)
    add_the_other(both)
    handle = serve(both.app, "127.0.0.1", 0)
    seen = look(f"{handle.url}/archive", within=handle.url, width=width)
    for path, title in (("/archive", "Emails of a rehearsal"), ("/subscribe", "Which emails would you like?")):
        seen.page.goto(handle.url + path)
        assert title == seen.page.title()
        assert [] == seen.violations()
        assert 0 == seen.overflow()
    seen.page.get_by_role("link", name=OTHER_NAME).click()
    seen.page.wait_for_url(f"{handle.url}/c/{OTHER_SLUG}/subscribe")
    assert "Sign up for emails" == seen.page.title()
    assert OTHER_NAME in seen.ask("document.querySelector('main').innerText")
    handle.stop()
    both.close()


@pytest.mark.parametrize(("width", "dark"), [(375, True), (1200, False)], ids=["phone, dark", "desk"])
def test_a_mistake_in_the_form_is_shown_where_it_is(look: Look, server: Handle, width: int, dark: bool) -> None:
    """The summary leads to the field, what was typed stands there, and the page is as accessible as before."""
    seen = look(f"{server.url}/subscribe", within=server.url, width=width, dark=dark)
    seen.page.fill("#email", "robin@")
    seen.page.check("#cadence-digest")
    seen.page.click("button")
    assert seen.page.title().startswith("Not sent: ")
    assert [] == seen.violations()
    seen.page.click("a[href='#email']")
    assert "email" == seen.ask("document.activeElement.id")
    assert ("robin@", True) == (seen.page.input_value("#email"), seen.page.is_checked("#cadence-digest"))
    assert "email-error" in (seen.page.get_attribute("#email", "aria-describedby") or "")


def test_who_wants_it_discreet_gets_it_so_from_the_first_letter_on(look: Look, tmp_path: Path) -> None:
    """The box on the form, the letter that asks, the mail of the day; and on the page of choices back again."""
    site = ReadersSite(tmp_path, now=datetime(2027, 1, 4, 18, tzinfo=UTC))
    site.add_test_subscribers(1)
    served = serve(site.app, "127.0.0.1", 0)
    seen = look(f"{served.url}/subscribe", within=served.url, width=375)
    page = seen.page
    page.fill("#email", "quiet@readers.example")
    page.check("#discreet")
    page.click("main button")
    (letter,) = site.letters()
    page.goto(served.url + letter.link("/confirm/"))
    page.click("main button")
    (welcome,) = site.letters()
    site.project.settings = replace(site.settings, mode=Mode.REHEARSAL)
    transports = {**make_transports(site.project), "email": cast(Transport, site.house)}
    site.clock.advance(datetime(2027, 1, 5, 15, 0, 5, tzinfo=UTC) - site.clock.now())
    make_tick(site.project, CAMPAIGN, 2027, site.ledger, transports).run()
    day = {mail.to.partition("@")[0]: mail for mail in site.house.mails[2:]}
    assert {"reader0": False, "quiet": True} == {
        who: mail.subject == "Your note for January 5" for who, mail in day.items()
    }
    for mail in (letter, welcome, day["quiet"]):
        assert "trafficking" not in f"{mail.headers} {mail.subject} {mail.html.partition('<h1')[0]}".lower()
    page.goto(served.url + day["quiet"].link("/preferences/"))
    assert [] == seen.violations()
    page.get_by_role("button", name="Use the usual sender and subjects").click()
    assert "Sender and subject may tell" in page.inner_text("main")
    served.stop()
    site.close()


def test_the_quick_exit_covers_the_page_and_takes_its_place(look: Look, server: Handle, site: ReadersSite) -> None:
    """By its button, which stays in view, and by three Escapes; Back does not lead to the page that was left. Two
    Escapes and another key do nothing."""
    seen = look(f"{server.url}/archive", within=server.url, width=375)
    page, away = seen.page, f"{server.url}/healthz"
    for path in ("/subscribe", "/archive/2027-01-04"):
        for leave in ("button", "keys"):
            page.goto(f"{server.url}/archive")
            page.goto(server.url + path)
            page.evaluate("to => document.querySelector('[data-quick-exit]').href = to", away)
            page.evaluate("window.scrollTo(0, document.body.scrollHeight)")
            box = page.locator("[data-quick-exit]").bounding_box()
            assert box is not None
            assert 0 <= box["y"] < 200, "it does not stay in view"
            for key in ("Escape", "Escape", "a", "Escape", "Escape"):
                page.keyboard.press(key)
            assert page.url == server.url + path
            if leave == "button":
                page.click("[data-quick-exit]")
            else:
                page.keyboard.press("Escape")
            page.wait_for_url(away)
            page.go_back()
            assert page.url == f"{server.url}/archive", "the page that was left is in the history"


def test_signing_up_and_saying_yes_without_javascript(look: Look, server: Handle, site: ReadersSite) -> None:
    """By keyboard alone: type, choose, send; then the button behind the link."""
    seen = look(f"{server.url}/subscribe", within=server.url, width=375, script=False)
    page = seen.page
    page.focus("#email")
    page.keyboard.type("keyboard@readers.example")
    page.keyboard.press("Tab")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.get_by_text("an email is on its way").wait_for()
    assert "Check your inbox" == page.title()
    subscriber = site.ledger.subscribers.find(CAMPAIGN, "keyboard@readers.example")
    assert subscriber is not None
    assert (SubscriberState.PENDING, Cadence.DIGEST) == (subscriber.state, subscriber.cadence)
    page.goto(server.url + waiting(site, "second@readers.example"))
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.get_by_text("You can close this page").wait_for()
    assert "You are on the list" == page.title()
    subscriber = site.ledger.subscribers.find(CAMPAIGN, "second@readers.example")
    assert subscriber is not None
    assert SubscriberState.ACTIVE is subscriber.state


@pytest.mark.parametrize("width", [375, 1200])
def test_each_choice_is_saved_and_said(look: Look, server: Handle, site: ReadersSite, width: int) -> None:
    """Read less, pause, resume, be kept, be asked before being deleted; the page stays accessible with each word of it."""
    seen = look(server.url + site.choices(READER), within=server.url, width=width)
    page = seen.page
    page.check("#cadence-key-days")
    page.get_by_role("button", name="Save how often").click()
    page.get_by_text("It counts from the next email on").wait_for()
    assert [] == seen.violations()
    page.fill("#until", "2027-01-20")
    page.get_by_role("button", name="Pause").click()
    page.get_by_text("Paused until Wednesday, January 20, 2027").wait_for()
    assert [] == seen.violations()
    page.get_by_role("button", name="End the pause now").click()
    page.get_by_text("The pause is over").wait_for()
    page.get_by_role("button", name="Keep me for the next series").click()
    page.get_by_role("button", name="Delete me after this series").click()
    page.get_by_role("button", name="Delete all that you hold about me").click()
    page.get_by_text("Nothing has been deleted yet").wait_for()
    assert [] == seen.violations()
    assert 0 == seen.overflow()
    subscriber = site.ledger.subscribers.get(CAMPAIGN, READER)
    assert subscriber is not None
    assert (SubscriberState.ACTIVE, Cadence.KEY_DAYS) == (subscriber.state, subscriber.cadence)


def test_the_archive_leads_to_each_mail_and_back(look: Look, server: Handle, site: ReadersSite) -> None:
    """List, mail, list, form: by links, with scripts off."""
    seen = look(f"{server.url}/archive", within=server.url, width=1200, script=False)
    page = seen.page
    page.get_by_role("link", name=site.subject_of("what-trafficking-is")).click()
    page.get_by_text("This was recorded for Monday, January 4, 2027").wait_for()
    assert "1-888-373-7888" in page.inner_text("main")
    page.get_by_role("link", name="All emails").click()
    page.wait_for_url(f"{server.url}/c/c7w4mkp/archive")
    page.get_by_role("link", name="Get them by email").click()
    page.wait_for_url(f"{server.url}/c/c7w4mkp/subscribe")


def test_the_mail_that_asks_leads_here(site: ReadersSite) -> None:
    """The letters' links are those of the pages above."""
    own = own_links(site.project, CAMPAIGN, READER, token="t" * 43)
    assert own.confirm_url.startswith(f"{PUBLIC_URL}/c/c7w4mkp/confirm/")
    assert own.preferences_url == PUBLIC_URL + site.choices(READER)
