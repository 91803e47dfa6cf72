"""How a language says what a help line is and does: one file a language in ``config/lint/promises``."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path

from ..domain.finding import Finding
from ..light_dataclass import dataclass
from ..project import starter_folder
from .load.campaign_folder import Folder
from .phrases import mistake_in
from .toml_file import Table, open_toml

#: Stands for a line by any name.
LINE = "@l"
#: Lists of words.
_WORDS = tuple(
    "lines no_lines determiners staff anyone outcomes at beside not_taken phones picks_up reach when who_calls "
    "texting calling to_call called calls verbs no_verbs plain hours_at_any_hour emergency_numbers reasons urgent "
    "verb_endings".split()
)
#: Lists of regular expressions.
_PATTERNS = ("properties", "at_any_hour", "emergencies", "errands")
#: Sentences that must be found, and such that must not.
_EXAMPLES = ("bad", "good")


@dataclass(frozen=True, eq=False)
class PromiseRules:
    """The rules of one language, by their key: words in small letters without accents, and patterns of such."""

    fingerprint: str  # of the file
    title: str
    words: Mapping[str, tuple[str, ...]]
    patterns: Mapping[str, tuple[str, ...]]
    examples: Mapping[str, tuple[str, ...]]


@lru_cache(maxsize=16)
def load_promise_rules(
    lint_dir: Path, language: str, *, shown: str = "config/lint"
) -> tuple[PromiseRules | None, tuple[Finding, ...]]:
    """The rules of a language, read strictly; None where it has none, or none that can be used."""
    name = f"{language.partition('-')[0].casefold()}.toml"
    folder = Folder(lint_dir / "promises", f"{shown}/promises")
    if not folder.exists(name):  # a project from before there were any reads those that are shipped
        folder = Folder(starter_folder() / "config/lint/promises", f"{shown}/promises")
    if not folder.exists(name):
        return None, ()
    table = open_toml(folder, name)
    folder.report_hidden()
    fingerprint = hashlib.sha256(folder.texts.get(name, "").encode()).hexdigest()
    rules = None if table is None else _rules(table, fingerprint)
    findings = tuple(folder.findings)
    return (None if any(f.severity == "red" for f in findings) else rules), findings


def _rules(table: Table, fingerprint: str) -> PromiseRules:
    words, patterns, examples = (
        {key: table.required_texts(key) for key in keys} for keys in (_WORDS, _PATTERNS, _EXAMPLES)
    )
    patterns = {key: tuple(one.replace("{line}", LINE) for one in many) for key, many in patterns.items()}
    for key, written in ((key, one) for key, many in patterns.items() for one in many):
        if mistake := mistake_in(written):
            table.report("C013", f"{key} has a pattern that cannot be used: {mistake}", key)
    rules = PromiseRules(fingerprint, table.text("title"), words, patterns, examples)
    table.close("the rules about promises")
    return rules
