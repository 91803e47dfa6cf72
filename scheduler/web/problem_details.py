"""Errors of the JSON API, as RFC 9457 has them: what happened, where, and what to do. No secret, no path of a file."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from flask import Response

MEDIA_TYPE = "application/problem+json"
_TYPE = "urn:observance:problem:"

#: For what a web server answers by itself, before any route is reached: a name, what happened, what to do.
_PLAIN = {
    404: ("no-such-address", "There is no such address", "GET /api/v1/ names all of them"),
    405: ("no-such-method", "This address does not take such a request", "see the header Allow"),
    413: ("too-much", "More was sent than this address takes", "send less"),
    503: ("out-of-reach", "It did not work this time, and nothing was changed", "try again in a minute"),
}
_BROKEN = ("it-failed", "Something went wrong on our side", "the log of the server says what; try again later")


class Problem(Exception):
    """Raised by a route: what to answer with. ``more`` are members of the answer besides, such as ``findings``."""

    def __init__(
        self,
        status: int,
        code: str,
        title: str,
        *,
        detail: str = "",
        where: str = "",
        what_to_do: str = "",
        headers: Mapping[str, str] | None = None,
        **more: object,
    ) -> None:
        self.status, self.headers = status, dict(headers or {})
        always = {"type": _TYPE + code, "title": title, "status": status}
        texts = {"detail": detail, "where": where, "what_to_do": what_to_do}
        self.body: dict[str, object] = {**always, **{name: text for name, text in texts.items() if text}, **more}
        super().__init__(title)

    def answer(self) -> Response:
        response = Response(as_json(self.body), self.status, content_type=MEDIA_TYPE)
        response.headers.update(self.headers)
        return response


def plain_problem(status: int) -> Response:
    """The answer to what no route has answered."""
    code, title, what_to_do = _PLAIN.get(status, _BROKEN)
    return Problem(status, code, title, what_to_do=what_to_do).answer()


def as_json(value: object) -> str:
    """Dates and instants as ISO 8601 has them."""
    return json.dumps(value, ensure_ascii=False, default=_in_text)


def _in_text(value: Any) -> str:
    return value.isoformat() if hasattr(value, "isoformat") else str(value)
