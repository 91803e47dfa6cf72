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
and never more than :data:`AHEAD` of a call's are not, so that after a power cut it is known how many may be missing.
One flush serves all threads that wait for one; it begins while a few more may be written, so that the next mails go
meanwhile.
"""

from __future__ import annotations

import contextlib
import errno
import logging
import os
import secrets
import socket
import threading
from collections import deque
from collections.abc import Callable, Collection, Iterator
from contextlib import ExitStack
from dataclasses import field
from datetime import datetime
from pathlib import Path
from typing import IO
from urllib.parse import quote, unquote

from ..domain.outcome import Outcome, from_text, to_text
from ..errors import OutOfReach
from ..light_dataclass import dataclass
from .process_lock import lock, lock_within_a_moment, unlock

log = logging.getLogger(__name__)

#: So long a line of a reader may wait for the disk; the flush itself takes its part of the 50 ms that are promised.
GROUP_SECONDS = 0.025
#: At most so many readers' ends of one call are not on the disk.
AHEAD = 10
#: With so many the flush begins. Sooner, it hides a slower disk behind the mails that go meanwhile, and costs more.
SOON = 7
#: A file that has grown beyond this is put away between two passes, and another one begun.
LARGE = 1 << 20
#: What is left of files that the ledger holds whole.
FOLDED = "folded"
SUFFIX = ".journal"
_NO_ROOM = OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


@dataclass(eq=False)
class _File:
    """A file that is written to, and how much of it is on the disk."""

    io: IO[bytes]
    size: int = 0
    written: int = 0  # lines
    flushed: int = 0  # of them
    ahead: dict[str, deque[int]] = field(default_factory=dict)  # call -> lines of its readers, not flushed when written
    failed: OSError | None = None  # its lines may never be on the disk, whatever a second try would say

    def not_flushed(self, attempt: str, number: int) -> deque[int]:
        """The lines of a call's readers that are not on the disk, with this one."""
        if (lines := self.ahead.get(attempt)) is None:
            lines = self.ahead[attempt] = deque()
        lines.append(number)
        while lines[0] <= self.flushed:
            lines.popleft()
        return lines

    def flush_whole(self) -> None:
        """Before it is let go."""
        if self.failed is not None:
            return
        with contextlib.suppress(OSError):
            os.fsync(self.io.fileno())
            self.flushed = self.written


