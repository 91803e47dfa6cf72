"""The alarm: wakes at each due instant, sweeps besides, watches itself, stops in good order."""

from __future__ import annotations

import gc
import logging
import os
import select
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from scheduler.clock import ShiftedClock, SystemClock, VirtualClock
from scheduler.engine.alarm import AFTER_POSTS, MAKE_READY, Alarm, Deadline
from scheduler.engine.dispatcher import TickResult
from scheduler.engine.wakeup import WakeEvent
from scheduler.errors import NeedsAPerson, OutOfReach

ROOT = Path(__file__).parents[2]
CLOCK = SystemClock()
#: Seconds that a busy machine may take over anything; far from the sweep's minute.
SLACK = 30.0


class Passes:
    """A tick that only says when it was woken."""

    def __init__(self, *instants: datetime, clock: SystemClock | ShiftedClock = CLOCK) -> None:
        self.instants = instants
        self.clock = clock
        self.ran: list[datetime] = []
        self.alive: Callable[[], None] = lambda: None
        self.wake: Callable[[], None] = lambda: None
        self.lanes: dict[str, float] = {}
        self.during: Callable[[], object] = lambda: None
        self.stopped = False

    def run(self) -> TickResult:
        self.ran.append(self.clock.now())
        self.during()
        return TickResult(at=self.clock.now())

    def beats(self) -> dict[str, float]:
        return self.lanes

    def next_instants(self, *, after: datetime | None = None) -> tuple[datetime, ...]:
        return tuple(at for at in self.instants if at > (after or self.clock.now()))

    def stop(self) -> None:
        self.stopped = True


def until(happens: Callable[[], bool], seconds: float = 60) -> None:
    """Wait for another thread or process."""
    for _ in range(int(seconds / 0.01)):
        if happens():
            return
        select.select([], [], [], 0.01)
    raise AssertionError("it did not happen")


@pytest.fixture
def started() -> Iterator[Callable[..., Alarm]]:
    alarms: list[Alarm] = []

    def start(*ticks: Passes, **options: Any) -> Alarm:
        clock = ticks[0].clock
        alarms.append(Alarm(ticks, clock, end=lambda status: None, **options))
        alarms[-1].start()
        return alarms[-1]

    yield start
    for alarm in alarms:
        alarm.close()


def soon(seconds: float, clock: SystemClock | ShiftedClock = CLOCK) -> datetime:
    return clock.now() + timedelta(seconds=seconds)


def test_it_wakes_at_each_due_instant_on_time(started: Callable[..., Alarm]) -> None:
    """At the instant and never before it; the sweep, a minute later, is not waited for. (How late: bench/alarm.py.)"""
    instants = [soon(0.3), soon(1.8), soon(3.3)]
    tick = Passes(*instants)
    started(tick)
    until(lambda: tick.ran[-1] >= instants[-1])
    assert 4 == len(tick.ran)
    for due, ran in zip(instants, tick.ran[1:], strict=True):
        assert timedelta(0) <= ran - due < timedelta(seconds=SLACK)


def test_it_goes_by_a_pretended_clock(started: Callable[..., Alarm]) -> None:
    """With the clock moved to January, it wakes at January's instants."""
    clock = ShiftedClock(datetime(2031, 1, 11, 9, 59, 59, 700_000, tzinfo=UTC))
    due = datetime(2031, 1, 11, 10, tzinfo=UTC)
    tick = Passes(due, clock=clock)
    started(tick)
    until(lambda: len(tick.ran) == 2)
    assert timedelta(0) <= tick.ran[1] - due < timedelta(seconds=SLACK)


def test_it_sweeps_when_nothing_is_due(started: Callable[..., Alarm]) -> None:
    """What no instant announces is found by the sweep."""
    tick = Passes()
    started(tick, sweep=timedelta(seconds=0.1))
    until(lambda: len(tick.ran) >= 4)


def test_instants_that_fall_together_are_one_pass(started: Callable[..., Alarm]) -> None:
    """A long pass that begins after an instant has looked at it already."""
    last = soon(0.2)
    tick = Passes(last, *(last - timedelta(milliseconds=n) for n in range(1, 50)))
    tick.during = lambda: select.select([], [], [], 0.1)
    started(tick)
    until(lambda: CLOCK.now() > last + timedelta(seconds=0.4))
    assert len(tick.ran) < 6


