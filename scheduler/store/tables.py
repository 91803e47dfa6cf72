"""The ledger's tables. The migrations build them; a test holds the two together.

Portable by intention: text, integers, dates and instants only, so that SQLite and PostgreSQL hold the same thing.
States are text, and a CHECK refuses a word that is none.
"""

from __future__ import annotations

from datetime import UTC, datetime
from enum import StrEnum

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    Connection,
    Date,
    DateTime,
    Dialect,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    TypeDecorator,
    UniqueConstraint,
    event,
    text,
)

from ..domain.api_key import Scope
from ..domain.cadence import Cadence
from ..domain.delivery import State
from ..domain.subscriber import ConsentHow, SubscriberState
from ..domain.transactional_email import LetterKind, LetterState


class Instant(TypeDecorator[datetime]):
    """An aware instant, stored in UTC. Refuses a naive one.

    SQLite has no time zones: ``DateTime(timezone=True)`` would drop the offset there without converting, so the
    conversion is done here, and what comes back is aware again.
    """

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("an instant without a time zone cannot be stored")
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


#: SQLite counts rows by INTEGER alone; PostgreSQL needs the wide one.
_ID = BigInteger().with_variant(Integer, "sqlite")

#: Named constraints: SQLite can change a table only by rebuilding it, and needs names to find them.
metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)


def _over_part(name: str, column: str, where: str) -> Index:
    """An index over some of the rows. PostgreSQL's own word for it is written when a table is made there: whoever names
    it loads all that SQLAlchemy knows of PostgreSQL, at each start of a command."""
    return Index(name, column, sqlite_where=text(where), info={"where": where})


@event.listens_for(metadata, "before_create")
def _say_it_to_postgresql(_: MetaData, connection: Connection, **__: object) -> None:
    if connection.dialect.name == "postgresql":
        for index in (index for table in metadata.tables.values() for index in table.indexes if "where" in index.info):
            index.dialect_options["postgresql"]["where"] = text(index.info["where"])


def _words(kind: type[StrEnum]) -> str:
    return ", ".join(f"'{word}'" for word in kind)


def _states() -> str:
    return _words(State)


#: One row. ``events`` and ``last_hash`` are the head of the history, so that a cut-off end is noticed;
#: ``copied_at`` is set in a backup copy and says from when on it may lack what went out.
ledger = Table(
    "ledger",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("ledger_id", String(32), nullable=False),
    Column("events", _ID, nullable=False),
    Column("last_hash", String(64), nullable=False),
    Column("copied_at", Instant),
    Column("home", String(200), nullable=False, server_default=""),  # see engine/whereabouts.py
    Column("answered_at", Instant),  # when a person last answered for calls that are not in it
    # Grows whenever somebody may have left, or was barred: by triggers, so that no writer can forget to.
    Column("departures", _ID, nullable=False, server_default="0"),
    CheckConstraint("id = 1", name="one_row"),
)

deliveries = Table(
    "deliveries",
    metadata,
    Column("id", _ID, primary_key=True),
    Column("mode", String(16), nullable=False),
    Column("campaign", String(200), nullable=False),
    Column("season", Integer, nullable=False),
    Column("item", String(200), nullable=False),
    Column("channel", String(100), nullable=False),
    Column("kind", String(16), nullable=False),
    Column("on_date", Date, nullable=False),
    Column("due_at", Instant, nullable=False),
    Column("expires_at", Instant, nullable=False),
    Column("state", String(16), nullable=False),
    Column("digest", String(64), nullable=False, server_default=""),
    Column("note", Text, nullable=False, server_default=""),
    Column("frozen", _ID, nullable=False, server_default="0"),
    Column("frozen_through", String(64), nullable=False, server_default=""),  # last subscriber frozen so far
    Column("audience", Text, nullable=False, server_default=""),  # see domain/audience.py; empty: every reader
    Column("opened_at", Instant),
    Column("skipped_at", Instant),  # since then a person wants nothing more of it to go out
    Column("changed_at", Instant, nullable=False),
    Column("reasons", Text, nullable=False, server_default=""),  # the note is the detail beside them
    Column("corrected_at", Instant),  # when its later words began to go out, after others had gone
    Column("had_earlier", _ID, nullable=False, server_default="0"),  # readers who had earlier words by then
    # The departures (see the ledger) when each who is frozen could be written to; NULL where that is not known.
    Column("frozen_departures", _ID),
    UniqueConstraint("mode", "campaign", "season", "item", "channel"),
    CheckConstraint(f"state IN ({_states()})", name="state"),
    CheckConstraint("mode IN ('rehearsal', 'live')", name="mode"),
    Index(None, "mode", "state", "due_at"),
)

