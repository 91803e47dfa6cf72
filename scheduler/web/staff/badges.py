"""Small views that several private pages share: states as badges, days as cards."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from ...domain.delivery import State
from ...domain.delivery_words import state_words
from ...domain.finding import Finding, Severity
from ...domain.message import EmailBody, Message
from ...domain.planned_item import PlannedItem
from ...domain.records import Delivery
from ...domain.sent import sent_of
from ...review.item_view import BLOCKED, GOOD, NEEDS_YOU, UNKNOWN, Badge
from ...review.packet_formatting import channel_words
from ...review.rehearsal_data import findings_about
from .page_context import PageContext

#: Delivery's state -> how it looks.
DELIVERY_BADGES = {
    State.SCHEDULED: "note",
    State.SENDING: "note",
    State.SENT: GOOD,
    State.PARTLY_SENT: NEEDS_YOU,
    State.HELD: NEEDS_YOU,
    State.FAILED: BLOCKED,
    State.UNKNOWN: UNKNOWN,
    State.MISSED: NEEDS_YOU,
    State.SKIPPED: "note",
    State.CANCELLED: "note",
}


def delivery_badge(delivery: Delivery) -> Badge:
    """The ledger's state; the numbers stand beside it."""
    return Badge(DELIVERY_BADGES[delivery.state], state_words(delivery.state))


@dataclass(frozen=True, slots=True)
class ChannelLine:
    """One message on a day's card."""

    channel: str  # in words
    badge: Badge
    due_at: datetime


@dataclass(frozen=True, slots=True)
class DayCard:
    """One day of the season: what goes out, and how it stands."""

    on: date
    number: int
    week: int
    item: str
    title: str
    kind: str
    special: str
    badge: Badge
    lines: tuple[ChannelLine, ...]
    reds: int
    ambers: int
    lacking: int  # messages that lack approval
    is_today: bool
    is_over: bool


def message_badge(page: PageContext, message: Message, findings: Collection[Finding]) -> Badge:
    """How one message stands: what the ledger says once it has gone, before that what was found and who said yes."""
    delivery, sent = page.by_message.get((message.item, message.channel)), page.rehearsal.sent_of(message)
    if sent is not None and sent.is_over:  # live, whatever the mode is now
        return Badge(GOOD, sent.badge)
    if delivery is not None and delivery.state not in (State.SCHEDULED, State.SENDING):
        part = sent_of(delivery)
        badge = delivery_badge(delivery)
        return Badge(badge.kind, part.badge) if part is not None and part.in_part else badge
    severities = {f.severity for f in findings}
    if Severity.RED in severities:
        return Badge(BLOCKED, "blocked")
    lacks = page.rehearsal.missing(message)
    if lacks:
        asked = [m for m in lacks if m.kind == "changes"]
        if asked:
            return Badge(UNKNOWN, "changed since asked" if all(m.mended for m in asked) else "changes asked")
        return Badge(UNKNOWN, "not approved")
    return Badge(GOOD, "approved")


def day_cards(page: PageContext) -> list[DayCard]:
    """All days in order."""
    by_item: dict[str, list[Message]] = {}
    for message in page.rehearsal.messages:
        by_item.setdefault(message.item, []).append(message)
    return [_card(page, planned, by_item.get(planned.item.id, [])) for planned in page.rehearsal.plan.items]


def _card(page: PageContext, planned: PlannedItem, messages: Iterable[Message]) -> DayCard:
    messages = short_first(messages)
    shared = tuple(f for f in page.rehearsal.findings if planned.item.id in f.items)
    found = {(m.item, m.channel): (*findings_about(page.rehearsal, m), *shared) for m in messages}
    all_found = {f for group in found.values() for f in group} | set(page.rehearsal.findings_of(planned.item.id))
    lines = tuple(
        ChannelLine(channel_words(m.channel), message_badge(page, m, found[m.item, m.channel]), m.due_at)
        for m in messages
    )
    reds = sum(f.severity is Severity.RED for f in all_found)
    ambers = sum(f.severity is Severity.AMBER for f in all_found)
    return DayCard(
        on=planned.on,
        number=planned.day_number,
        week=planned.week,
        item=planned.item.id,
        title=planned.item.title,
        kind=planned.item.kind.value,
        special=planned.day.special if planned.day else "",
        badge=_worst(lines),
        lines=lines,
        reds=reds,
        ambers=ambers,
        lacking=sum(bool(page.rehearsal.missing(m)) for m in messages if not page.rehearsal.is_over(m)),
        is_today=planned.on == page.today,
        is_over=planned.on < page.today,
    )


#: What needs somebody soonest comes first.
_SOONEST = (BLOCKED, UNKNOWN, NEEDS_YOU, "note", GOOD)


def _worst(lines: Collection[ChannelLine]) -> Badge:
    """What stands on the day as a whole."""
    badges = [line.badge for line in lines]
    return min(badges, key=lambda b: _SOONEST.index(b.kind)) if badges else Badge(BLOCKED, "no item")


def short_first(messages: Iterable[Message]) -> list[Message]:
    """Posts before mails, each by channel."""
    return sorted(messages, key=lambda m: (isinstance(m.body, EmailBody), m.channel))


def weeks_begin_on_sunday(time_zone: str, language: str) -> bool:
    """Most of the Americas print calendars from Sunday on, most others from Monday on."""
    region = language.replace("_", "-").partition("-")[2].upper()
    if region:
        return region in {"US", "CA", "MX", "BR"}
    return time_zone.startswith(("America/", "US/", "Pacific/Honolulu"))


def calendar_weeks(first: date, last: date, *, sunday_first: bool) -> list[list[date]]:
    """The days from ``first`` to ``last``, filled up to whole weeks."""
    at = first - timedelta(days=(first.weekday() + (1 if sunday_first else 0)) % 7)
    weeks = []
    while at <= last:
        weeks.append([at + timedelta(days=n) for n in range(7)])
        at += timedelta(days=7)
    return weeks


def weekday_names(*, sunday_first: bool) -> list[str]:
    names = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]
    return [names[-1], *names[:-1]] if sunday_first else names
