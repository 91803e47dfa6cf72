"""Beside a mailing: the number of departures when all who are frozen could be written to. While it is the same, nobody
among them has left, and a batch's readers need not be asked about one by one."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None


def upgrade() -> None:
    number = sa.BigInteger().with_variant(sa.Integer, "sqlite")
    op.add_column("deliveries", sa.Column("frozen_departures", number, nullable=True))
