"""The list of readers: adding many, counting, reading all, and the end of a season.

Then readers are deleted unless they asked to be kept; what is barred stays barred.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Row,
    and_,
    delete,
    exists,
    func,
    insert,
    not_,
    select,
    update,
)

from ..domain.cadence import Cadence
from ..domain.receipt import Barred
from ..domain.season_key import SeasonKey
from ..domain.subscriber import (
    ON_THE_LIST,
    AddResult,
    ConsentHow,
    DeadAddresses,
    NewSubscriber,
    SeasonClosed,
    Subscriber,
    SubscriberState,
)
from .events import append
from .repository import (
    Repository,
    all_rows,
    count,
    counts_from,
    in_season,
    may_be_written_to,
    parts_of,
    row_to,
    transaction,
)
from .tables import (
    cadences,
    confirmations,
    consents,
    deliveries,
    events,
    hashed_suppressions,
    letters,
    sign_ups,
    subscribers,
    suppressions,
)

ACTIVE = str(SubscriberState.ACTIVE)

#: A statement takes a limited number of values (SQLite: 32,766).
_AT_ONCE = 10_000


class SubscriberListRepository(Repository):
    """The list of readers, and its end."""

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
        for part in parts_of([*hashes], _AT_ONCE):
            query = select(hashed_suppressions.c.address_hash).where(hashed_suppressions.c.address_hash.in_(part))
            barred.update(hashes[one] for one in connection.execute(query).scalars())
        return frozenset(barred)

    def count(self) -> Mapping[str, int]:
        """Readers by state; ``active`` are those who will be written to, ``suppressed`` all barred addresses."""
        with self._database.read() as connection:
            active = count(connection, subscribers, may_be_written_to())
            others = connection.execute(
                select(subscribers.c.state, func.count())
                .where(subscribers.c.state != ACTIVE)
                .group_by(subscribers.c.state)
                .order_by(subscribers.c.state)
            )
            counts = {ACTIVE: active, **{state: int(n) for state, n in others}}
            barred = sum(count(connection, table) for table in (suppressions, hashed_suppressions))
        return {**counts, "suppressed": barred}

    def dead_addresses(self) -> DeadAddresses:
        """Readers whose addresses do not exist any more, and since when the latest of them is barred."""
        latest = select(func.max(suppressions.c.at)).join(
            subscribers, subscribers.c.address_key == suppressions.c.address_key
        )
        dead = subscribers.c.state == str(SubscriberState.BOUNCED)
        with self._database.read() as connection:
            return DeadAddresses(count(connection, subscribers, dead), connection.execute(latest.where(dead)).scalar())

    def count_by(self, what: str) -> Mapping[str, int]:
        """Readers who will be written to, by ``cadence`` or ``zone``; the empty zone is the campaign's."""
        column = {"cadence": subscribers.c.cadence, "zone": subscribers.c.zone}[what]
        query = (
            select(column, func.count())
            .where(may_be_written_to())
            .group_by(column)
            .order_by(func.count().desc(), column)
        )
        return {str(value): int(readers) for value, readers in self._read(query)}

    def each(self, *, at_once: int = 1_000) -> Iterator[Subscriber]:
        """All readers by id, read a page at a time; a page is found by the last id of the one before."""
        last = ""
        while True:
            query = select(subscribers).where(subscribers.c.id > last).order_by(subscribers.c.id).limit(at_once)
            page = self._read(query).mappings().all()
            yield from map(as_reader, page)
            if len(page) < at_once:
                return
            last = page[-1]["id"]

    # -- the end of a season ------------------------------------------------------------------------------

    def kept_on_request(self) -> int:
        """How many of those on the list asked to hear of the next season."""
        return int(self._read(select(func.count()).select_from(subscribers).where(_asked_to_be_kept())).scalar_one())

    def end_of_season(self, key: SeasonKey) -> datetime | None:
        """When the last window of a season closes; None for a season that this ledger has nothing of."""
        planned = select(func.max(deliveries.c.expires_at)).where(in_season(deliveries, key))
        end: datetime | None = self._read(planned).scalar()
        return end

    def of_season(self, key: SeasonKey) -> int:
        """Readers who are still on the list of a season that was planned, and was not closed; else 0.

        Who asked to be kept does not count.
        """
        end = self.end_of_season(key)
        with self._database.read() as connection:
            closings = select(events.c.data).where(events.c.kind == CLOSED)
            closed = (json.loads(data) for data in connection.execute(closings).scalars())
            if end is None or any(SeasonKey(c["campaign"], c["season"]) == key for c in closed):
                return 0
            return count(connection, subscribers, and_(not_(_asked_to_be_kept()), _came_before(end)))

    def close_season(
        self, key: SeasonKey, *, keep_who_asked: bool, came_before: datetime, who: str, now: datetime
    ) -> SeasonClosed:
        """Delete the readers who came before the season's end, a part at a time. Interrupted, it is run again.

        What went out stays in the ledger with the readers' random ids, and so does what they agreed to. Addresses that
        are barred are replaced by keyed hashes.
        """
        gone = _came_before(came_before)
        if keep_who_asked:
            gone = and_(gone, not_(_asked_to_be_kept()))
        deleted = 0
        while part := self._delete_part(gone):
            deleted += part
        while self._hash_part():
            pass
        with self._database.write("season_end") as connection:
            self._database.overwrite_deleted(connection)
            # Who signed up for the next season keeps their link and their letter: else they could never say yes, and
            # whoever does not confirm is forgotten by that link.
            for table in (confirmations, letters):
                of_nobody = ~exists().where(subscribers.c.id == table.c.subscriber_id)
                connection.execute(delete(table).where(of_nobody))
            connection.execute(delete(sign_ups).where(sign_ups.c.at < came_before))
            kept = count(connection, subscribers)
            barred = count(connection, hashed_suppressions)
            append(connection, at=now, kind=CLOSED, who=who, **asdict(key), deleted=deleted, kept=kept, barred=barred)
            number = self._database.number_of(connection)
        left = self._database.forget_deleted(subscribers.name, suppressions.name, deleted_by=number)
        return SeasonClosed(deleted, kept, barred, left)

    @transaction("season_end")
    def _delete_part(self, connection: Connection, gone: ColumnElement[bool]) -> int:
        self._database.overwrite_deleted(connection)
        part = select(subscribers.c.id).where(gone).order_by(subscribers.c.id).limit(_DELETED_AT_ONCE)
        ids = list(connection.execute(part).scalars())
        for some in parts_of(ids):
            connection.execute(delete(cadences).where(cadences.c.subscriber_id.in_(some)))
            connection.execute(delete(subscribers).where(subscribers.c.id.in_(some)))
        return len(ids)

    @transaction("season_end")
    def _hash_part(self, connection: Connection) -> int:
        """Turn barred addresses into hashes. A complaint is the stronger reason where both are there."""
        self._database.overwrite_deleted(connection)
        rows = all_rows(connection, select(suppressions).limit(_DELETED_AT_ONCE))
        for row in rows:
            hashes = self._database.address_hashes(row["address_key"])
            by_hash = hashed_suppressions.c.address_hash.in_(hashes)
            before = set(connection.execute(select(hashed_suppressions.c.reason).where(by_hash)).scalars())
            if before and Barred.COMPLAINED in (*before, row["reason"]):
                connection.execute(update(hashed_suppressions).where(by_hash).values(reason=str(Barred.COMPLAINED)))
            elif not before:
                connection.execute(
                    insert(hashed_suppressions).values(
                        address_hash=hashes[0],
                        subscriber_id=row["subscriber_id"],
                        reason=row["reason"],
                        source=row["source"],
                        at=row["at"],
                    )
                )
            connection.execute(delete(suppressions).where(suppressions.c.address_key == row["address_key"]))
        return len(rows)


