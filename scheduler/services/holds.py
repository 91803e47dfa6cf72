"""Stop at once, and go on: holds, and what was passed over during one."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from textwrap import shorten
from typing import TYPE_CHECKING

from ..domain.campaign import ItemText, Kind
from ..domain.delivery import State
from ..domain.formatting import counted
from ..domain.message import Message, PostBody
from ..domain.planned_item import PlannedItem
from ..domain.reason import HoldReason
from ..domain.records import (
    ALL_CAMPAIGNS,
    ALL_CHANNELS,
    ANY_CAMPAIGN,
    SOMETHING_TERRIBLE,
    Batch,
    Delivery,
    Hold,
    same_hold,
)
from ..domain.refusals import Refusal, Refused
from ..domain.rehearsal import Rehearsal
from ..domain.season_key import SeasonKey
from ..errors import ObservanceError
from ..light_dataclass import dataclass
from ..project import campaign_ids
from .context import Context, act, checked_reason
from .seasons import find_season

if TYPE_CHECKING:
    from ..settings.model import Notices

#: How much of what comes is shown to somebody who has just stopped it.
MOST_NEXT = 4
_BEGINNING = 280
#: Why something was left out, where the person who decides after a hold says no more.
PASSED_OVER = "passed over during a hold"
#: What can still be left out of the season.
MAY_SKIP = (State.SCHEDULED, State.HELD)


@dataclass(frozen=True)
class Held:
    """A hold that is in force. ``under_way``: calls that it comes too late for."""

    hold: Hold
    under_way: tuple[tuple[Delivery, Batch], ...]
    again: bool = False  # the same person had said the same already


@dataclass(frozen=True)
class Resumed:
    """What waits for a decision after a hold. ``passed_over``: what fell due under the hold that ended now. ``still``:
    the holds that are in force all the same. ``ended``: the holds that this ended, and ``pauses`` the channels whose
    pause after failed calls it ended; both empty where nothing was on hold."""

    waiting: tuple[Delivery, ...]
    passed_over: tuple[Delivery, ...]
    still: tuple[Hold, ...] = ()
    ended: tuple[Hold, ...] = ()
    pauses: tuple[str, ...] = ()


@dataclass(frozen=True)
class DueNext:
    """An item to come, and what each channel would say."""

    campaign: str
    zone: str
    planned: PlannedItem
    messages: tuple[Message, ...]

    @property
    def may_give_way(self) -> bool:
        """Whether another item may have its day; one that a date names keeps it."""
        from ..planner.season_plan import names_a_date  # whoever stops something does not wait for it

        return self.planned.day is None or not names_a_date(self.planned.day)

    @property
    def due_at(self) -> datetime:
        return min(message.due_at for message in self.messages)


@act
def hold(
    context: Context, channel: str, reason: str, campaign: str = ALL_CAMPAIGNS, *, is_terrible: bool = False
) -> Held:
    """Stop a channel (``*``: all) before the next call, in every process; of one campaign, or of all.

    ``is_terrible``: because something terrible happened. A reason stands ready, with ``reason`` behind it, and the
    deputy is told at once.
    """
    code = HoldReason.SOMETHING_TERRIBLE if is_terrible else HoldReason.BY_A_PERSON
    reason = terrible_reason(reason) if is_terrible else reason
    _see_channel(context, channel)
    _see_campaign(context, campaign)
    why, ledger, who = checked_reason(reason), context.ledger, context.actor.name
    known = same_hold(ledger.holds.in_force(), channel, who, why, campaign)
    return Held(
        known or ledger.holds.set(channel, who=who, why=why, now=context.now(), campaign=campaign, reason=code),
        ledger.deliveries.calls_under_way(channel, campaign),
        again=known is not None,
    )


@act
def resume(context: Context, channel: str, campaign: str = ALL_CAMPAIGNS) -> Resumed:
    """End the holds of a channel (``*``: all). Nothing goes out by itself.

    ``campaign``: the holds of this one. Without it those end that were set for every campaign; a campaign's own hold
    goes on, unless ANY_CAMPAIGN is said. Called again when nothing is held, it returns what still waits from an
    earlier hold.
    """
    _see_channel(context, channel)
    ledger, before, paused = context.ledger, context.ledger.holds.in_force(), _paused(context)
    if campaign != ANY_CAMPAIGN and not any(h.campaign == campaign for h in before):
        _see_campaign(context, campaign)  # one whose folder is gone may still be held
    passed_over = ledger.holds.release(channel, who=context.actor.name, now=context.now(), campaign=campaign)
    still, now_paused = ledger.holds.in_force(), _paused(context)
    ended = tuple(h for h in before if h not in still), tuple(name for name in paused if name not in now_paused)
    if passed_over:
        return Resumed(passed_over, passed_over, still, *ended)
    waiting: list[Delivery] = []
    for campaign_id in campaign_ids(context.project.root):
        if campaign not in (ALL_CAMPAIGNS, ANY_CAMPAIGN, campaign_id):
            continue
        try:
            season = find_season(context.project, campaign_id, None)
        except ObservanceError:
            continue  # the hold is over all the same; `status` and `check` say what is wrong with the campaign
        of_season = context.ledger.deliveries.of_season(context.mode, SeasonKey(campaign_id, season.year))
        waiting += [d for d in of_season if d.awaits_decision and channel in (ALL_CHANNELS, d.channel)]
    return Resumed(tuple(waiting), (), still, *ended)


def terrible_reason(more: str = "") -> str:
    """The reason that stands ready, with a person's own words behind it."""
    return f"{SOMETHING_TERRIBLE} {more}".strip()


