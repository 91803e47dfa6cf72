"""What all benchmarks share: processes with their time and memory, sides in turn, ratios, results that are kept."""

from __future__ import annotations

import json
import os
import platform
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from importlib import metadata
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
KEPT = ROOT / "bench" / "results" / "results.jsonl"
PYTHON = sys.executable
#: What every start is divided by: the same interpreter that does nothing, without anybody's site-packages.
BARE = (PYTHON, "-I", "-S", "-c", "pass")
LIBRARIES = ("sqlalchemy", "jinja2", "sendgrid", "requests", "flask")


@dataclass(frozen=True)
class Options:
    """How large, how often. A quick run takes seconds and says nothing about a goal."""

    quick: bool = False
    rounds: int = 0
    size: int = 0
    peers: bool = True
    database: str = "sqlite"

    def times(self, full: int, quick: int = 1) -> int:
        return self.rounds or (quick if self.quick else full)

    def many(self, full: int, quick: int) -> int:
        return self.size or (quick if self.quick else full)


@dataclass(frozen=True)
class Ratio:
    """One line of a result. ``goal`` is None for what is only told."""

    what: str
    value: float
    unit: str = "x"
    goal: float | None = None
    at_least: bool = False

    @property
    def is_kept(self) -> bool:
        return self.goal is None or (self.value >= self.goal if self.at_least else self.value <= self.goal)

    def __str__(self) -> str:
        sign = ">=" if self.at_least else "<="
        goal = "" if self.goal is None else f"   goal {sign} {self.goal:g}: {'kept' if self.is_kept else 'MISSED'}"
        return f"  {self.what:<62} {self.value:12,.2f} {self.unit}{goal}"


@dataclass
class Result:
    """What one goal's benchmark found."""

    goal: str
    lines: list[Ratio] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def add(
        self, what: str, value: float, unit: str = "x", goal: float | None = None, *, at_least: bool = False
    ) -> None:
        self.lines.append(Ratio(what, value, unit, goal, at_least))
        print(self.lines[-1], flush=True)

    def note(self, text: str) -> None:
        self.notes.append(text)
        print(f"  note: {text}", flush=True)

    @property
    def is_kept(self) -> bool:
        return all(line.is_kept for line in self.lines)


@dataclass(frozen=True)
class Done:
    """A process that has ended."""

    seconds: float
    peak_mb: float
    status: int
    output: str


def run(command: Sequence[str], environment: Mapping[str, str] | None = None, *, patience: float = 3600) -> Done:
    """Start a process, wait for its end, and say how long it took and how much memory it had at most."""
    with tempfile.TemporaryFile() as output:
        started = time.perf_counter()
        process = subprocess.Popen(
            command,
            cwd=ROOT,
            env=None if environment is None else dict(environment),
            stdout=output,
            stderr=subprocess.STDOUT,
            stdin=subprocess.DEVNULL,
        )
        deadline = time.monotonic() + patience
        while True:
            pid, status, usage = os.wait4(process.pid, os.WNOHANG)
            if pid:
                break
            if time.monotonic() > deadline:
                process.kill()
                os.wait4(process.pid, 0)
                raise SystemExit(f"{' '.join(command[:4])} did not end within {patience:g} s")
            time.sleep(0.0005)
        seconds = time.perf_counter() - started
        process.returncode = os.waitstatus_to_exitcode(status)
        output.seek(0)
        said = output.read().decode("utf-8", "replace")
    return Done(seconds, usage.ru_maxrss / 1024, process.returncode, said)


def in_turn(sides: Mapping[str, Callable[[], float]], rounds: int) -> dict[str, list[float]]:
    """Each side once a round, so that all see the same machine; the first, warming round is not counted."""
    found: dict[str, list[float]] = {name: [] for name in sides}
    for number in range(rounds + 1):
        for name, once in sides.items():
            value = once()
            if number:
                found[name].append(value)
    return found


def ratio(ours: Sequence[float], others: Sequence[float]) -> float:
    """The median of the rounds' own ratios, so that a drift of the machine's speed does not decide."""
    return statistics.median(a / b for a, b in zip(ours, others, strict=True))


def middle(values: Sequence[float]) -> float:
    return statistics.median(values)


def high(values: Sequence[float], percent: int) -> float:
    """The nearest-rank percentile."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, max(0, -(-len(ordered) * percent // 100) - 1))]


@contextmanager
def scratch() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="observance-bench-") as folder:
        yield Path(folder)


def circumstances() -> dict[str, object]:
    """Machine, versions, load: what somebody else needs who compares."""
    model = next(
        (line.partition(":")[2].strip() for line in _lines("/proc/cpuinfo") if line.startswith("model name")), ""
    )
    commit = subprocess.run(
        ["git", "-C", str(ROOT), "rev-parse", "--short", "HEAD"], capture_output=True, text=True, check=False
    ).stdout.strip()
    return {
        "at": datetime.now(UTC).isoformat(timespec="seconds"),
        "commit": commit,
        "python": platform.python_version(),
        "system": platform.system(),
        "machine": f"{model or platform.machine()}, {os.cpu_count()} cores",
        "load": round(os.getloadavg()[0], 1),
        "sqlite": sqlite3.sqlite_version,
        "libraries": {name: metadata.version(name) for name in LIBRARIES},
    }


def _lines(path: str) -> list[str]:
    try:
        return Path(path).read_text(encoding="utf-8").splitlines()
    except OSError:
        return []


def keep(result: Result, about: Mapping[str, object], options: Options) -> None:
    """Add a result to those that are kept, with its date."""
    KEPT.parent.mkdir(exist_ok=True)
    row = {
        "goal": result.goal,
        **about,
        "options": asdict(options),
        "lines": [asdict(x) for x in result.lines],
        "notes": result.notes,
    }
    with KEPT.open("a", encoding="utf-8") as file:
        file.write(json.dumps(row, ensure_ascii=False) + "\n")
