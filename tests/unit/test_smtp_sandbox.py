"""The stand-in for a mail server, looked at by Python's own SMTP client: strict, stateful, on this machine only."""

from __future__ import annotations

import http.client
import json
import smtplib
import socket
import ssl
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from scheduler.channels.contract.faults import Act, Fault
from scheduler.channels.smtp.simulator import SmtpPages
from scheduler.channels.smtp.smtp_rules import parse, problems, warnings
from scheduler.channels.smtp.smtp_talk import SmtpDouble
from scheduler.clock import VirtualClock
from tests.support.smtp_servers import Certificates

NOW = datetime(2027, 1, 11, 15, 0, tzinfo=UTC)
SENDER, ANN, BEN = "news@coalition.example", "ann@readers.example", "ben@readers.example"
GOOD = (
    "From: Example Coalition <news@coalition.example>\r\nTo: ann@readers.example\r\nSubject: Help is near\r\n"
    "Date: Mon, 11 Jan 2027 15:00:00 +0000\r\nMessage-ID: <a.1@coalition.example>\r\nAuto-Submitted: auto-generated\r\n"
    "List-Id: <january.coalition.example>\r\nList-Unsubscribe: <https://coalition.example/u/1>\r\n"
    "List-Unsubscribe-Post: List-Unsubscribe=One-Click\r\nMIME-Version: 1.0\r\n"
    'Content-Type: multipart/alternative; boundary="=_b"\r\n\r\n'
    "--=_b\r\nContent-Type: text/plain; charset=utf-8\r\n\r\nHelp is near.\r\n.\r\n..dots\r\n"
    "--=_b\r\nContent-Type: text/html; charset=utf-8\r\n\r\n<p>Help <script>x</script></p>\r\n--=_b--\r\n"
)


@pytest.fixture
def double() -> Iterator[SmtpDouble]:
    with SmtpDouble(clock=VirtualClock(NOW)) as running:
        yield running


def client(double: SmtpDouble) -> smtplib.SMTP:
    return smtplib.SMTP("127.0.0.1", double.port, timeout=60)


def talk(double: SmtpDouble, *lines: bytes) -> list[bytes]:
    """What is answered to raw lines, sent at once."""
    with socket.create_connection(("127.0.0.1", double.port), 5) as line:
        line.sendall(b"".join(lines))
        line.shutdown(socket.SHUT_WR)
        said = b""
        while received := line.recv(4096):
            said += received
    return said.splitlines()


def test_a_mail_is_kept_as_it_was_sent(double: SmtpDouble) -> None:
    """Every byte, dots at the start of lines included, for each reader of the envelope; and it warns of nothing."""
    with client(double) as c:
        assert {} == c.sendmail(SENDER, [ANN], GOOD)
    (mail,) = double.mails
    assert (GOOD.encode(), SENDER, ANN, NOW) == (mail.raw, mail.sender, mail.recipient, mail.at)
    assert ("Help is near", "Example Coalition", "<a.1@coalition.example>") == (
        mail.subject,
        mail.from_name,
        mail.message_id,
    )
    assert ("Help is near.\n.\n..dots", ()) == (mail.text, mail.warnings)


def test_some_readers_are_not_known(double: SmtpDouble) -> None:
    """550 for one, the mail for the other; all refused is an error of the client."""
    double.refused = {BEN}
    with client(double) as c:
        refused = c.sendmail(SENDER, [ANN, BEN], GOOD)
        assert {BEN: 550} == {who: code for who, (code, _) in refused.items()}
        with pytest.raises(smtplib.SMTPRecipientsRefused):
            c.sendmail(SENDER, [BEN], GOOD)
    assert [ANN] == [mail.recipient for mail in double.mails]
    assert 3 == double.sending_requests


def test_greylisting_puts_off_once() -> None:
    """451 to a reader who is new, then the mail."""
    with SmtpDouble(greylists=True) as double, client(double) as c:
        with pytest.raises(smtplib.SMTPRecipientsRefused):
            c.sendmail(SENDER, [ANN], GOOD)
        assert {} == c.sendmail(SENDER, [ANN], GOOD)


def test_it_closes_after_some_mails() -> None:
    """Without a word, between two mails."""
    with SmtpDouble(closes_after=2) as double:
        c = client(double)
        for _ in range(2):
            c.sendmail(SENDER, [ANN], GOOD)
        with pytest.raises(smtplib.SMTPServerDisconnected):
            c.sendmail(SENDER, [ANN], GOOD)
        assert ({("Help is near", ANN): 2}, 2) == (double.received_twice(), len(double.mails))


