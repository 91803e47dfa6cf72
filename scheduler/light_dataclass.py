"""``dataclass`` as in the standard library, whose methods are made when they are first needed, or shared.

The standard library writes and compiles six functions for each frozen class, which takes half a millisecond, and
matches each annotation with three patterns. A command imports two hundred and fifty such classes and makes records of a
quarter of them, so that was a fifth of a `status`. Fields are the standard library's own, as `dataclasses.fields` and
`replace` want them; a test holds all to what it would make.
"""

from __future__ import annotations

import dataclasses
from operator import attrgetter
from reprlib import recursive_repr
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable
    from dataclasses import dataclass as dataclass
else:

    def dataclass(cls: type | None = None, /, *, frozen: bool = False, eq: bool = True, slots: bool = False) -> Any:
        """Of the standard library's options those that are used here."""

        def make(cls: type) -> type:
            return _make(cls, frozen, eq, slots)

        return make if cls is None else make(cls)


def _make(cls: type, frozen: bool, eq: bool, slots: bool) -> type:
    own = set(cls.__dict__)
    cls.__doc__ = cls.__doc__ or cls.__name__
    cls = _with_fields(cls, slots)
    fields = dataclasses.fields(cls)
    names = tuple(field.name for field in fields)
    if cls.__dict__.get("__hash__", True) is None and "__eq__" in own:
        own.discard("__hash__")  # who compares in a way of its own has said nothing of that
    made: dict[str, Any] = {"__init__": _init_when_needed(cls, frozen)}
    made["__repr__"] = _repr_of([field.name for field in fields if field.repr])
    if eq:
        made["__eq__"] = _eq_of(_values_of([field.name for field in fields if field.compare]))
        made["__hash__"] = None
    if eq and frozen:
        hashed = [field.name for field in fields if (field.compare if field.hash is None else field.hash)]
        made["__hash__"] = _hash_of(_values_of(hashed))
    if frozen:
        made |= dict(zip(("__setattr__", "__delattr__"), _refusing(cls, frozenset(names)), strict=True))
    if frozen and slots:
        made |= dict(zip(("__getstate__", "__setstate__"), _state_of(names), strict=True))
    for name, function in made.items():
        if name not in own:
            setattr(cls, name, function)
    return cls


@dataclasses.dataclass(init=False, repr=False, eq=False)
class _Standard:
    """What the standard library says of a class and of a field."""

    field: int


_PARAMS, _FIELD_TYPE = (
    _Standard.__dict__["__dataclass_params__"],
    vars(_Standard)["__dataclass_fields__"]["field"]._field_type,
)


def _with_fields(cls: type, slots: bool) -> type:
    """What the standard library does first. Annotations are texts, as in all modules here; a class whose annotations
    mean more than a field or a variable of the class is left to it."""
    annotations: dict[str, Any] = cls.__annotations__
    if any(not isinstance(of, str) or "InitVar" in of or "KW_ONLY" in of for of in annotations.values()):
        return dataclasses.dataclass(init=False, repr=False, eq=False, slots=slots)(cls)
    known: dict[str, Any] = {}
    for base in cls.__mro__[-1:0:-1]:
        known |= base.__dict__.get("__dataclass_fields__", {})
    for name, annotation in annotations.items():
        if annotation.startswith(("ClassVar", "typing.ClassVar")):
            continue
        given = cls.__dict__.get(name, dataclasses.MISSING)
        one: Any = given if isinstance(given, dataclasses.Field) else dataclasses.field(default=given)
        one.name, one.type, one._field_type = name, annotation, _FIELD_TYPE
        one.kw_only = one.kw_only is True
        if one.default.__class__.__hash__ is None:
            raise ValueError(f"mutable default {type(one.default)} for field {name}: use default_factory")
        if one.default is not dataclasses.MISSING:
            setattr(cls, name, one.default)
        elif given is one:
            delattr(cls, name)
        known[name] = one
    cls = _with_slots(cls, tuple(known)) if slots else cls
    said: dict[str, Any] = {"__dataclass_fields__": known, "__dataclass_params__": _PARAMS}
    if "__match_args__" not in cls.__dict__:
        said["__match_args__"] = tuple(name for name, one in known.items() if one.init and not one.kw_only)
    for name, value in said.items():
        setattr(cls, name, value)
    return cls


