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
from types import CodeType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable
    from dataclasses import dataclass as dataclass
else:

    def dataclass(
        cls: type | None = None,
        /,
        *,
        frozen: bool = False,
        eq: bool = True,
        kw_only: bool = False,
    ) -> Any:
        """Of the standard library's options those that are used here."""

        def make(cls: type) -> type:
            return _make(_FieldsWhenNeeded(cls, kw_only), frozen, eq)

        return make if cls is None else make(cls)


def _make(fields: _FieldsWhenNeeded, frozen: bool, eq: bool) -> type:
    cls = fields.owner
    own = cls.__dict__
    made: dict[str, Any] = {"__dataclass_fields__": fields, "__dataclass_params__": _PARAMS}
    made["__doc__"] = own.get("__doc__") or cls.__name__
    if "__match_args__" not in own:
        made["__match_args__"] = _NamesWhenNeeded(fields)
    methods: dict[str, Any] = {"__init__": _init_when_needed(fields, frozen), "__repr__": _repr_when_needed(fields)}
    if eq:
        methods["__eq__"] = _eq_when_needed(fields)
        methods["__hash__"] = _hash_when_needed(fields) if frozen else None
    if frozen:
        methods["__setattr__"], methods["__delattr__"] = _refusing(fields)
    for name, method in methods.items():
        # Who compares in a way of its own has said nothing of its hash, which Python has set to None.
        if name not in own or (name == "__hash__" and own[name] is None and "__eq__" in own):
            made[name] = method
    for name in fields.given:
        delattr(cls, name)
    for name, value in (made | fields.defaults()).items():
        setattr(cls, name, value)
    return cls


@dataclasses.dataclass(init=False, repr=False, eq=False)
class _Standard:
    """What the standard library says of a class and of a field."""

    field: int


_PARAMS, _FIELD_TYPE = (
    _Standard.__dict__["__dataclass_params__"],
    vars(_Standard)["__dataclass_fields__"]["field"]._field_type,
)


#: What was compiled for classes, by its text: in this process, or in one before it (:mod:`.kept_code`).
COMPILED: dict[str, CodeType] = {}


def compiled(written: str, mode: str) -> CodeType:
    """A method, or ("eval") an annotation."""
    if written not in COMPILED:
        COMPILED[written] = compile(written, "<string>", mode)
    return COMPILED[written]


class _FieldsWhenNeeded:
    """What stands in a class for its fields until somebody asks. Annotations are texts, as in all modules here; what
    means more than a field or a variable of the class is not for such a one."""

    def __init__(self, cls: type, kw_only: bool) -> None:
        self.owner, self.kw_only = cls, kw_only
        self.annotations: dict[str, str] = {}
        for name, annotation in cls.__annotations__.items():
            if not isinstance(annotation, str) or "InitVar" in annotation or "KW_ONLY" in annotation:
                raise TypeError(f"{cls.__qualname__}.{name}: use the standard library's dataclass for it")
            if not annotation.startswith(("ClassVar", "typing.ClassVar")):
                self.annotations[name] = annotation
        self.given = {name: cls.__dict__[name] for name in self.annotations if name in cls.__dict__}
        for name, value in self.defaults().items():
            if value.__class__.__hash__ is None:
                raise ValueError(f"mutable default {type(value)} for field {name}: use default_factory")

    def defaults(self) -> dict[str, Any]:
        """What the class has where an object has nothing else."""
        values = (
            (name, one.default if isinstance(one, dataclasses.Field) else one) for name, one in self.given.items()
        )
        return {name: value for name, value in values if value is not dataclasses.MISSING}

    def __get__(self, _: object, __: type) -> dict[str, Any]:
        known: dict[str, Any] = {}
        for base in self.owner.__mro__[-1:0:-1]:
            if "__dataclass_fields__" in base.__dict__:
                known |= {field.name: field for field in dataclasses.fields(base)}
        for name, annotation in self.annotations.items():
            given = self.given.get(name, dataclasses.MISSING)
            one: Any = given if isinstance(given, dataclasses.Field) else dataclasses.field(default=given)
            one.name, one.type, one._field_type = name, annotation, _FIELD_TYPE
            one.kw_only = self.kw_only if one.kw_only is dataclasses.MISSING else one.kw_only
            known[name] = one
        self.owner.__dataclass_fields__ = known  # type: ignore[attr-defined]
        return known

    def names(self, which: Callable[[Any], bool]) -> list[str]:
        return [field.name for field in dataclasses.fields(self.owner) if which(field)]


