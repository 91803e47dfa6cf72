"""The ledger: SQLAlchemy Core tables and queries, Alembic migrations, for SQLite and PostgreSQL.

What is named here is imported when it is first asked for: :mod:`.plain_sql` beside it needs none of it.
"""

TYPE_CHECKING = False  # `typing` costs a light start a tenth

if TYPE_CHECKING:
    from .ledger import Ledger, open_ledger, schema_of, upgrade_database

__all__ = ["Ledger", "open_ledger", "schema_of", "upgrade_database"]


def __getattr__(name: str) -> object:
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from . import ledger

    return getattr(ledger, name)
