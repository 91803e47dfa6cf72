"""P1 and P2: how long a command takes to start, and a dry run of the month, against an interpreter that does nothing."""

from __future__ import annotations

import contextlib
import os
import shutil
import sqlite3
import sys
import time
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from measure import BARE, ROOT, Options, Result, in_turn, run, scratch
from place import CAMPAIGN, EVE, Place, write_list

LIMITS = {
    "--help": 4,
    "hold on SQLite": 8,
    "hold on PostgreSQL": 30,
    "status, worked out": 30,
    "status with many readers, worked out": 30,
    "status, asked again within a minute": 30,
    "status with many readers, asked again within a minute": 30,
}

#: Posts on X, each with its card of 1200x675.
CARDS = {"CHANNELS__X__ENABLED": "true", "CHANNELS__X__BASE_URL": "http://127.0.0.1:9"}  # where nothing listens


def p1(options: Options, result: Result) -> None:
    """Start of `--help`, `hold` and `status`."""
    with scratch() as folder, ExitStack() as open_things:
        small, stopped = Place.make(folder / "small"), Place.make(folder / "stopped")
        for place in (small, stopped):
            place.run("subscribers", "count", at=EVE)
        many = Place.make(folder / "many")
        readers = options.many(1_000_000, 10_000)
        fill_readers(many, readers)
        sides: dict[str, Callable[[], float]] = {
            "nothing": lambda: run(BARE).seconds,
            "--help": lambda: small.run("--help").seconds,
            "hold on SQLite": lambda: held(stopped),
            "status, worked out": lambda: worked_out(small),
            "status with many readers, worked out": lambda: worked_out(many),
            "status, asked again within a minute": lambda: small.run("status", at=EVE).seconds,
            "status with many readers, asked again within a minute": lambda: many.run("status", at=EVE).seconds,
        }
        server = postgresql()
        if server is None:
            result.missing("hold on PostgreSQL", "PostgreSQL is not installed here", LIMITS["hold on PostgreSQL"])
        else:
            url = server.start()
            open_things.callback(server.stop)
            there = Place.make(folder / "there", DATABASE__URL=url)
            there.run("subscribers", "count", at=EVE)
            sides["hold on PostgreSQL"] = lambda: held(there)
        found = in_turn(sides, options.times(11, 2))
    bare = found.pop("nothing")
    for name, seconds in found.items():
        result.cost(name.replace("many readers", f"{readers:,} readers"), seconds, bare, LIMITS.get(name))


def held(place: Place) -> float:
    """Of a `hold` where nothing was held; the next one finds it so again."""
    seconds = place.run("hold", "--reason", "bench", "--by", "Ann", at=EVE).seconds
    place.run("resume", "--by", "Ann", at=EVE)
    return seconds


def worked_out(place: Place) -> float:
    """Of a `status` that nobody has asked for in the last minute, or since something was written."""
    forget_answers(place)
    return place.run("status", at=EVE).seconds


def forget_answers(place: Place) -> None:
    shutil.rmtree(place.folder / ".state" / "answers", ignore_errors=True)


