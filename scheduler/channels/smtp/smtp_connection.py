"""The line beneath the SMTP transport: kept open, encrypted, with a hard end, never repeating anything by itself.

It knows when a mail's content has left this machine, because from then on nobody can tell what became of it. Python's
smtplib is not used: its timeouts are for each reading, so that a server which answers in drips holds it for ever, and
it waits for each answer before the next command.
RFC 5321 (SMTP), RFC 2920 (several commands at once), RFC 3207 (STARTTLS), RFC 4954 (login).
"""

from __future__ import annotations

import base64
import contextlib
import ipaddress
import re
import socket
import ssl
from collections.abc import Callable, Sequence
from dataclasses import field
from functools import cache, lru_cache
from typing import NamedTuple, TypeVar

from ...clock import stopwatch
from ...domain.reason import ReasonCode
from ...light_dataclass import dataclass

#: A connection is opened within this, or not at all.
_CONNECT_SECONDS = 5.0
#: A line that was quiet for longer is opened anew: a gateway may have forgotten it without saying so.
_IDLE_SECONDS = 30.0
_GOODBYE_SECONDS = 0.5
#: A deadline is kept to within this. To tell the socket anew each time takes two calls of the system a mail.
_EXACT_SECONDS = 0.05
#: Longer than the 512 characters of RFC 5321 (4.5.3.1.5); nobody keeps to that.
_LONGEST_LINE = 8_192
_MOST_LINES = 200

_REPLY = re.compile(rb"([2-5][0-9][0-9])([ -]|$)(.*)")
CLOSING = 421
_T = TypeVar("_T")


class Reply(NamedTuple):
    """What the server said."""

    status: int
    text: str


class NotSent(Exception):
    """The line is of no use any more, and not one byte of the content left. ``code`` says why; its words may be
    stored."""

    def __init__(self, words: str, reply: Reply | None = None, code: ReasonCode = ReasonCode.LINE_BROKE) -> None:
        self.reply, self.code = reply, code
        super().__init__(words)


class MayBeSent(Exception):
    """The content left, wholly or in part, and no whole answer came. Its words may be stored."""


class LoginRefused(NotSent):
    """The server does not take the user name and password, or offers no way to give them."""


class Deadline:
    """How much time is left for one mail, whatever it takes."""

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        self._spent = stopwatch()

    @property
    def is_over(self) -> bool:
        return self._spent() >= self.seconds

    def left(self) -> float:
        """Seconds, above 0. Raises TimeoutError when there are none."""
        left = self.seconds - self._spent()
        if left <= 0:
            raise TimeoutError
        return left


@dataclass(frozen=True, kw_only=True)
class Server:
    """Where a line leads, and how it is opened."""

    host: str
    port: int
    tls: bool = False  # encrypted from the first byte
    starttls: bool = True  # encrypted before anything is said, or not used
    ehlo_name: str = ""
    username: str = field(default="", repr=False)
    password: str = field(default="", repr=False)
    #: The certificates that this machine trusts, or the environment names (SSL_CERT_FILE); read once, when needed.
    trust: Callable[[], ssl.SSLContext] = field(default_factory=lambda: cache(ssl.create_default_context), repr=False)


