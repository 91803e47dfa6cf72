"""The list of readers on the command line: import, export, add, erase, count, the end of a season."""

from __future__ import annotations

import csv
import io
import json
import os
import shutil
import sqlite3
import stat
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

import pytest

from scheduler.cli.main import main
from scheduler.cli.running import _lists_due
from scheduler.domain.audience import Audience
from scheduler.domain.cadence import Cadence
from scheduler.domain.outcome import Outcome, OutcomeKind
from scheduler.domain.records import Wanted
from scheduler.domain.season_key import SeasonKey
from scheduler.domain.slot import end_of_local_day, occurrence
from scheduler.domain.subscriber import NewSubscriber
from scheduler.domain.transactional_email import consent_sentence, wording_of
from scheduler.errors import UsageError
from scheduler.project import Project
from scheduler.services.plan_moves import move
from scheduler.wiring import open_ledger, open_project
from tests.scenarios.checking import REPOSITORY
from tests.support.acting import acting
from tests.support.world import an_email

NAME = "human-trafficking-prevention"
NOW = datetime(2026, 12, 19, 9, tzinfo=UTC)
Run = Callable[..., tuple[int, str]]


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project's folder; the clock says that it is December."""
    for folder in ("campaigns", "config", "templates"):
        shutil.copytree(REPOSITORY / folder, tmp_path / folder)
    monkeypatch.setenv("OBSERVANCE_PROJECT", str(tmp_path))
    monkeypatch.setenv("OBSERVANCE_PRETEND_NOW", "2026-12-20T12:00:00Z")
    return tmp_path


@pytest.fixture
def run(root: Path, capsys: pytest.CaptureFixture[str]) -> Run:
    def one(*words: str, status: int = 0) -> tuple[int, str]:
        ended = main(["subscribers", *words])
        said = capsys.readouterr()
        assert status == ended, said.err
        return ended, said.out + said.err

    return one


def project(root: Path) -> Project:
    return open_project(root, os.environ, root)


def planned(root: Path, on: date = date(2027, 2, 1)) -> None:
    """The season's last item went through the ledger."""
    due = occurrence(on, time(10), "America/New_York")
    ledger = open_ledger(project(root))
    wanted = Wanted("national-freedom-day", "email", "email", on, due.due_at, end_of_local_day(on, "America/New_York"))
    ledger.deliveries.follow_plan("live", SeasonKey(NAME, 2027), [wanted], now=due.due_at)
    ledger.close()


def a_list(root: Path, text: str) -> str:
    path = root / "readers.csv"
    path.write_text(text, encoding="utf-8")
    return str(path)


LIST = "email,name,zone,cadence\nann@readers.example,Ann,Europe/Berlin,digest\nbob@readers.example,=Bob,,\n"


def test_an_import_takes_a_cadence(root: Path, run: Run) -> None:
    """Left out or empty it is daily; what is no cadence is reported with its line."""
    _, said = run("import", a_list(root, LIST + "eve@readers.example,,,hourly\n"), status=1)
    assert "2 readers added" in said
    assert "line 4: the cadence is none of daily, digest, key-days" in said
    counted = json.loads(run("count", "--json")[1])
    assert {"daily": 1, "digest": 1} == counted["by_cadence"]
    assert {"": 1, "Europe/Berlin": 1} == counted["by_zone"]
    assert 2 == counted["active"]


def test_an_export_is_for_its_owner_alone_and_can_be_imported_again(root: Path, run: Run) -> None:
    """No formula in it, mode 0600, and the same list comes back."""
    run("import", a_list(root, LIST))
    out = root / "out.csv"
    run("export", str(out))
    if os.name == "posix":
        assert 0o600 == stat.S_IMODE(out.stat().st_mode)
    rows = list(csv.reader(io.StringIO(out.read_text(encoding="utf-8-sig"))))
    assert ["email", "name", "zone", "cadence"] == rows[0]
    assert [
        ["ann@readers.example", "Ann", "Europe/Berlin", "digest"],
        ["bob@readers.example", "'=Bob", "", "daily"],
    ] == sorted(rows[1:])
    (root / "var" / "observance.db").unlink()
    assert "2 readers added" in run("import", str(out))[1]
    again = root / "again.csv"
    run("export", str(again))
    assert sorted(out.read_text("utf-8-sig").splitlines()) == sorted(again.read_text("utf-8-sig").splitlines())


