"""Reviewers are told what waits for them: by one mail a day at most, while the program runs.

It goes in the hours after a set time of day at the campaign's place, if something waits that no mail has told yet, or
that is needed within two days. The ledger decides that it is one a day; see docs/decisions/0048.
"""

from __future__ import annotations

import logging
import secrets
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from ..channels.registry import mail_channels, spec_of
from ..channels.staff_mail import Note
from ..domain.address import address_key
from ..domain.invitation import Invitation, same_hash, token_hash
from ..domain.outcome import Outcome, OutcomeKind, Verdict
from ..domain.reason import ReasonCode, because
from ..domain.reason_words import in_words
from ..domain.rehearsal import Rehearsal
from ..domain.season_key import SeasonKey
from ..domain.transactional_email import LetterState
from ..engine.alert_rules import CampaignProblem
from ..errors import ObservanceError, loggable
from ..light_dataclass import dataclass
from ..project import Project
from ..review.reminder import Reminder
from ..review.reviewer_mail import (
    Waiting,
    handed_over,
    is_reached,
    mail_words,
    reviewer_mail,
    shown_mail,
    waiting_for,
)
from ..settings import ChannelSettings, Mode
from ..subscribers import tokens
from ..wiring import channel_context, find_displaced, signing_keys, way_out
from .context import Actor, Context, SeasonContext, about_season

if TYPE_CHECKING:
    from ..store import Ledger

log = logging.getLogger(__name__)

#: So long after the set time of day a mail may begin: what comes up later is told the next day, with the rest.
HOURS = timedelta(hours=3)
#: How often it is looked within these hours.
LOOK_EVERY = timedelta(minutes=5)
_STATE = {
    OutcomeKind.ACCEPTED: LetterState.SENT,
    OutcomeKind.UNKNOWN: LetterState.UNKNOWN,
    OutcomeKind.LATER: LetterState.WAITING,
    OutcomeKind.FINAL: LetterState.GIVEN_UP,
}
#: Why a link cannot be made again.
_OTHER_KEY = "the secret key is not the one that the link was made with"


