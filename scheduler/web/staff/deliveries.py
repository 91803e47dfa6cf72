"""``/deliveries``: the ledger of a season, what is unknown on top, where a person settles it."""

from __future__ import annotations

from collections import Counter

from flask import render_template, request
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response as AnyResponse

from ...domain.delivery import State
from ...domain.records import Delivery
from ...domain.role import Right
from ...errors import UsageError
from ...services import reconcile
from ..security import RoutesWithRoles
from .form_actions import ActionError, run_action
from .page_context import PageContext, SeasonResolver, link


def add_deliveries(app: RoutesWithRoles, seasons: SeasonResolver) -> None:
    @app.get("/deliveries", who=Right.LOOK)
    def deliveries_page() -> str:
        return _page(seasons.resolve())

    @app.post("/deliveries/<int:delivery_id>/resolve", who=Right.RUN)
    def resolve_delivery(delivery_id: int) -> AnyResponse:
        page = seasons.resolve()
        if not any(d.id == delivery_id for d in page.deliveries):
            raise NotFound

        def act() -> str:
            verdict = request.form.get("verdict", "")
            if verdict not in ("sent", "not-sent"):
                raise UsageError(
                    "nothing was settled: neither of the two was chosen",
                    hint="look at the provider first, then choose what you found",
                )
            reference = request.form.get("reference", "")[:200]
            done = reconcile.resolve(page.context, delivery_id, sent=verdict == "sent", reference=reference)
            return "sent" if done.sent else "again" if done.goes_out_again else "over"

        return run_action(
            act,
            to=lambda done: link("deliveries_page"),
            again=lambda trouble: _page(page, trouble),
            form=str(delivery_id),
        )


def _page(page: PageContext, trouble: ActionError | None = None) -> str:
    wanted = request.args.get("state", "")
    states = Counter(d.state.value for d in page.deliveries)
    doubts = [d for d in page.deliveries if in_doubt(d)]
    shown = [d for d in page.deliveries if not wanted or d.state.value == wanted]
    return render_template(
        "staff/deliveries.html",
        trouble=trouble,
        typed=request.form if trouble else {},
        doubts=doubts,
        settled_meanwhile=trouble is not None and trouble.form not in {str(d.id) for d in doubts},
        shown=sorted(shown, key=lambda d: (d.due_at, d.channel)),
        states=states,
        wanted=wanted if wanted in states else "",
    )


def in_doubt(delivery: Delivery) -> bool:
    """Whether a person has to say what became of it."""
    return delivery.state is State.UNKNOWN or bool(delivery.counts.unknown) or delivery.was_restored
