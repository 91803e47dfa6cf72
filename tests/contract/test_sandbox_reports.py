"""SendGrid's stand-in reports what became of its mails: the whole way from the call to the reader's state."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from scheduler.channels.registry import open_channel
from scheduler.channels.sendgrid import event_sender as sandbox_reports
from scheduler.channels.sendgrid.event_sender import Reports
from scheduler.channels.sendgrid.simulator import SendGridDouble
from scheduler.clock import VirtualClock
from scheduler.domain.season_key import SeasonKey
from scheduler.domain.subscriber import NewSubscriber
from scheduler.errors import UsageError
from scheduler.settings import ChannelSettings, Secrets
from scheduler.web.server import serve
from tests.support.sandbox import run_sandbox
from tests.support.web_factory import CAMPAIGN, NOW, Site
from tests.support.world import World, an_email

NAMES = ("bounces", "complains.to.me", "full", "leaves", "reader")


def a_free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        return int(taken.getsockname()[1])


def soon(what: Callable[[], Any], *, seconds: float = 60) -> Any:
    """What ``what`` says as soon as it says anything."""
    until = time.monotonic() + seconds
    while not (said := what()) and time.monotonic() < until:
        time.sleep(0.05)
    return said


@pytest.fixture(autouse=True)
def without_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sandbox_reports, "GATHERS_SECONDS", 0.05)
    monkeypatch.setattr(sandbox_reports, "AGAIN_AFTER", (0.1, 0.2))


@pytest.fixture
def told() -> list[str]:
    return []


@pytest.fixture
def reports(told: list[str]) -> Iterator[Reports]:
    """To a program that is not there yet, by a clock that is an hour ahead of its own: another terminal's."""
    made = Reports(f"http://127.0.0.1:{a_free_port()}", clock=VirtualClock(NOW + timedelta(hours=1)), out=told.append)
    yield made
    made.stop()


def send_a_mail(site: Site, double: SendGridDouble) -> World:
    """One mail to five readers, through the engine and SendGrid's channel."""
    world = World(site.ledger, [an_email("day-11", on=NOW.date(), hour=15)], now=NOW - timedelta(hours=1))
    rows = [NewSubscriber(f"{name}@readers.example", subscriber_id=f"r-{name.partition('.')[0]}") for name in NAMES]
    site.ledger.subscribers.add_many(CAMPAIGN, rows, now=NOW - timedelta(days=3))
    channel = ChannelSettings("email", "sendgrid", True, double.base_url, 5.0)
    world.email = open_channel(channel, Secrets({"SENDGRID_API_KEY": "SG.not-a-real-key"}))  # type: ignore[assignment]
    world.new_tick()
    world.run_at(NOW)
    world.email.close()
    return world


def test_delivered_bounced_complained_and_left_arrive_at_the_running_pages(
    tmp_path: Path, reports: Reports, told: list[str]
) -> None:
    """Signed by the key that was printed; each reader stands where the address says; nothing is said aloud of them."""
    site = Site(tmp_path, key=reports.public_key)
    with SendGridDouble(clock=VirtualClock(NOW), reports=reports) as double:
        handle = serve(site.app, "127.0.0.1", int(reports.url.split(":")[2].split("/")[0]))
        reports.start()
        send_a_mail(site, double)
        assert soon(lambda: [line for line in told if "taken" in line])
        handle.stop()
    found = {r.subscriber.id.removeprefix("r-"): str(r.state) for r in site.ledger.subscribers.each(CAMPAIGN)}
    assert {
        "bounces": "bounced",
        "complains": "complained",
        "full": "active",
        "leaves": "left",
        "reader": "active",
    } == found
    (delivery,) = site.ledger.deliveries.of_season("live", SeasonKey(CAMPAIGN, 2027))
    assert {"bounced": 2, "complained": 1, "delivered": 2} == dict(site.ledger.receipts.fates(delivery.id))
    assert "readers.example" not in "\n".join(told)
    site.close()


def test_a_report_that_nobody_takes_comes_again(tmp_path: Path, reports: Reports, told: list[str]) -> None:
    """The pages are started later than the sandbox; afterwards nothing is missing."""
    site = Site(tmp_path, key=reports.public_key)
    with SendGridDouble(clock=VirtualClock(NOW), reports=reports) as double:
        reports.start()
        send_a_mail(site, double)
        assert soon(lambda: [line for line in told if "nobody answers; again" in line])
        handle = serve(site.app, "127.0.0.1", int(reports.url.split(":")[2].split("/")[0]))
        soon(lambda: [line for line in told if "taken" in line or "given up" in line])
        handle.stop()
    assert [True] == [line.endswith(": taken") for line in told if "again" not in line]
    site.close()


def test_another_runs_key_is_refused_and_said(tmp_path: Path, reports: Reports, told: list[str]) -> None:
    """Each start of the sandbox has a key of its own; one of yesterday signs nothing today."""
    yesterday = Reports("http://127.0.0.1:1", clock=VirtualClock(NOW), out=told.append)
    site = Site(tmp_path, key=yesterday.public_key)
    with SendGridDouble(clock=VirtualClock(NOW), reports=reports) as double:
        handle = serve(site.app, "127.0.0.1", int(reports.url.split(":")[2].split("/")[0]))
        reports.start()
        send_a_mail(site, double)
        assert soon(lambda: [line for line in told if "answered 403; given up" in line])
        handle.stop()
    assert {"active"} == {str(r.state) for r in site.ledger.subscribers.each(CAMPAIGN)}
    site.close()


@pytest.mark.parametrize(
    "url",
    [
        "https://127.0.0.1:8080",
        "http://news.example.org/",
        "http://127.0.0.1.example.org",
        "ftp://127.0.0.1",
        "8080",
        "",
        "http://[::1",
    ],
)
def test_reports_never_leave_this_machine(url: str) -> None:
    """They hold addresses and are not encrypted."""
    with pytest.raises(UsageError) as caught:
        Reports(url, clock=VirtualClock(NOW), out=print)
    assert "this machine" in caught.value.message
    assert "--reports http://127.0.0.1:8080" in caught.value.hint


def test_the_sandbox_prints_the_key_and_where_reports_go() -> None:
    """One more line to paste; without --reports there is none."""
    for url in ("", "http://127.0.0.1:1"):
        lines: list[str] = []
        stop = threading.Event()
        stop.set()
        clock = VirtualClock(datetime(2027, 1, 11, 15, tzinfo=UTC))
        run_sandbox(lines.append, stop, clock=clock, reports=url)
        keys = [line for line in lines if line.startswith("export OBSERVANCE_SENDGRID_WEBHOOK_KEY=")]
        assert bool(url) == bool(keys)
        assert bool(url) == any("http://127.0.0.1:1/webhooks/sendgrid" in line for line in lines)
