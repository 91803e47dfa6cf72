"""Which season a private page is about, what every page says of it, and how its messages and deliveries stand."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING, cast

from flask import g, request, url_for
from werkzeug.exceptions import NotFound

from ...domain.campaign import Campaign
from ...domain.delivery import State
from ...domain.delivery_words import told
from ...domain.invitation import Invitation
from ...domain.message import Message
from ...domain.outlook import Outlook
from ...domain.reason_words import in_words
from ...domain.records import Delivery, Hold
from ...domain.rehearsal import Rehearsal, digest_title
from ...errors import UsageError
from ...light_dataclass import dataclass
from ...project import campaign_option
from ...review.message_state import MessageState, delivery_badge, state_of_message
from ...review.review_status import ReviewStatus
from ...review.reviewer_queue import ReviewerQueue
from ...services.context import SeasonContext
from ...services.seasons import season_in_view
from ...services.senders import running_senders
from ...services.status import SeasonEnd, season_end
from ..routing import site
from ..security.guard import Visitor

if TYPE_CHECKING:
    from ...project import Project
    from ...store import Ledger


@dataclass(frozen=True)
class PageContext:
    """A season of a campaign, as it stands at this moment."""

    context: SeasonContext  # for an act of the person who is signed in
    is_first_campaign: bool  # the one that is shown when the address names none
    is_usual_season: bool  # the one that an address means that names none

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

    def delivery(self, delivery_id: int) -> Delivery:
        """The one of that number. Raises NotFound where it is none of this season."""
        for delivery in self.deliveries:
            if delivery.id == delivery_id:
                return delivery
        raise NotFound

    def message_of(self, delivery: Delivery) -> Message | None:
        """What would go out now; None once it is not planned any more."""
        return self.rehearsal.message(delivery.item, delivery.channel)

    @cached_property
    def ended(self) -> SeasonEnd | None:
        """What is left to do, where the season is over."""
        return season_end(self.project, self.ledger, self.campaign, self.year, self.mode)

    @cached_property
    def titles(self) -> Mapping[str, str]:
        """Item -> its title, of all that may go out."""
        planned = {p.item.id: p.item.title for p in self.rehearsal.plan.items}
        others = {i.id: i.title for i in self.campaign.items.values()}
        digests = {m.item: digest_title(m.on) for m in self.rehearsal.digests}
        frames = {m.item: "The frame of the digests" for m in self.rehearsal.frames}
        return {**others, **digests, **frames, **planned}

    @cached_property
    def every_hold(self) -> tuple[Hold, ...]:
        """Also those of other campaigns."""
        return self.ledger.holds.in_force()

    @property
    def holds(self) -> tuple[Hold, ...]:
        """Those that stop something of this campaign."""
        return tuple(hold for hold in self.every_hold if hold.concerns(self.campaign.id))

    @cached_property
    def campaigns(self) -> Mapping[str, str]:
        """Id -> name, of all in the folder."""
        return campaign_names(self.project)

    @property
    def only(self) -> str:
        """How a command names the campaign, where there are several."""
        return campaign_option(self.project.root, self.campaign.id)

    @cached_property
    def unsent(self) -> frozenset[str]:
        """Campaigns that no running process sends, while one runs for others."""
        running = [s for s in running_senders(self.project, self.ledger) if s.reads_files]
        return frozenset(self.campaigns).difference(*(s.campaigns for s in running)) if running else frozenset()

    @cached_property
    def outlook(self) -> Outlook:
        """Whether what comes next goes out: of the season that runs, whichever this page is about."""
        usual = (lambda: self.context) if self.is_usual_season else None
        return site().outlooks.of(self.campaign.id, usual)

    def line_tells(self, hold: Hold) -> bool:
        """Whether the one line says it already."""
        stop = self.outlook.stop
        return stop is not None and stop.says == in_words((hold.as_reason,), zone=self.zone)

    @cached_property
    def who_is_waited_for(self) -> Mapping[tuple[str, str], tuple[str, ...]]:
        """By item and channel the invited people who could say what is missing."""
        found: dict[tuple[str, str], tuple[str, ...]] = {}
        for person in self.standing.by_person:
            for message in person.waits if person.invitation.declined_at is None else ():
                key = (message.item, message.channel)
                found[key] = (*found.get(key, ()), person.invitation.name)
        return found

    @cached_property
    def standing(self) -> ReviewStatus:
        """How the season stands with its reviewers."""
        return self.context.how_it_stands()

    @property
    def day_number(self) -> int:
        """Which day of the season today is; 0: none."""
        season = self.rehearsal.plan.season
        return (self.today - season.start_on).days + 1 if season.start_on <= self.today <= season.end_on else 0

    @cached_property
    def armed_by(self) -> str:
        arming = self.ledger.armings.find(self.context.key)
        return arming.who if arming else ""


def campaign_words(campaign_id: str) -> str:
    """What a campaign is called where its files are not looked at."""
    return campaign_id.replace("-", " ").capitalize()


def campaign_names(project: Project) -> Mapping[str, str]:
    """Id -> name, of all in the folder."""
    return {i: campaign_words(i) for i in project.campaigns()}


def resolve(year: int | None = None) -> PageContext:
    """The season that an address means: ``?campaign=ID`` and ``?season=YEAR``, both of which may be left out.

    Raises NotFound for a campaign or a season that is none, CampaignUnusable with what is wrong in its files.
    """
    project, first = site().project, site().first_campaign
    known = project.campaigns()
    first = first if first in known else known[0]
    wanted = request.args.get("campaign", "") or first
    if wanted not in known:
        raise NotFound
    text = request.args.get("season", "")
    if year is None and text:
        if not (text.isascii() and text.isdecimal() and len(text) == 4):
            raise NotFound
        year = int(text)
    try:
        context = site().months.context(g.visitor.actor, wanted, year)
        usual = season_in_view(project, context.rehearsal.plan.campaign, None, context.ledger).year
        if year is None and usual != context.key.season:
            context = site().months.context(g.visitor.actor, wanted, usual)
    except UsageError:
        raise NotFound from None
    g.page = PageContext(context, is_first_campaign=wanted == first, is_usual_season=year in (None, usual))
    return cast(PageContext, g.page)


def link(endpoint: str, **values: object) -> str:
    """The address of a page about the same campaign and season as this one."""
    page: PageContext | None = g.get("page")
    if page is not None:
        if not page.is_first_campaign:
            values.setdefault("campaign", page.campaign.id)
        if not page.is_usual_season:
            values.setdefault("season", page.year)
    return url_for(endpoint, **values)  # type: ignore[arg-type]


def state_of(page: PageContext, message: Message) -> MessageState:
    """How one message stands, and why."""
    delivery = page.by_message.get((message.item, message.channel))
    names = page.who_is_waited_for.get((message.item, message.channel), ())
    waived = page.project.waived()
    return state_of_message(page.rehearsal, message, delivery, waits_for=names, waived=waived)


def state_of_delivery(page: PageContext, delivery: Delivery) -> MessageState:
    """The same of what the ledger has, whether or not it is planned any more."""
    message = page.message_of(delivery)
    if delivery.state is State.SCHEDULED and message is not None:
        return state_of(page, message)
    return MessageState(delivery_badge(delivery), told(delivery, page.zone))


def queue_of(page: PageContext, who: Visitor) -> ReviewerQueue:
    """What waits for somebody who is signed in, as for a person with a link."""
    now = page.context.now()
    itself = Invitation(0, page.campaign.id, page.year, who.name, who.role, "", now, now)
    return ReviewerQueue(page.rehearsal, page.ledger, itself, now=now)
