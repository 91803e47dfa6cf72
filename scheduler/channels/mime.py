"""An email as the bytes that go over the wire: plain text and HTML as alternatives, with the headers of list mail.

Standard library only. The same message for the same reader gives the same bytes.
"""

from __future__ import annotations

import base64
import hashlib
import html as html_escaping
import re
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from email import quoprimime
from email.errors import MessageError

from ..domain.message import EmailBody, Message
from ..domain.outcome import Recipient
from ..errors import ConfigurationError, ObservanceError

# Headers are written here and not by Python's email policies, for two reasons. With their usual 78 characters a line
# they turn a List-Unsubscribe of more than 77 characters into an encoded word (=?utf-8?q?=3Chttps...), and one-click
# unsubscribing is silently gone. And they fold other letters than ASCII differently from release to release, while the
# same message should give the same bytes everywhere.

# Lines of an encoded body have at most 76 characters (RFC 2045, 6.7), one of them for a soft line break.
_BODY_LINE = 75
# Bytes that become one encoded word of at most 75 characters with all its signs (RFC 2047, 2).
_WORD_BYTES = 45
_LONGEST_LINE = 998  # RFC 5322, 2.1.1
_LONGEST_ADDRESS = 320  # 64 before the @, 255 behind (RFC 5321, 4.5.3.1)

_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")
_URL = re.compile(r"https?://[!-;=?-~]+")
_LONGEST_URL = 900  # so that the header fits into one line
_IDENTITY = re.compile(r"[!-;=?A-~]{1,500}@[!-;=?A-~]{1,400}")
_HEADER_NAME = re.compile(r"[A-Za-z][A-Za-z0-9-]*")
#: Written here for each mail; a second one of them would be refused, or lead somewhere else.
_OWN_HEADERS = frozenset(
    "from to cc bcc sender return-path reply-to subject date message-id mime-version content-type "
    "content-transfer-encoding list-unsubscribe list-unsubscribe-post".split()
)
_ONE_CLICK = "List-Unsubscribe-Post: List-Unsubscribe=One-Click"
_ATOMS = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~ -]+")
_QUOTED_ADDRESS = re.compile(
    r'(?:"(?:[ !#-\[\]-~]|\\[ -~])*"|[!#-\'*+./-9=?A-Z^-~-]+)@(?:[A-Za-z0-9.-]+|\[[A-Za-z0-9.:]+\])'
)
_PLAIN_ADDRESS = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*@[A-Za-z0-9.-]+")
_PLAIN_ID = re.compile(r"[A-Za-z0-9_-]{1,64}")
#: An address that is as it is in quoted-printable, where it is not longer than a line.
_PLAIN_URL = re.compile(r"https?://[A-Za-z0-9._~/:-]+")
_URL_TOKEN = re.compile(r"%(?P<field>[a-z_]+_url)%")


def to_mime(
    message: Message,
    *,
    to: str,
    unsubscribe_url: str,
    message_id: str,
    date: datetime,
    links: Mapping[str, str] | None = None,
) -> bytes:
    """The mail to one reader, with CRLF line ends, ready for SMTP's DATA or for an .eml file. See :class:`MailForm`."""
    form = MailForm(message)
    return form.fill(to=to, unsubscribe_url=unsubscribe_url, message_id=message_id, date=date, links=links)


def is_way_out(url: str) -> bool:
    """Whether an address for unsubscribing can stand in a mail, its header included."""
    return len(url) <= _LONGEST_URL and _URL.fullmatch(url) is not None


