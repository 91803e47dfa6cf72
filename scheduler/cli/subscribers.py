"""Readers: bring in a CSV file (import), or count them.

The file has a heading line with the columns email, name, zone; name and zone may be empty or left out.
Good rows are kept, bad rows are reported by line, and nobody who has left comes back by an import.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from .context import Context
from .term import Progress


def add_arguments(parser: argparse.ArgumentParser, name: str) -> None:
    actions = parser.add_subparsers(dest="action", required=True, metavar="import|count")
    bring = actions.add_parser("import", help="add the readers in a CSV file")
    bring.add_argument("file", metavar="FILE.csv")
    bring.add_argument("--report", metavar="FILE", help="where the report of bad rows goes (default: beside the file)")
    actions.add_parser("count", help="how many readers there are")
    for one in (bring, actions.choices["count"]):
        one.add_argument("--json", action="store_true", default=argparse.SUPPRESS, help=argparse.SUPPRESS)


def run(context: Context, options: argparse.Namespace, name: str) -> int:
    project = context.project
    if options.action == "count":
        ledger = project.open_ledger()
        try:
            counts = ledger.count_subscribers()
        finally:
            ledger.close()
        if context.json:
            context.print_json(counts)
        else:
            print(", ".join(f"{n} {state}" for state, n in counts.items()) or "No readers yet.")
        return 0

    from ..subscribers.csv_import import import_csv, report_path_for

    path = Path(options.file)
    report = Path(options.report) if options.report else report_path_for(path)
    bar = Progress("Importing ")
    ledger = project.open_ledger()
    try:
        result = import_csv(path, ledger, now=project.clock.now(), progress=bar, report_path=report)
    finally:
        bar.close()
        ledger.close()
    bad = result.bad
    if context.json:
        context.print_json(
            {
                "added": result.added,
                "already_there": result.already_there,
                "suppressed": result.suppressed,
                "bad": bad,
                "by_reason": {str(k): v for k, v in result.by_reason.items()},
            }
        )
    else:
        print(
            f"{result.added} readers added, {result.already_there} were there already, "
            f"{result.suppressed} had left and stay away, {bad} bad rows."
        )
        for note in result.examples[:5]:
            print(f"  line {note.line}: {note.reason}")
        if result.report_path is not None:
            print(f"Each row that was not added, by line, with the reason: {result.report_path}")
    return 1 if bad else 0
