"""What the pages for readers rest on: whose month they speak of, the letters, and one test mail to oneself."""

from __future__ import annotations

import secrets
import threading
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from ..channels.registry import mail_channels
from ..channels.spec import Transport
from ..content.checks import check_letter
from ..content.render.transactional_emails import LetterMaker
from ..domain.archive_link import SentMail
from ..domain.campaign import Campaign, Season
from ..domain.finding import Severity
from ..domain.outcome import Recipient
from ..domain.planned_item import Plan
from ..domain.reason import ReasonCode
from ..domain.season_key import SeasonKey
from ..domain.subscriber import Subscriber
from ..domain.transactional_email import LetterKind, WaitingLetter
from ..engine.transactional_mail import Ready, TransactionalMailer
from ..errors import NeedsAPerson, ObservanceError
from ..project import Project, files_fingerprint
from ..settings import ChannelSettings, Settings
from ..subscribers.season_end import season_at
from ..wiring import find_displaced, preferences_url, unsubscribe_url, way_out
from .seasons import plan_season, read_campaign, season_of
from .subscribers import new_token

if TYPE_CHECKING:
    from ..store import Ledger


@dataclass(frozen=True, slots=True)
class Front:
    """The month that the pages for readers are about: the one that runs, else the next."""

    campaign: Campaign
    season: Season
    plan: Plan
    today: date  # at the campaign's place

    @property
    def ends_at(self) -> datetime:
        """When the last day is over there."""
        return datetime.combine(
            self.season.end_on + timedelta(days=1), time(), ZoneInfo(self.campaign.time_zone)
        ).astimezone(UTC)


def find_front(project: Project) -> Front | None:
    """The month that newcomers sign up for; None while no campaign can be read, or none is to come."""
    found: list[Front] = []
    for campaign_id in project.campaigns():
        try:
            campaign, _ = read_campaign(project, campaign_id)
            season = season_of(project, campaign, None)
            plan, _ = plan_season(project, campaign, season)
        except ObservanceError:
            continue  # whoever runs the campaign is told by other ways
        if season.guessed:
            continue  # nobody is promised an end that is a guess
        found.append(Front(campaign, season, plan, project.today(campaign)))
    return min(found, key=lambda f: (f.season.start_on, f.campaign.id), default=None)


def sent_mails(project: Project, ledger: Ledger) -> tuple[SentMail, ...]:
    """The mails that have gone out to anybody, newest first: of the season that runs, else of the latest one.

    Nothing that is still to come is among them. In a rehearsal: what was recorded as sent.
    """
    seasons: list[tuple[Season, Campaign]] = []
    for campaign_id in project.campaigns():
        try:
            campaign, _ = read_campaign(project, campaign_id)
        except ObservanceError:
            continue
        running, ended = season_at(campaign, project.today(campaign))
        seasons += [(season, campaign) for season in (running or ended,) if season is not None]
    if not seasons:
        return ()
    season, campaign = max(seasons, key=lambda one: (one[0].end_on, one[1].id))
    found: dict[str, SentMail] = {}
    for delivery in ledger.deliveries.of_season(project.settings.mode.value, SeasonKey(campaign.id, season.year)):
        # By channel, each item once: the words are the same.
        if delivery.kind == "email" and delivery.counts.accepted and delivery.digest and delivery.opened_at:
            mail = SentMail(
                delivery.on,
                delivery.item == f"digest-{delivery.on}",
                delivery.digest,
                delivery.opened_at,
                delivery.corrected_at,
                campaign.time_zone,
                delivery.has(ReasonCode.TEXT_CHANGED),
            )
            found.setdefault(delivery.item, mail)
    return tuple(sorted(found.values(), key=lambda mail: (mail.on, mail.is_digest), reverse=True))


def make_letter_box(project: Project, ledger: Ledger) -> TransactionalMailer:
    """What sends the letters that wait. They go out by the first email channel that is on; in a rehearsal they are
    recorded."""
    return TransactionalMailer(
        _LetterComposer(project).ready,
        ledger,
        project.clock,
        mode=project.settings.mode,
        displaced=lambda: find_displaced(project, ledger) is not None,
    )


