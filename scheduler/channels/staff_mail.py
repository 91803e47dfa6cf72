"""A plain mail to one person who helps to run the campaign, by the ways that mails to readers take.

It is no mail of a list, so it says nothing of leaving one. Everything else is as for a reader: one call, the same
transports, no tracking. A channel that mails builds the call; see ``note`` in its spec.
"""

from __future__ import annotations

import html
from dataclasses import field
from datetime import UTC, datetime

from ..domain.message import EmailBody, Message
from ..light_dataclass import dataclass
from ..settings import Organisation

#: In the place of a reader's id.
NOBODYS = "note"


@dataclass(frozen=True)
class Note:
    """``to``: the one address it goes to. ``text``: paragraphs, with a blank line between them."""

    to: str = field(repr=False)
    subject: str
    text: str = field(repr=False)


def as_message(note: Note, organisation: Organisation) -> Message:
    """As the mail's form wants it. Of all this only the words, the sender and where answers go are in the mail."""
    never = datetime(1970, 1, 1, tzinfo=UTC)
    body = EmailBody(
        subject=note.subject,
        preheader="",
        text=note.text,
        html=as_html(note),
        from_name=organisation.from_name,
        from_address=organisation.from_address,
        reply_to=organisation.reply_to,
        list_id="",
        tokens=(),
    )
    return Message("", 0, NOBODYS, "", "note", never.date(), never, never, body)


def as_html(note: Note) -> str:
    """The same words; addresses of the web become links, and lines stay lines."""
    paragraphs = []
    for paragraph in note.text.strip().split("\n\n"):
        words = html.escape(paragraph).replace("\n", "<br>\n")
        if paragraph.startswith("https://") and not any(c.isspace() for c in paragraph):
            words = f'<a href="{words}">{words}</a>'
        paragraphs.append(f"<p>{words}</p>")
    return f'<!doctype html><html lang="en"><body>{"".join(paragraphs)}</body></html>\n'
