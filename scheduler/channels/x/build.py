"""From a message to the call that posts it on X. https://docs.x.com/x-api/posts/create-post"""

from __future__ import annotations

from collections.abc import Sequence

from ...domain.message import Message, PostBody
from ...domain.outcome import Request
from ..own_timeline import fingerprint_of


def build_post(message: Message, media_ids: Sequence[str] = ()) -> Request:
    """The request for this post. Pure: needs no account, no secret and no library."""
    if not isinstance(message.body, PostBody):
        raise TypeError(f"{message.item}: an email cannot be posted")
    text = message.body.text
    body: dict[str, object] = {"text": text}
    if media_ids:
        body["media"] = {"media_ids": list(media_ids)}
    return Request("POST", "/2/tweets", body, {"Content-Type": "application/json"}, fingerprint_of(text))