class MailForm:
    """A message made ready for many readers: encoded once, then only what is personal is filled in.

    Raises :class:`ObservanceError` when something given cannot stand in a header; no address is ever in its text.
    Not ``to_readers``: a mail to one of those who run the campaign. It is of no list, and nobody leaves one by it.
    """

    def __init__(self, message: Message, *, to_readers: bool = True) -> None:
        body = message.body
        if not isinstance(body, EmailBody):
            raise ObservanceError("only an email can be written as a mail")
        # Random by default; from the digest, a second dry run gives the same file. An encoded body holds no "=_".
        boundary = f"=_{message.digest[:40]}"
        headers = {"Auto-Submitted": "auto-generated", **body.headers}
        if to_readers:
            headers["List-Id"] = body.list_id if "<" in body.list_id else f"<{body.list_id}>"  # RFC 2919, 3
        lines = [
            f"From: {mailbox_of(body.from_address, 'from_address', body.from_name)}",
            *([f"Reply-To: {mailbox_of(body.reply_to, 'reply_to')}"] if body.reply_to else []),
            f"Subject: {_words(_line(body.subject, 'the subject'))}",
        ]
        for name, value in sorted(headers.items()):
            if not _HEADER_NAME.fullmatch(name) or name.lower() in _OWN_HEADERS:
                raise ObservanceError("a header's name is not one, or is not the message's to set")
            lines.append(f"{name}: {_words(_line(value, f'the header {name}'))}")
        lines += [
            *([_ONE_CLICK] if to_readers else []),
            "MIME-Version: 1.0",
            f'Content-Type: multipart/alternative; boundary="{boundary}"',
        ]
        if any(len(line) > _LONGEST_LINE for line in "\r\n".join(lines).split("\r\n")):
            raise ObservanceError("a header of the mail is longer than 998 characters")
        for token in body.tokens:
            field_of(token)
        rule = f"--{boundary}".encode()
        self._head = "\r\n".join((*lines, "", "")).encode("ascii") + rule + b"\r\n"
        self._text = _encoded_part(body.text, "plain", body.tokens)
        self._between = b"\r\n" + rule + b"\r\n"
        self._html = _encoded_part(body.html, "html", body.tokens)
        self._end = b"\r\n" + rule + b"--\r\n"
        self._written: Callable[[bytes], bytes] = bytes
        self._make_ready()

    def as_data(self) -> dict[str, str | list[str]]:
        """The form as plain data, without anything personal; all of it is ASCII."""
        return {
            "head": self._head.decode("ascii"),
            "text": [piece.decode("ascii") for piece in self._text],
            "between": self._between.decode("ascii"),
            "html": [piece.decode("ascii") for piece in self._html],
            "end": self._end.decode("ascii"),
        }

    @classmethod
    def from_data(cls, data: Mapping[str, str | Sequence[str]], *, for_smtp: bool = False) -> MailForm:
        """The form that :meth:`as_data` was made from. Raises KeyError, TypeError, ValueError for anything else.

        ``for_smtp``: what it fills has each dot at the start of a line doubled (RFC 5321, 4.5.2). That is done once
        here and not for each reader: to look through a mail of 25 kB takes 14 us, to fill it 6.
        """
        form = cls.__new__(cls)
        form._written = _with_dots_doubled if for_smtp else bytes
        form._head, form._between, form._end = (
            form._written(_ascii(data[name])) for name in ("head", "between", "end")
        )
        form._text, form._html = ([form._written(_ascii(piece)) for piece in data[name]] for name in ("text", "html"))
        form._make_ready()
        return form

    def _make_ready(self) -> None:
        """Put what is the same for all into as few pieces as can be, with a gap before the first and between them."""
        self._date: tuple[datetime | None, str] = None, ""
        self._to_readers = f"\r\n{_ONE_CLICK}\r\n".encode() in self._head
        pieces, self._gaps = [b"", self._head], list[tuple[int, str, bool]]()
        for part, is_html, behind in ((self._text, False, self._between), (self._html, True, self._end)):
            if len(part) % 2 == 0:
                raise ValueError("text and token do not stand in turn")
            pieces[-1] += part[0]
            for at in range(1, len(part), 2):
                self._gaps.append((len(pieces), part[at].decode("ascii"), is_html))
                pieces += b"", part[at + 1]
            pieces[-1] += behind
        self._pieces = pieces

    def fill(
        self,
        *,
        to: str,
        unsubscribe_url: str,
        message_id: str,
        date: datetime,
        links: Mapping[str, str] | None = None,
    ) -> bytes:
        """The mail to one reader, with CRLF line ends.

        ``unsubscribe_url`` stands for ``%unsubscribe_url%`` in both parts and in ``List-Unsubscribe`` (RFC 2369; with
        ``List-Unsubscribe-Post`` it is the one click of RFC 8058). ``links``: what the mail's other tokens stand for.
        ``message_id`` with or without angle brackets. ``date`` is aware.
        """
        return b"".join(
            self.pieces(to=to, unsubscribe_url=unsubscribe_url, message_id=message_id, date=date, links=links)
        )

    def pieces(
        self,
        *,
        to: str,
        unsubscribe_url: str,
        message_id: str,
        date: datetime,
        links: Mapping[str, str] | None = None,
    ) -> list[bytes]:
        """The same, to be joined: what all readers' mails share is there once, so those of many calls may wait."""
        if self._to_readers and not is_way_out(unsubscribe_url):
            raise ConfigurationError(
                "the address for unsubscribing cannot stand in a mail header",
                hint="public_url in config/settings.toml must be a plain https:// address",
            )
        if date.tzinfo is None:
            raise ObservanceError("the date of a mail needs a time zone")
        if date is not self._date[0]:
            self._date = date, date_line(date)  # all mails of a call have one date
        mailbox = mailbox_of(to)
        identity = message_id.removeprefix("<").removesuffix(">")
        if not _IDENTITY.fullmatch(identity):
            raise ObservanceError("the Message-ID of a mail is not one: words, an at sign, a domain")
        personal = f"To: {mailbox}\r\nDate: {self._date[1]}\r\nMessage-ID: <{identity}>\r\n"
        if self._to_readers:
            personal += f"List-Unsubscribe: <{unsubscribe_url}>\r\n"
        pieces = self._pieces.copy()
        pieces[0] = personal.encode("ascii")
        own = {"%unsubscribe_url%": unsubscribe_url, **(links or {})}
        links_in_text = dict[str, bytes]()
        for at, token, is_html in self._gaps:
            url = own.get(token, "")
            if (link := links_in_text.get(token)) is None:
                link = links_in_text[token] = self._link(url)
            if is_html and (escaped := html_escaping.escape(url)) != url:
                link = self._written(_quoted_printable(escaped))
            pieces[at] = link  # an ordinary address is the same in both
        return pieces

    def _link(self, url: str) -> bytes:
        """A reader's own link as it stands in the text."""
        if len(url) <= _BODY_LINE and _PLAIN_URL.fullmatch(url):
            return url.encode("ascii")  # 0.3 in place of 1.3 us
        if not is_way_out(url):
            raise ObservanceError("a reader's own link is missing, or cannot stand in a mail")
        return self._written(_quoted_printable(url))


