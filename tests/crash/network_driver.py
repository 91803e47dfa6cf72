"""A process that posts a day on a network: ``network_driver.py NETWORK POST FOLDER PORT AT...`` makes a pass at each
instant. POST: "words", or "picture" for a post that has one.

OBSERVANCE_FAILPOINT says where to die. The ledger is FOLDER/observance.db.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from scheduler.clock import VirtualClock
from scheduler.engine import failpoints
from scheduler.engine.send_journal import Journal
from scheduler.engine.tick import Tick
from scheduler.store import open_ledger
from tests.crash.driver import url_of
from tests.support.networks import WITH_X, with_picture
from tests.support.world import a_post, a_rehearsal, some_settings

POST = a_post("day-11", on=date(2027, 1, 11))
POSTS = {"words": POST, "picture": with_picture(POST)}


def drive(network: str, post: str, folder: Path, port: int, instants: Sequence[datetime]) -> None:
    ledger = open_ledger(url_of(folder), failpoint=failpoints.hit)
    clock, journal = VirtualClock(instants[0]), Journal(folder / "journal", ledger.attempts.ledger_id())
    tick = Tick(
        ledger,
        {"x": WITH_X[network].open(f"http://127.0.0.1:{port}")},
        lambda: a_rehearsal([POSTS[post]]),
        some_settings(channels=["x"]),
        clock,
        lambda subscriber: "",
        journal=journal,
    )
    for at in instants:
        clock.advance(max(at - clock.now(), timedelta(0)))
        tick.run()
    journal.close()
    ledger.close()


def main(arguments: Sequence[str]) -> None:
    network, post, folder, port, *instants = arguments
    drive(network, post, Path(folder), int(port), [datetime.fromisoformat(at).astimezone(UTC) for at in instants])


if __name__ == "__main__":
    main(sys.argv[1:])
