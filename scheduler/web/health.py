"""Health for whoever supervises the program. ``/healthz``: it is alive. ``/readyz``: it does what it is there for."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from datetime import timedelta

from flask import Response, jsonify

from ..domain.formatting import counted
from ..domain.outlook import answer_as_data
from ..errors import ObservanceError
from ..services.doctor import outside_trouble
from .routing import Guard, Pulse, get, site

log = logging.getLogger(__name__)

#: What is due goes out within seconds. So long after its time it is late enough for somebody to look.
OVERDUE_AFTER = timedelta(minutes=5)
#: Seconds. The alarm looks every twenty seconds, and gives a sign of life between two calls; a call and a patient
#: wait for the database fit in.
SILENT_FOR = 120.0


@get("/healthz", who=Guard.ANYBODY)
def healthz() -> Response:
    return jsonify(alive=True)


@get("/readyz", who=Guard.ANYBODY)
def readyz() -> tuple[Response, int]:
    """It changes nothing, and does not say what the campaign is about. ``next``: of each campaign, whether what comes
    next goes out, by the code of the line on each page; a message that lacks an approval makes no program unwell."""
    reasons = dict([*_alarm(site().pulse), *_ledger(), *_outside()])
    rows = [{"code": code, "message": message} for code, message in reasons.items()]
    return jsonify(ready=not rows, reasons=rows, next=list(_next())), 503 if rows else 200


def _next() -> Iterator[dict[str, object]]:
    try:
        for outlook in site().outlooks.of_all():
            data = answer_as_data(outlook)
            yield {**data, "due_at": outlook.due_at.isoformat() if outlook.due_at else None}
    except ObservanceError:
        return  # the ledger cannot be read, and that is said already


def _alarm(ask: Callable[[], Pulse] | None) -> Iterator[tuple[str, str]]:
    if ask is None:
        return
    pulse = ask()
    if pulse.silent_seconds > SILENT_FOR:
        yield "alarm", f"the alarm has given no sign of life for {pulse.silent_seconds:.0f} seconds"
    if pulse.last_pass_at is None:
        yield "no-pass", "the first pass has not ended yet"
    elif pulse.problem:
        yield "pass", "the last pass ran into a problem; the log says which"


def _ledger() -> Iterator[tuple[str, str]]:
    ledger, mode, now = site().ledger, site().project.settings.mode.value, site().now()
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


def _outside() -> Iterator[tuple[str, str]]:
    """What is wrong with the clock, the way to leave and the process itself."""
    try:
        yield from outside_trouble(site().project, site().ledger)
    except ObservanceError:
        return  # the ledger cannot be read, and that is said already
