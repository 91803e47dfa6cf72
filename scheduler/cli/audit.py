"""The history of all acts: check that it is whole (verify), or write it to a file (export).

Each line carries the hash of the line before, so that one that is changed, taken out or put in is found; and what went
out by the history, and does not stand as sent, is named. Keep an
exported file where nobody who can write to the database can reach it: `audit verify --against FILE` then finds even
a history that was rewritten from end to end.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from contextlib import closing
from dataclasses import asdict, replace
from pathlib import Path
from typing import TYPE_CHECKING

from ..domain.formatting import counted
from ..domain.records import ChainReport, Event
from ..errors import UsageError, cannot_write
from ..wiring import open_ledger
from .context import Context

if TYPE_CHECKING:
    from ..store import Ledger

EPILOG = """examples:
  run.py audit verify
  run.py audit export history.csv
  run.py audit verify --against history.csv"""


_AT_ONCE = 1_000


def add_arguments(parser: argparse.ArgumentParser, name: str) -> None:
    acts = parser.add_subparsers(dest="act", required=True, metavar="verify|export")
    verify = acts.add_parser("verify", help="whether no line was changed, taken out or put in")
    verify.add_argument("--against", metavar="FILE", help="an exported history, to compare with")
    export = acts.add_parser("export", help="write the history as CSV; without comments and addresses")
    export.add_argument("file", metavar="FILE", help="where to write it, as history.csv")


def run(context: Context, options: argparse.Namespace, name: str) -> int:
    with closing(open_ledger(context.project)) as ledger:
        return _export(context, ledger, Path(options.file)) if options.act == "export" else _verify(context, ledger)


def _in_order(ledger: Ledger) -> Iterator[Event]:
    after = 0
    while part := ledger.events.in_order(after=after, limit=_AT_ONCE):
        yield from part
        after = part[-1].id


def _verify(context: Context, ledger: Ledger) -> int:
    report = ledger.events.verify()
    anchor = context.options.against
    if anchor and report.is_whole:
        from ..review.audit_csv import against, read_anchor

        try:
            text = Path(anchor).read_text(encoding="utf-8-sig")
        except (OSError, UnicodeDecodeError) as error:
            said = error.strerror if isinstance(error, OSError) else "it is not UTF-8"
            raise UsageError(f"{anchor} cannot be read: {said}", hint="name a file that `audit export` wrote") from None
        report = replace(against(read_anchor(text, anchor), _in_order(ledger)), contradictions=report.contradictions)
    if context.json:
        context.print_json(
            {
                "whole": report.is_whole,
                "events": report.events,
                "broken_at": report.broken_at,
                "reason": report.reason,
                "set_back": [asdict(one) for one in report.contradictions],
            }
        )
    else:
        print(_words(report, anchor))
        for one in report.contradictions:
            print(f"Set back past the program: {one.in_words()}. It is never called again.")
        if report.contradictions:
            print("Somebody wrote to the database. Keep a copy of it as it is, and compare it with a backup.")
    return int(not report.is_whole or bool(report.contradictions))


def _words(report: ChainReport, anchor: str | None) -> str:
    if report.is_whole:
        return f"The history is whole: {counted(report.events, 'event')}" + (
            f", and all that {anchor} holds." if anchor else "."
        )
    return (
        f"The history is not whole: {report.reason}.\n"
        "Somebody wrote to the database past the program. Hold sending (`hold --reason ...`), keep a copy of the\n"
        "file as it is, and compare it with a backup."
    )


def _export(context: Context, ledger: Ledger, target: Path) -> int:
    from ..review.audit_csv import audit_rows

    report = ledger.events.verify()
    beside = target.with_name(f".{target.name}.new")
    count, last = 0, ""

    def each() -> Iterator[Event]:
        nonlocal count, last
        for event in _in_order(ledger):
            count, last = count + 1, event.hash
            yield event

    try:
        with beside.open("w", encoding="utf-8", newline="") as file:
            file.write("\ufeff")  # spreadsheets want it
            file.writelines(audit_rows(each()))
        beside.replace(target)
    except OSError as error:
        beside.unlink(missing_ok=True)
        raise cannot_write(target, error, instead="name another file") from None
    if context.json:
        context.print_json({"file": str(target), "events": count, "last_hash": last, "whole": report.is_whole})
    else:
        print(f"{counted(count, 'event')} written to {target}. The last one's hash: {last or 'none'}")
        if not report.is_whole:
            print(f"The history is not whole: {report.reason}.")
        print("Next: keep the file where nobody who can write to the database can change it.")
    return 0 if report.is_whole else 1