batches = Table(
    "batches",
    metadata,
    Column("id", _ID, primary_key=True),
    Column("delivery_id", _ID, ForeignKey("deliveries.id"), nullable=False),
    Column("number", Integer, nullable=False),
    Column("first_subscriber", String(64), nullable=False, server_default=""),
    Column("last_subscriber", String(64), nullable=False, server_default=""),
    Column("size", Integer, nullable=False),
    Column("skipped", Integer, nullable=False, server_default="0"),
    Column("state", String(16), nullable=False),
    Column("send_id", String(64), nullable=False),
    Column("not_before_at", Instant, nullable=False),
    Column("not_after_at", Instant),  # of a wave: the end of its readers' day; empty: the delivery's window
    Column("first_item", String(200), nullable=False, server_default=""),  # of a digest that is not whole
    Column("tries", Integer, nullable=False, server_default="0"),  # times begun without reaching the call
    Column("tried_at", Instant),  # when the latest of these began
    Column("attempt", Integer, nullable=False, server_default="0"),
    Column("token", String(64), nullable=False, server_default=""),
    Column("digest", String(64), nullable=False, server_default=""),
    Column("fingerprint", Text, nullable=False, server_default=""),
    Column("started_at", Instant),
    Column("lease_until_at", Instant),
    Column("node", String(200), nullable=False, server_default=""),
    Column("reference", Text, nullable=False, server_default=""),
    Column("detail", Text, nullable=False, server_default=""),
    Column("doubts", Integer, nullable=False, server_default="0"),
    Column("checks", Integer, nullable=False, server_default="0"),
    Column("check_at", Instant),
    Column("reasons", Text, nullable=False, server_default=""),
    Column("left_out", Text, nullable=False, server_default=""),  # items that are left out of a digest, with spaces
    # Of readers who want at most one mail a day: the items that are theirs of it, with spaces. See store/one_a_day.py
    Column("only_items", Text, nullable=False, server_default=""),
    UniqueConstraint("delivery_id", "number"),
    CheckConstraint(f"state IN ({_states()})", name="state"),
    Index(None, "state"),
    Index(None, "send_id"),
    Index(None, "delivery_id", "state", "reasons", "id"),  # from one kind of batches to the next; see KEY_OF_REASONS
    Index(None, "delivery_id", "state", "started_at"),
)

#: Sums over the batches of a delivery in one state; triggers keep them.
batch_counts = Table(
    "batch_counts",
    metadata,
    Column("delivery_id", _ID, ForeignKey("deliveries.id"), primary_key=True),
    Column("state", String(16), primary_key=True),
    Column("calls", _ID, nullable=False),
    Column("skipped", _ID, nullable=False),
    Column("size", _ID, nullable=False),
    sqlite_with_rowid=False,
)

#: A frozen reader. ``state`` is set only where it differs from the batch's: one call settles a thousand rows by
#: writing one.
recipients = Table(
    "recipients",
    metadata,
    Column("delivery_id", _ID, ForeignKey("deliveries.id"), primary_key=True),
    Column("subscriber_id", String(64), primary_key=True),
    Column("batch_number", Integer, nullable=False),
    Column("state", String(16)),
    Column("reason", Text),  # a code of domain/reason.py
    Column("detail", Text),
    _over_part("ix_recipients_withheld", "subscriber_id", "reason = 'one-a-day'"),
    sqlite_with_rowid=False,
)

