"""The benchmarks: one for each goal, each of which can be started, and arithmetic that can be trusted."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

BENCH = Path(__file__).parents[2] / "bench"
GOALS = [f"P{number}" for number in range(1, 13)]


def inside(code: str) -> Any:
    """What an expression gives in a process that stands where the benchmarks stand."""
    script = f"import json, sys; sys.path.insert(0, {str(BENCH)!r}); import importlib, measure, run\nprint(json.dumps({code}))"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False)
    assert 0 == done.returncode, done.stderr
    return json.loads(done.stdout.splitlines()[-1])


def test_each_goal_has_a_benchmark_and_a_row() -> None:
    """What the README promises can be started, and what can be started is in the README."""
    assert GOALS == inside(
        "[g for g, (m, _) in run.GOALS.items() if callable(getattr(importlib.import_module(m), g.lower()))]"
    )
    rows = re.findall(r"^\| (P\d+) \|", (BENCH / "README.md").read_text(encoding="utf-8"), flags=re.MULTILINE)
    assert GOALS == rows


def test_a_goal_is_kept_or_missed_by_its_own_sign() -> None:
    """At least for a rate, at most for a cost; what is only told is never missed."""
    cases = "(1.9, 2, True), (2, 2, True), (2.1, 2, True), (1.9, 2, False), (2, 2, False), (2.1, 2, False), (9, None, False)"
    kept = inside(f"[measure.Ratio('', v, 'x', goal, least).is_kept for v, goal, least in ({cases})]")
    assert [False, True, True, True, True, False, True] == kept


def test_sides_take_turns_and_the_first_round_is_not_counted() -> None:
    """A side that is measured for itself sees another machine than the one beside it."""
    told = inside(
        "(lambda log: [measure.in_turn({s: (lambda s=s: log.append(s) or len(log)) for s in 'ab'}, 2), log])([])"
    )
    assert [{"a": [3, 5], "b": [4, 6]}, list("ababab")] == told


def test_a_percentile_is_one_of_the_values() -> None:
    """The nearest rank: of a hundred values the 99th, of a few the highest."""
    assert [99, 95, 3] == inside(
        "[measure.high(range(1, 101), 99), measure.high(range(1, 101), 95), measure.high([1, 2, 3], 99)]"
    )


def test_a_goal_that_there_is_not_is_refused() -> None:
    """A misspelt name measures nothing, and says what there is."""
    done = subprocess.run([sys.executable, str(BENCH / "run.py"), "P13"], capture_output=True, text=True, check=False)
    assert 2 == done.returncode
    assert "there is no P13" in done.stderr
    assert "P12" in done.stderr
