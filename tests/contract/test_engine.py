"""The tick over a real ledger and a virtual clock: sent once, on its day, or said aloud."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest

from scheduler.clock import VirtualClock
from scheduler.domain.delivery import State
from scheduler.domain.delivery_words import why
from scheduler.domain.finding import Finding, Severity, Where
from scheduler.domain.message import Message
from scheduler.domain.outcome import Evidence, Outcome, OutcomeKind, Request, Verdict
from scheduler.domain.reason import ReasonCode
from scheduler.domain.reason_words import in_words
from scheduler.engine.dispatcher import TickResult
from scheduler.errors import NeedsAPerson, ObservanceError, OutOfReach
from scheduler.settings import Mode
from scheduler.store import Ledger
from tests.support.altered_ledger import AlteredLedger
from tests.support.reasons import says
from tests.support.world import A_MONTH, HERE, FakeTransport, World, a_post, an_approval, an_email

HOUR = timedelta(hours=1)
MINUTE = timedelta(minutes=1)
JANUARY = [date(2027, 1, d) for d in range(1, 32)]


def at(day: int, hour: int = 10, minute: int = 0, month: int = 1) -> datetime:
    return datetime(2027, month, day, hour, minute, tzinfo=UTC)


def the_month(**options: Any) -> list[Message]:
    """A post and an email for each day of January."""
    return [m for on in JANUARY for m in (a_post(f"day-{on.day}", on=on, **options), an_email(f"day-{on.day}", on=on))]


def refusals(result: TickResult) -> list[str]:
    """Why each delivery may not go, in words."""
    return [in_words(reasons) for reasons in result.reasons.values()]


def later(when: datetime) -> Outcome:
    return Outcome(OutcomeKind.LATER, detail="too many", status=429, retry_at=when)


@pytest.fixture
def month(ledger: Ledger) -> World:
    """January, approved and armed, for three readers in batches of two."""
    return World(ledger, the_month(), readers=3, batch_limit=2)


@pytest.fixture
def day(ledger: Ledger) -> World:
    """The first of January, approved and armed, for ten readers in batches of two."""
    return World(ledger, [a_post("day-1"), an_email("day-1")], readers=10, batch_limit=2)


# -- on its day -----------------------------------------------------------------------------------------


def test_a_whole_month_goes_out_once_each_day(month: World) -> None:
    """A pass each twelve hours for 40 days: every reader and the timeline get each day's message once, in order."""
    now = month.clock.now()
    while now < at(9, 0, month=2):
        now += 12 * HOUR
        month.run_at(now)
    received = month.received()
    assert {1} == set(received.values())
    assert 31 * (3 + 1) == len(received)
    assert {"sent"} == set(month.states().values())
    days = [r.body["item"] for r in month.x.provider.accepted]
    assert [f"day-{d}" for d in range(1, 32)] == days


def test_nothing_goes_out_before_its_instant_and_it_does_at_it(day: World) -> None:
    """One microsecond before is before."""
    assert 0 == day.run_at(at(1) - timedelta(microseconds=1)).sent
    result = day.run_at(at(1))
    assert (6, 10) == (result.sent, result.readers)


def test_a_restart_adds_nothing(month: World) -> None:
    """Twenty starts on one day send what one start sends."""
    for minute in range(20):
        month.new_tick()
        month.run_at(at(3, 10, minute))
    assert {1} == {count for item, count in month.received().items() if item.startswith("day-3/")}
    assert 4 == sum(item.startswith("day-3/") for item in month.received())


@pytest.mark.parametrize(
    ("back_at", "sent", "missed"),
    [
        (at(1, 14), ["day-1"], []),  # four hours down: still its day
        (at(1, 23, 59), ["day-1"], []),
        (at(2, 0), [], ["day-1"]),  # the window closed while it was down
        (at(2, 12), ["day-2"], ["day-1"]),
        (at(6, 12), ["day-6"], ["day-1", "day-2", "day-3", "day-4", "day-5"]),
    ],
)
def test_after_an_outage_only_what_is_inside_its_window_goes(
    month: World, back_at: datetime, sent: list[str], missed: list[str]
) -> None:
    """No burst: yesterday's message is not sent today, it is missed, and that is said."""
    month.tick.run()
    result = month.run_at(back_at)
    assert sent == [r.body["item"] for r in month.x.provider.accepted]
    assert missed == [i.split("/")[0] for i, s in month.states().items() if s == "missed" and i.endswith("/x")]
    assert 2 * len(missed) == result.missed
    assert bool(missed) == result.needs_a_person()


def test_on_the_second_of_february_nothing_goes(month: World) -> None:
    """The end date is kept, even if nothing ran before it."""
    result = month.run_at(at(2, 10, month=2))
    assert 0 == result.sent
    assert {} == month.received()
    assert {"missed"} == set(month.states().values())


def test_a_clock_that_is_set_back_sends_nothing_twice(day: World) -> None:
    """An hour that happens twice is one hour for the ledger."""
    day.run_at(at(1, 10, 30))
    day.clock.jump(at(1, 9, 30))
    for minute in range(0, 120, 10):
        day.clock.jump(at(1, 9, 30) + minute * MINUTE)
        day.tick.run()
    assert {1} == set(day.received().values())


def test_a_post_does_not_wait_for_a_mail_to_many(day: World) -> None:
    """At the same instant the single call goes first."""
    order: list[str] = []
    day.x.on_call = lambda r: order.append("x")
    day.email.on_call = lambda r: order.append("email")
    day.run_at(at(1))
    assert ["x"] + ["email"] * 5 == order


# -- the plan and the files -----------------------------------------------------------------------------


