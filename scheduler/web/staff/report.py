"""``/report``: what a season came to, to read here and to take along."""

from __future__ import annotations

from flask import Response, render_template
from werkzeug.exceptions import NotFound

from ...domain.role import Right
from ...review.report import make_report
from ...review.report_files import answer, report_csv, report_html
from ...services.report import spending_of
from ..security import RoutesWithRoles
from .page_context import PageContext, SeasonResolver


def add_report(app: RoutesWithRoles, seasons: SeasonResolver) -> None:
    @app.get("/report", who=Right.LOOK)
    def report_page() -> str:
        report = _report(seasons.resolve())
        return render_template(
            "staff/report.html",
            report=report,
            answer=answer(report),
            late=[line for line in report.lines if line.reason and not line.went_to_all],
        )

    @app.get("/report/file.<kind>", who=Right.LOOK)
    def report_file(kind: str) -> Response:
        if kind not in ("html", "csv"):
            raise NotFound
        report = _report(seasons.resolve())
        body = report_csv(report) if kind == "csv" else report_html(report).encode()
        response = Response(body, mimetype="text/csv" if kind == "csv" else "text/html")
        name = f"report-{report.campaign}-{report.season}.{kind}"
        response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
        return response


def _report(page: PageContext):  # type: ignore[no-untyped-def]
    dollars = {s.channel: s.spent for s in spending_of(page.project, page.ledger, page.rehearsal)}
    now = page.project.clock.now()
    return make_report(page.rehearsal, page.ledger, mode=page.mode, dollars=dollars, made_at=now)
