"""The ledger: SQLAlchemy Core tables and queries, Alembic migrations, for SQLite and PostgreSQL."""

from .ledger import Ledger, open_ledger, schema_of, upgrade_database

__all__ = ["Ledger", "open_ledger", "schema_of", "upgrade_database"]
