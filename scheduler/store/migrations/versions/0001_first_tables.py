"""The first tables."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from scheduler.store.tables import Instant

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "approvals",
        sa.Column("id", _ID, nullable=False),
        sa.Column("campaign", sa.String(length=200), nullable=False),
        sa.Column("season", sa.Integer(), nullable=False),
        sa.Column("item", sa.String(length=200), nullable=False),
        sa.Column("channel", sa.String(length=100), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("person", sa.String(length=200), nullable=False),
        sa.Column("role", sa.String(length=100), nullable=False),
        sa.Column("comment", sa.Text(), server_default="", nullable=False),
        sa.Column("approved_at", Instant(), nullable=False),
        sa.Column("withdrawn_at", Instant(), nullable=True),
        sa.Column("withdrawn_by", sa.String(length=200), server_default="", nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_approvals")),
    )
    op.create_index(
        op.f("ix_approvals_campaign_season_item_channel"),
        "approvals",
        ["campaign", "season", "item", "channel"],
        unique=False,
    )
    op.create_table(
        "people",
        sa.Column("id", _ID, nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("name_key", sa.String(length=200), nullable=False),
        sa.Column("role", sa.String(length=100), nullable=False),
        sa.Column("password", sa.Text(), nullable=True),
        sa.Column("created_at", Instant(), nullable=False),
        sa.Column("created_by", sa.String(length=200), nullable=False),
        sa.Column("disabled_at", Instant(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_people")),
        sa.UniqueConstraint("name_key", name=op.f("uq_people_name_key")),
    )
    op.create_table(
        "sign_in_links",
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("person_id", _ID, nullable=False),
        sa.Column("made_at", Instant(), nullable=False),
        sa.Column("expires_at", Instant(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_sign_in_links_person_id")),
        sa.PrimaryKeyConstraint("token_hash", name=op.f("pk_sign_in_links")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "sessions",
        sa.Column("id", _ID, nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("person_id", _ID, nullable=False),
        sa.Column("how", sa.String(length=16), nullable=False),
        sa.Column("started_at", Instant(), nullable=False),
        sa.Column("last_look_at", Instant(), nullable=False),
        sa.Column("expires_at", Instant(), nullable=False),
        sa.Column("ended_at", Instant(), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_sessions_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sessions")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_sessions_token_hash")),
    )
    op.create_index(op.f("ix_sessions_person_id"), "sessions", ["person_id"], unique=False)
    op.create_table(
        "sign_in_tries",
        sa.Column("id", _ID, nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.Column("name_hash", sa.String(length=64), nullable=False),
        sa.Column("network_hash", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sign_in_tries")),
    )
    op.create_index(op.f("ix_sign_in_tries_name_hash"), "sign_in_tries", ["name_hash"], unique=False)
    op.create_index(op.f("ix_sign_in_tries_network_hash"), "sign_in_tries", ["network_hash"], unique=False)
    op.create_table(
        "armings",
        sa.Column("id", _ID, nullable=False),
        sa.Column("campaign", sa.String(length=200), nullable=False),
        sa.Column("season", sa.Integer(), nullable=False),
        sa.Column("who", sa.String(length=200), nullable=False),
        sa.Column("armed_at", Instant(), nullable=False),
        sa.Column("disarmed_by", sa.String(length=200), server_default="", nullable=False),
        sa.Column("disarmed_at", Instant(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_armings")),
    )
    op.create_index(op.f("ix_armings_campaign_season"), "armings", ["campaign", "season"], unique=False)
    op.create_table(
        "deliveries",
        sa.Column("id", _ID, nullable=False),
        sa.Column("mode", sa.String(length=16), nullable=False),
        sa.Column("campaign", sa.String(length=200), nullable=False),
        sa.Column("season", sa.Integer(), nullable=False),
        sa.Column("item", sa.String(length=200), nullable=False),
        sa.Column("channel", sa.String(length=100), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("on_date", sa.Date(), nullable=False),
        sa.Column("due_at", Instant(), nullable=False),
        sa.Column("expires_at", Instant(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("digest", sa.String(length=64), server_default="", nullable=False),
        sa.Column("note", sa.Text(), server_default="", nullable=False),
        sa.Column("frozen", _ID, server_default="0", nullable=False),
        sa.Column("frozen_through", sa.String(length=64), server_default="", nullable=False),
        sa.Column("audience", sa.Text(), server_default="", nullable=False),
        sa.Column("opened_at", Instant(), nullable=True),
        sa.Column("skipped_at", Instant(), nullable=True),
        sa.Column("changed_at", Instant(), nullable=False),
        sa.CheckConstraint("mode IN ('rehearsal', 'live')", name=op.f("ck_deliveries_mode")),
        sa.CheckConstraint(
            "state IN ('scheduled', 'held', 'sending', 'sent', 'failed', 'unknown', 'missed', 'skipped', 'cancelled')",
            name=op.f("ck_deliveries_state"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_deliveries")),
        sa.UniqueConstraint(
            "mode",
            "campaign",
            "season",
            "item",
            "channel",
            name=op.f("uq_deliveries_mode_campaign_season_item_channel"),
        ),
    )
    op.create_index(op.f("ix_deliveries_mode_state_due_at"), "deliveries", ["mode", "state", "due_at"], unique=False)
    op.create_table(
        "events",
        sa.Column("id", _ID, autoincrement=False, nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.Column("kind", sa.String(length=64), nullable=False),
        sa.Column("who", sa.String(length=200), nullable=False),
        sa.Column("delivery_id", _ID, nullable=True),
        sa.Column("data", sa.Text(), nullable=False),
        sa.Column("previous", sa.String(length=64), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_events")),
    )
    op.create_index(op.f("ix_events_delivery_id"), "events", ["delivery_id"], unique=False)
    op.create_table(
        "api_keys",
        sa.Column("id", _ID, nullable=False),
        sa.Column("name", sa.String(length=64), nullable=False),
        sa.Column("scope", sa.String(length=16), nullable=False),
        sa.Column("person", sa.String(length=200), nullable=False),
        sa.Column("role", sa.String(length=100), server_default="", nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("made_by", sa.String(length=200), nullable=False),
        sa.Column("made_at", Instant(), nullable=False),
        sa.Column("expires_at", Instant(), nullable=False),
        sa.Column("last_used_on", sa.Date(), nullable=True),
        sa.Column("revoked_at", Instant(), nullable=True),
        sa.Column("revoked_by", sa.String(length=200), server_default="", nullable=False),
        sa.CheckConstraint("scope IN ('read', 'review', 'operate')", name=op.f("ck_api_keys_scope")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_api_keys")),
        sa.UniqueConstraint("name", name=op.f("uq_api_keys_name")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_api_keys_token_hash")),
    )
    op.create_table(
        "holds",
        sa.Column("id", _ID, nullable=False),
        sa.Column("channel", sa.String(length=100), nullable=False),
        sa.Column("who", sa.String(length=200), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("held_at", Instant(), nullable=False),
        sa.Column("released_by", sa.String(length=200), server_default="", nullable=False),
        sa.Column("released_at", Instant(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_holds")),
    )
    op.create_table(
        "ledger",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("ledger_id", sa.String(length=32), nullable=False),
        sa.Column("events", _ID, nullable=False),
        sa.Column("last_hash", sa.String(length=64), nullable=False),
        sa.Column("copied_at", Instant(), nullable=True),
        sa.CheckConstraint("id = 1", name=op.f("ck_ledger_one_row")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ledger")),
    )
    op.create_table(
        "messages",
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_messages")),
    )
    op.create_table(
        "proofs",
        sa.Column("send_id", sa.String(length=64), nullable=False),
        sa.Column("reference", sa.Text(), server_default="", nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.PrimaryKeyConstraint("send_id", name=op.f("pk_proofs")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "receipts",
        sa.Column("event_id", sa.String(length=128), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.Column("received_at", Instant(), nullable=False),
        sa.Column("send_id", sa.String(length=64), server_default="", nullable=False),
        sa.Column("subscriber_id", sa.String(length=64), server_default="", nullable=False),
        sa.Column("detail", sa.Text(), server_default="", nullable=False),
        sa.PrimaryKeyConstraint("event_id", name=op.f("pk_receipts")),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_receipts_received_at"), "receipts", ["received_at"], unique=False)
    op.create_table(
        "signatures",
        sa.Column("id", _ID, nullable=False),
        sa.Column("campaign", sa.String(length=200), nullable=False),
        sa.Column("subject", sa.String(length=16), nullable=False),
        sa.Column("subject_id", sa.String(length=200), nullable=False),
        sa.Column("record_hash", sa.String(length=64), nullable=False),
        sa.Column("person", sa.String(length=200), nullable=False),
        sa.Column("role", sa.String(length=100), nullable=False),
        sa.Column("signed_on", sa.Date(), nullable=False),
        sa.Column("expires_on", sa.Date(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_signatures")),
        sa.UniqueConstraint(
            "campaign",
            "subject",
            "subject_id",
            "record_hash",
            "person",
            "role",
            name="uq_signatures_record_person_role",
        ),
    )
    op.create_table(
        "subscribers",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("address_key", sa.String(length=320), nullable=False),
        sa.Column("name", sa.Text(), server_default="", nullable=False),
        sa.Column("zone", sa.String(length=64), server_default="", nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("source", sa.Text(), server_default="", nullable=False),
        sa.Column("created_at", Instant(), nullable=False),
        sa.Column("cadence", sa.String(length=16), nullable=False),
        sa.Column("cadence_since_at", Instant(), nullable=False),
        sa.Column("paused_until_at", Instant(), nullable=True),
        sa.Column("asked_for_more_at", Instant(), nullable=True),
        sa.CheckConstraint("cadence IN ('daily', 'digest', 'key-days')", name=op.f("ck_subscribers_cadence")),
        sa.CheckConstraint(
            "state IN ('pending', 'active', 'paused', 'left', 'bounced', 'complained', 'erased')",
            name=op.f("ck_subscribers_state"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_subscribers")),
        sa.UniqueConstraint("address_key", name=op.f("uq_subscribers_address_key")),
    )
    op.create_table(
        "cadences",
        sa.Column("subscriber_id", sa.String(length=64), nullable=False),
        sa.Column("since_at", Instant(), nullable=False),
        sa.Column("cadence", sa.String(length=16), nullable=False),
        sa.PrimaryKeyConstraint("subscriber_id", "since_at", name=op.f("pk_cadences")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "consents",
        sa.Column("id", _ID, nullable=False),
        sa.Column("subscriber_id", sa.String(length=64), server_default="", nullable=False),
        sa.Column("source", sa.Text(), server_default="", nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.Column("how", sa.String(length=16), nullable=False),
        sa.Column("what", sa.Text(), server_default="", nullable=False),
        sa.Column("wording", sa.String(length=64), server_default="", nullable=False),
        sa.Column("who", sa.String(length=200), server_default="", nullable=False),
        sa.CheckConstraint(
            "how IN ('import', 'added', 'form', 'confirmed', 'changed', 'withdrawn')", name=op.f("ck_consents_how")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consents")),
    )
    op.create_index(op.f("ix_consents_subscriber_id"), "consents", ["subscriber_id"], unique=False)
    op.create_table(
        "confirmations",
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("subscriber_id", sa.String(length=64), nullable=False),
        sa.Column("wording", sa.String(length=64), server_default="", nullable=False),
        sa.Column("what", sa.Text(), server_default="", nullable=False),
        sa.Column("made_at", Instant(), nullable=False),
        sa.Column("expires_at", Instant(), nullable=False),
        sa.Column("used_at", Instant(), nullable=True),
        sa.PrimaryKeyConstraint("token_hash", name=op.f("pk_confirmations")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "letters",
        sa.Column("id", _ID, nullable=False),
        sa.Column("subscriber_id", sa.String(length=64), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("asked_at", Instant(), nullable=False),
        sa.Column("tries", sa.Integer(), server_default="0", nullable=False),
        sa.Column("try_at", Instant(), nullable=False),
        sa.Column("ended_at", Instant(), nullable=True),
        sa.Column("why", sa.Text(), server_default="", nullable=False),
        sa.CheckConstraint("kind IN ('confirm', 'welcome', 'already-there')", name=op.f("ck_letters_kind")),
        sa.CheckConstraint(
            "state IN ('waiting', 'sending', 'sent', 'unknown', 'given-up')", name=op.f("ck_letters_state")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_letters")),
    )
    op.create_index(op.f("ix_letters_state_try_at"), "letters", ["state", "try_at"], unique=False)
    op.create_index(op.f("ix_letters_subscriber_id"), "letters", ["subscriber_id"], unique=False)
    op.create_table(
        "sign_ups",
        sa.Column("id", _ID, nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.Column("address_hash", sa.String(length=64), nullable=False),
        sa.Column("network_hash", sa.String(length=64), server_default="", nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sign_ups")),
    )
    for column in ("at", "address_hash", "network_hash"):
        op.create_index(op.f(f"ix_sign_ups_{column}"), "sign_ups", [column], unique=False)
    op.create_table(
        "hashed_suppressions",
        sa.Column("address_hash", sa.String(length=64), nullable=False),
        sa.Column("subscriber_id", sa.String(length=64), server_default="", nullable=False),
        sa.Column("reason", sa.String(length=32), nullable=False),
        sa.Column("source", sa.Text(), server_default="", nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.PrimaryKeyConstraint("address_hash", name=op.f("pk_hashed_suppressions")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "suppressions",
        sa.Column("address_key", sa.String(length=320), nullable=False),
        sa.Column("subscriber_id", sa.String(length=64), server_default="", nullable=False),
        sa.Column("reason", sa.String(length=32), nullable=False),
        sa.Column("source", sa.Text(), server_default="", nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.PrimaryKeyConstraint("address_key", name=op.f("pk_suppressions")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "comments",
        sa.Column("id", _ID, nullable=False),
        sa.Column("campaign", sa.String(length=200), nullable=False),
        sa.Column("season", sa.Integer(), nullable=False),
        sa.Column("item", sa.String(length=200), nullable=False),
        sa.Column("channel", sa.String(length=100), server_default="", nullable=False),
        sa.Column("person", sa.String(length=200), nullable=False),
        sa.Column("role", sa.String(length=100), nullable=False),
        sa.Column("about", sa.String(length=32), nullable=False),
        sa.Column("answers", _ID, nullable=True),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.ForeignKeyConstraint(["answers"], ["comments.id"], name=op.f("fk_comments_answers")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_comments")),
    )
    op.create_index(
        op.f("ix_comments_campaign_season_item"), "comments", ["campaign", "season", "item"], unique=False
    )
    op.create_table(
        "change_requests",
        sa.Column("id", _ID, nullable=False),
        sa.Column("campaign", sa.String(length=200), nullable=False),
        sa.Column("season", sa.Integer(), nullable=False),
        sa.Column("item", sa.String(length=200), nullable=False),
        sa.Column("channel", sa.String(length=100), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("person", sa.String(length=200), nullable=False),
        sa.Column("role", sa.String(length=100), nullable=False),
        sa.Column("comment_id", _ID, nullable=False),
        sa.Column("asked_at", Instant(), nullable=False),
        sa.Column("ended_at", Instant(), nullable=True),
        sa.Column("ended_by", sa.String(length=200), server_default="", nullable=False),
        sa.Column("how", sa.String(length=16), server_default="", nullable=False),
        sa.ForeignKeyConstraint(["comment_id"], ["comments.id"], name=op.f("fk_change_requests_comment_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_change_requests")),
    )
    op.create_index(
        op.f("ix_change_requests_campaign_season_item_channel"),
        "change_requests",
        ["campaign", "season", "item", "channel"],
        unique=False,
    )
    op.create_table(
        "invitations",
        sa.Column("id", _ID, nullable=False),
        sa.Column("campaign", sa.String(length=200), nullable=False),
        sa.Column("season", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("role", sa.String(length=100), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("invited_by", sa.String(length=200), nullable=False),
        sa.Column("invited_at", Instant(), nullable=False),
        sa.Column("expires_at", Instant(), nullable=False),
        sa.Column("first_look_at", Instant(), nullable=True),
        sa.Column("last_look_at", Instant(), nullable=True),
        sa.Column("revoked_at", Instant(), nullable=True),
        sa.Column("revoked_by", sa.String(length=200), server_default="", nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_invitations")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_invitations_token_hash")),
    )
    op.create_index(op.f("ix_invitations_campaign_season"), "invitations", ["campaign", "season"], unique=False)
    op.create_table(
        "file_edits",
        sa.Column("id", _ID, nullable=False),
        sa.Column("campaign", sa.String(length=200), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("record", sa.String(length=200), nullable=False),
        sa.Column("file", sa.String(length=300), nullable=False),
        sa.Column("person", sa.String(length=200), nullable=False),
        sa.Column("edited_at", Instant(), nullable=False),
        sa.Column("before", sa.String(length=64), nullable=False),
        sa.Column("after", sa.String(length=64), nullable=False),
        sa.Column("fields", sa.Text(), server_default="", nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_file_edits")),
    )
    op.create_index(
        op.f("ix_file_edits_campaign_kind_record"), "file_edits", ["campaign", "kind", "record"], unique=False
    )
    op.create_table(
        "packets",
        sa.Column("campaign", sa.String(length=200), nullable=False),
        sa.Column("season", sa.Integer(), nullable=False),
        sa.Column("edition", sa.String(length=64), nullable=False),
        sa.Column("made_at", Instant(), nullable=False),
        sa.Column("held", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("campaign", "season", "edition", name=op.f("pk_packets")),
    )
    op.create_table(
        "batches",
        sa.Column("id", _ID, nullable=False),
        sa.Column("delivery_id", _ID, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("first_subscriber", sa.String(length=64), server_default="", nullable=False),
        sa.Column("last_subscriber", sa.String(length=64), server_default="", nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("skipped", sa.Integer(), server_default="0", nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("send_id", sa.String(length=64), nullable=False),
        sa.Column("not_before_at", Instant(), nullable=False),
        sa.Column("not_after_at", Instant(), nullable=True),
        sa.Column("first_item", sa.String(length=200), server_default="", nullable=False),
        sa.Column("tries", sa.Integer(), server_default="0", nullable=False),
        sa.Column("tried_at", Instant(), nullable=True),
        sa.Column("attempt", sa.Integer(), server_default="0", nullable=False),
        sa.Column("token", sa.String(length=64), server_default="", nullable=False),
        sa.Column("digest", sa.String(length=64), server_default="", nullable=False),
        sa.Column("fingerprint", sa.Text(), server_default="", nullable=False),
        sa.Column("started_at", Instant(), nullable=True),
        sa.Column("lease_until_at", Instant(), nullable=True),
        sa.Column("node", sa.String(length=200), server_default="", nullable=False),
        sa.Column("reference", sa.Text(), server_default="", nullable=False),
        sa.Column("detail", sa.Text(), server_default="", nullable=False),
        sa.Column("doubts", sa.Integer(), server_default="0", nullable=False),
        sa.Column("checks", sa.Integer(), server_default="0", nullable=False),
        sa.Column("check_at", Instant(), nullable=True),
        sa.CheckConstraint(
            "state IN ('scheduled', 'held', 'sending', 'sent', 'failed', 'unknown', 'missed', 'skipped', 'cancelled')",
            name=op.f("ck_batches_state"),
        ),
        sa.ForeignKeyConstraint(["delivery_id"], ["deliveries.id"], name=op.f("fk_batches_delivery_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_batches")),
        sa.UniqueConstraint("delivery_id", "number", name=op.f("uq_batches_delivery_id_number")),
    )
    op.create_index(op.f("ix_batches_state"), "batches", ["state"], unique=False)
    op.create_index(op.f("ix_batches_send_id"), "batches", ["send_id"], unique=False)
    op.create_table(
        "recipients",
        sa.Column("delivery_id", _ID, nullable=False),
        sa.Column("subscriber_id", sa.String(length=64), nullable=False),
        sa.Column("batch_number", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["delivery_id"], ["deliveries.id"], name=op.f("fk_recipients_delivery_id")),
        sa.PrimaryKeyConstraint("delivery_id", "subscriber_id", name=op.f("pk_recipients")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "attempts",
        sa.Column("token", sa.String(length=64), nullable=False),
        sa.Column("batch_id", _ID, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("started_at", Instant(), nullable=False),
        sa.Column("node", sa.String(length=200), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("fingerprint", sa.Text(), nullable=False),
        sa.Column("readers", sa.Integer(), nullable=False),
        sa.Column("ended_at", Instant(), nullable=True),
        sa.Column("outcome", sa.String(length=16), server_default="", nullable=False),
        sa.Column("status", sa.Integer(), nullable=True),
        sa.Column("reference", sa.Text(), server_default="", nullable=False),
        sa.Column("detail", sa.Text(), server_default="", nullable=False),
        sa.ForeignKeyConstraint(["batch_id"], ["batches.id"], name=op.f("fk_attempts_batch_id")),
        sa.PrimaryKeyConstraint("token", name=op.f("pk_attempts")),
        sa.UniqueConstraint("batch_id", "number", name=op.f("uq_attempts_batch_id_number")),
    )

    _append_only()


def _append_only() -> None:
    """The database itself refuses to change or drop a line of the history, or of what readers agreed to."""
    sqlite = op.get_bind().dialect.name == "sqlite"
    if not sqlite:
        op.execute(
            "CREATE FUNCTION append_only() RETURNS trigger LANGUAGE plpgsql AS "
            "$$ BEGIN RAISE EXCEPTION 'the history is append-only'; END $$"
        )
    for table in ("events", "consents"):
        if not sqlite:
            op.execute(
                f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE ON {table} "
                "FOR EACH ROW EXECUTE FUNCTION append_only()"
            )
            continue
        for verb in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER {table}_no_{verb.lower()} BEFORE {verb} ON {table} "
                "BEGIN SELECT RAISE(ABORT, 'the history is append-only'); END"
            )
