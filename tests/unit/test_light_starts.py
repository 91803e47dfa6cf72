"""What the commands that start at once may load: a ceiling each, in tests/data/ceilings.toml."""

from __future__ import annotations

import os
import pstats
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from tests.support.small_month import copy_small_month

ROOT = Path(__file__).parents[2]
ALL_CEILINGS = tomllib.loads((ROOT / "tests" / "data" / "ceilings.toml").read_text(encoding="utf-8"))
CEILINGS = ALL_CEILINGS["modules_at_start"]


def loaded(project: Path, *words: str) -> set[str]:
    """What a process of its own imports, beside what an interpreter does that does nothing."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("OBSERVANCE_")}
    environment |= {
        "OBSERVANCE_PROJECT": str(project),
        "OBSERVANCE_STATE": str(project / "state"),
        "OBSERVANCE_PRETEND_NOW": "2026-12-20T12:00:00-05:00",
    }

    def modules(*command: str) -> set[str]:
        python = (sys.executable, "-X", "importtime")
        done = subprocess.run(
            (*python, *command), cwd=ROOT, env=environment, capture_output=True, text=True, check=False
        )
        lines = [line for line in done.stderr.splitlines() if line.startswith("import time:")]
        assert done.returncode in (0, 1), done.stderr
        assert len(lines) > 5, done.stderr
        return {line.rpartition("|")[2].strip() for line in lines}

    return modules("run.py", *words) - modules("-c", "pass")


def test_the_list_of_commands(tmp_path: Path) -> None:
    modules = loaded(tmp_path, "--help")
    assert len(modules) <= CEILINGS["help"], sorted(modules)


def test_hold(tmp_path: Path) -> None:
    """After a first start: the standard library, the driver, and what belongs to it."""
    for part in ("config", "campaigns", "templates"):
        (tmp_path / part).symlink_to(ROOT / part)
    assert "sqlalchemy" in loaded(tmp_path, "hold", "--reason", "a storm", "--by", "Ben")
    modules = loaded(tmp_path, "hold", "--reason", "a flood", "--by", "Ben")
    assert len(modules) <= CEILINGS["hold"], sorted(modules)
    heavy = {"sqlalchemy", "alembic", "jinja2", "markdown_it", "tomlkit", "jsonschema", "argparse", "dataclasses"}
    assert not heavy & {name.partition(".")[0] for name in modules}


@pytest.mark.parametrize(("words", "has_ledger"), [("dry-run", False), ("dry-run", True), ("status", True)])
def test_a_command_that_works_its_answer_out(tmp_path: Path, words: str, has_ledger: bool) -> None:
    """With what an earlier one compiled and kept, but not with its answer: a file has changed since. No provider's
    library is needed for it, and a ledger in a file is looked at without SQLAlchemy."""
    copy_small_month(tmp_path)
    if has_ledger:
        loaded(tmp_path, "subscribers", "count")
    loaded(tmp_path, words)
    item = next((tmp_path / "campaigns").glob("*/items/*.md"))
    item.write_text(item.read_text("utf-8") + "\nOne sentence more.\n", encoding="utf-8")
    modules = loaded(tmp_path, words)
    most = CEILINGS[f"{words}{' beside a ledger' if has_ledger else ''}"]
    assert len(modules) <= most, len(modules)
    heavy = {"tweepy", "sendgrid", "apscheduler", "flask", "sqlalchemy", "alembic"}
    assert not heavy & {name.partition(".")[0] for name in modules}
    assert len(modules) > CEILINGS["hold"], "it was worked out"


def test_what_a_first_run_and_one_changed_item_cost(tmp_path: Path) -> None:
    """Counted, not timed: what rests on the program alone is not worked out for another user or project, and what does not
    depend on the item not again."""
    copy_small_month(tmp_path)
    item = next((tmp_path / "campaigns").glob("*/items/*.md"))
    environment = {name: value for name, value in os.environ.items() if not name.startswith("OBSERVANCE_")}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)  # what rests on the program alone is kept beside it
    environment |= {"OBSERVANCE_PROJECT": str(tmp_path), "OBSERVANCE_PRETEND_NOW": "2026-12-20T12:00:00-05:00"}

    def run(state: str, *before: str) -> None:
        item.write_text(item.read_text("utf-8") + "\nOne sentence more.\n", encoding="utf-8")
        command = (sys.executable, *before, "run.py", "dry-run")
        in_state = environment | {"OBSERVANCE_STATE": str(tmp_path / state)}
        done = subprocess.run(command, cwd=ROOT, env=in_state, capture_output=True, text=True, check=False)
        assert done.returncode in (0, 1), done.stderr

    def hold_to(name: str) -> None:
        run("state", "-m", "cProfile", "-o", str(tmp_path / "profile"))
        stats = pstats.Stats(str(tmp_path / "profile")).stats  # type: ignore[attr-defined]
        calls = sum(called for _, called, *_ in stats.values())
        compiled = (("_code", "_compiler.py"),)
        patterns = sum(n for (file, _, each), (_, n, *_) in stats.items() if (each, file[-12:]) in compiled)
        most = ALL_CEILINGS[name]
        assert calls <= most["calls"], calls
        assert patterns <= most["patterns"], patterns
        assert calls > most["calls"] / 2, "it was worked out"

    run("another's state")
    hold_to("first_dry_run")
    run("state")
    hold_to("changed_dry_run")


@pytest.mark.parametrize(("words", "at_once"), [(["plan"], True), (["reply-text"], False)])
def test_a_season_that_was_read_is_not_taken_apart(tmp_path: Path, words: list[str], at_once: bool) -> None:
    """The process ends when all is printed, before anything that waited for its end from its start on."""
    copy_small_month(tmp_path)
    starts = "import atexit, sys; atexit.register(print, 'taken apart'); from scheduler.cli.main import run_and_end; "
    command = (sys.executable, "-c", f"{starts}sys.exit(run_and_end(sys.argv[1:]))", *words, "--project", str(tmp_path))
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert (not done.stdout.endswith("taken apart\n")) == at_once
    assert len(done.stdout.splitlines()) > 3
