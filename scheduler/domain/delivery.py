"""States of a delivery and of a recipient, and the one table of allowed moves."""

from __future__ import annotations

from enum import StrEnum


class State(StrEnum):
    """Where a delivery (or one batch of it, or one recipient) stands."""

    SCHEDULED = "scheduled"  # waits for its instant
    HELD = "held"  # a person stopped it
    SENDING = "sending"  # intent is written; the provider may or may not have it
    SENT = "sent"  # the provider accepted it
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


MOVES: dict[tuple[State, Verb], State] = {
    (State.SCHEDULED, Verb.TAKE): State.SENDING,
    (State.SCHEDULED, Verb.EXPIRE): State.MISSED,
    (State.SCHEDULED, Verb.HOLD): State.HELD,
    (State.SCHEDULED, Verb.SKIP): State.SKIPPED,
    (State.SCHEDULED, Verb.CANCEL): State.CANCELLED,
    (State.HELD, Verb.RELEASE): State.SCHEDULED,
    (State.HELD, Verb.EXPIRE): State.MISSED,
    (State.HELD, Verb.SKIP): State.SKIPPED,
    (State.HELD, Verb.CANCEL): State.CANCELLED,
    (State.SENDING, Verb.ACCEPT): State.SENT,
    (State.SENDING, Verb.POSTPONE): State.SCHEDULED,
    (State.SENDING, Verb.FAIL): State.FAILED,
    (State.SENDING, Verb.DOUBT): State.UNKNOWN,
    (State.UNKNOWN, Verb.FOUND_SENT): State.SENT,
    (State.UNKNOWN, Verb.FOUND_NOT_SENT): State.SCHEDULED,
}

#: States from which nothing moves by itself any more.
FINAL = frozenset({State.SENT, State.FAILED, State.MISSED, State.SKIPPED, State.CANCELLED})


class MoveNotAllowed(Exception):
    """This delivery is not in a state in which that can happen."""


def move(state: State, verb: Verb) -> State:
    """The state after ``verb``. Raises :class:`MoveNotAllowed` for every pair outside the table."""
    try:
        return MOVES[state, verb]
    except KeyError:
        raise MoveNotAllowed(f"a delivery that is {state} cannot {verb}") from None


def may_come_from(verb: Verb) -> tuple[State, ...]:
    """The states in which ``verb`` is allowed: the ``WHERE state IN (...)`` of the guarded update."""
    return tuple(sorted(state for state, v in MOVES if v is verb))
