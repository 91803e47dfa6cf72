"""What the planner gives: items on their days."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime

from ..light_dataclass import dataclass
from .campaign import NOWHERE, CalendarDay, Campaign, ItemText, Kind, Rhythm, Season
from .season_key import SeasonKey


@dataclass(frozen=True)
class PlannedItem:
    """An item on its day."""

    day_number: int  # 1-based within the window
    on: date  # campaign-local date
    item: ItemText
    day: CalendarDay | None  # None when the pool chose it
    week: int  # 1-based, weeks counted from day 1 of the window
    held_back: ItemText | None = None  # the item that a person has to release first
    substitute: ItemText | None = None  # stands ready
    number: int = 1  # of its day: the first item, the second ...

    @property
    def is_key(self) -> bool:
        """Whether it stands on a key day: all channels have it, and readers who want key days only."""
        return self.day is not None and self.day.key and not self.day.quiet

    @property
    def place(self) -> str:
        """How its day is named within a page: "4", and "4-2" of the second item of that day."""
        return f"{self.day_number}" if self.number == 1 else f"{self.day_number}-{self.number}"

    def goes_to(self, channel: str, rhythm: Rhythm, *, has_text: bool) -> bool:
        """Whether the channel has the item: as the item says itself, else on the channel's own days and on key days,
        where there is a text for it. Without a rhythm each channel has each item, and a missing text is a mistake."""
        if self.item.channels:
            return channel in self.item.channels
        if rhythm.where is not None and not has_text:
            return False
        return self.is_key or rhythm.has_channel(channel, self.on)


@dataclass(frozen=True)
class Plan:
    """One season's calendar."""

    campaign: Campaign
    season: Season
    title: str
    items: tuple[PlannedItem, ...]

    @property
    def key(self) -> SeasonKey:
        return SeasonKey(self.campaign.id, self.season.year)

    def without_words(self) -> Plan:
        """The calendar and the records alone, without what any item says: what all items share."""
        items = {item_id: _unwritten(item_id) for item_id in self.campaign.items}
        planned = (
            PlannedItem(p.day_number, p.on, _unwritten(p.item.id), p.day, p.week, number=p.number) for p in self.items
        )
        return replace(self, campaign=replace(self.campaign, items=items), items=tuple(planned))

    def of(self, item_id: str) -> PlannedItem | None:
        return next((p for p in self.items if p.item.id == item_id), None)


def _unwritten(item_id: str) -> ItemText:
    return ItemText(item_id, Kind.FACT, "", "", "", "", "", NOWHERE)


@dataclass(frozen=True)
class Occurrence:
    """A slot resolved to one instant. Keeps what it was resolved from, so that a later change of the
    time zone's rules can be noticed."""

    on: date
    local_time: str  # "10:00" as written
    time_zone: str
    due_at: datetime  # aware, UTC
    shifted: bool = False  # the wall-clock time does not exist on that date; moved on by the gap
    ambiguous: bool = False  # it exists twice; the first was taken
