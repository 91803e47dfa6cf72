"""``/calendar``: the month as a grid, weeks as rows; and a week approved in one go where nothing stands against it."""

from __future__ import annotations

from collections import Counter, defaultdict
from datetime import date
from itertools import groupby
from typing import Any

from flask import Response, g, redirect, render_template, request
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response as AnyResponse

from ...cards.drawing import thumbnail_of
from ...content.render.cards import COAT_OF_KIND
from ...domain.campaign import Season
from ...domain.card import CARD_KINDS
from ...domain.finding import Severity
from ...domain.formatting import channel_words
from ...domain.message import Message, PostBody
from ...domain.packet_record import edition_hash
from ...domain.planned_item import PlannedItem
from ...domain.post_picture import PostPicture
from ...domain.role import Right
from ...review.causes import Cause, causes_of
from ...review.item_view import short_first
from ...review.message_state import BLOCKED, GOOD, NOTE, TO_CHECK, Badge, worst_of
from ...review.packet_formatting import calendar_weeks, weekday_names, weeks_begin_on_sunday
from ...review.rehearsal_data import findings_about
from ...services import approvals
from ..routing import get, post
from .form_actions import ActionError, action
from .page_context import PageContext, link, resolve, state_of

#: Pixels across of a picture in the calendar: twice what a day has room for.
THUMBNAIL = 256
_DAY = 86_400  # seconds; no longer, because the consent to a story can be taken back


@get("/calendar", who=Right.LOOK)
def calendar_now() -> AnyResponse:
    return redirect(link("calendar_page", season=resolve().year), 303)


@get("/calendar/<int:season>", who=Right.LOOK)
def calendar_page(season: int) -> str:
    return _page(resolve(season))


@get("/thumbnails/<digest>.png", who=Right.LOOK)
def thumbnail(digest: str) -> Response:
    """A picture of the season, small. Its address is made of its bytes, so a browser asks for it once."""
    wanted = (picture_of(m) for m in resolve().context.rehearsal.messages)
    picture = next((one for one in wanted if one is not None and one.sha256 == digest), None)
    if picture is None:
        raise NotFound
    media_type, content = thumbnail_of(picture, THUMBNAIL)
    return Response(
        content,
        mimetype=media_type,
        headers={"Cache-Control": f"private, max-age={_DAY}, immutable"},
    )


def picture_of(message: Message) -> PostPicture | None:
    return message.body.picture if isinstance(message.body, PostBody) else None


def _page(page: PageContext, trouble: ActionError | None = None, **_ids: object) -> str:
    plan = page.rehearsal.plan
    cards = [_card(page, planned) for planned in plan.items]
    by_day = defaultdict[date, list[dict[str, Any]]](list)
    for card in cards:
        by_day[card["planned"].on].append(card)
    sunday_first = weeks_begin_on_sunday(page.zone, page.campaign.language)
    g.pictures = True
    by_week = groupby(sorted(cards, key=lambda card: card["planned"].week), key=lambda card: card["planned"].week)
    return render_template(
        "staff/calendar.html",
        trouble=trouble,
        names=weekday_names(sunday_first=sunday_first),
        grid=_rows(plan.season, sunday_first=sunday_first),
        kinds=[(kind, COAT_OF_KIND[kind]) for kind in CARD_KINDS if any(p.item.shown_as == kind for p in plan.items)],
        coat_of=COAT_OF_KIND,
        causes=_causes(page),
        by_day=by_day,
        wanted=plan.campaign.rhythm.wanted,
        season=plan.season,
        weeks=[_week(page, number, list(days)) for number, days in by_week],
        digests=page.rehearsal.digests,
        spare=[item for item in page.campaign.items.values() if plan.of(item.id) is None],
        years=[plan.season.year - 1, plan.season.year + 1],
    )


def _rows(season: Season, *, sunday_first: bool) -> list[tuple[int, list[date], int]]:
    """Weeks, each with the number of its cells before the season, its days, and those after it."""
    weeks = calendar_weeks(season.start_on, season.end_on, sunday_first=sunday_first)
    return [
        (
            sum(on < season.start_on for on in week),
            [on for on in week if season.start_on <= on <= season.end_on],
            sum(on > season.end_on for on in week),
        )
        for week in weeks
    ]


def _causes(page: PageContext) -> list[tuple[Cause, int]]:
    """What keeps days to come from going out, with the number of days that it keeps."""
    to_come = [m for m in page.rehearsal.messages if not page.rehearsal.is_over(m, page.context.now())]
    on = {m.item: m.on for m in to_come}
    found = causes_of(page.rehearsal, to_come, waived=page.project.waived())
    return [(cause, len({on[item] for item in cause.items})) for cause in found]


@post("/calendar/<int:season>/weeks/<int:week>/approve", who=Right.REVIEW)
@action("calendar_page", _page, form="week-{week}", at="#week-{week}", season="{season}")
def approve_week(page: PageContext, season: int, week: int) -> str:
    done = approvals.approve_week(page.context, week, seen=request.form.get("fingerprint", ""))
    return "approved" if done.messages else "already"


def _card(page: PageContext, planned: PlannedItem) -> dict[str, Any]:
    """One day of the season: what goes out, and how it stands."""
    messages, item = short_first(m for m in page.rehearsal.messages if m.item == planned.item.id), planned.item
    states = {m.channel: state_of(page, m) for m in messages}
    found = {f for m in messages for f in findings_about(page.rehearsal, m)} | set(page.rehearsal.findings_of(item.id))
    worst = worst_of(list(states.values()))
    return {
        "planned": planned,
        "special": planned.day.special if planned.day else "",
        "coat": COAT_OF_KIND[item.shown_as],
        "picture": _small(next(filter(None, map(picture_of, messages)), None)),
        "badge": worst.badge if worst else Badge(BLOCKED, "no message"),
        "lines": [{"channel": channel_words(channel), "badge": state.badge} for channel, state in states.items()],
        "ambers": sum(f.severity is Severity.AMBER for f in found),
        "lacking": _lacking(page, messages),
        "is_today": planned.on == page.today,
        "is_over": planned.on < page.today,
    }


def _small(picture: PostPicture | None) -> dict[str, Any] | None:
    if picture is None:
        return None
    return {
        "sha256": picture.sha256,
        "width": THUMBNAIL,
        "height": round(THUMBNAIL * picture.height / picture.width),
    }


def _week(page: PageContext, number: int, days: list[dict[str, Any]]) -> dict[str, Any]:
    """One week of the season, counted from its first day."""
    messages = page.context.week(number)
    found = page.context.findings_of(messages)
    reds, ambers = ([f for f in found if f.severity is severity] for severity in (Severity.RED, Severity.AMBER))
    lacking = _lacking(page, messages)
    badges = [line["badge"] for day in days for line in day["lines"]]
    return {
        "number": number,
        "theme": page.campaign.themes.get(str(number), ""),
        "days": days,
        "messages": len(messages),
        "lacking": lacking,
        "found": Counter(badge for badge in badges if badge != TO_CHECK and badge.kind not in (GOOD, NOTE)),
        "to_check": sum(bool(day["ambers"]) for day in days),
        "fingerprint": edition_hash(messages),
        "may_be_approved": bool(lacking) and not reds and not ambers,
    }


def _lacking(page: PageContext, messages: list[Message]) -> int:
    """How many of them lack approval, and can still go out."""
    return sum(bool(page.rehearsal.missing(m)) for m in messages if not page.rehearsal.is_over(m))
