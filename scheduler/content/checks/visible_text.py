"""What a reader sees of a message, in pieces that can be compared: folded blocks of text.

A block is a paragraph, a heading, a line of a post. Blocks are folded as quotations are (curly quotes, dashes,
spaces), so that one comparison serves a post, the text part and the HTML part of an email.
"""

from __future__ import annotations

import html
import re
from dataclasses import dataclass
from functools import lru_cache

from ...domain.hidden import bare
from ...domain.quotation import normalise

_HIDDEN = re.compile(r"<!--.*?-->|<(head|style|script|title)\b[^>]*>.*?</\1\s*>", re.DOTALL | re.IGNORECASE)
_QUOTED = re.compile(r"<blockquote\b[^>]*>(.*?)</blockquote\s*>", re.DOTALL | re.IGNORECASE)
_BREAK = re.compile(
    r"</?(?:p|div|td|th|tr|table|tbody|thead|h[1-6]|li|ul|ol|br|hr|blockquote|section|main|header|footer|body|html"
    r"|address|article|dl|dt|dd|figure|figcaption|pre)\b[^>]*>",
    re.IGNORECASE,
)
HREF = re.compile(r"""\bhref\s*=\s*["']([^"']+)["']""", re.IGNORECASE)
_TAG = re.compile(r"<[^<>]*>")
#: An empty line, or one that holds the mark of a quotation alone.
_PARAGRAPH = re.compile(r"\n(?:[ \t>]*\n)+")
_QUOTE_MARK = re.compile(r"^[ \t]*(?:>[ \t]?)+", re.MULTILINE)

fold = lru_cache(maxsize=16384)(normalise)


@dataclass(frozen=True, slots=True)
class Part:
    """One text of a message. ``blocks`` are folded; ``quoted`` are those set as quotations (block quotes)."""

    name: str  # "post" | "text" | "html"
    blocks: tuple[str, ...]
    quoted: tuple[str, ...] = ()

    @property
    def flow(self) -> str:
        """All of it on one line, for words that run over several blocks."""
        return " ".join(self.blocks)


def _blocks(pieces: list[str]) -> tuple[str, ...]:
    # Nobody sees what is hidden, so that it must not come between a check and a word.
    return tuple(filter(None, (fold(bare(p)) for p in pieces)))


def post_part(text: str) -> Part:
    """Each line of a post is a block of its own."""
    return Part("post", _blocks(text.split("\n")))


def text_part(text: str) -> Part:
    """Paragraphs, their lines joined; lines that begin with ``>`` are quoted."""
    paragraphs = _PARAGRAPH.split(text.replace("\r\n", "\n"))
    quoted = [p for p in paragraphs if p.lstrip().startswith(">")]
    return Part(
        "text",
        _blocks([_QUOTE_MARK.sub("", p) for p in paragraphs]),
        _blocks([_QUOTE_MARK.sub("", p) for p in quoted]),
    )


def html_part(source: str) -> Part:
    """What a mail program shows of the HTML: no head, no style, no comments."""
    source = _HIDDEN.sub("", source)
    return Part(
        "html",
        _blocks(_visible(source)),
        _blocks([block for inner in _QUOTED.findall(source) for block in _visible(inner)]),
    )


def _visible(source: str) -> list[str]:
    pieces = _TAG.sub("", _BREAK.sub("\x00", source)).split("\x00")
    return [html.unescape(piece) for piece in pieces if piece and not piece.isspace()]
