"""Rows of words that are looked for in a sentence: ``{person} was|turned ?only {age}``. The head of a file of rules, as
``config/lint/stories/en.toml``, says how a row is written. Nothing is compiled: most rows are never met.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence

from ...light_dataclass import dataclass
from .name_finder import SIGNS

#: Words of a gap at most, and words that end one: what follows them says what somebody is, not what was done.
GAP = 5
_NO_GAP = frozenset({"who", "that", "which", "whom", "que", "quien", ";", "!", "?", "."})
_TOKEN = re.compile(r"[\ue001-\ue007]|'s\b|\d[\d.,:/]*\d|[^\W_]+(?:'[^\W_]+)*|[:;!?%$.\u2014]")
#: Between two words of a row they do not count.
_OF_LIST = re.compile(r"<(\w+)>(\S*)")
_PASSED = frozenset(":\u2014.")
_ARTICLES = frozenset({"the", "el", "la", "los", "las", "al", "del"})
#: Words that nearly every sentence has: a row is not looked for by one of them where it has another.
_COMMON = frozenset(
    "a an the i we he she it they you is are was were be been has have had of in at on to for from by with and or not "
    "that this who my our her his their me us them one as so if when what un una el la los las de en por con que y o "
    "se su mi yo fue era es son ha han le les lo 's".split()
)


class BrokenRow(ValueError):
    """A row that cannot be looked for."""


def tokens_of(sentence: str) -> list[str]:
    """The words of a masked sentence, and the signs among them that a row may name."""
    return _TOKEN.findall(sentence)


@dataclass(frozen=True)
class Ages:
    """How ages are written: ``words`` from one to seventeen, in order; ``not_before``: what makes a number no age."""

    words: tuple[str, ...]
    not_before: frozenset[str]

    def at(self, kind: str, tokens: Sequence[str], at: int) -> bool:
        """Whether an age stands there: any one, one below 18, one from 10 to 17."""
        token = tokens[at]
        years = int(token) if token.isdecimal() and len(token) < 3 else 0
        if token in self.words[1:]:  # "one" is a number of many things
            years = self.words.index(token) + 1
        least, most = {"age": (1, 99), "minor": (1, 17), "teen": (10, 17)}[kind]
        return least <= years <= most and (at + 1 == len(tokens) or tokens[at + 1] not in self.not_before)


@dataclass(frozen=True)
class Element:
    """One place of a row: any of ``words``, of ``phrases``, of words with an open end or start, or an age."""

    words: frozenset[str] = frozenset()
    phrases: tuple[tuple[str, ...], ...] = ()
    open: tuple[str, ...] = ()
    age: str = ""
    optional: bool = False
    is_gap: bool = False

    def ends(self, tokens: Sequence[str], at: int, ages: Ages) -> list[int]:
        """Behind which tokens it may end where it begins at one."""
        if at < len(tokens) and tokens[at] in _PASSED and tokens[at] not in self.words:
            at += 1
        if (
            at < len(tokens) - 1
            and tokens[at] in _ARTICLES
            and tokens[at + 1] >= "\ue000"
            and tokens[at + 1] in self.words
        ):
            return [at + 2]
        if at >= len(tokens):
            return []
        token = tokens[at]
        found = [at + 1] if token in self.words or (self.open and self._is_open(token)) else []
        if self.age and ages.at(self.age, tokens, at):
            found.append(at + 1)
        for phrase in self.phrases:
            if token == phrase[0] and tuple(tokens[at : at + len(phrase)]) == phrase:
                found.append(at + len(phrase))
        return found

    def _is_open(self, token: str) -> bool:
        return any(
            token.startswith(one[:-1]) if one[-1] == "*" else len(token) > len(one) and token.endswith(one[1:])
            for one in self.open
        )

    @property
    def firsts(self) -> frozenset[str] | None:
        """The words that it may begin with; None: any."""
        if self.open or self.age or self.is_gap:
            return None
        return self.words | {phrase[0] for phrase in self.phrases}

    @property
    def keys(self) -> frozenset[str]:
        """Words of which one stands in each text that holds it; none where that cannot be said."""
        if self.open or self.age or self.is_gap or self.optional:
            return frozenset()
        if not self.phrases:
            return self.words
        return self.words | {min(phrase, key=lambda word: (word in _COMMON, -len(word))) for phrase in self.phrases}


@dataclass(frozen=True)
class Row:
    """A row of words. ``keys``: of each of these one word stands in each text that holds it, the rarest first."""

    elements: tuple[Element, ...]
    keys: tuple[frozenset[str], ...]
    at_start: bool = False
    at_end: bool = False

    def found_in(self, tokens: Sequence[str], ages: Ages) -> tuple[int, int] | None:
        """The first and the last token of its first place in a sentence."""
        first = self.elements[0]
        firsts = None if first.optional else first.firsts
        for start, token in enumerate(tokens):
            if firsts is not None and token not in firsts and token not in _ARTICLES and token not in _PASSED:
                continue
            if self.at_start and start and not _PASSED.issuperset(tokens[:start]):
                return None
            if end := self._end_from(tokens, start, ages):
                return start, end
        return None

    def _end_from(self, tokens: Sequence[str], start: int, ages: Ages) -> int:
        ends = {start}
        for element in self.elements:
            reached = ends if element.optional or element.is_gap else set()
            reached = set(reached)
            for at in ends:
                if element.is_gap:
                    reached.update(_gap(tokens, at))
                else:
                    reached.update(element.ends(tokens, at, ages))
            if not reached:
                return 0
            ends = reached
        if self.at_end:
            ends = {end for end in ends if all(t in _PASSED or t.isdecimal() for t in tokens[end:])}
        return min(ends, default=0)


def _gap(tokens: Sequence[str], at: int) -> range:
    end = at
    while end < min(len(tokens), at + GAP) and tokens[end] not in _NO_GAP:
        end += 1
    return range(at + 1, end + 1)


def row_of(written: str, lists: Mapping[str, Collection[str]]) -> Row:
    """A row as it is written. Raises :class:`BrokenRow`."""
    pieces = written.split()
    at_start, at_end = pieces[:1] == ["^"], pieces[-1:] == ["$"]
    elements = tuple(_element(piece, lists) for piece in pieces[at_start : len(pieces) - at_end])
    while elements and elements[-1].is_gap:
        elements = elements[:-1]
    keys = tuple(sorted(filter(None, (e.keys for e in elements)), key=_cost))
    if not keys:
        raise BrokenRow(f"{written!r} holds no word by which it could be found")
    return Row(elements, keys, at_start, at_end)


def _element(piece: str, lists: Mapping[str, Collection[str]]) -> Element:
    if piece == "...":
        return Element(is_gap=True)
    optional = piece.startswith("?")
    words: set[str] = set()
    phrases: list[tuple[str, ...]] = []
    opened: list[str] = []
    age = ""
    for choice in piece.lstrip("?").split("|"):
        if choice in ("{age}", "{minor}", "{teen}"):
            age = choice[1:-1]
            continue
        listed: Collection[str] = (choice.replace("_", " "),)
        if of_list := _OF_LIST.fullmatch(choice):
            if of_list[1] not in lists:
                raise BrokenRow(f"there is no list {of_list[1]}")
            listed = [f"{option}{of_list[2]}" for option in lists[of_list[1]]]
        for option in listed:
            if "*" in option:
                opened.append(option)
            else:
                for phrase in _written_out(option):
                    if len(phrase) == 1:
                        words.add(phrase[0])
                    else:
                        phrases.append(phrase)
    return Element(frozenset(words), tuple(phrases), tuple(opened), age, optional)


def _written_out(option: str) -> list[tuple[str, ...]]:
    """The words of a choice; of one with a placeholder one for each sign that it stands for."""
    placeholder = re.search(r"\{(\w+)\}", option)
    if placeholder is None:
        return [tuple(tokens_of(option.casefold().replace("-", " ")))]
    signs = SIGNS.get(placeholder[1])
    if signs is None:
        raise BrokenRow(f"{placeholder[0]} stands for nothing")
    return [tuple(tokens_of(option.replace(placeholder[0], sign).casefold())) for sign in signs]


def _cost(words: frozenset[str]) -> tuple[bool, bool, int]:
    return not _COMMON.isdisjoint(words), not any(word >= "\ue000" for word in words), len(words)
