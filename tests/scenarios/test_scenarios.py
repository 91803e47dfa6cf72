"""Each scenario gives the findings that it says; each code has a scenario of its own."""

from __future__ import annotations

from pathlib import Path

import pytest

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


@pytest.mark.parametrize("module", CODE_TABLES)
def test_each_code_has_a_scenario_that_shows_it_alone(module: str) -> None:
    """A code that nothing triggers, or that cannot be told from others, helps nobody."""
    alone = {next(iter(codes)) for codes in map(codes_in, scenarios()) if len(codes) == 1}
    assert [] == [code for code in codes_of(module) if code not in alone and code not in NOT_SHOWN]


def test_no_code_is_excused_that_has_a_scenario_or_does_not_exist() -> None:
    """The list of excuses stays true."""
    known = {code for module in CODE_TABLES for code in codes_of(module)}
    shown_codes = set().union(*map(codes_in, scenarios()))
    assert [] == [code for code in NOT_SHOWN if code not in known or code in shown_codes]


@pytest.mark.parametrize("module", CODE_TABLES)
def test_each_code_says_what_it_is_and_what_to_do(module: str) -> None:
    """Title and hint are there for each code."""
    from importlib import import_module

    for code, entry in import_module(module).CODES.items():
        assert code == getattr(entry, "code", code)
        assert entry.title, code
        assert entry.hint, code
        assert entry.explanation.endswith("."), code


def test_one_code_stands_in_one_table() -> None:
    """A code names one thing, whichever part reports it."""
    codes = [code for module in CODE_TABLES for code in codes_of(module)]
    assert len(set(codes)) == len(codes)
