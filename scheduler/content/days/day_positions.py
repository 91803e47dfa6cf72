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
from .day_patterns import patterns_of
from .day_reader import is_date
from .day_rules import RELATIVE, DayRules, Position, any_of, position_pattern
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
#: Stands for the first name of a month that is found in a sentence, as Black History Month.
_FIRST_NAME = 0xE000


class Said(NamedTuple):
    """What a sentence says by one pattern: its kind, its words, and what stood at the pattern's places."""

    kind: str
    words: str
    places: Mapping[str, str]

    def get(self, place: str) -> str:
        return self.places.get(place, "")


_MARKED = frozenset({"name", "month", "of_month", "ours", "weekday", "day"})
_Wrong = tuple[str, str] | None
_Plain = tuple[str, str, dict[str, str]]


class DayPositions:
    """Reads texts of one language by the calendar of one season, beside a :class:`DayJudge`."""

    def __init__(self, judge: DayJudge) -> None:
        self._judge, self.rules, self.season = judge, judge.rules, judge.season
        self._sentences: dict[str, tuple[tuple[Said, ...], ...]] = {}

    def judge(self, text: str, on: date) -> Iterator[WrongDay]:
        """What is wrong of a text that goes out ``on`` a day."""
        if text not in self._sentences:
            found = self._asked.of(text, self._read) if self._may_say(text) else ()
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
    def _own_names(self) -> tuple[WordsNeeded[str], WordsNeeded[str]]:
        """Of the season's own: names of days, and its titles."""
        of_days, titles = self._judge.special, self.season.titles
        return WordsNeeded((name, name) for name in of_days), WordsNeeded((name, name) for name in titles)

    @cached_property
    def _naming(self) -> frozenset[str]:
        """One of these words is in each text that names a day, a month or the series."""
        return patterns_of(self.rules).naming.union(*(own.words for own in self._own_names))

    def _names(self, sentence: str) -> Iterator[list[str]]:
        """The names of days that may stand in a sentence, and those of months, the longest first."""
        words = words_of(sentence)
        for known, own in zip(patterns_of(self.rules).names, self._own_names, strict=True):
            yield sorted(known.in_(words) | own.in_(words), key=lambda name: (-len(name), name))

    @cached_property
    def _words(self) -> frozenset[str]:
        return frozenset(self.rules.positions.words)

    def _may_say(self, text: str) -> bool:
        words = words_of(text)
        return not (words.isdisjoint(self._words) and words.isdisjoint(self._naming)) or "/" in text

    def _read(self, text: str) -> tuple[tuple[_Plain, ...], ...]:
        """What each sentence says, of those that say something, in plain values."""
        sentences = (text[start:end] for start, end in sentences_in(text))
        return tuple(filter(None, (tuple(self._said_in(each)) for each in sentences if self._may_say(each))))

    def _said_in(self, sentence: str) -> Iterator[_Plain]:
        low = sentence.casefold().replace("\u2019", "'")
        if len(low) != len(sentence):
            return
        words, marks, kinds = words_of(sentence), list[str](), set[str]()
        marked = low if words.isdisjoint(self._naming) else self._mark(sentence, low, marks, kinds)
        is_asked = "/" in low or not words.isdisjoint(self._words)
        each = (these for places, these in _asked_of(self.rules).items() if (places <= kinds if places else is_asked))
        for _, (kind, written, _, letters) in sorted(chain.from_iterable(each)):
            if letters and not any(map(marked.__contains__, letters)):
                continue
            found = _pattern_of(self.rules, written).search(marked)
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

    def _mark(self, sentence: str, low: str, marks: list[str], kinds: set[str]) -> str:
        """A sentence with a mark for each day, month and series that it names; what stood there, and its kind, is noted
        in ``marks`` and ``kinds``."""

        of_days, names = self._names(sentence)

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
        for name in of_days:
            if name in low:
                low = re.sub(rf"(?<![\w@]){re.escape(name)}(?!\w)", lambda m: put("name", m[0]), low)
        for n, name in enumerate(names):
            low = low.replace(name, chr(_FIRST_NAME + n))
        return as_written(self._pattern.sub(named, low))

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
def _asked_of(rules: DayRules) -> Mapping[frozenset[str], list[tuple[int, Position]]]:
    """The patterns, in their order, by what a sentence must name for them."""
    found: dict[frozenset[str], list[tuple[int, Position]]] = {}
    for asked in enumerate(rules.positions.patterns):
        found.setdefault(asked[1].places, []).append(asked)
    return found


@lru_cache(maxsize=1024)
def _pattern_of(rules: DayRules, written: str) -> re.Pattern[str]:
    return pattern_of(rules.fingerprint, position_pattern(written, rules.positions.now))


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
