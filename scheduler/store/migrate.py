"""Bring a database to the schema that this release knows; refuse one that is newer, strange, or not what it says.

The revisions in ``migrations/versions`` are a chain that only grows: one that has landed is never changed. See
docs/decisions/0018.

Ledgers from before the first revision was frozen: its file was changed in place eight times, so that nine forms of the
tables say of themselves that they are "0001". They are told apart by their tables and columns, and brought into the
ninth, which is the frozen one: what is in them is put aside, the tables are made anew by that revision, and all of it
is put back. From there the revisions lead on.
"""

from __future__ import annotations

import logging
import secrets
from collections.abc import Callable, Iterable, Mapping
from dataclasses import field
from pathlib import Path

from sqlalchemy import Connection, MetaData, create_engine, text

from ..domain.formatting import counted
from ..errors import ConfigurationError, NeedsAPerson, ObservanceError
from ..light_dataclass import dataclass
from .database import Database
from .plain_sql import COLUMNS_ON_POSTGRESQL, COLUMNS_ON_SQLITE, columns_fingerprint
from .tables import ledger, metadata

#: Table and column. What a revision number says can be wrong; these are what the program reads and writes.
Columns = frozenset[tuple[str, str]]

_SHOWN = 3


def columns_of(connection: Connection) -> Columns:
    """All tables of the database, with their columns."""
    query = COLUMNS_ON_SQLITE if connection.dialect.name == "sqlite" else COLUMNS_ON_POSTGRESQL
    return frozenset((str(table), str(column)) for table, column in connection.execute(text(query)))


def differences(found: Columns) -> str:
    """How these tables differ from this release's, in words; empty when they do not. Other tables are no matter."""
    expected = frozenset((t.name, c.name) for t in metadata.tables.values() for c in t.columns)
    missing = expected - found
    strange = {(table, column) for table, column in found - expected if table in metadata.tables}
    parts = (("missing", missing), ("unknown", strange))
    return ", ".join(f"{_named(columns, found)} {word}" for word, columns in parts if columns)


def _named(columns: Iterable[tuple[str, str]], found: Columns) -> str:
    tables = {table for table, _ in found}
    names = sorted({f"{t}.{c}" if t in tables else f"table {t}" for t, c in columns})
    more = f" and {len(names) - _SHOWN} more" if len(names) > _SHOWN else ""
    return f"{', '.join(names[:_SHOWN])}{more} {'is' if len(names) == 1 else 'are'}"


FIRST = "0001"

#: What each form had more than the one before; an empty set stands for the whole table. The second form comes first.
_ADDED: tuple[Mapping[str, frozenset[str]], ...] = (
    {"proofs": frozenset(), "receipts": frozenset()},
    {
        "signatures": frozenset({"expires_on"}),
        "comments": frozenset(),
        "change_requests": frozenset(),
        "invitations": frozenset(),
        "packets": frozenset(),
    },
    {
        "deliveries": frozenset({"audience"}),
        "batches": frozenset({"not_after_at", "first_item"}),
        "subscribers": frozenset({"cadence", "cadence_since_at", "paused_until_at", "asked_for_more_at"}),
        "cadences": frozenset(),
        "consents": frozenset(),
        "confirmations": frozenset(),
        "sign_ups": frozenset(),
        "hashed_suppressions": frozenset(),
    },
    {
        "people": frozenset(),
        "sign_in_links": frozenset(),
        "sessions": frozenset(),
        "sign_in_tries": frozenset(),
        "api_keys": frozenset(),
    },
    {"batches": frozenset({"tried_at"})},
    {"file_edits": frozenset()},
    {"deliveries": frozenset({"skipped_at"})},
    {"letters": frozenset()},
)
#: How many forms there are; the last is the frozen one.
FORMS = len(_ADDED) + 1

#: What stands in a column that an early form did not have, or had other words in. ``early_`` is the table put aside.
_FILLED: Mapping[tuple[str, str], str] = {
    ("subscribers", "cadence"): "'daily'",
    ("subscribers", "cadence_since_at"): "created_at",
    # Whoever must not be written to was "unsubscribed", whatever the reason; that stood beside the address.
    ("subscribers", "state"): (
        "CASE WHEN state <> 'unsubscribed' THEN state ELSE COALESCE((SELECT reason FROM early_suppressions AS s "
        "WHERE s.address_key = early_subscribers.address_key AND s.reason IN ('bounced', 'complained')), 'left') END"
    ),
}


