"""The one way of declaring a field: what a declaration says, what fits it, and what is made from it."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import Annotated, get_origin, get_type_hints

import pytest
from jsonschema import Draft202012Validator

from scheduler.content.checks.lint import Rule as LintRule
from scheduler.domain.campaign import Campaign, ItemText
from scheduler.domain.claim import Claim, Contact
from scheduler.domain.review_policy import ReviewPolicy
from scheduler.schema.field import Field, Key, built, flat, held, key, keys, keys_of
from scheduler.schema.json_schema import record_schema
from scheduler.schema.misfit import Misfit, Rule, misfit
from scheduler.schema.table import read, value_of
from scheduler.settings.model import ChannelSettings, Settings

ROOT = Path(__file__).parents[2]


class Way(StrEnum):
    """Two words."""

    BY_SEA = "by-sea"
    BY_LAND = "by-land"


def _no_at(text: str) -> str:
    return "has an @ in it" if "@" in text else ""


@dataclass(frozen=True, slots=True)
class Harbour:
    """A table within a table."""

    depth: Annotated[int, Field("How deep it is.", least=1, most=40)] = 7
    name: Annotated[str, Field("What it is called.", check=_no_at, key="called.name")] = ""


@dataclass(frozen=True, slots=True)
class Voyage:
    """One of everything."""

    id: Annotated[str, Field("Its own name.")]
    where: int  # is not read
    way: Annotated[Way, Field("How.")] = Way.BY_SEA
    share: Annotated[float, Field("Of the load.", least=0, most=1)] = 0.5
    fast: Annotated[bool, Field("Whether it is fast.")] = False
    on: Annotated[date | None, Field("When.")] = None
    stops: Annotated[tuple[str, ...], Field("Where it stops.")] = ()
    tolls: Annotated[Mapping[str, float], Field("By place.")] = field(default_factory=dict)
    harbour: Annotated[Harbour, Field()] = field(default_factory=Harbour)


KEYS = keys_of(Voyage)


def test_a_declaration_says_everything_about_a_field() -> None:
    """Name, type, default, whether it must be there; what is not annotated is not read."""
    assert ["id", "way", "share", "fast", "on", "stops", "tolls", "harbour"] == list(KEYS)
    assert [str, Way, float, bool, date, str, float, Harbour] == [key.kind for key in KEYS.values()]
    assert ["id"] == [name for name, key in KEYS.items() if key.required]
    assert (["stops"], ["tolls"]) == tuple(
        [n for n, k in KEYS.items() if getattr(k, is_)] for is_ in ("many", "by_name")
    )
    assert ("by-sea", "by-land") == KEYS["way"].allowed


def test_tables_within_tables_have_dotted_names() -> None:
    """As settings have them; an object is built from them and taken apart into them."""
    assert ["harbour.depth", "harbour.called.name"] == list(flat(Voyage))[-2:]
    said = {"id": "a", "way": "by-land", "share": 1, "harbour.depth": 3, "harbour.called.name": "North"}
    voyage = built(Voyage, said, where=5)
    assert Voyage("a", 5, Way.BY_LAND, 1.0, harbour=Harbour(3, "North")) == voyage
    assert isinstance(voyage.share, float)
    assert said.items() <= held(voyage).items()


@pytest.mark.parametrize(
    ("name", "value", "rule"),
    [
        ("id", 3, Rule.KIND),
        ("id", None, Rule.KIND),
        ("way", "by-air", Rule.NOT_ALLOWED),
        ("way", "by-sea", None),
        ("share", 1, None),
        ("share", True, Rule.KIND),
        ("share", "1", Rule.KIND),
        ("share", 1.5, Rule.OUT_OF_RANGE),
        ("share", float("nan"), Rule.OUT_OF_RANGE),
        ("fast", 1, Rule.KIND),
        ("fast", True, None),
    ],
)
def test_what_breaks_a_rule_is_told_by_its_rule(name: str, value: object, rule: Rule | None) -> None:
    """True is no number, a whole number is a number, and nothing that is no number is within bounds."""
    found = misfit(KEYS[name], value)
    assert rule == (found and found.rule)


def test_a_check_is_not_asked_of_what_is_empty_unless_it_is_set() -> None:
    """It says what is wrong in its own words."""
    key = flat(Harbour)["called.name"]
    assert misfit(key, "") is None
    found = misfit(key, "a@b")
    assert found is not None
    assert (Rule.FORM, "has an @ in it") == (found.rule, found.words)
    depth = misfit(flat(Harbour)["depth"], 2.0)
    assert depth is not None
    assert Rule.KIND is depth.rule


def test_a_table_is_read_and_everything_that_does_not_fit_is_noted() -> None:
    """What may be left out has its default then; what must be there leaves nothing."""
    found: list[Misfit] = []
    table = {
        "id": "a",
        "stops": ["x", 3, "x", " "],
        "share": 2,
        "tolls": {"q": 1, "r": "s"},
        "harbor": {},
        "harbour": {"depth": 0},
    }
    voyage = read(Voyage, table, found.append, where=1)
    assert Voyage("a", 1, stops=("x",), tolls={"q": 1.0}) == voyage
    assert [
        (Rule.UNKNOWN, ("harbor",)),
        (Rule.OUT_OF_RANGE, ("share",)),
        (Rule.KIND, ("stops", 1)),
        (Rule.TWICE, ("stops", 2)),
        (Rule.EMPTY, ("stops", 3)),
        (Rule.KIND, ("tolls", "r")),
        (Rule.OUT_OF_RANGE, ("harbour", "depth")),
    ] == [(m.rule, m.path) for m in found]
    found.clear()
    assert read(Voyage, {"way": "by-land"}, found.append, where=1) is None
    assert [(Rule.MISSING, ("id",))] == [(m.rule, m.path) for m in found]


def test_a_table_under_a_free_name_changes_what_holds_under_that_name() -> None:
    """As a role of the review policy does; a new name starts from the declaration."""

    @dataclass(frozen=True, slots=True)
    class Port:
        id: str
        deep: Annotated[bool, Field("Whether.")] = False
        light: Annotated[str, Field("Its light.")] = "none"

    key = Key("ports", "ports", Port, False, True, {"north": Port("north", True, "red")}, Field())
    made = value_of(key, {"north": {"light": "green"}, "south": {}}, lambda m: None, ("ports",))
    assert {"north": Port("north", True, "green"), "south": Port("south")} == made


def test_json_schema_says_what_the_reader_takes() -> None:
    """Types, bounds, words, lengths; and nothing that is not declared."""
    form = keys(
        key("word", str, shortest=1, longest=9, pattern="^a"),
        key("way", Way, Way.BY_SEA),
        key("seen", str, {}, by_name=True, shortest=1, pattern="^b"),
        key("many", int, (), many=True, least=1, most=3, longest=2, help="Several"),
    )
    assert {
        "type": "object",
        "properties": {
            "word": {"type": "string", "minLength": 1, "maxLength": 9, "pattern": "^a"},
            "way": {"type": "string", "enum": ["by-sea", "by-land"]},
            "seen": {"type": "object", "additionalProperties": {"type": "string", "pattern": "^b"}, "minProperties": 1},
            "many": {
                "type": "array",
                "items": {"type": "integer", "minimum": 1, "maximum": 3},
                "maxItems": 2,
                "description": "Several",
            },
        },
        "required": ["word"],
        "additionalProperties": False,
    } == record_schema(form)
    for value, fits in (("abc", True), ("", False), ("a" * 10, False), ("b", False)):
        assert (
            fits
            == (misfit(form["word"], value) is None)
            == Draft202012Validator(record_schema(form)).is_valid({"word": value})
        )


def test_the_layer_is_standard_library_only_and_quick() -> None:
    """`--help`, `hold` and `status` read settings: no library of schemas is loaded for them."""
    code = "import sys, scheduler.settings; print(sorted({m.partition('.')[0] for m in sys.modules} & {'pydantic', 'jsonschema', 'attr', 'msgspec'}))"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=True, capture_output=True, text=True)
    assert "[]" == done.stdout.strip()


def test_what_is_declared_is_what_the_standard_library_finds() -> None:
    """Of the records that files, settings and rules are read into."""
    for record in (Campaign, ItemText, Claim, Contact, Settings, ChannelSettings, LintRule, ReviewPolicy):
        hints = get_type_hints(record, include_extras=True)
        noted = {name: hint for name, hint in hints.items() if get_origin(hint) is Annotated}
        declared = keys_of(record)
        assert {each.attribute for each in declared.values()} == noted.keys(), record
        for each in declared.values():
            assert each.field in noted[each.attribute].__metadata__, (record, each.attribute)
