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
from ...services.context import Context, SeasonContext
from ...services.doctor import process_trouble
from ...services.seasons import season_of
from ..rehearsal_cache import RehearsalCache

if TYPE_CHECKING:
    from ...project import Project
    from ...services.doctor.doctor_result import DoctorResult
    from ...store import Ledger


@dataclass(frozen=True)
class PageContext:
    """A season of a campaign, as it stands at this moment."""

    context: SeasonContext  # for an act of the person who is signed in
    is_first_campaign: bool  # the one that is shown when the address names none
    is_usual_season: bool  # the one that runs, else the next

    @property
    def project(self) -> Project:
        return self.context.project

    @property
    def ledger(self) -> Ledger:
        return self.context.ledger

    @cached_property
    def rehearsal(self) -> Rehearsal:
        """With what people have said, and what has gone out, by now."""
        return self.context.rehearsal_now()

    @property
    def campaign(self) -> Campaign:
        return self.context.rehearsal.plan.campaign

    @property
    def year(self) -> int:
        return self.context.key.season

    @property
    def zone(self) -> str:
        return self.campaign.time_zone

    @property
    def today(self) -> date:
        """The date at the campaign's place."""
        return self.project.today(self.campaign)

    @property
    def mode(self) -> str:
        return self.context.mode

    @cached_property
    def deliveries(self) -> tuple[Delivery, ...]:
        return self.ledger.deliveries.of_season(self.mode, self.context.key)

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
        return self.ledger.holds.in_force()

    @cached_property
    def campaigns(self) -> Mapping[str, str]:
        """Id -> name, of all in the folder that can be read."""
        return {i: i.replace("-", " ").capitalize() for i in self.project.campaigns()}

    @cached_property
    def process_lines(self) -> tuple[DoctorResult, ...]:
        """What is wrong with the ledger, or the process that should send."""
        return process_trouble(self.project, self.ledger)

    @cached_property
    def armed_by(self) -> str:
        arming = self.ledger.armings.find(self.context.key)
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
        return Context(self._project, self._ledger, self._project.clock, g.visitor.actor)

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
            context = self._months.context(g.visitor.actor, wanted, year)
            campaign = context.rehearsal.plan.campaign
            usual = season_of(self._project, campaign, None).year if year is not None else year
        except UsageError:
            raise NotFound from None
        found = PageContext(
            context,
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
