"""Bad input, as a coordinator meets it: what each command says, its exit status, and that nothing is lost.

Every answer is words: what happened, where, and what to do. None is a traceback. A packet that was made before stays
as it was, unless a new one was made.
"""

from __future__ import annotations

import errno
import hashlib
import os
import shutil
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from scheduler.cli.main import main
from tests.support.five_days import keep_days
from tests.support.two_people import declare_alone

ROOT = Path(__file__).parents[2]
NAME = "human-trafficking-prevention"
CAMPAIGN = f"campaigns/{NAME}"
FIRST_ITEM = f"{CAMPAIGN}/items/01-why-january.md"
PACKET = f"build/dry-run/{NAME}-2027"
DAYS = 7
ENDLESS = "{% for i in range(1000000000) %}x{% endfor %}"


@dataclass(frozen=True)
class Said:
    """How a command ended and what it printed."""

    status: int
    out: str
    err: str

    @property
    def words(self) -> str:
        return self.out + self.err


class Coordinator:
    """A project of the shipped campaign with a packet from an earlier dry run, and the command line."""

    def __init__(self, root: Path, capture: pytest.CaptureFixture[str]) -> None:
        self.root, self.capture = root, capture

    def run(self, *arguments: str) -> Said:
        """The command in this process; an exception that comes through would be a traceback, and fails the test."""
        self.capture.readouterr()
        try:
            status = main([arguments[0], "--season", "2027", *arguments[1:], "--project", str(self.root)])
        except SystemExit as ended:  # argparse
            status = int(ended.code or 0)
        said = self.capture.readouterr()
        return Said(status, said.out, said.err)

    def start(self, *arguments: str, **environment: str) -> Said:
        """The command as a process of its own."""
        clean = {k: v for k, v in os.environ.items() if not k.startswith("OBSERVANCE_")}
        done = subprocess.run(
            [sys.executable, str(ROOT / "run.py"), *arguments],
            env={**clean, "OBSERVANCE_PROJECT": str(self.root), **environment},
            capture_output=True,
            text=True,
            timeout=300,
            check=False,
        )
        assert "Traceback" not in done.stderr + done.stdout, done.stderr
        return Said(done.returncode, done.stdout, done.stderr)

    def change(self, name: str, find: str, replace: str) -> int:
        """Change the first place in a file; returns its line."""
        path = self.root / name
        text = path.read_bytes().decode()
        assert find in text
        path.write_bytes(text.replace(find, replace, 1).encode())
        return text[: text.index(find)].count("\n") + 1

    def append(self, name: str, content: bytes) -> int:
        """Add a last line to a file; returns its number."""
        path = self.root / name
        text = path.read_bytes().rstrip(b"\n") + b"\n"
        path.write_bytes(text + content)
        return text.count(b"\n") + 1

    def packet(self) -> dict[str, str]:
        return contents(self.root / PACKET)


def contents(folder: Path) -> dict[str, str]:
    files = sorted(p for p in folder.rglob("*") if p.is_file())
    return {str(p.relative_to(folder)): hashlib.sha256(p.read_bytes()).hexdigest() for p in files}


