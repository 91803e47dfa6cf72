"""The rows of a hold and of the history in plain SQL, for a connection of SQLAlchemy and for a driver's own alike.

Standard library only, and little of it: whoever stops something does not wait for what all other acts need.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime

from ..domain.redact import person, without_addresses

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Protocol

    Held = tuple[str, str, str, datetime]  # by whom, the reason's code, why, since when
    Line = tuple[datetime, str, str, int | None, Mapping[str, object]]  # at, kind, who, delivery, what it tells

    class Cursor(Protocol):
        """What the three connections answer with."""

        def fetchone(self) -> Any: ...
        def fetchall(self) -> Any: ...

    class Statements(Protocol):
        """A connection inside of a transaction. Values stand in a statement as ``:name``."""

        is_sqlite: bool

        def execute(self, statement: str, /, **values: Any) -> Cursor: ...

    class Tables(Statements, Protocol):
        """One that also says how the columns of an answer are called."""

        def table(self, statement: str, /, **values: Any) -> tuple[tuple[str, ...], list[Any]]: ...


#: How long a writer waits for another one, in milliseconds.
BUSY_TIMEOUT_MS = 30_000
#: PostgreSQL ends the transaction of a program that stood still in the middle of one for so long, in milliseconds: it
#: was stopped, or its machine is gone, and everybody else waits for the row that it has locked.
STOOD_STILL_MS = 60_000
#: Of each connection to PostgreSQL, with the time that it waits for another writer. Without jit: what is asked reads
#: little and is asked often, and where PostgreSQL guesses that it costs much, as it does of the freeze of one batch of
#: a long list, it compiles it each time anew: a tenth of a second for what is done in a hundredth.
SESSION = (
    f"SET lock_timeout = {{patience_ms}}; SET idle_in_transaction_session_timeout = {STOOD_STILL_MS}; SET jit = off"
)
#: How PostgreSQL's driver finds out that the server is gone without a word: within a minute or so, in seconds.
LINE: Mapping[str, int] = {
    "connect_timeout": 10,
    "keepalives_idle": 30,
    "keepalives_interval": 10,
    "keepalives_count": 3,
}
#: Of each connection to SQLite, beside the time that it waits: a ledger must not forget.
PRAGMAS = ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON")
#: The lock of PostgreSQL's writers: the ledger's one row.
LOCK = "SELECT id FROM ledger FOR UPDATE"

#: All tables of a database, with their columns.
COLUMNS_ON_SQLITE = (
    "SELECT m.name, c.name FROM sqlite_master AS m JOIN pragma_table_info(m.name) AS c "
    "WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite~_%' ESCAPE '~'"
)
COLUMNS_ON_POSTGRESQL = (
    "SELECT c.relname, a.attname FROM pg_catalog.pg_attribute AS a "
    "JOIN pg_catalog.pg_class AS c ON c.oid = a.attrelid "
    "JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace "
    "WHERE c.relkind IN ('r', 'p') AND a.attnum > 0 AND NOT a.attisdropped AND pg_catalog.pg_table_is_visible(c.oid) "
    "AND n.nspname NOT IN ('pg_catalog', 'information_schema') AND n.nspname NOT LIKE 'pg~_%' ESCAPE '~'"
)


def columns_fingerprint(columns: Iterable[tuple[str, str]]) -> str:
    """Of all tables with their columns: two ledgers of one schema have the same."""
    return hashlib.sha256(repr(sorted((str(table), str(column)) for table, column in columns)).encode()).hexdigest()


def schema_of(connection: Statements) -> tuple[str, str]:
    """Revision and columns' fingerprint of a ledger."""
    columns = connection.execute(COLUMNS_ON_SQLITE if connection.is_sqlite else COLUMNS_ON_POSTGRESQL).fetchall()
    revision = connection.execute("SELECT version_num FROM alembic_version").fetchone()
    return str(revision[0]) if revision else "", columns_fingerprint((row[0], row[1]) for row in columns)


def instant(connection: Statements, at: datetime) -> object:
    """As the ledger stores it: SQLite has no instants, but text in UTC. Refuses a naive one."""
    if at.tzinfo is None:
        raise ValueError("an instant without a time zone cannot be stored")
    at = at.astimezone(UTC)
    return f"{at:%Y-%m-%d %H:%M:%S.%f}" if connection.is_sqlite else at


