"""A campaign's list of readers: adding many, counting, reading all, and the end of a season.

Then its subscriptions are deleted unless their readers asked to be kept, and people with the last of theirs; what is
barred stays barred.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import asdict
from datetime import date, datetime
from functools import lru_cache
from operator import itemgetter
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Row,
    RowMapping,
    Select,
    Table,
    and_,
    bindparam,
    case,
    delete,
    exists,
    func,
    insert,
    not_,
    or_,
    select,
    update,
)

from ..domain.cadence import Cadence
from ..domain.discreet import CHOSEN, STORED
from ..domain.receipt import Barred
from ..domain.season_key import SeasonKey
from ..domain.subscriber import (
    ON_THE_LIST,
    AddResult,
    ConsentHow,
    NewSubscriber,
    SeasonClosed,
    Subscriber,
    SubscriberState,
    Subscription,
)
from . import by_driver
from .database import Database, OnConnection
from .events import append
from .kept_counts import (
    ALLOWED,
    about_to_bar,
    about_to_change,
    count_new,
)
from .one_a_day import owed_now
from .reads import ACTIVE, NO_END, Group, SubscriberReads, is_over, kept_groups
from .reads import ENDED as ENDED
from .repository import (
    Repository,
    add_row,
    agreement_is_over,
    all_rows,
    bars,
    count,
    counts_from,
    in_season,
    may_be_written_to,
    of_reader,
    parts_of,
    row_to,
    rows_with,
    transaction,
)
from .tables import (
    cadences,
    confirmations,
    consents,
    deliveries,
    events,
    hashed_suppressions,
    ledger,
    letters,
    sign_ups,
    subscribers,
    subscriptions,
    suppressions,
)

LEFT = str(SubscriberState.LEFT)


#: A statement takes a limited number of values (SQLite: 32,766).
_AT_ONCE = 10_000


class SubscriberListRepository(Repository, SubscriberReads):
    """The list of readers, and its end."""

    def __init__(self, database: Database) -> None:
        super().__init__(database)
        self._of_season: dict[SeasonKey, tuple[object, int]] = {}

    def add_many(
        self, campaign: str, rows: Sequence[NewSubscriber], *, family: Collection[str] = (), now: datetime
    ) -> AddResult:
        """Put readers on a campaign's list in one transaction. ``family``: other campaigns that are the same in another
        language; who gets one of them is there already, and who left one of them is barred.

        Whose agreed end is over, or who once took another edition instead, is a newcomer, as by the form.

        Who is barred is asked once for all of them, and only where anybody is. People who are not known are put in
        next; only when somebody was is it asked who, and why. Most of an import are new readers.
        """
        if not rows:
            return AddResult()
        keys = [row.key for row in rows]
        with self._database.write("subscribers") as connection:
            barred = self._barred(connection, campaign, family, keys)
            new = [(row, key) for row, key in zip(rows, keys, strict=True) if key not in barred]
            since = counts_from(connection, campaign, now)
            people = _put_in(connection, new, now)
            if people == len(rows):  # nobody was known, so nobody was on the list
                _put_on_list(connection, campaign, [(row.subscriber_id, row) for row in rows], None, since, now)
                there: dict[str, Row[*tuple[Any, ...]]] = {}
            else:
                there = _known(connection, campaign, family, keys, now)
                fresh = {there[key].id: row for row, key in new[::-1] if key in there and _is_new_here(there[key])}
                _end_earlier_stays(connection, campaign, [one.id for one in there.values() if _is_back(one)])
                zones = {one.id: one.zone for one in there.values() if one.id in fresh and one.source is None}
                _put_on_list(connection, campaign, [*fresh.items()], zones, since, now)
                _fill_in(connection, fresh)
                people = len(fresh)
            if people:
                for source in dict.fromkeys(row.source for row in rows):
                    _note_import(connection, campaign, source, now)
        result: dict[str, list[int]] = {"already_there": [], "suppressed": [], "repeated": []}
        first: dict[str, int] = {}
        for place, (row, key) in enumerate(zip(rows, keys, strict=True) if people < len(rows) else ()):
            found = there.get(key)
            if key in barred or found is None or found.is_barred:
                result["suppressed"].append(place)
            elif found.has_other_edition:
                result["already_there"].append(place)
            elif not _is_new_here(found):
                same_import = (found.source, found.created_at) == (row.source, now)
                result["repeated" if same_import else "already_there"].append(place)
            elif first.setdefault(key, place) != place:
                result["repeated"].append(place)
        return AddResult(**{name: tuple(places) for name, places in result.items()})

    def _barred(
        self, connection: Connection, campaign: str, family: Collection[str], keys: Sequence[str]
    ) -> frozenset[str]:
        """The keys of addresses that must not be added to a campaign's list, whether they are kept or only a hash."""
        barred = _among(connection, suppressions, campaign, family, lambda: {key: key for key in keys})
        return barred | _among(
            connection,
            hashed_suppressions,
            campaign,
            family,
            lambda: {hashed: key for key in keys for hashed in self._database.address_hashes(key)},
        )

    def latest_dead_at(self) -> datetime | None:
        bounced = exists().where(
            subscriptions.c.subscriber_id == subscribers.c.id, subscriptions.c.state == str(SubscriberState.BOUNCED)
        )
        latest = (  # the first one, as a rule: who bounced last is still there
            select(suppressions.c.at)
            .join(subscribers, subscribers.c.address_key == suppressions.c.address_key)
            .where(suppressions.c.reason == str(Barred.BOUNCED), bounced)
            .order_by(suppressions.c.at.desc())
            .limit(1)
        )
        at: datetime | None = self._read(latest).scalar()
        return at

    def count_by(self, what: str, campaign: str | None = None, *, now: datetime) -> Mapping[str, int]:
        """Readers who will be written to, by ``cadence`` or ``zone``; the empty zone is the campaign's."""
        counts: Counter[str] = Counter()
        with self._database.read() as connection:
            for group, number in kept_groups(OnConnection(connection), campaign):
                if group.state == ACTIVE and not is_over(group, now):
                    counts[{"cadence": group.cadence, "zone": group.zone}[what]] += number
        return dict(sorted(counts.items(), key=lambda one: (-one[1], one[0])))

    def shared_by(self, campaign: str, *, now: datetime) -> dict[str, int]:
        """How many who will be written to are on the list of a campaign and on that of another one, by the other."""
        second = subscriptions.alias("second")
        query = (
            select(second.c.campaign, func.count())
            .select_from(subscriptions)
            .join(second, second.c.subscriber_id == subscriptions.c.subscriber_id)
            .where(may_be_written_to(), ~agreement_is_over(now), subscriptions.c.campaign == campaign)
            .where(second.c.campaign != campaign, second.c.state == ACTIVE, ~agreement_is_over(now, second))
            .group_by(second.c.campaign)
        )
        return {other: int(number) for other, number in self._read(query)}

    def each(self, campaign: str, *, at_once: int = 1_000) -> Iterator[Subscription]:
        """All readers of a campaign by id, read a page at a time; a page is found by the last id of the one before."""
        last = ""
        while True:
            mine = (subscriptions.c.campaign == campaign, subscriptions.c.subscriber_id > last)
            query = ALL_SUBSCRIPTIONS.where(*mine).order_by(subscriptions.c.subscriber_id).limit(at_once)
            page = self._read(query).mappings().all()
            yield from map(as_subscription, page)
            if len(page) < at_once:
                return
            last = page[-1]["id"]

    def wanting_one_a_day(self) -> int:
        """How many persons want at most one mail a day of all their lists together."""
        return int(self._read(select(func.count()).where(subscribers.c.one_a_day == 1)).scalar_one())

    def who_chose_discreet(self) -> int:
        """How many persons get the emails of some list with the head that tells nothing of the cause, by their own
        choice."""
        chosen = subscriptions.c.discreet == STORED[True]
        return int(self._read(select(func.count(subscriptions.c.subscriber_id.distinct())).where(chosen)).scalar_one())

    def is_any_head_chosen(self, campaign: str) -> bool:
        """Whether somebody on a campaign's list has chosen which head their emails have."""
        chosen = (subscriptions.c.campaign == campaign, subscriptions.c.discreet != STORED[None])
        return self._is_any(select(subscriptions.c.subscriber_id).where(*chosen))

    # -- the end of a season ------------------------------------------------------------------------------

    def owed_now(self, mode: str, key: SeasonKey, *, today: date, now: datetime) -> int:
        with self._database.read() as connection:
            return owed_now(connection, mode, key, today=today, now=now)

    def kept_on_request(self, campaign: str) -> int:
        """How many of those on a campaign's list asked to hear of the next season."""
        return self.on_the_list(campaign, asked=(1,))

    def end_of_season(self, key: SeasonKey) -> datetime | None:
        """When the last window of a season closes; None for a season that this ledger has nothing of."""
        planned = select(func.max(deliveries.c.expires_at)).where(in_season(deliveries, key))
        end: datetime | None = self._read(planned).scalar()
        return end

    def of_season(self, key: SeasonKey) -> int:
        """Readers who are still on the list of a season that was planned, and was not closed; else 0.

        Who asked to be kept does not count. They are counted once, and again when something has happened since: who
        came after the end is told by what readers agreed to, and a page asks each time.
        """
        end = self.end_of_season(key)
        with self._database.read() as connection:
            closings = select(events.c.data).where(events.c.kind == CLOSED)
            closed = (json.loads(data) for data in connection.execute(closings).scalars())
            if end is None or any(SeasonKey(c["campaign"], c["season"]) == key for c in closed):
                return 0
            waiting = select(func.count(), func.max(confirmations.c.made_at))
            happened = (
                end,
                connection.execute(select(ledger.c.events)).scalar(),
                tuple(sorted(kept_groups(OnConnection(connection), key.campaign))),
                tuple(connection.execute(waiting).one()),
            )
            known = self._of_season.get(key)
            if known is None or known[0] != happened:
                mine = subscriptions.c.campaign == key.campaign
                number = count(connection, subscriptions, mine, not_(_asked_to_be_kept()), _came_before(end))
                known = self._of_season[key] = (happened, number)
            return known[1]

    def close_season(
        self, key: SeasonKey, *, keep_who_asked: bool, came_before: datetime, who: str, now: datetime
    ) -> SeasonClosed:
        """Delete the campaign's subscriptions of those who came before the season's end, a part at a time, and the
        people who are on no other list. Interrupted, it is run again.

        What went out stays in the ledger with the readers' random ids, and so does what they agreed to. Addresses that
        are barred, and that nobody has any more, are replaced by keyed hashes.
        """
        mine = subscriptions.c.campaign == key.campaign
        gone = and_(mine, _came_before(came_before))
        if keep_who_asked:
            gone = and_(gone, not_(_asked_to_be_kept()))
        deleted = 0
        while part := self._delete_part(key.campaign, gone):
            deleted += part
        while self._hash_part():
            pass
        with self._database.write("season_end") as connection:
            self._database.overwrite_deleted(connection)
            # Who signed up for the next season keeps their link and their letter: else they could never say yes, and
            # whoever does not confirm is forgotten by that link.
            for table in (confirmations, letters):
                on_list = exists().where(of_reader(subscriptions, key.campaign, table.c.subscriber_id))
                connection.execute(delete(table).where(table.c.campaign == key.campaign, ~on_list))
            of_list = sign_ups.c.campaign.in_(("", key.campaign))
            connection.execute(delete(sign_ups).where(sign_ups.c.at < came_before, of_list))
            kept = count(connection, subscriptions, mine)
            barred = count(connection, hashed_suppressions, bars(hashed_suppressions, key.campaign))
            append(connection, at=now, kind=CLOSED, who=who, **asdict(key), deleted=deleted, kept=kept, barred=barred)
            number = self._database.number_of(connection)
        left = self._database.forget_deleted(subscribers.name, suppressions.name, deleted_by=number)
        return SeasonClosed(deleted, kept, barred, left)

    @transaction("season_end")
    def _delete_part(self, connection: Connection, campaign: str, gone: ColumnElement[bool]) -> int:
        self._database.overwrite_deleted(connection)
        reader = subscriptions.c.subscriber_id
        ids = list(connection.execute(select(reader).where(gone).order_by(reader).limit(_DELETED_AT_ONCE)).scalars())
        about_to_change(connection, ids)
        for some in parts_of(ids):
            for table in (cadences, subscriptions):
                connection.execute(delete(table).where(table.c.campaign == campaign, table.c.subscriber_id.in_(some)))
            forget_people(connection, some)
        return len(ids)

    @transaction("season_end")
    def _hash_part(self, connection: Connection) -> int:
        self._database.overwrite_deleted(connection)
        return self._hash_some(connection)

    def _hash_some(self, connection: Connection, *which: ColumnElement[bool]) -> int:
        """Turn barred addresses that nobody has any more into hashes. A complaint is the stronger reason."""
        is_kept = exists().where(subscribers.c.address_key == suppressions.c.address_key)
        rows = all_rows(connection, select(suppressions).where(~is_kept, *which).limit(_DELETED_AT_ONCE))
        hashes_of = {row["address_key"]: self._database.address_hashes(row["address_key"]) for row in rows}
        about_to_bar(connection, suppressions, [*hashes_of])
        about_to_bar(connection, hashed_suppressions, [hashed for hashes in hashes_of.values() for hashed in hashes])
        for row in rows:
            hashes = hashes_of[row["address_key"]]
            same = (hashed_suppressions.c.address_hash.in_(hashes), hashed_suppressions.c.campaign == row["campaign"])
            if row["reason"] != ALLOWED:  # an exception from before this says nothing any more
                mine = (hashed_suppressions.c.address_hash.in_(hashes), hashed_suppressions.c.reason == ALLOWED)
                of = () if row["campaign"] == "" else (hashed_suppressions.c.campaign == row["campaign"],)
                connection.execute(delete(hashed_suppressions).where(*mine, *of, hashed_suppressions.c.at <= row["at"]))
            before = set(connection.execute(select(hashed_suppressions.c.reason).where(*same)).scalars())
            if before and Barred.COMPLAINED in (*before, row["reason"]):
                connection.execute(update(hashed_suppressions).where(*same).values(reason=str(Barred.COMPLAINED)))
            elif not before:
                bar = {name: row[name] for name in ("campaign", "subscriber_id", "reason", "source", "at")}
                connection.execute(insert(hashed_suppressions).values(address_hash=hashes[0], **bar))
            one = (suppressions.c.address_key == row["address_key"], suppressions.c.campaign == row["campaign"])
            connection.execute(delete(suppressions).where(*one))
        return len(rows)


