"""What was found in a text is kept for the processes after this one, under all that it rests on."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from scheduler.cli import kept_answers
from scheduler.cli.main import main
from scheduler.content.checks import visible_text
from scheduler.content.text_answers import TEXTS
from scheduler.kept_by_key import KeptOfTexts
from tests.support import rehearsed_once
from tests.support.small_month import CAMPAIGN, EVE, ROOT, copy_small_month


def kept_in(folder: Path, program: str = "1") -> KeptOfTexts:
    """As a new process has it."""
    kept = KeptOfTexts()
    kept.keep_in(folder, program)
    return kept


def asked(kept: KeptOfTexts, *texts: str, rests_on: object = None) -> list[str]:
    """The texts that were looked at, of those that were asked about."""
    looked: list[str] = []
    for text in texts:
        answer = kept.question("length", rests_on).of(text, lambda text: looked.append(text) or len(text))
        assert answer == len(text)
    kept.keep()
    return looked


def test_a_text_is_looked_at_once(tmp_path: Path) -> None:
    assert asked(kept_in(tmp_path), "one", "three", "one") == ["one", "three"]
    assert asked(kept_in(tmp_path), "three", "four") == ["four"]
    assert asked(kept_in(tmp_path), "one", "three", "four") == []
    looked: list[list[str]] = []
    many = kept_in(tmp_path).question("length")
    for _ in range(2):
        found = many.of_all(["five", "one", "sixth", "five"], lambda new: looked.append(new) or map(len, new))
        assert found == {"five": 4, "one": 3, "sixth": 5}
    assert looked == [["five", "sixth"]]


@pytest.mark.parametrize("other", [{"program": "2"}, {"rests_on": ("a rule", 2)}])
def test_another_program_or_rule_looks_anew(tmp_path: Path, other: dict[str, object]) -> None:
    asked(kept_in(tmp_path), "one", rests_on=("a rule", 1))
    program = str(other.get("program", "1"))
    assert asked(kept_in(tmp_path, program), "one", rests_on=other.get("rests_on", ("a rule", 1))) == ["one"]


def test_what_is_not_whole_is_not_believed(tmp_path: Path) -> None:
    asked(kept_in(tmp_path), "one")
    (file,) = tmp_path.iterdir()
    content = file.read_bytes()
    file.write_bytes(content[:-1] + bytes([content[-1] ^ 1]))
    assert asked(kept_in(tmp_path), "one", "two") == ["one", "two"]
    assert asked(kept_in(tmp_path), "one", "two") == []


def test_where_nothing_can_be_kept_it_is_looked_at_in_each_process(tmp_path: Path) -> None:
    assert asked(KeptOfTexts(), "one", "one") == ["one"]
    open_to_all = tmp_path / "open"
    open_to_all.mkdir()
    open_to_all.chmod(0o777)
    assert asked(kept_in(open_to_all), "one") == ["one"]
    assert not [*open_to_all.iterdir()]


def test_a_question_is_bounded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("scheduler.kept_by_key.AboutTexts.most_texts", 2)
    assert asked(kept_in(tmp_path), "one", "two", "three") == ["one", "two", "three"]
    assert asked(kept_in(tmp_path), "three") == []


def test_what_rests_on_earlier_rules_goes(tmp_path: Path) -> None:
    """From a process that stays; the next one finds it."""
    kept = kept_in(tmp_path)
    always = kept.question("always")
    for number in range(3 * KeptOfTexts.most_at_hand):
        kept.question("length", ("a rule", number)).of("one", len)
    assert len(kept._questions) == KeptOfTexts.most_at_hand + 1
    assert kept.question("always") is always
    kept.keep()
    assert asked(kept_in(tmp_path), "one", rests_on=("a rule", 0)) == []


def test_checks_find_the_same_by_what_was_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Of a month in which an item has changed."""
    copy_small_month(tmp_path / "project")
    for name, value in (("PROJECT", tmp_path / "project"), ("PRETEND_NOW", EVE)):
        monkeypatch.setenv(f"OBSERVANCE_{name}", str(value))
    monkeypatch.setattr(kept_answers, "KEPT", ())
    item = next((tmp_path / "project" / "campaigns" / CAMPAIGN / "items").glob("*how-hot*.md"))

    def found(state: str) -> object:
        monkeypatch.setenv("OBSERVANCE_STATE", str(tmp_path / state))
        monkeypatch.setattr(TEXTS, "folder", None)
        monkeypatch.setattr(
            "scheduler.services.seasons._keep_rendered",
            lambda folder: KeptOfTexts.keep_in(TEXTS, folder / "texts", "1"),
        )
        monkeypatch.setattr("scheduler.services.seasons._keep_checked", lambda folder: None)
        rehearsed_once.forget()
        for question in TEXTS._questions.values():
            question._known, question._folder = {}, None
        visible_text.fold.cache_clear()
        assert main(["check", "--all", "--json"]) in (0, 1)
        return json.loads(capsys.readouterr().out)

    (tmp_path / "kept").mkdir()
    before = found("kept")
    assert [*(tmp_path / "kept" / "texts").iterdir()]
    item.write_text(
        item.read_text("utf-8").replace("# Email\n", "# Email\nIn 2019 some 77 % of all slaves died.\n\n"), "utf-8"
    )
    after = found("kept")
    assert after == found("fresh") != before
    shutil.rmtree(tmp_path / "kept")


def test_another_process_asks_nothing_anew(tmp_path: Path) -> None:
    """What an answer rests on is written alike by each process, in whatever order its sets are."""
    copy_small_month(tmp_path)
    campaign, contacts = ((tmp_path / "campaigns" / CAMPAIGN / name) for name in ("campaign.toml", "contacts.toml"))
    campaign.write_text(
        campaign.read_text("utf-8").replace('name = "Heat Safety Week"', 'name = "A Week of Heat"'), "utf-8"
    )
    alike = 'label = "City line"\nfind = ["heat desk", "cool desk", "cool line", "heat line", "town line"]'
    contacts.write_text(contacts.read_text("utf-8").replace('label = "City line"', alike), "utf-8")
    environment = {name: value for name, value in os.environ.items() if not name.startswith("OBSERVANCE_")}
    environment |= {"OBSERVANCE_PROJECT": str(tmp_path), "OBSERVANCE_STATE": str(tmp_path / "state")}
    kept = []
    for seed in ("1", "2", "3"):
        done = subprocess.run(
            (sys.executable, str(ROOT / "run.py"), "check"),
            env={**environment, "OBSERVANCE_PRETEND_NOW": EVE, "PYTHONHASHSEED": seed},
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode in (0, 1), done.stderr
        kept.append({file.name: file.stat().st_size for file in (tmp_path / "state" / "texts").iterdir()})
    assert kept[0] == kept[1] == kept[2]
