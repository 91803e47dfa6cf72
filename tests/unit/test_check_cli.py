"""``check`` and ``dry-run``: what a person has to correct first, as a coordinator reads it on a terminal."""

from __future__ import annotations

import json
import re
import shutil
from itertools import pairwise
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest

from scheduler.cli.main import main
from scheduler.cli.output import findings_in_parts
from scheduler.cli.season import _by_channel, _what_the_status_means
from scheduler.domain.finding import Finding, Severity, Where, in_reading_order

ROOT = Path(__file__).parents[2]
CAMPAIGN = Path("campaigns") / "human-trafficking-prevention"
ITEM = CAMPAIGN / "items" / "19-who-profits.md"
PARTS = ("To correct in the files", "Waiting for a person's signature, check or decision", "Worth knowing")


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for part in ("campaigns", "templates", "config"):
        shutil.copytree(ROOT / part, tmp_path / part)
    monkeypatch.setenv("OBSERVANCE_PROJECT", str(tmp_path))
    monkeypatch.setenv("OBSERVANCE_PRETEND_NOW", "2026-11-25T15:00:00+00:00")
    return tmp_path


def mistype(project: Path) -> None:
    """A key of an item, and a day of the calendar that the month does not have."""
    for path, old, new in (
        (ITEM, "\npreheader = ", "\npreheder = "),
        (CAMPAIGN / "calendar.toml", "day = 17\n", "day = 40\n"),
    ):
        text = (project / path).read_text(encoding="utf-8")
        assert 1 == text.count(old)
        (project / path).write_text(text.replace(old, new), encoding="utf-8", newline="")


def parts_of(said: str) -> dict[str, str]:
    """What stands under each heading; they stand in this order."""
    at = [said.index(part) for part in PARTS if part in said]
    assert sorted(at) == at
    return {said[a:b].split(":")[0]: said[a:b] for a, b in pairwise([*at, len(said)])}


