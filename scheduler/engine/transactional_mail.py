"""Letters go out aside: whoever filled in a form does not wait for a mail server, and nobody can tell from the time
that an answer takes whether a mail went.

They wait in the ledger, so that none is lost with the process. A letter is sent at most once. What certainly did not go
is tried again, at growing distances; what may have gone is not, and its reader can ask again tomorrow.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from ..channels.spec import Transport
from ..clock import Clock
from ..domain.outcome import Outcome, OutcomeKind, Request
from ..domain.reason import ReasonCode, because
from ..domain.reason_words import in_words
from ..domain.records import ALL_CAMPAIGNS, ALL_CHANNELS, Hold
from ..domain.subscriber import WANTED_BY, Subscription
from ..domain.transactional_email import LetterKind, LetterState, WaitingLetter
from ..errors import ObservanceError, OutOfReach, loggable
from ..light_dataclass import dataclass
from ..settings import Mode

if TYPE_CHECKING:
    from ..store import Ledger

log = logging.getLogger(__name__)

#: After a call that certainly sent nothing, the next one comes so much later, in the end every hour. Servers that
#: greylist want minutes.
TRY_AGAIN_AFTER = tuple(timedelta(minutes=m) for m in (1, 5, 15, 60))
#: How long a letter waits: for a hold to be lifted, for a mail server, for the program to be started again. Not less:
#: so long its reader cannot ask for another.
PATIENCE = timedelta(hours=24)
#: What a provider answers whom our key, password or sender does not please. That is no reader's fault, and somebody
#: may put it right within the day. HTTP; SMTP (RFC 4954).
_NOT_THE_READERS_FAULT = frozenset({401, 403, 530, 534, 535, 538})
_MONEY_OR_LIMIT = frozenset({402, 429})
#: A call that has not ended by then has died with its process. Longer than any line is waited for.
IN_DOUBT_AFTER = timedelta(minutes=15)
#: How soon letters are seen that another process took from a reader.
_LOOK_AGAIN = timedelta(minutes=1)
#: How often those are forgotten who did not confirm.
_FORGET_EVERY = timedelta(hours=1)


@dataclass(frozen=True)
class Ready:
    """A letter as the call that will be made. ``token_hash``: of the token in a letter that asks to confirm."""

    channel: str
    transport: Transport
    request: Request
    token_hash: str = ""


class TransactionalMailer:
    """Sends the letters that wait, in a thread of its own, one at a time."""

    def __init__(
        self,
        ready: Callable[[WaitingLetter, Subscription], Ready],
        ledger: Ledger,
        clock: Clock,
        *,
        mode: Mode = Mode.LIVE,
        displaced: Callable[[], bool] = lambda: False,
    ) -> None:
        """``ready`` makes the call for a letter; it raises ObservanceError for one that may not or cannot go.
        ``displaced``: whether this is a copy of the ledger, or an old state, from which nothing goes."""
        self._displaced = displaced
        self._mode = mode.value
        self._closed_until: datetime | None = None  # the way out takes no letter until then, whosever it is
        self._ready = ready
        self._ledger = ledger
        self._clock = clock
        self._changed = threading.Condition()
        self._closing = False
        self._no_more_calls = False
        self._thread: threading.Thread | None = None
        self._forgot_at: datetime | None = None
        self.only_when_called = False  # nothing goes by itself: tests call work_off

    def begin(self) -> None:
        """Start the thread, which also forgets those who did not confirm. Else it starts with the first letter."""
        with self._changed:
            if self._thread is None and not self._closing:
                self._thread = threading.Thread(target=self._run, name="letters", daemon=True)
                self._thread.start()

    def take_up(self, mode: Mode) -> None:
        """Go by another mode, or by other settings of the same."""
        self._mode, self._closed_until = mode.value, None
        self.look()

    def look(self) -> None:
        """A letter may have been asked for; returns at once."""
        with self._changed:
            self._changed.notify()
        if not self.only_when_called:
            self.begin()

    def close(self, seconds: float = 10.0) -> None:
        """Send what is due, for so long; what is left waits in the ledger for the next start."""
        with self._changed:
            self._closing = True
            self._changed.notify()
        if self._thread is not None:
            self._thread.join(seconds)
            self._no_more_calls = True
            self._thread.join(seconds)

    def work_off(self) -> datetime | None:
        """Send what may go now. Returns when to look again, or None when none waits."""
        try:
            self._ledger.transactional_emails.doubt(now=self._clock.now())
            while (letter := self._ledger.transactional_emails.next()) is not None:
                now, opens_at = self._clock.now(), self._closed_until
                if opens_at is None or opens_at - now > PATIENCE:  # longer than it is ever closed for: a clock set back
                    opens_at = now
                go_at = max(letter.try_at, opens_at)
                if go_at > now or self._no_more_calls:
                    return go_at
                self._one(letter)
        except OutOfReach as problem:
            log.warning("letters wait: %s", problem.message, extra={"action": "letters_wait"})
            return self._clock.now() + _LOOK_AGAIN
        return None

    def forget(self) -> None:
        """Once an hour: who signed up and did not confirm is deleted, as the pages promise."""
        now = self._clock.now()
        if self._forgot_at is None or now - self._forgot_at >= _FORGET_EVERY:
            self._forgot_at = now
            try:
                if number := self._ledger.subscribers.forget_unconfirmed(now=now):
                    log.info("%d who did not confirm were deleted", number, extra={"action": "forget"})
            except ObservanceError as problem:
                log.warning("who did not confirm is not deleted yet: %s", problem.message, extra={"action": "forget"})

    def _run(self) -> None:
        while True:
            try:
                next_at = self.work_off()
                self.forget()
            except Exception as error:  # the thread must outlive what nobody foresaw
                next_at = None
                log.error("letters failed: %s", type(error).__name__, extra={"action": "letters_failed"})
            with self._changed:
                if self._closing:
                    return
                wait = min(next_at - self._clock.now(), _LOOK_AGAIN) if next_at else _LOOK_AGAIN
                if wait > timedelta(0):
                    self._changed.wait(wait.total_seconds())

    def _one(self, letter: WaitingLetter) -> None:
        """One letter that may go now: afterwards it has ended, is gone, or waits for a later time."""
        now = self._clock.now()
        subscription = self._ledger.subscribers.get(letter.campaign, letter.subscriber_id)
        if subscription is None or subscription.state not in WANTED_BY[letter.kind]:
            self._ledger.transactional_emails.drop(letter.id)
            return
        if letter.kind is LetterKind.NEW_ADDRESS:
            address = self._ledger.subscribers.new_address(letter.campaign, letter.subscriber_id, now=now)
            if not address:
                self._ledger.transactional_emails.drop(letter.id)
                return
            subscription = replace(subscription, subscriber=replace(subscription.subscriber, address=address))
        held = [hold for hold in self._ledger.holds.in_force() if hold.concerns(letter.campaign)]
        if now - letter.asked_at >= PATIENCE:
            self._give_up(letter, "a hold was in force for a day" if held else "it could not be sent for a day")
            return
        if self._displaced():
            self._close_until(now + _LOOK_AGAIN, now)
            return
        if of_all := [hold for hold in held if hold.channel == ALL_CHANNELS]:
            self._wait_for(of_all, letter, now)
            return
        try:
            ready = self._ready(letter, subscription)
        except OutOfReach:
            raise
        except Exception as error:  # a bad letter must not keep its neighbors
            is_known = isinstance(error, ObservanceError)
            self._give_up(letter, loggable(error) if is_known else f"it could not be made ({loggable(error)})")
            return
        if of_channel := [hold for hold in held if hold.covers(ready.channel, letter.campaign)]:
            self._wait_for(of_channel, letter, now)
        elif (until := self._ledger.calls.refused_until(self._mode, ready.channel, now=now)) is not None:
            self._close_until(until, now)  # the provider said so to an item's call
        elif self._ledger.transactional_emails.take(
            letter.id, token_hash=ready.token_hash, until=now + IN_DOUBT_AFTER, now=now
        ):
            self._settle(letter, self._sent(ready, now))
        else:  # another process was faster; or its reader has changed in this very moment
            self._ledger.transactional_emails.put_off(letter.id, try_at=now + _LOOK_AGAIN)

    def _settle(self, letter: WaitingLetter, outcome: Outcome) -> None:
        now, why = self._clock.now(), in_words(outcome.reasons, outcome.detail)
        if outcome.kind is OutcomeKind.ACCEPTED:
            self._ledger.transactional_emails.end(letter.id, LetterState.SENT, now=now)
            log.info("a letter went out: %s", letter.kind, extra={"action": "letter_sent"})
        elif outcome.kind is OutcomeKind.UNKNOWN:
            self._give_up(letter, why, state=LetterState.UNKNOWN, taken=True)
        elif outcome.kind is OutcomeKind.LATER or outcome.status in _NOT_THE_READERS_FAULT:
            if outcome.status is None or outcome.status in _MONEY_OR_LIMIT | _NOT_THE_READERS_FAULT:
                # No line, a limit, no money, no right: the next letter would fare the same.
                self._close_until(outcome.retry_at or now + TRY_AGAIN_AFTER[0], now)
                log.warning("letters wait: %s", why, extra={"action": "letters_wait"})
            distance = TRY_AGAIN_AFTER[min(letter.tries, len(TRY_AGAIN_AFTER) - 1)]
            try_at = max(outcome.retry_at or now, now + distance)
            if try_at - letter.asked_at < PATIENCE:
                self._ledger.transactional_emails.try_again(letter.id, try_at=try_at, why=why)
            else:
                self._give_up(letter, why, taken=True)
        else:
            self._give_up(letter, why, taken=True)

    def _wait_for(self, holds: Sequence[Hold], letter: WaitingLetter, now: datetime) -> None:
        """All letters wait for a hold of every campaign, and one of them looks; a campaign's own keeps only its own."""
        if any(hold.campaign == ALL_CAMPAIGNS for hold in holds):
            self._close_until(now + _LOOK_AGAIN, now)
        else:
            self._ledger.transactional_emails.put_off(letter.id, try_at=now + _LOOK_AGAIN)

    def _close_until(self, until: datetime, now: datetime) -> None:
        """For a day at most, whatever a provider names."""
        self._closed_until = min(until, now + PATIENCE)

    @staticmethod
    def _sent(ready: Ready, now: datetime) -> Outcome:
        try:
            return ready.transport.send(ready.request, now=now)
        except Exception as error:
            return Outcome(OutcomeKind.UNKNOWN, reasons=(because(ReasonCode.CHANNEL_ERROR, kind=type(error).__name__),))

    def _give_up(
        self, letter: WaitingLetter, why: str, *, state: LetterState = LetterState.GIVEN_UP, taken: bool = False
    ) -> None:
        """Also into the log; the ledger's history names the reader's id: somebody may ask why no mail came."""
        how = "given up" if state is LetterState.GIVEN_UP else "it may have gone"
        log.warning("a letter (%s): %s: %s", letter.kind, how, why, extra={"action": "letter_not_sent"})
        self._ledger.transactional_emails.end(letter.id, state, taken=taken, why=why, now=self._clock.now())
