"""Make the old ledgers beside this file again, each by the program of its own day.

    python tests/data/ledgers/remake.py            all of them
    python tests/data/ledgers/remake.py form-1     one

Each is made in a project folder of its own, by the commands of the commit that is named below, checked out beside: a
week's campaign, readers, signatures, approvals, a hold, two passes. What is kept is the database as SQL text: of SQLite
as its driver writes it, of PostgreSQL as ``pg_dump --inserts`` does. The people and addresses in it are made up.

Not part of any test run: the files are evidence. Make one again only when there is a new form to add.
"""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
from contextlib import closing
from pathlib import Path
from urllib.parse import quote

ROOT = Path(__file__).parents[3]
HERE = Path(__file__).parent
sys.path.insert(0, str(ROOT))

from tests.support.postgresql import Server, binaries  # noqa: E402

#: A commit with each form of the first revision, oldest first; the ninth is the one that was frozen.
FORMS = {
    "form-1": "201966c",
    "form-2": "3367418",
    "form-3": "4819632",
    "form-4": "0ae7889",
    "form-5": "cb6ee53",
    "form-6": "2b23b28",
    "form-7": "8ecad7e",
    "form-8": "d37b661",
    "form-9": "c8f8d51",
}
#: Those that are kept for PostgreSQL too: the first, the one before people could sign in, the last.
POSTGRESQL = ("form-1", "form-4", "form-9")

READERS = """email,name,zone
ann@example.org,Ann,
ben@example.org,Ben,America/Chicago
cleo@example.org,,
dan@example.org,Dan,
eve@example.org,Eve,Europe/Berlin
"""

#: What is done, at which pretended time. A command that the program of the day did not have yet is left out.
STEPS = (
    ("2027-03-01T09:00-05:00", "subscribers import READERS.csv"),
    ("2027-03-01T09:01-05:00", "subscribers add fay@example.org --by Ada"),
    ("2027-03-01T09:02-05:00", "subscribers erase eve@example.org --by Ada"),
    ("2027-03-01T09:03-05:00", "LEAVE dan@example.org"),
    ("2027-03-01T09:03-05:00", "people add Ada --role coordinator --by Ada"),
    ("2027-03-01T09:05-05:00", "sign claim --all --by Ada"),
    ("2027-03-01T09:06-05:00", "sign contact --all --by Ada"),
    ("2027-03-01T09:07-05:00", "sign claim --all --by Grace"),
    ("2027-03-01T09:08-05:00", "sign contact --all --by Grace"),
    ("2027-03-01T09:10-05:00", "comment why-we-read --text Good --by Grace"),
    ("2027-03-01T09:11-05:00", "approve --all --by Grace"),
    ("2027-03-01T09:12-05:00", "approve --all --by Ada"),
    ("2027-03-01T09:15-05:00", "arm --by Ada"),
    ("2027-03-01T09:16-05:00", "tick"),
    ("2027-03-08T10:05-05:00", "tick"),
    ("2027-03-09T10:05-05:00", "tick"),
    ("2027-03-09T12:00-05:00", "hold --channel x --reason strike --by Ada"),
    ("2027-03-10T10:05-05:00", "tick"),
)


def prepare(commit: Path, folder: Path) -> None:
    """A project folder for the program of that commit, with its own small campaign, mail templates and review policy."""
    for name in ("campaigns", "config"):
        shutil.copytree(commit / "tests" / "scenarios" / "_base" / "small" / name, folder / name)
    shutil.copytree(commit / "templates", folder / "templates")
    for file in (commit / "config").glob("*.toml"):
        if not (folder / "config" / file.name).exists():
            shutil.copy(file, folder / "config")
    campaign = folder / "campaigns" / "reading-week" / "campaign.toml"
    text = campaign.read_text(encoding="utf-8").replace("days = 4", "days = 2")  # on the fourth day there is nothing
    campaign.write_text(text.replace('lint_packs = ["house"]\n', ""), encoding="utf-8")


