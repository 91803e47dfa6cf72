"""Opening, migrating and losing a database: nothing half done, every error in words."""

from __future__ import annotations

import hashlib
import logging
import re
import sqlite3
import stat
import subprocess
import sys
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import create_engine, inspect, select, text

from scheduler.domain.delivery import State
from scheduler.errors import ConfigurationError, NeedsAPerson, ObservanceError, OutOfReach
from scheduler.store import database as database_module
from scheduler.store import open_ledger, upgrade_database
from scheduler.store.database import Database, parse_url
from scheduler.store.migrate import HEAD
from scheduler.store.plain_sql import PRAGMAS
from scheduler.store.tables import deliveries, holds, metadata

NOW = datetime(2027, 1, 11, 10, tzinfo=UTC)
ROOT = Path(__file__).parents[2]
MIGRATIONS = ROOT / "scheduler" / "store" / "migrations"


def url(path: Path) -> str:
    return f"sqlite:///{path}"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A ledger's file with one hold in it."""
    path = tmp_path / "observance.db"
    ledger = open_ledger(url(path))
    ledger.holds.set("x", who="Ada", why="one", now=NOW)
    ledger.close()
    return path


# -- opening --------------------------------------------------------------------------------------------


def test_an_empty_file_gets_its_tables_and_is_its_owners_alone(tmp_path: Path) -> None:
    """The folder and the file are made; nobody else may read what will hold addresses."""
    path = tmp_path / "var" / "observance.db"
    ledger = open_ledger(url(path))
    assert ledger.events.verify().is_whole
    ledger.close()
    assert 0o600 == stat.S_IMODE(path.stat().st_mode)


def test_opening_again_keeps_what_is_there(path: Path) -> None:
    """The second opening changes nothing."""
    before = path.read_bytes()
    ledger = open_ledger(url(path))
    assert ["one"] == [h.why for h in ledger.holds.in_force()]
    ledger.close()
    assert before == path.read_bytes()


def test_each_connection_is_set_up_so_that_nothing_committed_is_forgotten(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """WAL, synchronous FULL, a patient lock, foreign keys."""
    monkeypatch.setattr(database_module, "PRAGMAS", PRAGMAS)
    database = Database(url(path))
    with database.read() as connection:
        found = {
            p: connection.execute(text(f"PRAGMA {p}")).scalar()
            for p in ("journal_mode", "synchronous", "busy_timeout", "foreign_keys")
        }
    database.close()
    assert {"journal_mode": "wal", "synchronous": 2, "busy_timeout": 30_000, "foreign_keys": 1} == found


def test_four_processes_may_open_an_empty_file_at_once(tmp_path: Path) -> None:
    """One makes the tables, the others wait and find them."""
    code = (
        "import sys; from scheduler.store import open_ledger; l = open_ledger(sys.argv[1]); print(l.events.version())"
    )
    command = [sys.executable, "-c", code, url(tmp_path / "observance.db")]
    started = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT) for _ in range(4)]
    assert ["0\n"] * 4 == [process.communicate()[0] for process in started]


