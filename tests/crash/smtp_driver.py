"""A process that sends a mailing by SMTP: ``smtp_driver.py FOLDER PORT AT...`` makes a pass at each instant.

OBSERVANCE_FAILPOINT says where to die. The ledger is FOLDER/observance.db, or the database that FOLDER/url names.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from scheduler.channels.registry import open_channel
from scheduler.clock import VirtualClock
from scheduler.engine import failpoints
from scheduler.engine.in_flight import InThreads, one_at_a_time
from scheduler.engine.send_journal import Journal
from scheduler.engine.tick import Tick
from scheduler.settings import ChannelSettings, Secrets
from scheduler.store import open_ledger
from tests.crash.driver import in_flight, url_of
from tests.support.world import a_rehearsal, an_email, some_settings

MAIL = an_email("day-11", on=date(2027, 1, 11))


def drive(folder: Path, port: int, instants: Sequence[datetime]) -> None:
    ledger = open_ledger(url_of(folder), failpoint=failpoints.hit)
    options = {"starttls": False, "batch_size": 20, "max_in_flight": in_flight()}
    channel = ChannelSettings("email", "smtp", True, f"smtp://127.0.0.1:{port}", 20.0, options)
    clock, journal = VirtualClock(instants[0]), Journal(folder / "journal", ledger.attempts.ledger_id())
    tick = Tick(
        ledger,
        {"email": open_channel(channel, Secrets({}))},
        lambda: a_rehearsal([MAIL]),
        replace(some_settings(channels=["email"]), channels={"email": channel}),
        clock,
        lambda subscriber: f"https://news.example.org/u/{subscriber}",
        journal=journal,
        calls=InThreads if in_flight() > 1 else one_at_a_time,
    )
    for at in instants:
        clock.advance(max(at - clock.now(), timedelta(0)))
        tick.run()
    journal.close()
    ledger.close()


def main(arguments: Sequence[str]) -> None:
    folder, port, *instants = arguments
    drive(Path(folder), int(port), [datetime.fromisoformat(at).astimezone(UTC) for at in instants])


if __name__ == "__main__":
    main(sys.argv[1:])
