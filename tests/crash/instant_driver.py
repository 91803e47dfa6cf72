"""A process that begins posts of several campaigns at one instant, as `start` does, to be killed while it does.

``instant FOLDER`` makes them up before they are due, and begins them together; ``instant FOLDER AT...`` makes a pass
over each campaign at each instant AT. The ledger, the providers and what is in the environment: see :mod:`.driver`.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from scheduler.clock import VirtualClock
from scheduler.domain.message import Message
from scheduler.domain.outcome import Recipient, Request
from scheduler.domain.season_key import SeasonKey
from scheduler.engine import failpoints
from scheduler.engine.in_flight import InThreads
from scheduler.engine.lanes import Lanes, Lead, PostsFirst
from scheduler.engine.send_journal import Journal
from scheduler.engine.tick import Tick
from scheduler.store import Ledger, open_ledger
from tests.support.world import a_post, a_rehearsal, some_settings

from .driver import DAY, RememberingTransport, WrongPolicy, url_of

DUE = datetime(2027, 1, 11, 10, tzinfo=UTC)
SEASONS = tuple(SeasonKey(name, 2027) for name in ("first", "second", "third"))
POSTS = tuple(a_post("day-11", on=DAY, campaign=key.campaign) for key in SEASONS)
_AHEAD = timedelta(seconds=0.9)


class Timeline(RememberingTransport):
    """Each campaign has one of its own."""

    def __init__(self, campaign: str, memory: Path) -> None:
        super().__init__("post", memory)
        self._campaign = campaign

    def build(self, message: Message, *, send_id: str, recipients: Sequence[Recipient] = ()) -> Request:
        request = super().build(message, send_id=send_id, recipients=recipients)
        return replace(request, body={"readers": [self._campaign]})


def begin_together(lanes: Sequence[Lanes], ledger: Ledger, clock: VirtualClock) -> None:
    clock.advance(timedelta(seconds=60) - _AHEAD)
    posts = PostsFirst(lanes, ledger, lambda: "live", clock)
    posts.make_ready(DUE)
    clock.advance(_AHEAD)
    if not posts():
        raise SystemExit("a pass was to be made")
    while any(one.beats() for one in lanes):
        os.sched_yield()


def main(arguments: Sequence[str]) -> None:
    folder, *instants = Path(arguments[0]), *map(datetime.fromisoformat, arguments[1:])
    ledger = open_ledger(url_of(folder), failpoint=failpoints.hit)
    policy = os.environ.get("OBSERVANCE_POLICY", "")
    clock, journal = VirtualClock(DUE - timedelta(seconds=60)), Journal(folder / "journal", ledger.attempts.ledger_id())
    ticks = [
        Tick(
            WrongPolicy(ledger, policy) if policy else ledger,  # type: ignore[arg-type]
            {"x": Timeline(post.campaign, folder / "provider.jsonl")},
            lambda post=post: a_rehearsal([post]),  # type: ignore[misc]
            some_settings(channels=("x",)),
            clock,
            str,
            fingerprint=lambda: "one",
            campaign=post.campaign,
            journal=journal,
            calls=InThreads,
        )
        for post in POSTS
    ]
    lead = Lead()
    if instants:
        for at in instants:
            clock.advance(at - clock.now())
            for tick in ticks:
                tick.run()
    else:
        lanes = [Lanes(tick, lead) for tick in ticks]
        for one in lanes:
            one.run()
        begin_together(lanes, ledger, clock)
    journal.close()
    ledger.close()
