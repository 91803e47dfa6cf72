"""Connections and transactions, the same for SQLite and PostgreSQL, and their errors in words.

One program writes to the ledger at a time, on both databases: SQLite knows no other way, and on PostgreSQL each
write first locks the ledger's one row. A write takes a millisecond or two, a call to a provider a hundred; what is
gained is that no rule of the ledger has to be thought through for two writers at once.

SQLite is set up for a ledger that must not forget: write-ahead log with ``synchronous=FULL`` (with NORMAL a power
cut may take back a committed intent, and the message would go out again), a patient lock, and ``BEGIN IMMEDIATE``
for every write, because a deferred transaction that turns into a writer fails at once when another one is writing.
"""

from __future__ import annotations

import logging
import os
import shutil
import sqlite3
import sys
import threading
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, closing, contextmanager, nullcontext, suppress
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from sqlalchemy import Connection, Dialect, Engine, Executable, Select, create_engine, event, select, text
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError, OperationalError
from sqlalchemy.exc import TimeoutError as NoneIsFree
from sqlalchemy.pool import ConnectionPoolEntry, PoolProxiedConnection, StaticPool

from ..domain.subscriber import StillInFiles
from ..errors import ConfigurationError, ObservanceError, OutOfReach
from . import by_driver
from .plain_sql import BUSY_TIMEOUT_MS as BUSY_TIMEOUT_MS
from .plain_sql import LINE, PRAGMAS, SESSION
from .shared_commit import BEFORE_COMMIT, MOST, Change, Pending, carry_out
from .tables import ledger

if TYPE_CHECKING:
    from .plain_sql import Cursor

#: How long taking deleted rows out of PostgreSQL's files waits for the tables to be free, in milliseconds. Readers and
#: senders wait behind it.
VACUUM_WAITS_MS = 5_000
LOOKS_BACK_WAITS = 50  # of a tenth of a second each
#: Where somebody looked back who could not be seen before it: so often, and so many seconds apart.
VACUUM_ROUNDS = 3
VACUUM_ROUNDS_APART = 1.0

log = logging.getLogger(__name__)
T = TypeVar("T")
_WRITE = "observance_write"
_POOL = "observance_pool"  # in a connection's record: the pool that it belongs to


def no_failpoint(name: str) -> None:
    """Where nothing is to go wrong on purpose."""


def no_hash(text: str) -> str:
    """Where the program has no secret key. Raises ConfigurationError: a hash without one would tell the address."""
    raise ConfigurationError(
        "this part of the list needs the secret key, which was not read",
        hint="use the command line, which reads OBSERVANCE_SECRET_KEY or var/secret.key",
    )


def no_old_hashes(text: str) -> tuple[str, ...]:
    """Where there was never another key than the present one."""
    return ()


def told_nobody(ledger_id: str, address_hash: str, at: datetime) -> None:
    """Where an erasure is known to the ledger alone."""


