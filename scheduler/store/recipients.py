"""Freezing: who gets a due email, in batches. Decided once, at one look, from readers' own choices.

A test walks it beside the rules for one reader (``tests/support/cadence_rules.py``). A reader's row is looked at once,
in the order of ids; where readers of one stretch differ (the part of a digest that is theirs, the hour of their
morning) each kind of them gets batches of its own.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import (
    Case,
    ColumnElement,
    Connection,
    Integer,
    RowMapping,
    case,
    cast,
    func,
    insert,
    literal,
    or_,
    select,
    update,
)

from ..domain.audience import Audience
from ..domain.cadence import Cadence
from ..domain.delivery import State, Verb
from ..domain.outcome import Recipient
from ..domain.reason import ReasonCode, because
from ..domain.records import Batch
from ..domain.season_key import SeasonKey
from ..domain.slot import waves_of
from ..domain.subscriber import SubscriberVerb, subscriber_leads_to, subscriber_may_come_from
from .batches import read_recipients, send_id_of
from .events import append
from .repository import (
    Repository,
    all_rows,
    as_batch,
    in_season,
    may_be_written_to,
    of_reader,
    read_delivery,
    transaction,
    transition,
    why,
)
from .tables import batches, cadences, deliveries, ledger, recipients, subscribers, subscriptions

#: Readers frozen in one commit: long enough to be fast, short enough that a hold need not wait.
FREEZE_AT_ONCE = 50_000


_READER = subscriptions.c.subscriber_id
#: The zone of a subscription's reader: asked for only where a mail waits for each reader's own morning.
_ZONE = select(subscribers.c.zone).where(subscribers.c.id == _READER).scalar_subquery()

_Added = tuple[int, str, str, int]  # a batch: number, first id, last id, size


@dataclass(frozen=True, slots=True)
class _Group:
    """Readers who get the same bytes at the same time."""

    who: tuple[ColumnElement[bool], ...]
    due_at: datetime
    not_after_at: datetime | None = None
    first_item: str = ""


class RecipientRepository(Repository):
    """From readers to batches."""

    def told_in_digests(self, mode: str, key: SeasonKey) -> frozenset[str]:
        """Items that readers of the digest have had, or are getting: they must not come again on another day. What
        each batch of a digest left out, it told nobody."""
        query = (
            select(deliveries.c.audience, batches.c.left_out)
            .join(batches, batches.c.delivery_id == deliveries.c.id)
            .where(
                deliveries.c.mode == mode,
                in_season(deliveries, key),
                deliveries.c.frozen > 0,
                deliveries.c.audience != "",
            )
            .distinct()
        )
        found = [(Audience.from_text(audience), left_out.split()) for audience, left_out in self._read(query)]
        return frozenset(item for audience, out in found for item, _ in audience.parts if item not in out)

    def told_by_digests(self, mode: str, key: SeasonKey) -> dict[int, tuple[datetime, frozenset[str]]]:
        """By the number of a digest that somebody has had, or may have: since when, and of which items it told."""
        columns = (deliveries.c.id, deliveries.c.audience, batches.c.first_item, batches.c.left_out)
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
        for digest, audience, first_item, left_out, since in self._read(query):
            items = [item for item, _ in Audience.from_text(audience).parts]
            items = items[items.index(first_item) if first_item in items else 0 :]
            before, already = told.get(digest, (since, frozenset()))
            if items:
                told[digest] = min(before, since), already | set(items).difference(left_out.split())
        return told

    @transaction("freeze")
    def freeze(self, connection: Connection, delivery_id: int, *, batch_limit: int, now: datetime) -> bool:
        """Freeze who gets a due delivery, in batches; once. A part at a time: call until it returns True.

        Readers are taken in the order of their ids, so that each batch lies in one stretch of ids; a reader who comes
        in after the delivery was due is written to from the next item on.
        """
        return _freeze(connection, delivery_id, batch_limit, now)

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
            rows = select(batches).where(batches.c.delivery_id == delivery_id).order_by(batches.c.number)
            for row in all_rows(connection, rows):
                made.append((as_batch(row), read_recipients(connection, row)[:readers]))
            raise _TakenBack
        return tuple(made)


class _TakenBack(Exception):
    """What was written is not to be kept."""


def _freeze(connection: Connection, delivery_id: int, batch_limit: int, now: datetime) -> bool:
    row = read_delivery(connection, delivery_id)
    if row is None or row["opened_at"] is not None or row["state"] != State.SCHEDULED:
        return True
    if row["kind"] == "post":
        _add_batches(connection, row, [(1, "", "", 1)], _Group((), row["due_at"]))
        frozen, done = 1, True
    else:
        if not row["frozen_through"]:
            _end_pauses(connection, row["campaign"], row["due_at"])
        per_part = max(1, FREEZE_AT_ONCE // batch_limit) * batch_limit
        added, through, done = _freeze_part(connection, row, batch_limit, per_part)
        frozen = row["frozen"] + added
        if through:
            connection.execute(update(deliveries).where(deliveries.c.id == delivery_id).values(frozen_through=through))
    connection.execute(
        update(deliveries)
        .where(deliveries.c.id == delivery_id)
        .values(frozen=frozen, changed_at=now, **({"opened_at": now} if done else {}))
    )
    if done and not frozen:
        nobody = why((because(ReasonCode.NO_READERS),), words="note")
        transition(connection, deliveries, Verb.SKIP, deliveries.c.id == delivery_id, **nobody)
    if done:
        append(connection, at=now, kind="delivery.opened", who="tick", delivery_id=delivery_id, frozen=frozen)
    return done


def _freeze_part(connection: Connection, row: RowMapping, batch_limit: int, how_many: int) -> tuple[int, str, bool]:
    """Freeze the next stretch of readers. Returns how many, the last id looked at, and whether it was the last part."""
    audience = Audience.from_text(row["audience"])
    parts = _parts_not_sent_before(connection, row, audience)
    if audience.is_digest and not parts:
        return 0, "", True
    readers = (*_who(row, audience), _READER > row["frozen_through"])
    if not parts and audience.local_time is None:  # one kind of readers: no need to look at the stretch first
        added = _freeze_group(connection, row, _Group((), row["due_at"]), readers, batch_limit, how_many=how_many)
        size = sum(size for *_, size in added)
        return size, added[-1][2] if added else "", size < how_many
    stretch = select(_READER).where(*readers).order_by(_READER).limit(how_many).subquery()
    count, last = connection.execute(select(func.count(), func.max(stretch.c.subscriber_id))).one()
    if not count:
        return 0, "", True
    readers = (*readers, _READER <= last)
    total = 0
    for group in _groups(connection, row, audience, parts, readers):
        total += sum(size for *_, size in _freeze_group(connection, row, group, readers, batch_limit))
    return total, last, count < how_many


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


def _who(row: RowMapping, audience: Audience) -> tuple[ColumnElement[bool], ...]:
    """Readers of the campaign who may be written to, whose cadence at the due instant is one of the audience's."""
    cadence = _in_force(subscriptions.c.cadence, cadences.c.cadence, row["due_at"])
    wanted = cadence.in_(sorted(map(str, audience.cadences))) if audience.cadences else cadence.is_not(None)
    # Somebody's pause may end before their own morning; each wave looks closer.
    may_be = may_be_written_to(row["due_at" if audience.local_time is None else "expires_at"])
    agreed = or_(
        subscriptions.c.ends_on.is_(None),
        subscriptions.c.ends_on >= row["on_date"],
        subscriptions.c.asked_for_more_at.is_not(None),
    )
    return subscriptions.c.campaign == row["campaign"], may_be, agreed, wanted


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
    """Freeze one kind of readers of a stretch, the first ``how_many``. Returns their batches."""
    of_delivery = batches.c.delivery_id == row["id"]
    base = int(connection.execute(select(func.coalesce(func.max(batches.c.number), 0)).where(of_delivery)).scalar_one())
    found = select(_READER).where(*who, *group.who).order_by(_READER).limit(how_many).subquery()
    place = func.row_number().over(order_by=found.c.subscriber_id) - 1
    number = cast(place // batch_limit + (base + 1), Integer)
    connection.execute(
        insert(recipients).from_select(
            ["delivery_id", "subscriber_id", "batch_number"], select(literal(row["id"]), found.c.subscriber_id, number)
        )
    )
    stretch = recipients.c.subscriber_id > row["frozen_through"]
    sums = connection.execute(
        select(
            recipients.c.batch_number,
            func.min(recipients.c.subscriber_id),
            func.max(recipients.c.subscriber_id),
            func.count(),
        )
        .where(recipients.c.delivery_id == row["id"], stretch, recipients.c.batch_number > base)
        .group_by(recipients.c.batch_number)
        .order_by(recipients.c.batch_number)
    ).all()
    added = [(number, first, last, size) for number, first, last, size in sums]
    _add_batches(connection, row, added, group)
    return added


def _add_batches(connection: Connection, row: RowMapping, found: Sequence[_Added], group: _Group) -> None:
    if not found:
        return
    ledger_id = connection.execute(select(ledger.c.ledger_id)).scalar_one()
    connection.execute(
        batches.insert(),
        [
            {
                "delivery_id": row["id"],
                "number": number,
                "first_subscriber": first,
                "last_subscriber": last,
                "size": size,
                "state": str(State.SCHEDULED),
                "send_id": send_id_of(ledger_id, row, number),
                "not_before_at": group.due_at,
                "not_after_at": group.not_after_at,
                "first_item": group.first_item,
            }
            for number, first, last, size in found
        ],
    )


def _end_pauses(connection: Connection, campaign: str, at: datetime) -> None:
    """Readers of the campaign whose pause is over are active again."""
    connection.execute(
        update(subscriptions)
        .where(
            subscriptions.c.campaign == campaign,
            subscriptions.c.state.in_([str(s) for s in subscriber_may_come_from(SubscriberVerb.RESUME)]),
            subscriptions.c.paused_until_at <= at,
        )
        .values(state=str(subscriber_leads_to(SubscriberVerb.RESUME)), paused_until_at=None)
    )
