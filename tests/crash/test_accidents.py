"""Accidents in the middle of a mailing, with real processes. The judge is what the stand-ins have received.

Each accident happens between two answers of a stand-in, so that no test depends on how quick the machine is.
"""

from __future__ import annotations

import os
import select
import signal
import sqlite3
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import create_engine, text

from scheduler.channels.contract.double import Answer, SimulatedCall
from scheduler.channels.sendgrid.simulator import SENDGRID_KEY, SendGridDouble
from scheduler.channels.x.simulator import X_SECRETS, XDouble
from scheduler.clock import VirtualClock
from scheduler.content.top_level_domains import top_level_domains
from scheduler.store import Ledger, open_ledger
from tests.contract.test_faults import SmallDisk, disk
from tests.contract.test_live_road import Road
from tests.crash.started import BATCHES, Day, at, can_be_killed
from tests.crash.starter import BATCH, Starter
from tests.support.long_form import FULL
from tests.support.postgresql import Server, binaries
from tests.support.small_month import copy_small_month

__all__ = ["disk"]  # a fixture

pytestmark = pytest.mark.skipif(not can_be_killed(), reason="signals of POSIX may be absent on this system")

#: The mailing is due.
BEGINS = at("10:00:01")
#: Seconds. What a process may take to stop, wherever it stands.
BOUND = 45
#: Seconds. A machine that is busy is no failure.
LONG = 150


class Interrupted(SendGridDouble):
    """Something happens after a mail was kept and before it is answered."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.after: dict[int, Callable[[], object]] = {}  # number of the mail -> what happens
        self.wrong: list[BaseException] = []

    def _accept(self, call: SimulatedCall) -> Answer:
        answer = super()._accept(call)
        with self.lock:
            happens = self.after.pop(len(self._mails), None)
        if happens is not None:
            try:
                happens()
            except BaseException as error:
                self.wrong.append(error)
        return answer


class Accident(Day):
    """A day of one post and five small mails, sent by processes that are forked."""

    mails: Interrupted

    def __init__(self, root: Path, x: XDouble, mails: Interrupted, starter: Starter, url: str = "") -> None:
        super().__init__(root, x, mails, starter)
        self.count = BATCHES * BATCH
        self.url = url or f"sqlite:///{root / 'var' / 'observance.db'}"
        self.environment["OBSERVANCE_DATABASE__URL"] = self.url
        # Where one call at a time is under way, what was begun can be counted.
        self.environment["OBSERVANCE_CHANNELS__EMAIL__MAX_IN_FLIGHT"] = "1"
        self.running: dict[int, Path] = {}
        self._statuses: dict[int, int] = {}

    def open_ledger(self) -> Ledger:
        return open_ledger(self.url)

    def start(self, **tuned: float) -> int:
        output = self.root / f"said-{len(list(self.root.glob('said-*')))}.txt"
        output.touch()
        environment = {**self.environment, "OBSERVANCE_PRETEND_NOW": BEGINS}
        pid = self.starter.spawn(["start", "--no-web"], environment, output, **tuned)
        self.running[pid] = output
        return pid

    def status(self, pid: int) -> int | None:
        """How it ended; None while it runs."""
        if pid not in self._statuses:
            status = self.starter.poll(pid)
            if status is None:
                return None
            self._statuses[pid] = status
        return self._statuses[pid]

    def said(self, pid: int) -> str:
        return self.running[pid].read_text(encoding="utf-8")

    def until(self, happens: Callable[[], bool], *pids: int) -> None:
        """Wait; none of these processes may end meanwhile."""
        ends = time.monotonic() + LONG
        while not happens():
            words = "\n".join(self.said(pid) for pid in self.running)
            assert not self.mails.wrong, self.mails.wrong
            for pid in pids:
                assert self.status(pid) is None, f"it ended:\n{self.said(pid)}"
            assert time.monotonic() < ends, f"it did not happen; said was:\n{words}"
            select.select([], [], [], 0.05)

    def until_said(self, words: str, *pids: int) -> None:
        self.until(lambda: all(words in self.said(pid) for pid in pids), *pids)

    def until_done(self, *pids: int) -> None:
        """All that is due was received, and each process has made its first look to the end."""
        self.until(lambda: (1, self.count) == (len(self.x.posts), len(self.received()[1])), *pids)
        self.until_said("Next:", *pids)

    def ended(self, pid: int) -> int:
        """How it ended, or how it ends within a while."""
        self.until(lambda: self.status(pid) is not None)
        return self._statuses[pid]

    def stop(self, *pids: int) -> list[int]:
        for pid in pids:
            os.kill(pid, signal.SIGTERM)
        return [self.ended(pid) for pid in pids]

    def ended_rows(self) -> list[bool]:
        """Of each process that sent: whether its row says that it ended."""
        ledger = self.open_ledger()
        try:
            return [sender.ended_at is not None for sender in ledger.senders.all()]
        finally:
            ledger.close()

    def end_all(self) -> None:
        for pid in self.running:
            if self.status(pid) is None:
                os.kill(pid, signal.SIGKILL)
                self.starter.wait(pid)


@pytest.fixture(scope="module")
def server() -> Iterator[tuple[Server, str]]:
    """A PostgreSQL of this file's own: it is restarted."""
    programs = binaries()
    if programs is None:
        pytest.skip("PostgreSQL's own programs may be absent: install postgresql")
    made = Server(programs, is_restarted=True)
    url = made.start()
    yield made, url
    made.stop()