@pytest.fixture(scope="module")
def rehearsed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project in which the month, of its first days alone, was rehearsed once."""
    root = tmp_path_factory.mktemp("rehearsed")
    for part in ("campaigns", "templates", "config"):
        shutil.copytree(ROOT / part, root / part)
    declare_alone(root)
    keep_days(root, 1, DAYS)
    assert main(["dry-run", "--project", str(root), "--season", "2027"]) in (0, 1)
    assert (root / PACKET / "index.html").is_file()
    return root


@pytest.fixture
def coordinator(tmp_path: Path, rehearsed: Path, capsys: pytest.CaptureFixture[str]) -> Coordinator:
    root = tmp_path / "project"
    shutil.copytree(rehearsed, root)
    return Coordinator(root, capsys)


# -- files that cannot be read ------------------------------------------------------------------------------------

#: Something that is written into the ledger.
SIGN = ("sign", "claim", "law-trafficking", "--opened", "--by", "Ada Example")

BROKEN = b'name = "no closing quotation mark\n'
NOT_UTF8 = "# Ren\u00e9\n".encode("cp1252")


@pytest.mark.parametrize(("content", "code"), [(BROKEN, "C001"), (NOT_UTF8, "C002")], ids=["TOML", "encoding"])
@pytest.mark.parametrize("command", ["dry-run", "check", "plan", "status"])
def test_a_campaign_that_cannot_be_read_is_named_by_its_line(
    coordinator: Coordinator, command: str, content: bytes, code: str
) -> None:
    """Without campaign.toml there is no plan: exit status 1, file, line and what to do; the earlier packet stays."""
    before = coordinator.packet()
    line = coordinator.append(f"{CAMPAIGN}/campaign.toml", content)
    said = coordinator.run(command)
    assert 1 == said.status
    assert f"{code} {CAMPAIGN}/campaign.toml:{line}" in said.words
    assert any(words in said.words for words in ("closing quotation mark", "choose UTF-8"))
    assert before == coordinator.packet()


@pytest.mark.parametrize("content", [BROKEN, NOT_UTF8], ids=["TOML", "encoding"])
@pytest.mark.parametrize("name", ["settings.toml", "channels.toml"])
def test_settings_that_cannot_be_read_are_a_matter_of_configuration(
    coordinator: Coordinator, name: str, content: bytes
) -> None:
    """Exit status 3, with the line; nothing runs on guessed settings, and the earlier packet stays."""
    before = coordinator.packet()
    line = coordinator.append(f"config/{name}", content)
    said = coordinator.run("dry-run")
    assert 3 == said.status
    assert f"config/{name}:{line}:" in said.err
    assert "What to do:" in said.err
    assert before == coordinator.packet()


@pytest.mark.parametrize(("content", "code"), [(BROKEN, "C001"), (NOT_UTF8, "C002")], ids=["TOML", "encoding"])
@pytest.mark.parametrize(
    "name",
    [f"{CAMPAIGN}/claims.toml", f"{CAMPAIGN}/contacts.toml", f"{CAMPAIGN}/hashtags.toml", "config/lint/house.toml"],
)
def test_records_that_cannot_be_read_stop_only_what_needs_them(
    coordinator: Coordinator, name: str, content: bytes, code: str
) -> None:
    """Exit status 1 and a red finding with the line; `check` still lists everything else, and ends."""
    line = coordinator.append(name, content)
    said = coordinator.run("check")
    assert 1 == said.status
    assert f"blocked   {code} {name}:{line}" in said.out
    assert "-> " in said.out
    assert "D201" in said.out, "the other findings are listed too"


@pytest.mark.parametrize(
    ("content", "code"), [(b"+++\nid = why\n+++\n", "C001"), (b"\xff\xfeW\x00", "C002")], ids=["TOML", "encoding"]
)
def test_an_item_that_cannot_be_read_takes_no_other_day_with_it(
    coordinator: Coordinator, content: bytes, code: str
) -> None:
    """All other days are rehearsed; the finding names the file."""
    (coordinator.root / FIRST_ITEM).write_bytes(content)
    said = coordinator.run("dry-run")
    assert 1 == said.status
    assert f"blocked   {code} {FIRST_ITEM}:" in said.out
    made = coordinator.packet()
    assert {"index.html", "posts/2027-01-02-x.txt", f"posts/2027-01-0{DAYS}-x.txt"} <= set(made)


# -- facts, words and help lines that do not hold -----------------------------------------------------------------


@pytest.mark.parametrize(
    ("find", "replace", "code", "words", "hole"),
    [
        (
            'now = ["',
            'now = ["no-such-claim", "',
            "C019",
            "no-such-claim, which is not in claims.toml",
            "emails/2027-01-06.eml",
        ),
        (
            "{{ number('forced-labour-2021",
            "{{ number('forced-labour-2012",
            "R004",
            "did you mean forced-labour-2021?",
            "posts/2027-01-06-x.txt",
        ),
    ],
    ids=["listed", "printed"],
)
def test_a_claim_that_does_not_exist(
    coordinator: Coordinator, find: str, replace: str, code: str, words: str, hole: str
) -> None:
    """It is named with its line, and the message that would have a hole is not made; all others are."""
    name = f"{CAMPAIGN}/items/06-how-many-people.md"
    line = coordinator.change(name, find, replace)
    said = coordinator.run("dry-run")
    assert 1 == said.status
    assert f"blocked   {code} {name}:{line}" in said.out
    assert words in said.out
    made = coordinator.packet()
    assert hole not in made
    assert {"index.html", hole.replace("01-06", "01-07")} <= set(made)


def test_a_comma_in_a_stored_source(coordinator: Coordinator) -> None:
    """A stored edition is kept byte for byte: one comma less, and it is not the file that was recorded."""
    name = "sources/proclamation-2014.txt"
    coordinator.change(f"{CAMPAIGN}/{name}", ", ", " ")
    said = coordinator.run("check")
    assert 1 == said.status
    assert f"blocked   C050 {CAMPAIGN}/sources.toml:" in said.out
    assert f"{name} is not the file that was recorded" in said.out
    assert "-> restore the file" in said.out


def test_a_comma_in_a_quotation(coordinator: Coordinator) -> None:
    """Words between quotation marks that are nearly those of a stored source, but not quite, are somebody's error."""
    name = f"{CAMPAIGN}/items/02-quote-social-fabric.md"
    quote = "{{ quote('proclamation-2014#P1.2') }}"
    source = (coordinator.root / CAMPAIGN / "sources" / "proclamation-2014.txt").read_text("utf-8")
    start = source.index("Slavery tears")
    sentence = source[start : source.index(".", start) + 1]
    assert "," in sentence
    post = "# Post\n\u201c"
    coordinator.change(name, post + quote, post + sentence.replace(",", "", 1))
    said = coordinator.run("check")
    assert 1 == said.status
    assert f"Q105 {name}:" in said.out


