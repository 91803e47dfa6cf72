"""``/holds``: stop everything at once; go on again, and say of each thing that was passed over what becomes of it."""

from __future__ import annotations

from datetime import date
from functools import partial

from flask import render_template, request
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response as AnyResponse

from ...domain.access import Right
from ...domain.ledger import ALL_CHANNELS
from ...errors import UsageError
from ...services import holds, plan_moves
from ..access import RoutesWithRoles
from .acts import Trouble, attempt
from .here import Here, Seasons, link
from .unusable import address_of_hold, here_or_problem, unusable_page


def add_holds(app: RoutesWithRoles, seasons: Seasons) -> None:
    """Add the page and its acts. A hold is for every campaign in the folder: it is in force before the next call."""

    @app.get("/holds", who=Right.LOOK)
    def holds_page() -> str:
        return _page(seasons.here())

    @app.post("/holds", who=Right.HOLD)
    def hold_now() -> AnyResponse:
        # What cannot be read keeps nobody from stopping everything.
        found = here_or_problem(seasons)

        def act() -> str:
            if request.form.get("sure") != "yes":
                raise UsageError("nothing was held: the confirmation is not ticked", hint="tick it, and press again")
            holds.hold(seasons.context, _channel(), request.form.get("reason", ""))
            return "held"

        if isinstance(found, Here):
            return _attempt(found, act, "hold")
        again = partial(unusable_page, seasons, found)
        return attempt(act, to=address_of_hold, again=again, form="hold")

    @app.post("/holds/resume", who=Right.HOLD)
    def resume_now() -> AnyResponse:
        here = seasons.here()

        def act() -> str:
            if request.form.get("sure") != "yes":
                raise UsageError("nothing was resumed: the confirmation is not ticked", hint="tick it, and press again")
            resumed = holds.resume(here.context, _channel())
            return "resumed" if resumed.passed_over else "resumed-clear"

        return _attempt(here, act, "resume")

    @app.post("/holds/passed-over/<int:delivery_id>", who=Right.HOLD)
    def decide_passed_over(delivery_id: int) -> AnyResponse:
        here = seasons.here()
        held = next((d for d in here.deliveries if d.id == delivery_id and d.awaits_decision), None)
        if held is None:
            raise NotFound

        def act() -> str:
            what = request.form.get("what", "")
            if what == "send":
                holds.let_go(here.context, delivery_id)
                return "let-go"
            if what == "skip":
                holds.skip(here.context, [delivery_id], request.form.get("reason", "").strip() or holds.PASSED_OVER)
                return "skipped"
            if what == "move":
                day = _day(request.form.get("to", ""))
                plan_moves.move(here.context, here.campaign.id, here.year, held.item, day)
                return "moved"
            raise UsageError("nothing was done: none of the three was chosen", hint="choose send, move or leave out")

        return _attempt(here, act, str(delivery_id))


def _attempt(here: Here, act, form: str) -> AnyResponse:  # type: ignore[no-untyped-def]
    return attempt(
        act,
        to=lambda done: link("holds_page", done=done),
        again=lambda trouble: _page(here, trouble),
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


def _page(here: Here, trouble: Trouble | None = None) -> str:
    now = here.project.clock.now()
    held = [d for d in here.deliveries if d.awaits_decision]
    return render_template(
        "desk/holds.html",
        done=request.args.get("done", ""),
        trouble=trouble,
        typed=request.form if trouble else {},
        channels=[c for c in here.project.settings.channels.values() if c.enabled],
        held=[(d, d.expires_at > now) for d in held],
        under_way=here.ledger.calls_under_way() if here.holds else (),
        past=[h for h in here.ledger.holds(released=True) if h.released_at is not None],
        last_day=here.rehearsal.plan.season.end_on,
        now=now,
    )