def test_opening_a_ready_ledger_does_not_pay_for_alembic(path: Path) -> None:
    """Each command opens the ledger; a quarter of a second for nothing would be felt."""
    code = (
        "import sys; from scheduler.store import open_ledger; open_ledger(sys.argv[1]).close(); "
        "print('alembic' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code, url(path)], capture_output=True, text=True, cwd=ROOT, check=True)
    assert "False\n" == done.stdout


# -- migrations -----------------------------------------------------------------------------------------


def test_the_migrations_build_exactly_the_tables(path: Path) -> None:
    """What the code thinks is there and what the migrations make are the same, names of constraints included."""
    engine = create_engine(url(path))
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert [] == compare_metadata(context, metadata)
        migrated = {t: _schema(inspect(connection), t) for t in metadata.tables}
    engine.dispose()
    direct = create_engine("sqlite://")
    with direct.connect() as connection:
        metadata.create_all(connection)
        made = {t: _schema(inspect(connection), t) for t in metadata.tables}
    direct.dispose()
    assert made == migrated


def _schema(inspector, table: str) -> dict[str, object]:
    """Columns, keys and checks in comparable form."""
    columns = [
        (c["name"], str(c["type"]), c["nullable"], str(c["default"] or "").strip("'"))
        for c in inspector.get_columns(table)
    ]
    return {
        "columns": columns,
        "primary": inspector.get_pk_constraint(table),
        "unique": sorted((u["name"], u["column_names"]) for u in inspector.get_unique_constraints(table)),
        "checks": sorted((c["name"], c["sqltext"]) for c in inspector.get_check_constraints(table)),
        "foreign": sorted((f["name"], f["constrained_columns"]) for f in inspector.get_foreign_keys(table)),
        "indexes": sorted((i["name"], i["column_names"]) for i in inspector.get_indexes(table)),
    }


def test_the_newest_revision_is_the_one_the_code_names() -> None:
    """HEAD saves each command from importing Alembic; it must not lag behind."""
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    assert HEAD == ScriptDirectory.from_config(config).get_current_head()


LANDED = ROOT / "tests" / "data" / "landed_revisions.sha256"


def test_a_landed_revision_is_never_edited() -> None:
    """Ledgers were made by it. A new revision has a line of its own; `sha256sum` of its file, when it lands."""
    lines = (line.split() for line in LANDED.read_text(encoding="ascii").splitlines())
    landed = {name: digest for digest, name in lines}
    files = {path.name: path.read_bytes() for path in (MIGRATIONS / "versions").glob("[0-9]*.py")}
    found = {name: hashlib.sha256(content.replace(b"\r\n", b"\n")).hexdigest() for name, content in files.items()}
    edited = sorted(name for name, digest in landed.items() if found.get(name) != digest)
    assert [] == edited, f"a landed revision was edited or removed: take that back, and add a new one ({edited})"
    new = [f"{digest}  {name}" for name, digest in sorted(found.items()) if name not in landed]
    assert [] == new, f"add these lines to {LANDED.relative_to(ROOT)}: {new}"


def test_a_revision_imports_nothing_of_the_program() -> None:
    """What has landed stays as it was, whatever becomes of the code. The first one landed with one name of it."""
    landed = {"0001_first_tables.py": ["from scheduler.store.tables import Instant"]}
    for path in (MIGRATIONS / "versions").glob("[0-9]*.py"):
        found = re.findall(
            r"^\s*((?:from|import)\s+(?:scheduler|\.).*)$", path.read_text(encoding="utf-8"), re.MULTILINE
        )
        assert landed.get(path.name, []) == found, path.name


def test_every_state_of_the_code_is_a_state_of_the_database(path: Path) -> None:
    """A new state needs a migration of the CHECK; without one this fails."""
    raw = sqlite3.connect(path)
    for state in State:
        raw.execute(
            "INSERT INTO deliveries (mode, campaign, season, item, channel, kind, on_date, due_at, expires_at, state,"
            " changed_at) VALUES ('live', 'c', 2027, ?, 'x', 'post', '2027-01-01', '2027-01-01', '2027-01-02', ?, '2027-01-01')",
            (str(state), str(state)),
        )
    with pytest.raises(sqlite3.IntegrityError, match="CHECK"):
        raw.execute("UPDATE deliveries SET state = 'gone'")
    raw.close()


def test_a_newer_ledger_is_refused_and_left_alone(path: Path) -> None:
    """Made by a later release: this one does not touch it, and says what to do."""
    raw = sqlite3.connect(path)
    raw.execute("UPDATE alembic_version SET version_num = '0999'")
    raw.commit()
    raw.close()
    before = path.read_bytes()
    for act in (open_ledger, upgrade_database):
        with pytest.raises(ConfigurationError, match=f"made by a newer release .schema 0999, this one knows {HEAD}"):
            act(url(path))
    assert before == path.read_bytes()


def test_somebody_elses_database_is_refused_and_left_alone(tmp_path: Path) -> None:
    """A file with other tables is not taken over."""
    path = tmp_path / "other.db"
    raw = sqlite3.connect(path)
    raw.execute("CREATE TABLE recipes (name TEXT)")
    raw.close()
    with pytest.raises(ConfigurationError, match="belongs to something else"):
        open_ledger(url(path))


def test_an_older_ledger_is_upgraded_only_when_asked(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A person makes a copy first; nothing is migrated behind anybody's back."""
    monkeypatch.setattr("scheduler.store.migrate.HEAD", "9999")
    monkeypatch.setattr("scheduler.store.migrate._revisions", lambda: tuple(f"{n:04}" for n in range(1, 10_000)))
    with pytest.raises(NeedsAPerson, match="from an earlier release") as refused:
        open_ledger(url(path))
    assert "db upgrade" in refused.value.hint


def test_upgrading_twice_changes_nothing(path: Path) -> None:
    """db upgrade on the newest schema is no work."""
    assert not upgrade_database(url(path)).changed
    ledger = open_ledger(url(path))
    assert ["one"] == [h.why for h in ledger.holds.in_force()]
    ledger.close()


def test_a_migration_that_fails_leaves_the_file_empty(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """All or nothing: the next opening begins anew."""

    def fail(*arguments: object, **named: Any) -> str:
        raise RuntimeError("power cut")

    path = tmp_path / "observance.db"
    with monkeypatch.context() as patched:
        patched.setattr("scheduler.store.migrate.secrets.token_hex", fail)
        with pytest.raises(RuntimeError):
            open_ledger(url(path))
    ledger = open_ledger(url(path))
    assert 0 == ledger.events.version()
    ledger.close()


# -- what can go wrong ----------------------------------------------------------------------------------


def test_a_full_disk_loses_nothing_and_says_so(path: Path) -> None:
    """What could not be written is not written; what was there stays; with room again, it goes on."""
    ledger = open_ledger(url(path))
    with ledger._database.read() as connection:
        pages = connection.execute(text("PRAGMA page_count")).scalar()
        connection.execute(text(f"PRAGMA max_page_count = {pages}"))

    def fill() -> None:
        for n in range(500):
            ledger.holds.set("x", who="Ada", why=f"{n} " * 200, now=NOW)

    with pytest.raises(OutOfReach, match="the disk is full") as full:
        fill()
    assert full.value.hint
    kept = len(ledger.holds.in_force())
    assert ledger.events.verify().is_whole
    with ledger._database.read() as connection:
        connection.execute(text("PRAGMA max_page_count = 1000000"))
    ledger.holds.set("x", who="Ada", why="again", now=NOW)
    assert kept + 1 == len(ledger.holds.in_force())
    ledger.close()


def test_a_read_only_database_is_said(path: Path) -> None:
    """Nothing was changed, and what to look at."""
    ledger = open_ledger(url(path))
    with ledger._database.read() as connection:
        connection.execute(text("PRAGMA query_only = ON"))
    with pytest.raises(OutOfReach, match="may not be written to"):
        ledger.holds.set("x", who="Ada", why="two", now=NOW)
    ledger.close()


def test_a_lock_that_never_ends_is_said_and_a_short_one_is_waited_for(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another writer is waited for; after the patience ends, the words name the cause."""
    monkeypatch.setattr(database_module, "BUSY_TIMEOUT_MS", 50)
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    ledger = open_ledger(url(path))
    assert ["one"] == [h.why for h in ledger.holds.in_force()]  # reading goes on
    with pytest.raises(OutOfReach, match="another program has been writing"):
        ledger.holds.set("x", who="Ada", why="two", now=NOW)
    other.execute("ROLLBACK")
    other.close()
    ledger.holds.set("x", who="Ada", why="two", now=NOW)
    ledger.close()


@pytest.mark.parametrize(
    "content", [b"this is no database, but long enough to be read as one" * 100, b"SQLite format 3\0" + b"x" * 5000]
)
def test_a_file_that_is_no_database_is_said_and_kept(tmp_path: Path, content: bytes) -> None:
    """Nothing is made over it."""
    path = tmp_path / "observance.db"
    path.write_bytes(content)
    with pytest.raises(OutOfReach, match=r"damaged, or is no database|cannot be opened"):
        open_ledger(url(path))
    assert content == path.read_bytes()


def test_a_damaged_page_is_said(path: Path) -> None:
    """A torn file stops the work with words, not with a traceback."""
    content = bytearray(path.read_bytes())
    content[4096:] = b"\xff" * (len(content) - 4096)
    path.write_bytes(content)
    with pytest.raises(OutOfReach, match="damaged"):
        open_ledger(url(path))
    assert content == path.read_bytes()


def test_a_path_that_cannot_be_made_is_said(tmp_path: Path) -> None:
    """A file where the folder should be."""
    (tmp_path / "var").write_text("a file")
    with pytest.raises(OutOfReach, match="cannot be made"):
        open_ledger(url(tmp_path / "var" / "observance.db"))


@pytest.mark.parametrize("text_", ["not a url", "mysql://host/name", "oracle://x"])
def test_a_url_that_is_none_is_said(text_: str) -> None:
    """A vague value is refused with what is allowed."""
    with pytest.raises(ConfigurationError, match=r"database\.url") as refused:
        open_ledger(text_)
    assert "sqlite:///" in refused.value.hint


def test_a_password_never_gets_into_the_words() -> None:
    """A database server's URL holds one."""
    assert "postgresql+psycopg" == parse_url("postgresql://ada:hunter2@host/name").drivername
    with pytest.raises((OutOfReach, ConfigurationError)) as refused:  # out of reach, or its driver is not installed
        open_ledger("postgresql://ada:hunter2@127.0.0.1:1/name")
    assert "hunter2" not in refused.value.message + refused.value.hint


def test_an_error_does_not_repeat_the_values(path: Path) -> None:
    """The statement's values may be addresses."""
    ledger = open_ledger(url(path))
    row = "('ann@example.org', '', 'x', '2027-01-01')"
    twice = text(f"INSERT INTO suppressions (address_key, campaign, reason, at) VALUES {row}, {row}")
    with pytest.raises(ObservanceError) as refused, ledger._database.write("test") as connection:
        connection.execute(twice)
    assert "ann@" not in refused.value.message
    assert "UNIQUE" in refused.value.message
    ledger.close()


# -- instants -------------------------------------------------------------------------------------------


def test_an_instant_is_kept_in_utc_and_comes_back_aware(path: Path) -> None:
    """SQLite would drop the offset without converting."""
    ledger = open_ledger(url(path))
    east = datetime(2027, 1, 11, 15, 30, tzinfo=timezone(timedelta(hours=5, minutes=30)))
    ledger.holds.set("email", who="Ada", why="two", now=east)
    (hold,) = [h for h in ledger.holds.in_force() if h.why == "two"]
    assert (NOW, timedelta(0)) == (hold.held_at, hold.held_at.utcoffset())
    with ledger._database.read() as connection:
        stored = connection.execute(text("SELECT held_at FROM holds WHERE why = 'two'")).scalar()
    assert "2027-01-11 10:00:00.000000" == stored
    ledger.close()


def test_a_naive_instant_is_refused(path: Path) -> None:
    """A time without a zone is a time of nowhere."""
    ledger = open_ledger(url(path))
    with pytest.raises(Exception, match="without a time zone"):
        ledger.holds.set("x", who="Ada", why="two", now=datetime(2027, 1, 11, 10))
    with pytest.raises(Exception, match="without a time zone"), ledger._database.read() as connection:
        connection.execute(select(holds).where(holds.c.held_at < datetime(2027, 1, 1)))
    assert 1 == len(ledger.holds.in_force())
    assert deliveries.c.due_at.type.cache_ok  # type: ignore[attr-defined]
    ledger.close()


def test_alembic_keeps_quiet(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """Making the tables is no news for a coordinator."""
    caplog.set_level(logging.INFO)
    open_ledger(url(tmp_path / "observance.db")).close()
    assert [] == [r.name for r in caplog.records if r.name.startswith("alembic.runtime")]


def test_without_its_driver_a_server_is_no_riddle(monkeypatch: pytest.MonkeyPatch) -> None:
    """run.py keeps packages in a place of its own: whoever puts the driver elsewhere gets the same words again."""
    monkeypatch.setitem(sys.modules, "psycopg", None)
    with pytest.raises(ConfigurationError, match="the driver for PostgreSQL is not installed") as raised:
        Database("postgresql://host/name")
    lock = Path(__file__).parents[2] / "requirements-postgresql.lock"
    assert f"{sys.executable} -m pip install --require-hashes -r {lock}" in raised.value.hint