class Database:
    """An engine with two ways in: ``read()`` for a consistent look, ``write(name)`` for one change.

    ``failpoint`` is called with ``before_NAME_commit`` and ``after_NAME_commit`` around each write.
    ``address_hash`` makes a keyed hash of an address that is not to be kept, or of a network address;
    ``old_address_hashes`` those by earlier keys. ``erased`` is told of each erasure, after it is committed.
    """

    def __init__(
        self,
        url: str,
        *,
        failpoint: Callable[[str], None] = no_failpoint,
        address_hash: Callable[[str], str] = no_hash,
        old_address_hashes: Callable[[str], tuple[str, ...]] = no_old_hashes,
        erased: Callable[[str, str, datetime], None] = told_nobody,
    ) -> None:
        self.url = parse_url(url)
        self.is_sqlite = self.url.get_backend_name() == "sqlite"
        name = self.url.database if self.is_sqlite else None
        #: The file, for SQLite on disk.
        self.path = Path(name) if name and name != ":memory:" else None
        self.address_hash = address_hash
        self._old_address_hashes = old_address_hashes
        self.erased = erased
        self._failpoint = failpoint
        self._hurry_ms: int | None = None
        # One writes at a time, here and elsewhere. A thread of this process that is next waits for this, holding no
        # connection that another one needs to read, and not in naps for a file.
        self._one_writer = threading.Lock()
        self._changes: deque[Change] = deque()  # that wait for it, and may share a commit
        self._out_of_reach: OutOfReach | None = None  # what the last ran into that could not write
        #: How many shared commits have failed. Lines of the history that were seen in one may be others by now.
        self.taken_back = 0
        self._glancing = threading.Lock()
        self._glances_by: PoolProxiedConnection | None = None
        make_engine = _sqlite_engine if self.is_sqlite else _server_engine
        self.engine = make_engine(self.url, self._patience_ms)
        self._writer = self.engine.execution_options(**{_WRITE: True})
        self._is_closed = False
        if not self.is_sqlite or self.path is not None:  # one in memory lives as long as its connection
            event.listen(self.engine, "connect", self._belongs_to_pool)
            event.listen(self.engine, "checkin", self._close_what_nobody_waits_for)

    def _patience_ms(self) -> int:
        """How long is waited for another writer."""
        return BUSY_TIMEOUT_MS if self._hurry_ms is None else self._hurry_ms

    def address_hashes(self, text: str) -> tuple[str, ...]:
        """By each key that there was, the present one first: by which of them an address was barred, nobody knows."""
        return (self.address_hash(text), *self._old_address_hashes(text))

    def _belongs_to_pool(self, _connection: object, record: ConnectionPoolEntry) -> None:
        record.info[_POOL] = self.engine.pool

    def _close_what_nobody_waits_for(self, connection: object, record: ConnectionPoolEntry) -> None:
        """A connection in use while its pool was dropped comes back to a pool that nobody asks any more, and one that
        is used after the end to one that nobody closes: the server would keep it until this process ends."""
        if connection is not None and (self._is_closed or record.info.get(_POOL) is not self.engine.pool):
            record.close()

    @property
    def where(self) -> str:
        """The database in words, without a password."""
        return str(self.path) if self.path else self.url.render_as_string(hide_password=True)

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """A consistent look; nothing is written."""
        with self._explained(), self.engine.connect() as connection:
            yield connection

    def glance(self, question: Select[Any], **values: object) -> bool:
        """Whether there is such a row at this moment. By a connection of its own and without a transaction, so that it
        costs a hundredth of a :meth:`read`: for what is asked before each mail."""
        if self.is_sqlite and self.path is None:  # in memory there is one connection
            with self.read() as connection:
                return connection.execute(question, values).first() is not None
        statement, given = _compiled(question, self.engine.dialect, tuple(values.items()))
        return self._glance(lambda driver: driver.execute(statement, given).fetchone() is not None)

    def ask(self, question: Executable, values: Mapping[str, Any]) -> list[Any]:
        """The rows that answer one question: a look of one statement, for which SQLite needs no transaction. Where
        somebody listens to what the ledger is asked, they hear it."""
        if not self.is_sqlite or self.path is None or self.engine.dispatch.before_cursor_execute:
            with self.read() as connection:
                return by_driver.tuples(connection, question, values)
        return self._glance(lambda driver: by_driver.asked(driver, self.engine.dialect, question, values))

    def _glance(self, ask: Callable[[Any], T]) -> T:
        try:
            with self._glancing:
                if self._glances_by is not None:
                    try:
                        return self._glance_once(ask)
                    except DBAPIError:  # a server that was started again; asked once more by another connection
                        self._stop_glancing()
                try:
                    return self._glance_once(ask)
                finally:
                    if self._is_closed:
                        self._stop_glancing()
        except (DBAPIError, NoneIsFree) as problem:
            raise self._in_words(problem) from None

    def _glance_once(self, ask: Callable[[Any], T]) -> T:
        try:
            if self._glances_by is None:
                self._glances_by = self.engine.raw_connection()
                self._glances_by.detach()  # from the pool
                if not self.is_sqlite:
                    self._driver(self._glances_by).autocommit = True
            return ask(self._driver(self._glances_by))
        except self.engine.dialect.loaded_dbapi.Error as problem:
            base = self.engine.dialect.loaded_dbapi.Error
            raise DBAPIError.instance("", None, problem, base, dialect=self.engine.dialect) from None

    def _driver(self, connection: PoolProxiedConnection) -> Any:
        return connection.dbapi_connection

    def _stop_glancing(self) -> None:
        by, self._glances_by = self._glances_by, None
        if by is not None:
            with suppress(Exception):  # it may be broken
                by.close()

    @contextmanager
    def write(self, name: str, *, alone: bool = True) -> Iterator[Connection]:
        """One change, committed at the end or not at all. ``alone`` False lets others write meanwhile (PostgreSQL)."""
        in_turn: AbstractContextManager[None] = self._in_turn() if alone or self.is_sqlite else nullcontext()
        with self._explained():
            with in_turn, self._writer.connect() as connection, connection.begin():
                if alone and not self.is_sqlite:
                    connection.execute(select(ledger.c.id).with_for_update())
                with _written_at_end(connection):
                    yield connection
                self._failpoint(f"before_{name}_commit")
            self._failpoint(f"after_{name}_commit")

    def write_together(self, name: str, act: Callable[[Connection], T]) -> T:
        """The same for what many ask for at one instant: those that wait for each other share a commit. Whoever has the
        turn carries out what all of them wait for. It comes back when that is on the disk."""
        (answer,) = self.write_each(name, [act])
        if isinstance(answer, Exception):
            raise answer
        return answer

    def write_each(self, name: str, acts: Sequence[Callable[[Connection], T]]) -> list[T | Exception]:
        """The same for several that one asks for: what came of each, or what went wrong with it."""
        if self.is_sqlite and self.path is None:  # in memory
            return [self._write_alone(name, act) for act in acts]
        mine = [Change(name, act, self._out_of_reach) for act in acts]
        self._changes.extend(mine)
        with self._one_writer:
            while not all(change.is_over for change in mine):
                self._carry_out([self._changes.popleft() for _ in range(min(len(self._changes), MOST))])
        return [self._end_of(change) for change in mine]

    def _write_alone(self, name: str, act: Callable[[Connection], T]) -> T | Exception:
        try:
            with self.write(name) as connection:
                return act(connection)
        except Exception as problem:
            return problem

    def _end_of(self, change: Change) -> Any:
        """For who has asked for it, when others may write again."""
        try:
            if change.problem is None:
                self._failpoint(f"after_{change.name}_commit")
            elif isinstance(change.problem, (DBAPIError, NoneIsFree)):
                raise self._in_words(change.problem) from None
            else:
                raise change.problem
        except Exception as problem:
            return problem
        return change.answer

    def _carry_out(self, asked: Sequence[Change]) -> None:
        """In one transaction, for who has the turn to write."""
        for change in asked:
            change.problem = self._refusal(change.before)
        changes = [change for change in asked if change.problem is None]
        try:
            if changes:
                with self._writer.connect() as connection, connection.begin():
                    if not self.is_sqlite:
                        connection.execute(select(ledger.c.id).with_for_update())
                    carry_out(connection, changes, _written_at_end)
                    for change in changes:
                        self._failpoint(f"before_{change.name}_commit")
        except BaseException as problem:
            self.taken_back += 1
            self._note_out_of_reach(problem)
            for change in changes:
                change.problem = change.problem or problem
            if not isinstance(problem, Exception):
                raise
        finally:
            for change in asked:
                change.is_over = True

    @contextmanager
    def _in_turn(self) -> Iterator[None]:
        """One writes at a time. Where the database did not let one write, those that waited behind it do not wait for
        the database in turn, the last one for minutes: it is out of reach for all of them."""
        before = self._out_of_reach
        with self._one_writer:
            if (refusal := self._refusal(before)) is not None:
                raise refusal
            try:
                yield
            except OperationalError as failed:
                self._note_out_of_reach(failed)
                raise

    def _refusal(self, before: OutOfReach | None) -> OutOfReach | None:
        """For who has waited behind somebody whom the database did not let write. ``before``: what was known then."""
        if (problem := self._out_of_reach) is None or problem is before:
            return None
        return OutOfReach(problem.message, hint=problem.hint, passes=True)

    def _note_out_of_reach(self, failed: BaseException) -> None:
        known = explain(failed, self.where, self.path) if isinstance(failed, OperationalError) else None
        if isinstance(known, OutOfReach) and known.passes:
            self._out_of_reach = known

    @contextmanager
    def rebuild(self) -> Iterator[Connection]:
        """One change of tables, committed at the end or not at all.

        SQLite changes a table by making another and dropping the first; while that goes on, rows that point at it
        point nowhere. So its foreign keys are looked at when all is done, and before it is committed.
        """
        with self._explained(), self._writer.connect() as connection:
            raw = connection.connection.cursor() if self.is_sqlite else None
            if raw is not None:
                raw.execute("PRAGMA foreign_keys=OFF")  # without effect inside a transaction
            try:
                with connection.begin():
                    yield connection
                    if raw is not None and connection.exec_driver_sql("PRAGMA foreign_key_check").first() is not None:
                        raise ObservanceError("the new tables do not fit together; nothing was changed")
                    self._failpoint("before_upgrade_commit")
            finally:
                if raw is not None:
                    raw.execute("PRAGMA foreign_keys=ON")
                    raw.close()
            self._failpoint("after_upgrade_commit")

    def overwrite_deleted(self, connection: Connection) -> None:
        """From here on, what is deleted on this connection is overwritten in the file too (SQLite)."""
        if self.is_sqlite:
            connection.exec_driver_sql("PRAGMA secure_delete=ON")

    def number_of(self, connection: Connection) -> str:
        """The number of this transaction (PostgreSQL), for :meth:`forget_deleted` after it."""
        if self.is_sqlite:
            return ""
        return str(connection.execute(text("SELECT txid_current() % 4294967296")).scalar_one())

    def forget_deleted(self, *tables: str, deleted_by: str) -> StillInFiles | None:
        """Take what was deleted out of the database's files too. Returns why it may still be there; None: it is not.

        Of SQLite the write-ahead log is emptied; left to a later time when others read. On PostgreSQL the tables are
        written anew: a plain VACUUM leaves the bytes of deleted rows in the pages of indexes. Its own write-ahead log
        and replicas are out of reach.
        """
        if self.is_sqlite:
            with self._explained(), closing(self.engine.raw_connection()) as raw:
                raw.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)")
            return None
        with self._explained(), self.engine.connect() as connection:
            why = _vacuum(connection.execution_options(isolation_level="AUTOCOMMIT"), tables, deleted_by)
        if why is not None:
            log.warning("what was deleted may still be in the database's files (%s)", why)
        return why

    def try_to_write(self, seconds: float) -> None:
        """Get hold of the database as a writer does, and let go; nothing is changed.

        Raises OutOfReach with the reason: read-only, locked by another program for ``seconds``, away.
        """
        try:
            with self.engine.connect() as connection:
                if self.is_sqlite:
                    with closing(connection.connection.cursor()) as raw:
                        raw.execute(f"PRAGMA busy_timeout={int(seconds * 1000)}")
                        try:
                            raw.execute("BEGIN IMMEDIATE")
                            raw.execute("ROLLBACK")
                        finally:
                            raw.execute(f"PRAGMA busy_timeout={BUSY_TIMEOUT_MS}")
                else:
                    connection.exec_driver_sql(f"SET LOCAL lock_timeout = '{int(seconds * 1000)}ms'")
                    connection.execute(select(ledger.c.id).with_for_update())
                    connection.rollback()
        except (DBAPIError, sqlite3.Error) as problem:
            known = problem if isinstance(problem, DBAPIError) else DBAPIError("", None, problem)
            raise explain(known, self.where, self.path, seconds) from None

    def other_sessions(self, connection: Connection) -> tuple[str, ...]:
        """PostgreSQL: who else is connected to this database by the same account, in words.

        A process of ours that sends keeps its connections while it waits; one of an earlier release says no more of
        itself than this.
        """
        if self.is_sqlite:
            return ()
        query = text(
            "SELECT coalesce(nullif(application_name, ''), 'a program') "
            "|| coalesce(' on ' || host(client_addr), '') || ', since ' "
            "|| to_char(backend_start AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI') || ' UTC' FROM pg_stat_activity "
            "WHERE datname = current_database() AND usename = current_user AND pid <> pg_backend_pid() "
            "AND backend_type = 'client backend' ORDER BY backend_start"
        )
        return tuple(str(said) for said in connection.execute(query).scalars())

    def hurry(self, seconds: float) -> None:
        """From here on wait so long for other writers at most: the program is about to end. Whoever waits already goes
        on waiting."""
        self._hurry_ms = int(seconds * 1000)
        if self.path is not None or not self.is_sqlite:  # one in memory ends with its connection, and is nobody else's
            self.engine.dispose()

    def close(self) -> None:
        """Whoever still works with it may end what is under way; each connection is closed once it is given back."""
        self._is_closed = True
        with self._glancing:
            self._stop_glancing()
        self.engine.dispose()

    @contextmanager
    def _explained(self) -> Iterator[None]:
        try:
            yield
        except (DBAPIError, NoneIsFree) as problem:
            raise self._in_words(problem) from None

    def _in_words(self, problem: DBAPIError | NoneIsFree) -> ObservanceError:
        if isinstance(problem, DBAPIError):
            return explain(problem, self.where, self.path)
        return OutOfReach(
            f"the database {self.where} answers slowly: each connection of this process to it is in use",
            hint="see what it is busy with; what is due goes by itself once it answers",
            passes=True,
        )


