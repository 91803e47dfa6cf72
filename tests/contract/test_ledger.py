"""What every store has to keep: one suite, run over SQLite and PostgreSQL."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import event, insert, select, text

from scheduler.domain.claim import Signature
from scheduler.domain.delivery import State
from scheduler.domain.delivery_words import why
from scheduler.domain.message import Message
from scheduler.domain.outcome import Evidence, Outcome, OutcomeKind, Verdict
from scheduler.domain.reason import ReasonCode, because
from scheduler.domain.reason_words import advice, in_words
from scheduler.domain.records import PlanChanges, Prepared, Wanted
from scheduler.domain.season_key import SeasonKey
from scheduler.domain.subscriber import NewSubscriber
from scheduler.errors import ObservanceError
from scheduler.store import Ledger
from scheduler.store.batches import BUILDING
from scheduler.store.tables import batches, deliveries, recipients, suppressions
from tests.support.postgresql import postgresql_url
from tests.support.reasons import says
from tests.support.world import A_MONTH, a_post, an_approval, an_email

DUE = datetime(2027, 1, 1, 10, tzinfo=UTC)
BEFORE = DUE - timedelta(days=1)
END = datetime(2027, 1, 2, tzinfo=UTC)
LEASE = timedelta(seconds=100)
SETTLE = timedelta(minutes=3)

ACCEPTED = Outcome(OutcomeKind.ACCEPTED, reference="ref-1")
UNKNOWN = Outcome(OutcomeKind.UNKNOWN, detail="no answer")

POST = a_post("day-1")
EMAIL = an_email("day-1")


def wanted(message: Message) -> Wanted:
    kind = "email" if message.channel == "email" else "post"
    return Wanted(message.item, message.channel, kind, message.on, message.due_at, message.expires_at)


def plan(ledger: Ledger, *messages: Message, now: datetime = BEFORE, mode: str = "live") -> PlanChanges:
    return ledger.deliveries.follow_plan(mode, A_MONTH, [wanted(m) for m in messages], now=now)


def only(ledger: Ledger, mode: str = "live"):
    (found,) = ledger.deliveries.of_season(mode, A_MONTH)
    return found


def readers(ledger: Ledger, count: int) -> list[str]:
    rows = [NewSubscriber(f"reader{n}@readers.example", subscriber_id=f"r{n:05d}") for n in range(count)]
    ledger.subscribers.add_many(A_MONTH.campaign, rows, now=BEFORE)
    return [row.subscriber_id for row in rows]


def opened(ledger: Ledger, message: Message = POST, *, limit: int = 1_000):
    """Plan and freeze; the delivery and its batches."""
    plan(ledger, message)
    delivery = next(d for d in ledger.deliveries.of_season("live", A_MONTH) if d.item == message.item)
    while not ledger.recipients.freeze(delivery.id, batch_limit=limit, now=DUE):
        pass
    return delivery.id, ledger.deliveries.batches(delivery.id)


def record_intent(
    ledger: Ledger, batch_id: int, token: str = "t1", *, message: Message = POST, now: datetime = DUE
) -> bool:
    return ledger.batches.record_intent(
        batch_id,
        token=token,
        message=message,
        fingerprint=f"f-{token}",
        readers=0,
        node="test",
        lease=LEASE,
        check_after=SETTLE,
        now=now,
    )


def sending(ledger: Ledger, token: str = "t1"):
    """A post whose intent is committed."""
    delivery_id, (batch,) = opened(ledger)
    assert record_intent(ledger, batch.id, token)
    return delivery_id, batch.id


@pytest.mark.parametrize(("channel", "campaign"), [("x", ""), ("*", A_MONTH.campaign)])
def test_no_intent_is_committed_after_a_hold(ledger: Ledger, channel: str, campaign: str) -> None:
    """Whoever was about to call when it was set finds out where the intent is written."""
    _, (batch,) = opened(ledger)
    ledger.holds.set("email", who="Ben", why="another channel", now=DUE)
    ledger.holds.set("x", who="Ben", why="another campaign", now=DUE, campaign="another-month")
    hold = ledger.holds.set(channel, who="Ben", why="stop", now=DUE, campaign=campaign)
    assert not record_intent(ledger, batch.id)
    ledger.holds.release(hold.channel, who="Ben", now=DUE, campaign=campaign)
    ledger.deliveries.release(batch.delivery_id, who="Ben", now=DUE)
    if channel == "*":
        ledger.holds.release("email", who="Ben", now=DUE)
    assert record_intent(ledger, batch.id)


def test_a_hold_is_seen_at_a_glance(open_it: Callable[[], Ledger]) -> None:
    """By every process at once, also by one whose connection for it broke."""
    ledger, other = open_it(), open_it()
    campaign = A_MONTH.campaign
    assert not ledger.holds.is_held("x", campaign)
    other.holds.set("x", who="Ben", why="stop", now=DUE, campaign=campaign)
    looks = [ledger.holds.is_held(*which) for which in (("x", campaign), ("email", campaign), ("x", "another"))]
    assert [True, False, False] == looks
    broken = ledger._database._glances_by
    assert broken is not None
    assert broken.dbapi_connection is not None
    broken.dbapi_connection.close()
    assert ledger.holds.is_held("x", campaign)
    other.holds.release("x", who="Ben", now=DUE, campaign=campaign)
    other.holds.set("*", who="Ben", why="all", now=DUE)
    assert ledger.holds.is_held("email", "another")


@pytest.mark.postgresql
def test_the_suite_runs_over_postgresql_too(ledger_url: str) -> None:
    """Says so where it does not: one skipped test instead of one for each rule."""
    if not postgresql_url():
        pytest.skip("there is no PostgreSQL here: install it, or set OBSERVANCE_TEST_POSTGRESQL=postgresql://...")
    assert ledger_url


# -- the plan -------------------------------------------------------------------------------------------


def test_following_the_same_plan_again_adds_nothing(ledger: Ledger) -> None:
    """One delivery for each item and channel, however often the plan is followed."""
    assert PlanChanges(planned=2) == plan(ledger, POST, EMAIL)
    version = ledger.events.version()
    assert PlanChanges() == plan(ledger, POST, EMAIL)
    assert 2 == len(ledger.deliveries.of_season("live", A_MONTH))
    assert version == ledger.events.version()


def test_the_database_itself_refuses_a_second_delivery_of_one_item(ledger: Ledger) -> None:
    """The rule does not hang on the code above it: UNIQUE(mode, campaign, season, item, channel)."""
    plan(ledger, POST)
    with ledger._database.read() as connection:
        row = dict(connection.execute(select(deliveries)).mappings().one())
    del row["id"]
    with pytest.raises(ObservanceError), ledger._database.write("test") as connection:
        connection.execute(insert(deliveries).values(**row))


def test_the_database_itself_refuses_a_reader_twice_in_one_delivery(ledger: Ledger) -> None:
    """UNIQUE(delivery, subscriber)."""
    readers(ledger, 1)
    delivery_id, _ = opened(ledger, EMAIL)
    with pytest.raises(ObservanceError), ledger._database.write("test") as connection:
        connection.execute(insert(recipients).values(delivery_id=delivery_id, subscriber_id="r00000", batch_number=2))


def test_a_rehearsal_does_not_use_up_the_live_send(ledger: Ledger) -> None:
    """The mode is part of the key: the same item can be rehearsed and then sent."""
    plan(ledger, POST, mode="rehearsal")
    plan(ledger, POST)
    (rehearsed,) = ledger.deliveries.due("rehearsal", A_MONTH, now=DUE)
    ledger.recipients.freeze(rehearsed.id, batch_limit=1, now=DUE)
    (batch,) = ledger.deliveries.batches(rehearsed.id)
    record_intent(ledger, batch.id)
    ledger.batches.record_outcome(batch.id, token="t1", outcome=ACCEPTED, now=DUE)
    assert State.SENT == only(ledger, "rehearsal").state
    assert State.SCHEDULED == only(ledger).state
    assert 1 == len(ledger.deliveries.due("live", A_MONTH, now=DUE))


def test_a_waiting_delivery_follows_the_plan_to_another_time(ledger: Ledger) -> None:
    """A slot that is edited moves what waits."""
    plan(ledger, POST)
    later = replace(POST, due_at=DUE + timedelta(hours=2))
    assert PlanChanges(moved=1) == plan(ledger, later)
    assert later.due_at == only(ledger).due_at
    assert (later.due_at,) == ledger.deliveries.next_instants("live", now=BEFORE)


def test_what_has_begun_does_not_follow_the_plan(ledger: Ledger) -> None:
    """An item that went out on its day does not become due again when its date is edited."""
    _, batch_id = sending(ledger)
    ledger.batches.record_outcome(batch_id, token="t1", outcome=ACCEPTED, now=DUE)
    moved = replace(POST, on=date(2027, 1, 5), due_at=DUE + timedelta(days=4), expires_at=END + timedelta(days=4))
    assert PlanChanges() == plan(ledger, moved, now=DUE)
    assert (State.SENT, DUE) == (only(ledger).state, only(ledger).due_at)
    assert () == ledger.deliveries.due("live", A_MONTH, now=moved.due_at)


def test_an_item_that_leaves_the_plan_is_cancelled_and_comes_back_with_it(ledger: Ledger) -> None:
    """Taken out before its time; put back, it goes on its day."""
    plan(ledger, POST, EMAIL)
    assert PlanChanges(cancelled=1) == plan(ledger, EMAIL)
    assert {State.CANCELLED, State.SCHEDULED} == {d.state for d in ledger.deliveries.of_season("live", A_MONTH)}
    assert PlanChanges(reinstated=1) == plan(ledger, POST, EMAIL)
    assert 2 == len(ledger.deliveries.due("live", A_MONTH, now=DUE))


def test_an_item_does_not_come_back_after_its_window(ledger: Ledger) -> None:
    """A date that is past is not reinstated."""
    plan(ledger, POST)
    plan(ledger, EMAIL)
    assert PlanChanges() == plan(ledger, POST, EMAIL, now=END)


def test_a_plan_that_was_not_read_whole_cancels_nothing(ledger: Ledger) -> None:
    """A file that cannot be read is no decision of anybody."""
    plan(ledger, POST, EMAIL)
    changes = ledger.deliveries.follow_plan("live", A_MONTH, [wanted(EMAIL)], now=BEFORE, may_cancel=False)
    assert PlanChanges() == changes


def test_the_plan_of_one_season_leaves_others_alone(ledger: Ledger) -> None:
    """Other campaigns, seasons and the other mode keep their deliveries."""
    plan(ledger, POST)
    ledger.deliveries.follow_plan("live", SeasonKey("another", 2027), [wanted(EMAIL)], now=BEFORE)
    ledger.deliveries.follow_plan("live", SeasonKey("a-month", 2028), [], now=BEFORE)
    ledger.deliveries.follow_plan("rehearsal", A_MONTH, [], now=BEFORE)
    assert State.SCHEDULED == only(ledger).state


# -- due, missed ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("now", "due"),
    [
        (DUE - timedelta(microseconds=1), False),
        (DUE, True),
        (END - timedelta(microseconds=1), True),
        (END, False),
    ],
)
def test_due_from_its_instant_to_the_end_of_its_window(ledger: Ledger, now: datetime, due: bool) -> None:
    """due_at <= now < expires_at, to the microsecond."""
    plan(ledger, POST)
    assert due == bool(ledger.deliveries.due("live", A_MONTH, now=now))
    assert (not due and now >= END) == bool(ledger.deliveries.expire("live", now=now))


def test_the_window_closes_with_the_reason(ledger: Ledger) -> None:
    """Missed says why: what stood in the way last, or that nothing ran."""
    plan(ledger, POST, EMAIL)
    post = next(d for d in ledger.deliveries.of_season("live", A_MONTH) if d.channel == "x")
    assert ledger.deliveries.note(post.id, (because(ReasonCode.NOT_ARMED, season=2027),), now=DUE)
    assert not ledger.deliveries.note(post.id, (because(ReasonCode.NOT_ARMED, season=2027),), now=DUE)
    missed = ledger.deliveries.expire("live", now=END)
    assert [State.MISSED] * 2 == [d.state for d in missed]
    notes = {d.channel: why(d) for d in missed}
    assert says(ReasonCode.CLOSED_UNSENT, ReasonCode.NOT_ARMED, season=2027) == notes["x"]
    assert notes["email"].endswith(says(ReasonCode.NOTHING_RAN))
    assert () == ledger.deliveries.expire("live", now=END)


def test_a_rehearsal_in_another_time_does_not_close_live_windows(ledger: Ledger) -> None:
    """A rehearsal may run under a clock of its own; it closes its own windows alone."""
    plan(ledger, POST)
    plan(ledger, POST, mode="rehearsal")
    ledger.deliveries.expire("rehearsal", now=END)
    assert State.SCHEDULED == only(ledger).state
    assert State.MISSED == only(ledger, "rehearsal").state


def test_the_next_instants_come_in_order_and_once(ledger: Ledger) -> None:
    """The alarm is set from these: each instant once, what is past or not waiting left out."""
    days = [a_post(f"day-{d}", on=date(2027, 1, d)) for d in (3, 1, 2)]
    plan(ledger, *days, an_email("day-1"))
    expected = tuple(sorted({m.due_at for m in days}))
    assert expected == ledger.deliveries.next_instants("live", now=BEFORE)
    assert expected[1:] == ledger.deliveries.next_instants("live", now=DUE)
    assert expected[:2] == ledger.deliveries.next_instants("live", now=BEFORE, limit=2)
    assert () == ledger.deliveries.next_instants("rehearsal", now=BEFORE)
    assert expected == ledger.deliveries.next_instants("live", now=BEFORE, campaign=A_MONTH.campaign)
    assert () == ledger.deliveries.next_instants("live", now=BEFORE, campaign="another")


# -- freezing -------------------------------------------------------------------------------------------


def test_readers_are_frozen_once_in_batches(ledger: Ledger) -> None:
    """Every active reader exactly once, in batches of the channel's size."""
    ids = readers(ledger, 25)
    delivery_id, batches = opened(ledger, EMAIL, limit=10)
    assert [(1, 10), (2, 10), (3, 5)] == [(b.number, b.size) for b in batches]
    frozen = [r.subscriber_id for b in batches for r in ledger.lookups.recipients(b.id)]
    assert ids == sorted(frozen)
    assert ledger.recipients.freeze(delivery_id, batch_limit=10, now=DUE)
    assert 3 == len(ledger.deliveries.batches(delivery_id))
    assert 25 == only(ledger).counts.frozen


