"""The server: one place, busy or not, and an end that lets a request under way end too."""

from __future__ import annotations

import http.client
import logging
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

import pytest

from scheduler.errors import UsageError
from scheduler.web.editing.edit_pages import LARGEST_UPLOAD
from scheduler.web.server import Handle, serve
from tests.support.web_factory import ROOT, Site

App = Callable[[dict[str, Any], Any], Iterable[bytes]]


def saying(words: bytes = b"hello") -> App:
    def app(environ: dict[str, Any], start: Any) -> Iterable[bytes]:
        start("200 OK", [("Content-Type", "text/plain"), ("X-Path", environ["PATH_INFO"])])
        return [words]

    return app


@pytest.fixture
def running() -> Iterator[Callable[..., Handle]]:
    """Start servers; they are stopped at the end."""
    started: list[Handle] = []

    def start(app: App, **options: Any) -> Handle:
        started.append(serve(app, "127.0.0.1", 0, **options))
        return started[-1]

    yield start
    for handle in started:
        handle.stop()


def ask(
    handle: Handle, method: str = "GET", path: str = "/", body: bytes | None = None
) -> tuple[int, http.client.HTTPMessage, bytes]:
    """Status, headers and body of one request on a line of its own."""
    connection = http.client.HTTPConnection(str(handle.host), int(handle.port), timeout=60)
    headers = {"Content-Type": "application/x-www-form-urlencoded"} if body else {}
    try:
        connection.request(method, path, body, headers)
        answer = connection.getresponse()
        return answer.status, answer.headers, answer.read()
    finally:
        connection.close()


def test_it_serves_and_does_not_say_what_it_is(running: Callable[..., Handle]) -> None:
    """On the port that it says, without naming its software."""
    handle = running(saying())
    status, headers, body = ask(handle)
    assert (200, b"hello") == (status, body)
    assert "Server" not in headers
    assert f"http://127.0.0.1:{handle.port}" == handle.url


def test_a_busy_port_is_said_with_what_to_do() -> None:
    """UsageError (exit status 2), naming the option."""
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        with pytest.raises(UsageError, match=f"port {port} on 127.0.0.1 is taken") as caught:
            serve(saying(), "127.0.0.1", port)
    assert "--port" in caught.value.hint


@pytest.mark.parametrize(("host", "port"), [("192.0.2.1", 0), ("127.0.0.1", 70_000), ("127.0.0.1", -1), ("no such", 0)])
def test_a_place_that_is_none_is_said(host: str, port: int) -> None:
    """Another machine's address, a port beyond all ports, a name that is none."""
    with pytest.raises(UsageError, match="no place on this machine"):
        serve(saying(), host, port)


def test_stopping_lets_the_request_under_way_end(running: Callable[..., Handle]) -> None:
    """Whoever has pressed the button gets the answer; a second stop does nothing."""
    begun, go_on = threading.Event(), threading.Event()

    def slow(environ: dict[str, Any], start: Any) -> Iterable[bytes]:
        begun.set()
        go_on.wait(60)
        start("200 OK", [("Content-Type", "text/plain")])
        return [b"done"]

    handle = running(slow)
    answers: list[bytes] = []
    asking = threading.Thread(target=lambda: answers.append(ask(handle)[2]))
    asking.start()
    assert begun.wait(60)
    stopping = threading.Thread(target=handle.stop)
    stopping.start()
    go_on.set()
    for thread in (asking, stopping):
        thread.join(60)
    assert [b"done"] == answers
    assert not handle.is_alive
    handle.stop()
    with pytest.raises(ConnectionRefusedError):
        ask(handle)


def test_a_path_in_front_is_taken_off_and_need_not_be_there(running: Callable[..., Handle]) -> None:
    """``https://example.org/news/u/TOKEN``, whether or not the server in front strips ``/news``."""
    handle = running(saying(), prefix="/news/")
    assert ["/u/x", "/u/x"] == [ask(handle, path=path)[1]["X-Path"] for path in ("/news/u/x", "/u/x")]


