"""``/to-post/ID``: what a person posts, with the button to say that it is posted. Reading it marks nothing."""

from __future__ import annotations

from flask import Response, g, render_template, request
from werkzeug.exceptions import Forbidden, NotFound

from ...domain.message import PostBody
from ...domain.reason import ReasonCode
from ...domain.records import Delivery
from ...domain.redact import person_key
from ...domain.role import Right
from ...services import reconcile
from ..responses import script
from ..routing import get, post
from ..security.guard import visitor
from .form_actions import ActionError, action
from .page_context import PageContext, resolve


@get("/to-post/<int:delivery_id>", who=Right.LOOK)
def to_post_page(delivery_id: int) -> str:
    return _page(resolve(), delivery_id=delivery_id)


def _page(page: PageContext, trouble: ActionError | None = None, *, delivery_id: int) -> str:
    delivery = page.delivery(delivery_id)
    # What was handed over, else what would be.
    message = page.ledger.lookups.sent_message(delivery.digest) or page.message_of(delivery)
    if message is None or not isinstance(message.body, PostBody):
        raise NotFound
    g.scripts = "; script-src 'self'"  # it copies the text; ours, from its own address
    return render_template(
        "staff/to_post.html",
        trouble=trouble,
        typed=request.form if trouble else {},
        d=delivery,
        text=message.body.text,
        waits=delivery.has(ReasonCode.WAITS_FOR_PERSON),
        may_mark=_may_mark(delivery),
    )


def _may_mark(delivery: Delivery) -> bool:
    """Who runs the campaign, and whoever is named to post, in whatever role they sign in."""
    waits = [reason for reason in delivery.reasons if reason.code is ReasonCode.WAITS_FOR_PERSON]
    named = {person_key(str(reason.fields.get("person", ""))) for reason in waits}
    return visitor().may(Right.RUN) or person_key(visitor().name) in named


@post("/to-post/<int:delivery_id>", who=Right.LOOK)
@action("to_post_page", _page, form="posted", delivery_id="{delivery_id}")
def mark_as_posted(page: PageContext, delivery_id: int) -> str:
    if not _may_mark(page.delivery(delivery_id)):
        raise Forbidden
    reconcile.resolve(page.context, delivery_id, sent=True, reference=request.form.get("reference", "")[:200])
    return "sent"


@get("/copy.js", who=Right.LOOK)
def copy_script() -> Response:
    return script("staff/copy.js")
