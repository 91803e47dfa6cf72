"""Four processes on one ledger for a week, and a kill about every second: see week.py, which also runs by hand."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest

from tests.crash.starter import Starter
from tests.crash.week import DAYS, ENOUGH, Week, a_schema
from tests.support.long_form import many
from tests.support.postgresql import postgresql_url

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="processes may be absent to fork on this system")

#: Fewer days in the short form: each is played alike, with other dice.
PLAYED = DAYS[: many(4, 7)]
GIVEN: dict[str, Any] = {"every": 0.8, "seconds": many(3, 6), "seed": 11, "days": PLAYED}


def test_a_week_on_sqlite_one_owner_and_three_that_take_over(starter: Starter, tmp_path: Path) -> None:
    """One sends, three are refused politely and take over when it dies: 0 duplicates, 0 lost, every doubt settled."""
    tally = Week(tmp_path, starter, **GIVEN).run()
    print(tally.in_words())
    assert len(PLAYED) == len(tally.days)
    assert tally.refused >= 3 * len(PLAYED), tally
    assert tally.senders >= ENOUGH * len(PLAYED), "nobody took over"
    assert tally.doubts > 0, "no kill fell into a call; the test shows nothing"


@pytest.mark.postgresql
def test_a_week_on_postgresql_with_four_full_processes(starter: Starter, tmp_path: Path) -> None:
    """All four send from one ledger, and die: 0 duplicates, 0 lost, every doubt settled."""
    if not postgresql_url():
        pytest.skip("there is no PostgreSQL here: install it, or set OBSERVANCE_TEST_POSTGRESQL=postgresql://...")
    with a_schema(postgresql_url()) as url:
        tally = Week(tmp_path, starter, url=url, **GIVEN).run()
    print(tally.in_words())
    assert (len(PLAYED), 0) == (len(tally.days), tally.refused)
    assert tally.kills_of_senders >= ENOUGH * len(PLAYED), tally
    assert tally.doubts > 0, "no kill fell into a call; the test shows nothing"