#: What :func:`as_subscription` reads.
ALL_SUBSCRIPTIONS = select(
    subscriptions,
    *(subscribers.c[name] for name in ("id", "address", "name", "zone", "language", "one_a_day")),
    subscribers.c.created_at.label("known_since_at"),
).join(subscribers, subscribers.c.id == subscriptions.c.subscriber_id)
_as_subscriber = row_to(Subscriber, {"created_at": "known_since_at"}, one_a_day=bool)
_of_list = row_to(
    Subscription, subscriber=_as_subscriber, state=SubscriberState, cadence=Cadence, discreet=CHOSEN.__getitem__
)


def as_subscription(row: RowMapping) -> Subscription:
    """A row of :data:`ALL_SUBSCRIPTIONS` as what it stands for."""
    return _of_list({**row, "subscriber": row})


def forget_people(connection: Connection, ids: Sequence[str] | Select[tuple[str]]) -> None:
    """Delete those of them who are on no list at all any more."""
    on_a_list = exists().where(subscriptions.c.subscriber_id == subscribers.c.id)
    connection.execute(delete(subscribers).where(subscribers.c.id.in_(ids), ~on_a_list))


#: Columns that an import fills, with what PostgreSQL calls their kinds.
_PERSON = {"id": "text", "address": "text", "address_key": "text", "name": "text", "zone": "text"} | {
    "created_at": "timestamptz"
}
_ON_LIST = {
    "campaign": "text",
    "subscriber_id": "text",
    "state": "text",
    "source": "text",
    "created_at": "timestamptz",
} | {
    "cadence": "text",
    "cadence_since_at": "timestamptz",
    "ends_on": "date",
}


