"""A campaign's list of readers: adding many, counting, reading all, and the end of a season.

Then its subscriptions are deleted unless their readers asked to be kept, and people with the last of theirs; what is
barred stays barred.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import asdict
from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Row,
    RowMapping,
    Select,
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
    Subscription,
)
from .events import append
from .repository import (
    ALLOWED,
    Repository,
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
    subscriptions,
    suppressions,
)

ACTIVE, LEFT = str(SubscriberState.ACTIVE), str(SubscriberState.LEFT)
#: In numbers of readers: still on a list, and past the end that was agreed to.
ENDED = "ended"

#: A statement takes a limited number of values (SQLite: 32,766).
_AT_ONCE = 10_000


class SubscriberListRepository(Repository):
    """The list of readers, and its end."""

    def add_many(
        self, campaign: str, rows: Sequence[NewSubscriber], *, family: Collection[str] = (), now: datetime
    ) -> AddResult:
        """Put readers on a campaign's list in one transaction. ``family``: other campaigns that are the same in another
        language; who gets one of them is there already, and who left one of them is barred.

        Whose agreed end is over, or who once took another edition instead, is a newcomer, as by the form.

        People who are not known are put in first, and whoever is barred is left out by the statement itself; only when
        somebody was is it asked who, and why. Most of an import are new readers, and this is twice as fast for them.
        """
        if not rows:
            return AddResult()
        keys = [row.key for row in rows]
        with self._database.write("subscribers", alone=False) as connection:
            barred = self._barred_by_hash(connection, campaign, family, keys)
            new = [(row, key) for row, key in zip(rows, keys, strict=True) if key not in barred]
            since = counts_from(connection, campaign, now)
            people = _put_in(connection, (campaign, *family), new, now)
            if people == len(rows):  # nobody was known, so nobody was on the list
                _put_on_list(connection, campaign, [(row.subscriber_id, row) for row in rows], since, now)
                there: dict[str, Row[*tuple[Any, ...]]] = {}
            else:
                there = _known(connection, campaign, family, keys, now)
                fresh = {there[key].id: row for row, key in new[::-1] if key in there and _is_new_here(there[key])}
                _end_earlier_stays(connection, campaign, [one.id for one in there.values() if _is_back(one)])
                _put_on_list(connection, campaign, [*fresh.items()], since, now)
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

    def _barred_by_hash(
        self, connection: Connection, campaign: str, family: Collection[str], keys: Sequence[str]
    ) -> frozenset[str]:
        """The keys of addresses that are not kept and must not be added to a campaign's list."""
        of_campaign = bars(hashed_suppressions, campaign, family)
        if connection.execute(select(hashed_suppressions.c.address_hash).where(of_campaign).limit(1)).first() is None:
            return frozenset()
        hashes = {hashed: key for key in keys for hashed in self._database.address_hashes(key)}
        barred: set[str] = set()
        for part in parts_of([*hashes], _AT_ONCE):
            those = hashed_suppressions.c.address_hash.in_(part)
            query = select(hashed_suppressions.c.address_hash).where(those, of_campaign)
            barred.update(hashes[one] for one in connection.execute(query).scalars())
        return frozenset(barred)

    def count(self, campaign: str | None = None, *, now: datetime | None = None) -> Mapping[str, int]:
        """A campaign's readers by state; of all campaigns with None. ``active`` are those who will be written to,
        ``suppressed`` all barred addresses. With ``now`` those on the list whose agreed end is over are ``ended``."""
        mine = () if campaign is None else (subscriptions.c.campaign == campaign,)
        state: ColumnElement[str] = subscriptions.c.state
        if now is not None:
            on_the_list = state.in_([str(s) for s in ON_THE_LIST])
            state = case((and_(on_the_list, agreement_is_over(now)), ENDED), else_=state)
        with self._database.read() as connection:
            by_state = select(state, func.count()).where(*mine).group_by(state).order_by(state)
            counts = {ACTIVE: 0} | {state: int(n) for state, n in connection.execute(by_state)}
            barred = 0
            for table in (suppressions, hashed_suppressions):
                key = table.primary_key.columns[0]
                those = bars(table, campaign)
                query = select(func.count(key.distinct())).where(those)
                barred += int(connection.execute(query).scalar_one())
        return {**counts, "suppressed": barred}

    def dead_addresses(self) -> DeadAddresses:
        """Readers whose addresses do not exist any more, and since when the latest of them is barred."""
        query = (
            select(func.count(subscriptions.c.subscriber_id.distinct()), func.max(suppressions.c.at))
            .select_from(subscriptions)
            .join(subscribers, subscribers.c.id == subscriptions.c.subscriber_id, isouter=True)
            .join(suppressions, suppressions.c.address_key == subscribers.c.address_key, isouter=True)
            .where(subscriptions.c.state == str(SubscriberState.BOUNCED))
        )  # one walk over the table: the count alone is made from the index, with a look into the table for each row
        number, latest = self._read(query).one()
        return DeadAddresses(int(number), latest)

    def count_by(self, what: str, campaign: str | None = None, *, now: datetime) -> Mapping[str, int]:
        """Readers who will be written to, by ``cadence`` or ``zone``; the empty zone is the campaign's."""
        column = {"cadence": subscriptions.c.cadence, "zone": subscribers.c.zone}[what]
        mine = () if campaign is None else (subscriptions.c.campaign == campaign,)
        query = (
            select(column, func.count())
            .select_from(subscriptions)
            .join(subscribers, subscribers.c.id == subscriptions.c.subscriber_id)
            .where(may_be_written_to(), ~agreement_is_over(now), *mine)
            .group_by(column)
            .order_by(func.count().desc(), column)
        )
        return {str(value): int(readers) for value, readers in self._read(query)}

    def shared_by(self, one: str, other: str, *, now: datetime) -> int:
        """How many who will be written to are on the lists of both campaigns."""
        second = subscriptions.alias("second")
        query = (
            select(func.count())
            .select_from(subscriptions)
            .join(second, second.c.subscriber_id == subscriptions.c.subscriber_id)
            .where(may_be_written_to(), ~agreement_is_over(now), subscriptions.c.campaign == one)
            .where(second.c.campaign == other, second.c.state == ACTIVE, ~agreement_is_over(now, second))
        )
        return int(self._read(query).scalar_one())

    def campaigns(self) -> tuple[str, ...]:
        """The campaigns that anybody is, or was, on the list of; each found by the one before, without a walk over all
        readers."""
        found: list[str] = []
        with self._database.read() as connection:
            while True:
                after = subscriptions.c.campaign > (found[-1] if found else "")
                following = connection.execute(select(func.min(subscriptions.c.campaign)).where(after)).scalar()
                if following is None:
                    return tuple(found)
                found.append(str(following))

    def lists_without_folder(self, known: Collection[str]) -> Mapping[str, int]:
        """Lists of campaigns that are not ``known``, with how many readers are on each; empty lists are left out."""
        counts = {campaign: self._on_the_list(campaign) for campaign in self.campaigns() if campaign not in known}
        return {campaign: readers for campaign, readers in counts.items() if readers}

    def _on_the_list(self, campaign: str) -> int:
        there = subscriptions.c.state.in_([str(s) for s in ON_THE_LIST])
        query = select(func.count()).select_from(subscriptions).where(subscriptions.c.campaign == campaign, there)
        return int(self._read(query).scalar_one())

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

    # -- the end of a season ------------------------------------------------------------------------------

    def kept_on_request(self, campaign: str) -> int:
        """How many of those on a campaign's list asked to hear of the next season."""
        mine = subscriptions.c.campaign == campaign
        asked = select(func.count()).select_from(subscriptions).where(mine, _asked_to_be_kept())
        return int(self._read(asked).scalar_one())

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
            mine = subscriptions.c.campaign == key.campaign
            return count(connection, subscriptions, mine, not_(_asked_to_be_kept()), _came_before(end))

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
        for row in rows:
            hashes = self._database.address_hashes(row["address_key"])
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
    *(subscribers.c[name] for name in ("id", "address", "name", "zone", "language")),
    subscribers.c.created_at.label("known_since_at"),
).join(subscribers, subscribers.c.id == subscriptions.c.subscriber_id)
_as_subscriber = row_to(Subscriber, {"created_at": "known_since_at"})
_of_list = row_to(Subscription, subscriber=_as_subscriber, state=SubscriberState, cadence=Cadence, discreet=bool)