def set_hold(
    connection: Statements,
    *,
    channel: str,
    who: str,
    why: str,
    now: datetime,
    campaign: str,
    key: str = "",
    reason: str = "by-a-person",
) -> int:
    """Stop a channel (``*`` = all), of one campaign or of all (empty), with the line of the history. Returns the hold's
    number."""
    row = {"channel": channel, "who": person(who), "why": without_addresses(why), "campaign": campaign}
    connection.execute(
        "INSERT INTO holds (channel, who, why, held_at, campaign, reason) "
        "VALUES (:channel, :who, :why, :held_at, :campaign, :reason)",
        **row,
        reason=reason,
        held_at=instant(connection, now),
    )
    (number,) = connection.execute("SELECT max(id) FROM holds").fetchone()  # nobody else writes meanwhile
    named = {"campaign": campaign} if campaign else {}
    append_event(connection, at=now, kind="hold.set", who=who, data={"channel": channel, "why": why, **named}, key=key)
    return int(number)


def append_event(
    connection: Statements,
    *,
    at: datetime,
    kind: str,
    who: str,
    data: Mapping[str, object],
    delivery_id: int | None = None,
    key: str = "",
) -> None:
    """Add one line to the history, in the transaction of the change that it tells of. ``key``: by which a program
    acts for a person."""
    append_events(connection, (at, kind, who, delivery_id, {**data, "key": key} if key else data))


def append_events(connection: Statements, *lines: Line) -> None:
    """The same with several lines of one change."""
    events, last = connection.execute("SELECT events, last_hash FROM ledger").fetchone()
    number = int(events)
    for at, kind, told_by, delivery_id, data in lines:
        number, previous, who = number + 1, last, person(told_by)
        text = json.dumps({each: plain(value) for each, value in data.items()}, sort_keys=True, ensure_ascii=False)
        last = event_hash(number, at, kind, who, delivery_id, text, previous)
        connection.execute(
            "INSERT INTO events (id, at, kind, who, delivery_id, data, previous, hash) "
            "VALUES (:id, :at, :kind, :who, :delivery_id, :data, :previous, :hash)",
            id=number,
            at=instant(connection, at),
            kind=kind,
            who=who,
            delivery_id=delivery_id,
            data=text,
            previous=previous,
            hash=last,
        )
    connection.execute("UPDATE ledger SET events = :events, last_hash = :last_hash", events=number, last_hash=last)


def event_hash(
    number: int, at: datetime, kind: str, who: str, delivery_id: int | None, data: str, previous: str
) -> str:
    """What makes a line of the history one that cannot be changed unnoticed."""
    payload = json.dumps([number, at.isoformat(), kind, who, delivery_id, data, previous], ensure_ascii=False)
    return hashlib.sha256(payload.encode()).hexdigest()


def plain(value: object) -> object:
    """As the history keeps it: what JSON knows, and no address."""
    if isinstance(value, bool | int | float) or value is None:
        return value
    if isinstance(value, date):  # a datetime is a date
        return value.isoformat()
    if isinstance(value, Mapping):
        return {str(k): plain(v) for k, v in value.items()}
    if isinstance(value, list | tuple):
        return [plain(v) for v in value]
    return without_addresses(str(value))


def holds_in_force(connection: Statements, channel: str, campaign: str) -> list[Held]:
    """Of the holds that stop just this: by whom, the reason's code, why, and since when; the latest is the last."""
    rows = connection.execute(
        "SELECT who, reason, why, held_at FROM holds "
        "WHERE channel = :channel AND campaign = :campaign AND released_at IS NULL ORDER BY id",
        channel=channel,
        campaign=campaign,
    ).fetchall()
    return [(who, reason, why, aware(held_at)) for who, reason, why, held_at in rows]


def aware(stored: str | datetime) -> datetime:
    """The instant that is stored."""
    if isinstance(stored, str):
        return datetime.fromisoformat(stored).replace(tzinfo=UTC)
    return stored.astimezone(UTC)


def is_something_under_way(connection: Statements) -> bool:
    """Whether a call has begun that has not ended, or a mailing of which a part has gone: a hold comes too late for the
    one, and has more to write down about the other."""
    calls = connection.execute("SELECT id FROM batches WHERE state = 'sending' LIMIT 1").fetchone()
    mailings = connection.execute("SELECT id FROM deliveries WHERE state = 'sending' LIMIT 1").fetchone()
    return calls is not None or mailings is not None
