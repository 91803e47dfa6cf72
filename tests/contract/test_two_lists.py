"""Two campaigns on one ledger, over both stores: each has a list of its own, and a person may be on both."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

import pytest
from sqlalchemy import select

from scheduler.domain.address import keyed_hash
from scheduler.domain.cadence import Cadence
from scheduler.domain.outcome import Outcome, OutcomeKind
from scheduler.domain.reason import ReasonCode, because
from scheduler.domain.receipt import Barred, Receipt, ReceiptKind
from scheduler.domain.records import Wanted
from scheduler.domain.season_key import SeasonKey
from scheduler.domain.subscriber import (
    Added,
    Confirmed,
    ConsentHow,
    Erased,
    NewSubscriber,
    SignUpEnd,
    SubscriberState,
    Subscription,
)
from scheduler.domain.transactional_email import LetterKind, LetterState
from scheduler.store import Ledger, open_ledger
from scheduler.store.tables import suppressions

NOW = datetime(2026, 12, 20, 9, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
#: When the month of the first campaign is over.
AFTER = NOW + 50 * DAY
MONTH, WEEK, OTHER = "a-month", "a-week", "another"
ANN, BOB, EVE = "Ann@readers.example", "bob@readers.example", "eve@readers.example"
ACTIVE, LEFT, PENDING = SubscriberState.ACTIVE, SubscriberState.LEFT, SubscriberState.PENDING


@pytest.fixture
def people(ledger_url: str) -> Iterator[Ledger]:
    """A ledger that has the secret key."""
    ledger = open_ledger(ledger_url, address_hash=partial(keyed_hash, key=b"k" * 32))
    yield ledger
    ledger.close()


def sign_up(
    people: Ledger, campaign: str, address: str = ANN, *, token: str = "t1", now: datetime = NOW, **more: Any
) -> tuple[SignUpEnd, str]:
    return people.subscribers.sign_up(
        campaign,
        NewSubscriber(address, source="form", **more),
        token_hash=token,
        expires_at=now + 7 * DAY,
        what=f"the mails of {campaign}",
        wording="2026-12",
        now=now,
    )


def joins(people: Ledger, campaign: str, address: str = ANN, *, now: datetime = NOW, **more: Any) -> str:
    """By the form and the link in the mail. Returns the person's id."""
    token = f"{campaign} {address} {now}"
    _, subscriber_id = sign_up(people, campaign, address, token=token, now=now, **more)
    assert people.subscribers.confirm(token, now=now) == Confirmed(campaign, subscriber_id, is_new=True)
    return subscriber_id


def joins_both(people: Ledger, address: str = ANN) -> str:
    one, other = joins(people, MONTH, address), joins(people, WEEK, address)
    assert one == other, "one person"
    return one


def subscription(people: Ledger, campaign: str, subscriber_id: str) -> Subscription:
    found = people.subscribers.get(campaign, subscriber_id)
    assert found is not None
    return found


def states(people: Ledger, subscriber_id: str) -> dict[str, str]:
    """Campaign -> state of the person's subscription to it."""
    return {s.campaign: str(s.state) for s in people.subscribers.of_person(subscriber_id)}


def imported(people: Ledger, campaign: str, *addresses: str, now: datetime = NOW) -> int:
    """How many of them a file brought onto the list."""
    rows = [NewSubscriber(address, source="import list.csv") for address in addresses]
    before = people.subscribers.count(campaign)["active"]
    people.subscribers.add_many(campaign, rows, now=now)
    return people.subscribers.count(campaign)["active"] - before


def closes(people: Ledger, campaign: str, *, keep_who_asked: bool = False, now: datetime = AFTER) -> tuple[int, int]:
    """The end of the season: how many were deleted and kept."""
    key = SeasonKey(campaign, 2027)
    closed = people.subscribers.close_season(key, keep_who_asked=keep_who_asked, came_before=AFTER, who="Ada", now=now)
    return closed.deleted, closed.kept


def written_to(people: Ledger, campaign: str, *, due_at: datetime = NOW + DAY) -> set[str]:
    """Whom a mail of the campaign goes to that is due then: frozen, and looked at once more before the call."""
    item = Wanted(f"day of {due_at}", "email", "email", due_at.date(), due_at, due_at + 12 * HOUR)
    key = SeasonKey(campaign, 2027)
    people.deliveries.follow_plan("live", key, [item], now=due_at)
    delivery = next(d for d in people.deliveries.of_season("live", key) if d.item == item.item)
    while not people.recipients.freeze(delivery.id, batch_limit=1_000, now=due_at):
        pass
    prepared = [people.batches.prepare(batch.id, now=due_at) for batch in people.deliveries.batches(delivery.id)]
    return {r.address for one in prepared if one is not None for r in one.recipients}


# -- one person, two lists ------------------------------------------------------------------------------


