"""How a language spells numbers and addresses in words: one file a language in ``config/lint/help-lines``."""

from __future__ import annotations

from collections.abc import Mapping

from ..light_dataclass import dataclass
from .rule_files import RuleFile, RuleFiles
from .toml_file import Table


@dataclass(frozen=True, eq=False)
class HelpLineRules:
    """The rules of one language. ``digits``: words and what they are in digits; ``tens``: the first digit of
    numbers such as twenty; ``repeats``: how often the next comes;
    ``at`` and ``dot``: words for the signs in an address; ``called``: before a number that somebody is to call."""

    fingerprint: str  # of the file
    title: str
    digits: Mapping[str, str]
    tens: Mapping[str, str]
    repeats: Mapping[str, int]
    at: tuple[str, ...]
    dot: tuple[str, ...]
    called: tuple[str, ...]


def _rules(table: Table, file: RuleFile) -> HelpLineRules:
    digits = {word: str(n) for n, words in enumerate(table.required_texts("digits")) for word in words.split("|")}
    digits |= dict.fromkeys(table.required_texts("hundred"), "00")
    digits |= {word: str(n) for word, n in table.numbered("teens").items()}
    tens = {word: str(n) for word, n in table.numbered("tens").items()}
    repeats = table.numbered("repeats")
    at, dot, called = (table.required_texts(key) for key in ("at", "dot", "called"))
    rules = HelpLineRules(file.fingerprint, table.text("title"), digits, tens, repeats, at, dot, called)
    table.close("the rules about help lines")
    return rules


load_help_line_rules = RuleFiles("help-lines", _rules).load