def told_of_a_hold(notices: Notices) -> str:
    """Who learns of a hold that somebody sets, and how, in sentences."""
    seen = "Whoever opens these pages sees it at once, with your name and your reason, and it stands in the history."
    if not notices.ways():
        return f"{seen} No message goes out about it."
    if not notices.hold_hours:
        return f"{seen} Nobody gets a message about it."
    return f"{seen} If it lasts {counted(notices.hold_hours, 'hour')}, those who get the notices are told."


def due_next(rehearsal: Rehearsal, now: datetime) -> tuple[DueNext, ...]:
    """The next items of a season that readers do not have yet, each with what it would say."""
    found: list[DueNext] = []
    for planned in rehearsal.plan.items:
        of_item = tuple(
            m for m in rehearsal.messages if m.item == planned.item.id and not rehearsal.has_gone_by(m, now)
        )
        if of_item and len(found) < MOST_NEXT:
            campaign = rehearsal.plan.campaign
            found.append(DueNext(campaign.id, campaign.time_zone, planned, of_item))
    return tuple(found)


def beginning(message: Message) -> str:
    """The first words of a message, for somebody who asks whether they can be said today."""
    body = message.body
    words = body.whole_text if isinstance(body, PostBody) else body.text
    text = shorten(words, _BEGINNING, placeholder=" ...")
    return text if isinstance(body, PostBody) else f"\u201c{body.subject}\u201d, then \u201c{body.preheader}\u201d"


def gentle_spares(rehearsal: Rehearsal) -> tuple[ItemText, ...]:
    """Items of the kind *rest* that stand ready in the pool and have no day: for a day that is too hard for the day's
    own item."""
    plan, taken = rehearsal.plan, {planned.item.id for planned in rehearsal.plan.items}
    items = (plan.campaign.items.get(name) for name in plan.campaign.pool.items if name not in taken)
    return tuple(item for item in items if item is not None and item.kind is Kind.REST)


def _paused(context: Context) -> tuple[str, ...]:
    return tuple(pause.channel for pause in context.ledger.pauses.in_force(context.mode, now=context.now()))


@act
def let_go(context: Context, delivery_id: int) -> Delivery:
    """Let what was passed over go at the next pass, while its window is open."""
    delivery = delivery_of(context, delivery_id)
    if not delivery.awaits_decision:
        raise Refused(Refusal.NOT_WAITING, delivery=delivery_id)
    if delivery.expires_at <= context.now():
        raise window_closed(delivery)
    if not context.ledger.deliveries.release(delivery_id, who=context.actor.name, now=context.now()):
        raise Refused(Refusal.NOT_WAITING, delivery=delivery_id)
    return delivery


@act
def skip(context: Context, delivery_ids: Collection[int], reason: str) -> int:
    """Leave deliveries out of the season, as far as they have not gone. Returns how many."""
    why, ledger, now = checked_reason(reason), context.ledger, context.now()
    wanted = [d for i in delivery_ids if (d := ledger.deliveries.find(i)) is not None and d.state in MAY_SKIP]
    skipped = sum(ledger.deliveries.skip(d.id, who=context.actor.name, why=why, now=now) for d in wanted)
    if not skipped:
        raise Refused(Refusal.NOTHING_TO_SKIP)
    return skipped


def delivery_of(context: Context, delivery_id: int) -> Delivery:
    """Raises Refused where there is no delivery of that number."""
    found = context.ledger.deliveries.find(delivery_id)
    if found is None:
        raise Refused(Refusal.NO_SUCH_DELIVERY, delivery=delivery_id)
    return found


def window_closed(delivery: Delivery) -> Refused:
    return Refused(Refusal.WINDOW_CLOSED, delivery=delivery.id, item=delivery.item, channel=delivery.channel)


def _see_channel(context: Context, channel: str) -> None:
    known = context.project.settings.channels
    if channel != ALL_CHANNELS and channel not in known:
        raise Refused(Refusal.NO_SUCH_CHANNEL, channel=channel, known=", ".join(known))


def _see_campaign(context: Context, campaign: str) -> None:
    known = campaign_ids(context.project.root)
    if campaign != ALL_CAMPAIGNS and campaign not in known:
        raise Refused(Refusal.NO_SUCH_CAMPAIGN, campaign=campaign, known=", ".join(known))


def held_alone(context: Context, campaign: str) -> bool:
    """Whether a campaign has a hold of its own."""
    return any(hold.campaign == campaign for hold in context.ledger.holds.in_force())
