"""What bars a reader outlives seasons and changes of address, and nothing is kept that was given up."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from functools import partial

import pytest
from sqlalchemy import select

from scheduler.domain.address import keyed_hash
from scheduler.domain.cadence import Cadence
from scheduler.domain.receipt import Barred, Receipt, ReceiptKind
from scheduler.domain.season_key import SeasonKey
from scheduler.domain.subscriber import AddResult, NewSubscriber, SubscriberState, SubscriberVerb, Subscription
from scheduler.store import Ledger, open_ledger
from scheduler.store.subscriptions import transition_subscriptions
from scheduler.store.tables import confirmations, letters

MONTH, OTHER = "month", "other"
ANN, NEW = "ann@readers.example", "ann.new@readers.example"
NOW = datetime(2026, 12, 20, 9, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
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


def test_erasing_by_id_takes_out_an_address_that_waits_for_its_yes(ledger: Ledger) -> None:
    """Whoever presses the button is erased with what they asked for; the link in the letter brings nothing back."""
    reader = joins(ledger)
    assert wants_another(ledger, reader, "t1")
    assert reader == ledger.subscribers.erase("", who="reader", subscriber_id=reader, now=NOW).subscriber_id
    assert "" == ledger.subscribers.new_address(MONTH, reader, now=NOW)
    assert ledger.subscribers.confirm("t1", now=NOW) is None
    assert not is_let_in(ledger), "the address that they had is barred"
    with ledger._database.read() as connection:
        kept = [*connection.execute(select(confirmations.c.new_address)), *connection.execute(select(letters.c.id))]
    assert [] == kept


def test_who_left_while_the_address_was_dead_stays_away_when_it_lives_again(ledger: Ledger) -> None:
    """A yes to another campaign ends what the bounce barred, and not the leaving."""
    reader = joins(ledger)
    receipt = Receipt(
        "one", ReceiptKind.HARD_BOUNCE, NOW, "smtp", "5.1.1", address=ANN, subscriber_id=reader, bars=Barred.BOUNCED
    )
    ledger.receipts.record([receipt], now=NOW)
    ledger.subscribers.unsubscribe(MONTH, reader, reason="unsubscribed", now=NOW + HOUR)
    joins(ledger, OTHER, now=NOW + DAY)
    assert not is_let_in(ledger, now=NOW + DAY)


# -- an agreed end -----------------------------------------------------------------------------------------


def _address(subscription: Subscription) -> str:
    return subscription.subscriber.address


def test_whose_agreed_end_is_over_is_a_newcomer_by_a_file_as_by_the_form(ledger: Ledger) -> None:
    """The list of last season was not closed: nobody on it gets anything, so nobody on it is there already."""
    over, kept = date(2026, 2, 1), "bob@readers.example"
    ended = ledger.subscribers.add(MONTH, NewSubscriber(ANN, ends_on=over), who="Ada", now=NOW - 330 * DAY)
    ledger.subscribers.set_cadence(MONTH, ended.subscriber_id, Cadence.DIGEST, now=NOW - 329 * DAY)
    stays = ledger.subscribers.add(MONTH, NewSubscriber(kept, ends_on=over), who="Ada", now=NOW - 330 * DAY)
    ledger.subscribers.ask_for_more(MONTH, stays.subscriber_id, True, now=NOW - 329 * DAY)
    assert {"active": 1, "ended": 1, "suppressed": 0} == ledger.subscribers.count(MONTH, now=NOW)
    assert {"daily": 1} == ledger.subscribers.count_by("cadence", MONTH, now=NOW)
    assert [False, True] == [s.is_written_to(NOW) for s in sorted(ledger.subscribers.each(MONTH), key=_address)]
    result = ledger.subscribers.add_many(MONTH, [NewSubscriber(ANN), NewSubscriber(kept)], now=NOW)
    assert AddResult(already_there=(1,)) == result
    found = ledger.subscribers.get(MONTH, ended.subscriber_id)
    assert found is not None
    assert (None, Cadence.DAILY, NOW) == (found.ends_on, found.cadence, found.created_at)
    assert {"active": 2, "suppressed": 0} == ledger.subscribers.count(MONTH, now=NOW)
    again = ledger.subscribers.add_many(MONTH, [NewSubscriber(ANN)], now=NOW + DAY)
    assert AddResult(already_there=(0,)) == again


def test_on_the_last_day_itself_they_are_there_still(ledger: Ledger) -> None:
    new = NewSubscriber(ANN, ends_on=NOW.date())
    ledger.subscribers.add(MONTH, new, who="Ada", now=NOW - DAY)
    assert {"active": 1, "suppressed": 0} == ledger.subscribers.count(MONTH, now=NOW + timedelta(hours=14))
    assert (0,) == ledger.subscribers.add_many(MONTH, [NewSubscriber(ANN)], now=NOW).already_there


def test_who_was_over_and_had_left_is_barred_still(ledger: Ledger) -> None:
    new = NewSubscriber(ANN, ends_on=date(2026, 2, 1))
    reader = ledger.subscribers.add(MONTH, new, who="Ada", now=NOW - 330 * DAY).subscriber_id
    ledger.subscribers.unsubscribe(MONTH, reader, reason="unsubscribed", now=NOW - 329 * DAY)
    assert not is_let_in(ledger)


# -- taking it back ----------------------------------------------------------------------------------------


def test_taking_back_one_leaving_takes_back_no_other(ledger: Ledger) -> None:
    reader = joins(ledger)
    joins(ledger, OTHER)
    for campaign in (MONTH, OTHER):
        ledger.subscribers.unsubscribe(campaign, reader, reason="unsubscribed", now=NOW)
    assert ledger.subscribers.come_back(MONTH, reader, now=NOW + timedelta(minutes=5))
    states = {one.campaign: one.state for one in ledger.subscribers.of_person(reader)}
    assert {MONTH: SubscriberState.ACTIVE, OTHER: SubscriberState.LEFT} == states
    assert (True, False) == (is_let_in(ledger), is_let_in(ledger, OTHER))


def test_an_erasure_is_done_again_where_its_hash_is_there_already(ledger: Ledger) -> None:
    reader = joins(ledger)
    ledger.subscribers.unsubscribe(None, reader, reason="unsubscribed", now=NOW)
    closes(ledger, 2027, NOW)
    ledger.subscribers.erase_again({HASH(ANN): NOW}, now=NOW + DAY)
    assert not is_let_in(ledger)
