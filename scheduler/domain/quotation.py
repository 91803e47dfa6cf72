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
    attribution: str  # "President Barack Obama, National Slavery and Human Trafficking Prevention Month proclamation, 2014"
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


_QUOTES = str.maketrans({"\u2018": "'", "\u2019": "'", "\u201a": "'", "\u201b": "'", "\u201c": '"', "\u201d": '"', "\u201e": '"', "\u201f": '"'})
_DASH = re.compile(r"\s*(?:--+|[\u2013\u2014])\s*")


def normalise(text: str) -> str:
    """Fold exactly what may differ between two printings of the same words, and nothing else.

    NFKC (which turns a no-break space into a space); curly to straight quotes; ``--``, en and em
    dash, with or without spaces, to one token; runs of white space to one. Case, spelling and
    punctuation stay.
    """
    text = unicodedata.normalize("NFKC", text).translate(_QUOTES)
    return re.sub(r"\s+", " ", _DASH.sub(" \u2014 ", text)).strip()


def is_verbatim(quoted: str, stored: str) -> bool:
    """Whether ``quoted`` stands word for word in ``stored``.

    An ellipsis (… or ...) or a square bracket in ``quoted`` that is not in ``stored`` splits it
    into fragments; each must stand in ``stored``, in order.
    """
    whole = normalise(stored)
    fragments = [normalise(f) for f in re.split(r"\[[^\]]*\]|\u2026|\.\.\.", quoted)]
    at = 0
    for fragment in filter(None, fragments):
        found = whole.find(fragment, at)
        if found < 0:
            return False
        at = found + len(fragment)
    return any(fragments)
