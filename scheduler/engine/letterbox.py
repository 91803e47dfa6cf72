"""Letters go out aside: whoever filled in a form does not wait for a mail server, and nobody can tell from the time
that an answer takes whether a mail went.

A letter is sent at most once. What certainly did not go is tried again a few times; what may have gone is not, and its
reader can ask again tomorrow. Letters wait in memory only: a confirmation's token is kept nowhere else.
"""

from __future__ import annotations

import heapq
import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import count
from typing import Protocol

from ..clock import Clock
from ..domain.cadence import DEFAULT_CADENCE, Cadence
from ..domain.letters import LetterKind
from ..errors import ObservanceError
from ..ports import OperatedLedger, Outcome, OutcomeKind, ReaderList, Recipient, Request, Transport

log = logging.getLogger(__name__)

#: Letters that wait at most; more than these are dropped, so that a flood ends here and not in the memory.
MOST_WAITING = 500
#: Calls for one letter of which the provider says for certain that they sent nothing.
MOST_TRIES = 3
#: How long a letter waits for a hold to be lifted.
PATIENCE = timedelta(hours=24)
_LOOK_AGAIN = timedelta(minutes=1)
#: How often those are forgotten who did not confirm.
_FORGET_EVERY = timedelta(hours=1)


class LettersLedger(OperatedLedger, ReaderList, Protocol):
    """What letters need of the ledger."""


@dataclass(frozen=True, slots=True)
class Letter:
    """A letter that somebody is to get. ``reader`` has the links that are the reader's own."""

    kind: LetterKind
    reader: Recipient = field(repr=False)
    cadence: Cadence = DEFAULT_CADENCE


@dataclass(frozen=True, slots=True)
class Ready:
    """A letter as the call that will be made."""

    channel: str
    transport: Transport
    request: Request


@dataclass(slots=True)
class _Waiting:
    letter: Letter
    since: datetime
    tries: int = 0


class LetterBox:
    """Takes letters and sends them in a thread of its own, one at a time."""

    def __init__(
        self,
        ready: Callable[[Letter], Ready],
        ledger: LettersLedger,
        clock: Clock,
    ) -> None:
        """``ready`` makes the call for a letter; it raises ObservanceError for one that may not or cannot go."""
        self._ready = ready
        self._ledger = ledger
        self._clock = clock
        self._waiting: list[tuple[datetime, int, _Waiting]] = []
        self._numbers = count()
        self._changed = threading.Condition()
        self._closing = False
        self._thread: threading.Thread | None = None
        self._forgot_at: datetime | None = None
        self.by_hand = False  # nothing goes by itself: tests call work_off

    def begin(self) -> None:
        """Start the thread, which also forgets those who did not confirm. Else it starts with the first letter."""
        with self._changed:
            if self._thread is None and not self._closing:
                self._thread = threading.Thread(target=self._run, name="letters", daemon=True)
                self._thread.start()

    def post(self, letter: Letter) -> None:
        """Take a letter; returns at once. Dropped, and logged, when too many wait."""
        with self._changed:
            if self._closing or len(self._waiting) >= MOST_WAITING:
                log.error("a letter (%s) was dropped: too many wait", letter.kind, extra={"action": "letter_dropped"})
                return
            now = self._clock.now()
            heapq.heappush(self._waiting, (now, next(self._numbers), _Waiting(letter, now)))
            self._changed.notify()
        if not self.by_hand:
            self.begin()

    def close(self, seconds: float = 10.0) -> None:
        """Take no more, send what is due, and wait for it for a while."""
        with self._changed:
            self._closing = True
            self._changed.notify()
        if self._thread is not None:
            self._thread.join(seconds)

    def work_off(self) -> datetime | None:
        """Send what may go now. Returns when the next one may, or None when none waits."""
        while True:
            with self._changed:
                if not self._waiting or self._waiting[0][0] > self._clock.now():
                    return self._waiting[0][0] if self._waiting else None
                _, _, waiting = heapq.heappop(self._waiting)
            try:
                again_at = self._one(waiting)
            except Exception as error:  # a bad letter must not keep its neighbours
                again_at = None
                log.error("a letter failed: %s", type(error).__name__, extra={"action": "letter_failed"})
            if again_at is not None:
                with self._changed:
                    heapq.heappush(self._waiting, (again_at, next(self._numbers), waiting))

    def forget(self) -> None:
        """Once an hour: who signed up and did not confirm is deleted, as the pages promise."""
        now = self._clock.now()
        if self._forgot_at is None or now - self._forgot_at >= _FORGET_EVERY:
            self._forgot_at = now
            try:
                number = self._ledger.forget_unconfirmed(now=now)
            except ObservanceError as problem:
                log.warning("who did not confirm is not deleted yet: %s", problem.message, extra={"action": "forget"})
            else:
                if number:
                    log.info("%d who did not confirm were deleted", number, extra={"action": "forget"})

    def _run(self) -> None:
        while True:
            next_at = self.work_off()
            self.forget()
            with self._changed:
                if self._closing:
                    return
                wait = (next_at - self._clock.now()).total_seconds() if next_at else _FORGET_EVERY.total_seconds()
                if wait > 0:
                    self._changed.wait(min(wait, _LOOK_AGAIN.total_seconds() if next_at else wait))

    def _one(self, waiting: _Waiting) -> datetime | None:
        """One letter. Returns when to try it again, if it certainly did not go."""
        letter, now = waiting.letter, self._clock.now()
        try:
            ready = self._ready(letter)
        except ObservanceError as problem:
            self._tell(letter, "not-sent", problem.message)
            return None
        if any(hold.covers(ready.channel) for hold in self._ledger.holds()):
            if now - waiting.since < PATIENCE:
                return now + _LOOK_AGAIN
            self._tell(letter, "not-sent", "a hold was in force for a day")
            return None
        waiting.tries += 1
        outcome = self._sent(ready, now)
        if outcome.kind is OutcomeKind.LATER and waiting.tries < MOST_TRIES and not self._closing:
            return max(outcome.retry_at or now, now + _LOOK_AGAIN)
        if outcome.kind is OutcomeKind.ACCEPTED:
            log.info("a letter went out: %s", letter.kind, extra={"action": "letter_sent"})
        else:
            word = "unknown" if outcome.kind is OutcomeKind.UNKNOWN else "not-sent"
            self._tell(letter, word, outcome.detail)
        return None

    @staticmethod
    def _sent(ready: Ready, now: datetime) -> Outcome:
        try:
            return ready.transport.send(ready.request, now=now)
        except Exception as error:
            return Outcome(OutcomeKind.UNKNOWN, detail=f"the channel's code failed ({type(error).__name__})")

    def _tell(self, letter: Letter, how: str, why: str) -> None:
        """Into the log, and into the history by the reader's id: somebody may ask why no mail came."""
        log.warning("a letter (%s): %s: %s", letter.kind, how, why, extra={"action": "letter_not_sent"})
        self._ledger.record(
            f"letter.{how}", who="letters", now=self._clock.now(), letter=str(letter.kind),
            subscriber=letter.reader.subscriber_id, why=why,
        )  # fmt: skip
