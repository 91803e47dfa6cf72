"""One request to the API, after its key was looked at and its query and body were read."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import field
from typing import Any, cast

from flask import url_for

from ...domain.api_key import ApiKey
from ...domain.message import Message
from ...domain.rehearsal import Rehearsal
from ...domain.via import Via
from ...errors import ObservanceError, UsageError
from ...light_dataclass import dataclass
from ...project import campaign_ids
from ...review.rehearsal_data import findings_as_data
from ...services.context import Actor, Context, SeasonContext
from ...services.seasons import CampaignUnusable, read_campaign, season_in_view
from ..refusals import Problem
from ..routing import Site


@dataclass(frozen=True)
class ApiAnswer:
    """What a route answers. ``same_as``: what decides whether it is the same as before, where not all of it does."""

    data: object
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    same_as: object = None


@dataclass(frozen=True)
class ApiRequest:
    """Who asks, and what. ``key`` is None only where a route needs none."""

    site: Site
    maybe_key: ApiKey | None
    path: Mapping[str, str]
    query: Mapping[str, Any]
    body: Mapping[str, Any]

    @property
    def key(self) -> ApiKey:
        assert self.maybe_key is not None  # noqa: S101 - a route with a scope is not reached without
        return self.maybe_key

    @property
    def context(self) -> Context:
        """For an act in the name of the key's person."""
        return self.site.context(Actor(self.key.person, self.key.role, Via.API))

    @property
    def mode(self) -> str:
        """The mode that is asked for, else that of the settings."""
        return str(self.query.get("mode") or self.site.project.settings.mode.value)

    # -- which season -----------------------------------------------------------------------------------

    @property
    def campaign_id(self) -> str:
        """The campaign that is meant; with one in the folder it may be left out. Raises Problem."""
        known = campaign_ids(self.site.project.root)
        asked = self.path.get("campaign") or self.query.get("campaign")
        if asked is None and len(known) == 1:
            return known[0]
        if asked is None:
            raise Problem(
                400,
                "which-campaign",
                "It is not said which campaign is meant",
                where="query campaign",
                what_to_do="add ?campaign=ID; GET /api/v1/campaigns lists them",
            )
        if asked not in known:
            raise missing("campaign", "GET /api/v1/campaigns lists them")
        return str(asked)

    def zone_of(self, campaign_id: str) -> str:
        """The campaign's zone, in which hours are told; UTC while its files cannot be read."""
        try:
            return read_campaign(self.site.project, campaign_id)[0].time_zone
        except ObservanceError:
            return "UTC"

    @property
    def year(self) -> int | None:
        """The season that is asked for; None: the one that runs now, else the next. Raises Problem."""
        if "year" in self.path:
            text = self.path["year"]
            if not (text.isascii() and text.isdigit() and len(text) == 4):
                raise missing("season", "a season is named by the year in which it starts")
            return int(text)
        return cast("int | None", self.query.get("season"))

    def season_year(self) -> int:
        """The year of the season that is meant, without rehearsing it; of one that has ended until somebody closes its
        list. Raises Problem."""
        project, mode = self.site.project, str(self.query.get("mode") or "")
        with _season_problems():
            campaign, _ = read_campaign(project, self.campaign_id)
            return season_in_view(project, campaign, self.year, self.site.ledger, mode).year

    def about_season(self, year: int | None = None) -> SeasonContext:
        """For an act about the season as it stands now, in the name of the key's person. ``year``: of the season;
        left out: as it is asked for. Raises Problem."""
        campaign_id, year = self.campaign_id, self.year if year is None else year
        with _season_problems():
            return self.site.months.context(self.context.actor, campaign_id, year)

    def messages(self, rehearsal: Rehearsal) -> list[Message]:
        """The messages of the item in the address. Raises Problem when there is none of that id."""
        found = [m for m in rehearsal.all_to_read if m.item == self.path["item"]]
        if not found:
            raise missing("item", "GET the plan for the ids of all items")
        return found

    def delivery_id(self) -> int:
        """The number in the address. Raises Problem for what can be none."""
        text = self.path["delivery"]
        if not (text.isascii() and text.isdigit() and len(text) <= 15):
            raise missing("delivery", "GET /api/v1/deliveries lists them with their numbers")
        return int(text)


def link(name: str, **values: Any) -> str:
    """The address of a route, as a path: a host that a request names is not repeated."""
    return url_for(f"api_{name}", _external=False, **values)


def missing(what: str, what_to_do: str) -> Problem:
    """What the address names is not there."""
    title = f"There is no such {what}"
    return Problem(404, f"no-such-{what}", title, where=f"path or query: {what}", what_to_do=what_to_do)


@contextmanager
def _season_problems() -> Iterator[None]:
    """In the words of the API, why there is no such season, or everything that is wrong with the campaign's files."""
    try:
        yield
    except CampaignUnusable as error:
        raise Problem(
            409,
            "campaign-unusable",
            "The campaign cannot be read yet",
            detail="Its files have to be corrected first",
            where="campaign",
            what_to_do="correct what the findings name, and ask again",
            findings=findings_as_data(error.findings),
        ) from None
    except UsageError as error:
        raise Problem(
            404,
            "no-such-season",
            "There is no such season",
            detail=error.message,
            where="season",
            what_to_do="GET /api/v1/campaigns names the season that is looked at now",
        ) from None
