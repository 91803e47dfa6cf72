"""Scenarios: little projects on disk, each with the findings that it must give.

A scenario is a folder in tests/scenarios/ with

- ``base.txt`` (optional): the name of a project in tests/scenarios/_base/ that is copied first;
- files and folders of its own, which are copied over it;
- ``changes.toml`` (optional): small changes, so that a scenario need not repeat whole files:
  ``[[edit]]`` with ``file``, ``find`` (must stand there exactly once) and ``replace``, of a template also where the
  project has none of its own and the shipped one counts;
  ``[[copy]]`` with ``folder`` and ``to``, which comes first; ``[[link]]`` with ``file`` and ``to``; ``[[fill]]`` with ``file`` and ``kib``, for a file that is too large;
- ``remove.txt`` (optional): files and folders to take away, one a line;
- ``stage.txt`` (optional): how far the project is walked, a name in ``STAGES``; else ``load``;
- ``expected.txt``: the findings in reading order, one a line as ``str(Finding)``; empty when there must be none.

``python -m tests.scenarios.harness`` prints what each scenario gives now; with ``--write`` and names it writes
their ``expected.txt``, to be read before it is committed.
"""

from __future__ import annotations

import shutil
import sys
import tempfile
import tomllib
from collections.abc import Callable, Iterable
from pathlib import Path

from scheduler.content import codes
from scheduler.content.load.campaign_files import load_campaign
from scheduler.domain.finding import Finding, in_reading_order
from scheduler.project import campaign_ids
from tests.scenarios.checking import check_all, plan_only, render_only

HERE = Path(__file__).parent
SHIPPED = HERE.parents[1]
OWN_FILES = ("base.txt", "changes.toml", "remove.txt", "stage.txt", "expected.txt")
Stage = Callable[[Path], Iterable[Finding]]


def load_only(root: Path) -> Iterable[Finding]:
    """Reading the files of the first campaign, and nothing more."""
    return load_campaign(root, campaign_ids(root)[0])[1]


#: How far a scenario is walked. A stage takes the project's folder and gives findings.
STAGES: dict[str, Stage] = {"load": load_only, "plan": plan_only, "render": render_only, "check": check_all}

#: The tables of codes: each code needs a scenario that gives this code and no other.
CODE_TABLES = ("LOADING", "PLANNING", "RENDERING", "CHECKING")

#: Codes that no scenario can show, and why.
NOT_SHOWN: dict[str, str] = {
    "R015": "a file with such a time, or without a default one, is refused when it is read (C011, C030); a unit test shows it",
    "D203": "comes of what the ledger knows; tests/unit/test_check_season.py shows it",
    "C185": "comes of what the ledger knows; tests/unit/test_what_guards_a_season.py shows it",
    "C186": "comes of what the ledger knows; tests/unit/test_what_guards_a_season.py shows it",
    "C187": "comes of what the ledger knows; tests/unit/test_what_guards_a_season.py shows it",
    "D204": "comes of what the ledger knows; tests/unit/test_check_season.py shows it",
    "P021": "comes of what the ledger knows; tests/contract/test_one_a_day.py shows it",
    "G106": "comes of a channel of another package: each of this one takes pictures; tests/unit/test_cards.py shows it",
    "S107": "comes of config/review.toml; tests/unit/test_two_people.py shows it",
    "S108": "comes of config/review.toml; tests/unit/test_two_people.py shows it",
    "C177": "needs two claims of history; tests/unit/test_days_in_text.py shows it",
    "S103": "comes when the database is out of reach; the command line's tests show it",
}


def scenarios() -> list[Path]:
    """All scenario folders, by name."""
    return sorted(p for p in HERE.iterdir() if p.is_dir() and p.name[0] not in "_." and p.name != "__pycache__")


def build(scenario: Path, into: Path) -> Path:
    """Put the scenario's project together in the folder ``into``, which it returns."""
    into.mkdir(parents=True, exist_ok=True)
    for base in _lines(scenario / "base.txt"):
        shutil.copytree(HERE / "_base" / base, into, dirs_exist_ok=True)
    for name in _lines(scenario / "remove.txt"):
        path = into / name
        shutil.rmtree(path) if path.is_dir() else path.unlink()
    for path in sorted(scenario.iterdir()):
        if path.is_dir():
            shutil.copytree(path, into / path.name, dirs_exist_ok=True)
        elif path.name not in OWN_FILES:
            shutil.copy(path, into / path.name)
    if (scenario / "changes.toml").exists():
        _change(tomllib.loads((scenario / "changes.toml").read_text("utf-8")), into)
    return into


def _change(changes: dict[str, list[dict[str, str]]], root: Path) -> None:
    for copy in changes.pop("copy", []):
        shutil.copytree(root / copy["folder"], root / copy["to"])
    for edit in changes.pop("edit", []):
        path = root / edit["file"]
        if not path.exists() and edit["file"].startswith("templates/"):
            path.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(SHIPPED / edit["file"], path)
        text = path.read_bytes().decode("utf-8")
        if text.count(edit["find"]) != 1:
            raise ValueError(f"{edit['find']!r} stands {text.count(edit['find'])} times in {edit['file']}, not once")
        path.write_bytes(text.replace(edit["find"], edit["replace"]).encode("utf-8"))
    for link in changes.pop("link", []):
        (root / link["file"]).unlink(missing_ok=True)
        (root / link["file"]).symlink_to(link["to"])
    for fill in changes.pop("fill", []):
        (root / fill["file"]).write_bytes(b"# a line\n" * (int(fill["kib"]) * 1024 // 9 + 1))
    if changes:
        raise ValueError(f"changes.toml: unknown {', '.join(changes)}")


def stage_of(scenario: Path) -> Stage:
    """How far this scenario is walked."""
    return STAGES[next(iter(_lines(scenario / "stage.txt")), "load")]


def expected(scenario: Path) -> list[str]:
    """The findings that the scenario must give."""
    return _lines(scenario / "expected.txt")


def shown(findings: Iterable[Finding]) -> list[str]:
    """Findings as ``expected.txt`` holds them."""
    return [str(finding) for finding in in_reading_order(findings)]


def codes_in(scenario: Path) -> set[str]:
    """The codes that a scenario must give."""
    return {line.partition(" ")[0] for line in expected(scenario)}


def codes_of(table: str) -> list[str]:
    """The codes in a table."""
    return list(getattr(codes, table))


def _lines(path: Path) -> list[str]:
    if not path.exists():
        return []
    return [line for line in path.read_text("utf-8").splitlines() if line.strip()]


def main(arguments: list[str]) -> None:
    write = "--write" in arguments
    names = [a for a in arguments if a != "--write"]
    for scenario in scenarios():
        if names and scenario.name not in names:
            continue
        with tempfile.TemporaryDirectory() as folder:
            found = shown(stage_of(scenario)(build(scenario, Path(folder))))
        print(scenario.name, "" if found == expected(scenario) else "(not as expected)")
        for line in found:
            print("   ", line)
        if write:
            (scenario / "expected.txt").write_text("".join(f"{line}\n" for line in found), "utf-8", newline="\n")


if __name__ == "__main__":
    main(sys.argv[1:])
