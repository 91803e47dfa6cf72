"""Readers, barred addresses, batches and reports in numbers, so that no page counts them; events and calls are found by
time. Batches are few, and written in many places: triggers count them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

_ID = sa.BigInteger().with_variant(sa.Integer, "sqlite")
_BOUNCED = sa.text("reason = 'bounced'")


def upgrade() -> None:
    op.create_table(
        "subscriber_counts",
        sa.Column("campaign", sa.String(200), nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("cadence", sa.String(16), nullable=False),
        sa.Column("zone", sa.String(64), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.Column("asked", sa.Integer(), nullable=False),
        sa.Column("number", _ID, nullable=False),
        sa.PrimaryKeyConstraint(
            "campaign", "state", "cadence", "zone", "ends_on", "asked", name=op.f("pk_subscriber_counts")
        ),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "suppression_counts",
        sa.Column("campaign", sa.String(200), nullable=False),
        sa.Column("number", _ID, nullable=False),
        sa.PrimaryKeyConstraint("campaign", name=op.f("pk_suppression_counts")),
        sqlite_with_rowid=False,
    )
    op.execute(
        "INSERT INTO subscriber_counts (campaign, state, cadence, zone, ends_on, asked, number) "
        "SELECT s.campaign, s.state, s.cadence, COALESCE(p.zone, ''), COALESCE(s.ends_on, '9999-12-31'), "
        "CASE WHEN s.asked_for_more_at IS NULL THEN 0 ELSE 1 END, count(*) "
        "FROM subscriptions AS s LEFT JOIN subscribers AS p ON p.id = s.subscriber_id GROUP BY 1, 2, 3, 4, 5, 6"
    )
    day = "date" if op.get_bind().dialect.name == "postgresql" else "text"
    op.execute(  # persons whose address is dead, each once
        "INSERT INTO subscriber_counts (campaign, state, cadence, zone, ends_on, asked, number) "  # noqa: S608
        f"SELECT '', 'bounced', '', '', CAST('9999-12-31' AS {day}), 0, number FROM "
        "(SELECT count(DISTINCT subscriber_id) AS number FROM subscriptions WHERE state = 'bounced') AS dead "
        "WHERE number > 0"
    )
    bars = " UNION ALL ".join(
        _bars(table, key) for table, key in (("suppressions", "address_key"), ("hashed_suppressions", "address_hash"))
    )
    op.execute(
        "INSERT INTO suppression_counts (campaign, number) "  # noqa: S608 - our words only
        f"SELECT campaign, SUM(n) FROM ({bars}) AS bars GROUP BY campaign HAVING SUM(n) <> 0"
    )
    op.create_index("ix_suppressions_bounced", "suppressions", ["at"], sqlite_where=_BOUNCED, postgresql_where=_BOUNCED)
    _count_batches()
    _count_fates()


def _count_batches() -> None:
    op.create_table(
        "batch_counts",
        sa.Column("delivery_id", _ID, nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("calls", _ID, nullable=False),
        sa.Column("skipped", _ID, nullable=False),
        sa.Column("size", _ID, nullable=False),
        sa.PrimaryKeyConstraint("delivery_id", "state", name=op.f("pk_batch_counts")),
        sa.ForeignKeyConstraint(["delivery_id"], ["deliveries.id"], name=op.f("fk_batch_counts_delivery_id")),
        sqlite_with_rowid=False,
    )
    op.execute(
        "INSERT INTO batch_counts (delivery_id, state, calls, skipped, size) "
        "SELECT delivery_id, state, count(*), sum(skipped), sum(size) FROM batches GROUP BY delivery_id, state"
    )
    op.create_index(op.f("ix_batches_delivery_id_state_started_at"), "batches", ["delivery_id", "state", "started_at"])
    off = (
        "UPDATE batch_counts SET calls = calls - 1, skipped = skipped - OLD.skipped, size = size - OLD.size "
        "WHERE delivery_id = OLD.delivery_id AND state = OLD.state;"
    )
    on = (
        "INSERT INTO batch_counts (delivery_id, state, calls, skipped, size) "
        "VALUES (NEW.delivery_id, NEW.state, 1, NEW.skipped, NEW.size) ON CONFLICT (delivery_id, state) DO UPDATE "
        "SET calls = batch_counts.calls + 1, skipped = batch_counts.skipped + excluded.skipped, "
        "size = batch_counts.size + excluded.size;"
    )
    counted = ("delivery_id", "state", "skipped", "size")
    differ = "IS DISTINCT FROM" if op.get_bind().dialect.name == "postgresql" else "IS NOT"
    changed = " OR ".join(f"OLD.{column} {differ} NEW.{column}" for column in counted)
    for verb, of, when, does in (
        ("insert", "", "", on),
        ("update", f" OF {', '.join(counted)}", f"WHEN ({changed}) ", off + on),
        ("delete", "", "", off),
    ):
        head = f"CREATE TRIGGER batches_counted_{verb} AFTER {verb.upper()}{of} ON batches FOR EACH ROW {when}"
        if op.get_bind().dialect.name == "sqlite":
            op.execute(f"{head}BEGIN {does} END")
            continue
        function = f"count_batches_{verb}()"
        op.execute(f"CREATE FUNCTION {function} RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {does} RETURN NULL; END $$")
        op.execute(f"{head}EXECUTE FUNCTION {function}")


def _count_fates() -> None:
    op.create_table(
        "fate_counts",
        sa.Column("delivery_id", _ID, nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("number", _ID, nullable=False),
        sa.PrimaryKeyConstraint("delivery_id", "state", name=op.f("pk_fate_counts")),
        sa.ForeignKeyConstraint(["delivery_id"], ["deliveries.id"], name=op.f("fk_fate_counts_delivery_id")),
        sqlite_with_rowid=False,
    )
    op.execute(
        "INSERT INTO fate_counts (delivery_id, state, number) SELECT delivery_id, state, count(*) FROM recipients "
        "WHERE state IN ('failed', 'delivered', 'bounced', 'complained') GROUP BY delivery_id, state"
    )
    op.create_index(op.f("ix_events_kind"), "events", ["kind"])
    op.create_index(op.f("ix_events_at"), "events", ["at"])
    op.create_index(op.f("ix_attempts_started_at"), "attempts", ["started_at"])


def _bars(table: str, key: str) -> str:
    """What each line adds to a number: see store/kept_counts.py."""
    beside = f"EXISTS (SELECT 1 FROM {table} AS o WHERE o.{key} = t.{key} AND o."  # noqa: S608 - our words only
    return (
        f"SELECT campaign, 1 AS n FROM {table} AS t WHERE reason <> 'allowed' "  # noqa: S608
        f"UNION ALL SELECT campaign, -1 FROM {table} AS t WHERE campaign <> '' "
        f"AND {beside}campaign = '' AND o.reason <> 'allowed') "
        f"UNION ALL SELECT '*', 1 FROM {table} AS t WHERE NOT {beside}reason = 'allowed') "
        f"AND NOT {beside}campaign < t.campaign)"
    )
