"""Statements that every batch of a mailing makes, carried out by SQLite's driver itself.

They are written with SQLAlchemy as all others, once for each module. What such a statement is in SQL, and how each
value is stored and read, is found out the first time; from then on only the driver is called. That leaves out what
SQLAlchemy does around each statement, which takes several times as long as the statement. On PostgreSQL, where the way
to the server takes longer than either, and wherever somebody listens to the statements of an engine, SQLAlchemy
carries them out.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple, cast

from sqlalchemy import BindParameter, ClauseElement, Connection, Dialect, RowMapping
from sqlalchemy.exc import DBAPIError
from sqlalchemy.sql import visitors
from sqlalchemy.sql.base import Executable
from sqlalchemy.sql.compiler import SQLCompiler

if TYPE_CHECKING:
    from .plain_sql import Cursor

_BETWEEN = "\0"  # texts of a column
_KNOWN = "goes_by_driver"  # of a connection
_ASKED = object()  # a value that is given with each execution
_Convert = Callable[[Any], Any]


class _Made(NamedTuple):
    """A statement as SQLite's driver takes it."""

    sql: str
    values: tuple[tuple[str, Any, _Convert | None], ...]  # name, what it always is, how it is stored
    columns: tuple[str, ...]
    read: tuple[tuple[int, _Convert], ...]  # the columns that are not read as they are stored


def rows(connection: Connection, statement: Executable, values: Mapping[str, Any]) -> list[RowMapping]:
    """All rows of an answer, by the names of their columns."""
    found = tuples(connection, statement, values)
    columns = _made(statement, connection.dialect).columns
    return [cast(RowMapping, dict(zip(columns, row, strict=True))) for row in found]


def row(connection: Connection, statement: Executable, values: Mapping[str, Any]) -> RowMapping | None:
    """The first row, by the names of its columns; None where there is none."""
    return next(iter(rows(connection, statement, values)), None)


def tuples(connection: Connection, statement: Executable, values: Mapping[str, Any]) -> list[Any]:
    """All rows of an answer, in the order of their columns."""
    if not _goes_by_driver(connection):
        return list(connection.execute(statement, dict(values)).all())
    made = _made(statement, connection.dialect)
    return _as_read(made, _cursor(connection, made, values).fetchall())


def asked(driver: sqlite3.Connection, dialect: Dialect, statement: Executable, values: Mapping[str, Any]) -> list[Any]:
    """The same by a connection of the driver, outside of a transaction. Raises the driver's own errors."""
    made = _made(statement, dialect)
    return _as_read(made, driver.execute(made.sql, _as_stored(made, values)).fetchall())


def _as_read(made: _Made, found: list[Any]) -> list[Any]:
    if not made.read:
        return found
    for number, row in enumerate(found):
        changed = list(row)
        for at, convert in made.read:
            changed[at] = convert(changed[at])
        found[number] = changed
    return found


def columns(connection: Connection, statement: Executable, values: Mapping[str, Any]) -> list[Sequence[Any]]:
    """The columns of an answer, all of them texts, each for itself; none where there is no row. SQLite is asked for one
    row with all of them, for at each row its driver lets other threads of the process go first."""
    if _goes_by_driver(connection):
        (joined,) = _cursor(connection, _made_of_columns(statement, connection.dialect), values).fetchall()
        found = [text.split(_BETWEEN) for text in joined if text is not None]
        if not found:
            return []
        if len(found) == len(joined) and len(set(map(len, found))) == 1:
            return [*found]
    return list(zip(*tuples(connection, statement, values), strict=True))  # as where a text has the mark in it


def change(connection: Connection, statement: Executable, values: Mapping[str, Any]) -> int:
    """Carry out what changes rows. Returns how many."""
    if not _goes_by_driver(connection):
        return int(connection.execute(statement, dict(values)).rowcount)
    return _cursor(connection, _made(statement, connection.dialect), values).rowcount