def test_a_freeze_in_several_parts_is_the_same_as_in_one(ledger: Ledger, monkeypatch: pytest.MonkeyPatch) -> None:
    """Frozen part by part, each reader is in one batch and each batch but the last is full."""
    monkeypatch.setattr("scheduler.store.recipients.FREEZE_AT_ONCE", 20)
    ids = readers(ledger, 47)
    plan(ledger, EMAIL)
    delivery_id = only(ledger).id
    assert not ledger.recipients.freeze(delivery_id, batch_limit=10, now=DUE)
    while not ledger.recipients.freeze(delivery_id, batch_limit=10, now=DUE):
        pass
    batches = ledger.deliveries.batches(delivery_id)
    assert [10, 10, 10, 10, 7] == [b.size for b in batches]
    assert [1, 2, 3, 4, 5] == [b.number for b in batches]
    assert ids == sorted(r.subscriber_id for b in batches for r in ledger.lookups.recipients(b.id))


def half_frozen(ledger: Ledger, monkeypatch: pytest.MonkeyPatch) -> int:
    """Ten of 25 readers are frozen. Returns the delivery's number."""
    monkeypatch.setattr("scheduler.store.recipients.FREEZE_AT_ONCE", 10)
    readers(ledger, 25)
    plan(ledger, EMAIL)
    assert not ledger.recipients.freeze(only(ledger).id, batch_limit=10, now=DUE)
    return only(ledger).id


def send(ledger: Ledger, delivery_id: int, *, now: datetime = DUE) -> list[int]:
    """All that is ready, to an end. The numbers of the batches."""
    sent = []
    for batch in ledger.batches.ready(delivery_id, now=now):
        assert record_intent(ledger, batch.id, f"t{batch.number}", message=EMAIL, now=now)
        ledger.batches.record_outcome(batch.id, token=f"t{batch.number}", outcome=ACCEPTED, now=now)
        sent.append(batch.number)
    return sent


