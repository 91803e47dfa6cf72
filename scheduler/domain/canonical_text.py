"""One text for every check: what a reader sees of a text, folded so that one thing is written in one way, with the
place of each character in the text that a person typed or a template rendered, or without the places, which is quick
(:class:`PlainText`).

Two steps. ``seen_in_*`` resolve markup; their blocks (paragraphs, lines of a post) end in a line feed. Then either
:func:`comparable`, for words, names and addresses, or :func:`countable`, for figures: it keeps what NFKC would turn
into other figures, as the signs in 10², ½ and 2.º.
"""

from __future__ import annotations

import html
import re
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache
from typing import Protocol, Self, TypeVar

from ..light_dataclass import dataclass
from .hidden import bare


class CanonicalText(Protocol):
    """A text that is made into another one, step by step."""

    @property
    def text(self) -> str: ...

    def replaced(self, pattern: re.Pattern[str], make: Callable[[re.Match[str]], str]) -> Self:
        """With ``make`` of each match in its place."""

    def normalized(self, form: str) -> Self:
        """In a normal form of Unicode."""

    def put(self, pattern: re.Pattern[str], words: str) -> Self:
        """With the same words in place of each match."""


Text = TypeVar("Text", bound=CanonicalText)


@dataclass(frozen=True)
class PlainText:
    """A text that forgets where its characters come from."""

    text: str

    def replaced(self, pattern: re.Pattern[str], make: Callable[[re.Match[str]], str]) -> PlainText:
        return PlainText(pattern.sub(make, self.text))

    def normalized(self, form: str) -> PlainText:
        return self if self.text.isascii() else PlainText(unicodedata.normalize(form, self.text))  # type: ignore[arg-type]

    def put(self, pattern: re.Pattern[str], words: str) -> PlainText:
        return PlainText(pattern.sub(words, self.text))


@dataclass(frozen=True)
class MappedText:
    """A text made from another one. Of each character: where the part of the original begins and ends that it is made
    from."""

    text: str
    starts: Sequence[int]
    ends: Sequence[int]

    @classmethod
    def of(cls, text: str) -> MappedText:
        return cls(text, range(len(text)), range(1, len(text) + 1))

    def place(self, start: int, end: int) -> tuple[int, int]:
        """Where in the original the characters from ``start`` to before ``end`` come from."""
        if start >= end:
            at = self.starts[start] if start < len(self.text) else self.ends[-1] if self.text else 0
            return at, at
        return min(self.starts[start:end]), max(self.ends[start:end])

    def replaced(self, pattern: re.Pattern[str], make: Callable[[re.Match[str]], str]) -> MappedText:
        """With ``make`` of each match in its place. What is put there comes from the whole match."""
        pieces: list[str] = []
        starts: list[int] = []
        ends: list[int] = []
        at = 0
        for found in pattern.finditer(self.text):
            new = make(found)
            if new == found[0]:
                continue
            begin, end = found.span()
            pieces += (self.text[at:begin], new)
            starts += self.starts[at:begin]
            ends += self.ends[at:begin]
            first, last = self.place(begin, end)
            starts += [first] * len(new)
            ends += [last] * len(new)
            at = end
        if not pieces:
            return self
        pieces.append(self.text[at:])
        return MappedText("".join(pieces), (*starts, *self.starts[at:]), (*ends, *self.ends[at:]))

    def put(self, pattern: re.Pattern[str], words: str) -> MappedText:
        return self.replaced(pattern, lambda found: words)

    def normalized(self, form: str) -> MappedText:
        """In a normal form of Unicode, cluster by cluster, so that each keeps its place."""
        if self.text.isascii() or unicodedata.normalize(form, self.text) == self.text:  # type: ignore[arg-type]
            return self
        pieces: list[str] = []
        starts: list[int] = []
        ends: list[int] = []
        for begin, end in _clusters(self.text):
            piece = unicodedata.normalize(form, self.text[begin:end])  # type: ignore[arg-type]
            pieces.append(piece)
            if len(piece) == end - begin == 1:
                starts.append(self.starts[begin])
                ends.append(self.ends[begin])
            else:
                first, last = self.place(begin, end)
                starts += [first] * len(piece)
                ends += [last] * len(piece)
        return MappedText("".join(pieces), tuple(starts), tuple(ends))


