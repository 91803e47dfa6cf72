"""The mail that reminds an invited reviewer: its words. Who gets it is told at the moment, and kept nowhere."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from ..domain.formatting import counted, local_words
from ..domain.invitation import Invitation
from ..domain.redact import person_key
from ..domain.rehearsal import Rehearsal
from ..domain.standing_request import WaitsFor, standing_requests
from ..light_dataclass import dataclass
from .review_status import review_standing

#: Says nothing of the campaign: a subject is read by whoever looks over a shoulder.
SUBJECT = "Something waits for you to read"
#: Stands where the link will stand, in a mail that is only shown or rehearsed.
NO_LINK = "(the link will stand here)"


@dataclass(frozen=True)
class Reminder:
    """``text`` holds the link: it goes to one person, and is kept nowhere."""

    subject: str
    text: str


def items_that_wait(rehearsal: Rehearsal, invitation: Invitation, now: datetime) -> int:
    """For how many items this person's yes is waited for, whatever became of their link."""
    (person,) = review_standing(replace(rehearsal, reviewers=(invitation,)), open_at=now).by_person
    return len({message.item for message in person.waits})


def reminder(rehearsal: Rehearsal, invitation: Invitation, *, waits: int, link: str, expires_at: datetime) -> Reminder:
    """The words for one person. ``waits``: items for which their yes is waited for."""
    plan, organisation = rehearsal.plan, rehearsal.organisation
    until = local_words(expires_at, plan.campaign.time_zone)
    asked = f"{organisation} asked you to read a season of its posts and emails before they go out"
    waiting = "Nothing waits for you at the moment"
    if waits:
        waiting = f"{counted(waits, 'item waits', 'items wait')} for you"
    me = person_key(invitation.name)
    answered = [r.request for r in standing_requests(rehearsal) if r.waits_for is WaitsFor.ANSWER]
    # Items that were changed after this person had asked for it, and wait for their answer.
    changed = len({request.item for request in answered if person_key(request.person) == me})
    if changed:
        waiting += f", {changed} of them changed since you asked" if waits > 1 else ", changed since you asked"
    kept = "" if invitation.email else "Your address is not kept by the program that sent it. "
    return Reminder(
        SUBJECT,
        f"{invitation.name},\n\n"
        f"{asked}, as {invitation.role.replace('-', ' ')}. {waiting}. You can read and decide on a phone:\n\n"
        f"{link}\n\n"
        f"The link is yours alone, please pass it on to nobody. It works until {until}; the one that you had before no "
        "longer does.\n\n"
        f"You get this email because somebody of the campaign asked for it to be sent. {kept}If you do not want to "
        "read, answer this email.\n\n"
        f"{organisation}\n",
    )