def _stored(connection: Connection, *values: date | None) -> tuple[Any, ...]:
    """Instants and days as the driver takes them: SQLAlchemy's own way looks at each value of each row again, which
    costs twice what the database does."""
    dialect, columns = connection.dialect, (subscriptions.c.created_at, subscriptions.c.ends_on)

    def as_stored(value: date | None) -> Any:
        column = columns[not isinstance(value, datetime)]
        process = column.type.dialect_impl(dialect).bind_processor(dialect)
        return value if process is None or value is None else process(value)

    return tuple(map(as_stored, values))


@lru_cache(maxsize=64)
def _barred_from(
    table: Table, campaign: str, family: tuple[str, ...]
) -> tuple[Select[*tuple[Any, ...]], Select[*tuple[Any, ...]]]:
    """Whether anybody is barred from a campaign, and who of some is. Made once: some readers are put in one by one."""
    line, of_campaign = table.primary_key.columns[0], bars(table, campaign, family)
    these = line.in_(bindparam("keys", expanding=True))
    return select(line).where(of_campaign).limit(1), select(line).where(these, of_campaign)


def _among(
    connection: Connection,
    table: Table,
    campaign: str,
    family: Collection[str],
    keys: Callable[[], Mapping[str, str]],
) -> frozenset[str]:
    """Those whom a table of suppressions bars from a campaign. ``keys``: by what it knows an address -> its key, made
    only where anybody is barred."""
    anybody, of_these = _barred_from(table, campaign, tuple(sorted(family)))
    if not by_driver.tuples(connection, anybody, {}):
        return frozenset()
    key_of = keys()
    parts = parts_of([*key_of], _AT_ONCE)
    return frozenset(key_of[one] for part in parts for one in connection.execute(of_these, {"keys": part}).scalars())


