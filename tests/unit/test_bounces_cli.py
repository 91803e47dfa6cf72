"""`bounces`: from a Maildir or from standard input, each report once, no mail lost, nothing crashes it."""

from __future__ import annotations

import io
import json
import os
import shutil
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from scheduler.cli.bounces import TRY_AGAIN
from scheduler.cli.main import main
from scheduler.domain.subscriber import NewSubscriber
from scheduler.project import Project
from scheduler.wiring import open_ledger, open_project, return_path_of, unsubscribe_url
from tests.support.returned_mails import automatic_answer, bounce, complaint, head
from tests.support.world import A_MONTH, World, an_email

ROOT = Path(__file__).resolve().parents[2]
DUE = datetime(2027, 1, 1, 10, tzinfo=UTC)
ADDRESS = "bounces@news.example.org"
Run = Callable[..., tuple[str, str]]


class Post:
    """A project by a mail server, one mail to each of four readers, and a Maildir."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.maildir = root / "Maildir"
        for name in ("new", "cur", "tmp"):
            (self.maildir / name).mkdir(parents=True)
        self.project: Project = open_project(root, os.environ, root)
        ledger = open_ledger(self.project)
        self.ids = [f"{n:032x}" for n in range(4)]
        ledger.subscribers.add_many(
            A_MONTH.campaign,
            [NewSubscriber(f"reader{n}@readers.example", subscriber_id=who) for n, who in enumerate(self.ids)],
            now=datetime(2026, 12, 1, tzinfo=UTC),
        )
        self.world = World(ledger, [an_email()])
        self.world.run_at(DUE)
        (delivery,) = ledger.deliveries.of_season("live", A_MONTH)
        self.send_id = ledger.deliveries.batches(delivery.id)[0].send_id
        ledger.close()
        make = return_path_of(self.project, self.project.settings.channels["email"])
        assert make is not None
        self.paths = [make(self.send_id, who) for who in self.ids]

    def arrives(self, name: str, raw: bytes, *, folder: str = "new") -> Path:
        path = self.maildir / folder / name
        path.write_bytes(raw)
        return path

    def names(self, folder: str) -> list[str]:
        return sorted(p.name for p in (self.maildir / folder).iterdir())

    def states(self) -> dict[str, int]:
        ledger = open_ledger(self.project)
        try:
            return {k: v for k, v in ledger.subscribers.count().items() if v}
        finally:
            ledger.close()


@pytest.fixture
def post(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Post:
    for folder in ("config", "templates"):
        shutil.copytree(ROOT / folder, tmp_path / folder)
    (tmp_path / "campaigns").mkdir()
    for name, value in {
        "PROJECT": str(tmp_path),
        "PRETEND_NOW": "2027-01-11T11:00:00-05:00",
        "CHANNELS__EMAIL__TRANSPORT": "smtp",
        "CHANNELS__EMAIL__BASE_URL": "smtp://127.0.0.1:8603",
        "CHANNELS__EMAIL__BOUNCE_ADDRESS": ADDRESS,
    }.items():
        monkeypatch.setenv(f"OBSERVANCE_{name}", value)
    return Post(tmp_path)


@pytest.fixture
def run(post: Post, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Run:
    def one(*words: str, mail: bytes | None = None, status: int = 0) -> tuple[str, str]:
        if mail is not None:
            monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(mail)))
        ended = main(["bounces", *words])
        told = capsys.readouterr()
        assert status == ended, told.err
        return told.out, told.err

    return one


def test_a_maildir_is_read_and_each_report_has_its_effect(post: Post, run: Run) -> None:
    """Dead: barred. Complaint: out. Full, an answer, somebody else's: nobody is touched. All are marked, none is gone."""
    post.arrives("1.a", bounce(post.paths[0]))
    post.arrives("2.b", bounce(post.paths[1], status="5.2.2", diagnostic=""))
    post.arrives("3.c", complaint(mail_from=post.paths[2]))
    post.arrives("4.d", automatic_answer(post.paths[3]))
    post.arrives("5.e", bounce("bounces+aaaa@news.example.org"))
    post.arrives("6.f", bounce(post.paths[3], status="", action="", diagnostic=""))
    said = json.loads(run("--maildir", str(post.maildir), "--json")[0])
    expected = {
        "mails": 6,
        "hard": 1,
        "soft": 1,
        "complaints": 1,
        "no_report": 1,
        "not_ours": 1,
        "not_understood": 1,
        "barred": 2,
        "other": 0,
        "not_yet": 0,
        "repeated": 0,
        "paused": 0,
        "settled": 0,
        "unreadable": [],
    }
    assert expected == said
    assert {"active": 2, "bounced": 1, "complained": 1, "suppressed": 2} == post.states()
    assert [] == post.names("new")
    assert ["1.a:2,S", "2.b:2,S", "3.c:2,S", "4.d:2,S", "5.e:2,FS", "6.f:2,FS"] == post.names("cur")
    assert 0 == json.loads(run("--maildir", str(post.maildir), "--json")[0])["mails"]


