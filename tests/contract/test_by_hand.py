"""A post by hand: it waits for its person, who says so by a button; what nobody marks in its window is missed."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from scheduler.channels.registry import open_channel
from scheduler.channels.spec import ALWAYS
from scheduler.channels.x.spec import SPEC as X
from scheduler.domain.delivery import State
from scheduler.domain.delivery_words import why
from scheduler.domain.outcome import Evidence, Verdict
from scheduler.domain.reason import ReasonCode
from scheduler.domain.records import Delivery
from scheduler.engine.alert_rules import AlertContext, notices
from scheduler.errors import ConfigurationError
from scheduler.settings import ChannelSettings, Mode, Notices, Secrets
from scheduler.store import Ledger
from tests.support.world import A_MONTH, World, a_campaign, a_post

PERSON = "Ada Example"


def by_hand(person: str = PERSON) -> ChannelSettings:
    return ChannelSettings("x", "by_hand", True, "", 20.0, {"person": person})


@pytest.fixture
def world(ledger: Ledger) -> World:
    """One post, due at 10:00 UTC on a channel by hand, until 18:00."""
    made = World(ledger, [a_post("day-1", until_hour=18)])
    made.x = open_channel(by_hand(), Secrets({}))  # type: ignore[assignment]
    made.new_tick()
    return made


def delivery(world: World) -> Delivery:
    (found,) = world.ledger.deliveries.of_season(str(Mode.LIVE), A_MONTH)
    return found


def at(world: World, hour: int, minute: int = 0) -> None:
    world.run_at(world.messages[0].due_at.replace(hour=hour, minute=minute))


def told(world: World) -> list[str]:
    picture = AlertContext(
        now=world.clock.now(),
        campaign=a_campaign(),
        season=world.tick.rehearsal.plan.season,
        live=True,
        rules=Notices(),
        deliveries=(delivery(world),),
        public_url="https://news.example.org/",
    )
    return [n.text for n in notices(picture) if n.code in ("to-post", "unknown", "missed")]


def test_at_its_time_it_waits_for_its_person(world: World) -> None:
    """Until when stands in the reason, and the notice leads to the page; it is no doubt that somebody has to clear up."""
    at(world, 10)
    now = delivery(world)
    assert (State.UNKNOWN, True) == (now.state, now.has(ReasonCode.WAITS_FOR_PERSON))
    assert f"waits for {PERSON} until 6:00 PM" == why(now)
    (said,) = told(world)
    assert f"it waits for {PERSON} until 6:00 PM" in said
    assert f"https://news.example.org/to-post/{now.id}" in said


def test_it_is_handed_over_once(world: World) -> None:
    """However many passes there are before anybody says a word; and the channel does not count as in trouble."""
    for hour in range(10, 18):
        at(world, hour)
        at(world, hour, 30)
    assert 1 == len(world.ledger.events.of_kinds("attempt.unknown"))
    assert State.UNKNOWN is delivery(world).state
    assert () == tuple(world.ledger.pauses.in_force(str(Mode.LIVE), now=world.clock.now()))


def test_who_marks_it_settles_it(world: World) -> None:
    """It stands as sent, by whom, with the address; and nothing more is asked."""
    at(world, 10)
    now, address = world.clock.now(), "https://social.example/1"
    assert 1 == world.ledger.lookups.resolve(delivery(world).id, sent=True, who=PERSON, reference=address, now=now)
    at(world, 19)
    assert (State.SENT, f"settled by {PERSON}: it went out") == (delivery(world).state, why(delivery(world))[:40])
    assert [] == told(world)


def test_unmarked_it_is_missed(world: World) -> None:
    """At its window's end, and not before; it is never handed over again."""
    at(world, 10)
    at(world, 17, 59)
    assert State.UNKNOWN is delivery(world).state
    for minute in (0, 5, 10):
        at(world, 18, minute)
    assert State.MISSED is delivery(world).state
    assert 1 == len(world.ledger.events.of_kinds("attempt.unknown"))
    assert any("missed" in text for text in told(world))


def test_somebody_has_to_be_named() -> None:
    """Without a person there is nobody to hand it to."""
    with pytest.raises(ConfigurationError, match="nobody is named who posts"):
        open_channel(by_hand(""), Secrets({}))


# -- calls that do no harm twice ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("safe_for", "state", "calls"), [(None, "unknown", 1), (timedelta(minutes=1), "unknown", 1), (ALWAYS, "sent", 2)]
)
def test_a_doubt_is_sent_again_where_the_same_call_does_no_harm(
    ledger: Ledger, monkeypatch: pytest.MonkeyPatch, safe_for: timedelta | None, state: str, calls: int
) -> None:
    """By what the spec declares, for as long as it does; the very same call, by its id."""
    spec = replace(X, repeat_safe_for=safe_for)
    monkeypatch.setattr("scheduler.engine.reconcile.spec_of", lambda channel: spec)
    world: Any = World(ledger, [a_post("day-1")])
    world.x.script = ["accept-then-drop"]
    world.x.look_up = lambda request, *, since, now: Evidence(Verdict.CANNOT_TELL)
    for minute in range(0, 60, 5):
        at(world, 10, minute)
    assert {"day-1/x": state} == world.states()
    assert calls == len(world.x.provider.calls)
    assert 1 == len({call.fingerprint for call in world.x.provider.calls})
