"""Approvals and signatures say by which road they came. Of those from before nobody knows."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for table in ("approvals", "signatures"):
        op.add_column(table, sa.Column("via", sa.String(16), nullable=False, server_default="unrecorded"))
    op.add_column("approvals", sa.Column("entered_by", sa.String(200), nullable=False, server_default=""))
