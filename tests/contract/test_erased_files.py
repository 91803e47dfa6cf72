"""Who is erased is not in the database server's files any more; where that cannot be, it is said."""

from __future__ import annotations

import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Connection, create_engine, text

from scheduler.domain.season_key import SeasonKey
from scheduler.domain.subscriber import NewSubscriber, StillInFiles
from scheduler.store import Ledger, open_ledger
from scheduler.store import database as database_module
from scheduler.store.database import parse_url
from tests.contract.conftest import HAS_POSTGRESQL
from tests.contract.old_ledgers import own_database
from tests.support.postgresql import Server, binaries

pytestmark = [
    pytest.mark.postgresql,
    pytest.mark.skipif(not HAS_POSTGRESQL, reason="needs PostgreSQL"),
]
NOW = datetime(2027, 1, 11, 10, tzinfo=UTC)
ERASED = "reader77@example.org"


@pytest.fixture(scope="module")
def server_url() -> Iterator[str]:
    """A server of these tests' own: who is only being connected to any database of a server counts as looking back, and
    the other tests' server is connected to all the time, on a full machine for seconds."""
    programs = binaries()
    if programs is None:
        pytest.skip("needs PostgreSQL's own programs")
    server = Server(programs)
    try:
        yield server.start()
    finally:
        server.stop()


@pytest.fixture
def url(server_url: str) -> Iterator[str]:
    with own_database(server_url) as made:
        yield made


def opened(url: str) -> Ledger:
    return open_ledger(url, address_hash=lambda key: f"{sum(key.encode()):064x}")


@pytest.fixture
def ledger(url: str) -> Iterator[Ledger]:
    """A list of some hundred readers, of whom one left: their address is in two tables and two indexes."""
    ledger = opened(url)
    rows = [NewSubscriber(f"reader{n}@example.org", subscriber_id=f"{n:032x}", source="test") for n in range(300)]
    ledger.subscribers.add_many("a-month", rows, now=NOW)
    assert ledger.subscribers.unsubscribe("a-month", f"{77:032x}", reason="list", now=NOW)
    yield ledger
    ledger.close()


@contextmanager
def looking_back(url: str) -> Iterator[Connection]:
    """Somebody whose transaction began before, and may still look at what is deleted after."""
    engine = create_engine(parse_url(url), isolation_level="REPEATABLE READ")
    try:
        with engine.connect() as looking:
            looking.execute(text("SELECT count(*) FROM holds"))
            yield looking
    finally:
        engine.dispose()


def files_with(url: str, words: str) -> list[str]:
    """The files of the database, after a checkpoint, in which the words stand."""
    engine = create_engine(parse_url(url), isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text("CHECKPOINT"))
        folder = Path(connection.execute(text("SHOW data_directory")).scalar_one())
        number = connection.execute(text("SELECT oid FROM pg_database WHERE datname = current_database()")).scalar_one()
    engine.dispose()
    place = folder / "base" / str(number)
    done = subprocess.run(["grep", "-rlaF", words, str(place)], capture_output=True, text=True, check=False)
    assert done.returncode in (0, 1), done.stderr
    return done.stdout.split()


def test_a_reviewers_address_goes_from_the_files_with_their_link(url: str, ledger: Ledger) -> None:
    """Not with an erasure alone."""
    season = SeasonKey("a-month", 2027)
    ben, until = "ben.private@example.org", NOW + timedelta(days=14)
    ledger.invitations.add(season, "Ben", "fact-reviewer", email=ben, expires_at=until, who="Ada", now=NOW)
    assert files_with(url, "ben.private")
    assert 1 == ledger.invitations.revoke(season, "Ben", who="Ada", now=NOW)
    assert [] == files_with(url, "ben.private")


def test_an_erased_address_is_in_no_file_of_the_database(url: str, ledger: Ledger) -> None:
    """In four before; after it in none, indexes included, which a plain VACUUM leaves as they are."""
    assert len(files_with(url, ERASED)) >= 4
    assert ledger.subscribers.erase(ERASED, who="Ada", now=NOW).still_in_files is None
    assert [] == files_with(url, ERASED)
    assert files_with(url, "reader76@example.org")  # the right place was looked at


