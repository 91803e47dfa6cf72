"""Ledgers of earlier days, made by the programs of those days, are brought up whole or left as they are."""

from __future__ import annotations

import io
import json
import os
import shutil
import signal
import sqlite3
import stat
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import URL, Engine, create_engine, event, inspect, text

from scheduler.cli.main import main
from scheduler.domain.message import records_beneath
from scheduler.domain.season_key import SeasonKey
from scheduler.domain.subscriber import NewSubscriber
from scheduler.engine.process_lock import lock_database
from scheduler.errors import NeedsAPerson
from scheduler.store import database as database_module
from scheduler.store import open_ledger, schema_of, upgrade_database
from scheduler.store.database import parse_url
from scheduler.store.migrate import FORMS, HEAD, Lists
from tests.contract.conftest import HAS_POSTGRESQL
from tests.contract.old_ledgers import (
    POSTGRESQL_FILES,
    SQLITE_FILES,
    form_of_file,
    own_database,
    project_for,
    put_into_file,
    put_into_server,
)

NOW = datetime(2027, 3, 10, 17, tzinfo=UTC)
STORED = [
    *SQLITE_FILES,
    *([pytest.param(f, marks=pytest.mark.postgresql) for f in POSTGRESQL_FILES] if HAS_POSTGRESQL else []),
]
ROOT = Path(__file__).parents[2]
#: The only campaign of the project that the stored ledgers are of: all of their readers come to be on its list.
LISTS = Lists(("reading-week",))
#: What a table of today's ledger is compared by. Triggers, indexes and constraints are told by their names.
_ASPECTS = (
    "get_columns",
    "get_pk_constraint",
    "get_unique_constraints",
    "get_check_constraints",
    "get_foreign_keys",
    "get_indexes",
)