# -- what a reader sees -------------------------------------------------------------------------------------------

_UNSEEN = re.compile(r"<!--.*?-->|<(head|style|script|title)\b[^>]*>.*?</\1\s*>", re.DOTALL | re.IGNORECASE)
_BREAK = re.compile(
    r"\s*</?(?:p|div|td|th|tr|table|tbody|thead|h[1-6]|li|ul|ol|br|hr|blockquote|section|main|header|footer|body|html"
    r"|address|article|dl|dt|dd|figure|figcaption|pre)\b[^<>]*>\s*",
    re.IGNORECASE,
)
_TAG = re.compile(r"</?[A-Za-z!?][^<>]*>")
_ENTITY = re.compile(r"&(?:#[0-9]{1,8};?|#[xX][0-9A-Fa-f]{1,7};?|[A-Za-z][A-Za-z0-9]{1,30};?)")
_BEFORE_LINE_END = re.compile(r"[ \t]+(?=\n)|[ \t]*\r(?=\n)")
_LINE_END = re.compile(r"\n[ \t]*")
_EMPTY_LINE = re.compile(r"\n[ \t>]*\r?\n")
_PARAGRAPH = re.compile(r"[ \t]*\r?\n(?:[ \t>]*\r?\n)+[ \t]*")
_QUOTE_MARK = re.compile(r"^[ \t]*(?:>[ \t]?)+", re.MULTILINE)
_BETWEEN_BLOCKS = "\x00"
_BLOCK_MARK = re.compile(_BETWEEN_BLOCKS)
_RULE = re.compile(r"^[ \t]*(?:[-=_*][ \t]*){3,}$", re.MULTILINE)
_OF_A_RULE = "-=_* \t"

_HEADING = re.compile(r"^[ \t]{0,3}#{1,6}[ \t]+(.*?)[ \t]*#*[ \t]*$", re.MULTILINE)
_LIST_MARK = re.compile(r"^[ \t]*(?:[-+*]|\d{1,9}[.)])[ \t]+", re.MULTILINE)
_LINK = re.compile(
    r"!?\[((?:[^\[\]\\]|\\.){0,2000})\](?:\([^()\s]{0,2000}(?:\s+\"[^\"]{0,500}\")?\)|\[[^\[\]]{0,200}\])"
)
_ANGLE_LINK = re.compile(r"<([a-z][a-z0-9+.-]{1,20}:[^\s<>]{1,2000})>", re.IGNORECASE)
#: Each alternative begins with its sign, and looks behind it from there: so all else is passed over at once.
_EMPHASIS = re.compile(
    r"\*(?<!\\\*)(?:\*{0,2}(?=\S)|(?<=\S\*)\*{0,2})|`(?<!\\`)(?:`{0,2}(?=\S)|(?<=\S`)`{0,2})"
    r"|~~(?<!\\~~)(?:(?=\S)|(?<=\S~~))"
    r"|_(?<!\\_)(?:(?<![^\W_]_)_{0,2}(?=[^\W_])|(?<=[^\s_]_)_{0,2}(?!\w))"
)
_ESCAPED = re.compile(r"\\([!-/:-@\[-`{-~])")


def seen_in_post(text: Text) -> Text:
    """Each line of a post is a block of its own. A network shows marks of emphasis as they are; nobody reads them."""
    return _without_emphasis(_with_line_ends(text, "\n"))


def seen_in_text(text: Text) -> Text:
    """The text part of a mail: paragraphs, their lines joined. ``>`` before a line says how it is set."""
    return _without_emphasis(_joined(_in_paragraphs(text)))


def seen_in_html(source: Text) -> Text:
    """What a mail program shows of the HTML: no head, no style, no comments."""
    seen = source.put(_UNSEEN, "").put(_BREAK, _BETWEEN_BLOCKS).put(_TAG, "")
    return _joined(seen.replaced(_ENTITY, _meant))


