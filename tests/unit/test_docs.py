"""The documents lead somewhere, and their commands exist."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from scheduler.cli.main import COMMANDS, main

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
    named = re.findall(r"(?<!bench/)run\.py ([a-z][a-z-]+)", page.read_text(encoding="utf-8"))
    assert [n for n in named if n not in COMMANDS] == []


def test_no_page_is_left_out_of_the_index() -> None:
    """Each page of the documentation is linked from its index."""
    index = (ROOT / "docs" / "README.md").read_text(encoding="utf-8")
    pages = [p.relative_to(ROOT / "docs").as_posix() for p in (ROOT / "docs").glob("*/*.md")]
    assert [p for p in pages if not p.startswith("decisions/") and f"({p})" not in index] == []


@pytest.mark.parametrize("module", [*ROOT.glob("scheduler/**/*.py")], ids=lambda p: str(p.relative_to(ROOT)))
def test_pages_that_the_program_names_are_there(module: Path) -> None:
    """A hint or a help that says where to read names a page that can be read."""
    named = re.findall(r"docs/[a-z/-]+\.md", module.read_text(encoding="utf-8"))
    assert [page for page in named if not (ROOT / page).exists()] == []


def test_the_month_of_the_how_to_can_be_rehearsed(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever types what the page shows gets three days without a mistake in them."""
    monkeypatch.setenv("OBSERVANCE_PRETEND_NOW", "2027-03-01T12:00:00-06:00")
    assert main(["init", str(tmp_path / "our-month"), "--from", "nothing", "--json"]) == 0
    made = json.loads(capsys.readouterr().out)
    holds = ["campaigns", "templates", "config"]
    assert {"folder": str(tmp_path / "our-month"), "holds": holds, "from": "nothing"} == made
    assert {"var/", "build/"} <= set((tmp_path / "our-month" / ".gitignore").read_text(encoding="utf-8").splitlines())
    campaigns = tmp_path / "our-month" / "campaigns"
    assert [] == list(campaigns.iterdir())
    page = (ROOT / "docs" / "howto" / "a-month-of-your-own.md").read_text(encoding="utf-8")
    files = re.findall(r"^`campaigns/(\S+)`\n\n```\w*\n(.*?)^```", page, flags=re.DOTALL | re.MULTILINE)
    assert len(files) == 7
    for name, text in files:
        (campaigns / name).parent.mkdir(parents=True, exist_ok=True)
        (campaigns / name).write_text(text, encoding="utf-8")
    capsys.readouterr()
    assert main(["check", "--project", str(tmp_path / "our-month")]) == 1  # nobody has signed anything yet
    said = capsys.readouterr().out
    assert "To correct in the files: nothing" in said
    assert "nobody has verified city-line yet" in said
    assert set(re.findall(r"\b[A-Z]\d{3}\b", said)) == {"C109", "C113", "H105", "H106", "S101", "S104", "S105"}
    assert main(["plan", "--project", str(tmp_path / "our-month")]) == 0
    assert "3 days, June 21 to June 23, 2027" in capsys.readouterr().out