def test_the_first_part_goes_out_while_the_rest_is_still_to_be_frozen(
    ledger: Ledger, open_it: Callable[[], Ledger], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The counts are exact at each moment, it is under way until all were frozen and went, and another program goes on
    where one has stopped: a reader who comes late is not in it, who leaves meanwhile is not either."""
    delivery_id = half_frozen(ledger, monkeypatch)
    assert [1] == send(ledger, delivery_id)
    found = only(ledger)
    assert (State.SENDING, 25, 10, 15) == (
        found.state,
        found.counts.frozen,
        found.counts.accepted,
        found.counts.waiting,
    )
    assert [delivery_id] == [d.id for d in ledger.deliveries.due("live", A_MONTH, now=DUE)]
    assert [1] == [b.number for b in ledger.deliveries.batches(delivery_id)]
    other = open_it()
    late = NewSubscriber("late@readers.example", subscriber_id="r99999")
    other.subscribers.add_many(A_MONTH.campaign, [late], now=DUE + timedelta(minutes=1))
    other.subscribers.unsubscribe(A_MONTH.campaign, "r00024", reason="unsubscribed", now=DUE)
    while not other.recipients.freeze(delivery_id, batch_limit=10, now=DUE):
        assert only(other).counts.adds_up()
    assert [2, 3] == send(other, delivery_id)
    found = only(other)
    assert (State.SENT, 24, 24) == (found.state, found.counts.frozen, found.counts.accepted)
    frozen = [r.subscriber_id for b in other.deliveries.batches(delivery_id) for r in other.lookups.recipients(b.id)]
    assert [f"r{n:05d}" for n in range(24)] == sorted(frozen)


def test_who_waits_to_be_frozen_is_held_and_released_with_the_others(
    ledger: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nobody more is frozen while it is held."""
    delivery_id = half_frozen(ledger, monkeypatch)
    assert ledger.deliveries.hold(delivery_id, who="Ada", why="wait", now=DUE)
    assert ledger.recipients.freeze(delivery_id, batch_limit=10, now=DUE)
    assert (State.HELD, 25, ()) == (
        only(ledger).state,
        only(ledger).counts.waiting,
        ledger.deliveries.due("live", A_MONTH, now=DUE),
    )
    assert ledger.deliveries.release(delivery_id, who="Ada", now=DUE)
    assert [delivery_id] == [d.id for d in ledger.deliveries.due("live", A_MONTH, now=DUE)]
    while not ledger.recipients.freeze(delivery_id, batch_limit=10, now=DUE):
        pass
    assert [1, 2, 3] == send(ledger, delivery_id)
    assert (State.SENT, 25) == (only(ledger).state, only(ledger).counts.accepted)


@pytest.mark.parametrize(("verb", "state"), [("skip", State.SKIPPED), ("expire", State.MISSED)])
def test_a_mailing_that_ends_while_it_is_frozen_says_so_of_each_reader(
    ledger: Ledger, monkeypatch: pytest.MonkeyPatch, verb: str, state: State
) -> None:
    """Also of those who were not frozen yet; whoever has had it has had it."""
    delivery_id = half_frozen(ledger, monkeypatch)
    assert [1] == send(ledger, delivery_id)
    if verb == "skip":
        assert ledger.deliveries.skip(delivery_id, who="Ada", why="no", now=DUE)
    else:
        ledger.deliveries.expire("live", now=END)
    counts = only(ledger).counts
    assert (State.PARTLY_SENT, 25, 10, 15) == (only(ledger).state, counts.frozen, counts.accepted, counts.skipped)
    ledger.recipients.freeze_what_ended("live", now=END)
    batches = ledger.deliveries.batches(delivery_id)
    assert [State.SENT, state] == [b.state for b in batches]
    assert [10, 15] == [len(ledger.lookups.recipients(b.id)) for b in batches]
    assert batches[1].reasons
    assert (State.PARTLY_SENT, counts) == (only(ledger).state, only(ledger).counts)


def test_an_intent_that_is_refused_is_no_try_that_stopped_a_program(ledger: Ledger) -> None:
    """The batch was built without harm; it is not set aside because a hold came right before the call, three times."""
    ledger.holds.set("*", who="Ada", why="wait", now=DUE)
    readers(ledger, 1)
    delivery_id, (batch,) = opened(ledger, EMAIL)
    for n in range(4):
        now = DUE + timedelta(minutes=2 * n)
        assert ledger.batches.prepare(batch.id, now=now)
        assert not record_intent(ledger, batch.id, message=EMAIL, now=now)
    assert [State.SCHEDULED] == [b.state for b in ledger.deliveries.batches(delivery_id)]


def test_a_list_that_ends_with_a_part_leaves_no_empty_batch(ledger: Ledger, monkeypatch: pytest.MonkeyPatch) -> None:
    """When the readers fill the last part exactly, the freeze still ends."""
    monkeypatch.setattr("scheduler.store.recipients.FREEZE_AT_ONCE", 20)
    readers(ledger, 40)
    _, batches = opened(ledger, EMAIL, limit=10)
    assert [10] * 4 == [b.size for b in batches]


@pytest.mark.parametrize(("verb", "state"), [("expire", State.MISSED), ("cancel", State.CANCELLED)])
def test_a_freeze_that_was_interrupted_ends_with_its_delivery(
    ledger: Ledger, monkeypatch: pytest.MonkeyPatch, verb: str, state: State
) -> None:
    """Batches of a half-made freeze go the way of their delivery; nobody is left waiting in them."""
    monkeypatch.setattr("scheduler.store.recipients.FREEZE_AT_ONCE", 10)
    readers(ledger, 25)
    plan(ledger, EMAIL)
    ledger.recipients.freeze(only(ledger).id, batch_limit=10, now=DUE)
    if verb == "expire":
        ledger.deliveries.expire("live", now=END)
        assert () == ledger.deliveries.expire("live", now=END)
    else:
        plan(ledger)
    assert (state, 0, 25) == (only(ledger).state, only(ledger).counts.waiting, only(ledger).counts.skipped)
    assert {state} == {b.state for b in ledger.deliveries.batches(only(ledger).id)}


def test_a_delivery_without_readers_is_skipped_with_the_reason(ledger: Ledger) -> None:
    """Nobody to write to is no failure, and is said."""
    opened(ledger, EMAIL)
    assert (State.SKIPPED, says(ReasonCode.NO_READERS)) == (only(ledger).state, why(only(ledger)))


def test_who_left_before_the_freeze_is_not_in_it(ledger: Ledger) -> None:
    """Only active readers without a suppression are frozen."""
    ids = readers(ledger, 3)
    ledger.subscribers.unsubscribe(A_MONTH.campaign, ids[1], reason="asked", now=BEFORE)
    _, (batch,) = opened(ledger, EMAIL)
    assert [ids[0], ids[2]] == [r.subscriber_id for r in ledger.lookups.recipients(batch.id)]


# -- the intent -----------------------------------------------------------------------------------------


def test_an_intent_is_taken_once(ledger: Ledger) -> None:
    """The second who wants the same batch is told no, and changes nothing."""
    delivery_id, batch_id = sending(ledger, "t1")
    assert not record_intent(ledger, batch_id, "t2")
    (batch,) = ledger.deliveries.batches(delivery_id)
    assert ("t1", 1, State.SENDING) == (batch.token, batch.attempt, batch.state)
    assert State.SENDING == only(ledger).state


def test_the_intent_holds_all_that_will_identify_the_call(ledger: Ledger) -> None:
    """Token, attempt, instants, lease, digest, fingerprint, node, and the message itself."""
    delivery_id, _ = sending(ledger)
    (batch,) = ledger.deliveries.batches(delivery_id)
    assert (DUE, DUE + LEASE, DUE + SETTLE) == (batch.started_at, batch.lease_until_at, batch.check_at)
    assert (POST.digest, "f-t1", "test") == (batch.digest, batch.fingerprint, batch.node)
    stored = ledger.lookups.sent_message(POST.digest)
    assert stored is not None
    assert POST.digest == stored.digest


@pytest.mark.parametrize("now", [DUE - timedelta(seconds=1), END])
def test_no_intent_outside_the_window(ledger: Ledger, now: datetime) -> None:
    """The database has the last word on the window, too."""
    _, (batch,) = opened(ledger)
    assert not record_intent(ledger, batch.id, now=now)


def test_four_at_once_and_one_wins(ledger: Ledger, open_it: Callable[[], Ledger]) -> None:
    """Four connections want one batch at the same moment: one gets it."""
    _, (batch,) = opened(ledger)
    others = [open_it() for _ in range(4)]
    gate = threading.Barrier(4)
    won: list[bool] = []

    def want(store: Ledger, token: str) -> None:
        gate.wait()
        won.append(record_intent(store, batch.id, token))

    threads = [threading.Thread(target=want, args=(s, f"t{i}")) for i, s in enumerate(others)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [False, False, False, True] == sorted(won)


# -- the outcome ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("outcome", "state"),
    [
        (ACCEPTED, State.SENT),
        (Outcome(OutcomeKind.FINAL, detail="bad"), State.FAILED),
        (UNKNOWN, State.UNKNOWN),
        (Outcome(OutcomeKind.LATER, retry_at=DUE + timedelta(minutes=5)), State.SCHEDULED),
        (Outcome(OutcomeKind.LATER, retry_at=END), State.MISSED),
    ],
)
def test_each_outcome_leads_to_its_state(ledger: Ledger, outcome: Outcome, state: State) -> None:
    """Accepted, refused, doubtful, later inside the window, later than the window."""
    _, batch_id = sending(ledger)
    assert state == ledger.batches.record_outcome(batch_id, token="t1", outcome=outcome, now=DUE)
    assert state == only(ledger).state
    assert only(ledger).counts.adds_up()


def test_an_outcome_needs_the_token_of_the_latest_intent(ledger: Ledger) -> None:
    """A late answer to an earlier try does not settle the present one."""
    _, batch_id = sending(ledger, "t1")
    ledger.batches.record_outcome(batch_id, token="t1", outcome=Outcome(OutcomeKind.LATER, retry_at=DUE), now=DUE)
    assert record_intent(ledger, batch_id, "t2")
    assert ledger.batches.record_outcome(batch_id, token="t1", outcome=ACCEPTED, now=DUE) is None
    assert ledger.batches.record_outcome(batch_id, token="t9", outcome=ACCEPTED, now=DUE) is None
    assert State.SENDING == only(ledger).state


def test_an_answer_that_was_overtaken_does_not_settle_the_new_try(ledger: Ledger) -> None:
    """Doubted, called not sent by a person, tried again: the first try's late answer is not the second's."""
    delivery_id, batch_id = sending(ledger, "t1")
    ledger.lookups.mark_expired_unknown("live", now=DUE + LEASE)
    ledger.lookups.resolve(delivery_id, sent=False, who="Ada", now=DUE + LEASE)
    assert record_intent(ledger, batch_id, "t2", now=DUE + LEASE)
    assert ledger.batches.record_outcome(batch_id, token="t1", outcome=ACCEPTED, now=DUE + LEASE) is None
    assert State.SENDING == only(ledger).state
    assert "attempt.too-late" == ledger.events.newest(limit=1)[0].kind


def test_an_outcome_may_be_written_twice(ledger: Ledger) -> None:
    """When it is not known whether the first time was committed, the second changes nothing."""
    _, batch_id = sending(ledger)
    ledger.batches.record_outcome(batch_id, token="t1", outcome=ACCEPTED, now=DUE)
    version = ledger.events.version()
    assert State.SENT == ledger.batches.record_outcome(batch_id, token="t1", outcome=ACCEPTED, now=DUE)
    assert version == ledger.events.version()


def test_later_waits_until_then(ledger: Ledger) -> None:
    """A postponed batch is due again at the instant named, and the alarm knows it."""
    _, batch_id = sending(ledger)
    again = DUE + timedelta(minutes=5)
    ledger.batches.record_outcome(batch_id, token="t1", outcome=Outcome(OutcomeKind.LATER, retry_at=again), now=DUE)
    assert (again,) == ledger.deliveries.next_instants("live", now=DUE)
    assert () == ledger.deliveries.due("live", A_MONTH, now=DUE)
    assert not record_intent(ledger, batch_id, "t2", now=again - timedelta(seconds=1))
    assert 1 == len(ledger.deliveries.due("live", A_MONTH, now=again))
    assert record_intent(ledger, batch_id, "t2", now=again)


def test_a_delivery_is_done_when_everybody_is_accounted_for(ledger: Ledger) -> None:
    """frozen = accepted + failed + unknown + skipped, to the one, with each kind of end in it."""
    ids = readers(ledger, 25)
    _, batches = opened(ledger, EMAIL, limit=5)
    for batch, outcome in zip(batches, [ACCEPTED, Outcome(OutcomeKind.FINAL), UNKNOWN, ACCEPTED], strict=False):
        ledger.batches.prepare(batch.id, now=DUE)
        record_intent(ledger, batch.id, f"t{batch.number}", message=EMAIL)
        ledger.batches.record_outcome(batch.id, token=f"t{batch.number}", outcome=outcome, now=DUE)
    counts = only(ledger).counts
    assert (25, 10, 5, 5, 0, 5) == (
        counts.frozen,
        counts.accepted,
        counts.failed,
        counts.unknown,
        counts.skipped,
        counts.waiting,
    )
    assert State.SENDING == only(ledger).state
    ledger.subscribers.unsubscribe(A_MONTH.campaign, ids[-1], reason="asked", now=DUE)
    last = batches[-1]
    prepared = ledger.batches.prepare(last.id, now=DUE)
    assert prepared is not None
    assert ids[20:24] == [r.subscriber_id for r in prepared.recipients]
    record_intent(ledger, last.id, "t5", message=EMAIL)
    ledger.batches.record_outcome(last.id, token="t5", outcome=ACCEPTED, now=DUE)
    counts = only(ledger).counts
    assert (25, 14, 5, 5, 1, 0) == (
        counts.frozen,
        counts.accepted,
        counts.failed,
        counts.unknown,
        counts.skipped,
        counts.waiting,
    )
    assert counts.adds_up()
    assert State.UNKNOWN == only(ledger).state


# -- who left -------------------------------------------------------------------------------------------


def test_who_left_after_the_freeze_is_skipped_with_the_reason(ledger: Ledger) -> None:
    """Unsubscribed between freeze and call: not in the call, and the ledger says why."""
    ids = readers(ledger, 3)
    delivery_id, (batch,) = opened(ledger, EMAIL)
    ledger.subscribers.unsubscribe(A_MONTH.campaign, ids[0], reason="asked", now=DUE)
    prepared = ledger.batches.prepare(batch.id, now=DUE)
    assert prepared is not None
    assert ids[1:] == [r.subscriber_id for r in prepared.recipients]
    with ledger._database.read() as connection:
        row = connection.execute(select(recipients).where(recipients.c.subscriber_id == ids[0])).mappings().one()
    assert ("skipped", "left", "asked") == (row["state"], row["reason"], row["detail"])
    assert 1 == only(ledger).counts.skipped
    assert delivery_id == only(ledger).id


def test_a_batch_that_everybody_left_is_not_called(ledger: Ledger) -> None:
    """No call without a reader; the delivery ends as skipped."""
    ids = readers(ledger, 2)
    _, (batch,) = opened(ledger, EMAIL)
    for subscriber in ids:
        ledger.subscribers.unsubscribe(A_MONTH.campaign, subscriber, reason="asked", now=DUE)
    assert ledger.batches.prepare(batch.id, now=DUE) is None
    assert State.SKIPPED == only(ledger).state
    assert only(ledger).counts.adds_up()


def test_the_last_check_sees_who_left_a_moment_ago(ledger: Ledger) -> None:
    """Between preparing and the call somebody may leave, be it past the program; the look before the call counts them.
    It looks for them only where the number of departures has grown since they were read."""
    ids = readers(ledger, 6)
    delivery_id, (batch, counted_ahead) = opened(ledger, EMAIL, limit=3)
    counted: list[str] = []
    event.listen(ledger._database.engine, "before_cursor_execute", lambda *of: counted.append(of[2]))

    def left(prepared: Prepared | None) -> tuple[int, bool]:
        counted.clear()
        assert prepared is not None
        found = ledger.deliveries.snapshot(delivery_id, prepared.batch.id, prepared.departures)
        assert found is not None
        return found.newly_left, any("count" in statement and "recipients" in statement for statement in counted)

    first, second = (ledger.batches.prepare(one.id, now=DUE) for one in (batch, counted_ahead))
    assert [(0, False)] * 2 == [left(first), left(second)]
    ledger.subscribers.unsubscribe(A_MONTH.campaign, ids[0], reason="asked", now=DUE)
    assert [(1, True), (0, True)] == [left(first), left(second)]
    with ledger._database.write("past") as connection:
        connection.execute(text("UPDATE subscriptions SET state = 'left' WHERE subscriber_id = :who"), {"who": ids[4]})
    assert [(1, True), (1, True)] == [left(first), left(second)]


@pytest.mark.parametrize("barred", [False, True])
def test_readers_are_asked_about_one_by_one_where_somebody_left_since_the_freeze(ledger: Ledger, barred: bool) -> None:
    """While there was no departure since, whoever was frozen may be written to; unless somebody on the list was barred
    past the program before that. Whoever left is left out at once."""
    ids = readers(ledger, 9)
    if barred:
        bar = {"address_key": "reader4@readers.example", "campaign": "", "reason": "unsubscribed", "at": BEFORE}
        with ledger._database.write("past") as connection:
            connection.execute(insert(suppressions).values(bar))
    _, (first, second, third) = opened(ledger, EMAIL, limit=3)
    counted: list[str] = []
    event.listen(ledger._database.engine, "before_cursor_execute", lambda *of: counted.append(of[2]))

    def called(batch_id: int) -> list[str]:
        counted.clear()
        prepared = ledger.batches.prepare(batch_id, now=DUE)
        return [reader.subscriber_id for reader in prepared.recipients] if prepared is not None else []

    assert ids[:3] == called(first.id)
    assert ([ids[3], ids[5]] if barred else ids[3:6]) == called(second.id)
    assert barred == any("suppressions" in statement for statement in counted)
    ledger.subscribers.unsubscribe(A_MONTH.campaign, ids[8], reason="asked", now=DUE)
    assert ids[6:8] == called(third.id)


def test_the_first_try_of_a_post_is_counted_with_its_freeze(ledger: Ledger) -> None:
    """By the process that builds its call next, so that nothing more is to be prepared. A program that it stops is
    started twice more at most."""
    plan(ledger, POST)
    (delivery,) = ledger.deliveries.of_season("live", A_MONTH)
    batch = ledger.recipients.freeze_post(delivery.id, now=DUE)
    assert (batch,) == ledger.deliveries.batches(delivery.id)
    assert ledger.recipients.freeze_post(delivery.id, now=DUE) is None
    with ledger._database.read() as connection:
        assert 1 == connection.execute(select(batches.c.tries)).scalar_one()
    version = ledger.events.version()
    starts = [ledger.batches.prepare(batch.id, now=DUE + n * 2 * BUILDING) is not None for n in range(1, 4)]
    assert [True, True, False] == starts
    assert State.FAILED == only(ledger).state
    assert version < ledger.events.version()


def test_a_reader_whose_record_cannot_be_used_is_left_out_by_name(ledger: Ledger) -> None:
    """One bad record stops itself, not its neighbours."""
    ids = readers(ledger, 3)
    _, (batch,) = opened(ledger, EMAIL)
    ledger.batches.leave_out(batch.id, {ids[1]: "its name ann@example.org cannot be printed"}, now=DUE)
    assert [ids[0], ids[2]] == [r.subscriber_id for r in ledger.lookups.recipients(batch.id)]
    assert (1, 1) == (only(ledger).counts.failed, only(ledger).counts.missing)
    assert "[address]" in str(ledger.events.newest(limit=1)[0].data)


def test_nobody_is_left_out_of_a_batch_that_another_process_has_called_for(ledger: Ledger) -> None:
    """A process that stood still with an old request finds a record unusable; its readers have got the mail by now."""
    ids = readers(ledger, 3)
    _, (batch,) = opened(ledger, EMAIL)
    assert record_intent(ledger, batch.id, message=EMAIL)
    ledger.batches.leave_out(batch.id, {ids[1]: "its name cannot be printed"}, now=DUE)
    ledger.batches.record_outcome(batch.id, token="t1", outcome=Outcome(OutcomeKind.ACCEPTED), now=DUE)
    ledger.batches.leave_out(batch.id, {ids[2]: "its name cannot be printed"}, now=DUE)
    assert (State.SENT, 3, 0) == (only(ledger).state, only(ledger).counts.accepted, only(ledger).counts.skipped)
    assert ids == [r.subscriber_id for r in ledger.lookups.recipients(batch.id)]


def test_a_batch_that_never_reaches_its_call_is_set_aside_at_the_fourth_try(ledger: Ledger) -> None:
    """Three tries that ended before the intent, and the batch stands aside: failed, nothing sent. The latest of them
    may still be going on for a minute."""
    _, (batch,) = opened(ledger)
    apart = timedelta(0) if ledger._database.is_sqlite else BUILDING  # there a try may be that of a neighbor
    began, moment = DUE + timedelta(seconds=5) + 2 * apart, timedelta(milliseconds=1)
    for n in (2, 1, 0):
        assert ledger.batches.prepare(batch.id, now=began - n * apart) is not None
    assert ledger.batches.prepare(batch.id, now=began + BUILDING - moment) is None
    assert ledger.batches.prepare(batch.id, now=began - moment) is None, "by a machine whose clock is behind"
    assert State.SCHEDULED == only(ledger).state
    assert ledger.batches.prepare(batch.id, now=began + BUILDING) is None
    assert State.FAILED == only(ledger).state
    assert "set aside" in why(only(ledger))


@pytest.mark.postgresql
@pytest.mark.parametrize("ledger_url", ["postgresql"], indirect=True)  # on SQLite one process sends
def test_processes_that_build_a_batch_at_once_are_one_try(open_it: Callable[[], Ledger]) -> None:
    """Each of four builds the same batch, and one power cut ends all of them: that is one start, not four."""
    four = [open_it() for _ in range(4)]
    _, (batch,) = opened(four[0])
    for at, builds in ((DUE, 4), (DUE + BUILDING, 4), (DUE + 2 * BUILDING, 1)):
        instants = [at + timedelta(seconds=n) for n in range(4)]
        prepared = [one.batches.prepare(batch.id, now=now) for one, now in zip(four, instants, strict=True)]
        assert builds == sum(found is not None for found in prepared)
    assert four[0].batches.prepare(batch.id, now=at + BUILDING) is None
    assert State.FAILED == only(four[0]).state


def test_tries_that_ended_well_do_not_count(ledger: Ledger) -> None:
    """A batch that was postponed, or whose process lives, is not set aside for being tried often."""
    _, (batch,) = opened(ledger)
    for n in range(5):
        assert ledger.batches.prepare(batch.id, now=DUE) is not None
        assert record_intent(ledger, batch.id, f"t{n}")
        ledger.batches.record_outcome(
            batch.id, token=f"t{n}", outcome=Outcome(OutcomeKind.LATER, retry_at=DUE), now=DUE
        )
    for _ in range(5):
        assert ledger.batches.prepare(batch.id, survived=True, now=DUE) is not None


# -- doubts ---------------------------------------------------------------------------------------------


def test_what_sends_past_its_lease_is_unknown(ledger: Ledger) -> None:
    """Stuck is found by age: at the end of the lease, not before."""
    _, batch_id = sending(ledger)
    assert () == ledger.lookups.mark_expired_unknown("live", now=DUE + LEASE - timedelta(microseconds=1))
    (batch,) = ledger.lookups.mark_expired_unknown("live", now=DUE + LEASE)
    assert (batch_id, State.UNKNOWN) == (batch.id, batch.state)
    assert State.UNKNOWN == only(ledger).state
    assert () == ledger.lookups.mark_expired_unknown("live", now=DUE + LEASE)
    assert not record_intent(ledger, batch_id, "t2", now=DUE + LEASE)
    assert () == ledger.deliveries.due("live", A_MONTH, now=DUE + LEASE)


@pytest.mark.parametrize(
    ("outcome", "state"),
    [
        (ACCEPTED, State.SENT),
        (Outcome(OutcomeKind.LATER, retry_at=DUE + LEASE), State.SCHEDULED),
        (Outcome(OutcomeKind.FINAL, detail="bad"), State.FAILED),
    ],
)
def test_a_certain_answer_that_comes_after_the_lease_settles_the_doubt(
    ledger: Ledger, outcome: Outcome, state: State
) -> None:
    """The process was only slow: its answer, under its own token, is evidence."""
    _, batch_id = sending(ledger)
    ledger.lookups.mark_expired_unknown("live", now=DUE + LEASE)
    assert state == ledger.batches.record_outcome(batch_id, token="t1", outcome=outcome, now=DUE + LEASE)
    assert state == only(ledger).state


def test_a_late_answer_does_not_undo_what_a_person_said(ledger: Ledger) -> None:
    """After a person has settled it, the program's late answer changes nothing, and is in the history."""
    delivery_id, batch_id = sending(ledger)
    ledger.lookups.mark_expired_unknown("live", now=DUE + LEASE)
    assert 1 == ledger.lookups.resolve(delivery_id, sent=True, who="Ada", reference="42", now=DUE + LEASE)
    late = Outcome(OutcomeKind.FINAL, detail="refused")
    assert ledger.batches.record_outcome(batch_id, token="t1", outcome=late, now=DUE + LEASE) is None
    assert (State.SENT, "42") == (only(ledger).state, only(ledger).reference)
    assert "attempt.too-late" == ledger.events.newest(limit=1)[0].kind


def test_a_doubt_is_asked_about_only_after_it_can_have_settled(ledger: Ledger) -> None:
    """Asked too early, "not there" would be a blind second send."""
    _, batch_id = sending(ledger)
    ledger.batches.record_outcome(batch_id, token="t1", outcome=UNKNOWN, now=DUE)
    assert () == ledger.lookups.doubtful("live", now=DUE + SETTLE - timedelta(seconds=1))
    assert [batch_id] == [b.id for b in ledger.lookups.doubtful("live", now=DUE + SETTLE)]
    ledger.lookups.schedule_lookup(batch_id, token="t1", check_at=DUE + 2 * SETTLE, now=DUE + SETTLE)
    assert () == ledger.lookups.doubtful("live", now=DUE + SETTLE)
    ledger.lookups.schedule_lookup(batch_id, token="t1", check_at=None, now=DUE + 2 * SETTLE)
    assert () == ledger.lookups.doubtful("live", now=END)
    assert "batch.needs-a-person" == ledger.events.newest(limit=1)[0].kind


def test_what_was_skipped_does_not_go_when_a_doubt_turns_out_not_sent(ledger: Ledger) -> None:
    """A person leaves the rest out while one call is in doubt. That it was not made is no reason to make it, unless a
    person asks for another try."""
    readers(ledger, 3)
    delivery_id, (first, second, _) = opened(ledger, EMAIL, limit=1)
    assert record_intent(ledger, first.id, message=EMAIL)
    assert record_intent(ledger, second.id, "t2", message=EMAIL)
    ledger.batches.record_outcome(first.id, token="t1", outcome=UNKNOWN, now=DUE)
    assert ledger.deliveries.skip(delivery_id, who="Ben", why="not today", now=DUE)
    later = Outcome(OutcomeKind.LATER, detail="busy", retry_at=DUE)
    ledger.batches.record_outcome(second.id, token="t2", outcome=later, now=DUE)
    assert 1 == ledger.lookups.resolve(delivery_id, sent=False, who="Ben", now=DUE)
    assert [State.SKIPPED] * 3 == [b.state for b in ledger.deliveries.batches(delivery_id)]
    assert State.SKIPPED == only(ledger).state
    assert () == ledger.batches.ready(delivery_id, now=DUE)


def test_another_try_that_a_person_asks_for_ends_the_skipping(ledger: Ledger) -> None:
    """One batch failed, the rest was left out; the newer word is that the failed one goes once more."""
    readers(ledger, 2)
    delivery_id, (first, _) = opened(ledger, EMAIL, limit=1)
    assert record_intent(ledger, first.id, message=EMAIL)
    ledger.batches.record_outcome(first.id, token="t1", outcome=Outcome(OutcomeKind.FINAL, detail="refused"), now=DUE)
    assert ledger.deliveries.skip(delivery_id, who="Ben", why="not today", now=DUE)
    assert ledger.deliveries.retry(delivery_id, who="Ben", now=DUE)
    assert [State.SCHEDULED, State.SKIPPED] == [b.state for b in ledger.deliveries.batches(delivery_id)]


def test_a_question_is_counted_before_it_is_asked_and_by_one_program(ledger: Ledger) -> None:
    """Of two programs that read the same doubt one asks; if that is its end, the question is not asked again at once."""
    _, batch_id = sending(ledger)
    ledger.batches.record_outcome(batch_id, token="t1", outcome=UNKNOWN, now=DUE)
    first = {"token": "t1", "checks": 0, "check_at": DUE + 2 * SETTLE, "now": DUE + SETTLE}
    assert [True, False] == [ledger.lookups.begin_lookup(batch_id, **first) for _ in range(2)]  # type: ignore[arg-type]
    assert () == ledger.lookups.doubtful("live", now=DUE + SETTLE)
    (batch,) = ledger.lookups.doubtful("live", now=DUE + 2 * SETTLE)
    assert 1 == batch.checks
    assert not ledger.lookups.begin_lookup(batch_id, **{**first, "token": "t2", "checks": 1})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("verdict", "state"),
    [(Verdict.SENT, State.SENT), (Verdict.NOT_SENT, State.SCHEDULED), (Verdict.CANNOT_TELL, State.UNKNOWN)],
)
def test_evidence_settles_a_doubt_or_leaves_it(ledger: Ledger, verdict: Verdict, state: State) -> None:
    """Sent and not sent settle it; cannot tell changes nothing."""
    _, batch_id = sending(ledger)
    ledger.batches.record_outcome(batch_id, token="t1", outcome=UNKNOWN, now=DUE)
    settled = ledger.lookups.settle(batch_id, token="t1", evidence=Evidence(verdict), who="evidence", now=DUE + SETTLE)
    assert (verdict is not Verdict.CANNOT_TELL) == settled
    assert state == only(ledger).state


