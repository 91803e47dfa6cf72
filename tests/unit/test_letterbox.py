"""Letters: at most once each, none while a hold is in force, and none whose words are wrong."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from scheduler.domain.letters import LetterKind
from scheduler.engine import letterbox
from scheduler.engine.letterbox import MOST_TRIES, PATIENCE, Letter
from scheduler.ports import Outcome, OutcomeKind, Recipient
from tests.unit.public_factory import ADDRESS, NOW, ReadersSite

LATER = Outcome(OutcomeKind.LATER, detail="not sent: no connection")


@pytest.fixture
def site(tmp_path: Path) -> Iterator[ReadersSite]:
    made = ReadersSite(tmp_path)
    yield made
    made.close()


def tries(site: ReadersSite, *, hours: int = 48) -> int:
    """How often the mail house was called within that time, looking every minute."""
    before = len(site.house.requests)
    end = site.clock.now() + timedelta(hours=hours)
    while (next_at := site.app.letters.work_off()) is not None and next_at <= end:
        site.clock.jump(next_at)
    return len(site.house.requests) - before


def told(site: ReadersSite) -> list[tuple[str, str]]:
    """What the history says of letters, oldest first."""
    return [(e.kind, str(e.data["why"])) for e in reversed(site.ledger.events()) if e.kind.startswith("letter.")]


@pytest.mark.parametrize(
    ("script", "calls", "history"),
    [
        ([], 1, []),
        ([Outcome(OutcomeKind.UNKNOWN, detail="no answer")], 1, [("letter.unknown", "no answer")]),
        ([Outcome(OutcomeKind.FINAL, detail="400: refused")], 1, [("letter.not-sent", "400: refused")]),
        ([LATER], 2, []),
        ([LATER] * (MOST_TRIES + 5), MOST_TRIES, [("letter.not-sent", "not sent: no connection")]),
        ([LATER, Outcome(OutcomeKind.UNKNOWN, detail="no answer")], 2, [("letter.unknown", "no answer")]),
        ([ConnectionResetError(ADDRESS)], 1, [("letter.unknown", "the channel's code failed (ConnectionResetError)")]),
    ],
    ids=["accepted", "unknown", "refused", "later, then accepted", "later again and again", "later, then unknown", "crash"],
)
def test_only_what_certainly_did_not_go_is_tried_again(
    site: ReadersSite, script: list[Outcome | Exception], calls: int, history: list[tuple[str, str]]
) -> None:
    """A letter that may have gone is never sent a second time; what did not go is in the history, by the reader's id."""
    site.house.script = list(script)
    site.fill_in()
    assert calls == tries(site)
    assert history == told(site)


def test_a_provider_is_not_asked_again_before_it_says(site: ReadersSite) -> None:
    """Its own time, and a minute at least."""
    site.house.script = [Outcome(OutcomeKind.LATER, detail="429", retry_at=NOW + timedelta(minutes=20))]
    site.fill_in()
    assert NOW + timedelta(minutes=20) == site.app.letters.work_off()
    site.house.script = [LATER]
    site.clock.advance(timedelta(minutes=20))
    assert site.clock.now() + timedelta(minutes=1) == site.app.letters.work_off()


@pytest.mark.parametrize("channel", ["*", "email"])
def test_a_hold_keeps_letters_back_too(site: ReadersSite, channel: str) -> None:
    """A help line that is out of order stands in a letter as well. What waits goes when the hold is lifted."""
    site.ledger.hold(channel, who="Ada", why="a wrong number", now=NOW)
    site.fill_in()
    assert 0 == tries(site, hours=23)
    site.ledger.release(channel, who="Ada", now=site.clock.now())
    assert 1 == tries(site)
    assert [] == told(site)


def test_a_hold_of_another_channel_does_not(site: ReadersSite) -> None:
    """Posts may be held while people sign up."""
    site.ledger.hold("x", who="Ada", why="a storm", now=NOW)
    site.fill_in()
    assert 1 == tries(site, hours=0)


def test_a_letter_does_not_wait_for_ever(site: ReadersSite) -> None:
    """After a day of a hold it is given up, and the history says so."""
    site.ledger.hold("*", who="Ada", why="a storm", now=NOW)
    site.fill_in()
    assert 0 == tries(site, hours=int(PATIENCE / timedelta(hours=1)) + 1)
    assert [("letter.not-sent", "a hold was in force for a day")] == told(site)
    assert site.app.letters.work_off() is None


@pytest.mark.parametrize(
    ("find", "instead", "why"),
    [
        ("Somebody, we hope you,", "Call 1-888-555-0100. Somebody", "H104"),
        ("Somebody, we hope you,", "Somebody {{ nobody }}", "R002"),
        ("+++\n", "", "C060"),
    ],
    ids=["a number that is no record", "a name that is not known", "no front matter"],
)
def test_a_letter_whose_words_are_wrong_does_not_go(site: ReadersSite, find: str, instead: str, why: str) -> None:
    """The checks are run right before it would; the reason is in the history, for the coordinator."""
    path = site.root / "templates" / "letters" / "confirm.md"
    path.write_text(path.read_text("utf-8").replace(find, instead, 1), "utf-8")
    site.fill_in()
    assert 0 == tries(site)
    ((kind, said),) = told(site)
    assert ("letter.not-sent", True) == (kind, said.startswith(why))


def test_what_was_put_right_counts_at_once(site: ReadersSite) -> None:
    """A file is read when a letter is made, without a restart."""
    path = site.root / "templates" / "letters" / "confirm.md"
    path.write_text(path.read_text("utf-8").replace('subject = "Please', 'subject = "Now, please', 1), "utf-8")
    site.fill_in()
    (mail,) = site.letters()
    assert mail.subject.startswith("Now, please")


def test_a_reader_whose_record_is_unusable_keeps_no_neighbour(site: ReadersSite) -> None:
    """One that cannot be built is told of, and the next goes."""
    site.app.letters.post(Letter(LetterKind.WELCOME, Recipient("bad", "no address", "", "https://x.test/u/1")))
    site.fill_in()
    assert 1 == tries(site)
    ((_, why),) = told(site)
    assert "cannot go to this reader" in why
    assert "no address" not in why


def test_a_flood_ends_in_the_box(site: ReadersSite, monkeypatch: pytest.MonkeyPatch) -> None:
    """So many may wait, and no more."""
    monkeypatch.setattr(letterbox, "MOST_WAITING", 3)
    for n in range(5):
        site.app.letters.post(Letter(LetterKind.CONFIRM, site.project.own_links("x", f"{n:032x}", token="t" * 43)))
    assert 3 == len(site.app.letters._waiting)


def test_what_waits_goes_before_the_program_ends(site: ReadersSite) -> None:
    """The thread sends what is due, and stops; nothing is taken afterwards."""
    site.app.letters.by_hand = False
    site.fill_in()
    site.app.close()
    assert [ADDRESS] == [mail.to for mail in site.house.mails]
    site.fill_in("late@readers.example")
    site.app.close()
    assert [ADDRESS] == [mail.to for mail in site.house.mails]


def test_the_history_holds_no_address(site: ReadersSite) -> None:
    """A reader is an id in it."""
    site.house.script = [Outcome(OutcomeKind.FINAL, detail="400")]
    site.fill_in()
    tries(site)
    (event,) = [e for e in site.ledger.events() if e.kind == "letter.not-sent"]
    reader = site.ledger.find_reader(ADDRESS)
    assert reader is not None
    assert reader.id == event.data["subscriber"]
    assert "@" not in json.dumps(dict(event.data))
