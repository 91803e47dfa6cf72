"""What every channel keeps, as tests. A channel's own tests run them by a class of their own::

    class TestOurs(ChannelContract):
        spec = SPEC

The channel talks to its own stand-in (``simulator`` in its spec), a server on this machine; nothing else is needed.
What the tests hold: certainly not sent is LATER or FINAL, certainly sent is ACCEPTED, and all else is UNKNOWN; one call
is one request; building is pure; nothing that a person must not see gets into a log. Those for a channel that speaks
HTTP are skipped for others. Needs pytest: ``pip install observance[channel-tests]``.
"""

from __future__ import annotations

import json
import logging
import re
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import replace
from datetime import timedelta
from typing import Any, ClassVar

import pytest

from ...clock import stopwatch
from ...domain.outcome import OutcomeKind, Verdict
from ...domain.reason import ReasonCode
from ...settings import Secrets
from ..spec import ChannelSpec
from .contract_bench import MAIL, NOW, POST, READER, SHORT, ContractBench, RawServer
from .faults import Act, Fault
from .picture_rules import PictureContract

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


class ChannelContract(PictureContract):
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

    def test_a_call_that_was_made_ready_is_the_same_call(self, bench: ContractBench) -> None:
        """Nothing leaves before it is sent; then it is made once, and ends as any other."""
        transport = bench.transport()
        first, second = (bench.request(transport, number) for number in (1, 2))
        bench.faults.play(Fault(Act.DROP_AFTER, nth=2))
        ready = [transport.get_ready(request) for request in (first, second)]
        assert [first.body, second.body] == [request.body for request in ready]
        assert [first.fingerprint, second.fingerprint] == [request.fingerprint for request in ready]
        assert (0, 0) == (bench.kept, bench.server.sending_requests)
        ends = [transport.send(request, now=NOW).kind for request in ready]
        assert [OutcomeKind.ACCEPTED, OutcomeKind.UNKNOWN] == ends
        assert (2, 2) == (bench.kept, bench.server.sending_requests)

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