def _add_rows(
    connection: Connection, table: str, key: str, columns: Mapping[str, str], rows: Sequence[tuple[Any, ...]]
) -> int:
    """Add rows whose ``key`` is not there yet. Returns how many.

    Written for the drivers: SQLite's takes one row after the other through a statement; of PostgreSQL's, where each
    would be sent by itself, every column is one value: a list, or what stands in all rows.
    """
    names = ", ".join(columns)
    values: Any = rows
    if connection.dialect.name == "sqlite":
        source = f"VALUES ({', '.join('?' * len(columns))})"
    else:
        by_column = dict(zip(columns, zip(*rows, strict=True), strict=True))
        first = next(iter(columns))  # always a list, also of one person twice: it says how many rows there are
        alike = {name: of[0] for name, of in by_column.items() if name != first and len(set(of)) == 1}
        lists = {name: list(of) for name, of in by_column.items() if name not in alike}
        chosen = ", ".join(f"CAST(%s AS {kind})" if name in alike else name for name, kind in columns.items())
        arrays = ", ".join(f"CAST(%s AS {columns[name]}[])" for name in lists)
        source = f"SELECT {chosen} FROM unnest({arrays}) AS new ({', '.join(lists)})"  # noqa: S608 - our words only
        values = (*alike.values(), *lists.values())
    statement = f"INSERT INTO {table} ({names}) {source} ON CONFLICT ({key}) DO NOTHING"
    return int(connection.exec_driver_sql(statement, values).rowcount)


