"""Counting anew what is kept in numbers: whether each says what the rows do."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Connection, Table, delete, exists, func, insert, select

from .events import append
from .kept_counts import ALLOWED, GROUP, REPORTED
from .reads import ANYWHERE, DEAD, BarGroup, Group
from .repository import Repository, transaction
from .tables import (
    batch_counts,
    batches,
    fate_counts,
    hashed_suppressions,
    recipients,
    subscriber_counts,
    subscribers,
    subscriptions,
    suppression_counts,
    suppressions,
)

#: What a row of such a table is about -> its numbers.
Numbers = Mapping[tuple[Any, ...], tuple[int, ...]]


class CountDifference(NamedTuple):
    """A row of numbers that are not what counting gives."""

    table: Table
    of: tuple[object, ...]
    kept: tuple[int, ...]
    counted: tuple[int, ...]


class CountRepository(Repository):
    """The numbers that are kept beside what they count."""

    def wrong(self, *, fates: bool = True) -> tuple[CountDifference, ...]:
        """Count everything, and say which numbers are others: none. ``fates`` False: without those of reports, for
        which all recipients of all mailings are walked over."""
        with self._database.read() as connection:
            return _wrong(connection, fates=fates)

    @transaction("recount")
    def recount(self, connection: Connection, *, who: str, now: datetime) -> tuple[CountDifference, ...]:
        """Count everything anew, and keep what is so. Returns what was not."""
        found = _wrong(connection, fates=True)
        for table, of, _, counted in found:
            row = dict(zip((column.name for column in table.columns), (*of, *counted), strict=True))
            same = [column == value for column, value in zip(table.primary_key, of, strict=True)]
            connection.execute(delete(table).where(*same))
            if any(counted):
                connection.execute(insert(table).values(**row))
        if found:
            append(connection, at=now, kind="counts.mended", who=who, numbers=len(found))
        return found


def _wrong(connection: Connection, *, fates: bool) -> tuple[CountDifference, ...]:
    tables = [
        (subscriber_counts, _subscribers(connection)),
        (suppression_counts, _bars(connection)),
        (batch_counts, _batches(connection)),
    ]
    if fates:
        tables.append((fate_counts, _fates(connection)))
    found: list[CountDifference] = []
    for table, counted in tables:
        size, kept = len(table.primary_key), {}
        for row in connection.execute(select(table)):
            kept[tuple(row[:size])] = tuple(row[size:])
        nothing = (0,) * (len(table.columns) - size)
        pairs = ((of, kept.get(of, nothing), counted.get(of, nothing)) for of in dict.fromkeys((*kept, *counted)))
        found += [CountDifference(table, of, before, after) for of, before, after in pairs if before != after]
    return tuple(found)


def _subscribers(connection: Connection) -> Numbers:
    query = (
        select(*GROUP, func.count())
        .join(subscribers, subscribers.c.id == subscriptions.c.subscriber_id, isouter=True)
        .group_by(*GROUP)
    )
    groups: dict[tuple[Any, ...], tuple[int, ...]] = {}
    is_any_dead = False
    for *of, number in connection.execute(query):
        groups[group := Group._make(of)] = (int(number),)
        is_any_dead |= group.state == DEAD.state
    if is_any_dead:  # else a second walk over all of them would find none
        dead = select(func.count(subscriptions.c.subscriber_id.distinct())).where(subscriptions.c.state == DEAD.state)
        groups[DEAD] = (int(connection.execute(dead).scalar_one()),)
    return groups


def _bars(connection: Connection) -> Numbers:
    groups: Counter[BarGroup] = Counter()
    for table in (suppressions, hashed_suppressions):
        key, other = table.primary_key.columns[0], table.alias("other")
        its_key = other.c[key.name]
        bars, is_own = table.c.reason != ALLOWED, table.c.campaign != ""
        by_campaign = select(table.c.campaign, func.count()).group_by(table.c.campaign)
        for campaign, number in connection.execute(by_campaign.where(bars)):
            groups[BarGroup(campaign)] += int(number)
        beside = exists().where(its_key == key, other.c.campaign == "", other.c.reason != ALLOWED)
        for campaign, number in connection.execute(by_campaign.where(is_own, beside)):
            groups[BarGroup(campaign)] -= int(number)
        is_back = exists().where(its_key == key, other.c.reason == ALLOWED)
        groups[ANYWHERE] += int(connection.execute(select(func.count(key.distinct())).where(~is_back)).scalar_one())
    return {of: (number,) for of, number in groups.items()}


def _batches(connection: Connection) -> Numbers:
    of = (batches.c.delivery_id, batches.c.state)
    query = select(*of, func.count(), func.sum(batches.c.skipped), func.sum(batches.c.size)).group_by(*of)
    return {(i, state): (int(n), int(skipped), int(size)) for i, state, n, skipped, size in connection.execute(query)}


def _fates(connection: Connection) -> Numbers:
    of = (recipients.c.delivery_id, recipients.c.state)
    query = select(*of, func.count()).where(recipients.c.state.in_(REPORTED)).group_by(*of)
    return {(delivery_id, state): (int(n),) for delivery_id, state, n in connection.execute(query)}
