"""A week with four processes on one ledger, one of which is killed every few seconds.

Each is `start` itself. On PostgreSQL all four send; on SQLite one does, and three are refused, knock again, and take
over when it dies. In the tests the kills come every half second and a day is a few seconds long. By hand, as slowly
as wanted (the prepared project, the stand-ins and, for PostgreSQL, a server of its own are made and taken away):

    python -m tests.crash.week --every 3 --seconds 30 --seed 7
    python -m tests.crash.week --every 3 --seconds 30 --seed 7 --database postgresql

The days are pretended: the clock of each process is moved, so that it is shortly before ten when a day begins.
"""

from __future__ import annotations

import argparse
import os
import random
import select
import signal
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

from sqlalchemy import exists

from scheduler.channels.contract.faults import Act, Fault
from scheduler.channels.sendgrid.simulator import SENDGRID_KEY, SendGridDouble
from scheduler.channels.x.simulator import X_SECRETS, XDouble
from scheduler.content.top_level_domains import top_level_domains
from scheduler.domain.delivery import State
from scheduler.domain.records import Delivery
from scheduler.domain.season_key import SeasonKey
from scheduler.store import Ledger, open_ledger
from scheduler.store.batches import TRIES
from scheduler.store.tables import batches
from tests.contract.test_live_road import ROOT, Road, copy_project
from tests.crash.kills import counted
from tests.crash.starter import BATCH, Starter
from tests.support.five_days import keep_days

CAMPAIGN, SEASON = "human-trafficking-prevention", 2027
DAYS = tuple(date(2027, 1, 11) + timedelta(days=n) for n in range(7))
PROCESSES, READERS = 4, 45
#: A call takes so many seconds in the tests, so that a kill finds one under way.
CALL_SECONDS = 0.25
#: A second before the instant; the program needs most of it to begin.
BEGINS = (9, 59, 59)
#: Of those that send, so many die on each day at least, however long the machine takes to start others.
ENOUGH = 2
LONGEST_DAY = 180.0
#: A process that was refused knocks again after this many seconds.
KNOCK = 1.0


class DayClock:
    """Moved at the beginning of each day; runs as the machine's does."""

    def __init__(self) -> None:
        self._at, self._began = datetime(2027, 1, 1, tzinfo=UTC), time.monotonic()

    def set(self, on: date, *clock: int) -> None:
        hour, minute, second = clock
        self._at = datetime(on.year, on.month, on.day, hour + 5, minute, second, tzinfo=UTC)  # New York, in winter
        self._began = time.monotonic()

    def now(self) -> datetime:
        return self._at + timedelta(seconds=self.monotonic() - self._began)

    def monotonic(self) -> float:
        return time.monotonic()


@dataclass
class Process:
    """One of the four."""

    pid: int
    output: Path

    @property
    def sends(self) -> bool:
        """Whether it got the ledger."""
        return "Observance is running" in self.said()

    def said(self) -> str:
        return self.output.read_text(encoding="utf-8") if self.output.exists() else ""


@dataclass
class Tally:
    """What a week came to."""

    kills: int = 0
    kills_of_senders: int = 0
    refused: int = 0
    senders: int = 0  # processes that got the ledger
    doubts: int = 0
    settled_by_evidence: int = 0
    days: list[str] = field(default_factory=list)

    def in_words(self) -> str:
        return (
            f"{self.kills} kills, {self.kills_of_senders} of them of a process that sent; {self.senders} processes "
            f"sent, {self.refused} were refused; {self.doubts} doubts, {self.settled_by_evidence} settled by evidence."
        )


