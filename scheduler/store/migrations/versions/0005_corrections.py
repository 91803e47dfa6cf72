"""When a mailing was corrected while it went out, and how many had its earlier words by then."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("deliveries", sa.Column("corrected_at", sa.DateTime(timezone=True), nullable=True))
    count = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    op.add_column("deliveries", sa.Column("had_earlier", count, nullable=False, server_default="0"))
