"""The digest: one mail that tells of several days by a piece for each, and its frame, which is the same all season.

A piece is the title of an item, the first paragraph of its own mail and the link to that mail in the archive: words
that were approved with the item. What stands around the pieces is approved once a season, as a message of its own. So
a digest says nothing that nobody has approved, and needs no approval itself. Pieces are whole: each can be left out
(``cut_to`` in domain/message.py).
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from functools import partial
from itertools import chain

from ...channels.registry import spec_of
from ...domain.archive_link import archive_url
from ...domain.audience import Audience
from ...domain.cadence import Cadence, DigestSpan, digest_spans
from ...domain.campaign import DigestRule, ItemText, Kind
from ...domain.formatting import counted
from ...domain.message import DIGEST, FRAME, EarlierPiece, EmailBody, Message, Piece, digest_subject, pieces_of
from ...domain.planned_item import Plan, PlannedItem
from ...light_dataclass import dataclass
from ...settings import ChannelSettings, Settings
from ...what_items_share import fingerprint_of_message, fingerprint_of_parts, note_fingerprint
from .emails import NOTHING_BESIDE, filled, finished, heads_of
from .kept_messages import KeptMessages
from .season_renderer import Opening, SeasonRenderer, Unusable, mail_is_to_come
from .template_functions import ItemRecords
from .template_values import Day, DigestDayView

#: Words of a digest's text, with all that stands around its pieces.
MOST_WORDS = 600

#: Around a piece while the digest is made. Not one of the characters at which ``splitlines`` cuts.
_MARK = re.compile("\x11(?:(b)\x11\n?|(e)\x11\n*)")
#: What stands in the frame, when it is read, in place of a piece.
_PLACE_OF_A_PIECE = ("[title]", "[first paragraph]")


@dataclass(frozen=True)
class _Told:
    """What a digest has to tell of one item."""

    item: str
    on: date
    title: str
    url: str
    opening: Opening


def make_digests(
    bench: SeasonRenderer, kept: KeptMessages, channels: Sequence[ChannelSettings], messages: Iterable[Message]
) -> tuple[tuple[Message, ...], tuple[Message, ...]]:
    """The digests of a season, by date and channel, and the frame of each channel's. A digest whose days could not all
    be made is left out; why, is among the findings."""
    rule = bench.campaign.digest
    if rule is None:
        return (), ()
    made = {(m.item, m.channel): m for m in messages}
    by_mail = [channel for channel in channels if spec_of(channel).kind == "email"]
    spans = digest_spans(bench.plan)
    found = (_digest(bench, kept, rule, span, channel, made) for span in spans for channel in by_mail)
    digests = _with_earlier(digest for digest in found if digest is not None)
    of_channels = ((channel, [d for d in digests if d.channel == channel.name]) for channel in by_mail)
    frames = (_frame(bench, kept, rule, channel, mine) for channel, mine in of_channels if mine)
    return digests, tuple(frame for frame in frames if frame is not None)


def _with_earlier(digests: Iterable[Message]) -> tuple[Message, ...]:
    """Each with the pieces of those before it, for readers who were to have them then and had another mail."""
    told: dict[str, tuple[EarlierPiece, ...]] = {}
    seen: dict[str, list[str]] = {}
    done: list[Message] = []
    for digest in digests:
        earlier, body = told.get(digest.channel, ()), digest.body
        assert isinstance(body, EmailBody)  # noqa: S101 - a digest is a mail
        done.append(replace(digest, body=replace(body, earlier=earlier)))
        told[digest.channel] = (*earlier, *pieces_of(digest))
        of_channel = seen.setdefault(digest.channel, [])
        of_channel.append(fingerprint_of_message(digest))
        note_fingerprint(done[-1], fingerprint_of_parts(*of_channel))
    return tuple(done)


def _digest(
    bench: SeasonRenderer,
    kept: KeptMessages,
    rule: DigestRule,
    span: DigestSpan,
    channel: ChannelSettings,
    made: Mapping[tuple[str, str], Message],
) -> Message | None:
    items = [p for p in span.items if bench.goes_to(p, channel)]
    mails = {p.item.id: made[p.item.id, channel.name] for p in items if (p.item.id, channel.name) in made}
    if not items or len(mails) < len(items):
        return None
    items.sort(key=lambda p: mails[p.item.id].due_at)  # two of one day stand in the order in which they went
    told = [mails[p.item.id] for p in items]
    pieces = [_told(bench, p, channel) for p in items]
    rests_on = span.on, channel.name, [*map(fingerprint_of_message, told)], pieces
    return kept.digest(rests_on, partial(_digest_of, bench, rule, span.on, channel, told, pieces))


def _digest_of(
    bench: SeasonRenderer,
    rule: DigestRule,
    on: date,
    channel: ChannelSettings,
    told: Sequence[Message],
    pieces: Sequence[_Told],
) -> Message | None:
    planned = _as_item(bench, rule, f"digest-{on}", on)
    parts = tuple((m.item, m.due_at) for m in told)
    when = bench.when_of(planned, channel, Audience(frozenset({Cadence.DIGEST}), parts))
    if when is None:
        return None
    bench.begin()
    try:
        body, links = _body(bench, planned, channel, pieces)
        if len(body.text.split()) > MOST_WORDS:
            body, links = _body(bench, planned, channel, _shortened(pieces, len(body.text.split()) - MOST_WORDS))
    except Unusable:
        return None
    if (words := len(body.text.split())) > MOST_WORDS:
        message = f"the digest has {counted(words, 'word')}, and at most {MOST_WORDS} are sent"
        bench.find("R026", message, planned, channel)
    return Message(
        campaign=bench.campaign.id,
        season=bench.plan.season.year,
        item=planned.item.id,
        channel=channel.name,
        kind=DIGEST,
        on=on,
        due_at=max(when.due_at, told[-1].due_at),  # not before the last of its items
        expires_at=when.expires_at,
        body=body,
        claims=_each(m.claims for m in told),
        quotations=_each(m.quotations for m in told),
        contacts=(*bench.campaign.block, *bench.local),
        links=links,
        rests_on=dict(sorted(chain.from_iterable(m.rests_on.items() for m in told))),
        audience=when.audience,
        printed=bench.printed(),
    )


def digest_is_to_come(plan: Plan, settings: Settings, span: DigestSpan, now: datetime) -> bool:
    """Whether a digest is not due yet; it is not before the last of its items."""
    if plan.campaign.digest is None:
        return False
    as_item = replace(span.items[-1], on=span.on, item=digest_text(plan.campaign.digest, ""), day=None, number=1)
    return any(mail_is_to_come(plan, settings, planned, now) for planned in (as_item, span.items[-1]))


def _frame(
    bench: SeasonRenderer, kept: KeptMessages, rule: DigestRule, channel: ChannelSettings, digests: Sequence[Message]
) -> Message | None:
    """What stands around the pieces, as it is read and approved: with a place for one piece, on the season's first day.

    It rests on what it really is in each digest, so that no template can say something else on another day.
    """
    shells = {f"frame:{shell[:12]}": shell for shell in (_shell(d, bench.plan) for d in digests)}
    rests_on = FRAME, channel.name, digests[0].on, shells
    return kept.digest(rests_on, partial(_frame_of, bench, rule, channel, digests[0].on, shells))


def _frame_of(
    bench: SeasonRenderer, rule: DigestRule, channel: ChannelSettings, on: date, shells: Mapping[str, str]
) -> Message | None:
    first_day = bench.plan.season.start_on
    planned = _as_item(bench, rule, FRAME, first_day)
    title, paragraph = _PLACE_OF_A_PIECE
    url = archive_url(bench.settings.public_url, bench.campaign.slug, first_day)
    place = _Told("", first_day, title, url, Opening(title, "", (paragraph,)))
    begins = bench.when_of(planned, channel, Audience(frozenset({Cadence.DIGEST})))
    bench.begin()
    try:
        body, links = _body(bench, planned, channel, [place], is_frame=True)
    except Unusable:
        return None
    if begins is None:
        return None
    records = ItemRecords(bench.library, planned.item, bench.campaign.block)
    bench.use_in_mail(planned.item, records)
    return Message(
        campaign=bench.campaign.id,
        season=bench.plan.season.year,
        item=FRAME,
        channel=channel.name,
        kind=FRAME,
        on=on,
        due_at=begins.due_at,
        expires_at=begins.expires_at + (bench.plan.season.end_on - first_day),
        body=body,
        contacts=(*bench.campaign.block, *bench.local),
        links=links,
        rests_on={**dict(sorted(shells.items())), **bench.library.hashes(records.used)},
        audience=replace(begins.audience, parts=()),
        printed=bench.printed(),
    )


def _shell(digest: Message, plan: Plan) -> str:
    """A fingerprint of all in a digest that is no piece and no date."""
    body = digest.body
    assert isinstance(body, EmailBody)  # noqa: S101 - a digest is a mail
    html, text = body.html, body.text
    for piece in reversed(body.pieces):
        html = html[: piece.html_from] + html[piece.html_to :]
        text = text[: piece.text_from] + text[piece.text_to :]
    second = body.second_head
    assert second is not None  # noqa: S101 - each mail that is made now has two
    heads = (second.html, second.text, second.subject_pattern, second.preheader, second.from_name, second.list_id)
    whole = " ".join(f"{html} {text} {body.subject_pattern} {body.preheader} {' '.join(heads)}".split())
    for on in (digest.on, plan.season.start_on, plan.season.end_on):  # these two stand in the frame itself
        whole = whole.replace(str(Day.of(on, plan.campaign.language)), "\x00").replace(on.isoformat(), "\x00")
    return hashlib.sha256(whole.encode()).hexdigest()


def _as_item(bench: SeasonRenderer, rule: DigestRule, digest_id: str, on: date) -> PlannedItem:
    """As if it were an item of its day."""
    number = (on - bench.plan.season.start_on) // timedelta(days=1) + 1
    return PlannedItem(number, on, digest_text(rule, digest_id), None, (number - 1) // 7 + 1)


def digest_text(rule: DigestRule, digest_id: str) -> ItemText:
    """The words that a digest brings itself, as an item would."""
    return ItemText(
        id=digest_id,
        kind=Kind.REST,
        title=rule.title,
        subject=rule.subject_pattern,
        preheader=rule.preheader,
        post="",
        email="",
        where=rule.where,
        discreet_subject=rule.discreet_subject,
    )


def _told(bench: SeasonRenderer, planned: PlannedItem, channel: ChannelSettings) -> _Told:
    url = archive_url(bench.settings.public_url, bench.campaign.slug, planned.on, bench.mail_number(planned))
    return _Told(planned.item.id, planned.on, planned.item.title, url, bench.openings[planned.item.id, channel.name])


def _shortened(told: Sequence[_Told], too_many: int) -> list[_Told]:
    """Without so many words, evenly: of the longest paragraph its last sentence goes, again and again; when each has
    one left, whole ones go, and the title and the link stay."""
    left = [list(one.opening.sentences) for one in told]

    def words(number: int) -> int:
        return sum(len(sentence.split()) for sentence in left[number])

    while too_many > 0 and any(left):
        longest = max(range(len(left)), key=lambda number: (len(left[number]) > 1, words(number)))
        too_many -= len(left[longest].pop().split())
    return [
        replace(one, opening=replace(one.opening, sentences=tuple(kept))) for one, kept in zip(told, left, strict=True)
    ]


def _body(
    bench: SeasonRenderer,
    planned: PlannedItem,
    channel: ChannelSettings,
    told: Sequence[_Told],
    *,
    is_frame: bool = False,
) -> tuple[EmailBody, tuple[str, ...]]:
    # The page's title is the same for readers who get a part of it.
    heads = heads_of(bench, planned, channel, page_title=planned.item.title)
    shared = bench.context(planned, ItemRecords(bench.library, planned.item, bench.campaign.block))
    context = {
        **shared,
        "item": replace(shared["item"], kind=DIGEST),
        "archive_url": archive_url(bench.settings.public_url, bench.campaign.slug, planned.on, digest=True),
        "body": "",
        **NOTHING_BESIDE,
    }
    digest = tuple(
        DigestDayView(
            Day.of(one.on, bench.campaign.language),
            one.title,
            one.opening.content_note,
            " ".join(one.opening.sentences),
            one.url,
            "\x11b\x11",
            "\x11e\x11",
        )
        for one in told
    )
    forms = {"digest": digest}, {"digest": digest}
    html, text, second = filled(bench, "email/digest", planned, context, channel, heads, *forms, begins="\x11b\x11")
    html, in_html = _without_marks(html)
    text, in_text = _without_marks(text)
    if not len(in_html) == len(in_text) == len(told):
        where = bench.place("email/digest.html")
        bench.find("R023", "the digest does not mark where each piece begins and ends", None, None, where)
        raise Unusable
    if is_frame:
        return finished(bench, html, text, planned, channel, heads, second)
    pieces = tuple(
        Piece(one.item, one.on.isoformat(), one.opening.subject, *of_html, *of_text)
        for one, of_html, of_text in zip(told, in_html, in_text, strict=True)
    )
    days = [(piece.on, piece.name) for piece in pieces]
    second = replace(second, subject=digest_subject(second.subject, days), subject_pattern=second.subject)
    return finished(bench, html, text, planned, channel, heads, second, pieces, heads.own.subject)


def _without_marks(printed: str) -> tuple[str, list[tuple[int, int]]]:
    """The text without the marks, and from where to where each piece stands, in order. None, where the marks are not
    in order."""
    marks = list(_MARK.finditer(printed))
    gone, places = 0, []
    for mark in marks:
        places.append(mark.start() - gone)
        gone += len(mark[0])
    in_order = "".join(mark[1] or mark[2] for mark in marks) == "be" * (len(marks) // 2)
    return _MARK.sub("", printed), list(zip(places[::2], places[1::2], strict=True)) if in_order else []


def _each(lists: Iterable[Iterable[str]]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(chain.from_iterable(lists)))