def test_a_mail_goes_to_the_list_of_its_campaign_alone(people: Ledger) -> None:
    """Nobody gets what they did not ask for; who asked for both gets both."""
    joins_both(people)
    joins(people, WEEK, BOB)
    imported(people, MONTH, EVE)
    assert ({ANN, EVE}, {ANN, BOB}) == (written_to(people, MONTH), written_to(people, WEEK))
    assert set() == written_to(people, OTHER)


def test_lists_are_counted_apart_and_their_shared_readers_are_known(people: Ledger) -> None:
    """By state, by cadence and by campaign."""
    joins_both(people)
    joins(people, WEEK, BOB, cadence=Cadence.DIGEST)
    left = joins(people, WEEK, EVE)
    people.subscribers.unsubscribe(WEEK, left, reason="asked", now=NOW)
    assert {"active": 1, "suppressed": 0} == people.subscribers.count(MONTH)
    assert {"active": 2, "left": 1, "suppressed": 1} == people.subscribers.count(WEEK)
    assert {"active": 0, "suppressed": 0} == people.subscribers.count(OTHER)
    assert {"daily": 1, "digest": 1} == people.subscribers.count_by("cadence", WEEK, now=NOW)
    assert ({WEEK: 1}, {MONTH: 1}, {}) == tuple(
        people.subscribers.shared_by(campaign, now=NOW) for campaign in (MONTH, WEEK, OTHER)
    )
    assert (MONTH, WEEK) == people.subscribers.campaigns()
    assert [ANN] == [s.subscriber.address for s in people.subscribers.each(MONTH)]
    assert {ANN, BOB, EVE} == {s.subscriber.address for s in people.subscribers.each(WEEK, at_once=1)}


def test_what_is_chosen_for_one_campaign_is_of_that_campaign(people: Ledger) -> None:
    """How often, silence, the next season; where somebody lives is the same for both."""
    ann = joins_both(people)
    assert people.subscribers.set_cadence(WEEK, ann, Cadence.DIGEST, now=NOW + HOUR)
    assert people.subscribers.pause(MONTH, ann, until_at=NOW + 9 * DAY, now=NOW + HOUR)
    assert people.subscribers.ask_for_more(WEEK, ann, True, now=NOW + HOUR)
    assert people.subscribers.set_zone(ann, "Asia/Tokyo", now=NOW + HOUR)
    month, week = subscription(people, MONTH, ann), subscription(people, WEEK, ann)
    assert (SubscriberState.PAUSED, Cadence.DAILY, None) == (month.state, month.cadence, month.asked_for_more_at)
    assert (ACTIVE, Cadence.DIGEST, NOW + HOUR) == (week.state, week.cadence, week.asked_for_more_at)
    assert ("Asia/Tokyo", "Asia/Tokyo") == (month.subscriber.zone, week.subscriber.zone)
    assert (0, 1) == (people.subscribers.kept_on_request(MONTH), people.subscribers.kept_on_request(WEEK))
    assert (set(), {ANN}) == (written_to(people, MONTH), written_to(people, WEEK))
    assert people.subscribers.resume(MONTH, ann, now=NOW + 2 * DAY)
    assert {ANN} == written_to(people, MONTH, due_at=NOW + 3 * DAY)


def test_the_history_says_of_which_campaign(people: Ledger) -> None:
    """What somebody did about one list cannot be read as done about the other."""
    ann = joins_both(people)
    people.subscribers.set_cadence(WEEK, ann, Cadence.DIGEST, now=NOW)
    people.subscribers.pause(WEEK, ann, until_at=NOW + DAY, now=NOW)
    people.subscribers.resume(WEEK, ann, now=NOW)
    people.subscribers.unsubscribe(MONTH, ann, reason="asked", now=NOW)
    people.subscribers.add(MONTH, NewSubscriber(ANN), who="Ada", asked_back=True, now=NOW)
    lines = [(e.kind.removeprefix("subscriber."), e.data["campaign"]) for e in people.events.newest()]
    assert [
        ("added", MONTH),
        ("left", MONTH),
        ("resumed", WEEK),
        ("paused", WEEK),
        ("cadence", WEEK),
        ("confirmed", WEEK),
        ("confirmed", MONTH),
    ] == lines
    assert people.events.verify().is_whole


# -- the form -------------------------------------------------------------------------------------------


