"""Keys on the command line: shown once, refused in words, ended at once."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from scheduler.cli.main import main
from scheduler.domain.api_key import looks_like_a_key
from scheduler.wiring import open_ledger, open_project

ROOT = Path(__file__).parents[2]
SMALL = ROOT / "tests" / "scenarios" / "_base" / "small"
Run = Callable[..., tuple[int, str]]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Commands in a small project of its own."""
    shutil.copytree(SMALL, tmp_path, dirs_exist_ok=True)
    shutil.copy(ROOT / "config" / "review.toml", tmp_path / "config")
    monkeypatch.setenv("OBSERVANCE_PROJECT", str(tmp_path))
    monkeypatch.setenv("OBSERVANCE_PRETEND_NOW", "2027-03-01T12:00:00-05:00")
    monkeypatch.setenv("COLUMNS", "200")

    def run(*arguments: str) -> tuple[int, str]:
        capsys.readouterr()
        try:
            status = main(["keys", *arguments])
        except SystemExit as end:  # argparse
            status = int(end.code or 0)
        said = capsys.readouterr()
        return status, said.out + said.err

    return run


def test_a_key_is_shown_once_and_says_what_it_allows(run: Run, tmp_path: Path) -> None:
    """And nothing on the disk holds it afterwards."""
    status, said = run(
        "add", "ben-phone", "--scope", "review", "--person", "Ben Example", "--role", "fact", "--by", "Ada"
    )
    token = next(word for word in said.split() if looks_like_a_key(word))
    assert 0 == status
    assert "approves, comments and asks for changes as one person in one role" in said
    assert "Ben Example (fact reviewer)" in said
    assert token not in run("list")[1]
    holding = [p for p in tmp_path.rglob("*") if p.is_file() and token.encode() in p.read_bytes()]
    assert [] == holding


def test_a_key_lasts_ninety_days_unless_said(run: Run) -> None:
    """No key is for ever."""
    made = json.loads(run("add", "one", "--scope", "read", "--by", "Ada", "--json")[1])
    other = json.loads(run("add", "other", "--scope", "operate", "--expires", "36h", "--by", "Ada", "--json")[1])
    assert ("2027-05-30", "2027-03-03") == (made["expires_at"][:10], other["expires_at"][:10])
    assert (True, "Ada", None) == (looks_like_a_key(made["key"]), made["person"], made["role"])


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("Board Key", "--scope", "read"), "cannot be the name of a key"),
        (("a", "--scope", "review"), "belongs to one person in one role"),
        (("a", "--scope", "review", "--person", "Ben"), "belongs to one person in one role"),
        (("a", "--scope", "review", "--person", "Ben", "--role", "king"), "there is no role 'king'"),
        (("a", "--scope", "read", "--role", "deputy"), "a key to read has no role"),
        (("a", "--scope", "operate", "--person", "ben@example.org"), "not an address"),
        (("a", "--scope", "read", "--expires", "900d"), "is not a span of time, or too long"),
        (("a", "--scope", "everything"), "invalid choice"),
    ],
)
def test_what_cannot_be_made_is_refused_in_words_and_not_made(run: Run, arguments: tuple[str, ...], words: str) -> None:
    """Status 2, the reason, what to do; and no key."""
    status, said = run("add", *arguments, "--by", "Ada")
    assert (2, True) == (status, words in said)
    assert "[]" == run("list", "--json")[1].strip()


def test_a_role_that_does_not_approve_is_said(run: Run) -> None:
    """A board viewer's key reads and comments; nobody should learn that from a refusal later."""
    said = run("add", "board", "--scope", "review", "--person", "Bo Example", "--role", "board-viewer", "--by", "Ada")[
        1
    ]
    assert "An approval as board viewer does not count" in said


def test_a_name_is_given_once(run: Run) -> None:
    """Even after the key of that name was revoked."""
    run("add", "one", "--scope", "read", "--by", "Ada")
    assert 0 == run("revoke", "one", "--by", "Ada")[0]
    status, said = run("add", "one", "--scope", "read", "--by", "Ada")
    assert (2, True) == (status, "a name is given once" in said)


def test_revoke_ends_a_key_and_says_when_it_was_ended_before(run: Run, tmp_path: Path) -> None:
    """An unknown name is an error, so that a typing mistake does not leave a key alive."""
    token = json.loads(run("add", "one", "--scope", "read", "--by", "Ada", "--json")[1])["key"]
    status, printed = run("revoke", "one", "--by", "Cleo")
    assert (0, True) == (status, "no longer works" in printed)
    assert "was revoked before" in run("revoke", "one")[1]
    status, printed = run("revoke", "onne")
    assert (2, True) == (status, "there is no key called 'onne'" in printed)
    listed = json.loads(run("list", "--json")[1])
    assert [("one", "revoked", "Cleo")] == [(k["name"], k["state"], k["revoked_by"]) for k in listed]
    project = open_project(tmp_path, {"OBSERVANCE_PRETEND_NOW": "2027-03-01T12:00:00-05:00"}, tmp_path)
    ledger = open_ledger(project)
    assert None is ledger.api_keys.find(token, now=project.clock.now())
    ledger.close()


def test_list_without_a_ledger_makes_none(run: Run, tmp_path: Path) -> None:
    """Looking changes nothing."""
    assert (0, "There is no key yet: keys add NAME --scope read makes one.\n") == run("list")
    assert not (tmp_path / "var").exists()
