"""After the last day the season that has ended is shown, by every edge, until somebody closes its list."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from scheduler.cli.main import main
from tests.contract.test_acts import House
from tests.support.api_factory import CAMPAIGN

#: The Reading Week of 2027 runs from 8 to 12 March.
RUNS, OVER, NEXT_RUNS = (datetime(*day, 12, tzinfo=UTC) for day in ((2027, 3, 10), (2027, 4, 1), (2028, 3, 14)))


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    made = House(tmp_path / "house")
    yield made
    made.close()


def at(house: House, now: datetime) -> None:
    house.clock.jump(now)
    house.sign_in_again()


@pytest.fixture
def run(house: House, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Callable[..., Any]:
    monkeypatch.setattr("scheduler.wiring.clock_for", lambda settings, env: house.clock)

    def command(*arguments: str) -> Any:
        capsys.readouterr()
        main([*arguments, "--project", str(house.folder)])
        said = capsys.readouterr()
        return json.loads(said.out) if "--json" in arguments else said.out + said.err

    return command


def seasons_shown(house: House, run: Callable[..., Any]) -> set[int]:
    """What every view says when no season is named."""
    (campaign,) = house.get("/campaigns")["campaigns"]
    page = house.client.get("/").get_data(as_text=True)
    calendar = house.client.get("/calendar").headers["Location"]
    shown = {
        run("status", "--json")["season"],
        run("report", "--json")["season"],
        campaign["season"],
        house.get("/status")["season"],
        house.get("/deliveries")["season"],
        house.get("/report")["season"],
        int(re.findall(r'class="year">(\d+)', page)[0]),
        int(calendar.rpartition("/")[2].partition("?")[0]),
    }
    rows = run("deliveries", "--all", "--json")
    return shown | {2027 if rows else 2028}


def close(run: Callable[..., Any]) -> str:
    said: str = run("subscribers", "close-season", "--by", "Ada Example")
    return said


def test_the_season_that_ended_is_shown_until_it_is_closed(house: House, run: Callable[..., Any]) -> None:
    """By the command line, the API and the pages; then the next one, as always before and during a season."""
    house.plan_deliveries()
    at(house, RUNS)
    assert {2027} == seasons_shown(house, run)
    at(house, OVER)
    assert {2027} == seasons_shown(house, run)
    assert "1 reader deleted" in close(run)
    assert {2028} == seasons_shown(house, run)


def test_what_is_made_ready_is_the_season_to_come(house: House, run: Callable[..., Any]) -> None:
    """`plan` and `check` mean the next season, however many have ended."""
    house.plan_deliveries()
    at(house, OVER)
    assert {"2028"} == {row["date"][:4] for row in run("plan", "--json")}


def test_what_this_ledger_has_nothing_of_is_not_waited_for(house: House, run: Callable[..., Any]) -> None:
    """Nobody can close a season that was never here."""
    at(house, OVER)
    assert {2028} == seasons_shown(house, run)


def test_the_next_season_is_shown_as_soon_as_it_runs(house: House, run: Callable[..., Any]) -> None:
    """Also where the one before was forgotten."""
    house.plan_deliveries()
    at(house, NEXT_RUNS)
    assert 2028 == run("status", "--json")["season"]


def test_it_says_what_went_and_what_is_left_to_do(house: House, run: Callable[..., Any]) -> None:
    """How much of it, the report, who is still on the list, how it is closed, and what comes then."""
    ids = house.plan_deliveries()
    at(house, OVER)
    ended = run("status", "--json")["ended"]
    expected = {
        "on": "2027-03-12",
        "sent": 0,
        "planned": len(ids),
        "closed": False,
        "readers_left": 1,
        "next_season": 2028,
    }
    assert expected == ended == house.get("/status")["ended"]
    said = run("status")
    for words in (
        f"Season 2027 ended on March 12, 2027: 0 of {len(ids)} deliveries went out to everybody.",
        f"report {CAMPAIGN} --season 2027 --html",
        f"`subscribers close-season {CAMPAIGN} --season 2027`, which deletes 1 reader",
        f"roll-forward {CAMPAIGN} --season 2028",
    ):
        assert words in said
    for words in ("No process sends now", "of the 0 messages", "about $"):
        assert words not in said
    run("tick")  # what nobody sent stands as missed
    said = run("status")
    assert "Did not go out:" in said
    assert "none of these goes out any more; the report names each of them." in said
    for words in ("Waits for a person", "before the next day"):
        assert words not in said
    page = house.client.get("/").get_data(as_text=True)
    for words in ("The season is over", "close-season", "/report", "season=2028"):
        assert words in page
    assert "season=2028" in house.client.get("/?season=2028").get_data(as_text=True)
    close(run)
    assert run("status", "--json", "--season", "2027")["ended"]["closed"]
    assert "The season is over" not in house.client.get("/").get_data(as_text=True)


def test_while_it_runs_nothing_is_over(house: House, run: Callable[..., Any]) -> None:
    """And no link leads to a next season."""
    house.plan_deliveries()
    at(house, RUNS)
    assert run("status", "--json")["ended"] is None
    assert "The season is over" not in house.client.get("/").get_data(as_text=True)


def test_the_season_to_come_says_what_it_needs_on_its_page(house: House, run: Callable[..., Any]) -> None:
    """Dated texts and claims that run out, with their places; not where there was no season before here."""
    at(house, OVER)
    assert "What season 2028 needs" not in house.client.get("/?season=2028").get_data(as_text=True)
    house.plan_deliveries()
    item = house.folder / "campaigns" / CAMPAIGN / "items" / "read-aloud.md"
    text = item.read_text("utf-8") + "\nCome on March 9, 2027.\n"
    item.write_text(text, "utf-8")
    line = text.count("\n")
    page = house.client.get("/?season=2028").get_data(as_text=True)
    for words in ("What season 2028 needs", "March 9, 2027", f"items/read-aloud.md:{line}", "members-2025, review by"):
        assert words in page
    assert "What season" not in house.client.get("/").get_data(as_text=True)
    at(house, NEXT_RUNS)
    assert "What season" not in house.client.get("/").get_data(as_text=True)
