"""The days that a text names, as its language writes them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from enum import StrEnum
from functools import cached_property, lru_cache
from typing import NamedTuple

from ..rule_files import pattern_of
from .day_rules import RELATIVE, SPANS, DayRules, any_of, small


class Told(StrEnum):
    """How a day is named."""

    DATE = "date"
    MONTH = "month"  # with a year
    YEAR = "year"
    WEEKDAY = "weekday"
    NTH = "nth"  # weekday of a month
    RELATIVE = "relative"
    SPAN = "span"
    NAME = "name"


class ToldDay(NamedTuple):
    """One naming of a day. Which fields count depends on ``told``.

    ``other``: the day when a date in digits is read in the other order. ``days``: of a relative one, after today.
    ``loose``: a day of the week with an article, "on a Monday".
    """

    told: Told
    words: str
    start: int
    end: int
    day: int = 0
    month: int = 0
    year: int = 0
    weekday: int = -1
    days: int = 0
    name: str = ""
    unit: str = ""
    other: tuple[int, int] | None = None
    loose: bool = False


_GAP = r"(?:[.,]{0,2}[ \u00a0]|-)"
_YEAR = r"(?:1[5-9]|20|21)\d\d"
#: A number in digits, or words that may be one.
_NUMBER = r"(\d{1,3}|[^\W\d_]+(?:(?:-| y )[^\W\d_]+)?)"
_PLACE = re.compile(r"\{(\w+)\}")
#: The letters by which it is told with which word a naming begins, or the sign.
_START = re.compile(r"[^\W\d_]{1,3}|[^\w\s]")
#: Counts of days with a number.
_COUNTS = ("years_ago_today", "until", "later", "ago")
#: What else is said at the place of a day with a name, and what goes before the name.
_BEHIND_NAMES = frozenset(("span", "relative", "weekday", "year_p", "year_d", "year_b"))
_NAMED = frozenset(("name", "name_year"))
_NAME_YEAR = rf"(?!\w)(?:[ ,(]{{1,2}}(?:of )?(?P<name_year>{_YEAR})(?!\w))?"
_NOT_WITHIN = r"(?<![\w$%])"


class DayReader:
    """Reads one language. Texts are matched in small letters: a pattern that takes both sees no letter in advance."""

    def __init__(self, rules: DayRules) -> None:
        self.rules = rules
        self._numbers = {word: n for n, word in enumerate(rules.words["numbers"], 1)}
        self._ordinals = {word: n for n, word in enumerate(rules.words["ordinals"], 1)}
        self._months = {small(w): n for n, words in enumerate(rules.months, 1) for w in words}
        self._weekdays = {small(w): n for n, words in enumerate(rules.weekdays) for w in words}
        self._relative = {small(w): RELATIVE[key] for key, words in rules.relative.items() for w in words}
        self._spans = {small(w): SPANS[key] for key, words in rules.spans.items() for w in words}
        day = rf"(?:\d{{1,2}}(?:{any_of(rules.words['endings'])})?|{any_of(self._ordinals)})(?![\w%]|[.,:]\d)"
        self._parts = {
            "weekday": any_of(self._weekdays),
            "month": rf"(?:{any_of(self._months)})(?!\w)",
            "day": day,
            "year": _YEAR + r"(?![\w%]|[.,]\d)",
        }
        self._nths = {small(w): n for w, n in rules.nths.items()}

    @cached_property
    def just_before(self) -> re.Pattern[str]:
        """ "Tomorrow is" before what is said of that day."""
        written = rf"(?<!\w)({any_of(self._relative)})(?:['\u2019]s| \w{{1,5}})(?: the)? $"
        return pattern_of(self.rules.fingerprint, written, re.IGNORECASE)

    def days_off(self, relative: str) -> int:
        return self._relative[small(relative)]

    @cached_property
    def _at_each_word(self) -> re.Pattern[str]:
        counts = {key: self.rules.counts[key] for key in _COUNTS}
        return pattern_of(self.rules.fingerprint, _NOT_WITHIN + self._alternatives(counts))

    @cached_property
    def _pattern(self) -> re.Pattern[str]:
        """Without the counts that begin with a number, and tried at words with which a naming may begin: it is long."""
        counts = {key: [p for p in self.rules.counts[key] if not p.startswith("{")] for key in _COUNTS}
        written = f"{_NOT_WITHIN}(?={self._beginnings}){self._alternatives(counts)}"
        return pattern_of(self.rules.fingerprint, written)

    def _alternatives(self, counts: Mapping[str, Iterable[str]]) -> str:
        rules = self.rules
        not_behind = "".join(f"(?<!{re.escape(small(w))} )" for w in rules.words["not_after"])
        pieces = [
            *(self._form(form, n) for n, form in enumerate(rules.words["forms"])),
            *(rf"(?P<nth_{n}>{self._nth(p, n)})(?!\w)" for n, p in enumerate(rules.words["nth"])),
            r"(?P<iso>\d{4}-\d{2}-\d{2})(?![\w-])",
            r"(?P<digits>\d{1,2}(?P<sep>[/.])\d{1,2}(?P=sep)(?:\d{4}|\d{2}))(?![\w/])",
            *(rf"(?P<{key}_{n}>{self.phrase(p)})\b" for key, each in counts.items() for n, p in enumerate(each)),
            rf"(?P<thisday>(?:{any_of(rules.counts['this_day_in'])})) (?P<thisyear>{_YEAR})\b",
            rf"(?P<name>{any_of(rules.holidays)}){_NAME_YEAR}",
            rf"(?P<span>{any_of(self._spans)})(?!\w)",
            rf"{not_behind}(?P<relative>{any_of(self._relative)})(?!\w)",
            rf"(?:(?P<article>{any_of(rules.words['articles'])}) )?(?P<weekday>{any_of(self._weekdays)})(?!\w)",
            self._bare_year(),
        ]
        return f"(?:{'|'.join(pieces)})"

    def _nth(self, phrase: str, n: int) -> str:
        parts = {"nth": any_of(self._nths), "weekday": self._parts["weekday"], "month": self._parts["month"]}
        return _PLACE.sub(lambda m: f"(?P<{m[1]}_of{n}>{parts[m[1]]})", phrase)

    def _form(self, form: str, n: int) -> str:
        """A form as a pattern: what stands in brackets may be left out."""
        out = ""
        pieces = form.split()
        for at, piece in enumerate(pieces):
            optional = piece.startswith("[")
            word = piece.strip("[]")
            place = _PLACE.fullmatch(word)
            pattern = rf"(?P<{place[1]}_{n}>{self._parts[place[1]]})" if place else re.escape(small(word))
            gap_after = not all(p.startswith("[") for p in pieces[at + 1 :])
            if optional:
                out += f"(?:{pattern}{_GAP})?" if gap_after else f"(?:{_GAP}{pattern})?"
            else:
                out += pattern + (_GAP if gap_after else "")
        return f"(?P<form_{n}>{out})"

    def phrase(self, phrase: str) -> str:
        """A phrase of a count as a pattern; its numbers are groups without a name."""
        pieces = re.split(r"(\{[nm]\})", small(phrase))
        return "".join(_NUMBER if p.startswith("{") else re.escape(p) for p in pieces).replace("'", "['\u2019]")

    def _bare_year(self) -> str:
        words = self.rules.words
        no_year = any_of(words["after_no_year"])
        after = rf"(?![\w%]|[.,/-]\d)(?! (?:{no_year})\b)"
        return (
            rf"(?:(?:{any_of(words['before_a_year'])}) (?P<year_p>{_YEAR}){after}"
            rf"|(?:{any_of(words['determiners'])}) (?P<year_d>{_YEAR}){after}(?= [a-z\u00e0-\u00ff])"
            rf"|\((?P<year_b>{_YEAR})\))"
        )

    def value(self, words: str) -> int:
        """The number that is written in digits or in words; 0 where it is none."""
        low = words.casefold()
        digits = re.match(r"\d+", low)
        return int(digits[0]) if digits else self._numbers.get(low, 0) or self._ordinals.get(low, 0)

    def read(self, text: str, names: tuple[str, ...] = ()) -> tuple[ToldDay, ...]:
        """Each naming of a day, in order; ``names``: of days, in small letters, that the language does not know."""
        found = (self._told(match, text) for match in self._matches(small(text), names))
        return tuple(told for told in found if told is not None)

    def _matches(self, low: str, names: tuple[str, ...] = ()) -> Iterator[re.Match[str]]:
        pattern = self._at_each_word if any(words in low for words in self._behind_a_number) else self._pattern
        if not names:
            yield from pattern.finditer(low)
            return
        named, end = _pattern_of_names(names), 0
        while found := _first(pattern.search(low, end), named.search(low, end)):
            yield found
            end = found.end()

    @property
    def _beginnings(self) -> str:
        """With what a naming may begin, as a pattern."""
        rules = self.rules
        counts = (phrase for key in _COUNTS for phrase in rules.counts[key])
        written = (
            *(piece for form in rules.words["forms"] for piece in _up_to_the_first_needed(form)),
            *(phrase for phrase in (*rules.words["nth"], *counts) if not phrase.startswith("{")),
            *rules.counts["this_day_in"],
            *rules.words["articles"],
            *(*self._months, *self._weekdays, *self._ordinals, *self._nths),
            *(*self._relative, *self._spans, *rules.holidays),
        )
        letters: dict[str, set[str]] = {}
        for found in filter(None, map(_START.match, map(small, written))):
            letters.setdefault(found[0][0], set()).add(re.escape(found[0][1:]))
        words = (f"{re.escape(first)}(?:{'|'.join(sorted(rest))})" for first, rest in sorted(letters.items()))
        before_years = any_of((*rules.words["before_a_year"], *rules.words["determiners"]))
        return rf"\(?\d|{'|'.join(words)}|(?:{before_years}) \d"

    @cached_property
    def _behind_a_number(self) -> frozenset[str]:
        """What follows of each phrase that begins with a number, which may be any words."""
        phrases = (phrase for key in _COUNTS for phrase in self.rules.counts[key] if phrase.startswith("{"))
        return frozenset(small(phrase).partition("}")[2].partition("{")[0] for phrase in phrases)

    def _told(self, found: re.Match[str], text: str) -> ToldDay | None:
        sort, _, n = str(found.lastgroup).rpartition("_")
        place = (text[found.start() : found.end()], found.start(), found.end())
        if sort == "form":
            return self._of_form(found, n, place)
        if sort == "nth":
            return ToldDay(
                Told.NTH,
                *place,
                days=self._nths[found[f"nth_of{n}"]],
                weekday=self._weekdays[found[f"weekday_of{n}"]],
                month=self._months[found[f"month_of{n}"]],
            )
        if sort in _COUNTS:
            return self._counted(found, sort, place)
        if sort == "year":
            start, end = found.span(f"year_{n}")
            return ToldDay(Told.YEAR, text[start:end], start, end, year=int(text[start:end]))
        return self._of_words(found, place)

    def _of_words(self, found: re.Match[str], place: tuple[str, int, int]) -> ToldDay:
        match found.lastgroup:
            case "iso":
                year, month, day = map(int, found["iso"].split("-"))
                return ToldDay(Told.DATE, *place, day=day, month=month, year=year)
            case "digits":
                return _in_digits(found["digits"], place, self.rules.language)
            case "thisyear":
                return ToldDay(Told.RELATIVE, *place, year=int(found["thisyear"]), unit="this day")
            case "span":
                unit, later = self._spans[found["span"]]
                return ToldDay(Told.SPAN, *place, unit=unit, days=later)
            case "relative":
                return ToldDay(Told.RELATIVE, *place, days=self._relative[found["relative"]])
            case "weekday":
                on = self._weekdays[found["weekday"]]
                return ToldDay(Told.WEEKDAY, *place, weekday=on, loose=found["article"] is not None)
        name = found["name"].replace("\u2019", "'").replace("\u00a0", " ")
        return ToldDay(Told.NAME, *place, name=name, year=int(found["name_year"] or 0))

    def _counted(self, found: re.Match[str], sort: str, place: tuple[str, int, int]) -> ToldDay | None:
        number = self.value(next(v for v in found.groups()[found.re.groupindex[str(found.lastgroup)] :] if v))
        if not number:
            return None
        if sort == "years_ago_today":
            return ToldDay(Told.RELATIVE, *place, days=number, unit="years ago")
        return ToldDay(Told.RELATIVE, *place, days=-number if sort == "ago" else number, unit="counted")

    def _of_form(self, found: re.Match[str], n: str, place: tuple[str, int, int]) -> ToldDay:
        known = found.re.groupindex
        names = {key: f"{key}_{n}" for key in ("weekday", "month", "day", "year")}
        part = {key: (found[name] if name in known else "") or "" for key, name in names.items()}
        return ToldDay(
            Told.DATE if part["day"] else Told.MONTH,
            *place,
            day=self.value(part["day"]) if part["day"] else 0,
            month=self._months.get(part["month"], 0),
            year=int(part["year"] or 0),
            weekday=self._weekdays.get(part["weekday"], -1),
        )


def _in_digits(written: str, place: tuple[str, int, int], language: str) -> ToldDay:
    """Month first, as Americans write; in another language the day. Where only one order gives a date, that one."""
    first, second, year = map(int, re.split(r"[/.]", written))
    year += 2000 if year < 100 else 0
    month, day = (first, second) if language == "en" else (second, first)
    if month > 12 >= day:
        month, day = day, month
    other = (month, day) if day <= 12 and day != month else None
    return ToldDay(Told.DATE, *place, day=day, month=month, year=year, other=other)


def _up_to_the_first_needed(form: str) -> Iterator[str]:
    for piece in form.split():
        if not (word := piece.strip("[]")).startswith("{"):
            yield word
        if not piece.startswith("["):
            return


@lru_cache(maxsize=64)
def _pattern_of_names(names: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile(rf"{_NOT_WITHIN}(?P<name>{any_of(map(small, names))}){_NAME_YEAR}")


def _first(found: re.Match[str] | None, named: re.Match[str] | None) -> re.Match[str] | None:
    """Of two namings that which stands first, or the longer name."""
    if found is None or named is None:
        return found or named
    if found.start() != named.start():
        return min(found, named, key=lambda match: match.start())
    is_shorter = found.lastgroup in _NAMED and found.end("name") < named.end("name")
    return named if is_shorter or found.lastgroup in _BEHIND_NAMES else found


@lru_cache(maxsize=16)
def reader_for(rules: DayRules) -> DayReader:
    """The reader of a language; kept, since its pattern is long."""
    return DayReader(rules)


def is_date(year: int, month: int, day: int) -> bool:
    """Whether there is such a day."""
    try:
        date(year, month, day)
    except ValueError:
        return False
    return True
