"""The commands, with the world outside as it may be: no pages, another page, a machine whose clock is wrong."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from scheduler.channels.sendgrid.simulator import SENDGRID_KEY, SendGridDouble
from scheduler.channels.x.simulator import X_SECRETS, XDouble
from scheduler.content.top_level_domains import top_level_domains
from tests.contract.test_live_road import EACH_READER_ONCE, MORNING, ROOT, Road, a_ready_project, copy_project
from tests.unit.test_leave_page import Served, serving


@pytest.fixture
def road(tmp_path: Path) -> Iterator[Road]:
    with XDouble(secrets=X_SECRETS, tlds=top_level_domains()) as x, SendGridDouble(api_key=SENDGRID_KEY) as sendgrid:
        copy_project(a_ready_project(), tmp_path)
        yield Road(tmp_path, x, sendgrid)


def test_emails_wait_for_the_page_by_which_readers_leave(road: Road) -> None:
    """By `tick` alone, with somebody else's page at the address: the post goes, the mail waits, each place says why."""
    with serving(Served(body="<h1>This domain is parked</h1>")) as base:
        road.environment["OBSERVANCE_PUBLIC_URL"] = base
        # X counts each letter of an address on this machine, so posts with one may be too long here. None is needed.
        for item in (road.root / "campaigns/human-trafficking-prevention/items").glob("*.md"):
            text = item.read_text(encoding="utf-8")
            item.write_text(text.replace("{{ sign_up_url }}", "on our pages"), encoding="utf-8")
        road.good("approve", "--all", "--by", "Ada Example")  # the links are part of what was approved
        done = road.run("tick", at=MORNING)
        assert (1, (1, [])) == (done.returncode, road.received())
        assert "its unsubscribe links do not work: another page answers" in done.stdout
        assert "leave-page" in road.run("status", "--json", at=MORNING).stdout
        status = road.run("status", at=MORNING)
        assert "TROUBLE: readers cannot leave" in status.stdout
        asked = road.run("links", "check", at=MORNING)
        assert (1, True) == (asked.returncode, "another page answers" in asked.stdout)
        doctor = road.run("doctor", "--online", at=MORNING)
        assert "readers cannot leave" in doctor.stdout
        armed = road.run("arm", "--by", "Ada Example", at=MORNING)
        assert (0, True) == (armed.returncode, "As it stands now, readers cannot leave" in armed.stdout)
        trusting = {"OBSERVANCE_WEB__UNSUBSCRIBE_CHECK": "trust"}
        road.environment.update(trusting)
        looser = road.run("tick", at=MORNING)  # those who approved relied on the question
        assert ("C185: the setting web.unsubscribe_check" in looser.stdout, (1, [])) == (True, road.received())
        road.good("decide", "rule", "web.unsubscribe_check", "--answer", "I opened the page.", "--by", "Ada Example")
        road.run("tick", at=MORNING)
        assert (1, EACH_READER_ONCE) == road.received()


def test_a_code_that_is_none_confirms_nothing(road: Road) -> None:
    """Another code is refused in words; the page's own is taken however it is typed."""
    wrong = road.run("links", "confirm", "AAAA-BBBB", "--by", "Ada Example")
    assert (2, True) == (wrong.returncode, "is not the code that this ledger's page shows" in wrong.stderr)


@pytest.mark.skipif(shutil.which("faketime") is None, reason="libfaketime is not installed here")
def test_a_machine_whose_clock_is_two_days_ahead_sends_nothing(road: Road) -> None:
    """What a process believes is two days later than what the providers say; right again, it goes on."""
    command = [sys.executable, "-m", "scheduler.cli", "tick"]
    environment = {**road.environment, "PYTHONPATH": str(ROOT), "PATH": os.environ["PATH"]}
    road.good("tick")  # the season's deliveries are there, and some are already due for a clock that is ahead of them
    environment["OBSERVANCE_LOG_LEVEL"] = "error"
    ahead = subprocess.run(
        ["faketime", "-f", "+400d", *command], env=environment, capture_output=True, text=True, check=False, timeout=300
    )
    assert ahead.returncode == 1, ahead.stdout + ahead.stderr
    assert re.search(r"this machine's clock is (399|400) days ahead of the providers'", ahead.stdout), ahead.stdout
    assert (0, []) == road.received()
    told = road.run("status")
    assert "TROUBLE: the clock of" in told.stdout
    right = road.good("tick")
    assert "missed" not in right
    assert "TROUBLE" not in road.run("status").stdout
