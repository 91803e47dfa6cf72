"""The stores that the ledger's suite runs over: SQLite always, PostgreSQL where there is one."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from uuid import uuid4

import pytest

from scheduler.store import Ledger, open_ledger
from tests.support.postgresql import binaries, postgresql_url

#: Whether there will be a PostgreSQL: this may be read before tests/conftest.py has started it.
HAS_POSTGRESQL = bool(postgresql_url() or binaries())
STORES = ["sqlite", *([pytest.param("postgresql", marks=pytest.mark.postgresql)] if HAS_POSTGRESQL else [])]


@pytest.fixture(scope="session")
def migrated_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SQLite file with the tables in it, made once; each test copies it."""
    path = tmp_path_factory.mktemp("ledger") / "migrated.db"
    open_ledger(f"sqlite:///{path}").close()
    return path


@pytest.fixture(params=STORES)
def ledger_url(request: pytest.FixtureRequest, tmp_path: Path, migrated_file: Path) -> Iterator[str]:
    """An empty ledger's URL on each store."""
    if request.param == "sqlite":
        path = tmp_path / "observance.db"
        shutil.copy(migrated_file, path)
        yield f"sqlite:///{path}"
        return
    from sqlalchemy import create_engine, text

    base = postgresql_url()
    schema = f"t_{uuid4().hex[:16]}"
    server = create_engine(base.replace("postgresql://", "postgresql+psycopg://", 1), isolation_level="AUTOCOMMIT")
    with server.connect() as connection:
        connection.execute(text(f"CREATE SCHEMA {schema}"))
    try:
        yield f"{base}{'&' if '?' in base else '?'}options=-csearch_path%3D{schema}"
    finally:
        with server.connect() as connection:
            connection.execute(text(f"DROP SCHEMA {schema} CASCADE"))
        server.dispose()


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