def _put_in(connection: Connection, new: Sequence[tuple[NewSubscriber, str]], now: datetime) -> int:
    """Add the people who are not known. Returns how many were added.

    In the order of the addresses: their index is in that order too, and each of its pages is then changed once. In the
    order of a file it took three times as long (300,000 rows, SQLite).
    """
    if not new:
        return 0
    (at,) = _stored(connection, now)
    rows = [(r.subscriber_id, r.address, key, r.name, r.zone or "", at) for r, key in new]
    rows.sort(key=itemgetter(2))
    return _add_rows(connection, "subscribers", "address_key", _PERSON, rows)


def _put_on_list(
    connection: Connection,
    campaign: str,
    people: Sequence[tuple[str, NewSubscriber]],
    zones: Mapping[str, str] | None,
    since: datetime,
    now: datetime,
) -> None:
    """Put people who are there (id and what they chose) on a campaign's list. ``zones``: of those who have never been
    on it; None: all of them are new, with the zones that they chose. Where a zone stays what it is, one more
    subscription is all that changes, and is counted here."""
    if not people:
        return
    if zones is None:
        plain = {i: row.zone or "" for i, row in people}
    else:
        plain = {i: zones[i] for i, row in people if i in zones and (zones[i] or not row.zone)}
        about_to_change(connection, [i for i, _ in people if i not in plain])
    at, since_at = _stored(connection, now, since)
    days = {day: _stored(connection, day)[0] for day in {row.ends_on for _, row in people}}
    rows = [(campaign, i, ACTIVE, row.source, at, row.cadence.value, since_at, days[row.ends_on]) for i, row in people]
    _add_rows(connection, "subscriptions", "campaign, subscriber_id", _ON_LIST, rows)
    _put_heads(connection, campaign, people, may_be_known=zones is not None)
    alike = Counter((plain[i], cadence, day) for _, i, _, _, _, cadence, _, day in rows if i in plain)
    ends = {stored: day or NO_END for day, stored in days.items()}
    count_new(
        connection,
        {Group(campaign, ACTIVE, cadence, zone, ends[day]): number for (zone, cadence, day), number in alike.items()},
    )


