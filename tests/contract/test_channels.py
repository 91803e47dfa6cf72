"""One suite for every way out. Each transport talks to its double, a real server on this machine.

What it holds: certainly not sent is LATER or FINAL, certainly sent is ACCEPTED, and all else is UNKNOWN; one call is
one request; nothing that a person must not see gets into a log.
"""

from __future__ import annotations

import json
import logging
import os
import re
import socket
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from scheduler.channels.recording import RecordingTransport
from scheduler.channels.sendgrid import SendGridTransport, build_mail
from scheduler.channels.smtp import SmtpTransport, build_mails
from scheduler.channels.x import XTransport, build_post
from scheduler.clock import VirtualClock, stopwatch
from scheduler.domain.message import EmailBody, Message, PostBody
from scheduler.domain.reason import ReasonCode
from scheduler.ports import OutcomeKind, Recipient, Request, Verdict
from scheduler.sandbox.faults import Act, Fault
from scheduler.sandbox.run import SENDGRID_KEY, X_SECRETS
from scheduler.sandbox.sendgrid import SendGridDouble
from scheduler.sandbox.smtp import SmtpDouble
from scheduler.sandbox.x import XDouble
from scheduler.settings import ChannelSettings, Secrets

NOW = datetime(2027, 1, 11, 15, 0, tzinfo=UTC)
SMTP_ACCOUNT = ("news", "sandbox-not-a-real-password")
SECRETS = {**X_SECRETS, "SENDGRID_API_KEY": SENDGRID_KEY, "SMTP_PASSWORD": SMTP_ACCOUNT[1]}
SHORT = 1.0  # seconds; the client's patience where a test waits for it

POST = Message(
    campaign="january",
    season=2027,
    item="help-is-near",
    channel="x",
    kind="help",
    on=date(2027, 1, 11),
    due_at=NOW,
    expires_at=NOW + timedelta(hours=9),
    body=PostBody("Help & hope, day and night: https://humantraffickinghotline.org/en/ 1-888-373-7888", 80, 280, True),
)
MAIL = replace(
    POST,
    channel="email",
    body=EmailBody(
        subject="Help is near",
        preheader="Day 11 of 32",
        text="Help is near.\nLeave: %unsubscribe_url%\n",
        html='<!doctype html><p>Help is near. <a href="%unsubscribe_url%">Leave</a></p>',
        from_name="Example Coalition",
        from_address="news@coalition.example",
        reply_to="office@coalition.example",
        list_id="January <january.coalition.example>",
    ),
)
READERS = tuple(
    Recipient(f"s-{n}", f"reader.{n}@readers.example", f"Reader {n}", f"https://coalition.example/u/token{n}")
    for n in range(1, 4)
)


@dataclass
class Way:
    """A transport, its double, and how to make more of either."""

    name: str
    double: XDouble | SendGridDouble | SmtpDouble
    transport_to: Callable[[str, float], Any]

    @property
    def kept(self) -> int:
        """How many calls the provider has. A call by SMTP has one reader here."""
        return len(self.double.posts if isinstance(self.double, XDouble) else self.double.mails)

    def reference(self, number: int = 0) -> str:
        """The provider's name for the call that it kept as this one."""
        if isinstance(self.double, SmtpDouble):  # no server names a call; the send id stands in each Message-ID
            return self.double.mails[number].message_id[1:].split(".")[0]
        return (
            self.double.posts[number].id if isinstance(self.double, XDouble) else self.double.mails[number].message_id
        )

    def at(self, address: str, *, encrypted: bool = False) -> str:
        """An address, as one that this transport takes."""
        scheme = ("smtps" if encrypted else "smtp") if self.name == "smtp" else "https" if encrypted else "http"
        return f"{scheme}://{address.partition('://')[2]}"

    def request(self, transport: Any, number: int = 0) -> Request:
        if self.name == "x":
            body = replace(POST.body, text=f"{POST.body.text} {number}" if number else POST.body.text)
            return transport.build(replace(POST, body=body), send_id=f"send-{number}")
        readers = READERS[:1] if self.name == "smtp" else READERS
        return transport.build(MAIL, send_id=f"send-{number}", recipients=readers)


