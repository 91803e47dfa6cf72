"""What this process made of files, for as long as the files stay as they were."""

from __future__ import annotations

import os
from collections.abc import Callable, Hashable
from pathlib import Path
from typing import Generic, TypeVar

T = TypeVar("T")
Stamp = tuple[int, int, int, int]


def stamp_of(file: Path | os.DirEntry[str]) -> Stamp | None:
    """What changes when a file does; ``ctime`` does where somebody gives a file its old time back. None for one that
    cannot be looked at."""
    try:
        found = file.stat()
    except OSError:
        return None
    return found.st_ino, found.st_size, found.st_mtime_ns, found.st_ctime_ns


class WhileUnchanged(Generic[T]):
    """Values by key, each with the stamps of all that it was made from."""

    def __init__(self, most: int = 32) -> None:
        self._most = most
        self._known: dict[Hashable, tuple[object, T]] = {}

    def of(self, key: Hashable, stamp: object, make: Callable[[], T]) -> T:
        """What is known under a key, or what ``make`` makes. ``stamp``: taken before the files are read, so that a
        change meanwhile is seen the next time."""
        known = self._known.get(key)
        if known is None or known[0] != stamp:
            if len(self._known) >= self._most:
                self._known.clear()
            known = self._known[key] = stamp, make()
        return known[1]
