"""A reviewer may have an address, at which they are told once a day at most what waits for them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

_INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.add_column("invitations", sa.Column("email", sa.Text(), nullable=False, server_default=""))
    op.add_column("invitations", sa.Column("link_seed", sa.String(64), nullable=False, server_default=""))
    op.add_column("invitations", sa.Column("mail_off_at", _INSTANT, nullable=True))
    op.create_table(
        "reviewer_mails",
        sa.Column("address_hash", sa.String(64), nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("taken_at", _INSTANT, nullable=False),
        sa.Column("told", sa.Text(), nullable=False, server_default=""),
        sa.Column("why", sa.Text(), nullable=False, server_default=""),
        sa.CheckConstraint(
            "state IN ('waiting', 'sending', 'sent', 'unknown', 'given-up')", name=op.f("ck_reviewer_mails_state")
        ),
        sa.PrimaryKeyConstraint("address_hash", name=op.f("pk_reviewer_mails")),
    )
