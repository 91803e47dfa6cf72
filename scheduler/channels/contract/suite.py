"""What every channel keeps, as tests. A channel's own tests run them by a class of their own::

    class TestOurs(ChannelContract):
        spec = SPEC

The channel talks to its own stand-in (``simulator`` in its spec), a server on this machine; nothing else is needed.
What the tests hold: certainly not sent is LATER or FINAL, certainly sent is ACCEPTED, and all else is UNKNOWN; one call
is one request; building is pure; nothing that a person must not see gets into a log. Those for a channel that speaks
HTTP are skipped for others. Needs pytest: ``pip install observance[channel-tests]``.
"""

from __future__ import annotations

import contextlib
import json
import logging
import re
import socket
import socketserver
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any, ClassVar

import pytest

from ...clock import VirtualClock, stopwatch
from ...domain.message import EmailBody, Message, PostBody
from ...domain.outcome import Outcome, OutcomeKind, Recipient, Request, Verdict
from ...domain.post_picture import PostPicture
from ...domain.reason import ReasonCode
from ...settings import ChannelSettings, Secrets
from ..spec import ChannelContext, ChannelSpec, StandInOrder, Transport, UploadsFirst
from .double import LineServer, LocalServer
from .faults import UPLOAD, Act, Fault, FaultScript
from .pictures import a_picture, a_png

NOW = datetime(2027, 1, 11, 15, 0, tzinfo=UTC)
SHORT = 1.0  # seconds; the channel's patience where a test waits for it

