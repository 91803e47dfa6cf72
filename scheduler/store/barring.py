"""Barring an address: nobody writes to it any more, whoever brings it back in a file or a form."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import Connection, RowMapping, and_, delete, insert, select, update

from ..domain.delivery import State
from ..domain.reason import ReasonCode
from ..domain.receipt import Barred, stronger_bar
from ..domain.subscriber import ConsentHow, SubscriberVerb
from .events import append
from .repository import ALLOWED, all_rows
from .subscribers import note_consent, transition_subscriptions
from .tables import recipients, subscribers, suppressions

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
