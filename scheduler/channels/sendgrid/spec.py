"""SendGrid, as the rest of the program knows it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import timedelta

from ...domain.message import Message
from ...domain.outcome import Recipient, Request
from ...settings import Organisation, setting
from ...settings.values import category
from ..spec import (
    MAIL_SETTINGS,
    ChannelContext,
    ChannelSpec,
    DoctorAnswer,
    DoctorInput,
    ReceiptReader,
    Receipts,
    Secret,
    SenderDns,
    Simulator,
    StandIn,
    StandInOrder,
    Transport,
)
from ..staff_mail import Note

#: Since 2025 a new account sends so many mails a day, for sixty days; then it needs a plan.
_TRIAL = 100


def _build(context: ChannelContext, message: Message, *, send_id: str, recipients: Sequence[Recipient]) -> Request:
    from .build import build_mail

    return build_mail(message, context.settings, send_id=send_id, recipients=recipients)


def _note(context: ChannelContext, note: Note, organisation: Organisation, *, send_id: str) -> Request:
    from .build import build_note

    return build_note(note, context.settings, organisation, send_id=send_id)


def _receipt_reader(key: str) -> ReceiptReader:
    from .receipts import SignatureCheck

    return SignatureCheck(key)


def _transport(context: ChannelContext) -> Transport:
    from .send import SendGridTransport

    return SendGridTransport(context)


def _doctor(about: DoctorInput) -> Iterator[DoctorAnswer]:
    """How many mails the plan must allow."""
    readers, days = about.subscribers, about.mails
    said = (
        f"{readers:,} reader{'s'[: readers != 1]}, {readers * days:,} mail{'s'[: readers * days != 1]} "
        f"in {days:,} day{'s'[: days != 1]}"
    )
    if readers > _TRIAL:
        to_do = f"see that your plan at SendGrid allows {readers:,} mails a day; a trial stops at {_TRIAL}"
        yield DoctorAnswer("plan", "green", said, to_do)
    else:
        yield DoctorAnswer("plan", "green", f"{said}; SendGrid's trial allows {_TRIAL} a day, for 60 days")


def _stand_in(order: StandInOrder) -> StandIn:
    from .simulator import stand_in

    return stand_in(order)


SPEC = ChannelSpec(
    name="sendgrid",
    title="SendGrid",
    kind="email",
    help="emails through SendGrid",
    base_url="https://api.sendgrid.com",
    build=_build,
    note=_note,
    transport=_transport,
    settings=(
        *MAIL_SETTINGS,
        setting(
            "category",
            "",
            "SendGrid's category of each mail, by which it can be found in SendGrid's logs. Left out: CAMPAIGN-SEASON.",
            check=category,
        ),
        setting("sandbox_mode", False, "`true`: SendGrid checks each mail and delivers none."),
    ),
    secrets=(Secret("SENDGRID_API_KEY", "SendGrid: the key that sends"),),
    batch_size=1_000,
    lines_in_flight=32,
    evidence="finds",  # in its log of mails
    settle=timedelta(minutes=45),  # its records follow a call after minutes
    sender_dns=SenderDns(
        spf=lambda channel: "include:sendgrid.net",
        title="SendGrid",
        otherwise="let SendGrid's automated security do it through its CNAME records",
        selectors=("s1", "s2"),
        key_record="{selector}._domainkey.{domain}. CNAME {selector}.domainkey.uNNNN.wlNNN.sendgrid.net.",
        key_hint="with the numbers that SendGrid shows under Sender Authentication",
    ),
    receipts=Receipts(
        Secret("SENDGRID_WEBHOOK_KEY", "SendGrid: the public key that checks its reports"), _receipt_reader
    ),
    doctor=_doctor,
    simulator=Simulator(
        _stand_in,
        {"": 8602},
        options=(
            ("reports", "URL", "SendGrid's reports go to your pages: http://127.0.0.1:8080"),
            ("spec", "FILE", "SendGrid's own OpenAPI file, to check each request against"),
        ),
    ),
    page="channels.md#sendgrid",
)
