"""Copies and old states of a ledger send nothing by themselves: what the providers got is the judge.

Each run is what a process does: it opens the ledger of a place, makes a pass, and is gone.
"""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any, cast
from unittest import mock

import pytest
from sqlalchemy import text

from scheduler.channels.contract.double import Answer, SimulatedCall
from scheduler.channels.sendgrid.simulator import SENDGRID_KEY, SendGridDouble
from scheduler.channels.x.simulator import X_SECRETS, XDouble
from scheduler.clock import VirtualClock
from scheduler.content.top_level_domains import top_level_domains
from scheduler.domain.outcome import Evidence, Request, Verdict
from scheduler.domain.reason import ReasonCode
from scheduler.domain.subscriber import NewSubscriber
from scheduler.engine.dispatcher import TickResult
from scheduler.engine.replay import replay
from scheduler.engine.send_journal import Journal
from scheduler.engine.tick import Tick
from scheduler.engine.whereabouts import Displaced, Whereabouts, read_mark
from scheduler.project import state_folder
from scheduler.services.database import About, DoubtfulCall, NotAsked, ask_providers
from scheduler.settings import Mode
from scheduler.store import Ledger, open_ledger
from scheduler.store.backup import back_up
from tests.contract.test_live_road import (
    MORNING,
    STATE,
    Road,
    a_ready_project,
    copy_project,
    ready_project,
    servers,
)
from tests.contract.test_live_road import READERS as READERS_OF_THE_ROAD
from tests.support.world import (
    A_MONTH,
    FakeTransport,
    Provider,
    a_post,
    a_rehearsal,
    an_approval,
    an_email,
    some_settings,
)

__all__ = ["ready_project", "servers"]

EVE = datetime(2026, 12, 31, 12, tzinfo=UTC)
DUE = datetime(2027, 1, 1, 10, tzinfo=UTC)
NEXT_DAY = DUE + timedelta(days=1)
MINUTE = timedelta(minutes=1)
READERS = 4
#: Of the project that is sent by the commands of a person.
EVENING, NOON = "2027-01-10T22:00:00-05:00", "2027-01-11T12:00:00-05:00"
MESSAGES = [
    m for n in (1, 2) for m in (a_post(f"day-{n}", on=date(2027, 1, n)), an_email(f"day-{n}", on=date(2027, 1, n)))
]


class Place:
    """A project's var/, somewhere on a machine (``state``), that sends to ``providers``."""

    def __init__(self, root: Path, state: Path, providers: dict[str, Provider], url: str = "") -> None:
        self.root, self.state, self.providers = root, state, providers
        self.file = None if url else root / "observance.db"
        self.url = url or f"sqlite:///{self.file}"
        root.mkdir(exist_ok=True)

    def begin(self) -> Place:
        """Readers, approvals, an armed season."""
        with closing(open_ledger(self.url)) as ledger:
            rows = [NewSubscriber(f"reader{n}@readers.example", subscriber_id=f"r{n}") for n in range(READERS)]
            ledger.subscribers.add_many(A_MONTH.campaign, rows, now=EVE)
            for message in MESSAGES:
                ledger.approvals.record(an_approval(message, at=EVE))
            ledger.armings.arm(A_MONTH, who="Ada", now=EVE)
            self.whereabouts(ledger).settle(now=EVE)  # as `arm` does
        return self

    def whereabouts(self, ledger: Ledger) -> Whereabouts:
        return Whereabouts(ledger, self.file, self.state, self.root / "journal")

    def run(self, at: datetime, mode: Mode = Mode.LIVE, *, stops: bool = True) -> TickResult:
        """A process that starts, makes a pass, and stops in good order; else it is there still."""
        with closing(open_ledger(self.url)) as ledger:
            ledger.backups.take_over(now=at)
            where = self.whereabouts(ledger)
            journal = Journal(self.root / "journal", ledger.attempts.ledger_id(), note=where.begun)
            ways = {
                "x": FakeTransport("post", provider=self.providers["x"]),
                "email": FakeTransport("email", provider=self.providers["email"], batch_limit=2),
            }
            clock = VirtualClock(at)
            tick = Tick(
                ledger,
                ways,
                lambda: a_rehearsal(MESSAGES, mode=mode),
                some_settings(mode),
                clock,
                lambda subscriber: "https://e.example",
                journal=journal,
                whereabouts=where,
            )
            result = tick.run()
            self.journal = journal
            if stops:
                journal.close()
                replay(journal, ledger, now=at)
            return result

    def displaced(self) -> Displaced | None:
        with closing(open_ledger(self.url)) as ledger:
            return self.whereabouts(ledger).displaced()

    def moved(self, at: datetime) -> Displaced | None:
        with closing(open_ledger(self.url)) as ledger:
            return self.whereabouts(ledger).moved(who="Ada", now=at)

    def restored(self, of: datetime, at: datetime) -> None:
        with closing(open_ledger(self.url)) as ledger:
            ledger.backups.mark_as_copy(copied_at=of, who="Ada", now=at)
            self.whereabouts(ledger).restored(who="Ada", now=at)

    def states(self) -> dict[str, str]:
        with closing(open_ledger(self.url)) as ledger:
            return {f"{d.item}/{d.channel}": str(d.state) for d in ledger.deliveries.of_season("live", A_MONTH)}

    def copy_to(self, root: Path) -> Place:
        shutil.copytree(self.root, root)
        return Place(root, self.state, self.providers)

    def received(self) -> dict[str, int]:
        """How often each reader and each timeline got each item."""
        return {**self.providers["x"].received(), **self.providers["email"].received()}


