"""A post whose answer is lost, through the whole engine and on both databases, on each network that can be asked: looked
up in its own records."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from scheduler.channels.contract.double import Answer
from scheduler.channels.contract.faults import Act, Fault, FaultScript
from scheduler.clock import VirtualClock
from scheduler.domain.delivery import State
from scheduler.domain.reason import ReasonCode
from scheduler.store import Ledger
from tests.support.networks import DUE, NETWORKS, Network, OnePost
from tests.support.world import World, a_post


class Timeline(OnePost):
    """One post, its channel, and the server that keeps it."""

    def __init__(self, ledger: Ledger, network: Network, double: Any) -> None:
        self.world = World(ledger, [a_post("day-1")])
        self.network, self.double = network, double
        self.world.x = network.open(double.base_url)  # type: ignore[assignment]
        self.world.new_tick()


@pytest.fixture(params=sorted(NETWORKS))
def timeline(ledger: Ledger, request: pytest.FixtureRequest) -> Iterator[Timeline]:
    network = NETWORKS[request.param]
    with network.double(clock=VirtualClock(DUE)) as double:
        made = Timeline(ledger, network, double)
        yield made
        made.world.x.close()


@pytest.mark.parametrize("act", [Act.DROP_AFTER, Act.ERROR_AFTER, Act.BROKEN_BODY])
def test_what_the_server_has_is_sent_and_not_sent_again(timeline: Timeline, act: Act) -> None:
    """Unknown after the call; found; one call, ever."""
    timeline.double.faults = FaultScript([Fault(act)])
    timeline.passes(0)
    assert "unknown" == timeline.delivery.state
    timeline.passes(*range(2, 20, 2))
    assert "sent" == timeline.delivery.state
    assert timeline.delivery.reference.endswith(timeline.double.posts[0].id)
    assert (1, 1) == (len(timeline.double.posts), timeline.double.sending_requests)


def test_what_the_server_does_not_have_goes_again_after_it_said_so_twice(timeline: Timeline) -> None:
    """A question that came too early may have been answered too early, so one answer is not enough."""
    timeline.double.faults = FaultScript([Fault(Act.DROP_BEFORE)])
    timeline.passes(0)
    minute = 0
    while not timeline.double.absences and minute < 30:
        minute += 1
        timeline.passes(minute)
    assert (1, 1, State.UNKNOWN) == (
        timeline.double.absences,
        timeline.double.sending_requests,
        timeline.delivery.state,
    )
    timeline.passes(*range(minute + 1, minute + 15))
    assert (2, 2) == (timeline.double.absences, timeline.double.sending_requests)
    assert (State.SENT, 1) == (timeline.delivery.state, len(timeline.double.posts))


def test_while_nobody_can_be_asked_nothing_goes_again(timeline: Timeline) -> None:
    """An answer that does not speak of the record proves nothing, for hours."""
    timeline.double.faults = FaultScript([Fault(Act.DROP_BEFORE)])
    setattr(timeline.double, timeline.network.reads, lambda query: Answer.of(502, {"error": "UpstreamFailure"}))
    timeline.passes(0, 5, 10, 30, 60, 120, 300, 600)
    assert (State.UNKNOWN, 1) == (timeline.delivery.state, timeline.double.sending_requests)


def test_a_limit_is_waited_for(timeline: Timeline) -> None:
    """As long as the server says."""
    timeline.double.faults = FaultScript([Fault(Act.LIMIT, reset_in=420)])
    timeline.passes(0, 1, 5)
    assert 1 == timeline.double.sending_requests
    timeline.passes(8, 9)
    assert (State.SENT, 2) == (timeline.delivery.state, timeline.double.sending_requests)


def test_a_refused_key_waits_and_is_no_failure(timeline: Timeline) -> None:
    """Until somebody has put it right."""
    good = getattr(timeline.double, timeline.network.key)
    setattr(timeline.double, timeline.network.key, "else")
    timeline.passes(0, 2, 5)
    assert State.SCHEDULED == timeline.delivery.state
    assert ReasonCode.KEYS_REFUSED in [reason.code for reason in timeline.delivery.reasons]
    setattr(timeline.double, timeline.network.key, good)
    timeline.passes(10, 20, 60)
    assert (State.SENT, 1) == (timeline.delivery.state, len(timeline.double.posts))


@pytest.fixture
def statuses(ledger: Ledger) -> Iterator[Timeline]:
    """On Mastodon."""
    network = NETWORKS["mastodon"]
    with network.double(clock=VirtualClock(DUE)) as double:
        made = Timeline(ledger, network, double)
        yield made
        made.world.x.close()


def test_a_copy_that_is_behind_makes_no_second_post(statuses: Timeline) -> None:
    """Mastodon shows the post only half an hour later: "absent" twice, and then the key makes one post of two calls."""
    statuses.double.faults, statuses.double.lags = FaultScript([Fault(Act.DROP_AFTER)]), timedelta(minutes=30)
    statuses.passes(*range(25))
    assert (State.SENT, 2, 1) == (
        statuses.delivery.state,
        statuses.double.sending_requests,
        len(statuses.double.posts),
    )
    assert statuses.delivery.reference.endswith(statuses.double.posts[0].id)


def test_after_the_key_is_forgotten_a_person_decides(statuses: Timeline) -> None:
    """Nobody could be asked for an hour; then Mastodon shows no such post, which proves too little by now."""
    statuses.double.faults = FaultScript([Fault(Act.DROP_BEFORE)])
    answers, statuses.double._own_statuses = statuses.double._own_statuses, lambda query: Answer.of(502, {})
    statuses.passes(0, 5, 10, 30)
    statuses.double._own_statuses = answers
    statuses.passes(*range(60, 780, 30))
    assert (State.UNKNOWN, True) == (statuses.delivery.state, statuses.delivery.needs_a_person())
    assert (1, 0) == (statuses.double.sending_requests, len(statuses.double.posts))
    assert statuses.double.absences > 0
