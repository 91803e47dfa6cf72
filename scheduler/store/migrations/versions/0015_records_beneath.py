"""An approval says which records its message rested on. Of those from before, their digest holds it."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("approvals", sa.Column("rests_on", sa.Text(), nullable=False, server_default=""))
