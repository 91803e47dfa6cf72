"""``/``: what goes out now and next, what needs a person, what is held, readers in numbers."""

from __future__ import annotations

from collections import Counter
from datetime import datetime, timedelta

from flask import render_template, request

from ...content.renewal import HEADINGS
from ...domain.delivery import State
from ...domain.delivery_words import told
from ...domain.finding import Severity
from ...domain.message import Message
from ...domain.records import Delivery
from ...domain.role import Right
from ...domain.stale_approvals import in_words as voided_words
from ...errors import UsageError
from ...review.item_view import Badge, Since
from ...review.packet import finding_groups
from ...review.reviewer_queue import QueueItem
from ...services import approvals, losses
from ...services.roll_forward import left_to_renew
from ...services.senders import who_sends
from ...services.status import advice
from ..responses import pairs_of
from ..routing import get, post
from ..security.guard import visitor
from .form_actions import ActionError, action
from .page_context import PageContext, delivery_badge, message_badge, queue_of, resolve

#: So long before it goes out a message that lacks approval is everybody's business.
SOON = timedelta(days=3)
#: What has not ended yet.
GOING = (State.SCHEDULED, State.SENDING)
_SHOWN = 6
_WAITING = 10


#: A message or its delivery, how it stands, and what is said of it.
Row = tuple[Message | Delivery, Badge, str]


@get("/", who=Right.LOOK)
def today_page() -> str:
    return _page(resolve())


def _page(page: PageContext, trouble: ActionError | None = None) -> str:
    now, today = page.context.now(), page.today
    standing = page.context.how_it_stands()
    waiting = [d for d in page.deliveries if d.needs_a_person() or (d.state is State.SCHEDULED and d.due_at <= now)]
    lost = losses.unseen(page.ledger, waiting, now)
    waiting = [d for d in waiting if not d.is_lost(now)]
    soon = [one for one in standing.lacking if one.message.due_at <= now + SOON]
    sends = who_sends(page.project, page.ledger, page.campaign.id)
    done = [d for d in page.deliveries if d.on == today and d.state not in GOING]
    return render_template(
        "staff/today.html",
        went=[_line(page, d) for d in sorted(done, key=_by_time)],
        coming=_coming(page, now)[:_SHOWN],
        waiting=waiting,
        lost=lost,
        alike=_alike(page) if visitor().may(Right.REVIEW) else (),
        record_changes=queue_of(page, visitor()).record_changes if visitor().may(Right.REVIEW) else (),
        trouble=trouble,
        to_do=advice(page.ledger, waiting[:_WAITING], now=now, zone=page.zone, sends=sends, only=page.only),
        standing=standing,
        soon=sorted(soon, key=lambda one: (one.message.due_at, one.message.item, one.message.channel)),
        voided=voided_words(standing.voided),
        groups=finding_groups(f for f in page.rehearsal.findings if f.severity is not Severity.INFO),
        states=Counter(d.state for d in page.deliveries),
        readers=page.ledger.subscribers.count(page.campaign.id, now=now),
        closed=sum(d.closed_before_start for d in page.deliveries),
        renewals=left_to_renew(page.context),
        headings=HEADINGS,
        day_number=(today - page.rehearsal.plan.season.start_on).days + 1,
    )


def _alike(page: PageContext) -> list[tuple[tuple[QueueItem, ...], tuple[tuple[str, Since], ...]]]:
    """What one change altered in the same way, with that change: by channel, in the first of them."""
    queue = queue_of(page, visitor())
    return [(together, queue.changes(together[0])) for together in queue.alike]


@post("/approve-alike", who=Right.REVIEW)
@action("today_page", _page, form="alike")
def approve_alike(page: PageContext) -> str:
    """Approve what one change altered in the same way, each message in the form whose digest came along."""
    seen = {
        (item, channel): digest
        for item, channel, digest in (v.split(" ") for v in request.form.getlist("seen") if v.count(" ") == 2)
    }
    items = list(dict.fromkeys(item for item, _ in seen))
    if not items:
        raise UsageError("nothing was chosen", hint="open the page again")
    return "approved-alike" if approvals.approve(page.context, items, seen=seen).messages else "already"


@post("/acknowledge", who=Right.RUN)
@action("today_page", _page, form="lost")
def acknowledge_lost(page: PageContext) -> str:
    """Say that one has seen what is lost, as far as it was on the page."""
    shown = {int(number) for number in request.form.getlist("seen") if number.isdecimal()}
    return "lost-seen" if losses.acknowledge(page.context, page.context.key, shown) else "lost-seen-before"


@post("/see-records", who=Right.REVIEW)
@action("today_page", _page, form="records")
def see_records(page: PageContext) -> str:
    """One tap for all that rests on records that changed, while nothing did that readers get."""
    seen = pairs_of(request.form.getlist("record"))
    return "records-seen" if approvals.see_records(page.context, seen) else "already"


def _by_time(about: Message | Delivery) -> tuple[datetime, str]:
    return about.due_at, about.channel


def _coming(page: PageContext, now: datetime) -> list[Row]:
    """What is under way or comes next. Before the season is in the ledger, as it is planned."""
    if page.deliveries:
        left = [d for d in page.deliveries if d.state in GOING and d.expires_at > now]
        return [_line(page, d) for d in sorted(left, key=_by_time)]
    planned = sorted((m for m in page.rehearsal.everything if m.due_at > now), key=_by_time)
    return [(m, message_badge(page, m, ()), "") for m in planned]


def _line(page: PageContext, delivery: Delivery) -> Row:
    message = page.message_of(delivery)
    if delivery.state is State.SCHEDULED and message is not None:
        return delivery, message_badge(page, message, ()), told(delivery, page.zone)
    return delivery, delivery_badge(delivery), told(delivery, page.zone)
