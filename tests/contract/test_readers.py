"""One reader at a time, over both stores: signing up, confirming, choosing, leaving, being erased."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import insert, select, text

from scheduler.domain.address import keyed_hash
from scheduler.domain.cadence import Cadence
from scheduler.domain.receipt import Barred
from scheduler.domain.records import Wanted
from scheduler.domain.season_key import SeasonKey
from scheduler.domain.subscriber import (
    Added,
    Confirmed,
    ConsentHow,
    ConsentToExample,
    Erased,
    NewSubscriber,
    SeasonClosed,
    SignUpEnd,
    SubscriberState,
)
from scheduler.domain.transactional_email import consent_sentence, wording_of
from scheduler.errors import ConfigurationError, ObservanceError
from scheduler.store import Ledger, open_ledger
from scheduler.store.subscribers import FORMS_A_NETWORK
from scheduler.store.tables import metadata, sign_ups, suppressions
from tests.support.world import A_MONTH

NOW = datetime(2026, 12, 20, 9, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
AFTER = NOW + 50 * DAY
ANN, BOB = "Ann@readers.example", "bob@readers.example"


@pytest.fixture
def people(ledger_url: str) -> Iterator[Ledger]:
    """A ledger that has the secret key."""
    ledger = open_ledger(ledger_url, address_hash=partial(keyed_hash, key=b"k" * 32))
    yield ledger
    ledger.close()


def sign_up(
    people: Ledger, address: str = ANN, token: str = "t1", *, now: datetime = NOW, network: str = "", **more: Any
) -> tuple[SignUpEnd, str]:
    return people.subscribers.sign_up(
        A_MONTH.campaign,
        NewSubscriber(address, source="form", **more),
        token_hash=token,
        expires_at=now + 7 * DAY,
        what="a mail a day",
        wording="2026-12",
        network=network,
        now=now,
    )


def a_subscriber(people: Ledger, address: str = ANN, *, now: datetime = NOW, **more: Any) -> str:
    """A confirmed reader's id."""
    _, subscriber_id = sign_up(people, address, f"t-{address}-{now}", now=now, **more)
    assert people.subscribers.confirm(f"t-{address}-{now}", now=now)
    return subscriber_id


def state(people: Ledger, subscriber_id: str) -> SubscriberState:
    found = people.subscribers.get(A_MONTH.campaign, subscriber_id)
    assert found
    return found.state


def bar(people: Ledger, address: str, reason: str) -> None:
    with people._database.write("test") as connection:
        connection.execute(
            insert(suppressions).values(address_key=address.casefold(), campaign="", reason=reason, at=NOW)
        )


def everything(people: Ledger, *, but: tuple[str, ...] = ()) -> str:
    """All that stands in all tables."""
    with people._database.read() as connection:
        rows = [
            (table.name, *row)
            for table in metadata.sorted_tables
            if table.name not in but
            for row in connection.execute(select(table))
        ]
    return repr(rows).casefold()


# -- signing up -----------------------------------------------------------------------------------------


def test_who_signs_up_is_written_to_after_confirming_only(people: Ledger) -> None:
    """A form proves nothing; the link in the mailbox does."""
    end, ann = sign_up(people, cadence=Cadence.DIGEST, zone="Europe/Berlin", name="Ann")
    assert SignUpEnd.CONFIRM is end
    assert SubscriberState.PENDING is state(people, ann)
    assert 0 == people.subscribers.count()["active"]
    later = NOW + HOUR
    assert Confirmed(A_MONTH.campaign, ann, is_new=True) == people.subscribers.confirm("t1", now=later)
    found = people.subscribers.get(A_MONTH.campaign, ann)
    assert found
    assert (SubscriberState.ACTIVE, Cadence.DIGEST, "Europe/Berlin", "Ann", later) == (
        found.state,
        found.cadence,
        found.subscriber.zone,
        found.subscriber.name,
        found.cadence_since_at,
    )


def test_what_was_agreed_to_is_kept_with_its_wording(people: Ledger) -> None:
    """Form and confirmation, each with its time; nothing before the confirmation."""
    _, ann = sign_up(people)
    assert () == people.subscribers.consents(ann)
    people.subscribers.confirm("t1", now=NOW + HOUR)
    assert [
        (NOW, ConsentHow.FORM, "a mail a day", "2026-12"),
        (NOW + HOUR, ConsentHow.CONFIRMED, "a mail a day", "2026-12"),
    ] == [(c.at, c.how, c.what, c.wording) for c in people.subscribers.consents(ann)]


