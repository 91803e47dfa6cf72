"""The processes that send: each keeps one row about itself. No history: a row says how it is now."""

from __future__ import annotations

import json
from datetime import datetime, timedelta

from sqlalchemy import Connection, delete, func, select, update

from ..domain.sender import Sender
from .reads import SenderReads, as_sender
from .repository import Repository, transaction
from .tables import senders

#: Rows of processes that have ended are kept for so long.
KEPT_FOR = timedelta(days=7)


class SenderRepository(Repository, SenderReads):
    """Heartbeats. They are written beside everything else: nobody waits for them (PostgreSQL)."""

    @transaction("heartbeat", alone=False)
    def keep(self, connection: Connection, sender: Sender) -> None:
        """A process is alive, and how it is. A row that others gave up comes back; rows from long ago go."""
        values = {**_values(sender), "lost_at": None}
        old = func.coalesce(senders.c.ended_at, senders.c.lost_at) < sender.last_seen_at - KEPT_FOR
        kept = connection.execute(update(senders).where(senders.c.sender_key == sender.key).values(values))
        if not kept.rowcount:  # its first; or an older copy of the ledger was put back
            connection.execute(delete(senders).where(old))
            connection.execute(senders.insert().values(values))

    @transaction("heartbeat", alone=False)
    def lose(self, connection: Connection, key: str, *, seen_at: datetime, now: datetime) -> bool:
        """It ended without saying so. False where it did say so, was seen since, or was given up already."""
        gone = (senders.c.sender_key == key, senders.c.last_seen_at == seen_at)
        is_open = (senders.c.ended_at.is_(None), senders.c.lost_at.is_(None))
        return bool(connection.execute(update(senders).where(*gone, *is_open).values(lost_at=now)).rowcount)

    def find(self, key: str) -> Sender | None:
        """One process."""
        return self._first(as_sender, select(senders).where(senders.c.sender_key == key))


def _values(sender: Sender) -> dict[str, object]:
    return {
        "sender_key": sender.key,
        "kind": sender.kind,
        "pid": sender.pid,
        "host": sender.host,
        "version": sender.version,
        "mode": sender.mode,
        "settings_fingerprint": sender.settings_fingerprint,
        "campaigns": json.dumps(sender.campaigns),
        "started_at": sender.started_at,
        "last_seen_at": sender.last_seen_at,
        "pages_address": sender.pages_address,
        "pinned": json.dumps(sender.pinned),
        "restart_for": json.dumps(sender.restart_for),
        "settings_problem": sender.settings_problem,
        "last_pass_at": sender.last_pass_at,
        "ended_at": sender.ended_at,
    }
