"""The application, the table of its routes, and what they work with.

Each route says who it is for, in the line that declares it; one that does not is refused at the start.

    @get("/healthz", who=Guard.ANYBODY)
    @get("/preferences/<token>", who=Guard.LINK)    # the route itself looks at the token
    @post("/holds", who=Right.HOLD)                 # a signed-in person whose role has this right
    @post("/x", who=Right.RUN, largest=400_000)     # ... whose form may have so many bytes

What a :class:`~scheduler.domain.role.Right` asks for is enforced before the route runs (security/guard.py). What a
link, a key or a signature allows only the route can tell; tests/unit/test_roles_routes.py holds each of them to it.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime
from enum import StrEnum
from functools import partial
from types import TracebackType
from typing import TYPE_CHECKING, Any, Protocol, TypeVar, cast

from flask import Flask, current_app

from ..domain.role import Right
from ..errors import ObservanceError
from ..light_dataclass import dataclass
from ..services.context import Actor, Context
from ..settings import Mode
from .responses import kind_and_place

if TYPE_CHECKING:
    from ..engine.transactional_mail import TransactionalMailer
    from ..project import Project
    from ..services.archive import Archive
    from ..services.outside import OwnPage
    from ..services.pictures import Pictures
    from ..services.public_pages import FrontsAtHand
    from ..store import Ledger
    from .outlook_cache import OutlookCache
    from .rehearsal_cache import FormsShown, RehearsalCache

log = logging.getLogger(__name__)
View = TypeVar("View", bound=Callable[..., Any])

#: What each route was declared with: its address, its function, and the options of :meth:`Pages.add_url_rule`.
ROUTES: list[tuple[str, Callable[..., Any], dict[str, Any]]] = []


class Guard(StrEnum):
    """Who a route is for that needs no sign-in."""

    ANYBODY = "anybody"
    LINK = "link"  # whoever holds the link: its token is in the address, and the route looks at it
    KEY = "key"  # a program with a key of the API
    SIGNED = "signed"  # a provider that signs what it sends


class UndeclaredRoute(ObservanceError):
    """A route does not say who it is for; nothing is served."""


def _declare(method: str, rule: str, **options: Any) -> Callable[[View], View]:
    def declare(view: View) -> View:
        ROUTES.append((rule, view, {"methods": [method], **options}))
        return view

    return declare


#: Put a function into the table, under its own name.
get = partial(_declare, "GET")
#: The same for what a form is sent to.
post = partial(_declare, "POST")


class Pulse(Protocol):
    """How the alarm is doing: :class:`scheduler.engine.alarm.Pulse`."""

    @property
    def last_pass_at(self) -> datetime | None: ...
    @property
    def silent_seconds(self) -> float: ...
    @property
    def problem(self) -> str: ...


@dataclass(frozen=True)
class Site:
    """What the routes of one application work with."""

    project: Project
    ledger: Ledger
    months: RehearsalCache
    outlooks: OutlookCache
    first_campaign: str  # that is shown where an address names none; empty: the first in the folder
    pulse: Callable[[], Pulse] | None  # how the alarm is doing; None: there is none in this process
    fronts: FrontsAtHand
    letters: TransactionalMailer  # what forms of readers lead to
    leaving: Callable[[str], tuple[str, str] | None]  # campaign and subscriber of the token of a link to leave
    choosing: Callable[[str], tuple[str, str] | None]  # the same of a link to choose
    own_page: OwnPage
    forms: FormsShown
    archive: Archive
    pictures: Pictures

    def now(self) -> datetime:
        return self.project.clock.now()

    @property
    def is_rehearsal(self) -> bool:
        return self.project.settings.mode is not Mode.LIVE

    def context(self, actor: Actor) -> Context:
        """For an act of that person."""
        return Context(self.project, self.ledger, self.project.clock, actor)


def site() -> Site:
    """What the routes of the application that is asked now work with."""
    return cast("Pages", current_app).site


class Pages(Flask):
    """Flask, which wants ``who=`` with each route, and writes no reader's link into its log when something fails."""

    site: Site
    letters: TransactionalMailer

    def __init__(self, *args: Any, **options: Any) -> None:
        self._who: dict[str, Guard | Right] = {}
        self.largest: dict[str, int] = {}  # by endpoint: bytes that its form may have, where that is declared
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
            self.largest[endpoint] = largest
        # OPTIONS tells programs of other sites what they may do here: nothing.
        super().add_url_rule(rule, endpoint, view_func, bool(provide_automatic_options), **options)

    def who_may(self, endpoint: str) -> Guard | Right:
        """Who a route was declared for, by its endpoint."""
        return self._who[endpoint]

    def select_jinja_autoescape(self, filename: str | None) -> bool:
        return True

    def log_exception(self, exc_info: tuple[type, BaseException, TracebackType] | tuple[None, None, None]) -> None:
        log.error("a page failed: %s", kind_and_place(exc_info[1]), extra={"action": "page_failed"})

    def close(self) -> None:
        """Send the letters that wait, for a moment."""
        self.letters.close()
