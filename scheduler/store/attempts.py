"""What the send journal and the state folder ask of the ledger: attempts by their names, and where it is at home."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection, RowMapping, func, or_, select, text, update

from ..domain.records import BegunAttempt, LedgerHome
from .events import append
from .repository import Repository
from .tables import attempts, batches, deliveries, ledger

#: A statement takes a limited number of values.
_AT_ONCE = 400


class AttemptRepository(Repository):
    """Attempts, by their names."""

    def ledger_id(self) -> str:
        """What names this ledger, and each copy of it."""
        with self._database.read() as connection:
            return str(connection.execute(select(ledger.c.ledger_id)).scalar_one())

    def missing(self, tokens: Sequence[str]) -> tuple[str, ...]:
        """Those of these attempts that the ledger has never heard of."""
        known: set[str] = set()
        with self._database.read() as connection:
            for start in range(0, len(tokens), _AT_ONCE):
                part = attempts.c.token.in_(tokens[start : start + _AT_ONCE])
                known.update(connection.execute(select(attempts.c.token).where(part)).scalars())
        return tuple(token for token in tokens if token not in known)

    def unended(self, *, tokens: Sequence[str] = (), nodes: Sequence[str] = ()) -> tuple[BegunAttempt, ...]:
        """Attempts without an end that are one of these, or were begun by one of these processes; oldest first."""
        found: dict[str, RowMapping] = {}
        query = select(attempts).where(attempts.c.ended_at.is_(None)).order_by(attempts.c.started_at, attempts.c.token)
        with self._database.read() as connection:
            for start in range(0, max(len(tokens), 1), _AT_ONCE):
                which = or_(attempts.c.token.in_(tokens[start : start + _AT_ONCE]), attempts.c.node.in_(nodes))
                found |= {row["token"]: row for row in connection.execute(query.where(which)).mappings()}
        return tuple(
            BegunAttempt(row["token"], row["batch_id"], row["node"])
            for row in sorted(found.values(), key=lambda row: (row["started_at"], row["token"]))
        )

    # -- where it is at home ----------------------------------------------------------------------------

    def home(self) -> LedgerHome:
        """Where it says that it is at home, and what it has sent."""
        with self._database.read() as connection:
            home, answered_at = connection.execute(select(ledger.c.home, ledger.c.answered_at)).one()
            last_at = connection.execute(
                select(func.max(attempts.c.started_at))
                .join(batches, batches.c.id == attempts.c.batch_id)
                .join(deliveries, deliveries.c.id == batches.c.delivery_id)
                .where(deliveries.c.mode == "live")
            ).scalar()
        return LedgerHome(home, answered_at, last_at is not None, last_at)

    def place(self) -> str:
        """What names a server's database, this one and no copy of it; empty for a file."""
        if self._database.is_sqlite:
            return ""
        with self._database.read() as connection:
            return _identity(connection)

    def set_home(self, home: str, *, who: str, kind: str, answered: bool, now: datetime) -> None:
        """From here on it is at home there. ``answered``: what is missing in it is answered for."""
        values = {"home": home, **({"answered_at": now} if answered else {})}
        with self._database.write("home") as connection:
            connection.execute(update(ledger).values(**values))
            append(connection, at=now, kind=kind, who=who)


def _identity(connection: Connection) -> str:
    """The cluster's identifier, its timeline (a new one after it was put back to an instant, or a copy took over), and
    the database's own number (another one where a dump was read in)."""
    return str(
        connection.execute(
            text(
                "SELECT (SELECT system_identifier FROM pg_control_system()) || '/' || "
                "(CASE WHEN pg_is_in_recovery() THEN '-' ELSE substr(pg_walfile_name(pg_current_wal_lsn()), 1, 8) END)"
                " || '/' || (SELECT oid FROM pg_database WHERE datname = current_database())"
            )
        ).scalar_one()
    )
