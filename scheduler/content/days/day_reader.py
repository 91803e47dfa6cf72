"""The days that a text names, as its language writes them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from enum import StrEnum
from functools import cached_property, lru_cache
from typing import NamedTuple

from ..rule_files import pattern_of
from .day_rules import RELATIVE, SPANS, DayRules, any_of


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
_DIGIT = re.compile(r"\d")
_START = re.compile(r"[^\W\d_]+|\d+|[^\w\s]")
#: Letters that tell with which word a naming begins.
_SO_LONG = 3
#: What a pattern takes for an i in any case, and no other comparison does.
_OTHER_I = re.compile("[\u0130\u0131]")
#: Counts of days with a number, and words that most of them have.
_COUNTS = ("years_ago_today", "until", "later", "ago")
_OF_COUNTS = frozenset("day days year years to this from on d\u00eda d\u00edas a\u00f1o a\u00f1os".split())


class DayReader:
    """Reads one language; ``names``: of days, in small letters, beyond those that the language knows."""

    def __init__(self, rules: DayRules, names: Iterable[str] = ()) -> None:
        self.rules = rules
        self._numbers = {word: n for n, word in enumerate(rules.words["numbers"], 1)}
        self._ordinals = {word: n for n, word in enumerate(rules.words["ordinals"], 1)}
        self._months = {w.casefold(): n for n, words in enumerate(rules.months, 1) for w in words}
        self._weekdays = {w.casefold(): n for n, words in enumerate(rules.weekdays) for w in words}
        self._relative = {w: RELATIVE[key] for key, words in rules.relative.items() for w in words}
        self._not_behind = "".join(f"(?<!{re.escape(w)} )" for w in rules.words["not_after"])
        self._spans = {w: SPANS[key] for key, words in rules.spans.items() for w in words}
        day = rf"(?:\d{{1,2}}(?:{any_of(rules.words['endings'])})?|{any_of(self._ordinals)})(?![\w%]|[.,:]\d)"
        self._parts = {
            "weekday": any_of(self._weekdays),
            "month": rf"(?:{any_of(self._months)})(?!\w)",
            "day": day,
            "year": _YEAR + r"(?![\w%]|[.,]\d)",
        }
        self._nths = rules.nths
        self._names = tuple(names)

    @cached_property
    def just_before(self) -> re.Pattern[str]:
        """ "Tomorrow is" before what is said of that day."""
        return re.compile(rf"(?<!\w)({any_of(self._relative)})(?:['\u2019]s| \w{{1,5}})(?: the)? $", re.IGNORECASE)

    def days_off(self, relative: str) -> int:
        return self._relative[relative.casefold()]

    @cached_property
    def _pattern(self) -> re.Pattern[str]:
        return re.compile(self._alternatives(self._names), re.IGNORECASE)

    @cached_property
    def _without_names(self) -> re.Pattern[str]:
        return pattern_of(self.rules.fingerprint, self._alternatives(()), re.IGNORECASE)

    @cached_property
    def _any_name(self) -> re.Pattern[str] | None:
        return re.compile(any_of(self._names), re.IGNORECASE) if self._names else None

    def _alternatives(self, names: Iterable[str]) -> str:
        forms = [self._form(form, n) for n, form in enumerate(self.rules.words["forms"])]
        counts = self.rules.counts
        pieces = [
            *forms,
            *(rf"(?P<nth_{n}>{self._nth(p, n)})(?!\w)" for n, p in enumerate(self.rules.words["nth"])),
            r"(?P<iso>\d{4}-\d{2}-\d{2})(?![\w-])",
            r"(?P<digits>\d{1,2}(?P<sep>[/.])\d{1,2}(?P=sep)(?:\d{4}|\d{2}))(?![\w/])",
            *(rf"(?P<{key}_{n}>{self.phrase(p)})\b" for key in _COUNTS for n, p in enumerate(counts[key])),
            rf"(?P<thisday>(?:{any_of(counts['this_day_in'])})) (?P<thisyear>{_YEAR})\b",
            (
                rf"(?P<name>{any_of((*self.rules.holidays, *names))})(?!\w)"
                rf"(?:[ ,(]{{1,2}}(?:of )?(?P<name_year>{_YEAR})(?!\w))?"
            ),
            rf"(?P<span>{any_of(self._spans)})(?!\w)",
            rf"{self._not_behind}(?P<relative>{any_of(self._relative)})(?!\w)",
            rf"(?:(?P<article>{any_of(self.rules.words['articles'])}) )?(?P<weekday>{any_of(self._weekdays)})(?!\w)",
            self._bare_year(),
        ]
        return "(?<![\\w$%])(?:" + "|".join(pieces) + ")"

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
            pattern = rf"(?P<{place[1]}_{n}>{self._parts[place[1]]})" if place else re.escape(word)
            gap_after = not all(p.startswith("[") for p in pieces[at + 1 :])
            if optional:
                out += f"(?:{pattern}{_GAP})?" if gap_after else f"(?:{_GAP}{pattern})?"
            else:
                out += pattern + (_GAP if gap_after else "")
        return f"(?P<form_{n}>{out})"

    def phrase(self, phrase: str) -> str:
        """A phrase of a count as a pattern; its numbers are groups without a name."""
        pieces = re.split(r"(\{[nm]\})", phrase)
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

    def read(self, text: str) -> tuple[ToldDay, ...]:
        """Each naming of a day, in order."""
        is_named = self._any_name is not None and self._any_name.search(text) is not None
        pattern = self._pattern if is_named else self._without_names  # the long one is made where it is needed
        found = map(self._told, self._matches(pattern, text))
        return tuple(told for told in found if told is not None)

    def _matches(self, pattern: re.Pattern[str], text: str) -> Iterator[re.Match[str]]:
        """As ``finditer`` gives them, tried at those words alone with which a naming may begin: the pattern is long."""
        low = text.casefold().replace("\u2019", "'")
        if self._beginnings is None or any(word in low for word in self._behind_a_number) or _OTHER_I.search(text):
            yield from pattern.finditer(text)
            return
        in_digits = _DIGIT.search(text) is not None
        words = self._beginnings[in_digits]
        end = 0
        for place in _START.finditer(text):
            begins, start = place[0].casefold(), place.start()
            if start < end or not (
                begins in words or begins[:_SO_LONG] in words or (in_digits and (begins[0].isdigit() or begins == "("))
            ):
                continue
            if (found := pattern.match(text, start)) is not None:
                end = found.end()
                yield found

    @cached_property
    def _beginnings(self) -> tuple[frozenset[str], frozenset[str]] | None:
        """Of the words with which a naming may begin the first letters, of the short ones all; then the same for a text
        with digits. None where one begins with something else."""
        rules = self.rules
        forms = (piece.strip("[]") for form in rules.words["forms"] for piece in form.split())
        counts = (phrase for key in _COUNTS for phrase in rules.counts[key])
        phrases = (*forms, *rules.words["nth"], *counts)
        written = (
            *(phrase for phrase in phrases if not phrase.startswith("{")),
            *rules.counts["this_day_in"],
            *rules.words["articles"],
            *(*self._months, *self._weekdays, *self._ordinals, *self._nths),
            *(*self._relative, *self._spans, *rules.holidays, *self._names),
        )
        plain, dated = map(_first_letters, (written, (*rules.words["before_a_year"], *rules.words["determiners"])))
        return (plain, plain | dated) if plain is not None and dated is not None else None

    @cached_property
    def _behind_a_number(self) -> frozenset[str]:
        """Of each phrase that begins with a number in words, which may be any words, one that it has."""
        phrases = (phrase for key in _COUNTS for phrase in self.rules.counts[key] if phrase.startswith("{"))
        each = ([word.casefold() for word in phrase.split()[1:]] for phrase in phrases)
        return frozenset(max(words, key=lambda word: (word not in _OF_COUNTS, len(word)), default="") for words in each)

    def _told(self, match: re.Match[str]) -> ToldDay | None:
        groups = {key: value for key, value in match.groupdict().items() if value is not None}
        place = (match[0], match.start(), match.end())
        form = next((key for key in groups if key.startswith("form_")), "")
        if form:
            return self._of_form(groups, form[5:], place)
        nth = next((key[4:] for key in groups if re.fullmatch(r"nth_\d+", key)), "")
        if nth:
            return ToldDay(
                Told.NTH,
                *place,
                days=self._nths[groups[f"nth_of{nth}"].casefold()],
                weekday=self._weekdays[groups[f"weekday_of{nth}"].casefold()],
                month=self._months[groups[f"month_of{nth}"].casefold()],
            )
        if "iso" in groups:
            year, month, day = map(int, groups["iso"].split("-"))
            return ToldDay(Told.DATE, *place, day=day, month=month, year=year)
        if "digits" in groups:
            return _in_digits(groups["digits"], place, self.rules.language)
        if "name" in groups:
            name = groups["name"].casefold().replace("\u2019", "'").replace("\u00a0", " ")
            return ToldDay(Told.NAME, *place, name=name, year=int(groups.get("name_year", 0)))
        if "span" in groups:
            unit, later = self._spans[groups["span"].casefold()]
            return ToldDay(Told.SPAN, *place, unit=unit, days=later)
        if "relative" in groups:
            return ToldDay(Told.RELATIVE, *place, days=self._relative[groups["relative"].casefold()])
        if "weekday" in groups:
            on = self._weekdays[groups["weekday"].casefold()]
            return ToldDay(Told.WEEKDAY, *place, weekday=on, loose="article" in groups)
        return self._counted(match, groups, place)

    def _counted(self, match: re.Match[str], groups: dict[str, str], place: tuple[str, int, int]) -> ToldDay | None:
        if "thisyear" in groups:
            return ToldDay(Told.RELATIVE, *place, year=int(groups["thisyear"]), unit="this day")
        key = next((k for k in groups if k.rpartition("_")[0] in _COUNTS), "")
        if key:
            first = next(v for v in match.groups()[match.re.groupindex[key] :] if v)
            number, sort = self.value(first), key.rpartition("_")[0]
            if not number:
                return None
            if sort == "years_ago_today":
                return ToldDay(Told.RELATIVE, *place, days=number, unit="years ago")
            return ToldDay(Told.RELATIVE, *place, days=-number if sort == "ago" else number, unit="counted")
        year = next(v for k, v in groups.items() if k in ("year_p", "year_d", "year_b"))
        at = match[0].index(year)
        return ToldDay(Told.YEAR, year, place[1] + at, place[1] + at + 4, year=int(year))

    def _of_form(self, groups: Mapping[str, str], n: str, place: tuple[str, int, int]) -> ToldDay:
        part = {key: groups.get(f"{key}_{n}", "") for key in ("weekday", "month", "day", "year")}
        return ToldDay(
            Told.DATE if part["day"] else Told.MONTH,
            *place,
            day=self.value(part["day"]) if part["day"] else 0,
            month=self._months.get(part["month"].casefold(), 0),
            year=int(part["year"] or 0),
            weekday=self._weekdays.get(part["weekday"].casefold(), -1),
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


def _first_letters(written: Iterable[str]) -> frozenset[str] | None:
    found = [_START.match(words.casefold()) for words in written]
    return frozenset(begins[0][:_SO_LONG] for begins in found if begins) if all(found) else None


@lru_cache(maxsize=16)
def reader_for(rules: DayRules, names: tuple[str, ...] = ()) -> DayReader:
    """The reader of a language; kept, since its pattern is long."""
    return DayReader(rules, names)


def is_date(year: int, month: int, day: int) -> bool:
    """Whether there is such a day."""
    try:
        date(year, month, day)
    except ValueError:
        return False
    return True
