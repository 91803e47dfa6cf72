"""Each process that sends keeps a row about itself."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from scheduler.store.tables import Instant

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


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
        sa.Column("started_at", Instant(), nullable=False),
        sa.Column("last_seen_at", Instant(), nullable=False),
        sa.Column("pages_address", sa.String(255), nullable=False),
        sa.Column("pinned", sa.Text(), nullable=False),
        sa.Column("restart_for", sa.Text(), nullable=False),
        sa.Column("settings_problem", sa.Text(), nullable=False),
        sa.Column("last_pass_at", Instant()),
        sa.Column("ended_at", Instant()),
        sa.Column("lost_at", Instant()),
        sa.UniqueConstraint("sender_key", name=op.f("uq_senders_sender_key")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_senders")),
    )