def add(connection: Connection, statement: Executable, values: Mapping[str, Any]) -> int:
    """Carry out what adds one row. Returns its number."""
    if not _goes_by_driver(connection):
        (number,) = connection.execute(statement, dict(values)).inserted_primary_key or (0,)
        return int(number)
    return _cursor(connection, _made(statement, connection.dialect), values).lastrowid or 0


def answer(connection: Connection, statement: Executable, values: Mapping[str, Any]) -> Cursor:
    """What a statement in plain SQL is answered with, as it is stored."""
    if not _goes_by_driver(connection):
        return connection.execute(statement, dict(values))
    return _cursor(connection, _made(statement, connection.dialect), values)


def table(
    connection: Connection, statement: Executable, values: Mapping[str, Any]
) -> tuple[tuple[str, ...], list[Any]]:
    """How the columns are called, and all rows, of what a statement in plain SQL is answered with."""
    if not _goes_by_driver(connection):
        found = connection.execute(statement, dict(values))
        return tuple(found.keys()), list(found.all())
    cursor = _cursor(connection, _made(statement, connection.dialect), values)
    return tuple(column[0] for column in cursor.description), cursor.fetchall()


def begin(connection: Connection) -> None:
    """Begin a transaction of SQLite that only reads, as each look does."""
    run(connection, "BEGIN")


def run(connection: Connection, statement: str) -> None:
    """Carry out a statement as it stands, without values. Errors are those of all others."""
    if _goes_by_driver(connection):
        _carry_out(connection, statement, ())
    else:
        connection.exec_driver_sql(statement)


def _goes_by_driver(connection: Connection) -> bool:
    """A connection is one transaction's, and asked once: the listeners of an engine take as long as a statement."""
    known = connection.__dict__.get(_KNOWN)
    if known is None:
        known = connection.dialect.name == "sqlite" and not connection.dispatch.before_cursor_execute
        connection.__dict__[_KNOWN] = known
    return bool(known)


def _cursor(connection: Connection, made: _Made, values: Mapping[str, Any]) -> sqlite3.Cursor:
    if not connection.in_transaction():
        connection.begin()
    return _carry_out(connection, made.sql, _as_stored(made, values))


def _as_stored(made: _Made, values: Mapping[str, Any]) -> list[Any]:
    stored = []
    for name, always, convert in made.values:
        value = values[name] if always is _ASKED else always
        stored.append(value if convert is None else convert(value))
    return stored


def _carry_out(connection: Connection, sql: str, values: Sequence[Any]) -> sqlite3.Cursor:
    driver = cast(sqlite3.Connection, connection.connection.dbapi_connection)
    try:
        return driver.execute(sql, values)
    except sqlite3.Error as problem:
        raise DBAPIError.instance(sql, None, problem, sqlite3.Error, dialect=connection.dialect) from None


@lru_cache(maxsize=512)
def _made(statement: ClauseElement, dialect: Dialect) -> _Made:
    compiled = cast(SQLCompiler, statement.compile(dialect=dialect))
    asked = {one.key for one in visitors.iterate(statement) if isinstance(one, BindParameter) and one.required}
    whole = compiled.construct_expanded_state(dict.fromkeys(asked))
    always = {name: _ASKED if name in asked else value for name, value in whole.parameters.items()}
    stored: Mapping[str, Any] = {**compiled._bind_processors, **whole.processors}
    values = tuple((name, always[name], stored.get(name)) for name in whole.positiontup or ())
    answer = compiled._result_columns
    converts = ((at, column.type._cached_result_processor(dialect, None)) for at, column in enumerate(answer))
    read = tuple((at, convert) for at, convert in converts if convert is not None)
    return _Made(whole.statement, values, tuple(column.keyname for column in answer), read)


@lru_cache(maxsize=64)
def _made_of_columns(statement: ClauseElement, dialect: Dialect) -> _Made:
    made = _made(statement, dialect)
    joined = ", ".join(f"group_concat({name}, char({ord(_BETWEEN)}))" for name in made.columns)
    return made._replace(sql=f"SELECT {joined} FROM ({made.sql})")  # noqa: S608 - our words only
