"""Whether readers can leave: asked at the public address, proven by this ledger alone, told, and confirmed by a person."""

from __future__ import annotations

import socket
import socketserver
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from scheduler.channels import web_question
from scheduler.channels.web_question import Answered, Ended, ask
from scheduler.clock import SystemClock, VirtualClock
from scheduler.domain.delivery import State
from scheduler.domain.leave_page import ASKED, CONFIRMED, Found, LeavePage, found_words, is_confirmed, last_found
from scheduler.domain.reason import ReasonCode
from scheduler.domain.records import Delivery
from scheduler.engine.outside import BAD_FOR, GOOD_FOR, LeaveCheck
from scheduler.project import Project
from scheduler.services.outside import OwnPage, asked_for_own_page, may_ask, own_page_of, time_tellers
from scheduler.store import open_ledger
from scheduler.store.ledger import Ledger
from scheduler.subscribers.tokens import page_code, page_proof, proves_page, same_code
from scheduler.wiring import load_settings
from tests.support.web_factory import ROOT, Site
from tests.support.world import A_MONTH

KEY = b"k" * 32
NONCE = "0123456789abcdef" * 2
URL = "https://news.coalition.net"
NOW = datetime(2027, 1, 11, 9, 30, tzinfo=UTC)


# -- the proof ------------------------------------------------------------------------------------------


def test_only_this_ledger_with_this_key_answers_rightly() -> None:
    right = page_proof(KEY, "ledger", NONCE)
    assert proves_page(right, KEY, "ledger", NONCE)
    for other in (
        page_proof(b"o" * 32, "ledger", NONCE),
        page_proof(KEY, "copy", NONCE),
        page_proof(KEY, "ledger", "0" * 32),
        "",
        "é",
    ):
        assert not proves_page(other, KEY, "ledger", NONCE)


def test_a_code_is_read_as_people_write_it() -> None:
    shown = page_code(KEY, "ledger", URL)
    assert len(shown) == 9
    assert shown[4] == "-"
    for typed in (
        shown,
        shown.lower(),
        shown.replace("-", " "),
        shown.replace("-", ""),
        f" {shown} ",
        shown.replace("0", "o"),
    ):
        assert same_code(typed, shown)
    for typed in ("", shown[:-1], page_code(KEY, "ledger", URL + "/january"), page_code(KEY, "copy", URL)):
        assert not same_code(typed, shown)


# -- the page -------------------------------------------------------------------------------------------


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    made = Site(tmp_path)
    yield made
    made.close()


def test_the_page_proves_itself_and_leaves_no_trace(site: Site) -> None:
    """By GET and by POST, as people and mail programs come; it knows no reader, and nothing is written."""
    site.add_test_subscribers(2)
    before, events = site.ledger.subscribers.count(), site.ledger.events.version()
    own = own_page_of(site.project, site.ledger)
    for answer in (site.client.get(f"/c/u/check/{NONCE}"), site.client.post(f"/c/u/check/{NONCE}", data={"a": "b"})):
        assert (answer.status_code, answer.mimetype) == (200, "text/plain")
        assert answer.headers["Cache-Control"] == "no-store"
        assert proves_page(answer.text.strip(), own.key, own.ledger_id, NONCE)
    page = site.client.get("/c/u/check")
    assert page.status_code == 200
    assert own.code in page.text
    assert (before, events) == (site.ledger.subscribers.count(), site.ledger.events.version())


@pytest.mark.parametrize("nonce", ["x", "0" * 31, "0" * 33, NONCE.upper(), "0" * 31 + "%0a"])
def test_what_is_no_number_gets_no_answer(site: Site, nonce: str) -> None:
    assert 404 == site.client.get(f"/c/u/check/{nonce}").status_code


def test_check_is_no_readers_token(site: Site) -> None:
    """A POST to the page's own address is that of a link that nobody has."""
    assert (404, 405) == tuple(site.client.post(path).status_code for path in ("/u/check", "/c/u/check"))


# -- asking ---------------------------------------------------------------------------------------------


