"""What the commands that start at once may load: a ceiling each, in tests/data/ceilings.toml."""

from __future__ import annotations

import os
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from tests.support.small_month import copy_small_month

ROOT = Path(__file__).parents[2]
CEILINGS = tomllib.loads((ROOT / "tests" / "data" / "ceilings.toml").read_text(encoding="utf-8"))["modules_at_start"]


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
