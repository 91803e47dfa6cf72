"""The only module that asks for the time. Everything else is handed a clock or an instant."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Protocol

from .errors import ConfigurationError

#: A clock that is further off than this is wrong, and nothing is sent by it.
CLOCK_TOLERANCE = timedelta(minutes=5)


class Clock(Protocol):
    """Tells the time; handed to whatever needs it."""

    def now(self) -> datetime:
        """The present instant, aware, in UTC."""
        ...

    def monotonic(self) -> float:
        """Seconds that never go back; for timeouts and leases within one process."""
        ...


class MachineClock(Clock, Protocol):
    """A machine's own clock, which can be wrong, and can be held against what it cannot set."""

    def since_boot(self) -> float:
        """Seconds since the machine was started, those in which it slept among them. Nobody can set this."""
        ...


class SystemClock:
    """The machine's clock."""

    def now(self) -> datetime:
        return datetime.now(UTC)

    def monotonic(self) -> float:
        return time.monotonic()

    def since_boot(self) -> float:
        # Linux has a clock of its own for this; macOS counts sleep in the clock that Linux does not count it in.
        for name in ("CLOCK_BOOTTIME", "CLOCK_MONOTONIC"):
            if hasattr(time, name):
                return time.clock_gettime(getattr(time, name))
        return time.monotonic()


class ShiftedClock:
    """The machine's clock, moved by a fixed distance: for watching January in November."""

    def __init__(self, start_at: datetime) -> None:
        if start_at.tzinfo is None:
            raise ConfigurationError(
                "OBSERVANCE_PRETEND_NOW needs a time zone",
                hint="write for example 2027-01-11T09:59:30-05:00",
            )
        self._shift: timedelta = start_at - datetime.now(UTC)

    def now(self) -> datetime:
        return datetime.now(UTC) + self._shift

    def monotonic(self) -> float:
        return time.monotonic()


def clock_of(env: Mapping[str, str]) -> SystemClock | ShiftedClock:
    """The machine's, else as OBSERVANCE_PRETEND_NOW says. Raises ConfigurationError for one that cannot be read."""
    pretended = env.get("OBSERVANCE_PRETEND_NOW", "")
    try:
        return ShiftedClock(datetime.fromisoformat(pretended)) if pretended else SystemClock()
    except ValueError:
        raise ConfigurationError(
            f"OBSERVANCE_PRETEND_NOW={pretended!r} is not a date and time",
            hint="write for example 2027-01-11T09:59:30-05:00",
        ) from None


class VirtualClock:
    """A clock that stands still until it is moved: for rehearsals, tests and the simulator."""

    def __init__(self, start_at: datetime) -> None:
        self._now = start_at.astimezone(UTC)
        self._elapsed = 0.0

    def now(self) -> datetime:
        return self._now

    def monotonic(self) -> float:
        return self._elapsed

    def since_boot(self) -> float:
        return self._elapsed

    def advance(self, distance: timedelta) -> None:
        """Move time on; the monotonic reading moves with it."""
        self._now += distance
        self._elapsed += distance.total_seconds()

    def jump(self, to: datetime) -> None:
        """Set the wall clock alone, as a stepped or resumed machine does."""
        self._now = to.astimezone(UTC)


def stopwatch() -> Callable[[], float]:
    """Return a function that says how many seconds have passed since this call."""
    start = time.monotonic()
    return lambda: time.monotonic() - start
