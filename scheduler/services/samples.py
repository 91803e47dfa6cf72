"""Readers who do not exist, for showing what a request and a mail look like."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..domain.message import EmailBody, Message
from ..domain.outcome import Recipient, Request
from ..wiring import channel_context

if TYPE_CHECKING:
    from ..project import Project


#: Readers who do not exist, for showing what a request looks like (RFC 2606: .example is nobody's).
# fmt: off
SAMPLE_READERS = (
    Recipient(
        "sample-1", "reader.one@readers.example", "", "https://readers.example/u/sample-1",
        "https://readers.example/preferences/sample-1", "https://readers.example/confirm/sample-1",
    ),
    Recipient(
        "sample-2", "reader.two@readers.example", "", "https://readers.example/u/sample-2",
        "https://readers.example/preferences/sample-2", "https://readers.example/confirm/sample-2",
    ),
)


def sample_eml(message: Message) -> bytes:
    """The mail as a sample reader's mail program would get it."""
    from ..channels.mime import to_mime

    assert isinstance(message.body, EmailBody)  # noqa: S101 - the caller asks for emails only
    subscriber = SAMPLE_READERS[0]
    return to_mime(
        message,
        to=subscriber.address,
        unsubscribe_url=subscriber.unsubscribe_url,
        message_id=f"<{message.digest[:32]}@dry-run.invalid>",
        date=message.due_at,
        links={"%preferences_url%": subscriber.preferences_url, "%confirm_url%": subscriber.confirm_url},
    )


def sample_request(project: Project, message: Message) -> Request:
    """The request that would be made, for the sample readers. Needs no account and no provider's library."""
    from ..subscribers.tokens import return_path_maker

    channel = project.settings.channels[message.channel]
    address = str(channel.options.get("bounce_address") or "")
    # Signed by a key that is none: what a rehearsal shows opens nothing.
    context = channel_context(project, channel, return_path_maker(address, b"of a dry run only") if address else None)
    readers = SAMPLE_READERS if context.batch_size else ()
    return context.spec.build(context, message, send_id="dry-run", recipients=readers)
