"""From a message to the call that posts it on X. https://docs.x.com/x-api/posts/create-post"""

from __future__ import annotations

from ...domain.message import Message, PostBody
from ...domain.outcome import Request
from ..own_timeline import fingerprint_of


def build_post(message: Message) -> Request:
    """The request for this post. Pure: needs no account, no secret and no library. X names a picture by an id of its
    own, which is not known before it is uploaded."""
    if not isinstance(message.body, PostBody):
        raise TypeError(f"{message.item}: an email cannot be posted")
    text, picture = message.body.text, message.body.attached
    headers = {"Content-Type": "application/json"}
    return Request("POST", "/2/tweets", {"text": text}, headers, fingerprint_of(text), picture)
