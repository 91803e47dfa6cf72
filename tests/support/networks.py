"""The networks whose own records settle a doubt: each with its stand-in, and a channel that leads there."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from scheduler.channels.bluesky.simulator import BLUESKY_SECRETS, HANDLE, BlueskyDouble
from scheduler.channels.contract.standin_pictures import a_picture, a_png
from scheduler.channels.mastodon.simulator import MASTODON_SECRETS, MastodonDouble
from scheduler.channels.registry import open_channel
from scheduler.channels.spec import Transport
from scheduler.channels.x.simulator import X_SECRETS, XDouble
from scheduler.domain.message import Message, PostBody
from scheduler.domain.records import Delivery
from scheduler.settings import ChannelSettings, Secrets
from tests.support.world import A_MONTH, World


@dataclass(frozen=True)
class Network:
    """One of them. ``key``: what the stand-in takes for a password or token, by the name of its attribute.
    ``reads``: the method by which the stand-in answers a question about a post."""

    name: str
    double: type[Any]
    secrets: Mapping[str, str]
    options: Mapping[str, str]
    key: str
    reads: str

    def open(self, url: str) -> Transport:
        """Its channel, called x, to a stand-in at that address."""
        settings = ChannelSettings("x", self.name, True, url, 20.0, self.options)
        return open_channel(settings, Secrets(self.secrets), draw=lambda picture: CARD)


NETWORKS = {
    network.name: network
    for network in (
        Network("bluesky", BlueskyDouble, BLUESKY_SECRETS, {"handle": HANDLE}, "password", "_get_record"),
        Network("mastodon", MastodonDouble, MASTODON_SECRETS, {}, "token", "_own_statuses"),
    )
}
#: X, too: of a post that is not found there nobody knows whether it was sent.
WITH_X = {**NETWORKS, "x": Network("x", XDouble, X_SECRETS, {}, "", "_timeline")}

#: The bytes of every picture here.
CARD, ALT = a_png(), "A card. On it: help is near."


#: When the post is due.
DUE = datetime(2027, 1, 1, 10, tzinfo=UTC)


class OnePost:
    """A post on its way to a network, by the engine."""

    world: World
    double: Any

    def passes(self, *minutes: int) -> None:
        """One at each of these minutes after it is due."""
        for minute in minutes:
            self.double.clock.advance(max(DUE + timedelta(minutes=minute) - self.double.clock.now(), timedelta(0)))
            self.world.run_at(DUE + timedelta(minutes=minute))

    @property
    def delivery(self) -> Delivery:
        (found,) = self.world.ledger.deliveries.of_season("live", A_MONTH)
        return found


def with_picture(message: Message, *, may_lack: bool = False) -> Message:
    """A post with a picture."""
    assert isinstance(message.body, PostBody)
    body = replace(message.body, picture=a_picture(CARD), alt_text=ALT, may_lack_picture=may_lack)
    return replace(message, body=body)
