"""From a message to the call that posts it on Mastodon. https://docs.joinmastodon.org/methods/statuses/#create"""

from __future__ import annotations

import hashlib

from ...domain.message import Message, PostBody
from ...domain.outcome import Request
from ...settings import ChannelSettings
from ..own_timeline import fingerprint_of
from .length import without_hosts

STATUSES = "/api/v1/statuses"
#: The header by which a server knows a call again, for an hour.
IDEMPOTENCY_KEY = "Idempotency-Key"


def build_post(message: Message, settings: ChannelSettings, *, send_id: str) -> Request:
    """The request for this post. Pure: needs no account, no secret and no library.

    The key is the send id's alone, so that a try that is made again with other words makes no second post either.
    """
    if not isinstance(message.body, PostBody):
        raise TypeError(f"{message.item}: an email cannot be posted")
    options = settings.options
    body: dict[str, object] = {
        "status": message.body.text,
        "visibility": str(options.get("visibility") or "public"),
        "language": str(options.get("language") or "en"),
    }
    if message.body.content_warning:
        body["spoiler_text"] = message.body.content_warning
    headers = {
        "Content-Type": "application/json",
        IDEMPOTENCY_KEY: hashlib.sha256(send_id.encode()).hexdigest(),
    }
    text = fingerprint_of(without_hosts(message.body.text))
    return Request("POST", STATUSES, body, headers, text, message.body.attached)
