"""Which quantities need a claim: rules as data, one file a language in ``config/lint/quantities``."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from functools import cached_property, lru_cache
from itertools import chain
from pathlib import Path
from typing import Any

from ...domain.finding import Finding
from ...light_dataclass import dataclass
from ...project import starter_folder
from ...schema.field import key as declare
from ..phrases import RefusedPattern, bounded
from ..rule_files import RuleFile, RuleFiles, fingerprint_of, table_since
from ..toml_file import Table
from .any_of import AnyOf
from .folding import folded
from .quantity import Form

BESIDE = ("sentence", "noun")
ELSEWHERE = ("amber", "number", "silent")
NOUNS = ("people", "groups", "cases", "crime", "places", "money", "measured", "things", "measures", "substances")
REASONS = ("measure", "population", "place", "period")


@dataclass(frozen=True)
class FormRule:
    """What a statistical form must stand beside to be red, and what it is elsewhere."""

    beside: str
    elsewhere: str


@dataclass(frozen=True)
class Silent:
    """Quantities that nobody asks about. ``good`` and ``bad`` are for tests of the rules."""

    name: str
    patterns: tuple[re.Pattern[str], ...]
    good: tuple[str, ...]
    bad: tuple[str, ...]


@dataclass(frozen=True)
class Contrast:
    """Words of which a figure bears only one kind."""

    name: str
    reason: str
    values: tuple[AnyOf, ...]


@dataclass(frozen=True)
class WordsBeside:
    """Words that say nothing of their own beside a figure, single and in phrases, and those behind which a sentence
    speaks of something else.

    ``telling``: words that are asked about even where number, unit and noun are a claim's. ``described``: a noun for
    anybody, and the word behind which it is said who they are. ``may_lack``: of what a claim counts, a sentence need
    not have them, nor where one of ``pronouns`` stands for them. ``each``: how often a claim says that it comes, for
    which a sentence has one of ``when``.
    """

    words: frozenset[str]
    may_lack: frozenset[str]
    pronouns: frozenset[str]
    phrases: AnyOf
    cuts: AnyOf
    telling: AnyOf
    described: AnyOf
    each: AnyOf
    when: AnyOf


@dataclass(frozen=True)
class QuantityWords:
    """What a language's rules say about words, and what a campaign's lint packs add to them."""

    nouns: Mapping[str, tuple[str, ...]]
    silent: tuple[Silent, ...]
    same: tuple[AnyOf, ...]
    contrasts: tuple[Contrast, ...]


@dataclass(frozen=True)
class QuantityRules:
    """The rules of one language."""

    language: str
    title: str
    number: int
    magnitude: int
    money: int
    words: QuantityWords
    forms: Mapping[Form, FormRule]
    all_words: frozenset[str]
    wishes: AnyOf
    #: What is named by a number behind it, as a street.
    numbered: AnyOf
    alone: AnyOf
    of_all: AnyOf
    greatest: AnyOf
    own: AnyOf
    rates: AnyOf
    above: frozenset[str]
    below: frozenset[str]
    this_year: AnyOf
    last_year: AnyOf
    #: "Last year's report": of the year in which something was told.
    of_sources: AnyOf
    #: None where the rules of a project have none: then no word is asked about.
    beside: WordsBeside | None
    #: Single words: what denies a sentence; that, and what limits it, each of which makes another sentence of it.
    denials: frozenset[str]
    turning: frozenset[str]

    def with_words(self, others: Iterable[QuantityWords]) -> QuantityRules:
        """With the words of lint packs."""
        every = (self.words, *others)
        nouns = {kind: tuple(chain.from_iterable(w.nouns.get(kind, ()) for w in every)) for kind in NOUNS}
        parts = (tuple(chain.from_iterable(getattr(w, key) for w in every)) for key in ("silent", "same", "contrasts"))
        return replace(self, words=QuantityWords(nouns, *parts))

    def classes_in(self, words: str) -> frozenset[str]:
        """Which kinds of noun stand in a folded text."""
        return _classes_in(self._nouns, words)

    @cached_property
    def _nouns(self) -> tuple[tuple[str, AnyOf], ...]:
        return tuple((kind, AnyOf(words)) for kind, words in self.words.nouns.items())


@lru_cache(maxsize=16384)
def _classes_in(nouns: tuple[tuple[str, AnyOf], ...], words: str) -> frozenset[str]:
    return frozenset(kind for kind, pattern in nouns if pattern.search(words))


class RulesOfLanguages:
    """The rules of each language, read when its first text is, with the words of a campaign's lint packs."""

    def __init__(
        self,
        lint_dir: Path,
        words: Iterable[QuantityWords | None] = (),
        *,
        packs: Iterable[str] = (),
        shown: str = "config/lint",
    ) -> None:
        """``words``: those of the lint packs with the names ``packs``."""
        self._lint_dir, self._shown = lint_dir, shown
        self._words = tuple(filter(None, words))
        self._packs = tuple(packs)
        self._rules: dict[str, QuantityRules | None] = {}
        self.findings: list[Finding] = []

    @cached_property
    def fingerprint(self) -> str:
        """Of all files that they are read from."""
        files = [self._lint_dir / f"{name}.toml" for name in self._packs]
        for folder in (self._lint_dir / "quantities", starter_folder() / "config/lint/quantities"):
            files += sorted(folder.glob("*.toml"))
        return fingerprint_of(files)

    def of(self, language: str) -> QuantityRules | None:
        if language not in self._rules:
            rules, findings = load_quantity_rules(self._lint_dir, language, shown=self._shown)
            self._rules[language] = rules and rules.with_words(self._words)
            self.findings += findings
        return self._rules[language]