def run(commit: Path, folder: Path, when: str, command: str, url: str) -> None:
    environment = {
        "PATH": os.environ["PATH"],
        "PYTHONPATH": os.pathsep.join((str(commit), str(folder))),
        "OBSERVANCE_PROJECT": str(folder),
        "OBSERVANCE_PRETEND_NOW": when,
        "OBSERVANCE_DATABASE__URL": url,
        "OBSERVANCE_SECRET_KEY": SECRET_KEY,
        "HOME": str(folder),
    }
    words = ["-m", "scheduler.cli", *command.replace("READERS.csv", str(folder / "readers.csv")).split()]
    if command.startswith("LEAVE "):
        words = ["-c", _LEAVE, url, command.split()[1]]
    done = subprocess.run(
        [sys.executable, *words],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    kind = {0: "", 1: "needs a person", 2: "not there yet"}.get(done.returncode, f"status {done.returncode}")
    print(f"  {command}: {kind or 'done'}")
    if done.returncode > 2 or "Traceback" in done.stderr:
        raise SystemExit(done.stdout + done.stderr)
    if os.environ.get("VERBOSE"):
        print(done.stdout + done.stderr)


#: A reader leaves by the link in a mail; no command does it.
_LEAVE = """
import sys, datetime, scheduler.store as store
ledger = store.open_ledger(sys.argv[1])
(reader,) = [r for r in ledger.each_subscriber() if r.address == sys.argv[2]]
assert ledger.unsubscribe(reader.id, reason="list", now=datetime.datetime(2027, 3, 1, 14, tzinfo=datetime.timezone.utc))
"""

#: Made up for these ledgers alone; the tests read them with it.
SECRET_KEY = "a secret of the tests' old ledgers, and of nothing else"


def make(name: str, url: str, folder: Path) -> None:
    with tempfile.TemporaryDirectory(prefix="observance-old-") as temporary:
        commit = Path(temporary) / "commit"
        subprocess.run(["git", "worktree", "add", "-q", "--detach", str(commit), FORMS[name]], cwd=ROOT, check=True)
        try:
            prepare(commit, folder)
            (folder / "sitecustomize.py").write_text('import socket\nsocket.gethostname = lambda: "old-host"\n')
            (folder / "readers.csv").write_text(READERS)
            for when, command in STEPS:
                run(commit, folder, when, command, url)
        finally:
            subprocess.run(["git", "worktree", "remove", "--force", str(commit)], cwd=ROOT, check=True)


def sqlite(name: str) -> None:
    print(f"{name}, SQLite:")
    with tempfile.TemporaryDirectory(prefix="observance-old-") as temporary:
        path = Path(temporary) / "observance.db"
        folder = Path(temporary) / "project"
        folder.mkdir()
        make(name, f"sqlite:///{path}", folder)
        with closing(sqlite3.connect(path)) as database:
            (HERE / f"{name}.sqlite.sql").write_text("\n".join(database.iterdump()) + "\n", encoding="utf-8")


def postgresql(name: str) -> None:
    print(f"{name}, PostgreSQL:")
    programs = binaries()
    if programs is None:
        raise SystemExit("PostgreSQL is not installed")
    server = Server(programs)
    url = server.start()
    try:
        with tempfile.TemporaryDirectory(prefix="observance-old-") as temporary:
            folder = Path(temporary) / "project"
            folder.mkdir()
            make(name, url, folder)
        host = url.partition("host=")[2]
        arguments = ["--inserts", "--no-owner", "--no-privileges", "-n", "public", "-U", "tests", "-h", quote(host)]
        pg_dump = shutil.which("pg_dump") or str((programs / "initdb").resolve().with_name("pg_dump"))
        dumped = subprocess.run([pg_dump, *arguments, "postgres"], capture_output=True, text=True, check=True).stdout
        left_out = ("--", "\\", "SET ", "SELECT pg_catalog.set_config", "CREATE SCHEMA", "COMMENT ON SCHEMA")
        kept = "\n".join(line for line in dumped.splitlines() if line and not line.startswith(left_out))
        (HERE / f"{name}.postgresql.sql").write_text(f"{kept}\n", encoding="utf-8")
    finally:
        server.stop()


if __name__ == "__main__":
    for wanted in sys.argv[1:] or FORMS:
        sqlite(wanted)
        if wanted in POSTGRESQL:
            postgresql(wanted)
