"""Which season a private page is about, and what every page says of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING

from flask import g, request, url_for
from werkzeug.exceptions import NotFound

from ...domain.campaign import Campaign
from ...domain.records import Delivery, Hold
from ...domain.rehearsal import Rehearsal
from ...errors import UsageError
from ...services.context import Context
from ..rehearsal_cache import RehearsalCache
from ..security import visitor

if TYPE_CHECKING:
    from ...bootstrap import Project
    from ...operating.doctor_result import DoctorResult
    from ...review.service import ReviewService
    from ...store import Ledger


@dataclass(frozen=True)
class PageContext:
    """A season of a campaign, as it stands at this moment."""

    project: Project
    ledger: Ledger
    desk: ReviewService
    rehearsal: Rehearsal
    is_first_campaign: bool  # the one that is shown when the address names none
    is_usual_season: bool  # the one that runs, else the next

    @property
    def context(self) -> Context:
        """For an act of the person who is signed in."""
        return Context(self.project, self.ledger, self.project.clock, visitor().actor)

    @property
    def campaign(self) -> Campaign:
        return self.rehearsal.plan.campaign

    @property
    def year(self) -> int:
        return self.rehearsal.plan.season.year

    @property
    def zone(self) -> str:
        return self.campaign.time_zone

    @property
    def today(self) -> date:
        """The date at the campaign's place."""
        return self.project.today(self.campaign)

    @property
    def mode(self) -> str:
        return self.rehearsal.mode

    @cached_property
    def deliveries(self) -> tuple[Delivery, ...]:
        return self.ledger.deliveries(self.mode, self.campaign.id, self.year)

    @cached_property
    def by_message(self) -> Mapping[tuple[str, str], Delivery]:
        return {(d.item, d.channel): d for d in self.deliveries}

    @cached_property
    def titles(self) -> Mapping[str, str]:
        """Item -> its title, of all that may go out."""
        planned = {p.item.id: p.item.title for p in self.rehearsal.plan.items}
        others = {i.id: i.title for i in self.campaign.items.values()}
        digests = {m.item: f"Digest, {m.on.day} {m.on:%B}" for m in self.rehearsal.digests}
        return {**others, **digests, **planned}

    @cached_property
    def holds(self) -> tuple[Hold, ...]:
        return self.ledger.holds()

    @cached_property
    def campaigns(self) -> Mapping[str, str]:
        """Id -> name, of all in the folder that can be read."""
        return {i: i.replace("-", " ").capitalize() for i in self.project.campaigns()}

    @cached_property
    def process_lines(self) -> tuple[DoctorResult, ...]:
        """What is wrong with the ledger, or the process that should send."""
        return self.project.process_trouble(self.ledger)

    @cached_property
    def armed_by(self) -> str:
        arming = self.ledger.armed(self.campaign.id, self.year)
        return arming.who if arming else ""


class SeasonResolver:
    """Finds the season that an address means: ``?campaign=ID`` and ``?season=YEAR``, both of which may be left out."""

    def __init__(self, project: Project, ledger: Ledger, months: RehearsalCache, first: str = "") -> None:
        """``first``: the campaign that is meant where none is named; empty: the first in the folder."""
        self._project, self._ledger, self._first = project, ledger, first
        self._months = months

    @property
    def project(self) -> Project:
        return self._project

    @property
    def ledger(self) -> Ledger:
        return self._ledger

    @property
    def context(self) -> Context:
        """For an act of the person who is signed in that needs no season."""
        return Context(self._project, self._ledger, self._project.clock, visitor().actor)

    def resolve(self, year: int | None = None) -> PageContext:
        """Raises NotFound for a campaign or a season that is none, CampaignUnusable with what is wrong in its files."""
        known = self._project.campaigns()
        first = self._first if self._first in known else known[0]
        wanted = request.args.get("campaign", "") or first
        if wanted not in known:
            raise NotFound
        if year is None:
            year = _year(request.args.get("season", ""))
        try:
            rehearsal = self._months.rehearsal(wanted, year)
            usual = self._project.season_of(rehearsal.plan.campaign, None).year if year is not None else year
            desk = self._months.desk(wanted, year)
        except UsageError:
            raise NotFound from None
        found = PageContext(
            self._project,
            self._ledger,
            desk,
            desk.rehearsal_now(),
            is_first_campaign=wanted == first,
            is_usual_season=year in (None, usual),
        )
        g.page = found
        return found


def _year(text: str) -> int | None:
    if not text:
        return None
    if not (text.isascii() and text.isdecimal() and len(text) == 4):
        raise NotFound
    return int(text)


def link(endpoint: str, **values: object) -> str:
    """The address of a page about the same campaign and season as this one."""
    page: PageContext | None = g.get("page")
    if page is not None:
        if not page.is_first_campaign:
            values.setdefault("campaign", page.campaign.id)
        if not page.is_usual_season:
            values.setdefault("season", page.year)
    return url_for(endpoint, **values)  # type: ignore[arg-type]
