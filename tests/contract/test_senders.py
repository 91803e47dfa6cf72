"""The processes that send, as the ledger knows them: rows, heartbeats, and who is judged to run."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from scheduler.clock import VirtualClock, stopwatch
from scheduler.domain.sender import HEARTBEAT_EVERY, UNSEEN_AFTER, Sender, running
from scheduler.engine.heartbeat import Heartbeat, this_process
from scheduler.errors import OutOfReach
from scheduler.store import Ledger

NOW = datetime(2027, 1, 11, 15, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


def sender(key: str = "one", **fields: Any) -> Sender:
    made = Sender(
        key=key,
        kind="start",
        pid=14,
        host="north",
        version="0.1.0",
        mode="live",
        settings_fingerprint="f" * 64,
        campaigns=("a", "b"),
        started_at=NOW,
        last_seen_at=NOW,
    )
    return replace(made, **fields)


def test_a_row_comes_back_as_it_was_written(ledger: Ledger) -> None:
    """Every field, also those that most processes leave empty."""
    full = sender(
        pages_address="127.0.0.1:8080",
        pinned=("mode",),
        restart_for=("web.port",),
        settings_problem="line 3",
        last_pass_at=NOW + MINUTE,
        ended_at=NOW + 2 * MINUTE,
    )
    ledger.senders.keep(full)
    ledger.senders.keep(sender("two", started_at=NOW + MINUTE))
    assert (sender("two", started_at=NOW + MINUTE), full) == ledger.senders.all()


def test_a_heartbeat_changes_its_own_row_alone(ledger: Ledger) -> None:
    """Two processes of the same host and number, as containers have them, are two."""
    ledger.senders.keep(sender("one"))
    ledger.senders.keep(sender("two"))
    ledger.senders.keep(sender("one", last_seen_at=NOW + MINUTE))
    assert {"one": NOW + MINUTE, "two": NOW} == {s.key: s.last_seen_at for s in ledger.senders.all()}


def test_a_process_is_given_up_once_and_comes_back_by_itself(ledger: Ledger) -> None:
    """Of two that find it silent, one gives it up; nobody gives up what was seen since, or said that it ended."""
    ledger.senders.keep(sender())
    later = NOW + UNSEEN_AFTER + MINUTE
    assert not ledger.senders.lose("one", seen_at=NOW - MINUTE, now=later), "it was seen since"
    assert [True, False] == [ledger.senders.lose("one", seen_at=NOW, now=later) for _ in range(2)]
    assert later == ledger.senders.all()[0].lost_at
    ledger.senders.keep(sender(last_seen_at=later))  # it had only been stopped
    assert ledger.senders.all()[0].is_open
    ledger.senders.keep(sender(last_seen_at=later, ended_at=later))
    assert not ledger.senders.lose("one", seen_at=later, now=later + MINUTE)


def test_rows_of_long_ago_go_when_a_process_begins(ledger: Ledger) -> None:
    """`tick` by cron makes a row each five minutes; a process that runs is never thrown out."""
    ledger.senders.keep(sender("ended", ended_at=NOW))
    ledger.senders.keep(sender("lost"))
    ledger.senders.lose("lost", seen_at=NOW, now=NOW)
    ledger.senders.keep(sender("runs"))
    week = NOW + timedelta(days=8)
    ledger.senders.keep(sender("new", started_at=week, last_seen_at=week))
    assert {"runs", "new"} == {s.key for s in ledger.senders.all()}


@pytest.mark.parametrize(
    ("locked", "expected"),
    [
        pytest.param(None, ["seen"], id="PostgreSQL: by the clock"),
        pytest.param(True, ["seen"], id="SQLite: one, whatever the clock says"),
        pytest.param(False, [], id="SQLite: nobody holds the file"),
    ],
)
def test_who_runs(locked: bool | None, expected: list[str]) -> None:
    """Not one that ended, was given up, or was not seen for six heartbeats."""
    silent = NOW - UNSEEN_AFTER - timedelta(seconds=1)
    rows = [
        sender("ended", ended_at=NOW),
        sender("lost", lost_at=NOW),
        sender("silent", last_seen_at=silent),
        sender("seen", last_seen_at=NOW - HEARTBEAT_EVERY),
    ]
    assert expected == [s.key for s in running(rows, NOW, locked=locked)]
    if locked:
        assert ["silent"] == [s.key for s in running(rows[:3], NOW, locked=True)]


def test_the_row_is_there_while_the_process_runs_and_says_when_it_ended(ledger: Ledger) -> None:
    """Written at once, again when something changes, and a last time at a clean end."""
    clock = VirtualClock(NOW)
    row = this_process("start", mode="rehearsal", settings_fingerprint="", campaigns=["a"], now=NOW)
    heartbeat = Heartbeat(ledger, row, clock)
    heartbeat.start()
    heartbeat.change(mode="live")
    heartbeat.passed(NOW + MINUTE)
    clock.advance(2 * MINUTE)
    heartbeat.close(60)
    (found,) = ledger.senders.all()
    assert ("live", NOW + MINUTE, NOW + 2 * MINUTE) == (found.mode, found.last_pass_at, found.ended_at)
    assert row.key == found.key


def test_a_heartbeat_that_cannot_be_written_is_tried_again(ledger: Ledger, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever goes wrong with it ends neither the process nor the heartbeat."""
    row = this_process("start", mode="live", settings_fingerprint="", campaigns=["a"], now=NOW)
    heartbeat = Heartbeat(ledger, row, VirtualClock(NOW))
    with monkeypatch.context() as patched:
        patched.setattr(ledger.senders, "keep", lambda sender: 1 / 0)
        assert "ZeroDivisionError" == heartbeat._write(False)
    assert "" == heartbeat._write(False)
    assert [row.key] == [s.key for s in ledger.senders.all()]
    heartbeat.close()


def test_who_hurries_waits_a_moment_for_other_writers(open_it: Callable[[], Ledger]) -> None:
    """What is left to write at the end has a place in the time that the end may take; else its turn never comes."""
    other, ending = open_it(), open_it()
    ending.senders.all()  # it has a connection from before
    ending.hurry(0.2)
    passed = stopwatch()
    with other._database.write("test"), pytest.raises(OutOfReach, match="locked"):
        ending.events.record("alarm.stopped", who="start", now=NOW)
    assert passed() < 20, "not the half minute of other times"
    ending.events.record("alarm.stopped", who="start", now=NOW)
    assert 1 == len(ending.events.of_kinds("alarm.stopped"))
