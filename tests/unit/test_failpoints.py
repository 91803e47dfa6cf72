"""Failpoints: off by default, named, and all of them are passed somewhere in the code."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from scheduler.engine import failpoints

PACKAGE = Path(failpoints.__file__).parents[1]


def test_a_point_that_nobody_set_does_nothing() -> None:
    """Passing a point costs one look and changes nothing."""
    failpoints.hit("after_call")


def test_a_point_fires_at_its_nth_passing_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """name:raise:2 lets the first passing go, stops the second, and lets the third go."""
    monkeypatch.setattr(failpoints, "_armed", failpoints.read("after_call:raise:2"))
    failpoints.hit("after_call")
    with pytest.raises(failpoints.FailpointHit, match="after_call"):
        failpoints.hit("after_call")
    failpoints.hit("after_call")
    failpoints.hit("before_call")


@pytest.mark.parametrize("text", ["nowhere:kill", "after_call:explode", "after_call", "after_call:raise:x"])
def test_a_word_that_means_nothing_is_refused(text: str) -> None:
    """A test that sets a point by a wrong name must not pass for nothing."""
    with pytest.raises(ValueError, match=r"failpoint|invalid literal"):
        failpoints.read(text)


def test_the_table_names_exactly_the_points_of_the_code() -> None:
    """A point in the code without a line in the table is never tried by the crash tests, and the reverse."""
    code = "\n".join(path.read_text(encoding="utf-8") for path in PACKAGE.rglob("*.py") if path.name != "failpoints.py")
    called = set(re.findall(r"\bhit\(\"(\w+)\"\)", code))
    on_the_way = {"plan", "freeze", "prepare", "intent", "outcome"}
    written = {
        name
        for name in re.findall(r"(?:\.write|\.write_together|\btransaction)\(\"(\w+)\"", code)
        if name in on_the_way
    }
    commits = {f"{when}_{name}_commit" for name in written for when in ("before", "after")}
    assert on_the_way == written
    assert set(failpoints.FAILPOINTS) == called | commits
