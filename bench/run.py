#!/usr/bin/env python3
"""All goals of speed by one command: `python3 bench/run.py all`, or some of them, such as `P3 P5`.

    python3 bench/run.py all                  # at the goals' own sizes: some hours; it says how many before it begins
    python3 bench/run.py all --size small     # does each still run? no verdict about a goal
    python3 bench/run.py P5 --keep            # add what was found to bench/results/
    python3 bench/run.py table                # the newest kept result of each goal

It makes the project's environment where there is none, installs the other senders into build/bench/, and then measures on
loopback alone, in scratch folders, with servers that it starts and ends itself. Each part is a process of its own with an
end on its time: one that fails says so in the table, and the others' figures stay.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path

import installing
from measure import KEPT, Line, Options, circumstances, drawn, keep, load
from place import SHARED

BENCH = Path(__file__).resolve().parent


GOALS = {
    "P1": "start of --help, hold, status",
    "P2": "a dry run of the month",
    "P3": "a SendGrid day for 100,000 to a fast sink, against the SDK and against the floors",
    "P4": "the same with 100 ms of provider latency, against 8 and 16 calls in flight",
    "P5": "an SMTP day for 20,000 against other senders; the same at 50 ms an answer",
    "P6": "cost a reader at 1,000,000 against 10,000",
    "P7": "peak memory at 1,000,000 against 10,000",
    "P8": "import of 1,000,000 readers",
    "P9": "how late the alarm and the posts are, and what still goes out after a hold",
    "P10": "start on a ledger of 32 x 1,000,000 rows against an empty one",
    "P11": "2 and 4 workers on PostgreSQL against one",
    "P12": "each page at 1,000,000 readers and 64,000 events against 100 readers",
}


@dataclass(frozen=True)
class Part:
    """What is measured in one process: a function of a module, and about how many minutes it takes."""

    name: str
    goals: tuple[str, ...]
    module: str
    function: str
    minutes: float
    small_minutes: float
    arguments: tuple[str, ...] = ()

    def lasts(self, options: Options) -> float:
        """Minutes on a machine with two slow cores, at the goal's size or at the small one."""
        return self.small_minutes if options.is_small else self.minutes

    def at_most(self, options: Options) -> float:
        """Minutes after which it is ended."""
        return 3 * self.lasts(options) + 3


PARTS = (
    Part("P1", ("P1",), "starting", "p1", 5, 1),
    Part("P2", ("P2",), "starting", "p2", 3, 1),
    Part("P3", ("P3",), "mailing", "p3", 6, 1),
    Part("P4", ("P4",), "mailing", "p4", 6, 1),
    Part("P5, other senders", ("P5",), "mailing", "other_senders", 30, 3),
    Part("P5, a slow line", ("P5",), "mailing", "slow_line", 20, 1),
    *(
        Part(f"P6 and P7, {way} on {database}", ("P6", "P7"), "mailing", "growing", minutes, 1.5, (way, database))
        for way, database, minutes in (
            ("SendGrid", "sqlite", 8),
            ("SendGrid", "postgresql", 12),
            ("SMTP", "sqlite", 40),
            ("SMTP", "postgresql", 60),
        )
    ),
    Part("P8", ("P8",), "importing", "p8", 5, 1),
    Part("P9, the alarm", ("P9",), "lateness", "by_itself", 1, 1),
    Part("P9, beside a slow server", ("P9",), "lateness", "beside_a_slow_server", 45, 5),
    Part("P9, beside a silent mail server", ("P9",), "lateness", "beside_a_silent_mail_server", 45, 5),
    Part("P9, after a hold", ("P9",), "lateness", "after_a_hold", 8, 5),
    Part("P11", ("P11",), "workers", "p11", 6, 2),
    *(
        Part(f"P10 and P12 on {database}", ("P10", "P12"), "growth", "grown", minutes, 2, (database,))
        for database, minutes in (("sqlite", 25), ("postgresql", 40))
    ),
)


