"""``/deliveries``: the ledger of a season, what is unknown on top, where a person settles it.

``/to-post/ID``: what a person posts, with the button to say that it is posted. Reading it marks nothing.
"""

from __future__ import annotations

from collections import Counter

from flask import Response, g, render_template, request
from werkzeug.exceptions import Forbidden, NotFound

from ...cards.drawing import bytes_of
from ...domain.delivery import State
from ...domain.message import PostBody
from ...domain.post_picture import PostPicture
from ...domain.reason import ReasonCode
from ...domain.records import Delivery
from ...domain.redact import person_key
from ...domain.role import Right
from ...errors import UsageError
from ...review.atomic_folder import safe_name
from ...review.item_view import picture_address
from ...services import reconcile
from ...services.ledger_data import from_today
from ..responses import OWN_SCRIPTS, script
from ..routing import get, post
from ..security.guard import visitor
from .form_actions import ActionError, action
from .item_rows import rows_by_item
from .page_context import PageContext, resolve


@get("/deliveries", who=Right.LOOK)
def deliveries_page() -> str:
    return _page(resolve())


def _page(page: PageContext, trouble: ActionError | None = None, **_ids: object) -> str:
    wanted = request.args.get("state", "")
    states = Counter(d.state.value for d in page.deliveries)
    # What a person has to find out. What somebody is to post has a page of its own for that.
    unknown = [d for d in page.deliveries if d.state is State.UNKNOWN or d.counts.unknown or d.was_restored]
    doubts = [d for d in unknown if d.was_restored or not d.has(ReasonCode.WAITS_FOR_PERSON)]
    current = from_today(page.deliveries, page.today)
    of_state = [d for d in page.deliveries if d.state.value == wanted]
    shown = {"": current, "all": page.deliveries}.get(wanted, of_state)
    return render_template(
        "staff/deliveries.html",
        trouble=trouble,
        typed=request.form if trouble else {},
        doubts=doubts,
        settled_meanwhile=trouble is not None and trouble.form not in {str(d.id) for d in doubts},
        shown=rows_by_item(page, shown),
        states=states,
        wanted="all" if len(shown) == len(page.deliveries) else wanted,
        current=current,
    )


@post("/deliveries/<int:delivery_id>/resolve", who=Right.RUN)
@action("deliveries_page", _page, form="{delivery_id}")
def resolve_delivery(page: PageContext, delivery_id: int) -> str:
    page.delivery(delivery_id)
    verdict = request.form.get("verdict", "")
    if verdict not in ("sent", "not-sent"):
        raise UsageError(
            "nothing was settled: neither of the two was chosen",
            hint="look at the provider first, then choose what you found",
        )
    reference = request.form.get("reference", "")[:200]
    done = reconcile.resolve(page.context, delivery_id, sent=verdict == "sent", reference=reference)
    return "sent" if done.sent else "again" if done.goes_out_again else "over"


@get("/to-post/<int:delivery_id>", who=Right.LOOK)
def to_post_page(delivery_id: int) -> str:
    return _to_post(resolve(), delivery_id=delivery_id)


def _to_post(page: PageContext, trouble: ActionError | None = None, *, delivery_id: int) -> str:
    delivery = page.delivery(delivery_id)
    body = _body(page, delivery)
    g.scripts = f"; {OWN_SCRIPTS}"  # it copies the text
    return render_template(
        "staff/to_post.html",
        trouble=trouble,
        typed=request.form if trouble else {},
        d=delivery,
        text=body.text,
        body=body,
        picture=picture_address(body.picture) if body.picture else "",
        sizes=tuple(_pictures(page, delivery)),
        waits=delivery.has(ReasonCode.WAITS_FOR_PERSON),
        may_mark=_may_mark(delivery),
    )


def _body(page: PageContext, delivery: Delivery) -> PostBody:
    """What was handed over, else what would be."""
    message = page.ledger.lookups.sent_message(delivery.digest) or page.message_of(delivery)
    if message is None or not isinstance(message.body, PostBody):
        raise NotFound
    return message.body


def _pictures(page: PageContext, delivery: Delivery) -> dict[str, PostPicture]:
    """The picture of a post by its size; and those of the item's other posts that are of another one, once they are
    approved."""
    own = _body(page, delivery).picture
    if own is None:
        return {}
    rehearsal = page.rehearsal
    of_season = rehearsal.messages if rehearsal.plan.key == delivery.season_key else ()
    of_item = (m for m in of_season if m.item == delivery.item and not rehearsal.missing(m))
    others = (m.body.picture for m in of_item if isinstance(m.body, PostBody) and m.body.picture is not None)
    return {picture.size_name: picture for picture in (*others, own)}


@get("/to-post/<int:delivery_id>/picture/<size>", who=Right.LOOK)
def picture_to_post(delivery_id: int, size: str) -> Response:
    """As a file to keep."""
    page = resolve()
    delivery = page.delivery(delivery_id)
    picture = _pictures(page, delivery).get(size)
    try:
        content = bytes_of(picture) if picture is not None else b""
    except ValueError:  # another one than was approved: nobody posts it
        content = b""
    if picture is None or not content:
        raise NotFound
    name = f"{safe_name(delivery.item)}-{picture.size_name}.{picture.ending}"
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "private, no-store"}
    return Response(content, mimetype=picture.media_type, headers=headers)


def _may_mark(delivery: Delivery) -> bool:
    """Who runs the campaign, and whoever is named to post, in whatever role they sign in."""
    waits = [reason for reason in delivery.reasons if reason.code is ReasonCode.WAITS_FOR_PERSON]
    named = {person_key(str(reason.fields.get("person", ""))) for reason in waits}
    return visitor().may(Right.RUN) or person_key(visitor().name) in named


@post("/to-post/<int:delivery_id>", who=Right.LOOK)
@action("to_post_page", _to_post, form="posted", delivery_id="{delivery_id}")
def mark_as_posted(page: PageContext, delivery_id: int) -> str:
    delivery = page.delivery(delivery_id)
    if delivery.has(ReasonCode.WAITS_FOR_PERSON):
        if not _may_mark(delivery):
            raise Forbidden
    elif delivery.state is State.UNKNOWN:
        raise NotFound  # another kind of doubt, which is settled where it is shown
    reconcile.resolve(page.context, delivery_id, sent=True, reference=request.form.get("reference", "")[:200])
    return "sent"


@get("/copy.js", who=Right.LOOK)
def copy_script() -> Response:
    return script("staff/copy.js")
