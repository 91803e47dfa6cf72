"""Move an item to another day of its season: it changes places with the item of that day."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from ..domain.formatting import day_words
from ..domain.planned_item import Plan, PlannedItem
from ..domain.refusals import Refusal, Refused
from .placing import names_a_date


def move_item(plan: Plan, item_id: str, to: date) -> Plan:
    """The plan with the item on ``to``, and that day's item in its old place.

    The window has one item a day, so moving is changing places. A day that a date rule names keeps its item: it is
    sent on that date or not at all. Raises Refused where the move is not possible.
    """
    moving = plan.of(item_id)
    if moving is None:
        raise Refused(Refusal.NO_SUCH_ITEM, season=plan.season.year, item=item_id)
    there = next((p for p in plan.items if p.on == to), None)
    if there is None:
        first, last = plan.season.start_on, plan.season.end_on
        raise Refused(Refusal.NOT_A_DAY_OF_THE_SEASON, day=day_words(to), first=first, last=last)
    if there.item.id == item_id:
        raise Refused(Refusal.ON_THAT_DAY_ALREADY, item=item_id, day=day_words(to))
    for planned in (moving, there):
        if planned.day is not None and (planned.day.fixed or names_a_date(planned.day)):
            raise Refused(Refusal.BELONGS_TO_ITS_DAY, item=planned.item.id, day=day_words(planned.on))
    places = {moving.on: there, there.on: moving}
    return replace(plan, items=tuple(_on_day_of(p, places.get(p.on, p)) for p in plan.items))


def _on_day_of(place: PlannedItem, what: PlannedItem) -> PlannedItem:
    return replace(what, on=place.on, day_number=place.day_number, week=place.week)
