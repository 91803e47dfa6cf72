"""The page about the architecture shows the code that is there."""

from __future__ import annotations

import importlib.util
import re
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest

from scheduler.environment import RINGS

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def make() -> ModuleType:
    spec = importlib.util.spec_from_file_location("make_architecture", ROOT / "docs" / "make_architecture.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_both_pictures_are_current() -> None:
    """The page is what its maker writes now, from the contracts, the imports, and a mail on its road."""
    done = subprocess.run(
        [sys.executable, str(ROOT / "docs" / "make_architecture.py"), "--check"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert (0, "") == (done.returncode, done.stdout), f"run python docs/make_architecture.py\n{done.stderr[-2000:]}"


def test_no_package_is_outside_the_contract(make: ModuleType) -> None:
    """A folder of code that no level of the contract names could import whatever it likes, and would be in no picture."""
    named = {name for level in make.layers() for name in level}
    folders = {path.parent.name for path in (ROOT / "scheduler").glob("*/__init__.py")}
    assert set() == folders - named


def test_nothing_is_imported_upward(make: ModuleType) -> None:
    """Each import leads down, or to the same level: what the picture's arrows say."""
    level = {name: at for at, names in enumerate(make.layers()) for name in names}
    upward = [(a, b) for a, others in make.imports().items() if a in level for b in others if level[b] < level[a]]
    assert [] == upward


def test_a_station_that_is_not_passed_is_an_error(make: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    """The road is what a message did, not what somebody wrote down."""
    monkeypatch.setattr(make, "passed", lambda: list(range(1, len(make.STATIONS))))
    with pytest.raises(SystemExit, match="Tick"):
        make.road()


def test_what_contributing_names_is_there() -> None:
    """Where something new goes: each file and folder in its tables can be opened."""
    text = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    tables = text.partition("## Where something new goes")[2].partition("\n## ")[0]
    named = re.findall(r"`((?:scheduler|tests|docs|config)/[^`]*)`", tables)
    assert len(named) > 15
    assert [] == [path for path in named if not (ROOT / path).exists()]


def test_contributing_names_every_ring() -> None:
    """Whoever looks for a ring of tests finds its name, the quick one and both runs of CI among them."""
    text = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    named = [*(ring for ring in RINGS if ring != "live"), "test quick", ".ci/run", ".ci/full"]
    assert [] == [name for name in named if name not in text]


def test_the_hooks_of_a_commit_are_steps_of_ci() -> None:
    """What a commit is held to is what main is held to; a hook that only writes has its check there."""
    hooks = re.findall(
        r"entry: \.venv/bin/(?:python -m )?(.+)", (ROOT / ".pre-commit-config.yaml").read_text(encoding="utf-8")
    )
    ci = (ROOT / ".ci" / "run").read_text(encoding="utf-8")
    assert {"ruff format", "ruff check", "mypy", "lint-imports"} == set(hooks)
    assert [] == [hook for hook in hooks if hook not in ci]
