"""Words that a lint looks for, found quickly: a text is cut into words once, and only phrases that could stand in it
are looked for.

A phrase is written as people write it: ``child prostitute``. Case does not matter, a space also stands for a hyphen,
and a star at the end of a word stands for any ending: ``traffick*``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from ...domain.quotation import normalise

_WORD = re.compile(r"[^\W_]+")
_SHORTEST_STEM = 2


class UnusablePhrase(ValueError):
    """A phrase holds no letters, or a star where none may be."""


@dataclass(frozen=True, slots=True)
class Phrase:
    """One phrase. ``rarest`` is its longest word in small letters, without a star; a stem when a star followed it.

    ``whole``: those of its words that no star follows.
    """

    written: str
    rarest: str
    is_stem: bool
    whole: frozenset[str]

    def matches_in(self, text: str) -> list[re.Match[str]]:
        """Where the phrase stands in a folded text."""
        return list(_pattern(self.written).finditer(text))


@lru_cache(maxsize=4096)
def compiled(written: str) -> Phrase:
    """The phrase for ``written``. Raises :class:`UnusablePhrase`."""
    pieces = normalise(written).split()
    if not pieces or any("*" in piece[:-1] for piece in pieces):
        raise UnusablePhrase("a star may stand at the end of a word only")
    every = []
    for piece in pieces:
        words = _WORD.findall(piece.casefold())
        every += [(word, piece.endswith("*") and number == len(words)) for number, word in enumerate(words, start=1)]
    candidates = [c for c in every if not c[1] or len(c[0]) >= _SHORTEST_STEM]
    if not candidates:
        raise UnusablePhrase("it holds no word of its own")
    rarest, is_stem = max(candidates, key=lambda c: (len(c[0]), not c[1]))
    return Phrase(written, rarest, is_stem, frozenset(word for word, star in every if not star))


@lru_cache(maxsize=4096)
def _pattern(written: str) -> re.Pattern[str]:
    # Made only when a text holds the phrase's rarest word: most phrases of a pack are never met.
    pieces = normalise(written).split()
    joined = r"[\s\u2010-\u2012-]{1,3}".join(
        re.escape(p.removesuffix("*")).replace(r"\-", r"[\s\u2010-\u2012-]") + (r"\w{0,30}" if p.endswith("*") else "")
        for p in pieces
    )
    before = r"(?<!\w)" if pieces[0][0].isalnum() else ""
    after = r"(?!\w)" if pieces[-1].rstrip("*")[-1:].isalnum() else ""
    return re.compile(f"{before}{joined}{after}", re.IGNORECASE)


@lru_cache(maxsize=8192)
def words_of(text: str) -> frozenset[str]:
    """The words of a folded text, in small letters."""
    return frozenset(_WORD.findall(text.casefold()))


class Index:
    """Phrases by their rarest word, so that a text asks for all of them at once."""

    def __init__(self, phrases: Iterable[Phrase]) -> None:
        self._whole: dict[str, list[Phrase]] = {}
        self._stems: dict[str, list[Phrase]] = {}
        for phrase in dict.fromkeys(phrases):
            (self._stems if phrase.is_stem else self._whole).setdefault(phrase.rarest, []).append(phrase)
        self._lengths = sorted({len(stem) for stem in self._stems})

    def candidates(self, words: frozenset[str]) -> set[Phrase]:
        """Phrases that may stand in a text with these words: all of their own are among them."""
        found = {p for word in self._whole.keys() & words for p in self._whole[word]}
        if self._stems:
            for word in words:
                for length in self._lengths:
                    if length > len(word):
                        break
                    found.update(self._stems.get(word[:length], ()))
        return {phrase for phrase in found if phrase.whole <= words}


@lru_cache(maxsize=256)
def index_of(phrases: tuple[Phrase, ...]) -> Index:
    return Index(phrases)


def first_match(phrases: tuple[Phrase, ...], text: str) -> re.Match[str] | None:
    """Some phrase of the tuple in ``text`` (folded), where it stands first."""
    if not phrases:
        return None
    candidates = index_of(phrases).candidates(words_of(text))
    found = [m for phrase in candidates for m in phrase.matches_in(text)[:1]] if candidates else []
    return min(found, key=lambda m: (m.start(), -m.end()), default=None)


def all_matches(phrases: Iterable[Phrase], text: str) -> list[re.Match[str]]:
    """Every place of every phrase, in order."""
    found = [m for phrase in phrases for m in phrase.matches_in(text)]
    return sorted(found, key=lambda m: (m.start(), -m.end()))
