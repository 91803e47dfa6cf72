"""Calls to providers, looked back at: how many lately, whether more are taken, which ones cost money."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import and_, func, or_, select

from ..domain.delivery import State
from ..domain.records import PricedCall
from ..domain.season_key import SeasonKey
from .repository import Repository, in_season
from .tables import attempts, batches, deliveries

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
        with self._database.read() as connection:
            return tuple(PricedCall(delivery_id, digest) for delivery_id, digest in connection.execute(query))
