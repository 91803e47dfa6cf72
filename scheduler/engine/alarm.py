"""The alarm: wakes the tick at each due instant, and every twenty seconds besides. The only home of APScheduler.

The alarm decides nothing. Its jobs live in memory, are made anew from the ledger after each pass, and may all be
lost: the next sweep finds in the ledger what is due. The sweep is also what notices a clock that was set, and a
machine that slept, for the alarm's own wait knows neither.
"""

from __future__ import annotations

import gc
import logging
import os
import signal
import threading
import traceback
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from types import FrameType
from typing import Protocol

from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.jobstores.base import JobLookupError
from apscheduler.jobstores.memory import MemoryJobStore
from apscheduler.schedulers.background import BackgroundScheduler

from ..clock import Clock, SystemClock, stopwatch
from ..errors import ObservanceError, OutOfReach
from ..light_dataclass import dataclass
from .dispatcher import TickResult
from .wakeup import WakeEvent, nap

log = logging.getLogger(__name__)

#: How often to look into the ledger when nothing is known to be due.
SWEEP = timedelta(seconds=20)
#: After a pass that was not possible the next one comes so soon, then later each time, in the end each minute.
FIRST_WAIT, LONGEST_WAIT = timedelta(seconds=1), timedelta(minutes=1)
#: How long after a lane has ended the next pass sets what that lane has left.
SOON = timedelta(seconds=0.5)
#: How long after posts that had to go at their instant the pass is made that follows them.
AFTER_POSTS = timedelta(seconds=1)
#: How long before an instant that is made ready which goes then; within the time for which a look at files holds.
MAKE_READY = timedelta(seconds=0.9)
#: For so long at most before an instant no pass is begun that may come later.
LONGEST_QUIET = timedelta(seconds=10)
#: How long the call under way is waited for when stopping.
DRAIN = timedelta(seconds=30)
#: How often the watchdog looks at the alarm and at the clock.
WATCH_SECONDS = 1.0
#: The wall clock moved against the monotonic one by more than this: it was set, or the machine slept.
CLOCK_STEP_SECONDS = 2.0


class Passes(Protocol):
    """What the alarm wakes: the :class:`~scheduler.engine.lanes.Lanes` of a campaign."""

    alive: Callable[[], None]  # a sign of life of the pass; set by the alarm
    wake: Callable[[], None]  # for another pass soon, when something has ended; set by the alarm

    def run(self) -> TickResult: ...

    def beats(self) -> Mapping[str, float]:
        """What else is being done, beside the passes, and when each gave its last sign of life (monotonic)."""
        ...

    def next_instants(self, *, after: datetime | None = None) -> tuple[datetime, ...]: ...

    def stop(self) -> None: ...


@dataclass(frozen=True)
class Pulse:
    """How the alarm is doing, for health checks."""

    last_pass_at: datetime | None
    silent_seconds: float  # since the last sign of life
    next_at: datetime | None
    problem: str = ""  # what the last pass ran into


class Deadline:
    """Ends the process when it has not ended by itself: what is left to do then may hang, and nobody waits for it."""

    def __init__(self, seconds: float, *, end: Callable[[int], None] = os._exit) -> None:
        self._seconds, self._end = seconds, end
        self._is_over = False
        self._bell = WakeEvent()
        self._thread: threading.Thread | None = None

    def begin(self) -> None:
        """From here on the time counts."""
        self._thread = threading.Thread(target=self._run, name="deadline", daemon=True)
        self._thread.start()

    def cancel(self) -> None:
        """It has ended in time."""
        self._is_over = True
        self._bell.set()
        if self._thread is not None:
            self._thread.join()
        self._bell.close()

    def _run(self) -> None:
        passed = stopwatch()
        while passed() < self._seconds:
            if self._bell.wait(self._seconds - passed()):
                return
        if self._is_over:  # it ended while the last wait ran out
            return
        log.error("the end took too long; this process ends now", extra={"action": "deadline_passed"})
        logging.shutdown()
        self._end(1)


