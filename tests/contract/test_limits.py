"""Limits of calls and of money, over a real ledger: kept across restarts, said in words, never a burst."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scheduler.channels.spec import CallLimit
from scheduler.domain.delivery_words import why
from scheduler.domain.message import Message, PostBody
from scheduler.domain.outcome import Outcome, OutcomeKind
from scheduler.domain.reason import ReasonCode, because
from scheduler.domain.reason_words import in_words
from scheduler.domain.season_key import SeasonKey
from scheduler.engine.limits import Limits, call_limit, next_call_at, price_of
from scheduler.engine.tick import Tick, say_missed
from scheduler.settings import ChannelSettings, Mode, Settings
from scheduler.store import Ledger
from tests.support.networks import with_picture
from tests.support.reasons import says
from tests.support.world import A_MONTH, World, a_post, an_email, some_settings

MINUTE = timedelta(minutes=1)


def at(day: int, hour: int = 10, minute: int = 0) -> datetime:
    return datetime(2027, 1, day, hour, minute, tzinfo=UTC)


def with_options(mode: Mode = Mode.LIVE, **options: int | float) -> Settings:
    """Settings whose channel x has these options, and which have no others."""
    settings = some_settings(mode)
    channels = dict(settings.channels)
    channels["x"] = replace(channels["x"], options=options)
    return replace(settings, channels=channels)


def tick_of(world: World, settings: Settings) -> Tick:
    """As a restarted process with these settings would have it."""
    world.tick = Tick(
        world.ledger,
        {"x": world.x, "email": world.email},
        world.rehearse,
        settings,
        world.clock,
        lambda subscriber_id: f"https://news.example.org/u/{subscriber_id}",
    )
    return world.tick


def linked(message: Message) -> Message:
    assert isinstance(message.body, PostBody)
    return replace(message, body=replace(message.body, contains_url=True))


def posts_at_once(count: int) -> list[Message]:
    """Items of one day that are all due at ten."""
    return [a_post(f"item-{n}") for n in range(count)]


# -- calls ----------------------------------------------------------------------------------------------


def test_the_published_limit_holds_where_none_is_set() -> None:
    """X publishes one; SendGrid does not; what is set goes first."""
    settings = with_options()
    assert CallLimit(100, timedelta(minutes=15)) == call_limit(settings.channels["x"])
    assert call_limit(settings.channels["email"]) is None
    own = with_options(max_calls=3, max_calls_minutes=60).channels["x"]
    assert CallLimit(3, timedelta(minutes=60)) == call_limit(own)


@given(
    st.lists(st.integers(0, 3_000), max_size=40).map(sorted),
    st.integers(1, 6),
    st.integers(1, 900),
)
def test_no_span_of_time_ever_holds_more_calls_than_the_limit(wishes: list[int], calls: int, seconds: int) -> None:
    """Whoever waits until the instant that is named breaks the limit in no window, wherever it is laid."""
    start, limit = at(1), CallLimit(calls, timedelta(seconds=seconds))
    began: list[datetime] = []
    now = start
    for wish in wishes:
        now = max(now, start + timedelta(seconds=wish))
        wait = next_call_at(began, limit, now)
        if wait is not None:
            assert wait > now
            now = wait
            assert next_call_at(began, limit, now) is None
        began.append(now)
    for first in began:
        assert sum(first <= b < first + limit.span for b in began) <= calls


def test_what_is_over_the_limit_waits_and_goes_later(ledger: Ledger) -> None:
    """Two calls in fifteen minutes: the third says until when it waits, and needs nobody."""
    world = World(ledger, posts_at_once(5))
    settings = with_options(max_calls=2)
    result = (tick_of(world, settings), world.run_at(at(1)))[1]
    assert (2, 3, 0) == (result.sent, result.later, result.refused)
    assert not result.needs_a_person()
    waiting = [why(d) for d in ledger.deliveries.of_season("live", A_MONTH) if d.state == "scheduled"]
    assert {says(ReasonCode.CALL_LIMIT, until_at=at(1, 10, 15), calls=2, minutes=15, channel="x")} == set(waiting)
    assert 0 == world.run_at(at(1, 10, 14)).sent
    assert 2 == world.run_at(at(1, 10, 15)).sent
    assert 1 == world.run_at(at(1, 10, 30)).sent
    assert {1} == set(world.received().values())


def test_a_provider_that_wants_no_more_calls_gets_none_until_the_time_it_named(
    ledger: Ledger, open_it: Callable[[], Ledger]
) -> None:
    """The rest of a mailing, and what else is due there, waits as well, also after a restart; another channel goes on.
    At the named instant all of it goes, once."""
    world = World(ledger, [an_email("mail"), an_email("other"), a_post("post")], readers=6, batch_limit=2)
    world.email.script = ["accept", Outcome(OutcomeKind.LATER, detail="429", status=429, retry_at=at(1, 10, 30))]
    assert (2, 3) == ((result := world.run_at(at(1))).sent, result.later)
    assert (2, 1) == (len(world.email.provider.calls), len(world.x.provider.calls))
    world.ledger = open_it()
    tick_of(world, some_settings(Mode.LIVE))
    world.run_at(at(1, 10, 29))
    assert 2 == len(world.email.provider.calls)
    words = says(ReasonCode.PROVIDER_LIMIT, until_at=at(1, 10, 30), channel="email")
    assert {words} == {why(d) for d in ledger.deliveries.of_season("live", A_MONTH) if d.channel == "email"}
    assert not world.tick.run().needs_a_person()
    world.run_at(at(1, 10, 30))
    assert ({1}, 13) == (set(world.received().values()), len(world.received()))
    assert 7 == len(world.email.provider.calls)


def test_the_time_that_a_provider_named_holds_for_the_next_day_too(ledger: Ledger) -> None:
    """A day's limit that ends after today's window: today's item is missed, and tomorrow's is not called for before."""
    world = World(ledger, [a_post("day-1"), a_post("day-2", on=date(2027, 1, 2))])
    world.x.script = [Outcome(OutcomeKind.LATER, detail="429", status=429, retry_at=at(2, 11))]
    world.run_at(at(1, 20))
    assert "missed" == world.states()["day-1/x"]
    for minute in (0, 59):
        assert 0 == world.run_at(at(2, 10, minute)).sent
    assert 1 == len(world.x.provider.calls)
    assert 1 == world.run_at(at(2, 11)).sent


def test_a_time_that_no_limit_lasts_to_ends_a_day_after_the_call(ledger: Ledger) -> None:
    """A slip in what the provider names does not silence the channel for the rest of the season."""
    world = World(ledger, [a_post("day-1"), a_post("day-2", on=date(2027, 1, 2))])
    world.x.script = [Outcome(OutcomeKind.LATER, detail="429", status=429, retry_at=at(1) + timedelta(days=9999))]
    world.run_at(at(1, 20))
    assert 0 == world.run_at(at(2)).sent
    assert 1 == world.run_at(at(2, 20)).sent


def test_a_restart_does_not_forget_the_calls(ledger: Ledger, open_it: Callable[[], Ledger]) -> None:
    """The count is the ledger's."""
    world = World(ledger, posts_at_once(4))
    settings = with_options(max_calls=2)
    tick_of(world, settings)
    world.run_at(at(1))
    world.ledger = open_it()
    tick_of(world, settings)
    assert 0 == world.run_at(at(1, 10, 5)).sent


