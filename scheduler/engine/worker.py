"""Sends what the ledger holds, without the campaign's files: by what the process beside them has written down.

A worker renders nothing and checks no file. Before each call it asks the same last check as everybody, of what was
written down; it rests while the process that wrote it is not seen, for then nobody would notice a correction. What is
missed, in doubt or planned anew is the affair of the process beside the files.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from ..channels.spec import Transport
from ..clock import Clock
from ..domain.clock_state import clock_words
from ..domain.message import EmailBody
from ..domain.reason import ReasonCode, because
from ..domain.records import ALL_CHANNELS, Delivery
from ..domain.rehearsal import Rehearsal, SeasonToSend
from ..domain.season_key import SeasonKey
from ..domain.stored_rehearsal import NotKept, Reading, StoredRehearsal, StoredSeason, why_not_vouched_for
from ..light_dataclass import dataclass
from ..settings import Settings
from .dispatcher import TickResult
from .in_flight import Calls, one_at_a_time
from .lanes import Lanes
from .outside import ClockCheck, LeaveCheck
from .send_journal import Journal
from .tick import LOOK_SECONDS, DueWork, Tick
from .whereabouts import Whereabouts
from .work_queue import WorkQueue

if TYPE_CHECKING:
    from ..store import Ledger

log = logging.getLogger(__name__)

#: How often a worker looks what is due, and whether it may be sent.
LOOK_EVERY = timedelta(seconds=2)
#: From where a campaign's public pages begin to what makes a reader's two links.
Links = Callable[[str], tuple[Callable[[str], str], Callable[[str], str]]]


@dataclass(frozen=True)
class _Taken:
    """What a worker goes by."""

    reading: Reading
    stored: StoredRehearsal
    season: StoredSeason


class Worker(Tick):
    """Passes over what the ledger holds of one campaign."""

    def __init__(
        self,
        ledger: Ledger,
        transports: Mapping[str, Transport],
        settings: Settings,
        clock: Clock,
        links: Links,
        *,
        campaign: str,
        waived: frozenset[str] = frozenset(),
        node: str = "",
        journal: Journal | None = None,
        clock_check: ClockCheck | None = None,
        leave_check: LeaveCheck | None = None,
        whereabouts: Whereabouts | None = None,
        calls: Callable[[], Calls] = one_at_a_time,
    ) -> None:
        """``links`` are made by what was written down; all else as of a :class:`Tick`."""
        self._links_of = links
        self._key: SeasonKey | None = None  # of the newest reading, whether it holds or not
        self._taken: _Taken | None = None
        self._rests = ""  # why nothing is sent; empty: something may be
        self._holds = False  # whether what was written down could be looked at, and something may be sent by it
        self._is_unwatched = False  # and somebody has to do something about it
        self._taking = threading.RLock()
        super().__init__(
            ledger,
            transports,
            _no_files,
            settings,
            clock,
            str,
            waived=waived,
            node=node,
            journal=journal,
            clock_check=clock_check,
            leave_check=leave_check,
            whereabouts=whereabouts,
            campaign=campaign,
            calls=calls,
        )

    def take_up(
        self,
        settings: Settings,
        transports: Mapping[str, Transport],
        *,
        waived: Collection[str],
        clock_check: ClockCheck | None = None,
        leave_check: LeaveCheck | None = None,
    ) -> None:
        """Go by other settings from the next pass on: another mode has other readings."""
        super().take_up(settings, transports, waived=waived, clock_check=clock_check, leave_check=leave_check)
        self._taken = None

    @property
    def rests(self) -> str:
        """Why nothing is sent, in words; empty: something may be."""
        return self._rests

    # -- what was written down --------------------------------------------------------------------------

    def _take(self) -> str:
        """Go by the newest reading. Why nothing may be sent by it, in words; empty: it holds."""
        with self._taking:
            self._holds = False  # until this look has come to its end
            why = self._why_rest()
            if why != self._rests:
                extra = {"action": "worker_rests" if why else "worker_goes_on", "campaign": self._campaign}
                log.warning("%s: %s", self._campaign, why or "what is due is sent again", extra=extra)
            self._rests, self._holds = why, not why
            return why

    def _why_rest(self) -> str:
        mode, now = str(self.mode), self._clock.now()
        mine = [r for r in self._ledger.rehearsals.readings(mode) if r.campaign == self._campaign]
        reading = max(mine, key=lambda one: one.read_at, default=None)
        reader = self._ledger.senders.find(reading.sender_key) if reading is not None else None
        self._key = reading.key if reading is not None else None
        why = why_not_vouched_for(reading, reader, now)
        self._is_unwatched = bool(why)
        if why:
            return why
        if reading is None or (taken := self._newest(reading)) is None:
            return "what was read of the campaign's files has just changed"
        today = now.astimezone(ZoneInfo(taken.stored.time_zone)).date()
        if reading.read_on != today or self._ledger.rehearsals.is_outdated(reading):
            return "the campaign's files have not been looked at since the day, or what people signed, has changed"
        try:
            for delivery in self._due():
                _see_words(taken.season, delivery)
        except NotKept as missing:
            return (
                f"the words of {missing} are not in the ledger as release {reading.program} read them; this one is of "
                "another release, or they are only being written"
            )
        return ""

    def _newest(self, reading: Reading) -> _Taken | None:
        """With what was read, looked up once for each version. None where it has changed under our eyes."""
        taken = self._taken
        if taken is None or (taken.reading.key, taken.reading.version) != (reading.key, reading.version):
            found = self._ledger.rehearsals.of(reading.mode, reading.key)
            if found is None or found[1] is None or found[0].version != reading.version:
                return None
            taken = _Taken(found[0], found[1], StoredSeason(found[1], self._ledger.lookups.sent_message))
            self._unsubscribe_url, self._preferences_url = self._links_of(found[1].address)
            self._taken = taken
        return taken

    def _present(self) -> SeasonToSend | None:  # type: ignore[override]
        """As the process beside the files has it by now; asked once a second at most."""
        with self._taking:  # whoever comes while one asks waits for what is found
            now = self._clock.monotonic()
            if self._looked_at is None or not 0 <= now - self._looked_at < LOOK_SECONDS:
                self._looked_at = now
                self._take()
            return self._taken.season if self._taken is not None and self._holds else None

    # -- passes -----------------------------------------------------------------------------------------

    def run(self) -> TickResult:
        """One pass over what is due. Raises OutOfReach when the ledger cannot be used."""
        return self.send()

    def send(self, channel: str = "") -> TickResult:
        """Send what is due on one channel, by what the ledger says now; empty: on all."""
        look = self.look()
        for due in look.channels:
            if channel in ("", due) and not self._rests:
                self.drain(due, look.result)
        look.result.at = self._clock.now()
        return look.result

    def look(self, *, leads: bool = True) -> DueWork:
        """What may be sent, by what was written down."""
        problems: list[str] = []
        result = self._before(problems)
        result.problems = tuple(problems)
        due = self._due() if not problems and self._taken is not None else ()
        return DueWork(result, tuple(dict.fromkeys(delivery.channel for delivery in due)))

    def lanes_due(self) -> tuple[str, ...]:
        """The lanes that have something to send, as "campaign/channel"; none while it rests, which it says beside what
        is due."""
        if why := self._take():
            self._say_why_it_rests(why)
            return ()
        return tuple(dict.fromkeys(f"{self._campaign}/{delivery.channel}" for delivery in self._due()))

    def _before(self, problems: list[str]) -> TickResult:
        """What comes before anything is sent; why nothing is, in ``problems``."""
        now = self._clock.now
        result = TickResult(now(), kept=self._dispatcher.write_down_what_was_kept())
        self._hear_the_journal(result.kept)
        if (why := self._clock_is_wrong()) is not None:
            problems.append(clock_words(why))
            return result
        self._looked_at = self._clock.monotonic()
        displaced = self._displaced()
        if displaced is not None:
            problems.append(f"{displaced.message}. {displaced.hint}")
        elif why_rest := self._take():
            problems.append(why_rest)
            self._say_why_it_rests(why_rest)
        return result

    def _say_why_it_rests(self, why: str) -> None:
        for delivery in self._due() if self._is_unwatched else ():  # nobody else may be there to say it
            reason = because(ReasonCode.FILES_UNWATCHED, says=why)
            self._ledger.deliveries.note(delivery.id, (reason,), now=self._clock.now())

    def _due(self, channel: str = ALL_CHANNELS) -> tuple[Delivery, ...]:
        if self._key is None:
            return ()
        return self._ledger.deliveries.due(str(self.mode), self._key, now=self._clock.now(), channel=channel)


def _see_words(season: StoredSeason, delivery: Delivery) -> None:
    """Raises NotKept where words that the delivery needs are not there."""
    message = season.message(delivery.item, delivery.channel)
    if message is not None:
        earlier = message.body.earlier if isinstance(message.body, EmailBody) else ()
        for item in (*dict(message.audience.parts), *(piece.item for piece in earlier)):
            season.message(item, delivery.channel)


def _no_files() -> Rehearsal:
    raise AssertionError("a worker reads no files")


class Workers:
    """A worker for each campaign that the process beside the files has written down; those that come later, too. Each
    has its lanes, as in `start`."""

    def __init__(self, clock: Clock, campaigns: Callable[[], Sequence[str]], make: Callable[[str], Worker]) -> None:
        self._clock, self._campaigns, self._make = clock, campaigns, make
        self._workers: dict[str, Worker] = {}
        self._lanes: dict[str, Lanes] = {}
        self._stopping = self._is_waiting = False
        self.alive: Callable[[], None] = lambda: None
        self.wake: Callable[[], None] = lambda: None

    def beats(self) -> Mapping[str, float]:
        """By lane: its last sign of life."""
        return {name: beat for lanes in tuple(self._lanes.values()) for name, beat in lanes.beats().items()}

    def run(self) -> TickResult:
        """A look of each, which wakes the lanes that have something to send."""
        result = self._begun()
        for campaign, worker in self._all().items():
            if not self._stopping:
                lanes = self._lanes.setdefault(campaign, Lanes(worker))
                lanes.wake = self.wake
                self.alive()
                result.add(lanes.run())
        return result

    def _begun(self) -> TickResult:
        """A pass begins; it has a problem while there is nothing that could be sent by."""
        result = TickResult(self._clock.now())
        if not self._all():
            result.problems = (why_not_vouched_for(None, None, result.at),)
            if not self._is_waiting:
                log.warning("%s", result.problems[0], extra={"action": "worker_rests"})
        self._is_waiting = bool(result.problems)
        return result

    def _all(self) -> Mapping[str, Worker]:
        for campaign in self._campaigns():
            if campaign not in self._workers:
                self._workers[campaign] = self._make(campaign)
        return self._workers

    def next_instants(self, *, after: datetime | None = None) -> tuple[datetime, ...]:
        """Of all of them."""
        return tuple(sorted({at for w in self._workers.values() for at in w.next_instants(after=after)}))

    def stop(self) -> None:
        """End the passes after the present call."""
        self._stopping = True
        for lanes in tuple(self._lanes.values()):
            lanes.stop()
        for worker in tuple(self._workers.values()):
            worker.stop()


class Sweep(Workers):
    """Workers that are woken by a queue: a pass rings for the lanes that the ledger says are due, whatever the queue
    holds; :meth:`drain` is what comes of a ring, in the queue's own thread."""

    def __init__(
        self, clock: Clock, campaigns: Callable[[], Sequence[str]], make: Callable[[str], Worker], queue: WorkQueue
    ) -> None:
        super().__init__(clock, campaigns, make)
        self._queue = queue
        self._draining: dict[str, threading.Lock] = {}

    def run(self) -> TickResult:
        """Ring for what is due."""
        result, workers = self._begun(), tuple(self._all().values())
        self._queue.enqueue([lane for worker in workers for lane in worker.lanes_due()])
        self._queue.janitor()
        result.problems += tuple(worker.rests for worker in workers if worker.rests)
        return result

    def drain(self, lane: str) -> TickResult:
        """What a job does; several at the same time, each of another lane. A lane that the ledger does not know has
        nothing to send, and of one that is being drained here already the next ring is for others."""
        campaign, _, channel = lane.partition("/")
        worker, nothing = self._workers.get(campaign), TickResult(self._clock.now())
        if worker is None or not channel:
            return nothing
        is_mine = self._draining.setdefault(lane, threading.Lock())
        if not is_mine.acquire(blocking=False):
            return nothing
        try:
            return worker.send(channel)
        finally:
            is_mine.release()
