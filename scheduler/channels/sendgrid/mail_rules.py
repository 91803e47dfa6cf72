"""SendGrid's rules for the body of mail/send, and a few of our own that SendGrid would let pass.

Written from SendGrid's description (tsg_mail_v3, limits of mail/send), apart from the code that builds the body.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

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
    if not 1 <= len(envelopes) <= MOST_READERS:
        found.append(("The personalizations field is required and must hold 1 to 1000 objects.", "personalizations"))
    addresses: list[str] = []
    for at, envelope in enumerate(envelopes):
        found += _envelope(envelope, f"personalizations.{at}", addresses, now)
    if len(addresses) > MOST_READERS:
        found.append((f"The total number of recipients may not be more than {MOST_READERS}.", "personalizations"))
    if len(set(addresses)) < len(addresses):
        found.append(("Each email address in the personalization block should be unique between to, cc, and bcc.", ""))
    found += _person(body.get("from"), "from")
    if "reply_to" in body and "reply_to_list" in body:
        found.append(("reply_to and reply_to_list are mutually exclusive.", "reply_to_list"))
    if "reply_to" in body:
        found += _person(body["reply_to"], "reply_to")
    subjects = [body.get("subject"), *(e.get("subject") for e in envelopes if isinstance(e, dict))]
    if not subjects[0] and not (envelopes and all(subjects[1:])):
        found.append(("The subject is required. You can get around this requirement if you use a template.", "subject"))
    found += _content(body.get("content"))
    found += _headers(body.get("headers", {}), "headers")
    categories = body.get("categories", [])
    short = all(isinstance(c, str) and len(c) <= 255 for c in categories)
    if len(categories) > 10 or not short or len(set(map(str, categories))) < len(categories):
        found.append(("categories: at most 10, each a text of at most 255 characters, each once.", "categories"))
    found += _send_at(body, "", now)
    return found


def warnings(body: Mapping[str, Any]) -> list[str]:
    """What SendGrid would let pass and Observance must never do. Only for bodies without problems."""
    found: list[str] = []
    tracking = body.get("tracking_settings") or {}
    for name in ("click_tracking", "open_tracking", "subscription_tracking", "ganalytics"):
        if (tracking.get(name) or {}).get("enable") is not False:
            found.append(f"{name} is not switched off")
    if (tracking.get("click_tracking") or {}).get("enable_text") is not False:
        found.append("click_tracking is not switched off for plain text")
    found += [f"{name} is set" for name in _BYPASSES if name in (body.get("mail_settings") or {})]
    if "send_at" in body or any("send_at" in e for e in body["personalizations"]):
        found.append("send_at: a mail that waits at SendGrid can no longer be held back")
    common = {n.lower() for n in body.get("headers", {})}
    for envelope in body["personalizations"]:
        names = common | {n.lower() for n in envelope.get("headers", {})}
        if not {"list-unsubscribe", "list-unsubscribe-post"} <= names:
            found.append("a mail cannot be left with one click (RFC 8058)")
            break
    left = {token for part in body["content"] for token in _LEFT_OVER.findall(part["value"])}
    for envelope in body["personalizations"]:
        unfilled = left - set(envelope.get("substitutions", {}))
        if unfilled:
            found.append(f"a reader would see {', '.join(sorted(unfilled))}")
            break
    if any(len(e["to"]) > 1 or e.get("cc") for e in body["personalizations"]):
        found.append("readers would see each other's addresses")
    if not str(body["from"].get("name", "")).isascii():
        found.append("from.name is not ASCII; SendGrid's limits say that Unicode is not supported there")
    return found


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
    wrong = list(_fields(envelope, _ENVELOPE, f"{where}."))
    yield from wrong
    if wrong:
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
