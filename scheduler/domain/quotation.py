"""Stored sources, passages in them, and quotations: pointers into a source, never retyped."""

from __future__ import annotations

import re
import unicodedata
from datetime import date
from functools import lru_cache
from typing import Annotated

from ..light_dataclass import dataclass
from ..schema.field import Field
from ..schema.forms import record_id, web_link
from .finding import Where

USES = ("evergreen", "dated", "legal", "call-to-action", "faq", "none")
#: Bytes of a stored source, and so of characters at most.
LARGEST_SOURCE = 8 * 1024 * 1024


@dataclass(frozen=True)
class Correction:
    """A recorded edit of the organization's own words; someone else's words are never corrected."""

    find: Annotated[str, Field("The words as they stand in the source.")]
    replace: Annotated[str, Field("The words in their place.", usual="")]
    reason: Annotated[str, Field("Why.")]
    accepted_by: Annotated[str, Field("Who agreed.")] = ""


@dataclass(frozen=True)
class Passage:
    """A span of a stored source, found by character offsets in its decoded text."""

    id: Annotated[str, Field("Its own id within the source; capitals and dots are allowed.")]
    start: Annotated[int, Field("Its first character in the decoded file.", least=0, most=LARGEST_SOURCE)]
    end: Annotated[int, Field("Behind its last character.", least=1, most=LARGEST_SOURCE)]
    text: str  # copied from the source by the loader
    use: Annotated[str, Field("What it is good for.", allowed=USES)]
    quotable: Annotated[bool, Field("Whether a message may quote it.", usual=True)]
    where: Where
    reason: Annotated[str, Field("Why it is not quotable; must be there then.")] = ""
    content_note: Annotated[str, Field("What it touches on.")] = ""
    question: Annotated[str, Field("The question that it answers; must be there where `use` is `faq`.")] = ""
    corrections: Annotated[tuple[Correction, ...], Field("Edits of the organization's own words.")] = ()
    shortened: Annotated[
        str, Field("Why it does not carry its sentence whole, or is printed with an ellipsis: the sense must stay.")
    ] = ""

    def corrected(self) -> str:
        """The organization's own words with the recorded edits; what the public sees."""
        text = self.text
        for edit in self.corrections:
            text = text.replace(edit.find, edit.replace)
        return text


@dataclass(frozen=True)
class Source:
    """A stored edition: bytes, hash, origin."""

    id: Annotated[str, Field("Its own id.", check=record_id)]
    title: Annotated[str, Field("Its title.")]
    publisher: Annotated[str, Field("Who published it.")]
    author: Annotated[str, Field("Who wrote it.", usual="")]
    year: Annotated[int, Field("When it came out.", least=1, most=2999)]
    attribution: Annotated[str, Field("Name, document and year; printed under the quotation in an email.")]
    short_attribution: Annotated[str, Field("For a post; left out: the attribution.", usual="")]
    own_words: Annotated[bool, Field("The organization's own text, which may be corrected.", usual=False)]
    url: Annotated[str, Field("Where it is read.", check=web_link, usual="")]
    retrieved_on: Annotated[date, Field("When it was stored.")]
    path: Annotated[str, Field("Where it is stored, in the campaign's folder.", key="file")]
    sha256: Annotated[str, Field("The file's SHA-256.")]
    text: str
    passages: tuple[Passage, ...]
    where: Where
    needs_decision: Annotated[str, Field("A question that a named person answers (`decide`) before it goes out.")] = ""

    def passage(self, passage_id: str) -> Passage | None:
        return next((p for p in self.passages if p.id == passage_id), None)


@dataclass(frozen=True)
class Quotation:
    """A pointer as an item writes it: ``proclamation-2014#P1.2``."""

    source_id: str
    passage_id: str

    def __str__(self) -> str:
        return f"{self.source_id}#{self.passage_id}"

    @classmethod
    def parse(cls, text: str) -> Quotation | None:
        source, sep, passage = text.partition("#")
        return cls(source, passage) if sep and source and passage else None


_QUOTES = str.maketrans("\u2018\u2019\u201a\u201b\u201c\u201d\u201e\u201f", "''''" + '""""')
_DASH = re.compile(r"\s*(?:--+|[\u2013\u2014])\s*")
# What a quotation may mark as its own edit: [words], an ellipsis, or three or four points, with spaces or without.
_EDIT = re.compile(r"\[([^\[\]]*)\]|\u2026|\.(?: ?\.){2,3}")
_LEAST_WORDS = 2


def normalise(text: str) -> str:
    """Fold exactly what may differ between two printings of the same words, and nothing else.

    NFKC (which turns a no-break space into a space); curly to straight quotes; ``--``, en and em
    dash, with or without spaces, to one token; runs of white space to one. Case, spelling and
    punctuation stay. Folding twice is folding once.
    """
    if not text.isascii():  # plain letters have neither compatibility forms nor curly quotes
        text = unicodedata.normalize("NFKC", text).translate(_QUOTES)
        text = _DASH.sub(" \u2014 ", text)
    elif "--" in text:
        text = _DASH.sub(" \u2014 ", text)
    return " ".join(text.split())


#: Of a text in which many quotations are looked for, one after the other.
_normalised = lru_cache(maxsize=32)(normalise)


def is_verbatim(quoted: str, stored: str) -> bool:
    """Whether ``quoted`` stands word for word in ``stored``, from the start of a word to the end of one.

    An ellipsis (one sign, or three or four points) or a square bracket in ``quoted`` marks an edit. It splits the
    quotation into fragments of at least two words; each must stand in ``stored``, in order. ``[T]he`` stands
    for "the".
    """
    whole, plain = _normalised(stored), normalise(quoted)
    if not plain:
        return False
    if _find(plain, whole, 0) >= 0:
        return True
    # Odd pieces are what stands in the brackets (None for an ellipsis), even pieces the fragments between.
    pieces = _EDIT.split(quoted)
    found_any, at = False, 0
    for index in range(0, len(pieces), 2):
        raw, before = pieces[index], pieces[index - 1] if index else None
        fragment = normalise(raw)
        if not any(character.isalnum() for character in fragment):
            continue
        if len(fragment.split()) < _LEAST_WORDS:
            return False
        letter = before if before and len(before) == 1 and raw[:1].isalnum() else ""
        start = _find(fragment, whole, at, letter)
        if start < 0:
            return False
        found_any, at = True, start + len(fragment)
    return found_any and len(pieces) > 1


def _find(fragment: str, whole: str, at: int, letter: str = "") -> int:
    """Where ``fragment`` stands in ``whole`` as whole words, from ``at`` on; -1 when nowhere.

    ``letter``: the bracketed first letter of its first word, which ``whole`` has in either case.
    """
    while (start := whole.find(fragment, at)) >= 0:
        if letter:
            begins = start > 0 and whole[start - 1].casefold() == letter.casefold()
            begins = begins and not _inside_word(whole, start - 1)
        else:
            begins = not _inside_word(whole, start)
        if begins and not _inside_word(whole, start + len(fragment)):
            return start
        at = start + 1
    return -1


def _inside_word(text: str, at: int) -> bool:
    """Whether the place before ``text[at]`` lies within a word: don|'t, modern|-day, tr|ade."""
    before, after = text[at - 1 : at] if at > 0 else "", text[at : at + 1]
    if before.isalnum() and after in ("'", "-"):
        return text[at + 1 : at + 2].isalnum()
    if after.isalnum() and before in ("'", "-"):
        return at > 1 and text[at - 2].isalnum()
    return before.isalnum() and after.isalnum()