def _put_heads(
    connection: Connection, campaign: str, people: Sequence[tuple[str, NewSubscriber]], *, may_be_known: bool
) -> None:
    """Which head those get who are new on a list: what it says, else that of their other lists, if that is discreet."""
    chosen = {i: row.discreet for i, row in people if row.discreet is not None}
    silent = [i for i, row in people if may_be_known and row.discreet is None]
    quiet = select(subscriptions.c.subscriber_id).where(subscriptions.c.discreet == STORED[True])
    for some in parts_of(silent):
        found = connection.execute(quiet.where(subscriptions.c.subscriber_id.in_(some))).scalars()
        chosen |= dict.fromkeys(found, True)
    for wanted in (True, False):
        for some in parts_of([i for i, choice in chosen.items() if choice is wanted]):
            mine = (subscriptions.c.campaign == campaign, subscriptions.c.subscriber_id.in_(some))
            connection.execute(update(subscriptions).where(*mine).values(discreet=STORED[wanted]))


def _fill_in(connection: Connection, people: Mapping[str, NewSubscriber]) -> None:
    """What a list says of people who were known already, where nothing was known of it."""
    more = [
        {"who": i, "its_name": row.name, "its_zone": row.zone or ""}
        for i, row in people.items()
        if i != row.subscriber_id and (row.name or row.zone)
    ]
    if more:
        filled = {
            name: case((subscribers.c[name] == "", bindparam(f"its_{name}")), else_=subscribers.c[name])
            for name in ("name", "zone")
        }
        connection.execute(update(subscribers).where(subscribers.c.id == bindparam("who")).values(**filled), more)


