"""A lane is drained: what is due on one channel of one campaign goes out, with several calls in flight.

The lane's own thread decides, and commits each intent, in order; the calls run beside each other, and each writes
down its own end. The batch whose window closes first goes first; only those that close together take turns.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Sequence
from dataclasses import field, replace
from datetime import UTC, datetime
from itertools import islice

from ..channels.spec import SendsEach, Transport
from ..domain.outcome import OutcomeKind
from ..domain.reason import ReasonCode, because
from ..domain.records import Batch, Delivery, Prepared, SendSnapshot, last_call_at
from ..domain.rehearsal import SeasonToSend
from ..light_dataclass import dataclass
from .dispatcher import Dispatcher, DrawnUp, Flight, ReadyPost, Setup, TickResult, begin_together
from .failpoints import hit
from .in_flight import Calls, Window
from .limits import Leave, is_too_large

#: Sorts before every end of a window.
_NOT_KNOWN = datetime.min.replace(tzinfo=UTC)
#: Readers are frozen ahead for so many times the calls that may be in flight; all that wait are read at each freeze.
_AHEAD = 4


@dataclass(eq=False)
class _Mailing:
    """A delivery that is due, on its way."""

    delivery: Delivery
    may_go_beside: bool  # a call of it was taken: several may be in flight. A mailing begins with one
    last_turn: int = 0
    queue: deque[Batch] = field(default_factory=deque)
    is_frozen: bool = False  # all of it; the batches of each part go while the next one is still to be frozen
    in_flight: int = 0
    is_over: bool = False
    passed: tuple[SeasonToSend, int] | None = None  # the check before each call: by which season, up to which event
    drawn_up: dict[int, DrawnUp | None] = field(default_factory=dict)  # by batch: made up ahead; None: not to be had
    seen: SendSnapshot | None = None  # a moment ago, with the others that are due at the same instant
    prepared: Prepared | None = None  # with its freeze
    ready: ReadyPost | None = None  # made up before it was due

    def stop(self) -> None:
        self.is_over = True

    @property
    def has_more(self) -> bool:
        """Whether there are, or may be, calls that have not begun."""
        return not self.is_over and (bool(self.queue) or not self.is_frozen)

    @property
    def waits(self) -> bool:
        """Whether a turn is of use to it."""
        return not self.is_over and (not self.in_flight or (self.may_go_beside and self.has_more))

    @property
    def closes_at(self) -> datetime:
        """Until when its next batch may be called for. Of a mailing that is not frozen nobody knows: the day of its
        first readers may end long before its window, so who gets it is found out first."""
        if not self.queue and not self.is_frozen and self.delivery.kind == "email":
            return _NOT_KNOWN
        return last_call_at(self.delivery.expires_at, self.queue[0].not_after_at if self.queue else None)


@dataclass(eq=False)
class _InFlight:
    flight: Flight
    mailing: _Mailing
    number: int
    is_over: bool = False
    problem: BaseException | None = None
    seconds: float = field(default=0.0)


class Drain:
    """One draining of a lane. For one thread; the calls have theirs."""

    def __init__(
        self,
        dispatcher: Dispatcher,
        setup: Setup,
        channel: str,
        due: Callable[[], Sequence[Delivery]],
        result: TickResult,
        *,
        calls: Calls,
        alive: Callable[[], None],
        woken: Callable[[], bool],
        posts: Sequence[SendSnapshot] = (),
        ready: Sequence[ReadyPost] = (),
        begun: Flight | None = None,
    ) -> None:
        """``woken``: whether something may have become due since it was last asked. ``result`` is filled. ``posts``:
        what is due, where that was looked at a moment ago with what is due elsewhere; ``ready``: made up ahead;
        ``begun``: the one of them whose intent was committed with those of other lanes."""
        self._dispatcher, self._setup = dispatcher, setup
        self._channel, self._due = channel, due
        self._transport = setup.transports.get(channel)
        self._result = result
        self._calls, self._alive, self._woken = calls, alive, woken
        self._window = Window(min(calls.most, setup.in_flight(channel)))
        ahead = {one.seen.delivery.id: one for one in ready}
        self._mailings = {
            one.delivery.id: _Mailing(one.delivery, False, seen=one, ready=ahead.get(one.delivery.id)) for one in posts
        }
        self._flying: list[_InFlight] = []
        self._begun = self._turns = 0
        self._first = begun

    def run(self) -> int:
        """Until nothing is left that may go. How many calls were begun."""
        if not self._mailings:
            self._take_in(self._due())
        try:
            if self._first is not None:
                self._set_off(self._mailings[self._first.delivery.id], self._first)
            while True:
                if self._goes_on() and self._woken():
                    self._take_in(self._due())
                if len(self._flying) < self._window.size and (mailing := self._next()) is not None:
                    self._take_turn(mailing)
                elif self._flying:
                    if not self._work_ahead():
                        self._calls.wait()
                    self._land()
                else:
                    return self._begun
        except Exception:
            while any(not one.is_over for one in self._flying):  # each writes down its own end
                self._calls.wait()
            raise
        finally:
            self._calls.close()

    # -- which ------------------------------------------------------------------------------------------

    def _goes_on(self) -> bool:
        return not self._dispatcher.stopping() and self._dispatcher.setup is self._setup

    def _take_in(self, due: Iterable[Delivery]) -> None:
        """Deliveries that are due, and what of those that are on their way may go by now: a later wave, a part, what
        was to be tried again."""
        for delivery in due:
            known = self._mailings.get(delivery.id)
            if known is None or known.is_over:
                self._mailings[delivery.id] = _Mailing(delivery, delivery.counts.accepted > 0)
            else:
                known.delivery, known.queue = delivery, self._ready(delivery)

    def _ready(self, delivery: Delivery) -> deque[Batch]:
        """Its batches that may go, the one whose window closes first before the others. One whose call is under way, or
        whose end is still to be looked at, comes by that."""
        ready = self._dispatcher.ledger.batches.ready(delivery.id, now=self._dispatcher.clock.now())
        flying = {one.flight.batch.id for one in self._flying}
        waiting = [batch for batch in ready if batch.id not in flying]
        return deque(sorted(waiting, key=lambda b: (last_call_at(delivery.expires_at, b.not_after_at), b.number)))

    def _next(self) -> _Mailing | None:
        """The one whose turn it is."""
        return self._first_of([m for m in self._mailings.values() if m.waits])

    def _first_of(self, mailings: Sequence[_Mailing]) -> _Mailing | None:
        """The one whose next batch can go for the shortest time; of several, the one whose turn is the longest ago."""
        if not self._goes_on():
            return None
        return min(mailings, key=lambda m: (m.closes_at, m.last_turn, m.delivery.due_at), default=None)

    # -- one turn ---------------------------------------------------------------------------------------

    def _take_turn(self, mailing: _Mailing) -> None:
        """Freeze a part of its readers, or begin one call."""
        self._turns += 1
        mailing.last_turn = self._turns
        if mailing.is_frozen and not mailing.queue:
            hit("after_delivery")
            return mailing.stop()
        dispatcher, delivery, transport = self._dispatcher, mailing.delivery, self._transport
        if transport is None:
            dispatcher.refuse(delivery, (because(ReasonCode.CHANNEL_OFF),), self._result)
            return mailing.stop()
        current = dispatcher.present()
        if current is None or not self._goes_on():
            if current is None and self._goes_on():
                dispatcher.refuse(delivery, (because(ReasonCode.CAMPAIGN_UNREADABLE),), self._result)
            return mailing.stop()
        if not self._passes(mailing, current):
            return mailing.stop()
        if mailing.ready is None and not mailing.queue:
            self._freeze(mailing, transport)
            if delivery.kind == "email" and self._next() is not mailing:
                return None  # by now it is known when its next batch closes, and that is not before the others'
        if mailing.ready is not None or mailing.queue:
            self._begin(mailing, current, transport)
        return None

    def _passes(self, mailing: _Mailing, current: SeasonToSend) -> bool:
        """The check before anything is touched. The ledger is gone through anew only where somebody other than this
        program has done something since, or a call was not taken: after the intent, before the call, it always is."""
        dispatcher, delivery, before = self._dispatcher, mailing.delivery, mailing.passed
        mailing.passed = None
        if mailing.seen is not None and not mailing.is_frozen:
            if mailing.ready is not None and mailing.ready.is_good(mailing.seen, self._setup, current):
                return dispatcher.passes_outside(delivery, self._result)
            mailing.ready = None
            return dispatcher.passes(delivery, current, self._setup, self._result, mailing.seen)
        news = dispatcher.ledger.events.news(after=before[1] if before is not None else None)
        is_as_before = before is not None and before[0] is current and not news.by_others
        if not is_as_before or news.of_readers:
            mailing.drawn_up.clear()
        for batch, drawn in tuple(mailing.drawn_up.items()):
            if drawn is not None and drawn.departures != news.departures:
                del mailing.drawn_up[batch]
        if is_as_before:
            passes = dispatcher.passes_outside(delivery, self._result)
        else:
            passes = dispatcher.passes(delivery, current, self._setup, self._result)
        mailing.passed = (current, news.newest) if passes else None
        return passes

    # -- ahead ------------------------------------------------------------------------------------------

    def _works_ahead(self, mailing: _Mailing) -> bool:
        """Whether what comes next of a mailing is made ready while a call is waited for. A post is soon made; a call by
        which one reader after the other is mailed keeps the machine busy by itself."""
        if self._window.limit == 1 or mailing.delivery.kind != "email" or isinstance(self._transport, SendsEach):
            return False
        return mailing.has_more

    def _work_ahead(self) -> bool:
        """While there is no room for another call: make up a call of the mailing whose turn it is, to the last byte and
        without an intent, or freeze its next readers. So the machine works while it waits, above all before the window
        is open. False where there is nothing to do ahead."""
        mailing = self._first_of([one for one in self._mailings.values() if self._works_ahead(one)])
        transport = self._transport
        if mailing is None or transport is None or mailing.passed is None:
            return False
        current = self._dispatcher.present()
        if current is not mailing.passed[0]:
            return False
        for batch in islice(mailing.queue, self._window.limit):
            if batch.id not in mailing.drawn_up:
                drawn = self._dispatcher.draw_up_ahead(mailing.delivery, batch, current, transport, self._setup)
                mailing.drawn_up[batch.id] = drawn
                return True
        if mailing.is_frozen or len(mailing.queue) > _AHEAD * self._window.limit:
            return False
        if self._passes(mailing, current):
            self._freeze(mailing, transport)
        else:
            mailing.stop()
        return True

    def _freeze(self, mailing: _Mailing, transport: Transport) -> None:
        """The next part of its readers; and take in what of it may go."""
        ledger, clock, delivery = self._dispatcher.ledger, self._dispatcher.clock, mailing.delivery
        self._alive()
        if delivery.kind == "post" and delivery.opened_at is None:
            mailing.is_frozen = True
            if (batch := ledger.recipients.freeze_post(delivery.id, now=clock.now())) is not None:
                mailing.queue, mailing.prepared = deque([batch]), Prepared(batch)
                return
        else:
            limit = max(1, transport.batch_limit)
            mailing.is_frozen = ledger.recipients.freeze(delivery.id, batch_limit=limit, now=clock.now())
        mailing.queue = self._ready(delivery)

    def _begin(self, mailing: _Mailing, current: SeasonToSend, transport: Transport) -> None:
        dispatcher, delivery = self._dispatcher, mailing.delivery
        leave = dispatcher.leave_for(self._setup, self._channel, transport, in_flight=bool(self._flying))
        if leave.waits_for_own:  # the provider had trouble: the next call is made alone
            return self._window.close()
        if leave.waits:
            self._result.later += 1
            dispatcher.ledger.deliveries.note(delivery.id, leave.waits, detail=leave.detail, now=dispatcher.clock.now())
            return mailing.stop()
        if dispatcher.ledger.pauses.must_wait_for_another(delivery.id, had_trouble=leave.alone):
            return mailing.stop()
        if mailing.ready is not None:
            flight = self._begin_ready(mailing, mailing.ready, transport, had_trouble=leave.alone)
        else:
            flight = self._begin_next(mailing, current, transport, leave)
        if flight is None:
            mailing.passed = None
            return None
        return self._set_off(mailing, flight)

    def _set_off(self, mailing: _Mailing, flight: Flight) -> None:
        """Make a call whose intent is committed."""
        if flight is self._first:
            mailing.is_frozen, mailing.ready = True, None
        self._begun += 1
        mailing.in_flight += 1
        one = _InFlight(flight, mailing, self._window.begin())
        self._flying.append(one)
        if self._window.size == 1 and not self._works_ahead(mailing):
            self._make(one)
            self._land()
        else:
            self._calls.start(lambda: self._make(one))

    def _begin_ready(
        self, mailing: _Mailing, ready: ReadyPost, transport: Transport, *, had_trouble: bool
    ) -> Flight | None:
        """What was made up ahead. Where it may not go, it is gone through as all others are."""
        self._alive()
        (flight,) = begin_together([self._dispatcher.begin_of(ready, transport, had_trouble=had_trouble)])
        if isinstance(flight, Exception):
            raise flight
        mailing.is_frozen, mailing.ready = True, None
        if flight is None:
            mailing.queue = self._ready(mailing.delivery)
        return flight

    def _begin_next(
        self, mailing: _Mailing, current: SeasonToSend, transport: Transport, leave: Leave
    ) -> Flight | None:
        """The batch whose turn it is."""
        batch = mailing.queue.popleft()
        if leave.small:
            mailing.queue.extendleft(self._split(batch, keep=1))
        drawn_up = mailing.drawn_up.pop(batch.id, None)
        if drawn_up is not None and (leave.small or drawn_up.batch != batch):
            drawn_up = None
        of_call = (mailing.delivery, batch, current, transport, self._setup)
        prepared, mailing.prepared = mailing.prepared, None
        return self._dispatcher.begin(
            *of_call,
            had_trouble=leave.alone,
            waits=mailing.queue.append,
            drawn_up=drawn_up,
            prepared=prepared,
            seen=mailing.seen,
        )

    def _make(self, one: _InFlight) -> None:
        """The call itself, to its end in the ledger; in a thread of its own, where there are several."""
        clock = self._dispatcher.clock
        began = clock.monotonic()
        try:
            self._dispatcher.end(one.flight)
        except BaseException as problem:
            one.problem = problem
        one.seconds = clock.monotonic() - began
        one.is_over = True

    def _land(self) -> None:
        """What the calls that have ended say for those that come next."""
        for one in [one for one in self._flying if one.is_over]:
            self._flying.remove(one)
            if one.problem is not None:
                raise one.problem
            flight, mailing = one.flight, one.mailing
            outcome = flight.outcome
            mailing.in_flight -= 1
            ends = tuple(outcome.per_recipient.values()) or (outcome,)
            mailing.may_go_beside |= any(end.kind is OutcomeKind.ACCEPTED for end in ends)
            if any(end.kind is not OutcomeKind.ACCEPTED for end in ends):
                mailing.passed = None
            slow = one.seconds / _answers(flight) > self._setup.timeout(self._channel) / 2
            self._window.end(one.number, outcome, slow=slow)
            self._dispatcher.count(flight, self._result)
            if is_too_large(outcome):
                batch = flight.batch
                half = (batch.called_for + 1) // 2
                if rest := self._split(batch, keep=half):
                    again = replace(batch, size=batch.skipped + half, attempt=batch.attempt + 1)
                    mailing.queue.extendleft((*rest, again))
            self._alive()
            hit("after_batch")

    def _split(self, batch: Batch, *, keep: int) -> tuple[Batch, ...]:
        """So many readers stay in the batch; the others as another one, if there are any."""
        dispatcher = self._dispatcher
        rest = dispatcher.ledger.batches.split(batch.id, keep=keep, now=dispatcher.clock.now())
        return (rest,) if rest is not None else ()


def _answers(flight: Flight) -> int:
    """How many answers a call waited for: by SMTP one for each mail that was begun."""
    if not isinstance(flight.transport, SendsEach):
        return 1
    ends = flight.outcome.per_recipient.values()
    begun = sum(all(reason.code is not ReasonCode.NOT_BEGUN for reason in end.reasons) for end in ends)
    return max(1, begun if ends else flight.readers)
