"""Barring an address: nobody writes to it any more, whoever brings it back in a file or a form."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, RowMapping, Table, and_, delete, insert, or_, select, update

from ..domain.delivery import State
from ..domain.reason import ReasonCode
from ..domain.receipt import Barred, stronger_bar
from ..domain.subscriber import ON_THE_LIST, ConsentHow, SubscriberState, SubscriberVerb
from .events import append
from .kept_counts import ALLOWED, about_to_bar
from .repository import all_rows, bars
from .subscriptions import note_consent, transition_subscriptions
from .tables import hashed_suppressions, recipients, subscribers, subscriptions, suppressions

COMPLAINED, UNSUBSCRIBED = "complained", "unsubscribed"
#: Why a former address is barred: its owner gets the mails at another one.
MOVED = "moved"

#: What a reason to bar an address means for the reader.
_ENDS = {
    Barred.BOUNCED: SubscriberVerb.BOUNCE,
    Barred.UNSUBSCRIBED: SubscriberVerb.LEAVE,
    Barred.COMPLAINED: SubscriberVerb.COMPLAIN,
}


def bar(
    connection: Connection,
    subscriber: RowMapping,
    reason: Barred,
    *,
    source: str,
    who: str,
    now: datetime,
    detail: str = "",
) -> bool:
    """Bar a reader's address from every campaign. A reason may become stronger, never weaker. Whether this was news.

    ``source``: who says so, and how; ``who``: in the history.
    """
    key = and_(suppressions.c.address_key == subscriber["address_key"], suppressions.c.campaign == "")
    before = connection.execute(select(suppressions.c.reason).where(key)).scalar()
    about_to_bar(connection, suppressions, subscriber["address_key"])
    exceptions = (suppressions.c.address_key == subscriber["address_key"], suppressions.c.reason == ALLOWED)
    had_exceptions = connection.execute(delete(suppressions).where(*exceptions)).rowcount
    if before is None:
        connection.execute(
            insert(suppressions).values(
                address_key=subscriber["address_key"],
                campaign="",
                subscriber_id=subscriber["id"],
                reason=str(reason),
                source=source,
                at=now,
            )
        )
    elif stronger_bar(before, reason) != before:
        connection.execute(update(suppressions).where(key).values(reason=str(reason), source=source, at=now))
    elif not had_exceptions:
        return False
    transition_subscriptions(connection, _ENDS[reason], None, subscriber["id"])
    kind = "subscriber.bounced"
    if reason is not Barred.BOUNCED:  # the reader's own wish
        kind = "subscriber.left"
        what = f"reported by the provider: {reason}"
        note_consent(connection, "", subscriber["id"], ConsentHow.WITHDRAWN, now, what=what)
    append(
        connection,
        at=now,
        kind=kind,
        who=who,
        subscriber=subscriber["id"],
        why=str(reason),
        source=source,
        detail=detail,
    )
    return True


def bar_dead(connection: Connection, delivery_id: int, batches: Iterable[int], channel: str, now: datetime) -> None:
    """Bar the readers of these batches (by number) who were left out because their addresses are dead."""
    dead = (
        select(subscribers, recipients.c.detail.label("said"))
        .join(recipients, recipients.c.subscriber_id == subscribers.c.id)
        .where(
            recipients.c.delivery_id == delivery_id,
            recipients.c.batch_number.in_(list(batches)),
            recipients.c.state == str(State.SKIPPED),
            recipients.c.reason == str(ReasonCode.ADDRESS_DEAD),
        )
        .order_by(subscribers.c.id)
    )
    for subscriber in all_rows(connection, dead):
        source, detail = f"refused by the server of {channel}", subscriber["said"] or ""
        bar(connection, subscriber, Barred.BOUNCED, source=source, who="tick", now=now, detail=detail)


def suppress(connection: Connection, key: str, campaign: str, **bar: Any) -> None:
    """Bar an address from a campaign (empty: from all), unless it is."""
    same = suppressions.c.address_key == key
    there = [same, bars(suppressions, campaign)]
    if campaign:  # that an address is dead ends with a yes to any campaign; that its reader left this one does not
        there.append(suppressions.c.reason != str(SubscriberState.BOUNCED))
    if connection.execute(select(suppressions.c.reason).where(*there)).first() is None:
        about_to_bar(connection, suppressions, key)
        connection.execute(delete(suppressions).where(same, suppressions.c.campaign == campaign))
        connection.execute(insert(suppressions).values(address_key=key, campaign=campaign, **bar))


def allow(
    connection: Connection,
    table: Table,
    keys: Sequence[str],
    campaign: str,
    now: datetime,
    family: Collection[str] = (),
) -> None:
    """Nothing bars an address from a campaign any more. ``table``: of addresses, or of their hashes."""
    about_to_bar(connection, table, keys)
    key = table.primary_key.columns[0]
    mine, is_for_all = key.in_(keys), table.c.campaign == ""
    no_more = or_(table.c.campaign == campaign, and_(is_for_all, table.c.reason == str(SubscriberState.BOUNCED)))
    connection.execute(delete(table).where(mine, no_more))
    of_others = and_(table.c.campaign.in_(("", *family)), table.c.reason != ALLOWED)
    query = select(key, table.c.subscriber_id, table.c.source).where(mine, of_others).order_by(table.c.campaign)
    others = {value: about for value, *about in connection.execute(query).all()}
    for value, (subscriber_id, source) in others.items():
        about = {key.name: value, "subscriber_id": subscriber_id, "source": source, "at": now}
        connection.execute(insert(table).values(**about, campaign=campaign, reason=ALLOWED))


def take_along(connection: Connection, table: Table, before: Sequence[str], now: str) -> None:
    """What bars a person's former address, and from what it does not, holds for their new one too."""
    about_to_bar(connection, table, now)
    key = table.primary_key.columns[0]
    there = set(connection.execute(select(table.c.campaign).where(key == now)).scalars())
    for row in all_rows(connection, select(table).where(key.in_(before))):
        if row["campaign"] not in there:
            there.add(row["campaign"])
            connection.execute(insert(table).values(**{**row, key.name: now}))


