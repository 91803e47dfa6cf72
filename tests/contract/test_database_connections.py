"""Connections that are in use while their pool is dropped, or after the end: none stays open on the server."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import event, select

from scheduler.store import Ledger
from scheduler.store.tables import ledger as the_ledger

ASKED = select(the_ledger.c.id)


@pytest.mark.parametrize("drop", [lambda ledger: ledger._database.hurry(1), lambda ledger: ledger.close()])
def test_what_comes_back_to_a_pool_that_was_dropped_is_closed(ledger: Ledger, drop: Callable[[Ledger], None]) -> None:
    """A garbage collector would, some time; the server has a place for so many."""
    database, opened = ledger._database, list[Any]()
    event.listen(database.engine, "checkout", lambda connection, *_: opened.append(connection))
    with database.read() as connection, database.read() as other:
        for asked in (connection, other):
            asked.execute(ASKED)
        drop(ledger)
    assert [True, True] == [is_closed(connection) for connection in opened]


def test_after_the_end_each_look_closes_its_connection(ledger: Ledger) -> None:
    """A thread in a call that takes longer than the end waits."""
    database, opened = ledger._database, list[Any]()
    assert database.glance(ASKED)
    ledger.close()
    event.listen(database.engine, "connect", lambda connection, _: opened.append(connection))
    assert database.glance(ASKED)
    with database.read() as connection:
        connection.execute(ASKED)
    assert [True, True] == [is_closed(connection) for connection in opened]


def is_closed(connection: Any) -> bool:
    closed = getattr(connection, "closed", None)
    if closed is not None:
        return bool(closed)
    try:
        connection.execute("SELECT 1")
    except Exception as problem:
        return "closed" in str(problem)
    return False
