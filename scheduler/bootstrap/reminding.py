"""Reminding a reviewer by the project's own email."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from ..channels.registry import mail_channels, spec_of
from ..errors import NeedsAPerson
from ..settings import ChannelSettings, Mode

if TYPE_CHECKING:
    from ..ports import OperatedLedger
    from ..review.reminder import Reminder
    from ..review.service import ReviewService
    from .project import Project


@dataclass(frozen=True, slots=True)
class Reminded:
    """What became of a reminder. ``link``: the new one, when one was made; show it only if the mail did not go."""

    sent: bool
    mail: Reminder
    link: str = ""
    problem: str = ""  # why it did not go, or may not have gone
    may_have_gone: bool = False


def remind(
    project: Project, ledger: OperatedLedger, desk: ReviewService, name: str, address: str, *, by: str, lasts: timedelta
) -> Reminded:
    """Mail a reminder to one reviewer, with a new link; the old one ends, because nobody knows it any more.

    In a rehearsal nothing leaves the machine and the old link stays: the mail is recorded, without a link and without
    the address. Raises UsageError for somebody who was never invited, NeedsAPerson when no mail may or can go.
    """
    from ..channels.staff_mail import Note
    from ..review.reminder import NO_LINK, invitation_of, items_that_wait, reminder

    invitation = invitation_of(desk, name)
    waits = items_that_wait(desk, invitation)
    now = project.clock.now()
    channel = email_channel(project)
    context, organisation = project.channel_context(channel), project.settings.organisation
    send_id = f"reminder-{secrets.token_hex(8)}"
    shown = reminder(desk, invitation, waits=waits, link=NO_LINK, expires_at=now + lasts)
    request = context.build_note(Note(address, shown.subject, shown.text), organisation, send_id=send_id)
    held = [hold for hold in ledger.holds() if hold.covers(channel.name)]
    if held:
        raise NeedsAPerson(
            f"{channel.name} is on hold ({held[0].why}), so no mail goes out; the old link still works",
            hint="`resume` ends the hold; `review invite` makes a link that you can send yourself",
        )
    if project.settings.mode is not Mode.LIVE:
        project.way_out(channel).send(request, now=now)
        return Reminded(sent=False, mail=shown)
    if project.settings.public_url_is_an_example:
        raise NeedsAPerson(
            "public_url in config/settings.toml is still an example, so the link in the mail would lead nowhere; "
            "nothing was sent, and the old link still works",
            hint="set public_url to where readers reach the pages, then send the reminder",
        )
    way = project.way_out(channel)  # a missing key is told before the old link ends
    try:
        made = desk.invite(invitation.name, invitation.role, by=by, lasts=lasts)
        mail = reminder(desk, invitation, waits=waits, link=made.link, expires_at=made.expires_at)
        request = context.build_note(Note(address, mail.subject, mail.text), organisation, send_id=send_id)
        outcome = way.send(request, now=now)
    finally:
        way.close()
    word = {"accepted": "sent", "unknown": "unknown"}.get(outcome.kind.value, "not-sent")
    ledger.record(
        f"reminder.{word}",
        who=by,
        now=now,
        campaign=desk.campaign,
        season=desk.season,
        name=invitation.name,
        role=invitation.role,
    )
    return Reminded(word == "sent", mail, made.link, outcome.detail, may_have_gone=word == "unknown")


def show_reminder(project: Project, desk: ReviewService, name: str, *, lasts: timedelta) -> Reminder:
    """The mail as it would go out, without a link. Changes nothing."""
    from ..review.reminder import NO_LINK, invitation_of, items_that_wait, reminder

    invitation = invitation_of(desk, name)
    waits, expires_at = items_that_wait(desk, invitation), project.clock.now() + lasts
    return reminder(desk, invitation, waits=waits, link=NO_LINK, expires_at=expires_at)


def email_channel(project: Project) -> ChannelSettings:
    """The first email channel that is on. Raises NeedsAPerson when none is."""
    for channel in mail_channels(project.settings):
        if spec_of(channel).note is not None:
            return channel
    raise NeedsAPerson(
        "no email channel is on, so no mail can go out; the old link still works",
        hint="switch one on in config/channels.toml, or send a link yourself: review invite NAME --role ROLE",
    )
