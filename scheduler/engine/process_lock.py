"""One SQLite file, one owner: the process that sends from it.

Two alarms on one file would not send twice, the ledger sees to that; but two on two copies of it would. The lock
belongs to the operating system and goes with the process, however it ends: what is written in the lock file is for
people, and nobody has to guess whether a process id is still alive.
"""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import IO

from ..errors import NeedsAPerson, OutOfReach
from .wakeup import nap

_TRIES, _BETWEEN_TRIES = 4, 0.05  # seconds


class HeldByAnother(NeedsAPerson):
    """Another process sends from this database."""


@contextmanager
def lock_database(database: Path | None, *, now: datetime) -> Iterator[None]:
    """Own the SQLite file ``database`` while the block runs; None (PostgreSQL, memory) owns nothing.

    Raises :class:`HeldByAnother`, with who holds it since when, while another process does.
    """
    if database is None:
        yield
        return
    path = _lock_of(database)
    with _open(path) as file:
        if not lock_within_a_moment(file):
            raise HeldByAnother(
                f"{database} is in use: {_owner(path)}",
                hint="stop that process first, or let it run: it sends what is due",
            )
        owner = {"pid": os.getpid(), "host": socket.gethostname(), "since": now.isoformat()}
        _write(file, json.dumps(owner) + "\n")
        try:
            yield
        finally:
            _write(file, "")
            unlock(file)


def lock_holder(database: Path) -> str | None:
    """Who holds the file now, in words; None when nobody does."""
    path = _lock_of(database)
    if not path.exists():
        return None
    with _open(path, write=False) as file:  # a disk that became read-only can be asked too
        return None if lock(file) else _owner(path)  # closing lets go of it


def _lock_of(database: Path) -> Path:
    """Beside the file itself: by whatever link it is reached, there is one lock."""
    file = Path(os.path.realpath(database))
    return file.with_name(file.name + ".lock")


def lock_within_a_moment(file: IO[bytes]) -> bool:
    """Try a few times: who looks who holds it (:func:`lock_holder`) has the lock for an instant, and is no owner."""
    for _ in range(_TRIES):
        if lock(file):
            return True
        nap(_BETWEEN_TRIES)
    return False


def _open(path: Path, *, write: bool = True) -> IO[bytes]:
    try:
        if not write:
            return path.open("rb", buffering=0)
        path.parent.mkdir(parents=True, exist_ok=True)
        # Unbuffered: what a full disk refused would be tried again, and refused again, at closing.
        return os.fdopen(os.open(path, os.O_RDWR | os.O_CREAT, 0o600), "r+b", buffering=0)
    except OSError as problem:
        raise OutOfReach(
            f"the lock file {path} cannot be opened: {problem.strerror}",
            hint="check that the folder exists and may be written to, that its disk has room and is not read-only",
        ) from None


def _write(file: IO[bytes], words: str) -> None:
    """The lock holds without these words, as on a full disk."""
    with contextlib.suppress(OSError):
        file.seek(0)
        file.truncate()
        file.write(words.encode())


def _owner(path: Path) -> str:
    try:
        owner = json.loads(path.read_text(encoding="utf-8"))
        return f"process {owner['pid']} on {owner['host']}, since {owner['since'][:16].replace('T', ' ')} UTC"
    except (OSError, ValueError, KeyError, TypeError):
        return "by another process"


def lock(file: IO[bytes]) -> bool:
    """Whether the file is this process's own now."""
    try:
        fcntl.flock(file.fileno(), fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True


def unlock(file: IO[bytes]) -> None:
    """Let others have it."""
    with contextlib.suppress(OSError):
        fcntl.flock(file.fileno(), fcntl.LOCK_UN)
