"""What a health check asks of the ledger: two counts."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import and_, exists, func, or_, select

from ..domain.delivery import State
from ..domain.records import LedgerHealth
from .repository import Repository
from .tables import batches, deliveries


class HealthRepository(Repository):
    """Whether something is late, or in doubt for too long."""

    def counts(self, mode: str, *, now: datetime, tolerance: timedelta) -> LedgerHealth:
        """Counts deliveries of ``mode`` that should have gone ``tolerance`` ago, and batches in doubt that the
        provider's own records should have settled by then.

        What a person holds is not late. What is refused (not approved, not armed) is: it is due, and does not go.
        A delivery under way is late only when nothing about it has moved for as long.
        """
        before = now - tolerance
        waits = exists().where(
            batches.c.delivery_id == deliveries.c.id,
            batches.c.state == str(State.SCHEDULED),
            batches.c.not_before_at <= before,
        )
        overdue = (
            select(func.count())
            .select_from(deliveries)
            .where(
                deliveries.c.mode == mode,
                deliveries.c.due_at <= before,
                or_(
                    and_(deliveries.c.state == str(State.SCHEDULED), deliveries.c.opened_at.is_(None)),
                    and_(
                        deliveries.c.state.in_([str(State.SCHEDULED), str(State.SENDING)]),
                        deliveries.c.opened_at.is_not(None),
                        deliveries.c.changed_at <= before,
                        waits,
                    ),
                ),
            )
        )
        doubts = (
            select(func.count())
            .select_from(batches)
            .join(deliveries, deliveries.c.id == batches.c.delivery_id)
            .where(
                deliveries.c.mode == mode,
                batches.c.state == str(State.UNKNOWN),
                # Asked once without an answer, left to a person, or due to be asked and not asked.
                or_(batches.c.checks > 0, batches.c.check_at.is_(None), batches.c.check_at <= before),
            )
        )
        with self._database.read() as connection:
            return LedgerHealth(
                overdue=int(connection.execute(overdue).scalar_one()),
                doubts=int(connection.execute(doubts).scalar_one()),
            )

    def campaigns(self) -> tuple[str, ...]:
        """Campaigns that the ledger has deliveries of, this year's and earlier ones."""
        with self._database.read() as connection:
            return tuple(connection.execute(select(deliveries.c.campaign).distinct().order_by("campaign")).scalars())