def form_of(found: Columns, frozen: Columns) -> int | None:
    """Which form this is, from 1 to ``FORMS``; None for none of them. ``frozen``: tables and columns of the last."""
    form, columns = FORMS, frozen
    ours = frozenset(pair for pair in found if pair[0] != "alembic_version")
    for added in reversed(_ADDED):
        if ours == columns:
            return form
        columns = frozenset((t, c) for t, c in columns if t not in added or (added[t] and c not in added[t]))
        form -= 1
    return form if ours == columns else None


def bring_up(connection: Connection, found: Columns, make_first_tables: Callable[[], None]) -> None:
    """Bring an early form into the frozen one, in the transaction of ``connection``.

    Raises nothing of its own: a row that does not fit is refused by the new table, and all is as it was before.
    """
    tables = sorted({table for table, _ in found if table != "alembic_version"})
    for table in tables:
        connection.execute(text(f"CREATE TEMPORARY TABLE early_{table} AS SELECT * FROM {table}"))  # noqa: S608
    if connection.dialect.name == "sqlite":
        for table in tables:
            connection.execute(text(f"DROP TABLE {table}"))
    else:
        connection.execute(text(f"DROP TABLE {', '.join(tables)}"))
        for function in ("append_only", "events_append_only"):
            connection.execute(text(f"DROP FUNCTION IF EXISTS {function}()"))
    connection.execute(text("DELETE FROM alembic_version"))
    make_first_tables()
    made = MetaData()
    made.reflect(connection, only=tables)
    for table in (one.name for one in made.sorted_tables):  # what others point at comes first
        _put_back(connection, table, [c for t, c in sorted(found) if t == table])
    for table in tables:
        connection.execute(text(f"DROP TABLE early_{table}"))


def _put_back(connection: Connection, table: str, columns: list[str]) -> None:
    filled = [c for t, c in _FILLED if t == table and c not in columns]
    values = [_FILLED.get((table, c), c) for c in columns] + [_FILLED[table, c] for c in filled]
    names = ", ".join((*columns, *filled))
    statement = f"INSERT INTO {table} ({names}) SELECT {', '.join(values)} FROM early_{table}"  # noqa: S608
    connection.execute(text(statement))
    if connection.dialect.name == "sqlite" or "id" not in columns:
        return
    numbers = connection.execute(text(f"SELECT pg_get_serial_sequence('{table}', 'id')")).scalar()
    if numbers is not None:  # the next number comes after those that are there
        last = f"SELECT setval('{numbers}', max(id)) FROM {table} HAVING max(id) IS NOT NULL"  # noqa: S608
        connection.execute(text(last))


#: The newest revision in ``migrations/versions``. Alembic is imported only when there is something to do: it would
#: cost each command a quarter of a second.
HEAD = "0022"
#: The revision since which each campaign has a list of its own.
LISTS_SINCE = "0009"

_FOLDER = Path(__file__).parent / "migrations"
_LOCK = 0x0B5E_0001  # PostgreSQL: two programs that open an empty database at once take turns
#: Of PostgreSQL, while tables are changed: the ids of a million readers fit into it.
WORK_MEMORY = "256MB"

_WAY_OUT = (
    "put the newest good backup back (docs/howto/back-up-and-restore.md); or, with the version that made it: "
    "`subscribers export FILE --all`, move the ledger away, and `subscribers import FILE` into a new one "
    "(what went out, who approved and who left does not come along: take who left out of the file)"
)


@dataclass(frozen=True)
class Lists:
    """Where the readers of a ledger go that had one list for all: everybody to the only campaign's; of several, to
    that of each that has written to them, and who had no mail yet to ``rest``."""

    campaigns: tuple[str, ...] = ()
    rest: str = ""


NO_LISTS = Lists()


@dataclass(frozen=True)
class SchemaStatus:
    """What schema a database has. ``revision`` empty: there are no tables yet. ``form``: of the first revision."""

    revision: str
    columns: Columns = field(repr=False)
    form: int = FORMS

    @property
    def is_empty(self) -> bool:
        return not self.revision

    @property
    def is_newest(self) -> bool:
        return self.revision == HEAD

    @property
    def in_words(self) -> str:
        return f"schema {self.revision}"

    @property
    def fingerprint(self) -> str:
        """Of its tables and columns."""
        return columns_fingerprint(self.columns)


