"""What the calendar says of the days that a text names."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from functools import cached_property, lru_cache
from itertools import pairwise
from typing import Any, NamedTuple

from ...domain.dates import DateRuleError, days_in_month, resolve
from ...domain.formatting import MONTHS, WEEKDAYS, counted, day_words
from ...domain.sentences import sentences_in
from ...kept_by_key import AboutTexts
from ...light_dataclass import dataclass
from ..phrases import words_of
from ..text_answers import TEXTS
from .day_patterns import A_NAME, OF_COUNTS, patterns_of
from .day_reader import DayReader, Told, ToldDay, is_date, reader_for
from .day_rules import DayRules, small
from .words_needed import WordsNeeded

#: A day of the week without a date is one within this many days.
NEAR = 8
#: A day is spoken of as one of this season within this many days.
_STILL_TOLD = 75
#: What is often left out before the name of a day.
_SCOPE = re.compile(r"^(?:national|international|world) ")
#: Between two names of a day that are said to be one: no more words than these.
MOST_WORDS = 9
_WORD = re.compile(r"[\w'\u2019]+")
_LETTERS = re.compile(r"[^\W\d_]+")
_IN_DIGITS = re.compile(r"(?<!\d)(?:1[5-9]|2[01])\d\d(?!\d)|\d[./]\d{1,2}[./]\d")
_FOUR_DIGITS = re.compile(r"(?<!\d)(?:1[5-9]|2[01])\d\d(?!\d)")
_BREAK = re.compile(r"[;:?!\u2026]|\.(?=\s)")


_Plain = tuple[Any, ...]
_Counts = tuple[tuple[str, str, tuple[int, ...]], ...]
#: Names of a day that mean the same day whenever they are read.
_OF_ANY_DAY = (Told.DATE, Told.NAME, Told.NTH)
#: Without one of these a text says nothing of days.
_TELLING = frozenset(("told", "leap", "series", *OF_COUNTS))


class _Sentence(NamedTuple):
    """A sentence that names a day, or counts days, or speaks of the whole series.

    ``told``: the names of days. ``counts``: their kind, their words, their numbers. ``kinds``: what else may stand in
    it. ``named_months``: words by which it names a month, the name, the month.
    """

    text: str
    start: int
    told: tuple[ToldDay, ...]
    counts: _Counts
    kinds: frozenset[str]
    named_months: tuple[tuple[str, str, int], ...]


@dataclass(frozen=True)
class KnownDate:
    """A date that a claim has, or the source of a quotation. Month and day 0: not said."""

    year: int
    month: int
    day: int
    record: str
    words: frozenset[str] = frozenset()  # by which it is told what happened then

    def has(self, year: int, month: int, day: int) -> bool:
        """Whether it says at least as much as is asked."""
        return self.year == year and (not month or self.month == month) and (not day or self.day == day)


@dataclass(frozen=True)
class SeasonDays:
    """The calendar of a season. ``special``: its days that have a name, in small letters; ``planned``: days with an
    item; ``titles``: names of the season itself, which have a year and no day."""

    start_on: date
    end_on: date
    special: Mapping[str, date]
    planned: frozenset[date]
    titles: tuple[str, ...] = ()

    @property
    def years(self) -> frozenset[int]:
        return frozenset((self.start_on.year, self.end_on.year))

    @property
    def months(self) -> frozenset[int]:
        """Those that hold a week of it at least; of a shorter one that in which it begins."""
        days = (self.start_on + timedelta(days=n) for n in range(self.days))
        counts = Counter(day.month for day in days)
        return frozenset(month for month, n in counts.items() if n >= 7) or frozenset({self.start_on.month})

    @property
    def days(self) -> int:
        return (self.end_on - self.start_on).days + 1


@dataclass(frozen=True)
class WrongDay:
    """A finding's code, the words that it is about, what is wrong, and perhaps what to do."""

    code: str
    words: str
    message: str
    hint: str = ""


