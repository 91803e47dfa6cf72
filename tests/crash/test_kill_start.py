"""`start` itself, killed and started again, against stand-ins for X and SendGrid: one post, one mail for each reader."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from tests.contract.test_live_road import ROOT, Road, ready_project, road, servers
from tests.crash.kills import counted

__all__ = ["ready_project", "road", "servers"]  # fixtures

#: Where the process dies -> whether the post, and the mail, may be in doubt afterwards.
PLACES = {
    "after_intent_commit:kill:1": (True, False),
    "after_call:kill:1": (True, False),
    "after_last_check:kill:2": (False, True),
    "after_call:kill:2": (False, True),
}


@pytest.mark.parametrize("place", PLACES)
def test_start_is_killed_and_started_again(road: Road, place: str) -> None:
    """Nobody gets anything twice; what did not arrive is a doubt, and said so; everything else has gone out."""
    environment = {**road.environment, "OBSERVANCE_PRETEND_NOW": "2027-01-11T09:59:59-05:00"}
    command = [sys.executable, "-m", "scheduler.cli", "start", "--no-web"]
    died = subprocess.run(
        command, cwd=ROOT, env={**environment, "OBSERVANCE_FAILPOINT": place}, capture_output=True, timeout=60, check=False
    )
    assert -signal.SIGKILL == counted(died.returncode), died.stderr.decode()
    for minute in (5, 6):
        road.run("tick", at=f"2027-01-11T10:{minute:02}:00-05:00")
    posts, mails = road.received()
    assert posts <= 1
    assert {1} >= set(Counter(mails).values())
    listed = json.loads(road.run("deliveries", "--json", at="2027-01-11T10:06:00-05:00").stdout)
    states = {d["channel"]: d["state"] for d in listed if d["item"] == "awareness-day"}
    for channel, arrived, doubt in zip(("x", "email"), (posts == 1, len(mails) == 3), PLACES[place], strict=True):
        assert states[channel] == "sent" or (doubt and states[channel] == "unknown"), (channel, states)
        assert arrived or (doubt and states[channel] == "unknown")


def test_a_second_start_is_refused_politely(road: Road) -> None:
    """One SQLite file, one sender: the second is told who holds it, and sends nothing."""
    environment = {**road.environment, "OBSERVANCE_PRETEND_NOW": "2027-01-11T09:00:00-05:00"}
    command = [sys.executable, "-m", "scheduler.cli", "start", "--no-web"]
    first = subprocess.Popen(
        command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    )
    try:
        assert first.stdout is not None
        assert first.stdout.readline()
        second = road.run("tick", at="2027-01-11T10:00:05-05:00")
        assert 1 == second.returncode
        assert f"process {first.pid}" in second.stderr
        assert "Traceback" not in second.stderr
    finally:
        first.send_signal(signal.SIGTERM)
        first.communicate(timeout=40)
    assert (0, []) == road.received()
    assert Path(road.root / "var" / "observance.db.lock").exists()
