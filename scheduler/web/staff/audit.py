"""``/audit``: everything that was done, by whom; whether the history is whole; and the history as a file."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain

from flask import Response, render_template, request

from ...domain.records import Event
from ...domain.role import Right
from ...review.audit_csv import audit_rows
from ..routing import get
from .history_text import in_words
from .page_context import resolve

_SHOWN = 200
_AT_ONCE = 1_000


@get("/audit", who=Right.RUN)
def audit_page() -> str:
    page = resolve()
    people_only = request.args.get("who") != "all"
    events = page.ledger.events.newest(limit=_SHOWN * (5 if people_only else 1))
    lines = [h for h in in_words(events, deliveries=page.deliveries) if h.who or not people_only]
    return render_template(
        "staff/audit.html",
        report=page.ledger.events.verify(),
        lines=lines[:_SHOWN],
        people_only=people_only,
        shown=_SHOWN,
    )


@get("/audit/file.csv", who=Right.RUN)
def audit_file() -> Response:
    ledger = resolve().ledger

    def in_order(after: int = 0) -> Iterator[Event]:
        while part := ledger.events.in_order(after=after, limit=_AT_ONCE):
            yield from part
            after = part[-1].id

    # With the mark that spreadsheets want; line by line, because a history can be long.
    response = Response((row.encode() for row in chain(("\ufeff",), audit_rows(in_order()))), mimetype="text/csv")
    response.headers["Content-Disposition"] = 'attachment; filename="history.csv"'
    return response