def test_a_form_for_the_second_list_changes_nothing_of_somebody_active(people: Ledger) -> None:
    """Anybody can fill it in with a stranger's address; the link alone opens the second list."""
    ann = joins(people, MONTH, name="Ann", zone="Europe/Berlin")
    before = subscription(people, MONTH, ann)
    form = {"name": "X", "zone": "Asia/Tokyo", "cadence": Cadence.DIGEST}
    assert (SignUpEnd.CONFIRM, ann) == sign_up(people, WEEK, ANN.upper(), token="t2", now=NOW + HOUR, **form)
    assert before == subscription(people, MONTH, ann)
    assert ({MONTH: "active", WEEK: "pending"}) == states(people, ann)
    assert (ANN, "Ann", "Europe/Berlin") == (
        before.subscriber.address,
        before.subscriber.name,
        before.subscriber.zone,
    )
    assert set() == written_to(people, WEEK)
    assert Confirmed(WEEK, ann, is_new=True) == people.subscribers.confirm("t2", now=NOW + 2 * HOUR)
    assert before == subscription(people, MONTH, ann)
    assert Cadence.DIGEST is subscription(people, WEEK, ann).cadence


def test_each_list_has_its_own_link_and_its_own_letters(people: Ledger) -> None:
    """A form for one neither ends the link of the other nor takes the place of its letter."""
    _, ann = sign_up(people, MONTH, token="month")
    assert (SignUpEnd.CONFIRM, ann) == sign_up(people, WEEK, token="week")
    assert 2 == people.transactional_emails.status().waiting
    of_week = people.subscribers.waiting_confirmation("week", now=NOW)
    assert of_week is not None
    assert (WEEK, PENDING) == (of_week.campaign, of_week.state)
    assert Confirmed(WEEK, ann, is_new=True) == people.subscribers.confirm("week", now=NOW + HOUR)
    assert {MONTH: "pending", WEEK: "active"} == states(people, ann)
    assert Confirmed(MONTH, ann, is_new=True) == people.subscribers.confirm("month", now=NOW + HOUR)
    assert SignUpEnd.WAIT is sign_up(people, MONTH, token="again", now=NOW + 2 * HOUR)[0]
    asked = []
    while (letter := people.transactional_emails.next()) is not None:
        asked.append((letter.kind, letter.campaign))
        people.transactional_emails.end(letter.id, LetterState.SENT, taken=False, now=NOW + 3 * HOUR)
    assert {
        (LetterKind.CONFIRM, MONTH),
        (LetterKind.CONFIRM, WEEK),
        (LetterKind.WELCOME, MONTH),
        (LetterKind.WELCOME, WEEK),
    } == set(asked)


def test_who_never_confirms_is_forgotten_where_nobody_else_has_them(people: Ledger) -> None:
    """The person goes with the last list; who is on another one stays there, as they were."""
    ann = joins(people, MONTH)
    sign_up(people, WEEK, token="ann")
    _, bob = sign_up(people, WEEK, BOB, token="bob")
    _, eve = sign_up(people, WEEK, EVE, token="eve")
    assert (SignUpEnd.CONFIRM, eve) == sign_up(people, MONTH, EVE, token="eve later", now=NOW + 2 * DAY)
    assert 3 == people.subscribers.forget_unconfirmed(now=NOW + 8 * DAY)
    assert {MONTH: "active"} == states(people, ann)
    assert {} == states(people, bob)
    assert {MONTH: "pending"} == states(people, eve)
    assert people.subscribers.find(WEEK, BOB) is None
    assert Confirmed(MONTH, eve, is_new=True) == people.subscribers.confirm("eve later", now=NOW + 8 * DAY)
    assert people.subscribers.confirm("eve", now=NOW + 8 * DAY) is None


# -- leaving and coming back ----------------------------------------------------------------------------


def test_leaving_one_list_leaves_the_other_as_it_is(people: Ledger) -> None:
    """In the list, at the next mail, and in a later file."""
    ann = joins_both(people)
    assert people.subscribers.unsubscribe(MONTH, ann, reason="asked", now=NOW + HOUR)
    assert not people.subscribers.unsubscribe(MONTH, ann, reason="asked", now=NOW + HOUR), "once"
    assert {MONTH: "left", WEEK: "active"} == states(people, ann)
    assert (set(), {ANN}) == (written_to(people, MONTH), written_to(people, WEEK))
    assert (1, 0) == tuple(people.subscribers.count(c)["suppressed"] for c in (MONTH, WEEK))
    assert (0, 1) == (imported(people, MONTH, ANN), imported(people, OTHER, ANN))
    assert [(MONTH, "left the list: asked")] == [
        (c.campaign, c.what) for c in people.subscribers.consents(ann) if c.how is ConsentHow.WITHDRAWN
    ]


def test_leaving_all_is_for_each_list_and_for_those_to_come(people: Ledger) -> None:
    """No file brings them back to any, not even to one that they were never on."""
    ann = joins_both(people)
    assert people.subscribers.unsubscribe(None, ann, reason="asked", now=NOW + HOUR)
    assert not people.subscribers.unsubscribe(None, ann, reason="asked", now=NOW + HOUR), "once"
    assert {MONTH: "left", WEEK: "left"} == states(people, ann)
    assert [0, 0, 0] == [imported(people, campaign, ANN) for campaign in (MONTH, WEEK, OTHER)]
    assert [1, 1, 1] == [people.subscribers.count(campaign)["suppressed"] for campaign in (MONTH, WEEK, OTHER)]
    assert Added("", barred="asked") == people.subscribers.add(OTHER, NewSubscriber(ANN), who="Ada", now=NOW)
    assert {MONTH, WEEK} == {c.campaign for c in people.subscribers.consents(ann) if c.how is ConsentHow.WITHDRAWN}


