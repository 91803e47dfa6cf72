"""JSON Schema (2020-12) of what is declared."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .field import Key, keys_of

_TYPES = {str: "string", int: "integer", float: "number", bool: "boolean"}
#: Rules of a declaration, and what JSON Schema calls them.
_RULES = {"least": "minimum", "most": "maximum", "shortest": "minLength", "longest": "maxLength", "pattern": "pattern"}
_OF_MANY = {"shortest": ("minItems", "minProperties"), "longest": ("maxItems", "maxProperties")}


def schema_of(key: Key) -> dict[str, Any]:
    """What one key may hold."""
    rules = {rule: value for rule in _RULES if (value := getattr(key.field, rule)) not in (None, "")}
    one: dict[str, Any] = record_schema(keys_of(key.kind)) if key.is_table else {"type": _TYPES.get(key.kind, "string")}
    one |= {"enum": list(map(str, key.allowed))} if key.allowed else {}
    several = key.many or key.by_name
    one |= {_RULES[rule]: value for rule, value in rules.items() if not (several and rule in _OF_MANY)}
    about = {"description": key.field.help} if key.field.help else {}
    if not several:
        return {**one, **about}
    lengths = {names[key.by_name]: rules[rule] for rule, names in _OF_MANY.items() if rule in rules}
    form = {"type": "array", "items": one} if key.many else {"type": "object", "additionalProperties": one}
    return {**form, **lengths, **about}


def record_schema(keys: Mapping[str, Key]) -> dict[str, Any]:
    """What a table may hold, and nothing besides."""
    return {
        "type": "object",
        "properties": {name: schema_of(key) for name, key in keys.items()},
        "required": [name for name, key in keys.items() if key.required],
        "additionalProperties": False,
    }
