"""Each fault that a machine or a provider can have: nothing doubled, nothing lost, and `status` says what to do.

The real commands over a real project, with stand-ins for X and SendGrid on this machine. Each fault is as real as it
can be made here; then it goes away, and the day is sent once, inside its window.
"""

from __future__ import annotations

import contextlib
import errno
import json
import socket
import sqlite3
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, select, text

from scheduler.channels.contract.faults import Act, Fault, FaultScript
from scheduler.channels.sendgrid.simulator import SENDGRID_KEY, SendGridDouble
from scheduler.channels.spec import ChannelContext
from scheduler.channels.x.simulator import X_SECRETS, XDouble
from scheduler.clock import VirtualClock
from scheduler.content.top_level_domains import top_level_domains
from scheduler.domain.delivery import State
from scheduler.domain.reason import ReasonCode
from scheduler.engine.process_lock import lock_database
from scheduler.errors import OutOfReach
from scheduler.services import doctor
from scheduler.store import Ledger, database, open_ledger
from scheduler.store.events import append
from tests.contract.test_live_road import EACH_READER_ONCE, Road, a_ready_project, copy_project
from tests.support.reasons import says
from tests.support.smtp_servers import Certificates
from tests.support.world import World, a_post

ITEM = "awareness-day"
ALL_ONCE = (1, EACH_READER_ONCE)


def at(clock: str) -> str:
    return f"2027-01-11T{clock}:00-05:00"


DUE = at("10:00")


class Day(Road):
    """A day on which something goes wrong."""

    clock: VirtualClock

    def passes(self, *clocks: str) -> list[int]:
        """A pass at each of these; the stand-ins' clocks say the same."""
        statuses = []
        for clock in clocks:
            self.clock.jump(datetime.fromisoformat(at(clock)))
            statuses.append(self.run("tick", at=at(clock)).returncode)
        return statuses

    def says(self, clock: str, *, exit_status: int = 1) -> tuple[str, dict[str, Any]]:
        """What `status` says, to people and to programs: the same, with the same exit status."""
        words, data = self.run("status", at=at(clock)), self.run("status", "--json", at=at(clock))
        assert (exit_status, exit_status) == (words.returncode, data.returncode), words.stdout + words.stderr
        told = json.loads(data.stdout)
        for line in told["trouble"]:
            assert line["said"] in words.stdout
            assert line["to_do"] in words.stdout
        for one in told.get("needs_you", ()):
            assert one["to_do"], one
            assert one["to_do"] in words.stdout
        return words.stdout, told

    def of(self, told: dict[str, Any], channel: str) -> dict[str, Any]:
        """What stands there of the day's item on this channel."""
        (found,) = (d for d in told["needs_you"] if (d["item"], d["channel"]) == (ITEM, channel))
        return dict(found)

    def calls(self) -> tuple[int, int]:
        """Requests that would have sent something, refused ones included: X, SendGrid."""
        return self.x.sending_requests, self.sendgrid.sending_requests

    def break_it(self, *faults: Fault) -> None:
        self.x.faults = self.sendgrid.faults = FaultScript(faults)

    @property
    def ledger_file(self) -> Path:
        return self.root / "var" / "observance.db"