POST = Message(
    campaign="january",
    season=2027,
    item="help-is-near",
    channel="ours",
    kind="help",
    on=date(2027, 1, 11),
    due_at=NOW,
    expires_at=NOW + timedelta(hours=9),
    body=PostBody("Help & hope, day and night: https://humantraffickinghotline.org/en/ 1-888-373-7888", 80, 280, True),
)
MAIL = replace(
    POST,
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
READER = Recipient("s-1", "reader.1@readers.example", "Reader 1", "https://coalition.example/u/token1")

CARD = a_png()
ALT = "A card. On it: help is near, day and night."
#: All that may go wrong with an upload.
UPLOAD_FAULTS = (
    Act.REFUSE,
    Act.LIMIT,
    Act.ERROR_BEFORE,
    Act.ERROR_AFTER,
    Act.DROP_BEFORE,
    Act.DROP_AFTER,
    Act.BROKEN_BODY,
    Act.STALL,
)

#: Answers that no table names.
STRANGE = (
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
)


class ContractBench:
    """A channel, its stand-in that runs, and how to make more transports to it."""

    def __init__(self, spec: ChannelSpec, running: ExitStack) -> None:
        assert spec.simulator is not None, f"{spec.name} has no stand-in to be tested against"
        self.spec, self._running = spec, running
        self.faults = FaultScript()
        ports = dict.fromkeys(spec.simulator.ports, 0)
        options = {option: "" for option, _, _ in spec.simulator.options}
        clock, tlds = VirtualClock(NOW), frozenset({"org", "com"})
        order = StandInOrder(ports, clock, lambda line: None, self.faults, tlds, options)
        self.stand_in = spec.simulator.make(order)
        for server in self.stand_in.servers.values():
            server.start()
            running.callback(server.stop)
        self.server: Any = self.stand_in.servers[""]
        self.secrets = dict(self.stand_in.secrets())
        self.draw: Callable[[PostPicture], bytes] = lambda picture: CARD

    def context(self, base_url: str = "", seconds: float = 5.0) -> ChannelContext:
        """The channel in a project whose settings lead to the stand-in, or to ``base_url``."""
        keys = {s.name: s for s in self.spec.settings}
        options: dict[str, str | int | float | bool] = {name: s.default for name, s in keys.items()}
        for name, value in self.stand_in.settings().items():
            key = name.lower()
            if key in keys:
                options[key] = value == "true" if isinstance(keys[key].default, bool) else value
        address = base_url or self.stand_in.settings().get("BASE_URL", "")
        settings = ChannelSettings("ours", self.spec.name, True, address, seconds, options)
        address, draw = "https://coalition.example", lambda picture: self.draw(picture)
        return ChannelContext(self.spec, settings, Secrets(self.secrets), public_url=address, draw=draw)

    def transport(self, base_url: str = "", seconds: float = 5.0) -> Transport:
        """The channel's transport; closed when the test is over."""
        transport = self.spec.transport(self.context(base_url, seconds))
        self._running.callback(transport.close)
        return transport

    def request(self, transport: Transport, number: int = 0) -> Request:
        """A call; one number, one call."""
        if self.spec.kind == "email":
            return transport.build(MAIL, send_id=f"send-{number}", recipients=(READER,))
        assert isinstance(POST.body, PostBody)
        text = f"{POST.body.text} {number}" if number else POST.body.text
        return transport.build(replace(POST, body=replace(POST.body, text=text)), send_id=f"send-{number}")

    def request_with_picture(self, transport: Transport, number: int = 1, *, may_lack: bool = False) -> Request:
        """The same, with a picture; ``may_lack``: should it not be taken, the post may go without."""
        assert isinstance(POST.body, PostBody)
        text = f"{POST.body.text} {number}"
        body = replace(POST.body, text=text, alt_text=ALT, picture=a_picture(CARD), may_lack_picture=may_lack)
        return transport.build(replace(POST, body=body), send_id=f"send-{number}")

    def send(self, base_url: str = "", seconds: float = 5.0) -> Outcome:
        """One call."""
        transport = self.transport(base_url, seconds)
        return transport.send(self.request(transport), now=NOW)

    @property
    def kept(self) -> int:
        """How many calls the provider has."""
        return self.stand_in.received()["post" if self.spec.kind == "post" else "mail"]

    @property
    def speaks_http(self) -> bool:
        return "http" in self.spec.schemes

    def at(self, address: str, *, encrypted: bool = False) -> str:
        """An http address, as one that this channel takes."""
        schemes = [scheme for scheme in self.spec.schemes if scheme.endswith("s") is encrypted]
        return f"{schemes[0]}://{address.partition('://')[2]}"


def _pass_on(line: socket.socket, asked: bytes, port: int) -> None:
    """Answer by what the server at ``port`` says to the same request."""
    head, _, body = asked.partition(b"\r\n\r\n")
    size = re.search(rb"content-length: *(\d+)", head, re.IGNORECASE)
    while size and len(body) < int(size[1]):
        body += line.recv(65_536)
    with socket.create_connection(("127.0.0.1", port), timeout=30) as there:
        there.sendall(re.sub(rb"(?i)\r\nconnection:[^\r]*", b"", head) + b"\r\nConnection: close\r\n\r\n" + body)
        answer = b"".join(iter(lambda: there.recv(65_536), b""))
    line.sendall(answer.replace(b"\r\n", b"\r\nConnection: close\r\n", 1))


class _RawLine(socketserver.BaseRequestHandler):
    """One connection of a :class:`RawServer`."""

    server: LineServer[RawServer]

    def handle(self) -> None:
        raw, line = self.server.double, self.request
        with contextlib.suppress(OSError):
            asked = line.recv(65_536)
            if raw.sends_by not in asked.partition(b"\r\n")[0]:
                return _pass_on(line, asked, raw.behind)
            step = 1 if raw.drip_seconds else len(raw.answer) or 1
            for at in range(0, len(raw.answer), step):
                line.sendall(raw.answer[at : at + step])
                if raw.drip_seconds and raw.stopping.wait(raw.drip_seconds):
                    break


class RawServer(LocalServer):
    """Answers each connection with the given bytes, in drips or at once, and closes. ``sends_by``: only to a request
    whose first line holds this; any other is passed on to the server at the port ``behind``."""

    name = "raw"
    handler = _RawLine

    def __init__(self, answer: bytes, drip_seconds: float = 0, *, sends_by: bytes = b"", behind: int = 0) -> None:
        super().__init__()
        self.answer, self.drip_seconds, self.sends_by, self.behind = answer, drip_seconds, sends_by, behind


class ChannelContract:
    """See the module."""

    spec: ClassVar[ChannelSpec]

    @pytest.fixture
    def bench(self) -> Iterator[ContractBench]:
        """The channel with its stand-in, and no fault yet."""
        with ExitStack() as running:
            yield ContractBench(self.spec, running)

    @pytest.fixture
    def http_bench(self, bench: ContractBench) -> ContractBench:
        """The same, of a channel that speaks HTTP."""
        if not bench.speaks_http:
            pytest.skip(f"{bench.spec.name} does not speak HTTP; its part may be absent")
        return bench

    @pytest.fixture
    def picture_bench(self, bench: ContractBench) -> ContractBench:
        """The same, of a channel that takes pictures."""
        if self.spec.media is None:
            pytest.skip(f"{bench.spec.name} takes no pictures; they may be absent")
        return bench

    @pytest.fixture
    def raw_server(self, bench: ContractBench) -> Iterator[Callable[..., str]]:
        """Starts a server that answers each connection with the given bytes and closes; gives its address.
        ``sending_alone``: only the call that sends; what a channel asks before it is passed on to the stand-in."""
        with ExitStack() as running:

            def start(answer: bytes, drip_seconds: float = 0, *, sending_alone: bool = False) -> str:
                sends_by = bench.request(bench.transport()).path.encode() if sending_alone else b""
                raw = RawServer(answer, drip_seconds, sends_by=sends_by, behind=bench.server.port)
                return running.enter_context(raw).base_url

            yield start

    @pytest.fixture
    def everything_logged(self, caplog: pytest.LogCaptureFixture) -> pytest.LogCaptureFixture:
        """Every logger that there is, at DEBUG."""
        caplog.set_level(logging.DEBUG)
        for name in list(logging.root.manager.loggerDict):
            caplog.set_level(logging.DEBUG, logger=name)
        return caplog

    # -- what each answer means

    def test_accepted_once(self, bench: ContractBench) -> None:
        """A success is ACCEPTED with a reference, and the provider has one call."""
        outcome = bench.send()
        assert outcome.kind is OutcomeKind.ACCEPTED
        assert outcome.reference
        assert (1, 1) == (bench.kept, bench.server.sending_requests)

    def test_refused_is_final(self, bench: ContractBench) -> None:
        """A refusal is certainly not sent, and trying again is of no use."""
        bench.faults.play(Fault(Act.REFUSE))
        outcome = bench.send()
        assert (OutcomeKind.FINAL, None) == (outcome.kind, outcome.retry_at)
        assert bench.kept == 0

    @pytest.mark.parametrize("status", [400, 401, 403, 404, 405, 410, 413, 415, 422])
    def test_each_refusal_is_final(self, http_bench: ContractBench, status: int) -> None:
        """By HTTP: every status that says no to the request as it was."""
        http_bench.faults.play(Fault(Act.REFUSE, status=status))
        outcome = http_bench.send()
        assert (OutcomeKind.FINAL, status, None) == (outcome.kind, outcome.status, outcome.retry_at)
        assert http_bench.kept == 0

    def test_a_limit_is_later(self, http_bench: ContractBench) -> None:
        """429 that names no end is tried again after a while, at least a minute and at most 15."""
        http_bench.faults.play(Fault(Act.LIMIT))
        outcome = http_bench.send()
        assert outcome.kind is OutcomeKind.LATER
        assert outcome.retry_at is not None
        assert timedelta(minutes=1) <= outcome.retry_at - NOW <= timedelta(minutes=15)

    @pytest.mark.parametrize("status", [500, 502, 503, 504])
    def test_error_after_accepting_is_unknown(self, http_bench: ContractBench, status: int) -> None:
        """A 5xx says nothing of whether the provider has it."""
        http_bench.faults.play(Fault(Act.ERROR_AFTER, status=status))
        assert http_bench.send().kind is OutcomeKind.UNKNOWN
        assert (1, 1) == (http_bench.kept, http_bench.server.sending_requests)

    @pytest.mark.parametrize("status", [408, 409, 425, 499, 500, 503])
    def test_error_before_accepting_is_unknown(self, http_bench: ContractBench, status: int) -> None:
        """From outside it looks the same as one after accepting."""
        http_bench.faults.play(Fault(Act.ERROR_BEFORE, status=status))
        assert http_bench.send().kind is OutcomeKind.UNKNOWN
        assert (0, 1) == (http_bench.kept, http_bench.server.sending_requests)

    @pytest.mark.parametrize("act", [Act.DROP_AFTER, Act.BROKEN_BODY])
    def test_no_whole_answer_after_accepting_is_unknown(self, bench: ContractBench, act: Act) -> None:
        """The line is cut, or a success breaks off: one call at the provider, and no second one by the channel."""
        bench.faults.play(Fault(act))
        assert bench.send().kind is OutcomeKind.UNKNOWN
        assert (1, 1) == (bench.kept, bench.server.sending_requests)

    def test_line_cut_before_accepting_is_unknown(self, bench: ContractBench) -> None:
        """From outside it looks the same as one cut after accepting."""
        bench.faults.play(Fault(Act.DROP_BEFORE))
        assert bench.send().kind is OutcomeKind.UNKNOWN
        assert (0, 1) == (bench.kept, bench.server.sending_requests)

    def test_silence_is_unknown(self, bench: ContractBench) -> None:
        """A provider that accepts and then says nothing is waited for as long as set, and not asked again."""
        bench.faults.play(Fault(Act.STALL, seconds=60))
        elapsed = stopwatch()
        outcome = bench.send(seconds=SHORT)
        assert outcome.kind is OutcomeKind.UNKNOWN
        assert f"within {SHORT:g} s" in outcome.detail
        assert elapsed() < 30
        assert (1, 1) == (bench.kept, bench.server.sending_requests)

    @pytest.mark.parametrize(
        "answer", STRANGE, ids=lambda a: re.sub(r"[^A-Za-z0-9 ]+", " ", a.decode())[:40].strip() or "nothing"
    )
    def test_anything_unforeseen_is_unknown(
        self, http_bench: ContractBench, raw_server: Callable[..., str], answer: bytes
    ) -> None:
        """Answers that no table names: never accepted, never given up, never tried again, never an exception."""
        assert http_bench.send(raw_server(answer, sending_alone=True)).kind is OutcomeKind.UNKNOWN

    def test_no_redirect_is_followed(self, http_bench: ContractBench, raw_server: Callable[..., str]) -> None:
        """A redirected POST would be a second request, and perhaps a second send."""
        there = http_bench.context().base_url + http_bench.request(http_bench.transport()).path
        answer = f"HTTP/1.1 307 Temporary Redirect\r\nLocation: {there}\r\nContent-Length: 0\r\n\r\n"
        assert http_bench.send(raw_server(answer.encode(), sending_alone=True)).kind is OutcomeKind.UNKNOWN
        assert http_bench.server.sending_requests == 0

    @pytest.mark.parametrize("body", [{"text": object()}, {"text": "\ud800"}, {}, {"personalizations": [b"x"]}])
    def test_send_never_raises(self, bench: ContractBench, body: dict[str, object]) -> None:
        """Whatever a request holds, the end is an outcome that did not accept it."""
        transport = bench.transport()
        outcome = transport.send(replace(bench.request(transport), body=body), now=NOW)
        assert outcome.kind is not OutcomeKind.ACCEPTED
        assert bench.kept == 0

    # -- lines that fail

    def test_connection_refused_is_later(self, bench: ContractBench) -> None:
        """Nothing was sent: again in a minute."""
        with socket.create_server(("127.0.0.1", 0)) as listener:
            port = listener.getsockname()[1]
        outcome = bench.send(bench.at(f"http://127.0.0.1:{port}"))
        assert (OutcomeKind.LATER, NOW + timedelta(seconds=60)) == (outcome.kind, outcome.retry_at)
        assert [ReasonCode.NO_CONNECTION] == [reason.code for reason in outcome.reasons]

    def test_name_not_found_is_later(self, bench: ContractBench, monkeypatch: pytest.MonkeyPatch) -> None:
        """Nothing was sent: again in a minute."""

        def no_such_name(*_: object, **__: object) -> Any:
            raise socket.gaierror(-2, "Name or service not known")

        monkeypatch.setattr(socket, "getaddrinfo", no_such_name)
        outcome = bench.send(bench.at("https://api.provider.invalid", encrypted=True))
        assert (OutcomeKind.LATER, NOW + timedelta(seconds=60)) == (outcome.kind, outcome.retry_at)
        assert [ReasonCode.NAME_NOT_FOUND] == [reason.code for reason in outcome.reasons]

    def test_a_connection_that_opens_too_late_is_not_used(
        self, bench: ContractBench, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Looking up a name has no timeout of its own. When it took too long, nothing is sent any more."""
        look_up_name = socket.getaddrinfo

        def slow(*asked: Any, **how: Any) -> Any:
            threading.Event().wait(SHORT * 2)
            return look_up_name(*asked, **how)

        monkeypatch.setattr(socket, "getaddrinfo", slow)
        outcome = bench.send(seconds=SHORT)
        assert (OutcomeKind.LATER, NOW + timedelta(seconds=60)) == (outcome.kind, outcome.retry_at)
        assert bench.server.sending_requests == 0

    def test_no_encryption_is_later(self, bench: ContractBench, raw_server: Callable[..., str]) -> None:
        """A handshake that fails comes before the request."""
        plain = raw_server(b"HTTP/1.1 400 Bad Request\r\n\r\n")
        outcome = bench.send(bench.at(plain, encrypted=True))
        assert (OutcomeKind.LATER, NOW + timedelta(seconds=60)) == (outcome.kind, outcome.retry_at)

    def test_an_answer_in_drips_ends_in_time(self, http_bench: ContractBench, raw_server: Callable[..., str]) -> None:
        """The timeout bounds the call as a whole, not the pauses within it."""
        drips = raw_server(b"HTTP/1.1 201 Created\r\nX-Filler: " + b"x" * 2_000, drip_seconds=0.02, sending_alone=True)
        elapsed = stopwatch()
        assert http_bench.send(drips, SHORT).kind is OutcomeKind.UNKNOWN
        assert elapsed() < 30

    # -- the line

    def test_the_line_is_kept(self, bench: ContractBench) -> None:
        """Several calls go over one connection."""
        transport = bench.transport()
        outcomes = [transport.send(bench.request(transport, n), now=NOW).kind for n in range(3)]
        assert outcomes == [OutcomeKind.ACCEPTED] * 3
        assert bench.server.lines_opened == 1

    def test_several_calls_at_once(self, bench: ContractBench) -> None:
        """As many threads as the spec allows share a transport; each call arrives once."""
        transport, outcomes = bench.transport(seconds=20.0), list[OutcomeKind]()
        at_once = min(bench.spec.lines_in_flight, 12)
        threads = [
            threading.Thread(
                target=lambda n=n: outcomes.append(transport.send(bench.request(transport, n), now=NOW).kind)
            )
            for n in range(1, at_once + 1)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert outcomes == [OutcomeKind.ACCEPTED] * at_once
        assert bench.kept == at_once

    def test_no_proxy_for_this_machine(self, bench: ContractBench, monkeypatch: pytest.MonkeyPatch) -> None:
        """A proxy from the environment is not asked for a loopback address."""
        for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
            monkeypatch.setenv(name, "http://127.0.0.1:9")
        assert bench.send().kind is OutcomeKind.ACCEPTED

    # -- what it says of itself

    def test_builds_the_same_bytes_twice(self, bench: ContractBench) -> None:
        """Build is pure, the spec's and the transport's are one, and ids of the call are the caller's."""
        transport = bench.transport()
        first, second = bench.request(transport), bench.request(transport)
        assert (first, json.dumps(dict(first.body))) == (second, json.dumps(dict(second.body)))
        assert first.fingerprint
        recipients = (READER,) if self.spec.kind == "email" else ()
        message = MAIL if self.spec.kind == "email" else POST
        nobody = replace(bench.context(), secrets=Secrets({}))
        assert first == self.spec.build(nobody, message, send_id="send-0", recipients=recipients)

    def test_keeps_to_its_spec(self, bench: ContractBench) -> None:
        """Kind, size of a batch, and when a doubt is looked into."""
        transport, context = bench.transport(), bench.context()
        assert self.spec.kind in ("post", "email")
        assert (self.spec.kind, context.batch_size) == (transport.kind, transport.batch_limit)
        assert (self.spec.kind == "email") == (context.batch_size > 0)
        assert context.settle_after == transport.settle_after()
        assert (self.spec.kind == "post") == (self.spec.post is not None)
        assert self.spec.evidence == "none" or self.spec.settle is not None
        assert self.spec.repeat_safe_for is None or self.spec.settle is not None

    def test_a_post_is_measured(self) -> None:
        """The counter counts, and an address is found where it is."""
        if self.spec.post is None:
            pytest.skip("it posts nothing; the counter may be absent")
        rules, tlds = self.spec.post, frozenset({"org"})
        assert 0 == rules.count("", tlds) < rules.count("a", tlds) < rules.count("a b c", tlds)
        text = "See https://example.org/a now"
        assert ["https://example.org/a"] == [text[start:end] for start, end in rules.find_links(text, tlds)]

    def test_missing_secrets_are_named(self, bench: ContractBench) -> None:
        """The error names what is missing."""
        from ...errors import ConfigurationError

        needed = self.spec.needed_secrets(bench.context().settings)
        if not needed:
            pytest.skip("it needs none; secrets may be absent")
        with pytest.raises(ConfigurationError) as caught:
            self.spec.transport(replace(bench.context(), secrets=Secrets({})))
        assert [] == [name for name in needed if f"OBSERVANCE_{name}" not in str(caught.value)]

    # -- what is written down

    def test_no_secret_and_no_address_in_a_log(
        self, bench: ContractBench, everything_logged: pytest.LogCaptureFixture
    ) -> None:
        """In success, refusal, cut and silence: no key, no signature, no reader."""
        transport = bench.transport(seconds=SHORT)
        details = []
        bench.faults.play(Fault(Act.ACCEPT), Fault(Act.REFUSE), Fault(Act.DROP_AFTER), Fault(Act.STALL, seconds=60))
        for number in range(5):
            request = bench.request(transport, number)
            details.append(repr(transport.send(request, now=NOW)))
            details.append(repr(transport.look_up(request, since=NOW, now=NOW)))
        details += [everything_logged.text, repr(transport), repr(vars(transport))]
        self._nothing_secret(bench, "\n".join(details))

    def _nothing_secret(self, bench: ContractBench, written: str) -> None:
        never = (*bench.secrets.values(), "readers.example", "oauth_signature", "Bearer")
        assert [] == [hidden for hidden in never if hidden in written]

    def test_no_address_that_a_provider_repeats(
        self, http_bench: ContractBench, raw_server: Callable[..., str], everything_logged: pytest.LogCaptureFixture
    ) -> None:
        """What the provider said is kept, without the reader in it."""
        body = b'{"errors":[{"message":"reader.1@readers.example is not an address"}]}'
        head = b"HTTP/1.1 400 reader.1@readers.example\r\nContent-Length: %d\r\n\r\n" % len(body)
        outcome = http_bench.send(raw_server(head + body, sending_alone=True))
        self._nothing_secret(http_bench, everything_logged.text + repr(outcome))
        assert "[address] is not an address" in outcome.detail

    # -- evidence

    @pytest.mark.parametrize("act", [Act.DROP_AFTER, Act.ERROR_AFTER, Act.BROKEN_BODY])
    def test_evidence_of_what_was_sent(self, http_bench: ContractBench, act: Act) -> None:
        """A doubtful call that the provider has is found there, where it can be asked, by the provider's own name for
        it and not by its neighbor's."""
        http_bench.faults.play(Fault(act, nth=2))
        transport = http_bench.transport()
        neighbor, request = http_bench.request(transport, 1), http_bench.request(transport, 2)
        accepted = transport.send(neighbor, now=NOW)
        assert transport.send(request, now=NOW).kind is OutcomeKind.UNKNOWN
        later = NOW + (transport.settle_after() or timedelta(0))
        evidence = transport.look_up(request, since=NOW, now=later)
        if self.spec.evidence == "none":
            assert evidence.verdict is Verdict.CANNOT_TELL
        else:
            assert evidence.verdict is Verdict.SENT
            assert evidence.reference not in ("", accepted.reference)
            assert accepted.reference == transport.look_up(neighbor, since=NOW, now=later).reference

    def test_nothing_found_is_what_the_spec_says(self, bench: ContractBench) -> None:
        """An empty timeline, or log, is taken for "not sent" only where the provider's records are complete."""
        bench.faults.play(Fault(Act.DROP_BEFORE, nth=2))
        transport = bench.transport()
        request = bench.request(transport, 2)
        expected = Verdict.NOT_SENT if self.spec.evidence == "complete" else Verdict.CANNOT_TELL
        transport.send(bench.request(transport, 1), now=NOW)
        transport.send(request, now=NOW)
        assert transport.look_up(request, since=NOW, now=NOW).verdict is expected

    @pytest.mark.parametrize(
        "answer",
        [b"", b"HTTP/1.1 500 No\r\nContent-Length: 0\r\n\r\n", b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n[]"],
        ids=["cut", "error", "not what was asked"],
    )
    def test_look_up_never_raises(
        self, http_bench: ContractBench, raw_server: Callable[..., str], answer: bytes
    ) -> None:
        """A provider that cannot be asked leaves the doubt as it is."""
        transport = http_bench.transport(raw_server(answer), SHORT)
        evidence = transport.look_up(http_bench.request(transport), since=NOW, now=NOW)
        assert evidence.verdict is Verdict.CANNOT_TELL
        assert evidence.detail

    # -- pictures

    def test_a_picture_arrives(self, picture_bench: ContractBench) -> None:
        """Its bytes and its alternative text, with the post, by one call that sends."""
        bench, transport = picture_bench, picture_bench.transport()
        assert transport.send(bench.request_with_picture(transport), now=NOW).kind is OutcomeKind.ACCEPTED
        assert [(a_picture(CARD).sha256, ALT)] == list(bench.stand_in.pictures())
        assert (1, 1) == (bench.kept, bench.server.sending_requests)
        assert transport.send(bench.request(transport), now=NOW).kind is OutcomeKind.ACCEPTED
        assert 1 == len(bench.stand_in.pictures()), "and none with the next post, which has none"

    @pytest.mark.parametrize("act", UPLOAD_FAULTS)
    def test_an_upload_that_fails_sends_nothing(self, picture_bench: ContractBench, act: Act) -> None:
        """At each of its steps: certainly not sent, and tried again from the start; then the post goes, once."""
        bench, transport = picture_bench, picture_bench.transport(seconds=SHORT if act is Act.STALL else 5.0)
        assert transport.send(bench.request_with_picture(transport, 1), now=NOW).kind is OutcomeKind.ACCEPTED
        steps = bench.server.upload_requests
        for step in range(1, steps + 1):
            nth, sent = bench.server.upload_requests + step, bench.server.sending_requests
            bench.faults.play(Fault(act, nth=nth, seconds=60, step=UPLOAD))
            request = bench.request_with_picture(transport, 1 + step)
            outcome = transport.send(request, now=NOW)
            if act is Act.BROKEN_BODY and outcome.kind is OutcomeKind.ACCEPTED:  # where the status says enough
                assert (a_picture(CARD).sha256, ALT) == bench.stand_in.pictures()[-1]
                continue
            assert OutcomeKind.LATER is outcome.kind
            assert sent == bench.server.sending_requests, "the call that posts was not begun"
            assert transport.send(request, now=NOW).kind is OutcomeKind.ACCEPTED
        assert [(a_picture(CARD).sha256, ALT)] * (1 + steps) == list(bench.stand_in.pictures())
        assert 1 + steps == bench.kept

    def test_a_hold_that_comes_in_an_upload_stops_the_post(self, picture_bench: ContractBench) -> None:
        """It is asked for after the upload, and what it stops was not begun."""
        bench, transport = picture_bench, picture_bench.transport()
        assert isinstance(transport, UploadsFirst)
        request = bench.request_with_picture(transport)
        outcome = transport.send_after_upload(request, now=NOW, may_go_on=lambda: False)
        assert (OutcomeKind.LATER, [ReasonCode.NOT_BEGUN]) == (outcome.kind, [r.code for r in outcome.reasons])
        assert 0 == bench.kept

    def test_a_refused_picture_is_said_to_be_that(self, picture_bench: ContractBench) -> None:
        """By a code of its own, for whoever has to correct it."""
        bench, transport = picture_bench, picture_bench.transport()
        bench.faults.play(Fault(Act.REFUSE, step=UPLOAD))
        outcome = transport.send(bench.request_with_picture(transport), now=NOW)
        assert [ReasonCode.PICTURE_REFUSED] == [reason.code for reason in outcome.reasons]

    def test_words_alone_go_where_the_item_allows_it(self, picture_bench: ContractBench) -> None:
        """After the picture was refused for good, and saying so; a limit, or a server that is away, is waited for."""
        bench, transport = picture_bench, picture_bench.transport()
        bench.faults.play(Fault(Act.LIMIT, step=UPLOAD))
        request = bench.request_with_picture(transport, may_lack=True)
        assert transport.send(request, now=NOW).kind is OutcomeKind.LATER
        bench.faults.play(Fault(Act.REFUSE, step=UPLOAD), Fault(Act.DROP_AFTER, nth=2))
        outcome = transport.send(request, now=NOW)
        assert (OutcomeKind.ACCEPTED, 1, 0) == (outcome.kind, bench.kept, len(bench.stand_in.pictures()))
        assert [ReasonCode.PICTURE_LEFT_OUT] == [reason.code for reason in outcome.reasons]
        bench.draw = lambda picture: b""
        request = bench.request_with_picture(transport, 2, may_lack=True)
        assert transport.send(request, now=NOW).kind is OutcomeKind.UNKNOWN
        found = transport.look_up(request, since=NOW, now=NOW)
        assert self.spec.evidence == "none" or found.verdict is Verdict.SENT, "what went without is found, too"

    def test_other_bytes_than_those_approved_go_nowhere(self, picture_bench: ContractBench) -> None:
        """Nor does a picture that cannot be made: nothing is uploaded, and nothing sent."""
        bench, transport = picture_bench, picture_bench.transport()
        request = bench.request_with_picture(transport)

        def cannot(picture: PostPicture) -> bytes:
            raise ValueError("no renderer")

        for draw in (lambda picture: CARD + b"\n", cannot):
            bench.draw = draw
            outcome = transport.send(request, now=NOW)
            assert OutcomeKind.LATER is outcome.kind
            assert [ReasonCode.PICTURE_NOT_MADE] == [reason.code for reason in outcome.reasons]
        assert (0, 0) == (bench.server.upload_requests, bench.server.sending_requests)

    def test_a_doubtful_post_with_a_picture_is_found(self, picture_bench: ContractBench) -> None:
        """What the network does to a post for its picture does not hide it."""
        bench, transport = picture_bench, picture_bench.transport()
        bench.faults.play(Fault(Act.DROP_AFTER))
        request = bench.request_with_picture(transport)
        assert transport.send(request, now=NOW).kind is OutcomeKind.UNKNOWN
        evidence = transport.look_up(request, since=NOW, now=NOW)
        assert self.spec.evidence == "none" or evidence.verdict is Verdict.SENT

    def test_no_upload_is_used_twice(self, picture_bench: ContractBench) -> None:
        """What a network gives for one is good for a while alone: a post that waits uploads its picture again."""
        bench, transport = picture_bench, picture_bench.transport()
        request = bench.request_with_picture(transport)
        bench.faults.play(Fault(Act.LIMIT))
        assert transport.send(request, now=NOW).kind is OutcomeKind.LATER
        bench.server.clock.advance(timedelta(hours=25))
        assert transport.send(request, now=NOW + timedelta(hours=25)).kind is OutcomeKind.ACCEPTED
        assert [(a_picture(CARD).sha256, ALT)] == list(bench.stand_in.pictures())
