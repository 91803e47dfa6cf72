"""Each process that sends keeps a row about itself."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

_INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "senders",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("sender_key", sa.String(64), nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("pid", sa.Integer(), nullable=False),
        sa.Column("host", sa.String(255), nullable=False),
        sa.Column("version", sa.String(64), nullable=False),
        sa.Column("mode", sa.String(16), nullable=False),
        sa.Column("settings_fingerprint", sa.String(64), nullable=False),
        sa.Column("campaigns", sa.Text(), nullable=False),
        sa.Column("started_at", _INSTANT, nullable=False),
        sa.Column("last_seen_at", _INSTANT, nullable=False),
        sa.Column("pages_address", sa.String(255), nullable=False),
        sa.Column("pinned", sa.Text(), nullable=False),
        sa.Column("restart_for", sa.Text(), nullable=False),
        sa.Column("settings_problem", sa.Text(), nullable=False),
        sa.Column("last_pass_at", _INSTANT),
        sa.Column("ended_at", _INSTANT),
        sa.Column("lost_at", _INSTANT),
        sa.UniqueConstraint("sender_key", name=op.f("uq_senders_sender_key")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_senders")),
    )