@dataclass
class Found:
    """What came of a part."""

    part: Part
    lines: list[Line] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    loads: tuple[float, float] = (0, 0)
    failure: str = ""

    def rows(self, is_comparable: bool) -> list[tuple[str, ...]]:
        rows = [line.cells(is_comparable) for line in self.lines]
        if self.failure:
            rows.append((self.part.goals[0], self.part.name, self.failure, "", "", "", "", "failed"))
        return rows


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("goals", nargs="+", metavar="GOAL", help=f"{', '.join(GOALS)}, all, or table")
    parser.add_argument(
        "--size", choices=("full", "small"), default="full", help="small: a minute or so a part, and no verdict"
    )
    parser.add_argument("--readers", type=int, default=0, help="in place of the goal's number; no verdict then")
    parser.add_argument("--rounds", type=int, default=0)
    parser.add_argument("--no-peers", action="store_true", help="compare with no other sender, and install none")
    parser.add_argument("--database", choices=("sqlite", "postgresql"), help="for P6, P7, P10 and P12: this one alone")
    parser.add_argument(
        "--at",
        default="",
        metavar="HH:MM",
        help="of P9 the posts beside a slow server alone, due at this minute of today (UTC): they are made ready at once",
    )
    parser.add_argument("--keep", action="store_true", help="add the results to bench/results/")
    chosen = parser.parse_args()
    if chosen.goals == ["table"]:
        return table()
    goals = list(GOALS) if chosen.goals == ["all"] else [goal.upper() for goal in chosen.goals]
    unknown = [goal for goal in goals if goal not in GOALS]
    if unknown:
        parser.error(f"there is no {', '.join(unknown)}; there are {', '.join(GOALS)}, all and table")
    in_its_environment()
    options = Options(
        chosen.size, chosen.rounds, chosen.readers, not chosen.no_peers, chosen.database or "", at=chosen.at
    )
    parts = [part for part in PARTS if set(part.goals) & set(goals) and options.database in ("", *part.arguments)]
    if options.at:
        parts = [part for part in parts if part.function == "beside_a_slow_server"]
    announce(parts, options)
    if options.peers and any(part.name == "P5, other senders" for part in parts):
        installing.install()
    about = circumstances()
    all_found: list[Found] = []
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # as Ctrl-C: the part is ended, and the table is shown
    shared = tempfile.TemporaryDirectory(prefix="obench-shared-", ignore_cleanup_errors=True)
    try:
        for part in parts:
            found = Found(part)
            all_found.append(found)
            measure(found, options, Path(shared.name))
            if chosen.keep and not found.failure:
                keep(part.name, found.lines, found.notes, about | {"load": found.loads[0]}, options)
    except KeyboardInterrupt:
        all_found[-1].failure = "interrupted"
    finally:
        shared.cleanup()
    return conclude(all_found, about, options)


def in_its_environment() -> None:
    """Hand over to the project's own Python, which is made where there is none."""
    home = Path(os.environ.get("OBSERVANCE_VENV") or BENCH.parent / ".venv").absolute()
    if Path(sys.prefix).resolve() == home.resolve():
        return
    made = subprocess.run([sys.executable, str(BENCH.parent / "run.py"), "test", "--version"], check=False)
    if made.returncode:
        raise SystemExit(made.returncode)
    os.execv(home / "bin" / "python", [str(home / "bin" / "python"), *sys.argv])


def announce(parts: Sequence[Part], options: Options) -> None:
    """How long it takes, before it begins."""
    expected, most = (
        sum(minutes(part) for part in parts) for minutes in (lambda p: p.lasts(options), lambda p: p.at_most(options))
    )
    sized = (
        "" if not options.readers else " at the goals' own sizes; another number of readers takes as much less or more"
    )
    print(
        f"{len(parts)} {'part' if len(parts) == 1 else 'parts'}, about {spoken(expected)}{sized}. Each is ended after three times its share: {spoken(most)} at most."
    )
    if load() > (os.cpu_count() or 1):
        print(f"This machine has other work now (load {load()}): figures by the clock will not be worth keeping.")
    sys.stdout.flush()


def spoken(minutes: float) -> str:
    hours, rest = divmod(round(minutes), 60)
    return f"{hours} h {rest} min" if hours else f"{rest} min"


