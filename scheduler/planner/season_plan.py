"""A season's plan: the items of the window's days, as many as the rhythm says, and nothing after.

The calendar's lines get their days first: pinned days, then dated lines, then day numbers. Nothing is ever placed over
something else: who comes later moves, or is left out with a finding. The pool fills the rest.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import field, replace
from datetime import date, timedelta

from ..content.codes import CODES
from ..domain.campaign import CalendarDay, Campaign, ItemText, Rhythm, Season
from ..domain.dates import DateRuleError, NotAnnounced, describe, names_day_of_window, resolve, with_guess
from ..domain.finding import Finding, Where, in_reading_order
from ..domain.formatting import counted
from ..domain.planned_item import Plan, PlannedItem
from ..light_dataclass import dataclass
from .pin import Pinned
from .pool import Slot, Suits, day_in_words, fill, suits_any
from .season_choice import title_to_add


@dataclass(frozen=True)
class Place:
    """A day that is spoken for: by ``owner``, from a calendar line, from the pin, or from both."""

    owner: str  # item id; a held-back item keeps its day
    line: CalendarDay | None = None
    pinned_as: str = ""  # the item that the pin names for the day, when it is pinned


@dataclass
class Placement:
    """What the calendar and the pin settle, before the pool fills the rest."""

    season: Season
    rhythm: Rhythm
    places: dict[date, list[Place]] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)

    def all(self) -> Iterator[tuple[date, Place]]:
        return ((on, place) for on, places in self.places.items() for place in places)

    def put(self, on: date, place: Place) -> None:
        self.places.setdefault(on, []).append(place)

    def last_of_full(self, on: date) -> Place | None:
        """Who has the last place of a day; None while it has room."""
        there = self.places.get(on, [])
        return there[-1] if len(there) >= self.rhythm.most else None

    def day_of(self, item: str) -> date | None:
        return next((on for on, place in self.all() if place.owner == item), None)

    def holds(self, on: date) -> bool:
        return self.season.start_on <= on <= self.season.end_on

    def report(self, code: str, where: Where, message: str, item: str = "", hint: str = "") -> None:
        self.findings.append(CODES[code].at(where, message, item=item, hint=hint))


def make_plan(
    campaign: Campaign, season: Season, *, pinned: Pinned | None = None, suits: Suits = suits_any
) -> tuple[Plan, list[Finding]]:
    """The plan of ``season`` and what is wrong with it. The same content and season give the same plan.

    Order of rights to a day: the pinned plan, lines with a date, lines with a day number, the pool.
    A day that nothing can fill is left out of the plan, with a red finding. ``suits``: what the pool may put on a day.
    """
    placement = Placement(season, campaign.rhythm)
    if season.guessed:
        placement.report(
            "P016",
            campaign.where,
            f"the window of season {season.year} is not announced yet: planned for a guess "
            f"({season.start_on} to {season.end_on})",
        )
    if pinned is not None and pinned.season != season.year:
        placement.report(
            "P014",
            pinned.where,
            f"the pinned plan is one of season {pinned.season}, and this is season {season.year}: it is not used",
        )
        pinned = None
    _place_lines(placement, campaign, pinned)
    settled, open_places = _settle_substitutes(campaign, placement)
    barred = {place.owner for _, place in placement.all()}
    barred |= {line.substitute for line in campaign.calendar if line.substitute}
    # What is held back, or speaks of a date of its own, is never drawn for any other day.
    barred |= {line.item for line in campaign.calendar if line.blocked_until or names_a_date(line)}
    barred |= {item.id for item, _ in settled.values()}
    pool = {name: campaign.items[name] for name in campaign.pool.items if name in campaign.items and name not in barred}
    taken = {slot: item for slot, (item, _) in settled.items()}
    filled, findings = fill(campaign.pool, campaign.rhythm, season, taken, pool.values(), suits)
    items = []
    for slot in sorted(filled):
        # What the pool fills may be the place of an item that is held back.
        waiting = open_places.get(slot[0])
        place = settled[slot][1] if slot in settled else waiting.pop(0) if waiting else None
        items.append(_planned_item(campaign, season, slot, filled[slot], place))
    title = campaign.title_in(season.year) or campaign.name
    if not campaign.title_is_confirmed(season.year):
        assumed = f'nobody has confirmed the title of season {season.year}; "{title}" is that of an earlier one'
        hint = f"look up how the month is called that year, then {title_to_add(campaign, season.year)}"
        placement.report("P020", campaign.where, assumed, hint=hint)
    plan = Plan(campaign=campaign, season=season, title=title, items=tuple(items))
    return plan, in_reading_order([*placement.findings, *findings])


def _planned_item(campaign: Campaign, season: Season, slot: Slot, item: ItemText, place: Place | None) -> PlannedItem:
    on, of_day = slot
    number = (on - season.start_on) // timedelta(days=1) + 1
    line = place.line if place is not None else None
    planned = PlannedItem(number, on, item, day=None, week=(number - 1) // 7 + 1, number=of_day)
    if line is None:
        return planned
    return replace(
        planned,
        day=line if item.id in (line.item, line.substitute) else None,  # else the pool chose it
        held_back=campaign.items[line.item] if line.blocked_until and item.id != line.item else None,
        substitute=None if line.blocked_until else campaign.items.get(line.substitute),
    )


# -- the calendar's lines, and the pin ----------------------------------------------------------------------------


def _place_lines(placement: Placement, campaign: Campaign, pinned: Pinned | None) -> None:
    """Every line on its day, or a finding that says why not. Lines with unknown items are passed over:
    reading the files has reported them."""
    lines: dict[str, CalendarDay] = {}
    for line in (line for line in campaign.calendar if line.item in campaign.items):
        first = lines.setdefault(line.item, line)
        if first is not line:
            both = f"{describe(first.rule)} ({first.where}) and {describe(line.rule)} ({line.where})"
            placement.report(
                "P011", line.where, f"{line.item} is named twice: {both}; the second line is not used", line.item
            )
    if pinned is not None:
        _place_pinned(placement, campaign.items, lines, pinned)
    displaced = []
    # Fixed lines first, so that of two that collide the one that cannot move stands.
    for line, on in sorted(_dated(placement, lines), key=lambda pair: _rank(pair[0])):
        pinned_on, holder = placement.day_of(line.item), placement.last_of_full(on)
        belongs = f"{_line_in_words(line)} belongs on {day_in_words(on)}"
        if pinned_on is not None:
            if pinned_on != on and names_a_date(line):
                placement.report(
                    "P007", line.where, f"{belongs}; the pinned plan has it on {day_in_words(pinned_on)}", line.item
                )
        elif holder is None:
            placement.put(on, Place(owner=line.item, line=line))
        elif holder.pinned_as and names_a_date(line):
            placement.report("P007", line.where, f"{belongs}, where the pinned plan has {holder.pinned_as}", line.item)
        elif _gives_way(line, holder):
            displaced.append((line, on))
        else:
            other = _line_in_words(holder.line) if holder.line is not None else holder.owner
            wanted = f"{day_in_words(on)} is wanted by {other} and by {_line_in_words(line)}"
            placement.report("P001", line.where, f"{wanted}; the second is not planned", line.item)
    for line, on in sorted(displaced, key=lambda pair: (pair[1], pair[0].item)):
        _move(placement, line, on)


def _place_pinned(
    placement: Placement, items: Mapping[str, object], lines: Mapping[str, CalendarDay], pinned: Pinned
) -> None:
    for day in pinned.days:
        # The day belongs to the item that was held back: as soon as it is released it has its day.
        owner = next((name for name in (day.held_back, day.item) if name in items), None)
        if not placement.holds(day.on):
            placement.report(
                "P014",
                day.where,
                f"the pinned plan names {day.item} for {day_in_words(day.on)}, outside the window",
                day.item,
            )
        elif owner is None:
            placement.report(
                "P009",
                day.where,
                f"the pinned plan names {day.item!r} for {day_in_words(day.on)}, and there is no such item",
            )
        elif (other := placement.day_of(owner)) is not None:
            placement.report(
                "P011",
                day.where,
                f"the pinned plan names {owner} for {day_in_words(other)} and for {day_in_words(day.on)}",
                owner,
            )
        else:
            placement.put(day.on, Place(owner=owner, line=lines.get(owner), pinned_as=day.item))


def _dated(placement: Placement, lines: Mapping[str, CalendarDay]) -> Iterator[tuple[CalendarDay, date]]:
    """Lines with their dates; a line without a date, or with one outside the window, leaves a finding."""
    season = placement.season
    for line in lines.values():
        rule = with_guess(line.rule, season.year)
        try:
            on = resolve(rule, season=season.year, window=(season.start_on, season.end_on))
        except DateRuleError as error:
            code = "P005" if isinstance(error, NotAnnounced) else "P008"
            placement.report(code, line.where, f"{line.item}: {error.message}", line.item, error.hint)
            continue
        if rule != line.rule:
            guess = f"the date for season {season.year} is not announced yet: planned for a guess ({on})"
            placement.report("P016", line.where, f"{line.item}: {guess}", line.item)
        if placement.holds(on):
            yield line, on
        else:
            outside = f"{line.item}: {describe(line.rule)} is {day_in_words(on)}, outside the window"
            window = f"({season.start_on} to {season.end_on}, {counted(season.days, 'day')})"
            placement.report("P004", line.where, f"{outside} {window}", line.item)


def _line_in_words(line: CalendarDay) -> str:
    """mlk-day (third Monday of January, campaigns/january/calendar.toml:41)."""
    return f"{line.item} ({describe(line.rule)}, {line.where})"


def names_a_date(line: CalendarDay) -> bool:
    """Whether the line means that very day. A day number alone, and a date with fixed = false, is a wish."""
    return not names_day_of_window(line.rule) if line.fixed is None else line.fixed


def _rank(line: CalendarDay) -> tuple[bool, bool, bool]:
    return names_day_of_window(line.rule), not names_a_date(line), not line.fixed


def _gives_way(line: CalendarDay, holder: Place) -> bool:
    """A wish gives way to a date and to the pin; two lines of one sort are a mistake."""
    if names_a_date(line):
        return False
    return bool(holder.pinned_as) or (holder.line is not None and names_a_date(holder.line))


def _move(placement: Placement, line: CalendarDay, on: date) -> None:
    """To the next day nobody has; where there is none, to the last one before."""
    owner, rhythm = placement.places[on][-1].owner, placement.rhythm
    days = (placement.season.start_on + timedelta(days=i) for i in range(placement.season.days))
    free = [day for day in days if len(placement.places.get(day, ())) < rhythm.wanted(day)]
    to = min((day for day in free if day > on), default=max((day for day in free if day < on), default=None))
    if to is None:
        placement.report(
            "P010",
            line.where,
            f"{line.item} gives {day_in_words(on)} to {owner}, and no other day is open: it is not planned",
            line.item,
        )
    else:
        placement.put(to, Place(owner=line.item, line=line))
        placement.report(
            "P003",
            line.where,
            f"{line.item} moves from {day_in_words(on)} to {day_in_words(to)}, to make room for {owner}",
            line.item,
        )


# -- who stands in ------------------------------------------------------------------------------------------------


def _settle_substitutes(
    campaign: Campaign, placement: Placement
) -> tuple[dict[Slot, tuple[ItemText, Place]], dict[date, list[Place]]]:
    """Who really goes out in each place: the owner, or its substitute while it is held back. Beside them the places
    that are left to the pool."""
    chosen = _chosen(campaign, placement)
    settled: dict[Slot, tuple[ItemText, Place]] = {}
    left: dict[date, list[Place]] = {}
    for on, places in placement.places.items():
        going = [(chosen[place.owner], place) for place in places if place.owner in chosen]
        settled |= {(on, number): pair for number, pair in enumerate(going, 1)}
        left[on] = [place for place in places if place.owner not in chosen]
    return settled, left


def _chosen(campaign: Campaign, placement: Placement) -> dict[str, ItemText]:
    """By the owner of a place the item that goes out in it; what is left out is the pool's."""
    held_back = {line.item: line for line in campaign.calendar if line.blocked_until}
    mains = {place.owner: on for on, place in placement.all()}
    spoken_for: dict[str, date] = {}  # substitute -> the day it stands by for
    chosen: dict[str, ItemText] = {}
    # Held-back items first: a substitute that is needed goes before one that only stands by.
    order = sorted(placement.all(), key=lambda pair: (not (pair[1].line and pair[1].line.blocked_until), pair[0]))
    for on, place in order:
        line = place.line
        if line is None or not line.blocked_until:
            chosen[place.owner] = campaign.items[place.owner]
        if line is None:
            continue
        name = line.substitute if line.substitute in campaign.items else ""
        elsewhere = mains.get(name) or spoken_for.get(name)
        if elsewhere is not None:
            stands_in = f"{name} stands in for {line.item} on {day_in_words(on)}"
            placement.report(
                "P011" if line.blocked_until else "P006",
                line.where,
                f"{stands_in} and is spoken for on {day_in_words(elsewhere)}",
                line.item,
            )
        elif name:
            spoken_for[name] = on
        if not line.blocked_until:
            continue
        if name and elsewhere is None and name not in held_back:
            chosen[place.owner] = campaign.items[name]
            continue
        if place.pinned_as in campaign.items and not any(
            place.pinned_as in names for names in (mains, spoken_for, held_back)
        ):
            chosen[place.owner] = campaign.items[place.pinned_as]
            spoken_for[place.pinned_as] = on
        if elsewhere is None:
            why = f"its substitute {name} is held back too" if name else "nothing is named to stand in for it"
            placement.report(
                "P012", line.where, f"{line.item} is held back on {day_in_words(on)}, and {why}", line.item
            )
    return chosen
