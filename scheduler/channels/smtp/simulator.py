"""A stand-in for a mail server: takes mails by the rules of SMTP, keeps what each reader got, and fails on request.

Written apart from the code that sends; it listens on this machine only.
"""

from __future__ import annotations

import ssl
import threading
from collections import Counter
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage
from functools import cached_property
from typing import Self

from ...clock import Clock, SystemClock
from ..contract.double import HOST, Answer, Double, SimulatedCall
from ..contract.double_pages import inbox_page, mail_page, masked
from ..contract.faults import Act, Fault, FaultScript
from ..spec import StandIn, StandInOrder
from . import smtp_rules
from .smtp_talk import SmtpServer


@dataclass(frozen=True, slots=True)
class Got:
    """One reader of a mail."""

    address: str


@dataclass(frozen=True)
class Letter:
    """One mail that was accepted for one reader."""

    at: datetime
    sender: str
    recipient: str
    raw: bytes
    parsed: EmailMessage
    warnings: tuple[str, ...]
    encrypted: bool

    @property
    def subject(self) -> str:
        return str(self.parsed["Subject"])

    @property
    def message_id(self) -> str:
        return str(self.parsed["Message-ID"])

    @property
    def from_name(self) -> str:
        return str(self.parsed["From"].addresses[0].display_name) if self.parsed["From"] else ""

    @cached_property
    def text(self) -> str:
        return smtp_rules.text_of(self.parsed, "plain")

    @cached_property
    def html(self) -> str:
        return smtp_rules.text_of(self.parsed, "html")

    @property
    def envelopes(self) -> tuple[Got, ...]:
        return (Got(self.recipient),)

    def filled(self, text: str) -> str:
        """A mail by SMTP is filled in already."""
        return text