def test_evidence_about_an_earlier_try_does_not_settle_a_later_one(ledger: Ledger) -> None:
    """The token fences evidence as it fences answers."""
    _, batch_id = sending(ledger, "t1")
    ledger.batches.record_outcome(batch_id, token="t1", outcome=UNKNOWN, now=DUE)
    sent = Evidence(Verdict.SENT)
    assert not ledger.lookups.settle(batch_id, token="t0", evidence=sent, who="evidence", now=DUE)
    assert State.UNKNOWN == only(ledger).state


def test_a_person_settles_a_doubt_and_the_history_says_who(ledger: Ledger) -> None:
    """Not sent, says a person: it is due again while its window is open."""
    delivery_id, batch_id = sending(ledger)
    assert 0 == ledger.lookups.resolve(delivery_id, sent=False, who="Ada", now=DUE)
    ledger.batches.record_outcome(batch_id, token="t1", outcome=UNKNOWN, now=DUE)
    assert 1 == ledger.lookups.resolve(delivery_id, sent=False, who="Ada", now=DUE)
    assert State.SCHEDULED == only(ledger).state
    event = ledger.events.newest(delivery_id=delivery_id, limit=1)[0]
    assert ("batch.found-not-sent", "Ada") == (event.kind, event.who)


# -- people ---------------------------------------------------------------------------------------------


