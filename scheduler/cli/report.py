"""The report for the board, after a season or during it."""

from __future__ import annotations

import argparse
from pathlib import Path

from ..domain.delivery import State
from ..domain.delivery_words import state_words
from ..review.report_files import answer, report_as_data
from ..services.report import season_report, write_report
from .arguments import MODE, argument, campaign, command, one_of, shows_each
from .command_context import CommandContext
from .output import styled, table


@command(
    "report",
    campaign,
    shows_each("out"),
    one_of(
        argument("--html", action="store_true", help="a page that needs no network, and prints"),
        argument("--csv", action="store_true", help="for a spreadsheet"),
    ),
    argument("--out", metavar="FILE", help="where to (default: REPORT.html or .csv in build/report)"),
    MODE,
    examples="""examples:
  run.py report
  run.py report --html --out report-2027.html
  run.py report --csv --out report-2027.csv""",
)
def report(context: CommandContext, options: argparse.Namespace) -> int:
    """The report for the board: what was planned, who approved it, what went out when, what did not and why; sources.

    It names no reader. Without --html or --csv it is printed.
    """
    report = season_report(context.project, context.campaign_id, options.season, mode=options.mode)
    kind, status = "html" if options.html else "csv" if options.csv else "", int(not report.whole)
    if options.out and not kind:
        kind = "csv" if options.out.lower().endswith(".csv") else "html"
    if kind:
        path = write_report(context.project, report, kind, Path(options.out) if options.out else None)
        return context.answer({"file": str(path)}, f"{answer(report)} The report: {path}", status=status)
    totals = [
        (
            t.channel,
            t.planned,
            t.sent,
            t.accepted,
            t.delivered or "",
            ", ".join(f"{n} {state_words(State(state))}" for state, n in t.not_sent.items()),
        )
        for t in report.totals
    ]
    late = [
        (line.on, line.channel, line.item, state_words(line.state), line.reason)
        for line in report.lines
        if line.reason and not line.went_to_all
    ]
    return context.answer(
        report_as_data(report),
        styled(f"{report.title} {report.season}: {answer(report)}", "bold"),
        table(("channel", "planned", "sent", "accepted", "delivered", "not sent"), totals),
        "\nNot sent, or not to everybody:" if late else None,
        table(("date", "channel", "item", "state", "why"), late) if late else None,
        "\nNext: `report --html`, for the board; `report --csv`, for a spreadsheet.",
        status=status,
    )
