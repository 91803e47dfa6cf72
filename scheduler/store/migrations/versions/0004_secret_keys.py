"""The ledger knows the secret keys that its links and hashes were made with, by a fingerprint of each."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

_INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "secret_keys",
        sa.Column("fingerprint", sa.String(64), nullable=False),
        sa.Column("noted_at", _INSTANT, nullable=False),
        sa.Column("given_up_at", _INSTANT, nullable=True),
        sa.Column("given_up_by", sa.String(200), nullable=False, server_default=""),
        sa.PrimaryKeyConstraint("fingerprint", name=op.f("pk_secret_keys")),
    )
