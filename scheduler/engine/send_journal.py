"""The send journal: what is about to be called, and how it ended, in plain files beside the ledger.

The ledger is written in transactions, at the price of a flushed disk each; too dear for each reader of a mailing. A
line that was written to a file survives the end of the process that wrote it, however that ends. So each process
appends to a file of its own, and whoever starts next reads what the ledger has not heard of (:mod:`.replay`).

::

    J 1 LEDGER NODE BOOT                  the head: whose file this is, and when the machine was started
    S LEDGER ATTEMPT SEND_ID HOW AT       about to call; HOW is ``one`` (one answer for all) or ``each`` (R follow)
    R ATTEMPT READER KIND [MORE]          how it ended for one reader, written before the next one's mail goes
    O ATTEMPT AT OUTCOME                  how the call ended, until the ledger has it
    E LEDGER HASH AT                      an address was erased: its keyed hash (in ``folded``, for good)

A line counts once its line break is written. ``S`` and ``O`` are flushed to the disk at once; ``R`` within 50 ms,
and never more than :data:`AHEAD` of them are not, so that after a power cut it is known how many may be missing.
"""

from __future__ import annotations

import contextlib
import errno
import logging
import os
import secrets
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import IO
from urllib.parse import quote, unquote

from ..domain.outcome import Outcome, from_text, to_text
from ..errors import OutOfReach
from .process_lock import lock, lock_within_a_moment, unlock

log = logging.getLogger(__name__)

#: So long a line of a reader may wait for the disk; the flush itself takes its part of the 50 ms that are promised.
GROUP_SECONDS = 0.025
#: At most so many readers' ends are not on the disk.
AHEAD = 10
#: A file that has grown beyond this is put away between two passes, and another one begun.
LARGE = 1 << 20
#: What is left of files that the ledger holds whole.
FOLDED = "folded"
SUFFIX = ".journal"
_NO_ROOM = OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


