"""Words in quotation marks of any kind, and where they stand in a folded text.

The text is :func:`~.canonical_text.comparable`: curly marks, low marks and guillemets are straight ones there. Marks
that are something else are told apart: apostrophes, feet and inches, the years of a decade.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from ..light_dataclass import dataclass


@dataclass(frozen=True)
class Quoted:
    """What stands between two marks: ``start`` and ``end`` are those of the words, without the marks."""

    start: int
    end: int
    words: str


#: Marks that are no straight ones in a folded text: those of East Asia, and pairs of other signs.
_PAIRS = re.compile(
    "[\u300c\u300e\ufe41\ufe43](.{1,4000}?)[\u300d\u300f\ufe42\ufe44]|<<(.{1,4000}?)>>|,,(.{1,4000}?)(?:''|\")"
)
_DOUBLE = re.compile(r'"|\'\'')
_SINGLE_OPENS = re.compile(r"'(?<![\w'.,!?)]')(?=[^\s'])")
_SINGLE_CLOSES = re.compile(r"'(?<=[^\s'(]')(?![\w'])")
#: What an apostrophe stands for at the start of a word: '90s, 'tis, 'em.
_ELIDED = re.compile(r"'(?:\d\ds?\b|(?:tis|twas|em|til|till|cause|round|bout|n|cuz|neath|pon)\b)", re.IGNORECASE)
#: Behind the s of a plural an apostrophe is more often a possessive: workers' papers.
_POSSESSIVE = re.compile(r"(?<=s)' (?=[a-z])")
_FIGURE_BEFORE = re.compile(r"\d ?\Z")


@lru_cache(maxsize=8192)
def quoted_in(text: str) -> tuple[Quoted, ...]:
    """Each quotation of a folded text, in order; one within another is not told of its own."""
    if not any(mark in text for mark in "\"'<\u300c\u300e\ufe41\ufe43") and ",," not in text:
        return ()
    found: list[Quoted] = []
    start = 0
    for line in text.split("\n"):
        spans = sorted({*_in_pairs(line), *_in_double(line), *_in_single(line)}, key=lambda span: (span[0], -span[1]))
        reached = 0
        for begin, end in spans:
            words = line[begin:end].strip()
            if begin < reached or not any(c.isalnum() for c in words):
                continue
            reached = end
            begin += len(line[begin:end]) - len(line[begin:end].lstrip())
            found.append(Quoted(start + begin, start + begin + len(words), words))
        start += len(line) + 1
    return tuple(found)


def _in_pairs(line: str) -> Iterator[tuple[int, int]]:
    for pair in _PAIRS.finditer(line):
        number = pair.lastindex or 0
        yield pair.span(number)


def _in_double(line: str) -> Iterator[tuple[int, int]]:
    """From one mark to the next; from one that nothing closes to the end of the line, as where the next paragraph goes
    on with the same speaker."""
    opened = -1
    for mark in _DOUBLE.finditer(line):
        if opened >= 0:
            yield opened, mark.start()
            opened = -1
        elif not _FIGURE_BEFORE.search(line, max(0, mark.start() - 2), mark.start()):  # else inches
            opened = mark.end()
    if opened >= 0:
        yield opened, len(line)


def _in_single(line: str) -> Iterator[tuple[int, int]]:
    at = 0
    while opened := _SINGLE_OPENS.search(line, at):
        at = opened.end()
        if _ELIDED.match(line, opened.start()):
            continue
        closes = list(_SINGLE_CLOSES.finditer(line, opened.end()))
        close = next((m for m in closes if not _POSSESSIVE.match(line, m.start())), closes[-1] if closes else None)
        if close is not None:
            yield opened.end(), close.start()
            at = close.end()
