"""What a season costs on a channel: the forecast, what is spent, and the limit that a person has set."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from ..domain.approval import Cost
from ..settings import ChannelSettings
from .doctor.doctor_result import dollars


@dataclass(frozen=True, slots=True)
class Spending:
    """US dollars of one channel in one season. ``limit`` 0: none."""

    channel: str
    forecast: float
    spent: float
    limit: float

    @property
    def passes_the_limit(self) -> bool:
        """Whether the season, as it is planned, would be stopped by the limit before its end."""
        return bool(self.limit) and self.forecast > self.limit

    def in_words(self) -> str:
        """x: about $6.00 for the season, $0.20 spent so far; the limit is $8.00"""
        said = f"{self.channel}: about {dollars(self.forecast)} for the season, {dollars(self.spent)} spent so far"
        if not self.limit:
            return f"{said}; no limit is set"
        if self.passes_the_limit:
            return f"{said}; the limit of {dollars(self.limit)} stops it before its end"
        return f"{said}; the limit is {dollars(self.limit)}"


def spending(
    costs: Iterable[Cost], spent: Mapping[str, float], channels: Mapping[str, ChannelSettings]
) -> tuple[Spending, ...]:
    """Beside each forecast what is spent and allowed."""
    return tuple(
        Spending(
            cost.channel,
            cost.dollars,
            spent.get(cost.channel, 0.0),
            float(channels[cost.channel].options.get("spending_limit", 0)) if cost.channel in channels else 0.0,
        )
        for cost in costs
    )
