"""How a language spells numbers and addresses in words: one file a language in ``config/lint/help-lines``."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path

from ..domain.finding import Finding
from ..light_dataclass import dataclass
from ..project import starter_folder
from .load.campaign_folder import Folder
from .toml_file import Table, open_toml


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


@lru_cache(maxsize=16)
def load_help_line_rules(
    lint_dir: Path, language: str, *, shown: str = "config/lint"
) -> tuple[HelpLineRules | None, tuple[Finding, ...]]:
    """The rules of a language, read strictly; None where it has none, or none that can be used."""
    name = f"{language.partition('-')[0].casefold()}.toml"
    folder = Folder(lint_dir / "help-lines", f"{shown}/help-lines")
    if not folder.exists(name):  # a project from before there were any reads those that are shipped
        folder = Folder(starter_folder() / "config/lint/help-lines", f"{shown}/help-lines")
    if not folder.exists(name):
        return None, ()
    table = open_toml(folder, name)
    folder.report_hidden()
    fingerprint = hashlib.sha256(folder.texts.get(name, "").encode()).hexdigest()
    rules = None if table is None else _rules(table, fingerprint)
    findings = tuple(folder.findings)
    return (None if any(f.severity == "red" for f in findings) else rules), findings


def _rules(table: Table, fingerprint: str) -> HelpLineRules:
    digits = {word: str(n) for n, words in enumerate(table.required_texts("digits")) for word in words.split("|")}
    digits |= dict.fromkeys(table.required_texts("hundred"), "00")
    digits |= {word: str(n) for word, n in table.numbered("teens").items()}
    tens = {word: str(n) for word, n in table.numbered("tens").items()}
    repeats = table.numbered("repeats")
    at, dot, called = (table.required_texts(key) for key in ("at", "dot", "called"))
    rules = HelpLineRules(fingerprint, table.text("title"), digits, tens, repeats, at, dot, called)
    table.close("the rules about help lines")
    return rules