def test_a_call_that_was_refused_counts_and_other_channels_do_not(ledger: Ledger) -> None:
    """The provider counts it too."""
    world = World(ledger, [*posts_at_once(2), an_email("item-0")], readers=3)
    world.x.script = [Outcome(OutcomeKind.FINAL, detail="400")]
    tick_of(world, with_options(max_calls=1))
    result = world.run_at(at(1))
    assert (1, 1, 1) == (result.sent, result.failed, result.later)


# -- money ----------------------------------------------------------------------------------------------


def test_a_post_that_would_pass_the_limit_is_refused_in_words(ledger: Ledger) -> None:
    """One with a link fits, the next does not; a cheaper one still does."""
    dear, next_dear = linked(a_post("day-1")), linked(a_post("day-2", on=date(2027, 1, 2)))
    plain = a_post("day-3", on=date(2027, 1, 3))
    world = World(ledger, [dear, next_dear, plain])
    tick_of(world, with_options(spending_limit=0.3))
    assert 1 == world.run_at(at(1)).sent
    result = world.run_at(at(2))
    assert (0, 1) == (result.sent, result.refused)
    expected = says(ReasonCode.SPENDING_LIMIT, channel="x", limit=0.3, spent=0.2, price=0.2)
    assert [expected] == [in_words(reasons, channel="x") for reasons in result.reasons.values()]
    assert 1 == world.run_at(at(3)).sent


def test_a_doubtful_post_is_money_spent(ledger: Ledger) -> None:
    """Nobody knows whether it was charged; the limit holds either way."""
    world = World(ledger, [linked(a_post("day-1")), linked(a_post("day-2", on=date(2027, 1, 2)))])
    world.x.script = ["accept-then-drop"]
    settings = with_options(spending_limit=0.3)
    tick_of(world, settings)
    world.run_at(at(1))
    assert 1 == world.run_at(at(2)).refused
    limits = Limits(ledger, settings)
    assert 0.2 == limits.spent(A_MONTH, "x")
    assert 0.0 == limits.spent(SeasonKey("a-month", 2026), "x")


