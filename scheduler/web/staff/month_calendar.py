"""``/calendar``: the month as a grid, weeks as rows; and a week approved in one go where nothing stands against it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from flask import redirect, render_template, request
from werkzeug.wrappers import Response as AnyResponse

from ...domain.finding import Finding, Severity
from ...domain.role import Right
from ...review.packet_fingerprint import edition_hash
from ...services import approvals
from ..security import RoutesWithRoles
from .badges import DayCard, calendar_weeks, day_cards, weekday_names, weeks_begin_on_sunday
from .form_actions import ActionError, run_action
from .page_context import PageContext, SeasonResolver, link


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


def add_calendar(app: RoutesWithRoles, seasons: SeasonResolver) -> None:
    @app.get("/calendar", who=Right.LOOK)
    def calendar_now() -> AnyResponse:
        page = seasons.resolve()
        return redirect(link("calendar_page", season=page.year), 303)

    @app.get("/calendar/<int:season>", who=Right.LOOK)
    def calendar_page(season: int) -> str:
        return _page(seasons.resolve(season))

    @app.post("/calendar/<int:season>/weeks/<int:week>/approve", who=Right.REVIEW)
    def approve_week(season: int, week: int) -> AnyResponse:
        page = seasons.resolve(season)

        def act() -> str:
            done = approvals.approve_week(page.context, week, seen=request.form.get("fingerprint", ""))
            return "approved" if done.messages else "already"

        def to(done: str) -> str:
            return link("calendar_page", season=page.year) + f"#week-{week}"

        return run_action(act, to=to, again=lambda trouble: _page(page, trouble), form=f"week-{week}")


def _page(page: PageContext, trouble: ActionError | None = None) -> str:
    plan = page.rehearsal.plan
    cards = day_cards(page)
    sunday_first = weeks_begin_on_sunday(page.zone, page.campaign.language)
    return render_template(
        "staff/calendar.html",
        trouble=trouble,
        names=weekday_names(sunday_first=sunday_first),
        grid=calendar_weeks(plan.season.start_on, plan.season.end_on, sunday_first=sunday_first),
        by_day={card.on: card for card in cards},
        season=plan.season,
        weeks=_weeks(page, cards),
        digests=page.rehearsal.digests,
        spare=[item for item in page.campaign.items.values() if plan.of(item.id) is None],
        years=[plan.season.year - 1, plan.season.year + 1],
    )


def _weeks(page: PageContext, cards: Iterable[DayCard]) -> list[Week]:
    by_week: dict[int, list[DayCard]] = {}
    for card in cards:
        by_week.setdefault(card.week, []).append(card)
    return [_week(page, number, days) for number, days in sorted(by_week.items())]


def _week(page: PageContext, number: int, days: list[DayCard]) -> Week:
    messages = page.context.week(number)
    found = page.context.findings_of(messages)
    return Week(
        number=number,
        theme=page.campaign.themes.get(str(number), ""),
        days=tuple(days),
        messages=len(messages),
        lacking=sum(bool(page.rehearsal.missing(m)) for m in messages if not page.rehearsal.is_over(m)),
        reds=tuple(f for f in found if f.severity is Severity.RED),
        ambers=tuple(f for f in found if f.severity is Severity.AMBER),
        fingerprint=edition_hash(messages),
    )
