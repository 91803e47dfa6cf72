"""A plain mail to one person who helps to run the campaign, by the ways that mails to readers take.

It is no mail of a list, so it says nothing of leaving one. Everything else is as for a reader: one call, the same
transports, no tracking.
"""

from __future__ import annotations

import html
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime

from ..domain.message import EmailBody, Message
from ..ports import Request
from ..settings import ChannelSettings, Organisation
from .mime import MailForm, mailbox_of
from .sendgrid import NO_TRACKING

#: In the place of a reader's id.
_NOBODYS = "note"


@dataclass(frozen=True, slots=True)
class Note:
    """``to``: the one address it goes to. ``text``: paragraphs, with a blank line between them."""

    to: str = field(repr=False)
    subject: str
    text: str = field(repr=False)


def build_note(note: Note, channel: ChannelSettings, organisation: Organisation, *, send_id: str) -> Request:
    """The call for this mail. Pure. Raises ObservanceError for an address or a subject that cannot stand in a mail."""
    to = mailbox_of(note.to)
    if channel.transport == "smtp":
        return _by_smtp(note, to, organisation, send_id)
    sender: dict[str, str] = {"email": organisation.from_address}
    if organisation.from_name:
        sender["name"] = organisation.from_name
    whole: dict[str, object] = {
        "personalizations": [{"to": [{"email": to}]}],
        "from": sender,
        **({"reply_to": {"email": organisation.reply_to}} if organisation.reply_to else {}),
        "subject": note.subject,
        "content": [{"type": "text/plain", "value": note.text}, {"type": "text/html", "value": _as_html(note)}],
        "headers": {"Auto-Submitted": "auto-generated"},
        "tracking_settings": NO_TRACKING,
    }
    if channel.options.get("sandbox_mode"):
        whole["mail_settings"] = {"sandbox_mode": {"enable": True}}
    return Request("POST", "/v3/mail/send", whole, {"Content-Type": "application/json"}, fingerprint=send_id)


def _by_smtp(note: Note, to: str, organisation: Organisation, send_id: str) -> Request:
    sender = mailbox_of(organisation.from_address)
    form = MailForm(_as_message(note, organisation), to_readers=False)
    recipient: Mapping[str, object] = {
        "subscriber_id": _NOBODYS,
        "to": to,
        "unsubscribe_url": "",
        "links": {},
        "message_id": f"<{send_id}@{sender.rpartition('@')[2]}>",
    }
    whole = {"sender": sender, "mail": form.as_data(), "recipients": [recipient]}
    return Request("SMTP", "DATA", whole, fingerprint=send_id)


def _as_message(note: Note, organisation: Organisation) -> Message:
    """As the mail's form wants it. Of all this only the words, the sender and where answers go are in the mail."""
    never = datetime(1970, 1, 1, tzinfo=UTC)
    body = EmailBody(
        subject=note.subject,
        preheader="",
        text=note.text,
        html=_as_html(note),
        from_name=organisation.from_name,
        from_address=organisation.from_address,
        reply_to=organisation.reply_to,
        list_id="",
        tokens=(),
    )
    return Message("", 0, _NOBODYS, "", "note", never.date(), never, never, body)


def _as_html(note: Note) -> str:
    """The same words; addresses of the web become links."""
    paragraphs = []
    for paragraph in note.text.strip().split("\n\n"):
        words = html.escape(paragraph)
        if paragraph.startswith("https://") and not any(c.isspace() for c in paragraph):
            words = f'<a href="{words}">{words}</a>'
        paragraphs.append(f"<p>{words}</p>")
    return f'<!doctype html><html lang="en"><body>{"".join(paragraphs)}</body></html>\n'
