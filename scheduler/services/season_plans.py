"""The plan of a season, with what the campaign's channels need of the pool."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from ..domain.campaign import Campaign, Season
from ..domain.finding import Finding
from ..domain.planned_item import Plan

if TYPE_CHECKING:
    from ..settings import Settings


def read_plan(root: Path, settings: Settings, campaign: Campaign, season: Season) -> tuple[Plan, list[Finding]]:
    """The plan, under the pinned one where there is one; and what is wrong with either."""
    from ..planner.pin import pin_path, read_pinned
    from ..planner.season_plan import make_plan

    path = pin_path(root, campaign.id, season.year)
    pinned, findings = read_pinned(path, campaign) if path.exists() else (None, [])
    if campaign.rhythm.where is None:  # each channel has each item; nothing of rendering is loaded
        plan, more = make_plan(campaign, season, pinned=pinned)
    else:
        from ..content.render.season_renderer import suits_channels

        plan, more = make_plan(campaign, season, pinned=pinned, suits=suits_channels(settings, campaign.rhythm))
    return plan, [*findings, *more]
