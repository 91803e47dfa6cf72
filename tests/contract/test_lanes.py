"""Lanes: several calls in flight, deliveries that share a lane, and what one lane does not do to another."""

from __future__ import annotations

import threading
import tomllib
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event, select, update

from scheduler.channels.spec import SendsEach
from scheduler.clock import SystemClock, VirtualClock
from scheduler.domain.audience import Audience
from scheduler.domain.campaign import Lateness
from scheduler.domain.delivery import State
from scheduler.domain.message import Message
from scheduler.domain.outcome import Outcome, OutcomeKind, Recipient, Request
from scheduler.domain.reason import ReasonCode, because
from scheduler.domain.records import SendSnapshot
from scheduler.domain.rehearsal import SeasonToSend
from scheduler.domain.slot import whole_window
from scheduler.domain.subscriber import NewSubscriber
from scheduler.engine import send_journal
from scheduler.engine.dispatcher import Company
from scheduler.engine.in_flight import InThreads, Window
from scheduler.engine.lanes import Lanes, Lead, PostsFirst
from scheduler.engine.limits import Leave
from scheduler.engine.process_lock import lock, unlock
from scheduler.engine.replay import replay
from scheduler.engine.send_journal import Journal
from scheduler.engine.tick import Tick
from scheduler.errors import OutOfReach
from scheduler.settings import Mode
from scheduler.store import Ledger
from scheduler.store.tables import attempts, metadata, subscriptions
from scheduler.store.tables import batches as batch_rows
from scheduler.store.tables import deliveries as delivery_rows
from tests.support.world import A_MONTH, FakeTransport, World, a_post, an_approval, an_email, some_settings

