"""From a message to the call that posts it on X. https://docs.x.com/x-api/posts/create-post"""

from __future__ import annotations

import hashlib
import html
import re
import unicodedata
from collections.abc import Sequence

from ...domain.message import Message, PostBody
from ...domain.outcome import Request


def build_post(message: Message, media_ids: Sequence[str] = ()) -> Request:
    """The request for this post. Pure: needs no account, no secret and no library."""
    if not isinstance(message.body, PostBody):
        raise TypeError(f"{message.item}: an email cannot be posted")
    text = message.body.text
    body: dict[str, object] = {"text": text}
    if media_ids:
        body["media"] = {"media_ids": list(media_ids)}
    fingerprint = hashlib.sha256(comparable(text).encode("utf-8", "surrogatepass")).hexdigest()
    return Request("POST", "/2/tweets", body, {"Content-Type": "application/json"}, f"text:{fingerprint}")


def comparable(text: str) -> str:
    """A text with all taken out that X may change: entities, spaces, composition, scheme and case of addresses."""
    text = unicodedata.normalize("NFC", html.unescape(text)).casefold()
    text = re.sub(r"https?://", "", text)
    text = re.sub(r"/(?=[\s.,;:!?)]|$)", "", text)
    return " ".join(text.split())
