"""A post as a record of app.bsky.feed.post, whole before the first try: the same message gives the same bytes.

The record's key is of our own choosing and the same at each try, and ``swapRecord`` is null, by which the server is
told to make a record and never to overwrite one. So a call that is made again can not make a second post.
"""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime

from ...domain.message import Message, PostBody
from ...domain.outcome import Request
from ...settings import ChannelSettings
from .facets import facets

COLLECTION = "app.bsky.feed.post"
PUT_RECORD = "/xrpc/com.atproto.repo.putRecord"

_TID_ALPHABET = "234567abcdefghijklmnopqrstuvwxyz"
_TID_LENGTH = 13
_CLOCK_ID_BITS = 10
_A_SECOND = 1_000_000  # in the microseconds that a TID counts


def build_post(message: Message, settings: ChannelSettings, *, send_id: str) -> Request:
    """The request for this post. Pure: needs no account, no secret and no library."""
    if not isinstance(message.body, PostBody):
        raise TypeError(f"{message.item}: an email cannot be posted")
    text = message.body.text
    record: dict[str, object] = {
        "$type": COLLECTION,
        "text": text,
        "createdAt": message.due_at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.000Z"),
        "langs": str(settings.options.get("languages") or "en").replace(" ", "").split(","),
    }
    if found := facets(text, message.links):
        record["facets"] = found
    key = record_key(message.due_at, send_id)
    body = {
        "repo": str(settings.options.get("handle") or ""),
        "collection": COLLECTION,
        "rkey": key,
        "record": record,
        "swapRecord": None,
    }
    return Request("POST", PUT_RECORD, body, {"Content-Type": "application/json"}, fingerprint=f"{COLLECTION}/{key}")


def record_key(due_at: datetime, send_id: str) -> str:
    """A TID: the second in which the post is due, then 30 bits that are the send id's own. Posts stay in the order of
    their days, and no two calls share a key."""
    own = int.from_bytes(hashlib.sha256(send_id.encode()).digest()[:8])
    microseconds = int(due_at.timestamp()) * _A_SECOND + (own >> _CLOCK_ID_BITS) % _A_SECOND
    number = microseconds << _CLOCK_ID_BITS | own % (1 << _CLOCK_ID_BITS)
    return "".join(_TID_ALPHABET[number >> 5 * place & 31] for place in reversed(range(_TID_LENGTH)))
