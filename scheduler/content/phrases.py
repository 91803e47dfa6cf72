"""Words that a lint looks for, found quickly: a text is cut into words once, and only phrases that could stand in it
are looked for.

A phrase is written as people write it: ``child prostitute``. Case does not matter, a space also stands for a hyphen,
and a star at the end of a word stands for any ending: ``traffick*``.

Regular expressions come from a file that anybody may write: only those are taken whose worst case is small. A
backtracking matcher can take exponential time on a pattern such as ``(a+)+b``. Instead of stopping it by a clock, a
pattern is taken only when the number of ways in which it can be tried at one place is small: no open repetition, no
back-references, no look-around, and a product of all choices below :data:`MOST_WAYS`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Generic, Literal, Protocol, TypeVar
from unicodedata import normalize

from ..domain.quotation import normalise
from ..light_dataclass import dataclass
from .text_answers import TEXTS

_WORD = re.compile(r"[^\W_]+")
_SHORTEST_STEM = 2

LONGEST = 200
MOST_WAYS = 2_000
#: One sign of a regular expression: a class, the start of a group, something escaped, or a character.
_SIGN = re.compile(r"\[\^?\]?(?:\\.|[^\]\\])*\]|\((?:\?:)?|\\?.", re.DOTALL)
#: How often the sign before it is repeated: without limit, perhaps, or from so many to so many times.
_REPEAT = re.compile(r"(?:([*+])|\?|\{(?=[\d,])(\d*)(?:,(\d*))?\})[?+]?")


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

    @property
    def keys(self) -> tuple[tuple[str, bool], ...]:
        return ((self.rarest, self.is_stem),)

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
    """The words of a folded text, in small letters; those with accents also without them."""
    words = frozenset(_WORD.findall(text.casefold()))
    return words if text.isascii() else words.union(_WORD.findall(plain(text)))


def plain(text: str) -> str:
    """Small letters without accents, letter by letter, so that places stay what they are."""
    low = text.lower()
    if len(low) != len(text):
        return text
    return low if low.isascii() else "".join(normalize("NFD", c)[0] if c.isalpha() else c for c in low)


class Match(Protocol):
    """Where something stands in a text."""

    def start(self) -> int: ...

    def end(self) -> int: ...

    def span(self) -> tuple[int, int]: ...

    def __getitem__(self, group: Literal[0], /) -> str: ...


class Findable(Protocol):
    """What an index holds: a phrase, or a pattern of a sentence.

    ``keys``: of each text in which it stands, one of these words is in it; True beside a stem. ``whole``: all of these
    are.
    """

    @property
    def written(self) -> str: ...

    @property
    def keys(self) -> tuple[tuple[str, bool], ...]: ...

    @property
    def whole(self) -> frozenset[str]: ...

    def matches_in(self, text: str) -> Sequence[Match]: ...


F = TypeVar("F", bound=Findable)


class Index(Generic[F]):
    """Phrases by their rarest word, so that a text asks for all of them at once, and a word is looked up once."""

    def __init__(self, phrases: Iterable[F]) -> None:
        self._whole: dict[str, list[F]] = {}
        self._stems: dict[str, list[F]] = {}
        for phrase in dict.fromkeys(phrases):
            for word, is_stem in phrase.keys:
                (self._stems if is_stem else self._whole).setdefault(word, []).append(phrase)
        self._lengths = sorted({len(stem) for stem in self._stems})
        self._known: dict[str, tuple[F, ...]] = {}

    def candidates(self, words: frozenset[str]) -> set[F]:
        """Phrases that may stand in a text with these words: all of their own are among them."""
        known = self._known
        found = (known[word] if word in known else self._look_up(word) for word in words)
        return {phrase for some in found if some for phrase in some if phrase.whole <= words}

    def _look_up(self, word: str) -> tuple[F, ...]:
        stems = (self._stems.get(word[:length], ()) for length in self._lengths if length <= len(word))
        self._known[word] = found = (*self._whole.get(word, ()), *(phrase for some in stems for phrase in some))
        return found


index_of = lru_cache(maxsize=256)(Index)


def first_match(phrases: tuple[Findable, ...], text: str) -> Match | None:
    """Some phrase of the tuple in ``text`` (folded), where it stands first."""
    found = all_matches(index_of(phrases).candidates(words_of(text)), text)
    return min(found, key=lambda m: (m.start(), -m.end()), default=None)


def all_matches(phrases: Iterable[Findable], text: str) -> list[Match]:
    """Every place of every phrase."""
    return [m for phrase in phrases for m in phrase.matches_in(text)]


class RefusedPattern(ValueError):
    """The pattern is not taken; the message says why."""


#: Of the patterns of rules, each made once for all that ask for it.
made = lru_cache(maxsize=2048)(re.compile)
_MISTAKES = TEXTS.question("mistakes in patterns")


def mistake_in(pattern: str) -> str:
    """What keeps a pattern from being used; "" for nothing. One that was looked at before is not made for it."""
    return _MISTAKES.of(pattern, _mistake)


def _mistake(pattern: str) -> str:
    try:
        made(pattern)
    except re.error as error:
        return str(error)
    return ""


def bounded(pattern: str) -> re.Pattern[str]:
    """The compiled pattern (case does not matter). Raises :class:`RefusedPattern`."""
    if len(pattern) > LONGEST:
        raise RefusedPattern(f"it has {len(pattern)} characters; {LONGEST} is the most")
    try:
        compiled = re.compile(pattern, re.IGNORECASE)
    except (re.error, OverflowError, RecursionError) as error:
        raise RefusedPattern(f"it is no regular expression ({error})") from None
    if _ways(pattern) > MOST_WAYS:
        raise RefusedPattern("it can be tried in too many ways at one place")
    if compiled.match(""):
        raise RefusedPattern("it also matches nothing at all")
    return compiled


def _ways(pattern: str) -> int:
    """In how many ways a pattern can be tried from one place, as an upper bound."""
    at, total, ways = 0, 0, 1
    outer: list[tuple[int, int]] = []
    while sign := _SIGN.match(pattern, at):
        at = sign.end()
        inner = 1
        if sign[0] == "|":
            total, ways = total + ways, 1
            continue
        if sign[0] in ("(", "(?:"):
            if pattern.startswith("?", at):
                raise RefusedPattern("groups may start with ( or (?: only")
            outer.append((total, ways))
            total, ways = 0, 1
            continue
        if sign[0] == ")":
            inner = total + ways
            total, ways = outer.pop()
        elif re.match(r"\\[1-9]", sign[0]):
            raise RefusedPattern("it holds a back-reference")
        if repeat := _REPEAT.match(pattern, at):
            at = repeat.end()
            inner = _repeated(inner, *repeat.groups())
        ways = min(ways * inner, MOST_WAYS + 1)
    return total + ways


def _repeated(inner: int, unlimited: str | None, least: str | None, most: str | None) -> int:
    """The ways of a sign with ``inner`` ways that is repeated so often; ``least`` None: once, or not at all."""
    if unlimited:
        raise RefusedPattern(f"it repeats without limit ({unlimited}); write {{0,20}} or {{1,20}}")
    if most == "":
        raise RefusedPattern("it repeats without limit; write an upper bound, as {0,20}")
    fewest, times = (0, 1) if least is None else (int(least or 0), int(most or least))
    if times > 1000:
        raise RefusedPattern("it repeats more than 1,000 times")
    # Each of the counts fewest..times is a choice, and every round can be tried in all the ways of the sign.
    per_round = min(inner, MOST_WAYS + 1) ** min(times, 20) if inner > 1 else 1
    return (times - fewest + 1) * per_round
