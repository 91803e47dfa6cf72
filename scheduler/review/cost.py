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
            of_channel = counted.setdefault(message.channel, [0, 0, 0])
            of_channel[message.body.contains_url] += 1  # [plain, linked, with a picture]
            of_channel[2] += message.body.picture is not None
    costs = []
    for channel, (plain, linked, shown) in sorted(counted.items()):
        known = settings.channels.get(channel)
        prices = prices_of(known) if known else None
        if known is None or prices is None:
            continue
        # Rounded to a tenth of a cent: the sums of such prices are no exact binary fractions.
        parts = {"without": (plain, prices.post), "with": (linked, prices.post_with_link)}
        lines = {f"{n} {with_} a link at ${price:.3f}": round(n * price, 3) for with_, (n, price) in parts.items() if n}
        if shown and prices.alt_text:
            lines[f"{shown} alternative texts at ${prices.alt_text:.3f}"] = round(shown * prices.alt_text, 3)
        dollars = round(sum(lines.values()), 3)
        note, limit = "", float(known.options.get("spending_limit", 0))
        if linked and prices.post_with_link > prices.post:
            saved = round(linked * (prices.post_with_link - prices.post), 3)
            note = f"{linked} of {plain + linked} posts carry a link; without links it would be ${saved:.2f} less."
        if limit and dollars > limit:
            note = f"The spending limit of ${limit:.2f} stops it before its end. {note}".rstrip()
        costs.append(Cost(channel, plain + linked, linked, dollars, note, lines))
    return tuple(costs)