def test_looking_at_a_link_changes_nothing(people: Ledger) -> None:
    """Mail scanners open links; only the reader's yes counts."""
    _, ann = sign_up(people)
    before = everything(people)
    waits = people.subscribers.waiting_confirmation("t1", now=NOW)
    assert waits
    assert (A_MONTH.campaign, ann) == (waits.campaign, waits.subscriber.id)
    assert before == everything(people)


def test_a_link_works_once_and_says_the_same_a_second_time(people: Ledger) -> None:
    """A double click is no error, and no second consent."""
    _, ann = sign_up(people)
    people.subscribers.confirm("t1", now=NOW)
    before = everything(people)
    assert Confirmed(A_MONTH.campaign, ann, is_new=False) == people.subscribers.confirm("t1", now=NOW + HOUR)
    assert before == everything(people)
    assert people.subscribers.waiting_confirmation("t1", now=NOW) is None


def test_a_used_link_does_not_bring_back_who_left_since(people: Ledger) -> None:
    """An old mail in the mailbox is no new consent."""
    _, ann = sign_up(people)
    people.subscribers.confirm("t1", now=NOW)
    people.subscribers.unsubscribe(A_MONTH.campaign, ann, reason="asked", now=NOW + HOUR)
    assert people.subscribers.confirm("t1", now=NOW + 2 * HOUR) is None
    assert SubscriberState.LEFT is state(people, ann)


@pytest.mark.parametrize(("token", "after"), [("t2", HOUR), ("t1", 7 * DAY), ("t1", 30 * DAY)])
def test_a_link_that_is_unknown_or_expired_is_none(people: Ledger, token: str, after: timedelta) -> None:
    """All alike, so that nobody learns anything from the difference."""
    sign_up(people)
    assert people.subscribers.waiting_confirmation(token, now=NOW + after) is None
    assert people.subscribers.confirm(token, now=NOW + after) is None


def test_who_never_confirms_is_forgotten(people: Ledger) -> None:
    """Address and name of somebody who did not say yes are not kept."""
    _, ann = sign_up(people, name="Ann Example")
    sign_up(people, BOB, "t2", now=NOW + 7 * DAY)
    assert people.subscribers.get(A_MONTH.campaign, ann) is None
    assert "ann" not in everything(people)


def test_a_second_form_ends_the_first_link(people: Ledger) -> None:
    """What was chosen last counts, by the latest mail."""
    sign_up(people)
    _, ann = sign_up(people, token="t2", now=NOW + 2 * DAY, cadence=Cadence.KEY_DAYS)
    assert people.subscribers.confirm("t1", now=NOW + 2 * DAY) is None
    assert people.subscribers.confirm("t2", now=NOW + 2 * DAY)
    assert Cadence.KEY_DAYS is people.subscribers.get(A_MONTH.campaign, ann).cadence


def test_a_form_for_somebody_on_the_list_changes_nothing_of_theirs(people: Ledger) -> None:
    """Anybody can fill in a form with a stranger's address."""
    ann = a_subscriber(people, zone="Europe/Berlin")
    end = sign_up(people, ANN.upper(), "t2", now=NOW + 2 * DAY, cadence=Cadence.DIGEST, zone="Asia/Tokyo", name="X")
    assert (SignUpEnd.ALREADY_THERE, ann) == end
    found = people.subscribers.get(A_MONTH.campaign, ann)
    assert found
    assert (Cadence.DAILY, "Europe/Berlin", "") == (found.cadence, found.subscriber.zone, found.subscriber.name)


# -- floods ---------------------------------------------------------------------------------------------


def test_one_address_gets_one_mail_a_day(people: Ledger) -> None:
    """However often and however written the form is sent; on the list or not."""
    sign_up(people)
    assert (SignUpEnd.WAIT, "") == sign_up(people, ANN.upper(), "t2", now=NOW + 23 * HOUR)
    assert SignUpEnd.CONFIRM is sign_up(people, token="t3", now=NOW + DAY)[0]
    a_subscriber(people, BOB)
    assert (SignUpEnd.WAIT, "") == sign_up(people, BOB, "t4", now=NOW + HOUR)