def test_files_are_read_only_when_something_is_due(month: World) -> None:
    """One look at the start, one at each due instant; none for idle passes."""
    for hour in range(13, 24):
        month.run_at(datetime(2026, 12, 31, hour, tzinfo=UTC))
    assert 1 == month.looks
    month.run_at(at(1))
    assert 2 == month.looks
    month.run_at(at(1, 11))
    assert 2 == month.looks


def test_with_a_fingerprint_unchanged_files_are_not_read_again(day: World) -> None:
    """What waits for a person all day costs no rendering each twenty seconds; a change is seen at once."""
    print_of_files = "one"
    day.ledger.armings.disarm(A_MONTH, who="Ada", now=day.clock.now())
    day.new_tick(fingerprint=lambda: print_of_files)
    day.run_at(at(1))
    day.run_at(at(1, 10, 1))
    looks = day.looks
    for minute in range(2, 30):
        day.run_at(at(1, 10, minute))
    assert looks == day.looks
    day.ledger.armings.arm(A_MONTH, who="Ada", now=day.clock.now())
    assert 6 == day.run_at(at(1, 10, 31)).sent
    assert looks + 1 == day.looks
    print_of_files = "two"
    day.messages = []
    day.run_at(at(1, 10, 32))
    assert looks + 2 == day.looks


def test_files_are_read_ahead_within_the_last_minute(month: World) -> None:
    """At the instant itself nothing has to be rendered: the look of the minute before still holds. What people do is
    looked at again, and what the program itself writes down of its calls is not."""
    month.new_tick(fingerprint=lambda: "one")
    month.run_at(at(3, 9))
    looks = month.looks
    month.run_at(at(3, 9, 58))
    assert looks == month.looks
    month.ledger.events.record("note", who="Ben", now=at(3, 9, 58))
    month.run_at(at(3, 9, 59) + timedelta(seconds=1))
    assert looks + 1 == month.looks
    month.run_at(at(3, 9, 59) + timedelta(seconds=21))
    assert 3 == month.run_at(at(3)).sent
    assert looks + 1 == month.looks


def test_a_new_time_in_the_files_is_noticed_before_the_old_one(ledger: Ledger) -> None:
    """With a fingerprint, a slot that is moved forward wakes the alarm at the new instant."""
    world = World(ledger, [a_post("day-1")])
    files = ["one"]
    world.new_tick(fingerprint=lambda: files[0])
    world.tick.run()
    assert (at(1),) == world.tick.next_instants()
    world.messages = [replace(world.messages[0], due_at=at(1, 8))]
    files[0] = "two"
    world.run_at(at(1, 7))
    assert (at(1, 8),) == world.tick.next_instants()


def test_an_item_taken_out_on_its_morning_does_not_go(day: World) -> None:
    """Deleted is deleted: the files are read again before anything is sent."""
    day.run_at(at(1, 9))
    day.messages = []
    result = day.run_at(at(1))
    assert (0, 2) == (result.sent, result.plan.cancelled)
    assert {} == day.received()


@pytest.mark.parametrize("where", ["campaigns/a-month/calendar.toml", "campaigns/a-month/items/day-1.md"])
def test_an_item_whose_file_is_broken_is_kept_and_refused(day: World, where: str) -> None:
    """A broken file is no decision to leave the day out: it waits, says why, and goes once the file is right."""
    day.tick.run()
    messages = day.messages
    day.messages = messages[1:]
    day.findings = [Finding("C001", Severity.RED, "cannot be read", Where(where, 3))]
    result = day.run_at(at(1))
    assert (0, 2) == (result.plan.cancelled, result.refused)
    broken = "C001: cannot be read"
    assert [f"{says(ReasonCode.NO_MESSAGE)}; {broken}", broken] == refusals(result)
    day.messages, day.findings = messages, []
    assert 6 == day.run_at(at(1, 11)).sent


@pytest.mark.parametrize(
    ("item", "where"), [("day-1", "campaigns/a-month/items/day-1.md"), ("", "templates/email/fact.html")]
)
def test_a_mail_that_cannot_be_made_is_kept_refused_and_missed_aloud(day: World, item: str, where: str) -> None:
    """A brace too many in a text or a template is no decision either: nothing is cancelled in silence."""
    day.tick.run()
    mails = [m for m in day.messages if m.channel == "email"]
    day.messages = [m for m in day.messages if m.channel == "x"]
    day.findings = [Finding("R001", Severity.RED, "cannot be read", Where(where, 3), item=item, channel="email")]
    result = day.run_at(at(1))
    assert (0, len(mails)) == (result.plan.cancelled, result.refused)
    assert "R001: cannot be read" in "".join(refusals(result))
    assert "missed" not in day.states().values()
    day.run_at(at(2, 0))
    assert "missed" == day.states()["day-1/email"]


def test_what_waits_for_a_persons_word_still_does_when_its_item_left_the_plan_and_came_back(day: World) -> None:
    """Held, taken out, put in again: nothing goes out by itself."""
    day.tick.run()
    day.ledger.holds.set("*", who="Ada", why="a storm", now=at(1, 9))
    day.run_at(at(1))
    day.ledger.holds.release("*", who="Ada", now=at(1, 11))
    messages, day.messages = day.messages, []
    day.new_tick()  # it reads the files
    assert 2 == day.run_at(at(1, 12)).plan.cancelled
    day.messages = messages
    day.new_tick()
    for hour in (13, 14):
        assert 0 == day.run_at(at(1, hour)).sent
    assert {"held"} == set(day.states().values())
    waits = day.ledger.deliveries.of_season("live", A_MONTH)
    assert {"held by Ada: a storm"} == {why(d) for d in waits}
    day.ledger.deliveries.release(waits[0].id, who="Ada", now=at(1, 14))
    assert 0 < day.run_at(at(1, 15)).sent


