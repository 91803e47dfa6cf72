"""What a season came to, and what it costs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from ..domain.approval import Cost
from ..domain.rehearsal import Rehearsal
from ..domain.season_key import SeasonKey
from ..engine.limits import Limits
from ..errors import (
    NothingStarted,
)
from ..light_dataclass import dataclass
from ..project import Project
from ..settings import ChannelSettings, Mode
from ..wiring import open_ledger
from .seasons import read_campaign, rehearse, season_in_view

if TYPE_CHECKING:
    from ..review.report import Report
    from ..store import Ledger


def spending_of(project: Project, ledger: Ledger, rehearsal: Rehearsal) -> tuple[Spending, ...]:
    """What a season costs, by channel: forecast, spent, allowed."""
    return spending(rehearsal.costs, dollars_spent(project, ledger, rehearsal.plan.key), project.settings.channels)


def dollars_spent(project: Project, ledger: Ledger, key: SeasonKey, mode: Mode | None = None) -> dict[str, float]:
    """US dollars by channel; a rehearsal spends none."""
    mode = mode or project.settings.mode
    limits = Limits(ledger, replace(project.settings, mode=mode))
    return {c: limits.spent(key, c) for c in project.settings.channels if mode is Mode.LIVE}


def season_report(project: Project, campaign_id: str, year: int | None, *, mode: str | None = None) -> Report:
    """What a season came to, from the ledger. Raises NothingStarted when there is no ledger yet."""
    if not project.ledger_exists():
        raise NothingStarted("there is nothing to report: nothing was started yet", hint="start, or tick")
    with closing(open_ledger(project)) as ledger:
        year = season_in_view(project, read_campaign(project, campaign_id)[0], year, ledger, mode or "").year
        return report_on(project, ledger, rehearse(project, campaign_id, year, ledger=ledger), mode=mode)


def report_on(project: Project, ledger: Ledger, rehearsal: Rehearsal, *, mode: str | None = None) -> Report:
    """The same over a ledger that is open already, and a rehearsal that is at hand."""

    from ..review.report import make_report

    mode, plan = mode or project.settings.mode.value, rehearsal.plan
    return make_report(
        rehearsal,
        ledger,
        mode=mode,
        dollars=dollars_spent(project, ledger, plan.key, Mode(mode)),
        made_at=project.clock.now(),
    )


def write_report(project: Project, report: Report, kind: str, path: Path | None) -> Path:
    """Write a report as ``html`` or ``csv``. Returns where."""
    from ..review.atomic_folder import replace_file
    from ..review.report_files import report_csv, report_html

    path = path or project.settings.build_folder / "report" / f"{report.campaign}-{report.season}.{kind}"
    replace_file(path, report_csv(report) if kind == "csv" else report_html(report).encode(), option="--out")
    return path


def dollars(amount: float) -> str:
    """$6.00, and $0.015 where cents do not say it."""
    return f"${amount:.2f}" if round(amount, 2) == round(amount, 4) else f"${amount:.3f}"


@dataclass(frozen=True)
class Spending:
    """US dollars of one channel in one season. ``limit`` 0: none."""

    channel: str
    forecast: float
    spent: float
    limit: float

    @property
    def passes_the_limit(self) -> bool:
        """Whether the season, as it is planned, would be stopped by the limit before its end."""
        return bool(self.limit) and self.forecast > self.limit

    def in_words(self) -> str:
        """x: about $6.00 for the season, $0.20 spent so far; the limit is $8.00"""
        said = f"{self.channel}: about {dollars(self.forecast)} for the season, {dollars(self.spent)} spent so far"
        if not self.limit:
            return f"{said}; no limit is set"
        if self.passes_the_limit:
            return f"{said}; the limit of {dollars(self.limit)} stops it before its end"
        return f"{said}; the limit is {dollars(self.limit)}"


def spending(
    costs: Iterable[Cost], spent: Mapping[str, float], channels: Mapping[str, ChannelSettings]
) -> tuple[Spending, ...]:
    """Beside each forecast what is spent and allowed."""
    return tuple(
        Spending(
            cost.channel,
            cost.dollars,
            spent.get(cost.channel, 0.0),
            float(channels[cost.channel].options.get("spending_limit", 0)) if cost.channel in channels else 0.0,
        )
        for cost in costs
    )
