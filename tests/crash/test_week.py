"""A week with four processes on one SQLite file: one sends, three are refused politely, and take over when it dies.

Each day the owner stands still somewhere on its way, and is killed there with SIGKILL while the others knock.
"""

from __future__ import annotations

import json
import os
import signal
from collections import Counter
from datetime import timedelta
from pathlib import Path

import pytest

from scheduler.domain.delivery import State
from scheduler.engine.owner import holder
from scheduler.store import open_ledger
from scheduler.testing import an_approval
from tests.crash import driver
from tests.crash.test_kill import AGAIN, DUE, EVE, Processes, _until, folder, processes, template

__all__ = ["folder", "processes", "template"]  # fixtures

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="processes may be absent to fork on this system")

#: Where each day's owner stands still. In the mail it is at the second batch, after the post.
PLACES = (
    "after_freeze_commit", "after_intent_commit", "after_call", "after_outcome_commit", "before_call", "after_prepare_commit",
    "after_last_check",
)  # fmt: skip
IN_DOUBT = {"after_intent_commit", "after_call", "before_call", "after_last_check"}


@pytest.fixture
def week(folder: Path) -> Path:
    """Seven days, approved."""
    ledger = open_ledger(driver.url_of(folder))
    for message in driver.WEEK:
        ledger.record_approval(an_approval(message, at=EVE))
    ledger.close()
    return folder


def test_four_processes_take_turns_for_a_week_and_each_of_them_dies(processes: Processes, week: Path) -> None:
    """Nobody gets anything twice; everybody got it, or the ledger says that it is not known; the dead block nobody."""
    common = {"OBSERVANCE_OWNER": "1", "OBSERVANCE_WEEK": "1"}
    database = week / "observance.db"
    for number, place in enumerate(PLACES):
        day = timedelta(days=number)
        owner = processes.spawn(week, (EVE + day, DUE + day), OBSERVANCE_FAILPOINT=f"{place}:stall:2", **common)
        _until(lambda: holder(database) is not None)
        for _ in range(3):
            assert driver.REFUSED == processes.run(week, (DUE + day,), **common)
        _until(lambda owner=owner: _is_still(owner))
        os.kill(owner, signal.SIGKILL)
        assert -signal.SIGKILL == processes.wait(owner)
        assert holder(database) is None
        others = [processes.spawn(week, [at + day for at in AGAIN], **common) for _ in range(3)]
        endings = [processes.wait(pid) for pid in others]
        assert {0, driver.REFUSED} >= set(endings)
        assert 0 in endings

    received = Counter(
        (line["item"], reader)
        for line in map(json.loads, (week / "provider.jsonl").read_text(encoding="utf-8").splitlines())
        for reader in line["readers"]
    )
    assert {1} == set(received.values())
    ledger = open_ledger(driver.url_of(week))
    deliveries = ledger.deliveries("live", "a-month", 2027)
    doubtful = sum(d.counts.unknown for d in deliveries)
    batches = [b.state for d in deliveries for b in ledger.batches(d.id)]
    whole = ledger.verify_events().is_whole
    ledger.close()
    assert {State.SENT, State.UNKNOWN} == set(batches)
    assert sum(place in IN_DOUBT for place in PLACES) == batches.count(State.UNKNOWN)
    assert 7 * (driver.READERS + 1) - doubtful <= len(received) <= 7 * (driver.READERS + 1)
    assert whole


def _is_still(pid: int) -> bool:
    """Whether a process waits: it stands at its failpoint, and has used no processor for a while."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rsplit(")", 1)[1].split()
    except OSError:
        return True  # a system without /proc: kill it wherever it is
    used = (fields[11], fields[12])
    still, _is_still.before[pid] = _is_still.before.get(pid) == used and fields[0] == "S", used
    return still


_is_still.before = {}