def test_an_approval_is_kept_once_and_can_be_taken_back(ledger: Ledger) -> None:
    """The same person's same yes is one row; taken back, it is in force no more."""
    assert ledger.approvals.record(an_approval(POST))
    assert not ledger.approvals.record(an_approval(POST))
    assert ledger.approvals.record(an_approval(POST, "Ben"))
    assert ["Ada", "Ben"] == [a.person for a in ledger.approvals.of_season(A_MONTH).of(POST)]
    assert () == ledger.approvals.of_season(SeasonKey("a-month", 2028)).all
    assert 2 == ledger.approvals.withdraw(A_MONTH, "day-1", "x", who="Ada", reason="new figures", now=DUE)
    assert () == ledger.approvals.of_season(A_MONTH).all
    assert ledger.approvals.record(an_approval(POST))


def test_a_sign_off_is_kept_once_and_renewed_by_a_later_day(ledger: Ledger) -> None:
    """Signing a help line again means that it was tried again: the day moves on, never back."""
    signature = Signature("contact", "hotline", "0" * 64, "Ada", "reviewer", date(2026, 12, 1))
    assert ledger.signatures.add("a-month", signature, now=BEFORE)
    assert not ledger.signatures.add("a-month", signature, now=BEFORE)
    assert ledger.signatures.add("a-month", replace(signature, signed_on=date(2026, 12, 20)), now=BEFORE)
    assert not ledger.signatures.add("a-month", signature, now=BEFORE)
    (kept,) = ledger.signatures.of_campaign("a-month").of("contact", "hotline", "0" * 64)
    assert date(2026, 12, 20) == kept.signed_on
    assert () == ledger.signatures.of_campaign("another").all


