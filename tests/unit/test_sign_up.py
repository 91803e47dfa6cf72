"""The functions behind the sign-up form, the confirmation page and the page of choices."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from functools import partial
from typing import Any

import pytest

from scheduler.domain.address import keyed_hash
from scheduler.domain.cadence import Cadence
from scheduler.domain.campaign import TitleForYears
from scheduler.domain.season_key import SeasonKey
from scheduler.domain.subscriber import Confirmed, SignUpEnd, SubscriberState
from scheduler.errors import ObservanceError, UsageError
from scheduler.services.context import Context
from scheduler.services.subscribers import CONFIRM_WITHIN, SignUp, add, confirm, look_at_confirmation, pause, sign_up
from scheduler.store import Ledger, open_ledger
from scheduler.subscribers.fields import cadence_named
from scheduler.subscribers.season_end import list_due, season_at
from tests.support.acting import acting
from tests.support.factories import campaign, fixed

NOW = datetime(2026, 12, 20, 9, tzinfo=UTC)
ANN = "ann@readers.example"


@pytest.fixture
def people() -> Iterator[Ledger]:
    ledger = open_ledger("sqlite://", address_hash=partial(keyed_hash, key=b"k" * 32))
    yield ledger
    ledger.close()


def a_form(people: Ledger, address: str = ANN, *, now: datetime = NOW, **more: Any) -> SignUp:
    return sign_up(acting(people, now), "a-month", address, what="a mail a day until 1 February", wording="w1", **more)


def by_hand(people: Ledger) -> Context:
    """Of the project it is only asked whether there is such a campaign."""
    return acting(people, NOW, "Ada")


def test_a_form_a_look_and_a_yes(people: Ledger) -> None:
    """From the form to the list; the token goes into the mail and nowhere else."""
    signed = a_form(people, name=" Ann ", zone="Europe/Berlin", cadence=Cadence.DIGEST)
    assert (SignUpEnd.CONFIRM, NOW + CONFIRM_WITHIN) == (signed.end, signed.expires_at)
    found = look_at_confirmation(acting(people, NOW), signed.token)
    assert found
    assert (signed.subscriber_id, SubscriberState.PENDING, "Ann") == (
        found.subscriber.id,
        found.state,
        found.subscriber.name,
    )
    assert Confirmed("a-month", signed.subscriber_id, is_new=True) == confirm(acting(people, NOW), signed.token)
    assert signed.token not in repr(signed)
    assert look_at_confirmation(acting(people, NOW), signed.token) is None


def test_two_tokens_are_never_alike_and_long(people: Ledger) -> None:
    """256 random bits; nobody guesses one."""
    random.seed(1)
    one, other = a_form(people).token, a_form(people, "bob@readers.example").token
    assert one != other
    assert min(len(one), len(other)) >= 43


@pytest.mark.parametrize("token", ["", "short", "x" * 500, "ü" * 40, "' OR 1=1 --" * 3, "\0" * 40])
def test_a_token_that_is_none_is_refused_like_an_expired_one(people: Ledger, token: str) -> None:
    """No error, and no difference."""
    a_form(people)
    assert look_at_confirmation(acting(people, NOW), token) is None
    assert confirm(acting(people, NOW), token) is None


def test_whoever_is_on_the_list_gets_no_token(people: Ledger) -> None:
    """The mail can say so to the owner of the address; the page says what it always says."""
    signed = a_form(people)
    confirm(acting(people, NOW), signed.token)
    again = a_form(people, now=NOW + timedelta(days=2))
    assert SignUp(SignUpEnd.ALREADY_THERE, signed.subscriber_id) == again


@pytest.mark.parametrize(
    ("address", "more"),
    [
        ("ann", {}),
        ("ann@readers", {}),
        (ANN, {"name": "a\nBcc: bob@example.org"}),
        (ANN, {"name": "x" * 201}),
        (ANN, {"name": "\u202egro"}),
        (ANN, {"zone": "Mars/Olympus"}),
        (ANN, {"zone": "../../etc/passwd"}),
    ],
)
def test_what_a_form_must_not_bring_in(people: Ledger, address: str, more: dict[str, Any]) -> None:
    """Refused with a reason that may be shown and does not repeat what was sent."""
    with pytest.raises(ObservanceError) as refused:
        a_form(people, address, **more)
    assert not [word for word in (address, *more.values()) if word and word in str(refused.value)]
    assert {"active": 0, "suppressed": 0} == people.subscribers.count()


def test_a_reader_who_is_added_by_hand_is_on_the_list_at_once(people: Ledger) -> None:
    """With the name of who did it."""
    added = add(by_hand(people), "a-month", ANN, zone="Asia/Tokyo")
    assert ["Ada"] == [c.who for c in people.subscribers.consents(added.subscriber_id)]


@pytest.mark.parametrize(
    ("zone", "until_at"),
    [
        ("Asia/Tokyo", datetime(2027, 1, 9, 15)),
        ("", datetime(2027, 1, 10, 5)),
        ("Pacific/Honolulu", datetime(2027, 1, 10, 10)),
    ],
)
def test_a_pause_ends_where_the_reader_is(people: Ledger, zone: str, until_at: datetime) -> None:
    """At midnight there; for who gave no zone, at the campaign's place."""
    subscriber = add(by_hand(people), "a-month", ANN, zone=zone).subscriber_id
    assert pause(acting(people, NOW), "a-month", subscriber, date(2027, 1, 10), home="America/New_York")
    assert until_at.replace(tzinfo=UTC) == people.subscribers.get("a-month", subscriber).paused_until_at