def day(number: int) -> set[str]:
    return {f"day-{number}/x", *(f"day-{number}/r{n}" for n in range(READERS))}


def once(*numbers: int) -> dict[str, int]:
    return {key: 1 for number in numbers for key in day(number)}


@pytest.fixture
def place(tmp_path: Path) -> Place:
    return Place(tmp_path / "var", tmp_path / "state", {"x": Provider(), "email": Provider()}).begin()


# -- copies ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("which_first", ["original", "copy"])
def test_of_two_copies_of_a_project_one_sends(place: Place, tmp_path: Path, which_first: str) -> None:
    """Copied before anything went out, both run: the copy names the other place, and sends nothing, first or second."""
    copy = place.copy_to(tmp_path / "copy")
    for one in (copy, place) if which_first == "copy" else (place, copy):
        one.run(DUE)
    assert once(1) == place.received()
    (problem,) = copy.run(DUE + MINUTE).problems
    assert f"at home at {os.path.realpath(place.file)}" in problem
    assert "db moved" in problem


def test_two_copies_of_a_project_that_was_never_armed_are_told_apart_too(tmp_path: Path) -> None:
    """The first one that sends is at home; the other is not."""
    place = Place(tmp_path / "var", tmp_path / "state", {"x": Provider(), "email": Provider()})
    place.begin()
    for mark in place.state.iterdir():
        mark.unlink()
    with closing(sqlite3.connect(place.file)) as database:
        database.execute("UPDATE ledger SET home = ''")
        database.commit()
    copy = place.copy_to(tmp_path / "copy")
    place.run(DUE)
    copy.run(DUE)
    assert once(1) == place.received()


def test_a_project_that_was_moved_goes_on_when_a_person_has_said_so_and_the_old_one_does_not(
    place: Place, tmp_path: Path
) -> None:
    """Once only; then the place it came from is the copy."""
    here = place.copy_to(tmp_path / "here")
    here.run(DUE)
    assert {} == here.received()
    assert here.moved(DUE) is None
    here.run(DUE + MINUTE)
    assert once(1) == here.received()
    place.run(NEXT_DAY)
    assert once(1) == here.received()
    here.run(NEXT_DAY)
    assert once(1, 2) == here.received()


