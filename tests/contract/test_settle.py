"""A person settles a doubt: what it means for the delivery, and what cannot be settled."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from scheduler.clock import VirtualClock
from scheduler.domain.delivery import State
from scheduler.domain.refusals import Refusal, Refused
from scheduler.services.context import Actor, Context
from scheduler.services.reconcile import Settled, resolve
from scheduler.store import Ledger
from tests.support.world import A_MONTH, World, a_post, an_email


def at(day: int, hour: int = 10, minute: int = 0) -> datetime:
    return datetime(2027, 1, day, hour, minute, tzinfo=UTC)


@pytest.fixture
def doubtful(ledger: Ledger) -> World:
    """Day 1: a post whose end nobody knows, and a mailing with two batches in doubt of three."""
    world = World(ledger, [a_post("day-1"), an_email("day-1")], readers=3, batch_limit=1)
    world.x.script = ["lost"]
    world.email.script = ["lost", "accept", "lost"]
    world.run_at(at(1))
    return world


def said(world: World, channel: str, **how: Any) -> Settled:
    (delivery,) = (d for d in world.ledger.deliveries.of_season("live", A_MONTH) if d.channel == channel)
    context = Context(None, world.ledger, world.clock, Actor("Ada"))
    return resolve(context, delivery.id, **{"sent": True, **how})


def test_sent_never_goes_out_again(doubtful: World) -> None:
    """It stands as sent, with the reference, and who said so is in the history."""
    done = said(doubtful, "x", reference="1234")
    assert (1, "sent", False) == (done.calls, done.delivery.state, done.goes_out_again)
    assert "1234" == done.delivery.reference
    doubtful.run_at(at(1, 11))
    assert 1 == len(doubtful.x.provider.calls)
    assert ["Ada"] == [e.who for e in doubtful.ledger.events.newest(delivery_id=done.delivery.id) if "found" in e.kind]


def test_not_sent_goes_out_while_its_window_is_open(doubtful: World) -> None:
    """The next pass sends it, once."""
    done = said(doubtful, "x", sent=False)
    assert done.goes_out_again
    doubtful.run_at(at(1, 11))
    assert 1 == doubtful.received()["day-1/x"]


def test_not_sent_after_the_window_does_not(doubtful: World) -> None:
    """It says so, and the next pass closes it."""
    doubtful.clock.advance(at(2, 1) - doubtful.clock.now())
    done = said(doubtful, "x", sent=False)
    assert not done.goes_out_again
    doubtful.tick.run()
    assert "missed" == doubtful.states()["day-1/x"]
    assert "day-1/x" not in doubtful.received()


def test_a_mailing_is_settled_whole_or_by_batch(doubtful: World) -> None:
    """Two batches are in doubt; one is settled first, the other after it."""
    first = said(doubtful, "email", sent=False, batch=1)
    assert (1, 1) == (first.calls, first.delivery.counts.unknown)
    rest = said(doubtful, "email")
    assert (1, 0) == (rest.calls, rest.delivery.counts.unknown)
    doubtful.run_at(at(1, 11))
    assert 2 == len(doubtful.email.provider.accepted)


def test_what_is_not_in_doubt_cannot_be_settled(doubtful: World) -> None:
    """A number that is none, a batch that was accepted, and the same word twice."""
    nobody = Context(None, doubtful.ledger, doubtful.clock, Actor("Ada"))
    with pytest.raises(Refused) as refused:
        resolve(nobody, 999, sent=True)
    assert Refusal.NO_SUCH_DELIVERY is refused.value.code
    with pytest.raises(Refused, match="batch 2 of delivery") as refused:
        said(doubtful, "email", batch=2)
    assert Refusal.NOTHING_IN_DOUBT is refused.value.code
    said(doubtful, "x")
    with pytest.raises(Refused) as refused:
        said(doubtful, "x", sent=False)
    assert (Refusal.NOTHING_IN_DOUBT, State.SENT) == (refused.value.code, refused.value.fields["state"])


def test_what_a_backup_held_back_is_settled_by_the_same_word(ledger: Ledger) -> None:
    """Inside the window it goes; after it, the word comes too late and changes nothing."""
    world = World(ledger, [a_post("day-1")], now=at(1, 0))
    world.tick.run()
    ledger.backups.mark_as_copy(copied_at=at(1, 1), who="Ada", now=at(1, 12))
    world.clock.advance(at(1, 12) - world.clock.now())
    ledger.backups.take_over(now=at(1, 12))
    late = Context(None, ledger, VirtualClock(at(2, 0)), Actor("Ada"))
    (delivery,) = ledger.deliveries.of_season("live", A_MONTH)
    with pytest.raises(Refused) as refused:
        resolve(late, delivery.id, sent=False)
    assert (Refusal.WINDOW_CLOSED, 1) == (refused.value.code, refused.value.exit_status)
    assert said(world, "x", sent=False).goes_out_again
    assert 1 == world.tick.run().sent