@pytest.mark.parametrize(
    ("fault", "kept", "expected"),
    [
        (Fault(Act.REFUSE, status=553), 0, smtplib.SMTPRecipientsRefused),
        (Fault(Act.LIMIT), 0, smtplib.SMTPRecipientsRefused),
        (Fault(Act.NO_CREDIT), 0, smtplib.SMTPRecipientsRefused),
        (Fault(Act.DUPLICATE), 0, smtplib.SMTPDataError),
        (Fault(Act.ERROR_BEFORE), 0, smtplib.SMTPDataError),
        (Fault(Act.STALL, seconds=0, accepts=False), 0, smtplib.SMTPDataError),
        (Fault(Act.HANG_UP), 0, smtplib.SMTPServerDisconnected),
        (Fault(Act.DROP_BEFORE), 0, smtplib.SMTPServerDisconnected),
        (Fault(Act.DROP_AFTER), 1, smtplib.SMTPServerDisconnected),
        (Fault(Act.ERROR_AFTER), 1, smtplib.SMTPException),
        (Fault(Act.BROKEN_BODY), 1, smtplib.SMTPException),
        (Fault(Act.STALL, seconds=0), 1, None),
        (Fault(Act.ACCEPT), 1, None),
        (Fault(Act.REFUSE, double="x"), 1, None),
        (Fault(Act.REFUSE, match="ben@"), 1, None),
    ],
    ids=lambda value: str(getattr(value, "act", value)),
)
def test_faults(fault: Fault, kept: int, expected: type[Exception] | None) -> None:
    """Each act, as a client sees it, and whether the mail was kept."""
    with SmtpDouble(faults=[fault]) as double:
        c = client(double)
        if expected is None:
            c.sendmail(SENDER, [ANN], GOOD)
        else:
            with pytest.raises(expected):
                c.sendmail(SENDER, [ANN], GOOD)
        c.close()
        assert kept == len(double.mails)


def test_several_commands_at_once(double: SmtpDouble) -> None:
    """Answered in their order (RFC 2920); what is said out of order is refused."""
    said = talk(
        double,
        b"EHLO me.example\r\nRCPT TO:<a@b.example>\r\nDATA\r\nMAIL FROM:<a@b.example> SIZE=9\r\nMAIL FROM:<a@b.example>\r\n",
        b"RCPT TO:<@>\r\nRCPT TO:a@b.example\r\nRCPT TO:<a@b.example>\r\nRSET\r\nDATA\r\nNOOP\r\nVRFY x\r\nQUIT\r\n",
    )
    codes = [line[:3].decode() for line in said if line[3:4] == b" "]
    assert ["220", "250", "503", "503", "250", "503", "250", "501", "250", "250", "503", "250", "500", "221"] == codes


def test_a_server_that_takes_one_command_at_a_time() -> None:
    """Two at once end the line, so that a client which does not look at the offers is found out."""
    with SmtpDouble(pipelining=False) as double:
        said = talk(double, b"EHLO me.example\r\nNOOP\r\n")
        assert b"503 5.5.0 one command at a time" == said[-1]
        with client(double) as c:
            assert {} == c.sendmail(SENDER, [ANN], GOOD)


@pytest.mark.parametrize("line", [b"EHLO \xc3\xa9\r\n", b"EHLO me\nMAIL FROM:<a@b.example>\r\n", b"x" * 20_000])
def test_commands_are_ascii_and_end_in_crlf(double: SmtpDouble, line: bytes) -> None:
    """Or the line is closed."""
    assert not [said for said in talk(double, line) if said.startswith(b"250")]


@pytest.mark.parametrize("name", [b"EHLO\r\n", b"EHLO me you\r\n", b"EHLO [me]\r\n"])
def test_a_greeting_needs_a_name(double: SmtpDouble, name: bytes) -> None:
    """And nothing goes before it."""
    assert [b"501 5.5.4 that is no name", b"503 5.5.1 EHLO first"] == talk(
        double, name, b"MAIL FROM:<a@b.example>\r\n"
    )[1:]


def test_login() -> None:
    """Both ways; wrong is 535, none is 530; without an account any will do."""
    with SmtpDouble(account=("news", "word")) as double:
        for way in ("plain", "login"):
            with client(double) as c:
                c.ehlo()
                c.user, c.password = "news", "wrong"
                with pytest.raises(smtplib.SMTPAuthenticationError):
                    c.auth(way, getattr(c, f"auth_{way}"))
                with pytest.raises(smtplib.SMTPSenderRefused, match="530"):
                    c.sendmail(SENDER, [ANN], GOOD)
                c.password = "word"
                c.auth(way, getattr(c, f"auth_{way}"))
                assert {} == c.sendmail(SENDER, [ANN], GOOD)
    with SmtpDouble() as double, client(double) as c:
        c.login("any", "thing")


def test_encryption_is_demanded_where_it_is_offered(tmp_path: Path) -> None:
    """530 before STARTTLS; what was said before it is forgotten; no login unencrypted."""
    certificates = Certificates(tmp_path)
    trust = ssl.create_default_context(cafile=str(certificates.ca))
    with SmtpDouble(tls=certificates.server()) as double, client(double) as c:
        c.ehlo()
        assert not c.has_extn("auth")
        assert 530 == c.mail(SENDER)[0]
        assert 538 == c.docmd("AUTH", "PLAIN eA==")[0]
        c.starttls(context=trust)
        assert 503 == c.mail(SENDER)[0]
        assert {} == c.sendmail(SENDER, [ANN], GOOD)
        assert [True] == [mail.encrypted for mail in double.mails]


