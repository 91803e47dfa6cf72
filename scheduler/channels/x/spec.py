"""X, as the rest of the program knows it. Figures: docs.x.com, pricing and rate limits, 20 April 2026."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import timedelta
from functools import lru_cache

from ...domain.message import Message
from ...domain.outcome import Recipient, Request
from ...settings import setting
from ...settings.values import day, handle
from ..spec import (
    CARD_SIZE,
    CallLimit,
    ChannelContext,
    ChannelSpec,
    PictureRules,
    PostRules,
    Prices,
    Secret,
    Simulator,
    StandIn,
    StandInOrder,
    Transport,
)

_LIMIT = 280
_PRICES = Prices(post=0.015, post_with_link=0.2, alt_text=0.005)


def _build(context: ChannelContext, message: Message, *, send_id: str, recipients: Sequence[Recipient]) -> Request:
    from .build import build_post

    return build_post(message)


def _transport(context: ChannelContext) -> Transport:
    from .send import XTransport

    return XTransport(context)


def _count(text: str, tlds: frozenset[str]) -> int:
    from .weighted_length import weighted_length

    return weighted_length(text, _with_withdrawn(tlds))


def _find_links(text: str, tlds: frozenset[str]) -> list[tuple[int, int]]:
    from .weighted_length import find_urls

    return find_urls(text, _with_withdrawn(tlds))


@lru_cache(maxsize=2)  # the same for all posts
def _with_withdrawn(tlds: frozenset[str]) -> frozenset[str]:
    """Some were withdrawn since; X still takes them for addresses."""
    from ..published_tlds import PUBLISHED

    return tlds | PUBLISHED


def _problems(text: str) -> Iterator[tuple[str, str, str]]:
    from .weighted_length import cashtags, mentions

    for name in dict.fromkeys(mentions(text)):
        yield "N107", f"the post addresses @{name}", f"@{name}"
    symbols = cashtags(text)
    if len(symbols) > 1:
        listed = ", ".join(f"${s}" for s in symbols)
        yield "N108", f"the post holds {len(symbols)} cashtags: {listed}", symbols[0]


def _stand_in(order: StandInOrder) -> StandIn:
    from .simulator import stand_in

    return stand_in(order)


SPEC = ChannelSpec(
    name="x",
    title="X",
    kind="post",
    help="posts to one account on X",
    base_url="https://api.x.com",
    build=_build,
    transport=_transport,
    settings=(
        CARD_SIZE,
        setting("handle", "", "The account's name, without @; shown in previews only.", check=handle),
        setting("price_per_post", _PRICES.post, "US dollars for a post without a link.", least=0, most=1000),
        setting(
            "price_per_post_with_link", _PRICES.post_with_link, "US dollars for a post with a link.", least=0, most=1000
        ),
        setting(
            "price_per_alt_text",
            _PRICES.alt_text,
            "US dollars for the alternative text of a picture.",
            least=0,
            most=1000,
        ),
        setting("prices_dated", "2026-04-20", "The day on which those prices were published.", check=day),
        setting(
            "character_limit",
            _LIMIT,
            "How long a post may be, as X counts. Accounts that pay X may write longer ones.",
            least=1,
            most=25000,
        ),
        setting(
            "spending_limit",
            0.0,
            "US dollars for a season of one campaign. A post that would pass it is not sent. 0: no limit.",
            least=0,
            most=100_000,
        ),
    ),
    secrets=(
        Secret("X_CONSUMER_KEY", "X: the app's key"),
        Secret("X_CONSUMER_SECRET", "X: the app's secret"),
        Secret("X_ACCESS_TOKEN", "X: the account's token"),
        Secret("X_ACCESS_TOKEN_SECRET", "X: the account's token secret"),
    ),
    post=PostRules(_LIMIT, _count, _find_links, problems=_problems, section="Post: x"),
    prices=_PRICES,
    calls=CallLimit(100, timedelta(minutes=15)),
    lines_in_flight=32,
    media=PictureRules(("image/png", "image/jpeg"), 5_000_000),
    evidence="finds",  # in the account's own timeline
    # A post may appear in the timeline some time after the call: 180 s after it began, at the usual timeout of 20 s.
    settle=timedelta(seconds=160),
    simulator=Simulator(_stand_in, {"": 8601}),
    link=lambda reference: f"https://x.com/i/web/status/{reference}",
    page="channels.md#x",
)
