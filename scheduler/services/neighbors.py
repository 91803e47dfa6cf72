"""What the other campaigns of a project send near a season."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from ..domain.campaign import Campaign, Season
from ..domain.neighbor import Neighbor, Occasion
from ..errors import UsageError
from ..project import campaign_ids, family_of, files_fingerprint
from .season_plans import read_plan

if TYPE_CHECKING:
    from ..settings import Settings

#: Windows so near to each other are looked at together. Where a network has no key of ours, whether a post is there is
#: told by its words, among the account's posts since its call; a doubt about a season's last day may stand for days.
NEAR = timedelta(days=7)
#: What this process has read of campaigns for the sake of others: by folder and name, under how the files were before.
#: Without it each of a hundred campaigns would read the other 99.
_READ: dict[tuple[Path, str], tuple[str, Campaign | None]] = {}


def neighbors_of(
    root: Path,
    settings: Settings,
    campaign: Campaign,
    season: Season,
    shared_readers: Callable[[str, str], int | None] = lambda one, other: None,
) -> tuple[Neighbor, ...]:
    """The campaigns that send something near this season, and those that cannot be read. ``shared_readers``: of how
    many who have joined both it is asked only where both send; None where nobody can say."""
    found, family = [], family_of(root, campaign.id)
    for other_id in campaign_ids(root):
        if other_id == campaign.id:
            continue
        other = _read(root, other_id)
        if other is None:
            found.append(Neighbor(other_id, problem="its files cannot be read"))
        elif occasions := tuple(_occasions(root, settings, other, season)):
            # A reader has one edition of a campaign in several languages.
            is_edition = other_id in family
            shared = 0 if is_edition else shared_readers(campaign.id, other_id)
            found.append(Neighbor(other_id, occasions, shared=shared, is_edition=is_edition))
    return tuple(found)


def _read(root: Path, campaign_id: str) -> Campaign | None:
    """A campaign as its files are now; read anew only where one of them has changed."""
    from ..content.load.campaign_files import load_campaign

    files = files_fingerprint(root, campaign_id, beside=())
    known = _READ.get((root, campaign_id))
    if known is None or known[0] != files:
        known = _READ[root, campaign_id] = (files, load_campaign(root, campaign_id)[0])
    return known[1]


def _occasions(root: Path, settings: Settings, other: Campaign, season: Season) -> Iterator[Occasion]:
    """What a campaign sends from a week before a season until a week after it. Only its posts are made."""
    from ..content.render.messages import occasions
    from ..planner.seasons import season_in

    first, last = season.start_on - NEAR, season.end_on + NEAR
    for year in (season.year - 1, season.year, season.year + 1):
        with suppress(UsageError):  # no season in that year
            its_season = season_in(other, year)
            if its_season.start_on <= last and first <= its_season.end_on:
                plan, _ = read_plan(root, settings, other, its_season)
                near = [planned for planned in plan.items if first <= planned.on <= last]
                yield from occasions(plan, settings, root / "templates", near)
