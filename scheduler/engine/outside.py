"""What is held against the world outside before anything is sent: the machine's clock, and the way to leave.

Whether the clock may be believed: everything here goes by it, and one that is wrong sends a day early, or misses one.
Two things are held against it. A provider says in each answer what time it is; it is asked before the first live call,
and again when the clock was set or the machine slept. And the ledger knows instants that have been: a clock that is
behind them is wrong now, or was wrong then.

Whether the way to leave works: the address in each mail's unsubscribe link is asked for a page of this very ledger.

RFC 8058 has mail programs post to it, without a redirect; people open it. Both are tried, below the same path, at an
address that is no reader's. The answer holds a proof that only this ledger's pages can give.
"""

from __future__ import annotations

import logging
import secrets
import threading
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from ..clock import CLOCK_TOLERANCE, Clock, MachineClock
from ..domain.clock_state import RIGHT, WRONG, clock_words, wrong_hosts
from ..domain.leave_page import ASKED, CONFIRMED, Found, LeavePage, is_confirmed, last_found
from ..domain.reason import Reason, ReasonCode, because
from ..domain.records import Delivery
from ..domain.season_key import SeasonKey
from ..errors import ObservanceError

if TYPE_CHECKING:
    from ..store import Ledger

log = logging.getLogger(__name__)

#: The wall clock moved by more than this against the time since the machine was started: it was set.
STEP = timedelta(minutes=1)
#: Not looked at for longer than this: the machine slept, or stood still.
GAP = timedelta(minutes=10)
#: How often a provider is asked while its clock and this one differ, and while it does not say.
ASK_AGAIN, ASK_THE_SILENT_AGAIN = timedelta(minutes=1), timedelta(minutes=10)
#: How long ahead of a mailing the address is asked.
AHEAD = timedelta(minutes=30)
#: How long an answer is believed: a good one through most mailings, another for a moment.
GOOD_FOR, BAD_FOR = timedelta(minutes=10), timedelta(seconds=15)


class ClockCheck:
    """One for a process, shared by its lanes: one looks, and the others go by what was found before."""

    def __init__(
        self,
        ledger: Ledger,
        clock: Clock,
        machine: MachineClock,
        providers: Sequence[str],
        ask: Callable[[str], datetime | None],
        *,
        host: str,
        pretended: bool = False,
    ) -> None:
        """``clock``: by which things are due. ``machine``: the machine's own, which alone is compared.
        ``providers``: addresses; ``ask`` gives the time that one tells, or None. ``host``: this machine's name.
        ``pretended``: the two clocks are not the same."""
        self._ledger = ledger
        self._clock = clock
        self._machine = machine
        self._providers = tuple(providers)
        self._ask = ask
        self._host = host
        self._pretended = pretended
        self._drift: float | None = None
        self._looked_at = 0.0  # by the time since boot, as all that begins with an underscore and ends so
        self._ask_at: float | None = 0.0  # None: it is known to be right
        self._wrong: Reason | None = None
        self._left_wrong: bool | None = None
        self._told = False  # the history says what is known here
        self._noticing, self._one_at_a_time = threading.Lock(), threading.Lock()

    def look(self, *, pressing: bool) -> Reason | None:
        """Why nothing may be sent now. ``pressing``: something is due, so a provider is asked where that is needed."""
        with self._noticing:
            self._notice_steps()
        # Where a provider has to be asked first, all wait; while one that was silent is asked again, nobody does.
        if not self._one_at_a_time.acquire(blocking=self._ask_at == 0.0):
            return self._wrong
        try:
            return self._look(pressing)
        finally:
            self._one_at_a_time.release()

    def _notice_steps(self) -> None:
        boot = self._machine.since_boot()
        drift, before, gap = self._machine.now().timestamp() - boot, self._drift, boot - self._looked_at
        self._drift, self._looked_at = drift, boot
        # The clock moved by itself since the last look, or nobody looked for a while.
        if before is None or abs(drift - before) >= STEP.total_seconds() or gap >= GAP.total_seconds():
            self._ask_at, self._told = 0.0, False

    def _look(self, pressing: bool) -> Reason | None:
        if self._providers and self._ask_at is not None and self._machine.since_boot() >= self._ask_at:
            if pressing or self._wrong is not None or self._behind() is not None or self._was_left_wrong():
                self._ask_them()
        if self._wrong is not None:
            return self._wrong
        behind = self._behind()
        if behind is not None and self._ask_at is None and not self._pretended:
            self._write_down(RIGHT, self._machine.now())  # it was ahead when it wrote those
            return None
        return behind

    def answered(self, date: datetime) -> None:
        """A provider has said what time it is, beside an answer to something else."""
        off = self._machine.now() - date
        if abs(off) < CLOCK_TOLERANCE:
            self._wrong, self._ask_at = None, None
        else:
            self._wrong = because(ReasonCode.CLOCK_WRONG, seconds=round(off.total_seconds()), host=self._host)
            self._ask_at = self._machine.since_boot() + ASK_AGAIN.total_seconds()

    def _was_left_wrong(self) -> bool:
        """Whether the history has it that this machine's clock is wrong, from a process before this one."""
        if self._left_wrong is None:
            self._left_wrong = self._host in wrong_hosts(self._ledger.events.of_kinds(WRONG, RIGHT))
        return self._left_wrong

    def _ask_them(self) -> None:
        was_wrong = self._wrong is not None
        date = next(filter(None, map(self._ask, self._providers)), None)
        if date is None:
            self._ask_at = self._machine.since_boot() + ASK_THE_SILENT_AGAIN.total_seconds()
            return
        self.answered(date)
        if self._wrong is not None:
            if not was_wrong:
                log.error("%s", clock_words(self._wrong), extra={"action": "clock_wrong"})
                self._told = False
            self._write_down(WRONG, date, seconds=self._wrong.fields["seconds"])
        elif was_wrong or self._was_left_wrong():
            self._told = self._left_wrong = False
            self._write_down(RIGHT, date)

    def _behind(self) -> Reason | None:
        now, newest = self._clock.now(), self._ledger.events.newest_at()
        behind = (newest or now) - now
        is_behind = behind > CLOCK_TOLERANCE
        return because(ReasonCode.CLOCK_BEHIND, seconds=round(behind.total_seconds())) if is_behind else None

    def _write_down(self, kind: str, at: datetime, **data: object) -> None:
        """Once for each time that it changes, at the instant that the provider tells."""
        if self._told:
            return
        try:
            self._ledger.events.record(kind, who="clock", now=at, host=self._host, **data)
            self._told = True
        except ObservanceError as problem:
            log.error("that could not be written down: %s", problem.message, extra={"action": "clock_checked"})


