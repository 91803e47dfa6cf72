"""A ledger says where it is at home, so that a copy of it is known for one."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("ledger", sa.Column("home", sa.String(200), nullable=False, server_default=""))
    op.add_column("ledger", sa.Column("answered_at", sa.DateTime(timezone=True)))