class DayJudge:
    """Reads texts of one language by the calendar of one season."""

    def __init__(self, rules: DayRules, season: SeasonDays) -> None:
        self.rules, self.season = rules, season
        short = {_SCOPE.sub("", name) for name in season.special}
        self.special = {**{n: season.special[n] for n in season.special}}
        for name in sorted(short - set(self.special)):
            full = next((s for s in season.special if s.endswith(name)), "")
            if len(name.split()) > 1 and full:
                self.special[name] = season.special[full]
        self.reader: DayReader = reader_for(rules)
        self._patterns = patterns_of(rules)
        self._sentences: dict[str, tuple[_Sentence, ...]] = {}

    # -- the whole text

    def judge(
        self,
        text: str,
        on: date,
        known: Callable[[], Sequence[KnownDate]] = tuple,
        listed: frozenset[str] = frozenset(),
        *,
        of_a_day: bool = True,
        printed: Sequence[tuple[int, int]] = (),
    ) -> Iterator[WrongDay]:
        """All that is wrong in a text that goes out ``on`` a day.

        ``known``: the dates of all records; ``listed``: those records that the item lists. ``of_a_day`` False: it goes
        out on others too, as a letter does, so that "today" may be any day. ``printed``: what was printed from records;
        what happened in another year is as its record says.
        """
        for one in self._sentences_of(text):
            sentence, start, told = one.text, one.start, one.told
            for day in told:
                yield from self._alone(day, on)
            typed = [t for t in told if not any(a <= t.start + start and t.end + start <= b for a, b in printed)]
            yield from self._of_other_years(sentence, typed, on, known, listed)
            if "leap" in one.kinds:
                yield from self._leap_year(sentence)
            if not of_a_day:
                yield from self._together(sentence, [t for t in told if t.told in _OF_ANY_DAY], on)
                continue
            yield from self._together(sentence, told, on)
            yield from self._past_or_to_come(sentence, told, on)
            if not one.kinds.isdisjoint(("begins", "ends")):
                yield from self._of_the_series(sentence, told, on)
            yield from self._counts(one.counts, on)
            if "series" in one.kinds:
                yield from self._first_and_last(sentence, told, on)
            yield from self._misnamed(one.named_months)

    def _sentences_of(self, text: str) -> tuple[_Sentence, ...]:
        if text not in self._sentences:
            kinds = self._kinds_in(text)
            found = () if _TELLING.isdisjoint(kinds) else self._asked.of(text, lambda text: self._look(text, kinds))
            self._sentences[text] = tuple(
                _Sentence(text[start:end], start, tuple(ToldDay(Told(kind), *rest) for kind, *rest in told), *others)
                for start, end, told, *others in found
            )
        return self._sentences[text]

    @cached_property
    def _asked(self) -> AboutTexts:
        return TEXTS.question("days", (self.rules.fingerprint, self._own_names))

    def _look(self, text: str, of_text: frozenset[str]) -> tuple[_Plain, ...]:
        """Of the sentences that tell something what :class:`_Sentence` holds, in plain values."""
        found = []
        for start, end in sentences_in(text):
            sentence = text[start:end]
            kinds = of_text if sentence == text else self._kinds_in(sentence)
            if _TELLING.isdisjoint(kinds):
                continue
            told = tuple((t.told.value, *t[1:]) for t in self._told_in(sentence)) if "told" in kinds else ()
            counts = tuple(self._counted(sentence, kinds))
            named_months = tuple(self._named_months(sentence)) if kinds >= {"named", "month"} else ()
            if told or counts or named_months or not kinds.isdisjoint(("leap", "series")):
                found.append((start, end, told, counts, kinds, named_months))
        return tuple(found)

    def _kinds_in(self, text: str) -> frozenset[str]:
        """The quick look: what may stand in a text, by its words and figures."""
        words = words_of(text)
        kinds = self._patterns.asked.in_(words) | self._own_words.in_(words)
        if _IN_DIGITS.search(text):
            kinds.add("told")
        if any(word in small(text) for word in self.rules.words["leap"]):
            kinds.add("leap")
        return frozenset(kinds)

    def _told_in(self, sentence: str) -> tuple[ToldDay, ...]:
        low = small(sentence).replace("\u2019", "'")
        has_own = any(name in low for name in self._own_names)
        return self.reader.read(sentence, self._own_names if has_own else ())

    @cached_property
    def _own_names(self) -> tuple[str, ...]:
        return tuple(sorted({*self.special, *self.season.titles}))

    @cached_property
    def _names_of_months(self) -> tuple[str, ...]:
        return tuple(sorted({*self.rules.observances, *self.season.titles}, key=lambda name: (-len(name), name)))

    @cached_property
    def _own_words(self) -> WordsNeeded[str]:
        named = (("named", self.season.titles), ("told", self._own_names))
        return WordsNeeded((name, kind) for kind, names in named for name in names)

    def _alone(self, one: ToldDay, on: date) -> Iterator[WrongDay]:
        if one.told is not Told.DATE:
            return
        if one.other and one.year:
            both = " or ".join(f"{MONTHS[m - 1]} {d}" for d, m in ((one.day, one.month), one.other))
            yield WrongDay("C176", one.words, f'"{one.words}" can be read as {both}')
            return
        if not one.month:
            if one.weekday >= 0 and not any(d.weekday() == one.weekday for d in self._with_day(one.day, on)):
                yield WrongDay("Z102", one.words, f'no day near {day_words(on)} is a "{one.words}"')
            return
        year = one.year or self._year_of(one.month, on)
        if not is_date(year, one.month, one.day):
            yield WrongDay("C170", one.words, f'"{one.words}" is a date that does not exist')
        elif one.weekday >= 0 and (right := date(year, one.month, one.day).weekday()) != one.weekday:
            yield WrongDay("Z102", one.words, f'"{one.words}" is a {WEEKDAYS[right]}')

    def _with_day(self, day: int, on: date) -> Iterator[date]:
        for later in (-1, 0, 1):
            month = (on.month - 1 + later) % 12 + 1
            year = on.year + (on.month - 1 + later) // 12
            if is_date(year, month, day):
                yield date(year, month, day)

    def _year_of(self, month: int, on: date) -> int:
        """The year of the month that is nearest to the message's day."""
        return min((on.year, on.year - 1, on.year + 1), key=lambda y: abs((date(y, month, 15) - on).days))

    def _leap_year(self, sentence: str) -> Iterator[WrongDay]:
        found = next((w for w in self.rules.words["leap"] if w in sentence.casefold()), "")
        if not found or self._patterns.denials.search(sentence):
            return
        years = {int(year) for year in _FOUR_DIGITS.findall(sentence)} or self.season.years
        if not any(days_in_month(year, 2) == 29 for year in years):
            yield WrongDay("C171", found, f"{' and '.join(map(str, sorted(years)))} is no {found}")

    # -- two names of one day

    def _together(self, sentence: str, told: Sequence[ToldDay], on: date) -> Iterator[WrongDay]:
        if self._is_list(sentence, told):
            return
        for one, two in pairwise(told):
            if one.told is two.told or Told.YEAR in (one.told, two.told) or Told.MONTH in (one.told, two.told):
                continue
            if one.unit in ("this day", "years ago") or two.unit in ("this day", "years ago"):
                continue
            by_verb = self._linked(sentence[one.end : two.start])
            if by_verb is None:
                continue
            wrong = self._differ(one, two, on, by_verb=by_verb)
            if wrong:
                words = sentence[one.start : two.end]
                yield WrongDay("C171", words, f'"{words}" is wrong: {wrong}')

    def _is_list(self, sentence: str, told: Sequence[ToldDay]) -> bool:
        """Four names of days and more with nothing but commas between them are a list."""
        gaps = [sentence[a.end : b.start].strip() for a, b in pairwise(told)]
        return sum(gap in (",", "", "(", ")", "), ", ";") for gap in gaps) >= 3

    def _linked(self, between: str) -> bool | None:
        """Whether a verb says that two names are one day (False: they stand side by side); None where nothing does."""
        if _BREAK.search(between.strip()) and between.strip() not in (":", "\u2014"):
            return None
        if self._patterns.fillers.fullmatch(between):
            return False
        if self._patterns.stops.search(between) or len(_WORD.findall(between)) > MOST_WORDS:
            return None
        return True if self._patterns.verbs.search(between) else None

    def _differ(self, one: ToldDay, two: ToldDay, on: date, *, by_verb: bool) -> str:
        """Why the two cannot be one day; empty where they can."""
        first, second = self._days_of(one, on), self._days_of(two, on)
        if first is None or second is None:
            return ""
        pairs = ((one, first, two, second), (two, second, one, first))
        for weekday, _, dated, days in pairs:
            if weekday.told is Told.WEEKDAY:
                return self._differs_from_weekday(weekday, dated, days, on, is_first=weekday is one)
        for span, _, dated, days in pairs:
            if span.told is Told.SPAN:
                near = min(days, key=lambda d: abs(d - on))
                return "" if self._in_span(span, near, on) else f"{self._shown(dated, near)}"
        if not {Told.NTH, Told.NAME}.isdisjoint(
            (one.told, two.told)
        ):  # in this season's year: in another one they may be one by chance
            first, second = (tuple(d for d in days if d.year in self.season.years) for days in (first, second))
        if not first or not second or set(first) & set(second):
            return ""
        named, days = (two, second) if one.told is Told.RELATIVE else (one, first)
        near = min(days, key=lambda d: abs(d - on))
        other = one if named is two else two
        return f"{self._shown(named, near)}{self._goes_out(other, on)}"

    def _goes_out(self, other: ToldDay, on: date) -> str:
        return f", and the message goes out on {day_words(on)}" if other.told is Told.RELATIVE else ""

    def _shown(self, one: ToldDay, on: date) -> str:
        return f"{one.words} is {day_words(on)}"

    def _differs_from_weekday(
        self, weekday: ToldDay, dated: ToldDay, days: Sequence[date], on: date, *, is_first: bool
    ) -> str:
        if dated.told is Told.SPAN:
            return ""
        fitting = [d for d in days if d.weekday() == weekday.weekday]
        near = min(days, key=lambda d: abs(d - on))
        if near not in fitting:
            return self._shown(dated, near)
        is_far = is_first and not weekday.loose and dated.told is Told.NAME and abs((near - on).days) > NEAR
        return f"{self._shown(dated, near)}, more than a week from {day_words(on)}" if is_far else ""

    def _in_span(self, span: ToldDay, day: date, on: date) -> bool:
        if span.unit == "month":
            return (day.year * 12 + day.month) - (on.year * 12 + on.month) == span.days
        monday, sunday = on - timedelta(days=on.weekday()), on - timedelta(days=(on.weekday() + 1) % 7)
        return any(0 <= (day - begin).days - 7 * span.days < 7 for begin in (monday, sunday))

    def _days_of(self, one: ToldDay, on: date) -> tuple[date, ...] | None:
        """The days that are meant; None where nothing is known."""
        if one.told is Told.RELATIVE:
            return (on + timedelta(days=one.days),)
        if one.told is Told.NAME:
            return self.days_named(one.name, on.year)
        if one.told is Told.DATE and one.month and not one.other:
            years = (one.year,) if one.year else (on.year - 1, on.year, on.year + 1)
            if one.year and one.year not in (on.year - 1, on.year, on.year + 1):
                return None
            return tuple(date(y, one.month, one.day) for y in years if is_date(y, one.month, one.day)) or None
        if one.told is Told.NTH:
            years = (on.year - 1, on.year, on.year + 1)
            return tuple(d for y in years if (d := nth_weekday(y, one.month, one.weekday, one.days))) or None
        return () if one.told in (Told.WEEKDAY, Told.SPAN) else None

    def days_named(self, name: str, year: int) -> tuple[date, ...] | None:
        if name in self.special:
            return (self.special[name],)
        if name in self.season.titles:
            return None
        return days_of_holiday(self.rules, name, year) or None

    # -- what is over, and what is still to come

    def _past_or_to_come(self, sentence: str, told: Sequence[ToldDay], on: date) -> Iterator[WrongDay]:
        """An invitation to a day that is past, and a report of one that has not come."""
        dates = [t for t in told if t.told is Told.DATE and t.month and not t.other]
        one = dates[0] if len(dates) == 1 else None
        days = self._days_of(one, on) if one is not None else None
        if one is None or not days or self._patterns.open_ended.search(sentence[: one.start]):
            return
        day = min(days, key=lambda d: abs((d - on).days))
        far = (day - on).days
        if -_STILL_TOLD <= far < 0 and self._patterns.invites.search(sentence):
            yield WrongDay("C171", one.words, f'"{one.words}" is over when the message goes out, on {day_words(on)}')
        elif 0 < far <= _STILL_TOLD and self._patterns.reports.search(sentence[: one.start]):
            yield WrongDay(
                "C171", one.words, f'"{one.words}" has not come when the message goes out, on {day_words(on)}'
            )

    # -- other years

    def _of_other_years(
        self,
        sentence: str,
        told: Sequence[ToldDay],
        on: date,
        known: Callable[[], Sequence[KnownDate]],
        listed: frozenset[str],
    ) -> Iterator[WrongDay]:
        for one in told:
            year, month, day = self._moment(one, on)
            if not year or (day and not is_date(year, month, day)):
                continue
            if year in self.season.years:
                continue
            own_records = [k for k in known() if k.record in listed]
            carriers = [k for k in own_records if k.has(year, month, day)]
            if carriers:
                yield from self._of_another_event(sentence, one, carriers, known())
                continue
            if one.told is Told.NAME and (one.name in self.special or one.name in self.season.titles):
                yield self._other_season(one)
                continue
            if year > self.season.end_on.year:
                if self._in_season(month, day):
                    yield self._other_season(one)
                continue
            if one.told is Told.YEAR and self._of_a_season(sentence[one.end :]):
                yield self._other_season(one)
                continue
            if one.told is Told.YEAR and year >= 1990 and self._patterns.own.search(sentence):
                continue
            yield self._historical(one, (year, month, day), own_records, known())

    def _of_another_event(
        self, sentence: str, one: ToldDay, carriers: Sequence[KnownDate], known: Sequence[KnownDate]
    ) -> Iterator[WrongDay]:
        """The date is in a claim of the item, and the words around it are clearly those of another claim's date."""
        words = event_words(sentence)
        own = max(len(words & k.words) for k in carriers)
        records = {k.record for k in carriers}
        least = 2 if own < 2 else own + 2
        others = [k for k in known if k.month and k.record not in records and len(words & k.words) >= least]
        best = max(others, key=lambda k: len(words & k.words), default=None)
        if best is None or any(str(k.year) in sentence for k in others if k.year != one.year):
            return
        if any(k.record == best.record and k.has(one.year, one.month, one.day) for k in known):
            return
        says = (
            f"{MONTHS[best.month - 1]} {best.day}, {best.year}" if best.day else f"{MONTHS[best.month - 1]} {best.year}"
        )
        message = (
            f'"{one.words}" is the date of {carriers[0].record}, and these are the words of {best.record} ({says})'
        )
        yield WrongDay("C177", one.words, message)

    def _of_a_season(self, after: str) -> bool:
        """Whether a year stands before the word for what is sent: "our 2026 campaign"."""
        return self._patterns.subject_next.match(after) is not None

    def _named_months(self, sentence: str) -> Iterator[tuple[str, str, int]]:
        """What a sentence calls a month: its words, the name, the month."""
        straight = sentence.replace("\u2019", "'")
        low = named = small(straight)
        for name in self._names_of_months:
            named = named.replace(name, A_NAME * len(name))
        for found in self._patterns.month_is.finditer(named):
            which = str(found.lastgroup)[1:]
            start, end = found.span(f"n{which}")
            month = next(n for n, each in enumerate(self.rules.months, 1) if small(each[0]) == found[f"m{which}"])
            yield straight[found.start() : found.end()], low[start:end], month

    def _misnamed(self, months: Sequence[tuple[str, str, int]]) -> Iterator[WrongDay]:
        for words, name, number in months:
            right = self.season.months if name in self.season.titles else {self.rules.observances[name]}
            if number not in right:
                told = " and ".join(MONTHS[n - 1] for n in sorted(right))
                yield WrongDay("C171", words, f'"{words}" is wrong: that is {told}')

    def _moment(self, one: ToldDay, on: date) -> tuple[int, int, int]:
        if one.unit == "this day":
            return one.year, on.month, on.day
        if one.unit == "years ago":
            return on.year - one.days, on.month, on.day
        return (0, 0, 0) if one.other else (one.year, one.month, one.day)

    def _in_season(self, month: int, day: int) -> bool:
        if not month:
            return False
        for year in self.season.years:
            if (
                day
                and is_date(year, month, day)
                and self.season.start_on <= date(year, month, day) <= self.season.end_on
            ):
                return True
            if not day and (year, month) in ((d.year, d.month) for d in (self.season.start_on, self.season.end_on)):
                return True
        return False

    def _other_season(self, one: ToldDay) -> WrongDay:
        season = " and ".join(map(str, sorted(self.season.years)))
        return WrongDay("C175", one.words, f'"{one.words}" names another year; the season is that of {season}')

    def _historical(
        self, one: ToldDay, moment: tuple[int, int, int], listed: Sequence[KnownDate], known: Sequence[KnownDate]
    ) -> WrongDay:
        year, month, day = moment
        if elsewhere := next((k for k in known if k.has(year, month, day)), None):
            hint = f"list {elsewhere.record} under claims"
            return WrongDay("C174", one.words, f'no claim of this item has the date "{one.words}"', hint)
        near = next((k for k in listed if month and (k.month, k.day) == (month, day)), None)
        near = near or next((k for k in listed if day and k.year == year and k.day), None)
        if near is not None:
            says = f"{MONTHS[near.month - 1]} {near.day}, {near.year}" if near.day else str(near.year)
            return WrongDay("C174", one.words, f'"{one.words}" is in no claim of this item; {near.record} says {says}')
        return WrongDay("C174", one.words, f'no claim of this item has the date "{one.words}"')

    # -- counts, and where the series begins and ends

    def _of_the_series(self, sentence: str, told: Sequence[ToldDay], on: date) -> Iterator[WrongDay]:
        for one in told:
            if one.told in (Told.YEAR, Told.MONTH, Told.SPAN) or one.unit in ("this day", "years ago"):
                continue
            yield from self._of_a_whole_month(sentence, one, on)
            before = sentence[: one.start]
            for pattern, right, what in (
                (self._patterns.begins, self.season.start_on, "begins"),
                (self._patterns.ends, self.season.end_on, "ends"),
            ):
                found = pattern.search(before)
                if found is None or self._stops_early(found, sentence[one.end :]):
                    continue
                days = self._days_of(one, on)
                if one.told is Told.WEEKDAY:
                    days = (right,) if right.weekday() == one.weekday else (on,)
                if days and right not in days:
                    words = sentence[found.start() : one.end]
                    yield WrongDay("C173", words, f'"{words}" is wrong: the campaign {what} on {day_words(right)}')

    def _of_a_whole_month(self, sentence: str, one: ToldDay, on: date) -> Iterator[WrongDay]:
        """A month with a name begins on its first day and ends on its last, or as the season does."""
        if one.told is not Told.DATE or not one.month:
            return
        day = next(iter(self._days_of(one, on) or ()), None)
        for key, right, at_end in (("begins", self.season.start_on, False), ("ends", self.season.end_on, True)):
            found = self._patterns.whole_month[key].search(sentence[: one.start])
            if found is None or day is None:
                continue
            is_edge = (day + timedelta(days=1)).day == 1 if at_end else day.day == 1
            if not is_edge and (day.month, day.day) != (right.month, right.day):
                words = sentence[found.start() : one.end]
                yield WrongDay("C173", words, f'"{words}" is wrong: no month {key} on that day')

    def _stops_early(self, found: re.Match[str], after: str) -> bool:
        """Of us ("we end today with a poem") only where the sentence ends there."""
        word = found["subject"].casefold()
        return bool(self._patterns.own.fullmatch(word)) and bool(re.match(r"\s*[\w\"\u201c]", after))

    def _counted(self, sentence: str, kinds: frozenset[str]) -> Iterator[tuple[str, str, tuple[int, ...]]]:
        """The counts of days in a sentence: their kind, their words, their numbers."""
        for key in filter(kinds.__contains__, OF_COUNTS):
            for found in self._patterns.counts[key].finditer(sentence):
                values = tuple(self.reader.value(v) for v in found.groups() if v)
                if all(values):
                    day = self.reader.just_before.search(sentence, 0, found.start()) if key == "day_of" else None
                    values = (values[0] - self.reader.days_off(day[1]), *values[1:]) if day else values
                    yield key, found[0], values

    def _counts(self, counts: Sequence[tuple[str, str, tuple[int, ...]]], on: date) -> Iterator[WrongDay]:
        number, days = (on - self.season.start_on).days + 1, self.season.days
        left = (self.season.end_on - on).days
        to_month = (date(on.year + on.month // 12, on.month % 12 + 1, 1) - on).days - 1
        right = {
            "left": {left, left + 1, to_month, to_month + 1},
            "weeks_left": {w for d in (left, to_month) for w in (d // 7, -(-d // 7), (d + 1) // 7)},
        }
        for key, words, values in counts:
            if key == "day_of":
                if values != (number, days) and values[-1] >= 7:
                    yield WrongDay("C172", words, f'"{words}" goes out on day {number} of {days}')
            elif values[0] not in right[key]:
                yield WrongDay("C172", words, f'"{words}" is wrong: {counted(left, "day")} come after this one')

    def _first_and_last(self, sentence: str, told: Sequence[ToldDay], on: date) -> Iterator[WrongDay]:
        if self._patterns.denials.search(sentence):
            return
        told = [t for t in told if t.told in (Told.RELATIVE, Told.DATE)]
        days = [d for one in told for d in (self._days_of(one, on) or ())]
        for key, right, what in (("last", self.season.end_on, "last"), ("first", self.season.start_on, "first")):
            found = self._patterns.series[key].search(sentence)
            if found and self._says_of_ours(found) and right not in (days or [on]):
                yield WrongDay("C173", found[0], f'"{found[0]}" is wrong: the {what} day is {day_words(right)}')
        found = self._patterns.series["next_day"].search(sentence)
        next_day = on + timedelta(days=1)
        if found and next_day not in self.season.planned:
            yield WrongDay("C173", found[0], f'"{found[0]}", and nothing goes out on {day_words(next_day)}')

    def _says_of_ours(self, found: re.Match[str]) -> bool:
        """ "The last of these" needs the word for our messages behind it."""
        words = found[0].casefold()
        return any(words.endswith(m.casefold()) for m in self.rules.series["messages"])


def event_words(text: str) -> frozenset[str]:
    """The beginnings of the longer words of a text."""
    return frozenset(word[:6] for word in _LETTERS.findall(text.casefold()) if len(word) > 4)


def nth_weekday(year: int, month: int, weekday: int, n: int) -> date | None:
    """The n-th such weekday of a month, -1 for its last; None where there is none."""
    days = [
        d for day in range(1, 32) if is_date(year, month, day) and (d := date(year, month, day)).weekday() == weekday
    ]
    return days[n if n < 0 else n - 1] if n < 0 or n <= len(days) else None


@lru_cache(maxsize=1024)
def days_of_holiday(rules: DayRules, name: str, year: int) -> tuple[date, ...]:
    """When a day that the rules know falls in that year, the one before and the one after."""
    days = []
    for near in (year - 1, year, year + 1):
        try:
            days.append(resolve(rules.holidays[name], season=near, window=None))
        except (DateRuleError, KeyError):
            continue
    return tuple(days)
