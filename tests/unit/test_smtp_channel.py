"""Mails by SMTP: each reader's own end, one doubt at most, nothing without encryption, no address anywhere."""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from email import message_from_bytes
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from scheduler.channels.contract.faults import Act, Fault
from scheduler.channels.mime import message_id, to_mime
from scheduler.channels.registry import open_channel
from scheduler.channels.smtp import send as smtp
from scheduler.channels.smtp.build import build_mails
from scheduler.channels.smtp.smtp_connection import SmtpLine
from scheduler.channels.smtp.smtp_talk import SmtpDouble
from scheduler.clock import stopwatch
from scheduler.domain.message import EmailBody, Message, PostBody
from scheduler.domain.outcome import Bearing, Outcome, OutcomeKind, Recipient, UnusableRecipients, Verdict, bearing_of
from scheduler.domain.reason import ReasonCode, because
from scheduler.errors import ConfigurationError, ObservanceError
from scheduler.settings import ChannelSettings, Secrets
from tests.support.smtp_servers import Certificates, ScriptedServer

NOW = datetime(2027, 1, 11, 15, 0, tzinfo=UTC)
SHORT = 1.0  # seconds; the client's patience where a test waits for it
PASSWORD = "not-a-real-password"

ACCEPTED, LATER, FINAL, UNKNOWN = OutcomeKind.ACCEPTED, OutcomeKind.LATER, OutcomeKind.FINAL, OutcomeKind.UNKNOWN

BODY = EmailBody(
    subject="Help is near \u2013 \u00e9t\u00e9",
    preheader="Day 11 of 32",
    text="Help is near.\n.hidden\n..\n.\nLeave: %unsubscribe_url%\n.",
    html='<!doctype html><p>Help is near. <a href="%unsubscribe_url%">Leave</a></p>\n.\n',
    from_name="Example Coalition",
    from_address="news@coalition.example",
    reply_to="office@coalition.example",
    list_id="january.coalition.example",
)
MAIL = Message("january", 2027, "help", "email", "help", date(2027, 1, 11), NOW, NOW + timedelta(hours=9), BODY)


def subscriber(number: int, **changes: Any) -> Recipient:
    url = f"https://coalition.example/u/{'t' * 80}{number}"
    return replace(Recipient(f"s-{number}", f"reader.{number}@readers.example", f"Reader {number}", url), **changes)


def readers(count: int) -> list[Recipient]:
    return [subscriber(n) for n in range(1, count + 1)]


def transport_to(base_url: str, *, seconds: float = 10.0, password: str = PASSWORD, **options: Any) -> Any:
    options = {"starttls": False, **options}
    return open_channel(
        ChannelSettings("email", "smtp", True, base_url, seconds, options), Secrets({"SMTP_PASSWORD": password})
    )


def send(server: SmtpDouble | ScriptedServer, count: int = 3, *, times: int = 1, **more: Any) -> Outcome:
    """Calls for so many readers; the end of the last one."""
    transport = transport_to(server.base_url, **more)
    request = transport.build(MAIL, send_id="call-1", recipients=readers(count))
    for _ in range(times):
        outcome = transport.send(request, now=NOW)
    transport.close()
    return outcome


def kinds(outcome: Outcome, count: int = 3) -> list[OutcomeKind]:
    """How it ended for each reader."""
    ends = outcome.per_recipient or {f"s-{n}": outcome for n in range(1, count + 1)}
    return [ends[f"s-{n}"].kind for n in range(1, count + 1)]


@pytest.fixture(params=[True, False], ids=["pipelining", "one by one"])
def double(request: pytest.FixtureRequest) -> Iterator[SmtpDouble]:
    with SmtpDouble(pipelining=request.param) as running:
        yield running


# -- building -------------------------------------------------------------------------------------------


def test_a_reader_gets_exactly_the_mail_that_was_rehearsed(double: SmtpDouble) -> None:
    """The bytes are those of to_mime, dots at the start of lines included; the date is the instant of the call."""
    send(double, 2)
    expected = [
        to_mime(
            MAIL,
            to=r.address,
            unsubscribe_url=r.unsubscribe_url,
            message_id=message_id("call-1", r.subscriber_id, "coalition.example"),
            date=NOW,
        )
        for r in readers(2)
    ]
    assert expected == [mail.raw for mail in double.mails]
    assert [()] * 2 == [mail.warnings for mail in double.mails]


def test_each_reader_has_an_envelope_of_their_own(double: SmtpDouble) -> None:
    """Nobody sees another reader; each has their own way out, in the header and in both parts."""
    send(double)
    for number, mail in enumerate(double.mails, start=1):
        own = subscriber(number)
        assert (own.address, "news@coalition.example") == (mail.recipient, mail.sender)
        assert [own.address] == [mail.parsed["To"]]
        assert f"<{own.unsubscribe_url}>" == mail.parsed["List-Unsubscribe"]
        assert "List-Unsubscribe=One-Click" == mail.parsed["List-Unsubscribe-Post"]
        assert own.unsubscribe_url in mail.text
        assert own.unsubscribe_url in mail.html
        others = [r for r in readers(3) if r != own]
        assert [] == [r for r in others if r.address.encode() in mail.raw or r.unsubscribe_url.encode() in mail.raw]
        assert b"Reader" not in mail.raw.replace(b"readers", b"")


def test_each_reader_s_mail_comes_back_to_an_address_of_its_own(double: SmtpDouble) -> None:
    """The envelope's sender says whose mail of which call it was; what the reader sees is the same as without."""
    settings = ChannelSettings("email", "smtp", True, double.base_url, 10.0, {"starttls": False})
    transport = open_channel(settings, Secrets({}), return_path=lambda call, who: f"b+{call}-{who}@bounces.example")
    transport.send(transport.build(MAIL, send_id="call-1", recipients=readers(2)), now=NOW)
    transport.close()
    send(double, 2)
    assert ["b+call-1-s-1@bounces.example", "b+call-1-s-2@bounces.example"] == [m.sender for m in double.mails[:2]]
    assert [m.raw for m in double.mails[:2]] == [m.raw for m in double.mails[2:]]