def test_a_campaign_that_cannot_be_read_stops_sending_and_is_said(day: World) -> None:
    """Nothing goes out on old words; the pass reports it, and the window still closes."""
    day.tick.run()
    day.unreadable = NeedsAPerson("a bracket is missing")
    result = day.run_at(at(1))
    assert (0, ("the campaign cannot be read: a bracket is missing",)) == (result.sent, result.problems)
    assert result.needs_a_person()
    day.unreadable = KeyError("reader@readers.example")
    assert ("the campaign cannot be read: an error of the program (KeyError)",) == day.run_at(at(1, 11)).problems
    assert 2 == day.run_at(at(2, 0)).missed
    assert {} == day.received()
    assert "cannot be read" in why(day.ledger.deliveries.of_season("live", A_MONTH)[0])


# -- approved, armed, not held --------------------------------------------------------------------------


def test_an_edit_after_the_approval_stops_the_message(day: World) -> None:
    """One changed comma, and it is refused with the reason; approved again, it goes."""
    day.messages[0] = a_post("day-1", text="The post of day-1, changed.")
    result = day.run_at(at(1))
    assert (5, 1) == (result.sent, result.refused)
    assert ["it changed after it was approved"] == refusals(result)
    day.ledger.approvals.record(an_approval(day.messages[0], at=day.clock.now()))
    assert 1 == day.run_at(at(1, 11)).sent


def test_an_edit_of_the_time_alone_voids_the_approval(day: World) -> None:
    """The approval is for the instant, too."""
    day.messages[0] = a_post("day-1", hour=11)
    result = day.run_at(at(1, 11))
    assert "it changed after it was approved" in refusals(result)
    assert 0 == len(day.x.provider.calls)


def test_a_season_that_is_not_armed_sends_nothing(day: World) -> None:
    """Live mode alone is not enough."""
    day.ledger.armings.disarm(A_MONTH, who="Ada", now=day.clock.now())
    result = day.run_at(at(1))
    assert (0, 2) == (result.sent, result.refused)
    assert {says(ReasonCode.NOT_ARMED, season=2027)} == set(refusals(result))
    day.run_at(at(2, 0))
    notes = {why(d) for d in day.ledger.deliveries.of_season("live", A_MONTH)}
    assert {says(ReasonCode.CLOSED_UNSENT, ReasonCode.NOT_ARMED, season=2027)} == notes


def test_a_red_finding_of_one_item_stops_that_item_alone(ledger: Ledger) -> None:
    """Day 1 is red; day 2 goes."""
    world = World(ledger, [a_post("day-1", until_hour=48), a_post("day-2", on=date(2027, 1, 2))])
    world.findings = [Finding("C020", Severity.RED, "claim not signed", HERE, item="day-1")]
    world.run_at(at(1))
    world.run_at(at(2))
    assert {"day-1/x": "scheduled", "day-2/x": "sent"} == world.states()


def test_a_red_finding_of_the_campaign_stops_all_and_a_waived_one_does_not(ledger: Ledger) -> None:
    """Contacts gone stale block everything; in a sandbox the named code does not."""
    world = World(ledger, [a_post("day-1")], waived=("H109",))
    world.findings = [Finding("H109", Severity.RED, "stale", HERE), Finding("H001", Severity.RED, "gone", HERE)]
    assert "H001: gone" in "".join(refusals(world.run_at(at(1))))
    world.findings = world.findings[:1]
    assert 1 == world.run_at(at(1, 11)).sent


def test_a_hold_between_two_batches_stops_the_rest(day: World, open_it: Callable[[], Ledger]) -> None:
    """Set from another process during the second call: the third does not happen. Released, nothing goes by
    itself; a person lets it go, and everybody has got it once."""
    other = open_it()

    def hold_at_the_second(request: Request) -> None:
        if len(day.email.provider.calls) == 1:
            other.holds.set("email", who="Ben", why="a sad day", now=day.clock.now())

    day.email.on_call = hold_at_the_second
    result = day.run_at(at(1))
    assert 2 == len(day.email.provider.calls)
    assert "held by Ben" in "".join(refusals(result))
    day.email.on_call = lambda request: None
    day.new_tick()
    day.run_at(at(1, 11))
    assert 2 == len(day.email.provider.calls)
    (waiting,) = day.ledger.holds.release("email", who="Ada", now=day.clock.now())
    day.run_at(at(1, 12))
    assert 2 == len(day.email.provider.calls)
    day.ledger.deliveries.release(waiting.id, who="Ada", now=day.clock.now())
    day.run_at(at(1, 13))
    assert {1} == set(day.received().values())
    assert 11 == len(day.received())


