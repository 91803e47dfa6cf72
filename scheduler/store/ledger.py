"""The ledger on SQLAlchemy Core: all its parts in one object, and how to open it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import closing
from datetime import datetime

from sqlalchemy import Connection, text

from ..domain.records import DatabaseFacts
from ..errors import NeedsAPerson
from .accounts import AccountRepository, ApiKeyRepository
from .approvals import ApprovalRepository, PacketRepository, SignatureRepository
from .attempts import AttemptRepository, CallRepository
from .backup import BackupRepository
from .batches import BatchRepository
from .comments import ChangeRequestRepository, CommentRepository
from .database import Database, no_failpoint, no_hash, no_old_hashes, told_nobody
from .deliveries import DeliveryRepository, HealthRepository
from .edits import EditRepository
from .events import EventRepository
from .holds import ArmingRepository, HoldRepository, PauseRepository
from .invitations import InvitationRepository
from .lookups import LookupRepository
from .migrate import NO_LISTS, Lists, SchemaStatus, Upgraded, refuse_older, revision_of, schema_status, upgrade
from .questions import QuestionRepository
from .receipts import ReceiptRepository
from .recipients import RecipientRepository
from .recount import CountRepository
from .rehearsals import RehearsalRepository
from .reviewer_mails import ReviewerMailRepository
from .secret_keys import SecretKeyRepository
from .senders import SenderRepository
from .subscribers import SubscriberRepository
from .transactional_emails import TransactionalEmailRepository


class Ledger:
    """The one memory of who was sent what: a repository for each noun, over one database.

    Every act of a repository is one transaction, with its line of the history. All times are aware, in UTC.
    """

    def __init__(self, database: Database, schema: SchemaStatus) -> None:
        """``schema``: as it was found good."""
        self._database, self.schema = database, schema
        self.accounts = AccountRepository(database)
        self.api_keys = ApiKeyRepository(database)
        self.approvals = ApprovalRepository(database)
        self.armings = ArmingRepository(database)
        self.attempts = AttemptRepository(database)
        self.backups = BackupRepository(database)
        self.batches = BatchRepository(database)
        self.calls = CallRepository(database)
        self.change_requests = ChangeRequestRepository(database)
        self.comments = CommentRepository(database)
        self.counts = CountRepository(database)
        self.deliveries = DeliveryRepository(database)
        self.edits = EditRepository(database)
        self.events = EventRepository(database)
        self.health = HealthRepository(database)
        self.holds = HoldRepository(database)
        self.invitations = InvitationRepository(database)
        self.lookups = LookupRepository(database)
        self.packets = PacketRepository(database)
        self.pauses = PauseRepository(database)
        self.questions = QuestionRepository(database)
        self.receipts = ReceiptRepository(database)
        self.recipients = RecipientRepository(database)
        self.rehearsals = RehearsalRepository(database)
        self.reviewer_mails = ReviewerMailRepository(database)
        self.secret_keys = SecretKeyRepository(database)
        self.senders = SenderRepository(database)
        self.signatures = SignatureRepository(database)
        self.subscribers = SubscriberRepository(database)
        self.transactional_emails = TransactionalEmailRepository(database)

    @property
    def where(self) -> str:
        """The database in words, without a password."""
        return self._database.where

    def facts(self) -> DatabaseFacts:
        """What the database says of itself."""
        database = self._database
        with database.read() as connection:
            revision = revision_of(connection) or "none"

            def ask(statement: str) -> str:
                return str(connection.execute(text(statement)).scalar())

            if database.is_sqlite:
                journal, level = ask("PRAGMA journal_mode"), ask("PRAGMA synchronous")
                size = int(ask("PRAGMA page_count")) * int(ask("PRAGMA page_size"))
                durable = level in ("2", "3")  # FULL, EXTRA
                words = f"journal_mode {journal}, synchronous {'full' if durable else level}"
            else:
                level, flushed = ask("SHOW synchronous_commit"), ask("SHOW fsync")
                size = int(ask("SELECT pg_database_size(current_database())"))
                durable = level != "off" and flushed == "on"
                words = f"synchronous_commit {level}, fsync {flushed}"
        return DatabaseFacts(database.where, revision, database.is_sqlite, durable, words, size)

    def try_to_write(self, seconds: float) -> None:
        """Whether something could be written down now; see :meth:`Database.try_to_write`. Changes nothing."""
        self._database.try_to_write(seconds)

    def hurry(self, seconds: float) -> None:
        """From here on wait so long for other writers at most."""
        self._database.hurry(seconds)

    def close(self) -> None:
        self._database.close()


def open_ledger(
    url: str,
    *,
    failpoint: Callable[[str], None] = no_failpoint,
    address_hash: Callable[[str], str] = no_hash,
    old_address_hashes: Callable[[str], tuple[str, ...]] = no_old_hashes,
    erased: Callable[[str, str, datetime], None] = told_nobody,
) -> Ledger:
    """Open the ledger at ``url``; an empty database gets its tables first. ``address_hash``: see :class:`Database`.

    Raises ConfigurationError for a database that is none of ours or newer than this release, NeedsAPerson for an
    older one (``db upgrade``), OutOfReach when it cannot be used.
    """
    database = Database(
        url, failpoint=failpoint, address_hash=address_hash, old_address_hashes=old_address_hashes, erased=erased
    )
    try:
        found = schema_status(database)
        if not found.is_newest:
            refuse_older(database, found)
            upgrade(database)
            found = schema_status(database)
    except BaseException:
        database.close()
        raise
    return Ledger(database, found)


def schema_of(url: str) -> SchemaStatus:
    """Which schema the database has; see :func:`scheduler.store.migrate.schema_status`."""
    with closing(Database(url)) as database:
        return schema_status(database)


def upgrade_database(
    url: str,
    *,
    lists: Lists = NO_LISTS,
    agree: Callable[[Mapping[str, int]], None] = lambda lists: None,
    failpoint: Callable[[str], None] = no_failpoint,
    others_stopped: bool = True,
) -> Upgraded:
    """Bring the database to this release's schema (``db upgrade``), all or nothing.

    ``lists``, ``agree``: see :func:`scheduler.store.migrate.upgrade`.
    ``others_stopped`` False: refuse while others are connected to it (PostgreSQL), with who they are.
    """

    def refuse_others(connection: Connection) -> None:
        if sessions := database.other_sessions(connection):
            raise NeedsAPerson(
                f"{len(sessions)} other connections to the database are open ({'; '.join(sessions[:3])}); "
                "nothing was changed",
                hint="stop `start`, and timers with `tick`, on every machine, and try again; if what is connected "
                "sends nothing (a monitor, a pool): `db upgrade --others-stopped`",
            )

    with closing(Database(url, failpoint=failpoint)) as database:
        if others_stopped:
            return upgrade(database, lists=lists, agree=agree)
        return upgrade(database, lists=lists, agree=agree, guard=refuse_others)