def test_who_left_all_comes_back_to_the_one_they_confirm(people: Ledger) -> None:
    """A yes to one is no yes to the others; what was left stays left, also when the lists have been closed."""
    ann = joins_both(people)
    people.subscribers.unsubscribe(None, ann, reason="asked", now=NOW + HOUR)
    assert (SignUpEnd.CONFIRM, ann) == sign_up(people, WEEK, token="t2", now=NOW + 2 * DAY)
    assert Confirmed(WEEK, ann, is_new=True) == people.subscribers.confirm("t2", now=NOW + 2 * DAY)
    assert {MONTH: "left", WEEK: "active"} == states(people, ann)
    later = NOW + 3 * DAY
    assert (set(), {ANN}) == (written_to(people, MONTH, due_at=later), written_to(people, WEEK, due_at=later))
    assert 0 == imported(people, MONTH, ANN, now=later)
    assert Added("", barred="asked") == people.subscribers.add(MONTH, NewSubscriber(ANN), who="Ada", now=later)
    assert (1, 0) == closes(people, MONTH)
    assert 0 == imported(people, MONTH, ANN, now=AFTER)


def test_who_left_all_is_not_brought_to_a_third_list_by_a_yes_to_one(people: Ledger) -> None:
    """They had left everything, and came back to one."""
    ann = joins(people, MONTH)
    people.subscribers.unsubscribe(None, ann, reason="asked", now=NOW + HOUR)
    assert joins(people, MONTH, now=NOW + 2 * DAY) == ann
    assert 0 == imported(people, OTHER, ANN, now=NOW + 3 * DAY)


def test_a_named_person_adds_to_the_second_list_and_changes_nothing_of_the_first(people: Ledger) -> None:
    """What was not said is not taken away: name and zone are the person's, and the first list goes by them."""
    ann = joins(people, MONTH, name="Ann", zone="Asia/Tokyo", cadence=Cadence.DIGEST)
    assert Added(ann) == people.subscribers.add(WEEK, NewSubscriber(ANN), who="Ada", now=NOW + HOUR)
    month = subscription(people, MONTH, ann)
    assert (Cadence.DIGEST, "Ann", "Asia/Tokyo") == (month.cadence, month.subscriber.name, month.subscriber.zone)
    assert {MONTH: "active", WEEK: "active"} == states(people, ann)


def test_a_file_brings_a_known_person_to_the_second_list(people: Ledger) -> None:
    """The same person, with the file as the source there; a second time it is no news."""
    ann = joins(people, MONTH, name="Ann", zone="Asia/Tokyo")
    rows = [NewSubscriber(a, source="import list.csv", cadence=Cadence.DIGEST) for a in (ANN, BOB)]
    result = people.subscribers.add_many(WEEK, rows, now=NOW + HOUR)
    assert ((), (), ()) == (result.already_there, result.suppressed, result.repeated)
    week, month = subscription(people, WEEK, ann), subscription(people, MONTH, ann)
    assert (ACTIVE, Cadence.DIGEST, "import list.csv", NOW + HOUR) == (
        week.state,
        week.cadence,
        week.source,
        week.created_at,
    )
    assert (Cadence.DAILY, "form", "Ann", "Asia/Tokyo") == (
        month.cadence,
        month.source,
        month.subscriber.name,
        month.subscriber.zone,
    )
    again = people.subscribers.add_many(WEEK, rows[:2], now=NOW + 2 * HOUR)
    assert ((0, 1), (), ()) == (again.already_there, again.suppressed, again.repeated)
    assert [(ConsentHow.IMPORT, WEEK)] == [
        (c.how, c.campaign) for c in people.subscribers.consents(ann) if c.campaign == WEEK
    ]


@pytest.mark.parametrize("is_known", [False, True], ids=["new", "on the other list"])
def test_an_address_that_stands_twice_in_one_part_of_a_file_is_told(people: Ledger, is_known: bool) -> None:
    """However it is written; the first one counts."""
    if is_known:
        joins(people, MONTH)
    rows = [NewSubscriber(a, source="import list.csv") for a in (ANN, BOB, ANN.lower(), BOB)]
    result = people.subscribers.add_many(WEEK, rows, now=NOW + HOUR)
    assert ((), (), (2, 3)) == (result.already_there, result.suppressed, result.repeated)
    assert 2 == people.subscribers.count(WEEK)["active"]


