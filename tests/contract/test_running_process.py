"""`start` as a process of its own, and settings that change while it runs: it takes them up, or says that it will not."""

from __future__ import annotations

import json
import re
import shutil
import signal
import socket
import subprocess
import threading
import urllib.error
import urllib.request
from argparse import Namespace
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.cookiejar import CookieJar
from pathlib import Path
from unittest.mock import Mock

import pytest

from scheduler.channels.sendgrid.simulator import SendGridDouble
from scheduler.channels.x.simulator import XDouble
from scheduler.cli.running import _pages
from scheduler.domain.sender import Sender
from scheduler.engine.wakeup import WakeEvent
from scheduler.errors import OutOfReach
from scheduler.services.running import SettingsWatch, sending_process
from scheduler.store import open_ledger
from scheduler.wiring import open_project
from tests.contract.test_live_road import (
    EACH_READER_ONCE,
    MORNING,
    ROOT,
    Road,
    copy_project,
    fresh_road,
    ready_project,
    road,
    servers,
)
from tests.contract.test_notify import Web
from tests.crash.started import command
from tests.support.two_people import answer_questions

__all__ = ["fresh_road", "ready_project", "road", "servers"]  # fixtures

#: Ten seconds before the day's post and email are due.
BEFORE = "2027-01-11T09:59:50-05:00"


def until(happens: Callable[[], bool], what: str, seconds: float = 120) -> None:
    """Wait for another process."""
    nap = WakeEvent()
    for _ in range(int(seconds / 0.1)):
        if happens():
            nap.close()
            return
        nap.wait(0.1)
    raise AssertionError(f"it did not happen: {what}")


class Process:
    """A `start`, what it said, and its row in the ledger."""

    def __init__(self, road: Road, environment: dict[str, str], *arguments: str) -> None:
        self.road = road
        self.process = subprocess.Popen(
            command("start", *arguments),
            cwd=ROOT,
            env={**road.environment, **environment},
            text=True,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
        )
        self.said: list[str] = []
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def _read(self) -> None:
        assert self.process.stdout is not None
        with self.process.stdout as lines:
            for line in lines:
                self.said.append(line)

    def says(self, words: str) -> None:
        until(lambda: any(words in line for line in list(self.said)), words)

    def row(self) -> Sender:
        ledger = open_ledger(f"sqlite:///{self.road.root / 'var' / 'observance.db'}")
        try:
            return ledger.senders.all()[0]
        finally:
            ledger.close()

    def end(self) -> int:
        self.process.send_signal(signal.SIGTERM)
        status = self.process.wait(timeout=120)
        self._reader.join()
        return status


@contextmanager
def started(road: Road, environment: dict[str, str], *arguments: str) -> Iterator[Process]:
    made = Process(road, {"OBSERVANCE_PRETEND_NOW": BEFORE, **environment}, *arguments)
    try:
        made.says("Next:")  # its first pass has ended
        yield made
    finally:
        if made.process.poll() is None:
            made.end()


@pytest.fixture
def by_files(road: Road) -> Road:
    """A season that is ready but for `arm`; its mode stands in the file alone, and is rehearsal."""
    del road.environment["OBSERVANCE_MODE"]
    road.good("disarm", "--by", "Ada Example")
    return road


def write_setting(root: Path, old: str, new: str, name: str = "settings.toml") -> None:
    path = root / "config" / name
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def go_live(road: Road) -> None:
    write_setting(road.root, 'mode = "rehearsal"', 'mode = "live"')


def free_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])


