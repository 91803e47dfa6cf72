"""What the pages for readers rest on: which campaigns and seasons they speak of, and the letters."""

from __future__ import annotations

import secrets
import threading
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from ..channels.registry import mail_channels
from ..channels.spec import Transport
from ..content.checks import check_letter
from ..content.load.slugs import read_slug
from ..content.render.transactional_emails import LetterMaker
from ..domain.campaign import Campaign, Season
from ..domain.claim import UNVERIFIED, Contact, ContactStatus
from ..domain.discreet import is_discreet
from ..domain.finding import Severity
from ..domain.formatting import day_words
from ..domain.message import with_head
from ..domain.outcome import Recipient
from ..domain.planned_item import Plan
from ..domain.subscriber import Subscription
from ..domain.transactional_email import ASKS, WaitingLetter
from ..engine.transactional_mail import Ready, TransactionalMailer
from ..errors import NeedsAPerson, ObservanceError
from ..light_dataclass import dataclass
from ..project import Project, campaign_ids, files_fingerprint
from ..settings import ChannelSettings, Mode, Settings
from ..wiring import find_displaced, preferences_url, public_address, unsubscribe_url, way_out
from .seasons import plan_season, read_campaign, season_of
from .subscribers import new_token

if TYPE_CHECKING:
    from ..store import Ledger


@dataclass(frozen=True)
class Front:
    """What a campaign's pages for readers are about: its season that runs, else the next."""

    campaign: Campaign
    season: Season
    plan: Plan
    today: date  # at the campaign's place

    def day(self, on: date) -> str:
        """A day as its audience writes it, as in its mails."""
        return day_words(on, self.campaign.language)

    @property
    def ends_at(self) -> datetime:
        """When the last day is over there."""
        return datetime.combine(
            self.season.end_on + timedelta(days=1), time(), ZoneInfo(self.campaign.time_zone)
        ).astimezone(UTC)


def find_front(project: Project, campaign_id: str) -> Front | None:
    """What a campaign's newcomers sign up for; None while it cannot be read, or no season of it is to come."""
    try:
        campaign, _ = read_campaign(project, campaign_id)
        season = season_of(project, campaign, None)
        plan, _ = plan_season(project, campaign, season)
    except ObservanceError:
        return None  # whoever runs the campaign is told by other ways
    return Front(campaign, season, plan, project.today(campaign))


def find_help(project: Project, front: Front, ledger: Ledger) -> tuple[Contact, ...]:
    """The help lines that each of a campaign's messages prints, as they stand in its records, who is called in an
    emergency before all others. Live, only what somebody has signed, and tried as lately as a message needs it."""
    campaign, oldest = front.campaign, timedelta(days=project.settings.contact_max_age_days)
    lines = [campaign.contacts[one] for one in campaign.block if one in campaign.contacts]
    lines = [one for one in lines if one.status is ContactStatus.ACTIVE]
    if lines and project.settings.mode is Mode.LIVE:
        signed = ledger.signatures.of_campaign(*campaign.signed_in).valid_on(front.today)
        verified = {one.id: signed.last_verified(one) for one in lines if signed.standing(one) != UNVERIFIED}
        lines = [one for one in lines if (on := verified.get(one.id)) and front.today - on <= oldest]
    return tuple(sorted(lines, key=lambda line: line.kind != "emergency"))


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
    base = public_address(project, campaign_id)
    # A letter that asks may have come to a stranger: its way out must not end what somebody else gets.
    way_out = f"{base}/not-me/{token}" if token else unsubscribe_url(project, campaign_id)(subscriber_id)
    return Recipient(
        subscriber_id,
        "",
        unsubscribe_url=way_out,
        preferences_url=preferences_url(project, campaign_id)(subscriber_id),
        confirm_url=f"{base}/confirm/{token}" if token else "",
    )


