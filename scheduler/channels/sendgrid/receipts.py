"""SendGrid's event webhook: who signed it, and what its events mean. Pure but for the signature's library.

A signature covers the time in a header and the body's own bytes; JSON that was read and written again does not fit it.
https://www.twilio.com/docs/sendgrid/for-developers/tracking-events/getting-started-event-webhook-security-features
https://www.twilio.com/docs/sendgrid/for-developers/tracking-events/event
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from ...domain.receipt import Barred, Receipt, ReceiptKind
from ...errors import ConfigurationError

SIGNATURE_HEADER = "X-Twilio-Email-Event-Webhook-Signature"
TIMESTAMP_HEADER = "X-Twilio-Email-Event-Webhook-Timestamp"

#: How old a signature may be. SendGrid repeats a report for 24 hours after the event, and does not say that it signs
#: each repetition anew: a shorter limit might lose every bounce and complaint of an outage. Within this time a
#: repeated report is harmless, because each is handled once.
OLDEST = timedelta(hours=25)
#: How far the sender's clock may be ahead of ours.
CLOCKS_DIFFER = timedelta(minutes=5)

_KEY_NAME = "OBSERVANCE_SENDGRID_WEBHOOK_KEY"
_SECONDS = re.compile(r"[0-9]{1,11}")
_BASE64 = re.compile(r"[A-Za-z0-9+/]{8,512}={0,2}")
_PEM_LINE = re.compile(r"-----(BEGIN|END) PUBLIC KEY-----|\s+")
_ID = re.compile(r"[\x21-\x7e]{1,128}")
#: One of our own arguments: SendGrid merges them into the event.
_OUR_ID = re.compile(r"[A-Za-z0-9_.-]{1,64}")
_REFERENCE = re.compile(r"[\x21-\x7e]{1,200}")
_WORD = re.compile(r"[a-z][a-z0-9_-]{0,31}")
#: What may be kept of a server's reason: an enhanced status code (RFC 3463) and SendGrid's own classification. The
#: sentence beside them often repeats the address, or its owner's name.
_STATUS = re.compile(r"[245]\.[0-9]{1,3}\.[0-9]{1,3}|[245][0-9]{2}")
_CLASSIFICATION = re.compile(r"[A-Za-z][A-Za-z ]{0,40}")

_KINDS: Mapping[str, ReceiptKind] = {
    "processed": ReceiptKind.PROCESSED,
    "deferred": ReceiptKind.DEFERRED,
    "dropped": ReceiptKind.DROPPED,
    "delivered": ReceiptKind.DELIVERED,
    "bounce": ReceiptKind.HARD_BOUNCE,
    "blocked": ReceiptKind.SOFT_BOUNCE,
    "open": ReceiptKind.FOLLOWED,
    "click": ReceiptKind.FOLLOWED,
    "spamreport": ReceiptKind.COMPLAINED,
    "unsubscribe": ReceiptKind.UNSUBSCRIBED,
    "group_unsubscribe": ReceiptKind.UNSUBSCRIBED,
    "group_resubscribe": ReceiptKind.RESUBSCRIBED,
    "account_status_change": ReceiptKind.ACCOUNT,
}
_BARS: Mapping[ReceiptKind, Barred] = {
    ReceiptKind.HARD_BOUNCE: Barred.BOUNCED,
    ReceiptKind.COMPLAINED: Barred.COMPLAINED,
    ReceiptKind.UNSUBSCRIBED: Barred.UNSUBSCRIBED,
}
#: Why SendGrid drops a mail that it took: its own lists know something that ours do not.
_DROPPED_FOR: Mapping[str, Barred] = {
    "bounced address": Barred.BOUNCED,
    "invalid": Barred.BOUNCED,
    "unsubscribed address": Barred.UNSUBSCRIBED,
    "spam reporting address": Barred.COMPLAINED,
}


class Unreadable(ValueError):
    """The body is not what SendGrid sends. Its text holds nothing of the body."""


class SignatureCheck:
    """Checks that a body was signed with the private half of ``public_key``, not too long ago."""

    def __init__(self, public_key: str) -> None:
        """``public_key`` as SendGrid shows it, with or without its PEM lines. Raises ConfigurationError."""
        from cryptography.exceptions import UnsupportedAlgorithm
        from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, EllipticCurvePublicKey
        from sendgrid.helpers.eventwebhook import EventWebhook

        try:
            self._webhook = EventWebhook(_PEM_LINE.sub("", public_key))
        except (ValueError, UnsupportedAlgorithm):
            raise _no_key("is not a public key") from None
        key = self._webhook.public_key
        if not isinstance(key, EllipticCurvePublicKey) or not isinstance(key.curve, SECP256R1):
            raise _no_key("is not a key of SendGrid's kind (ECDSA, P-256)")

    def refusal(self, body: bytes, header: Callable[[str], str], *, now: datetime) -> str:
        """Why the body is not to be believed, or an empty text. ``now`` is aware."""
        signature, timestamp = header(SIGNATURE_HEADER), header(TIMESTAMP_HEADER)
        if not _SECONDS.fullmatch(timestamp) or not _BASE64.fullmatch(signature):
            return "it is not signed"
        age = now - datetime.fromtimestamp(int(timestamp), UTC)
        if not -CLOCKS_DIFFER <= age <= OLDEST:
            return "its signature is too old, or from the future"
        try:
            text = body.decode("utf-8")  # the library signs text; bytes that are none cannot be SendGrid's JSON
            good = self._webhook.verify_signature(text, signature, timestamp)
        except ValueError:
            good = False
        return "" if good else "its signature does not fit"

    def read(self, body: bytes, *, now: datetime) -> list[Receipt]:
        """See :func:`read_events`."""
        return read_events(body, now=now)


def _no_key(what: str) -> ConfigurationError:
    return ConfigurationError(
        f"{_KEY_NAME} {what}",
        hint="copy the verification key that SendGrid shows under Settings, Mail Settings, Event Webhook",
    )


def read_events(body: bytes, *, now: datetime) -> list[Receipt]:
    """The reports in a body whose signature is good. Raises :class:`Unreadable` when it is no list.

    One report that cannot be read is left out, and does not keep its neighbors from being handled.
    """
    try:
        events = json.loads(body)
    except (ValueError, RecursionError):
        raise Unreadable("the body is not JSON") from None
    if not isinstance(events, list):
        raise Unreadable("the body is not a list of events")
    return [_receipt(event, now) for event in events if isinstance(event, dict)]


def _receipt(event: Mapping[str, Any], now: datetime) -> Receipt:
    word = _fits(event, "event", _WORD)
    kind = _kind(event, word)
    bars = _BARS.get(kind)
    classification = _fits(event, "bounce_classification", _CLASSIFICATION)
    detail = " ".join(filter(None, (_fits(event, "status", _STATUS), classification)))
    if kind is ReceiptKind.DROPPED:
        reason = str(event.get("reason", "")).strip().lower()
        bars = _DROPPED_FOR.get(reason)
        detail = reason if bars else ""
    elif kind is ReceiptKind.ACCOUNT:
        detail = _fits(event, "type", _WORD)
    if word.startswith("group_") and not _fits(event, "send_id", _OUR_ID):
        bars = None  # another list of the same account: its readers left that one
    address = event.get("email")
    return Receipt(
        # Where SendGrid gives no id, the event itself is one, so that its repetitions are known as such.
        event_id=_fits(event, "sg_event_id", _ID)
        or "sha256-" + hashlib.sha256(json.dumps(event, sort_keys=True).encode()).hexdigest(),
        source="sendgrid",
        kind=kind,
        at=_at(event.get("timestamp"), now),
        word=word,
        send_id=_fits(event, "send_id", _OUR_ID),
        subscriber_id=_fits(event, "subscriber_id", _OUR_ID),
        address=address.strip() if isinstance(address, str) and len(address) <= 320 else "",
        reference=_fits(event, "sg_message_id", _REFERENCE).split(".", 1)[0],
        detail=detail,
        bars=bars,
    )


def _kind(event: Mapping[str, Any], word: str) -> ReceiptKind:
    kind = _KINDS.get(word, ReceiptKind.OTHER)
    if kind is ReceiptKind.HARD_BOUNCE and event.get("type") != "bounce":
        # "blocked" is a refusal for the time being. Where the type is missing the status decides; without one the
        # reader keeps the benefit of the doubt.
        said_so = event.get("type") == "blocked" or not _fits(event, "status", _STATUS).startswith("5")
        return ReceiptKind.SOFT_BOUNCE if said_so else kind
    return kind


def _fits(event: Mapping[str, Any], name: str, pattern: re.Pattern[str]) -> str:
    value = event.get(name)
    return value if isinstance(value, str) and pattern.fullmatch(value) else ""


def _at(value: object, now: datetime) -> datetime:
    """Seconds since 1970. What is no time that can be was reported now."""
    if isinstance(value, (int, float)) and not isinstance(value, bool) and 0 < value < 10**11:
        return datetime.fromtimestamp(value, UTC)
    return now
