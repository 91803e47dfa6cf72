"""An answer is told again only while nothing has changed that it rests on. Whatever does, it is worked out anew."""

from __future__ import annotations

import io
import os
import shutil
import sqlite3
import sys
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from scheduler import start_notes
from scheduler.cli import kept_answers
from scheduler.cli.kept_answers import KeptQuestion, OutputCopy, Watched, question_of
from scheduler.cli.main import main
from scheduler.kept_by_key import KeptByKey
from scheduler.start_notes import stamp_of, write_note
from tests.support.small_month import copy_small_month

NOON = datetime(2027, 1, 11, 12, tzinfo=UTC)
WORDS = ("--json",)


class Place:
    """A project with one file of each kind, and a kept answer."""

    def __init__(self, folder: Path) -> None:
        self.root, self.state = folder / "project", folder / "state"
        for name in (
            *("config/settings.toml", "config/channels.toml", "config/review.toml", "config/lint/house.toml"),
            *("campaigns/month/campaign.toml", "campaigns/month/claims.toml", "campaigns/month/contacts.toml"),
            *(
                "campaigns/month/items/a.md",
                "campaigns/month/templates/email/fact.html",
                "campaigns/other/campaign.toml",
            ),
            *("templates/email/fact.html", "var/secret.key", "key.txt", "out/index.html", "out/posts/a.txt"),
        ):
            path = self.root / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(f"of {name}")
            os.utime(path, (1_700_000_000, 1_700_000_000))
        self.database = self.root / "var" / "observance.db"
        with sqlite3.connect(self.database) as connection:
            connection.execute("CREATE TABLE t (n)")
        connection.close()
        self.env = {
            "OBSERVANCE_PROJECT": str(self.root),
            "OBSERVANCE_STATE": str(self.state),
            "OBSERVANCE_PRETEND_NOW": NOON.isoformat(),
            "OBSERVANCE_MODE": "live",
            "OBSERVANCE_SECRET_KEY_FILE": "key.txt",
        }
        database = f"sqlite:///{self.database}"
        stamp = stamp_of(str(self.root), self.env)
        write_note(str(self.root), self.env, stamp=stamp, channels=["x"], database=database, revision="1", columns="c")

    def ask(self, words: tuple[str, ...] = WORDS, env: Mapping[str, str] | None = None) -> KeptQuestion:
        return KeptQuestion("status", words, self.env if env is None else env)

    def keep(
        self, *, until: datetime = NOON + timedelta(minutes=1), text: str = "all is well\n", status: int = 0
    ) -> None:
        question = self.ask()
        question.look()
        question.rests_on(until=until, database=str(self.database), written=[str(self.root / "out")], room=1000)
        question.keep(text, status)


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Place:
    """All of it is printed to where ``capsys`` looks."""
    monkeypatch.setattr(kept_answers, "_TICK_NS", -(10**18))  # what was written just now counts too
    made = Place(tmp_path)
    made.keep()
    return made


def test_the_same_is_told_again(place: Place, capsys: pytest.CaptureFixture[str]) -> None:
    assert place.ask().answer() == 0
    assert capsys.readouterr().out == "all is well\n"
    (kept,) = (place.state / "answers").iterdir()
    assert kept.stat().st_mode & 0o777 == 0o600


