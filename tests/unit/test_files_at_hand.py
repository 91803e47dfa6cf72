"""The fingerprints of many campaigns' files, asked for at one instant."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from scheduler import project
from scheduler.project import FilesAtHand, files_fingerprint

NAMES = ("one", "two", "three")


@pytest.fixture
def root(tmp_path: Path) -> Path:
    for folder in ("templates", "config", *(f"campaigns/{name}" for name in NAMES)):
        (tmp_path / folder).mkdir(parents=True)
        (tmp_path / folder / "file.toml").write_text(folder, encoding="utf-8")
    return tmp_path


def test_what_lies_beside_the_campaigns_is_looked_at_once(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of a hundred campaigns whose posts are due together; each one's own files always."""
    looked, look = list[str](), project._files_in

    def note(folder: str) -> Iterator[Any]:
        looked.append(Path(folder).name)
        return look(folder)

    each = [files_fingerprint(root, name) for name in NAMES]
    monkeypatch.setattr(project, "AT_ONE_INSTANT", 3600.0)
    monkeypatch.setattr(project, "_files_in", note)
    at_hand = FilesAtHand(root)
    assert each == [at_hand.fingerprint(name) for name in NAMES]
    assert ["config", "one", "templates", "three", "two"] == sorted(looked)
    (root / "campaigns" / "one" / "file.toml").write_text("another", encoding="utf-8")
    assert at_hand.fingerprint("one") == files_fingerprint(root, "one") != each[0]


def test_it_is_looked_at_again_a_moment_later(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(project, "AT_ONE_INSTANT", 0.0)
    at_hand = FilesAtHand(root)
    before = at_hand.fingerprint("one")
    (root / "templates" / "file.toml").write_text("another", encoding="utf-8")
    assert at_hand.fingerprint("one") == files_fingerprint(root, "one") != before


def test_the_files_of_the_one_that_it_is_an_edition_of_are_its_own_too(root: Path) -> None:
    """Which one that is stands in its campaign.toml, and is read again where that has changed."""
    at_hand, file = FilesAtHand(root), root / "campaigns" / "one" / "campaign.toml"
    for said in ("", 'edition_of = "two"\n', 'edition_of = "three"\n'):
        file.write_text(said, encoding="utf-8")
        assert at_hand.fingerprint("one") == files_fingerprint(root, "one")
        for other in ("two", "three"):
            before = at_hand.fingerprint("one")
            with (root / "campaigns" / other / "file.toml").open("a", encoding="utf-8") as more:
                more.write("more")
            assert (other in said) == (at_hand.fingerprint("one") != before)