DUE = datetime(2027, 1, 1, 10, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
SILENT = Outcome(OutcomeKind.UNKNOWN, reasons=(because(ReasonCode.NO_ANSWER),))
UNREACHED = Outcome(OutcomeKind.LATER, reasons=(because(ReasonCode.NO_CONNECTION),))
CEILINGS = tomllib.loads((Path(__file__).parents[1] / "data" / "ceilings.toml").read_text(encoding="utf-8"))
PATIENCE = 60  # seconds that a busy machine may take


class Day:
    """Mails in batches of one, and a post; the calls of a lane in threads."""

    def __init__(
        self,
        ledger: Ledger,
        messages: Sequence[Message],
        *,
        readers: int = 6,
        batch: int = 1,
        most: int = 4,
        journal: Journal | None = None,
        **more: Any,
    ) -> None:
        self.ledger = ledger
        self.world = World(ledger, messages, readers=readers, batch_limit=batch)
        settings = some_settings()
        email = replace(settings.channels["email"], options={"max_in_flight": most, **more})
        self.settings = replace(settings, channels={**settings.channels, "email": email})
        self.tick = Tick(
            ledger,
            {"x": self.world.x, "email": self.world.email},
            self.world.rehearse,
            self.settings,
            self.world.clock,
            str,
            fingerprint=lambda: "one",
            campaign=A_MONTH.campaign,
            calls=InThreads,
            journal=journal,
        )
        self.world.clock.advance(DUE - self.world.clock.now())
        self.lanes = Lanes(self.tick)
        self.in_flight = 0
        self.most_in_flight: list[int] = []
        self._lock = threading.Lock()

    def states(self) -> dict[str, str]:
        return {f"{d.item}/{d.channel}": str(d.state) for d in self.ledger.deliveries.of_season("live", A_MONTH)}

    def batches(self, item: str = "day-1") -> list[State]:
        found = next(d for d in self.ledger.deliveries.of_season("live", A_MONTH) if d.item == item)
        return [b.state for b in self.ledger.deliveries.batches(found.id)]

    def items(self) -> list[str]:
        """What the calls were about, in their order."""
        return [str(request.body["item"]) for request in self.world.email.provider.calls]

    def on_build(self, nth: int, does: Callable[[], object]) -> None:
        """It happens while the request of the n-th call is made: after what is looked at before, and before its
        intent."""
        build, built = self.world.email.build, list[int]()

        def build_and(message: Message, *, send_id: str, recipients: Sequence[Recipient] = ()) -> Request:
            built.append(1)
            if len(built) == nth:
                does()
            return build(message, send_id=send_id, recipients=recipients)

        self.world.email.build = build_and  # type: ignore[method-assign]

    def another_begins_a_call(self) -> None:
        """Another lane, or another program, for the last batch."""
        (found,) = self.ledger.deliveries.of_season("live", A_MONTH)
        assert self.ledger.batches.record_intent(
            self.ledger.deliveries.batches(found.id)[-1].id,
            token="another",
            message=self.world.messages[0],
            fingerprint="another",
            readers=1,
            node="another",
            lease=5 * MINUTE,
            check_after=MINUTE,
            now=self.world.clock.now(),
        )

    def rehearse_from_now_on(self) -> FakeTransport:
        """Somebody has set `mode = rehearsal`, and the alarm has looked. What is recorded from then on."""
        self.world.mode, recorder = Mode.REHEARSAL, FakeTransport("email", batch_limit=1)
        settings = replace(self.settings, mode=Mode.REHEARSAL)
        self.tick.take_up(settings, {"x": FakeTransport(), "email": recorder}, waived=())
        self.tick.look()
        return recorder

    def count_in_flight(self, *, together: int) -> None:
        """The first calls end at once, so that the window opens; the next ones stay until so many are under way."""
        full = threading.Event()

        def on_call(request: Request) -> None:
            with self._lock:
                self.in_flight += 1
                self.most_in_flight.append(self.in_flight)
                if self.in_flight >= together:
                    full.set()
                begun = len(self.most_in_flight)
            if begun >= together:
                full.wait(PATIENCE)
            with self._lock:
                self.in_flight -= 1

        self.world.email.on_call = on_call


class Mornings(Day):
    """A mail at ten in each reader's own morning, when it is ten in New York; each call takes a minute."""

    def __init__(self, ledger: Ledger, *others: Message, batch: int, **readers: int) -> None:
        begins, ends = whole_window(DUE.date(), time(10), Lateness())
        audience = Audience(local_time=time(10), home="America/New_York")
        mail = replace(an_email("day-1"), due_at=begins, expires_at=ends, audience=audience)
        super().__init__(ledger, [mail, *others], readers=0, batch=batch, most=1)
        zones = {"Berlin": "Europe/Berlin", "New_York": "America/New_York"}
        rows = [
            NewSubscriber(f"{place}{n}@readers.example", subscriber_id=f"{place}-{n}", zone=zones[place])
            for place, count in readers.items()
            for n in range(count)
        ]
        ledger.subscribers.add_many(A_MONTH.campaign, rows, now=begins - MINUTE)
        self.world.clock.advance(timedelta(hours=5))
        self.world.email.on_call = lambda request: self.world.clock.advance(MINUTE)

    def drain(self) -> None:
        """As in `start`, where each sweep wakes the lane that is still busy."""
        sweeps = iter(range(50))
        self.tick.look()
        self.tick.drain("email", woken=lambda: next(sweeps, None) is not None)

    def places(self) -> list[str]:
        """Where the readers of each call live."""
        return [str(request.body["readers"][0]).split("-")[0] for request in self.world.email.provider.calls]


@pytest.fixture
def running() -> Iterator[list[Lanes]]:
    """Lanes that are stopped at the end, and waited for."""
    started: list[Lanes] = []
    yield started
    for lanes in started:
        lanes.stop()
        until(lambda lanes=lanes: not lanes.beats())  # type: ignore[misc]


def until(happens: Callable[[], bool]) -> None:
    clock, pause = SystemClock(), threading.Event()
    began = clock.monotonic()
    while not happens():
        assert clock.monotonic() - began < PATIENCE, "it did not happen"
        pause.wait(0.01)


def test_the_first_mails_leave_while_the_rest_is_still_to_be_frozen(
    ledger: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    """When the first call is made, only the first part of the readers is frozen; in the end each has one mail."""
    monkeypatch.setattr("scheduler.store.recipients.FREEZE_AT_ONCE", 2)
    day = Day(ledger, [an_email()], most=1)
    frozen: list[int] = []

    def note(request: Request) -> None:
        (mailing,) = ledger.deliveries.of_season("live", A_MONTH)
        frozen.append(len(ledger.deliveries.batches(mailing.id)))
        assert (6, True) == (mailing.counts.frozen, mailing.counts.adds_up())

    day.world.email.on_call = note
    day.tick.run()
    assert (2, 6) == (min(frozen), max(frozen))
    assert {f"day-1/r{n:07d}": 1 for n in range(6)} == day.world.received()
    assert {"day-1/email": "sent"} == day.states()


def test_while_an_answer_is_waited_for_the_next_calls_are_made_up(
    ledger: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As many as may be in flight, to the last byte, and the readers behind them frozen; no intent is written, and no
    try is counted that was not. On PostgreSQL another program may be about to take them: none is made up there."""
    monkeypatch.setattr("scheduler.store.recipients.FREEZE_AT_ONCE", 4)
    day = Day(ledger, [an_email("day-1")], readers=12, most=3)
    built, found = list[str](), list[tuple[int, int, int, set[int]]]()
    build, ahead = day.world.email.build, 3 if ledger._database.is_sqlite else 0

    def build_and(message: Message, *, send_id: str, recipients: Sequence[Recipient] = ()) -> Request:
        built.append(send_id)
        return build(message, send_id=send_id, recipients=recipients)

    def note(request: Request) -> None:
        if not found:
            until(lambda: len(built) > ahead and len(day.batches()) == 12)
            batches = day.batches()
            with ledger._database.read() as connection:
                tries = connection.execute(select(batch_rows.c.tries).order_by(batch_rows.c.number)).scalars().all()
            found.append((len(built), len(batches), batches.count(State.SENDING), set(tries)))

    monkeypatch.setattr(day.world.email, "build", build_and)
    day.world.email.on_call = note
    assert 12 == day.tick.run().sent
    assert [(1 + ahead, 12, 1, {0, 1})] == found
    assert sorted(set(built)) == sorted(built), "each is made once"


@pytest.mark.parametrize("acts", ["a reader", "past the program"])
def test_what_was_made_up_ahead_is_made_anew_where_a_reader_has_changed(ledger: Ledger, acts: str) -> None:
    """Whoever chooses another head gets the next mail with it, and whoever goes stops no call to the others."""
    day = Day(ledger, [an_email("day-1")], readers=6, batch=2)
    made, called = dict[str, Sequence[Recipient]](), dict[str, bool | None]()
    build = day.world.email.build

    def build_and(message: Message, *, send_id: str, recipients: Sequence[Recipient] = ()) -> Request:
        made[send_id] = recipients
        return build(message, send_id=send_id, recipients=recipients)

    def note(request: Request) -> None:
        if not called:
            until(lambda: len(made) == (3 if ledger._database.is_sqlite else 1))
            if acts == "a reader":
                for number in (4, 5):
                    assert ledger.subscribers.set_discreet(f"r{number:07d}", True, now=DUE)
            else:
                with ledger._database.write("test") as connection:
                    mine = subscriptions.c.subscriber_id == "r0000004"
                    connection.execute(update(subscriptions).where(mine).values(state="left"))
        called.update({one.subscriber_id: one.discreet for one in made[request.fingerprint]})

    day.world.email.build = build_and  # type: ignore[method-assign]
    day.world.email.on_call = note
    assert (3, 0) == ((result := day.tick.run()).sent, result.later)
    same: dict[str, bool | None] = {f"r{n:07d}": None for n in range(6)}
    changed = {"r0000004": True, "r0000005": True} if acts == "a reader" else {}
    expected = same | changed
    if acts != "a reader":
        del expected["r0000004"]
    assert expected == called


def test_several_calls_are_in_flight_and_each_reader_gets_one_mail(ledger: Ledger) -> None:
    """The window opens with one call, and is never wider than it is set."""
    day = Day(ledger, [an_email("day-1")], readers=12)
    day.count_in_flight(together=4)
    result = day.tick.run()
    assert (12, 12) == (result.sent, result.readers)
    assert 1 == day.most_in_flight[0]
    assert 4 == max(day.most_in_flight)
    assert {1} == set(day.world.received().values())
    assert {"day-1/email": "sent"} == day.states()


def test_the_check_before_an_intent_is_made_anew_where_somebody_has_done_something(
    ledger: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Else once for a mailing, whatever its own calls write down: the one before each call is another. A season that is
    disarmed in between gets no intent more."""
    day, calls, looks = Day(ledger, [an_email("day-1")], readers=12, most=1), list[Request](), list[int | None]()
    snapshot = ledger.deliveries.snapshot

    def look(delivery: int, batch: int | None = None, departures: int | None = None) -> Any:
        looks.append(batch)
        return snapshot(delivery, batch, departures)

    def disarm_at_the_sixth(request: Request) -> None:
        calls.append(request)
        if len(calls) == 6:
            assert 1 == looks.count(None)
            assert ledger.armings.disarm(A_MONTH, who="Ben", now=DUE)

    monkeypatch.setattr(ledger.deliveries, "snapshot", look)
    day.world.email.on_call = disarm_at_the_sixth
    result = day.tick.run()
    assert (6, 1) == (result.sent, result.refused)
    found = next(d for d in ledger.deliveries.of_season("live", A_MONTH) if d.item == "day-1")
    assert [1] * 6 + [0] * 6 == [batch.attempt for batch in ledger.deliveries.batches(found.id)]
    assert (6, 2) == (len(looks) - looks.count(None), looks.count(None))


def test_what_happened_before_the_first_check_is_not_gone_through(
    ledger: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A history is long, and may hold nothing of what is looked for: a post would wait for all of it."""
    day, asked, ask = Day(ledger, [an_email("day-1")], readers=3, most=1), list[int | None](), ledger.events.news

    def note(*, after: int | None) -> Any:
        asked.append(after)
        return ask(after=after)

    monkeypatch.setattr(ledger.events, "news", note)
    assert 3 == day.tick.run().sent
    assert [True, False, False] == [after is None for after in asked]
    before = ledger.events.version()
    ledger.events.record("subscriber.left", who="reader", now=DUE)
    assert (before + 1, False, True) == (ask(after=before).newest, ask(after=before).by_others, ask(after=0).of_readers)
    assert (before + 1, False, False) == (ask(after=None).newest, ask(after=None).by_others, ask(after=None).of_readers)


def test_a_limit_of_calls_counts_those_in_flight(ledger: Ledger) -> None:
    """By the ledger, in the transaction of the intent."""
    day = Day(ledger, [an_email("day-1")], readers=12, max_calls=5, max_calls_minutes=60)
    day.count_in_flight(together=2)
    day.tick.run()
    assert 5 == len(day.world.email.provider.calls)


def test_a_call_that_another_lane_begins_meanwhile_counts_against_the_limit(ledger: Ledger) -> None:
    """In the transaction of the intent: when this lane looked, there was room for one."""
    day = Day(ledger, [an_email("day-1")], readers=3, most=1, max_calls=1, max_calls_minutes=60)
    day.on_build(1, day.another_begins_a_call)
    day.tick.run()
    assert [] == day.world.email.provider.calls


def test_after_trouble_no_call_is_begun_beside_one_that_another_lane_begins_meanwhile(ledger: Ledger) -> None:
    """In the transaction of the intent, too: when this lane looked, none was under way."""
    day = Day(ledger, [an_email("day-1")], readers=4, most=1)
    day.world.email.script = [UNREACHED]
    day.on_build(2, day.another_begins_a_call)
    day.tick.run()
    assert 1 == len(day.world.email.provider.calls)


def test_after_trouble_that_another_had_a_mailing_waits_for_its_own_calls_and_goes_on(ledger: Ledger) -> None:
    """In the same drain: it does not leave the lane because of them."""
    day = Day(ledger, [an_email("day-1")], readers=6)
    leave_for, has_looked = day.tick._dispatcher.leave_for, threading.Event()

    def trouble_comes(*given: Any, in_flight: bool) -> Leave:
        if not in_flight or has_looked.is_set():
            return leave_for(*given, in_flight=in_flight)
        ledger.pauses.note_bearing("live", "email", UNREACHED, now=DUE)
        leave = leave_for(*given, in_flight=in_flight)
        has_looked.set()
        return leave

    day.tick._dispatcher.leave_for = trouble_comes  # type: ignore[assignment, method-assign]
    day.world.email.on_call = lambda request: len(day.items()) and has_looked.wait(PATIENCE)
    assert 6 == day.tick.run().sent
    assert has_looked.is_set()


def test_a_mailing_begins_with_one_call_whatever_else_its_lane_does(ledger: Ledger) -> None:
    """The window is open for the other one; of this one nobody knows yet how its first call ends."""
    day = Day(ledger, [an_email("day-1"), an_email("day-2", on=DUE.date())], readers=6)
    begun, lock, others = list[str](), threading.Lock(), threading.Event()

    def first_is_slow(request: Request) -> None:
        with lock:
            begun.append(str(request.body["item"]))
            if begun.count("day-1") == 6:
                others.set()
            is_first = begun.count("day-2") == 1 and begun[-1] == "day-2"
        if is_first:
            others.wait(PATIENCE)
            assert 1 == begun.count("day-2")

    day.world.email.on_call = first_is_slow
    assert (12, 0) == ((result := day.tick.run()).sent, result.unknown)


def test_no_call_is_begun_after_a_hold_and_those_in_flight_end(ledger: Ledger) -> None:
    day = Day(ledger, [an_email("day-1")], readers=12)
    day.count_in_flight(together=3)
    count = day.world.email.on_call

    def hold_at_the_sixth(request: Request) -> None:
        if len(day.most_in_flight) == 5:
            ledger.holds.set("email", who="Ben", why="stop", now=DUE)
        count(request)

    day.world.email.on_call = hold_at_the_sixth
    day.tick.run()
    calls = len(day.world.email.provider.calls)
    assert 6 <= calls <= 9  # the sixth, and those that were past their last check
    states = day.batches()
    assert (calls, 12 - calls) == (states.count(State.SENT), states.count(State.SCHEDULED))
    day.tick.run()
    assert calls == len(day.world.email.provider.calls)


def test_a_hold_that_comes_while_the_files_are_read_is_seen_by_the_last_check(ledger: Ledger) -> None:
    """That may take seconds; and a call goes out no later than one after the hold."""
    day = Day(ledger, [an_email("day-1")], readers=2, most=1)
    present, looks = day.tick._dispatcher.present, list[int]()

    def read_slowly() -> SeasonToSend | None:
        looks.append(1)
        if len(looks) == 2:  # the first is before the intent
            ledger.holds.set("email", who="Ben", why="stop", now=DUE)
        return present()

    day.tick._dispatcher.present = read_slowly
    day.tick.run()
    assert [] == day.world.email.provider.calls
    assert {State.SCHEDULED} == set(day.batches())


def test_threads_that_wait_to_write_keep_nobody_from_reading(ledger: Ledger) -> None:
    """More of them than there are connections: they take one when it is their turn."""
    database = ledger._database
    with database._one_writer:
        writing = [
            threading.Thread(target=lambda: ledger.events.record("note", who="Ben", now=DUE), daemon=True)
            for _ in range(40)
        ]
        for thread in writing:
            thread.start()
        assert 0 == ledger.holds.is_held("x", A_MONTH.campaign)
    for thread in writing:
        thread.join(PATIENCE)
    assert 40 == len(ledger.events.of_kinds("note"))


def test_a_server_that_falls_silent_is_one_incident(ledger: Ledger) -> None:
    """What was in flight is in doubt; the pause is the first and not the fourth one's; nothing else is called."""
    day = Day(ledger, [an_email("day-1")], readers=12)
    day.world.email.script = [*["accept"] * 4, *[SILENT] * 8]
    day.count_in_flight(together=4)
    day.tick.run()
    states = day.batches()
    assert 1 <= states.count(State.UNKNOWN) <= 5
    (pause,) = ledger.pauses.in_force("live", now=DUE)
    assert (2, DUE + MINUTE) == (pause.failures, pause.until_at)


def test_the_delivery_whose_window_closes_first_goes_first(ledger: Ledger) -> None:
    """To its end: by turns half of its readers would miss it."""
    late, soon = an_email("day-1"), replace(an_email("day-2", on=DUE.date()), expires_at=DUE + 4 * MINUTE)
    day = Day(ledger, [late, soon], readers=3, most=1)
    day.world.email.on_call = lambda request: day.world.clock.advance(MINUTE)
    day.tick.run()
    assert ["day-2"] * 3 + ["day-1"] * 3 == day.items()
    assert {"day-1/email": "sent", "day-2/email": "sent"} == day.states()


def test_deliveries_whose_windows_close_together_take_turns(ledger: Ledger) -> None:
    """Also when the first call of one took long, and it had to wait for its end before the next."""
    day = Day(ledger, [an_email("day-1"), an_email("day-2", on=DUE.date())], readers=4, most=1)
    day.tick.run()
    assert ["day-1", "day-2"] * 4 == day.items()


def test_what_falls_due_meanwhile_of_a_delivery_under_way_joins_it(ledger: Ledger) -> None:
    """It is the evening in Berlin and the morning in New York: who was put off comes back before the day is over there,
    and not when all the others have theirs."""
    day = Mornings(ledger, Berlin=2, New_York=4, batch=1)
    day.world.email.script = [Outcome(OutcomeKind.LATER, retry_at=day.world.clock.now() + 3 * MINUTE)]
    day.drain()
    assert ["Berlin", "Berlin", "New_York", "Berlin", *["New_York"] * 3] == day.places()


def test_the_parts_of_a_call_that_was_too_large_go_by_the_end_of_their_readers_day(ledger: Ledger) -> None:
    """Though a part has the last number of all."""
    day = Mornings(ledger, Berlin=2, New_York=4, batch=2)
    day.world.email.script = [Outcome(OutcomeKind.FINAL, status=413, reasons=(because(ReasonCode.TOO_LARGE),))]
    day.drain()
    assert ["Berlin", "Berlin", "Berlin", "New_York", "New_York"] == day.places()
    assert {1} == set(day.world.received().values())


def test_who_gets_a_mailing_is_found_out_before_the_others_go_on(ledger: Ledger) -> None:
    """The whole of it closes last of all, and the day of its first readers ends before the other's window."""
    soon = replace(an_email("day-2", on=DUE.date()), expires_at=datetime(2027, 1, 2, tzinfo=UTC))
    day = Mornings(ledger, soon, Berlin=1, New_York=1, batch=1)
    day.drain()
    assert ["day-1", "day-2", "day-2", "day-1"] == day.items()
    assert ["Berlin", "Berlin", "New_York", "New_York"] == sorted(day.places())


def test_a_lane_that_gets_no_thread_gets_one_by_the_next_pass(
    ledger: Ledger, running: list[Lanes], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The machine may have none for a moment. It is said, and the other lanes have theirs."""
    day = Day(ledger, [an_email("day-1"), a_post("day-1")], readers=2)
    running.append(day.lanes)
    start = threading.Thread.start

    def none_for_mails(thread: threading.Thread) -> None:
        if thread.name.endswith("email"):
            raise RuntimeError("can't start new thread")
        start(thread)

    with monkeypatch.context() as patched:
        patched.setattr(threading.Thread, "start", none_for_mails)
        assert ("can't start new thread",) == day.lanes.run().problems
        until(lambda: day.states() == {"day-1/x": "sent", "day-1/email": "scheduled"})
    assert {} == day.lanes.beats()
    day.lanes.run()
    until(lambda: day.states()["day-1/email"] == "sent")


class OneAfterTheOther(FakeTransport, SendsEach):
    """A mail server that takes fifteen seconds for each mail; a call begins none after 25 seconds, as by SMTP."""

    clock: VirtualClock
    together = 0
    most_together = 0

    def send_each(
        self,
        request: Request,
        *,
        now: datetime,
        report: Callable[[str, Outcome], None],
        may_go_on: Callable[[], bool],
    ) -> Outcome:
        ends: dict[str, Outcome] = {}
        for n, subscriber in enumerate(request.body["readers"]):
            if n < 2:
                self.clock.advance(timedelta(seconds=15))
                ends[subscriber] = Outcome(OutcomeKind.ACCEPTED)
                report(subscriber, ends[subscriber])
            else:
                why = because(ReasonCode.NOT_BEGUN)
                ends[subscriber] = Outcome(OutcomeKind.LATER, reasons=(why,), retry_at=now + timedelta(hours=1))
        self.on_call(request)
        return Outcome.of_readers(ends)


@pytest.mark.parametrize("each", [False, True])
def test_slow_answers_keep_the_window_small(ledger: Ledger, monkeypatch: pytest.MonkeyPatch, each: bool) -> None:
    """Fifteen seconds of the twenty that an answer may take. By SMTP a call ends long before it has mailed everybody;
    what counts is how many answers it waited for."""
    day = Day(ledger, [an_email("day-1")], readers=40, most=4)
    sizes, end = list[int](), Window.end

    def note_size(window: Window, number: int, outcome: Outcome, *, slow: bool) -> None:
        end(window, number, outcome, slow=slow)
        sizes.append(window.size)

    monkeypatch.setattr(Window, "end", note_size)
    if each:
        slow = OneAfterTheOther("email", batch_limit=10)
        slow.clock = day.world.clock
        day.tick.take_up(day.settings, {"x": day.world.x, "email": slow}, waived=())
    else:
        day.world.email.batch_limit = 10
        day.world.email.on_call = lambda request: day.world.clock.advance(timedelta(seconds=15))
    day.tick.run()
    assert [1, 1, 1, 1] == sizes


def test_a_silent_server_costs_its_own_lane_alone(ledger: Ledger, running: list[Lanes]) -> None:
    """A post goes out while the mail server says nothing; passes come back at once; a stop waits for the call."""
    day = Day(ledger, [an_email("day-1"), a_post("day-1")])
    running.append(day.lanes)
    silent, begun = threading.Event(), threading.Event()

    def says_nothing(request: Request) -> None:
        begun.set()
        silent.wait(PATIENCE)

    day.world.email.on_call = says_nothing
    day.lanes.run()
    assert begun.wait(PATIENCE)
    until(lambda: day.states()["day-1/x"] == "sent")
    for _ in range(3):
        day.lanes.run()
    assert ["lane a-month email"] == [name for name in day.lanes.beats() if name.endswith("email")]
    day.lanes.stop()
    assert day.lanes.beats()
    silent.set()
    until(lambda: not day.lanes.beats())
    assert 1 == len(day.world.email.provider.calls)


def test_other_settings_end_a_drain_and_give_back_what_has_not_begun(ledger: Ledger) -> None:
    """A call under way ends as it began; none is made by the earlier settings after that."""
    day = Day(ledger, [an_email("day-1")], readers=6, most=1)
    transports = {"x": day.world.x, "email": day.world.email}

    def change(request: Request) -> None:
        day.world.email.on_call = lambda request: None
        assert day.tick.uses(day.world.email)
        day.tick.take_up(some_settings(), transports, waived=())

    day.world.email.on_call = change
    day.tick.run()
    assert 1 == len(day.world.email.provider.calls)
    assert not day.tick.uses(day.world.email)
    day.tick.run()
    assert {1} == set(day.world.received().values())
    assert {"day-1/email": "sent"} == day.states()


def test_a_live_call_that_has_not_begun_when_the_mode_becomes_rehearsal_is_given_back(ledger: Ledger) -> None:
    """Its intent stands, and all that the files say is as it was."""
    day = Day(ledger, [an_email("day-1")], readers=2, most=1)
    recorders: list[FakeTransport] = []
    day.on_build(1, lambda: recorders.append(day.rehearse_from_now_on()))
    day.tick.run()
    assert [] == day.world.email.provider.calls
    assert {State.SCHEDULED} == set(day.batches())
    day.tick.run()
    assert [] == day.world.email.provider.calls
    assert 2 == len(recorders[0].provider.calls)


def test_no_live_call_is_prepared_after_the_mode_has_become_rehearsal(ledger: Ledger) -> None:
    """The one under way ends as it began; of the others there is not even an intent."""
    day = Day(ledger, [an_email("day-1")], readers=3, most=1)

    def change(request: Request) -> None:
        day.rehearse_from_now_on()

    day.world.email.on_call = change
    day.tick.run()
    (found,) = ledger.deliveries.of_season("live", A_MONTH)
    assert 1 == len(day.world.email.provider.calls)
    assert [(State.SENT, 1), (State.SCHEDULED, 0), (State.SCHEDULED, 0)] == [
        (batch.state, batch.attempt) for batch in ledger.deliveries.batches(found.id)
    ]


def test_what_is_the_same_for_all_campaigns_one_of_them_looks_at(ledger: Ledger) -> None:
    """In each pass the first; and the next one, where that one's look fails."""
    lead, looked = Lead(), list[tuple[str, bool]]()

    def look(who: str, *, fails: bool = False) -> None:
        with suppress(ValueError), lead.taken_by(who) as leads:
            looked.append((who, leads))
            if fails:
                raise ValueError

    for fails in (False, True, False):
        look("first", fails=fails)
        look("second")
    told = [("first", True), ("second", False), ("first", True), ("second", True), ("first", False), ("second", True)]
    assert told == looked

    day = Day(ledger, [a_post("day-1")])
    day.tick.look(leads=False)
    day.world.clock.advance(timedelta(days=1))
    assert [0, 1, 0] == [day.tick.look(leads=leads).result.missed for leads in (False, True, True)]


def test_the_look_at_each_campaign_is_a_sign_of_life(ledger: Ledger) -> None:
    """A pass over many takes as long as all of them; the watchdog is to see that it goes on."""
    signs = list[int]()
    for _ in range(3):
        lanes = Lanes(Day(ledger, [a_post("day-1")]).tick)
        lanes.alive = lambda: signs.append(1)
        lanes.run()
    assert [1, 1, 1] == signs


def test_an_error_in_one_lane_is_said_without_its_words_and_that_lane_tries_again(
    ledger: Ledger, running: list[Lanes]
) -> None:
    """The others have gone on; and what an error says may hold an address."""
    day = Day(ledger, [an_email("day-1"), a_post("day-1")])
    running.append(day.lanes)
    drain, fails = day.tick.drain, [True]

    def fail_once(channel: str, *given: Any, **named: Any) -> int:
        if channel == "email" and fails:
            fails.clear()
            raise KeyError("ada@example.org")
        return drain(channel, *given, **named)

    day.tick.drain = fail_once  # type: ignore[method-assign]
    before = day.lanes.run().problems  # it may have failed by then
    until(lambda: not day.lanes.beats())
    assert {"day-1/x": "sent", "day-1/email": "scheduled"} == day.states()
    (problem,) = (*before, *day.lanes.run().problems)
    assert ("KeyError in test_lanes.py" in problem, "ada@" in problem) == (True, False)
    until(lambda: day.states()["day-1/email"] == "sent")


# -- the send journal of a process with calls in flight --------------------------------------------------


@pytest.fixture
def journal(ledger: Ledger, tmp_path: Path) -> Iterator[Journal]:
    made = Journal(tmp_path / "journal", ledger.attempts.ledger_id())
    yield made
    made.close()


@pytest.mark.parametrize("reader", ["the next look", "another process"])
def test_a_file_that_was_put_away_says_nothing_of_later_calls(
    ledger: Ledger, journal: Journal, running: list[Lanes], monkeypatch: pytest.MonkeyPatch, reader: str
) -> None:
    """It could not be folded, so it stays; a call that is in flight when it is read was made all the same."""
    monkeypatch.setattr(send_journal, "LARGE", 10)
    day = Day(ledger, [a_post("day-1"), an_email("day-1")], readers=3, journal=journal)
    running.append(day.lanes)
    answer, begun = threading.Event(), threading.Event()

    def answers_late(request: Request) -> None:
        begun.set()
        answer.wait(PATIENCE)

    day.world.email.on_call = answers_late
    journal.make_ready()  # a file of an earlier call
    journal.ended()
    with (journal.folder / "folded.lock").open("wb", buffering=0) as folding:
        assert lock(folding)
        day.lanes.run()
        assert begun.wait(PATIENCE)
        unlock(folding)
    if reader == "the next look":
        day.lanes.run()
    else:
        replay(Journal(journal.folder, journal.ledger_id), ledger, now=DUE)
    assert State.SENDING in day.batches()
    answer.set()
    until(lambda: not day.lanes.beats())
    day.lanes.run()
    until(lambda: not day.lanes.beats())
    assert {1} == set(day.world.received().values())
    assert {"day-1/x": "sent", "day-1/email": "sent"} == day.states()


@pytest.mark.parametrize("message", [a_post("day-1"), an_email("day-1")], ids=lambda m: m.channel)
def test_an_intent_that_others_have_ended_is_no_longer_called_for(ledger: Ledger, message: Message) -> None:
    """Whatever settled it, between the intent and the last check: the next call is by an intent of its own."""
    day = Day(ledger, [message], readers=1, most=1)
    present, looks = day.tick._dispatcher.present, list[int]()

    def while_it_stands_still() -> SeasonToSend | None:
        looks.append(1)
        if len(looks) == 2:  # the first is before the intent
            (attempt,) = ledger.attempts.unended(nodes=(day.tick._dispatcher._node,))
            later = Outcome(OutcomeKind.LATER, reasons=(because(ReasonCode.STOPPED_BEFORE),), retry_at=DUE)
            ledger.batches.record_outcome(attempt.batch_id, token=attempt.token, outcome=later, now=DUE)
        return present()

    day.tick._dispatcher.present = while_it_stands_still
    day.tick.run()
    assert {} == day.world.received()
    assert {f"day-1/{message.channel}": "scheduled"} == day.states()
    day.tick.run()
    assert {1} == set(day.world.received().values())


def posts_first(day: Day, *others: Lanes) -> PostsFirst:
    return PostsFirst((day.lanes, *others), day.ledger, lambda: str(day.world.mode), day.world.clock)


def before_it_is_due(ledger: Ledger, *messages: Message) -> Day:
    """A day that was looked at a minute ahead, and is due now."""
    day = Day(ledger, messages)
    day.world.clock.advance(-MINUTE)
    day.tick.look()
    day.world.clock.advance(MINUTE)
    return day


def test_posts_go_at_their_instant_without_another_look(
    ledger: Ledger, running: list[Lanes], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The lane checks all; a look at each of a hundred campaigns would keep the last one waiting."""
    day = before_it_is_due(ledger, a_post("day-1"))
    running.append(day.lanes)
    monkeypatch.setattr(day.tick, "look", lambda **whatever: pytest.fail("a look was made"))
    assert posts_first(day)()
    until(lambda: day.states() == {"day-1/x": "sent"} and not day.lanes.beats())
    assert not posts_first(day)(), "nothing is due any more, so a pass is to be made"


def test_where_a_mail_is_due_too_the_pass_is_made_at_once(ledger: Ledger, running: list[Lanes]) -> None:
    day = before_it_is_due(ledger, a_post("day-1"), an_email())
    running.append(day.lanes)
    assert not posts_first(day)()
    until(lambda: day.states() == {"day-1/x": "sent", "day-1/email": "scheduled"} and not day.lanes.beats())


def test_a_post_is_not_begun_before_its_season_was_read_and_found_in_order(
    ledger: Ledger, running: list[Lanes]
) -> None:
    """Not read yet; read, and another one due; unreadable; from a copy of the ledger."""
    day = Day(ledger, [a_post("day-1")])
    running.append(day.lanes)
    day.world.run_at(DUE - MINUTE)  # another process has planned it
    day.world.clock.advance(DUE - day.world.clock.now())
    first = posts_first(day)
    assert not first()
    day.tick.look()
    for attribute, value in (("_is_unreadable", True), ("_may_send", False)):
        before = getattr(day.tick, attribute)
        setattr(day.tick, attribute, value)
        assert not first()
        setattr(day.tick, attribute, before)
    assert ({}, {"day-1/x": "scheduled"}) == (dict(day.lanes.beats()), day.states())
    assert first()
    until(lambda: not day.lanes.beats())


def test_a_post_that_is_begun_so_is_held_by_a_hold(
    ledger: Ledger, running: list[Lanes], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Though it is set after the last question that was asked before the lane was begun."""
    day = before_it_is_due(ledger, a_post("day-1"))
    running.append(day.lanes)
    begin = day.lanes.begin

    def begin_held(channel: str, *posts: Any) -> None:
        ledger.holds.set("x", who="Ada", why="wait", now=day.world.clock.now())
        begin(channel, *posts)

    monkeypatch.setattr(day.lanes, "begin", begin_held)
    assert posts_first(day)()
    until(lambda: not day.lanes.beats())
    assert ({"day-1/x": "scheduled"}, []) == (day.states(), day.world.x.provider.calls)


def acts_on(ledger: Ledger, post: Message, now: datetime) -> dict[str, Callable[[], object]]:
    """What may change of what a post rests on; by nobody whom the history would tell from the program, but for one."""

    def move() -> None:
        later = {"due_at": now + MINUTE, "expires_at": now + 2 * MINUTE}
        with ledger._database.write("past") as connection:
            connection.execute(update(delivery_rows).values(**later))

    return {
        "hold": lambda: ledger.holds.set("x", who="tick", why="wait", now=now),
        "disarm": lambda: ledger.armings.disarm(A_MONTH, who="tick", now=now),
        "withdraw": lambda: ledger.approvals.withdraw(A_MONTH, "day-1", "x", who="tick", reason="no", now=now),
        "ask": lambda: ledger.change_requests.add([post], who="tick", role="reviewer", comment="wait", now=now),
        "move": move,
        "act": lambda: ledger.events.record("records.seen", who="Ada", now=now),
        "nothing": lambda: None,
    }


ACTS = ["hold", "disarm", "withdraw", "ask", "move", "act", "nothing"]
AHEAD = timedelta(seconds=0.9)


def made_ready(ledger: Ledger, *messages: Message) -> tuple[Day, PostsFirst]:
    """A day that was looked at a minute ahead, and what is about to be due was made up. It is due now."""
    day = before_it_is_due(ledger, *messages)
    day.world.clock.advance(-AHEAD)
    first = posts_first(day)
    first.make_ready(DUE)
    day.world.clock.advance(AHEAD)
    return day, first


@pytest.mark.parametrize("ahead", [False, True])
@pytest.mark.parametrize("act", ACTS)
def test_the_last_check_finds_what_has_changed_since_all_were_looked_at(
    ledger: Ledger, running: list[Lanes], monkeypatch: pytest.MonkeyPatch, act: str, ahead: bool
) -> None:
    """Between the intent and the call, whoever did it; also where the history does not say so; and where that look was
    made before it was due."""
    post = a_post("day-1")
    if ahead:
        day, first = made_ready(ledger, post)
        monkeypatch.setattr(ledger.deliveries, "due_first", lambda *whatever: pytest.fail("it was looked at again"))
    else:
        day = before_it_is_due(ledger, post)
        first = posts_first(day)
    running.append(day.lanes)
    with_intent = "begin_posts" if ahead else "record_intent"
    intend, as_before = getattr(ledger.batches, with_intent), ledger.deliveries.as_before
    now, found = day.world.clock.now(), list[SendSnapshot | None]()

    def intend_and_act(*posts: Any, **call: Any) -> Any:
        won = intend(*posts, **call)
        acts_on(ledger, post, now)[act]()
        return won

    def look(before: SendSnapshot, batch_id: int) -> SendSnapshot | None:
        found.append(as_before(before, batch_id))
        return found[-1]

    monkeypatch.setattr(ledger.batches, with_intent, intend_and_act)
    monkeypatch.setattr(ledger.deliveries, "as_before", look)
    assert first()
    until(lambda: bool(found) and not day.lanes.beats())
    assert [act == "nothing"] == [one is not None for one in found]
    assert (act in ("nothing", "act")) == bool(day.world.x.provider.calls)


@pytest.mark.parametrize("act", [*ACTS, "skip", "a mail falls due", "files", "settings"])
def test_what_changes_in_the_second_before_a_post_is_due_counts(
    ledger: Ledger, running: list[Lanes], monkeypatch: pytest.MonkeyPatch, act: str
) -> None:
    """All is looked at again, and nothing that was made up before is sent. No intent is written for what may not go."""
    post = a_post("day-1")
    mail = an_email("day-2", on=DUE.date(), hour=11)
    other = a_post("day-1", text="Mended in the last second.")
    ledger.approvals.record(an_approval(other))
    day, first = made_ready(ledger, post, mail)
    running.append(day.lanes)
    now, looks, look = DUE - MINUTE / 60, list[str](), ledger.deliveries.due_first
    with ledger._database.read() as connection:
        posted = delivery_rows.c.item == "day-1"
        number = connection.execute(select(delivery_rows.c.id).where(posted)).scalar_one()

    def mail_now() -> None:
        with ledger._database.write("past") as connection:
            connection.execute(update(delivery_rows).where(delivery_rows.c.item == "day-2").values(due_at=DUE))

    def files() -> None:
        day.world.messages[0] = other
        day.world.clock.advance(AHEAD)  # they are looked at once a second
        monkeypatch.setattr(day.tick, "_fingerprint", lambda: "another")

    acts = acts_on(ledger, post, now) | {
        "skip": lambda: ledger.deliveries.skip(number, who="tick", why="no", now=now),
        "a mail falls due": mail_now,
        "files": files,
        "settings": day.rehearse_from_now_on,
    }

    def note(*given: Any, **more: Any) -> Any:
        looks.append("again")
        return look(*given, **more)

    monkeypatch.setattr(ledger.deliveries, "due_first", note)
    acts[act]()
    began = first()
    until(lambda: not day.lanes.beats())
    called = [call.body["digest"] for call in day.world.x.provider.calls]
    recorded = act == "settings"  # and goes nowhere
    goes = {"nothing": [post.digest], "a mail falls due": [post.digest], "files": [other.digest]}
    assert goes.get(act, []) == called
    assert (act not in ("nothing", "files")) == bool(looks), "the files are looked at by the lane"
    assert (act in ("nothing", "files", "settings", "hold", "disarm", "withdraw", "ask")) == began
    with ledger._database.read() as connection:
        assert len(called) + recorded == len(connection.execute(select(attempts)).all()), "no intent without a call"


def test_a_post_is_made_up_before_it_is_due_and_nothing_is_written(
    ledger: Ledger, running: list[Lanes], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Built once; no row is another one, and no line is written, until it is due."""
    day = before_it_is_due(ledger, a_post("day-1"), a_post("day-2", on=DUE.date()))
    running.append(day.lanes)
    day.world.clock.advance(-AHEAD)
    built, build = list[str](), day.world.x.build

    def note(message: Message, *, send_id: str, recipients: Sequence[Recipient] = ()) -> Request:
        built.append(send_id)
        return build(message, send_id=send_id, recipients=recipients)

    monkeypatch.setattr(day.world.x, "build", note)

    def all_rows() -> list[Any]:
        with ledger._database.read() as connection:
            return [connection.execute(select(table)).all() for table in metadata.sorted_tables]

    before, first = all_rows(), posts_first(day)
    first.make_ready(DUE)
    assert (before, 2) == (all_rows(), len(built))
    day.world.clock.advance(AHEAD)
    assert first()
    until(lambda: not day.lanes.beats())
    assert {"day-1/x": "sent", "day-2/x": "sent"} == day.states()
    assert 2 == len(built)


def test_no_intent_of_a_post_that_was_made_up_is_written_after_a_hold(
    ledger: Ledger, running: list[Lanes], monkeypatch: pytest.MonkeyPatch
) -> None:
    """In the transaction that would freeze it and write the intent."""
    day, first = made_ready(ledger, a_post("day-1"))
    running.append(day.lanes)
    begin = ledger.batches.begin_posts

    def hold_and_begin(posts: Any) -> Any:
        ledger.holds.set("x", who="tick", why="wait", now=DUE)
        return begin(posts)

    monkeypatch.setattr(ledger.batches, "begin_posts", hold_and_begin)
    assert first()
    until(lambda: not day.lanes.beats())
    with ledger._database.read() as connection:
        assert [] == connection.execute(select(attempts)).all()
    assert ({"day-1/x": "scheduled"}, []) == (day.states(), day.world.x.provider.calls)
    (delivery,) = ledger.deliveries.of_season("live", A_MONTH)
    assert delivery.has(ReasonCode.HELD), "and it is said why"


@pytest.mark.parametrize("is_there", [False, True])
def test_where_nobody_knows_whether_a_post_was_begun_it_was_not_called_for(
    ledger: Ledger, running: list[Lanes], monkeypatch: pytest.MonkeyPatch, is_there: bool
) -> None:
    """The answer to the commit is lost: that there was no call is written down by the intent's token alone, and the
    next look calls for it once."""
    day, first = made_ready(ledger, a_post("day-1"))
    running.append(day.lanes)
    begin, once = ledger.batches.begin_posts, [1]

    def lose_the_answer(posts: Any) -> Any:
        if not once:
            return begin(posts)
        once.pop()
        if is_there:
            begin(posts)
        return [OutOfReach("the line broke", passes=True) for _ in posts]

    monkeypatch.setattr(ledger.batches, "begin_posts", lose_the_answer)
    assert first()
    until(lambda: not day.lanes.beats())
    assert ({"day-1/x": "scheduled"}, []) == (day.states(), day.world.x.provider.calls)
    day.tick.run()
    assert ({"day-1/x": "sent"}, 1) == (day.states(), len(day.world.x.provider.calls))


def test_what_is_not_made_up_in_time_goes_as_ever(
    ledger: Ledger, running: list[Lanes], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The first takes until it is due: the second is left. One that cannot be built is refused in its turn."""
    day = before_it_is_due(ledger, a_post("day-1"), a_post("day-2", on=DUE.date()), a_post("day-3", on=DUE.date()))
    running.append(day.lanes)
    day.world.clock.advance(-AHEAD)
    built, build = list[str](), day.world.x.build

    def slowly(message: Message, *, send_id: str, recipients: Sequence[Recipient] = ()) -> Request:
        built.append(message.item)
        if len(built) == 1:
            raise ValueError("it cannot be built")
        if len(built) == 2:
            day.world.clock.advance(AHEAD)
        return build(message, send_id=send_id, recipients=recipients)

    monkeypatch.setattr(day.world.x, "build", slowly)
    first = posts_first(day)
    first.make_ready(DUE)
    assert ["day-1", "day-2"] == built
    assert first()
    until(lambda: not day.lanes.beats())
    assert {f"day-{n}/x": "sent" for n in (1, 2, 3)} == day.states()
    assert ["day-1", "day-2", "day-1", "day-3"] == built


def test_where_somebody_has_done_something_since_the_season_is_read_again_first(ledger: Ledger) -> None:
    """What people have signed is read with the season: a sign-off that was taken back is nowhere else."""
    day = before_it_is_due(ledger, a_post("day-1"))
    ledger.events.record("delivery.moved", who="plan", now=DUE)
    ledger.events.record("subscriber.left", who="reader", now=DUE)
    assert day.tick.season_in_hand(ledger.events.version()) == A_MONTH
    ledger.events.record("signature.taken-back", who="Ada", now=DUE)
    assert not posts_first(day)()
    assert ({}, {"day-1/x": "scheduled"}) == (dict(day.lanes.beats()), day.states())
    day.tick.look()
    assert day.tick.season_in_hand(ledger.events.version()) == A_MONTH


def test_a_season_that_was_read_on_another_day_or_is_being_read_is_not_in_hand(ledger: Ledger) -> None:
    """What has grown old overnight is found when it is read."""
    day = before_it_is_due(ledger, a_post("day-1"))
    with day.tick.reading:
        assert day.tick.season_in_hand(ledger.events.version()) is None
    assert day.tick.season_in_hand(ledger.events.version()) == A_MONTH
    day.world.clock.advance(timedelta(days=1))
    assert day.tick.season_in_hand(ledger.events.version()) is None


# -- the intents of one instant -----------------------------------------------------------------------------


def days_made_ready(
    ledger: Ledger, count: int = 3, journal: Journal | None = None, prefix: str = "month"
) -> tuple[list[Day], PostsFirst]:
    """Campaigns with a post each, due at the same instant, whose calls were made up. It is that instant now."""
    days = list[Day]()
    for number in range(count):
        key = replace(A_MONTH, campaign=f"{prefix}-{number}")
        ledger.armings.arm(key, who="Ada", now=DUE - MINUTE)
        days.append(Day(ledger, [a_post("day-1", campaign=key.campaign)], journal=journal))
    for day in days:
        day.world.clock.advance(-MINUTE)
        day.tick.look()
        day.world.clock.advance(MINUTE - AHEAD)
    first = posts_first(days[0], *(day.lanes for day in days[1:]))
    first.make_ready(DUE)
    for day in days:
        day.world.clock.advance(AHEAD)
    return days, first


def ended(days: Sequence[Day]) -> None:
    until(lambda: not any(day.lanes.beats() for day in days))


def states_of_posts(ledger: Ledger, days: Sequence[Day]) -> list[str]:
    keys = [replace(A_MONTH, campaign=f"month-{number}") for number in range(len(days))]
    return [str(post.state) for key in keys for post in ledger.deliveries.of_season("live", key)]


def calls_of(days: Sequence[Day]) -> int:
    return sum(len(day.world.x.provider.calls) for day in days)


def intents_in(ledger: Ledger) -> int:
    with ledger._database.read() as connection:
        return len(connection.execute(select(attempts)).all())


@pytest.mark.parametrize("together", [128, 2])
def test_the_intents_of_one_instant_are_committed_before_their_calls(
    ledger: Ledger, running: list[Lanes], monkeypatch: pytest.MonkeyPatch, together: int
) -> None:
    """Of so many at once, in one commit; each call finds the intents of all of them."""
    monkeypatch.setattr("scheduler.engine.lanes.TOGETHER", together)
    days, first = days_made_ready(ledger)
    running += [day.lanes for day in days]
    found, commits = list[int](), list[int]()
    for day in days:
        day.world.x.on_call = lambda request: found.append(intents_in(ledger))
    carry_out = ledger._database._carry_out

    def count(asked: Sequence[Any]) -> None:
        commits.append(sum(change.name == "intent" for change in asked))
        carry_out(asked)

    monkeypatch.setattr(ledger._database, "_carry_out", count)
    assert first()
    ended(days)
    assert ["sent"] * 3 == states_of_posts(ledger, days)
    assert min(together, 3) <= min(found)
    assert [min(together, 3), 3 - min(together, 3)] == [*filter(None, commits), 0][:2]


@pytest.mark.parametrize("ledger_url", ["sqlite"], indirect=True)  # the ceilings are of its statements
def test_a_post_that_begins_with_others_takes_no_more_than_its_ceilings(
    open_it: Callable[[], Ledger], running: list[Lanes]
) -> None:
    """From its instant to its end; what is the same for all of an instant is asked once. How many ends share a commit
    is the machine's to say, so what holds a transaction together is not counted."""
    counted = list[Counter[str]]()
    for campaigns in (3, 7):
        ledger, found = open_it(), Counter[str]()

        def count(*about: Any, found: Counter[str] = found) -> None:
            found["s"] += not about[2].startswith(("BEGIN", "SAVEPOINT", "RELEASE"))

        days, first = days_made_ready(ledger, campaigns, prefix=f"of-{campaigns}")
        running += [day.lanes for day in days]
        event.listen(ledger._database.engine, "before_cursor_execute", count)
        event.listen(ledger._database.engine, "commit", lambda *about, found=found: found.update("c"))
        assert first()
        ended(days)
        counted.append(found)
    few, more = counted
    assert (more["s"] - few["s"]) / 4 <= CEILINGS["posts_together"]["statements"]
    assert 2 <= more["c"] <= 1 + 7, "one for all intents, and one for each end at most"


def test_the_limit_of_a_channel_counts_those_that_begin_together(ledger: Ledger, running: list[Lanes]) -> None:
    """Where two calls may be, the third of one instant waits, and says for what."""
    days, _ = days_made_ready(ledger)
    running += [day.lanes for day in days]
    for day in days:
        x = replace(day.settings.channels["x"], options={"max_calls": 2})
        settings = replace(day.settings, channels={**day.settings.channels, "x": x})
        day.tick.take_up(settings, {"x": day.world.x}, waived=())
        day.world.clock.advance(-AHEAD)
        day.tick.look()
    first = posts_first(days[0], *(day.lanes for day in days[1:]))
    first.make_ready(DUE)
    for day in days:
        day.world.clock.advance(AHEAD)
    assert first()
    ended(days)
    assert ["scheduled", "sent", "sent"] == sorted(states_of_posts(ledger, days))
    assert (2, 2) == (calls_of(days), intents_in(ledger))


@pytest.mark.parametrize("fails", [SILENT, UNREACHED, Outcome(OutcomeKind.LATER, status=429)])
def test_one_call_in_trouble_stops_those_that_began_with_it(
    ledger: Ledger, running: list[Lanes], monkeypatch: pytest.MonkeyPatch, fails: Outcome
) -> None:
    """What had not begun by then is given back: its lane asks whether the channel has a pause, as ever."""
    days, first = days_made_ready(ledger)
    running += [day.lanes for day in days]
    for day in days:
        day.world.x.script = [fails]
    as_before, record, checks, is_written = (
        ledger.deliveries.as_before,
        ledger.batches.record_outcome,
        list[int](),
        threading.Event(),
    )

    def one_after_the_other(*which: Any) -> Any:
        checks.append(1)
        assert len(checks) == 1 or is_written.wait(PATIENCE)
        return as_before(*which)

    def note(*given: Any, **named: Any) -> Any:
        try:
            return record(*given, **named)
        finally:
            is_written.set()

    monkeypatch.setattr(ledger.deliveries, "as_before", one_after_the_other)
    monkeypatch.setattr(ledger.batches, "record_outcome", note)
    assert first()
    ended(days)
    assert (1, 3) == (calls_of(days), intents_in(ledger))


def test_an_end_that_stands_in_no_journal_is_written_down_at_once(
    ledger: Ledger, running: list[Lanes], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Until it is in the ledger, a process that ends would leave a doubt."""
    waits = list[Company]()
    monkeypatch.setattr(Company, "wait_for_others", lambda company: waits.append(company))
    days, first = days_made_ready(ledger)
    running += [day.lanes for day in days]
    assert first()
    ended(days)
    assert ([], 3) == (waits, calls_of(days))


def test_an_end_is_written_down_behind_the_calls_that_began_with_it(
    ledger: Ledger, running: list[Lanes], monkeypatch: pytest.MonkeyPatch, journal: Journal
) -> None:
    """They share one processor. The third begins when somebody waits for it."""
    monkeypatch.setattr("scheduler.engine.dispatcher.OTHERS_FIRST", PATIENCE)
    days, first = days_made_ready(ledger, journal=journal)
    running += [day.lanes for day in days]
    checks, begun, ends, somebody_waits = list[int](), list[int](), list[int](), threading.Event()
    as_before, record = ledger.deliveries.as_before, ledger.batches.record_outcome
    wait, begins = Company.wait_for_others, Company.begins

    def check(*which: Any) -> Any:
        checks.append(1)
        assert len(checks) < 3 or somebody_waits.wait(PATIENCE)
        return as_before(*which)

    def note_wait(company: Company) -> None:
        somebody_waits.set()
        wait(company)

    def note_begin(company: Company) -> None:
        begun.append(1)
        begins(company)

    def note_end(*given: Any, **named: Any) -> Any:
        ends.append(len(begun))
        return record(*given, **named)

    monkeypatch.setattr(ledger.deliveries, "as_before", check)
    monkeypatch.setattr(ledger.batches, "record_outcome", note_end)
    monkeypatch.setattr(Company, "wait_for_others", note_wait)
    monkeypatch.setattr(Company, "begins", note_begin)
    assert first()
    ended(days)
    assert ([3, 3, 3], 3) == (ends, calls_of(days))


def test_where_a_channel_had_trouble_posts_begin_one_after_the_other(ledger: Ledger, running: list[Lanes]) -> None:
    """None is committed beside another call."""
    days, first = days_made_ready(ledger)
    running += [day.lanes for day in days]
    ledger.pauses.note_bearing("live", "x", UNREACHED, now=DUE - MINUTE)
    found = list[int]()
    for day in days:
        day.world.x.on_call = lambda request: found.append(intents_in(ledger))
    assert first()
    ended(days)
    assert 1 == found[0]


def test_of_a_lane_the_post_that_closes_first_begins_with_those_of_others(ledger: Ledger, running: list[Lanes]) -> None:
    """The other one follows when its call has ended, as ever."""
    posts = [a_post("day-1", until_hour=13), a_post("day-2", on=DUE.date(), until_hour=12)]
    day, first = made_ready(ledger, *posts, a_post("day-3", on=DUE.date()))
    running.append(day.lanes)
    assert first()
    ended([day])
    assert ["day-2", "day-1", "day-3"] == [call.body["item"] for call in day.world.x.provider.calls]


def test_a_lane_that_is_being_drained_begins_nothing_with_others(ledger: Ledger, running: list[Lanes]) -> None:
    """Its window is its own: a call may be under way."""
    (day,), first = days_made_ready(ledger, 1)
    running.append(day.lanes)
    gate = threading.Event()

    def drain(errand: object) -> None:
        gate.wait(PATIENCE)

    day.lanes._ask(day.lanes._lane("x"), drain)
    try:
        first()
        assert 0 == intents_in(ledger)
    finally:
        gate.set()
    ended([day])


def test_a_call_that_nobody_makes_any_more_is_given_back(
    ledger: Ledger, running: list[Lanes], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """The process is to stop between the intents and the calls: after its end it is not in doubt whether they went."""
    journal = Journal(tmp_path / "journal", ledger.attempts.ledger_id())
    days, first = days_made_ready(ledger, journal=journal)
    running += [day.lanes for day in days]
    begin = ledger.batches.begin_posts

    def begin_and_stop(posts: Any) -> Any:
        answers = begin(posts)
        for day in days:
            day.lanes.stop()
        return answers

    monkeypatch.setattr(ledger.batches, "begin_posts", begin_and_stop)
    assert first()
    assert (["scheduled"] * 3, 0, 3) == (states_of_posts(ledger, days), calls_of(days), intents_in(ledger))
    assert journal.put_away(), "no call of this process is between its intent and its end"
    journal.close()


def test_a_post_of_whose_intent_nothing_can_be_made_keeps_no_other_waiting_and_no_file(
    ledger: Ledger, running: list[Lanes], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """The others of its instant go, its own lane says what is wrong, and the journal's file may be put away."""
    journal = Journal(tmp_path / "journal", ledger.attempts.ledger_id())
    days, first = days_made_ready(ledger, journal=journal)
    running += [day.lanes for day in days]

    def fail() -> None:
        raise ValueError("ada@example.org")

    monkeypatch.setattr(days[1].world.x, "settle_after", fail)
    assert first()
    ended(days)
    assert (["sent", "scheduled", "sent"], 2, 2) == (
        states_of_posts(ledger, days), calls_of(days), intents_in(ledger),
    )  # fmt: skip
    assert ["ValueError in"] == [problem[:13] for problem in days[1].lanes._problems]
    assert journal.put_away()
    journal.close()


def test_what_was_made_up_from_files_that_moved_meanwhile_is_not_sent(ledger: Ledger, running: list[Lanes]) -> None:
    """They are looked at once all is made up, for that holds for a second."""
    day = before_it_is_due(ledger, a_post("day-1"))
    running.append(day.lanes)
    other = a_post("day-1", text="Mended meanwhile.")
    ledger.approvals.record(an_approval(other))
    day.tick.look()
    day.world.clock.advance(-AHEAD)
    build = day.world.x.build

    def move_and_build(*given: Any, **named: Any) -> Request:
        request = build(*given, **named)
        day.world.messages[0], day.tick._fingerprint = other, lambda: "another"
        return request

    day.world.x.build = move_and_build  # type: ignore[method-assign]
    first = posts_first(day)
    first.make_ready(DUE)
    assert {} == day.lanes._ready
    day.world.clock.advance(AHEAD)
    assert first()
    ended([day])
    assert [other.digest] == [call.body["digest"] for call in day.world.x.provider.calls]
