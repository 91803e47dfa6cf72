"""`move-item` and `copy-item`: who gives way is said first, nothing happens without a yes, and then it is pinned."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from scheduler.cli.main import main
from tests.scenarios.harness import HERE, build

REPOSITORY = Path(__file__).parents[2]


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A season of three items a week."""
    root = build(HERE / "ok-three-a-week", tmp_path)
    for part in ("templates", "config/lint"):
        shutil.copytree(REPOSITORY / part, root / part, dirs_exist_ok=True)
    monkeypatch.setenv("OBSERVANCE_PROJECT", str(root))
    monkeypatch.setenv("OBSERVANCE_PRETEND_NOW", "2026-12-28T12:00:00-05:00")
    return root


def days(capsys: pytest.CaptureFixture[str]) -> dict[str, str]:
    capsys.readouterr()
    main(["plan", "--json"])
    return {row["item"]: row["date"] for row in json.loads(capsys.readouterr().out)}


def pinned(root: Path) -> Path:
    return root / "campaigns" / "safe-week" / "plan-2027.toml"


def test_an_exchange_names_both_sides_and_waits_for_a_yes(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Without one nothing is changed."""
    before = days(capsys)
    other = next(item for item, on in before.items() if on == "2027-01-06")
    assert 1 == main(["move-item", "off-we-go", "2027-01-06"])
    said = capsys.readouterr().out
    assert "off-we-go: from Monday, January 4, 2027, to Wednesday, January 6, 2027." in said
    assert f"{other}: gives way, and goes from Wednesday, January 6, 2027, to Monday, January 4, 2027." in said
    assert not pinned(root).exists()
    assert before == days(capsys)

    assert 0 == main(["move-item", "off-we-go", "2027-01-06", "--yes", "--by", "Ada Example"])
    assert {**before, "off-we-go": "2027-01-06", other: "2027-01-04"} == days(capsys)


def test_what_its_words_say_of_their_own_day_is_told_before_it_moves(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Told where the new day makes it wrong, and only then; what was wrong before is no news."""
    (item,) = (root / "campaigns/safe-week/items").glob("*off-we-go*")
    item.write_text(item.read_text("utf-8").replace("# Post\n", "# Post\nTomorrow, January 5, we walk on. "), "utf-8")
    other = root / "campaigns/safe-week/items/rain-is-fine.md"
    other.write_text(other.read_text("utf-8").replace("# Post\n", "# Post\nTomorrow, January 30, we rest. "), "utf-8")
    assert 1 == main(["move-item", "off-we-go", "2027-01-06", "--json"])
    brought = json.loads(capsys.readouterr().out)["brings"]
    assert {("C171", "off-we-go"), ("P017", "")} == {(found["code"], found["item"]) for found in brought}
    assert 1 == main(["move-item", "off-we-go", "2027-01-06"])
    assert "2 things do not fit, and would have to be corrected:" in capsys.readouterr().out
    assert 1 == main(["move-item", "two-roads", "2027-01-08"])
    assert "not fit" not in capsys.readouterr().out


def test_a_person_at_a_terminal_is_asked(
    root: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """And believed."""
    monkeypatch.setattr("sys.stdin.isatty", lambda: True)
    for answer, status in (("no", 1), ("yes", 0)):
        monkeypatch.setattr("builtins.input", lambda _, answer=answer: answer)
        assert status == main(["move-item", "off-we-go", "2027-01-05"])
    assert "2027-01-05" == days(capsys)["off-we-go"]


def test_an_item_on_a_gap_makes_nobody_give_way(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The day that it leaves is said to be open."""
    assert 0 == main(["move-item", "off-we-go", "2027-01-05", "--yes", "--json"])
    answer = json.loads(capsys.readouterr().out)
    assert ("2027-01-04", "2027-01-05", None, True) == tuple(answer[k] for k in ("from", "to", "gives_way", "done"))
    assert "2027-01-05" == days(capsys)["off-we-go"]


def test_a_spare_item_takes_a_place_and_who_had_it_is_named(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A copy without a day is one; `plan` lists it."""
    assert 0 == main(["copy-item", "two-roads", "three-roads", "--by", "Ada Example"])
    assert 'id = "three-roads"' in (root / "campaigns/safe-week/items/three-roads.md").read_text()
    capsys.readouterr()
    main(["plan"])
    assert "Without a day: three-roads." in capsys.readouterr().out
    before = days(capsys)
    other = next(item for item, on in before.items() if on == "2027-01-06")
    assert 0 == main(["move-item", "three-roads", "2027-01-06", "--yes"])
    said = capsys.readouterr().out
    assert "three-roads: gets Wednesday, January 6, 2027." in said
    assert f"{other}: gives way, and has no day then." in said
    after = days(capsys)
    assert "2027-01-06" == after["three-roads"]
    assert other not in after


def test_a_copy_gets_an_id_and_a_day_of_its_own(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The words are the same until somebody changes them, which `check` asks for; all else of the file stays."""
    original = (root / "campaigns/safe-week/items/two-roads.md").read_text()
    assert 0 == main(["copy-item", "two-roads", "three-roads", "2027-01-07"])
    assert "2027-01-07" == days(capsys)["three-roads"]
    copy = (root / "campaigns/safe-week/items/three-roads.md").read_text()
    assert original == copy.replace("three-roads", "two-roads")
    main(["check"])
    assert "D101" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("copy-item", "two-roads", "old-shoes"), "there is an item old-shoes already"),
        (("copy-item", "two-roads", "Three Roads"), "cannot be the id of an item"),
        (("copy-item", "two-roads", "../x"), "cannot be the id of an item"),
        (("copy-item", "gone", "new"), "has no item 'gone'"),
        (("copy-item", "two-roads", "new", "2027-02-07"), "is not a day of the season"),
        (("move-item", "gone", "2027-01-07"), "has no item 'gone'"),
        (("move-item", "walking-day", "2027-01-07"), "cannot be moved"),
        (("move-item", "old-shoes", "2027-01-12"), "cannot be moved"),
        (("move-item", "off-we-go", "2027-01-04"), "is on Monday, January 4, 2027 already"),
        (("move-item", "off-we-go", "2026-12-27"), "is over"),
        (("move-item", "off-we-go", "soon"), "is not a date"),
    ],
)
def test_what_is_not_possible_is_refused_and_changes_nothing(
    root: Path, arguments: tuple[str, ...], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """With --yes too."""
    files = sorted(path.name for path in (root / "campaigns/safe-week/items").iterdir())
    assert 2 == main([*arguments, "--yes"])
    assert said in capsys.readouterr().err
    assert not pinned(root).exists()
    assert files == sorted(path.name for path in (root / "campaigns/safe-week/items").iterdir())


@pytest.fixture
def example(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A shipped example with two days a week, and emails on Mondays."""
    assert 0 == main(["init", str(tmp_path / "october"), "--from", "domestic-violence-awareness"])
    monkeypatch.setenv("OBSERVANCE_PROJECT", str(tmp_path / "october"))
    monkeypatch.setenv("OBSERVANCE_PRETEND_NOW", "2027-09-01T12:00:00-04:00")
    return tmp_path / "october"


def test_what_needs_no_date_of_its_own_moves_in_an_example_and_says_which_channels_it_loses(
    example: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Before anything is asked; with what to write, so that nothing is lost."""
    assert 1 == main(["move-item", "what-it-is", "2027-10-12"])
    said = capsys.readouterr().out
    file = "campaigns/domestic-violence-awareness/items/what-it-is.md"
    assert "what-it-is: goes out on x alone then, not on email, which [rhythm.channels] has on other weekdays." in said
    assert f'first write into {file}: channels = ["email", "x"]' in said
    item = example / file
    item.write_text(item.read_text().replace("topics =", 'channels = ["email", "x"]\ntopics =', 1))
    assert 0 == main(["move-item", "what-it-is", "2027-10-12", "--yes", "--json"])
    assert {} == json.loads(capsys.readouterr().out)["loses_channels"]
    main(["plan", "--json"])
    rows = {row["item"]: row for row in json.loads(capsys.readouterr().out)}
    assert ("2027-10-12", ["email", "x"]) == (rows["what-it-is"]["date"], rows["what-it-is"]["channels"])
    main(["check", "--json"])
    assert "P007" not in capsys.readouterr().out


def test_a_refused_move_names_the_line_that_fixes_the_date(example: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """And with that line changed as it says, the item moves."""
    calendar = example / "campaigns/domestic-violence-awareness/calendar.toml"
    assert 2 == main(["move-item", "day-of-unity", "2027-10-08", "--yes"])
    told = capsys.readouterr().err
    line = int(told.partition("calendar.toml:")[2].split()[0])
    lines = calendar.read_text().splitlines()
    assert "[[day]]" == lines[line - 1]
    at = next(n for n in range(line, len(lines)) if lines[n] == "fixed = true")
    assert at < lines.index("[[day]]", line)
    assert "write fixed = false in that [[day]]" in told
    lines[at] = "fixed = false"
    calendar.write_text("\n".join(lines))
    assert 0 == main(["move-item", "day-of-unity", "2027-10-08", "--yes"])


def test_the_plan_says_on_which_channels_and_how_many_days(example: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Not the window's days, of which most have nothing."""
    main(["plan"])
    said = capsys.readouterr().out
    assert "10 items, on 10 of its 31 days: 7 on email, 10 on x." in said
    assert ["email, x", "x"] == [
        " ".join(said.partition(item)[2].split("\n")[0].split("  ")[-1:]).strip() or ""
        for item in ("what-it-is", "better-words")
    ]


def test_on_a_terrible_day_the_hold_shows_what_comes_and_what_could_stand_in_its_place(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The shipped month: the reason stands ready, the command that is printed works as it is printed."""
    for part in ("campaigns", "config", "templates"):
        shutil.copytree(REPOSITORY / part, tmp_path / part)
    monkeypatch.setenv("OBSERVANCE_PROJECT", str(tmp_path))
    monkeypatch.setenv("OBSERVANCE_PRETEND_NOW", "2027-01-12T08:00:00-05:00")
    assert 2 == main(["hold"])
    assert "--something-terrible is enough" in capsys.readouterr().err
    assert 0 == main(
        ["hold", "--something-terrible", "--reason", "A fire in the city.", "--by", "Ada Example", "--json"]
    )
    told = json.loads(capsys.readouterr().out)
    assert "Something terrible happened, so we are quiet for now. A fire in the city." == told["why"]
    first = told["due_next"][0]
    assert "2027-01-12" == first["due_at"][:10]
    assert first["says"]
    assert 0 == main(["hold", "--something-terrible", "--by", "Ada Example"])
    said = capsys.readouterr().out
    assert first["item"] in said
    (printed,) = [line.strip() for line in said.splitlines() if line.strip().startswith("move-item ")]
    assert printed.split()[1] in told["gentle"]["human-trafficking-prevention"]
    assert 0 == main([*printed.replace("NAME", "Ada").split(), "--yes"])
    capsys.readouterr()
    assert 0 == main(["hold", "--something-terrible", "--by", "Ada Example", "--json"])
    after = json.loads(capsys.readouterr().out)
    assert printed.split()[1] == after["due_next"][0]["item"]
    # A campaign that cannot be read keeps nobody from stopping it.
    (tmp_path / "campaigns" / "human-trafficking-prevention" / "campaign.toml").write_text("?", encoding="utf-8")
    assert 0 == main(["hold", "--something-terrible", "--by", "Ben Example"])
    assert "cannot be shown" in capsys.readouterr().out
