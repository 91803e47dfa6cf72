"""P8: a list of a million readers is imported, beside a reader of CSV written by hand; and its memory stays flat.

The floor parses, looks at each address with one regular expression, and inserts into a table with an integer key,
durably, a commit for each 10,000 rows. It reports nothing, checks nothing else, and makes no random ids.
"""

from __future__ import annotations

import csv
import re
import sqlite3
import time
from pathlib import Path

from measure import Options, Result, in_turn, middle, ratio, scratch
from place import EVE, Place, write_list

ADDRESS = re.compile(r"[A-Za-z0-9._%+-]{1,64}@(?:[A-Za-z0-9-]+\.)+[A-Za-z]{2,63}")
LUMP = 10_000


def by_hand(path: Path, database: Path) -> float:
    started = time.perf_counter()
    connection = sqlite3.connect(database, isolation_level=None)
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=FULL")
    connection.execute("CREATE TABLE readers (id INTEGER PRIMARY KEY, address TEXT UNIQUE, name TEXT, zone TEXT)")
    insert = "INSERT INTO readers (address, name, zone) VALUES (?, ?, ?) ON CONFLICT DO NOTHING"
    with path.open(encoding="utf-8", newline="") as file:
        rows = csv.reader(file)
        next(rows)
        lump: list[tuple[str, str, str]] = []
        for email, name, zone in rows:
            if ADDRESS.fullmatch(email):
                lump.append((email.lower(), name, zone))
            if len(lump) == LUMP:
                store(connection, insert, lump)
                lump = []
        store(connection, insert, lump)
    connection.close()
    return time.perf_counter() - started


def store(connection: sqlite3.Connection, insert: str, lump: list[tuple[str, str, str]]) -> None:
    connection.execute("BEGIN IMMEDIATE")
    connection.executemany(insert, lump)
    connection.execute("COMMIT")


def p8(options: Options) -> Result:
    result, readers = Result("P8"), options.many(1_000_000, 20_000)
    with scratch() as folder:
        large, small = folder / "large.csv", folder / "small.csv"
        write_list(large, readers)
        write_list(small, 10_000)
        numbers = iter(range(10_000))
        peaks: dict[str, float] = {}

        def imported(path: Path) -> float:
            place = Place.make(folder / f"place-{next(numbers)}")
            place.run("subscribers", "count", at=EVE)  # makes the ledger
            done = place.run("subscribers", "import", str(path), at=EVE)
            peaks[path.name] = max(peaks.get(path.name, 0), done.peak_mb)
            return done.seconds

        sides = {
            "ours": lambda: imported(large),
            "by hand": lambda: by_hand(large, folder / f"floor-{next(numbers)}.db"),
            "small": lambda: imported(small),
        }
        found = in_turn(sides, options.times(3))
    ours = middle(found["ours"])
    result.add(f"import of {readers:,}: seconds for a million", ours * 1_000_000 / readers, "s", 15)
    result.add("of the rate of parse, pattern and insert by hand", ratio(found["by hand"], found["ours"]))
    result.add(
        f"peak memory, {peaks[large.name]:.0f} MB, against that at 10,000",
        peaks[large.name] / peaks[small.name],
        goal=1.25,
    )
    return result