#: Each call that was made, or was about to be.
attempts = Table(
    "attempts",
    metadata,
    Column("token", String(64), primary_key=True),
    Column("batch_id", _ID, ForeignKey("batches.id"), nullable=False),
    Column("number", Integer, nullable=False),
    Column("started_at", Instant, nullable=False),
    Column("node", String(200), nullable=False),
    Column("digest", String(64), nullable=False),
    Column("fingerprint", Text, nullable=False),
    Column("readers", Integer, nullable=False),
    Column("ended_at", Instant),
    Column("outcome", String(16), nullable=False, server_default=""),
    Column("status", Integer),
    Column("reference", Text, nullable=False, server_default=""),
    Column("detail", Text, nullable=False, server_default=""),
    Column("reasons", Text, nullable=False, server_default=""),
    UniqueConstraint("batch_id", "number"),
    _over_part("ix_attempts_too_many", "started_at", "status = 429"),
    Index(None, "started_at"),
)

#: Exactly what went out, or was about to, and what somebody approved or wanted changed: one row for each digest.
messages = Table(
    "messages",
    metadata,
    Column("digest", String(64), primary_key=True),
    Column("body", Text, nullable=False),
)

#: The person. Of an erased one only id and time are left; the key is then a word that no address has.
subscribers = Table(
    "subscribers",
    metadata,
    Column("id", String(64), primary_key=True),
    Column("address", Text, nullable=False),
    Column("address_key", String(320), nullable=False),
    Column("name", Text, nullable=False, server_default=""),
    Column("zone", String(64), nullable=False, server_default=""),
    Column("language", String(35), nullable=False, server_default=""),
    Column("created_at", Instant, nullable=False),
    Column("one_a_day", Integer, nullable=False, server_default="0"),  # 1: wants at most one mail a day, of all lists
    UniqueConstraint("address_key"),
    _over_part("ix_subscribers_one_a_day", "id", "one_a_day = 1"),
    sqlite_with_rowid=False,
)

#: A person on the list of one campaign. What ends the address itself has moved all of a person's rows.
#: In the order of campaign and reader: freezing reads one stretch of it.
subscriptions = Table(
    "subscriptions",
    metadata,
    Column("campaign", String(200), primary_key=True),
    Column("subscriber_id", String(64), primary_key=True),
    Column("state", String(16), nullable=False),
    Column("source", Text, nullable=False, server_default=""),
    Column("created_at", Instant, nullable=False),
    Column("cadence", String(16), nullable=False),
    Column("cadence_since_at", Instant, nullable=False),  # on the list with this cadence since then, without a break
    Column("paused_until_at", Instant),
    Column("asked_for_more_at", Instant),
    Column("ends_on", Date),  # the last day of what was agreed to; empty: no day was named
    Column("discreet", Integer, nullable=False, server_default="0"),  # the head they chose, see domain/discreet.py
    CheckConstraint(f"state IN ({_words(SubscriberState)})", name="state"),
    CheckConstraint(f"cadence IN ({_words(Cadence)})", name="cadence"),
    Index(None, "subscriber_id"),
    sqlite_with_rowid=False,
)

#: Earlier cadences of readers who switched, so that a mail that is late goes by the one that was in force in time.
cadences = Table(
    "cadences",
    metadata,
    Column("campaign", String(200), primary_key=True),
    Column("subscriber_id", String(64), primary_key=True),
    Column("since_at", Instant, primary_key=True),
    Column("cadence", String(16), nullable=False),
    sqlite_with_rowid=False,
)

#: What readers agreed to: append-only, like the history. One line stands for all readers of an import; it has no
#: subscriber, and the readers carry its source and instant.
consents = Table(
    "consents",
    metadata,
    Column("id", _ID, primary_key=True),
    Column("subscriber_id", String(64), nullable=False, server_default=""),
    Column("source", Text, nullable=False, server_default=""),
    Column("at", Instant, nullable=False),
    Column("how", String(16), nullable=False),
    Column("what", Text, nullable=False, server_default=""),
    Column("wording", String(64), nullable=False, server_default=""),
    Column("who", String(200), nullable=False, server_default=""),
    Column("campaign", String(200), nullable=False, server_default=""),  # empty: of all of a person's
    CheckConstraint(f"how IN ({_words(ConsentHow)})", name="how"),
    Index(None, "subscriber_id"),
)

