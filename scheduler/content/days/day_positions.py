"""Where in the month, the week or the season a text says that it stands, and whether a day is still to come.

What a text says so is data: ``[positions]`` of a language's file, patterns by what they say. ``{month}``, ``{ours}``
(the month, the series), ``{name}`` (of a day), ``{weekday}``, ``{day}`` (today, tomorrow) and ``{n}`` stand for what
they name.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from datetime import date, timedelta
from functools import cached_property, lru_cache
from itertools import chain
from typing import NamedTuple

from ...domain.dates import days_in_month
from ...domain.formatting import MONTHS, WEEKDAYS, counted, day_words
from ...domain.sentences import sentences_in
from ...kept_by_key import AboutTexts
from ..phrases import words_of
from ..rule_files import pattern_of
from ..text_answers import TEXTS
from .day_judge import DayJudge, WrongDay, nth_weekday
from .day_reader import is_date
from .day_rules import RELATIVE, DayRules, any_of, position_pattern
from .words_needed import WordsNeeded

#: A day that has just been is not still to come, and the other way round: within so many days.
_NEAR = 75
#: Between which days after the message a weekday lies: "this Friday" may be the last one, too.
_WEEKDAY_WITHIN: Mapping[str, tuple[int, int]] = {
    "weekday-this": (-6, 7),
    "weekday-next": (1, 14),
    "weekday-coming": (0, 8),
    "weekday-past": (-14, -1),
}
#: Which part of the month or the series is over, at least and at most.
_PARTS: Mapping[str, tuple[float, float]] = {
    "quarter": (0.15, 0.36),
    "third": (0.22, 0.45),
    "halfway": (0.4, 0.6),
    "two-thirds": (0.55, 0.78),
    "three-quarters": (0.64, 0.87),
    "middle": (0.3, 0.7),
    "young": (-0.01, 0.34),
    "old": (0.66, 1.01),
}
#: No month is said to have fewer days than this.
_SHORT = 20
#: So many days beside its own, a season of the year may be said to begin.
_SEASON_NEAR = 10
#: Months that are verbs in small letters.
_ALSO_VERBS = frozenset({"may", "march"})
_MARK = re.compile(r"@([a-z]+)(\d+)")
_PLACE = re.compile(r"\{([a-z]+)\}")
#: Groups of a pattern in which nothing must be there.
_OPTIONAL = re.compile(r"\((?:\?:)?[^()]*(?:\)\?|\|[^()]*\))")
#: Stands for the first name of a month that is found in a sentence, as Black History Month.
_FIRST_NAME = 0xE000

_IN_BRACKETS = re.compile(r"\([^()]*\)\??|\[[^\]]*\]")
#: Letters of a pattern that stand for themselves.
_LITERAL = re.compile(r"(?<![\\\w{])[a-z]{3,}(?![\w?*+{}])")


class Said(NamedTuple):
    """What a sentence says by one pattern: its kind, its words, and what stood at the pattern's places."""

    kind: str
    words: str
    places: Mapping[str, str]

    def get(self, place: str) -> str:
        return self.places.get(place, "")


_MARKED = frozenset({"name", "month", "of_month", "ours", "weekday", "day"})
_Wrong = tuple[str, str] | None