def test_one_network_sends_so_many_forms_a_day(people: Ledger) -> None:
    """A flood from one place stops; others and the next day are not concerned."""
    for n in range(FORMS_A_NETWORK):
        assert SignUpEnd.CONFIRM is sign_up(people, f"r{n}@readers.example", f"t{n}", network="192.0.2.1")[0]
    assert (SignUpEnd.FLOOD, "") == sign_up(people, token="x1", network="192.0.2.1")
    assert SignUpEnd.CONFIRM is sign_up(people, BOB, "x2", network="192.0.2.2")[0]
    assert SignUpEnd.CONFIRM is sign_up(people, token="x3", network="192.0.2.1", now=NOW + DAY)[0]


def test_no_network_address_is_kept_and_no_hash_of_it_for_more_than_a_day(people: Ledger) -> None:
    """For flood control a keyed hash is enough, and a day."""
    sign_up(people, network="192.0.2.1")
    assert "192.0.2.1" not in everything(people)
    sign_up(people, BOB, "t2", now=NOW + DAY)
    with people._database.read() as connection:
        assert [NOW + DAY] == list(connection.execute(select(sign_ups.c.at)).scalars())


def test_without_the_secret_key_there_is_no_sign_up(ledger: Ledger) -> None:
    """A hash without a key would tell the address."""
    with pytest.raises(ConfigurationError, match="secret key"):
        sign_up(ledger)


# -- coming back ----------------------------------------------------------------------------------------


def test_who_left_comes_back_by_confirming(people: Ledger) -> None:
    """The same reader, with a new yes; what barred the address is lifted then and not before."""
    ann = a_subscriber(people)
    people.subscribers.unsubscribe(A_MONTH.campaign, ann, reason="asked", now=NOW + HOUR)
    assert (SignUpEnd.CONFIRM, ann) == sign_up(people, token="t2", now=NOW + 2 * DAY)
    assert 1 == people.subscribers.count()["suppressed"]
    people.subscribers.confirm("t2", now=NOW + 2 * DAY)
    assert {"active": 1, "suppressed": 0} == people.subscribers.count()
    assert [ConsentHow.FORM, ConsentHow.CONFIRMED, ConsentHow.WITHDRAWN, ConsentHow.FORM, ConsentHow.CONFIRMED] == [
        c.how for c in people.subscribers.consents(ann)
    ]


def test_who_left_and_does_not_confirm_stays_barred(people: Ledger) -> None:
    """A form that a stranger sent must not open the way for a later import."""
    ann = a_subscriber(people)
    people.subscribers.unsubscribe(A_MONTH.campaign, ann, reason="asked", now=NOW + HOUR)
    sign_up(people, token="t2", now=NOW + 2 * DAY)
    sign_up(people, BOB, "t3", now=NOW + 30 * DAY)
    assert (0,) == people.subscribers.add_many(A_MONTH.campaign, [NewSubscriber(ANN)], now=NOW + 30 * DAY).suppressed


@pytest.mark.parametrize("how", ["state", "suppression", "hash"])
def test_who_complained_gets_no_mail_by_a_form(people: Ledger, how: str) -> None:
    """Whatever is left of them; a named person can still add them when they ask."""
    ann = a_subscriber(people)
    bar(people, ANN, Barred.COMPLAINED)
    if how == "state":
        with people._database.write("test") as connection:
            connection.execute(text("UPDATE subscriptions SET state = 'complained'"))
    elif how == "hash":
        people.subscribers.erase(ANN, who="Ada", now=NOW)
    else:
        people.subscribers.unsubscribe(A_MONTH.campaign, ann, reason="asked", now=NOW)
    assert (SignUpEnd.BARRED, "") == sign_up(people, token="t2", now=NOW + 2 * DAY)
    assert Barred.COMPLAINED in people.subscribers.add(A_MONTH.campaign, NewSubscriber(ANN), who="Ada", now=NOW).barred
    assert people.subscribers.add(
        A_MONTH.campaign, NewSubscriber(ANN), who="Ada", asked_back=True, now=NOW + 3 * DAY
    ).subscriber_id


def test_a_person_adds_a_reader_by_name(people: Ledger) -> None:
    """Recorded as consent with the name of who did it."""
    added = people.subscribers.add(
        A_MONTH.campaign, NewSubscriber(ANN, cadence=Cadence.DIGEST), who="Ada Lovelace", now=NOW
    )
    assert SubscriberState.ACTIVE is state(people, added.subscriber_id)
    (consent,) = people.subscribers.consents(added.subscriber_id)
    assert (ConsentHow.ADDED, "Ada Lovelace") == (consent.how, consent.who)
    assert Added(added.subscriber_id, already_there=True) == people.subscribers.add(
        A_MONTH.campaign, NewSubscriber(ANN), who="Ada", now=NOW
    )


