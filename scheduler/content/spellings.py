"""Other spellings of a name, an address or a number: with signs between its letters, in words, with a slip."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache

from .help_line_rules import HelpLineRules
from .rule_files import pattern_of

_BETWEEN = r"[\W_]{0,3}"
_WORD, _WORDS = re.compile(r"\w+"), re.compile(r"[^\W_]+")
#: British and American forms of a word's end or middle.
_VARIANTS = (
    (re.compile(r"(?<=\w\wt)(?:er|re)\b"), "(?:er|re)"),
    (re.compile(r"ou?r(?=s?\b)"), "ou?r"),
    (re.compile(r"i[sz](?=ation|ed?\b|ing\b)"), "i[sz]"),
)
#: The shapes of an American telephone number, by the lengths of its groups.
_SHAPES = frozenset(
    {(3, 3, 4), (1, 3, 3, 4), (1, 3, 4, 3), (3, 4, 3), (1,) * 10, (1,) * 11, (3, 7), (1, 3, 7), (2,) * 5}
)
_GROUPS = re.compile(r"(?<![\w$.,/-])\d{1,7}(?:[^\w\n]{1,4}\d{1,7}){1,10}(?![\w%])")
_SMALLEST = 3
#: So many words for digits, and digits, of which one is a word.
_IN_A_ROW = re.compile(r"w[wd]{2}|[wd]w[wd]|[wd]{2}w")


def edits(one: str, two: str, most: int) -> int:
    """How many letters have to be put in, left out, exchanged or swapped with their neighbor; ``most`` + 1 at most."""
    if abs(len(one) - len(two)) > most:
        return most + 1
    before: list[int] = []
    row = list(range(len(two) + 1))
    for i, a in enumerate(one, 1):
        last, before, row = before, row, [i]
        for j, b in enumerate(two, 1):
            cost = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (a != b))
            if i > 1 and j > 1 and a == two[j - 2] and one[i - 2] == b:
                cost = min(cost, last[j - 2] + 1)
            row.append(cost)
        if min(row) > most:
            return most + 1
    return min(row[-1], most + 1)


@lru_cache(maxsize=512)
def other_spellings(name: str) -> str:
    """A pattern for a name: its words with other signs or none between them, British or American; an acronym with dots;
    in an address the words for its signs."""
    if re.fullmatch(r"[A-Z]{3,6}", name):
        return rf"(?<![^\W_]){_BETWEEN.join(name)}s?(?![^\W_])"
    low = name.casefold().removeprefix("www.")
    if re.fullmatch(r"[\w.+-]*@?[\w-]+(?:\.[\w-]+)+", low):
        pieces = re.split(r"([@.])", low)
        signs = {"@": rf"{_BETWEEN}(?:@|at|arroba){_BETWEEN}", ".": rf"{_BETWEEN}(?:\.|dot|punto){_BETWEEN}"}
        return r"(?<![^\W_])" + "".join(signs.get(p) or re.escape(p) for p in pieces) + r"(?![^\W_])"
    words = _WORD.findall(low)
    if len(words) == 1:
        apart = r"[^\w\n]{1,2}".join(map(re.escape, low))
        return rf"(?<![^\W_])(?:{re.escape(low)}|{apart})(?![^\W_])"
    return r"(?<![^\W_])" + _BETWEEN.join(map(_with_variants, words)) + r"(?![^\W_])"


def _with_variants(word: str) -> str:
    for pattern, instead in _VARIANTS:
        if pattern.search(word) and len(word) > 4:
            return pattern.sub(lambda m, instead=instead: instead, word)  # type: ignore[misc]
    return re.escape(word)


def numbers_with_other_signs(text: str) -> Iterator[tuple[str, str]]:
    """(as written, digits) of what has the shape of a telephone number, whatever stands between its groups."""
    for found in _GROUPS.finditer(text):
        groups = re.findall(r"\d+", found[0])
        digits = "".join(groups)
        if tuple(map(len, groups)) in _SHAPES and (len(digits) == 10 or digits.startswith("1")):
            yield found[0], digits[-10:]


class SpelledNumbers:
    """Numbers of which at least one digit is a word."""

    def __init__(self, rules: HelpLineRules) -> None:
        words = sorted(sorted({*rules.digits, *rules.tens, *rules.repeats}), key=len, reverse=True)
        piece = rf"(?:{'|'.join(map(re.escape, words))}|\d{{1,4}})"
        self._rules = rules
        self._run = pattern_of(
            rules.fingerprint, rf"(?<!\w){piece}(?:[\W_]{{1,3}}{piece}){{2,20}}(?!\w)", re.IGNORECASE
        )
        self._piece = pattern_of(rules.fingerprint, piece, re.IGNORECASE)
        self._words, self._any = tuple(w for w in words if len(w) > 2), frozenset(words)

    def read(self, text: str, low: str, words: Sequence[str]) -> Iterator[tuple[str, str]]:
        """(as written, digits) of each. ``low``: the text in small letters; ``words``: those of it."""
        if self._any.isdisjoint(words):  # the quick look: at most places no number is spelled
            return
        pieces = ["w" if word in self._any else "d" if word.isdigit() else " " for word in words]
        if not _IN_A_ROW.search("".join(pieces)):
            return
        if sum(map(low.count, self._words)) < _SMALLEST - 1:
            return
        for found in self._run.finditer(text):
            digits, times, has_word = "", 1, False
            pieces = [piece.casefold() for piece in self._piece.findall(found[0])]
            for low, behind in zip(pieces, (*pieces[1:], ""), strict=True):
                if low in self._rules.repeats:
                    times = self._rules.repeats[low]
                    continue
                has_word = has_word or not low.isdigit()
                unit = self._rules.digits.get(behind, "0")
                ten = self._rules.tens.get(low, "") + ("" if len(unit) == 1 and unit != "0" else "0")
                digits += ten if low in self._rules.tens else self._rules.digits.get(low, low) * times
                times = 1
            if has_word and len(digits) >= _SMALLEST:
                yield found[0], digits[1:] if len(digits) == 11 and digits.startswith("1") else digits


#: Of the same rules once.
spelled_numbers = lru_cache(maxsize=8)(SpelledNumbers)


def numbers_in_words(text: str, ways: Iterable[SpelledNumbers]) -> Iterator[tuple[str, str]]:
    """(as written, digits) of each, of a text whose words are looked for once."""
    low = text.casefold()
    words = _WORDS.findall(low)
    for way in ways:
        yield from way.read(text, low, words)


def nearest(word: str, known: Iterable[str], most: int) -> str:
    """Of those that differ by ``most`` slips at most, the nearest; empty where there is none."""
    found = [(edits(word, other, most), other) for other in known if other != word]
    return min(((n, other) for n, other in found if n <= most), default=(0, ""))[1]
