"""A post as a record of app.bsky.feed.post, whole before the first try: the same message gives the same bytes.

The record's key is of our own choosing and the same at each try, and ``swapRecord`` is null, by which the server is
told to make a record and never to overwrite one. So a call that is made again can not make a second post.
"""

from __future__ import annotations

import hashlib
from base64 import b32encode
from collections.abc import Mapping
from datetime import UTC, datetime

from ...domain.message import Message, PostBody
from ...domain.outcome import Request
from ...domain.post_picture import AttachedPicture, PostPicture
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
    picture = message.body.attached
    if picture is not None:
        record["embed"] = _embed(picture)
    key = record_key(message.due_at, send_id)
    body = {
        "repo": str(settings.options.get("handle") or ""),
        "collection": COLLECTION,
        "rkey": key,
        "record": record,
        "swapRecord": None,
    }
    headers = {"Content-Type": "application/json"}
    return Request("POST", PUT_RECORD, body, headers, fingerprint=f"{COLLECTION}/{key}", picture=picture)


def blob_of(picture: PostPicture) -> dict[str, object]:
    """How a record names a picture: by what its bytes are, so it is known before they are uploaded."""
    link = {"$link": cid_of(picture.sha256)}
    return {"$type": "blob", "ref": link, "mimeType": picture.media_type, "size": picture.byte_length}


def cid_of(sha256: str) -> str:
    """The name of raw bytes: CID version 1, codec raw, SHA-256, in base 32."""
    name = b"\x01\x55\x12\x20" + bytes.fromhex(sha256)
    return "b" + b32encode(name).decode().lower().rstrip("=")


def without_picture(record: Mapping[str, object]) -> dict[str, object]:
    """The record of a post that goes with its words alone."""
    return {name: value for name, value in record.items() if name != "embed"}


def _embed(attached: AttachedPicture) -> dict[str, object]:
    picture = attached.picture
    image = {
        "alt": attached.alt_text,
        "image": blob_of(picture),
        "aspectRatio": {"width": picture.width, "height": picture.height},
    }
    return {"$type": "app.bsky.embed.images", "images": [image]}


def record_key(due_at: datetime, send_id: str) -> str:
    """A TID: the second in which the post is due, then 30 bits that are the send id's own. Posts stay in the order of
    their days, and no two calls share a key."""
    own = int.from_bytes(hashlib.sha256(send_id.encode()).digest()[:8])
    microseconds = int(due_at.timestamp()) * _A_SECOND + (own >> _CLOCK_ID_BITS) % _A_SECOND
    number = microseconds << _CLOCK_ID_BITS | own % (1 << _CLOCK_ID_BITS)
    return "".join(_TID_ALPHABET[number >> 5 * place & 31] for place in reversed(range(_TID_LENGTH)))
