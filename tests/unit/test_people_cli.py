"""``people``: who may sign in, from the command line, as a newcomer types it."""

from __future__ import annotations

import io
import json
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from scheduler.cli.main import main
from scheduler.cli.running import words_for_the_first_person
from scheduler.store import Ledger, open_ledger

ROOT = Path(__file__).parents[2]
WORDS = "lantern oyster ribbon nine"


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for part in ("campaigns", "templates", "config"):
        shutil.copytree(ROOT / part, tmp_path / part)
    monkeypatch.setenv("OBSERVANCE_PROJECT", str(tmp_path))
    monkeypatch.setenv("OBSERVANCE_PRETEND_NOW", "2027-01-11T15:00:00+00:00")
    monkeypatch.setenv("OBSERVANCE_PUBLIC_URL", "https://news.harbour.internal/january")
    return tmp_path


@pytest.fixture
def ledger(project: Path) -> Iterator[Ledger]:
    made = open_ledger(f"sqlite:///{project}/var/observance.db", address_hash=lambda text: text[:64])
    yield made
    made.close()


def type_(*words: str) -> int:
    return main(["people", *words])


def test_the_first_coordinator_gets_a_link(ledger: Ledger, capsys: pytest.CaptureFixture[str]) -> None:
    """Two commands; the link leads to the public address, and to this machine; it signs in who it is for."""
    assert 0 == type_("list")
    assert "people add" in capsys.readouterr().out
    assert 0 == type_("add", "Ada Example", "--role", "Coordinator", "--by", "Bo")
    assert 'people link "Ada Example"' in capsys.readouterr().out
    assert 0 == type_("link", "ada example")
    said = capsys.readouterr().out
    found = re.search(r"https://news\.harbour\.internal/january/sign-in/([\w-]{43})\n", said)
    assert found is not None
    assert f"http://127.0.0.1:8080/january/sign-in/{found[1]}" in said
    from datetime import datetime

    from scheduler.clock import ShiftedClock

    now = ShiftedClock(datetime.fromisoformat("2027-01-11T15:00:00+00:00")).now()
    token = ledger.accounts.use_sign_in_link(found[1], now=now)
    session = ledger.accounts.session_of(token or "", now=now)
    assert session is not None
    assert ("Ada Example", "coordinator", "Bo") == (
        session.person.name,
        session.person.role,
        session.person.created_by,
    )


def test_start_says_how_the_first_person_gets_in_until_one_can(ledger: Ledger) -> None:
    """With commands that there are; not any more once somebody can sign in, and again when nobody can."""
    said = words_for_the_first_person(ledger)
    assert ["add", "link"] == re.findall(r"observance people (\w+)", said)
    type_("add", "YOUR NAME", "--role", "coordinator")
    assert "" == words_for_the_first_person(ledger)
    type_("remove", "YOUR NAME")
    assert said == words_for_the_first_person(ledger)


@pytest.mark.parametrize(
    ("words", "status", "said"),
    [
        (("add", "Ada Example", "--role", "queen"), 2, "there is no role 'queen'"),
        (("add", "ada@readers.test", "--role", "deputy"), 2, "a name, not an address"),
        (("add", "  ", "--role", "deputy"), 2, "a name"),
        (("link", "Nobody"), 2, "there is nobody called 'Nobody'"),
        (("sign-out", "Nobody"), 2, "there is nobody called 'Nobody'"),
        (("remove", "Nobody"), 2, "there is nobody called 'Nobody'"),
    ],
)
def test_what_cannot_be_done_says_what_to_do(
    ledger: Ledger, capsys: pytest.CaptureFixture[str], words: tuple[str, ...], status: int, said: str
) -> None:
    """And changes nothing."""
    assert status == type_(*words)
    errors = capsys.readouterr().err
    assert said in errors
    assert "What to do:" in errors
    assert () == ledger.accounts.all()


def test_a_name_is_given_once_and_comes_back_after_it_was_removed(
    ledger: Ledger, capsys: pytest.CaptureFixture[str]
) -> None:
    """Another role takes two steps, so that nobody gets one by a slip."""
    type_("add", "Ada Example", "--role", "deputy")
    assert 2 == type_("add", "ada example", "--role", "coordinator")
    assert 0 == type_("remove", "Ada Example")
    assert 2 == type_("link", "Ada Example")
    assert "may not sign in any more" in capsys.readouterr().err
    assert 0 == type_("add", "Ada Example", "--role", "coordinator")
    assert ["coordinator"] == [p.role for p in ledger.accounts.all()]


def test_a_password_comes_from_a_pipe_and_is_never_said(
    ledger: Ledger, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Too short a one is refused; the right one signs in; none is printed."""
    type_("add", "Ada Example", "--role", "coordinator")
    monkeypatch.setattr("sys.stdin", io.StringIO("short\n"))
    assert 2 == type_("password", "Ada Example")
    assert not ledger.accounts.all()[0].has_password
    monkeypatch.setattr("sys.stdin", io.StringIO(f"{WORDS}\n"))
    assert 0 == type_("password", "Ada Example")
    said = capsys.readouterr()
    assert WORDS not in said.out + said.err
    at = ledger.accounts.all()[0].created_at
    assert None is not ledger.accounts.sign_in("Ada Example", WORDS, network="n", now=at)


def test_the_list_is_for_machines_too(ledger: Ledger, capsys: pytest.CaptureFixture[str]) -> None:
    """Names and roles; nothing to sign in with."""
    type_("add", "Ada Example", "--role", "coordinator", "--by", "Bo")
    type_("sign-out", "Ada Example")
    capsys.readouterr()
    assert 0 == type_("list", "--json")
    (one,) = json.loads(capsys.readouterr().out)
    assert {
        "name": "Ada Example",
        "role": "coordinator",
        "password": False,
        "last_look_at": None,
        "added_by": "Bo",
    } == one
    assert 0 == type_("list")
    assert re.search(r"Ada Example +coordinator +no +never", capsys.readouterr().out)
