"""A number that grows whenever somebody may have left, by whatever road: the last check before a call asks a batch's
readers anew only where it has grown since they were read. Triggers raise it, so that no writer can forget to, be it a
process of an earlier release."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None

#: What may leave a reader out, and in which states one was there before.
_LEAVES = {
    "subscriptions": ("UPDATE OF state, paused_until_at, cadence_since_at", "DELETE"),
    "subscribers": ("UPDATE OF address_key", "DELETE"),
    "suppressions": ("INSERT", "UPDATE", "DELETE"),
    "cadences": ("UPDATE", "DELETE"),
}
_MORE = "UPDATE ledger SET departures = departures + 1;"


def upgrade() -> None:
    number = sa.BigInteger().with_variant(sa.Integer, "sqlite")
    op.add_column("ledger", sa.Column("departures", number, nullable=False, server_default="0"))
    if op.get_bind().dialect.name == "sqlite":
        for table, changes in _LEAVES.items():
            for change in changes:
                name = f"departures_{table}_{change.split()[0].lower()}"
                op.execute(f"CREATE TRIGGER {name} AFTER {change} ON {table} FOR EACH ROW {_was_there(table)}BEGIN {_MORE} END")
        return
    op.execute(
        f"CREATE FUNCTION count_departures() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {_MORE} RETURN NULL; END $$"
    )
    for table, changes in _LEAVES.items():  # once for a statement: a row that is written a million times grows slow
        op.execute(
            f"CREATE TRIGGER departures_{table} AFTER {' OR '.join(changes)} ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION count_departures()"
        )


def _was_there(table: str) -> str:
    return "WHEN OLD.state IN ('active', 'paused') " if table == "subscriptions" else ""
