"""Pieces in one file, each behind its name and a check of its bytes, in the order in which they came.

Whoever asks reads the heads, and the pieces that it asks for. Who writes adds at the end, so that two processes at once
lose nothing but what both have made. A file that has grown too long, or does not end with a whole piece, is begun anew:
with what this process has asked for so far, and will ask for; the rest is of earlier words, mostly.
"""

from __future__ import annotations

import contextlib
import os
import secrets
from _thread import allocate_lock  # `threading` has no other, and costs its import
from pathlib import Path
from zlib import crc32

from .folders import open_own

_NAME, _LENGTH, _CHECK = 32, 8, 4
_HEAD = 1 + _NAME + _LENGTH + _CHECK
#: So much is read at once where heads are looked at: many pieces are small.
_AHEAD = 4096
#: In front of a piece: in place of those of its name before it, or beside them.
_REPLACES, _ADDS = b"=", b"+"

_Place = tuple[int, int]  # where a head begins, and how long the piece behind it is


class KeptFile:
    """``owner``: who alone may have written it. ``most``: so many pieces; a process that stays looks for those that
    others have written when it is asked for one that it does not know."""

    most_bytes = 64_000_000

    def __init__(self, folder: Path, owner: int, mode: int, most: int) -> None:
        self.folder = folder
        self._path, self._owner, self._mode, self._most = folder / "pieces", owner, mode, most
        self._reader: int | None = None
        self._writer: int | None = None
        self._end = 0  # of what has been looked at
        self._is_whole = True
        self._places: dict[bytes, list[_Place]] = {}
        self._asked: dict[bytes, None] = {}  # the latest at the end
        self._before: KeptFile | None = None
        self._lock = allocate_lock()

    def read(self, name: bytes) -> list[memoryview]:
        """What is kept under a name, in order; nothing where any of it is not as it was written."""
        with self._lock:
            return self._read(name)

    def write(self, name: bytes, piece: bytes, *, adds: bool = False) -> bool:
        """Whether it is there now."""
        with self._lock:
            try:
                if self._writer is None or os.fstat(self._writer).st_nlink == 0:
                    self._open()
                if not self._is_whole or self._end > self.most_bytes or len(self._places) >= self._most:
                    self._begin_anew()
                self._add(_ADDS if adds else _REPLACES, name, piece)
            except OSError:
                return False
            self._ask(name)
            return True

    def _read(self, name: bytes) -> list[memoryview]:
        if name not in self._places:
            self._look()
        if name not in self._places:
            return self._from_before(name)
        self._ask(name)
        pieces = [self._piece(name, place) for place in self._places[name]]
        return [piece for piece in pieces if piece is not None] if None not in pieces else []

    def _ask(self, name: bytes) -> None:
        self._asked.pop(name, None)
        self._asked[name] = None

    def _look(self) -> None:
        """At the heads of what has come since."""
        try:
            if self._reader is None:
                self._reader = open_own(self._path, self._owner)
            size, at = os.fstat(self._reader).st_size, self._end
            seen, begins = b"", at
            while at < size:
                if at + _HEAD > begins + len(seen):
                    seen, begins = os.pread(self._reader, _AHEAD, at), at
                head = seen[at - begins : at - begins + _HEAD]
                how, name = head[:1], head[1 : 1 + _NAME]
                length = int.from_bytes(head[1 + _NAME : 1 + _NAME + _LENGTH])
                after = at + _HEAD + length
                if len(head) < _HEAD or after > size or how not in (_REPLACES, _ADDS):
                    self._is_whole = False
                    return
                if how == _ADDS:
                    self._places.setdefault(name, []).append((at, length))
                else:
                    self._places[name] = [(at, length)]
                at = self._end = after
        except OSError:
            return

    def _piece(self, name: bytes, place: _Place) -> memoryview | None:
        at, length = place
        with contextlib.suppress(OSError):
            whole = os.pread(self._reader, _HEAD + length, at) if self._reader is not None else b""
            piece = memoryview(whole)[_HEAD:]
            if len(piece) == length and whole[_HEAD - _CHECK : _HEAD] == _check(whole[:1], name, piece):
                return piece
        self._is_whole = False
        return None

    def _open(self) -> None:
        """For writing: the file that is there now, or a new one."""
        if self._reader is not None and os.fstat(self._reader).st_nlink == 0:  # another process began anew
            self._close()
        self._look()
        if self._reader is not None:
            self._writer = os.open(self._path, os.O_WRONLY | os.O_APPEND | os.O_NOFOLLOW)
        else:
            self._begin_anew()  # also where something lies there that nobody goes by

    def _close(self) -> None:
        for descriptor in (self._reader, self._writer):
            if descriptor is not None:
                os.close(descriptor)
        self._reader = self._writer = None
        self._end, self._is_whole, self._places = 0, True, {}

    def _begin_anew(self) -> None:
        """What was asked for lately comes along."""
        before = KeptFile(self.folder, self._owner, self._mode, self._most)
        before._reader, before._places = self._reader, self._places
        beside = self._path.with_name(f"{self._path.name}.{secrets.token_hex(4)}")
        for descriptor in (self._writer, self._before._reader if self._before is not None else None):
            if descriptor is not None:
                os.close(descriptor)
        self._writer = os.open(beside, os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_EXCL, self._mode)
        os.replace(beside, self._path)
        for other in os.listdir(self.folder):  # of an earlier release, or of a process that was killed here
            if other != self._path.name:
                with contextlib.suppress(OSError):
                    os.unlink(self.folder / other)
        self._reader = open_own(self._path, self._owner)
        self._before, self._end, self._is_whole, self._places = before, 0, True, {}
        asked, self._asked = [*self._asked], {}
        for name in asked[-self._most // 2 :]:
            if self._end < self.most_bytes / 2:
                self._from_before(name)

    def _from_before(self, name: bytes) -> list[memoryview]:
        if self._before is None:
            return []
        pieces = self._before._read(name)
        for piece in pieces:
            with contextlib.suppress(OSError):
                self._add(_ADDS, name, piece)
        return pieces

    def _add(self, how: bytes, name: bytes, piece: bytes | memoryview) -> None:
        head = how + name + len(piece).to_bytes(_LENGTH) + _check(how, name, piece)
        assert self._writer is not None  # noqa: S101 - it was opened
        if os.write(self._writer, b"".join((head, piece))) < len(head) + len(piece):
            self._is_whole = False
            raise OSError("the disk is full")
        end = os.lseek(self._writer, 0, os.SEEK_CUR)
        begin = end - len(head) - len(piece)
        if begin == self._end:  # else another process has written, and this is found when somebody looks for more
            self._end = end
            place = begin, len(piece)
            self._places[name] = [*self._places.get(name, ()), place] if how == _ADDS else [place]


def _check(how: bytes, name: bytes, piece: bytes | memoryview) -> bytes:
    """Who could write here could write anything: it tells what a disk or a kill has left in part."""
    return crc32(piece, crc32(how + name)).to_bytes(_CHECK)
