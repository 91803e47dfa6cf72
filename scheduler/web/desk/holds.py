"""``/holds``: stop everything at once; go on again, and say of each thing that was passed over what becomes of it."""

from __future__ import annotations

from datetime import date
from functools import partial
from typing import TYPE_CHECKING

from flask import render_template, request
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response as AnyResponse

from ...domain.access import Right
from ...domain.ledger import ALL_CHANNELS, same_hold
from ...errors import UsageError
from ..access import RoutesWithRoles, visitor
from .acts import Trouble, attempt
from .here import Here, Seasons, link
from .unusable import address_of_hold, here_or_problem, unusable_page

if TYPE_CHECKING:
    from ...bootstrap import Project

_LONGEST_REASON = 500


def add_holds(app: RoutesWithRoles, seasons: Seasons) -> None:
    """Add the page and its acts. A hold is for every campaign in the folder: it is in force before the next call."""

    @app.get("/holds", who=Right.LOOK)
    def holds_page() -> str:
        return _page(seasons.here())

    @app.post("/holds", who=Right.HOLD)
    def hold_now() -> AnyResponse:
        # What cannot be read keeps nobody from stopping everything.
        found, who = here_or_problem(seasons), visitor()

        def act() -> str:
            why = request.form.get("reason", "").strip()
            channel = _channel(seasons.project)
            if not why:
                hint = "say why; everybody who looks will see it"
                raise UsageError("nothing was held: a reason is missing", hint=hint)
            if request.form.get("sure") != "yes":
                raise UsageError("nothing was held: the confirmation is not ticked", hint="tick it, and press again")
            why = why[:_LONGEST_REASON]
            if same_hold(seasons.ledger.holds(), channel, who.name, why) is None:  # a form may be sent twice
                seasons.ledger.hold(channel, who=who.name, why=why, now=seasons.project.clock.now())
            return "held"

        if isinstance(found, Here):
            return _attempt(found, act, "hold")
        again = partial(unusable_page, seasons, found)
        return attempt(act, to=address_of_hold, again=again, form="hold")

    @app.post("/holds/resume", who=Right.HOLD)
    def resume_now() -> AnyResponse:
        here, who = seasons.here(), visitor()

        def act() -> str:
            if request.form.get("sure") != "yes":
                raise UsageError("nothing was resumed: the confirmation is not ticked", hint="tick it, and press again")
            passed_over = here.ledger.release(_channel(here.project), who=who.name, now=here.project.clock.now())
            return "resumed" if passed_over else "resumed-clear"

        return _attempt(here, act, "resume")

    @app.post("/holds/passed-over/<int:delivery_id>", who=Right.HOLD)
    def decide_passed_over(delivery_id: int) -> AnyResponse:
        here, who = seasons.here(), visitor()
        held = next((d for d in here.deliveries if d.id == delivery_id and d.awaits_decision), None)
        if held is None:
            raise NotFound

        def act() -> str:
            now = here.project.clock.now()
            what = request.form.get("what", "")
            if what == "send":
                if held.expires_at <= now:
                    raise UsageError("it is too late for it: its window has closed", hint="move it, or leave it out")
                here.ledger.release_delivery(delivery_id, who=who.name, now=now)
                return "let-go"
            if what == "skip":
                why = request.form.get("reason", "").strip() or "passed over during a hold"
                here.ledger.skip_delivery(delivery_id, who=who.name, why=why[:_LONGEST_REASON], now=now)
                return "skipped"
            if what == "move":
                here.project.move(here.campaign.id, here.year, held.item, _day(request.form.get("to", "")), who.name)
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


def _channel(project: Project) -> str:
    channel = request.form.get("channel", ALL_CHANNELS)
    if channel != ALL_CHANNELS and channel not in project.settings.channels:
        raise UsageError("there is no such channel; nothing was changed", hint="open the page again")
    return channel


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