@pytest.mark.parametrize(
    ("raw", "words"),
    [
        (b"a\nb\r\n", "CRLF"),
        (b"a\rb\r\n", "CRLF"),
        (b"x" * 999 + b"\r\n", "998"),
        (b"a\x00b\r\n", "NUL"),
        (b"x\r\n" * 4_000_000, "large"),
    ],
    ids=["lone line feed", "lone return", "long line", "NUL", "large"],
)
def test_what_a_server_would_refuse(double: SmtpDouble, raw: bytes, words: str) -> None:
    """554, and nothing is kept."""
    assert words in problems(raw)[0]
    if len(raw) < 5_000:
        assert double.keep(SENDER, [ANN], raw, False).startswith("554")
        assert () == double.mails


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("To: ann@", "To: ben@", "somebody else"),
        ("To: ann@readers.example", "To: ann@readers.example, ben@readers.example", "somebody else"),
        ("Subject:", "Cc: ben@readers.example\r\nSubject:", "somebody else"),
        ("Subject:", "Subject: one\r\nSubject:", "Subject stands 2 times"),
        ("Message-ID: <a.1@coalition.example>\r\n", "", "Message-ID stands 0 times"),
        ("<a.1@coalition.example>", "a.1", "Message-ID is none"),
        ("List-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n", "", "cannot be left with one click"),
        ("<https://coalition.example/u/1>", "=?utf-8?q?=3Chttps=3A?=", "List-Unsubscribe is not one address"),
        ("List-Id: <january.coalition.example>", "List-Id: january", "List-Id has no name"),
        ("Auto-Submitted: auto-generated\r\n", "", "absence notes"),
        ("Date: Mon, 11 Jan 2027 15:00:00 +0000", "Date: yesterday", "Date is none"),
        ("Help is near.\r\n.\r\n", "Leave: %unsubscribe_url%\r\n", "%unsubscribe_url%"),
        ("text/plain; charset=utf-8", "text/html; charset=utf-8", "not the two parts"),
        ("<p>", "<p>" + "x" * 103_000, "larger than what Gmail shows"),
    ],
)
def test_what_it_warns_of(old: str, new: str, words: str) -> None:
    """What would pass, and must never be."""
    assert [] == warnings(parse(GOOD.encode()), ANN)
    assert old in GOOD
    assert words in " ".join(warnings(parse(GOOD.replace(old, new, 1).encode()), ANN))


def test_the_pages(double: SmtpDouble) -> None:
    """An inbox and each mail, without scripts and with readers masked; counts for programs; this machine only."""
    with client(double) as c:
        c.sendmail(SENDER, [ANN], GOOD)
    with SmtpPages(double) as pages:

        def get(path: str, host: str = "127.0.0.1", method: str = "GET") -> tuple[int, str]:
            line = http.client.HTTPConnection("127.0.0.1", pages.port, timeout=60)
            line.request(method, path, headers={"Host": host})
            answer = line.getresponse()
            body = answer.read().decode()
            line.close()
            return answer.status, body

        for path in ("/", "/_/mails/1"):
            status, body = get(path)
            assert (200, True, False, False) == (
                status,
                "Help is near" in body,
                "readers.example" in body,
                "<script" in body,
            )
        status, body = get("/_/received")
        counts = json.loads(body)
        assert (1, 1, 0, ["250"]) == (
            counts["sending_requests"],
            counts["accepted"],
            counts["received_twice"],
            [r["status"] for r in counts["requests"]],
        )
        assert "readers.example" not in body
        assert [404, 404, 403, 405, 404] == [
            get("/_/mails/2")[0],
            get("/_/else")[0],
            get("/", host="evil.example")[0],
            get("/", method="POST")[0],
            get("/x")[0],
        ]


def test_stopping_cuts_every_line(double: SmtpDouble) -> None:
    """Also of a client that says nothing; afterwards it can be started again."""
    with socket.create_connection(("127.0.0.1", double.port), 5) as line:
        assert line.recv(4096).startswith(b"220 ")
        double.stop()
        assert b"" == line.recv(4096)
    with double.start(), client(double) as again:
        assert 250 == again.noop()[0]


def test_it_is_on_this_machine_only(double: SmtpDouble) -> None:
    """Bound to loopback; what it says aloud names no reader."""
    said: list[str] = []
    with SmtpDouble(out=said.append, faults=[Fault(Act.DROP_AFTER)]) as loud:
        assert loud._server is not None
        assert "127.0.0.1" == loud._server.server_address[0]
        with pytest.raises(smtplib.SMTPServerDisconnected):
            client(loud).sendmail(SENDER, [ANN], GOOD.replace("Auto-Submitted: auto-generated\r\n", ""))
    told = "\n".join(said)
    assert "accept-then-drop" in told
    assert "warning: absence notes" in told
    assert "readers.example" not in told