def test_a_message_id_is_the_same_at_each_try_and_names_no_address() -> None:
    """From the send id and the reader's id; whatever an id holds, the header is one."""
    assert "<call-1.s-1@coalition.example>" == message_id("call-1", "s-1", "coalition.example")
    strange = message_id("call-1", "ann@readers.example\r\nBcc: x", "coalition.example")
    assert "readers" not in strange
    assert strange == message_id("call-1", "ann@readers.example\r\nBcc: x", "coalition.example")
    assert 1 == len(strange.splitlines())


def test_what_cannot_be_written_to_is_named_by_id_alone() -> None:
    """No address, no way out, an address twice: named before the call, so that the others can go."""
    given_readers = [
        subscriber(1),
        subscriber(2, address="no address"),
        subscriber(3, address="a@b.example\r\nRCPT TO:<evil@x.example>"),
        subscriber(4, unsubscribe_url=""),
        subscriber(5, unsubscribe_url="https://x.example/\r\nBcc: evil@x.example"),
        subscriber(6, address="READER.1@readers.example"),
        subscriber(7, address="J\u00f6rg@readers.example"),
    ]
    with pytest.raises(UnusableRecipients) as caught:
        build_mails(MAIL, send_id="s", recipients=given_readers)
    assert {
        "s-2": "not an address",
        "s-3": "not an address",
        "s-4": "no link to leave by",
        "s-5": "no link to leave by",
        "s-6": "the address of another reader in this call",
        "s-7": "not an address",
    } == caught.value.reasons
    assert "@" not in str(caught.value)


def test_each_link_of_the_readers_own_is_filled_in(double: SmtpDouble) -> None:
    """A second link in the mail is the reader's own too; who has none is left out, and gets no dead link."""
    body = replace(
        BODY, text="%unsubscribe_url% %preferences_url%\n", tokens=("%unsubscribe_url%", "%preferences_url%")
    )
    choices = "https://coalition.example/preferences/t1"
    mail, able = replace(MAIL, body=body), subscriber(1, preferences_url=choices)
    with pytest.raises(UnusableRecipients) as caught:
        build_mails(mail, send_id="s", recipients=[able, subscriber(2)])
    assert {"s-2": "a link of the mail is missing"} == caught.value.reasons
    transport = transport_to(double.base_url)
    transport.send(transport.build(mail, send_id="s", recipients=[able]), now=NOW)
    transport.close()
    assert f"{able.unsubscribe_url} {choices}" == double.mails[0].text.strip()


def test_what_no_caller_may_ask_for() -> None:
    """A post, nobody, too many."""
    with pytest.raises(TypeError):
        build_mails(replace(MAIL, body=PostBody("Words", 5, 280, False)), send_id="s", recipients=readers(1))
    for count in (0, 1_001):
        with pytest.raises(ValueError, match="readers in one call"):
            build_mails(MAIL, send_id="s", recipients=readers(count))


@pytest.mark.parametrize(
    "changes",
    [
        {"subject": "a\r\nBcc: x@y.example"},
        {"from_name": "a\nb"},
        {"list_id": "a\rb"},
        {"headers": {"Bcc": "x@y.example"}},
        {"headers": {"List-Unsubscribe": "<mailto:x@y.example>"}},
        {"headers": {"X-Note": "a\r\n\r\nb"}},
        {"from_address": "a@b.example>\r\nRSET"},
    ],
)
def test_no_header_can_be_smuggled_in_by_a_message(changes: dict[str, Any]) -> None:
    """A line break, or a header that is not the message's to set, ends the build."""
    with pytest.raises(ObservanceError):
        build_mails(replace(MAIL, body=replace(BODY, **changes)), send_id="s", recipients=readers(1))


HOSTILE = st.text(st.characters(codec="utf-8") | st.sampled_from('\r\n\0@<>,;:"\\ .'), max_size=40)


@given(address=HOSTILE | HOSTILE.map(lambda t: f"{t}@readers.example"), name=HOSTILE, identity=HOSTILE.filter(bool))
def test_no_header_can_be_smuggled_in_by_a_reader(address: str, name: str, identity: str) -> None:
    """Whatever an address, a name or an id holds: unusable, or one well-formed mail to one address."""
    someone = subscriber(1, address=address, name=name, subscriber_id=identity)
    try:
        request = build_mails(MAIL, send_id="s", recipients=[someone])
    except UnusableRecipients:
        return
    (letter,) = smtp._letters(request, NOW)
    headers = message_from_bytes(b"".join(letter.pieces)).items()
    (usual,) = smtp._letters(build_mails(MAIL, send_id="s", recipients=[subscriber(1)]), NOW)
    plain = message_from_bytes(b"".join(usual.pieces)).items()
    assert [key for key, _ in plain] == [key for key, _ in headers]
    assert letter.to.isascii()
    assert letter.to.isprintable()


# -- each reader's own end ------------------------------------------------------------------------------

ENDS = [
    (None, ACCEPTED),
    (Fault(Act.REFUSE, match="reader.2@"), FINAL),
    (Fault(Act.LIMIT, match="reader.3@"), LATER),
    (Fault(Act.DUPLICATE, match="reader.4@"), FINAL),  # the content is refused
    (Fault(Act.ERROR_BEFORE, match="reader.5@"), LATER),  # the content is put off
    (Fault(Act.NO_CREDIT, match="reader.6@"), LATER),
    (None, ACCEPTED),
]


