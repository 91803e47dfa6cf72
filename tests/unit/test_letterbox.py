"""Letters: at most once each, none while a hold is in force, and none whose words are wrong."""

from __future__ import annotations

import json
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from scheduler.domain.outcome import Outcome, OutcomeKind
from scheduler.domain.subscriber import NewSubscriber
from scheduler.domain.transactional_email import LetterKind
from scheduler.engine.transactional_mail import IN_DOUBT_AFTER, PATIENCE
from scheduler.errors import OutOfReach
from scheduler.services.public_pages import make_letter_box
from scheduler.store import transactional_emails as stored
from tests.support.public_factory import ADDRESS, CAMPAIGN, NOW, ReadersSite

LATER = Outcome(OutcomeKind.LATER, detail="not sent: no connection")
#: At once, after 1, 5 and 15 minutes, then every hour.
A_DAY_OF_TRIES = 4 + 23


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
    return [(e.kind, str(e.data["why"])) for e in reversed(site.ledger.events.newest()) if e.kind.startswith("letter.")]


@pytest.mark.parametrize(
    ("script", "calls", "history"),
    [
        ([], 1, []),
        ([Outcome(OutcomeKind.UNKNOWN, detail="no answer")], 1, [("letter.unknown", "no answer")]),
        ([Outcome(OutcomeKind.FINAL, detail="400: refused")], 1, [("letter.not-sent", "400: refused")]),
        ([LATER], 2, []),
        ([LATER] * 40, A_DAY_OF_TRIES, [("letter.not-sent", "not sent: no connection")]),
        ([replace(LATER, status=450)] * 40, A_DAY_OF_TRIES, [("letter.not-sent", "not sent: no connection")]),
        ([Outcome(OutcomeKind.FINAL, detail="401: key", status=401)] * 9, 10, []),
        ([Outcome(OutcomeKind.FINAL, detail="550: nobody", status=550)], 1, [("letter.not-sent", "550: nobody")]),
        ([LATER, Outcome(OutcomeKind.UNKNOWN, detail="no answer")], 2, [("letter.unknown", "no answer")]),
        (
            [ConnectionResetError(ADDRESS)],
            1,
            [("letter.unknown", "may have been sent: the channel's code failed (ConnectionResetError)")],
        ),
    ],
    ids=[
        "accepted",
        "unknown",
        "refused",
        "later, then accepted",
        "later again and again",
        "greylisted for ever",
        "a key that is put right",
        "no such reader",
        "later, then unknown",
        "crash",
    ],
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
    """Its own time; else after a minute, then after five: whoever greylists wants minutes."""
    site.house.script = [Outcome(OutcomeKind.LATER, detail="429", retry_at=NOW + timedelta(minutes=20))]
    site.fill_in()
    assert NOW + timedelta(minutes=20) == site.app.letters.work_off()
    site.house.script = [LATER]
    site.clock.advance(timedelta(minutes=20))
    assert site.clock.now() + timedelta(minutes=5) == site.app.letters.work_off()


@pytest.mark.parametrize(
    "outcome",
    [
        Outcome(OutcomeKind.LATER, detail="not sent: no connection", retry_at=NOW + timedelta(minutes=1)),
        Outcome(OutcomeKind.LATER, detail="429", status=429, retry_at=NOW + timedelta(minutes=1)),
        Outcome(OutcomeKind.LATER, detail="402", status=402, retry_at=NOW + timedelta(minutes=1)),
        Outcome(OutcomeKind.FINAL, detail="535: wrong password", status=535),
    ],
    ids=["no line", "a limit", "no money", "no right"],
)
def test_what_would_befall_every_letter_is_tried_with_one(
    site: ReadersSite, outcome: Outcome, caplog: pytest.LogCaptureFixture
) -> None:
    """The others wait, and lose none of their tries; when it is over all go."""
    for n in range(5):
        site.fill_in(f"reader{n}@readers.example")
    site.house.script = [outcome]
    with caplog.at_level("WARNING"):
        assert NOW + timedelta(minutes=1) == site.app.letters.work_off()
    assert [f"letters wait: {outcome.detail}"] == caplog.messages
    assert 1 == len(site.house.requests)
    site.clock.advance(timedelta(minutes=1))
    assert 5 == len(site.letters())


def test_what_befalls_one_reader_keeps_no_neighbour(site: ReadersSite) -> None:
    """A mailbox that is full, or that greylists."""
    site.fill_in("first@readers.example")
    site.fill_in("second@readers.example")
    site.house.script = [Outcome(OutcomeKind.LATER, detail="452: full", status=452)]
    assert 2 == len(site.letters())


@pytest.mark.parametrize("back", [False, True], ids=["a year named", "the clock set back"])
def test_a_provider_cannot_close_the_box_for_ever(site: ReadersSite, back: bool) -> None:
    """Whatever time it names: after a day letters are tried again; and at once when the clock was set back since."""
    site.fill_in("first@readers.example")
    site.house.script = [Outcome(OutcomeKind.LATER, detail="429", status=429, retry_at=NOW + timedelta(days=365))]
    site.letters()
    assert [("letter.not-sent", "429")] == told(site)
    site.clock.jump(NOW - timedelta(hours=1) if back else NOW + PATIENCE)
    site.fill_in("second@readers.example")
    assert ["second@readers.example"] == [mail.to for mail in site.letters()]


def test_a_limit_that_an_item_met_holds_for_letters(site: ReadersSite, monkeypatch: pytest.MonkeyPatch) -> None:
    """The provider named a time, to whichever call of the channel."""
    until = NOW + timedelta(minutes=20)
    monkeypatch.setattr(
        site.ledger.calls,
        "refused_until",
        lambda mode, channel, now: until if (mode, channel) == ("live", "email") and now < until else None,
    )
    site.fill_in()
    assert until == site.app.letters.work_off()
    assert [] == site.house.requests
    site.clock.jump(until)
    assert 1 == len(site.letters())


def test_words_of_a_stranger_are_not_in_the_letter_that_asks(site: ReadersSite) -> None:
    """Who fills in the form with somebody else's address could write to them by the field for the name."""
    site.fill_in(name="Cheap watches at evil.example")
    (asks,) = site.letters()
    assert "evil" not in json.dumps(dict(site.house.requests[0].body))
    site.client.post(asks.link("/confirm/"))
    site.letters()
    assert "evil" in json.dumps(dict(site.house.requests[1].body))


@pytest.mark.parametrize("channel", ["*", "email"])
def test_a_hold_keeps_letters_back_too(site: ReadersSite, channel: str) -> None:
    """A help line that is out of order stands in a letter as well. What waits goes when the hold is lifted."""
    site.ledger.holds.set(channel, who="Ada", why="a wrong number", now=NOW)
    site.fill_in()
    assert 0 == tries(site, hours=2)
    site.ledger.holds.release(channel, who="Ada", now=site.clock.now())
    assert 1 == tries(site)
    assert [] == told(site)


def test_under_a_hold_one_letter_stands_for_all(site: ReadersSite, monkeypatch: pytest.MonkeyPatch) -> None:
    """However many wait, one is made in a minute, to see whether it may go; and none while everything is held."""
    made: list[str] = []
    ready = site.app.letters._ready
    monkeypatch.setattr(site.app.letters, "_ready", lambda *of: made.append("one") or ready(*of))
    site.ledger.holds.set("email", who="Ada", why="a wrong number", now=NOW)
    for name in ("ann", "ben", "cas"):
        site.fill_in(email=f"{name}@readers.example")
    assert NOW + timedelta(minutes=1) == site.app.letters.work_off()
    assert ["one"] == made
    site.ledger.holds.set("*", who="Ada", why="a storm", now=NOW)
    site.clock.advance(timedelta(minutes=1))
    assert NOW + timedelta(minutes=2) == site.app.letters.work_off()
    assert ["one"] == made


def test_a_hold_of_another_channel_does_not(site: ReadersSite) -> None:
    """Posts may be held while people sign up."""
    site.ledger.holds.set("x", who="Ada", why="a storm", now=NOW)
    site.fill_in()
    assert 1 == tries(site, hours=0)


@pytest.mark.parametrize("channel", ["*", "email"])
def test_a_hold_of_one_campaign_keeps_its_own_letters_alone(site: ReadersSite, channel: str) -> None:
    """Those of another go past it, however long it lasts and though it was asked for first."""
    site.ledger.holds.set(channel, who="Ada", why="a storm", now=NOW, campaign="another")
    (reader,) = site.add_test_subscribers(campaign="another")
    with site.ledger._database.write("ask") as connection:
        stored.ask_for_letter(connection, LetterKind.WELCOME, "another", reader, NOW - timedelta(minutes=1))
    site.fill_in()
    shutil.copytree(site.root / "campaigns" / CAMPAIGN, site.root / "campaigns" / "another")
    assert 1 == tries(site, hours=0)
    site.ledger.holds.release(channel, who="Ada", now=site.clock.now(), campaign="another")
    assert 1 == tries(site, hours=1)


def test_a_letter_does_not_wait_for_ever(site: ReadersSite) -> None:
    """After a day of a hold it is given up, and the history says so."""
    site.ledger.holds.set("*", who="Ada", why="a storm", now=NOW)
    site.fill_in()
    assert 0 == tries(site, hours=int(PATIENCE / timedelta(hours=1)) + 1)
    assert [("letter.not-sent", "a hold was in force for a day")] == told(site)
    assert site.app.letters.work_off() is None


@pytest.mark.parametrize(
    ("find", "instead", "why"),
    [
        ("Someone, we hope it was you,", "Call 1-888-555-0100. Somebody", "H104"),
        ("Someone, we hope it was you,", "Somebody {{ nobody }}", "R002"),
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
    site.fill_in("robin.bad@readers.example")
    with sqlite3.connect(site.file) as connection:
        connection.execute("UPDATE subscribers SET address = 'no address'")
    connection.close()
    site.fill_in()
    assert 1 == tries(site)
    ((_, why),) = told(site)
    assert "cannot go to this reader" in why
    assert "no address" not in why


def test_a_flood_ends_in_the_box(site: ReadersSite, monkeypatch: pytest.MonkeyPatch) -> None:
    """So many may wait, and no more; the page says the same, and who came too late may ask again the same day."""
    monkeypatch.setattr(stored, "MOST_WAITING", 3)
    pages = {site.fill_in(f"r{n}@readers.example").data for n in range(4)}
    assert 1 == len(pages)
    assert ["r0", "r1", "r2"] == [mail.to.split("@")[0] for mail in site.letters()]
    site.fill_in("r3@readers.example")
    assert ["r3@readers.example"] == [mail.to for mail in site.letters()]


def test_what_waits_goes_before_the_program_ends(site: ReadersSite) -> None:
    """The thread sends what is due, and stops; nothing is taken afterwards."""
    site.app.letters.only_when_called = False
    site.fill_in()
    site.app.close()
    assert [ADDRESS] == [mail.to for mail in site.house.mails]
    site.fill_in("late@readers.example")
    site.app.close()
    assert [ADDRESS] == [mail.to for mail in site.house.mails]
    assert 1 == site.ledger.transactional_emails.status().waiting, "it goes after the next start"


def test_the_history_holds_no_address(site: ReadersSite) -> None:
    """A reader is an id in it."""
    site.house.script = [Outcome(OutcomeKind.FINAL, detail="400")]
    site.fill_in()
    tries(site)
    (event,) = [e for e in site.ledger.events.newest() if e.kind == "letter.not-sent"]
    subscriber = site.ledger.subscribers.find(CAMPAIGN, ADDRESS)
    assert subscriber is not None
    assert subscriber.subscriber.id == event.data["subscriber"]
    assert "@" not in json.dumps(dict(event.data))


def test_a_new_process_sends_what_the_old_one_left(site: ReadersSite) -> None:
    """A letter waits in the ledger, not in the process; the link in it works, though its token was kept nowhere."""
    site.fill_in()
    site.app.letters = make_letter_box(site.project, site.ledger)
    (mail,) = site.letters()
    assert 200 == site.client.post(mail.link("/confirm/")).status_code
    subscriber = site.ledger.subscribers.find(CAMPAIGN, ADDRESS)
    assert subscriber is not None
    assert "active" == subscriber.state
    assert "You are on the list" == site.letters()[0].subject


def test_another_try_has_another_link(site: ReadersSite) -> None:
    """The token of a call that sent nothing opens nothing; the one that arrived does."""
    site.house.script = [LATER]
    site.fill_in()
    tries(site, hours=1)
    first, second = (mail.link("/confirm/") for mail in site.house.mails)
    assert 404 == site.client.get(first).status_code
    assert 200 == site.client.post(second).status_code


def test_no_token_is_in_the_database(site: ReadersSite) -> None:
    """What would open a link is in the mail alone, before, while and after it goes."""
    site.house.script = [LATER]
    site.fill_in()
    tries(site, hours=1)
    tokens = [mail.link("/confirm/").rpartition("/")[2] for mail in site.house.mails]
    assert not [line for line in site.dump() if any(token in line for token in tokens)]


@pytest.mark.parametrize("ends", ["leaves", "erased", "confirmed"])
def test_who_does_not_want_a_letter_any_more_gets_none(site: ReadersSite, ends: str) -> None:
    """It waited for a hold; its reader has left meanwhile, was erased, or was put on the list by somebody."""
    site.ledger.holds.set("*", who="Ada", why="a storm", now=NOW)
    site.fill_in()
    assert site.app.letters.work_off() is not None
    subscriber = site.ledger.subscribers.find(CAMPAIGN, ADDRESS)
    assert subscriber is not None
    if ends == "leaves":
        site.ledger.subscribers.unsubscribe(CAMPAIGN, subscriber.subscriber.id, reason="unsubscribed", now=NOW)
    elif ends == "erased":
        site.ledger.subscribers.erase(ADDRESS, who="Ada", now=NOW)
    else:
        site.ledger.subscribers.add(CAMPAIGN, NewSubscriber(ADDRESS), who="Ada", now=NOW)
    site.ledger.holds.release("*", who="Ada", now=NOW)
    assert 0 == tries(site)
    assert (0, []) == (site.ledger.transactional_emails.status().waiting, told(site))


def test_a_database_that_is_away_loses_no_letter(site: ReadersSite, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is looked for again a minute later."""
    site.fill_in()
    with monkeypatch.context() as patched:
        patched.setattr(site.ledger.holds, "in_force", raising(OutOfReach("the database is away")))
        assert site.clock.now() + timedelta(minutes=1) == site.app.letters.work_off()
    assert 1 == tries(site)


def test_an_end_that_cannot_be_written_down_is_a_doubt(site: ReadersSite, monkeypatch: pytest.MonkeyPatch) -> None:
    """The mail went, and the ledger was away: it never goes again, and somebody can see why."""
    site.fill_in()
    with monkeypatch.context() as patched:
        patched.setattr(site.ledger.transactional_emails, "end", raising(OutOfReach("the database is away")))
        site.app.letters.work_off()
    site.clock.advance(IN_DOUBT_AFTER)
    assert 0 == tries(site)
    assert [("letter.unknown", "the program stopped while it was sent")] == told(site)


def raising(error: Exception) -> Callable[..., None]:
    def fails(*_: object, **__: Any) -> None:
        raise error

    return fails
