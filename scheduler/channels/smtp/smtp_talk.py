"""What a mail server says: the commands of SMTP on one connection, strictly in their order.

RFC 5321, 2920 (several commands at once), 3207 (STARTTLS), 4954 (login). What is kept, refused or broken is decided
by the double.
"""

from __future__ import annotations

import base64
import binascii
import contextlib
import re
import socket
import socketserver
import ssl
from collections import Counter
from collections.abc import Callable, Collection, Iterable

from ...clock import Clock
from ..contract.double import LineServer, LocalServer
from ..contract.double_pages import masked
from ..contract.faults import Act, Fault, FaultScript
from .smtp_rules import LARGEST_MAIL, Letter, problems, read_letter

_LONGEST_COMMAND = 12_288  # a login may be long (RFC 4954, 4)
_PATH = re.compile(r"(MAIL FROM|RCPT TO):<([^\s<>]*|\"[^\"]*\"@[^\s<>]+)>((?: [^\s]+)*)", re.IGNORECASE)
_CREDENTIALS_WANTED = ("MAIL", "RCPT", "DATA")


class Talk(socketserver.BaseRequestHandler):
    """One connection."""

    server: LineServer[SmtpDouble]
    _sender: str | None
    _recipients: list[str]
    _fault: Fault

    def setup(self) -> None:
        self._double = self.server.double
        self._sock: socket.socket = self.request
        self._sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)  # answers are short, and waited for
        self._buffer = b""
        self._encrypted = False
        self._logged_in = False
        self._greeted = False
        self._kept = 0
        self._reset()

    def handle(self) -> None:
        with contextlib.suppress(OSError, _Over):
            if self._double.tls_at_once:
                self._encrypt()
            self._say("220 sandbox.invalid ESMTP, nothing leaves this machine")
            while not self._double.stopping.is_set():
                self._obey(self._command())

    def finish(self) -> None:
        self.server.shutdown_request(self._sock)

    # -- commands --------------------------------------------------------------------------------------

    def _obey(self, command: str) -> None:
        word = command[:4].upper().strip()
        verbs = {"EHLO": self._ehlo, "HELO": self._ehlo, "MAIL": self._mail, "RCPT": self._rcpt, "DATA": self._data}
        if command.upper() == "STARTTLS":
            return self._start_tls()
        if word == "AUTH":
            return self._auth(command)
        if word == "QUIT":
            self._say("221 2.0.0 good-bye")
            raise _Over
        if word in ("RSET", "NOOP"):
            self._reset() if word == "RSET" else None
            return self._say("250 2.0.0 ok")
        if word not in verbs:
            return self._say("500 5.5.2 no such command")
        refusals = {
            "503 5.5.1 EHLO first": not self._greeted,
            "530 5.7.0 STARTTLS first": self._double.tls is not None and not self._encrypted,
            "530 5.7.0 log in first": self._double.account is not None and not self._logged_in,
        }
        refusal = next((answer for answer, is_due in refusals.items() if is_due), "")
        if refusal and word in _CREDENTIALS_WANTED:
            return self._say(refusal)
        return verbs[word](command)

    def _ehlo(self, command: str) -> None:
        name = command[4:].strip()
        if not re.fullmatch(r"[A-Za-z0-9.-]+|\[(?:[0-9.]+|IPv6:[0-9a-fA-F:.]+)\]", name):
            return self._say("501 5.5.4 that is no name")
        self._greeted = True
        self._reset()
        if command[:4].upper() == "HELO":
            return self._say("250 sandbox.invalid")
        may_encrypt = self._double.tls is not None and not self._encrypted
        lines = [
            "sandbox.invalid",
            f"SIZE {LARGEST_MAIL}",
            "ENHANCEDSTATUSCODES",
            "8BITMIME",
            *(["PIPELINING"] if self._double.pipelining else []),
            "STARTTLS" if may_encrypt else "AUTH PLAIN LOGIN",
        ]
        return self._say("\r\n".join(f"250{'-' if line != lines[-1] else ' '}{line}" for line in lines))

    def _start_tls(self) -> None:
        if self._double.tls is None or self._encrypted:
            return self._say("502 5.5.1 not offered")
        self._say("220 2.0.0 go ahead")
        self._encrypt()
        self._greeted = False
        self._reset()

    def _encrypt(self) -> None:
        assert self._double.tls is not None  # noqa: S101 - asked for
        self._buffer = b""
        self._sock = self._double.tls.wrap_socket(self._sock, server_side=True)
        with self._double.lock:
            self.server.lines.add(self._sock)
        self._encrypted = True

    def _auth(self, command: str) -> None:
        if self._double.tls is not None and not self._encrypted:
            return self._say("538 5.7.11 not without encryption")
        _, way, *first = [*command.split(), ""][:3]
        try:
            if way.upper() == "PLAIN":
                name, password = _decoded(first[0] or self._asked("")).split("\0")[1:]
            elif way.upper() == "LOGIN":
                name = _decoded(first[0] or self._asked("Username:"))  # some clients give it at once
                password = _decoded(self._asked("Password:"))
            else:
                return self._say("504 5.5.4 not that way")
        except (ValueError, binascii.Error):
            return self._say("501 5.5.2 cannot be read")
        self._logged_in = self._double.account in (None, (name, password))
        return self._say("235 2.7.0 welcome" if self._logged_in else f"535 5.7.8 {name}: wrong name or password")

    def _asked(self, words: str) -> str:
        self._say(f"334 {base64.b64encode(words.encode()).decode()}")
        return self._command()

    def _mail(self, command: str) -> None:
        match = _PATH.fullmatch(command.strip())
        if match is None or match[1].upper() != "MAIL FROM":
            return self._say("501 5.5.4 MAIL FROM:<address>")
        if self._sender is not None:
            return self._say("503 5.5.1 one mail at a time; RSET first")
        self._sender = match[2]
        return self._say("250 2.1.0 ok")

    def _rcpt(self, command: str) -> None:
        match = _PATH.fullmatch(command.strip())
        if self._sender is None:
            return self._say("503 5.5.1 MAIL first")
        if match is None or match[1].upper() != "RCPT TO" or "@" not in match[2]:
            return self._say("501 5.5.4 RCPT TO:<address>")
        fault, answer = self._double.judge_reader(match[2])
        if fault.act is Act.HANG_UP:
            raise _Over
        if answer.startswith("250"):
            self._recipients.append(match[2])
            self._fault = fault
        else:
            self._double.note(answer[:3])
        self._say(answer)
        if answer.startswith("421"):
            raise _Over

    def _data(self, command: str) -> None:
        if not self._recipients or self._sender is None:
            return self._say("503 5.5.1 nobody to get it")
        self._say("354 go on, end with a dot")
        fault, raw = self._fault, self._content()
        answer = self._play(fault, raw)
        self._double.note(answer[:3])
        self._reset()
        if fault.act is Act.ERROR_AFTER:
            answer = "kept, and this is no answer"
        elif fault.act is Act.BROKEN_BODY:
            self._sock.sendall(b"25")
            raise _Over
        elif fault.act in (Act.DROP_BEFORE, Act.DROP_AFTER):
            raise _Over
        self._say(answer)
        self._kept += answer.startswith("250")
        if self._double.closes_after and self._kept >= self._double.closes_after:
            raise _Over

    def _play(self, fault: Fault, raw: bytes) -> str:
        """Keep the mail, or not; the answer that would be right."""
        assert self._sender is not None  # noqa: S101 - asked before
        if fault.act is Act.DROP_BEFORE:
            return "000 cut"
        if fault.act in (Act.ERROR_BEFORE, Act.DUPLICATE):
            return f"{fault.status or (451 if fault.act is Act.ERROR_BEFORE else 554)} 5.7.1 not this content"
        if fault.act is Act.STALL and not fault.accepts:
            self._double.stopping.wait(fault.seconds)
            return "451 4.3.0 not now"
        answer = self._double.keep(self._sender, self._recipients, raw, self._encrypted)
        if fault.act is Act.STALL:
            self._double.stopping.wait(fault.seconds)
        return answer

    def _reset(self) -> None:
        self._sender = None
        self._recipients = []
        self._fault = Fault(Act.ACCEPT)

    # -- bytes -----------------------------------------------------------------------------------------

    def _say(self, answer: str) -> None:
        self._sock.sendall(f"{answer}\r\n".encode())

    def _command(self) -> str:
        while b"\n" not in self._buffer:
            self._more(_LONGEST_COMMAND)
        line, _, self._buffer = self._buffer.partition(b"\n")
        if not line.endswith(b"\r") or not line[:-1].isascii():
            self._say("500 5.5.2 commands are ASCII and end in CRLF")
            raise _Over
        if self._buffer and not self._double.pipelining:
            self._say("503 5.5.0 one command at a time")
            raise _Over
        return line[:-1].decode("ascii")

    def _content(self) -> bytes:
        """Up to the line with a lone dot; dots that were doubled are single again (RFC 5321, 4.5.2)."""
        while not (self._buffer.startswith(b".\r\n") or b"\r\n.\r\n" in self._buffer):
            self._more(LARGEST_MAIL + 1_000)
        raw, _, self._buffer = (b"\r\n" + self._buffer).partition(b"\r\n.\r\n")
        return (raw + b"\r\n").replace(b"\r\n.", b"\r\n")[2:]

    def _more(self, most: int) -> None:
        received = self._sock.recv(65_536)
        if not received or len(self._buffer) > most:
            raise _Over
        self._buffer += received


