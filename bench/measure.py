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
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from importlib import metadata
from pathlib import Path
from typing import TypeVar

ROOT = Path(__file__).resolve().parent.parent
KEPT = ROOT / "bench" / "results" / "results.jsonl"
PYTHON = sys.executable
#: What every start is divided by: the same interpreter that does nothing, without anybody's site-packages.
BARE = (PYTHON, "-I", "-S", "-c", "pass")
LIBRARIES = ("sqlalchemy", "jinja2", "sendgrid", "requests", "flask")


@dataclass(frozen=True)
class Options:
    """How large, how often. A small run takes a minute or so a part and says nothing about a goal."""

    size: str = "full"
    rounds: int = 0
    readers: int = 0
    peers: bool = True
    database: str = ""
    at: str = ""  # of P9: the minute of today at which posts are due

    @property
    def is_small(self) -> bool:
        return self.size == "small"

    @property
    def is_comparable(self) -> bool:
        """Whether the goals' own sizes are measured."""
        return not self.is_small and not self.readers

    def times(self, full: int, small: int = 1) -> int:
        return self.rounds or (small if self.is_small else full)

    def many(self, full: int, small: int) -> int:
        return self.readers or (small if self.is_small else full)


class Seconds(float):
    """By the clock; and of the processor, all children's among it, which other work on the machine changes less."""

    processor: float

    def __new__(cls, clock: float, processor: float) -> Seconds:
        own = super().__new__(cls, clock)
        own.processor = processor
        return own

    def __sub__(self, other: float) -> Seconds:
        busy = other.processor if isinstance(other, Seconds) else 0.0
        return Seconds(float(self) - float(other), self.processor - busy)


Time = TypeVar("Time", bound=float)


@dataclass(frozen=True)
class Line:
    """One row of the table. ``limit`` is the goal's value; None for what is only told. ``value`` is None where nothing
    could be measured, for the reason in ``ours``."""

    goal: str
    what: str
    value: float | None
    unit: str = "x"
    limit: float | None = None
    at_least: bool = False
    ours: str = ""
    other: str = ""
    processor: float | None = None

    @property
    def holds(self) -> bool:
        if self.value is None:
            return False
        return self.limit is None or (self.value >= self.limit if self.at_least else self.value <= self.limit)

    def verdict(self, is_comparable: bool = True) -> str:
        if self.value is None:
            return "not measured"
        if self.limit is None:
            return ""
        if not is_comparable:
            return "not comparable"
        if self.holds:
            return "holds"
        if not self.limit:
            return f"does not hold: {self.value:g} too many"
        return f"does not hold: {self.value / self.limit:.2f} of the goal"

    def cells(self, is_comparable: bool = True) -> tuple[str, ...]:
        sign = "≥" if self.at_least else "≤"
        value = "" if self.value is None else f"{self.value:,.2f} {self.unit}".rstrip()
        by_processor = "" if self.processor is None else f"{self.processor:,.2f}"
        asked = "" if self.limit is None else f"{sign} {self.limit:g}"
        return (self.goal, self.what, self.ours, self.other, value, by_processor, asked, self.verdict(is_comparable))


COLUMNS = ("goal", "what", "ours", "the other side", "found", "by processor", "asked", "")


def drawn(rows: Sequence[Sequence[str]], columns: Sequence[str] = COLUMNS) -> str:
    """A table that can be read as it is, and that Markdown shows as one."""
    widths = [max(map(len, column)) for column in zip(columns, *rows, strict=True)]
    lines = [columns, ["-" * width for width in widths], *rows]
    return "\n".join(
        "| " + " | ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) + " |" for row in lines
    )


TOO_LITTLE = "too few readers, or too busy a machine"


class Result:
    """What a part of the benchmarks finds, told as it is found. ``into``: a file that has it also if the part fails."""

    def __init__(self, goal: str, into: Path | None = None) -> None:
        self.goal = goal
        self.lines: list[Line] = []
        self.notes: list[str] = []
        self._into = into

    def add(
        self,
        what: str,
        value: float | None,
        unit: str = "x",
        limit: float | None = None,
        *,
        at_least: bool = False,
        goal: str = "",
        ours: str = "",
        other: str = "",
        processor: float | None = None,
    ) -> None:
        line = Line(goal or self.goal, what, value, unit, limit, at_least, ours, other, processor)
        self.lines.append(line)
        print("  " + "  ".join(filter(None, line.cells()[1:7])), flush=True)
        self._write("line", asdict(line))

    def missing(
        self, what: str, why: str, limit: float | None = None, *, at_least: bool = False, goal: str = ""
    ) -> None:
        """What could not be measured here, in the place where its figures would stand."""
        self.add(what, None, limit=limit, at_least=at_least, goal=goal, ours=why)

    def cost(
        self,
        what: str,
        ours: Sequence[float],
        other: Sequence[float],
        limit: float | None = None,
        *,
        goal: str = "",
    ) -> None:
        """How many times what the other takes."""
        if middle(ours) <= 0:  # what was taken off it was longer
            self.missing(what, TOO_LITTLE, limit, goal=goal)
            return
        self.add(
            what,
            ratio(ours, other),
            limit=limit,
            goal=goal,
            ours=duration(middle(ours)),
            other=duration(middle(other)),
            processor=by_processor(ours, other),
        )

    def rate(
        self,
        what: str,
        readers: int,
        ours: Sequence[float],
        other: Sequence[float],
        limit: float | None = None,
        *,
        unit: str = "x",
    ) -> None:
        """How many times what the other does in the same time; or, with the unit %, which part of it."""
        if middle(ours) <= 0:  # what was taken off it was longer
            self.missing(what, TOO_LITTLE, limit, at_least=True)
            return
        times = 100 if unit == "%" else 1
        self.add(
            what,
            times * ratio(other, ours),
            unit,
            limit,
            at_least=True,
            ours=f"{readers / middle(ours):,.0f}/s",
            other=f"{readers / middle(other):,.0f}/s",
            processor=None if unit == "%" else by_processor(other, ours),
        )

    def note(self, text: str) -> None:
        self.notes.append(text)
        print(f"  note: {text}", flush=True)
        self._write("note", text)

    def _write(self, kind: str, content: object) -> None:
        if self._into is not None:
            with self._into.open("a", encoding="utf-8") as file:
                file.write(json.dumps({kind: content}, ensure_ascii=False) + "\n")


