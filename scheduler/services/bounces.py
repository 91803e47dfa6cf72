"""Mails that came back: read, and what they say written down as any provider's report is."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import closing
from dataclasses import field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from ..channels.registry import spec_of
from ..clock import Clock
from ..domain.receipt import Receipt, ReceiptKind
from ..domain.smtp_codes import codes_of
from ..light_dataclass import dataclass
from ..project import Project
from ..subscribers.bounces import LARGEST_MAIL, Maildir, MailKind, Proofs, read_mail
from ..subscribers.tokens import read_return_path
from ..wiring import open_ledger, recipient_of, signing_keys

if TYPE_CHECKING:
    from ..store import Ledger

#: Mails that are written down in one transaction.
_AT_ONCE = 200


_COMPLAINTS = (ReceiptKind.COMPLAINED, ReceiptKind.UNSUBSCRIBED)


@dataclass
class BouncesRead:
    """What was done, in numbers of mails."""

    mails: int = 0
    hard: int = 0
    soft: int = 0
    complaints: int = 0
    other: int = 0  # reports of a delay, a delivery, a kind that is not known
    no_report: int = 0
    not_understood: int = 0
    not_ours: int = 0
    not_yet: int = 0  # about a call that is under way: read again later
    repeated: int = 0  # handled before
    barred: int = 0  # addresses, by what was new
    paused: int = 0
    settled: int = 0  # mails in doubt that are known to have gone out now
    unreadable: list[str] = field(default_factory=list)  # files, with why


def read_bounces(project: Project, folder: Path) -> BouncesRead:
    """Read what is unread in a Maildir. A mail is marked after what it says is in the ledger: a program that is
    stopped in between reads it again, and each report is handled once."""
    maildir = Maildir(folder)
    with closing(open_ledger(project)) as ledger:
        reading = _begin_reading(project, ledger)
        waiting = list(maildir.unread())
        for start in range(0, len(waiting), _AT_ONCE):
            reading.some_of(maildir, waiting[start : start + _AT_ONCE])
        return reading.read


def read_bounce(project: Project, raw: bytes) -> BouncesRead:
    """Read one mail. What it says is in the ledger afterwards, unless ``not_yet`` is 1."""
    with closing(open_ledger(project)) as ledger:
        reading = _begin_reading(project, ledger)
        _, receipt = reading.look(raw)
        reading.write_down([receipt] if receipt is not None else [])
        return reading.read


def _begin_reading(project: Project, ledger: Ledger) -> _Reading:
    keys = signing_keys(project)
    owner_of = recipient_of(project, ledger.health.campaigns)

    def subscriber_of(token: str) -> str | None:
        owner = owner_of(token)
        return owner[1] if owner is not None else None

    proofs = Proofs(lambda token: read_return_path(token, keys), subscriber_of)
    servers = [c for c in project.settings.channels.values() if spec_of(c).bounces]
    dead = frozenset().union(*(codes_of(str(c.options.get("dead_codes") or "")) for c in servers)) or codes_of("")
    return _Reading(ledger, project.clock, proofs, dead)


class _Reading:
    """Mails of one run, against one ledger."""

    def __init__(self, ledger: Ledger, clock: Clock, proofs: Proofs, dead: frozenset[str]) -> None:
        self.read = BouncesRead()
        self._ledger, self._clock, self._proofs, self._dead = ledger, clock, proofs, dead

    def some_of(self, maildir: Maildir, paths: Sequence[Path]) -> None:
        """Read some mails, write down what they say, then mark them."""
        reports: list[Receipt] = []
        done: list[tuple[Path, bool]] = []
        for path in paths:
            try:
                with path.open("rb") as file:
                    raw = file.read(LARGEST_MAIL)
            except OSError as problem:
                self._could_not(path, problem)
                continue
            kind, receipt = self.look(raw)
            if kind is MailKind.REPORT and receipt is None:
                continue  # it stays where it is
            if receipt is not None:
                reports.append(receipt)
            done.append((path, kind in (MailKind.NOT_UNDERSTOOD, MailKind.NOT_OURS)))
        self.write_down(reports)
        for path, star in done:
            try:
                maildir.mark(path, star=star)
            except FileNotFoundError:
                pass  # a mail program has moved or deleted it meanwhile
            except OSError as problem:
                self._could_not(path, problem)

    def look(self, raw: bytes) -> tuple[MailKind, Receipt | None]:
        """A mail, and the report in it with the call that it speaks of; no report while that call is under way."""
        mail, read = read_mail(raw, proofs=self._proofs, now=self._clock.now(), dead=self._dead), self.read
        receipt = mail.receipt
        read.mails += 1
        read.no_report += mail.kind is MailKind.NO_REPORT
        read.not_understood += mail.kind is MailKind.NOT_UNDERSTOOD
        read.not_ours += mail.kind is MailKind.NOT_OURS
        if receipt is None:
            return mail.kind, None
        call = self._ledger.receipts.call_of(receipt.subscriber_id, receipt.send_id) if receipt.send_id else None
        if call is not None and call.is_under_way:
            read.not_yet += 1
            return mail.kind, None
        read.hard += receipt.kind is ReceiptKind.HARD_BOUNCE
        read.soft += receipt.kind is ReceiptKind.SOFT_BOUNCE
        read.complaints += receipt.kind in _COMPLAINTS
        read.other += receipt.kind not in (ReceiptKind.HARD_BOUNCE, ReceiptKind.SOFT_BOUNCE, *_COMPLAINTS)
        return mail.kind, replace(receipt, send_id=call.send_id if call is not None else "")

    def write_down(self, reports: Sequence[Receipt]) -> None:
        """All of them, or none."""
        if reports:
            handled, read = self._ledger.receipts.record(reports, now=self._clock.now()), self.read
            read.repeated += handled.repeated
            read.barred += handled.barred
            read.paused += handled.paused
            read.settled += handled.settled

    def _could_not(self, path: Path, problem: OSError) -> None:
        self.read.unreadable.append(f"{path}: {problem.strerror or type(problem).__name__}")
