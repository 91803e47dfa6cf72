"""A provider in trouble is left alone: the failures in a row of each channel."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

_INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "channel_pauses",
        sa.Column("mode", sa.String(16), nullable=False),
        sa.Column("channel", sa.String(100), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("since_at", _INSTANT, nullable=False),
        sa.Column("until_at", _INSTANT),
        sa.Column("reasons", sa.Text(), nullable=False, server_default=""),
        sa.Column("detail", sa.Text(), nullable=False, server_default=""),
        sa.PrimaryKeyConstraint("mode", "channel", name=op.f("pk_channel_pauses")),
        sqlite_with_rowid=False,
    )