def _end_earlier_stays(connection: Connection, campaign: str, ids: Sequence[str]) -> None:
    """Who comes anew leaves nothing of an earlier stay behind."""
    about_to_change(connection, ids)
    for some in parts_of(ids):
        for table in (cadences, subscriptions):
            connection.execute(delete(table).where(table.c.campaign == campaign, table.c.subscriber_id.in_(some)))


def _known(
    connection: Connection, campaign: str, family: Collection[str], keys: Sequence[str], now: datetime
) -> dict[str, Row[*tuple[Any, ...]]]:
    """Address key -> what the ledger says to somebody who wants to add the same address; without a ``source`` it is
    not on the campaign's list."""
    barred = exists().where(
        suppressions.c.address_key == subscribers.c.address_key, bars(suppressions, campaign, family)
    )
    other = subscriptions.alias("other")
    has_other = exists().where(
        other.c.subscriber_id == subscribers.c.id,
        other.c.campaign.in_(sorted(family)),
        other.c.state.in_([str(s) for s in ON_THE_LIST]),
        ~agreement_is_over(now, other),
    )
    person = (subscribers.c.address_key, subscribers.c.id, subscribers.c.zone)
    columns = (*person, subscriptions.c.source, subscriptions.c.created_at)
    # Leaving bars: who is on the list as gone and is not barred took another edition.
    on_the_list = subscriptions.c.state.in_([str(s) for s in ON_THE_LIST])
    is_gone = or_(subscriptions.c.state == LEFT, and_(on_the_list, agreement_is_over(now)))
    query = select(
        *columns, barred.label("is_barred"), has_other.label("has_other_edition"), is_gone.label("is_gone")
    ).outerjoin(subscriptions, of_reader(subscriptions, campaign, subscribers.c.id))
    of_keys = (query.where(subscribers.c.address_key.in_(part)) for part in parts_of(keys, _AT_ONCE))
    return {row.address_key: row for part in of_keys for row in connection.execute(part)}


def _is_new_here(known: Row[*tuple[Any, ...]]) -> bool:
    return (known.source is None or known.is_gone) and not known.is_barred and not known.has_other_edition


def _is_back(known: Row[*tuple[Any, ...]]) -> bool:
    return known.source is not None and _is_new_here(known)


def _note_import(connection: Connection, campaign: str, source: str, now: datetime) -> None:
    """One line of consent for all readers of one import; they carry its source and instant."""
    about = {"campaign": campaign, "subscriber_id": "", "source": source, "at": now}
    if not rows_with(connection, consents, **about):
        what = "on a list of readers that the organization brought in"
        add_row(connection, consents, **about, how=str(ConsentHow.IMPORT), what=what)


#: The line of the history that says so.
CLOSED = "season.list-closed"

#: Readers deleted in one commit: others can write between two of them.
_DELETED_AT_ONCE = 20_000


def _asked_to_be_kept() -> ColumnElement[bool]:
    on_the_list = subscriptions.c.state.in_([str(s) for s in ON_THE_LIST])
    return and_(on_the_list, subscriptions.c.asked_for_more_at.is_not(None))


def _came_before(end: datetime) -> ColumnElement[bool]:
    """Readers of a season; not those who came, or came back, after it. A form that waits for its yes counts too."""
    said_again = exists().where(
        consents.c.subscriber_id == subscriptions.c.subscriber_id,
        consents.c.campaign.in_(("", subscriptions.c.campaign)),
        consents.c.how.in_([str(ConsentHow.CONFIRMED), str(ConsentHow.ADDED)]),
        consents.c.at >= end,
    )
    asked_again = exists().where(
        of_reader(confirmations, subscriptions.c.campaign, subscriptions.c.subscriber_id),
        confirmations.c.used_at.is_(None),
        confirmations.c.made_at >= end,
        subscriptions.c.state == str(SubscriberState.PENDING),
    )
    return and_(subscriptions.c.created_at < end, not_(said_again), not_(asked_again))
