"""``/u/TOKEN``: the address in each mail by which its reader leaves.

Programs that look at links (mail scanners, previews) fetch them: GET and HEAD do not even read the token, and show
everybody the same page. POST leaves, in one step, without a cookie: the page's button, and RFC 8058, section 3.2,
where the mail program posts ``List-Unsubscribe=One-Click``.

``/u/check`` lies below the same path and is no reader's: by it the program, and a person, see that these addresses lead
to this ledger's pages. It neither reads nor changes anything.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Protocol

from flask import Response, make_response, render_template, request
from werkzeug.exceptions import RequestEntityTooLarge

from ..services.context import Context
from ..services.preferences import leave as leave_list
from .security import Guard, RoutesWithRoles

_NUMBER = re.compile(r"[0-9a-f]{32}")


class OwnPage(Protocol):
    """What proves that a page is this ledger's."""

    def answer_to(self, nonce: str) -> str: ...

    @property
    def code(self) -> str: ...


def add_leaving(app: RoutesWithRoles, context: Context, reader_of: Callable[[str], str | None], own: OwnPage) -> None:
    """Add the routes. ``context``: in which a reader acts. ``reader_of``: the reader whom a token was made for."""

    @app.get("/u/check", who=Guard.ANYBODY)
    def own_page() -> str:
        return render_template("own_page.html", code=own.code)

    @app.get("/u/check/<number>", who=Guard.ANYBODY)
    def own_answer(number: str) -> Response:
        return _answer(number)

    @app.post("/u/check/<number>", who=Guard.ANYBODY)
    def own_answer_to_a_post(number: str) -> Response:
        return _answer(number)

    def _answer(number: str) -> Response:
        if not _NUMBER.fullmatch(number):
            return make_response(render_template("no_such_link.html"), 404)
        answer = make_response(own.answer_to(number))
        answer.mimetype = "text/plain"
        return answer

    @app.get("/u/<token>", who=Guard.ANYBODY)
    def leave_page(token: str) -> str:
        return render_template("leave.html")

    @app.post("/u/<token>", who=Guard.LINK)
    def leave(token: str) -> Response:
        # The body decides nothing: whoever posts here holds the link, and leaving must not fail for a form's sake.
        if (request.content_length or 0) > (request.max_content_length or 0):
            raise RequestEntityTooLarge
        subscriber = reader_of(token)
        if (
            subscriber is None
        ):  # forged, of another purpose, cut off by a mail program: nobody can tell, and none is told
            return make_response(render_template("no_such_link.html"), 404)
        # False means that they had left, or that their record is gone: either way no mail goes to them.
        leave_list(context, subscriber, source="link in a mail")
        return make_response(render_template("left.html"))
