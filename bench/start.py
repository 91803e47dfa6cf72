"""How long does it take to start? `run.py --help`, `check` and a warm dry run against `python -c pass`.

Goals: --help within 4 times, a warm dry run within 30 times (20 aimed at) the bare interpreter.
"""

from __future__ import annotations

import platform
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PYTHON = str(Path(sys.base_prefix) / "bin" / "python3")  # what a user types, without an environment


def seconds(command: list[str]) -> float:
    started = time.perf_counter()
    subprocess.run(command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False)
    return time.perf_counter() - started


def main(rounds: int = 11) -> int:
    with tempfile.TemporaryDirectory() as scratch:
        commands = {
            "bare": [PYTHON, "-c", "pass"],
            "run.py --help": [PYTHON, "run.py", "--help"],
            "run.py dry-run --help": [PYTHON, "run.py", "dry-run", "--help"],
            "run.py dry-run": [PYTHON, "run.py", "dry-run", "--out", str(Path(scratch, "out"))],
        }
        times: dict[str, list[float]] = {name: [] for name in commands}
        for command in commands.values():  # warm
            seconds(command)
        for _ in range(rounds):
            for name, command in commands.items():
                times[name].append(seconds(command))
    bare = statistics.median(times["bare"])
    goals = {"run.py --help": 4, "run.py dry-run": 30}
    print(f"Python {platform.python_version()} on {platform.system()}, {rounds} rounds, medians")
    print(f"{'python3 -c pass':<24} {bare * 1000:7.1f} ms     1.0")
    good = True
    for name in commands:
        if name == "bare":
            continue
        median = statistics.median(times[name])
        # Pair by pair, so that a drift of the machine's speed does not decide.
        ratio = statistics.median(t / b for t, b in zip(times[name], times["bare"], strict=True))
        goal = goals.get(name)
        good &= goal is None or ratio <= goal
        print(f"{name:<24} {median * 1000:7.1f} ms  {ratio:6.1f}" + (f"   goal <= {goal}" if goal else ""))
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
