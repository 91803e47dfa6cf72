"""An email as the bytes that go over the wire: plain text and HTML as alternatives, with the headers of list mail.

Standard library only. The same message for the same reader gives the same bytes.
"""

from __future__ import annotations

import html as html_escaping
import re
from datetime import datetime
from email import quoprimime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime

from ..domain.message import EmailBody, Message
from ..errors import ConfigurationError, ObservanceError

# With the usual 78 characters a line, Python turns a List-Unsubscribe of more than 77 characters into an encoded word
# (=?utf-8?q?=3Chttps...), and one-click unsubscribing is silently gone. 998 is the longest line of RFC 5322.
_WHOLE_LINES = SMTP.clone(max_line_length=998)
# Other letters than ASCII become encoded words, and a line that holds one has at most 76 characters (RFC 2047, 2).
_SHORT_LINES = SMTP.clone(max_line_length=76)
# The lines of an encoded body, however, have at most 76 characters (RFC 2045, 6.7), one of them for a soft line break.
_BODY_LINE = 75

_CONTROL = re.compile(r"[\x00-\x1f\x7f]")
_URL = re.compile(r"https?://[!-;=?-~]+")
_LONGEST_URL = 900  # so that the header fits into one line
_PLAIN_ADDRESS = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*@[A-Za-z0-9.-]+")


def to_mime(message: Message, *, to: str, unsubscribe_url: str, message_id: str, date: datetime) -> bytes:
    """The mail to one reader, with CRLF line ends, ready for SMTP's DATA or for an .eml file. See :class:`MailForm`."""
    return MailForm(message).fill(to=to, unsubscribe_url=unsubscribe_url, message_id=message_id, date=date)


class MailForm:
    """A message made ready for many readers: encoded once, then only what is personal is filled in.

    Raises :class:`ObservanceError` when something given cannot stand in a header; no address is ever in its text.
    """

    def __init__(self, message: Message) -> None:
        body = message.body
        if not isinstance(body, EmailBody):
            raise ObservanceError("only an email can be written as a mail")
        # Random by default; from the digest, a second dry run gives the same file. An encoded body holds no "=_".
        boundary = f"=_{message.digest[:40]}"
        folded = EmailMessage(policy=_SHORT_LINES)
        folded["From"] = _address(body.from_address, body.from_name, "from_address")
        if body.reply_to:
            folded["Reply-To"] = _address(body.reply_to, "", "reply_to")
        folded["Subject"] = _line(body.subject, "the subject")
        whole = EmailMessage(policy=_WHOLE_LINES)
        headers = {**body.headers, "List-Id": body.list_id}
        for name in sorted(headers):
            whole[_line(name, "a header's name")] = _line(headers[name], f"the header {name}")
        whole["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
        whole["MIME-Version"] = "1.0"
        whole["Content-Type"] = f'multipart/alternative; boundary="{boundary}"'
        token = body.tokens[0] if body.tokens else ""
        rule = f"--{boundary}".encode()
        head = (lines.as_bytes().partition(b"\r\n\r\n")[0] for lines in (folded, whole))
        self._head = b"\r\n".join((*head, b"", rule, b""))
        self._text = _encoded_part(body.text, "plain", token)
        self._between = b"\r\n" + rule + b"\r\n"
        self._html = _encoded_part(body.html, "html", token)
        self._end = b"\r\n" + rule + b"--\r\n"

    def fill(self, *, to: str, unsubscribe_url: str, message_id: str, date: datetime) -> bytes:
        """The mail to one reader, with CRLF line ends.

        ``unsubscribe_url`` stands for ``%unsubscribe_url%`` in both parts and in ``List-Unsubscribe`` (RFC 2369; with
        ``List-Unsubscribe-Post`` it is the one click of RFC 8058). ``message_id`` with or without angle brackets.
        ``date`` is aware.
        """
        if len(unsubscribe_url) > _LONGEST_URL or not _URL.fullmatch(unsubscribe_url):
            raise ConfigurationError(
                "the address for unsubscribing cannot stand in a mail header",
                hint="public_url in config/settings.toml must be a plain https:// address",
            )
        if date.tzinfo is None:
            raise ObservanceError("the date of a mail needs a time zone")
        mailbox = to if _PLAIN_ADDRESS.fullmatch(to) else str(_address(to, "", "a reader's address"))
        identity = _line(message_id, "the Message-ID").strip("<>")
        personal = (
            f"To: {mailbox}\r\nDate: {format_datetime(date)}\r\nMessage-ID: <{identity}>\r\n"
            f"List-Unsubscribe: <{unsubscribe_url}>\r\n"
        )
        plain = _quoted_printable(unsubscribe_url)
        marked = _quoted_printable(html_escaping.escape(unsubscribe_url))
        return b"".join(
            (
                personal.encode("ascii"),
                self._head,
                plain.join(self._text),
                self._between,
                marked.join(self._html),
                self._end,
            )
        )


def _encoded_part(text: str, subtype: str, token: str) -> list[bytes]:
    """One part of the mail, cut where the token stands. Soft line breaks keep what fills a gap on lines of its own."""
    pieces = [_quoted_printable(piece) for piece in (text.split(token) if token else [text])]
    for at in range(len(pieces) - 1):
        if pieces[at] and not pieces[at].endswith(b"\r\n"):
            pieces[at] += b"=\r\n"
        if not pieces[at + 1].startswith(b"\r\n"):
            pieces[at + 1] = b"=\r\n" + pieces[at + 1]
    head = f'Content-Type: text/{subtype}; charset="utf-8"\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n'
    return [head.encode() + pieces[0], *pieces[1:]]


def _quoted_printable(text: str) -> bytes:
    # Python's encoder takes one character a byte, and quotes all that is not ASCII before it looks for line ends.
    one_a_byte = text.encode("utf-8").decode("latin-1")
    return quoprimime.body_encode(one_a_byte, maxlinelen=_BODY_LINE, eol="\r\n").encode("ascii")


def _address(address: str, name: str, what: str) -> Address:
    """A mailbox for a header. An international domain goes out in its ASCII form."""
    local, at, domain = _line(address, what).strip().rpartition("@")
    try:
        if not at or not local.isascii():
            raise ValueError
        ascii_domain = domain if domain.isascii() else domain.encode("idna").decode("ascii")
        return Address(_line(name, "the sender's name"), addr_spec=f"{local}@{ascii_domain}")
    except (ValueError, UnicodeError, IndexError, AttributeError):
        # "from None": Python's own words would name the address.
        raise ObservanceError(f"{what} is not an address that mail can be sent to or from") from None


def _line(text: str, what: str) -> str:
    if _CONTROL.search(text):
        raise ObservanceError(f"{what} holds a line break or a control character")
    return text

