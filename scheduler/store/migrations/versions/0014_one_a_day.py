"""A person may want at most one mail a day: of nobody who is there is it known."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

_WISHES, _WITHHELD = sa.text("one_a_day = 1"), sa.text("reason = 'one-a-day'")


def upgrade() -> None:
    op.add_column("subscribers", sa.Column("one_a_day", sa.Integer(), nullable=False, server_default="0"))
    op.add_column("batches", sa.Column("only_items", sa.Text(), nullable=False, server_default=""))
    # Both are of few rows, and are looked at before each mailing.
    op.create_index(
        "ix_subscribers_one_a_day", "subscribers", ["id"], sqlite_where=_WISHES, postgresql_where=_WISHES
    )
    op.create_index(
        "ix_recipients_withheld", "recipients", ["subscriber_id"], sqlite_where=_WITHHELD, postgresql_where=_WITHHELD
    )