def test_a_copy_on_another_machine_waits_for_a_person(place: Place, tmp_path: Path) -> None:
    """Nothing there knows that it is at home."""
    there = place.copy_to(tmp_path / "there")
    there.state = tmp_path / "another machine's state"
    there.run(DUE)
    assert {} == there.received()
    assert there.moved(DUE) is None
    there.run(DUE + MINUTE)
    assert once(1) == there.received()


def test_a_ledger_that_was_moved_away_and_is_brought_back_waits_for_a_person(place: Place, tmp_path: Path) -> None:
    """It is in its first place again, and the other machine may still send: what is known here is not its own."""
    there = place.copy_to(tmp_path / "there")
    there.state = tmp_path / "another machine's state"
    assert there.moved(DUE) is None
    there.run(DUE)
    shutil.rmtree(place.root)
    shutil.copytree(there.root, place.root)
    place.run(NEXT_DAY)
    assert once(1) == place.received()
    assert place.moved(NEXT_DAY) is None
    place.run(NEXT_DAY + MINUTE)
    assert once(1, 2) == place.received()


def test_said_to_be_moved_an_old_copy_still_sends_nothing(place: Place, tmp_path: Path) -> None:
    """It is in the right place, and does not know what went out."""
    copy = place.copy_to(tmp_path / "copy")
    place.run(DUE)
    left = copy.moved(DUE + MINUTE)
    assert left is not None
    assert "older than what went out" in left.message
    copy.run(DUE + MINUTE)
    assert once(1) == place.received()
    copy.restored(EVE, DUE + MINUTE)
    copy.run(DUE + 2 * MINUTE)
    assert once(1) == place.received()
    copy.run(NEXT_DAY)
    assert once(1, 2) == place.received()


# -- old states -----------------------------------------------------------------------------------------


def put_back_the_database(place: Place, before: Path) -> None:
    """As with cp: the file of then, under today's name."""
    for path in place.root.glob("observance.db*"):
        path.unlink()
    shutil.copy(before / "observance.db", place.file)


def put_back_everything(place: Place, before: Path) -> None:
    """The whole folder, the journal with it: what the state folder knows is all that is left."""
    shutil.rmtree(place.root)
    shutil.copytree(before, place.root)


@pytest.mark.parametrize("put_back", [put_back_the_database, put_back_everything])
def test_an_old_state_that_was_put_back_sends_nothing_by_itself(
    place: Place, tmp_path: Path, put_back: Callable[[Place, Path], None]
) -> None:
    """Not what went out since, and not the next day's; when a person has said when the copy was made, what was due is
    missed, and the rest goes on."""
    place.run(EVE)
    shutil.copytree(place.root, tmp_path / "before")
    place.run(DUE)
    put_back(place, tmp_path / "before")
    (problem,) = place.run(DUE + 5 * MINUTE).problems
    assert "older than what went out: a call of January 1, 2027, 10:00 AM UTC is not in it" in problem
    assert "db restored --of TIME" in problem
    place.run(NEXT_DAY - MINUTE)
    assert once(1) == place.received()
    place.restored(EVE, NEXT_DAY - MINUTE)
    place.run(NEXT_DAY - MINUTE)
    assert {"missed"} == {state for name, state in place.states().items() if name.startswith("day-1")}
    place.run(NEXT_DAY)
    assert once(1, 2) == place.received()


def test_only_the_journal_knows_where_the_state_folder_was_lost_too(place: Place, tmp_path: Path) -> None:
    """The database of then and the mark of then, the journal of today."""
    place.run(EVE)
    shutil.copytree(place.root, tmp_path / "before")
    shutil.copytree(place.state, tmp_path / "state before")
    place.run(DUE)
    put_back_the_database(place, tmp_path / "before")
    shutil.rmtree(place.state)
    shutil.copytree(tmp_path / "state before", place.state)
    place.run(DUE + MINUTE)
    assert once(1) == place.received()