def running(name: str) -> Iterator[Way]:
    """A running double with an empty fault script; a test adds what is to go wrong by ``break_it``."""
    transports: list[Any] = []
    clock = VirtualClock(NOW)
    double: XDouble | SendGridDouble | SmtpDouble
    if name == "x":
        double = XDouble(clock=clock, secrets=X_SECRETS)
    elif name == "sendgrid":
        double = SendGridDouble(clock=clock, api_key=SENDGRID_KEY)
    else:
        double = SmtpDouble(clock=clock, account=SMTP_ACCOUNT)

    def transport_to(base_url: str, seconds: float) -> Any:
        options = {"username": SMTP_ACCOUNT[0], "starttls": False} if name == "smtp" else {}
        channel = "x" if name == "x" else "email"
        kind = {"x": XTransport, "sendgrid": SendGridTransport, "smtp": SmtpTransport}[name]
        transports.append(kind(ChannelSettings(channel, name, True, base_url, seconds, options), Secrets(SECRETS)))
        return transports[-1]

    with double:
        yield Way(name, double, transport_to)
        for transport in transports:
            transport.close()


@pytest.fixture(params=["x", "sendgrid", "smtp"])
def way(request: pytest.FixtureRequest) -> Iterator[Way]:
    """Every way out."""
    yield from running(request.param)


@pytest.fixture(params=["x", "sendgrid"])
def http_way(request: pytest.FixtureRequest) -> Iterator[Way]:
    """Those that speak HTTP, with its statuses."""
    yield from running(request.param)


@pytest.fixture
def sendgrid() -> Iterator[Way]:
    """The one that takes a thousand readers a call."""
    yield from running("sendgrid")


def break_it(way: Way, *faults: Fault) -> None:
    """The fault script from here on."""
    way.double.faults = type(way.double.faults)(faults)


def send(way: Way, seconds: float = 5.0) -> Any:
    """One call to the double."""
    transport = way.transport_to(way.double.base_url, seconds)
    return transport.send(way.request(transport), now=NOW)


# -- what each answer means ---------------------------------------------------------------------------


def test_accepted_once(way: Way) -> None:
    """A success is ACCEPTED with the provider's own reference, and the provider has one call."""
    outcome = send(way)
    assert (outcome.kind, outcome.reference) == (OutcomeKind.ACCEPTED, way.reference())
    assert (way.kept, way.double.sending_requests) == (1, 1)


def test_one_address_that_sendgrid_refuses_does_not_keep_the_others(sendgrid: Way) -> None:
    """Nothing was sent, and by whom it was spoilt is named, without the address; without them the call goes."""
    transport = sendgrid.transport_to(sendgrid.double.base_url, 5.0)
    spoilt = replace(READERS[1], address="reader.2@nodot")  # an address by our rules, none by SendGrid's
    request = transport.build(MAIL, send_id="send-1", recipients=(READERS[0], spoilt, READERS[2]))
    outcome = transport.send(request, now=NOW)
    assert (OutcomeKind.LATER, NOW) == (outcome.kind, outcome.retry_at)
    assert {"s-2": "SendGrid refuses the address: Does not contain a valid address."} == outcome.spoilt_by
    assert "@" not in repr(outcome)
    others = transport.build(MAIL, send_id="send-1", recipients=(READERS[0], READERS[2]))
    assert (0, OutcomeKind.ACCEPTED, 1) == (sendgrid.kept, transport.send(others, now=NOW).kind, sendgrid.kept)
    alone = transport.send(transport.build(MAIL, send_id="send-2", recipients=(spoilt,)), now=NOW)
    assert (OutcomeKind.FINAL, {}) == (alone.kind, alone.spoilt_by), "with nobody else to go to, it is refused"


@pytest.mark.parametrize(
    "errors",
    [
        [{"message": "no", "field": "personalizations.1.to.0.email"}, {"message": "no", "field": "subject"}],
        [{"message": "no", "field": "personalizations.1.headers.X"}],
        [{"message": "no", "field": "personalizations.3.to.0.email"}],
        [{"message": "no", "field": "personalizations"}],
        [{"message": "no", "field": None}, "x", None],
        [{"message": "no", "field": f"personalizations.{n}.to"} for n in range(3)],
        "personalizations.1.to",
        [],
    ],
)
def test_a_refusal_of_the_mail_itself_is_final(sendgrid: Way, errors: object, raw_server: Callable[..., str]) -> None:
    """Only what is about some readers' addresses and about nothing else leaves the others their mail."""
    body = json.dumps({"errors": errors}).encode()
    answer = b"HTTP/1.1 400 Bad Request\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n" % len(body)
    outcome = send_to(sendgrid, raw_server(answer + body))
    assert (OutcomeKind.FINAL, {}) == (outcome.kind, outcome.spoilt_by)


