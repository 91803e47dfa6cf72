"""A ledger in a file, looked at without SQLAlchemy: it says what the whole one says, or lets that one say it."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Date

from scheduler.cli import kept_answers
from scheduler.cli.main import main
from scheduler.errors import ObservanceError, OutOfReach
from scheduler.store import Ledger, open_ledger, plain_ledger
from scheduler.store.plain_rows import DAYS
from scheduler.store.tables import Instant, channel_pauses, metadata
from tests.support.small_month import CAMPAIGN, EVE, copy_small_month

NOW = datetime(2026, 6, 14, 12, tzinfo=UTC)
#: What the whole ledger alone can say; and how each looks.
ONLY_WHOLE = {"waiting", "latest_dead_at", "owed_now", "look", "newest_at"}


@pytest.fixture
def whole(tmp_path: Path) -> Iterator[Ledger]:
    with closing(open_ledger(f"sqlite:///{tmp_path}/ledger.db")) as ledger:
        yield ledger


def plainly(path: Path, whole: Ledger | None) -> Ledger | None:
    """``whole`` None: nothing may need it."""

    def opened() -> Ledger:
        assert whole is not None, "the whole ledger was opened"
        return whole

    with closing(sqlite3.connect(path / "ledger.db")) as connection:
        (revision,) = connection.execute("SELECT version_num FROM alembic_version").fetchone()
    schema = (revision, whole.schema.fingerprint) if whole is not None else ("", "")
    return plain_ledger.open_plainly(f"sqlite:///{path}/ledger.db", schema, opened)


def test_the_name_of_a_column_says_what_it_holds() -> None:
    columns = [column for table in metadata.tables.values() for column in table.columns]
    instants = {column.name for column in columns if isinstance(column.type, Instant)}
    assert instants == {c.name for c in columns if c.name == "at" or c.name.endswith("_at")}
    assert {column.name for column in columns if isinstance(column.type, Date)} == DAYS
    assert not {c.name for c in columns if isinstance(c.type, Date) or isinstance(c.type, Instant)} - instants - DAYS


def test_each_question_is_asked_in_one_way(whole: Ledger) -> None:
    """The repository has what it looks with from the looking half, word for word."""
    for name, kind in plain_ledger._PARTS.items():
        repository = type(getattr(whole, name))
        assert issubclass(repository, kind)
        questions = {n for n in vars(kind) if not n.startswith("_")} - ONLY_WHOLE
        assert questions
        for question in questions:
            assert getattr(repository, question) is getattr(kind, question), f"{name}.{question}"


def test_what_it_cannot_answer_the_whole_one_is_asked(whole: Ledger, tmp_path: Path) -> None:
    ledger = plainly(tmp_path, whole)
    assert ledger is not None
    assert ledger.where == whole.where  # of the ledger itself
    assert ledger.events.version() == whole.events.version()  # of a part of it
    pause = {"mode": "live", "channel": "x", "failures": 3, "reasons": "", "detail": ""}
    with whole._database.write("test") as connection:
        connection.execute(channel_pauses.insert().values(**pause, since_at=NOW, until_at=NOW + timedelta(minutes=5)))
    (found,) = ledger.pauses.in_force("live", now=NOW)
    assert (found.channel, found.until_at, found.waiting) == ("x", NOW + timedelta(minutes=5), 0)


def test_a_file_that_cannot_be_read_is_explained_by_the_whole_one(whole: Ledger, tmp_path: Path) -> None:
    ledger = plainly(tmp_path, whole)
    assert ledger is not None
    with closing(sqlite3.connect(tmp_path / "ledger.db")) as connection:
        connection.execute("ALTER TABLE holds RENAME TO no_holds")
    with pytest.raises(ObservanceError, match="cannot be used") as plain:
        ledger.holds.in_force()
    with pytest.raises(type(plain.value)) as other:
        whole.holds.in_force()
    assert str(plain.value) == str(other.value)


def test_a_writer_that_does_not_let_go_is_waited_for_as_long(whole: Ledger, tmp_path: Path) -> None:
    ledger = plainly(tmp_path, whole)
    assert ledger is not None
    ledger.try_to_write(0.1)
    with closing(sqlite3.connect(tmp_path / "ledger.db", isolation_level=None)) as writer:
        writer.execute("BEGIN IMMEDIATE")
        with pytest.raises(OutOfReach, match=r"locked.*0\.1 seconds"):
            ledger.try_to_write(0.1)


def test_another_schema_or_kind_of_database_is_left_to_the_whole_one(whole: Ledger, tmp_path: Path) -> None:
    assert plainly(tmp_path, None) is None
    good = (whole.schema.revision, whole.schema.fingerprint)
    for url in (
        "postgresql://me@nowhere/ledger",
        f"sqlite:///{tmp_path}/none.db",
        f"sqlite:///{tmp_path}/ledger.db?a=b",
    ):
        assert plain_ledger.open_plainly(url, good, lambda: whole) is None
    assert not (tmp_path / "none.db").exists()


def test_status_says_the_same_by_either_road(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    copy_small_month(tmp_path / "project")
    for name, value in (("PROJECT", tmp_path / "project"), ("STATE", tmp_path / "state"), ("PRETEND_NOW", EVE)):
        monkeypatch.setenv(f"OBSERVANCE_{name}", str(value))
    monkeypatch.setattr(kept_answers, "KEPT", ())
    (tmp_path / "list.csv").write_text("email,name\nann@example.org,Ann\nben@example.org,\n", encoding="utf-8")
    item = next((tmp_path / "project" / "campaigns" / CAMPAIGN / "items").glob("*how-hot*.md"))

    def say(*words: str) -> str:
        assert main([*words]) in (0, 1)
        return capsys.readouterr().out

    say("subscribers", "import", str(tmp_path / "list.csv"))
    say("review", "invite", "Cy", "--role", "fact-reviewer", "--by", "Ann")
    say("approve", "how-hot", "--by", "Ann")
    say("request-changes", "how-hot", "--comment", "Say where.", "--by", "Ben")
    say("hold", "--channel", "email", "--reason", "a storm", "--by", "Ann")
    say("tick")
    item.write_text(item.read_text("utf-8").replace("# Email\n", "# Email\nOne more sentence.\n\n"), "utf-8")
    say("check")

    def answers() -> tuple[object, str]:
        status = json.loads(say("status", "--json"))
        del status["files"]["looked_at"]
        return status, say("status")

    plain = answers()
    opened = []
    monkeypatch.setattr(plain_ledger, "open_plainly", lambda *given: opened.append(given))
    assert plain == answers()
    assert opened, "the plain road was tried"
    status = plain[0]
    assert isinstance(status, dict)
    assert status["holds"]
    assert status["readers"]["active"] == 2
    assert status["states"]
