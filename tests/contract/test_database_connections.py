"""Connections that are in use while their pool is dropped, or after the end: none stays open on the server."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import event, func, literal, select

from scheduler.store import Ledger, open_ledger
from scheduler.store.plain_drivers import begin_plainly
from scheduler.store.tables import ledger as the_ledger
from tests.contract.conftest import HAS_POSTGRESQL, Schemas

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


@pytest.mark.postgresql
@pytest.mark.skipif(not HAS_POSTGRESQL, reason="PostgreSQL is not installed here")
def test_no_statement_is_compiled_first(schemas: Schemas) -> None:
    """PostgreSQL guesses that the freeze of a batch costs a million where a list is long, and would compile it each
    time: a reader of a hundred thousand cost the server twice what one of ten thousand cost."""
    with schemas.one() as url:
        ledger, plainly = open_ledger(url), begin_plainly(url)
        is_off = select(literal(1)).where(func.current_setting("jit") == "off")
        with ledger._database.read() as connection:
            assert connection.execute(is_off).first()
        assert ledger._database.glance(is_off)
        assert ("off",) == plainly.execute("SHOW jit").fetchone()
        plainly.close()
        ledger.close()


def is_closed(connection: Any) -> bool:
    closed = getattr(connection, "closed", None)
    if closed is not None:
        return bool(closed)
    try:
        connection.execute("SELECT 1")
    except Exception as problem:
        return "closed" in str(problem)
    return False
