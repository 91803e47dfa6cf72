"""How a language spells numbers and addresses in words: one file a language in ``config/lint/help-lines``."""

from __future__ import annotations

from collections.abc import Mapping

from ..light_dataclass import dataclass
from .quantities.any_of import AnyOf
from .quantities.folding import folded
from .rule_files import RuleFile, RuleFiles, table_since
from .toml_file import Table


@dataclass(frozen=True, eq=False)
class NamedLines:
    """How a text names a line beside a number.

    ``lines`` and ``line_words`` are words for lines, ``of_any_line`` those of labels that tell none, ``the`` and
    ``about`` stand before and behind, ``at`` between whom one calls and the number; ``in_labels``: a word and what
    labels say. ``is_one`` may stand between a number and its name, ``then`` begins a next sentence about it. By
    ``apart``, ``joined`` and ``unless`` a number is none of the line's.
    """

    lines: frozenset[str]
    line_words: frozenset[str]
    of_any_line: frozenset[str]
    the: frozenset[str]
    about: frozenset[str]
    at: frozenset[str]
    in_labels: Mapping[str, str]
    is_one: frozenset[str]
    then: AnyOf
    apart: frozenset[str]
    joined: frozenset[str]
    unless: AnyOf


@dataclass(frozen=True, eq=False)
class HelpLineRules:
    """The rules of one language. ``digits``: words and what they are in digits; ``tens``: the first digit of
    numbers such as twenty; ``repeats``: how often the next comes;
    ``at`` and ``dot``: words for the signs in an address; ``called``: before a number that somebody is to call;
    ``secret``: what only a line itself may promise, and ``quoted``: by which a text says that it does."""

    fingerprint: str  # of the file
    title: str
    digits: Mapping[str, str]
    tens: Mapping[str, str]
    repeats: Mapping[str, int]
    at: tuple[str, ...]
    dot: tuple[str, ...]
    called: tuple[str, ...]
    secret: AnyOf
    quoted: AnyOf
    named: NamedLines


def _rules(table: Table, file: RuleFile) -> HelpLineRules:
    digits = {word: str(n) for n, words in enumerate(table.required_texts("digits")) for word in words.split("|")}
    digits |= dict.fromkeys(table.required_texts("hundred"), "00")
    digits |= {word: str(n) for word, n in table.numbered("teens").items()}
    tens = {word: str(n) for word, n in table.numbered("tens").items()}
    repeats = table.numbered("repeats")
    at, dot, called = (table.required_texts(key) for key in ("at", "dot", "called"))
    told = table_since(table, "confidential", "nobody is asked about what is promised for a help line")
    secret, quoted = (AnyOf(told.texts(key) if told else ()) for key in ("words", "unless"))
    if told:
        told.close("what only a help line may promise")
    title, named = table.text("title"), _named(table)
    rules = HelpLineRules(file.fingerprint, title, digits, tens, repeats, at, dot, called, secret, quoted, named)
    table.close("the rules about help lines")
    return rules


def _named(table: Table) -> NamedLines:
    told = table_since(table, "named", "a number beside another line's name is found behind the label alone")

    def texts(key: str) -> tuple[str, ...]:
        return told.texts(key) if told else ()

    def words(key: str) -> frozenset[str]:
        return frozenset(map(folded, texts(key)))

    keys = ("lines", "line_words", "of_any_line", "the", "about", "at")
    lines, line_words, of_any, the, about, at = map(words, keys)
    in_labels = {word: other for word, _, other in (folded(pair).partition("|") for pair in texts("in_labels"))}
    is_one, then, apart, joined = words("is_one"), AnyOf(texts("then")), words("apart"), words("joined")
    unless = AnyOf(texts("unless"))
    if told:
        told.close("how a help line is named")
    return NamedLines(lines, line_words, of_any, the, about, at, in_labels, is_one, then, apart, joined, unless)


load_help_line_rules = RuleFiles("help-lines", _rules).load
