"""Attempts by their names, and looked back at: how many lately, whether more are taken, which ones cost money.

And what the state folder asks of the ledger: where it is at home.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import (
    Connection,
    RowMapping,
    bindparam,
    func,
    literal_column,
    or_,
    select,
    tuple_,
    update,
)

from ..domain.records import BegunAttempt
from . import by_driver
from .events import append
from .reads import AttemptReads, CallReads
from .repository import Repository, parts_of, transaction
from .tables import attempts, batches, deliveries, ledger


class AttemptRepository(Repository, AttemptReads):
    """Attempts, by their names."""

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

    @transaction("home")
    def set_home(
        self, connection: Connection, home: str, *, who: str, kind: str, answered: bool, now: datetime
    ) -> None:
        """From here on it is at home there. ``answered``: what is missing in it is answered for."""
        connection.execute(update(ledger).values(home=home, **{"answered_at": now} if answered else {}))
        append(connection, at=now, kind=kind, who=who)


def is_at_limit(connection: Connection, delivery: RowMapping, calls: int, since: datetime) -> bool:
    """Whether a channel has had so many calls since then, whoever made them and whatever came of them."""
    bound = {"mode": delivery["mode"], "channel": delivery["channel"], "since": since, "others": calls - 1}
    return bool(by_driver.tuples(connection, _THE_LAST_ALLOWED, bound))


#: When calls of a channel began since an instant, whatever came of them.
_RECENT = (
    select(attempts.c.started_at)
    .join(batches, batches.c.id == attempts.c.batch_id)
    .join(deliveries, deliveries.c.id == batches.c.delivery_id)
    .where(
        deliveries.c.mode == bindparam("mode"),
        deliveries.c.channel == bindparam("channel"),
        attempts.c.started_at > bindparam("since"),
    )
    .order_by(attempts.c.started_at)
)
_THE_LAST_ALLOWED = _RECENT.order_by(None).offset(bindparam("others")).limit(1)


#: An HTTP status: too many calls.
TOO_MANY = 429

#: The longest span of time that a provider counts calls in. A limit that is said to last longer is a mistake.
LONGEST_LIMIT = timedelta(hours=24)


#: The number stands in the statement itself: with a bound one SQLite would not use the index of these attempts alone.
_REFUSED = select(attempts.c.batch_id, attempts.c.token).where(
    attempts.c.status == literal_column(str(TOO_MANY)),
    attempts.c.started_at > bindparam("since"),
    attempts.c.started_at <= bindparam("now"),  # else the clock was set back since, and the instant says nothing
)
_REFUSED_UNTIL = (
    select(func.max(batches.c.not_before_at))
    .join(deliveries, deliveries.c.id == batches.c.delivery_id)
    .where(
        tuple_(batches.c.id, batches.c.token).in_(_REFUSED),
        batches.c.not_before_at > bindparam("now"),
        deliveries.c.mode == bindparam("mode"),
        deliveries.c.channel == bindparam("channel"),
    )
)


class CallRepository(Repository, CallReads):
    """Calls by the clock, and calls that cost money."""

    def recent(self, mode: str, channel: str, *, since: datetime) -> tuple[datetime, ...]:
        """When calls of a channel began since then, whatever came of them, earliest first. All campaigns."""
        return tuple(at for (at,) in self._ask(_RECENT, mode=mode, channel=channel, since=since))

    def are_so_many(self, mode: str, channel: str, calls: int, *, since: datetime) -> bool:
        """Whether there were so many at least: as mostly there were not, it is asked before which they were."""
        bound = {"mode": mode, "channel": channel, "since": since, "others": calls - 1}
        return bool(self._ask(_THE_LAST_ALLOWED, **bound))

    def refused_until(self, mode: str, channel: str, *, now: datetime) -> datetime | None:
        """Until when a channel's provider wants no more calls: the latest instant before which a call that it refused
        as one too many may not be tried again, be its window closed or itself left out by then. None: it takes them.
        All campaigns."""
        since = now - LONGEST_LIMIT
        ((until,),) = self._ask(_REFUSED_UNTIL, mode=mode, channel=channel, now=now, since=since)
        return until  # type: ignore[no-any-return]