class _Over(Exception):
    """The line ends here."""


class SmtpDouble(LocalServer):
    """A mail server: takes mails by the rules of SMTP, keeps what each reader got, and fails on request.

    ``refused``: addresses of readers who are not known here (550). ``greylists``: each reader, or each of these
    addresses, is put off once (451). ``closes_after``: the line is closed without a word after so many mails; 0:
    never. ``account``: user name and password; without it any login will do, and none is needed. ``tls``: offers
    STARTTLS and demands it, or with ``tls_at_once`` speaks nothing else. ``pipelining``: whether it takes several
    commands at once.
    """

    name = "smtp"
    handler = Talk

    def __init__(
        self,
        *,
        port: int = 0,
        faults: FaultScript | Iterable[Fault] = (),
        clock: Clock | None = None,
        out: Callable[[str], None] | None = None,
        refused: Collection[str] = (),
        greylists: bool | Collection[str] = False,
        closes_after: int = 100,
        account: tuple[str, str] | None = None,
        tls: ssl.SSLContext | None = None,
        tls_at_once: bool = False,
        pipelining: bool = True,
    ) -> None:
        super().__init__(port=port, faults=faults, clock=clock, out=out)
        self.scheme = "smtps" if tls_at_once else "smtp"
        self.refused = {address.casefold() for address in refused}
        self.greylists = greylists
        self.closes_after = closes_after
        self.account = account
        self.tls, self.tls_at_once = tls, tls_at_once
        self.pipelining = pipelining
        self._letters: list[Letter] = []
        self._put_off: set[str] = set()

    # -- what tests and pages ask ----------------------------------------------------------------------

    @property
    def mails(self) -> tuple[Letter, ...]:
        """Accepted mails, oldest first: one for each reader."""
        with self.lock:
            return tuple(self._letters)

    def received_twice(self) -> dict[tuple[str, str], int]:
        """(subject, address) -> how often, where more than once."""
        times = Counter((letter.subject, letter.recipient.casefold()) for letter in self.mails)
        return {key: count for key, count in times.items() if count > 1}

    def counts(self) -> dict[str, object]:
        letters = self.mails
        return {
            "sending_requests": len(self._noted),
            "accepted": len(letters),
            "recipients": len(letters),
            "received_twice": len(self.received_twice()),
            "per_recipient": dict(Counter(masked(letter.recipient) for letter in letters)),
            "warnings": sorted({w for letter in letters for w in letter.warnings}),
        }

    # -- judging, for a line ---------------------------------------------------------------------------

    def judge_reader(self, address: str) -> tuple[Fault, str]:
        """What is to happen to a mail for this reader: a rule of the script, and the answer to RCPT."""
        with self.lock:
            self.sending_requests += 1
            number = self.sending_requests
            greylisted = self.greylists if isinstance(self.greylists, bool) else address in self.greylists
            new = greylisted and address.casefold() not in self._put_off
            self._put_off.add(address.casefold())
        fault = self.faults.next_for(self.name, number, address) or Fault(Act.ACCEPT)
        if fault.act is not Act.ACCEPT:
            self.say(f"smtp: mail {number}: {fault.act}")
        answers = {
            f"550 5.1.1 <{address}>: nobody of that name here": address.casefold() in self.refused,
            f"{fault.status or 550} 5.7.1 <{address}>: refused by the fault script": fault.act is Act.REFUSE,
            "452 4.3.1 the account's mails of today are used up": fault.act is Act.NO_CREDIT,
            f"{fault.status or 451} 4.7.1 <{address}>: put off, come back later": fault.act is Act.LIMIT or new,
        }
        return fault, next((answer for answer, is_due in answers.items() if is_due), "250 2.1.5 ok")

    def keep(self, sender: str, recipients: Iterable[str], raw: bytes, encrypted: bool) -> str:
        """Accept a mail, or say what is wrong with it. The answer to the content."""
        wrong = problems(raw)
        if wrong:
            return f"554 5.6.0 {wrong[0]}"
        for recipient in recipients:
            letter = read_letter(raw, at=self.clock.now(), sender=sender, recipient=recipient, encrypted=encrypted)
            with self.lock:
                self._letters.append(letter)
                number = len(self._letters)
            self.say(f"smtp: mail {number}, to {masked(recipient)}: {letter.subject}")
            for warning in letter.warnings:
                self.say(f"smtp: warning: {warning}")
        return f"250 2.0.0 kept as number {number}"


def _decoded(text: str) -> str:
    return base64.b64decode(text, validate=True).decode()