class Week:
    """Seven days, or fewer, one after the other. ``url``: of the ledger; SQLite in the project's folder where none is given."""

    def __init__(
        self,
        root: Path,
        starter: Starter,
        *,
        url: str = "",
        every: float,
        seconds: float,
        seed: int,
        call: float = CALL_SECONDS,
        days: Sequence[date] = DAYS,
    ) -> None:
        self.clock = DayClock()
        self._slow = Fault(Act.STALL, seconds=call, times=1_000_000)
        self.x = XDouble(secrets=X_SECRETS, tlds=top_level_domains(), clock=self.clock, faults=[self._slow])
        self.mails = SendGridDouble(api_key=SENDGRID_KEY, clock=self.clock)
        self.tally = Tally()
        self._root, self._starter, self._url = root, starter, url
        self._every, self._seconds = every, seconds
        self._dice, self._days = random.Random(seed), days
        self._outputs = 0
        self._ended: set[int] = set()

    # -- the week ---------------------------------------------------------------------------------------

    def run(self) -> Tally:
        """Raises AssertionError at the first day on which something is doubled, lost, or not settled."""
        with self.x, self.mails:
            copy_project(ROOT, self._root)
            keep_days(self._root, self._days[0].day, self._days[-1].day)  # each process renders them all
            self._road = _SmallRoad(self._root, self.x, self.mails)
            if self._url:
                self._road.environment["OBSERVANCE_DATABASE__URL"] = self._url
            self._road.make_ready()
            self._starter.read(self._environment())
            for on in self._days:
                self._a_day(on)
                self._the_day_after_the_kills(on)
                self._check(on)
        return self.tally

    def _a_day(self, on: date) -> None:
        """Four processes. The first mail of the day is not answered before all that send are killed; from then on one
        of them is, again and again, as the dice say; at the end all are. On a machine that is busy the day lasts until
        it has shown what it is to show."""
        self.clock.set(on, *BEGINS)
        self.mails.faults.play(Fault(Act.STALL, seconds=2 * LONGEST_DAY), self._slow)
        four: list[Process | None] = [None] * PROCESSES
        knock_at = [0.0] * PROCESSES
        kill_at: float | None
        begins_at, has_shown_enough = time.monotonic(), self._shows_enough()
        calls, kill_at = self.mails.sending_requests, None
        while (now := time.monotonic()) < begins_at + LONGEST_DAY and (
            now < begins_at + self._seconds or not has_shown_enough() or self._is_nearly_set_aside()
        ):
            for place, process in enumerate(four):
                if process is not None and (status := self._starter.poll(process.pid)) is not None:
                    self._refused(process, status)
                    four[place], knock_at[place] = None, now + KNOCK
                if four[place] is None and now >= knock_at[place]:
                    four[place] = self._start()
            senders = [n for n, process in enumerate(four) if process is not None and process.sends]
            is_first = kill_at is None and self.mails.sending_requests > calls
            is_time = kill_at is not None and now >= kill_at and not self._is_nearly_set_aside()
            if senders and (is_first or is_time):
                for place in senders if is_first else [self._dice.choice(senders)]:
                    self._kill(four[place])
                    four[place] = None
                kill_at = now + self._every * self._dice.uniform(0.5, 1.5)
            select.select([], [], [], 0.02)
        for process in four:
            self._kill(process)

    def _shows_enough(self) -> Callable[[], bool]:
        """Whether by then so many that send have died today, and all but one were refused where one process sends."""
        kills, refused = self.tally.kills_of_senders + ENOUGH, self.tally.refused + (0 if self._url else PROCESSES - 1)
        return lambda: self.tally.kills_of_senders >= kills and self.tally.refused >= refused

    def _is_nearly_set_aside(self) -> bool:
        """Whether a batch was begun with twice and came to no call. A third kill while it is built would be taken for a
        record that kills the program, and nobody would be sent that batch: it comes to its call first."""
        tried = exists().where(batches.c.state == str(State.SCHEDULED), batches.c.tries >= TRIES - 1)
        with self._ledger() as ledger, ledger._database.read() as connection:
            return bool(connection.execute(tried.select()).scalar())

    def _start(self) -> Process:
        self._outputs += 1
        output = self._root / f"process-{self._outputs}.txt"
        return Process(self._starter.spawn(["start", "--no-web"], self._environment(), output), output)

    def _environment(self) -> dict[str, str]:
        return {**self._road.environment, "OBSERVANCE_PRETEND_NOW": self.clock.now().isoformat()}

    def _kill(self, process: Process | None) -> None:
        if process is None:
            return
        os.kill(process.pid, signal.SIGKILL)
        status = self._starter.wait(process.pid)
        if status != -signal.SIGKILL:  # it was refused in this very moment
            self._refused(process, status)
            return
        counted(status)
        self.tally.kills += 1
        self.tally.kills_of_senders += process.sends
        self.tally.senders += process.sends

    def _refused(self, process: Process, status: int) -> None:
        """No process ends by itself but one that is refused, and it says why."""
        assert 1 == status, process.said()
        assert "is in use: " in process.said()
        assert "Traceback" not in process.said()
        assert not self._url, "no server has one owner"
        self.tally.refused += 1

    def _the_day_after_the_kills(self, on: date) -> None:
        """What was in doubt is unknown; the providers' own records are asked; then a person looks."""
        self._tick(on, 10, 5, 0)
        doubts = self._doubts(on)
        self._tick(on, 11, 30, 0)
        left = self._doubts(on)
        self.tally.doubts += len(doubts)
        self.tally.settled_by_evidence += len(doubts) - len(left)
        assert {doubt: arrived for doubt, arrived in doubts.items() if not arrived} == left
        for delivery_id, number in left:
            done = ("resolve", str(delivery_id), "--batch", str(number), "--as", "not-sent", "--by", "Ada Example")
            self._road.good(*done, at=self.clock.now().isoformat())
        if left:
            self._tick(on, 11, 31, 0)

    def _tick(self, on: date, *clock: int) -> None:
        self.clock.set(on, *clock)
        self._outputs += 1
        output = self._root / f"tick-{self._outputs}.txt"
        ended = self._starter.wait(self._starter.spawn(["tick"], self._environment(), output))
        assert ended in (0, 1), output.read_text(encoding="utf-8")

    # -- the oracle -------------------------------------------------------------------------------------

    @contextmanager
    def _ledger(self) -> Iterator[Ledger]:
        ledger = open_ledger(self._url or f"sqlite:///{self._root / 'var' / 'observance.db'}")
        yield ledger
        ledger.close()

    def _of(self, ledger: Ledger, on: date) -> list[Delivery]:
        return [
            d
            for d in ledger.deliveries.of_season("live", SeasonKey(CAMPAIGN, SEASON))
            if d.on == on and d.counts.frozen
        ]

    def _doubts(self, on: date) -> dict[tuple[int, int], bool]:
        """(delivery, batch) of what is unknown -> whether it did arrive."""
        mails = {e.custom_args["send_id"] for m in self.mails.mails for e in m.envelopes}
        with self._ledger() as ledger:
            return {
                (d.id, b.number): b.send_id in mails if d.kind == "email" else self._posts_of(on) > 0
                for d in self._of(ledger, on)
                for b in ledger.deliveries.batches(d.id)
                if b.state is State.UNKNOWN
            }

    def _posts_of(self, on: date) -> int:
        midnight = datetime(on.year, on.month, on.day, 5, tzinfo=UTC)
        return sum(midnight <= p.created_at < midnight + timedelta(days=1) for p in self.x.posts)

    def _check(self, on: date) -> None:
        """One post and one mail for each reader; the ledger says the same, to the one, and nothing is open."""
        with self._ledger() as ledger:
            post, email = sorted(self._of(ledger, on), key=lambda d: d.kind, reverse=True)
            assert -(-READERS // BATCH) <= len(
                ledger.deliveries.batches(email.id)
            )  # a call after a doubt is for one reader
            assert ledger.events.verify().is_whole
        assert 1 == self._posts_of(on)
        assert 1 + self._days.index(on) == len(self.x.posts)
        got = Counter(e.address for m in self.mails.mails for e in m.envelopes if e.custom_args["item"] == email.item)
        should = Counter(f"reader{n}@readers.example" for n in range(READERS))
        assert should == got, f"on {on} not sent: {should - got}; sent once more: {got - should}"
        for delivery, frozen in ((post, 1), (email, READERS)):
            counts = delivery.counts
            assert (State.SENT, frozen, frozen) == (delivery.state, counts.frozen, counts.accepted), delivery
            assert counts.frozen == counts.accepted + counts.failed + counts.unknown + counts.skipped
        self.tally.days.append(str(on))


