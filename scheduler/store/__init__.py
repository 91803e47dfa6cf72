"""The ledger: SQLAlchemy Core tables and queries, Alembic migrations, for SQLite and PostgreSQL."""

from .ledger import SqlLedger, open_ledger, schema_of, upgrade_database

#: What others call it; the interface is :class:`scheduler.ports.Ledger`.
Ledger = SqlLedger

__all__ = ["Ledger", "SqlLedger", "open_ledger", "schema_of", "upgrade_database"]
