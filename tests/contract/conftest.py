"""The stores that the ledger's suite runs over: SQLite always, PostgreSQL where there is one."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

import pytest

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


@pytest.fixture(scope="session")
def migrated_schema() -> Callable[[str], str]:
    """SQL that makes a PostgreSQL schema with the tables in it, by its name: the migrations run once, not for each test.

    Empty where there is no pg_dump; the migrations then run in each schema that is opened.
    """
    made = f"t_{uuid4().hex[:16]}"
    with _schema(made) as url:
        open_ledger(url).close()
        written = dump_schema(made)
    sql = "\n".join(s for s in written.splitlines() if not s.startswith(("--", "\\", "CREATE SCHEMA")))
    identity = re.search(r"INSERT INTO \w+\.ledger VALUES \(1, '([0-9a-f]{32})'", sql)
    assert identity or not written

    def script(name: str) -> str:
        # Each ledger is one of its own: what is remembered of one says nothing of another.
        return sql.replace(made, name).replace(identity[1], uuid4().hex) if identity else ""

    return script


@contextmanager
def _schema(name: str, script: str = "") -> Iterator[str]:
    """A schema of PostgreSQL while it is wanted, and its URL."""
    from sqlalchemy import create_engine

    base = postgresql_url()
    server = create_engine(base.replace("postgresql://", "postgresql+psycopg://", 1), isolation_level="AUTOCOMMIT")
    with server.connect() as connection:
        connection.exec_driver_sql(f"CREATE SCHEMA {name}; {script}")
    try:
        yield f"{base}{'&' if '?' in base else '?'}options=-csearch_path%3D{name}"
    finally:
        with server.connect() as connection:
            connection.exec_driver_sql(f"DROP SCHEMA {name} CASCADE")
        server.dispose()


@pytest.fixture(params=STORES)
def ledger_url(request: pytest.FixtureRequest, tmp_path: Path, migrated_file: Path) -> Iterator[str]:
    """An empty ledger's URL on each store."""
    if request.param == "sqlite":
        path = tmp_path / "observance.db"
        shutil.copy(migrated_file, path)
        yield f"sqlite:///{path}"
        return
    name = f"t_{uuid4().hex[:16]}"
    with _schema(name, request.getfixturevalue("migrated_schema")(name)) as url:
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
