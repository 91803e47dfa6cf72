"""Reasons become codes; "partly sent" becomes a state.

What was said in words so far stays beside the code ``unclassified``: it is not read again.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

_STATES = (
    "'scheduled', 'held', 'sending', 'sent', 'partly_sent', 'failed', 'unknown', 'missed', 'skipped', 'cancelled'"
)
_UNCLASSIFIED = '[{"code": "unclassified"}]'


def _reasons() -> sa.Column[str]:
    return sa.Column("reasons", sa.Text(), nullable=False, server_default="")


def upgrade() -> None:
    for table in ("deliveries", "batches"):
        with op.batch_alter_table(table) as batch:
            batch.add_column(_reasons())
            batch.drop_constraint(op.f(f"ck_{table}_state"), type_="check")
            batch.create_check_constraint(op.f(f"ck_{table}_state"), f"state IN ({_STATES})")
    op.add_column("attempts", _reasons())
    op.add_column("recipients", sa.Column("detail", sa.Text(), nullable=True))
    op.add_column("holds", sa.Column("reason", sa.String(40), nullable=False, server_default="by-a-person"))
    for table, words in (("deliveries", "note"), ("batches", "detail"), ("attempts", "detail")):
        rows = sa.table(table, sa.column("reasons"), sa.column(words))
        op.execute(rows.update().where(rows.c[words] != "").values(reasons=_UNCLASSIFIED))
    # Why a reader was left out was a word already, or a sentence.
    rows = sa.table("recipients", sa.column("reason"), sa.column("detail"))
    sentence = rows.c.reason.is_not(None) & rows.c.reason.like("% %")
    op.execute(rows.update().where(sentence).values(detail=rows.c.reason, reason="unclassified"))
