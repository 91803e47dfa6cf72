"""Processes of the simulator: each can die, fail or stand still at every failpoint, and take turns with another.

A process is a ledger of its own on the common file and a tick. It dies by an exception that nothing in the program
catches; then it is thrown away, as the operating system would, and a new one is made on the file that is left.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from scheduler.domain.season_key import SeasonKey
from scheduler.engine import failpoints
from scheduler.engine.lanes import PostsFirst
from scheduler.store import Ledger
from tests.support.altered_ledger import AlteredLedger

if TYPE_CHECKING:
    from .staged_lanes import StagedLanes


class Killed(BaseException):
    """The process is dead. No part of the program may catch this."""


class HostClock:
    """The machine's clock, which may be wrong, and the true time, which it cannot know."""

    def __init__(self, start_at: datetime) -> None:
        self.truth = start_at
        self.offset = timedelta(0)
        self._awake = 0.0

    def now(self) -> datetime:
        return self.truth + self.offset

    def monotonic(self) -> float:
        return self._awake

    def advance(self, distance: timedelta, *, asleep: bool = False) -> None:
        """Let time pass. A machine that sleeps does not count it on its monotonic clock."""
        self.truth += distance
        if not asleep:
            self._awake += distance.total_seconds()


@dataclass
class Trail:
    """What the oracle has to know of a thread: what people had said when it read the files, when it wrote its intent,
    and when it looked for the last time."""

    read: Any = None
    at_intent: Any = None
    intent_at: datetime | None = None  # by the machine's clock
    checked: tuple[Any, datetime] | None = None  # and the machine's time
    is_ahead: bool = False  # whether it is about posts whose calls were made up before they were due


class Process:
    """One process that sends: its passes, its lanes and its calls, which take turns."""

    lanes: Sequence[StagedLanes]  # of each campaign
    posts_first: PostsFirst

    def __init__(self, name: str, ledger: Ledger) -> None:
        self.name = name
        self.ledger = ledger
        self.fuse = 0  # failpoints until it dies
        self.trip = 0  # failpoints until something fails
        self.nap = 0  # failpoints until it stands still
        self.park = 0  # failpoints until it stands still for long, while others go on
        self.trail = Trail()  # of a pass that is made without an actor
        self.actors: list[Actor] = []  # its threads
        self.resume_at: datetime | None = None

    @property
    def is_parked(self) -> bool:
        return bool(self.actors)

    @property
    def is_reading(self) -> bool:
        """Whether one of its threads has what the others may be waiting for."""
        return any(lanes.is_reading for lanes in self.lanes)

    def close(self) -> None:
        self.ledger.close()


class Actor:
    """A thread of a process, which runs only while the stage lets it."""

    def __init__(self, stage: Stage, process: Process, body: Callable[[], None], trail: Trail | None = None) -> None:
        self._stage, self._body = stage, body
        self.process = process
        self.trail = trail or Trail()
        self.go = _no_permit()
        self.state = "ready"  # ready | parked | done
        self.until: Callable[[], bool] = lambda: True  # what it waits for
        self.must_die = False
        self.waits_breathless_since: datetime | None = None
        process.actors.append(self)
        stage.threads.give(self)

    def act(self) -> None:
        """In the thread that it was given."""
        self.go.acquire()
        try:
            if not self.must_die:
                self._body()
        finally:
            self.state = "done"

    def leave_the_stage(self, until: Callable[[], bool] = lambda: True) -> None:
        """Called by the actor: let others act, come back when called, and not before ``until`` is true."""
        self.until = until
        self._stage.back.release()
        self.go.acquire()
        if self.must_die:
            raise Killed("end")


def _no_permit() -> threading.Lock:
    """A semaphore of one permit that nobody has given yet; those of Python itself take ten times as long."""
    lock = threading.Lock()
    lock.acquire()
    return lock


class Threads:
    """What actors run in. A season has thousands of them, few at a time, and to begin a thread takes its time."""

    def __init__(self, back: threading.Lock) -> None:
        self._back = back  # given when an actor is done
        self._free: list[tuple[threading.Lock, list[Actor]]] = []

    def give(self, actor: Actor) -> None:
        if self._free:
            begin, given = self._free.pop()
        else:
            begin, given = _no_permit(), []
            threading.Thread(target=self._run, args=(begin, given), daemon=True).start()
        given.append(actor)
        begin.release()

    def _run(self, begin: threading.Lock, given: list[Actor]) -> None:
        while True:
            begin.acquire()
            if not given:
                return
            try:
                given.pop().act()
                self._free.append((begin, given))
            finally:
                self._back.release()

    def close(self) -> None:
        for begin, _ in self._free:
            begin.release()
        self._free.clear()