def test_a_part_of_a_file_with_nothing_but_one_row_twice(people: Ledger) -> None:
    """All that is to be written down is the same in each row."""
    ann = NewSubscriber(ANN, subscriber_id=f"{7:032x}")
    result = people.subscribers.add_many(WEEK, [ann, ann], now=NOW + HOUR)
    assert ((), (), (1,)) == (result.already_there, result.suppressed, result.repeated)
    assert 1 == people.subscribers.count(WEEK)["active"]


# -- what ends an address -------------------------------------------------------------------------------


def a_report(subscriber_id: str, kind: ReceiptKind, bars: Barred | None, *, number: int = 1) -> Receipt:
    return Receipt(f"{kind}-{subscriber_id}-{number}", kind, NOW, str(kind), "", subscriber_id, bars=bars)


@pytest.mark.parametrize(
    ("kind", "bars", "state"),
    [
        (ReceiptKind.HARD_BOUNCE, Barred.BOUNCED, "bounced"),
        (ReceiptKind.COMPLAINED, Barred.COMPLAINED, "complained"),
        (ReceiptKind.UNSUBSCRIBED, Barred.UNSUBSCRIBED, "left"),
    ],
)
def test_what_a_provider_reports_holds_for_both_lists(
    people: Ledger, kind: ReceiptKind, bars: Barred, state: str
) -> None:
    """It is of the address, whatever campaign's mail showed it; also for a list that they are not on."""
    ann = joins_both(people)
    assert 1 == people.receipts.record([a_report(ann, kind, bars)], now=NOW).barred
    assert {MONTH: state, WEEK: state} == states(people, ann)
    assert [set(), set()] == [written_to(people, campaign) for campaign in (MONTH, WEEK)]
    assert [0, 0, 0] == [imported(people, campaign, ANN) for campaign in (MONTH, WEEK, OTHER)]
    assert (1 if state == "bounced" else 0) == people.subscribers.dead_addresses().addresses


def test_who_complained_gets_no_letter_by_the_form_of_any_list(people: Ledger) -> None:
    """A form that anybody can fill in is not the reader's word."""
    ann = joins(people, MONTH)
    people.receipts.record([a_report(ann, ReceiptKind.COMPLAINED, Barred.COMPLAINED)], now=NOW)
    for campaign in (MONTH, WEEK):
        assert (SignUpEnd.BARRED, "") == sign_up(people, campaign, token=campaign, now=NOW + 2 * DAY)


def test_who_complained_and_is_asked_back_to_one_list_stays_away_from_the_other(people: Ledger) -> None:
    """A named person was asked about one; the other's mails were called spam, also after its list was closed."""
    ann = joins_both(people)
    people.receipts.record([a_report(ann, ReceiptKind.COMPLAINED, Barred.COMPLAINED)], now=NOW)
    back = people.subscribers.add(WEEK, NewSubscriber(ANN), who="Ada", asked_back=True, now=NOW + DAY)
    assert Added(ann) == back
    assert {MONTH: "complained", WEEK: "active"} == states(people, ann)
    assert 0 == imported(people, MONTH, ANN, now=NOW + DAY)
    assert (SignUpEnd.BARRED, "") == sign_up(people, MONTH, token="t2", now=NOW + 2 * DAY)
    assert (1, 0) == closes(people, MONTH)
    assert 0 == imported(people, MONTH, ANN, now=AFTER)


def test_who_left_one_list_at_the_provider_may_come_back_the_same_day(people: Ledger) -> None:
    """Nobody else can bring that about; a form is answered at once, as after the link in the mail."""
    ann = joins(people, MONTH)
    people.receipts.record([a_report(ann, ReceiptKind.UNSUBSCRIBED, Barred.UNSUBSCRIBED)], now=NOW + HOUR)
    assert (SignUpEnd.CONFIRM, ann) == sign_up(people, MONTH, token="t2", now=NOW + 2 * HOUR)


def test_soft_bounces_pause_both_lists_and_an_arrived_mail_ends_both(people: Ledger) -> None:
    """They are of the mailbox. A pause that was asked for is left alone."""
    ann = joins_both(people)
    assert people.subscribers.pause(WEEK, ann, until_at=NOW + 40 * DAY, now=NOW)
    send_ids = []
    for day in range(1, 5):
        due_at = NOW + day * DAY
        assert {ANN} == written_to(people, MONTH, due_at=due_at)
        deliveries = people.deliveries.of_season("live", SeasonKey(MONTH, 2027))
        send_ids.append(next(people.deliveries.batches(d.id)[0].send_id for d in deliveries if d.due_at == due_at))

    def told(kind: ReceiptKind, number: int) -> Receipt:
        return Receipt(f"{kind}-{number}", kind, NOW + 5 * DAY, str(kind), send_ids[number], ann)

    soft = [told(ReceiptKind.SOFT_BOUNCE, number) for number in range(3)]
    assert 1 == people.receipts.record(soft, now=NOW + 5 * DAY).paused
    assert ("paused", NOW + 40 * DAY) == (
        states(people, ann)[WEEK],
        subscription(people, WEEK, ann).paused_until_at,
    )
    assert {MONTH: "paused", WEEK: "paused"} == states(people, ann)
    people.receipts.record([told(ReceiptKind.DELIVERED, 3)], now=NOW + 6 * DAY)
    assert {MONTH: "active", WEEK: "paused"} == states(people, ann)


