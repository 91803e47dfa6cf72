"""Lanes in trouble: files that cannot be read, a ledger that is locked, settings that have changed."""

from __future__ import annotations

import threading
from collections.abc import Callable
from contextlib import ExitStack
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import event
from sqlalchemy.pool import QueuePool

from scheduler.domain.outcome import Request
from scheduler.errors import OutOfReach
from scheduler.store import Ledger
from tests.contract.test_lanes import DUE, PATIENCE, Day
from tests.support.altered_ledger import AlteredLedger
from tests.support.world import A_MONTH, a_post, an_email, some_settings


def test_nobody_calls_while_the_files_cannot_be_read(ledger: Ledger) -> None:
    """One thread looks at the files in a second; what it found holds for all of them."""
    day = Day(ledger, [an_email("day-1")], readers=30)
    files = ["one"]
    day.tick._fingerprint = lambda: files[0]
    day.count_in_flight(together=4)
    count = day.world.email.on_call

    def spoil_the_files(request: Request) -> None:
        if len(day.most_in_flight) == 8:
            files[0], day.world.unreadable = "two", ValueError("half of it was saved")
            day.world.clock.advance(timedelta(seconds=2))  # so the next look is due, and the one after it is not
        count(request)

    day.world.email.on_call = spoil_the_files
    day.tick.run()
    calls = len(day.world.email.provider.calls)
    assert 9 <= calls <= 12  # the ninth, and those that were past their last check
    files[0], day.world.unreadable = "one", None
    day.world.clock.advance(timedelta(minutes=2))  # what was in hand waits a minute
    day.tick.run()
    assert {1} == set(day.world.received().values())
    assert {"day-1/email": "sent"} == day.states()


def test_of_earlier_settings_nothing_is_kept(ledger: Ledger) -> None:
    """They hold secrets."""
    day = Day(ledger, [a_post("day-1")])
    for _ in range(3):
        day.tick.run()
        day.tick.take_up(some_settings(), {"x": day.world.x, "email": day.world.email}, waived=())
    day.tick.run()
    assert not day.tick._dispatcher._users


# -- a ledger that is locked -----------------------------------------------------------------------------


def test_writers_of_one_process_do_not_wait_in_turn_for_a_locked_ledger(
    ledger: Ledger, open_it: Callable[[], Ledger]
) -> None:
    """Eight calls that have ended would take minutes, and the watchdog would end the process."""
    tried, ends = list[int](), list[bool]()

    def write() -> None:
        try:
            ledger.events.record("note", who="Ben", now=DUE)
        except OutOfReach as problem:
            ends.append(problem.passes and "it is locked" in problem.message)

    ledger._database.hurry(2)
    event.listen(ledger._database.engine.pool, "checkout", lambda *given: tried.append(1))
    with open_it()._database.write("note"):
        writing = [threading.Thread(target=write, daemon=True) for _ in range(8)]
        for thread in writing:
            thread.start()
        for thread in writing:
            thread.join(PATIENCE)
    assert [True] * 8 == ends
    assert 1 <= len(tried) < 8
    write()  # who comes later tries it again
    assert 1 == len(ledger.events.of_kinds("note"))


def test_where_no_connection_is_free_that_is_said_and_passes(ledger: Ledger, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each is waited for; a thread more is told so, in words of the ledger."""
    pool = ledger._database.engine.pool
    if not isinstance(pool, QueuePool):
        pytest.skip("in memory there is one connection")
    monkeypatch.setattr(pool, "_timeout", 0.1)
    with ExitStack() as busy:
        for _ in range(pool.size() + pool._max_overflow):
            busy.enter_context(ledger._database.read())
        with pytest.raises(OutOfReach, match="each connection of this process to it is in use") as caught:
            ledger.deliveries.of_season("live", A_MONTH)
    assert caught.value.passes


class _Away(AlteredLedger):
    """Takes no outcome."""

    tries = 0
    is_away = True

    def batches_record_outcome(self, *arguments: object, **more: Any) -> object:
        type(self).tries += 1
        if self.is_away:
            raise OutOfReach("the database is locked")
        return self._ledger.batches.record_outcome(*arguments, **more)


def test_outcomes_that_were_kept_are_tried_until_the_first_that_is_not_taken(ledger: Ledger) -> None:
    """Each may wait half a minute for the ledger; the others are kept as they are, and none is lost."""
    away = _Away(ledger)
    day = Day(away, [an_email("day-1")], readers=5, most=1)  # type: ignore[arg-type]
    sent = day.tick.run().sent
    assert sent == (5 if ledger._database.is_sqlite else 1)  # there the next waits, as for another program's call
    _Away.tries = 0
    assert sent == day.tick.run().kept
    assert 1 == _Away.tries
    away.is_away = False
    assert 0 == day.tick.run().kept
    day.tick.run()
    assert {"day-1/email": "sent"} == day.states()
    assert {1} == set(day.world.received().values())