def test_a_person_adds_who_left_only_when_they_asked(people: Ledger) -> None:
    """The word for it has to be given; it stands in the consent history."""
    ann = a_subscriber(people)
    people.subscribers.unsubscribe(A_MONTH.campaign, ann, reason="asked", now=NOW)
    assert Added("", barred="asked") == people.subscribers.add(A_MONTH.campaign, NewSubscriber(ANN), who="Ada", now=NOW)
    assert SubscriberState.LEFT is state(people, ann)
    assert Added(ann) == people.subscribers.add(
        A_MONTH.campaign, NewSubscriber(ANN), who="Ada", asked_back=True, now=NOW
    )
    assert {"active": 1, "suppressed": 0} == people.subscribers.count()
    assert "asked to come back to the list" == people.subscribers.consents(ann)[-1].what


def test_an_import_is_one_line_of_consent_for_all_its_readers(people: Ledger) -> None:
    """Where they came from and when; however many batches the file has."""
    for part in ([ANN, BOB], ["eve@readers.example"]):
        people.subscribers.add_many(
            A_MONTH.campaign, [NewSubscriber(a, source="import readers.csv") for a in part], now=NOW
        )
    for address in (ANN, BOB, "eve@readers.example"):
        found = people.subscribers.find(A_MONTH.campaign, address)
        assert found
        assert [(NOW, ConsentHow.IMPORT, "import readers.csv")] == [
            (c.at, c.how, c.who) for c in people.subscribers.consents(found.subscriber.id)
        ]
    with people._database.read() as connection:
        assert 1 == connection.execute(text("SELECT count(*) FROM consents")).scalar()


@pytest.mark.parametrize("statement", ["UPDATE consents SET what = 'all'", "DELETE FROM consents"])
def test_the_database_refuses_to_change_what_was_agreed_to(people: Ledger, statement: str) -> None:
    """Append-only, like the history."""
    a_subscriber(people)
    with pytest.raises(ObservanceError, match="append-only"), people._database.write("test") as connection:
        connection.execute(text(statement))


# -- choosing -------------------------------------------------------------------------------------------


def test_a_switch_keeps_what_was_chosen_before(people: Ledger) -> None:
    """So that a late mail goes by what was in force in time."""
    ann = a_subscriber(people)
    assert people.subscribers.set_cadence(A_MONTH.campaign, ann, Cadence.DIGEST, now=NOW + HOUR)
    assert not people.subscribers.set_cadence(A_MONTH.campaign, ann, Cadence.DIGEST, now=NOW + 2 * HOUR)
    found = people.subscribers.get(A_MONTH.campaign, ann)
    assert found
    assert (Cadence.DIGEST, NOW + HOUR) == (found.cadence, found.cadence_since_at)
    with people._database.read() as connection:
        assert [("daily",)] == connection.execute(text("SELECT cadence FROM cadences")).all()


def test_switching_back_and_forth_in_one_instant_is_no_error(people: Ledger) -> None:
    """Nor is a clock that was set back: the time since when does not go back."""
    ann = a_subscriber(people)
    for cadence in (Cadence.DIGEST, Cadence.KEY_DAYS, Cadence.DAILY, Cadence.DIGEST):
        assert people.subscribers.set_cadence(A_MONTH.campaign, ann, cadence, now=NOW + HOUR)
    assert people.subscribers.set_cadence(A_MONTH.campaign, ann, Cadence.DAILY, now=NOW - DAY)
    assert NOW + HOUR == people.subscribers.get(A_MONTH.campaign, ann).cadence_since_at


def test_a_pause_has_an_end_and_can_be_ended_before(people: Ledger) -> None:
    """Silence until a date; another date may be named."""
    ann = a_subscriber(people)
    assert people.subscribers.pause(A_MONTH.campaign, ann, until_at=NOW + 3 * DAY, now=NOW)
    assert people.subscribers.pause(A_MONTH.campaign, ann, until_at=NOW + 5 * DAY, now=NOW)
    found = people.subscribers.get(A_MONTH.campaign, ann)
    assert found
    assert [False, True] == [found.is_written_to(NOW + 4 * DAY), found.is_written_to(NOW + 5 * DAY)]
    assert people.subscribers.resume(A_MONTH.campaign, ann, now=NOW)
    assert not people.subscribers.resume(A_MONTH.campaign, ann, now=NOW)
    assert (SubscriberState.ACTIVE, None) == (
        state(people, ann),
        people.subscribers.get(A_MONTH.campaign, ann).paused_until_at,
    )


