"""The documents lead somewhere, and their commands exist."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from scheduler.cli.main import COMMANDS

ROOT = Path(__file__).parents[2]
PAGES = [*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md"), *ROOT.glob("bench/*.md")]


@pytest.mark.parametrize("page", PAGES, ids=lambda p: str(p.relative_to(ROOT)))
def test_links_lead_somewhere(page: Path) -> None:
    """A link to a file of the project names a file that is there."""
    text = re.sub(r"```.*?```", "", page.read_text(encoding="utf-8"), flags=re.DOTALL)
    links = re.findall(r"\]\(([^)#\s]+)[^)]*\)", text)
    gone = [link for link in links if "://" not in link and not (page.parent / link).exists()]
    assert gone == []


@pytest.mark.parametrize("page", PAGES, ids=lambda p: str(p.relative_to(ROOT)))
def test_commands_exist(page: Path) -> None:
    """A command line in a document starts a command that there is."""
    named = re.findall(r"run\.py ([a-z][a-z-]+)", page.read_text(encoding="utf-8"))
    assert [n for n in named if n not in COMMANDS] == []


def test_no_page_is_left_out_of_the_index() -> None:
    """Each page of the documentation is linked from its index."""
    index = (ROOT / "docs" / "README.md").read_text(encoding="utf-8")
    pages = [p.relative_to(ROOT / "docs").as_posix() for p in (ROOT / "docs").glob("*/*.md")]
    assert [p for p in pages if not p.startswith("decisions/") and f"({p})" not in index] == []