def test_a_help_line_that_nobody_has_verified_for_long(coordinator: Coordinator) -> None:
    """It blocks: `check --all` says which and since when, `arm` refuses and names it; the rehearsal shows it marked."""
    coordinator.change(f"{CAMPAIGN}/contacts.toml", "verified_on = 2026-07-13", "verified_on = 2020-07-13")
    said = coordinator.run("check", "--all")
    assert 1 == said.status
    assert "the newest evidence for hotline-phone is from 2020-07-13" in said.out
    assert "-> try it, or look it up at its own source" in said.out
    armed = coordinator.run("arm", "--by", "Ada Example")
    assert 1 == armed.status
    assert "Not armed" in armed.out
    assert "H106" in armed.out


# -- templates ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "code"), [("{{ nonsense }}", "R002"), (ENDLESS, "R006")], ids=["undefined", "endless"]
)
def test_a_text_that_cannot_be_worked_out(coordinator: Coordinator, text: str, code: str) -> None:
    """One message is missing, and its file and line are named; every other message of the month is made."""
    before = set(coordinator.packet())
    line = coordinator.change(FIRST_ITEM, "# Post\n", f"# Post\n{text}\n") + 1
    said = coordinator.run("dry-run")
    assert 1 == said.status
    assert f"blocked   {code} {FIRST_ITEM}:{line}" in said.out
    lost = before - set(coordinator.packet())
    assert {"cards/2027-01-01.png", "posts/2027-01-01-x.txt", "posts/2027-01-01-x.request.json"} == lost


@pytest.mark.parametrize(
    ("text", "code"), [("{{ nonsense }}", "R002"), (ENDLESS, "R006")], ids=["undefined", "endless"]
)
def test_a_shared_template_that_cannot_be_worked_out(coordinator: Coordinator, text: str, code: str) -> None:
    """One finding, not one a day; the posts, which do not use it, are all made."""
    line = coordinator.change("templates/email/base.html", "{{ body }}", text)
    said = coordinator.run("dry-run")
    assert 1 == said.status
    assert 1 == said.out.count(f"{code} ")
    assert f"blocked   {code} templates/email/base.html:{line}" in said.out
    assert f"{DAYS} X posts" in said.out


def test_when_no_message_at_all_can_be_made_the_earlier_packet_stays(coordinator: Coordinator) -> None:
    """An empty packet would help nobody, and would take the last good one away."""
    before = coordinator.packet()
    for name in ("templates/email/base.html", "templates/post/base.txt"):
        coordinator.change(name, "{{ body }}", "{{ nonsense }}")
    said = coordinator.run("dry-run")
    assert 1 == said.status
    assert "No message could be made. Nothing was written" in said.out
    assert "the name nonsense is not known here" in said.out
    assert before == coordinator.packet()
    assert 1 == coordinator.run("dry-run", "--json").status


