"""What a reader sees of a message, in pieces that can be compared: blocks of canonical text.

A block is a paragraph, a heading, a line of a post. All are folded in one way, so that one comparison serves a post,
the text part and the HTML part of an email, its subject and its preheader.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import field
from functools import cached_property, lru_cache

from ...domain.canonical_text import PlainText, comparable, countable, seen_in_html, seen_in_post, seen_in_text
from ...domain.hidden import PREHEADER_PADDING
from ...domain.printed import Printed, PrintedAt, places_of
from ...light_dataclass import dataclass
from ..text_answers import TEXTS

_QUOTED = re.compile(r"(<blockquote\b[^>]*>.*?</blockquote\s*>)", re.DOTALL | re.IGNORECASE)
_UNSEEN = re.compile(r"<!--.*?-->|<(?:head|style|script|title)\b.*?</(?:head|style|script|title)\s*>", re.DOTALL | re.I)
HREF = re.compile(r"""[hH](?<!\w.)[rR][eE][fF]\s*=\s*["']([^"']+)["']""")  # which begins with a letter: found quickly
#: An empty line, or one that holds the mark of a quotation alone.
_PARAGRAPH = re.compile(r"\n(?:[ \t>]*\n)+")


_FOLDED, _FOR_FIGURES = TEXTS.question("folded"), TEXTS.question("for figures")
_SEEN_IN_TEXT, _SEEN_IN_HTML = TEXTS.question("seen in text"), TEXTS.question("seen in HTML")


@lru_cache(maxsize=16384)
def fold(text: str) -> str:
    """A text as words, names and addresses are compared, on one line."""
    return _FOLDED.of(text, lambda text: comparable(PlainText(text)).text.replace("\n", " "))


@lru_cache(maxsize=16384)
def _for_figures(block: str) -> str:
    return _FOR_FIGURES.of(block, lambda block: countable(PlainText(block)).text.replace("\n", " "))


@dataclass(frozen=True)
class Part:
    """One text of a message, as it is seen: the body of a post, a form of an email, or one of its headlines.

    ``printed``: what templates printed from records, in order.
    """

    name: str  # "post" | "text" | "html" | "title" | "subject" | "preheader" | "discreet subject" | "alt text" | "card"
    seen: tuple[str, ...]  # block by block, not folded yet
    set_as_quotations: frozenset[int] = frozenset()  # which of them are block quotes
    printed: tuple[Printed, ...] = field(default=(), repr=False)

    @cached_property
    def blocks(self) -> tuple[str, ...]:
        """Folded for words, names and addresses."""
        return tuple(filter(None, map(fold, self.seen)))

    @cached_property
    def quoted(self) -> tuple[str, ...]:
        """Those of the blocks that are set as quotations."""
        return tuple(filter(None, (fold(self.seen[n]) for n in sorted(self.set_as_quotations))))

    @cached_property
    def flow(self) -> str:
        """All of it on one line, for words that run over several blocks."""
        return " ".join(self.blocks)

    @cached_property
    def words(self) -> str:
        """All blocks, each on a line of its own."""
        return "\n".join(self.blocks)

    @cached_property
    def figures(self) -> str:
        """The same folded for figures: 10², ½ and 2.º stay what they are."""
        return "\n".join(filter(None, map(_for_figures, self.seen)))

    @cached_property
    def records_in_words(self) -> tuple[PrintedAt, ...]:
        """Where in :attr:`words` stands what was printed from a record. Everything else is own words."""
        return places_of(self.printed, self.words, fold)

    @cached_property
    def records_in_figures(self) -> tuple[PrintedAt, ...]:
        """Where in :attr:`figures` stands what was printed from a record. Most texts are the same in both ways."""
        if self.figures == self.words and all(fold(one.words) == _for_figures(one.words) for one in self.printed):
            return self.records_in_words
        return places_of(self.printed, self.figures, _for_figures)

    def without(self, blocks: frozenset[str]) -> Part:
        """Without blocks that were looked at elsewhere."""
        kept = [n for n, block in enumerate(self.seen) if fold(block) not in blocks]
        quoted = frozenset(at for at, n in enumerate(kept) if n in self.set_as_quotations)
        return Part(self.name, tuple(self.seen[n] for n in kept), quoted, self.printed)


def line_part(name: str, text: str, printed: Sequence[Printed] = ()) -> Part:
    """A headline: one block."""
    return Part(name, (text,), printed=tuple(printed))


def post_part(text: str, printed: Sequence[Printed] = ()) -> Part:
    """Each line of a post is a block of its own."""
    return Part("post", tuple(_lines(seen_in_post(PlainText(text)).text)), printed=tuple(printed))


def text_part(text: str, printed: Sequence[Printed] = ()) -> Part:
    """Paragraphs, their lines joined; lines that begin with ``>`` are quoted."""
    pieces = ((p, p.lstrip().startswith(">")) for p in _PARAGRAPH.split(text.replace("\r\n", "\n")))
    return _part("text", ((_SEEN_IN_TEXT.of(p, _text_seen), is_quoted) for p, is_quoted in pieces), printed)


def html_part(source: str, printed: Sequence[Printed] = ()) -> Part:
    """What a mail program shows of the HTML: no head, no style, no comments."""
    pieces = enumerate(_QUOTED.split(_UNSEEN.sub("", source.replace(PREHEADER_PADDING, ""))))
    return _part("html", ((_SEEN_IN_HTML.of(p, _html_seen), n % 2 == 1) for n, p in pieces), printed)


def _text_seen(piece: str) -> str:
    return seen_in_text(PlainText(piece)).text


def _html_seen(piece: str) -> str:
    return seen_in_html(PlainText(piece)).text


def _part(name: str, pieces: Iterator[tuple[str, bool]], printed: Sequence[Printed]) -> Part:
    lines = [(line, is_quoted) for piece, is_quoted in pieces for line in _lines(piece)]
    quoted = frozenset(n for n, (_, is_quoted) in enumerate(lines) if is_quoted)
    return Part(name, tuple(line for line, _ in lines), quoted, tuple(printed))


def _lines(text: str) -> list[str]:
    return [line for line in text.split("\n") if line and not line.isspace()]
