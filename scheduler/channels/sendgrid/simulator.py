"""A stand-in for SendGrid: takes mails by SendGrid's rules, keeps what each reader got, and fails on request."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from ...clock import Clock
from ..contract.double import Answer, SimulatedCall
from ..contract.double_pages import MailPages, masked
from ..contract.faults import Act, Fault, FaultScript
from ..spec import StandIn, StandInOrder
from . import mail_rules
from .event_sender import AcceptedMail, Envelope, Reports

_CONDITION = re.compile(r"\s*(\w+)\s*(>=|<=|=|>|<|\bIN\b)\s*(.+?)\s*")
_TEXT = re.compile(r"""'([^']*)'|"([^"]*)\"""")


#: Visibly no key.
SENDGRID_KEY = "SG.sandbox-not-a-real-key"


class SendGridDouble(MailPages):
    """See the module. ``api_key`` lets it check the key; without it any key will do. ``credit`` in mails; without it
    the plan never ends. ``spec``: SendGrid's own OpenAPI file (tsg_mail_v3.json), by which each body is then checked
    too; needs the package jsonschema. ``logs_lag``: how long an accepted mail stays out of /v3/logs. ``reports`` is
    told of each accepted mail."""

    name = "sendgrid"
    title = "SendGrid stand-in"

    def __init__(
        self,
        *,
        port: int = 0,
        faults: FaultScript | Iterable[Fault] = (),
        clock: Clock | None = None,
        out: Callable[[str], None] | None = None,
        api_key: str | None = None,
        credit: int | None = None,
        spec: Path | None = None,
        logs_lag: timedelta = timedelta(0),
        reports: Reports | None = None,
    ) -> None:
        super().__init__(port=port, faults=faults, clock=clock, out=out)
        self.credit = credit
        self._api_key = api_key
        self._schema = mail_rules.VendorSchema(spec) if spec else None
        self._logs_lag = logs_lag
        self._reports = reports
        self._mails: list[AcceptedMail] = []
        self._by_id: dict[str, tuple[AcceptedMail, Envelope]] = {}
        self._per_reader: Counter[tuple[str, str]] = Counter()
        self._readers: dict[str, str] = {}  # address -> how it is named outside
        self._numbers = count(1)

    # -- what tests and pages ask ----------------------------------------------------------------------

    @property
    def mails(self) -> tuple[AcceptedMail, ...]:
        """Accepted calls, oldest first."""
        with self.lock:
            return tuple(self._mails)

    def received_twice(self) -> dict[tuple[str, str], int]:
        """(campaign/season/item, address) -> how often, where more than once."""
        with self.lock:
            return {key: times for key, times in self._per_reader.items() if times > 1}

    def counts(self) -> dict[str, object]:
        """Readers by subscriber id, else masked."""
        per_recipient: Counter[str] = Counter()
        for (_, address), times in self._per_reader.items():
            per_recipient[self._readers[address]] += times
        return {
            "accepted": len(self._mails),
            "recipients": sum(len(m.envelopes) for m in self._mails),
            "received_twice": len(self.received_twice()),
            "per_recipient": dict(per_recipient),
            "warnings": sorted({w for m in self._mails for w in m.warnings}),
        }

    # -- the provider ----------------------------------------------------------------------------------

    def provider_answer(self, call: SimulatedCall) -> Answer:
        scheme, _, key = call.headers.get("authorization", "").partition(" ")
        if scheme != "Bearer" or not key or (self._api_key is not None and key != self._api_key):
            return _errors(401, ("The provided authorization grant is invalid, expired, or revoked", None))
        if call.path == "/v3/mail/send":
            return self._send(call) if call.method == "POST" else _errors(405, ("method not allowed", None))
        if call.path == "/v3/logs" and call.method == "POST":
            return self._logs(call.json())
        if call.path.startswith("/v3/logs/") and call.method == "GET":
            return self._log(unquote(call.path.removeprefix("/v3/logs/")))
        return _errors(404, ("not found", None))

    def _send(self, call: SimulatedCall) -> Answer:
        answer = self.judge(call, lambda: self._accept(call))
        body = call.json()
        envelopes = body.get("personalizations") if isinstance(body, dict) else None
        self.note(answer.status, recipients=len(envelopes) if isinstance(envelopes, list) else 0)
        return answer

    def _accept(self, call: SimulatedCall) -> Answer:
        if not call.headers.get("content-type", "").startswith("application/json"):
            return _errors(415, ("Content-Type should be application/json.", None))
        if len(call.body) > mail_rules.LARGEST_MAIL:
            return _errors(413, ("The total size of your message may not exceed 30 MB.", None))
        body = call.json()
        wrong = mail_rules.problems(body, now=self.clock.now().timestamp())
        if not wrong and self._schema is not None:
            wrong = self._schema.problems(body)
        if wrong:
            return _errors(400, *wrong)
        sandbox_mode = bool(((body.get("mail_settings") or {}).get("sandbox_mode") or {}).get("enable"))
        with self.lock:
            readers = len(body["personalizations"])
            if self.credit is not None and not sandbox_mode:
                if self.credit < readers:
                    return _NO_CREDITS
                self.credit -= readers
            mail = self._kept(body)
            if not sandbox_mode:
                self._mails.append(mail)
                for envelope in mail.envelopes:
                    address = envelope.address.casefold()
                    item = "/".join(envelope.custom_args.get(name, "") for name in ("campaign", "season", "item"))
                    self._per_reader[item, address] += 1
                    self._readers[address] = envelope.subscriber_id or masked(address)
                self._by_id.update({e.sg_message_id: (mail, e) for e in mail.envelopes})
        if self._reports is not None and not sandbox_mode:
            self._reports.tell(mail)
        checked = "checked, not sent" if sandbox_mode else f"mail {len(self._mails)}"
        first = masked(mail.envelopes[0].address)
        more = f" and {readers - 1} more" if readers > 1 else ""
        self.say(f"sendgrid: {checked}, to {first}{more}: {mail.subject}")
        for warning in mail.warnings:
            self.say(f"sendgrid: warning: {warning}")
        return Answer(200 if sandbox_mode else 202, b"", {"X-Message-Id": mail.message_id})

    def _kept(self, body: Mapping[str, Any]) -> AcceptedMail:
        message_id = f"sandbox{next(self._numbers):015d}"
        parts = {part["type"]: part["value"] for part in body["content"]}
        common = body.get("headers", {})
        envelopes = tuple(
            Envelope(
                sg_message_id=f"{message_id}.recvd-sandbox-{at}.0",
                address=e["to"][0]["email"],
                subscriber_id=e.get("custom_args", {}).get("subscriber_id", ""),
                custom_args=e.get("custom_args", {}),
                substitutions=e.get("substitutions", {}),
                headers={**common, **e.get("headers", {})},
            )
            for at, e in enumerate(body["personalizations"])
        )
        return AcceptedMail(
            message_id=message_id,
            at=self.clock.now(),
            subject=body.get("subject", ""),
            from_name=body["from"].get("name", ""),
            from_address=body["from"]["email"],
            text=parts.get("text/plain", ""),
            html=parts.get("text/html", ""),
            categories=tuple(body.get("categories", [])),
            envelopes=envelopes,
            readers=tuple(e.address for e in envelopes),
            warnings=tuple(mail_rules.warnings(body)),
        )

    # -- the log of mails ------------------------------------------------------------------------------

    def _logs(self, body: Any) -> Answer:
        if not isinstance(body, dict) or not set(body) <= {"query", "limit", "subusers"}:
            return _errors(400, ("invalid request", None))
        limit, query = body.get("limit", 10), body.get("query", "")
        if not isinstance(limit, int) or not 1 <= limit <= 1000 or not isinstance(query, str):
            return _errors(400, ("limit must be between 1 and 1000", "limit"))
        try:
            conditions = [_condition(part) for part in query.split(" AND ")] if query else []
        except ValueError as problem:
            return _errors(400, (str(problem), "query"))
        messages = [_summary(m, e) for m, e in self._logged() if all(_holds(c, m, e) for c in conditions)]
        return Answer.of(200, {"messages": messages[:limit]})

    def _log(self, message_id: str) -> Answer:
        for mail, envelope in self._logged():
            if envelope.sg_message_id == message_id:
                event = {"event": "processed", "timestamp": int(mail.at.timestamp()), "email": envelope.address}
                detail = {
                    **_summary(mail, envelope),
                    "custom_args": dict(envelope.custom_args),
                    "category": list(mail.categories),
                    "api_key_id": "",
                    "client_ip": "127.0.0.1",
                    "events": [event],
                }
                return Answer.of(200, detail)
        return _errors(404, ("message not found", None))

    def _logged(self) -> list[tuple[AcceptedMail, Envelope]]:
        newest = self.clock.now() - self._logs_lag
        with self.lock:
            return [(m, e) for m, e in self._by_id.values() if m.at <= newest]

    # -- refusals and pages ----------------------------------------------------------------------------

    def fault_answer(self, fault: Fault) -> Answer:
        refused = _errors(fault.status or 400, ("refused by the fault script", None))
        answers = {
            Act.NO_CREDIT: _NO_CREDITS,
            Act.LIMIT: _errors(429, ("too many requests", None)),
            Act.REFUSE: refused,
            Act.DUPLICATE: refused,
        }
        answer = answers.get(fault.act, _errors(fault.status or 503, ("service unavailable", None)))
        if fault.act is not Act.LIMIT or fault.reset_in is None:
            return answer
        reset = str(int(self.clock.now().timestamp()) + fault.reset_in)
        limits = {"X-RateLimit-Limit": "500", "X-RateLimit-Remaining": "0", "X-RateLimit-Reset": reset}
        return replace(answer, headers={**answer.headers, **limits})

    def broken(self, accepted: Answer) -> Answer:
        """SendGrid's success has no body; one that breaks off announces bytes that never come."""
        return Answer(accepted.status, b"{", accepted.headers, missing_bytes=20)


