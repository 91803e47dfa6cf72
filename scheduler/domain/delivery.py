"""States of a delivery and of its batches, and the one table of allowed moves.

A delivery is sent in batches, one call to a provider each; a post is a delivery with a single batch. Batches
move by the table below, and so does a delivery that has not been opened yet. Once it has batches, its state is
what :func:`whole` says of theirs.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum


class State(StrEnum):
    """Where a delivery (or one batch of it, or one recipient) stands."""

    SCHEDULED = "scheduled"  # waits for its instant
    HELD = "held"  # a person stopped it
    SENDING = "sending"  # intent is written; the provider may or may not have it
    SENT = "sent"  # the provider accepted it
    PARTLY_SENT = "partly_sent"  # of a delivery: somebody who should have it has not, and nothing waits
    FAILED = "failed"  # certainly not sent, and will not be tried again
    UNKNOWN = "unknown"  # nobody can tell; never sent again by the program
    MISSED = "missed"  # its window closed before it could go
    SKIPPED = "skipped"  # a person or a rule left it out, with a reason
    CANCELLED = "cancelled"  # taken out before its time


class Verb(StrEnum):
    """What can happen to a delivery."""

    TAKE = "take"
    ACCEPT = "accept"
    POSTPONE = "postpone"  # certainly not sent; try again inside the window
    FAIL = "fail"
    DOUBT = "doubt"
    EXPIRE = "expire"
    HOLD = "hold"
    RELEASE = "release"
    SKIP = "skip"
    CANCEL = "cancel"
    FOUND_SENT = "found-sent"  # evidence or a person says it went out
    FOUND_NOT_SENT = "found-not-sent"
    REINSTATE = "reinstate"  # the plan holds it again
    SET_ASIDE = "set-aside"  # it stopped the program several times before the call; others go on
    LEAVE_OUT = "leave-out"  # nobody of it can be written to: their addresses are dead
    REOPEN = "reopen"  # the clock alone had missed it, and its window is still to come
    RETRY = "retry"  # a person asks for another try of what certainly did not go out


MOVES: dict[tuple[State, Verb], State] = {
    (State.SCHEDULED, Verb.TAKE): State.SENDING,
    (State.SCHEDULED, Verb.EXPIRE): State.MISSED,
    (State.SCHEDULED, Verb.HOLD): State.HELD,
    (State.SCHEDULED, Verb.SKIP): State.SKIPPED,
    (State.SCHEDULED, Verb.CANCEL): State.CANCELLED,
    (State.SCHEDULED, Verb.SET_ASIDE): State.FAILED,
    (State.HELD, Verb.RELEASE): State.SCHEDULED,
    (State.HELD, Verb.EXPIRE): State.MISSED,
    (State.HELD, Verb.SKIP): State.SKIPPED,
    (State.HELD, Verb.CANCEL): State.CANCELLED,
    (State.SENDING, Verb.ACCEPT): State.SENT,
    (State.SENDING, Verb.POSTPONE): State.SCHEDULED,
    (State.SENDING, Verb.FAIL): State.FAILED,
    (State.SENDING, Verb.DOUBT): State.UNKNOWN,
    (State.SENDING, Verb.LEAVE_OUT): State.SKIPPED,
    (State.UNKNOWN, Verb.FOUND_SENT): State.SENT,
    (State.UNKNOWN, Verb.FOUND_NOT_SENT): State.SCHEDULED,
    (State.FAILED, Verb.RETRY): State.SCHEDULED,
    (State.MISSED, Verb.RETRY): State.SCHEDULED,
    (State.MISSED, Verb.REOPEN): State.SCHEDULED,
    (State.CANCELLED, Verb.REINSTATE): State.SCHEDULED,
}

#: States from which nothing moves by itself any more. A person may ask for a retry, and an item that returns to the
#: plan is reinstated; both send nothing outside the window.
FINAL = frozenset({State.SENT, State.PARTLY_SENT, State.FAILED, State.MISSED, State.SKIPPED, State.CANCELLED})


def may_come_from(verb: Verb) -> tuple[State, ...]:
    """The states in which ``verb`` is allowed: the ``WHERE state IN (...)`` of the guarded update."""
    return tuple(sorted(state for state, v in MOVES if v is verb))


def leads_to(verb: Verb) -> State:
    """The state that ``verb`` ends in, wherever it started: the ``SET state`` of the guarded update."""
    (target,) = {after for (_, v), after in MOVES.items() if v is verb}
    return target


#: In what order the batches' states decide the whole's once none of them is open. Doubt comes first: it is the one
#: that needs a person. Then what a reader saw; the counts beside the state tell the rest.
_WHEN_CLOSED = (State.UNKNOWN, State.SENT, State.FAILED, State.MISSED, State.SKIPPED, State.CANCELLED)


def whole(batches: Mapping[State, int], *, missing: int = 0, stopped: bool = False) -> State:
    """The state of a delivery from how many of its batches are in which state.

    ``sending`` also means "under way": part of it has gone and part of it waits for its next try. Where something
    stands in the way of that part (``stopped``) it is ``held``. ``missing``: how many readers of closed batches should
    have it and have it not; those who were left out for a reason of their own are not among them.
    A delivery without any batch had nobody to go to: ``skipped``.
    """
    there = {state for state, count in batches.items() if count}
    if State.SENDING in there:
        return State.SENDING
    if State.HELD in there:
        return State.HELD
    if State.SCHEDULED in there:
        if there == {State.SCHEDULED}:
            return State.SCHEDULED
        return State.HELD if stopped else State.SENDING
    state = next((state for state in _WHEN_CLOSED if state in there), State.SKIPPED)
    return State.PARTLY_SENT if state is State.SENT and missing else state
