"""The season: what is due in the next days and would not go, what is in doubt, what was not sent."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import date, datetime, timedelta

from ...domain.claim import UNVERIFIED, ContactStatus
from ...domain.delivery import State
from ...domain.delivery_words import why
from ...domain.finding import Severity
from ...domain.formatting import counted, days_words, local_words
from ...domain.message import Message
from ...domain.records import ALL_CHANNELS, Delivery
from ...domain.subscriber import DeadAddresses
from .doctor_result import DoctorContext, DoctorResult, Season, Status

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
                f"campaign {season.campaign}", examined.grave(), season.problem, "check lists every problem"
            )


def week_ahead(examined: DoctorContext) -> Iterator[DoctorResult]:
    """What falls due in the next seven days and could not go."""
    for season in examined.seasons:
        if season.rehearsal is None:
            continue
        rehearsal, now = season.rehearsal, examined.now
        coming = [m for m in rehearsal.messages if m.due_at > now]
        week = [m for m in coming if m.due_at <= now + WEEK]
        check = f"week of {season.campaign}"
        if not coming:
            yield DoctorResult(check, Status.GREEN, f"season {rehearsal.plan.season.year} is over")
        elif not week:
            first = min(m.due_at for m in coming)
            said = f"nothing is due within a week; the first item goes {local_words(first, _zone(season))}"
            yield DoctorResult(check, Status.GREEN, said)
        else:
            yield from _week(examined, season, week, check)


def _week(examined: DoctorContext, season: Season, week: list[Message], check: str) -> Iterator[DoctorResult]:
    assert season.rehearsal is not None  # noqa: S101 - the caller has looked
    rehearsal = season.rehearsal
    light = examined.grave() if week[0].due_at <= examined.now + SOON else Status.AMBER
    lacking = [m for m in week if rehearsal.missing(m)]
    if lacking:
        said = f"{len(lacking)} of {len(week)} messages due within a week lack approval: {_named(lacking)}"
        yield DoctorResult(check, light, said, "read them (show ITEM), then approve")
    reds = [
        f
        for f in rehearsal.reds()
        if f.code not in examined.waived and any(f.concerns(m.item, m.channel) for m in week)
    ]
    if reds:
        codes = ", ".join(f"{code} ({n})" if n > 1 else code for code, n in Counter(f.code for f in reds).items())
        said = f"what is due within a week is blocked: {reds[0].message}" + (f" and more: {codes}" if reds[1:] else "")
        yield DoctorResult(check, light, said, reds[0].hint or "check lists every problem")
    if not lacking and not reds:
        last = max(m.due_at for m in week)
        yield DoctorResult(
            check, Status.GREEN, f"all {len(week)} messages until {local_words(last, _zone(season))} may go"
        )


def help_lines(examined: DoctorContext) -> Iterator[DoctorResult]:
    """Help lines whose verification ends before the last message that prints them."""
    for season in examined.seasons:
        if season.rehearsal is None:
            continue
        campaign, last = season.rehearsal.plan.campaign, dict[str, date]()
        for message in season.rehearsal.messages:
            if message.due_at > examined.now:
                for contact_id in message.contacts:
                    last[contact_id] = max(message.on, last.get(contact_id, message.on))
        ending, unsigned = [], []
        for contact_id, on in last.items():
            contact = campaign.contacts.get(contact_id)
            if contact is None or contact.status is not ContactStatus.ACTIVE:
                continue
            if season.rehearsal.signatures.standing(contact) == UNVERIFIED:
                unsigned.append(contact_id)
                continue
            verified = season.rehearsal.signatures.last_verified(contact)
            ends_on = verified + timedelta(days=examined.settings.contact_max_age_days) if verified else None
            if ends_on is None or ends_on < on:
                ending.append(f"{contact_id} ({f'until {ends_on}' if ends_on else 'never verified'})")
        if ending:
            said = (
                f"{counted(len(ending), 'help line has', 'help lines have')} "
                f"to be verified again before the season ends: {', '.join(ending)}"
            )
            yield DoctorResult("help lines", Status.AMBER, said, "try each of them, then: sign contact ID --by NAME")
        if unsigned:
            number = counted(len(unsigned), "help line is", "help lines are")
            said = f"{number} not verified yet, since nobody has signed: {', '.join(unsigned)}"
            yield DoctorResult("help lines", Status.AMBER, said, "try each of them, then: sign contact ID --by NAME")
        if last and not ending and not unsigned:
            yield DoctorResult("help lines", Status.GREEN, f"all {len(last)} are verified until their last message")


def claims(examined: DoctorContext) -> Iterator[DoctorResult]:
    """Claims whose day of review has come, or whose figures are old."""
    for season in examined.seasons:
        due = [f for f in season.rehearsal.findings if f.code in REVIEW] if season.rehearsal else []
        if due:
            said = f"{counted(len(due), 'claim is', 'claims are')} due for review: {due[0].message}" + (
                " and others" if due[1:] else ""
            )
            yield DoctorResult("claims", Status.AMBER, said, due[0].hint)
        elif season.rehearsal:
            yield DoctorResult("claims", Status.GREEN, "none is due for review")


def blocked(examined: DoctorContext) -> Iterator[DoctorResult]:
    """Everything that blocks live sending, in one number."""
    for season in examined.seasons:
        if season.rehearsal is None:
            continue
        reds = [f for f in season.rehearsal.findings if f.severity is Severity.RED and f.code not in examined.waived]
        if reds:
            said = (
                f"{counted(len(reds), 'finding blocks', 'findings block')} "
                f"live sending of season {season.rehearsal.plan.season.year}"
            )
            yield DoctorResult(f"checks of {season.campaign}", Status.AMBER, said, "check lists them")
        else:
            yield DoctorResult(f"checks of {season.campaign}", Status.GREEN, "nothing blocks live sending")


def holds(examined: DoctorContext) -> Iterator[DoctorResult]:
    """Who stopped sending."""
    for hold in examined.ledger.holds.in_force() if examined.ledger is not None else ():
        where = "everything" if hold.channel == ALL_CHANNELS else hold.channel
        since = days_words(examined.now - hold.held_at)
        yield DoctorResult(
            "hold", Status.AMBER, f"{where} is held by {hold.who} since {since} ago: {hold.why}", "resume"
        )


def deliveries(examined: DoctorContext) -> Iterator[DoctorResult]:
    """What is in doubt, what waits for money, what did not go."""
    if examined.ledger is None:
        return
    mode = examined.settings.mode.value
    found = [
        d
        for s in examined.seasons
        if s.rehearsal is not None
        for d in examined.ledger.deliveries.of_season(mode, s.rehearsal.plan.key)
    ]
    unknown = [d for d in found if d.counts.unknown or d.state is State.UNKNOWN]
    if unknown:
        said = (
            f"{counted(len(unknown), 'delivery is', 'deliveries are')} "
            f"unknown: they may have gone out: {_numbers(unknown)}"
        )
        yield DoctorResult(
            "deliveries", Status.AMBER, said, "look at the provider, then: resolve ID --as sent|not-sent"
        )
    for channel in sorted({d.channel for d in found if d.needs_money}):
        waiting = [d for d in found if d.needs_money and d.channel == channel]
        said = f"{channel} needs money; {counted(len(waiting), 'delivery waits', 'deliveries wait')} for it"
        yield DoctorResult("deliveries", Status.RED, said, f"{why(waiting[0])}; top up the balance or the plan there")
    late = [d for d in found if _did_not_go(d, examined.now)]
    if late:
        said = (
            f"{counted(len(late), 'delivery', 'deliveries')} "
            f"of the last week did not go out, or not to everybody: {_numbers(late)}"
        )
        yield DoctorResult("deliveries", Status.AMBER, said, "deliveries shows the reason of each")
    if found and not unknown and not late and not any(d.needs_money for d in found):
        sent = sum(d.state is State.SENT for d in found)
        yield DoctorResult("deliveries", Status.GREEN, f"{sent} of {len(found)} are sent; nothing is in doubt")


def dead_addresses(examined: DoctorContext) -> Iterator[DoctorResult]:
    """Addresses that do not exist any more: about the list, and about no mailing."""
    dead = examined.ledger.subscribers.dead_addresses() if examined.ledger is not None else DeadAddresses()
    if dead.addresses:
        zone = next((_zone(season) for season in examined.seasons), "UTC")
        yield DoctorResult("list of readers", Status.GREEN, f"{dead.in_words(zone)}; nobody has to do anything")


def _did_not_go(delivery: Delivery, now: datetime) -> bool:
    over = delivery.state in (State.FAILED, State.MISSED, State.PARTLY_SENT)
    return over and not delivery.closed_before_start and now - delivery.due_at <= WEEK


def _named(messages: list[Message]) -> str:
    names = ", ".join(f"{m.item} on {m.channel} ({m.on:%d %b})" for m in messages[:4])
    return names + (f" and {len(messages) - 4} more" if len(messages) > 4 else "")


def _numbers(found: list[Delivery]) -> str:
    names = ", ".join(f"{d.id} ({d.item} on {d.channel})" for d in found[:4])
    return names + (f" and {len(found) - 4} more" if len(found) > 4 else "")


def _zone(season: Season) -> str:
    return season.rehearsal.plan.campaign.time_zone if season.rehearsal else "UTC"
