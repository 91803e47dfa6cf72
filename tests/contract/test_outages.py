"""The machine slept, was off, or came back from last week's backup: only what is inside its window goes.

Everything else is `missed`, with the reason, and never goes afterwards. Over SQLite and PostgreSQL; both ways in which
a machine comes back: the same process wakes up, or another one is started.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from functools import partial

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from scheduler.domain.delivery import State
from scheduler.domain.delivery_words import why
from scheduler.domain.message import Message
from scheduler.domain.outcome import Outcome, OutcomeKind, Request
from scheduler.domain.reason import ReasonCode
from scheduler.store import Ledger, open_ledger
from tests.support.reasons import says
from tests.support.world import A_MONTH, World, a_post, an_email

DAYS = [date(2027, 1, 1) + timedelta(days=n) for n in range(31)]
READERS = 3
REASON = says(ReasonCode.CLOSED_UNSENT, ReasonCode.NOTHING_RAN)
NIGHT = datetime(2026, 12, 31, 12, tzinfo=UTC)


def at(day: int, hour: int = 0, minute: int = 0, month: int = 1) -> datetime:
    return datetime(2027, month, day, hour, minute, tzinfo=UTC)


def the_month() -> list[Message]:
    """A post and an email a day, due at ten, to go within the day."""
    return [make(f"day-{on.day:02}", on=on) for on in DAYS for make in (a_post, an_email)]


@dataclass
class Machine:
    """A month on a machine, and the instant of each call that left it."""

    world: World
    calls: list[tuple[str, datetime]] = field(default_factory=list)  # "day-01/x", when

    def __post_init__(self) -> None:
        for name, way in (("x", self.world.x), ("email", self.world.email)):
            way.on_call = partial(self._note, name)

    def _note(self, channel: str, request: Request) -> None:
        self.calls.append((f"{request.body['item']}/{channel}", self.world.clock.now()))

    def wakes(self, when: datetime, how: str) -> None:
        """The wall clock has moved on; ``how``: the process slept along (``asleep``) or is a new one (``restart``)."""
        if how == "asleep":
            self.world.clock.jump(when)  # the monotonic clock stood still meanwhile
            self.world.tick.run()
        else:
            self.world.new_tick()
            self.world.run_at(when)

    def went(self) -> list[str]:
        return [item for item, _ in self.calls]

    def missed(self) -> dict[str, str]:
        """Item and channel -> the reason that is said."""
        found = self.world.ledger.deliveries.of_season("live", A_MONTH)
        return {f"{d.item}/{d.channel}": why(d) for d in found if d.state is State.MISSED}

    def only_inside_windows(self) -> bool:
        windows = {f"{m.item}/{m.channel}": (m.due_at, m.expires_at) for m in self.world.messages}
        return all(windows[item][0] <= when < windows[item][1] for item, when in self.calls)


@pytest.fixture
def machine(ledger: Ledger) -> Machine:
    return Machine(World(ledger, the_month(), readers=READERS, now=NIGHT))


def both(day: int) -> list[str]:
    return [f"day-{day:02}/x", f"day-{day:02}/email"]


WAYS = pytest.mark.parametrize("how", ["asleep", "restart"])


@WAYS
def test_asleep_from_nine_to_two_the_items_of_the_day_go_at_two(machine: Machine, how: str) -> None:
    """Their window is the local day: at 14:00 they go, once; nothing of another day goes with them."""
    machine.wakes(at(5, 9), "restart")
    before = machine.went()
    machine.wakes(at(5, 14), how)
    machine.wakes(at(5, 14, 1), how)
    assert both(5) == machine.went()[len(before) :]
    assert {at(5, 14)} == {when for item, when in machine.calls if item in both(5)}


@WAYS
def test_asleep_for_two_days_they_are_missed_and_it_is_said_why(machine: Machine, how: str) -> None:
    """Away from the 5th at nine until the 7th at nine: two days are missed, with the reason; no burst. The 7th goes."""
    machine.wakes(at(4, 10), "restart")
    machine.wakes(at(5, 9), "restart")
    machine.wakes(at(7, 9), how)
    assert both(4) == machine.went()
    missed = machine.missed()
    assert {*both(5), *both(6)} == {item for item in missed if item > "day-04"}
    assert {REASON} == {missed[i] for i in (*both(5), *both(6))}
    machine.wakes(at(7, 10), how)
    assert [*both(4), *both(7)] == machine.went()
    needy = [d for d in machine.world.ledger.deliveries.of_season("live", A_MONTH) if d.needs_a_person()]
    assert {*both(5), *both(6)} == {f"{d.item}/{d.channel}" for d in needy}


@WAYS
@pytest.mark.parametrize("back", [at(1, 0, month=2), at(1, 10, month=2), at(3, 10, month=2), at(5, 14, month=6)])
def test_asleep_across_the_first_of_february_nothing_goes(machine: Machine, how: str, back: datetime) -> None:
    """From the last morning until after the season: what was left is missed, and no pass sends it."""
    machine.wakes(at(30, 10), "restart")
    machine.wakes(at(31, 9), "restart")
    machine.wakes(back, how)
    machine.wakes(back + timedelta(hours=1), how)
    assert both(30) == machine.went()
    assert set(both(31)) <= set(machine.missed())


def test_asleep_in_the_middle_of_a_mailing_the_rest_goes_on_its_day_or_not_at_all(ledger: Ledger) -> None:
    """Between two batches the machine sleeps past midnight: whoever has the mail has it, the others are left out."""
    world = World(ledger, [an_email("day-05", on=DAYS[4])], readers=6, now=NIGHT)
    world.email.batch_limit = 2

    def sleep_after_the_second(request: Request) -> None:
        if len(world.email.provider.calls) == 1:
            world.clock.jump(at(6, 8))

    world.email.on_call = sleep_after_the_second
    world.run_at(at(5, 10))
    world.tick.run()
    (delivery,) = ledger.deliveries.of_season("live", A_MONTH)
    assert (4, 2, 0) == (delivery.counts.accepted, delivery.counts.skipped, delivery.counts.waiting)
    assert 6 == delivery.counts.frozen


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(st.tuples(st.integers(1, 60 * 24 * 5), st.sampled_from(["asleep", "restart"])), min_size=3, max_size=25)
)
def test_in_whatever_order_it_sleeps_and_starts_only_what_is_inside_its_window_goes(
    steps: list[tuple[int, str]],
) -> None:
    """Any series of sleeps and restarts of up to five days: each call inside its own window, and once; what did not go
    is missed as soon as its window is closed, and says so."""
    ledger = open_ledger("sqlite://")
    try:
        machine = Machine(World(ledger, the_month(), readers=1, now=NIGHT))
        now = NIGHT
        for minutes, how in steps:
            now += timedelta(minutes=minutes)
            machine.wakes(now, how)
        assert machine.only_inside_windows()
        assert len(machine.went()) == len(set(machine.went()))
        over = {f"{m.item}/{m.channel}" for m in machine.world.messages if m.expires_at <= now}
        assert over - set(machine.went()) == set(machine.missed())
        assert all(machine.missed().values())
    finally:
        ledger.close()


def test_what_a_clock_that_was_ahead_has_missed_goes_once_when_it_is_right_again(machine: Machine) -> None:
    """Awake on the 7th, then the clock says the 6th at noon: nothing was ever called for it, and its window is open. What
    is over by the right clock as well stays missed."""
    machine.wakes(at(7, 9), "restart")
    for hour in (12, 13):
        machine.wakes(at(6, hour), "asleep")
    assert sorted(both(6)) == sorted(machine.went())
    assert set(both(5)) <= set(machine.missed())
    assert not set(both(6)) & set(machine.missed())


@pytest.mark.parametrize("back", [at(9, 9), at(9, 14), at(12, 9), at(1, 10, month=2)])
def test_last_weeks_ledger_put_back_sends_nothing_that_is_past(
    machine: Machine, open_it: Callable[[], Ledger], back: datetime
) -> None:
    """A copy of the 2nd is put back a week later: what fell due meanwhile may have gone out from the ledger that was
    lost, so it is not sent, and is said; only what falls due from now on goes."""
    machine.wakes(at(2, 11), "restart")
    before = machine.went()
    restored = open_it()
    restored.backups.mark_as_copy(copied_at=at(2, 12), who="Ada", now=back)
    restored.backups.take_over(now=back)
    machine.wakes(back, "restart")
    machine.wakes(back + timedelta(minutes=1), "restart")
    assert before == machine.went()
    past = {i for day in range(3, 32) for i in both(day) if at(day, 10) <= back}
    missed = machine.missed()
    assert past == {i for i in missed if i > "day-02"}
    assert all("it may have gone out already" in missed[i] for i in past)
    tomorrow = (back + timedelta(days=1)).replace(hour=10)
    machine.wakes(tomorrow, "restart")
    expected = both(tomorrow.day) if tomorrow.month == 1 else []
    assert [*before, *expected] == machine.went()


def test_an_answer_that_comes_after_the_sleep_is_believed(ledger: Ledger) -> None:
    """The machine slept while the provider answered: the answer counts, though its window is closed by then."""
    world = World(ledger, [a_post("day-05", on=DAYS[4])], now=NIGHT)

    def answers_after_the_sleep(request: Request) -> Outcome:
        world.clock.jump(at(6, 9))
        return Outcome(OutcomeKind.ACCEPTED, reference="17")

    world.x.script = [answers_after_the_sleep]
    world.run_at(at(5, 10))
    world.tick.run()
    assert {"day-05/x": "sent"} == world.states()
