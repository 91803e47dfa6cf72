"""The machine of the simulator: processes that start, make passes, die, and what happens to them at each failpoint."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
from random import Random
from typing import TYPE_CHECKING, Any

from scheduler.domain.audience import Audience
from scheduler.domain.cadence import Cadence
from scheduler.engine import failpoints
from scheduler.engine.alarm import MAKE_READY
from scheduler.engine.dispatcher import TickResult
from scheduler.engine.lanes import Lead, PostsFirst
from scheduler.engine.tick import READ_AHEAD, Tick
from scheduler.errors import ObservanceError, OutOfReach
from scheduler.settings import Settings
from scheduler.store import open_ledger
from tests.support.world import some_settings

from .oracle import Oracle, Place, Said
from .processes import Actor, HostClock, Killed, OnStage, Process, Spared, Stage, Trail
from .providers import SimulatedTransport
from .season import CALLS_SPAN, HOUR, MINUTE, Calendar, Policy, Weather, looks_at_files
from .staged_lanes import StagedLanes

if TYPE_CHECKING:
    from .people import People

#: Between the last check and the call nothing is looked at any more; whoever stands still here for long may send late.
BREATHLESS = ("after_last_check", "before_call")
#: Two posts that are made up ahead pass so many points, from there to their ends.
POINTS_AHEAD = 20
#: So long another process may go on while one is between its last check and its call.
BREATH = timedelta(seconds=20)


class Machine:
    """The part of a world in which the program runs. The rest of it, which :class:`~.world.World` makes:"""

    seed: int
    dice: Random
    weather: Weather
    policy: Policy
    calendar: Calendar
    clock: HostClock
    said: Said
    oracle: Oracle
    people: People
    counts: Counter[str]
    url: str
    files: int
    spared: bool
    providers: dict[str, Any]
    unusable: dict[str, str]
    poison: dict[str, type[BaseException]]
    chosen: dict[Place, list[tuple[datetime, Cadence]]]
    opened: dict[str, set[str]]
    half_opened: dict[str, bool]  # whether some of its readers were still to be frozen at the last look
    latest: datetime
    acts: list[Any]
    tell: Callable[[str], None]
    peek: Callable[..., list[Any]]
    people_act: Callable[[], None]
    _rehearse: Callable[[str], Any]

    def __init__(self) -> None:
        self.processes: list[Process] = []
        self.wanted_processes = 1
        self.starts: list[datetime] = []  # when processes come back
        self.next_pass_at: datetime | None = None
        self.instant: datetime | None = None  # the next one at which posts are due, by the machine's clock
        self.moving: Process | None = None
        self.stage = Stage()
        self._idle_passes = 0
        self._restless = False

    def wake(self, seconds: float) -> None:
        """The alarm or its sweep makes a pass within so many seconds."""
        at = self.clock.truth + timedelta(seconds=seconds)
        if self.next_pass_at is None or at < self.next_pass_at:
            self.next_pass_at = at

    def chance(self, mean: float) -> int:
        """How many points until something happens that happens each ``mean`` points."""
        return 0 if mean >= 1e9 else 1 + int(self.dice.expovariate(1 / mean))

    # -- processes --------------------------------------------------------------------------------------

    def start_processes(self) -> None:
        while self.starts and min(self.starts) <= self.clock.truth:
            self.starts.remove(min(self.starts))
            self._start()

    def _start(self) -> None:
        self.counts["starts"] += 1
        number = self.counts["starts"]
        ledger = open_ledger(self.url, failpoint=failpoints.hit)
        if (restored := ledger.backups.take_over(now=self.clock.now())) is not None:
            self.tell(f"a backup of {restored.copied_at:%d %b %H:%M} is the ledger now; what is due is missed")
        transports = {
            name: SimulatedTransport(
                "post" if name == "x" else "email",
                provider,
                batch_limit=self._batch_limit() if name == "email" else 0,
                unusable=self.unusable,
                poison=self.poison,
            )
            for name, provider in self.providers.items()
        }
        ticks = [
            Tick(
                self.policy.ledger(Spared(ledger, self.peek) if self.spared else ledger),
                transports,
                partial(self._rehearse, campaign),
                self._settings(),
                self.clock,
                lambda subscriber_id: f"https://news.example.org/u/{subscriber_id}",
                fingerprint=(lambda: str(self.files)) if looks_at_files(self.seed) else None,
                node=f"node-{number}",
                campaign=campaign if len(self.calendar.lists) > 1 else "",
                calls=lambda: OnStage(self.stage),
            )
            for campaign in self.calendar.lists
        ]
        process = Process(f"process {number}", ledger)
        lead = Lead()
        process.lanes = [StagedLanes(self, process, tick, lead) for tick in ticks]
        process.posts_first = PostsFirst(process.lanes, ticks[0]._ledger, lambda: "live", self.clock)
        for transport in transports.values():
            transport.on_call = lambda call: self._called(process, call)
        weather = self.weather
        process.fuse = self.chance(weather.points_between_kills)
        process.trip = self.chance(weather.points_between_errors)
        process.nap = self.chance(weather.points_between_naps)
        process.park = self.chance(weather.points_between_parkings)
        self.processes.append(process)
        self.tell(f"{process.name} starts")
        self.wake(1)

    @property
    def in_flight(self) -> int:
        """How many mails' calls a lane may have in flight: in most seasons several."""
        return (3, 1, 4, 2)[self.seed % 4]

    def _batch_limit(self) -> int:
        """Smaller batches where several may be in flight, so that there are several."""
        return max(1, self.calendar.batch_limit - (self.in_flight > 1))

    def _settings(self) -> Settings:
        settings = some_settings()
        options: dict[str, Any] = {"max_in_flight": self.in_flight}
        if self.weather.max_calls:
            options |= {"max_calls": self.weather.max_calls, "max_calls_minutes": CALLS_SPAN // MINUTE}
        email = replace(settings.channels["email"], options=options)
        return replace(settings, channels={**settings.channels, "email": email})

    def trail_of(self, process: Process) -> Trail:
        """Of the thread that moves now."""
        actor = self.stage.moving
        return actor.trail if actor is not None and actor.process is process else process.trail

    def _called(self, process: Process, call: Any) -> None:
        self.counts["calls"] += 1
        self.counts[f"answer: {call.answer}"] += 1
        who = f" to {', '.join(call.readers)}" if call.channel == "email" else ""
        answer = call.answer
        if call.ends:
            answer = ", ".join(f"{subscriber}: {end}" for subscriber, end in call.ends.items())
        elif call.taken != (answer == "accept"):
            answer += " (taken)" if call.taken else " (not taken)"
        self.tell(f"{process.name} calls {call.channel}: {call.item}{who}: {answer}")
        self.oracle.at_call(process, call)
        if call.taken:
            self.people.mail_house_reports(call)

    def throw_away(self, process: Process) -> None:
        """What the operating system does with a dead process."""
        process.fuse = -1
        self.moving = process
        for actor in tuple(process.actors):
            self.stage.end(actor)
        self.moving = None
        process.close()
        if process in self.processes:
            self.processes.remove(process)

    def stop_all(self) -> None:
        """The machine is off."""
        for process in list(self.processes):
            self.throw_away(process)
        self.starts.clear()

    # -- passes -----------------------------------------------------------------------------------------

    def somebody_resumes(self) -> bool:
        return any(p.resume_at is not None and p.resume_at <= self.clock.truth for p in self.processes)

    def passes(self) -> None:
        """Each process makes a pass; several at once take turns, and so do the lanes of each, and their calls."""
        self.next_pass_at = None
        for process in self.processes:
            if process.resume_at is not None and process.resume_at <= self.clock.truth:
                process.resume_at = None
                for actor in process.actors:
                    actor.state = "ready"
                self.tell(f"{process.name} goes on")
        actors = [a for p in self.processes for a in p.actors if a.state == "ready"]
        free = [p for p in self.processes if not p.actors]
        step = self._step()
        is_pass = step == self._pass
        if len(free) == 1 and is_pass and not actors and not 0 < free[0].park <= 40 and not self._is_anything_open():
            self._alone(free[0])
        else:
            actors += [Actor(self.stage, process, partial(step, process)) for process in free]
            self.stage.play(actors, self._choose)
        for process in [p for p in self.processes if p.fuse < 0]:
            self.throw_away(process)
            delay = self.dice.choice([5, 5, 20, 60, 300, 300, 1200, 3600])
            self.starts.append(self.clock.truth + timedelta(seconds=delay * self.dice.random()))
        if all(p.is_parked for p in self.processes) and not self.starts:
            self.starts.append(self.clock.truth + MINUTE)  # somebody starts another
        self._plan_next_pass()

    def _step(self) -> Callable[[Process], None]:
        """What `start` does now: around an instant at which posts are due something else than a pass."""
        now, instant = self.clock.now(), self.instant
        if instant is None or instant - now > MAKE_READY:
            return self._pass
        if now < instant:
            return partial(self._make_ready, due_at=instant)
        self.instant = None
        return self._at_instant

    def _is_anything_open(self) -> bool:
        now = self.clock.now().replace(tzinfo=None).isoformat(" ", "microseconds")
        return bool(self.peek("SELECT 1 FROM deliveries WHERE due_at <= :now AND expires_at > :now", {"now": now}))

    def _choose(self, ready: list[Actor]) -> Actor:
        """Whose turn it is. Whoever is between the last check and the call does not wait for long."""
        held_up = [
            a for a in ready if a.waits_breathless_since and self.clock.truth - a.waits_breathless_since > BREATH
        ]
        actor = held_up[0] if held_up else self.dice.choice(ready)
        self.moving = actor.process
        return actor

    def _alone(self, process: Process) -> None:
        """A pass in which nothing is to be sent, as `tick` makes it: without the stage, which takes its time."""
        self.moving = process
        with self.surviving(process):
            for lanes in process.lanes:
                self.counts["passes"] += 1
                self.sum_up(process, lanes.run_alone())
        self.moving = None

    def _pass(self, process: Process) -> None:
        """A pass as `start` makes it: each lane goes on by itself. Sometimes the next one comes while they do."""
        with self.surviving(process):
            self._look(process)
            while any(lanes.beats() for lanes in process.lanes) and self.dice.random() < 0.3:
                self._leave(process)
                self._look(process)

    def _look(self, process: Process) -> None:
        for lanes in process.lanes:
            self.counts["passes"] += 1
            self.sum_up(process, lanes.run())

    def _make_ready(self, process: Process, *, due_at: datetime) -> None:
        """In the last second before a post is due."""
        if self.weather.kills_ahead:
            process.fuse = 1 + (self.seed + self.counts["posts made ready"]) % POINTS_AHEAD
        self.counts["posts made ready"] += 1
        with self.surviving(process), self._ahead(process):
            process.posts_first.make_ready(due_at)

    def _at_instant(self, process: Process) -> None:
        """What was made up is begun with; where that is not all, a pass follows at once."""
        with self.surviving(process):
            if self._begins_with_all(process):
                self.wake(1)
            else:
                self._look(process)

    def _begins_with_all(self, process: Process) -> bool:
        before = self.counts["posts begun ahead"]
        try:
            with self._ahead(process):
                is_all = process.posts_first()
            self.counts["posts begun together"] += self.counts["posts begun ahead"] > before + 1
            return is_all
        except (ObservanceError, failpoints.FailpointHit) as problem:
            self.tell(f"{process.name}: at an instant: {problem}")
            return False

    @contextmanager
    def _ahead(self, process: Process) -> Iterator[None]:
        trail = self.trail_of(process)
        trail.is_ahead = True
        yield
        trail.is_ahead = False

    @contextmanager
    def surviving(self, process: Process) -> Iterator[None]:
        self._restless = False
        points = self.counts["points"]
        try:
            yield
        except Killed as why:
            if process.fuse >= 0:
                process.fuse = -1
                self.tell(f"{process.name} is killed at {why}")
        except (ObservanceError, failpoints.FailpointHit) as problem:
            self._restless = True
            self.tell(f"{process.name}: the pass ended in an error: {problem}")
        if points != self.counts["points"]:
            self._idle_passes = 0

    def sum_up(self, process: Process, result: TickResult) -> None:
        self.counts["doubts by age"] += result.doubted
        self.counts["found sent"] += result.found_sent
        self.counts["found not sent"] += result.found_not_sent
        self._restless |= bool(result.kept or result.problems)
        if result.doubted or result.found_sent or result.found_not_sent or result.missed:
            self.tell(
                f"{process.name}: {result.missed} missed, {result.doubted} in doubt, {result.found_sent} found "
                f"sent, {result.found_not_sent} found not sent"
            )

    def _plan_next_pass(self) -> None:
        """When the alarm would look again, as far as it matters; and some sweeps for nothing."""
        if not self.processes or not (self._restless or any(not p.is_parked for p in self.processes)):
            return
        now = self.clock.now().replace(tzinfo=None).isoformat(" ", "microseconds")
        (first, open_now) = self.peek(_NEXT, {"now": now})[0]
        sweep = 20 * self.dice.random()
        if self._restless or open_now:  # soon a few times, then now and then
            self._idle_passes += 1
            self.wake(sweep * (self.dice.choice([1, 1, 10]) if self._idle_passes < 3 else 500))
        if first is not None:
            wait = datetime.fromisoformat(first).replace(tzinfo=UTC) - self.clock.now()
            self.wake(wait.total_seconds() + sweep * self.dice.choice([0, 0, 1]))
        if self.dice.random() < 0.05:
            self.wake(self.dice.uniform(20, 4 * 3600))
        if looks_at_files(self.seed):
            self._plan_instant(now)
        self._restless = False

    def _plan_instant(self, now: str) -> None:
        """The files are read in the last minute before a post is due, it is made up in the last second, and then begun
        with."""
        (due,) = self.peek(_NEXT_POST, {"now": now})[0]
        self.instant = datetime.fromisoformat(due).replace(tzinfo=UTC) if due is not None else None
        if self.instant is not None:
            wait = self.instant - self.clock.now()
            ahead = next(time for time in (READ_AHEAD, MAKE_READY, timedelta(0)) if wait > time)
            self.wake((wait - ahead).total_seconds())

    # -- what happens at a failpoint --------------------------------------------------------------------

    def point(self, name: str) -> None:
        process = self.moving
        if process is None or process.fuse < 0:
            return
        trail = self.trail_of(process)
        self.counts["points"] += 1
        self.counts[f"point: {name}"] += 1
        self.latest = max(self.latest, self.clock.now())
        if name == "before_intent_commit":
            trail.at_intent, trail.intent_at = self.said, self.clock.now()
        elif name == "after_last_check":
            trail.checked = (self.said, self.clock.now())
        elif name == "after_freeze_commit":
            self._note_who_was_on_the_list()
        if process.fuse > 0:
            process.fuse -= 1
            if process.fuse == 0:
                self.counts["kills"] += 1
                self.counts[f"kill: {name}"] += 1
                self.counts[f"kill ahead: {name}"] += trail.is_ahead
                process.fuse = -1
                self.tell(f"{process.name} is killed at {name}")
                raise Killed(name)
        if process.trip > 0:
            process.trip -= 1
            if process.trip == 0:
                process.trip = self.chance(self.weather.points_between_errors)
                self._fail(process, name)
        if process.is_reading or (name.startswith("before_") and name.endswith("_commit")):
            return  # others would wait for this transaction, or for the files
        if name in BREATHLESS:
            self.take_turns(process, breathless=True)
            return
        if process.nap > 0 and not self._somebody_is_breathless():
            process.nap -= 1
            if process.nap == 0:
                process.nap = self.chance(self.weather.points_between_naps)
                self._stand_still(process, name)
        if self.acts and self.acts[0][0] <= self.clock.truth and self.dice.random() < 0.2:
            self.people_act()  # not always at the first point after a call: between any two
        if process.park > 0 and self.stage.moving is not None and not self._somebody_is_breathless():
            process.park -= 1
            if process.park == 0:
                process.park = self.chance(self.weather.points_between_parkings)
                self._park(process, name)
                return
        self.take_turns(process)

    def _fail(self, process: Process, name: str) -> None:
        self.counts["errors"] += 1
        self.tell(f"{process.name}: an error at {name}")
        raise OutOfReach("the disk is full") if name.endswith("_commit") else failpoints.FailpointHit(name)

    def _stand_still(self, process: Process, name: str) -> None:
        self.counts["naps"] += 1
        seconds = self.dice.choice([5, 30, 90, 200, 3600, 4 * 3600]) * self.dice.uniform(0.5, 1)
        asleep = self.dice.random() < 0.5
        self.tell(f"{process.name}: {'the machine sleeps' if asleep else 'stands still'} {seconds:.0f} s at {name}")
        self.clock.advance(timedelta(seconds=round(seconds)), asleep=asleep)

    def _park(self, process: Process, name: str) -> None:
        """Stopped, as by SIGSTOP, while the world and other processes go on."""
        self.counts["parkings"] += 1
        hours = self.dice.choice([0.02, 0.1, 1, 1, 6, 30]) * self.dice.uniform(0.5, 1)
        self.tell(f"{process.name} is stopped at {name} for {hours:.2f} hours, and others go on")
        process.resume_at = self.clock.truth + hours * HOUR
        for actor in process.actors:
            actor.state = "parked"
        self._leave(process)

    def take_turns(self, process: Process, *, breathless: bool = False) -> None:
        actor = self.stage.moving
        if actor is None or len(self.stage.actors) < 2 or self.dice.random() > 0.4:
            return
        self.counts["turns"] += 1
        actor.waits_breathless_since = self.clock.truth if breathless else None
        self._leave(process)
        actor.waits_breathless_since = None

    def _leave(self, process: Process) -> None:
        assert self.stage.moving is not None
        self.stage.moving.leave_the_stage()
        self.moving = process

    def _somebody_is_breathless(self) -> bool:
        return any(a.waits_breathless_since is not None for a in self.stage.actors)

    def _note_who_was_on_the_list(self) -> None:
        for campaign, item, due_text, audience, rest in self.peek(OPENED):
            before = self.half_opened.get(item, True)  # who leaves while it is frozen part by part is not in it
            self.half_opened[item] = bool(rest)
            if before or item not in self.opened:
                due_at = datetime.fromisoformat(due_text).replace(tzinfo=UTC)
                there = [place for place in self.chosen if place[0] == campaign]
                self.opened[item] = {place[1] for place in there if self._should_get(place, due_at, audience)}

    def _should_get(self, place: Place, due_at: datetime, audience: str) -> bool:
        """Who had joined when it was due, wanted it then, and is neither gone nor silent now."""
        if self.said.left & {place, ("", place[1])} or self.said.paused.get(place, due_at) > due_at:
            return False
        before = [(since, cadence) for since, cadence in self.chosen[place] if since <= due_at]
        if not before:
            return False
        since, cadence = before[-1]
        wanted = Audience.from_text(audience)
        in_force = not wanted.cadences or cadence in wanted.cadences
        return in_force and (not wanted.parts or since <= wanted.parts[-1][1])


#: Mails that were opened, and whether some of their readers are still to be frozen.
OPENED = (
    "SELECT campaign, item, due_at, audience, (SELECT count(*) FROM batches WHERE delivery_id = deliveries.id AND "
    "number = 0) FROM deliveries WHERE opened_at IS NOT NULL AND kind = 'email'"
)
#: When a post is due next.
_NEXT_POST = """
SELECT min(due_at) FROM deliveries WHERE kind = 'post' AND state = 'scheduled' AND opened_at IS NULL AND due_at > :now
"""
#: The next instant that matters, and whether something could go now.
_NEXT = """
SELECT min(at), max(open_now) FROM (
  SELECT min(due_at) AS at, 0 AS open_now FROM deliveries WHERE state = 'scheduled' AND opened_at IS NULL AND due_at > :now
  UNION ALL SELECT min(expires_at), 0 FROM deliveries d WHERE expires_at > :now AND due_at <= :now
    AND (state IN ('scheduled', 'held')
      OR EXISTS (SELECT 1 FROM batches b WHERE b.delivery_id = d.id AND b.state IN ('scheduled', 'held')))
  UNION ALL SELECT NULL, count(*) > 0 FROM deliveries
    WHERE state = 'scheduled' AND opened_at IS NULL AND due_at <= :now AND expires_at > :now
  UNION ALL SELECT min(not_before_at), 0 FROM batches WHERE state = 'scheduled' AND not_before_at > :now
  UNION ALL SELECT NULL, count(*) > 0 FROM batches WHERE state = 'scheduled' AND not_before_at <= :now
  UNION ALL SELECT min(max(lease_until_at, :now)), 0 FROM batches WHERE state = 'sending'
  UNION ALL SELECT min(max(check_at, :now)), 0 FROM batches WHERE state = 'unknown' AND check_at IS NOT NULL
)"""
