"""Indexes by which nothing that is done for one batch walks through the other batches of its delivery."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # A row of an index on PostgreSQL holds some 2,700 bytes, and reasons may be longer.
    reasons = sa.text("md5(reasons)") if op.get_bind().dialect.name == "postgresql" else "reasons"
    op.create_index("ix_batches_delivery_id_state_reasons_id", "batches", ["delivery_id", "state", reasons, "id"])
    too_many = sa.text("status = 429")
    op.create_index(
        "ix_attempts_too_many", "attempts", ["started_at"], sqlite_where=too_many, postgresql_where=too_many
    )