def seen_in_markdown(source: Text) -> Text:
    """An item's text as its author types it; what stands in a template's braces stays as it is."""
    seen = source.replaced(_HEADING, lambda m: f"\n\n{m[1]}\n\n").put(_LIST_MARK, "\n\n")
    seen = _in_paragraphs(seen).replaced(_LINK, lambda m: m[1]).replaced(_ANGLE_LINK, lambda m: m[1]).put(_TAG, "")
    seen = _without_emphasis(_joined(seen)).replaced(_ESCAPED, lambda m: m[1])
    return seen.replaced(_ENTITY, _meant)


def _in_paragraphs(text: Text) -> Text:
    """Without the signs in front of lines, and with a mark between blocks."""
    if not all(line.strip(_OF_A_RULE) for line in text.text.split("\n")):
        text = text.put(_RULE, "")
    if ">" in text.text:
        text = text.put(_QUOTE_MARK, "")
    return text.put(_PARAGRAPH, _BETWEEN_BLOCKS) if _EMPTY_LINE.search(text.text) else text


def _joined(seen: Text) -> Text:
    """The lines of each block on one line, each block on a line of its own."""
    return _with_line_ends(seen, " ").put(_BLOCK_MARK, "\n")


def _with_line_ends(text: Text, words: str) -> Text:
    """With these in place of each line end and the blanks around it."""
    if "\r" in text.text or " \n" in text.text or "\t\n" in text.text:
        text = text.put(_BEFORE_LINE_END, "")
    return text.put(_LINE_END, words)


def _without_emphasis(seen: Text) -> Text:
    return seen.put(_EMPHASIS, "") if any(mark in seen.text for mark in "*~`_") else seen


def _meant(entity: re.Match[str]) -> str:
    return html.unescape(entity[0])


# -- folded -------------------------------------------------------------------------------------------------------

_DOUBLE_QUOTES = "\u201c\u201d\u201e\u201f\u2033\u2036\u00ab\u00bb\u301d\u301e\u301f\u2e42\uff02"
_SINGLE_QUOTES = "\u2018\u2019\u201a\u201b\u2032\u2035\u02bc\u02b9\u2039\u203a\uff07"
_QUOTE = re.compile(f"[{_DOUBLE_QUOTES}{_SINGLE_QUOTES}]")
_HYPHEN = re.compile("[\u2010-\u2012\u2043\u2212\ufe63\uff0d]")
_LONG_DASH = re.compile("--|[\u2013-\u2015\u2e3a\u2e3b]")
_DASH = re.compile(r"\s*(?:--+|[\u2013-\u2015\u2e3a\u2e3b])\s*")
_WHITE = re.compile(r"[^\S\n](?:[^\S\n]+|(?<! ))")
_AFTER_A_BREAK, _BEFORE_A_BREAK = re.compile(r"\n[ \n]+"), re.compile(r" \n")
_AN_END = re.compile(r"\s(?:\Z|(?<=\A\s))")
_NOT_ASCII = re.compile(r"[^\x00-\x7f]")
_NOT_PLAIN = re.compile(r"[^\x20-\x7e\n]")
_WORD = re.compile(r"[^\W\d_]+")


def comparable(seen: Text) -> Text:
    """For words, names, addresses: NFKC, nothing hidden, straight quotation marks, one dash, one hyphen, one space, and
    no letter of another script that stands for the one that it looks like."""
    if _is_simple(seen.text) and "--" not in seen.text:
        return seen
    folded = _without_hidden(seen).normalized("NFKC")
    if not folded.text.isascii():
        folded = folded.replaced(_QUOTE, lambda m: '"' if m[0] in _DOUBLE_QUOTES else "'")
        folded = folded.put(_HYPHEN, "-")
    if _LONG_DASH.search(folded.text):
        folded = folded.put(_DASH, " \u2014 ")
    return _one_space(_without_look_alikes(folded, "NFKC"))


