"""What a grammar of quantities knows of one language, and how it looks at the words of a text."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import field
from fractions import Fraction
from typing import Generic, TypeVar

from ...light_dataclass import dataclass
from .figure_tokens import Kind, Token
from .quantity import Doubt

T = TypeVar("T")


class Phrases(Generic[T]):
    """Runs of words, each with what it means. Hyphens count as spaces."""

    def __init__(self, meanings: Mapping[str, T]) -> None:
        self._by_first: dict[str, list[tuple[tuple[str, ...], T]]] = {}
        for written, meaning in meanings.items():
            words = tuple(written.split())
            self._by_first.setdefault(words[0], []).append((words, meaning))
        for group in self._by_first.values():
            group.sort(key=lambda entry: -len(entry[0]))

    @classmethod
    def of(cls, written: str, meaning: T) -> Phrases[T]:
        """All of one meaning, parted by bars: ``percent | per cent``."""
        return cls({" ".join(phrase.split()): meaning for phrase in written.split("|")})

    @classmethod
    def listed(cls, written: str) -> Phrases[str]:
        """Each means itself."""
        return Phrases({phrase: phrase for part in written.split("|") if (phrase := " ".join(part.split()))})

    @property
    def firsts(self) -> Iterable[str]:
        """The words with which they begin."""
        return self._by_first

    @property
    def phrases(self) -> Iterable[tuple[str, ...]]:
        return (words for group in self._by_first.values() for words, _ in group)

    def at(self, tokens: Sequence[Token], i: int) -> tuple[T, int] | None:
        """The longest one that begins at a token, and the token behind it."""
        if i >= len(tokens):
            return None
        for words, meaning in self._by_first.get(tokens[i].text, ()):
            end = i + len(words)
            if len(words) == 1 or tuple([token.text for token in tokens[i:end]]) == words:
                return meaning, end
        return None

    def before(self, tokens: Sequence[Token], i: int) -> tuple[T, int] | None:
        """One that ends right before a token, and the token that it begins with."""
        for start in range(max(0, i - 5), i):
            found = self.at(tokens, start)
            if found and found[1] == i:
                return found[0], start
        return None


@dataclass(frozen=True)
class Number:
    """A number as it was read: ``end`` is the token behind it, ``scale`` the last word such as million."""

    value: Fraction
    end: int
    scale: Fraction = Fraction(1)
    doubts: tuple[Doubt, ...] = ()
    #: Written in digits alone.
    digits: bool = False
    #: A word that may be an article: one, un, una, a.
    article: bool = False


def word_at(tokens: Sequence[Token], i: int) -> str:
    """The word at a place; nothing where a number, a sign or the end stands."""
    return tokens[i].text if 0 <= i < len(tokens) and tokens[i].kind is Kind.WORD else ""


def sign_at(tokens: Sequence[Token], i: int) -> str:
    return tokens[i].text if 0 <= i < len(tokens) and tokens[i].kind is Kind.SIGN else ""


def number_at(tokens: Sequence[Token], i: int) -> Token | None:
    return tokens[i] if 0 <= i < len(tokens) and tokens[i].kind is Kind.NUMBER else None


@dataclass(frozen=True)
class Lexicon:
    """The words of one language that make quantities."""

    language: str
    cardinal: Callable[[Sequence[Token], int], Number | None]
    #: Those with which a number may begin.
    number_words: frozenset[str]
    #: Those that make a number of an article before them: a million, a dozen.
    scales: frozenset[str]
    ordinals: Mapping[str, int]
    #: Of fractions, as they stand behind a number: third, thirds, tercera parte.
    denominators: Phrases[int]
    #: Before a denominator in place of a number: a third, la tercera parte.
    one: frozenset[str]
    #: Between the two: a full quarter.
    whole: frozenset[str]
    percent: Phrases[str]
    points: Phrases[str]
    per_mille: Phrases[int]
    #: Between the two numbers of a ratio.
    out_of: Phrases[str]
    #: Between a number and the size of the group: per 1,000.
    per_so_many: Phrases[str]
    range_words: frozenset[str]
    #: What begins a range, and the word that then stands within it.
    range_starts: Mapping[str, frozenset[str]]
    every: frozenset[str]
    #: A rate without a number.
    rates: Phrases[str]
    time_units: Mapping[str, str]
    #: a day, per year, annually.
    per_time: Phrases[str]
    old: Phrases[str]
    money: Phrases[Fraction]
    units: frozenset[str]
    bounds_before: Phrases[str]
    bounds_behind: Phrases[str]
    factors: Phrases[Fraction]
    times: frozenset[str]
    #: What behind "three times" makes a factor of it.
    times_more: frozenset[str]
    fold: frozenset[str]
    halves: Phrases[Fraction]
    shares: Phrases[str]
    magnitudes: Phrases[str]
    superlatives: Phrases[str]
    ranks: Phrases[str]
    ranked_by: frozenset[str]
    rank_verbs: frozenset[str]
    averages: Phrases[str]
    vague: Phrases[str]
    #: Before a number, it makes an age of it: aged 12.
    aged: Phrases[str]
    of: str
    weekdays: frozenset[str]
    #: Behind all or most, they make no share of it.
    not_shared: frozenset[str]
    #: Words that a noun phrase does not go beyond.
    stops: frozenset[str]
    #: Between two nouns of one phrase: women and girls.
    joining: frozenset[str]
    #: Words that it may begin with and that name nothing.
    fillers: frozenset[str]
    every_nth_also: Mapping[str, int] = field(default_factory=dict)
    #: Number words that alone are articles: one. A language that lists no scales has none.
    articles: frozenset[str] = frozenset()
    #: Between a number and its decimals.
    decimals: frozenset[str] = frozenset()
