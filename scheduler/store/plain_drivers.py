"""A database's own driver, for the few acts that are written in plain SQL: SQLite's, or psycopg where it is installed.

A transaction as :meth:`.database.Database.write` makes it: the same settings of the connection, one writer at a time.
"""

from __future__ import annotations

import os
import re

from .plain_sql import LINE, LOCK, PRAGMAS, SESSION

TYPE_CHECKING = False
if TYPE_CHECKING:
    from contextlib import AbstractContextManager
    from typing import Any

    from .plain_sql import Cursor, Tables


#: How long another writer is waited for, in milliseconds; then the whole command waits for it, and says so.
PATIENCE_MS = 5_000


class SqliteFile:
    """A file, which has to be there already."""

    is_sqlite = True

    def __init__(self, path: str, patience_ms: int = PATIENCE_MS) -> None:
        import sqlite3

        if not os.path.isfile(path):
            raise FileNotFoundError(path)
        self._patience_ms = patience_ms
        self._connection = sqlite3.connect(path, isolation_level=None)
        try:
            for setting in (f"busy_timeout={patience_ms}", *PRAGMAS):
                self._connection.execute(f"PRAGMA {setting}")
        except sqlite3.Error:
            self._connection.close()
            raise

    def execute(self, statement: str, /, **values: Any) -> Cursor:
        return self._connection.execute(statement, values)

    def table(self, statement: str, /, **values: Any) -> tuple[tuple[str, ...], list[Any]]:
        found = self._connection.execute(statement, values)
        return tuple(column[0] for column in found.description), found.fetchall()

    def look(self) -> AbstractContextManager[Tables]:
        """A consistent look; nothing is written. One at a time."""
        return _Look(self)

    def try_to_write(self, seconds: float) -> None:
        """Get hold of the file as a writer does, and let go; nothing is changed."""
        self.execute(f"PRAGMA busy_timeout={int(seconds * 1000)}")
        try:
            self.execute("BEGIN IMMEDIATE")
            self.execute("ROLLBACK")
        finally:
            self.execute(f"PRAGMA busy_timeout={self._patience_ms}")

    def close(self) -> None:
        """What is not committed is rolled back."""
        self._connection.close()


class _Look:
    def __init__(self, file: SqliteFile) -> None:
        self._file = file

    def __enter__(self) -> Tables:
        self._file.execute("BEGIN")
        return self._file

    def __exit__(self, *_: object) -> None:
        self._file.execute("ROLLBACK")


class OnSqlite(SqliteFile):
    """A file that is written to."""

    def __init__(self, path: str, patience_ms: int = PATIENCE_MS) -> None:
        super().__init__(path, patience_ms)
        self.execute("BEGIN IMMEDIATE")

    def commit(self) -> None:
        self.execute("COMMIT")


class OnPostgresql:
    """A server's database."""

    is_sqlite = False

    def __init__(self, url: str) -> None:
        import psycopg

        said = url.partition("?")[2]
        line = {name: value for name, value in LINE.items() if not re.search(rf"(?:^|&){name}=", said)}
        self._connection = psycopg.connect("postgresql://" + url.partition("://")[2], **line)  # type: ignore[arg-type]
        self.execute(SESSION.format(patience_ms=PATIENCE_MS))
        self.execute(LOCK)

    def execute(self, statement: str, /, **values: Any) -> Cursor:
        if not values:
            return self._connection.execute(statement.encode())
        return self._connection.execute(re.sub(r":(\w+)", r"%(\1)s", statement).encode(), values)

    def commit(self) -> None:
        self._connection.commit()

    def close(self) -> None:
        """What is not committed is rolled back."""
        self._connection.close()


def begin_plainly(url: str) -> OnSqlite | OnPostgresql:
    """A transaction that writes. Raises whatever the driver does, ImportError and LookupError among it."""
    if url.startswith("sqlite:///") and "?" not in url:
        return OnSqlite(url.removeprefix("sqlite:///"))
    if re.match(r"postgres(?:ql(?:\+psycopg)?)?://", url):
        return OnPostgresql(url)
    raise LookupError("a database of another kind")
