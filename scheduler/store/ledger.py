"""The ledger on SQLAlchemy Core: all its parts in one object, and how to open it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from sqlalchemy import Connection

from ..errors import NeedsAPerson
from .accounts import AccessRepository
from .api_keys import KeyRepository
from .approvals_and_holds import PeopleRepository
from .attempts import JournalRepository
from .backup import BackupRepository
from .batches import SendingRepository
from .calls_and_history import OperatingRepository
from .comments_and_invitations import ReviewRepository
from .database import Database, no_failpoint, no_hash, no_old_hashes, told_nobody
from .edits import EditRepository
from .events import EventRepository
from .frozen_recipients import FreezingRepository
from .health_counts import HealthRepository
from .migrate import SchemaStatus, Upgraded, refuse_older, schema_status, upgrade
from .pauses import PauseRepository
from .planned_deliveries import PlanRepository
from .receipts import ReceiptRepository
from .reconcile import DoubtRepository
from .reopening import ReopeningRepository
from .season_end import SeasonEndRepository
from .secret_keys import SecretKeyRepository
from .senders import SenderRepository
from .subscriber_changes import ReaderRepository
from .subscribers import SubscriberRepository
from .transactional_emails import LetterRepository


class SqlLedger(
    PlanRepository,
    FreezingRepository,
    SendingRepository,
    DoubtRepository,
    ReceiptRepository,
    PeopleRepository,
    EventRepository,
    SubscriberRepository,
    ReaderRepository,
    SeasonEndRepository,
    HealthRepository,
    OperatingRepository,
    BackupRepository,
    KeyRepository,
    ReviewRepository,
    AccessRepository,
    EditRepository,
    LetterRepository,
    ReopeningRepository,
    SecretKeyRepository,
    SenderRepository,
    JournalRepository,
    PauseRepository,
):
    """Deliveries, batches, attempts, approvals, holds, events; see :class:`scheduler.ports.Ledger`."""

    @property
    def where(self) -> str:
        """The database in words, without a password."""
        return self._database.where

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
) -> SqlLedger:
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
    except BaseException:
        database.close()
        raise
    return SqlLedger(database)


def schema_of(url: str) -> SchemaStatus:
    """Which schema the database has; see :func:`scheduler.store.migrate.schema_status`."""
    database = Database(url)
    try:
        return schema_status(database)
    finally:
        database.close()


def upgrade_database(
    url: str, *, failpoint: Callable[[str], None] = no_failpoint, others_stopped: bool = True
) -> Upgraded:
    """Bring the database to this release's schema (``db upgrade``), all or nothing.

    ``others_stopped`` False: refuse while others are connected to it (PostgreSQL), with who they are.
    """
    database = Database(url, failpoint=failpoint)

    def refuse_others(connection: Connection) -> None:
        if sessions := database.other_sessions(connection):
            raise NeedsAPerson(
                f"{len(sessions)} other connections to the database are open ({'; '.join(sessions[:3])}); "
                "nothing was changed",
                hint="stop `start`, and timers with `tick`, on every machine, and try again; if what is connected "
                "sends nothing (a monitor, a pool): `db upgrade --others-stopped`",
            )

    try:
        return upgrade(database) if others_stopped else upgrade(database, guard=refuse_others)
    finally:
        database.close()
