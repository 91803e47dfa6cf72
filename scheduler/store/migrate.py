"""Bring a database to the schema that this release knows; refuse one that is newer."""

from __future__ import annotations

import logging
import secrets
from pathlib import Path

from sqlalchemy import Connection, inspect, text

from ..errors import ConfigurationError, NeedsAPerson
from .database import Database
from .tables import ledger

#: The newest revision in ``migrations/versions``. Alembic is imported only when there is something to do: it would
#: cost each command a quarter of a second.
HEAD = "0003"

_FOLDER = Path(__file__).parent / "migrations"
_LOCK = 0x0B5E_0001  # PostgreSQL: two programs that open an empty database at once take turns


def current(connection: Connection) -> str | None:
    """The schema's revision; None for an empty database."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    return connection.execute(text("SELECT version_num FROM alembic_version")).scalar()


def is_current(database: Database) -> bool:
    """Whether the schema is the newest. Raises when a newer release made it, or it is none of ours."""
    with database.read() as connection:
        found = current(connection)
        if found is None and inspect(connection).get_table_names():
            raise ConfigurationError(
                f"the database {database.where} belongs to something else: it has tables, but no ledger's",
                hint="check database.url in config/settings.toml",
            )
    if found not in (None, HEAD, *_revisions_before_head()):
        raise ConfigurationError(
            f"the database {database.where} was made by a newer release (schema {found}, this one knows {HEAD})",
            hint="install the newer release again; going back would lose what it has written",
        )
    return found == HEAD


def refuse_older(database: Database) -> None:
    """An older schema is not changed behind anybody's back: a person makes a copy first."""
    with database.read() as connection:
        found = current(connection)
    if found not in (None, HEAD):
        raise NeedsAPerson(
            f"the database {database.where} is from an earlier release (schema {found}, this one needs {HEAD})",
            hint="stop what runs, copy the file, then `run.py db upgrade`",
        )


def upgrade(database: Database) -> str:
    """Make or change the tables, all or nothing. Returns the revision reached."""
    if is_current(database):
        return HEAD
    logging.getLogger("alembic").setLevel(logging.WARNING)  # it tells its own story of each start
    from alembic import command
    from alembic.config import Config


    with database.rebuild("upgrade") as connection:
        if not database.is_sqlite:
            connection.execute(text(f"SELECT pg_advisory_xact_lock({_LOCK})"))
        config = Config()
        config.set_main_option("script_location", str(_FOLDER).replace("%", "%%"))
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
        if connection.execute(ledger.select()).first() is None:
            connection.execute(
                ledger.insert().values(id=1, ledger_id=secrets.token_hex(16), events=0, last_hash="0" * 64)
            )
    return HEAD


def _revisions_before_head() -> tuple[str, ...]:
    names = (path.name[:4] for path in (_FOLDER / "versions").glob("[0-9][0-9][0-9][0-9]_*.py"))
    return tuple(sorted(name for name in names if name < HEAD))
