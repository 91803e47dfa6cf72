"""Move an item to another day of its season; that day's item takes its place."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path

from ..domain.delivery import State
from ..domain.planned_item import Plan
from ..domain.records import Delivery
from ..domain.refusals import Refusal, Refused
from .context import Context, act
from .seasons import plan_season, read_campaign, season_of


@act
def move(context: Context, campaign_id: str, year: int | None, item: str, to: date) -> Path:
    """Pin the season's plan with ``item`` on another day.

    The message has another date then, so its approval is void until it is given again. What waited from a hold goes
    back to waiting for its instant. Returns the file that pins the plan.
    """
    from ..planner.pin import pin_path, write_plan

    project, ledger = context.project, context.ledger
    plan = _plan(context, campaign_id, year)
    path = pin_path(project.root, campaign_id, plan.season.year)
    write_plan(_moved(context, plan, item, to), path)
    about = {"campaign": campaign_id, "season": plan.season.year, "item": item, "on": to}
    ledger.events.record("item.moved", who=context.actor.name, now=context.now(), **about)
    for delivery in ledger.deliveries.of_season(context.mode, plan.key):
        if delivery.item == item and delivery.awaits_decision:
            ledger.deliveries.release(delivery.id, who=context.actor.name, now=context.now())
    return path


def check_moves(context: Context, campaign_id: str, year: int | None, moves: Mapping[str, date]) -> None:
    """Raise Refused when these moves, one after the other, are not possible. Changes nothing."""
    plan = _plan(context, campaign_id, year)
    for item, to in moves.items():
        plan = _moved(context, plan, item, to)


def _plan(context: Context, campaign_id: str, year: int | None) -> Plan:
    campaign, _ = read_campaign(context.project, campaign_id)
    return plan_season(context.project, campaign, season_of(context.project, campaign, year))[0]


def _moved(context: Context, plan: Plan, item: str, to: date) -> Plan:
    """The plan with an item and the item of that day in each other's place, if both may leave theirs."""
    from ..planner.season_plan import move_item

    if to < context.project.today(plan.campaign):
        raise Refused(Refusal.DAY_IS_OVER, day=to)
    moved, ledger = move_item(plan, item, to), context.ledger
    season = (context.mode, plan.key)
    told = ledger.recipients.told_in_digests(*season)
    begun = {d.item for d in ledger.deliveries.of_season(*season) if _has_begun(context, d)}
    for one in (item, *(p.item.id for p in plan.items if p.on == to)):
        if one in told:
            raise Refused(Refusal.TOLD_IN_A_DIGEST, item=one)
        if one in begun:
            raise Refused(Refusal.IS_GOING_OUT, item=one)
    return moved


def _has_begun(context: Context, delivery: Delivery) -> bool:
    """Whether a delivery is on its way, and not at its end: a call of it is under way, some of its readers have had
    it and others wait, or its readers wait for the morning of this one day."""
    waiting, counts = delivery.state in (State.SCHEDULED, State.HELD), delivery.counts
    if not waiting or delivery.opened_at is None:
        return delivery.state is State.SENDING
    return counts.waiting < counts.frozen - counts.skipped or any(
        b.not_after_at is not None for b in context.ledger.deliveries.batches(delivery.id)
    )
