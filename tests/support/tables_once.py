"""The tables of a new SQLite ledger: each process runs the revisions once, and has their result for all that follow.

Hundreds of tests begin with an empty ledger, and to run the revisions takes a fifth of a second. Whatever stands around
them is the program's own each time: the transaction, the look at what came of it, the ledger's identity.
"""

from __future__ import annotations

from sqlalchemy import Connection

from scheduler.store import migrate

_MADE: dict[str, list[str]] = {}


def share() -> None:
    run = migrate._run

    def run_once(connection: Connection, revision: str, lists: migrate.Lists = migrate.NO_LISTS) -> None:
        if connection.dialect.name != "sqlite" or migrate.columns_of(connection):
            run(connection, revision, lists)
        elif revision in _MADE:
            for statement in _MADE[revision]:
                connection.exec_driver_sql(statement)
        else:
            run(connection, revision, lists)
            _MADE[revision] = [*_tables(connection), *_rows(connection)]

    migrate._run = run_once


def _tables(connection: Connection) -> list[str]:
    """With indexes and triggers, in the order in which they were made."""
    ours = "sql IS NOT NULL AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'"
    return list(connection.exec_driver_sql(f"SELECT sql FROM sqlite_master WHERE {ours} ORDER BY rowid").scalars())


def _rows(connection: Connection) -> list[str]:
    made = []
    for table in connection.exec_driver_sql("SELECT name FROM sqlite_master WHERE type = 'table'").scalars().all():
        names = [str(row[1]) for row in connection.exec_driver_sql(f'PRAGMA table_info("{table}")')]
        values = " || ', ' || ".join(f'quote("{name}")' for name in names)
        rows = connection.exec_driver_sql(f'SELECT {values} FROM "{table}"').scalars()
        made += [f'INSERT INTO "{table}" VALUES ({row})' for row in rows]
    return made
