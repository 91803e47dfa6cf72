"""Whether the way to leave works: the address in each mail's unsubscribe link is asked for a page of this very ledger.

RFC 8058 has mail programs post to it, without a redirect; people open it. Both are tried, below the same path, at an
address that is no reader's. The answer holds a proof that only this ledger's pages can give.
"""

from __future__ import annotations

import logging
import secrets
import threading
from collections.abc import Callable
from datetime import timedelta
from typing import TYPE_CHECKING

from ..clock import Clock, MachineClock
from ..domain.leave_page import ASKED, CONFIRMED, Found, LeavePage, is_confirmed, last_found
from ..domain.reason import Reason, ReasonCode, because
from ..domain.records import Delivery
from ..domain.season_key import SeasonKey
from ..errors import ObservanceError

if TYPE_CHECKING:
    from ..store import Ledger

log = logging.getLogger(__name__)

#: How long ahead of a mailing the address is asked.
AHEAD = timedelta(minutes=30)
#: How long an answer is believed: a good one through most mailings, another for a moment.
GOOD_FOR, BAD_FOR = timedelta(minutes=10), timedelta(seconds=15)


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
        if found.page is LeavePage.UNSEEN and not self._is_confirmed(delivery.season_key):
            return because(ReasonCode.LEAVE_PAGE_UNSEEN, says=found.detail)
        return None

    def _is_confirmed(self, key: SeasonKey) -> bool:
        if key not in self._confirmed:
            if not is_confirmed(self._ledger.events.of_kinds(CONFIRMED), self._public_url, key):
                return False
            self._confirmed.add(key)
        return True

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
