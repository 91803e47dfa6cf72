"""The list of readers: adding many, counting, reading all."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime

from sqlalchemy import Connection, RowMapping, func, insert, select

from ..domain.cadence import Cadence
from ..domain.reader import ConsentHow, Reader, ReaderState
from ..ports import AddResult, NewSubscriber
from .rows import Part
from .sending import may_be_written_to
from .tables import consents, hashed_suppressions, subscribers, suppressions

ACTIVE = str(ReaderState.ACTIVE)

#: A statement takes a limited number of values (SQLite: 32,766).
_AT_ONCE = 10_000


class SubscriberRows(Part):
    """The list of readers; see :class:`scheduler.ports.SubscriberList`."""

    def add_many(self, rows: Sequence[NewSubscriber], *, now: datetime) -> AddResult:
        """Add readers in one transaction; see :meth:`scheduler.ports.SubscriberList.add_many`."""
        keys = [row.key for row in rows]
        with self._database.write("subscribers", alone=False) as connection:
            barred = self._barred(connection, keys)
            there = _already_there(connection, keys)
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
                            "cadence": row.cadence,
                            "cadence_since_at": now,
                        }
                    )
            if new:
                connection.execute(subscribers.insert(), new)
                for source in dict.fromkeys(row["source"] for row in new):
                    _note_import(connection, str(source), now)
        return AddResult(**{name: tuple(places) for name, places in result.items()})

    def _barred(self, connection: Connection, keys: Sequence[str]) -> set[str]:
        """The keys that must not be added, by themselves or by their hash."""
        barred: set[str] = set()
        for start in range(0, len(keys), _AT_ONCE):
            part = keys[start : start + _AT_ONCE]
            found = select(suppressions.c.address_key).where(suppressions.c.address_key.in_(part))
            barred.update(connection.execute(found).scalars())
        if connection.execute(select(hashed_suppressions.c.address_hash).limit(1)).first() is None:
            return barred
        hashes = {self._database.address_hash(key): key for key in keys}
        wanted = list(hashes)
        for start in range(0, len(wanted), _AT_ONCE):
            found = select(hashed_suppressions.c.address_hash).where(
                hashed_suppressions.c.address_hash.in_(wanted[start : start + _AT_ONCE])
            )
            barred.update(hashes[one] for one in connection.execute(found).scalars())
        return barred

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
                .order_by(subscribers.c.state)
            )
            counts = {ACTIVE: int(active), **{state: int(n) for state, n in others}}
            counts["suppressed"] = sum(
                int(connection.execute(select(func.count()).select_from(table)).scalar_one())
                for table in (suppressions, hashed_suppressions)
            )
        return counts

    def count_by(self, what: str) -> Mapping[str, int]:
        """Readers who will be written to, by ``cadence`` or ``zone``; the empty zone is the campaign's."""
        column = {"cadence": subscribers.c.cadence, "zone": subscribers.c.zone}[what]
        query = (
            select(column, func.count())
            .where(may_be_written_to())
            .group_by(column)
            .order_by(func.count().desc(), column)
        )
        with self._database.read() as connection:
            return {str(value): int(count) for value, count in connection.execute(query)}

    def each_subscriber(self, *, at_once: int = 1_000) -> Iterator[Reader]:
        """All readers by id, read a page at a time; a page is found by the last id of the one before."""
        last = ""
        while True:
            query = select(subscribers).where(subscribers.c.id > last).order_by(subscribers.c.id).limit(at_once)
            with self._database.read() as connection:
                page = connection.execute(query).mappings().all()
            yield from map(as_reader, page)
            if len(page) < at_once:
                return
            last = page[-1]["id"]


def as_reader(row: RowMapping) -> Reader:
    return Reader(
        id=row["id"],
        address=row["address"],
        name=row["name"],
        zone=row["zone"],
        state=ReaderState(row["state"]),
        source=row["source"],
        created_at=row["created_at"],
        cadence=Cadence(row["cadence"]),
        cadence_since_at=row["cadence_since_at"],
        paused_until_at=row["paused_until_at"],
        asked_for_more_at=row["asked_for_more_at"],
    )


def _already_there(connection: Connection, keys: Sequence[str]) -> dict[str, tuple[str, datetime]]:
    """Of the keys that are on the list: where they came from, and when."""
    there: dict[str, tuple[str, datetime]] = {}
    known = select(subscribers.c.address_key, subscribers.c.source, subscribers.c.created_at)
    for start in range(0, len(keys), _AT_ONCE):
        part = keys[start : start + _AT_ONCE]
        for key, source, created_at in connection.execute(known.where(subscribers.c.address_key.in_(part))):
            there[key] = (source, created_at)
    return there


def _note_import(connection: Connection, source: str, now: datetime) -> None:
    """One line of consent for all readers of one import; they carry its source and instant."""
    same = (consents.c.subscriber_id == "", consents.c.source == source, consents.c.at == now)
    if connection.execute(select(consents.c.id).where(*same)).first() is None:
        what = "on a list of readers that the organisation brought in"
        connection.execute(insert(consents).values(source=source, at=now, how=str(ConsentHow.IMPORT), what=what))
