"""``/``: what goes out now and next, what needs a person, what is held, readers in numbers."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta

from flask import render_template

from ...domain.delivery import State
from ...domain.delivery_words import told
from ...domain.finding import Severity
from ...domain.message import Message
from ...domain.records import Delivery
from ...domain.role import Right
from ...domain.stale_approvals import in_words as voided_words
from ...review.item_view import Badge
from ...review.packet import finding_groups
from ...review.packet_formatting import channel_words
from ...services.senders import who_sends
from ...services.status import advice
from ..security import RoutesWithRoles
from .badges import delivery_badge, message_badge
from .page_context import PageContext, SeasonResolver

#: So long before it goes out a message that lacks approval is everybody's business.
SOON = timedelta(days=3)
_SHOWN = 6
_WAITING = 10


@dataclass(frozen=True, slots=True)
class Row:
    """One message on the page."""

    item: str
    title: str
    channel: str
    due_at: datetime
    badge: Badge
    note: str = ""


def add_today(app: RoutesWithRoles, seasons: SeasonResolver) -> None:
    @app.get("/", who=Right.LOOK)
    def today_page() -> str:
        page = seasons.resolve()
        now = page.project.clock.now()
        standing = page.context.how_it_stands()
        waiting = [d for d in page.deliveries if _waits_for_a_person(d, now)]
        soon = [one for one in standing.lacking if one.message.due_at <= now + SOON]
        soon.sort(key=lambda one: (one.message.due_at, one.message.item, one.message.channel))
        sends = who_sends(page.project, page.ledger)
        findings = [f for f in page.rehearsal.findings if f.severity is not Severity.INFO]
        return render_template(
            "staff/today.html",
            went=_went_today(page),
            coming=_coming(page, now)[:_SHOWN],
            waiting=waiting,
            to_do=advice(page.ledger, waiting[:_WAITING], now=now, zone=page.zone, sends=sends),
            standing=standing,
            soon=soon,
            voided=voided_words(standing.voided),
            groups=finding_groups(findings),
            states=Counter(d.state for d in page.deliveries),
            readers=page.ledger.subscribers.count(),
            closed=sum(d.closed_before_start for d in page.deliveries),
            day_number=(page.today - page.rehearsal.plan.season.start_on).days + 1,
        )


def _waits_for_a_person(delivery: Delivery, now: datetime) -> bool:
    return delivery.needs_a_person() or (delivery.state is State.SCHEDULED and delivery.due_at <= now)


def _went_today(page: PageContext) -> list[Row]:
    """What was due today and is over, whatever came of it."""
    done = (d for d in page.deliveries if d.on == page.today and d.state not in (State.SCHEDULED, State.SENDING))
    return [_line(page, d) for d in sorted(done, key=lambda d: (d.due_at, d.channel))]


def _coming(page: PageContext, now: datetime) -> list[Row]:
    """What is under way or comes next. Before the season is in the ledger, as it is planned."""
    if page.deliveries:
        states = (State.SCHEDULED, State.SENDING)
        left = [d for d in page.deliveries if d.state in states and d.expires_at > now]
        return [_line(page, d) for d in sorted(left, key=lambda d: (d.due_at, d.channel))]
    planned = sorted((m for m in page.rehearsal.everything if m.due_at > now), key=lambda m: (m.due_at, m.channel))
    return [
        Row(m.item, page.titles.get(m.item, m.item), channel_words(m.channel), m.due_at, message_badge(page, m, ()))
        for m in planned
    ]


def _line(page: PageContext, delivery: Delivery) -> Row:
    message: Message | None = page.rehearsal.message(delivery.item, delivery.channel)
    badge = delivery_badge(delivery)
    if delivery.state is State.SCHEDULED and message is not None:
        badge = message_badge(page, message, ())
    title = page.titles.get(delivery.item, delivery.item)
    said = told(delivery, page.zone)
    return Row(delivery.item, title, channel_words(delivery.channel), delivery.due_at, badge, said)
