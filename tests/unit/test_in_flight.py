"""How many calls may be in flight: one at first, more with good answers, fewer with bad ones."""

from __future__ import annotations

import threading

import pytest

from scheduler.domain.outcome import Outcome, OutcomeKind
from scheduler.domain.reason import ReasonCode, because
from scheduler.engine.in_flight import InThreads, Window

GOOD = Outcome(OutcomeKind.ACCEPTED)
DOUBT = Outcome(OutcomeKind.UNKNOWN, reasons=(because(ReasonCode.NO_ANSWER),))
GONE = Outcome(OutcomeKind.LATER, reasons=(because(ReasonCode.NO_CONNECTION),))
TOO_MANY = Outcome(OutcomeKind.LATER, status=429)
CLOSING = Outcome.of_readers({"a": GOOD, "b": Outcome(OutcomeKind.LATER, status=421)})
ONE_IN_DOUBT = Outcome.of_readers({"a": GOOD, "b": DOUBT})
REFUSED = Outcome(OutcomeKind.FINAL, status=400, reasons=(because(ReasonCode.REFUSED),))


def grown(limit: int = 8) -> Window:
    window = Window(limit)
    for _ in range(limit):
        window.end(window.begin(), GOOD, slow=False)
    return window


def test_it_opens_with_one_and_grows_by_one_with_each_good_answer_up_to_its_limit() -> None:
    window, sizes = Window(4), []
    for _ in range(6):
        sizes.append(window.size)
        window.end(window.begin(), GOOD, slow=False)
    assert [1, 2, 3, 4, 4, 4] == sizes


@pytest.mark.parametrize(
    ("answer", "slow", "size"),
    [
        (DOUBT, False, 1),
        (ONE_IN_DOUBT, False, 1),
        (GONE, False, 1),
        (TOO_MANY, False, 4),
        (CLOSING, False, 4),
        (GOOD, True, 4),
        (REFUSED, False, 8),
    ],
)
def test_what_an_answer_makes_of_it(answer: Outcome, slow: bool, size: int) -> None:
    window = grown()
    window.end(window.begin(), answer, slow=slow)
    assert size == window.size


def test_calls_that_began_before_it_fell_say_nothing_new() -> None:
    """Eight answers of the same moment are one sign; and a good one among them does not open it again."""
    window = grown()
    calls = [window.begin() for _ in range(8)]
    for call in calls[:7]:
        window.end(call, TOO_MANY, slow=False)
    window.end(calls[7], GOOD, slow=False)
    assert 4 == window.size
    window.end(window.begin(), GOOD, slow=False)
    assert 5 == window.size


def test_calls_run_beside_each_other_and_whoever_waits_comes_back_with_the_first() -> None:
    calls, meet, last = InThreads(), threading.Barrier(3), threading.Event()
    ended: list[int] = []

    def call(number: int) -> None:
        meet.wait(60)  # all three have begun
        if number:
            last.wait(60)
        ended.append(number)

    for number in range(3):
        calls.start(lambda number=number: call(number))  # type: ignore[misc]
    calls.wait()
    assert [0] == ended
    last.set()
    calls.close()
    assert {0, 1, 2} == set(ended)


def test_a_thread_that_is_free_makes_the_next_call_and_ends_with_the_others() -> None:
    calls, threads = InThreads(), list[threading.Thread]()
    for _ in range(3):
        calls.start(lambda: threads.append(threading.current_thread()))
        calls.wait()
    assert 1 == len(set(threads))
    calls.close()
    threads[0].join(60)
    assert not threads[0].is_alive()


def test_where_no_thread_can_be_made_the_call_is_made_all_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    """Once: its intent stands, and whoever waits for it would wait for ever."""

    def no_room(thread: threading.Thread) -> None:
        raise RuntimeError("can't start new thread")

    calls, made = InThreads(), list[int]()
    monkeypatch.setattr(threading.Thread, "start", no_room)
    calls.start(lambda: made.append(1))
    calls.wait()
    calls.close()
    assert [1] == made
