"""Numbers that grow with no list: kept by whoever changes what they count, in the same transaction.

Before a subscription, a person's zone, or what bars an address is changed, it is said whose it is: what they count for
is taken off then, and what they count for in the end is added when the transaction is about to be committed. So it does
not matter what was done to them meanwhile, in how many steps, and by whom. One program writes at a time, so nobody
else's change falls between the two. See docs/decisions/0044.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any, NamedTuple

from sqlalchemy import (
    BindParameter,
    Connection,
    Delete,
    Insert,
    Select,
    Table,
    Update,
    bindparam,
    case,
    func,
    select,
)

from ..domain.receipt import Fate
from ..domain.subscriber import SubscriberState
from . import by_driver
from .reads import ANYWHERE, DEAD, NO_END, BarGroup, Group
from .shared_commit import BEFORE_COMMIT
from .tables import (
    hashed_suppressions,
    subscriber_counts,
    subscribers,
    subscriptions,
    suppression_counts,
    suppressions,
)

#: In place of a reason: what bars the address from all campaigns, or from another edition of this one, does not bar it
#: from this one, to which its reader has come back.
ALLOWED = "allowed"


#: A statement takes a limited number of values (SQLite: 32,766).
_AT_ONCE = 10_000
#: States of a recipient that say what a provider reported.
REPORTED = sorted({fate.state for fate in Fate})
_CHANGED = "counts"
_BOUNCED = str(SubscriberState.BOUNCED)


class FateGroup(NamedTuple):
    """Recipients of a delivery in one state, by what providers reported; store/receipts.py keeps the number."""

    delivery_id: int
    state: str


class Changed:
    """What one transaction has changed, of what is counted."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._persons: set[str] = set()
        self._keys: dict[Table, set[str]] = {suppressions: set(), hashed_suppressions: set()}
        self._groups: Counter[Group] = Counter()
        self._bars: Counter[BarGroup] = Counter()

    def persons(self, ids: Collection[str]) -> None:
        new = [i for i in ids if i not in self._persons]
        self._groups.subtract(_groups_of(self._connection, new))
        self._persons.update(new)

    def keys(self, table: Table, keys: Collection[str]) -> None:
        new = [key for key in keys if key not in self._keys[table]]
        self._bars.subtract(_bars_of(self._connection, table, new))
        self._keys[table].update(new)

    def add(self, groups: Mapping[Group, int]) -> None:
        self._groups.update(groups)

    def write_down(self) -> None:
        self._groups.update(_groups_of(self._connection, [*self._persons]))
        for table, keys in self._keys.items():
            self._bars.update(_bars_of(self._connection, table, [*keys]))
        add_to(self._connection, subscriber_counts, self._groups)
        add_to(self._connection, suppression_counts, self._bars)


def about_to_change(connection: Connection, ids: str | Collection[str] | Select[str]) -> None:
    """Subscriptions of these persons, or their zones, are about to be made, changed or deleted."""
    if isinstance(ids, Select):
        ids = list(connection.execute(ids).scalars())
    _changed(connection).persons((ids,) if isinstance(ids, str) else ids)


def about_to_bar(connection: Connection, table: Table, keys: str | Collection[str]) -> None:
    """Lines about these addresses (``table``: of addresses, or of their hashes) are about to be made, changed or
    deleted."""
    _changed(connection).keys(table, (keys,) if isinstance(keys, str) else keys)


def count_new(connection: Connection, groups: Mapping[Group, int]) -> None:
    """So many subscriptions were made for persons of whom nothing else is changed, and who were not named: an import
    counts its own, in place of reading a million of them again."""
    _changed(connection).add(groups)


def _changed(connection: Connection) -> Changed:
    pending: dict[str, Changed] = connection.info[BEFORE_COMMIT]
    if _CHANGED not in pending:
        pending[_CHANGED] = Changed(connection)
    return pending[_CHANGED]


def _parts(values: Sequence[str]) -> Iterator[Sequence[str]]:
    return (values[start : start + _AT_ONCE] for start in range(0, len(values), _AT_ONCE))


GROUP: tuple[Any, ...] = (
    subscriptions.c.campaign,
    subscriptions.c.state,
    subscriptions.c.cadence,
    func.coalesce(subscribers.c.zone, "").label("zone"),
    func.coalesce(subscriptions.c.ends_on, NO_END).label("ends_on"),
    case((subscriptions.c.asked_for_more_at.is_(None), 0), else_=1).label("asked"),
)

_SUBSCRIPTIONS = (
    select(*GROUP, subscriptions.c.subscriber_id)
    .join(subscribers, subscribers.c.id == subscriptions.c.subscriber_id, isouter=True)
    .where(subscriptions.c.subscriber_id.in_(bindparam("ids", expanding=True)))
)


def _groups_of(connection: Connection, ids: Sequence[str]) -> Counter[Group]:
    groups: Counter[Group] = Counter()
    for part in _parts(ids):
        dead = set()
        for *of, subscriber_id in connection.execute(_SUBSCRIPTIONS, {"ids": part}):
            group = Group._make(of)
            groups[group] += 1
            if group.state == _BOUNCED:
                dead.add(subscriber_id)
        groups[DEAD] += len(dead)
    return groups


_KEYS = {table: table.primary_key.columns[0] for table in (suppressions, hashed_suppressions)}
_LINES = {
    table: select(key, table.c.campaign, table.c.reason).where(key.in_(bindparam("keys", expanding=True)))
    for table, key in _KEYS.items()
}


def _bars_of(connection: Connection, table: Table, keys: Sequence[str]) -> Counter[BarGroup]:
    groups = Counter[BarGroup]()
    for part in _parts(keys):
        lines: dict[str, dict[str, bool]] = {}  # key -> campaign -> whether it is barred from it
        for value, campaign, reason in connection.execute(_LINES[table], {"keys": part}):
            lines.setdefault(value, {})[campaign] = reason != ALLOWED
        for of in lines.values():
            groups[ANYWHERE] += all(of.values())
            for campaign, is_barred in of.items():
                groups[BarGroup(campaign)] += is_barred - (campaign != "" and of.get("", False))
    return groups


def add_to(connection: Connection, table: Table, groups: Mapping[Any, int]) -> None:
    """So many more, or fewer, of each group."""
    for group, more in groups.items():
        if not more:
            continue
        add, begin, drop = _statements(table, group._fields)
        same = {f"of_{name}": value for name, value in group._asdict().items()}
        if not by_driver.change(connection, add, {**same, "more": more}):
            by_driver.change(connection, begin, {**same, "more": more})
        elif more < 0:
            by_driver.change(connection, drop, same)


@lru_cache(maxsize=16)
def _statements(table: Table, names: tuple[str, ...]) -> tuple[Update, Insert, Delete]:
    """So many more, the first, and the end of an empty group; made once, for a reader changes several groups."""
    of = {name: bindparam(f"of_{name}", type_=table.c[name].type) for name in names}
    same = [table.c[name] == value for name, value in of.items()]
    more: BindParameter[int] = bindparam("more", type_=table.c.number.type)
    return (
        table.update().where(*same).values(number=table.c.number + more),
        table.insert().values(**of, number=more),
        table.delete().where(*same, table.c.number == 0),
    )


# -- reading them ---------------------------------------------------------------------------------------------
