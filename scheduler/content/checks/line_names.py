"""Which number or address stands beside the name of which help line.

A line is named by its label, or by a word of it beside a word for lines: "the trafficking hotline", "the number for
domestic violence". What else a sentence says decides whether a number is meant to be that line's: "when the hotline is
busy, call 988" gives no number to it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from itertools import pairwise

from ...domain.claim import Contact, ContactStatus
from ...domain.sentences import sentences_in
from ...kept_by_key import AboutTexts
from ...light_dataclass import dataclass
from ..help_line_rules import HelpLineRules, NamedLines
from ..quantities.folding import folded
from ..text_answers import TEXTS
from .known_numbers import digits_of, numbers_in
from .visible_text import fold

_Lines = frozenset[str]  # the names of lines: records of one name are ways to one line
_WORD = re.compile(r"[^\W_]+(?:'[^\W_]+)?")
_BREAK = re.compile(r"[.,;:!?()\u2014]")
_SCHEME = re.compile(r"^https?://(?:www\.)?")
#: What a word is at least, to be one of a line's own; an abbreviation may be shorter.
_OWN_WORD = 4
#: So many words before and behind a word for lines may say which line it is; so many letters may stand between a line
#: and its number, and so many words where the number comes first.
_BEFORE, _BEHIND, _FAR, _LINKS = 5, 6, 90, 6
#: A longer number is found by its shape, a shorter one by its digits alone.
_SHORT = 7
#: Numbers that stand beside each line, as who hears or is in danger needs them too.
_FOR_ALL = ("911", "711")


@dataclass(frozen=True)
class _Mark:
    """A piece of a sentence: a line's name, or a number or address (``value``) of these lines."""

    start: int
    end: int
    lines: _Lines
    value: str = ""
    is_label: bool = False