def test_a_journal_counts_before_anybody_has_taken_it_up(place: Place, tmp_path: Path) -> None:
    """The file of a process that has not stopped in good order: whoever only looks (`arm`, `status`) knows by it."""
    place.run(EVE)
    shutil.copytree(place.root, tmp_path / "before")
    shutil.copytree(place.state, tmp_path / "state before")
    place.run(DUE, stops=False)
    put_back_the_database(place, tmp_path / "before")
    shutil.rmtree(place.state)
    shutil.copytree(tmp_path / "state before", place.state)
    found = place.displaced()
    place.journal.close()
    assert found is not None
    assert ReasonCode.LEDGER_OLD == found.reason.code


def test_a_write_ahead_log_that_was_deleted_sends_nothing_again(place: Place) -> None:
    """What went out was in the log alone; the file without it is an old state."""
    place.run(EVE)
    with closing(sqlite3.connect(place.file)) as subscriber:  # keeps the log from being folded into the file
        subscriber.execute("SELECT count(*) FROM ledger").fetchone()
        place.run(DUE)
        assert place.root.joinpath("observance.db-wal").stat().st_size > 0
        main = place.file.read_bytes()
    for path in place.root.glob("observance.db*"):
        path.unlink()
    place.file.write_bytes(main)
    place.run(DUE + MINUTE)
    assert once(1) == place.received()
    assert place.displaced() is not None


def test_a_machine_put_back_while_nothing_went_out_goes_on(place: Place, tmp_path: Path) -> None:
    """An old state that lacks nothing is no old state."""
    place.run(DUE)
    shutil.copytree(place.root, tmp_path / "before")
    place.run(DUE + 5 * MINUTE)
    put_back_the_database(place, tmp_path / "before")
    place.run(NEXT_DAY)
    assert once(1, 2) == place.received()


def test_a_backup_of_our_own_is_taken_over_as_before(place: Place, tmp_path: Path) -> None:
    """It says of itself what it is: what was due is missed, and what comes goes, without another word."""
    place.run(EVE)
    back_up(place.url, tmp_path / "backup.db", now=EVE)
    place.run(DUE)
    for path in place.root.glob("observance.db*"):
        path.unlink()
    shutil.copy(tmp_path / "backup.db", place.file)
    assert () == place.run(DUE + MINUTE).problems
    assert {"missed"} == {state for name, state in place.states().items() if name.startswith("day-1")}
    place.run(NEXT_DAY)
    assert once(1, 2) == place.received()


# -- marks ----------------------------------------------------------------------------------------------


def test_a_ledger_from_before_there_were_marks_waits_for_a_yes(place: Place) -> None:
    """It has sent, and nothing knows where it is at home: `db upgrade` asks."""
    place.run(DUE)
    for mark in place.state.iterdir():
        mark.unlink()
    with closing(sqlite3.connect(place.file)) as database:
        database.execute("UPDATE ledger SET home = ''")
        database.commit()
    place.run(NEXT_DAY)
    assert once(1) == place.received()
    assert place.moved(NEXT_DAY) is None
    place.run(NEXT_DAY + MINUTE)
    assert once(1, 2) == place.received()


def test_a_state_folder_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    """In words, before anything goes; and what to set."""
    (tmp_path / "state").write_text("a file where the folder should be", encoding="utf-8")
    place = Place(tmp_path / "var", tmp_path / "state", {"x": Provider(), "email": Provider()}).begin()
    (problem,) = place.run(DUE).problems
    assert "cannot be written" in problem
    assert "OBSERVANCE_STATE" in problem
    assert {} == place.received()


