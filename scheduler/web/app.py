"""The application: which pages there are, and what they are given."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from flask import Response, g, request
from jinja2 import StrictUndefined
from markupsafe import Markup
from werkzeug.exceptions import HTTPException

from ..errors import ObservanceError
from ..review.policy_file import PolicyError
from ..services.archive import Archive
from ..services.outside import own_page_of
from ..services.pictures import Pictures
from ..services.public_pages import FrontsAtHand, make_letter_box
from ..services.seasons import CampaignUnusable
from ..wiring import recipient_of
from . import health, responses, template_names, unsubscribe
from .api import add_api
from .editing import edit_pages
from .flash import FlashCookie
from .outlook_cache import OutlookCache
from .public import archive, campaigns, pictures, preferences, sign_up, site_files
from .rehearsal_cache import FormsShown, RehearsalCache
from .reviewer import review_pages
from .routing import ROUTES, Pages, Site
from .security import guard, sign_in
from .staff import (
    claims_and_contacts,
    dashboard,
    deliveries,
    history,
    holds,
    invitations,
    item,
    month_calendar,
    questions,
    report,
    subscribers,
)
from .webhooks import add_webhooks

if TYPE_CHECKING:
    from ..project import Project
    from ..store import Ledger
    from .routing import Pulse

#: Each has put its routes into the table.
_MODULES = (
    *(health, unsubscribe, archive, pictures, sign_up, preferences, site_files),
    *(review_pages, sign_in, dashboard, month_calendar, item, edit_pages, claims_and_contacts, questions, deliveries),
    *(holds, subscribers, invitations, report, history),
)
#: What is answered with where a page raises one of these.
_ERROR_PAGES: tuple[tuple[type[Exception], Callable[..., Response]], ...] = (
    (HTTPException, responses.refused),
    (ObservanceError, responses.out_of_reach),
    (CampaignUnusable, holds.unusable),
    (PolicyError, holds.unusable),
    (review_pages.NoSuchLink, review_pages.no_such_link),
)
#: Bytes. Nothing that a reader's page takes is larger; a route that takes more says so.
LARGEST_BODY = 4 * 1024


def make_app(
    project: Project,
    ledger: Ledger,
    pulse: Callable[[], Pulse] | None = None,
    *,
    first_campaign: str = "",
    only_campaign: str = "",
) -> Pages:
    """All pages of a project. ``first_campaign``: shown where an address names none; empty: the first in the folder.
    ``only_campaign``: the one whose public pages are served; empty: all.

    ``pulse`` says how the alarm is doing; without it (no alarm in this process) health does not look at one.
    Raises ConfigurationError for a key that cannot be used.
    """
    app = Pages("scheduler.web", template_folder="pages", static_folder=None)
    app.letters = make_letter_box(project, ledger)
    fronts, months = FrontsAtHand(project, only_campaign), RehearsalCache(project, ledger)
    app.site = Site(
        project,
        ledger,
        months,
        OutlookCache(project, ledger, months),
        first_campaign,
        pulse,
        fronts,
        app.letters,
        leaving=recipient_of(project, ledger.health.campaigns),
        choosing=recipient_of(project, ledger.health.campaigns, "preferences"),
        own_page=own_page_of(project, ledger),
        forms=FormsShown(),
        archive=Archive(project, ledger, fronts),
        pictures=Pictures(project, ledger, fronts),
    )
    app.secret_key = secrets.token_bytes(32)
    app.session_interface = FlashCookie()
    app.config.update(
        MAX_CONTENT_LENGTH=LARGEST_BODY,
        PROPAGATE_EXCEPTIONS=False,
        SESSION_COOKIE_NAME="observance-flash",
        SESSION_COOKIE_SAMESITE="Lax",
        PUBLIC_HOST=urlsplit(project.settings.public_url).netloc,
        ANSWER_AFTER=sign_up.ANSWER_AFTER,
    )
    app.url_map.merge_slashes = False  # by default it redirects, to whatever host the request names
    _prepare_templates(app, project)
    app.context_processor(_of_the_request)
    app.before_request(guard.enforce)
    app.before_request(campaigns.wear_the_color)
    app.after_request(responses.protect)
    app.after_request(guard.private)
    for error, answer in _ERROR_PAGES:
        app.register_error_handler(error, answer)
    for rule, view, options in ROUTES:
        app.add_url_rule(rule, view_func=view, **options)
    add_webhooks(app, project)
    add_api(app)
    return app


def _of_the_request() -> dict[str, Any]:
    css = Markup(responses.css_of(g.get("accent", "")))  # noqa: S704 - our own file
    return {"page": g.get("page"), "visitor": g.get("visitor"), "css": css}


def _prepare_templates(app: Pages, project: Project) -> None:
    """What every template may ask for by name."""
    app.jinja_env.undefined = StrictUndefined
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.jinja_env.filters.update(template_names.FILTERS)
    app.jinja_env.globals.update(
        template_names.GLOBALS,
        desk_css=lambda: Markup(responses.staff_css(request.script_root)),  # noqa: S704 - our own file
        quick_exit=project.settings.quick_exit,
        form_field=guard.FORM_FIELD,
        public_pages=app.view_functions,
    )
