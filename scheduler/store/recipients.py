"""Freezing: who gets a due email, in batches. Decided once, at one look, from readers' own choices.

A test walks it beside the rules for one reader (``tests/support/cadence_rules.py``). A reader's row is looked at once,
in the order of ids; where readers of one stretch differ (the part of a digest that is theirs, the hour of their
morning) each kind of them gets batches of its own.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import (
    Case,
    ColumnElement,
    Connection,
    Integer,
    RowMapping,
    Select,
    and_,
    bindparam,
    case,
    delete,
    exists,
    func,
    insert,
    literal,
    not_,
    or_,
    select,
    update,
)

from ..domain.audience import Audience
from ..domain.cadence import Cadence
from ..domain.delivery import State, Verb
from ..domain.outcome import Recipient
from ..domain.reason import ReasonCode, because, to_text
from ..domain.records import Batch, Delivery
from ..domain.season_key import SeasonKey
from ..domain.slot import waves_of
from ..domain.subscriber import SubscriberState, SubscriberVerb, subscriber_leads_to, subscriber_may_come_from
from ..light_dataclass import dataclass
from . import by_driver
from .batches import LEDGER_ID, NAMES_OF_A_CALL, freeze_post, read_recipients, send_id_of
from .events import append
from .kept_counts import about_to_change
from .one_a_day import Owed, can_be_told_later, claimed, had_mail, has_a_wish, is_written_to, owed, wishes
from .repository import (
    REST,
    Repository,
    all_rows,
    as_batch,
    bars,
    change_row,
    count,
    first_row,
    in_season,
    may_be_written_to,
    of_reader,
    parts_of,
    read_delivery,
    refresh_delivery_state,
    transition,
    why,
)
from .tables import batches, cadences, deliveries, ledger, recipients, subscribers, subscriptions, suppressions

#: Readers frozen in one commit: enough to be fast, few enough that the first mail leaves, and a hold comes, at once.
FREEZE_AT_ONCE = 50_000
#: The first time: the first mail waits for these, and the others are frozen while its answer is waited for.
FIRST_AT_ONCE = 10_000
#: Readers in a batch of what has ended, which nobody calls for.
_OF_ENDED = 1_000

_READER = subscriptions.c.subscriber_id
#: The zone of a subscription's reader: asked for only where a mail waits for each reader's own morning.
_ZONE = select(subscribers.c.zone).where(subscribers.c.id == _READER).scalar_subquery()

_Added = tuple[int, str, str, int]  # a batch: number, first id, last id, size


@dataclass(frozen=True)
class _Group:
    """Readers who get the same bytes at the same time."""

    who: tuple[ColumnElement[bool], ...]
    due_at: datetime
    not_after_at: datetime | None = None
    first_item: str = ""
    only_items: str = ""  # of readers who want at most one mail a day: what is theirs, with spaces
    is_withheld: bool = False  # from them: they have another mail that day


class RecipientRepository(Repository):
    """From readers to batches."""

    def told_in_digests(self, mode: str, key: SeasonKey) -> frozenset[str]:
        """Items that readers of the digest have had, or are getting: they must not come again on another day. What
        each batch of a digest left out, it told nobody."""
        query = (
            select(deliveries.c.audience, batches.c.left_out, batches.c.only_items)
            .join(batches, batches.c.delivery_id == deliveries.c.id)
            .where(
                deliveries.c.mode == mode,
                in_season(deliveries, key),
                deliveries.c.frozen > 0,
                deliveries.c.audience != "",
                not_(and_(batches.c.only_items != "", batches.c.state == str(State.SKIPPED))),
            )
            .distinct()
        )
        told: set[str] = set()
        for text, left_out, only_items in self._read(query):
            audience = Audience.from_text(text)
            if audience.is_digest:
                items = only_items.split() or [item for item, _ in audience.parts]
                told.update(set(items).difference(left_out.split()))
        return frozenset(told)

    def told_by_digests(self, mode: str, key: SeasonKey) -> dict[int, tuple[datetime, frozenset[str]]]:
        """By the number of a digest that somebody has had, or may have: since when, and of which items it told."""
        of_batch = (batches.c.first_item, batches.c.left_out, batches.c.only_items)
        columns = (deliveries.c.id, deliveries.c.audience, *of_batch)
        query = (
            select(*columns, func.min(batches.c.started_at))
            .join(batches, batches.c.delivery_id == deliveries.c.id)
            .where(
                deliveries.c.mode == mode,
                in_season(deliveries, key),
                deliveries.c.audience != "",
                batches.c.state.in_([str(state) for state in (State.SENDING, State.SENT, State.UNKNOWN)]),
            )
            .group_by(*columns)
        )
        told: dict[int, tuple[datetime, frozenset[str]]] = {}
        for digest, audience, first_item, left_out, only_items, since in self._read(query):
            items = [item for item, _ in Audience.from_text(audience).parts]
            items = items[items.index(first_item) if first_item in items else 0 :]
            items = only_items.split() if only_items and items else items
            before, already = told.get(digest, (since, frozenset()))
            if items:
                told[digest] = min(before, since), already | set(items).difference(left_out.split())
        return told

    def freeze(self, delivery_id: int, *, batch_limit: int, now: datetime) -> bool:
        """Freeze who gets a due delivery, in batches; once. A part at a time: call until it returns True. The batches
        of a part may go at once; for the readers of the parts to come stands a batch of its own, see REST.

        Readers are taken in the order of their ids, so that each batch lies in one stretch of ids; a reader who comes
        in after the delivery was due is written to from the next item on.

        Many readers take their time, so it shares its commit with nobody.
        """
        if not self._ask(_TO_BE_FROZEN, of=delivery_id):
            return True
        with self._database.write("freeze") as connection:
            return _freeze(connection, delivery_id, batch_limit, now)

    def freeze_post(self, delivery_id: int, *, now: datetime) -> Batch | None:
        """Freeze a post that is due, with its first try counted, for who builds its call next: see
        :meth:`BatchRepository.prepare`. None where it is opened already, or does not wait."""

        def act(connection: Connection) -> Batch | None:
            row = read_delivery(connection, delivery_id)
            if row is None or row["opened_at"] is not None or row["state"] != State.SCHEDULED:
                return None
            return as_batch(freeze_post(connection, row, now, tries=1))

        return self._database.write_together("freeze", act)

    def send_id_of_post(self, delivery: Delivery) -> str:
        """What a post's call will be known by at the provider, once it is frozen."""
        ((ledger_id,),) = self._ask(LEDGER_ID)
        return send_id_of(ledger_id, {name: getattr(delivery, name) for name in NAMES_OF_A_CALL}, 1)

    def freeze_what_ended(self, mode: str, *, now: datetime) -> None:
        """Freeze the rest of mailings that ended before all of their readers were: how it ended for them is said of
        each, as of all others."""
        for (ended,) in self._ask(_ENDED_BEFORE_FROZEN, mode=mode):
            while not self.freeze(ended, batch_limit=_OF_ENDED, now=now):
                pass

    def would_be_batches(
        self, delivery_id: int, *, batch_limit: int, readers: int, now: datetime
    ) -> tuple[tuple[Batch, tuple[Recipient, ...]], ...]:
        """The batches of a delivery, or those that it would get, each with its first readers. Changes nothing: it is
        frozen as ever, and that is taken back."""
        made: list[tuple[Batch, tuple[Recipient, ...]]] = []
        with contextlib.suppress(_TakenBack), self._database.write("trial") as connection:
            mine = deliveries.c.id == delivery_id
            waits = update(deliveries).where(mine, deliveries.c.opened_at.is_(None))
            connection.execute(waits.values(state=str(State.SCHEDULED)))
            while not _freeze(connection, delivery_id, batch_limit, now):
                pass
            made_of_it = (batches.c.delivery_id == delivery_id, batches.c.number != REST)
            rows = select(batches).where(*made_of_it).order_by(batches.c.number)
            for row in all_rows(connection, rows):
                made.append((as_batch(row), read_recipients(connection, row)[:readers]))
            raise _TakenBack
        return tuple(made)


