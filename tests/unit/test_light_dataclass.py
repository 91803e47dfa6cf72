"""A record is what the standard library would make of it."""

from __future__ import annotations

import copy
import dataclasses
import pickle
from collections.abc import Callable
from dataclasses import FrozenInstanceError, field
from typing import Any, ClassVar

import pytest

from scheduler.light_dataclass import dataclass

Decorator = Callable[..., Callable[[type], type]]


def records(decorator: Any) -> dict[str, type]:
    """Each form that is in use."""

    @decorator(frozen=True)
    class Plain:
        """With what a field may have."""

        a: int
        b: tuple[str, ...] = ()
        c: list[int] = field(default_factory=list)
        d: str = field(default="hidden", repr=False, compare=False)
        kind: ClassVar[str] = "plain"

    @decorator(frozen=True)
    class Longer(Plain):
        e: str = "e"

        def __post_init__(self) -> None:
            object.__setattr__(self, "e", self.e.strip())

    @decorator(frozen=True)
    class Cached:
        a: int
        b: int = field(init=False, default=7)

    @decorator()
    class Changing:
        a: int
        b: dict[str, int] = field(default_factory=dict)

    @decorator(eq=False)
    class OneOfItsKind:
        a: int = 1

    @decorator
    class OwnWords:
        a: int

        def __repr__(self) -> str:
            return "own"

        def __eq__(self, other: object) -> bool:
            return isinstance(other, OwnWords)

    @decorator(frozen=True)
    class OwnEquality:
        a: int

        def __eq__(self, other: object) -> bool:
            return self is other

    @decorator(frozen=True)
    class Empty:
        pass

    @decorator(frozen=True)
    class Single:
        a: tuple[int, ...]

    @decorator(frozen=True, kw_only=True)
    class ByName:
        b: tuple[str, ...] = ()
        a: int

    @decorator(frozen=True)
    class ByNameAndPlace(ByName):
        a: int
        e: str = "e"

    return {
        kind.__name__: kind
        for kind in (
            Plain,
            Longer,
            Cached,
            Changing,
            OneOfItsKind,
            OwnWords,
            OwnEquality,
            Empty,
            Single,
            ByName,
            ByNameAndPlace,
        )
    }


OURS, THEIRS = records(dataclass), records(dataclasses.dataclass)


def said(act: Callable[[], object]) -> object:
    """What comes of it; of a refusal, which one."""
    try:
        return act()
    except Exception as refused:
        return type(refused), str(refused).replace("records.<locals>.", "")


def refused(act: Callable[[], object]) -> object:
    """Which refusal comes of it, if any. Of what a frozen record without a dictionary has no field for, Python 3.11
    says that the program is wrong, and means the same."""
    answer = said(act)
    return (dataclasses.FrozenInstanceError, "") if "super(type, obj)" in str(answer) else answer and (answer[0], "")  # type: ignore[index]


GIVEN: tuple[tuple[tuple[Any, ...], dict[str, Any]], ...] = (
    ((), {}),
    ((1,), {}),
    ((1, ("x",), [2]), {}),
    ((1,), {"b": ("y",), "d": "z"}),
    ((1,), {"a": 2}),
    ((1,), {"nothing": 2}),
    ((1,), {"e": " spaced "}),
    (((1, 2),), {}),
)


def looked_at(kind: type, given: tuple[Any, ...], named: dict[str, Any]) -> list[object]:
    """All that can be seen of one."""
    made: Any = said(lambda: kind(*given, **named))
    if isinstance(made, tuple):
        return [made]
    again = kind(*given, **named)
    return [
        *(said(lambda: repr(made)), made == again, made != again, made == 1, said(lambda: hash(made) == hash(again))),
        *(said(lambda: vars(made)), said(lambda: dataclasses.asdict(made)), said(lambda: copy.copy(made) == made)),
        said(lambda: repr(dataclasses.replace(made, a=5))),
        *(*map(refused, (lambda: setattr(made, "a", 3), lambda: setattr(made, "new", 3), lambda: delattr(made, "a"))),),
        said(lambda: repr(made)),
    ]


@pytest.mark.parametrize("name", OURS)
def test_it_is_made_shown_compared_and_kept_alike(name: str) -> None:
    """Also the words of a refusal are the same."""
    for given, named in GIVEN:
        assert looked_at(OURS[name], given, named) == looked_at(THEIRS[name], given, named)
    ours, theirs = OURS[name], THEIRS[name]
    for kind in (ours, theirs):
        assert kind.__doc__
    fields = (
        [(f.name, f.init, f.repr, f.compare, f.kw_only) for f in dataclasses.fields(kind)] for kind in (ours, theirs)
    )
    assert next(fields) == next(fields)
    for attribute in ("__match_args__", "__slots__"):
        assert getattr(ours, attribute, None) == getattr(theirs, attribute, None)
    assert (ours.__hash__ is None) == (theirs.__hash__ is None)


@dataclass(frozen=True)
class Kept:
    """For a pickle, which finds it by its name."""

    a: int
    b: tuple[int, ...] = ()


def test_a_record_without_a_dictionary_is_kept_and_read() -> None:
    kept = Kept(1, (2, 3))
    assert pickle.loads(pickle.dumps(kept)) == kept
    assert hash(copy.deepcopy(kept)) == hash(kept)
    with pytest.raises(FrozenInstanceError):
        kept.a = 2  # type: ignore[misc]
