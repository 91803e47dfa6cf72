"""What a mail must be, read back by Python's own parser, apart from the code that writes it.

Refused is what mail servers refuse (RFC 5321, RFC 5322); warned of is what large providers punish, and what Observance
must never do. https://support.google.com/mail/answer/81126
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from email.utils import getaddresses, parsedate_to_datetime

LARGEST_MAIL = 10_000_000
_LARGEST_HTML = 102_000  # bytes, beyond which Gmail cuts the rest off, the way out included
_LONGEST_LINE = 998

_ONCE = ("From", "To", "Subject", "Date", "Message-ID", "List-Id", "List-Unsubscribe", "List-Unsubscribe-Post")
_AT_MOST_ONCE = ("Reply-To", "Cc", "Bcc", "Sender", "MIME-Version", "Content-Type", "Auto-Submitted")
_LEFT_OVER = re.compile(r"%[a-z]+_[a-z_]+%")
_MESSAGE_ID = re.compile(r"<[^\s<>@]+@[^\s<>@]+>")


def parse(raw: bytes) -> EmailMessage:
    """A mail as an independent reader sees it."""
    return message_from_bytes(raw, policy=default)


def problems(raw: bytes) -> list[str]:
    """All for which a server would refuse the content."""
    found = []
    if re.search(rb"(?<!\r)\n|\r(?!\n)", raw):
        found.append("a line does not end in CRLF")
    if any(len(line) > _LONGEST_LINE for line in raw.split(b"\r\n")):
        found.append("a line is longer than 998 characters")
    if len(raw) > LARGEST_MAIL:
        found.append("the mail is too large")
    if b"\x00" in raw:
        found.append("the mail holds NUL")
    return found


def warnings(mail: EmailMessage, recipient: str) -> list[str]:
    """What a server would let pass, and readers or providers would not."""
    return list(dict.fromkeys([*_headers(mail, recipient), *_bodies(mail)]))


def text_of(mail: EmailMessage, kind: str) -> str:
    """The part of this kind (``plain``, ``html``), or nothing."""
    part = mail.get_body(preferencelist=(kind,))
    return str(part.get_content()).replace("\r\n", "\n") if part is not None else ""


def _headers(mail: EmailMessage, recipient: str) -> Iterator[str]:
    for name in (*_ONCE, *_AT_MOST_ONCE):
        times = len(mail.get_all(name, []))
        if times > 1 or (times == 0 and name in _ONCE):
            yield f"{name} stands {times} times"
    to = [address for _, address in getaddresses([str(v) for v in mail.get_all("To", []) + mail.get_all("Cc", [])])]
    if [a.casefold() for a in to] != [recipient.casefold()]:
        yield "To names somebody else than the envelope's reader"
    if not re.fullmatch(r"<https?://[^\s<>]+>", str(mail.get("List-Unsubscribe", ""))):
        yield "List-Unsubscribe is not one address in angle brackets (RFC 8058)"
    if mail.get("List-Unsubscribe-Post") != "List-Unsubscribe=One-Click":
        yield "the mail cannot be left with one click (RFC 8058)"
    if not re.search(r"<[^\s<>]+\.[^\s<>]+>\s*$", str(mail.get("List-Id", ""))):
        yield "List-Id has no name in angle brackets (RFC 2919)"
    if not _MESSAGE_ID.fullmatch(str(mail.get("Message-ID", ""))):
        yield "Message-ID is none"
    if mail.get("Auto-Submitted", "no") == "no":
        yield "absence notes will be sent back (Auto-Submitted, RFC 3834)"
    try:
        dated = parsedate_to_datetime(str(mail.get("Date")))
    except (TypeError, ValueError):
        dated = None
    if dated is None or dated.tzinfo is None:
        yield "Date is none"
    if mail.defects:
        yield f"the mail is not well formed ({type(mail.defects[0]).__name__})"


def _bodies(mail: EmailMessage) -> Iterator[str]:
    kinds = [part.get_content_type() for part in mail.walk() if not part.is_multipart()]
    if mail.get_content_type() != "multipart/alternative" or kinds != ["text/plain", "text/html"]:
        yield "plain text and HTML are not the two parts of the mail, in this order"
    for part in mail.walk():
        if part.defects or any(getattr(value, "defects", ()) for value in part.values()):
            yield "a part or a header is not well formed"
        if not part.is_multipart() and _LEFT_OVER.search(str(part.get_content())):
            yield f"a reader would see {_LEFT_OVER.findall(str(part.get_content()))[0]}"
    if len(text_of(mail, "html").encode()) > _LARGEST_HTML:
        yield "the HTML is larger than what Gmail shows"