@dataclass
class Served:
    """What a server on loopback answers."""

    own: OwnPage | None = None
    status: int = 200
    body: str = ""
    post_status: int = 0
    seen: list[tuple[str, str]] = field(default_factory=list)


@contextmanager
def serving(served: Served) -> Iterator[str]:
    class Handler(BaseHTTPRequestHandler):
        def _serve(self) -> None:
            served.seen.append((self.command, self.path))
            self.rfile.read(int(self.headers.get("Content-Length") or 0))
            body = served.own.answer_to(self.path.rpartition("/")[2]) if served.own else served.body
            status = served.post_status or served.status if self.command == "POST" else served.status
            self.send_response(status)
            if 300 <= status < 400:
                self.send_header("Location", "/elsewhere")
            self.end_headers()
            if self.command != "HEAD":
                self.wfile.write(body.encode())

        do_GET = do_POST = do_HEAD = _serve

        def log_message(self, *_: object) -> None: ...

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}/january"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


OWN = OwnPage(KEY, "ledger", URL)


def found_at(base: str) -> Found:
    return asked_for_own_page(OWN, f"{base}/c/u/check/{NONCE}", NONCE)


def test_this_ledgers_page_is_good_below_the_same_path() -> None:
    served = Served(OWN)
    with serving(served) as base:
        assert Found(LeavePage.GOOD) == found_at(base)
    assert [(m, f"/january/c/u/check/{NONCE}") for m in ("GET", "POST")] == served.seen


@pytest.mark.parametrize(
    ("served", "says"),
    [
        (Served(replace(OWN, ledger_id="another")), "another page"),
        (Served(replace(OWN, key=b"o" * 32)), "another page"),
        (Served(body="<h1>This domain is parked</h1>"), "another page"),
        (Served(status=404), "404"),
        (Served(status=502), "502"),
        (Served(OWN, status=301), "301"),
        (Served(OWN, post_status=405), "405 to what mail programs post"),
        (Served(OWN, post_status=308), "308"),
    ],
)
def test_what_is_there_and_is_not_ours_is_wrong(served: Served, says: str) -> None:
    """A redirect too: mail programs do not follow one (RFC 8058)."""
    with serving(served) as base:
        found = found_at(base)
    assert (LeavePage.WRONG, True) == (found.page, says in found.detail), found


def test_nothing_there_is_wrong() -> None:
    with socket.create_server(("127.0.0.1", 0)) as once:
        port = once.getsockname()[1]
    found = found_at(f"http://127.0.0.1:{port}")
    assert (LeavePage.WRONG, "nothing listens there") == (found.page, found.detail)


@contextmanager
def answering_with(talk: Callable[[socket.socket], object]) -> Iterator[int]:
    """A server that is no web server."""

    class Handler(socketserver.BaseRequestHandler):
        def handle(self) -> None:
            talk(self.request)

    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Handler) as server:
        server.daemon_threads = True
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        yield server.server_address[1]
        server.shutdown()
        thread.join()


def test_something_that_is_no_web_server_is_wrong() -> None:
    """A tunnel whose end is gone, another program's port, no certificate where one is expected."""
    for talk in (lambda s: None, lambda s: (s.recv(4096), s.sendall(b"220 mail ESMTP\r\n"))):
        with answering_with(talk) as port:
            found = found_at(f"http://127.0.0.1:{port}")
            assert LeavePage.WRONG is found.page, found
    with serving(Served(OWN)) as base:
        found = found_at(base.replace("http://", "https://"))
        assert (LeavePage.WRONG, "no encrypted connection (TLS)") == (found.page, found.detail)