def test_another_try_of_the_same_post_is_not_counted_twice(ledger: Ledger) -> None:
    """A refusal for a moment costs nothing, and the post itself is not in its own way."""
    world = World(ledger, [linked(a_post("day-1"))])
    world.x.script = [Outcome(OutcomeKind.LATER, detail="429", retry_at=at(1, 10, 5))]
    tick_of(world, with_options(spending_limit=0.2))
    assert 0 == world.run_at(at(1)).sent
    assert 1 == world.run_at(at(1, 10, 5)).sent


def test_without_a_limit_nothing_is_counted(ledger: Ledger) -> None:
    """0 is no limit."""
    world = World(ledger, [linked(a_post("day-1"))])
    tick_of(world, with_options(spending_limit=0))
    assert 1 == world.run_at(at(1)).sent


def test_a_rehearsal_goes_on_and_says_what_live_would_do(ledger: Ledger) -> None:
    """The same road, with only the sending step removed."""
    world = World(ledger, [linked(a_post("day-1"))], mode=Mode.REHEARSAL)
    tick_of(world, with_options(Mode.REHEARSAL, spending_limit=0.1))
    assert 1 == world.run_at(at(1)).sent
    (delivery,) = ledger.deliveries.of_season("rehearsal", A_MONTH)
    assert "live would have refused" in why(delivery)
    assert "the spending limit of $0.10 for x would be passed" in why(delivery)


def test_prices_are_those_of_the_transport() -> None:
    """A mail has no price of its own, nor has a post by hand; what is set goes before what is published."""
    x, by_hand = (ChannelSettings("ours", name, True, "", 20.0) for name in ("x", "by_hand"))
    assert 0.015 == price_of(a_post(), x)
    assert 0.2 == price_of(linked(a_post()), x)
    assert 0.3 == price_of(linked(a_post()), replace(x, options={"price_per_post_with_link": 0.3}))
    assert 0.02 == price_of(with_picture(a_post()), x)
    assert 0.0 == price_of(with_picture(a_post()), by_hand)
    assert 0.0 == price_of(an_email(), x)


MONEY = (because(ReasonCode.NEEDS_MONEY, status=402),)


def test_want_of_money_is_its_own_reason_and_stays_visible(ledger: Ledger) -> None:
    """X answers 402: the delivery waits, says what it needs, and goes once there is money."""
    broke = Outcome(
        OutcomeKind.LATER, detail="402: credits are used up", status=402, retry_at=at(1, 10, 15), reasons=MONEY
    )
    world = World(ledger, [a_post("day-1")])
    world.x.script = [broke]
    world.run_at(at(1))
    (delivery,) = ledger.deliveries.of_season("live", A_MONTH)
    assert "needs money: x says: 402: credits are used up" == why(delivery)
    assert delivery.needs_money
    assert delivery.needs_a_person()
    world.run_at(at(1, 10, 15))
    (delivery,) = ledger.deliveries.of_season("live", A_MONTH)
    assert ("sent", False, False) == (delivery.state, delivery.needs_money, delivery.needs_a_person())


# -- the log --------------------------------------------------------------------------------------------


def test_many_missed_for_one_reason_are_one_line(ledger: Ledger, caplog: pytest.LogCaptureFixture) -> None:
    """With the count, the first and the last day; started in mid-season it is no error."""
    caplog.set_level(logging.INFO, "scheduler")
    world = World(ledger, [a_post(f"day-{d}", on=date(2027, 1, d)) for d in range(1, 21)], now=at(11, 0))
    world.tick.run()
    (line,) = (r for r in caplog.records if "missed" in r.getMessage())
    because = says(ReasonCode.CLOSED_BEFORE_START)
    assert f"10 deliveries of 2027-01-01 to 2027-01-10 were missed: {because}" == line.getMessage()
    assert ("INFO", 10) == (line.levelname, len(line.deliveries))  # type: ignore[attr-defined]
    caplog.clear()
    world.run_at(at(15, 0))
    (line,) = (r for r in caplog.records if "missed" in r.getMessage())
    assert line.levelname == "ERROR"
    assert line.getMessage().startswith("4 deliveries of 2027-01-11 to 2027-01-14 were missed: its window closed")


def test_one_or_two_missed_are_named(ledger: Ledger, caplog: pytest.LogCaptureFixture) -> None:
    """A single day is worth its name."""
    world = World(ledger, [a_post("day-1")])
    world.tick.run()
    world.run_at(at(2, 0))
    assert any(r.getMessage().startswith("day-1 on x was missed") for r in caplog.records)
    say_missed(())
