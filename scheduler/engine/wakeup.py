"""A bell that one thread waits for and others ring."""

from __future__ import annotations

import contextlib
import select
import socket

#: Nobody may sleep through a clock that was set for longer than this.
_LONGEST = 60.0


def nap(seconds: float) -> None:
    """Wait for a length of time, whatever becomes of the clocks meanwhile."""
    select.select([], [], [], seconds)


class WakeEvent:
    """Like :class:`threading.Event`, but it waits in ``select``.

    An Event waits for a reading of the monotonic clock, and never wakes where a tool for tests (libfaketime) has
    moved that clock; ``select`` waits for a length of time. It can also be rung from a signal handler.
    """

    def __init__(self) -> None:
        self._ear, self._clapper = socket.socketpair()
        self._ear.setblocking(False)
        self._clapper.setblocking(False)

    def wait(self, timeout: float | None = None) -> bool:
        """Wait for a ring, ``timeout`` seconds at most, and never longer than a minute. Whether it rang."""
        timeout = _LONGEST if timeout is None else min(max(0.0, timeout), _LONGEST)
        return bool(select.select([self._ear], [], [], timeout)[0])

    def set(self) -> None:
        """Ring."""
        with contextlib.suppress(BlockingIOError, OSError):  # it has been rung already, or is closed
            self._clapper.send(b"!")

    def is_set(self) -> bool:
        return self.wait(0)

    def clear(self) -> None:
        with contextlib.suppress(BlockingIOError):
            while self._ear.recv(4096):
                pass

    def close(self) -> None:
        self._ear.close()
        self._clapper.close()