def test_each_reader_has_their_own_end(double: SmtpDouble) -> None:
    """550, 451, 554 and 451 after the content, 452: one call, seven ends, one line, in the server's own words."""
    double.faults = type(double.faults)([fault for fault, _ in ENDS if fault])
    outcome = send(double, 7)
    assert [kind for _, kind in ENDS] == kinds(outcome, 7)
    assert (UNKNOWN, 2, 1, 7) == (outcome.kind, len(double.mails), double.lines_opened, double.sending_requests)
    ends = outcome.per_recipient
    assert [250, 550, 451, 554, 451, 452, 250] == [ends[f"s-{n}"].status for n in range(1, 8)]
    assert "550: 5.7.1 <[...]>: refused by the fault script" == ends["s-2"].detail
    assert "call-1" == outcome.reference
    assert (because(ReasonCode.MIXED, accepted=2, failed=2, later=3),) == outcome.reasons


def test_all_refused_is_a_refusal_and_the_line_stays_good(double: SmtpDouble) -> None:
    """Nobody is known there: the call fails as a whole, and the next one goes over the same line."""
    double.refused = {r.address for r in readers(3)}
    transport = transport_to(double.base_url)
    request = transport.build(MAIL, send_id="call-1", recipients=readers(3))
    assert FINAL is transport.send(request, now=NOW).kind
    double.refused = set()
    assert ACCEPTED is transport.send(request, now=NOW).kind
    assert (3, 1) == (len(double.mails), double.lines_opened)
    transport.close()


def test_put_off_once_is_accepted_at_the_next_try(double: SmtpDouble) -> None:
    """Greylisting: nothing was sent, and the second call goes through."""
    double.greylists = True
    assert (LATER, None) == (send(double).kind, send(SmtpDouble(greylists=True).start()).retry_at)
    assert ACCEPTED is send(double).kind
    assert {} == double.received_twice()


@pytest.mark.parametrize("act", [Act.DROP_AFTER, Act.DROP_BEFORE, Act.BROKEN_BODY, Act.ERROR_AFTER])
@pytest.mark.parametrize("at", [1, 3, 5])
def test_a_line_that_breaks_after_the_content_leaves_one_doubt(double: SmtpDouble, act: Act, at: int) -> None:
    """Readers before it have their mail, readers after it were not begun; of that one nobody knows. Nothing again."""
    double.faults = type(double.faults)([Fault(act, nth=at)])
    outcome = send(double, 5)
    assert [ACCEPTED] * (at - 1) + [UNKNOWN] + [LATER] * (5 - at) == kinds(outcome, 5)
    assert at - (act is Act.DROP_BEFORE) == len(double.mails)
    # The next reader may have been named with the content before; not a word of that mail has left.
    assert at <= double.sending_requests <= at + double.pipelining
    doubt = outcome.per_recipient.get("s-1" if at == 1 else f"s-{at}", outcome)
    assert {ReasonCode.NO_ANSWER, ReasonCode.STRANGE_ANSWER, ReasonCode.SERVER_ERROR} >= {r.code for r in doubt.reasons}
    assert doubt.reasons


def test_silence_after_the_content_leaves_one_doubt(double: SmtpDouble) -> None:
    """As long as was set, and not a moment longer."""
    double.faults = type(double.faults)([Fault(Act.STALL, nth=2, seconds=600)])
    elapsed, patience = stopwatch(), 3 * SHORT  # the first is to be answered within it
    outcome = send(double, 3, seconds=patience)
    assert [ACCEPTED, UNKNOWN, LATER] == kinds(outcome)
    assert f"no whole answer within {patience:g} s" in outcome.per_recipient["s-2"].detail
    assert elapsed() < 50


def test_a_server_that_closes_after_some_mails_is_called_again(double: SmtpDouble) -> None:
    """It closes without a word: nothing of the next mail had left, so it goes over a new line. Once each."""
    double.closes_after = 2
    assert ACCEPTED is send(double, 7).kind
    assert (7, 4, {}) == (len(double.mails), double.lines_opened, double.received_twice())


def test_a_server_that_says_good_bye_is_called_again(double: SmtpDouble) -> None:
    """421 to a reader after some mails: the same as a line that was closed."""
    double.faults = type(double.faults)([Fault(Act.LIMIT, nth=3, status=421)])
    assert ACCEPTED is send(double, 4).kind
    assert (4, 2, {}) == (len(double.mails), double.lines_opened, double.received_twice())


def test_a_reader_at_whom_a_new_line_breaks_does_not_stop_the_others(double: SmtpDouble) -> None:
    """It is put off by itself; the next reader has a line of their own."""
    double.faults = type(double.faults)([Fault(Act.HANG_UP, match="reader.1@", times=9)])
    assert [LATER, ACCEPTED, ACCEPTED] == kinds(send(double))


def test_a_reader_at_whom_every_line_breaks_has_one_new_line(double: SmtpDouble) -> None:
    """After mails that went well the line is opened anew, once; then that reader is put off, and the next one goes."""
    double.faults = type(double.faults)([Fault(Act.HANG_UP, match="reader.2@", times=99)])
    assert [ACCEPTED, LATER, ACCEPTED] == kinds(send(double))
    assert 3 == double.lines_opened


def test_silence_before_the_content_puts_off_one_reader() -> None:
    """The time for that mail is over: it is not begun again, and the next reader has a line of their own."""
    with ScriptedServer({"RCPT": ["250 ok\r\n", "250-wait\r\n", "250 ok\r\n"]}) as server:
        assert [ACCEPTED, LATER, ACCEPTED] == kinds(send(server, 3, seconds=SHORT))
        assert 2 == server.lines


