"""`status` shows what was found when the files were last looked at, and says first of all where they have changed since."""

from __future__ import annotations

import json
import os
import pickle
import sys
from pathlib import Path
from typing import Any

import pytest

from scheduler.cli import kept_answers
from scheduler.cli.main import main
from scheduler.project import program_fingerprint
from scheduler.services import last_look, seasons
from tests.support.small_month import CAMPAIGN, EVE, copy_small_month

NEXT_DAY = EVE.replace("06-14", "06-15")


class Desk:
    def __init__(self, root: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.root, self._capsys = root, capsys
        self.item = next((root / "campaigns" / CAMPAIGN / "items").glob("*how-hot*.md"))

    def say(self, *words: str) -> str:
        assert main(list(words)) in (0, 1)
        return self._capsys.readouterr().out

    def edit(self) -> None:
        text = self.item.read_text(encoding="utf-8")
        self.item.write_text(text.replace("# Email\n", "# Email\nOne more sentence.\n\n"), encoding="utf-8")

    def edit_settings(self) -> None:
        file = self.root / "config" / "settings.toml"
        file.write_text(f"{file.read_text(encoding='utf-8')}\n# later\n", encoding="utf-8")


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Desk:
    copy_small_month(tmp_path / "project")
    for name, value in (("PROJECT", tmp_path / "project"), ("STATE", tmp_path / "state"), ("PRETEND_NOW", EVE)):
        monkeypatch.setenv(f"OBSERVANCE_{name}", str(value))
    monkeypatch.setattr(kept_answers, "KEPT", ())  # each answer is worked out
    made = Desk(tmp_path / "project", capsys)
    made.say("subscribers", "count")
    return made


def unrendered(monkeypatch: pytest.MonkeyPatch) -> None:
    """From here on nobody looks at the files."""

    def refuse(*some: Any, **more: Any) -> None:
        raise AssertionError("the files were looked at")

    monkeypatch.setattr(seasons, "read_campaign", refuse)
    monkeypatch.setattr("scheduler.cli.status.read_campaign", refuse)
    monkeypatch.setattr("scheduler.services.status.read_campaign", refuse)
    monkeypatch.setattr("scheduler.content.render.messages.render", refuse)


@pytest.mark.parametrize("look", [("status",), ("check",), ("dry-run",)])
def test_what_was_found_is_told_without_looking_again(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, look: tuple[str, ...]
) -> None:
    fresh = json.loads(desk.say("status", "--json"))
    desk.say(*look)
    unrendered(monkeypatch)
    kept = json.loads(desk.say("status", "--json"))
    assert kept["files"].pop("looked_at")[:16] == fresh["files"].pop("looked_at")[:16]
    assert kept == fresh
    assert kept["files"] == {"changed_at": None}


@pytest.mark.parametrize("look", [("check",), ("dry-run",)])
def test_files_that_changed_are_said_first_until_somebody_looks(desk: Desk, look: tuple[str, ...]) -> None:
    before = desk.say("status").splitlines()
    assert "not looked at yet" not in before[0]
    desk.edit()
    os.utime(desk.item, (1_781_424_780, 1_781_424_780))  # in New York, June 14, 2026, 4:13 AM
    first, *rest = desk.say("status").splitlines()
    assert first.startswith("Files changed ")
    assert "not looked at yet: `check`. What follows was found at 10:00 AM." in first
    assert rest == before
    assert json.loads(desk.say("status", "--json"))["files"]["changed_at"]
    desk.say(*look)
    assert "not looked at yet" not in desk.say("status").splitlines()[0]


@pytest.mark.parametrize("change", ["the day", "a setting", "the program", "a signature", "no look"])
def test_where_more_has_changed_the_files_are_looked_at(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, change: str
) -> None:
    """What was found then would say little of today."""
    desk.say("check")
    desk.edit()
    match change:
        case "the day":
            monkeypatch.setenv("OBSERVANCE_PRETEND_NOW", NEXT_DAY)
        case "a setting":
            monkeypatch.setenv("OBSERVANCE_PUBLIC_URL", "https://elsewhere.example.org")
        case "the program":
            monkeypatch.setattr(last_look, "program_fingerprint", lambda: "another")
        case "a signature":
            desk.say("sign", "contact", "city-line", "--opened", "--by", "Ada Example")
        case _:
            for file in last_look._file(_project(desk), CAMPAIGN).parent.iterdir():
                file.unlink()
    assert "not looked at yet" not in desk.say("status")


@pytest.mark.parametrize("of", ["a file", "a setting"])
def test_what_changed_while_somebody_looked_is_not_called_seen(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, of: str
) -> None:
    real = seasons.rehearse

    def meanwhile(*some: Any, **more: Any) -> Any:
        found = real(*some, **more)
        if of == "a file":
            desk.edit()
        else:
            desk.edit_settings()
        return found

    with monkeypatch.context() as patched:
        patched.setattr("scheduler.cli.season.rehearse", meanwhile)
        desk.say("check")
    assert last_look.last_look(_project(desk), CAMPAIGN) is None


def test_settings_that_changed_since_they_were_read(desk: Desk) -> None:
    project = _project(desk)
    desk.edit_settings()
    looking = last_look.Looking(project, CAMPAIGN)
    looking.keep(seasons.rehearse(project, CAMPAIGN))
    assert last_look.last_look(_project(desk), CAMPAIGN) is None


def test_as_many_bytes_with_the_old_time_are_a_change(desk: Desk) -> None:
    """As `touch -r` and `rsync -t` leave them."""
    desk.say("check")
    times, text = desk.item.stat(), desk.item.read_text(encoding="utf-8")
    desk.item.write_text(text.replace("Email", "email"), encoding="utf-8")
    os.utime(desk.item, ns=(times.st_atime_ns, times.st_mtime_ns))
    assert desk.item.stat().st_size == times.st_size
    assert "not looked at yet" in desk.say("status").splitlines()[0]


def test_nobodys_address_is_kept(desk: Desk) -> None:
    """People are asked of the ledger each time: who was erased there is nowhere."""
    words = ("Ben Example", "--role", "fact-reviewer", "--email", "ben.secret@reviewers.example", "--by", "Ada Example")
    desk.say("review", "invite", *words)
    desk.say("check")
    project = _project(desk)
    file = last_look._file(project, CAMPAIGN)
    assert not any(word in file.read_bytes() for word in (b"ben.secret", b"Ben Example"))
    kept = json.loads(desk.say("status", "--json"))
    file.unlink()
    fresh = json.loads(desk.say("status", "--json"))
    assert kept.pop("files")["looked_at"]
    assert fresh.pop("files")["looked_at"]
    assert kept == fresh
    assert "Ben Example" in json.dumps(fresh)


def test_another_library_is_another_program(desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """And what a look of another program holds goes."""
    desk.say("check")
    file, before = last_look._file(_project(desk), CAMPAIGN), program_fingerprint()
    (tmp_path / "site-packages").mkdir()
    monkeypatch.setattr(sys, "path", [*sys.path, str(tmp_path / "site-packages")])
    assert last_look.last_look(_project(desk), CAMPAIGN) is None
    assert not file.exists()
    assert before != program_fingerprint()  # by which compiled templates and views are kept


def test_what_the_process_has_seen_is_not_called_unseen(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    desk.say("check")
    desk.edit()
    desk.say("tick")
    assert "not looked at yet" not in desk.say("status")


def _project(desk: Desk) -> Any:
    from scheduler.wiring import open_project

    return open_project(desk.root, os.environ, desk.root)


class Evil:
    def __reduce__(self) -> Any:
        return os.system, ("touch /tmp/evil",)


@pytest.mark.parametrize("of", [Evil(), print, os.path.join, json.JSONDecoder])
def test_nothing_but_records_is_made_of_what_stands_there(desk: Desk, of: Any) -> None:
    """It is looked at anew."""
    desk.say("check")
    project = _project(desk)
    file = last_look._file(project, CAMPAIGN)
    head, _, body = file.read_bytes().partition(b"\n")
    assert last_look.last_look(project, CAMPAIGN) is not None
    file.write_bytes(head + b"\n" + pickle.dumps(of))
    assert last_look.last_look(project, CAMPAIGN) is None
    file.write_bytes(head + b"\n" + body[:-20])
    assert last_look.last_look(project, CAMPAIGN) is None
    assert not Path("/tmp/evil").exists()
    assert "Heat" in desk.say("status")
