"""A process that sends a day from a ledger, to be killed while it does.

``driver.py FOLDER AT...`` makes a pass at each instant AT over FOLDER/observance.db (or the database that FOLDER/url
names), with providers that remember in FOLDER/provider.jsonl.

OBSERVANCE_FAILPOINT says where to die. OBSERVANCE_POLICY plays a wrong protocol, to show that the tests see it.
"""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from scheduler.channels.spec import SendsEach, Transport
from scheduler.clock import VirtualClock
from scheduler.domain.message import Message
from scheduler.domain.outcome import Evidence, Outcome, OutcomeKind, Recipient, Request, Verdict
from scheduler.domain.subscriber import NewSubscriber
from scheduler.engine import failpoints
from scheduler.engine.in_flight import InThreads, one_at_a_time
from scheduler.engine.send_journal import Journal
from scheduler.engine.tick import Tick
from scheduler.errors import ObservanceError
from scheduler.store import Ledger, open_ledger
from tests.support.altered_ledger import AlteredLedger
from tests.support.world import A_MONTH, a_post, a_rehearsal, an_approval, an_email, some_settings

BATCH = 10
READERS = 50
DAY = date(2027, 1, 11)
EVE = datetime(2027, 1, 11, 9, tzinfo=UTC)
DUE = EVE + timedelta(hours=1)
MESSAGES = (a_post("day-11", on=DAY), an_email("day-11", on=DAY))


def make_ready(url: str) -> None:
    """Readers, approvals, an armed season."""
    ledger = open_ledger(url)
    rows = [NewSubscriber(f"reader{n}@readers.example", subscriber_id=f"r{n:03d}") for n in range(READERS)]
    ledger.subscribers.add_many(A_MONTH.campaign, rows, now=EVE)
    for message in MESSAGES:
        ledger.approvals.record(an_approval(message, at=EVE))
    ledger.armings.arm(A_MONTH, who="Ada", now=EVE)
    ledger.close()


def in_flight() -> int:
    """How many calls of a lane may be under way."""
    return int(os.environ.get("OBSERVANCE_IN_FLIGHT") or 1)


