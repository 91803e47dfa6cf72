"""One SQLite file, one owner."""

from __future__ import annotations

import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from scheduler.engine import process_lock
from scheduler.engine.process_lock import HeldByAnother, lock_database, lock_holder

NOW = datetime(2027, 1, 11, 10, tzinfo=UTC)
ROOT = Path(__file__).parents[2]

HOLD = """
import sys
from datetime import datetime, UTC
from pathlib import Path
from scheduler.engine.process_lock import lock_database
with lock_database(Path(sys.argv[1]), now=datetime(2027, 1, 11, 9, 30, tzinfo=UTC)):
    print("held", flush=True)
    sys.stdin.readline()
    if sys.argv[2] == "die":
        import os
        os._exit(9)
"""


def another(database: Path, end: str) -> subprocess.Popen[str]:
    """Another process that owns the file until a line is written to it."""
    process = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(database), end],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=ROOT,
    )
    assert process.stdout is not None
    assert "held\n" == process.stdout.readline()
    return process


def let_go(process: subprocess.Popen[str]) -> None:
    process.communicate("\n")


def test_a_second_process_is_told_who_owns_the_file(tmp_path: Path) -> None:
    """Refused politely: who, where, since when, and what to do."""
    database = tmp_path / "observance.db"
    other = another(database, "end")
    try:
        with pytest.raises(HeldByAnother) as refused, lock_database(database, now=NOW):
            pass
        assert f"process {other.pid} on " in refused.value.message
        assert "since 2027-01-11 09:30 UTC" in refused.value.message
        assert refused.value.hint
        assert f"process {other.pid}" in str(lock_holder(database))
    finally:
        let_go(other)
    with lock_database(database, now=NOW):
        pass


def test_a_dead_owner_owns_nothing(tmp_path: Path) -> None:
    """The lock goes with the process, however it ends; what it wrote in the file does not count."""
    database = tmp_path / "observance.db"
    other = another(database, "die")
    let_go(other)
    assert 9 == other.returncode
    assert '"pid"' in (tmp_path / "observance.db.lock").read_text(encoding="utf-8")
    assert lock_holder(database) is None
    with lock_database(database, now=NOW):
        pass


def test_an_owner_in_the_same_process_counts_too(tmp_path: Path) -> None:
    """Two alarms in one process would be two owners."""
    database = tmp_path / "observance.db"
    with lock_database(database, now=NOW), pytest.raises(HeldByAnother), lock_database(database, now=NOW):
        pass


@pytest.mark.skipif(sys.platform == "win32", reason="links need a right there that not everybody has")
def test_a_link_to_the_file_leads_to_the_same_lock(tmp_path: Path) -> None:
    """Two folders with a link to one ledger are one ledger."""
    (tmp_path / "other").mkdir()
    database, link = tmp_path / "observance.db", tmp_path / "other" / "observance.db"
    database.touch()
    link.symlink_to(database)
    with lock_database(database, now=NOW):
        assert lock_holder(link)
        with pytest.raises(HeldByAnother), lock_database(link, now=NOW):
            pass


def test_whoever_only_looks_keeps_nobody_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """`status` has the lock for an instant to see whether somebody else has; `start` in that instant still starts."""
    lock, looks = process_lock.lock, [1, 1]
    monkeypatch.setattr(process_lock, "lock", lambda file: not (looks and looks.pop()) and lock(file))
    with lock_database(tmp_path / "observance.db", now=NOW):
        assert [] == looks


def test_a_lock_file_that_says_nothing_useful_does_not_matter(tmp_path: Path) -> None:
    """Rubbish in the file is no owner."""
    (tmp_path / "observance.db.lock").write_text("{rubbish", encoding="utf-8")
    with lock_database(tmp_path / "observance.db", now=NOW):
        (tmp_path / "observance.db.lock").write_text("{rubbish", encoding="utf-8")
        with (
            pytest.raises(HeldByAnother, match="by another process"),
            lock_database(tmp_path / "observance.db", now=NOW),
        ):
            pass


def test_a_server_and_a_missing_file_have_no_owner(tmp_path: Path) -> None:
    """PostgreSQL serves many; asking about a file that nobody opened makes none."""
    with lock_database(None, now=NOW):
        pass
    assert lock_holder(tmp_path / "observance.db") is None
    assert [] == list(tmp_path.iterdir())
