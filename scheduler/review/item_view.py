"""One day of the packet: what goes out, what it rests on, and what was found."""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Iterable, Mapping
from dataclasses import field, replace
from functools import cached_property
from itertools import islice
from types import MappingProxyType
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from markupsafe import Markup

from ..domain.claim import UNVERIFIED, Claim, Contact
from ..domain.finding import Finding, Severity
from ..domain.formatting import channel_words, counted, date_words, day_words, local_words, time_of_day
from ..domain.message import EmailBody, Message, PostBody, words_of
from ..domain.planned_item import PlannedItem
from ..domain.post_picture import PostPicture, picture_url
from ..domain.question import Asked, Question
from ..domain.quotation import Quotation, is_verbatim
from ..domain.rehearsal import Rehearsal
from ..domain.review_policy import Missing
from ..domain.stale_approvals import changed_records, difference
from ..domain.word_diff import FieldChange, Mark, changes, shown
from ..light_dataclass import dataclass
from .inbox_preview import InboxRow, inbox_rows
from .mail_view import VIEWS, MailView, mail_view
from .message_state import BLOCKED, GOOD, NEEDS_YOU, NOTE, Badge, MessageState, state_of_message, worst_of
from .packet_formatting import OWN_ZONES
from .rehearsal_data import findings_about

if TYPE_CHECKING:
    from ..domain.coverage import Coverage


SEVERITY_BADGES = {
    Severity.RED: Badge(BLOCKED, "blocked"),
    Severity.AMBER: Badge(NEEDS_YOU, "needs your attention"),
    Severity.INFO: Badge(NOTE, "note"),
}
CLAIM_KINDS = {
    "current": GOOD,
    "estimate": GOOD,
    "contested": NEEDS_YOU,
    "outdated": NEEDS_YOU,
    "superseded": NEEDS_YOU,
    "unsourced": BLOCKED,
    "debunked": BLOCKED,
}
CONTACT_KINDS = {"active": GOOD, UNVERIFIED: NEEDS_YOU, "superseded": NEEDS_YOU, "quarantined": BLOCKED}
#: So many messages of other items show what stands in each of them.
_FRAME = 6
#: How a help line stands, in words where the word of the file is not the one.
CONTACT_WORDS = {UNVERIFIED: "not verified yet"}


@dataclass(frozen=True)
class RecordRow:
    """A claim or a help line, and how it stands; ``standing`` in the word of its file."""

    record: Claim | Contact
    standing: str
    badge: Badge
    signed_by: tuple[str, ...]
    decided: str  # see decided_words


@dataclass(frozen=True)
class QuotationRow:
    id: str
    words: str
    attribution: str
    badge: Badge
    where: str  # what carries it, in words


@dataclass(frozen=True)
class MessageView:
    """One message as its channel will show it. What it looks like is made when a page asks for it: a packet has most
    items as they were."""

    message: Message
    subject: str  # of an email; of a frame that of the first digest
    when: str
    clock: str
    state: MessageState
    sent: str  # "sent on ..., to 4,000 of 10,000 readers"; empty: certainly nobody has it
    is_over: bool  # all of it went out
    approved_by: tuple[str, ...]
    missing: tuple[Missing, ...]  # what people have not said yet
    changed_since: bool
    since: Since
    key: str  # unique within the page
    rehearsal: Rehearsal = field(repr=False)
    on_page: int
    shares_picture: str = ""  # the channel of an earlier post of the item that shows the same one, in its place

    @cached_property
    def picture(self) -> Markup:
        """Of a post, in the page itself; empty where it has none, or this machine draws another one."""
        picture = picture_in(self.message)
        return picture_address(picture) if picture and not self.shares_picture else Markup()

    @cached_property
    def inbox(self) -> tuple[InboxRow, ...]:
        """Of an email, with each of its heads."""
        return inbox_rows(self.rehearsal, self.message)

    @cached_property
    def mail(self) -> MailView | None:
        """Of an email."""
        return self._shade(None if not self.on_page else False)

    @cached_property
    def dark(self) -> MailView | None:
        """The mail as in dark mode, where the page is not the packet."""
        return self._shade(True) if self.on_page else None

    def _shade(self, dark: bool | None) -> MailView | None:
        body = self.message.body
        return _mail(body, self.on_page, self.rehearsal.public_url, dark=dark) if isinstance(body, EmailBody) else None


