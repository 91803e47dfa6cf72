"""Servers on loopback that take what is sent and forget it, each in a process of its own.

`HttpSink` stands for SendGrid and X, `SmtpSink` for a mail server. Both count; both wait before each answer if told to,
and a negative delay is a server that takes everything and never answers.
"""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import re
import socket
import subprocess
import threading
import time
from collections.abc import Iterator
from multiprocessing.managers import ListProxy
from pathlib import Path
from types import TracebackType
from typing import Any

from installing import libraries_of

_SPAWN = multiprocessing.get_context("spawn")


class _Sink:
    """A server in a process; its notes are (moment, how many, which line, bytes) for each thing it took."""

    serve: Any

    def __init__(self, delay: float = 0.0) -> None:
        self._manager = _SPAWN.Manager()
        self.notes: ListProxy[tuple[float, int, int, int]] = self._manager.list()
        ports = _SPAWN.Queue()
        self._process = _SPAWN.Process(target=_listen, args=(type(self).serve, delay, ports, self.notes), daemon=True)
        self._process.start()
        self.port: int = ports.get(timeout=30)

    @property
    def taken(self) -> int:
        return sum(note[1] for note in self.notes[:])

    @property
    def size(self) -> float:
        """Bytes of one of the things that it took."""
        notes = self.notes[:]
        return sum(note[3] for note in notes) / max(1, len(notes))

    def forget(self) -> None:
        del self.notes[:]

    def __enter__(self) -> _Sink:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, where: TracebackType | None
    ) -> None:
        self._process.terminate()
        self._process.join(10)
        self._manager.shutdown()


def _listen(serve: Any, delay: float, ports: Any, notes: Any) -> None:
    listener = socket.create_server(("127.0.0.1", 0), backlog=512)
    ports.put(listener.getsockname()[1])
    waiting: list[tuple[float, int, int, int]] = []
    threading.Thread(target=_hand_over, args=(waiting, notes), daemon=True).start()
    while True:
        line, _ = listener.accept()
        line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        threading.Thread(target=_one_line, args=(serve, line, delay, waiting), daemon=True).start()


def _hand_over(waiting: list[tuple[float, int, int, int]], notes: Any) -> None:
    """What was taken, told to the benchmark in lumps, so that counting costs the server nothing."""
    while True:
        time.sleep(0.05)
        if count := len(waiting):
            notes.extend(waiting[:count])
            del waiting[:count]


def _one_line(serve: Any, line: socket.socket, delay: float, waiting: list[tuple[float, int, int, int]]) -> None:
    with contextlib.suppress(OSError), line:
        serve(line, delay, waiting)


def _pause(delay: float) -> None:
    if delay:
        time.sleep(delay if delay > 0 else 86_400)


LENGTH = re.compile(rb"content-length: *(\d+)", re.IGNORECASE)
ANSWER = b"HTTP/1.1 %s\r\nContent-Type: application/json\r\nX-Message-Id: sink\r\nContent-Length: %d\r\n\r\n%s"


def _http(line: socket.socket, delay: float, waiting: list[tuple[float, int, int, int]]) -> None:
    buffer = bytearray()
    number = 0
    while received := line.recv(262_144):
        buffer += received
        end = buffer.find(b"\r\n\r\n")
        if end < 0:
            continue
        said = LENGTH.search(buffer[:end])
        whole = end + 4 + (int(said[1]) if said else 0)
        while len(buffer) < whole and (received := line.recv(262_144)):
            buffer += received
        head, body = bytes(buffer[:end]), bytes(buffer[end + 4 : whole])
        del buffer[:whole]
        if not head.startswith(b"POST"):
            line.sendall(ANSWER % (b"200 OK", 2, b"{}"))
            continue
        number += 1
        is_post = b"/tweets" in head
        waiting.append((time.time(), 1 if is_post else body.count(b'"to"'), line.fileno(), len(body)))
        _pause(delay)
        answer = b'{"data":{"id":"%d","text":""}}' % time.time_ns() if is_post else b""
        line.sendall(ANSWER % (b"201 Created" if is_post else b"202 Accepted", len(answer), answer))


class HttpSink(_Sink):
    serve = staticmethod(_http)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"


def _smtp(line: socket.socket, delay: float, waiting: list[tuple[float, int, int, int]]) -> None:
    """Commands that came together are answered together, after one wait, as across a long line."""
    answers = {
        b"EHLO": b"250-sink\r\n250-PIPELINING\r\n250 8BITMIME\r\n",
        b"DATA": b"354 go on\r\n",
        b"QUIT": b"221 bye\r\n",
    }
    if delay < 0:
        _pause(delay)  # not even a greeting
    line.sendall(b"220 sink ESMTP\r\n")
    buffer, in_content = bytearray(), False
    while received := line.recv(262_144):
        buffer += received
        said = b""
        while buffer:
            end = buffer.find(b"\r\n.\r\n" if in_content else b"\r\n")
            if end < 0:
                break
            if in_content:
                del buffer[: end + 5]
                in_content = False
                waiting.append((time.time(), 1, line.fileno(), end + 2))
                said += b"250 kept\r\n"
                continue
            command = bytes(buffer[:4]).upper()
            del buffer[: end + 2]
            said += answers.get(command, b"250 ok\r\n")
            in_content = command == b"DATA"
        if said:
            _pause(delay)
            line.sendall(said)


class SmtpSink(_Sink):
    serve = staticmethod(_smtp)


# -- Postfix's own sink, where it can be had ----------------------------------------------------------------------


@contextlib.contextmanager
def running_postfix_sink(program: Path) -> Iterator[int]:
    """Its port. It counts nothing that can be read; what a side says that it sent is compared with the others'."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    process = subprocess.Popen(
        [str(program), *(["-u", "nobody"] if os.geteuid() == 0 else []), f"127.0.0.1:{port}", "256"],
        env=libraries_of(program),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        for _ in range(100):
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
                break
            time.sleep(0.1)
        else:
            raise SystemExit(f"{program} does not listen")
        yield port
    finally:
        process.terminate()
        process.wait(10)