def test_only_who_is_there_can_choose(people: Ledger) -> None:
    """Links in old mails of somebody who left do nothing but let them leave."""
    ann = a_subscriber(people)
    people.subscribers.unsubscribe(A_MONTH.campaign, ann, reason="asked", now=NOW)
    assert not people.subscribers.set_cadence(A_MONTH.campaign, ann, Cadence.DIGEST, now=NOW)
    assert not people.subscribers.pause(A_MONTH.campaign, ann, until_at=NOW + DAY, now=NOW)
    assert not people.subscribers.resume(A_MONTH.campaign, ann, now=NOW)
    assert not people.subscribers.set_zone(ann, "Europe/Berlin", now=NOW)
    assert not people.subscribers.ask_for_more(A_MONTH.campaign, ann, True, now=NOW)
    assert not people.subscribers.unsubscribe(A_MONTH.campaign, ann, reason="asked", now=NOW)
    assert not people.subscribers.set_cadence(A_MONTH.campaign, "nobody", Cadence.DIGEST, now=NOW)


def test_asking_for_more_is_a_consent_of_its_own(people: Ledger) -> None:
    """With its wording, and it can be taken back."""
    ann = a_subscriber(people)
    assert people.subscribers.ask_for_more(
        A_MONTH.campaign, ann, True, what="to hear of next January", wording="w2", now=NOW
    )
    assert not people.subscribers.ask_for_more(A_MONTH.campaign, ann, True, now=NOW)
    assert 1 == people.subscribers.kept_on_request(A_MONTH.campaign)
    assert people.subscribers.ask_for_more(A_MONTH.campaign, ann, False, now=NOW + HOUR)
    assert ["to hear of next January", "not to be kept after the season"] == [
        c.what for c in people.subscribers.consents(ann)[2:]
    ]


# -- erasing --------------------------------------------------------------------------------------------


def test_erasing_leaves_an_id_and_a_hash(people: Ledger) -> None:
    """Nowhere in the ledger does the address, the name or the zone stand any more."""
    ann = a_subscriber(people, name="Ann Example", zone="Europe/Berlin")
    people.subscribers.set_cadence(A_MONTH.campaign, ann, Cadence.DIGEST, now=NOW + HOUR)
    people.subscribers.unsubscribe(A_MONTH.campaign, ann, reason="asked", now=NOW + HOUR)
    assert Erased(ann) == people.subscribers.erase(ANN.upper(), who="Ada", now=NOW + DAY)
    left = everything(people)
    assert not [word for word in ("ann@", "ann example", "berlin") if word in left]
    assert SubscriberState.ERASED is state(people, ann)
    assert {"active": 0, "erased": 1, "suppressed": 1} == people.subscribers.count()


def test_who_was_erased_is_not_imported_again_but_may_come_back(people: Ledger) -> None:
    """By the keyed hash; a sign-up of their own makes a new reader."""
    ann = a_subscriber(people)
    people.subscribers.erase(ANN, who="Ada", now=NOW)
    assert (1,) == people.subscribers.add_many(
        A_MONTH.campaign, [NewSubscriber(BOB), NewSubscriber(ANN.lower())], now=NOW
    ).suppressed
    assert "erased" == people.subscribers.add(A_MONTH.campaign, NewSubscriber(ANN), who="Ada", now=NOW).barred
    again = a_subscriber(people, now=NOW + 2 * DAY)
    assert again != ann
    assert {"active": 2, "erased": 1, "suppressed": 0} == people.subscribers.count()


def test_an_address_that_is_not_on_the_list_can_be_erased_in_advance(people: Ledger) -> None:
    """Somebody who never wants a mail of ours is left out of the next import."""
    assert Erased("") == people.subscribers.erase(ANN, who="Ada", now=NOW)
    assert (0,) == people.subscribers.add_many(A_MONTH.campaign, [NewSubscriber(ANN)], now=NOW).suppressed


