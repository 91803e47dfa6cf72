"""The clock is held against a provider's and against the ledger; what only a wrong clock missed is no reason to stop."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from scheduler.channels.registry import open_channel
from scheduler.channels.sendgrid.simulator import SENDGRID_KEY, SendGridDouble
from scheduler.channels.x.simulator import X_SECRETS, XDouble
from scheduler.clock import SystemClock, VirtualClock
from scheduler.domain.clock_state import RIGHT, WRONG, clock_words, wrong_hosts
from scheduler.domain.outcome import Recipient
from scheduler.domain.reason import Reason, ReasonCode
from scheduler.engine.outside import ClockCheck
from scheduler.settings import ChannelSettings, Secrets
from scheduler.store import open_ledger
from scheduler.store.ledger import Ledger
from tests.support.world import a_post, an_email

NOW = datetime(2027, 1, 5, 10, tzinfo=UTC)
DAYS = timedelta(days=2)


class Provider:
    """Tells the right time, or nothing."""

    def __init__(self, truth: VirtualClock) -> None:
        self.truth, self.asked, self.silent = truth, 0, False

    def __call__(self, address: str) -> datetime | None:
        self.asked += 1
        return None if self.silent else self.truth.now()


class Case:
    def __init__(self, ledger: Ledger, *, providers: tuple[str, ...] = ("https://api.x.com",)) -> None:
        self.ledger, self.truth, self.clock = ledger, VirtualClock(NOW), VirtualClock(NOW)
        self.provider, self._providers = Provider(self.truth), providers
        self.check = self.start()

    def start(self) -> ClockCheck:
        """As a new process does."""
        self.check = ClockCheck(self.ledger, self.clock, self.clock, self._providers, self.provider, host="here")
        return self.check

    def look(self, *, pressing: bool = True) -> Reason | None:
        return self.check.look(pressing=pressing)

    def pass_time(self, **span: float) -> None:
        self.truth.advance(timedelta(**span))
        self.clock.advance(timedelta(**span))

    def set_clock(self, by: timedelta) -> None:
        self.clock.jump(self.truth.now() + by)

    def history(self) -> list[str]:
        return [e.kind for e in self.ledger.events.of_kinds(WRONG, RIGHT)]


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    opened = open_ledger(f"sqlite:///{tmp_path / 'ledger.db'}")
    yield opened
    opened.close()


@pytest.fixture
def case(ledger: Ledger) -> Case:
    return Case(ledger)


def test_a_provider_is_asked_once_and_only_when_something_presses(case: Case) -> None:
    assert case.look(pressing=False) is None
    assert case.provider.asked == 0
    for _ in range(100):
        assert case.look() is None
        case.pass_time(seconds=20)
    assert case.provider.asked == 1
    assert case.history() == [], "a clock that is right is no news"


@pytest.mark.parametrize(
    ("off", "is_wrong"),
    [(timedelta(minutes=4, seconds=59), False), (timedelta(minutes=5), True), (-DAYS, True), (DAYS, True)],
)
def test_five_minutes_off_is_wrong(case: Case, off: timedelta, is_wrong: bool) -> None:
    case.set_clock(off)
    found = case.look()
    assert (found is not None) == is_wrong
    if found is not None:
        assert (found.code, found.fields["seconds"]) == (ReasonCode.CLOCK_WRONG, off.total_seconds())


def test_a_clock_that_was_set_is_compared_again(case: Case) -> None:
    """By a minute or more against the time since the machine was started; by less it is not."""
    assert case.look() is None
    case.set_clock(timedelta(seconds=59))
    assert case.look() is None
    assert case.provider.asked == 1
    case.set_clock(DAYS)
    found = case.look()
    assert found is not None
    assert "2 days ahead of the providers'" in clock_words(found)


def test_after_a_sleep_it_is_compared_again(case: Case) -> None:
    case.look()
    case.pass_time(minutes=11)
    case.look()
    assert case.provider.asked == 2


def test_wrong_then_right_again(case: Case) -> None:
    """Told at the right time; asked again once a minute while it lasts, and at once when the clock is set."""
    case.set_clock(DAYS)
    assert case.look() is not None
    for _ in range(6):
        case.pass_time(seconds=20)
        assert case.look(pressing=False) is not None
    assert case.provider.asked == 3
    assert case.history() == [WRONG]
    assert abs(case.ledger.events.of_kinds(WRONG)[0].at - NOW) < timedelta(minutes=1), "not two days ahead"
    assert dict(wrong_hosts(case.ledger.events.of_kinds(WRONG, RIGHT))) == {"here": DAYS.total_seconds()}
    case.set_clock(timedelta(0))
    assert case.look(pressing=False) is None
    assert case.history() == [WRONG, RIGHT]
    assert not wrong_hosts(case.ledger.events.of_kinds(WRONG, RIGHT))


def test_another_process_finds_it_right_again(case: Case) -> None:
    case.set_clock(DAYS)
    assert case.look() is not None
    case.set_clock(timedelta(0))
    case.start()
    assert case.look(pressing=False) is None, "nothing has to be due for this"
    assert case.history() == [WRONG, RIGHT]


def test_who_does_not_answer_stops_nothing_and_is_asked_ten_minutes_later(case: Case) -> None:
    case.provider.silent = True
    for _ in range(29):
        assert case.look() is None
        case.pass_time(seconds=20)
    assert case.provider.asked == 1
    for _ in range(3):
        case.look()
        case.pass_time(seconds=20)
    assert case.provider.asked == 2


def test_an_answer_to_something_else_tells_the_time_as_well(case: Case) -> None:
    assert case.look() is None
    case.clock.jump(NOW + timedelta(seconds=50))  # too little to be noticed
    case.check.answered(NOW - DAYS)
    found = case.look()
    assert found is not None
    assert found.code is ReasonCode.CLOCK_WRONG
    assert case.provider.asked == 1


def test_what_the_clock_alone_wrote_is_no_sign_that_it_is_behind(ledger: Ledger) -> None:
    """By SMTP alone: days were missed by a clock that was ahead. Once it is right, sending goes on."""
    case = Case(ledger, providers=())
    ledger.events.record("delivery.missed", who="tick", now=NOW + DAYS)
    ledger.events.record("notice.told", who="notices", now=NOW + DAYS)
    assert case.look() is None
    ledger.events.record("attempt.accepted", who="tick", now=NOW + DAYS)
    found = case.look()
    assert found is not None
    assert (found.code, found.fields["seconds"]) == (ReasonCode.CLOCK_BEHIND, DAYS.total_seconds())
    assert "2 days behind the ledger" in clock_words(found)
    ledger.events.record(RIGHT, who="Ada Example", now=NOW, host="here")  # a person says so
    assert case.look() is None


def test_a_provider_says_which_of_the_two_was_wrong(case: Case) -> None:
    """Behind the ledger, and a provider agrees with the clock: it was ahead when the ledger was written."""
    case.ledger.events.record("attempt.accepted", who="tick", now=NOW + DAYS)
    assert case.look(pressing=False) is None
    assert case.history() == [RIGHT]
    case.set_clock(-DAYS)
    case.ledger.events.record("attempt.accepted", who="tick", now=NOW)
    found = case.look()
    assert found is not None
    assert found.code is ReasonCode.CLOCK_WRONG


def test_a_pretended_clock_is_not_excused_by_the_machines(ledger: Ledger) -> None:
    """The machine's clock is right, which says nothing of a pretended day that lies before another."""
    case = Case(ledger)
    pretended = VirtualClock(NOW)
    check = ClockCheck(
        ledger, pretended, case.clock, ("http://127.0.0.1:1",), case.provider, host="here", pretended=True
    )
    ledger.events.record("attempt.accepted", who="tick", now=NOW + DAYS)
    found = check.look(pressing=True)
    assert found is not None
    assert found.code is ReasonCode.CLOCK_BEHIND


