"""The report for the board: what was planned, who approved it, what went out when, what did not and why; sources.

It names no reader. Without --html or --csv it is printed.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from ..domain.delivery import State
from ..domain.delivery_words import state_words
from ..services.report import season_report, write_report
from .arguments import add_campaign
from .context import Context
from .terminal import styled, table

EPILOG = """examples:
  run.py report
  run.py report --html --out report-2027.html
  run.py report --csv --out report-2027.csv"""


def add_arguments(parser: argparse.ArgumentParser, name: str) -> None:
    add_campaign(parser)
    kind = parser.add_mutually_exclusive_group()
    kind.add_argument("--html", action="store_true", help="a page that needs no network, and prints")
    kind.add_argument("--csv", action="store_true", help="for a spreadsheet")
    parser.add_argument("--out", metavar="FILE", help="where to (default: REPORT.html or .csv in build/report)")
    parser.add_argument("--mode", choices=("rehearsal", "live"), help="default: the mode of the settings")


def run(context: Context, options: argparse.Namespace, name: str) -> int:
    from ..review.report_files import answer, report_as_data

    project = context.project
    report = season_report(project, context.campaign_id, options.season, mode=options.mode)
    kind = "html" if options.html else "csv" if options.csv else ""
    if options.out and not kind:
        kind = "csv" if options.out.lower().endswith(".csv") else "html"
    if kind:
        path = write_report(project, report, kind, Path(options.out) if options.out else None)
        if context.json:
            context.print_json({"file": str(path)})
        else:
            print(f"{answer(report)} The report: {path}")
    elif context.json:
        context.print_json(report_as_data(report))
    else:
        print(styled(f"{report.title} {report.season}: {answer(report)}", "bold"))
        rows = []
        for total in report.totals:
            not_sent = ", ".join(f"{n} {state_words(State(state))}" for state, n in total.not_sent.items())
            rows.append((total.channel, total.planned, total.sent, total.accepted, total.delivered or "", not_sent))
        print(table(("channel", "planned", "sent", "accepted", "delivered", "not sent"), rows))
        late = [line for line in report.lines if line.reason and not line.went_to_all]
        if late:
            print("\nNot sent, or not to everybody:")
            rows_late = [(line.on, line.channel, line.item, state_words(line.state), line.reason) for line in late]
            print(table(("date", "channel", "item", "state", "why"), rows_late))
        print("\nNext: report --html --out FILE, for the board; report --csv --out FILE, for a spreadsheet.")
    return 0 if report.whole else 1
