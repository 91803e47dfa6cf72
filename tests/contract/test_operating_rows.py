"""What operators ask of the ledger, on each store: history by kind, calls by the clock, calls that cost money."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from scheduler.domain.clock_state import BY_THE_CLOCK_ALONE, RIGHT
from scheduler.domain.delivery_words import why
from scheduler.ports import Outcome, OutcomeKind
from scheduler.store import SqlLedger
from scheduler.testing import World, a_post, an_email


def at(day: int, hour: int = 10, minute: int = 0) -> datetime:
    return datetime(2027, 1, day, hour, minute, tzinfo=UTC)


def test_history_gives_the_kinds_that_are_asked_for_in_order(ledger: SqlLedger) -> None:
    """Oldest first, from a day on; what is recorded takes its place in the chain, without addresses."""
    ledger.record("notice.told", who="notices", now=at(1), key="one", text="ask reader@readers.example")
    ledger.record("alarm.started", who="start", now=at(2), node="here:1")
    ledger.record("notice.told", who="notices", now=at(3), key="two")
    told = ledger.history("notice.told")
    assert ["one", "two"] == [e.data["key"] for e in told]
    assert "ask [address]" == told[0].data["text"]
    assert [3] == [e.id for e in ledger.history("notice.told", since=at(2))]
    assert 3 == len(ledger.history("notice.told", "alarm.started"))
    assert () == ledger.history("nothing")
    assert ledger.verify_events().is_whole


def test_the_newest_instant_is_of_what_happened(ledger: SqlLedger) -> None:
    """Not of what the clock alone brought about, nor of what was written before the clock was found to be right."""
    ledger.record("hold.set", who="Ada Example", now=at(2))
    for kind in BY_THE_CLOCK_ALONE:
        ledger.record(kind, who="tick", now=at(9))
    assert at(2) == ledger.newest_event_at()
    ledger.record("attempt.accepted", who="tick", now=at(8))
    assert at(8) == ledger.newest_event_at()
    ledger.record(RIGHT, who="clock", now=at(3))
    assert at(3) == ledger.newest_event_at()
    ledger.record("attempt.accepted", who="tick", now=at(4))
    assert at(4) == ledger.newest_event_at()


def test_an_empty_history_has_no_newest_instant(ledger: SqlLedger) -> None:
    """None, not an error."""
    assert ledger.newest_event_at() is None


def test_calls_are_counted_by_channel_whatever_came_of_them(ledger: SqlLedger) -> None:
    """Accepted, refused and doubtful calls alike; of the other channel none."""
    world = World(ledger, [a_post("day-1"), a_post("day-2", on=date(2027, 1, 2)), an_email("day-1")], readers=2)
    world.x.script = [Outcome(OutcomeKind.LATER, retry_at=at(1, 10, 30)), "accept-then-drop", "accept"]
    for when in (at(1), at(1, 10, 30), at(2)):
        world.run_at(when)
    assert (at(1), at(1, 10, 30), at(2)) == ledger.recent_calls("live", "x", since=at(1) - timedelta(seconds=1))
    assert (at(2),) == ledger.recent_calls("live", "x", since=at(1, 10, 30))
    assert () == ledger.recent_calls("rehearsal", "x", since=at(1, 0))
    assert 1 == len(ledger.recent_calls("live", "email", since=at(1, 0)))


def test_what_may_have_gone_is_paid_for_and_what_did_not_is_free(ledger: SqlLedger) -> None:
    """A refusal costs nothing, a doubt may; once it is found not to have gone, it does not."""
    posts = [a_post(f"day-{d}", on=date(2027, 1, d)) for d in (1, 2, 3)]
    world = World(ledger, posts)
    world.x.script = [Outcome(OutcomeKind.FINAL), "lost", "accept"]
    for day in (1, 2, 3):
        world.run_at(at(day))
    by_item = {d.item: d for d in ledger.deliveries("live", "a-month", 2027)}
    calls = ledger.priced_calls("live", "a-month", 2027, "x")
    assert {by_item["day-2"].id, by_item["day-3"].id} == {c.delivery_id for c in calls}
    assert {posts[1].digest, posts[2].digest} == {c.digest for c in calls}
    ledger.resolve(by_item["day-2"].id, sent=False, who="Ada", now=at(3, 11))
    assert [by_item["day-3"].id] == [c.delivery_id for c in ledger.priced_calls("live", "a-month", 2027, "x")]
    assert () == ledger.priced_calls("live", "a-month", 2028, "x")


def test_a_season_that_starts_in_the_middle_says_why_its_first_days_are_missed(ledger: SqlLedger) -> None:
    """They were never this ledger's to send: nobody has to look at each."""
    world = World(ledger, [a_post(f"day-{d}", on=date(2027, 1, d)) for d in (1, 2, 3)], now=at(3, 9))
    world.tick.run()
    missed = [d for d in ledger.deliveries("live", "a-month", 2027) if d.state == "missed"]
    assert {"its window had closed before the season was started here"} == {why(d) for d in missed}
    assert [] == [d for d in missed if d.needs_a_person()]
    world.clock.advance(timedelta(days=2))
    world.tick.run()
    (late,) = (d for d in ledger.deliveries("live", "a-month", 2027) if d.item == "day-3")
    assert why(late).startswith("its window closed before it could go")
    assert late.needs_a_person()