as_reader = row_to(Subscriber, state=SubscriberState, cadence=Cadence)

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


def _on_the_list(connection: Connection, keys: Sequence[str]) -> dict[str, Row[*tuple[Any, ...]]]:
    """Address key -> what a reader's row says to somebody who wants to add the same address."""
    columns = (subscribers.c.address_key, subscribers.c.id, subscribers.c.source, subscribers.c.created_at)
    query = select(*columns, suppressions.c.address_key.is_not(None).label("is_barred")).outerjoin(
        suppressions, suppressions.c.address_key == subscribers.c.address_key
    )
    of_keys = (query.where(subscribers.c.address_key.in_(part)) for part in parts_of(keys, _AT_ONCE))
    return {row.address_key: row for part in of_keys for row in connection.execute(part)}


def _note_import(connection: Connection, source: str, now: datetime) -> None:
    """One line of consent for all readers of one import; they carry its source and instant."""
    same = (consents.c.subscriber_id == "", consents.c.source == source, consents.c.at == now)
    if connection.execute(select(consents.c.id).where(*same)).first() is None:
        what = "on a list of readers that the organization brought in"
        connection.execute(insert(consents).values(source=source, at=now, how=str(ConsentHow.IMPORT), what=what))


#: The line of the history that says so.
CLOSED = "season.list-closed"

#: Readers deleted in one commit: others can write between two of them.
_DELETED_AT_ONCE = 20_000


def _asked_to_be_kept() -> ColumnElement[bool]:
    return and_(subscribers.c.state.in_([str(s) for s in ON_THE_LIST]), subscribers.c.asked_for_more_at.is_not(None))


def _came_before(end: datetime) -> ColumnElement[bool]:
    """Readers of a season; not those who came, or came back, after it. A form that waits for its yes counts too."""
    said_again = exists().where(
        consents.c.subscriber_id == subscribers.c.id,
        consents.c.how.in_([str(ConsentHow.CONFIRMED), str(ConsentHow.ADDED)]),
        consents.c.at >= end,
    )
    asked_again = exists().where(
        confirmations.c.subscriber_id == subscribers.c.id,
        confirmations.c.used_at.is_(None),
        confirmations.c.made_at >= end,
        subscribers.c.state == str(SubscriberState.PENDING),
    )
    return and_(subscribers.c.created_at < end, not_(said_again), not_(asked_again))