class Stage:
    """Only one actor moves at a time, so that a seed replays exactly."""

    def __init__(self) -> None:
        self.back = _no_permit()
        self.threads = Threads(self.back)
        self.actors: list[Actor] = []
        self.moving: Actor | None = None

    def play(self, actors: list[Actor], choose: Callable[[list[Actor]], Actor]) -> None:
        """Until each of them, and of those that they bring along, is done or parked. The threads of a process that has
        died move no more."""
        self.actors = actors
        while ready := [a for a in self.actors if a.state == "ready" and a.until()]:
            actor = choose(ready)
            self._let_move(actor)
            if actor.process.fuse < 0:
                for other in tuple(actor.process.actors):
                    self.end(other)
            self.actors = [a for a in self.actors if a.state != "done"]
        self.actors = []

    def _let_move(self, actor: Actor) -> None:
        self.moving = actor
        actor.go.release()
        self.back.acquire()
        self.moving = None
        if actor.state == "done":
            actor.process.actors.remove(actor)

    def end(self, actor: Actor) -> None:
        """Kill one that waits."""
        actor.must_die, actor.state = True, "ready"
        self._let_move(actor)


class OnStage:
    """How the calls of a lane run beside each other here: each is an actor, and the dice say whose turn it is."""

    most = 8

    def __init__(self, stage: Stage) -> None:
        self._stage = stage
        self._ended = 0

    def start(self, call: Callable[[], None]) -> None:
        lane = self._stage.moving
        if lane is None:  # nobody else is on the stage
            call()
            self._ended += 1
            return

        def body() -> None:
            call()
            self._ended += 1

        trail = replace(lane.trail, checked=None)
        self._stage.actors.append(Actor(self._stage, lane.process, body, trail))

    def wait(self) -> None:
        lane = self._stage.moving
        if lane is not None:
            lane.leave_the_stage(lambda: self._ended > 0)
        self._ended = 0

    def close(self) -> None:
        """Those of a process that has died are ended by the stage."""


class Spared(AlteredLedger):
    """The ledger, spared questions of which a glance into the file shows that there can be no answer.

    A season is thousands of passes, most of which find nothing to do, and asking the database properly takes a
    hundred times as long as a glance. A question is spared only where no row is in any state that it concerns; a test
    plays seasons both ways and finds the same.
    """

    def __init__(self, ledger: Ledger, peek: Callable[..., list[tuple[Any, ...]]]) -> None:
        super().__init__(ledger)
        self._peek = peek

    def _nothing(self, where: str, now: datetime | None = None) -> bool:
        text = now.replace(tzinfo=None).isoformat(" ", "microseconds") if now else ""
        return not self._peek(f"SELECT 1 FROM {where} LIMIT 1", {"now": text} if now else {})

    def lookups_mark_expired_unknown(self, mode: str, *, now: datetime) -> Any:
        if self._nothing("batches WHERE state = 'sending'"):
            return ()
        return self._ledger.lookups.mark_expired_unknown(mode, now=now)

    def lookups_doubtful(self, mode: str, *, now: datetime) -> Any:
        if self._nothing("batches WHERE state = 'unknown'"):
            return ()
        return self._ledger.lookups.doubtful(mode, now=now)

    def receipts_settle_by_receipts(self, mode: str, *, now: datetime) -> int:
        return 0 if self._nothing("proofs") else self._ledger.receipts.settle_by_receipts(mode, now=now)

    def deliveries_expire(self, mode: str, *, now: datetime) -> Any:
        waits = "state IN ('scheduled', 'held')"
        late = f"deliveries WHERE opened_at IS NULL AND {waits} AND expires_at <= :now"
        if self._nothing(late, now) and self._nothing(f"batches WHERE {waits}"):
            return ()
        return self._ledger.deliveries.expire(mode, now=now)

    def due(self, mode: str, key: SeasonKey, *, now: datetime) -> Any:
        open_now = "due_at <= :now AND expires_at > :now"
        if self._nothing(f"deliveries WHERE state IN ('scheduled', 'sending') AND {open_now}", now):
            return ()
        return self._ledger.deliveries.due(mode, key, now=now)


@contextmanager
def listening(listener: Callable[[str], None]) -> Iterator[None]:
    """Call ``listener`` at every failpoint of the engine that is passed."""

    class Listener(dict[str, Any]):
        def get(self, name: str, default: Any = None) -> Any:  # what failpoints.hit looks up
            listener(name)
            return default

    before = failpoints._armed
    failpoints._armed = Listener()
    try:
        yield
    finally:
        failpoints._armed = before
