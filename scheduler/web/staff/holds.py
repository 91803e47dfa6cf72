"""``/holds``: stop everything at once; go on again, and say of each thing that was passed over what becomes of it."""

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
from ..security import RoutesWithRoles
from .campaign_error import address_of_hold, here_or_problem, unusable_page
from .form_actions import ActionError, run_action
from .page_context import PageContext, SeasonResolver, link


def add_holds(app: RoutesWithRoles, seasons: SeasonResolver) -> None:
    """Add the page and its acts. A hold is for every campaign in the folder: it is in force before the next call."""

    @app.get("/holds", who=Right.LOOK)
    def holds_page() -> str:
        return _page(seasons.resolve())

    @app.post("/holds", who=Right.HOLD)
    def hold_now() -> AnyResponse:
        # What cannot be read keeps nobody from stopping everything.
        found = here_or_problem(seasons)

        def act() -> str:
            if request.form.get("sure") != "yes":
                raise UsageError("nothing was held: the confirmation is not ticked", hint="tick it, and press again")
            holds.hold(seasons.context, _channel(), request.form.get("reason", ""))
            return "held"

        if isinstance(found, PageContext):
            return _attempt(found, act, "hold")
        again = partial(unusable_page, seasons, found)
        return run_action(act, to=address_of_hold, again=again, form="hold")

    @app.post("/holds/resume", who=Right.HOLD)
    def resume_now() -> AnyResponse:
        page = seasons.resolve()

        def act() -> str:
            if request.form.get("sure") != "yes":
                raise UsageError("nothing was resumed: the confirmation is not ticked", hint="tick it, and press again")
            resumed = holds.resume(page.context, _channel())
            return "resumed" if resumed.passed_over else "resumed-clear"

        return _attempt(page, act, "resume")

    @app.post("/holds/passed-over/<int:delivery_id>", who=Right.HOLD)
    def decide_passed_over(delivery_id: int) -> AnyResponse:
        page = seasons.resolve()
        held = next((d for d in page.deliveries if d.id == delivery_id and d.awaits_decision), None)
        if held is None:
            raise NotFound

        def act() -> str:
            what = request.form.get("what", "")
            if what == "send":
                holds.let_go(page.context, delivery_id)
                return "let-go"
            if what == "skip":
                holds.skip(page.context, [delivery_id], request.form.get("reason", "").strip() or holds.PASSED_OVER)
                return "skipped"
            if what == "move":
                day = _day(request.form.get("to", ""))
                plan_moves.move(page.context, page.campaign.id, page.year, held.item, day)
                return "moved"
            raise UsageError("nothing was done: none of the three was chosen", hint="choose send, move or leave out")

        return _attempt(page, act, str(delivery_id))


def _attempt(page: PageContext, act, form: str) -> AnyResponse:  # type: ignore[no-untyped-def]
    return run_action(
        act,
        to=lambda done: link("holds_page"),
        again=lambda trouble: _page(page, trouble),
        form=form,
    )


def _channel() -> str:
    return request.form.get("channel", ALL_CHANNELS)


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        hint = "choose one of the season that is to come"
        raise UsageError("that is not a day; nothing was moved", hint=hint) from None


def _page(page: PageContext, trouble: ActionError | None = None) -> str:
    now = page.project.clock.now()
    held = [d for d in page.deliveries if d.awaits_decision]
    return render_template(
        "staff/holds.html",
        trouble=trouble,
        typed=request.form if trouble else {},
        channels=[c for c in page.project.settings.channels.values() if c.enabled],
        held=[(d, d.expires_at > now) for d in held],
        under_way=page.ledger.deliveries.calls_under_way() if page.holds else (),
        past=[h for h in page.ledger.holds.in_force(released=True) if h.released_at is not None],
        last_day=page.rehearsal.plan.season.end_on,
        now=now,
    )
