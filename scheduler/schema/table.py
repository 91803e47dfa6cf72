"""Tables read by their declarations: everything that does not fit is noted, and what fits is used."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from .field import Key, held, keys_of
from .misfit import Misfit, Rule, misfit, wrong_length
from .toml_lines import KeyPath
from .toml_text import NO_DATE

T = TypeVar("T")
Note = Callable[[Misfit], None]
#: What is there when a value does not fit.
NOTHING: Any = object()


def read(record: type[T], table: Mapping[str, Any], note: Note, path: KeyPath = (), /, **given: Any) -> T | None:
    """An object from a table; None where something that must be there is missing or does not fit.

    What may be left out has its default where it does not fit. ``given``: attributes that are not declared.
    """
    found = values(keys_of(record), table, note, path)
    usual = {key.attribute: key.default for key in keys_of(record).values() if key.field.usual is not ...}
    return None if found is None else record(**{**usual, **given, **found})


def values(keys: Mapping[str, Key], table: Mapping[str, Any], note: Note, path: KeyPath = ()) -> dict[str, Any] | None:
    """What a table says, by attribute; None where something that must be there is missing or does not fit."""
    for name in table:
        if name not in keys:
            note(Misfit(Rule.UNKNOWN, (*path, name), known=tuple(keys)))
    found: dict[str, Any] = {}
    for name, key in keys.items():
        if name in table:
            value = value_of(key, table[name], note, (*path, name))
            if value is not NOTHING:
                found[key.attribute] = value
        elif key.required:
            note(Misfit(Rule.MISSING, (*path, name), key, known=tuple(n for n in table if n not in keys)))
    return found if all(key.attribute in found for key in keys.values() if key.required) else None


def value_of(key: Key, value: Any, note: Note, path: KeyPath) -> Any:
    """What an object holds of a value, or :data:`NOTHING`; of a list what fits of it."""
    if not key.many and not key.by_name:
        return _one(key, value, note, path)
    fits = isinstance(value, list if key.many else dict)
    if wrong := wrong_length(key, value, path) if fits else Misfit(Rule.KIND, path, key, value):
        note(wrong)
        return NOTHING
    if key.by_name:
        usual: Mapping[str, Any] = key.default if isinstance(key.default, Mapping) else {}
        read_by_name = {name: _one(key, each, note, (*path, name), usual.get(name)) for name, each in value.items()}
        return {**usual, **{name: each for name, each in read_by_name.items() if each is not NOTHING}}
    found: list[Any] = []
    for index, each in enumerate(value):
        made = _one(key, each, note, (*path, index))
        if issubclass(key.kind, str) and made in found:
            note(Misfit(Rule.TWICE, (*path, index), key, each))
        elif made is not NOTHING:
            found.append(made)
    return tuple(found)


def _one(key: Key, value: Any, note: Note, path: KeyPath, usual: object = None) -> Any:
    """A value, or a table's object. ``usual``: what holds under this name; the table changes what it says of it."""
    if key.is_table and isinstance(value, dict):
        said = held(usual) if usual is not None else {}
        made = read(key.kind, {**said, **value}, note, path, **({"id": path[-1]} if key.by_name else {}))
        return NOTHING if made is None else made
    wrong = misfit(key, value, path)
    if wrong is not None:
        note(wrong)
    return NOTHING if wrong is not None or value == NO_DATE else key.made(value)
