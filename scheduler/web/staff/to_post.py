"""``/to-post/ID``: what a person posts, with the button to say that it is posted. Reading it marks nothing."""

from __future__ import annotations

from flask import Response, render_template
from werkzeug.exceptions import NotFound

from ...domain.message import PostBody
from ...domain.reason import ReasonCode
from ...domain.role import Right
from ..responses import script
from ..routing import get
from .page_context import resolve


@get("/to-post/<int:delivery_id>", who=Right.LOOK)
def to_post_page(delivery_id: int) -> str:
    page = resolve()
    delivery = page.delivery(delivery_id)
    # What was handed over, else what would be.
    message = page.ledger.lookups.sent_message(delivery.digest) or page.message_of(delivery)
    if message is None or not isinstance(message.body, PostBody):
        raise NotFound
    waits = delivery.has(ReasonCode.WAITS_FOR_PERSON)
    return render_template("staff/to_post.html", d=delivery, text=message.body.text, waits=waits)


@get("/copy.js", who=Right.LOOK)
def copy_script() -> Response:
    return script("staff/copy.js")
