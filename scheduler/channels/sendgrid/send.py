"""SendGrid: up to 1,000 readers a call, over the sendgrid package.

SendGrid takes no idempotency key, so a call is made once; 202 means queued. The body is written by :mod:`.build`: the
package's helper classes put several addresses into one envelope and write fields that SendGrid's own description
refuses. The package brings addresses, authentication and errors; beneath it lies
:class:`~scheduler.channels.http.HttpSession`.
https://www.twilio.com/docs/sendgrid/api-reference/mail-send/mail-send
"""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import quote

from python_http_client.client import Client
from python_http_client.exceptions import HTTPError, err_dict
from sendgrid import SendGridAPIClient

from ...domain.outcome import Evidence, Outcome, OutcomeKind, Request, Verdict
from ...domain.reason import ReasonCode, because
from ..http import HttpSession, HttpTransport, ended
from ..json_body import JsonBody, compact
from ..spec import ChannelContext
from ..status_mapping import (
    NO_CREDIT,
    RETRY_LIMIT,
    TOO_MANY,
    document,
    kind_of,
    latest_reset,
    reasons_of,
    safe,
    said,
    strange,
)

_CLOCKS_DIFFER = timedelta(minutes=5)
#: How many readers of a batch, and how many of their mails, are looked up before giving up.
_READERS_LOOKED_UP, _MAILS_LOOKED_UP = 3, 5
#: Without a named end, the wait after a 429 doubles from one minute to a quarter of an hour.
_FIRST_WAIT = timedelta(seconds=60)

_SPOILT = re.compile(r"personalizations\.([0-9]{1,4})\.to(?:\..+)?")  # the field of an error about one reader
_REFERENCE = re.compile(r"[\x21-\x7e]{1,200}")


def outcome_of(
    status: int, headers: Mapping[str, str], body: bytes, *, now: datetime, sandbox_mode: bool, wait: timedelta
) -> Outcome:
    """What SendGrid's answer to a mail means. ``wait`` is for a 429 that names no end."""
    words = said(document(body))
    detail = safe(f"{status}: {words}" if words else f"{status}")
    kind = kind_of(status)
    if kind is OutcomeKind.ACCEPTED:
        if status == (200 if sandbox_mode else 202):
            return Outcome(kind, reference=_reference(headers.get("X-Message-Id")), status=status)
        return strange(status, f"{status}")
    if status == NO_CREDIT or (status == 401 and "maximum credits exceeded" in words.lower()):
        # The plan's number of mails is used up; the key is good. It comes back with the next period, or with money.
        money = (because(ReasonCode.NEEDS_MONEY, status=status),)
        return Outcome(OutcomeKind.LATER, detail=detail, reasons=money, status=status, retry_at=now + RETRY_LIMIT)
    until = latest_reset([headers.get("X-RateLimit-Reset")], now=now, otherwise=wait) if status == TOO_MANY else None
    return Outcome(kind, detail=detail, reasons=reasons_of(status), status=status, retry_at=until)


def without_spoilt(outcome: Outcome, request: Request, answer: Mapping[str, object], *, now: datetime) -> Outcome:
    """The outcome, unless it is a refusal about some readers' records alone: then the others can have their mail.

    SendGrid refuses a call of a thousand readers for a single address that it does not like, and names the place.
    """
    if outcome.status != 400:
        return outcome
    errors = answer.get("errors")
    spoilt: dict[str, str] = {}
    envelopes: list[Mapping[str, Any]] = request.body["personalizations"]
    for error in errors if isinstance(errors, list) else []:
        place = _SPOILT.fullmatch(str(error.get("field"))) if isinstance(error, dict) else None
        if place is None or int(place[1]) >= len(envelopes):
            return outcome  # about the mail itself, or about nothing that we know
        who = str(envelopes[int(place[1])]["custom_args"]["subscriber_id"])
        spoilt[who] = safe(f"SendGrid refuses the address: {error.get('message')}")
    if not 0 < len(spoilt) < len(envelopes):
        return outcome
    return Outcome(
        OutcomeKind.LATER,
        detail=f"{len(spoilt)} of {len(envelopes)} readers",
        reasons=(because(ReasonCode.SPOILT_BY_READERS),),
        status=400,
        retry_at=now,
        spoilt_by=spoilt,
    )


