"""`roll-forward` makes the season after January 2027 ready, in a copy of the shipped campaign."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from scheduler.cli.main import main
from scheduler.store import open_ledger
from tests.contract.test_bad_input import contents

ROOT = Path(__file__).resolve().parents[2]
ID = "human-trafficking-prevention"
FOLDER = f"campaigns/{ID}"
#: After the season's last day, 1 February 2027.
AFTER = "2027-03-02T12:00:00-05:00"
Run = Callable[..., tuple[int, str]]


@pytest.fixture
def project(tmp_path: Path) -> Path:
    root = tmp_path / "project"
    for part in ("campaigns", "templates", "config"):
        shutil.copytree(ROOT / part, root / part)
    return root


@pytest.fixture
def run(project: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    def command(*arguments: str, now: str = AFTER) -> tuple[int, str]:
        monkeypatch.setenv("OBSERVANCE_PRETEND_NOW", now)
        capsys.readouterr()
        status = main([*arguments, "--project", str(project)])
        said = capsys.readouterr()
        return status, said.out + said.err

    return command


def season_2027(run: Run) -> None:
    """It was pinned, and a claim of it signed."""
    run("plan", "--season", "2027", "--write", now="2026-12-01T12:00:00-05:00")
    signed = "sign", "claim", "law-trafficking", "--opened", "--by", "Ada Example", "--role", "coordinator"
    assert 0 == run(*signed, now="2026-12-02T12:00:00-05:00")[0]


def state(project: Path) -> dict[str, str]:
    """Every file, and what the ledger says of signatures and what was done."""
    ledger = open_ledger(f"sqlite:///{project / 'var' / 'observance.db'}")
    try:
        signed = [(s.subject_id, str(s.expires_on)) for s in ledger.signatures.of_campaign(ID).all]
        done = [event.kind for event in ledger.events.newest()]
    finally:
        ledger.close()
    return {**contents(project / "campaigns"), "signed": str(signed), "done": str(done)}


def needs_signature(run: Run, season: int, now: str = AFTER) -> bool:
    """Whether a claim's missing signature is found."""
    found = json.loads(run("check", "--season", str(season), "--json", now=now)[1])["findings"]
    return any(f["code"] == "C109" and "law-trafficking" in f["message"] for f in found)


def test_it_shows_first_and_changes_nothing_without_a_yes(project: Path, run: Run) -> None:
    """Not a file, not a row; and it says how the yes is given."""
    season_2027(run)
    before = state(project)
    (listed,) = json.loads(run("roll-forward", "--json")[1])["to_sign"]
    assert ("law-trafficking", "Ada Example") == (listed["id"], listed["last_signed_by"])
    status, said = run("roll-forward")
    assert 1 == status
    assert before == state(project)
    for words in ("season 2028", "Puts aside: plan-2027.toml", "1 signature of", "--season 2028 --yes"):
        assert words in said


def test_signatures_end_the_pin_is_put_aside_and_the_structure_stays(project: Path, run: Run) -> None:
    """A claim has to be signed anew; the season that is over is still planned by its pin; a second time nothing is
    done."""
    season_2027(run)
    plans = run("plan", "--season", "2027", "--json"), run("plan", "--season", "2028", "--json")
    assert not needs_signature(run, 2028)
    files = contents(project / FOLDER)
    status, said = run("roll-forward", "--yes", "--by", "Ada Example")
    assert 0 == status
    assert "Done by Ada Example." in said
    moved = files.pop("plan-2027.toml")
    assert {**files, "past/plan-2027.toml": moved} == contents(project / FOLDER)
    assert plans == (run("plan", "--season", "2027", "--json"), run("plan", "--season", "2028", "--json"))
    assert needs_signature(run, 2028)
    once = state(project)
    assert "2027-02-01" in once["signed"]
    assert 1 == once["done"].count("season.rolled-forward")
    status, said = run("roll-forward", "--yes", "--by", "Ada Example")
    assert (0, False) == (status, "Puts aside" in said)
    assert once == state(project)


def test_what_was_signed_after_the_last_day_is_for_the_next_season(run: Run) -> None:
    """It does not end."""
    season_2027(run)
    run("sign", "claim", "law-trafficking", "--opened", "--by", "Bo Example", "--role", "coordinator")
    assert [] == json.loads(run("roll-forward", "--yes", "--by", "Ada Example", "--json")[1])["to_sign"]
    assert not needs_signature(run, 2028)


def test_while_the_season_runs_it_is_left_alone(project: Path, run: Run) -> None:
    """Its pin stays, and its signatures hold to its last day."""
    season_2027(run)
    middle = "2027-01-15T12:00:00-05:00"
    status, _ = run("roll-forward", "--yes", "--by", "Ada Example", now=middle)
    assert 0 == status
    assert (project / FOLDER / "plan-2027.toml").exists()
    assert not needs_signature(run, 2027, now=middle)
    assert needs_signature(run, 2028)


def found(run: Run, *more: str) -> dict[tuple[str, str], list[dict[str, Any]]]:
    """(kind, record) -> the rows of the list."""
    rows: dict[tuple[str, str], list[dict[str, Any]]] = {}
    for row in json.loads(run("roll-forward", "--json", *more)[1])["renew"]:
        rows.setdefault((row["kind"], row["record"]), []).append(row)
    return rows


def test_dated_texts_and_records_are_listed_with_their_lines(project: Path, run: Run) -> None:
    """Items, letters, help lines, claims, sources, tags, the title, and rules whose table lacks the year."""
    item = project / FOLDER / "items" / "01-why-january.md"
    text = item.read_text("utf-8") + "\nCome on Monday, January 18, 2027.\n"
    item.write_text(text, "utf-8")
    letter = project / "templates" / "letters" / "welcome.md"
    letter.write_text(letter.read_text("utf-8") + "\nSince January 2027.\n", "utf-8")
    for file, old, new in (
        ("contacts.toml", 'hours = "', 'hours = "Since 2027, '),
        ("claims.toml", 'text = "', 'text = "In 2027 '),
        ("sources.toml", 'attribution = "', 'attribution = "2027, '),
        ("hashtags.toml", 'tag = "', 'tag = "In2027'),
        ("calendar.toml", "day = 2\n", 'on = { rule = "table", dates = { 2027 = 2027-01-02 } }\n'),
    ):
        path = project / FOLDER / file
        assert old in path.read_text("utf-8"), file
        path.write_text(path.read_text("utf-8").replace(old, new, 1), "utf-8")
    rows = found(run)
    (row,) = (r for r in rows["old-year", "item"] if r["field"] == "email")
    assert ("Monday, January 18, 2027", text.count("\n")) == (row["words"], row["line"])
    for record in ("letter", "contact", "claim", "source", "hashtag"):
        assert rows["old-year", record], record
    assert [ID] == [r["id"] for r in rows["title", "campaign"]]
    assert 1 == len(rows["no-date", "calendar"])
    assert rows["due", "claim"]


def test_a_season_that_is_over_is_refused(project: Path, run: Run) -> None:
    """With what to do; nothing is made."""
    status, said = run("roll-forward", "--season", "2027", "--yes")
    assert 2 == status
    assert "season 2027" in said
    assert "leave out --season" in said
    assert not (project / "var").exists()


def test_without_a_ledger_it_lists_and_makes_none(project: Path, run: Run) -> None:
    """Nothing was signed, so nothing has to end."""
    assert 0 == run("roll-forward", "--yes")[0]
    assert not (project / "var").exists()
