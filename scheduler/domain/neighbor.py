"""Another campaign of the project, as far as a season has to know of it: they share the accounts, and often readers."""

from __future__ import annotations

from datetime import date, datetime

from ..light_dataclass import dataclass
from .audience import Audience
from .finding import Where
from .slot import occurrence


@dataclass(frozen=True)
class Occasion:
    """Something that another campaign sends: where its words stand, and when it goes. ``text``: of a post."""

    item: str
    where: Where
    channel: str
    is_email: bool
    on: date
    at: datetime
    text: str = ""


@dataclass(frozen=True)
class Neighbor:
    """Another campaign, and what it sends near the season that is looked at."""

    campaign: str
    occasions: tuple[Occasion, ...] = ()
    problem: str = ""  # why its files say nothing of it
    shared: int | None = None  # readers who have joined both; None: not known
    is_edition: bool = False  # the same campaign in another language


def instant(on: date, due_at: datetime, audience: Audience) -> datetime:
    """When a message goes out; of one that goes at each reader's own hour, that hour at the campaign's place."""
    return due_at if audience.local_time is None else occurrence(on, audience.local_time, audience.home).due_at
