"""Writes down every twenty seconds that this process is alive, and how it is: see :mod:`scheduler.domain.sender`.

In a thread of its own: a mailing to many readers is one long pass, and a process in it is alive all the same. Whether
passes are made is another question, and has a column of its own.
"""

from __future__ import annotations

import logging
import os
import secrets
import socket
import threading
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING, Any

from .. import VERSION
from ..clock import Clock
from ..domain.sender import HEARTBEAT_EVERY, Sender
from ..errors import loggable
from .wakeup import WakeEvent

if TYPE_CHECKING:
    from ..store import Ledger

log = logging.getLogger(__name__)


def this_process(kind: str, *, mode: str, settings_fingerprint: str, campaigns: Sequence[str], now: datetime) -> Sender:
    """The row of the process that asks."""
    return Sender(
        key=secrets.token_hex(16),
        kind=kind,
        pid=os.getpid(),
        host=socket.gethostname(),
        version=VERSION,
        mode=mode,
        settings_fingerprint=settings_fingerprint,
        campaigns=tuple(campaigns),
        started_at=now,
        last_seen_at=now,
    )


class Heartbeat:
    """Keeps the row of this process. A database that is away is no trouble of its own: the passes say it."""

    def __init__(self, ledger: Ledger, sender: Sender, clock: Clock) -> None:
        self._ledger = ledger
        self.sender = sender  # what it says of this process
        self._clock = clock
        self._lock = threading.Lock()
        self._bell = WakeEvent()
        self._ending = threading.Event()  # never waited for, only looked at
        self._thread = threading.Thread(target=self._run, name="heartbeat", daemon=True)

    def start(self) -> None:
        """Write the row from here on, the first time at once, in the background."""
        self._thread.start()

    def change(self, **fields: Any) -> None:
        """Say something else of this process, soon."""
        with self._lock:
            self.sender = replace(self.sender, **fields)
        self._bell.set()

    def passed(self, at: datetime) -> None:
        """A pass has ended; it is written with the next heartbeat."""
        with self._lock:
            self.sender = replace(self.sender, last_pass_at=at)

    def close(self, seconds: float = 5.0) -> None:
        """Say that this process ends, as it should. A database that is away does not keep it longer."""
        self._ending.set()
        self._bell.set()
        if self._thread.ident is not None:  # it was begun
            self._thread.join(seconds)
        if not self._thread.is_alive():
            self._bell.close()

    def _run(self) -> None:
        logged = ""
        while True:
            is_last = self._ending.is_set()  # looked at before the row is written: the last one says the end
            wrong = self._write(is_last)
            if wrong and wrong != logged:
                log.warning("the heartbeat could not be written down: %s", wrong, extra={"action": "heartbeat_failed"})
            logged = wrong
            if is_last:
                return
            self._bell.wait(HEARTBEAT_EVERY.total_seconds())
            self._bell.clear()

    def _write(self, is_last: bool) -> str:
        """Empty when it was written, else why not."""
        now = self._clock.now()
        with self._lock:
            self.sender = sender = replace(self.sender, last_seen_at=now, ended_at=now if is_last else None)
        try:
            self._ledger.senders.keep(sender)
        except Exception as problem:
            return loggable(problem)
        return ""
