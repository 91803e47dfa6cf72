"""Lanes: one for each channel of a campaign, in `start` with a thread of its own.

A slow or silent provider costs its own lane only. What is shared by lanes (the season as it was last read, the ledger,
the send journal) is never held while a provider is waited for. See docs/decisions/0041.
"""

from __future__ import annotations

import logging
import os
import threading
import traceback
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING

from ..clock import Clock, SystemClock
from ..domain.season_key import SeasonKey
from ..errors import ObservanceError
from .dispatcher import Begin, Company, Flight, ReadyPost, TickResult, begin_together
from .tick import Tick

if TYPE_CHECKING:
    from ..domain.records import DueFirst, SendSnapshot
    from ..store import Ledger

log = logging.getLogger(__name__)

#: The intents of so many posts at most are committed before the first of their calls: the first waits for the last.
TOGETHER = 128


class Errand:
    """Something that is done in a thread of its own whenever it is asked for, never twice at the same time."""

    def __init__(self, name: str, work: Callable[[Errand], None]) -> None:
        self.name = name
        self._work = work
        self._lock = threading.Lock()
        self._machine = SystemClock()
        self._asked = False
        self.is_busy = False
        self.beat = 0.0  # the last sign of life, by the monotonic clock

    def ask(self) -> None:
        """Do it soon; once more, if it is being done. Raises RuntimeError where the machine gives no further thread:
        then it is not being done, and can be asked for again."""
        with self._lock:
            self._asked = True
            if self.is_busy:
                return
            self.is_busy = True
        self.alive()
        try:
            self._begin()
        except RuntimeError:
            self.is_busy = False
            raise

    def _begin(self) -> None:
        threading.Thread(target=self._run, name=self.name, daemon=True).start()

    def is_asked(self) -> bool:
        """Whether it was asked for since it was last begun, or since this was last said."""
        with self._lock:
            asked, self._asked = self._asked, False
        return asked

    def alive(self) -> None:
        self.beat = self._machine.monotonic()

    def _run(self) -> None:
        while True:
            with self._lock:
                if not self._asked:
                    self.is_busy = False
                    return
                self._asked = False
            self._work(self)
            self.alive()


class Lead:
    """Which campaign's look does what is the same for all of them: the first, and the next one where that fails."""

    def __init__(self) -> None:
        self._leader: object = None

    @contextmanager
    def taken_by(self, who: object) -> Iterator[bool]:
        """Whether this one leads, while it looks."""
        if leads := self._leader in (None, who):
            self._leader = None  # unless this comes to its end
        yield leads
        if leads:
            self._leader = who