@dataclass(frozen=True)
class Upgraded:
    """What an upgrade did. ``rows``: how many there are in each table that was there before, after it as before it."""

    before: SchemaStatus
    revision: str
    rows: Mapping[str, int] = field(default_factory=dict)
    lists: Mapping[str, int] = field(default_factory=dict)  # readers by campaign, where they came to have lists

    @property
    def changed(self) -> bool:
        return self.before.revision != self.revision


def schema_status(database: Database) -> SchemaStatus:
    """The schema of a database that this release can use or upgrade.

    Raises ConfigurationError when a newer release made it or it is none of ours, and NeedsAPerson when its tables are
    not those of the schema that it names.
    """
    with database.read() as connection:
        return _look(connection, database.where)


def _look(connection: Connection, where: str) -> SchemaStatus:
    columns = columns_of(connection)
    if ("alembic_version", "version_num") not in columns:
        if columns:
            raise ConfigurationError(
                f"the database {where} belongs to something else: it has tables, but no ledger's",
                hint="check database.url in config/settings.toml",
            )
        return SchemaStatus("", columns)
    revision = str(connection.execute(text("SELECT version_num FROM alembic_version")).scalar() or "")
    if not revision:
        if all(table == "alembic_version" for table, _ in columns):
            return SchemaStatus("", columns)
        raise NeedsAPerson(f"the database {where} does not say which schema it has; nothing was changed", hint=_WAY_OUT)
    if revision not in _revisions():
        raise ConfigurationError(
            f"the database {where} was made by a newer release (schema {revision}, this one knows {HEAD})",
            hint="install the newer release again; going back would lose what it has written",
        )
    if revision == HEAD and (wrong := differences(columns)):
        raise NeedsAPerson(
            f"the database {where} says that its tables are those of schema {HEAD}, and they are not: {wrong}; "
            "nothing was changed",
            hint=_WAY_OUT,
        )
    if revision != FIRST:
        return SchemaStatus(revision, columns)
    form = form_of(columns, _first_columns())
    if form is None:
        raise NeedsAPerson(
            f"the database {where} is from an earlier release, in a form that none had "
            f"(schema {FIRST}, of which there were {FORMS} forms); nothing was changed",
            hint=_WAY_OUT,
        )
    return SchemaStatus(revision, columns, form)


def revision_of(connection: Connection) -> str | None:
    """The schema's revision, of a ledger that is open."""
    return connection.execute(text("SELECT version_num FROM alembic_version")).scalar()


def refuse_older(database: Database, found: SchemaStatus) -> None:
    """An older schema is not changed behind anybody's back."""
    if not (found.is_empty or found.is_newest):
        raise NeedsAPerson(
            f"the database {database.where} is from an earlier release: it has {found.in_words}, "
            f"and this one needs {HEAD}",
            hint="stop what runs (`start`, a timer with `tick`), then `db upgrade`, which makes a copy first",
        )