@contextmanager
def _written_at_end(connection: Connection) -> Iterator[None]:
    """What a change leads to is written at its end."""
    info = connection.info  # a line that breaks meanwhile has none any more
    pending: dict[str, Pending] = {}
    info[BEFORE_COMMIT] = pending
    try:
        yield
        for what in pending.values():
            what.write_down()
    finally:
        del info[BEFORE_COMMIT]


class OnConnection:
    """A connection of SQLAlchemy, for what is written in plain SQL."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self.is_sqlite = connection.dialect.name == "sqlite"

    def execute(self, statement: str, /, **values: Any) -> Cursor:
        return by_driver.answer(self._connection, _made(statement), values)

    def table(self, statement: str, /, **values: Any) -> tuple[tuple[str, ...], list[Any]]:
        return by_driver.table(self._connection, _made(statement), values)


_made = lru_cache(maxsize=256)(text)


@lru_cache(maxsize=64)  # a glance takes 3.4 us with it, 4.5 without
def _compiled(
    question: Select[Any], dialect: Dialect, values: tuple[tuple[str, object], ...]
) -> tuple[str, tuple[object, ...] | dict[str, object]]:
    """In SQL; its values in their order, or by name where they go by name."""
    compiled = question.compile(dialect=dialect)
    named = {**compiled.params, **dict(values)}
    return str(compiled), tuple(named[name] for name in compiled.positiontup) if compiled.positiontup else named


#: Sessions, slots of replicas and prepared transactions that may still look at rows deleted by this transaction.
_LOOKS_BACK = text(
    "SELECT count(*) FROM (SELECT backend_xmin AS oldest FROM pg_stat_activity WHERE pid <> pg_backend_pid() "
    "AND (datname = current_database() OR datname IS NULL) "
    "UNION ALL SELECT xmin FROM pg_replication_slots UNION ALL SELECT transaction FROM pg_prepared_xacts "
    "WHERE database = current_database()) AS held "
    "WHERE oldest IS NOT NULL AND age(oldest) >= age(CAST(:deleted_by AS xid))"
)
_OWNED = text(
    "SELECT coalesce(bool_and(pg_has_role(relowner, 'USAGE')), false) FROM pg_class "
    "WHERE relname = ANY(:tables) AND relkind = 'r' AND pg_table_is_visible(oid)"
)
#: Whether the tables were last written anew when nobody could look at these deleted rows any more: the oldest
#: transaction that counted then is kept by PostgreSQL with the table. A connection that is only being made counts too,
#: and is in no view yet.
_TAKEN_OUT = text(
    "SELECT bool_and(age(relfrozenxid) < age(CAST(:deleted_by AS xid))) FROM pg_class "
    "WHERE relname = ANY(:tables) AND relkind = 'r' AND pg_table_is_visible(oid)"
)


def _vacuum(connection: Connection, tables: Sequence[str], deleted_by: str) -> StillInFiles | None:
    """Write the tables anew, without deleted rows. PostgreSQL skips silently what the account does not own."""
    if not connection.execute(_OWNED, {"tables": list(tables)}).scalar():
        return StillInFiles.NOT_OWNER
    known = {"tables": list(tables), "deleted_by": deleted_by}
    connection.exec_driver_sql(f"SET lock_timeout = {VACUUM_WAITS_MS}")
    try:
        for again in range(VACUUM_ROUNDS):
            if again:
                connection.exec_driver_sql(f"SELECT pg_sleep({VACUUM_ROUNDS_APART})")
            looked_back = _somebody_looks_back(connection, deleted_by)
            for table in tables:
                connection.exec_driver_sql(f"VACUUM (FULL) {table}")
            if connection.execute(_TAKEN_OUT, known).scalar():
                return None
            if looked_back:
                break
    except OperationalError as problem:
        if "lock timeout" not in str(problem.orig):
            raise
        return StillInFiles.IN_USE
    finally:
        connection.exec_driver_sql(f"SET lock_timeout = {BUSY_TIMEOUT_MS}")
    return StillInFiles.OLD_TRANSACTION


def _somebody_looks_back(connection: Connection, deleted_by: str) -> bool:
    """Whether something may still look at what was deleted, after a short wait for what passes by itself.

    The database's own housekeeping (autovacuum) and another command's look last a moment, and are no reason to tell a
    person that an address may still be there.
    """
    for _ in range(LOOKS_BACK_WAITS):
        if not connection.execute(_LOOKS_BACK, {"deleted_by": deleted_by}).scalar():
            return False
        connection.exec_driver_sql("SELECT pg_sleep(0.1)")
    return bool(connection.execute(_LOOKS_BACK, {"deleted_by": deleted_by}).scalar())


def parse_url(url: str) -> URL:
    """Read a database URL; plain ``postgresql://`` means the psycopg 3 driver."""
    try:
        parsed = make_url(url)
    except ArgumentError:
        raise ConfigurationError(
            "the database's URL cannot be read (database.url)",
            hint="write sqlite:///var/observance.db or postgresql://user@host/name",
        ) from None
    if parsed.drivername in ("postgresql", "postgres"):
        return parsed.set(drivername="postgresql+psycopg")
    if parsed.get_backend_name() not in ("sqlite", "postgresql"):
        raise ConfigurationError(
            f"a database of the kind {parsed.drivername!r} is not supported (database.url)",
            hint="use sqlite:///... or postgresql://...",
        )
    return parsed


