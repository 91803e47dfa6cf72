"""SendGrid: up to 1,000 readers a call, over the sendgrid package.

SendGrid takes no idempotency key, so a call is made once; 202 means queued. The body is plain data: the package's
helper classes put several addresses into one envelope and write fields that SendGrid's own description refuses.
The package brings addresses, authentication and errors; beneath it lies :class:`~.http.Line`.
https://www.twilio.com/docs/sendgrid/api-reference/mail-send/mail-send
"""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from ..domain.message import EmailBody, Message
from ..domain.reason import ReasonCode, because
from ..errors import ConfigurationError
from ..ports import Evidence, Outcome, OutcomeKind, Recipient, Request, UnusableRecipients, Verdict
from ..settings import ChannelSettings, Secrets
from .recipient_links import field_of
from .status_mapping import (
    NO_CREDIT,
    RETRY_LIMIT,
    TOO_MANY,
    document,
    kind_of,
    latest_reset,
    reasons_of,
    safe,
    said,
    unforeseen,
    unreached,
)

if TYPE_CHECKING:
    from .http import HttpSession

DEFAULT_BASE_URL = "https://api.sendgrid.com"
SECRET_NAMES = ("SENDGRID_API_KEY",)
BATCH_LIMIT = 1_000

#: SendGrid's records follow a call after minutes; the call's own timeout is added to this.
_SETTLE = timedelta(minutes=45)
_CLOCKS_DIFFER = timedelta(minutes=5)
#: How many readers of a batch, and how many of their mails, are looked up before giving up.
_READERS_LOOKED_UP, _MAILS_LOOKED_UP = 3, 5
#: Without a named end, the wait after a 429 doubles from one minute to a quarter of an hour.
_FIRST_WAIT = timedelta(seconds=60)

#: Headers that SendGrid writes itself and refuses from outside (limits of mail/send).
RESERVED_HEADERS = frozenset(
    {"x-sg-id", "x-sg-eid", "received", "dkim-signature", "content-type", "content-transfer-encoding"}
    | {"to", "from", "subject", "reply-to", "cc", "bcc"}
)
_PER_READER_HEADERS = frozenset({"list-unsubscribe", "list-unsubscribe-post"})

#: Everything is said: what is left out falls back to the account's own settings.
NO_TRACKING: Mapping[str, Mapping[str, bool]] = {
    "click_tracking": {"enable": False, "enable_text": False},
    "open_tracking": {"enable": False},
    "subscription_tracking": {"enable": False},
    "ganalytics": {"enable": False},
}

_ADDRESS = re.compile(r"[^\s@<>()\[\],;:\"\\\x00-\x1f\x7f]{1,64}@[^\s@<>()\[\],;:\"\\\x00-\x1f\x7f]{1,255}")
_URL = re.compile(r"https?://[\x21\x23-\x3b\x3d\x3f-\x7e]+")  # printable ASCII without " < >
_NO_NAME = re.compile(r"[;,\x00-\x1f\x7f-\x9f\u2028\u2029]")
_SPOILT = re.compile(r"personalizations\.([0-9]{1,4})\.to(?:\..+)?")  # the field of an error about one reader
_CATEGORY = re.compile(r"[ -&(-~]{1,255}")  # printable ASCII without an apostrophe, which ends a text in a query
_REFERENCE = re.compile(r"[\x21-\x7e]{1,200}")


