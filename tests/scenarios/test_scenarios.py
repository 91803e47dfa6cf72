"""Each scenario gives the findings that it says; each code has a scenario of its own."""

from __future__ import annotations

from pathlib import Path

import pytest

from scheduler.content.codes import CODES
from tests.scenarios.harness import (
    CODE_TABLES,
    NOT_SHOWN,
    build,
    codes_in,
    codes_of,
    expected,
    scenarios,
    shown,
    stage_of,
)


@pytest.mark.parametrize("scenario", scenarios(), ids=lambda p: p.name)
def test_a_scenario_gives_exactly_its_findings(scenario: Path, tmp_path: Path) -> None:
    """The same project always gives the same findings, in the same order and words."""
    assert (scenario / "expected.txt").exists(), "run: python -m tests.scenarios.harness --write " + scenario.name
    assert expected(scenario) == shown(stage_of(scenario)(build(scenario, tmp_path)))


@pytest.mark.parametrize("table", CODE_TABLES)
def test_each_code_has_a_scenario_that_shows_it_alone(table: str) -> None:
    """A code that nothing triggers, or that cannot be told from others, helps nobody."""
    alone = {next(iter(codes)) for codes in map(codes_in, scenarios()) if len(codes) == 1}
    assert [] == [code for code in codes_of(table) if code not in alone and code not in NOT_SHOWN]


def test_no_code_is_excused_that_has_a_scenario_or_does_not_exist() -> None:
    """The list of excuses stays true."""
    known = {code for table in CODE_TABLES for code in codes_of(table)}
    shown_codes = set().union(*map(codes_in, scenarios()))
    assert [] == [code for code in NOT_SHOWN if code not in known or code in shown_codes]


def test_each_code_says_what_it_is_and_what_to_do() -> None:
    """Title and hint are there for each code; a code names one thing, whichever part reports it."""
    assert [code for table in CODE_TABLES for code in codes_of(table)] == list(CODES)
    for code, entry in CODES.items():
        assert code == entry.code
        assert entry.title, code
        assert entry.hint, code
        assert entry.explanation.endswith("."), code
