"""From a message to the call that SendGrid mails it by, for up to 1,000 subscribers.

The body is plain data: the package's helper classes put several addresses into one envelope and write fields that
SendGrid's own description refuses. https://www.twilio.com/docs/sendgrid/api-reference/mail-send/mail-send
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from ...domain.message import EmailBody, Message
from ...domain.outcome import Recipient, Request, UnusableRecipients
from ...settings import ChannelSettings, Organisation
from ..mime import field_of, mailbox_of
from ..staff_mail import Note, as_html

#: What the API takes in one call.
_MOST_RECIPIENTS = 1_000

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
_CATEGORY = re.compile(r"[ -&(-~]{1,255}")  # printable ASCII without an apostrophe, which ends a text in a query


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
    if not 0 < len(recipients) <= _MOST_RECIPIENTS:
        raise ValueError(
            f"{message.item}: {len(recipients)} readers in one call; 1 to {_MOST_RECIPIENTS:,} are allowed"
        )
    return Request(
        "POST",
        "/v3/mail/send",
        {
            "personalizations": _envelopes(message, body, send_id, recipients),
            "from": {"email": body.from_address, **({"name": body.from_name} if body.from_name else {})},
            **({"reply_to": {"email": body.reply_to}} if body.reply_to else {}),
            "subject": body.subject,
            "content": [{"type": "text/plain", "value": body.text}, {"type": "text/html", "value": body.html}],
            "headers": _headers(body),
            "categories": [_category(message, settings)],
            "tracking_settings": NO_TRACKING,
            **_sandboxed(settings),
        },
        {"Content-Type": "application/json"},
        fingerprint=send_id,
    )


def _sandboxed(settings: ChannelSettings) -> dict[str, object]:
    return {"mail_settings": {"sandbox_mode": {"enable": True}}} if settings.options.get("sandbox_mode") else {}


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


def build_note(note: Note, settings: ChannelSettings, organisation: Organisation, *, send_id: str) -> Request:
    """A mail to one person who helps to run the campaign. Raises ObservanceError for an address or a subject that
    cannot stand in a mail."""
    to = mailbox_of(note.to)
    return Request(
        "POST",
        "/v3/mail/send",
        {
            "personalizations": [{"to": [{"email": to}]}],
            "from": {
                "email": organisation.from_address,
                **({"name": organisation.from_name} if organisation.from_name else {}),
            },
            **({"reply_to": {"email": organisation.reply_to}} if organisation.reply_to else {}),
            "subject": note.subject,
            "content": [{"type": "text/plain", "value": note.text}, {"type": "text/html", "value": as_html(note)}],
            "headers": {"Auto-Submitted": "auto-generated"},
            "tracking_settings": NO_TRACKING,
            **_sandboxed(settings),
        },
        {"Content-Type": "application/json"},
        fingerprint=send_id,
    )
