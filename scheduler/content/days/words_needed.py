"""What may stand in a text, told by its words alone: so most texts need no second look."""

from __future__ import annotations

import re
from collections.abc import Iterable, Set
from typing import Generic, TypeVar

T = TypeVar("T")

_WORD = re.compile(r"[^\W_]+")
_PLACE = re.compile(r"\{\w+\}")


class WordsNeeded(Generic[T]):
    """Things by the phrases that tell of them: a text in which one stands has all of the phrase's words."""

    def __init__(self, phrases: Iterable[tuple[str, T]]) -> None:
        self._by_word: dict[str, list[tuple[frozenset[str], T]]] = {}
        for phrase, told in phrases:
            words = frozenset(_WORD.findall(_PLACE.sub(" ", phrase).casefold()))
            longest = max(sorted(words), key=len, default="")
            self._by_word.setdefault(longest, []).append((words, told))

    @property
    def words(self) -> frozenset[str]:
        """A text in which something stands has one of these."""
        return frozenset(self._by_word)

    def in_(self, words: Set[str]) -> set[T]:
        """``words``: of a text, in small letters."""
        by_word = self._by_word
        return {told for word in by_word.keys() & words for needed, told in by_word[word] if needed <= words}
