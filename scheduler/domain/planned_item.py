"""What the planner gives: one planned item a day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from .campaign import CalendarDay, Campaign, ItemText, Season
from .season_key import SeasonKey


@dataclass(frozen=True, slots=True)
class PlannedItem:
    """An item on its day."""

    day_number: int  # 1-based within the window
    on: date  # campaign-local date
    item: ItemText
    day: CalendarDay | None  # None when the pool chose it
    week: int  # 1-based, weeks counted from day 1 of the window
    held_back: ItemText | None = None  # the item that a person has to release first
    substitute: ItemText | None = None  # stands ready


@dataclass(frozen=True, slots=True)
class Plan:
    """One season's calendar."""

    campaign: Campaign
    season: Season
    title: str
    items: tuple[PlannedItem, ...]

    @property
    def key(self) -> SeasonKey:
        return SeasonKey(self.campaign.id, self.season.year)

    def of(self, item_id: str) -> PlannedItem | None:
        return next((p for p in self.items if p.item.id == item_id), None)


@dataclass(frozen=True, slots=True)
class Occurrence:
    """A slot resolved to one instant. Keeps what it was resolved from, so that a later change of the
    time zone's rules can be noticed."""

    on: date
    local_time: str  # "10:00" as written
    time_zone: str
    due_at: datetime  # aware, UTC
    shifted: bool = False  # the wall-clock time does not exist on that date; moved on by the gap
    ambiguous: bool = False  # it exists twice; the first was taken