@pytest.fixture(scope="module")
def planned(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A ready project, planned and taken over an hour before the instant. Copy it; change nothing."""
    root = tmp_path_factory.mktemp("planned")
    with a_day(root, a_ready_project()) as day:
        day.passes("09:00")
    return root


@contextmanager
def a_day(root: Path, planned: Path) -> Iterator[Day]:
    """A copy of such a project at ``root``, and its stand-ins."""
    copy_project(planned, root)
    clock = VirtualClock(datetime.fromisoformat(DUE))
    with (
        XDouble(secrets=X_SECRETS, tlds=top_level_domains(), clock=clock) as x,
        SendGridDouble(api_key=SENDGRID_KEY, clock=clock) as sendgrid,
    ):
        day = Day(root, x, sendgrid)
        day.clock = clock
        yield day


@pytest.fixture
def day(tmp_path: Path, planned: Path) -> Iterator[Day]:
    with a_day(tmp_path, planned) as made:
        yield made


class SmallDisk:
    """A disk of eight megabytes, in memory."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._filler = folder / "filler"

    def fill(self) -> None:
        with self._filler.open("wb", buffering=0) as file:
            try:
                while file.write(b"." * 4096):
                    pass
            except OSError as problem:
                assert problem.errno == errno.ENOSPC  # noqa: PT017 - it is what is wanted here

    def make_room(self) -> None:
        self._filler.unlink()

    def remount(self, how: str) -> None:
        subprocess.run(["mount", "-o", f"remount,{how}", str(self.folder)], check=True, capture_output=True)


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[SmallDisk]:
    folder = tmp_path / "disk"
    folder.mkdir()
    try:
        made = subprocess.run(
            ["mount", "-t", "tmpfs", "-o", "size=8m", "tmpfs", str(folder)], capture_output=True, check=False
        )
        mounted = made.returncode == 0
    except FileNotFoundError:
        mounted = False
    if not mounted:
        pytest.skip("the right to mount a disk may be absent: run this as root")
    yield SmallDisk(folder)
    subprocess.run(["umount", "--lazy", str(folder)], check=True, capture_output=True)


# -- the machine ----------------------------------------------------------------------------------------


def test_disk_full(disk: SmallDisk, planned: Path) -> None:
    """No intent can be written down, so no call is made; with room again the day goes, once."""
    with a_day(disk.folder, planned) as day:
        disk.fill()
        assert [4, 4] == day.passes("10:00", "10:20")
        assert (0, 0) == day.calls()
        words, told = day.says("10:21", exit_status=4)
        assert "the disk is full" in told["trouble"][0]["said"]
        assert "make room" in told["trouble"][0]["to_do"]
        assert "TROUBLE" in words
        disk.make_room()
        day.passes("10:30", "10:31")
        assert ALL_ONCE == day.received()
        assert [] == json.loads(day.run("status", "--json", at=at("10:32")).stdout)["needs_you"]


def test_disk_full_between_the_call_and_its_outcome(disk: SmallDisk) -> None:
    """The provider has it and nothing can be written down: the outcome is kept, written when there is room, and the
    call is not made again."""
    ledger = open_ledger(f"sqlite:///{disk.folder / 'observance.db'}")
    world = World(ledger, [a_post("day-1")])
    full: list[bool] = []

    def fill(request: object) -> None:
        if not full:
            disk.fill()
            full.append(True)

    world.x.on_call = fill
    due = world.messages[0].due_at
    world.run_at(due)
    assert (1, State.SENDING) == (len(world.x.provider.accepted), State(world.states()["day-1/x"]))
    disk.make_room()
    world.tick.run()
    assert (1, {"day-1/x": "sent"}) == (len(world.x.provider.calls), world.states())
    ledger.close()


def test_database_locked(day: Day, monkeypatch: pytest.MonkeyPatch) -> None:
    """Another program holds it: nothing is sent, `status` can still be read, and says what is the matter."""
    monkeypatch.setattr(database, "BUSY_TIMEOUT_MS", 100)
    monkeypatch.setattr(doctor, "PATIENCE_SECONDS", 0.1)
    other = sqlite3.connect(day.ledger_file, isolation_level=None)
    other.execute("BEGIN EXCLUSIVE")
    assert [4] == day.passes("10:00")
    assert (0, 0) == day.calls()
    _, told = day.says("10:01")
    assert "it is locked: another program has been writing to it" in told["trouble"][0]["said"]
    assert "wait for it to end, or end it" in told["trouble"][0]["to_do"]
    assert "no process sends now" in day.of(told, "x")["to_do"]
    other.execute("ROLLBACK")
    other.close()
    day.passes("10:05", "10:06")
    assert ALL_ONCE == day.received()
    assert [] == json.loads(day.run("status", "--json", at=at("10:07")).stdout)["trouble"]


def test_either_database_says_within_the_time_whether_it_could_be_written_to(
    ledger: Ledger, open_it: Callable[[], Ledger]
) -> None:
    """While another connection writes it cannot, and the reason is said; before and after that it can. SQLite and
    PostgreSQL; nothing is changed by asking."""
    version = ledger.events.version()
    ledger.try_to_write(0.1)
    with open_it()._database.write("other"):
        with pytest.raises(OutOfReach, match=r"it is locked: another program .* more than 0\.1 seconds"):
            ledger.try_to_write(0.1)
    ledger.try_to_write(0.1)
    assert version == ledger.events.version()


def test_nobody_waits_for_ever_for_a_program_that_stands_still(
    ledger_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A program was stopped in the middle of a write, and has what every write locks first: the others are told so
    after a while. SQLite's lock goes with the process; PostgreSQL ends the transaction of one that stands still. What
    was begun in it is undone, and the others go on."""
    monkeypatch.setattr(database, "BUSY_TIMEOUT_MS", 100)
    now = datetime(2027, 1, 11, 15, tzinfo=UTC)
    other = open_ledger(ledger_url)
    stopped = open_ledger(ledger_url)
    with _half_done(stopped, now), pytest.raises(OutOfReach, match="it is locked: another program has been writing"):
        other.events.record("in.vain", who="test", now=now)
    if not other.facts().is_sqlite:
        with _half_done(stopped, now) as connection:
            set_to = connection.execute(text("SHOW idle_in_transaction_session_timeout")).scalar()
            assert "1min" == set_to
            connection.execute(text("SET LOCAL idle_in_transaction_session_timeout = 200"))  # a shorter minute
            _until_it_can_be_written_to(other)
            other.events.record("goes.on", who="test", now=now)
    other.events.record("goes.on", who="test", now=now)
    assert {"goes.on"} == {e.kind for e in other.events.of_kinds("half.done", "in.vain", "goes.on")}
    assert other.events.verify().is_whole
    stopped.close()
    other.close()


@contextmanager
def _half_done(ledger: Ledger, now: datetime) -> Iterator[Connection]:
    """Within, a write is under way that does not come to its end."""
    with contextlib.suppress(OutOfReach), ledger._database.write("half_done") as connection:
        append(connection, at=now, kind="half.done", who="test")
        yield connection
        connection.execute(select(1))  # says so where the transaction was ended
        raise OutOfReach("the process was killed")


def _until_it_can_be_written_to(ledger: Ledger) -> None:
    for _ in range(600):  # a minute, for a machine that has much to do
        with contextlib.suppress(OutOfReach):
            ledger.try_to_write(0.1)
            return
        time.sleep(0.05)
    raise AssertionError("it is locked for ever")


def test_read_only_file_system(disk: SmallDisk, planned: Path) -> None:
    """As after an error of the disk: nothing is sent; mounted for writing again, the day goes once."""
    with a_day(disk.folder, planned) as day:
        disk.remount("ro")
        assert [4] == day.passes("10:00")
        assert (0, 0) == day.calls()
        _, told = day.says("10:01", exit_status=4)
        assert "mounted read-only" in told["trouble"][0]["said"]
        assert "remount,rw" in told["trouble"][0]["to_do"]
        disk.remount("rw")
        day.passes("10:05", "10:06")
        assert ALL_ONCE == day.received()


def test_clock_set_back(day: Day) -> None:
    """After the day has gone the clock says nine again: nothing goes twice, and `status` says that the clock is wrong."""
    day.passes("10:00")
    assert ALL_ONCE == day.received()
    day.passes("08:30", "09:30", "10:00")
    assert ALL_ONCE == day.received()
    _, told = day.says("08:30")
    (line,) = (line for line in told["trouble"] if line["check"] == "clock")
    assert "behind the ledger" in line["said"]
    assert "let it follow a time server" in line["to_do"]
    assert [] == json.loads(day.run("status", "--json", at=at("10:10")).stdout)["trouble"]


# -- the line -------------------------------------------------------------------------------------------


def test_dns_gone(day: Day, monkeypatch: pytest.MonkeyPatch) -> None:
    """No name is found: certainly not sent, tried again each minute or so, and said."""
    named = {
        "OBSERVANCE_CHANNELS__X__BASE_URL": f"http://localhost:{day.x.port}",
        "OBSERVANCE_CHANNELS__EMAIL__BASE_URL": f"http://localhost:{day.sendgrid.port}",
    }
    day.environment |= named

    def no_such_name(*_: object, **__: Any) -> Any:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    with monkeypatch.context() as gone:
        gone.setattr(socket, "getaddrinfo", no_such_name)
        day.passes("10:00")
    assert (0, 0) == day.calls()
    _, told = day.says("10:00")
    for channel in ("x", "email"):
        found = day.of(told, channel)
        assert ("scheduled", says(ReasonCode.NAME_NOT_FOUND)) == (found["state"], found["why"])
        assert "DNS" in found["to_do"]
    day.passes("10:02", "10:03")
    assert ALL_ONCE == day.received()


def test_tls_refused(day: Day, tmp_path: Path) -> None:
    """Nobody vouches for the server's certificate: not a byte of the request leaves; with the authority it goes."""
    certificates = Certificates(tmp_path)
    server = day.sendgrid._server
    assert server is not None
    server.socket = certificates.server().wrap_socket(server.socket, server_side=True)
    day.environment["OBSERVANCE_CHANNELS__EMAIL__BASE_URL"] = f"https://127.0.0.1:{day.sendgrid.port}"
    day.passes("10:00")
    assert (1, 0) == day.calls()
    _, told = day.says("10:00")
    found = day.of(told, "email")
    assert ("scheduled", f"{says(ReasonCode.NOT_ENCRYPTED)}: TLS") == (found["state"], found["why"])
    assert "certificates are up to date" in found["to_do"]
    day.environment["REQUESTS_CA_BUNDLE"] = str(certificates.ca)
    day.passes("10:02", "10:03")
    assert ALL_ONCE == day.received()


# -- the provider ---------------------------------------------------------------------------------------


def test_token_revoked(day: Day) -> None:
    """It waits, and is no failure: `status` and `doctor` ask for new keys, two calls and the channel pauses; `resume`
    tries at once, and everybody has it once."""
    day.break_it(Fault(Act.REFUSE, status=401, times=4))
    day.passes("10:00", "10:02")
    assert (2, 2) == day.calls()
    words, told = day.says("10:02")
    for channel in ("x", "email"):
        found = day.of(told, channel)
        assert ("scheduled", True) == (found["state"], says(ReasonCode.KEYS_REFUSED) in found["why"])
        assert f"TROUBLE: {channel} is paused until Monday, January 11, 2027, 10:03 AM" in words
        assert f"{channel} does not take the keys: make new ones there" in found["to_do"]
        assert f"resume --channel {channel}" in found["to_do"]
    examined = day.run("doctor", at=at("10:02"))
    assert "email is paused until" in examined.stdout
    assert "1 delivery waits" in examined.stdout
    day.good("resume", "--by", "Ada Example", at=at("10:02"))
    day.passes("10:05", "10:06")
    assert ALL_ONCE == day.received()


def test_what_has_failed_is_not_tried_again_after_its_day(day: Day) -> None:
    """The account is put right too late: `status` does not ask for what cannot be done any more, and `retry` refuses."""
    day.break_it(Fault(Act.REFUSE, status=403, times=2))
    day.passes("10:00")
    number = day.of(day.says("10:01")[1], "x")["delivery"]
    late = "2027-01-12T00:30:00-05:00"
    told = json.loads(day.run("status", "--json", at=late).stdout)
    assert all("its day is over" in day.of(told, channel)["to_do"] for channel in ("x", "email"))
    refused = day.run("retry", str(number), "--by", "Ada Example", at=late)
    assert (1, True) == (refused.returncode, "its window is closed" in refused.stderr)


@pytest.mark.parametrize("fault", [Act.DROP_BEFORE, Act.REFUSE], ids=["silent", "401"])
def test_a_provider_in_trouble_for_a_whole_mailing_costs_two_calls(
    planned: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fault: Act
) -> None:
    """A call for each of three readers, and the mail house takes none: after two it is left alone, the rest waits and is
    said to; `resume` after it has been put right lets the rest go, and nobody gets it twice."""
    monkeypatch.setattr(ChannelContext, "batch_size", 1)
    with a_day(tmp_path, planned) as day:
        day.break_it(Fault(fault, double="sendgrid", status=401 if fault is Act.REFUSE else 0, times=99))
        day.passes("10:00", "10:00", "10:00")
        assert 2 == day.calls()[1]
        words, _ = day.says("10:00")
        assert "paused" in words
        day.break_it()
        day.run("resume", "--by", "Ada Example", at=at("10:20"))
        day.passes("10:20", "10:21")
        _, addresses = day.received()
        assert len(set(addresses)) == len(addresses)
        doubts = 0 if fault is Act.REFUSE else 2
        assert len(EACH_READER_ONCE) - doubts == len(addresses)


@pytest.mark.parametrize(("channel", "code"), [("x", "402"), ("email", "401")])
def test_credit_gone(day: Day, channel: str, code: str) -> None:
    """X says 402, SendGrid 401 with words of its own: it waits, asks for money, and goes by itself once there is some."""
    name = {"x": "x", "email": "sendgrid"}[channel]
    day.break_it(Fault(Act.NO_CREDIT, double=name, times=1))
    day.passes("10:00")
    words, told = day.says("10:01")
    assert [channel] == told["needs_money"]
    assert f"NEEDS MONEY: {channel}" in words
    found = day.of(told, channel)
    assert ("scheduled", True) == (found["state"], found["why"].startswith(f"needs money: {channel} says: {code}"))
    assert f"top up the balance or the plan of {channel}" in found["to_do"]
    assert [ITEM] == [d["item"] for d in told["needs_you"] if d["date"] == "2027-01-11"], "the other channel has gone"
    day.passes("10:10", "10:16", "10:17")
    assert ALL_ONCE == day.received()
    assert [] == json.loads(day.run("status", "--json", at=at("10:18")).stdout)["needs_money"]


@pytest.mark.parametrize("channel", ["x", "email"])
@pytest.mark.parametrize(("reset_in", "too_early", "then"), [(600, "10:09", "10:10"), (None, "10:00", "10:15")])
def test_quota_used_up(
    day: Day, channel: str, reset_in: int | None, too_early: str, then: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """429 with a reset: no call before it, and one at it. Without: at X after its window of fifteen minutes, at
    SendGrid a minute later at first. `status` names the time, and asks for nothing."""
    name = {"x": "x", "email": "sendgrid"}[channel]
    if channel == "email" and reset_in is None:
        then = "10:01"
    day.break_it(Fault(Act.LIMIT, double=name, reset_in=reset_in, times=1))
    day.passes("10:00", too_early)
    calls = dict(zip(("x", "email"), day.calls(), strict=True))
    assert 1 == calls[channel], "it was asked again too early"
    monkeypatch.setattr("scheduler.services.status.who_sends", lambda *_: "process 1")
    _, told = day.says(too_early)
    found = day.of(told, channel)
    assert ("scheduled", True) == (found["state"], found["why"].startswith("too many calls: 429"))
    assert "the provider takes no more calls for now" in found["to_do"]
    assert then in found["to_do"]
    day.passes(then, "10:20")
    assert ALL_ONCE == day.received()


# -- what is said of a process ---------------------------------------------------------------------------


def test_status_says_who_sends(day: Day, monkeypatch: pytest.MonkeyPatch) -> None:
    """While a process holds the ledger it is named; when none does, that is said: nothing will go."""
    with lock_database(day.ledger_file, now=datetime(2027, 1, 11, 14, tzinfo=UTC)):
        words, told = day.says("10:05")
        assert "Sends now: process" in words
        assert "it goes within a minute" == day.of(told, "x")["to_do"]
    words, told = day.says("10:05")
    assert ("", True) == (told["sends"], "No process sends now" in words)
    assert "no process sends now: `start` does, or `tick`" == day.of(told, "x")["to_do"]


def test_a_mailing_that_waits_in_its_middle_is_said(
    planned: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Part of it has gone and part of it waits for a limit to end: it is under way, and it is listed with the reason."""
    monkeypatch.setattr(ChannelContext, "batch_size", 2)
    with a_day(tmp_path, planned) as day:
        day.break_it(Fault(Act.LIMIT, double="sendgrid", nth=2, reset_in=600))
        day.passes("10:00")
        _, told = day.says("10:01")
        found = day.of(told, "email")
        assert ("sending", True) == (found["state"], "too many calls: 429" in found["why"].lower())
        day.passes("10:10")
        assert ALL_ONCE == day.received()
