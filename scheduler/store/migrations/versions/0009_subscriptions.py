"""Each campaign has a list of its own: a person is a subscriber, and a subscription puts them on one list.

Who stood on the one list of before is on the list of each campaign that has written to them; who had no mail yet, on
the one that a person names. Both are in the configuration's ``lists``: (campaigns of the project, the one for the
rest). What barred an address holds for every campaign, as it did.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import context, op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

_ID = sa.BigInteger().with_variant(sa.Integer, "sqlite")
_INSTANT = sa.DateTime(timezone=True)

#: Tables that are made anew, since their keys change; what is in them is put aside meanwhile.
_REBUILT = ("subscribers", "cadences", "confirmations", "letters", "suppressions", "hashed_suppressions")


def upgrade() -> None:
    for table in _REBUILT:
        op.execute(f"CREATE TEMPORARY TABLE before_{table} AS SELECT * FROM {table}")  # noqa: S608 - our words only
        op.drop_table(table)
    _lists()
    _make_tables()
    for table in ("consents", "sign_ups"):
        op.add_column(table, sa.Column("campaign", sa.String(200), nullable=False, server_default=""))
    op.execute(
        "INSERT INTO subscribers (id, address, address_key, name, zone, created_at) "
        "SELECT id, address, address_key, name, zone, created_at FROM before_subscribers"
    )
    same = (
        "state, source, created_at, cadence, cadence_since_at, paused_until_at, asked_for_more_at"  # as they were
    )
    op.execute(
        f"INSERT INTO subscriptions (campaign, subscriber_id, {same}) "  # noqa: S608 - our words only
        f"SELECT l.campaign, s.id, {', '.join(f's.{name}' for name in same.split(', '))} "
        "FROM before_lists AS l JOIN before_subscribers AS s ON s.id = l.subscriber_id"
    )
    for table, columns in (
        ("cadences", ("since_at", "cadence")),
        ("confirmations", ("token_hash", "wording", "what", "made_at", "expires_at", "used_at")),
        ("letters", ("id", "kind", "state", "asked_at", "tries", "try_at", "ended_at", "why")),
    ):
        # A link and a letter are of one list alone: the first.
        lists = "before_lists" if table == "cadences" else "before_first_lists"
        op.execute(
            f"INSERT INTO {table} (campaign, subscriber_id, {', '.join(columns)}) "  # noqa: S608 - our words only
            f"SELECT l.campaign, b.subscriber_id, {', '.join(f'b.{name}' for name in columns)} "
            f"FROM before_{table} AS b JOIN {lists} AS l ON l.subscriber_id = b.subscriber_id"
        )
    if op.get_bind().dialect.name != "sqlite":  # the next number comes after those that are there
        last = "SELECT setval(pg_get_serial_sequence('letters', 'id'), max(id)) FROM letters HAVING max(id) IS NOT NULL"
        op.execute(last)
    for table, key in (("suppressions", "address_key"), ("hashed_suppressions", "address_hash")):
        op.execute(
            f"INSERT INTO {table} ({key}, campaign, subscriber_id, reason, source, at) "  # noqa: S608 - our words only
            f"SELECT {key}, '', subscriber_id, reason, source, at FROM before_{table}"
        )
    for table in (*_REBUILT, "lists", "first_lists"):
        op.execute(f"DROP TABLE before_{table}")


def _lists() -> None:
    """Who is on which list: (subscriber_id, campaign)."""
    lists: tuple[tuple[str, ...], str] = context.config.attributes.get("lists") or ((), "")
    campaigns, rest = lists
    connection = op.get_bind()
    op.execute("CREATE TEMPORARY TABLE before_lists (subscriber_id VARCHAR(64), campaign VARCHAR(200))")
    if len(campaigns) == 1:
        everybody = sa.text("INSERT INTO before_lists SELECT id, :campaign FROM before_subscribers")
        connection.execute(everybody, {"campaign": campaigns[0]})
    else:
        # What was only rehearsed wrote to nobody; where nothing else was done, it is all there is to go by.
        op.execute(
            "INSERT INTO before_lists SELECT DISTINCT r.subscriber_id, d.campaign FROM recipients AS r "
            "JOIN deliveries AS d ON d.id = r.delivery_id JOIN before_subscribers AS s ON s.id = r.subscriber_id "
            "WHERE d.mode = CASE WHEN EXISTS (SELECT 1 FROM deliveries WHERE mode = 'live' AND frozen > 0) "
            "THEN 'live' ELSE d.mode END"
        )
        without = "FROM before_subscribers WHERE id NOT IN (SELECT subscriber_id FROM before_lists)"
        if rest:
            connection.execute(sa.text(f"INSERT INTO before_lists SELECT id, :campaign {without}"), {"campaign": rest})
        elif number := connection.execute(sa.text(f"SELECT count(*) {without}")).scalar():
            raise LookupError(number)  # they would be lost
    op.execute(
        "CREATE TEMPORARY TABLE before_first_lists AS "
        "SELECT subscriber_id, min(campaign) AS campaign FROM before_lists GROUP BY subscriber_id"
    )


def _make_tables() -> None:
    op.create_table(
        "subscribers",
        sa.Column("id", sa.String(64), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("address_key", sa.String(320), nullable=False),
        sa.Column("name", sa.Text(), nullable=False, server_default=""),
        sa.Column("zone", sa.String(64), nullable=False, server_default=""),
        sa.Column("language", sa.String(35), nullable=False, server_default=""),
        sa.Column("created_at", _INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_subscribers")),
        sa.UniqueConstraint("address_key", name=op.f("uq_subscribers_address_key")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "subscriptions",
        sa.Column("campaign", sa.String(200), nullable=False),
        sa.Column("subscriber_id", sa.String(64), nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("source", sa.Text(), nullable=False, server_default=""),
        sa.Column("created_at", _INSTANT, nullable=False),
        sa.Column("cadence", sa.String(16), nullable=False),
        sa.Column("cadence_since_at", _INSTANT, nullable=False),
        sa.Column("paused_until_at", _INSTANT),
        sa.Column("asked_for_more_at", _INSTANT),
        sa.Column("ends_on", sa.Date()),
        sa.Column("discreet", sa.Integer(), nullable=False, server_default="0"),
        sa.CheckConstraint(
            "state IN ('pending', 'active', 'paused', 'left', 'bounced', 'complained', 'erased')",
            name=op.f("ck_subscriptions_state"),
        ),
        sa.CheckConstraint("cadence IN ('daily', 'digest', 'key-days')", name=op.f("ck_subscriptions_cadence")),
        sa.PrimaryKeyConstraint("campaign", "subscriber_id", name=op.f("pk_subscriptions")),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_subscriptions_subscriber_id"), "subscriptions", ["subscriber_id"])
    op.create_table(
        "cadences",
        sa.Column("campaign", sa.String(200), nullable=False),
        sa.Column("subscriber_id", sa.String(64), nullable=False),
        sa.Column("since_at", _INSTANT, nullable=False),
        sa.Column("cadence", sa.String(16), nullable=False),
        sa.PrimaryKeyConstraint("campaign", "subscriber_id", "since_at", name=op.f("pk_cadences")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "confirmations",
        sa.Column("token_hash", sa.String(64), nullable=False),
        sa.Column("campaign", sa.String(200), nullable=False),
        sa.Column("subscriber_id", sa.String(64), nullable=False),
        sa.Column("wording", sa.String(64), nullable=False, server_default=""),
        sa.Column("what", sa.Text(), nullable=False, server_default=""),
        sa.Column("ends_on", sa.Date()),
        sa.Column("new_address", sa.Text(), nullable=False, server_default=""),
        sa.Column("made_at", _INSTANT, nullable=False),
        sa.Column("expires_at", _INSTANT, nullable=False),
        sa.Column("used_at", _INSTANT),
        sa.PrimaryKeyConstraint("token_hash", name=op.f("pk_confirmations")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "letters",
        sa.Column("id", _ID, nullable=False),
        sa.Column("campaign", sa.String(200), nullable=False),
        sa.Column("subscriber_id", sa.String(64), nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("asked_at", _INSTANT, nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("try_at", _INSTANT, nullable=False),
        sa.Column("ended_at", _INSTANT),
        sa.Column("why", sa.Text(), nullable=False, server_default=""),
        sa.CheckConstraint(
            "kind IN ('confirm', 'welcome', 'already-there', 'new-address')", name=op.f("ck_letters_kind")
        ),
        sa.CheckConstraint(
            "state IN ('waiting', 'sending', 'sent', 'unknown', 'given-up')", name=op.f("ck_letters_state")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_letters")),
    )
    op.create_index(op.f("ix_letters_state_try_at"), "letters", ["state", "try_at"])
    op.create_index(op.f("ix_letters_subscriber_id"), "letters", ["subscriber_id"])
    for table, key, length in (("suppressions", "address_key", 320), ("hashed_suppressions", "address_hash", 64)):
        op.create_table(
            table,
            sa.Column(key, sa.String(length), nullable=False),
            sa.Column("campaign", sa.String(200), nullable=False),
            sa.Column("subscriber_id", sa.String(64), nullable=False, server_default=""),
            sa.Column("reason", sa.String(32), nullable=False),
            sa.Column("source", sa.Text(), nullable=False, server_default=""),
            sa.Column("at", _INSTANT, nullable=False),
            sa.PrimaryKeyConstraint(key, "campaign", name=op.f(f"pk_{table}")),
            sqlite_with_rowid=False,
        )