def test_a_server_at_which_every_line_breaks_is_left_alone(double: SmtpDouble) -> None:
    """Two new lines in a row, and the rest is not begun."""
    double.faults = type(double.faults)([Fault(Act.HANG_UP, times=99)])
    outcome = send(double, 9)
    assert ([LATER] * 9, 2) == (kinds(outcome, 9), double.lines_opened)
    assert NOW + timedelta(seconds=60) == outcome.retry_at


@settings(max_examples=30, suppress_health_check=[HealthCheck.too_slow])
@given(
    script=st.lists(
        st.sampled_from(
            [Act.ACCEPT, Act.ACCEPT, Act.REFUSE, Act.LIMIT, Act.DUPLICATE, Act.HANG_UP, Act.DROP_AFTER, Act.DROP_BEFORE]
        ),
        max_size=14,
    ),
    closes_after=st.integers(0, 4),
    pipelining=st.booleans(),
)
def test_whatever_the_server_does_nobody_gets_a_mail_twice(
    script: list[Act], closes_after: int, pipelining: bool
) -> None:
    """Calls for those who were put off, until none is left: what is called accepted was kept, what is called refused
    or put off was not, and a call leaves one doubt at most."""
    faults = [Fault(act, nth=n) for n, act in enumerate(script, start=1)]
    with SmtpDouble(faults=faults, closes_after=closes_after, pipelining=pipelining) as server:
        transport = transport_to(server.base_url)
        waiting = readers(5)
        ends: dict[str, Outcome] = {}
        for _ in range(20):
            if not waiting:
                break
            outcome = transport.send(transport.build(MAIL, send_id="call-1", recipients=waiting), now=NOW)
            now = outcome.per_recipient or {r.subscriber_id: outcome for r in waiting}
            assert sum(end.kind is UNKNOWN for end in now.values()) <= 1
            ends.update(now)
            waiting = [r for r in waiting if now[r.subscriber_id].kind is LATER]
        transport.close()
        assert ([], {}) == (waiting, server.received_twice())
        kept = {mail.recipient for mail in server.mails}
        for r in readers(5):
            if ends[r.subscriber_id].kind is not UNKNOWN:
                assert (ends[r.subscriber_id].kind is ACCEPTED) == (r.address in kept)


def test_an_error_that_nobody_foresaw_leaves_one_doubt(double: SmtpDouble, monkeypatch: pytest.MonkeyPatch) -> None:
    """In the middle of a call: what had ended has ended."""
    content, times = SmtpLine.content, []

    def fragile(self: SmtpLine, *arguments: Any) -> Any:
        times.append(1)
        if len(times) == 2:
            raise RuntimeError("reader.2@readers.example")
        return content(self, *arguments)

    monkeypatch.setattr(SmtpLine, "content", fragile)
    outcome = send(double)
    assert [ACCEPTED, UNKNOWN, LATER] == kinds(outcome)
    assert "readers" not in repr(outcome)


