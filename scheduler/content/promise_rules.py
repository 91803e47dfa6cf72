"""How a language says what a help line is and does: one file a language in ``config/lint/promises``."""

from __future__ import annotations

from collections.abc import Mapping

from ..light_dataclass import dataclass
from .phrases import mistake_in
from .rule_files import RuleFile, RuleFiles
from .toml_file import Table

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


def _rules(table: Table, file: RuleFile) -> PromiseRules:
    words, patterns, examples = (
        {key: table.required_texts(key) for key in keys} for keys in (_WORDS, _PATTERNS, _EXAMPLES)
    )
    patterns = {key: tuple(one.replace("{line}", LINE) for one in many) for key, many in patterns.items()}
    for key, written in ((key, one) for key, many in patterns.items() for one in many):
        if mistake := mistake_in(written):
            table.report("C013", f"{key} has a pattern that cannot be used: {mistake}", key)
    rules = PromiseRules(file.fingerprint, table.text("title"), words, patterns, examples)
    table.close("the rules about promises")
    return rules


load_promise_rules = RuleFiles("promises", _rules).load
