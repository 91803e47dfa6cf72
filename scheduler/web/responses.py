"""What holds for each answer of the pages, errors included: headers, what a page may load, error pages."""

from __future__ import annotations

import base64
import hashlib
import logging
import re
from collections.abc import Iterable, Sequence
from functools import lru_cache
from http import HTTPStatus
from importlib.resources import files
from pathlib import PurePath
from typing import Any, cast

from flask import Response, current_app, g, make_response, redirect, render_template, request, url_for
from werkzeug.exceptions import HTTPException

from ..domain.design_tokens import COATS, FONT, css_custom_properties
from ..errors import ObservanceError
from ..review.item_html import item_css
from .refusals import plain_problem

log = logging.getLogger(__name__)

#: For errors that the server itself answers with: title, and what to do.
_WORDS = {
    400: ("That could not be read", "The form came incomplete. Go back, open the page again, and send it once more."),
    403: ("That is not yours to do", "Your sign-in or your link does not allow it. Ask the coordinator."),
    404: ("There is no such page", "The address may be incomplete. Open it again from where you found it."),
    405: ("That is not possible here", "This address does not take such a request."),
    409: ("It changed meanwhile", "Somebody changed it after you opened the page. Nothing was done; open it again."),
    413: ("That was too much", "More was sent than this address takes."),
    429: ("Too many tries", "Wait a while, and try again. Nothing was changed."),
    503: ("Please try again in a minute", "It did not work this time, and nothing was changed."),
}
_OTHER_WORDS = ("It did not work", "Something went wrong on our side, and nothing was changed. Please try again later.")
#: Answers below these are read by programs.
_FOR_PROGRAMS = ("/webhooks/", "/healthz", "/readyz")


def own_file(name: str) -> str:
    """One of our own files beside the templates."""
    return (files("scheduler.web") / "pages" / name).read_text(encoding="utf-8")


@lru_cache(maxsize=64)
def css_of(accent: str) -> str:
    """The style of pages for readers, with a campaign's color; empty: the program's own."""
    return css_custom_properties(accent) + own_file("pages.css")


#: What an item's picture would be colored like, where it has none.
_COATS_CSS = "".join(f".coat-{name}{{background:{coat.ground};color:{coat.ink}}}" for name, coat in COATS.items())
#: The style of private pages.
_STAFF_CSS = css_custom_properties() + item_css() + own_file("desk.css") + _COATS_CSS
#: The path under which readers reach the pages; what is none is not repeated.
_ROOT = re.compile(r"[A-Za-z0-9/._~-]*")


@lru_cache(maxsize=8)
def staff_css(root: str) -> str:
    """The style of private pages below ``root``. Their font is the program's own, and kept by the browser."""
    address = f"{root}/public-sans.woff2" if _ROOT.fullmatch(root) else "/public-sans.woff2"
    font = f'font-weight:100 900;font-display:swap;src:url("{address}") format("woff2")'
    own = f'@font-face{{font-family:"Public Sans";{font}}}:root{{--font:"Public Sans",{FONT}}}'
    return _STAFF_CSS + own


#: What the policy of a private page allows that has a script of ours: it comes from this server.
OWN_SCRIPTS = "script-src 'self'"


#: What a request may name as the host for a policy to repeat it.
_HOST = re.compile(r"[A-Za-z0-9.:-]+")


def exit_script_only() -> str:
    """What the policy of a page for readers allows: the script of the quick exit, by its address, and no other."""
    return f"script-src {own_addresses('/exit.js')}"


def own_addresses(path: str) -> str:
    """A path of ours as a policy names it; one that ends with a slash stands for all below it."""
    hosts = dict.fromkeys((current_app.config["PUBLIC_HOST"], request.host))
    return " ".join(f"{host}{request.script_root}{path}" for host in hosts if _HOST.fullmatch(host))