def test_a_choice_of_a_head_goes_along(root: Path, run: Run) -> None:
    """Else a list that is brought in again would show what somebody asked to keep quiet."""
    text = "email,discreet\nann@readers.example,yes\nbob@readers.example,no\ncy@readers.example,\neve@readers.example,perhaps\n"
    assert "line 5: discreet is neither yes nor no" in run("import", a_list(root, text), status=1)[1]
    run("export", str(root / "out.csv"))
    (root / "var" / "observance.db").unlink()
    run("import", str(root / "out.csv"))
    with closing(open_ledger(project(root))) as ledger:
        found = {s.subscriber.address[0]: s.discreet for s in ledger.subscribers.each(NAME)}
        assert {"a": True, "b": False, "c": None} == found
        rows = [NewSubscriber("ann@readers.example"), NewSubscriber("dan@readers.example")]
        ledger.subscribers.add_many("other-month", rows, now=NOW)
        assert {"a": True, "d": None} == {
            s.subscriber.address[0]: s.discreet for s in ledger.subscribers.each("other-month")
        }


def test_an_export_overwrites_nothing(root: Path, run: Run) -> None:
    """A file that is there stays as it is."""
    there = root / "there.csv"
    there.write_text("mine", encoding="utf-8")
    assert "is there already" in run("export", str(there), status=2)[1]
    assert "mine" == there.read_text(encoding="utf-8")


def test_an_export_of_all_has_their_states_and_no_erased_reader(root: Path, run: Run) -> None:
    """For somebody who moves to another program: who must not be written to is part of the list."""
    run("import", a_list(root, LIST + "eve@readers.example,,,\n"))
    run("erase", "eve@readers.example", "--by", "Ada")
    ledger = open_ledger(project(root))
    ann = ledger.subscribers.find(NAME, "ann@readers.example")
    assert ann
    ledger.subscribers.unsubscribe(NAME, ann.subscriber.id, reason="asked", now=project(root).clock.now())
    ledger.close()
    run("export", str(root / "some.csv"))
    run("export", str(root / "all.csv"), "--all")
    some = (root / "some.csv").read_text("utf-8-sig")
    rows = {row["email"]: row for row in csv.DictReader(io.StringIO((root / "all.csv").read_text("utf-8-sig")))}
    assert "ann@" not in some
    assert {"ann@readers.example": "left", "bob@readers.example": "active"} == {e: r["state"] for e, r in rows.items()}


def test_an_export_is_written_into_the_history_without_an_address(root: Path, run: Run) -> None:
    """Who took the list, and when."""
    run("import", a_list(root, LIST))
    run("export", str(root / "out.csv"), "--by", "Ada")
    ledger = open_ledger(project(root))
    (event,) = [e for e in ledger.events.newest() if e.kind == "subscribers.exported"]
    ledger.close()
    assert ("Ada", 2) == (event.who, event.data["readers"])
    assert "@" not in repr(event)


def test_a_reader_is_added_and_an_address_can_come_from_standard_input(
    root: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    """So that it does not stand in the shell's history; the answer does not repeat it."""
    monkeypatch.setattr("sys.stdin", io.StringIO("ann@readers.example\n"))
    _, said = run("add", "-", "--cadence", "key-days", "--zone", "Asia/Tokyo", "--by", "Ada")
    assert "Added" in said
    assert "ann@" not in said
    assert "already" in run("add", "Ann@readers.example")[1]
    assert {"key-days": 1} == json.loads(run("count", "--json")[1])["by_cadence"]


def test_a_named_person_writes_down_that_somebody_wants_one_email_a_day(root: Path, run: Run) -> None:
    """Who asked by mail or phone. The history says who did it, and the answer does not repeat the address."""
    assert "Nobody with that address" in run("one-a-day", "ann@readers.example", "--by", "Ada", status=1)[1]
    run("add", "ann@readers.example", "--by", "Ada")
    _, said = run("one-a-day", "Ann@readers.example", "--by", "Ada")
    assert ("At most one a day" in said, "ann@" in said.lower()) == (True, False)
    assert "already" in run("one-a-day", "ann@readers.example", "--by", "Ada")[1]
    assert 1 == json.loads(run("count", "--json")[1])["one_a_day"]
    with closing(open_ledger(project(root))) as ledger:
        (chosen,) = (e for e in ledger.events.newest() if e.kind == "subscriber.one-a-day")
    assert ("Ada", True) == (chosen.who, chosen.data["after"])
    assert "as it is sent" in run("one-a-day", "ann@readers.example", "--off", "--by", "Ada")[1]
    assert "no sender, subject" in run("discreet", "ann@readers.example", "--by", "Ada")[1]
    counted = run("count")[1]
    assert ("1 person gets them discreetly" in counted, "ann@" in counted) == (True, False)
    assert 1 == json.loads(run("count", "--json")[1])["discreet"]
    assert "already" in run("discreet", "ann@readers.example", "--by", "Ada")[1]
    assert "usual sender" in run("discreet", "ann@readers.example", "--off", "--by", "Ada")[1]
    assert "Nobody with that address" in run("discreet", "bo@readers.example", "--by", "Ada", status=1)[1]
    assert 0 == json.loads(run("count", "--json")[1])["one_a_day"]


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("add", "ann"), "the address has no @"),
        (("add", "ann@readers.example", "--zone", "Mars/Olympus"), "the time zone is unknown"),
        (("add", "ann@readers.example", "--name", "a\x07b"), "hidden character: U+0007"),
        (("erase", "ann@"), "the address is not whole"),
    ],
)
def test_what_cannot_be_is_said_and_changes_nothing(run: Run, words: tuple[str, ...], says: str) -> None:
    """In words, with a status, without a traceback."""
    status = 1 if "address" in says else 2
    assert says in run(*words, status=status)[1]
    assert 0 == json.loads(run("count", "--json")[1])["active"]