def _summary(mail: AcceptedMail, envelope: Envelope) -> dict[str, object]:
    return {
        "from_email": mail.from_address,
        "sg_message_id": envelope.sg_message_id,
        "subject": mail.subject,
        "to_email": envelope.address,
        "status": "processed",
        "sg_message_id_created_at": mail.at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
    }


def _condition(text: str) -> tuple[str, str, list[str]]:
    """One condition of a query: field, operator, values. Raises ValueError as SendGrid would answer 400."""
    match = _CONDITION.fullmatch(text)
    if match is None:
        raise ValueError(f"cannot be read: {text}")
    field, operator, value = match.groups()
    allowed = {"status": ("IN",), "categories": ("IN",), "sg_message_id_created_at": (">", "<", ">=", "<=")}
    values = [single or double for single, double in _TEXT.findall(value)]
    rules = {
        f"unknown field {field}": field in ("sg_message_id", "subject", "to_email", "reason", *allowed),
        f"{field} does not take {operator}": operator in allowed.get(field, ("=",)),
        f"{field} wants TIMESTAMP": field != "sg_message_id_created_at" or value.startswith("TIMESTAMP "),
        f"{field} has no value": values,
    }
    for problem, is_kept in rules.items():
        if not is_kept:
            raise ValueError(problem)
    return field, operator, values