def measure(found: Found, options: Options, shared: Path) -> None:
    """One part in a process and a scratch folder of its own, both of which end with it. ``shared``: what parts leave to
    later ones."""
    part, began = found.part, load()
    print(f"\n{part.name} (load {began})", flush=True)
    with tempfile.TemporaryDirectory(prefix="obench-", ignore_cleanup_errors=True) as home:
        os.chmod(home, 0o755)  # PostgreSQL runs as somebody else
        told = Path(home) / "told.jsonl"
        command = [sys.executable, str(BENCH / "part.py"), part.module, part.function, json.dumps(asdict(options))]
        command += [str(told), part.goals[0], *part.arguments]
        process = subprocess.Popen(
            command, env=os.environ | {"TMPDIR": home, SHARED: str(shared)}, start_new_session=True
        )
        try:
            status = process.wait(60 * part.at_most(options))
            found.failure = "" if not status else f"ended with status {status}: its words are above"
        except subprocess.TimeoutExpired:
            found.failure = f"ended after {spoken(part.at_most(options))}"
        finally:
            end(process, Path(home))
            if told.exists():
                for line in told.read_text(encoding="utf-8").splitlines():
                    row = json.loads(line)
                    if "line" in row:
                        found.lines.append(Line(**row["line"]))
                    else:
                        found.notes.append(row["note"])
            found.loads = (began, load())


def end(process: subprocess.Popen[bytes], home: Path) -> None:
    """The part and all that it started: it may clean up by itself first."""
    if process.poll() is None:
        process.terminate()
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(60)
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    for file in home.glob("*/data/postmaster.pid"):  # a session of its own, and left alone by a part that was killed
        with contextlib.suppress(OSError, ValueError):
            os.kill(int(file.read_text().split()[0]), signal.SIGQUIT)


def conclude(all_found: Sequence[Found], about: dict[str, object], options: Options) -> int:
    """The one table, and whether all is as it should be."""
    print(f"\n{drawn([row for found in all_found for row in found.rows(options.is_comparable)])}\n")
    print(circumstances_of(about))
    print(
        "Load when each part began and ended: "
        + "; ".join(f"{f.part.name} {f.loads[0]}, {f.loads[1]}" for f in all_found)
    )
    for found in all_found:
        for note in found.notes:
            print(f"{found.part.name}: {note}")
    if any(max(found.loads) > (os.cpu_count() or 1) + 1 for found in all_found):
        print("The machine had other work: figures by the clock are to be measured again when it has none.")
    if not options.is_comparable:
        print("Not at the goals' own sizes: that each part runs, and nothing about the goals.")
        return int(any(found.failure for found in all_found))
    bad = sorted(
        {line.goal for f in all_found for line in f.lines if not line.holds}
        | {f.part.goals[0] for f in all_found if f.failure},
        key=goal_number,
    )
    print(f"Does not hold, or was not measured: {', '.join(bad)}." if bad else "All hold.")
    return int(bool(bad))


def goal_number(goal: str) -> int:
    return int(goal[1:])


def circumstances_of(about: dict[str, object]) -> str:
    libraries = about["libraries"]
    assert isinstance(libraries, dict)
    named = [f"Python {about['python']}", f"SQLite {about['sqlite']}", f"PostgreSQL {about.get('postgresql', '?')}"]
    named += [f"{name} {version}" for name, version in libraries.items()]
    return f"{str(about['at'])[:10]}, commit {about['commit']}, {about['machine']}. {', '.join(named)}."


def table() -> int:
    """The newest kept result of each part."""
    kept = [json.loads(line) for line in KEPT.read_text(encoding="utf-8").splitlines()] if KEPT.exists() else []
    newest = {row["part"]: row for row in kept if row["options"]["size"] == "full" and not row["options"]["readers"]}
    parts = [newest[part.name] for part in PARTS if part.name in newest]
    print(drawn([Line(**line).cells() for row in parts for line in row["lines"]]))
    for row in parts:
        print(f"{row['part']}: load {row['load']}, {age(row['commit'])}. {circumstances_of(row)}")
    absent = [part.name for part in PARTS if part.name not in newest]
    if absent:
        print(f"Not kept yet: {'; '.join(absent)}.")
    return 0


def age(commit: str) -> str:
    """How much has changed since: what was true of a program is not true of the next one."""
    command = ["git", "-C", str(BENCH), "rev-list", "--count", f"{commit.removesuffix('-dirty')}..HEAD"]
    counted = subprocess.run(command, capture_output=True, text=True, check=False).stdout.strip()
    return "of this commit" if counted == "0" else f"{counted or 'unknown'} commits ago"


if __name__ == "__main__":
    sys.exit(main())
