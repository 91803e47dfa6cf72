"""The one table of routes: what each takes, what it answers, what a key needs for it. The application and the OpenAPI
document are both made from it."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from ...domain.api_key import Scope

if TYPE_CHECKING:
    from .request import Answer, ApiRequest

BASE = "/api/v1"


@dataclass(frozen=True, slots=True)
class Route:
    """One operation. ``scope`` None: no key is needed."""

    method: str
    path: str  # below BASE, as OpenAPI writes it: /deliveries/{delivery}
    name: str
    scope: Scope | None
    summary: str
    words: str
    query: tuple[str, ...]  # names of QUERY
    body: str  # a component's name; empty: it takes none
    answers: Mapping[int, tuple[str, str]]  # status -> a component's name, words
    problems: tuple[int, ...]  # besides those that any route may answer with
    tag: str
    repeats: str  # for acts: what the same request does the second time
    handle: Callable[[ApiRequest], Answer] = field(repr=False)

    @property
    def in_the_path(self) -> list[str]:
        return re.findall(r"{(\w+)}", self.path)

    @property
    def rule(self) -> str:
        """The path as Flask writes it."""
        return BASE + re.sub(r"{(\w+)}", r"<\1>", self.path)

    @property
    def reads(self) -> bool:
        return self.method == "GET"


ROUTES: list[Route] = []


def route(
    method: str,
    path: str,
    *,
    scope: Scope | None,
    summary: str,
    tag: str,
    answers: Mapping[int, tuple[str, str]],
    query: tuple[str, ...] = (),
    body: str = "",
    problems: tuple[int, ...] = (),
    repeats: str = "",
) -> Callable[[Callable[[ApiRequest], Answer]], Callable[[ApiRequest], Answer]]:
    """Put a function into the table. Its name is the operation's, its docstring the operation's description."""

    def add(handle: Callable[[ApiRequest], Answer]) -> Callable[[ApiRequest], Answer]:
        words = " ".join((handle.__doc__ or "").split())
        ROUTES.append(
            Route(
                method=method,
                path=path,
                name=handle.__name__,
                scope=scope,
                summary=summary,
                words=words,
                query=query,
                body=body,
                answers=answers,
                problems=problems,
                tag=tag,
                repeats=repeats,
                handle=handle,
            )
        )
        return handle

    return add
