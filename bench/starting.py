"""P1 and P2: how long a command takes to start, and a dry run of the month, against an interpreter that does nothing."""

from __future__ import annotations

import sqlite3
import sys
import time
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from measure import BARE, ROOT, Options, Result, in_turn, middle, ratio, run, scratch
from place import CAMPAIGN, EVE, Place, write_list

LIMITS = {"--help": 4, "hold on SQLite": 8, "hold on PostgreSQL": 30, "status": 30, "status with many readers": 30}


def p1(options: Options) -> Result:
    """Start of `--help`, `hold` and `status`."""
    result = Result("P1")
    with scratch() as folder, ExitStack() as open_things:
        small = Place.make(folder / "small")
        small.run("subscribers", "count", at=EVE)
        many = Place.make(folder / "many")
        readers = options.many(1_000_000, 10_000)
        fill_readers(many, readers)
        sides: dict[str, Callable[[], float]] = {
            "nothing": lambda: run(BARE).seconds,
            "--help": lambda: small.run("--help").seconds,
            "hold on SQLite": lambda: small.run("hold", "--reason", "bench", "--by", "Ann", at=EVE).seconds,
            "status": lambda: small.run("status", at=EVE).seconds,
            "status with many readers": lambda: many.run("status", at=EVE).seconds,
        }
        server = postgresql()
        if server is None:
            result.note("PostgreSQL is not installed here: hold on it was not measured")
        else:
            url = server.start()
            open_things.callback(server.stop)
            there = Place.make(folder / "there", DATABASE__URL=url)
            there.run("subscribers", "count", at=EVE)
            sides["hold on PostgreSQL"] = lambda: there.run("hold", "--reason", "bench", "--by", "Ann", at=EVE).seconds
        found = in_turn(sides, options.times(11, 2))
    bare = found.pop("nothing")
    result.add("an interpreter that does nothing", middle(bare) * 1000, "ms")
    for name, seconds in found.items():
        what = f"{name} ({readers:,})" if "many" in name else name
        result.add(f"{what}: {middle(seconds) * 1000:.0f} ms", ratio(seconds, bare), goal=LIMITS[name])
    return result


def p2(options: Options) -> Result:
    """A dry run of the month: when nothing changed, when one item did, and for the first time."""
    result = Result("P2")
    with scratch() as folder:
        place = Place.make(folder / "place")
        (item,) = (place.folder / "campaigns" / CAMPAIGN / "items").glob("*awareness-day.md")
        text = item.read_text(encoding="utf-8")
        versions = iter(range(1_000_000))

        def changed() -> float:
            item.write_text(text.replace("# Email\n", f"# Email\nSentence {next(versions)}.\n\n"), encoding="utf-8")
            return place.run("dry-run", at=EVE).seconds

        def first() -> float:
            fresh = Place.make(folder / f"fresh-{next(versions)}")
            return fresh.run("dry-run", at=EVE).seconds

        sides = {
            "nothing": lambda: run(BARE).seconds,
            "one item changed": changed,
            "nothing changed": lambda: place.run("dry-run", at=EVE).seconds,
            "first time": first,
        }
        found = in_turn(sides, options.times(11, 2))
        loaded = modules_of(place)
    bare = found.pop("nothing")
    result.add("an interpreter that does nothing", middle(bare) * 1000, "ms")
    for (name, seconds), goal in zip(found.items(), (45, 25, 300), strict=True):
        result.add(f"dry run, {name}: {middle(seconds) * 1000:.0f} ms", ratio(seconds, bare), goal=goal)
    heavy = sorted({"sqlalchemy", "alembic", "tweepy", "sendgrid", "psycopg"} & loaded)
    result.add(f"libraries of a database or a provider loaded by it {heavy or ''}", len(heavy), "", goal=0)
    return result


def modules_of(place: Place) -> set[str]:
    """Top names of what a dry run imports, in a process that says so at its end."""
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