class Journal:
    """One process's own file, begun with its first line. May be used by several threads."""

    def __init__(
        self, folder: Path, ledger_id: str, *, note: Callable[[str, datetime], None] = lambda attempt, at: None
    ) -> None:
        """``note`` is told of each call before it is made, after its line is written; it may raise OSError."""
        self._note = note
        self.folder = folder
        self.ledger_id = ledger_id
        self.node = f"{socket.gethostname()}:{os.getpid()}:{secrets.token_hex(4)}"  # a process id comes again
        self._lock = threading.Lock()
        self._file: IO[bytes] | None = None
        self._given_up: list[IO[bytes]] = []  # kept locked: this process lives
        self._size = 0
        self._unflushed = 0  # lines of readers that are not on the disk
        self._dirty = threading.Event()
        self._closing = threading.Event()
        self._flusher: threading.Thread | None = None

    # -- lines ------------------------------------------------------------------------------------------

    def make_ready(self) -> None:
        """Have a file before an intent is committed, so that a call that is not in it was certainly not made."""
        with self._lock, contextlib.suppress(OSError):  # where there can be none, :meth:`begin` says so
            if self._file is None:
                self._begin_file()

    def begin(self, attempt: str, send_id: str, *, each: bool, at: datetime) -> None:
        """Say that a call is about to be made. Raises OutOfReach when that cannot be written down: make none then."""
        self._append(begun_line(self.ledger_id, Begun(attempt, send_id, each, at)), flush=True)
        try:
            self._note(attempt, at)
        except OSError as problem:
            raise OutOfReach(
                f"the note of the last call outside the project cannot be written: {problem.strerror}; without it "
                "nothing is sent",
                hint="see to the state folder: `doctor` names it",
            ) from None

    def subscriber(self, attempt: str, subscriber: str, end: Outcome) -> None:
        """Say how it ended for one reader. Raises OutOfReach when that cannot be written down: call for no other."""
        self._append(f"R {attempt} {quote(subscriber, safe='')} {to_text(end)}")

    def outcome(self, attempt: str, outcome: Outcome, *, at: datetime) -> None:
        """Say how the call ended. Raises OutOfReach when that cannot be written down."""
        self._append(f"O {attempt} {at.isoformat()} {to_text(outcome)}", flush=True)

    # -- the file ---------------------------------------------------------------------------------------

    @property
    def is_large(self) -> bool:
        return self._size > LARGE

    def put_away(self) -> None:
        """Let go of the file, so that :func:`.replay.replay` may take it; the next line begins another."""
        with self._lock:
            files, self._given_up = self._given_up, []
            file, self._file = self._file, None
            if file is not None:
                with contextlib.suppress(OSError):
                    os.fsync(file.fileno())
                files.append(file)
            self._size = self._unflushed = 0
            for one in files:
                unlock(one)
                one.close()

    def close(self) -> None:
        """Let go of the file, and end the thread that flushes it."""
        self._closing.set()
        self._dirty.set()
        if self._flusher is not None:
            self._flusher.join()
            self._flusher = None
        self.put_away()

    def _append(self, line: str, *, flush: bool = False) -> None:
        data = line.encode() + b"\n"
        with self._lock:
            try:
                file = self._file or self._begin_file()
                if os.write(file.fileno(), data) != len(data):
                    raise _NO_ROOM  # a disk that has just become full takes a part
                self._size += len(data)
                if flush or self._unflushed + 1 >= AHEAD:
                    os.fsync(file.fileno())
                    self._unflushed = 0
                else:
                    self._unflushed += 1
                    self._dirty.set()
            except OSError as problem:
                self._give_up()
                raise OutOfReach(
                    f"the send journal in {self.folder} cannot be written: {problem.strerror}; without it nothing is "
                    "sent",
                    hint="check that the folder may be written to, that its disk has room and is not read-only",
                ) from None

    def _begin_file(self) -> IO[bytes]:
        self.folder.mkdir(parents=True, exist_ok=True)
        path = self.folder / f"{quote(self.node.replace(':', '-'), safe='')}-{secrets.token_hex(2)}{SUFFIX}"
        file = os.fdopen(os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_APPEND, 0o600), "r+b", buffering=0)
        self._file, self._size = file, 0
        if not lock_within_a_moment(file):  # whoever looks for files that are left has it for an instant
            raise OSError(errno.EAGAIN, os.strerror(errno.EAGAIN))
        head = f"J 1 {self.ledger_id} {quote(self.node)} {boot_id() or '-'}\n".encode()
        if os.write(file.fileno(), head) != len(head):
            raise _NO_ROOM
        flush_folder(self.folder)
        if self._flusher is None:
            self._flusher = threading.Thread(target=self._flush_in_groups, name="journal", daemon=True)
            self._flusher.start()
        return file

    def _give_up(self) -> None:
        """After a line of which nobody knows how much was written: the next one begins another file."""
        if self._file is not None:
            self._given_up.append(self._file)
            self._file, self._size, self._unflushed = None, 0, 0

    def _flush_in_groups(self) -> None:
        while not self._closing.is_set():
            self._dirty.wait()
            if self._closing.wait(GROUP_SECONDS):
                return
            self._dirty.clear()
            with self._lock:
                file, before = self._file, self._unflushed
                if file is None or not before:
                    continue
                try:
                    copy = os.dup(file.fileno())  # flushed without the lock: the next line need not wait
                except OSError:
                    continue
            try:
                os.fsync(copy)
            except OSError as problem:
                log.error("the send journal was not flushed: %s", problem.strerror, extra={"action": "journal"})
                continue
            finally:
                os.close(copy)
            with self._lock:
                if self._file is file:
                    self._unflushed = max(0, self._unflushed - before)