def build_mail(
    message: Message, settings: ChannelSettings, *, send_id: str, recipients: Sequence[Recipient]
) -> Request:
    """The request for this email and these readers. Pure: needs no account, no secret and no library.

    ``send_id`` comes back in every event and log of SendGrid. Raises :class:`UnusableRecipients` when records of
    readers would spoil the call (no address, no link to leave by, the same address twice), ValueError and TypeError
    for what no caller may ask for: no reader, more than 1,000, a post.
    """
    body = message.body
    if not isinstance(body, EmailBody):
        raise TypeError(f"{message.item}: a post cannot be mailed")
    if not 0 < len(recipients) <= BATCH_LIMIT:
        raise ValueError(f"{message.item}: {len(recipients)} readers in one call; 1 to {BATCH_LIMIT:,} are allowed")
    whole: dict[str, object] = {
        "personalizations": _envelopes(message, body, send_id, recipients),
        "from": {"email": body.from_address, **({"name": body.from_name} if body.from_name else {})},
        **({"reply_to": {"email": body.reply_to}} if body.reply_to else {}),
        "subject": body.subject,
        "content": [{"type": "text/plain", "value": body.text}, {"type": "text/html", "value": body.html}],
        "headers": _headers(body),
        "categories": [_category(message, settings)],
        "tracking_settings": NO_TRACKING,
    }
    if settings.options.get("sandbox_mode"):
        whole["mail_settings"] = {"sandbox_mode": {"enable": True}}
    return Request("POST", "/v3/mail/send", whole, {"Content-Type": "application/json"}, fingerprint=send_id)


def _envelopes(
    message: Message, body: EmailBody, send_id: str, recipients: Sequence[Recipient]
) -> list[dict[str, object]]:
    """One envelope a reader, so that no reader sees another."""
    tokens = [(token, field_of(token)) for token in body.tokens]
    same = {"campaign": message.campaign, "season": str(message.season), "item": message.item, "send_id": send_id}
    one_click = "List-Unsubscribe=One-Click"
    faults: dict[str, str] = {}
    addresses: set[str] = set()
    envelopes: list[dict[str, object]] = []
    for subscriber in recipients:
        address, url = subscriber.address, subscriber.unsubscribe_url
        if not _ADDRESS.fullmatch(address):
            faults[subscriber.subscriber_id] = "not an address"
            continue
        if not _URL.fullmatch(url):
            faults[subscriber.subscriber_id] = "no link to leave by"
            continue
        links = {token: getattr(subscriber, field) for token, field in tokens}
        if not all(map(_URL.fullmatch, links.values())):
            faults[subscriber.subscriber_id] = "a link of the mail is missing"
            continue
        folded = address.casefold()
        if folded in addresses:
            faults[subscriber.subscriber_id] = "the address of another reader in this call"
            continue
        addresses.add(folded)
        to = {"email": address}
        if subscriber.name and not _NO_NAME.search(subscriber.name):
            to["name"] = subscriber.name
        envelopes.append(
            {
                "to": [to],
                "headers": {"List-Unsubscribe": f"<{url}>", "List-Unsubscribe-Post": one_click},
                "substitutions": links,
                "custom_args": {**same, "subscriber_id": subscriber.subscriber_id},
            }
        )
    if faults:
        raise UnusableRecipients(faults)
    return envelopes


def _headers(body: EmailBody) -> dict[str, str]:
    list_id = body.list_id if "<" in body.list_id else f"<{body.list_id}>"
    headers = {"List-Id": list_id, "Auto-Submitted": "auto-generated", **body.headers}
    for name in headers:
        if name.lower() in RESERVED_HEADERS | _PER_READER_HEADERS:
            raise ValueError(f"the header {name} is not the message's to set")
    return headers


def _category(message: Message, settings: ChannelSettings) -> str:
    """One for a season: SendGrid's records can be searched by it, and are not made for one a message."""
    category = str(settings.options.get("category") or f"{message.campaign}-{message.season}")
    if not _CATEGORY.fullmatch(category):
        raise ValueError(f"category {category!r}: at most 255 plain characters without an apostrophe")
    return category


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
        strange = (because(ReasonCode.STRANGE_ANSWER, status=status),)
        return Outcome(OutcomeKind.UNKNOWN, detail=f"{status}", reasons=strange, status=status)
    if status == NO_CREDIT or (status == 401 and "maximum credits exceeded" in words.lower()):
        # The plan's number of mails is used up; the key is good. It comes back with the next period, or with money.
        retry_at = now + RETRY_LIMIT
        money = (because(ReasonCode.NEEDS_MONEY, status=status),)
        return Outcome(OutcomeKind.LATER, detail=detail, reasons=money, status=status, retry_at=retry_at)
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
    envelopes: list[Mapping[str, Any]] = request.body["personalizations"]  # type: ignore[assignment]
    for error in errors if isinstance(errors, list) else []:
        place = _SPOILT.fullmatch(str(error.get("field"))) if isinstance(error, dict) else None
        if place is None or int(place[1]) >= len(envelopes):
            return outcome  # about the mail itself, or about nothing that we know
        who = str(envelopes[int(place[1])]["custom_args"]["subscriber_id"])
        spoilt[who] = safe(f"SendGrid refuses the address: {error.get('message')}")
    if not 0 < len(spoilt) < len(envelopes):
        return outcome
    detail = f"{len(spoilt)} of {len(envelopes)} readers"
    why = (because(ReasonCode.SPOILT_BY_READERS),)
    return Outcome(OutcomeKind.LATER, detail=detail, reasons=why, status=400, retry_at=now, spoilt_by=spoilt)


