"""What a template printed from a record, and where it stands in the text that readers get.

A value of a record that was printed as it is needs no second look: its record is signed. Whoever renders keeps the list
of them, in the order in which they were printed; where they stand is found again by their words, since a line break,
a mark of emphasis or an escaped sign changes none of these. Words that were typed just like a record's are not on the
list: of two places with the same words and one entry, the second is typed.
"""

from __future__ import annotations

import json
from bisect import bisect_left, insort
from collections.abc import Callable, Iterator, Mapping, Sequence

from ..light_dataclass import dataclass


@dataclass(frozen=True)
class Printed:
    """One value, as it was printed. ``field``: of the record, as ``text``, ``caveat``, ``numbers``."""

    kind: str  # "claim" | "contact" | "quotation" | "source" | "setting" | "date"
    id: str
    field: str
    words: str

    @property
    def plain(self) -> tuple[str, str, str, str]:
        """What it is made of."""
        return self.kind, self.id, self.field, self.words

    @property
    def is_figure(self) -> bool:
        """A figure alone: what stands beside it are the author's own words, and they can make it a false one."""
        return self.kind == "claim" and self.field == "numbers"


class AllPrinted(Mapping[str, tuple[Printed, ...]]):
    """Of a message, by the ending of its template. What was kept is taken apart when somebody asks for it: checks do
    of a message that is new, and there are sixty values in a mail."""

    __slots__ = ("_found", "_text")

    def __init__(self, found: Mapping[str, tuple[Printed, ...]]) -> None:
        self._found: Mapping[str, tuple[Printed, ...]] | None = found
        self._text = ""

    def __getitem__(self, ending: str) -> tuple[Printed, ...]:
        return self._all[ending]

    def __iter__(self) -> Iterator[str]:
        return iter(self._all)

    def __len__(self) -> int:
        return len(self._all)

    @property
    def _all(self) -> Mapping[str, tuple[Printed, ...]]:
        if self._found is None:
            self._found = {
                ending: tuple(Printed(*one) for one in every) for ending, every in json.loads(self._text).items()
            }
        return self._found

    def __getstate__(self) -> str:
        return self._text or json.dumps({ending: [one.plain for one in every] for ending, every in self.items()})

    def __setstate__(self, text: str) -> None:
        self._found, self._text = None, text


@dataclass(frozen=True)
class PrintedAt:
    """Where a value stands in a text."""

    printed: Printed
    start: int
    end: int


def places_of(printed: Sequence[Printed], text: str, fold: Callable[[str], str]) -> tuple[PrintedAt, ...]:
    """Where each value stands in a folded text, in the order of the text; ``fold`` folds a value in the same way.

    No two share a place. Where words stand more often than they were printed, somebody typed them, too: then a value
    is where it is nearest to what was printed just before or after it. What a filter has changed, or what another part
    of the message prints, stands nowhere: then the words are the author's own.
    """
    entries: dict[str, list[int]] = {}
    for number, one in enumerate(printed):
        if words := fold(one.words):
            entries.setdefault(words, []).append(number)
    taken: list[tuple[int, int]] = []
    found: dict[int, tuple[int, int]] = {}
    unsure: list[tuple[list[int], list[tuple[int, int]]]] = []
    for words in sorted(entries, key=len, reverse=True):  # a figure may stand within a longer value
        numbers, places = entries[words], _places(words, text, taken)
        for place in places:
            insort(taken, place)
        if len(places) <= len(numbers):
            found.update(zip(numbers, places, strict=False))
        else:
            unsure.append((numbers, places))
    for numbers, places in unsure:
        found.update(_nearest(numbers, places, found))
    return tuple(sorted((PrintedAt(printed[n], *place) for n, place in found.items()), key=lambda at: at.start))


def _nearest(
    numbers: Sequence[int], places: Sequence[tuple[int, int]], found: Mapping[int, tuple[int, int]]
) -> dict[int, tuple[int, int]]:
    """For each value one of more places than there are values."""

    def distance(number: int, place: tuple[int, int]) -> int:
        beside = (found[n][0] for n in (number - 1, number + 1) if n in found)
        return min((abs(place[0] - start) for start in beside), default=0)

    chosen: dict[int, tuple[int, int]] = {}
    for number in numbers:
        free = [place for place in places if place not in chosen.values()]
        chosen[number] = min(free, key=lambda place: distance(number, place))
    return chosen


def _places(words: str, text: str, taken: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """Where ``words`` stand as whole words that nothing else has taken."""
    places, at = [], 0
    while (start := text.find(words, at)) >= 0:
        at = end = start + len(words)
        n = bisect_left(taken, (start, end))
        is_free = (n == 0 or taken[n - 1][1] <= start) and (n == len(taken) or end <= taken[n][0])
        if is_free and not _within_a_word(text, start) and not _within_a_word(text, end):
            places.append((start, end))
        else:
            at = start + 1
    return places


def _within_a_word(text: str, at: int) -> bool:
    before, after = text[at - 1 : at] if at else "", text[at : at + 1]
    return before.isalnum() and after.isalnum()
