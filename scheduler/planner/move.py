"""Move an item to another day of its season: it changes places with the item of that day."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from ..domain.item import Plan, PlannedItem
from ..domain.words import day_words
from ..errors import UsageError
from .placing import names_a_date


def move_item(plan: Plan, item_id: str, to: date) -> Plan:
    """The plan with the item on ``to``, and that day's item in its old place.

    The window has one item a day, so moving is changing places. A day that a date rule names keeps its item: it is
    sent on that date or not at all. Raises UsageError, with what to do, where the move is not possible.
    """
    moving = plan.of(item_id)
    if moving is None:
        raise UsageError(f"season {plan.season.year} has no item {item_id!r}", hint="`plan` lists the items")
    there = next((p for p in plan.items if p.on == to), None)
    if there is None:
        raise UsageError(
            f"{day_words(to)} is not a day of the season",
            hint=f"the window runs from {plan.season.start_on} to {plan.season.end_on}",
        )
    if there.item.id == item_id:
        raise UsageError(f"{item_id} is on {day_words(to)} already", hint="name another day")
    for planned in (moving, there):
        if planned.day is not None and (planned.day.fixed or names_a_date(planned.day)):
            raise UsageError(
                f"{planned.item.id} belongs to {day_words(planned.on)} and cannot be moved",
                hint="a day that the calendar names by its date is kept, or left out with resume --skip",
            )
    places = {moving.on: there, there.on: moving}
    return replace(plan, items=tuple(_on_day_of(p, places.get(p.on, p)) for p in plan.items))


def _on_day_of(place: PlannedItem, what: PlannedItem) -> PlannedItem:
    return replace(what, on=place.on, day_number=place.day_number, week=place.week)