@dataclass(frozen=True)
class ItemView:
    planned: PlannedItem
    decided: str  # see decided_words
    badge: Badge
    messages: tuple[MessageView, ...]
    claims: tuple[RecordRow, ...]
    contacts: tuple[RecordRow, ...]
    findings: tuple[Finding, ...]
    held_back: tuple[MessageView, ...]
    substitute: tuple[MessageView, ...]
    rehearsal: Rehearsal = field(repr=False)

    @cached_property
    def quotations(self) -> tuple[QuotationRow, ...]:
        messages = [view.message for view in self.messages]
        return tuple(quotation_row(self.rehearsal, q, messages) for q in _ids(m.quotations for m in messages))

    @cached_property
    def coverage(self) -> Coverage | None:
        """Which of its sentences rest on nothing but us."""
        # A command that shows no item does without these.
        from ..domain.coverage import coverage_of, paragraphs_of
        from ..what_items_share import fingerprint_of_message

        own = [view.message for view in self.messages]
        frame: set[str] = set()
        for message in frame_beside(self.rehearsal, self.planned.item.id):
            key = "paragraphs", fingerprint_of_message(message)
            if (words := VIEWS.read(key)) is None:
                VIEWS.write(key, words := paragraphs_of(message))
            frame.update(words)
        return coverage_of(own, frame)


@dataclass(frozen=True)
class Since:
    """What is told of a change: the words above it, and the parts that changed, from the form that was last read."""

    words: str
    difference: tuple[FieldChange, ...]
    beside: tuple[str, ...] = ()  # parts that changed too, and are named only: "time of sending"


#: What is compared word by word for a person who reads; the rest is source, or follows from it.
_READ = frozenset({"subject", "preheader", "content_warning", "text", "alt_text", "picture", "second_head"})
#: What stands in a mail's text where each reader has a link of their own.
_SLOT, _SLOT_WORDS = re.compile(r"%[a-z_]+_url%"), "[personal\u2011link]"
#: Beside changed words these say nothing of their own.
_FOLLOW = frozenset(
    {"html", "links", "rests_on", "tokens", "headers", "list_id", "characters", "contains_url", "limit", "parts"}
)


def since_then(words: str, before: Message, after: Message, records: str = "") -> Since:
    """What became of a message, for a person who reads it: the words that changed; of all else, only that it did.
    ``records``: what changed beneath it, in words; else by its ids."""
    found = changes(before, after)
    read = tuple(
        replace(c, pieces=tuple(replace(p, words=_SLOT.sub(_SLOT_WORDS, p.words)) for p in c.pieces))
        for c in found
        if c.field in _READ and any(piece.mark is not Mark.KEPT for piece in c.pieces)  # a picture may look else alone
    )
    records = records or ", ".join(record.replace(":", " ", 1) for record in changed_records(before, after))
    names = {"html": "how it looks", "picture": "how the picture looks", "rests_on": f"what it rests on ({records})"}
    told = {c.field for c in read}
    beside = (c for c in found if c.field not in told and not (read and c.field in _FOLLOW))
    return Since(words, read, tuple(names.get(c.field, c.label) for c in beside))


def contact_badge(standing: str) -> Badge:
    """How a help line stands; see :meth:`Signatures.standing`."""
    return Badge(CONTACT_KINDS[standing], CONTACT_WORDS.get(standing, standing))


def decided_words(rehearsal: Rehearsal, subject: str, subject_id: str, question: str) -> str:
    """Who answered what a file asks, when and how; empty while nobody has."""
    made = rehearsal.questions.answer_to(Asked(subject, subject_id, question))
    return "" if made is None else words_of_answer(rehearsal, made)


def words_of_answer(rehearsal: Rehearsal, made: Question) -> str:
    """The same of an answer; empty of a question that has none."""
    if made.answered_at is None:
        return ""
    on = made.answered_at.astimezone(ZoneInfo(rehearsal.plan.campaign.time_zone)).date()
    return f"Decided by {made.person} on {date_words(on)}: {made.answer}"


