"""Private links for reviewers: make one, end one, remind of one by the project's own email."""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from dataclasses import asdict
from datetime import datetime, time, timedelta
from difflib import get_close_matches
from zoneinfo import ZoneInfo

from ..channels.registry import mail_channels, spec_of
from ..channels.staff_mail import Note
from ..domain.invitation import LONGEST_SPAN, USUAL_SPAN, Invitation
from ..domain.redact import person_key
from ..domain.refusals import Refusal, Refused
from ..domain.review_policy import Role
from ..errors import NeedsAPerson, UsageError
from ..light_dataclass import dataclass
from ..project import Project
from ..review.reminder import NO_LINK, Reminder, items_that_wait, reminder
from ..review.review_status import ByPerson
from ..settings import ChannelSettings, Mode
from ..subscribers.fields import BadAddress, checked_address
from ..subscribers.tokens import review_token
from ..wiring import channel_context, signing_keys, way_out
from .context import SeasonContext, act, checked_name, checked_reason, new_name


@dataclass(frozen=True)
class Invited:
    """``link`` holds the token: show it once, keep it nowhere."""

    name: str
    role: Role
    link: str  # at public_url
    expires_at: datetime
    replaced: bool
    is_mailed: bool = False  # whether they are told by mail what waits for them

    @property
    def path(self) -> str:
        """What stands behind the address of the pages: to be shown with one that is somebody's."""
        return f"/r/{self.link.rpartition('/r/')[2]}"


@act
def invite(context: SeasonContext, name: str, role: str, *, email: str = "", lasts: timedelta | None = None) -> Invited:
    """Make a private link for one person in one role. Earlier links of that name end. ``lasts``: without it the link
    works until the season is over, because the last corrections come late.

    ``email``: where they are told what waits for them, once a day at most. It is kept while the link works."""
    who, known, now = new_name(name), context.role(role), context.now()
    try:
        address = checked_address(email.strip()) if email.strip() else ""
    except BadAddress as problem:
        said = f"that is no address that mail can be sent to: {problem.message}; nobody was invited"
        raise UsageError(said, hint="write one whole address, as ada@example.org") from None
    seed = secrets.token_hex(16) if address else ""
    expires_at = link_ends(context, lasts)
    before = any(i.is_good(now) and person_key(i.name) == person_key(who) for i in context.invitations())
    token = context.ledger.invitations.add(
        context.key,
        who,
        known.id,
        expires_at=expires_at,
        who=context.actor.name,
        now=now,
        email=address,
        token=review_token(seed, signing_keys(context.project)[0]) if seed else "",
        link_seed=seed,
    )
    public_url = context.project.settings.public_url.rstrip("/")
    return Invited(who, known, f"{public_url}/r/{token}", expires_at, before, bool(address))


#: After the season's last day a link still takes notes for next year.
_FOR_NOTES = timedelta(days=7)


def link_ends(context: SeasonContext, lasts: timedelta | None) -> datetime:
    """When a link that is made now ends: after ``lasts``, or a week after the season, and not before two weeks."""
    now = context.now()
    if lasts is not None:
        return now + lasts
    season = context.rehearsal.plan
    last = datetime.combine(season.season.end_on, time.max, ZoneInfo(season.campaign.time_zone))
    return min(max(last + _FOR_NOTES, now + USUAL_SPAN), now + LONGEST_SPAN)


def note_look(context: SeasonContext, invitation: Invitation) -> None:
    """Somebody has looked, by their link."""
    context.ledger.invitations.note_look(invitation.id, now=context.now())


@act
def decline(context: SeasonContext, reason: str, *, instead: str = "") -> None:
    """An invited person says that they can't review, and perhaps who could. Nothing waits for them any more; their
    link goes on, to read. Nobody is invited by it, and nothing is sent."""
    why = checked_reason(reason)
    handed_to = new_name(instead) if instead.strip() else ""
    invitation = _own(context)
    if (invitation.declined_why, invitation.handed_to) != (why, handed_to):
        context.ledger.invitations.decline(invitation, why=why, handed_to=handed_to, now=context.now())


@act
def take_up(context: SeasonContext) -> None:
    """They can after all."""
    invitation = _own(context)
    if invitation.declined_at is not None:
        context.ledger.invitations.take_up(invitation, now=context.now())


@act
def choose_mail(context: SeasonContext, *, off: bool) -> None:
    """An invited person wants no mail about what waits for them, or wants it again."""
    invitation = _own(context)
    if (invitation.mail_off_at is not None) != off:
        context.ledger.invitations.choose_mail(invitation, off=off, now=context.now())


def _own(context: SeasonContext) -> Invitation:
    """The actor's invitation that is good now."""
    who, known = context.actor.name, context.invitations()
    mine = [i for i in known if i.is_good(context.now()) and person_key(i.name) == person_key(who)]
    if not mine:
        raise nobody_invited(who, known)
    return mine[-1]


