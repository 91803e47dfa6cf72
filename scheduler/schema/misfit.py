"""What does not fit a declaration, as a rule that is broken. The words are made where they are shown."""

from __future__ import annotations

import re
from collections.abc import Sized
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from .field import Key
from .toml_lines import KeyPath


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


@dataclass(frozen=True, slots=True)
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