def protect(response: Response) -> Response:
    """What holds for every answer: nobody may keep, index, frame or be told of it. A route may say otherwise."""
    for name, value in {
        "Cache-Control": "no-store",
        "Content-Security-Policy": f"{page_policy([css_of(g.get('accent', ''))])}; {exit_script_only()}",
        "Cross-Origin-Opener-Policy": "same-origin",
        "Cross-Origin-Resource-Policy": "same-origin",
        "Permissions-Policy": "interest-cohort=()",
        "Referrer-Policy": "no-referrer",
        "X-Content-Type-Options": "nosniff",
        "X-Frame-Options": "DENY",
        "X-Robots-Tag": "noindex, nofollow, noarchive",
    }.items():
        response.headers.setdefault(name, value)
    return response


def refused(error: HTTPException) -> Response:
    """What a route, or Flask itself, answers with by a status alone. Who comes to the address of a button, by Back or
    by reloading, is led to the page that it stood on."""
    if error.code == HTTPStatus.METHOD_NOT_ALLOWED and request.method in ("GET", "HEAD") and (page := _page_above()):
        return cast("Response", redirect(page, HTTPStatus.SEE_OTHER))
    return error_page(error.code or 500, allow=(error.get_response().headers.get("Allow")))


def _page_above() -> str:
    """The nearest page above an address that is none; empty for addresses of programs."""
    adapter = current_app.create_url_adapter(request)
    if adapter is None or request.path.startswith((*_FOR_PROGRAMS, "/api/")):
        return ""
    above = request.path.rpartition("/")[0]
    while True:
        try:
            endpoint, values = adapter.match(above or "/", method="GET")
        except HTTPException:
            if not above:
                return ""
            above = above.rpartition("/")[0]
        else:
            return url_for(endpoint, **values)


def out_of_reach(error: ObservanceError) -> Response:
    """The ledger, or the project's files. The message names files and servers: it is for the log."""
    log.error("a page could not be served: %s", error.message, extra={"action": "page_failed"})
    response = error_page(503)
    response.headers["Retry-After"] = "60"
    return response


def script(name: str) -> Response:
    """One of our own scripts."""
    return Response(own_file(name), content_type="text/javascript; charset=utf-8")


def error_page(status: int, *, allow: str | None = None) -> Response:
    """An error in words; as JSON for programs."""
    title, words = _WORDS.get(status, _OTHER_WORDS)
    if request.path.startswith("/api/"):
        response = plain_problem(status)
    elif request.path.startswith(_FOR_PROGRAMS):
        response = make_response({"error": title}, status)
    else:
        page = "staff/error.html" if g.get("visitor") is not None else "error.html"
        response = make_response(render_template(page, title=title, words=words), status)
    if allow:
        response.headers["Allow"] = allow
    return response


def here() -> str:
    """The path of the page that is asked for, as a browser has it: with the path of ``public_url`` before it."""
    return request.script_root + request.path


def page_policy(styles: Sequence[str], *, own_pictures: bool = False, own_font: bool = False) -> str:
    """Pages hold styles of our own, and forms to themselves. Scripts, pictures from elsewhere, frames: none.
    ``own_pictures`` and ``own_font``: those of this server, by their addresses."""
    fingerprints = (base64.b64encode(hashlib.sha256(css.encode()).digest()).decode() for css in styles)
    return "; ".join(
        (
            "default-src 'none'",
            "style-src " + " ".join(f"'sha256-{f}'" for f in fingerprints),
            # The empty icon, so that browsers do not ask for one.
            "img-src data:" + (" 'self'" if own_pictures else ""),
            *(("font-src 'self'",) if own_font else ()),
            "form-action 'self'",
            "base-uri 'none'",
            "frame-ancestors 'none'",
        )
    )


def row_number(text: str) -> int | None:
    """The number of a row that a form names; None for what is none, and for more digits than a database takes."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) <= 18 else None


def kind_and_place(error: BaseException | None) -> str:
    """Kind and place of an error. Its text may hold what nobody should read."""
    trace: Any = error.__traceback__ if error else None
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    place = f"{PurePath(trace.tb_frame.f_code.co_filename).name}:{trace.tb_lineno}" if trace else "an unknown place"
    return f"{type(error).__name__} in {place}"


def pairs_of(fields: Iterable[str]) -> dict[str, str]:
    """What a form was shown, by name: each field is a name, a space, and a hash."""
    return {name: shown for name, _, shown in (field.partition(" ") for field in fields) if name}
