"""``/webhooks/sendgrid``: what SendGrid reports later. Closed until its verification key is set."""

from __future__ import annotations

import logging

from flask import Response, jsonify, make_response, request
from werkzeug.exceptions import NotFound

from ..clock import Clock
from ..ports import PagesLedger
from ..subscribers.receipts import SIGNATURE_HEADER, TIMESTAMP_HEADER, SignatureCheck, Unreadable, read_events
from .security import Guard, RoutesWithRoles

log = logging.getLogger(__name__)

#: Bytes. SendGrid gathers events for about a second, up to three quarters of this.
LARGEST_REPORT = 1024 * 1024


def add_sendgrid_webhook(app: RoutesWithRoles, ledger: PagesLedger, check: SignatureCheck | None, clock: Clock) -> None:
    """Add the route. Without ``check`` it answers as if it were not there."""

    @app.post("/webhooks/sendgrid", who=Guard.SIGNED)
    def sendgrid() -> Response:
        if check is None:
            raise NotFound
        request.max_content_length = LARGEST_REPORT
        body = request.get_data(cache=False)  # RequestEntityTooLarge for a larger one
        now = clock.now()
        refusal = check.refusal(
            body,
            signature=request.headers.get(SIGNATURE_HEADER, ""),
            timestamp=request.headers.get(TIMESTAMP_HEADER, ""),
            now=now,
        )
        if refusal:
            log.warning("a report to /webhooks/sendgrid was refused: %s", refusal, extra={"action": "report_refused"})
            return make_response({"error": refusal}, 403)
        try:
            reports = read_events(body, now=now)
        except Unreadable as problem:
            log.error("a signed report of SendGrid's: %s", problem, extra={"action": "report_unreadable"})
            return make_response({"error": str(problem)}, 400)
        handled = ledger.record_receipts(reports, now=now)
        log.info(
            "SendGrid reported: %d new, %d repeated",
            handled.new,
            handled.repeated,
            extra={"action": "receipts", "new": handled.new, "repeated": handled.repeated},
        )
        return jsonify(new=handled.new, repeated=handled.repeated)
