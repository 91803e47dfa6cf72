"""Calls in flight: how many there may be, and how they run beside each other."""

from __future__ import annotations

import threading
from collections.abc import Callable
from queue import SimpleQueue
from typing import Protocol

from ..channels.spec import MOST_IN_FLIGHT
from ..domain.outcome import Bearing, Outcome, OutcomeKind, bearing_of

#: Answers that ask for fewer calls at once: HTTP's "too many requests", and SMTP's "closing the line".
_CROWDED = frozenset({429, 421})


def wants_fewer(outcome: Outcome) -> bool:
    """Whether the end of a call says that the provider is, or may be, in trouble, or that calls are too many."""
    return _is_trouble(outcome) or _is_crowded(outcome)


def _is_trouble(outcome: Outcome) -> bool:
    is_unknown = any(end.kind is OutcomeKind.UNKNOWN for end in _ends(outcome))
    return is_unknown or bearing_of(outcome) is Bearing.TROUBLE


def _is_crowded(outcome: Outcome) -> bool:
    return any(end.status in _CROWDED for end in _ends(outcome))


def _ends(outcome: Outcome) -> tuple[Outcome, ...]:
    return tuple(outcome.per_recipient.values()) or (outcome,)


class Window:
    """How many calls of a lane may be in flight: one at first, one more with each good answer, fewer with each bad."""

    def __init__(self, limit: int) -> None:
        self.limit = max(1, limit)
        self.size = 1
        self._begun = self._began_before = 0

    def begin(self) -> int:
        """A call begins; what it is known by at its end."""
        self._begun += 1
        return self._begun

    def end(self, number: int, outcome: Outcome, *, slow: bool) -> None:
        """A call has ended. One that began before the window fell says nothing new."""
        if number <= self._began_before:
            return
        if _is_trouble(outcome):
            self.close()
        elif slow or _is_crowded(outcome):
            self._fall(self.size // 2)
        elif any(end.kind is OutcomeKind.ACCEPTED for end in _ends(outcome)):
            self.size = min(self.size + 1, self.limit)

    def close(self) -> None:
        """Down to one: the provider is, or may be, in trouble."""
        self._fall(1)

    def _fall(self, size: int) -> None:
        self.size, self._began_before = max(1, size), self._begun


class Calls(Protocol):
    """How the calls of a lane run beside each other."""

    most: int  # at the same time

    def start(self, call: Callable[[], None]) -> None:
        """Run it; it never raises."""
        ...

    def wait(self) -> None:
        """Come back when at least one of those that run has ended since the last time, or none runs."""
        ...

    def close(self) -> None:
        """None runs any more."""
        ...


class InThreads:
    """Several calls at the same time, each in a thread; one that is free makes the next call too. To make a thread for
    each takes 72 in place of 16 us, and has the lane wait until that one has begun to run."""

    def __init__(self, most: int = MOST_IN_FLIGHT) -> None:
        self.most = most
        self._running = self._threads = 0
        self._free = threading.Semaphore(0)
        self._next: SimpleQueue[Callable[[], None] | None] = SimpleQueue()
        self._ended: SimpleQueue[None] = SimpleQueue()

    def start(self, call: Callable[[], None]) -> None:
        self._running += 1
        if not self._free.acquire(blocking=False):
            try:
                threading.Thread(target=self._make_calls, name="call", daemon=True).start()
                self._threads += 1
            except RuntimeError:  # the machine gives no further thread, and the intent stands: it is called for here
                call()
                return self._ended.put(None)
        return self._next.put(call)

    def _make_calls(self) -> None:
        while (call := self._next.get()) is not None:
            try:
                call()
            finally:
                self._free.release()
                self._ended.put(None)

    def wait(self) -> None:
        if self._running:
            self._ended.get()
            self._running -= 1

    def close(self) -> None:
        while self._running:
            self.wait()
        for _ in range(self._threads):
            self._next.put(None)
        self._threads = 0


def one_at_a_time() -> InThreads:
    """One call at the same time: a lane makes it in its own thread."""
    return InThreads(1)
