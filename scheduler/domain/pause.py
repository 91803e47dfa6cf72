"""A provider in trouble is left alone: after two calls in a row that failed for everybody, or whose end nobody knows,
its channel pauses, for a minute, growing to an hour."""

from __future__ import annotations

from datetime import datetime, timedelta

from ..light_dataclass import dataclass
from .formatting import counted
from .reason import Reason, ReasonCode, because

#: After so many such calls in a row nothing is called for a while.
PAUSE_AFTER = 2
FIRST_PAUSE = timedelta(minutes=1)
LONGEST_PAUSE = timedelta(hours=1)


def pause_after(failures: int) -> timedelta | None:
    """How long to leave the provider alone after so many failures in a row; None: not yet."""
    if failures < PAUSE_AFTER:
        return None
    return min(FIRST_PAUSE * (1 << min(failures - PAUSE_AFTER, 10)), LONGEST_PAUSE)


@dataclass(frozen=True)
class ChannelPause:
    """The failures in a row of a channel; a good answer ends them. ``until_at``: when the provider is tried again."""

    channel: str
    failures: int
    since_at: datetime  # the first of them
    until_at: datetime | None  # None: too few for a pause
    reasons: tuple[Reason, ...] = ()  # of the latest
    detail: str = ""
    waiting: int = 0  # deliveries that are due and wait for it

    def holds_at(self, now: datetime) -> bool:
        """Whether nothing may be called. A pause that ends further ahead than any lasts was written by a clock that
        was wrong."""
        return self.until_at is not None and now < self.until_at <= now + LONGEST_PAUSE

    @property
    def is_doubtful(self) -> bool:
        """Whether the latest call may have gone through: the next one is better a small one."""
        return not any(reason.code in _CERTAINLY_NOT for reason in self.reasons)

    def why(self) -> tuple[Reason, ...]:
        """Why a call waits: what is behind the pause, unless that can be said only of a call that was made."""
        paused = because(ReasonCode.CHANNEL_PAUSED, until_at=self.until_at, calls=self.failures)
        return (paused,) if self.is_doubtful else (*self.reasons, paused)


#: After these nothing has left for the provider's readers.
_CERTAINLY_NOT = frozenset(
    {
        ReasonCode.KEYS_REFUSED,
        ReasonCode.FORBIDDEN,
        ReasonCode.TAKES_NONE,
        ReasonCode.NAME_NOT_FOUND,
        ReasonCode.NOT_ENCRYPTED,
        ReasonCode.NO_CONNECTION,
    }
)


def pause_in_words(pause: ChannelPause, until: str) -> str:
    """One sentence without a full stop at its end. ``until``: the instant in words."""
    from .reason_words import in_words  # who only asks whether it holds needs none

    behind = in_words(pause.reasons[:1], pause.detail, channel=pause.channel)
    waits = counted(pause.waiting, "delivery waits", "deliveries wait") if pause.waiting else "nothing waits for it yet"
    calls = f"{counted(pause.failures, 'call')} in a row that failed"
    return f"{pause.channel} is paused until {until}, after {calls}{f' ({behind})' if behind else ''}; {waits}"