def test_a_running_process_takes_up_the_mode_and_the_item_goes_out_live(by_files: Road) -> None:
    """`start` in rehearsal, then mode = "live" in the file and `arm`: no restart. It is said, and in the history."""
    road = by_files
    with started(road, {}, "--no-web") as process:
        assert "rehearsal" == process.row().mode
        go_live(road)
        road.good("arm", "--by", "Ada Example", at=BEFORE)
        until(lambda: road.received() == (1, EACH_READER_ONCE), "the day goes out live")
        assert "live" == process.row().mode
        status = road.run("status", at="2027-01-11T10:00:30-05:00")
        assert (0, True) == (status.returncode, f"process {process.process.pid}" in status.stdout), status
        assert "(live), since" in status.stdout
        assert 0 == process.end()
    assert any("changed settings were taken up: mode (mode: live)" in line for line in process.said)
    assert road.received() == (1, EACH_READER_ONCE)
    ledger = open_ledger(f"sqlite:///{road.root / 'var' / 'observance.db'}")
    taken = [(e.data["changed"], e.data["mode"]) for e in ledger.events.of_kinds("settings.taken-up")]
    ledger.close()
    assert [(["mode"], "live")] == taken


def test_a_mode_that_the_environment_holds_is_told_in_six_places(by_files: Road) -> None:
    """With OBSERVANCE_MODE in the running process's environment nothing goes out: arm, status, doctor, /readyz, the
    pages' head and a notice say so."""
    road, port = by_files, free_port()
    hook = Web()
    threading.Thread(target=hook.serve_forever, daemon=True).start()
    pinned = {
        "OBSERVANCE_MODE": "rehearsal",
        "OBSERVANCE_NOTICES__WEBHOOK__URL": hook.url,
        "OBSERVANCE_PUBLIC_URL": f"http://127.0.0.1:{port}",
    }
    with started(road, pinned, "--port", str(port)) as process:
        address = f"http://127.0.0.1:{port}"
        assert 200 == status_of(f"{address}/readyz")[0]
        go_live(road)
        until(lambda: "mode" in process.row().pinned, "it has seen the file")
        will_not = f"process {process.process.pid} on {socket.gethostname()} rehearses, and goes on so: OBSERVANCE_MODE"

        armed = road.good("arm", "--by", "Ada Example", at=BEFORE)
        assert will_not in armed
        assert "take OBSERVANCE_MODE out of its environment" in armed

        status = road.run("status", at=BEFORE)
        assert (1, True) == (status.returncode, "TROUBLE: nothing of season 2027" in status.stdout)
        assert will_not in status.stdout
        trouble = json.loads(road.run("status", "--json", at=BEFORE).stdout)["trouble"]
        assert any(will_not in line["said"] for line in trouble)

        doctor = json.loads(road.run("doctor", "--json", at=BEFORE).stdout)
        assert any(will_not in line["said"] and line["light"] == "red" for line in doctor["lines"])

        code, ready = status_of(f"{address}/readyz")
        assert (503, True) == (code, "process" in [r["code"] for r in json.loads(ready)["reasons"]])

        assert will_not in head_of_the_page(road, address)

        until(lambda: any(will_not.encode() in got.body for got in hook.got), "a notice")
        until(lambda: any("recorded" in line or "rehearsed" in line for line in list(process.said)), "the item is due")
        assert 0 == process.end()
    hook.shutdown()
    hook.server_close()
    assert 1 == sum(will_not.encode() in got.body for got in hook.got), "once"
    assert (0, []) == road.received()


def status_of(address: str) -> tuple[int, str]:
    try:
        with urllib.request.urlopen(address, timeout=30) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, error.read().decode()


def head_of_the_page(road: Road, address: str) -> str:
    """What stands above the first page for somebody who signs in."""
    road.good("people", "add", "Ada Example", "--role", "coordinator", at=BEFORE)
    link = road.good("people", "link", "Ada Example", at=BEFORE)
    token = re.search(r"/sign-in/(\S+)", link)
    assert token
    opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(CookieJar()))
    request = urllib.request.Request(f"{address}/sign-in/{token[1]}", data=b"", headers={"Origin": address})
    with opener.open(request, timeout=60) as answer:
        page = str(answer.read().decode())
    return page.partition("<main")[0]


