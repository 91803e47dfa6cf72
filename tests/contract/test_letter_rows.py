"""Letters in the ledger, over both stores: asked for with what the reader did, taken once, in doubt for good."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

import pytest

from scheduler.domain.address import keyed_hash
from scheduler.domain.outcome import Outcome, OutcomeKind, Request
from scheduler.domain.season_key import SeasonKey
from scheduler.domain.subscriber import NewSubscriber, SignUpEnd
from scheduler.domain.transactional_email import LetterKind, LettersStanding, LetterState, WaitingLetter
from scheduler.engine.transactional_mail import IN_DOUBT_AFTER, Ready, TransactionalMailer
from scheduler.services.doctor.check_subscribers import letters as letters_check
from scheduler.services.doctor.check_subscribers import letters_words
from scheduler.services.doctor.doctor_result import Status
from scheduler.store import Ledger, open_ledger
from tests.contract.test_doctor import with_ledger
from tests.support.world import some_settings

NOW = datetime(2026, 12, 20, 9, tzinfo=UTC)
MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)
ANN = "ann@readers.example"
OPEN = partial(open_ledger, address_hash=partial(keyed_hash, key=b"k" * 32))


@pytest.fixture
def people(ledger_url: str) -> Iterator[Ledger]:
    ledger = OPEN(ledger_url)
    yield ledger
    ledger.close()


def sign_up(people: Ledger, address: str = ANN, token: str = "t1", *, now: datetime = NOW) -> str:
    end, subscriber_id = people.subscribers.sign_up(
        "a-month",
        NewSubscriber(address, source="form"),
        token_hash=token,
        expires_at=now + 7 * DAY,
        what="mails",
        wording="1",
        network="",
        now=now,
    )
    assert end in (SignUpEnd.CONFIRM, SignUpEnd.ALREADY_THERE)
    return subscriber_id


def waiting(people: Ledger) -> WaitingLetter:
    letter = people.transactional_emails.next()
    assert letter is not None
    return letter


def take(people: Ledger, letter: WaitingLetter, *, token: str = "sent", now: datetime = NOW) -> bool:
    return people.transactional_emails.take(letter.id, token_hash=token, until=now + IN_DOUBT_AFTER, now=now)


def histories(people: Ledger) -> list[tuple[str, object, object]]:
    return [
        (e.kind, e.data["subscriber"], e.data["why"])
        for e in people.events.of_kinds("letter.not-sent", "letter.unknown")
    ]


def test_each_thing_that_a_reader_does_asks_for_its_letter(people: Ledger) -> None:
    """The form asks for a confirmation, the button for a welcome, another form for the mail that says so."""
    ann = sign_up(people)
    asked = waiting(people)
    assert (LetterKind.CONFIRM, ann, NOW, NOW, 0) == (
        asked.kind,
        asked.subscriber_id,
        asked.asked_at,
        asked.try_at,
        asked.tries,
    )
    assert take(people, asked)
    people.transactional_emails.end(asked.id, LetterState.SENT, now=NOW)
    assert people.subscribers.confirm("sent", now=NOW)
    assert LetterKind.WELCOME is waiting(people).kind
    assert people.subscribers.confirm("sent", now=NOW), "a second press of the button"
    assert 1 == people.transactional_emails.status().waiting
    assert take(people, waiting(people), token="")
    sign_up(people, now=NOW + 2 * DAY)
    assert LetterKind.ALREADY_THERE is waiting(people).kind


def test_the_token_of_the_letter_that_goes_is_the_one_that_opens(people: Ledger) -> None:
    """It is put in as the letter is taken; the one before opens nothing."""
    sign_up(people, token="first")
    assert take(people, waiting(people), token="second")
    assert people.subscribers.waiting_confirmation("first", now=NOW) is None
    assert people.subscribers.waiting_confirmation("second", now=NOW)


def test_a_letter_is_taken_once(people: Ledger, ledger_url: str) -> None:
    """Two processes on one ledger: one has it, the other one has not, and says nothing of it either."""
    ann = sign_up(people)
    other = OPEN(ledger_url)
    try:
        letter = waiting(other)
        assert [True, False] == [take(people, letter), take(other, letter, token="theirs")]
        assert people.subscribers.waiting_confirmation("theirs", now=NOW) is None
        other.transactional_emails.end(
            letter.id, LetterState.GIVEN_UP, taken=False, why="it could not be made", now=NOW
        )
        other.transactional_emails.put_off(letter.id, try_at=NOW)
        other.transactional_emails.drop(letter.id)
        assert (LettersStanding(), []) == (people.transactional_emails.status(), histories(people))
        people.transactional_emails.end(letter.id, LetterState.UNKNOWN, why="no answer", now=NOW)
        assert [("letter.unknown", ann, "no answer")] == histories(people)
    finally:
        other.close()


def test_two_boxes_on_one_ledger_send_once(people: Ledger, ledger_url: str) -> None:
    """While one is in the middle of its call, the other one looks, and sends nothing."""
    from scheduler.clock import VirtualClock

    other = OPEN(ledger_url)
    calls: list[str] = []

    class Way(Any):
        def send(self, request: Request, *, now: datetime) -> Outcome:
            calls.append(request.fingerprint)
            if len(calls) == 1:
                second.work_off()
            return Outcome(OutcomeKind.ACCEPTED)

    clock = VirtualClock(NOW)
    first, second = (
        TransactionalMailer(
            lambda letter, subscriber: Ready(
                "email", Way(), Request("POST", "/", {}, fingerprint=subscriber.subscriber.id), "t"
            ),
            ledger,
            clock,
        )
        for ledger in (people, other)
    )
    try:
        ann = sign_up(people)
        first.work_off()
        assert [ann] == calls
    finally:
        other.close()


def test_not_before_its_time_and_no_more_than_it_says(people: Ledger) -> None:
    """What certainly did not go waits; its number of tries stays."""
    sign_up(people)
    letter = waiting(people)
    assert take(people, letter)
    people.transactional_emails.try_again(letter.id, try_at=NOW + MINUTE, why="no connection")
    again = waiting(people)
    assert (1, NOW + MINUTE) == (again.tries, again.try_at)
    assert [False, True] == [take(people, again), take(people, again, now=NOW + MINUTE)]


def test_a_letter_whose_end_nobody_wrote_down_is_in_doubt(people: Ledger) -> None:
    """Only once its time is over; never sent again; told once; and a call that ended late still settles it."""
    ann = sign_up(people)
    letter = waiting(people)
    assert take(people, letter)
    assert 0 == people.transactional_emails.doubt(now=NOW + IN_DOUBT_AFTER - MINUTE)
    assert 1 == people.transactional_emails.doubt(now=NOW + IN_DOUBT_AFTER)
    assert 0 == people.transactional_emails.doubt(now=NOW + DAY)
    assert people.transactional_emails.next() is None
    assert not take(people, letter, now=NOW + DAY)
    assert [("letter.unknown", ann, "the program stopped while it was sent")] == histories(people)
    people.transactional_emails.end(letter.id, LetterState.SENT, now=NOW + DAY)
    assert LettersStanding() == people.transactional_emails.status()


def test_another_form_takes_the_place_of_a_letter_that_waits(people: Ledger) -> None:
    """Two confirmations at once would be one too many, and the older one's link is dead."""
    sign_up(people)
    sign_up(people, token="t2", now=NOW + DAY)
    assert 1 == people.transactional_emails.status().waiting
    assert NOW + DAY == waiting(people).asked_at


