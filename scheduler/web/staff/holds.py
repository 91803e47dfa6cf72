"""``/holds``: stop everything at once; go on again, and say of each thing that was passed over what becomes of it.

A hold is for every campaign in the folder: it is in force before the next call.
"""

from __future__ import annotations

from datetime import date
from functools import partial

from flask import render_template, request
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response as AnyResponse

from ...domain.records import ALL_CHANNELS
from ...domain.role import Right
from ...errors import UsageError
from ...services import holds, plan_moves
from ..routing import get, post, site
from ..security.guard import visitor
from .campaign_error import PROBLEMS, address, unusable_page
from .form_actions import ActionError, action, run_action
from .page_context import PageContext, link, resolve


@get("/holds", who=Right.LOOK)
def holds_page() -> str:
    return _page(resolve())


def _page(page: PageContext, trouble: ActionError | None = None, **_ids: object) -> str:
    now = page.context.now()
    return render_template(
        "staff/holds.html",
        trouble=trouble,
        typed=request.form if trouble else {},
        channels=[c for c in page.project.settings.channels.values() if c.enabled],
        held=[(d, d.expires_at > now) for d in page.deliveries if d.awaits_decision],
        under_way=page.ledger.deliveries.calls_under_way() if page.holds else (),
        past=[h for h in page.ledger.holds.in_force(released=True) if h.released_at is not None],
        last_day=page.rehearsal.plan.season.end_on,
        now=now,
    )


@post("/holds", who=Right.HOLD)
def hold_now() -> AnyResponse:
    def act() -> str:
        holds.hold(site().context(visitor().actor), _confirmed_channel("held"), request.form.get("reason", ""))
        return "held"

    try:
        page = resolve()
    except PROBLEMS as problem:  # what cannot be read keeps nobody from stopping everything
        return run_action(act, to=partial(address, "holds_page"), again=partial(unusable_page, problem), form="hold")
    return run_action(act, to=partial(link, "holds_page"), again=partial(_page, page), form="hold")


@post("/holds/resume", who=Right.HOLD)
@action("holds_page", _page, form="resume")
def resume_now(page: PageContext) -> str:
    return "resumed" if holds.resume(page.context, _confirmed_channel("resumed")).passed_over else "resumed-clear"


def _confirmed_channel(what: str) -> str:
    """The channel that is meant. Raises UsageError where the confirmation is not ticked."""
    if request.form.get("sure") != "yes":
        raise UsageError(f"nothing was {what}: the confirmation is not ticked", hint="tick it, and press again")
    return request.form.get("channel", ALL_CHANNELS)


@post("/holds/passed-over/<int:delivery_id>", who=Right.HOLD)
@action("holds_page", _page, form="{delivery_id}")
def decide_passed_over(page: PageContext, delivery_id: int) -> str:
    held = page.delivery(delivery_id)
    if not held.awaits_decision:
        raise NotFound
    match request.form.get("what", ""):
        case "send":
            holds.let_go(page.context, delivery_id)
            return "let-go"
        case "skip":
            holds.skip(page.context, [delivery_id], request.form.get("reason", "").strip() or holds.PASSED_OVER)
            return "skipped"
        case "move":
            plan_moves.move(page.context, page.campaign.id, page.year, held.item, _day(request.form.get("to", "")))
            return "moved"
    raise UsageError("nothing was done: none of the three was chosen", hint="choose send, move or leave out")


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        hint = "choose one of the season that is to come"
        raise UsageError("that is not a day; nothing was moved", hint=hint) from None
