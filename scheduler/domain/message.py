"""A message: an item rendered for one channel, with one digest over all that it is; and as text, for the ledger."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from datetime import date, datetime
from typing import NamedTuple

from .audience import EVERYBODY, Audience
from .finding import Finding
from .formatting import MONTHS


@dataclass(frozen=True, slots=True)
class PostBody:
    """What a social network will show."""

    text: str
    characters: int  # weighted, as X counts
    limit: int
    contains_url: bool
    alt_text: str = ""


#: The kinds of a digest's message and of its frame, which is an item's id, too. No item has them.
DIGEST, FRAME = "digest", "digest-frame"


class Piece(NamedTuple):
    """What a digest tells of one item, and where: its characters in the HTML and in the text."""

    item: str
    on: str  # the item's day, YYYY-MM-DD
    name: str  # what the digest's subject calls it
    html_from: int
    html_to: int
    text_from: int
    text_to: int


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
    #: Of a digest of an earlier release: its items, and where each whole letter begins in ``html`` and in ``text``.
    parts: tuple[tuple[str, int, int], ...] = ()
    pieces: tuple[Piece, ...] = ()  # of a digest: its items in order
    subject_pattern: str = ""  # of a digest, see :func:`digest_subject`


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
        "body": {"type": type(message.body).__name__, **_fields_in_digest(message.body)},
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


def _fields_in_digest(body: PostBody | EmailBody) -> dict[str, object]:
    """Without what only digests have: all other mails were approved before there was such a thing."""
    return {name: value for name, value in body_fields(body).items() if value or name not in _OF_DIGESTS}


_OF_DIGESTS = frozenset({"pieces", "subject_pattern"})


def body_fields(body: PostBody | EmailBody) -> dict[str, object]:
    """Each part of a body by its name."""
    return {f.name: getattr(body, f.name) for f in fields(body)}


def words_of(message: Message) -> tuple[str, ...]:
    """What its readers read of it, or have read to them: without its looks, its time and the records beneath."""
    body = message.body
    if isinstance(body, PostBody):
        return body.text, body.alt_text
    return body.subject, body.preheader, body.text


def is_of_pieces(message: Message) -> bool:
    """Whether it is a digest that is approved with its items and its frame. One of an earlier release, made of whole
    letters, was approved by itself."""
    return message.kind == DIGEST and isinstance(message.body, EmailBody) and bool(message.body.pieces)


def cut_to(message: Message, first_item: str = "", left_out: Collection[str] = ()) -> Message:
    """A digest from ``first_item`` on (empty: from its beginning) and without the items ``left_out``.

    Nothing but whole pieces is cut out of what was approved, and its subject names what is left; so the digest of the
    whole stays its digest. Raises ValueError when the message has no such item, or none would be left.
    """
    if not first_item and not left_out:
        return message
    body = message.body
    items = [item for item, _ in message.audience.parts] if isinstance(body, EmailBody) else []
    if unknown := {*left_out, *filter(None, [first_item])}.difference(items):
        raise ValueError(f"{message.item} has no part {min(unknown)}")
    assert isinstance(body, EmailBody)  # noqa: S101 - only an email has parts
    before = items[: items.index(first_item)] if first_item else []
    kept = [item for item in items if item not in before and item not in left_out]
    if not kept:
        raise ValueError(f"{message.item} would be empty")
    audience = replace(message.audience, parts=tuple(part for part in message.audience.parts if part[0] in kept))
    cut = replace(message, body=with_pieces(body, kept) if body.pieces else _from_letter(body, kept), audience=audience)
    object.__setattr__(cut, "_digest", message.digest)
    return cut


def with_pieces(body: EmailBody, kept: Collection[str]) -> EmailBody:
    """A digest's body with the pieces of these items alone."""
    html = text = ""
    html_at = text_at = 0
    left: list[Piece] = []
    for piece in body.pieces:
        html += body.html[html_at : piece.html_from]
        text += body.text[text_at : piece.text_from]
        if piece.item in kept:
            of_html, of_text = body.html[piece.html_from : piece.html_to], body.text[piece.text_from : piece.text_to]
            places = (len(html), len(html) + len(of_html), len(text), len(text) + len(of_text))
            left.append(Piece(piece.item, piece.on, piece.name, *places))
            html, text = html + of_html, text + of_text
        html_at, text_at = piece.html_to, piece.text_to
    subject = digest_subject(body.subject_pattern, [(piece.on, piece.name) for piece in left])
    html, text = html + body.html[html_at:], text + body.text[text_at:]
    return replace(body, subject=subject, html=html, text=text, pieces=tuple(left))


def _from_letter(body: EmailBody, kept: Sequence[str]) -> EmailBody:
    """A digest of whole letters, without those before the first that is kept: how it was begun."""
    _, html_from, text_from = body.parts[0]
    ((_, html_to, text_to),) = (part for part in body.parts if part[0] == kept[0])
    html, text = body.html[:html_from] + body.html[html_to:], body.text[:text_from] + body.text[text_to:]
    return replace(body, html=html, text=text, parts=())


#: What the pattern of a digest's subject may ask for: the days that it tells of, and what their own mails are called.
SUBJECT_NAMES = frozenset({"dates", "items"})
#: Characters; a longer one is a finding.
_LONGEST_SUBJECT = 78


def digest_subject(pattern: str, told: Sequence[tuple[str, str]]) -> str:
    """The subject of a digest of these items (day, name). ``{items}`` are as many names as there is room for."""
    days = [date.fromisoformat(on) for on, _ in told]
    fixed = pattern.replace("{dates}", _dates(min(days), max(days)))
    if "{items}" not in fixed:
        return fixed
    names = [name for _, name in told]
    for number in range(len(names), 0, -1):
        subject = fixed.replace("{items}", "; ".join(names[:number]) + (" …" if number < len(names) else ""))
        if len(subject) <= _LONGEST_SUBJECT:
            return subject
    return f"{subject[: _LONGEST_SUBJECT - 1].rstrip()}…"


def _dates(first: date, last: date) -> str:
    """ "January 11", "January 5–11", "January 25–February 1"."""
    start = f"{MONTHS[first.month - 1]} {first.day}"
    if first == last:
        return start
    end = f"{last.day}" if first.month == last.month else f"{MONTHS[last.month - 1]} {last.day}"
    return f"{start}–{end}"


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
    if "pieces" in body:
        body["pieces"] = [Piece(*piece) for piece in body["pieces"]]
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