def p2(options: Options, result: Result) -> None:
    """A dry run of the month: when nothing changed, when one item did, also beside a ledger, and for the first time: by a
    user who has never run one, of a program that was run before, also with cards on one core and on all; and of one
    that never was."""
    versions = iter(range(1_000_000))
    with scratch() as folder:
        place, with_ledger = Place.make(folder / "place"), Place.make(folder / "with-ledger")
        with_ledger.run("subscribers", "count", at=EVE)

        def changed(place: Place) -> float:
            (item,) = (place.folder / "campaigns" / CAMPAIGN / "items").glob("*awareness-day.md")
            head, _, rest = item.read_text(encoding="utf-8").partition("# Email\n")
            rest = rest.partition("Sentence.\n\n")[2] or rest
            item.write_text(f"{head}# Email\nHere is version {next(versions)}. Sentence.\n\n{rest}", encoding="utf-8")
            return place.run("dry-run", at=EVE).seconds

        def first(**settings: str) -> float:
            fresh = Place.make(folder / f"fresh-{next(versions)}", **settings)
            return fresh.run("dry-run", at=EVE).seconds

        def first_of_all() -> float:
            for pieces in (ROOT / "scheduler" / "__pycache__").glob("kept.*/"):
                shutil.rmtree(pieces)
            seconds = first()
            first(**CARDS)  # leaves what those with cards find, who are not the first of all
            return seconds

        sides: dict[str, Callable[[], float]] = {
            "nothing": lambda: run(BARE).seconds,
            "one item changed": lambda: changed(place),
            "nothing changed": lambda: place.run("dry-run", at=EVE).seconds,
            "one item changed, beside a ledger": lambda: changed(with_ledger),
            "nothing changed, beside a ledger": lambda: with_ledger.run("dry-run", at=EVE).seconds,
            "first time of all": first_of_all,
            "first time": first,
            "first time with 32 cards": lambda: first(**CARDS),
        }
        if sys.platform == "linux":
            sides["first time with 32 cards on one core"] = on_one_core(lambda: first(**CARDS))
        found = in_turn(sides, options.times(11, 2))
        loaded = modules_of(place)
    bare = found.pop("nothing")
    for (name, seconds), limit in zip(found.items(), (45, 25, 45, 25, None, 300, 200, 300), strict=False):
        result.cost(f"dry run, {name}", seconds, bare, limit)
    heavy = sorted({"sqlalchemy", "alembic", "tweepy", "sendgrid", "psycopg"} & loaded)
    result.add(
        "libraries of a database or a provider that it loads", len(heavy), "", 0, ours=", ".join(heavy) or "none"
    )


def on_one_core(measure: Callable[[], float]) -> Callable[[], float]:
    """What is started meanwhile sees one processor alone."""

    def pinned() -> float:
        allowed = os.sched_getaffinity(0)
        os.sched_setaffinity(0, {max(allowed)})
        try:
            return measure()
        finally:
            os.sched_setaffinity(0, allowed)

    return pinned


def modules_of(place: Place) -> set[str]:
    """Top names of what a dry run that is worked out imports, in a process that says so at its end."""
    forget_answers(place)
    script = (
        "import atexit, runpy, sys\n"
        "atexit.register(lambda: print('LOADED', *{m.partition('.')[0] for m in sys.modules}))\n"
        "sys.argv = ['run.py', 'dry-run']\n"
        f"runpy.run_path({str(ROOT / 'run.py')!r}, run_name='__main__')\n"
    )
    done = run([sys.executable, "-c", script], place.environment(EVE))
    return set(done.output.rpartition("LOADED")[2].split())


def fill_readers(place: Place, readers: int) -> None:
    path = place.folder / "readers.csv"
    write_list(path, readers)
    place.run("subscribers", "import", str(path), at=EVE)
    path.unlink()


def postgresql() -> Any:
    """A server of the benchmark's own, with durability as PostgreSQL has it by default; None where it is not installed."""
    sys.path.insert(0, str(ROOT))
    from tests.support.postgresql import Server, binaries

    class Durable(Server):
        def _options(self) -> str:
            return f"-k {self._home} -c listen_addresses='' -c max_connections=200"

        def busy(self) -> float:
            """Seconds that the processor has worked for it, for those of its processes that have ended among them; 0
            where the system does not tell (it is no Linux)."""
            own = (self._data / "postmaster.pid").read_text(encoding="utf-8").split()[0]
            ticks = 0
            for path in Path("/proc").glob("[0-9]*/stat"):
                with contextlib.suppress(OSError):  # it has ended
                    pid, _, said = path.read_text(encoding="utf-8").partition(" ")
                    parent, *times = (said.rpartition(") ")[2].split()[n] for n in (1, 11, 12, 13, 14))
                    ticks += sum(map(int, times)) if pid == own else sum(map(int, times[:2])) if parent == own else 0
            return ticks / os.sysconf("SC_CLK_TCK")

    programs = binaries()
    return None if programs is None else Durable(programs)


def wait_for(condition: Callable[[], bool], patience: float = 60) -> bool:
    until = time.monotonic() + patience
    while time.monotonic() < until:
        if condition():
            return True
        time.sleep(0.02)
    return False


def rows(database: Path, query: str) -> list[tuple[object, ...]]:
    """What a SQLite ledger holds, read beside the program."""
    connection = sqlite3.connect(f"file:{database}?mode=ro", uri=True, timeout=30)
    try:
        return connection.execute(query).fetchall()
    finally:
        connection.close()
