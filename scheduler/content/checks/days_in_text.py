"""Dates, weekdays, holidays, "tomorrow", "day 3 of 32": against the calendar; and what is past against the claims."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from functools import cached_property, lru_cache
from itertools import chain

from ...domain.campaign import Campaign
from ...domain.claim import Claim
from ...domain.finding import Finding
from ...domain.formatting import day_words
from ...domain.printed import Printed
from ...domain.quotation import Source
from ..codes import CODES
from ..days.day_judge import DayJudge, KnownDate, SeasonDays, WrongDay, days_of_holiday, event_words
from ..days.day_positions import DayPositions
from ..days.day_reader import Told, reader_for
from ..days.day_rules import DayRules, load_day_rules
from ..text_answers import TEXTS
from .context import Material, View
from .visible_text import fold
from .word_rules import language_of

#: Between what a record says in one field and in the next: no date goes across it.
_BETWEEN = " ; "
#: Stands for each letter of what is another's.
_GONE = "|"
_DIGIT = re.compile(r"\d")
_PERIOD = re.compile(r"(?<!\d)(1[5-9]\d\d|20\d\d)(?:-(\d\d))?(?:-(\d\d))?(?!\d)")

#: What a text says in its own voice when it prints a claim.
_STATED = frozenset({"text", "caveat", "numbers"})


def check_days(material: Material) -> Iterator[Finding]:
    """Z102 and C170 to C177."""
    if material.lint_dir is None:
        return
    season, judges = _season(material), dict[str, _Judge | None]()
    planned = {p.item.id for p in material.plan.items}
    usual = material.campaign.language.partition("-")[0]
    for view in material.views:
        seen: set[tuple[str, str]] = set()
        of_a_day = view.item.id in planned
        listed = _listed(view, all_listed=not of_a_day)
        for text, printed in _texts(view):
            language = language_of(text, usual)
            if language not in judges:
                rules, findings = load_day_rules(material.lint_dir, language)
                english, _ = load_day_rules(material.lint_dir, "en")  # in which sources and many records are written
                read = tuple(dict.fromkeys(filter(None, (rules, english))))
                judges[language] = _Judge(rules, season, material.campaign, read) if rules else None
                yield from findings
            if (found := judges[language]) is None:
                continue
            for wrong in found.wrong_in(text, view.message.on, listed, of_a_day=of_a_day, printed=printed):
                if (wrong.code, wrong.words.casefold()) not in seen:
                    seen.add((wrong.code, wrong.words.casefold()))
                    yield view.finding(wrong.code, wrong.message, wrong.words, hint=wrong.hint)


def check_special_days(material: Material) -> Iterator[Finding]:
    """C171 of the calendar itself: emails print what is special about a day, and texts are held against it."""
    if material.lint_dir is None:
        return
    rules, _ = load_day_rules(material.lint_dir, material.campaign.language.partition("-")[0])
    for planned in material.plan.items:
        named = planned.day.special if planned.day else ""
        days = days_of_holiday(rules, fold(named).casefold(), planned.on.year) if rules and named else ()
        if planned.day and days and planned.on not in days:
            right = day_words(min(days, key=lambda day: abs(day - planned.on)))
            message = f'"{named}" is {right}, and the calendar has it on {day_words(planned.on)}'
            hint = "correct the date of the calendar line, or what it says under special"
            yield CODES["C171"].at(planned.day.where, message, hint=hint, item=planned.item.id)


class _Judge:
    """What is wrong in texts of one language; ``read``: the rules by which dates of records are told."""

    def __init__(self, rules: DayRules, season: SeasonDays, campaign: Campaign, read: tuple[DayRules, ...]) -> None:
        self._judge = DayJudge(rules, season)
        self._positions = DayPositions(self._judge)
        self._campaign, self._read = campaign, read

    def wrong_in(
        self, text: str, on: date, listed: frozenset[str], *, of_a_day: bool, printed: tuple[tuple[int, int], ...]
    ) -> Iterator[WrongDay]:
        yield from self._judge.judge(text, on, self._known, listed, of_a_day=of_a_day, printed=printed)
        if of_a_day:
            yield from self._positions.judge(text, on)

    def _known(self) -> tuple[KnownDate, ...]:
        return self._dates

    @cached_property
    def _dates(self) -> tuple[KnownDate, ...]:
        """Of all claims and sources: few texts name a day of another year."""
        return tuple(known for rules in self._read for known in _known(self._campaign, rules))


def _texts(view: View) -> list[tuple[str, tuple[tuple[int, int], ...]]]:
    """The paragraphs and lines of the message, each once, with the places of what was printed from records. Of a
    quotation, a source or a help line nothing is left: what they say of days is theirs."""
    found: dict[tuple[str, tuple[tuple[int, int], ...]], None] = {}
    for part in view.all_parts:
        places, at, n = part.records_in_words, 0, 0
        for block in part.blocks:
            text, within, end = block, list[tuple[int, int]](), at + len(block)
            while n < len(places) and places[n].start < end:
                start, stop = places[n].start - at, places[n].end - at
                if stop <= len(block):
                    within.append((start, stop))
                    if _is_anothers(places[n].printed):
                        text = text[:start] + _GONE * (stop - start) + text[stop:]
                n += 1
            found[text, tuple(within)] = None
            at = end + 1
    return list(found)


def _is_anothers(printed: Printed) -> bool:
    if printed.kind == "claim":
        return printed.field not in _STATED
    return printed.kind in ("quotation", "source", "contact")


def _season(material: Material) -> SeasonDays:
    plan = material.plan
    special = {fold(p.day.special).casefold(): p.on for p in plan.items if p.day and p.day.special}
    titles = tuple(sorted({fold(t).casefold() for t in (plan.title, plan.campaign.name) if t}))
    return SeasonDays(plan.season.start_on, plan.season.end_on, special, frozenset(p.on for p in plan.items), titles)


def _listed(view: View, *, all_listed: bool) -> frozenset[str]:
    """The claims and sources that the message rests on. A letter or a digest lists none of its own: any holds."""
    campaign = view.material.campaign
    pointers = (*view.message.quotations, *view.item.quotations)
    quoted = (pair[0].id for pair in map(view.material.passage, pointers) if pair)
    return frozenset((*(campaign.claims if all_listed else (c.id for c in view.listed_claims)), *quoted))


def _known(campaign: Campaign, rules: DayRules) -> tuple[KnownDate, ...]:
    """The dates of all claims and sources."""
    claims = (k for claim in campaign.claims.values() for k in _of_claim(claim, rules))
    return (*claims, *(k for source in campaign.sources.values() for k in _of_source(source, rules)))


@lru_cache(maxsize=4096)
def _of_claim(claim: Claim, rules: DayRules) -> tuple[KnownDate, ...]:
    said = (claim.text, *claim.numbers, claim.caveat, claim.status_reason)
    of_source = (claim.source.title, claim.source.dated, claim.source.reported_by, claim.period)
    contests = (words for contest in claim.contested_by for words in (contest.dated, contest.gist))
    months = {name[:6] for names in rules.months for name in map(str.casefold, names)}
    words = event_words(fold(claim.text)) - months
    told = {
        (k.year, k.month, k.day) for k in _dates_of(claim.id, fold(_BETWEEN.join((claim.text, *claim.numbers))), rules)
    }
    found = _dates_of(claim.id, fold(_BETWEEN.join((*said, *of_source, *contests))), rules)
    return tuple(replace(k, words=words) if (k.year, k.month, k.day) in told else k for k in found)


@lru_cache(maxsize=256)
def _of_source(source: Source, rules: DayRules) -> tuple[KnownDate, ...]:
    words = (source.attribution, source.short_attribution, source.title, str(source.year or ""))
    return _dates_of(source.id, fold(_BETWEEN.join(words)), rules)


def _dates_of(record: str, text: str, rules: DayRules) -> tuple[KnownDate, ...]:
    moments = TEXTS.question("dates", rules.fingerprint).of(text, lambda words: _moments(words, rules))
    return tuple(KnownDate(*moment, record) for moment in moments)


def _moments(text: str, rules: DayRules) -> tuple[tuple[int, int, int], ...]:
    """Year, month and day of each date that has a year, which is written in digits."""
    dated = (part for part in text.split(_BETWEEN) if _DIGIT.search(part))
    told = chain.from_iterable(map(reader_for(rules).read, dated))
    found = [(t.year, t.month, t.day) for t in told if t.told in (Told.DATE, Told.MONTH)]
    found += [(int(m[1]), int(m[2] or 0), int(m[3] or 0)) for m in _PERIOD.finditer(text)]
    return tuple(moment for moment in dict.fromkeys(found) if moment[0])
