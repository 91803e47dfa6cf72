"""A packet that was given to reviewers: its edition, and exactly which messages it held."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from datetime import datetime

from ..light_dataclass import dataclass
from .message import Message

#: Characters of an edition's hash that are enough to name it: as many as a printed page shows.
SHORTEST_EDITION = 12


@dataclass(frozen=True)
class PacketRecord:
    """``held``: (item, channel) -> digest of the message in the packet."""

    campaign: str
    season: int
    edition: str
    made_at: datetime
    held: Mapping[tuple[str, str], str]

    def named_by(self, text: str) -> bool:
        """Whether ``text`` is this packet's hash, whole or its beginning as printed."""
        return len(text) >= SHORTEST_EDITION and self.edition.startswith(text)

    def changed_since(self, messages: Iterable[Message]) -> tuple[tuple[str, str], ...]:
        """(item, channel) of messages that are not as they were, have come since, or have gone."""
        now = {(m.item, m.channel): m for m in messages}
        return tuple(k for k in {**self.held, **now} if k not in now or not now[k].has(self.held.get(k, "")))


def edition_hash(messages: Iterable[Message]) -> str:
    """SHA-256 (hex) over the digests of all messages in their order: one changed comma gives another edition."""
    whole = hashlib.sha256()
    for message in messages:
        whole.update(f"{message.item} {message.channel} {message.digest}\n".encode())
    return whole.hexdigest()
