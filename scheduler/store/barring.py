"""Barring an address: nobody writes to it any more, whoever brings it back in a file or a form."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import Connection, RowMapping, insert, select, update

from ..domain.delivery import State
from ..domain.reader import ConsentHow, ReaderVerb
from ..domain.reason import ReasonCode
from ..domain.receipt import Barred, stronger_bar
from .events import append
from .readers import move_reader_row, note_consent
from .tables import recipients, subscribers, suppressions

#: What a reason to bar an address means for the reader.
_ENDS = {
    Barred.BOUNCED: ReaderVerb.BOUNCE,
    Barred.UNSUBSCRIBED: ReaderVerb.LEAVE,
    Barred.COMPLAINED: ReaderVerb.COMPLAIN,
}


def bar(
    connection: Connection,
    reader: RowMapping,
    reason: Barred,
    *,
    source: str,
    who: str,
    now: datetime,
    detail: str = "",
) -> bool:
    """Bar a reader's address. A reason may become stronger, never weaker. Whether this was news.

    ``source``: who says so, and how; ``who``: in the history.
    """
    key = suppressions.c.address_key == reader["address_key"]
    before = connection.execute(select(suppressions.c.reason).where(key)).scalar()
    if before is None:
        connection.execute(
            insert(suppressions).values(
                address_key=reader["address_key"], subscriber_id=reader["id"], reason=str(reason), source=source,
                at=now,
            )
        )  # fmt: skip
    elif stronger_bar(before, reason) != before:
        connection.execute(update(suppressions).where(key).values(reason=str(reason), source=source))
    else:
        return False
    move_reader_row(connection, _ENDS[reason], reader["id"])
    kind = "subscriber.bounced"
    if reason is not Barred.BOUNCED:  # the reader's own wish
        kind = "subscriber.left"
        what = f"reported by the provider: {reason}"
        note_consent(connection, reader["id"], ConsentHow.WITHDRAWN, now, what=what)
    append(
        connection, at=now, kind=kind, who=who, subscriber=reader["id"], why=str(reason), source=source, detail=detail,
    )  # fmt: skip
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
    for reader in connection.execute(dead).mappings().all():
        source, detail = f"refused by the server of {channel}", reader["said"] or ""
        bar(connection, reader, Barred.BOUNCED, source=source, who="tick", now=now, detail=detail)
