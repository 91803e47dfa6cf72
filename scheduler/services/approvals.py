"""Approve messages exactly as they stand: item by item, a week at once, or by a sheet that was signed on paper."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from ..domain.approval import Approval
from ..domain.finding import Finding, Severity
from ..domain.message import Message
from ..domain.packet_record import PacketRecord, edition_hash
from ..domain.refusals import Refusal, Refused
from ..domain.rehearsal import Rehearsal
from ..domain.sent import Sent
from ..review.packet_formatting import channel_words
from ..review.review_status import findings_about_all
from .context import SeasonContext, act
from .typed import checked_comment


class AlreadySent(Refused):
    """All that was meant has gone out. ``sent``: what, and when."""

    def __init__(self, code: Refusal, sent: Sequence[Sent], rehearsal: Rehearsal, **fields: object) -> None:
        self.sent, zone = tuple(sent), rehearsal.plan.campaign.time_zone
        when = "; ".join(f"the {channel_words(s.channel)} message was {s.in_words(zone)}" for s in self.sent)
        super().__init__(code, when=when, **fields)


class NotThisWeek(Refused):
    """A week cannot be approved in one go while something in it is blocked or needs a look."""

    def __init__(self, week: int, findings: Sequence[Finding]) -> None:
        self.findings = tuple(findings)
        super().__init__(Refusal.WEEK_NEEDS_A_LOOK, week=week, number=len(self.findings))


@dataclass(frozen=True, slots=True)
class Approved:
    """What an act of approving did. ``ambers`` are findings about these messages that need a person's eye."""

    messages: tuple[Message, ...]  # newly approved
    ambers: tuple[Finding, ...]
    already: int = 0
    sent: tuple[Sent, ...] = ()  # left out: all of it went out


@act
def approve(
    context: SeasonContext,
    items: Sequence[str] | None,
    *,
    comment: str = "",
    channel: str | None = None,
    seen: Mapping[tuple[str, str], str] | None = None,
) -> Approved:
    """Approve messages exactly as they stand now. ``items`` are ids or dates; None means all of the season.

    ``seen``: (item, channel) -> digest of what the person has read. Where the message is another one by now, nothing
    is approved.
    """
    messages = context.messages(items, channel)
    if seen is not None:
        messages = as_seen(messages, seen, "nothing was approved")
    return _approve(context, messages, comment)


@act
def approve_week(
    context: SeasonContext, week: int, *, comment: str = "", channel: str | None = None, seen: str | None = None
) -> Approved:
    """Approve a whole week (1-based, from the window's first day), with the digests that go out in it.

    Refused while a finding stands, also one about an earlier day that such a digest tells of. ``seen``: the
    fingerprint of what the person has read, see :func:`edition_hash`.
    """
    messages = context.week(week, channel)
    if seen is not None and seen != edition_hash(messages):
        raise Refused(Refusal.CHANGED_MEANWHILE, what=f"something in week {week}", undone="nothing was approved")
    grave = [f for f in context.findings_of(messages) if f.severity in (Severity.RED, Severity.AMBER)]
    if grave:
        raise NotThisWeek(week, grave)
    return _approve(context, messages, comment)


@act
def record_paper(
    context: SeasonContext,
    packet: str,
    items: Sequence[str] | None,
    *,
    without: Sequence[str] = (),
    known: Iterable[PacketRecord] = (),
) -> Approved:
    """Enter a signed sheet: approve what the packet of that hash holds, without the items named.

    Refused, with the list of what changed, when the campaign is another one by now. ``known``: packets that others
    than the ledger know of.
    """
    text, edition = "".join(packet.split()).casefold(), edition_hash(context.rehearsal.everything)
    if not PacketRecord(context.key.campaign, context.key.season, edition, context.now(), {}).named_by(text):
        _refuse_paper(context, text, edition, known)
    left_out = {m.item for m in context.messages(list(without))} if without else set()
    wanted = [m for m in context.messages(items) if m.item not in left_out]
    if not wanted:
        raise Refused(Refusal.NOTHING_LEFT_TO_APPROVE)
    return _approve(context, wanted, f"on paper, packet {edition[:12]}")


def as_seen(messages: Sequence[Message], seen: Mapping[tuple[str, str], str], undone: str) -> list[Message]:
    """The messages that were seen, as far as each is what it was."""
    wanted = [m for m in messages if (m.item, m.channel) in seen]
    changed = [m for m in wanted if m.digest != seen[m.item, m.channel]]
    gone = seen.keys() - {(m.item, m.channel) for m in messages}
    if changed or gone:
        names = [f"{m.item} ({m.channel})" for m in changed] + [f"{item} ({channel})" for item, channel in gone]
        raise Refused(Refusal.CHANGED_MEANWHILE, what=", ".join(names), undone=undone)
    return wanted


def parted(rehearsal: Rehearsal, messages: Sequence[Message]) -> tuple[tuple[Sent, ...], list[Message]]:
    """What has gone out whole, and what has not."""
    gone = tuple(s for m in messages if (s := rehearsal.sent_of(m)) is not None and s.is_over)
    over = {(s.item, s.channel) for s in gone}
    return gone, [m for m in messages if (m.item, m.channel) not in over]


def _approve(context: SeasonContext, messages: Sequence[Message], comment: str) -> Approved:
    who, role = context.speaker()
    if not role.approves:
        able = ", ".join(r.id for r in context.policy.roles.values() if r.approves)
        raise Refused(Refusal.ROLE_DOES_NOT_APPROVE, role=role.words, known=able)
    gone, messages = parted(context.rehearsal, messages)
    if gone and not messages:
        raise AlreadySent(Refusal.TOO_LATE_TO_APPROVE, gone, context.rehearsal)
    text, now = checked_comment(comment, may_be_empty=True) if comment else "", context.now()
    done = []
    for m in messages:
        approval = Approval(m.campaign, m.season, m.item, m.channel, m.digest, who, role.id, now, text)
        if context.ledger.approvals.record(approval, m):
            done.append(m)
    ambers = [f for f in findings_about_all(context.rehearsal, messages) if f.severity is Severity.AMBER]
    return Approved(tuple(done), tuple(ambers), len(messages) - len(done), gone)


def _refuse_paper(context: SeasonContext, text: str, edition: str, known: Iterable[PacketRecord]) -> None:
    if len(text) < 12 or any(c not in "0123456789abcdef" for c in text):
        raise Refused(Refusal.NOT_A_PACKET_HASH)
    packets = [*context.ledger.packets.of_season(context.key), *known]
    record = next((p for p in packets if p.named_by(text)), None)
    if record is None:
        said = "nobody here knows that packet: what it held cannot be compared"
    else:
        changed = record.changed_since(context.rehearsal.everything)
        said = "changed since: " + ", ".join(f"{item} ({channel})" for item, channel in changed)
    raise Refused(Refusal.ANOTHER_PACKET, packet=text[:12], edition=edition[:12], detail=said)
