"""How fast is `subscribers import`, and does its memory stay flat?

    python bench/import.py [--rows 1000000] [--rounds 5]

The floor is written by hand: the standard library's CSV reader, one regular expression for the address, executemany into
the same table with the same SQLite settings, a commit for each thousand rows. It reports nothing and checks nothing
else. Goal: the import reaches at least 0.6 of the floor's rows a second, and its peak memory at the full size is at
most 1.25 times that at 10,000 rows. Each run is a process of its own; floor and import take turns.
"""

from __future__ import annotations

import argparse
import csv
import json
import os
import platform
import random
import re
import resource
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SMALL = 10_000
GOAL, FLAT = 0.6, 1.25
NOW = datetime(2026, 12, 20, 9, tzinfo=UTC)
ZONES = ("", "", "", "America/New_York", "America/Chicago", "Europe/Berlin")
ADDRESS = re.compile(r"[A-Za-z0-9._%+-]{1,64}@(?:[A-Za-z0-9-]+\.)+[A-Za-z]{2,63}")


def write_list(path: Path, rows: int) -> None:
    """Everyday addresses in no order, half of them with a name, some with a zone."""
    chance = random.Random(7)
    with path.open("w", encoding="utf-8", newline="") as file:
        out = csv.writer(file)
        out.writerow(("email", "name", "zone"))
        for n in range(rows):
            name = f"Reader {n}" if n % 2 else ""
            out.writerow((f"{chance.getrandbits(40):x}.{n}@mail{n % 97}.example.org", name, chance.choice(ZONES)))


def by_hand(path: Path, database: Path) -> int:
    """The floor."""
    connection = sqlite3.connect(database, isolation_level=None)
    for setting in ("busy_timeout=30000", "journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON"):
        connection.execute(f"PRAGMA {setting}")
    insert = (
        "INSERT INTO subscribers (id, address, address_key, name, zone, state, source, created_at, cadence, "
        "cadence_since_at) VALUES (?, ?, ?, ?, ?, 'active', 'import', ?, 'daily', ?) ON CONFLICT DO NOTHING"
    )
    now = "2026-12-20 09:00:00.000000"
    with path.open(encoding="utf-8", newline="") as file:
        rows = csv.reader(file)
        next(rows)
        batch: list[tuple[str, ...]] = []
        begin = os.urandom(4).hex()
        for email, name, zone in rows:
            if not ADDRESS.fullmatch(email):
                continue
            batch.append((begin + os.urandom(12).hex(), email, email.lower(), name, zone, now, now))
            if len(batch) == 1000:
                store(connection, insert, batch)
                batch, begin = [], os.urandom(4).hex()
        store(connection, insert, batch)
    return int(connection.execute("SELECT count(*) FROM subscribers").fetchone()[0])


def store(connection: sqlite3.Connection, insert: str, batch: list[tuple[str, ...]]) -> None:
    connection.execute("BEGIN IMMEDIATE")
    connection.executemany(insert, batch)
    connection.execute("COMMIT")


def imported(path: Path, database: Path) -> int:
    """What the command does."""
    from scheduler.store import open_ledger
    from scheduler.subscribers.csv_import import import_csv

    ledger = open_ledger(f"sqlite:///{database}")
    result = import_csv(path, ledger, now=NOW, report_path=path.with_suffix(".report"))
    ledger.close()
    return result.added


def one_run(what: str, path: Path, database: Path) -> None:
    """In a process of its own: seconds, peak memory, rows."""
    sys.path.insert(0, str(ROOT))
    if what == "imported":
        import scheduler.store
        import scheduler.subscribers.csv_import  # noqa: F401  loading the program is not what is measured
    started, used = time.perf_counter(), time.process_time()
    rows = {"by_hand": by_hand, "imported": imported}[what](path, database)
    seconds, used = time.perf_counter() - started, time.process_time() - used
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024  # KiB on Linux
    print(json.dumps({"seconds": seconds, "processor": used, "peak_mb": peak, "rows": rows}))


def measured(what: str, path: Path, empty: Path, scratch: Path) -> dict[str, float]:
    database = scratch / "measured.db"
    for left in scratch.glob("measured.db*"):
        left.unlink()
    shutil.copy(empty, database)
    command = [sys.executable, __file__, "--run", what, str(path), str(database)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    found: dict[str, float] = json.loads(done.stdout)
    return found


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--run", nargs=3, metavar=("WHAT", "LIST", "DATABASE"), help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.run:
        one_run(options.run[0], Path(options.run[1]), Path(options.run[2]))
        return 0
    sys.path.insert(0, str(ROOT))
    from scheduler.store import open_ledger

    with tempfile.TemporaryDirectory() as folder:
        scratch = Path(folder)
        small, large, empty = scratch / "small.csv", scratch / "large.csv", scratch / "empty.db"
        write_list(small, SMALL)
        write_list(large, options.rows)
        open_ledger(f"sqlite:///{empty}").close()
        small_peak = measured("imported", small, empty, scratch)["peak_mb"]
        rounds = []
        for _ in range(options.rounds):
            floor, ours = (measured(what, large, empty, scratch) for what in ("by_hand", "imported"))
            assert floor["rows"] == ours["rows"] == options.rows, (floor, ours)
            rounds.append((floor, ours))
    large_peak = max(o["peak_mb"] for _, o in rounds)
    print(
        f"Python {platform.python_version()}, SQLite {sqlite3.sqlite_version}, {platform.system()}, {options.rows:,} rows"
    )
    # The best round of each is the one that others on the machine disturbed least.
    best = [{key: min(pair[at][key] for pair in rounds) for key in ("seconds", "processor")} for at in (0, 1)]
    for name, one in zip(("by hand", "import"), best, strict=True):
        rate = options.rows / one["seconds"]
        print(f"{name:<10} {one['seconds']:7.1f} s  {rate:10,.0f} rows/s  {one['processor']:7.1f} s of processor time")
    ratio = best[0]["seconds"] / best[1]["seconds"]
    print(f"rate against the floor  {ratio:.2f}   goal >= {GOAL}")
    print(f"  by processor time     {best[0]['processor'] / best[1]['processor']:.2f}")
    memory = large_peak / small_peak
    print(
        f"peak memory  {small_peak:.0f} MB at {SMALL:,}, {large_peak:.0f} MB at {options.rows:,}: {memory:.2f}   goal <= {FLAT}"
    )
    return 0 if ratio >= GOAL and memory <= FLAT else 1


if __name__ == "__main__":
    sys.exit(main())
