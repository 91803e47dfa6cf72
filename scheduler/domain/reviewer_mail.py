"""The one mail a day by which a reviewer is told what waits for them: what became of the last one."""

from __future__ import annotations

from datetime import datetime, timedelta

from ..light_dataclass import dataclass
from .transactional_email import LetterState

#: Two mails to one person are at least so far apart: a day at the same hour, where the clocks may have turned.
A_DAY = timedelta(hours=20)
#: Marked as under way for longer, its process has died: it may have gone.
IN_DOUBT_AFTER = timedelta(minutes=15)
#: What certainly did not go is tried again after so long.
TRY_AGAIN_AFTER = timedelta(minutes=30)
#: So far ahead the clock of another machine may be; more is a clock that was wrong.
CLOCKS_DIFFER = timedelta(minutes=1)
#: Why such a mail is in doubt.
CLOCK_WAS_AHEAD = "the clock was ahead"


@dataclass(frozen=True)
class ReviewerMail:
    """The last mail to one address. ``told``: keys of what mails to it have told, and what still waits."""

    state: LetterState
    taken_at: datetime
    told: frozenset[str] = frozenset()
    why: str = ""

    def allows(self, now: datetime) -> bool:
        """Whether another may go: the next day, or where this one certainly did not go."""
        if self.state is LetterState.WAITING:
            return now - self.taken_at >= TRY_AGAIN_AFTER
        return now - self.taken_at >= A_DAY

    def is_ahead(self, now: datetime) -> bool:
        """Whether it was begun by a clock that was wrong: at a time that is still to come."""
        return self.taken_at > now + CLOCKS_DIFFER

    def has_gone(self, now: datetime) -> LetterState:
        """Its state, where a call whose end nobody wrote down, or whose time cannot be, is in doubt."""
        if self.is_ahead(now) and self.state in (LetterState.SENDING, LetterState.SENT):
            return LetterState.UNKNOWN
        if self.state is LetterState.SENDING and now - self.taken_at >= IN_DOUBT_AFTER:
            return LetterState.UNKNOWN
        return self.state