def test_what_falls_due_during_a_pass_is_not_left_to_the_sweep(started: Callable[..., Alarm]) -> None:
    """Due after the pass had its look, past when the jobs are set: it is woken for at once."""
    tick = Passes(soon(0.1))
    tick.during = lambda: select.select([], [], [], 0.3 if len(tick.ran) == 1 else 0)
    started(tick)
    until(lambda: len(tick.ran) == 2)
    select.select([], [], [], 0.3)
    assert 2 == len(tick.ran)


def test_what_the_ledger_no_longer_holds_is_not_woken_for(started: Callable[..., Alarm]) -> None:
    """The jobs are made anew after each pass."""
    tick = Passes(soon(60), soon(120))
    alarm = started(tick, sweep=timedelta(seconds=0.1))
    assert tick.instants[0] == alarm.pulse().next_at
    tick.instants = ()
    until(lambda: alarm.pulse().next_at is None)
    assert {"sweep"} == {job.id for job in alarm._scheduler.get_jobs()}


def test_it_can_be_woken_at_once(started: Callable[..., Alarm]) -> None:
    """Something has changed: look now, not at the next sweep."""
    tick = Passes()
    alarm = started(tick)
    alarm.wake()
    until(lambda: len(tick.ran) == 2)


def test_an_error_in_one_pass_stops_neither_the_next_nor_another_campaign(
    started: Callable[..., Alarm], caplog: pytest.LogCaptureFixture
) -> None:
    """The error is said, without its text, which might name a reader; the sweeps go on."""

    def fail() -> None:
        raise KeyError("reader@readers.example")

    broken, good = Passes(), Passes()
    broken.during = fail
    alarm = started(broken, good, sweep=timedelta(seconds=0.05))
    until(lambda: len(broken.ran) > 2 and len(good.ran) > 2)
    assert "KeyError in test_alarm.py" in alarm.pulse().problem
    assert "@" not in caplog.text + alarm.pulse().problem
    broken.during = lambda: None
    until(lambda: alarm.pulse().problem == "")


