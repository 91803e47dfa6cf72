"""The table of allowed moves, and the state of a delivery from those of its batches."""

from __future__ import annotations

from collections import Counter
from itertools import combinations_with_replacement, product

import pytest

from scheduler.domain.delivery import (
    FINAL,
    MOVES,
    State,
    Verb,
    leads_to,
    may_come_from,
    whole,
)

#: Written out by hand, so that a change of the table has to be made twice, knowingly.
EXPECTED = {
    State.SCHEDULED: {
        Verb.TAKE: State.SENDING,
        Verb.EXPIRE: State.MISSED,
        Verb.HOLD: State.HELD,
        Verb.SKIP: State.SKIPPED,
        Verb.CANCEL: State.CANCELLED,
        Verb.SET_ASIDE: State.FAILED,
    },
    State.HELD: {
        Verb.RELEASE: State.SCHEDULED,
        Verb.EXPIRE: State.MISSED,
        Verb.SKIP: State.SKIPPED,
        Verb.CANCEL: State.CANCELLED,
    },
    State.SENDING: {
        Verb.ACCEPT: State.SENT,
        Verb.POSTPONE: State.SCHEDULED,
        Verb.FAIL: State.FAILED,
        Verb.DOUBT: State.UNKNOWN,
        Verb.LEAVE_OUT: State.SKIPPED,
    },
    State.UNKNOWN: {Verb.FOUND_SENT: State.SENT, Verb.FOUND_NOT_SENT: State.SCHEDULED},
    State.FAILED: {Verb.RETRY: State.SCHEDULED},
    State.MISSED: {Verb.RETRY: State.SCHEDULED, Verb.REOPEN: State.SCHEDULED},
    State.CANCELLED: {Verb.REINSTATE: State.SCHEDULED},
    State.SENT: {},
    State.PARTLY_SENT: {},
    State.SKIPPED: {},
}


@pytest.mark.parametrize(("state", "verb"), list(product(State, Verb)), ids=str)
def test_every_pair_is_allowed_by_the_table_or_refused(state: State, verb: Verb) -> None:
    """A verb moves a delivery exactly where the table says, and nowhere else."""
    expected = EXPECTED[state].get(verb)
    if expected is None:
        assert (state, verb) not in MOVES
        assert state not in may_come_from(verb)
    else:
        assert expected == MOVES[state, verb]
        assert state in may_come_from(verb)


@pytest.mark.parametrize("verb", Verb)
def test_a_verb_leads_to_one_state_wherever_it_started(verb: Verb) -> None:
    """The guarded update sets one state, so a verb must not mean two things."""
    assert {leads_to(verb)} == {MOVES[state, verb] for state in may_come_from(verb)}


def test_nothing_leaves_sent() -> None:
    """What went out stays gone out: no verb leads away from it."""
    assert not [verb for state, verb in MOVES if state is State.SENT]


def test_only_a_take_leads_to_sending() -> None:
    """There is one door to a call."""
    assert [Verb.TAKE] == [verb for verb in Verb if leads_to(verb) is State.SENDING]


def test_only_people_and_the_plan_move_what_has_ended() -> None:
    """A final state is left by a person's retry, or by the item's return to the plan; both wait for the window."""
    leaving = {(state, verb) for state, verb in MOVES if state in FINAL}
    assert {
        (State.FAILED, Verb.RETRY),
        (State.MISSED, Verb.RETRY),
        (State.MISSED, Verb.REOPEN),
        (State.CANCELLED, Verb.REINSTATE),
    } == leaving


def test_unknown_is_left_by_evidence_or_a_person_only() -> None:
    """Nothing that the program does by itself sends an unknown again."""
    assert {Verb.FOUND_SENT, Verb.FOUND_NOT_SENT} == {verb for state, verb in MOVES if state is State.UNKNOWN}


@pytest.mark.parametrize(
    ("batches", "expected"),
    [
        ({}, State.SKIPPED),
        ({State.SCHEDULED: 3}, State.SCHEDULED),
        ({State.SCHEDULED: 1, State.SENT: 4}, State.SENDING),
        ({State.SCHEDULED: 1, State.UNKNOWN: 1}, State.SENDING),
        ({State.SENDING: 1, State.HELD: 4}, State.SENDING),
        ({State.HELD: 1, State.SENT: 4}, State.HELD),
        ({State.HELD: 1, State.SCHEDULED: 1}, State.HELD),
        ({State.UNKNOWN: 1, State.SENT: 4}, State.UNKNOWN),
        ({State.SENT: 1, State.FAILED: 1, State.MISSED: 1, State.SKIPPED: 1}, State.SENT),
        ({State.FAILED: 1, State.MISSED: 1}, State.FAILED),
        ({State.MISSED: 1, State.SKIPPED: 1}, State.MISSED),
        ({State.SKIPPED: 2, State.CANCELLED: 1}, State.SKIPPED),
        ({State.CANCELLED: 2}, State.CANCELLED),
        ({State.SENT: 1, State.SENDING: 0}, State.SENT),
    ],
)
def test_the_state_of_a_delivery_from_its_batches(batches: dict[State, int], expected: State) -> None:
    """Under way while any batch is; then doubt first, then what readers saw."""
    assert expected == whole(batches)


def test_a_delivery_is_ended_only_when_every_batch_is() -> None:
    """For all sets of up to three batches: an ended delivery hides no open batch, and no doubt."""
    for size in (1, 2, 3):
        for states in combinations_with_replacement(sorted(set(State) - {State.PARTLY_SENT}), size):
            ended = whole(Counter(states)) in FINAL
            assert ended == all(s in FINAL for s in states), states
