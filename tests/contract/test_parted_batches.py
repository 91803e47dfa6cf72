"""A call whose readers fared differently: each is counted where they belong, on SQLite and PostgreSQL."""

from __future__ import annotations

import shutil
import tempfile
from collections import Counter
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import cast

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from scheduler.domain.delivery import State
from scheduler.domain.delivery_words import why
from scheduler.domain.outcome import Outcome, OutcomeKind, Request
from scheduler.domain.reason import ReasonCode, because, from_text
from scheduler.domain.reason_words import in_words
from scheduler.domain.receipt import Receipt, ReceiptKind
from scheduler.domain.records import Wanted
from scheduler.domain.subscriber import NewSubscriber
from scheduler.store import Ledger, open_ledger
from scheduler.store.tables import attempts, recipients
from tests.support.world import A_MONTH, World, an_email

DUE = datetime(2027, 1, 1, 10, tzinfo=UTC)
EVE = DUE - timedelta(days=1)
END = datetime(2027, 1, 2, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
EMAIL = an_email("day-1")

ACCEPTED = Outcome(OutcomeKind.ACCEPTED)
REFUSED = Outcome(OutcomeKind.FINAL, detail="550: 5.1.1 nobody of that name", status=550)
FULL = Outcome(OutcomeKind.FINAL, detail="552: 5.2.2 mailbox full", status=552)
LATER = Outcome(OutcomeKind.LATER, detail="451: 4.7.1 come back", status=451, retry_at=DUE + 5 * MINUTE)
TOO_LATE = Outcome(OutcomeKind.LATER, detail="451: 4.7.1 come back", status=451, retry_at=END)
READERS = select(recipients).order_by(recipients.c.subscriber_id)
UNKNOWN = Outcome(OutcomeKind.UNKNOWN, detail="may have been sent: the line was cut")


class OneBatch:
    """An email to ``count`` readers in one batch whose call is on its way."""

    def __init__(self, ledger: Ledger, count: int) -> None:
        self.ledger = ledger
        self.ids = [f"r{n:05d}" for n in range(count)]
        ledger.subscribers.add_many(
            A_MONTH.campaign, [NewSubscriber(f"{i}@readers.example", subscriber_id=i) for i in self.ids], now=EVE
        )
        wanted = Wanted(EMAIL.item, EMAIL.channel, "email", EMAIL.on, EMAIL.due_at, EMAIL.expires_at)
        ledger.deliveries.follow_plan("live", A_MONTH, [wanted], now=EVE)
        self.delivery_id = self.delivery.id
        ledger.recipients.freeze(self.delivery_id, batch_limit=1_000, now=DUE)
        (self.batch,) = ledger.deliveries.batches(self.delivery_id)

    @property
    def delivery(self):
        (found,) = self.ledger.deliveries.of_season("live", A_MONTH)
        return found

    def call(self, batch_id: int, token: str, *, now: datetime = DUE) -> None:
        assert self.ledger.batches.prepare(batch_id, now=now) is not None
        assert self.ledger.batches.record_intent(
            batch_id,
            token=token,
            message=EMAIL,
            fingerprint="f",
            readers=1,
            node="test",
            lease=2 * MINUTE,
            check_after=3 * MINUTE,
            now=now,
        )

    def record_outcome(
        self, outcome: Outcome, *, batch_id: int = 0, token: str = "t1", now: datetime = DUE
    ) -> State | None:
        return self.ledger.batches.record_outcome(batch_id or self.batch.id, token=token, outcome=outcome, now=now)

    def states(self) -> dict[str, str]:
        """Each reader's state: that of the batch, unless the reader's own differs."""
        found = {}
        with self.ledger._database.read() as connection:
            rows = connection.execute(READERS).mappings().all()
        batches = {b.number: b for b in self.ledger.deliveries.batches(self.delivery_id)}
        for row in rows:
            found[row["subscriber_id"]] = row["state"] or str(batches[row["batch_number"]].state)
        return found

    def details(self) -> dict[str, str | None]:
        with self.ledger._database.read() as connection:
            return {row["subscriber_id"]: row["detail"] for row in connection.execute(READERS).mappings()}

    def counts(self) -> tuple[int, int, int, int, int, int]:
        c = self.delivery.counts
        assert c.adds_up()
        return (c.frozen, c.accepted, c.failed, c.unknown, c.skipped, c.waiting)


def of(ids: list[str], *ends: Outcome) -> Outcome:
    return Outcome.of_readers(dict(zip(ids, ends, strict=True)), reference="call-1")


@pytest.fixture
def one(ledger: Ledger) -> OneBatch:
    """Six readers, of whom the last has left; the call is on its way."""
    made = OneBatch(ledger, 6)
    ledger.subscribers.unsubscribe(A_MONTH.campaign, made.ids[5], reason="asked", now=DUE)
    made.call(made.batch.id, "t1")
    return made


MIXED = (ACCEPTED, REFUSED, LATER, UNKNOWN, ACCEPTED)


def test_each_reader_stands_where_the_server_put_them(one: OneBatch) -> None:
    """Accepted, refused, put off, in doubt, left before: five ends of one call, and the sum is right to the one."""
    one.record_outcome(of(one.ids[:5], *MIXED))
    expected = [State.SENT, State.FAILED, State.SCHEDULED, State.UNKNOWN, State.SENT, State.SKIPPED]
    assert dict(zip(one.ids, expected, strict=True)) == one.states()
    assert (6, 2, 1, 1, 1, 1) == one.counts()
    assert State.SENDING == one.delivery.state


def test_the_reason_stands_beside_each_reader_without_an_address(one: OneBatch) -> None:
    """What the server said of whom; nothing beside those who were accepted."""
    one.record_outcome(
        of(
            one.ids[:5],
            ACCEPTED,
            Outcome(OutcomeKind.FINAL, detail="550: <ann@example.org> is gone"),
            LATER,
            UNKNOWN,
            ACCEPTED,
        )
    )
    assert [None, "550: <[address]> is gone", LATER.detail, UNKNOWN.detail, None, "asked"] == list(
        one.details().values()
    )
    assert "@" not in repr(
        (one.ledger.events.newest(limit=100), one.delivery, one.ledger.deliveries.batches(one.delivery_id))
    )


def test_the_history_and_the_attempt_say_how_it_went(one: OneBatch) -> None:
    """One line, with each part."""
    one.record_outcome(of(one.ids[:5], *MIXED))
    event = one.ledger.events.newest(limit=1)[0]
    assert "attempt.mixed" == event.kind
    assert ["accepted", "unknown", "final", "later"] == [
        p["outcome"] for p in cast("list[dict[str, object]]", event.data["parts"])
    ]
    with one.ledger._database.read() as connection:
        (row,) = connection.execute(select(attempts)).mappings().all()
    assert ("mixed", "call-1") == (row["outcome"], row["reference"])
    (mixed,) = from_text(row["reasons"])
    assert because(ReasonCode.MIXED, accepted=2, failed=1, later=1, unknown=1) == mixed
    assert "2 accepted, 1 refused, 1 to be tried again, 1 may have gone out" == in_words((mixed,))
    assert REFUSED.detail in why(one.delivery)
    assert one.ledger.events.verify().is_whole


def test_only_those_who_were_put_off_are_called_again(one: OneBatch) -> None:
    """At the instant named, in a batch of their own, which is known to the server by the same name."""
    one.record_outcome(of(one.ids[:5], *MIXED))
    assert () == one.ledger.batches.ready(one.delivery_id, now=DUE + 4 * MINUTE)
    assert (LATER.retry_at,) == one.ledger.deliveries.next_instants("live", now=DUE)
    (again,) = one.ledger.batches.ready(one.delivery_id, now=DUE + 5 * MINUTE)
    prepared = one.ledger.batches.prepare(again.id, now=DUE + 5 * MINUTE)
    assert prepared is not None
    assert [one.ids[2]] == [r.subscriber_id for r in prepared.recipients]
    assert (one.batch.send_id, 1) == (again.send_id, again.attempt)
    one.call(again.id, "t2", now=DUE + 5 * MINUTE)
    assert State.SENT == one.record_outcome(ACCEPTED, batch_id=again.id, token="t2", now=DUE + 5 * MINUTE)
    assert (6, 3, 1, 1, 1, 0) == one.counts()
    assert one.details()[one.ids[2]] is None


def test_put_off_for_longer_than_the_window_is_missed(one: OneBatch) -> None:
    """For that reader alone."""
    one.record_outcome(of(one.ids[:5], ACCEPTED, ACCEPTED, TOO_LATE, LATER, ACCEPTED))
    assert [State.MISSED, State.SCHEDULED] == [one.states()[i] for i in one.ids[2:4]]
    assert (6, 3, 0, 0, 2, 1) == one.counts()


def test_a_doubt_about_one_reader_is_settled_for_that_reader(one: OneBatch) -> None:
    """A person says that it did not go out: due again, for one reader; the others are not touched."""
    one.record_outcome(of(one.ids[:5], *MIXED))
    (doubtful,) = one.ledger.lookups.doubtful("live", now=DUE + 3 * MINUTE)
    assert [one.ids[3]] == [r.subscriber_id for r in one.ledger.lookups.recipients(doubtful.id)]
    assert 1 == one.ledger.lookups.resolve(one.delivery_id, sent=False, who="Ada", batch=doubtful.number, now=DUE)
    assert [State.SENT, State.FAILED, State.SCHEDULED, State.SCHEDULED, State.SENT, State.SKIPPED] == list(
        one.states().values()
    )


def test_a_person_may_have_another_try_for_those_who_were_refused(one: OneBatch) -> None:
    """The refused reader alone is due again."""
    one.record_outcome(of(one.ids[:5], *MIXED))
    assert one.ledger.deliveries.retry(one.delivery_id, who="Ada", now=DUE)
    (again,) = one.ledger.batches.ready(one.delivery_id, now=DUE)
    assert [one.ids[1]] == [r.subscriber_id for r in one.ledger.lookups.recipients(again.id)]


def test_all_refused_for_different_reasons_is_one_batch(one: OneBatch) -> None:
    """The batch fails as a whole; each reader has their own reason."""
    one.record_outcome(of(one.ids[:5], REFUSED, FULL, REFUSED, FULL, REFUSED))
    (batch,) = one.ledger.deliveries.batches(one.delivery_id)
    assert (State.FAILED, f"{REFUSED.detail}; {FULL.detail}") == (batch.state, batch.detail)
    assert "attempt.final" == one.ledger.events.newest(limit=1)[0].kind
    assert [REFUSED.detail, FULL.detail] == list(one.details().values())[:2]
    assert (6, 0, 5, 0, 1, 0) == one.counts()


def test_of_a_reader_who_is_not_named_nobody_knows(one: OneBatch) -> None:
    """A channel that forgets one reader leaves a doubt, not a guess."""
    ends = of(one.ids[:4], ACCEPTED, ACCEPTED, ACCEPTED, REFUSED)
    one.record_outcome(ends)
    assert State.UNKNOWN == one.states()[one.ids[4]]
    assert (6, 3, 1, 1, 1, 0) == one.counts()


def test_written_down_twice_it_is_parted_once(one: OneBatch) -> None:
    """When it is not known whether the first time was committed, the second changes nothing."""
    one.record_outcome(of(one.ids[:5], *MIXED))
    version, batches = one.ledger.events.version(), one.ledger.deliveries.batches(one.delivery_id)
    assert State.SENT == one.record_outcome(of(one.ids[:5], *MIXED))
    assert (version, batches) == (one.ledger.events.version(), one.ledger.deliveries.batches(one.delivery_id))


def test_an_answer_after_the_lease_settles_each_reader(one: OneBatch) -> None:
    """The process was only slow: what it knows of each reader is evidence; what it does not know stays in doubt."""
    one.ledger.lookups.mark_expired_unknown("live", now=DUE + 2 * MINUTE)
    assert (6, 0, 0, 5, 1, 0) == one.counts()
    one.record_outcome(of(one.ids[:5], *MIXED), now=DUE + 3 * MINUTE)
    expected = [State.SENT, State.FAILED, State.SCHEDULED, State.UNKNOWN, State.SENT, State.SKIPPED]
    assert expected == list(one.states().values())


def test_an_answer_that_comes_too_late_parts_nothing(one: OneBatch) -> None:
    """A person has settled it, or another call was made: the batch stays whole."""
    one.ledger.lookups.mark_expired_unknown("live", now=DUE + 2 * MINUTE)
    one.ledger.lookups.resolve(one.delivery_id, sent=True, who="Ada", now=DUE + 2 * MINUTE)
    assert one.record_outcome(of(one.ids[:5], *MIXED), now=DUE + 3 * MINUTE) is None
    assert 1 == len(one.ledger.deliveries.batches(one.delivery_id))
    assert (6, 5, 0, 0, 1, 0) == one.counts()


def test_a_report_about_one_reader_does_not_settle_the_doubt_about_another(one: OneBatch) -> None:
    """After the call was parted, that one of its mails arrived says nothing of the others."""
    one.record_outcome(of(one.ids[:5], *MIXED))
    report = Receipt("e1", ReceiptKind.DELIVERED, DUE, send_id=one.batch.send_id, subscriber_id=one.ids[0])
    one.ledger.receipts.record([report], now=DUE + MINUTE)
    one.ledger.receipts.settle_by_receipts("live", now=DUE + MINUTE)
    assert [State.SCHEDULED, State.UNKNOWN] == [one.states()[i] for i in one.ids[2:4]]


def test_a_batch_of_many_is_parted_too(ledger: Ledger) -> None:
    """More readers than a statement takes values."""
    many = OneBatch(ledger, 1_000)
    many.call(many.batch.id, "t1")
    many.record_outcome(of(many.ids, *[REFUSED if n % 2 else ACCEPTED for n in range(1_000)]))
    assert (1_000, 500, 500, 0, 0, 0) == many.counts()
    assert 500 == Counter(many.states().values())[State.FAILED]


def test_alike_is_one_outcome() -> None:
    """Readers who fared alike are no reason to part a batch; what they have in common is the call's end."""
    assert Outcome(OutcomeKind.ACCEPTED, reference="call-1") == of(["a", "b"], ACCEPTED, ACCEPTED)
    assert (REFUSED.detail, REFUSED.status) == (of(["a"], REFUSED).detail, of(["a"], REFUSED).status)
    assert OutcomeKind.FINAL is of(["a", "b"], REFUSED, FULL).kind
    assert OutcomeKind.UNKNOWN is of(["a", "b"], REFUSED, ACCEPTED).kind
    assert "" == of(["a", "b"], REFUSED, LATER).reference


# -- through the engine ---------------------------------------------------------------------------------


def fared(request: Request, ends: list[Outcome]) -> Outcome:
    readers = request.body["readers"]
    return Outcome.of_readers({r: ends[n % len(ends)] for n, r in enumerate(readers)}, reference="ref")


def test_a_pass_counts_each_end(ledger: Ledger) -> None:
    """One call with all four ends: the pass says so, in calls and in readers; a wait is found for who was put off."""
    world = World(ledger, [EMAIL], readers=8, batch_limit=8)
    put_off = Outcome(OutcomeKind.LATER, detail="451: come back")
    world.email.script = [lambda request: fared(request, [ACCEPTED, REFUSED, put_off, UNKNOWN])]
    result = world.run_at(DUE)
    assert (1, 2, 1, 1, 1) == (result.sent, result.readers, result.later, result.failed, result.unknown)
    assert (DUE + MINUTE,) == ledger.deliveries.next_instants("live", now=DUE)
    world.run_at(DUE + MINUTE)
    assert [2] == [len(r.body["readers"]) for r in world.email.provider.calls[1:]]
    assert {1} == set(world.received().values())


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
@given(st.lists(st.lists(st.sampled_from("afluT"), min_size=1, max_size=5), max_size=12))
def test_whatever_each_reader_meets_nobody_is_written_to_twice_and_all_are_counted(
    migrated_file: Path, script: list[list[str]]
) -> None:
    """Any ends for any readers in any call, over many passes: once each, everybody accounted for, no one waits on."""
    ends = {"a": ACCEPTED, "f": REFUSED, "l": Outcome(OutcomeKind.LATER, detail="later"), "u": UNKNOWN, "T": TOO_LATE}
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "observance.db")
        shutil.copy(migrated_file, path)
        ledger = open_ledger(f"sqlite:///{path}")
        world = World(ledger, [EMAIL], readers=11, batch_limit=4)
        world.email.script = [partial(fared, ends=[ends[s] for s in step]) for step in script]
        for minute in range(0, 14 * 60, 20):
            world.run_at(DUE + minute * MINUTE)
        world.run_at(END)
        (delivery,) = ledger.deliveries.of_season("live", A_MONTH)
        assert delivery.counts.adds_up()
        assert (11, 0) == (delivery.counts.frozen, delivery.counts.waiting)
        assert delivery.counts.accepted == len(world.received())
        assert set(world.received().values()) <= {1}
        ledger.close()
