"""What bars a reader outlives seasons and changes of address, and nothing is kept that was given up."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from functools import partial

import pytest

from scheduler.domain.address import keyed_hash
from scheduler.domain.season_key import SeasonKey
from scheduler.domain.subscriber import NewSubscriber, SubscriberState, SubscriberVerb
from scheduler.store import Ledger, open_ledger
from scheduler.store.subscribers import transition_subscriptions

MONTH, OTHER = "month", "other"
ANN, NEW = "ann@readers.example", "ann.new@readers.example"
NOW = datetime(2026, 12, 20, 9, tzinfo=UTC)
DAY = timedelta(days=1)
HASH = partial(keyed_hash, key=b"k" * 32)


@pytest.fixture
def ledger(ledger_url: str) -> Iterator[Ledger]:
    opened = open_ledger(ledger_url, address_hash=HASH)
    yield opened
    opened.close()


def joins(ledger: Ledger, campaign: str = MONTH, address: str = ANN, now: datetime = NOW) -> str:
    added = ledger.subscribers.add(campaign, NewSubscriber(address), who="Ada", asked_back=True, now=now)
    found = ledger.subscribers.find(campaign, address)
    assert found is not None, added
    return found.subscriber.id


def is_let_in(ledger: Ledger, campaign: str = MONTH, address: str = ANN, now: datetime = NOW) -> bool:
    return not ledger.subscribers.add_many(campaign, [NewSubscriber(address)], now=now).suppressed


def closes(ledger: Ledger, year: int, now: datetime) -> None:
    ledger.subscribers.close_season(
        SeasonKey(MONTH, year), keep_who_asked=False, came_before=now + DAY, who="Ada", now=now + DAY
    )


def wants_another(ledger: Ledger, reader: str, token: str, now: datetime = NOW) -> bool:
    return ledger.subscribers.ask_new_address(MONTH, reader, NEW, token_hash=token, expires_at=now + 7 * DAY, now=now)


def test_who_came_back_and_leaves_again_stays_away_after_both_seasons(ledger: Ledger) -> None:
    reader = joins(ledger)
    ledger.subscribers.unsubscribe(None, reader, reason="unsubscribed", now=NOW)
    joins(ledger, now=NOW + DAY)
    closes(ledger, 2027, NOW + 2 * DAY)
    again = joins(ledger, now=NOW + 365 * DAY)
    ledger.subscribers.unsubscribe(MONTH, again, reason="unsubscribed", now=NOW + 366 * DAY)
    closes(ledger, 2028, NOW + 367 * DAY)
    assert not is_let_in(ledger, now=NOW + 400 * DAY)


def test_leaving_everything_ends_earlier_exceptions(ledger: Ledger) -> None:
    reader = joins(ledger)
    ledger.subscribers.unsubscribe(None, reader, reason="unsubscribed", now=NOW)
    joins(ledger, now=NOW + DAY)
    joins(ledger, OTHER, now=NOW + DAY)
    closes(ledger, 2027, NOW + 2 * DAY)  # they are on the other list alone now
    ledger.subscribers.unsubscribe(None, reader, reason="unsubscribed", now=NOW + 4 * DAY)
    assert not is_let_in(ledger, now=NOW + 5 * DAY)


def test_a_former_address_comes_back_by_no_file_and_is_not_kept(ledger: Ledger) -> None:
    reader = joins(ledger)
    assert wants_another(ledger, reader, "t1")
    done = ledger.subscribers.confirm("t1", now=NOW)
    assert done is not None
    assert done.is_address
    assert not is_let_in(ledger)
    assert ledger.subscribers.find(MONTH, ANN) is None


def test_erasing_reaches_an_address_that_somebody_asked_for(ledger: Ledger) -> None:
    reader = joins(ledger)
    assert wants_another(ledger, reader, "t1")
    ledger.subscribers.erase(NEW, who="Ada", now=NOW)
    assert "" == ledger.subscribers.new_address(MONTH, reader, now=NOW)
    assert ledger.subscribers.confirm("t1", now=NOW) is None


def test_saying_that_it_was_not_me_leads_to_no_second_letter_within_the_day(ledger: Ledger) -> None:
    reader = joins(ledger)
    assert wants_another(ledger, reader, "t1")
    assert ledger.subscribers.refuse("t1", now=NOW)
    assert not wants_another(ledger, reader, "t2", NOW + timedelta(minutes=1))


def test_a_pause_by_bounces_ends_with_the_address_that_bounced(ledger: Ledger) -> None:
    reader = joins(ledger)
    assert wants_another(ledger, reader, "t1")
    with ledger._database.write("bounces") as connection:
        assert transition_subscriptions(connection, SubscriberVerb.SOFT_BOUNCES, MONTH, reader)
    ledger.subscribers.confirm("t1", now=NOW)
    found = ledger.subscribers.find(MONTH, NEW)
    assert found is not None
    assert SubscriberState.ACTIVE is found.state


def test_who_no_more_wants_to_be_kept_gets_the_rest_of_the_season_that_runs(ledger: Ledger) -> None:
    """The end that a form named a year ago does not cut it off."""
    new = NewSubscriber(ANN, ends_on=date(2026, 2, 1))
    reader = ledger.subscribers.add(MONTH, new, who="Ada", now=NOW - 330 * DAY).subscriber_id
    ledger.subscribers.ask_for_more(MONTH, reader, True, now=NOW - 329 * DAY)
    ledger.subscribers.ask_for_more(MONTH, reader, False, now=NOW)
    found = ledger.subscribers.get(MONTH, reader)
    assert found is not None
    assert found.ends_on is None


def test_an_erasure_is_done_again_where_its_hash_is_there_already(ledger: Ledger) -> None:
    reader = joins(ledger)
    ledger.subscribers.unsubscribe(None, reader, reason="unsubscribed", now=NOW)
    closes(ledger, 2027, NOW)
    ledger.subscribers.erase_again({HASH(ANN): NOW}, now=NOW + DAY)
    assert not is_let_in(ledger)
