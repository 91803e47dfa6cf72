"""`start` itself, killed at every failpoint and started again, against stand-ins for X, SendGrid and a mail server.

The day has one post and an email in five batches. Whatever is in doubt after the kill is `unknown` first; then the
provider's own records settle it, or a person who has looked. In the end: one post, one mail for each reader.
"""

from __future__ import annotations

import signal
import subprocess
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import datetime
from pathlib import Path

import pytest

from scheduler.channels.sendgrid.simulator import SENDGRID_KEY, SendGridDouble
from scheduler.channels.smtp.smtp_talk import SmtpDouble
from scheduler.channels.x.simulator import X_SECRETS, XDouble
from scheduler.clock import VirtualClock
from scheduler.content.top_level_domains import top_level_domains
from scheduler.engine.failpoints import FAILPOINTS
from tests.contract.test_live_road import ROOT, copy_project
from tests.crash.started import Day, at, can_be_killed, command
from tests.crash.starter import Starter
from tests.support.small_month import copy_small_month

pytestmark = pytest.mark.skipif(not can_be_killed(), reason="SIGKILL may be absent on this system")

#: Points that are passed once for each reader, by SMTP alone.
_OF_A_READER = ("before_reader", "after_reader")
_NAMES = [name for name in FAILPOINTS if name not in _OF_A_READER]
#: Between these two the provider may or may not have the call, and nobody can tell after a kill. Before them the
#: journal proves that there was no call, after them it knows how it ended.
_DOUBTFUL = _NAMES[_NAMES.index("after_journal_begin") : _NAMES.index("before_journal_outcome") + 1]
#: From here to there a point is passed once for the post, and once for each batch of the email.
_AROUND_A_CALL = _NAMES[_NAMES.index("before_build") : _NAMES.index("after_batch") + 1]
#: Somewhere in the middle of the five batches.
_MIDDLE = 4


def _cases() -> Iterator[tuple[str, int]]:
    """Each point at its first time, at the freezing of the readers too, and in the middle batch where there is one."""
    for name in _NAMES:
        yield name, 1
        if "freeze" in name or "prepare" in name:  # once for the post, and once for the first batches of the email
            yield name, 2
        if name in _AROUND_A_CALL:
            yield name, _MIDDLE


@pytest.fixture(scope="module")
def projects(tmp_path_factory: pytest.TempPathFactory, starter: Starter) -> dict[str, Path]:
    """Projects that were signed, approved and armed, with readers for five batches: one for each way of the email."""
    made = {}
    with XDouble() as x, SendGridDouble() as sendgrid, SmtpDouble() as smtp:  # nothing is sent to them
        for mails in (sendgrid, smtp):
            root = made[mails.name] = tmp_path_factory.mktemp(mails.name)
            copy_small_month(root)
            day = Day(root, x, mails, starter)
            day.make_ready()
            starter.read({**day.environment, "OBSERVANCE_PRETEND_NOW": at("10:00:00")})
    return made


@pytest.fixture
def day(request: pytest.FixtureRequest, tmp_path: Path, projects: dict[str, Path], starter: Starter) -> Iterator[Day]:
    """A copy of a ready project, and stand-ins at which it is ten o'clock all the time."""
    clock = VirtualClock(datetime.fromisoformat(at("10:00:00")))
    name = getattr(request, "param", "sendgrid")
    copy_project(projects[name], tmp_path)
    with ExitStack() as running:
        x = running.enter_context(XDouble(secrets=X_SECRETS, tlds=top_level_domains(), clock=clock))
        double: SendGridDouble | SmtpDouble = SmtpDouble(clock=clock)
        if name == "sendgrid":
            double = SendGridDouble(api_key=SENDGRID_KEY, clock=clock)
        running.enter_context(double)
        yield Day(tmp_path, x, double, starter)


@pytest.mark.parametrize(("name", "nth"), list(_cases()))
def test_start_killed_at_every_failpoint_doubles_nothing_and_loses_nothing(day: Day, name: str, nth: int) -> None:
    """With one call at a time on each lane, the one that was between intent and outcome is unknown after the next
    start, and no other. Evidence settles what did arrive; a person settles what nobody can tell; then the day is
    whole."""
    day.one_call_at_a_time()
    day.start_and_die(f"{name}:kill:{nth}")
    post_was_through = day.post_is_through()
    day.start_until_done("10:02:00")  # every lease has run out; no provider can be asked yet
    doubts = day.doubts()
    of_lanes = Counter(channel for channel, _ in doubts)
    assert {1} >= set(of_lanes.values())
    if name in _DOUBTFUL:
        assert doubts
    if nth == _MIDDLE and post_was_through:  # so it was passed by a call of the email
        assert (name in _DOUBTFUL) == (of_lanes["email"] == 1)
    _settle(day, doubts)


@pytest.mark.parametrize("name", ["before_call", "after_call"])
def test_start_killed_with_several_calls_in_flight_doubles_nothing_and_loses_nothing(day: Day, name: str) -> None:
    """Whichever of them had arrived."""
    day.start_and_die(f"{name}:kill:{_MIDDLE}")
    day.start_until_done("10:02:00")
    _settle(day, day.doubts())


def _settle(day: Day, doubts: dict[tuple[str, int], bool]) -> None:
    """Nobody has anything twice; what arrived is found by evidence, and the rest is settled by a person."""
    day.check(settled=not doubts)

    day.run("tick", at=at("11:30:00"))
    undecided = {doubt for doubt, arrived in doubts.items() if not arrived}
    assert undecided == set(day.doubts())
    day.check(settled=not undecided)
    if undecided:
        day.settle_by_a_person("11:31:00")
        day.run("tick", at=at("11:32:00"))
        day.check(settled=True)


@pytest.mark.parametrize(
    ("name", "nth", "in_doubt"),
    [
        ("after_intent_commit", _MIDDLE, 0),
        ("before_call", _MIDDLE, 1),
        ("before_reader", 25, 1),
        ("after_reader", 25, 1),
        ("after_call", _MIDDLE, 0),
    ],
)
@pytest.mark.parametrize("day", ["smtp"], indirect=True)
def test_start_killed_in_a_batch_by_smtp_leaves_one_reader_in_doubt(
    day: Day, name: str, nth: int, in_doubt: int
) -> None:
    """At most the reader whose mail was on its way, on the one line, and never a second mail; a person settles it, and
    the day is whole."""
    day.one_call_at_a_time()
    day.start_and_die(f"{name}:kill:{nth}")
    day.start_until_done("10:02:00")
    doubts = day.doubts()
    assert in_doubt == len(doubts)
    day.check(settled=not in_doubt)
    day.run("tick", at=at("15:00:00"))
    assert doubts == day.doubts()
    day.settle_by_a_person("15:01:00")
    day.run("tick", at=at("15:02:00"))
    day.check(settled=True)


def test_a_second_start_is_refused_politely(day: Day) -> None:
    """One SQLite file, one sender: the second is told who holds it, and sends nothing."""
    environment = {**day.environment, "OBSERVANCE_PRETEND_NOW": at("09:00:00")}
    first = subprocess.Popen(
        command("start", "--no-web"),
        cwd=ROOT,
        env=environment,
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    )
    try:
        assert first.stdout is not None
        assert first.stdout.readline()
        second = day.run("tick", at=at("10:00:05"))
        assert 1 == second.returncode
        assert f"process {first.pid}" in second.stderr
        assert "Traceback" not in second.stderr
    finally:
        first.send_signal(signal.SIGTERM)
        first.communicate(timeout=120)
    assert (0, []) == day.received()
    assert Path(day.root / "var" / "observance.db.lock").exists()