def test_in_words_it_says_what_it_did_and_no_address(post: Post, run: Run) -> None:
    """For whoever runs it by hand."""
    post.arrives("1.a", bounce(post.paths[0]))
    post.arrives("2.b", bounce())
    out, err = run("--maildir", str(post.maildir))
    assert "2 mails read." in out
    assert "1 from a dead address" in out
    assert "Addresses barred: 1." in out
    assert "have a star in the Maildir" in out
    assert "@" not in out + err


def test_a_program_that_stops_before_it_marks_a_mail_reads_it_again(
    post: Post, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The mail is still new, and its report is handled once."""
    post.arrives("1.a", bounce(post.paths[0]))

    def stopped(*_: object, **__: Any) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as stopping:
        stopping.setattr("scheduler.subscribers.bounces.Maildir.mark", stopped)
        run("--maildir", str(post.maildir), status=130)
    assert ["1.a"] == post.names("new")
    said = json.loads(run("--maildir", str(post.maildir), "--json")[0])
    assert (1, 1, 0) == (said["mails"], said["repeated"], said["barred"])
    assert {"active": 3, "bounced": 1, "suppressed": 1} == post.states()
    assert ["1.a:2,S"] == post.names("cur")


def test_nothing_in_a_maildir_is_overwritten_or_followed(post: Post, run: Run, tmp_path: Path) -> None:
    """A mail of the same name in cur stays; a link leads nowhere; what a mail program has shown already is read."""
    old = post.arrives("1.a:2,S", b"another mail", folder="cur")
    post.arrives("1.a", bounce(post.paths[0]))
    post.arrives("2.b:2,", bounce(post.paths[1]), folder="cur")
    (tmp_path / "elsewhere").write_bytes(bounce(post.paths[2]))
    (post.maildir / "new" / "3.c").symlink_to(tmp_path / "elsewhere")
    (post.maildir / "new" / "4.d").mkdir()
    said = json.loads(run("--maildir", str(post.maildir), "--json")[0])
    assert (2, 2) == (said["mails"], said["barred"])
    assert b"another mail" == old.read_bytes()
    assert ["1.a:2,S", "1.a_1:2,S", "2.b:2,S"] == post.names("cur")


def test_a_mail_about_a_call_that_is_under_way_waits(post: Post, run: Run) -> None:
    """The call's own answer comes first: the mail stays new, and a mail server is asked to try again."""
    from sqlalchemy import update

    from scheduler.store.tables import batches

    ledger = open_ledger(post.project)
    with ledger._database.write("test") as connection:
        connection.execute(update(batches).values(state="sending"))
    ledger.close()
    post.arrives("1.a", bounce(post.paths[0]))
    assert 1 == json.loads(run("--maildir", str(post.maildir), "--json")[0])["not_yet"]
    assert ["1.a"] == post.names("new")
    run(mail=bounce(post.paths[0]), status=TRY_AGAIN)
    assert {"active": 4} == post.states()


def test_one_mail_from_standard_input(post: Post, run: Run) -> None:
    """As a mail server hands it over, with what it writes before it; and the same again."""
    mail = b"From MAILER-DAEMON Mon Jan 11 10:04:00 2027\n" + bounce(post.paths[0])
    assert "1 from a dead address" in run(mail=mail)[0]
    assert "1 handled before" in run(mail=mail)[0]
    run(mail=b"")
    run(mail=b"\xff" * 3_000_000)
    assert {"active": 3, "bounced": 1, "suppressed": 1} == post.states()


def test_a_link_to_leave_by_is_proof_enough(post: Post, run: Run) -> None:
    """Where no bounce address is set, the link in the head of the mail that comes back says whose it was."""
    link = unsubscribe_url(post.project, "a-month")(post.ids[1])
    run(mail=bounce("news@example.org", returned=head(unsubscribe=link)))
    assert {"active": 3, "bounced": 1, "suppressed": 1} == post.states()


def test_what_cannot_be_written_down_is_tried_again(post: Post, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """A database that is out of reach, a setting that is wrong: the mail server keeps the mail."""
    monkeypatch.setenv("OBSERVANCE_DATABASE__URL", "postgresql://nobody@127.0.0.1:9/none")
    _, err = run(mail=bounce(post.paths[0]), status=TRY_AGAIN)
    assert "could not be handled now" in err
    monkeypatch.setenv("OBSERVANCE_DATABASE__URL", "nonsense")
    run(mail=bounce(post.paths[0]), status=TRY_AGAIN)


def test_a_folder_that_is_no_maildir_is_named(post: Post, run: Run) -> None:
    """Wrong use, with what to do."""
    _, err = run("--maildir", str(post.root), status=2)
    assert "is not a Maildir: it has no folder new" in err


def test_a_file_that_cannot_be_read_keeps_nobody_waiting(post: Post, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is named, stays where it is, and the others are handled."""
    post.arrives("1.a", bounce(post.paths[0]))
    post.arrives("2.b", bounce(post.paths[1]))
    usual = Path.open

    def opened(path: Path, *args: object, **more: Any) -> object:
        if path.name == "1.a":
            raise PermissionError(13, "Permission denied")
        return usual(path, *args, **more)  # type: ignore[call-overload]

    monkeypatch.setattr(Path, "open", opened)
    _, err = run("--maildir", str(post.maildir), status=1)
    assert "1.a: Permission denied" in err
    assert ["1.a"] == post.names("new")
    assert {"active": 3, "bounced": 1, "suppressed": 1} == post.states()
