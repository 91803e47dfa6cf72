"""SMTP: any mail server, one envelope a reader, over a kept and encrypted line.

Each reader's mail is accepted, refused or put off by itself, so one call has as many ends as readers. When the line
breaks, at most one reader is in doubt: the one whose mail was on its way.
RFC 5321; the headers of list mail: RFC 2369, 2919, 3834, 8058.
"""

from __future__ import annotations

import re
import threading
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import NamedTuple
from urllib.parse import urlsplit

from ...clock import stopwatch
from ...domain.outcome import Evidence, Outcome, OutcomeKind, Request, Verdict
from ...domain.reason import ReasonCode, because
from ...domain.smtp_codes import codes_of, enhanced_code, says_dead
from ...errors import ConfigurationError, loggable
from ..mime import MailForm
from ..spec import ChannelContext, SendsEach
from ..status_mapping import RETRY_LIMIT, RETRY_UNREACHED, safe, strange, unforeseen, unreached
from .smtp_connection import Deadline, LoginRefused, MayBeSent, NotSent, Reply, Server, SmtpLine

#: A call begins no mail after this, so that it ends within this and the timeout of the last mail. What was not begun
#: goes with the next pass.
_BEGIN_SECONDS = 25.0
#: When so many new lines in a row broke at their first mail, it is the server and not a reader.
_BROKEN_IN_A_ROW = 2
#: When so many readers of a call have dead addresses and nobody's was taken, it is the server and not the addresses.
_TOO_MANY_DEAD = 10
#: After a refused login nobody tries again for a while: servers lock out who knocks too often.
_LOCKED_OUT = timedelta(minutes=5)


class SmtpTransport(SendsEach):
    """Mails by one mail server. May be used by several threads at once; each call has a line to itself."""

    def __init__(self, context: ChannelContext) -> None:
        super().__init__(context)
        self.dead_codes = codes_of(str(context.settings.options.get("dead_codes") or ""))
        self.server = _server(context)
        self._kept: list[SmtpLine] = []
        self._open = 0  # lines, those that are kept among them
        self._keeping = threading.Lock()
        self._locked_out = datetime.min.replace(tzinfo=UTC), Outcome(OutcomeKind.FINAL)  # until when, and by what

    def close(self) -> None:
        """Say good-bye on the kept lines."""
        while (line := self.kept_line()) is not None:
            self.let_go(line, politely=True)

    def send_each(
        self,
        request: Request,
        *,
        now: datetime,
        report: Callable[[str, Outcome], None],
        may_go_on: Callable[[], bool],
    ) -> Outcome:
        """The same, telling ``report`` how it ended for each reader before the next one's mail goes. Never raises."""
        try:
            letters = _letters(request, now)
        except Exception as error:
            unreadable = (because(ReasonCode.UNREADABLE_CALL),)
            return Outcome(OutcomeKind.FINAL, detail=type(error).__name__, reasons=unreadable)
        if now < self._locked_out[0]:
            return self._locked_out[1]
        call = _Call(self, letters, now, report, may_go_on)
        try:
            ends = _believed(call.run())
            return Outcome.of_readers(ends, reference=request.fingerprint)
        except Exception as error:
            return call.broken_off(unforeseen(error), request.fingerprint)

    def ask(self, *, now: datetime) -> Outcome | None:
        """Whether a line can be opened, up to the login. It is kept for the call that comes next."""
        if now < self._locked_out[0]:
            return self._locked_out[1]
        try:
            self.keep(self.open_line(self.deadline()))
        except NotSent as broken:
            return self.unsent(broken, now)
        except Exception as error:
            return unforeseen(error)
        return Outcome(OutcomeKind.ACCEPTED)

    def look_up(self, request: Request, *, since: datetime, now: datetime) -> Evidence:
        """A mail server cannot be asked what became of a mail; its log can be read (`resolve --mail-log`)."""
        return Evidence(Verdict.CANNOT_TELL, detail="a mail server cannot be asked; its log knows the send id")

    # -- lines, for a call -----------------------------------------------------------------------------

    def kept_line(self) -> SmtpLine | None:
        """A line that is open and free, and was used a moment ago; others are let go."""
        while True:
            with self._keeping:
                line = self._kept.pop() if self._kept else None
            if line is None or line.is_fresh:
                return line
            self.let_go(line, politely=True)

    def open_line(self, patience: Deadline) -> SmtpLine:
        """A new one. Raises :class:`NotSent`."""
        line = SmtpLine(self.server, patience)
        with self._keeping:
            self._open += 1
        return line

    def let_go(self, line: SmtpLine, *, politely: bool = False) -> None:
        """A line that is of no use any more; ``politely``: it is in order."""
        with self._keeping:
            self._open -= 1
        if politely:
            line.close()
        else:
            line.abandon()

    def keep(self, line: SmtpLine) -> None:
        """A line that can be used again."""
        with self._keeping:
            if len(self._kept) < self._context.spec.lines_in_flight:
                self._kept.append(line)
                return
        self.let_go(line, politely=True)

    def unsent(self, broken: NotSent, now: datetime) -> Outcome:
        """No line, or one that broke before the mail's content."""
        status = broken.reply.status if broken.reply else None
        words = ": ".join(filter(None, (str(broken), _said(broken.reply))))
        if isinstance(broken, LoginRefused):
            why = (because(ReasonCode.KEYS_REFUSED, status=status),)
            refused = Outcome(OutcomeKind.FINAL, detail=words, reasons=why, status=status)
            self._locked_out = (now + _LOCKED_OUT, refused)
            return refused
        if status is not None and status < 500 and self._open:
            # It takes mails over other lines, so it is well, and only so many of them are too many.
            why = (because(ReasonCode.BUSY, status=status),)
            return Outcome(OutcomeKind.LATER, "", words, why, status, now + RETRY_UNREACHED)
        wait = RETRY_LIMIT if status is not None and status >= 500 else RETRY_UNREACHED
        return replace(unreached(broken.code, now=now, detail=words), retry_at=now + wait)

    def deadline(self) -> Deadline:
        """For one mail, or for the opening of a line."""
        return Deadline(self._context.settings.timeout_seconds)


