"""What a page asks of the ledger: so many statements at most, and none that walks over readers or what they got.

Ceilings are in tests/data/ceilings.toml, [statements_a_page]."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import event

from scheduler.domain.season_key import SeasonKey
from tests.unit.test_roles_routes import CAMPAIGN, ROOT
from tests.unit.test_web_desk import Desk

CEILINGS: dict[str, int] = tomllib.loads((ROOT / "tests" / "data" / "ceilings.toml").read_text("utf-8"))[
    "statements_a_page"
]
#: What grows with readers and mails. A look at one row after the other, or at all of an index, is a walk.
MANY = ("subscribers", "subscriptions", "recipients", "suppressions", "hashed_suppressions", "attempts", "batches")
#: By the latest first, and it ends with the first that counts; the few of a mailing that are in a certain state.
_WALK = re.compile(rf"^SCAN ({'|'.join(MANY)})\b(?! USING INDEX ix_attempts_started_at)")


@contextmanager
def statements(desk: Desk) -> Iterator[list[tuple[str, Any]]]:
    """All that is asked of the ledger meanwhile."""
    asked: list[tuple[str, Any]] = []

    def note(connection: object, cursor: object, statement: str, parameters: Any, *more: object) -> None:
        asked.append((statement, parameters))

    engine = desk.ledger._database.engine
    event.listen(engine, "before_cursor_execute", note)
    try:
        yield asked
    finally:
        event.remove(engine, "before_cursor_execute", note)


def walks(desk: Desk, statement: str, parameters: Any) -> list[str]:
    """What the database says it would walk over for this statement."""
    if not statement.lstrip().upper().startswith(("SELECT", "WITH")):
        return []
    with desk.ledger._database.read() as connection:
        plan = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters).all()
    return [str(step[-1]) for step in plan if _WALK.match(str(step[-1]))]


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    made = under_way(Desk(tmp_path_factory.mktemp("desk")))
    yield made
    made.close()


def under_way(made: Desk) -> Desk:
    """In a season that is under way: a mail has gone to readers, another one is being sent."""
    made.add_test_subscribers(3, CAMPAIGN)
    made.plan()
    made.later(datetime(2027, 1, 2, 17, tzinfo=UTC))
    season = SeasonKey(CAMPAIGN, 2027)
    mails = [d for d in made.ledger.deliveries.of_season("live", season) if d.kind == "email"]
    for mail in mails[:2]:
        made.ledger.recipients.freeze(mail.id, batch_limit=1, now=mail.due_at + timedelta(minutes=1))
    return made


@pytest.mark.parametrize("page", CEILINGS)
def test_a_page_asks_little_and_walks_over_nothing(desk: Desk, page: str) -> None:
    desk.browser.get(page)  # rehearses the season
    with statements(desk) as asked:
        assert desk.browser.get(page).status_code in (200, 503)
    assert len(asked) <= CEILINGS[page], f"{page} asked {len(asked)} times"
    found = {walk: statement for statement, given in asked for walk in walks(desk, statement, given)}
    assert {} == found


def test_a_walk_is_seen(desk: Desk) -> None:
    """The test above can fail."""
    assert ["SCAN subscriptions"] == walks(
        desk, "SELECT count(*), state FROM subscriptions WHERE state = ? GROUP BY 2", ("x",)
    )[:1]
    assert [] == walks(desk, "SELECT state FROM subscriptions WHERE campaign = ?", ("x",))