def test_a_mark_that_cannot_be_written_any_more_stops_before_the_call(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without the note outside, a call would not be known to an old state: none is made."""
    monkeypatch.setattr(Whereabouts, "begun", lambda self, attempt, at: (_ for _ in ()).throw(OSError(30, "Read-only")))
    place.run(DUE)
    assert {} == place.received()
    monkeypatch.undo()
    place.run(DUE + 5 * MINUTE)
    assert once(1) == place.received()


def test_a_rehearsal_is_not_kept_from_rehearsing(place: Place, tmp_path: Path) -> None:
    """A copy may rehearse: nothing of it is real."""
    copy = place.copy_to(tmp_path / "copy")
    assert () == copy.run(DUE, Mode.REHEARSAL).problems


def test_the_mark_holds_the_place_and_the_last_call(place: Place) -> None:
    """A few bytes, and no address in them."""
    place.run(DUE)
    (path,) = place.state.iterdir()
    mark = read_mark(path)
    assert mark is not None
    assert (os.path.realpath(place.file), DUE) == (mark.path, mark.last_at)
    assert path.stat().st_size < 600
    assert "@" not in path.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("environment", "expected"),
    [
        ({"OBSERVANCE_STATE": "/srv/state", "HOME": "/h"}, "/srv/state"),
        ({"XDG_STATE_HOME": "/x", "HOME": "/h"}, "/x/observance"),
        ({"HOME": "/h"}, "/h/.local/state/observance"),
    ],
)
def test_the_state_folder_is_the_platforms(
    monkeypatch: pytest.MonkeyPatch, environment: dict[str, str], expected: str
) -> None:
    """Unless it is named."""
    monkeypatch.setattr("sys.platform", "linux")
    assert Path(expected) == state_folder(environment)


# -- a server's database --------------------------------------------------------------------------------


@pytest.mark.postgresql
@pytest.mark.parametrize("ledger_url", ["postgresql"], indirect=True)
def test_a_servers_database_is_known_by_its_own_identity(tmp_path: Path, ledger_url: str) -> None:
    """Any number of hosts send from it; one that was copied or put back has another identity, and waits."""
    providers = {"x": Provider(), "email": Provider()}
    hosts = [Place(tmp_path / name, tmp_path / f"{name} state", providers, ledger_url) for name in ("one", "two")]
    hosts[0].begin()
    hosts[0].run(DUE)
    hosts[1].run(DUE)
    assert once(1) == hosts[0].received()
    with closing(open_ledger(ledger_url)) as ledger:
        identity = ledger.attempts.place()
        assert 3 == len(identity.split("/"))
        assert identity == ledger.attempts.home().home
    for home, said in (("", "does not know yet in which database"), ("1" + identity, "another database")):
        with closing(open_ledger(ledger_url)) as ledger, ledger._database.write("test") as connection:
            connection.execute(text("UPDATE ledger SET home = :home"), {"home": home})
        for host in hosts:
            assert said in host.run(NEXT_DAY).problems[0]
    assert once(1) == hosts[0].received()
    assert hosts[1].moved(NEXT_DAY) is None
    hosts[0].run(NEXT_DAY + MINUTE)
    assert once(1, 2) == hosts[0].received()


# -- set back by hand -----------------------------------------------------------------------------------


def set_back(place: Place, *, attempts_too: bool) -> None:
    with closing(sqlite3.connect(place.file)) as database:
        database.execute("UPDATE batches SET state = 'scheduled'")
        database.execute("UPDATE deliveries SET state = 'scheduled' WHERE item = 'day-1'")
        if attempts_too:
            database.execute("UPDATE attempts SET outcome = ''")
        database.commit()


@pytest.mark.parametrize("attempts_too", [False, True])
def test_a_batch_that_was_set_back_by_hand_is_never_called_again(place: Place, attempts_too: bool) -> None:
    """The history holds that it was accepted; it is named."""
    place.run(DUE)
    set_back(place, attempts_too=attempts_too)
    for minute in range(1, 6):
        place.run(DUE + minute * MINUTE)
    assert once(1) == place.received()
    with closing(open_ledger(place.url)) as ledger:
        report = ledger.events.verify()
        why = [d.reasons for d in ledger.deliveries.of_season("live", A_MONTH) if d.item == "day-1"]
    assert report.is_whole
    assert {("x", 1), ("email", 1), ("email", 2)} == {(c.channel, c.batch) for c in report.contradictions}
    assert [{ReasonCode.ACCEPTED_BEFORE}] * 2 == [{reason.code for reason in reasons} for reasons in why]


def test_a_ledger_that_nobody_touched_contradicts_nothing(place: Place) -> None:
    """States follow from the history."""
    place.run(DUE)
    with closing(open_ledger(place.url)) as ledger:
        assert () == ledger.events.verify().contradictions


# -- as a person sees it --------------------------------------------------------------------------------


def test_a_person_is_told_everywhere_and_settles_it(ready_project: Path, tmp_path: Path, servers: Any) -> None:
    """`arm`, `status`, `doctor` and `tick` say it in red, with what to do; `db moved` ends it."""
    x, sendgrid = servers
    copy_project(ready_project, tmp_path / "one")
    shutil.copytree(tmp_path / "one", tmp_path / "two")
    road = Road(tmp_path / "two", x, sendgrid)
    road.environment["OBSERVANCE_STATE"] = str(tmp_path / "one" / ".state")
    for command in (("arm", "--by", "Ada"), ("status",), ("doctor",), ("tick",)):
        done = road.run(*command, at=MORNING)
        said = " ".join(done.stdout.split())
        assert 1 == done.returncode, command
        assert "from which nothing is sent" in said, command
        assert "db moved --by NAME" in said, command
    assert (0, []) == road.received()
    assert "at home here now" in road.good("db", "moved", "--by", "Ada Example", at=MORNING)
    road.run("tick", at=MORNING)
    assert 1 == len(x.posts)
    other = Road(tmp_path / "one", x, sendgrid)
    assert 1 == other.run("tick", at=MORNING).returncode
    assert 1 == len(x.posts)


# -- what the providers know ----------------------------------------------------------------------------


class PutBack:
    """A project whose morning went out, and whose database is the one of the night before."""

    def __init__(self, ready: Path, root: Path, x: XDouble, sendgrid: SendGridDouble) -> None:
        copy_project(ready, root)
        self.road, self.x, self.sendgrid, self.clock = Road(root, x, sendgrid), x, sendgrid, x.clock
        self.road.run("tick", at=EVENING)
        before = self.received()
        shutil.copytree(root / "var", root / "before")
        self.road.run("tick", at=MORNING)
        assert (before[0] + 1, before[1] + READERS_OF_THE_ROAD) == self.received()
        shutil.rmtree(root / "var")
        (root / "before").rename(root / "var")
        cast("VirtualClock", self.clock).advance(timedelta(hours=2))
        self.questions: list[str] = []
        for double in (x, sendgrid):
            double.provider_answer = partial(self._heard, double.provider_answer)  # type: ignore[method-assign]

    def received(self) -> tuple[int, int]:
        """Posts and mails."""
        return len(self.x.posts), len(self.road.received()[1])

    def _heard(self, answer: Callable[[SimulatedCall], Answer], call: SimulatedCall) -> Answer:
        if call.path.startswith("/v3/logs") or call.path.endswith("/tweets"):
            self.questions.append(call.path)
        return answer(call)

    def say_restored(self, *options: str) -> str:
        return self.road.good("db", "restored", "--of", EVENING, "--by", "Ada", *options, at=NOON)


@pytest.fixture
def put_back(ready_project: Path, tmp_path: Path) -> Iterator[PutBack]:
    clock = VirtualClock(datetime.fromisoformat(MORNING))
    with (
        XDouble(secrets=X_SECRETS, tlds=top_level_domains(), clock=clock) as x,
        SendGridDouble(api_key=SENDGRID_KEY, clock=clock) as sendgrid,
    ):
        yield PutBack(ready_project, tmp_path / "one", x, sendgrid)


def of_the_morning(road: Road) -> dict[str, dict[str, Any]]:
    """Channel -> what was due in the morning."""
    told = json.loads(road.run("deliveries", "--json", at=NOON).stdout)
    return {d["channel"]: d for d in told if d["item"] == "awareness-day"}


def test_after_an_older_copy_was_put_back_each_provider_is_asked_once(put_back: PutBack) -> None:
    """It names what they have, and the command; nothing is settled by it, and nothing goes."""
    received, post = put_back.received(), put_back.x.posts[-1]
    said = put_back.say_restored()
    day = of_the_morning(put_back.road)
    assert f"X has it: https://x.com/i/web/status/{post.id}." in said
    assert f"resolve {day['x']['id']} --as sent --reference {post.id} --by NAME" in said
    assert "SendGrid's log knows 1 of 1 call." in said
    assert f"resolve {day['email']['id']} --as sent " in said
    assert 1 == sum(path.endswith("/tweets") for path in put_back.questions)
    assert 1 == put_back.questions.count("/v3/logs")
    assert {"scheduled"} == {d["state"] for d in day.values()}
    assert all(0 == d["counts"]["frozen"] for d in day.values())
    put_back.road.run("tick", at=NOON)
    assert {"missed"} == {d["state"] for d in of_the_morning(put_back.road).values()}
    put_back.road.good("resolve", str(day["x"]["id"]), "--as", "sent", "--reference", post.id, "--by", "Ada", at=NOON)
    assert received == put_back.received()


def test_a_start_after_an_older_copy_was_put_back_asks_nothing(put_back: PutBack) -> None:
    """Only the person's command does."""
    put_back.say_restored()
    put_back.questions.clear()
    put_back.road.run("tick", at=NOON)
    assert [] == put_back.questions


def test_what_a_provider_does_not_know_is_not_said_to_be_unsent(put_back: PutBack) -> None:
    """Its silence proves nothing: a person looks."""
    put_back.x._posts.clear()
    told = json.loads(put_back.say_restored("--json"))["asked"]
    (x,) = [one for one in told if one["channel"] == "x" and one["item"] == of_the_morning(put_back.road)["x"]["item"]]
    assert (1, 0, None) == (x["asked"], x["known"], x["why_not"])
    assert "proves nothing" in x["detail"]


def test_without_keys_nobody_is_asked_and_it_is_said(put_back: PutBack) -> None:
    """What was put back stays to be settled all the same."""
    for name in ("X_ACCESS_TOKEN", "SENDGRID_API_KEY"):
        del put_back.road.environment[f"OBSERVANCE_{name}"]
    assert "its keys are not there" in put_back.say_restored()
    assert [] == put_back.questions


def test_a_rehearsal_asks_no_provider(put_back: PutBack) -> None:
    """Not one on this machine either."""
    put_back.road.environment["OBSERVANCE_MODE"] = "rehearsal"
    assert "not asked, because a rehearsal or a pretended day" in put_back.say_restored()
    assert [] == put_back.questions


class Silent(FakeTransport):
    """A provider that does not answer before it is told to."""

    def __init__(self, kind: str, answers: threading.Event) -> None:
        super().__init__(kind)
        self.answers = answers

    def look_up(self, request: Request, *, since: datetime, now: datetime) -> Evidence:
        self.answers.wait(60)
        return Evidence(Verdict.SENT)


def test_all_questions_together_have_a_bound(place: Place) -> None:
    """One that does not answer keeps nobody: what is left is not asked, and another channel is."""
    place.run(EVE)
    with closing(open_ledger(place.url)) as ledger:
        posts = [d for d in ledger.deliveries.of_season("live", A_MONTH) if d.channel == "x"]
    answers = threading.Event()
    silent, quick = Silent("post", answers), FakeTransport("post", provider=place.providers["x"])
    asked_about = quick.build(MESSAGES[0], send_id="a")
    abouts = [About(one, "x", (DoubtfulCall(silent, asked_about, DUE),)) for one in posts]
    abouts.append(About(replace(posts[0], channel="other"), "x", (DoubtfulCall(quick, asked_about, DUE),) * 2))
    began = time.monotonic()
    asked = ask_providers(abouts, now=DUE, seconds=5.0)
    assert time.monotonic() - began < 60
    answers.set()
    assert [NotAsked.NO_TIME] * 2 + [None] == [one.why_not for one in asked]
    assert (2, 2, 0) == (asked[2].calls, asked[2].asked, asked[2].known)


# -- a ledger from before there were marks, as a person sees it -----------------------------------------


@pytest.fixture(scope="module")
def unmarked_project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """It has sent, and nothing knows where it is at home. Copy it; change nothing."""
    root = tmp_path_factory.mktemp("unmarked")
    copy_project(a_ready_project(), root)
    with XDouble(secrets=X_SECRETS, tlds=top_level_domains()) as x, SendGridDouble(api_key=SENDGRID_KEY) as sendgrid:
        road = Road(root, x, sendgrid)
        road.run("tick", at=EVENING)
    for mark in (road.root / STATE).glob("*.home"):
        mark.unlink()
    with closing(sqlite3.connect(road.root / "var" / "observance.db")) as database:
        database.execute("UPDATE ledger SET home = ''")
        database.commit()
    return root


@pytest.fixture
def unmarked_road(unmarked_project: Path, tmp_path: Path, servers: tuple[XDouble, SendGridDouble]) -> Road:
    """Such a project of its own."""
    copy_project(unmarked_project, tmp_path / "one")
    return Road(tmp_path / "one", *servers)


def typing(monkeypatch: pytest.MonkeyPatch, answer: str) -> list[str]:
    """Somebody sits at the terminal. Returns what they are asked."""
    asked: list[str] = []
    monkeypatch.setattr("sys.stdin", mock.Mock(isatty=lambda: True))
    monkeypatch.setattr("builtins.input", lambda words: asked.append(words) or answer)
    return asked


@pytest.mark.parametrize("answer", ["yes", "Y ", "no", "", "yes, I think"])
def test_an_upgrade_asks_whether_the_ledger_is_at_home(
    unmarked_road: Road, monkeypatch: pytest.MonkeyPatch, answer: str
) -> None:
    """It names the place and the last call; only a yes marks it, and without one nothing goes."""
    road, before = unmarked_road, unmarked_road.received()
    asked, is_yes = typing(monkeypatch, answer), answer in ("yes", "Y ")
    done = road.run("db", "upgrade", "--by", "Ada", at=MORNING)
    assert (["Is it? (yes/no) "], int(not is_yes)) == (asked, done.returncode)
    assert "has sent; its last call was at January 11, 2027, 3:00 AM UTC" in done.stdout
    assert "observance.db" in done.stdout
    assert is_yes is not ("Not marked, so nothing is sent from it" in done.stdout)
    road.run("tick", at=MORNING)
    assert is_yes is (road.received() != before)
    if is_yes:
        assert 0 == road.run("db", "upgrade", at=MORNING).returncode
        assert 1 == len(asked)  # once marked, nobody is asked again


def test_an_upgrade_that_nobody_sees_marks_nothing_without_yes(unmarked_road: Road) -> None:
    """No terminal, or JSON: the command fails, and says how to say yes."""
    road, before = unmarked_road, unmarked_road.received()
    assert 1 == road.run("db", "upgrade", at=MORNING).returncode
    done = road.run("db", "upgrade", "--json", at=MORNING)
    assert 1 == done.returncode
    assert '"at_home": false' in done.stdout
    road.run("tick", at=MORNING)
    assert before == road.received()
    assert '"at_home": true' in road.good("db", "upgrade", "--json", "--yes", "--by", "Ada", at=MORNING)
    road.run("tick", at=MORNING)
    assert before != road.received()
    with closing(open_ledger(f"sqlite:///{road.root / 'var' / 'observance.db'}")) as ledger:
        assert ["Ada"] == [event.who for event in ledger.events.of_kinds("ledger.moved")]


def test_of_calls_beside_each_other_the_one_that_began_last_is_marked(place: Place) -> None:
    """Whichever thread comes first; and where the clock was set back, the newest call is marked all the same."""
    earlier, later, newest = "a" * 32, "b" * 32, "c" * 32
    with closing(open_ledger(place.url)) as ledger:
        where = place.whereabouts(ledger)
        assert where.settle(now=EVE) is None
        marked = []
        for attempt, at in ((later, DUE + MINUTE), (earlier, DUE), (newest, DUE - timedelta(days=2))):
            where.begun(attempt, at)
            mark = read_mark(where.mark_path)
            marked.append(mark and mark.last)
    assert [later, later, newest] == marked