def test_a_season_is_armed_and_disarmed_by_name(ledger: Ledger) -> None:
    """Arming holds for one campaign and one season."""
    assert ledger.armings.find(A_MONTH) is None
    assert ledger.armings.arm(A_MONTH, who="Ada", now=BEFORE)
    assert not ledger.armings.arm(A_MONTH, who="Ben", now=BEFORE)
    arming = ledger.armings.find(A_MONTH)
    assert arming is not None
    assert ("Ada", BEFORE) == (arming.who, arming.armed_at)
    assert ledger.armings.find(SeasonKey("a-month", 2028)) is None
    assert ledger.armings.disarm(A_MONTH, who="Ben", now=DUE)
    assert not ledger.armings.disarm(A_MONTH, who="Ben", now=DUE)
    assert ledger.armings.find(A_MONTH) is None


def test_a_hold_is_seen_by_every_connection_at_once(ledger: Ledger, open_it: Callable[[], Ledger]) -> None:
    """Committed is in force: the next look of any process sees it."""
    plan(ledger, POST, EMAIL)
    by_channel = {d.channel: d.id for d in ledger.deliveries.of_season("live", A_MONTH)}
    other = open_it()
    other.holds.set("x", who="Ben", why="a sad day", now=DUE)
    on_x, on_email = ledger.deliveries.snapshot(by_channel["x"]), ledger.deliveries.snapshot(by_channel["email"])
    assert on_x is not None
    assert on_email is not None
    assert ["a sad day"] == [h.why for h in on_x.holds]
    assert () == on_email.holds
    other.holds.set("*", who="Ben", why="everywhere", now=DUE)
    on_email = ledger.deliveries.snapshot(by_channel["email"])
    assert on_email is not None
    assert ["everywhere"] == [h.why for h in on_email.holds]