def record_rows(rehearsal: Rehearsal, subject: str, ids: Iterable[str]) -> tuple[RecordRow, ...]:
    """Claims or help lines by their ids, those that the campaign has."""
    campaign, rows = rehearsal.plan.campaign, []
    records: Mapping[str, Claim] | Mapping[str, Contact]
    records = campaign.claims if subject == "claim" else campaign.contacts
    for record in (records[i] for i in ids if i in records):
        if isinstance(record, Claim):
            standing = record.status.value
            badge = Badge(CLAIM_KINDS[standing], standing)
        else:
            standing = rehearsal.signatures.standing(record)
            badge = contact_badge(standing)
        signatures = rehearsal.signatures.of(subject, record.id, record.record_hash())
        names = tuple(f"{s.person} ({s.role.replace('-', ' ')}), {s.signed_on.isoformat()}" for s in signatures)
        question = record.needs_decision if isinstance(record, Claim) else ""
        rows.append(RecordRow(record, standing, badge, names, decided_words(rehearsal, subject, record.id, question)))
    return tuple(rows)


def item_view(
    rehearsal: Rehearsal,
    planned: PlannedItem,
    *,
    on_page: int = 0,
    since: Mapping[str, Since] = MappingProxyType({}),
    states: Mapping[str, MessageState] = MappingProxyType({}),
) -> ItemView:
    """One day. ``on_page``, ``since`` and ``state``: see :func:`message_view`; the last two by channel."""
    messages = short_first(m for m in rehearsal.messages if m.item == planned.item.id)
    views = _each_picture_once(
        message_view(rehearsal, m, on_page=on_page, since=since.get(m.channel), state=states.get(m.channel))
        for m in messages
    )
    findings = {f: None for m in messages for f in findings_about(rehearsal, m)}
    findings |= dict.fromkeys(rehearsal.findings_of(planned.item.id))
    worst = worst_of([v.state for v in views]) or MessageState(Badge(BLOCKED, "no message"))
    badge = worst.badge
    if any(v.sent for v in views) and not all(v.is_over for v in views) and badge.kind == GOOD:
        badge = Badge(NEEDS_YOU, "sent in part")
    return ItemView(
        planned=planned,
        decided=decided_words(rehearsal, "item", planned.item.id, planned.item.needs_decision),
        badge=badge,
        messages=views,
        claims=record_rows(rehearsal, "claim", _ids(m.claims for m in messages)),
        contacts=record_rows(rehearsal, "contact", _ids(m.contacts for m in messages)),
        findings=tuple(findings),
        held_back=_beside(rehearsal, planned.held_back.id if planned.held_back else "", on_page),
        substitute=_beside(rehearsal, planned.substitute.id if planned.substitute else "", on_page),
        rehearsal=rehearsal,
    )


def frame_beside(rehearsal: Rehearsal, item_id: str) -> tuple[Message, ...]:
    """Some messages of other items, by which it is known what stands in each of them."""
    return tuple(islice((m for m in rehearsal.messages if m.item != item_id), _FRAME))


def _ids(groups: Iterable[tuple[str, ...]]) -> list[str]:
    return list(dict.fromkeys(i for group in groups for i in group))


def _beside(rehearsal: Rehearsal, item_id: str, on_page: int) -> tuple[MessageView, ...]:
    messages = short_first(m for m in rehearsal.substitutes if m.item == item_id)
    return _each_picture_once(message_view(rehearsal, m, beside=True, on_page=on_page) for m in messages)


def _each_picture_once(views: Iterable[MessageView]) -> tuple[MessageView, ...]:
    """A page that embeds each picture for each channel weighs several times as much and tells no more."""
    shown: dict[str, str] = {}  # hash of a picture -> the first channel that shows it
    found = []
    for view in views:
        picture = picture_in(view.message)
        first = shown.setdefault(picture.sha256, view.message.channel) if picture else view.message.channel
        found.append(replace(view, shares_picture=first) if first != view.message.channel else view)
    return tuple(found)


def picture_in(message: Message) -> PostPicture | None:
    """That of a post."""
    return message.body.picture if isinstance(message.body, PostBody) else None


def short_first(messages: Iterable[Message]) -> list[Message]:
    """Posts before mails, each by channel."""
    return sorted(messages, key=lambda m: (isinstance(m.body, EmailBody), m.channel))


