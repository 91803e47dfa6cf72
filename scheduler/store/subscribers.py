"""Readers, and addresses that must not be written to."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import func, select, update

from ..ports import AddResult, NewSubscriber
from .events import append
from .rows import Part
from .sending import ACTIVE, may_be_written_to
from .tables import subscribers, suppressions

UNSUBSCRIBED = "unsubscribed"

#: A statement takes a limited number of values (SQLite: 32,766).
_AT_ONCE = 10_000


@dataclass(frozen=True, slots=True)
class Subscriber:
    """A reader as stored."""

    id: str
    address: str = field(repr=False)
    name: str = field(repr=False)
    zone: str
    state: str
    source: str
    created_at: datetime


class SubscriberRows(Part):
    """The list of readers; see :class:`scheduler.ports.SubscriberList`."""

    def add_many(self, rows: Sequence[NewSubscriber], *, now: datetime) -> AddResult:
        """Add readers in one transaction; see :meth:`scheduler.ports.SubscriberList.add_many`."""
        keys = [row.key for row in rows]
        with self._database.write("subscribers", alone=False) as connection:
            barred: set[str] = set()
            there: dict[str, tuple[str, datetime]] = {}
            for start in range(0, len(keys), _AT_ONCE):
                part = keys[start : start + _AT_ONCE]
                barred.update(
                    connection.execute(
                        select(suppressions.c.address_key).where(suppressions.c.address_key.in_(part))
                    ).scalars()
                )
                known = select(subscribers.c.address_key, subscribers.c.source, subscribers.c.created_at)
                for key, source, created_at in connection.execute(known.where(subscribers.c.address_key.in_(part))):
                    there[key] = (source, created_at)
            result: dict[str, list[int]] = {"already_there": [], "suppressed": [], "repeated": []}
            new = []
            for place, (row, key) in enumerate(zip(rows, keys, strict=True)):
                if key in barred:
                    result["suppressed"].append(place)
                elif key in there:
                    same_import = there[key] == (row.source, now)
                    result["repeated" if same_import else "already_there"].append(place)
                else:
                    new.append(
                        {
                            "id": row.subscriber_id,
                            "address": row.address,
                            "address_key": key,
                            "name": row.name,
                            "zone": row.zone or "",
                            "state": ACTIVE,
                            "source": row.source,
                            "created_at": now,
                        }
                    )
            if new:
                connection.execute(subscribers.insert(), new)
        return AddResult(**{name: tuple(places) for name, places in result.items()})

    def count_subscribers(self) -> Mapping[str, int]:
        """Readers by state; ``active`` are those who will be written to, ``suppressed`` all barred addresses."""
        with self._database.read() as connection:
            active = connection.execute(
                select(func.count()).select_from(subscribers).where(may_be_written_to())
            ).scalar_one()
            others = connection.execute(
                select(subscribers.c.state, func.count())
                .where(subscribers.c.state != ACTIVE)
                .group_by(subscribers.c.state)
            )
            counts = {ACTIVE: int(active), **{state: int(n) for state, n in others}}
            counts["suppressed"] = int(
                connection.execute(select(func.count()).select_from(suppressions)).scalar_one()
            )
        return counts

    def each_subscriber(self, *, at_once: int = 1_000) -> Iterator[Subscriber]:
        """All readers by id, read a page at a time; a page is found by the last id of the one before."""
        last = ""
        while True:
            query = select(subscribers).where(subscribers.c.id > last).order_by(subscribers.c.id).limit(at_once)
            with self._database.read() as connection:
                page = connection.execute(query).mappings().all()
            for row in page:
                yield Subscriber(
                    id=row["id"],
                    address=row["address"],
                    name=row["name"],
                    zone=row["zone"],
                    state=row["state"],
                    source=row["source"],
                    created_at=row["created_at"],
                )
            if len(page) < at_once:
                return
            last = page[-1]["id"]

    def unsubscribe(self, subscriber_id: str, *, reason: str, now: datetime, source: str = "") -> bool:
        """A reader leaves: in force before the next call. The address is barred, so that no later import brings it
        back. False when there is no such reader, or they had left."""
        with self._database.write("unsubscribe") as connection:
            row = (
                connection.execute(select(subscribers).where(subscribers.c.id == subscriber_id)).mappings().first()
            )
            if row is None or row["state"] == UNSUBSCRIBED:
                return False
            connection.execute(
                update(subscribers).where(subscribers.c.id == subscriber_id).values(state=UNSUBSCRIBED)
            )
            barred = select(suppressions.c.reason).where(suppressions.c.address_key == row["address_key"])
            if connection.execute(barred).first() is None:
                connection.execute(
                    suppressions.insert().values(
                        address_key=row["address_key"],
                        subscriber_id=subscriber_id,
                        reason=reason,
                        source=source,
                        at=now,
                    )
                )
            append(
                connection, at=now, kind="subscriber.left", who=source or "reader", subscriber=subscriber_id, why=reason
            )
        return True
