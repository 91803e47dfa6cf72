"""A season in a few hundred milliseconds: a seed goes in, and what became of everybody comes out.

The program is the real one: the tick, the dispatcher, the gate and the ledger on a SQLite file. Around it everything
is made up: the time, the providers, the people, and what goes wrong. One random generator decides all of it, so that
a seed replays exactly.
"""

from __future__ import annotations

import heapq
import itertools
import logging
import os
import shutil
import sqlite3
import tempfile
from collections import Counter
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from pathlib import Path
from random import Random
from typing import Any

from scheduler.domain.finding import Finding, Severity
from scheduler.domain.message import Message
from scheduler.domain.rehearsal import Rehearsal
from scheduler.engine import failpoints
from scheduler.engine.tick import Tick
from scheduler.errors import ObservanceError, OutOfReach
from scheduler.ports import NewSubscriber
from scheduler.store import SqlLedger, open_ledger
from scheduler.testing import HERE, a_post, a_rehearsal, an_approval, an_email, some_settings

from .oracle import Oracle, Said
from .processes import Actor, HostClock, Killed, Process, Spared, Stage, listening
from .providers import USUAL, Habits, Provider, SimulatedTransport

CAMPAIGN, SEASON = "a-month", 2027
FIRST, LAST = date(2027, 1, 1), date(2027, 2, 1)
START = datetime(2026, 12, 31, 12, tzinfo=UTC)
SEASON_ENDS_AT = datetime(2027, 2, 2, tzinfo=UTC)
#: Nothing goes wrong any more after this; what is in doubt is asked about to the end.
CALM_AT = datetime(2027, 2, 4, tzinfo=UTC)
END = datetime(2027, 2, 9, tzinfo=UTC)
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)

#: Between the last check and the call nothing is looked at any more; whoever stands still here for long may send late.
BREATHLESS = ("after_last_check", "before_call")
#: So long another process may go on while one is between its last check and its call.
BREATH = timedelta(seconds=20)

logging.getLogger("scheduler").addHandler(logging.NullHandler())


@dataclass(frozen=True)
class Calendar:
    """A season's messages and readers, and a ledger in which everything is approved and armed."""

    messages: tuple[Message, ...]
    readers: int
    batch_limit: int
    file: bytes


#: Of each calendar: of how many days one has a post, of how many one has a mail, readers, and readers in a batch. One
#: is full; the others are sparse, so that a season is short to play and there is more trouble for each message.
CALENDARS = (
    (1, 2, 5, 3),
    (3, 4, 7, 3),
    (2, 6, 4, 2),
    (4, 4, 6, 2),
    (3, 8, 9, 3),
    (4, 3, 3, 3),
    (5, 3, 5, 2),
    (3, 5, 7, 4),
)


@lru_cache(maxsize=len(CALENDARS))
def calendar_number(number: int) -> Calendar:
    """The same each time."""
    dice = Random(f"calendar {number}")
    post_each, mail_each, readers, batch_limit = CALENDARS[number]
    messages: list[Message] = []
    for day in range((LAST - FIRST).days + 1):
        on = FIRST + timedelta(days=day)
        for channel in ("x", "email"):
            each = post_each if channel == "x" else mail_each
            if dice.random() > 1 / each and on not in (FIRST, LAST):
                continue
            make = a_post if channel == "x" else an_email
            message = make(f"day-{day + 1:02d}", on=on, channel=channel)
            due_at = message.due_at
            if dice.random() < 0.5:
                due_at += timedelta(minutes=dice.randint(-4 * 60, 11 * 60))
            length = dice.choice([None, None, None, None, 6 * HOUR, 2 * HOUR, 30 * MINUTE])
            expires_at = message.expires_at if length is None else min(message.expires_at, due_at + length)
            messages.append(replace(message, due_at=due_at, expires_at=expires_at))
    folder = Path(tempfile.mkdtemp(prefix="observance-calendar"))
    try:
        ledger = open_ledger(f"sqlite:///{folder / 'observance.db'}")
        ledger.add_many([_reader(n) for n in range(readers)], now=START)
        for message in messages:
            ledger.record_approval(an_approval(message, at=START))
        ledger.arm(CAMPAIGN, SEASON, who="Ada", now=START)
        ledger.close()
        with sqlite3.connect(folder / "observance.db") as connection:
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        connection.close()
        file = (folder / "observance.db").read_bytes()
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    return Calendar(tuple(messages), readers, batch_limit, file)


