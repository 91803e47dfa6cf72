"""Puts the calendar's lines on their days: pinned days first, then dated lines, then day numbers.

Nothing is ever placed over something else: who comes later moves, or is left out with a finding.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta

from ..content.codes import CODES
from ..domain.campaign import CalendarDay, Campaign, Season
from ..domain.dates import DateRuleError, NotAnnounced, describe, names_day_of_window, resolve
from ..domain.finding import Finding
from ..domain.formatting import counted
from .day_names import day_in_words, line_in_words
from .pin import Pinned


@dataclass(frozen=True, slots=True)
class Place:
    """A day that is spoken for: by ``owner``, from a calendar line, from the pin, or from both."""

    owner: str  # item id; a held-back item keeps its day
    line: CalendarDay | None = None
    pinned_as: str = ""  # the item that the pin names for the day, when it is pinned


@dataclass(slots=True)
class Placement:
    """What the calendar and the pin settle, before the pool fills the rest."""

    season: Season
    places: dict[date, Place] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)

    def day_of(self, item: str) -> date | None:
        return next((on for on, place in self.places.items() if place.owner == item), None)

    def holds(self, on: date) -> bool:
        return self.season.start_on <= on <= self.season.end_on

    def nearest_open(self, on: date) -> date | None:
        """The next day nobody has; where there is none, the last one before."""
        days = (self.season.start_on + timedelta(days=i) for i in range(self.season.days))
        free = [day for day in days if day not in self.places]
        return min((day for day in free if day > on), default=max((day for day in free if day < on), default=None))


def place_lines(campaign: Campaign, season: Season, pinned: Pinned | None) -> Placement:
    """Every line on its day, or a finding that says why not. Lines with unknown items are passed over:
    reading the files has reported them."""
    placement = Placement(season)
    lines: dict[str, CalendarDay] = {}
    for line in campaign.calendar:
        if line.item not in campaign.items:
            continue
        first = lines.setdefault(line.item, line)
        if first is not line:
            _report_twice(placement, first, line)
    if pinned is not None:
        _place_pinned(placement, campaign.items, lines, pinned)
    dated, displaced = _resolved(placement, season, lines.values()), []
    # Fixed lines first, so that of two that collide the one that cannot move stands.
    for line, on in sorted(dated, key=lambda pair: (names_day_of_window(pair[0].rule), not pair[0].fixed)):
        if _agrees_with_pin(placement, line, on):
            continue
        holder = placement.places.get(on)
        if holder is None:
            placement.places[on] = Place(owner=line.item, line=line)
        elif holder.pinned_as and names_a_date(line):
            message = (
                f"{line_in_words(line)} belongs on {day_in_words(on)}, where the pinned plan has {holder.pinned_as}"
            )
            placement.findings.append(CODES["P007"].at(line.where, message, item=line.item))
        elif _may_move(line, holder):
            displaced.append((line, on))
        else:
            _report_collision(placement, line, holder, on)
    for line, on in sorted(displaced, key=lambda pair: (pair[1], pair[0].item)):
        _move(placement, line, on)
    return placement


def _place_pinned(
    placement: Placement, items: Mapping[str, object], lines: Mapping[str, CalendarDay], pinned: Pinned
) -> None:
    for day in pinned.days:
        if not placement.holds(day.on):
            message = f"the pinned plan names {day.item} for {day_in_words(day.on)}, outside the window"
            placement.findings.append(CODES["P014"].at(day.where, message, item=day.item))
            continue
        # The day belongs to the item that was held back: as soon as it is released it has its day.
        owner = next((name for name in (day.held_back, day.item) if name in items), None)
        if owner is None:
            message = f"the pinned plan names {day.item!r} for {day_in_words(day.on)}, and there is no such item"
            placement.findings.append(CODES["P009"].at(day.where, message))
        elif (other := placement.day_of(owner)) is not None:
            message = f"the pinned plan names {owner} for {day_in_words(other)} and for {day_in_words(day.on)}"
            placement.findings.append(CODES["P011"].at(day.where, message, item=owner))
        else:
            placement.places[day.on] = Place(owner=owner, line=lines.get(owner), pinned_as=day.item)


def _resolved(placement: Placement, season: Season, lines: Iterable[CalendarDay]) -> list[tuple[CalendarDay, date]]:
    """Lines with their dates; a line without a date, or with one outside the window, leaves a finding."""
    found = []
    for line in lines:
        try:
            on = resolve(line.rule, season=season.year, window=(season.start_on, season.end_on))
        except NotAnnounced as error:
            message = f"{line.item}: {error.message}"
            placement.findings.append(CODES["P005"].at(line.where, message, item=line.item, hint=error.hint))
            continue
        except DateRuleError as error:
            message = f"{line.item}: {error.message}"
            placement.findings.append(CODES["P008"].at(line.where, message, item=line.item, hint=error.hint))
            continue
        if placement.holds(on):
            found.append((line, on))
            continue
        message = (
            f"{line.item}: {describe(line.rule)} is {day_in_words(on)}, outside the window "
            f"({season.start_on} to {season.end_on}, {counted(season.days, 'day')})"
        )
        placement.findings.append(CODES["P004"].at(line.where, message, item=line.item))
    return found


def _agrees_with_pin(placement: Placement, line: CalendarDay, on: date) -> bool:
    """Whether the pin has settled this line; a date that the pin contradicts leaves a finding."""
    pinned_on = placement.day_of(line.item)
    if pinned_on is None:
        return False
    if pinned_on != on and names_a_date(line):
        message = (
            f"{line_in_words(line)} belongs on {day_in_words(on)}; the pinned plan has it on {day_in_words(pinned_on)}"
        )
        placement.findings.append(CODES["P007"].at(line.where, message, item=line.item))
    return True


def names_a_date(line: CalendarDay) -> bool:
    """Whether the line means that very day: a day number without ``fixed`` is only a wish."""
    return line.fixed or not names_day_of_window(line.rule)


def _may_move(line: CalendarDay, holder: Place) -> bool:
    """A day number gives way to a date and to the pin; two lines of one sort are a mistake."""
    if names_a_date(line):
        return False
    return bool(holder.pinned_as) or (holder.line is not None and names_a_date(holder.line))


def _move(placement: Placement, line: CalendarDay, on: date) -> None:
    holder = placement.places[on]
    to = placement.nearest_open(on)
    if to is None:
        message = f"{line.item} gives {day_in_words(on)} to {holder.owner}, and no other day is open: it is not planned"
        placement.findings.append(CODES["P010"].at(line.where, message, item=line.item))
        return
    placement.places[to] = Place(owner=line.item, line=line)
    message = f"{line.item} moves from {day_in_words(on)} to {day_in_words(to)}, to make room for {holder.owner}"
    placement.findings.append(CODES["P003"].at(line.where, message, item=line.item))


def _report_collision(placement: Placement, line: CalendarDay, holder: Place, on: date) -> None:
    other = line_in_words(holder.line) if holder.line is not None else holder.owner
    message = f"{day_in_words(on)} is wanted by {other} and by {line_in_words(line)}; the second is not planned"
    placement.findings.append(CODES["P001"].at(line.where, message, item=line.item))


def _report_twice(placement: Placement, first: CalendarDay, second: CalendarDay) -> None:
    message = (
        f"{first.item} is named twice: {describe(first.rule)} ({first.where}) "
        f"and {describe(second.rule)} ({second.where}); the second line is not used"
    )
    placement.findings.append(CODES["P011"].at(second.where, message, item=second.item))