#: Links in confirmation mails. The token itself is kept nowhere; ``token_hash`` is SHA-256 of it.
confirmations = Table(
    "confirmations",
    metadata,
    Column("token_hash", String(64), primary_key=True),
    Column("campaign", String(200), nullable=False),
    Column("subscriber_id", String(64), nullable=False),
    Column("wording", String(64), nullable=False, server_default=""),
    Column("what", Text, nullable=False, server_default=""),
    Column("ends_on", Date),
    Column("new_address", Text, nullable=False, server_default=""),  # of somebody who wants another one
    Column("made_at", Instant, nullable=False),
    Column("expires_at", Instant, nullable=False),
    Column("used_at", Instant),
    sqlite_with_rowid=False,
)

#: Letters that readers are to get, and for some days those that they got or did not. Neither address nor token: the
#: address is the reader's, and the token is made when the letter goes.
letters = Table(
    "letters",
    metadata,
    Column("id", _ID, primary_key=True),
    Column("campaign", String(200), nullable=False),
    Column("subscriber_id", String(64), nullable=False),
    Column("kind", String(16), nullable=False),
    Column("state", String(16), nullable=False),
    Column("asked_at", Instant, nullable=False),
    Column("tries", Integer, nullable=False, server_default="0"),
    Column("try_at", Instant, nullable=False),  # not before; while it is being sent: when that is in doubt
    Column("ended_at", Instant),
    Column("why", Text, nullable=False, server_default=""),
    CheckConstraint(f"kind IN ({_words(LetterKind)})", name="kind"),
    CheckConstraint(f"state IN ({_words(LetterState)})", name="state"),
    Index(None, "state", "try_at"),
    Index(None, "subscriber_id"),
)

#: Sign-ups of the last day, to tell a flood by; keyed hashes, of the address and of where the form came from.
sign_ups = Table(
    "sign_ups",
    metadata,
    Column("id", _ID, primary_key=True),
    Column("at", Instant, nullable=False),
    Column("address_hash", String(64), nullable=False),
    Column("network_hash", String(64), nullable=False, server_default=""),
    Column("campaign", String(200), nullable=False, server_default=""),
    Index(None, "at"),
    Index(None, "address_hash"),
    Index(None, "network_hash"),
)

#: Who must not be written to, by one campaign or (``campaign`` empty) by any. Outlives the subscriber.
suppressions = Table(
    "suppressions",
    metadata,
    Column("address_key", String(320), primary_key=True),
    Column("campaign", String(200), primary_key=True),
    Column("subscriber_id", String(64), nullable=False, server_default=""),
    Column("reason", String(32), nullable=False),
    Column("source", Text, nullable=False, server_default=""),
    Column("at", Instant, nullable=False),
    _over_part("ix_suppressions_bounced", "at", "reason = 'bounced'"),
    sqlite_with_rowid=False,
)

#: The same for addresses that are not kept: erased ones, and all of them once a season's list is deleted.
hashed_suppressions = Table(
    "hashed_suppressions",
    metadata,
    Column("address_hash", String(64), primary_key=True),
    Column("campaign", String(200), primary_key=True),
    Column("subscriber_id", String(64), nullable=False, server_default=""),
    Column("reason", String(32), nullable=False),
    Column("source", Text, nullable=False, server_default=""),
    Column("at", Instant, nullable=False),
    sqlite_with_rowid=False,
)

#: Numbers of subscriptions that are alike, and of addresses that are barred; see store/kept_counts.py.
subscriber_counts = Table(
    "subscriber_counts",
    metadata,
    Column("campaign", String(200), primary_key=True),
    Column("state", String(16), primary_key=True),
    Column("cadence", String(16), primary_key=True),
    Column("zone", String(64), primary_key=True),
    Column("ends_on", Date, primary_key=True),
    Column("asked", Integer, primary_key=True),
    Column("number", _ID, nullable=False),
    sqlite_with_rowid=False,
)