def upgrade(
    database: Database,
    *,
    lists: Lists = NO_LISTS,
    guard: Callable[[Connection], None] = lambda connection: None,
    agree: Callable[[Mapping[str, int]], None] = lambda lists: None,
) -> Upgraded:
    """Make or change the tables, all or nothing; nobody else can write meanwhile.

    ``lists``: where the readers of a ledger go that had one list for all campaigns; ``agree`` is told how many come to
    be on each campaign's, and may refuse. ``guard`` may refuse, by raising: it is asked at the beginning and the end.
    """
    status = schema_status(database)
    if status.is_newest:
        return Upgraded(status, HEAD)
    logging.getLogger("alembic").setLevel(logging.WARNING)  # it tells its own story of each start
    with database.rebuild() as connection:
        if not database.is_sqlite:
            _get_ready(connection)
        guard(connection)
        database.overwrite_deleted(connection)  # a table that is made anew leaves no address in the file
        status = _look(connection, database.where)
        if status.is_newest:  # another program was quicker, and may be at work with it already
            return Upgraded(status, HEAD)
        if not status.is_empty and status.revision < LISTS_SINCE and (under_way := _mails_under_way(connection)):
            raise NeedsAPerson(
                f"a mailing is under way ({', '.join(under_way[:_SHOWN])}); nothing was changed",
                hint="let it end first, with the release that has run so far: `tick`, until `status` shows nothing "
                "that is still being sent",
            )
        before = _rows(connection, status.columns)
        if status.form < FORMS:
            bring_up(connection, status.columns, lambda: _run(connection, FIRST))
        try:
            _run(connection, "head", lists)
        except LookupError as missing:
            raise NeedsAPerson(
                f"{counted(int(missing.args[0]), 'reader')} of this ledger had no mail of any campaign yet, so that it "
                "does not say which list is theirs; nothing was changed",
                hint="name the campaign that they signed up for: `db upgrade --campaign NAME`",
            ) from None
        if wrong := differences(columns_of(connection)):
            raise NeedsAPerson(
                f"the database {database.where} does not come to schema {HEAD}: {wrong}; nothing was changed",
                hint=_WAY_OUT,
            )
        if connection.execute(ledger.select()).first() is None:
            connection.execute(
                ledger.insert().values(id=1, ledger_id=secrets.token_hex(16), events=0, last_hash="0" * 64)
            )
        after = _rows(connection, status.columns)
        # Of one list become several; what a reader chose, and a confirmation that waits, is copied with them.
        more = {"cadences"} if len(lists.campaigns) != 1 else set()
        if changed := [name for name, count in before.items() if after[name] != count and name not in more]:
            raise ObservanceError(f"the upgrade would have lost rows of {', '.join(changed)}; nothing was changed")
        members = _members(connection) if status.revision < LISTS_SINCE else {}
        agree(members)
        guard(connection)
    return Upgraded(status, HEAD, after, members)


def _mails_under_way(connection: Connection) -> tuple[str, ...]:
    """Live mailings that have begun and are not over: item and campaign. In whatever form the tables are."""
    query = (
        "SELECT DISTINCT d.item, d.campaign FROM deliveries AS d JOIN batches AS b ON b.delivery_id = d.id "
        "WHERE d.mode = 'live' AND d.kind = 'email' AND b.state IN ('scheduled', 'sending') ORDER BY d.campaign, d.item"
    )
    return tuple(f"{item} of {campaign}" for item, campaign in connection.execute(text(query)))


def _members(connection: Connection) -> dict[str, int]:
    """How many are on each campaign's list, or were."""
    query = "SELECT campaign, count(*) FROM subscriptions GROUP BY campaign ORDER BY campaign"
    return {str(campaign): int(number) for campaign, number in connection.execute(text(query))}


def _get_ready(connection: Connection) -> None:
    """PostgreSQL: wait for another upgrade, and take memory enough for this one."""
    connection.execute(text(f"SELECT pg_advisory_xact_lock({_LOCK})"))
    # Who has no list yet is looked for in all who have one: with less, once for each reader in the whole of it.
    connection.execute(text(f"SET LOCAL work_mem = '{WORK_MEMORY}'"))


def _run(connection: Connection, revision: str, lists: Lists = NO_LISTS) -> None:
    """Run the revisions up to ``revision`` in the transaction of ``connection``."""
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(_FOLDER).replace("%", "%%"))
    config.attributes["connection"] = connection
    config.attributes["lists"] = (lists.campaigns, lists.rest)
    command.upgrade(config, revision)


def _rows(connection: Connection, columns: Columns) -> dict[str, int]:
    """How many rows each table has."""
    tables = sorted({table for table, _ in columns if table != "alembic_version"})
    return {t: int(connection.execute(text(f"SELECT count(*) FROM {t}")).scalar_one()) for t in tables}  # noqa: S608


def _first_columns() -> Columns:
    """Tables and columns of the first revision as it is frozen, which only it knows: it is run in memory."""
    logging.getLogger("alembic").setLevel(logging.WARNING)
    engine = create_engine("sqlite://")
    try:
        with engine.begin() as connection:
            _run(connection, FIRST)
            found = columns_of(connection)
    finally:
        engine.dispose()
    return frozenset(pair for pair in found if pair[0] != "alembic_version")


def _revisions() -> tuple[str, ...]:
    """All that this release knows, oldest first."""
    names = (path.name[:4] for path in (_FOLDER / "versions").glob("[0-9][0-9][0-9][0-9]_*.py"))
    return tuple(sorted(name for name in names if name <= HEAD))
