"""Reports that come by mail: bounces (RFC 3464) and complaints (RFC 5965), and the folder that they lie in.

A report counts only with a proof that the mail it speaks of was ours: a signed return path (:mod:`.tokens`), or
the reader's signed link to leave by, which stands in the head of each mail and comes back with it. Only fields are
read, never sentences; whatever is no report (an automatic answer, a letter) says nothing about an address.
"""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Callable, Collection, Iterator
from datetime import UTC, datetime
from email import message_from_bytes, message_from_string
from email.message import Message
from email.utils import parsedate_to_datetime
from enum import StrEnum
from pathlib import Path

from ..domain.receipt import Barred, Receipt, ReceiptKind
from ..domain.smtp_codes import DEAD_CODES, enhanced_code, says_dead
from ..errors import UsageError
from ..light_dataclass import dataclass
from .tokens import Returned, tokens_in

#: Bytes of a mail that are read. What a report says stands before the mail that it returns.
LARGEST_MAIL = 1024 * 1024

#: Where the address stands that a report was sent to, as servers write it down at delivery.
_ADDRESSEE = ("Delivered-To", "X-Original-To", "Envelope-To", "X-Envelope-To", "To")
_DELIVERY_STATUS = ("message/delivery-status", "message/global-delivery-status")  # the second: RFC 6533
_FEEDBACK = ("message/feedback-report",)
_FEEDBACK_KINDS = {
    "abuse": ReceiptKind.COMPLAINED,
    "fraud": ReceiptKind.COMPLAINED,
    "opt-out": ReceiptKind.UNSUBSCRIBED,
}
_BARS = {
    ReceiptKind.HARD_BOUNCE: Barred.BOUNCED,
    ReceiptKind.COMPLAINED: Barred.COMPLAINED,
    ReceiptKind.UNSUBSCRIBED: Barred.UNSUBSCRIBED,
}
_RETURNED = ("message/rfc822", "text/rfc822-headers", "message/global", "message/global-headers")
_STATUS = re.compile(r"\s*([245]\.[0-9]{1,3}\.[0-9]{1,3})(?![0-9.])")
_DIAGNOSTIC = re.compile(r"\s*smtp\s*;\s*([245][0-9]{2})[ -]?(.*)", re.IGNORECASE | re.DOTALL)
_LINK = re.compile(r"https?://[^\s<>,]+/u/([A-Za-z0-9_-]{23,400})")
_WORD = re.compile(r"[a-z][a-z0-9-]{0,31}")
_LONGEST_ID = 998


class MailKind(StrEnum):
    """What a mail in the mailbox for bounces is."""

    REPORT = "report"
    NO_REPORT = "no report"  # an automatic answer, a letter, spam: nothing is done about it
    NOT_UNDERSTOOD = "not understood"  # a report that says too little, or a mail that is none
    NOT_OURS = "not ours"  # a report about a mail that was not sent from here, or nothing proves that it was


@dataclass(frozen=True)
class ReadMail:
    """A mail, as far as it was understood. ``receipt`` is there for a REPORT alone; its ``send_id`` is the beginning
    of one, or empty."""

    kind: MailKind
    receipt: Receipt | None = None


@dataclass(frozen=True)
class Proofs:
    """How it is known whose mail a report speaks of."""

    of_return_path: Callable[[str], Returned | None]  # from the token in a return path
    of_link: Callable[[str], str | None]  # from the token in a link to leave by: the subscriber's id


@dataclass(frozen=True)
class _Report:
    """What a report says, before it is known of whom."""

    kind: ReceiptKind
    detail: str  # codes and words of a fixed form
    fields: tuple[str, ...] = ()  # of the report, where a return path may stand


def read_mail(raw: bytes, *, proofs: Proofs, now: datetime, dead: Collection[str] = DEAD_CODES) -> ReadMail:
    """Read one mail. Never raises: what cannot be read is NOT_UNDERSTOOD."""
    try:
        mail = message_from_bytes(raw[:LARGEST_MAIL])
        parts = _parts(mail)
        if not parts:
            return ReadMail(MailKind.NO_REPORT)
        report = _complaint(parts) or _bounce(parts, dead)
        if report is None:
            return ReadMail(MailKind.NOT_UNDERSTOOD)
        returned = _whose(mail, report, parts, proofs)
        receipt = _receipt(mail, raw, report, returned, now) if returned is not None else None
        return ReadMail(MailKind.REPORT if receipt else MailKind.NOT_OURS, receipt)
    except Exception:  # a stranger's bytes: the library promises not to raise, and does now and then
        return ReadMail(MailKind.NOT_UNDERSTOOD)