def _with_slots(cls: type, names: tuple[str, ...]) -> type:
    """The class made again: no other way leads to slots."""
    inherited = {slot for base in cls.__mro__[1:] for slot in base.__dict__.get("__slots__", ())}
    own = {name: value for name, value in cls.__dict__.items() if name not in names}
    own["__slots__"] = tuple(name for name in names if name not in inherited)
    for name in ("__dict__", "__weakref__"):
        own.pop(name, None)
    made: type = type(cls)(cls.__name__, cls.__bases__, own)
    made.__qualname__ = cls.__qualname__
    return made


def _init_when_needed(cls: type, frozen: bool) -> Callable[..., None]:
    def __init__(self: Any, /, *given: Any, **named: Any) -> None:
        init = _init_of(cls, frozen)
        cls.__init__ = init  # type: ignore[misc]
        init(self, *given, **named)

    return __init__


def _init_of(cls: type, frozen: bool) -> Callable[..., None]:
    """As the standard library writes it."""
    known: dict[str, Any] = {"_set": object.__setattr__, "_missing": dataclasses.MISSING}
    taken: list[str] = []
    lines: list[str] = []
    for field in dataclasses.fields(cls):
        name, value, standard = field.name, field.name, f"_of_{field.name}"
        if field.default_factory is not dataclasses.MISSING:
            known[standard] = field.default_factory
            value = f"{standard}() if {name} is _missing else {name}" if field.init else f"{standard}()"
            taken += [f"{name}=_missing"] if field.init else []
        elif field.default is not dataclasses.MISSING:
            if not field.init and "__slots__" not in cls.__dict__:
                continue  # the class has it
            known[standard] = field.default
            taken += [f"{name}={standard}"] if field.init else []
            value = name if field.init else standard
        elif field.init:
            taken.append(name)
        else:
            continue  # made by __post_init__
        lines.append(f"_set(self, {name!r}, {value})" if frozen else f"self.{name} = {value}")
    if hasattr(cls, "__post_init__"):
        lines.append("self.__post_init__()")
    body = "\n  ".join(lines or ["pass"])
    exec(f"def __init__(self{''.join(f', {one}' for one in taken)}):\n  {body}", known)  # noqa: S102 - names of fields
    init: Callable[..., None] = known["__init__"]
    init.__qualname__ = f"{cls.__qualname__}.__init__"
    return init


def _repr_of(names: list[str]) -> Callable[[Any], str]:
    @recursive_repr()
    def __repr__(self: Any) -> str:
        return f"{type(self).__qualname__}({', '.join([f'{name}={getattr(self, name)!r}' for name in names])})"

    return __repr__


def _values_of(names: list[str]) -> Callable[[Any], object]:
    return attrgetter(*names) if names else lambda self: ()


def _eq_of(values: Callable[[Any], object]) -> Callable[[Any, object], Any]:
    def __eq__(self: Any, other: object) -> Any:
        return values(self) == values(other) if other.__class__ is self.__class__ else NotImplemented

    return __eq__


def _hash_of(values: Callable[[Any], object]) -> Callable[[Any], int]:
    def __hash__(self: Any) -> int:
        return hash(values(self))

    return __hash__


def _refusing(cls: type, names: frozenset[str]) -> tuple[Callable[..., None], Callable[..., None]]:
    def __setattr__(self: Any, name: str, value: object) -> None:
        if type(self) is cls or name in names:
            raise dataclasses.FrozenInstanceError(f"cannot assign to field {name!r}")
        super(cls, self).__setattr__(name, value)  # type: ignore[arg-type]

    def __delattr__(self: Any, name: str) -> None:
        if type(self) is cls or name in names:
            raise dataclasses.FrozenInstanceError(f"cannot delete field {name!r}")
        super(cls, self).__delattr__(name)  # type: ignore[arg-type]

    return __setattr__, __delattr__


def _state_of(names: tuple[str, ...]) -> tuple[Callable[[Any], list[object]], Callable[[Any, Any], None]]:
    """What a record without a dictionary is kept by, where it is pickled or copied."""

    def __getstate__(self: Any) -> list[object]:
        return [getattr(self, name) for name in names]

    def __setstate__(self: Any, state: Any) -> None:
        for name, value in zip(names, state, strict=True):
            object.__setattr__(self, name, value)

    return __getstate__, __setstate__