def test_a_hold_that_comes_between_the_intent_and_the_call_stops_the_call(
    day: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The last check is after the intent, right before the call; what it stops is certainly not sent."""
    intend = day.ledger.batches.record_intent

    def intend_then_hold(batch_id: int, **values: Any) -> bool:
        won = intend(batch_id, **values)
        day.ledger.holds.set("*", who="Ben", why="stop", now=day.clock.now())
        return won

    monkeypatch.setattr(day.ledger.batches, "record_intent", intend_then_hold)
    result = day.run_at(at(1))
    assert ([], []) == (day.x.provider.calls, day.email.provider.calls)
    assert (1, 0, 0) == (result.later, result.unknown, result.failed)
    assert {"scheduled"} == set(day.states().values())
    day.ledger.holds.release("*", who="Ada", now=day.clock.now())
    assert {"held"} == set(day.states().values())


def test_an_approval_taken_back_in_the_middle_stops_the_rest(day: World) -> None:
    """Approvals are looked at again between two batches."""
    day.email.on_call = lambda request: day.ledger.approvals.withdraw(
        A_MONTH, "day-1", "email", who="Ada", reason="new figures", now=day.clock.now()
    )
    result = day.run_at(at(1))
    assert 1 == len(day.email.provider.calls)
    assert {"nobody has approved it"} == set(refusals(result))


def test_the_window_is_looked_at_again_between_two_batches(day: World) -> None:
    """A slow provider carries the sending past midnight: the rest is missed, not late."""
    day.email.on_call = lambda request: day.clock.advance(5 * HOUR)
    day.run_at(at(1, 12))
    assert 3 == len(day.email.provider.calls)
    day.tick.run()
    email = next(d for d in day.ledger.deliveries.of_season("live", A_MONTH) if d.channel == "email")
    assert (State.PARTLY_SENT, 6, 4) == (email.state, email.counts.accepted, email.counts.missing)
    assert ["missed", "missed"] == [b.state for b in day.ledger.deliveries.batches(email.id)][3:]


def test_a_machine_that_sleeps_between_intent_and_call_does_not_call(
    day: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Half the lease gone before the call: the call might outlast it, so it does not happen."""
    intend = day.ledger.batches.record_intent

    def intend_then_sleep(batch_id: int, **values: Any) -> bool:
        won = intend(batch_id, **values)
        day.clock.jump(day.clock.now() + 2 * MINUTE)  # the wall clock alone, as after a suspend
        return won

    monkeypatch.setattr(day.ledger.batches, "record_intent", intend_then_sleep)
    result = day.run_at(at(1))
    assert ([], []) == (day.x.provider.calls, day.email.provider.calls)
    assert 6 == result.later


# -- readers --------------------------------------------------------------------------------------------


def test_who_leaves_between_freeze_and_call_is_not_written_to(day: World) -> None:
    """Counted as skipped, with the reason; the sum is right to the one."""
    day.email.on_call = lambda request: day.ledger.subscribers.unsubscribe(
        A_MONTH.campaign, "r0000009", reason="asked", now=day.clock.now()
    )
    day.run_at(at(1))
    assert "day-1/r0000009" not in day.received()
    email = next(d for d in day.ledger.deliveries.of_season("live", A_MONTH) if d.channel == "email")
    assert (10, 9, 1) == (email.counts.frozen, email.counts.accepted, email.counts.skipped)
    assert email.counts.adds_up()


def test_who_leaves_between_preparing_and_the_call_is_not_written_to(
    day: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The last check sees it; the batch goes without them at the next pass."""
    intend = day.ledger.batches.record_intent

    def intend_then_leave(batch_id: int, **values: Any) -> bool:
        won = intend(batch_id, **values)
        day.ledger.subscribers.unsubscribe(A_MONTH.campaign, "r0000000", reason="asked", now=day.clock.now())
        return won

    monkeypatch.setattr(day.ledger.batches, "record_intent", intend_then_leave)
    day.run_at(at(1))
    day.run_at(at(1, 10, 1))
    received = day.received()
    assert "day-1/r0000000" not in received
    assert 10 == len(received)
    assert {1} == set(received.values())


def test_who_leaves_and_is_skipped_by_another_process_is_not_written_to(
    day: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """This process stands still with its request in hand; another one prepares the same batch, and dies. The reader is
    skipped already, so nobody is newly gone; yet the request holds them."""
    intend = day.ledger.batches.record_intent
    stood_still: list[object] = []

    def leave_and_prepare_elsewhere(batch_id: int, **values: Any) -> bool:
        if not stood_still and values["readers"]:
            stood_still.append(batch_id)
            day.ledger.subscribers.unsubscribe(A_MONTH.campaign, "r0000000", reason="asked", now=day.clock.now())
            day.ledger.batches.prepare(batch_id, now=day.clock.now())
        return intend(batch_id, **values)

    monkeypatch.setattr(day.ledger.batches, "record_intent", leave_and_prepare_elsewhere)
    day.run_at(at(1))
    day.run_at(at(1, 10, 1))
    received = day.received()
    assert "day-1/r0000000" not in received
    assert 10 == len(received)
    assert {1} == set(received.values())


def test_a_batch_that_was_parted_meanwhile_is_not_called_whole(day: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """Another process has called for it, and its readers are put off until different times: in two batches now."""
    intend, conclude = day.ledger.batches.record_intent, day.ledger.batches.record_outcome
    stood_still: list[object] = []

    def called_elsewhere(batch_id: int, **values: Any) -> bool:
        if not stood_still and values["readers"]:
            stood_still.append(batch_id)
            intend(batch_id, **{**values, "token": "other"})
            ends = {
                "r0000000": later(day.clock.now()),
                "r0000001": later(day.clock.now() + MINUTE),
            }
            conclude(batch_id, token="other", outcome=Outcome.of_readers(ends), now=day.clock.now())
        return intend(batch_id, **values)

    monkeypatch.setattr(day.ledger.batches, "record_intent", called_elsewhere)
    for minute in range(5):
        day.run_at(at(1, 10, minute))
    received = day.received()
    assert 11 == len(received)
    assert {1} == set(received.values())


def test_each_reader_has_their_own_address_for_leaving(day: World) -> None:
    """The link in each mail is made from the reader's own id."""
    day.run_at(at(1))
    for request in day.email.provider.accepted:
        expected = [f"https://news.example.org/u/{r}" for r in request.body["readers"]]
        assert expected == request.body["urls"]


def test_a_bad_record_stops_itself_and_not_its_neighbours(day: World) -> None:
    """The channel names the record; the others of the batch get their mail."""
    day.email.unusable = {"r0000003": "the name holds a line break"}
    day.run_at(at(1))
    received = day.received()
    assert "day-1/r0000003" not in received
    assert 10 == len(received)
    email = next(d for d in day.ledger.deliveries.of_season("live", A_MONTH) if d.channel == "email")
    assert (State.PARTLY_SENT, 9, 1) == (email.state, email.counts.accepted, email.counts.missing)


def test_a_record_that_the_provider_refuses_stops_itself_and_not_its_neighbours(day: World) -> None:
    """A call is refused for one reader's address: the others get theirs by the next call, once, and nobody else is
    in doubt. Also where the program stops before it has left that reader out: it is refused once more."""
    refused = Outcome(
        OutcomeKind.LATER, detail="not sent", status=400, retry_at=at(1), spoilt_by={"r0000003": "no such address"}
    )

    def as_sendgrid_does(request: Request) -> Outcome:
        return refused if "r0000003" in request.body["readers"] else Outcome(OutcomeKind.ACCEPTED)

    leave_out, asked = day.ledger.batches.leave_out, []

    def lost_once(*given: Any, **named: Any) -> None:
        asked.append(given)
        if len(asked) > 1:
            leave_out(*given, **named)

    day.ledger.batches.leave_out = lost_once  # type: ignore[method-assign]
    day.email.script = [as_sendgrid_does] * 20
    for minute in range(4):
        day.run_at(at(1, 10, minute))
    received = day.received()
    assert "day-1/r0000003" not in received
    assert ({1}, 10) == (set(received.values()), len(received))
    assert 2 == len(asked), "refused twice, left out, then gone"
    email = next(d for d in day.ledger.deliveries.of_season("live", A_MONTH) if d.channel == "email")
    assert (State.PARTLY_SENT, 9, 1) == (email.state, email.counts.accepted, email.counts.missing)
    (event,) = day.ledger.events.of_kinds("recipients.failed")
    assert {"r0000003": "no such address"} == event.data["subscribers"]


def test_a_record_that_makes_the_channel_fail_is_found_by_trying_each(day: World) -> None:
    """Also where the channel fails with an error that nobody named."""
    build = day.email.build

    def fragile(message: Message, *, send_id: str, recipients: tuple = ()) -> Request:
        if any(r.subscriber_id == "r0000003" for r in recipients):
            raise ZeroDivisionError("reader3@readers.example")
        return build(message, send_id=send_id, recipients=recipients)

    day.email.build = fragile  # type: ignore[method-assign, assignment]
    day.run_at(at(1))
    assert 10 == len(day.received())
    assert "@" not in repr(day.ledger.events.newest(limit=1000))


def test_a_message_that_cannot_be_built_is_set_aside_and_the_other_channel_goes(day: World) -> None:
    """Three passes, then failed; nothing was sent, and it is not tried for ever."""
    day.x.build_fails = RuntimeError("poison")
    for minute in range(6):
        day.run_at(at(1, 10, minute))
    assert {"day-1/x": "failed", "day-1/email": "sent"} == day.states()
    assert [] == day.x.provider.calls


def test_processes_that_wake_at_the_same_instant_are_no_crashes(
    day: World, open_it: Callable[[], Ledger], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Four on one ledger prepare the same call at once, each counts its try: one calls, none sets the batch aside."""
    build, others = day.x.build, [day.new_tick(ledger=open_it()) for _ in range(3)]

    def while_others_wake(message: Message, **given: Any) -> Request:
        if others:
            others.pop().run()
        return build(message, **given)

    monkeypatch.setattr(day.x, "build", while_others_wake)
    day.new_tick()
    day.run_at(at(1))
    assert [] == others
    assert {"day-1/x": "sent", "day-1/email": "sent"} == day.states()
    assert {1} == set(day.received().values())


# -- how a call ends ------------------------------------------------------------------------------------


def test_later_inside_the_window_is_tried_again_then(day: World) -> None:
    """A 429 with a time: no call before it, one after it."""
    day.x.script = [later(at(1, 10, 15))]
    day.run_at(at(1))
    day.run_at(at(1, 10, 14))
    assert 1 == len(day.x.provider.calls)
    day.run_at(at(1, 10, 15))
    assert 2 == len(day.x.provider.calls)
    assert 1 == day.received()["day-1/x"]


def test_later_than_the_window_is_missed_at_once(day: World) -> None:
    """There is no use in waiting for a time that is too late; a person hears of it now."""
    day.x.script = [later(at(2, 0))]
    day.run_at(at(1))
    assert "missed" == day.states()["day-1/x"]
    note = next(why(d) for d in day.ledger.deliveries.of_season("live", A_MONTH) if d.channel == "x")
    assert says(ReasonCode.TOO_LATE_TO_RETRY) in note


def test_later_without_a_time_waits_longer_each_time(day: World) -> None:
    """A minute, two, four, ... a quarter of an hour at most."""
    times: list[datetime] = []
    day.x.on_call = lambda r: times.append(day.clock.now())
    day.x.script = [Outcome(OutcomeKind.LATER, detail="no credit")] * 7
    for second in range(0, 2 * 3600, 60):
        day.run_at(at(1) + timedelta(seconds=second))
    waits = [(b - a).total_seconds() / 60 for a, b in pairwise(times)]
    assert [1, 2, 4, 8, 15, 15, 15] == [round(w) for w in waits]


def test_a_refusal_is_final_until_a_person_asks(day: World) -> None:
    """Certainly not sent, not tried again by the program; a person may, inside the window."""
    day.x.script = [Outcome(OutcomeKind.FINAL, detail="forbidden", status=403)]
    result = day.run_at(at(1))
    assert (1, True) == (result.failed, result.needs_a_person())
    day.run_at(at(1, 11))
    assert 1 == len(day.x.provider.calls)
    failed = next(d for d in day.ledger.deliveries.of_season("live", A_MONTH) if d.channel == "x")
    assert day.ledger.deliveries.retry(failed.id, who="Ada", now=day.clock.now())
    day.run_at(at(1, 12))
    assert "sent" == day.states()["day-1/x"]


DOUBTS = ["accept-then-drop", "lost", "raise-after-accepting", ValueError("reader@readers.example")]


@pytest.mark.parametrize("step", DOUBTS, ids=str)
def test_a_doubt_is_never_sent_again_by_the_program(day: World, step: object) -> None:
    """A lost answer, and an error nobody named: one call, unknown, for the rest of the day and after."""
    day.x.script = [step]  # type: ignore[list-item]
    day.x.look_up = lambda request, *, since, now: day.email.look_up(request, since=since, now=now)  # type: ignore[method-assign]
    result = day.run_at(at(1))
    assert (1, True) == (result.unknown, result.needs_a_person())
    for hour in range(11, 24):
        day.new_tick()
        day.run_at(at(1, hour))
    assert 1 == len(day.x.provider.calls)
    assert "unknown" == day.states()["day-1/x"]
    assert "@" not in repr(day.ledger.events.newest(limit=1000)) + repr(
        day.ledger.deliveries.of_season("live", A_MONTH)
    )


def test_a_doubt_is_settled_by_evidence_of_sending(day: World) -> None:
    """The provider has it: sent, after it could have settled, without a second call."""
    day.x.script = ["accept-then-drop"]
    day.run_at(at(1))
    assert 0 == day.run_at(at(1, 10, 3)).found_sent
    assert 0 == day.x.asked
    assert 1 == day.run_at(at(1, 10, 4)).found_sent
    assert ("sent", 1) == (day.states()["day-1/x"], len(day.x.provider.calls))


def test_evidence_of_absence_sends_again_only_where_the_view_is_complete(day: World) -> None:
    """Not there, says a provider whose view is complete: due again, and sent once in all."""
    day.x.script = ["lost"]
    day.x.complete_view = True
    day.run_at(at(1))
    assert 0 == day.run_at(at(1, 10, 5)).found_not_sent
    assert 1 == day.run_at(at(1, 10, 10)).found_not_sent
    day.run_at(at(1, 10, 11))
    assert 1 == day.received()["day-1/x"]
    assert 2 == len(day.x.provider.calls)


def slow_records(transport: FakeTransport, clock: VirtualClock, took: timedelta) -> Callable[[Request], None]:
    """A provider that takes a call which the client has given up, and shows it so long after it began."""
    began: list[float] = []
    look_up = transport.look_up

    def asked(request: Request, *, since: datetime, now: datetime) -> Evidence:
        if began and clock.monotonic() - began[0] < took.total_seconds():
            return Evidence(Verdict.NOT_SENT, detail="not in its records")
        return look_up(request, since=since, now=now)

    transport.look_up = asked  # type: ignore[method-assign]
    transport.script, transport.complete_view = ["accept-then-drop"], True
    return lambda request: began.append(clock.monotonic())


def test_a_clock_set_forward_does_not_make_an_early_no_believed(day: World) -> None:
    """An hour is leapt over right after the call: the provider is asked too soon, says no, and is asked again."""
    day.x.on_call = slow_records(day.x, day.clock, 3 * MINUTE)
    day.run_at(at(1))
    day.clock.jump(at(1, 11))
    for minute in range(30):
        day.run_at(at(1, 11, minute))
    assert ("sent", 1) == (day.states()["day-1/x"], len(day.x.provider.calls))


def test_records_are_asked_so_long_after_the_call_and_not_after_the_intent(
    day: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The machine stands still for half a lease before the call: the provider gets its full time all the same."""
    intend = day.ledger.batches.record_intent

    def intend_then_stand_still(batch_id: int, **values: Any) -> bool:
        won = intend(batch_id, **values)
        day.clock.advance(timedelta(seconds=50))
        return won

    monkeypatch.setattr(day.ledger.batches, "record_intent", intend_then_stand_still)
    day.messages = day.messages[:1]
    day.x.on_call = slow_records(day.x, day.clock, 3 * MINUTE)
    day.run_at(at(1))
    asked_at = []
    look_up = day.x.look_up
    monkeypatch.setattr(day.x, "look_up", lambda *a, **named: asked_at.append(named["now"]) or look_up(*a, **named))
    for second in range(60, 600, 10):
        day.run_at(at(1) + timedelta(seconds=second))
    assert [at(1) + timedelta(seconds=230)] == asked_at
    assert ("sent", 1) == (day.states()["day-1/x"], len(day.x.provider.calls))


def test_evidence_of_absence_after_the_window_does_not_send(day: World) -> None:
    """It did not go out on its day, so it does not go out."""
    day.x.script = ["lost"]
    day.x.complete_view = True
    day.run_at(at(1, 23, 59))
    day.run_at(at(2, 0, 5))
    day.run_at(at(2, 0, 10))
    day.run_at(at(2, 0, 11))
    assert "missed" == day.states()["day-1/x"]
    assert 1 == len(day.x.provider.calls)


def test_after_three_doubts_about_one_batch_a_person_has_to_look(day: World) -> None:
    """Evidence of absence does not send a message for ever that ends in doubt each time."""
    day.x.script = ["lost"] * 9
    day.x.complete_view = True
    for minute in range(0, 300, 5):
        day.run_at(at(1) + minute * MINUTE)
    assert 3 == len(day.x.provider.calls)
    assert "unknown" == day.states()["day-1/x"]


def test_a_provider_that_cannot_tell_is_asked_less_and_less_and_then_a_person(day: World) -> None:
    """Eight questions, further and further apart; the last leaves it to a person."""
    day.x.script = ["lost"]
    for minute in range(0, 60 * 60, 30):
        day.run_at(at(1) + minute * MINUTE)
    assert 8 == day.x.asked
    assert "unknown" == day.states()["day-1/x"]
    assert "batch.needs-a-person" in [e.kind for e in day.ledger.events.newest(limit=200)]


def test_asking_that_fails_leaves_the_doubt(day: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """An error while asking is no evidence."""

    def broken(*arguments: object, **named: Any) -> None:
        raise OSError("no route")

    day.x.script = ["lost"]
    monkeypatch.setattr(day.x, "look_up", broken)
    day.run_at(at(1))
    assert (0, 0) == (day.run_at(at(1, 11)).found_sent, day.run_at(at(1, 12)).found_not_sent)
    assert "unknown" == day.states()["day-1/x"]


class Ended(BaseException):
    """What no handler catches, like a kill."""


def test_a_record_that_ends_who_asks_about_it_does_so_a_few_times(day: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """Asking about the post ends the program, each time. It is asked eight times, not at each start; all others go
    out meanwhile, and at last a person has to look."""

    def deadly(*arguments: object, **named: Any) -> None:
        raise Ended

    day.x.script = ["lost"]
    monkeypatch.setattr(day.x, "look_up", deadly)
    ends = 0
    for minute in range(0, 6 * 60, 10):
        try:
            day.run_at(at(1) + minute * MINUTE)
        except Ended:
            ends += 1
    assert 8 == ends
    assert ("unknown", "sent") == (day.states()["day-1/x"], day.states()["day-1/email"])
    assert "batch.needs-a-person" in [e.kind for e in day.ledger.events.newest(limit=200)]


def test_one_doubtful_batch_does_not_stop_the_others(day: World) -> None:
    """Four batches go, one is unknown; the sum is right, and the delivery says unknown."""
    day.email.script = ["accept", "lost"]
    day.run_at(at(1))
    email = next(d for d in day.ledger.deliveries.of_season("live", A_MONTH) if d.channel == "email")
    assert (State.UNKNOWN, 8, 2, 0) == (email.state, email.counts.accepted, email.counts.unknown, email.counts.waiting)


def test_the_same_batch_is_known_by_the_same_name_at_each_try(day: World) -> None:
    """What the provider sees of a second try names the first: providers that can tell, tell."""
    day.x.script = [later(at(1, 10, 1))]
    day.run_at(at(1))
    day.run_at(at(1, 10, 1))
    first, second = day.x.provider.calls
    assert first.fingerprint == second.fingerprint
    names = {r.fingerprint for r in day.email.provider.calls}
    assert 5 == len(names)


# -- when writing down fails ----------------------------------------------------------------------------


class Flaky(AlteredLedger):
    """A ledger of which one act (``batches.record_outcome``) fails a number of times, before or after doing its work."""

    def __init__(self, ledger: Ledger, method: str, times: int, *, after: bool = False) -> None:
        super().__init__(ledger)
        self._method, self._times, self._after = method, times, after

    def altered(self, noun: str, act: str) -> object:
        if f"{noun}.{act}" != self._method or not self._times:
            return None
        real = getattr(getattr(self._ledger, noun), act)

        def fails(*arguments: object, **named: Any) -> object:
            if self._times:
                self._times -= 1
                if self._after:
                    real(*arguments, **named)
                raise OutOfReach("the disk is full")
            return real(*arguments, **named)

        return fails


@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
@pytest.mark.parametrize("times", [1, 3])
def test_an_outcome_that_cannot_be_written_is_kept_and_no_second_call_is_made(
    day: World, times: int, after: bool
) -> None:
    """The disk is full after the call: the answer is kept, written down later, and nothing goes out again."""
    day.new_tick(ledger=Flaky(day.ledger, "batches.record_outcome", times, after=after))  # type: ignore[arg-type]
    for second in (0, 20, 40, 60):  # well before the lease ends, so that no evidence is asked for
        day.run_at(at(1) + timedelta(seconds=second))
    assert {1} == set(day.received().values())
    assert {"sent"} == set(day.states().values())


@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
def test_an_intent_that_cannot_be_written_makes_no_call_and_no_doubt(day: World, after: bool) -> None:
    """Whether or not the intent was committed: no call was made, so it goes at the next pass, once."""
    day.new_tick(ledger=Flaky(day.ledger, "batches.record_intent", 1, after=after))  # type: ignore[arg-type]
    with pytest.raises(OutOfReach):
        day.run_at(at(1))
    assert [] == day.x.provider.calls
    for minute in range(1, 4):
        day.run_at(at(1, 10, minute))
    assert {1} == set(day.received().values())
    assert {"sent"} == set(day.states().values())


@pytest.mark.parametrize(
    "method",
    [
        "deliveries.snapshot",
        "batches.prepare",
        "recipients.freeze",
        "batches.ready",
        "deliveries.due",
        "deliveries.expire",
        "deliveries.follow_plan",
        "lookups.doubtful",
        "deliveries.note",
    ],
)
@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
def test_whatever_fails_once_nothing_goes_out_twice(day: World, method: str, after: bool) -> None:
    """Each question to the ledger fails once; the next passes put it right."""
    flaky = Flaky(day.ledger, method, 1, after=after)
    day.new_tick(ledger=flaky)  # type: ignore[arg-type]
    for minute in range(8):
        try:
            day.run_at(at(1, 10, minute))
        except ObservanceError:
            continue
    assert {1} == set(day.received().values())
    assert {"sent"} == set(day.states().values())


def test_a_process_that_died_while_sending_leaves_a_doubt(day: World) -> None:
    """Intent without outcome: after the lease it is unknown, and stays so."""
    day.tick.run()
    delivery = next(d for d in day.ledger.deliveries.of_season("live", A_MONTH) if d.channel == "x")
    day.ledger.recipients.freeze(delivery.id, batch_limit=1, now=at(1))
    (batch,) = day.ledger.deliveries.batches(delivery.id)
    day.ledger.batches.record_intent(
        batch.id,
        token="dead",
        message=day.messages[0],
        fingerprint="",
        readers=0,
        node="gone",
        lease=2 * MINUTE,
        check_after=3 * MINUTE,
        now=at(1),
    )
    assert 0 == day.run_at(at(1, 10, 1)).doubted
    assert "sending" == day.states()["day-1/x"]
    assert 1 == day.run_at(at(1, 10, 2)).doubted
    assert ("unknown", []) == (day.states()["day-1/x"], day.x.provider.calls)


def test_two_ticks_on_one_ledger_send_once(day: World, open_it: Callable[[], Ledger]) -> None:
    """A second process that wakes in the middle of the first finds only what is not taken."""
    second = World(open_it(), day.messages, now=day.clock.now(), approved=False)
    second.x, second.email = day.x, day.email
    second.clock = day.clock
    second.new_tick()

    def other_wakes(request: Request) -> None:
        day.email.on_call = lambda r: None
        second.tick.run()

    day.email.on_call = other_wakes
    day.run_at(at(1))
    assert {1} == set(day.received().values())
    assert 11 == len(day.received())


# -- rehearsal, logs, stopping --------------------------------------------------------------------------


def test_a_rehearsal_walks_the_same_road_and_notes_what_live_would_refuse(ledger: Ledger) -> None:
    """Neither approved nor armed: it is rehearsed all the same, and the ledger says what is missing."""
    world = World(ledger, [a_post("day-1")], mode=Mode.REHEARSAL, approved=False)
    assert 1 == world.run_at(at(1)).sent
    (delivery,) = ledger.deliveries.of_season("rehearsal", A_MONTH)
    assert State.SENT == delivery.state
    assert why(delivery).startswith("live would have refused: ")
    assert says(ReasonCode.NOT_ARMED, season=2027) in why(delivery)
    assert "nobody has approved it" in why(delivery)


def test_a_hold_stops_a_rehearsal_too(ledger: Ledger) -> None:
    """A rehearsal shows what a hold does."""
    world = World(ledger, [a_post("day-1")], mode=Mode.REHEARSAL)
    ledger.holds.set("*", who="Ben", why="stop", now=world.clock.now())
    assert (0, 1) == (world.run_at(at(1)).sent, world.tick.run().refused)


def test_a_channel_without_a_transport_waits_and_is_said(day: World) -> None:
    """A channel that is switched off does not lose its day in silence."""
    from scheduler.engine.tick import Tick
    from tests.support.world import some_settings

    tick = Tick(day.ledger, {"x": day.x}, day.rehearse, some_settings(), day.clock, str)
    day.clock.advance(at(1) - day.clock.now())
    result = tick.run()
    assert says(ReasonCode.CHANNEL_OFF) in refusals(result)


def test_stopping_ends_the_pass_after_the_present_call(day: World) -> None:
    """What was called is written down; the rest waits for the next start."""
    day.email.on_call = lambda request: day.tick.stop()
    day.run_at(at(1))
    assert 1 == len(day.email.provider.calls)
    day.email.on_call = lambda request: None
    day.new_tick()
    day.run_at(at(1, 11))
    assert {1} == set(day.received().values())
    assert 11 == len(day.received())


def test_the_log_tells_the_day_without_an_address(day: World, caplog: pytest.LogCaptureFixture) -> None:
    """Sentences with the item and the channel; machine-readable beside; a reason is said once, not each pass."""
    caplog.set_level(logging.INFO, logger="scheduler")
    day.ledger.armings.disarm(A_MONTH, who="Ada", now=day.clock.now())
    for minute in range(5):
        day.run_at(at(1, 10, minute))
    refused = [r for r in caplog.records if getattr(r, "action", "") == "delivery_refused"]
    assert 2 == len(refused)
    day.ledger.armings.arm(A_MONTH, who="Ada", now=day.clock.now())
    day.x.script = [ValueError("reader1@readers.example")]
    day.run_at(at(1, 11))
    assert "day-1 on email: accepted" in caplog.text
    assert "@" not in caplog.text
    assert {"attempt_ended"} <= {getattr(r, "action", "") for r in caplog.records}


def test_a_batch_limit_of_the_channel_is_kept(ledger: Ledger) -> None:
    """No call holds more readers than the channel takes."""
    world = World(ledger, [an_email("day-1")], readers=2_501)
    world.run_at(at(1))
    assert [1000, 1000, 501] == [len(r.body["readers"]) for r in world.email.provider.accepted]
    assert isinstance(world.email, FakeTransport)
