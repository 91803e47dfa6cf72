"""Processes killed with SIGKILL between a reader's form and the letter, at every commit: none lost, none doubled."""

from __future__ import annotations

import json
import os
import signal
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from scheduler.domain.transactional_email import LettersStanding
from scheduler.engine.transactional_mail import IN_DOUBT_AFTER
from tests.crash.forks import Forks
from tests.crash.letters import NOW, act, open_at

#: An act, and where in it the process is killed.
Died = Callable[[str, str], None]

pytestmark = pytest.mark.skipif(os.name != "posix", reason="this system knows no SIGKILL")


@pytest.fixture
def died_at(forks: Forks, tmp_path: Path) -> Died:
    """A process of its own does it, and is killed there."""

    def die(what: str, where: str) -> None:
        assert -signal.SIGKILL == forks.run("letters", tmp_path, what, where, NOW.isoformat())

    return die


def done(folder: Path, what: str, after: timedelta = timedelta(0)) -> None:
    """The same to its end; what matters here is that nothing is kept but the folder."""
    act(folder, what, "", NOW + after)


def sent(folder: Path) -> list[str]:
    """The letters that the mail's way has, by their kinds."""
    memory = folder / "provider.jsonl"
    return [json.loads(line)["send_id"] for line in memory.read_text().splitlines()] if memory.exists() else []


def standing(folder: Path) -> LettersStanding:
    ledger = open_at(folder)
    try:
        return ledger.transactional_emails.status()
    finally:
        ledger.close()


@pytest.mark.parametrize(("asks", "kinds"), [("ask", ["confirm"]), ("confirm", ["confirm", "welcome"])])
def test_a_process_that_dies_after_the_form_loses_no_letter(
    died_at: Died, tmp_path: Path, asks: str, kinds: list[str]
) -> None:
    """Between asking and sending: the next process sends it, once."""
    if asks == "confirm":
        done(tmp_path, "ask")
        done(tmp_path, "send")
        died_at("confirm", "after_confirm_commit")
    else:
        died_at("ask", "after_sign_up_commit")
    done(tmp_path, "send")
    done(tmp_path, "send", timedelta(hours=20))
    assert kinds == sent(tmp_path)


def test_a_form_that_was_not_written_down_asks_for_nothing(died_at: Died, tmp_path: Path) -> None:
    """Neither reader nor letter: whoever gets no answer fills it in again."""
    died_at("ask", "before_sign_up_commit")
    done(tmp_path, "send")
    assert [] == sent(tmp_path)
    done(tmp_path, "ask")
    done(tmp_path, "send")
    assert ["confirm"] == sent(tmp_path)


def test_a_letter_that_was_not_marked_yet_goes(died_at: Died, tmp_path: Path) -> None:
    """Before the mark is committed no call was made."""
    done(tmp_path, "ask")
    died_at("send", "before_letter_taken_commit")
    done(tmp_path, "send")
    assert ["confirm"] == sent(tmp_path)


@pytest.mark.parametrize(
    ("where", "had"),
    [
        ("after_letter_taken_commit", []),
        ("after_call", ["confirm"]),
        ("before_letter_ended_commit", ["confirm"]),
    ],
)
def test_a_letter_in_doubt_is_not_sent_again(died_at: Died, tmp_path: Path, where: str, had: list[str]) -> None:
    """Nobody can tell these three apart afterwards: it is in doubt, and stays so."""
    done(tmp_path, "ask")
    died_at("send", where)
    for after in (timedelta(0), IN_DOUBT_AFTER, timedelta(hours=20)):
        done(tmp_path, "send", after)
    assert had == sent(tmp_path)
    assert LettersStanding(unknown=1) == standing(tmp_path)


def test_a_letter_that_was_settled_is_not_in_doubt(died_at: Died, tmp_path: Path) -> None:
    """Killed right after it was written down."""
    done(tmp_path, "ask")
    died_at("send", "after_letter_ended_commit")
    done(tmp_path, "send", timedelta(hours=1))
    assert ["confirm"] == sent(tmp_path)
    assert LettersStanding() == standing(tmp_path)
