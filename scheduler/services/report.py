"""What a season came to, and what it costs."""

from __future__ import annotations

from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from ..domain.rehearsal import Rehearsal
from ..domain.season_key import SeasonKey
from ..errors import (
    NeedsAPerson,
    cannot_write,
)
from ..settings import Mode
from ..wiring import open_ledger
from .seasons import rehearse

if TYPE_CHECKING:
    from ..project import Project
    from ..review.report import Report
    from ..store import Ledger
    from .money import Spending


def spending_of(project: Project, ledger: Ledger, rehearsal: Rehearsal) -> tuple[Spending, ...]:
    """What a season costs, by channel: forecast, spent, allowed."""
    from .money import spending

    spent = dollars_spent(project, ledger, rehearsal.plan.key)
    return spending(rehearsal.costs, spent, project.settings.channels)


def dollars_spent(project: Project, ledger: Ledger, key: SeasonKey, mode: Mode | None = None) -> dict[str, float]:
    """US dollars by channel; a rehearsal spends none."""
    from ..engine.limits import Limits

    mode = mode or project.settings.mode
    limits = Limits(ledger, replace(project.settings, mode=mode))
    return {c: limits.spent(key, c) for c in project.settings.channels if mode is Mode.LIVE}


def season_report(project: Project, campaign_id: str, year: int | None, *, mode: str | None = None) -> Report:
    """What a season came to, from the ledger. Raises NeedsAPerson when there is no ledger yet."""
    if not project.ledger_exists():
        raise NeedsAPerson("there is nothing to report: nothing was started yet", hint="start, or tick")
    with closing(open_ledger(project)) as ledger:
        return report_on(project, ledger, rehearse(project, campaign_id, year, ledger=ledger), mode=mode)


def report_on(project: Project, ledger: Ledger, rehearsal: Rehearsal, *, mode: str | None = None) -> Report:
    """The same over a ledger that is open already, and a rehearsal that is at hand."""
    from ..review.report import make_report

    mode, plan = mode or project.settings.mode.value, rehearsal.plan
    spent = dollars_spent(project, ledger, plan.key, Mode(mode))
    return make_report(rehearsal, ledger, mode=mode, dollars=spent, made_at=project.clock.now())


def write_report(project: Project, report: Report, kind: str, path: Path | None) -> Path:
    """Write a report as ``html`` or ``csv``. Returns where."""
    from ..review.report_files import report_csv, report_html

    path = path or project.root / "build" / "report" / f"{report.campaign}-{report.season}.{kind}"
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(report_csv(report) if kind == "csv" else report_html(report).encode())
    except OSError as problem:
        raise cannot_write(path, problem, instead="choose another --out") from None
    return path