class RememberingTransport(Transport):
    """A provider that outlives the process: each accepted call is a line in a file before the answer is given."""

    def __init__(self, kind: str, memory: Path) -> None:
        self.kind = kind
        self.batch_limit = BATCH if kind == "email" else 0
        self._memory = memory

    def build(self, message: Message, *, send_id: str, recipients: Sequence[Recipient] = ()) -> Request:
        readers = [r.subscriber_id for r in recipients] or [message.channel]
        return Request("POST", "/", {"readers": readers}, fingerprint=send_id)

    def send(self, request: Request, *, now: datetime) -> Outcome:
        line = json.dumps({"send_id": request.fingerprint, **request.body}) + "\n"
        descriptor = os.open(self._memory, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        os.write(descriptor, line.encode())
        os.close(descriptor)
        if in_flight() > 1:
            time.sleep(0.1)  # so that others are under way
        if os.environ.get("OBSERVANCE_PROVIDER") == "drops":
            return Outcome(OutcomeKind.UNKNOWN, detail="no answer")
        return Outcome(OutcomeKind.ACCEPTED, reference=request.fingerprint[:8])

    def ask(self, *, now: datetime) -> Outcome | None:
        """There is no call that sends nothing."""
        return None

    def settle_after(self) -> timedelta:
        return timedelta(minutes=3)

    def look_up(self, request: Request, *, since: datetime, now: datetime) -> Evidence:
        return Evidence(Verdict.CANNOT_TELL)

    def close(self) -> None:
        """Nothing is kept open."""


class AnsweringEach(RememberingTransport, SendsEach):
    """A provider that takes the readers of a call one by one, as a mail server does."""

    def send_each(
        self,
        request: Request,
        *,
        now: datetime,
        report: Callable[[str, Outcome], None],
        may_go_on: Callable[[], bool],
    ) -> Outcome:
        readers = request.body["readers"]
        ends = dict.fromkeys(readers, Outcome(OutcomeKind.LATER, detail="not begun"))
        for subscriber in ends:
            one = Request("POST", "/", {"readers": [subscriber]}, fingerprint=request.fingerprint)
            ends[subscriber] = self.send(one, now=now)
            try:
                report(subscriber, ends[subscriber])
            except Exception:
                break
        return Outcome.of_readers(ends, reference=request.fingerprint[:8])


class WrongPolicy(AlteredLedger):
    """The ledger, with a protocol that loses or doubles. Each was somebody's."""

    def __init__(self, ledger: Ledger, policy: str) -> None:
        super().__init__(ledger)
        self._policy = policy

    def altered(self, noun: str, act: str) -> Any:
        wrong = getattr(type(self), f"_{self._policy}_{noun}_{act}", None)
        return wrong.__get__(self) if wrong else None

    def _retry_batches_record_outcome(self, batch_id: int, *, token: str, outcome: Outcome, now: datetime) -> object:
        """Blind retry: what has no known end is tried again."""
        if outcome.kind is OutcomeKind.UNKNOWN:
            outcome = Outcome(OutcomeKind.LATER, retry_at=now)
        return self._ledger.batches.record_outcome(batch_id, token=token, outcome=outcome, now=now)

    def _forget_batches_record_outcome(self, batch_id: int, *, token: str, outcome: Outcome, now: datetime) -> object:
        """No intent: what was under way when the process died looks as if it had never begun."""
        if outcome.kind is OutcomeKind.UNKNOWN:
            outcome = Outcome(OutcomeKind.LATER, retry_at=now)
        return self._ledger.batches.record_outcome(batch_id, token=token, outcome=outcome, now=now)

    def _forget_lookups_mark_expired_unknown(self, mode: str, *, now: datetime) -> object:
        """The same where no journal is left."""
        found = self._ledger.lookups.mark_expired_unknown(mode, now=now)
        for batch in found:
            self._ledger.lookups.resolve(batch.delivery_id, sent=False, who="policy", batch=batch.number, now=now)
        return found

    def _assume_batches_record_outcome(self, batch_id: int, *, token: str, outcome: Outcome, now: datetime) -> object:
        """Assume sent: what was under way when the process died is taken for sent."""
        if outcome.kind is OutcomeKind.UNKNOWN:
            outcome = Outcome(OutcomeKind.ACCEPTED)
        return self._ledger.batches.record_outcome(batch_id, token=token, outcome=outcome, now=now)

    def _assume_lookups_mark_expired_unknown(self, mode: str, *, now: datetime) -> object:
        """The same where no journal is left."""
        found = self._ledger.lookups.mark_expired_unknown(mode, now=now)
        for batch in found:
            self._ledger.lookups.resolve(batch.delivery_id, sent=True, who="policy", batch=batch.number, now=now)
        return found

    def _first_batches_record_intent(self, batch_id: int, **values: Any) -> bool:
        """Mark sent first: the outcome is written before the call."""
        won = self._ledger.batches.record_intent(batch_id, **values)
        done = Outcome(OutcomeKind.ACCEPTED)
        self._ledger.batches.record_outcome(batch_id, token=values["token"], outcome=done, now=values["now"])
        return won


def url_of(folder: Path) -> str:
    """FOLDER/observance.db, or the database that FOLDER/url names."""
    named = folder / "url"
    return named.read_text(encoding="utf-8") if named.exists() else f"sqlite:///{folder / 'observance.db'}"


def drive(folder: Path, instants: Sequence[datetime]) -> None:
    """Make a pass at each instant."""
    ledger = open_ledger(url_of(folder), failpoint=failpoints.hit)
    policy = os.environ.get("OBSERVANCE_POLICY", "")
    clock = VirtualClock(instants[0])
    journal = Journal(folder / "journal", ledger.attempts.ledger_id())
    kind = AnsweringEach if os.environ.get("OBSERVANCE_PROVIDER") == "each" else RememberingTransport
    settings = some_settings()
    email = replace(settings.channels["email"], options={"max_in_flight": in_flight()})
    tick = Tick(
        WrongPolicy(ledger, policy) if policy else ledger,  # type: ignore[arg-type]
        {
            "x": RememberingTransport("post", folder / "provider.jsonl"),
            "email": kind("email", folder / "provider.jsonl"),
        },
        lambda: a_rehearsal(MESSAGES),
        replace(settings, channels={**settings.channels, "email": email}),
        clock,
        lambda subscriber_id: f"https://news.example.org/u/{subscriber_id}",
        journal=journal,
        calls=InThreads if in_flight() > 1 else one_at_a_time,
    )
    for at in instants:
        clock.advance(max(at - clock.now(), timedelta(0)))
        try:
            tick.run()
        except (ObservanceError, failpoints.FailpointHit) as problem:
            print(f"{type(problem).__name__}: {problem}", file=sys.stderr)
    journal.close()
    ledger.close()


def main(arguments: Sequence[str]) -> None:
    folder, *instants = arguments
    drive(Path(folder), [datetime.fromisoformat(at).astimezone(UTC) for at in instants])


if __name__ == "__main__":
    main(sys.argv[1:])
