"""A process that posts a day on Bluesky: ``bluesky_driver.py FOLDER PORT AT...`` makes a pass at each instant.

OBSERVANCE_FAILPOINT says where to die. The ledger is FOLDER/observance.db.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from scheduler.channels.bluesky.simulator import BLUESKY_SECRETS, HANDLE
from scheduler.channels.registry import open_channel
from scheduler.clock import VirtualClock
from scheduler.engine import failpoints
from scheduler.engine.send_journal import Journal
from scheduler.engine.tick import Tick
from scheduler.settings import ChannelSettings, Secrets
from scheduler.store import open_ledger
from tests.crash.driver import url_of
from tests.support.world import a_post, a_rehearsal, some_settings

POST = a_post("day-11", on=date(2027, 1, 11))


def drive(folder: Path, port: int, instants: Sequence[datetime]) -> None:
    ledger = open_ledger(url_of(folder), failpoint=failpoints.hit)
    channel = ChannelSettings("x", "bluesky", True, f"http://127.0.0.1:{port}", 20.0, {"handle": HANDLE})
    clock, journal = VirtualClock(instants[0]), Journal(folder / "journal", ledger.attempts.ledger_id())
    tick = Tick(
        ledger,
        {"x": open_channel(channel, Secrets(BLUESKY_SECRETS))},
        lambda: a_rehearsal([POST]),
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


if __name__ == "__main__":
    drive(Path(sys.argv[1]), int(sys.argv[2]), [datetime.fromisoformat(a).astimezone(UTC) for a in sys.argv[3:]])
