"""Which tables and columns a database has, and whether they are this release's: one query, asked at each opening."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import Connection, text

from .tables import metadata

#: Table and column. What a revision number says can be wrong; these are what the program reads and writes.
Columns = frozenset[tuple[str, str]]

_SQLITE = (
    "SELECT m.name, c.name FROM sqlite_master AS m JOIN pragma_table_info(m.name) AS c "
    "WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite~_%' ESCAPE '~'"
)
_POSTGRESQL = (
    "SELECT c.relname, a.attname FROM pg_catalog.pg_attribute AS a "
    "JOIN pg_catalog.pg_class AS c ON c.oid = a.attrelid "
    "JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace "
    "WHERE c.relkind IN ('r', 'p') AND a.attnum > 0 AND NOT a.attisdropped AND pg_catalog.pg_table_is_visible(c.oid) "
    "AND n.nspname NOT IN ('pg_catalog', 'information_schema') AND n.nspname NOT LIKE 'pg~_%' ESCAPE '~'"
)
_SHOWN = 3


def columns_of(connection: Connection) -> Columns:
    """All tables of the database, with their columns."""
    query = _SQLITE if connection.dialect.name == "sqlite" else _POSTGRESQL
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
