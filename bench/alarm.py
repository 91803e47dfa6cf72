"""How late does the alarm wake? 1,000 due instants, 20 ms apart, with the real APScheduler and the real clock.

Goal: p99 at most 50 ms. The floor printed beside it is a bare loop that sleeps until each instant on the same machine.
"""

from __future__ import annotations

import platform
import statistics
import sys
import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from scheduler.clock import SystemClock
from scheduler.engine.alarm import Alarm
from scheduler.engine.dispatcher import TickResult

INSTANTS, APART = 1_000, timedelta(milliseconds=20)


class Passes:
    """Stands for the tick: notes when it was woken."""

    alive: Callable[[], None] = staticmethod(lambda: None)
    wake: Callable[[], None] = staticmethod(lambda: None)

    def __init__(self, instants: list[datetime]) -> None:
        self.instants = instants
        self.late: dict[datetime, float] = {}
        self.done = threading.Event()

    def run(self) -> TickResult:
        now = datetime.now(UTC)
        for due in self.instants[len(self.late) :]:
            if due > now:
                break
            self.late[due] = (now - due).total_seconds() * 1000
        if len(self.late) == len(self.instants):
            self.done.set()
        return TickResult(at=now)

    def next_instants(self, *, after: datetime | None = None) -> tuple[datetime, ...]:
        return tuple(self.instants[len(self.late) : len(self.late) + 64])

    def beats(self) -> dict[str, float]:
        return {}

    def stop(self) -> None:
        """Nothing is under way."""


def floor(instants: list[datetime]) -> list[float]:
    late = []
    for due in instants:
        time.sleep(max(0.0, (due - datetime.now(UTC)).total_seconds()))
        late.append((datetime.now(UTC) - due).total_seconds() * 1000)
    return late


def from_now() -> list[datetime]:
    start = datetime.now(UTC) + timedelta(seconds=0.5)
    return [start + APART * n for n in range(INSTANTS)]


def said(name: str, late: list[float]) -> float:
    p99 = statistics.quantiles(late, n=100)[98]
    print(f"{name:<12} p50 {statistics.median(late):6.2f} ms   p99 {p99:6.2f} ms   max {max(late):6.2f} ms")
    return p99


def by_the_alarm() -> list[float]:
    """Milliseconds that the alarm is late for each instant."""
    passes = Passes(from_now())
    alarm = Alarm([passes], SystemClock())
    alarm.start()
    passes.done.wait(timeout=60)
    alarm.close()
    if len(passes.late) < INSTANTS:
        raise SystemExit(f"only {len(passes.late)} of {INSTANTS} instants were noticed")
    return list(passes.late.values())


def main() -> int:
    print(
        f"Python {platform.python_version()} on {platform.system()}, {INSTANTS} instants, {APART.total_seconds() * 1000:.0f} ms apart"
    )
    said("bare loop", floor(from_now()))
    p99 = said("alarm", by_the_alarm())
    print(f"goal: p99 <= 50 ms: {'kept' if p99 <= 50 else 'missed'}")
    return int(p99 > 50)


if __name__ == "__main__":
    sys.exit(main())
