"""An item on another day, a copy of one, and a spare one in between: seen before it happens, then pinned."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from ..domain.delivery import State
from ..domain.finding import Finding, Severity
from ..domain.planned_item import Plan
from ..domain.records import Delivery
from ..domain.refusals import Refusal, Refused
from ..light_dataclass import dataclass
from ..schema.forms import record_id
from .context import Context, act
from .seasons import plan_season, read_campaign, rehearse, season_of

if TYPE_CHECKING:
    from ..planner.moves import LostChannels, Move


@dataclass(frozen=True)
class Moved:
    """A move that was made, and the file that pins the plan."""

    move: Move
    path: Path


@act
def move(context: Context, campaign_id: str, year: int | None, item: str, to: date) -> Moved:
    """Pin the season's plan with ``item`` on another day.

    The message has another date then, so its approval is void until it is given again. What waited from a hold goes
    back to waiting for its instant.
    """
    plan = _plan(context, campaign_id, year)
    return _pin(context, plan, _move(context, plan, item, to))


def look_at_moves(context: Context, campaign_id: str, year: int | None, moves: Mapping[str, date]) -> tuple[Move, ...]:
    """What these moves, one after the other, would do. Changes nothing; raises Refused when one is not possible."""
    found: list[Move] = []
    plan = as_it_stands = _plan(context, campaign_id, year)
    for item, to in moves.items():
        found.append(_move(context, plan, item, to))
        plan = found[-1].plan
    return (*found[:-1], replace(found[-1], brings=_new_findings(context, as_it_stands, plan))) if found else ()


def _new_findings(context: Context, before: Plan, after: Plan) -> tuple[Finding, ...]:
    """What stands in a text that has another day then, such as a date, or "tomorrow". What waits for a person in any
    case is none of it."""

    def found(plan: Plan) -> list[Finding]:
        checked = rehearse(context.project, plan.campaign.id, plan.season.year, plan=plan).findings
        return [f for f in checked if f.severity is not Severity.INFO and not f.waits]

    known = Counter((f.code, f.item, f.channel) for f in found(before))
    new = []
    for finding in found(after):
        key = (finding.code, finding.item, finding.channel)
        known[key] -= 1
        if known[key] < 0:
            new.append(finding)
    return tuple(new)


@act
def copy(
    context: Context, campaign_id: str, year: int | None, item: str, new_id: str, to: date | None
) -> tuple[Path, Moved | None]:
    """A new file in items/ with the words of an item under an id of its own; with ``to`` on that day.

    Returns the new file. Nothing is written where the copy could not stand on the day.
    """
    look = look_at_copy(context, campaign_id, year, item, new_id, to)
    plan = _plan(context, campaign_id, year)
    source = context.project.root / plan.campaign.items[item].where.path
    path = context.project.root / "campaigns" / campaign_id / "items" / f"{new_id}.md"
    text = source.read_bytes().decode("utf-8-sig")
    of_its_own = re.sub(r'(?m)^(id[ \t]*=[ \t]*)(["\'])[^"\'\n]*\2', rf'\g<1>"{new_id}"', text, count=1)
    try:
        with path.open("xb") as file:
            file.write(of_its_own.encode())
    except FileExistsError:
        raise Refused(Refusal.ID_IS_TAKEN, item=new_id) from None
    context.ledger.events.record(
        "item.copied",
        who=context.actor.name,
        now=context.now(),
        campaign=campaign_id,
        season=plan.season.year,
        item=new_id,
        of=item,
    )
    return path, _pin(context, plan, look) if look is not None else None


def look_at_copy(
    context: Context, campaign_id: str, year: int | None, item: str, new_id: str, to: date | None
) -> Move | None:
    """What a copy on that day would do to the plan; None where it gets no day. Raises Refused as :func:`copy`."""
    plan = _plan(context, campaign_id, year)
    original = plan.campaign.items.get(item)
    if original is None:
        raise Refused(Refusal.NO_SUCH_ITEM, season=plan.season.year, item=item)
    if why := record_id(new_id):
        raise Refused(Refusal.CANNOT_BE_AN_ID, item=new_id[:60], why=why)
    if new_id in plan.campaign.items:
        raise Refused(Refusal.ID_IS_TAKEN, item=new_id)
    items = {**plan.campaign.items, new_id: replace(original, id=new_id)}
    with_copy = replace(plan, campaign=replace(plan.campaign, items=items))
    return _move(context, with_copy, new_id, to) if to is not None else None


def _plan(context: Context, campaign_id: str, year: int | None) -> Plan:
    campaign, _ = read_campaign(context.project, campaign_id)
    return plan_season(context.project, campaign, season_of(context.project, campaign, year))[0]


def _pin(context: Context, plan: Plan, move: Move) -> Moved:
    """Write the plan down, and let go what waited from a hold."""
    from ..planner.pin import pin_path, write_plan

    ledger, key = context.ledger, plan.key
    path = pin_path(context.project.root, key.campaign, key.season)
    write_plan(move.plan, path)
    about = {"campaign": key.campaign, "season": key.season, "item": move.item, "on": move.to}
    ledger.events.record("item.moved", who=context.actor.name, now=context.now(), **about)
    for delivery in ledger.deliveries.of_season(context.mode, key):
        if delivery.item == move.item and delivery.awaits_decision:
            ledger.deliveries.release(delivery.id, who=context.actor.name, now=context.now())
    return Moved(move, path)


def _move(context: Context, plan: Plan, item: str, to: date) -> Move:
    """The move, if both items may leave their places."""
    from ..planner.moves import move_item

    if to < context.project.today(plan.campaign):
        raise Refused(Refusal.DAY_IS_OVER, day=to)
    move, ledger = move_item(plan, item, to), context.ledger
    season = (context.mode, plan.key)
    told = ledger.recipients.told_in_digests(*season)
    begun = {d.item for d in ledger.deliveries.of_season(*season) if _has_begun(context, d)}
    for one in filter(None, (item, move.gives_way)):
        if one in told:
            raise Refused(Refusal.TOLD_IN_A_DIGEST, item=one)
        if one in begun:
            raise Refused(Refusal.IS_GOING_OUT, item=one)
    return replace(move, loses=tuple(_lost_channels(context, plan, move)))


def _lost_channels(context: Context, plan: Plan, move: Move) -> Iterator[LostChannels]:
    """On which channels the items that change their day do not go out any more."""
    from ..content.render.season_renderer import channels_of
    from ..planner.moves import LostChannels

    for name in filter(None, (move.item, move.gives_way)):
        before, after = plan.of(name), move.plan.of(name)
        if before is not None and after is not None:
            had, has = (channels_of(p, context.project.settings, plan.campaign.rhythm) for p in (before, after))
            if lost := tuple(channel for channel in had if channel not in has):
                yield LostChannels(name, lost, has, after.item.where)


def _has_begun(context: Context, delivery: Delivery) -> bool:
    """Whether a delivery is on its way, and not at its end: a call of it is under way, some of its readers have had
    it and others wait, or its readers wait for the morning of this one day."""
    waiting, counts = delivery.state in (State.SCHEDULED, State.HELD), delivery.counts
    if not waiting or delivery.opened_at is None:
        return delivery.state is State.SENDING
    return counts.waiting < counts.frozen - counts.skipped or any(
        b.not_after_at is not None for b in context.ledger.deliveries.batches(delivery.id)
    )