def test_an_address_that_a_server_calls_dead_is_barred_from_both(people: Ledger) -> None:
    """Found out by the mail of one campaign; the next mail of the other one does not go there."""
    ann, bob = joins_both(people), joins_both(people, BOB)
    due_at = NOW + DAY
    written_to(people, MONTH, due_at=due_at)
    (delivery,) = people.deliveries.of_season("live", SeasonKey(MONTH, 2027))
    (batch,) = people.deliveries.batches(delivery.id)
    begin(people, batch.id, readers=2, now=due_at)
    dead = Outcome(OutcomeKind.FINAL, reasons=(because(ReasonCode.ADDRESS_DEAD),), detail="550 no such user")
    ends = {ann: dead, bob: Outcome(OutcomeKind.ACCEPTED)}
    outcome = Outcome(OutcomeKind.ACCEPTED, per_recipient=ends)
    people.batches.record_outcome(batch.id, token="call", outcome=outcome, now=due_at)
    assert {MONTH: "bounced", WEEK: "bounced"} == states(people, ann)
    assert {BOB} == written_to(people, WEEK, due_at=due_at)


def begin(people: Ledger, batch_id: int, *, readers: int, now: datetime) -> None:
    """The intent to call."""
    from tests.support.world import an_email

    assert people.batches.record_intent(
        batch_id,
        token="call",
        message=an_email(),
        fingerprint="f",
        readers=readers,
        node="test",
        lease=HOUR,
        check_after=None,
        now=now,
    )


def test_an_erasure_is_for_both_lists(people: Ledger) -> None:
    """Nothing is left of the person on either; no file brings them back to any."""
    ann = joins_both(people)
    people.subscribers.set_cadence(WEEK, ann, Cadence.DIGEST, now=NOW)
    assert Erased(ann) == people.subscribers.erase(ANN, who="Ada", now=NOW + HOUR)
    assert {MONTH: "erased", WEEK: "erased"} == states(people, ann)
    assert [("", "")] * 2 == [(s.subscriber.address, s.source) for s in people.subscribers.of_person(ann)]
    assert [0, 0, 0] == [imported(people, campaign, ANN) for campaign in (MONTH, WEEK, OTHER)]
    assert (set(), set()) == (written_to(people, MONTH), written_to(people, WEEK))
    assert ann != joins(people, WEEK, now=NOW + 2 * DAY), "a new person, on the one list that they confirmed"


def test_who_was_erased_and_came_back_to_one_list_is_brought_to_no_other(people: Ledger) -> None:
    """Their yes was to the one; a file is no word of theirs."""
    joins_both(people)
    people.subscribers.erase(ANN, who="Ada", now=NOW + HOUR)
    joins(people, WEEK, now=NOW + 2 * DAY)
    assert 0 == imported(people, MONTH, ANN, now=NOW + 3 * DAY)


def test_who_leaves_one_list_before_the_call_is_left_out_of_its_mail_alone(people: Ledger) -> None:
    """The look right before a call is at the campaign's own list."""
    ann = joins_both(people)
    joins_both(people, BOB)
    due_at, got = NOW + DAY, {}
    for campaign in (MONTH, WEEK):
        key = SeasonKey(campaign, 2027)
        people.deliveries.follow_plan(
            "live", key, [Wanted("day", "email", "email", due_at.date(), due_at, due_at + 12 * HOUR)], now=NOW
        )
        (delivery,) = people.deliveries.of_season("live", key)
        assert people.recipients.freeze(delivery.id, batch_limit=10, now=due_at)
    people.subscribers.unsubscribe(MONTH, ann, reason="asked", now=due_at)
    for campaign in (MONTH, WEEK):
        (delivery,) = people.deliveries.of_season("live", SeasonKey(campaign, 2027))
        (batch,) = people.deliveries.batches(delivery.id)
        prepared = people.batches.prepare(batch.id, now=due_at)
        assert prepared is not None
        got[campaign] = {r.address for r in prepared.recipients}
    assert {MONTH: {BOB}, WEEK: {ANN, BOB}} == got


# -- the end of a season --------------------------------------------------------------------------------


