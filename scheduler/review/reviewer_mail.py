"""What one reviewer is told by mail: what waits for them, in one season, and the words for it.

The subject and the first line are read by whoever looks over a shoulder: they name no cause. Where a campaign's mails
are discreet, the rest names none either: items are called by their day.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from ..domain.formatting import counted, date_words, local_words, moment_words
from ..domain.invitation import Invitation
from ..domain.record_changes import RecordChange
from ..domain.redact import person_key
from ..domain.rehearsal import Rehearsal
from ..domain.reviewer_mail import CLOCK_WAS_AHEAD, ReviewerMail
from ..domain.transactional_email import LetterState
from ..light_dataclass import dataclass
from .reminder import NO_LINK, SUBJECT, Reminder
from .reviewer_queue import QueueItem, QueueStatus, ReviewerQueue

if TYPE_CHECKING:
    from ..store import Ledger

#: What is needed within this is told again, though it was told before.
SOON = timedelta(days=2)
#: So many items are called by their names.
_NAMED = 5
#: Who verifies help lines where nobody invited has signed one yet.
_VERIFIES = "fact-reviewer"


@dataclass(frozen=True)
class Waiting:
    """All that waits for one invited person in one season."""

    invitation: Invitation
    title: str
    organisation: str
    zone: str
    mended: tuple[QueueItem, ...]  # they asked for a change, and it was changed
    to_read: tuple[QueueItem, ...]
    records: tuple[RecordChange, ...]  # that changed beneath their approvals: one tap
    help_lines: tuple[str, ...]  # that are to be verified again, once that counts
    help_lines_by: date

    @property
    def keys(self) -> frozenset[str]:
        """By what it is known whether it was told: another form of an item, or another word of theirs, is new."""
        of = self.prefix
        items = (f"{of}{one.item}:{_fingerprint(one)}" for one in (*self.mended, *self.to_read))
        records = (f"{of}{change.name}:{change.hash_now[:16]}" for change in self.records)
        return frozenset((*items, *records, *([f"{of}help-lines"] if self.help_lines else ())))

    @property
    def prefix(self) -> str:
        """With which the keys of this season begin."""
        return f"{self.invitation.campaign}:{self.invitation.season}:"

    @property
    def number(self) -> int:
        """How many things wait."""
        return len(self.mended) + len(self.to_read) + len(self.records) + bool(self.help_lines)

    @property
    def needed_by(self) -> datetime | None:
        """When the first of the items is to go out."""
        found = (one.needed_by for one in (*self.mended, *self.to_read))
        return min((at for at in found if at is not None), default=None)

    def is_soon(self, now: datetime) -> bool:
        """Whether some of it is needed within two days, or was needed already."""
        by = self.needed_by
        return by is not None and by <= now + SOON


def _fingerprint(one: QueueItem) -> str:
    seen = [*sorted(one.seen.items()), *sorted(r.id for r in one.asked)]
    return hashlib.sha256(repr(seen).encode()).hexdigest()[:16]


def waiting_for(rehearsal: Rehearsal, ledger: Ledger, invitation: Invitation, now: datetime) -> Waiting:
    """What waits for one invited person: exactly what their page says."""
    queue, plan = ReviewerQueue(rehearsal, ledger, invitation, now=now), rehearsal.plan
    may_approve = rehearsal.policy.may_approve(invitation.role)
    waits = queue.at(QueueStatus.WAITS) if may_approve else ()
    return Waiting(
        invitation,
        f"{plan.title} {plan.season.year}",
        rehearsal.organisation,
        plan.campaign.time_zone,
        tuple(one for one in waits if one.mended),
        tuple(one for one in waits if not one.mended),
        queue.record_changes if may_approve else (),
        _help_lines(rehearsal, invitation, now) if may_approve and invitation.declined_at is None else (),
        plan.season.start_on,
    )


def _help_lines(rehearsal: Rehearsal, invitation: Invitation, now: datetime) -> tuple[str, ...]:
    today = now.astimezone(ZoneInfo(rehearsal.plan.campaign.time_zone)).date()
    signed_by = {person_key(s.person) for s in rehearsal.signatures.all if s.subject == "contact"}
    verifies = signed_by & {person_key(i.name) for i in rehearsal.reviewers}
    mine = person_key(invitation.name) in verifies if verifies else invitation.role == _VERIFIES
    return rehearsal.help_lines_to_verify(today) if mine else ()


# -- words ----------------------------------------------------------------------------------------------


def reviewer_mail(
    waiting: Sequence[tuple[Waiting, str]], *, discreet: bool, now: datetime, by_mail: bool = True
) -> Reminder:
    """The words for one person, of each season with the link to their page. ``by_mail``: nobody hands it over."""
    first = waiting[0][0]
    number = sum(w.number for w, _ in waiting)
    thing = f"{'Something waits' if number == 1 else counted(number, 'thing waits', 'things wait')} for you"
    paragraphs = [f"{first.invitation.name},", f"{thing} to look at. You can read and decide on a phone."]
    for one, link in waiting:
        paragraphs += [one.title] if len(waiting) > 1 and not discreet else []
        paragraphs += [*_paragraphs(one, discreet, now), link]
    paragraphs.append(_about_links([w.invitation for w, _ in waiting], first.zone))
    if by_mail:
        asked = " and ".join(
            dict.fromkeys(f"{w.invitation.invited_by} invited you for {w.organisation}" for w, _ in waiting)
        )
        paragraphs.append(
            f"You get this email because {asked}, as {first.invitation.role.replace('-', ' ')}. There is at most one a "
            "day, and none when nothing is new. To get no more of them, press “Stop these emails” at the end of your "
            "page; it can be undone there. Questions? Answer this email."
        )
    return Reminder(SUBJECT, "\n\n".join([*paragraphs, first.organisation]) + "\n")


def _paragraphs(one: Waiting, discreet: bool, now: datetime) -> list[str]:
    found = []
    if one.mended:
        names = _several([_called(item, discreet) for item in one.mended])
        it_was = "it was changed" if len(one.mended) == 1 else "they were changed"
        found.append(
            f"What you asked for: {it_was}. Your page shows what is different, and one tap approves it.\n{names}"
        )
    if one.to_read:
        what = counted(len(one.to_read), "item")
        minutes = sum(item.minutes for item in one.to_read)
        found.append(f"To read and judge: {what}, about {counted(minutes, 'minute')}.{_due(one, now)}")
        if again := [_called(item, discreet) for item in one.to_read if item.changed]:
            what = "this one was" if len(again) == 1 else f"these {len(again)} were"
            found.append(f"Of those, {what} changed after you had your say. Your page shows how.\n{_several(again)}")
    elif one.mended:
        found[-1] += f"\n{_due(one, now).strip()}"
    if one.records:
        taps = "one tap says that you know"
        words = "A record behind what you approved was changed; nothing readers see did."
        told = [words] if discreet else [change.sentence for change in one.records[:_NAMED]]
        found.append(f"Your approvals still stand, and {taps}:\n" + "\n".join(told))
    if one.help_lines:
        found.append(
            f"From now on, checking a help line counts for this season: {counted(len(one.help_lines), 'line')} to try "
            f"and to sign before {date_words(one.help_lines_by)}."
        )
    return found


def _due(one: Waiting, now: datetime) -> str:
    if one.needed_by is None:
        return ""
    if one.needed_by <= now:
        return f" The first was to go out on {moment_words(one.needed_by, one.zone)}, and waits for you."
    return f" The first is needed by {moment_words(one.needed_by, one.zone)}."


def _called(one: QueueItem, discreet: bool) -> str:
    """An item as this mail may call it."""
    if not discreet:
        return f"“{one.title}”" if one.day else "The frame of the digests"
    return f"Day {one.day}" if one.day else "The frame of the digests"


def _several(names: Sequence[str]) -> str:
    more = [f"and {len(names) - _NAMED} more"] if len(names) > _NAMED else []
    return "\n".join(f"- {name}" for name in (*names[:_NAMED], *more))


def _about_links(invitations: Sequence[Invitation], zone: str) -> str:
    until = local_words(min(i.expires_at for i in invitations), zone)
    whose = "The link is yours alone" if len(invitations) == 1 else "The links are yours alone"
    works = "It works" if len(invitations) == 1 else "They work"
    return f"{whose}; please pass it on to nobody. {works} until {until}."


def handed_over(waiting: Waiting, *, now: datetime) -> Reminder:
    """The same for a coordinator to send: the link is the one that the person has."""
    return reviewer_mail(
        [(waiting, "Please open the link that you have from me.")], discreet=True, now=now, by_mail=False
    )


def shown_mail(waiting: Waiting, *, discreet: bool, now: datetime) -> Reminder:
    """The mail as it would go out, without a link."""
    return reviewer_mail([(waiting, NO_LINK)], discreet=discreet, now=now)


# -- whether it gets there ------------------------------------------------------------------------------


def mail_words(invitation: Invitation, last: ReviewerMail | None, *, no_road: str, zone: str, now: datetime) -> str:
    """What a coordinator reads of a person's mails: a sentence without its full stop. ``no_road``: why no mail can go
    at all, in words; empty: one can."""
    if not invitation.email:
        return "no address, so tell them yourself"
    if invitation.mail_off_at is not None:
        since = date_words(invitation.mail_off_at.astimezone(ZoneInfo(zone)).date())
        return f"wants no emails since {since}: tell them yourself"
    if no_road:
        return f"cannot be reached by email ({no_road}): send the link yourself"
    if last is None:
        return "is told by email what waits, once a day at most; nothing was sent yet"
    at, state = local_words(last.taken_at, zone), last.has_gone(now)
    if state is LetterState.SENT:
        return f"last email sent on {at}"
    if state is LetterState.UNKNOWN:
        why = last.why or (CLOCK_WAS_AHEAD if last.is_ahead(now) else "")
        return f"the email of {at} may not have arrived{f' ({why})' if why else ''}"
    if state is LetterState.SENDING:
        return f"an email is being sent since {at}"
    return f"cannot be reached by email ({last.why or 'it could not be sent'}; tried on {at}): send the link yourself"


def is_reached(invitation: Invitation, last: ReviewerMail | None, *, no_road: str, now: datetime) -> bool:
    """Whether a coordinator need not do anything to have them told."""
    if not invitation.is_mailed or no_road:
        return False
    return last is None or last.has_gone(now) in (LetterState.SENT, LetterState.SENDING)