def test_settings_that_cannot_be_read_leave_the_earlier_ones_in_force(by_files: Road) -> None:
    """A mode that is spelled wrong sends nothing live. It is said, until the file is right."""
    road = by_files
    with started(road, {}, "--no-web") as process:
        write_setting(road.root, 'mode = "rehearsal"', 'mode = "life"')
        process.says("changed settings cannot be taken up")
        until(lambda: "life" in process.row().settings_problem, "it says why")
        assert "rehearsal" == process.row().mode
        write_setting(road.root, 'mode = "life"', 'mode = "rehearsal"')
        until(lambda: process.row().settings_problem == "", "it is right again")
        write_setting(road.root, 'mode = "rehearsal"', 'mode = "live"')
        road.good("arm", "--by", "Ada Example", at=BEFORE)
        until(lambda: road.received() == (1, EACH_READER_ONCE), "the day goes out live")
        # Whoever asks for a rehearsal gets one, whatever else is wrong in the file.
        write_setting(road.root, 'mode = "live"', 'mode = "rehearsal"\nno_such_key = 1')
        until(lambda: process.row().mode == "rehearsal" and process.row().settings_problem != "", "it rehearses")
        status = road.run("status", at="2027-01-11T10:01:00-05:00")
        assert 3 == status.returncode, "the command cannot read them either"
        assert 0 == process.end()


def test_what_needs_a_restart_is_named_and_all_else_is_taken_up(by_files: Road) -> None:
    """A port is opened once; a limit and a channel are looked at each time. A channel that cannot be used leaves all
    as it is."""
    road = by_files
    with started(road, {}, "--no-web") as process:
        write_setting(road.root, "port = 8080", "port = 8099")
        write_setting(road.root, "[channels.x]", "[channels.x]\nmax_calls = 7", "channels.toml")
        until(lambda: process.row().restart_for == ("web.port",), "it says what waits")
        process.says("changed settings were taken up: channels.x.max_calls")
        doctor = road.run("doctor", at=BEFORE)
        assert "was started before web.port changed" in doctor.stdout
        assert 0 == process.end()