# -- what it says ---------------------------------------------------------------------------------------


def _parts(mail: Message) -> list[Message]:
    """The parts of a report; none for any other mail. Reports inside of a mail that is passed on are not read."""
    parts = _inner(mail) if mail.get_content_maintype() == "multipart" else []
    types = {part.get_content_type() for part in parts}
    return parts if types & {*_DELIVERY_STATUS, *_FEEDBACK} else []


def _complaint(parts: list[Message]) -> _Report | None:
    """A feedback loop's report (RFC 5965)."""
    for block in _blocks(parts, _FEEDBACK):
        if word := _field(block, "Feedback-Type").strip().lower():
            kind = _FEEDBACK_KINDS.get(word, ReceiptKind.OTHER)
            return _Report(kind, word if _WORD.fullmatch(word) else "", (_field(block, "Original-Mail-From"),))
    return None


def _bounce(parts: list[Message], dead: Collection[str]) -> _Report | None:
    """What became of the mail for each recipient that the report names: several, where the reader's address is passed
    on. It is dead only when all of them are."""
    reports = list(filter(None, (_of_recipient(block, dead) for block in _blocks(parts, _DELIVERY_STATUS))))
    kinds = {report.kind for report in reports}
    if len(kinds) < 2:
        return next(iter(reports), None)
    if ReceiptKind.DELIVERED in kinds or ReceiptKind.PROCESSED in kinds:
        return _Report(ReceiptKind.PROCESSED, "")
    still_trying = ReceiptKind.DEFERRED in kinds
    return _Report(ReceiptKind.DEFERRED if still_trying else ReceiptKind.SOFT_BOUNCE, reports[0].detail)


def _of_recipient(block: Message, dead: Collection[str]) -> _Report | None:
    """RFC 3464, 2.3. None for the fields about the message as a whole."""
    action = _field(block, "Action").strip().lower().split(" ")[0]
    status = (_STATUS.match(_field(block, "Status")) or [""])[0].strip()
    diagnostic = _DIAGNOSTIC.match(_field(block, "Diagnostic-Code"))
    basic = int(diagnostic[1]) if diagnostic else None
    if diagnostic and (not status or status.endswith(".0")):  # "something failed": the server said more
        status = enhanced_code(diagnostic[2]) or ("" if status in ("5.0.0", "4.0.0") else status)
    if not action and not status and basic is None:
        return None
    detail = status or (str(basic) if basic else "")
    if action in ("delivered", "relayed", "expanded"):
        return _Report(ReceiptKind.DELIVERED if action == "delivered" else ReceiptKind.PROCESSED, detail)
    if action == "delayed":
        return _Report(ReceiptKind.DEFERRED, detail)
    permanent = status.startswith("5") if status else basic is not None and basic >= 500
    is_dead = permanent and says_dead(status, basic if not status else None, dead=dead)
    return _Report(ReceiptKind.HARD_BOUNCE if is_dead else ReceiptKind.SOFT_BOUNCE, detail)


def _blocks(parts: list[Message], types: Collection[str]) -> Iterator[Message]:
    """The groups of fields in the parts of these types, which are made of them. The library takes some such parts for a
    mail with a head and a text."""
    for block in (inner for part in parts if part.get_content_type() in types for inner in _inner(part)):
        yield block
        rest = block.get_payload()
        if isinstance(rest, str):
            for more in re.split(r"(?:\r?\n){2,}", rest):
                if more.strip():
                    yield message_from_string(more.lstrip())


def _inner(part: Message) -> list[Message]:
    """The messages that a part is made of."""
    payload = part.get_payload()
    return [inner for inner in payload if isinstance(inner, Message)] if isinstance(payload, list) else []


def _field(message: Message, name: str) -> str:
    """A header, also one that is broken; the first of several."""
    return str(message.get(name, ""))


