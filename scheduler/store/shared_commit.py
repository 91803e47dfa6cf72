"""Changes that wait for their turn at one instant share a commit: the disk is waited for once for all of them.

Each is a part of the transaction that can be taken back by itself, so that what goes wrong in one touches none of the
others. Nobody comes back before all is on the disk. See docs/decisions/0066.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from typing import Any, Protocol, TypeAlias

from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError

from ..errors import OutOfReach
from . import by_driver

#: So many at most: the first of them waits for the last.
MOST = 32
#: In a connection's ``info``, while it writes: what is left to write before the commit, by name.
BEFORE_COMMIT = "observance_before_commit"


class Pending(Protocol):
    """What a change leads to, written in the same transaction, at its end."""

    def write_down(self) -> None: ...


#: What a change leads to is written at its end: within it, then behind it.
AtEnd: TypeAlias = Callable[[Connection], AbstractContextManager[None]]


class Change:
    """A change that somebody waits for, and what came of it."""

    def __init__(self, name: str, act: Callable[[Connection], Any], before: OutOfReach | None) -> None:
        """``before``: why the database could not be written to, as far as was known when it began to wait."""
        self.name, self.act, self.before = name, act, before
        self.answer: Any = None
        self.problem: BaseException | None = None
        self.is_over = False


def carry_out(connection: Connection, changes: Sequence[Change], at_end: AtEnd) -> None:
    """All of them, in their order; ``at_end`` writes what each leads to. Raises what ends all: an error of the only
    one, and one by which the database took back the whole transaction."""
    for change in changes:
        if len(changes) == 1:
            with at_end(connection):
                change.answer = change.act(connection)
        else:
            _one_of_several(connection, change, at_end)


def _one_of_several(connection: Connection, change: Change, at_end: AtEnd) -> None:
    by_driver.run(connection, "SAVEPOINT change")
    try:
        with at_end(connection):
            change.answer = change.act(connection)
    except Exception as problem:
        change.problem = problem
        if isinstance(problem, DBAPIError) and problem.connection_invalidated:
            raise
        try:
            by_driver.run(connection, "ROLLBACK TO SAVEPOINT change")
        except Exception:  # a full disk, or a line that broke: the database has taken back all
            raise problem from None
    by_driver.run(connection, "RELEASE SAVEPOINT change")
