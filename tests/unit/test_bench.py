"""The benchmarks: each goal has its parts, a part that fails loses nothing, and arithmetic that can be trusted."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

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
    assert [] == inside("[p.name for p in run.PARTS if not hasattr(importlib.import_module(p.module), p.function)]")
    assert GOALS == inside("sorted({goal for part in run.PARTS for goal in part.goals}, key=run.goal_number)")
    rows = re.findall(r"^\| (P\d+) \|", (BENCH / "README.md").read_text(encoding="utf-8"), flags=re.MULTILINE)
    assert GOALS == rows


def test_a_goal_holds_or_does_not_by_its_own_sign() -> None:
    """At least for a rate, at most for a cost; what is only told always holds, and what was not measured never does."""
    cases = "(1.9, 2, True), (2, 2, True), (2.1, 2, True), (1.9, 2, False), (2, 2, False), (2.1, 2, False), (9, None, False), (None, 2, False)"
    holds = inside(f"[measure.Line('P1', '', v, 'x', limit, least).holds for v, limit, least in ({cases})]")
    assert [False, True, True, True, True, False, True, False] == holds


def test_a_verdict_says_by_how_much_and_none_is_given_at_another_size() -> None:
    """What is not the goal's own work says nothing about the goal."""
    line = "measure.Line('P1', '', {}, 'x', {})"
    verdicts = [line.format(*each) for each in ((3, 2), (2, 0), (1, 2), (None, 2), (3, None))]
    found = inside(f"[[line.verdict(), line.verdict(False)] for line in ({', '.join(verdicts)})]")
    by_size, without = zip(*found, strict=True)
    assert ("does not hold: 1.50 of the goal", "does not hold: 2 too many", "holds", "not measured", "") == by_size
    assert ("not comparable",) * 3 + ("not measured", "") == without
    sizes = "measure.Options(), measure.Options('small'), measure.Options(readers=9), measure.Options(rounds=1)"
    assert [True, False, False, True] == inside(f"[options.is_comparable for options in ({sizes})]")


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


def test_a_ratio_by_processor_needs_both_sides() -> None:
    """The median of the rounds' own ratios, by the clock and by the processor."""
    one, other = "[measure.Seconds(4, 3), measure.Seconds(6, 1)]", "[measure.Seconds(2, 1), measure.Seconds(2, 1)]"
    ratios = (
        f"measure.ratio({one}, {other}), measure.by_processor({one}, {other}), measure.by_processor({one}, [2.0, 2.0])"
    )
    assert [2.5, 2, None] == inside(f"[{ratios}]")


PART = """
import os, subprocess, sys, tempfile, time
from pathlib import Path

def told(result):
    result.add("told", 1.0, "x", 2)
    child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
    Path(os.environ["WHERE"]).write_text(f"{child.pid} {tempfile.mkdtemp()}")

def breaks(options, result):
    told(result)
    raise SystemExit("this part broke")

def lasts(options, result):
    told(result)
    time.sleep(600)

def works(options, result):
    result.add("also told", 1.0, "x", 2)
"""


@pytest.mark.parametrize(("function", "words"), [("breaks", "ended with status 1"), ("lasts", "ended after 0 min")])
def test_a_part_that_fails_or_lasts_leaves_the_others_figures_and_nothing_behind(
    tmp_path: Path, function: str, words: str
) -> None:
    """What it had found stands in the table; its processes and its folder are gone."""
    (tmp_path / "some_part.py").write_text(PART, encoding="utf-8")
    where = tmp_path / "where"
    script = f"""
import os, sys
sys.path.insert(0, {str(BENCH)!r})
os.environ |= {{"PYTHONPATH": {str(tmp_path)!r}, "WHERE": {str(where)!r}, "TMPDIR": {str(tmp_path)!r}}}
import run
run.Part.at_most = lambda part, options: 0.05
parts = [run.Part(name, ("P1",), "some_part", name, 0, 0) for name in ({function!r}, "works")]
found = [run.Found(part) for part in parts]
for one in found:
    run.measure(one, run.Options(), run.Path(os.environ['TMPDIR']))
sys.exit(run.conclude(found, run.circumstances(), run.Options()))
"""
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False, timeout=120)
    assert 1 == done.returncode, done.stderr
    assert re.search(r"\| told +\| .* holds", done.stdout)
    assert re.search(r"\| also told +\| .* holds", done.stdout)
    assert re.search(rf"\| {function} +\| {words}.* failed", done.stdout)
    assert "Does not hold, or was not measured: P1." in done.stdout
    child, folder = where.read_text(encoding="utf-8").split()
    assert Path(folder).parent.parent == tmp_path
    assert not Path(folder).parent.exists()
    state = Path(f"/proc/{child}/stat")
    assert not state.exists() or state.read_text(encoding="utf-8").split()[2] == "Z"


def test_it_says_beforehand_how_long_it_takes() -> None:
    """And when each part would be ended."""
    parts = "[run.Part('a', ('P1',), 'm', 'f', 20, 1), run.Part('b', ('P2',), 'm', 'f', 50, 2)]"
    script = f"import sys; sys.path.insert(0, {str(BENCH)!r}); import run; run.announce({parts}, run.Options())"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False)
    assert "2 parts, about 1 h 10 min. Each is ended after three times its share: 3 h 36 min at most." in done.stdout


def test_a_goal_that_there_is_not_is_refused() -> None:
    """A misspelt name measures nothing, and says what there is."""
    done = subprocess.run([sys.executable, str(BENCH / "run.py"), "P13"], capture_output=True, text=True, check=False)
    assert 2 == done.returncode
    assert "there is no P13" in done.stderr
    assert "P12" in done.stderr


def test_no_package_of_another_sender_is_the_projects_own() -> None:
    """They are installed for the benchmarks alone, at versions that are named."""
    packages = inside("[p for sender in importlib.import_module('installing').SENDERS for p in sender.packages]")
    names = {re.split("[=<>]", package)[0] for package in packages}
    locks = "".join(path.read_text(encoding="utf-8") for path in BENCH.parent.glob("requirements*.lock"))
    assert not {name for name in names - {"pillow"} if re.search(rf"^{name}==", locks, flags=re.MULTILINE)}
    assert all("==" in package for package in packages)