_TAKEN = Outcome(OutcomeKind.ACCEPTED, status=250)


class _Letter(NamedTuple):
    """One reader's mail."""

    subscriber_id: str
    sender: str
    to: str
    pieces: Sequence[bytes]  # joined when it goes: all mails of all calls in flight would be many megabytes


def _letters(request: Request, now: datetime) -> list[_Letter]:
    """The mails of a call, with their date. Raises whatever a request that is none leads to."""
    body = request.body
    form = MailForm.from_data(body["mail"], for_smtp=True)
    sender = body["sender"]
    letters = []
    for r in body["recipients"]:  # whether each can be made is known before the first one goes
        to, links = r["to"], r["links"]
        pieces = form.pieces(
            to=to, unsubscribe_url=r["unsubscribe_url"], message_id=r["message_id"], date=now, links=links
        )
        letters.append(_Letter(r["subscriber_id"], r.get("return_path", sender), to, pieces))
    if not letters:
        raise ValueError("no reader")
    return letters


def _believed(ends: Mapping[str, Outcome]) -> Mapping[str, Outcome]:
    """How it ended for each reader. A server that knows none of many has lost its list of users, or is not the one that
    knows them: nobody's address is dead for that, and being barred is for good."""
    dead = [end for end in ends.values() if end.is_dead_address]
    if len(dead) < _TOO_MANY_DEAD or any(end.kind is OutcomeKind.ACCEPTED for end in ends.values()):
        return ends
    unbelieved = Outcome(
        OutcomeKind.LATER,
        detail=f"of everybody: {dead[0].detail}",
        reasons=(because(ReasonCode.TAKES_NONE, status=dead[0].status),),
        status=dead[0].status,
    )
    return {who: unbelieved if end.is_dead_address else end for who, end in ends.items()}


