"""January, sent: the commands a coordinator types, real processes, and stand-ins for X and SendGrid on loopback."""

from __future__ import annotations

import atexit
import io
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import redirect_stderr, redirect_stdout
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import NamedTuple
from unittest import mock

import pytest

from scheduler.channels.sendgrid.send import SendGridTransport
from scheduler.channels.sendgrid.simulator import SENDGRID_KEY, SendGridDouble
from scheduler.channels.spec import ChannelContext
from scheduler.channels.x.simulator import X_SECRETS, XDouble
from scheduler.cli.main import main
from scheduler.content.top_level_domains import top_level_domains
from scheduler.domain.outcome import Outcome, Request
from tests.support.five_days import keep_five_days
from tests.support.two_people import answer_questions, declare_alone, signing

ROOT = Path(__file__).parents[2]
READERS = 3
MORNING = "2027-01-11T10:00:05-05:00"


class Done(NamedTuple):
    returncode: int
    stdout: str
    stderr: str


#: The state folder of a project of the tests: each has its own.
STATE = ".state"


class Road:
    """A project of its own, the doubles, and the command line."""

    def __init__(self, root: Path, x: XDouble, sendgrid: SendGridDouble) -> None:
        self.root, self.x, self.sendgrid = root, x, sendgrid
        self.environment = {
            **{k: v for k, v in os.environ.items() if not k.startswith("OBSERVANCE_")},
            "OBSERVANCE_PROJECT": str(root),
            "OBSERVANCE_STATE": str(root / STATE),
            "OBSERVANCE_MODE": "live",
            "OBSERVANCE_CHANNELS__X__BASE_URL": x.base_url,
            "OBSERVANCE_CHANNELS__EMAIL__BASE_URL": sendgrid.base_url,
            "OBSERVANCE_SENDGRID_API_KEY": SENDGRID_KEY,
            **{f"OBSERVANCE_{name}": value for name, value in X_SECRETS.items()},
        }

    def run(self, *arguments: str, at: str = "") -> Done:
        """One command, in this process: the same main, without paying for an interpreter each time."""
        environment = {**self.environment, **({"OBSERVANCE_PRETEND_NOW": at} if at else {})}
        out, err = io.StringIO(), io.StringIO()
        with mock.patch.dict(os.environ, environment, clear=True), redirect_stdout(out), redirect_stderr(err):
            status = main(list(arguments))
        return Done(status, out.getvalue(), err.getvalue())

    def good(self, *arguments: str, at: str = "") -> str:
        done = self.run(*arguments, at=at)
        assert done.returncode == 0, f"{arguments}: {done.stdout}{done.stderr}"
        return done.stdout

    @property
    def campaign(self) -> str:
        return min(path.name for path in (self.root / "campaigns").iterdir())

    def readers(self) -> Path:
        path = self.root / "readers.csv"
        rows = "".join(f"reader{n}@readers.example,Reader {n},America/New_York\n" for n in range(READERS))
        path.write_text("email,name,zone\n" + rows, encoding="utf-8")
        return path

    def make_ready(self) -> None:
        answer_questions(self.root, self.campaign, url=self.environment.get("OBSERVANCE_DATABASE__URL", ""))
        for step in self.steps().values():
            self.good(*step)

    def steps(self) -> dict[str, tuple[str, ...]]:
        """What a coordinator does before the season."""
        return {
            **{f"sign {words[1]}": words for words in signing(self.root, self.campaign)},
            "approve": ("approve", "--all", "--by", "Ada Example"),
            "import": ("subscribers", "import", str(self.readers())),
            "arm": ("arm", "--by", "Ada Example"),
        }

    def received(self) -> tuple[int, list[str]]:
        addresses = [address for mail in self.sendgrid.mails for address in mail.readers]
        return len(self.x.posts), sorted(addresses)


@cache
def a_ready_project() -> Path:
    """A project that was signed, approved and armed, made once for all tests of a process. Copy it; change nothing."""
    root = Path(tempfile.mkdtemp(prefix="observance-ready-"))
    atexit.register(shutil.rmtree, root, ignore_errors=True)
    copy_project(ROOT, root)
    keep_five_days(root)
    with XDouble() as x, SendGridDouble() as sendgrid:  # nothing is sent to them while getting ready
        Road(root, x, sendgrid).make_ready()
    return root


@pytest.fixture
def ready_project() -> Path:
    """Each test gets its own copy, ledger included."""
    return a_ready_project()