class Journal:
    """One process's own file, begun with its first line. May be used by several threads."""

    def __init__(
        self, folder: Path, ledger_id: str, *, note: Callable[[str, datetime], None] = lambda attempt, at: None
    ) -> None:
        """``note`` is told of each call before it is made, after its line is written; it may raise OSError."""
        self._note = note
        self.folder = folder
        self.ledger_id = ledger_id
        self.node = _new_node()
        self._gate = threading.Lock()
        self._calls = 0  # that may be under way
        self._lock = threading.Lock()
        self._file: _File | None = None
        self._given_up: list[_File] = []  # kept locked: this process lives
        self._flushing = threading.Lock()  # one flush at a time; whoever waits for it may be served by it
        self._dirty = threading.Event()
        self._soon = threading.Event()  # nearly as many lines wait for the disk as may
        self._said: tuple[Outcome | None, str] = None, ""
        self._closing = threading.Event()
        self._flusher: threading.Thread | None = None

    # -- lines ------------------------------------------------------------------------------------------

    def ended(self) -> None:
        """A call for which :meth:`make_ready` was asked has its end, or there is none."""
        with self._gate:
            self._calls -= 1

    def make_ready(self) -> None:
        """Have a file before an intent is committed under the name ``node``, so that a call that is not in it was
        certainly not made. Until :meth:`ended`, which follows whatever comes of it, both stay as they are."""
        with self._gate:
            self._calls += 1
        with self._lock, contextlib.suppress(OSError):  # where there can be none, :meth:`begin` says so
            if self._file is None:
                self._begin_file()

    def begin(self, attempt: str, send_id: str, *, each: bool, at: datetime) -> None:
        """Say that a call is about to be made. Raises OutOfReach when that cannot be written down: make none then."""
        if self._closing.is_set():
            raise OutOfReach("this process ends, and begins no further call")
        self._append(attempt, begun_line(self.ledger_id, Begun(attempt, send_id, each, at)))
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
        before, text = self._said
        if end is not before:  # most of a call's mails end alike: 5 us
            text = to_text(end)
            self._said = end, text
        name = subscriber if subscriber.isascii() and subscriber.isalnum() else quote(subscriber, safe="")
        self._append(attempt, f"R {attempt} {name} {text}", is_one_of_many=True)

    def outcome(self, attempt: str, outcome: Outcome, *, at: datetime) -> None:
        """Say how the call ended. Raises OutOfReach when that cannot be written down."""
        self._append(attempt, f"O {attempt} {at.isoformat()} {to_text(outcome)}")

    # -- the file ---------------------------------------------------------------------------------------

    @property
    def is_large(self) -> bool:
        return self._file is not None and self._file.size > LARGE

    def put_away(self) -> bool:
        """Let go of the file, so that :func:`.replay.replay` may take it; the next line begins another, under another
        name: of what is begun from now on, the files that are let go of say nothing, whoever reads them and when.

        False, and it is kept, while a call of this process is anywhere between its intent and its written end: it would
        be taken for one of a process that has ended."""
        with self._gate, self._lock:
            if self._calls:
                return False
            files, self._given_up = self._given_up, []
            if self._file is not None:
                files.append(self._file)
            self._file, self.node = None, _new_node()
            for one in files:
                one.flush_whole()
                unlock(one.io)
                one.io.close()
            return True

    def close(self) -> None:
        """Begin no further call, let go of the file, and end the thread that flushes it. While a call is under way the
        file is kept, to the end of the process."""
        self._closing.set()
        self._dirty.set()
        self._soon.set()
        if self._flusher is not None:
            self._flusher.join()
            self._flusher = None
        self.put_away()

    def _append(self, attempt: str, line: str, *, is_one_of_many: bool = False) -> None:
        """Write a line about a call, and wait until it is on the disk; for one of many only where too many are not."""
        data = line.encode() + b"\n"
        try:
            with self._lock:
                file = self._file or self._begin_file()
                number = self._write(file, data)
                waiting = 0
                if is_one_of_many:
                    self._stop_what_may_be_lost(attempt)
                    lines = file.not_flushed(attempt, number)
                    waiting, number = len(lines), lines[0]
                else:
                    file.ahead.pop(attempt, None)  # its readers' lines stand before this one
            if is_one_of_many and waiting < AHEAD:
                self._flush_later(at_once=waiting >= SOON)
            else:
                self._flush(file, number)  # the oldest of a call's is enough: one fewer than may be missing are left
        except OSError as problem:
            raise OutOfReach(
                f"the send journal in {self.folder} cannot be written: {problem.strerror}; without it nothing is sent",
                hint="check that the folder may be written to, that its disk has room and is not read-only",
            ) from None

    def _write(self, file: _File, data: bytes) -> int:
        """The number of the line that it is. After half a line the next one begins another file. Raises OSError."""
        try:
            if os.write(file.io.fileno(), data) != len(data):
                raise _NO_ROOM  # a disk that has just become full takes a part
        except OSError:
            self._give_up(file)
            raise
        file.size += len(data)
        file.written += 1
        return file.written

    def _stop_what_may_be_lost(self, attempt: str) -> None:
        """A call some of whose lines were in a file that could not be flushed goes no further. Raises OSError."""
        for file in self._given_up:
            if file.failed is not None and attempt in file.ahead:
                raise file.failed

    def _flush_later(self, *, at_once: bool) -> None:
        if not self._dirty.is_set():
            self._dirty.set()
        if at_once and not self._soon.is_set():
            self._soon.set()

    def _flush(self, file: _File, number: int) -> None:
        """Have a file on the disk up to this line. Lines may be written meanwhile. Raises OSError."""
        with self._flushing:
            with self._lock:
                if file.flushed >= number or file.io.closed:
                    return  # another thread's flush took it along
                written, copy = file.written, os.dup(file.io.fileno())
            try:
                os.fsync(copy)
            except OSError as problem:
                with self._lock:
                    file.failed = problem
                    self._give_up(file)
                raise
            finally:
                os.close(copy)
            file.flushed = max(file.flushed, written)

    def _begin_file(self) -> _File:
        self.folder.mkdir(parents=True, exist_ok=True)
        path = self.folder / f"{quote(self.node.replace(':', '-'), safe='')}-{secrets.token_hex(2)}{SUFFIX}"
        io = os.fdopen(os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_APPEND, 0o600), "r+b", buffering=0)
        self._file = file = _File(io)
        if not lock_within_a_moment(io):  # whoever looks for files that are left has it for an instant
            self._give_up(file)
            raise OSError(errno.EAGAIN, os.strerror(errno.EAGAIN))
        self._write(file, f"J 1 {self.ledger_id} {quote(self.node)} {boot_id() or '-'}\n".encode())
        flush_folder(self.folder)
        if self._flusher is None:
            self._flusher = threading.Thread(target=self._flush_in_groups, name="journal", daemon=True)
            self._flusher.start()
        return file

    def _give_up(self, file: _File) -> None:
        """A file of whose last line nobody knows how much was written."""
        if self._file is file:
            file.flush_whole()
            self._given_up.append(file)
            self._file = None

    def _flush_in_groups(self) -> None:
        while not self._closing.is_set():
            self._dirty.wait()
            self._soon.wait(GROUP_SECONDS)
            if self._closing.is_set():
                return
            self._dirty.clear()
            self._soon.clear()
            with self._lock:
                file, number = self._file, self._file.written if self._file is not None else 0
            if file is None:
                continue
            try:
                self._flush(file, number)
            except OSError as problem:
                log.error("the send journal was not flushed: %s", problem.strerror, extra={"action": "journal"})


