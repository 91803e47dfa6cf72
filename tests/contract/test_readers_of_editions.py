"""A campaign in two languages: a reader has one edition of it, and switches by the other one's form."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import partial

import pytest

from scheduler.domain.address import keyed_hash
from scheduler.domain.season_key import SeasonKey
from scheduler.domain.subscriber import AddResult, NewSubscriber, SignUpEnd
from scheduler.store import Ledger, open_ledger

ENGLISH, SPANISH = "month", "mes"
ANN, BOB = "ann@readers.example", "bob@readers.example"
NOW = datetime(2026, 12, 20, 9, tzinfo=UTC)


@pytest.fixture
def ledger(ledger_url: str) -> Iterator[Ledger]:
    opened = open_ledger(ledger_url, address_hash=partial(keyed_hash, key=b"k" * 32))
    yield opened
    opened.close()


def lists(ledger: Ledger, address: str = ANN) -> dict[str, str]:
    found = {name: ledger.subscribers.find(name, address) for name in (ENGLISH, SPANISH)}
    return {name: str(one.state) for name, one in found.items() if one is not None}


def says_yes(ledger: Ledger, campaign: str, instead_of: str, now: datetime) -> None:
    end, _ = ledger.subscribers.sign_up(
        campaign,
        NewSubscriber(ANN),
        token_hash=f"{campaign}-{now}",
        expires_at=now + timedelta(days=7),
        what="the mails",
        wording="v1",
        now=now,
    )
    assert end is SignUpEnd.CONFIRM
    assert ledger.subscribers.confirm(f"{campaign}-{now}", instead_of=(instead_of,), now=now)


def test_a_yes_to_one_edition_ends_the_other_and_bars_nothing(ledger: Ledger) -> None:
    ledger.subscribers.add_many(ENGLISH, [NewSubscriber(ANN)], now=NOW)
    says_yes(ledger, SPANISH, ENGLISH, NOW)
    assert {ENGLISH: "left", SPANISH: "active"} == lists(ledger)
    says_yes(ledger, ENGLISH, SPANISH, NOW + timedelta(days=2))
    assert {ENGLISH: "active", SPANISH: "left"} == lists(ledger), "and back"
    assert 0 == ledger.subscribers.count()["suppressed"]


def test_until_the_yes_the_edition_that_a_reader_has_goes_on(ledger: Ledger) -> None:
    ledger.subscribers.add_many(ENGLISH, [NewSubscriber(ANN)], now=NOW)
    about = {"token_hash": "t", "expires_at": NOW + timedelta(days=7), "what": "the mails", "wording": "v1"}
    ledger.subscribers.sign_up(SPANISH, NewSubscriber(ANN), now=NOW, **about)  # type: ignore[arg-type]
    assert {ENGLISH: "active", SPANISH: "pending"} == lists(ledger)


def test_a_file_gives_nobody_a_second_edition(ledger: Ledger) -> None:
    ledger.subscribers.add_many(ENGLISH, [NewSubscriber(ANN)], now=NOW)
    rows = [NewSubscriber(ANN), NewSubscriber(BOB)]
    result = ledger.subscribers.add_many(SPANISH, rows, family=(ENGLISH,), now=NOW)
    assert (0,) == result.already_there
    assert ({ENGLISH: "active"}, {SPANISH: "active"}) == (lists(ledger), lists(ledger, BOB))


def test_a_named_person_moves_a_reader_to_the_other_edition(ledger: Ledger) -> None:
    ledger.subscribers.add_many(ENGLISH, [NewSubscriber(ANN)], now=NOW)
    assert ledger.subscribers.add(SPANISH, NewSubscriber(ANN), who="Ada", instead_of=(ENGLISH,), now=NOW).subscriber_id
    assert {ENGLISH: "left", SPANISH: "active"} == lists(ledger)


def test_who_leaves_one_edition_is_brought_into_no_other_by_a_list(ledger: Ledger) -> None:
    """Neither by a file nor by a person who was not asked; the own form of the other edition, or being asked, does."""
    ledger.subscribers.add_many(SPANISH, [NewSubscriber(ANN)], family=(ENGLISH,), now=NOW)
    reader = ledger.subscribers.find(SPANISH, ANN)
    assert reader is not None
    ledger.subscribers.unsubscribe(SPANISH, reader.subscriber.id, reason="unsubscribed", now=NOW)
    rows = [NewSubscriber(ANN), NewSubscriber(BOB)]
    assert (0,) == ledger.subscribers.add_many(ENGLISH, rows, family=(SPANISH,), now=NOW).suppressed
    added = ledger.subscribers.add(ENGLISH, NewSubscriber(ANN), who="Ada", instead_of=(SPANISH,), now=NOW)
    assert "unsubscribed" == added.barred
    other = ledger.subscribers.add_many("another-cause", [NewSubscriber(ANN)], now=NOW)
    assert () == other.suppressed, "another campaign is no edition of it"
    says_yes(ledger, ENGLISH, SPANISH, NOW + timedelta(days=2))
    assert {ENGLISH: "active", SPANISH: "left"} == lists(ledger)


def test_a_yes_to_the_other_edition_counts_in_the_next_season_too(ledger: Ledger) -> None:
    """Who left Spanish for English is brought back to English by next year's file, and to Spanish by none."""
    ledger.subscribers.add_many(SPANISH, [NewSubscriber(ANN)], family=(ENGLISH,), now=NOW)
    reader = ledger.subscribers.find(SPANISH, ANN)
    assert reader is not None
    ledger.subscribers.unsubscribe(SPANISH, reader.subscriber.id, reason="unsubscribed", now=NOW)
    says_yes(ledger, ENGLISH, SPANISH, NOW + timedelta(days=1))
    later = NOW + timedelta(days=60)
    for campaign in (ENGLISH, SPANISH):
        key = SeasonKey(campaign, 2027)
        ledger.subscribers.close_season(key, keep_who_asked=False, came_before=later, who="Ada", now=later)
    assert {} == lists(ledger)
    barred = [
        ledger.subscribers.add_many(one, [NewSubscriber(ANN)], family=(other,), now=later).suppressed
        for one, other in ((SPANISH, ENGLISH), (ENGLISH, SPANISH))
    ]
    assert [(0,), ()] == barred


def test_who_took_another_edition_that_is_over_is_a_newcomer_to_the_first(ledger: Ledger) -> None:
    """They left nothing: a file that has them is right."""
    ledger.subscribers.add_many(ENGLISH, [NewSubscriber(ANN)], now=NOW)
    says_yes(ledger, SPANISH, ENGLISH, NOW)
    later = NOW + timedelta(days=60)
    key = SeasonKey(SPANISH, 2027)
    ledger.subscribers.close_season(key, keep_who_asked=False, came_before=later, who="Ada", now=later)
    assert AddResult() == ledger.subscribers.add_many(ENGLISH, [NewSubscriber(ANN)], family=(SPANISH,), now=later)
    assert {ENGLISH: "active"} == lists(ledger)
