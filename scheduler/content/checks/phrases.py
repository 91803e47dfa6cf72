"""Words that a lint looks for, found quickly: a text is cut into words once, and only phrases that could stand in it
are looked for.

A phrase is written as people write it: ``child prostitute``. Case does not matter, a space also stands for a hyphen,
and a star at the end of a word stands for any ending: ``traffick*``.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from dataclasses import dataclass
from functools import lru_cache

from ...domain.quotation import normalise

_WORD = re.compile(r"[^\W_]+")


@dataclass(frozen=True, slots=True)
class Phrase:
    """One phrase, ready to be looked for. ``rarest`` is its longest word, without a star."""

    written: str
    pattern: re.Pattern[str]
    rarest: str
    is_stem: bool


@dataclass(frozen=True, slots=True)
class Words:
    """The words of one folded text, in small letters."""

    text: str
    all: frozenset[str]
    sorted: tuple[str, ...]

    def may_hold(self, phrase: Phrase) -> bool:
        if not phrase.is_stem:
            return phrase.rarest in self.all
        at = bisect_left(self.sorted, phrase.rarest)
        return at < len(self.sorted) and self.sorted[at].startswith(phrase.rarest)


@lru_cache(maxsize=8192)
def words_of(text: str) -> Words:
    found = frozenset(_WORD.findall(text.casefold()))
    return Words(text, found, tuple(sorted(found)))


class UnusablePhrase(ValueError):
    """A phrase holds no letters, or a star where none may be."""


@lru_cache(maxsize=4096)
def compiled(written: str) -> Phrase:
    """The phrase for ``written``. Raises :class:`UnusablePhrase`."""
    pieces = normalise(written).split()
    if not pieces or any("*" in piece[:-1] for piece in pieces):
        raise UnusablePhrase("a star may stand at the end of a word only")
    stems = [(_WORD.findall(piece.casefold()), piece.endswith("*")) for piece in pieces]
    candidates = [(word, star and word == words[-1]) for words, star in stems for word in words]
    if not candidates:
        raise UnusablePhrase("it holds no letters or digits")
    rarest, is_stem = max(candidates, key=lambda c: (len(c[0]), not c[1]))
    joined = r"[\s\u2010-\u2012-]{1,3}".join(
        re.escape(p.removesuffix("*")).replace(r"\-", r"[\s\u2010-\u2012-]") + (r"\w{0,30}" if p.endswith("*") else "")
        for p in pieces
    )
    before = r"(?<!\w)" if pieces[0][0].isalnum() else ""
    after = r"(?!\w)" if pieces[-1].rstrip("*")[-1:].isalnum() else ""
    return Phrase(written, re.compile(f"{before}{joined}{after}", re.IGNORECASE), rarest, is_stem)


def first_match(phrases: tuple[Phrase, ...], text: str) -> re.Match[str] | None:
    """The first phrase of the tuple that stands in ``text`` (folded), where it stands."""
    words = words_of(text)
    for phrase in phrases:
        if words.may_hold(phrase) and (found := phrase.pattern.search(text)):
            return found
    return None


def all_matches(phrases: tuple[Phrase, ...], text: str) -> list[re.Match[str]]:
    words = words_of(text)
    return [m for phrase in phrases if words.may_hold(phrase) for m in phrase.pattern.finditer(text)]
