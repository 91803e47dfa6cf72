"""``/report``: what a season came to, to read here and to take along."""

from __future__ import annotations

from flask import Response, render_template
from werkzeug.exceptions import NotFound

from ...domain.role import Right
from ...review.report import Report
from ...review.report_files import answer, report_csv, report_html
from ...services.report import report_on
from ..routing import get
from .page_context import resolve


def _report() -> Report:
    page = resolve()
    return report_on(page.project, page.ledger, page.rehearsal)


@get("/report", who=Right.LOOK)
def report_page() -> str:
    report = _report()
    return render_template("staff/report.html", report=report, answer=answer(report), late=report.gone_wrong)


@get("/report/file.<kind>", who=Right.LOOK)
def report_file(kind: str) -> Response:
    if kind not in ("html", "csv"):
        raise NotFound
    report = _report()
    return Response(
        report_csv(report) if kind == "csv" else report_html(report).encode(),
        mimetype=f"text/{kind}",
        headers={"Content-Disposition": f'attachment; filename="report-{report.campaign}-{report.season}.{kind}"'},
    )