suppression_counts = Table(
    "suppression_counts",
    metadata,
    Column("campaign", String(200), primary_key=True),
    Column("number", _ID, nullable=False),
    sqlite_with_rowid=False,
)

#: Reports of a provider that were handled: each once, however often it comes, by the provider's own id for it.
#: No address, and nothing of what a reader did with a mail.
receipts = Table(
    "receipts",
    metadata,
    Column("event_id", String(128), primary_key=True),
    Column("kind", String(32), nullable=False),
    Column("at", Instant, nullable=False),  # when it happened, as the provider says
    Column("received_at", Instant, nullable=False),
    Column("send_id", String(64), nullable=False, server_default=""),
    Column("subscriber_id", String(64), nullable=False, server_default=""),
    Column("detail", Text, nullable=False, server_default=""),
    Index(None, "received_at"),
    sqlite_with_rowid=False,
)

#: How many readers of each delivery are in which state by what providers reported: kept by the same change that writes
#: it beside the reader, so that no report walks over them.
fate_counts = Table(
    "fate_counts",
    metadata,
    Column("delivery_id", _ID, ForeignKey("deliveries.id"), primary_key=True),
    Column("state", String(16), primary_key=True),
    Column("number", _ID, nullable=False),
    sqlite_with_rowid=False,
)

#: Batches that a provider spoke of before their call had a known end: it has accepted them.
proofs = Table(
    "proofs",
    metadata,
    Column("send_id", String(64), primary_key=True),
    Column("reference", Text, nullable=False, server_default=""),
    Column("at", Instant, nullable=False),
    sqlite_with_rowid=False,
)

approvals = Table(
    "approvals",
    metadata,
    Column("id", _ID, primary_key=True),
    Column("campaign", String(200), nullable=False),
    Column("season", Integer, nullable=False),
    Column("item", String(200), nullable=False),
    Column("channel", String(100), nullable=False),
    Column("digest", String(64), nullable=False),
    Column("person", String(200), nullable=False),
    Column("role", String(100), nullable=False),
    Column("comment", Text, nullable=False, server_default=""),
    Column("approved_at", Instant, nullable=False),
    Column("withdrawn_at", Instant),
    Column("withdrawn_by", String(200), nullable=False, server_default=""),
    Column("via", String(16), nullable=False, server_default="unrecorded"),  # domain/via.py
    Column("entered_by", String(200), nullable=False, server_default=""),
    Column("rests_on", Text, nullable=False, server_default=""),  # JSON: the records beneath it, with their hashes
    Index(None, "campaign", "season", "item", "channel"),
)

signatures = Table(
    "signatures",
    metadata,
    Column("id", _ID, primary_key=True),
    Column("campaign", String(200), nullable=False),
    Column("subject", String(16), nullable=False),
    Column("subject_id", String(200), nullable=False),
    Column("record_hash", String(64), nullable=False),
    Column("person", String(200), nullable=False),
    Column("role", String(100), nullable=False),
    Column("signed_on", Date, nullable=False),
    Column("expires_on", Date),
    Column("via", String(16), nullable=False, server_default="unrecorded"),
    # Named by hand: by the convention it would be longer than PostgreSQL's 63 characters.
    UniqueConstraint(
        "campaign", "subject", "subject_id", "record_hash", "person", "role", name="uq_signatures_record_person_role"
    ),
)

#: Questions that authors left open in a file, with what a person answered.
questions = Table(
    "questions",
    metadata,
    Column("id", _ID, primary_key=True),
    Column("campaign", String(200), nullable=False),
    Column("season", Integer, nullable=False),
    Column("subject", String(16), nullable=False),
    Column("subject_id", String(200), nullable=False),
    Column("text", Text, nullable=False),
    Column("text_hash", String(64), nullable=False),
    Column("seen_at", Instant, nullable=False),
    Column("answer", Text, nullable=False, server_default=""),
    Column("person", String(200), nullable=False, server_default=""),
    Column("role", String(100), nullable=False, server_default=""),
    Column("via", String(16), nullable=False, server_default=""),
    Column("answered_at", Instant),
    UniqueConstraint("campaign", "season", "subject", "subject_id", "text_hash", name="uq_questions_text"),
)

