"""Whether the clock may be believed. Everything here goes by it: one that is wrong sends a day early, or misses one.

Two things are held against it. A provider says in each answer what time it is; it is asked before the first live call,
and again when the clock was set or the machine slept. And the ledger knows instants that have been: a clock that is
behind them is wrong now, or was wrong then.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from ..clock import CLOCK_TOLERANCE, Clock, MachineClock
from ..domain.clock_state import RIGHT, WRONG, clock_words, wrong_hosts
from ..domain.reason import Reason, ReasonCode, because
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


class ClockCheck:
    """One for a process; not to be shared by threads."""

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
        self._newest: tuple[int, datetime | None] | None = None

    def look(self, *, pressing: bool) -> Reason | None:
        """Why nothing may be sent now. ``pressing``: something is due, so a provider is asked where that is needed."""
        boot = self._machine.since_boot()
        if self._was_set(boot):
            self._ask_at, self._told = 0.0, False
        if self._providers and self._ask_at is not None and boot >= self._ask_at:
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

    def _was_set(self, boot: float) -> bool:
        """Whether the clock moved by itself since the last look, or nobody looked for a while."""
        drift, before, gap = self._machine.now().timestamp() - boot, self._drift, boot - self._looked_at
        self._drift, self._looked_at = drift, boot
        return before is None or abs(drift - before) >= STEP.total_seconds() or gap >= GAP.total_seconds()

    def _ask_them(self) -> None:
        was_wrong = self._wrong is not None
        for provider in self._providers:
            date = self._ask(provider)
            if date is None:
                continue
            self.answered(date)
            if self._wrong is not None and not was_wrong:
                log.error("%s", clock_words(self._wrong), extra={"action": "clock_wrong"})
                self._told = False
            if self._wrong is not None:
                self._write_down(WRONG, date, seconds=self._wrong.fields["seconds"])
            elif was_wrong or self._was_left_wrong():
                self._told = self._left_wrong = False
                self._write_down(RIGHT, date)
            return
        self._ask_at = self._machine.since_boot() + ASK_THE_SILENT_AGAIN.total_seconds()

    def _behind(self) -> Reason | None:
        version = self._ledger.events.version()
        if self._newest is None or self._newest[0] != version:
            self._newest = version, self._ledger.events.newest_at()
        newest = self._newest[1]
        behind = newest - self._clock.now() if newest is not None else timedelta(0)
        if behind <= CLOCK_TOLERANCE:
            return None
        return because(ReasonCode.CLOCK_BEHIND, seconds=round(behind.total_seconds()))

    def _write_down(self, kind: str, at: datetime, **data: object) -> None:
        """Once for each time that it changes, at the instant that the provider tells."""
        if self._told:
            return
        try:
            self._ledger.events.record(kind, who="clock", now=at, host=self._host, **data)
            self._told, self._newest = True, None
        except ObservanceError as problem:
            log.error("that could not be written down: %s", problem.message, extra={"action": "clock_checked"})
