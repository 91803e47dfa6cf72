"""The last check, right before a call: every reason why this message must not go out now."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime

from ..domain.blocking import blocking, cause_of
from ..domain.message import Message, is_of_pieces
from ..domain.reason import Reason, ReasonCode, because
from ..domain.records import SendSnapshot
from ..domain.rehearsal import SeasonToSend
from ..light_dataclass import dataclass
from ..settings import Mode


@dataclass(frozen=True)
class PreflightResult:
    """``refused`` stops the call. ``live_would_refuse`` is what stands in the way of a live send, in a rehearsal."""

    refused: tuple[Reason, ...] = ()
    live_would_refuse: tuple[Reason, ...] = ()


@dataclass(frozen=True)
class Lease:
    """How long a call was meant to take at most, and how long it is since the intent."""

    seconds: float
    spent: float


def check_before_send(
    message: Message | None,
    standing: SendSnapshot,
    rehearsal: SeasonToSend,
    *,
    mode: Mode,
    now: datetime,
    waived: Collection[str] = (),
    lease: Lease | None = None,
    money: Reason | None = None,
) -> PreflightResult:
    """Whether ``message`` may go out at ``now``.

    What holds in every mode: the window, a hold, a message that is there, the lease, readers who left. What only a
    live send needs: live mode, an armed season, an approval of exactly these bytes, nothing red. A rehearsal goes
    on without the second kind and records it.
    ``waived`` are codes of findings that do not count, for a sandbox on this machine.
    ``money`` says why it would pass a spending limit, if it would.
    """
    always = tuple(_always(message, standing, now, lease))
    live = (*_live_only(message, standing, rehearsal, waived), *filter(None, (money,)))
    return PreflightResult((*always, *live)) if mode is Mode.LIVE else PreflightResult(always, live_would_refuse=live)


def _always(message: Message | None, standing: SendSnapshot, now: datetime, lease: Lease | None) -> Iterable[Reason]:
    delivery = standing.delivery
    for hold in standing.holds:
        yield hold.as_reason
    if now < delivery.due_at:
        yield because(ReasonCode.NOT_DUE, due_at=delivery.due_at)
    if now >= delivery.expires_at:
        yield because(ReasonCode.WINDOW_CLOSED, closed_at=delivery.expires_at)
    if standing.batch is not None and standing.batch.not_after_at is not None and now >= standing.batch.not_after_at:
        yield because(ReasonCode.WAVE_OVER)
    if message is None:
        yield because(ReasonCode.NO_MESSAGE)
    elif (message.due_at, message.expires_at) != (delivery.due_at, delivery.expires_at) or not (
        message.due_at <= now < message.expires_at
    ):
        yield because(ReasonCode.PLAN_MOVED)
    if lease is not None and lease.spent > lease.seconds / 2:
        yield because(ReasonCode.LEASE_SPENT, seconds=round(lease.spent))
    if message is not None and is_of_pieces(message):
        for item, _ in message.audience.parts:
            if item in standing.kept_back:
                yield because(ReasonCode.ITEM_KEPT_BACK, item=item)
    if standing.newly_left:
        yield because(ReasonCode.READERS_LEFT, count=standing.newly_left)


def _live_only(
    message: Message | None, standing: SendSnapshot, rehearsal: SeasonToSend, waived: Collection[str]
) -> Iterable[Reason]:
    delivery = standing.delivery
    if delivery.mode != Mode.LIVE:
        yield because(ReasonCode.NOT_LIVE)
    if standing.armed is None:
        yield because(ReasonCode.NOT_ARMED, season=delivery.season)
    if message is not None:
        # The rules are those of the files; the approvals and requests are those of this moment.
        for lack in rehearsal.missing(message, standing.approvals, standing.requests):
            if lack.kind == "changes":
                yield because(ReasonCode.CHANGES_REQUESTED, who=lack.person, says=lack.words)
            else:
                yield because(ReasonCode.APPROVAL_MISSING, needs=lack.kind, says=lack.words)
    for finding in blocking(message, rehearsal, delivery.item, delivery.channel):
        if finding.code not in waived:
            yield because(cause_of(finding), finding=finding.code, says=finding.message)


def left_out(
    digest: Message,
    standing: SendSnapshot,
    rehearsal: SeasonToSend,
    *,
    mode: Mode,
    now: datetime,
    waived: Collection[str],
) -> frozenset[str]:
    """The items that a digest goes without: what a person has left out, at once; what is held back or lacks
    something, once half of the digest's time is over. Until then it waits for them; it never waits for ever.

    Nothing is left out where nothing would be left: that digest waits, and says for what.
    """
    if not is_of_pieces(digest):
        return frozenset()
    out = {item for item, is_over in standing.kept_back.items() if is_over}
    if now >= digest.due_at + (digest.expires_at - digest.due_at) / 2:
        out |= standing.kept_back.keys()
        if mode is Mode.LIVE:
            out |= {item for item, _ in digest.audience.parts if _lacks(item, digest, standing, rehearsal, waived)}
    out &= {item for item, _ in digest.audience.parts}
    return frozenset(out) if len(out) < len(digest.audience.parts) else frozenset()


def _lacks(
    item: str, digest: Message, standing: SendSnapshot, rehearsal: SeasonToSend, waived: Collection[str]
) -> bool:
    """Whether something stands in the way of an item's own mail as it is now."""
    mail = rehearsal.message(item, digest.channel)
    if mail is None or rehearsal.missing(mail, standing.approvals, standing.requests):
        return True
    return any(f.code not in waived for f in blocking(mail, rehearsal, item, digest.channel))
