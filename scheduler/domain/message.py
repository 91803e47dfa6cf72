"""A message: an item rendered for one channel, with one digest over all that it is."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime

from .audience import EVERYBODY, Audience
from .finding import Finding


@dataclass(frozen=True, slots=True)
class PostBody:
    """What a social network will show."""

    text: str
    characters: int  # weighted, as X counts
    limit: int
    contains_url: bool
    alt_text: str = ""


@dataclass(frozen=True, slots=True)
class EmailBody:
    """One email, the same for all readers but for the tokens in ``tokens``.

    A token is a literal (``%unsubscribe_url%``) that the channel replaces per reader.
    """

    subject: str
    preheader: str
    text: str
    html: str
    from_name: str
    from_address: str
    reply_to: str
    list_id: str
    tokens: tuple[str, ...] = ("%unsubscribe_url%",)
    headers: Mapping[str, str] = field(default_factory=dict)
    #: Of a digest: its items in order, and where each begins in ``html`` and in ``text``, in characters.
    parts: tuple[tuple[str, int, int], ...] = ()


@dataclass(frozen=True, slots=True)
class Message:
    """One item for one channel in one season."""

    campaign: str
    season: int
    item: str
    channel: str
    kind: str
    on: date
    due_at: datetime
    expires_at: datetime
    body: PostBody | EmailBody
    claims: tuple[str, ...] = ()
    quotations: tuple[str, ...] = ()
    contacts: tuple[str, ...] = ()
    links: tuple[str, ...] = ()
    rests_on: Mapping[str, str] = field(default_factory=dict)  # "claim:ID" -> record hash, "source:ID" -> sha256
    audience: Audience = EVERYBODY  # of an email
    findings: tuple[Finding, ...] = ()
    _digest: str = field(default="", init=False, repr=False, compare=False)

    @property
    def digest(self) -> str:
        """SHA-256 (hex) over every byte that will go out, when, where, and the records it rests on."""
        if not self._digest:  # computed once: a message never changes, and a season asks for it thousands of times
            object.__setattr__(self, "_digest", digest_of(self))
        return self._digest


def digest_of(message: Message) -> str:
    """See :attr:`Message.digest`. Findings are not part of it: they are about the message, not in it."""
    body = message.body
    fields = {name: getattr(body, name) for name in body.__dataclass_fields__}
    payload = {
        "v": 1,
        "campaign": message.campaign,
        "season": message.season,
        "item": message.item,
        "channel": message.channel,
        "kind": message.kind,
        "due_at": message.due_at.isoformat(),
        "expires_at": message.expires_at.isoformat(),
        "body": {"type": type(body).__name__, **fields},
        "claims": message.claims,
        "quotations": message.quotations,
        "contacts": message.contacts,
        "links": message.links,
        "rests_on": dict(message.rests_on),
        "audience": message.audience.to_text(),
    }
    canonical = json.dumps(payload, sort_keys=True, ensure_ascii=False, default=_plain, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()


def words_of(message: Message) -> tuple[str, ...]:
    """What its readers read of it, or have read to them: without its looks, its time and the records beneath."""
    body = message.body
    if isinstance(body, PostBody):
        return body.text, body.alt_text
    return body.subject, body.preheader, body.text


def from_item(message: Message, first_item: str) -> Message:
    """A digest from ``first_item`` on, for readers who had the items before it, or were not there yet.

    Nothing but whole items is cut out of what was approved, so the digest of the whole stays its digest. An empty
    ``first_item`` is the whole message. Raises ValueError when the message has no such part.
    """
    if not first_item:
        return message
    body = message.body
    parts = body.parts if isinstance(body, EmailBody) else ()
    if first_item not in (item for item, _, _ in parts):
        raise ValueError(f"{message.item} has no part {first_item}")
    assert isinstance(body, EmailBody)  # noqa: S101 - only an email has parts
    _, html_from, text_from = parts[0]
    ((_, html_to, text_to),) = (part for part in parts if part[0] == first_item)
    cut = replace(
        message,
        body=replace(
            body,
            html=body.html[:html_from] + body.html[html_to:],
            text=body.text[:text_from] + body.text[text_to:],
            parts=(),
        ),
    )
    object.__setattr__(cut, "_digest", message.digest)
    return cut


def _plain(value: object) -> object:
    if isinstance(value, Mapping):
        return dict(value)
    raise TypeError(f"a message holds something that cannot be digested: {type(value).__name__}")
