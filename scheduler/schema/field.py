"""How a field is declared: ``Annotated[int, Field("What it means.", least=1, most=366)] = 90`` in a dataclass.

The type says what it holds, the default what holds without it, :class:`Field` what it means and what is allowed. What
is not annotated so is not read from a file: whoever builds the object gives it.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import MISSING, fields, is_dataclass
from enum import StrEnum
from functools import cache
from types import MappingProxyType, NoneType, UnionType
from typing import Annotated, Any, TypeVar, Union, get_args, get_origin

from ..light_dataclass import compiled, dataclass

T = TypeVar("T")


@dataclass(frozen=True)
class Field:
    """What a field means, and what it may hold beside what its type says.

    ``check`` gives what is wrong with a text, in words that follow the field's name, or an empty text; it never repeats
    the text, which may be an address or a secret. ``key`` is its name in the file where it has another one there.
    """

    help: str = ""
    allowed: tuple[str, ...] = ()
    least: float | None = None
    most: float | None = None
    shortest: int | None = None  # characters; of several values how many
    longest: int | None = None
    pattern: str = ""  # found somewhere in the text
    check: Callable[[str], str] | None = None
    key: str = ""
    restart: bool = False  # a process reads it once, when it starts
    refers: str = ""  # it names a record of this kind
    usual: Any = ...  # what a file may leave out, though the object needs it


@dataclass(frozen=True)
class Key:
    """A field as its declaration says it: ``name`` in the file, ``attribute`` in the object.

    ``many`` is a list of ``kind``; ``by_name`` tables or values under names that are free to choose.
    """

    name: str
    attribute: str
    kind: type
    many: bool
    by_name: bool
    default: Any
    field: Field

    @property
    def required(self) -> bool:
        """Whether it must be there."""
        return self.default is MISSING

    @property
    def is_table(self) -> bool:
        """Whether it has fields of its own."""
        return is_dataclass(self.kind)

    def made(self, value: Any) -> Any:
        """A value that fits, as the object holds it: 1 is 1.0, a word is the member of its enumeration."""
        return self.kind(value) if self.kind is float or issubclass(self.kind, str) else value

    @property
    def allowed(self) -> tuple[str, ...]:
        """The only words that it may say; empty: any."""
        return tuple(self.kind) if issubclass(self.kind, StrEnum) else self.field.allowed


def key(
    name: str, kind: type, default: Any = MISSING, *, many: bool = False, by_name: bool = False, **field: Any
) -> Key:
    """A field that no object holds, declared where it is read."""
    return Key(name, name, kind, many, by_name, default, Field(**field))


def keys(*declared: Key) -> Mapping[str, Key]:
    """A table of such fields."""
    return {each.name: each for each in declared}


def _keys_of(record: type) -> Mapping[str, Key]:
    found = {}
    for entry in fields(record):
        if "Annotated[" not in str(entry.type):
            continue
        hint = _hint_of(record, entry.name)
        note = next((n for n in getattr(hint, "__metadata__", ()) if isinstance(n, Field)), None)
        if note is not None:
            name = note.key or entry.name
            default = entry.default if entry.default_factory is MISSING else entry.default_factory()
            if default is MISSING and note.usual is not ...:
                default = note.usual
            found[name] = Key(name, entry.name, *_form(hint), default, note)
    return MappingProxyType(found)


def _hint_of(record: type, name: str) -> Any:
    """What an annotation says. The standard library would look at all of a class and of those that it is made from,
    and at what stands within each; a test holds this to what that finds."""
    owner = next(each for each in record.__mro__ if name in vars(each).get("__annotations__", ()))
    code = compiled(owner.__annotations__[name], "eval")
    return eval(code, vars(sys.modules[owner.__module__]))  # noqa: S307 - our own source


#: The declared fields of a dataclass, by their names in the file.
keys_of: Callable[[type], Mapping[str, Key]] = cache(_keys_of)


def _form(hint: Any) -> tuple[type, bool, bool]:
    """Of a type its kind, whether there is a list of it, and whether it stands under names that are free to choose."""
    origin, parts = get_origin(hint), get_args(hint)
    if origin is Annotated:
        return _form(parts[0])
    if origin in (Union, UnionType):  # ``| None``: it may be left out
        return _form(next(part for part in parts if part is not NoneType))
    if origin in (tuple, Sequence):
        return parts[0], True, False
    return (parts[1], False, True) if origin is Mapping else (hint, False, False)


def flat(record: type, prefix: str = "") -> dict[str, Key]:
    """All fields by dotted names, those of tables within tables too."""
    found: dict[str, Key] = {}
    for name, key in keys_of(record).items():
        found |= flat(key.kind, f"{prefix}{name}.") if key.is_table else {prefix + name: key}
    return found


def built(record: type[T], said: Mapping[str, Any], prefix: str = "", /, **given: Any) -> T:
    """An object from what was said, by dotted names; what is not there has its default.

    ``given``: attributes that are not declared.
    """
    for name, key in keys_of(record).items():
        if key.is_table:
            given[key.attribute] = built(key.kind, said, f"{prefix}{name}.")
        elif prefix + name in said:
            value = said[prefix + name]
            given[key.attribute] = value if key.many else key.made(value)
    return record(**given)


def held(record: object, prefix: str = "") -> dict[str, Any]:
    """What an object holds, by dotted names."""
    found: dict[str, Any] = {}
    for name, key in keys_of(type(record)).items():
        value = getattr(record, key.attribute)
        found |= held(value, f"{prefix}{name}.") if key.is_table else {prefix + name: value}
    return found
