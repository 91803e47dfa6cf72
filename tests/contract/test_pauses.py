"""A provider in trouble is left alone: two calls, then a growing pause, for all processes; nothing is lost by it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest

from scheduler.domain.delivery import State
from scheduler.domain.outcome import Outcome, OutcomeKind, Request
from scheduler.domain.reason import ReasonCode, because
from scheduler.domain.records import Delivery
from scheduler.store import Ledger
from tests.contract.conftest import STORES
from tests.support.world import A_MONTH, World, a_post, an_email

DUE = datetime(2027, 1, 1, 10, tzinfo=UTC)
END = datetime(2027, 1, 2, tzinfo=UTC)
MINUTE, SECOND = timedelta(minutes=1), timedelta(seconds=1)
C = ReasonCode


def ended(kind: OutcomeKind, code: ReasonCode, **more: Any) -> Outcome:
    return Outcome(kind, reasons=(because(code),), **more)


SILENT = ended(OutcomeKind.UNKNOWN, C.NO_ANSWER)
UNREACHED = ended(OutcomeKind.LATER, C.NO_CONNECTION)
KEYS = ended(OutcomeKind.FINAL, C.KEYS_REFUSED, status=401)
FORBIDDEN = ended(OutcomeKind.FINAL, C.FORBIDDEN, status=403)
REFUSED = ended(OutcomeKind.FINAL, C.REFUSED, status=400)
TOO_LARGE = ended(OutcomeKind.FINAL, C.TOO_LARGE, status=413)
GOOD = Outcome(OutcomeKind.ACCEPTED)


class Mailing:
    """Ten calls of ten readers, and a provider that is told how to behave."""

    def __init__(self, ledger: Ledger, *, readers: int = 100) -> None:
        self.ledger = ledger
        self.world = World(ledger, [an_email(), a_post()], readers=readers, batch_limit=10)
        self.email = self.world.email

    def always(self, answer: Outcome | str) -> None:
        """From now on each call ends so."""
        self.email.script = [answer] * 1_000

    @property
    def delivery(self) -> Delivery:
        return next(d for d in self.ledger.deliveries.of_season("live", A_MONTH) if d.kind == "email")

    @property
    def calls(self) -> list[int]:
        """How many readers each call was for."""
        return [len(request.body["readers"]) for request in self.email.provider.calls]

    def passes_until(self, until: datetime, *, every: timedelta = 10 * MINUTE) -> list[datetime]:
        """A pass each ten minutes, when a pause ends, and a second before; when each call was made."""
        at: list[datetime] = []
        self.email.on_call = lambda request: at.append(self.world.clock.now())
        while (now := self.world.clock.now()) < until:
            ends = [pause.until_at for pause in self.ledger.pauses.in_force("live", now=now)]
            coming = [end - before for end in ends for before in (SECOND, timedelta(0))]
            self.world.run_at(max(min(until, now + every, *(then for then in coming if then > now)), DUE))
        return at

    def got(self) -> dict[str, int]:
        return {who: n for who, n in self.world.received().items() if "/r" in who}


@pytest.fixture
def mailing(ledger: Ledger) -> Mailing:
    return Mailing(ledger)


@pytest.mark.parametrize("answer", [SILENT, UNREACHED, KEYS, FORBIDDEN], ids=["silent", "unreached", "401", "403"])
def test_two_calls_then_the_channel_pauses(mailing: Mailing, answer: Outcome) -> None:
    """The rest of the mailing waits, says why, and the other channel goes on."""
    mailing.always(answer)
    mailing.world.run_at(DUE)
    mailing.world.run_at(DUE + MINUTE / 2)
    assert 2 == len(mailing.calls)
    delivery = mailing.delivery
    assert (0, 0) == (delivery.counts.failed, delivery.counts.accepted)
    assert (20 if answer is SILENT else 0) == delivery.counts.unknown
    assert C.CHANNEL_PAUSED in {reason.code for reason in delivery.reasons}
    (pause,) = mailing.ledger.pauses.in_force("live", now=DUE)
    assert ("email", 2, DUE, DUE + MINUTE) == (pause.channel, pause.failures, pause.since_at, pause.until_at)
    assert answer.reasons == pause.reasons
    assert 1 == len(mailing.world.x.provider.accepted)


def test_a_provider_that_is_silent_all_day_costs_two_calls(mailing: Mailing) -> None:
    """It is asked whether it is there, at growing distances; nothing is called before it says so, and all that was not
    called is missed at the end, in so many words."""
    mailing.always(SILENT)
    mailing.email.answer = SILENT
    mailing.passes_until(END + MINUTE)
    assert [10, 10] == mailing.calls
    assert 15 < mailing.email.questions < 25
    counts = mailing.delivery.counts
    assert (20, 80) == (counts.unknown, counts.missed)


def test_the_distances_grow_to_an_hour(mailing: Mailing) -> None:
    """One call each time, which a refusal costs nothing."""
    mailing.always(KEYS)
    at = mailing.passes_until(DUE + timedelta(hours=5))
    minutes = [(b - a) / MINUTE for a, b in pairwise(at)]
    assert [0, 1, 2, 4, 8, 16, 32, 60, 60, 60] == minutes[:10]


@pytest.mark.parametrize("answer", [SILENT, UNREACHED, KEYS, FORBIDDEN], ids=["silent", "unreached", "401", "403"])
def test_when_it_answers_again_all_that_waits_goes_once(mailing: Mailing, answer: Outcome) -> None:
    """By itself, after one good call; the pause is over, and its reason is gone from the mailing."""
    mailing.always(answer)
    mailing.passes_until(DUE + 10 * MINUTE)
    mailing.email.script = []
    mailing.passes_until(DUE + 40 * MINUTE)
    counts = mailing.delivery.counts
    assert (100 - counts.unknown, 0, 0) == (counts.accepted, counts.waiting, counts.failed)
    assert {1} == set(mailing.got().values())
    assert () == mailing.ledger.pauses.in_force("live", now=mailing.world.clock.now())
    assert C.CHANNEL_PAUSED not in {reason.code for reason in mailing.delivery.reasons}
    kinds = [event.kind for event in mailing.ledger.events.newest(limit=500)]
    assert (1, 1) == (kinds.count("channel.paused"), kinds.count("channel.resumed"))


def test_after_a_doubt_it_is_tried_with_one_reader(mailing: Mailing) -> None:
    """A provider that answers questions and takes no mail costs one reader each time, not a whole call."""
    mailing.always(SILENT)
    mailing.email.answer = GOOD
    mailing.passes_until(DUE + 20 * MINUTE)
    assert [10, 10, 1, 1, 1, 1] == mailing.calls
    mailing.email.script = []
    mailing.passes_until(DUE + 60 * MINUTE)
    counts = mailing.delivery.counts
    assert (24, 76, 0) == (counts.unknown, counts.accepted, counts.waiting)
    assert counts.adds_up()
    names = [batch.send_id for batch in mailing.ledger.deliveries.batches(mailing.delivery.id)]
    assert len(names) == len(set(names)), "each call has a name of its own at the provider"


@pytest.mark.parametrize("answer", [REFUSED, Outcome(OutcomeKind.LATER, reasons=(because(C.RATE_LIMITED),))])
def test_an_answer_about_one_call_is_no_trouble(mailing: Mailing, answer: Outcome) -> None:
    """Nor is a limit, which has an end of its own."""
    mailing.always(answer)
    mailing.world.run_at(DUE)
    assert 10 == len(mailing.calls)
    assert () == mailing.ledger.pauses.in_force("live", now=DUE)


def test_a_good_call_between_two_bad_ones_counts(mailing: Mailing) -> None:
    """In a row, they said."""
    mailing.email.script = [SILENT, "accept", SILENT, "accept", SILENT]
    mailing.world.run_at(DUE)
    assert (10, 30) == (len(mailing.calls), mailing.delivery.counts.unknown)


def test_a_pause_outlives_the_process_and_holds_for_all(mailing: Mailing, open_it: Callable[[], Ledger]) -> None:
    """It stands in the ledger; a person ends it, and the next call is made at once."""
    mailing.always(KEYS)
    mailing.world.run_at(DUE)
    mailing.world.new_tick(ledger=open_it())
    mailing.world.run_at(DUE + MINUTE / 2)
    assert 2 == len(mailing.calls)
    mailing.ledger.holds.release("email", who="Ada", now=DUE + MINUTE / 2)
    mailing.ledger.holds.release("*", who="Ben", now=DUE + MINUTE / 2)
    mailing.email.script = []
    mailing.passes_until(DUE + 2 * MINUTE, every=MINUTE)
    assert (100, {1}) == (len(mailing.got()), set(mailing.got().values()))
    assert ["Ada"] == [e.who for e in mailing.ledger.events.newest(limit=500) if e.kind == "channel.pause-ended"]


def test_of_several_programs_one_tries(ledger: Ledger) -> None:
    """A guarded update decides; the others wait until it has had its time."""
    mailing = Mailing(ledger)
    mailing.always(KEYS)
    mailing.world.run_at(DUE)
    pause = ledger.pauses.find("live", "email")
    assert pause is not None
    later = DUE + 2 * MINUTE
    assert [True, False] == [
        ledger.pauses.take_probe("live", "email", seen=pause, until_at=later + MINUTE) for _ in range(2)
    ]
    taken = ledger.pauses.find("live", "email")
    assert taken is not None
    assert taken.holds_at(later)


def test_a_pause_of_a_rehearsal_is_not_one_of_the_live_season(mailing: Mailing) -> None:
    """Each mode has its own."""
    mailing.always(KEYS)
    mailing.world.run_at(DUE)
    assert () == mailing.ledger.pauses.in_force("rehearsal", now=DUE)
    assert mailing.ledger.pauses.find("rehearsal", "email") is None


def test_a_clock_that_was_ahead_keeps_nobody_waiting(mailing: Mailing) -> None:
    """A pause that ends further ahead than any lasts does not hold."""
    mailing.always(KEYS)
    mailing.world.run_at(DUE)
    pause = mailing.ledger.pauses.find("live", "email")
    assert pause is not None
    assert mailing.ledger.pauses.take_probe("live", "email", seen=pause, until_at=DUE + timedelta(days=2))
    mailing.email.script = []
    mailing.passes_until(DUE + 3 * MINUTE, every=MINUTE)
    assert 100 == len(mailing.got())


# -- too large ------------------------------------------------------------------------------------------


def test_a_call_that_is_too_large_goes_in_halves(mailing: Mailing) -> None:
    """At once, until it fits; everybody has it once."""
    mailing.email.script = [_fits(3)] * 1_000
    mailing.world.run_at(DUE)
    assert ({1}, 100) == (set(mailing.got().values()), len(mailing.got()))
    assert [10, 5, 3, 2, 5, 3, 2] == mailing.calls[:7]
    assert (100, 0, State.SENT) == (
        mailing.delivery.counts.accepted,
        mailing.delivery.counts.failed,
        mailing.delivery.state,
    )
    assert () == mailing.ledger.pauses.in_force("live", now=DUE)
    assert mailing.delivery.counts.adds_up()


def test_what_is_too_large_for_one_reader_has_failed_for_that_one(mailing: Mailing) -> None:
    """And for nobody else."""
    mailing.email.script = [_spoilt_by("r0000042")] * 1_000
    mailing.world.run_at(DUE)
    counts = mailing.delivery.counts
    assert (99, 1, 0) == (counts.accepted, counts.failed, counts.waiting)
    assert "day-1/r0000042" not in mailing.got()
    (failed,) = [b for b in mailing.ledger.deliveries.batches(mailing.delivery.id) if b.state is State.FAILED]
    assert 1 == failed.called_for


def _fits(most: int) -> Callable[[Request], Outcome]:
    return lambda request: GOOD if len(request.body["readers"]) <= most else TOO_LARGE


def _spoilt_by(subscriber: str) -> Callable[[Request], Outcome]:
    return lambda request: TOO_LARGE if subscriber in request.body["readers"] else GOOD


# -- posts ----------------------------------------------------------------------------------------------


def test_a_post_whose_keys_are_refused_goes_when_they_are_good_again(ledger: Ledger) -> None:
    """It waits, at growing distances, and goes once."""
    world = World(ledger, [a_post()])
    world.x.script = [KEYS] * 4
    for minute in range(30):
        world.run_at(DUE + minute * MINUTE)
    assert {"day-1/x": "sent"} == world.states()
    assert 5 == len(world.x.provider.calls)
    assert {"day-1/x": 1} == world.received()


def test_what_a_network_forbids_of_one_post_is_final(ledger: Ledger) -> None:
    """It may be about this very post: a person is told at once."""
    world = World(ledger, [a_post()])
    world.x.script = [FORBIDDEN]
    world.run_at(DUE)
    assert {"day-1/x": "failed"} == world.states()


# -- several programs -----------------------------------------------------------------------------------


@pytest.mark.parametrize("ledger_url", STORES[1:], indirect=True)  # one program owns a SQLite ledger
def test_a_mailing_begins_with_one_call(ledger: Ledger, open_it: Callable[[], Ledger]) -> None:
    """While the first call is under way no other program makes one; when it was accepted they all do."""
    mailing = Mailing(ledger)
    other = World(open_it(), [an_email(), a_post()], batch_limit=10, approved=False)
    other.clock = mailing.world.clock
    other.new_tick()
    made: list[int] = []

    def meanwhile(request: Request) -> None:
        mailing.email.on_call = lambda request: None
        other.tick.run()
        made.append(len(other.email.provider.calls))

    mailing.email.script = [SILENT]
    mailing.email.on_call = meanwhile
    mailing.world.run_at(DUE)
    assert [0] == made
    other.tick.run()
    assert 10 == len(mailing.calls)
