"""The history of all acts: looked through, whether it is whole, or written to a file."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from contextlib import closing
from dataclasses import asdict, replace
from pathlib import Path
from typing import TYPE_CHECKING

from ..domain.formatting import counted
from ..domain.records import Event
from ..errors import UsageError, cannot_write
from ..wiring import open_ledger
from .arguments import argument, command, group
from .command_context import CommandContext

if TYPE_CHECKING:
    from ..store import Ledger

_AT_ONCE = 1_000

group(
    "audit",
    about="""
The history of all acts: check that it is whole (verify), or write it to a file (export).

Each line carries the hash of the line before, so that one that is changed, taken out or put in is found; and what went
out by the history, and does not stand as sent, is named. Keep an
exported file where nobody who can write to the database can reach it: `audit verify --against FILE` then finds even
a history that was rewritten from end to end.""",
    examples="""examples:
  run.py audit verify
  run.py audit export history.csv
  run.py audit verify --against history.csv""",
)


def _in_order(ledger: Ledger) -> Iterator[Event]:
    after = 0
    while part := ledger.events.in_order(after=after, limit=_AT_ONCE):
        yield from part
        after = part[-1].id


@command("audit verify", argument("--against", metavar="FILE", help="an exported history, to compare with"))
def verify(context: CommandContext, options: argparse.Namespace) -> int:
    """Whether no line was changed, taken out or put in."""
    anchor = options.against
    with closing(open_ledger(context.project)) as ledger:
        report = ledger.events.verify()
        if anchor and report.is_whole:
            from ..review.audit_csv import against, read_anchor

            try:
                text = Path(anchor).read_text(encoding="utf-8-sig")
            except (OSError, UnicodeDecodeError) as error:
                why = error.strerror if isinstance(error, OSError) else "it is not UTF-8"
                hint = "name a file that `audit export` wrote"
                raise UsageError(f"{anchor} cannot be read: {why}", hint=hint) from None
            compared = against(read_anchor(text, anchor), _in_order(ledger))
            report = replace(compared, contradictions=report.contradictions)
    lines = [
        f"The history is whole: {counted(report.events, 'event')}{f', and all that {anchor} holds' if anchor else ''}."
    ]
    if not report.is_whole:
        lines = [
            f"The history is not whole: {report.reason}.",
            "Somebody wrote to the database past the program. Hold sending (`hold --reason ...`), keep a copy of the",
            "file as it is, and compare it with a backup.",
        ]
    for one in report.contradictions:
        lines += [f"Set back past the program: {one.in_words()}. It is never called again."]
    if report.contradictions:
        lines += ["Somebody wrote to the database. Keep a copy of it as it is, and compare it with a backup."]
    return context.answer(
        {
            "whole": report.is_whole,
            "events": report.events,
            "broken_at": report.broken_at,
            "reason": report.reason,
            "set_back": [asdict(one) for one in report.contradictions],
        },
        *lines,
        status=int(not report.is_whole or bool(report.contradictions)),
    )


@command("audit export", argument("file", metavar="FILE", help="where to write it, as history.csv"))
def export(context: CommandContext, options: argparse.Namespace) -> int:
    """Write the history as CSV; without comments and addresses."""
    from ..review.audit_csv import audit_rows

    target = Path(options.file)
    beside = target.with_name(f".{target.name}.new")
    count, last = 0, ""

    def each(ledger: Ledger) -> Iterator[Event]:
        nonlocal count, last
        for event in _in_order(ledger):
            count, last = count + 1, event.hash
            yield event

    with closing(open_ledger(context.project)) as ledger:
        report = ledger.events.verify()
        try:
            with beside.open("w", encoding="utf-8", newline="") as file:
                file.write("\ufeff")  # spreadsheets want it
                file.writelines(audit_rows(each(ledger)))
            beside.replace(target)
        except OSError as error:
            beside.unlink(missing_ok=True)
            raise cannot_write(target, error, instead="name another file") from None
    return context.answer(
        {"file": str(target), "events": count, "last_hash": last, "whole": report.is_whole},
        f"{counted(count, 'event')} written to {target}. The last one's hash: {last or 'none'}",
        None if report.is_whole else f"The history is not whole: {report.reason}.",
        "Next: keep the file where nobody who can write to the database can change it.",
        status=int(not report.is_whole),
    )