def test_closing_one_list_keeps_the_people_of_the_other(people: Ledger) -> None:
    """Their address, name and zone, and what they chose there; who was on no other list is gone."""
    ann = joins_both(people)
    bob, eve = joins(people, MONTH, BOB), joins(people, WEEK, EVE)
    people.subscribers.set_cadence(WEEK, ann, Cadence.DIGEST, now=NOW + HOUR)
    before = subscription(people, WEEK, ann)
    assert (2, 0) == closes(people, MONTH)
    assert {WEEK: "active"} == states(people, ann)
    assert before == subscription(people, WEEK, ann)
    assert {} == states(people, bob)
    assert people.subscribers.find(MONTH, BOB) is None
    assert {WEEK: "active"} == states(people, eve)
    assert (2, 0) == closes(people, WEEK)
    assert () == people.subscribers.campaigns()
    assert 3 == imported(people, OTHER, ANN, BOB, EVE, now=AFTER), "nobody had left"


def test_who_had_left_the_closed_list_stays_away_from_it(people: Ledger) -> None:
    """By the address while somebody has it, else by its hash; from the other list nobody is barred by that."""
    ann = joins_both(people)
    for subscriber_id in (ann, joins(people, MONTH, BOB)):
        people.subscribers.unsubscribe(MONTH, subscriber_id, reason="asked", now=NOW + HOUR)
    closes(people, MONTH)
    assert (0, 1) == (imported(people, MONTH, ANN, BOB, now=AFTER), imported(people, WEEK, BOB, now=AFTER))
    closes(people, WEEK, now=AFTER + DAY)
    assert {BOB} == {s.subscriber.address for s in people.subscribers.each(WEEK)}, "who came after the season"
    assert 0 == imported(people, MONTH, ANN, BOB, now=AFTER + 2 * DAY)
    assert SignUpEnd.CONFIRM is sign_up(people, MONTH, BOB, token="t9", now=AFTER + 3 * DAY)[0]
    assert people.subscribers.confirm("t9", now=AFTER + 3 * DAY) is not None, "by their own word they may come back"


def test_who_was_barred_for_all_stays_so_when_one_list_is_closed(people: Ledger) -> None:
    """A bounce and an erasure do not end with a season."""
    ann = joins_both(people)
    people.receipts.record([a_report(ann, ReceiptKind.HARD_BOUNCE, Barred.BOUNCED)], now=NOW)
    joins_both(people, BOB)
    people.subscribers.erase(BOB, who="Ada", now=NOW)
    for campaign in (MONTH, WEEK):
        assert (2, 0) == closes(people, campaign)
        assert [0, 0, 0] == [imported(people, c, ANN, BOB, now=AFTER) for c in (MONTH, WEEK, OTHER)]


def test_a_wish_to_stay_is_for_the_list_it_was_said_of(people: Ledger) -> None:
    """Who asked to be kept by one is not kept by the other."""
    ann = joins_both(people)
    people.subscribers.ask_for_more(WEEK, ann, True, now=NOW)
    assert (1, 0) == closes(people, MONTH, keep_who_asked=True)
    assert (0, 1) == closes(people, WEEK, keep_who_asked=True)
    assert {WEEK: "active"} == states(people, ann)


def test_a_yes_to_another_campaign_keeps_nobody_on_a_list_that_is_closed(people: Ledger) -> None:
    """Only who came, or came back, to this list after its season is of the next one."""
    ann, bob = joins(people, MONTH), joins(people, MONTH, BOB)
    joins(people, WEEK, now=AFTER + DAY)
    people.subscribers.unsubscribe(MONTH, bob, reason="asked", now=NOW)
    joins(people, MONTH, BOB, now=AFTER + DAY)
    assert (1, 1) == closes(people, MONTH, now=AFTER + 2 * DAY)
    assert {WEEK: "active"} == states(people, ann)
    assert {MONTH: "active"} == states(people, bob)


def test_closing_one_list_leaves_the_links_and_letters_of_the_other(people: Ledger) -> None:
    """Who waits to say yes to the other campaign still can."""
    sign_up(people, MONTH, token="month")
    _, bob = sign_up(people, WEEK, BOB, token="week")
    _, ann = sign_up(people, WEEK, token="both")
    closes(people, MONTH, now=NOW + HOUR)
    assert {WEEK: "pending"} == states(people, ann)
    assert people.subscribers.confirm("month", now=NOW + 2 * HOUR) is None
    assert 2 == people.transactional_emails.status().waiting
    assert Confirmed(WEEK, bob, is_new=True) == people.subscribers.confirm("week", now=NOW + 2 * HOUR)
    assert Confirmed(WEEK, ann, is_new=True) == people.subscribers.confirm("both", now=NOW + 2 * HOUR)
    assert SignUpEnd.WAIT is sign_up(people, WEEK, BOB, token="t3", now=NOW + 3 * HOUR)[0]