@pytest.mark.parametrize("status", [0, 401, 403, 404, 405, 410, 413, 415, 422])
def test_refused_is_final(way: Way, status: int) -> None:
    """A refusal is certainly not sent, and trying again is of no use."""
    status = 400 if way.name != "smtp" and not status else status
    if way.name == "smtp":
        status = 550 + status % 10
    break_it(way, Fault(Act.REFUSE, status=status))
    outcome = send(way)
    assert (outcome.kind, outcome.status, outcome.retry_at) == (OutcomeKind.FINAL, status, None)
    assert way.kept == 0
    assert "refused by the fault script" in outcome.detail


def test_limit_with_a_reset(http_way: Way) -> None:
    """429 is tried again when the limit ends."""
    break_it(http_way, Fault(Act.LIMIT, reset_in=420))
    outcome = send(http_way)
    assert (outcome.kind, outcome.retry_at) == (OutcomeKind.LATER, NOW + timedelta(seconds=420))
    assert http_way.kept == 0


def test_limit_without_a_reset(http_way: Way) -> None:
    """429 that names no end is tried again after a while, at least a minute and at most 15."""
    break_it(http_way, Fault(Act.LIMIT))
    outcome = send(http_way)
    assert outcome.kind is OutcomeKind.LATER
    assert timedelta(minutes=1) <= outcome.retry_at - NOW <= timedelta(minutes=15)


def test_credit_gone(http_way: Way) -> None:
    """An empty balance is certainly not sent, needs money, and may be filled up inside the window."""
    break_it(http_way, Fault(Act.NO_CREDIT))
    outcome = send(http_way)
    assert (outcome.kind, outcome.retry_at is not None) == (OutcomeKind.LATER, True)
    assert [ReasonCode.NEEDS_MONEY] == [reason.code for reason in outcome.reasons]
    assert http_way.kept == 0


@pytest.mark.parametrize("status", [500, 502, 503, 504])
def test_error_after_accepting_is_unknown(http_way: Way, status: int) -> None:
    """A 5xx says nothing of whether the provider has it."""
    break_it(http_way, Fault(Act.ERROR_AFTER, status=status))
    assert send(http_way).kind is OutcomeKind.UNKNOWN
    assert (http_way.kept, http_way.double.sending_requests) == (1, 1)


@pytest.mark.parametrize("status", [408, 409, 425, 499, 500, 503])
def test_error_before_accepting_is_unknown(http_way: Way, status: int) -> None:
    """From outside it looks the same as one after accepting."""
    break_it(http_way, Fault(Act.ERROR_BEFORE, status=status))
    assert send(http_way).kind is OutcomeKind.UNKNOWN
    assert (http_way.kept, http_way.double.sending_requests) == (0, 1)


@pytest.mark.parametrize("act", [Act.DROP_AFTER, Act.BROKEN_BODY])
def test_no_whole_answer_after_accepting_is_unknown(way: Way, act: Act) -> None:
    """The line is cut, or a success breaks off: one call at the provider, and no second one by ourselves."""
    break_it(way, Fault(act))
    assert send(way).kind is OutcomeKind.UNKNOWN
    assert (way.kept, way.double.sending_requests) == (1, 1)


def test_line_cut_before_accepting_is_unknown(way: Way) -> None:
    """From outside it looks the same as one cut after accepting."""
    break_it(way, Fault(Act.DROP_BEFORE))
    assert send(way).kind is OutcomeKind.UNKNOWN
    assert (way.kept, way.double.sending_requests) == (0, 1)


def test_silence_is_unknown(way: Way) -> None:
    """A provider that accepts and then says nothing is waited for as long as set, and not asked again."""
    break_it(way, Fault(Act.STALL, seconds=60))
    elapsed = stopwatch()
    outcome = send(way, SHORT)
    assert outcome.kind is OutcomeKind.UNKNOWN
    assert f"within {SHORT:g} s" in outcome.detail
    assert elapsed() < 5
    assert (way.kept, way.double.sending_requests) == (1, 1)