class SendGridTransport(HttpTransport):
    """Mails by one account."""

    def __init__(self, context: ChannelContext) -> None:
        (key,) = context.secret_values()
        super().__init__(context)
        self._client = _client(self._line, key, context.base_url.rstrip("/"))
        self._limits_in_a_row = 0
        self._counting = threading.Lock()

    def send(self, request: Request, *, now: datetime) -> Outcome:
        """One call. Never raises."""

        def call() -> Outcome:
            status, headers, body = self._call(request.method, request.path, request.body)
            in_sandbox = bool(self._context.settings.options.get("sandbox_mode"))
            wait = min(_FIRST_WAIT * (1 << min(self._limits_in_a_row, 8)), RETRY_LIMIT)
            outcome = outcome_of(status, headers, body, now=now, sandbox_mode=in_sandbox, wait=wait)
            outcome = without_spoilt(outcome, request, document(body), now=now)
            with self._counting:
                self._limits_in_a_row = self._limits_in_a_row + 1 if outcome.status == TOO_MANY else 0
            return outcome

        return ended(call, now=now)

    def ask(self, *, now: datetime) -> Outcome | None:
        """What the key may do: GET /v3/scopes. A key that may send and nothing else may be refused there (403), and
        whatever stands in SendGrid's place may know no such address: that it answers is what counts."""

        def call() -> Outcome:
            status, _, body = self._call("GET", "/v3/scopes")
            if status == 401 or status >= 500:
                detail = safe(f"{status}: {said(document(body))}")
                return Outcome(kind_of(status), detail=detail, reasons=reasons_of(status), status=status)
            return Outcome(OutcomeKind.ACCEPTED, status=status)

        return ended(call, now=now)

    def look_up(self, request: Request, *, since: datetime, now: datetime) -> Evidence:
        """Look for our send_id in SendGrid's log of mails. A call is accepted as a whole, so one reader's mail is
        evidence for all. Nothing found proves nothing. Never raises.

        https://www.twilio.com/docs/sendgrid/api-reference/email-logs (30 days)
        """
        until = min(now, since + (self.settle_after() or timedelta(0)))
        try:
            for message_id in self._logged(request, since - _CLOCKS_DIFFER, until + _CLOCKS_DIFFER):
                mail = self._read("GET", f"/v3/logs/{quote(message_id, safe='')}")
                named = [holder.get("custom_args") for holder in (mail, *mail.get("events", []))]
                if request.fingerprint in [ours.get("send_id") for ours in named if isinstance(ours, dict)]:
                    # Its id is that of the call, a full stop, and the reader's part.
                    reference = _reference(message_id.split(".")[0])
                    return Evidence(Verdict.SENT, reference=reference, detail="found in SendGrid's log by our send id")
        except HTTPError as refusal:
            return Evidence(Verdict.CANNOT_TELL, detail=f"SendGrid's log answered {refusal.status_code}")
        except Exception as error:
            return Evidence(Verdict.CANNOT_TELL, detail=f"SendGrid's log could not be read: {type(error).__name__}")
        return Evidence(Verdict.CANNOT_TELL, detail="not found in SendGrid's log; that proves nothing")

    def _call(self, method: str, path: str, body: object = None) -> tuple[int, Mapping[str, str], bytes]:
        """One call by the package's client. Refusals come back as answers, not as exceptions."""
        client = self._client
        for segment in path.removeprefix("/v3/").split("/"):
            client = client._(segment)
        try:
            answer = getattr(client, method.lower())(request_body=body)
        except HTTPError as refusal:
            return refusal.status_code, refusal.headers, refusal.body
        return answer.status_code, answer.headers, answer.content

    def _read(self, method: str, path: str, body: object = None) -> dict[str, Any]:
        status, headers, content = self._call(method, path, body)
        if status != 200:
            raise HTTPError(status, "", content, headers)
        return document(content)

    def _logged(self, request: Request, start: datetime, end: datetime) -> Iterator[str]:
        """Ids of mails of this category, to readers of this call, of these minutes."""
        body: Mapping[str, Any] = request.body
        category = body["categories"][0]
        created = "sg_message_id_created_at"
        window = f'{created} >= TIMESTAMP "{_utc(start)}" AND {created} <= TIMESTAMP "{_utc(end)}"'
        addresses = (envelope["to"][0]["email"] for envelope in body["personalizations"])
        askable = [a for a in addresses if "'" not in a][:_READERS_LOOKED_UP]
        for address in askable:
            query = f"categories IN ('{category}') AND to_email = '{address}' AND {window}"
            found = self._read("POST", "/v3/logs", {"query": query, "limit": _MAILS_LOOKED_UP * 2})
            for mail in found.get("messages", [])[:_MAILS_LOOKED_UP]:
                yield str(mail["sg_message_id"])


def _reference(value: str | None) -> str:
    """SendGrid's id of a call, when it looks like one; 202 alone says that the mail is queued."""
    return value if value and _REFERENCE.fullmatch(value) else ""


def _utc(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _client(line: HttpSession, key: str, base_url: str) -> Any:
    """The package's client with our line beneath it. Its own would open a connection for each request, wait for ever
    and write key and body to the log."""

    class LineClient(Client):  # type: ignore[misc]
        def _build_client(self, name: str | None = None) -> LineClient:
            return LineClient(
                host=self.host,
                request_headers=self.request_headers,
                version=self._version,
                url_path=[*self._url_path, name] if name else self._url_path,
            )

        def __getattr__(self, name: str) -> Any:
            if name not in self.methods:
                return super().__getattr__(name)

            def call(request_body: object = None, query_params: Mapping[str, str] | None = None) -> Any:
                headers = {**self.request_headers, "Content-Type": "application/json"}
                if isinstance(request_body, JsonBody):
                    data: bytes | None = request_body.content
                else:
                    data = None if request_body is None else compact(request_body).encode()
                answer = line.request(name.upper(), self._build_url(query_params), data=data, headers=headers)
                if answer.status_code >= 300:
                    error = err_dict.get(answer.status_code, HTTPError)
                    raise error(answer.status_code, answer.reason, answer.content, answer.headers)
                return answer

            return call

    package = SendGridAPIClient(key, host=base_url)
    return LineClient(host=package.host, request_headers=package.client.request_headers, version=3)