# -- whose it is ----------------------------------------------------------------------------------------


def _whose(mail: Message, report: _Report, parts: list[Message], proofs: Proofs) -> Returned | None:
    """Whose mail of which call it is about, by the first proof that is good."""
    returned = _returned_head(parts)
    places = [*report.fields, *(value for name in _ADDRESSEE for value in mail.get_all(name, []))]
    places += returned.get_all("Return-Path", [])
    for token in (token for place in places for token in tokens_in(str(place))):
        if (named := proofs.of_return_path(token)) is not None:
            return named
    for link in _LINK.findall(_field(returned, "List-Unsubscribe")):
        if (subscriber := proofs.of_link(link)) is not None:
            return Returned(subscriber, "")
    return None


def _returned_head(parts: list[Message]) -> Message:
    """The head of the mail that comes back; an empty one where none does."""
    for part in (part for part in parts if part.get_content_type() in _RETURNED):
        if mails := _inner(part):
            return mails[0]
        raw = part.get_payload(decode=True)  # text/rfc822-headers: its text is a head
        return message_from_bytes(raw if isinstance(raw, bytes) else b"")
    return Message()


def _receipt(mail: Message, raw: bytes, report: _Report, returned: Returned, now: datetime) -> Receipt:
    named = _field(mail, "Message-ID").strip()
    identity = named.encode("utf-8", "replace") if 2 < len(named) <= _LONGEST_ID else raw
    facts = f"{returned.subscriber_id}\n{returned.send_id_start}\n{report.kind}\n{report.detail}\n".encode()
    return Receipt(
        event_id=f"mail-{hashlib.sha256(facts + identity).hexdigest()}",
        kind=report.kind,
        at=_date(mail, now),
        word=str(report.kind),
        send_id=returned.send_id_start,
        subscriber_id=returned.subscriber_id,
        detail=report.detail,
        bars=_BARS.get(report.kind),
        source="mail",
        of_one=True,
    )


def _date(mail: Message, now: datetime) -> datetime:
    """When the report was written, as it says; now for what is no time, or is still to come."""
    try:
        at = parsedate_to_datetime(_field(mail, "Date"))
        at = at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC)
    except (TypeError, ValueError, IndexError, OverflowError):
        return now
    return min(at, now)


# -- where they lie -----------------------------------------------------------------------------------


class Maildir:
    """A folder of mails as mail servers write it: what is new is read, and marked when it has been dealt with.

    No mail is ever deleted or changed. One that has been dealt with is moved into ``cur`` with the mark that mail
    programs show as read (``S``); one that a person may want to look at with a star besides (``F``).
    https://cr.yp.to/proto/maildir.html
    """

    def __init__(self, folder: Path) -> None:
        """Raises UsageError for a folder that is none."""
        missing = [name for name in ("new", "cur") if not (folder / name).is_dir()]
        if missing:
            raise UsageError(
                f"{folder} is not a Maildir: it has no folder {' and no folder '.join(missing)}",
                hint="name the folder that the mail server delivers to; in Postfix a mailbox is a Maildir when its "
                "name ends with a slash",
            )
        self._folder = folder

    def unread(self) -> Iterator[Path]:
        """Mails that nobody has dealt with, oldest first: new ones, and those that a mail program has shown in its list
        meanwhile."""
        for name in ("new", "cur"):
            for path in sorted((self._folder / name).iterdir(), key=lambda path: path.name):
                flags = path.name.rpartition(":2,")[2] if ":2," in path.name else ""
                if "S" not in flags and not path.name.startswith(".") and path.is_file() and not path.is_symlink():
                    yield path

    def mark(self, path: Path, *, star: bool = False) -> None:
        """Written down: it has been dealt with. Raises OSError."""
        name, _, flags = path.name.partition(":2,")
        flags = "".join(sorted({*flags, "S", *("F" if star else "")}))
        for number in range(1000):  # a rename would take the place of a mail of the same name
            target = self._folder / "cur" / f"{name}{f'_{number}' if number else ''}:2,{flags}"
            try:
                os.link(path, target)
            except FileExistsError:
                continue
            except OSError:  # a file system without hard links
                if target.exists():
                    continue
                path.rename(target)
                return
            path.unlink()
            return
