"""Bring a database to the schema that this release knows; refuse one that is newer, strange, or not what it says.

The revisions in ``migrations/versions`` are a chain that only grows: one that has landed is never changed. See
docs/decisions/0018.
"""

from __future__ import annotations

import logging
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from sqlalchemy import Connection, create_engine, text

from ..errors import ConfigurationError, NeedsAPerson, ObservanceError
from .database import Database
from .early_forms import FIRST, FORMS, bring_up, form_of
from .schema import Columns, columns_of, differences
from .tables import ledger

#: The newest revision in ``migrations/versions``. Alembic is imported only when there is something to do: it would
#: cost each command a quarter of a second.
HEAD = "0007"

_FOLDER = Path(__file__).parent / "migrations"
_LOCK = 0x0B5E_0001  # PostgreSQL: two programs that open an empty database at once take turns

_WAY_OUT = (
    "put the newest good backup back (docs/howto/back-up-and-restore.md); or, with the version that made it: "
    "`subscribers export FILE --all`, move the ledger away, and `subscribers import FILE` into a new one "
    "(what went out, who approved and who left does not come along: take who left out of the file)"
)


@dataclass(frozen=True, slots=True)
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
        early = f", form {self.form} of {FORMS}" if self.revision == FIRST else ""
        return f"schema {self.revision}{early}"


@dataclass(frozen=True, slots=True)
class Upgraded:
    """What an upgrade did. ``rows``: how many there are in each table that was there before, after it as before it."""

    before: SchemaStatus
    revision: str
    rows: Mapping[str, int] = field(default_factory=dict)

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
            f"the database {database.where} is from an earlier release ({found.in_words}, this one needs {HEAD})",
            hint="stop what runs (`start`, a timer with `tick`), then `db upgrade`, which makes a copy first",
        )


def upgrade(database: Database, *, guard: Callable[[Connection], None] = lambda connection: None) -> Upgraded:
    """Make or change the tables, all or nothing; nobody else can write meanwhile.

    ``guard`` may refuse, by raising: it is asked at the beginning and at the end.
    """
    found = schema_status(database)
    if found.is_newest:
        return Upgraded(found, HEAD)
    logging.getLogger("alembic").setLevel(logging.WARNING)  # it tells its own story of each start
    with database.rebuild("upgrade") as connection:
        if not database.is_sqlite:
            connection.execute(text(f"SELECT pg_advisory_xact_lock({_LOCK})"))
        guard(connection)
        database.overwrite_deleted(connection)  # a table that is made anew leaves no address in the file
        found = _look(connection, database.where)
        if found.is_newest:  # another program was quicker, and may be at work with it already
            return Upgraded(found, HEAD)
        before = _rows(connection, found.columns)
        if found.form < FORMS:
            bring_up(connection, found.columns, lambda: _run(connection, FIRST))
        _run(connection, "head")
        if wrong := differences(columns_of(connection)):
            raise NeedsAPerson(
                f"the database {database.where} does not come to schema {HEAD}: {wrong}; nothing was changed",
                hint=_WAY_OUT,
            )
        if connection.execute(ledger.select()).first() is None:
            connection.execute(
                ledger.insert().values(id=1, ledger_id=secrets.token_hex(16), events=0, last_hash="0" * 64)
            )
        after = _rows(connection, found.columns)
        if changed := [name for name, count in before.items() if after[name] != count]:
            raise ObservanceError(f"the upgrade would have lost rows of {', '.join(changed)}; nothing was changed")
        guard(connection)
    return Upgraded(found, HEAD, after)


def _run(connection: Connection, revision: str) -> None:
    """Run the revisions up to ``revision`` in the transaction of ``connection``."""
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(_FOLDER).replace("%", "%%"))
    config.attributes["connection"] = connection
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