def _reader(n: int) -> NewSubscriber:
    return NewSubscriber(f"reader{n}@readers.example", subscriber_id=f"r{n:03d}")


@dataclass
class Weather:
    """How much goes wrong in a season, in one place. The figures are means for a season, or chances."""

    points_between_kills: float = 70
    points_between_errors: float = 200
    points_between_naps: float = 120
    points_between_parkings: float = 250
    acts: float = 16
    answers: bool = True  # whether providers answer badly
    jumps: float = 1.2
    outages: float = 1.0
    second_process: float = 0.5  # the chance that a second process works for some days
    restores: float = 0.12
    reports: float = 0.5  # the chance that the mail house reports by webhook


CALM = Weather(1e9, 1e9, 1e9, 1e9, acts=0, answers=False, jumps=0, outages=0, second_process=0, restores=0, reports=0)


@dataclass
class Policy:
    """A protocol to play. The program's own, unless a test asks for a wrong one."""

    name: str = "the program's own"
    ledger: Callable[[Any], Any] = lambda ledger: ledger
    patches: tuple[tuple[Any, str, Any], ...] = ()  # object, name, value
    habits: Callable[[Habits], Habits] = lambda habits: habits
    blames: str = ""  # what the oracle has to say of it


class World:
    """One season. ``run()`` plays it; then ``oracle.broken`` says what went wrong, and ``story`` how."""

    def __init__(
        self, seed: int, *, weather: Weather | None = None, policy: Policy | None = None, spared: bool = True
    ) -> None:
        """``spared``: see :class:`Spared`."""
        from .people import People

        self.spared = spared

        self.seed = seed
        self.weather = weather or Weather()
        self.policy = policy or Policy()
        self.dice = Random(seed)
        self.calendar = calendar_number(seed % len(CALENDARS))
        self.clock = HostClock(START)
        self.season_ends_at = SEASON_ENDS_AT
        self.story: list[tuple[datetime, str]] = []
        self.counts: Counter[str] = Counter()
        self.said = Said(approved=frozenset((m.item, m.channel, m.digest) for m in self.calendar.messages))
        self.messages = {(m.item, m.channel): m for m in self.calendar.messages}
        self.versions = {m.digest: m for m in self.calendar.messages}
        self.files = 1  # grows with each change of the campaign's files
        self.findings: list[Finding] = []
        self.unusable: dict[str, str] = {}
        self.joined = {_reader(n).subscriber_id: START for n in range(self.calendar.readers)}  # by the machine's clock
        self.opened: dict[str, set[str]] = {}
        self.forgotten: set[str] = set()  # calls that a ledger put back from a backup does not know
        self.acts: list[tuple[datetime, int, Callable[[], None]]] = []
        self.upheavals: list[tuple[datetime, int, Callable[[], None]]] = []
        self._order = itertools.count()
        self.providers = self._make_providers()
        self.processes: list[Process] = []
        self.wanted_processes = 1
        self.starts: list[datetime] = []  # when processes come back
        self.next_pass_at: datetime | None = START
        self.moving: Process | None = None
        self.stage = Stage()
        self.oracle = Oracle(self)
        self.people = People(self)
        self._idle_passes = 0

    # -- running ----------------------------------------------------------------------------------------

    def run(self) -> World:
        """Play the season and let the oracle judge it."""
        with self._folder() as folder, listening(self._point), _patched(self.policy.patches):
            self.url = f"sqlite:///{folder / 'observance.db'}"
            self.folder = folder
            (folder / "observance.db").write_bytes(self.calendar.file)
            self._open_desk()
            self.people.make_plans()
            self.starts.append(START)
            try:
                self._play()
                if not self.oracle.broken:
                    self.oracle.at_the_end()
                self._count_up()
            finally:
                for process in list(self.processes):
                    self.throw_away(process)
                self._close_desk()
        return self

    def _play(self) -> None:
        calm = False
        while self.clock.truth < END and not self.oracle.broken:
            if not calm and self.clock.truth >= CALM_AT:
                calm = True
                self._becalm()
            at = min(
                (
                    END,
                    *([CALM_AT] if not calm else []),
                    *(q[0][0] for q in (self.acts, self.upheavals) if q),
                    *self.starts,
                    *([self.next_pass_at] if self.next_pass_at and self.processes else []),
                    *(p.resume_at for p in self.processes if p.resume_at),
                )
            )
            if at > self.clock.truth:
                self.clock.advance(at - self.clock.truth)
            self._do(self.upheavals)
            self.people_act()
            self._start_processes()
            if (self.next_pass_at is not None and self.next_pass_at <= self.clock.truth) or self._somebody_resumes():
                self._passes()

    def _becalm(self) -> None:
        self.tell("the season is over; nothing goes wrong any more")
        self.acts.clear()
        self.upheavals.clear()
        self.clock.offset = timedelta(0)
        self.weather = replace(CALM)
        for provider in self.providers.values():
            provider.trouble.clear()
            provider.blind.clear()
        for process in self.processes:
            process.fuse = process.trip = process.nap = process.park = 0
            process.resume_at = self.clock.truth if process.is_parked else None
        self.said = self.said.but(unreadable=False)
        self.wake(1)

    # -- time and chance --------------------------------------------------------------------------------

    def tell(self, what: str) -> None:
        """A line of the story."""
        self.story.append((self.clock.truth, what))

    def at(self, when: datetime, act: Callable[[], None]) -> None:
        """Somebody does something then, whatever the program is doing."""
        heapq.heappush(self.acts, (when, next(self._order), act))

    def turn_over(self, when: datetime, act: Callable[[], None]) -> None:
        """Something happens to the machine then."""
        heapq.heappush(self.upheavals, (when, next(self._order), act))

    def people_act(self) -> None:
        self._do(self.acts)

    def _do(self, queue: list[tuple[datetime, int, Callable[[], None]]]) -> None:
        while queue and queue[0][0] <= self.clock.truth:
            heapq.heappop(queue)[2]()
            if self.dice.random() < 0.4:
                self.wake(20 * self.dice.random())

    def wake(self, seconds: float) -> None:
        """The alarm or its sweep makes a pass within so many seconds."""
        at = self.clock.truth + timedelta(seconds=seconds)
        if self.next_pass_at is None or at < self.next_pass_at:
            self.next_pass_at = at

    def chance(self, mean: float) -> int:
        """How many points until something happens that happens each ``mean`` points."""
        return 0 if mean >= 1e9 else 1 + int(self.dice.expovariate(1 / mean))

    # -- providers --------------------------------------------------------------------------------------

    def _make_providers(self) -> dict[str, Provider]:
        dice = self.dice
        made = {}
        for name, landing, lag in (("x", 60, 100), ("email", 300, 2400)):
            habits = Habits(
                landing=timedelta(seconds=landing),
                lag=timedelta(seconds=lag if dice.random() < 0.7 or name == "x" else 200),
                tells_absence=dice.random() < 0.6,
                refuses_repeats=name == "x" and dice.random() < 0.5,
                by_reader=name == "email" and dice.random() < 0.4,
                weights=USUAL if self.weather.answers else {},
            )
            made[name] = Provider(
                name, self.policy.habits(habits), dice, lambda: self.clock.truth, self.clock.advance, self.tell
            )
            if not self.weather.answers:
                continue
            for _ in range(dice.choice([0, 1, 2])):
                made[name].trouble.append(self.span(1, 8))
            for _ in range(dice.choice([0, 0, 1, 2])):
                made[name].blind.append(self.span(1, 60))
            if not habits.tells_absence:
                made[name].empty.append(self.span(24, 24 * 20))
        return made

    def provider(self, channel: str) -> Provider:
        return self.providers[channel]

    def moment(self) -> datetime:
        """Some instant of the season; mostly near one at which something is due."""
        if self.dice.random() < 0.7:
            near = self.dice.choice(self.calendar.messages).due_at
            return max(START, near + timedelta(seconds=self.dice.gauss(0, 1) * self.dice.choice([3, 60, 1200, 7200])))
        return START + (SEASON_ENDS_AT - START) * self.dice.random()

    def span(self, least: float, most: float) -> tuple[datetime, datetime]:
        """From some instant on, for so many hours."""
        start = self.moment() - self.dice.random() * HOUR
        return start, start + self.dice.uniform(least, most) * HOUR

    # -- the campaign's files ---------------------------------------------------------------------------

    def _rehearse(self) -> Rehearsal:
        if self.said.unreadable:
            raise ObservanceError("a bracket is missing")
        messages = [m for m in self.messages.values() if m.item not in self.said.out]
        return a_rehearsal(messages, self.findings)

    def changed_files(self) -> None:
        self.files += 1
        self.findings = [
            Finding("C109", Severity.RED, "not signed", HERE, item=item) for item in sorted(self.said.red)
        ]

    # -- processes --------------------------------------------------------------------------------------

    def _start_processes(self) -> None:
        while self.starts and min(self.starts) <= self.clock.truth:
            self.starts.remove(min(self.starts))
            self._start()

    def _start(self) -> None:
        self.counts["starts"] += 1
        number = self.counts["starts"]
        ledger = open_ledger(self.url, failpoint=failpoints.hit)
        _quick(ledger)
        if (restored := ledger.take_over(now=self.clock.now())) is not None:
            self.tell(f"a backup of {restored.copied_at:%d %b %H:%M} is the ledger now; what is due is missed")
        transports = {
            name: SimulatedTransport(
                "post" if name == "x" else "email",
                provider,
                batch_limit=self.calendar.batch_limit if name == "email" else 0,
                unusable=self.unusable,
            )
            for name, provider in self.providers.items()
        }
        tick = Tick(
            self.policy.ledger(Spared(ledger, self.peek) if self.spared else ledger),
            transports,
            self._rehearse,
            some_settings(),
            self.clock,
            lambda subscriber_id: f"https://news.example.org/u/{subscriber_id}",
            fingerprint=(lambda: str(self.files)) if self.seed % 2 else None,
            node=f"node-{number}",
        )
        process = Process(f"process {number}", ledger, tick)
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

    def _called(self, process: Process, call: Any) -> None:
        self.counts["calls"] += 1
        self.counts[f"answer: {call.answer}"] += 1
        who = f" to {', '.join(call.readers)}" if call.channel == "email" else ""
        answer = call.answer
        if call.ends:
            answer = ", ".join(f"{reader}: {end}" for reader, end in call.ends.items())
        elif call.taken != (answer == "accept"):
            answer += " (taken)" if call.taken else " (not taken)"
        self.tell(f"{process.name} calls {call.channel}: {call.item}{who}: {answer}")
        self.oracle.at_call(process, call)
        if call.taken:
            self.people.mail_house_reports(call)

    def throw_away(self, process: Process) -> None:
        """What the operating system does with a dead process."""
        if process.actor is not None and process.actor.state == "parked":
            self.moving = process
            self.stage.end(process.actor)
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

    def _somebody_resumes(self) -> bool:
        return any(p.resume_at is not None and p.resume_at <= self.clock.truth for p in self.processes)

    def _passes(self) -> None:
        """Each process makes a pass; several at once take turns."""
        self.next_pass_at = None
        for process in self.processes:
            if process.resume_at is not None and process.resume_at <= self.clock.truth and process.actor is not None:
                process.resume_at, process.actor.state = None, "ready"
                self.tell(f"{process.name} goes on")
        actors = [p.actor for p in self.processes if p.actor is not None and p.actor.state == "ready"]
        free = [p for p in self.processes if p.actor is None]
        if len(free) == 1 and not actors and not 0 < free[0].park <= 40:
            self._one_pass(free[0])
        else:
            for process in free:
                process.actor = Actor(self.stage, process, self._one_pass)
                actors.append(process.actor)
            self.stage.play(actors, self._choose)
            for actor in actors:
                if actor.state == "done":
                    actor.join()
                    actor.process.actor = None
        for process in [p for p in self.processes if p.fuse < 0]:
            self.throw_away(process)
            delay = self.dice.choice([5, 5, 20, 60, 300, 300, 1200, 3600])
            self.starts.append(self.clock.truth + timedelta(seconds=delay * self.dice.random()))
        if all(p.is_parked for p in self.processes) and not self.starts:
            self.starts.append(self.clock.truth + MINUTE)  # somebody starts another
        self._plan_next_pass()

    def _choose(self, ready: list[Actor]) -> Actor:
        """Whose turn it is. Whoever is between the last check and the call does not wait for long."""
        held_up = [
            a
            for a in ready
            if a.waits_breathless_since and self.clock.truth - a.waits_breathless_since > BREATH
        ]
        actor = held_up[0] if held_up else self.dice.choice(ready)
        self.moving = actor.process
        return actor

    def _one_pass(self, process: Process) -> None:
        self.moving = process
        self.counts["passes"] += 1
        process.read = self.said
        points = self.counts["points"]
        try:
            result = process.tick.run()
            self.counts["doubts by age"] += result.doubted
            self.counts["found sent"] += result.found_sent
            self.counts["found not sent"] += result.found_not_sent
            self._restless = bool(result.kept or result.problems)
            if result.doubted or result.found_sent or result.found_not_sent or result.missed:
                self.tell(
                    f"{process.name}: {result.missed} missed, {result.doubted} in doubt, {result.found_sent} found "
                    f"sent, {result.found_not_sent} found not sent"
                )
        except Killed as why:
            process.fuse = -1
            self.tell(f"{process.name} is killed at {why}")
        except (ObservanceError, failpoints.FailpointHit) as problem:
            self._restless = True
            self.tell(f"{process.name}: the pass ended in an error: {problem}")
        if points != self.counts["points"]:
            self._idle_passes = 0
        self.moving = None

    def _plan_next_pass(self) -> None:
        """When the alarm would look again, as far as it matters; and some sweeps for nothing."""
        if not self.processes or not (self._restless or any(not p.is_parked for p in self.processes)):
            return
        now = self.clock.now().replace(tzinfo=None).isoformat(" ", "microseconds")
        (first, open_now) = self.peek(_NEXT, {"now": now})[0]
        sweep = 20 * self.dice.random()
        if self._restless or open_now:  # soon a few times, then now and then
            self._idle_passes += 1
            self.wake(sweep * (self.dice.choice([1, 1, 10]) if self._idle_passes < 3 else 200))
        if first is not None:
            wait = datetime.fromisoformat(first).replace(tzinfo=UTC) - self.clock.now()
            self.wake(wait.total_seconds() + sweep * self.dice.choice([0, 0, 1]))
        if self.dice.random() < 0.05:
            self.wake(self.dice.uniform(20, 4 * 3600))
        self._restless = False

    _restless = False

    # -- what happens at a failpoint --------------------------------------------------------------------

    def _point(self, name: str) -> None:
        process = self.moving
        if process is None:
            return
        self.counts["points"] += 1
        self.counts[f"point: {name}"] += 1
        if name == "before_intent_commit":
            process.at_intent = self.said
        elif name == "after_last_check":
            process.checked = (self.said, self.clock.now())
        elif name == "after_freeze_commit":
            self._note_who_was_on_the_list()
        if process.fuse > 0:
            process.fuse -= 1
            if process.fuse == 0:
                self.counts["kills"] += 1
                self.counts[f"kill: {name}"] += 1
                raise Killed(name)
        if process.trip > 0:
            process.trip -= 1
            if process.trip == 0:
                process.trip = self.chance(self.weather.points_between_errors)
                self._fail(process, name)
        if name.startswith("before_") and name.endswith("_commit"):
            return  # others would wait for this transaction
        if name in BREATHLESS:
            self._take_turns(process, breathless=True)
            return
        if process.nap > 0 and not self._somebody_is_breathless():
            process.nap -= 1
            if process.nap == 0:
                process.nap = self.chance(self.weather.points_between_naps)
                self._stand_still(process, name)
        self.people_act()
        if process.park > 0 and process.actor is not None:
            process.park -= 1
            if process.park == 0:
                process.park = self.chance(self.weather.points_between_parkings)
                self._park(process, name)
                return
        self._take_turns(process)

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
        assert process.actor is not None
        self.counts["parkings"] += 1
        hours = self.dice.choice([0.02, 0.1, 1, 1, 6, 30]) * self.dice.uniform(0.5, 1)
        self.tell(f"{process.name} is stopped at {name} for {hours:.2f} hours, and others go on")
        process.resume_at = self.clock.truth + hours * HOUR
        process.actor.state = "parked"
        self._leave(process)

    def _take_turns(self, process: Process, *, breathless: bool = False) -> None:
        actor = process.actor
        if actor is None or len(self.stage.actors) < 2 or self.dice.random() > 0.4:
            return
        self.counts["turns"] += 1
        actor.waits_breathless_since = self.clock.truth if breathless else None
        self._leave(process)
        actor.waits_breathless_since = None

    def _leave(self, process: Process) -> None:
        assert process.actor is not None
        process.actor.leave_the_stage()
        self.moving = process

    def _somebody_is_breathless(self) -> bool:
        return any(a.waits_breathless_since is not None for a in self.stage.actors)

    def _note_who_was_on_the_list(self) -> None:
        query = "SELECT item, due_at FROM deliveries WHERE opened_at IS NOT NULL AND kind = 'email'"
        for item, due_at in self.peek(query):
            if item not in self.opened:
                there = {who for who, at in self.joined.items() if at <= datetime.fromisoformat(due_at).replace(tzinfo=UTC)}
                self.opened[item] = there - self.said.left

    # -- the file ---------------------------------------------------------------------------------------

    def peek(self, query: str, values: Any = ()) -> list[tuple[Any, ...]]:
        """A look into the file, beside the ledger's own code."""
        return self._peephole.execute(query, values).fetchall()

    def _open_desk(self) -> None:
        """What people use: their own ledger on the same file, which never fails."""
        self.desk = open_ledger(self.url)
        _quick(self.desk)
        self._peephole = sqlite3.connect(self.folder / "observance.db", check_same_thread=False)
        self._peephole.isolation_level = None

    def _close_desk(self) -> None:
        self._peephole.close()
        self.desk.close()

    def put_back(self, backup: Path) -> None:
        """The disk has died; a backup becomes the ledger."""
        self.stop_all()
        self._close_desk()
        for suffix in ("", "-wal", "-shm"):
            Path(f"{self.folder / 'observance.db'}{suffix}").unlink(missing_ok=True)
        shutil.copy(backup, self.folder / "observance.db")
        self._open_desk()
        still = {item for (item,) in self.peek("SELECT item FROM deliveries WHERE opened_at IS NOT NULL")}
        self.opened = {item: who for item, who in self.opened.items() if item in still}

    def _folder(self) -> Any:
        memory = Path("/dev/shm")
        return _Folder(memory if memory.is_dir() and os.access(memory, os.W_OK) else None)

    # -- the end ----------------------------------------------------------------------------------------

    def _count_up(self) -> None:
        counts = self.counts
        for kind, number in self.peek("SELECT kind, count(*) FROM events GROUP BY kind"):
            counts[f"event: {kind}"] += number
        for kind, state, number in self.peek("SELECT kind, state, count(*) FROM deliveries GROUP BY kind, state"):
            counts[f"{kind}: {state}"] += number
        for state, number, readers in self.peek("SELECT state, count(*), sum(size - skipped) FROM batches GROUP BY 1"):
            counts[f"batch: {state}"] += number
            counts[f"readers: {state}"] += readers
        counts["duplicates"] += sum("TWICE" in b for b in self.oracle.broken)
        counts["lost"] += sum("LOST" in b for b in self.oracle.broken)
        counts["violations"] += len(self.oracle.broken)

    def tail(self, lines: int = 60) -> str:
        """The end of the story, and of what went before all that concerns the items that the oracle names."""
        items = {b.split(" ")[0] for b in self.oracle.broken}
        early = [e for e in self.story[:-lines] if any(item in e[1] for item in items)]
        shown = [*early[-40:], *self.story[-lines:]]
        told = "\n".join(f"  {at:%d %b %H:%M:%S}  {what}" for at, what in shown)
        broken = "\n".join(f"  {b}" for b in self.oracle.broken)
        return f"seed {self.seed}, {self.policy.name}:\n{broken}\nWhat happened:\n{told}"


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


