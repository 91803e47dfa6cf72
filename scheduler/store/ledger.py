"""The ledger on SQLAlchemy Core: all its parts in one object, and how to open it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from sqlalchemy import Connection

from ..errors import NeedsAPerson
from .access import AccessRows
from .backup import BackupRows
from .database import Database, no_failpoint, no_hash, no_old_hashes, told_nobody
from .doubts import DoubtRows
from .edits import EditRows
from .events import EventRows
from .freezing import FreezingRows
from .health import HealthRows
from .journal import JournalRows
from .keys import KeyRows
from .letters import LetterRows
from .migrate import Standing, Upgraded, refuse_older, standing, upgrade
from .operating import OperatingRows
from .pauses import PauseRows
from .people import PeopleRows
from .plan import PlanRows
from .readers import ReaderRows
from .receipts import ReceiptRows
from .reopening import ReopeningRows
from .review import ReviewRows
from .season_end import SeasonEndRows
from .secret_keys import SecretKeyRows
from .senders import SenderRows
from .sending import SendingRows
from .subscribers import SubscriberRows


class SqlLedger(
    PlanRows, FreezingRows, SendingRows, DoubtRows, ReceiptRows, PeopleRows, EventRows, SubscriberRows, ReaderRows,
    SeasonEndRows, HealthRows, OperatingRows, BackupRows, KeyRows, ReviewRows, AccessRows, EditRows,
    LetterRows, ReopeningRows, SecretKeyRows, SenderRows, JournalRows, PauseRows,
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
        found = standing(database)
        if not found.is_newest:
            refuse_older(database, found)
            upgrade(database)
    except BaseException:
        database.close()
        raise
    return SqlLedger(database)


def schema_of(url: str) -> Standing:
    """Which schema the database has; see :func:`scheduler.store.migrate.standing`."""
    database = Database(url)
    try:
        return standing(database)
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
