"""A batch of a digest says which of its items were left out: none of those that are there."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("batches", sa.Column("left_out", sa.Text(), nullable=False, server_default=""))
