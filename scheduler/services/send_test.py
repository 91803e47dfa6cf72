"""One real mail to one address: what readers will get, marked as a test. It touches no delivery and no list."""

from __future__ import annotations

import difflib
import secrets
from dataclasses import replace

from ..channels.registry import mail_channels, spec_of
from ..domain.message import EmailBody, Message, has_discreet_head, pictures_of, with_head
from ..domain.outcome import Outcome, Recipient
from ..domain.rehearsal import Rehearsal
from ..errors import NeedsAPerson, UsageError
from ..light_dataclass import dataclass
from ..project import Project
from ..settings import Mode
from ..subscribers.fields import BadAddress, checked_address
from ..wiring import public_address, way_out
from .context import Context, act
from .seasons import rehearse

MARK = "TEST: "


#: What the links of a test lead to: pages that know no such link, whatever is pressed there.
INERT = "this-is-a-test"


@dataclass(frozen=True)
class Tested:
    """How a test ended. It does not hold the address."""

    message: Message
    channel: str
    outcome: Outcome
    lacks_picture: bool = False  # what it has at its head can be fetched once it is approved


@act
def send_test(
    context: Context, campaign_id: str, year: int | None, item: str, *, to: str, via: str = "", discreet: bool = False
) -> Tested:
    """Send the mail of ``item`` (an id, or a date) to one address, now. ``via`` names the channel; ``discreet``: with
    the head of readers who want to be left alone, in place of the one of those who have not chosen.

    The one thing that leaves the machine in a rehearsal, and only with ``via``. The history keeps who sent which
    mail, not where to. Raises UsageError for what is no mail, or no address; NeedsAPerson in a rehearsal.
    """
    try:
        address = checked_address(to.strip())
    except BadAddress as problem:
        said = f"--to is not an address that mail can be sent to: {problem.message}"
        raise UsageError(said, hint="write one whole address, as ada@example.org") from None
    project, now = context.project, context.now()
    message = _mail_of(project, rehearse(project, campaign_id, year, ledger=context.ledger), item, via)
    channel = project.settings.channels[message.channel]
    if project.settings.mode is not Mode.LIVE and not via:
        raise NeedsAPerson(
            'the mode is "rehearsal", in which nothing leaves this machine',
            hint=f"to send this one mail all the same, say which way: --via {channel.name}",
        )
    base = public_address(project, campaign_id)
    subscriber = Recipient(
        "test", address, "", f"{base}/u/{INERT}", f"{base}/preferences/{INERT}", f"{base}/confirm/{INERT}"
    )
    headed = with_head(message, discreet=True) if discreet else message
    body = headed.body
    assert isinstance(body, EmailBody)  # noqa: S101 - only mails are found
    marked = replace(headed, body=replace(body, subject=MARK + body.subject))
    way = way_out(project, channel, live=True)
    try:
        outcome = way.send(way.build(marked, send_id=f"test-{secrets.token_hex(8)}", recipients=[subscriber]), now=now)
    finally:
        way.close()
    context.ledger.events.record(
        "message.tested",
        who=context.actor.name,
        now=now,
        campaign=campaign_id,
        season=message.season,
        item=message.item,
        channel=channel.name,
        digest=message.digest,
        outcome=str(outcome.kind),
    )
    shown = isinstance(headed.body, EmailBody) and not has_discreet_head(headed.body) and pictures_of(headed)
    seen = context.ledger.lookups.may_be_seen(project.settings.mode.value, message.digests)
    return Tested(message, channel.name, outcome, bool(shown) and not seen)


def _mail_of(project: Project, rehearsal: Rehearsal, item: str, via: str) -> Message:
    if via and (via not in project.settings.channels or spec_of(project.settings.channels[via]).kind != "email"):
        names = [c.name for c in mail_channels(project.settings)]
        raise UsageError(
            f"{via!r} is no channel that sends emails", hint=f"say --via {' or '.join(names)}" if names else ""
        )
    everything = (*rehearsal.everything, *rehearsal.substitutes, *rehearsal.letters)
    named = [m for m in everything if item in (m.item, m.on.isoformat())]
    mails = [m for m in named if isinstance(m.body, EmailBody) and via in ("", m.channel)]
    # On a day with a digest or on a letter's day, the date alone means the day's own mail.
    mails.sort(key=lambda m: (m.item != item, m.audience.is_digest, m in rehearsal.letters, m.channel))
    if mails:
        return mails[0]
    if named:
        raise UsageError(
            f"{item} has no mail{f' on {via}' if via else ''}, only posts, and a network has no test of one",
            hint=f"`show {item}` prints the post as it will be; `sandbox` stands in for the network",
        )
    near = difflib.get_close_matches(item, sorted({m.item for m in everything}), n=3)
    raise UsageError(
        f"there is no message for {item!r}",
        hint=f"did you mean {' or '.join(near)}?" if near else "`plan` lists the items",
    )