# -- lines that fail ----------------------------------------------------------------------------------


@pytest.fixture
def raw_server() -> Iterator[Callable[..., str]]:
    """Starts a server that answers each connection with the given bytes and closes; gives its address."""
    listeners: list[socket.socket] = []
    ended = threading.Event()

    def serve(listener: socket.socket, answer: bytes, drip_seconds: float) -> None:
        while not ended.is_set():
            try:
                line, _ = listener.accept()
            except OSError:
                return
            with line:
                step = 1 if drip_seconds else len(answer) or 1
                try:
                    line.recv(65_536)
                    for at in range(0, len(answer), step):
                        line.sendall(answer[at : at + step])
                        if drip_seconds and ended.wait(drip_seconds):
                            break
                except OSError:
                    continue

    def start(answer: bytes, drip_seconds: float = 0) -> str:
        listener = socket.create_server(("127.0.0.1", 0))
        listeners.append(listener)
        threading.Thread(target=serve, args=(listener, answer, drip_seconds), daemon=True).start()
        return f"http://127.0.0.1:{listener.getsockname()[1]}"

    yield start
    ended.set()
    for listener in listeners:
        try:
            listener.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass
        listener.close()


def send_to(way: Way, base_url: str, seconds: float = 5.0) -> Any:
    transport = way.transport_to(base_url, seconds)
    return transport.send(way.request(transport), now=NOW)