@pytest.fixture
def stored(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[tuple[str, str]]:
    """The name of a stored ledger, and the URL of a database that holds it."""
    name = request.param
    if "postgresql" not in name:
        yield name, put_into_file(name, tmp_path / "observance.db")
        return
    with own_database() as url:
        yield name, put_into_server(name, url)


def contents(url: str) -> dict[str, int]:
    """How many rows each table holds."""
    engine = create_engine(parse_url(url))
    with engine.connect() as connection:
        tables = [t for t in inspect(connection).get_table_names() if t != "alembic_version"]
        counts = {t: int(connection.execute(text(f"SELECT count(*) FROM {t}")).scalar_one()) for t in tables}
    engine.dispose()
    return counts


def schema(url: str) -> dict[str, object]:
    """All that a database says of its tables."""
    engine = create_engine(parse_url(url))
    with engine.connect() as connection:
        seen = inspect(connection)
        tables = {t: [_plain(getattr(seen, aspect)(t)) for aspect in _ASPECTS] for t in seen.get_table_names()}
        order = {table: [c["name"] for c in seen.get_columns(table)] for table in tables}
        query = (
            "SELECT name FROM sqlite_master WHERE type = 'trigger'"
            if connection.dialect.name == "sqlite"
            else "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal"
        )
        triggers = sorted(connection.execute(text(query)).scalars())
    engine.dispose()
    return {"tables": tables, "order": order, "triggers": triggers}


def _plain(found: object) -> list[str]:
    """In an order of its own. A check that went through a dump has its casts in other places; a partial index's
    condition counts by its words."""
    words = sorted(str(_by_words(one)) for one in found) if isinstance(found, list) else [str(found)]
    return [w.replace("::character varying::text", "::character varying").replace("]::text[]", "]") for w in words]


def _by_words(found: object) -> object:
    if not isinstance(found, dict):
        return found
    return {
        name: {k: str(v) for k, v in value.items()} if isinstance(value, dict) else value
        for name, value in found.items()
    }


def run(monkeypatch: pytest.MonkeyPatch, environment: dict[str, str], *arguments: str) -> int:
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    try:
        return main(list(arguments))
    except SystemExit as end:
        return int(end.code or 0)


@pytest.mark.parametrize("stored", STORED, indirect=True)
def test_an_old_ledger_goes_on_after_an_upgrade(
    stored: tuple[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Refused before it, in words; then status, tick and report work, and no row was lost or made."""
    name, url = stored
    environment = project_for(url, tmp_path / "project")
    server = "postgresql" in name
    before = contents(url)
    assert 1 == run(monkeypatch, environment, "deliveries")
    refused = " ".join(capsys.readouterr().err.split())
    assert f"is from an earlier release: it has schema 0001, and this one needs {HEAD}" in refused
    assert "`db upgrade`" in refused
    assert 0 == run(monkeypatch, environment, "db", "upgrade", "--yes", "--json", *(["--dumped"] if server else []))
    said = json.loads(capsys.readouterr().out)
    assert ("0001", form_of_file(name), HEAD, True) == (said["from"], said["from_form"], said["to"], said["changed"])
    assert before == said["rows"]
    assert {"reading-week": before["subscribers"]} == said["lists"]
    assert before == {table: count for table, count in contents(url).items() if table in before}

    assert run(monkeypatch, environment, "status", "--json") in (0, 1)
    status = json.loads(capsys.readouterr().out)
    assert {"missed": 1, "scheduled": 1, "sent": 4} == status["states"]
    assert "Ada" == status["armed_by"]
    assert ["strike"] == [hold["why"] for hold in status["holds"]]
    assert (4, 1) == (status["readers"]["active"], status["readers"]["left"])
    assert run(monkeypatch, environment, "report", "--json") in (0, 1)
    assert json.loads(capsys.readouterr().out)
    assert run(monkeypatch, environment, "tick", "--json") in (0, 1)
    (passed,) = json.loads(capsys.readouterr().out)
    assert (0, 0) == (passed["sent"], passed["unknown"])  # what was sent stays sent; the held post is still held
    assert before["deliveries"] == contents(url)["deliveries"]
    assert 0 == run(monkeypatch, environment, "audit", "verify")


@pytest.mark.parametrize("stored", STORED, indirect=True)
def test_an_upgraded_ledger_is_in_no_way_another_than_a_new_one(stored: tuple[str, str], tmp_path: Path) -> None:
    """Columns, their order, keys, checks, indexes, triggers; and the next numbers come after those that are there."""
    name, url = stored
    assert form_of_file(name) == upgrade_database(url, lists=LISTS).before.form
    if "postgresql" in name:
        with own_database() as fresh:
            open_ledger(fresh).close()
            expected = schema(fresh)
    else:
        open_ledger(fresh := f"sqlite:///{tmp_path / 'fresh.db'}").close()
        expected = schema(fresh)
    assert expected == schema(url)
    ledger = open_ledger(url)
    try:
        assert ledger.events.verify().is_whole
        ledger.holds.set("email", who="Ada", why="after", now=NOW)
        assert ["strike", "after"] == [hold.why for hold in ledger.holds.in_force()]
        assert 1 == ledger.subscribers.count()["left"]
    finally:
        ledger.close()


#: One ledger on each store, for what does not differ by form.
ONE_OF_EACH = ["form-9.sqlite.sql", *STORED[-1:]] if HAS_POSTGRESQL else ["form-9.sqlite.sql"]


@pytest.mark.parametrize("stored", ONE_OF_EACH, indirect=True)
def test_an_old_approval_is_for_the_records_of_then_and_one_of_today_for_what_readers_get(
    stored: tuple[str, str],
) -> None:
    """The digest of an old one holds the records, and a change of any voids it, as on the day it was given. One of
    today holds, and its person is told of the change once."""
    _, url = stored
    upgrade_database(url, lists=LISTS)
    ledger = open_ledger(url)
    try:
        season = SeasonKey("reading-week", 2027)
        (old, *_) = [a for a in ledger.approvals.of_season(season).all if a.person == "Ada"]
        message = ledger.lookups.sent_message(old.digest)
        assert message is not None
        assert old.digest != message.digest
        assert {"Ada", "Grace"} == {a.person for a in ledger.approvals.of_season(season).of(message)}
        record = min(records_beneath(message))
        changed = replace(message, rests_on={**message.rests_on, record: "0" * 64})
        assert () == ledger.approvals.of_season(season).of(changed)
        assert 0 == ledger.approvals.see_records([changed], [record], who="Ada", now=NOW)

        today = replace(old, digest=message.digest, approved_at=NOW, rests_on=records_beneath(message))
        assert ledger.approvals.record(today, message)
        (given,) = ledger.approvals.of_season(season).of(changed)
        assert message.rests_on[record] == given.rests_on[record]
        for who, number in (("Grace", 0), ("ADA ", 1), ("Ada", 0)):
            assert number == ledger.approvals.see_records([changed], [record], who=who, now=NOW), who
        (given,) = ledger.approvals.of_season(season).of(changed)
        assert changed.rests_on == given.rests_on
        (event,) = ledger.events.of_kinds("records.seen")
        assert {"records": {record: "0" * 64}, "approvals": 1} == {k: event.data[k] for k in ("records", "approvals")}
        assert ledger.events.verify().is_whole
    finally:
        ledger.close()


#: Who is in each of the stored ledgers: Dan has left and Eve was erased, both before the first mail.
HAD_MAIL = {"ann@example.org", "ben@example.org", "cleo@example.org", "fay@example.org"}


def alter(url: str, *statements: str) -> None:
    """Something else happened to an old ledger."""
    engine = create_engine(parse_url(url))
    with engine.begin() as connection:
        for statement in statements:
            connection.execute(text(statement))
    engine.dispose()


def on_the_list(url: str, campaign: str) -> set[str]:
    """Addresses of a campaign's list, whatever their state; of an erased reader there is none."""
    ledger = open_ledger(url)
    try:
        return {subscription.subscriber.address for subscription in ledger.subscribers.each(campaign)}
    finally:
        ledger.close()


@pytest.mark.parametrize("stored", ONE_OF_EACH, indirect=True)
def test_of_several_campaigns_each_gets_whom_it_wrote_to(stored: tuple[str, str]) -> None:
    """Who had no mail yet is lost nowhere: a person says whose they are, and until then nothing is changed."""
    _, url = stored
    before = schema(url)
    with pytest.raises(NeedsAPerson, match=r"2 readers .*had no mail") as refused:
        upgrade_database(url, lists=Lists(("reading-week", "writing-week")))
    assert "db upgrade --campaign NAME" in refused.value.hint
    assert before == schema(url)
    upgraded = upgrade_database(url, lists=Lists(("reading-week", "writing-week"), "writing-week"))
    assert {"reading-week": 4, "writing-week": 2} == upgraded.lists
    assert HAD_MAIL == on_the_list(url, "reading-week")
    assert {"dan@example.org", ""} == on_the_list(url, "writing-week")


@pytest.mark.parametrize("stored", ONE_OF_EACH, indirect=True)
def test_what_was_only_rehearsed_puts_nobody_on_a_list(stored: tuple[str, str]) -> None:
    """Where anything was sent at all: a rehearsal wrote to nobody."""
    _, url = stored
    alter(
        url,
        "UPDATE deliveries SET mode = 'live', campaign = 'writing-week' WHERE id = 3",
        "DELETE FROM recipients WHERE delivery_id = 3 AND subscriber_id IN "
        "(SELECT id FROM subscribers WHERE address = 'cleo@example.org')",
    )
    upgrade_database(url, lists=Lists(("reading-week", "writing-week"), "reading-week"))
    assert HAD_MAIL - {"cleo@example.org"} == on_the_list(url, "writing-week")
    assert {"cleo@example.org", "dan@example.org", ""} == on_the_list(url, "reading-week")


@pytest.mark.parametrize("stored", ONE_OF_EACH, indirect=True)
def test_who_had_mail_of_two_campaigns_is_on_both_lists_as_they_were(stored: tuple[str, str]) -> None:
    """State, cadence and what was chosen before go to both; what barred an address bars it from both."""
    _, url = stored
    alter(
        url,
        "UPDATE deliveries SET campaign = 'writing-week' WHERE id = 3",
        "UPDATE subscribers SET cadence = 'digest', cadence_since_at = '2027-03-02 12:00:00+00:00' "
        "WHERE address = 'ann@example.org'".replace("+00:00", "" if "sqlite" in url else "+00:00"),
        "INSERT INTO cadences (subscriber_id, since_at, cadence) "
        "SELECT id, created_at, 'daily' FROM subscribers WHERE address = 'ann@example.org'",
    )
    upgrade_database(url, lists=Lists(("reading-week", "writing-week"), "reading-week"))
    assert 2 == contents(url)["cadences"]
    assert HAD_MAIL == on_the_list(url, "writing-week")
    assert HAD_MAIL | {"dan@example.org", ""} == on_the_list(url, "reading-week")
    ledger = open_ledger(url, address_hash=lambda key: f"{hash(key):064x}"[-64:])
    try:
        for campaign in ("reading-week", "writing-week"):
            ann = ledger.subscribers.find(campaign, "ann@example.org")
            assert ann is not None
            assert ("active", "digest", datetime(2027, 3, 2, 12, tzinfo=UTC)) == (
                ann.state,
                ann.cadence,
                ann.cadence_since_at,
            )
            again = ledger.subscribers.add_many(campaign, [NewSubscriber("dan@example.org")], now=NOW)
            assert (0,) == again.suppressed, campaign
    finally:
        ledger.close()


@pytest.mark.parametrize("stored", ONE_OF_EACH, indirect=True)
@pytest.mark.parametrize("state", ["scheduled", "sending"])
def test_an_upgrade_waits_for_a_mailing_to_end(stored: tuple[str, str], state: str) -> None:
    """Who is to get the rest of it was decided by the one list of before. One that is only rehearsed is no matter."""
    _, url = stored
    alter(url, f"UPDATE batches SET state = '{state}' WHERE delivery_id = 3")
    before = schema(url), contents(url)
    alter(url, "UPDATE deliveries SET mode = 'live' WHERE id = 3")
    with pytest.raises(NeedsAPerson, match="a-book-a-day of reading-week"):
        upgrade_database(url, lists=LISTS)
    assert before == (schema(url), contents(url))
    alter(url, "UPDATE deliveries SET mode = 'rehearsal' WHERE id = 3")
    assert upgrade_database(url, lists=LISTS).changed


@pytest.mark.parametrize("stored", ["form-9.sqlite.sql"], indirect=True)
def test_nothing_is_changed_until_somebody_has_said_yes_to_the_lists(
    stored: tuple[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The numbers are shown first; they are also in the machine's words."""
    environment = project_for(stored[1], tmp_path / "project")
    monkeypatch.setattr("sys.stdin", io.StringIO("yes\n"))  # no terminal: nobody can be asked
    before = schema(stored[1])
    assert 1 == run(monkeypatch, environment, "db", "upgrade")
    said = " ".join(capsys.readouterr().err.split())
    assert "reading-week: 6 readers" in said
    assert "`db upgrade --yes`" in said
    assert before == schema(stored[1])
    assert 0 == run(monkeypatch, environment, "db", "upgrade", "--yes")


def test_there_is_a_stored_ledger_of_every_form() -> None:
    """A form without one would be brought up untried; three are kept for PostgreSQL too, the first and the last of them."""
    assert list(range(1, FORMS + 1)) == [form_of_file(name) for name in SQLITE_FILES]
    assert {1, FORMS} < {form_of_file(name) for name in POSTGRESQL_FILES}


@pytest.mark.parametrize("stored", ["form-4.sqlite.sql"], indirect=True)
@pytest.mark.parametrize(
    "change",
    [
        "DROP TABLE consents",
        "ALTER TABLE batches DROP COLUMN first_item",
        "ALTER TABLE holds ADD COLUMN more TEXT",
        "CREATE TABLE more (id INT)",
    ],
)
def test_a_form_that_none_had_is_refused_and_left_alone(stored: tuple[str, str], change: str, tmp_path: Path) -> None:
    """Nobody can know what its rows mean. The words name the way out."""
    path = tmp_path / "observance.db"
    with closing(sqlite3.connect(path)) as raw:
        raw.execute(change)
    before = path.read_bytes()
    for act in (open_ledger, upgrade_database):
        with pytest.raises(NeedsAPerson, match="in a form that none had") as refused:
            act(stored[1])
        assert "subscribers export" in refused.value.hint
    assert before == path.read_bytes()


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ("ALTER TABLE attempts DROP COLUMN reasons", "attempts.reasons is missing"),
        ("DROP TABLE letters", "table letters is missing"),
        ("ALTER TABLE holds ADD COLUMN more TEXT", "holds.more is unknown"),
    ],
)
def test_tables_that_are_not_those_of_the_schema_they_name_are_refused(tmp_path: Path, change: str, words: str) -> None:
    """The number alone is not believed: a statement would fail in the middle of a mailing."""
    path = tmp_path / "observance.db"
    open_ledger(f"sqlite:///{path}").close()
    with closing(sqlite3.connect(path)) as raw:
        raw.execute(change)
    before = path.read_bytes()
    for act in (open_ledger, upgrade_database):
        with pytest.raises(NeedsAPerson, match=words) as refused:
            act(f"sqlite:///{path}")
        assert "backup" in refused.value.hint
    assert before == path.read_bytes()


def test_a_table_of_somebody_else_beside_ours_is_no_matter(tmp_path: Path) -> None:
    """A server's database may be shared."""
    path = tmp_path / "observance.db"
    open_ledger(f"sqlite:///{path}").close()
    with closing(sqlite3.connect(path)) as raw:
        raw.execute("CREATE TABLE recipes (name TEXT)")
    open_ledger(f"sqlite:///{path}").close()


_KILLED = """
import os, signal, sys
from scheduler.store import upgrade_database
from scheduler.store.migrate import Lists
def die(name):
    if name == sys.argv[2]:
        os.kill(os.getpid(), signal.SIGKILL)
upgrade_database(sys.argv[1], failpoint=die, lists=Lists(("reading-week",)))
"""


@pytest.mark.parametrize("stored", ["form-1.sqlite.sql", *STORED[-1:]], indirect=True)
def test_an_upgrade_that_is_killed_leaves_the_old_ledger(stored: tuple[str, str]) -> None:
    """All of it or none; the next one does it."""
    name, url = stored
    before = schema(url)
    killed = subprocess.run([sys.executable, "-c", _KILLED, url, "before_upgrade_commit"], cwd=ROOT, check=False)
    assert -signal.SIGKILL == killed.returncode
    assert ("0001", form_of_file(name)) == (schema_of(url).revision, schema_of(url).form)
    assert before == schema(url)
    assert upgrade_database(url, lists=LISTS).changed
    assert schema_of(url).is_newest


@pytest.mark.parametrize("stored", ["form-1.sqlite.sql"], indirect=True)
def test_a_copy_is_made_first_and_can_be_put_back(
    stored: tuple[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Where it is, is said; its owner alone can read it; put back, it is the old ledger, and knows that it is a copy."""
    environment = project_for(stored[1], tmp_path / "project")
    assert 0 == run(monkeypatch, environment, "db", "upgrade", "--yes")
    said = capsys.readouterr().out
    (copy,) = tmp_path.glob("observance-before-upgrade-*.db")
    assert f"Copied first: {copy}" in said
    assert f"Upgraded from schema 0001 to schema {HEAD}." in said
    assert "6 deliveries" in said
    assert f"On the list of reading-week: {contents(stored[1])['subscribers']} readers." in said
    assert 0o600 == stat.S_IMODE(copy.stat().st_mode)
    assert ("0001", 1) == (schema_of(f"sqlite:///{copy}").revision, schema_of(f"sqlite:///{copy}").form)
    for beside in tmp_path.glob("observance.db*"):
        beside.unlink()
    shutil.copy(copy, tmp_path / "observance.db")
    upgrade_database(stored[1], lists=LISTS)
    ledger = open_ledger(stored[1])
    assert ledger.backups.copied_at() is not None
    ledger.close()


@pytest.mark.parametrize("stored", ["form-9.sqlite.sql"], indirect=True)
def test_an_upgrade_waits_for_what_runs_to_be_stopped(
    stored: tuple[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A process that sends would go on with tables that it does not know."""
    environment = project_for(stored[1], tmp_path / "project")
    with lock_database(tmp_path / "observance.db", now=NOW):
        assert 1 == run(monkeypatch, environment, "db", "upgrade")
    assert f"process {os.getpid()}" in (said := capsys.readouterr().err)
    assert "stop what runs" in said
    assert not list(tmp_path.glob("observance-before*"))
    assert "0001" == schema_of(stored[1]).revision
    assert 0 == run(monkeypatch, environment, "db", "upgrade", "--yes")


@pytest.mark.postgresql
@pytest.mark.skipif(not HAS_POSTGRESQL, reason="needs PostgreSQL")
def test_on_a_server_an_upgrade_asks_for_a_dump_and_for_the_others_to_stop(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The program cannot make the copy there, and cannot see what another machine does; a person says so by name."""
    with own_database() as url:
        put_into_server(POSTGRESQL_FILES[-1], url)
        environment = project_for(url, tmp_path / "project")
        assert 1 == run(monkeypatch, environment, "db", "upgrade")
        assert "pg_dump" in capsys.readouterr().err
        other = create_engine(parse_url(url), connect_args={"application_name": "observance-of-old"})
        with other.connect():
            assert 1 == run(monkeypatch, environment, "db", "upgrade", "--dumped", "--yes")
            said = " ".join(capsys.readouterr().err.split())
            assert "observance-of-old" in said
            assert "--others-stopped" in said
            assert "0001" == schema_of(url).revision
            assert 0 == run(monkeypatch, environment, "db", "upgrade", "--dumped", "--others-stopped", "--yes")
        other.dispose()
        assert schema_of(url).is_newest


@pytest.mark.parametrize("stored", ["form-1.sqlite.sql"], indirect=True)
def test_a_table_that_was_made_anew_leaves_no_address_behind(
    stored: tuple[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who is erased after the upgrade is in no page of the file that the old table had. Some builds of SQLite overwrite
    by themselves; others do not, as here."""
    made = database_module._sqlite_engine

    def forgetful(url: URL, *given: Any) -> Engine:
        engine = made(url, *given)
        event.listen(engine, "connect", lambda raw, _: raw.execute("PRAGMA secure_delete=OFF").close())
        return engine

    monkeypatch.setattr(database_module, "_sqlite_engine", forgetful)
    upgrade_database(stored[1], lists=LISTS)
    ledger = open_ledger(stored[1], address_hash=lambda key: f"{hash(key):064x}"[-64:])
    try:
        ledger.subscribers.erase("ann@example.org", who="Ada", now=NOW)
    finally:
        ledger.close()
    for file in tmp_path.glob("observance.db*"):
        assert b"ann@" not in file.read_bytes()
        assert b"ben@" in (tmp_path / "observance.db").read_bytes()  # those who stay are there: the file was looked at
