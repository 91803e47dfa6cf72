"""What PostgreSQL would walk over for a page: nothing that grows with readers and what they got.

Beside tests/unit/test_page_statements.py, which asks SQLite for its plans: each of the two finds its own way."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import pytest

from tests.contract.conftest import HAS_POSTGRESQL, Schemas
from tests.unit.test_page_statements import CEILINGS, MANY, statements, under_way
from tests.unit.test_web_desk import Desk

pytestmark = [pytest.mark.postgresql, pytest.mark.skipif(not HAS_POSTGRESQL, reason="PostgreSQL is not installed here")]


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory, schemas: Schemas) -> Iterator[Desk]:
    with schemas.one() as url:
        made = under_way(Desk(tmp_path_factory.mktemp("desk"), ledger_url=url))
        yield made
        made.close()


def walks(desk: Desk, statement: str, parameters: Any) -> list[str]:
    """The tables of which it would read row after row, or a whole index, though it were told to find another way."""
    if not statement.lstrip().upper().startswith(("SELECT", "WITH")) or "FOR UPDATE" in statement:
        return []
    with desk.ledger._database.read() as connection:
        connection.exec_driver_sql("SET LOCAL enable_seqscan = off")
        plan = connection.exec_driver_sql(f"EXPLAIN (FORMAT JSON) {statement}", parameters).scalar_one()
    (whole,) = json.loads(plan) if isinstance(plan, str) else plan
    return [node["Relation Name"] for node in _walked(whole["Plan"])]


def _walked(node: Mapping[str, Any], above: Sequence[str] = ()) -> Iterator[Mapping[str, Any]]:
    kind = node["Node Type"]
    if (
        node.get("Relation Name") in MANY
        and (kind == "Seq Scan" or _is_whole_index(node))
        and "Limit" not in above[-1:]
    ):
        yield node
    for part in node.get("Plans", ()):
        yield from _walked(part, (*above, kind))


def _is_whole_index(node: Mapping[str, Any]) -> bool:
    """Of an index over some rows those few are what is asked for."""
    return str(node["Node Type"]).startswith("Index") and "Index Cond" not in node


@pytest.mark.parametrize("page", CEILINGS)
def test_a_page_walks_over_nothing(desk: Desk, page: str) -> None:
    desk.browser.get(page)  # rehearses the season
    with statements(desk) as asked:
        assert desk.browser.get(page).status_code in (200, 503)
    found = {walk: statement for statement, given in asked for walk in walks(desk, statement, given)}
    assert {} == found


@pytest.mark.parametrize(
    "walked", ["SELECT count(*), state FROM subscriptions GROUP BY 2", "SELECT max(batch_number) FROM recipients"]
)
def test_a_walk_is_seen(desk: Desk, walked: str) -> None:
    """The test above can fail."""
    assert [] != walks(desk, walked, {})
    assert [] == walks(desk, "SELECT state FROM subscriptions WHERE campaign = 'x'", {})
