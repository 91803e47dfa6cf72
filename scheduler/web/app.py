"""The application: routes, and what holds for each answer, errors included."""

from __future__ import annotations

import base64
import hashlib
import logging
from collections.abc import Callable
from importlib.resources import files
from pathlib import PurePath
from types import TracebackType
from typing import TYPE_CHECKING, Any

from flask import Flask, Response, make_response, render_template, request
from jinja2 import StrictUndefined
from markupsafe import Markup
from werkzeug.exceptions import HTTPException

from ..domain.look import css_custom_properties
from ..errors import ObservanceError
from ..ports import PagesLedger
from .health import Pulse, add_health
from .leave import add_leaving
from .webhooks import add_sendgrid_webhook

if TYPE_CHECKING:
    from ..bootstrap import Project

log = logging.getLogger(__name__)

#: Bytes. Nothing that a reader's page takes is larger; a route that takes more says so.
LARGEST_BODY = 4 * 1024

#: For errors that the server itself answers with: title, and what to do.
_WORDS = {
    404: ("There is no such page", "The address may be incomplete. Open it again from where you found it."),
    405: ("That is not possible here", "This address does not take such a request."),
    413: ("That was too much", "More was sent than this address takes."),
    503: ("Please try again in a minute", "It did not work this time, and nothing was changed."),
}
_OTHER_WORDS = ("It did not work", "Something went wrong on our side, and nothing was changed. Please try again later.")


class Pages(Flask):
    """Flask, which must not write a reader's link into its log when something fails."""

    def select_jinja_autoescape(self, filename: str | None) -> bool:
        return True

    def log_exception(
        self, exc_info: tuple[type, BaseException, TracebackType] | tuple[None, None, None]
    ) -> None:
        log.error("a page failed: %s", _said(exc_info[1]), extra={"action": "page_failed"})


def make_app(project: Project, ledger: PagesLedger, pulse: Callable[[], Pulse] | None = None) -> Pages:
    """All pages of a project.

    ``pulse`` says how the alarm is doing; without it (no alarm in this process) health does not look at one.
    Raises ConfigurationError for a key that cannot be used.
    """
    app = Pages("scheduler.web", template_folder="pages", static_folder=None)
    app.config.update(MAX_CONTENT_LENGTH=LARGEST_BODY, PROPAGATE_EXCEPTIONS=False)
    app.url_map.strict_slashes = True
    app.url_map.merge_slashes = False  # by default it redirects, to whatever host the request names
    css = css_custom_properties() + (files("scheduler.web") / "pages" / "pages.css").read_text(encoding="utf-8")
    app.jinja_env.undefined = StrictUndefined
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.jinja_env.globals.update(
        css=Markup(css),  # noqa: S704 - our own file
        quick_exit=project.settings.quick_exit,
    )
    policy = _policy(css)

    @app.after_request
    def protect(response: Response) -> Response:
        """What holds for every answer: nobody may keep, index, frame or be told of it."""
        response.headers.update(
            {
                "Cache-Control": "no-store",
                "Content-Security-Policy": policy,
                "Cross-Origin-Opener-Policy": "same-origin",
                "Cross-Origin-Resource-Policy": "same-origin",
                "Permissions-Policy": "interest-cohort=()",
                "Referrer-Policy": "no-referrer",
                "X-Content-Type-Options": "nosniff",
                "X-Frame-Options": "DENY",
                "X-Robots-Tag": "noindex, nofollow, noarchive",
            }
        )
        return response

    @app.errorhandler(HTTPException)
    def refused(error: HTTPException) -> Response:
        return _error_page(error.code or 500, allow=(error.get_response().headers.get("Allow")))

    @app.errorhandler(ObservanceError)
    def out_of_reach(error: ObservanceError) -> Response:
        # The message names files and servers: it is for the log.
        log.error("a page could not be served: %s", error.message, extra={"action": "page_failed"})
        response = _error_page(503)
        response.headers["Retry-After"] = "60"
        return response

    add_health(app, ledger, pulse, mode=project.settings.mode.value, clock=project.clock)
    add_leaving(app, ledger, project.reader_of(ledger.campaigns), project.clock)
    add_sendgrid_webhook(app, ledger, project.webhook_check(), project.clock)
    return app


def _error_page(status: int, *, allow: str | None = None) -> Response:
    title, words = _WORDS.get(status, _OTHER_WORDS)
    if request.path.startswith(("/webhooks/", "/healthz", "/readyz")):
        response = make_response({"error": title}, status)
    else:
        response = make_response(render_template("error.html", title=title, words=words), status)
    if allow:
        response.headers["Allow"] = allow
    return response


def _policy(css: str) -> str:
    """The pages hold one style of our own and a form to themselves. Scripts, pictures from elsewhere, frames: none."""
    fingerprint = base64.b64encode(hashlib.sha256(css.encode()).digest()).decode()
    return "; ".join(
        (
            "default-src 'none'",
            f"style-src 'sha256-{fingerprint}'",
            "img-src data:",  # the empty icon, so that browsers do not ask for one
            "form-action 'self'",
            "base-uri 'none'",
            "frame-ancestors 'none'",
        )
    )


def _said(error: BaseException | None) -> str:
    """Kind and place of an error. Its text may hold what nobody should read."""
    trace: Any = error.__traceback__ if error else None
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    place = f"{PurePath(trace.tb_frame.f_code.co_filename).name}:{trace.tb_lineno}" if trace else "an unknown place"
    return f"{type(error).__name__} in {place}"