def rewrite(name: str) -> Callable[[Place, pytest.MonkeyPatch], None]:
    """With as many bytes as before, and with its old time set back: what an editor or a copy may do."""

    def change(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
        path = place.root / name
        times = path.stat()
        path.write_text(f"OF {name}")
        os.utime(path, ns=(times.st_atime_ns, times.st_mtime_ns))

    return change


def add(name: str) -> Callable[[Place, pytest.MonkeyPatch], None]:
    def change(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
        (place.root / name).write_text("new")

    return change


def remove(name: str) -> Callable[[Place, pytest.MonkeyPatch], None]:
    return lambda place, monkeypatch: (place.root / name).unlink()


def written_to_the_ledger(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    with sqlite3.connect(place.database) as connection:
        connection.execute("INSERT INTO t VALUES (1)")
    connection.close()


def written_and_not_yet_moved_into_the_file(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    """As beside a process that runs."""
    connection = sqlite3.connect(place.database)
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("INSERT INTO t VALUES (1)")
    connection.commit()
    monkeypatch.setattr(place, "open_still", connection, raising=False)


def a_later_program(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(start_notes, "VERSION", "9.9")


def another_file_of_the_program(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    package = place.root.parent / "package" / "cli"
    package.mkdir(parents=True)
    monkeypatch.setattr(kept_answers, "__file__", str(package / "kept_answers.py"))


def another_library(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = place.root.parent / "site-packages"
    folder.mkdir()
    monkeypatch.setattr(sys, "path", [*sys.path, str(folder)])


def another_width(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    place.env["COLUMNS"] = "40"


def at_home_elsewhere(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    """`db moved` on another folder's copy, or a state folder that was emptied."""
    (place.state / "of-this-ledger.home").write_text("elsewhere")


def a_full_disk(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kept_answers, "_free_at", lambda database: 999)


CHANGES = [
    *(rewrite(f"campaigns/month/{name}.toml") for name in ("campaign", "claims", "contacts")),
    *map(rewrite, ("campaigns/month/items/a.md", "campaigns/month/templates/email/fact.html")),
    *map(rewrite, ("campaigns/other/campaign.toml", "templates/email/fact.html", "config/lint/house.toml")),
    *map(rewrite, ("config/settings.toml", "config/channels.toml", "config/review.toml", "var/secret.key", "key.txt")),
    *map(rewrite, ("out/index.html", "out/posts/a.txt")),
    *map(add, ("campaigns/month/items/b.md", "config/lint/more.toml", "templates/post.txt", "out/posts/b.txt")),
    *map(remove, ("campaigns/month/items/a.md", "out/index.html", "templates/email/fact.html")),
    *(written_to_the_ledger, written_and_not_yet_moved_into_the_file),
    *(a_later_program, another_file_of_the_program, another_library, another_width),
    *(at_home_elsewhere, a_full_disk),
]


@pytest.mark.parametrize("change", CHANGES)
def test_whatever_changes_it_is_worked_out_anew(
    place: Place, monkeypatch: pytest.MonkeyPatch, change: Callable[[Place, pytest.MonkeyPatch], None]
) -> None:
    change(place, monkeypatch)
    assert place.ask().answer() is None


@pytest.mark.parametrize(
    "env",
    [
        {"OBSERVANCE_MODE": "rehearsal"},
        {"OBSERVANCE_X_CONSUMER_KEY": "a secret"},
        {"OBSERVANCE_CHANNELS__X__ENABLED": "false"},
        {"OBSERVANCE_PRETEND_NOW": (NOON + timedelta(minutes=1)).isoformat()},
        {"OBSERVANCE_PRETEND_NOW": (NOON - timedelta(seconds=1)).isoformat()},
    ],
)
def test_another_variable_or_time(place: Place, env: dict[str, str]) -> None:
    assert place.ask(env=place.env | env).answer() is None


def test_other_words(place: Place) -> None:
    assert place.ask(("--json", "--season", "2028")).answer() is None


def test_what_changes_meanwhile_is_not_kept(place: Place) -> None:
    """The answer may not know of it."""
    for change in (rewrite("campaigns/month/items/a.md"), written_to_the_ledger):
        question = place.ask(("more",))
        question.look()
        change(place, pytest.MonkeyPatch())
        question.rests_on(until=NOON + timedelta(minutes=1), database=str(place.database))
        question.keep("old news\n", 0)
        assert place.ask(("more",)).answer() is None


def test_what_is_not_kept(place: Place, tmp_path: Path) -> None:
    """An answer that nobody vouched for, that said more on another channel, or that is about a server's database."""

    def kept(*terms: Callable[[KeptQuestion], None], status: int = 0) -> bool:
        question = place.ask(("again",))
        question.look()
        for term in terms:
            term(question)
        question.keep("an answer\n", status)
        return place.ask(("again",)).answer() is not None

    def vouched(question: KeptQuestion) -> None:
        question.rests_on(until=NOON + timedelta(minutes=1), database=str(place.database))

    assert not kept()
    assert not kept(vouched, KeptQuestion.forget)
    assert not kept(vouched, status=4)
    assert not kept(lambda question: question.rests_on(until=NOON + timedelta(minutes=1), database=None))
    (place.root / "campaigns" / "linked").symlink_to(tmp_path)
    assert not kept(vouched)
    (place.root / "campaigns" / "linked").unlink()
    assert kept(vouched)


def test_a_key_that_cannot_be_watched(place: Place) -> None:
    """From the environment, where another one looks the same; and in a folder that nobody knew of from the start."""

    def vouch(question: KeptQuestion, key: Path) -> None:
        question.look()
        question.rests_on(until=NOON + timedelta(minutes=1), database=str(place.database), keys=[str(key)])
        question.keep("an answer\n", 0)

    for number, (key, status) in enumerate(((place.root / "var" / "secret.key", 0), (place.state / "k", None))):
        vouch(place.ask((str(number),)), key)
        assert place.ask((str(number),)).answer() == status
    assert question_of("status", WORDS, place.env) is not None
    for name in ("OBSERVANCE_SECRET_KEY", "OBSERVANCE_SECRET_KEY_OLD"):
        assert question_of("status", WORDS, place.env | {name: "a key"}) is None


def test_a_ledger_that_a_link_leads_to(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its log lies beside the file itself; and the link may lead elsewhere one day."""
    real = place.root.parent / "elsewhere" / "real.db"
    real.parent.mkdir()
    place.database.rename(real)
    place.database.symlink_to(real)
    written_and_not_yet_moved_into_the_file(place, monkeypatch)
    place.keep()
    assert place.ask().answer() == 0
    connection: sqlite3.Connection = place.open_still  # type: ignore[attr-defined]
    connection.execute("INSERT INTO t VALUES (2)")
    connection.commit()
    assert place.ask().answer() is None
    connection.close()
    place.keep()
    assert place.ask().answer() == 0
    other = shutil.copy2(real, real.with_name("other.db"))
    place.database.unlink()
    place.database.symlink_to(other)
    assert place.ask().answer() is None


def test_a_note_says_what_settings_it_is_of(place: Place) -> None:
    """Who read them before they changed does not vouch for what they say now."""
    root, note = str(place.root), start_notes.read_note(str(place.root), place.env)
    assert note is not None
    (place.root / "config" / "settings.toml").write_text("changed while they were read")
    for stamp in (str(note["stamp"]), ""):
        write_note(root, place.env, stamp=stamp, channels=["x"], database="d", revision="1", columns="c")
        assert start_notes.read_note(root, place.env) is None
    for url in ("sqlite:////one@shelf/a.db", "sqlite:////other@shelf/a.db"):
        place.env["OBSERVANCE_DATABASE__URL"] = url
        assert start_notes.read_note(root, place.env) is None
        stamp = stamp_of(root, place.env)
        write_note(root, place.env, stamp=stamp, channels=["x"], database=url, revision="1", columns="c")


def test_two_changes_within_one_tick_of_the_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file that was written a moment ago could be written again without another time."""
    monkeypatch.setattr(kept_answers, "_TICK_NS", 10**18)  # so that all of this is a moment ago
    made = Place(tmp_path)
    made.keep()
    assert made.ask().answer() is None


def test_a_ledger_that_cannot_be_written_to_is_told_by_the_command(place: Place) -> None:
    (place.state / "answers").chmod(0o700)
    place.database.write_bytes(b"no database at all" * 100)
    watched = Watched(str(place.root), place.env)
    assert watched.with_files(())
    assert place.ask().answer() is None


def test_each_of_several_campaigns_has_to_be_vouched_for(place: Place) -> None:
    """One of them may be in trouble, or be sent by a process."""
    for vouched, kept in (((True, True), True), ((True, False), False), ((False, True), False)):
        words = tuple(map(str, vouched))
        question = place.ask(words)
        question.look()
        for one in vouched:
            if one:
                question.rests_on(until=NOON + timedelta(minutes=1), database=str(place.database))
            question.part_has_ended()
        question.keep("of all\n", 0)
        assert (place.ask(words).answer() == 0) is kept


@pytest.mark.parametrize("folder", ["answers", "starts"])
def test_what_others_can_write_is_not_gone_by(place: Place, folder: str) -> None:
    for file in (place.state / folder).iterdir():
        file.chmod(0o666)
    if folder == "answers":
        assert place.ask().answer() is None
    assert (start_notes.read_note(str(place.root), place.env) is None) is (folder == "starts")


def test_the_folder_does_not_grow_without_end(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kept_answers, "_MOST", 3)
    for number in range(7):
        question = place.ask((str(number),))
        question.look()
        question.rests_on(until=NOON + timedelta(minutes=1), database=str(place.database))
        question.keep("x", 0)
    assert len(list((place.state / "answers").iterdir())) <= 3
    assert place.ask(("6",)).answer() == 0


def test_what_is_printed_goes_where_it_goes() -> None:
    out = io.StringIO()
    printed = OutputCopy(out)
    print("a", "b", file=printed)
    assert (out.getvalue(), printed.text, printed.isatty()) == ("a b\n", "a b\n", False)  # type: ignore[operator]


def test_only_these_commands() -> None:
    assert question_of("check", (), {}) is None
    assert question_of("dry-run", ("--open",), {}) is None
    assert question_of("status", ("--help",), {}) is None


def test_a_dry_run_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """The files are left as they are; with one item changed all is as in a project where nothing was kept."""

    def run(root: Path) -> tuple[int, str]:
        monkeypatch.setenv("OBSERVANCE_PROJECT", str(root))
        status = main(["dry-run", "--season", "2027"])
        return status, capsys.readouterr().out.replace(str(root), "ROOT")

    monkeypatch.setattr(kept_answers, "_TICK_NS", -(10**18))
    monkeypatch.setenv("OBSERVANCE_STATE", str(tmp_path / "state"))
    monkeypatch.setenv("OBSERVANCE_PRETEND_NOW", "2026-12-20T12:00:00-05:00")
    first, second = tmp_path / "first", tmp_path / "second"
    copy_small_month(first)
    said = run(first)
    index = first / "build" / "dry-run"
    pages = {path: path.stat().st_mtime_ns for path in index.rglob("*")}
    with monkeypatch.context() as patched:
        patched.setattr("scheduler.services.seasons.rehearse", None)
        patched.setattr("scheduler.cli.season.rehearse", None)
        assert run(first) == said
    assert pages == {path: path.stat().st_mtime_ns for path in index.rglob("*")}
    item = next((first / "campaigns").glob("*/items/*.md"))
    item.write_text(
        item.read_text(encoding="utf-8").replace("# Email\n", "# Email\nDON'T MISS THE HEAT!!!\n\n"), "utf-8"
    )
    shutil.copytree(first, second, ignore=shutil.ignore_patterns("build", "var"))
    changed = run(first)
    assert changed != said
    assert changed == run(second)
    findings = [next(root.rglob("findings.json")).read_text(encoding="utf-8") for root in (first, second)]
    assert findings[0] == findings[1]


def test_what_is_kept_has_room_for_so_many(tmp_path: Path) -> None:
    kept = KeptByKey()
    kept.most_pieces = 3
    kept.keep_in(tmp_path, "a test")
    for n in range(9):
        kept.write("the same", n)
        kept.write("another", n)
    assert (8, 8) == (kept.read("the same"), kept.read("another"))
    one = next(tmp_path.iterdir()).stat().st_size / 18
    for n in range(9):
        kept.write(n, n)
        assert n == kept.read(n)
    (file,) = tmp_path.iterdir()
    assert file.stat().st_size < 4 * one
