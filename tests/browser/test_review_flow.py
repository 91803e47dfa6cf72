"""From a private link to a sent item: a reviewer on a phone, a coordinator who mends, and the day itself.

Every page on the way is looked at: nothing asked of another machine, nothing on the console, no violation of WCAG 2.2
A or AA, nothing to scroll sideways for.
"""

from __future__ import annotations

import io
import os
import re
import shutil
import socket
from collections.abc import Callable, Iterator
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path
from unittest import mock

import pytest
from playwright.sync_api import Page

from scheduler.channels.sendgrid.simulator import SENDGRID_KEY, SendGridDouble
from scheduler.channels.x.simulator import X_SECRETS, XDouble
from scheduler.cli.main import main
from scheduler.content.top_level_domains import top_level_domains
from scheduler.domain.season_key import SeasonKey
from scheduler.web.app import make_app
from scheduler.web.server import Handle, serve
from scheduler.wiring import open_ledger, open_project
from tests.browser.watched import Watched
from tests.support.reading_site import CAMPAIGN, FIRST, ROOT, SECOND, SMALL, THIRD, ReadingSite
from tests.support.two_people import declare_alone, signing

Look = Callable[..., Watched]
READERS = 2
BEN_AT = "ben@example.org"
WHEN_READ = "2026-12-29T12:00:00-05:00"
#: A minute after each item is due: 4, 5, 6 and 7 January, ten o'clock.
DAYS = [f"2027-01-0{day}T10:01:00-05:00" for day in (4, 5, 6, 7)]
BEFORE, AFTER = "No source ever did.", "No source ever did, not even a small one."


class House:
    """A project in live mode, with stand-ins for X and SendGrid, its command line and its pages."""

    def __init__(self, root: Path, x: XDouble, sendgrid: SendGridDouble) -> None:
        shutil.copytree(SMALL, root, dirs_exist_ok=True)
        shutil.copytree(ROOT / "templates", root / "templates")
        shutil.copytree(ROOT / "config" / "lint", root / "config" / "lint")
        declare_alone(root)
        self.root, self.x, self.sendgrid = root, x, sendgrid
        with socket.create_server(("127.0.0.1", 0)) as free:
            self.port = free.getsockname()[1]
        self.environment = {
            **{k: v for k, v in os.environ.items() if not k.startswith("OBSERVANCE_")},
            "OBSERVANCE_PROJECT": str(root),
            "OBSERVANCE_MODE": "live",
            "OBSERVANCE_PUBLIC_URL": f"http://127.0.0.1:{self.port}",
            "OBSERVANCE_CHANNELS__X__BASE_URL": x.base_url,
            "OBSERVANCE_CHANNELS__EMAIL__BASE_URL": sendgrid.base_url,
            "OBSERVANCE_SENDGRID_API_KEY": SENDGRID_KEY,
            "OBSERVANCE_SECRET_KEY": "not-a-secret-only-a-test",
            **{f"OBSERVANCE_{name}": value for name, value in X_SECRETS.items()},
        }
        self.served: Handle | None = None

    def run(self, *arguments: str, at: str = WHEN_READ) -> str:
        """One command at a pretended instant; returns what it printed, whatever its exit status."""
        out = io.StringIO()
        environment = {**self.environment, "OBSERVANCE_PRETEND_NOW": at}
        with mock.patch.dict(os.environ, environment, clear=True), redirect_stdout(out), redirect_stderr(out):
            main(list(arguments))
        return out.getvalue()

    def get_ready(self) -> str:
        """Readers, signatures, and Ben's link: all but the approvals. Returns the link's path."""
        rows = "".join(f"reader{n}@readers.example,Reader {n},America/New_York\n" for n in range(READERS))
        (self.root / "readers.csv").write_text("email,name,zone\n" + rows)
        self.run("subscribers", "import", str(self.root / "readers.csv"))
        for words in signing(self.root, CAMPAIGN):
            self.run(*words)
        said = self.run("review", "invite", "Ben Example", "--role", "fact-reviewer", "--email", BEN_AT)
        link = next(line.strip() for line in said.splitlines() if "/r/" in line)
        return link[link.index("/r/") :]

    def serve(self) -> str:
        """The pages, at the pretended instant of reading. Returns their address."""
        environment = {**self.environment, "OBSERVANCE_PRETEND_NOW": WHEN_READ}
        project = open_project(self.root, environment, self.root)
        self.ledger = open_ledger(project)
        self.served = serve(make_app(project, self.ledger), "127.0.0.1", self.port)
        return self.served.url

    def mail_to_ben(self) -> str:
        """The link in the one mail that a pass of the next morning sends him, as the mail server has it."""
        self.run("tick", at="2026-12-30T09:10:00-05:00")
        (mail,) = self.sendgrid.mails
        assert [BEN_AT] == [envelope.address for envelope in mail.envelopes]
        assert "Something waits for you to read" == mail.subject
        assert "What you asked for: it was changed." in mail.text
        (link,) = re.findall(r"http://127\.0\.0\.1:\d+/r/[A-Za-z0-9_-]{43}", mail.text)
        return str(link)

    def close(self) -> None:
        if self.served:
            self.served.stop()
            self.ledger.close()


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    with XDouble(secrets=X_SECRETS, tlds=top_level_domains()) as x, SendGridDouble(api_key=SENDGRID_KEY) as sendgrid:
        made = House(tmp_path, x, sendgrid)
        yield made
        made.close()


