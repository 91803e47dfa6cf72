"""One benchmark for each performance goal: `python bench/run.py P3`, several, or `all`.

    python bench/run.py P1 P2             # at the goal's size; minutes to hours
    python bench/run.py all --quick       # does each still run? seconds each, and no verdict about a goal
    python bench/run.py P5 --keep         # add what was found to bench/results/
    python bench/run.py table             # the newest kept result of each goal

Each prints ratios of things timed in turn in the same run, the versions, the machine and its load. Everything stays on
loopback, in scratch folders, with servers that the benchmark starts and ends itself.
"""

from __future__ import annotations

import argparse
import importlib
import json
import os
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

from measure import KEPT, Options, Ratio, Result, circumstances, keep

#: Goal -> module and what it measures.
GOALS = {
    "P1": ("starting", "start of --help, hold, status"),
    "P2": ("starting", "a dry run of the month"),
    "P3": ("mailing", "a SendGrid day for 100,000 to a fast sink, against the SDK and against the floors"),
    "P4": ("mailing", "the same with 100 ms of provider latency, against 8 and 16 calls in flight"),
    "P5": ("mailing", "an SMTP day for 20,000 against other senders"),
    "P6": ("mailing", "cost a reader at 1,000,000 against 10,000"),
    "P7": ("mailing", "peak memory at 1,000,000 against 10,000"),
    "P8": ("importing", "import of 1,000,000 readers"),
    "P9": ("lateness", "how late the alarm and the posts are, and what still goes out after a hold"),
    "P10": ("growth", "start on a ledger of 32 x 1,000,000 rows against an empty one"),
    "P11": ("workers", "2 and 4 workers on PostgreSQL against one"),
    "P12": ("growth", "each page at 1,000,000 readers and 64,000 events against 100 readers"),
}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("goals", nargs="+", metavar="GOAL", help=f"{', '.join(GOALS)}, all, or table")
    parser.add_argument("--quick", action="store_true", help="small sizes, one round")
    parser.add_argument("--size", type=int, default=0, help="readers, in place of the goal's number")
    parser.add_argument("--rounds", type=int, default=0)
    parser.add_argument("--no-peers", action="store_true", help="install no other sender to compare with")
    parser.add_argument("--database", choices=("sqlite", "postgresql"), default="sqlite", help="for P6 and P7")
    parser.add_argument("--keep", action="store_true", help="add the results to bench/results/")
    chosen = parser.parse_args()
    if chosen.goals == ["table"]:
        return table()
    goals = list(GOALS) if chosen.goals == ["all"] else [goal.upper() for goal in chosen.goals]
    unknown = [goal for goal in goals if goal not in GOALS]
    if unknown:
        parser.error(f"there is no {', '.join(unknown)}; there are {', '.join(GOALS)}, all and table")
    options = Options(chosen.quick, chosen.rounds, chosen.size, not chosen.no_peers, chosen.database)
    missed = [goal for goal in goals if not measured(goal, options, chosen.keep).is_kept]
    if chosen.quick:
        print("\nA quick run: that each still runs, and nothing about the goals.")
        return 0
    print(f"\nmissed: {', '.join(missed)}" if missed else "\nall kept")
    return int(bool(missed))


def measured(goal: str, options: Options, is_kept: bool) -> Result:
    module, what = GOALS[goal]
    about = circumstances()
    libraries = ", ".join(f"{name} {version}" for name, version in about["libraries"].items())  # type: ignore[attr-defined]
    print(f"\n{goal}: {what}")
    print(
        f"  {about['machine']}, load {about['load']}, Python {about['python']}, SQLite {about['sqlite']}, {libraries}",
        flush=True,
    )
    result: Result = getattr(importlib.import_module(module), goal.lower())(options)
    if float(str(about["load"])) > (os.cpu_count() or 1):
        result.note(f"the machine had other work (load {about['load']}): measure again when it has none")
    if is_kept:
        keep(result, about, options)
    return result


def table() -> int:
    """The newest kept result of each goal."""
    rows = [json.loads(line) for line in KEPT.read_text(encoding="utf-8").splitlines()] if KEPT.exists() else []
    newest = {row["goal"]: row for row in rows if not row["options"]["quick"]}
    for goal in GOALS:
        if goal in newest:
            row = newest[goal]
            print(f"{goal}  {row['at'][:10]}  {row['commit']}  load {row['load']}  {GOALS[goal][1]}")
            for line in row["lines"]:
                print(Ratio(**line))
        else:
            print(f"{goal}  not kept yet  {GOALS[goal][1]}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
