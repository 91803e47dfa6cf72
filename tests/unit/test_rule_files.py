"""Files of rules: a process that stays takes up a changed one of each kind, and reads none again that is the same."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

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