def _holds(condition: tuple[str, str, list[str]], mail: AcceptedMail, envelope: Envelope) -> bool:
    field, operator, values = condition
    if field == "categories":
        return bool(set(values) & set(mail.categories))
    if field == "status":
        return "processed" in values
    if field == "sg_message_id_created_at":
        at, wanted = mail.at.replace(microsecond=0), datetime.fromisoformat(values[0])
        return {">": at > wanted, "<": at < wanted, ">=": at >= wanted, "<=": at <= wanted}[operator]
    actual = {"sg_message_id": envelope.sg_message_id, "subject": mail.subject, "to_email": envelope.address}
    return actual.get(field) == values[0]


def _errors(status: int, *problems: tuple[str, str | None]) -> Answer:
    errors = [{"message": message, "field": field, "help": None} for message, field in problems]
    return Answer.of(status, {"errors": errors})


_NO_CREDITS = _errors(401, ("Maximum credits exceeded", None))


def stand_in(order: StandInOrder) -> StandIn:
    """For `run.py sandbox`. Raises UsageError when the reports would leave this machine."""
    url, spec = order.options.get("reports", ""), order.options.get("spec", "")
    reports = Reports(url, clock=order.clock, out=order.out) if url else None
    double = SendGridDouble(
        port=order.ports[""],
        faults=order.faults,
        clock=order.clock,
        out=order.out,
        api_key=SENDGRID_KEY,
        spec=Path(spec) if spec else None,
        reports=reports,
    )

    def notes() -> Iterator[str]:
        if reports is not None:
            yield f"SendGrid's reports go to {reports.url}. Mails to addresses that begin with"
            yield "bounces, full, complains or leaves end so; all others are delivered."

    return StandIn(
        servers={"": double, **({"reports": reports} if reports else {})},
        page=lambda: f"{double.base_url}/",
        settings=lambda: {"BASE_URL": double.base_url},
        secrets=lambda: {
            "SENDGRID_API_KEY": SENDGRID_KEY,
            **({"SENDGRID_WEBHOOK_KEY": reports.public_key} if reports else {}),
        },
        received=lambda: {"mail": len(double.mails), "reader": sum(len(m.envelopes) for m in double.mails)},
        notes=notes,
    )
