"""Who acts, on which project, over which ledger."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, ParamSpec, TypeVar

from ..clock import Clock

if TYPE_CHECKING:
    from ..bootstrap import Project
    from ..store import Ledger

P = ParamSpec("P")
T = TypeVar("T")

#: Every act by its name, ``holds.hold``; filled where the services are imported.
ACTS: dict[str, Callable[..., object]] = {}


def act(function: Callable[P, T]) -> Callable[P, T]:
    """Mark what a person can do; it leaves a line in the history, or changes a file."""
    ACTS[f"{function.__module__.rpartition('.')[2]}.{function.__name__}"] = function
    return function


@dataclass(frozen=True, slots=True)
class Actor:
    """A named person; ``role``: as what they speak, where it matters."""

    name: str
    role: str = ""


@dataclass(frozen=True, slots=True)
class Context:
    """What every service is given."""

    project: Project
    ledger: Ledger
    clock: Clock
    actor: Actor

    def now(self) -> datetime:
        return self.clock.now()

    @property
    def mode(self) -> str:
        return self.project.settings.mode.value


@contextmanager
def open_context(project: Project, actor: Actor) -> Iterator[Context]:
    """A context with a ledger of its own, closed at the end."""
    ledger = project.open_ledger()
    try:
        yield Context(project, ledger, project.clock, actor)
    finally:
        ledger.close()
