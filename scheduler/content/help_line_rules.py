"""How a language spells numbers and addresses in words: one file a language in ``config/lint/help-lines``."""

from __future__ import annotations

from collections.abc import Mapping

from ..light_dataclass import dataclass
from .quantities.any_of import AnyOf
from .rule_files import RuleFile, RuleFiles, table_since
from .toml_file import Table


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
    rules = HelpLineRules(file.fingerprint, table.text("title"), digits, tens, repeats, at, dot, called, secret, quoted)
    table.close("the rules about help lines")
    return rules


load_help_line_rules = RuleFiles("help-lines", _rules).load