class ReviewerMailer:
    """Looks after each pass whether a reviewer is to be told something."""

    def __init__(self, project: Project, ledger: Ledger, rehearsals: Callable[[], Iterable[Rehearsal]]) -> None:
        """``rehearsals``: each campaign's season as it was last read by the process that sends."""
        self._project, self._ledger, self._rehearsals = project, ledger, rehearsals
        self._looked_at: datetime | None = None

    def after_pass(self, problems: Sequence[str] = ()) -> None:
        """Send what is to be sent. Never raises, and never keeps anything else from being sent."""
        now = self._project.clock.now()
        if self._looked_at is not None and self._looked_at <= now < self._looked_at + LOOK_EVERY:
            return
        self._looked_at = now
        try:
            self._ledger.invitations.forget_addresses(now=now)
            self._ledger.reviewer_mails.count_from_now(now=now)
            if all(isinstance(p, CampaignProblem) for p in problems):
                unread = {p.campaign for p in problems if isinstance(p, CampaignProblem)}
                self.look([r for r in self._rehearsals() if r.plan.campaign.id not in unread], now)
        except Exception as error:
            log.error("reviewers could not be told: %s", loggable(error), extra={"action": "reviewer_mails_failed"})

    def look(self, rehearsals: Sequence[Rehearsal], now: datetime) -> None:
        """Tell each reviewer of these seasons once, if it is time."""
        project = self._project
        at = project.settings.notices.reviewers_at
        in_time = [r for r in rehearsals if is_time(at, r.plan.campaign.time_zone, now)]
        if not in_time or why_no_mail(project):
            return
        if project.settings.mode is not Mode.LIVE:
            self._rehearse(in_time, now)
            return
        if find_displaced(project, self._ledger) is not None:
            return
        by_address: dict[str, str] = {}
        for rehearsal in in_time:
            for one in self._ledger.invitations.of_season(rehearsal.plan.key):
                if one.is_mailed and one.is_good(now):
                    by_address.setdefault(address_key(one.email), one.email)
        for address in by_address.values():
            try:
                self._one(address, rehearsals, now)
            except ObservanceError as problem:
                log.warning("a reviewer was not told: %s", problem.message, extra={"action": "reviewer_mail_failed"})

    def _one(self, address: str, rehearsals: Sequence[Rehearsal], now: datetime) -> None:
        """One person: of all seasons that they review, by one mail."""
        last = self._ledger.reviewer_mails.last(address)
        if last is not None and not last.allows(now):
            return
        told = last.told if last is not None else frozenset[str]()
        channel = mail_channel(self._project)
        if channel is None:
            return
        holds = self._ledger.holds.in_force()
        found = [  # of a campaign on hold nothing is told: that goes when the hold is over
            w
            for i in self._ledger.invitations.to_address(address, now=now)
            if not any(h.covers(channel.name, i.campaign) for h in holds) and (w := self._waiting(i, rehearsals, now))
        ]
        waiting = [w for w in found if w.keys]
        keys = frozenset[str]().union(*(w.keys for w in waiting))
        if not waiting or not (keys - told or any(w.is_soon(now) for w in waiting)):
            return
        way = way_out(self._project, channel)
        try:
            links = [(w, self._link(w.invitation)) for w in waiting]
            about = [w.invitation for w in waiting]
            if not self._ledger.reviewer_mails.take(address, about=about, now=now):
                return  # another process was faster, or a link has ended: the others are told at the next look
            outcome = self._send(channel, way.send, address, links, now) if all(link for _, link in links) else None
        finally:
            way.close()
        state = _STATE[outcome.kind] if outcome is not None else LetterState.GIVEN_UP
        why = in_words(outcome.reasons, outcome.detail) if outcome is not None else _OTHER_KEY
        if state is LetterState.SENT:  # what was told of other seasons, which were not looked at, stays told
            looked_at = tuple(w.prefix for w in found)
            told = keys | {key for key in told if not key.startswith(looked_at)}
        why = "" if state is LetterState.SENT else why
        self._ledger.reviewer_mails.end(address, state, told=told, about=about, why=why, now=self._project.clock.now())
        log.info("a reviewer was told by mail: %s", state, extra={"action": "reviewer_mail", "state": str(state)})

    def _rehearse(self, rehearsals: Sequence[Rehearsal], now: datetime) -> None:
        """Keep what would go as a recorded call, once a day, without link and address."""
        project, channel = self._project, mail_channel(self._project)
        if channel is None:
            return
        made_for, way = channel_context(project, channel), way_out(project, channel)
        for rehearsal in rehearsals:
            context = _about(project, self._ledger, rehearsal.plan.key, rehearsal)
            today = now.astimezone(ZoneInfo(rehearsal.plan.campaign.time_zone))  # by which it is time, or is not
            for invitation, mail in mails_to_come(context):
                note = Note(invitation.email, mail.subject, mail.text)
                send_id = f"reviewer-{invitation.id}-{today:%Y%m%d}"
                request = made_for.build_note(note, project.settings.organisation, send_id=send_id)
                if way.look_up(request, since=now, now=now).verdict is not Verdict.SENT:
                    way.send(request, now=now)

    def _send(
        self,
        channel: ChannelSettings,
        send: Callable[..., Outcome],
        address: str,
        links: Sequence[tuple[Waiting, str]],
        now: datetime,
    ) -> Outcome:
        made_for, organisation = channel_context(self._project, channel), self._project.settings.organisation
        mail = reviewer_mail(links, discreet=is_discreet(channel), now=now)
        note = Note(address, mail.subject, mail.text)
        try:
            return send(made_for.build_note(note, organisation, send_id=f"reviewer-{secrets.token_hex(8)}"), now=now)
        except Exception as error:
            return Outcome(OutcomeKind.UNKNOWN, reasons=(because(ReasonCode.CHANNEL_ERROR, kind=type(error).__name__),))

    def _waiting(self, invitation: Invitation, rehearsals: Sequence[Rehearsal], now: datetime) -> Waiting | None:
        """None for a season that cannot be read now: it is told another day."""
        from .seasons import rehearse

        key = SeasonKey(invitation.campaign, invitation.season)
        at_hand = next((r for r in rehearsals if r.plan.key == key), None)
        try:
            rehearsal = at_hand or rehearse(self._project, key.campaign, key.season, ledger=self._ledger)
            return what_waits(_about(self._project, self._ledger, key, rehearsal), invitation, now)
        except ObservanceError as problem:
            log.warning("%s: %s", key.campaign, problem.message, extra={"action": "reviewer_mail_failed"})
            return None

    def _link(self, invitation: Invitation) -> str:
        """The link that the person has, made again; empty where the secret key is another one."""
        public_url = self._project.settings.public_url.rstrip("/")
        made = (tokens.review_token(invitation.link_seed, key) for key in signing_keys(self._project))
        wanted = self._ledger.invitations.token_hash_of(invitation.id)
        return next((f"{public_url}/r/{token}" for token in made if same_hash(token_hash(token), wanted)), "")