def test_mistakes_come_first_and_signatures_are_counted(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Both mistakes with their lines at the top, the amber one too; claims without a signature are one line."""
    mistype(project)
    assert 1 == main(["check"])
    said = capsys.readouterr().out
    parts = parts_of(said)
    assert list(PARTS) == list(parts)
    assert parts[PARTS[0]].startswith(f"{PARTS[0]}: 2\n")
    assert f"■ blocked   C010 {ITEM.as_posix()}:6\n" in parts[PARTS[0]]
    assert "▲ needs your attention P004 " in parts[PARTS[0]]
    assert 1 == len(re.findall("C109", said))
    assert re.search(rf"C109 \d\d claims are not signed yet: {CAMPAIGN.as_posix()}/claims\.toml\n", parts[PARTS[1]])
    assert "check --all" in said.splitlines()[-2]


def test_all_folds_nothing(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Each of them with its line: as many as there are for programs."""
    assert 1 == main(["check", "--all"])
    said = capsys.readouterr().out
    assert f"{PARTS[0]}: nothing\n" in said
    assert 1 == main(["check", "--json"])
    found = json.loads(capsys.readouterr().out)["findings"]
    assert len(found) == len(re.findall(r"^  [■▲·] ", said, re.MULTILINE))
    unsigned = [f for f in found if f["code"] == "C109"]
    assert len(unsigned) > 30
    assert len(unsigned) == len(re.findall(r"C109 \S+claims\.toml:\d+\n", said))
    assert "check --all" not in said


def test_an_item_without_a_day_is_looked_at_as_if_it_had_one(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The post of a spare is too long for its network: that is told before the morning when the spare is needed. Its
    claims wait for nobody's signature until then, and as it ships nothing is wrong with any."""
    spare = project / CAMPAIGN / "items" / "spare-a-day-off.md"
    assert 1 == main(["check", "--json"])
    before = json.loads(capsys.readouterr().out)["findings"]
    assert [] == [f for f in before if f["item"].startswith("spare-")]
    text = spare.read_text("utf-8")
    head, post, rest = text.partition("# Post\n")
    assert post
    spare.write_text(head + post + "Many words. " * 40 + rest, "utf-8")
    assert 1 == main(["check", "--json"])
    after = json.loads(capsys.readouterr().out)["findings"]
    assert [("R008", "spare-a-day-off", "red")] == [
        (f["code"], f["item"], f["severity"]) for f in after if f["item"].startswith("spare-")
    ]
    assert len(before) + 1 == len(after)


def test_the_rehearsal_says_and_writes_it_in_the_same_order(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """On the terminal and in findings.json; a season that has only mistakes of people to wait for says so."""
    mistype(project)
    assert 1 == main(["dry-run", "--out", str(project / "out")])
    parts = parts_of(capsys.readouterr().out)
    assert list(PARTS[:2]) == list(parts)
    assert 2 == parts[PARTS[0]].count("      -> ")
    written = json.loads((project / "out" / "findings.json").read_text(encoding="utf-8"))
    assert ["C010", "P004"] == [f["code"] for f in written[:2]]
    assert {"code", "severity", "message", "where", "path", "line", "hint", "item", "channel"} == set(written[0])


def test_reading_order() -> None:
    """What to correct, then what waits, then notes; each red first, then by file and line."""

    def found(name: str, severity: Severity, path: str, line: int, waits: str = "") -> Finding:
        return Finding(name, severity, "what", Where(path, line), waits=waits)

    right = [
        found("1", Severity.RED, "b", 2),
        found("2", Severity.RED, "b", 9),
        found("3", Severity.AMBER, "a", 1),
        found("4", Severity.RED, "a", 1, "signatures are missing"),
        found("5", Severity.AMBER, "a", 1, "looks are due"),
        found("6", Severity.INFO, "a", 1),
    ]
    assert right == in_reading_order(reversed(right))


def test_advice_that_many_share_is_said_once() -> None:
    """A file that cannot be read takes many records with it: each place has a line of its own, the advice comes once."""
    lost = [
        Finding("R004", Severity.RED, f"there is no claim {n}", Where("items/a.md", n), "look at the id")
        for n in range(1, 6)
    ]
    said = "\n".join(findings_in_parts(lost, every_place=True))
    assert 1 == said.count("-> look at the id")
    assert [f"items/a.md:{n}" for n in range(1, 6)] == re.findall(r"items/a\.md:\d", said)
    assert "items/a.md:1 and 4 more like it" in "\n".join(findings_in_parts(lost, every_place=False))


@pytest.mark.parametrize("where", [0, 1], ids=["before", "after"])
def test_options_stand_before_or_after_the_command(
    project: Path, where: int, capsys: pytest.CaptureFixture[str]
) -> None:
    """`--project DIR check` is `check --project DIR`, also where the folder is called as a command is."""
    home = project / "check"
    home.mkdir()
    for part in ("campaigns", "templates", "config"):
        (project / part).rename(home / part)
    words = ["--project", str(home), "--season", "2027"]
    words.insert(4 * where, "plan")
    assert 0 == main(words)
    assert "awareness-day" in capsys.readouterr().out


def test_the_end_of_a_rehearsal_says_why_its_exit_status_is_one() -> None:
    """Waiting for people is another thing than a mistake in a file; a good one says nothing."""

    def said(*waits: bool) -> str | None:
        reds = [SimpleNamespace(waits=one) for one in waits]
        return _what_the_status_means(cast(Any, SimpleNamespace(reds=lambda: reds)))

    assert said() is None
    assert "what is blocked waits for people" in str(said(True, True))
    assert "has to be corrected in the files" in str(said(True, False))


def test_two_ways_of_one_kind_are_told_apart_as_the_packet_names_them() -> None:
    ways = {"x": "x", "x-es": "x", "hand-out": "by_hand", "email": "smtp"}
    settings = SimpleNamespace(channels={name: SimpleNamespace(transport=kind) for name, kind in ways.items()})
    context = cast(Any, SimpleNamespace(project=SimpleNamespace(settings=settings)))
    messages = [cast(Any, SimpleNamespace(channel=name)) for name in ways]
    assert "1 X post, 1 X es post, 1 Hand out post, 1 email" == _by_channel(context, messages)