def as_subscription(row: RowMapping) -> Subscription:
    """A row of :data:`ALL_SUBSCRIPTIONS` as what it stands for."""
    return _of_list({**row, "subscriber": row})


def forget_people(connection: Connection, ids: Sequence[str] | Select[tuple[str]]) -> None:
    """Delete those of them who are on no list at all any more."""
    on_a_list = exists().where(subscriptions.c.subscriber_id == subscribers.c.id)
    connection.execute(delete(subscribers).where(subscribers.c.id.in_(ids), ~on_a_list))


_PERSON = ("id", "address", "address_key", "name", "zone", "created_at")
_ON_LIST = ("campaign", "subscriber_id", "state", "source", "created_at", "cadence", "cadence_since_at", "ends_on")


def _stored(connection: Connection, *values: date | None) -> tuple[Any, ...]:
    """Instants and days as the driver takes them: SQLAlchemy's own way looks at each value of each row again, which
    costs twice what the database does."""
    dialect, columns = connection.dialect, (subscriptions.c.created_at, subscriptions.c.ends_on)

    def as_stored(value: date | None) -> Any:
        column = columns[not isinstance(value, datetime)]
        process = column.type.dialect_impl(dialect).bind_processor(dialect)
        return value if process is None or value is None else process(value)

    return tuple(map(as_stored, values))