def test_a_body_beyond_any_use_is_refused_by_the_server_itself(running: Callable[..., Handle]) -> None:
    """Before the application sees a byte of it."""
    connection = http.client.HTTPConnection("127.0.0.1", int(running(saying()).port), timeout=60)
    connection.putrequest("POST", "/")
    connection.putheader("Content-Length", str(LARGEST_UPLOAD + 2))
    connection.endheaders()
    answer = connection.getresponse()
    assert 413 == answer.status
    answer.close()
    connection.close()


def test_an_error_outside_the_application_tells_no_link(
    running: Callable[..., Handle], caplog: pytest.LogCaptureFixture
) -> None:
    """The server would log the path, and the path may be a reader's link."""

    def broken(environ: dict[str, Any], start: Any) -> Iterable[bytes]:
        raise RuntimeError("reader@readers.test")

    with caplog.at_level(logging.DEBUG):
        status, _, body = ask(running(broken), path="/u/a-readers-link")
    assert 500 == status
    assert b"reader" not in body
    assert "RuntimeError" in caplog.text
    assert "reader" not in caplog.text


def test_the_whole_site_over_a_socket(tmp_path: Path, running: Callable[..., Handle]) -> None:
    """A mail program's POST as it really arrives."""
    site = Site(tmp_path)
    (subscriber,) = site.add_test_subscribers(1)
    assert 200 == ask(running(site.app), "POST", site.link(subscriber), b"List-Unsubscribe=One-Click")[0]
    assert 0 == site.ledger.subscribers.count()["active"]
    site.close()


def test_nothing_but_start_pays_for_the_pages() -> None:
    """The command line's other commands, a dry run among them, import neither Flask nor waitress."""
    code = (
        "import sys; from scheduler.cli.main import COMMANDS; import scheduler.wiring; from importlib import import_module;"
        "[import_module(f'scheduler.cli.{m}') for m, _ in COMMANDS.values() if m];"
        "print({'flask', 'waitress', 'werkzeug', 'cryptography'} & {m.split('.')[0] for m in sys.modules})"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert "set()" == done.stdout.strip()


def telling_who() -> App:
    """Answers with the address that the request seems to come from."""

    def app(environ: dict[str, Any], start: Any) -> Iterable[bytes]:
        start("200 OK", [("Content-Type", "text/plain")])
        return [f"{environ['REMOTE_ADDR']} {environ['HTTP_HOST']} {environ['wsgi.url_scheme']}".encode()]

    return app


def whence(handle: Handle, **headers: str) -> str:
    connection = http.client.HTTPConnection(str(handle.host), int(handle.port), timeout=60)
    try:
        connection.request("GET", "/", headers={"Host": "here.test", **headers})
        return connection.getresponse().read().decode()
    finally:
        connection.close()


@pytest.mark.parametrize(
    ("trusted", "forwarded", "expected"),
    [
        ("", "203.0.113.7", "127.0.0.1"),
        ("192.0.2.1", "203.0.113.7", "127.0.0.1"),
        ("127.0.0.1", "203.0.113.7", "203.0.113.7"),
        ("127.0.0.1", "198.51.100.1, 203.0.113.7", "203.0.113.7"),
        ("127.0.0.1", "", "127.0.0.1"),
    ],
    ids=["nobody is trusted", "somebody else is", "the server in front is", "a visitor's own is passed on", "none"],
)
def test_only_the_server_in_front_says_where_a_request_comes_from(
    running: Callable[..., Handle], trusted: str, forwarded: str, expected: str
) -> None:
    """Of its X-Forwarded-For the last address: what a visitor wrote before it counts for nothing. No other header of
    the kind is believed."""
    handle = running(telling_who(), trusted_proxy=trusted)
    headers = {"X-Forwarded-For": forwarded} if forwarded else {}
    headers |= {"X-Forwarded-Host": "evil.test", "X-Forwarded-Proto": "gopher", "Forwarded": "for=198.51.100.9"}
    assert f"{expected} here.test http" == whence(handle, **headers)