def test_the_file_itself_holds_nothing_of_an_erased_reader(migrated_file: Path, tmp_path: Path) -> None:
    """Deleted rows are overwritten, and the write-ahead log is emptied."""
    path = tmp_path / "list.db"
    path.write_bytes(migrated_file.read_bytes())
    people = open_ledger(f"sqlite:///{path}", address_hash=partial(keyed_hash, key=b"k" * 32))
    people.subscribers.add_many(
        A_MONTH.campaign, [NewSubscriber(f"reader{n}@readers.example") for n in range(200)], now=NOW
    )
    people.subscribers.add_many(A_MONTH.campaign, [NewSubscriber("unmistakable@readers.example", "Zebedee")], now=NOW)
    connection = people._database.engine.raw_connection()
    connection.cursor().execute("PRAGMA secure_delete=OFF")  # as some builds of SQLite have it
    connection.close()
    people.subscribers.erase("unmistakable@readers.example", who="Ada", now=NOW)
    files = b"".join(p.read_bytes() for p in tmp_path.glob("list.db*"))
    people.close()
    assert b"reader7@readers.example" in files
    assert b"unmistakable" not in files
    assert b"Zebedee" not in files


def test_the_history_names_no_address_of_anybody(people: Ledger) -> None:
    """Each act leaves its line with an id; the chain is whole."""
    ann = a_subscriber(people, network="192.0.2.1")
    people.subscribers.set_cadence(A_MONTH.campaign, ann, Cadence.DIGEST, now=NOW)
    people.subscribers.pause(A_MONTH.campaign, ann, until_at=NOW + DAY, now=NOW)
    people.subscribers.resume(A_MONTH.campaign, ann, now=NOW)
    people.subscribers.unsubscribe(A_MONTH.campaign, ann, reason=f"{ANN} asked", now=NOW)
    people.subscribers.add(A_MONTH.campaign, NewSubscriber(ANN), who=ANN, asked_back=True, now=NOW)
    people.subscribers.erase(ANN, who="Ada", now=NOW)
    events = people.events.newest()
    assert ["erased", "added", "left", "resumed", "paused", "cadence", "confirmed"] == [
        e.kind.removeprefix("subscriber.") for e in events
    ]
    assert all("readers.example" not in repr(e) for e in events)
    assert people.events.verify().is_whole


# -- the end of a season --------------------------------------------------------------------------------


def test_the_end_of_a_season_deletes_the_list(people: Ledger) -> None:
    """Who asked is kept, whoever else is gone with address and name; who was barred stays barred, by a hash."""
    ann, bob = a_subscriber(people), a_subscriber(people, BOB)
    people.subscribers.unsubscribe(
        A_MONTH.campaign, a_subscriber(people, "eve@readers.example"), reason="asked", now=NOW
    )
    people.subscribers.ask_for_more(A_MONTH.campaign, ann, True, now=NOW)
    people.subscribers.set_cadence(A_MONTH.campaign, bob, Cadence.DIGEST, now=NOW + HOUR)
    closed = people.subscribers.close_season(
        A_MONTH, keep_who_asked=True, came_before=AFTER, who="Ada", now=NOW + 60 * DAY
    )
    assert SeasonClosed(deleted=2, kept=1, barred=1) == closed
    left = everything(people)
    assert "bob@" not in left
    assert "eve@" not in left
    assert (1,) == people.subscribers.add_many(
        A_MONTH.campaign, [NewSubscriber(BOB), NewSubscriber("Eve@readers.example")], now=NOW
    ).suppressed
    (event, *_) = people.events.newest()
    assert ("season.list-closed", "Ada", 2, 1) == (event.kind, event.who, event.data["deleted"], event.data["kept"])


def test_without_the_word_nobody_is_kept(people: Ledger) -> None:
    """A second run finds nothing and says so."""
    people.subscribers.ask_for_more(A_MONTH.campaign, a_subscriber(people), True, now=NOW)
    assert (
        1
        == people.subscribers.close_season(A_MONTH, keep_who_asked=False, came_before=AFTER, who="Ada", now=NOW).deleted
    )
    assert (
        0
        == people.subscribers.close_season(A_MONTH, keep_who_asked=False, came_before=AFTER, who="Ada", now=NOW).deleted
    )
    assert "ann@" not in everything(people)


def test_who_left_is_not_kept_because_they_asked_before(people: Ledger) -> None:
    """Leaving is the later word."""
    ann = a_subscriber(people)
    people.subscribers.ask_for_more(A_MONTH.campaign, ann, True, now=NOW)
    people.subscribers.unsubscribe(A_MONTH.campaign, ann, reason="asked", now=NOW)
    assert SeasonClosed(1, 0, 1) == people.subscribers.close_season(
        A_MONTH, keep_who_asked=True, came_before=AFTER, who="Ada", now=NOW
    )