class LeaveCheck:
    """One for a process. It keeps the last answer, so that a mailing is asked about once and not for each batch."""

    def __init__(
        self,
        ledger: Ledger,
        public_url: str,
        look: Callable[[str], Found],
        clock: Clock,
        machine: MachineClock,
        *,
        trusted: bool = False,
    ) -> None:
        """``look`` asks the address to answer a number. ``trusted``: it is not asked, and mails go."""
        self._ledger = ledger
        self._public_url = public_url
        self._look = look
        self._clock = clock
        self._machine = machine
        self._trusted = trusted
        self._found: Found | None = None
        self._until = 0.0  # by the machine's time since it was started
        self._confirmed: set[SeasonKey] = set()
        self._one_at_a_time = threading.Lock()

    @property
    def was_bad(self) -> bool:
        """Whether the last answer was none that lets mails go by itself."""
        return self._found is not None and self._found.is_bad

    def ask(self) -> Found:
        """How the address answers, or did a moment ago. A change goes into the history."""
        if self._trusted:
            return Found(LeavePage.NOT_ASKED)
        with self._one_at_a_time:
            if self._found is None or self._machine.since_boot() >= self._until:
                self._found = self._look(secrets.token_hex(16))
                believed = BAD_FOR if self._found.is_bad else GOOD_FOR
                self._until = self._machine.since_boot() + believed.total_seconds()
                self._write_down(self._found)
            return self._found

    def stands_in_the_way(self, delivery: Delivery) -> Reason | None:
        """Why a mail waits. A post has no way to leave, and needs none."""
        if delivery.kind != "email":
            return None
        found = self.ask()
        if found.page is LeavePage.WRONG:
            return because(ReasonCode.LEAVE_PAGE_DOWN, says=found.detail)
        key = delivery.season_key
        if found.page is not LeavePage.UNSEEN or key in self._confirmed:
            return None
        if not is_confirmed(self._ledger.events.of_kinds(CONFIRMED), self._public_url, key):
            return because(ReasonCode.LEAVE_PAGE_UNSEEN, says=found.detail)
        self._confirmed.add(key)
        return None

    def _write_down(self, found: Found) -> None:
        if found.page is LeavePage.NOT_ASKED:
            return
        try:
            before = last_found(self._ledger.events.of_kinds(ASKED), self._public_url) or Found(LeavePage.GOOD)
            if before.page is found.page:
                return
            log.log(
                logging.WARNING if found.is_bad else logging.INFO,
                "the page by which readers leave is %s%s",
                found.page,
                f": {found.detail}" if found.detail else "",
                extra={"action": "leave_page_asked"},
            )
            self._ledger.events.record(
                ASKED,
                who="tick",
                now=self._clock.now(),
                address=self._public_url,
                found=str(found.page),
                detail=found.detail,
            )
        except ObservanceError as problem:
            log.error("that could not be written down: %s", problem.message, extra={"action": "leave_page_asked"})
