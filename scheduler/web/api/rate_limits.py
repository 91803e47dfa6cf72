"""So many requests within a span of time, by name; counted in this process.

A key that is good is never refused for what strangers try: 256 random bits are not guessed, and where a server stands
in front all networks look like one. What is limited is the noise of tries that fail, and each key by itself.
"""

from __future__ import annotations

import math
import threading
from collections.abc import Callable

#: Requests of one key within a minute.
OF_A_KEY = 240
#: Requests without a good key, from one network, within a minute.
OF_STRANGERS = 30
SECONDS = 60.0
#: So many names are remembered; beyond that the oldest are forgotten.
NAMES = 10_000


class Limit:
    """At most ``most`` within ``seconds``, in spans that begin with a name's first request."""

    def __init__(self, most: int, monotonic: Callable[[], float], *, seconds: float = SECONDS) -> None:
        self.most = most
        self._seconds, self._monotonic = seconds, monotonic
        self._since: dict[str, tuple[float, int]] = {}
        self._lock = threading.Lock()

    def take(self, name: str) -> int:
        """Count one more. 0 when it is within the limit, else how many seconds to wait."""
        now = self._monotonic()
        with self._lock:
            began, count = self._since.get(name, (now, 0))
            if now - began >= self._seconds:
                began, count = now, 0
            if count >= self.most:
                return max(1, math.ceil(began + self._seconds - now))
            self._since.pop(name, None)  # the newest stand last
            self._since[name] = (began, count + 1)
            while len(self._since) > NAMES:
                self._since.pop(next(iter(self._since)))
        return 0
