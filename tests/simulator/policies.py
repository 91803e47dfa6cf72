"""Wrong protocols, each a small change of the program: the oracle has to find every one of them out."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from scheduler.domain.rehearsal import Rehearsal
from scheduler.engine import gate
from scheduler.engine.dispatcher import Dispatcher
from scheduler.ports import Evidence, Outcome, OutcomeKind, Verdict
from tests.simulator.providers import SimulatedTransport
from tests.simulator.world import Policy

_call = Dispatcher._last_check_and_call
_always = gate._always


class _Wrapped:
    """The ledger, changed in one point."""

    def __init__(self, ledger: Any) -> None:
        self._ledger = ledger

    def __getattr__(self, name: str) -> Any:
        return getattr(self._ledger, name)


def _retried(self: Dispatcher, *arguments: Any, **options: Any) -> Outcome:
    outcome = _call(self, *arguments, **options)
    return replace(outcome, kind=OutcomeKind.LATER) if outcome.kind is OutcomeKind.UNKNOWN else outcome


class _NoIntent(_Wrapped):
    """The intent is written with the outcome, after the call."""

    def intend(self, batch_id: int, **intent: Any) -> bool:
        self._intent = intent
        return True

    def conclude(self, batch_id: int, **outcome: Any) -> Any:
        self._ledger.intend(batch_id, **self._intent)
        return self._ledger.conclude(batch_id, **outcome)


class _SentFirst(_Wrapped):
    """A batch is marked as sent before the call."""

    def intend(self, batch_id: int, *, token: str, now: datetime, **intent: Any) -> bool:
        won = self._ledger.intend(batch_id, token=token, now=now, **intent)
        if won:
            self._ledger.conclude(batch_id, token=token, outcome=Outcome(OutcomeKind.ACCEPTED, "assumed"), now=now)
        return bool(won)


class _AssumedSent(_Wrapped):
    """What a crash left in the middle is taken for sent."""

    def doubt_overdue(self, mode: str, *, now: datetime) -> Any:
        doubted = self._ledger.doubt_overdue(mode, now=now)
        for batch in doubted:
            evidence = Evidence(Verdict.SENT, detail="assumed")
            self._ledger.settle(batch.id, token=batch.token, evidence=evidence, who="assumption", now=now)
        return doubted


def _without(start: str) -> Callable[..., Iterable[str]]:
    def always(*arguments: Any) -> Iterable[str]:
        return (why for why in _always(*arguments) if not why.startswith(start))

    return always


WRONG = (
    Policy("blind retry", patches=((Dispatcher, "_last_check_and_call", _retried),), blames="TWICE"),
    Policy("no intent before the call", ledger=_NoIntent, blames="TWICE"),
    Policy("marked as sent before the call", ledger=_SentFirst, blames="LOST"),
    Policy("assumed to be sent after a crash", ledger=_AssumedSent, blames="LOST"),
    Policy(
        "evidence believed at once",
        patches=((SimulatedTransport, "settle_after", lambda transport: timedelta(0)),),
        blames="TWICE",
    ),
    Policy("no look at holds", patches=((gate, "_always", _without("held by")),), blames="was held"),
    Policy(
        "no look at approvals",
        patches=((Rehearsal, "missing", lambda *arguments: ()),),
        blames="not approved",
    ),
)