def _about(project: Project, ledger: Ledger, key: SeasonKey, rehearsal: Rehearsal) -> SeasonContext:
    return about_season(Context(project, ledger, project.clock, Actor("start")), key, rehearsal)


def what_waits(context: SeasonContext, invitation: Invitation, now: datetime) -> Waiting:
    """As the person's page says it now."""
    return waiting_for(context.rehearsal_now(), context.ledger, invitation, now)


def is_time(at: str, zone: str, now: datetime) -> bool:
    """Whether it is the set time of day at a campaign's place, or not long after. ``at``: empty for never."""
    if not at:
        return False
    local = now.astimezone(ZoneInfo(zone))
    begins = datetime.combine(local.date(), time.fromisoformat(at), local.tzinfo)
    return begins <= local < begins + HOURS


def mail_channel(project: Project) -> ChannelSettings | None:
    """The first email channel that is on, and can carry a mail to one person."""
    return next((c for c in mail_channels(project.settings) if spec_of(c).note is not None), None)


def is_discreet(channel: ChannelSettings) -> bool:
    """Whether its mails are to name no cause where others see them."""
    return bool(channel.options.get("discreet_subject"))


def why_no_mail(project: Project) -> str:
    """Why no reviewer can be told by mail at all; empty: they can."""
    settings = project.settings
    if not settings.notices.reviewers_at:
        return "`notices.reviewers_at` is empty"
    if mail_channel(project) is None:
        return "no email channel is on"
    if settings.public_url_is_an_example:
        return "`public_url` is still an example, so a link would lead nowhere"
    return ""


@dataclass(frozen=True)
class MailStanding:
    """How it stands with one invited person's mails. ``words``: as a coordinator reads it. ``to_tell``: what the
    coordinator can send themselves, where something waits and no mail tells it."""

    invitation: Invitation
    words: str
    is_reached: bool
    waiting: Waiting
    to_tell: Reminder | None = None


def reviewers_told(context: SeasonContext) -> tuple[MailStanding, ...]:
    """Each person who holds a link that works, in the order in which they were invited."""
    now, no_road = context.now(), why_no_mail(context.project)
    rehearsal, found = context.rehearsal_now(), []
    for one in rehearsal.reviewers:
        last = context.ledger.reviewer_mails.last(one.email) if one.email else None
        waiting = waiting_for(rehearsal, context.ledger, one, now)
        words = mail_words(one, last, no_road=no_road, zone=waiting.zone, now=now)
        reached = is_reached(one, last, no_road=no_road, now=now)
        to_tell = handed_over(waiting, now=now) if waiting.keys and not reached else None
        found.append(MailStanding(one, words, reached, waiting, to_tell))
    return tuple(found)


def mails_to_come(context: SeasonContext) -> tuple[tuple[Invitation, Reminder], ...]:
    """The mails that would go now if none had gone before: what a rehearsal shows. Without links."""
    channel, now, rehearsal = mail_channel(context.project), context.now(), context.rehearsal_now()
    found = ((i, waiting_for(rehearsal, context.ledger, i, now)) for i in rehearsal.reviewers if i.is_mailed)
    discreet = channel is not None and is_discreet(channel)
    return tuple((i, shown_mail(w, discreet=discreet, now=now)) for i, w in found if w.keys)
