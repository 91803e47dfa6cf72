"""``/holds``: stop everything at once; go on again, and say of each thing that was passed over what becomes of it.

A hold is for every campaign in the folder, or for one: it is in force before the next call.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from datetime import date, timedelta
from functools import partial

from flask import Response, g, make_response, render_template, request, url_for
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response as AnyResponse

from ...domain.records import ALL_CAMPAIGNS, ALL_CHANNELS
from ...domain.role import Right
from ...errors import UsageError
from ...review.policy_file import PolicyError
from ...services import holds, plan_moves
from ...services.seasons import CampaignUnusable
from ..responses import error_page
from ..routing import get, post, site
from ..security.guard import visitor
from .form_actions import ActionError, action, run_action
from .page_context import PageContext, campaign_names, link, resolve

log = logging.getLogger(__name__)

#: Why nobody can say which season an address means.
PROBLEMS = (CampaignUnusable, PolicyError)


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
        campaigns=page.campaigns,
        held=[(d, d.expires_at > now) for d in page.deliveries if d.awaits_decision],
        under_way=page.ledger.deliveries.calls_under_way() if page.every_hold else (),
        past=[h for h in page.ledger.holds.in_force(released=True) if h.released_at is not None],
        days=list(_days_to_come(page)),
        due_next=holds.due_next(page.rehearsal, now),
        gentle=holds.gentle_spares(page.rehearsal),
        beginning=holds.beginning,
        terrible_reason=holds.terrible_reason(),
        now=now,
    )


def _days_to_come(page: PageContext) -> Iterator[tuple[date, str]]:
    """Each day that an item can move to, with what stands on it, so that both sides of an exchange are seen."""
    plan = page.rehearsal.plan
    for number in range(plan.season.days):
        on = plan.season.start_on + timedelta(days=number)
        if on >= page.today:
            there = [p for p in plan.items if p.on == on]
            names = ", ".join(p.item.title for p in there)
            full = len(there) >= plan.campaign.rhythm.most
            yield on, f"changes places with {there[-1].item.title}" if full else f"beside {names}" if there else "open"


@post("/holds", who=Right.HOLD)
def hold_now() -> AnyResponse:
    def act() -> str:
        channel, campaign = _confirmed("held")
        why, is_terrible = request.form.get("reason", ""), "terrible" in request.form
        holds.hold(site().context(visitor().actor), channel, why, campaign, is_terrible=is_terrible)
        return "held-terrible" if is_terrible else "held"

    try:
        page = resolve()
    except PROBLEMS as problem:  # what cannot be read keeps nobody from stopping everything
        return run_action(act, to=partial(address, "holds_page"), again=partial(unusable_page, problem), form="hold")
    return run_action(act, to=partial(link, "holds_page"), again=partial(_page, page), form="hold")


@post("/holds/resume", who=Right.HOLD)
@action("holds_page", _page, form="resume")
def resume_now(page: PageContext) -> str:
    resumed = holds.resume(page.context, *_confirmed("resumed"))
    if not resumed.ended and not resumed.pauses:
        return "nothing-held"
    return "resumed" if resumed.passed_over else "resumed-clear"


def _confirmed(what: str) -> tuple[str, str]:
    """The channel and the campaign that are meant. Raises UsageError where the confirmation is not ticked."""
    if request.form.get("sure") != "yes":
        raise UsageError(f"nothing was {what}: the confirmation is not ticked", hint="tick it, and press again")
    return request.form.get("channel", ALL_CHANNELS), request.form.get("campaign", ALL_CAMPAIGNS)


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
            to = _day(request.form.get("to", ""))
            moved = plan_moves.move(page.context, page.campaign.id, page.year, held.item, to)
            return "moved-fewer-channels" if moved.move.loses else "moved"
    raise UsageError("nothing was done: none of the three was chosen", hint="choose send, move or leave out")


@post("/holds/gentle", who=Right.HOLD)
@action("holds_page", _page, form="gentle")
def put_gentle_item(page: PageContext) -> str:
    """A spare item in place of the day's own, on a day that is too hard for it."""
    item, to = request.form.get("item", ""), _day(request.form.get("to", ""))
    if item not in {spare.id for spare in holds.gentle_spares(page.rehearsal)}:
        raise UsageError("nothing was changed: no such item stands ready", hint="choose one that the page names")
    plan_moves.move(page.context, page.campaign.id, page.year, item, to)
    return "gentle"


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        hint = "choose one of the season that is to come"
        raise UsageError("that is not a day; nothing was moved", hint=hint) from None


# -- while a campaign's files or the review policy cannot be read; the button that stops everything needs neither ------


def unusable(problem: CampaignUnusable | PolicyError) -> Response:
    """For those who can do something about it: what is wrong. For everybody else: not now."""
    if g.get("visitor") is None:
        log.error("a page could not be served: %s", problem.message.splitlines()[0], extra={"action": "page_failed"})
        return error_page(503)
    return make_response(unusable_page(problem), 503)


def unusable_page(problem: CampaignUnusable | PolicyError, trouble: ActionError | None = None) -> str:
    """What is wrong, and the form to hold everything."""
    _, *lines = problem.message.splitlines()
    return render_template(
        "staff/unusable.html",
        findings=getattr(problem, "findings", ()),
        lines=[] if isinstance(problem, CampaignUnusable) else [line.strip() for line in lines],
        holds=site().ledger.holds.in_force(),
        channels=[c for c in site().project.settings.channels.values() if c.enabled],
        campaigns=campaign_names(site().project),
        others=[i for i in site().project.campaigns() if i != getattr(problem, "campaign", "")],
        hold_address=address("hold_now"),
        trouble=trouble,
        typed=request.form if trouble else {},
    )


def address(endpoint: str) -> str:
    """Of a page, while there is no season to link to: with the campaign that the address names, if it names one."""
    return url_for(endpoint, campaign=request.args.get("campaign"))