class SmtpLine:
    """One connection, for one thread at a time. Opened by making it.

    Raises :class:`NotSent`, also as :class:`LoginRefused`, when it cannot be opened.
    """

    def __init__(self, server: Server, patience: Deadline) -> None:
        self._server = server
        self._patience = patience
        self._buffer = b""
        self._offers: dict[str, str] = {}
        self._quiet_for = stopwatch()
        self._in_transaction = False
        self._offered: tuple[str, str] | None = None  # an envelope that has left and was not answered yet
        try:
            self._sock = self._connect()
        except ssl.SSLError as error:
            raise _not_encrypted(error) from None
        except OSError as error:
            code = ReasonCode.NAME_NOT_FOUND if isinstance(error, socket.gaierror) else ReasonCode.NO_CONNECTION
            raise NotSent("none in time" if isinstance(error, TimeoutError) else "", code=code) from None
        try:
            self._greet()
        except BaseException:
            self.abandon()
            raise

    # -- opening ---------------------------------------------------------------------------------------

    def _connect(self) -> socket.socket:
        sock = socket.create_connection(
            (self._server.host, self._server.port), min(_CONNECT_SECONDS, self._patience.left())
        )
        try:
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            sock.settimeout(self._patience.left())  # a name that took too long is not used any more
            return self._encrypted(sock) if self._server.tls else sock
        except BaseException:
            sock.close()
            raise

    def _encrypted(self, sock: socket.socket) -> ssl.SSLSocket:
        return self._server.trust().wrap_socket(sock, server_hostname=self._server.host)

    def _greet(self) -> None:
        self._expect(220, self._answer(), "the server does not take mail now")
        self._ehlo()
        if self._server.starttls and not self._server.tls:
            self._start_tls()
            self._ehlo()
        if self._server.username:
            self._log_in()

    def _ehlo(self) -> None:
        name = self._server.ehlo_name or _literal(str(self._sock.getsockname()[0]))
        reply = self._say(f"EHLO {name}")
        self._expect(250, reply, "the server does not take mail from here")
        self._offers = {}
        for line in reply.text.split("\n")[1:]:
            word, _, more = line.replace("=", " ", 1).partition(" ")  # old servers write AUTH=PLAIN
            self._offers[word.upper()] = f"{self._offers.get(word.upper(), '')} {more.upper()}".strip()

    def _start_tls(self) -> None:
        if "STARTTLS" not in self._offers:
            raise NotSent("the server offers no STARTTLS", code=ReasonCode.NOT_ENCRYPTED)
        reply = self._say("STARTTLS")
        if reply.status != 220:
            raise NotSent("STARTTLS", reply, ReasonCode.NOT_ENCRYPTED)
        if self._buffer:  # said before the line was encrypted, by whoever could
            raise NotSent("the server spoke out of turn", code=ReasonCode.NOT_ENCRYPTED)
        try:
            self._sock.settimeout(self._patience.left())
            self._sock = self._encrypted(self._sock)
        except OSError as error:
            raise _not_encrypted(error) from None

    def _log_in(self) -> None:
        """By PLAIN (RFC 4616), else LOGIN. Once: a second try with the same words would only count as one more."""
        ways = self._offers.get("AUTH", "").split()
        name, password = self._server.username, self._server.password
        if "PLAIN" in ways:
            reply = self._say(f"AUTH PLAIN {_encoded(f'{chr(0)}{name}{chr(0)}{password}')}")
        elif "LOGIN" in ways:
            reply = self._say("AUTH LOGIN")
            for word in (name, password):
                if reply.status == 334:
                    reply = self._say(_encoded(word))
        else:
            words = "the server offers no login that is known here (PLAIN, LOGIN)"
            raise LoginRefused(words, code=ReasonCode.KEYS_REFUSED)
        if reply.status >= 500:
            raise LoginRefused("the server refused the login", reply, ReasonCode.KEYS_REFUSED)
        self._expect(235, reply, "the login did not succeed")

    # -- mails -----------------------------------------------------------------------------------------

    @property
    def is_fresh(self) -> bool:
        """Whether the line was used a moment ago, so that it is probably still there."""
        return self._quiet_for() <= _IDLE_SECONDS

    @property
    def has_offered(self) -> bool:
        """Whether an envelope has left with the content before, and waits for its answers."""
        return self._offered is not None

    def envelope(self, sender: str, recipient: str, patience: Deadline) -> tuple[str, Reply]:
        """Offer one mail. Returns the command that the server judged, and its answer: ("DATA", 354) means go on.

        Where the server allows it the commands leave together and are answered together; they may have left with the
        content before. Raises :class:`NotSent`.
        """
        self._patience = patience
        if self._offered is not None:
            offered, self._offered = self._offered, None
            if offered != (sender, recipient):
                raise NotSent("another mail was offered")
            self._in_transaction = True
            replies = self._answers(3)
        else:
            words = _envelope(sender, recipient)
            if self._in_transaction:
                words.insert(0, "RSET")
            replies = self._say_all(words)
            self._in_transaction = True
            if len(words) == 4 and (reset := replies.pop(0)).status != 250:
                raise NotSent("the server does not begin another mail", reset)
        judged = next((at for at, reply in enumerate(replies) if reply.status // 100 != 2), len(replies) - 1)
        asked, reply = ("MAIL", "RCPT", "DATA")[judged], replies[judged]
        if asked != "DATA" and len(replies) == 3 and replies[2].status == 354:
            # It waits for content although nobody is to get it (RFC 2920, 3.1): a lone dot, to nobody.
            self._in_time(self._sock.sendall, b".\r\n")
            self._answer()
            self._in_transaction = False
        if reply.status == CLOSING:
            raise NotSent("the server closes the line", reply)
        if reply.status < 400 and not (asked == "DATA" and reply.status == 354):
            raise NotSent(f"the server's answer to {asked} was not understood", reply)
        if self._buffer:  # all that was asked is answered: whatever is said now would be taken for the next answer
            raise NotSent("the server spoke out of turn")
        return asked, reply

    def content(self, mail: Sequence[bytes], then: tuple[str, str] | None = None) -> Reply:
        """Hand over a mail, in pieces, after the server said to go on. Every line of it is ended by CRLF, and a dot at
        the start of one is doubled. Raises :class:`MayBeSent`.

        ``then``: sender and recipient of the next mail. Where the server allows it (RFC 2920, 3.1) its envelope leaves
        with this content, so that a mail costs one round trip in place of two; not a byte of its own content does.
        """
        pieces = [*mail, b".\r\n"]
        if then is not None and "PIPELINING" in self._offers and _are_plain(then):
            pieces.append(_in_one_go(_envelope(*then)))
            self._offered = then
        try:
            self._in_time(self._sock.sendall, b"".join(pieces))
            reply = self._answer()
        except NotSent as broken:
            raise MayBeSent(str(broken)) from None
        self._in_transaction = False
        self._quiet_for = stopwatch()
        return reply

    def close(self) -> None:
        """Say good-bye on a good line, and wait a moment for the answer: servers note who hangs up on them."""
        self._patience = Deadline(_GOODBYE_SECONDS)
        with contextlib.suppress(NotSent):
            self._say("QUIT")
        self.abandon()

    def abandon(self) -> None:
        """Let go of a line that is of no use any more."""
        with contextlib.suppress(OSError, AttributeError):
            self._sock.close()

    # -- words -----------------------------------------------------------------------------------------

    def _say(self, command: str) -> Reply:
        return self._say_all([command])[0]

    def _say_all(self, commands: Sequence[str]) -> list[Reply]:
        """Commands and their answers. One by one, unless the server offers PIPELINING; then a refusal ends them early,
        because the commands behind it make no sense any more."""
        if self._buffer:
            closing = self._buffer.startswith(b"421")
            raise NotSent("the server closes the line" if closing else "the server spoke out of turn")
        if not _are_plain(commands):
            raise NotSent("a command holds a line break, or letters that are not ASCII")
        if "PIPELINING" in self._offers:
            self._in_time(self._sock.sendall, _in_one_go(commands))
            return self._answers(len(commands))
        replies: list[Reply] = []
        for command in commands:
            self._in_time(self._sock.sendall, f"{command}\r\n".encode())
            replies.append(self._answer())
            if replies[-1].status >= 400:
                break
        return replies

    def _answers(self, count: int) -> list[Reply]:
        """The answers to commands that left together, in their order; fewer where the server closes the line."""
        replies: list[Reply] = []
        while len(replies) < count and not (replies and replies[-1].status == CLOSING):
            replies.append(self._answer())
        return replies

    def _in_time(self, act: Callable[..., _T], argument: object) -> _T:
        """What ``act`` gives, if the socket does it in the time that is left."""
        try:
            left = self._patience.left()
            if abs((self._sock.gettimeout() or 0.0) - left) > _EXACT_SECONDS:
                self._sock.settimeout(left)
            return act(argument)
        except TimeoutError:
            raise NotSent(f"no whole answer within {self._patience.seconds:g} s") from None
        except OSError:
            raise NotSent("the line was cut") from None

    def _answer(self) -> Reply:
        """One whole answer, of as many lines as it has."""
        texts: list[str] = []
        for _ in range(_MOST_LINES):
            is_last, reply = _read_line(self._line())
            if is_last and not texts:
                return reply
            texts.append(reply.text)
            if is_last:
                return Reply(reply.status, "\n".join(texts))
        raise NotSent("the server's answer does not end")

    def _line(self) -> bytes:
        while b"\n" not in self._buffer:
            if len(self._buffer) > _LONGEST_LINE:
                raise NotSent("the server's answer does not end")
            received = self._in_time(self._sock.recv, _LONGEST_LINE)
            if not received:
                raise NotSent("the line was cut")
            self._buffer += received
        line, _, self._buffer = self._buffer.partition(b"\n")
        return line.rstrip(b"\r")

    def _expect(self, status: int, reply: Reply, words: str) -> None:
        if reply.status != status:
            raise NotSent(words, reply)


@lru_cache(maxsize=32)  # 0.1 in place of 1.4 us: most of a server's answers are the same for each mail
def _read_line(line: bytes) -> tuple[bool, Reply]:
    """One line of an answer, and whether it is its last."""
    match = _REPLY.fullmatch(line)
    if match is None:
        raise NotSent("the server's answer is not SMTP's")
    return match[2] != b"-", Reply(int(match[1]), match[3].decode("utf-8", "replace"))


def _envelope(sender: str, recipient: str) -> list[str]:
    return [f"MAIL FROM:<{sender}>", f"RCPT TO:<{recipient}>", "DATA"]


def _are_plain(words: Sequence[str]) -> bool:
    text = "".join(words)
    return text.isascii() and text.isprintable()


def _in_one_go(commands: Sequence[str]) -> bytes:
    return "\r\n".join([*commands, ""]).encode("ascii")


def _not_encrypted(error: OSError) -> NotSent:
    words = "TLS"
    if isinstance(error, ssl.SSLCertVerificationError):
        words = f"the server's certificate is not trusted ({error.verify_message})"
    return NotSent(words, code=ReasonCode.NOT_ENCRYPTED)


def _literal(address: str) -> str:
    """An address of this machine as a name (RFC 5321, 4.1.3): true, and never looked up."""
    try:
        found = ipaddress.ip_address(address.split("%")[0])
    except ValueError:
        return "localhost"
    return f"[IPv6:{found}]" if found.version == 6 else f"[{found}]"


def _encoded(text: str) -> str:
    return base64.b64encode(text.encode()).decode("ascii")