#: Private remarks of reviewers. Nothing of them gets into the history, an export or a packet.
comments = Table(
    "comments",
    metadata,
    Column("id", _ID, primary_key=True),
    Column("campaign", String(200), nullable=False),
    Column("season", Integer, nullable=False),
    Column("item", String(200), nullable=False),
    Column("channel", String(100), nullable=False, server_default=""),
    Column("person", String(200), nullable=False),
    Column("role", String(100), nullable=False),
    Column("about", String(32), nullable=False),
    Column("answers", _ID, ForeignKey("comments.id")),
    Column("text", Text, nullable=False),
    Column("at", Instant, nullable=False),
    Index(None, "campaign", "season", "item"),
)

#: While one stands (``ended_at`` empty) its message does not go out live.
change_requests = Table(
    "change_requests",
    metadata,
    Column("id", _ID, primary_key=True),
    Column("campaign", String(200), nullable=False),
    Column("season", Integer, nullable=False),
    Column("item", String(200), nullable=False),
    Column("channel", String(100), nullable=False),
    Column("digest", String(64), nullable=False),
    Column("person", String(200), nullable=False),
    Column("role", String(100), nullable=False),
    Column("comment_id", _ID, ForeignKey("comments.id"), nullable=False),
    Column("asked_at", Instant, nullable=False),
    Column("ended_at", Instant),
    Column("ended_by", String(200), nullable=False, server_default=""),
    Column("how", String(16), nullable=False, server_default=""),
    Index(None, "campaign", "season", "item", "channel"),
)

#: Private links. The token itself is kept nowhere; ``token_hash`` is SHA-256 of it.
invitations = Table(
    "invitations",
    metadata,
    Column("id", _ID, primary_key=True),
    Column("campaign", String(200), nullable=False),
    Column("season", Integer, nullable=False),
    Column("name", String(200), nullable=False),
    Column("role", String(100), nullable=False),
    Column("token_hash", String(64), nullable=False),
    Column("invited_by", String(200), nullable=False),
    Column("invited_at", Instant, nullable=False),
    Column("expires_at", Instant, nullable=False),
    Column("first_look_at", Instant),
    Column("last_look_at", Instant),
    Column("revoked_at", Instant),
    Column("revoked_by", String(200), nullable=False, server_default=""),
    Column("declined_at", Instant),
    Column("declined_why", Text, nullable=False, server_default=""),
    Column("handed_to", String(200), nullable=False, server_default=""),
    Column("email", Text, nullable=False, server_default=""),
    Column("link_seed", String(64), nullable=False, server_default=""),
    Column("mail_off_at", Instant),
    UniqueConstraint("token_hash"),
    Index(None, "campaign", "season"),
)

#: What became of the last mail to a reviewer: one row for each address, which is here as a keyed hash alone. A guarded
#: update of this row decides whether another may go, so that it is one a day whoever asks.
reviewer_mails = Table(
    "reviewer_mails",
    metadata,
    Column("address_hash", String(64), primary_key=True),
    Column("state", String(16), nullable=False),
    Column("taken_at", Instant, nullable=False),  # marked before the call
    Column("told", Text, nullable=False, server_default=""),  # keys of what the mails that went have told, as JSON
    Column("why", Text, nullable=False, server_default=""),
    CheckConstraint(f"state IN ({_words(LetterState)})", name="state"),
)

