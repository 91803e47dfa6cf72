"""A provider in trouble is left alone, and tried again with one small call.

Without this a provider that is silent costs a doubt for each call of a mailing, and one that refuses everybody ends
all of them. See docs/decisions/0016.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from ..channels.spec import Transport
from ..clock import Clock
from ..domain.outcome import Bearing, Outcome, OutcomeKind, bearing_of, refuses_everybody
from ..domain.pause import LONGEST_PAUSE
from ..domain.reason import Reason, ReasonCode

if TYPE_CHECKING:
    from ..store import Ledger

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Leave:
    """Whether the next call of a channel may begin."""

    waits: tuple[Reason, ...] = ()  # why not
    detail: str = ""
    small: bool = False  # better for one reader: nobody knows what became of the call before


class Pauses:
    """The pauses of all channels, against one ledger."""

    def __init__(self, ledger: Ledger, mode: str, clock: Clock) -> None:
        self._ledger, self._mode, self._clock = ledger, mode, clock

    def leave_for(self, channel: str, transport: Transport, lease: timedelta) -> Leave:
        """Look before each call. After a pause one program asks the provider whether it is there, if that can be asked,
        and then makes one call; ``lease``: how long the others wait for it."""
        pause = self._ledger.pauses.find(self._mode, channel)
        if pause is None or pause.until_at is None:
            return Leave()
        now = self._clock.now()
        if pause.holds_at(now):
            return Leave(pause.why(), pause.detail)
        if not self._ledger.pauses.take_probe(
            self._mode, channel, seen=pause, until_at=now + min(lease, LONGEST_PAUSE)
        ):
            return Leave(pause.why(), pause.detail)  # another program does
        answer = transport.ask(now=now)
        if answer is not None and bearing_of(answer) is Bearing.TROUBLE:
            pause = self._ledger.pauses.note_bearing(self._mode, channel, answer, now=self._clock.now()) or pause
            log.warning("%s is still in trouble and stays paused", channel, extra={"action": "channel_paused"})
            return Leave(pause.why(), pause.detail)
        return Leave(small=pause.is_doubtful)


def kept_waiting(outcome: Outcome, *, readers: int, now: datetime) -> Outcome:
    """A refusal that holds for every other call as well ends none of them: it waits until somebody has put it right.
    One that was too large for several readers goes again in parts. ``readers``: of the call; a post has none.

    Of a post only refused keys are that: what else a network forbids may be about this very post.
    """

    def kept(end: Outcome) -> Outcome:
        waits = refuses_everybody(end, keys_alone=readers == 0)
        return replace(end, kind=OutcomeKind.LATER, retry_at=None) if waits else end

    if outcome.kind is OutcomeKind.FINAL and readers > 1 and _has(outcome, ReasonCode.TOO_LARGE):
        return replace(outcome, kind=OutcomeKind.LATER, retry_at=now)
    ends = {who: kept(end) for who, end in outcome.per_recipient.items()}
    return kept(replace(outcome, per_recipient=ends))


def is_too_large(outcome: Outcome) -> bool:
    """Whether the call is to be made again in parts."""
    return outcome.kind is OutcomeKind.LATER and _has(outcome, ReasonCode.TOO_LARGE)


def _has(outcome: Outcome, code: ReasonCode) -> bool:
    return any(reason.code is code for reason in outcome.reasons)
