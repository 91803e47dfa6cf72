"""P11: several workers on one PostgreSQL ledger, with 100 ms of provider latency."""

from __future__ import annotations

import re
import subprocess
import time
from contextlib import ExitStack
from pathlib import Path

from measure import ROOT, Options, Result, in_turn, scratch
from place import Place, by_sendgrid, mail_place, morning
from sinks import HttpSink
from starting import postgresql

WORKERS = (1, 2, 4)
LIMITS = {2: 1.8, 4: 3.0}
ONE = 1  # reader, to whom a mailing costs what is there before the first: as many processes that start


class Together:
    """Processes that mail the next day at once, with one call in flight each."""

    def __init__(self, folder: Path, readers: int, sink: HttpSink, server: str) -> None:
        self.place: Place = mail_place(folder, readers, by_sendgrid(sink.url), server)
        self.readers, self.sink = readers, sink
        self._days = iter(range(1, 32))

    def mail(self, workers: int) -> float:
        """Seconds from the start of the first until the last has ended."""
        self.sink.forget()
        environment = self.place.environment(morning(next(self._days)), CHANNELS__EMAIL__MAX_IN_FLIGHT="1")
        command, pipe = self.place.command("tick"), subprocess.PIPE
        started = time.perf_counter()
        processes = [
            subprocess.Popen(command, cwd=ROOT, env=environment, stdout=pipe, stderr=subprocess.STDOUT, text=True)
            for _ in range(workers)
        ]
        said = [process.communicate(timeout=3600)[0] for process in processes]
        seconds = time.perf_counter() - started
        sent = sum(int(n.replace(",", "")) for text in said for n in re.findall(r"\(([\d,]+) readers?\)", text))
        if sent != self.readers:
            raise SystemExit(f"{sent} of {self.readers} readers were mailed:\n{said[0][-2000:]}")
        return seconds


def p11(options: Options, result: Result) -> None:
    """2 and 4 processes that make a pass at once, against one; what starting as many takes is taken off each."""
    readers = options.many(100_000, 6_000)
    server = postgresql()
    if server is None:
        for workers, limit in LIMITS.items():
            result.missing(f"{workers} workers against one", "PostgreSQL is not installed here", limit, at_least=True)
        return
    with scratch() as folder, HttpSink(0.1) as sink, HttpSink() as at_once, ExitStack() as running:
        url = server.start()
        running.callback(server.stop)
        days = Together(folder / "place", readers, sink, url)
        alone = Together(folder / "one", ONE, at_once, url)
        sides = {f"{n}": lambda n=n: days.mail(n) for n in WORKERS}
        sides |= {f"{n} alone": lambda n=n: alone.mail(n) for n in WORKERS}
        found = in_turn(sides, options.times(3))
    net = {n: [a - b for a, b in zip(found[f"{n}"], found[f"{n} alone"], strict=True)] for n in WORKERS}
    for workers, limit in LIMITS.items():
        what = f"{workers} workers with one call in flight each, against one"
        result.rate(what, readers, net[workers], net[1], limit)
        result.rate("  the whole commands, their start and all", readers, found[f"{workers}"], found["1"])