@pytest.mark.parametrize("ends", ["leaves", "erased", "expired"])
def test_whoever_has_gone_gets_no_letter(people: Ledger, ends: str) -> None:
    """The taking itself looks at the reader: no moment is left in between."""
    ann = sign_up(people)
    letter = waiting(people)
    later = NOW
    if ends == "leaves":
        people.subscribers.unsubscribe("a-month", ann, reason="unsubscribed", now=NOW)
    elif ends == "erased":
        people.subscribers.erase(ANN, who="Ada", now=NOW)
    else:
        later = NOW + 8 * DAY
        people.subscribers.forget_unconfirmed(now=later)
    assert not take(people, letter, now=later)
    people.transactional_emails.drop(letter.id)
    assert people.transactional_emails.next() is None


def test_letters_are_forgotten(people: Ledger) -> None:
    """A week after their end; and with the list, all of them."""
    sign_up(people)
    letter = waiting(people)
    take(people, letter)
    people.transactional_emails.end(letter.id, LetterState.GIVEN_UP, why="refused", now=NOW)
    assert 1 == people.transactional_emails.status().given_up
    people.subscribers.forget_unconfirmed(now=NOW + 7 * DAY)
    assert LettersStanding() == people.transactional_emails.status()
    sign_up(people, token="t9", now=NOW + 9 * DAY)
    people.subscribers.close_season(
        SeasonKey("a-month", 2027), keep_who_asked=True, came_before=NOW + 20 * DAY, who="Ada", now=NOW + 20 * DAY
    )
    assert LettersStanding() == people.transactional_emails.status()


def test_a_backup_sends_no_letter_again(people: Ledger) -> None:
    """What waited when it was made may have gone since: in doubt."""
    sign_up(people)
    people.backups.mark_as_copy(copied_at=NOW, who="Ada", now=NOW)
    people.backups.take_over(now=NOW + MINUTE)
    assert people.transactional_emails.next() is None
    assert 1 == people.transactional_emails.status().unknown


def test_the_doctor_says_how_letters_stand(people: Ledger) -> None:
    """Nothing where there is none; good while they go; needs somebody when they wait long, or did not go."""

    def lines(now: datetime) -> list[tuple[Status, str]]:
        return [(line.light, line.said) for line in letters_check(with_ledger(people, some_settings(), now=now))]

    assert [] == lines(NOW)
    sign_up(people)
    assert [(Status.GREEN, "1 letter to be sent, the oldest for 5 minutes")] == lines(NOW + 5 * MINUTE)
    assert [(Status.AMBER, "1 letter to be sent, the oldest for 2 hours")] == lines(NOW + 120 * MINUTE)
    letter = waiting(people)
    take(people, letter)
    assert [] == lines(NOW)
    people.transactional_emails.end(letter.id, LetterState.UNKNOWN, why="no answer", now=NOW)
    assert [(Status.AMBER, "1 letter may have gone, and will not be sent again")] == lines(NOW)
    assert "2 letters did not go, and will not be tried again" == letters_words(LettersStanding(given_up=2), NOW)
