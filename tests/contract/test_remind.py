"""`review remind`: one mail with a new link to one person, by each way that mails take, and what it leaves behind."""

from __future__ import annotations

import io
import json
import os
import re
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import redirect_stderr, redirect_stdout
from datetime import UTC, datetime
from pathlib import Path
from unittest import mock

import pytest

from scheduler.channels.contract.faults import Act, Fault
from scheduler.channels.registry import spec_of
from scheduler.channels.sendgrid.simulator import SENDGRID_KEY, SendGridDouble
from scheduler.channels.smtp.smtp_talk import SmtpDouble
from scheduler.channels.spec import ChannelContext
from scheduler.channels.staff_mail import Note
from scheduler.cli.main import main
from scheduler.errors import ObservanceError
from scheduler.store import open_ledger
from scheduler.wiring import load_settings
from tests.support.reading_site import CAMPAIGN, ROOT, SEASON, SMALL

NOWHERE = "http://127.0.0.1:9"
ADDRESS = "ben.private@board.test"
LINK = re.compile(r"https://news\.safe-week\.internal/r/[A-Za-z0-9_-]{43}")
AT = "2026-12-20T12:00:00-05:00"
NOW = datetime(2026, 12, 20, 17, tzinfo=UTC)


class Desk:
    """A project of its own and the command line, with the mail going to a stand-in."""

    def __init__(self, root: Path, **more: str) -> None:
        shutil.copytree(SMALL, root, dirs_exist_ok=True)
        shutil.copytree(ROOT / "templates", root / "templates")
        shutil.copytree(ROOT / "config" / "lint", root / "config" / "lint")
        self.root = root
        self.environment = {
            **{k: v for k, v in os.environ.items() if not k.startswith("OBSERVANCE_")},
            "OBSERVANCE_PROJECT": str(root),
            "OBSERVANCE_PRETEND_NOW": AT,
            "OBSERVANCE_MODE": "live",
            "OBSERVANCE_PUBLIC_URL": "https://news.safe-week.internal",
            "OBSERVANCE_SENDGRID_API_KEY": SENDGRID_KEY,
            "OBSERVANCE_CHANNELS__X__BASE_URL": NOWHERE,
            "OBSERVANCE_CHANNELS__EMAIL__BASE_URL": NOWHERE,
            **{f"OBSERVANCE_{name}": value for name, value in more.items()},
        }

    def run(self, *arguments: str) -> tuple[int, str]:
        out = io.StringIO()
        with mock.patch.dict(os.environ, self.environment, clear=True), redirect_stdout(out), redirect_stderr(out):
            try:
                status = main(list(arguments))
            except SystemExit as end:  # argparse
                status = int(end.code or 0)
        return status, out.getvalue()

    def invite(self) -> str:
        """Ben's first token."""
        status, said = self.run("review", "invite", "Ben Example", "--role", "fact-reviewer")
        assert 0 == status, said
        return token_in(said)

    def remind(self, *more: str) -> tuple[int, str]:
        return self.run("review", "remind", "Ben Example", "--email", ADDRESS, *more)

    def opens(self, token: str) -> bool:
        ledger = open_ledger(f"sqlite:///{self.root / 'var' / 'observance.db'}", address_hash=str)
        try:
            return ledger.invitations.find(token, now=NOW) is not None
        finally:
            ledger.close()

    def everything_kept(self) -> str:
        """The database and every file under var, as text."""
        file = self.root / "var" / "observance.db"
        with sqlite3.connect(file) as connection:
            kept = "\n".join(connection.iterdump())
        connection.close()
        return kept + "".join(p.read_text(errors="replace") for p in (self.root / "var").rglob("*.json"))


def token_in(text: str) -> str:
    (link,) = LINK.findall(text)
    return str(link).rpartition("/")[2]


Ways = tuple[Desk, SendGridDouble | SmtpDouble]


@pytest.fixture(params=["sendgrid", "smtp"])
def way(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Ways]:
    if request.param == "sendgrid":
        with SendGridDouble(api_key=SENDGRID_KEY) as sendgrid:
            yield Desk(tmp_path, CHANNELS__EMAIL__BASE_URL=sendgrid.base_url), sendgrid
        return
    with SmtpDouble() as smtp:
        settings = {"CHANNELS__EMAIL__TRANSPORT": "smtp", "CHANNELS__EMAIL__STARTTLS": "false"}
        yield Desk(tmp_path, CHANNELS__EMAIL__BASE_URL=smtp.base_url, **settings), smtp


def mails(double: SendGridDouble | SmtpDouble) -> list[tuple[str, str, str]]:
    """(address, subject, text) of each mail that was taken."""
    return [(m.readers[0], m.subject, m.text) for m in double.mails]


def test_one_mail_with_a_new_link_goes_to_one_person(way: Ways) -> None:
    """It says how much waits, as what, and until when; its link works, and the one from before no longer does."""
    desk, double = way
    old = desk.invite()
    status, said = desk.remind()
    assert 0 == status, said
    assert "on its way to Ben Example" in said
    assert not LINK.search(said), "whoever sees the screen does not need it"
    ((address, subject, text),) = mails(double)
    assert ADDRESS == address
    assert "Something waits for you to read" == subject, "it names no cause"
    text = " ".join(text.split())
    assert "as fact reviewer. 5 items wait for you." in text
    assert "works until Friday, January 15, 2027, 11:59 PM (New York)" in text
    assert desk.opens(token_in(text))
    assert not desk.opens(old)


