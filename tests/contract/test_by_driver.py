"""The statements of a batch by the driver's own road: the same answers, the same errors, and nothing of SQLAlchemy's."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, bindparam, event, insert, select, update
from sqlalchemy.exc import IntegrityError, StatementError

from scheduler.errors import OutOfReach
from scheduler.store import Ledger, by_driver, open_ledger
from scheduler.store.tables import holds

AT = datetime(2027, 1, 2, 10, 0, 0, 5, tzinfo=UTC)
#: The same instant in another zone: what is stored is UTC.
ELSEWHERE = AT.astimezone(timezone(timedelta(hours=-5)))
NAMES = ("channel", "who", "why", "held_at")
ADD = insert(holds).values({name: bindparam(name, type_=holds.c[name].type) for name in NAMES})
HELD = select(holds).where(holds.c.channel.in_(["email", "x"]), holds.c.held_at <= bindparam("until")).order_by("id")
RELEASE = update(holds).where(holds.c.channel == bindparam("of")).values(released_at=bindparam("at"))
HOLD = {"channel": "email", "who": "Ann", "why": "a \"test\" with 'marks' :and %s", "held_at": ELSEWHERE}


@pytest.fixture
def ledger(tmp_path: Path, migrated_file: Path) -> Iterator[Ledger]:
    path = tmp_path / "ledger.db"
    shutil.copy(migrated_file, path)
    ledger = open_ledger(f"sqlite:///{path}")
    yield ledger
    ledger.close()


def without_sqlalchemy(monkeypatch: pytest.MonkeyPatch) -> None:
    begins = Connection.exec_driver_sql

    def refuse(connection: Connection, statement: object, *more: object) -> Any:
        if statement == "BEGIN IMMEDIATE":
            return begins(connection, statement)
        raise AssertionError("by SQLAlchemy")

    for name in ("execute", "exec_driver_sql"):
        monkeypatch.setattr(Connection, name, refuse)


def test_the_driver_answers_as_sqlalchemy_does(ledger: Ledger, monkeypatch: pytest.MonkeyPatch) -> None:
    """Names of columns, instants and everything else; and SQLAlchemy carries out nothing but the beginning of a change."""
    with monkeypatch.context() as patched:
        without_sqlalchemy(patched)
        with ledger._database.write("test") as connection:
            assert 1 == by_driver.change(connection, ADD, HOLD)
            assert 1 == by_driver.change(connection, ADD, HOLD | {"channel": "x"})
            assert 0 == by_driver.change(connection, RELEASE, {"of": "nobody", "at": AT})
            assert 1 == by_driver.change(connection, RELEASE, {"of": "x", "at": AT})
        with ledger._database.read() as connection:
            rows = by_driver.rows(connection, HELD, {"until": ELSEWHERE})
            assert [] == by_driver.rows(connection, HELD, {"until": AT - timedelta(days=1)})
            assert None is by_driver.row(connection, HELD, {"until": AT - timedelta(days=1)})
    with ledger._database.read() as connection:
        theirs = connection.execute(HELD, {"until": ELSEWHERE}).mappings().all()
    assert [dict(row) for row in theirs] == rows
    assert [(AT, None), (AT, AT)] == [(row["held_at"], row["released_at"]) for row in rows]


def test_whoever_listens_hears_every_statement(ledger: Ledger) -> None:
    """Statements are counted and looked at by their listeners: then SQLAlchemy carries them out, with the same rows."""
    heard: list[str] = []
    event.listen(ledger._database.engine, "before_cursor_execute", lambda c, cursor, text, *more: heard.append(text))
    with ledger._database.write("test") as connection:
        assert 1 == by_driver.change(connection, ADD, HOLD)
        assert [AT] == [row["held_at"] for row in by_driver.rows(connection, HELD, {"until": AT})]
    assert ["BEGIN", "INSER", "SELEC"] == [text[:5] for text in heard]


def test_a_value_that_is_not_given_is_an_error(ledger: Ledger) -> None:
    """It is not taken for an empty one, which no row would match."""
    with ledger._database.read() as connection, pytest.raises(KeyError):
        by_driver.rows(connection, HELD, {})


def test_a_broken_rule_is_told_as_ever(ledger: Ledger) -> None:
    with pytest.raises((IntegrityError, StatementError)), ledger._database.engine.connect() as connection:
        by_driver.change(connection, ADD, HOLD | {"who": None})


def end_halfway(ledger: Ledger) -> None:
    with ledger._database.write("test") as connection:
        by_driver.change(connection, ADD, HOLD)
        raise ZeroDivisionError


def test_what_was_begun_is_taken_back_with_the_rest(ledger: Ledger) -> None:
    with pytest.raises(ZeroDivisionError):
        end_halfway(ledger)
    with ledger._database.read() as connection:
        assert [] == by_driver.rows(connection, HELD, {"until": AT})


def test_a_lock_of_another_program_is_told_in_words(ledger: Ledger) -> None:
    """Also where it is met at the beginning of a transaction."""
    ledger._database.hurry(0.05)
    other = sqlite3.connect(str(ledger._database.path), isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    try:
        with pytest.raises(OutOfReach, match="locked"), ledger._database.write("test"):
            raise AssertionError("it was not locked")
    finally:
        other.close()


COLUMNS = select(holds.c.channel, holds.c.who, holds.c.why).where(holds.c.why != bindparam("but")).order_by("id")


@pytest.mark.parametrize("why", [["one", "", "a, 'b' \"c\""], ["one", "\0", ""], ["a\0b"]])
def test_columns_are_those_of_the_rows(ledger: Ledger, why: list[str]) -> None:
    """Also where the mark that stands between them is in a text; and there are none where there is no row."""
    with ledger._database.write("test") as connection:
        for number, text in enumerate(why):
            by_driver.change(connection, ADD, HOLD | {"channel": f"x{number}", "why": text})
    with ledger._database.read() as connection:
        found = by_driver.columns(connection, COLUMNS, {"but": "never"})
        assert [] == by_driver.columns(connection, COLUMNS.where(holds.c.id < 0), {"but": "never"})
    assert [[f"x{n}" for n in range(len(why))], ["Ann"] * len(why), why] == [[*column] for column in found]
