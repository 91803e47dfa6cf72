"""The list of readers: adding many, counting, reading all."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, RowMapping, func, insert, select

from ..domain.cadence import Cadence
from ..domain.subscriber import AddResult, ConsentHow, DeadAddresses, NewSubscriber, Subscriber, SubscriberState
from .repository import Repository, counts_from, may_be_written_to
from .tables import consents, hashed_suppressions, subscribers, suppressions

ACTIVE = str(SubscriberState.ACTIVE)

#: A statement takes a limited number of values (SQLite: 32,766).
_AT_ONCE = 10_000


class SubscriberListRepository(Repository):
    """The list of readers."""

    def add_many(self, rows: Sequence[NewSubscriber], *, now: datetime) -> AddResult:
        """Add readers in one transaction.

        The rows are put in first, and whoever cannot be added is left out by the statement itself; only when somebody
        was is it asked who, and why. Most of an import are new readers, and this is twice as fast for them.
        """
        if not rows:
            return AddResult()
        keys = [row.key for row in rows]
        with self._database.write("subscribers", alone=False) as connection:
            barred = self._barred_by_hash(connection, keys)
            wanted = [place for place, key in enumerate(keys) if key not in barred] if barred else range(len(rows))
            new = [rows[place] for place in wanted]
            added = _put_in(connection, new, [keys[place] for place in wanted], now)
            if added:
                for source in dict.fromkeys(row.source for row in new):
                    _note_import(connection, source, now)
            if added == len(rows):
                return AddResult()
            there = _on_the_list(connection, keys)
        result: dict[str, list[int]] = {"already_there": [], "suppressed": [], "repeated": []}
        for place, (row, key) in enumerate(zip(rows, keys, strict=True)):
            found = there.get(key)
            if key in barred or found is None or found.is_barred:
                result["suppressed"].append(place)
            elif found.id != row.subscriber_id:
                same_import = (found.source, found.created_at) == (row.source, now)
                result["repeated" if same_import else "already_there"].append(place)
        return AddResult(**{name: tuple(places) for name, places in result.items()})

    def _barred_by_hash(self, connection: Connection, keys: Sequence[str]) -> frozenset[str]:
        """The keys of addresses that are not kept and must not be added."""
        if connection.execute(select(hashed_suppressions.c.address_hash).limit(1)).first() is None:
            return frozenset()
        hashes = {hashed: key for key in keys for hashed in self._database.address_hashes(key)}
        barred: set[str] = set()
        for part in _parts(list(hashes)):
            query = select(hashed_suppressions.c.address_hash).where(hashed_suppressions.c.address_hash.in_(part))
            barred.update(hashes[one] for one in connection.execute(query).scalars())
        return frozenset(barred)

    def count(self) -> Mapping[str, int]:
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

    def dead_addresses(self) -> DeadAddresses:
        """Readers whose addresses do not exist any more, and since when the latest of them is barred."""
        latest = select(func.max(suppressions.c.at)).join(
            subscribers, subscribers.c.address_key == suppressions.c.address_key
        )
        dead = subscribers.c.state == str(SubscriberState.BOUNCED)
        with self._database.read() as connection:
            count = connection.execute(select(func.count()).select_from(subscribers).where(dead)).scalar_one()
            return DeadAddresses(int(count), connection.execute(latest.where(dead)).scalar())

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

    def each(self, *, at_once: int = 1_000) -> Iterator[Subscriber]:
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


def as_reader(row: RowMapping) -> Subscriber:
    return Subscriber(
        id=row["id"],
        address=row["address"],
        name=row["name"],
        zone=row["zone"],
        state=SubscriberState(row["state"]),
        source=row["source"],
        created_at=row["created_at"],
        cadence=Cadence(row["cadence"]),
        cadence_since_at=row["cadence_since_at"],
        paused_until_at=row["paused_until_at"],
        asked_for_more_at=row["asked_for_more_at"],
    )


_COLUMNS = (
    "id",
    "address",
    "address_key",
    "name",
    "zone",
    "state",
    "source",
    "created_at",
    "cadence",
    "cadence_since_at",
)


def _put_in(connection: Connection, new: Sequence[NewSubscriber], keys: Sequence[str], now: datetime) -> int:
    """Add the readers who are neither on the list nor barred. Returns how many were added.

    Written for the driver: SQLAlchemy's own way looks at each value of each row again, which costs twice what the
    database does. Both databases know these words.
    """
    if not new:
        return 0
    dialect = connection.dialect
    to_stored = subscribers.c.created_at.type.dialect_impl(dialect).bind_processor(dialect)
    since = counts_from(connection, now)
    at, since = (to_stored(now), to_stored(since)) if to_stored is not None else (now, since)
    values = [
        (r.subscriber_id, r.address, key, r.name, r.zone or "", ACTIVE, r.source, at, r.cadence.value, since, key)
        for r, key in zip(new, keys, strict=True)
    ]
    if dialect.name == "sqlite":
        marks = ["?"] * len(values[0])
    else:  # PostgreSQL wants to know what a value that stands alone is
        marks = [f"CAST(%s AS {'timestamptz' if name.endswith('_at') else 'text'})" for name in (*_COLUMNS, "key")]
    statement = (
        f"INSERT INTO subscribers ({', '.join(_COLUMNS)}) SELECT {', '.join(marks[:-1])} "  # noqa: S608 - our words only
        f"WHERE NOT EXISTS (SELECT 1 FROM suppressions WHERE address_key = {marks[-1]}) "
        "ON CONFLICT (address_key) DO NOTHING"
    )
    return int(connection.exec_driver_sql(statement, values).rowcount)


@dataclass(frozen=True, slots=True)
class _OnTheList:
    """What a reader's row says to somebody who wants to add the same address."""

    id: str
    source: str
    created_at: datetime
    is_barred: bool


def _on_the_list(connection: Connection, keys: Sequence[str]) -> dict[str, _OnTheList]:
    there: dict[str, _OnTheList] = {}
    for part in _parts(keys):
        query = (
            select(
                subscribers.c.address_key,
                subscribers.c.id,
                subscribers.c.source,
                subscribers.c.created_at,
                suppressions.c.address_key.is_not(None),
            )
            .outerjoin(suppressions, suppressions.c.address_key == subscribers.c.address_key)
            .where(subscribers.c.address_key.in_(part))
        )
        for key, *rest in connection.execute(query):
            there[key] = _OnTheList(*rest)
    return there


def _parts(values: Sequence[str]) -> Iterator[Sequence[str]]:
    return (values[start : start + _AT_ONCE] for start in range(0, len(values), _AT_ONCE))


def _note_import(connection: Connection, source: str, now: datetime) -> None:
    """One line of consent for all readers of one import; they carry its source and instant."""
    same = (consents.c.subscriber_id == "", consents.c.source == source, consents.c.at == now)
    if connection.execute(select(consents.c.id).where(*same)).first() is None:
        what = "on a list of readers that the organisation brought in"
        connection.execute(insert(consents).values(source=source, at=now, how=str(ConsentHow.IMPORT), what=what))