def test_a_ledger_out_of_reach_is_waited_for_in_the_first_pass_as_in_any(
    started: Callable[..., Alarm], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The first pass may be a whole mailing: nothing that passes by itself ends it. Tried again soon, then later each
    time; never later than after a minute."""
    tick = Passes()

    def fail() -> None:
        raise OutOfReach("the disk is full")

    tick.during = fail
    alarm = started(tick)
    assert "the disk is full" == alarm.pulse().problem
    until(lambda: len(tick.ran) == 3)  # after one second, and after two more
    waits = []
    for failures in range(12):
        alarm._failures = failures
        waits.append(alarm._wait().total_seconds())
    assert [20, 1, 2, 4, 8, 16, 32, 60, 60, 60, 60, 60] == waits
    tick.during = lambda: None
    alarm.wake()
    until(lambda: alarm.pulse().problem == "")
    assert timedelta(seconds=20) == alarm._wait()


def test_the_watchdog_watches_the_first_pass_too(monkeypatch: pytest.MonkeyPatch) -> None:
    """Started in the middle of a day, the first pass is the day's mailing."""
    monkeypatch.setattr("scheduler.engine.alarm.WATCH_SECONDS", 0.02)
    ended: list[int] = []
    release = WakeEvent()
    tick = Passes()
    tick.during = lambda: release.wait(60)
    alarm = Alarm(
        [tick],
        CLOCK,
        sweep=timedelta(seconds=0.1),
        patience=timedelta(seconds=0.2),
        drain=timedelta(seconds=0.1),
        end=ended.append,
    )
    thread, _ = in_background(alarm)
    until(lambda: bool(ended))
    release.set()
    thread.join()
    release.close()
    assert 4 == ended[0]


def test_a_stop_in_a_first_pass_that_hangs_ends_within_its_bound(monkeypatch: pytest.MonkeyPatch) -> None:
    """Asked to stop while the database does not answer: the call under way gets its time, and no more."""
    monkeypatch.setattr("scheduler.engine.alarm.WATCH_SECONDS", 0.02)
    ended: list[int] = []
    release = WakeEvent()
    tick = Passes()
    tick.during = lambda: release.wait(60)
    alarm = Alarm([tick], CLOCK, drain=timedelta(seconds=0.1), end=ended.append)
    thread, _ = in_background(alarm)
    until(lambda: bool(tick.ran))
    alarm.stop()
    until(lambda: ended == [1])
    release.set()
    thread.join()
    release.close()


@pytest.mark.parametrize("in_time", [True, False])
def test_what_is_left_to_close_gets_its_time_and_no_more(in_time: bool) -> None:
    """A database that is away keeps no process from ending."""
    ended: list[int] = []
    deadline = Deadline(60 if in_time else 0.05, end=ended.append)
    deadline.begin()
    if not in_time:
        until(lambda: bool(ended))
    deadline.cancel()
    assert ([] if in_time else [1]) == ended


def test_settings_are_looked_at_before_each_pass_and_keep_none_from_being_made(
    started: Callable[..., Alarm], caplog: pytest.LogCaptureFixture
) -> None:
    """In the pass's own thread, so that nothing is under way; whatever comes of it, the pass is made."""
    order: list[str] = []
    tick = Passes()
    tick.during = lambda: order.append("pass")

    def look() -> None:
        order.append("look")
        raise KeyError("reader@readers.example")

    started(tick, before_pass=look, sweep=timedelta(seconds=0.05))
    until(lambda: len(tick.ran) == 2)
    assert ["look", "pass", "look", "pass"] == order[:4]
    assert "before a pass: KeyError" in caplog.text
    assert "@" not in caplog.text


def test_no_pass_is_made_while_the_database_is_away_before_it(started: Callable[..., Alarm]) -> None:
    """Changed settings that could not be taken up: nothing goes out by the earlier ones meanwhile."""
    tick, looks = Passes(), []

    def look() -> None:
        looks.append(len(tick.ran))
        if len(looks) < 3:
            raise OutOfReach("the database is away")

    alarm = started(tick, before_pass=look, sweep=timedelta(seconds=0.05))
    assert "the database is away" == alarm.pulse().problem
    until(lambda: bool(tick.ran))
    assert [0, 0, 0] == looks[:3]
    until(lambda: alarm.pulse().problem == "")


def test_problems_of_a_pass_are_in_the_pulse(started: Callable[..., Alarm]) -> None:
    """A campaign that cannot be read is not health."""

    def fail() -> None:
        raise NeedsAPerson("calendar.toml cannot be read")

    tick = Passes()
    tick.during = fail
    assert "calendar.toml cannot be read" == started(tick).pulse().problem


def in_background(alarm: Alarm) -> tuple[threading.Thread, list[int]]:
    """``run`` in another thread, without the signals, which belong to the main one."""
    statuses: list[int] = []

    def go() -> None:
        alarm._scheduler.start()
        alarm.wake()
        alarm._watch()
        statuses.append(alarm._drained())

    thread = threading.Thread(target=go)
    thread.start()
    return thread, statuses


def test_a_dead_thread_ends_the_process_with_a_clear_message(caplog: pytest.LogCaptureFixture) -> None:
    """.running stays true when APScheduler's thread has died; the watchdog looks at the thread."""
    ended: list[int] = []
    tick = Passes()
    alarm = Alarm([tick], CLOCK, end=ended.append)
    logging.getLogger("scheduler").setLevel(logging.INFO)
    thread, _ = in_background(alarm)
    # APScheduler has taken out the job that it has begun: it would not find it in one that has stopped.
    until(lambda: bool(tick.ran) and alarm._scheduler.running and alarm._scheduler.get_job("wake") is None)
    alarm._scheduler.state = 0  # the loop ends, as if it had died
    alarm._scheduler._event.set()
    thread.join()
    assert [4] == ended
    assert "the alarm's thread has died; this process ends" in caplog.text


def impatient(tick: Passes, monkeypatch: pytest.MonkeyPatch) -> tuple[Alarm, list[int]]:
    """An alarm that waits a fifth of a second for a sign of life, and with which status it ended the process."""
    monkeypatch.setattr("scheduler.engine.alarm.WATCH_SECONDS", 0.02)
    ended: list[int] = []
    alarm = Alarm(
        [tick],
        CLOCK,
        sweep=timedelta(seconds=0.1),
        patience=timedelta(seconds=0.2),
        drain=timedelta(seconds=0.1),
        end=ended.append,
    )
    return alarm, ended


def test_a_pass_that_gives_no_sign_of_life_ends_the_process(
    caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Stuck for longer than its patience: end, so that a supervisor starts it again."""
    release = WakeEvent()
    tick = Passes()
    alarm, ended = impatient(tick, monkeypatch)

    def stuck() -> None:
        if len(tick.ran) > 1:
            release.wait(60)

    tick.during = stuck
    thread, _ = in_background(alarm)
    until(lambda: bool(ended))
    release.set()
    thread.join()
    release.close()
    assert 4 == ended[0]
    assert "no sign of life" in caplog.text


def test_a_lane_that_gives_no_sign_of_life_ends_the_process_too(
    caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Passes go on meanwhile; and the end waits for no lane longer than for a pass."""
    tick = Passes()
    alarm, ended = impatient(tick, monkeypatch)
    tick.lanes = {"lane a-month email": CLOCK.monotonic()}
    thread, _ = in_background(alarm)
    until(lambda: bool(ended))
    thread.join()
    assert [4, 1] == ended
    assert "the lane a-month email has given no sign of life" in caplog.text


def test_a_wish_for_another_pass_is_not_lost_while_one_is_made(started: Callable[..., Alarm]) -> None:
    """A lane that ends while the alarm is looking is looked at again."""
    tick = Passes()
    alarm = started(tick, sweep=timedelta(minutes=5))
    tick.during = lambda: tick.wake() if len(tick.ran) == 2 else None
    alarm.wake()
    until(lambda: len(tick.ran) >= 3)


def test_lanes_that_end_together_make_one_pass_a_moment_later(
    started: Callable[..., Alarm], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Not one each, and not at once: others may still have to begin. Whoever ends later does not put it off."""
    tick = Passes()
    alarm = started(tick, sweep=timedelta(minutes=5))
    monkeypatch.setattr("scheduler.engine.alarm.SOON", timedelta(hours=1))
    tick.wake()
    first = alarm._scheduler.get_job("soon").next_run_time
    tick.wake()
    assert [first] == [job.next_run_time for job in alarm._scheduler.get_jobs() if job.id == "soon"]
    alarm._scheduler.remove_job("soon")
    monkeypatch.setattr("scheduler.engine.alarm.SOON", timedelta(0))
    before = len(tick.ran)
    tick.wake()
    until(lambda: len(tick.ran) > before)


def test_a_long_pass_that_lives_is_left_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """A million readers take their time; each batch is a sign of life."""
    monkeypatch.setattr("scheduler.engine.alarm.WATCH_SECONDS", 0.02)
    ended: list[int] = []
    tick = Passes()
    alarm = Alarm([tick], CLOCK, sweep=timedelta(seconds=0.1), patience=timedelta(seconds=1), end=ended.append)

    def long() -> None:
        if len(tick.ran) == 2:
            for _ in range(75):
                select.select([], [], [], 0.02)
                tick.alive()

    tick.during = long
    thread, statuses = in_background(alarm)
    until(lambda: len(tick.ran) > 2)
    alarm.stop()
    thread.join()
    assert ([], [0]) == (ended, statuses)


def test_a_clock_that_is_set_is_noticed(monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture) -> None:
    """The alarm's own wait knows nothing of it: the watchdog looks again at once."""
    monkeypatch.setattr("scheduler.engine.alarm.WATCH_SECONDS", 0.02)
    tick = Passes()
    alarm = Alarm([tick], CLOCK, end=lambda status: None)
    thread, _ = in_background(alarm)
    until(lambda: len(tick.ran) == 1)
    select.select([], [], [], 0.1)
    monkeypatch.setattr(alarm, "_drift", lambda: 3600.0)
    until(lambda: len(tick.ran) == 2)
    alarm.stop()
    thread.join()
    assert "the clock was set" in caplog.text


def test_stopping_waits_for_the_call_under_way(started: Callable[..., Alarm]) -> None:
    """The pass is told to stop, and its end is waited for."""
    tick = Passes(soon(0.1))
    finished: list[bool] = []

    def slow() -> None:
        if len(tick.ran) == 2:
            until(lambda: tick.stopped)
            select.select([], [], [], 0.1)
            finished.append(True)

    tick.during = slow
    alarm = started(tick)
    until(lambda: len(tick.ran) == 2)
    alarm.close()
    assert [True] == finished


def test_stopping_in_the_middle_of_setting_the_jobs_does_not_hang(started: Callable[..., Alarm]) -> None:
    """A pass that has sent and is setting its jobs when the stop comes needs the lock that a shutdown holds."""
    tick = Passes()
    alarm = started(tick, sweep=timedelta(seconds=0.05))
    setting = threading.Event()
    get_jobs = alarm._scheduler.get_jobs

    def slow() -> list[object]:
        setting.set()
        select.select([], [], [], 0.3)
        return get_jobs()

    alarm._scheduler.get_jobs = slow
    until(setting.is_set)
    closing = threading.Thread(target=alarm.close, daemon=True)
    closing.start()
    until(lambda: not closing.is_alive())


START = """
import logging, sys, tempfile
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
logging.basicConfig(level=logging.INFO, stream=sys.stdout, format="%(message)s")
from scheduler.clock import SystemClock
from scheduler.engine.alarm import Alarm
from scheduler.engine.lanes import Lanes
from scheduler.engine.tick import Tick
from scheduler.store import open_ledger
from tests.support.world import A_MONTH, FakeTransport, a_post, a_rehearsal, an_approval, some_settings
clock = SystemClock()
folder = tempfile.TemporaryDirectory()  # in memory there is one connection, and threads are several
ledger = open_ledger(f"sqlite:///{folder.name}/observance.db")
due_at = clock.now() + timedelta(seconds=5)
message = replace(a_post("day-11", on=due_at.date()), due_at=due_at, expires_at=due_at + timedelta(hours=1))
print("due at", due_at.isoformat(), flush=True)
ledger.approvals.record(an_approval(message))
ledger.armings.arm(A_MONTH, who="Ada", now=clock.now())
x = FakeTransport(on_call=lambda request: print("called at", clock.now().isoformat(), flush=True))
tick = Tick(ledger, {"x": x}, lambda: a_rehearsal([message]), some_settings(), clock, str)
status = Alarm([Lanes(tick)], clock).run()
print("status", status, flush=True)
"""


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_the_process_in_good_order(number: signal.Signals) -> None:
    """SIGTERM and Ctrl-C: stop after the call under way, say so, status 0."""
    process = subprocess.Popen([sys.executable, "-c", START], stdout=subprocess.PIPE, text=True, cwd=ROOT)
    assert process.stdout is not None
    assert process.stdout.readline().startswith("due at")
    assert process.stdout.readline().startswith("the alarm is set; next: ")
    process.send_signal(number)
    out, _ = process.communicate(timeout=60)
    assert out.endswith("stopped\nstatus 0\n")
    assert 0 == process.returncode


@pytest.mark.skipif(not Path("/usr/bin/faketime").exists(), reason="faketime is not installed")
@pytest.mark.parametrize("keep", ["", "DONT_FAKE_MONOTONIC"])
def test_it_wakes_under_a_faked_clock(keep: str) -> None:
    """libfaketime moves the monotonic clock too, on which no lock ever wakes; the alarm does not wait on one."""
    environment = {**os.environ, **({keep: "1"} if keep else {})}
    process = subprocess.Popen(
        ["/usr/bin/faketime", "-f", "@2027-01-11 09:59:58", sys.executable, "-c", START],
        stdout=subprocess.PIPE,
        text=True,
        cwd=ROOT,
        env={**environment, "TZ": "UTC"},
        start_new_session=True,  # the tool starts a process of its own
    )
    assert process.stdout is not None
    try:
        lines = [process.stdout.readline().strip() for _ in range(4)]
    finally:
        os.killpg(process.pid, signal.SIGTERM)
        process.communicate(timeout=60)
    due_at = datetime.fromisoformat(lines[0].removeprefix("due at "))
    assert "2027-01-11" == str(due_at.date())
    assert f"the alarm is set; next: {due_at}" == lines[1]
    called_at = datetime.fromisoformat(lines[2].removeprefix("called at "))
    assert timedelta(0) <= called_at - due_at < timedelta(seconds=SLACK)
    assert "day-11 on x: accepted" == lines[3]


def test_what_needs_no_look_goes_first_and_the_pass_comes_after_it(started: Callable[..., Alarm]) -> None:
    """At the instant itself, after the look at the settings. A lane that ends at once brings the pass no nearer."""
    tick, begun, settings = Passes(soon(0.5)), list[datetime](), list[datetime]()

    collects = list[bool]()
    tick.during = lambda: collects.append(gc.isenabled())

    def begin() -> bool:
        begun.append(CLOCK.now())
        tick.during()
        tick.wake()
        return True

    started(tick, at_instant=begin, before_pass=lambda: settings.append(CLOCK.now()))
    until(lambda: len(tick.ran) == 2)
    assert tick.instants[0] <= settings[1] <= begun[0] <= tick.ran[1] - AFTER_POSTS
    assert 1 == len(begun)
    assert [True, False, True] == collects, "nor does Python walk over all that is in memory"


@pytest.mark.parametrize(("away", "begins"), [(3.8, False), (60, True), (-1, True)])
def test_no_pass_that_may_wait_is_begun_where_it_would_keep_an_instant_waiting(away: float, begins: bool) -> None:
    """The last one took three seconds. It comes behind the instant, whatever comes of that."""
    tick, clock = Passes(), VirtualClock(CLOCK.now())
    alarm = Alarm([tick], clock, end=lambda status: None)
    alarm._took, alarm._next_at = timedelta(seconds=3), clock.now() + timedelta(seconds=away)
    alarm._pass_between_instants()
    sweep = alarm._scheduler.get_job("sweep")
    assert sweep is not None
    assert begins == bool(tick.ran)
    assert begins or sweep.trigger.run_date > clock.now() + timedelta(seconds=away)
    alarm.close()


def test_what_is_about_to_be_due_is_made_ready_before_it(started: Callable[..., Alarm]) -> None:
    """Once for each instant, and never behind it; what goes wrong with it stops nothing."""
    ready = list[tuple[datetime, datetime]]()
    tick = Passes(*(soon(MAKE_READY.total_seconds() + more) for more in (0.3, 0.5)))

    def make_ready(due_at: datetime) -> None:
        ready.append((due_at, CLOCK.now()))
        raise OSError("a disk that is gone")

    started(tick, make_ready=make_ready)
    until(lambda: tick.ran[-1] >= tick.instants[-1])
    assert {*tick.instants} == {due_at for due_at, _ in ready}
    assert all(due_at - MAKE_READY <= at < due_at for due_at, at in ready)


@pytest.mark.parametrize("says", [False, OSError("a disk that is gone")])
def test_where_something_needs_a_look_the_pass_is_made_at_once(
    started: Callable[..., Alarm], says: bool | Exception, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("scheduler.engine.alarm.AFTER_POSTS", timedelta(minutes=1))
    tick = Passes(soon(0.5))

    def begin() -> bool:
        if isinstance(says, Exception):
            raise says
        return says

    started(tick, at_instant=begin)
    until(lambda: len(tick.ran) == 2)
    assert tick.instants[0] <= tick.ran[1]


def test_nothing_goes_first_by_settings_that_cannot_be_taken_up(started: Callable[..., Alarm]) -> None:
    tick, begun, looks = Passes(soon(0.5)), list[str](), list[str]()

    def look() -> None:
        looks.append("look")
        if len(looks) > 1:
            raise OutOfReach("the database is away", passes=True)

    started(tick, at_instant=lambda: begun.append("begun") or True, before_pass=look)
    until(lambda: len(looks) >= 3)
    assert [] == begun
