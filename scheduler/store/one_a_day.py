"""At most one mail a day: who wants it, what they had on a day, and what a campaign still owes them.

Questions only; from whom a mail is withheld is decided where it is frozen (``recipients.py``). They are recipients of
it all the same: skipped, for the reason ``one-a-day``, in a batch that says which items they were to have
(``only_items``). That is what is owed to them, and no other record of it is kept. A later digest of the same campaign
tells it, and its batch says so in the same column.

Such readers are few: all is asked for them alone, by two small indexes, and nothing where there are none.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    RowMapping,
    Select,
    and_,
    exists,
    func,
    literal_column,
    or_,
    select,
    union,
)

from ..domain.audience import Audience
from ..domain.delivery import State
from ..domain.reason import ReasonCode
from ..domain.season_key import SeasonKey
from ..light_dataclass import dataclass
from .repository import all_rows, may_be_written_to, of_reader
from .tables import batches, cadences, deliveries, recipients, subscribers, subscriptions

#: As the small indexes have it: a value that is bound would not lead to them.
_WANTS = subscribers.c.one_a_day == literal_column("1")
_WITHHELD = recipients.c.reason == literal_column(f"'{ReasonCode.ONE_A_DAY}'")

_READER = subscriptions.c.subscriber_id

#: A delivery's, or what is asked of one that is not there.
Row = RowMapping | Mapping[str, Any]
#: Item -> when its own mail was due.
Owed = Mapping[str, datetime]


#: As questions within questions: they may be too many to be named one by one.
_WANTING = select(subscribers.c.id).where(_WANTS)
_OWED = select(recipients.c.subscriber_id).where(_WITHHELD)


@dataclass(frozen=True)
class Wishes:
    """Readers who want at most one mail a day, and those who wanted it and are owed something since."""

    wanting: frozenset[str]
    everybody: frozenset[str]


def wishes(connection: Connection, campaign: str) -> Wishes:
    """Of a campaign's list."""
    is_any = connection.execute(select(or_(exists(_WANTING), exists(_OWED)))).scalar_one()
    if not is_any:
        return Wishes(frozenset(), frozenset())
    on_the_list = select(subscriptions.c.subscriber_id).where(subscriptions.c.campaign == campaign)

    def among(some: Select[tuple[str]]) -> frozenset[str]:
        return frozenset(connection.execute(on_the_list.where(_READER.in_(some))).scalars())

    wanting = among(_WANTING)
    return Wishes(wanting, wanting | among(_OWED))


def has_a_wish() -> ColumnElement[bool]:
    """Subscriptions of those of whom :func:`wishes` tells."""
    return _READER.in_(union(_WANTING, _OWED))  # in one: by two the whole list would be looked through


def owed(connection: Connection, row: Row) -> dict[str, dict[str, datetime]]:
    """What the campaign of a delivery (``row``) owes each of its readers who are written to when it is due: items that
    were withheld from them in this stay, and that no digest has told them since."""
    same = [deliveries.c[name] == row[name] for name in ("mode", "campaign", "season", "channel")]
    due_of = dict(connection.execute(select(deliveries.c.item, deliveries.c.due_at).where(*same)).all())
    of_their_batch = and_(
        batches.c.delivery_id == recipients.c.delivery_id, batches.c.number == recipients.c.batch_number
    )
    theirs = (
        select(recipients.c.subscriber_id, recipients.c.reason, batches.c.only_items, batches.c.left_out)
        .join(deliveries, deliveries.c.id == recipients.c.delivery_id)
        .join(batches, of_their_batch)
        .where(*same, deliveries.c.id != row["id"], batches.c.only_items != "", recipients.c.subscriber_id.in_(_OWED))
    )
    withheld: dict[str, set[str]] = {}
    told: dict[str, set[str]] = {}
    for reader, reason, items, left_out in connection.execute(theirs):
        kept = withheld if reason == ReasonCode.ONE_A_DAY else told
        kept.setdefault(reader, set()).update(set(items.split()).difference(left_out.split()))
    since = _here_since(connection, row) if withheld else {}
    found = {
        reader: {
            item: due_of[item]
            for item in items - told.get(reader, set())
            if item in due_of and reader in since and since[reader] <= due_of[item]
        }
        for reader, items in withheld.items()
    }
    return {reader: items for reader, items in found.items() if items}


