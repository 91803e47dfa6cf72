"""What does not fit a declaration, as a rule that is broken; and the words that most readers of files make of it."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sized
from datetime import datetime
from enum import StrEnum
from typing import Any

from ..light_dataclass import dataclass
from .field import Key
from .toml_lines import KeyPath
from .toml_text import did_you_mean


class Rule(StrEnum):
    """What a value, or a table, may break."""

    UNKNOWN = "unknown"  # a key that nobody declared
    MISSING = "missing"
    KIND = "kind"  # a text where a number belongs
    EMPTY = "empty"  # a text that must say something
    TWICE = "twice"  # an entry that a list has already
    NOT_ALLOWED = "not-allowed"  # a word that is none of those allowed
    OUT_OF_RANGE = "out-of-range"
    TOO_SHORT = "too-short"
    TOO_LONG = "too-long"
    PATTERN = "pattern"
    FORM = "form"  # the field's own check


@dataclass(frozen=True)
class Misfit:
    """Something that does not fit, where it stands, and the declaration that it breaks.

    ``known``: the keys that a table may have; where one is missing, those that it has and nobody knows.
    ``words``: what the field's own check says.
    """

    rule: Rule
    path: KeyPath
    key: Key | None = None
    value: Any = None
    known: tuple[str, ...] = ()
    words: str = ""

    @property
    def name(self) -> str:
        """The key that it is about; of an entry of a list, the list's."""
        return next((part for part in reversed(self.path) if isinstance(part, str)), "")

    @property
    def of_several(self) -> bool:
        """Whether the list, or what stands under free names, does not fit itself, and not an entry of it."""
        return self.key is not None and (self.key.many or self.key.by_name) and self.path[-1:] == (self.key.name,)


def misfit(key: Key, value: object, path: KeyPath = ()) -> Misfit | None:
    """What one value breaks, if anything."""
    field = key.field
    if not _is_of(key.kind, value):
        return Misfit(Rule.KIND, path, key, value)
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        within = (field.least is None or value >= field.least) and (field.most is None or value <= field.most)
        return None if within else Misfit(Rule.OUT_OF_RANGE, path, key, value)  # also of nan
    if not isinstance(value, str) or (value == "" == key.default):  # what is empty unless it is set may stay so
        return None
    if not (key.many or key.by_name) and (wrong := wrong_length(key, value, path)):
        return wrong
    if field.pattern and not re.search(field.pattern, value):
        return Misfit(Rule.PATTERN, path, key, value)
    if not value.strip() and (key.required or key.many) and not field.pattern:
        return Misfit(Rule.EMPTY, path, key, value)
    if key.allowed and value not in key.allowed:
        return Misfit(Rule.NOT_ALLOWED, path, key, value)
    words = field.check(value) if field.check else ""
    return Misfit(Rule.FORM, path, key, value, words=words) if words else None


def wrong_length(key: Key, value: Sized, path: KeyPath) -> Misfit | None:
    """Whether a text, or a number of values, is shorter or longer than it may be."""
    if key.field.shortest is not None and len(value) < key.field.shortest:
        return Misfit(Rule.TOO_SHORT if len(value) else Rule.EMPTY, path, key, value)
    too_long = key.field.longest is not None and len(value) > key.field.longest
    return Misfit(Rule.TOO_LONG, path, key, value) if too_long else None


def _is_of(kind: type, value: object) -> bool:
    if isinstance(value, bool):
        return kind is bool
    if kind is float:
        return isinstance(value, (int, float))
    return isinstance(value, str if issubclass(kind, str) else kind) and not isinstance(value, datetime)


# -- in words, for whoever edits a file of the project's configuration, or calls the API ------------------------------

_WANTED: Mapping[type, str] = {
    str: "a text in quotes",
    int: "a whole number",
    float: "a number",
    bool: "true or false, in small letters and without quotes",
    dict: "a table",
    list: 'a list of texts in quotes, as ["a", "b"]',
}
_WORDS: Mapping[Rule, str] = {
    Rule.MISSING: "is missing",
    Rule.EMPTY: "is empty",
    Rule.TWICE: "names a text twice",
    Rule.TOO_SHORT: "must have at least {field.shortest} {of}",
    Rule.TOO_LONG: "must have at most {field.longest} {of}",
    Rule.PATTERN: "must be of the form {field.pattern}",
    Rule.OUT_OF_RANGE: "is out of range; allowed is {field.least:.16g} to {field.most:.16g}",
}


def _quoted(text: str) -> str:
    return f'"{text[:60]}"'


def words_of(wrong: Misfit, shown: Callable[[str], str] = _quoted, wanted: Mapping[type, str] = _WANTED) -> str:
    """What is wrong, in words that follow the key's name.

    ``shown`` quotes a text, or hides what may be secret; ``wanted`` names the kinds of values.
    """
    key, value = wrong.key, wrong.value
    if wrong.rule is Rule.UNKNOWN or key is None:
        near = did_you_mean(wrong.name, wrong.known) or f"known are: {', '.join(sorted(wrong.known))}"
        return f"is not known here; {near}"
    if wrong.rule is Rule.KIND:
        several = list if key.many else dict
        kind = several if wrong.of_several or key.is_table else str if issubclass(key.kind, str) else key.kind
        instead = ", not true or false" if isinstance(value, bool) and kind is not bool else ""
        return f"must be {wanted[kind]}{instead}"
    if wrong.rule is Rule.NOT_ALLOWED:
        near = did_you_mean(str(value).lower(), key.allowed)
        return f"is {shown(str(value))}; allowed are: {', '.join(key.allowed)}" + (f"; {near}" if near else "")
    return wrong.words or _WORDS[wrong.rule].format(field=key.field, of="entries" if wrong.of_several else "characters")
