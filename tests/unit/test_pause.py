"""A provider in trouble is left alone: what counts as trouble, and for how long."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from scheduler.domain.outcome import Bearing, Outcome, OutcomeKind, bearing_of
from scheduler.domain.pause import ChannelPause, pause_after
from scheduler.domain.reason import ReasonCode, because
from scheduler.engine.limits import is_too_large, kept_waiting

NOW = datetime(2027, 1, 11, 15, tzinfo=UTC)
ACCEPTED, LATER, FINAL, UNKNOWN = OutcomeKind.ACCEPTED, OutcomeKind.LATER, OutcomeKind.FINAL, OutcomeKind.UNKNOWN
C = ReasonCode


def end(kind: OutcomeKind, code: ReasonCode | None = None) -> Outcome:
    return Outcome(kind, reasons=(because(code),) if code else ())


def test_the_pause_grows_from_a_minute_to_an_hour() -> None:
    """After the second failure in a row; never longer, however many there are."""
    minutes = [pause_after(n) for n in range(10)]
    expected = [None, None, *(timedelta(minutes=m) for m in (1, 2, 4, 8, 16, 32, 60, 60))]
    assert expected == minutes
    assert timedelta(hours=1) == pause_after(10_000)


def test_a_pause_holds_until_its_end() -> None:
    """And not when its end is further ahead than any pause lasts: the clock was wrong when it was written."""
    pause = ChannelPause("email", 2, NOW, NOW + timedelta(minutes=1))
    assert pause.holds_at(NOW)
    assert not pause.holds_at(NOW + timedelta(minutes=1))
    assert not pause.holds_at(NOW - timedelta(hours=2))
    assert not replace(pause, until_at=None).holds_at(NOW)


@pytest.mark.parametrize(
    ("outcome", "bearing"),
    [
        (end(ACCEPTED), Bearing.GOOD),
        (end(UNKNOWN, C.NO_ANSWER), Bearing.TROUBLE),
        (end(UNKNOWN, C.SERVER_ERROR), Bearing.TROUBLE),
        (end(UNKNOWN, C.STRANGE_ANSWER), Bearing.TROUBLE),
        (end(UNKNOWN, C.DUPLICATE), Bearing.NEITHER),
        (end(LATER, C.NO_CONNECTION), Bearing.TROUBLE),
        (end(LATER, C.NAME_NOT_FOUND), Bearing.TROUBLE),
        (end(LATER, C.NOT_ENCRYPTED), Bearing.TROUBLE),
        (end(LATER, C.LINE_BROKE), Bearing.TROUBLE),
        (end(LATER, C.TAKES_NONE), Bearing.TROUBLE),
        (end(FINAL, C.KEYS_REFUSED), Bearing.TROUBLE),
        (end(LATER, C.KEYS_REFUSED), Bearing.TROUBLE),
        (end(FINAL, C.FORBIDDEN), Bearing.TROUBLE),
        (end(FINAL, C.REFUSED), Bearing.GOOD),
        (end(FINAL, C.TOO_LARGE), Bearing.GOOD),
        (end(FINAL, C.ADDRESS_DEAD), Bearing.GOOD),
        (end(LATER, C.BUSY), Bearing.GOOD),
        (end(LATER, C.SPOILT_BY_READERS), Bearing.GOOD),
        (end(LATER, C.RATE_LIMITED), Bearing.NEITHER),
        (end(LATER, C.NEEDS_MONEY), Bearing.NEITHER),
        (end(LATER, C.HELD), Bearing.NEITHER),
        (end(LATER), Bearing.NEITHER),
    ],
)
def test_what_the_end_of_a_call_says_of_the_provider(outcome: Outcome, bearing: Bearing) -> None:
    """An answer about one message or one reader, a limit with an end of its own, a call that was not made: no trouble."""
    assert bearing is bearing_of(outcome)


def test_of_a_call_whose_readers_fared_differently_one_who_was_served_counts() -> None:
    """Else the worst."""
    lost, broke, dead = end(UNKNOWN, C.NO_ANSWER), end(LATER, C.LINE_BROKE), end(FINAL, C.ADDRESS_DEAD)
    assert Bearing.GOOD is bearing_of(Outcome.of_readers({"a": lost, "b": broke, "c": end(ACCEPTED)}))
    assert Bearing.TROUBLE is bearing_of(Outcome.of_readers({"a": lost, "b": broke, "c": dead}))
    assert Bearing.GOOD is bearing_of(Outcome.of_readers({"a": end(LATER, C.BUSY), "c": dead}))


def test_a_refusal_that_holds_for_everybody_ends_nothing() -> None:
    """It waits, with its reason; of a post that is so for refused keys alone. Nothing else is touched."""
    waits = kept_waiting(replace(end(FINAL, C.KEYS_REFUSED), detail="said"), readers=0, now=NOW)
    assert (LATER, "said", (because(C.KEYS_REFUSED),)) == (waits.kind, waits.detail, waits.reasons)
    assert LATER is kept_waiting(end(FINAL, C.FORBIDDEN), readers=2, now=NOW).kind
    assert FINAL is kept_waiting(end(FINAL, C.FORBIDDEN), readers=0, now=NOW).kind
    for other in (end(FINAL, C.REFUSED), end(ACCEPTED), end(UNKNOWN, C.NO_ANSWER)):
        assert other == kept_waiting(other, readers=2, now=NOW)
    mixed = kept_waiting(Outcome.of_readers({"a": end(ACCEPTED), "b": end(FINAL, C.KEYS_REFUSED)}), readers=2, now=NOW)
    assert [ACCEPTED, LATER] == [one.kind for one in mixed.per_recipient.values()]


def test_after_a_doubt_the_next_call_is_a_small_one() -> None:
    """After a certain refusal it costs nothing."""
    pause = ChannelPause("email", 2, NOW, NOW, (because(C.NO_ANSWER),))
    assert pause.is_doubtful
    assert not replace(pause, reasons=(because(C.KEYS_REFUSED),)).is_doubtful


def test_a_call_that_is_too_large_goes_again_in_parts() -> None:
    """At once; for one reader, and for a post, it is the end."""
    large = end(FINAL, C.TOO_LARGE)
    again = kept_waiting(large, readers=2, now=NOW)
    assert (LATER, NOW) == (again.kind, again.retry_at)
    assert is_too_large(again)
    for readers in (0, 1):
        assert large == kept_waiting(large, readers=readers, now=NOW)