def boot_id() -> str:
    """What names the present run of this machine; empty where the system does not say."""
    try:
        return Path("/proc/sys/kernel/random/boot_id").read_text(encoding="ascii").strip()
    except (OSError, ValueError):
        return ""


def flush_folder(folder: Path) -> None:
    """Make new names survive a power cut."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def write_whole(path: Path, data: bytes) -> None:
    """Put a file of the owner's own in the place of another one, whole or not at all. Raises OSError."""
    half = path.with_name(f"{path.name}.{secrets.token_hex(4)}.part")
    with os.fdopen(os.open(half, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    half.replace(path)


# -- reading --------------------------------------------------------------------------------------------


@dataclass
class Begun:
    """A call that was about to be made, and what is known of it."""

    attempt: str
    send_id: str
    each: bool
    at: datetime
    ends: dict[str, Outcome] = field(default_factory=dict)  # by reader, in the order of the call
    outcome: tuple[datetime, Outcome] | None = None


@dataclass
class Pages:
    """A file, read."""

    ledger_id: str = ""
    node: str = ""
    boot: str = ""
    calls: dict[str, Begun] = field(default_factory=dict)  # by attempt, in order
    erased: dict[str, datetime] = field(default_factory=dict)  # by keyed hash

    @property
    def last(self) -> Begun | None:
        """The call that was begun last."""
        return max(self.calls.values(), key=lambda call: call.at, default=None)


def begun_line(ledger_id: str, call: Begun) -> str:
    how = "each" if call.each else "one"
    return f"S {ledger_id} {call.attempt} {quote(call.send_id, safe='')} {how} {call.at.isoformat()}"


def erased_line(ledger_id: str, address_hash: str, at: datetime) -> str:
    return f"E {ledger_id} {address_hash} {at.isoformat()}"


def read_pages(data: bytes, ledger_id: str = "") -> Pages:
    """Read a file. What was cut off, or is no line of ours, is left out. ``ledger_id``: only of this ledger."""
    pages = Pages(ledger_id)
    for line in data.split(b"\n")[:-1]:  # behind the last line break is a line that was not written to its end
        with contextlib.suppress(ValueError, KeyError, IndexError, TypeError):
            _read_line(pages, line.decode())
    return pages


def _read_line(pages: Pages, line: str) -> None:
    kind, _, rest = line.partition(" ")
    match kind:
        case "J":
            _, pages.ledger_id, node, pages.boot = rest.split(" ")
            pages.node = unquote(node)
        case "S":
            ledger_id, attempt, send_id, how, at = rest.split(" ")
            if ledger_id == pages.ledger_id:
                begun = Begun(attempt, unquote(send_id), how == "each", datetime.fromisoformat(at))
                pages.calls[attempt] = begun
        case "R":
            attempt, subscriber, end = rest.split(" ", 2)
            pages.calls[attempt].ends[unquote(subscriber)] = from_text(end)
        case "O":
            attempt, at, outcome = rest.split(" ", 2)
            call = pages.calls.setdefault(attempt, Begun(attempt, "", False, datetime.fromisoformat(at)))
            call.outcome = datetime.fromisoformat(at), from_text(outcome)  # its S may be in a file that was given up
        case "E":
            ledger_id, address_hash, at = rest.split(" ")
            if ledger_id == pages.ledger_id:
                pages.erased[address_hash] = datetime.fromisoformat(at)


def files_left(folder: Path, held: ExitStack) -> Iterator[tuple[Path, IO[bytes]]]:
    """The files of processes that have ended, oldest first; each stays locked as long as ``held``."""
    try:
        found = sorted(folder.glob(f"*{SUFFIX}"), key=lambda p: (p.stat().st_mtime_ns, p.name))
    except OSError:
        return
    for path in found:
        try:
            file = held.enter_context(path.open("r+b", buffering=0))
        except OSError:
            continue  # folded by another process a moment ago
        if lock(file):
            held.callback(unlock, file)
            if path.exists():
                yield path, file
