"""When a text names, tells of, quotes or accuses a person: rules as data, a file a language."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cached_property
from pathlib import Path

from ...domain.finding import Finding
from ...light_dataclass import dataclass
from ...schema.field import key as declare
from ..load.campaign_folder import Folder
from ..toml_file import Table, open_toml
from .name_finder import Masked, folder_with
from .word_rows import Ages, BrokenRow, Row, row_of, tokens_of

KINDS = ("named", "first person", "composite", "accusation", "speaker")


@dataclass(frozen=True, slots=True)
class Told:
    """Somebody who is told of. ``words``: what gave it away; ``name``: who, where a name stands in it."""

    kind: str
    words: str
    name: str = ""


@dataclass(frozen=True, slots=True)
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
    offered: frozenset[str]

    @cached_property
    def _by_word(self) -> Mapping[str, tuple[tuple[ToldRule, Row], ...]]:
        found: dict[str, list[tuple[ToldRule, Row]]] = {}
        for rule in self.rules:
            for row in rule.rows:
                for word in row.keys:
                    found.setdefault(word, []).append((rule, row))
        return {word: tuple(rows) for word, rows in found.items()}

    def told_in(self, sentence: Masked) -> Iterator[Told]:
        """Each person who is told of in a sentence, once for each kind."""
        found: dict[str, Told] = {}
        for text in filter(None, (sentence.text, sentence.other)):
            tokens = tokens_of(text)
            for kind, start, end in self._found_in(text, tokens):
                names = sentence.names_among(tokens[:start], tokens[start:end]) if text is sentence.text else ()
                found.setdefault(kind, Told(kind, " ".join(tokens[start:end]), *names[:1]))
        yield from found.values()

    def _found_in(self, text: str, tokens: list[str]) -> Iterator[tuple[str, int, int]]:
        by_word, words = self._by_word, set(tokens)
        tried = {id(row): (rule, row) for word in words & by_word.keys() for rule, row in by_word[word]}
        if not tried:
            return
        asks = text.rstrip().endswith("?") or text.lstrip("\u00bf\u00a1\"' ").startswith(self.unless)
        for rule, row in tried.values():
            if (rule.asks or not asks) and words.isdisjoint(rule.spared) and (at := row.found_in(tokens, self.ages)):
                yield rule.kind, *at


def load_people_rules(lint_dir: Path, language: str, *, shown: str = "config/lint") -> tuple[
    PeopleRules | None, list[Finding]
]:  # fmt: skip
    """The rules of a language, read strictly; None where it has none, or none that can be used."""
    name = f"{language.partition('-')[0].casefold()}.toml"
    home = folder_with(lint_dir, name)
    if name == "names.toml" or not (home / name).is_file():
        return None, []
    folder = Folder(home, f"{shown}/stories")
    table = open_toml(folder, name)
    folder.report_hidden()
    rules = None if table is None else _rules(table)
    return (None if any(f.severity == "red" for f in folder.findings) else rules), folder.findings


def _rules(table: Table) -> PeopleRules:
    lists, ages, unless, mentions = (table.named(key) for key in ("lists", "ages", "unless", "mentions"))
    phrases = {name: lists.texts(name) for name in lists.keys()}
    rules = PeopleRules(
        table.text("title"),
        tuple(_rule(entry, phrases) for entry in table.tables("told")),
        Ages(ages.texts("words"), frozenset(ages.texts("not_before"))),
        tuple(f"{words.casefold()} " for words in unless.texts("starts")),
        frozenset(map(str.casefold, mentions.texts("before"))),
        tuple(map(str.casefold, mentions.texts("within"))),
        frozenset(map(str.casefold, mentions.texts("offered"))),
    )
    for inner in (lists, ages, unless, mentions):
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
        frozenset(map(str.casefold, entry.texts("not_with"))),
        tuple(rows),
        entry.texts("good"),
        entry.texts("bad"),
    )
    entry.close("[[told]]")
    return rule
