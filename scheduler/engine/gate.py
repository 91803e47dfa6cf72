"""The last check, right before a call: every reason why this message must not go out now, in words."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime

from ..domain.finding import Finding, Severity
from ..domain.message import Message
from ..domain.rehearsal import Rehearsal
from ..ports import Standing
from ..settings import Mode


@dataclass(frozen=True, slots=True)
class Verdict:
    """``refused`` stops the call. ``live_would_refuse`` is what stands in the way of a live send, in a rehearsal."""

    refused: tuple[str, ...] = ()
    live_would_refuse: tuple[str, ...] = ()

    @property
    def may_go(self) -> bool:
        return not self.refused

    def in_words(self) -> str:
        return "; ".join(self.refused)


@dataclass(frozen=True, slots=True)
class Lease:
    """How long a call was meant to take at most, and how long it is since the intent."""

    seconds: float
    spent: float


def may_go(
    message: Message | None,
    standing: Standing,
    rehearsal: Rehearsal,
    *,
    mode: Mode,
    now: datetime,
    waived: Collection[str] = (),
    lease: Lease | None = None,
    money: str = "",
) -> Verdict:
    """Whether ``message`` may go out at ``now``.

    What holds in every mode: the window, a hold, a message that is there, the lease, readers who left. What only a
    live send needs: live mode, an armed season, an approval of exactly these bytes, nothing red. A rehearsal goes
    on without the second kind and records it.
    ``waived`` are codes of findings that do not count, for a sandbox on this machine.
    ``money`` says why it would pass a spending limit, if it would.
    """
    always = tuple(_always(message, standing, now, lease))
    live = (*_live_only(message, standing, rehearsal, waived), *filter(None, (money,)))
    if mode is Mode.LIVE:
        return Verdict(refused=(*always, *live))
    return Verdict(refused=always, live_would_refuse=live)


def _always(message: Message | None, standing: Standing, now: datetime, lease: Lease | None) -> Iterable[str]:
    delivery = standing.delivery
    for hold in standing.holds:
        yield f"held by {hold.who} since {hold.held_at:%Y-%m-%d %H:%M} UTC: {hold.why}"
    if now < delivery.due_at:
        yield f"not due before {delivery.due_at:%Y-%m-%d %H:%M} UTC"
    if now >= delivery.expires_at:
        yield f"its window closed at {delivery.expires_at:%Y-%m-%d %H:%M} UTC"
    if standing.batch is not None and standing.batch.not_after_at is not None and now >= standing.batch.not_after_at:
        yield "the day of its readers is over"
    if message is None:
        yield "the campaign's files hold no message for it any more"
    else:
        if (message.due_at, message.expires_at) != (delivery.due_at, delivery.expires_at):
            yield "the plan has moved it"
        if now < message.due_at or now >= message.expires_at:
            yield "the plan has it at another time"
    if lease is not None and lease.spent > lease.seconds / 2:
        yield f"{lease.spent:.0f} s have passed since the intent; a call begun now might outlast its lease"
    if standing.newly_left:
        yield f"{standing.newly_left} readers left meanwhile"


def _live_only(
    message: Message | None, standing: Standing, rehearsal: Rehearsal, waived: Collection[str]
) -> Iterable[str]:
    delivery = standing.delivery
    if delivery.mode != Mode.LIVE:
        yield 'the mode is "rehearsal"'
    if standing.armed is None:
        yield f"season {delivery.season} is not armed"
    if message is not None:
        # The rules are those of the files; the approvals and requests are those of this moment.
        for lack in rehearsal.missing(message, standing.approvals, standing.requests):
            yield lack.words
    for finding in blocking(message, rehearsal, delivery.item, delivery.channel):
        if finding.code not in waived:
            yield f"{finding.code}: {finding.message}"


def blocking(message: Message | None, rehearsal: Rehearsal, item: str, channel: str) -> tuple[Finding, ...]:
    """Red findings that concern this item on this channel, or the whole campaign; each once, in reading order."""
    found = [*rehearsal.findings, *(message.findings if message else ())]
    # A digest goes out only when each of its days could.
    items = (item, *(part for part, _ in message.audience.parts)) if message else (item,)
    concerned = (
        f
        for f in found
        if f.severity is Severity.RED and any(f.concerns(one, channel) for one in items)
    )
    return tuple(dict.fromkeys(concerned))