def test_connection_refused_is_later(way: Way) -> None:
    """Nothing was sent: again in a minute."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    outcome = send_to(way, way.at(f"http://127.0.0.1:{port}"))
    assert (outcome.kind, outcome.retry_at) == (OutcomeKind.LATER, NOW + timedelta(seconds=60))
    assert [ReasonCode.NO_CONNECTION] == [reason.code for reason in outcome.reasons]


def test_name_not_found_is_later(way: Way, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing was sent: again in a minute."""

    def no_such_name(*_: object, **__: object) -> Any:
        raise socket.gaierror(-2, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", no_such_name)
    outcome = send_to(way, way.at("https://api.provider.invalid", encrypted=True))
    assert (outcome.kind, outcome.retry_at) == (OutcomeKind.LATER, NOW + timedelta(seconds=60))
    assert [ReasonCode.NAME_NOT_FOUND] == [reason.code for reason in outcome.reasons]


def test_a_connection_that_opens_too_late_is_not_used(way: Way, monkeypatch: pytest.MonkeyPatch) -> None:
    """Looking up a name has no timeout of its own. When it took too long, nothing is sent any more."""
    look_up_name = socket.getaddrinfo

    def slow(*asked: Any, **how: Any) -> Any:
        threading.Event().wait(SHORT * 2)
        return look_up_name(*asked, **how)

    monkeypatch.setattr(socket, "getaddrinfo", slow)
    outcome = send_to(way, way.double.base_url, SHORT)
    assert (outcome.kind, outcome.retry_at) == (OutcomeKind.LATER, NOW + timedelta(seconds=60))
    assert way.double.sending_requests == 0


def test_no_encryption_is_later(way: Way, raw_server: Callable[..., str]) -> None:
    """A handshake that fails comes before the request."""
    plain = raw_server(b"HTTP/1.1 400 Bad Request\r\n\r\n")
    outcome = send_to(way, way.at(plain, encrypted=True))
    assert (outcome.kind, outcome.retry_at) == (OutcomeKind.LATER, NOW + timedelta(seconds=60))


def test_an_answer_in_drips_ends_in_time(http_way: Way, raw_server: Callable[..., str]) -> None:
    """The timeout bounds the call as a whole, not the pauses within it."""
    drips = raw_server(b"HTTP/1.1 201 Created\r\nX-Filler: " + b"x" * 2_000, drip_seconds=0.02)
    elapsed = stopwatch()
    assert send_to(http_way, drips, SHORT).kind is OutcomeKind.UNKNOWN
    assert elapsed() < 5


@pytest.mark.parametrize(
    "answer",
    [
        b"",
        b"not http at all\r\n\r\n",
        b"HTTP/1.1 204 No Content\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 21\r\n\r\n<html>sign in</html>\n",
        b"HTTP/1.1 201 Created\r\nContent-Length: 2\r\n\r\n[]",
        b'HTTP/1.1 201 Created\r\nContent-Length: 14\r\n\r\n{"data": null}',
        b'HTTP/1.1 201 Created\r\nContent-Length: 22\r\n\r\n{"data": {"id": null}}',
        b'HTTP/1.1 201 Created\r\nContent-Length: 15\r\n\r\n{"errors":null}',
        b"HTTP/1.1 201 Created\r\nContent-Encoding: gzip\r\nContent-Length: 4\r\n\r\nnope",
        b"HTTP/1.1 202 Accepted\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nab",
        b"HTTP/1.1 307 Temporary Redirect\r\nLocation: /elsewhere\r\nContent-Length: 0\r\n\r\n",
        b"HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:9/elsewhere\r\nContent-Length: 0\r\n\r\n",
        b"HTTP/1.1 999 What\r\nContent-Length: 0\r\n\r\n",
    ],
    ids=lambda answer: re.sub(r"[^A-Za-z0-9 ]+", " ", answer.decode())[:40].strip() or "nothing",
)
def test_anything_unforeseen_is_unknown(http_way: Way, raw_server: Callable[..., str], answer: bytes) -> None:
    """Answers that no table names: never accepted, never given up, never tried again, never an exception."""
    assert send_to(http_way, raw_server(answer)).kind is OutcomeKind.UNKNOWN


def test_no_redirect_is_followed(http_way: Way, raw_server: Callable[..., str]) -> None:
    """A redirected POST would be a second request, and perhaps a second send."""
    path = "/2/tweets" if http_way.name == "x" else "/v3/mail/send"
    answer = (
        f"HTTP/1.1 307 Temporary Redirect\r\nLocation: {http_way.double.base_url}{path}\r\nContent-Length: 0\r\n\r\n"
    )
    assert send_to(http_way, raw_server(answer.encode())).kind is OutcomeKind.UNKNOWN
    assert http_way.double.lines_opened == 0


@pytest.mark.parametrize("body", [{"text": object()}, {"text": "\ud800"}, {}, {"personalizations": [b"x"]}])
def test_send_never_raises(way: Way, body: dict[str, object]) -> None:
    """Whatever a request holds, the end is an outcome that did not accept it."""
    transport = way.transport_to(way.double.base_url, 5.0)
    outcome = transport.send(replace(way.request(transport), body=body), now=NOW)
    assert outcome.kind is not OutcomeKind.ACCEPTED
    assert way.kept == 0


# -- the line -----------------------------------------------------------------------------------------


def test_the_line_is_kept(way: Way) -> None:
    """Several calls go over one connection."""
    transport = way.transport_to(way.double.base_url, 5.0)
    outcomes = [transport.send(way.request(transport, n), now=NOW).kind for n in range(3)]
    assert outcomes == [OutcomeKind.ACCEPTED] * 3
    assert way.double.lines_opened == 1


def test_a_line_that_was_quiet_is_opened_anew(way: Way, monkeypatch: pytest.MonkeyPatch) -> None:
    """A gateway forgets a quiet line without saying so; a request into it would end in doubt."""
    from scheduler.channels import http, smtp_connection

    monkeypatch.setattr(smtp_connection if way.name == "smtp" else http, "_IDLE_SECONDS", -1)
    transport = way.transport_to(way.double.base_url, 5.0)
    outcomes = [transport.send(way.request(transport, n), now=NOW).kind for n in range(3)]
    assert outcomes == [OutcomeKind.ACCEPTED] * 3
    assert way.double.lines_opened == 3


def test_several_calls_at_once(way: Way) -> None:
    """Threads may share a transport; each call arrives once."""
    transport = way.transport_to(way.double.base_url, 10.0)
    outcomes: list[OutcomeKind] = []
    threads = [
        threading.Thread(target=lambda n=n: outcomes.append(transport.send(way.request(transport, n), now=NOW).kind))
        for n in range(1, 13)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert outcomes == [OutcomeKind.ACCEPTED] * 12
    assert way.kept == 12


def test_no_proxy_for_this_machine(way: Way, monkeypatch: pytest.MonkeyPatch) -> None:
    """A proxy from the environment is not asked for a loopback address."""
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    assert send(way).kind is OutcomeKind.ACCEPTED


def test_builds_the_same_bytes_twice(way: Way) -> None:
    """Build is pure; ids of the call are the caller's."""
    transport = way.transport_to(way.double.base_url, 5.0)
    first, second = way.request(transport), way.request(transport)
    assert (first, json.dumps(first.body)) == (second, json.dumps(second.body))
    assert first.fingerprint


def test_names_what_it_is(way: Way) -> None:
    """The engine asks every transport for these."""
    transport = way.transport_to(way.double.base_url, 20.0)
    expected = {"x": ("post", 0), "sendgrid": ("email", 1_000), "smtp": ("email", 50)}
    assert (transport.kind, transport.batch_limit) == expected[way.name]
    settled = transport.settle_after()
    assert (settled is None) if way.name == "smtp" else settled > timedelta(seconds=20)  # a mail server answers nobody


# -- what is written down -----------------------------------------------------------------------------


@pytest.fixture
def everything_logged(caplog: pytest.LogCaptureFixture) -> pytest.LogCaptureFixture:
    """Every logger that there is, at DEBUG."""
    caplog.set_level(logging.DEBUG)
    for name in list(logging.root.manager.loggerDict):
        caplog.set_level(logging.DEBUG, logger=name)
    return caplog


NEVER_WRITTEN = (*SECRETS.values(), "readers.example", "oauth_signature", "Bearer")


def test_no_secret_and_no_address_in_a_log(way: Way, everything_logged: pytest.LogCaptureFixture) -> None:
    """In success, refusal, cut and silence: no key, no password, no signature, no reader."""
    transport = way.transport_to(way.double.base_url, SHORT)
    details = []
    break_it(way, Fault(Act.ACCEPT), Fault(Act.REFUSE), Fault(Act.DROP_AFTER), Fault(Act.STALL, seconds=60))
    for number in range(5):
        request = way.request(transport, number)
        details.append(repr(transport.send(request, now=NOW)))
        details.append(repr(transport.look_up(request, since=NOW, now=NOW)))
    written = everything_logged.text + "\n".join(details) + repr(transport) + repr(vars(transport))
    assert [] == [hidden for hidden in NEVER_WRITTEN if hidden in written]


def test_no_address_that_a_provider_repeats(
    http_way: Way, raw_server: Callable[..., str], everything_logged: pytest.LogCaptureFixture
) -> None:
    """What the provider said is kept, without the reader in it."""
    body = b'{"errors":[{"message":"reader.1@readers.example is not an address"}]}'
    head = b"HTTP/1.1 400 reader.1@readers.example\r\nContent-Length: %d\r\n\r\n" % len(body)
    detail = repr(send_to(http_way, raw_server(head + body)))
    assert [] == [hidden for hidden in NEVER_WRITTEN if hidden in everything_logged.text + detail]
    assert "[address] is not an address" in detail


# -- evidence -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("act", [Act.DROP_AFTER, Act.ERROR_AFTER, Act.BROKEN_BODY])
def test_evidence_of_what_was_sent(http_way: Way, act: Act) -> None:
    """A doubtful call that the provider has is found there, with the provider's reference."""
    break_it(http_way, Fault(Act.ACCEPT), Fault(act))
    transport = http_way.transport_to(http_way.double.base_url, 5.0)
    transport.send(http_way.request(transport, 1), now=NOW)
    request = http_way.request(transport, 2)
    assert transport.send(request, now=NOW).kind is OutcomeKind.UNKNOWN
    evidence = transport.look_up(request, since=NOW, now=NOW + transport.settle_after())
    assert (evidence.verdict, evidence.reference) == (Verdict.SENT, http_way.reference(1))


def test_nothing_found_proves_nothing(way: Way) -> None:
    """An empty timeline, or log, is never taken for "not sent"."""
    break_it(way, Fault(Act.ACCEPT), Fault(Act.DROP_BEFORE))
    transport = way.transport_to(way.double.base_url, 5.0)
    request = way.request(transport, 2)
    assert transport.look_up(request, since=NOW, now=NOW).verdict is Verdict.CANNOT_TELL
    transport.send(way.request(transport, 1), now=NOW)
    transport.send(request, now=NOW)
    assert transport.look_up(request, since=NOW, now=NOW).verdict is Verdict.CANNOT_TELL


@pytest.mark.parametrize(
    "answer",
    [b"", b"HTTP/1.1 500 No\r\nContent-Length: 0\r\n\r\n", b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n[]"],
    ids=["cut", "error", "not what was asked"],
)
def test_look_up_never_raises(http_way: Way, raw_server: Callable[..., str], answer: bytes) -> None:
    """A provider that cannot be asked leaves the doubt as it is."""
    transport = http_way.transport_to(raw_server(answer), SHORT)
    evidence = transport.look_up(http_way.request(transport), since=NOW, now=NOW)
    assert evidence.verdict is Verdict.CANNOT_TELL
    assert evidence.detail


# -- what only one of them has ------------------------------------------------------------------------


def test_x_refusal_that_tweepy_cannot_read(raw_server: Callable[..., str]) -> None:
    """tweepy raises TypeError on this 403; whether it was a duplicate nobody can tell then."""
    base_url = raw_server(b'HTTP/1.1 403 Forbidden\r\nContent-Length: 15\r\n\r\n{"errors":null}')
    transport = XTransport(ChannelSettings("x", "x", True, base_url, 5.0), Secrets(SECRETS))
    assert transport.send(build_post(POST), now=NOW).kind is OutcomeKind.UNKNOWN
    transport.close()


def test_x_says_duplicate() -> None:
    """The same words again are refused by X without saying which post has them: unknown, then found."""
    with XDouble(clock=VirtualClock(NOW), secrets=X_SECRETS) as double:
        transport = XTransport(ChannelSettings("x", "x", True, double.base_url, 5.0), Secrets(SECRETS))
        request = build_post(POST)
        first = transport.send(request, now=NOW)
        again = transport.send(request, now=NOW)
        assert (OutcomeKind.UNKNOWN, [ReasonCode.DUPLICATE]) == (again.kind, [r.code for r in again.reasons])
        evidence = transport.look_up(request, since=NOW, now=NOW)
        assert (evidence.verdict, evidence.reference) == (Verdict.SENT, first.reference)
        assert len(double.posts) == 1
        transport.close()


def test_an_older_post_is_no_evidence() -> None:
    """A post of the same words from before the call is not the call's."""
    clock = VirtualClock(NOW)
    with XDouble(clock=clock, secrets=X_SECRETS) as double:
        transport = XTransport(ChannelSettings("x", "x", True, double.base_url, 5.0), Secrets(SECRETS))
        request = build_post(POST)
        transport.send(request, now=NOW)
        clock.advance(timedelta(hours=1))
        an_hour_later = NOW + timedelta(hours=1)
        assert transport.look_up(request, since=an_hour_later, now=an_hour_later).verdict is Verdict.CANNOT_TELL
        # Nor is it when X does not cut the timeline as it was asked to.
        cut, double._timeline = (
            double._timeline,
            lambda who, query: cut(who, {**query, "start_time": "2026-01-01T00:00:00Z"}),
        )
        assert transport.look_up(request, since=an_hour_later, now=an_hour_later).verdict is Verdict.CANNOT_TELL
        assert transport.look_up(request, since=NOW, now=an_hour_later).verdict is Verdict.SENT
        transport.close()


def test_sendgrid_checks_without_sending() -> None:
    """With sandbox_mode SendGrid checks a mail, answers 200 and sends nothing; without it 200 is no acceptance."""
    settings = ChannelSettings("email", "sendgrid", True, "", 5.0, {"sandbox_mode": True})
    with SendGridDouble(clock=VirtualClock(NOW), api_key=SENDGRID_KEY) as double:
        transport = SendGridTransport(replace(settings, base_url=double.base_url), Secrets(SECRETS))
        outcome = transport.send(transport.build(MAIL, send_id="s", recipients=READERS), now=NOW)
        assert (outcome.kind, outcome.status, len(double.mails)) == (OutcomeKind.ACCEPTED, 200, 0)
        transport.close()


def test_sendgrid_waits_longer_at_each_limit() -> None:
    """429 without an end: 1, 2, 4, 8, then 15 minutes; after an acceptance from the start again."""
    faults = [Fault(Act.LIMIT, times=6), Fault(Act.ACCEPT), Fault(Act.LIMIT)]
    with SendGridDouble(clock=VirtualClock(NOW), faults=faults) as double:
        transport = SendGridTransport(
            ChannelSettings("email", "sendgrid", True, double.base_url, 5.0), Secrets(SECRETS)
        )
        request = transport.build(MAIL, send_id="s", recipients=READERS)
        outcomes = [transport.send(request, now=NOW) for _ in range(8)]
        waits = [(o.retry_at - NOW).total_seconds() / 60 if o.retry_at else 0 for o in outcomes]
        assert waits == [1, 2, 4, 8, 15, 15, 0, 1]
        transport.close()


def test_sendgrid_bodies_fit_its_own_description() -> None:
    """Bodies of 1 and of 1,000 readers are valid by SendGrid's OpenAPI file."""
    beside = Path(__file__).parents[3] / "shared" / "specs" / "sendgrid_mail_v3.json"
    spec = Path(os.environ.get("OBSERVANCE_SENDGRID_SPEC") or beside)
    if not spec.exists():
        pytest.skip("SendGrid's own description may be absent; name it by OBSERVANCE_SENDGRID_SPEC")
    from scheduler.sandbox.vendor_schema import Schema

    schema = Schema(spec)
    for settings in ({}, {"sandbox_mode": True, "category": "awareness-2027"}):
        channel = ChannelSettings("email", "sendgrid", True, "", 5.0, settings)
        for readers in (READERS[:1], [replace(READERS[0], address=f"r{n}@readers.example") for n in range(1_000)]):
            body = build_mail(MAIL, channel, send_id="s", recipients=readers).body
            assert schema.problems(json.loads(json.dumps(body))) == []
    assert schema.problems({"personalizations": [], "custom_args": {"a": "b"}}) != []


# -- rehearsal ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["x", "sendgrid", "smtp"])
def test_rehearsal_records_instead_of_sending(name: str, tmp_path: Path) -> None:
    """The same request is built; the record names readers by id, never by address; a call made twice shows twice."""
    channel = ChannelSettings("email", "sendgrid", True, "", 5.0)

    def build(message: Message, *, send_id: str, recipients: Any = ()) -> Request:
        if name == "smtp":
            return build_mails(message, send_id=send_id, recipients=recipients)
        return (
            build_post(message) if name == "x" else build_mail(message, channel, send_id=send_id, recipients=recipients)
        )

    transport = RecordingTransport(build, tmp_path / "rehearsal", kind="email", batch_limit=1_000)
    message = POST if name == "x" else MAIL
    request = transport.build(message, send_id="send-1", recipients=READERS)
    assert request == build(message, send_id="send-1", recipients=READERS)
    assert transport.look_up(request, since=NOW, now=NOW).verdict is Verdict.NOT_SENT
    outcomes = [transport.send(request, now=NOW) for _ in range(2)]
    assert [o.kind for o in outcomes] == [OutcomeKind.ACCEPTED] * 2
    evidence = transport.look_up(request, since=NOW, now=NOW)
    assert (evidence.verdict, evidence.reference) == (Verdict.SENT, outcomes[0].reference)
    files = sorted((tmp_path / "rehearsal").iterdir())
    assert len({*(o.reference for o in outcomes), *(f"rehearsal-{f.stem}" for f in files)}) == len(files) == 2
    record = json.loads(files[0].read_text(encoding="utf-8"))
    assert "readers.example" not in files[0].read_text(encoding="utf-8")
    assert "/u/token" not in files[0].read_text(encoding="utf-8")
    if name == "x":
        assert record["body"] == dict(request.body)
    else:
        assert (record["recipients"], record["subscriber_ids"]) == (3, ["s-1", "s-2", "s-3"])
        assert "Help is near" in json.dumps(record["body"])


def test_a_rehearsal_that_cannot_be_written_was_not_sent(tmp_path: Path) -> None:
    """Never raises; nothing left the machine, so it may be tried again."""
    (tmp_path / "file").write_text("in the way", encoding="utf-8")
    transport = RecordingTransport(lambda message, **_: build_post(message), tmp_path / "file")
    outcome = transport.send(build_post(POST), now=NOW)
    assert (outcome.kind, outcome.retry_at) == (OutcomeKind.LATER, NOW + timedelta(seconds=60))