def copy_project(source: Path, target: Path) -> None:
    """A project of its own, from one that was made ready: its ledger is at home in the new place."""
    if (source / STATE).exists():  # with what was worked out once
        shutil.copytree(source / STATE, target / STATE, dirs_exist_ok=True)
    for mark in (source / STATE).glob("*.home"):
        text = mark.read_text(encoding="utf-8").replace(os.path.realpath(source), os.path.realpath(target))
        (target / STATE / mark.name).write_text(text, encoding="utf-8")
    for part in ("campaigns", "templates", "config", "var"):
        if (source / part).exists() and (part != "var" or source != ROOT):
            shutil.copytree(source / part, target / part)
    if source == ROOT:
        declare_alone(target)


@pytest.fixture
def servers() -> Iterator[tuple[XDouble, SendGridDouble]]:
    with XDouble(secrets=X_SECRETS, tlds=top_level_domains()) as x, SendGridDouble(api_key=SENDGRID_KEY) as sendgrid:
        yield x, sendgrid


@pytest.fixture
def road(tmp_path: Path, ready_project: Path, servers: tuple[XDouble, SendGridDouble]) -> Road:
    """Everything is ready for the season."""
    copy_project(ready_project, tmp_path)
    return Road(tmp_path, *servers)


@pytest.fixture
def fresh_road(tmp_path: Path, servers: tuple[XDouble, SendGridDouble]) -> Road:
    """Nothing was signed, approved or armed yet."""
    copy_project(ROOT, tmp_path)
    keep_five_days(tmp_path)
    return Road(tmp_path, *servers)


EACH_READER_ONCE = sorted(f"reader{n}@readers.example" for n in range(READERS))


def test_one_post_and_one_mail_for_each_reader_and_never_again(road: Road) -> None:
    """On 11 January at 10:00 the day goes out, once; further passes add nothing; on 2 February nothing goes."""
    road.run("tick", at="2027-01-11T09:59:50-05:00")
    assert road.received() == (0, []), "nothing goes before its instant"

    road.run("tick", at=MORNING)
    assert road.received() == (1, EACH_READER_ONCE)
    assert "National Human Trafficking Awareness Day" in road.x.posts[0].text

    for at in (MORNING, "2027-01-11T17:00:00-05:00", "2027-01-11T23:59:59-05:00"):
        road.run("tick", at=at)
    assert road.received() == (1, EACH_READER_ONCE)

    road.run("tick", "--season", "2027", at="2027-02-02T10:00:05-05:00")
    assert road.received() == (1, EACH_READER_ONCE), "nothing is sent after the last day, nor late"


def test_each_mail_has_its_own_way_out_and_is_followed_by_nobody(road: Road) -> None:
    """Own unsubscribe address and custom args for each reader; RFC 8058 headers; all tracking off."""
    road.run("tick", at=MORNING)
    (mail,) = road.sendgrid.mails
    ways_out = {e.headers["List-Unsubscribe"] for e in mail.envelopes}
    assert len(ways_out) == READERS
    assert {e.headers["List-Unsubscribe-Post"] for e in mail.envelopes} == {"List-Unsubscribe=One-Click"}
    assert len({e.custom_args["subscriber_id"] for e in mail.envelopes}) == READERS
    assert mail.warnings == ()


@pytest.mark.parametrize(
    ("left_out", "said"),
    [
        ("sign", "not signed"),
        ("approve", "nobody has approved"),
        ("arm", "not armed"),
    ],
)
def test_nothing_goes_out_without_a_person(fresh_road: Road, left_out: str, said: str) -> None:
    """Signatures, approvals and arming: each one alone stops a live send, and the ledger says which is missing."""
    answer_questions(fresh_road.root, fresh_road.campaign)
    for name, step in fresh_road.steps().items():
        if not name.startswith(left_out):
            fresh_road.run(*step)
    fresh_road.run("tick", at=MORNING)
    assert fresh_road.received() == (0, [])
    listed = json.loads(fresh_road.run("deliveries", "--json", at=MORNING).stdout)
    assert any(said in d["note"] for d in listed if d["date"] == "2027-01-11"), listed


