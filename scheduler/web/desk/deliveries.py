"""``/deliveries``: the ledger of a season, what is unknown on top, where a person settles it."""

from __future__ import annotations

from collections import Counter

from flask import render_template, request
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response as AnyResponse

from ...domain.access import Right
from ...domain.delivery import State
from ...domain.ledger import Delivery
from ...errors import UsageError
from ...operating.settle import settle
from ..access import RoutesWithRoles, visitor
from .acts import Trouble, attempt
from .here import Here, Seasons, link


def add_deliveries(app: RoutesWithRoles, seasons: Seasons) -> None:
    @app.get("/deliveries", who=Right.LOOK)
    def deliveries_page() -> str:
        return _page(seasons.here())

    @app.post("/deliveries/<int:delivery_id>/resolve", who=Right.RUN)
    def resolve_delivery(delivery_id: int) -> AnyResponse:
        here, who = seasons.here(), visitor()
        if not any(d.id == delivery_id for d in here.deliveries):
            raise NotFound

        def act() -> str:
            verdict = request.form.get("verdict", "")
            if verdict not in ("sent", "not-sent"):
                raise UsageError(
                    "nothing was settled: neither of the two was chosen",
                    hint="look at the provider first, then choose what you found",
                )
            done = settle(
                here.ledger,
                delivery_id,
                sent=verdict == "sent",
                who=who.name,
                reference=request.form.get("reference", "").strip()[:200],
                now=here.project.clock.now(),
            )
            return "sent" if done.sent else "again" if done.goes_out_again else "over"

        return attempt(
            act,
            to=lambda done: link("deliveries_page", done=done),
            again=lambda trouble: _page(here, trouble),
            form=str(delivery_id),
        )


def _page(here: Here, trouble: Trouble | None = None) -> str:
    wanted = request.args.get("state", "")
    states = Counter(d.state.value for d in here.deliveries)
    shown = [d for d in here.deliveries if not wanted or d.state.value == wanted]
    return render_template(
        "desk/deliveries.html",
        done=request.args.get("done", ""),
        trouble=trouble,
        typed=request.form if trouble else {},
        doubts=[d for d in here.deliveries if in_doubt(d)],
        shown=sorted(shown, key=lambda d: (d.due_at, d.channel)),
        states=states,
        wanted=wanted if wanted in states else "",
    )


def in_doubt(delivery: Delivery) -> bool:
    """Whether a person has to say what became of it."""
    return delivery.state is State.UNKNOWN or bool(delivery.counts.unknown) or delivery.was_restored
