"""What a season will cost at the providers' published prices, before the first message is sent."""

from __future__ import annotations

from collections.abc import Iterable

from ..channels.registry import prices_of
from ..domain.approval import Cost
from ..domain.message import Message, PostBody
from ..settings import Settings


def forecast(messages: Iterable[Message], settings: Settings) -> tuple[Cost, ...]:
    """US dollars by channel, for channels whose provider has a price a post: the one that is set, else the published
    one."""
    counted: dict[str, list[int]] = {}
    for message in messages:
        if isinstance(message.body, PostBody):
            plain_and_linked = counted.setdefault(message.channel, [0, 0])
            plain_and_linked[message.body.contains_url] += 1
    costs = []
    for channel, (plain, linked) in sorted(counted.items()):
        known = settings.channels.get(channel)
        prices = prices_of(known) if known else None
        if known and prices:
            limit = float(known.options.get("spending_limit", 0))
            costs.append(_cost(channel, plain, linked, prices.post, prices.post_with_link, limit))
    return tuple(costs)


def _cost(channel: str, plain: int, linked: int, price: float, price_linked: float, limit: float) -> Cost:
    # Rounded to a tenth of a cent: the sums of such prices are no exact binary fractions.
    lines = {}
    if plain:
        lines[f"{plain} without a link at ${price:.3f}"] = round(plain * price, 3)
    if linked:
        lines[f"{linked} with a link at ${price_linked:.3f}"] = round(linked * price_linked, 3)
    dollars = round(plain * price + linked * price_linked, 3)
    note = ""
    if linked and price_linked > price:
        saved = round(linked * (price_linked - price), 3)
        note = f"{linked} of {plain + linked} posts carry a link; without links it would be ${saved:.2f} less."
    if limit and dollars > limit:
        note = f"The spending limit of ${limit:.2f} stops it before its end. {note}".rstrip()
    return Cost(channel, plain + linked, linked, dollars, note, lines)
