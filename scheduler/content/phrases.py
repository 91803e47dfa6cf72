"""Words that a lint looks for, found quickly: a text is cut into words once, and only phrases that could stand in it
are looked for.

A phrase is written as people write it: ``child prostitute``. Case does not matter, a space also stands for a hyphen,
and a star at the end of a word stands for any ending: ``traffick*``.

Regular expressions come from a file that anybody may write: only those are taken whose worst case is small. A
backtracking matcher can take exponential time on a pattern such as ``(a+)+b``. Instead of stopping it by a clock, a
pattern is taken only when the number of ways in which it can be tried at one place is small: no open repetition, no
back-references, and a product of all choices below :data:`MOST_WAYS`. A look ahead or behind counts as its group does.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache
from typing import Literal, Protocol
from unicodedata import normalize

from ..domain.quotation import normalise
from ..light_dataclass import dataclass
from .text_answers import TEXTS

_BEYOND_ASCII = re.compile(r"[^\x00-\x7f]")
_WORD = re.compile(r"[^\W_]+")
_SHORTEST_STEM = 2

LONGEST = 400
MOST_WAYS = 2_000
#: One sign of a regular expression: a class, the start of a group, something escaped, or a character.
_SIGN = re.compile(r"\[\^?\]?(?:\\.|[^\]\\])*\]|\((?:\?(?::|P<\w+>|<?[=!]))?|\\?.", re.DOTALL)
#: How often the sign before it is repeated: without limit, perhaps, or from so many to so many times.
_REPEAT = re.compile(r"(?:([*+])|\?|\{(?=[\d,])(\d*)(?:,(\d*))?\})[?+]?")


class UnusablePhrase(ValueError):
    """A phrase holds no letters, or a star where none may be."""


@dataclass(frozen=True, eq=False)
class Phrase:
    """One phrase. ``rarest`` is its longest word in small letters, without a star; a stem when a star followed it.

    ``whole``: those of its words that no star follows.
    """

    written: str
    rarest: str
    is_stem: bool
    whole: frozenset[str]

    @property
    def must_hold(self) -> list[tuple[tuple[str, ...], ...]]:
        """What a text holds in which it stands, for an index: all of its words, a star behind a stem."""
        key = f"{self.rarest}*" if self.is_stem else self.rarest
        return [((key, *sorted(self.whole - {key})),)]

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
    return low if low.isascii() else _BEYOND_ASCII.sub(_without_accent, low)


def _without_accent(letter: re.Match[str]) -> str:
    return normalize("NFD", letter[0])[0] if letter[0].isalpha() else letter[0]


def stands_in(words: str, text: str) -> bool:
    """Whether these signs stand in a text without a letter or a digit on either side."""
    at = text.find(words)
    while at >= 0:
        end = at + len(words)
        if not (_is_of_a_word(text[at - 1 : at]) or _is_of_a_word(text[end : end + 1])):
            return True
        at = text.find(words, at + 1)
    return False


def _is_of_a_word(sign: str) -> bool:
    return sign.isalnum() or sign == "_"


class Match(Protocol):
    """Where something stands in a text."""

    def start(self) -> int: ...

    def end(self) -> int: ...

    def span(self) -> tuple[int, int]: ...

    def __getitem__(self, group: Literal[0], /) -> str: ...


class Findable(Protocol):
    """A phrase, or a pattern of a sentence."""

    def matches_in(self, text: str) -> Sequence[Match]: ...


class Index:
    """Phrases by their rarest word, so that a text asks for all of them at once, and a word is looked up once."""

    def __init__(self, phrases: Iterable[Phrase]) -> None:
        self._whole: dict[str, list[Phrase]] = {}
        self._stems: dict[str, list[Phrase]] = {}
        for phrase in dict.fromkeys(phrases):
            (self._stems if phrase.is_stem else self._whole).setdefault(phrase.rarest, []).append(phrase)
        self._lengths = sorted({len(stem) for stem in self._stems})
        self._known: dict[str, list[Phrase]] = {}
        self._of_none: set[str] = set()

    def candidates(self, words: frozenset[str]) -> set[Phrase]:
        """Phrases that may stand in a text with these words: all of their own are among them."""
        found = map(self._look_up, words - self._of_none)
        return {phrase for some in found for phrase in some if phrase.whole <= words}

    def _look_up(self, word: str) -> list[Phrase]:
        found = self._known.get(word)
        if found is None:
            found = [*self._whole.get(word, ())]
            for length in self._lengths:
                if length <= len(word):
                    found += self._stems.get(word[:length], ())
            self._known[word] = found
            if not found:
                self._of_none.add(word)
        return found


index_of = lru_cache(maxsize=256)(Index)


def first_match(phrases: tuple[Phrase, ...], text: str) -> Match | None:
    """Some phrase of the tuple in ``text`` (folded), where it stands first."""
    found = all_matches(index_of(phrases).candidates(words_of(text)), text)
    return min(found, key=lambda m: (m.start(), -m.end()), default=None)


def all_matches(phrases: Iterable[Findable], text: str) -> list[Match]:
    """Every place of every phrase."""
    return [m for phrase in phrases for m in phrase.matches_in(text)]


def is_one_sign(pattern: str) -> bool:
    """Whether a regular expression is a class of signs, as ``[abc]``: then it stands where one of them does."""
    sign = _SIGN.match(pattern)
    return sign is not None and sign[0] == pattern and pattern[0] == "["


class RefusedPattern(ValueError):
    """The pattern is not taken; the message says why."""


#: Of the patterns of rules, each made once for all that ask for it.
made = lru_cache(maxsize=2048)(re.compile)
_MISTAKES = TEXTS.question("mistakes in patterns")
_PLACE = re.compile(r"\{[a-z]+\}")


def mistake_in(written: str, pattern: str = "") -> str:
    """What keeps a pattern of a file from being used; "" for nothing. One that was looked at before is not made for it.

    ``pattern``: what is made of it where it holds places, as ``{month}``; each of them has its own bounds.
    """
    return _MISTAKES.of(
        f"{written}\n{pattern}" if pattern else written, lambda _: _mistake(written, pattern or written)
    )


def _mistake(written: str, pattern: str) -> str:
    try:
        _bounded(_PLACE.sub("word", written), lambda: made(pattern))
    except RefusedPattern as problem:
        return str(problem)
    return ""


def bounded(pattern: str) -> re.Pattern[str]:
    """The compiled pattern (case does not matter). Raises :class:`RefusedPattern`."""
    return _bounded(pattern, lambda: re.compile(pattern, re.IGNORECASE))


def _bounded(written: str, make: Callable[[], re.Pattern[str]]) -> re.Pattern[str]:
    if len(written) > LONGEST:
        raise RefusedPattern(f"it has {len(written)} characters; {LONGEST} is the most")
    try:
        compiled = make()
    except (re.error, OverflowError, RecursionError) as error:
        raise RefusedPattern(f"it is no regular expression ({error})") from None
    if _ways(written) > MOST_WAYS:
        raise RefusedPattern("it can be tried in too many ways at one place")
    if compiled.match(""):
        raise RefusedPattern("it also matches nothing at all")
    return compiled


class _Choices:
    """What a pattern, or a group of it, may be. At one place only those alternatives can stand whose first letters are
    those of the text: one of ``may|might|must``, whichever it is."""

    def __init__(self) -> None:
        self._before: list[tuple[str, int]] = []
        self._head, self._is_plain, self._ways = "", True, 1

    def begin_another(self) -> None:
        self._before.append((self._head, self._ways))
        self._head, self._is_plain, self._ways = "", True, 1

    def add(self, sign: str, ways: int) -> None:
        self._is_plain = self._is_plain and sign in _LETTERS
        self._head += sign.lower() if self._is_plain else ""
        self._ways = min(self._ways * ways, MOST_WAYS + 1)

    def ways(self) -> int:
        every = [*self._before, (self._head, self._ways)]
        return max(sum(ways for other, ways in every if head.startswith(other)) for head, _ in every)


#: Signs of a pattern that stand for themselves.
_LETTERS = frozenset(" ,;:'-/%@=!<>&~_\"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789")


def _ways(pattern: str) -> int:
    """In how many ways a pattern can be tried from one place, as an upper bound."""
    at, here = 0, _Choices()
    outer: list[_Choices] = []
    while sign := _SIGN.match(pattern, at):
        at, kind, ways = sign.end(), sign[0], 1
        if kind == "|":
            here.begin_another()
            continue
        if kind[0] == "(":
            if pattern.startswith("?", at):
                raise RefusedPattern("groups may start with (, (?:, (?P<name>, (?=, (?!, (?<= and (?<! only")
            outer.append(here)
            here = _Choices()
            continue
        if kind == ")":
            ways, here = here.ways(), outer.pop()
        elif re.match(r"\\[1-9]", kind):
            raise RefusedPattern("it holds a back-reference")
        if repeat := _REPEAT.match(pattern, at):
            at = repeat.end()
            repeated = _repeated(ways, *repeat.groups())
            kind, ways = "", 1 if _ends_before(kind, pattern, at) else repeated
        here.add(kind, ways)
    return here.ways()


def _ends_before(sign: str, pattern: str, at: int) -> bool:
    """Whether a repeated sign can end in one way alone: what must follow is none of its own, as in ``\\w{1,20} ``."""
    following = _SIGN.match(pattern, at)
    if sign[0] not in "\\[" or following is None:
        return False
    repeat = _REPEAT.match(pattern, following.end())
    if repeat and not int(repeat[2] or 0):
        return False  # it may be left out
    if following[0] == r"\b":
        return sign in (r"\w", r"\d", "[a-z]")
    if following[0] in _LETTERS:
        return re.fullmatch(sign, following[0], re.IGNORECASE) is None
    return following[0] == sign.swapcase() and sign[0] == "\\"


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
    if inner == 1:
        return times - fewest + 1
    return sum(min(inner, MOST_WAYS + 1) ** count for count in range(fewest, min(times, fewest + 20) + 1))