def test_who_was_erased_comes_back_only_when_they_asked(root: Path, run: Run) -> None:
    """The command says what is kept, and what it does not reach."""
    run("import", a_list(root, LIST))
    _, said = run("erase", "ANN@readers.example", "--by", "Ada")
    assert "Kept: the random id" in said
    assert "backups" in said
    assert "1 had left and stay away" in run("import", a_list(root, LIST))[1]
    assert "Not added" in run("add", "ann@readers.example", status=1)[1]
    assert "Added" in run("add", "ann@readers.example", "--asked-back")[1]


def test_a_season_that_runs_or_never_ran_is_not_closed(root: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """A list that was brought in for January is not deleted in December."""
    run("import", a_list(root, LIST))
    assert "has nothing of" in run("close-season", status=2)[1]
    planned(root)
    monkeypatch.setenv("OBSERVANCE_PRETEND_NOW", "2027-02-01T12:00:00Z")
    assert "runs until 2027-02-01" in run("close-season", status=2)[1]
    assert 2 == json.loads(run("count", "--json")[1])["active"]


def test_after_the_season_the_list_is_due_and_deleted(root: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """`start` says so; without a word about those who asked, nothing is deleted."""
    run("import", a_list(root, LIST))
    planned(root)
    monkeypatch.setenv("OBSERVANCE_PRETEND_NOW", "2027-02-03T12:00:00Z")
    here = project(root)
    ledger = open_ledger(here)
    (said,) = _lists_due(here, ledger, [NAME])
    assert "ended on February 1, 2027, and its list is still here, with 2 readers: " in said
    ann = ledger.subscribers.find(NAME, "ann@readers.example")
    assert ann
    ledger.subscribers.ask_for_more(NAME, ann.subscriber.id, True, now=here.clock.now())
    assert "1 readers asked" in run("close-season", status=2)[1]
    assert "1 reader deleted, 1 kept" in run("close-season", "--keep-who-asked", "--by", "Ada")[1]
    assert [] == list(_lists_due(here, ledger, [NAME]))
    ledger.close()


def test_with_no_readers_it_says_so(run: Run) -> None:
    """Not an empty line."""
    assert "No readers yet." in run("count")[1]


def test_an_item_that_a_digest_has_told_is_not_moved(root: Path, run: Run) -> None:
    """Its readers would get it again on the new day; the plan stays as it is."""
    run("import", a_list(root, LIST))
    here = project(root)
    ledger = open_ledger(here)
    due = occurrence(date(2027, 1, 4), time(10), "America/New_York").due_at
    audience = Audience(frozenset({Cadence.DIGEST}), (("what-trafficking-is", due),))
    digest = Wanted("digest-2027-01-04", "email", "email", due.date(), due, due + timedelta(hours=14), audience)
    ledger.deliveries.follow_plan(here.settings.mode.value, SeasonKey(NAME, 2027), [digest], now=due)
    (delivery,) = ledger.deliveries.of_season(here.settings.mode.value, SeasonKey(NAME, 2027))
    assert ledger.recipients.freeze(delivery.id, batch_limit=10, now=due)
    with pytest.raises(UsageError, match="was told in a digest already"):
        move(
            acting(ledger, here.clock.now(), "Ada", project=here), NAME, 2027, "what-trafficking-is", date(2027, 1, 14)
        )
    ledger.close()
    assert not list(root.glob("campaigns/*/plan-2027.toml"))


@pytest.mark.parametrize("moves", [("what-trafficking-is", date(2027, 1, 14)), ("how-many-children", date(2027, 1, 4))])
def test_an_item_that_some_have_had_and_others_wait_for_is_not_moved(
    root: Path, run: Run, moves: tuple[str, date]
) -> None:
    """Neither it nor for another one's sake: those who wait would never get it, for the mail is of this one day."""
    run("import", a_list(root, LIST))
    here = project(root)
    ledger = open_ledger(here)
    mode, due = here.settings.mode.value, occurrence(date(2027, 1, 4), time(10), "America/New_York").due_at
    mail = Wanted("what-trafficking-is", "email", "email", due.date(), due, due + timedelta(hours=14))
    ledger.deliveries.follow_plan(mode, SeasonKey(NAME, 2027), [mail], now=due)
    (delivery,) = ledger.deliveries.of_season(mode, SeasonKey(NAME, 2027))
    assert ledger.recipients.freeze(delivery.id, batch_limit=1, now=due)
    first, *others = ledger.batches.ready(delivery.id, now=due)
    assert others
    a_while = timedelta(minutes=1)
    ledger.batches.record_intent(
        first.id,
        token="t",
        message=an_email("what-trafficking-is"),
        fingerprint="f",
        readers=1,
        node="n",
        lease=a_while,
        check_after=a_while,
        now=due,
    )
    ledger.batches.record_outcome(first.id, token="t", outcome=Outcome(OutcomeKind.ACCEPTED), now=due)
    for of_it in ("under way", "held"):
        with pytest.raises(UsageError, match="what-trafficking-is is going out: its other readers"):
            move(acting(ledger, here.clock.now(), "Ada", project=here), NAME, 2027, *moves)
        ledger.holds.set("*", who="Ada", why=of_it, now=due)
        ledger.holds.release("*", who="Ada", now=due)
    (delivery,) = ledger.deliveries.of_season(mode, SeasonKey(NAME, 2027))
    assert "held" == delivery.state
    ledger.close()
    assert not list(root.glob("campaigns/*/plan-2027.toml"))


def test_who_agreed_to_emails_from_the_example_is_told_of_and_can_be_asked_again(root: Path, run: Run) -> None:
    """In the count and in a list of ids; addresses only in a file of one's own. A yes that is written down ends it."""
    assert "No stored consent names the example" in run("consents")[1]
    ledger = open_ledger(project(root))
    sentence = consent_sentence("Example Coalition", "Monday, February 1, 2027")
    at = ledger.subscribers.sign_up(
        NAME,
        NewSubscriber("ann@readers.example", source="form"),
        token_hash="t",
        what=f"one email a day. {sentence}",
        wording=wording_of(sentence),
        network="",
        now=NOW,
        expires_at=NOW + timedelta(days=7),
    )
    ledger.subscribers.confirm("t", now=NOW)
    ledger.close()
    _, said = run("consents", status=1)
    assert "1 reader agreed to emails from" in said
    assert "Example Coalition" in said
    assert at[1] in said
    assert "2026-12-19" in said
    assert "What to do: " in said
    assert "ann@" not in said
    assert "See: subscribers consents" in run("count")[1]
    (row,) = json.loads(run("consents", "--json", status=1)[1])["consents"]
    assert {
        "campaign": NAME,
        "id": at[1],
        "at": NOW.isoformat(),
        "state": "active",
        "named": "Example Coalition",
    } == row
    run("consents", "--out", str(root / "ask.csv"), status=1)
    assert "ann@readers.example" in (root / "ask.csv").read_text("utf-8")
    assert "agreed again is written down" in run("add", "ann@readers.example", "--by", "Ada")[1]
    run("consents")
    assert "consents" not in run("count")[1]


# -- numbers that are kept ------------------------------------------------------------------------------


def test_numbers_that_were_written_past_are_told_and_counted_anew(
    root: Path, run: Run, capsys: pytest.CaptureFixture[str]
) -> None:
    run("import", a_list(root, "email\nann@readers.example\nbob@readers.example\n"))
    assert 0 == main(["db", "recount", "--by", "Ada"])
    assert "is what counting gives" in capsys.readouterr().out
    with closing(sqlite3.connect(root / "var" / "observance.db")) as ledger, ledger:
        ledger.execute("UPDATE subscriptions SET state = 'left'")
    main(["doctor"])
    assert "2 numbers of readers, barred addresses or mails are not what counting gives" in " ".join(
        capsys.readouterr().out.split()
    )
    assert 1 == main(["db", "recount", "--by", "Ada"])
    assert "2 numbers said something else than counting gives." in capsys.readouterr().out
    assert 2 == json.loads(run("count", "--json")[1])["left"]
    main(["doctor"])
    assert "not what counting gives" not in " ".join(capsys.readouterr().out.split())