class DayPositions:
    """Reads texts of one language by the calendar of one season, beside a :class:`DayJudge`."""

    def __init__(self, judge: DayJudge) -> None:
        self._judge, self.rules, self.season = judge, judge.rules, judge.season
        self._sentences: dict[str, tuple[tuple[Said, ...], ...]] = {}

    def judge(self, text: str, on: date) -> Iterator[WrongDay]:
        """What is wrong of a text that goes out ``on`` a day."""
        if text not in self._sentences:
            found = (
                () if self._gate.isdisjoint(words_of(text)) and "/" not in text else self._asked.of(text, self._read)
            )
            self._sentences[text] = tuple(tuple(Said(*said) for said in sentence) for sentence in found)
        for sentence in self._sentences[text]:
            for said in sentence:
                if wrong := _KINDS[said.kind](self, said.kind, said, on):
                    yield WrongDay(wrong[0], said.words, f'"{said.words}" {wrong[1]}')
                    break

    # -- the words

    @cached_property
    def _asked(self) -> AboutTexts:
        names = sorted(self._judge.special), self.season.titles
        return TEXTS.question("positions", (self.rules.fingerprint, names))

    @cached_property
    def _gate(self) -> frozenset[str]:
        """One of these words is in each text that says where it stands."""
        rules = self.rules
        named = (*chain.from_iterable((*rules.months, *rules.weekdays, *rules.relative.values())), *self._all_names)
        longest = (max(words_of(phrase), key=len, default="") for phrase in (*named, *rules.series["subjects"]))
        return frozenset((*longest, *rules.positions.words))

    def _read(self, text: str) -> tuple[tuple[tuple[str, str, dict[str, str]], ...], ...]:
        """What each sentence says, of those that say something, in plain values."""
        found = (tuple(self._said_in(text[start:end])) for start, end in sentences_in(text))
        return tuple(filter(None, found))

    def _said_in(self, sentence: str) -> Iterator[tuple[str, str, dict[str, str]]]:
        words = words_of(sentence)
        if self._gate.isdisjoint(words) and "/" not in sentence:
            return
        low = sentence.casefold().replace("\u2019", "'")
        if len(low) != len(sentence):
            return
        marked, marks, kinds = self._mark(sentence, low, words)
        is_asked = "/" in low or not words.isdisjoint(self.rules.positions.words)
        for kind, pattern, needed, word in _asked_of(self.rules):
            if word not in marked or not (needed <= kinds if needed else is_asked):
                continue
            found = pattern_of(self.rules.fingerprint, pattern).search(marked)
            if found is None:
                continue
            if any(phrase in low for phrase in self.rules.positions.not_now):
                return
            places = {
                key: marks[int(value)] if key in _MARKED else value
                for key, value in found.groupdict().items()
                if value is not None
            }
            yield kind, _MARK.sub(lambda m: marks[int(m[2])], found[0]).strip(" ,.:"), places

    def _mark(self, sentence: str, low: str, words: frozenset[str]) -> tuple[str, list[str], set[str]]:
        """A sentence with a mark for each day, month and series that it names; what stood there, and the kinds."""
        marks: list[str] = []
        kinds = set[str]()

        def put(kind: str, said: str) -> str:
            marks.append(said)
            kinds.update((kind, "ours") if kind == "month" else (kind,))
            return f"@{kind}{len(marks) - 1}"

        def named(found: re.Match[str]) -> str:
            is_verb = found[0] in _ALSO_VERBS and found[0].capitalize() not in sentence
            return found[0] if is_verb else put(str(found.lastgroup), as_written(found[0]))

        def as_written(text: str) -> str:
            for n, name in enumerate(names):
                text = text.replace(chr(_FIRST_NAME + n), name)
            return text

        for short, full in self.rules.positions.drawn_together:
            if f" {short} " in low:
                low = re.sub(rf" {short} (?=(?:{any_of(self.rules.series['subjects'])})(?!\w))", f" {full} ", low)
        for name in _longest_first(self._names.in_(words)):
            if name in low:
                low = re.sub(rf"(?<![\w@]){re.escape(name)}(?!\w)", lambda m: put("name", m[0]), low)
        names = _longest_first(self._names_of_months.in_(words))
        for n, name in enumerate(names):
            low = low.replace(name, chr(_FIRST_NAME + n))
        return as_written(self._pattern.sub(named, low)), marks, kinds

    @property
    def _all_names(self) -> tuple[str, ...]:
        return *self.rules.holidays, *self._judge.special, *self.rules.observances, *self.season.titles

    @cached_property
    def _names(self) -> WordsNeeded[str]:
        return WordsNeeded((name, name) for name in {*self.rules.holidays, *self._judge.special})

    @cached_property
    def _names_of_months(self) -> WordsNeeded[str]:
        return WordsNeeded((name, name) for name in {*self.rules.observances, *self.season.titles})

    @cached_property
    def _pattern(self) -> re.Pattern[str]:
        rules = self.rules
        owners, subjects = any_of(rules.series["owners"]), any_of(rules.series["subjects"])
        months = any_of(w for names in rules.months for w in names if len(w) > 3 or w == "May")
        weekdays = any_of(w for names in rules.weekdays for w in names if len(w) > 4)
        days = any_of(w for words in rules.relative.values() for w in words)
        ours = rf"(?:(?:{owners}) (?:\w+ )?)?[\ue000-\uf8ff]|(?:{owners}) (?:\w+ )?(?:{subjects})"
        other = rf"(?P<month>{months})|(?P<weekday>{weekdays})|(?P<day>{days})"
        return pattern_of(rules.fingerprint, rf"(?<![\w@])(?:(?P<ours>{ours})|{other})(?!\w)")

    # -- what is right

    def _n(self, said: Said, place: str = "n") -> int:
        word = said.places[place]
        return 1 if word in self.rules.positions.one else self._judge.reader.value(word)

    def _days_meant(self, said: Said) -> int:
        """A number of days or of weeks, in days; 0 where it is no number."""
        return self._n(said) * (7 if self._is_weeks(said) else 1)

    def _is_weeks(self, said: Said) -> bool:
        return any(word in said.words for word in self.rules.positions.weeks)

    def _month(self, name: str) -> int:
        return next(n for n, names in enumerate(self.rules.months, 1) if name in map(str.casefold, names))

    def _weekday(self, name: str) -> int:
        return next(n for n, names in enumerate(self.rules.weekdays) if name in map(str.casefold, names))

    def _span_of(self, said: Said, on: date) -> tuple[date, date]:
        """First and last day of the month or the series that is meant."""
        month = said.get("of_month") or said.get("month")
        number = self._month(month) if month else self._observed(said)
        return _month_near(number, on) if number else (self.season.start_on, self.season.end_on)

    def _observed(self, said: Said) -> int:
        """The month that is meant by a name, as Women's History Month; 0 for the series itself."""
        named = [name for name in (*self.season.titles, *self.rules.observances) if said.get("ours").endswith(name)]
        return self.rules.observances.get(named[0], 0) if named and named[0] not in self.season.titles else 0

    def _number_in(self, said: Said, on: date) -> tuple[int, int]:
        """Which day of it the message's is, and of how many."""
        first, last = self._span_of(said, on)
        return (on - first).days + 1, (last - first).days + 1

    def _part(self, kind: str, said: Said, on: date) -> _Wrong:
        number, days = self._number_in(said, on)
        least, most = _PARTS[kind]
        is_there = least <= (number - 0.5) / days <= most
        return None if is_there else ("C172", f"goes out on day {number} of {days}")

    def _edge(self, kind: str, said: Said, on: date) -> _Wrong:
        """The first or the last days, week or weekend."""
        number, days = self._number_in(said, on)
        far = number - 1 if kind == "first-days" else days - number
        is_there = -1 <= far <= (9 if days > 14 else 4)
        return None if is_there else ("C172", f"goes out on day {number} of {days}")

    def _week(self, _: str, said: Said, on: date) -> _Wrong:
        """Weeks begin on Mondays, on Sundays, or as the month or the series does."""
        first = self._span_of(said, on)[0]
        number, n = (on - first).days, self._n(said)
        weeks = {(number + off) // 7 + 1 for off in (first.weekday(), (first.weekday() + 1) % 7, 0)}
        if said.places["n"] in self.rules.positions.one:  # "the week a rule came" counts nothing
            return None
        return None if not n or number < 0 or n in weeks else ("C172", f"goes out in week {min(weeks)}")

    def _number(self, _: str, said: Said, on: date) -> _Wrong:
        number, days = (on - self.season.start_on).days + 1, self.season.days
        n, of = self._n(said), self._n(said, "m") if said.get("m") else days
        if not n or n == number or of != days or not 0 < number <= days:
            return None
        return "C172", f"goes out on day {number} of {days}"

    def _into(self, _: str, said: Said, on: date) -> _Wrong:
        number, n = self._number_in(said, on)[0], self._n(said)
        right = range(7 * n - 2, 7 * n + 6) if self._is_weeks(said) else range(n, n + 3)
        return None if not n or number in right else ("C172", f"goes out on its day {number}")

    def _until(self, _: str, said: Said, on: date) -> _Wrong:
        """So many days or weeks until a month, or until a day with a name."""
        n, name = self._days_meant(said), said.get("name")
        day = self._next(name, on) if name else _month_after(self._month(said.places["month"]), on)
        loose = 2 if self._is_weeks(said) and 0 not in map(self._relative.get, said.words.split()) else 1
        if day is None and name and n and (last := self._last(name, on)) is not None and (on - last).days <= _NEAR:
            return "C172", f"is wrong: that was {day_words(last)}"
        if day is None or not n or abs((day - on).days - n) <= loose:
            return None
        return "C172", f"is wrong: {day_words(day)} is {counted((day - on).days, 'day')} later"

    def _since(self, _: str, said: Said, on: date) -> _Wrong:
        n, day = self._days_meant(said), self._last(said.places["name"], on)
        if day is None or not n or abs((on - day).days - n) <= (3 if self._is_weeks(said) else 1):
            return None
        return "C172", f"is wrong: the last one was {day_words(day)}"

    def _length(self, _: str, said: Said, on: date) -> _Wrong:
        month = self._month(said.places["month"]) if said.get("month") else on.month
        first, last = _month_near(month, on)
        n, days = self._n(said), last.day
        if n < _SHORT or n in (days, self.season.days):
            return None
        return "C171", f"is wrong: {MONTHS[month - 1]} {first.year} has {days} days"

    def _lasts(self, _: str, said: Said, on: date) -> _Wrong:
        """ "We end after three weeks"."""
        n, days = self._days_meant(said), self.season.days
        is_right = not n or abs(n - days) <= (6 if self._is_weeks(said) else 1)
        return None if is_right else ("C173", f"is wrong: it has {counted(days, 'day')}")

    def _this_month(self, _: str, said: Said, on: date) -> _Wrong:
        is_right = self._month(said.places["month"]) == on.month
        return None if is_right else ("C171", f"goes out on {day_words(on)}")

    def _this_weekday(self, _: str, said: Said, on: date) -> _Wrong:
        is_right = self._weekday(said.places["weekday"]) == on.weekday()
        return None if is_right else ("C171", f"goes out on a {WEEKDAYS[on.weekday()]}")

    def _edge_day(self, kind: str, said: Said, on: date) -> _Wrong:
        """ "Tomorrow is the last day of November"; "today the series ends"; "yesterday the month began"."""
        day = on + timedelta(days=self._relative[said.places["day"]])
        spans = [self._span_of(said, on)]
        is_whole = any(word in said.words.split() for word in self.rules.series["whole_months"])
        if is_whole and not self._observed(said):  # the calendar's own, too
            spans += [_month_near(day.month, day), _month_near(on.month, on)]
        right = [span[kind == "last-day"] for span in spans]
        return None if day in right else ("C173", f"is wrong: that day is {day_words(right[0])}")

    @cached_property
    def _relative(self) -> Mapping[str, int]:
        return {w: RELATIVE[key] for key, words in self.rules.relative.items() for w in words}

    def _nth_now(self, _: str, said: Said, on: date) -> _Wrong:
        """ "This third Friday of October": today."""
        n, weekday = self.rules.nths[said.places["nth"]], self._weekday(said.places["weekday"])
        is_right = nth_weekday(on.year, self._month(said.places["month"]), weekday, n) == on
        return None if is_right else ("C171", f"goes out on {day_words(on)}")

    # -- names of days

    def _days(self, name: str, on: date) -> tuple[date, ...]:
        return tuple(sorted(self._judge.days_named(name, on.year) or ()))

    def _next(self, name: str, on: date) -> date | None:
        return next((d for d in self._days(name, on) if d >= on), None)

    def _last(self, name: str, on: date) -> date | None:
        return next((d for d in reversed(self._days(name, on)) if d <= on), None)

    def _ahead(self, kind: str, said: Said, on: date) -> _Wrong:
        """A day that is said to come has just been, or the other way round."""
        days = self._days(said.places["name"], on)
        if not days or said.places["name"] in self.season.titles:
            return None
        near = min(days, key=lambda d: abs((d - on).days))
        far = (near - on).days
        is_wrong = -_NEAR <= far < 0 if kind == "ahead" else 0 < far <= _NEAR
        return ("C171", f"is wrong: {'that was' if far < 0 else 'that is'} {day_words(near)}") if is_wrong else None

    def _name_on_weekday(self, kind: str, said: Said, on: date) -> _Wrong:
        days, weekday = self._days(said.places["name"], on), self._weekday(said.places["weekday"])
        least, most = _WEEKDAY_WITHIN[kind]
        if not days or any(least <= (d - on).days <= most and d.weekday() == weekday for d in days):
            return None
        return "C171", f"is wrong: that is {day_words(min(days, key=lambda d: abs((d - on).days)))}"

    def _season_of_year(self, _: str, said: Said, on: date) -> _Wrong:
        """ "The first day of summer", "spring begins next week": near the day on which it does."""
        month, day = self.rules.positions.seasons[said.places["season"]]
        near = min((date(y, month, day) for y in (on.year - 1, on.year, on.year + 1)), key=lambda d: abs((d - on).days))
        return None if abs((near - on).days) <= _SEASON_NEAR else ("C171", f"is wrong: that is about {day_words(near)}")

    def _digits(self, _: str, said: Said, on: date) -> _Wrong:
        month, day = int(said.places["a"]), int(said.places["b"])
        if self.rules.language != "en":
            month, day = day, month
        if not 1 <= month <= 12 or not 1 <= day <= 32 or is_date(on.year, month, day):
            return None
        return "C170", "is a date that does not exist"


@lru_cache(maxsize=16)
def _asked_of(rules: DayRules) -> tuple[tuple[str, str, frozenset[str], str], ...]:
    """Each pattern with what it says; what a sentence must name for it, and a word that it must hold."""
    found = []
    positions = rules.positions
    for kind, many in positions.patterns.items():
        for written in many:
            rest = _without(_OPTIONAL, written)
            places = frozenset(_PLACE.findall(rest)) - {"n", "m", "now"}
            words = _LITERAL.findall("" if "|" in rest else _without(_IN_BRACKETS, rest))
            word = max(words, key=len, default="")
            found.append((kind, position_pattern(written, positions.now), places, word))
    return tuple(found)


def _longest_first(names: set[str]) -> list[str]:
    return sorted(names, key=lambda name: (-len(name), name))


def _without(part: re.Pattern[str], pattern: str) -> str:
    while (shorter := part.sub(" ", pattern)) != pattern:
        pattern = shorter
    return pattern


def _month_near(month: int, on: date) -> tuple[date, date]:
    """First and last day of the month that is nearest to a day."""
    year = min((on.year, on.year - 1, on.year + 1), key=lambda y: abs((date(y, month, 15) - on).days))
    return date(year, month, 1), date(year, month, days_in_month(year, month))


def _month_after(month: int, on: date) -> date:
    return date(on.year + (month <= on.month), month, 1)


#: What is right of each kind of statement.
_KINDS: Mapping[str, Callable[[DayPositions, str, Said, date], _Wrong]] = {
    **dict.fromkeys(("note-of-all", "day-number"), DayPositions._number),
    "week": DayPositions._week,
    **dict.fromkeys(_PARTS, DayPositions._part),
    **dict.fromkeys(("first-days", "last-days"), DayPositions._edge),
    "into": DayPositions._into,
    "until": DayPositions._until,
    "since": DayPositions._since,
    "length": DayPositions._length,
    "lasts": DayPositions._lasts,
    "this-month": DayPositions._this_month,
    "this-weekday": DayPositions._this_weekday,
    **dict.fromkeys(("first-day", "last-day"), DayPositions._edge_day),
    "nth-now": DayPositions._nth_now,
    **dict.fromkeys(("ahead", "behind"), DayPositions._ahead),
    **dict.fromkeys(_WEEKDAY_WITHIN, DayPositions._name_on_weekday),
    "season": DayPositions._season_of_year,
    "digits": DayPositions._digits,
}
