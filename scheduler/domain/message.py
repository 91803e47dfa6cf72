"""A message: an item rendered for one channel, with one digest over all that it is; and as text, for the ledger."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
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
    number: int = 1  # of an email: which one of its day it is
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
    payload = {
        "v": 1,
        "campaign": message.campaign,
        "season": message.season,
        "item": message.item,
        "channel": message.channel,
        "kind": message.kind,
        "due_at": message.due_at.isoformat(),
        "expires_at": message.expires_at.isoformat(),
        "body": {"type": type(message.body).__name__, **body_fields(message.body)},
        "claims": message.claims,
        "quotations": message.quotations,
        "contacts": message.contacts,
        "links": message.links,
        "rests_on": dict(message.rests_on),
        "audience": message.audience.to_text(),
    }
    if message.number > 1:  # most days have one, and were approved before there was a number
        payload["number"] = message.number
    canonical = json.dumps(payload, sort_keys=True, ensure_ascii=False, default=_plain, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()


def body_fields(body: PostBody | EmailBody) -> dict[str, object]:
    """Each part of a body by its name."""
    return {f.name: getattr(body, f.name) for f in fields(body)}


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


_BODIES: dict[str, type[PostBody] | type[EmailBody]] = {"PostBody": PostBody, "EmailBody": EmailBody}


def to_text(message: Message) -> str:
    """The message as JSON; :func:`from_text` gives back one with the same digest. Findings are left out."""
    plain = {f.name: getattr(message, f.name) for f in fields(message) if f.init and f.name != "findings"}
    plain["body"] = {"type": type(message.body).__name__, **body_fields(message.body)}
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
    match value:
        case date():  # a datetime is a date
            return value.isoformat()
        case Mapping():
            return dict(value)
        case Audience():
            return value.to_text()
    raise TypeError(f"a message holds something that cannot be written down: {type(value).__name__}")
