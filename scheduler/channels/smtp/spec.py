"""Any mail server, as the rest of the program knows it."""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import urlsplit

from ...domain.message import Message
from ...domain.outcome import Recipient, Request
from ...settings import Organisation, setting
from ...settings.values import (
    bounce_address,
    one_line,
    server,
    smtp_codes,
)
from ..spec import (
    MAIL_SETTINGS,
    ChannelContext,
    ChannelSpec,
    Secret,
    SenderDns,
    Simulator,
    StandIn,
    StandInOrder,
    Transport,
)
from ..staff_mail import Note

#: Subscribers a call; see docs/decisions/0042. Withdrawn approvals and corrections act between two calls, so it is not
#: large.
_BATCH_SIZE = 200


def _build(context: ChannelContext, message: Message, *, send_id: str, recipients: Sequence[Recipient]) -> Request:
    from .build import build_mails

    return build_mails(message, send_id=send_id, recipients=recipients, return_path=context.return_path)


def _note(context: ChannelContext, note: Note, organisation: Organisation, *, send_id: str) -> Request:
    from .build import build_note

    return build_note(note, organisation, send_id=send_id)


def _transport(context: ChannelContext) -> Transport:
    from .send import SmtpTransport

    return SmtpTransport(context)


def _stand_in(order: StandInOrder) -> StandIn:
    from .simulator import stand_in

    return stand_in(order)


SPEC = ChannelSpec(
    name="smtp",
    title="SMTP",
    kind="email",
    help="emails through any mail server",
    base_url="smtp://localhost:587",
    schemes={"smtp": 587, "smtps": 465},
    build=_build,
    note=_note,
    transport=_transport,
    settings=(
        *MAIL_SETTINGS,
        setting(
            "username",
            "",
            "Account on the mail server; its password is the secret `OBSERVANCE_SMTP_PASSWORD`.",
            check=one_line,
        ),
        setting(
            "starttls",
            True,
            "Demand an encrypted line (STARTTLS) on an `smtp://` address. `false` is for a local stand-in only.",
        ),
        setting(
            "bounce_address",
            "",
            "Where mails come back to that cannot be delivered: an address whose mail `bounces` reads, as "
            "`bounces@news.example.org`. Each mail's envelope has it with a plus sign and a signed token before the @, "
            "so that address has to take any mail for `bounces+...`. Left out: `organisation.from_address`.",
            check=bounce_address,
        ),
        setting(
            "dead_codes",
            "",
            "By which of a mail server's codes an address counts as dead, with commas between: enhanced ones "
            "(`5.1.1`), or basic ones (`556`) where it gives no other. Left out: the table in "
            "[channels](channels.md#dead-addresses).",
            check=smtp_codes,
        ),
        setting(
            "batch_size",
            _BATCH_SIZE,
            "Readers a call. Withdrawn approvals and corrections act between two calls, holds between two mails.",
            least=1,
            most=1000,
        ),
        setting(
            "ehlo_name",
            "",
            "The name by which this machine greets the mail server. Left out: its address in brackets.",
            check=server,
        ),
    ),
    secrets=(Secret("SMTP_PASSWORD", "mail server: the account's password", with_option="username"),),
    batch_size=_BATCH_SIZE,
    lines_in_flight=32,
    sender_dns=SenderDns(spf=lambda channel: f"a:{urlsplit(channel.base_url).hostname}"),
    bounces=True,
    simulator=Simulator(_stand_in, {"": 8603, "pages": 8604}),
    page="channels.md#smtp",
)
