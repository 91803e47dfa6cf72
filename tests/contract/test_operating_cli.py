"""What an operator types at three in the morning: resolve, doctor, report, db backup; and what a killed alarm tells."""

from __future__ import annotations

import csv
import io
import json
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from scheduler.channels.contract.faults import Act, Fault
from scheduler.channels.sendgrid.simulator import SENDGRID_KEY, SendGridDouble
from scheduler.channels.x.simulator import X_SECRETS, XDouble
from scheduler.content.top_level_domains import top_level_domains
from tests.contract.test_live_road import MORNING, Road, a_ready_project, copy_project
from tests.contract.test_notify import Web, serving

ROOT = Path(__file__).parents[2]
NOON = "2027-01-11T12:00:00-05:00"


@pytest.fixture
def road(tmp_path: Path) -> Iterator[Road]:
    """The same, with an X that takes the first post and loses its answer, and has no records of it."""
    copy_project(a_ready_project(), tmp_path)
    x = XDouble(secrets=X_SECRETS, tlds=top_level_domains(), faults=[Fault(Act.DROP_BEFORE, nth=1)])
    with x, SendGridDouble(api_key=SENDGRID_KEY) as sendgrid:
        yield Road(tmp_path, x, sendgrid)


def unknown_id(road: Road) -> int:
    listed = json.loads(road.run("deliveries", "--json", "--state", "unknown", at=NOON).stdout)
    return int(listed[0]["id"])


def test_an_unknown_post_is_settled_and_goes_out_once(road: Road) -> None:
    """Status and doctor point at it; not-sent lets it go at the next pass, and a second word has nothing to settle."""
    assert 1 == road.run("tick", at=MORNING).returncode
    number = unknown_id(road)
    status = road.run("status", at=NOON)
    assert (1, True) == (status.returncode, f"{number}  " in status.stdout)
    assert "resolve ID --as sent|not-sent" in road.run("doctor", at=NOON).stdout

    done = json.loads(road.good("resolve", str(number), "--as", "not-sent", "--by", "Ada", "--json", at=NOON))
    assert (True, "scheduled", 1) == (done["goes_out_again"], done["state"], done["calls"])
    road.run("tick", at="2027-01-11T12:01:00-05:00")
    assert 1 == len(road.x.posts)
    again = road.run("resolve", str(number), "--as", "sent", at=NOON)
    assert (2, True) == (again.returncode, "it is sent" in again.stderr)


def test_resolve_says_what_it_means(road: Road) -> None:
    """Sent never goes again; after the window nothing does; a number that is none is a usage error."""
    road.run("tick", at=MORNING)
    number = str(unknown_id(road))
    assert 2 == road.run("resolve", "9999", "--as", "sent", at=NOON).returncode
    late = road.good("resolve", number, "--as", "not-sent", "--by", "Ada", at="2027-01-12T01:00:00-05:00")
    assert "Its window has closed, so it does not go out any more" in late
    road.run("tick", at="2027-01-12T01:01:00-05:00")
    assert 0 == len(road.x.posts)


def test_resolve_as_sent_keeps_the_reference(road: Road) -> None:
    """And never sends it again."""
    road.run("tick", at=MORNING)
    said = road.good("resolve", str(unknown_id(road)), "--as", "sent", "--reference", "17890", "--by", "Ada", at=NOON)
    assert "never goes out again" in said
    road.run("tick", at="2027-01-11T13:00:00-05:00")
    assert 0 == len(road.x.posts)
    rows = csv.DictReader(io.StringIO(report(road, at=NOON), newline=""))
    row = next(r for r in rows if (r["item"], r["channel"]) == ("awareness-day", "x"))
    assert ("sent", "17890") == (row["state"], row["reference"])
    assert "found to have gone out, by Ada" in row["corrections"]


def report(road: Road, *, at: str) -> str:
    path = road.root / "report.csv"
    road.good("report", "--csv", "--out", str(path), at=at)
    return path.read_text(encoding="utf-8-sig")


def test_a_backup_is_put_back_without_sending_the_day_again(road: Road, tmp_path: Path) -> None:
    """Copied before the day went out, put back after it: missed until somebody settles it, and the next day goes."""
    road.x.faults.next_for("x", 1, "")  # this test has no doubt
    copy = road.root / "copies" / "ledger.db"
    made = road.good("db", "backup", str(copy), at="2027-01-11T09:00:00-05:00")
    assert "var/secret.key" in made
    road.run("tick", at=MORNING)
    received = road.received()
    assert 1 == received[0]
    for end in ("", "-wal", "-shm"):
        (road.root / "var" / f"observance.db{end}").unlink(missing_ok=True)
    copy.replace(road.root / "var" / "observance.db")

    looked = road.run("status", at=NOON)
    assert (1, True) == (looked.returncode, "THIS IS A BACKUP" in looked.stdout)
    back = road.run("tick", at=NOON)
    assert "this ledger was put back from a backup of January 11, 2027, 2:00 PM UTC" in back.stderr
    assert received == road.received()
    waiting = json.loads(road.run("status", "--json", at=NOON).stdout)["needs_you"]
    assert {"missed"} == {d["state"] for d in waiting}
    assert any("it may have gone out already" in d["why"] for d in waiting)
    road.good(
        "resolve",
        str(next(d["delivery"] for d in waiting if d["channel"] == "x" and d["date"] == "2027-01-11")),
        "--as",
        "sent",
        "--by",
        "Ada",
        at=NOON,
    )
    road.run("tick", at="2027-01-12T10:00:05-05:00")
    assert 2 == road.received()[0]


