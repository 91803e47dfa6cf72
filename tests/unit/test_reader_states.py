"""The table of allowed moves of a reader."""

from __future__ import annotations

from itertools import product

import pytest

from scheduler.domain.subscriber import (
    READER_MOVES,
    SubscriberState,
    SubscriberVerb,
    subscriber_leads_to,
    subscriber_may_come_from,
)

S, V = SubscriberState, SubscriberVerb

#: Written out by hand, so that a change of the table has to be made twice, knowingly.
OUT = {V.LEAVE: S.LEFT, V.BOUNCE: S.BOUNCED, V.COMPLAIN: S.COMPLAINED, V.ERASE: S.ERASED}
EXPECTED = {
    S.PENDING: {**OUT, V.SIGN_UP: S.PENDING, V.CONFIRM: S.ACTIVE, V.ADD: S.ACTIVE},
    S.ACTIVE: {**OUT, V.PAUSE: S.PAUSED, V.SOFT_BOUNCES: S.PAUSED},
    S.PAUSED: {**OUT, V.PAUSE: S.PAUSED, V.RESUME: S.ACTIVE},
    S.LEFT: {
        V.COME_BACK: S.ACTIVE,
        V.SIGN_UP: S.PENDING,
        V.ADD: S.ACTIVE,
        V.COMPLAIN: S.COMPLAINED,
        V.ERASE: S.ERASED,
    },
    S.BOUNCED: {
        V.SIGN_UP: S.PENDING,
        V.ADD: S.ACTIVE,
        V.LEAVE: S.LEFT,
        V.COMPLAIN: S.COMPLAINED,
        V.ERASE: S.ERASED,
    },
    S.COMPLAINED: {V.ADD: S.ACTIVE, V.ERASE: S.ERASED},
    S.ERASED: {},
}


@pytest.mark.parametrize(("state", "verb"), list(product(S, V)), ids=str)
def test_every_pair_of_a_reader_is_allowed_by_the_table_or_refused(
    state: SubscriberState, verb: SubscriberVerb
) -> None:
    """A verb moves a reader exactly where the table says, and nowhere else."""
    expected = EXPECTED[state].get(verb)
    if expected is None:
        assert (state, verb) not in READER_MOVES
        assert state not in subscriber_may_come_from(verb)
    else:
        assert expected == READER_MOVES[state, verb]
        assert state in subscriber_may_come_from(verb)


@pytest.mark.parametrize("verb", V)
def test_a_readers_verb_leads_to_one_state_wherever_it_started(verb: SubscriberVerb) -> None:
    """The guarded update sets one state, so a verb must not mean two things."""
    assert {subscriber_leads_to(verb)} == {READER_MOVES[state, verb] for state in subscriber_may_come_from(verb)}


def test_who_is_out_comes_back_by_their_own_word_or_a_named_person_only() -> None:
    """A form alone leads to pending; no file, no receipt and no end of a pause leads from out to active. Only who has left
    can take that back."""
    into_active = {(state, verb) for (state, verb), after in READER_MOVES.items() if after is S.ACTIVE}
    out = {S.PENDING, S.LEFT, S.BOUNCED, S.COMPLAINED, S.ERASED}
    assert {V.CONFIRM, V.COME_BACK, V.ADD} == {verb for state, verb in into_active if state in out}
    assert {S.PENDING} == {state for state, verb in into_active if verb is V.CONFIRM}
    assert {S.LEFT} == {state for state, verb in into_active if verb is V.COME_BACK}


def test_nothing_leaves_erased() -> None:
    """There is nothing left to bring back: the same person who signs up again is a new reader."""
    assert not [verb for state, verb in READER_MOVES if state is S.ERASED]


def test_a_complaint_is_the_last_word_but_for_a_person_or_an_erasure() -> None:
    """Neither a form nor a later report makes anything else of it."""
    assert {V.ADD, V.ERASE} == {verb for state, verb in READER_MOVES if state is S.COMPLAINED}
