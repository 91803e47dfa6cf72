"""Show the calendar of a season. --write pins it, so that later changes of the calendar show up as differences."""

from __future__ import annotations

import argparse
from pathlib import Path

from ..domain.finding import Severity
from ..domain.formatting import counted
from ..services.seasons import plan_season, read_campaign, rehearse, season_of
from .arguments import add_campaign
from .context import Context
from .findings_output import print_findings
from .terminal import table

EPILOG = """examples:
  run.py plan
  run.py plan --csv month.csv --ics month.ics"""


def add_arguments(parser: argparse.ArgumentParser, name: str) -> None:
    add_campaign(parser)
    parser.add_argument("--csv", metavar="FILE", help="write the calendar for a spreadsheet")
    parser.add_argument("--ics", metavar="FILE", help="write the calendar for a calendar program")
    parser.add_argument("--write", action="store_true", help="pin the plan as campaigns/NAME/plan-SEASON.toml")


def run(context: Context, options: argparse.Namespace, name: str) -> int:
    project = context.project
    if options.csv or options.ics:
        from ..review.atomic_folder import replace_file
        from ..review.icalendar_file import calendar_ics
        from ..review.spreadsheet import plan_csv

        rehearsal = rehearse(project, context.campaign_id, options.season)
        plan, findings = rehearsal.plan, list(rehearsal.findings)
        if options.csv:
            replace_file(Path(options.csv), plan_csv(rehearsal))
        if options.ics:
            replace_file(Path(options.ics), calendar_ics(rehearsal))
    else:
        campaign, found = read_campaign(project, context.campaign_id)
        plan, planning = plan_season(project, campaign, season_of(project, campaign, options.season))
        findings = [*found, *planning]
    if options.write:
        from ..planner.pin import pin_path, write_plan

        path = pin_path(project.root, plan.campaign.id, plan.season.year)
        write_plan(plan, path)
    rows = [
        (p.on, f"{p.on:%a}", p.day_number, p.item.kind.value, p.item.id, (p.day.special if p.day else "") or "")
        for p in plan.items
    ]
    if context.json:
        keys = ("date", "weekday", "day", "kind", "item", "special")
        context.print_json([dict(zip(keys, row, strict=True)) for row in rows])
    else:
        print(f"{plan.title}: {counted(plan.season.days, 'day')}, {plan.season.start_on} to {plan.season.end_on}.")
        print(table(("date", "", "day", "kind", "item", "special day"), rows))
        problems = [f for f in findings if f.severity is not Severity.INFO]
        if problems:
            print()
            print_findings(problems)
        if options.write:
            print(f"Pinned as {path}.")
    return 1 if any(f.severity is Severity.RED for f in findings) else 0
