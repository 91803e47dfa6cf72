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

from measure import Options, Result, Seconds, in_turn, middle, scratch
from place import EVE, Place, write_list

ADDRESS = re.compile(r"[A-Za-z0-9._%+-]{1,64}@(?:[A-Za-z0-9-]+\.)+[A-Za-z]{2,63}")
LUMP = 10_000


def by_hand(path: Path, database: Path) -> Seconds:
    started, busy = time.perf_counter(), time.process_time()
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
    return Seconds(time.perf_counter() - started, time.process_time() - busy)


def store(connection: sqlite3.Connection, insert: str, lump: list[tuple[str, str, str]]) -> None:
    connection.execute("BEGIN IMMEDIATE")
    connection.executemany(insert, lump)
    connection.execute("COMMIT")


def p8(options: Options, result: Result) -> None:
    readers = options.many(1_000_000, 20_000)
    with scratch() as folder:
        large, small = folder / "large.csv", folder / "small.csv"
        write_list(large, readers)
        write_list(small, 10_000)
        numbers = iter(range(10_000))
        peaks: dict[str, float] = {}

        def imported(path: Path) -> Seconds:
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
    ours, busy = (middle(seconds) / readers for seconds in (found["ours"], [one.processor for one in found["ours"]]))
    result.add(
        f"import of {readers:,}: seconds for a million",
        ours * 1_000_000,
        "s",
        15,
        ours=f"{1 / ours:,.0f} readers/s",
        processor=busy * 1_000_000,
    )
    result.cost("the same against parse, pattern and insert by hand", found["ours"], found["by hand"])
    large_mb, small_mb = peaks[large.name], peaks[small.name]
    what = "peak memory against that at 10,000"
    result.add(
        what, large_mb / small_mb, "x", 1.25, ours=f"{large_mb:.0f} MB", other=f"ours at 10,000: {small_mb:.0f} MB"
    )