def bar_hash(
    connection: Connection, hashed: str, reason: str, subscriber_id: str, at: datetime, *, source: str = "erased"
) -> None:
    """Bar an address that is not kept, from every campaign."""
    about_to_bar(connection, hashed_suppressions, hashed)
    bar = {"subscriber_id": subscriber_id, "reason": reason, "source": source, "at": at}
    same = (hashed_suppressions.c.address_hash == hashed, hashed_suppressions.c.campaign == "")
    connection.execute(delete(hashed_suppressions).where(*same))
    connection.execute(insert(hashed_suppressions).values(address_hash=hashed, campaign="", **bar))


def barred_for(
    connection: Connection, campaign: str, key: str, hashes: tuple[str, ...], family: Collection[str] = ()
) -> str:
    """Why an address is barred from a campaign; empty when it is not."""
    by_key = select(suppressions.c.reason).where(
        suppressions.c.address_key == key, bars(suppressions, campaign, family)
    )
    by_hash = select(hashed_suppressions.c.reason).where(
        hashed_suppressions.c.address_hash.in_(hashes), bars(hashed_suppressions, campaign, family)
    )
    reasons = [str(reason) for query in (by_key, by_hash) for reason in connection.execute(query).scalars()]
    return COMPLAINED if COMPLAINED in reasons else next(iter(reasons), "")


def has_complained(
    connection: Connection, campaign: str, person: RowMapping | None, key: str, hashes: tuple[str, ...]
) -> bool:
    """Of any mail, and was not asked back to that campaign since."""
    if person is not None:
        mine = select(subscriptions.c.campaign, subscriptions.c.state)
        states = dict(connection.execute(mine.where(subscriptions.c.subscriber_id == person["id"])).all())
        if states.get(campaign) not in ON_THE_LIST and COMPLAINED in states.values():
            return True
    return barred_for(connection, campaign, key, hashes) == COMPLAINED
