"""Figures and dates in the organization's own words: a claim that the item lists carries each figure, and no date has
another weekday beside it.

Figures are compared by value: "27.6 million", "27,600,000" and "$236 billion", "42 percent" and "42%", "1 in 4".
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from ...domain.claim import Claim, ClaimStatus
from ...domain.finding import Finding
from ...domain.formatting import MONTHS, WEEKDAYS
from .context import Material, View
from .help_lines import PHONE, digits_of, numbers_in
from .visible_text import fold

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
_INITIALS = "".join(sorted({word[0] for word in _WORDS}))
_FIGURE = re.compile(
    rf"(?=[\d{_INITIALS}])(?<![\w.,/])(?:"  # the quick look first: at most places no figure begins
    rf"(?P<a>\d{{1,3}}|{_WORD}) (?:in|out of)(?: every)? (?P<b>\d{{1,3}}|{_WORD})(?![\w,/])"
    rf"|(?P<n>{_NUMBER}|{_WORD})[ -]?(?P<unit>%|(?:percent|per cent|thousand|million|billion|bn|trillion)\b)"
    r"|(?<![#-])(?P<c>\d{1,3}(?:,\d{3})+|\d{3,})(?:\.\d+)?(?![\w/-]|[.,]\d))",
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
_ADDRESS = re.compile(r"https?://\S+|\b[\w.+-]+@[\w-]+(?:\.[\w-]+)+|#\w+|%\w+%")
_DIGIT = re.compile(r"\d")
_BLOCKED = (ClaimStatus.OUTDATED, ClaimStatus.SUPERSEDED, ClaimStatus.UNSOURCED, ClaimStatus.DEBUNKED)

_MONTH_NUMBER = {name[:3].casefold(): number for number, name in enumerate(MONTHS, start=1)}
_WEEKDAY_NUMBER = {name[:3].casefold(): number for number, name in enumerate(WEEKDAYS)}
_MONTH = "|".join(f"{m}|{m[:3]}" for m in MONTHS) + "|Sept"
_WEEKDAY = "|".join(WEEKDAYS) + "|Mon|Tues?|Wed|Thurs?|Thu|Fri|Sat|Sun"
_DAY = r"(\d{1,2})(?:st|nd|rd|th)?"
_OF_YEAR = r"(?:,? ((?:1[5-9]|20)\d\d))?"
_WRITTEN = re.compile(
    rf"\b({_WEEKDAY})\.?,? (?:the )?(?:{_DAY} (?:of )?({_MONTH})\b\.?|({_MONTH})\.? {_DAY}\b){_OF_YEAR}", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure as it is printed, and what it means: a value with its unit, "", "%" or "ratio"."""

    words: str
    meaning: tuple[float, str]


def _value(text: str) -> float:
    return float(_WORDS[text.lower()]) if text.lower() in _WORDS else float(text.replace(",", ""))


@lru_cache(maxsize=8192)
def figures_in(text: str) -> tuple[Figure, ...]:
    """All figures of a folded text, in order. Years and citations of laws and pages are none."""
    found = []
    for match in _FIGURE.finditer(text):
        start, unit = match.start(), (match["unit"] or "").lower()
        if match["a"]:
            value, unit = _value(match["a"]) / _value(match["b"]), "ratio"
        elif unit:
            value, unit = _value(match["n"]) * _SCALE.get(unit, 1), "" if unit in _SCALE else "%"
        elif (
            _YEAR.fullmatch(match["c"])
            or _CITED_BEFORE.search(text, max(0, start - 24), start)
            or _CITED_AFTER.match(text, match.end())
        ):
            continue
        else:
            value = _value(match["c"])
        found.append(Figure(match[0], (round(value, 6), unit)))
    return tuple(found)