def test_one_changed_comma_stops_the_item_alone(road: Road) -> None:
    """An edit after the approval: the post is refused at the moment of sending, and an unchanged day still goes."""
    (item,) = road.root.glob("campaigns/*/items/*awareness-day.md")
    text = item.read_text(encoding="utf-8")
    item.write_text(text.replace("# Email\n", "# Email\nOne more sentence, added late.\n\n"), encoding="utf-8")
    road.run("tick", at=MORNING)
    posts, mails = road.received()
    assert (1, []) == (posts, mails), "the post is as approved; the mail is not"
    road.run("tick", at="2027-01-12T10:00:05-05:00")
    assert len(road.received()[1]) == READERS


def test_a_hold_stops_everything_and_resume_sends_nothing_by_itself(road: Road) -> None:
    """hold, then a due instant, then resume: the item waits for a person's word, and goes only inside its window."""
    road.good("hold", "--reason", "A storm", at="2027-01-11T09:00:00-05:00")
    road.run("tick", at=MORNING)
    assert road.received() == (0, [])
    listed = road.run("resume", at="2027-01-11T11:00:00-05:00")
    assert "awareness-day" in listed.stdout
    road.run("tick", at="2027-01-11T11:00:05-05:00")
    assert road.received() == (0, [])
    road.run("resume", "--send", "awareness-day", at="2027-01-11T11:30:00-05:00")
    road.run("tick", at="2027-01-11T11:30:05-05:00")
    assert road.received() == (1, EACH_READER_ONCE)


def test_what_was_passed_over_can_be_moved_to_another_day(road: Road) -> None:
    """It changes places with that day's item, waits for a new approval, and goes out on its new day alone."""
    road.good("hold", "--reason", "A storm", at="2027-01-09T09:00:00-05:00")
    road.run("tick", at="2027-01-09T10:00:05-05:00")
    moved = road.run("resume", "--move", "quote-global-tragedy=2027-01-13", at="2027-01-09T11:00:00-05:00")
    assert "approved again" in moved.stdout
    road.run("tick", at="2027-01-09T11:00:05-05:00")
    assert road.received() == (0, [])
    again = road.good("approve", "--all", "--by", "Ada Example", at="2027-01-12T18:00:00-05:00")
    assert "approved 4 messages" in again, "post and mail of the two days; the digest that tells of both rests on these"
    road.run("tick", at="2027-01-13T10:00:05-05:00")
    assert road.received() == (1, EACH_READER_ONCE)
    assert "more than one country" in road.sendgrid.mails[0].subject
    fixed = road.run("resume", "--move", "awareness-day=2027-01-13", at="2027-01-10T11:00:00-05:00")
    assert (2, True) == (fixed.returncode, "cannot be moved" in fixed.stderr)


def test_a_move_that_is_not_possible_leaves_the_hold_in_force(road: Road) -> None:
    """Who holds a wrong item, and names a day that cannot be, must not see it go out at its instant after all."""
    road.good("hold", "--reason", "A mistake", at="2027-01-11T09:00:00-05:00")
    refused = road.run("resume", "--move", "awareness-day=2027-01-13", at="2027-01-11T09:30:00-05:00")
    assert (2, "") == (refused.returncode, refused.stdout)
    assert "cannot be moved" in refused.stderr
    road.run("tick", at=MORNING)
    assert road.received() == (0, [])


def test_holds_speak_json(road: Road) -> None:
    """What was held, which calls came too early for it, and what became of each item that was passed over."""
    begin, later = "2027-01-11T09:00:00-05:00", "2027-01-11T11:00:00-05:00"
    held = [
        json.loads(road.good("hold", "--reason", "A storm", "--by", "Ada Example", "--json", at=begin)) for _ in "12"
    ]
    assert [False, True] == [one.pop("already") for one in held]
    assert held[0] == held[1]
    assert ("*", "Ada Example", "A storm", []) == tuple(held[0][key] for key in ("channel", "by", "why", "under_way"))
    road.run("tick", at=MORNING)
    waits = road.run("resume", "--by", "Ada Example", "--json", at=later)
    told = json.loads(waits.stdout)
    assert (1, "*", "Ada Example", []) == (waits.returncode, told["channel"], told["by"], told["moved"])
    assert {("wait", None)} == {(d["decision"], d["problem"]) for d in told["deliveries"]}
    assert ("awareness-day", "x") in {(d["item"], d["channel"]) for d in told["deliveries"]}
    next_day = "2027-01-12T09:00:00-05:00"
    late = road.run("resume", "--send", "awareness-day", "--json", at=next_day)
    problems = {
        d["channel"]: d["problem"] for d in json.loads(late.stdout)["deliveries"] if d["item"] == "awareness-day"
    }
    assert (1, True) == (late.returncode, "its window is closed" in problems["x"]), problems
    left = json.loads(road.good("resume", "--skip", "all", "--json", at=next_day))
    assert {"skip"} == {d["decision"] for d in left["deliveries"]}
    disarmed = json.loads(road.good("disarm", "--by", "Ada Example", "--json", at=next_day))
    assert {"armed": False, "season": 2027, "by": "Ada Example"} == disarmed


