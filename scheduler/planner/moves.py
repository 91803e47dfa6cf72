"""An item on another day: who gives way to it, and where that one goes. Nothing is lost without being named."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import date, timedelta

from ..domain.finding import Finding, Where
from ..domain.formatting import day_words
from ..domain.planned_item import Plan, PlannedItem
from ..domain.refusals import Refusal, Refused
from ..light_dataclass import dataclass
from .season_plan import names_a_date


@dataclass(frozen=True)
class LostChannels:
    """An item that goes out on fewer channels on its new day, since the others are on certain weekdays."""

    item: str
    lost: tuple[str, ...]
    left: tuple[str, ...]
    where: Where  # the item's file


@dataclass(frozen=True)
class Move:
    """``gives_way``: the item that had the place; it goes to ``to_its``, or has no day any more."""

    plan: Plan  # with the item on its new day
    item: str
    came_from: date | None  # None: it stood ready without a day
    to: date
    gives_way: str = ""
    to_its: date | None = None
    loses: tuple[LostChannels, ...] = ()
    brings: tuple[Finding, ...] = ()  # what the checks find on the new days, and not on those of before


def move_item(plan: Plan, item_id: str, to: date) -> Move:
    """The item on the day ``to``: in an open place where that day has one, else in that of the day's last item that may
    leave it, which takes the item's old place. An item that stands ready without a day leaves it none.

    A day that a date rule names keeps its item: it is sent on that date or not at all. Raises Refused where the move is
    not possible.
    """
    season, rhythm = plan.season, plan.campaign.rhythm
    moving = plan.of(item_id) or _spare(plan, item_id, to)
    if not season.start_on <= to <= season.end_on:
        raise Refused(Refusal.NOT_A_DAY_OF_THE_SEASON, day=day_words(to), first=season.start_on, last=season.end_on)
    was_planned = plan.of(item_id) is not None
    if was_planned and moving.on == to:
        raise Refused(Refusal.ON_THAT_DAY_ALREADY, item=item_id, day=day_words(to))
    if _stays(moving):
        raise _belongs(moving)
    there = [p for p in plan.items if p.on == to]
    others = [p for p in plan.items if p.item.id != item_id]
    came_from = moving.on if was_planned else None
    if len(there) < rhythm.most:
        placed = _on(plan, moving, to, max((p.number for p in there), default=0) + 1)
        return Move(_with(plan, [*others, placed]), item_id, came_from, to)
    giving = next((p for p in reversed(there) if not _stays(p)), None)
    if giving is None:
        raise _belongs(there[-1])
    others.remove(giving)
    items = [*others, _on(plan, moving, to, giving.number)]
    if came_from is not None:
        items.append(_on(plan, giving, came_from, moving.number))
    return Move(_with(plan, items), item_id, came_from, to, giving.item.id, came_from)


def _spare(plan: Plan, item_id: str, to: date) -> PlannedItem:
    """An item that stands ready without a day."""
    item = plan.campaign.items.get(item_id)
    if item is None:
        raise Refused(Refusal.NO_SUCH_ITEM, season=plan.season.year, item=item_id)
    for planned in plan.items:
        if item in (planned.held_back, planned.substitute):
            raise Refused(Refusal.STANDS_READY, item=item_id, day=day_words(planned.on), other=planned.item.id)
    return PlannedItem(day_number=0, on=to, item=item, day=None, week=0)


def _belongs(planned: PlannedItem) -> Refused:
    where = str(planned.day.where) if planned.day is not None else ""
    return Refused(Refusal.BELONGS_TO_ITS_DAY, item=planned.item.id, day=day_words(planned.on), where=where)


def _stays(planned: PlannedItem) -> bool:
    return planned.day is not None and names_a_date(planned.day)


def _on(plan: Plan, planned: PlannedItem, on: date, number: int) -> PlannedItem:
    day_number = (on - plan.season.start_on) // timedelta(days=1) + 1
    return replace(planned, on=on, day_number=day_number, week=(day_number - 1) // 7 + 1, number=number)


def _with(plan: Plan, items: list[PlannedItem]) -> Plan:
    """The plan with these items, those of a day numbered from 1."""
    counted: Counter[date] = Counter()
    numbered = []
    for planned in sorted(items, key=lambda p: (p.on, p.number)):
        counted[planned.on] += 1
        numbered.append(replace(planned, number=counted[planned.on]))
    return replace(plan, items=tuple(numbered))