def check_numbers(material: Material) -> Iterator[Finding]:
    """C114 and C115."""
    owners: dict[tuple[float, str], list[Claim]] = {}
    for claim in material.campaign.claims.values():
        for meaning in _meanings(claim):
            owners.setdefault(meaning, []).append(claim)
    records = _records(material)
    lines = {d for c in material.campaign.contacts.values() if (d := digits_of(c.value))}
    own: dict[str, list[Figure]] = {}
    for view in material.views:
        seen = {meaning for claim in view.listed_claims for meaning in _meanings(claim)}
        for text in view.own_texts:
            if text not in own:
                own[text] = _own_figures(text, records, lines)
            for figure in own[text]:
                if figure.meaning not in seen:
                    seen.add(figure.meaning)
                    yield _finding(view, figure, owners.get(figure.meaning, []))


def _finding(view: View, figure: Figure, owners: Sequence[Claim]) -> Finding:
    good = [c for c in owners if c.status not in _BLOCKED]
    if owners and not good:
        message = f'"{figure.words}" is the figure of {owners[0].id}, which is {owners[0].status}'
        return view.finding("C115", message, figure.words)
    hint = f"list {good[0].id} under claims and print it with {{{{ number('{good[0].id}') }}}}" if good else ""
    return view.finding("C114", f'no claim of this item carries the figure "{figure.words}"', figure.words, hint=hint)


def _records(material: Material) -> list[str]:
    """Words that come from records and settings and are no statistics: help lines, the postal address."""
    organisation = material.settings.organisation
    words = [organisation.name, organisation.postal_address, *organisation.postal_address.splitlines()]
    for contact in material.campaign.contacts.values():
        words += (contact.value, contact.label, contact.purpose, contact.hours, contact.languages)
    for claim in material.campaign.claims.values():
        words += (claim.source.title, claim.source.publisher, claim.source.locator)
    return sorted({w for w in map(fold, words) if any(map(str.isdigit, w))}, key=len, reverse=True)


def _own_figures(text: str, records: Sequence[str], lines: set[str]) -> list[Figure]:
    """Figures of a folded text once help lines, addresses and tags are taken out."""
    plain = text
    if _DIGIT.search(text):
        for words in records:
            plain = plain.replace(words, " ")
        plain = PHONE.sub(" ", _ADDRESS.sub(" ", plain))
    printed = {number for number, _ in numbers_in(text)}
    return [f for f in figures_in(plain) if f.meaning[1] or f.words not in lines | printed]


def _meanings(claim: Claim) -> set[tuple[float, str]]:
    return {f.meaning for f in figures_in(fold(" ; ".join((*claim.numbers, claim.text, claim.caveat))))}


def check_weekdays(material: Material) -> Iterator[Finding]:
    """Z102."""
    for view in material.views:
        seen: set[str] = set()
        for text in view.own_texts:
            for written, right in _wrong_weekdays(text, view.message.on):
                if written.casefold() not in seen:
                    seen.add(written.casefold())
                    yield view.finding("Z102", f'"{written}" is a {right}', written)


def _wrong_weekdays(text: str, on: date) -> Iterator[tuple[str, str]]:
    """(as written, the weekday that it is) for each date in a folded text whose weekday is another."""
    for match in _WRITTEN.finditer(text) if _DIGIT.search(text) else ():
        weekday, day_a, month_a, month_b, day_b, year = match.groups()
        month = _MONTH_NUMBER[(month_a or month_b)[:3].casefold()]
        day = _nearest(on, month, int(day_a or day_b), int(year) if year else None)
        if day is None:
            yield match[0], "date that does not exist"
        elif day.weekday() != _WEEKDAY_NUMBER[weekday[:3].casefold()]:
            yield match[0], WEEKDAYS[day.weekday()]


def _nearest(on: date, month: int, day: int, year: int | None) -> date | None:
    """The date that is meant; without a year the one nearest to the message's day."""
    found = []
    for candidate in (year,) if year else (on.year, on.year - 1, on.year + 1):
        with suppress(ValueError):
            found.append(date(candidate, month, day))
    return min(found, key=lambda d: abs(d - on), default=None)