@pytest.mark.parametrize("transport", ["x", "sendgrid"])
def test_each_answer_of_a_provider_tells_the_time(transport: str) -> None:
    """Whatever it answers; nothing more is asked for it."""
    told: list[datetime] = []
    way: Any
    with XDouble(secrets=X_SECRETS) as x, SendGridDouble(api_key=SENDGRID_KEY) as sendgrid:
        if transport == "x":
            way = open_channel(ChannelSettings("x", "x", True, x.base_url, 5.0), Secrets(X_SECRETS))
            request = way.build(a_post(), send_id="s" * 32)
        else:
            secrets = Secrets({"SENDGRID_API_KEY": "none of theirs"})
            way = open_channel(ChannelSettings("email", "sendgrid", True, sendgrid.base_url, 5.0), secrets)
            subscriber = Recipient("r1", "a@readers.example", unsubscribe_url="https://news.coalition.net/u/x")
            request = way.build(an_email(), send_id="s" * 32, recipients=[subscriber])
        way.tell_time_to(told.append)
        way.send(request, now=NOW)
        way.close()
    assert told
    assert all(abs(at - SystemClock().now()) < timedelta(minutes=1) for at in told)


def test_whoever_notices_a_clock_that_was_set_waits_for_the_thread_that_is_looking(case: Case) -> None:
    """What the other one goes by was found before; without a wait, something would go out by a wrong clock."""
    assert case.look() is None
    found: list[Reason | None] = []
    with case.check._one_at_a_time:  # another lane is looking
        case.set_clock(DAYS)
        thread = threading.Thread(target=lambda: found.append(case.look()))
        thread.start()
        thread.join(0.2)
        assert [] == found
    thread.join()
    assert [ReasonCode.CLOCK_WRONG] == [why.code for why in found if why is not None]
