"""A function is read from top to bottom at one sitting."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[2] / "scheduler"
MOST = 60  # lines, with the signature and the docstring
#: What a landed migration does is never edited.
MODULES = sorted(p for p in PACKAGE.rglob("*.py") if not {"starter", "versions"} & set(p.parts))


def test_there_is_something_to_measure() -> None:
    """The folder is the package's."""
    assert len(MODULES) > 100


@pytest.mark.parametrize(
    "folder", sorted({p.parent for p in MODULES}), ids=lambda p: p.relative_to(PACKAGE.parent).as_posix()
)
def test_no_function_is_longer_than_a_page(folder: Path) -> None:
    """Sixty lines; a longer list of facts is a table, and stands outside of functions."""
    long = {
        f"{path.name}:{node.lineno} {node.name}": length
        for path in folder.glob("*.py")
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and (length := (node.end_lineno or node.lineno) - node.lineno + 1) > MOST
    }
    assert {} == long
