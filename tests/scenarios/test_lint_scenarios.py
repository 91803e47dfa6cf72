"""Each lint of the shipped packs has a scenario that shows it alone, or sentences of its own that it finds."""

from __future__ import annotations

from scheduler.content.checks import load_lint_pack
from tests.scenarios.checking import REPOSITORY
from tests.scenarios.harness import codes_in, scenarios


def test_each_lint_has_a_scenario_that_shows_it_alone() -> None:
    """A lint that nothing triggers protects nobody. Rules for people alone have none, and what a rule finds of its own
    ``bad`` sentences is asked in tests/unit/test_lint_sentences.py."""
    alone = {next(iter(codes)) for codes in map(codes_in, scenarios()) if len(codes) == 1}
    rules = [r for p in (REPOSITORY / "config" / "lint").glob("*.toml") for r in load_lint_pack(p)[0].rules]
    assert len(rules) > 20
    assert [] == sorted({r.id for r in rules if r.type != "advice" and not r.bad and r.id not in alone})
