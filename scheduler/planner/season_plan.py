"""A season's plan: one item a day from the window's first day to its last, and nothing after."""

from __future__ import annotations

from datetime import date, timedelta

from ..content.codes import CODES
from ..domain.campaign import CalendarDay, Campaign, ItemText, Season
from ..domain.finding import Finding, in_reading_order
from ..domain.planned_item import Plan, PlannedItem
from .day_names import day_in_words
from .pin import Pinned
from .placing import Placement, names_a_date, place_lines
from .pool import fill


def make_plan(campaign: Campaign, season: Season, *, pinned: Pinned | None = None) -> tuple[Plan, list[Finding]]:
    """The plan of ``season`` and what is wrong with it. The same content and season give the same plan.

    Order of rights to a day: the pinned plan, lines with a date, lines with a day number, the pool.
    A day that nothing can fill is left out of the plan, with a red finding.
    """
    misfit = _pin_of_another_season(season, pinned)
    placement = place_lines(campaign, season, pinned if misfit is None else None)
    settled = _settle_substitutes(campaign, placement)
    barred = {place.owner for place in placement.places.values()}
    barred |= {line.substitute for line in campaign.calendar if line.substitute}
    # What is held back, or speaks of a date of its own, is never drawn for any other day.
    barred |= {line.item for line in campaign.calendar if line.blocked_until or names_a_date(line)}
    planned = {on: item for on, item in settled.items() if item is not None}
    barred |= {item.id for item in planned.values()}
    pool = {name: campaign.items[name] for name in campaign.pool.items if name in campaign.items and name not in barred}
    filled, pool_findings = fill(campaign.pool, season, planned, pool.values())
    items = tuple(
        _planned_item(campaign, placement, season, on, item)
        for on, item in sorted({**planned, **filled}.items(), key=lambda pair: pair[0])
    )
    title = campaign.title_in(season.year) or campaign.name
    findings = in_reading_order([*([misfit] if misfit else []), *placement.findings, *pool_findings])
    return Plan(campaign=campaign, season=season, title=title, items=items), findings


def _pin_of_another_season(season: Season, pinned: Pinned | None) -> Finding | None:
    if pinned is None or pinned.season == season.year:
        return None
    message = f"the pinned plan is one of season {pinned.season}, and this is season {season.year}: it is not used"
    return CODES["P014"].at(pinned.where, message)


def _settle_substitutes(campaign: Campaign, placement: Placement) -> dict[date, ItemText | None]:
    """Who really goes out on each placed day: the owner, or its substitute while it is held back.

    None leaves the day to the pool.
    """
    held_back = {line.item: line for line in campaign.calendar if line.blocked_until}
    mains = {place.owner: on for on, place in placement.places.items()}
    spoken_for: dict[str, date] = {}  # substitute -> the day it stands by for
    settled: dict[date, ItemText | None] = {}
    # Held-back items first: a substitute that is needed goes before one that only stands by.
    order = sorted(placement.places.items(), key=lambda pair: (not _is_blocked(pair[1].line), pair[0]))
    for on, place in order:
        line = place.line
        if line is None:
            settled[on] = campaign.items[place.owner]
            continue
        name = line.substitute if line.substitute in campaign.items else ""
        elsewhere = mains.get(name) or spoken_for.get(name)
        blocked = bool(line.blocked_until)
        if elsewhere is not None:
            message = (
                f"{name} stands in for {line.item} on {day_in_words(on)} and is spoken for on {day_in_words(elsewhere)}"
            )
            placement.findings.append(CODES["P011" if blocked else "P006"].at(line.where, message, item=line.item))
        elif name:
            spoken_for[name] = on
        if not blocked:
            settled[on] = campaign.items[place.owner]
        elif name and elsewhere is None and name not in held_back:
            settled[on] = campaign.items[name]
        else:
            free = all(place.pinned_as not in taken for taken in (mains, spoken_for, held_back))
            stand_in = campaign.items.get(place.pinned_as) if free else None
            settled[on] = stand_in
            if stand_in is not None:
                spoken_for[stand_in.id] = on
            if elsewhere is None:
                why = f"its substitute {name} is held back too" if name else "nothing is named to stand in for it"
                message = f"{line.item} is held back on {day_in_words(on)}, and {why}"
                placement.findings.append(CODES["P012"].at(line.where, message, item=line.item))
    return settled


def _is_blocked(line: CalendarDay | None) -> bool:
    return line is not None and bool(line.blocked_until)


def _planned_item(campaign: Campaign, placement: Placement, season: Season, on: date, item: ItemText) -> PlannedItem:
    number = (on - season.start_on) // timedelta(days=1) + 1
    place = placement.places.get(on)
    line = place.line if place is not None else None
    held_back = line is not None and line.blocked_until != "" and item.id != line.item
    chosen_by_pool = line is None or item.id not in (line.item, line.substitute)
    return PlannedItem(
        day_number=number,
        on=on,
        item=item,
        day=None if chosen_by_pool else line,
        week=(number - 1) // 7 + 1,
        held_back=campaign.items[line.item] if line is not None and held_back else None,
        substitute=campaign.items.get(line.substitute) if line is not None and not line.blocked_until else None,
    )
