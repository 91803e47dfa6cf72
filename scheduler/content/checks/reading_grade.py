"""How hard a text is to read: the Flesch-Kincaid grade (Kincaid and others, 1975), in American school years.

A rough measure: it counts syllables by vowels and knows no meaning. It warns, and never blocks.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

_WORD = re.compile(r"[A-Za-z][A-Za-z'-]*")
_SENTENCE = re.compile(r"[.!?:;]+(?=\s|$)")
_VOWELS = re.compile(r"[aeiouy]+")
#: Endings whose e is spoken.
_SPOKEN = ("ted", "ded", "ses", "xes", "zes", "ches", "shes", "ges", "ces")


@lru_cache(maxsize=16384)
def syllables(word: str) -> int:
    """Syllables of an English word, by its groups of vowels; at least one."""
    word = word.lower().strip("'-")
    if len(word) <= 3:
        return 1
    if word.endswith("e") and not word.endswith(("le", "ee", "ie", "oe", "ye")):
        word = word[:-1]
    elif word.endswith(("es", "ed")) and not word.endswith(_SPOKEN):
        word = word[:-2]
    return max(1, len(_VOWELS.findall(word)))


def grade_of(blocks: Sequence[str]) -> tuple[float, int]:
    """(grade, number of words) of some paragraphs; each ends a sentence. Lines of a few words are left out."""
    words = total = sentences = 0
    for block in blocks:
        found = _WORD.findall(block)
        if len(found) < 5:
            continue
        words += len(found)
        total += sum(map(syllables, found))
        sentences += max(1, len(_SENTENCE.findall(block)))
    if not words:
        return 0.0, 0
    return 0.39 * words / sentences + 11.8 * total / words - 15.59, words