def message_view(
    rehearsal: Rehearsal,
    message: Message,
    *,
    beside: bool = False,
    on_page: int = 0,
    since: Since | None = None,
    state: MessageState | None = None,
) -> MessageView:
    """``on_page``: for a page whose policy allows no attributes of style, with the level of its headings (2: h2).

    ``since``: what is told of a change, in place of that since the last approval of anybody. ``state``: how it stands,
    where that is known already.
    """
    zone, by_clock = rehearsal.plan.campaign.time_zone, message.audience.local_time
    clock = time_of_day(by_clock or message.due_at.astimezone(ZoneInfo(zone)))
    sent, is_over = rehearsal.sent_of(message), rehearsal.is_over(message)
    words_of_sent = sent.in_words(zone) if sent else ""
    if sent and sent.digest and not message.has(sent.digest):
        words_of_sent += "; something of it has changed since, and stands so below"
    missing = () if is_over else rehearsal.missing(message)
    changed = bool(missing) and bool(rehearsal.approvals.voided_by(message))
    if since is None:
        words = f"What changed since it was {'approved' if changed else 'read'}"
        since = Since(words, difference(rehearsal, message) if missing else ())
    return MessageView(
        message=message,
        subject=rehearsal.subject_shown(message),
        when=f"{day_words(message.on)}, {clock}, {OWN_ZONES}" if by_clock else local_words(message.due_at, zone),
        clock=clock,
        state=state or state_of_message(rehearsal, message),
        sent=words_of_sent,
        is_over=is_over,
        approved_by=tuple(f"{a.person} ({a.role.replace('-', ' ')}, {a.how})" for a in rehearsal.approvals.of(message)),
        missing=missing,
        changed_since=changed,
        since=replace(since, difference=tuple(replace(c, pieces=shown(c.pieces)) for c in since.difference)),
        key=f"{'beside-' if beside else ''}{message.item}-{message.channel}",
        rehearsal=rehearsal,
        on_page=on_page,
    )


def picture_address(picture: PostPicture) -> Markup:
    """The picture itself, as the address of a page's image; empty where this machine draws another one."""
    from ..cards.drawing import bytes_of

    try:
        content = b64encode(bytes_of(picture)).decode()
    except ValueError:  # the sender asks the same, and refuses
        return Markup()
    return Markup(f"data:{picture.media_type};base64,{content}")  # noqa: S704 - of our own making


def _mail(email: EmailBody, on_page: int, public_url: str, *, dark: bool | None) -> MailView:
    html = email.html
    for picture in filter(None, (email.logo, email.head_picture)):  # nothing is fetched for a preview
        html = html.replace(picture_url(public_url, picture), picture_address(picture))
    if not on_page:
        return mail_view(html, dark=dark, public_url=public_url)
    return mail_view(html, dark=dark, by_class=True, level=on_page + 1, public_url=public_url)


def quotation_row(rehearsal: Rehearsal, pointer: str, messages: list[Message]) -> QuotationRow:
    """Whether the words stand in the stored source and in the messages that name them."""
    parsed = Quotation.parse(pointer)
    source = rehearsal.plan.campaign.sources.get(parsed.source_id) if parsed else None
    passage = source.passage(parsed.passage_id) if parsed and source else None
    if source is None or passage is None:
        return QuotationRow(pointer, "", "", Badge(BLOCKED, "no such passage"), "")
    words = passage.corrected() if source.own_words else passage.text
    carriers = [m for m in messages if pointer in m.quotations]
    missing = [channel_words(m.channel) for m in carriers if not is_verbatim(words, _plain(m))]
    if not is_verbatim(passage.text, source.text):
        badge = Badge(BLOCKED, "differs from the stored source")
    elif missing:
        badge = Badge(NEEDS_YOU, f"not whole in: {', '.join(missing)}")
    else:
        number = counted(len(passage.corrections), "recorded correction")
        badge = Badge(GOOD, "word for word" + (f", with {number}" if words != passage.text else ""))
    return QuotationRow(pointer, words, source.attribution, badge, source.path)


def _plain(message: Message) -> str:
    # A mail's plain text sets quoted lines off with "> "; these signs are not words.
    lines = (line for words in words_of(message) for line in words.splitlines())
    return "\n".join(line.removeprefix(">").strip() for line in lines)
