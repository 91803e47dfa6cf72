"""When the list of a season is to be deleted."""

from __future__ import annotations

from contextlib import suppress
from datetime import date
from typing import TYPE_CHECKING

from ..domain.campaign import Campaign, Season
from ..domain.dates import DateRuleError, window_of
from ..domain.season_key import SeasonKey
from ..light_dataclass import dataclass

if TYPE_CHECKING:
    from ..store import Ledger


@dataclass(frozen=True)
class ListDue:
    """A season that is over, with its list still there."""

    season: Season
    readers: int


def season_at(campaign: Campaign, today: date) -> tuple[Season | None, Season | None]:
    """The season whose window holds ``today``, and the latest one that has ended."""
    running = ended = None
    for year in range(today.year - 2, today.year + 1):
        with suppress(DateRuleError):
            season = Season(year, *window_of(campaign.start, campaign.end, year))
            if campaign.title_in(year) is not None and season.start_on <= today <= season.end_on:
                running = season
            elif campaign.title_in(year) is not None and season.end_on < today:
                ended = season
    return running, ended


def list_due(campaign: Campaign, today: date, lists: Ledger) -> ListDue | None:
    """The season whose readers were to be deleted by now; None while a season runs, or when nothing is left."""
    running, ended = season_at(campaign, today)
    if running is not None or ended is None:
        return None
    readers = lists.subscribers.of_season(SeasonKey(campaign.id, ended.year))
    return ListDue(ended, readers) if readers else None
