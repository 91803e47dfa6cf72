"""The pages of those who run a campaign, in a real browser: for everybody, on a telephone and at a desk, by keyboard."""

from __future__ import annotations

import re
import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from scheduler.domain.delivery import State
from scheduler.domain.invitation import looks_like_a_token
from scheduler.domain.role import form_token
from scheduler.domain.season_key import SeasonKey
from scheduler.web.security.guard import COOKIE, FORM_FIELD
from scheduler.web.server import Handle, serve
from tests.browser.watched import Watched
from tests.support.review_desk import desk_of
from tests.unit.test_roles_routes import CAMPAIGN
from tests.unit.test_web_desk import ITEM, Desk, in_doubt, name_the_poster

Look = Callable[..., Watched]
ADA = "Person coordinator"

PAGES = {
    "today": "/",
    "calendar": "/calendar/2027",
    "item": f"/items/{ITEM}",
    "item to come": "/items/awareness-day",
    "claims": "/claims",
    "help lines": "/contacts",
    "deliveries": "/deliveries",
    "hold": "/holds",
    "readers": "/subscribers",
    "reviewers": "/invitations",
    "report": "/report",
    "history": "/audit",
    "you": "/you",
    "sign-in": "/sign-in",
    "one-time link": "/sign-in/" + "A" * 43,
    "nowhere": "/items/none",
}


