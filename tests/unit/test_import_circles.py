"""No file imports another that leads back to it, also not for types alone: whoever reads one need not read all."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

ROOT = Path(__file__).parents[2]
FILES = {
    ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__"): path
    for path in (ROOT / "scheduler").rglob("*.py")
    if not {"starter", "versions"} & set(path.parts)
}


def imported(module: str) -> Iterator[str]:
    """The modules of the program that one imports, at its head, within functions, and for types."""
    path = FILES[module]
    parts = module.split(".") if path.name == "__init__.py" else module.split(".")[:-1]
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if not isinstance(node, ast.ImportFrom):
            continue
        base = ".".join([*parts[: len(parts) - node.level + 1], *([node.module] if node.module else [])])
        for name in node.names:
            found = f"{base}.{name.name}" if f"{base}.{name.name}" in FILES else base
            if found in FILES and found != module:
                yield found


def circle() -> list[str]:
    try:
        TopologicalSorter({module: set(imported(module)) for module in FILES}).prepare()
    except CycleError as error:
        return list(error.args[1])
    return []


def test_no_import_leads_back() -> None:
    """The first circle that is found is named, file by file."""
    assert len(FILES) > 100
    assert {"scheduler.web.routing"} <= set(imported("scheduler.web.health")), "imports are read"
    assert [] == circle()
