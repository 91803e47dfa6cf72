"""What a mail must be, read back by Python's own parser, apart from the code that writes it.

Refused is what mail servers refuse (RFC 5321, RFC 5322); warned of is what large providers punish, and what Observance
must never do. https://support.google.com/mail/answer/81126
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime
from email import message_from_bytes
from email.headerregistry import HeaderRegistry
from email.message import EmailMessage
from email.policy import default
from email.utils import getaddresses, parsedate_to_datetime
from functools import lru_cache

from ...light_dataclass import dataclass
from ..contract.double_pages import ShownMail

LARGEST_MAIL = 10_000_000
_LARGEST_HTML = 102_000  # bytes, beyond which Gmail cuts the rest off, the way out included
_LONGEST_LINE = 998

_ONCE = ("From", "To", "Subject", "Date", "Message-ID", "List-Id", "List-Unsubscribe", "List-Unsubscribe-Post")
_AT_MOST_ONCE = ("Reply-To", "Cc", "Bcc", "Sender", "MIME-Version", "Content-Type", "Auto-Submitted")
#: Python's parser reads a header each time that it is asked for, some eighty times for one mail; here it is read once.
_POLICY = default.clone(header_factory=lru_cache(maxsize=256)(HeaderRegistry()))
_LEFT_OVER = re.compile(r"%[a-z]+_[a-z_]+%")


def parse(raw: bytes) -> EmailMessage:
    """A mail as an independent reader sees it."""
    return message_from_bytes(raw, policy=_POLICY)


def problems(raw: bytes) -> list[str]:
    """All for which a server would refuse the content."""
    rules = {
        "a line does not end in CRLF": re.search(rb"(?<!\r)\n|\r(?!\n)", raw),
        "a line is longer than 998 characters": any(len(line) > _LONGEST_LINE for line in raw.split(b"\r\n")),
        "the mail is too large": len(raw) > LARGEST_MAIL,
        "the mail holds NUL": b"\x00" in raw,
    }
    return [problem for problem, is_there in rules.items() if is_there]


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
    try:
        dated = parsedate_to_datetime(str(mail.get("Date"))).tzinfo is not None
    except (TypeError, ValueError):
        dated = False
    one_click = mail.get("List-Unsubscribe-Post") == "List-Unsubscribe=One-Click"
    link = "List-Unsubscribe is not one address in angle brackets (RFC 8058)"
    rules = {
        "To names somebody else than the envelope's reader": [a.casefold() for a in to] == [recipient.casefold()],
        link: _fits(mail, "List-Unsubscribe", r"<https?://[^\s<>]+>"),
        "the mail cannot be left with one click (RFC 8058)": one_click,
        "List-Id has no name in angle brackets (RFC 2919)": _fits(mail, "List-Id", r"(?s:.*)<[^\s<>]+\.[^\s<>]+>\s*"),
        "Message-ID is none": _fits(mail, "Message-ID", r"<[^\s<>@]+@[^\s<>@]+>"),
        "absence notes will be sent back (Auto-Submitted, RFC 3834)": mail.get("Auto-Submitted", "no") != "no",
        "Date is none": dated,
    }
    yield from (warning for warning, is_kept in rules.items() if not is_kept)
    if mail.defects:
        yield f"the mail is not well formed ({type(mail.defects[0]).__name__})"


def _fits(mail: EmailMessage, name: str, pattern: str) -> bool:
    return re.fullmatch(pattern, str(mail.get(name, ""))) is not None


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


@dataclass(frozen=True, kw_only=True)
class Letter(ShownMail):
    """One mail that was accepted for one reader."""

    sender: str
    recipient: str
    raw: bytes
    parsed: EmailMessage
    encrypted: bool

    @property
    def message_id(self) -> str:
        return str(self.parsed["Message-ID"])


def read_letter(raw: bytes, *, at: datetime, sender: str, recipient: str, encrypted: bool) -> Letter:
    """A mail as its reader sees it."""
    parsed = parse(raw)
    return Letter(
        at=at,
        subject=str(parsed["Subject"]),
        from_name=next((str(a.display_name) for a in getattr(parsed["From"], "addresses", ())), ""),
        text=text_of(parsed, "plain"),
        html=text_of(parsed, "html"),
        readers=(recipient,),
        warnings=tuple(warnings(parsed, recipient)),
        sender=sender,
        recipient=recipient,
        raw=raw,
        parsed=parsed,
        encrypted=encrypted,
    )
