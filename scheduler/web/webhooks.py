"""``/webhooks/NAME``: what a channel's provider reports later. Closed until the key that proves it is set."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from flask import Response, jsonify, make_response, request
from werkzeug.exceptions import NotFound

from ..channels.spec import ReceiptReader
from ..clock import Clock
from .security import Guard, RoutesWithRoles

if TYPE_CHECKING:
    from ..store import Ledger

log = logging.getLogger(__name__)

#: Bytes. A provider that gathers its reports sends up to three quarters of this.
LARGEST_REPORT = 1024 * 1024


def add_webhooks(
    app: RoutesWithRoles, ledger: Ledger, readers: Mapping[str, ReceiptReader | None], clock: Clock
) -> None:
    """Add an address for each channel. Without a reader it answers as if it were not there."""
    for channel, subscriber in readers.items():
        page = _page(channel, subscriber, ledger, clock)
        app.add_url_rule(f"/webhooks/{channel}", f"webhook_{channel}", page, methods=["POST"], who=Guard.SIGNED)


def _page(channel: str, subscriber: ReceiptReader | None, ledger: Ledger, clock: Clock) -> Callable[[], Response]:
    def webhook() -> Response:
        if subscriber is None:
            raise NotFound
        request.max_content_length = LARGEST_REPORT
        body = request.get_data(cache=False)  # RequestEntityTooLarge for a larger one
        now = clock.now()
        refusal = subscriber.refusal(body, lambda name: request.headers.get(name, ""), now=now)
        if refusal:
            extra = {"action": "report_refused"}
            log.warning("a report to /webhooks/%s was refused: %s", channel, refusal, extra=extra)
            return make_response({"error": refusal}, 403)
        try:
            reports = subscriber.read(body, now=now)
        except ValueError as problem:
            log.error("a signed report to /webhooks/%s: %s", channel, problem, extra={"action": "report_unreadable"})
            return make_response({"error": str(problem)}, 400)
        handled = ledger.receipts.record(reports, now=now)
        log.info(
            "%s reported: %d new, %d repeated",
            channel,
            handled.new,
            handled.repeated,
            extra={"action": "receipts", "new": handled.new, "repeated": handled.repeated},
        )
        return jsonify(new=handled.new, repeated=handled.repeated)

    return webhook