def test_an_error_before_the_content_leaves_no_doubt(double: SmtpDouble, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing of that mail had left."""
    envelope, times = SmtpLine.envelope, []

    def fragile(self: SmtpLine, *arguments: Any) -> Any:
        times.append(1)
        if len(times) == 2:
            raise RuntimeError("reader.2@readers.example")
        return envelope(self, *arguments)

    monkeypatch.setattr(SmtpLine, "envelope", fragile)
    assert [ACCEPTED, LATER, LATER] == kinds(send(double))


def test_a_call_that_takes_long_leaves_the_rest_for_the_next(
    double: SmtpDouble, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It must end before its lease does; what was not begun is due at once."""
    monkeypatch.setattr(smtp, "_BEGIN_SECONDS", -1.0)
    outcome = send(double)
    assert (LATER, NOW, 0) == (outcome.kind, outcome.retry_at, double.sending_requests)


# -- several commands at once ---------------------------------------------------------------------------


def test_the_next_envelope_leaves_with_the_content(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the server takes several commands at once, three mails cost four round trips in place of twelve."""
    sent: dict[bool, list[bytes]] = {}
    in_time = SmtpLine._in_time

    def noted(self: SmtpLine, act: Any, argument: Any) -> Any:
        if act.__name__ == "sendall":
            gone.append(argument)
        return in_time(self, act, argument)

    monkeypatch.setattr(SmtpLine, "_in_time", noted)
    for offers in (("PIPELINING",), ()):
        gone: list[bytes] = []
        with ScriptedServer(offers=offers) as server:
            assert [ACCEPTED] * 3 == kinds(send(server))
        sent[bool(offers)] = [b for b in gone if not b.startswith((b"EHLO", b"QUIT"))]
    assert 12 == len(sent[False])
    assert [(True, 0), (True, 1), (True, 1), (False, 1)] == [
        (b.endswith(b">\r\nDATA\r\n"), b.count(b"\r\n.\r\n")) for b in sent[True]
    ]
    assert [1, 1, 1, 0] == [b.count(b"RCPT TO:<") for b in sent[True]]


def test_a_reader_s_end_is_told_before_the_next_content_goes(double: SmtpDouble) -> None:
    """Although the next mail's envelope left with the content before."""
    told = []

    def report(subscriber_id: str, end: Outcome) -> None:
        told.append((subscriber_id, len(double.mails)))

    transport = transport_to(double.base_url)
    transport.send_each(
        transport.build(MAIL, send_id="c", recipients=readers(5)), now=NOW, report=report, may_go_on=lambda: True
    )
    transport.close()
    assert [(f"s-{n}", n) for n in range(1, 6)] == told


def test_when_an_end_cannot_be_told_no_other_mail_goes(double: SmtpDouble) -> None:
    """Not even the one that the server waits for by then: its line is let go, and a later call opens another."""

    def report(subscriber_id: str, end: Outcome) -> None:
        if subscriber_id == "s-2":
            raise OSError("disk full")

    transport = transport_to(double.base_url)
    outcome = transport.send_each(
        transport.build(MAIL, send_id="c", recipients=readers(5)), now=NOW, report=report, may_go_on=lambda: True
    )
    assert [ACCEPTED, ACCEPTED, LATER, LATER, LATER] == kinds(outcome, 5)
    rest = transport.build(MAIL, send_id="c", recipients=readers(5)[2:])
    assert ACCEPTED is transport.send(rest, now=NOW).kind
    transport.close()
    assert (5, {}, 2 if double.pipelining else 1) == (len(double.mails), double.received_twice(), double.lines_opened)


@pytest.mark.parametrize("mails", [0, 1, 3])
def test_a_call_that_may_not_go_on_sends_nothing_more(double: SmtpDouble, mails: int) -> None:
    """Asked last when the server waits for the content already: its line is let go, and nobody is in doubt."""

    def may_go_on() -> bool:
        return len(double.mails) < mails

    transport = transport_to(double.base_url)
    request = transport.build(MAIL, send_id="c", recipients=readers(5))
    outcome = transport.send_each(request, now=NOW, report=lambda who, end: None, may_go_on=may_go_on)
    assert [ACCEPTED] * mails + [LATER] * (5 - mails) == kinds(outcome, 5)
    assert {NOW} == {end.retry_at for end in outcome.per_recipient.values() if end.kind is LATER} or not mails
    assert mails == len(double.mails)
    assert mails or not double.lines_opened
    transport.close()


def test_a_hold_that_comes_while_a_line_is_opened_is_in_time() -> None:
    """The last question is asked right before the content."""
    asked = iter([True, False])
    with ScriptedServer() as server:
        transport = transport_to(server.base_url)
        request = transport.build(MAIL, send_id="c", recipients=readers(2))
        outcome = transport.send_each(
            request, now=NOW, report=lambda who, end: None, may_go_on=lambda: next(asked, False)
        )
        assert (LATER, NOW, []) == (outcome.kind, outcome.retry_at, server.contents)
        transport.close()


@pytest.mark.parametrize("word", ["MAIL", "RCPT", "DATA"])
def test_good_bye_to_a_mail_that_was_offered_with_the_one_before(word: str) -> None:
    """421 anywhere in the envelope: nothing of that mail has left, so it goes over a new line."""
    good = "354 go on\r\n" if word == "DATA" else "250 ok\r\n"
    with ScriptedServer({word: [good, "421 4.7.0 enough for now\r\n", good]}) as server:
        assert [ACCEPTED] * 3 == kinds(send(server))
        assert (2, 3) == (server.lines, len(server.contents))


def test_good_bye_to_a_content_puts_off_that_reader_alone() -> None:
    """The server says in so many words that it did not take it."""
    with ScriptedServer({".": ["250 kept\r\n", "421 4.3.2 going down\r\n", "250 kept\r\n"]}) as server:
        assert [ACCEPTED, LATER, ACCEPTED] == kinds(send(server))


def test_a_reader_refused_who_was_offered_with_the_mail_before_gets_a_lone_dot() -> None:
    """RFC 2920, 3.1, in the middle of a call: no word of the mail leaves, nobody is counted for it, and all others go."""
    answers = {
        "RCPT": ["250 ok\r\n", "550 nobody\r\n", "250 ok\r\n"],
        ".": ["250 kept\r\n", "250 kept, for nobody\r\n", "250 kept\r\n"],
    }
    with ScriptedServer(answers) as server:
        assert [ACCEPTED, FINAL, ACCEPTED] == kinds(send(server))
        assert [False, True, False] == [content == b".\r\n" for content in server.contents]
        assert 1 == server.lines


@pytest.mark.parametrize("word", ["RCPT", "DATA"])
def test_an_answer_too_many_is_never_taken_for_the_next_one(word: str) -> None:
    """Nothing was asked that it could answer. The line is let go before a word of the mail leaves."""
    good = "354 go on\r\n" if word == "DATA" else "250 ok\r\n"
    with ScriptedServer({word: [good, good, good + "250 kept already\r\n", good]}) as server:
        outcome = send(server, 4)
        assert [ACCEPTED] * 4 == kinds(outcome, 4)
        assert (2, 4) == (server.lines, len(server.contents))


def test_behind_an_answer_that_is_not_understood_no_other_is_believed() -> None:
    """It may be an answer to something else: the next mail goes over a new line."""
    with ScriptedServer({".": ["250 kept\r\n", "299 perhaps\r\n", "250 kept\r\n"]}) as server:
        assert [ACCEPTED, UNKNOWN, ACCEPTED] == kinds(send(server))
        assert 2 == server.lines


# -- several lines --------------------------------------------------------------------------------------


def test_calls_of_several_threads_have_a_line_each_and_leave_it_to_the_next(double: SmtpDouble) -> None:
    """Everybody has their mail once; a second round of calls opens no other line."""
    double.closes_after = 0
    transport = transport_to(double.base_url)
    outcomes: list[Outcome] = []
    together = threading.Barrier(4, timeout=60)

    def call(number: int, round_: int) -> None:
        who = [subscriber(n) for n in range(100 * round_ + 10 * number, 100 * round_ + 10 * number + 10)]
        request = transport.build(MAIL, send_id=f"call-{number}", recipients=who)
        waited = iter([lambda: together.wait()])

        def may_go_on() -> bool:  # asked first before any line is looked for
            next(waited, lambda: 0)()
            return True

        outcomes.append(transport.send_each(request, now=NOW, report=lambda who, end: None, may_go_on=may_go_on))

    for round_ in (1, 2):
        threads = [threading.Thread(target=call, args=(n, round_)) for n in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(60)
    transport.close()
    assert [ACCEPTED] * 8 == [outcome.kind for outcome in outcomes]
    assert (80, {}) == (len(double.mails), double.received_twice())
    assert 4 >= double.lines_opened


def test_a_line_too_many_is_a_limit_and_no_trouble() -> None:
    """While another line is served the server is well: only this call waits, and its end says so to whoever counts."""
    transport: Any
    with ScriptedServer() as server:
        transport = transport_to(server.base_url)
        request = transport.build(MAIL, send_id="call-1", recipients=readers(2))
        others: list[Outcome] = []

        def may_go_on() -> bool:
            server._greeting = "421 4.7.0 too many connections\r\n"
            if not others:
                others.append(transport.send(request, now=NOW))
            return True

        asked = iter([lambda: True])  # the first question comes before the line
        outcome = transport.send_each(
            request,
            now=NOW,
            report=lambda who, end: None,
            may_go_on=lambda: next(asked, may_go_on)(),
        )
        assert ACCEPTED is outcome.kind
        (other,) = others
        assert (LATER, 421, NOW + timedelta(minutes=1)) == (other.kind, other.status, other.retry_at)
        assert (Bearing.GOOD, [ReasonCode.BUSY]) == (bearing_of(other), [reason.code for reason in other.reasons])
        transport.close()
        alone = transport.send(request, now=NOW)
        assert (Bearing.TROUBLE, LATER) == (bearing_of(alone), alone.kind)


# -- what a server may say ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("answers", "expected"),
    [
        ({"MAIL": "550 5.7.1 you may not send as this\r\n", "RCPT": "503 what\r\n", "DATA": "503 what\r\n"}, FINAL),
        ({"MAIL": "451 4.7.1 too fast\r\n", "RCPT": "503 what\r\n", "DATA": "503 what\r\n"}, LATER),
    ],
)
def test_what_is_about_the_sender_is_asked_once(answers: dict[str, str], expected: OutcomeKind) -> None:
    """Fifty readers, one question."""
    with ScriptedServer(answers) as server:
        outcome = send(server, 50)
        assert ([expected] * 50, 1) == (kinds(outcome, 50), server.words().count("MAIL"))


def test_a_server_that_waits_for_content_for_nobody_gets_a_lone_dot() -> None:
    """RFC 2920, 3.1: the reader is refused, yet DATA is allowed. No word of the mail leaves; the next reader goes."""
    with ScriptedServer(
        {"RCPT": ["550 nobody\r\n", "250 ok\r\n"], ".": ["554 for nobody\r\n", "250 kept\r\n"]}
    ) as server:
        assert [FINAL, ACCEPTED] == kinds(send(server, 2), 2)
        assert b".\r\n" == server.contents[0]


@pytest.mark.parametrize(
    "answer", ["299 perhaps\r\n", "354 more\r\n", "thanks\r\n", "2\r\n", "250", "", "250-kept\r\n", "199 x\r\n"]
)
def test_anything_but_250_for_a_content_is_unknown(answer: str) -> None:
    """Whatever else a server says, it may have the mail."""
    with ScriptedServer({".": answer}) as server:
        assert [UNKNOWN] == kinds(send(server, 1, seconds=SHORT), 1)


@pytest.mark.parametrize("word", ["MAIL", "RCPT", "DATA"])
@pytest.mark.parametrize("answer", ["354 go on\r\n", "299 what\r\n", "hello\r\n", "250-x\r\n" * 300, "2" * 20_000, ""])
@pytest.mark.parametrize("offers", [("PIPELINING",), ()])
def test_before_the_content_anything_odd_is_not_sent(word: str, answer: str, offers: tuple[str, ...]) -> None:
    """Nothing of the mail has left: later, never a doubt."""
    if (word, answer) == ("DATA", "354 go on\r\n"):
        return  # that is what it should say
    with ScriptedServer({word: answer}, offers=offers) as server:
        outcome = send(server, 1, seconds=SHORT)
        accepted = (word, answer) in (("MAIL", "299 what\r\n"), ("RCPT", "299 what\r\n"))
        assert [ACCEPTED if accepted else LATER] == kinds(outcome, 1)
        assert accepted or server.contents in ([], [b".\r\n"])


@pytest.mark.parametrize(
    ("greeting", "minutes"),
    [("554 not you\r\n", 15), ("421 too many\r\n", 1), ("SSH-2.0-OpenSSH\r\n", 1), ("", 1), ("220-here\r\n", 1)],
)
def test_a_server_that_does_not_greet_gets_nothing(greeting: str, minutes: int) -> None:
    """Not sent, and tried again: in a minute, or in a quarter of an hour where it does not want us."""
    with ScriptedServer(greeting=greeting) as server:
        outcome = send(server, seconds=SHORT)
        assert (LATER, NOW + timedelta(minutes=minutes), []) == (outcome.kind, outcome.retry_at, server.words())


def test_answers_in_drips_end_in_time() -> None:
    """The timeout is for the mail as a whole, not for the pauses within an answer."""
    elapsed = stopwatch()
    with ScriptedServer(greeting="220 " + "x" * 3_000 + "\r\n", drip_seconds=0.02) as server:
        assert LATER is send(server, 1, seconds=SHORT).kind
    assert elapsed() < 50


@pytest.mark.parametrize("more", ["250 and this", "550 and this", "354 and this", "421 good-bye"])
def test_an_answer_that_nobody_asked_for_ends_the_line(more: str) -> None:
    """Or else one reader's answer would be taken for another's."""
    with ScriptedServer({".": [f"250 kept\r\n{more}\r\n", "250 kept\r\n"]}) as server:
        assert ACCEPTED is send(server, 3).kind
        assert (2, 3) == (server.lines, len(server.contents))


def test_a_server_that_answers_beside_the_point_is_left() -> None:
    """That reader is put off, and the next one gets a new line: nobody knows what this one would do next."""
    with ScriptedServer({"DATA": ["299 what\r\n", "354 go on\r\n"]}) as server:
        assert [LATER, ACCEPTED] == kinds(send(server, 2), 2)
        assert 2 == server.lines


def test_no_more_is_said_than_is_needed() -> None:
    """RSET only after a mail that came to nothing; one QUIT."""
    with ScriptedServer({"RCPT": ["250 ok\r\n", "250 ok\r\n", "550 no\r\n", "250 ok\r\n"]}, offers=()) as server:
        send(server, 4)
        mail = ["MAIL", "RCPT", "DATA"]
        assert ["EHLO", *mail, *mail, "MAIL", "RCPT", "RSET", *mail, "QUIT"] == [
            line.split()[0] for line in server.seen
        ]


def test_a_call_that_was_tampered_with_says_nothing_strange() -> None:
    """No line break ever stands in a command, wherever it came from."""
    with ScriptedServer() as server:
        transport = transport_to(server.base_url)
        request = transport.build(MAIL, send_id="call-1", recipients=readers(1))
        body = {**request.body, "sender": "news@coalition.example>\r\nRCPT TO:<evil@elsewhere.example"}
        assert LATER is transport.send(replace(request, body=body), now=NOW).kind
        assert {"EHLO"} == set(server.words())
        transport.close()


def test_an_answer_of_several_lines_is_one() -> None:
    """The words of all of them are kept, without line breaks."""
    with ScriptedServer({"RCPT": "550-5.1.1 nobody\r\n550 of that name\r\n"}, offers=()) as server:
        assert "550: 5.1.1 nobody of that name" == send(server, 1).detail


@pytest.mark.parametrize(
    "said",
    [
        "reader.1@readers.example",
        "<READER.1@Readers.Example>",
        "readers.example",
        "at READERS.EXAMPLE",
        "other@elsewhere.example",
        "r@x, " + "a" * 40,
    ],
)
def test_no_address_is_kept_of_what_a_server_says(said: str, caplog: pytest.LogCaptureFixture) -> None:
    """Nor the part of the reader's address that names a house, in whatever spelling."""
    caplog.set_level(logging.DEBUG)
    for answers in ({"RCPT": f"550 {said} no\r\n"}, {".": f"554 {said} no\r\n"}, {"MAIL": f"550 {said} no\r\n"}):
        with ScriptedServer(answers, offers=()) as server:
            written = repr(send(server, 1)).casefold() + caplog.text.casefold()
            assert "readers.example" not in written
            assert "@" not in written
            assert "a" * 40 not in written
            assert "550" in written or "554" in written


# -- encryption and login -------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def certificates(tmp_path_factory: pytest.TempPathFactory) -> Certificates:
    return Certificates(tmp_path_factory.mktemp("certificates"))


@pytest.mark.parametrize("at_once", [False, True], ids=["starttls", "smtps"])
def test_a_server_that_is_vouched_for_gets_the_mail_encrypted(
    certificates: Certificates, monkeypatch: pytest.MonkeyPatch, at_once: bool
) -> None:
    """By an authority that the environment names; user name and password go over the encrypted line alone."""
    monkeypatch.setenv("SSL_CERT_FILE", str(certificates.ca))
    with SmtpDouble(tls=certificates.server(), tls_at_once=at_once, account=("news", PASSWORD)) as server:
        assert ACCEPTED is send(server, starttls=True, username="news").kind
        assert [True] * 3 == [mail.encrypted for mail in server.mails]


@pytest.mark.parametrize("at_once", [False, True], ids=["starttls", "smtps"])
@pytest.mark.parametrize(("host", "vouched"), [("127.0.0.1", False), ("mail.elsewhere.example", True)])
def test_a_server_that_is_not_who_it_says_gets_nothing(
    certificates: Certificates, monkeypatch: pytest.MonkeyPatch, at_once: bool, host: str, vouched: bool
) -> None:
    """Nobody vouches for it, or it is another one: no login, no reader, no mail; tried again later."""
    monkeypatch.setenv("SSL_CERT_FILE", str(certificates.ca))
    with SmtpDouble(tls=certificates.server(host, vouched=vouched), tls_at_once=at_once) as server:
        outcome = send(server, starttls=True, username="news")
        assert (LATER, 0, ()) == (outcome.kind, server.sending_requests, server.mails)
        assert "the server's certificate is not trusted" in outcome.detail
        assert NOW + timedelta(seconds=60) == outcome.retry_at


@pytest.mark.parametrize(
    ("answers", "offers"),
    [
        ({}, ("PIPELINING", "AUTH PLAIN")),
        ({"STARTTLS": "454 not now\r\n"}, ("STARTTLS", "AUTH PLAIN")),
        ({"STARTTLS": "220 go\r\n250 AUTH PLAIN\r\n"}, ("STARTTLS", "AUTH PLAIN")),
    ],
    ids=["not offered", "refused", "somebody speaks in between"],
)
def test_where_encryption_is_demanded_nothing_is_said_without(answers: dict[str, str], offers: tuple[str, ...]) -> None:
    """Neither the password nor a reader's address, whoever sits in between."""
    with ScriptedServer(answers, offers=offers) as server:
        outcome = send(server, starttls=True, username="news", seconds=2.0)
        assert LATER is outcome.kind
        assert {"EHLO", *(w for w in offers if w == "STARTTLS")} == set(server.words())


def test_without_encryption_only_to_this_machine() -> None:
    """Refused when the channel is made, not at the first mail."""
    with pytest.raises(ConfigurationError, match="unencrypted"):
        transport_to("smtp://mail.example.org:587", starttls=False)
    transport_to("smtp://mail.example.org:587", starttls=True).close()
    transport_to("smtps://mail.example.org", starttls=False).close()


@pytest.mark.parametrize("base_url", ["http://127.0.0.1:1", "smtp://", "mail.example.org"])
def test_an_address_that_is_no_mail_server(base_url: str) -> None:
    """Refused when the channel is made."""
    with pytest.raises(ConfigurationError, match="not the address of a mail server"):
        transport_to(base_url)


def test_a_user_name_needs_a_password() -> None:
    """The error names the variable, and nothing else."""
    with pytest.raises(ConfigurationError, match="not set: OBSERVANCE_SMTP_PASSWORD"):
        transport_to("smtp://127.0.0.1:1", username="news", password="")
    transport_to("smtp://127.0.0.1:1", password="").close()


def test_a_refused_login_is_final_and_is_not_tried_again_at_once(double: SmtpDouble) -> None:
    """Servers lock out who knocks too often: the next calls fail without a line, until five minutes have passed."""
    double.account = ("news", "another password")
    transport = transport_to(double.base_url, username="news")
    request = transport.build(MAIL, send_id="call-1", recipients=readers(3))
    outcomes = [transport.send(request, now=NOW + timedelta(seconds=s)) for s in (0, 1, 299)]
    assert ([FINAL] * 3, 1) == ([o.kind for o in outcomes], double.lines_opened)
    assert "the server refused the login: 535" in outcomes[0].detail
    assert PASSWORD not in repr(outcomes)
    double.account = ("news", PASSWORD)
    assert ACCEPTED is transport.send(request, now=NOW + timedelta(minutes=5)).kind
    transport.close()


@pytest.mark.parametrize(
    ("answers", "offers", "expected", "words"),
    [
        ({"AUTH": "454 4.7.0 not now\r\n"}, ("AUTH PLAIN",), LATER, "did not succeed"),
        ({"AUTH": "535 no\r\n"}, ("AUTH LOGIN PLAIN",), FINAL, "refused the login"),
        ({"AUTH": "334 VXNlcm5hbWU6\r\n", "BMV3CW==": "535 no\r\n"}, ("AUTH LOGIN",), FINAL, "refused the login"),
        ({}, ("AUTH CRAM-MD5 XOAUTH2",), FINAL, "no login that is known here"),
        ({}, ("PIPELINING",), FINAL, "no login that is known here"),
    ],
)
def test_how_a_login_can_end(
    answers: dict[str, str], offers: tuple[str, ...], expected: OutcomeKind, words: str
) -> None:
    """Not now is later; refused, or no way to log in, is final. No mail either way."""
    with ScriptedServer(answers, offers=offers) as server:
        outcome = send(server, username="news")
        assert (expected, 0) == (outcome.kind, server.words().count("MAIL"))
        assert words in outcome.detail


@pytest.mark.parametrize("offer", ["AUTH LOGIN", "AUTH=LOGIN", "AUTH XOAUTH2 LOGIN"])
def test_an_older_way_to_log_in(offer: str) -> None:
    """LOGIN, also as older servers write it."""
    answers = {
        "AUTH": "334 VXNlcm5hbWU6\r\n",
        "BMV3CW==": "334 UGFzc3dvcmQ6\r\n",
        "BM90LWETCMVHBC1WYXNZD29YZA==": "235 ok\r\n",
    }
    with ScriptedServer(answers, offers=(offer,)) as server:
        assert ACCEPTED is send(server, username="news").kind


def test_both_ways_to_log_in_with_letters_that_are_not_ascii() -> None:
    """User name and password are UTF-8 (RFC 4616)."""
    with SmtpDouble(account=("n\u00e9ws", "p\u00e4ss")) as server:
        assert ACCEPTED is send(server, username="n\u00e9ws", password="p\u00e4ss").kind


@pytest.mark.parametrize(
    ("name", "expected"), [("mail.coalition.example", "EHLO mail.coalition.example"), ("", "EHLO [127.0.0.1]")]
)
def test_how_this_machine_greets(name: str, expected: str) -> None:
    """By the name that was set, or by its address; never by a name that would have to be looked up."""
    with ScriptedServer() as server:
        send(server, 1, ehlo_name=name)
        assert expected == server.seen[0]


# -- the rest of the contract ---------------------------------------------------------------------------


def test_the_batch_is_small_and_can_be_set() -> None:
    """Corrections and withdrawn approvals act between two calls."""
    assert (200, 7) == (
        transport_to("smtp://127.0.0.1:1").batch_limit,
        transport_to("smtp://127.0.0.1:1", batch_size=7).batch_limit,
    )


def test_a_mail_server_cannot_be_asked(double: SmtpDouble) -> None:
    """Not even of what it has: only its later reports tell."""
    transport = transport_to(double.base_url)
    request = transport.build(MAIL, send_id="call-1", recipients=readers(1))
    transport.send(request, now=NOW)
    assert Verdict.CANNOT_TELL is transport.look_up(request, since=NOW, now=NOW).verdict
    transport.close()


def test_closing_says_good_bye() -> None:
    """And a transport that was closed opens a new line when it is used again."""
    with ScriptedServer() as server:
        transport = transport_to(server.base_url)
        request = transport.build(MAIL, send_id="call-1", recipients=readers(1))
        transport.send(request, now=NOW)
        transport.close()
        assert ACCEPTED is transport.send(request, now=NOW).kind
        assert 2 == server.lines
        transport.close()


def test_a_dry_run_needs_no_line(tmp_path: Path) -> None:
    """What the dry run shows is built without sockets, encryption or a mail library."""
    import subprocess
    import sys

    code = "import sys; from scheduler.channels.smtp.build import build_mails; print([m for m in ('ssl', 'smtplib') if m in sys.modules])"
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=Path(__file__).parents[2]
    )
    assert "[]" == done.stdout.strip()