def test_a_list_is_due_by_the_season_of_its_own_campaign(people: Ledger) -> None:
    """Readers of one do not make the other's due, nor does closing one settle the other."""
    joins_both(people)
    joins(people, WEEK, BOB)
    for campaign in (MONTH, WEEK):
        written_to(people, campaign)
    month, week = SeasonKey(MONTH, 2027), SeasonKey(WEEK, 2027)
    assert (1, 2) == (people.subscribers.of_season(month), people.subscribers.of_season(week))
    closes(people, MONTH)
    assert (0, 2) == (people.subscribers.of_season(month), people.subscribers.of_season(week))


def test_what_was_forgotten_is_erased_again_on_both_lists(people: Ledger) -> None:
    """A ledger put back from an older copy learns whom it had erased; who came back since by their own word stays."""
    ann, bob = joins_both(people), joins(people, MONTH, BOB)
    joins(people, WEEK, BOB, now=NOW + 3 * DAY)
    hashes = [keyed_hash(address.casefold(), key=b"k" * 32) for address in (ANN, BOB)]
    erased = dict.fromkeys(hashes, NOW + DAY)
    assert 1 == people.subscribers.erase_again(erased, now=NOW + 4 * DAY)
    assert {MONTH: "erased", WEEK: "erased"} == states(people, ann)
    assert {MONTH: "active", WEEK: "active"} == states(people, bob)


# -- another address ------------------------------------------------------------------------------------


def moves(people: Ledger, campaign: str, subscriber_id: str, address: str, *, now: datetime) -> None:
    """The subscriber asks for the mails at another address, and says yes there."""
    link = f"to {address}"
    lists = people.subscribers
    assert lists.ask_new_address(campaign, subscriber_id, address, token_hash=link, expires_at=now + DAY, now=now)
    assert Confirmed(campaign, subscriber_id, is_new=True, is_address=True) == lists.confirm(link, now=now)


def test_what_bars_somebody_from_a_list_goes_with_them_to_another_address(people: Ledger) -> None:
    """Who left one list, and has the mails of the other sent elsewhere, has not come back by that."""
    ann = joins_both(people)
    people.subscribers.unsubscribe(MONTH, ann, reason="asked", now=NOW + HOUR)
    moves(people, WEEK, ann, BOB, now=NOW + 2 * HOUR)
    added = people.subscribers.add(MONTH, NewSubscriber(BOB), who="Ada", now=NOW + 3 * HOUR)
    assert Added("", barred="asked") == added
    assert {MONTH: "left", WEEK: "active"} == states(people, ann)
    closes(people, MONTH)
    assert [0, 0] == [imported(people, MONTH, address, now=AFTER) for address in (ANN, BOB)]
    assert Erased(ann) == people.subscribers.erase(BOB, who="Ada", now=AFTER)
    assert not any(ann_or_bob in line for ann_or_bob in (ANN.lower(), BOB) for line in _suppressed(people))


def _suppressed(people: Ledger) -> list[str]:
    with people._database.read() as connection:
        return list(connection.execute(select(suppressions.c.address_key)).scalars())


def test_that_a_former_address_is_dead_says_nothing_of_the_present_one(people: Ledger) -> None:
    """The report about the last mail to it may come in when the mails go elsewhere already; a complaint is of a person."""
    ann = joins_both(people)
    moves(people, WEEK, ann, BOB, now=NOW + 2 * HOUR)
    for word, bars, left in (("bounce", Barred.BOUNCED, False), ("spamreport", Barred.COMPLAINED, True)):
        kind = ReceiptKind.HARD_BOUNCE if word == "bounce" else ReceiptKind.COMPLAINED
        receipt = Receipt(word, kind, NOW + 3 * HOUR, "sendgrid", word, address=ANN, subscriber_id=ann, bars=bars)
        people.receipts.record([receipt], now=NOW + 3 * HOUR)
        assert ({MONTH, WEEK} if left else set()) == {of for of, s in states(people, ann).items() if s == bars}


def test_a_file_for_the_second_list_fills_in_what_was_not_known_and_changes_nothing_else(people: Ledger) -> None:
    """A zone that was bad in the first file is not lost for good."""
    people.subscribers.add_many(MONTH, [NewSubscriber(ANN), NewSubscriber(BOB, "Bob", "Asia/Tokyo")], now=NOW)
    rows = [NewSubscriber(ANN, "Ann", "Europe/Berlin"), NewSubscriber(BOB, "Robert", "Europe/Rome")]
    people.subscribers.add_many(WEEK, rows, now=NOW)
    found = [people.subscribers.find(WEEK, address) for address in (ANN, BOB)]
    known = [(one.subscriber.name, one.subscriber.zone) for one in found if one is not None]
    assert [("Ann", "Europe/Berlin"), ("Bob", "Asia/Tokyo")] == known