@pytest.mark.parametrize("until", [date(2026, 12, 20), date(2026, 12, 1), date(2028, 1, 1)])
def test_a_pause_lies_ahead_and_within_a_year(people: Ledger, until: date) -> None:
    """Else it is a slip."""
    subscriber = add(by_hand(people), "a-month", ANN).subscriber_id
    with pytest.raises(UsageError):
        pause(acting(people, NOW), "a-month", subscriber, until, home="UTC")
    assert not pause(acting(people, NOW), "a-month", "nobody", date(2027, 1, 10), home="UTC")


@pytest.mark.parametrize(
    ("word", "cadence"),
    [
        ("", Cadence.DAILY),
        (" Daily ", Cadence.DAILY),
        ("digest", Cadence.DIGEST),
        ("weekly", Cadence.DIGEST),
        ("Key days", Cadence.KEY_DAYS),
        ("key_days", Cadence.KEY_DAYS),
        ("never", None),
    ],
)
def test_a_cadence_by_its_word(word: str, cadence: Cadence | None) -> None:
    """As people write it in a list."""
    assert cadence is cadence_named(word)


# -- when a list is due ---------------------------------------------------------------------------------


class Lists(Any):
    @property
    def subscribers(self) -> Lists:
        return self

    def of_season(self, key: SeasonKey) -> int:
        return 7 if key.season == 2027 else 0


@pytest.mark.parametrize(
    ("today", "due"),
    [
        (date(2026, 12, 20), None),
        (date(2027, 1, 15), None),
        (date(2027, 2, 1), None),
        (date(2027, 2, 2), 2027),
        (date(2027, 12, 31), 2027),
        (date(2028, 1, 15), None),
        (date(2028, 2, 2), None),
    ],
)
def test_a_list_is_due_after_the_last_day_and_not_while_the_next_season_runs(today: date, due: int | None) -> None:
    """From the day after the window to the next window."""
    found = list_due(campaign(), today, Lists())
    assert due == (found.season.year if found else None)


def test_a_window_over_the_years_end_runs_in_the_year_after() -> None:
    """The season is the year in which it starts."""
    month = campaign(start=fixed(12, 20), end=fixed(1, 10))
    running, ended = season_at(month, date(2027, 1, 5))
    assert (2026, 2025) == (running and running.year, ended and ended.year)
    _, ended = season_at(month, date(2027, 1, 11))
    assert ended
    assert (2026, date(2027, 1, 10)) == (ended.year, ended.end_on)


def test_a_season_without_a_title_is_none() -> None:
    """The campaign had not begun then."""
    month = campaign(titles=(TitleForYears(2027, 2030, "Month"),))
    assert (None, None) == season_at(month, date(2026, 6, 1))