def test_silence_says_nothing_of_others(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("scheduler.services.outside.PAGE_SECONDS", 0.3)
    ended = threading.Event()
    with answering_with(lambda s: ended.wait(60)) as port:
        found = found_at(f"http://127.0.0.1:{port}")
        ended.set()
    assert LeavePage.UNSEEN is found.page, found


@pytest.mark.parametrize(
    ("error", "ended"),
    [
        (socket.gaierror(-2, "Name or service not known"), Ended.NO_NAME),
        (OSError(113, "No route to host"), Ended.NO_WAY),
        (TimeoutError(), Ended.NO_WAY),
        (ConnectionRefusedError(), Ended.NOTHING_THERE),
        (ConnectionResetError(), Ended.NO_WEB_SERVER),
    ],
)
def test_errors_of_the_network_by_kind(monkeypatch: pytest.MonkeyPatch, error: OSError, ended: Ended) -> None:
    """A name that is not known here and no way from here say nothing of what readers find."""

    def broken(*_: object, **__: Any) -> None:
        raise error

    monkeypatch.setattr(socket, "create_connection", broken)
    said = ask("GET", "http://127.0.0.1:9/", 5)
    assert ended is said.ended
    monkeypatch.setattr(web_question, "ask", lambda *a, **k: said)
    unseen = ended in (Ended.NO_NAME, Ended.NO_WAY)
    assert (LeavePage.UNSEEN if unseen else LeavePage.WRONG) is found_at("http://127.0.0.1:9").page


def test_an_answer_tells_the_servers_clock() -> None:
    with serving(Served(status=405)) as base:
        said = ask("HEAD", base, 5, any_date=True)
    assert (Ended.ANSWERED, 405) == (said.ended, said.status)
    assert said.date is not None
    assert abs(said.date - SystemClock().now()) < timedelta(minutes=1)
    for header in (None, "", "yesterday", "Mon, 32 Jan 2027 10:00:00 GMT"):
        assert web_question.date_of(header) is None
    assert datetime(2027, 1, 11, 15, tzinfo=UTC) == web_question.date_of("Mon, 11 Jan 2027 15:00:00 GMT")
    assert Answered(Ended.NO_WAY).date is None


# -- the check before a mailing -------------------------------------------------------------------------


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    opened = open_ledger(f"sqlite:///{tmp_path / 'ledger.db'}")
    yield opened
    opened.close()


class Checked:
    def __init__(self, ledger: Ledger, *, trusted: bool = False) -> None:
        self.ledger, self.clock, self.asked = ledger, VirtualClock(NOW), 0
        self.answer = Found(LeavePage.GOOD)
        self.check = LeaveCheck(ledger, URL, self._look, self.clock, self.clock, trusted=trusted)

    def _look(self, nonce: str) -> Found:
        assert len(nonce) == 32
        self.asked += 1
        return self.answer

    def code_for(self, kind: str = "email", season: int = 2027) -> ReasonCode | None:
        reason = self.check.stands_in_the_way(a_delivery(kind, season))
        return reason.code if reason else None


def a_delivery(kind: str, season: int) -> Delivery:
    return Delivery(
        id=1,
        mode="live",
        campaign="a-month",
        season=season,
        item="day-11",
        channel=kind,
        kind=kind,
        on=date(2027, 1, 11),
        due_at=NOW,
        expires_at=NOW + timedelta(hours=14),
        state=State.SCHEDULED,
    )


def test_a_mailing_is_asked_about_once_and_again_after_ten_minutes(ledger: Ledger) -> None:
    checked = Checked(ledger)
    for _ in range(200):
        assert checked.code_for() is None
    assert checked.asked == 1
    checked.clock.advance(GOOD_FOR)
    checked.code_for()
    assert checked.asked == 2
    assert () == ledger.events.of_kinds(ASKED), "a page that is there is no news"


def test_a_page_that_is_wrong_waits_and_is_asked_again_soon(ledger: Ledger) -> None:
    checked = Checked(ledger)
    checked.answer = Found(LeavePage.WRONG, "it answered 404 to what people open")
    assert (ReasonCode.LEAVE_PAGE_DOWN, None) == (checked.code_for(), checked.code_for("post"))
    assert checked.check.was_bad
    known = last_found(ledger.events.of_kinds(ASKED), URL)
    assert checked.answer == known
    assert last_found(ledger.events.of_kinds(ASKED), URL + "/other") is None
    checked.answer = Found(LeavePage.GOOD)
    checked.clock.advance(BAD_FOR)
    assert checked.code_for() is None
    assert ["wrong", "good"] == [e.data["found"] for e in ledger.events.of_kinds(ASKED)]


def test_where_nobody_can_see_it_a_person_is_asked_once_a_season(ledger: Ledger) -> None:
    checked = Checked(ledger)
    checked.answer = Found(LeavePage.UNSEEN, "no answer in time")
    assert ReasonCode.LEAVE_PAGE_UNSEEN is checked.code_for()
    ledger.events.record(
        CONFIRMED, who="Ada Example", now=NOW, address=f"{URL}/c/u/check", campaign="a-month", season=2027
    )
    assert checked.code_for() is None
    assert ReasonCode.LEAVE_PAGE_UNSEEN is checked.code_for(season=2028)
    assert not is_confirmed(ledger.events.of_kinds(CONFIRMED), URL + "/moved", A_MONTH)
    checked.answer = Found(LeavePage.WRONG, "nothing listens there")
    checked.clock.advance(BAD_FOR)
    assert ReasonCode.LEAVE_PAGE_DOWN is checked.code_for(), "what a person saw once does not outweigh this"


def test_trusted_is_not_asked(ledger: Ledger) -> None:
    checked = Checked(ledger, trusted=True)
    checked.answer = Found(LeavePage.WRONG)
    assert (None, 0) == (checked.code_for(), checked.asked)


@pytest.mark.parametrize("page", [LeavePage.WRONG, LeavePage.UNSEEN])
def test_what_is_said_names_the_address_and_the_next_step(page: LeavePage) -> None:
    said, to_do = found_words(Found(page, "no answer in time"), URL)
    assert f"{URL}/c/u/check" in said
    assert "no answer in time" in said
    assert "emails wait" in said
    assert ("links confirm CODE" in to_do) == (page is LeavePage.UNSEEN)


# -- who may be asked -----------------------------------------------------------------------------------


def a_project(tmp_path: Path, public_url: str = URL, **more: str) -> Project:
    env = {"OBSERVANCE_MODE": "live", "OBSERVANCE_PUBLIC_URL": public_url, **more}
    return Project(ROOT, load_settings(ROOT, env), env, SystemClock())


SANDBOX = {
    "OBSERVANCE_CHANNELS__X__BASE_URL": "http://127.0.0.1:8601",
    "OBSERVANCE_CHANNELS__EMAIL__BASE_URL": "http://127.0.0.1:8602",
}


def test_outside_is_asked_only_where_something_goes_outside(tmp_path: Path) -> None:
    """A rehearsal, a sandbox and a pretended day stay on this machine; an example is nobody's."""
    live = a_project(tmp_path)
    assert may_ask(live, URL)
    assert time_tellers(live) == ("https://api.x.com", "https://api.sendgrid.com")
    here = "http://127.0.0.1:8080"
    for project in (
        a_project(tmp_path, OBSERVANCE_MODE="rehearsal"),
        a_project(tmp_path, **SANDBOX),
        replace(live, clock=VirtualClock(NOW)),
    ):
        assert not may_ask(project, URL)
        assert may_ask(project, here)
    for nobodys in ("https://news.example.org", "https://example.com", "https://a.example", "https://x.test/january"):
        assert not may_ask(live, nobodys)
    assert time_tellers(a_project(tmp_path, **SANDBOX)) == ("http://127.0.0.1:8601", "http://127.0.0.1:8602")


def test_a_mail_server_on_this_machine_may_reach_people(tmp_path: Path) -> None:
    """Postfix at its own port sends on; the sandbox's stand-in has another."""
    smtp = {
        "OBSERVANCE_CHANNELS__X__ENABLED": "false",
        "OBSERVANCE_CHANNELS__EMAIL__TRANSPORT": "smtp",
        "OBSERVANCE_CHANNELS__EMAIL__STARTTLS": "false",
    }
    for port, reaches in (("25", True), ("587", True), ("8603", False)):
        project = a_project(tmp_path, **smtp, OBSERVANCE_CHANNELS__EMAIL__BASE_URL=f"smtp://localhost:{port}")
        assert reaches == project.settings.may_reach_people() == may_ask(project, URL)
        assert () == time_tellers(project)
