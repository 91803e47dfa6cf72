"""The lanes of a simulated process: the program's own, but their threads are actors."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING

from scheduler.domain.records import SendSnapshot
from scheduler.engine.dispatcher import Company, Flight, TickResult
from scheduler.engine.lanes import Errand, Lanes, Lead
from scheduler.engine.tick import Tick

from .processes import Actor, Process, Trail

if TYPE_CHECKING:
    from .machine import Machine


class StagedErrand(Errand):
    """What is done by an actor. Now and then the machine gives none."""

    def __init__(self, name: str, work: Callable[[Errand], None], lanes: StagedLanes) -> None:
        super().__init__(name, work)
        self._lanes = lanes

    def _begin(self) -> None:
        self._lanes.give_an_actor(self._run)


class StagedLanes(Lanes):
    """Lanes of one campaign."""

    def __init__(self, machine: Machine, process: Process, tick: Tick, lead: Lead) -> None:
        super().__init__(tick, lead)
        self._world, self._process = machine, process
        self._read = machine.said  # what people had said when the files were looked at
        self._begins_ahead = False
        self.wake = partial(machine.wake, 1)

    @property
    def is_reading(self) -> bool:
        return self._tick.reading.locked()

    def run(self) -> TickResult:
        self._read = self._world.said
        return super().run()

    def run_alone(self) -> TickResult:
        """One pass without the stage, as `tick` makes it."""
        self._read = self._process.trail.read = self._world.said
        return self._tick.run()

    def keep_ready(self) -> None:
        said, is_made = self._world.said, bool(self._ready)
        super().keep_ready()
        if is_made:  # else the files are not looked at
            self._read = said

    def company_on(self, channel: str) -> Company | None:
        """Others go on between the question what is due and the intents."""
        self._world.take_turns(self._process)
        return super().company_on(channel)

    def begin(self, channel: str, posts: Sequence[SendSnapshot] = (), flight: Flight | Exception | None = None) -> None:
        self._begins_ahead = isinstance(flight, Flight)
        self._world.counts["posts begun ahead"] += self._begins_ahead
        super().begin(channel, posts, flight)
        self._begins_ahead = False
        for number in range(1, self._world.policy.lanes):
            self._ask(f"lane {self._tick.campaign} {channel} {number}", partial(self._drain, channel))

    def give_an_actor(self, run: Callable[[], None]) -> None:
        world, process = self._world, self._process
        if world.dice.random() * world.weather.points_between_errors < 2:
            world.counts["threads refused"] += 1
            raise RuntimeError("can't start new thread")
        asks = world.trail_of(process)
        trail = Trail(self._read, asks.at_intent, asks.intent_at, is_ahead=self._begins_ahead)

        def body() -> None:
            with world.surviving(process):
                run()

        world.stage.actors.append(Actor(world.stage, process, body, trail))

    def _ask(self, name: str, work: Callable[[Errand], None]) -> bool:
        if name not in self._errands:
            self._errands[name] = StagedErrand(name, partial(self._guarded, work), self)
        return super()._ask(name, work)

    def _ask_about_doubts(self, channel: str, errand: Errand) -> None:
        sent, not_sent = self._tick.ask_about_doubts(channel, alive=errand.alive)
        self._world.sum_up(self._process, TickResult(self._world.clock.now(), found_sent=sent, found_not_sent=not_sent))
        if sent or not_sent:
            self.wake()

    def _say(self, name: str, why: str) -> None:
        super()._say(name, why)
        self._world.tell(f"{self._process.name}: {name} failed: {why}")
        self._world.wake(20 * self._world.dice.random())