def _with_dots_doubled(piece: bytes) -> bytes:
    """No piece of a mail begins at the start of a line with a dot."""
    return piece.replace(b"\r\n.", b"\r\n..")


def _ascii(text: str | Sequence[str]) -> bytes:
    if not isinstance(text, str):
        raise TypeError("not a text")
    return text.encode("ascii")


def _encoded_part(text: str, subtype: str, tokens: Sequence[str]) -> list[bytes]:
    """One part of the mail, cut where its tokens stand: text and token in turn. Soft line breaks keep what fills a gap
    on lines of its own."""
    cut = re.split(f"({'|'.join(map(re.escape, tokens))})", text) if tokens else [text]
    pieces = [piece.encode("ascii") if at % 2 else _quoted_printable(piece) for at, piece in enumerate(cut)]
    for at in range(0, len(pieces) - 1, 2):
        if pieces[at] and not pieces[at].endswith(b"\r\n"):
            pieces[at] += b"=\r\n"
        if not pieces[at + 2].startswith(b"\r\n"):
            pieces[at + 2] = b"=\r\n" + pieces[at + 2]
    head = f'Content-Type: text/{subtype}; charset="utf-8"\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n'
    return [head.encode() + pieces[0], *pieces[1:]]


def _quoted_printable(text: str) -> bytes:
    # Python's encoder takes one character a byte, and quotes all that is not ASCII before it looks for line ends.
    one_a_byte = text.encode("utf-8").decode("latin-1")
    return quoprimime.body_encode(one_a_byte, maxlinelen=_BODY_LINE, eol="\r\n").encode("ascii")


