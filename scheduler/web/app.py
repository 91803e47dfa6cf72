"""The application: which pages there are, and what they are given."""

from __future__ import annotations

import logging
from collections.abc import Callable
from functools import partial
from importlib.resources import files
from types import TracebackType
from typing import TYPE_CHECKING

from jinja2 import StrictUndefined
from markupsafe import Markup

from ..domain.design_tokens import css_custom_properties
from ..review.item_html import item_css
from ..services.context import Actor, Context
from ..services.doctor import outside_trouble
from ..services.outside import own_page_of
from ..services.seasons import review_policy
from ..services.subscriber_links import recipient_of
from ..wiring import receipt_readers
from .api import add_api
from .editing import add_editing
from .flash import add_flash
from .health import Pulse, add_health
from .public import add_public
from .rehearsal_cache import RehearsalCache
from .responses import add_answers, kind_and_place
from .reviewer import add_reading
from .security import RoutesWithRoles, add_guard, add_sign_in
from .staff import add_desk
from .staff.page_context import SeasonResolver
from .unsubscribe import add_leaving
from .webhooks import add_webhooks

if TYPE_CHECKING:
    from ..engine.transactional_mail import TransactionalMailer
    from ..project import Project
    from ..store import Ledger

log = logging.getLogger(__name__)

#: Bytes. Nothing that a reader's page takes is larger; a route that takes more says so.
LARGEST_BODY = 4 * 1024


class Pages(RoutesWithRoles):
    """Flask, which must not write a reader's link into its log when something fails."""

    letters: TransactionalMailer  # what forms of readers lead to

    def close(self) -> None:
        """Send the letters that wait, for a moment."""
        self.letters.close()

    def select_jinja_autoescape(self, filename: str | None) -> bool:
        return True

    def log_exception(self, exc_info: tuple[type, BaseException, TracebackType] | tuple[None, None, None]) -> None:
        log.error("a page failed: %s", kind_and_place(exc_info[1]), extra={"action": "page_failed"})


def make_app(
    project: Project, ledger: Ledger, pulse: Callable[[], Pulse] | None = None, *, first_campaign: str = ""
) -> Pages:
    """All pages of a project. ``first_campaign``: shown where an address names none; empty: the first in the folder.

    ``pulse`` says how the alarm is doing; without it (no alarm in this process) health does not look at one.
    Raises ConfigurationError for a key that cannot be used.
    """
    app = Pages("scheduler.web", template_folder="pages", static_folder=None)
    app.config.update(MAX_CONTENT_LENGTH=LARGEST_BODY, PROPAGATE_EXCEPTIONS=False)
    add_flash(app, project.settings.public_url)
    app.url_map.strict_slashes = True
    app.url_map.merge_slashes = False  # by default it redirects, to whatever host the request names
    css = css_custom_properties() + _style("pages.css")
    desk_css = css_custom_properties() + item_css() + _style("desk.css")
    app.jinja_env.undefined = StrictUndefined
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.jinja_env.globals.update(
        css=Markup(css),  # noqa: S704 - our own file
        desk_css=Markup(desk_css),  # noqa: S704 - our own file
        quick_exit=project.settings.quick_exit,
    )
    add_answers(app, [css])
    add_guard(app, ledger, partial(review_policy, project), project.clock, project.settings.public_url, desk_css)
    add_sign_in(app, ledger, project.clock, project.settings.public_url)
    months = RehearsalCache(project, ledger)
    add_desk(app, project, ledger, months, first_campaign)
    add_editing(app, project, ledger, SeasonResolver(project, ledger, months, first_campaign), desk_css)
    outside = partial(outside_trouble, project, ledger)
    add_health(app, ledger, pulse, mode=lambda: project.settings.mode.value, clock=project.clock, outside=outside)
    add_leaving(
        app,
        Context(project, ledger, project.clock, Actor("reader")),
        recipient_of(project, ledger.health.campaigns),
        own_page_of(project, ledger),
    )
    add_webhooks(app, ledger, receipt_readers(project), project.clock)
    app.letters = add_public(app, project, ledger, css_custom_properties() + _style("public/bar.css"))
    add_api(app, project, ledger, months)
    add_reading(app, project, ledger, months, _style("reading.css"))
    return app


def _style(name: str) -> str:
    return (files("scheduler.web") / "pages" / name).read_text(encoding="utf-8")