class _TakenBack(Exception):
    """What was written is not to be kept."""


def _freeze(connection: Connection, delivery_id: int, batch_limit: int, now: datetime) -> bool:
    row = read_delivery(connection, delivery_id)
    if row is None:
        return True
    rest = first_row(connection, _rest_of(delivery_id)) if row["opened_at"] is not None else None
    if rest is None and (row["opened_at"] is not None or row["state"] != State.SCHEDULED):
        return True
    if row["kind"] == "post":
        freeze_post(connection, row, now)
        return True
    withheld, still, through = 0, 0, row["frozen_through"]
    base = _last_batch(connection, row)
    if not row["frozen_through"]:
        _end_pauses(connection, row["campaign"], row["due_at"])
    at_once = FREEZE_AT_ONCE if row["frozen_through"] else min(FIRST_AT_ONCE, FREEZE_AT_ONCE)
    per_part = max(1, at_once // batch_limit) * batch_limit
    going = 0
    if not row["frozen_through"]:
        going, withheld = _freeze_one_a_day(connection, row, batch_limit)
    part = _freeze_part(connection, row, batch_limit, per_part)
    done, waiting = part.is_last, rest["size"] if rest is not None else 0
    through = part.through or through
    if not done:
        still = max(0, waiting - part.looked_at) if rest is not None else _count_rest(connection, row, through)
    frozen = row["frozen"] - waiting + going + withheld + part.frozen + still
    opened = {} if row["opened_at"] is not None else {"opened_at": now}
    known = _departures_when_frozen(connection, row)
    changed = {"frozen": frozen, "frozen_through": through, "frozen_departures": known, "changed_at": now, **opened}
    change_row(connection, deliveries, {"id": delivery_id}, **changed)
    if rest is not None and rest["state"] != State.SCHEDULED:  # it has ended for them
        new = (batches.c.delivery_id == delivery_id, batches.c.number > base)
        connection.execute(update(batches).where(*new).values({n: rest[n] for n in ("state", "reasons", "detail")}))
    _keep_rest(connection, row, rest, still, is_any=not done)
    if done and frozen == withheld:
        nobody = why((because(ReasonCode.ONE_A_DAY if withheld else ReasonCode.NO_READERS),), words="note")
        transition(connection, deliveries, Verb.SKIP, deliveries.c.id == delivery_id, **nobody)
    elif done and rest is not None:
        refresh_delivery_state(connection, delivery_id, now)  # the others may have gone already
    if opened:
        append(connection, at=now, kind="delivery.opened", who="tick", delivery_id=delivery_id, frozen=frozen)
    return done


def _departures_when_frozen(connection: Connection, row: RowMapping) -> int | None:
    """The number of departures at which all who are frozen may be written to: present for as long as it is the same.
    None where some of them were frozen at another, or where somebody on the list is barred and is there all the same.
    """
    departures = int(connection.execute(select(ledger.c.departures)).scalar_one())
    if row["opened_at"] is not None:
        return departures if row["frozen_departures"] == departures else None
    return None if by_driver.tuples(connection, _BARRED_AND_THERE, {"campaign": row["campaign"]}) else departures


_CAMPAIGN: ColumnElement[str] = bindparam("campaign")
#: What bars an address has taken its reader off the list: there is none, but for what was written past the program.
_BARRED_AND_THERE = (
    select(suppressions.c.address_key)
    .where(
        bars(suppressions, _CAMPAIGN),
        exists().where(
            subscribers.c.address_key == suppressions.c.address_key,
            of_reader(subscriptions, _CAMPAIGN, subscribers.c.id),
            subscriptions.c.state.in_([str(SubscriberState.ACTIVE), str(SubscriberState.PAUSED)]),
        ),
    )
    .limit(1)
)


def _rest_of(delivery_id: int) -> Select[*tuple[Any, ...]]:
    """The readers of a delivery who are still to be frozen; not while they are held."""
    mine = (batches.c.delivery_id == delivery_id, batches.c.number == REST)
    return select(batches).where(*mine, batches.c.state != str(State.HELD))


#: Asked in each pass, and made once.
_ENDED_BEFORE_FROZEN = select(deliveries.c.id).where(
    deliveries.c.mode == bindparam("mode"),
    deliveries.c.opened_at.is_not(None),
    exists().where(
        batches.c.delivery_id == deliveries.c.id,
        batches.c.number == REST,
        batches.c.state.not_in([str(State.SCHEDULED), str(State.HELD)]),
    ),
)
_TO_BE_FROZEN = select(deliveries.c.id).where(
    deliveries.c.id == bindparam("of"),
    or_(
        deliveries.c.opened_at.is_(None),
        exists().where(
            batches.c.delivery_id == deliveries.c.id, batches.c.number == REST, batches.c.state != str(State.HELD)
        ),
    ),
)


def _count_rest(connection: Connection, row: RowMapping, through: str) -> int:
    """How many readers there are behind those who are frozen: as many are waiting, until it is their turn."""
    who = (*_who(row, Audience.from_text(row["audience"])), *_not_frozen_alone(connection, row))
    return count(connection, subscriptions, *who, _READER > through)


def _keep_rest(connection: Connection, row: RowMapping, rest: RowMapping | None, size: int, *, is_any: bool) -> None:
    """Write down how many readers are still to be frozen, as a batch that is never called for."""
    if rest is None and is_any:
        # It does not wait for an instant, but an earlier release that runs beside this one must not call for it.
        _add_batches(connection, row, [(REST, "", "", size)], _Group((), row["expires_at"]))
    elif rest is not None:
        mine = batches.c.id == rest["id"]
        connection.execute(update(batches).where(mine).values(size=size) if is_any else delete(batches).where(mine))


@dataclass(frozen=True)
class _Part:
    """A stretch of readers that was frozen."""

    frozen: int
    looked_at: int
    through: str  # the last reader of it
    is_last: bool


def _freeze_part(connection: Connection, row: RowMapping, batch_limit: int, how_many: int) -> _Part:
    """Freeze the next stretch of readers."""
    audience = Audience.from_text(row["audience"])
    parts = _parts_not_sent_before(connection, row, audience)
    if audience.is_digest and not parts:
        return _Part(0, 0, "", is_last=True)
    who = (*_who(row, audience), *_not_frozen_alone(connection, row))
    if not parts and audience.local_time is None:  # one kind of readers: no need to look at the stretch first
        added = _freeze_group(connection, row, _Group((), row["due_at"]), who, batch_limit, how_many=how_many)
        size = sum(size for *_, size in added)
        return _Part(size, size, added[-1][2] if added else "", is_last=size < how_many)
    behind = _READER > row["frozen_through"]
    stretch = select(_READER).where(*who, behind).order_by(_READER).limit(how_many).subquery()
    looked_at, last = connection.execute(select(func.count(), func.max(stretch.c.subscriber_id))).one()
    if not looked_at:
        return _Part(0, 0, "", is_last=True)
    who = (*who, _READER <= last)
    frozen = 0
    for group in _groups(connection, row, audience, parts, (*who, behind)):
        frozen += sum(size for *_, size in _freeze_group(connection, row, group, who, batch_limit))
    return _Part(frozen, looked_at, last, is_last=looked_at < how_many)


def _in_force(now: ColumnElement[Any], before: ColumnElement[Any], at: datetime) -> Case[Any]:
    """What a reader's row says of ``at``: the present value when it is old enough, else the one before it. NULL for
    somebody who was not on the list then."""
    earlier = (
        select(before)
        .where(of_reader(cadences, subscriptions.c.campaign, _READER), cadences.c.since_at <= at)
        .order_by(cadences.c.since_at.desc())
        .limit(1)
        .scalar_subquery()
    )
    return case((subscriptions.c.cadence_since_at <= at, now), else_=earlier)


def _since(row: RowMapping) -> Case[Any]:
    return _in_force(subscriptions.c.cadence_since_at, cadences.c.since_at, row["due_at"])


def _freeze_one_a_day(connection: Connection, row: RowMapping, batch_limit: int) -> tuple[int, int]:
    """Freeze those who want at most one mail a day, and whom a digest owes something, before all others: by what they
    have had that day, and what is owed. Returns how many get it, and from how many it is withheld.

    Withheld is only what a digest can still tell them; nothing lost comes before one mail a day. The whole of it is in
    one transaction, which on PostgreSQL waits for that of another campaign: see :meth:`Database.write`.
    """
    wanted = wishes(connection, row["campaign"])
    if not wanted.everybody:
        return 0, 0
    audience, debts = Audience.from_text(row["audience"]), dict[str, dict[str, datetime]]()
    if audience.is_digest:
        debts = owed(connection, row)
    asked: set[str] = set()
    if can_be_told_later(connection, row):
        had, claims = had_mail(connection, row), claimed(connection, row)
        for reader in wanted.wanting:
            mine = (min(debts[reader].values()), row["campaign"]) if reader in debts else None
            if reader in had or any(mine is None or claim < mine for claim in claims.get(reader, ())):
                asked.add(reader)
    kinds: dict[tuple[datetime, datetime | None, str, bool], list[str]] = {}
    for reader, (group, items) in _theirs(connection, row, audience, debts).items():
        kind = (group.due_at, group.not_after_at, " ".join(sorted(items)), reader in asked)
        kinds.setdefault(kind, []).append(reader)
    counts = [0, 0]
    for (due_at, not_after_at, only_items, is_withheld), readers in kinds.items():
        group = _Group((), due_at, not_after_at, only_items=only_items, is_withheld=is_withheld)
        _freeze_alone(connection, row, group, sorted(readers), batch_limit)
        counts[is_withheld] += len(readers)
    return counts[0], counts[1]


def _theirs(
    connection: Connection,
    row: RowMapping,
    audience: Audience,
    debts: Mapping[str, Owed],
) -> dict[str, tuple[_Group, set[str]]]:
    """Which items of a delivery are whose, and when: the item itself; of a digest what is owed, and to its own readers
    what it tells of since they chose it."""
    found: dict[str, tuple[_Group, set[str]]] = {}

    def add(who: tuple[ColumnElement[bool], ...], parts: Sequence[tuple[str, datetime]]) -> None:
        who = (*who, has_a_wish())
        for group in _groups(connection, row, audience, parts, who):
            items = [item for item, _ in parts] or ([] if audience.is_digest else [row["item"]])
            if group.first_item:
                items = items[items.index(group.first_item) :]
            for reader in connection.execute(select(_READER).where(*who, *group.who)).scalars():
                mine = {*items, *debts.get(reader, ())}
                if mine and reader not in found:
                    found[reader] = group, mine

    parts = _parts_not_sent_before(connection, row, audience)
    if parts or not audience.is_digest:
        add(_who(row, audience), parts)
    if debts:
        add(_who(row, replace(audience, cadences=frozenset())), ())
    return found


def _freeze_alone(
    connection: Connection, row: RowMapping, group: _Group, readers: Sequence[str], batch_limit: int
) -> None:
    """Freeze these readers by name."""
    base = _last_batch(connection, row)
    state, reason = (str(State.SKIPPED), str(ReasonCode.ONE_A_DAY)) if group.is_withheld else (None, None)
    added: list[_Added] = []
    for number, some in enumerate(parts_of(readers, batch_limit), base + 1):
        same = {"delivery_id": row["id"], "batch_number": number, "state": state, "reason": reason}
        connection.execute(insert(recipients), [{**same, "subscriber_id": reader} for reader in some])
        added.append((number, some[0], some[-1], len(some)))
    _add_batches(connection, row, added, group)


def _not_frozen_alone(connection: Connection, row: RowMapping) -> tuple[ColumnElement[bool], ...]:
    """Without those whom :func:`_freeze_one_a_day` has frozen, if there are any."""
    alone = select(batches.c.number).where(batches.c.delivery_id == row["id"], batches.c.only_items != "")
    numbers = connection.execute(alone).scalars().all()
    if not numbers:
        return ()
    frozen = (recipients.c.delivery_id == row["id"], recipients.c.batch_number.in_(numbers))
    return (_READER.not_in(select(recipients.c.subscriber_id).where(*frozen)),)


def _who(row: RowMapping, audience: Audience) -> tuple[ColumnElement[bool], ...]:
    """Readers of the campaign who may be written to, whose cadence at the due instant is one of the audience's."""
    cadence = _in_force(subscriptions.c.cadence, cadences.c.cadence, row["due_at"])
    wanted = cadence.in_(sorted(map(str, audience.cadences))) if audience.cadences else cadence.is_not(None)
    return subscriptions.c.campaign == row["campaign"], *is_written_to(row, audience), wanted


def _parts_not_sent_before(
    connection: Connection, row: RowMapping, audience: Audience
) -> tuple[tuple[str, datetime], ...]:
    """The items of a digest, without those that were due before the last mail that went to readers of the digest.

    In a season whose files stay as they are that leaves all of them. It holds "nothing twice" also when somebody
    changes the days of the digest, or begins to offer one, in mid-season.
    """
    if not audience.is_digest:
        return ()
    last = connection.execute(
        select(func.max(deliveries.c.due_at)).where(
            *(deliveries.c[name] == row[name] for name in ("mode", "campaign", "season", "channel")),
            deliveries.c.id != row["id"],
            deliveries.c.due_at < row["due_at"],
            deliveries.c.opened_at.is_not(None),
            or_(deliveries.c.audience == "", deliveries.c.audience.contains(f'"{Cadence.DIGEST}"')),
        )
    ).scalar()
    return tuple((item, due_at) for item, due_at in audience.parts if last is None or due_at > last)


def _groups(
    connection: Connection,
    row: RowMapping,
    audience: Audience,
    parts: Sequence[tuple[str, datetime]],
    who: Sequence[ColumnElement[bool]],
) -> Iterator[_Group]:
    """The kinds of readers in a stretch."""
    by_part: list[tuple[str, tuple[ColumnElement[bool], ...]]] = [("", ())]
    if parts:
        by_part = [
            ("" if (item, due_at) == audience.parts[0] else item, _between(_since(row), edge, due_at))
            for edge, (item, due_at) in zip([None, *(due_at for _, due_at in parts[:-1])], parts, strict=True)
        ]
    for first_item, of_part in by_part:
        if audience.local_time is None:
            yield _Group(of_part, row["due_at"], None, first_item)
            continue
        zones = connection.execute(select(_ZONE).where(*who, *of_part).distinct()).scalars()
        for wave in waves_of(row["on_date"], audience.local_time, zones, home=audience.home, grace=audience.grace):
            of_wave = (_ZONE.in_(wave.zones), may_be_written_to(wave.due_at))
            yield _Group((*of_part, *of_wave), wave.due_at, wave.expires_at, first_item)


def _between(since: Case[Any], after: datetime | None, until: datetime) -> tuple[ColumnElement[bool], ...]:
    return (since <= until,) if after is None else (since > after, since <= until)


def _freeze_group(
    connection: Connection,
    row: RowMapping,
    group: _Group,
    who: Sequence[ColumnElement[bool]],
    batch_limit: int,
    *,
    how_many: int | None = None,
) -> list[_Added]:
    """Freeze one kind of readers behind those who are frozen, the first ``how_many``, a batch at a time: to number all
    of them in one statement takes three times as long. Returns their batches."""
    number, through, added = _last_batch(connection, row), row["frozen_through"], list[_Added]()
    next_ones = select(literal(row["id"]), _READER, _NUMBER).where(*who, *group.who, _READER > _THROUGH)
    columns = ["delivery_id", "subscriber_id", "batch_number"]
    freeze = insert(recipients).from_select(columns, next_ones.order_by(_READER).limit(_SIZE))
    freeze = freeze.execution_options(preserve_rowcount=True)
    left = how_many
    while left is None or left > 0:
        number += 1
        bound = {"number": number, "through": through, "size": batch_limit if left is None else min(batch_limit, left)}
        size = connection.execute(freeze, bound).rowcount
        if size:
            of_batch = {"delivery": row["id"], "number": number, "through": through, "size": size}
            ((first, through),) = by_driver.tuples(connection, _ENDS, of_batch)
            added.append((number, first, through, size))
        if size < bound["size"]:
            break
        left = None if left is None else left - size
    _add_batches(connection, row, added, group)
    return added


_NUMBER: ColumnElement[int] = bindparam("number", type_=Integer)
_THROUGH: ColumnElement[str] = bindparam("through")
_SIZE: ColumnElement[int] = bindparam("size", type_=Integer)
_BATCH = (
    select(recipients.c.subscriber_id)
    .where(
        recipients.c.delivery_id == bindparam("delivery"),
        recipients.c.subscriber_id > _THROUGH,
        recipients.c.batch_number == _NUMBER,
    )
    .order_by(recipients.c.subscriber_id)
    .limit(_SIZE)
    .subquery()
)
#: The first and the last of a batch's readers, which lie behind those of the batch before: not looked for beyond them.
_ENDS = select(func.min(_BATCH.c.subscriber_id), func.max(_BATCH.c.subscriber_id))


def _last_batch(connection: Connection, row: RowMapping) -> int:
    last = select(func.coalesce(func.max(batches.c.number), 0)).where(batches.c.delivery_id == row["id"])
    return int(connection.execute(last).scalar_one())


def _add_batches(connection: Connection, row: RowMapping, found: Sequence[_Added], group: _Group) -> None:
    if not found:
        return
    ((ledger_id,),) = by_driver.tuples(connection, LEDGER_ID, {})
    connection.execute(
        batches.insert(),
        [
            {
                "delivery_id": row["id"],
                "number": number,
                "first_subscriber": first,
                "last_subscriber": last,
                "size": size,
                "skipped": size if group.is_withheld else 0,
                "state": str(State.SKIPPED if group.is_withheld else State.SCHEDULED),
                "reasons": to_text([because(ReasonCode.ONE_A_DAY)]) if group.is_withheld else "",
                "send_id": send_id_of(ledger_id, row, number),
                "not_before_at": group.due_at,
                "not_after_at": group.not_after_at,
                "first_item": group.first_item,
                "only_items": group.only_items,
            }
            for number, first, last, size in found
        ],
    )


def _end_pauses(connection: Connection, campaign: str, at: datetime) -> None:
    """Readers of the campaign whose pause is over are active again."""
    reader, may_resume = subscriptions.c.subscriber_id, subscriber_may_come_from(SubscriberVerb.RESUME)
    over = (
        subscriptions.c.campaign == campaign,
        subscriptions.c.state.in_([str(s) for s in may_resume]),
        subscriptions.c.paused_until_at <= at,
    )
    back = list(connection.execute(select(reader).where(*over)).scalars())
    about_to_change(connection, back)
    active = {"state": str(subscriber_leads_to(SubscriberVerb.RESUME)), "paused_until_at": None}
    for some in parts_of(back):
        connection.execute(update(subscriptions).where(*over, reader.in_(some)).values(**active))
