"""H118, and the words of names by which readers know who speaks."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from scheduler.domain.brand import Brand
from scheduler.domain.discreet import DiscreetHead
from tests.support.checks_factory import a_campaign, contact, findings, item, post, settings

LINES = [
    contact("line", "1-800-555-0100", label="Harbor Night Hotline", operator="Harbor Trust"),
    contact("old", "1-800-555-0101", "superseded", label="Old Harbor Hotline"),
]


def told(name: str, *, key: str = "from_name", **campaign: Any) -> list[tuple[str, str, str]]:
    of = settings()
    named: dict[str, Any] = {key: name}
    of = replace(of, organisation=replace(of.organisation, **named)) if key else of
    found = findings(a_campaign([item("one")], contacts=LINES, **campaign), post("one", "Good morning."), settings=of)
    about = ("organisation.", "brand.", "discreet.", "channels.")
    return [(f.code, str(f.severity), f.message.partition(" ")[0]) for f in found if f.message.startswith(about)]


@pytest.mark.parametrize(
    ("name", "code", "severity"),
    [
        ("Harbor Light Coalition", "", ""),
        ("Harbor Night Hotline", "H118", "red"),
        ("The Harbor Night Hotline", "H118", "red"),
        ("Night Hotline", "H118", "red"),
        ("Robin from the Lifeline", "H118", "amber"),
        ("Línea de Ayuda", "H118", "amber"),
        ("En línea", "", ""),
        ("911 Helpers", "H118", "amber"),
        ("Friends of 300,000 Children", "C150", "red"),
        ("Call 1-800-555-0199", "H104", "red"),
        ("Ring 1-800-555-0101", "H101", "red"),
    ],
)
def test_a_name_is_no_help_line_and_says_nothing_that_no_text_may(name: str, code: str, severity: str) -> None:
    found = {(c, s) for c, s, _ in told(name)}
    assert found == set() if not code else (code, severity) in found


def test_every_name_is_read() -> None:
    named = "The Lifeline"
    for key in ("name", "from_name"):
        assert [("H118", "amber", f"organisation.{key}")] == told(named, key=key)
    for key, name in (("from_address", "crisis-line"), ("reply_to", "thehotline")):
        assert ("H118", "amber", f"organisation.{key}") in told(f"{name}@coalition.test", key=key)
    assert [("H118", "amber", "brand.name")] == told("", key="", brand=Brand(name=named))
    assert ("H118", "amber", "discreet.from_name") in told("", key="", discreet=DiscreetHead(from_name=named))
    of = settings()
    channels = {**of.channels, "x": replace(of.channels["x"], options={"handle": "HarborHotline24"})}
    found = findings(a_campaign([item("one")]), post("one", "Hello."), settings=replace(of, channels=channels))
    assert [("H118", "config/channels.toml")] == [(f.code, f.where.path) for f in found if "handle" in f.message]
    own = [replace(LINES[0], operator="Harbor Night Hotline")]
    mine = replace(of, organisation=replace(of.organisation, name="Harbor Night Hotline", from_name="Harbor"))
    found = findings(a_campaign([item("one")], contacts=own), post("one", "Hello."), settings=mine)
    assert ["amber"] == [str(f.severity) for f in found if f.code in ("H108", "H118")], "a line of one's own"
