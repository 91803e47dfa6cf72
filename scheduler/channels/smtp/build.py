"""From a message to the mails of a call: one for each subscriber, but for their date."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from ...domain.message import EmailBody, Message
from ...domain.outcome import Recipient, Request, UnusableRecipients
from ...errors import ObservanceError
from ...settings import Organisation
from ..mime import MailForm, field_of, is_way_out, mailbox_of, message_id
from ..spec import ReturnPath
from ..staff_mail import NOBODYS, Note, as_message

#: What a call may hold all the same: a batch that was frozen for another channel, or before a setting changed.
_MOST_READERS = 1_000


def build_mails(
    message: Message, *, send_id: str, recipients: Sequence[Recipient], return_path: ReturnPath | None = None
) -> Request:
    """The mails to these readers, but for their date. Pure: needs no server, no secret and no library.

    The body is plain data: the sender, the mail as a form that was encoded once, and what is filled in for each
    reader. ``return_path``: where each reader's mail comes back to; without it, to the sender.

    Raises :class:`UnusableRecipients` when a reader cannot be written to, ValueError and TypeError for what no caller
    may ask for: no reader, too many, a post.
    """
    body = message.body
    if not isinstance(body, EmailBody):
        raise TypeError(f"{message.item}: a post cannot be mailed")
    if not 0 < len(recipients) <= _MOST_READERS:
        raise ValueError(f"{message.item}: {len(recipients)} readers in one call; 1 to {_MOST_READERS:,} are allowed")
    sender = mailbox_of(body.from_address)
    domain = sender.rpartition("@")[2]
    faults: dict[str, str] = {}
    addresses: set[str] = set()
    readers: list[Mapping[str, object]] = []
    tokens = [(token, field_of(token)) for token in body.tokens]
    for subscriber in recipients:
        try:
            address = mailbox_of(subscriber.address)
        except ObservanceError:
            faults[subscriber.subscriber_id] = "not an address"
            continue
        if not is_way_out(subscriber.unsubscribe_url):
            faults[subscriber.subscriber_id] = "no link to leave by"
        elif address.casefold() in addresses:
            faults[subscriber.subscriber_id] = "the address of another reader in this call"
        links = {token: getattr(subscriber, field) for token, field in tokens}
        if not all(map(is_way_out, links.values())):
            faults.setdefault(subscriber.subscriber_id, "a link of the mail is missing")
        addresses.add(address.casefold())
        readers.append(
            {
                "subscriber_id": subscriber.subscriber_id,
                "to": address,
                "unsubscribe_url": subscriber.unsubscribe_url,
                "links": links,
                "message_id": message_id(send_id, subscriber.subscriber_id, domain),
            }
            | ({"return_path": return_path(send_id, subscriber.subscriber_id)} if return_path is not None else {})
        )
    if faults:
        raise UnusableRecipients(faults)
    whole = {"sender": sender, "mail": MailForm(message).as_data(), "recipients": readers}
    return Request("SMTP", "DATA", whole, fingerprint=send_id)


def build_note(note: Note, organisation: Organisation, *, send_id: str) -> Request:
    """A mail to one person who helps to run the campaign. Raises ObservanceError for an address or a subject that
    cannot stand in a mail."""
    to = mailbox_of(note.to)
    sender = mailbox_of(organisation.from_address)
    form = MailForm(as_message(note, organisation), to_readers=False)
    recipient = {
        "subscriber_id": NOBODYS,
        "to": to,
        "unsubscribe_url": "",
        "links": {},
        "message_id": f"<{send_id}@{sender.rpartition('@')[2]}>",
    }
    whole = {"sender": sender, "mail": form.as_data(), "recipients": [recipient]}
    return Request("SMTP", "DATA", whole, fingerprint=send_id)
