"""The OpenAPI document is right, whole, and the one that stands in the documentation."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

from jsonschema import Draft202012Validator
from openapi_spec_validator import OpenAPIV31SpecValidator, validate

from scheduler.web.api import document
from scheduler.web.api.route_table import ROUTES
from tests.support.api_factory import Api

ROOT = Path(__file__).resolve().parents[2]
DOCS = ROOT / "docs" / "reference"


def test_the_document_is_openapi_3_1() -> None:
    """By a validator that is not ours."""
    validate(document(), cls=OpenAPIV31SpecValidator)
    for schema in document()["components"]["schemas"].values():
        Draft202012Validator.check_schema(schema)


def test_the_document_of_the_documentation_is_that_of_the_code() -> None:
    """Who changes a route makes the file anew."""
    done = subprocess.run([sys.executable, str(ROOT / "docs" / "make_openapi.py"), "--check"], check=False, cwd=ROOT)
    assert 0 == done.returncode, "run: python docs/make_openapi.py"


def test_it_is_served_to_everybody_and_is_the_same(tmp_path: Path) -> None:
    """It says nothing of any campaign, so that it needs no key."""
    api = Api(tmp_path)
    served = api.client.get("/api/v1/openapi.json")
    assert (200, document()) == (served.status_code, served.get_json())
    assert json.loads((DOCS / "openapi.json").read_text(encoding="utf-8")) == served.get_json()
    assert [] == [
        word for word in ("reading-week", "Reading Week", "why-we-read") if word in served.get_data(as_text=True)
    ]
    api.close()


def test_every_route_is_described_and_every_schema_used() -> None:
    """By a sentence; acts also say what happens when they are sent again; nothing is left over."""
    assert [] == [r.name for r in ROUTES if not (r.summary and r.words.endswith("."))]
    assert [] == [r.name for r in ROUTES if r.reads is bool(r.repeats)]
    assert len({r.name for r in ROUTES}) == len(ROUTES)
    text = json.dumps(document())
    assert [] == [n for n in document()["components"]["schemas"] if f'"#/components/schemas/{n}"' not in text]


def test_bodies_are_closed_and_answers_open() -> None:
    """What a program sends is read strictly; what it gets may grow."""
    schemas = document()["components"]["schemas"]
    bodies = {r.body for r in ROUTES if r.body}
    closed = {name for name, schema in schemas.items() if schema.get("additionalProperties") is False}
    assert bodies == closed


def test_each_address_stands_in_the_reference() -> None:
    """docs/reference/api.md has a line for each route, with its scope."""
    page = (DOCS / "api.md").read_text(encoding="utf-8")
    written = set(re.findall(r"\| `(GET|POST) (\S+)` \| (\w+|-) \|", page))
    assert {(r.method, r.path, str(r.scope) if r.scope else "-") for r in ROUTES} == written