class _Call:
    """One call: its mails in turn, over one line, opened anew where that is certain to double nothing."""

    def __init__(
        self,
        transport: SmtpTransport,
        letters: Sequence[_Letter],
        now: datetime,
        report: Callable[[str, Outcome], None],
        may_go_on: Callable[[], bool],
    ) -> None:
        self._transport = transport
        self._report, self._may_go_on = report, may_go_on
        self._unreported: Exception | None = None  # the report failed, so nothing is begun any more
        self._waiting = deque(letters)
        self._now = now
        self._ends: dict[str, Outcome] = {}
        self._line = transport.kept_line()
        self._served = self._line is not None  # the line was of use: if it breaks now, the server had enough of it
        self._broken_in_a_row = 0  # new lines that broke at their first mail
        self._on_its_way = False  # the content of the first waiting mail may have left
        self._spent = stopwatch()

    def run(self) -> Mapping[str, Outcome]:
        """How it ended for each reader."""
        try:
            while self._waiting:
                if (problem := self._unreported) is not None:
                    # Nothing is begun, because the mail before could not be written down.
                    self._rest(
                        Outcome(OutcomeKind.LATER, detail=loggable(problem), reasons=(because(ReasonCode.NOT_WRITTEN),))
                    )
                elif not self._has_offered and (self._is_late or not self._may_go_on()):
                    self._rest(self._not_begun())
                else:
                    self._next()
        except BaseException:
            self._let_go()
            raise
        if self._has_offered:
            self._let_go()  # the server waits for a mail that it will not get
        if self._line is not None:
            self._transport.keep(self._line)
        return self._ends

    @property
    def _is_late(self) -> bool:
        return self._spent() > _BEGIN_SECONDS

    @property
    def _has_offered(self) -> bool:
        """Whether the first waiting mail's envelope has left with the content before it."""
        return self._line is not None and self._line.has_offered

    def _next(self) -> None:
        """Bring the first waiting mail to an end; sometimes that is the end of all."""
        patience = self._transport.deadline()
        while True:
            try:
                about_all = self._mail(patience)
            except NotSent as broken:
                had_line = self._line is not None
                self._let_go()
                end = self._transport.unsent(broken, self._now)
                if not had_line or isinstance(broken, LoginRefused):
                    return self._rest(end)
                if self._served and not patience.is_over:
                    continue  # nothing of the mail has left: it is begun again, on a new line
                self._end(end)  # of this reader alone: the next may fare better
                self._broken_in_a_row += 1
                return self._rest(end) if self._broken_in_a_row == _BROKEN_IN_A_ROW else None
            except MayBeSent as doubt:
                self._let_go()
                self._end(Outcome(OutcomeKind.UNKNOWN, detail=str(doubt), reasons=(because(ReasonCode.NO_ANSWER),)))
                return self._rest(self._not_reached())
            self._served, self._broken_in_a_row = True, 0
            return self._rest(about_all) if about_all is not None else None

    def broken_off(self, doubt: Outcome, reference: str) -> Outcome:
        """After an error that nobody foresaw: what has ended has ended, one mail may be in doubt, the rest was not
        begun."""
        if self._waiting and self._on_its_way:
            self._end(doubt)
        self._rest(self._not_reached())
        return Outcome.of_readers(self._ends, reference=reference)

    def _mail(self, patience: Deadline) -> Outcome | None:
        """The first waiting mail, once. Returns what holds for all the others too, if anything does."""
        if self._line is None:
            self._served = False
            self._line = self._transport.open_line(patience)
        letter = self._waiting[0]
        asked, reply = self._line.envelope(letter.sender, letter.to, patience)
        if reply.status != 354:
            if asked != "MAIL":
                self._end(self._refused(reply, letter))
                return None
            # About the sender and not about the reader: the server takes nothing from it, now or at all.
            code = ReasonCode.FORBIDDEN if reply.status >= 500 else ReasonCode.TAKES_NONE
            end = self._refused(reply, letter, code)
            self._end(end)
            return end
        if not self._may_go_on():
            self._let_go()  # once it waits for content, nothing but the end of the line tells a server that none comes
            return self._not_begun()
        then = self._waiting[1] if len(self._waiting) > 1 and not self._is_late else None
        self._on_its_way = True
        reply = self._line.content(letter.pieces, then and (then.sender, then.to))
        if reply.status == 250:
            self._end(_TAKEN)
        elif reply.status >= 400:
            self._end(self._refused(reply, letter))
        else:
            self._end(replace(strange(reply.status, _said(reply, letter.to)), status=None))
            self._let_go()  # what is not understood may not be the answer either, nor those behind it
        return None

    def _not_begun(self) -> Outcome:
        """The call is over before its mails are: they are due at once."""
        return Outcome(OutcomeKind.LATER, reasons=(because(ReasonCode.NOT_BEGUN),), retry_at=self._now)

    def _not_reached(self) -> Outcome:
        """The call ended at the mail before."""
        return unreached(ReasonCode.LINE_BROKE, now=self._now, detail="at the mail before")

    def _refused(self, reply: Reply, letter: _Letter, code: ReasonCode | None = None) -> Outcome:
        """The server said in so many words that it did not take the mail. 4xx: not now (RFC 5321, 4.2.1)."""
        is_final = reply.status >= 500
        if code is None and says_dead(enhanced_code(reply.text), reply.status, dead=self._transport.dead_codes):
            code = ReasonCode.ADDRESS_DEAD
        code = code or (ReasonCode.REFUSED if is_final else ReasonCode.BUSY)
        return Outcome(
            OutcomeKind.FINAL if is_final else OutcomeKind.LATER,
            detail=_said(reply, letter.to),
            reasons=(because(code, status=reply.status),),
            status=reply.status,
        )

    def _end(self, end: Outcome) -> None:
        who = self._waiting.popleft().subscriber_id
        self._ends[who] = end
        self._on_its_way = False
        if self._unreported is None:
            try:
                self._report(who, end)
            except Exception as problem:
                self._unreported = problem

    def _rest(self, end: Outcome) -> None:
        while self._waiting:
            self._end(end)

    def _let_go(self) -> None:
        line, self._line = self._line, None
        if line is not None:
            self._transport.let_go(line)


