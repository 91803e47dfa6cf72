"""Health for whoever supervises the program. ``/healthz``: it is alive. ``/readyz``: it does what it is there for."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Protocol

from flask import Response, jsonify

from ..clock import Clock
from ..domain.formatting import counted
from ..errors import ObservanceError
from .security import Guard, RoutesWithRoles

if TYPE_CHECKING:
    from ..store import Ledger

log = logging.getLogger(__name__)

#: What is due goes out within seconds. So long after its time it is late enough for somebody to look.
OVERDUE_AFTER = timedelta(minutes=5)
#: Seconds. The alarm looks every twenty seconds, and gives a sign of life between two calls; a call and a patient
#: wait for the database fit in.
SILENT_FOR = 120.0


class Pulse(Protocol):
    """How the alarm is doing: :class:`scheduler.engine.alarm.Pulse`."""

    @property
    def last_pass_at(self) -> datetime | None: ...
    @property
    def silent_seconds(self) -> float: ...
    @property
    def problem(self) -> str: ...


def add_health(
    app: RoutesWithRoles,
    ledger: Ledger,
    pulse: Callable[[], Pulse] | None,
    *,
    mode: Callable[[], str],
    clock: Clock,
    outside: Callable[[], Iterable[tuple[str, str]]] = lambda: (),
) -> None:
    """Add both routes. Neither changes anything, and neither says what the campaign is about.

    ``outside``: what is wrong with the clock, the way to leave and the process itself, as code and words.
    """

    @app.get("/healthz", who=Guard.ANYBODY)
    def healthz() -> Response:
        return jsonify(alive=True)

    @app.get("/readyz", who=Guard.ANYBODY)
    def readyz() -> tuple[Response, int]:
        reasons = dict([*_alarm(pulse() if pulse else None), *_ledger(ledger, mode(), clock.now()), *_outside(outside)])
        told = [{"code": code, "message": message} for code, message in reasons.items()]
        return jsonify(ready=not told, reasons=told), 503 if told else 200


def _alarm(pulse: Pulse | None) -> Iterator[tuple[str, str]]:
    if pulse is None:
        return
    if pulse.silent_seconds > SILENT_FOR:
        yield "alarm", f"the alarm has given no sign of life for {pulse.silent_seconds:.0f} seconds"
    if pulse.last_pass_at is None:
        yield "no-pass", "the first pass has not ended yet"
    elif pulse.problem:
        yield "pass", "the last pass ran into a problem; the log says which"


def _ledger(ledger: Ledger, mode: str, now: datetime) -> Iterator[tuple[str, str]]:
    try:
        health = ledger.health.counts(mode, now=now, tolerance=OVERDUE_AFTER)
    except ObservanceError as problem:
        log.error("the ledger cannot be read: %s", problem.message, extra={"action": "health_failed"})
        yield "database", "the database cannot be used; the log says why"
        return
    for pause in ledger.pauses.in_force(mode, now=now):
        until = f"{pause.until_at:%H:%M} UTC"
        yield "paused", f"{pause.channel} is paused until {until}: {counted(pause.failures, 'call')} in a row failed"
    if health.overdue:
        yield "overdue", f"{counted(health.overdue, 'delivery', 'deliveries')} should have gone, and did not"
    if health.doubts:
        yield "doubts", f"{counted(health.doubts, 'call', 'calls')} to a provider have no known end; a person decides"


def _outside(outside: Callable[[], Iterable[tuple[str, str]]]) -> Iterator[tuple[str, str]]:
    try:
        yield from outside()
    except ObservanceError:
        return  # the ledger cannot be read, and that is said already
