"""Stored sources, passages in them, and quotations: pointers into a source, never retyped."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import date

from .finding import Where


@dataclass(frozen=True, slots=True)
class Correction:
    """A recorded edit of the organisation's own words; someone else's words are never corrected."""

    find: str
    replace: str
    reason: str
    accepted_by: str = ""


@dataclass(frozen=True, slots=True)
class Passage:
    """A span of a stored source, found by character offsets in its decoded text."""

    id: str
    start: int
    end: int
    text: str  # copied from the source by the loader
    use: str  # evergreen | dated | legal | call-to-action | faq | none
    quotable: bool
    where: Where
    reason: str = ""
    content_note: str = ""
    question: str = ""  # for use = "faq": the question that the passage answers
    corrections: tuple[Correction, ...] = ()

    def corrected(self) -> str:
        """The organisation's own words with the recorded edits; what the public sees."""
        text = self.text
        for edit in self.corrections:
            text = text.replace(edit.find, edit.replace)
        return text


@dataclass(frozen=True, slots=True)
class Source:
    """A stored edition: bytes, hash, origin."""

    id: str
    title: str
    publisher: str
    author: str
    year: int
    attribution: str  # name, document, year: "President Barack Obama, proclamation of ..., 2014"
    short_attribution: str  # for a post: "Presidential proclamation, 2014"
    own_words: bool  # the organisation's own text: may be corrected
    url: str
    retrieved_on: date
    path: str
    sha256: str
    text: str
    passages: tuple[Passage, ...]
    where: Where

    def passage(self, passage_id: str) -> Passage | None:
        return next((p for p in self.passages if p.id == passage_id), None)


@dataclass(frozen=True, slots=True)
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


def is_verbatim(quoted: str, stored: str) -> bool:
    """Whether ``quoted`` stands word for word in ``stored``, from the start of a word to the end of one.

    An ellipsis (one sign, or three or four points) or a square bracket in ``quoted`` marks an edit. It splits the
    quotation into fragments of at least two words; each must stand in ``stored``, in order. ``[T]he`` stands
    for "the".
    """
    whole, plain = normalise(stored), normalise(quoted)
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
