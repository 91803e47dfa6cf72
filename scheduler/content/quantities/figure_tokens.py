"""A text cut into words, numbers and signs, as the grammars of quantities read them.

What is no quantity (a date, a telephone number, a page) is one token that says nothing.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import replace
from enum import Enum
from fractions import Fraction

from ...light_dataclass import dataclass
from .folding import SUPERSCRIPTS, folded
from .quantity import Doubt


class Kind(Enum):
    NUMBER = 1
    ORDINAL = 2
    WORD = 3
    SIGN = 4
    MASKED = 5  # a date, a citation: no quantity, and nothing reads across it


@dataclass(frozen=True)
class Token:
    """``joined``: nothing, or a hyphen, stands between it and the one before it (``glued``: nothing at all)."""

    kind: Kind
    text: str
    start: int
    end: int
    joined: bool = False
    glued: bool = False
    value: Fraction = Fraction(0)
    doubts: tuple[Doubt, ...] = ()
    #: Digits that may be a year, without any sign between them.
    is_year: bool = False


# -- numbers ------------------------------------------------------------------------------------------------------

_POWERS = str.maketrans(SUPERSCRIPTS, "2310456789")
VULGAR = "\u00bc-\u00be\u2150-\u215e\u2189"
_TO_THE_POWER = rf"[x\u00d7\u00b7*] ?10 ?(?:\^ ?(?P<caret>\d{{1,2}})|(?P<raised>[{SUPERSCRIPTS}]{{1,2}}))"
_NUMBER = re.compile(
    rf"(?P<power>(?P<mantissa>\d+(?:\.\d+)?) ?(?:{_TO_THE_POWER}|e\+?(?P<e>\d{{1,2}})\b))"
    r"|(?P<spaced>(?<!\d)\d(?: \d){2,}(?: ?, ?\d \d \d)*(?![\d,]\d)|(?<![\w.])\d{1,3}(?:_\d{2,3})+(?!\w)"
    r"|(?<![\w.])\d(?:\.\d){4,}(?![\w.]\d))"
    r"|(?P<letters>(?<![\w,.-])(?:[1-9](?:,?[\do])*?o(?:,?[\do])*|l[\do]{2,}|[1-9]\d*l(?:,?[\dl])+)(?![\w-]))"
    r"|(?P<keycap>\d\u20e3(?:\d\u20e3)*)"
    r"|(?P<grouped>(?<![\d.,])\d{1,3}(?:(?P<mark>[.,' ])\d{3})(?:(?P=mark)\d{3})*(?:[.,]\d{1,6})?(?!\d|[.,]\d))"
    r"|(?P<plain>\d+(?:[.,]\d+)?)"
)
_ORDINAL_END = re.compile(
    r"(?:st|nd|rd|th)\b|\.?(?:[\u00aa\u00ba\u00b0]|(?:er|ra|ro|do|da|to|ta|vo|va|no|na|mo|ma)\b|\u1d49\u02b3)"
)
_WORD = rf"[^\W\d_{SUPERSCRIPTS}{VULGAR}]+(?:'[^\W\d_]+)?"
_TOKEN = re.compile(
    rf"(?P<number>\d|\bl[\do]{{2,}}(?!\w))|(?P<vulgar>[{VULGAR}])"
    rf"|(?P<word>{_WORD})|(?P<hundred>\U0001f4af)|(?P<sign>[^\w\s\u20e3])"
)
#: A word of a hashtag: #UnaDeCadaTres is four.
_OF_A_HASHTAG = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])")
_JOINERS = "-\u2010\u2011\u2012\u2013\u2212"


#: The words of a folded text, wherever they stand.
words_in = re.compile(_WORD).findall


def tokens_of(text: str, language: str, masks: Sequence[tuple[int, int]]) -> Iterator[Token]:
    """The words, numbers and signs of a text. ``language``: how it parts groups of digits from decimals; ``masks``:
    where no quantity is to be read, in order."""
    low = folded(text)
    at, in_hashtag = 0, False
    behind, joint = -1, -1  # where the last one ended, with a hyphen and without
    for limit, end in (*masks, (len(low), len(low))):
        while found := _TOKEN.search(low, at, limit):
            at, words = found.end(), found[0]
            glued = found.start() == behind
            if glued and words in _JOINERS and low[at : at + 1].isalnum():
                joint = at
                continue
            joined, in_hashtag = glued or found.start() == joint, words == "#" or (in_hashtag and glued)
            if found.lastgroup == "word":
                if in_hashtag and (cut := _OF_A_HASHTAG.match(text, found.start(), at)):
                    at, words = cut.end(), low[cut.start() : cut.end()]
                yield Token(Kind.WORD, words, found.start(), at, joined, glued)
            elif found.lastgroup == "sign":
                yield Token(Kind.SIGN, words, found.start(), at, joined, glued)
            else:
                token = _number(found, text, low, limit, language)
                yield replace(token, joined=joined, glued=glued)
                at = token.end
            behind = at
        at = max(at, limit)
        if end > at:
            yield Token(Kind.MASKED, low[at:end], at, end)
            at = end


def _number(found: re.Match[str], text: str, low: str, limit: int, language: str) -> Token:
    if found["number"]:
        return _in_digits(text, low, found.start(), limit, language)
    if found["vulgar"]:
        top, _, bottom = unicodedata.normalize("NFKC", found[0]).partition("\u2044")
        return Token(Kind.NUMBER, found[0], *found.span(), value=Fraction(int(top), int(bottom)))
    return Token(Kind.NUMBER, found[0], *found.span(), value=Fraction(100), doubts=(Doubt.OTHER_DIGITS,))


def _in_digits(text: str, low: str, at: int, limit: int, language: str) -> Token:
    found = _NUMBER.match(low, at, limit)
    if found is None:  # pragma: no cover - a digit is always one
        return Token(Kind.SIGN, low[at], at, at + 1)
    end, doubts = found.end(), set()
    if (
        any(not c.isascii() and c.isalnum() and c not in SUPERSCRIPTS for c in text[at:end])
        or low[end : end + 1] == "\u20e3"
    ):
        doubts.add(Doubt.OTHER_DIGITS)
    value = _value(found, language, doubts)
    if found["plain"] and low[end : end + 1] in SUPERSCRIPTS and end < len(low):
        doubts.add(Doubt.SUPERSCRIPT)
    ordinal = _ORDINAL_END.match(low, end, limit) if value.denominator == 1 else None
    if ordinal and not (ordinal[0][-1] == "\u00b0" and low[ordinal.end() : ordinal.end() + 1] in ("c", "f")):
        return Token(Kind.ORDINAL, low[at : ordinal.end()], at, ordinal.end(), value=value, doubts=tuple(doubts))
    is_year = found[0].isdigit() and 1500 <= value <= 2100
    return Token(Kind.NUMBER, found[0], at, end, value=value, doubts=tuple(sorted(doubts)), is_year=is_year)


def _value(found: re.Match[str], language: str, doubts: set[Doubt]) -> Fraction:
    written = found[0]
    if found["power"]:
        power = int(found["caret"] or found["e"] or found["raised"].translate(_POWERS))
        return Fraction(str(found["mantissa"])) * Fraction(10) ** power
    if found["spaced"]:
        doubts.add(Doubt.SPACED)
        return Fraction(re.sub(r"\D", "", written))
    if found["keycap"]:
        doubts.add(Doubt.OTHER_DIGITS)
        return Fraction(written.replace("\u20e3", ""))
    if found["letters"]:
        doubts.add(Doubt.LETTERS)
        return Fraction(re.sub(r"\D", "", written.replace("o", "0").replace("l", "1")) or "0")
    if found["grouped"]:
        return _grouped(written, found["mark"], language, doubts)
    if "," in written and language == "en":
        doubts.add(Doubt.SEPARATOR)
    return Fraction(written.replace(",", "."))


def _grouped(written: str, mark: str, language: str, doubts: set[Doubt]) -> Fraction:
    """One mark and three digits behind it: a group or, for those who part decimals with it, a decimal."""
    other = "," if mark == "." or (mark in " '" and "," in written) else "."
    if other == "," and mark != "." and language == "en":
        doubts.add(Doubt.SEPARATOR)
    whole, _, decimals = written.partition(other)
    if not decimals and mark in ". ," and whole.count(mark) == 1:
        if mark == "." and language == "en":
            return Fraction(written)
        if mark == "." and not whole.endswith("000"):
            doubts.add(Doubt.SEPARATOR)
    if mark in ",'. " and decimals and whole.count(mark) == 0:
        return Fraction(f"{whole}.{decimals}")
    return Fraction(whole.replace(mark, "") + (f".{decimals}" if decimals else ""))