def countable(seen: Text) -> Text:
    """For figures: NFC, nothing hidden, one space, plain letters. Superscripts, fractions and ordinals stay what they
    are."""
    if _is_simple(seen.text):
        return seen
    folded = _without_hidden(seen).replaced(_NOT_ASCII, lambda m: _plain_letter(m[0]))
    return _one_space(_without_look_alikes(folded.normalized("NFC"), "NFC"))


@lru_cache(maxsize=2048)
def _plain_letter(sign: str) -> str:
    """Of a letter that is set in another way (full width, bold, a ligature) the letters that it is."""
    if unicodedata.category(sign) not in ("Lu", "Ll"):
        return sign
    plain = unicodedata.normalize("NFKC", sign)
    return plain if plain.isascii() and plain.isalpha() else sign


def _is_simple(text: str) -> bool:
    """Whether a text is one line of ASCII without a needless blank, as most are: folded, it is what it was."""
    return text.isascii() and text.isprintable() and "  " not in text and text == text.strip()


def _one_space(folded: Text) -> Text:
    return folded.put(_WHITE, " ").put(_AFTER_A_BREAK, "\n").put(_BEFORE_A_BREAK, "\n").put(_AN_END, "")


def _without_hidden(seen: Text) -> Text:
    if len(bare(seen.text)) == len(seen.text):
        return seen
    return seen.replaced(_NOT_PLAIN, lambda m: bare(m[0]))


def _clusters(text: str) -> Iterator[tuple[int, int]]:
    begin = 0
    for at in range(1, len(text)):
        if not _joins(text[at]):
            yield begin, at
            begin = at
    yield begin, len(text)


def _joins(sign: str) -> bool:
    """Whether a character may become one with the one before it: marks, and the vowels and finals of Hangul."""
    if sign < "\u0300":
        return False
    return (
        unicodedata.category(sign)[0] == "M"
        or "\u1160" <= sign <= "\u11ff"
        or "\u3131" <= sign <= "\u318e"
        or "\uff9e" <= sign <= "\uffdc"
        or unicodedata.combining(unicodedata.normalize("NFKD", sign)[0]) > 0
    )


# -- letters that look like others --------------------------------------------------------------------------------

_LOOK_ALIKES = str.maketrans(
    "аеорсухѕіјһԁԛԝӏкАВЕКМНОРСТУХЅІЈԚԜӀαονρικυχγΑΒΕΖΗΙΚΜΝΟΡΤΥΧօսհոցԼՕՍᎪᏴᏟᎬᎻᎫᏦᏞᎷᏢᏚᎢᏙᎳᏃɑɡıⅼ",
    "aeopcyxsijhdqwlkABEKMHOPCTYXSIJQWIaovpikuxyABEZHIKMNOPTYXouhngLOUABCEHJKLMPSTVWZagil",
)
_LOOK_ALIKE = re.compile(f"[{''.join(map(chr, _LOOK_ALIKES))}]")


def plain_letters(text: str) -> str:
    """With Latin letters for those of other scripts that look like them."""
    return text.translate(_LOOK_ALIKES)


def look_alikes_in(text: str) -> Iterator[re.Match[str]]:
    """The words of a text in Latin letters that hold letters of another script that look like Latin ones."""
    if text.isascii() or not _LOOK_ALIKE.search(text):
        return
    latin = sum(_is_latin(c) for c in text)
    others = sum(c.isalpha() for c in text) - latin
    for word in _WORD.finditer(text):
        plain = word[0].translate(_LOOK_ALIKES)
        if plain == word[0]:
            continue
        if any(map(_is_latin, word[0])) or (latin > others and all(map(_is_latin, plain))):
            yield word


def _without_look_alikes(folded: Text, form: str) -> Text:
    spans = {word.start() for word in look_alikes_in(folded.text)}
    if not spans:
        return folded
    plain = folded.replaced(_WORD, lambda m: m[0].translate(_LOOK_ALIKES) if m.start() in spans else m[0])
    return plain.normalized(form)  # an accent that stood apart from a foreign letter


@lru_cache(maxsize=2048)
def _is_latin(sign: str) -> bool:
    return sign.isalpha() and (sign.isascii() or unicodedata.name(sign, "").startswith("LATIN"))