def test_settings_are_looked_at_again_when_the_database_was_away(
    by_files: Road, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The files are as they are, and were not taken up: the next look tries again, and is not content."""
    environment = {**by_files.environment, "OBSERVANCE_PRETEND_NOW": BEFORE}
    project = open_project(by_files.root, environment, by_files.root)
    with sending_process(project, "start", project.campaigns(), 2027) as running:
        watch = SettingsWatch(project, running)
        go_live(by_files)
        with monkeypatch.context() as away:
            away.setattr(
                type(running.ledger.attempts), "ledger_id", Mock(side_effect=OutOfReach("the database is away"))
            )
            for _ in range(2):
                with pytest.raises(OutOfReach):
                    watch.look()
        assert "rehearsal" == project.settings.mode.value
        watch.look()
        assert "live" == project.settings.mode.value


def test_an_armed_season_that_no_process_sends_is_red(fresh_road: Road, ledger_url: str) -> None:
    """From a day before the first item on: in `arm`, `status` and `doctor`, also where nothing was ever started, on
    both databases. A `tick` of less than a quarter of an hour ago is at work."""
    road = fresh_road
    road.environment["OBSERVANCE_DATABASE__URL"] = ledger_url
    answer_questions(road.root, road.campaign, url=ledger_url)
    for name, step in road.steps().items():
        if name != "arm":
            road.good(*step)
    nobody = "nothing of season 2027 of human-trafficking-prevention goes out"
    early, day_before, later = "2026-12-30T09:00:00-05:00", "2027-01-10T10:30:00-05:00", "2027-01-10T10:46:00-05:00"
    far = road.good("arm", "--by", "Ada Example", at=early)
    assert (False, True) == (nobody in far, "Next: `start`" in far)
    assert nobody not in road.run("status", at=early).stdout
    road.good("disarm", "--by", "Ada Example", at=day_before)
    armed = road.good("arm", "--by", "Ada Example", at=day_before)
    assert nobody in armed
    assert "`start`, and let it run" in armed

    def told(at: str) -> tuple[bool, bool]:
        status, doctor = road.run("status", at=at), json.loads(road.run("doctor", "--json", at=at).stdout)
        said = f"TROUBLE: {nobody}" in status.stdout
        assert not said or 1 == status.returncode
        return said, any(nobody in line["said"] and line["light"] == "red" for line in doctor["lines"])

    assert (True, True) == told(day_before)
    road.run("tick", at=day_before)
    assert (False, False) == told("2027-01-10T10:44:00-05:00")
    assert (True, True) == told(later), "now by what the ledger knows of what is to come"


def test_a_tick_with_a_clock_behind_the_ledger_says_so_and_fails(road: Road) -> None:
    """By cron nobody looks at `status`: an exit status of 0 would mean that all is well."""
    road.run("tick", at=MORNING)
    behind = road.run("tick", at="2027-01-09T08:00:00-05:00")
    assert 1 == behind.returncode
    assert "the clock is 2 days behind the ledger" in behind.stdout
    assert 1 == road.run("tick", "--json", at="2027-01-09T08:00:00-05:00").returncode
    assert road.received() == (1, EACH_READER_ONCE)


def test_pages_that_need_a_database_that_is_away_are_waited_for(
    by_files: Road, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """It is asked once more while the pages are made: a restart in that moment does not end `start`."""
    app = Mock()
    make_app = Mock(side_effect=[OutOfReach("the database is away", passes=True), app])
    monkeypatch.setattr("scheduler.web.app.make_app", make_app)
    monkeypatch.setattr("scheduler.web.server.serve", Mock(return_value=Mock(url="http://127.0.0.1:8080")))
    project = open_project(by_files.root, by_files.environment, by_files.root)
    options = Namespace(no_web=False, host=None, port=None)
    with _pages(project, Mock(), Mock(), Mock(), options, "human-trafficking-prevention") as said:
        assert "Pages: http://127.0.0.1:8080/" in said
    assert "the database is away; tried again in 1 s" in caplog.text
    app.close.assert_called_once_with()


def test_a_copy_sends_once_it_was_said_to_be_moved_and_the_place_that_it_came_from_does_not(
    ready_project: Path, tmp_path: Path, servers: tuple[XDouble, SendGridDouble]
) -> None:
    """`start` in the copy says in its first lines that nothing goes. Stopped, moved and started again, it sends."""
    copy_project(ready_project, tmp_path / "one")
    shutil.copytree(tmp_path / "one", tmp_path / "two")
    old, new = (Road(tmp_path / name, *servers) for name in ("one", "two"))
    new.environment["OBSERVANCE_STATE"] = old.environment["OBSERVANCE_STATE"]
    due = {"OBSERVANCE_PRETEND_NOW": MORNING}
    with started(new, due, "--no-web") as process:
        assert any("NOTHING IS SENT" in line for line in process.said)
        refused = new.run("db", "moved", "--by", "Ada", at=MORNING)
        assert (1, True) == (refused.returncode, "stop that process first" in refused.stderr)
        assert 0 == process.end()
    assert (0, []) == new.received()
    assert "at home here now" in new.good("db", "moved", "--by", "Ada", at=MORNING)
    with started(new, due, "--no-web") as process:
        until(lambda: new.received() == (1, EACH_READER_ONCE), "the day goes out from the new place")
        assert not any("NOTHING IS SENT" in line for line in process.said)
        assert 0 == process.end()
    with started(old, due, "--no-web") as process:
        assert any("NOTHING IS SENT" in line for line in process.said)
        assert 0 == process.end()
    assert (1, EACH_READER_ONCE) == new.received()