def _put_in(
    connection: Connection, family: Sequence[str], new: Sequence[tuple[NewSubscriber, str]], now: datetime
) -> int:
    """Add the people who are neither known nor barred. Returns how many were added. ``family``: the campaign, and after
    it its other editions.

    Written for the driver, in words that both databases know.
    """
    if not new:
        return 0
    (at,) = _stored(connection, now)
    about = (*family, family[0])
    values = [(r.subscriber_id, r.address, key, r.name, r.zone or "", at, key, *about) for r, key in new]
    if connection.dialect.name == "sqlite":
        marks = ["?"] * len(values[0])
    else:  # PostgreSQL wants to know what a value that stands alone is
        names = (*_PERSON, "key", *about)
        marks = [f"CAST(%s AS {'timestamptz' if name == 'created_at' else 'text'})" for name in names]
    person, (its_key, *editions, _) = marks[: len(_PERSON)], marks[len(_PERSON) :]
    statement = (
        f"INSERT INTO subscribers ({', '.join(_PERSON)}) SELECT {', '.join(person)} "  # noqa: S608 - our words only
        f"WHERE NOT EXISTS (SELECT 1 FROM suppressions WHERE address_key = {its_key} "
        f"AND campaign IN ('', {', '.join(editions)}) AND reason <> '{ALLOWED}' AND NOT EXISTS ("
        f"SELECT 1 FROM suppressions AS e WHERE e.address_key = suppressions.address_key "
        f"AND e.campaign = {marks[-1]} AND e.reason = '{ALLOWED}')) "
        "ON CONFLICT (address_key) DO NOTHING"
    )
    return int(connection.exec_driver_sql(statement, values).rowcount)


def _put_on_list(
    connection: Connection,
    campaign: str,
    people: Sequence[tuple[str, NewSubscriber]],
    since: datetime,
    now: datetime,
) -> None:
    """Put people who are there (id and what they chose) on a campaign's list."""
    if not people:
        return
    at, since_at = _stored(connection, now, since)
    days = {day: _stored(connection, day)[0] for day in {row.ends_on for _, row in people}}
    values = [
        (campaign, i, ACTIVE, row.source, at, row.cadence.value, since_at, days[row.ends_on]) for i, row in people
    ]
    mark = "?" if connection.dialect.name == "sqlite" else "%s"
    statement = (
        f"INSERT INTO subscriptions ({', '.join(_ON_LIST)}) VALUES ({', '.join([mark] * len(_ON_LIST))}) "  # noqa: S608
        "ON CONFLICT (campaign, subscriber_id) DO NOTHING"
    )
    connection.exec_driver_sql(statement, values)


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
    columns = (subscribers.c.address_key, subscribers.c.id, subscriptions.c.source, subscriptions.c.created_at)
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
    same = (consents.c[name] == value for name, value in about.items())
    if connection.execute(select(consents.c.id).where(*same)).first() is None:
        what = "on a list of readers that the organization brought in"
        connection.execute(insert(consents).values(**about, how=str(ConsentHow.IMPORT), what=what))


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
