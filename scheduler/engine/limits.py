"""Limits before a call: how many calls in a span of time, how much money in a season. Both are read from the ledger,
so that a restart forgets neither, and several programs share them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from ..channels.registry import prices_of, spec_of
from ..channels.spec import CallLimit
from ..domain.message import Message, PostBody
from ..domain.reason import Reason, ReasonCode, because
from ..domain.records import Delivery
from ..domain.season_key import SeasonKey
from ..settings import ChannelSettings, Settings

if TYPE_CHECKING:
    from ..store import Ledger


def call_limit(channel: ChannelSettings) -> CallLimit | None:
    """The limit of a channel: the one that is set, else the published one; None where there is none."""
    calls = int(channel.options.get("max_calls", 0))
    if not calls:
        return spec_of(channel).calls
    return CallLimit(calls, timedelta(minutes=int(channel.options.get("max_calls_minutes", 15))))


def next_call_at(began: Sequence[datetime], limit: CallLimit, now: datetime) -> datetime | None:
    """When the next call may begin; None: now. ``began``: when earlier ones did, earliest first."""
    recent = [at for at in began if at > now - limit.span]
    if len(recent) < limit.calls:
        return None
    return recent[-limit.calls] + limit.span


def price_of(message: Message, channel: ChannelSettings) -> float:
    """US dollars for a call with this message; 0 where the provider asks for none, or for no single call."""
    prices = prices_of(channel)
    if prices is None or not isinstance(message.body, PostBody):
        return 0.0
    return prices.post_with_link if message.body.contains_url else prices.post


class Limits:
    """The limits of all channels, against one ledger."""

    def __init__(self, ledger: Ledger, settings: Settings) -> None:
        self._ledger = ledger
        self._mode = str(settings.mode)
        self._channels = settings.channels
        self._known: dict[str, float] = {}  # digest -> price

    def too_many_calls(self, channel: str, now: datetime) -> Reason | None:
        """Why the next call of a channel has to wait, and until when; None when it may begin."""
        until = self._ledger.calls.refused_until(self._mode, channel, now=now)
        if until is not None:
            return because(ReasonCode.PROVIDER_LIMIT, until_at=until)
        settings = self._channels.get(channel)
        limit = call_limit(settings) if settings else None
        if limit is None:
            return None
        at = next_call_at(self._ledger.calls.recent(self._mode, channel, since=now - limit.span), limit, now)
        if at is None:
            return None
        minutes = round(limit.span.total_seconds() / 60)
        return because(ReasonCode.CALL_LIMIT, until_at=at, calls=limit.calls, minutes=minutes)

    def too_much_money(self, delivery: Delivery, message: Message) -> Reason | None:
        """Why this message would pass the season's spending limit; None when it does not."""
        settings = self._channels.get(delivery.channel)
        limit = float(settings.options.get("spending_limit", 0)) if settings else 0.0
        if settings is None or not limit:
            return None
        price = price_of(message, settings)
        spent = self.spent(delivery.season_key, delivery.channel, but_not=delivery.id)
        if round(spent + price, 3) <= limit:
            return None
        return because(ReasonCode.SPENDING_LIMIT, limit=limit, spent=spent, price=price)

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
