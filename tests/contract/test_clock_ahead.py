"""The clock is days ahead for a pass, and right again: nothing early where anybody can be asked, nothing lost to it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from scheduler.clock import VirtualClock
from scheduler.domain.leave_page import ASKED, Found, LeavePage
from scheduler.domain.outcome import Outcome, OutcomeKind
from scheduler.domain.reason import ReasonCode
from scheduler.engine.outside import ClockCheck, LeaveCheck
from scheduler.store import Ledger
from tests.support.world import A_MONTH, World, a_post, an_email

DAYS = range(4, 10)
URL = "https://news.coalition.net"


def at(day: int, hour: int = 10, minute: int = 0) -> datetime:
    return datetime(2027, 1, day, hour, minute, tzinfo=UTC)


def a_week(ledger: Ledger, *, readers: int = 3, batch_limit: int = 1_000) -> World:
    """A post and a mail on each of six days, with a clock that stands at the fourth."""
    messages = [
        message
        for d in DAYS
        for message in (
            a_post(f"day-{d}", on=date(2027, 1, d), text=f"The post of {d}."),
            an_email(f"day-{d}", on=date(2027, 1, d)),
        )
    ]
    return World(ledger, messages, now=at(3), readers=readers, batch_limit=batch_limit)


def watched(world: World, *providers: str) -> VirtualClock:
    """Let providers tell the time. Returns their clock."""
    truth = VirtualClock(world.clock.now())
    world.clock_check = ClockCheck(
        world.ledger, world.clock, world.clock, providers, lambda address: truth.now(), host="here"
    )
    world.new_tick()
    return truth


def once(*days: int) -> dict[str, int]:
    return {key: 1 for d in days for key in expected(d)}


def expected(day: int) -> list[str]:
    return [f"day-{day}/x", *(f"day-{day}/r{n:07d}" for n in range(3))]


def days_received(world: World) -> dict[str, int]:
    found: dict[str, int] = {}
    for key, times in world.received().items():
        day = next(d for d in DAYS if f"day-{d}" in str(key) or f"of {d}." in str(key))
        found[f"{day}"] = found.get(f"{day}", 0) + times
    return found


def test_where_a_provider_tells_the_time_nothing_goes_early_and_nothing_is_missed(ledger: Ledger) -> None:
    """Two days ahead for a pass in the morning of the fifth, right again: each day goes on its day, once."""
    world = a_week(ledger)
    truth = watched(world, "https://api.x.com")
    truth.jump(at(4))
    world.run_at(at(4))
    truth.jump(at(5))
    world.clock.jump(at(7))
    result = world.tick.run()
    assert "2 days ahead" in " ".join(result.problems)
    assert result.needs_a_person()
    assert {"4": 4} == days_received(world)
    assert "missed" not in world.states().values()
    for day in DAYS[1:]:
        truth.jump(at(day))
        world.clock.jump(at(day))
        assert () == world.tick.run().problems
    assert {f"{d}": 4 for d in DAYS} == days_received(world)


def test_by_smtp_alone_what_the_clock_missed_is_scheduled_again(ledger: Ledger) -> None:
    """At nine in the morning two days later nothing is due: two days are missed, planned again, and go."""
    world = a_week(ledger)
    watched(world)
    world.run_at(at(4))
    world.clock.jump(at(7, 9))
    assert 4 == world.tick.run().missed
    world.clock.jump(at(5))
    result = world.tick.run()
    assert (4, 2) == (result.reopened, result.sent)
    assert {"4": 4, "5": 4} == days_received(world)
    kinds = [e.kind for e in ledger.events.of_kinds("delivery.missed", "delivery.reopened")]
    assert ["delivery.missed"] * 4 + ["delivery.reopened"] * 4 == kinds
    for day in DAYS[2:]:
        world.clock.jump(at(day))
        world.tick.run()
    assert {f"{d}": 4 for d in DAYS} == days_received(world)


def test_behind_what_was_sent_all_stops_until_somebody_says_which_is_right(ledger: Ledger) -> None:
    """By SMTP alone, and a day went out early: the days between are planned again, and wait for a person's word."""
    world = a_week(ledger)
    watched(world)
    world.run_at(at(4))
    world.clock.jump(at(7))
    world.tick.run()
    assert {"4": 4, "7": 4} == days_received(world)
    world.clock.jump(at(5))
    result = world.tick.run()
    assert "behind the ledger" in " ".join(result.problems)
    assert (4, 0) == (result.reopened, result.sent)
    assert "scheduled" == world.states()["day-5/email"]
    ledger.events.record("clock.right", who="Ada Example", now=at(5), host="here")
    assert 2 == world.tick.run().sent
    for day in DAYS[2:]:
        world.clock.jump(at(day))
        world.tick.run()
    assert {f"{d}": 4 for d in DAYS} == days_received(world)


def test_half_a_mailing_goes_on(ledger: Ledger) -> None:
    """The clock jumps between two batches: those that were never called for are scheduled again, the others stay."""
    world = a_week(ledger, batch_limit=1)
    world.email.script = ["accept", Outcome(OutcomeKind.LATER, retry_at=at(4, 11))]
    jump_after(world, calls=2, to=at(6, 9))
    world.run_at(at(4))
    world.tick.run()
    assert "missed" in {
        str(b.state) for d in ledger.deliveries.of_season("live", A_MONTH) for b in ledger.deliveries.batches(d.id)
    }
    world.clock.jump(at(4, 10, 30))
    world.tick.run()
    mail = next(d for d in ledger.deliveries.of_season("live", A_MONTH) if (d.item, d.channel) == ("day-4", "email"))
    assert ["sent", "missed", "sent"] == [str(b.state) for b in ledger.deliveries.batches(mail.id)], "one was begun"
    assert all(times == 1 for times in world.received().values())


