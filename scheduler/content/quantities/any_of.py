"""One of several phrases, as people write them, looked for in folded texts."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache

from ...kept_patterns import is_of_the_program, of_the_program
from .folding import folded

_PIECE = re.compile(r"[^ *]+")


class AnyOf:
    """One of some phrases; a star at the end of a word stands for any ending.

    It is asked as a regular expression is. Of long lists most phrases never stand in a text, so a pattern is made of
    those alone whose longest word the text holds: the others cannot be found there.
    """

    __slots__ = ("_is_shipped", "_made", "_phrases")

    def __init__(self, phrases: Iterable[str]) -> None:
        self._phrases = tuple((_longest(low), low) for low in map(folded, phrases))
        self._made: dict[tuple[str, ...], re.Pattern[str]] = {}
        self._is_shipped = is_of_the_program()

    def __getstate__(self) -> tuple[tuple[str, str], ...]:
        return self._phrases

    def __setstate__(self, phrases: tuple[tuple[str, str], ...]) -> None:
        self._phrases, self._made, self._is_shipped = phrases, {}, is_of_the_program()

    def search(self, text: str) -> re.Match[str] | None:
        pattern = self._pattern(text)
        return pattern and pattern.search(text)

    def match(self, text: str, at: int) -> re.Match[str] | None:
        pattern = self._pattern(text)
        return pattern and pattern.match(text, at)

    def fullmatch(self, text: str) -> re.Match[str] | None:
        pattern = self._pattern(text)
        return pattern and pattern.fullmatch(text)

    def finditer(self, text: str) -> Iterator[re.Match[str]]:
        pattern = self._pattern(text)
        return pattern.finditer(text) if pattern else iter(())

    def sub(self, by: str, text: str) -> str:
        pattern = self._pattern(text)
        return pattern.sub(by, text) if pattern else text

    def _pattern(self, text: str) -> re.Pattern[str] | None:
        """None where no phrase can stand in the text."""
        phrases = tuple(low for word, low in self._phrases if word in text)
        if phrases and phrases not in self._made:
            with of_the_program(self._is_shipped):
                self._made[phrases] = _pattern_of(phrases)
        return self._made[phrases] if phrases else None


@lru_cache(maxsize=512)
def _pattern_of(phrases: tuple[str, ...]) -> re.Pattern[str]:
    written = [re.escape(low).replace(r"\*", r"\w*").replace(r"\ ", r"[ -]") for low in phrases]
    ends = [w if w.endswith(r"\w*") or not w[-1].isalnum() else rf"{w}\b" for w in written]
    return re.compile("|".join(rf"(?<!\w){w}" for w in ends))


def _longest(low: str) -> str:
    return max(_PIECE.findall(low), key=len, default="")