def own_links(project: Project, campaign_id: str, subscriber_id: str, *, token: str = "") -> Recipient:
    """A reader without an address yet, with the links of their own. ``token``: of a confirmation that waits."""
    base = project.settings.public_url.rstrip("/")
    return Recipient(
        subscriber_id,
        "",
        unsubscribe_url=unsubscribe_url(project, campaign_id)(subscriber_id),
        preferences_url=preferences_url(project, campaign_id)(subscriber_id),
        confirm_url=f"{base}/confirm/{token}" if token else "",
    )


class FrontAtHand:
    """The front of a project, read anew when its files or the day have changed."""

    def __init__(self, project: Project) -> None:
        self._project = project
        self._kept: tuple[object, Front | None] | None = None
        self._reading = threading.Lock()

    def look(self) -> Front | None:
        """See :func:`find_front`."""
        project = self._project
        with self._reading:
            # In UTC: a day that begins between two looks only means reading again.
            seen = (
                tuple(files_fingerprint(project.root, campaign) for campaign in project.campaigns()),
                f"{project.clock.now():%Y-%m-%d %H}",
                project.settings,
            )
            if self._kept is None or self._kept[0] != seen:
                self._kept = (seen, find_front(project))
            return self._kept[1]


class _LetterComposer:
    """Makes letters ready, with what is costly kept until the files or the day change."""

    def __init__(self, project: Project) -> None:
        self._project = project
        self._front = FrontAtHand(project)
        self._maker: tuple[Front, LetterMaker] | None = None
        self._transport: tuple[Settings, Transport] | None = None  # made from these settings

    def ready(self, letter: WaitingLetter, subscriber: Subscriber) -> Ready:
        """See :class:`~scheduler.engine.transactional_mail.TransactionalMailer`, which asks for one letter at a time.

        The token in a letter that asks to confirm is made here, and kept nowhere: before another try, another is made.
        """
        project = self._project
        channel = next(iter(mail_channels(project.settings)), None)
        if channel is None:
            raise NeedsAPerson("no email channel is on, so no letter can go out")
        front = self._front.look()
        if front is None:
            raise NeedsAPerson("no campaign is to come, so no letter can go out")
        if self._maker is None or self._maker[0] is not front:
            self._maker = (front, LetterMaker(front.plan, project.settings, project.root / "templates"))
        now = project.clock.now()
        message, source, findings = self._maker[1].make(
            letter.kind, channel, subscriber.cadence, today=front.today, now=now
        )
        if message is not None and source is not None:
            lint_dir = project.root / "config" / "lint"
            findings += check_letter(front.plan, message, source, project.settings, lint_dir, today=front.today)
        wrong = [finding for finding in findings if finding.severity is Severity.RED]
        if message is None or wrong:
            raise NeedsAPerson("; ".join(map(str, wrong)) or "the letter could not be made")
        transport = self._way_out(channel)
        send_id = f"letter-{letter.kind}-{secrets.token_hex(8)}"
        token, token_hash = new_token() if letter.kind is LetterKind.CONFIRM else ("", "")
        links = own_links(project, front.campaign.id, subscriber.id, token=token)
        # Anybody can fill in the form with a stranger's address: the name is theirs once they have said yes.
        name = "" if letter.kind is LetterKind.CONFIRM else subscriber.name
        recipient = replace(links, address=subscriber.address, name=name)
        try:
            request = transport.build(message, send_id=send_id, recipients=[recipient])
        except ValueError as problem:
            raise NeedsAPerson(f"the letter cannot go to this reader: {problem}") from None
        return Ready(channel.name, transport, request, token_hash)

    def _way_out(self, channel: ChannelSettings) -> Transport:
        settings = self._project.settings
        if self._transport is not None and self._transport[0] is not settings:
            self._transport[1].close()
            self._transport = None
        if self._transport is None:
            self._transport = (settings, way_out(self._project, channel))
        return self._transport[1]
