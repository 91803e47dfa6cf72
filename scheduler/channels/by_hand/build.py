"""From a message to what is asked of a person."""

from __future__ import annotations

from ...domain.message import Message, PostBody
from ...domain.outcome import Request


def build_task(message: Message, person: str, *, send_id: str) -> Request:
    """Who posts which text, and until when. Pure."""
    if not isinstance(message.body, PostBody):
        raise TypeError(f"{message.item}: an email cannot be posted by hand")
    body = {"person": person, "text": message.body.text, "until": message.expires_at.isoformat()}
    return Request("ASK", "by hand", body, fingerprint=send_id, picture=message.body.attached)
