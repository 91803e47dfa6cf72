"""Armings: live sends of a season are allowed, until somebody forbids them again."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, select, update

from ..domain.reason import ReasonCode
from ..domain.records import Arming
from ..domain.redact import person
from .events import append
from .repository import (
    Repository,
    forget_reasons,
)
from .tables import armings, deliveries


class ArmingRepository(Repository):
    """Which seasons may be sent live."""

    def arm(self, campaign: str, season: int, *, who: str, now: datetime) -> bool:
        """Allow live sends for a season. False when it was armed already."""
        with self._database.write("arm") as connection:
            if read_arming(connection, campaign, season):
                return False
            connection.execute(armings.insert().values(campaign=campaign, season=season, who=person(who), armed_at=now))
            append(connection, at=now, kind="season.armed", who=who, campaign=campaign, season=season)
            of_season = (deliveries.c.campaign == campaign, deliveries.c.season == season)
            forget_reasons(connection, now, (ReasonCode.NOT_ARMED,), *of_season)
        return True

    def disarm(self, campaign: str, season: int, *, who: str, now: datetime) -> bool:
        """Forbid live sends for a season; in force before the next call. False when it was not armed."""
        with self._database.write("disarm") as connection:
            changed = connection.execute(
                update(armings)
                .where(armings.c.campaign == campaign, armings.c.season == season, armings.c.disarmed_at.is_(None))
                .values(disarmed_at=now, disarmed_by=person(who))
            ).rowcount
            if changed:
                append(connection, at=now, kind="season.disarmed", who=who, campaign=campaign, season=season)
        return bool(changed)

    def find(self, campaign: str, season: int) -> Arming | None:
        with self._database.read() as connection:
            return read_arming(connection, campaign, season)

    def is_armed(self, campaign: str, season: int) -> bool:
        return self.find(campaign, season) is not None


def read_arming(connection: Connection, campaign: str, season: int) -> Arming | None:
    query = select(armings).where(
        armings.c.campaign == campaign, armings.c.season == season, armings.c.disarmed_at.is_(None)
    )
    row = connection.execute(query).mappings().first()
    return Arming(campaign, season, row["who"], row["armed_at"]) if row else None