def test_show_says_which_message_could_not_be_made(coordinator: Coordinator) -> None:
    """The email alone, without a word about the post, would look like all there is."""
    coordinator.change(FIRST_ITEM, "# Post\n", "# Post\n{{ nonsense }}\n")
    said = coordinator.run("show", "why-january")
    assert 1 == said.status
    assert "Subject: " in said.out
    assert "--- x, item why-january: the message could not be made" in said.out
    assert 1 == coordinator.run("show", "why-january", "--channel", "x").status


# -- names and numbers on the command line ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("command", "name"),
    [
        ("dry-run", "../secret"),
        ("dry-run", f"../campaigns/{NAME}"),
        ("dry-run", "/etc"),
        ("dry-run", "Secret"),
        ("check", "../secret"),
        ("plan", "../secret"),
        ("status", "../secret"),
        ("arm", "../secret"),
    ],
)
def test_a_campaign_is_named_never_pointed_to(coordinator: Coordinator, command: str, name: str) -> None:
    """Exit status 2; nothing outside campaigns/ is read, nothing is written anywhere."""
    shutil.copytree(coordinator.root / CAMPAIGN, coordinator.root / "secret")
    before = contents(coordinator.root.parent)
    said = coordinator.run(command, name)
    assert 2 == said.status
    assert f"{name!r} is not the name of a campaign" in said.err
    assert NAME in said.err, "it says what there is"
    assert before == contents(coordinator.root.parent)


@pytest.mark.parametrize(
    ("command", "year"),
    [
        ("dry-run", "1"),
        ("dry-run", "-2027"),
        ("dry-run", "999999999999"),
        ("check", "2099"),
        ("plan", "2099"),
        ("status", "2099"),
    ],
)
def test_a_season_outside_the_table_has_no_name(coordinator: Coordinator, command: str, year: str) -> None:
    """The month's name of that year is not known, so nothing is planned: exit status 2, and where to add it."""
    before = contents(coordinator.root.parent)
    said = coordinator.run(command, f"--season={year}")
    assert 2 == said.status
    assert f"no title for season {year}" in said.err
    assert f"add to {CAMPAIGN}/campaign.toml: [[titles]]" in said.err
    assert before == contents(coordinator.root.parent)


def test_a_season_that_is_no_year(coordinator: Coordinator) -> None:
    """Refused before anything is read."""
    said = coordinator.start("dry-run", "--season", "next")
    assert 2 == said.status
    assert "--season" in said.err


# -- a disk that refuses ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("number", "words"),
    [(errno.ENOSPC, "the disk is full"), (errno.EROFS, "cannot be written"), (errno.EACCES, "cannot be written")],
)
def test_a_packet_that_cannot_be_written(
    coordinator: Coordinator, monkeypatch: pytest.MonkeyPatch, number: int, words: str
) -> None:
    """In the middle of writing: exit status 1, the reason, another way, and the earlier packet is unchanged."""
    before = coordinator.packet()
    coordinator.change(
        "templates/email/base.html", "{{ body }}", "{{ body }}<p>.</p>"
    )  # what is the same is not written
    written, real = iter(range(10_000)), Path.write_bytes

    def refuse(path: Path, data: bytes) -> int:
        if next(written) > 20:
            raise OSError(number, os.strerror(number), str(path))
        return real(path, data)

    with monkeypatch.context() as patched:
        patched.setattr(Path, "write_bytes", refuse)
        said = coordinator.run("dry-run")
    assert 1 == said.status
    assert words in said.err
    assert "unchanged" in said.err
    assert "--out" in said.err
    assert before == coordinator.packet()
    assert [Path(PACKET).name] == os.listdir(coordinator.root / "build" / "dry-run"), "no half of a packet is left"


@pytest.mark.parametrize("words", [["plan", "--csv"], ["plan", "--ics"], ["review", "packet", "--out"]], ids=" ".join)
def test_a_file_that_cannot_be_written_leaves_the_one_before(
    coordinator: Coordinator, monkeypatch: pytest.MonkeyPatch, words: list[str], tmp_path: Path
) -> None:
    """The old file is replaced whole or not at all."""
    target = tmp_path / "named"
    target.write_text("the one before")

    def refuse(_path: Path, _data: bytes) -> int:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    with monkeypatch.context() as patched:
        patched.setattr(Path, "write_bytes", refuse)
        said = coordinator.run(*words, str(target))
    assert 1 == said.status
    assert f"the disk is full; {target} was not written; the file that was there is unchanged" in said.err
    assert "the one before" == target.read_text()
    assert coordinator.run(*words, str(target)).out
    assert "the one before" != target.read_text()