class FrontsAtHand:
    """The fronts of a project's campaigns, each read anew when its files or the day have changed.

    ``only``: the one campaign whose public pages are served; empty: all in the folder.
    """

    def __init__(self, project: Project, only: str = "") -> None:
        self._project = project
        self._only = only
        self._kept: dict[str, tuple[object, Front | None]] = {}
        self._reading = threading.Lock()
        self._help: dict[str, tuple[Front, datetime, tuple[Contact, ...]]] = {}  # with when it is asked for anew

    @property
    def campaigns(self) -> list[str]:
        """Whose public pages there are."""
        return [self._only] if self._only else campaign_ids(self._project.root)

    def serves(self, campaign_id: str) -> bool:
        """Whether a campaign's public pages are served here; also of one that is not in the folder any more."""
        return self._only in ("", campaign_id)

    def campaign_of(self, slug: str) -> str | None:
        """Whose pages stand below ``/c/SLUG``; None: nobody's."""
        slugs = ((campaign, read_slug(self._project.root, campaign)) for campaign in self.campaigns)
        return next((campaign for campaign, its in slugs if its == slug), None)

    def look(self, campaign_id: str) -> Front | None:
        """See :func:`find_front`."""
        project = self._project
        with self._reading:
            # In UTC: a day that begins between two looks only means reading again.
            files, hour = files_fingerprint(project.root, campaign_id), f"{project.clock.now():%Y-%m-%d %H}"
            seen, kept = (files, hour, project.settings), self._kept.get(campaign_id)
            if kept is None or kept[0] != seen:
                kept = self._kept[campaign_id] = (seen, find_front(project, campaign_id))
            return kept[1]

    def help(self, front: Front, ledger: Ledger) -> tuple[Contact, ...]:
        """See :func:`find_help`. Anybody may load the page, so the ledger is asked once a minute at most."""
        campaign, now = front.campaign.id, self._project.clock.now()
        kept = self._help.get(campaign)
        if kept is None or kept[0] is not front or now >= kept[1]:
            lines = find_help(self._project, front, ledger)
            kept = self._help[campaign] = (front, now + timedelta(minutes=1), lines)
        return kept[2]

    def all(self) -> tuple[Front, ...]:
        """Of all campaigns that run or are to come, in the order in which they begin."""
        fronts = filter(None, map(self.look, self.campaigns))
        return tuple(sorted(fronts, key=lambda front: (front.season.start_on, front.campaign.id)))


class _LetterComposer:
    """Makes letters ready, with what is costly kept until the files or the day change."""

    def __init__(self, project: Project) -> None:
        self._project = project
        self._fronts = FrontsAtHand(project)
        self._makers: dict[str, tuple[Front, LetterMaker]] = {}
        self._transport: tuple[Settings, Transport] | None = None  # made from these settings

    def ready(self, letter: WaitingLetter, subscription: Subscription) -> Ready:
        """See :class:`~scheduler.engine.transactional_mail.TransactionalMailer`, which asks for one letter at a time.

        The token in a letter that asks to confirm is made here, and kept nowhere: before another try, another is made.
        """
        project = self._project
        channel = next(iter(mail_channels(project.settings)), None)
        if channel is None:
            raise NeedsAPerson("no email channel is on, so no letter can go out")
        front = self._fronts.look(letter.campaign)
        if front is None:
            raise NeedsAPerson(f"no season of {letter.campaign} is to come, so no letter of it can go out")
        kept = self._makers.get(letter.campaign)
        if kept is None or kept[0] is not front:
            made = LetterMaker(front.plan, project.settings, project.root / "templates")
            kept = self._makers[letter.campaign] = (front, made)
        now = project.clock.now()
        message, source, findings = kept[1].make(letter.kind, channel, subscription.cadence, today=front.today, now=now)
        if message is not None and source is not None:
            lint_dir = project.root / "config" / "lint"
            findings += check_letter(front.plan, message, source, project.settings, lint_dir, today=front.today)
        wrong = [finding for finding in findings if finding.severity is Severity.RED]
        if message is None or wrong:
            raise NeedsAPerson("; ".join(map(str, wrong)) or "the letter could not be made")
        usual = channel.options.get("discreet_subject") is True
        message = with_head(message, discreet=is_discreet(subscription.discreet, usual=usual))
        transport = self._way_out(channel)
        send_id = f"letter-{letter.kind}-{secrets.token_hex(8)}"
        token, token_hash = new_token() if letter.kind in ASKS else ("", "")
        subscriber = subscription.subscriber
        links = own_links(project, front.campaign.id, subscriber.id, token=token)
        # Anybody can fill in the form with a stranger's address: the name is theirs once they have said yes.
        name = "" if letter.kind in ASKS else subscriber.name
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
