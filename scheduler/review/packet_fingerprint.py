"""One hash for all that a season would send, so that a signature on paper can be tied to it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable

from ..domain.message import Message


def edition_hash(messages: Iterable[Message]) -> str:
    """SHA-256 (hex) over the digests of all messages in their order: one changed comma gives another edition."""
    whole = hashlib.sha256()
    for message in messages:
        whole.update(f"{message.item} {message.channel} {message.digest}\n".encode())
    return whole.hexdigest()
