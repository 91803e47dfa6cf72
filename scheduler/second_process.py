"""Work of many parts, shared with a second process where this machine has a second processor.

Reading a season for the first time is one long piece of work of thirty parts and more, of which none waits for another.
A command that reads a season and then ends may call in a copy of its own process for it: each of the two takes the next
part that nobody has, until none is left. What is found goes by the part alone, whoever took it, so the result is the
same, and what it notes for later commands on the way it tells the first one. Whatever the second process cannot do, for
whatever reason, the first one does again; so what is wrong is said by the one process that people see, in full.
"""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, NoReturn, Protocol, TypeVar

P = TypeVar("P")
R = TypeVar("R")
#: With fewer items of a season there is too little to do for two.
MANY_ITEMS = 4
#: Of a pipe's capacity, which holds the numbers of all parts before anybody takes one.
_MOST = 4_000
_WIDTH = 4
_IS_ALLOWED = [False]


class Notes(Protocol):
    """What is noted for later commands while work is done."""

    def begin_to_tell(self) -> None:
        """From here on this process is the second one: it writes nothing, and tells what is new."""

    def news(self) -> Any:
        """What came since, in plain values."""

    def hear(self, news: Any) -> None:
        """In the first process: what the second one tells."""


_NOTES: list[Notes] = []


def share_notes(notes: Notes) -> None:
    """From here on a second process tells of them, too."""
    if not any(known is notes for known in _NOTES):
        _NOTES.append(notes)


def allow_second_process() -> None:
    """For a process that ends with its command: it has no threads, and nobody's questions wait for it."""
    _IS_ALLOWED[0] = True


def _may_share(parts: int) -> bool:
    if not (_IS_ALLOWED[0] and 1 < parts <= _MOST and sys.platform == "linux" and _processors() > 1):
        return False
    import threading  # what follows is paid for by those who share

    return threading.active_count() == 1


def _processors() -> float:
    """Those that this process may use: a container may have a part of one."""
    allowed = len(os.sched_getaffinity(0))
    try:
        with open("/sys/fs/cgroup/cpu.max", encoding="ascii") as file:
            most, of = file.read().split()
        return min(allowed, int(most) / int(of))
    except (OSError, ValueError):  # "max": no such bound
        return allowed


@contextmanager
def shared(
    work: Callable[[P], R],
    parts: Sequence[P],
    *,
    is_long: bool,
    progress: Callable[[int, int], None] | None = None,
) -> Iterator[Callable[[], list[R]]]:
    """Begin with ``work`` on each part in the second process. The function that is yielded goes on with it here until
    all is done, and gives what was made, in the order of the parts. Work that is not ``is_long`` is done here alone.
    """
    may = is_long and _may_share(len(parts))
    second = _Second(lambda number: work(parts[number]), len(parts)) if may else None

    def done() -> list[R]:
        made: dict[int, R] = {}
        for number in second.numbers() if second is not None else range(len(parts)):
            made[number] = work(parts[number])
            if progress is not None:
                progress(number + 1, len(parts))
        if second is not None and (found := second.found()) is not None:
            theirs, told = found
            made |= theirs
            for notes, news in zip(second.notes, told, strict=True):
                notes.hear(news)
        return [made[number] if number in made else work(part) for number, part in enumerate(parts)]

    try:
        yield done
    finally:
        if second is not None:
            second.end()


class _Second:
    """The second process, from its start to its end."""

    def __init__(self, work: Callable[[int], Any], count: int) -> None:
        self._first, self.notes = os.getpid(), (*_NOTES,)
        self._parts, numbers = os.pipe()
        self._made = os.memfd_create("made")  # nobody waits for whoever writes to it
        os.write(numbers, b"".join(number.to_bytes(_WIDTH, "big") for number in range(count)))
        os.close(numbers)
        self._process = os.fork()
        if not self._process:
            self._work_and_end(work)

    def numbers(self) -> Iterator[int]:
        """Of parts that nobody else has, for whichever process asks."""
        while taken := os.read(self._parts, _WIDTH):
            yield int.from_bytes(taken, "big")

    def _work_and_end(self, work: Callable[[int], Any]) -> NoReturn:
        status = 1
        try:
            import pickle
            import signal

            signal.signal(signal.SIGINT, signal.SIG_DFL)
            gc.disable()
            for notes in self.notes:
                notes.begin_to_tell()
            made = {}
            for number in self.numbers():
                if os.getppid() != self._first:  # it was killed, and nobody waits for this
                    break
                made[number] = work(number)
            told = [notes.news() for notes in self.notes]
            with open(self._made, "wb") as file:
                pickle.dump((made, told), file, pickle.HIGHEST_PROTOCOL)
            status = 0
        finally:  # the first process does again what is missing, and meets what went wrong here
            os._exit(status)

    def found(self) -> Any:
        """What it has made; None where it could not."""
        import pickle

        _, status = os.waitpid(self._process, 0)
        self._process = 0
        if status:
            return None
        os.lseek(self._made, 0, os.SEEK_SET)
        with open(self._made, "rb", closefd=False) as file:
            return pickle.load(file)  # noqa: S301 - this program's own process wrote it, to nobody else's file

    def end(self) -> None:
        """Also where the work was given up."""
        if self._process:
            os.kill(self._process, 9)
            os.waitpid(self._process, 0)
        os.close(self._parts)
        os.close(self._made)
