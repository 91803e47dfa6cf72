"""Armings: live sends of a season are allowed, until somebody forbids them again."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime

from sqlalchemy import Connection, select, update

from ..domain.reason import ReasonCode
from ..domain.records import Arming
from ..domain.redact import person
from ..domain.season_key import SeasonKey
from .events import append
from .repository import Repository, forget_reasons, in_season
from .tables import armings, deliveries


class ArmingRepository(Repository):
    """Which seasons may be sent live."""

    def arm(self, key: SeasonKey, *, who: str, now: datetime) -> bool:
        """Allow live sends for a season. False when it was armed already."""
        with self._database.write("arm") as connection:
            if read_arming(connection, key):
                return False
            connection.execute(armings.insert().values(**asdict(key), who=person(who), armed_at=now))
            append(connection, at=now, kind="season.armed", who=who, **asdict(key))
            forget_reasons(connection, now, (ReasonCode.NOT_ARMED,), in_season(deliveries, key))
        return True

    def disarm(self, key: SeasonKey, *, who: str, now: datetime) -> bool:
        """Forbid live sends for a season; in force before the next call. False when it was not armed."""
        with self._database.write("disarm") as connection:
            changed = connection.execute(
                update(armings)
                .where(in_season(armings, key), armings.c.disarmed_at.is_(None))
                .values(disarmed_at=now, disarmed_by=person(who))
            ).rowcount
            if changed:
                append(connection, at=now, kind="season.disarmed", who=who, **asdict(key))
        return bool(changed)

    def find(self, key: SeasonKey) -> Arming | None:
        with self._database.read() as connection:
            return read_arming(connection, key)

    def is_armed(self, key: SeasonKey) -> bool:
        return self.find(key) is not None


def read_arming(connection: Connection, key: SeasonKey) -> Arming | None:
    query = select(armings).where(in_season(armings, key), armings.c.disarmed_at.is_(None))
    row = connection.execute(query).mappings().first()
    return Arming(key.campaign, key.season, row["who"], row["armed_at"]) if row else None