def test_the_address_and_the_link_are_kept_nowhere(way: Ways) -> None:
    """Not in the database, the history, a file, or what is printed; that a reminder went is."""
    desk, double = way
    desk.invite()
    _, said = desk.remind()
    ((_, _, text),) = mails(double)
    token = token_in(text)
    kept = desk.everything_kept()
    for secret in (ADDRESS, "ben.private", token):
        assert secret not in kept
        assert secret not in said
    assert "reminder.sent" in kept


def test_it_is_no_mail_of_a_list_and_follows_nobody(way: Ways) -> None:
    """There is no list to leave by it, so nothing pretends that there is."""
    desk, double = way
    desk.invite()
    desk.remind()
    if isinstance(double, SmtpDouble):
        (letter,) = double.mails
        names = {name.lower() for name in letter.parsed}
        assert not {name for name in names if name.startswith("list-")}
        assert "auto-submitted" in names
        assert "hello@safe-week.test" == str(letter.parsed["Reply-To"])
    else:
        (mail,) = double.mails
        assert not [name for name in mail.envelopes[0].headers if name.lower().startswith("list-")]
        # The stand-in takes every mail for one of a list. It finds nothing else, such as tracking.
        assert ("a mail cannot be left with one click (RFC 8058)",) == mail.warnings


@pytest.mark.parametrize(
    ("fault", "word"), [(Fault(Act.REFUSE, status=400), "was not sent"), (Fault(Act.DROP_AFTER), "may not have")]
)
def test_when_it_did_not_go_the_new_link_is_shown(tmp_path: Path, fault: Fault, word: str) -> None:
    """Else nobody would have one: the old one has ended. A doubt is called one."""
    with SendGridDouble(api_key=SENDGRID_KEY, faults=[fault]) as sendgrid:
        desk = Desk(tmp_path, CHANNELS__EMAIL__BASE_URL=sendgrid.base_url)
        desk.invite()
        status, said = desk.remind()
    assert 1 == status
    assert word in said
    assert desk.opens(token_in(said))
    assert ADDRESS not in desk.everything_kept()


def test_in_a_rehearsal_nothing_leaves_and_the_old_link_stays(tmp_path: Path) -> None:
    """The mail is printed and recorded, with neither a link nor the address in it."""
    desk = Desk(tmp_path, MODE="rehearsal")
    old = desk.invite()
    status, said = desk.remind()
    assert 0 == status, said
    assert "REHEARSAL: nothing was sent" in said
    assert "5 items wait for you" in said
    assert not LINK.search(said)
    assert desk.opens(old)
    (record,) = (tmp_path / "var" / "rehearsal").glob("reminder-*.json")
    assert "5 items wait for you" in record.read_text()
    assert ADDRESS not in desk.everything_kept()


def test_it_can_be_looked_at_first(way: Ways) -> None:
    """With --show nothing goes, and no link ends; an address is not needed."""
    desk, double = way
    old = desk.invite()
    status, said = desk.run("review", "remind", "Ben Example", "--show")
    assert (0, []) == (status, mails(double))
    assert "Subject: Something waits for you to read" in said
    assert desk.opens(old)


def test_a_hold_holds_it_too(way: Ways) -> None:
    """Stopping at once stops this as well; the old link works on."""
    desk, double = way
    old = desk.invite()
    desk.run("hold", "--reason", "a news story", "--by", "Ada")
    status, said = desk.remind()
    assert 1 == status
    assert "is on hold (a news story)" in said
    assert [] == mails(double)
    assert desk.opens(old)


@pytest.mark.parametrize("address", ["no address", "a@b@c", "x@y.test\r\nBcc: z@y.test", ""])
def test_what_is_no_address_ends_no_link(tmp_path: Path, address: str) -> None:
    """It is refused before anything is done."""
    desk = Desk(tmp_path)
    old = desk.invite()
    status, _ = desk.run("review", "remind", "Ben Example", "--email", address)
    assert status in (1, 2)
    assert desk.opens(old)


def test_who_is_waited_for_is_listed(tmp_path: Path) -> None:
    """Without a name: each invited person with what waits, and the next step; never invited is an error in words."""
    desk = Desk(tmp_path)
    assert (0, "Nobody who was invited is waited for.\n") == desk.run("review", "remind")
    desk.invite()
    status, said = desk.run("review", "remind")
    assert 0 == status
    assert "Ben Example (fact reviewer): 5 items" in said
    assert [{"name": "Ben Example", "role": "fact-reviewer", "items": 5}] == json.loads(
        desk.run("review", "remind", "--json")[1]
    )
    status, said = desk.run("review", "remind", "Bet Example", "--email", ADDRESS)
    assert 2 == status
    assert "nobody called 'Bet Example' was invited" in said


def test_an_expired_reader_can_be_reminded(way: Ways) -> None:
    """That is when it is needed most."""
    desk, double = way
    desk.invite()
    desk.environment["OBSERVANCE_PRETEND_NOW"] = "2027-01-03T12:00:01-05:00"
    status, said = desk.remind("--expires", "2d")
    assert 0 == status, said
    assert 1 == len(mails(double))


def test_a_subject_cannot_smuggle_a_header(tmp_path: Path) -> None:
    """Nor can an address; whichever way it goes."""
    desk = Desk(tmp_path)
    settings = load_settings(desk.root, {})
    channel = settings.channels["email"]
    context = ChannelContext(spec_of(channel), channel, settings.secrets)
    for to, subject in (("a@b.test\r\nBcc: c@d.test", "x"), ("a@b.test, c@d.test", "x")):
        with pytest.raises(ObservanceError):
            context.build_note(Note(to, subject, "x"), settings.organisation, send_id="x")
    assert (CAMPAIGN, SEASON) == ("safe-week", 2027)
