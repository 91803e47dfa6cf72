"""A message: an item rendered for one channel, with one digest over all that it is; and as text, for the ledger."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import field, fields, replace
from datetime import date, datetime
from typing import NamedTuple

from ..light_dataclass import dataclass
from .audience import EVERYBODY, Audience
from .finding import Finding
from .formatting import MONTHS
from .post_picture import AttachedPicture, PostPicture
from .printed import Printed


@dataclass(frozen=True)
class PostBody:
    """What a social network will show."""

    text: str
    characters: int  # weighted, as X counts
    limit: int
    contains_url: bool
    alt_text: str = ""
    picture: PostPicture | None = None
    content_warning: str = ""  # what some networks show in place of the post until somebody asks for it
    may_lack_picture: bool = False  # it goes with its words alone where a network refuses the picture

    @property
    def attached(self) -> AttachedPicture | None:
        """What goes with its words."""
        return AttachedPicture(self.picture, self.alt_text, self.may_lack_picture) if self.picture else None

    @property
    def whole_text(self) -> str:
        """The text for somebody who reads it here: behind the warning, where it has one."""
        return f"Content warning: {self.content_warning}\n\n{self.text}" if self.content_warning else self.text


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


class EarlierPiece(NamedTuple):
    """A piece of an earlier digest of the season: told again to nobody but who was to have it then, and had not."""

    item: str
    due_at: str  # when the item's own mail was due
    on: str
    name: str
    html: str
    text: str


@dataclass(frozen=True)
class SecondHead:
    """The other head of an email: what an inbox shows of it. See :func:`with_head`. What stands behind the head is the
    same in both forms; a discreet head says nothing of the cause."""

    is_discreet: bool  # else the body's own head is
    subject: str
    preheader: str
    from_name: str
    list_id: str
    html: str  # in place of the first ``html_to`` characters of the body's
    html_to: int
    text: str  # likewise
    text_to: int
    subject_pattern: str = ""  # of a digest


@dataclass(frozen=True)
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
    earlier: tuple[EarlierPiece, ...] = ()  # of a digest: what those before it told of
    second_head: SecondHead | None = None  # None: one of an earlier release, or a mail to those who run the campaign
    head_picture: PostPicture | None = None  # at the top of the head that is not discreet
    logo: PostPicture | None = None  # above it, in the same head


def pieces_of(digest: Message) -> tuple[EarlierPiece, ...]:
    """What a digest tells of, for those that come after it."""
    body, due_at = digest.body, dict(digest.audience.parts)
    assert isinstance(body, EmailBody)  # noqa: S101 - a digest is a mail
    return tuple(
        EarlierPiece(
            piece.item,
            due_at[piece.item].isoformat(),
            piece.on,
            piece.name,
            body.html[piece.html_from : piece.html_to],
            body.text[piece.text_from : piece.text_to],
        )
        for piece in body.pieces
    )


@dataclass(frozen=True)
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
    #: What templates printed from records, by the ending of the template ("txt", "html"): for checks, and for nobody
    #: else; it is not kept with the message.
    printed: Mapping[str, tuple[Printed, ...]] = field(default_factory=dict, repr=False, compare=False)
    _digest: str = field(default="", init=False, repr=False, compare=False)
    _digest_with_records: str = field(default="", init=False, repr=False, compare=False)

    @property
    def digest(self) -> str:
        """SHA-256 (hex) over every byte that will go out, when and where. The records beneath it are no part of it:
        what changes nothing for readers makes no other message."""
        if not self._digest:  # computed once: a message never changes, and a season asks for it thousands of times
            object.__setattr__(self, "_digest", digest_of(self))
        return self._digest

    @property
    def digest_with_records(self) -> str:
        """The same over the records beneath, too: the digest that earlier releases knew."""
        if not self._digest_with_records:
            object.__setattr__(self, "_digest_with_records", digest_of(self, version=1))
        return self._digest_with_records

    @property
    def digests(self) -> tuple[str, str]:
        """All under which it may be known in a ledger."""
        return self.digest, self.digest_with_records

    def has(self, digest: str) -> bool:
        """Whether it is the message that was approved, read, prepared or sent under this digest: the one question that
        everything asks that has kept one."""
        return digest == self.digest or digest in self.digests


def is_record(beneath: str) -> bool:
    """Whether what a message rests on is a record of facts, which may change beneath a yes. A consent is none: without
    it the yes does not hold. What else the frame of the digests rests on, readers get."""
    return beneath.partition(":")[0] in ("claim", "contact", "source")


def records_beneath(message: Message) -> dict[str, str]:
    """The records that a message rests on, with their hashes."""
    return {name: value for name, value in message.rests_on.items() if is_record(name)}


def consents_of(message: Message) -> tuple[str, ...]:
    """The ids of the consents to the stories that a message tells."""
    kinds = (name.partition(":") for name in message.rests_on)
    return tuple(record for kind, _, record in kinds if kind == "consent")


def digest_of(message: Message, *, version: int = 2) -> str:
    """See :attr:`Message.digest`. Findings are not part of it: they are about the message, not in it.

    In version 1 the hash of each record beneath was a part of it.
    """
    beneath = {name: value for name, value in message.rests_on.items() if version == 1 or not is_record(name)}
    payload = {
        "v": version,
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
        "rests_on": beneath,
        "audience": message.audience.to_text(),
    }
    if message.number > 1:  # most days have one, and were approved before there was a number
        payload["number"] = message.number
    canonical = json.dumps(payload, sort_keys=True, ensure_ascii=False, default=_plain, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()


def _fields_in_digest(body: PostBody | EmailBody) -> dict[str, object]:
    """Without what not every mail has: some were approved before there was such a thing."""
    found = {name: value for name, value in body_fields(body).items() if value or name not in _NOT_IN_ALL}
    for name, value in found.items():
        if isinstance(value, PostPicture):  # its bytes say what the drawing says
            parts = {part: said for part, said in body_fields(value).items() if part != "drawing"}
            found[name] = {part: said for part, said in parts.items() if said or part != "credit"}
    return found


_NOT_IN_ALL = frozenset(
    {
        "pieces",
        "subject_pattern",
        "earlier",
        "second_head",
        "picture",
        "head_picture",
        "logo",
        "content_warning",
        "may_lack_picture",
    }
)


def body_fields(body: PostBody | EmailBody | SecondHead | PostPicture) -> dict[str, object]:
    """Each part of a body, or of a part of it, by its name."""
    return {f.name: getattr(body, f.name) for f in fields(body)}


def words_of(message: Message) -> tuple[str, ...]:
    """What its readers read of it, or have read to them: without its looks, its time and the records beneath."""
    body = message.body
    if isinstance(body, PostBody):
        return body.content_warning, body.text, body.alt_text, *(body.picture.words if body.picture else ())
    return body.subject, body.preheader, body.text


def pictures_of(message: Message) -> tuple[PostPicture, ...]:
    """What it shows beside its words."""
    body = message.body
    found = (body.picture,) if isinstance(body, PostBody) else (body.logo, body.head_picture)
    return tuple(picture for picture in found if picture is not None)


def with_head(message: Message, *, discreet: bool) -> Message:
    """The mail with that head. Approved is a mail with both, so it keeps its digest. One that has no second head is
    left as it is."""
    body = message.body
    other = body.second_head if isinstance(body, EmailBody) else None
    if not isinstance(body, EmailBody) or other is None or other.is_discreet != discreet:
        return message
    own = SecondHead(
        not discreet,
        *(body.subject, body.preheader, body.from_name, body.list_id),
        *(body.html[: other.html_to], len(other.html)),
        *(body.text[: other.text_to], len(other.text)),
        body.subject_pattern,
    )
    by_html, by_text = len(other.html) - other.html_to, len(other.text) - other.text_to
    pieces = tuple(
        piece._replace(
            html_from=piece.html_from + by_html,
            html_to=piece.html_to + by_html,
            text_from=piece.text_from + by_text,
            text_to=piece.text_to + by_text,
        )
        for piece in body.pieces
    )
    subject = other.subject
    if pieces and other.subject_pattern:  # a digest may have been cut meanwhile
        subject = digest_subject(other.subject_pattern, [(piece.on, piece.name) for piece in pieces])
    changed = replace(
        body,
        subject=subject,
        preheader=other.preheader,
        from_name=other.from_name,
        list_id=other.list_id,
        headers={**body.headers, "List-Id": other.list_id},
        html=other.html + body.html[other.html_to :],
        text=other.text + body.text[other.text_to :],
        pieces=pieces,
        subject_pattern=other.subject_pattern,
        second_head=own,
    )
    turned = replace(message, body=changed)
    for name, digest in zip(("_digest", "_digest_with_records"), message.digests, strict=True):
        object.__setattr__(turned, name, digest)
    return turned


def has_discreet_head(body: EmailBody) -> bool:
    """Whether its own head is the discreet one, and not the second."""
    return body.second_head is not None and not body.second_head.is_discreet


def is_of_pieces(message: Message) -> bool:
    """Whether it is a digest that is approved with its items and its frame. One of an earlier release, made of whole
    letters, was approved by itself."""
    return message.kind == DIGEST and isinstance(message.body, EmailBody) and bool(message.body.pieces)


def cut_to(
    message: Message, first_item: str = "", left_out: Collection[str] = (), *, only: Collection[str] = ()
) -> Message:
    """A digest from ``first_item`` on (empty: from its beginning) and without the items ``left_out``. ``only``: of
    these items alone, whether they are its own or those of an earlier one; one that is not there any more goes without
    saying.

    Nothing but whole pieces is cut out of what was approved, and its subject names what is left; so the digest of the
    whole stays its digest. Raises ValueError when the message has no such item, or none would be left.
    """
    if only and message.audience.is_digest:
        wide = _with_earlier(message)
        message = cut_to(wide, left_out=[item for item, _ in wide.audience.parts if item not in only])
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
    for name, digest in zip(("_digest", "_digest_with_records"), message.digests, strict=True):
        object.__setattr__(cut, name, digest)
    return cut


def items_for(message: Message, only: Collection[str]) -> frozenset[str]:
    """Which of the items ``only`` a digest can tell of, its own or earlier ones."""
    earlier = message.body.earlier if isinstance(message.body, EmailBody) else ()
    return frozenset(only).intersection({piece.item for piece in earlier}.union(dict(message.audience.parts)))


def shown_of(body: EmailBody, told: Collection[str]) -> EmailBody:
    """A digest's body as whoever was not among its readers may see it: with what it told of its own items; of earlier
    ones, where that is all that it told."""
    return with_pieces(body if {piece.item for piece in body.pieces}.intersection(told) else _wide(body), told)


def _with_earlier(digest: Message) -> Message:
    """With the pieces of the earlier ones before its own."""
    if not isinstance(digest.body, EmailBody) or not digest.body.pieces:
        return digest
    due_at = {piece.item: datetime.fromisoformat(piece.due_at) for piece in digest.body.earlier}
    due_at |= dict(digest.audience.parts)
    body = _wide(digest.body)
    parts = tuple((piece.item, due_at[piece.item]) for piece in body.pieces)
    wide = replace(digest, body=body, audience=replace(digest.audience, parts=parts))
    object.__setattr__(wide, "_digest", digest.digest)
    return wide


def _wide(body: EmailBody) -> EmailBody:
    own = {piece.item for piece in body.pieces}
    html_at, text_at = body.pieces[0].html_from, body.pieces[0].text_from
    html, text, pieces = body.html[:html_at], body.text[:text_at], list[Piece]()
    for one in (piece for piece in body.earlier if piece.item not in own):
        places = (len(html), len(html) + len(one.html), len(text), len(text) + len(one.text))
        pieces.append(Piece(one.item, one.on, one.name, *places))
        html, text = html + one.html, text + one.text
    by_html, by_text = len(html) - html_at, len(text) - text_at
    pieces += (
        piece._replace(
            html_from=piece.html_from + by_html,
            html_to=piece.html_to + by_html,
            text_from=piece.text_from + by_text,
            text_to=piece.text_to + by_text,
        )
        for piece in body.pieces
    )
    html, text = html + body.html[html_at:], text + body.text[text_at:]
    return replace(body, html=html, text=text, pieces=tuple(pieces), earlier=())


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
    return replace(body, subject=subject, html=html, text=text, pieces=tuple(left), earlier=())


def _from_letter(body: EmailBody, kept: Sequence[str]) -> EmailBody:
    """A digest of whole letters, without those before the first that is kept: how it was begun."""
    _, html_from, text_from = body.parts[0]
    ((_, html_to, text_to),) = (part for part in body.parts if part[0] == kept[0])
    html, text = body.html[:html_from] + body.html[html_to:], body.text[:text_from] + body.text[text_to:]
    return replace(body, html=html, text=text, parts=())


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
    """The message as JSON; :func:`from_text` gives back one with the same digest. What only checks know is left out."""
    plain = {
        f.name: getattr(message, f.name) for f in fields(message) if f.init and f.name not in ("findings", "printed")
    }
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
    for name in ("picture", "head_picture", "logo"):
        if body.get(name):
            body[name] = PostPicture(**_known(PostPicture, body[name]))  # type: ignore[arg-type]
    if body.get("second_head"):
        body["second_head"] = SecondHead(**_known(SecondHead, body["second_head"]))  # type: ignore[arg-type]
    if "earlier" in body:
        body["earlier"] = [EarlierPiece(*piece) for piece in body["earlier"]]
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
        case SecondHead() | PostPicture():
            return body_fields(value)
    raise TypeError(f"a message holds something that cannot be written down: {type(value).__name__}")
