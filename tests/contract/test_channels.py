"""Every channel that there is keeps the contract, against its stand-in; and what only some of them have."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from scheduler.channels.contract.contract_bench import RawServer
from scheduler.channels.contract.faults import Act, Fault
from scheduler.channels.contract.standin_pictures import a_picture, a_png
from scheduler.channels.contract.suite import ChannelContract
from scheduler.channels.recording import RecordingTransport
from scheduler.channels.registry import CHANNELS, open_channel
from scheduler.channels.sendgrid.build import build_mail
from scheduler.channels.sendgrid.simulator import SENDGRID_KEY, SendGridDouble
from scheduler.channels.smtp.smtp_talk import SmtpDouble
from scheduler.channels.spec import ChannelContext
from scheduler.channels.x.build import build_post
from scheduler.channels.x.simulator import X_SECRETS, XDouble
from scheduler.clock import VirtualClock
from scheduler.domain.message import EmailBody, Message, PostBody
from scheduler.domain.outcome import OutcomeKind, Recipient, Request, Verdict
from scheduler.domain.post_picture import AttachedPicture
from scheduler.domain.reason import ReasonCode
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


for _spec in CHANNELS.values():
    if _spec.simulator is not None:
        _name = f"TestContractOf{_spec.name.title().replace('_', '')}"
        globals()[_name] = type(
            _name, (ChannelContract,), {"spec": _spec, "__doc__": f"{_spec.title} keeps the contract."}
        )


def test_every_channel_is_held_to_the_contract() -> None:
    """But for those that nobody is called by."""
    held = {name for name in globals() if name.startswith("TestContractOf")}
    assert {"TestContractOfX", "TestContractOfSendgrid", "TestContractOfSmtp"} <= held


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
        options: dict[str, str | bool] = {"username": SMTP_ACCOUNT[0], "starttls": False} if name == "smtp" else {}
        channel = "x" if name == "x" else "email"
        settings = ChannelSettings(channel, name, True, base_url, seconds, options)
        transports.append(open_channel(settings, Secrets(SECRETS)))
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


def test_limit_with_a_reset(http_way: Way) -> None:
    """429 is tried again when the limit ends."""
    break_it(http_way, Fault(Act.LIMIT, reset_in=420))
    outcome = send(http_way)
    assert (outcome.kind, outcome.retry_at) == (OutcomeKind.LATER, NOW + timedelta(seconds=420))
    assert http_way.kept == 0


def test_credit_gone(http_way: Way) -> None:
    """An empty balance is certainly not sent, needs money, and may be filled up inside the window."""
    break_it(http_way, Fault(Act.NO_CREDIT))
    outcome = send(http_way)
    assert (outcome.kind, outcome.retry_at is not None) == (OutcomeKind.LATER, True)
    assert [ReasonCode.NEEDS_MONEY] == [reason.code for reason in outcome.reasons]
    assert http_way.kept == 0


# -- lines that fail ----------------------------------------------------------------------------------


@pytest.fixture
def raw_server() -> Iterator[Callable[..., str]]:
    """Starts a server that answers each connection with the given bytes and closes; gives its address."""
    with ExitStack() as running:
        yield lambda answer: running.enter_context(RawServer(answer)).base_url


def send_to(way: Way, base_url: str, seconds: float = 5.0) -> Any:
    transport = way.transport_to(base_url, seconds)
    return transport.send(way.request(transport), now=NOW)


# -- the line -----------------------------------------------------------------------------------------


def test_a_line_that_was_quiet_is_opened_anew(way: Way, monkeypatch: pytest.MonkeyPatch) -> None:
    """A gateway forgets a quiet line without saying so; a request into it would end in doubt."""
    from scheduler.channels import http
    from scheduler.channels.smtp import smtp_connection

    monkeypatch.setattr(smtp_connection if way.name == "smtp" else http, "_IDLE_SECONDS", -1)
    transport = way.transport_to(way.double.base_url, 5.0)
    outcomes = [transport.send(way.request(transport, n), now=NOW).kind for n in range(3)]
    assert outcomes == [OutcomeKind.ACCEPTED] * 3
    assert way.double.lines_opened == 3


# -- what only one of them has ------------------------------------------------------------------------


def test_x_refusal_that_tweepy_cannot_read(raw_server: Callable[..., str]) -> None:
    """tweepy raises TypeError on this 403; whether it was a duplicate nobody can tell then."""
    base_url = raw_server(b'HTTP/1.1 403 Forbidden\r\nContent-Length: 15\r\n\r\n{"errors":null}')
    transport = open_channel(ChannelSettings("x", "x", True, base_url, 5.0), Secrets(SECRETS))
    assert transport.send(build_post(POST), now=NOW).kind is OutcomeKind.UNKNOWN
    transport.close()


def test_x_says_duplicate() -> None:
    """The same words again are refused by X without saying which post has them: unknown, then found."""
    with XDouble(clock=VirtualClock(NOW), secrets=X_SECRETS) as double:
        transport = open_channel(ChannelSettings("x", "x", True, double.base_url, 5.0), Secrets(SECRETS))
        request = build_post(POST)
        first = transport.send(request, now=NOW)
        again = transport.send(request, now=NOW)
        assert (OutcomeKind.UNKNOWN, [ReasonCode.DUPLICATE]) == (again.kind, [r.code for r in again.reasons])
        evidence = transport.look_up(request, since=NOW, now=NOW)
        assert (evidence.verdict, evidence.reference) == (Verdict.SENT, first.reference)
        assert len(double.posts) == 1
        transport.close()


def test_a_post_to_x_is_signed_before_it_is_due() -> None:
    """At its instant nothing is left to sign; one with a picture is signed when it has an id."""
    with XDouble(clock=VirtualClock(NOW), secrets=X_SECRETS) as double:
        transport: Any = open_channel(ChannelSettings("x", "x", True, double.base_url, 5.0), Secrets(SECRETS))
        request, with_picture = (
            build_post(POST),
            replace(build_post(POST), picture=AttachedPicture(a_picture(a_png()), "A card.")),
        )
        ready = transport.get_ready(request)
        assert transport.get_ready(with_picture) is with_picture
        transport._line.auth = None  # whoever signs now gets no further
        assert transport.send(ready, now=NOW).kind is OutcomeKind.ACCEPTED
        assert transport.send(request, now=NOW).kind is not OutcomeKind.ACCEPTED
        transport.close()


def test_an_older_post_is_no_evidence(monkeypatch: pytest.MonkeyPatch) -> None:
    """A post of the same words from before the call is not the call's."""
    clock = VirtualClock(NOW)
    with XDouble(clock=clock, secrets=X_SECRETS) as double:
        transport = open_channel(ChannelSettings("x", "x", True, double.base_url, 5.0), Secrets(SECRETS))
        request = build_post(POST)
        transport.send(request, now=NOW)
        clock.advance(timedelta(hours=1))
        an_hour_later = NOW + timedelta(hours=1)
        assert transport.look_up(request, since=an_hour_later, now=an_hour_later).verdict is Verdict.CANNOT_TELL
        # Nor is it when X does not cut the timeline as it was asked to.
        cut = double._timeline
        earlier = {"start_time": "2026-01-01T00:00:00Z"}
        monkeypatch.setattr(double, "_timeline", lambda user_id, query: cut(user_id, query | earlier))
        assert transport.look_up(request, since=an_hour_later, now=an_hour_later).verdict is Verdict.CANNOT_TELL
        assert transport.look_up(request, since=NOW, now=an_hour_later).verdict is Verdict.SENT
        transport.close()


