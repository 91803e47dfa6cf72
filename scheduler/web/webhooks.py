"""``/webhooks/NAME``: what a channel's provider reports later. Closed until the key that proves it is set."""

from __future__ import annotations

import logging
from functools import partial

from flask import Response, jsonify, make_response, request
from werkzeug.exceptions import NotFound

from ..channels.spec import ReceiptReader
from ..project import Project
from ..wiring import receipt_readers
from .routing import Guard, Pages, site

log = logging.getLogger(__name__)

#: Bytes. A provider that gathers its reports sends up to three quarters of this.
LARGEST_REPORT = 1024 * 1024


def add_webhooks(app: Pages, project: Project) -> None:
    """Add an address for each channel. Without a reader it answers as if it were not there."""
    for channel, reader in receipt_readers(project).items():
        view, endpoint = partial(_webhook, channel, reader), f"webhook_{channel}"
        app.add_url_rule(
            f"/webhooks/{channel}", endpoint, view, methods=["POST"], who=Guard.SIGNED, largest=LARGEST_REPORT
        )


def _webhook(channel: str, reader: ReceiptReader | None) -> Response:
    if reader is None:
        raise NotFound
    body = request.get_data(cache=False)  # RequestEntityTooLarge for a larger one
    now = site().now()
    refusal = reader.refusal(body, lambda name: request.headers.get(name, ""), now=now)
    if refusal:
        log.warning("a report to /webhooks/%s was refused: %s", channel, refusal, extra={"action": "report_refused"})
        return make_response({"error": refusal}, 403)
    try:
        reports = reader.read(body, now=now)
    except ValueError as problem:
        log.error("a signed report to /webhooks/%s: %s", channel, problem, extra={"action": "report_unreadable"})
        return make_response({"error": str(problem)}, 400)
    handled = site().ledger.receipts.record(reports, now=now)
    log.info(
        "%s reported: %d new, %d repeated",
        channel,
        handled.new,
        handled.repeated,
        extra={"action": "receipts", "new": handled.new, "repeated": handled.repeated},
    )
    return jsonify(new=handled.new, repeated=handled.repeated)
