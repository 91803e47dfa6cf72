"""Figures in a text, by value: "27.6 million", "27,600,000" and "$236 billion", "42 percent" and "42%", "1 in 4"."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

_WORDS = {
    word: value
    for value, word in enumerate(
        "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen "
        "eighteen nineteen twenty".split(),
        start=1,
    )
} | {"thirty": 30, "forty": 40, "fifty": 50, "sixty": 60, "seventy": 70, "eighty": 80, "ninety": 90, "hundred": 100}
_SCALE = {"thousand": 10**3, "million": 10**6, "billion": 10**9, "bn": 10**9, "trillion": 10**12}

_NUMBER = r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?"
_WORD = "|".join(_WORDS)
_FIGURE = re.compile(
    rf"(?<![\w.,/])(?P<a>\d{{1,3}}|{_WORD}) (?:in|out of)(?: every)? (?P<b>\d{{1,3}}|{_WORD})(?![\w,/])"
    rf"|(?<![\w.,/])(?P<n>{_NUMBER}|{_WORD})[ -]?"
    r"(?P<unit>%|(?:percent|per cent|thousand|million|billion|bn|trillion)\b)"
    r"|(?<![\w.,/#-])(?P<c>\d{1,3}(?:,\d{3})+|\d{3,})(?:\.\d+)?(?![\w/-]|[.,]\d)",
    re.IGNORECASE,
)
_YEAR = re.compile(r"1[5-9]\d\d|20\d\d|2100")
#: Before or after these a number is the name of a law, a page or a paragraph.
_CITED_BEFORE = re.compile(
    r"(?:\u00a7+|\b(?:sections?|sec\.|title|chapter|articles?|no\.|number|p\.|pp\.|pages?|proclamation|resolution"
    r"|pub\. ?l\.|public law|p\.l\.|stat\.|fr|fed\. reg\.|u\.s\.c\.|c\.f\.r\.|h\.r\.|hb|sb|s\.|room|suite|box))\s*$",
    re.IGNORECASE,
)
_CITED_AFTER = re.compile(r"\s*(?:u\.?s\.?c\b|u\.s\.c\.|stat\.|c\.?f\.?r\b|fed\. reg\.|fr\b|u\.s\.)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure as it is printed, and what it means: ``value`` with ``unit`` "", "%" or "ratio"."""

    words: str
    value: float
    unit: str
    start: int

    @property
    def meaning(self) -> tuple[float, str]:
        return self.value, self.unit


def _value(text: str) -> float:
    return float(_WORDS[text.lower()]) if text.lower() in _WORDS else float(text.replace(",", ""))


@lru_cache(maxsize=8192)
def figures_in(text: str) -> tuple[Figure, ...]:
    """All figures of a folded text, in order. Years and citations of laws and pages are none."""
    found = []
    for match in _FIGURE.finditer(text):
        words = match[0]
        if match["a"]:
            value, unit = _value(match["a"]) / _value(match["b"]), "ratio"
        elif match["unit"]:
            scale = match["unit"].lower()
            value, unit = (_value(match["n"]) * _SCALE[scale], "") if scale in _SCALE else (_value(match["n"]), "%")
        else:
            if _YEAR.fullmatch(match["c"]) or _CITED_BEFORE.search(text, max(0, match.start() - 24), match.start()):
                continue
            if _CITED_AFTER.match(text, match.end()):
                continue
            value, unit = _value(match["c"]), ""
        found.append(Figure(words, round(value, 6), unit, match.start()))
    return tuple(found)