def test_sendgrid_checks_without_sending() -> None:
    """With sandbox_mode SendGrid checks a mail, answers 200 and sends nothing; without it 200 is no acceptance."""
    settings = ChannelSettings("email", "sendgrid", True, "", 5.0, {"sandbox_mode": True})
    with SendGridDouble(clock=VirtualClock(NOW), api_key=SENDGRID_KEY) as double:
        transport = open_channel(replace(settings, base_url=double.base_url), Secrets(SECRETS))
        outcome = transport.send(transport.build(MAIL, send_id="s", recipients=READERS), now=NOW)
        assert (outcome.kind, outcome.status, len(double.mails)) == (OutcomeKind.ACCEPTED, 200, 0)
        transport.close()


def test_sendgrid_waits_longer_at_each_limit() -> None:
    """429 without an end: 1, 2, 4, 8, then 15 minutes; after an acceptance from the start again."""
    faults = [Fault(Act.LIMIT, times=6), Fault(Act.ACCEPT), Fault(Act.LIMIT)]
    with SendGridDouble(clock=VirtualClock(NOW), faults=faults) as double:
        transport = open_channel(ChannelSettings("email", "sendgrid", True, double.base_url, 5.0), Secrets(SECRETS))
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
    from scheduler.channels.sendgrid.mail_rules import VendorSchema

    schema = VendorSchema(spec)
    options: tuple[dict[str, str | bool], ...] = ({}, {"sandbox_mode": True, "category": "awareness-2027"})
    for settings in options:
        channel = ChannelSettings("email", "sendgrid", True, "", 5.0, settings)
        for readers in (READERS[:1], [replace(READERS[0], address=f"r{n}@readers.example") for n in range(1_000)]):
            body = build_mail(MAIL, channel, send_id="s", recipients=readers).body
            assert schema.problems(dict(body)) == []
    assert schema.problems({"personalizations": [], "custom_args": {"a": "b"}}) != []


# -- rehearsal ----------------------------------------------------------------------------------------


def context_of(name: str) -> ChannelContext:
    """A channel that nobody opens."""
    return ChannelContext(CHANNELS[name], ChannelSettings("email", name, True, "", 5.0), Secrets({}))


@pytest.mark.parametrize("name", ["x", "sendgrid", "smtp"])
def test_rehearsal_records_instead_of_sending(name: str, tmp_path: Path) -> None:
    """The same request is built; the record names readers by id, never by address; a call made twice shows twice."""
    context = context_of(name)
    transport = RecordingTransport(context, tmp_path / "rehearsal")
    message = POST if name == "x" else MAIL
    request = transport.build(message, send_id="send-1", recipients=READERS)
    assert request == context.spec.build(context, message, send_id="send-1", recipients=READERS)
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
    transport = RecordingTransport(context_of("x"), tmp_path / "file")
    outcome = transport.send(build_post(POST), now=NOW)
    assert (outcome.kind, outcome.retry_at) == (OutcomeKind.LATER, NOW + timedelta(seconds=60))