class SendGridTransport:
    """Mails by one account."""

    kind = "email"
    batch_limit = BATCH_LIMIT

    def __init__(self, settings: ChannelSettings, secrets: Secrets) -> None:
        key = (secrets.get("SENDGRID_API_KEY") or "").strip()
        if not key:
            raise ConfigurationError(
                f"channel {settings.name}: OBSERVANCE_SENDGRID_API_KEY is not set",
                hint="set it in the environment, or name a file by OBSERVANCE_SENDGRID_API_KEY_FILE",
            )
        from python_http_client.exceptions import HTTPError

        from .http import HttpSession, NothingSent, NoWholeAnswer, quiet_libraries

        quiet_libraries()
        self._nothing_sent, self._no_whole_answer = NothingSent, NoWholeAnswer
        self._refusal: type[Any] = HTTPError
        self._settings = settings
        self._line = HttpSession(settings.base_url or DEFAULT_BASE_URL, settings.timeout_seconds)
        self._client = _client(self._line, key, (settings.base_url or DEFAULT_BASE_URL).rstrip("/"))
        self._limits_in_a_row = 0
        self._counting = threading.Lock()

    def tell_time_to(self, listener: Callable[[datetime], None]) -> None:
        """Let somebody know what time it is at the provider, with each answer."""
        self._line.on_date = listener

    def close(self) -> None:
        """Close the kept connections."""
        self._line.close()

    def build(self, message: Message, *, send_id: str, recipients: Sequence[Recipient] = ()) -> Request:
        """See :func:`build_mail`."""
        return build_mail(message, self._settings, send_id=send_id, recipients=recipients)

    def send(self, request: Request, *, now: datetime) -> Outcome:
        """One call. Never raises."""
        try:
            status, headers, body = self._call(request.method, request.path, request.body)
            outcome = outcome_of(status, headers, body, now=now, sandbox_mode=self._in_sandbox, wait=self._wait())
            outcome = without_spoilt(outcome, request, document(body), now=now)
        except self._nothing_sent as error:
            return unreached(error.code, now=now, detail=error.words)
        except self._no_whole_answer as error:
            return Outcome(OutcomeKind.UNKNOWN, detail=str(error), reasons=(because(ReasonCode.NO_ANSWER),))
        except Exception as error:
            return unforeseen(error)
        with self._counting:
            self._limits_in_a_row = self._limits_in_a_row + 1 if outcome.status == TOO_MANY else 0
        return outcome

    def ask(self, *, now: datetime) -> Outcome | None:
        """What the key may do: GET /v3/scopes. A key that may send and nothing else may be refused there (403), and
        whatever stands in SendGrid's place may know no such address: that it answers is what counts."""
        try:
            status, _, body = self._call("GET", "/v3/scopes")
        except self._nothing_sent as error:
            return unreached(error.code, now=now, detail=error.words)
        except self._no_whole_answer as error:
            return Outcome(OutcomeKind.UNKNOWN, detail=str(error), reasons=(because(ReasonCode.NO_ANSWER),))
        except Exception as error:
            return unforeseen(error)
        if status == 401 or status >= 500:
            kind = OutcomeKind.FINAL if status == 401 else OutcomeKind.UNKNOWN
            detail = safe(f"{status}: {said(document(body))}")
            return Outcome(kind, detail=detail, reasons=reasons_of(status), status=status)
        return Outcome(OutcomeKind.ACCEPTED, status=status)

    def settle_after(self) -> timedelta:
        """The call's timeout, and 45 minutes for SendGrid's records to follow."""
        return timedelta(seconds=self._settings.timeout_seconds) + _SETTLE

    def look_up(self, request: Request, *, since: datetime, now: datetime) -> Evidence:
        """Look for our send_id in SendGrid's log of mails. A call is accepted as a whole, so one reader's mail is
        evidence for all. Nothing found proves nothing. Never raises.

        https://www.twilio.com/docs/sendgrid/api-reference/email-logs (30 days)
        """
        until = min(now, since + self.settle_after())
        try:
            for message_id in self._logged(request, since - _CLOCKS_DIFFER, until + _CLOCKS_DIFFER):
                if request.fingerprint in self._send_ids(message_id):
                    # Its id is that of the call, a full stop, and the reader's part.
                    reference = _reference(message_id.split(".")[0])
                    return Evidence(Verdict.SENT, reference=reference, detail="found in SendGrid's log by our send id")
        except self._refusal as refusal:
            return Evidence(Verdict.CANNOT_TELL, detail=f"SendGrid's log answered {refusal.status_code}")
        except Exception as error:
            return Evidence(Verdict.CANNOT_TELL, detail=f"SendGrid's log could not be read: {type(error).__name__}")
        return Evidence(Verdict.CANNOT_TELL, detail="not found in SendGrid's log; that proves nothing")

    @property
    def _in_sandbox(self) -> bool:
        return bool(self._settings.options.get("sandbox_mode"))

    def _wait(self) -> timedelta:
        return min(_FIRST_WAIT * (1 << min(self._limits_in_a_row, 8)), RETRY_LIMIT)

    def _call(self, method: str, path: str, body: object = None) -> tuple[int, Mapping[str, str], bytes]:
        """One call by the package's client. Refusals come back as answers, not as exceptions."""
        client = self._client
        for segment in path.removeprefix("/v3/").split("/"):
            client = client._(segment)
        try:
            answer = getattr(client, method.lower())(request_body=body)
        except self._refusal as refusal:
            return refusal.status_code, refusal.headers, refusal.body
        return answer.status_code, answer.headers, answer.content

    def _read(self, method: str, path: str, body: object = None) -> dict[str, Any]:
        status, headers, content = self._call(method, path, body)
        if status != 200:
            raise self._refusal(status, "", content, headers)
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

    def _send_ids(self, message_id: str) -> set[object]:
        mail = self._read("GET", f"/v3/logs/{quote(message_id, safe='')}")
        named = [holder.get("custom_args") for holder in (mail, *mail.get("events", []))]
        return {arguments.get("send_id") for arguments in named if isinstance(arguments, dict)}


def _reference(value: str | None) -> str:
    """SendGrid's id of a call, when it looks like one; 202 alone says that the mail is queued."""
    return value if value and _REFERENCE.fullmatch(value) else ""


def _utc(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _client(line: HttpSession, key: str, base_url: str) -> Any:
    """The package's client with our line beneath it. Its own would open a connection for each request, wait for ever
    and write key and body to the log."""
    from python_http_client.client import Client
    from python_http_client.exceptions import HTTPError, err_dict
    from sendgrid import SendGridAPIClient

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
                data = None if request_body is None else _encode(request_body)
                answer = line.request(name.upper(), self._build_url(query_params), data=data, headers=headers)
                if answer.status_code >= 300:
                    error = err_dict.get(answer.status_code, HTTPError)
                    raise error(answer.status_code, answer.reason, answer.content, answer.headers)
                return answer

            return call

    package = SendGridAPIClient(key, host=base_url)
    return LineClient(host=package.host, request_headers=package.client.request_headers, version=3)


def _encode(body: object) -> bytes:
    return json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode()
