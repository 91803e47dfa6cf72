"""The old ledgers in tests/data/ledgers, put into a database, and a project folder to use them in."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from uuid import uuid4

from tests.data.ledgers.remake import POSTGRESQL, SECRET_KEY, prepare
from tests.support.postgresql import postgresql_url

ROOT = Path(__file__).parents[2]
STORED = ROOT / "tests" / "data" / "ledgers"
#: When the old programs made their last pass, and noon of that day.
NOON = "2027-03-10T12:00-05:00"

SQLITE_FILES = sorted(path.name for path in STORED.glob("*.sqlite.sql"))
POSTGRESQL_FILES = [f"{name}.postgresql.sql" for name in POSTGRESQL]


def form_of_file(name: str) -> int:
    """The number of the form that a stored ledger has."""
    found = re.match(r"form-(\d+)\.", name)
    assert found is not None
    return int(found[1])


def put_into_file(name: str, path: Path) -> str:
    """The stored ledger as a SQLite file. Returns its URL."""
    with closing(sqlite3.connect(path)) as database:
        database.execute("PRAGMA journal_mode=WAL")  # as the programs have it
        database.executescript((STORED / name).read_text(encoding="utf-8"))
    return f"sqlite:///{path}"


@contextmanager
def own_database(server_url: str = "") -> Iterator[str]:
    """A PostgreSQL database that nobody else is connected to, of the tests' server or of another. Gives its URL."""
    from sqlalchemy import create_engine, text
    from sqlalchemy.engine import make_url

    base = make_url(server_url or postgresql_url()).set(drivername="postgresql+psycopg")
    server = create_engine(base, isolation_level="AUTOCOMMIT")
    name = f"old_{uuid4().hex[:12]}"
    try:
        with server.connect() as connection:
            connection.execute(text(f"CREATE DATABASE {name}"))
        try:
            yield base.set(database=name, drivername="postgresql").render_as_string(hide_password=False)
        finally:
            with server.connect() as connection:
                connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
    finally:
        server.dispose()


def put_into_server(name: str, url: str) -> str:
    """The stored ledger in the database at ``url``."""
    import psycopg

    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute((STORED / name).read_text(encoding="utf-8").encode())
    return url


def project_for(url: str, folder: Path) -> dict[str, str]:
    """A project folder of today for an old ledger. Returns the environment to run commands in."""
    prepare(ROOT, folder)
    return {
        "OBSERVANCE_PROJECT": str(folder),
        "OBSERVANCE_PRETEND_NOW": NOON,
        "OBSERVANCE_DATABASE__URL": url,
        "OBSERVANCE_SECRET_KEY": SECRET_KEY,
    }