class Lanes:
    """What the alarm wakes in `start`: a pass is a look, which waits for no provider, and wakes the lanes that have
    something to send. Each has a thread of its own; so has the question about doubts of each channel."""

    def __init__(self, tick: Tick, lead: Lead | None = None) -> None:
        """``lead`` is shared by the lanes of all campaigns of a process."""
        self._tick, self._lead = tick, lead or Lead()
        self.alive: Callable[[], None] = lambda: None
        self.wake: Callable[[], None] = lambda: None
        self._errands: dict[str, Errand] = {}
        self._posts: dict[str, Sequence[SendSnapshot]] = {}  # by channel: what its lane begins with
        self._ready: dict[str, Sequence[ReadyPost]] = {}  # and what of it was made up ahead
        self._flights: dict[str, Flight | Exception] = {}  # and the one whose intent was committed with others
        self._stopping = False
        self._problems: deque[str] = deque()

    def run(self) -> TickResult:
        """One pass of the alarm. Of many campaigns each pass is a sign of life of the look at all of them."""
        self.alive()
        with self._lead.taken_by(self) as leads:
            look = self._tick.look(leads=leads)
        for channel in look.channels:
            self.begin(channel)
        for channel in look.doubts:
            self._ask(f"doubts {self._tick.campaign} {channel}", partial(self._ask_about_doubts, channel))
        if look.has_mailing_ahead:
            self._ask(f"leave page {self._tick.campaign}", lambda errand: self._tick.look_at_the_way_to_leave())
        while self._problems:
            look.result.problems += (self._problems.popleft(),)
        return look.result

    def season(self, version: int) -> SeasonKey | None:
        """Of which posts may go without another look; None: not before one is made. ``version`` of the history."""
        return self._tick.season_in_hand(version)

    def make_ready(self, channel: str, posts: Sequence[SendSnapshot], *, due_at: datetime) -> None:
        """Make up what is about to be due on it. ``posts``: how that stands."""
        self._ready[channel] = self._tick.make_ready(channel, posts, due_at=due_at)

    def keep_ready(self) -> None:
        """What was made up is of use where the files have not moved: as late as can be, for that holds for a second."""
        if self._ready and not self._tick.has_stayed():
            self._ready.clear()

    def company_on(self, channel: str) -> Company | None:
        """See :meth:`~scheduler.engine.tick.Tick.company_on`."""
        return self._tick.company_on(channel)

    def first_of(self, channel: str, posts: Sequence[SendSnapshot], company: Company) -> Begin | None:
        """What its lane would begin with, where that was made up ahead, and the lane is not being drained."""
        errand = self._errands.get(self._lane(channel))
        if self._stopping or (errand is not None and errand.is_busy):
            return None
        first = min(posts, key=lambda one: (one.delivery.expires_at, one.delivery.due_at))
        ready = next((one for one in self._ready.get(channel, ()) if one.seen is first), None)
        return self._tick.begin_of(channel, ready, company) if ready is not None else None

    def begin(self, channel: str, posts: Sequence[SendSnapshot] = (), flight: Flight | Exception | None = None) -> None:
        """Something is due on it, and needs no look before. ``posts``: how that stood a moment ago; ``flight``: what
        became of the intent of the first, where that was committed with others."""
        self._posts[channel] = posts
        if flight is not None:
            self._flights[channel] = flight
        is_asked = self._ask(self._lane(channel), partial(self._drain, channel))
        if not is_asked and isinstance(flight := self._flights.pop(channel, None), Flight):
            self._tick.give_back(flight)

    def next_instants(self, *, after: datetime | None = None) -> tuple[datetime, ...]:
        return self._tick.next_instants(after=after)

    def stop(self) -> None:
        """Begin no further call; may be called from a signal handler."""
        self._stopping = True
        self._tick.stop()

    def beats(self) -> Mapping[str, float]:
        """By what is being done: its last sign of life."""
        return {errand.name: errand.beat for errand in tuple(self._errands.values()) if errand.is_busy}

    def _lane(self, channel: str) -> str:
        return f"lane {self._tick.campaign} {channel}"

    def _ask(self, name: str, work: Callable[[Errand], None]) -> bool:
        """Whether it will be done."""
        if name not in self._errands:
            self._errands[name] = Errand(name, partial(self._guarded, work))
        if self._stopping:
            return False
        try:
            self._errands[name].ask()
        except RuntimeError as error:
            self._say(name, str(error))  # the others are asked all the same; the next pass asks for this one again
            return False
        return True

    def _drain(self, channel: str, errand: Errand) -> None:
        """What it did is in the ledger and in the log, call by call; nobody asks for the sum here, as `tick` does."""
        posts, ready = self._posts.pop(channel, ()), self._ready.pop(channel, ())
        flight = self._flights.pop(channel, None)
        if isinstance(flight, Exception):
            raise flight
        drain = partial(self._tick.drain, channel, alive=errand.alive, woken=errand.is_asked)
        begun = drain(posts=posts, ready=ready, begun=flight)
        self._posts.pop(channel, None)  # told of while it went on: it has asked what is due
        if begun:
            self.wake()  # what it postponed may be due again, and is to be set

    def _ask_about_doubts(self, channel: str, errand: Errand) -> None:
        if any(self._tick.ask_about_doubts(channel, alive=errand.alive)):
            self.wake()

    def _guarded(self, work: Callable[[Errand], None], errand: Errand) -> None:
        """What goes wrong in one lane is said, and ends no other; the next pass tries it again."""
        try:
            work(errand)
        except ObservanceError as error:
            why = error.message
        except Exception as error:
            # The text of an error nobody foresaw may hold an address; its kind and place do not.
            place = traceback.extract_tb(error.__traceback__)[-1]
            why = f"{type(error).__name__} in {os.path.basename(place.filename)}:{place.lineno}"
        else:
            return
        self._say(errand.name, why)

    def _say(self, name: str, why: str) -> None:
        self._problems.append(why)
        log.error("%s failed: %s", name, why, extra={"action": "lane_failed"})