class Alarm:
    """Wakes ticks until it is told to stop. ``run()`` blocks; ``start()`` and ``stop()`` are for tests and others."""

    def __init__(
        self,
        ticks: Sequence[Passes],
        clock: Clock,
        *,
        sweep: timedelta = SWEEP,
        patience: timedelta = timedelta(minutes=5),
        drain: timedelta = DRAIN,
        before_pass: Callable[[], None] = lambda: None,
        after_pass: Callable[[Sequence[str]], None] = lambda problems: None,
        at_instant: Callable[[], bool] = lambda: False,
        make_ready: Callable[[datetime], None] = lambda due_at: None,
        end: Callable[[int], None] = os._exit,
    ) -> None:
        """``patience``: how long a pass may give no sign of life; more than one call and one wait for the database.
        ``drain``: how long to wait for the call under way when stopping. ``before_pass`` is called before each pass, in
        its thread; ``after_pass`` with what a pass ran into, and must come back at once. ``at_instant`` begins with
        what is due, and says whether that was all; ``make_ready`` does what can be done before it: see
        :class:`~scheduler.engine.lanes.PostsFirst`. ``end`` ends the process at once."""
        self._ticks = tuple(ticks)
        self._clock = clock
        self._machine = SystemClock()  # what APScheduler goes by; a pretended clock runs beside it
        self._sweep = sweep
        self._patience = patience.total_seconds()
        self._drain = drain.total_seconds()
        self._before_pass = before_pass
        self._after_pass = after_pass
        self._at_instant, self._make_ready = at_instant, make_ready
        self._end = end
        self._bell = WakeEvent()
        self._scheduler = BackgroundScheduler(
            timezone=UTC,
            jobstores={"default": MemoryJobStore()},
            executors={"default": ThreadPoolExecutor(1)},
            # One runs at a time, in the one thread; a second one may wait its turn, so that no wish is lost.
            job_defaults={"misfire_grace_time": None, "coalesce": True, "max_instances": 2},
        )
        self._scheduler._event = WakeEvent()  # what its loop waits for
        logging.getLogger("apscheduler").setLevel(logging.ERROR)
        self._stopping = threading.Event()  # never waited for, only looked at
        self._busy = False
        self._failures = 0  # passes in a row that were not possible
        self._is_failing = False
        self._took = timedelta(0)  # the last pass
        self._is_set = False  # jobs were set from the ledger once
        self._began_at: datetime | None = None
        self._last_pass_at: datetime | None = None
        self._next_at: datetime | None = None
        self._problem = ""
        self._beat = self._machine.monotonic()
        for tick in self._ticks:
            tick.alive, tick.wake = self._alive, self._wake_soon

    # -- running ----------------------------------------------------------------------------------------

    def run(self) -> int:
        """Run until SIGTERM, SIGINT or :meth:`stop`; then end after the call under way. Returns an exit status.

        The first pass is one like all others, in the background: it may be a whole mailing, and is watched as well.
        """

        def asked(number: int, frame: FrameType | None) -> None:
            """SIGTERM and SIGINT end the run after the present call; a second one ends it at once."""
            if self._stopping.is_set():
                self._end(128 + number)
            self.stop()

        before = {number: signal.signal(number, asked) for number in (signal.SIGTERM, signal.SIGINT)}
        try:
            self._scheduler.start()
            self.wake()
            self._watch()
            return self._drained()
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)

    def start(self) -> None:
        """Make the first pass here and now, then run in the background."""
        self._scheduler.start()
        self._pass()

    def stop(self) -> None:
        """Ask to stop; returns at once. May be called from a signal handler or another thread."""
        self._stopping.set()
        for tick in self._ticks:
            tick.stop()
        self._bell.set()

    def wake(self) -> None:
        """Make a pass as soon as possible: something has changed. May be called from any thread."""
        if not self._stopping.is_set():
            self._set("wake", self._machine.now(), self._pass)

    def _wake_soon(self) -> None:
        """Make a pass in a moment, one for all that ends meanwhile: others may have to begin before that."""
        self._pass_in(SOON)

    def _pass_in(self, wait: timedelta, *, anew: bool = False) -> None:
        if not self._stopping.is_set() and (anew or self._scheduler.get_job("soon") is None):
            self._set("soon", self._machine.now() + wait, self._pass_between_instants)

    def pulse(self) -> Pulse:
        """How it is doing."""
        return Pulse(self._last_pass_at, self._machine.monotonic() - self._beat, self._next_at, self._problem)

    def close(self) -> None:
        """Stop the background threads; after :meth:`start` without :meth:`run`."""
        self.stop()
        self._drained()

    # -- passes -----------------------------------------------------------------------------------------

    def _on_instant(self, due_at: datetime) -> None:
        """A due instant: nothing to do when a pass has begun since."""
        if self._began_at is None or self._began_at < due_at:
            if self._has_begun_with_all():
                # The looks at all campaigns would take the processor from the posts; the first of their lanes may
                # have ended by now, and have asked for a pass sooner.
                self._pass_in(AFTER_POSTS, anew=True)
            else:
                self._pass()

    def _before_instant(self, due_at: datetime) -> None:
        """What can be done before it. Whatever goes wrong with it is found again at the instant, and said."""
        self._busy = True
        try:
            if not self._stopping.is_set() and self._clock.now() < due_at:
                # To look for what nobody uses any more, Python walks over all that is in memory: a tenth of a second
                # for a hundred campaigns, in which nothing else is done. The pass that follows may do it.
                gc.disable()
                self._make_ready(due_at)
        except Exception as error:
            log.warning("before an instant: %s", type(error).__name__, extra={"action": "make_ready_failed"})
        finally:
            self._busy = False

    def _has_begun_with_all(self) -> bool:
        """Whether what is due now has been begun with, by the settings as they are."""
        self._busy = True
        try:
            return not self._stopping.is_set() and not self._before() and self._at_instant()
        except Exception as error:  # the pass says what is wrong
            log.error("at an instant: %s", type(error).__name__, extra={"action": "at_instant_failed"})
            return False
        finally:
            self._busy = False

    def _pass(self) -> None:
        self._busy = True  # before the look at `stopping`: whoever stops waits while this is set
        try:
            if not self._stopping.is_set():
                self._whole_pass()
        finally:
            self._busy = False

    def _pass_between_instants(self) -> None:
        """A pass that may come later: with many campaigns it takes a while, and what falls due or is made ready
        meanwhile would wait for its end. At the instant, or behind its posts, there is one in any case."""
        now, due_at = self._clock.now(), self._next_at
        if due_at is not None and now < due_at < now + MAKE_READY + self._took:
            after = self._machine.now() + (due_at - now) + self._wait()
            self._set("sweep", after, self._pass_between_instants)
        else:
            self._pass()

    def _whole_pass(self) -> None:
        passed = stopwatch()
        gc.enable()
        self._alive()
        self._began_at = self._clock.now()
        self._is_failing = False
        try:
            problems = self._before() or [problem for tick in self._ticks for problem in self._one(tick)]
            self._last_pass_at = self._clock.now()
            self._problem = "; ".join(problems)
            self._failures = self._failures + 1 if self._is_failing else 0
        finally:
            self._alive()
            self._took = min(timedelta(seconds=passed()), LONGEST_QUIET)
            self._rebuild()
        try:
            self._after_pass(problems)
        except Exception as error:  # whatever comes of it, the passes go on
            log.error("after a pass: %s", type(error).__name__, extra={"action": "after_pass_failed"})

    def _before(self) -> list[str]:
        """What comes before each pass. Where the database is away already, no pass is made, as in one of its own."""
        try:
            self._before_pass()
        except OutOfReach as error:
            return self._failed("a pass was not possible", error.message)
        except Exception as error:  # whatever comes of it, the passes go on
            log.error("before a pass: %s", type(error).__name__, extra={"action": "before_pass_failed"})
        return []

    def _failed(self, what: str, why: str) -> list[str]:
        self._is_failing = True
        log.error("%s: %s", what, why, extra={"action": "pass_failed"})
        return [why]

    def _one(self, tick: Passes) -> Sequence[str]:
        """One tick's pass. What goes wrong in it is said, and does not keep the next tick from its own."""
        try:
            result = tick.run()
            self._is_failing = self._is_failing or bool(result.kept)
        except ObservanceError as error:
            return self._failed("a pass was not possible", error.message)
        except Exception as error:
            # The text of an error nobody foresaw may hold an address; its kind and place do not.
            place = traceback.extract_tb(error.__traceback__)[-1]
            why = f"{type(error).__name__} in {os.path.basename(place.filename)}:{place.lineno}"
            return self._failed("a pass failed", why)
        return result.problems

    def _alive(self) -> None:
        self._beat = self._machine.monotonic()

    # -- jobs -------------------------------------------------------------------------------------------

    def _rebuild(self) -> None:
        """Set one job for each due instant that the ledger knows of, and the next sweep; drop the rest."""
        if self._stopping.is_set():
            return
        now, machine_now = self._clock.now(), self._machine.now()
        self._set("sweep", machine_now + self._wait(), self._pass_between_instants)
        try:
            # From the beginning of this pass on: what fell due while it went on may have come after its look.
            instants = sorted({at for tick in self._ticks for at in tick.next_instants(after=self._began_at)})
        except ObservanceError as error:
            log.error("the next instants are not known: %s", error.message, extra={"action": "pass_failed"})
            return
        ready = {f"ready {at.isoformat()}": (at - MAKE_READY, self._before_instant, at) for at in instants if at > now}
        wanted = ready | {f"due {at.isoformat()}": (at, self._on_instant, at) for at in instants}
        for job in self._scheduler.get_jobs():
            if job.id.startswith(("due ", "ready ")) and job.id not in wanted:
                with suppress(JobLookupError):  # it may have run meanwhile
                    self._scheduler.remove_job(job.id)
        for name, (at, act, due_at) in wanted.items():
            self._set(name, machine_now + (at - now), act, due_at)
        self._next_at = next((at for at in instants if at > now), None)
        if not self._is_set:
            self._is_set = True
            log.info("the alarm is set; next: %s", self._next_at or "nothing yet", extra={"action": "alarm_started"})

    def _wait(self) -> timedelta:
        """How long until the next pass, whatever is due."""
        later = min(FIRST_WAIT * (1 << min(max(self._failures - 1, 0), 10)), LONGEST_WAIT)
        return later if self._failures else self._sweep

    def _set(self, name: str, at: datetime, function: Callable[..., None], *arguments: object) -> None:
        self._scheduler.add_job(function, "date", run_date=at, args=arguments, id=name, replace_existing=True)

    # -- watching ---------------------------------------------------------------------------------------

    def _watch(self) -> None:
        """Watch the alarm's thread, its sweeps and the clock, until it is time to stop.

        Silence is counted in the watchdog's own rounds: after the whole process stood still, the alarm gets its
        chance before it is given up.
        """
        silent: dict[str, float] = {}
        looked_at, drift = self._machine.monotonic(), self._drift()
        while not self._stopping.is_set():
            self._bell.wait(WATCH_SECONDS)
            self._bell.clear()
            now = self._machine.monotonic()
            more = min(now - looked_at, 2 * WATCH_SECONDS)
            silent = {
                what: min(silent.get(what, 0.0) + more, max(0.0, now - beat)) for what, beat in self._beats().items()
            }
            looked_at = now
            if not self._stopping.is_set() and not self._scheduler._thread.is_alive():
                self._give_up("the alarm's thread has died")
            for what, seconds in silent.items():
                if seconds > self._patience + self._wait().total_seconds():
                    self._give_up(f"the {what} has given no sign of life for {seconds:.0f} seconds")
            if abs(self._drift() - drift) > CLOCK_STEP_SECONDS:
                drift = self._drift()
                log.warning("the clock was set, or the machine slept; looking again", extra={"action": "clock_step"})
                self.wake()

    def _beats(self) -> dict[str, float]:
        return {"alarm": self._beat} | {what: beat for tick in self._ticks for what, beat in tick.beats().items()}

    def _is_busy(self) -> bool:
        return self._busy or any(tick.beats() for tick in self._ticks)

    def _drift(self) -> float:
        return self._machine.now().timestamp() - self._machine.monotonic()

    def _give_up(self, why: str) -> None:
        """Whoever supervises the process starts it again; the ledger knows what was under way."""
        log.critical("%s; this process ends, so that it can be started again", why, extra={"action": "alarm_died"})
        logging.shutdown()
        self._end(4)
        self._stopping.set()  # where `end` comes back, in tests

    def _drained(self) -> int:
        """Wait for the calls under way, for a while."""
        gc.enable()
        deadline = self._machine.monotonic() + self._drain
        while self._is_busy() and self._machine.monotonic() < deadline:
            nap(0.05)
        if self._is_busy():
            log.error(
                "stopped while a call was under way; its end is not known, and it stands as sending until then",
                extra={"action": "drain_timed_out"},
            )
            logging.shutdown()
            self._end(1)
        if self._scheduler.running:
            # Without waiting: APScheduler would wait for the pass while it holds the lock that the pass needs to set
            # its jobs. There is nothing to wait for; a pass that begins now sees that it is to stop.
            self._scheduler.shutdown(wait=False)
        self._bell.close()
        self._scheduler._event.close()
        log.info("stopped", extra={"action": "alarm_stopped"})
        return 0