class _NamesWhenNeeded:
    """What a pattern takes an object apart by."""

    def __init__(self, fields: _FieldsWhenNeeded) -> None:
        self.fields = fields

    def __get__(self, _: object, __: type) -> tuple[str, ...]:
        names = tuple(self.fields.names(lambda field: field.init and not field.kw_only))
        self.fields.owner.__match_args__ = names  # type: ignore[attr-defined,misc]
        return names


def _init_when_needed(fields: _FieldsWhenNeeded, frozen: bool) -> Callable[..., None]:
    def __init__(self: Any, /, *given: Any, **named: Any) -> None:
        init = _init_of(fields.owner, frozen)
        fields.owner.__init__ = init  # type: ignore[misc]
        init(self, *given, **named)

    return __init__


def _repr_when_needed(fields: _FieldsWhenNeeded) -> Callable[[Any], str]:
    def __repr__(self: Any) -> str:
        made = _repr_of(fields.names(lambda field: field.repr))
        fields.owner.__repr__ = made  # type: ignore[assignment,method-assign]
        return made(self)

    return __repr__


def _eq_when_needed(fields: _FieldsWhenNeeded) -> Callable[[Any, object], Any]:
    def __eq__(self: Any, other: object) -> Any:
        made = _eq_of(_values_of(fields.names(lambda field: field.compare)))
        fields.owner.__eq__ = made  # type: ignore[assignment,method-assign]
        return made(self, other)

    return __eq__


def _hash_when_needed(fields: _FieldsWhenNeeded) -> Callable[[Any], int]:
    def __hash__(self: Any) -> int:
        names = fields.names(lambda field: field.compare if field.hash is None else field.hash)
        made = _hash_of(_values_of(names))
        fields.owner.__hash__ = made  # type: ignore[assignment,method-assign]
        return made(self)

    return __hash__


def _init_of(cls: type, frozen: bool) -> Callable[..., None]:
    """As the standard library writes it."""
    known: dict[str, Any] = {"_set": object.__setattr__, "_missing": dataclasses.MISSING}
    taken: dict[object, list[str]] = {False: [], True: []}  # whether by name alone
    lines: list[str] = []
    for field in dataclasses.fields(cls):
        name, value, standard = field.name, field.name, f"_of_{field.name}"
        if field.default_factory is not dataclasses.MISSING:
            known[standard] = field.default_factory
            value = f"{standard}() if {name} is _missing else {name}" if field.init else f"{standard}()"
            taken[field.kw_only] += [f"{name}=_missing"] if field.init else []
        elif field.default is not dataclasses.MISSING:
            if not field.init:
                continue  # the class has it
            known[standard] = field.default
            taken[field.kw_only].append(f"{name}={standard}")
        elif field.init:
            taken[field.kw_only].append(name)
        else:
            continue  # made by __post_init__
        lines.append(f"_set(self, {name!r}, {value})" if frozen else f"self.{name} = {value}")
    if hasattr(cls, "__post_init__"):
        lines.append("self.__post_init__()")
    body = "\n  ".join(lines or ["pass"])
    given = ", ".join(["self", *taken[False], *(["*", *taken[True]] if taken[True] else [])])
    written = f"def __init__({given}):\n  {body}"
    exec(compiled(written, "exec"), known)  # noqa: S102 - names of fields
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


def _refusing(fields: _FieldsWhenNeeded) -> tuple[Callable[..., None], Callable[..., None]]:
    def __setattr__(self: Any, name: str, value: object) -> None:
        cls: Any = fields.owner
        if type(self) is cls or name in cls.__dataclass_fields__:
            raise dataclasses.FrozenInstanceError(f"cannot assign to field {name!r}")
        super(cls, self).__setattr__(name, value)

    def __delattr__(self: Any, name: str) -> None:
        cls: Any = fields.owner
        if type(self) is cls or name in cls.__dataclass_fields__:
            raise dataclasses.FrozenInstanceError(f"cannot delete field {name!r}")
        super(cls, self).__delattr__(name)

    return __setattr__, __delattr__