@pytest.mark.parametrize("target", ["nowhere/calendar.csv", "config"])
def test_a_calendar_that_has_no_place(coordinator: Coordinator, target: str) -> None:
    """A folder that is not there, or a folder in the file's place: words, exit status 1."""
    said = coordinator.run("plan", "--csv", str(coordinator.root / target))
    assert 1 == said.status
    assert "could not be written" in said.err
    assert "What to do: name another file." in said.err


def test_a_file_that_the_system_refuses_unforeseen(coordinator: Coordinator, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where no part has words of its own, the command line still has: the file, the reason, what to do."""

    def refuse(*_: object) -> None:
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), "/some/file")

    monkeypatch.setattr("scheduler.project.Project.campaign_id", refuse)
    said = coordinator.run("check")
    assert 1 == said.status
    assert "/some/file: Permission denied" in said.err
    assert "What to do:" in said.err


def test_a_terminal_without_the_signs_prints_what_it_can(coordinator: Coordinator) -> None:
    """A console of another encoding gets question marks in place of the squares, and all the words."""
    said = coordinator.start("dry-run", PYTHONIOENCODING="ascii")
    assert 1 == said.status
    assert "NOTHING WAS SENT" in said.out
    assert "? blocked" in said.out


Disk = Callable[[str, int], Path]


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Disk]:
    """Small disks in memory, which only the system's administrator may make."""
    mounted: list[Path] = []

    def make(name: str, kib: int) -> Path:
        place = tmp_path / name
        place.mkdir()
        command = ["mount", "-t", "tmpfs", "-o", f"size={kib}k", "tmpfs", str(place)]
        if not hasattr(os, "geteuid") or os.geteuid() != 0 or not shutil.which("mount"):
            pytest.skip("the right to mount a disk in memory may be absent")
        if subprocess.run(command, capture_output=True, check=False).returncode:
            pytest.skip("the right to mount a disk in memory may be absent")
        mounted.append(place)
        return place

    yield make
    for place in mounted:
        subprocess.run(["umount", "-l", str(place)], capture_output=True, check=False)


def fill(place: Path, leave_kib: int = 0) -> None:
    """Use up the disk, but for ``leave_kib``."""
    free = os.statvfs(place)
    with (place / "filler").open("wb", buffering=0) as file:
        left = free.f_bavail * free.f_frsize - leave_kib * 1024
        while left > 0 and (written := _write(file.fileno(), min(left, 65536))):
            left -= written


def _write(descriptor: int, size: int) -> int:
    try:
        return os.write(descriptor, b"x" * size)
    except OSError:
        return 0


def test_a_full_disk_keeps_the_packet_of_an_earlier_run(coordinator: Coordinator, disk: Disk) -> None:
    """The new packet is written beside the old one; when there is no room for both, the old one stays."""
    out = disk("full", 5_000) / "packet"
    first = coordinator.run("dry-run", "--out", str(out))
    assert "NOTHING WAS SENT" in first.out
    before = contents(out)
    fill(out.parent, leave_kib=100)
    coordinator.change(
        "templates/email/base.html", "{{ body }}", "{{ body }}<p>.</p>"
    )  # what is the same is not written
    said = coordinator.run("dry-run", "--out", str(out))
    assert 1 == said.status
    assert "the disk is full" in said.err
    assert "unchanged" in said.err
    assert before == contents(out)
    assert ["filler", "packet"] == sorted(p.name for p in out.parent.iterdir())


def test_a_full_disk_keeps_what_the_ledger_had(coordinator: Coordinator, disk: Disk) -> None:
    """Exit status 4 and words; with room again, all that was written is there. What `start` does: tests/crash."""
    place = disk("full", 5_000)
    ledger = {"OBSERVANCE_DATABASE__URL": f"sqlite:///{place}/ledger.db"}
    assert 0 == coordinator.start("hold", "--reason", "the first", "--by", "Ada Example", **ledger).status
    fill(place)
    for command in (SIGN, ("hold", "--reason", "the second")):
        said = coordinator.start(*command, **ledger)
        assert 4 == said.status, said
        assert "disk" in said.err
        assert "What to do:" in said.err
    (place / "filler").unlink()
    said = coordinator.start("status", **ledger)
    assert "the first" in said.out
    assert "the second" not in said.out


def test_a_full_disk_makes_no_half_of_a_project(coordinator: Coordinator, disk: Disk) -> None:
    """`init` leaves nothing where it could not write everything."""
    place = disk("full", 200)
    said = coordinator.run("init", str(place / "mine"))
    assert 1 == said.status
    assert "the disk is full" in said.err
    assert {} == contents(place)


def test_a_disk_that_can_only_be_read(coordinator: Coordinator, disk: Disk) -> None:
    """Each command that would write says so; what is on the disk can still be rehearsed to another place."""
    place = disk("read-only", 5_000)
    project = place / "project"
    shutil.copytree(coordinator.root, project, ignore=shutil.ignore_patterns("build"))
    subprocess.run(["mount", "-o", "remount,ro", str(place)], check=True)
    there = Coordinator(project, coordinator.capture)
    said = there.run("dry-run")
    assert 1 == said.status
    assert "cannot be written: Read-only file system" in said.err
    assert "--out" in said.err
    for command in (SIGN, ("start", "--no-web")):
        said = there.start(*command)
        assert 4 == said.status, said
        assert "Read-only file system" in said.err
        assert "What to do:" in said.err
    written = there.run("plan", "--write")
    assert 3 == written.status
    assert "plan-2027.toml" in written.err
    assert "NOTHING WAS SENT" in there.run("dry-run", "--out", str(coordinator.root / "elsewhere")).out
    assert 1 == there.run("init", str(place / "new")).status


# -- ports --------------------------------------------------------------------------------------------------------


@pytest.fixture
def taken_port() -> Iterator[int]:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        yield listener.getsockname()[1]


@pytest.mark.parametrize(
    ("option", "provider"), [("--x-port", "X"), ("--sendgrid-port", "SendGrid"), ("--smtp-port", "SMTP")]
)
def test_the_sandbox_says_which_port_is_taken(
    coordinator: Coordinator, taken_port: int, option: str, provider: str
) -> None:
    """Exit status 2, the port, whose it would have been, and how to take another."""
    ports = {"--x-port": 0, "--sendgrid-port": 0, "--smtp-port": 0, "--smtp-pages-port": 0, option: taken_port}
    said = coordinator.start("sandbox", *(f"{name}={port}" for name, port in ports.items()))
    assert 2 == said.status
    assert f"port {taken_port} for the stand-in of {provider} is taken by another program" in said.err
    assert f"{option} N; port 0 takes a free one" in said.err


@pytest.mark.parametrize("port", ["70000", "-1"])
def test_the_sandbox_knows_what_a_port_is(coordinator: Coordinator, port: str) -> None:
    """A number that is no port is not somebody else's fault."""
    said = coordinator.start(
        "sandbox", f"--x-port={port}", "--sendgrid-port", "0", "--smtp-port", "0", "--smtp-pages-port", "0"
    )
    assert 2 == said.status
    assert "cannot be used" in said.err
    assert "name a port from 1024 to 65535" in said.err


def test_start_says_that_the_port_is_taken_and_starts_nothing(coordinator: Coordinator, taken_port: int) -> None:
    """Without its pages readers could not leave: nothing is sent, and the way on is said."""
    said = coordinator.start("start", "--port", str(taken_port))
    assert 2 == said.status
    assert f"port {taken_port} on 127.0.0.1 is taken by another program" in said.err
    assert "nothing was started" in said.err
    assert "--port N" in said.err
    assert not (coordinator.root / "var" / "rehearsal").exists()


@pytest.mark.parametrize(("option", "value"), [("--port", "99999"), ("--port", "-1"), ("--host", "203.0.113.9")])
def test_start_serves_nowhere_else_than_asked(coordinator: Coordinator, option: str, value: str) -> None:
    """A port that is none is not rounded to another one; an address of another machine is refused."""
    said = coordinator.start("start", f"{option}={value}")
    assert 2 == said.status
    assert "no place on this machine" in said.err
    assert "What to do:" in said.err
