"""What a claim's text says in figures, and whether a sentence that bears one of them says the same with it."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from fractions import Fraction
from functools import lru_cache
from typing import Any

from ...domain.canonical_text import PlainText, countable
from ...domain.claim import Claim
from ...light_dataclass import dataclass
from ..text_answers import TEXTS
from .folding import folded
from .quantity import MONEY, Form, Quantity
from .quantity_reader import LEXICONS, can_read, quantities_in
from .quantity_rules import QuantityRules

_YEAR = re.compile(r"\b(?:1[5-9]|20)\d\d\b")
_SPAN_OF_YEARS = re.compile(r"\b((?:1[5-9]|20)\d\d)(?: ?[\u2013-] ?| to | through | a | al )((?:1[5-9]|20)\d\d)\b")
_WORD = re.compile(r"[^\W\d_]+")
_GOES_ON = re.compile(r"\w|[.,]\d")
_LONG = re.compile(r"[^\W\d_]{5,}")
_PLACE = re.compile(
    r"\b(?:[Ii]n|[Aa]cross|[Tt]hroughout|[Aa]ll over|[Ee]n|[Aa] lo largo de) (?:the |el |la |los )?"
    r"((?:[A-Z\u00c0-\u00de][\w.'-]*)(?: [A-Z\u00c0-\u00de][\w.'-]*){0,3})"
)
_NO_PLACES = frozenset(
    "january february march april may june july august september october november december monday tuesday wednesday "
    "thursday friday saturday sunday spring summer fall winter enero febrero marzo abril mayo junio julio agosto "
    "septiembre octubre noviembre diciembre english spanish congress court covid "
    "review brief focus person full short".split()
)
_JOINING = frozenset().union(*(lexicon.joining for lexicon in LEXICONS.values()))
_APART = re.compile(r"[,;:()\u2014\u2013](?!\d)")
_OPENS = re.compile(r"\s*(?:[Oo]f|[Aa]mong|[Ii]n|[Ff]or|[Dd]e|[Ee]ntre|[Ee]n) ")
_CURRENCIES = ("dollar", "buck", "cent", "euro", "peso", "dolar", "usd")
_ANYBODY = frozenset(("people", "groups"))
#: Of so many words behind "people who" one tells whom a claim counts.
_DESCRIBING = 4
#: How far a figure that is said to be about right may be from the exact one.
_ROUNDED = Fraction(2, 100)


@dataclass(frozen=True)
class ClaimFigures:
    """A claim as quantities are compared with it."""

    id: str
    language: str
    quantities: tuple[Quantity, ...]
    #: Everything that its record says, folded; and all that may stand beside its figure: its source, too.
    record: str
    beside: str
    #: Years that it describes, and with those of its source all that may stand beside it.
    period: frozenset[int]
    years: frozenset[int]


@lru_cache(maxsize=4096)
def figures_of(claim: Claim, language: str) -> ClaimFigures:
    """Read out of the claim's text by its language's reader; ``numbers`` say how they may be printed too."""
    source = claim.source
    told = (claim.text, claim.caveat, *claim.numbers)
    meant = (claim.measure, claim.population, claim.place, claim.period)
    behind = (source.dated, source.title, claim.status_reason, source.publisher)

    def read(_: str) -> tuple[Any, ...]:
        record = folded(canonical(" ; ".join((*told, *meant))))
        dated = " ; ".join((record, *behind[:3]))
        beside = f"{dated} ; {folded(canonical(f'{source.title} ; {source.publisher}'))}"
        quantities = tuple(q.plain() for text in told for q in figures_in(text, language))
        return quantities, record, beside, tuple(_years_in(record)), tuple(_years_in(dated))

    kept = TEXTS.question(f"figures of a claim in {language}")
    quantities, record, beside, *years = kept.of(repr((told, meant, behind)), read)
    found = tuple(map(Quantity.of_plain, quantities))
    return ClaimFigures(claim.id, language, found, record, beside, *map(frozenset, years))


def _years_in(text: str) -> frozenset[int]:
    years = {int(year) for year in _YEAR.findall(text)}
    for first, last in _SPAN_OF_YEARS.findall(text):
        years.update(range(int(first), int(last) + 1))
    return frozenset(years)


def canonical(text: str) -> str:
    return countable(PlainText(text)).text


def figures_in(text: str, language: str) -> list[Quantity]:
    """What a text says in figures, but for vague words; nothing in a language that nobody reads here."""
    read = quantities_in(canonical(text), language) if can_read(language) else ()
    return [quantity for quantity in read if quantity.form is not Form.VAGUE]


def stray_numbers(claim: Claim, language: str) -> Iterator[str]:
    """Of a claim's ``numbers`` those whose value its own text does not say: a typing mistake in one of the two.

    A text that says "about 50 million" may have its exact figure among them.
    """
    said = [q for text in (claim.text, claim.caveat) for q in figures_in(text, language)]
    for number in claim.numbers:
        if _stands_in(number, f"{claim.text} {claim.caveat}"):
            continue  # it stands there as it is written, whatever it is: 165 of 165°F
        meant = figures_in(number, language)
        if said and not all(any(_says(q, key) for q in said) for m in meant for key in _keys(m)):
            yield number


def _stands_in(number: str, text: str) -> bool:
    """As it is written, and not as the end or the beginning of another one."""
    at = text.find(number)
    while at >= 0:
        before, behind = text[at - 1 : at], text[at + len(number) :]
        ends = not _GOES_ON.match(behind)
        if ends and not (before.isalnum() or before in ("_", ".", ",")):
            return True
        at = text.find(number, at + 1)
    return False


def _says(quantity: Quantity, key: tuple[Fraction, str]) -> bool:
    value, unit = key
    near = value * _ROUNDED if quantity.bound else 0
    return any(unit == other and abs(value - has) <= near for has, other in _keys(quantity))


def _keys(quantity: Quantity) -> Iterator[tuple[Fraction, str]]:
    """What two quantities that mean the same have in common."""
    for share in quantity.shares:
        yield share, "share"
    if not quantity.shares:
        for value in quantity.values:
            yield value, "" if quantity.unit == MONEY else quantity.unit


def carriers(quantity: Quantity, claims: Iterable[ClaimFigures]) -> Iterator[tuple[ClaimFigures, Quantity]]:
    """The claims whose text has the same quantity, each with it. Where a claim says what it counts, so does what is
    compared: among its ``numbers`` the figure stands alone."""
    for claim in claims:
        alike = [has for has in claim.quantities if is_same(quantity, has)]
        yield from ((claim, has) for has in [has for has in alike if has.noun] or alike)


def is_same(one: Quantity, other: Quantity) -> bool:
    wanted = set(_keys(one))
    if not wanted:
        return one.form is other.form and folded(one.words) == folded(other.words) and _same_noun(one, other)
    is_money = {quantity.unit == MONEY for quantity in (one, other)}
    return wanted <= set(_keys(other)) and (len(is_money) == 1 or "" in (one.unit, other.unit))


def _same_noun(one: Quantity, other: Quantity) -> bool:
    """Of forms without a value: whether they count the same thing."""
    if not one.noun or not other.noun:
        return one.noun == other.noun
    return any(_alike(a, b) for a in _stems(one.noun) for b in _stems(other.noun))


@dataclass(frozen=True)
class Context:
    """What stands around a quantity: its sentence, and ``clause``, the part that speaks of this quantity alone."""

    sentence: str
    clause: str
    season: int
    #: What is said with the quantity: the clause before it and behind it.
    before: str = ""
    behind: str = ""

    @classmethod
    def of(cls, sentence: str, quantities: Sequence[Quantity], at: int, season: int) -> Context:
        """Of the quantity number ``at``: from the stop or the figure before it to the one behind it, with an opening
        such as "Of the people in forced labor,"."""
        this = quantities[at]
        before = quantities[at - 1].end if at else 0
        behind = quantities[at + 1].start if at + 1 < len(quantities) else len(sentence)
        starts = [m.end() for m in _APART.finditer(sentence, before, this.start)]
        ends = [m.start() for m in _APART.finditer(sentence, this.end, behind)]
        opening = sentence[before : starts[0]] if starts and _OPENS.match(sentence, before) else ""
        start, end = (starts[-1] if starts else before), (ends[0] if ends else behind)
        before_it, behind_it = sentence[start : this.start], sentence[this.end : end]
        return cls(sentence, f"{opening} {sentence[start:end]}", season, f"{opening} ; {before_it}", behind_it)


def difference(
    quantity: Quantity, context: Context, claim: ClaimFigures, has: Quantity, rules: QuantityRules
) -> tuple[str, str]:
    """In what a sentence says something else with a figure than its claim: ("population", "victims"); empty when in
    nothing."""
    low = folded(context.sentence)
    if claim.language != rules.language:  # words of two languages are alike only where the rules have both
        other_period = _other_period(low, claim, rules, context.season)
        return (
            _other_group(quantity, has, folded(context.clause), claim, rules)
            or _other_contrast(low, claim, rules)
            or other_period
            or ("", "")
        )
    checks = (
        _other_bound(quantity, has, rules),
        _other_measure(quantity, has, rules),
        _other_population(quantity, has, folded(context.clause), claim, rules),
        _other_contrast(low, claim, rules),
        _other_place(context.sentence, claim),
        _other_period(low, claim, rules, context.season),
    )
    return next((found for found in checks if found), ("", ""))


def _other_bound(quantity: Quantity, has: Quantity, rules: QuantityRules) -> tuple[str, str] | None:
    for side in (rules.above, rules.below):
        if quantity.bound in side and has.bound not in side:
            return "value", quantity.bound
    return None


def _other_measure(quantity: Quantity, has: Quantity, rules: QuantityRules) -> tuple[str, str] | None:
    if not quantity.noun or not has.noun:
        return None
    said, known = (rules.classes_in(q.noun) & {"people", "cases", "money"} for q in (quantity, has))
    return ("measure", quantity.noun) if said and known and not said & known else None


def _other_population(
    quantity: Quantity, has: Quantity, clause: str, claim: ClaimFigures, rules: QuantityRules
) -> tuple[str, str] | None:
    """A noun beside the figure that the claim does not have beside it, or one in its clause that the claim's record
    does not know; in no word for the same."""
    described = described_in(clause, has.noun, rules)
    if has.noun:  # 24 beds are not 24 women
        counts = rules.classes_in(has.noun) & {"people", "cases", "crime", "money"}
        for word in _heads(quantity.noun, rules):
            if word not in described and not is_known(has.noun if counts else claim.record, word, rules):
                return "population", word
        first = next(iter(quantity.noun.split()), "")  # 3,812 bottle caps are not 3,812 volunteers, who picked them up
        if rules.classes_in(first) & _ANYBODY and not rules.classes_in(has.noun) & _ANYBODY and first not in described:
            return "population", first
    if quantity.form is Form.PLAIN and max(quantity.values) < rules.magnitude:
        return None  # "under 18" says nothing of those who are counted
    for word in _WORD.findall(clause):
        if quantity.unit == MONEY and word.startswith(_CURRENCIES):
            continue  # $236 billion and 236 billion dollars
        if word in described or (rules.beside and word in rules.beside.words):
            continue
        if rules.classes_in(word) & {"people", "cases", "crime", "money"} and not is_known(claim.record, word, rules):
            return "population", word
    return None


def described_in(clause: str, noun: str, rules: QuantityRules) -> Collection[str]:
    """The noun for anybody whom the words behind it describe as those that a claim counts: people who called, of a
    claim about callers."""
    found = rules.beside and rules.beside.described.search(clause)
    if not found:
        return ()
    behind = _WORD.findall(clause[found.end() :])[:_DESCRIBING]
    who = " ".join(_heads(noun, rules)) or noun
    return _WORD.findall(found[0]) if any(is_known(who, word, rules) for word in behind) else ()


def _heads(noun: str, rules: QuantityRules) -> Iterator[str]:
    """Who is counted: the first people of a noun phrase, and those that are joined to them."""
    words, joined = noun.split(), True
    for at, word in enumerate(words):
        if "people" in rules.classes_in(word):
            if not joined:
                return
            yield word
            joined = at + 1 < len(words) and words[at + 1] in _JOINING


def _other_group(
    quantity: Quantity, has: Quantity, clause: str, claim: ClaimFigures, rules: QuantityRules
) -> tuple[str, str] | None:
    """Who is counted, where the words for the same stand in the rules in both languages."""
    described = described_in(clause, has.noun, rules)
    for word in _heads(quantity.noun, rules):
        if word in described:
            continue
        groups = [group for group in rules.words.same if group.search(word)]
        if groups and not any(group.search(claim.record) for group in groups):
            return "population", word
    return None


def is_known(record: str, word: str, rules: QuantityRules) -> bool:
    """Whether a folded text has the word, another form of it, or a word for the same."""
    if any(_alike(stem, known) for stem in _stems(word) for known in _stems_of(record)):
        return True
    return any(group.search(word) and group.search(record) for group in rules.words.same)


@lru_cache(maxsize=4096)
def long_words(text: str) -> frozenset[str]:
    """The words of a folded text that are no small ones."""
    return frozenset(_LONG.findall(text))


@lru_cache(maxsize=4096)
def _stems_of(text: str) -> frozenset[str]:
    return frozenset(_stems(text))


def _other_contrast(low: str, claim: ClaimFigures, rules: QuantityRules) -> tuple[str, str] | None:
    for contrast in rules.words.contrasts:
        known = {n for n, words in enumerate(contrast.values) if words.search(claim.record)}
        for n, words in enumerate(contrast.values):
            if known and n not in known and (found := words.search(low)):
                return contrast.reason, found[0]
    return None


def _other_place(sentence: str, claim: ClaimFigures) -> tuple[str, str] | None:
    for found in _PLACE.finditer(sentence):
        words = _WORD.findall(folded(found[1]))
        if not words or words[0] in _NO_PLACES or folded(found[1]) in claim.record:
            continue
        if any(_alike(stem, known) for word in words for stem in _stems(word) for known in _stems_of(claim.record)):
            continue
        return "place", found[1]
    return None


def _other_period(low: str, claim: ClaimFigures, rules: QuantityRules, season: int) -> tuple[str, str] | None:
    if not claim.years:
        return None
    for other in _YEAR.findall(low):
        if int(other) not in claim.years:
            return "period", other
    low = rules.of_sources.sub(" ", low)
    for words, year in ((rules.this_year, season), (rules.last_year, season - 1)):
        if (found := words.search(low)) and claim.period and year not in claim.period:
            return "period", found[0]
    return None


def _stems(text: str) -> Iterator[str]:
    for word in _WORD.findall(text):
        yield re.sub(r"(?:ies|es|s|ed|ing|ally|al|e)$", "", word) if len(word) > 4 else word


def _alike(one: str, other: str) -> bool:
    """Whether two stems are of one word: exploited and exploitation."""
    if one == other:
        return True
    least = min(len(one), len(other))
    return least >= 5 and one[: max(5, least - 2)] == other[: max(5, least - 2)]