def libpq_address(url: str) -> str:
    """A PostgreSQL ledger's address as other clients of the same server take it, with its password."""
    return parse_url(url).set(drivername="postgresql").render_as_string(hide_password=False)


def _sqlite_engine(url: URL, patience_ms: Callable[[], int]) -> Engine:
    in_memory = not url.database or url.database == ":memory:"
    if not in_memory:
        _make_file(Path(str(url.database)))
    # A hundred lanes come at once, and opening a connection takes longer than a look: they stay open.
    options: dict[str, Any] = {"poolclass": StaticPool} if in_memory else {"pool_size": 15, "max_overflow": 0}
    engine = create_engine(url, connect_args={"check_same_thread": False}, **options)

    @event.listens_for(engine, "connect")
    def _set_up(connection: Any, _record: object) -> None:
        connection.isolation_level = None  # the driver opens no transaction by itself; we do, below
        patience = f"busy_timeout={patience_ms()}"
        with closing(connection.cursor()) as cursor:
            for setting in (patience, *PRAGMAS):
                cursor.execute(f"PRAGMA {setting}")

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        if connection.get_execution_options().get(_WRITE):
            connection.exec_driver_sql("BEGIN IMMEDIATE")
        else:
            by_driver.begin(connection)

    return engine


def _make_file(path: Path) -> None:
    """Make the file before SQLite does, for its owner alone: it will hold addresses."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        if not path.exists():
            os.close(os.open(path, os.O_WRONLY | os.O_CREAT, 0o600))
    except OSError as problem:
        raise OutOfReach(
            f"the database {path} cannot be made: {problem.strerror}",
            hint="check that the folder exists and may be written to, and that the disk is not full",
        ) from None


_LOCK = Path(__file__).parents[2] / "requirements-postgresql.lock"
_DRIVER = f"--require-hashes -r {_LOCK}" if _LOCK.is_file() else "'observance[postgresql]'"


def _server_engine(url: URL, patience_ms: Callable[[], int]) -> Engine:
    line = {name: value for name, value in LINE.items() if name not in url.query}
    try:
        engine = create_engine(url, pool_pre_ping=True, connect_args=line)
    except (NoSuchModuleError, ModuleNotFoundError):
        raise ConfigurationError(
            "the driver for PostgreSQL is not installed",
            hint=f"put it beside the other packages: {sys.executable} -m pip install {_DRIVER}; "
            f"where uv made .venv: uv pip install --python {sys.executable} {_DRIVER}",
        ) from None

    @event.listens_for(engine, "connect")
    def _set_up(connection: Any, _record: object) -> None:
        with connection.cursor() as cursor:
            cursor.execute(SESSION.format(patience_ms=patience_ms()))
        connection.commit()

    return engine


_UNOPENED = ("unable to open", "disk i/o error")
_FULL = (
    "the disk is full; what was about to be written is not written, and nothing that was is lost",
    "make room on the disk and run the command again; what is due then goes by itself, inside its window",
)
_READ_ONLY = (
    "the database may not be written to; nothing was changed",
    "check who owns the file and its folder, and that the disk is not mounted read-only (mount -o remount,rw)",
)
_IS_FULL = ("database or disk is full", "no space left", "disk full")
_IS_LOCKED = ("database is locked", "database table is locked", "lock timeout")
#: What is over by itself, mostly; all else of a server too, but for what no waiting helps.
_PASSING = (_IS_FULL, _IS_LOCKED)
_WRONGLY_SET_UP = (
    "failed to resolve",
    "translate host name",
    "name or service not known",
    "authentication",
    "password",
    "does not exist",
    "pg_hba",
    "permission denied",
    "certificate",
)
#: What the database says -> what it means, what to do. The first that fits.
_MEANINGS: tuple[tuple[tuple[str, ...], str, str], ...] = (
    (_IS_FULL, *_FULL),
    (("readonly database", "read-only"), *_READ_ONLY),
    (
        _IS_LOCKED,
        "it is locked: another program has been writing to it for more than {seconds:g} seconds",
        "wait for it to end, or end it: an editor of databases, a command that hangs; `status` says what sends",
    ),
    (
        ("malformed", "not a database", "file is encrypted", "disk image"),
        "the file is damaged, or is no database; nothing was changed, and nothing will be sent from it",
        "keep the file, put back the newest backup beside it, and let a person compare before sending",
    ),
    (
        _UNOPENED,
        "the file cannot be opened or read",
        "check that the folder exists, that you may read and write it, and that the disk is well",
    ),
)

#: So little room is none: SQLite's shared memory alone takes this much, and a page of its log besides.
_NO_ROOM = 100_000


def _of_the_disk(path: Path) -> tuple[str, str] | None:
    """What is wrong with the disk that the file is on, if that can be seen."""
    folder = next((f for f in path.parents if f.exists()), path.parent)
    try:
        if hasattr(os, "statvfs") and os.statvfs(folder).f_flag & os.ST_RDONLY:
            return "its disk is mounted read-only; nothing can be written down, so nothing is sent", _READ_ONLY[1]
        if shutil.disk_usage(folder).free < _NO_ROOM:
            return _FULL
    except OSError:
        pass
    return None


def explain(
    problem: DBAPIError, where: str, path: Path | None = None, seconds: float = BUSY_TIMEOUT_MS / 1000
) -> ObservanceError:
    """The database's error in words. The statement and its values are never part of them.

    ``path``: SQLite's file; where it cannot be opened, its disk is looked at, which SQLite does not name. ``seconds``:
    how long was waited for another writer.
    """
    message = str(problem.orig).strip().splitlines()[0] if str(problem.orig).strip() else type(problem.orig).__name__
    low = message.lower()
    for needles, meaning, hint in _MEANINGS:
        if any(needle in low for needle in needles):
            passes = needles in _PASSING
            if path is not None and needles is _UNOPENED and (of_the_disk := _of_the_disk(path)):
                (meaning, hint), passes = of_the_disk, of_the_disk == _FULL
            return OutOfReach(f"the database {where}: {meaning.format(seconds=seconds)}", hint=hint, passes=passes)
    if "check constraint" in low or "unique" in low or "append-only" in low:
        message = message.split("DETAIL", 1)[0].strip()  # where PostgreSQL repeats the values
        return ObservanceError(f"the database {where} refused a change that would break a rule: {message}")
    return OutOfReach(
        f"the database {where} cannot be used ({type(problem.orig).__name__})",
        hint="check that it runs, that its address in database.url is right, and `db upgrade`",
        passes=isinstance(problem, OperationalError) and not any(needle in low for needle in _WRONGLY_SET_UP),
    )
