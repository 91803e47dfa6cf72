"""A mail as its words alone, piece by piece: for the short packet, where what stands in every mail is printed once."""

from __future__ import annotations

import html
import re
from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from functools import lru_cache
from html.parser import HTMLParser

from markupsafe import Markup

from ..domain.hidden import PREHEADER_PADDING
from ..domain.message import EmailBody, Message
from ..light_dataclass import dataclass
from .mail_view import plain_html

_PIECES = frozenset({"p", "div", "li", "blockquote", "h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "hr"})
_INLINE = frozenset({"b", "strong", "em", "i", "s", "sub", "sup", "u", "code", "q"})
_SPACES = re.compile(r"\s+")
_FEWEST_MAILS = 4  # of which something can be said to stand in all

#: By what two pieces are alike: their words, and where their links lead.
Key = tuple[str, ...]


@dataclass(frozen=True)
class Piece:
    """One paragraph, heading or entry of a list. ``kind``: p, h, li or blockquote."""

    kind: str
    words: str
    html: Markup
    links: tuple[str, ...]  # where they lead, in order


@lru_cache(maxsize=400)
def mail_pieces(document: str) -> tuple[Piece, ...]:
    """The pieces of a mail's HTML that hold words, in order. A link is underlined; where it leads is in ``links``."""
    reader = _Reader()
    reader.feed(plain_html(document.replace(PREHEADER_PADDING, "")))
    reader.close()
    reader.end()
    return tuple(reader.pieces)


def shared_pieces(mails: Iterable[Message]) -> Mapping[Key, Piece]:
    """What stands alike in at least half of these mails, in their order; of fewer than four mails, nothing."""
    of_mails = [
        {key_of(mail, piece): piece for piece in mail_pieces(mail.body.html)}
        for mail in mails
        if isinstance(mail.body, EmailBody)
    ]
    counts = Counter(key for pieces in of_mails for key in pieces)
    shared: dict[Key, Piece] = {}
    for pieces in of_mails:
        for key, piece in pieces.items():
            if len(of_mails) >= _FEWEST_MAILS and 2 * counts[key] >= len(of_mails):
                shared.setdefault(key, piece)
    return shared


def key_of(mail: Message, piece: Piece) -> Key:
    """By what two pieces of different days are alike: words and links, but for the day in an address of the archive."""
    day = mail.on.isoformat()
    return (piece.words, *(link.replace(day, "DAY") for link in piece.links))


def own_pieces(mail: Message, shared: Collection[Key], known: Collection[str]) -> tuple[Piece, ...]:
    """What only this mail says. ``known``: words that the page says already, such as its title and its preheader."""
    if not isinstance(mail.body, EmailBody):
        return ()
    said = {_plain(words) for words in known}
    return tuple(
        piece
        for piece in mail_pieces(mail.body.html)
        if key_of(mail, piece) not in shared and _plain(piece.words) not in said
    )


def _plain(words: str) -> str:
    return _SPACES.sub(" ", words).strip()


class _Reader(HTMLParser):
    """Cuts clean HTML where a new block begins."""

    def __init__(self) -> None:
        super().__init__()
        self.pieces: list[Piece] = []
        self._kind = "p"
        self._out: list[str] = []
        self._words: list[str] = []
        self._links: list[str] = []
        self._open: list[str] = []  # marks of this piece that are not ended yet
        self._quoted = 0

    def end(self) -> None:
        """The piece is whole; one without words is none."""
        words = _plain("".join(self._words))
        if words:
            written = "".join((*self._out, *(f"</{tag}>" for tag in reversed(self._open))))
            kind = "blockquote" if self._quoted and self._kind == "p" else self._kind
            self.pieces.append(Piece(kind, words, Markup(written.strip()), tuple(self._links)))  # noqa: S704 - escaped
        self._kind, self._out, self._words, self._links, self._open = "p", [], [], [], []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _PIECES:
            self.end()
            self._kind = "h" if tag[0] == "h" and tag != "hr" else "li" if tag == "li" else "p"
            self._quoted += tag == "blockquote"
        elif tag == "br":
            self._out.append("<br>")
            self._words.append(" ")
        elif tag == "a":
            self._mark("u")
            self._links += [value for name, value in attrs if name == "href" and value]
        elif tag in _INLINE:
            self._mark(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag in _PIECES:
            self.end()
            self._quoted -= tag == "blockquote"
            return
        mark = "u" if tag == "a" else tag
        if self._open and self._open[-1] == mark:
            self._open.pop()
            self._out.append(f"</{mark}>")

    def handle_data(self, data: str) -> None:
        self._out.append(html.escape(data, quote=False))
        self._words.append(data)

    def _mark(self, tag: str) -> None:
        self._open.append(tag)
        self._out.append(f"<{tag}>")