class SmtpDouble:
    """See the module. Use it as a context manager, or start() and stop().

    ``refused``: addresses of readers who are not known here (550). ``greylists``: each reader, or each of these
    addresses, is put off once (451). ``closes_after``: the line is closed without a word after so many mails; 0:
    never. ``account``: user name and password; without it any login will do, and none is needed. ``tls``: offers
    STARTTLS and demands it, or with ``tls_at_once`` speaks nothing else. ``pipelining``: whether it takes several
    commands at once.
    """

    name = "smtp"

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
        self.faults = faults if isinstance(faults, FaultScript) else FaultScript(faults)
        self.clock = clock or SystemClock()
        self.lock = threading.RLock()
        self.sending_requests = 0  # readers that a mail was offered for, refused ones included
        self.lines_opened = 0
        self.refused = {address.casefold() for address in refused}
        self.greylists = greylists
        self.closes_after = closes_after
        self.account = account
        self.tls, self.tls_at_once = tls, tls_at_once
        self.pipelining = pipelining
        self.stopping = threading.Event()
        self._out = out
        self._wanted_port = port
        self._server: SmtpServer | None = None
        self._letters: list[Letter] = []
        self._received: list[dict[str, object]] = []
        self._put_off: set[str] = set()

    # -- the server ------------------------------------------------------------------------------------

    def start(self) -> Self:
        """Bind and serve. Raises OSError when the port is taken."""
        self.stopping.clear()
        self._server = SmtpServer((HOST, self._wanted_port), self)
        threading.Thread(
            target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, name="smtp double", daemon=True
        ).start()
        return self

    def stop(self) -> None:
        """Stop serving; whoever waits for an answer sees the line cut."""
        self.stopping.set()
        server, self._server = self._server, None
        if server is not None:
            server.shutdown()
            server.server_close()
            server.cut_lines()

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(self, *_: object) -> None:
        self.stop()

    @property
    def port(self) -> int:
        if self._server is None:
            raise RuntimeError("the smtp double is not running")
        return int(self._server.server_address[1])

    @property
    def base_url(self) -> str:
        return f"{'smtps' if self.tls_at_once else 'smtp'}://{HOST}:{self.port}"

    def say(self, line: str) -> None:
        """One line for whoever watches. No address in it."""
        if self._out is not None:
            self._out(f"{self.clock.now():%Y-%m-%d %H:%M:%S} {line}")

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

    def received(self) -> dict[str, object]:
        """Counts, and each offered mail with what became of it. Readers masked."""
        letters = self.mails
        with self.lock:
            offered = list(self._received)
        return {
            "double": self.name,
            "sending_requests": len(offered),
            "accepted": len(letters),
            "recipients": len(letters),
            "received_twice": len(self.received_twice()),
            "per_recipient": dict(Counter(masked(letter.recipient) for letter in letters)),
            "warnings": sorted({w for letter in letters for w in letter.warnings}),
            "requests": offered,
        }

    # -- judging, for a line ---------------------------------------------------------------------------

    def judge_reader(self, address: str) -> tuple[Fault, str]:
        """What is to happen to a mail for this reader: a rule of the script, and the answer to RCPT."""
        with self.lock:
            self.sending_requests += 1
            number = self.sending_requests
            known = address.casefold() not in self.refused
            greylisted = self.greylists if isinstance(self.greylists, bool) else address in self.greylists
            new = greylisted and address.casefold() not in self._put_off
            self._put_off.add(address.casefold())
        fault = self.faults.next_for(self.name, number, address) or Fault(Act.ACCEPT)
        if fault.act is not Act.ACCEPT:
            self.say(f"smtp: mail {number}: {fault.act}")
        if not known:
            return fault, f"550 5.1.1 <{address}>: nobody of that name here"
        if fault.act is Act.REFUSE:
            return fault, f"{fault.status or 550} 5.7.1 <{address}>: refused by the fault script"
        if fault.act is Act.NO_CREDIT:
            return fault, "452 4.3.1 the account's mails of today are used up"
        if fault.act is Act.LIMIT or new:
            return fault, f"{fault.status or 451} 4.7.1 <{address}>: put off, come back later"
        return fault, "250 2.1.5 ok"

    def noted(self, answer: str) -> None:
        """Remember what became of an offered mail."""
        with self.lock:
            self._received.append({"at": self.clock.now().isoformat(), "status": answer[:3]})

    def keep(self, sender: str, recipients: Iterable[str], raw: bytes, encrypted: bool) -> str:
        """Accept a mail, or say what is wrong with it. The answer to the content."""
        wrong = smtp_rules.problems(raw)
        if wrong:
            return f"554 5.6.0 {wrong[0]}"
        parsed = smtp_rules.parse(raw)
        for recipient in recipients:
            found = tuple(smtp_rules.warnings(parsed, recipient))
            letter = Letter(self.clock.now(), sender, recipient, raw, parsed, found, encrypted)
            with self.lock:
                self._letters.append(letter)
                number = len(self._letters)
            self.say(f"smtp: mail {number}, to {masked(recipient)}: {letter.subject}")
            for warning in found:
                self.say(f"smtp: warning: {warning}")
        return f"250 2.0.0 kept as number {number}"


class SmtpPages(Double):
    """Pages on which the mails of an :class:`SmtpDouble` are watched: a browser does not speak SMTP."""

    name = "smtp"

    def __init__(self, mails: SmtpDouble, *, port: int = 0) -> None:
        super().__init__(port=port, clock=mails.clock)
        self._double = mails

    def page(self, call: SimulatedCall) -> Answer:
        mails = self._double.mails
        if call.path == "/":
            return inbox_page(mails, requests=self._double.sending_requests, title="Mail server stand-in")
        if call.path == "/_/received":
            return Answer.of(200, self._double.received())
        number = call.path.removeprefix("/_/mails/")
        if number.isdigit() and 1 <= int(number) <= len(mails):
            return mail_page(mails[int(number) - 1])
        return Answer.of(404, {"error": "no such page"})

    def provider_answer(self, call: SimulatedCall) -> Answer:
        return Answer.of(404, {"error": "mails are taken by SMTP, at another port"})


def stand_in(order: StandInOrder) -> StandIn:
    """For `run.py sandbox`: the server, and pages on which its mails are read."""
    double = SmtpDouble(port=order.ports[""], faults=order.faults, clock=order.clock, out=order.out)
    pages = SmtpPages(double, port=order.ports["pages"])
    return StandIn(
        servers={"": double, "pages": pages},
        page=lambda: f"{pages.base_url}/  (mails go to {double.base_url})",
        settings=lambda: {"BASE_URL": double.base_url, "STARTTLS": "false"},
        secrets=dict,
        received=lambda: {"mail": len(double.mails), "reader": len(double.mails)},
    )