#: Changes of a campaign's files from the pages: who changed which record, never what. ``before`` and ``after`` are
#: SHA-256 of the whole file. The history holds each of them as well.
file_edits = Table(
    "file_edits",
    metadata,
    Column("id", _ID, primary_key=True),
    Column("campaign", String(200), nullable=False),
    Column("kind", String(16), nullable=False),
    Column("record", String(200), nullable=False),
    Column("file", String(300), nullable=False),
    Column("person", String(200), nullable=False),
    Column("edited_at", Instant, nullable=False),
    Column("before", String(64), nullable=False),
    Column("after", String(64), nullable=False),
    Column("fields", Text, nullable=False, server_default=""),
    Index(None, "campaign", "kind", "record"),
)

#: What each packet held that was given to reviewers, so that a signature on paper can be held against it.
packets = Table(
    "packets",
    metadata,
    Column("campaign", String(200), primary_key=True),
    Column("season", Integer, primary_key=True),
    Column("edition", String(64), primary_key=True),
    Column("made_at", Instant, nullable=False),
    Column("held", Text, nullable=False),
)

#: Who may sign in to the pages. Of one who was removed the row stays: the history names them.
people = Table(
    "people",
    metadata,
    Column("id", _ID, primary_key=True),
    Column("name", String(200), nullable=False),
    Column("name_key", String(200), nullable=False),
    Column("role", String(100), nullable=False),
    Column("password", Text),  # argon2id; empty: signs in by one-time links alone
    Column("created_at", Instant, nullable=False),
    Column("created_by", String(200), nullable=False),
    Column("disabled_at", Instant),
    UniqueConstraint("name_key"),
)

#: One-time links that sign a person in. A row is gone once its link was used; the token itself is kept nowhere.
sign_in_links = Table(
    "sign_in_links",
    metadata,
    Column("token_hash", String(64), primary_key=True),
    Column("person_id", _ID, ForeignKey("people.id"), nullable=False),
    Column("made_at", Instant, nullable=False),
    Column("expires_at", Instant, nullable=False),
    sqlite_with_rowid=False,
)

#: Sign-ins. The token is in the person's browser; ``token_hash`` is SHA-256 of it.
sessions = Table(
    "sessions",
    metadata,
    Column("id", _ID, primary_key=True),
    Column("token_hash", String(64), nullable=False),
    Column("person_id", _ID, ForeignKey("people.id"), nullable=False),
    Column("how", String(16), nullable=False),
    Column("started_at", Instant, nullable=False),
    Column("last_look_at", Instant, nullable=False),
    Column("expires_at", Instant, nullable=False),
    Column("ended_at", Instant),
    UniqueConstraint("token_hash"),
    Index(None, "person_id"),
)

#: Wrong passwords of the last minutes, to tell guessing by; keyed hashes, of the name and of where the form came from.
sign_in_tries = Table(
    "sign_in_tries",
    metadata,
    Column("id", _ID, primary_key=True),
    Column("at", Instant, nullable=False),
    Column("name_hash", String(64), nullable=False),
    Column("network_hash", String(64), nullable=False),
    Index(None, "name_hash"),
    Index(None, "network_hash"),
)

armings = Table(
    "armings",
    metadata,
    Column("id", _ID, primary_key=True),
    Column("campaign", String(200), nullable=False),
    Column("season", Integer, nullable=False),
    Column("who", String(200), nullable=False),
    Column("armed_at", Instant, nullable=False),
    Column("disarmed_by", String(200), nullable=False, server_default=""),
    Column("disarmed_at", Instant),
    Index(None, "campaign", "season"),
)

#: Keys of the JSON API. The key itself is kept nowhere; ``token_hash`` is SHA-256 of it.
api_keys = Table(
    "api_keys",
    metadata,
    Column("id", _ID, primary_key=True),
    Column("name", String(64), nullable=False),
    Column("scope", String(16), nullable=False),
    Column("person", String(200), nullable=False),
    Column("role", String(100), nullable=False, server_default=""),
    Column("token_hash", String(64), nullable=False),
    Column("made_by", String(200), nullable=False),
    Column("made_at", Instant, nullable=False),
    Column("expires_at", Instant, nullable=False),
    Column("last_used_on", Date),
    Column("revoked_at", Instant),
    Column("revoked_by", String(200), nullable=False, server_default=""),
    CheckConstraint(f"scope IN ({_words(Scope)})", name="scope"),
    UniqueConstraint("name"),  # of a revoked one too: the history names keys by it
    UniqueConstraint("token_hash"),
)

