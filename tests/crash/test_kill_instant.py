"""Posts of several campaigns whose intents are committed together: killed, and nothing is doubled or lost."""

from __future__ import annotations

import json
import shutil
import signal
from collections import Counter
from datetime import timedelta
from pathlib import Path

import pytest

from scheduler.domain.delivery import State
from scheduler.store import open_ledger
from tests.crash.forks import Forks
from tests.crash.instant_driver import DUE, POSTS, SEASONS
from tests.crash.started import can_be_killed
from tests.support.world import an_approval

pytestmark = pytest.mark.skipif(not can_be_killed(), reason="SIGKILL may be absent on this system")

AGAIN = [(DUE + timedelta(minutes=minute)).isoformat() for minute in range(10, 14)]


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Armed seasons with an approved post each."""
    path = tmp_path_factory.mktemp("instant") / "observance.db"
    ledger = open_ledger(f"sqlite:///{path}")
    for key, post in zip(SEASONS, POSTS, strict=True):
        ledger.approvals.record(an_approval(post))
        ledger.armings.arm(key, who="Ada", now=DUE - timedelta(days=1))
    ledger.close()
    return path


@pytest.fixture
def folder(tmp_path: Path, template: Path) -> Path:
    shutil.copy(template, tmp_path / "observance.db")
    return tmp_path


def ends(folder: Path) -> tuple[Counter[str], Counter[str], bool]:
    """What each timeline got, the states of the posts, and whether those that are sent are those that arrived."""
    memory = folder / "provider.jsonl"
    lines = memory.read_text(encoding="utf-8").splitlines() if memory.exists() else []
    received = Counter(reader for line in lines for reader in json.loads(line)["readers"])
    ledger = open_ledger(f"sqlite:///{folder / 'observance.db'}")
    posts = {key.campaign: post for key in SEASONS for post in ledger.deliveries.of_season("live", key)}
    is_whole = ledger.events.verify().is_whole
    ledger.close()
    is_true = all(received[name] == 1 for name, post in posts.items() if post.state is State.SENT)
    return received, Counter(str(post.state) for post in posts.values()), is_whole and is_true and len(posts) == 3


@pytest.mark.parametrize(
    ("point", "doubts"),
    [
        ("before_intent_commit:kill:2", 0),
        ("after_intent_commit:kill:1", 0),  # all three stand, and none was called for
        ("after_intent_commit:kill:3", 0),
        ("after_journal_begin:kill:2", 3),  # the third may stand in the journal by then
        ("before_call:kill:3", 3),
        ("after_call:kill:2", 3),
        ("after_journal_outcome:kill:1", 2),
        ("before_outcome_commit:kill:2", 2),
        ("after_outcome_commit:kill:3", 0),
        ("after_intent_commit:raise:2", 0),
    ],
)
def test_killed_at_one_instant_nothing_is_doubled_and_nothing_lost(
    forks: Forks, folder: Path, point: str, doubts: int
) -> None:
    """At most those whose call may be under way are in doubt; the others are called for, once, by who comes next."""
    is_kill = "kill" in point
    assert (-signal.SIGKILL if is_kill else 0) == forks.run("instant", folder, OBSERVANCE_FAILPOINT=point)
    assert 0 == forks.run("instant", folder, *AGAIN)
    received, states, is_true = ends(folder)
    assert is_true, (received, states)
    assert set(received.values()) <= {1}
    assert states["sent"] + states["unknown"] == 3
    assert states["unknown"] <= doubts


@pytest.mark.parametrize("policy", ["retry", "forget"])
def test_a_wrong_protocol_is_found_out(forks: Forks, folder: Path, policy: str) -> None:
    """What may be under way, and is tried again: somebody gets it twice."""
    wrong = {"OBSERVANCE_POLICY": policy, "OBSERVANCE_PROVIDER": "drops"}
    assert 0 == forks.run("instant", folder, **wrong)
    assert 0 == forks.run("instant", folder, *AGAIN, **wrong)
    assert 1 < max(ends(folder)[0].values())