def test_who_came_or_came_back_after_the_season_is_on_the_next_list(people: Ledger) -> None:
    """Closing January's list in March does not take away who signed up in February."""
    people.subscribers.unsubscribe(A_MONTH.campaign, a_subscriber(people, BOB), reason="asked", now=NOW)
    a_subscriber(people, BOB, now=AFTER + DAY)
    a_subscriber(people, now=AFTER + DAY)
    people.subscribers.add_many(A_MONTH.campaign, [NewSubscriber("eve@readers.example")], now=NOW)
    closed = people.subscribers.close_season(
        A_MONTH, keep_who_asked=False, came_before=AFTER, who="Ada", now=AFTER + 9 * DAY
    )
    assert SeasonClosed(deleted=1, kept=2, barred=0) == closed


@pytest.mark.parametrize("stayed_before", [False, True], ids=["new", "had left"])
def test_who_signed_up_after_the_season_can_still_say_yes(people: Ledger, stayed_before: bool) -> None:
    """Closing January's list leaves February's newcomers their link and their letter; who never says yes is forgotten."""
    if stayed_before:
        people.subscribers.unsubscribe(A_MONTH.campaign, a_subscriber(people), reason="asked", now=NOW)
    sign_up(people, token="february", network="192.0.2.1", now=AFTER + DAY)
    sign_up(people, BOB, "bob", now=AFTER + DAY)
    sign_up(people, "eve@readers.example", "too early", now=AFTER - DAY)
    closed = people.subscribers.close_season(
        A_MONTH, keep_who_asked=False, came_before=AFTER, who="Ada", now=AFTER + DAY + HOUR
    )
    assert (1, 2) == (closed.deleted, closed.kept)
    assert (
        2 + stayed_before == people.transactional_emails.status().waiting
    )  # the welcome of January's stay, which nobody took
    assert SignUpEnd.WAIT is sign_up(people, now=AFTER + DAY + HOUR)[0]
    assert people.subscribers.confirm("february", now=AFTER + 2 * DAY)
    assert people.subscribers.confirm("too early", now=AFTER + 2 * DAY) is None
    assert 1 == people.subscribers.forget_unconfirmed(now=AFTER + 9 * DAY)
    assert "bob@" not in everything(people)


def test_a_list_is_due_after_a_season_that_was_planned_and_until_it_is_closed(people: Ledger) -> None:
    """Who asked to be kept does not make it due, nor does somebody who came later."""
    people.subscribers.ask_for_more(A_MONTH.campaign, a_subscriber(people, BOB), True, now=NOW)
    assert 0 == people.subscribers.of_season(A_MONTH)
    start = NOW + 12 * DAY
    people.deliveries.follow_plan(
        "live", A_MONTH, [Wanted("i", "email", "email", start.date(), start, start + DAY)], now=NOW
    )
    assert start + DAY == people.subscribers.end_of_season(A_MONTH)
    assert 0 == people.subscribers.of_season(A_MONTH)
    a_subscriber(people)
    assert 1 == people.subscribers.of_season(A_MONTH)
    assert (0, None) == (
        people.subscribers.of_season(SeasonKey("a-month", 2026)),
        people.subscribers.end_of_season(SeasonKey("a-month", 2026)),
    )
    people.subscribers.close_season(
        SeasonKey("other", 2027), keep_who_asked=True, came_before=NOW, who="Ada", now=AFTER
    )
    assert 1 == people.subscribers.of_season(A_MONTH)
    people.subscribers.close_season(A_MONTH, keep_who_asked=True, came_before=NOW, who="Ada", now=AFTER)
    assert 0 == people.subscribers.of_season(A_MONTH)


def test_a_list_longer_than_one_part_is_deleted_whole(people: Ledger, monkeypatch: pytest.MonkeyPatch) -> None:
    """And the same for what is barred."""
    monkeypatch.setattr("scheduler.store.subscriber_list._DELETED_AT_ONCE", 3)
    people.subscribers.add_many(A_MONTH.campaign, [NewSubscriber(f"r{n}@readers.example") for n in range(10)], now=NOW)
    for n in range(20, 27):
        bar(people, f"r{n}@readers.example", "asked")
    assert SeasonClosed(10, 0, 7) == people.subscribers.close_season(
        A_MONTH, keep_who_asked=True, came_before=AFTER, who="Ada", now=NOW
    )