def duration(seconds: float) -> str:
    return f"{seconds * 1000:,.0f} ms" if seconds < 10 else f"{seconds:,.1f} s"


@dataclass(frozen=True)
class Done:
    """A process that has ended."""

    seconds: Seconds
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
        end = threading.Timer(patience, process.kill)
        end.start()
        try:
            _, status, usage = os.wait4(process.pid, 0)
        except BaseException:
            process.kill()
            raise
        finally:
            end.cancel()
        seconds = Seconds(time.perf_counter() - started, usage.ru_utime + usage.ru_stime)
        process.returncode = os.waitstatus_to_exitcode(status)
        if seconds > patience:
            raise SystemExit(f"{' '.join(command[:4])} did not end within {patience:g} s")
        output.seek(0)
        said = output.read().decode("utf-8", "replace")
    return Done(seconds, usage.ru_maxrss / 1024, process.returncode, said)


def in_turn(sides: Mapping[str, Callable[[], Time]], rounds: int, *, warm: bool = True) -> dict[str, list[Time]]:
    """Each side once a round, so that all see the same machine; the first, warming round is not counted."""
    found: dict[str, list[Time]] = {name: [] for name in sides}
    for number in range(rounds + warm):
        for name, once in sides.items():
            value = once()
            if number >= warm:
                found[name].append(value)
    return found


def ratio(ours: Sequence[float], others: Sequence[float]) -> float:
    """The median of the rounds' own ratios, so that a drift of the machine's speed does not decide."""
    return statistics.median(a / b for a, b in zip(ours, others, strict=True))


def by_processor(ours: Sequence[float], others: Sequence[float]) -> float | None:
    """The same of what the processor did for each; None where that is not known."""
    mine, theirs = ([s.processor for s in side if isinstance(s, Seconds)] for side in (ours, others))
    return ratio(mine, theirs) if len(ours) == len(mine) == len(theirs) else None


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


def load() -> float:
    return round(os.getloadavg()[0], 1)


def circumstances() -> dict[str, object]:
    """Machine, versions: what somebody else needs who compares."""
    model = next(
        (line.partition(":")[2].strip() for line in _lines("/proc/cpuinfo") if line.startswith("model name")), ""
    )
    commit = subprocess.run(
        ["git", "-C", str(ROOT), "describe", "--always", "--dirty"], capture_output=True, text=True, check=False
    ).stdout.strip()
    return {
        "at": datetime.now(UTC).isoformat(timespec="seconds"),
        "commit": commit or "no commit",
        "python": platform.python_version(),
        "system": platform.system(),
        "machine": f"{model or platform.machine()}, {os.cpu_count()} cores",
        "sqlite": sqlite3.sqlite_version,
        "postgresql": _postgresql(),
        "libraries": {name: metadata.version(name) for name in LIBRARIES},
    }


def _postgresql() -> str:
    sys.path.insert(0, str(ROOT))
    from tests.support.postgresql import binaries

    programs = binaries()
    if programs is None:
        return "none"
    said = subprocess.run([str(programs / "initdb"), "--version"], capture_output=True, text=True, check=False).stdout
    return said.split()[2] if len(said.split()) > 2 else "unknown"


def _lines(path: str) -> list[str]:
    try:
        return Path(path).read_text(encoding="utf-8").splitlines()
    except OSError:
        return []


def keep(part: str, lines: Sequence[Line], notes: Sequence[str], about: Mapping[str, object], options: Options) -> None:
    """Add what a part found to the results that are kept, with its date."""
    KEPT.parent.mkdir(exist_ok=True)
    row = {
        "part": part,
        **about,
        "options": asdict(options),
        "lines": [asdict(line) for line in lines],
        "notes": list(notes),
    }
    with KEPT.open("a", encoding="utf-8") as file:
        file.write(json.dumps(row, ensure_ascii=False) + "\n")
