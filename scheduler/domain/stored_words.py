"""Words of stored sources in a text that does not say so: typed as they are, or put only a little differently."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from itertools import chain

from ..light_dataclass import dataclass
from .quotation import Passage, Source
from .sentences import sentences_in

#: So many words in a row are a source's: of a passage that may not be quoted, of another one.
RUN_OF_CLOSED, RUN = 6, 9
#: This share of the words that carry a sentence of a closed passage, in their order, is that sentence put differently.
NEARLY = 0.6
_LEAST = 5
_STEM = 5
_WORD = re.compile(r"[^\W_]+")


@dataclass(frozen=True)
class Stored:
    """A sentence of a passage. ``stems``: the beginnings of the words that carry it."""

    source: Source
    passage: Passage
    words: tuple[str, ...]
    stems: tuple[str, ...]


class StoredWords:
    """Looks in texts for the words of a campaign's sources."""

    def __init__(self, sources: Iterable[Source], fold: Callable[[str], str]) -> None:
        self._runs: dict[tuple[str, ...], Stored] = {}
        self._by_stem: dict[str, list[int]] = {}
        self._closed: list[Stored] = []
        for source in sources:
            for passage in source.passages:
                if passage.quotable and source.own_words:
                    continue  # the organization's own words, which it may say again
                for text in dict.fromkeys((passage.text, passage.corrected())):
                    self._add(source, passage, fold(text))

    def _add(self, source: Source, passage: Passage, text: str) -> None:
        size = RUN if passage.quotable else RUN_OF_CLOSED
        for start, end in sentences_in(text):
            words = tuple(_WORD.findall(text[start:end].casefold()))
            stored = Stored(source, passage, words, _stems(words))
            for at in range(len(words) - size + 1):
                self._runs.setdefault(words[at : at + size], stored)
            if not passage.quotable and len(stored.stems) >= _LEAST:
                for stem in set(stored.stems):
                    self._by_stem.setdefault(stem, []).append(len(self._closed))
                self._closed.append(stored)

    def found_in(self, sentence: str) -> Stored | None:
        """Whose words a folded sentence holds: closed passages first."""
        if not self._runs and not self._closed:
            return None
        words = tuple(_WORD.findall(sentence.casefold()))
        return next(self._in_other_words(words), None) or next(self._in_a_row(words), None)

    def _in_a_row(self, words: tuple[str, ...]) -> Iterator[Stored]:
        for size in (RUN_OF_CLOSED, RUN):
            rows = zip(*(words[at:] for at in range(size)), strict=False)
            yield from filter(None, map(self._runs.get, rows))

    def _in_other_words(self, words: tuple[str, ...]) -> Iterator[Stored]:
        stems = _stems(words)
        known = self._by_stem.keys() & set(stems)
        if len(known) < _LEAST:
            return
        shared = Counter(chain.from_iterable(map(self._by_stem.__getitem__, known)))
        for number, count in shared.items():
            stored = self._closed[number]
            if count >= max(_LEAST, NEARLY * len(set(stored.stems))):
                if _in_order(stems, stored.stems) >= max(_LEAST, NEARLY * len(stored.stems)):
                    yield stored


def _stems(words: Iterable[str]) -> tuple[str, ...]:
    return tuple([word[:_STEM] for word in words if len(word) > 3 or word.isdigit()])


def _in_order(some: tuple[str, ...], others: tuple[str, ...]) -> int:
    """How many words of one run stand in another in the same order."""
    row = [0] * (len(others) + 1)
    for one in some:
        before = 0
        for n, other in enumerate(others, 1):
            above = row[n]
            row[n] = before + 1 if one == other else max(row[n], row[n - 1])
            before = above
    return row[-1]
