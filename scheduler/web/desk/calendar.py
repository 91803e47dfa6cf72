"""``/calendar``: the month as a grid, weeks as rows; and a week approved in one go where nothing stands against it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass

from flask import redirect, render_template, request
from werkzeug.wrappers import Response as AnyResponse

from ...domain.access import Right
from ...domain.finding import Finding, Severity
from ...domain.message import Message
from ...review.desk import ChangedMeanwhile
from ..access import RoutesWithRoles, visitor
from .acts import Trouble, attempt
from .here import Here, Seasons, link
from .view import DayCard, calendar_weeks, day_cards, weekday_names, weeks_begin_on_sunday


@dataclass(frozen=True, slots=True)
class Week:
    """One week of the season, counted from its first day."""

    number: int
    theme: str
    days: tuple[DayCard, ...]
    messages: int
    lacking: int
    reds: tuple[Finding, ...]
    ambers: tuple[Finding, ...]
    fingerprint: str

    @property
    def may_be_approved(self) -> bool:
        return bool(self.lacking) and not self.reds and not self.ambers


def add_calendar(app: RoutesWithRoles, seasons: Seasons) -> None:
    @app.get("/calendar", who=Right.LOOK)
    def calendar_now() -> AnyResponse:
        here = seasons.here()
        return redirect(link("calendar_page", season=here.year), 303)

    @app.get("/calendar/<int:season>", who=Right.LOOK)
    def calendar_page(season: int) -> str:
        return _page(seasons.here(season))

    @app.post("/calendar/<int:season>/weeks/<int:week>/approve", who=Right.REVIEW)
    def approve_week(season: int, week: int) -> AnyResponse:
        here = seasons.here(season)
        who = visitor()

        def act() -> str:
            if request.form.get("fingerprint", "") != _fingerprint(here.desk.week(week)):
                raise ChangedMeanwhile(
                    f"something in week {week} changed while you were reading; nothing was approved",
                    hint="look at the week again, and approve it then",
                )
            done = here.desk.approve_week(week, person=who.name, role=who.role)
            return "approved" if done.messages else "already"

        def to(done: str) -> str:
            return link("calendar_page", season=here.year, done=done) + f"#week-{week}"

        return attempt(act, to=to, again=lambda trouble: _page(here, trouble), form=f"week-{week}")


def _page(here: Here, trouble: Trouble | None = None) -> str:
    plan = here.rehearsal.plan
    cards = day_cards(here)
    sunday_first = weeks_begin_on_sunday(here.zone, here.campaign.language)
    return render_template(
        "desk/calendar.html",
        done=request.args.get("done", ""),
        trouble=trouble,
        names=weekday_names(sunday_first=sunday_first),
        grid=calendar_weeks(plan.season.start_on, plan.season.end_on, sunday_first=sunday_first),
        by_day={card.on: card for card in cards},
        season=plan.season,
        weeks=_weeks(here, cards),
        digests=here.rehearsal.digests,
        spare=[item for item in here.campaign.items.values() if plan.of(item.id) is None],
        years=[plan.season.year - 1, plan.season.year + 1],
    )


def _weeks(here: Here, cards: Iterable[DayCard]) -> list[Week]:
    by_week: dict[int, list[DayCard]] = {}
    for card in cards:
        by_week.setdefault(card.week, []).append(card)
    return [_week(here, number, days) for number, days in sorted(by_week.items())]


def _week(here: Here, number: int, days: list[DayCard]) -> Week:
    messages = here.desk.week(number)
    found = here.desk.findings_of(messages)
    return Week(
        number=number,
        theme=here.campaign.themes.get(str(number), ""),
        days=tuple(days),
        messages=len(messages),
        lacking=sum(bool(here.rehearsal.missing(m)) for m in messages if not here.rehearsal.is_over(m)),
        reds=tuple(f for f in found if f.severity is Severity.RED),
        ambers=tuple(f for f in found if f.severity is Severity.AMBER),
        fingerprint=_fingerprint(messages),
    )


def _fingerprint(messages: Iterable[Message]) -> str:
    """What a person has before them who approves a week: every digest in it."""
    digest = hashlib.sha256()
    for message in messages:
        digest.update(f"{message.item}\0{message.channel}\0{message.digest}\n".encode())
    return digest.hexdigest()
