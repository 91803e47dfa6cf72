"""What stands beside the days that a text names, as patterns of its language: they rest on its rules alone."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import cached_property, lru_cache
from itertools import chain

from ..rule_files import pattern_of
from .day_reader import reader_for
from .day_rules import DayRules, any_of
from .words_needed import WordsNeeded

#: Stands for the name of a month, as Black History Month, while a text is looked at: one sign for each of its letters.
A_NAME = "\ue000"
#: Kinds of phrases about the whole series, and of counts of days.
OF_SERIES = ("last", "first", "next_day")
OF_COUNTS = ("day_of", "left", "weeks_left")


class DayPatterns:
    """Of one language."""

    def __init__(self, rules: DayRules) -> None:
        self.rules = rules

    @cached_property
    def asked(self) -> WordsNeeded[str]:
        """By the words of a sentence what may stand in it."""
        rules = self.rules
        days = (*rules.months, *rules.weekdays, *rules.relative.values(), *rules.spans.values(), *rules.counts.values())
        asked: dict[str, Iterable[str]] = {
            "told": (*chain.from_iterable(days), *rules.holidays),
            "named": rules.observances,
            "month": (names[0] for names in rules.months),
            "series": chain.from_iterable(rules.series[key] for key in OF_SERIES),
            **{key: rules.series[key] for key in ("begins", "ends")},
            **{key: rules.counts[key] for key in OF_COUNTS},
        }
        return WordsNeeded((phrase, kind) for kind, phrases in asked.items() for phrase in phrases)

    @cached_property
    def names(self) -> tuple[WordsNeeded[str], WordsNeeded[str]]:
        """Names of days, and of months, by their words."""
        of_days, of_months = self.rules.holidays, self.rules.observances
        return WordsNeeded((name, name) for name in of_days), WordsNeeded((name, name) for name in of_months)

    @cached_property
    def naming(self) -> frozenset[str]:
        """One of these words is in each sentence that names a day, a month or the series as its language does."""
        rules = self.rules
        days = chain.from_iterable((*rules.months, *rules.weekdays, *rules.relative.values()))
        return WordsNeeded(
            (p, p) for p in (*days, *rules.holidays, *rules.observances, *rules.series["subjects"])
        ).words

    def _pattern(self, written: str) -> re.Pattern[str]:
        return pattern_of(self.rules.fingerprint, written, re.IGNORECASE)

    def _standing(self, key: str, more: str = "") -> re.Pattern[str]:
        return self._pattern(rf"(?<!\w)(?:{any_of(self.rules.words[key])})(?!\w){more}")

    @cached_property
    def verbs(self) -> re.Pattern[str]:
        return self._standing("verbs", r"|['\u2019]s(?!\w)")

    @cached_property
    def stops(self) -> re.Pattern[str]:
        return self._standing("stops", r"|n['\u2019]t\b")

    @cached_property
    def denials(self) -> re.Pattern[str]:
        return self._standing("denials", r"|n['\u2019]t\b")

    @cached_property
    def own(self) -> re.Pattern[str]:
        return self._standing("own")

    @cached_property
    def fillers(self) -> re.Pattern[str]:
        words = any_of((*self.rules.words["fillers"], *self.rules.words["articles"]))
        return self._pattern(rf"(?:(?:{words})(?!\w)|[^\w;:?!]+)*")

    @cached_property
    def begins(self) -> re.Pattern[str]:
        return self._of_series("begins")

    @cached_property
    def ends(self) -> re.Pattern[str]:
        return self._of_series("ends")

    def _of_series(self, key: str) -> re.Pattern[str]:
        """What is sent, and the verb for its begin or end, right before a day."""
        words, series = self.rules.words, self.rules.series
        ours = rf"(?:{any_of(series['owners'])}) (?:{any_of(series['subjects'])})"
        subject = rf"(?<!\w)(?P<subject>{any_of(words['own'])}|{ours})(?!\w)(?: [\w'\u2019]+){{0,3}}? "
        links = rf"(?:[ ,\u2014]+(?:{any_of(series['links'])}))*[ ,\u2014]*$"
        return self._pattern(rf"{subject}(?:{any_of(series[key])}){links}")

    @cached_property
    def invites(self) -> re.Pattern[str]:
        return self._pattern(rf"(?<!\w)(?:{'|'.join(self.rules.positions.invites) or '(?!)'})(?!\w)")

    @cached_property
    def reports(self) -> re.Pattern[str]:
        return self._pattern(rf"(?<!\w)(?:{'|'.join(self.rules.positions.reports) or '(?!)'})[ ,]*$")

    @cached_property
    def open_ended(self) -> re.Pattern[str]:
        return self._pattern(rf"(?<!\w)(?:{any_of(self.rules.positions.open_ended)})[ ,]*$")

    @cached_property
    def subject_next(self) -> re.Pattern[str]:
        return self._pattern(rf" (?:\w+ )?(?:{any_of(self.rules.series['subjects'])})(?!\w)")

    @cached_property
    def month_is(self) -> re.Pattern[str]:
        """What a sentence calls a month, where :data:`A_NAME` stands for the name."""
        months = any_of(name for names in self.rules.months for name in names[:1])
        phrases = [
            re.escape(p)
            .replace(r"\{month\}", f"(?P<m{n}>{months})")
            .replace(r"\{name\}", rf"(?:\w+ ){{0,2}}(?P<n{n}>{A_NAME}+)")
            for n, p in enumerate(self.rules.words["month_is"])
        ]
        return self._pattern(rf"(?<!\w)(?:{'|'.join(phrases) or '(?!)'})(?!\w)")

    @cached_property
    def whole_month(self) -> Mapping[str, re.Pattern[str]]:
        series = self.rules.series
        links = rf"(?:[ ,]+(?:{any_of(series['links'])}|el))*[ ,]*$"
        month = rf"(?<!\w)(?:{any_of(series['whole_months'])})"
        return {key: self._pattern(rf"{month} (?:{any_of(series[key])}){links}") for key in ("begins", "ends")}

    @cached_property
    def counts(self) -> Mapping[str, re.Pattern[str]]:
        phrase, counts = reader_for(self.rules).phrase, self.rules.counts
        return {key: self._pattern("|".join(rf"(?<!\w){phrase(p)}(?!\w)" for p in counts[key])) for key in OF_COUNTS}

    @cached_property
    def series(self) -> Mapping[str, re.Pattern[str]]:
        series = self.rules.series
        messages = rf"(?: (?:{any_of(series['messages'])}))?"
        return {key: self._pattern(rf"(?<!\w)(?:{any_of(series[key])}){messages}(?!\w)") for key in OF_SERIES}


@lru_cache(maxsize=16)
def patterns_of(rules: DayRules) -> DayPatterns:
    """Each is made where it is needed, once."""
    return DayPatterns(rules)
