"""The page about the architecture shows the code that is there."""

from __future__ import annotations

import importlib.util
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest

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