def test_releasing_a_hold_sends_nothing_by_itself(ledger: Ledger) -> None:
    """What fell due under the hold waits for a person; what is due later goes on its day."""
    tomorrow = a_post("day-2", on=date(2027, 1, 2))
    plan(ledger, POST, tomorrow)
    ledger.holds.set("*", who="Ben", why="a sad day", now=BEFORE)
    (passed_over,) = ledger.holds.release("*", who="Ada", now=DUE)
    assert ("day-1", State.HELD) == (passed_over.item, passed_over.state)
    assert "a sad day" in why(passed_over)
    assert () == ledger.holds.in_force()
    assert () == ledger.deliveries.due("live", A_MONTH, now=DUE)
    assert ["day-2"] == [d.item for d in ledger.deliveries.due("live", A_MONTH, now=tomorrow.due_at)]
    assert ledger.deliveries.release(passed_over.id, who="Ada", now=DUE)
    assert ["day-1"] == [d.item for d in ledger.deliveries.due("live", A_MONTH, now=DUE)]


def test_releasing_one_channel_leaves_other_holds_in_force(ledger: Ledger) -> None:
    """A channel's release lifts that channel's holds alone; a release of all lifts all."""
    ledger.holds.set("x", who="Ben", why="one", now=BEFORE)
    ledger.holds.set("*", who="Ben", why="two", now=BEFORE)
    ledger.holds.release("x", who="Ada", now=BEFORE)
    assert ["two"] == [h.why for h in ledger.holds.in_force()]
    ledger.holds.set("x", who="Ben", why="three", now=BEFORE)
    ledger.holds.release("*", who="Ada", now=BEFORE)
    assert () == ledger.holds.in_force()
    assert ["one", "two", "three"] == [h.why for h in ledger.holds.in_force(released=True)]


ANOTHER = replace(A_MONTH, campaign="another")


def test_a_hold_of_one_campaign_leaves_the_others_alone(ledger: Ledger) -> None:
    """Its items wait and say why, those of another go; at its end its own alone wait for a person's word."""
    for key in (A_MONTH, ANOTHER):
        ledger.deliveries.follow_plan("live", key, [wanted(POST)], now=BEFORE)
    mine, others = (ledger.deliveries.of_season("live", key)[0].id for key in (A_MONTH, ANOTHER))
    hold = ledger.holds.set("*", who="Ben", why="a sad day", now=BEFORE, campaign=A_MONTH.campaign)
    held, free = (ledger.deliveries.snapshot(one) for one in (mine, others))
    assert held is not None
    assert free is not None
    assert ((hold,), ()) == (held.holds, free.holds)
    assert "held for a-month alone by Ben since" in in_words([hold.as_reason])
    assert "`resume a-month` lifts" in advice([hold.as_reason], item="day-1", channel="x")
    passed_over = ledger.holds.release("*", who="Ada", now=DUE, campaign=A_MONTH.campaign)
    assert [mine] == [d.id for d in passed_over]
    assert "held for a-month alone by Ben" in why(passed_over[0])
    assert [State.SCHEDULED] == [d.state for d in ledger.deliveries.of_season("live", ANOTHER)]
    assert ["a-month", "a-month"] == [
        e.data.get("campaign") for e in ledger.events.of_kinds("hold.set", "hold.released")
    ]


def test_each_kind_of_hold_ends_by_its_own_word(ledger: Ledger) -> None:
    """What stops every campaign, what stops one, and what stops another; or whatever they stop."""
    for campaign in ("", "a-month", "another"):
        ledger.holds.set("x", who="Ben", why=campaign or "all", now=BEFORE, campaign=campaign)
    ledger.holds.release("*", who="Ada", now=BEFORE)
    assert ["a-month", "another"] == [h.why for h in ledger.holds.in_force()]
    ledger.holds.release("*", who="Ada", now=BEFORE, campaign="another")
    assert ["a-month"] == [h.why for h in ledger.holds.in_force()]
    ledger.holds.set("*", who="Ben", why="all", now=BEFORE)
    ledger.holds.release("*", who="Ada", now=BEFORE, campaign="*")
    assert () == ledger.holds.in_force()


def test_a_hold_of_one_campaign_stops_its_mailing_halfway_and_no_other(ledger: Ledger) -> None:
    """At once, whether a process runs or not."""
    readers(ledger, 2)
    delivery_id, batches_ = opened(ledger, EMAIL, limit=1)
    assert record_intent(ledger, batches_[0].id, message=EMAIL)
    assert ledger.batches.record_outcome(batches_[0].id, token="t1", outcome=ACCEPTED, now=DUE)
    ledger.holds.set("email", who="Ben", why="wait", now=DUE, campaign="another")
    assert State.SENDING is ledger.deliveries.find(delivery_id).state
    ledger.holds.set("email", who="Ben", why="wait", now=DUE, campaign=A_MONTH.campaign)
    assert State.HELD is ledger.deliveries.find(delivery_id).state


