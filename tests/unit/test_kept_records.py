"""Files of a campaign that did not change are not read again: the campaign, and what is found, is that of a fresh look."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from scheduler.content.load import campaign_files, kept_records
from scheduler.kept_by_key import KeptByKey
from scheduler.schema.toml_text import parse
from tests.support import rehearsed_once
from tests.support.small_month import CAMPAIGN, ITEM, copy_small_month

SPEECH = "We look after each other."


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    copy_small_month(tmp_path / "project")
    kept = KeptByKey()
    kept.keep_in(tmp_path / "records", "a test")
    monkeypatch.setattr(kept_records, "RECORDS", kept)
    folder = tmp_path / "project" / "campaigns" / CAMPAIGN
    (folder / "sources").mkdir()
    (folder / "sources" / "speech.txt").write_text(SPEECH, "utf-8")
    (folder / "sources.toml").write_text(
        f"""[[source]]
id = "speech"
title = "A Speech"
author = "Mayor Ada Lowe"
publisher = "Northport"
year = 2014
attribution = "Mayor Ada Lowe, 2014"
retrieved_on = 2026-11-24
file = "sources/speech.txt"
sha256 = "{hashlib.sha256(SPEECH.encode()).hexdigest()}"
own_words = false

[[source.passage]]
id = "P1"
start = 0
end = {len(SPEECH)}
opening = "We look"
use = "evergreen"
quotable = true
""",
        "utf-8",
    )
    in_file(folder / "campaign.toml", "language =", 'topics = ["shade"]\nlanguage =')
    in_file(item_in(folder), "title =", 'topics = ["shade"]\ntitle =')
    return folder


def item_in(folder: Path) -> Path:
    return next((folder / "items").glob(f"*{ITEM}.md"))


def in_file(file: Path, old: str, new: str) -> None:
    text = file.read_text("utf-8")
    assert old in text, (file.name, old)
    file.write_text(text.replace(old, new, 1), "utf-8")


def copied(folder: Path) -> None:
    item = item_in(folder)
    item.with_name(f"00-{item.name}").write_text(item.read_text("utf-8"), "utf-8")


def stored_text_changed(folder: Path) -> None:
    source = next(file for file in sorted((folder / "sources").iterdir()) if file.suffix == ".txt")
    source.write_text(f"{source.read_text('utf-8')}\nMore.\n", "utf-8")


CHANGES: dict[str, Callable[[Path], object]] = {
    "an item's words": lambda folder: in_file(item_in(folder), "# Post", "# Post\nMore of it."),
    "an item's id is taken": copied,
    "a record is gone": lambda folder: in_file(folder / "claims.toml", 'id = "', 'id = "another-'),
    "a stored text": stored_text_changed,
    "a stored text is gone": lambda folder: [file.unlink() for file in (folder / "sources").glob("*.txt")],
    "a hidden character in an escape": lambda folder: in_file(item_in(folder), 'title = "', 'title = "\\u200b'),
    "a mistake": lambda folder: in_file(item_in(folder), "title =", "tittle ="),
    "what the campaign is about": lambda folder: in_file(folder / "campaign.toml", 'topics = ["shade"]', ""),
}


def looked_at(folder: Path) -> Any:
    rehearsed_once.forget()
    return campaign_files.load_campaign(folder.parents[1], folder.name)


@pytest.mark.parametrize("change", CHANGES)
def test_whatever_changes_the_campaign_is_that_of_a_fresh_look(
    folder: Path, monkeypatch: pytest.MonkeyPatch, change: str
) -> None:
    before = looked_at(folder)
    assert looked_at(folder) == before
    CHANGES[change](folder)
    after = looked_at(folder), looked_at(folder)
    monkeypatch.setattr(kept_records, "RECORDS", KeptByKey())
    assert after[0] == after[1] == looked_at(folder) != before


def test_only_what_changed_is_read(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = looked_at(folder)
    read: list[str] = []
    monkeypatch.setattr("scheduler.content.toml_file.parse", lambda text: read.append(text) or parse(text))
    assert looked_at(folder) == before
    assert not [f for f in before[1] if "sources" in f.where.path], before[1]
    (campaign,) = read  # goes by the other campaigns, and by time zones
    assert "time_zone" in campaign
    read.clear()
    in_file(item_in(folder), "# Post", "# Post\nMore of it.")
    looked_at(folder)
    assert len(read) == 2
