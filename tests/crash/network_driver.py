"""A process that posts a day on a network: ``network_driver.py NETWORK FOLDER PORT AT...`` makes a pass at each instant.

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
from tests.support.networks import NETWORKS
from tests.support.world import a_post, a_rehearsal, some_settings

POST = a_post("day-11", on=date(2027, 1, 11))


def drive(network: str, folder: Path, port: int, instants: Sequence[datetime]) -> None:
    ledger = open_ledger(url_of(folder), failpoint=failpoints.hit)
    clock, journal = VirtualClock(instants[0]), Journal(folder / "journal", ledger.attempts.ledger_id())
    tick = Tick(
        ledger,
        {"x": NETWORKS[network].open(f"http://127.0.0.1:{port}")},
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
    network, folder, port, *instants = sys.argv[1:]
    drive(network, Path(folder), int(port), [datetime.fromisoformat(at).astimezone(UTC) for at in instants])
