"""Which of thousands of patterns may stand in which of many sentences, asked of all sentences at once.

Of each pattern it is known what a sentence must hold: of each of its choices one phrase, of a phrase each word. So a
word is looked up once, however many sentences hold it: it brings a number with a bit for each of them, and those of a
phrase's words, of a choice's phrases and of a pattern's choices are put together with "and" and "or".
"""

from __future__ import annotations

import marshal
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, TypeVar

K = TypeVar("K")
Words = tuple[str, ...]
#: Of a pattern its choices, each with the words of its phrases, a star behind a stem. The rarest choice stands first.
MustHold = Sequence[Sequence[Words]]
#: By the longest word of phrases, and by each stem: their other words, and the choices they are of; by the first choice
#: of patterns: their places, and their other choices. Each is taken out of its bytes when it is met.
Kept = tuple[Mapping[str, bytes], Mapping[int, bytes]]


def kept_index(patterns: Mapping[int, MustHold]) -> Kept:
    """What an index of patterns by their places is made from, in a form that can be kept."""
    numbers: dict[tuple[Words, ...], int] = {}
    by_choice: dict[int, list[tuple[int, list[int]]]] = {}
    for place, must_hold in patterns.items():
        first, *others = [numbers.setdefault(tuple(choice), len(numbers)) for choice in must_hold]
        by_choice.setdefault(first, []).append((place, others))
    choices_of: dict[Words, list[int]] = {}
    for choice, number in numbers.items():
        for phrase in choice:
            choices_of.setdefault(phrase, []).append(number)
    by_word: dict[str, list[tuple[Words, list[int]]]] = {}
    for phrase, choices in choices_of.items():
        longest, rest = max(phrase, key=len), dict.fromkeys(phrase)
        by_word.setdefault(longest, []).append((tuple(word for word in rest if word != longest), choices))
        by_word.update({word: [] for word in rest if word[-1] == "*" and word not in by_word})
    return _each_dumped(by_word), _each_dumped(by_choice)


def _each_dumped(values: Mapping[K, list[Any]]) -> dict[K, bytes]:
    return {key: marshal.dumps(value) for key, value in values.items()}


def _taken(kept: Mapping[K, bytes], key: K) -> Any:
    found = kept.get(key)
    return marshal.loads(found) if found else ()  # noqa: S302 - it is in our own folder, see kept_by_key


def _bits_of(sentences: Sequence[Iterable[str]]) -> dict[str, int]:
    """Of each word a bit for each sentence that holds it."""
    found: dict[str, int] = {}
    for number, words in enumerate(sentences):
        bit = 1 << number
        for word in words:
            found[word] = found.get(word, 0) | bit
    return found


class PatternIndex:
    """Patterns by what a sentence must hold."""

    def __init__(self, kept: Kept) -> None:
        self._by_word, self._by_choice = kept
        self._lengths = sorted({len(word) - 1 for word in self._by_word if word[-1] == "*"})

    def places_in(self, sentences: Sequence[Iterable[str]]) -> list[list[int]]:
        """Of each sentence, given by its words: the places of the patterns that may stand in it, in order."""
        in_words = _bits_of(sentences)
        in_words |= self._stems_in(in_words)
        in_choices: dict[int, int] = {}
        for word, bits in in_words.items():
            for others, choices in _taken(self._by_word, word):
                in_phrase = bits
                for other in others:
                    in_phrase &= in_words.get(other, 0)
                if in_phrase:
                    for choice in choices:
                        in_choices[choice] = in_choices.get(choice, 0) | in_phrase
        found: list[list[int]] = [[] for _ in sentences]
        for choice, bits in in_choices.items():
            for place, others in _taken(self._by_choice, choice):
                in_all = bits
                for other in others:
                    in_all &= in_choices.get(other, 0)
                while in_all:
                    found[in_all.bit_length() - 1].append(place)
                    in_all ^= 1 << (in_all.bit_length() - 1)
        return [sorted(places) for places in found]

    def _stems_in(self, in_words: Mapping[str, int]) -> dict[str, int]:
        """The stems that some of the words begin with, each with its star."""
        found: dict[str, int] = {}
        for word, bits in in_words.items():
            for length in self._lengths:
                if length > len(word):
                    break
                if (stem := f"{word[:length]}*") in self._by_word:
                    found[stem] = found.get(stem, 0) | bits
        return found
