"""``/to-post/ID``: what a person posts, with the button to say that it is posted. Reading it marks nothing."""

from __future__ import annotations

from importlib.resources import files

from flask import Response, make_response, render_template
from werkzeug.exceptions import NotFound

from ...domain.message import PostBody
from ...domain.reason import ReasonCode
from ...domain.role import Right
from ..security import RoutesWithRoles
from .page_context import SeasonResolver


def add_to_post(app: RoutesWithRoles, seasons: SeasonResolver) -> None:
    @app.get("/to-post/<int:delivery_id>", who=Right.LOOK)
    def to_post_page(delivery_id: int) -> str:
        page = seasons.resolve()
        delivery = next((d for d in page.deliveries if d.id == delivery_id), None)
        if delivery is None:
            raise NotFound
        planned = page.rehearsal.message(delivery.item, delivery.channel)
        message = (
            page.ledger.lookups.sent_message(delivery.digest) or planned
        )  # what was handed over, else what would be
        if message is None or not isinstance(message.body, PostBody):
            raise NotFound
        waits = delivery.has(ReasonCode.WAITS_FOR_PERSON)
        return render_template("staff/to_post.html", d=delivery, text=message.body.text, waits=waits)

    @app.get("/copy.js", who=Right.LOOK)
    def copy_script() -> Response:
        response = make_response((files("scheduler.web") / "pages" / "staff" / "copy.js").read_text("utf-8"))
        response.headers["Content-Type"] = "text/javascript; charset=utf-8"
        return response
