"""The count of statements that later work is held to."""

from __future__ import annotations

import importlib.util
from collections import Counter
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def bench() -> ModuleType:
    spec = importlib.util.spec_from_file_location("bench_statements", ROOT / "bench" / "statements.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_layout_of_the_code_does_not_change_the_count(bench: ModuleType) -> None:
    """Statements are counted, nested ones too, and not lines."""
    assert 3 == bench.statements("if a:\n    b = [\n        1,\n    ]\n    c()\n")
    assert 3 == bench.statements("if a: b = [1]; c()")


def test_each_package_is_counted_and_what_is_new_can_be_left_out(bench: ModuleType) -> None:
    """Modules beside the packages count as the top; a folder is left out whole, and nothing that only begins like it."""
    files = [("scheduler/a.py", "x = 1"), ("scheduler/b/c.py", "x = 1\ny = 2"), ("scheduler/b/cd/e.py", "x = 1")]
    assert Counter(scheduler=1, b=3) == bench.by_package(files)
    assert Counter(scheduler=1, b=1) == bench.by_package(files, ["scheduler/b/c.py"])
    assert Counter(scheduler=1, b=3) == bench.by_package(files, ["scheduler/b/c"])