class LineNames:
    """The lines of one campaign, as texts in its languages name them."""

    def __init__(self, rules: Sequence[HelpLineRules], contacts: Iterable[Contact]) -> None:
        self._rules = tuple(of.named for of in rules)
        self.fine: set[str] = set()  # blocks that were looked at: most messages end with the same ones
        self._called = frozenset(word for of in rules for word in of.called)
        self._fingerprints = [of.fingerprint for of in rules]
        self._contacts = tuple(c for c in contacts if c.status is ContactStatus.ACTIVE)
        self._names = {fold(c.label).partition(",")[0]: c for c in self._contacts if c.label}
        self._for_lines = frozenset().union(*(of.lines | of.line_words for of in self._rules))
        self._generic = self._for_lines.union(*(of.of_any_line for of in self._rules))

    @cached_property
    def asked(self) -> AboutTexts:
        told = [(c.kind, c.value, c.label, c.find, c.primary_source_url) for c in self._contacts]
        return TEXTS.question("numbers beside names", (self._fingerprints, told))

    def wrong_in(self, block: str) -> tuple[tuple[str, str, str], ...]:
        """(as written, the name beside it, whose it is) of each number and address that is given to another line."""
        return self.asked.of(block, lambda text: tuple(self._look(text)))

    def _look(self, text: str) -> Iterator[tuple[str, str, str]]:
        low = folded(text)
        if not self._quick.search(low) and not numbers_in(text):
            return
        before: list[_Mark] = []
        for start, end in sentences_in(text):
            marks = self._marks(text[start:end], low[start:end])
            for name, value in self._given(low[start:end], low, marks, before):
                yield text[start:end][value.start : value.end], min(name.lines), min(value.lines)
            before = marks

    # -- what stands in a sentence --------------------------------------------------------------------------------

    def _marks(self, text: str, low: str) -> list[_Mark]:
        values = [*self._numbers(text, low), *self._addresses(low)]
        names = [
            _Mark(at, at + len(name), frozenset({label}), is_label=True)
            for label, name in self._folded_names
            for at in _places_of(name, low)
        ]
        for more in (self._worded(low), self._by_their_number(low, values), self._before_values(low, values)):
            names += [name for name in more if not any(_overlap(name, one) for one in names)]
        values = [v for v in values if not any(_overlap(v, name) for name in names)]
        return sorted((*names, *values), key=lambda mark: mark.start)

    def _numbers(self, text: str, low: str) -> Iterator[_Mark]:
        at = 0
        for printed, digits in numbers_in(text):
            place = text.find(printed, at)
            if len(digits) >= _SHORT and place >= 0:
                at = place + len(printed)
                yield _Mark(place, at, self._by_digits.get(digits, frozenset()), digits)
        for found in self._quick.finditer(low):
            if found[0].isdigit():
                yield _Mark(found.start(), found.end(), self._by_digits[found[0]], found[0])

    def _addresses(self, low: str) -> Iterator[_Mark]:
        for found in self._quick.finditer(low):
            if not found[0].isdigit():
                yield _Mark(found.start(), found.end(), self._by_address[found[0]], found[0])

    def _worded(self, low: str) -> list[_Mark]:
        """Names in other words than the label's."""
        found: list[_Mark] = []
        if self._for_lines.isdisjoint(_WORD.findall(low)):
            return found
        words = [(m[0].removesuffix("'s"), m.start(), m.end()) for m in _WORD.finditer(low)]
        for of in self._rules:
            for i, (word, start, end) in enumerate(words):
                if word not in of.line_words and word not in of.lines:
                    continue
                near = self._near(of, low, words, i)
                if near:
                    lines = self._meant([w for w, *_ in near], of)
                    one = _Mark(min(start, near[0][1]), max(end, near[-1][2]), lines)
                elif word in of.lines and i and words[i - 1][0] in of.the and len(self._labelled(word)) == 1:
                    one = _Mark(start, end, self._labelled(word))
                else:
                    continue
                if not any(_overlap(one, other) for other in found):
                    found.append(one)
        return found

    def _by_their_number(self, low: str, values: list[_Mark]) -> Iterator[_Mark]:
        """The 988 Lifeline."""
        words = frozenset(word for of in self._rules for word in of.lines)
        for value in values:
            behind = _WORD.match(low, value.end + 1)
            if value.lines and behind and behind[0] in words:
                yield _Mark(value.start, behind.end(), value.lines)

    def _before_values(self, low: str, values: list[_Mark]) -> Iterator[_Mark]:
        """A line's own words in a heading ("Autism Society:"), or behind what one does ("call Komen at")."""
        for value in values:
            start = max(0, *(low.rfind(sign, 0, value.start) + 1 for sign in ".;,!?()"))
            heading, colon, behind = low[start : value.start].partition(":")
            words = _WORD.findall(heading)
            if colon and self._called.issuperset(_WORD.findall(behind)):
                yield from self._own(words, low, start, value.start)
            elif not colon and any(words[-1:] and words[-1] in of.at for of in self._rules):
                called = [n for n, word in enumerate(words[:-2]) if word in self._called]
                if called:
                    yield from self._own(words[called[-1] + 1 :], low, start, value.start)

    def _own(self, words: list[str], low: str, start: int, end: int) -> Iterator[_Mark]:
        for of in self._rules:
            if near := [word for word in words if self._lines_of(word, of)]:
                first = low.find(near[0], start, end)
                yield _Mark(first, first + len(near[0]), self._meant(near, of))

    def _near(self, of: NamedLines, low: str, words: list[tuple[str, int, int]], i: int) -> list[tuple[str, int, int]]:
        """The words beside a word for lines that are some line's own."""
        end = words[i][2]
        own = [w for w in words[max(0, i - _BEFORE) : i] if not _BREAK.search(low, w[2], words[i][1])]
        if any(word in of.about for word, *_ in words[i + 1 : i + 3]):
            own += (w for w in words[i + 2 : i + 2 + _BEHIND] if not _BREAK.search(low, end, w[1]))
        return [w for w in own if self._lines_of(w[0], of)]

    def _lines_of(self, word: str, of: NamedLines) -> _Lines:
        return self._by_word.get(of.in_labels.get(word, word), frozenset())

    def _meant(self, words: list[str], of: NamedLines) -> _Lines:
        each = [self._lines_of(word, of) for word in words]
        return frozenset.intersection(*each) or frozenset().union(*each)

    @cached_property
    def _folded_names(self) -> tuple[tuple[str, str], ...]:
        return tuple((name, folded(name)) for name in self._names)

    def _labelled(self, word: str) -> _Lines:
        return frozenset(name for name in self._names if word in folded(name).split())

    # -- what is said of it ---------------------------------------------------------------------------------------

    def _given(self, low: str, whole: str, marks: list[_Mark], before: list[_Mark]) -> Iterator[tuple[_Mark, _Mark]]:
        """The values of a sentence that are given to a line that has another one."""
        values, names = [m for m in marks if m.value], [m for m in marks if not m.value]
        if not values or any(of.unless.search(low) for of in self._rules):
            return
        if not names:
            ours = [m for m in before if not m.value]
            if len(values) == len(ours) == 1 == len(before) and any(of.then.match(low, 0) for of in self._rules):
                if self._differ(ours[0], values[0]) and not self._is_told(values[0], whole):
                    yield ours[0], values[0]
            return
        pairs, each_has_its_own = _in_turn(marks, names, values)
        for name, value in pairs:
            if self._is_linked(low, name, value) and self._differ(name, value):
                if each_has_its_own or not (
                    self._is_told(value, low)
                    or any(name.lines & other.lines for other in values)
                    or (self._is_bare(name, low) and self._is_told(value, whole))
                ):
                    yield name, value

    @staticmethod
    def _differ(name: _Mark, value: _Mark) -> bool:
        if value.value in _FOR_ALL and not name.is_label:
            return False
        return bool(value.lines) and not name.lines & value.lines

    def _is_bare(self, name: _Mark, low: str) -> bool:
        """Whether it is "the hotline" alone."""
        return not any(self._lines_of(w, of) for w in _WORD.findall(low[name.start : name.end]) for of in self._rules)

    def _is_told(self, value: _Mark, low: str) -> bool:
        """Whether a text names the line whose value it is, in whatever words."""
        words = [w.removesuffix("'s") for w in _WORD.findall(low)]
        return any(self._lines_of(w, of) & value.lines for w in words for of in self._rules) or any(
            self._initials.get(w, frozenset()) & value.lines for w in words
        )

    def _is_linked(self, low: str, name: _Mark, value: _Mark) -> bool:
        """Whether what stands between them, or before the name in its clause, leaves the value to the line."""
        if value.start < name.start:
            between = _WORD.findall(low[value.end : name.start])
            known = frozenset().union(*(of.is_one for of in self._rules))
            return len(between) <= _LINKS and known.issuperset(between)
        if value.start - name.end > _FAR:
            return False
        clause = max((m.end() for m in _BREAK.finditer(low, 0, name.start)), default=0)
        apart = frozenset().union(*(of.apart for of in self._rules))
        joined = frozenset().union(*(of.joined for of in self._rules))
        words = _WORD.findall(low[clause : value.start])
        return apart.isdisjoint(words) and joined.isdisjoint(words[-2:])

    # -- the records ----------------------------------------------------------------------------------------------

    @cached_property
    def _by_digits(self) -> dict[str, _Lines]:
        return self._grouped((d, c) for c in self._contacts for v in (c.value, *c.find) if (d := digits_of(v)))

    @cached_property
    def _by_address(self) -> dict[str, _Lines]:
        its = ((c.value if c.kind in ("web", "chat", "email") else c.primary_source_url, c) for c in self._contacts)
        return self._grouped(
            (_SCHEME.sub("", folded(address)).rstrip("/"), c)
            for address, c in its
            if address and digits_of(c.value) not in _FOR_ALL
        )

    @cached_property
    def _by_word(self) -> dict[str, _Lines]:
        """A line's own words: those of its label that not every line has."""
        found = self._grouped(
            (word.removesuffix("'s"), contact)
            for name, contact in self._names.items()
            if digits_of(contact.value) not in _FOR_ALL
            for written in _WORD.findall(name)
            if (len(written) >= _OWN_WORD or written.isupper()) and not written.isdigit()
            for word in (folded(written),)
            if word not in self._generic
        )
        return {word: lines for word, lines in found.items() if len(lines) * 2 <= len(self._names) or len(lines) == 1}

    @cached_property
    def _initials(self) -> dict[str, _Lines]:
        return self._grouped(
            ("".join(w[0] for w in _WORD.findall(name) if w[0].isupper()).casefold(), c)
            for name, c in self._names.items()
        )

    @cached_property
    def _quick(self) -> re.Pattern[str]:
        """Short numbers and addresses."""
        written = [d for d in self._by_digits if len(d) < _SHORT] + sorted(self._by_address, key=len, reverse=True)
        each = "|".join(map(re.escape, written)) or r"(?!)"
        return re.compile(rf"(?<![\w-])(?:{each})(?![\w/-]|[.,]\d)")

    def _grouped(self, pairs: Iterable[tuple[str, Contact]]) -> dict[str, _Lines]:
        found: dict[str, _Lines] = {}
        for key, contact in pairs:
            found[key] = found.get(key, frozenset()) | {fold(contact.label).partition(",")[0]}
        return found


def _places_of(name: str, low: str) -> Iterator[int]:
    """Where a name stands as whole words."""
    at = low.find(name)
    while at >= 0:
        if not low[at - 1 : at].isalnum() and not low[at + len(name) : at + len(name) + 1].isalnum():
            yield at
        at = low.find(name, at + 1)


def _overlap(one: _Mark, other: _Mark) -> bool:
    return one.start < other.end and other.start < one.end


def _in_turn(marks: list[_Mark], names: list[_Mark], values: list[_Mark]) -> tuple[list[tuple[_Mark, _Mark]], bool]:
    """Each value with its name, and whether they come by turns, as in a list: then it is the one beside it, and
    otherwise the last one before, or the only one behind."""
    is_name = [not mark.value for mark in marks]
    if len(names) == len(values) > 1 and all(a != b for a, b in pairwise(is_name)):
        return list(zip(names, values, strict=True)), True
    pairs = []
    for value in values:
        earlier = [name for name in names if name.start < value.start]
        if earlier or len(values) == 1:
            pairs.append(((earlier or names)[-1 if earlier else 0], value))
    return pairs, False
