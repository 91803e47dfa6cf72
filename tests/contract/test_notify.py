"""Webhook, mail and heartbeat against servers on this machine: what arrives, and what is said when it does not."""

from __future__ import annotations

import json
import socketserver
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from email.message import Message as Mail822
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from scheduler.channels.notify import HeartbeatPing, NoticeMail, Webhook, heartbeat_of, ways_of
from scheduler.clock import VirtualClock
from scheduler.settings import Notices, Secrets

CLOCK = VirtualClock(datetime(2027, 1, 11, 12, tzinfo=UTC))


# -- a web server ---------------------------------------------------------------------------------------


@dataclass
class Got:
    path: str
    headers: dict[str, str]
    body: bytes


class Web(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, status: int = 200) -> None:
        self.got: list[Got] = []
        self.status = status
        super().__init__(("127.0.0.1", 0), _Post)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}/hook/T0/secret?a=b"


class _Post(BaseHTTPRequestHandler):
    server: Web

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        self.server.got.append(Got(self.path, dict(self.headers), body))
        self.send_response(self.server.status)
        self.send_header("Location", self.server.url)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, format: str, *args: Any) -> None:
        """Silent."""


@contextmanager
def serving(server: socketserver.BaseServer) -> Iterator[Any]:
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()
        thread.join(60)


def test_slack_and_mattermost_get_json() -> None:
    """One object with the text, nothing else."""
    with serving(Web()) as web:
        assert "" == Webhook(web.url, "json").tell("Two things", "- one\n- zwölf")
    (got,) = web.got
    assert {"text": "Two things\n- one\n- zwölf"} == json.loads(got.body)
    assert "/hook/T0/secret?a=b" == got.path
    assert "application/json" == got.headers["Content-Type"]


def test_ntfy_gets_plain_text_with_a_title() -> None:
    """The title is a header, so it is ASCII."""
    with serving(Web()) as web:
        assert "" == Webhook(web.url, "text").tell("Zwölf things", "- zwölf")
    (got,) = web.got
    assert "- zwölf" == got.body.decode()
    assert "Zw?lf things" == got.headers["Title"]


def test_a_check_is_told_that_something_failed() -> None:
    """By the address and /fail; its query stays at its end."""
    with serving(Web()) as web:
        assert "" == Webhook(web.url, "ping").tell("One thing", "- one")
    (got,) = web.got
    assert "/hook/T0/secret/fail?a=b" == got.path
    assert b"One thing\n- one" == got.body


def test_a_heartbeat_says_nothing() -> None:
    """That it comes is all there is to it."""
    with serving(Web()) as web:
        assert "" == HeartbeatPing(web.url).tell("a title", "a text")
    assert [b""] == [g.body for g in web.got]


@pytest.mark.parametrize("status", [302, 404, 500])
def test_a_refusal_is_told_by_its_number_and_followed_nowhere(status: int) -> None:
    """One request; the address of the hook is in no words."""
    with serving(Web(status)) as web:
        said = Webhook(web.url, "json").tell("t", "x")
    assert f"the server answered {status}" == said
    assert 1 == len(web.got)


def test_a_server_that_is_not_there_is_told() -> None:
    """And nothing of its address."""
    with serving(Web()) as web:
        url = web.url
    said = Webhook(url, "json", timeout_seconds=2).tell("t", "x")
    assert "no connection" in said
    assert "secret" not in said


# -- a mail server --------------------------------------------------------------------------------------


@dataclass
class Post:
    sender: str
    readers: list[str]
    mail: Mail822


@dataclass
class Rules:
    """How the double behaves."""

    starttls: ssl.SSLContext | None = None
    refuse: frozenset[str] = frozenset()  # readers
    login: int = 235
    greeting: str = "220 here"
    posts: list[Post] = field(default_factory=list)
    logins: list[str] = field(default_factory=list)


