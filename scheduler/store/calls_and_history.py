"""What those who run the program ask of the ledger: its history, calls by the clock, calls that cost money."""

from __future__ import annotations

import json
from datetime import datetime, timedelta

from sqlalchemy import and_, func, or_, select, text

from ..domain.clock_state import BY_THE_CLOCK_ALONE, RIGHT
from ..domain.delivery import State
from ..domain.records import DatabaseFacts, Event, PricedCall
from .events import append
from .migrate import revision_of as schema
from .repository import Repository
from .tables import attempts, batches, deliveries, events

#: An HTTP status: too many calls.
TOO_MANY = 429
#: The longest span of time that a provider counts calls in. A limit that is said to last longer is a mistake.
LONGEST_LIMIT = timedelta(hours=24)
_MAY_HAVE_GONE = [str(s) for s in (State.SENT, State.UNKNOWN, State.SENDING)]


class OperatingRepository(Repository):
    """Looking back."""

    def facts(self) -> DatabaseFacts:
        """What the database says of itself."""
        database = self._database
        with database.read() as connection:
            revision = schema(connection) or "none"

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

    def history(self, *kinds: str, since: datetime | None = None) -> tuple[Event, ...]:
        """Events of these kinds, oldest first."""
        query = select(events).where(events.c.kind.in_(kinds)).order_by(events.c.id)
        if since is not None:
            query = query.where(events.c.at >= since)
        with self._database.read() as connection:
            return tuple(
                Event(**{**row, "data": json.loads(row["data"])}) for row in connection.execute(query).mappings()
            )

    def newest_event_at(self) -> datetime | None:
        """The latest instant at which something happened. What the clock alone brought about does not count, nor what
        was written before the clock was found to be right: it may have been ahead."""
        right = select(func.max(events.c.id)).where(events.c.kind == RIGHT).scalar_subquery()
        counts = (events.c.id >= func.coalesce(right, 0), events.c.kind.not_in(BY_THE_CLOCK_ALONE))
        query = select(func.max(events.c.at)).where(*counts)
        with self._database.read() as connection:
            at: datetime | None = connection.execute(query).scalar()
        return at

    def record(self, kind: str, *, who: str, now: datetime, **data: object) -> None:
        """A line in the history that changes nothing: a notice was given, the alarm was started."""
        with self._database.write("record") as connection:
            append(connection, at=now, kind=kind, who=who, delivery_id=None, **data)

    def recent_calls(self, mode: str, channel: str, *, since: datetime) -> tuple[datetime, ...]:
        """When calls of a channel began since then, whatever came of them, earliest first. All campaigns."""
        query = (
            select(attempts.c.started_at)
            .join(batches, batches.c.id == attempts.c.batch_id)
            .join(deliveries, deliveries.c.id == batches.c.delivery_id)
            .where(deliveries.c.mode == mode, deliveries.c.channel == channel, attempts.c.started_at > since)
            .order_by(attempts.c.started_at)
        )
        with self._database.read() as connection:
            return tuple(connection.execute(query).scalars())

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
        with self._database.read() as connection:
            until: datetime | None = connection.execute(query).scalar()
        return until

    def priced_calls(self, mode: str, campaign: str, season: int, channel: str) -> tuple[PricedCall, ...]:
        """Calls of a season that were accepted, or may have been. What was found not to have gone is free."""
        latest_may_have_gone = and_(attempts.c.token == batches.c.token, batches.c.state.in_(_MAY_HAVE_GONE))
        query = (
            select(deliveries.c.id, attempts.c.digest)
            .join(batches, batches.c.delivery_id == deliveries.c.id)
            .join(attempts, attempts.c.batch_id == batches.c.id)
            .where(
                deliveries.c.mode == mode,
                deliveries.c.campaign == campaign,
                deliveries.c.season == season,
                deliveries.c.channel == channel,
                or_(attempts.c.outcome == "accepted", latest_may_have_gone),
            )
        )
        with self._database.read() as connection:
            return tuple(PricedCall(delivery_id, digest) for delivery_id, digest in connection.execute(query))
