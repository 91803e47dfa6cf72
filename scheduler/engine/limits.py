"""What keeps the next call waiting: how many calls there may be in a span of time, how much money in a season, and a
pause. All are read from the ledger, so that a restart forgets none, and several programs share them.

A provider in trouble is left alone, and tried again with one small call. Without this a provider that is silent costs a
doubt for each call of a mailing, and one that refuses everybody ends all of them. See docs/decisions/0016.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from ..channels.registry import prices_of, spec_of
from ..channels.spec import CallLimit, Transport
from ..clock import Clock
from ..domain.message import Message, PostBody
from ..domain.outcome import Bearing, Outcome, OutcomeKind, bearing_of, refuses_everybody
from ..domain.pause import LONGEST_PAUSE
from ..domain.reason import Reason, ReasonCode, because
from ..domain.records import Delivery
from ..domain.season_key import SeasonKey
from ..light_dataclass import dataclass
from ..settings import ChannelSettings, Settings

if TYPE_CHECKING:
    from ..store import Ledger

log = logging.getLogger(__name__)


def call_limit(channel: ChannelSettings) -> CallLimit | None:
    """The limit of a channel: the one that is set, else the published one; None where there is none."""
    calls, minutes = int(channel.options.get("max_calls", 0)), int(channel.options.get("max_calls_minutes", 15))
    return CallLimit(calls, timedelta(minutes=minutes)) if calls else spec_of(channel).calls


def calls_in_flight(channel: ChannelSettings) -> int:
    """How many calls of a lane there may be at the same time: as set, and never more than the channel bears."""
    return min(int(channel.options.get("max_in_flight", 1)), spec_of(channel).lines_in_flight)


def next_call_at(began: Sequence[datetime], limit: CallLimit, now: datetime) -> datetime | None:
    """When the next call may begin; None: now. ``began``: when earlier ones did, earliest first."""
    recent = [at for at in began if at > now - limit.span]
    return recent[-limit.calls] + limit.span if len(recent) >= limit.calls else None


def price_of(message: Message, channel: ChannelSettings) -> float:
    """US dollars for a call with this message; 0 where the provider asks for none, or for no single call."""
    prices = prices_of(channel)
    if prices is None or not isinstance(message.body, PostBody):
        return 0.0
    return prices.of(message.body)


@dataclass(frozen=True)
class Leave:
    """Whether the next call of a channel may begin."""

    waits: tuple[Reason, ...] = ()  # why not
    detail: str = ""
    small: bool = False  # better for one reader: nobody knows what became of the call before
    alone: bool = False  # the provider had trouble: no other call is to be under way
    waits_for_own: bool = False  # and one of the same lane is


class Limits:
    """The limits of all channels, against one ledger."""

    def __init__(self, ledger: Ledger, settings: Settings) -> None:
        self._ledger = ledger
        self._mode = str(settings.mode)
        self._channels = settings.channels
        self._known: dict[str, float] = {}  # digest -> price

    def of(self, channel: str, now: datetime) -> tuple[int, datetime] | None:
        """How many calls there may be, counted since when; None: as many as you like."""
        limit = self._limit(channel)
        return (limit.calls, now - limit.span) if limit is not None else None

    def _limit(self, channel: str) -> CallLimit | None:
        settings = self._channels.get(channel)
        return call_limit(settings) if settings else None

    def leave_for(
        self, channel: str, transport: Transport, lease: timedelta, clock: Clock, *, in_flight: bool = False
    ) -> Leave:
        """Look before each call. After a pause one program asks the provider whether it is there, if that can be asked,
        and then makes one call; ``lease``: how long the others wait for it. ``in_flight``: a call of the same lane is
        under way."""
        now, pauses = clock.now(), self._ledger.pauses
        if (why := self.too_many_calls(channel, now)) is not None:
            return Leave((why,))
        pause = pauses.find(self._mode, channel)
        if pause is None:
            return Leave()
        if in_flight:
            return Leave(waits_for_own=True)
        if pause.until_at is None:
            return Leave(alone=True)
        now = clock.now()
        if pause.holds_at(now) or not pauses.take_probe(  # another program does
            self._mode, channel, seen=pause, until_at=now + min(lease, LONGEST_PAUSE)
        ):
            return Leave(pause.why(), pause.detail)
        answer = transport.ask(now=now)
        if answer is None or bearing_of(answer) is not Bearing.TROUBLE:
            return Leave(small=pause.is_doubtful, alone=True)
        pause = pauses.note_bearing(self._mode, channel, answer, now=clock.now()) or pause
        log.warning("%s is still in trouble and stays paused", channel, extra={"action": "channel_paused"})
        return Leave(pause.why(), pause.detail)

    def are_far(self, channel: str, now: datetime) -> bool:
        """Whether neither a pause nor the number of calls keeps any waiting. Asked once for many; the limit is counted
        again with each intent."""
        return self.too_many_calls(channel, now) is None and self._ledger.pauses.find(self._mode, channel) is None

    def too_many_calls(self, channel: str, now: datetime) -> Reason | None:
        """Why the next call of a channel has to wait, and until when; None when it may begin."""
        until = self._ledger.calls.refused_until(self._mode, channel, now=now)
        if until is not None:
            return because(ReasonCode.PROVIDER_LIMIT, until_at=until)
        limit = self._limit(channel)
        if limit is None:
            return None
        calls, since = self._ledger.calls, now - limit.span
        if not calls.are_so_many(self._mode, channel, limit.calls, since=since):
            return None
        at = next_call_at(calls.recent(self._mode, channel, since=since), limit, now)
        minutes = round(limit.span.total_seconds() / 60)
        return because(ReasonCode.CALL_LIMIT, until_at=at, calls=limit.calls, minutes=minutes) if at else None

    def too_much_money(self, delivery: Delivery, message: Message) -> Reason | None:
        """Why this message would pass the season's spending limit; None when it does not."""
        settings = self._channels.get(delivery.channel)
        limit = float(settings.options.get("spending_limit", 0)) if settings else 0.0
        if settings is None or not limit:
            return None
        price = price_of(message, settings)
        spent = self.spent(delivery.season_key, delivery.channel, but_not=delivery.id)
        passes = round(spent + price, 3) > limit
        return because(ReasonCode.SPENDING_LIMIT, limit=limit, spent=spent, price=price) if passes else None

    def spent(self, key: SeasonKey, channel: str, *, but_not: int = 0) -> float:
        """US dollars that a season has cost on a channel, doubtful calls included; without delivery ``but_not``."""
        settings = self._channels[channel]
        calls = self._ledger.calls.priced(self._mode, key, channel)
        return round(sum(self._price(c.digest, settings) for c in calls if c.delivery_id != but_not), 3)

    def _price(self, digest: str, channel: ChannelSettings) -> float:
        if digest not in self._known:
            message = self._ledger.lookups.sent_message(digest)
            self._known[digest] = price_of(message, channel) if message else 0.0
        return self._known[digest]


def kept_waiting(outcome: Outcome, *, readers: int, now: datetime) -> Outcome:
    """A refusal that holds for every other call as well ends none of them: it waits until somebody has put it right.
    One that was too large for several readers goes again in parts. ``readers``: of the call; a post has none.

    Of a post only refused keys are that: what else a network forbids may be about this very post.
    """

    def kept(end: Outcome) -> Outcome:
        waits = refuses_everybody(end, keys_alone=readers == 0)
        return replace(end, kind=OutcomeKind.LATER, retry_at=None) if waits else end

    if outcome.kind is OutcomeKind.FINAL and readers > 1 and _has(outcome, ReasonCode.TOO_LARGE):
        return replace(outcome, kind=OutcomeKind.LATER, retry_at=now)
    return kept(replace(outcome, per_recipient={who: kept(end) for who, end in outcome.per_recipient.items()}))


def is_too_large(outcome: Outcome) -> bool:
    """Whether the call is to be made again in parts."""
    return outcome.kind is OutcomeKind.LATER and _has(outcome, ReasonCode.TOO_LARGE)


def _has(outcome: Outcome, code: ReasonCode) -> bool:
    return any(reason.code is code for reason in outcome.reasons)
