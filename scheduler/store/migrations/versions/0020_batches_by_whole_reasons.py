"""On PostgreSQL the index of batches by kind tells reasons apart to their end. For a ledger that was made by 0018 before it
landed, whose index had their first 200 letters; for all others it makes the same index again."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

_NAME = "ix_batches_delivery_id_state_reasons_id"


def upgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":  # SQLite's index has had the whole of them
        op.drop_index(_NAME, "batches")
        op.create_index(_NAME, "batches", ["delivery_id", "state", sa.text("md5(reasons)"), "id"])