def jump_after(world: World, *, calls: int, to: datetime) -> None:
    """The clock is set while a call is under way."""
    send, left = world.email.send, [calls]

    def sending(*arguments: object, **more: Any) -> Outcome:
        outcome: Outcome = send(*arguments, **more)  # type: ignore[arg-type]
        left[0] -= 1
        if left[0] == 0:
            world.clock.jump(to)
        return outcome

    world.email.send = sending  # type: ignore[method-assign]


@pytest.mark.parametrize("end", ["restored", "skipped", "called"])
def test_what_something_else_ended_stays(ledger: Ledger, end: str) -> None:
    """A restored backup, a person, and what was begun."""
    world = a_week(ledger)
    world.run_at(at(4))
    post = next(d for d in ledger.deliveries.of_season("live", A_MONTH) if (d.item, d.channel) == ("day-5", "x"))
    if end == "restored":
        ledger.backups.mark_as_copy(copied_at=at(4), who="Ada", now=at(5))
        ledger.backups.take_over(now=at(5))
    elif end == "skipped":
        ledger.deliveries.skip(post.id, who="Ada", why="not now", now=at(5))
    else:
        world.x.script = [Outcome(OutcomeKind.LATER, retry_at=at(5, 12))]
        world.run_at(at(5))
        world.clock.jump(at(7, 9))
        world.tick.run()
    before = ledger.deliveries.find(post.id)
    assert before is not None
    assert str(before.state) == ("skipped" if end == "skipped" else "missed")
    reopened = ledger.deliveries.reopen("live", now=at(5, 11))
    assert post.id not in {d.id for d in reopened}
    after = ledger.deliveries.find(post.id)
    assert after is not None
    assert before.state is after.state


def test_what_waited_for_a_person_waits_for_one_again(ledger: Ledger) -> None:
    """A hold was lifted, and what it had passed over awaits a decision: the clock does not make it."""
    world = a_week(ledger)
    ledger.holds.set("*", who="Ada", why="a look", now=at(3))
    world.run_at(at(4))
    ledger.holds.release("*", who="Ada", now=at(4, 11))
    held = {d.id for d in ledger.deliveries.of_season("live", A_MONTH) if str(d.state) == "held"}
    assert held
    world.clock.jump(at(6, 9))
    world.tick.run()
    world.clock.jump(at(4, 12))
    world.tick.run()
    assert held == {d.id for d in ledger.deliveries.of_season("live", A_MONTH) if str(d.state) == "held"}
    assert {} == days_received(world)


# -- the way to leave -----------------------------------------------------------------------------------


def leaving(world: World, answer: Callable[[], Found]) -> None:
    world.leave_check = LeaveCheck(world.ledger, URL, lambda nonce: answer(), world.clock, world.clock)
    world.new_tick()


def test_a_mail_without_a_way_to_leave_waits_and_the_post_goes(ledger: Ledger) -> None:
    """Told half an hour ahead; it goes by itself once the page is there."""
    world = a_week(ledger)
    found = [Found(LeavePage.WRONG, "nothing listens there")]
    leaving(world, lambda: found[0])
    world.run_at(at(4, 9, 25))
    assert () == ledger.events.of_kinds(ASKED)
    world.run_at(at(4, 9, 31))
    assert ["wrong"] == [e.data["found"] for e in ledger.events.of_kinds(ASKED)]
    world.run_at(at(4))
    assert {"4": 1} == days_received(world)
    mail = next(d for d in ledger.deliveries.of_season("live", A_MONTH) if (d.item, d.channel) == ("day-4", "email"))
    assert [ReasonCode.LEAVE_PAGE_DOWN] == [r.code for r in mail.reasons]
    found[0] = Found(LeavePage.GOOD)
    world.run_at(at(4, 10, 1))
    assert {"4": 4} == days_received(world)
    sent = ledger.deliveries.find(mail.id)
    assert sent is not None
    assert () == sent.reasons


def test_a_mailing_of_many_batches_is_asked_about_once(ledger: Ledger) -> None:
    world = a_week(ledger, batch_limit=1)
    asked: list[int] = []
    leaving(world, lambda: asked.append(1) or Found(LeavePage.GOOD))
    world.run_at(at(4))
    assert ({"4": 4}, 1) == (days_received(world), len(asked))


def test_nothing_there_until_the_end_of_the_window_is_missed_with_its_reason(ledger: Ledger) -> None:
    world = a_week(ledger)
    leaving(world, lambda: Found(LeavePage.UNSEEN, "no answer in time"))
    world.run_at(at(4))
    world.run_at(at(5, 0, 1))
    mail = next(d for d in ledger.deliveries.of_season("live", A_MONTH) if (d.item, d.channel) == ("day-4", "email"))
    assert [ReasonCode.CLOSED_UNSENT, ReasonCode.LEAVE_PAGE_UNSEEN] == [r.code for r in mail.reasons]
    assert timedelta(0) < mail.expires_at - mail.due_at
