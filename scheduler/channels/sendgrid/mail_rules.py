"""SendGrid's rules for the body of mail/send, and a few of our own that SendGrid would let pass.

Written from SendGrid's description (tsg_mail_v3, limits of mail/send), apart from the code that builds the body.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from ...errors import UsageError

MOST_READERS = 1_000
LARGEST_MAIL = 30_000_000
_LARGEST_MAP = 10_000

_TOP: Mapping[str, type | tuple[type, ...]] = {
    "personalizations": list,
    "from": dict,
    "reply_to": dict,
    "reply_to_list": list,
    "subject": str,
    "content": list,
    "attachments": list,
    "template_id": str,
    "headers": dict,
    "categories": list,
    "custom_args": str,  # as SendGrid's own description says
    "send_at": int,
    "batch_id": str,
    "asm": dict,
    "ip_pool_name": str,
    "mail_settings": dict,
    "tracking_settings": dict,
}
_ENVELOPE: Mapping[str, type | tuple[type, ...]] = {
    "from": dict,
    "to": list,
    "cc": list,
    "bcc": list,
    "subject": str,
    "headers": dict,
    "substitutions": dict,
    "dynamic_template_data": dict,
    "custom_args": dict,
    "send_at": int,
}
_OWN_HEADERS = frozenset(
    "x-sg-id x-sg-eid received dkim-signature content-type content-transfer-encoding "
    "to from subject reply-to cc bcc".split()
)
_ADDRESS = re.compile(r"[^\s@]+@[^\s@]+\.[^\s@.]+")
_LEFT_OVER = re.compile(r"%[a-z]+_[a-z_]+%")
_TRACKING = ("click_tracking", "open_tracking", "subscription_tracking", "ganalytics")
_BYPASSES = tuple(f"bypass_{what}_management" for what in ("list", "spam", "bounce", "unsubscribe"))

Problem = tuple[str, str]  # (what is wrong, the field)


def problems(body: Any, *, now: float) -> list[Problem]:
    """All for which SendGrid would answer 400. ``now`` in Unix seconds."""
    if not isinstance(body, dict):
        return [("Bad Request", "")]
    found = list(_fields(body, _TOP, ""))
    if found:
        return found
    envelopes = body.get("personalizations") or []
    addresses: list[str] = []
    found = [p for at, e in enumerate(envelopes) for p in _envelope(e, f"personalizations.{at}", addresses, now)]
    found += _person(body.get("from"), "from")
    if "reply_to" in body:
        found += _person(body["reply_to"], "reply_to")
    found += [*_content(body.get("content")), *_headers(body.get("headers", {}), "headers"), *_send_at(body, "", now)]
    subjects = [e.get("subject") for e in envelopes if isinstance(e, dict)]
    categories = body.get("categories", [])
    short = all(isinstance(c, str) and len(c) <= 255 for c in categories)
    rules = (
        (
            "The personalizations field is required and must hold 1 to 1000 objects.",
            "personalizations",
            1 <= len(envelopes) <= MOST_READERS,
        ),
        (
            f"The total number of recipients may not be more than {MOST_READERS}.",
            "personalizations",
            len(addresses) <= MOST_READERS,
        ),
        (
            "Each email address in the personalization block should be unique between to, cc, and bcc.",
            "",
            len(set(addresses)) == len(addresses),
        ),
        (
            "reply_to and reply_to_list are mutually exclusive.",
            "reply_to_list",
            not {"reply_to", "reply_to_list"} <= set(body),
        ),
        (
            "The subject is required. You can get around this requirement if you use a template.",
            "subject",
            body.get("subject") or (envelopes and all(subjects)),
        ),
        (
            "categories: at most 10, each a text of at most 255 characters, each once.",
            "categories",
            len(categories) <= 10 and short and len(set(map(str, categories))) == len(categories),
        ),
    )
    return [*found, *((problem, field) for problem, field, is_kept in rules if not is_kept)]


def warnings(body: Mapping[str, Any]) -> list[str]:
    """What SendGrid would let pass and Observance must never do. Only for bodies without problems."""
    envelopes = body["personalizations"]
    tracking = {name: value or {} for name, value in (body.get("tracking_settings") or {}).items()}
    common = {n.lower() for n in body.get("headers", {})}
    headers = [common | {n.lower() for n in e.get("headers", {})} for e in envelopes]
    left = {token for part in body["content"] for token in _LEFT_OVER.findall(part["value"])}
    unfilled: set[str] = next(filter(None, (left - set(e.get("substitutions", {})) for e in envelopes)), set())
    rules = {
        **{f"{name} is not switched off": tracking.get(name, {}).get("enable") is False for name in _TRACKING},
        "click_tracking is not switched off for plain text": tracking.get("click_tracking", {}).get("enable_text")
        is False,
        **{f"{name} is set": name not in (body.get("mail_settings") or {}) for name in _BYPASSES},
        "send_at: a mail that waits at SendGrid can no longer be held back": not any(
            "send_at" in e for e in (body, *envelopes)
        ),
        "a mail cannot be left with one click (RFC 8058)": all(
            {"list-unsubscribe", "list-unsubscribe-post"} <= names for names in headers
        ),
        f"a reader would see {', '.join(sorted(unfilled))}": not unfilled,
        "readers would see each other's addresses": not any(len(e["to"]) > 1 or e.get("cc") for e in envelopes),
        "from.name is not ASCII; SendGrid's limits say that Unicode is not supported there": str(
            body["from"].get("name", "")
        ).isascii(),
    }
    return [warning for warning, is_kept in rules.items() if not is_kept]


def _fields(table: Mapping[str, Any], known: Mapping[str, type | tuple[type, ...]], where: str) -> Iterator[Problem]:
    for name, value in table.items():
        if name not in known:
            yield f"Invalid field: {where}{name}", f"{where}{name}"
        elif not isinstance(value, known[name]):
            yield f"Invalid type for {where}{name}", f"{where}{name}"


def _envelope(envelope: Any, where: str, addresses: list[str], now: float) -> Iterator[Problem]:
    if not isinstance(envelope, dict):
        yield "Invalid type", where
        return
    if wrong := list(_fields(envelope, _ENVELOPE, f"{where}.")):
        yield from wrong
        return
    if not envelope.get("to"):
        yield "The to array is required for all personalization objects, with at least one email object.", where
    for kind in ("to", "cc", "bcc"):
        for at, person in enumerate(envelope.get(kind, [])):
            field = f"{where}.{kind}.{at}"
            yield from _person(person, field)
            if isinstance(person, dict):
                addresses.append(str(person.get("email", "")).casefold())
                if re.search("[;,]", str(person.get("name", ""))):
                    yield "The name may not contain ; or , characters.", f"{field}.name"
    yield from _headers(envelope.get("headers", {}), f"{where}.headers")
    for name in ("substitutions", "custom_args"):
        table = envelope.get(name, {})
        if not all(isinstance(v, str) for v in table.values()):
            yield f"{name}: every value must be a text.", f"{where}.{name}"
        if len(json.dumps(table)) > _LARGEST_MAP:
            yield f"{name} may not be larger than {_LARGEST_MAP} bytes.", f"{where}.{name}"
    yield from _send_at(envelope, f"{where}.", now)


def _person(person: Any, where: str) -> Iterator[Problem]:
    if not isinstance(person, dict) or not _ADDRESS.fullmatch(str(person.get("email", ""))):
        yield "Does not contain a valid address.", f"{where}.email"
    elif not set(person) <= {"email", "name"} or not isinstance(person.get("name", ""), str):
        yield "Invalid field", where


def _content(content: Any) -> Iterator[Problem]:
    if not content:
        yield "Unless a valid template_id is provided, the content parameter is required.", "content"
        return
    kinds = [part.get("type") if isinstance(part, dict) else None for part in content]
    for at, part in enumerate(content):
        if not isinstance(part, dict) or not isinstance(part.get("value"), str) or not part["value"]:
            yield "The content value must be a string at least one character in length.", f"content.{at}.value"
        elif not kinds[at] or set(part) != {"type", "value"}:
            yield "Invalid content", f"content.{at}"
    if "text/plain" in kinds[1:]:
        yield "If present, text/plain must be the first content.", "content"


def _headers(headers: Mapping[str, Any], where: str) -> Iterator[Problem]:
    for name, value in headers.items():
        if name.lower() in _OWN_HEADERS:
            yield f"The header {name} is reserved and cannot be overridden.", f"{where}.{name}"
        elif not isinstance(value, str) or not name.isascii() or re.search(r"[\r\n]", f"{name}{value}"):
            yield "Headers must be texts of one line.", f"{where}.{name}"


def _send_at(table: Mapping[str, Any], where: str, now: float) -> Iterator[Problem]:
    if table.get("send_at", 0) > now + 72 * 3600:
        yield "Scheduling more than 72 hours in advance is forbidden.", f"{where}send_at"


class VendorSchema:
    """Checks a body by SendGrid's own OpenAPI file, where it and the package jsonschema are at hand: by the schema of
    mail/send in ``spec`` (github.com/twilio/sendgrid-oai, spec/json/tsg_mail_v3.json)."""

    def __init__(self, spec: Path) -> None:
        try:
            from jsonschema import Draft202012Validator
        except ImportError:
            raise UsageError(
                "checking by SendGrid's own description needs the package jsonschema",
                hint="install it, or leave the description out",
            ) from None
        try:
            document = json.loads(spec.read_text(encoding="utf-8"))
            posted = document["paths"]["/v3/mail/send"]["post"]["requestBody"]
            if "$ref" in posted:
                posted = document["components"]["requestBodies"][posted["$ref"].rsplit("/", 1)[-1]]
            schema = posted["content"]["application/json"]["schema"]
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise UsageError(
                f"{spec} is not SendGrid's description of mail/send ({type(error).__name__})",
                hint="name the file tsg_mail_v3.json of github.com/twilio/sendgrid-oai",
            ) from None
        # References are from the document's root, so the root goes along.
        self._validator = Draft202012Validator({**schema, "components": document["components"]})

    def problems(self, body: Any) -> list[tuple[str, str]]:
        """(what is wrong, the field). The words name the rule, never the value: that may be an address."""
        return [
            (f"against SendGrid's description: {error.validator}", ".".join(map(str, error.absolute_path)))
            for error in self._validator.iter_errors(body)
        ]
