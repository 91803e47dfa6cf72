"""A quantity as it is written, and what it means."""

from __future__ import annotations

from enum import StrEnum
from fractions import Fraction
from typing import Any

from ...light_dataclass import dataclass


class Form(StrEnum):
    """How a quantity is said; it decides how much is asked of it."""

    PLAIN = "plain"  # 312 households, $236 billion, 8 miles
    PERCENT = "percent"  # 23%, three percentage points
    RATIO = "ratio"  # one in three, 3 of every 1,000, 3:1
    FRACTION = "fraction"  # two thirds, half of, 1/3
    SHARE = "share"  # most, all, hardly any: no value, yet a share
    FACTOR = "factor"  # twice as many, 32-fold, tripled
    RATE = "rate"  # every 30 seconds, 79 a day
    RANK = "rank"  # second largest, number one, the top ten
    SUPERLATIVE = "superlative"  # fastest growing, worse than ever
    AVERAGE = "average"  # on average, the median
    MAGNITUDE = "magnitude"  # thousands, tens of thousands, six-figure
    VAGUE = "vague"  # many, several, few, often


class Doubt(StrEnum):
    """Why what is written cannot be read for sure."""

    SEPARATOR = "separator"  # 12.345 in Spanish, 27,6 in English
    BILLON = "billón"  # 10^12 in Spanish, 10^9 in much of what is written in the United States
    OTHER_DIGITS = "other digits"  # of another script or look than the rest
    LETTERS = "letters"  # l00, 3OO
    SPACED = "spaced"  # 3 0 0, 0 0 0
    SUPERSCRIPT = "superscript"  # 10²: a power, or 10 and a note


#: Of values that are shares of a whole: a percent is kept as its number, a ratio as its fraction.
PERCENT, RATIO = "%", "ratio"
AGE, MONEY = "age", "money"
#: Units of time, the shortest first, and how many seconds they have.
SECONDS = {
    "second": 1,
    "minute": 60,
    "hour": 3600,
    "day": 86400,
    "night": 86400,
    "week": 604800,
    "month": 2629800,
    "year": 31557600,
    "decade": 315576000,
    "century": 3155760000,
}


@dataclass(frozen=True)
class Quantity:
    """One quantity of a text. ``values``: none where it has no value (most, thousands), two for a range."""

    words: str
    start: int
    end: int
    form: Form
    values: tuple[Fraction, ...] = ()
    unit: str = ""
    #: The unit of time in which so much happens: $236 billion a year, 79 a day.
    per: str = ""
    #: What stands before it and changes what it means: about, more than, up to.
    bound: str = ""
    #: What it counts: the words behind it, up to a verb, a preposition or a stop; folded.
    noun: str = ""
    doubts: tuple[Doubt, ...] = ()

    def plain(self) -> tuple[object, ...]:
        """As values that can be kept for another process."""
        values = tuple((value.numerator, value.denominator) for value in self.values)
        words = (self.words, self.start, self.end, str(self.form), values)
        return *words, self.unit, self.per, self.bound, self.noun, tuple(map(str, self.doubts))

    @classmethod
    def of_plain(cls, plain: Any) -> Quantity:
        words, start, end, form, values, unit, per, bound, noun, doubts = plain
        meant = tuple(Fraction(*value) for value in values)
        return cls(words, start, end, Form(form), meant, unit, per, bound, noun, tuple(map(Doubt, doubts)))

    @property
    def meanings(self) -> tuple[tuple[Fraction, str], ...]:
        """Each value with its unit, so that what is written in two ways can be compared."""
        return tuple((value, self.unit) for value in self.values)

    @property
    def shares(self) -> tuple[Fraction, ...]:
        """What part of a whole it is: 25 %, one in four and a quarter are the same."""
        if self.unit == PERCENT:
            return tuple(value / 100 for value in self.values)
        return self.values if self.unit == RATIO else ()
