"""The secret key: a ledger knows which it needs; another one, or none, sends nothing and brings nobody back."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from scheduler.cli.main import main
from scheduler.wiring import open_project, recipient_of, unsubscribe_url

ROOT = Path(__file__).parents[2]
SMALL = ROOT / "tests" / "scenarios" / "_base" / "small"
Run = Callable[..., tuple[int, str]]
ERASED = "eve@example.org"


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], ledger_url: str) -> Run:
    """Commands in a small project whose ledger has four readers, one of whom was erased."""
    root = tmp_path / "project"
    shutil.copytree(SMALL, root)
    shutil.copy(ROOT / "config" / "review.toml", root / "config")
    shutil.copytree(ROOT / "templates", root / "templates")
    (tmp_path / "readers.csv").write_text(f"email\nann@example.org\nben@example.org\ncleo@example.org\n{ERASED}\n")
    monkeypatch.setenv("OBSERVANCE_PROJECT", str(root))
    monkeypatch.setenv("OBSERVANCE_DATABASE__URL", ledger_url)
    monkeypatch.setenv("OBSERVANCE_PRETEND_NOW", "2027-03-08T10:00:00-05:00")
    monkeypatch.setenv("COLUMNS", "1000")

    def run(*arguments: str) -> tuple[int, str]:
        capsys.readouterr()
        try:
            status = main(list(arguments))
        except SystemExit as end:  # argparse
            status = int(end.code or 0)
        said = capsys.readouterr()
        return status, " ".join((said.out + said.err).split())

    assert 0 == run("subscribers", "import", str(tmp_path / "readers.csv"))[0]
    assert 0 == run("subscribers", "erase", ERASED, "--by", "Ada")[0]
    return run


@pytest.fixture
def key_file(tmp_path: Path, run: Run) -> Path:
    return tmp_path / "project" / "var" / "secret.key"


def links(tmp_path: Path) -> tuple[str, Callable[[str], tuple[str, str] | None]]:
    """The token of a link made now, and what reads one."""
    import os

    project = open_project(tmp_path / "project", dict(os.environ), tmp_path)
    owner_of = recipient_of(project, list)

    return unsubscribe_url(project, "reading-week")("0" * 32).rpartition("/")[2], owner_of


_ACTS = (
    ("tick",),
    ("arm", "--by", "Ada"),
    ("subscribers", "add", "fay@example.org", "--by", "Ada"),
    ("subscribers", "erase", "ann@example.org", "--by", "Ada"),
    ("subscribers", "import", "readers.csv"),
    ("db", "rotate-key"),
)


@pytest.mark.parametrize("accident", ["lost", "other", "in the environment"])
def test_another_key_or_none_acts_on_nothing(
    run: Run, key_file: Path, tmp_path: Path, accident: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What happened and what to do is said, in status too; no new key is made; with the key back, all is as before."""
    kept = key_file.read_text()
    if accident == "in the environment":
        key_file.unlink()
        monkeypatch.setenv("OBSERVANCE_SECRET_KEY", "another key, of another ledger")
    elif accident == "lost":
        key_file.unlink()
    else:
        key_file.write_text("another key, of another ledger")
    monkeypatch.chdir(tmp_path)
    for act in _ACTS:
        status, said = run(*act)
        assert 1 == status, (act, said)
        assert "not the one that this ledger's links and erasures were made with" in said, act
        assert "db lost-key" in said
    assert (accident == "other") == key_file.exists()
    status, said = run("status")
    assert 1 == status
    assert "nothing is sent, added or erased without it" in said
    assert "secret key" in run("doctor")[1]
    assert 0 == run("subscribers", "count")[0]  # looking goes on
    monkeypatch.delenv("OBSERVANCE_SECRET_KEY", raising=False)
    key_file.write_text(kept + "\n")  # as an editor saves it
    status, said = run("subscribers", "import", str(tmp_path / "readers.csv"))
    assert "0 readers added" in said
    assert "1 had left and stay away" in said


def test_after_a_rotation_old_links_and_erasures_stay_good(run: Run, key_file: Path, tmp_path: Path) -> None:
    """Twice over; and what the old keys are kept in is the owner's alone."""
    before, _ = links(tmp_path)
    first = key_file.read_text()
    for _ in range(2):
        assert 0 == run("db", "rotate-key", "--by", "Ada")[0]
    assert first != key_file.read_text()
    old = key_file.with_name("secret.key.old")
    assert first in old.read_text().split()
    assert 2 == len(old.read_text().split())
    assert 0o600 == old.stat().st_mode & 0o777
    after, subscriber = links(tmp_path)
    assert before != after
    reader = ("reading-week", "0" * 32)
    assert [reader, reader, None] == [subscriber(before), subscriber(after), subscriber(before.swapcase())]
    assert "1 had left and stay away" in run("subscribers", "import", str(tmp_path / "readers.csv"))[1]
    assert "barred (erased)" in run("subscribers", "add", ERASED, "--by", "Ada")[1]
    old.unlink()
    status, said = run("tick")
    assert (1, True) == (status, "(2 of 3 missing" in said)


def test_a_key_of_the_environment_is_rotated_there(
    run: Run, key_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The new one in its place, the old one among the old ones; the ledger notes the new one by itself."""
    before, _ = links(tmp_path)
    first = key_file.read_text()
    key_file.unlink()
    monkeypatch.setenv("OBSERVANCE_SECRET_KEY", "a new key that somebody made")
    monkeypatch.setenv("OBSERVANCE_SECRET_KEY_OLD", f"some other one that is old, {first}")
    assert 0 == run("subscribers", "count")[0]
    assert ("reading-week", "0" * 32) == links(tmp_path)[1](before)
    assert "1 had left and stay away" in run("subscribers", "import", str(tmp_path / "readers.csv"))[1]
    status, said = run("db", "rotate-key")
    assert (2, True) == (status, "OBSERVANCE_SECRET_KEY_OLD" in said)
    monkeypatch.delenv("OBSERVANCE_SECRET_KEY")
    assert 1 == run("tick")[0]  # the new key is needed from now on


def test_a_key_that_is_lost_for_good_is_given_up_by_name_and_the_import_asks(
    run: Run, key_file: Path, tmp_path: Path
) -> None:
    """Nobody who was erased comes back without a person having said that the file was looked through."""
    assert 2 == run("db", "lost-key")[0]  # by whom?
    assert 2 == run("db", "lost-key", "--by", "Ada")[0]  # none is
    key_file.unlink()
    status, said = run("db", "lost-key", "--by", "Ada")
    assert 0 == status
    assert "not known again: 1 address." in said
    readers = str(tmp_path / "readers.csv")
    status, said = run("subscribers", "import", readers)
    assert (1, True) == (status, "--despite-lost-key" in said)
    assert 3 == json.loads(run("subscribers", "count", "--json")[1])["active"]
    (tmp_path / "fay.csv").write_text("email\nfay@example.org\n")
    assert "1 reader added" in run("subscribers", "import", str(tmp_path / "fay.csv"), "--despite-lost-key")[1]
    assert run("tick")[0] in (0, 1)
    assert key_file.exists()