def mend_the_item(house: House, look: Look, address: str) -> None:
    """The coordinator answers the request in a browser of her own: signs in by a link, and edits the item's texts."""
    house.run("people", "add", "Ada Example", "--role", "coordinator")
    said = house.run("people", "link", "Ada Example")
    link = next(word for word in said.split() if "/sign-in/" in word)
    ada = look(address + link[link.index("/sign-in/") :], within=address, width=1200)
    page = ada.page

    def check() -> None:
        assert [] == ada.troubles_in_every_window(), page.url

    check()
    with page.expect_navigation():
        page.get_by_role("button").click()
    check()
    page.goto(f"{address}/items/{THIRD}")
    check()
    assert page.get_by_text("Say that a small count is none either.").first.is_visible()
    with page.expect_navigation():
        page.get_by_role("link", name="Edit the text").click()
    check()
    for key in ("post", "email"):
        box = page.locator(f'[name="f.{key}"]')
        assert BEFORE in box.input_value()
        box.fill(box.input_value().replace(BEFORE, AFTER))
    with page.expect_navigation():
        page.get_by_role("button", name="Save", exact=True).click()
    check()
    page.goto(f"{address}/items/{THIRD}")
    assert page.get_by_role("heading", name="Ben Example asked for a change").is_visible()
    page.get_by_label("Your answer to Ben Example").fill("Done: in the post and in the email.")
    with page.expect_navigation():
        page.get_by_role("button", name="It is changed: ask Ben Example").click()
    check()
    (path,) = [p for p in (house.root / "campaigns" / CAMPAIGN / "items").iterdir() if THIRD in p.name]
    assert 2 == path.read_text(encoding="utf-8").count(AFTER)


class Ben:
    """A reviewer with a phone. Each page that he meets is looked at by :meth:`check`."""

    def __init__(self, seen: Watched, link: str) -> None:
        self.seen, self.page, self.link = seen, seen.page, link
        self.pages = 0
        self.kinds: set[str] = set()

    def check(self) -> None:
        """Each page on the phone, each kind of page in every window."""
        self.pages += 1
        kind = self.page.url.removeprefix(self.link).partition("?")[0].rpartition("/")[0]
        assert [] == (self.seen.violations() if kind in self.kinds else self.seen.troubles_in_every_window())
        assert 0 == self.seen.overflow(), self.page.url
        self.kinds.add(kind)
        assert [] == self.seen.context.cookies()
        assert 0 == self.seen.ask("document.scripts.length")

    @property
    def item(self) -> str:
        """The item whose page this is."""
        return self.page.url.partition("?")[0].rpartition("/")[2]

    def press(self, words: str) -> None:
        with self.page.expect_navigation():
            self.page.get_by_role("button", name=words, exact=True).click()
        self.check()

    def follow(self, words: str) -> None:
        with self.page.expect_navigation():
            self.page.get_by_role("link", name=words).first.click()
        self.check()

    def says(self, words: str) -> bool:
        return bool(self.page.get_by_text(words).first.is_visible())