class Served(Desk):
    """A desk in the middle of January, over HTTP: a doubt, a thing passed over, a request for changes, a comment."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.add_test_subscribers(3, CAMPAIGN)
        in_doubt(self)
        review = desk_of(self.project, self.ledger, CAMPAIGN, 2027)
        review.approve(["signs-in-context"], person="Ada", role="coordinator")
        review.request_changes(ITEM, person="Rosa Lind", role="fact-reviewer", comment="Which year is meant?")
        review.invite("Rosa Lind", "fact-reviewer", by="Ada", lasts=timedelta(days=60))
        self.ledger.holds.set("email", who="Bo", why="The line moves.", now=self.clock.now())
        self.later(datetime(2027, 1, 1, 15, 30, tzinfo=UTC))
        self.ledger.holds.release("email", who="Bo", now=self.clock.now())
        self.server: Handle = serve(self.app, "127.0.0.1", 0)


@pytest.fixture(scope="module")
def looked_at(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """For looking alone."""
    made = Served(tmp_path_factory.mktemp("looked-at"))
    yield made
    made.server.stop()
    made.close()


@pytest.fixture
def served(tmp_path: Path) -> Iterator[Served]:
    """For acting."""
    made = Served(tmp_path)
    yield made
    made.server.stop()
    made.close()


def enter(look: Look, house: Served, path: str, **how: Any) -> Watched:
    """A window in which Ada is signed in, at ``path``."""
    url = house.server.url
    seen = look(f"{url}/sign-in", within=url, **how)
    seen.context.add_cookies([{"name": COOKIE, "value": house.token, "url": url, "httpOnly": True, "sameSite": "Lax"}])
    seen.go(url + path)
    return seen


@pytest.mark.parametrize("name", PAGES)
def test_a_page_serves_everybody(look: Look, looked_at: Served, name: str) -> None:
    """On a phone and at a desk, in the light and in the dark: no violation of WCAG 2.2 A and AA, nothing cut off. One
    heading, no request off this machine, no complaint on the console, no script."""
    seen = enter(look, looked_at, PAGES[name])
    assert [] == seen.troubles_in_every_window()
    assert 1 == seen.ask("document.querySelectorAll('h1').length")
    seen.page.set_viewport_size({"width": 320, "height": 700})
    assert 0 == seen.overflow()
    assert 0 == seen.ask("document.scripts.length")
    assert seen.page.title()


def test_what_is_pressed_on_a_telephone_is_large_enough(look: Look, looked_at: Served) -> None:
    """Buttons, and fields that are typed into, are 44 px high, in the bar too; text in fields does not make the telephone zoom in."""
    for name in ("item", "hold", "deliveries", "reviewers", "you"):
        seen = enter(look, looked_at, PAGES[name], width=375)
        small = seen.ask(
            "[...document.querySelectorAll('.top summary, main button, main .button, main input:not([type=hidden]):not([type=checkbox])"
            ':not([type=radio]):not([tabindex="-1"]), main select\')].filter(e => e.getBoundingClientRect().height < 44 ||'
            " parseFloat(getComputedStyle(e).fontSize) < 14).map(e => e.outerHTML.slice(0, 80))"
        )
        assert [] == small, name


def test_the_month_is_a_grid_at_a_desk_and_a_list_on_a_telephone(look: Look, looked_at: Served) -> None:
    """Weeks as rows; under 1000 px one day under the other, each with the name of its weekday."""
    grid = enter(look, looked_at, "/calendar/2027", width=1200)
    top = "[...document.querySelectorAll('.month .day')].map(e => Math.round(e.getBoundingClientRect().top))"
    assert 6 == len(set(grid.ask(top)))
    listed = enter(look, looked_at, "/calendar/2027", width=999)
    assert 32 == len(set(listed.ask(top)))
    assert "Fri, Jan 1" in listed.ask("document.querySelector('.month .day').innerText")
    assert 1 == listed.ask("document.querySelectorAll('.is-today').length")


def test_a_post_by_hand_is_copied_and_marked_on_a_telephone(look: Look, served: Served) -> None:
    """The text goes to the clipboard, the button says that it is posted, and the page says so; nothing is cut off."""
    number = name_the_poster(served, served.delivery().id, ADA)
    seen = enter(look, served, f"/to-post/{number}", width=375)
    assert [] == seen.troubles_in_every_window()
    seen.context.grant_permissions(["clipboard-read", "clipboard-write"])
    seen.page.get_by_role("button", name="Copy the text").click()
    seen.page.get_by_role("button", name="Copied").wait_for()
    assert seen.page.locator("#text").inner_text() == seen.ask("navigator.clipboard.readText()")
    assert State.UNKNOWN is served.delivery().state
    seen.page.get_by_role("button", name="It is posted").click()
    seen.page.get_by_text("It stands as sent, and never goes out again.").wait_for()
    assert State.SENT is served.delivery().state


def test_a_one_time_link_is_all_that_one_needs(look: Look, served: Served) -> None:
    """Open it, press the button: signed in. The token is in no address and no history of the browser after it."""
    url = served.server.url
    link = served.ledger.accounts.make_sign_in_link(ADA, who="the operator", now=served.clock.now())
    seen = look(f"{url}/sign-in/{link}", within=url, width=375, script=False)
    seen.page.keyboard.press("Tab")
    seen.page.keyboard.press("Tab")
    seen.page.keyboard.press("Enter")
    seen.page.wait_for_selector("nav.side", state="attached")
    assert f"{url}/" == seen.page.url
    (cookie,) = seen.context.cookies()
    assert (COOKIE, True, "Lax", False) == (cookie["name"], cookie["httpOnly"], cookie["sameSite"], cookie["secure"])
    seen.page.click(".menu summary")
    seen.page.click(".menu >> text=Sign out")
    seen.page.wait_for_url(f"{url}/sign-in")
    assert [] == seen.context.cookies()


@pytest.fixture
def elsewhere(served: Served) -> Iterator[str]:
    """Another program's page on this machine, which knows the session's form token. To a browser it is the same site:
    the cookie goes along."""
    fields = {FORM_FIELD: form_token(served.token), "sure": "yes", "reason": "x", "channel": "*"}
    inputs = "".join(f'<input name="{name}" value="{value}">' for name, value in fields.items())
    page = f'<link rel=icon href="data:,"><form method=post action="{served.server.url}/holds">{inputs}<button>Win</button></form>'

    class Page(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "text/html")
            self.end_headers()
            self.wfile.write(page.encode())

        def log_message(self, format: str, *args: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Page) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()
        thread.join()


def test_a_page_of_another_origin_does_nothing_in_ones_name(look: Look, served: Served, elsewhere: str) -> None:
    """Not even one that gets the cookie along and has a right form token: the browser says where the form comes from."""
    seen = enter(look, served, "/holds")
    seen.context.unroute("**/*")
    seen.go(elsewhere)
    seen.page.click("button")
    seen.page.wait_for_selector("h1", state="attached")
    assert "That is not yours to do" == seen.page.inner_text("h1")
    assert () == served.ledger.holds.in_force()


def test_enter_in_a_box_to_tick_approves_nothing(look: Look, served: Served) -> None:
    """A browser then presses the form's first button by itself. Whoever meant to tick has not said yes."""
    seen = enter(look, served, "/items/awareness-day", script=False)
    before = served.ledger.approvals.of_season(SeasonKey(CAMPAIGN, 2027)).all
    seen.page.focus("#seen-1")
    with seen.page.expect_navigation():
        seen.page.keyboard.press("Enter")
    assert seen.page.get_by_text("The comment is empty").first.is_visible()
    assert before == served.ledger.approvals.of_season(SeasonKey(CAMPAIGN, 2027)).all