holds = Table(
    "holds",
    metadata,
    Column("id", _ID, primary_key=True),
    Column("channel", String(100), nullable=False),
    Column("who", String(200), nullable=False),
    Column("why", Text, nullable=False),
    Column("held_at", Instant, nullable=False),
    Column("released_by", String(200), nullable=False, server_default=""),
    Column("released_at", Instant),
    Column("reason", String(40), nullable=False, server_default="by-a-person"),
    Column("campaign", String(200), nullable=False, server_default=""),  # empty: every campaign
)

events = Table(
    "events",
    metadata,
    Column("id", _ID, primary_key=True, autoincrement=False),
    Column("at", Instant, nullable=False),
    Column("kind", String(64), nullable=False),
    Column("who", String(200), nullable=False),
    Column("delivery_id", _ID),
    Column("data", Text, nullable=False),
    Column("previous", String(64), nullable=False),
    Column("hash", String(64), nullable=False),
    Index(None, "delivery_id"),
    Index(None, "kind"),
    Index(None, "at"),
)

#: The processes that send (`start`; `tick` while it runs). No history: a row says how a process is now.
senders = Table(
    "senders",
    metadata,
    Column("id", _ID, primary_key=True),
    Column("sender_key", String(64), nullable=False),
    Column("kind", String(16), nullable=False),
    Column("pid", Integer, nullable=False),
    Column("host", String(255), nullable=False),
    Column("version", String(64), nullable=False),
    Column("mode", String(16), nullable=False),
    Column("settings_fingerprint", String(64), nullable=False),
    Column("campaigns", Text, nullable=False),
    Column("started_at", Instant, nullable=False),
    Column("last_seen_at", Instant, nullable=False),
    Column("pages_address", String(255), nullable=False),
    Column("pinned", Text, nullable=False),
    Column("restart_for", Text, nullable=False),
    Column("settings_problem", Text, nullable=False),
    Column("last_pass_at", Instant),
    Column("ended_at", Instant),
    Column("lost_at", Instant),
    UniqueConstraint("sender_key"),
)

#: What the process beside the files read last, for those that send without them: a row for each season of a mode.
stored_rehearsals = Table(
    "stored_rehearsals",
    metadata,
    Column("mode", String(16), primary_key=True),
    Column("campaign", String(200), primary_key=True),
    Column("season", Integer, primary_key=True, autoincrement=False),
    Column("version", Integer, nullable=False),
    Column("form", Integer, nullable=False),
    Column("program", String(64), nullable=False),
    Column("sender_key", String(64), nullable=False),
    Column("files", String(64), nullable=False),
    Column("read_on", Date, nullable=False),
    Column("events", _ID, nullable=False),
    Column("read_at", Instant, nullable=False),
    Column("changed_at", Instant, nullable=False),
    Column("problem", Text, nullable=False),
    Column("body", Text, nullable=False),
)

#: The secret keys that links and keyed hashes were made with, by a fingerprint that does not tell the key.
secret_keys = Table(
    "secret_keys",
    metadata,
    Column("fingerprint", String(64), primary_key=True),
    Column("noted_at", Instant, nullable=False),
    Column("given_up_at", Instant),  # since then a person says that it is lost
    Column("given_up_by", String(200), nullable=False, server_default=""),
)

#: The failures in a row of each channel, and until when its provider is left alone; a good answer ends the row.
channel_pauses = Table(
    "channel_pauses",
    metadata,
    Column("mode", String(16), primary_key=True),
    Column("channel", String(100), primary_key=True),
    Column("failures", Integer, nullable=False),
    Column("since_at", Instant, nullable=False),
    Column("until_at", Instant),
    Column("reasons", Text, nullable=False, server_default=""),
    Column("detail", Text, nullable=False, server_default=""),
    sqlite_with_rowid=False,
)