class _Folder:
    """A folder in memory where there is one."""

    def __init__(self, parent: Path | None) -> None:
        self._parent = parent

    def __enter__(self) -> Path:
        self.path = Path(tempfile.mkdtemp(prefix="observance-season", dir=self._parent))
        return self.path

    def __exit__(self, *problem: object) -> None:
        shutil.rmtree(self.path, ignore_errors=True)


class _patched:
    """Set attributes for a while."""

    def __init__(self, patches: Iterable[tuple[Any, str, Any]]) -> None:
        self._patches = list(patches)

    def __enter__(self) -> None:
        self._before = [(thing, name, getattr(thing, name)) for thing, name, _ in self._patches]
        for thing, name, value in self._patches:
            setattr(thing, name, value)

    def __exit__(self, *problem: object) -> None:
        for thing, name, value in self._before:
            setattr(thing, name, value)


def _quick(ledger: SqlLedger) -> None:
    """Do not wait for the disk: no power is cut here. Set on the one connection that the pool holds."""
    with ledger._database.engine.connect() as connection:
        connection.exec_driver_sql("COMMIT")
        connection.exec_driver_sql("PRAGMA synchronous=OFF")


def play(seeds: Collection[int], **options: Any) -> tuple[Counter[str], list[World]]:
    """Play some seeds. Returns the sums, and the worlds in which something was broken."""
    total: Counter[str] = Counter()
    broken = []
    for seed in seeds:
        world = World(seed, **options).run()
        total.update(world.counts)
        total["seasons"] += 1
        if world.oracle.broken:
            broken.append(world)
    return total, broken