@act
def revoke(context: SeasonContext, name: str) -> int:
    """End all links of a name at once. Returns how many were good."""
    who, known = checked_name(name), context.invitations()
    if not any(person_key(i.name) == person_key(who) for i in known):
        raise nobody_invited(who, known)
    return context.ledger.invitations.revoke(context.key, who, who=context.actor.name, now=context.now())


def nobody_invited(name: str, known: Iterable[Invitation]) -> Refused:
    names = sorted({i.name for i in known})
    return Refused(Refusal.NOBODY_INVITED, name=name, near=" or ".join(get_close_matches(name, names)))


@dataclass(frozen=True)
class Reminded:
    """What became of a reminder. ``link``: the new one, when one was made; show it only if the mail did not go."""

    sent: bool
    mail: Reminder
    link: str = ""
    problem: str = ""  # why it did not go, or may not have gone
    may_have_gone: bool = False


@act
def remind(context: SeasonContext, name: str, address: str, *, lasts: timedelta | None = None) -> Reminded:
    """Mail a reminder to one reviewer, with a new link; the old one ends, because nobody knows it any more.

    In a rehearsal nothing leaves the machine and the old link stays: the mail is recorded, without a link and without
    the address. Refused for somebody who was never invited; NeedsAPerson is raised when no mail may or can go.
    """
    project, now, rehearsal = context.project, context.now(), context.rehearsal_now()
    invitation = _invitation_of(context, name)
    waits = items_that_wait(rehearsal, invitation, now)
    channel = email_channel(project)
    made_for, organisation = channel_context(project, channel), project.settings.organisation
    send_id = f"reminder-{secrets.token_hex(8)}"
    shown = reminder(rehearsal, invitation, waits=waits, link=NO_LINK, expires_at=link_ends(context, lasts))
    request = made_for.build_note(Note(address, shown.subject, shown.text), organisation, send_id=send_id)
    held = [hold for hold in context.ledger.holds.in_force() if hold.covers(channel.name, context.key.campaign)]
    if held:
        raise NeedsAPerson(
            f"{channel.name} is on hold ({held[0].why}), so no mail goes out; the old link still works",
            hint=f"`{held[0].ended_by}` ends the hold; `review invite` makes a link that you can send yourself",
        )
    if project.settings.mode is not Mode.LIVE:
        way_out(project, channel).send(request, now=now)
        return Reminded(sent=False, mail=shown)
    if project.settings.public_url_is_an_example:
        raise NeedsAPerson(
            "public_url in config/settings.toml is still an example, so the link in the mail would lead nowhere; "
            "nothing was sent, and the old link still works",
            hint="set public_url to where readers reach the pages, then send the reminder",
        )
    way = way_out(project, channel)  # a missing key is told before the old link ends
    try:
        made = invite(context, invitation.name, invitation.role, email=invitation.email, lasts=lasts)
        mail = reminder(rehearsal, invitation, waits=waits, link=made.link, expires_at=made.expires_at)
        outcome = way.send(
            made_for.build_note(Note(address, mail.subject, mail.text), organisation, send_id=send_id), now=now
        )
    finally:
        way.close()
    word = {"accepted": "sent", "unknown": "unknown"}.get(outcome.kind.value, "not-sent")
    context.ledger.events.record(
        f"reminder.{word}",
        who=context.actor.name,
        now=now,
        **asdict(context.key),
        name=invitation.name,
        role=invitation.role,
    )
    return Reminded(word == "sent", mail, made.link, outcome.detail, may_have_gone=word == "unknown")


def show_reminder(context: SeasonContext, name: str, *, lasts: timedelta | None = None) -> Reminder:
    """The mail as it would go out, without a link. Changes nothing."""
    invitation, rehearsal = _invitation_of(context, name), context.rehearsal_now()
    waits = items_that_wait(rehearsal, invitation, context.now())
    return reminder(rehearsal, invitation, waits=waits, link=NO_LINK, expires_at=link_ends(context, lasts))


def who_waits(context: SeasonContext) -> tuple[ByPerson, ...]:
    """Invited people for whom something waits, in the order in which they were invited."""
    return tuple(one for one in context.how_it_stands().by_person if one.waits)


def _invitation_of(context: SeasonContext, name: str) -> Invitation:
    """The newest invitation of that name, good or not."""
    known = context.invitations()
    found = [i for i in known if person_key(i.name) == person_key(name)]
    if not found:
        raise nobody_invited(name, known)
    return found[-1]


def email_channel(project: Project) -> ChannelSettings:
    """The first email channel that is on. Raises NeedsAPerson when none is."""
    for channel in mail_channels(project.settings):
        if spec_of(channel).note is not None:
            return channel
    raise NeedsAPerson(
        "no email channel is on, so no mail can go out; the old link still works",
        hint="switch one on in config/channels.toml, or send a link yourself: `review invite NAME --role ROLE`",
    )
