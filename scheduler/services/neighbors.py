"""What the other campaigns of a project send near a season."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import field, replace
from datetime import date, timedelta
from functools import cache, partial
from pathlib import Path
from typing import TYPE_CHECKING

from ..domain.campaign import Campaign, Season
from ..domain.neighbor import Neighbor, Occasion
from ..errors import UsageError
from ..light_dataclass import dataclass
from ..project import BESIDE_CAMPAIGNS, campaign_ids, family_of, files_fingerprint
from ..settings.from_environment import Secrets
from .season_plans import read_plan

if TYPE_CHECKING:
    from ..settings import Settings

#: Windows so near to each other are looked at together. Where a network has no key of ours, whether a post is there is
#: told by its words, among the account's posts since its call; a doubt about a season's last day may stand for days.
NEAR = timedelta(days=7)
_NO_SECRETS = Secrets({})  # no post is made of one
#: So many stretches of days at most are remembered of a campaign.
MOST_NEAR = 64


@dataclass(eq=False)
class _Near:
    """What a campaign sends in a stretch of days."""

    made_from: tuple[Settings, str] | None = None  # the settings, without secrets; the files beside the campaigns
    occasions: dict[tuple[date, date], tuple[Occasion, ...]] = field(default_factory=dict)


@dataclass(eq=False)
class _Known:
    """A campaign as it was read for the sake of others."""

    files: str
    campaign: Campaign | None
    near: _Near = field(default_factory=_Near)


#: What this process has read of campaigns for the sake of others, by folder and name. Without it each of a hundred
#: campaigns would read the other 99, and make their posts.
_READ: dict[tuple[Path, str], _Known] = {}


def neighbors_of(
    root: Path,
    settings: Settings,
    campaign: Campaign,
    season: Season,
    shared_readers: Callable[[str], Mapping[str, int] | None] = lambda one: None,
) -> tuple[Neighbor, ...]:
    """The campaigns that send something near this season, and those that cannot be read. ``shared_readers``: how many
    of a campaign's readers have joined each of the others, asked only where one sends near it; None where nobody can
    say."""
    found, family = [], family_of(root, campaign.id)
    beside = files_fingerprint(root, "", BESIDE_CAMPAIGNS)
    joined_both = cache(partial(shared_readers, campaign.id))
    for other_id in campaign_ids(root):
        if other_id == campaign.id:
            continue
        other = _read(root, other_id)
        if other.campaign is None:
            found.append(Neighbor(other_id, problem="its files cannot be read"))
        elif occasions := _near(root, settings, beside, other, season):
            # A reader has one edition of a campaign in several languages.
            is_edition = other_id in family
            numbers = {} if is_edition else joined_both()
            shared = None if numbers is None else numbers.get(other_id, 0)
            found.append(Neighbor(other_id, occasions, shared=shared, is_edition=is_edition))
    return tuple(found)


def _read(root: Path, campaign_id: str) -> _Known:
    """A campaign as its files are now; read anew only where one of them has changed."""
    from ..content.load.campaign_files import load_campaign

    files = files_fingerprint(root, campaign_id, beside=())
    known = _READ.get((root, campaign_id))
    if known is None or known.files != files:
        known = _READ[root, campaign_id] = _Known(files, load_campaign(root, campaign_id)[0])
    return known


def _near(root: Path, settings: Settings, beside: str, other: _Known, season: Season) -> tuple[Occasion, ...]:
    """What a campaign sends near a season; made anew only where something that it is made from has changed."""
    assert other.campaign is not None  # noqa: S101 - the caller looked
    made_from = replace(settings, secrets=_NO_SECRETS), beside
    days, known = (season.start_on - NEAR, season.end_on + NEAR), other.near
    # Lanes of several campaigns ask at the same time: what is known goes together with what it was made from.
    if known.made_from != made_from or len(known.occasions) >= MOST_NEAR:
        known = other.near = _Near(made_from)
    found = known.occasions.get(days)
    if found is None:
        found = known.occasions[days] = tuple(_occasions(root, settings, other.campaign, *days))
    return found


def _occasions(root: Path, settings: Settings, other: Campaign, first: date, last: date) -> Iterator[Occasion]:
    """What a campaign sends from a day to another one. Only its posts are made."""
    from ..content.render.messages import occasions
    from ..planner.season_choice import season_in

    for year in range(first.year - 1, last.year + 2):
        with suppress(UsageError):  # no season in that year
            its_season = season_in(other, year)
            if its_season.start_on <= last and first <= its_season.end_on:
                plan, _ = read_plan(root, settings, other, its_season)
                near = [planned for planned in plan.items if first <= planned.on <= last]
                yield from occasions(plan, settings, root / "templates", near)
