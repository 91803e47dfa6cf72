"""What a person decides about one delivery: hold, let go, leave out, try again. And what the last check looks at."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import update

from ..domain.delivery import Verb
from ..domain.reason import Reason, ReasonCode, as_data, because
from ..domain.records import SendSnapshot
from ..domain.redact import person
from ..domain.season_key import SeasonKey
from .approvals import read_approvals
from .armings import read_arming
from .batches import newly_left
from .change_requests import read_requests
from .events import append
from .holds import read_holds
from .repository import (
    Repository,
    as_batch,
    as_delivery,
    read_batch,
    read_delivery,
    transition_all,
)
from .tables import batches, deliveries


class DeliveryActRepository(Repository):
    """What a person decides about one delivery, and what the last check looks at."""

    def hold(self, delivery_id: int, *, who: str, why: str, now: datetime) -> bool:
        return self._act(delivery_id, Verb.HOLD, who, (because(ReasonCode.HELD_BACK, who=person(who), why=why),), now)

    def release(self, delivery_id: int, *, who: str, now: datetime) -> bool:
        """Let a held delivery go, if its window is still open at the next pass."""
        return self._act(delivery_id, Verb.RELEASE, who, (), now)

    def skip(self, delivery_id: int, *, who: str, why: str, now: datetime) -> bool:
        """Leave out what has not gone yet of a delivery."""
        return self._act(delivery_id, Verb.SKIP, who, (because(ReasonCode.SKIPPED_BY, who=person(who), why=why),), now)

    def retry(self, delivery_id: int, *, who: str, now: datetime) -> bool:
        """Another try of what certainly did not go out, while its window is open."""
        with self._database.read() as connection:
            row = read_delivery(connection, delivery_id)
        if row is None or row["expires_at"] <= now:
            return False
        return self._act(delivery_id, Verb.RETRY, who, (), now)

    def _act(self, delivery_id: int, verb: Verb, who: str, reasons: tuple[Reason, ...], now: datetime) -> bool:
        with self._database.write("act") as connection:
            row = read_delivery(connection, delivery_id)
            if row is None:
                return False
            # Since when a person wants nothing more of it; another try that a person asks for is the newer word.
            since = {Verb.SKIP: now, Verb.RETRY: None}.get(verb, row["skipped_at"])
            mine = update(deliveries).where(deliveries.c.id == delivery_id)
            connection.execute(mine.values(skipped_at=since))
            if not transition_all(connection, row, verb, now, reasons=reasons):
                connection.execute(mine.values(skipped_at=row["skipped_at"]))
                return False
            if verb is Verb.RETRY:
                connection.execute(update(batches).where(batches.c.delivery_id == delivery_id).values(tries=0))
            kind = f"delivery.{verb}"
            append(connection, at=now, kind=kind, who=who, delivery_id=delivery_id, reasons=as_data(reasons))
        return True

    def snapshot(self, delivery_id: int, batch_id: int | None = None) -> SendSnapshot | None:
        """What the last check looks at, in one look."""
        with self._database.read() as connection:
            row = read_delivery(connection, delivery_id)
            if row is None:
                return None
            key = SeasonKey(row["campaign"], row["season"])
            batch = read_batch(connection, batch_id) if batch_id is not None else None
            return SendSnapshot(
                delivery=as_delivery(row),
                batch=as_batch(batch) if batch is not None else None,
                armed=read_arming(connection, key),
                holds=tuple(h for h in read_holds(connection) if h.covers(row["channel"])),
                approvals=read_approvals(connection, key, row["item"], row["channel"]),
                requests=read_requests(connection, key, row["item"], row["channel"]),
                newly_left=newly_left(connection, batch) if batch is not None and row["kind"] == "email" else 0,
            )
