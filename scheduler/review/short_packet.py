"""The short edition of the packet: what a reviewer reads with a pen, about two days on a sheet.

Each day's post and the words of its mail stand once; what is the same in every mail, and the sources, once for all. The
full edition (``packet.py``) shows the mails as they will look, and everything that was found.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from textwrap import shorten

from markupsafe import Markup

from ..domain.claim import Claim
from ..domain.design_tokens import css_custom_properties
from ..domain.formatting import counted, local_words
from ..domain.message import EmailBody, Message, PostBody
from ..domain.packet_record import edition_hash
from ..domain.planned_item import PlannedItem
from ..domain.question import Asked
from ..domain.quotation import Quotation
from ..domain.rehearsal import Rehearsal
from ..light_dataclass import dataclass
from .item_view import ItemView, item_view, message_view
from .mail_words import Key, Piece, key_of, mail_pieces, own_pieces, shared_pieces
from .packet import css_string, font_face, page_environment, page_source, tick_list

#: Lines for remarks beside an item.
_FEWEST_LINES, _MOST_LINES = 3, 12
_REMARK_LINE = 19  # points, with a share of the words above them
#: Points that a picture takes that somebody brought.
_BROUGHT = 115
_LONGEST_DAY = 60  # characters of the line that names the day, which the sheet does itself


@dataclass(frozen=True)
class Sheet:
    """One day for paper."""

    view: ItemView
    mails: tuple[tuple[Message, tuple[Piece, ...]], ...]  # each with what only it says
    numbers: tuple[int, ...]  # of the sources it rests on, in the list at the front
    pictures: Mapping[str, list[str]]  # alternative text of a post -> the channels whose posts have it
    pictures_below_mail: bool  # else below the post
    remark_lines: int  # as many as fit beside the longer column
    remarks_below_mail: bool  # else below the post
    lacks: tuple[str, ...]  # beginnings of what stands in every other mail
    figures: tuple[str, ...]  # what the lines with its sources say before they name them
    with_sources: bool  # whether a mail has such lines; the list at the front says the rest of them


def short_packet_html(rehearsal: Rehearsal, *, made_at: datetime, paper: str = "", large_type: bool = False) -> str:
    """The short edition as one page that needs no network. ``paper``: a size as CSS names it; empty: as is printed."""
    plan = rehearsal.plan
    views = [item_view(rehearsal, planned) for planned in plan.items]
    mails = [m for m in rehearsal.messages if isinstance(m.body, EmailBody)]
    everywhere = shared_pieces(mails)
    claims = [plan.campaign.claims[i] for i in sorted({i for m in rehearsal.messages for i in m.claims})]
    edition = edition_hash(rehearsal.to_approve)
    asked = _open_questions(rehearsal)
    asked_by = {one.subject_id for one in asked if one.subject == "item"}
    return (
        page_environment()
        .get_template("short_packet.html")
        .render(
            rehearsal=rehearsal,
            plan=plan,
            campaign=plan.campaign,
            season=plan.season,
            organisation=rehearsal.organisation,
            edition=edition,
            made_local=local_words(made_at, plan.campaign.time_zone),
            sheets=[_sheet(rehearsal, view, everywhere, claims) for view in views],
            digests=[message_view(rehearsal, digest) for digest in rehearsal.digests],
            by_item={view.planned.item.id: view.planned for view in views},
            shared=tuple(everywhere.values()),
            claims=claims,
            contacts=[plan.campaign.contacts[i] for i in sorted({i for m in rehearsal.messages for i in m.contacts})],
            last_verified=rehearsal.signatures.last_verified,
            decisions=[p for p in plan.items if p.item.id in asked_by],
            asked_by=asked_by,
            questions=_of_no_day(asked),
            alone=rehearsal.alone_in_words(),
            tally=tick_list(rehearsal),
            day_line=day_line(plan.items, plan.season.days),
            large_type=large_type,
            paper=paper,
            font_face=font_face(),
            tokens=Markup(css_custom_properties()),  # noqa: S704 - our own constants
            running_head=css_string(f"{plan.title} {plan.season.year}"),
            running_hash=css_string(f"packet {edition[:12]}"),
            css=page_source("short_packet.css"),
            sign_css=page_source("sign_off.css"),
        )
    )


def _open_questions(rehearsal: Rehearsal) -> list[Asked]:
    """What nobody has answered yet, of what the season uses."""
    plan, messages = rehearsal.plan, rehearsal.messages
    used = {("title", str(plan.season.year)), *(("item", p.item.id) for p in plan.items)}
    used |= {("claim", claim) for m in messages for claim in m.claims}
    used |= {("source", parsed.source_id) for m in messages for q in m.quotations if (parsed := Quotation.parse(q))}
    asked = (one for one in plan.campaign.questions(plan.season.year) if (one.subject, one.subject_id) in used)
    return [one for one in asked if rehearsal.questions.answer_to(one) is None]


def _of_no_day(asked: Iterable[Asked]) -> list[str]:
    """Those that belong to no single day, each once, with how many records ask it."""
    by_question: dict[str, list[str]] = {}
    for one in asked:
        if one.subject != "item":
            name = "The month's name" if one.subject == "title" else one.subject_id
            by_question.setdefault(one.text, []).append(name)
    return [
        f"{about[0] if len(about) == 1 else counted(len(about), 'statement')}: {question}"
        for question, about in by_question.items()
    ]


def _sheet(rehearsal: Rehearsal, view: ItemView, shared: Mapping[Key, Piece], claims: list[Claim]) -> Sheet:
    planned, mails, lacks, ends = view.planned, [], list[str](), list[str]()
    day = f"Day {planned.day_number} of {rehearsal.plan.season.days}"
    for message in (v.message for v in view.messages):
        if isinstance(message.body, EmailBody):
            own, known = list[Piece](), (planned.item.title, message.body.subject, message.body.preheader)
            named = [c for c in claims if c.id in message.claims]
            for piece in own_pieces(message, shared, known):
                if _is_source(piece, named):
                    ends.append(piece.words.partition("Source: ")[0].strip())
                elif not (piece.words.startswith(day) and len(piece.words) < _LONGEST_DAY):
                    own.append(piece)
            mails.append((message, tuple(own)))
            has = {key_of(message, piece) for piece in mail_pieces(message.body.html)}
            lacks += [shorten(piece.words, 40, placeholder=" ...") for key, piece in shared.items() if key not in has]
    used = {claim for v in view.messages for claim in v.message.claims}
    numbers = tuple(n for n, claim in enumerate(claims, 1) if claim.id in used)
    figures = tuple(words for words in dict.fromkeys(ends) if words)
    posts = {v.message.channel: v.message.body for v in view.messages if isinstance(v.message.body, PostBody)}
    pictures: dict[str, list[str]] = {}
    for channel, body in posts.items():
        if body.alt_text:
            pictures.setdefault(body.alt_text, []).append(channel)
    below_mail, room = _columns(posts.values(), mails, pictures)
    return Sheet(
        view,
        tuple(mails),
        numbers,
        pictures=pictures,
        pictures_below_mail=below_mail,
        remark_lines=max(_FEWEST_LINES, min(_MOST_LINES, abs(room) // _REMARK_LINE)),
        remarks_below_mail=room < 0,
        lacks=tuple(lacks),
        figures=figures,
        with_sources=bool(ends),
    )


def _is_source(piece: Piece, claims: Iterable[Claim]) -> bool:
    """Whether it is the line below a mail that names the source of one of these claims, with its figures or alone."""
    named = piece.words.partition("Source: ")[2]
    return bool(named) and any(named.startswith(c.source.title) for c in claims)


def _columns(
    posts: Iterable[PostBody], mails: Iterable[tuple[Message, tuple[Piece, ...]]], pictures: Iterable[str]
) -> tuple[bool, int]:
    """Whether the pictures' words take less paper below the mail than below the posts, and by how many points the
    mail's side is then the longer (below 0: the posts'). A rough count of printed lines: characters by points."""
    mail = sum(14 + len(piece.words) // 92 * 12 for _, pieces in mails for piece in pieces)
    posts = tuple(posts)
    post = sum(3 + (1 + len(line) // 27) * 13.6 for body in posts for line in body.text.splitlines() if line)
    post += _BROUGHT * len({body.picture.sha256 for body in posts if body.picture and body.picture.is_brought})
    narrow, wide = (sum((1 + len(words) // line) * 11.7 for words in pictures) for line in (33, 100))
    below_mail = post + narrow + _FEWEST_LINES * _REMARK_LINE > mail
    return below_mail, int(mail + wide - post if below_mail else mail - post - narrow)


def day_line(items: Iterable[PlannedItem], days: int) -> Markup:
    """A mark for each day of the window, a diamond for a special one; decoration, beside which the days stand."""
    special = {p.day_number for p in items if p.day and p.day.special}
    marks = [
        Markup('<path d="M{} 7l5 5-5 5-5-5z"/>').format(20 * day - 10)
        if day in special
        else Markup('<circle cx="{}" cy="12" r="3.6"/>').format(20 * day - 10)
        for day in range(1, days + 1)
    ]
    return Markup('<svg class="day-line" viewBox="0 0 {} 24" aria-hidden="true">{}</svg>').format(
        20 * days, Markup("").join(marks)
    )
