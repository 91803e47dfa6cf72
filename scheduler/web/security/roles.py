"""Each route says who it is for, in the line that registers it; one that does not is refused at the start.

    @app.get("/healthz", who=Guard.ANYBODY)
    @app.get("/u/<token>", who=Guard.LINK)         # the route itself looks at the token
    @app.post("/holds", who=Right.HOLD)            # a signed-in person whose role has this right
    @app.post("/x", who=Right.RUN, largest=400_000)  # ... whose form may have so many bytes

What a :class:`~scheduler.domain.role.Right` asks for is enforced before the route runs (guard.py). What a link, a
key or a signature allows only the route can tell; tests/unit/test_roles_routes.py holds each of them to it.
"""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum
from typing import Any

from flask import Flask

from ...domain.role import Right
from ...errors import ObservanceError


class Guard(StrEnum):
    """Who a route is for that needs no sign-in."""

    ANYBODY = "anybody"
    LINK = "link"  # whoever holds the link: its token is in the address, and the route looks at it
    KEY = "key"  # a program with a key of the API
    SIGNED = "signed"  # a provider that signs what it sends


class UndeclaredRoute(ObservanceError):
    """A route does not say who it is for; nothing is served."""


class RoutesWithRoles(Flask):
    """Flask, which wants ``who=`` with each route."""

    def __init__(self, *args: Any, **options: Any) -> None:
        self._who: dict[str, Guard | Right] = {}
        self._largest: dict[str, int] = {}
        super().__init__(*args, **options)

    def add_url_rule(
        self,
        rule: str,
        endpoint: str | None = None,
        view_func: Callable[..., Any] | None = None,
        provide_automatic_options: bool | None = None,
        *,
        who: Guard | Right | None = None,
        largest: int | None = None,
        **options: Any,
    ) -> None:
        if not isinstance(who, Guard | Right):
            problem = f"the route {rule} does not say who it is for"
            raise UndeclaredRoute(problem, hint="add who=Guard... or who=Right...")
        endpoint = endpoint or (view_func.__name__ if view_func else "")
        if self._who.setdefault(endpoint, who) is not who:
            raise UndeclaredRoute(f"the route {rule} is for two kinds of people under one name, {endpoint}")
        if largest is not None:
            self._largest[endpoint] = largest
        # OPTIONS tells programs of other sites what they may do here: nothing.
        super().add_url_rule(rule, endpoint, view_func, bool(provide_automatic_options), **options)

    def who_may(self, endpoint: str) -> Guard | Right:
        """Who a route was declared for, by its endpoint."""
        return self._who[endpoint]

    def largest_form(self, endpoint: str, usual: int) -> int:
        """Bytes that a form of this endpoint may have."""
        return self._largest.get(endpoint, usual)
