"""``/deliveries``: the ledger of a season, what is unknown on top, where a person settles it."""

from __future__ import annotations

from collections import Counter

from flask import render_template, request

from ...domain.delivery import State
from ...domain.reason import ReasonCode
from ...domain.records import Delivery
from ...domain.role import Right
from ...errors import UsageError
from ...services import reconcile
from ...services.ledger_data import from_today
from ..routing import get, post
from .form_actions import ActionError, action
from .page_context import PageContext, resolve


@get("/deliveries", who=Right.LOOK)
def deliveries_page() -> str:
    return _page(resolve())


def _page(page: PageContext, trouble: ActionError | None = None, **_ids: object) -> str:
    wanted = request.args.get("state", "")
    states = Counter(d.state.value for d in page.deliveries)
    doubts = [d for d in page.deliveries if in_doubt(d)]
    current = from_today(page.deliveries, page.today)
    of_state = [d for d in page.deliveries if d.state.value == wanted]
    shown = {"": current, "all": page.deliveries}.get(wanted, of_state)
    return render_template(
        "staff/deliveries.html",
        trouble=trouble,
        typed=request.form if trouble else {},
        doubts=doubts,
        settled_meanwhile=trouble is not None and trouble.form not in {str(d.id) for d in doubts},
        shown=sorted(shown, key=lambda d: (d.due_at, d.channel)),
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


def in_doubt(delivery: Delivery) -> bool:
    """Whether a person has to find out what became of it. What somebody is to post has a page of its own for that."""
    is_unknown = delivery.state is State.UNKNOWN or bool(delivery.counts.unknown)
    return (is_unknown and not delivery.has(ReasonCode.WAITS_FOR_PERSON)) or delivery.was_restored