def date_line(date: datetime) -> str:
    """As `email.utils` writes it, which brings what opens sockets with it."""
    return f"{_DAYS[date.weekday()]}, {date.day:02} {_MONTHS[date.month - 1]} {date.year:04} {date:%H:%M:%S %z}"


def mailbox_of(address: str, what: str = "a reader's address", name: str = "") -> str:
    """An address as it stands in a header and in the envelope: an international domain in its ASCII form. Raises
    :class:`ObservanceError` when it cannot."""
    if not name and len(address) <= _LONGEST_ADDRESS and _PLAIN_ADDRESS.fullmatch(address):
        return address
    local, at, domain = _line(address, what).strip().rpartition("@")
    try:
        plain = f"{local}@{domain if domain.isascii() else domain.encode('idna').decode('ascii')}"
        if not at or not local.isascii() or len(plain) > _LONGEST_ADDRESS:
            raise ValueError
        if not _PLAIN_ADDRESS.fullmatch(plain):
            from email.headerregistry import Address  # for hardly any

            plain = Address(addr_spec=plain).addr_spec  # refuses what is no address, quotes what needs it
            if not _QUOTED_ADDRESS.fullmatch(plain):
                raise ValueError
    except (ValueError, UnicodeError, IndexError, AttributeError, MessageError):
        # "from None": Python's own words would name the address.
        raise ObservanceError(f"{what} is not an address that mail can be sent to or from") from None
    name = _line(name, "the sender's name").strip()
    if not name:
        return plain
    if not name.isascii() or "=?" in name:
        return f"{_words(name)} <{plain}>"
    if not _ATOMS.fullmatch(name):
        name = '"' + re.sub(r'(["\\])', r"\\\1", name) + '"'
    return f"{name} <{plain}>"


def _words(text: str) -> str:
    """Text for a header: ASCII as it is, else as encoded words (RFC 2047), a line each."""
    if text.isascii() and "=?" not in text:
        return text
    words, chunk = [], b""
    for character in text:
        encoded = character.encode()
        if len(chunk) + len(encoded) > _WORD_BYTES:  # a word never ends within a character
            words.append(chunk)
            chunk = b""
        chunk += encoded
    words.append(chunk)
    return "\r\n ".join(f"=?utf-8?b?{base64.b64encode(word).decode('ascii')}?=" for word in words)


def _line(text: str, what: str) -> str:
    if _CONTROL.search(text):
        raise ObservanceError(f"{what} holds a line break or a control character")
    return text


def message_id(send_id: str, subscriber_id: str, domain: str) -> str:
    """The same for each try of the same mail, and without an address: a server's report leads back to the reader."""
    return f"<{_plain(send_id)}.{_plain(subscriber_id)}@{domain}>"


def _plain(name: str) -> str:
    return name if _PLAIN_ID.fullmatch(name) else hashlib.sha256(name.encode()).hexdigest()[:32]


def field_of(token: str) -> str:
    """``%unsubscribe_url%`` is filled from the reader's ``unsubscribe_url``. Only addresses of pages are filled in:
    anything that a reader wrote would have to be escaped for HTML and for plain text at once.

    Raises ValueError for a token that stands for nothing.
    """
    match = _URL_TOKEN.fullmatch(token)
    if match is None or match["field"] not in Recipient.__dataclass_fields__:
        raise ValueError(f"the token {token} stands for nothing that a reader's record holds")
    return match["field"]
