"""The history as a spreadsheet, for an auditor and as an anchor: kept elsewhere, it shows a history that was rewritten.

Whoever can write to the database can also compute every hash anew; the chain alone then looks whole. A file that was
exported before, and that they could not reach, still holds the old hashes.
"""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterable, Iterator, Mapping

from ..domain.records import ChainReport, Event
from ..domain.redact import without_addresses
from ..errors import UsageError
from .spreadsheet import harmless

COLUMNS = ("id", "at", "kind", "who", "delivery", "data", "previous", "hash")
_HASH = re.compile(r"[0-9a-f]{64}")


def audit_rows(events: Iterable[Event]) -> Iterator[str]:
    """The file's lines, with the heading. No cell is a formula, and none holds an address."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    for event in events:
        data = json.dumps(event.data, sort_keys=True, ensure_ascii=False)
        cells = (event.id, event.at.isoformat(), event.kind, event.who, event.delivery_id or "", data)
        writer.writerow([harmless(without_addresses(str(c))) for c in cells] + [event.previous, event.hash])
        yield out.getvalue()
        out.seek(0)
        out.truncate()
    if out.tell():
        yield out.getvalue()


def read_anchor(text: str, name: str) -> Mapping[int, str]:
    """Event -> hash, from an exported file. Raises UsageError for a file that is none."""
    csv.field_size_limit(16 * 1024 * 1024)
    rows = csv.DictReader(io.StringIO(text.removeprefix("\ufeff"), newline=""))
    if not {"id", "hash"} <= set(rows.fieldnames or ()):
        raise UsageError(f"{name} is not an exported history: it has no columns id and hash")
    found: dict[int, str] = {}
    try:
        for row in rows:
            if not (row["id"] or "").isdecimal() or not _HASH.fullmatch(row["hash"] or ""):
                raise UsageError(f"{name}, line {rows.line_num}: not a line of an exported history")
            found[int(row["id"])] = row["hash"]
    except csv.Error as error:
        raise UsageError(f"{name}, line {rows.line_num}: not CSV ({error})") from None
    return found


def against(anchor: Mapping[int, str], events: Iterable[Event]) -> ChainReport:
    """Whether the history still holds every line that was exported, as it was."""
    left = dict(anchor)
    count = 0
    for event in events:
        count += 1
        kept = left.pop(event.id, None)
        if kept is not None and kept != event.hash:
            return ChainReport(count, event.id, f"event {event.id} is not the one that was exported")
    if left:
        first = min(left)
        return ChainReport(count, first, f"event {first} was exported, and is not there any more")
    return ChainReport(count)