def test_a_season_is_read_mended_approved_and_sent(house: House, look: Look) -> None:
    """Two items approved, one sent back, mended, seen with its change, approved: these three go out on their days, in
    the form that was approved; the one that somebody takes back after the season was armed does not."""
    link = house.get_ready()
    address = house.serve()
    seen = look(address + link, within=address, width=375, height=760)
    ben = Ben(seen, address + link)
    ben.check()
    assert ben.says("0 of 5 items read by you")

    ben.press("Start reading")
    assert FIRST == ben.item
    for view in ("on a narrow phone, 320 px", "in dark mode", "as plain text", "as it comes"):
        ben.page.get_by_label(view).check()
        ben.check()
    button = ben.page.get_by_role("button", name="Approve this")
    box = button.bounding_box()
    assert box
    assert box["height"] >= 44, "a thumb hits it"
    ben.press("Approve this")
    assert SECOND == ben.item
    assert ben.says("You approved “How many people are held for a debt”.")

    ben.press("Approve this")
    assert THIRD == ben.item
    ben.press("Ask for changes")
    assert ben.says("That did not work: the comment is empty."), "what should change has to be said"
    ben.page.get_by_label("In your words").fill("Say that a small count is none either.")
    ben.press("Ask for changes")
    assert "in-her-words" == ben.item
    assert ben.says("You asked for changes of")
    ben.page.goto(f"{address}{link}/finish")
    ben.check()
    assert ben.says("Approved by you: 2")
    assert ben.says("You asked for changes: 1")

    ben.page.goto(f"{address}{link}/items/{THIRD}")
    ben.page.get_by_label("In your words").fill("I was about to write more.")
    mend_the_item(house, look, address)
    ben.press("Approve after all")
    assert ben.says("It changed while you were reading. Nothing was decided.")
    assert "I was about to write more." == ben.page.get_by_label("In your words").input_value()

    mailed = house.mail_to_ben()
    assert address + link == mailed, "the link that he has, and that goes on working"
    ben.page.goto(mailed)
    ben.check()
    assert ben.says("1 of them changed since you asked")
    ben.press("Go on reading")
    assert THIRD == ben.item, "nobody has to find it: the link leads to it"
    assert ben.says("Changed since you asked")
    assert ben.says("What changed since you asked for changes")
    added = ben.seen.ask("[...document.querySelectorAll('.changes ins')].map(e => e.innerText).join(' ')")
    assert "not even a small one" in added
    assert ben.says("Done: in the post and in the email.")
    ben.press("Approve this")
    assert "in-her-words" == ben.item, "on to the next that waits"
    ben.press("Undo")
    assert THIRD == ben.item
    assert ben.says("You took back your approval of")
    ben.press("Approve this")

    assert "Not armed" in house.run("arm", "--by", "Ada Example"), "two of the first days nobody has read"
    house.run("approve", "--all", "--by", "Ada Example")
    assert "Armed" in house.run("arm", "--by", "Ada Example")
    house.run("request-changes", "in-her-words", "--by", "Ada Example", "--comment", "Ask her once more.")
    for at in DAYS:
        house.run("tick", at=at)
        house.run("tick", at=at)
    posts = [post.text for post in house.x.posts]
    assert 3 == len(posts)
    assert any("3.5 million" in text for text in posts)
    sent = [mail for mail in house.sendgrid.mails if "Something waits for you to read" != mail.subject]
    told = len(house.sendgrid.mails) - len(sent)
    assert told <= 1 + len(DAYS), "one a day at most, though two passes were made on each"
    mails = [(mail.subject, mail.text) for mail in sent]
    assert 3 == len(mails)
    assert [READERS] * 3 == [len(mail.envelopes) for mail in sent]
    for text in (posts[2], mails[2][1]):
        assert AFTER in " ".join(text.split())
    assert {BEN_AT} == {address for _, address in house.sendgrid.received_twice()}, "no reader got one twice"
    assert 12 <= ben.pages


def test_the_same_without_scripts_and_by_keyboard(house: House, look: Look) -> None:
    """With Tab and Enter alone, in a browser that runs no script: an item is approved, another one passed over."""
    link = house.get_ready()
    address = house.serve()
    seen = look(address + link, within=address, width=1200, script=False, dark=True)
    page = seen.page
    press_until(page, "Start reading")
    assert page.url.endswith(f"/items/{FIRST}")
    press_until(page, "Approve this")
    assert f"/items/{SECOND}" in page.url
    assert 2 == len(house.ledger.approvals.of_season(SeasonKey(CAMPAIGN, 2027)).all)
    assert "n" == page.get_by_role("link", name="Skip for now").get_attribute("accesskey")
    press_until(page, "Skip for now")
    assert page.url.endswith(f"/items/{THIRD}")
    assert [] == seen.context.cookies()


def press_until(page: Page, words: str) -> None:
    """Tab to the button of these words, and press Enter."""
    for _ in range(80):
        page.keyboard.press("Tab")
        if words == page.evaluate("document.activeElement.innerText.trim()"):
            with page.expect_navigation():
                page.keyboard.press("Enter")
            return
    raise AssertionError(f"no button {words!r} was reached")


def test_a_word_without_end_makes_no_page_wider(look: Look, tmp_path: Path) -> None:
    """An address in a headline, say: whatever stands in the files, nobody scrolls sideways."""
    site = ReadingSite(tmp_path)
    site.edit(FIRST, 'title = "', f'title = "{"W" * 90} ')
    served = serve(site.app, "127.0.0.1", 0)
    try:
        for path in ("", "/finish", f"/items/{FIRST}"):
            seen = look(f"{served.url}{site.link}{path}", within=served.url, width=375)
            assert "W" * 90 in seen.page.content()
            assert 0 == seen.overflow(), path
    finally:
        served.stop()
        site.close()
