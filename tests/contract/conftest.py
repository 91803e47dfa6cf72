"""The stores that the ledger's suite runs over: SQLite always, PostgreSQL where there is one."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

import pytest
from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError

from scheduler.store import Ledger, open_ledger
from tests.support.postgresql import binaries, dump_schema, postgresql_url

#: Whether there will be a PostgreSQL: this may be read before tests/conftest.py has started it.
HAS_POSTGRESQL = bool(postgresql_url() or binaries())
STORES = ["sqlite", *([pytest.param("postgresql", marks=pytest.mark.postgresql)] if HAS_POSTGRESQL else [])]


@pytest.fixture(scope="session")
def migrated_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SQLite file with the tables in it, made once; each test copies it."""
    path = tmp_path_factory.mktemp("ledger") / "migrated.db"
    open_ledger(f"sqlite:///{path}").close()
    return path


class Schemas:
    """Schemas of PostgreSQL with the ledger's tables in them. One that a test has left is emptied for the next test: to
    make the tables takes thirty times as long."""

    #: Where nothing is ever vacuumed, what was deleted stays in the tables' files.
    MOST_TESTS = 40

    def __init__(self) -> None:
        from sqlalchemy import create_engine

        self._base = postgresql_url()
        url = self._base.replace("postgresql://", "postgresql+psycopg://", 1)
        self._server = create_engine(url, isolation_level="AUTOCOMMIT")
        self._script = ""
        self._free: list[tuple[str, int, str]] = []  # name, tests that had it, how it was when it was made

    @contextmanager
    def one(self) -> Iterator[str]:
        """The URL of an empty ledger in a schema of its own."""
        name, tests, form = self._free.pop() if self._free else self._made()
        yield self._url(name)
        with self._server.connect() as connection:
            if tests < self.MOST_TESTS and form and self._emptied(connection, name, form):
                self._free.append((name, tests + 1, form))
            else:
                connection.exec_driver_sql(f"DROP SCHEMA {name} CASCADE")

    def close(self) -> None:
        with self._server.connect() as connection:
            for name, *_ in self._free:
                connection.exec_driver_sql(f"DROP SCHEMA {name} CASCADE")
        self._server.dispose()

    def _url(self, name: str) -> str:
        return f"{self._base}{'&' if '?' in self._base else '?'}options=-csearch_path%3D{name}"

    def _made(self) -> tuple[str, int, str]:
        """The revisions run in the first; where there is no pg_dump they do in each, when it is opened."""
        name = f"t_{uuid4().hex[:16]}"
        with self._server.connect() as connection:
            connection.exec_driver_sql(f"CREATE SCHEMA {name}")
            if self._script:
                connection.exec_driver_sql(self._for(name, self._script))
                return name, 0, self._form(connection, name)
            open_ledger(self._url(name)).close()
            lines = dump_schema(name).splitlines()
            script = "\n".join(s for s in lines if not s.startswith(("--", "\\", "CREATE SCHEMA")))
            self._script = script.replace(name, "THE_SCHEMA")
            return name, 0, self._form(connection, name) if script else ""

    def _for(self, name: str, script: str) -> str:
        """Each ledger is one of its own: what is remembered of one says nothing of another."""
        (identity,) = re.findall(r"INSERT INTO \w+\.ledger VALUES \(1, '([0-9a-f]{32})'", self._script)
        return script.replace("THE_SCHEMA", name).replace(identity, uuid4().hex)

    def _emptied(self, connection: Connection, name: str, form: str) -> bool:
        """False where a test has changed the tables, or still has a hand on them."""
        if form != self._form(connection, name):
            return False
        tables = re.findall(r"^CREATE TABLE THE_SCHEMA\.(\w+)", self._script, re.MULTILINE)
        rows = "\n".join(re.findall(r"^INSERT INTO .*$", self._script, re.MULTILINE))
        numbers = f"FROM pg_sequences WHERE schemaname = '{name}' AND last_value IS NOT NULL"
        try:
            connection.exec_driver_sql(
                "BEGIN; SET LOCAL lock_timeout = 1000; SET LOCAL session_replication_role = replica;"
                + "".join(f"DELETE FROM {name}.{table};" for table in tables)
                + f"SELECT setval((schemaname || '.' || sequencename)::regclass, start_value, false) {numbers};"
                + self._for(name, rows)
                + "COMMIT;"
            )
        except DBAPIError:
            connection.exec_driver_sql("ROLLBACK")
            return False
        return True

    def _form(self, connection: Connection, name: str) -> str:
        """Its tables, columns and triggers, in few bytes; and how many rows a VACUUM has counted in them. PostgreSQL goes
        by that from then on, and where it was next to nothing, it reads a list of some hundred readers whole for each."""
        of = f"IN (SELECT oid FROM pg_class WHERE relnamespace = '{name}'::regnamespace)"
        query = (
            "SELECT md5(string_agg(it, ',' ORDER BY it)) FROM ("
            f"SELECT concat_ws(' ', attrelid, attname, atttypid, attnotnull) AS it FROM pg_attribute WHERE attrelid {of} "
            f"UNION ALL SELECT concat_ws(' ', tgrelid, tgname, tgenabled) FROM pg_trigger WHERE tgrelid {of} "
            f"UNION ALL SELECT concat_ws(' ', oid, reltuples) FROM pg_class WHERE oid {of} AND relkind = 'r' "
            f"UNION ALL SELECT concat_ws(' ', conrelid, conname) FROM pg_constraint WHERE conrelid {of}) AS form"
        )
        return str(connection.exec_driver_sql(query).scalar())


@pytest.fixture(scope="session")
def schemas() -> Iterator[Schemas]:
    made = Schemas()
    yield made
    made.close()


@pytest.fixture(params=STORES)
def ledger_url(request: pytest.FixtureRequest, tmp_path: Path, migrated_file: Path) -> Iterator[str]:
    """An empty ledger's URL on each store."""
    if request.param == "sqlite":
        path = tmp_path / "observance.db"
        shutil.copy(migrated_file, path)
        yield f"sqlite:///{path}"
        return
    with request.getfixturevalue("schemas").one() as url:
        yield url


@pytest.fixture
def open_it(ledger_url: str) -> Iterator[Callable[[], Ledger]]:
    """Open the ledger, as often as wanted: each is what another process would have."""
    opened: list[Ledger] = []

    def again() -> Ledger:
        opened.append(open_ledger(ledger_url))
        return opened[-1]

    yield again
    for ledger in opened:
        ledger.close()


@pytest.fixture
def ledger(open_it: Callable[[], Ledger]) -> Ledger:
    return open_it()
