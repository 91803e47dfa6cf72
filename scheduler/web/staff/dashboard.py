"""``/``: what goes out now and next, what needs a person, what is held, readers in numbers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import datetime, timedelta

from flask import render_template, request

from ...content.renewal import HEADINGS
from ...domain.delivery import State
from ...domain.finding import Severity
from ...domain.message import Message
from ...domain.records import Delivery
from ...domain.role import Right
from ...domain.stale_approvals import in_words as voided_words
from ...domain.standing_request import StandingRequest, WaitsFor
from ...errors import UsageError
from ...light_dataclass import dataclass
from ...review.causes import causes_of
from ...review.item_view import Since
from ...review.message_state import (
    WORST_FIRST,
    Badge,
    MessageState,
    approval_badge,
    delivery_badge,
    request_badge,
    worst_of,
)
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
from .item_rows import rows_by_item
from .page_context import PageContext, queue_of, resolve

#: So long before it goes out a message that lacks approval is everybody's business.
SOON = timedelta(days=3)
#: What has not ended yet.
GOING = (State.SCHEDULED, State.SENDING)
_SHOWN = 6
_WAITING = 10


@dataclass(frozen=True)
class Need:
    """What waits for a person, of one item."""

    item: str
    deliveries: list[Delivery]
    requests: list[StandingRequest]

    @property
    def badge(self) -> Badge:
        states = [MessageState(delivery_badge(d)) for d in self.deliveries]
        states += [MessageState(request_badge(r)) for r in self.requests]
        return (worst_of(states) or states[0]).badge

    @property
    def requests_alike(self) -> list[tuple[StandingRequest, list[str]]]:
        """What one person asked for, once, with its channels. How far one of them has come stands in its own line."""
        found: dict[tuple[str, str, bool], tuple[StandingRequest, list[str]]] = {}
        told = {d.channel for d in self.deliveries}
        for one in sorted(self.requests, key=lambda one: one.sent is not None):
            apart = one.sent is not None and (one.waits_for is WaitsFor.NOBODY or one.request.channel not in told)
            found.setdefault((one.request.person, one.waits_for, apart), (one, []))[1].append(one.request.channel)
        return [(one, sorted(channels)) for one, channels in found.values()]


@get("/", who=Right.LOOK)
def today_page() -> str:
    return _page(resolve())


def _page(page: PageContext, trouble: ActionError | None = None) -> str:
    now, today = page.context.now(), page.today
    standing = page.standing
    waiting = [d for d in page.deliveries if d.needs_a_person() or (d.state is State.SCHEDULED and d.due_at <= now)]
    lost = losses.unseen(page.ledger, waiting, now)
    waiting = [d for d in waiting if not d.is_lost(now)]
    soon = [one.message for one in standing.lacking if one.message.due_at <= now + SOON]
    to_come = [m for m in page.rehearsal.everything if not page.rehearsal.is_over(m, now)]
    causes = causes_of(page.rehearsal, to_come, waived=page.project.waived())
    sends = who_sends(page.project, page.ledger, page.campaign.id)
    done = [d for d in page.deliveries if d.on == today and d.state not in GOING]
    return render_template(
        "staff/today.html",
        went=rows_by_item(page, done),
        coming=rows_by_item(page, _coming(page, now))[:_SHOWN],
        needs=_needs(page, waiting[:_WAITING], standing.requests),
        waiting=waiting,
        lost=lost,
        alike=_alike(page) if visitor().may(Right.REVIEW) else (),
        record_changes=queue_of(page, visitor()).record_changes if visitor().may(Right.REVIEW) else (),
        trouble=trouble,
        to_do=advice(page.ledger, waiting[:_WAITING], now=now, zone=page.zone, sends=sends, only=page.only),
        standing=standing,
        soon=_waiting(page, (m for m in soon if m.item not in {r.request.item for r in standing.requests})),
        causes=causes,
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


def _coming(page: PageContext, now: datetime) -> Iterable[Message | Delivery]:
    """What is under way or comes next. Before the season is in the ledger, as it is planned."""
    if page.deliveries:
        return [d for d in page.deliveries if d.state in GOING and d.expires_at > now]
    return [m for m in page.rehearsal.everything if m.due_at > now]


def _waiting(page: PageContext, soon: Iterable[Message]) -> list[tuple[Message, list[str], Badge]]:
    """What waits for approval, by item: the first message of it, its channels, and who is waited for."""
    found: dict[tuple[datetime, str], list[Message]] = {}
    for message in sorted(soon, key=lambda m: (m.due_at, m.item, m.channel)):
        found.setdefault((message.due_at, message.item), []).append(message)
    waited_for = page.who_is_waited_for
    return [
        (
            together[0],
            [m.channel for m in together],
            approval_badge(tuple({name: None for m in together for name in waited_for.get((m.item, m.channel), ())})),
        )
        for together in found.values()
    ]


def _needs(page: PageContext, waiting: Iterable[Delivery], requests: Iterable[StandingRequest]) -> list[Need]:
    """What a person settles, by item: what nobody can tell comes first."""
    found: dict[str, Need] = {}
    for delivery in waiting:
        found.setdefault(delivery.item, Need(delivery.item, [], [])).deliveries.append(delivery)
    for one in requests:
        found.setdefault(one.request.item, Need(one.request.item, [], [])).requests.append(one)
    return sorted(found.values(), key=lambda need: WORST_FIRST.index(need.badge.kind))
