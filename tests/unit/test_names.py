"""Names that the code gave up stay given up, so that one thing has one name."""

from __future__ import annotations

import ast
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
OLD = tomllib.loads((Path(__file__).parents[1] / "data" / "old_names.toml").read_text(encoding="utf-8"))
MODULES = sorted(p for p in (ROOT / "scheduler").rglob("*.py") if "starter" not in p.parts)


def dotted(path: Path) -> str:
    return ".".join(path.relative_to(ROOT).with_suffix("").parts)


def names_in(path: Path) -> Iterator[str]:
    """Its classes and functions, methods too."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            yield node.name


def test_no_module_has_an_old_name() -> None:
    """Where a module stood nothing stands, unless another took its name with its own right."""
    assert [] == sorted({dotted(path) for path in MODULES} & set(OLD["modules"]) - set(OLD["modules"].values()))


def test_no_class_or_function_has_an_old_name() -> None:
    assert [] == [(dotted(path), name) for path in MODULES for name in names_in(path) if name in OLD["everywhere"]]


def test_no_record_has_slots() -> None:
    """Such a class is made twice (decision 88); nothing else says so before the module is loaded."""
    assert not [dotted(path) for path in MODULES if "slots=True" in path.read_text(encoding="utf-8")]


def test_no_repository_is_named_after_rows() -> None:
    """Each part of the ledger is the repository of its noun."""
    store = [path for path in MODULES if path.parent.name == "store"]
    assert [] == [name for path in store for name in names_in(path) if name.endswith("Rows")]


@pytest.mark.parametrize(("old", "new"), sorted(OLD["here"].items()))
def test_a_common_word_is_not_used_again_where_it_meant_something_else(old: str, new: str) -> None:
    module, name = old.rsplit(".", 1)
    path = ROOT.joinpath(*module.split(".")).with_suffix(".py")
    assert not path.exists() or name not in names_in(path), f"it is called {new}"
