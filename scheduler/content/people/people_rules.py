"""When a text names, tells of, quotes or accuses a person: rules as data, a file a language."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property

from ...light_dataclass import dataclass
from ...schema.field import key as declare
from ..rule_files import RuleFile, RuleFiles, table_since
from ..toml_file import Table
from .credits import CreditWords, credit_words
from .name_finder import PRINTED, STORIES, Masked
from .portrait_words import PortraitWords, portrait_words
from .portraits import portrait_in
from .word_rows import Ages, BrokenRow, Row, row_of, tokens_of

#: What somebody is told of by whom no rule's rows foresaw.
PORTRAIT, FIRST_PERSON = "portrait", "first person"
KINDS = ("named", FIRST_PERSON, "composite", "accusation", "speaker", PORTRAIT)


@dataclass(frozen=True)
class Told:
    """Somebody who is told of. ``words``: what gave it away; ``name``: who, where a name stands in it."""

    kind: str
    words: str
    name: str = ""


@dataclass(frozen=True)
class ToldRule:
    """Rows of one kind. ``spared``: words that make a sentence harmless; ``good``, ``bad``: what tests hold it to."""

    kind: str
    asks: bool
    spared: frozenset[str]
    rows: tuple[Row, ...]
    good: tuple[str, ...]
    bad: tuple[str, ...]


@dataclass(frozen=True)
class PeopleRules:
    """The rules of one language."""

    title: str
    rules: tuple[ToldRule, ...]
    ages: Ages
    #: What begins a sentence that tells of nobody: if, whether.
    unless: tuple[str, ...]
    #: Words before a term in quotation marks that is spoken of, not quoted; and before words offered to the reader.
    mentions: frozenset[str]
    #: Anywhere before it.
    within: tuple[str, ...]
    #: Behind it: a thing that has it written on it.
    said_by_things: tuple[str, ...]
    #: Anywhere in the sentence of a single word: what is written or shown, and how a word is spelled.
    lettered: frozenset[str]
    offered: frozenset[str]
    #: Words of a sentence that denies what it repeats.
    denied: frozenset[str]
    portraits: PortraitWords
    credits: CreditWords

    @cached_property
    def _by_word(self) -> Mapping[str, tuple[tuple[ToldRule, Row], ...]]:
        found: dict[str, list[tuple[ToldRule, Row]]] = {}
        for rule in self.rules:
            for row in rule.rows:
                for word in row.keys[0]:
                    found.setdefault(word, []).append((rule, row))
        return {word: tuple(rows) for word, rows in found.items()}

    def told_in(self, sentence: Masked) -> Iterator[Told]:
        """Each person who is told of in a sentence, once for each kind."""
        found: dict[str, Told] = {}
        for text in filter(None, (sentence.text, sentence.other)):
            tokens = tokens_of(text)
            asks = text.rstrip().endswith("?") or text.lstrip("\u00bf\u00a1\"' ").startswith(self.unless)
            for kind, start, end in self._found_in(tokens, asks):
                if kind == PORTRAIT and _announces(text):
                    continue  # what is announced is printed
                names = sentence.names_among(tokens[:start], tokens[start:end]) if text is sentence.text else ()
                found.setdefault(kind, Told(kind, " ".join(tokens[start:end]), *names[:1]))
            if found or _announces(text):
                continue
            opening = next(iter(tokens_of(sentence.other) if sentence.other else tokens), "")
            portrait = portrait_in(self.portraits, tokens, opening, self._is_age, asks=asks)
            if portrait is not None:
                kind, at = FIRST_PERSON if portrait.is_own else PORTRAIT, slice(portrait.start, portrait.end)
                of_whom = tokens[at.start : at.start + 1]
                names = sentence.names_among(tokens[: at.start], of_whom) if text is sentence.text else ()
                found[kind] = Told(kind, " ".join(tokens[at]), *names)
        yield from found.values()

    def _is_age(self, tokens: Sequence[str], at: int) -> bool:
        return self.ages.at("age", tokens, at)

    def _found_in(self, tokens: list[str], asks: bool) -> Iterator[tuple[str, int, int]]:
        by_word, words = self._by_word, set(tokens)
        tried = {id(row): (rule, row) for word in words & by_word.keys() for rule, row in by_word[word]}
        for rule, row in tried.values():
            if any(map(words.isdisjoint, row.keys)) or (asks and not rule.asks) or not words.isdisjoint(rule.spared):
                continue
            if at := row.found_in(tokens, self.ages):
                yield rule.kind, *at


def _announces(text: str) -> bool:
    """Whether a sentence ends with a colon, before what was printed too."""
    return text.rstrip(f".!\"' {PRINTED}").endswith(":")


def _rules(table: Table, _file: RuleFile) -> PeopleRules:
    lists, ages, unless, mentions = (table.named(key) for key in ("lists", "ages", "unless", "mentions"))
    unseen = "nobody is asked about who is told of in words that no row foresaw"
    portraits = table_since(table, "portraits", unseen) or table.named("portraits")
    phrases = {name: lists.texts(name) for name in lists.keys()}
    rules = PeopleRules(
        table.text("title"),
        tuple(_rule(entry, phrases) for entry in table.tables("told")),
        Ages(ages.texts("words"), frozenset(ages.texts("not_before"))),
        tuple(f"{words.casefold()} " for words in unless.texts("starts")),
        frozenset(map(str.casefold, mentions.texts("before"))),
        tuple(map(str.casefold, mentions.texts("within"))),
        tuple(map(str.casefold, mentions.texts("said_by_things"))),
        frozenset(map(str.casefold, mentions.texts("lettered"))),
        frozenset(map(str.casefold, mentions.texts("offered"))),
        frozenset(map(str.casefold, mentions.texts("denied"))),
        portrait_words(portraits),
        credit_words(table),
    )
    for inner in (lists, ages, unless, mentions, portraits):
        inner.close()
    table.close("the rules about people")
    return rules


def _rule(entry: Table, lists: Mapping[str, tuple[str, ...]]) -> ToldRule:
    rows = []
    for index, written in enumerate(entry.texts("rows")):
        try:
            rows.append(row_of(written, lists))
        except BrokenRow as problem:
            entry.report("W001", f"a row is refused: {problem}", "rows", index=index)
    rule = ToldRule(
        entry.text("kind", allowed=KINDS),
        bool(entry.take(declare("asks", bool, False))),
        frozenset(PRINTED if word == "{printed}" else word.casefold() for word in entry.texts("not_with")),
        tuple(rows),
        entry.texts("good"),
        entry.texts("bad"),
    )
    entry.close("[[told]]")
    return rule


PEOPLE_RULES = RuleFiles(STORIES, _rules)
load_people_rules = PEOPLE_RULES.load
