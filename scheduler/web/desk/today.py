"""``/``: what goes out now and next, what needs a person, what is held, readers in numbers."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta

from flask import render_template, request

from ...bootstrap.status import advice
from ...domain.access import Right
from ...domain.delivery import State
from ...domain.delivery_words import told
from ...domain.finding import Severity
from ...domain.ledger import Delivery
from ...domain.message import Message
from ...domain.voided import in_words as voided_words
from ...review.item_view import Badge
from ...review.packet import finding_groups
from ...review.words import channel_words
from ..access import RoutesWithRoles
from .here import Here, Seasons
from .view import delivery_badge, message_badge

#: So long before it goes out a message that lacks approval is everybody's business.
SOON = timedelta(days=3)
_SHOWN = 6
_WAITING = 10


@dataclass(frozen=True, slots=True)
class Line:
    """One message on the page."""

    item: str
    title: str
    channel: str
    due_at: datetime
    badge: Badge
    note: str = ""


def add_today(app: RoutesWithRoles, seasons: Seasons) -> None:
    @app.get("/", who=Right.LOOK)
    def today_page() -> str:
        here = seasons.here()
        now = here.project.clock.now()
        standing = here.desk.how_it_stands()
        waiting = [d for d in here.deliveries if _waits_for_a_person(d, now)]
        soon = [one for one in standing.lacking if one.message.due_at <= now + SOON]
        soon.sort(key=lambda one: (one.message.due_at, one.message.item, one.message.channel))
        sends = here.project.who_sends(here.ledger)
        findings = [f for f in here.rehearsal.findings if f.severity is not Severity.INFO]
        return render_template(
            "desk/today.html",
            done=request.args.get("done", ""),
            went=_went_today(here),
            coming=_coming(here, now)[:_SHOWN],
            waiting=waiting,
            to_do=advice(here.ledger, waiting[:_WAITING], now=now, zone=here.zone, sends=sends),
            standing=standing,
            soon=soon,
            voided=voided_words(standing.voided),
            groups=finding_groups(findings),
            states=Counter(d.state for d in here.deliveries),
            readers=here.ledger.count_subscribers(),
            closed=sum(d.closed_before_start for d in here.deliveries),
            day_number=(here.today - here.rehearsal.plan.season.start_on).days + 1,
        )


def _waits_for_a_person(delivery: Delivery, now: datetime) -> bool:
    return delivery.needs_a_person() or (delivery.state is State.SCHEDULED and delivery.due_at <= now)


def _went_today(here: Here) -> list[Line]:
    """What was due today and is over, whatever came of it."""
    done = (d for d in here.deliveries if d.on == here.today and d.state not in (State.SCHEDULED, State.SENDING))
    return [_line(here, d) for d in sorted(done, key=lambda d: (d.due_at, d.channel))]


def _coming(here: Here, now: datetime) -> list[Line]:
    """What is under way or comes next. Before the season is in the ledger, as it is planned."""
    if here.deliveries:
        states = (State.SCHEDULED, State.SENDING)
        left = [d for d in here.deliveries if d.state in states and d.expires_at > now]
        return [_line(here, d) for d in sorted(left, key=lambda d: (d.due_at, d.channel))]
    planned = sorted((m for m in here.rehearsal.everything if m.due_at > now), key=lambda m: (m.due_at, m.channel))
    return [
        Line(m.item, here.titles.get(m.item, m.item), channel_words(m.channel), m.due_at, message_badge(here, m, ()))
        for m in planned
    ]


def _line(here: Here, delivery: Delivery) -> Line:
    message: Message | None = here.rehearsal.message(delivery.item, delivery.channel)
    badge = delivery_badge(delivery)
    if delivery.state is State.SCHEDULED and message is not None:
        badge = message_badge(here, message, ())
    title = here.titles.get(delivery.item, delivery.item)
    said = told(delivery, here.zone)
    return Line(delivery.item, title, channel_words(delivery.channel), delivery.due_at, badge, said)