def test_the_rest_of_an_email_waits_after_a_hold_in_the_middle(ledger: Ledger) -> None:
    """Batches that had gone are gone; those that wait are held, released and skipped as one."""
    readers(ledger, 20)
    delivery_id, batches = opened(ledger, EMAIL, limit=5)
    record_intent(ledger, batches[0].id, message=EMAIL)
    ledger.batches.record_outcome(batches[0].id, token="t1", outcome=ACCEPTED, now=DUE)
    ledger.holds.set("*", who="Ben", why="a sad day", now=DUE)
    ledger.holds.release("*", who="Ada", now=DUE)
    assert ["sent", "held", "held", "held"] == [b.state for b in ledger.deliveries.batches(delivery_id)]
    assert State.HELD == only(ledger).state
    assert ledger.deliveries.release(delivery_id, who="Ada", now=DUE)
    assert State.SENDING == only(ledger).state
    assert ledger.deliveries.skip(delivery_id, who="Ada", why="too late", now=DUE)
    assert ["sent", "skipped", "skipped", "skipped"] == [b.state for b in ledger.deliveries.batches(delivery_id)]
    assert (State.PARTLY_SENT, 15) == (only(ledger).state, only(ledger).counts.missing)


def test_a_held_delivery_is_missed_at_the_end_of_its_window(ledger: Ledger) -> None:
    """A hold does not keep a day for later."""
    plan(ledger, POST)
    assert ledger.deliveries.hold(only(ledger).id, who="Ada", why="wait", now=DUE)
    ledger.deliveries.expire("live", now=END)
    assert State.MISSED == only(ledger).state
    assert "held by Ada: wait" in why(only(ledger))


def test_a_person_may_ask_for_another_try_inside_the_window_alone(ledger: Ledger) -> None:
    """What certainly failed can be tried again by a person while its window is open, and never afterwards."""
    delivery_id, batch_id = sending(ledger)
    ledger.batches.record_outcome(
        batch_id, token="t1", outcome=Outcome(OutcomeKind.FINAL, detail="no such key"), now=DUE
    )
    assert not ledger.deliveries.retry(delivery_id, who="Ada", now=END)
    assert ledger.deliveries.retry(delivery_id, who="Ada", now=DUE)
    assert State.SCHEDULED == only(ledger).state
    assert record_intent(ledger, batch_id, "t2")
    ledger.batches.record_outcome(batch_id, token="t2", outcome=ACCEPTED, now=DUE)
    assert not ledger.deliveries.retry(delivery_id, who="Ada", now=DUE)


# -- readers --------------------------------------------------------------------------------------------


def test_readers_are_added_once_by_address(ledger: Ledger) -> None:
    """The same address in other letters is the same reader; what was left out is told by position."""
    first = [NewSubscriber("Ann@Readers.example", source="a"), NewSubscriber("bob@readers.example", source="a")]
    assert () == ledger.subscribers.add_many(A_MONTH.campaign, first, now=BEFORE).already_there
    again = [NewSubscriber("ann@readers.example", source="a"), NewSubscriber("cy@readers.example", source="a")]
    assert (0,) == ledger.subscribers.add_many(A_MONTH.campaign, again, now=BEFORE).repeated
    later = ledger.subscribers.add_many(A_MONTH.campaign, [NewSubscriber("BOB@readers.example", source="b")], now=DUE)
    assert (0,) == later.already_there
    assert {"active": 3, "suppressed": 0} == dict(ledger.subscribers.count())
    assert sorted(s.subscriber.id for s in ledger.subscribers.each(A_MONTH.campaign, at_once=2)) == [
        s.subscriber.id for s in ledger.subscribers.each(A_MONTH.campaign, at_once=2)
    ]
    assert 3 == len(list(ledger.subscribers.each(A_MONTH.campaign, at_once=2)))


def test_who_left_is_not_added_again(ledger: Ledger) -> None:
    """A suppression outlives the reader's record and every later import."""
    (ann,) = readers(ledger, 1)
    assert ledger.subscribers.unsubscribe(A_MONTH.campaign, ann, reason="asked", now=BEFORE)
    assert not ledger.subscribers.unsubscribe(A_MONTH.campaign, ann, reason="asked", now=BEFORE)
    assert not ledger.subscribers.unsubscribe(A_MONTH.campaign, "nobody", reason="asked", now=BEFORE)
    result = ledger.subscribers.add_many(A_MONTH.campaign, [NewSubscriber("READER0@readers.example")], now=DUE)
    assert (0,) == result.suppressed
    assert {"active": 0, "left": 1, "suppressed": 1} == dict(ledger.subscribers.count())


# -- history --------------------------------------------------------------------------------------------


def test_the_history_is_whole_and_tells_in_order(ledger: Ledger) -> None:
    """Each act is a line; each line carries the hash of the one before."""
    delivery_id, batch_id = sending(ledger)
    ledger.batches.record_outcome(batch_id, token="t1", outcome=ACCEPTED, now=DUE)
    kinds = [e.kind for e in reversed(ledger.events.newest(delivery_id=delivery_id))]
    assert ["delivery.planned", "delivery.opened", "attempt.begun", "attempt.accepted"] == kinds
    report = ledger.events.verify()
    assert report.is_whole
    assert ledger.events.version() == report.events


@pytest.mark.parametrize("statement", ["UPDATE events SET who = 'x'", "DELETE FROM events"])
def test_the_database_refuses_to_change_the_history(ledger: Ledger, statement: str) -> None:
    """Append-only is a rule of the database, not of good manners."""
    plan(ledger, POST)
    with pytest.raises(ObservanceError, match=r"append-only|cannot be used"), ledger._database.write("t") as connection:
        connection.execute(text(statement))
    assert ledger.events.verify().is_whole


@pytest.mark.parametrize(
    ("tamper", "says"),
    [
        ("UPDATE events SET data = '{}' WHERE id = 2", "event 2 was changed"),
        ("UPDATE events SET who = 'Eve' WHERE id = 1", "event 1 was changed"),
        ("DELETE FROM events WHERE id = 2", "event 2 is missing"),
        ("DELETE FROM events WHERE id = 3", "ends after 2 events; 3 were written"),
    ],
)
def test_a_change_behind_the_databases_back_is_found(ledger: Ledger, tamper: str, says: str) -> None:
    """Changed, taken out of the middle, cut off at the end: verify_events says where."""
    for n in (1, 2, 3):
        ledger.holds.set("x", who="Ada", why=f"hold {n}", now=BEFORE)
    with ledger._database.write("test") as connection:
        if ledger._database.is_sqlite:
            connection.execute(text("DROP TRIGGER events_no_update"))
            connection.execute(text("DROP TRIGGER events_no_delete"))
        else:
            connection.execute(text("ALTER TABLE events DISABLE TRIGGER USER"))
        connection.execute(text(tamper))
    report = ledger.events.verify()
    assert not report.is_whole
    assert says in report.reason


def test_no_address_gets_into_the_history_or_the_notes(ledger: Ledger) -> None:
    """Whatever people and providers write, the ledger's text names nobody by address."""
    secret = "ann@example.org"
    ids = readers(ledger, 2)
    delivery_id, (batch,) = opened(ledger, EMAIL)
    ledger.batches.leave_out(batch.id, {ids[0]: f"bad name <{secret}>"}, now=DUE)
    record_intent(ledger, batch.id, message=EMAIL)
    ledger.batches.record_outcome(
        batch.id, token="t1", outcome=Outcome(OutcomeKind.FINAL, detail=f"{secret} bounced"), now=DUE
    )
    ledger.deliveries.retry(delivery_id, who=secret, now=DUE)
    ledger.holds.set("*", who=secret, why=f"{secret} asked", now=DUE)
    ledger.holds.release("*", who=secret, now=DUE)
    ledger.deliveries.skip(delivery_id, who=secret, why=f"{secret} asked", now=DUE)
    ledger.approvals.record(replace(an_approval(POST, secret), comment=f"{secret} agrees"))
    ledger.approvals.withdraw(A_MONTH, "day-1", "x", who=secret, reason=secret, now=DUE)
    ledger.armings.arm(A_MONTH, who=secret, now=DUE)
    ledger.subscribers.unsubscribe(A_MONTH.campaign, ids[1], reason="asked", now=DUE)
    said = repr(
        (
            ledger.events.newest(limit=1000),
            ledger.deliveries.of_season("live", A_MONTH),
            ledger.deliveries.batches(delivery_id),
        )
    )
    said += repr(
        (
            ledger.holds.in_force(released=True),
            ledger.approvals.of_season(A_MONTH),
            ledger.armings.find(A_MONTH),
        )
    )
    assert "@" not in said