def _new_node() -> str:
    return f"{socket.gethostname()}:{os.getpid()}:{secrets.token_hex(4)}"  # a process id comes again


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
    lines: dict[str, str] = field(default_factory=dict)  # by reader, in the order of the call: how it ended for them
    outcome: tuple[datetime, Outcome] | None = None

    @property
    def ends(self) -> dict[str, Outcome]:
        """How it ended for each reader, in the order of the call."""
        found = {}
        for subscriber, line in self.lines.items():
            with contextlib.suppress(ValueError, KeyError, TypeError):  # no line of ours
                found[subscriber] = from_text(line)
        return found


@dataclass
class ReadJournal:
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


def read_pages(file: IO[bytes], ledger_id: str = "", *, ends_of: Collection[str] | None = None) -> ReadJournal:
    """Read a file from its start. What was cut off, or is no line of ours, is left out. ``ledger_id``: only of this
    ledger. ``ends_of``: the calls whose ends are asked for, or all; a mailing to a million leaves a million of them.
    """
    pages = ReadJournal(ledger_id)
    file.seek(0)
    for line in _lines(file):
        if ends_of is not None and not ends_of and line.startswith(b"R "):
            continue
        with contextlib.suppress(ValueError, KeyError, IndexError, TypeError):
            _read_line(pages, line.decode(), ends_of)
    return pages


def _lines(file: IO[bytes]) -> Iterator[bytes]:
    """Each line, without its end. Behind the last line break is one that was not written to its end."""
    rest = b""
    while block := file.read(1 << 16):
        *lines, rest = (rest + block).split(b"\n")
        yield from lines


def _read_line(pages: ReadJournal, line: str, ends_of: Collection[str] | None) -> None:
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
            if ends_of is None or attempt in ends_of:
                pages.calls[attempt].lines[unquote(subscriber)] = end
        case "O":
            attempt, at, outcome = rest.split(" ", 2)
            # Its S may be in a file that was given up.
            call = pages.calls.setdefault(attempt, Begun(attempt, "", False, datetime.fromisoformat(at)))
            if ends_of is None or attempt in ends_of:
                call.outcome = datetime.fromisoformat(at), from_text(outcome)
        case "E":
            ledger_id, address_hash, at = rest.split(" ")
            if ledger_id == pages.ledger_id:
                pages.erased[address_hash] = datetime.fromisoformat(at)


def files_of_same(path: Path) -> Iterator[Path]:
    """A file, and the others of the same process under the same name."""
    return path.parent.glob(f"{path.name.rpartition('-')[0]}-*{SUFFIX}")


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
