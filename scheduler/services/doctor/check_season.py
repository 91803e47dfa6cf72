"""The season: what is due in the next days and would not go, what is in doubt, what was not sent."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from ...domain.claim import UNVERIFIED, ContactStatus
from ...domain.delivery import State
from ...domain.delivery_words import why
from ...domain.finding import Severity
from ...domain.formatting import counted, date_words, days_words, local_words, short_date
from ...domain.message import Message
from ...domain.reason import ReasonCode
from ...domain.records import ALL_CAMPAIGNS, Delivery
from .doctor_result import DoctorContext, DoctorResult, Status, of_ledger

if TYPE_CHECKING:
    from ...store import Ledger

WEEK = timedelta(days=7)
#: What is due so soon and would not go leaves no time to write and ask.
SOON = timedelta(hours=48)
#: Findings that say: look for something newer.
REVIEW = ("C110", "C111")


def readable(examined: DoctorContext) -> Iterator[DoctorResult]:
    """Whether the campaigns can be read at all."""
    for season in examined.seasons:
        if season.rehearsal is None:
            yield DoctorResult(
                f"campaign {season.campaign}",
                examined.grave(),
                season.problem,
                f"check{examined.only(season.campaign)} lists every problem",
            )


def week_ahead(examined: DoctorContext) -> Iterator[DoctorResult]:
    """What falls due in the next seven days and could not go."""
    for rehearsal in examined.rehearsals:
        plan, now = rehearsal.plan, examined.now
        coming = [m for m in rehearsal.messages if m.due_at > now]
        week = [m for m in coming if m.due_at <= now + WEEK]
        only = examined.only(plan.campaign.id)
        check, zone = f"week of {plan.campaign.id}", plan.campaign.time_zone
        if not coming:
            yield DoctorResult(check, Status.GREEN, f"season {plan.season.year} is over")
            continue
        if not week:
            yield DoctorResult(
                check,
                Status.GREEN,
                f"nothing is due within a week; the first item goes {local_words(min(m.due_at for m in coming), zone)}",
            )
            continue
        light = examined.grave() if week[0].due_at <= now + SOON else Status.AMBER
        lacking = [m for m in week if rehearsal.missing(m)]
        if lacking:
            yield DoctorResult(
                check,
                light,
                f"{len(lacking)} of {len(week)} messages due within a week lack approval: {_named(lacking)}",
                f"read them (show ITEM{only}), then approve{only}",
            )
        blocking = (f for f in rehearsal.reds() if f.code not in examined.waived)
        reds = [f for f in blocking if any(f.concerns(m.item, m.channel) for m in week)]
        if reds:
            codes = ", ".join(f"{code} ({n})" if n > 1 else code for code, n in Counter(f.code for f in reds).items())
            more = f" and more: {codes}" if reds[1:] else ""
            yield DoctorResult(
                check,
                light,
                f"what is due within a week is blocked: {reds[0].message}{more}",
                reds[0].hint or f"check{only} lists every problem",
            )
        if not lacking and not reds:
            yield DoctorResult(
                check,
                Status.GREEN,
                f"all {len(week)} messages until {local_words(max(m.due_at for m in week), zone)} may go",
            )


def help_lines(examined: DoctorContext) -> Iterator[DoctorResult]:
    """Help lines whose verification ends before the last message that prints them."""
    for rehearsal in examined.rehearsals:
        campaign = rehearsal.plan.campaign.id
        check = f"help lines{examined.of(campaign)}"
        to_do = f"try each of them, then: sign contact ID{examined.only(campaign)} --by NAME"
        last = dict[str, date]()
        for message in sorted(rehearsal.messages, key=lambda m: m.on):
            if message.due_at > examined.now:
                last.update(dict.fromkeys(message.contacts, message.on))
        ending, unsigned = [], []
        for contact_id, on in last.items():
            contact = rehearsal.plan.campaign.contacts.get(contact_id)
            if contact is None or contact.status is not ContactStatus.ACTIVE:
                continue
            if rehearsal.signatures.standing(contact) == UNVERIFIED:
                unsigned.append(contact_id)
                continue
            verified = rehearsal.signatures.last_verified(contact)
            ends_on = verified + timedelta(days=examined.settings.contact_max_age_days) if verified else None
            if ends_on is None or ends_on < on:
                ending.append(f"{contact_id} ({f'until {date_words(ends_on)}' if ends_on else 'never verified'})")
        if ending:
            number = counted(len(ending), "help line has", "help lines have")
            yield DoctorResult(
                check,
                Status.AMBER,
                f"{number} to be verified again before the season ends: {', '.join(ending)}",
                to_do,
            )
        if unsigned:
            number = counted(len(unsigned), "help line is", "help lines are")
            yield DoctorResult(
                check,
                Status.AMBER,
                f"{number} not verified yet, since nobody has signed: {', '.join(unsigned)}",
                to_do,
            )
        if last and not ending and not unsigned:
            yield DoctorResult(check, Status.GREEN, f"all {len(last)} are verified until their last message")


def claims(examined: DoctorContext) -> Iterator[DoctorResult]:
    """Claims whose day of review has come, or whose figures are old."""
    for rehearsal in examined.rehearsals:
        check = f"claims{examined.of(rehearsal.plan.campaign.id)}"
        due = [f for f in rehearsal.findings if f.code in REVIEW]
        if due:
            number, others = counted(len(due), "claim is", "claims are"), " and others" if due[1:] else ""
            yield DoctorResult(check, Status.AMBER, f"{number} due for review: {due[0].message}{others}", due[0].hint)
        else:
            yield DoctorResult(check, Status.GREEN, "none is due for review")


def blocked(examined: DoctorContext) -> Iterator[DoctorResult]:
    """Everything that blocks live sending, in one number."""
    for rehearsal in examined.rehearsals:
        check = f"checks of {rehearsal.plan.campaign.id}"
        only = examined.only(rehearsal.plan.campaign.id)
        reds = sum(f.severity is Severity.RED and f.code not in examined.waived for f in rehearsal.findings)
        if reds:
            number = counted(reds, "finding blocks", "findings block")
            yield DoctorResult(
                check,
                Status.AMBER,
                f"{number} live sending of season {rehearsal.plan.season.year}",
                f"check{only} lists them",
            )
        else:
            yield DoctorResult(check, Status.GREEN, "nothing blocks live sending")


@of_ledger
def holds(examined: DoctorContext, ledger: Ledger) -> Iterator[DoctorResult]:
    """Who stopped sending."""
    looked_at = {season.campaign for season in examined.seasons}
    for hold in ledger.holds.in_force():
        if hold.campaign in (ALL_CAMPAIGNS, *looked_at):
            yield DoctorResult(
                "hold",
                Status.AMBER,
                f"{hold.words} is held by {hold.who} since {days_words(examined.now - hold.held_at)} ago: {hold.why}",
                hold.ended_by,
            )


@of_ledger
def deliveries(examined: DoctorContext, ledger: Ledger) -> Iterator[DoctorResult]:
    """What is in doubt, what waits for money or for a person, what did not go."""
    mode, keys = examined.settings.mode.value, [rehearsal.plan.key for rehearsal in examined.rehearsals]
    found = [d for key in keys for d in ledger.deliveries.of_season(mode, key)]
    unknown = [d for d in found if d.counts.unknown or d.state is State.UNKNOWN]
    if unknown:
        number = counted(len(unknown), "delivery is", "deliveries are")
        yield DoctorResult(
            "deliveries",
            Status.AMBER,
            f"{number} unknown: they may have gone out: {_numbers(unknown)}",
            "look at the provider, then: resolve ID --as sent|not-sent",
        )
    broke = [d for d in found if d.needs_money]
    for channel in sorted({d.channel for d in broke}):
        waiting = [d for d in broke if d.channel == channel]
        yield DoctorResult(
            "deliveries",
            Status.RED,
            f"{channel} needs money; {counted(len(waiting), 'delivery waits', 'deliveries wait')} for it",
            f"{why(waiting[0])}; top up the balance or the plan there",
        )
    settled_elsewhere = {d.id for d in (*unknown, *broke)}
    stays = [d for d in found if d.id not in settled_elsewhere and _does_not_go(d, examined.now)]
    for because in dict.fromkeys(why(d) for d in stays):
        alike = [d for d in stays if why(d) == because]
        number = counted(len(alike), "delivery is due and does not go", "deliveries are due and do not go")
        yield DoctorResult(
            "deliveries", Status.AMBER, f"{number}: {_numbers(alike)}: {because}", "status says what to do for each"
        )
    over = (State.FAILED, State.MISSED, State.PARTLY_SENT)
    late = [d for d in found if d.state in over and not d.closed_before_start and examined.now - d.due_at <= WEEK]
    if late:
        number = counted(len(late), "delivery", "deliveries")
        yield DoctorResult(
            "deliveries",
            Status.AMBER,
            f"{number} of the last week did not go out, or not to everybody: {_numbers(late)}",
            "deliveries shows the reason of each",
        )
    if found and not unknown and not late and not broke and not stays:
        yield DoctorResult(
            "deliveries",
            Status.GREEN,
            f"{sum(d.state is State.SENT for d in found)} of {len(found)} are sent; nothing is in doubt",
        )


def _named(messages: list[Message]) -> str:
    return _first_of([f"{m.item} on {m.channel} ({short_date(m.on)})" for m in messages])


def _does_not_go(delivery: Delivery, now: datetime) -> bool:
    """For a reason that no other check tells: holds have lines of their own, and so has a process that is missing."""
    stopped = delivery.state is State.HELD or delivery.does_not_go(now)
    return stopped and bool(delivery.reasons) and not delivery.has(ReasonCode.HELD)


def _numbers(found: list[Delivery]) -> str:
    return _first_of([f"{d.id} ({d.item} on {d.channel})" for d in found])


def _first_of(names: list[str]) -> str:
    return ", ".join(names[:4]) + (f" and {len(names) - 4} more" if len(names) > 4 else "")
