"""From a message to the call that SendGrid mails it by, for up to 1,000 subscribers.

The body is written here: the package's helper classes put several addresses into one envelope and write fields that
SendGrid's own description refuses. https://www.twilio.com/docs/sendgrid/api-reference/mail-send/mail-send
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from itertools import chain, repeat
from operator import attrgetter

from ...domain.message import EmailBody, Message
from ...domain.outcome import Recipient, Request, UnusableRecipients
from ...settings import ChannelSettings, Organisation
from ..json_body import JsonBody, compact, quoted
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
#: Lines of them; of addresses only those that stand in JSON as they are.
_EVERYDAY_ADDRESSES = re.compile(r"(?:[!#-'*+\-./0-9=?A-Z^-~]{1,64}@[!#-'*+\-./0-9=?A-Z^-~]{1,255}\n)+")
_URLS = re.compile(r"(?:https?://[\x21\x23-\x3b\x3d\x3f-\x7e]+\n)+")
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
    same = {
        "from": {"email": body.from_address, **({"name": body.from_name} if body.from_name else {})},
        **({"reply_to": {"email": body.reply_to}} if body.reply_to else {}),
        "subject": body.subject,
        "content": [{"type": "text/plain", "value": body.text}, {"type": "text/html", "value": body.html}],
        "headers": _headers(body),
        "categories": [_category(message, settings)],
        "tracking_settings": NO_TRACKING,
        **_sandboxed(settings),
    }
    envelopes = _envelopes(message, body, send_id, recipients)
    content = "".join(('{"personalizations":[', *envelopes, "],", compact(same)[1:])).encode()
    headers = {"Content-Type": "application/json"}
    return Request("POST", "/v3/mail/send", JsonBody(content), headers, fingerprint=send_id)


def _sandboxed(settings: ChannelSettings) -> dict[str, object]:
    return {"mail_settings": {"sandbox_mode": {"enable": True}}} if settings.options.get("sandbox_mode") else {}


def _envelopes(message: Message, body: EmailBody, send_id: str, recipients: Sequence[Recipient]) -> list[str]:
    """One envelope a reader, so that no reader sees another, in pieces: the text that is the same in each, and between
    it columns of what is each reader's own. A test holds it to what ``json`` makes of the same envelopes."""
    token_fields = {token: field_of(token) for token in body.tokens}
    links = tuple(dict.fromkeys(("unsubscribe_url", *token_fields.values())))
    column = {name: list(map(attrgetter(name), recipients)) for name in ("subscriber_id", "address", "name", *links)}
    are_urls = all(_are(_URLS, column[link]) or all(map(_URL.fullmatch, column[link])) for link in links)
    are_everyday = _are(_EVERYDAY_ADDRESSES, column["address"])
    if not (are_urls and _are_addresses(column["address"], are_everyday=are_everyday)):
        raise UnusableRecipients(_faults(recipients, links))
    shown = column["address"] if are_everyday else [quoted(address)[1:-1] for address in column["address"]]
    are_names = not _NO_NAME.search("".join(column["name"]))
    to = [
        f'{address}","name":{quoted(name)}' if name and (are_names or not _NO_NAME.search(name)) else f'{address}"'
        for address, name in zip(shown, column["name"], strict=True)
    ]
    for link in links:  # of what JSON escapes there is nothing in a link but the backslash, and seldom that
        if "\\" in "".join(column[link]):
            column[link] = [url.replace("\\", "\\\\") for url in column[link]]
    own = [to, column["unsubscribe_url"], *(column[field] for field in token_fields.values())]
    own.append([quoted(who) for who in column["subscriber_id"]])
    *before, end = _same_in_each(message, send_id, token_fields)
    parts = [part for text, texts in zip(before, own, strict=True) for part in (repeat(text), texts)]
    texts = list(chain.from_iterable(zip(*parts, repeat(f"{end},"))))
    return [*texts[:-1], end]


def _are_addresses(addresses: Sequence[str], *, are_everyday: bool) -> bool:
    """Whether each is one, and none is there twice."""
    are_all = are_everyday or all(map(_ADDRESS.fullmatch, addresses))
    return are_all and len(set(map(str.casefold, addresses))) == len(addresses)


def _are(lines: re.Pattern[str], texts: Sequence[str]) -> bool:
    """Whether these texts make such lines: looked at all at once."""
    text = "\n".join(texts) + "\n"
    return text.count("\n") == len(texts) and lines.fullmatch(text) is not None


def _faults(recipients: Sequence[Recipient], links: Sequence[str]) -> dict[str, str]:
    """By the reader's id, what is wrong with a record that spoils the call."""
    faults: dict[str, str] = {}
    addresses: set[str] = set()
    for reader in recipients:
        folded = reader.address.casefold()
        if not _ADDRESS.fullmatch(reader.address):
            faults[reader.subscriber_id] = "not an address"
        elif not _URL.fullmatch(reader.unsubscribe_url):
            faults[reader.subscriber_id] = "no link to leave by"
        elif not all(_URL.fullmatch(getattr(reader, link)) for link in links):
            faults[reader.subscriber_id] = "a link of the mail is missing"
        elif folded in addresses:
            faults[reader.subscriber_id] = "the address of another reader in this call"
        else:
            addresses.add(folded)
    return faults


def _same_in_each(message: Message, send_id: str, tokens: Iterable[str]) -> list[str]:
    """What stands in an envelope before whom it is to, the link to leave by, what each token stands for and the
    reader's id; and at its end."""
    own = "\0"  # which stands in no JSON
    of_call = {"campaign": message.campaign, "season": str(message.season), "item": message.item, "send_id": send_id}
    links = ",".join(f'{quoted(token)}:"{own}"' for token in tokens)
    envelope = (
        f'{{"to":[{{"email":"{own}}}],"headers":{{"List-Unsubscribe":"<{own}>",'
        f'"List-Unsubscribe-Post":"List-Unsubscribe=One-Click"}},"substitutions":{{{links}}},'
        f'"custom_args":{compact(of_call)[:-1]},"subscriber_id":{own}}}}}'
    )
    return envelope.split(own)


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