def _rules(table: Table, file: RuleFile) -> QuantityRules:
    tables = [table.table(key) for key in ("least", "all", "alone", "own", "directions", "rates", "periods")]
    denials, limits = _turning(
        table_since(table, "turning", "a single word by which the two parts of an email differ is not told")
    )
    least, all_of, alone, own, directions, rates, periods = tables
    read: dict[str, Any] = {
        "language": file.name,
        "title": table.text("title"),
        **{k: least.take(declare(k, int, least=1, most=10**12)) for k in ("number", "magnitude", "money")},
        "words": quantity_words(table),
        "forms": {form: rule for entry in table.tables("form") for form, rule in _form(entry)},
        "all_words": frozenset(map(folded, all_of.texts("words"))),
        "wishes": AnyOf(all_of.texts("wishes")),
        "numbered": _numbered(table.optional_table("numbered")),
        "alone": AnyOf(alone.texts("passes")),
        "of_all": AnyOf(alone.texts("of_all")),
        "greatest": AnyOf(alone.texts("greatest")),
        "own": AnyOf(own.texts("words")),
        "rates": AnyOf(rates.texts("words")),
        "above": frozenset(map(folded, directions.texts("above"))),
        "below": frozenset(map(folded, directions.texts("below"))),
        "this_year": AnyOf(periods.texts("this_year")),
        "last_year": AnyOf(periods.texts("last_year")),
        "beside": _beside(table_since(table, "beside", "no word beside a figure is compared with its claim")),
        "of_sources": AnyOf(periods.texts("of_sources")),
        "denials": denials,
        "turning": denials | limits,
    }
    for inner in tables:
        inner.close()
    table.close("the rules about quantities")
    return QuantityRules(**read)


def _numbered(table: Table | None) -> AnyOf:
    if table is None:
        return AnyOf(())
    words = AnyOf(table.texts("words"))
    table.close()
    return words


def _beside(table: Table | None) -> WordsBeside | None:
    if table is None:
        return None
    words, may_lack, pronouns = (frozenset(map(folded, table.texts(key))) for key in ("words", "may_lack", "pronouns"))
    phrases = (AnyOf(table.texts(key)) for key in ("phrases", "cuts", "telling", "described", "each", "when"))
    made = WordsBeside(words, may_lack, pronouns, *phrases)
    table.close()
    return made


def _turning(table: Table | None) -> tuple[frozenset[str], frozenset[str]]:
    """What denies, and what limits."""
    if table is None:
        return frozenset(), frozenset()
    denials, limits = (frozenset(map(folded, table.texts(key))) for key in ("denials", "limits"))
    table.close("the words that turn a sentence round")
    return denials, limits


def quantity_words(table: Table) -> QuantityWords:
    """The words in a language's rules, or in the ``[quantities]`` of a lint pack."""
    nouns = table.named("nouns")
    words = QuantityWords(
        {kind: nouns.texts(kind) for kind in NOUNS},
        tuple(_silent(entry) for entry in table.tables("silent")),
        tuple(_words(entry, "a list of words for the same") for entry in table.tables("same")),
        tuple(_contrast(entry) for entry in table.tables("contrast")),
    )
    nouns.close("the nouns")
    return words


def _form(entry: Table) -> list[tuple[Form, FormRule]]:
    names = entry.texts("forms", allowed=tuple(Form))
    rule = FormRule(entry.text("beside", allowed=BESIDE), entry.text("elsewhere", allowed=ELSEWHERE))
    entry.close("a rule about forms")
    return [(Form(name), rule) for name in names]


def _silent(entry: Table) -> Silent:
    patterns = []
    for index, written in enumerate(entry.texts("patterns")):
        try:
            patterns.append(bounded(written))
        except RefusedPattern as problem:
            entry.report("W001", f"a pattern is refused: {problem}", "patterns", index=index)
    silent = Silent(entry.text("name"), tuple(patterns), entry.texts("good"), entry.texts("bad"))
    entry.close("what is silent")
    return silent


def _words(entry: Table, what: str) -> AnyOf:
    words = AnyOf(entry.texts("words"))
    entry.close(what)
    return words


def _contrast(entry: Table) -> Contrast:
    values = tuple(_words(value, "one side of a contrast") for value in entry.tables("value"))
    contrast = Contrast(entry.text("name"), entry.text("reason", allowed=REASONS), values)
    entry.close("a contrast")
    return contrast


load_quantity_rules = RuleFiles("quantities", _rules).load