class MailServer(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True

    def __init__(self, rules: Rules) -> None:
        self.rules = rules
        super().__init__(("127.0.0.1", 0), _Smtp)

    @property
    def port(self) -> int:
        return int(self.server_address[1])


class _Smtp(socketserver.StreamRequestHandler):
    """As much of RFC 5321 as a single mail needs."""

    server: MailServer

    def handle(self) -> None:
        try:
            self.converse()
        except (OSError, ssl.SSLError, ValueError):
            return

    def converse(self) -> None:
        rules, encrypted = self.server.rules, False
        self.say(rules.greeting)
        sender, readers = "", []
        while line := self.rfile.readline():
            verb, _, rest = line.decode().strip().partition(" ")
            if verb.upper() == "EHLO":
                extra = ["AUTH PLAIN"] if encrypted or rules.starttls is None else ["STARTTLS"]
                self.say("\r\n".join(["250-here", *(f"250-{e}" for e in extra), "250 8BITMIME"]))
            elif verb.upper() == "STARTTLS" and rules.starttls is not None:
                self.say("220 go")
                self.request = rules.starttls.wrap_socket(self.request, server_side=True)
                self.rfile, self.wfile = self.request.makefile("rb"), self.request.makefile("wb")
                encrypted = True
            elif verb.upper() == "AUTH":
                rules.logins.append(rest)
                self.say(f"{rules.login} well")
            elif verb.upper() == "MAIL":
                sender = rest
                self.say("250 ok")
            elif verb.upper() == "RCPT":
                subscriber = rest.partition("<")[2].partition(">")[0]
                readers.append(subscriber)
                self.say("550 no such reader here" if subscriber in rules.refuse else "250 ok")
            elif verb.upper() == "DATA":
                self.say("354 go")
                lines = list(iter(self.rfile.readline, b".\r\n"))
                rules.posts.append(Post(sender, readers, message_from_bytes(b"".join(lines))))
                self.say("250 taken")
            else:
                self.say("221 bye" if verb.upper() == "QUIT" else "250 ok")

    def finish(self) -> None:
        with suppress(OSError, ValueError):
            super().finish()
        self.request.close()

    def say(self, line: str) -> None:
        self.wfile.write(f"{line}\r\n".encode())
        self.wfile.flush()


def by_mail(server: MailServer, **more: Any) -> NoticeMail:
    given: dict[str, Any] = {
        "smtp_host": "127.0.0.1",
        "smtp_port": server.port,
        "smtp_security": "none",
        "smtp_from": "alerts@news.example.org",
        "smtp_to": ("ada@example.org", "bea@example.org"),
        **more,
    }
    return NoticeMail(Notices(**given), "mail-password", CLOCK, timeout_seconds=5)


def test_a_mail_arrives_whole_at_all_who_are_to_get_it() -> None:
    """Subject, text, date of the clock that is handed in, and the mark that no person wrote it."""
    with serving(MailServer(Rules())) as server:
        assert "" == by_mail(server).tell("Observance: 2 things need your attention", "- one\n- zwölf")
    (post,) = server.rules.posts
    assert ["ada@example.org", "bea@example.org"] == post.readers
    assert "Observance: 2 things need your attention" == post.mail["Subject"]
    assert "auto-generated" == post.mail["Auto-Submitted"]
    assert "Mon, 11 Jan 2027 12:00:00 +0000" == post.mail["Date"]
    payload = post.mail.get_payload(decode=True)
    assert isinstance(payload, bytes)
    assert "- one\n- zwölf\n" == payload.decode().replace("\r\n", "\n")
    assert [] == server.rules.logins


def test_who_is_refused_is_counted_and_not_named() -> None:
    """One of two, or both."""
    with serving(MailServer(Rules(refuse=frozenset({"bea@example.org"})))) as server:
        assert "the mail server takes no mail for 1 of these people" == by_mail(server).tell("t", "x")
    assert 1 == len(server.rules.posts)
    with serving(MailServer(Rules(refuse=frozenset({"ada@example.org", "bea@example.org"})))) as server:
        assert "the mail server takes no mail for any of these people" == by_mail(server).tell("t", "x")


@pytest.fixture(scope="session")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, ssl.SSLContext]:
    """A certificate for 127.0.0.1 that nobody knows, and a server's side with it."""
    from ipaddress import ip_address

    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    folder = tmp_path_factory.mktemp("tls")
    pem, key_file = folder / "cert.pem", folder / "key.pem"
    pem.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    key_file.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(pem, key_file)
    return pem, context


def test_the_password_goes_over_an_encrypted_line(
    certificate: tuple[Path, ssl.SSLContext], monkeypatch: pytest.MonkeyPatch
) -> None:
    """With a certificate that is known, STARTTLS comes first, then the login."""
    pem, context = certificate
    monkeypatch.setenv("SSL_CERT_FILE", str(pem))
    with serving(MailServer(Rules(starttls=context))) as server:
        said = by_mail(server, smtp_security="starttls", smtp_username="alerts").tell("t", "x")
    assert "" == said
    assert 1 == len(server.rules.posts)
    assert 1 == len(server.rules.logins)


def test_a_certificate_that_nobody_knows_ends_the_call(certificate: tuple[Path, ssl.SSLContext]) -> None:
    """No login, no mail."""
    with serving(MailServer(Rules(starttls=certificate[1]))) as server:
        said = by_mail(server, smtp_security="starttls", smtp_username="alerts").tell("t", "x")
    assert "no encrypted connection (TLS) to the mail server" == said
    assert ([], []) == (server.rules.posts, server.rules.logins)


def test_a_server_without_encryption_gets_no_password() -> None:
    """STARTTLS is demanded, not tried."""
    with serving(MailServer(Rules())) as server:
        said = by_mail(server, smtp_security="starttls", smtp_username="alerts").tell("t", "x")
    assert "does not do what was asked" in said
    assert ([], []) == (server.rules.posts, server.rules.logins)


@pytest.mark.parametrize(
    ("rules", "words"),
    [
        (Rules(login=535), "the mail server answered 535"),
        (Rules(greeting="554 go away"), "the mail server answered 554"),
    ],
)
def test_a_refusal_is_told_by_its_number(rules: Rules, words: str) -> None:
    """What the server says besides may name somebody."""
    with serving(MailServer(rules)) as server:
        assert words == by_mail(server, smtp_username="alerts").tell("t", "x")


def test_a_mail_server_that_is_not_there_is_told() -> None:
    """In words, at once."""
    with serving(MailServer(Rules())) as server:
        mail = by_mail(server)
    assert mail.tell("t", "x").startswith("no connection to the mail server")


def test_the_ways_are_those_of_the_settings() -> None:
    """None, one, or both; the notices' own password goes before the readers' one."""
    assert () == ways_of(Notices(), Secrets({}), CLOCK)
    both = Notices(webhook_url="https://hooks.example.org/x", smtp_host="mail.example.org")
    hook, mail = ways_of(both, Secrets({"SMTP_PASSWORD": "a", "NOTICES_SMTP_PASSWORD": "b"}), CLOCK)
    assert ("webhook", "smtp") == (hook.name, mail.name)
    assert "b" == mail.password  # type: ignore[union-attr]
    (only,) = ways_of(Notices(smtp_host="mail.example.org"), Secrets({"SMTP_PASSWORD": "a"}), CLOCK)
    assert "a" == only.password  # type: ignore[union-attr]
    assert heartbeat_of(Notices()) is None
    assert heartbeat_of(Notices(heartbeat_url="https://h.example.org/x")) is not None