def test_an_old_transaction_that_keeps_it_is_said(url: str, ledger: Ledger, monkeypatch: pytest.MonkeyPatch) -> None:
    """It may still look at the row; once it is over, another erasure takes the bytes too."""
    with looking_back(url) as looking:
        with monkeypatch.context() as impatient:
            impatient.setattr(database_module, "LOOKS_BACK_WAITS", 3)
            assert StillInFiles.OLD_TRANSACTION is ledger.subscribers.erase(ERASED, who="Ada", now=NOW).still_in_files
        assert files_with(url, ERASED)
        looking.rollback()
        assert ledger.subscribers.erase(ERASED, who="Ada", now=NOW).still_in_files is None
    assert [] == files_with(url, ERASED)


def test_who_looks_back_unseen_is_found_out(url: str, ledger: Ledger, monkeypatch: pytest.MonkeyPatch) -> None:
    """A connection that is only being made is in no view of the server, and what it may look at is kept all the same."""
    with looking_back(url) as looking:
        with monkeypatch.context() as unseen:
            unseen.setattr(database_module, "_somebody_looks_back", lambda *_: False)
            unseen.setattr(database_module, "VACUUM_ROUNDS_APART", 0.01)
            assert StillInFiles.OLD_TRANSACTION is ledger.subscribers.erase(ERASED, who="Ada", now=NOW).still_in_files
        looking.rollback()
        assert ledger.subscribers.erase(ERASED, who="Ada", now=NOW).still_in_files is None
    assert [] == files_with(url, ERASED)


def test_who_looks_back_unseen_and_ends_is_waited_for(
    url: str, ledger: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The rounds are apart: three within a few milliseconds would meet the same one three times."""
    monkeypatch.setattr(database_module, "_somebody_looks_back", lambda *_: False)
    monkeypatch.setattr(database_module, "VACUUM_ROUNDS_APART", 5)
    with looking_back(url) as looking:
        over = threading.Timer(1, looking.rollback)
        over.start()
        assert ledger.subscribers.erase(ERASED, who="Ada", now=NOW).still_in_files is None
        over.join()
    assert [] == files_with(url, ERASED)


def test_one_that_ends_in_a_moment_is_waited_for(url: str, ledger: Ledger, monkeypatch: pytest.MonkeyPatch) -> None:
    """The database's own housekeeping, another command: nothing that a person has to be told of."""
    monkeypatch.setattr(database_module, "LOOKS_BACK_WAITS", 6_000)
    with looking_back(url) as looking:
        over = threading.Timer(1, looking.rollback)
        over.start()
        assert ledger.subscribers.erase(ERASED, who="Ada", now=NOW).still_in_files is None
        over.join()
    assert [] == files_with(url, ERASED)


def test_tables_that_somebody_uses_are_not_waited_for_for_ever(
    url: str, ledger: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The address is deleted at once, whatever becomes of the files."""
    monkeypatch.setattr(database_module, "VACUUM_WAITS_MS", 200)
    other = create_engine(parse_url(url))
    with other.connect() as using:
        using.execute(text("LOCK TABLE suppressions IN ACCESS SHARE MODE"))
        assert StillInFiles.IN_USE is ledger.subscribers.erase(ERASED, who="Ada", now=NOW).still_in_files
    other.dispose()
    assert ledger.subscribers.find("a-month", ERASED) is None


def test_an_account_that_does_not_own_the_tables_says_so(url: str, ledger: Ledger) -> None:
    """PostgreSQL would skip them with a warning that nobody sees."""
    ledger.close()
    engine = create_engine(parse_url(url), isolation_level="AUTOCOMMIT")
    role = f"guest_{parse_url(url).database}"
    with engine.connect() as connection:
        connection.execute(text(f"CREATE ROLE {role} LOGIN"))
        connection.execute(text(f"GRANT ALL ON ALL TABLES IN SCHEMA public TO {role}"))
        connection.execute(text(f"GRANT ALL ON ALL SEQUENCES IN SCHEMA public TO {role}"))
    try:
        guest = opened(parse_url(url).set(username=role).render_as_string(hide_password=False))
        try:
            assert StillInFiles.NOT_OWNER is guest.subscribers.erase(ERASED, who="Ada", now=NOW).still_in_files
            assert guest.subscribers.find("a-month", ERASED) is None
        finally:
            guest.close()
    finally:
        with engine.connect() as connection:
            connection.execute(text(f"DROP OWNED BY {role}"))
            connection.execute(text(f"DROP ROLE {role}"))
        engine.dispose()
