"""What operators ask of the ledger, on each store: history by kind, calls by the clock, calls that cost money."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from scheduler.domain.clock_state import BY_THE_CLOCK_ALONE, RIGHT
from scheduler.domain.delivery_words import why
from scheduler.domain.outcome import Outcome, OutcomeKind
from scheduler.domain.reason import ReasonCode
from scheduler.domain.season_key import SeasonKey
from scheduler.store import Ledger
from tests.support.reasons import says
from tests.support.world import A_MONTH, World, a_post, an_email


def at(day: int, hour: int = 10, minute: int = 0) -> datetime:
    return datetime(2027, 1, day, hour, minute, tzinfo=UTC)


def test_history_gives_the_kinds_that_are_asked_for_in_order(ledger: Ledger) -> None:
    """Oldest first, from a day on; what is recorded takes its place in the chain, without addresses."""
    ledger.events.record("notice.told", who="notices", now=at(1), key="one", text="ask reader@readers.example")
    ledger.events.record("alarm.started", who="start", now=at(2), node="here:1")
    ledger.events.record("notice.told", who="notices", now=at(3), key="two")
    told = ledger.events.of_kinds("notice.told")
    assert ["one", "two"] == [e.data["key"] for e in told]
    assert "ask [address]" == told[0].data["text"]
    assert [3] == [e.id for e in ledger.events.of_kinds("notice.told", since=at(2))]
    assert 3 == len(ledger.events.of_kinds("notice.told", "alarm.started"))
    assert () == ledger.events.of_kinds("nothing")
    assert ledger.events.verify().is_whole


def test_the_newest_instant_is_of_what_happened(ledger: Ledger) -> None:
    """Not of what the clock alone brought about, nor of what was written before the clock was found to be right."""
    ledger.events.record("hold.set", who="Ada Example", now=at(2))
    for kind in BY_THE_CLOCK_ALONE:
        ledger.events.record(kind, who="tick", now=at(9))
    assert at(2) == ledger.events.newest_at()
    ledger.events.record("attempt.accepted", who="tick", now=at(8))
    assert at(8) == ledger.events.newest_at()
    ledger.events.record(RIGHT, who="clock", now=at(3))
    assert at(3) == ledger.events.newest_at()
    ledger.events.record("attempt.accepted", who="tick", now=at(4))
    assert at(4) == ledger.events.newest_at()


def test_an_empty_history_has_no_newest_instant(ledger: Ledger) -> None:
    """None, not an error."""
    assert ledger.events.newest_at() is None


def test_calls_are_counted_by_channel_whatever_came_of_them(ledger: Ledger) -> None:
    """Accepted, refused and doubtful calls alike; of the other channel none."""
    world = World(ledger, [a_post("day-1"), a_post("day-2", on=date(2027, 1, 2)), an_email("day-1")], readers=2)
    world.x.script = [Outcome(OutcomeKind.LATER, retry_at=at(1, 10, 30)), "accept-then-drop", "accept"]
    for when in (at(1), at(1, 10, 30), at(2)):
        world.run_at(when)
    assert (at(1), at(1, 10, 30), at(2)) == ledger.calls.recent("live", "x", since=at(1) - timedelta(seconds=1))
    assert (at(2),) == ledger.calls.recent("live", "x", since=at(1, 10, 30))
    assert () == ledger.calls.recent("rehearsal", "x", since=at(1, 0))
    assert 1 == len(ledger.calls.recent("live", "email", since=at(1, 0)))


def test_what_may_have_gone_is_paid_for_and_what_did_not_is_free(ledger: Ledger) -> None:
    """A refusal costs nothing, a doubt may; once it is found not to have gone, it does not."""
    posts = [a_post(f"day-{d}", on=date(2027, 1, d)) for d in (1, 2, 3)]
    world = World(ledger, posts)
    world.x.script = [Outcome(OutcomeKind.FINAL), "lost", "accept"]
    for day in (1, 2, 3):
        world.run_at(at(day))
    by_item = {d.item: d for d in ledger.deliveries.of_season("live", A_MONTH)}
    calls = ledger.calls.priced("live", A_MONTH, "x")
    assert {by_item["day-2"].id, by_item["day-3"].id} == {c.delivery_id for c in calls}
    assert {posts[1].digest, posts[2].digest} == {c.digest for c in calls}
    ledger.lookups.resolve(by_item["day-2"].id, sent=False, who="Ada", now=at(3, 11))
    assert [by_item["day-3"].id] == [c.delivery_id for c in ledger.calls.priced("live", A_MONTH, "x")]
    assert () == ledger.calls.priced("live", SeasonKey("a-month", 2028), "x")


def test_a_season_that_starts_in_the_middle_says_why_its_first_days_are_missed(ledger: Ledger) -> None:
    """They were never this ledger's to send: nobody has to look at each."""
    world = World(ledger, [a_post(f"day-{d}", on=date(2027, 1, d)) for d in (1, 2, 3)], now=at(3, 9))
    world.tick.run()
    missed = [d for d in ledger.deliveries.of_season("live", A_MONTH) if d.state == "missed"]
    assert {says(ReasonCode.CLOSED_BEFORE_START)} == {why(d) for d in missed}
    assert [] == [d for d in missed if d.needs_a_person()]
    world.clock.advance(timedelta(days=2))
    world.tick.run()
    (late,) = (d for d in ledger.deliveries.of_season("live", A_MONTH) if d.item == "day-3")
    assert why(late).startswith(says(ReasonCode.CLOSED_UNSENT))
    assert late.needs_a_person()