def _said(reply: Reply | None, address: str = "") -> str:
    """The server's words, fit for the ledger: without the reader's address, or the part of it that names a house."""
    if reply is None:
        return ""
    text = reply.text
    for part in filter(None, (address, address.rpartition("@")[2])):
        text = re.sub(re.escape(part), "[...]", text, flags=re.IGNORECASE)
    return safe(f"{reply.status}: {text}")


def _server(context: ChannelContext) -> Server:
    """Where the mails go, and how. Raises ConfigurationError for what could never work, or not safely."""
    settings, parts = context.settings, urlsplit(context.base_url)
    if parts.scheme not in context.spec.schemes or not parts.hostname:
        raise ConfigurationError(
            f"channel {settings.name}: base_url is not the address of a mail server",
            hint="write smtp://mail.example.org:587, or smtps://mail.example.org:465",
        )
    tls, starttls = parts.scheme == "smtps", bool(settings.options.get("starttls", True))
    if not tls and not starttls and not settings.is_loopback:
        raise ConfigurationError(
            f"channel {settings.name}: starttls = false would send readers' addresses unencrypted",
            hint="leave starttls out, or point base_url at this machine (smtp://127.0.0.1:8603)",
        )
    username = str(settings.options.get("username") or "")
    (password,) = context.secret_values() or [""]  # a server without accounts needs neither
    return Server(
        host=parts.hostname,
        port=parts.port or context.spec.schemes[parts.scheme],
        tls=tls,
        starttls=starttls,
        ehlo_name=str(settings.options.get("ehlo_name") or ""),
        username=username,
        password=password,
    )