class PostsFirst:
    """What the alarm does at a due instant: posts that go for the first time need no look before. Their lanes check all
    that a look would; what a look does besides (what is missed, in doubt, told of by receipts) is about what has begun
    before. With a hundred campaigns the looks would keep the last post waiting.

    A moment ahead all of them are looked at, and their calls are made up. At the instant it is asked in one statement
    whether all stands as it did; where anything does not, all are looked at again. See docs/decisions/0085."""

    def __init__(self, lanes: Sequence[Lanes], ledger: Ledger, mode: Callable[[], str], clock: Clock) -> None:
        self._lanes, self._ledger, self._mode, self._clock = tuple(lanes), ledger, mode, clock
        self._known: tuple[str, DueFirst] | None = None  # from the look ahead, and of which mode

    def make_ready(self, due_at: datetime) -> None:
        """Before that instant: look at what will be due then, and make it up as far as there is time."""
        mode = self._mode()
        known = self._ledger.deliveries.due_first(mode, now=due_at)
        by_lanes = [*self._by_lanes(known)]
        for lanes, of_lanes in by_lanes:
            for channel, posts in of_lanes.items():
                if self._clock.now() < due_at:
                    lanes.make_ready(channel, posts, due_at=due_at)
        for lanes, _ in by_lanes:
            if self._clock.now() < due_at:
                lanes.keep_ready()
        self._known = mode, known

    def __call__(self) -> bool:
        """Whether all that is due for the first time are posts, and each of them was begun with."""
        due, begun = self._due(), 0
        waiting = [(lanes, *one) for lanes, of_lanes in self._by_lanes(due) for one in of_lanes.items()]
        for start in range(0, len(waiting), TOGETHER):
            many = waiting[start : start + TOGETHER]
            companies, firsts = dict[str, Company | None](), dict[int, Begin]()
            for number, (lanes, channel, posts) in enumerate(many):
                if channel not in companies:
                    companies[channel] = lanes.company_on(channel)
                if (company := companies[channel]) and (first := lanes.first_of(channel, posts, company)):
                    firsts[number] = first
            flights = dict(zip(firsts, begin_together([*firsts.values()]), strict=True))
            for number, (lanes, channel, posts) in enumerate(many):
                begun += len(posts)
                lanes.begin(channel, posts, flights.get(number))
        return bool(due.posts) and begun == len(due.posts) and not due.has_others

    def _due(self) -> DueFirst:
        known, self._known = self._known, None
        deliveries, mode, now = self._ledger.deliveries, self._mode(), self._clock.now()
        if known is not None and known[0] == mode and deliveries.is_due_as_known(known[1], mode, now=now):
            return known[1]
        return deliveries.due_first(mode, now=now)

    def _by_lanes(self, due: DueFirst) -> Iterator[tuple[Lanes, Mapping[str, Sequence[SendSnapshot]]]]:
        """What is due of each campaign whose season is in hand, by channel."""
        posts: dict[SeasonKey | None, dict[str, list[SendSnapshot]]] = {}
        for one in due.posts:
            posts.setdefault(one.delivery.season_key, {}).setdefault(one.delivery.channel, []).append(one)
        for lanes in self._lanes if posts else ():
            if mine := posts.pop(lanes.season(due.version), None):
                yield lanes, mine