@pytest.mark.parametrize("where", ["the text", "a help line"])
def test_a_file_that_is_mended_while_a_mailing_goes_out_stops_the_rest(
    road: Road, where: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One of three has the old words when the file is saved. The others wait for an approval, and get the new ones."""
    monkeypatch.setattr(ChannelContext, "batch_size", 1)
    campaign = road.root / "campaigns" / "human-trafficking-prevention"
    send = SendGridTransport.send

    def send_and_save(transport: SendGridTransport, request: Request, *, now: datetime) -> Outcome:
        ended = send(transport, request, now=now)
        if len(road.sendgrid.mails) == 1:
            file = campaign / "contacts.toml"
            old, new = 'hours = "24 hours a day, every day"', 'hours = "24 hours a day, all week"'
            if where == "the text":
                (file,) = campaign.glob("items/*awareness-day.md")
                old, new = "# Email\n", "# Email\nThis sentence was missing.\n\n"
            text = file.read_text(encoding="utf-8")
            assert old in text
            file.write_text(text.replace(old, new, 1), encoding="utf-8")
            time.sleep(1.1)  # the files' times are looked at once a second
        return ended

    monkeypatch.setattr(SendGridTransport, "send", send_and_save)
    road.run("tick", at=MORNING)
    assert 1 == len(road.received()[1])
    status = road.run("status", at="2027-01-11T10:05:00-05:00")
    assert (1, True) == (status.returncode, "1 of 3 have it; 2 wait until midnight" in status.stdout), status.stdout
    assert "changed while it went out; 1 reader has the earlier words" in status.stdout
    road.run("tick", at="2027-01-11T10:06:00-05:00")
    assert 1 == len(road.received()[1])
    for name, step in road.steps().items():
        if name.startswith(("sign", "approve")):
            road.run(*step, at="2027-01-11T10:10:00-05:00")
    road.run("tick", at="2027-01-11T10:11:00-05:00")
    assert EACH_READER_ONCE == road.received()[1]
    texts = [mail.text for mail in road.sendgrid.mails]
    assert texts[1] == texts[2]
    if where == "the text":
        assert texts[0] != texts[1]
    (told,) = [d for d in json.loads(road.run("deliveries", "--json").stdout) if d["corrected_at"]]
    assert (1, "sent") == (told["had_earlier"], told["state"])


def test_start_wakes_at_the_instant_and_can_be_restarted(road: Road) -> None:
    """The real alarm: it fires within the slot's minute, drains on SIGTERM, and a restart adds nothing."""
    environment = {**road.environment, "OBSERVANCE_PRETEND_NOW": "2027-01-11T09:59:58-05:00"}
    for _ in range(2):
        command = [sys.executable, "-m", "scheduler.cli", "start", "--no-web"]
        process = subprocess.Popen(
            command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
        )
        assert process.stdout is not None
        try:
            while not process.stdout.readline().startswith((b"Next:", b"Nothing")) and process.poll() is None:
                pass  # the first pass is over, and signals are listened to
            until = time.monotonic() + 120
            while road.received() != (1, EACH_READER_ONCE) and time.monotonic() < until and process.poll() is None:
                time.sleep(0.05)
        finally:
            process.send_signal(signal.SIGTERM)
            process.communicate(timeout=120)
        assert process.returncode == 0
        environment["OBSERVANCE_PRETEND_NOW"] = "2027-01-11T10:00:30-05:00"
    assert road.received() == (1, EACH_READER_ONCE)


def test_rehearsal_is_the_default_and_sends_nothing(road: Road) -> None:
    """Without mode = live the same commands record, and a later live send is not used up by it."""
    road.environment["OBSERVANCE_MODE"] = "rehearsal"
    road.run("tick", at="2026-11-24T12:00:00-05:00")
    assert road.received() == (0, [])
    assert "is set while a live channel" not in road.run("status").stderr