def owed_now(connection: Connection, mode: str, key: SeasonKey, *, today: date, now: datetime) -> int:
    """How many readers a campaign's season owes something at present."""
    season = {"mode": mode, "campaign": key.campaign, "season": key.season, "audience": Audience().to_text()}
    mine = (deliveries.c.mode == mode, deliveries.c.campaign == key.campaign, deliveries.c.season == key.season)
    channels = connection.execute(select(deliveries.c.channel).where(*mine, deliveries.c.kind == "email").distinct())
    at_present = {**season, "id": 0, "due_at": now, "expires_at": now, "on_date": today}
    those = [owed(connection, {**at_present, "channel": channel}) for channel in channels.scalars().all()]
    return len(set().union(*those))


def _here_since(connection: Connection, row: Row) -> dict[str, datetime]:
    """Since when each of those who are owed something is on the list without a break; without those who are not
    written to."""
    first = (
        select(func.min(cadences.c.since_at))
        .where(of_reader(cadences, subscriptions.c.campaign, subscriptions.c.subscriber_id))
        .scalar_subquery()
    )
    query = select(subscriptions.c.subscriber_id, func.coalesce(first, subscriptions.c.cadence_since_at)).where(
        subscriptions.c.campaign == row["campaign"],
        _READER.in_(_OWED),
        *is_written_to(row, Audience.from_text(row["audience"])),
    )
    return dict(connection.execute(query).all())


def is_written_to(row: Row, audience: Audience) -> tuple[ColumnElement[bool], ...]:
    """Subscriptions whose reader is there when a delivery is due, and agreed to mails of that day."""
    # Somebody's pause may end before their own morning; each wave looks closer.
    may_be = may_be_written_to(row["due_at" if audience.local_time is None else "expires_at"])
    agreed = or_(
        subscriptions.c.ends_on.is_(None),
        subscriptions.c.ends_on >= row["on_date"],
        subscriptions.c.asked_for_more_at.is_not(None),
    )
    return may_be, agreed


def had_mail(connection: Connection, row: RowMapping) -> frozenset[str]:
    """Those who want one mail a day and get another one of that day, of whatever campaign."""
    query = (
        select(recipients.c.subscriber_id)
        .join(deliveries, deliveries.c.id == recipients.c.delivery_id)
        .where(
            *_other_mails_of_day(row),
            recipients.c.subscriber_id.in_(_WANTING),
            or_(recipients.c.reason.is_(None), recipients.c.reason != str(ReasonCode.ONE_A_DAY)),
        )
    )
    return frozenset(connection.execute(query).scalars())


def claimed(connection: Connection, row: RowMapping) -> dict[str, list[tuple[datetime, str]]]:
    """Those to whom another digest of that day is going to bring what is owed: since when (the oldest item), and by
    which campaign."""
    waits = (deliveries.c.opened_at.is_(None), deliveries.c.state == str(State.SCHEDULED))
    found: dict[str, list[tuple[datetime, str]]] = {}
    for other in all_rows(connection, select(deliveries).where(*_other_mails_of_day(row), *waits)):
        if Audience.from_text(other["audience"]).is_digest:
            for reader, items in owed(connection, other).items():
                found.setdefault(reader, []).append((min(items.values()), other["campaign"]))
    return found


def can_be_told_later(connection: Connection, row: RowMapping) -> bool:
    """Whether a digest of the same season is still to come that can tell what is withheld now: for an item one of its
    own day or later, for a digest a later one."""
    is_digest = Audience.from_text(row["audience"]).is_digest
    later = deliveries.c.on_date > row["on_date"] if is_digest else deliveries.c.on_date >= row["on_date"]
    query = select(deliveries.c.audience).where(
        *(deliveries.c[name] == row[name] for name in ("mode", "campaign", "season", "channel")),
        deliveries.c.id != row["id"],
        deliveries.c.opened_at.is_(None),
        deliveries.c.state.in_([str(State.SCHEDULED), str(State.HELD)]),
        later,
    )
    return any(Audience.from_text(text).is_digest for text in connection.execute(query).scalars())


def _other_mails_of_day(row: RowMapping) -> tuple[ColumnElement[bool], ...]:
    return (
        deliveries.c.mode == row["mode"],
        deliveries.c.kind == "email",
        deliveries.c.on_date == row["on_date"],
        deliveries.c.id != row["id"],
    )
