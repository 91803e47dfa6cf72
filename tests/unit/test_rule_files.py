"""Files of rules: a process that stays takes up a changed one of each kind, and reads none again that is the same."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest

from scheduler.content import help_line_rules, promise_rules, rule_files
from scheduler.content.days import day_rules
from scheduler.content.people import people_rules
from scheduler.content.quantities import quantity_rules
from scheduler.content.rule_files import RuleFiles
from scheduler.domain.finding import Finding
from tests.support.checks_factory import LINT, a_campaign, findings, item, post

#: One file of each kind, as a campaign in English with a text in Spanish reads them.
KINDS = (
    "days/es.toml",
    "help-lines/es.toml",
    "promises/es.toml",
    "quantities/es.toml",
    "stories/en.toml",
    "stories/names.toml",
    "discreet.toml",
)
#: By their folder: what makes rules of a file.
MAKERS: dict[str, Any] = {
    "days": day_rules._rules,
    "help-lines": help_line_rules._rules,
    "promises": promise_rules._rules,
    "quantities": quantity_rules._rules,
    "stories": people_rules._rules,
}
WORDS = "Hoy es lunes. La l\u00ednea es gratuita. Dos de cada tres personas lo saben."


def looked_at(lint: Path) -> list[Finding]:
    campaign = a_campaign([item("one")], lint_packs=("house",))
    return findings(campaign, post("one", WORDS), lint_dir=lint)


def wrong_in(lint: Path) -> set[str]:
    """The files that hold a key which nobody knows."""
    return {f.where.path.partition("lint/")[2] for f in looked_at(lint) if f.code == "C010"}


def test_a_running_process_takes_up_each_changed_file_of_rules(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    lint = tmp_path / "lint"
    shutil.copytree(LINT, lint)
    before = looked_at(lint)
    texts = {name: (lint / name).read_text() for name in KINDS}
    for name, text in texts.items():
        (lint / name).write_text(f"nobody-knows = 1\n{text}")
    assert set(KINDS) == wrong_in(lint)
    for name, text in texts.items():
        (lint / name).write_text(text)
    assert before == looked_at(lint)

    def not_again(path: Path) -> bytes:
        raise AssertionError(f"{path.name} is read again")

    monkeypatch.setattr(Path, "read_bytes", not_again)
    assert before == looked_at(lint)


@pytest.mark.parametrize("name", ["days", "help-lines", "promises", "quantities", "stories"])
def test_rules_are_made_once_for_the_processes_after_this_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    """While what their file holds is the same."""
    rule_files.RULES.keep_in(tmp_path / "kept", "a test")
    try:
        (tmp_path / name).mkdir()
        file = Path(shutil.copy(LINT / name / "es.toml", tmp_path / name))
        made, _ = RuleFiles(name, MAKERS[name]).load(tmp_path, "es")
        with monkeypatch.context() as patched:
            patched.setattr(rule_files, "open_toml", lambda *_: pytest.fail("it is read again"))
            again, _ = RuleFiles(name, MAKERS[name]).load(tmp_path, "es")
        assert vars(made).keys() == vars(again).keys()
        assert made.title == again.title
        file.write_text(file.read_text().replace('title = "', 'title = "Other ', 1))
        other, _ = RuleFiles(name, MAKERS[name]).load(tmp_path, "es")
        assert str(other.title).startswith("Other ")
    finally:
        rule_files.RULES.folder = None