def test_counts_by_cadence_and_zone_are_of_those_who_are_written_to(people: Ledger) -> None:
    """Numbers only; the empty zone is the campaign's."""
    a_subscriber(people, cadence=Cadence.DIGEST, zone="Europe/Berlin")
    a_subscriber(people, BOB)
    people.subscribers.unsubscribe(
        A_MONTH.campaign, a_subscriber(people, "eve@readers.example", zone="Asia/Tokyo"), reason="asked", now=NOW
    )
    assert {"daily": 1, "digest": 1} == people.subscribers.count_by("cadence", now=NOW)
    assert {"": 1, "Europe/Berlin": 1} == people.subscribers.count_by("zone", now=NOW)


@pytest.mark.parametrize("cadence", Cadence)
def test_a_reader_can_be_brought_in_with_a_cadence(people: Ledger, cadence: Cadence) -> None:
    """A list may know who wants less."""
    people.subscribers.add_many(A_MONTH.campaign, [NewSubscriber(ANN, cadence=cadence)], now=NOW)
    assert cadence is people.subscribers.find(A_MONTH.campaign, ANN).cadence


def test_a_form_and_a_confirmation_by_another_connection(open_it: Callable[[], Ledger], people: Ledger) -> None:
    """The ledger is the truth, whoever looks."""
    _, ann = sign_up(people)
    people.subscribers.confirm("t1", now=NOW)
    assert SubscriberState.ACTIVE is state(open_it(), ann)


# -- who agreed to emails from nobody -------------------------------------------------------------------


def agreed(people: Ledger, address: str, organisation: str, *, confirmed: bool = True) -> str:
    """A reader's id; the sentence of the form named that organization."""
    what = f"one email a day. {consent_sentence(organisation, 'Monday, February 1, 2027')}"
    _, subscriber_id = people.subscribers.sign_up(
        A_MONTH.campaign,
        NewSubscriber(address, source="form"),
        token_hash=address,
        expires_at=NOW + 7 * DAY,
        what=what,
        wording=wording_of(what),
        network="",
        now=NOW,
    )
    if confirmed:
        assert people.subscribers.confirm(address, now=NOW + HOUR)
    return subscriber_id


def test_a_stored_consent_that_names_the_example_is_listed(people: Ledger) -> None:
    """By id and instant: those on the list and those who are about to be; nobody who asked the right organization, who
    was asked in other words, or who has left."""
    ann = agreed(people, ANN, "Example Coalition")
    waits = agreed(people, "cleo@readers.example", "EXAMPLE COALITION", confirmed=False)
    agreed(people, BOB, "Harbour Light Coalition")
    a_subscriber(people, "dora@example.org")
    gone = agreed(people, "eve@readers.example", "Example Coalition")
    assert people.subscribers.unsubscribe(A_MONTH.campaign, gone, reason="asked to", now=NOW + DAY)
    assert (
        ConsentToExample(A_MONTH.campaign, waits, NOW, SubscriberState.PENDING, "EXAMPLE COALITION"),
        ConsentToExample(A_MONTH.campaign, ann, NOW + HOUR, SubscriberState.ACTIVE, "Example Coalition"),
    ) == people.subscribers.consents_to_example()


def test_who_agreed_again_is_listed_no_more(people: Ledger) -> None:
    """A named person writes it down; the wrong consent stays in the history, and nobody else is touched."""
    ann, bob = agreed(people, ANN, "Example Coalition"), agreed(people, BOB, "Harbour Light Coalition")
    assert Added(bob, already_there=True) == people.subscribers.add(
        A_MONTH.campaign, NewSubscriber(BOB), who="Ada", now=NOW + DAY
    )
    again = people.subscribers.add(A_MONTH.campaign, NewSubscriber(ANN), who="Ada", now=NOW + DAY)
    assert Added(ann, already_there=True, agreed_again=True) == again
    assert () == people.subscribers.consents_to_example()
    assert ["form", "confirmed", "added"] == [str(c.how) for c in people.subscribers.consents(ann)]
    assert "Ada" == people.subscribers.consents(ann)[-1].who
    assert 2 == len(people.subscribers.consents(bob))
    assert not people.subscribers.add(A_MONTH.campaign, NewSubscriber(ANN), who="Ada", now=NOW + 2 * DAY).agreed_again
