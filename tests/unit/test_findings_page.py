"""docs/reference/findings.md is made from the tables of codes, and is current."""

from __future__ import annotations

import importlib.util
import re
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def maker() -> ModuleType:
    spec = importlib.util.spec_from_file_location("make_findings", ROOT / "docs" / "make_findings.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_page_is_current(maker: ModuleType) -> None:
    """Whoever changes a code or a lint runs python docs/make_findings.py."""
    assert maker.page() == (ROOT / "docs" / "reference" / "findings.md").read_text("utf-8")


def test_every_code_that_the_program_uses_is_on_the_page() -> None:
    """A code that a person meets can be looked up."""
    page = (ROOT / "docs" / "reference" / "findings.md").read_text("utf-8")
    used = {
        code
        for path in (ROOT / "scheduler").rglob("*.py")
        for code in re.findall(r'"([CDHLMNPQRSTWZ]\d{3})"', path.read_text("utf-8"))
    }
    assert [] == sorted(code for code in used if f"**{code} " not in page)


def test_every_lint_of_the_shipped_packs_is_on_the_page() -> None:
    """Lints are codes too."""
    page = (ROOT / "docs" / "reference" / "findings.md").read_text("utf-8")
    ids = {
        i
        for p in (ROOT / "config" / "lint").glob("*.toml")
        for i in re.findall(r'^id = "(\w+)"', p.read_text("utf-8"), re.M)
    }
    assert ids
    assert [] == sorted(i for i in ids if f"**{i} " not in page)