def test_an_item_is_approved_by_keyboard_and_says_so(look: Look, served: Served) -> None:
    """Without scripts. The approval stands in the ledger under the person's name, and in the page's history."""
    seen = enter(look, served, "/items/awareness-day", script=False, width=375)
    seen.page.focus("text=Approve exactly this")
    seen.page.keyboard.press("Enter")
    seen.page.wait_for_selector(".done", state="attached")
    assert "Approved. The approval is for exactly these words" in seen.page.inner_text(".done")
    assert {ADA} == {
        a.person for a in served.ledger.approvals.of_season(SeasonKey(CAMPAIGN, 2027)).all if a.item == "awareness-day"
    }
    assert f"{ADA} approved it (X)" in seen.page.inner_text("ol.events")


def test_what_was_typed_is_still_there_when_it_could_not_be_done(look: Look, served: Served) -> None:
    """The texts change while somebody reads: the words stand at the form, with their comment in it."""
    seen = enter(look, served, f"/items/{ITEM}", script=False)
    file = served.project.root / "campaigns" / CAMPAIGN / "items" / "01-why-january.md"
    file.write_text(file.read_text(encoding="utf-8").replace("January", "This month", 3), encoding="utf-8")
    seen.page.fill("#comment", "I like how it ends.")
    seen.page.click("text=Approve exactly this")
    seen.page.wait_for_selector("section.say .trouble", state="attached")
    assert "changed while you were reading; nothing was approved" in seen.page.inner_text("section.say .trouble")
    assert "I like how it ends." == seen.page.input_value("#comment")
    assert seen.page.is_visible("section.say .trouble")


def test_everything_is_held_in_three_steps_from_any_page_and_every_page_says_so(look: Look, served: Served) -> None:
    """The bar's button, a reason and a tick, the button; then the strip on each page, and the way back with what was
    passed over."""
    seen = enter(look, served, "/calendar/2027", script=False, width=375)
    seen.page.click(".hold-all summary")
    assert "Whoever opens these pages sees it at once" in seen.page.inner_text(".hold-all .panel")
    seen.page.fill("#bar-reason", "The help line moves tonight.")
    seen.page.check("#bar-sure")
    seen.page.click(".hold-all button")
    seen.page.wait_for_selector(".strip.held", state="attached")
    seen.go(served.server.url + "/")
    assert "The help line moves tonight." in seen.page.inner_text(".strip.held")
    assert seen.page.locator(".top").get_by_text("On hold").is_visible()
    (hold,) = served.ledger.holds.in_force()
    assert (ADA, "*") == (hold.who, hold.channel)
    seen.go(served.server.url + "/holds")
    seen.page.check("#sure-resume")
    seen.page.click("button:has-text('Resume')")
    seen.page.wait_for_selector("#passed", state="attached")
    mail = served.delivery(channel="email")
    seen.page.check(f"#skip-{mail.id}")
    seen.page.click(f"form[action*='/{mail.id}'] button")
    seen.page.wait_for_selector(".done", state="attached")
    assert State.SKIPPED is served.delivery(channel="email").state


def test_a_doubt_is_settled_where_it_is_told(look: Look, served: Served) -> None:
    """From the first page by its link to the form."""
    seen = enter(look, served, "/", script=False, width=375)
    seen.page.click("text=Settle it")
    seen.page.check("text=It went out.")
    seen.page.click("button:has-text('Settle it')")
    seen.page.wait_for_selector(".done", state="attached")
    assert State.SENT is served.delivery().state
    assert ("batch.found-sent", ADA) in served.said("batch.found-sent")


def test_a_reviewers_link_is_there_to_copy(look: Look, served: Served) -> None:
    """Shown once, whole, in a field from which it can be copied; it opens the reviewer's page."""
    seen = enter(look, served, "/invitations", script=False)
    seen.page.fill("#name", "Cleo Harbour")
    seen.page.click("text=Make the link")
    seen.page.wait_for_selector("#the-link", state="attached")
    link = seen.page.input_value("#the-link")
    found = re.search(r"/r/([^/]+)$", link)
    assert found is not None
    assert looks_like_a_token(found[1])
    seen.go(f"{served.server.url}/r/{found[1]}")
    assert "Cleo Harbour" in seen.page.inner_text("body")