@pytest.fixture
def database(server: tuple[Server, str], request: pytest.FixtureRequest) -> str:
    """An empty database of its own on that server."""
    url, name = server[1], f"t{abs(hash(request.node.name))}"
    engine = create_engine(url.replace("postgresql://", "postgresql+psycopg://", 1), isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
    engine.dispose()
    return url.replace("/postgres?", f"/{name}?")


@contextmanager
def an_accident(root: Path, starter: Starter, url: str = "") -> Iterator[Accident]:
    """A project that is signed, approved and armed."""
    clock = VirtualClock(datetime.fromisoformat(at("10:00:00")))
    with (
        XDouble(secrets=X_SECRETS, tlds=top_level_domains(), clock=clock) as x,
        Interrupted(api_key=SENDGRID_KEY, clock=clock) as mails,
    ):
        copy_small_month(root)
        day = Accident(root, x, mails, starter, url)
        day.make_ready()
        try:
            yield day
        finally:
            day.end_all()


def test_postgresql_restarted_in_the_mailing_of_two_processes(
    tmp_path: Path, starter: Starter, server: tuple[Server, str], database: str
) -> None:
    """While both have a call under way the server dies and comes back. Nobody ends, everything goes out once."""
    with an_accident(tmp_path, starter, database) as day:
        is_back = threading.Event()

        def restart() -> None:
            server[0].restart()
            is_back.set()

        # A mailing begins with one call alone: the second is the first that another process can stand beside.
        day.mails.after = {2: lambda: is_back.wait(LONG) and None, 3: restart}
        first = day.start()
        day.until(lambda: len(day.mails.mails) == 2, first)
        both = first, day.start()
        day.until(is_back.is_set, *both)
        day.until_done(*both)
        assert [] == day.mails.wrong
        assert [0, 0] == day.stop(*both)
        day.check(settled=True)
        assert [True, True] == day.ended_rows()


def test_a_start_while_postgresql_is_away(
    tmp_path: Path, starter: Starter, server: tuple[Server, str], database: str
) -> None:
    """A machine that boots starts both at once, and the program is quicker: it waits, says so, and sends."""
    with an_accident(tmp_path, starter, database) as day:
        server[0].halt()
        try:
            pid = day.start()
            day.until_said("tried again in", pid)
        finally:
            server[0].resume()
        day.until_done(pid)
        assert [0] == day.stop(pid)
        day.check(settled=True)


def test_a_locked_file_in_the_mailing_and_then_a_clean_stop(tmp_path: Path, starter: Starter) -> None:
    """Another program holds the SQLite file. What was accepted meanwhile is in the send journal: the process stops in
    time, and the next start sends the rest alone. The long form holds it for 40 seconds, with the program's own
    patience."""
    with an_accident(tmp_path, starter) as day:
        other = sqlite3.connect(tmp_path / "var" / "observance.db", check_same_thread=False, isolation_level=None)
        day.mails.after = {3: lambda: other.execute("BEGIN IMMEDIATE") and None}
        pid = day.start() if FULL else day.start(busy=2)
        if FULL:
            day.until(lambda: other.in_transaction, pid)
            select.select([], [], [], 40)
            other.execute("ROLLBACK")
        else:
            day.until_said("locked", pid)
        began = time.monotonic()
        day.stop(pid)
        assert time.monotonic() - began < BOUND
        if other.in_transaction:
            other.execute("ROLLBACK")
        other.close()
        assert FULL or BATCH * 3 == len(day.received()[1]), "what cannot be written down is not begun"
        again = day.start()
        day.until_done(again)
        assert [0] == day.stop(again)
        day.check(settled=True)


@pytest.mark.parametrize("ends_by", ["the watchdog", "SIGTERM"])
def test_a_database_that_stands_still_in_the_mailing(
    tmp_path: Path, starter: Starter, database: str, ends_by: str
) -> None:
    """The server keeps the line and says nothing: the watchdog ends the process for its supervisor; SIGTERM ends it
    within its bound. The next start sends the rest, and nothing twice."""
    with an_accident(tmp_path, starter, database) as day:
        engine = create_engine(database.replace("postgresql://", "postgresql+psycopg://", 1))
        stopped: list[int] = []

        def stop_the_backends() -> None:
            ours = "SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
            with engine.connect() as connection:
                stopped.extend(connection.execute(text(f"{ours} AND backend_type = 'client backend'")).scalars())
            for backend in stopped:
                os.kill(backend, signal.SIGSTOP)

        day.mails.after = {2: stop_the_backends}
        try:
            if ends_by == "SIGTERM":
                pid = day.start(drain=3)
                day.until(lambda: bool(stopped), pid)
                began = time.monotonic()
                assert [1] == day.stop(pid)
                assert time.monotonic() - began < BOUND
                assert "stopped while a call was under way" in day.said(pid)
            else:
                pid = day.start(patience=8, sweep=1)
                day.until(lambda: bool(stopped), pid)
                assert 4 == day.ended(pid)
                assert "has given no sign of life" in day.said(pid)
        finally:
            for backend in stopped:
                os.kill(backend, signal.SIGCONT)
            engine.dispose()
        assert BATCH * 2 == len(day.received()[1])
        again = day.start()
        day.until_done(again)
        assert [0] == day.stop(again)
        day.check(settled=True)


def test_a_full_disk_in_the_mailing(disk: SmallDisk, tmp_path: Path, starter: Starter) -> None:
    """The process lives, says it, and goes on by itself when there is room."""
    folder = disk.folder / "var"
    folder.mkdir()
    with an_accident(tmp_path, starter, f"sqlite:///{folder / 'observance.db'}") as day:
        day.mails.after = {2: disk.fill}
        pid = day.start(sweep=1)
        day.until_said("the disk is full", pid)
        assert BATCH * 2 == len(day.received()[1])
        disk.make_room()
        day.until_done(pid)
        assert [0] == day.stop(pid)
        day.check(settled=True)


@pytest.mark.parametrize("store", ["sqlite", "postgresql"])
def test_eight_starts_at_one_instant_on_a_fresh_project(
    tmp_path: Path, starter: Starter, store: str, request: pytest.FixtureRequest
) -> None:
    """On PostgreSQL all agree on one secret key and one schema; of a SQLite file one is the owner, and the others say
    who that is."""
    url = request.getfixturevalue("database") if store == "postgresql" else ""
    with XDouble() as x, Interrupted() as mails:
        copy_small_month(tmp_path)
        day = Accident(tmp_path, x, mails, starter, url)
        day.environment["OBSERVANCE_MODE"] = "rehearsal"
        try:
            eight = [day.start() for _ in range(8)]
            if store == "sqlite":
                day.until(lambda: 7 == sum("is in use: " in day.said(pid) for pid in eight))
                (owner,) = (pid for pid in eight if "is in use: " not in day.said(pid))
                day.until_said("Next:", owner)
                for pid in eight:
                    if pid != owner:
                        assert (1, True) == (day.ended(pid), f"process {owner} on " in day.said(pid)), day.said(pid)
                run = [owner]
            else:
                day.until_said("Next:", *eight)
                run = eight
            assert [0] * len(run) == day.stop(*run)
            words = "".join(day.said(pid) for pid in eight)
            assert not any(word in words for word in ("File exists", "Traceback", "ERROR", "CRITICAL")), words
            ledger = day.open_ledger()
            assert 1 == len(ledger.secret_keys.all())
            assert len(run) == len(ledger.senders.all())
            assert ledger.events.verify().is_whole
            ledger.close()
            assert ["secret.key"] == [path.name for path in (tmp_path / "var").glob("secret.key*")]
        finally:
            day.end_all()
    assert (0, []) == Road.received(day)
