"""Play many seasons by hand: ``python tests/simulator/run.py --seeds 5000``. Prints what happened, in numbers.

Ctrl-C, or SIGTERM, ends it after the seasons under way, with the figures so far.
"""

from __future__ import annotations

import argparse
import logging
import signal
import sys
import time
from collections import Counter
from concurrent.futures import ProcessPoolExecutor, as_completed
from pathlib import Path

if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).absolute().parents[2]))

from tests.simulator.world import play
from tests.support import compiled_once, quick_disk

# As in the tests: processes are started by the thousand, and each would compile all statements anew.
compiled_once.share_statements()
quick_disk.share()

AT_ONCE = 5
SAY_EACH = 100  # seasons


def chunk(seeds: range) -> tuple[Counter[str], list[str]]:
    """In a process of its own."""
    logging.disable(logging.CRITICAL)
    counts, broken = play(seeds)
    return counts, [world.tail() for world in broken]


def table(counts: Counter[str]) -> str:
    """The sums, readable."""
    c = counts
    rows = [
        ("seasons", c["seasons"]),
        ("passes", c["passes"]),
        ("calls to providers", c["calls"]),
        ("failpoints passed", c["points"]),
        ("processes started", c["starts"]),
        ("kills", c["kills"]),
        ("errors of the disk and of the program", c["errors"]),
        ("standstills", c["naps"]),
        ("processes stopped and gone on later", c["parkings"]),
        ("turns taken by two processes", c["turns"]),
        ("outages", c["outages"]),
        ("clock jumps", c["clock jumps"]),
        ("backups put back", c["restores"]),
        ("holds set", c["event: hold.set"]),
        ("readers who left or were erased", c["event: subscriber.left"] + c["erased"]),
        ("pauses, and cadences chosen", c["pauses"] + c["cadences chosen"]),
        ("calls that ended in doubt", c["event: attempt.unknown"] + c["event: batch.doubt"]),
        ("  of these, found by age", c["event: batch.doubt"]),
        ("settled by the provider's records: sent", c["found sent"]),
        ("settled by the provider's records: not sent", c["found not sent"]),
        ("settled by the mail house's reports", c["settled by a report"]),
        ("settled by a person", c["settled by a person"]),
        ("left to a person at the end", c["batch: unknown"]),
        ("posts sent", c["post: sent"]),
        ("posts missed, and said so", c["post: missed"]),
        ("posts failed", c["post: failed"]),
        ("posts skipped or cancelled", c["post: skipped"] + c["post: cancelled"]),
        ("posts unknown", c["post: unknown"]),
        ("mails accepted", c["readers: sent"]),
        ("DUPLICATES", c["duplicates"]),
        ("LOST", c["lost"]),
        ("violations of any rule", c["violations"]),
    ]
    width = max(len(name) for name, _ in rows)
    return "\n".join(f"{name:<{width}}  {number:>10,}" for name, number in rows)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seeds", type=int, default=1_000, help="how many seasons (default: 1,000)")
    parser.add_argument("--first", type=int, default=0, help="the first seed")
    parser.add_argument("--processes", type=int, default=2, help="how many at once")
    parser.add_argument("--seconds", type=float, default=0, help="begin no further seasons after so long")
    parser.add_argument("--story", action="store_true", help="tell the first seed's whole story")
    parser.add_argument("--all", action="store_true", help="print every count, not the table alone")
    options = parser.parse_args()
    if options.story:
        from tests.simulator.world import World

        world = World(options.first).run()
        print(world.tail(lines=1_000_000))
        return bool(world.oracle.broken)
    began = time.monotonic()
    stopping: list[int] = []
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda number, frame: stopping.append(number))
    end = options.first + options.seeds
    chunks = [range(n, min(n + AT_ONCE, end)) for n in range(options.first, end, AT_ONCE)]
    total: Counter[str] = Counter()
    failed = 0
    with ProcessPoolExecutor(options.processes) as pool:
        waiting = {pool.submit(chunk, seeds): seeds for seeds in chunks}
        for done in as_completed(waiting):
            if done.cancelled():
                continue
            counts, broken = done.result()
            if (total["seasons"] + counts["seasons"]) // SAY_EACH > total["seasons"] // SAY_EACH:
                print(
                    f"{total['seasons'] + counts['seasons']:,} seasons, {failed} broke a rule",
                    file=sys.stderr,
                    flush=True,
                )
            total.update(counts)
            failed += len(broken)
            for story in broken:
                print(story, end="\n\n", flush=True)
            if stopping or (options.seconds and time.monotonic() - began > options.seconds):
                for future in waiting:
                    future.cancel()
    print(table(total))
    if options.all:
        print("\n".join(f"{name:<60} {number:>10,}" for name, number in sorted(total.items())))
    print(f"\n{time.monotonic() - began:.0f} seconds in {options.processes} processes; {failed} seeds broke a rule")
    return bool(failed)


if __name__ == "__main__":
    sys.exit(main())
