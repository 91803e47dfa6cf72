"""Changes that wait for their turn at one instant: one commit for all, and what goes wrong in one is its own."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import Connection, event, update

from scheduler.errors import ObservanceError, OutOfReach
from scheduler.store import Ledger
from scheduler.store.events import AcceptedByHistory, append
from scheduler.store.shared_commit import MOST, Change
from scheduler.store.tables import events

NOW = datetime(2027, 1, 2, 10, tzinfo=UTC)


class Together:
    """Threads that ask for a change each while somebody else writes."""

    def __init__(self, ledger: Ledger) -> None:
        self.database = ledger._database
        self.ledger = ledger
        self.commits = 0
        self.ends: dict[int, object] = {}
        event.listen(self.database.engine, "commit", self._committed)

    def _committed(self, connection: Connection) -> None:
        self.commits += 1

    def run(self, acts: list[Callable[[Connection], object]], *, name: str = "act") -> dict[int, object]:
        """What came of each, by its number: an answer or a problem."""

        def ask(number: int) -> None:
            try:
                self.ends[number] = self.database.write_together(name, acts[number])
            except BaseException as problem:
                self.ends[number] = problem

        self.ends.clear()
        threads = []
        with self.database._one_writer:
            for number in range(len(acts)):
                threads.append(threading.Thread(target=ask, args=(number,)))
                threads[-1].start()
                while len(self.database._changes) <= number:
                    time.sleep(0.001)
            self.commits = 0
        for thread in threads:
            thread.join(60)
            assert not thread.is_alive()
        assert not self.database._changes
        return dict(self.ends)

    def told(self) -> list[int]:
        return [int(str(event.data["number"])) for event in self.ledger.events.of_kinds("note")]


def tell(number: int) -> Callable[[Connection], int]:
    def act(connection: Connection) -> int:
        append(connection, at=NOW, kind="note", who="Ada", number=number)
        return number

    return act


def break_a_rule(connection: Connection) -> None:
    append(connection, at=NOW, kind="note", who="Ada", number=-1)
    connection.execute(update(events).values(who="Eve"))  # the history is only added to


def raise_an_error(connection: Connection) -> None:
    append(connection, at=NOW, kind="note", who="Ada", number=-1)
    raise KeyError("an error of the program")


@pytest.fixture
def together(ledger: Ledger) -> Iterator[Together]:
    with ledger._database.write("first") as connection:
        append(connection, at=NOW, kind="first", who="Ada")
    together = Together(ledger)
    yield together
    event.remove(together.database.engine, "commit", together._committed)


def test_those_that_wait_share_a_commit_in_the_order_in_which_they_came(together: Together) -> None:
    assert {number: number for number in range(9)} == together.run([tell(number) for number in range(9)])
    assert (1, list(range(9))) == (together.commits, together.told())


def test_no_more_than_so_many_share_one(together: Together) -> None:
    together.run([tell(number) for number in range(2 * MOST + 1)])
    assert (3, 2 * MOST + 1) == (together.commits, len(together.told()))


def test_what_goes_wrong_in_one_takes_back_nothing_of_the_others(together: Together) -> None:
    ends = together.run([tell(0), break_a_rule, tell(2), raise_an_error, tell(4)])
    assert isinstance(ends[1], ObservanceError)
    assert "break a rule" in str(ends[1])
    assert isinstance(ends[3], KeyError)
    assert ({0: 0, 2: 2, 4: 4}, 1, [0, 2, 4]) == (
        {number: end for number, end in ends.items() if isinstance(end, int)},
        together.commits,
        together.told(),
    )
    assert isinstance(together.run([raise_an_error])[0], KeyError)
    assert [0, 2, 4] == together.told()


def test_where_the_commit_fails_each_is_told_so(together: Together, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(name: str) -> None:
        if name == "before_act_commit":
            raise OSError("a disk that is gone")

    with monkeypatch.context() as patched:
        patched.setattr(together.database, "_failpoint", fails)
        ends = together.run([tell(0), raise_an_error, tell(2)])
    assert [OSError, KeyError, OSError] == [type(ends[number]) for number in range(3)]
    assert [] == together.told()
    assert {0: 0} == together.run([tell(0)])


def test_each_is_committed_before_it_is_told_so(together: Together, monkeypatch: pytest.MonkeyPatch) -> None:
    """A call follows an intent at once: what somebody else sees then must hold it."""
    seen, ended, real = list[Any](), list[str](), together.database._failpoint

    def point(name: str) -> None:
        if name.startswith("before"):
            ended.extend(map(str, together.ends))
        else:
            seen.append(together.told())
        real(name)

    monkeypatch.setattr(together.database, "_failpoint", point)
    together.run([tell(0), tell(1)])
    assert ([], [[0, 1], [0, 1]]) == (ended, seen)


def test_what_one_runs_into_after_the_commit_is_its_own(together: Together, monkeypatch: pytest.MonkeyPatch) -> None:
    """The others are told what came of theirs, and whoever stands still keeps nobody from writing."""
    stands, goes_on = threading.Event(), threading.Event()
    real = together.database._failpoint

    def point(name: str) -> None:
        if name == "after_act_commit" and not stands.is_set():
            stands.set()
            assert goes_on.wait(60)
            raise OSError("an error of one's own")
        real(name)

    def write_meanwhile() -> None:
        assert stands.wait(60)
        with together.database.write("other") as connection:
            append(connection, at=NOW, kind="other", who="Ada")
        goes_on.set()

    monkeypatch.setattr(together.database, "_failpoint", point)
    other = threading.Thread(target=write_meanwhile)
    other.start()
    ends = together.run([tell(0), tell(1), tell(2)])
    other.join(60)
    assert [0, 1, 2] == together.told()
    assert 1 == sum(isinstance(end, OSError) for end in ends.values()), ends
    assert 2 == sum(isinstance(end, int) for end in ends.values()), ends


def test_what_was_seen_in_a_commit_that_failed_is_not_believed(
    together: Together, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The line that says that a batch went out is the next one's by then, and must not be passed over."""
    known = AcceptedByHistory(together.database)

    def accepted(batch: int) -> Callable[[Connection], object]:
        about: dict[str, Any] = {"at": NOW, "kind": "attempt.accepted", "who": "tick", "delivery_id": 1, "batch": batch}
        return lambda connection: append(connection, **about)

    def has(batch: int) -> Callable[[Connection], object]:
        row: Any = {"id": batch, "delivery_id": 1, "number": batch}
        return lambda connection: known.has(connection, row)

    def fails(name: str) -> None:
        if name == "before_act_commit":
            raise OSError("a disk that is gone")

    with monkeypatch.context() as patched:
        patched.setattr(together.database, "_failpoint", fails)
        together.run([accepted(1), has(1)])
    together.run([accepted(2)])
    assert {0: False, 1: True} == together.run([has(1), has(2)])


def test_where_the_database_has_taken_back_all_each_is_told_so_in_words(together: Together) -> None:
    """As SQLite does where the disk is full, whoever hears of it."""

    def takes_back(connection: Connection) -> None:
        connection.connection.driver_connection.rollback()

    ends = together.run([tell(0), takes_back, tell(2)])
    assert [True] * 3 == [isinstance(ends[number], ObservanceError) for number in range(3)], ends
    assert [] == together.told()
    assert {0: 0} == together.run([tell(0)])


def test_behind_one_whom_the_database_did_not_let_write_nobody_waits_in_turn(
    together: Together, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who asks after that tries again."""
    database = together.database

    def ask() -> dict[int, object]:
        return together.run([tell(0), tell(1)])

    real = database._carry_out

    def away(asked: Sequence[Change]) -> None:
        database._out_of_reach = OutOfReach("away", passes=True)
        real(asked)

    with monkeypatch.context() as patched:
        patched.setattr(database, "_carry_out", away)
        ends = ask()
    assert [OutOfReach, OutOfReach] == [type(ends[number]) for number in range(2)]
    assert [] == together.told()
    assert {0: 0, 1: 1} == ask()