def test_a_database_command_that_cannot_be_meant_is_a_usage_error(road: Road) -> None:
    """The ledger itself as the target, and a time without a zone."""
    assert 2 == road.run("db", "backup", str(road.root / "var" / "observance.db")).returncode
    wrong = road.run("db", "restored", "--of", "yesterday")
    assert (2, True) == (wrong.returncode, "2027-01-09T03:00-05:00" in wrong.stderr)
    assert 0 == road.run("db", "upgrade").returncode
    assert 0 == road.run("db", "restored", "--of", "2027-01-09T03:00-05:00", "--by", "Ada", "--json").returncode


def test_a_ledger_in_use_is_not_called_a_copy(road: Road) -> None:
    """Whoever sends from it would stop in the middle; who it is, is said."""
    from datetime import UTC, datetime

    from scheduler.engine.process_lock import lock_database

    with lock_database(road.root / "var" / "observance.db", now=datetime(2027, 1, 11, tzinfo=UTC)):
        done = road.run("db", "restored", "--of", "2027-01-09T03:00-05:00")
        assert "in use: process" in road.run("doctor", at=NOON).stdout
    assert (1, True) == (done.returncode, "in use: process" in done.stderr)
    assert "THIS IS A BACKUP" not in road.run("status", at=NOON).stdout


def test_the_doctor_has_the_status_of_the_contract(road: Road) -> None:
    """1 while something needs a person; 4 when a provider cannot be reached; the same lines for machines."""
    told = json.loads(road.run("doctor", "--json", at=NOON).stdout)
    assert {"mode", "clock", "database", "history", "secrets of x"} <= {line["check"] for line in told["lines"]}
    assert told["red"] + told["amber"] + told["green"] == len(told["lines"])
    words = road.run("doctor", at=NOON)
    assert 1 == words.returncode
    assert "Nothing was sent." in words.stdout.splitlines()[0]
    road.x.stop()
    away = road.run("doctor", "--online", at=NOON)
    assert (4, True) == (away.returncode, "cannot be reached" in away.stdout)
    assert (0, []) == road.received()


def test_the_doctor_asks_each_provider_whether_it_takes_the_keys(road: Road) -> None:
    """Online, by a call that sends nothing; offline nobody is asked."""
    refused = "channel email: the keys are refused"
    assert refused not in road.run("doctor", "--online", at=NOON).stdout
    road.environment["OBSERVANCE_SENDGRID_API_KEY"] = "SG.another-key-that-nobody-knows"
    assert refused in road.run("doctor", "--online", at=NOON).stdout
    assert refused not in road.run("doctor", at=NOON).stdout
    assert (0, []) == road.received()


def test_the_report_in_each_form(road: Road) -> None:
    """Printed, as a page, for machines; without a ledger there is nothing to report."""
    road.run("tick", at=MORNING)
    printed = road.good("report", at=NOON)
    assert "messages went out." in printed.splitlines()[0]
    page = road.root / "report.html"
    road.good("report", "--out", str(page), at=NOON)
    assert "National Human Trafficking Awareness Day" in page.read_text(encoding="utf-8")
    assert 10 + 2 == len(
        json.loads(road.good("report", "--json", at=NOON))["items"]
    )  # posts and mails of five days, two digests
    (road.root / "var" / "observance.db").unlink()
    nothing = road.run("report", at=NOON)
    assert (1, True) == (nothing.returncode, "nothing was started yet" in nothing.stderr)


def test_a_killed_alarm_is_told_when_it_is_started_again(road: Road) -> None:
    """The real process: killed without a word, started again, and whoever listens hears of it; and it gives signs of life."""
    with serving(Web()) as hook, serving(Web()) as heart:
        environment = {
            **road.environment,
            "OBSERVANCE_PRETEND_NOW": "2027-01-10T08:00:00-05:00",
            "OBSERVANCE_NOTICES__WEBHOOK__URL": hook.url,
            "OBSERVANCE_NOTICES__HEARTBEAT_URL": heart.url,
        }
        for number, ending in enumerate((signal.SIGKILL, signal.SIGTERM)):
            process = subprocess.Popen(
                [sys.executable, "-m", "scheduler.cli", "start", "--no-web"],
                cwd=ROOT,
                env=environment,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
            )
            try:
                until = time.monotonic() + 60
                enough = (lambda: len(heart.got) > 0) if number == 0 else (lambda: len(hook.got) > 0)
                while not enough() and time.monotonic() < until and process.poll() is None:
                    time.sleep(0.05)
            finally:
                process.send_signal(ending)
                process.wait(60)
    told = [json.loads(g.body)["text"] for g in hook.got]
    assert 1 == len(told), told
    assert "ended without saying so" in told[0]
    assert {b""} == {g.body for g in heart.got}
