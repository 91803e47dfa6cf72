"""An invitation says whether the person can't review, why, and who could instead: none has said so yet."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("invitations", sa.Column("declined_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("invitations", sa.Column("declined_why", sa.Text(), nullable=False, server_default=""))
    op.add_column("invitations", sa.Column("handed_to", sa.String(200), nullable=False, server_default=""))
