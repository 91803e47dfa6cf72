"""A message as JSON text and back, so that the ledger can keep exactly what went out."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import fields
from datetime import date, datetime

from .audience import Audience
from .message import EmailBody, Message, PostBody

_BODIES: dict[str, type[PostBody] | type[EmailBody]] = {"PostBody": PostBody, "EmailBody": EmailBody}


def to_text(message: Message) -> str:
    """The message as JSON; :func:`from_text` gives back one with the same digest. Findings are left out."""
    plain = {f.name: getattr(message, f.name) for f in fields(message) if f.init and f.name not in ("findings", "body")}
    body = {f.name: getattr(message.body, f.name) for f in fields(message.body) if f.init}
    plain["body"] = {"type": type(message.body).__name__, **body}
    return json.dumps(plain, default=_plain, ensure_ascii=False, sort_keys=True)


def from_text(text: str) -> Message:
    """The message that :func:`to_text` wrote."""
    plain = json.loads(text)
    body = plain.pop("body")
    kind = _BODIES[body.pop("type")]
    plain["on"] = date.fromisoformat(plain["on"])
    plain["audience"] = Audience.from_text(plain.get("audience", ""))
    if "parts" in body:
        body["parts"] = [tuple(part) for part in body["parts"]]
    for name in ("due_at", "expires_at"):
        plain[name] = datetime.fromisoformat(plain[name])
    return Message(body=kind(**_known(kind, body)), **_known(Message, plain))  # type: ignore[arg-type]


def _known(kind: type, plain: Mapping[str, object]) -> dict[str, object]:
    """Lists become tuples again; what a later or earlier release wrote and this one does not know is dropped."""
    names = {f.name for f in fields(kind) if f.init}
    return {k: tuple(v) if isinstance(v, list) else v for k, v in plain.items() if k in names}


def _plain(value: object) -> object:
    if isinstance(value, date):  # a datetime is a date
        return value.isoformat()
    if isinstance(value, Mapping):
        return dict(value)
    if isinstance(value, Audience):
        return value.to_text()
    raise TypeError(f"a message holds something that cannot be stored: {type(value).__name__}")
