"""Attempts by their names, and looked back at: how many lately, whether more are taken, which ones cost money.

And what the state folder asks of the ledger: where it is at home.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import Connection, RowMapping, and_, func, or_, select, text, update

from ..domain.delivery import State
from ..domain.records import BegunAttempt, LedgerHome, PricedCall
from ..domain.season_key import SeasonKey
from .events import append
from .repository import Repository, in_season, parts_of, transaction
from .tables import attempts, batches, deliveries, ledger

#: The cluster's identifier, its timeline (a new one after it was put back to an instant, or a copy took over), and the
#: database's own number (another one where a dump was read in).
_IDENTITY = text(
    "SELECT (SELECT system_identifier FROM pg_control_system()) || '/' || "
    "(CASE WHEN pg_is_in_recovery() THEN '-' ELSE substr(pg_walfile_name(pg_current_wal_lsn()), 1, 8) END)"
    " || '/' || (SELECT oid FROM pg_database WHERE datname = current_database())"
)


class AttemptRepository(Repository):
    """Attempts, by their names."""

    def ledger_id(self) -> str:
        """What names this ledger, and each copy of it."""
        return str(self._read(select(ledger.c.ledger_id)).scalar_one())

    def missing(self, tokens: Sequence[str]) -> tuple[str, ...]:
        """Those of these attempts that the ledger has never heard of."""
        known: set[str] = set()
        for part in parts_of(tokens):
            known.update(self._read(select(attempts.c.token).where(attempts.c.token.in_(part))).scalars())
        return tuple(token for token in tokens if token not in known)

    def unended(self, *, tokens: Sequence[str] = (), nodes: Sequence[str] = ()) -> tuple[BegunAttempt, ...]:
        """Attempts without an end that are one of these, or were begun by one of these processes; oldest first."""
        found: dict[str, RowMapping] = {}
        query = select(attempts).where(attempts.c.ended_at.is_(None)).order_by(attempts.c.started_at, attempts.c.token)
        for part in parts_of(tokens) if tokens else ((),):
            which = or_(attempts.c.token.in_(part), attempts.c.node.in_(nodes))
            found |= {row["token"]: row for row in self._read(query.where(which)).mappings()}
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
            return str(connection.execute(_IDENTITY).scalar_one())

    @transaction("home")
    def set_home(
        self, connection: Connection, home: str, *, who: str, kind: str, answered: bool, now: datetime
    ) -> None:
        """From here on it is at home there. ``answered``: what is missing in it is answered for."""
        connection.execute(update(ledger).values(home=home, **{"answered_at": now} if answered else {}))
        append(connection, at=now, kind=kind, who=who)


#: An HTTP status: too many calls.
TOO_MANY = 429

#: The longest span of time that a provider counts calls in. A limit that is said to last longer is a mistake.
LONGEST_LIMIT = timedelta(hours=24)

_MAY_HAVE_GONE = [str(s) for s in (State.SENT, State.UNKNOWN, State.SENDING)]


class CallRepository(Repository):
    """Calls by the clock, and calls that cost money."""

    def recent(self, mode: str, channel: str, *, since: datetime) -> tuple[datetime, ...]:
        """When calls of a channel began since then, whatever came of them, earliest first. All campaigns."""
        query = (
            select(attempts.c.started_at)
            .join(batches, batches.c.id == attempts.c.batch_id)
            .join(deliveries, deliveries.c.id == batches.c.delivery_id)
            .where(deliveries.c.mode == mode, deliveries.c.channel == channel, attempts.c.started_at > since)
            .order_by(attempts.c.started_at)
        )
        return tuple(self._read(query).scalars())

    def refused_until(self, mode: str, channel: str, *, now: datetime) -> datetime | None:
        """Until when a channel's provider wants no more calls: the latest instant before which a call that it refused
        as one too many may not be tried again, be its window closed or itself left out by then. None: it takes them.
        All campaigns."""
        query = (
            select(func.max(batches.c.not_before_at))
            .join(deliveries, deliveries.c.id == batches.c.delivery_id)
            .join(attempts, attempts.c.token == batches.c.token)
            .where(
                deliveries.c.mode == mode,
                deliveries.c.channel == channel,
                batches.c.not_before_at > now,
                attempts.c.status == TOO_MANY,
                attempts.c.started_at > now - LONGEST_LIMIT,
                attempts.c.started_at <= now,  # else the clock was set back since, and the instant says nothing
            )
        )
        until: datetime | None = self._read(query).scalar()
        return until

    def priced(self, mode: str, key: SeasonKey, channel: str) -> tuple[PricedCall, ...]:
        """Calls of a season that were accepted, or may have been. What was found not to have gone is free."""
        latest_may_have_gone = and_(attempts.c.token == batches.c.token, batches.c.state.in_(_MAY_HAVE_GONE))
        query = (
            select(deliveries.c.id, attempts.c.digest)
            .join(batches, batches.c.delivery_id == deliveries.c.id)
            .join(attempts, attempts.c.batch_id == batches.c.id)
            .where(
                deliveries.c.mode == mode,
                in_season(deliveries, key),
                deliveries.c.channel == channel,
                or_(attempts.c.outcome == "accepted", latest_may_have_gone),
            )
        )
        return tuple(PricedCall(delivery_id, digest) for delivery_id, digest in self._read(query))
