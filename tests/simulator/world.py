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
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from random import Random
from typing import Any

from scheduler.domain.address import keyed_hash
from scheduler.domain.cadence import Cadence
from scheduler.domain.finding import Finding, Severity
from scheduler.domain.message import Message
from scheduler.domain.rehearsal import Rehearsal
from scheduler.errors import ObservanceError
from scheduler.store import open_ledger, recipients
from tests.support.world import HERE, a_rehearsal

from .digests import a_digest, a_frame
from .machine import OPENED, Machine
from .oracle import Oracle, Place, Said
from .people import People
from .processes import HostClock, listening
from .providers import USUAL, Habits, Provider
from .season import (
    CALM,
    CALM_AT,
    END,
    HOUR,
    SEASON_ENDS_AT,
    START,
    WEATHERS,
    Policy,
    Weather,
    calendar_number,
    calendar_of,
    to_approve,
    weather_of,
)

logging.getLogger("scheduler").addHandler(logging.NullHandler())

#: Each batch is frozen in a part of its own, so that mailings are begun, killed, held and closed while they are frozen.
IN_PARTS = ((recipients, "FREEZE_AT_ONCE", 1),)


class World(Machine):
    """One season. ``run()`` plays it; then ``oracle.broken`` says what went wrong, and ``story`` how."""

    def __init__(
        self, seed: int, *, weather: Weather | None = None, policy: Policy | None = None, spared: bool = True
    ) -> None:
        """``spared``: see :class:`Spared`."""
        super().__init__()
        self.spared = spared
        self.seed = seed
        self.weather = weather or WEATHERS[weather_of(seed)]
        self.policy = policy or Policy()
        self.dice = Random(seed)
        self.calendar = calendar_number(calendar_of(seed))
        if not self.weather.mails:
            posts = tuple(message for message in self.calendar.messages if message.channel == "x")
            self.calendar = replace(self.calendar, messages=posts, digests={})
        self.clock = HostClock(START)
        self.season_ends_at = SEASON_ENDS_AT
        self.story: list[tuple[datetime, str]] = []
        self.counts: Counter[str] = Counter()
        self.said = Said(
            armed=frozenset(self.calendar.lists),
            approved=frozenset(
                (m.item, m.channel, m.digest) for m in to_approve(self.calendar.messages, self.calendar.digests)
            ),
        )
        self.messages = {(m.item, m.channel): m for m in self.calendar.messages}
        self.edition = 0  # of what stands around the pieces of all digests
        self.told: dict[str, list[Message]] = {}  # by a digest's fingerprint: of which mails it tells, and its frame
        for item in self.calendar.digests:
            self._note_digest(self.messages[item, "email"])
        self.versions = {m.digest: m for m in self.calendar.messages}
        self.files = 1  # grows with each change of the campaign's files
        self.findings: list[Finding] = []
        self.unusable: dict[str, str] = {}
        self.poison: dict[str, type[BaseException]] = {}
        self.chosen: dict[Place, list[tuple[datetime, Cadence]]] = {
            (campaign, subscriber): [(START, cadence)]
            for campaign, readers in self.calendar.lists.items()
            for subscriber, cadence in readers.items()
        }  # each reader's cadences, from when on by the machine's clock
        self.latest = START  # that the machine's clock has shown
        self.opened: dict[str, set[str]] = {}
        self.half_opened: dict[str, bool] = {}
        self.forgotten: set[str] = set()  # calls that a ledger put back from a backup does not know
        self.acts: list[tuple[datetime, int, Callable[[], object]]] = []
        self.upheavals: list[tuple[datetime, int, Callable[[], object]]] = []
        self._order = itertools.count()
        self.providers = self._make_providers()
        self.next_pass_at = START
        self.oracle = Oracle(self)
        self.people = People(self)

    # -- running ----------------------------------------------------------------------------------------

    def run(self) -> World:
        """Play the season and let the oracle judge it."""
        with self._folder() as folder, listening(self.point), _patched((*self.policy.patches, *IN_PARTS)):
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
                self.stage.threads.close()
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
            self.start_processes()
            if (self.next_pass_at is not None and self.next_pass_at <= self.clock.truth) or self.somebody_resumes():
                self.passes()

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
            process.fuse = process.trip = process.nap = process.park = 0  # none of them is dead: those are thrown away
            process.resume_at = self.clock.truth if process.is_parked else None
        self.said = self.said.but(unreadable=frozenset())
        self.wake(1)

    # -- time and chance --------------------------------------------------------------------------------

    def tell(self, what: str) -> None:
        """A line of the story."""
        self.story.append((self.clock.truth, what))

    def at(self, when: datetime, act: Callable[[], object]) -> None:
        """Somebody does something then, whatever the program is doing."""
        heapq.heappush(self.acts, (when, next(self._order), act))

    def turn_over(self, when: datetime, act: Callable[[], None]) -> None:
        """Something happens to the machine then."""
        heapq.heappush(self.upheavals, (when, next(self._order), act))

    def people_act(self) -> None:
        self._do(self.acts)

    def _do(self, queue: list[tuple[datetime, int, Callable[[], object]]]) -> None:
        while queue and queue[0][0] <= self.clock.truth:
            heapq.heappop(queue)[2]()
            if self.dice.random() < 0.3:
                self.wake(20 * self.dice.random())

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
                weights={name: weight * self.weather.answers for name, weight in USUAL.items()},
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

    def _rehearse(self, campaign: str) -> Rehearsal:
        if campaign in self.said.unreadable:
            raise ObservanceError("a bracket is missing")
        messages = [m for m in self.messages.values() if m.campaign == campaign and m.item not in self.said.out]
        of_days = [m for m in messages if m.item not in self.calendar.digests]
        digests = tuple(m for m in messages if m.item in self.calendar.digests)
        frames = (a_frame(self.edition),) if digests else ()
        return replace(a_rehearsal(of_days, self.findings), digests=digests, frames=frames)

    def _note_digest(self, digest: Message) -> None:
        items = [self.messages[item, "email"] for item, _ in digest.audience.parts]
        self.told.setdefault(digest.digest, []).extend((*items, a_frame(self.edition)))

    def digest_with(self, item: str) -> Message | None:
        """The digest that tells of an item, as the files make it now; None where there is none, or it is the same."""
        for name, items in self.calendar.digests.items():
            days = [self.messages[i, "email"] for i in items if i not in self.said.out]
            if item in (name, *items) and days:
                old = self.messages[name, "email"]
                new = a_digest(name, days, on=old.on, ends_at=SEASON_ENDS_AT, edition=self.edition)
                self._note_digest(new)
                return new if new.digest != old.digest else None
        return None

    def changed_files(self) -> None:
        self.files += 1
        self.findings = [Finding("C109", Severity.RED, "not signed", HERE, item=item) for item in sorted(self.said.red)]

    # -- the file ---------------------------------------------------------------------------------------

    def peek(self, query: str, values: Any = ()) -> list[tuple[Any, ...]]:
        """A look into the file, beside the ledger's own code."""
        return self._peephole.execute(query, values).fetchall()

    def _open_desk(self) -> None:
        """What people use: their own ledger on the same file, which never fails."""
        self.desk = open_ledger(self.url, address_hash=partial(keyed_hash, key=b"k" * 32))
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
        self.opened = {i: who for i, who in self.opened.items() if i in {item for _, item, *_ in self.peek(OPENED)}}
        self.half_opened = {item: bool(rest) for _, item, _, _, rest in self.peek(OPENED)}

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
        for (number,) in self.peek("SELECT count(*) FROM batches WHERE left_out <> ''"):
            counts["batches without an item"] += number
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
        weather = weather_of(self.seed)
        return f"seed {self.seed} ({weather}), {self.policy.name}:\n{broken}\nWhat happened:\n{told}"


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
