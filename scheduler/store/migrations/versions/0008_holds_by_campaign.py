"""A hold may be for one campaign. Those from before are for every one."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("holds", sa.Column("campaign", sa.String(200), nullable=False, server_default=""))
