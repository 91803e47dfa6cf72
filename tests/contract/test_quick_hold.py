"""`hold` has a road that loads next to nothing. It does what the whole command does, or nothing at all."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path
from typing import Any

import pytest

from scheduler.cli import quick_hold
from scheduler.cli.main import main, options_of
from scheduler.store import open_ledger
from scheduler.store.database import Database

ROOT = Path(__file__).parents[2]
NOON = "2027-01-11T12:00:00-05:00"


class Holding:
    """A project over a ledger, and which road each hold took."""

    def __init__(self, root: Path, url: str, capsys: pytest.CaptureFixture[str]) -> None:
        self.root, self.url, self._capsys = root, url, capsys
        self.was_quick: list[bool] = []

    def say(self, *words: str) -> tuple[int, str, str]:
        status = main(["hold", *words])
        printed = self._capsys.readouterr()
        return status, printed.out, printed.err

    def rows(self, table: str) -> list[dict[str, Any]]:
        """As they are stored, whatever reads them."""
        database = Database(self.url)
        with database.read() as connection:
            found = connection.exec_driver_sql(f"SELECT * FROM {table} ORDER BY id").mappings().all()
        database.close()
        return [dict(row) for row in found]


@pytest.fixture
def holding(
    tmp_path: Path, ledger_url: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Holding:
    root = tmp_path / "project"
    shutil.copytree(ROOT / "config", root / "config")
    (root / "campaigns" / "safe-week").mkdir(parents=True)
    for name, value in (("PROJECT", str(root)), ("DATABASE__URL", ledger_url), ("PRETEND_NOW", NOON)):
        monkeypatch.setenv(f"OBSERVANCE_{name}", value)
    made, real = Holding(root, ledger_url, capsys), quick_hold.hold_at_once

    def watched(*some: Any) -> int | None:
        status = real(*some)
        made.was_quick.append(status is not None)
        return status

    monkeypatch.setattr(quick_hold, "hold_at_once", watched)
    return made


@pytest.fixture
def known(holding: Holding) -> Holding:
    """After a first start, which found all well."""
    assert holding.say("--reason", "a first word", "--by", "Zoe", "--channel", "x") == (
        0,
        "Held by Zoe: x. Nothing goes out before `resume`.\n",
        "",
    )
    assert holding.was_quick == [False]
    holding.was_quick.clear()
    return holding


def whole(holding: Holding, monkeypatch: pytest.MonkeyPatch, *words: str) -> tuple[int, str, str]:
    """By the whole command."""
    with monkeypatch.context() as patched:
        patched.setattr(quick_hold, "hold_at_once", lambda *some: None)
        return holding.say(*words)


@pytest.mark.parametrize(
    ("storm", "flood", "who", "words"),
    [
        ("storm", "flood", "Ben", ()),
        ("storm", "flood", "Ben", ("--channel", "x")),
        ("“störm”", "“flööd”", "Zoë Ďurišová", ("safe-week",)),
        ("гроза", "буран", "Øyvind", ("--campaign=safe-week", "--channel=email")),
    ],
)
def test_both_roads_write_and_say_the_same(
    known: Holding, monkeypatch: pytest.MonkeyPatch, storm: str, flood: str, who: str, words: tuple[str, ...]
) -> None:
    by_whole = whole(known, monkeypatch, "--reason", f"a  {storm}", "--by", who, *words)
    by_quick = known.say("--reason", f"a  {flood}", "--by", who, *words)
    assert known.was_quick == [True]
    assert by_quick == by_whole
    first, second = known.rows("holds")[-2:]
    assert (first.pop("why"), second.pop("why")) == (f"a {storm}", f"a {flood}")
    assert first["who"] == second["who"] == who
    written, again = known.rows("events")[-2:]
    assert json.loads(again["data"]) == json.loads(written["data"]) | {"why": f"a {flood}"}
    for pair in ((first, second), (written, again)):
        for row in pair:
            row.pop("id")
        forms = [{name: (type(value), _form(value)) for name, value in row.items()} for row in pair]
        assert forms[0] == forms[1]
    ledger = open_ledger(known.url)
    assert ledger.events.verify().is_whole
    assert [hold.why for hold in ledger.holds.in_force()] == ["a first word", f"a {storm}", f"a {flood}"]
    ledger.close()


def _form(value: Any) -> str:
    """The same for any two instants, hashes, and texts of one length."""
    return re.sub(r"\w", "0", str(value)) if value is not None else ""


def test_json_is_the_same(known: Holding, monkeypatch: pytest.MonkeyPatch) -> None:
    words = ("safe-week", "--by", "Ben", "--json")
    by_whole = json.loads(whole(known, monkeypatch, "--reason", "a storm", *words)[1])
    by_quick = json.loads(known.say("--reason", "a flood", *words)[1])
    assert known.was_quick == [True]
    assert by_quick.pop("since")[:16] == by_whole.pop("since")[:16] == "2027-01-11T17:00"
    assert by_quick == by_whole | {"why": "a flood"}


def test_what_one_road_has_set_the_other_finds(known: Holding, monkeypatch: pytest.MonkeyPatch) -> None:
    words = ("--reason", "a storm", "--by", "Ben")
    known.say(*words)
    again = (0, "Ben had held all channels already, for the same reason. Nothing goes out before `resume`.\n", "")
    assert known.say(*words) == whole(known, monkeypatch, *words) == again
    spelled = known.say("--reason", "a storm", "--by", "BEN")
    assert spelled[1].startswith("BEN had held all channels already")
    assert known.was_quick == [True, True, False]
    assert len(known.rows("holds")) == 2


REFUSED_OR_RARE = [
    ("--reason", " "),
    ("--reason", "x" * 501),
    ("--reason", "ask reader@readers.example"),
    ("--reason", "a &rlm; sign"),
    ("--reason", "a %E2%80%AE sign"),
    ("--reason", "a\ttab"),
    ("--reason", "a storm\u200b"),
    ("--reason", "a st\u00adorm"),
    ("--reason", "a storm \U0001f300"),
    ("--reason", "a storm\u115f"),
    ("--reason", "a storm", "--by", "ada@readers.example"),
    ("--reason", "a storm", "--by", "N" * 201),
    ("--reason", "a storm", "--channel", "fax"),
    ("--reason", "a storm", "--campaign", "no-month"),
    ("--reason", "a storm", "no-month"),
    ("--reason", "a storm", "safe-week", "--campaign", "safe-week"),
    ("--reason", "a storm", "--season", "2027"),
    ("--reason", "a storm", "--reason", "another"),
    ("--reason", "a storm", "--chan", "x"),
    ("--reason", "-a storm"),
    ("--reason=-a storm",),
    ("--reason",),
    ("--something-terrible",),
    ("--help",),
    (),
]


@pytest.mark.parametrize("words", REFUSED_OR_RARE, ids=lambda words: " ".join(words)[:40])
def test_all_else_is_the_whole_commands(words: tuple[str, ...]) -> None:
    """Refusals are said in one place alone."""
    typed = quick_hold.plainly_typed(words)
    if typed is not None:
        assert set(typed) & {"--campaign", "--channel"} or typed == {"--reason": "-a storm"}


@pytest.mark.parametrize(
    "words",
    [
        ("--reason", "a storm"),
        ("--reason=a storm", "--by=", "--json"),
        ("safe-week", "--channel=x", "--reason", "a=b", "--by", "Ben"),
        ("--project", "/there", "--campaign", "safe-week", "--json", "--reason", "a storm"),
    ],
)
def test_what_is_typed_is_understood_alike(words: tuple[str, ...]) -> None:
    typed = quick_hold.plainly_typed(words)
    assert typed is not None
    options = options_of("hold", list(words))
    assert typed.get("--reason") == options.reason
    assert typed.get("--by", "") == options.by
    assert typed.get("--channel") == options.channel
    assert typed.get("--campaign") == (options.campaign or options.campaign_word)
    assert typed.get("--project") == options.project
    assert ("--json" in typed) == options.json


def refused_settings(holding: Holding, monkeypatch: pytest.MonkeyPatch) -> int:
    file = holding.root / "config" / "channels.toml"
    file.write_text(file.read_text(encoding="utf-8") + "\n[channels.fax]\n", encoding="utf-8")
    return 3


def refused_variable(holding: Holding, monkeypatch: pytest.MonkeyPatch) -> int:
    monkeypatch.setenv("OBSERVANCE_MODE", "loud")
    return 3


def older_ledger(holding: Holding, monkeypatch: pytest.MonkeyPatch) -> int:
    _run(holding, "UPDATE alembic_version SET version_num = '0014'")
    return 1


def strange_tables(holding: Holding, monkeypatch: pytest.MonkeyPatch) -> int:
    _run(holding, "ALTER TABLE api_keys RENAME TO keys_of_old")
    return 1


def newer_ledger(holding: Holding, monkeypatch: pytest.MonkeyPatch) -> int:
    _run(holding, "UPDATE alembic_version SET version_num = '9999'")
    return 3


def unknown_channel(holding: Holding, monkeypatch: pytest.MonkeyPatch) -> int:
    return 2


def _run(holding: Holding, statement: str) -> None:
    database = Database(holding.url)
    with database.write("test") as connection:
        connection.exec_driver_sql(statement)
    database.close()


@pytest.mark.parametrize(
    "harm", [refused_settings, refused_variable, older_ledger, strange_tables, newer_ledger, unknown_channel]
)
def test_nothing_is_held_where_the_whole_command_refuses(
    known: Holding, monkeypatch: pytest.MonkeyPatch, harm: Any
) -> None:
    status = harm(known, monkeypatch)
    words = ("--channel", "fax") if harm is unknown_channel else ()
    said = known.say("--reason", "a storm", "--by", "Ben", *words)
    assert (said[0], known.was_quick) == (status, [False])
    assert said[2]
    assert len(known.rows("holds")) == 1


def test_what_is_under_way_is_told_by_the_whole_command(known: Holding) -> None:
    """Its rows are more than one."""
    _run(
        known,
        "INSERT INTO deliveries (mode, campaign, season, item, channel, kind, on_date, due_at, expires_at, state, "
        "changed_at) VALUES ('live', 'safe-week', 2027, 'a', 'email', 'email', '2027-01-11', '2027-01-11 15:00:00', "
        "'2027-01-12 05:00:00', 'sending', '2027-01-11 15:00:00')",
    )
    assert known.say("--reason", "a storm", "--by", "Ben")[0] == 0
    assert known.was_quick == [False]