class _SmallRoad(Road):
    def readers(self) -> Path:
        path = self.root / "readers.csv"
        rows = "".join(f"reader{n}@readers.example,America/New_York\n" for n in range(READERS))
        path.write_text("email,zone\n" + rows, encoding="utf-8")
        return path


@contextmanager
def a_schema(base: str) -> Iterator[str]:
    """The URL of an empty ledger on a PostgreSQL server; gone afterwards."""
    from sqlalchemy import create_engine, text

    schema = f"t_{uuid4().hex[:16]}"
    server = create_engine(base.replace("postgresql://", "postgresql+psycopg://", 1), isolation_level="AUTOCOMMIT")
    with server.connect() as connection:
        connection.execute(text(f"CREATE SCHEMA {schema}"))
    try:
        yield f"{base}{'&' if '?' in base else '?'}options=-csearch_path%3D{schema}"
    finally:
        with server.connect() as connection:
            connection.execute(text(f"DROP SCHEMA {schema} CASCADE"))
        server.dispose()


def main(arguments: list[str] | None = None) -> int:
    """By hand. Returns an exit status."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n\n")[0])
    parser.add_argument("--every", type=float, default=3, help="seconds between two kills (default: 3)")
    parser.add_argument("--seconds", type=float, default=30, help="how long a day is (default: 30)")
    parser.add_argument("--call", type=float, default=3, help="seconds that a provider takes to answer (default: 3)")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--database", choices=("sqlite", "postgresql"), default="sqlite")
    options = parser.parse_args(arguments)
    given: dict[str, Any] = {
        "every": options.every,
        "seconds": options.seconds,
        "call": options.call,
        "seed": options.seed,
    }
    with tempfile.TemporaryDirectory(prefix="observance-week-") as folder, Starter() as starter:
        if options.database == "sqlite":
            print(Week(Path(folder), starter, **given).run().in_words())
            return 0
        from tests.support.postgresql import Server, binaries

        programs = binaries()
        if programs is None:
            print("PostgreSQL is not installed here (Debian: postgresql).", file=sys.stderr)
            return 4
        server = Server(programs)
        try:
            with a_schema(server.start()) as url:
                print(Week(Path(folder), starter, url=url, **given).run().in_words())
        finally:
            server.stop()
    return 0


if __name__ == "__main__":
    sys.exit(main())
