"""How many processes were killed in this run of the tests."""

from __future__ import annotations

import signal
from collections import Counter

KILLS: Counter[str] = Counter()


def counted(status: int) -> int:
    """A process's end, passed on; SIGKILL is counted."""
    KILLS["processes"] += status == -signal.SIGKILL
    return status
