"""Any order of events: passes, kills, late answers, holds, edits, people, clocks. The ledger must stay true to what
the providers got, and nobody may get anything twice.

The machine plays both sides. It makes calls by hand, step by step (prepare, intent, call, outcome), so that any step
may be the last of a process, and lets whole passes run in between. It remembers what providers accepted.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from collections import Counter
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import ClassVar

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, consumes, initialize, invariant, rule

from scheduler.domain.delivery import FINAL, State
from scheduler.domain.outcome import Outcome, OutcomeKind, Request
from scheduler.store import Ledger, open_ledger
from tests.support.long_form import many
from tests.support.world import A_MONTH, World, a_post, an_approval, an_email

START = datetime(2027, 1, 1, 9, tzinfo=UTC)
DAYS = [date(2027, 1, d) for d in (1, 2, 3)]
MINUTE = timedelta(minutes=1)


@dataclass(frozen=True)
class Call:
    """A process between its intent and its outcome."""

    batch_id: int
    token: str
    item: str
    channel: str
    readers: tuple[str, ...]


class LedgerMachine(RuleBasedStateMachine):
    """See the module."""

    calls = Bundle("calls")
    answered = Bundle("answered")
    template: ClassVar[Path | None] = None

    @initialize()
    def begin(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="machine"))
        if LedgerMachine.template is None:
            LedgerMachine.template = Path(tempfile.mkdtemp(prefix="machine")) / "migrated.db"
            open_ledger(f"sqlite:///{LedgerMachine.template}").close()
        shutil.copy(LedgerMachine.template, self.folder / "observance.db")
        self.ledger: Ledger = open_ledger(f"sqlite:///{self.folder / 'observance.db'}")
        messages = [m for on in DAYS for m in (a_post(f"day-{on.day}", on=on), an_email(f"day-{on.day}", on=on))]
        self.world = World(self.ledger, messages, now=START, readers=5, batch_limit=2)
        self.world.x.complete_view = self.world.email.complete_view = True
        self.world.x.on_call = self.world.email.on_call = self.check_at_the_call
        self.left: set[str] = set()
        self.tokens = 0
        self.world.tick.run()

    def teardown(self) -> None:
        if hasattr(self, "ledger"):
            self.ledger.close()
            shutil.rmtree(self.folder, ignore_errors=True)

    @property
    def now(self) -> datetime:
        return self.world.clock.now()

    def message(self, item: str, channel: str):
        return next((m for m in self.world.messages if (m.item, m.channel) == (item, channel)), None)

    def check_at_the_call(self, request: Request) -> None:
        """What must hold at the very moment of a call."""
        body = request.body
        message = self.message(str(body["item"]), str(body["channel"]))
        assert message is not None
        assert message.due_at <= self.now < message.expires_at, "called outside its window"
        assert body["digest"] == message.digest, "called with words that were edited"
        assert self.ledger.approvals.of_season(A_MONTH).of(message), "called without an approval"
        assert self.ledger.armings.find(A_MONTH), "called while not armed"
        assert not [h for h in self.ledger.holds.in_force() if h.covers(message.channel, A_MONTH.campaign)], (
            "called while held"
        )
        assert not set(body["readers"]) & self.left, "called for a reader who had left"

    # -- time and passes ------------------------------------------------------------------------------

    @rule(minutes=st.sampled_from([1, 2, 5, 30, 60, 300, 900]))
    def time_passes(self, minutes: int) -> None:
        self.world.clock.advance(minutes * MINUTE)

    @rule(minutes=st.sampled_from([-120, -10, 90]))
    def the_clock_is_set(self, minutes: int) -> None:
        self.world.clock.jump(self.now + minutes * MINUTE)

    @rule(
        x=st.lists(st.sampled_from(["accept", "lost", "accept-then-drop", "raise-after-accepting"]), max_size=2),
        email=st.lists(st.sampled_from(["accept", "lost", "accept-then-drop", "raise-after-accepting"]), max_size=3),
    )
    def a_pass(self, x: list[str], email: list[str]) -> None:
        self.world.x.script, self.world.email.script = list(x), list(email)
        self.world.tick.run()
        self.world.x.script, self.world.email.script = [], []

    @rule(later=st.booleans())
    def a_pass_that_is_refused(self, later: bool) -> None:
        outcome = Outcome(OutcomeKind.LATER, detail="busy") if later else Outcome(OutcomeKind.FINAL, detail="no")
        self.world.x.script, self.world.email.script = [outcome], [outcome]
        self.world.tick.run()
        self.world.x.script, self.world.email.script = [], []

    @rule()
    def a_restart(self) -> None:
        self.ledger.close()
        self.ledger = self.world.ledger = open_ledger(f"sqlite:///{self.folder / 'observance.db'}")
        self.world.new_tick()

    # -- another process, step by step ----------------------------------------------------------------

    @rule(target=calls, which=st.integers(0, 20))
    def an_intent(self, which: int) -> Call | None:
        """Another process takes a batch as the protocol says, and may die at any time from now on."""
        ready = [
            (d, b)
            for d in self.ledger.deliveries.due("live", A_MONTH, now=self.now)
            if self.ledger.recipients.freeze(d.id, batch_limit=2, now=self.now)
            for b in self.ledger.batches.ready(d.id, now=self.now)
        ]
        if not ready:
            return None
        delivery, batch = ready[which % len(ready)]
        message = self.message(delivery.item, delivery.channel)
        prepared = self.ledger.batches.prepare(batch.id, survived=True, now=self.now)
        if prepared is None or message is None:
            return None
        self.tokens += 1
        token = f"other-{self.tokens}"
        readers = tuple(r.subscriber_id for r in prepared.recipients)
        won = self.ledger.batches.record_intent(
            batch.id,
            token=token,
            message=message,
            fingerprint=batch.send_id,
            readers=len(readers),
            node="other",
            lease=2 * MINUTE,
            check_after=3 * MINUTE,
            now=self.now,
        )
        return Call(batch.id, token, delivery.item, delivery.channel, readers) if won else None

    @rule(target=answered, call=consumes(calls))
    def its_call_arrives(self, call: Call | None) -> Call | None:
        """The provider accepts it at once; whether the answer is ever written down is another matter."""
        if call is None or not self._still_mine(call):
            return None  # it was overtaken; a process that stood still longer than SETTLE is nobody's to fence
        way = self.world.x if call.channel == "x" else self.world.email
        body = {"item": call.item, "channel": call.channel, "readers": list(call.readers), "digest": "", "urls": []}
        send_id = next(
            b.send_id for d in self._deliveries() for b in self.ledger.deliveries.batches(d.id) if b.id == call.batch_id
        )
        way.provider.accepted.append(Request("POST", "/", body, fingerprint=send_id))
        return call

    @rule(call=consumes(answered))
    def its_acceptance_is_written_down(self, call: Call | None) -> None:
        """Soon, or after the lease."""
        if call is not None:
            done = Outcome(OutcomeKind.ACCEPTED, reference="late")
            self.ledger.batches.record_outcome(call.batch_id, token=call.token, outcome=done, now=self.now)

    @rule(call=consumes(calls))
    def it_never_called(self, call: Call | None) -> None:
        """The last check stopped it: certainly not sent."""
        if call is not None:
            no = Outcome(OutcomeKind.LATER, detail="stopped", retry_at=self.now)
            self.ledger.batches.record_outcome(call.batch_id, token=call.token, outcome=no, now=self.now)

    def _still_mine(self, call: Call) -> bool:
        """Within half the lease: what the last check before a call demands."""
        for delivery in self._deliveries():
            for batch in self.ledger.deliveries.batches(delivery.id):
                if batch.id == call.batch_id and batch.started_at is not None:
                    fresh = self.now - batch.started_at <= MINUTE
                    return batch.token == call.token and batch.state is State.SENDING and fresh
        return False

    # -- people ---------------------------------------------------------------------------------------

    @rule(channel=st.sampled_from(["*", "x", "email"]), campaign=st.sampled_from(["", A_MONTH.campaign, "another"]))
    def a_hold(self, channel: str, campaign: str) -> None:
        self.ledger.holds.set(channel, who="Ben", why="stop", now=self.now, campaign=campaign)

    @rule(
        channel=st.sampled_from(["*", "x", "email"]), campaign=st.sampled_from(["", A_MONTH.campaign, "another", "*"])
    )
    def a_resume(self, channel: str, campaign: str) -> None:
        before = self.ledger.holds.in_force()
        mine = [h for h in before if channel in ("*", h.channel) and campaign in ("*", h.campaign)]
        self.ledger.holds.release(channel, who="Ada", now=self.now, campaign=campaign)
        assert [h for h in before if h not in mine] == list(self.ledger.holds.in_force()), "another hold ended too"
        due = self.ledger.deliveries.due("live", A_MONTH, now=self.now)
        by_itself = [d for d in due if any(h.covers(d.channel, d.campaign) for h in mine)]
        assert not by_itself, "a resume let something go by itself"

    @rule(which=st.integers(0, 5), verb=st.sampled_from(["release", "skip", "retry", "hold"]))
    def a_decision(self, which: int, verb: str) -> None:
        delivery = self._deliveries()[which % len(self._deliveries())]
        act = getattr(self.ledger.deliveries, verb)
        more = {"why": "so"} if verb in ("skip", "hold") else {}
        act(delivery.id, who="Ada", now=self.now, **more)

    @rule(which=st.integers(0, 5))
    def a_doubt_is_resolved_truly(self, which: int) -> None:
        """A person looks at the provider and says what is true."""
        delivery = self._deliveries()[which % len(self._deliveries())]
        for batch in self.ledger.deliveries.batches(delivery.id):
            if batch.state is State.UNKNOWN:
                there = self._provider_has(batch.send_id)
                self.ledger.lookups.resolve(delivery.id, sent=there, who="Ada", batch=batch.number, now=self.now)

    @rule(which=st.integers(0, 5), text=st.sampled_from(["one", "two"]), approve=st.booleans())
    def an_edit(self, which: int, text: str, approve: bool) -> None:
        old = self.world.messages[which % len(self.world.messages)]
        new = replace(old, body=replace(old.body, text=text))
        self.world.messages[self.world.messages.index(old)] = new
        if approve:
            self.ledger.approvals.record(an_approval(new, at=self.now))

    @rule(which=st.integers(0, 5))
    def an_item_leaves_and_comes_back(self, which: int) -> None:
        messages = self.world.messages
        gone = messages[which % len(messages)]
        self.world.messages = [m for m in messages if m is not gone]
        self.world.tick.run()
        self.world.messages = messages

    @rule(armed=st.booleans())
    def arming(self, armed: bool) -> None:
        act = self.ledger.armings.arm if armed else self.ledger.armings.disarm
        act(A_MONTH, who="Ada", now=self.now)

    @rule(n=st.integers(0, 4))
    def a_reader_leaves(self, n: int) -> None:
        self.ledger.subscribers.unsubscribe(A_MONTH.campaign, f"r{n:07d}", reason="asked", now=self.now)
        self.left.add(f"r{n:07d}")

    # -- what must always hold ------------------------------------------------------------------------

    def _deliveries(self):
        return self.ledger.deliveries.of_season("live", A_MONTH)

    def _provider_has(self, send_id: str) -> bool:
        accepted = [*self.world.x.provider.accepted, *self.world.email.provider.accepted]
        return any(r.fingerprint == send_id for r in accepted)

    @invariant()
    def nobody_gets_anything_twice(self) -> None:
        if hasattr(self, "world"):
            assert [] == [key for key, times in self.world.received().items() if times > 1]

    @invariant()
    def what_the_ledger_calls_sent_was_sent_and_the_reverse(self) -> None:
        """sent = the provider has it; every state that says not sent = the provider does not."""
        if not hasattr(self, "world"):
            return
        for delivery in self._deliveries():
            for batch in self.ledger.deliveries.batches(delivery.id):
                has = self._provider_has(batch.send_id)
                if batch.state is State.SENT:
                    assert has, (delivery.item, delivery.channel, batch)
                elif batch.state not in (State.SENDING, State.UNKNOWN):
                    assert not has, (delivery.item, delivery.channel, batch)

    @invariant()
    def everybody_is_accounted_for(self) -> None:
        if hasattr(self, "world"):
            for delivery in self._deliveries():
                assert delivery.counts.adds_up(), delivery
                if delivery.opened_at is not None and delivery.state in FINAL:
                    assert 0 == delivery.counts.waiting

    @invariant()
    def one_row_for_each_item_and_channel(self) -> None:
        if hasattr(self, "world"):
            keys = Counter((d.item, d.channel) for d in self._deliveries())
            assert {1} == set(keys.values())

    @invariant()
    def the_history_is_whole(self) -> None:
        if hasattr(self, "world"):
            assert self.ledger.events.verify().is_whole

    @invariant()
    def the_numbers_that_are_kept_are_right(self) -> None:
        if hasattr(self, "world"):
            assert () == self.ledger.counts.wrong()


LedgerMachine.TestCase.settings = settings(
    max_examples=int(os.environ.get("OBSERVANCE_SEEDS") or many(12, 25)),
    stateful_step_count=40,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
TestLedgerMachine = LedgerMachine.TestCase
